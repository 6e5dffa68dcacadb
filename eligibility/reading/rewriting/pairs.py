"""Values of two parts that are told one by one: "a blood pressure of >= 150 mmHg systolic or 90 mmHg diastolic"."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from eligibility.knowledge.vocabulary import Entry, texts
from eligibility.reading.lexing.tokens import BOUNDING, JOINTS, Token, kind_at

__all__ = ["parts_of_pairs"]

_BETWEEN: Final = frozenset("OF IS FILLER COLON TEST_WORD".split())


def parts_of_pairs(tokens: list[Token]) -> list[Token]:
    """The tokens without the name of a whole whose parts are named, behind it ("blood pressure: systolic > 150") or
    behind their limits, each with its comparator."""
    for index, token in enumerate(tokens):
        if token.type != "ANALYTE" or not isinstance(token.value, Entry) or "pair" not in token.value.facts:
            continue
        names = texts(token.value.facts["pair"])
        start = index + 1
        while kind_at(tokens, start) in _BETWEEN:
            start += 1
        if _is_part(tokens, start, names) and _is_compared(tokens, start + 1):
            return [*tokens[:index], *parts_of_pairs(tokens[start:])]
        if kind_at(tokens, start) in BOUNDING and (end := _limited(tokens, start + 1, names)):
            part, last = tokens[end - 1], tokens[end - 2]
            first = Token("ANALYTE", part.value, token.start, token.end)
            value = [*tokens[start : end - 2], Token(last.type, last.value, last.start, part.end)]
            return [*tokens[:index], first, *value, *_compared_alike(tokens[start], tokens[end:], names)]
    return tokens


def _is_part(tokens: list[Token], at: int, names: Sequence[str]) -> bool:
    part = tokens[at].value if kind_at(tokens, at) == "ANALYTE" else None
    return isinstance(part, Entry) and part.name in names


def _is_compared(tokens: list[Token], at: int) -> bool:
    """Whether a comparator stands here, with no more before it than joins it to a name."""
    while kind_at(tokens, at) in _BETWEEN:
        at += 1
    return kind_at(tokens, at) in BOUNDING


def _limited(tokens: list[Token], at: int, names: Sequence[str]) -> int:
    """Where a number with the name of a part behind it ends; 0 where there is none."""
    if kind_at(tokens, at) != "NUMBER":
        return 0
    at += 2 if kind_at(tokens, at + 1) == "UNIT" else 1
    return at + 1 if _is_part(tokens, at, names) else 0


def _compared_alike(comparator: Token, behind: list[Token], names: Sequence[str]) -> list[Token]:
    """What stands behind the first part, the second compared as the first is: "> 150 systolic or 90 diastolic"."""
    joint = 1 if kind_at(behind, 0) in JOINTS else 0
    if not joint or not _limited(behind, joint, names):
        return behind
    at = behind[joint].start
    return [behind[0], Token(comparator.type, comparator.value, at, at), *behind[joint:]]
