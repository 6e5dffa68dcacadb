"""Whom a sentence concerns of which nothing else is understood: "Patients with asthma may be enrolled at one site".

Whoever is none of them is settled by what stands before it.
"""

from __future__ import annotations

import re
from typing import Final

from eligibility.reading.drafts import Draft
from eligibility.reading.lexing.tokens import WHO, Token, depths_of
from eligibility.reading.patterns import ONLY, PERSONS
from eligibility.rules import (
    Age,
    Condition,
    Finding,
    Measurement,
    Not,
    PatientAttribute,
    Rule,
    Sex,
    Treatment,
    walk,
)

__all__ = ["are_told", "tells_what_is_done", "whom_it_concerns"]


def whom_it_concerns(sentence: list[Token], text: str, *, exclusion: bool) -> list[Token]:
    """The words of a sentence that say of whom it is, or of what; none where it may be of everybody.

    Under Inclusion "patients with A are eligible" may be of everybody: nobody else is. "Also eligible" is not.
    """
    depths = depths_of(sentence)
    outer = [token for token, depth in zip(sentence, depths, strict=True) if depth == depths[0]]
    begins = next((at for at, token in enumerate(outer) if token.type not in _BEFORE), len(outer))
    said = outer[begins:]
    start, end = sentence[0].start, sentence[-1].end
    if not said or _OF_ALL.search(text, start, end) or ONLY.search(text, start, end):
        return []
    verb = next((at for at, token in enumerate(said) if token.type in _VERBS), 0) or _done(said)
    if (
        not exclusion
        and verb
        and said[verb].type == "ALLOWED"
        and not _BESIDES.search(text, sentence[0].start, said[-1].end)
    ):
        return []
    if said[0].type == "IF":
        return _in_that_case(sentence, said)
    if not verb or (said[0].type not in WHO and said[verb].type not in _PERMITTING):
        return []
    return [token for token in sentence if said[0].start <= token.start < said[verb].start]


def tells_what_is_done(sentence: list[Token]) -> bool:
    """Whether it tells what is done to some patients, and asks nothing: "patients with asthma are seen by a doctor"."""
    begins = next((at for at, token in enumerate(sentence) if token.type not in _BEFORE), len(sentence))
    return bool(_done(sentence[begins:])) and not any(token.type in _VERBS for token in sentence)


def _done(said: list[Token]) -> int:
    """Where the verb stands that tells what is done to those whom a sentence begins with; 0 where none does."""
    if not said or said[0].type not in WHO:
        return 0
    for at in range(1, len(said) - 1):
        named = said[at - 1].type in _NAMES or (at == 1 and said[0].type != "PERSON")
        if named and said[at].said in _UNDERGO:
            return at
        if named and at > 1 and said[at].said in _ARE and said[at + 1].type == "WORD":
            return at if said[at + 1].said.endswith("ed") else 0
    return 0


def _in_that_case(sentence: list[Token], said: list[Token]) -> list[Token]:
    """What stands between an "if" and the comma behind it; nothing where that comma may be one of a list."""
    commas = [at for at, token in enumerate(said) if token.type == "COMMA"]
    if not commas or commas[0] + 1 == len(said):
        return []
    then = said[commas[0] + 1]
    if len(commas) > 1 and then.type not in WHO and then.said != "then":
        return []
    return [token for token in sentence if said[0].end <= token.start < said[commas[0]].start]


def are_told(group: Draft | None, *, people: bool) -> bool:
    """Whether it is understood, and known to charts, who they are; not ``people``: what is taken, or the disease."""
    if group is None or group.requirement or group.allowed is not None or group.saving:
        return False
    rules = [rule for _, rule in walk(group.rule)]
    if not people and any(isinstance(rule, Not) for rule in rules):
        return False
    kinds = _OF_PEOPLE if people else (Condition, Treatment)
    return all(isinstance(rule, kinds) and not _is_open(rule) for rule in group.innermost_rules())


def _is_open(rule: Rule) -> bool:
    return isinstance(rule, Condition | Treatment) and rule.concept.open


_OF_PEOPLE: Final = (Age, Condition, Finding, Measurement, PatientAttribute, Sex, Treatment)
_BEFORE: Final = frozenset("FILLER COLON COMMA LPAR BUT DASH DOT".split())
_PERMITTING: Final = frozenset(("ALLOWED", "MAY"))
_VERBS: Final = _PERMITTING | frozenset(("MUST", "MUST_NOT", "EXCLUDED"))
_ARE: Final = frozenset(("are", "is", "were", "was", "will be", "should be"))
_UNDERGO: Final = frozenset(("receive", "undergo"))
_NAMES: Final = frozenset(("CONDITION", "TREATMENT", "QUALIFIER"))
_OF_ALL: Final = re.compile(
    rf"\b(?:all|every|each|other|remaining)\s+(?:\w+\s+)?(?:{PERSONS})\b|\b(?:otherwise|everybody|everyone|limited\s+to|restricted\s+to)\b",
    re.IGNORECASE,
)
_BESIDES: Final = re.compile(
    r"\b(?:also|still|even|however|nevertheless|remain|too|as\s+well|exceptions?)\b", re.IGNORECASE
)
