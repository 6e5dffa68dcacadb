"""What is said of a donor, a parent, a caregiver, rather than of the patient."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import Final, Literal

from eligibility.reading.composing.terms import StatementRead
from eligibility.reading.drafts import Draft
from eligibility.reading.lexing.tokens import Token
from eligibility.rules import Statement

__all__ = ["about_others", "asked_of_somebody", "names_patients", "of_somebody_else"]

_BEFORE_OTHERS: Final = frozenset("WITHIN OF PREP WITH TO FOR FOR_TIME".split())  # "antibodies in the recipient"
_IN_SOMEBODY: Final = re.compile(r"\b(?:in|of|among)\s+(?:[\w-]+\s+){0,2}$", re.IGNORECASE)


def of_somebody_else(text: str, tokens: list[Token], made: list[Token]) -> Draft:
    """What is said of a donor, a parent, a caregiver: none of the patient's facts settles it, an answer does."""
    start, end = tokens[0].start, tokens[-1].end
    who: Literal["caller", "site"] = "site" if _DONOR.search(text, start, end) else "caller"
    rule = Statement(text=text[start:end], topic="circumstance", who=who)
    return Draft(rule, start, end, requirement=any(t.type in ("MUST", "MUST_NOT") for t in made))


_CHILD: Final = re.compile(r"(?:child|infant|newborn|neonate|toddler|adolescent|teenager)", re.IGNORECASE)
_OF_CHILD: Final = re.compile(_CHILD.pattern + r"(?:s|ren)?['’]", re.IGNORECASE)
_DONOR: Final = re.compile(r"\bdonors?\b", re.IGNORECASE)


def asked_of_somebody(made: list[Token], text: str) -> list[Token]:
    """ "If the patient is a minor, a parent must consent": what is asked of the parent as one thing that is asked."""
    if not made or made[0].type != "IF":
        return made
    for index, (before, token) in enumerate(pairwise(made), 1):
        if token.type == "MUST":
            break
        if before.type == "COMMA" and token.type == "SOMEBODY_ELSE" and any(t.type == "MUST" for t in made[index:]):
            end = next((t.end for t in reversed(made) if t.type != "DOT"), token.end)
            rule = Statement(text=text[token.start : end], topic="circumstance", who="caller")
            asked = StatementRead(Draft(rule, token.start, end, requirement=True))
            return [*made[:index], Token("FACT", asked, token.start, end)]
    return made


def about_others(made: list[Token], text: str) -> int | None:
    """Where a sentence names the relative or the caregiver of whom it is said, rather than of the patient."""
    apostrophes = "'" in text or "’" in text
    for index, token in enumerate(made):
        if token.type == "PERSON" and apostrophes and _OF_CHILD.match(text, token.start):
            return index
        if token.type == "SOMEBODY_ELSE":
            named = any(t.type in ("FACT", "PERSON") and not _is_whose(t, text) for t in made[:index])
            about = not named or _IN_SOMEBODY.search(text, 0, token.start) is not None
            return index if about else None
    return None


def _is_whose(token: Token, text: str) -> bool:
    """Whether it names the patient as the one whose parent, or caregiver, is meant: "the subject's parent"."""
    return token.type == "PERSON" and _WHOSE.search(text, token.start, token.end + 1) is not None


_WHOSE: Final = re.compile(r"['’]s?\Z|['’]s?\s\Z")


def names_patients(made: list[Token], text: str) -> bool:
    """Whether patients are named, too, behind the first of these, of whom something may be said."""
    return any(
        token.type == "PERSON" and before.type not in _BEFORE_OTHERS and not _CHILD.match(text, token.start)
        for before, token in pairwise(made)
    )
