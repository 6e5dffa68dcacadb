"""The lines of a criterion and how they are nested: by indentation, and by the marks of their bullets."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import product
from typing import Final

__all__ = ["Line", "outline"]

_MARK: Final = re.compile(
    r"\s*(?:(?:[-*•·▪◦o‣–](?=\s)|\(?(?:\d{1,2}(?:\.\d{1,2})*|[a-zA-Z]|[ivx]{1,4}|[IVX]{1,4})[.)](?=\s|$)"
    r"|\d{1,2}(?:\.\d{1,2})+(?=\s)|\(?\d{1,2}[.)）、](?=[A-Za-z≥≤<>])"
    r"|Criteri(?:a|on)\s+\d{1,2}[.:)]?(?=\s+[A-Z])|\d{1,3}(?=\s+(?:"
    r"(?:[Pp]atients|[Ss]ubjects|[Pp]articipants|[Vv]olunteers|[Ii]ndividuals|[Aa]dults|Those|Have|Has|Received|The|Known|Signs?|Any"
    r"|History|Currently|Able|Willing|Diagnosis|Presence)\s)))\s*)+"
)


@dataclass(slots=True, init=False)
class Line:
    """One line with its bullet's mark left out, and the lines that it owns."""

    start: int
    end: int
    indent: int
    children: list[Line]

    def __init__(self, start: int, end: int, indent: int, children: list[Line] | None = None) -> None:
        self.start, self.end, self.indent = start, end, indent
        self.children = children if children is not None else []


def outline(text: str) -> list[Line]:
    """The lines on the first level. A line that has no mark and stands no deeper goes on with the line before."""
    roots: list[Line] = []
    stack: list[Line] = []
    position = 0
    listed = _is_plain_list(text)
    for raw in text.splitlines(keepends=True):
        begin, position = position, position + len(raw)
        body = raw.strip()
        if not body:
            continue
        indent = len(raw) - len(raw.lstrip())
        word = raw[:2].isalpha() and raw[0] not in "ivx" and not raw.startswith("Criteri")  # as most begin
        mark = None if word else _MARK.match(raw)
        start = begin + (mark.end() if mark else indent)
        line = Line(start, begin + len(raw.rstrip()), indent)
        if not stack:
            roots.append(line)
            stack.append(line)
            continue
        if not (mark or listed or _ends(text[stack[-1].start : stack[-1].end]) or _ARM_LABEL.match(raw)):
            stack[-1].end = line.end
            continue
        marked = bool(mark)
        while (
            stack
            and (stack[-1].indent >= indent)
            and not (len(stack) == 1 and marked and stack[0] is roots[0] and roots[0].indent == indent == 0)
        ):
            stack.pop()
        if (stack and marked) or (stack and not marked and stack[-1].indent < indent):
            lettered = _by_letters(text, line)
            stack[-1].children += lettered
            line = lettered[-1]
        elif roots and not marked:
            roots[-1].children.append(line)
        else:
            roots.append(line)
        stack.append(line)
    return [part for root in roots for part in _enumerated(text, root)]


def _enumerated(text: str, line: Line) -> list[Line]:
    """A line whose parts are numbered within it, "any of: (1) A; or (2) B", as one with bullets; without a lead-in
    before its numbers, as several."""
    if line.children:
        line.children = [part for child in line.children for part in _enumerated(text, child)]
        return [line]
    marks = _marks_within(text, line)
    if not marks:
        return [line]
    ends = [*(mark.start() for mark in marks[1:]), line.end]
    parts = [Line(mark.end(), end, line.indent) for mark, end in zip(marks, ends, strict=True)]
    if marks[0].start() == line.start:
        return parts
    return [Line(line.start, marks[0].start(), line.indent, parts)]


def _marks_within(text: str, line: Line) -> list[re.Match[str]]:
    """The numbers, or letters, of the parts of a line, in their order; none where more follows the last of them."""
    said = text[line.start : line.end]
    for style, following in product(_STYLES, _SEQUENCES):
        if f"{following[0]})" not in said:
            continue
        found: list[re.Match[str]] = []
        for number in following:
            mark = re.compile(style.format(number)).search(text, found[-1].end() if found else line.start, line.end)
            if mark is None:
                break
            found.append(mark)
        lead = text[line.start : found[0].start()].rstrip() if found else ""
        if len(found) < 2 or lead[-1:] not in ("", ":") or _OF_ONE_PIECE.search(lead):
            continue
        ends = [*(mark.start() for mark in found[1:]), line.end]
        parts = [text[mark.end() : end] for mark, end in zip(found, ends, strict=True)]
        whole = all(part.count("(") == part.count(")") for part in (lead, *parts))
        return found if whole and not any(map(_NEXT_SENTENCE.search, parts)) else []
    return []


_STYLES: Final = (r"(?<![^\s:;,])\({}\)\s*(?=[\w<>≤≥])", r"(?<![^\s:;,]){}\)\s*(?=[\w<>≤≥])")
_SEQUENCES: Final = ("123456789", "abcdefgh", "ABCDEFGH", ("i", "ii", "iii", "iv", "v", "vi"))
_OF_ONE_PIECE: Final = re.compile(  # methods of contraception, who can bear a child, and what is asked of a group
    r"contracepti|birth control|child-?bearing potential\b[^:]{0,20}\b(?:is|are)\s+(?:an?|any|anyone|defined)\b"
    r"|\b(?:groups?|controls?|cohorts?)\s*:\Z",
    re.IGNORECASE,
)
_NEXT_SENTENCE: Final = re.compile(r"[.!?]\s+[A-Z]|\n")


def _by_letters(text: str, line: Line) -> list[Line]:
    """The lines that a bullet holds, where the letters of all but its first stand within it: "* A OR b. B"."""
    found, last = [line], line.end
    for letter, joint in zip("bcdefgh", _LETTERED.finditer(text, line.start, last), strict=False):
        if joint["letter"] != letter:
            break
        found[-1].end = joint.end("or")
        found.append(Line(joint.end(), last, line.indent))
    return found


_LETTERED: Final = re.compile(r"\s(?P<or>OR|or)\s+\(?(?P<letter>[b-h])[.)]\s+(?=[A-Z])")


_ARM_LABEL: Final = re.compile(r"(?:cohort|arm|part|group|phase)s?\s+(?-i:[A-Z]|\d{1,2}|[IVX]{1,4})\s*:", re.IGNORECASE)


def _is_plain_list(text: str) -> bool:
    """Whether what a colon leads in stands line by line, without marks: no line goes on with the one before it."""
    if "\n" not in text:
        return False
    lead, *lines = [line.strip() for line in text.splitlines() if line.strip()] or [""]
    return (
        len(lines) > 1
        and lead.endswith(":")
        and all(map(_BEGINS.match, lines))
        and not any(_GOES_ON.search(line) for line in lines[:-1])
    )


_BEGINS: Final = re.compile(r"[A-Z0-9<>≤≥(]")
_GOES_ON: Final = re.compile(r"(?:[,(/-]|\b(?:and|or|of|the|an?|to|in|with|for|by|at|on|than|from|least))\Z")


def _ends(text: str) -> bool:
    """Whether a line is complete, so that what follows is a line of its own."""
    return text.rstrip()[-1:] in ".:;"
