"""Lengths of time that a sentence names and its rule says nothing of.

"Active arthritis and disease duration of less than 5 years" is no active arthritis of any duration: where a length got
lost on the way, the sentence was not understood.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from eligibility.reading.drafts import Draft
from eligibility.reading.lexing.tokens import Number, Token, kind_at
from eligibility.reading.patterns import just_before
from eligibility.rules import Age, Constant, Measurement, PatientAttribute, Rule, Unread

__all__ = ["leaves_time_untold"]


def leaves_time_untold(tokens: list[Token], draft: Draft, text: str) -> bool:
    """Whether a length of time in the tokens of a sentence is nowhere in what was made of it."""
    lengths = list(_lengths(tokens, text))
    if not lengths or draft.saving:
        return False
    leaves = draft.innermost()
    if any(isinstance(leaf.rule, Constant) and leaf.rule.why in _ALLOWING for leaf in leaves):
        return False
    holding = [leaf for leaf in leaves if isinstance(leaf.rule, _HOLDING)]
    left = [
        (number, unit)
        for number, unit in lengths
        if not any(leaf.start <= number.start and unit.end <= leaf.end for leaf in holding)
    ]
    return bool(left) and not _all_said(left, draft.rule, text)


_ALLOWING: Final = frozenset(("a permission excludes nobody", "allowed", "nothing is asked"))
_HOLDING: Final = (PatientAttribute, Unread, Age, Measurement)  # of them, a length is part


def _lengths(tokens: list[Token], text: str) -> Iterator[tuple[Token, Token]]:
    """The lengths of time, each as its number and its unit; none that only says another one again, "(7 days)", "this 4
    year rule", and none of a permission in parentheses, which stays in doubt where it is not understood."""
    for index, unit in enumerate(tokens):
        if unit.type != "TIMEUNIT" or not index or tokens[index - 1].type != "NUMBER":
            continue
        number = tokens[index - 1]
        around = [kind_at(tokens, at) for at in (index - 3, index - 2, index + 1)]
        again = around == ["TIMEUNIT", "LPAR", "RPAR"] or just_before(_THE_SAME, text, number.start) is not None
        if not (again or _is_of_menopause(number, unit, text) or _is_permitted(unit, text)):
            yield number, unit


def _is_permitted(unit: Token, text: str) -> bool:
    """Whether it stands in a parenthesis that allows something."""
    return any(match.start() < unit.start < match.end() for match in _PERMITTING.finditer(text))


_PERMITTING: Final = re.compile(r"\([^()]*\b(?:allowed|permitted|acceptable)\b[^()]*\)", re.IGNORECASE)
_THE_SAME: Final = re.compile(r"\b(?:this|that|the same)\s+$", re.IGNORECASE)


def _is_of_menopause(number: Token, unit: Token, text: str) -> bool:
    """Whether it is the year without menses by which a menopause is known."""
    year = _YEAR.fullmatch(text[number.start : unit.end]) is not None
    return year and _MENOPAUSE.search(text) is not None


_YEAR: Final = re.compile(r"(?:12|twelve)\s*(?:full\s+|consecutive\s+)?months?|(?:1|one)[\s-]*years?", re.IGNORECASE)
_MENOPAUSE: Final = re.compile(r"menopaus|amenorrh|menses|menstrua", re.IGNORECASE)


def _all_said(lengths: list[tuple[Token, Token]], rule: Rule, text: str) -> bool:
    said = rule.model_dump_json(exclude_defaults=True)
    planned = '"planned"' in said
    return all(
        (planned and _BEHIND_STUDY.match(text, unit.end) is not None)
        or text[number.start : number.end] in said
        or (isinstance(number.value, Number) and _stands_in(number.value.value, said))
        for number, unit in lengths
    )


_BEHIND_STUDY: Final = re.compile(r"\s+(?:after|following|post|thereafter)\b")  # "during the study and 30 days after"


def _stands_in(value: float, said: str) -> bool:
    return re.search(rf"(?<![\d.]){re.escape(f'{value:g}')}(?:\.0)?(?![\d.])", said) is not None
