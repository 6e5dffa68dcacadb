"""The ages of those whom a sentence begins with: "adults with asthma", "healthy female adults", "children"."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from eligibility.knowledge import words
from eligibility.knowledge.tables import age_groups
from eligibility.reading.composing.terms import StatementRead
from eligibility.reading.context import Context
from eligibility.reading.drafts import Draft, all_of, ambiguous, for_those
from eligibility.reading.lexing.tokens import JOINTS, Token
from eligibility.reading.patterns import just_before
from eligibility.reading.phrases import AgeRead, Noun
from eligibility.rules import Age, Limit, Statement

__all__ = ["listed_by_age", "of_their_age"]

_BESIDE: Final = frozenset("PERSON FILLER COMMA AND OR ANDOR SLASH EITHER BOTH".split())
_JOINTS: Final = JOINTS | {"SEMI"}
_ASKED: Final = frozenset("MUST MUST_NOT COLON".split())


def listed_by_age(made: list[Token], text: str) -> list[Token]:
    """The tokens with people who are called by their age and stand in a list as an age: "pregnant women, children"."""
    found = [_minors(token, text) for token in made]
    if any(isinstance(token.value, AgeRead) for token in found):
        return found
    for index, token in enumerate(found):
        groups = _groups(token, text)
        if not groups or not _ends_clause(found[:index][::-1]) or not _ends_clause(found[index + 1 :]):
            continue
        if index or index + 1 < len(found):
            found[index] = Token("FACT", StatementRead(_age(groups, token)), token.start, token.end)
    return found


def _minors(token: Token, text: str) -> Token:
    """Those who are not of age: until they are 18, in some places until they are 21; no "minor procedures"."""
    if not isinstance(token.value, StatementRead):
        return token
    rule = token.value.draft.rule
    said = rule.text.lower() if isinstance(rule, Statement) else ""
    if said != "minors" and (said not in ("minor", "a minor") or not just_before(_IS_ONE, text, token.start)):
        return token
    return Token("FACT", StatementRead(_age(["minor"], token)), token.start, token.end)


_IS_ONE: Final = re.compile(r"\b(?:is|are|was|being)\s+(?:not\s+)?(?:an?\s+)?$", re.IGNORECASE)


def _ends_clause(beside: list[Token]) -> bool:
    """Whether what stands beside a word is no more than what parts it from the next thing of a list."""
    joints = next((i for i, token in enumerate(beside) if token.type not in _JOINTS | {"FILLER", "DOT"}), len(beside))
    return joints == len(beside) or (joints > 0 and beside[joints].type == "FACT")


def of_their_age(draft: Draft | None, made: list[Token], context: Context) -> Draft | None:
    """What is said of people, and that they are of the age by which they are called."""
    called = _called(made, context.text)
    if called is None or draft is None:
        return called[0] if called else draft
    aged, rest = called
    both = replace(all_of([aged, draft]), requirement=draft.requirement)
    if not any(token.type in _ASKED for token in rest):
        return both
    some = replace(for_those(aged, draft), requirement=draft.requirement)  # "adults must ...": there may be others
    return replace(ambiguous([both, some], "what is asked of some, or of all"), requirement=draft.requirement)


def _called(made: list[Token], text: str) -> tuple[Draft, list[Token]] | None:
    """The ages of those whom the tokens begin with, and what follows; None where these are not called by their age."""
    groups: list[str] = []
    named: list[Token] = []
    after = next((i for i, token in enumerate(made) if not _of_lead(token, made[i + 1 : i + 2])), len(made))
    for token in made[:after]:
        if found := _groups(token, text):
            groups += found
            named.append(token)
    ages = [i for i, token in enumerate(made) if isinstance(token.value, AgeRead)]
    if not groups or any(i <= after or made[i - 1].type != "LPAR" for i in ages):
        return None  # how old they are is said; "adults with A or B (18 and older)" may say it of the last alone
    if any(_groups(token, text) for token in made[after:]):
        return None
    return replace(_age(groups, named[0]), end=named[-1].end), made[after:]


def _of_lead(token: Token, after: list[Token]) -> bool:
    """Whether it still says who people are: "healthy female adults"."""
    if isinstance(token.value, StatementRead):
        return token.value.draft.rule.kind == "statement" and any(t.type == "PERSON" or _of_people(t) for t in after)
    return token.type in _BESIDE or _of_people(token)


def _of_people(token: Token) -> bool:
    """Whether it says of what sex people are."""
    return isinstance(token.value, Noun) and token.value.kinds <= {"FEMALE", "MALE"} and bool(token.value.kinds)


_ONE_OF_THEM: Final = re.compile(r"\bthe\s+$", re.IGNORECASE)  # "the child": whoever takes part


def _groups(token: Token, text: str) -> list[str]:
    """The groups by age that a token names."""
    if token.type != "PERSON" and not isinstance(token.value, Noun):
        return []
    if isinstance(token.value, Noun) and not _of_people(token):
        return []
    known = age_groups()
    found = [key for key in words.keys(text[token.start : token.end]) if key in known]
    found = [group for group in found if not any(_among(other, group) for other in found)]  # "older adults"
    return found if found and not just_before(_ONE_OF_THEM, text, token.start) else []


def _among(group: str, other: str) -> bool:
    """Whether all of one group by age are of the other, which is wider."""
    (low, high), (least, most) = age_groups()[group][1], age_groups()[other][1]
    return low > least and (most is None or (high is not None and high <= most))


def _age(groups: Sequence[str], token: Token) -> Draft:
    """The age of all of some groups; two readings where some use the words for more people than others do."""
    extents = [age_groups()[group] for group in groups]
    readings = []
    for ages in ([sure for sure, _ in extents], [possible for _, possible in extents]):
        ends = [high for _, high in ages]
        high = None if None in ends else max(end for end in ends if end is not None)
        limit = Limit(low=min(low for low, _ in ages), high=high, high_inclusive=high is None, unit="years")
        readings.append(Draft(Age(limit=limit), token.start, token.end))
    if readings[0].rule == readings[1].rule:
        return readings[0]
    return ambiguous(readings, "who is called so")
