"""The last of what happened several times: "the last dose of rituximab must be within 6 months", "last HbA1c < 8 %".

The last of it was within some time where any of it was; it was longer ago where none of it was since. Of what is
measured the latest value decides anyway.
"""

from __future__ import annotations

from typing import Final

from eligibility.reading.lexing.tokens import BOUNDING, Token, kind_at

__all__ = ["latest"]


def latest(tokens: list[Token], text: str, *, exclusion: bool) -> list[Token]:
    """The tokens without the words for the last of something, where a time says when it was, or a limit how much.
    ``text``: the sentence, in small letters."""
    if "last" not in text and "most recent" not in text:
        return tokens
    found: list[Token] = []
    index, changed = 0, False
    while index < len(tokens):
        named = _named(tokens, index) if _begins(found) else 0
        length = _length(tokens, named) if named else 0
        if not named or (tokens[named].type != "ANALYTE" and not length):
            found.append(tokens[index])
            index += 1
            continue
        ago = length > 0 and tokens[length].type in _LONGER
        if ago and (exclusion or not _is_when(tokens, length)):
            return tokens
        index, changed = named, True
        if ago and tokens[length - 1].type != "MUST":
            at = tokens[length].start
            found += [*tokens[named:length], Token("MUST", "must", at, at)]
            index = length
    return found if changed else tokens


def _begins(before: list[Token]) -> bool:
    return not before or before[-1].type in _BEFORE


def _named(tokens: list[Token], index: int) -> int:
    """Where the name begins of which the last is meant, with its attributes; 0 where none is."""
    if tokens[index].type != "LAST" or tokens[index].said not in _THE_LAST:
        return 0
    start = index + 1
    if start < len(tokens) and tokens[start].said in _GIVEN and kind_at(tokens, start + 1) == "OF":
        start += 2
    while kind_at(tokens, start) in ("USE", "FILLER"):
        start += 1
    end = start
    while kind_at(tokens, end) in ("QUALIFIER", "PRIOR"):
        end += 1
    if kind_at(tokens, end) == "ANALYTE":
        return end if kind_at(tokens, end + 1) in _VALUED else 0
    return start if kind_at(tokens, end) in ("TREATMENT", "CONDITION") else 0


def _length(tokens: list[Token], named: int) -> int:
    """Where it says within what time it was, or how long ago, and nothing else stands between; 0 where it does not."""
    at = named + 1
    while kind_at(tokens, at) in _BETWEEN:
        at += 1
    number = at + (kind_at(tokens, at) in _LENGTHS)
    timed = number > at and kind_at(tokens, number) == "NUMBER" and kind_at(tokens, number + 1) == "TIMEUNIT"
    return at if timed else 0


def _is_when(tokens: list[Token], length: int) -> bool:
    """Whether a length of time is that before something: "at least 6 months before enrolment", "over a year ago"."""
    return kind_at(tokens, length + 3) in ("BEFORE", "AGO")


_THE_LAST: Final = ("last", "most recent")
_GIVEN: Final = frozenset("dose administration infusion injection application treatment".split())
_BEFORE: Final = frozenset("SEMI DOT COLON LPAR".split())
_BETWEEN: Final = frozenset(
    "QUALIFIER PRIOR TREATMENT CONDITION OR AND ANDOR COMMA USE MUST IS OCCURRED FILLER TAIL".split()
)
_VALUED: Final = BOUNDING | {"EQ", "NUMBER", "WITHIN"}
_SHORTER: Final = ("WITHIN", "LT", "LE")
_LONGER: Final = ("GE", "GT")
_LENGTHS: Final = (*_SHORTER, *_LONGER)
