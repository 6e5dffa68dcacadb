"""The text of a trial's criteria -> bullets: where each criterion begins and ends, its kind, and its arms.

1. physical lines are joined into blocks, run-on lines split into items        :mod:`~eligibility.reading.lines`
2. headings set kind and arms                                                  :mod:`~eligibility.reading.headings`
3. indentation and markers say what is nested                                  :class:`_Walk`
4. a lead-in without nested bullets takes those that follow it                 :func:`_settle`

One criterion is a bullet with all that is nested under it. Without bullets it is a line, or, in a hard-wrapped text, a
paragraph. Every character of the text is in a bullet, a heading or a note. The time taken is linear in the text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Final

from eligibility.reading.headings import (
    APPLY,
    FURTHER,
    LEAD,
    MORE,
    NOTE,
    NOTHING,
    SOMEBODY,
    Heading,
    Kind,
    arm_heading,
    general,
    heading,
    of_therapies,
    own_arms,
    subheading,
)
from eligibility.reading.lines import LOOSE_END, Block, blocks, written
from eligibility.reading.patterns import PERSONS, any_word

__all__ = ["Bullet", "Kind", "Segments", "segment"]


@dataclass(frozen=True, slots=True)
class Bullet:
    """One criterion as written: nested bullets on lines of their own, each ``*`` indented by two spaces a level."""

    kind: Kind
    text: str
    start: int  # text[start:end] of what was segmented
    end: int
    arms: tuple[str, ...] = ()
    requirements: bool = False  # stands under Exclusion among bullets that are mostly worded as requirements
    topic: str = ""  # what the heading above it names: "Life expectancy"


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
    for block in blocks(text):
        walk.take(block)
    found = walk.done()
    if "&amp;" not in text:
        return found
    repaired = tuple(line.strip() for line in text.splitlines() if _ESCAPED_TWICE.search(line))
    return replace(found, notes=(*found.notes, *repaired))


_ESCAPED_TWICE: Final = re.compile(  # its meaning is read; as it was sent it is kept as a note
    r"&amp;(?:amp;)*\w{2,8};"
)


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
    topic: str = ""
    items: list[_Item] = field(default_factory=list)


@dataclass(slots=True)
class _Level:
    indent: int
    style: str
    ordinal: int
    depth: int
    text: str
    gap: int = 1


_LONGEST_FILLER: Final = 60
_TOPIC: Final = re.compile(r"\s*[A-Za-z][A-Za-z /()-]{1,40}:?\s*")
_JOIN: Final = re.compile(r"\W*(?:and\s*/\s*or|or|and)\W*", re.I)
_PERMITS: Final = re.compile(
    r"\b(?:may|can|could) (?:have|be|also|still|enter)\b|\b(?:allowed|permitted|acceptable|are eligible|is eligible)\b",
    re.I,
)
_ABOUT: Final = re.compile(
    r"\bwill be (?:selected|recruited|enrolled|asked|informed|randomi[sz]ed|stratified|assigned|screened|"
    r"performed|conducted)\b|"
    r"\bplease\b|\bwww\.|https?:|\brefer to\b|\bthis (?:study|trial) (?:is|will|aims)\b",
    re.I,
)
_REQUIRES: Final = re.compile(
    r"\bmust\b|\bshould\b|\bshall\b|\brequired?\b|\beligible\b|\bexcluded\b|\bnot (?:be )?(?:allowed|"
    r"permitted)\b|\bat least\b|\bno (?:prior|history|known)\b",
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
        self.waiting: Block | None = None
        self.seen_kind = False
        self.arms: tuple[str, ...] = ()  # of a heading that names arms only
        self.only_arms = False
        self.line = 0, 0  # the last line of which a heading is a part
        self.line_shown = ""
        self.base: int | None = None  # where the outermost bullets of the section begin

    def take(self, block: Block) -> None:
        if self.waiting is not None:
            self._place(self.waiting, block)
        self.waiting = block

    def done(self) -> Segments:
        if self.waiting is not None:
            self._place(self.waiting, None)
        bullets: list[Bullet] = []
        sections = [part for section in self.sections for part in self._unfolded(section)]
        _part_groups([section for section in sections if section.items])
        for section in sections:
            items = _settle(section.items, section.kind)
            strict = section.kind == "exclusion" and _mostly_required(items)
            topic = section.topic
            for item in items:
                text = _rendered(item)
                arms = own_arms(text) or section.arms
                span = item.parts[0].start, max(part.end for part in item.parts)
                bullets.append(Bullet(section.kind, text, *span, arms, strict, topic))
                topic = text if not item.marked and _TOPIC.fullmatch(text) else section.topic
        return Segments(tuple(bullets), tuple(self.headings), tuple(self.notes))

    def _unfolded(self, section: _Section) -> Iterator[_Section]:
        """A section, without the bullets that are headings of what is nested under them."""
        alone = len(section.items) == 1
        found = _Section(section.kind, section.arms, section.group, section.topic)
        for item in section.items:
            head, *rest = item.parts
            tops = sum(1 for part in rest if part.depth == 1)
            if tops < 2 or any(not part.marked for part in rest):
                found.items.append(item)
                continue
            colon = head.text.endswith((":", "："))
            bare = head.text.rstrip(":： ")
            said = arm_heading(head.text)
            if said is None and alone and tops > 2:
                said = general(bare, colon, False, section.kind)
            if said is not None:
                self.headings.append(head.text)
                yield found
                yield replace(
                    section, kind=said.kind or section.kind, arms=said.arms or section.arms, items=_raised(rest)
                )
                found = _Section(section.kind, section.arms, section.group, section.topic)
            elif (alone and tops > 2 and not _leads(head.text) and not LEAD.search(bare[-40:])) or _counts_on(
                head, rest
            ):
                found.items += [_Item([head], item.marked), *_raised(rest)]
            else:
                found.items.append(item)
        yield found

    def _place(self, block: Block, following: Block | None) -> None:
        found = heading(block, self.fresh, self.sections[-1].kind) or subheading(block, following)
        if found is None and not block.style and self.headings and of_therapies(self.headings, block.text):
            found = Heading(None, None)
        owns = following is not None and following.inline and not block.inline and _leads(block.text)
        if found is not None and not (owns and (found.kind is None or block.text.count(" ") > 12)):
            self._open(block, found)
            return
        short = len(block.text) <= _LONGEST_FILLER
        if short and _JOIN.fullmatch(block.text) and self.sections[-1].items:
            self._extend(block, 0)
            self.joining = True
            return
        if self.noting or (short and NOTHING.fullmatch(block.text)):
            self.notes.append(block.text)
            return
        if block.style:
            self._bullet(block)
        else:
            self._paragraph(block, following)
        self.fresh = False
        self.only_arms = False

    def _open(self, block: Block, found: Heading) -> None:
        shown = block.text
        if block.inline:
            # what shares a line with criteria is shown with its line, so that every line can be found again
            if block.start >= self.line[1]:
                begin = max(self.text.rfind("\n", 0, block.start), self.text.rfind("\r", 0, block.start)) + 1
                end = self.text.find("\n", block.end)
                self.line = begin, end if end >= 0 else len(self.text)
                self.line_shown = written(self.text[slice(*self.line)])
            elif block.end > self.line[1]:  # its text goes on in the next line
                end = self.text.find("\n", block.end)
                self.line = self.line[0], end if end >= 0 else len(self.text)
                before, self.line_shown = self.line_shown, written(self.text[slice(*self.line)])
                if self.headings[-1:] == [before]:
                    self.headings.pop()
            shown = self.line_shown
        kind = found.kind or self.sections[-1].kind
        if self.fresh and kind == "exclusion" and self.headings and self.headings[-1].endswith(("/", "&", " and")):
            kind = self.sections[-1].kind  # "Key inclusion / exclusion criteria", broken by a line
        if not self.headings or self.headings[-1] != shown:
            self.headings.append(shown)
        arms = found.arms
        if arms is None:
            if found.kind is not None:
                arms = self.sections[-1].arms if self.only_arms else ()
            else:
                arms = self.sections[-1].arms if self.fresh else self.arms
        if found.kind is not None:
            self.arms = arms
        self.only_arms = found.kind is None and found.arms is not None
        group = found.group if found.kind is not None else self.sections[-1].group
        topic = block.text.strip() if found.kind is None and _TOPIC.fullmatch(block.text) else ""
        self.sections.append(_Section(kind, arms, group, topic))
        self.levels.clear()
        self.base = None
        self.joining = False
        self.noting = found.note
        self.fresh = True

    def _add(self, block: Block) -> None:
        part = _Part(0, block.text, bool(block.style), block.start, block.end)
        self.sections[-1].items.append(_Item([part], bool(block.style), block.gap))

    def _extend(self, block: Block, depth: int) -> None:
        part = _Part(depth, block.text, bool(block.style), block.start, block.end)
        self.sections[-1].items[-1].parts.append(part)

    def _paragraph(self, block: Block, following: Block | None) -> None:
        items = self.sections[-1].items
        level = _Level(block.indent, "", 0, 0, block.text)
        if self.joining and items:
            self._extend(block, 0)
            self.levels = [level]
            self.joining = False
            return
        low = block.text.lower() if len(block.text) < 300 else ""
        about = "criteri" in low or "clusion" in low or "the above information" in low
        if about and (FURTHER.match(block.text) or (MORE.search(block.text) and APPLY.search(block.text))):
            self.notes.append(block.text)
            self.levels.clear()
            return
        if NOTE.match(block.text) and items:
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

    def _bullet(self, block: Block) -> None:
        items = self.sections[-1].items
        if NOTE.match(block.text) and items:
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

    def _depth(self, block: Block) -> int:
        """How deep a bullet is nested; makes it the innermost level."""
        levels = self.levels
        if block.inline and levels:
            level = replace(levels[-1], ordinal=block.ordinal or levels[-1].ordinal, text=block.text)
            if _leads(levels[-1].text):  # "... all of the following: * A * B" in one line
                level.depth += 1
                levels.append(level)
            else:
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
                apart = block.gap and not top.gap  # the number goes on in both lists: a blank line ends the inner one
                if block.ordinal and top.ordinal and (block.ordinal != top.ordinal + 1 or apart):
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
        levels.append(_Level(block.indent, block.style, block.ordinal, depth, block.text, block.gap))
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
    if any(SOMEBODY.search(name) for name in names.values()):
        for section in sections:
            if section.group and not section.arms:
                section.arms = (section.group,)


def _raised(parts: list[_Part]) -> list[_Item]:
    """Nested bullets as bullets of their own."""
    items: list[_Item] = []
    for part in parts:
        if part.depth <= 1 or not items:
            items.append(_Item([replace(part, depth=0)], True))
        else:
            items[-1].parts.append(replace(part, depth=part.depth - 1))
    return items


_COUNT: Final = re.compile(r"\(?(\d{1,2})[.)](?!\d)")


def _counts_on(head: _Part, rest: list[_Part]) -> bool:
    """Whether the nested bullets go on with the numbers of the bullet itself."""
    first = _COUNT.match(head.text)
    if first is None:
        return False
    tops = [part.text for part in rest if part.depth == 1]
    numbers = [_COUNT.match(text) for text in tops]
    start = int(first[1])
    return all(m is not None and int(m[1]) == start + index for index, m in enumerate(numbers, 1))


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

_LABS: Final = re.compile(
    r"\b(?:functions?|laborator|ha?ematolog|blood|organ|values|parameters|counts?|marrow|hepatic|renal|liver|"
    r"kidney|lab(?:s|oratory)?|reserve|indicators)",
    re.I,
)
_LAB: Final = re.compile(
    r"[<>≥≤=%]|\b(?:ULN|LLN|ANC|WBC|AST|ALT|SGOT|SGPT|INR|PTT|aPTT|LVEF|Hb|Hgb|HGB|PLT|TBIL|BUN|GFR|CrCl|"
    r"QTcF?)\b|(?i:\b(?:neutrophil|platelet|"
    r"ha?emoglobin|creatinine|bilirubin|albumin|transaminase|aminotransferase|leu[ck]ocyte|white blood|"
    r"alkaline|prothrombin|thromboplastin|"
    r"ejection|clearance|lymphocyte|upper limit|normal limits|filtration|potassium|calcium|magnesium|troponin|"
    r"urea|proteinuria|lipase|amylase))"
)
_OTHER_TOPIC: Final = re.compile(
    r"\W*(?:age[ds]?\b|life expectancy|ecog|karnofsky|eastern|kps|performance|signed|written|informed|able |"
    r"ability|willing|consent|pregnan|"
    r"histolog|cytolog|measurable|women|wom[ae]n of|men |male|female|no prior|negative pregnancy|expected|"
    r"patients?\b|subjects?\b|participants?\b|must\b)",
    re.I,
)
_STARTER: Final = re.compile(
    rf"\W*(?:(?P<who>(?:{PERSONS})\b)|"
    r"(?P<sex>(?:wom[ae]n|m[ae]n|males?|females?)\b)|"
    r"(?P<able>able\b|ability|willing|agree|signed|written|informed|provi(?:de|sion)|voluntar|consent)|"
    r"(?P<age>aged?\b|≥ ?\d+ years|\d\d years)|"
    r"(?P<state>ecog|eastern|karnofsky|kps|performance status|life expectancy|adequate|measurable|normal\b|"
    r"hba1c|bmi|body mass)|"
    r"(?P<no>no\b|not\b|absence|free of|without)|(?P<past>history|known|prior|previous|current|concurrent|"
    r"any\b|use of|treatment|received?|"
    r"participation|inability|unable|unwilling|presence|evidence|active|uncontrolled|other|pregnan|lactat|"
    r"allerg|hypersens|major|contraindic)|"
    r"(?P<must>must\b|has\b|have\b|is\b|are\b)|(?P<dx>histolog|cytolog|diagnos|confirmed|documented))",
    re.I,
)
_LEAD_END: Final = re.compile(
    r"(?:[:：]|:-|\b(?:any|one|all|each|either|both) of the following\W{0,2}|\bas follows\W?)$", re.I
)
_CONNECTED: Final = re.compile(r"\W*(?:or|and|and/or|plus|with|note|e\.g\.|i\.e\.)\b", re.I)


def _leads(text: str) -> bool:
    """Whether a text ends as a lead-in does."""
    if text.endswith((":", "：", ":-")):
        return True
    end = text[-40:]
    return end[-1:] not in (".", ";") and "ollow" in end.lower() and _LEAD_END.search(end) is not None


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
        connected = index and (_CONNECTED.match(text) or LOOSE_END.search(texts[index - 1].rstrip(" .;")[-8:]))
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
    """Lead-ins without nested bullets take those that follow; bullets nested by mistake stand alone."""
    settled: list[_Item] = []
    index = 0
    while index < len(items):
        item = items[index]
        index += 1
        last = item.parts[-1]
        if len(item.parts) == 1 and _leads(last.text) and index < len(items):
            stop = stop_all = min(len(items), index + 40)
            run: list[str] = []
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
        and not LEAD.search(head.text)
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


_REQUIREMENT: Final = re.compile(
    any_word(
        *("must", "should", "may", "shall", "can", "at least", "required"),
        "no (?:prior|previous|history|known|active|evidence|other|concurrent|current|significant|more)",
    )
    + r"\b",
    re.I,
)
_REQUIREMENT_BEGINS: Final = re.compile(r"(?:not?|able|willing|agree|adequate|absence|negative)\b", re.I)


def _mostly_required(items: list[_Item]) -> bool:
    return len(items) >= 2 and 2 * sum(map(_is_required, items)) > len(items)


def _is_required(item: _Item) -> bool:
    return (_REQUIREMENT_BEGINS.match(item.lead) or _REQUIREMENT.search(item.lead[:80])) is not None
