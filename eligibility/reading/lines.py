"""The lines of a text -> blocks: a bullet with its hard-wrapped lines, a paragraph, an item of a run-on line."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Final

__all__ = ["LOOSE_END", "Block", "blocks", "written"]

# ---------------------------------------------------------------------------------------------------------------------
# Text as written

_ESCAPE: Final = re.compile(r"\\([\\`*_{}\[\]()#+\-.!<>~|&=^$%\"':;/?@,])")
_ENTITY: Final = re.compile(r"&(?:#\d{1,6}|#x[0-9a-fA-F]{1,5}|[A-Za-z]{2,8});")
_SPACE: Final = re.compile(r"[\s\x00-\x1f\x7f-\x9f\u200b\ufeff]+")


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


def blocks(text: str) -> Iterator[Block]:
    """The blocks of a text, in its order; a marker with nothing behind it is none."""
    for block in _joined(text):
        yield from (part for part in _split(text, block) if part.text)


@dataclass(slots=True)
class Block:
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


_LINE: Final = re.compile(r"[^\n\r\x0b\x0c\x85\u2028\u2029]+|\r\n|[\n\r\x0b\x0c\x85\u2028\u2029]")
_SIGN: Final = r"[-–—‐‑•·▪■●◦○‣∙►▶➢➤✓✔→§¤◆♦□❖\uf0a7\uf0b7\uf0d8\uf076\uf0fc]|\*(?!\*[^*\s])|&\#8226;|&bull;|â€¢|ï‚·|Â·"
_MARKER: Final = re.compile(
    rf"""(?P<sign>(?:{_SIGN}){{1,4}})(?=[^\S\n]*\S)(?!\d)(?P<after>[^\S\n]*)
      | (?P<o>o)(?=[ \t]+[A-Z(])
      | \(?(?P<number>\d{{1,3}})(?:\\?[.)）．、](?!\d)|[ ]?[-:](?=\s+[A-Z])|\ [.)](?=\s+[A-Z]))(?P<space>[^\S\n]*)(?=\S)
      | \(?(?P<roman>(?:[ivx]{{2,5}}|[iv])|(?:[IVX]{{2,4}}|I))\\?[.)）](?P<space2>[^\S\n]*)(?=\S)
      | \(?(?P<letter>[a-zA-Z])\\?[.)）](?P<space3>[^\S\n]*)(?=\S)
      | (?P<circled>[①-⑳⑴-⒇])
      | (?P<dotted>\d{{1,2}}(?:\.\d{{1,2}}){{1,3}}\.?)(?=[^\S\n]+[A-Za-z])""",
    re.VERBOSE,
)
_NUMBERED: Final = re.compile(r"\d+[.)]")
_LETTERED: Final = re.compile(r"\w+[.)]")
_LONE: Final = re.compile(r"[-•*·–]|\d{1,2}[.)]")
_SECOND: Final = re.compile(r"[-•*]\s+(?=\w)")  # "* - Age"
_ROMAN: Final = {"i": 1, "v": 5, "x": 10}


def _roman(digits: str) -> int:
    values = [_ROMAN[c] for c in digits.lower()]
    return sum(-v if v < w else v for v, w in zip(values, [*values[1:], 0], strict=True))


def _marker(text: str, at: int, end: int) -> tuple[str, int, int] | None:
    """Style, ordinal and where the content begins, if ``text[at:end]`` begins with the marker of a bullet."""
    if text[at : at + 2].isalpha() and text[at] not in "ivxIVX":  # a word, as most lines begin
        return None
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
            kept = not m.group("space") or not _NUMBERED.fullmatch(bare)
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
            kept = not m.group(m.lastgroup) or not _LETTERED.fullmatch(bare)
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
    lone: tuple[tuple[str, int], int, _Line] | None = None  # a marker on a line of its own, for the next line
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
        if mark is None and end - start <= 3 and _LONE.fullmatch(text, start, end):
            digits = text[start:end].rstrip(".)")
            itself = _Line(start, end, indent, indent + end - start, gap, None)
            lone = (("1", int(digits)) if digits.isdigit() else (text[start], 0)), gap, itself
            continue
        if lone is not None and (gap or mark is not None) and not lone[1] and lone[0][0] == "1":
            yield lone[2]  # no marker: the end of a sentence, "BP >= / 90)"
            lone = None
        elif lone is not None and gap:
            lone = None
        if lone is not None:
            if mark is None:
                mark = *lone[0], start
            gap = max(gap, lone[1])
            lone = None
        yield _Line(start, end, indent, indent + end - start, gap, mark)


LOOSE_END: Final = re.compile(
    r"(?:,|[(/]|\b(?:and|or|of|the|with|to|in|for|by|an?|at|than|that|is|are|be|no|not|from|on|as))$", re.I
)
_CLOSED_END: Final = re.compile(r"[.:;!?]\W{0,2}$")


def _joined(text: str) -> Iterator[Block]:
    lines = list(_physical(text))
    width = max((line.length for line in lines), default=0)
    full = pairs = lone = spaced = 0
    for before, line in pairwise(lines):
        if line.mark is None and not line.gap:
            pairs += 1
            full += before.length + 1 + len(text[line.start : line.end].split(None, 1)[0]) > width - 1
        elif line.mark is not None:
            spaced += line.gap > 0
            lone += not line.gap
    wrapped = 50 <= width <= 130 and full >= 0.7 * pairs and pairs > 0
    apart = wrapped and spaced > 2 * lone  # bullets are set apart by blank lines
    block: Block | None = None
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
            block = Block(line.start, line.end, line.indent, line.indent, "", 0, line.gap, length=line.length)
        else:
            style, ordinal, start = line.mark
            second = _SECOND.match(text, start, line.end) if start > line.start else None
            if second is not None:
                start = second.end()
            column = line.indent + start - line.start
            if start == line.start and style not in "-•*·–":  # the marker stays in the text
                column += 2
            block = Block(start, line.end, line.indent, column, style, ordinal, line.gap, length=line.length)
    if block is not None:
        block.text = written(text[block.start : block.end])
        yield block


def _runs_on(text: str, block: Block, line: _Line) -> bool:
    """Whether a paragraph continues the sentence of the block before it, although a blank line parts them."""
    if not text[line.start].islower():
        return False
    tail = text[max(block.start, block.end - 40) : block.end]
    if _CLOSED_END.search(tail):
        return False
    return bool(block.style) or bool(LOOSE_END.search(tail))


# ---------------------------------------------------------------------------------------------------------------------
# Blocks that hold more than one item

_INLINE_HEADING: Final = re.compile(
    r"""(?:(?<=[.;:,)\w%])[^\S\n]*\n?\s*|^)\W{0,3}
        (?P<head>(?:(?:Key|Main|Major|General|Primary|Patient|Subject|KEY|MAIN)\ )?
        (?:Inclusions?|Exclusions?|INCLUSION|EXCLUSION|inclusion|exclusion|Eligibility|Non-inclusion)
        (?:\s+(?:Criteria|CRITERIA|criteria|criterion))?
        (?:\s*\([^()\n]{1,40}\))?(?:\ (?:for\ )?\w+(?:\ \w+)?)?\s*:
        |(?:Inclusion|Exclusion)\ [Cc]riteria\ (?:includes?|included|are|were|is|consists?\ of)\b:?
            (?!\ (?:met|not|listed|as|defined|the\ following)\b)
        |(?:Inclusion|Exclusion)\ [Cc]riteria(?=\ [A-Z][a-z]+\ [a-z]+\ [a-z]+[^:\n]{0,200}$)
        |(?:INCLUSION|EXCLUSION)\ CRITERIA\b(?=\s+(?:\d|[-•*]|[A-Z][a-z]))
        |(?:Inclusion|Exclusion)\ [Cc]riteria\b(?=\s+(?:1\\?[.)]|[-•*]\s|\(1\))\s*[A-Z]))""",
    re.VERBOSE,
)
_MAY_HEAD: Final = re.compile(  # a first look
    r"(?:[nx]clusion|[NX]CLUSION|ligibility)(?:s?(?:\s+(?:Criteria|CRITERIA|criteria|criterion))?(?:\s*\([^()\n]{1,40}\))?"
    r"(?: (?:for )?\w+(?: \w+)?)?\s*:| (?:[Cc]riteria|CRITERIA)\b)"
)
_SEVERAL: Final = re.compile(  # a first look
    r"[-–•▪●·*\d](?:(?<=[•▪●])|(?<=[-–·*])\s|(?<=\d)\\?[.)）、]\s*[^\d\s])"
)
_SIGN_WITHIN: Final = re.compile(r"[-–•▪●·*](?:(?<=[•▪●])|(?<=\s.)\s)")  # a first look, as the next
_NUMBER_WITHIN: Final = re.compile(r"\d\\?[.)）、]\s*[^\d\s]")
_INLINE_SIGN: Final = re.compile(r"(?<=\S)\s+(?:[-–•▪●·*])\s+(?=[A-Z≥≤<>(\"]|\d)|(?<=[^\s-])\s*[•▪●]\s*(?=\S)")
_INLINE_NUMBER: Final = re.compile(
    r"(?<=\S)\s*(?<![\d.<>=≤≥(])\(?\b(\d{1,2})\\?([.)）、])(?!\d)\s*(?=[A-Z(≥≤<>\"]|[)）、]?\s*[a-zA-Z])"
)


_BLOB: Final = re.compile(
    r"\s*(?:DISEASE|PATIENT) CHARACTERISTICS:(?=\s*\S)|\s*PRIOR(?:/| )CONCURRENT THERAPY:(?=\s*\S)"
)
_BLOB_CUT: Final = re.compile(
    r"\s+(?=(?:Age|Sex|Menopausal [Ss]tatus|Performance [Ss]tatus|Life [Ee]xpectancy|Hematopoietic|Hepatic|"
    r"Renal|Cardiovascular|Pulmonary|Other|"
    r"Neurologic|Biologic [Tt]herapy|Chemotherapy|Endocrine [Tt]herapy|Radiotherapy|Surgery|Immunologic|"
    r"Metabolic|Gastrointestinal):)|"
    r"\s+-\s+(?=[A-Z])|(?<=[a-z0-9)%/])\s+(?=(?:No|Not|At least|Must|Fertile|Negative|Effective|Adequate|"
    r"Measurable|Recovered|Concurrent|Prior|Histologically)"
    r"\s+[a-z\d])"
)


def _blob(text: str, block: Block, begin: int) -> Iterator[Block]:
    """A section of the old records of the National Cancer Institute that has lost its line breaks."""
    yield replace(block, end=begin, text=written(text[block.start : begin]), style="", inline=True)
    cuts = [
        begin,
        *(block.start + m.end() for m in _BLOB_CUT.finditer(text[block.start : block.end], begin - block.start)),
        block.end,
    ]
    for start, end in pairwise(cuts):
        content = written(text[start:end]).strip("- ")
        if content:
            begin = start + len(text[start:end]) - len(text[start:end].lstrip())
            yield replace(block, start=begin, end=end, text=content, style="-", ordinal=0, gap=1, inline=True)


def _split(text: str, block: Block) -> Iterator[Block]:
    """The items of a block: at headings within it, at signs, and at numbers that count on."""
    raw = text[block.start : block.end]
    blob = _BLOB.match(raw)
    if blob is not None:
        yield from _blob(text, block, block.start + blob.end())
        return
    parts: list[tuple[int, bool]] = [(0, False)]
    named = "clusion" in raw or "CLUSION" in raw or ("ligib" in raw and ":" in raw)
    if named and _MAY_HEAD.search(raw):
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


def _items(raw: str, at: int, stop: int, block: Block | None) -> list[tuple[int, int]]:
    """Where the items of ``raw[at:stop]`` begin and end, if it is a run of items; else the whole."""
    whole = [(at, stop)]
    piece = raw[at:stop]
    all_signs = list(_INLINE_SIGN.finditer(piece)) if _SIGN_WITHIN.search(piece) else []
    signs = [m for m in all_signs if not piece[: m.start()].rstrip().endswith((":", "："))]
    strong = sum(1 for m in signs if piece[m.start() - 1] in ".;)" or m.group().strip() in "•▪●")
    lead = _MARKER.match(piece.lstrip())
    listed = lead is not None and lead.lastgroup == "after"
    begins = (block is not None and bool(block.style)) or listed
    if (
        signs
        and (len(signs) >= 3 or listed or (2 * strong >= len(signs) and (len(signs) > 1 or begins)))
        and (begins or strong or len(signs) > 3)
    ):
        first = piece[: signs[0].start()]
        if not first.isupper() and not first.rstrip().endswith((":", ",")) and first.count("(") == first.count(")"):
            cuts = [at, *(at + m.start() for m in (all_signs if len(signs) > 2 else signs)), stop]
            return list(pairwise(cuts))
    numbers = list(_INLINE_NUMBER.finditer(piece)) if _NUMBER_WITHIN.search(piece) else []
    if numbers:
        expected = None
        if block is not None and block.style[:1] in ("1", "(") and block.ordinal:
            expected = block.ordinal + 1
        elif lead is not None and lead.lastgroup == "space":
            expected = int(lead.group("number")) + 1
        if expected is None:
            return whole
        following = {int(m.group(1)) for m in numbers}
        sure = expected in following and expected + 1 in following  # "12. ... 13. ... 14. ...": no chance
        cuts = [at]
        skip = len(piece) - len(piece.lstrip())
        for m in numbers:
            if m.start() <= skip + 3 or int(m.group(1)) != expected:
                continue
            head = piece[max(0, m.start() - 300) : m.start()].rstrip()
            if head.endswith((":", ",")) or head.count("(", -200) > head.count(")", -200):
                continue
            if m.group(2) == "." and not sure and not re.search(r"[.;,:)\]%。；a-z]$", head):
                continue
            cuts.append(at + m.start())
            expected += 1
        if len(cuts) > 1:
            cuts.append(stop)
            return list(pairwise(cuts))
    return whole
