"""The text of a trial's criteria -> bullets: where each criterion begins and ends, which kind it is, and for which arms.

1. physical lines are joined into blocks: a bullet with its hard-wrapped lines        :func:`_blocks`
2. a block that holds several items, or a heading and an item, is split               :func:`_split`
3. headings set kind and arms; indentation and markers say what is nested             :class:`_Walk`
4. a lead-in without nested bullets takes those that follow it                        :func:`_settle`

One criterion is a bullet with all that is nested under it. Without bullets it is a line, or, in a hard-wrapped text, a
paragraph. Every character of the text is in a bullet, a heading or a note. The time taken is linear in the text.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Literal

__all__ = ["Bullet", "Kind", "Segments", "segment", "written"]

Kind = Literal["inclusion", "exclusion"]


@dataclass(frozen=True, slots=True)
class Bullet:
    """One criterion as written: nested bullets on lines of their own, each ``*`` indented by two spaces a level."""

    kind: Kind
    text: str
    start: int  # text[start:end] of what was segmented
    end: int
    arms: tuple[str, ...] = ()
    requirements: bool = False  # stands under Exclusion among bullets that are mostly worded as requirements


@dataclass(frozen=True, slots=True)
class Segments:
    """The bullets of a text in its order, and what belongs to none."""

    bullets: tuple[Bullet, ...] = ()
    headings: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def arms(self) -> tuple[str, ...]:
        """All arms that some bullet is for, in the order of the text."""
        return tuple(dict.fromkeys(arm for bullet in self.bullets for arm in bullet.arms))


def segment(text: str) -> Segments:
    """Find the criteria in a text. Never fails; a text without any heading is all inclusion criteria."""
    walk = _Walk(text)
    for block in _blocks(text):
        for part in _split(text, block):
            walk.take(part)
    return walk.done()


# ---------------------------------------------------------------------------------------------------------------------
# Text as written

_ESCAPE = re.compile(r"\\([\\`*_{}\[\]()#+\-.!<>~|&=^$%\"':;/?@,])")
_ENTITY = re.compile(r"&(?:#\d{1,6}|#x[0-9a-fA-F]{1,5}|[A-Za-z]{2,8});")
_SPACE = re.compile(r"[\s\x00-\x1f\x7f-\x9f\u200b\ufeff]+")


def written(raw: str) -> str:
    """The text as its author wrote it: markdown escapes and XML entities undone, white space made one blank."""
    if "\\" in raw:
        raw = _ESCAPE.sub(r"\1", raw)
    for _ in range(3):  # registries escape what is escaped already: &amp;lt;
        if "&" not in raw or not _ENTITY.search(raw):
            break
        raw = _ENTITY.sub(lambda m: html.unescape(m.group()), raw)
    raw = " ".join(raw.split())
    return raw if raw.isprintable() else _SPACE.sub(" ", raw).strip()


# ---------------------------------------------------------------------------------------------------------------------
# Lines -> blocks


@dataclass(slots=True)
class _Block:
    """``text[start:end]`` without its marker."""

    start: int
    end: int
    indent: int
    column: int  # where the content begins
    style: str  # of the marker: a sign, "1", "a", "i"; "" for none
    ordinal: int
    gap: int  # blank lines before
    text: str = ""
    length: int = 0  # of its last line
    inline: bool = False  # begins within a line
    opened: bool = False  # a heading stands before it in the same line


_LINE = re.compile(r"[^\n\r\x0b\x0c\x85\u2028\u2029]+|\r\n|[\n\r\x0b\x0c\x85\u2028\u2029]")
_SIGN = r"[-–—‐‑•·▪■●◦○‣∙►▶➢➤✓✔→§¤◆♦□❖\uf0a7\uf0b7\uf0d8\uf076\uf0fc]|\*(?!\*[^*\s])|&\#8226;|&bull;|â€¢|ï‚·|Â·"
_MARKER = re.compile(
    rf"""(?P<sign>(?:{_SIGN}){{1,4}})(?=[^\S\n]*\S)(?!\d)(?P<after>[^\S\n]*)
      | (?P<o>o)(?=[ \t]+[A-Z(])
      | \(?(?P<number>\d{{1,3}})(?:\\?[.)）．、](?!\d)|[ ]?[-:](?=\s+[A-Z]))(?P<space>[^\S\n]*)(?=\S)
      | \(?(?P<roman>(?:[ivx]{{2,5}}|[iv])|(?:[IVX]{{2,4}}|I))\\?[.)）](?P<space2>[^\S\n]*)(?=\S)
      | \(?(?P<letter>[a-zA-Z])\\?[.)）](?P<space3>[^\S\n]*)(?=\S)
      | (?P<circled>[①-⑳⑴-⒇])
      | (?P<dotted>\d{{1,2}}(?:\.\d{{1,2}}){{1,3}}\.?)(?=[^\S\n]+[A-Za-z])""",
    re.VERBOSE,
)
_SECOND = re.compile(r"[-•*]\s+(?=\w)")  # "* - Age"
_ROMAN = {"i": 1, "v": 5, "x": 10}


def _roman(digits: str) -> int:
    values = [_ROMAN[c] for c in digits.lower()]
    return sum(-v if v < w else v for v, w in zip(values, [*values[1:], 0], strict=True))


def _marker(text: str, at: int, end: int) -> tuple[str, int, int] | None:
    """Style, ordinal and where the content begins, if ``text[at:end]`` begins with the marker of a bullet."""
    m = _MARKER.match(text, at, end)
    if m is None:
        return None
    match m.lastgroup:
        case "after":
            sign = m.group("sign")
            if sign[0] in "-–—*" and not m.group("after") and len(sign) == 1 and not text[m.end()].isalnum():
                return None
            return sign[:4], 0, m.end()
        case "space":
            bare = m.group().rstrip()
            kept = not m.group("space") or not re.fullmatch(r"\d+[.)]", bare)
            style = "(1" if bare[0] == "(" else "1)" if bare[-1] in ")）" else "1"
            return style, int(m.group("number")), m.start() if kept else m.end()
        case "space2" | "space3":
            letters = m.group("roman") or m.group("letter")
            rest = text[m.end() : m.end() + 2]
            if not m.group(m.lastgroup):
                if not (rest[:1].isupper() and rest[1:2].islower()) or m.group()[-1] == ".":
                    return None
            elif letters.isupper() and m.group().rstrip()[-1] == "." and rest[:1].islower():
                return None  # "E. coli"
            bare = m.group().rstrip()
            kept = not m.group(m.lastgroup) or not re.fullmatch(r"\w+[.)]", bare)
            case_ = "A" if letters.isupper() else "a"
            if m.group("roman"):
                case_ = "I" if letters.isupper() else "i"
                ordinal = _roman(letters)
            else:
                ordinal = ord(letters.lower()) - 96
            return ("(" if bare[0] == "(" else "") + case_, ordinal, m.start() if kept else m.end()
        case "circled":
            return "①", ord(m.group()) - (0x245F if m.group() < "⑴" else 0x2473), m.start()
        case "dotted":
            return "1.1", 0, m.start()
        case _:
            return "o", 0, m.start()


@dataclass(slots=True)
class _Line:
    start: int
    end: int
    indent: int
    length: int
    gap: int
    mark: tuple[str, int, int] | None


def _physical(text: str) -> Iterator[_Line]:
    newlines = 2
    lone: tuple[str, int] | None = None  # a sign on a line of its own, for the next line
    for m in _LINE.finditer(text):
        raw = m.group()
        if raw[0] in "\n\r\x0b\x0c\x85\u2028\u2029":
            newlines += 1
            continue
        bare = raw.lstrip()
        if not bare:
            continue
        gap = max(newlines - 1, 0)
        newlines = 0
        indent = len(raw) - len(bare) if "\t" not in raw else len(raw.expandtabs(4)) - len(bare.expandtabs(4))
        start = m.start() + len(raw) - len(bare)
        end = m.start() + len(raw.rstrip())
        mark = _marker(text, start, end)
        if mark is None and end - start == 1 and raw.strip() in "-•*·–":
            lone = text[start], gap
            continue
        if lone is not None:
            if mark is None:
                mark = lone[0], 0, start
            gap = max(gap, lone[1])
            lone = None
        yield _Line(start, end, indent, indent + end - start, gap, mark)


_LOOSE_END = re.compile(
    r"(?:,|[(/]|\b(?:and|or|of|the|with|to|in|for|by|an?|at|than|that|is|are|be|no|not|from|on|as))$", re.I
)
_CLOSED_END = re.compile(r"[.:;!?]\W{0,2}$")


def _blocks(text: str) -> Iterator[_Block]:
    lines = list(_physical(text))
    width = max((line.length for line in lines), default=0)
    full = pairs = lone = spaced = 0
    for before, line in zip(lines, lines[1:], strict=False):
        if line.mark is None and not line.gap:
            pairs += 1
            full += before.length + 1 + len(text[line.start : line.end].split(None, 1)[0]) > width - 1
        elif line.mark is not None:
            spaced += line.gap > 0
            lone += not line.gap
    wrapped = 50 <= width <= 130 and full >= 0.7 * pairs and pairs > 0
    apart = wrapped and spaced > 2 * lone  # bullets are set apart by blank lines
    block: _Block | None = None
    for line in lines:
        if block is not None:
            joined = False
            if line.mark is not None:
                # a wrapped line may begin with what looks like a marker: "Cycle / 1. ..."
                joined = apart and not line.gap and bool(block.style) and abs(line.indent - block.column) <= 1
            elif not line.gap:
                if block.style and line.indent >= block.column - 1 and line.indent > block.indent:
                    joined = True
                elif wrapped:
                    first = text[line.start : line.end].split(None, 1)[0]
                    joined = block.length + 1 + len(first) > width - 8 or text[line.start].islower()
            if joined:
                block.end, block.length = line.end, line.length
                continue
            if line.mark is None and line.gap and _runs_on(text, block, line):
                block.end, block.length = line.end, line.length
                continue
            block.text = written(text[block.start : block.end])
            yield block
        if line.mark is None:
            block = _Block(line.start, line.end, line.indent, line.indent, "", 0, line.gap, length=line.length)
        else:
            style, ordinal, start = line.mark
            second = _SECOND.match(text, start, line.end) if start > line.start else None
            if second is not None:
                start = second.end()
            column = line.indent + start - line.start
            if start == line.start and style not in "-•*·–":  # the marker stays in the text
                column += 2
            block = _Block(start, line.end, line.indent, column, style, ordinal, line.gap, length=line.length)
    if block is not None:
        block.text = written(text[block.start : block.end])
        yield block


def _runs_on(text: str, block: _Block, line: _Line) -> bool:
    """Whether a paragraph continues the sentence of the block before it, although a blank line parts them."""
    if not text[line.start].islower():
        return False
    tail = text[max(block.start, block.end - 40) : block.end]
    if _CLOSED_END.search(tail):
        return False
    return bool(block.style) or bool(_LOOSE_END.search(tail))


# ---------------------------------------------------------------------------------------------------------------------
# Blocks that hold more than one item

_INLINE_HEADING = re.compile(
    r"""(?:(?<=[.;:,)\w%])[^\S\n]*\n?\s*|^)\W{0,3}
        (?P<head>(?:(?:Key|Main|Major|General|Primary|Patient|Subject|KEY|MAIN)\ )?
        (?:Inclusion|Exclusion|INCLUSION|EXCLUSION|inclusion|exclusion|Eligibility|Non-inclusion)
        (?:\s+(?:Criteria|CRITERIA|criteria|criterion))?
        (?:\s*\([^()\n]{1,40}\))?\s*:)""",
    re.VERBOSE,
)
_SEVERAL = re.compile(r"[-–•▪●·*]\s|[•▪●]|\d\\?[.)）、]\s*[^\d\s]")  # a first look
_INLINE_SIGN = re.compile(r"(?<=\S)\s+(?:[-–•▪●·*])\s+(?=[A-Z≥≤<>(\"]|\d)|(?<=[^\s-])\s*[•▪●]\s*(?=\S)")
_INLINE_NUMBER = re.compile(
    r"(?<=\S)\s*(?<![\d.<>=≤≥(])\(?\b(\d{1,2})\\?([.)）、])(?!\d)\s*(?=[A-Z(≥≤<>\"]|[)）、]?\s*[a-zA-Z])"
)


_BLOB = re.compile(r"\s*(?:DISEASE|PATIENT) CHARACTERISTICS:(?=\s*\S)|\s*PRIOR(?:/| )CONCURRENT THERAPY:(?=\s*\S)")
_BLOB_CUT = re.compile(
    r"\s+(?=(?:Age|Sex|Menopausal [Ss]tatus|Performance [Ss]tatus|Life [Ee]xpectancy|Hematopoietic|Hepatic|Renal|Cardiovascular|Pulmonary|Other|"
    r"Neurologic|Biologic [Tt]herapy|Chemotherapy|Endocrine [Tt]herapy|Radiotherapy|Surgery|Immunologic|Metabolic|Gastrointestinal):)|"
    r"\s+-\s+(?=[A-Z])|(?<=[a-z0-9)%/])\s+(?=(?:No|Not|At least|Must|Fertile|Negative|Effective|Adequate|Measurable|Recovered|Concurrent|Prior|Histologically)"
    r"\s+[a-z\d])"
)


def _blob(text: str, block: _Block, begin: int) -> Iterator[_Block]:
    """A section of the old records of the National Cancer Institute that has lost its line breaks."""
    yield replace(block, end=begin, text=written(text[block.start : begin]), style="", inline=True)
    cuts = [
        begin,
        *(block.start + m.end() for m in _BLOB_CUT.finditer(text[block.start : block.end], begin - block.start)),
        block.end,
    ]
    for start, end in zip(cuts, cuts[1:], strict=False):
        content = written(text[start:end]).strip("- ")
        if content:
            begin = start + len(text[start:end]) - len(text[start:end].lstrip())
            yield replace(block, start=begin, end=end, text=content, style="-", ordinal=0, gap=1, inline=True)


def _split(text: str, block: _Block) -> Iterator[_Block]:
    """The items of a block: at headings within it, at signs, and at numbers that count on."""
    raw = text[block.start : block.end]
    blob = _BLOB.match(raw)
    if blob is not None:
        yield from _blob(text, block, block.start + blob.end())
        return
    parts: list[tuple[int, bool]] = [(0, False)]
    if ":" in raw and ("clusion" in raw or "ligib" in raw or "CLUSION" in raw):
        single = "\n" not in raw
        length = len(raw.rstrip())
        for m in _INLINE_HEADING.finditer(raw):
            at, stop = m.start("head"), m.end()
            bare_end = stop >= length
            if bare_end and at == 0:
                continue
            if at:
                before = raw[max(0, at - 160) : at].rstrip(" *_#")
                if m.group("head")[0].islower() or (before[-1:].isalnum() and "riteria" not in m.group("head").lower()):
                    continue
                if re.search(
                    r"(?:\b(?:the|these|of|all|any|other|and|or|following|meet|for|see|per|to|as)|/|\()$", before, re.I
                ):
                    continue
                if not before.strip():
                    continue
                if single and not re.search(r"[.;:]$", before) and (at < 40 or (bare_end and at < 120)):
                    continue  # "Breast Cancer Inclusion Criteria:" is one heading
                parts.append((at, False))
            if not bare_end:
                parts.append((stop, True))
    if len(parts) == 1 and (len(raw) <= 40 or not _SEVERAL.search(raw, 1)):
        yield block
        return
    pieces = []
    for (at, opened), (stop, _) in zip(parts, [*parts[1:], (len(raw), False)], strict=True):
        pieces += [(a, b, opened and a == at) for a, b in _items(raw, at, stop, block if at == 0 else None)]
    if len(pieces) == 1:
        yield block
        return
    for index, (at, stop, opened) in enumerate(pieces):
        start, end = block.start + at, block.start + stop
        mark = None
        while start < end and text[start].isspace():
            start += 1
        if index:
            mark = _marker(text, start, end)
        if mark is not None and mark[0][0] not in "1(aAiI①o":
            start = mark[2]
        content = written(text[start:end])
        if not content:
            continue
        yield replace(
            block,
            start=start,
            end=start + len(text[start:end].rstrip()),
            text=content,
            inline=index > 0 or len(parts) > 1,
            opened=opened,
            gap=block.gap if not index else 1,
            ordinal=block.ordinal if not index else mark[1] if mark else 0,
            style=block.style if not index else (block.style or "-") if not opened or mark else "",
        )


def _items(raw: str, at: int, stop: int, block: _Block | None) -> list[tuple[int, int]]:
    """Where the items of ``raw[at:stop]`` begin and end, if it is a run of items; else the whole."""
    whole = [(at, stop)]
    piece = raw[at:stop]
    signs = [m for m in _INLINE_SIGN.finditer(piece) if not piece[: m.start()].rstrip().endswith(":")]
    strong = sum(1 for m in signs if piece[m.start() - 1] in ".;)" or m.group().strip() in "•▪●")
    lead = _MARKER.match(piece.lstrip())
    begins = (block is not None and bool(block.style)) or (lead is not None and lead.lastgroup == "after")
    if (
        signs
        and (len(signs) >= 3 or (2 * strong >= len(signs) and (len(signs) > 1 or begins)))
        and (begins or strong or len(signs) > 3)
    ):
        first = piece[: signs[0].start()]
        if not first.isupper() and not first.rstrip().endswith((":", ",")) and first.count("(") == first.count(")"):
            cuts = [at, *(at + m.start() for m in signs), stop]
            return list(zip(cuts, cuts[1:], strict=False))
    numbers = list(_INLINE_NUMBER.finditer(piece))
    if numbers:
        expected = None
        if block is not None and block.style[:1] in ("1", "(") and block.ordinal:
            expected = block.ordinal + 1
        elif lead is not None and lead.lastgroup == "space":
            expected = int(lead.group("number")) + 1
        if expected is None:
            return whole
        cuts = [at]
        skip = len(piece) - len(piece.lstrip())
        for m in numbers:
            if m.start() <= skip + 3 or int(m.group(1)) != expected:
                continue
            head = piece[: m.start()].rstrip()
            if head.endswith((":", ",")) or head.count("(", -200) > head.count(")", -200):
                continue
            if m.group(2) == "." and not re.search(r"[.;,:)\]%。；a-z]$", head):
                continue
            cuts.append(at + m.start())
            expected += 1
        if len(cuts) > 1:
            cuts.append(stop)
            return list(zip(cuts, cuts[1:], strict=False))
    return whole


# ---------------------------------------------------------------------------------------------------------------------
# Headings

_NEGATIVE = re.compile(
    r"exclu|ineligib|not (?:be )?(?:eligible|included|enrol|allowed|qualif|participate|permitted|to be (?:enrol|includ))|"
    r"(?:must|should|may|can|will|do|does) ?not\b|cannot|non-?inclusion|disqualif|contra-?indications\b",
    re.I,
)
_POSITIVE = re.compile(r"\binclu(?:sion|ded|sive)|eligib|\benrol|\bmust\b|\bmeet|qualif|participa|fulfil|satisf", re.I)
_NAMING = re.compile(r"clusi|ligib|ELIGIB|CLUSI|haracteristic|HARACTERISTIC|herapy:|HERAPY")  # a first look
_CRITERIA = re.compile(
    r"\b(?:(?:non-?)?in|ex)clusion(?:ary|s)?\b|\beligibility\b|\b(?:in|ex)cluded\b|\b(?:in|ex)clusive criteri", re.I
)
_MORE = re.compile(
    r"\b(?:other|additional|further|more|full|complete|detailed|all)\b.{0,60}\b(?:criteri|inclusion|exclusion)|"
    r"criteria.{0,40}\b(?:may|could|can|might|will) (?:also )?(?:apply|be applicable|be applied)|criteria apply\b",
    re.I,
)
_FURTHER = re.compile(
    r"\W*(?:notes?\W+)?(?:there (?:are|may be) )?(?:other|additional|further|more) (?:\S+ ){0,2}(?:inclusion|exclusion|eligibility)\b.{0,20}\bcriteria|"
    r"\W*the above information is not intended",
    re.I,
)
_NOTHING = re.compile(
    r"\W*(?:not (?:specified|applicable|provided|available)|unspecified|none|none (?:stated|specified|known)|n/?a|other|"
    r"see (?:disease|patient) characteristics|see (?:above|below)|key|main|the|and)\W*",
    re.I,
)
_APPLY = re.compile(r"\b(?:apply|applies|applied|applicable|listed|available|found|protocol|details?|contact)\b", re.I)
_GENERAL = re.compile(
    r"\W*(?:(?:the|all|each|any|every|both|in|order|to|be|for|eligible|potential|prospective|only|if|a|an|study|key|main|potentially|"
    r"enrolled|additional|other|also|adult|male|female|healthy|specific|general|major|considered|inclu\w+|enrol\w+|participat\w+|of|this|trial|and|or|"
    r"from|on|with|presence|having|are|is|not|who|as|must|have|has|meet\w*|fulfil\w*|satisf\w*|at least|one|one or more|women|wom[ae]n|men|m[ae]n|"
    r"children|infants|adults|additionally|addition|following)\b\W*)*"
    r"(?:patients?|subjects?|participants?|individuals?|persons?|people|volunteers?|candidates?|criteri\w+|inclu\w+|exclu\w+|eligib\w+|ineligib\w+|"
    r"following|donors?|recipients?|wom[ae]n|m[ae]n|children|infants|adults|you|they|he|she|met|meets?|enrolment|enrollment|entry)\b",
    re.I,
)
_VERB = re.compile(
    r"\b(?:is|are|was|were|be|been|has|have|had|must|may|will|can|could|should|meet|who|which|that|if|met)\b", re.I
)
_ANY = re.compile(
    r"\bany of\b|\bany (?:one )?of\b|\bone (?:or more )?of\b|\bif\b|\bthe following (?:patients|subjects)\b", re.I
)
_LEAD = re.compile(
    r"\bfollow(?:ing|s)\b|\bbelow\b|\b(?:one|any|all|each|both|either|none|some|two|three|more) of\b|\beither\b|\bdefined\b|"
    r"\bcriteria\b|\bincluding\b|\binclude[sd]?\b|\bsuch as\b|\bat least\b|\bif\b|\bto be (?:eligible|included|enrolled)",
    re.I,
)
_PDQ = re.compile(
    r"(?:disease|patient|subject|general|tumou?r|donor) characteristics|(?:prior|previous) ?(?:/|and|or)? ?concurrent (?:therapy|treatment)|prior therapy|"
    r"concurrent therapy|inclusion of women and minorities",
    re.I,
)
_GROUP = re.compile(
    r"\b(?:criteria|characteristics|cohorts?|arms?|parts?|groups?|phase|stud(?:y|ies)|patients|subjects|participants|controls?|volunteers|"
    r"donors?|recipients?|caregivers?|parents?|stage|stratum|women|men|females?|males?|adults|children)\b",
    re.I,
)
_NOTE = re.compile(r"\W{0,3}(?:notes?|n\.?b\.?|nota bene|remarks?|please note|comments?)\b\s*(?:\d\s*)?[:.,\-–(]", re.I)
_MINORITIES = re.compile(r"women and minorities", re.I)


@dataclass(frozen=True, slots=True)
class _Heading:
    kind: Kind | None
    arms: tuple[str, ...] | None  # None: says nothing of arms
    note: bool = False  # what follows is no criterion
    group: str = ""  # whom the criteria under it are for


_EDGE = "*_#=~ \t.-–—•"


def _kind(text: str) -> Kind | None:
    if _NEGATIVE.search(text):
        return "exclusion"
    return "inclusion" if _CRITERIA.search(text) or _POSITIVE.search(text) else None


_PLAIN = re.compile(
    r"\b(?:key|main|major|general|primary|specific|additional|other|overall|common|core|study|protocol|(?:non-?)?inclusion|exclusion(?:ary)?|inclusionary|"
    r"criteri\w+|eligibility|for|of|the|all|only|both|each|to|in|this|trial|subjects?|participants?|patients?|cohorts?|groups?|arms?|and|or)\b|[^\w\s'-]",
    re.I,
)
_SOMEBODY = re.compile(
    r"\b(?:healthy|controls?|donors?|caregivers?|carers?|parents?|partners?|relatives|siblings?|volunteers?|unexposed|unaffected)\b",
    re.I,
)
_ALTERNATIVE = re.compile(
    r"\b(?:one|any|either|two|three|more)\b(?: or more)?(?: of)?(?: the| these)? following|\bat least (?:one|two|three|1|2|3)\b",
    re.I,
)


def _group(heading: str) -> str:
    """Whom a heading's criteria are for, where it says so: "Healthy volunteer inclusion criteria"."""
    rest = " ".join(_PLAIN.sub(" ", heading).split())
    return rest if rest and rest.count(" ") < 5 else ""


def _heading(block: _Block, first: bool, kind: Kind) -> _Heading | None:
    """What a block says as a heading; ``None`` if it is none. ``first``: nothing stands between it and a heading."""
    text = block.text
    if len(text) > 400 or (block.style and not block.inline and not _NAMING.search(text)):
        return None
    bare = text.strip(_EDGE)
    if bare[:1].isalnum() and re.match(r"\w{1,3}[.)]\s*\S", bare):  # "A. Inclusion Criteria"
        bare = re.sub(r"^\w{1,3}[.)]\s*", "", bare)
    colon = bare.endswith((":", "："))
    bare = bare.rstrip(":： ").strip(_EDGE)
    if not bare:
        return _Heading(None, None)
    words = bare.count(" ") + 1
    if _CRITERIA.search(bare):
        named = re.search(r"(?:in|ex)clusi(?:on|ve)|eligibility criteri|^(?:\w+ )?eligibility$", bare, re.I) is not None
        both = (
            re.search(r"inclusion", bare, re.I) is not None and re.search(r"(?<!non-)exclusion", bare, re.I) is not None
        )
        if named and _MINORITIES.search(bare):
            return _Heading(None, None, note=True)
        if (
            named
            and words <= 14
            and not _VERB.search(re.sub(r"\([^)]*\)", "", bare))
            and not (both and _MORE.search(bare))
        ):
            tidy = words <= 4 or colon or ("riteri" in bare.lower() and (not block.style or words <= 7))
            if tidy and not _APPLY.search(bare):
                if both:
                    return _Heading(None, _arms(bare), group=_group(bare))
                named_kind: Kind = (
                    "exclusion" if re.search(r"exclusion|non-?inclusion|ineligib", bare, re.I) else "inclusion"
                )
                return _Heading(named_kind, _arms(bare), group=_group(bare))
    if _PDQ.fullmatch(bare) or (_PDQ.match(bare) and colon and words <= 5):
        return _Heading("inclusion", None)  # the whole of such a record is worded as requirements
    if block.style and not block.inline:
        return None
    if kind == "inclusion" and _ALTERNATIVE.search(bare) and not _NEGATIVE.search(bare):
        return None  # each of what follows is an alternative, no criterion of its own
    if (
        first
        and colon
        and kind == "exclusion"
        and words <= 20
        and re.search(r"\bfollowing\b|\bbelow\b", bare[-60:], re.I)
        and _ANY.search(bare)
    ):
        return _Heading(None, _arms(bare))
    if (
        not colon
        and words <= 40
        and _GENERAL.match(bare)
        and re.search(
            r"\bcriteria\b.{0,60}\b(?:following|below|outlined|listed|as follows)|\b(?:following|below)\b.{0,40}\bcriteria\b",
            bare,
            re.I,
        )
    ):
        return _Heading(_kind(bare) if _NEGATIVE.search(bare) else None, _arms(bare))
    if (
        colon
        and words <= 45
        and _GENERAL.match(bare)
        and _LEAD.search(bare)
        and (first or re.search(r"\bcriteri|exclu(?:ded|sion)|\b(?:in)?eligible|\benrolled\b|\bincluded\b", bare, re.I))
    ):
        general = re.search(
            r"\bcriteri|exclu|eligib|\benrol|\binclu(?:ded|sion)|participa|\bentry\b|\bstudy\b|\btrial\b|\brequirements?\b",
            bare,
            re.I,
        )
        if general and _VERB.search(bare):
            return _Heading(
                _kind(bare) if _NEGATIVE.search(bare) or re.search(r"inclu|eligib", bare, re.I) else None, _arms(bare)
            )
        if general and first:
            return _Heading(None, _arms(bare))
    return None


def _subheading(block: _Block, following: _Block | None) -> _Heading | None:
    """A heading that names neither kind: "Hepatic:", "Cohort A", "General criteria"."""
    if block.style or following is None or len(block.text) > 120:
        return None
    bare = block.text.strip(_EDGE)
    colon = bare.endswith((":", "："))
    bare = bare.rstrip(":： ").strip(_EDGE)
    words = bare.count(" ") + 1
    if (
        colon
        and words <= 7
        and not _LEAD.search(bare.replace("riteria", ""))
        and not re.search(r"\d\s*$|[<>≥≤=]", bare.split("(")[0][-3:])
    ):
        if following.style or words <= 4 or _GROUP.search(bare):
            return _Heading(None, _arms(bare))
    if (
        not colon
        and following.style
        and words <= 7
        and _GROUP.search(bare)
        and not _VERB.search(bare)
        and not bare.endswith((".", ",", ";"))
    ):
        return _Heading(None, _arms(bare))
    if not colon and words <= 6 and bare.isupper() and len(bare) > 4 and following.style and not re.search(r"\d", bare):
        return _Heading(None, _arms(bare))
    if (
        not colon
        and words <= 5
        and _arms(bare)
        and not _VERB.search(bare)
        and re.match(r"\W*(?:cohort|arm|part|group|phase|study|stage)", bare, re.I)
    ):
        return _Heading(None, _arms(bare))
    return None


# ---------------------------------------------------------------------------------------------------------------------
# Arms

_ARM_NAME = r"(?:[IVX]{1,4}|[A-Z]{1,2}|\d{1,2})(?:[-.]?\d{1,2}|[-.][A-Z]|[a-z])?(?![\w%])"
_ARM = re.compile(
    rf"\b(?P<word>cohort|arm|part|group|phase|sub-?study|study|module|stratum|segment|panel)s?\s+"
    rf"(?P<names>(?i:(?-i:{_ARM_NAME})(?:(?:\s*(?:,|/|&|\+)\s*(?:and\s+|or\s+)?|\s+(?:and|or|to)\s+|[-–])(?:(?:cohort|arm|part|group|phase)s?\s+)?(?-i:{_ARM_NAME}))*))",
    re.I,
)
_NAME = re.compile(_ARM_NAME)
_SPAN = re.compile(r"(\d{1,2}(?=-\d)|[A-Z](?=-[A-Z]))-(\d{1,2}|[A-Z])")  # "Cohorts 1-3"
_ALL_ARMS = re.compile(
    r"\b(?:all|both|each|any|either) (?:\w+ )?(?:cohort|arm|part|group|phase|patient|subject|participant)s?\b", re.I
)
_PREFIX = re.compile(r"\W{0,2}(?:only )?(?:(?:for|in)\s+)?(?:(?:subjects|patients|participants) (?:in|of)\s+)?", re.I)
_AFTER_ARM = re.compile(
    r"\s*(?:\([^()]{1,60}\))?\s*(?:only|patients|subjects|participants)?(?:\s+only)?\s*(?:[:,]|[-–]\s)", re.I
)
_SUFFIX = re.compile(r"[(\[]([^()\[\]]{3,80})[)\]]\W*$")


def _named(match: re.Match[str]) -> Iterator[str]:
    word = match.group("word").capitalize()
    for name in _NAME.finditer(match.group("names")):
        span = _SPAN.fullmatch(name.group()) if match.group()[len(word)] in "sS" else None
        if span is None:
            yield f"{word} {name.group()}"
        elif span[1].isdigit() and span[2].isdigit():
            yield from (f"{word} {number}" for number in range(int(span[1]), int(span[2]) + 1))
        else:
            yield from (f"{word} {chr(letter)}" for letter in range(ord(span[1][0]), ord(span[2][0]) + 1))


def _arms(text: str) -> tuple[str, ...] | None:
    """The arms that a heading is for; none if it is for all; ``None`` if it does not say."""
    if _ALL_ARMS.search(text):
        return ()
    found = [name for match in _ARM.finditer(text) for name in _named(match)]
    return tuple(dict.fromkeys(found)) or None


def _own_arms(text: str) -> tuple[str, ...]:
    """The arms that a bullet says it is for, before a colon at its beginning or in parentheses at its end."""
    line = text.split("\n", 1)[0]
    head = line[:80]
    if ":" in head or "," in head or "-" in head or "–" in head:
        begin = _PREFIX.match(line)
        m = _ARM.match(line, begin.end() if begin else 0)
        if m and _AFTER_ARM.match(line, m.end()):
            named = line[m.end() :].lstrip()
            if not named.startswith(",") or re.match(r"\W{0,2}(?:only )?(?:for|in)\b", line, re.I):
                return tuple(dict.fromkeys(_named(m)))
    if line[-3:].count(")") or line[-3:].count("]"):
        end = _SUFFIX.search(line, max(0, len(line) - 90))
        if end:
            inside = end.group(1)
            m = _ARM.search(inside)
            if m and (re.search(r"\bonly\b", inside, re.I) or (m.start() == 0 and m.end() >= len(inside.rstrip()))):
                return tuple(dict.fromkeys(name for match in _ARM.finditer(inside) for name in _named(match)))
    return ()


# ---------------------------------------------------------------------------------------------------------------------
# The walk over the blocks


@dataclass(slots=True)
class _Part:
    depth: int
    text: str
    marked: bool
    start: int
    end: int


@dataclass(slots=True)
class _Item:
    parts: list[_Part]
    marked: bool
    gap: int = 1

    @property
    def lead(self) -> str:
        return self.parts[0].text


@dataclass(slots=True)
class _Section:
    kind: Kind
    arms: tuple[str, ...]
    group: str = ""
    items: list[_Item] = field(default_factory=list)


@dataclass(slots=True)
class _Level:
    indent: int
    style: str
    ordinal: int
    depth: int
    text: str


_JOIN = re.compile(r"\W*(?:and\s*/\s*or|or|and)\W*", re.I)
_PERMITS = re.compile(
    r"\b(?:may|can|could) (?:have|be|also|still|enter)\b|\b(?:allowed|permitted|acceptable|are eligible|is eligible)\b",
    re.I,
)
_ABOUT = re.compile(
    r"\bwill be (?:selected|recruited|enrolled|asked|informed|randomi[sz]ed|stratified|assigned|screened|performed|conducted)\b|"
    r"\bplease\b|\bwww\.|https?:|\brefer to\b|\bthis (?:study|trial) (?:is|will|aims)\b",
    re.I,
)
_REQUIRES = re.compile(
    r"\bmust\b|\bshould\b|\bshall\b|\brequired?\b|\beligible\b|\bexcluded\b|\bnot (?:be )?(?:allowed|permitted)\b|\bat least\b|\bno (?:prior|history|known)\b",
    re.I,
)


class _Walk:
    def __init__(self, text: str) -> None:
        self.text = text
        self.sections = [_Section("inclusion", ())]
        self.headings: list[str] = []
        self.notes: list[str] = []
        self.levels: list[_Level] = []
        self.joining = False  # after an "OR" on a line of its own
        self.noting = False  # under a heading whose text is no criterion
        self.fresh = True  # nothing since the last heading
        self.waiting: _Block | None = None
        self.seen_kind = False
        self.arms: tuple[str, ...] = ()  # of a heading that names arms only
        self.only_arms = False
        self.line = 0, 0  # the last line of which a heading is a part
        self.line_shown = ""
        self.base: int | None = None  # where the outermost bullets of the section begin

    def take(self, block: _Block) -> None:
        if self.waiting is not None:
            self._place(self.waiting, block)
        self.waiting = block

    def done(self) -> Segments:
        if self.waiting is not None:
            self._place(self.waiting, None)
        bullets: list[Bullet] = []
        _part_groups([section for section in self.sections if section.items])
        for section in self.sections:
            items = _settle(section.items, section.kind)
            strict = section.kind == "exclusion" and _mostly_required(items)
            for item in items:
                text = _rendered(item)
                arms = _own_arms(text) or section.arms
                span = item.parts[0].start, max(part.end for part in item.parts)
                bullets.append(Bullet(section.kind, text, *span, arms, strict))
        return Segments(tuple(bullets), tuple(self.headings), tuple(self.notes))

    def _place(self, block: _Block, following: _Block | None) -> None:
        heading = _heading(block, self.fresh, self.sections[-1].kind) or _subheading(block, following)
        if heading is not None:
            self._open(block, heading)
            return
        if _JOIN.fullmatch(block.text) and self.sections[-1].items:
            self._extend(block, 0)
            self.joining = True
            return
        if self.noting or _NOTHING.fullmatch(block.text):
            self.notes.append(block.text)
            return
        if block.style:
            self._bullet(block)
        else:
            self._paragraph(block, following)
        self.fresh = False
        self.only_arms = False

    def _open(self, block: _Block, heading: _Heading) -> None:
        shown = block.text
        if block.inline:
            # what shares a line with criteria is shown with its line, so that every line can be found again
            if block.start >= self.line[1]:
                begin = max(self.text.rfind("\n", 0, block.start), self.text.rfind("\r", 0, block.start)) + 1
                end = self.text.find("\n", block.end)
                self.line = begin, end if end >= 0 else len(self.text)
                self.line_shown = written(self.text[slice(*self.line)])
            shown = self.line_shown
        kind = heading.kind or self.sections[-1].kind
        if self.fresh and kind == "exclusion" and self.headings and self.headings[-1].endswith(("/", "&", " and")):
            kind = self.sections[-1].kind  # "Key inclusion / exclusion criteria", broken by a line
        if not self.headings or self.headings[-1] != shown:
            self.headings.append(shown)
        arms = heading.arms
        if arms is None:
            if heading.kind is not None:
                arms = self.sections[-1].arms if self.only_arms else ()
            else:
                arms = self.sections[-1].arms if self.fresh else self.arms
        if heading.kind is not None:
            self.arms = arms
        self.only_arms = heading.kind is None and heading.arms is not None
        group = heading.group if heading.kind is not None else self.sections[-1].group
        self.sections.append(_Section(kind, arms, group))
        self.levels.clear()
        self.base = None
        self.joining = False
        self.noting = heading.note
        self.fresh = True

    def _add(self, block: _Block) -> None:
        part = _Part(0, block.text, bool(block.style), block.start, block.end)
        self.sections[-1].items.append(_Item([part], bool(block.style), block.gap))

    def _extend(self, block: _Block, depth: int) -> None:
        part = _Part(depth, block.text, bool(block.style), block.start, block.end)
        self.sections[-1].items[-1].parts.append(part)

    def _paragraph(self, block: _Block, following: _Block | None) -> None:
        items = self.sections[-1].items
        level = _Level(block.indent, "", 0, 0, block.text)
        if self.joining and items:
            self._extend(block, 0)
            self.levels = [level]
            self.joining = False
            return
        if len(block.text) < 300 and (
            _FURTHER.match(block.text) or (_MORE.search(block.text) and _APPLY.search(block.text))
        ):
            self.notes.append(block.text)
            self.levels.clear()
            return
        if _NOTE.match(block.text) and items:
            self._extend(block, 0)
            return
        listed = bool(items) and items[-1].marked
        if listed and len(items[-1].parts) == 1 and items[-1].lead.endswith(":") and not block.text.endswith(":"):
            self._extend(block, 1)
            return
        if listed and not block.text.rstrip().endswith(":"):
            if _ABOUT.search(block.text) and not re.search(
                r"\b(?:must|excluded|(?:are|is|not|be) eligible)\b", block.text, re.I
            ):
                self.notes.append(block.text)
                return
            deeper = bool(self.levels) and block.indent >= self.levels[0].indent + 2
            sentence = block.text.split(". ", 1)[0].replace("are eligible", "")
            if deeper or (_PERMITS.search(block.text) and not _REQUIRES.search(sentence)):
                self._extend(block, 0)
                return
        self._add(block)
        self.levels = [level]

    def _bullet(self, block: _Block) -> None:
        items = self.sections[-1].items
        if _NOTE.match(block.text) and items:
            self._extend(block, max(1, self._depth(block)) if self.levels else 1)
            return
        depth = self._depth(block)
        if self.joining and items and depth == 0:
            self._extend(block, 0)
            self.joining = False
        elif depth == 0 or not items:
            self._add(block)
        else:
            self._extend(block, depth)
        self.joining = False

    def _depth(self, block: _Block) -> int:
        """How deep a bullet is nested; makes it the innermost level."""
        levels = self.levels
        if block.inline and levels:
            level = replace(levels[-1], ordinal=block.ordinal or levels[-1].ordinal, text=block.text)
            levels[-1] = level
            return level.depth
        while len(levels) > 1 and levels[-1].indent > block.indent + 1:
            levels.pop()
        if self.base is None:
            self.base = block.indent
        if not levels:
            depth = 0
        else:
            top = levels[-1]
            colon = _leads(top.text)
            if block.indent == self.base != top.indent and top.indent < self.base and top.style and not colon:
                levels.clear()  # one bullet of the list stands further out than the others
                depth = 0
            elif not top.style:
                depth = top.depth + 1 if colon else top.depth
                if not colon:
                    levels.pop()
            elif block.indent >= top.indent + 2 and not (
                block.style == top.style and block.ordinal == top.ordinal + 1 > 1
            ):
                depth = top.depth + 1
            elif block.style == top.style and not (block.ordinal == 1 and top.ordinal >= 1 and colon):
                if block.ordinal and top.ordinal and block.ordinal != top.ordinal + 1:
                    for index in range(len(levels) - 2, -1, -1):
                        outer = levels[index]
                        if (
                            outer.style == block.style
                            and outer.ordinal + 1 == block.ordinal
                            and abs(outer.indent - block.indent) <= 1
                        ):
                            del levels[index + 1 :]
                            break
                depth = levels.pop().depth
            else:
                same = [
                    i
                    for i, v in enumerate(levels)
                    if v.style == block.style and abs(v.indent - block.indent) <= 1 and v is not top
                ]
                if same and not (block.ordinal == 1 and colon):
                    del levels[same[-1] + 1 :]
                    depth = levels.pop().depth
                elif block.indent < top.indent - 1:
                    depth = levels.pop().depth
                elif (
                    colon
                    or top.style[0] == block.style[0] != "1"
                    or (top.style in "-•*" and block.style in "*o◦-" and block.ordinal == 0)
                ):
                    depth = top.depth + 1
                else:
                    depth = levels.pop().depth
        levels.append(_Level(block.indent, block.style, block.ordinal, depth, block.text))
        return depth


def _part_groups(sections: list[_Section]) -> None:
    """Healthy volunteers and patients, donors and recipients, each with criteria of their own, are arms."""
    names: dict[str, str] = {}
    where: dict[Kind, set[str]] = {"inclusion": set(), "exclusion": set()}
    for section in sections:
        if section.group:
            key = " ".join(word[:4] for word in section.group.lower().split())
            names.setdefault(key, section.group)
            where[section.kind].add(key)
            section.group = names[key]
    if len(where["inclusion"]) < 2 or not where["exclusion"] <= where["inclusion"]:
        return
    if any(_SOMEBODY.search(name) for name in names.values()):
        for section in sections:
            if section.group and not section.arms:
                section.arms = (section.group,)


def _rendered(item: _Item) -> str:
    lines = []
    for index, part in enumerate(item.parts):
        if index and part.marked:
            lines.append(f"{'  ' * part.depth}* {part.text}")
        else:
            lines.append(part.text)
    return "\n".join(lines)


# ---------------------------------------------------------------------------------------------------------------------
# What a lead-in owns

_LABS = re.compile(
    r"\b(?:functions?|laborator|ha?ematolog|blood|organ|values|parameters|counts?|marrow|hepatic|renal|liver|kidney|lab(?:s|oratory)?|reserve|indicators)",
    re.I,
)
_LAB = re.compile(
    r"[<>≥≤=%]|\b(?:ULN|LLN|ANC|WBC|AST|ALT|SGOT|SGPT|INR|PTT|aPTT|LVEF|Hb|Hgb|HGB|PLT|TBIL|BUN|GFR|CrCl|QTcF?)\b|(?i:\b(?:neutrophil|platelet|"
    r"ha?emoglobin|creatinine|bilirubin|albumin|transaminase|aminotransferase|leu[ck]ocyte|white blood|alkaline|prothrombin|thromboplastin|"
    r"ejection|clearance|lymphocyte|upper limit|normal limits|filtration|potassium|calcium|magnesium|troponin|urea|proteinuria|lipase|amylase))"
)
_OTHER_TOPIC = re.compile(
    r"\W*(?:age[ds]?\b|life expectancy|ecog|karnofsky|eastern|kps|performance|signed|written|informed|able |ability|willing|consent|pregnan|"
    r"histolog|cytolog|measurable|women|wom[ae]n of|men |male|female|no prior|negative pregnancy|expected|patients?\b|subjects?\b|participants?\b|must\b)",
    re.I,
)
_STARTER = re.compile(
    r"\W*(?:(?P<who>(?:patients?|subjects?|participants?|individuals|persons?|people|volunteers)\b)|(?P<sex>(?:wom[ae]n|m[ae]n|males?|females?)\b)|"
    r"(?P<able>able\b|ability|willing|agree|signed|written|informed|provi(?:de|sion)|voluntar|consent)|(?P<age>aged?\b|≥ ?\d+ years|\d\d years)|"
    r"(?P<state>ecog|eastern|karnofsky|kps|performance status|life expectancy|adequate|measurable|normal\b|hba1c|bmi|body mass)|"
    r"(?P<no>no\b|not\b|absence|free of|without)|(?P<past>history|known|prior|previous|current|concurrent|any\b|use of|treatment|received?|"
    r"participation|inability|unable|unwilling|presence|evidence|active|uncontrolled|other|pregnan|lactat|allerg|hypersens|major|contraindic)|"
    r"(?P<must>must\b|has\b|have\b|is\b|are\b)|(?P<dx>histolog|cytolog|diagnos|confirmed|documented))",
    re.I,
)
_LEAD_END = re.compile(
    r"(?:[:：]|:-|\b(?:any|one|all|each|either|both) of the following\W{0,2}|\bas follows\W?)$", re.I
)
_CONNECTED = re.compile(r"\W*(?:or|and|and/or|plus|with|note|e\.g\.|i\.e\.)\b", re.I)


def _leads(text: str) -> bool:
    """Whether a text ends as a lead-in does."""
    return text.endswith((":", "：")) or (
        text[-1:] not in (".", ";") and _LEAD_END.search(text, max(0, len(text) - 40)) is not None
    )


def _starter(text: str) -> str | None:
    m = _STARTER.match(text)
    return m.lastgroup if m else None


def _owned(lead: str, texts: list[str], depth: int = 1) -> list[int]:
    """The depths of those of the bullets that follow a lead-in which belong to it."""
    depths: list[int] = []
    if not texts:
        return depths
    labs = _LABS.search(lead) is not None and _LAB.search(texts[0]) is not None
    first = texts[0]
    starter = _starter(first)
    semis = first.rstrip().endswith((";", ",", "；"))
    index = 0
    while index < len(texts):
        text = texts[index]
        connected = index and (_CONNECTED.match(text) or _LOOSE_END.search(texts[index - 1].rstrip(" .;")[-8:]))
        if index and not connected:
            own = _starter(text)
            if text.endswith(":") and (starter is None or own != starter):
                break
            if labs:
                if not _LAB.search(text) or _OTHER_TOPIC.match(text):
                    break
            else:
                if own is not None and own != starter:
                    break
                if first[:1].islower() and text[:1].isupper():
                    break
                if semis and not texts[index - 1].rstrip().endswith((";", ",", "；")):
                    break
        depths.append(depth)
        if text.endswith(":") and depth < 4:
            depths += _owned(text, texts[len(depths) :], depth + 1)
        index = len(depths)
    return depths


def _settle(items: list[_Item], kind: Kind) -> list[_Item]:
    """Lead-ins without nested bullets take those that follow; bullets nested by mistake become criteria of their own."""
    settled: list[_Item] = []
    index = 0
    while index < len(items):
        item = items[index]
        index += 1
        last = item.parts[-1]
        if len(item.parts) == 1 and _leads(last.text) and index < len(items):
            stop = stop_all = min(len(items), index + 40)
            run = []
            closed = False
            for other in items[index:stop]:
                if other.marked != item.marked:
                    break
                if run and other.gap > 1 and items[index].gap == 1:
                    closed = True  # a page sets a nested list apart: a blank line before it, two behind
                    break
                if run and other.gap:
                    closed = False
                    stop = 0
                run.append(other.lead)
            depths = [1] * len(run) if closed and stop else _owned(item.lead, run)
            for other, depth in zip(items[index:stop_all], depths, strict=False):
                item.parts += [replace(part, depth=part.depth + depth, marked=True) for part in other.parts]
            index += len(depths)
            settled.append(item)
        elif len(item.parts) > 2:
            settled += _unnested(item, kind, index == len(items))
        else:
            settled.append(item)
    return settled


def _unnested(item: _Item, kind: Kind, last: bool) -> list[_Item]:
    """Registries' converters nest under a bullet what stood beside it, mostly to the end of the section."""
    head, *rest = item.parts
    if any(not part.marked for part in rest):
        return [item]
    tops = [i for i, part in enumerate(rest) if part.depth == 1]
    texts = [rest[i].text for i in tops]
    if len(texts) < 2:
        return [item]
    keep = len(texts)
    if head.text.endswith(":"):
        who = [_starter(t) in ("who", "sex") for t in texts]
        first = who.index(True) if True in who else 0
        if first and all(who[first:]) and ((last and _LABS.search(head.text)) or (kind == "exclusion" and first > 1)):
            keep = first
    elif (
        last
        and head.text.count(" ") >= 5
        and not _LEAD.search(head.text)
        and not any(t[:1].islower() or _CONNECTED.match(t) or _PERMITS.search(t) or _LAB.search(t) for t in texts)
        and not re.search(r"\b(?:adequate|acceptable)\b", head.text, re.I)
        and not head.text.endswith(".")
    ):
        keep = 0
    if keep == len(texts):
        return [item]
    cut = tops[keep]
    found = [_Item([head, *rest[:cut]], item.marked)]
    for part in rest[cut:]:
        if part.depth == 1:
            found.append(_Item([replace(part, depth=0)], True))
        else:
            found[-1].parts.append(replace(part, depth=part.depth - 1))
    return found


_REQUIREMENT = re.compile(
    r"(?:\b(?:must|should|may|shall|can)\b(?: not)?|\bno (?:prior|previous|history|known|active|evidence|other|concurrent|current|significant|more)\b|"
    r"^no\b|^not\b|\bat least\b|\brequired\b|^(?:able|willing|agree|adequate|absence|negative)\b)",
    re.I,
)


def _mostly_required(items: list[_Item]) -> bool:
    worded = sum(1 for item in items if _REQUIREMENT.search(item.lead[:80]))
    return len(items) >= 2 and 2 * worded > len(items)
