"""Ages, where only the words beside a number, or the record of the trial, tell that it is one."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Final

from eligibility.reading.context import Context
from eligibility.reading.lexing.tokens import Token
from eligibility.reading.patterns import just_before
from eligibility.reading.phrases import AgeRead, Noun
from eligibility.reading.quantities import Bounds

__all__ = ["age_alone", "ages_back_then", "ages_beside_people", "ages_of_people"]

_OLDER: Final = re.compile(
    r"^(?:over|under)\b|\bold(?:er)?\b|\bage|\byoung|\band over\b|\band above\b|\band up\b", re.IGNORECASE
)


def ages_beside_people(made: list[Token]) -> list[Token]:
    """ "Adults (18 to 65 years) with asthma": the age is asked of them, whether in parentheses or not."""
    if not any(isinstance(token.value, AgeRead) for token in made):
        return made
    found: list[Token] = []
    index = 0
    while index < len(made):
        around = made[index : index + 3]
        aged = [t.type for t in around] == ["LPAR", "FACT", "RPAR"] and isinstance(around[1].value, AgeRead)
        token = around[1] if aged else around[0]
        read = token.value if found and isinstance(token.value, AgeRead) and _names_people(found[-1]) else None
        if read is not None and (aged or _is_in_years(read.bounds)):
            found.append(Token("FACT", replace(read, bare=False), token.start, token.end))
        else:
            token, aged = around[0], False
            found.append(token)
        index += 3 if aged else 1
    return found


def ages_back_then(made: list[Token], text: str) -> list[Token]:
    """ "Migraine that began before age 50": how old somebody was at that time, and not how old they are."""
    return [
        Token("UNREAD", [token], token.start, token.end)
        if index and isinstance(token.value, AgeRead) and just_before(_THEN, text, token.start) is not None
        else token
        for index, token in enumerate(made)
    ]


_THEN: Final = re.compile(
    r"\b(?:began|begun|onset|start(?:ed|ing)?|diagnos(?:ed|is)|occurr(?:ed|ing)|appeared|developed)\s+"
    r"(?:before|after|prior\s+to|at|by|until|since)\s+(?:the\s+)?\Z",
    re.IGNORECASE,
)


def _is_in_years(bounds: Bounds) -> bool:
    """Whether a length of time right behind people is how old they are: "adults > 18 years with asthma"."""
    return _may_be_age(bounds) and all(quantity.unit == "years" for quantity in bounds.quantities)


def _may_be_age(bounds: Bounds) -> bool:
    """Whether people who take part in trials may be so many years old."""
    return all(_LEAST_AGE <= quantity.value <= _GREATEST_AGE for quantity in bounds.quantities)


def _names_people(token: Token) -> bool:
    """Whether it names patients, men or women, and says nothing more of them."""
    return token.type == "PERSON" or (
        isinstance(token.value, Noun)
        and bool(token.value.kinds)
        and token.value.kinds <= {"MALE", "FEMALE", "NOT_CHILDBEARING"}
    )


def age_alone(token: Token, context: Context) -> Token | None:
    """ "18 and over", "18 to 70" as all that a criterion says: an age, if its words or the record's own age say so."""
    text = context.text.strip(" .;*-")
    bounds = token.value.bounds if isinstance(token.value, AgeRead) else token.value
    if token.end - token.start < len(text) or not isinstance(bounds, Bounds):
        return None
    if bounds.members or bounds.either or any(q.unit or q.of != "value" for q in bounds.quantities):
        return None
    recorded = {age.value for age in (context.minimum_age, context.maximum_age) if age is not None}
    named = _OLDER.search(text) is not None and _may_be_age(bounds)
    if not named and not any(q.value in recorded for q in bounds.quantities):
        return None
    return Token("FACT", AgeRead(bounds, False, token.start, token.end), token.start, token.end)


_LEAST_AGE, _GREATEST_AGE = 10, 100
_OLDER_THAN: Final = re.compile(r"(?:over|under|above|below|older|younger)\b", re.IGNORECASE)


def ages_of_people(tokens: list[Token], text: str) -> list[Token]:
    """The tokens, with a bare limit right behind people as their age: "women over 50", "patients >= 18 with gout"."""
    found = list(tokens)
    if {"LIMIT", "TIME_LIMIT"}.isdisjoint([token.type for token in found]):
        return found
    for index in range(1, len(found)):
        before, token = found[index - 1], found[index]
        if (
            token.type == "TIME_LIMIT"
            and before.type in ("PERSON", "FEMALE", "MALE")
            and (index + 1 == len(found) or found[index + 1].type in _BEHIND_AGE)
            and _is_age(token.value, older=_AGED.match(text, token.start) is not None)
        ):
            found[index] = Token("FACT", AgeRead(token.value, False, token.start, token.end), token.start, token.end)
            continue
        if (
            token.type == "LIMIT"
            and before.type in ("PERSON", "FEMALE", "MALE")
            and isinstance(token.value, Bounds)
            and not token.value.members
            and not any(q.unit or q.of != "value" for q in token.value.quantities)
            and _may_be_age(token.value)
            and _ends_as_age(token, found[index + 1 : index + 3], text)
        ):
            found[index] = Token("FACT", AgeRead(token.value, False, token.start, token.end), token.start, token.end)
    return found


def _ends_as_age(token: Token, behind: list[Token], text: str) -> bool:
    """Whether what follows a bare number behind people leaves it to be their age: "over 50", "≥ 18 with gout"."""
    if not behind or behind[0].type in _BEHIND_AGE | _DOES:
        return True
    if behind[0].type == "WORD":  # "≥ 18 presenting for surgery", not "> 20 bleeding episodes"
        goes_on = len(behind) < len(("presenting", "for")) or behind[1].type not in ("WORD", "CONDITION", "PERSON")
        return goes_on and _DOING.fullmatch(text, behind[0].start, behind[0].end) is not None
    return _OLDER_THAN.match(text, token.start) is not None and behind[0].type not in _NO_AGE


_DOING: Final = re.compile(r"[a-z]{3,}(?:ing|ed)")
_DOES: Final = frozenset(("USE", "PLANNED"))
_NO_AGE: Final = frozenset("UNIT LPAR PREP TIMES".split())


def _is_age(bounds: Bounds, *, older: bool) -> bool:
    """Whether a length of time right behind people is their age: "patients >= 18 years with gout"; ``older``: it says
    that they are older, or younger."""
    if bounds.exact or bounds.members or bounds.either or bounds.choice:
        return False
    return older or _is_in_years(bounds)


_AGED: Final = re.compile(r"(?:older|younger)\b", re.IGNORECASE)
_BEHIND_AGE: Final = frozenset(("IS", "WITH", "THAT"))
