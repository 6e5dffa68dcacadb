"""Values of two parts that are told one by one: "a blood pressure of >= 150 mmHg systolic or 90 mmHg diastolic"."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from eligibility.knowledge.vocabulary import Entry, texts
from eligibility.reading.lexing.tokens import BOUNDING, JOINTS, Token, kind_at

__all__ = ["parts_of_pairs"]

_BETWEEN: Final = frozenset("OF IS FILLER COLON".split())


def parts_of_pairs(tokens: list[Token]) -> list[Token]:
    """The tokens without the name of a whole whose parts are named behind their limits, each with its comparator."""
    for index, token in enumerate(tokens):
        if token.type != "ANALYTE" or not isinstance(token.value, Entry) or "pair" not in token.value.facts:
            continue
        names = texts(token.value.facts["pair"])
        start = index + 1
        while kind_at(tokens, start) in _BETWEEN:
            start += 1
        if kind_at(tokens, start) in BOUNDING and (end := _limited(tokens, start + 1, names)):
            return [*tokens[:index], *tokens[start:end], *_compared_alike(tokens[start], tokens[end:], names)]
    return tokens


def _limited(tokens: list[Token], at: int, names: Sequence[str]) -> int:
    """Where a number with the name of a part behind it ends; 0 where there is none."""
    if kind_at(tokens, at) != "NUMBER":
        return 0
    at += 2 if kind_at(tokens, at + 1) == "UNIT" else 1
    part = tokens[at].value if kind_at(tokens, at) == "ANALYTE" else None
    return at + 1 if isinstance(part, Entry) and part.name in names else 0


def _compared_alike(comparator: Token, behind: list[Token], names: Sequence[str]) -> list[Token]:
    """What stands behind the first part, the second compared as the first is: "> 150 systolic or 90 diastolic"."""
    joint = 1 if kind_at(behind, 0) in JOINTS else 0
    if not joint or not _limited(behind, joint, names):
        return behind
    at = behind[joint].start
    return [behind[0], Token(comparator.type, comparator.value, at, at), *behind[joint:]]
