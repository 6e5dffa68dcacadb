"""Limits for men and for women, as one: "> 450 ms in men or > 470 ms in women"."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from eligibility.reading.lexing.tokens import Token, kind_at
from eligibility.reading.quantities import Bounds
from eligibility.reading.rewriting.people import BOTH_SEXES

__all__ = ["by_sex", "compared_as"]


_SEXES: Final = frozenset(("MALE", "FEMALE"))
_BOTH_SEXES: Final = frozenset(BOTH_SEXES.values())
_OF_SEX: Final = frozenset("FOR FOR_TIME WITHIN PREP IF COLON DASH COMMA OF IS".split())
_APART: Final = frozenset("COMMA AND OR SEMI SLASH ANDOR".split())
_BEFORE_LIMIT: Final = frozenset("COLON IS DASH OF MUST COMMA TEST_WORD".split())


def by_sex(tokens: list[Token]) -> list[Token]:
    """A limit for men with another one for women, as one: "> 450 ms in men or > 470 ms in women".

    "> 470 ms (450 ms for men)" has the limit of all others first, "male >= 13 g/dL, female >= 12 g/dL" the sexes.
    """
    kinds = [token.type for token in tokens]
    if "LIMIT" not in kinds or (_SEXES.isdisjoint(kinds) and not any(t.said in _BOTH_SEXES for t in tokens)):
        return list(tokens)
    found: list[Token] = []
    index = 0
    while index < len(tokens):
        read = _two_sexes(tokens, index, found)
        if read is None:
            found.append(tokens[index])
            index += 1
            continue
        found.append(read[0])
        index = read[1]
    return found


def _two_sexes(tokens: list[Token], index: int, before: list[Token]) -> tuple[Token, int] | None:
    start, named = index, _analyte_before(before)
    if tokens[index].type == "LPAR" and named:
        index += 1
    if named and (respective := _respectively(tokens, index)) is not None:
        return respective
    first = _sex_limit(tokens, index) or (_limit_of_sex(tokens, index) if named else None)
    if first is None and kind_at(tokens, index) == "LIMIT" and kind_at(tokens, index + 1) == "LPAR":
        first = (None, tokens[index], index + 1)  # "> 470 ms (450 ms for men)"
    if first is None:
        return None
    sex, limit, at = first
    at = _apart(tokens, at, named)
    second = _sex_limit(tokens, at) or _limit_of_sex(tokens, at)
    if second is None or second[0] == sex or at == first[2]:
        return None
    other, limit_of_other, end = second
    opened = sum((t.type == "LPAR") - (t.type == "RPAR") for t in tokens[start:end])
    if opened == 1 and kind_at(tokens, end) == "RPAR":
        end, opened = end + 1, 0
    bounds = _alike(limit.value, limit_of_other.value)
    if opened or bounds is None:
        return None
    men, women = bounds if other == "FEMALE" else reversed(bounds)
    return Token("SEX_LIMIT", replace(men, women=women), tokens[start].start, tokens[end - 1].end), end


def _respectively(tokens: list[Token], index: int) -> tuple[Token, int] | None:
    """ "> 450 ms or > 470 ms in men and women, respectively": the first limit is of those who are named first."""
    if kind_at(tokens, index) != "LIMIT" or kind_at(tokens, index + 1) not in _APART:
        return None
    at = index + 3
    while kind_at(tokens, at) in _OF_SEX:
        at += 1
    if kind_at(tokens, index + 2) != "LIMIT" or kind_at(tokens, at) != "PERSON" or at == index + 3:
        return None
    people = tokens[at].said
    bounds = _alike(tokens[index].value, tokens[index + 2].value)
    if bounds is None or people not in _BOTH_SEXES:
        return None
    men, women = bounds if people == BOTH_SEXES["MALE"] else reversed(bounds)
    return Token("SEX_LIMIT", replace(men, women=women), tokens[index].start, tokens[at].end), at + 1


def _apart(tokens: list[Token], at: int, named: Token | None) -> int:
    """Where the second of two limits begins; the analyte may be named again before it."""
    while kind_at(tokens, at) in _APART or (kind_at(tokens, at) == "LPAR" and kind_at(tokens, at + 1) == "LIMIT"):
        at += 1
    if named is not None and kind_at(tokens, at) == "ANALYTE" and tokens[at].value is named.value:
        at += 1
        while kind_at(tokens, at) in _BEFORE_LIMIT:
            at += 1
    return at


def _analyte_before(found: list[Token]) -> Token | None:
    """The analyte of which what comes next is the limit."""
    at = len(found) - 1
    while at >= 0 and found[at].type in _BEFORE_LIMIT:
        at -= 1
    return found[at] if at >= 0 and found[at].type == "ANALYTE" else None


_Limited = tuple[str | None, Token, int]


def _sex_limit(tokens: list[Token], index: int) -> _Limited | None:
    """ "> 450 ms in men", "> 450 ms (men)": whose limit, which, and where it ends."""
    if kind_at(tokens, index) != "LIMIT":
        return None
    at = index + 1
    bracket = kind_at(tokens, at) == "LPAR"
    at += bracket
    if kind_at(tokens, at) in _OF_SEX:
        at += 1
    elif not bracket and kind_at(tokens, at) not in _SEXES:
        return None
    sex = kind_at(tokens, at)
    if sex not in _SEXES:
        return None
    at += 1
    if kind_at(tokens, at) == "PERSON":
        at += 1
    if bracket:
        if kind_at(tokens, at) != "RPAR":
            return None
        at += 1
    return sex, tokens[index], at


def _limit_of_sex(tokens: list[Token], index: int) -> _Limited | None:
    """ "Men > 450 ms", "for males: > 450 ms"."""
    at = index + (kind_at(tokens, index) in _OF_SEX)
    sex = kind_at(tokens, at)
    if sex not in _SEXES:
        return None
    at += 1
    while kind_at(tokens, at) in ("PERSON", "COLON", "DASH", "COMMA", "IS", "MUST"):
        at += 1
    return (sex, tokens[at], at + 1) if kind_at(tokens, at) == "LIMIT" else None


def _alike(first: Bounds, second: Bounds) -> tuple[Bounds, Bounds] | None:
    """Two limits of one analyte: the comparison, or the unit, that one of them leaves out is that of the other."""
    if any(each.time or each.age or each.members or each.second for each in (first, second)):
        return None
    first, second = compared_as(first, second), compared_as(second, first)
    if (first.low is None, first.high is None) != (second.low is None, second.high is None):
        return None
    units = {q.unit for q in first.quantities + second.quantities if q.unit}
    if len(units) > 1 or {q.of for q in first.quantities} != {q.of for q in second.quantities}:
        return None
    unit = units.pop() if units else None
    return _with_unit(first, unit), _with_unit(second, unit)


def compared_as(bare: Bounds, other: Bounds) -> Bounds:
    """A bare number with the comparison that stands at another one."""
    if not bare.exact or bare.low != bare.high or other.exact:
        return bare
    low = bare.low if other.low is not None else None
    high = bare.high if other.high is not None else None
    if low is not None and high is not None:
        return bare
    return replace(other, low=low, high=high)


def _with_unit(bounds: Bounds, unit: str | None) -> Bounds:
    low, high = (q if q is None or q.of != "value" else replace(q, unit=unit) for q in (bounds.low, bounds.high))
    return replace(bounds, low=low, high=high)
