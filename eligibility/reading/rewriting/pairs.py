"""Values of two parts: told one by one, "a blood pressure of >= 150 mmHg systolic or 90 mmHg diastolic", and their
ratio, "FEV1/forced vital capacity (FVC)"."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Final

from eligibility.knowledge.vocabulary import Entry, texts, vocabulary
from eligibility.reading.lexing.tokens import BOUNDING, JOINTS, Token, kind_at

__all__ = ["parts_of_pairs", "ratios"]

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


def ratios(tokens: list[Token], text: str) -> list[Token]:
    """The tokens with a slash between two analytes as their ratio, where there is one that goes by their names."""
    if "/" not in text:
        return tokens
    found: list[Token] = []
    index = 0
    while index < len(tokens):
        first = tokens[index]
        slash = _behind_name(tokens, index)
        ratio = _ratio_of(first, tokens[slash + 1]) if kind_at(tokens, slash + 1) == "ANALYTE" else None
        if ratio is None or tokens[slash].type != "SLASH":
            found.append(first)
            index += 1
            continue
        index = _behind_name(tokens, slash + 1)
        index += index < len(tokens) and tokens[index].said == "ratio"
        found.append(Token("ANALYTE", ratio, first.start, tokens[index - 1].end))
    return found


def _behind_name(tokens: list[Token], at: int) -> int:
    """Where what follows an analyte begins, behind a parenthesis that only names it again."""
    again = [kind_at(tokens, i) for i in range(at + 1, at + 4)] == ["LPAR", "ANALYTE", "RPAR"]
    return at + 4 if again else at + 1


def _ratio_of(first: Token, second: Token) -> Entry | None:
    if not isinstance(first.value, Entry) or not isinstance(second.value, Entry):
        return None
    above, below = (vocabulary().ancestors("measurement", part.value.name) for part in (first, second))
    return next((entry for entry, (one, two) in _ratios() if one in above and two in below), None)


@cache
def _ratios() -> tuple[tuple[Entry, tuple[str, ...]], ...]:
    return tuple((entry, texts(entry.facts["ratio_of"])) for entry in vocabulary().having("ratio_of"))


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
