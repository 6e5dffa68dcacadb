"""What is found by its shape, whatever its words: references, marks of lists, days and visits, signs said twice."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import Final

from eligibility.knowledge.words import COUNTED
from eligibility.reading.lexing.citations import BY_CRITERIA, CRITERIA, REFERENCE, REFERS, REFERS_IN_BRACKETS
from eligibility.reading.lexing.signs import SIGN_TYPE
from eligibility.reading.lexing.tokens import Number, Token

__all__ = ["shaped"]

_DAY_ONE: Final = (
    r"(?:cycle|C)\s*(?:\(C\)\s*)?1[,/\s-]*(?:day|D)\s*(?:\(D\)\s*)?-?1\b"
    r"|(?:day|D)\s*(?:\(D\)\s*)?1[,\s]*(?:of\s+|in\s+)?(?:the\s+)?(?:first\s+)?(?:treatment\s+)?(?:cycle|C)\s*(?:\(C\)\s*)?1\b"
)
_VISIT: Final = r"(?:baseline|screening|randomi[sz]ation|enrollment)\s*[/(,-]?\s*\(?day\s*-?\d{1,2}\b\)?|day\s*[-–−‐]\s*\d{1,2}\b|visit\s*\d[a-z]?\b|(?:V1|V0)\b|week\s*(?:0\b|[-–−]\s*\d{1,2}\b)"
_SIGN_AGAIN: Final = r"[<>=≤≥](?:(?<=[<>])\s*/?\s*=|(?<==)\s*[<>]|(?<=[<>≤≥]))"
_WORDED: Final = (
    r"(?!or\b|to\b)(?:(?:is|are|be|equal|greater|more|higher|less|lower|fewer|older|younger|above|below|over|under|at\s+least|at\s+most|than|or|to)\s+)*"
    rf"(?:greater|more|higher|less|lower|fewer|older|younger|above|below|over|under|equal|least|most|than|to)\s*[\[(]\s*(?P<again>{_SIGN_AGAIN})\s*[\])]"
    r"(?:\s*(?:than|or\s+equal|to))*(?=\s*[\d.])"
)
_SIGNED: Final = rf"(?P<signed>{_SIGN_AGAIN})\s*(?:or\s*(?:=|equals?)(?:\s+to)?|(?:than\s+)?or\s+equal(?:\s+to)?|than|to)(?=\s*[\d.])"
_LINE_MARK: Final = r"(?m)^[ \t]*(?:\(\d{1,2}\)|\d{1,2}[):、．](?=\s*[^\W\d])|\d{1,2}\.(?=[A-Z])|[①-⑳])"
_MARK: Final = r"(?<=[\s:;,])\(?(?:[1-9a-h]|i{1,3}|iv|vi{0,2})\)(?=\s*[^\W\d])|[①-⑳]|(?<=[a-z.,)])\[\d{1,2}\]"
_DOTTED: Final = (
    r"(?:\A|(?<=[\s:;,(]))(?:[a-h]\.(?=\s+[^\W\d])|(?<![^:;,.(]\s)(?:[A-H](?=\.\s+[A-Z])|[1-9](?=\.\s+[^\W\d]))\.)"
)
_MAYBE_DOTTED: Final = re.compile(r"(?:\A|[\s:;,(])(?:b\.\s|B\.\s|2\.\s)")
_DIGIT: Final = re.compile(r"[\d①-⑳]")
_DECIMAL: Final = re.compile(r"\.(?<=\d.)\d")
_COMPARING: Final = "<>=≤≥"
_COMPARED_IN_BRACKETS: Final = re.compile(r"[\[(]\s*[<>=≤≥]")
_MAYBE_MARK: Final = re.compile(r"[)\[①-⑳](?:(?<=[①-⑳])|(?<=\[)\d|(?<=[\s:;,(][1-9a-h]\))|(?<=[iv]\)))")
_MAYBE_FIRST_DAY: Final = re.compile(r"c(?:ycle|\s*\(?(?:c\))?\s*1)")
_VISITS: Final = ("day", "week", "visit", "v0", "v1")
_MAYBE_VISIT: Final = re.compile(r"day\s*[-–−‐\d]|week\s*[-–−0]|visit|v[01]")
_SHAPES: Final = {  # of two at one place the first is meant
    "plural": r"\((?<=[a-zA-Z]\()(?:s|es|ies)\)",
    "line": _LINE_MARK,
    "mark": _MARK,
    "dotted": _DOTTED,
    "reference": rf"(?=[\[(]|(?<!\w)\w)(?i:{REFERENCE})",  # where one can begin
    "criteria": rf"(?<!\w)(?=[abcdefipsuABCDEFIPSU])(?:{CRITERIA})",
    "sign": rf"(?i:{_SIGNED})",
    "first": rf"(?i:\b(?:{_DAY_ONE}))",
    "visit": rf"(?i:\b(?:{_VISIT}))",
    "worded": rf"(?i:\b(?:{_WORDED}))",
    "version": r"[v\d](?<!\w.)(?:(?<=v)(?:er(?:sion)?\.?)?\s*\d+(?:\.\d+)+|(?<=\d)\d*\.\d+\.\d+(?:\.\d+)*)",
    "pair": r"\d(?<!\w.)\d{1,2}\s*/\s*\d{2,4}(?:\b|(?=mm ?Hg))(?![/.]\d)",
    "metric": r"[1-6](?<![\w.,/].)/\d{1,3}\b(?![/.]\d)",
}


@cache
def _shape(kind: str) -> re.Pattern[str]:
    return re.compile(_SHAPES[kind])


def _kinds_of_shapes(text: str) -> list[str]:
    """The kinds of shapes that there may be in a text, by a first look."""
    folded = text.casefold()
    opened = "(" in text or "[" in text
    found = ["plural"] if "s)" in text else []
    if "\n" in text or (start := text.lstrip()[:1]).isdigit() or start in "(①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳":
        found.append("line")
    if (")" in text or "[" in text or not text.isascii()) and _MAYBE_MARK.search(text):
        found.append("mark")
    if ("2." in text or "b." in text or "B." in text) and _MAYBE_DOTTED.search(text):
        found.append("dotted")
    if any(name in folded for name in BY_CRITERIA):
        found.append("criteria")
    in_brackets = opened and (
        "obtained" in folded
        or "documented in" in folded
        or "appendi" in folded
        or "section" in folded
        or "table" in folded
    )
    if any(name in folded for name in REFERS) or (in_brackets and REFERS_IN_BRACKETS.search(folded)):
        found.append("reference")
    if _DIGIT.search(text):
        compared = any(sign in text for sign in _COMPARING)
        if compared:
            found.append("sign")
        if "1" in text and _MAYBE_FIRST_DAY.search(folded):
            found.append("first")
        if any(name in folded for name in _VISITS) and _MAYBE_VISIT.search(folded):
            found.append("visit")
        if compared and opened and _COMPARED_IN_BRACKETS.search(text):
            found.append("worded")
        if "." in text and _DECIMAL.search(text):
            found.append("version")
        if "/" in text:
            found.append("pair")
            if _shape("metric").search(text) and _ACUITY.search(text):
                found.append("metric")
    return found


def _shapes(text: str) -> Iterator[tuple[str, re.Match[str]]]:
    """The shapes in a text from left to right, each with its kind; none of them overlap."""
    ahead = [(kind, found) for kind in _kinds_of_shapes(text) if (found := _shape(kind).search(text)) is not None]
    while ahead:
        nearest, first = ahead[0]
        for kind, found in ahead[1:]:
            if found.start() < first.start():
                nearest, first = kind, found
        yield nearest, first
        end = max(first.end(), first.start() + 1)
        ahead = [
            (kind, other)
            for kind, found in ahead
            if (other := found if found.start() >= end else _shape(kind).search(text, end)) is not None
        ]


def shaped(text: str) -> dict[int, Token]:
    """What is found by its shape, whatever its words: references, marks of lists, days and visits, signs said twice."""
    found: dict[int, Token] = {}
    run: frozenset[int] | None = None
    for kind, match in _shapes(text):
        start, end = match.span()
        match kind:
            case "dotted":
                run = _run(text) if run is None else run
                token = _marker(text, start, end) if start in run else None
            case "line" | "mark":
                token = _marker(text, start, end)
            case "reference" | "criteria":
                while _open_brackets(text[start:end]) < 0:
                    end = max(text.rfind(")", start, end), text.rfind("]", start, end))
                token = Token("FILLER", text[start:end], start, end)
            case "plural":
                token = Token("FILLER", match.group(), start, end)
            case "first":
                token = Token("ANCHOR", "first dose", start, end)
            case "visit":
                token = Token("ANCHOR", "screening", start, end)
            case "worded":
                token = _agreed(match.group(), match["again"], start, end)
            case "sign":
                token = _agreed(match.group(), match["signed"], start, end)
            case "version":
                token = Token("FILLER" if match.group()[0] in "vV" else "WORD", match.group(), start, end)
            case "metric":
                token = _snellen(match.group(), text, start, end)
            case _:
                token = _snellen(match.group(), text, start, end) or _pair(match.group(), start, end)
        if token is not None:
            start = token.start
            while text[start].isspace():
                start += 1
            token.start = start
            found[start] = token
    return found


def _run(text: str) -> frozenset[int]:
    """Where the marks of a list in one line stand: "a. asthma; b. stroke", "1. asthma; 2. stroke"."""
    runs: list[list[re.Match[str]]] = []
    for mark in _shape("dotted").finditer(text):
        own = next((run for run in runs if ord(mark.group()[0]) == ord(run[-1].group()[0]) + 1), None)
        if own is not None:
            own.append(mark)
        elif mark.group()[0] in "aA1":
            runs.append([mark])
    return frozenset([mark.start() for run in runs if len(run) > 1 for mark in run])


def _open_brackets(text: str) -> int:
    return text.count("(") + text.count("[") - text.count(")") - text.count("]")


_IN_WORDS: Final = re.compile(r"\b([a-z]+)$", re.IGNORECASE)
_FIGURES: Final = {word: str(number) for word, number in COUNTED.items()}


def _marker(text: str, start: int, end: int) -> Token | None:
    """The mark of a list within a text, "(1)"; one between two items parts them."""
    before = text[:start].rstrip()
    if text[start:end].lstrip()[0] not in "([①②③④⑤⑥⑦⑧⑨⑩" and before.count("(") > before.count(")"):
        return None
    said = _IN_WORDS.search(before)
    if said is not None and _FIGURES.get(said[1].lower()) == text[start:end].strip(" ()[]"):
        return Token("FILLER", text[start:end].strip(), start, end)  # "three (3) months"
    parts = before and before[-1] not in ":;,.(" and not before.lower().endswith(_LEADING) and text[start] != "["
    return Token("SEMI" if parts else "FILLER", text[start:end].strip(), start, end)


_LEADING: Final = tuple(
    [
        f" {word}"
        for word in (
            "and or unless if except either of with including by as may might could can would will must should that which "
            "who to for"
        ).split()
    ]
)


def _agreed(words_of: str, sign: str, start: int, end: int) -> Token | None:
    """A comparison said in words and again as a sign, "less (<) than"; None where the two are at odds."""
    kind = SIGN_TYPE["".join(sign.replace("/", "").split())]
    said = words_of.lower().replace(sign, " ")
    up = any(w in said for w in ("greater", "more", "higher", "older", "above", "over", "least"))
    down = any(w in said for w in ("less", "lower", "fewer", "younger", "below", "under", "most"))
    if (up and kind in ("LE", "LT")) or (down and kind in ("GE", "GT")):
        return None
    if "equal" in said or "=" in said or "at " in said:
        kind = {"GT": "GE", "LT": "LE"}.get(kind, kind)
    return Token(kind, words_of, start, end)


_ACUITY: Final = re.compile(
    r"\b(?:acuity|snellen|BCVA|BSCVA|CDVA|UCVA|UDVA|VA|vision|visual capacity)\b", re.IGNORECASE
)


def _snellen(raw: str, text: str, start: int, end: int) -> Token | None:
    """A visual acuity as a Snellen fraction, "20/40" or "6/12": what is read at so many feet or metres, as a decimal acuity."""
    feet, normal = (int(each) for each in raw.split("/"))
    least, most = _SNELLEN.get(feet, (_SIXTIETHS, _SIXTIETHS if feet < _METRES else 0))
    if not least <= normal <= most or not _ACUITY.search(text, 0, start):
        return None
    return Token("NUMBER", Number(feet / normal, unit="{Snellen}"), start, end)


_SNELLEN: Final = {20: (10, 2000), 6: (3, 600)}  # at so many feet, or metres: which lines there are
_METRES, _SIXTIETHS = 6, 60  # nearer, only the top line is read: "3/60"


def _pair(raw: str, start: int, end: int) -> Token | None:
    """A blood pressure, "140/90"."""
    upper, lower = (int(each) for each in raw.split("/"))
    return (
        Token("PAIR", (float(upper), float(lower)), start, end)
        if 70 <= upper <= 260 and 30 <= lower <= 150 and lower < upper
        else None
    )
