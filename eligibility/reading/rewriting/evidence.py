"""How something was found: on which test it was seen, and who diagnosed it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from eligibility.knowledge.vocabulary import Entry
from eligibility.reading.lexing.tokens import BOUNDING, Token

__all__ = ["TESTS", "VERBS_OF_SHOWING", "behind_diagnosing", "behind_test", "is_with"]


TESTS: Final = frozenset("ANALYTE ANCHOR WORD QUALIFIER TEST_WORD".split())
SHOWING: Final = frozenset("showing demonstrating indicating revealing reflecting".split())
VERBS_OF_SHOWING: Final = SHOWING | frozenset(  # of a number: "echocardiography shows that LVEF >= 50 %"
    "show shows showed indicate indicates indicated demonstrate demonstrates demonstrated reveal reveals"
    " revealed".split()
)
_TESTED_WORDS: Final = frozenset(
    "standard resting laboratory lab imaging blood cardiac pulmonary muga spirometry result "
    "radiographic radiological radiologic serologic serological test "
    "finding examination biopsy scan endoscopic report 12 lead ecg abnormal status".split()
)
_MOST_TEST_WORDS: Final = 4


def behind_test(tokens: Sequence[Token], index: int) -> int:
    """Where words end that only say on which test something was seen, "screening ECG showing"; 0 where none do."""
    if index and tokens[index - 1].type not in _BEFORE_TEST:
        return 0
    if index > 1 and tokens[index - 1].type == "OR" and tokens[index - 2].type in ("ANALYTE", "TEST_WORD"):
        return 0  # "x-ray or CT showing"
    at = index
    while at < len(tokens) and _is_of_test(tokens[at]):
        at += 1
    named = any(t.type in ("ANALYTE", "TEST_WORD") or t.said in _TESTED_WORDS for t in tokens[index:at])
    if not named or at == index or at - index > _MOST_TEST_WORDS or at + 1 >= len(tokens):
        return 0
    if tokens[at].said in SHOWING and tokens[at + 1].type in _SHOWN:
        return at + 1
    if is_with(tokens[at]) and _is_limited(tokens, at + 1):
        return at + 1  # "ECG with a QTcF > 470 ms"
    shown = at + 1
    while shown < len(tokens) and (tokens[shown].type in ("THAT", "FILLER") or tokens[shown].said in _ARTICLES):
        shown += 1
    return (
        shown if tokens[at].said in VERBS_OF_SHOWING and shown < len(tokens) and tokens[shown].type == "ANALYTE" else 0
    )


_ARTICLES: Final = frozenset(("a", "an", "the"))


def _is_limited(tokens: Sequence[Token], index: int) -> bool:
    """Whether a measurement and its limit stand here."""
    kinds = [token.type for token in tokens[index : index + 4]]
    return kinds[0] == "ANALYTE" and "NUMBER" in kinds and any(kind in BOUNDING for kind in kinds)


def _is_of_test(token: Token) -> bool:
    if token.type == "ANALYTE":  # not what is a result itself: "HCV antibody test indicating"
        entry = token.value
        return isinstance(entry, Entry) and (entry.facts.get("type") == "imaging" or entry.name in _TRACINGS)
    return (
        token.said in _TESTED_WORDS
        or token.type == "TEST_WORD"
        or (token.type == "ANCHOR" and token.said == "screening")
    )


_TRACINGS: Final = frozenset(("electrocardiogram", "echocardiogram"))
_BEFORE_TEST: Final = frozenset("PERSON IS WITH SEMI COLON THAT OR".split())
_SHOWN: Final = frozenset("CONDITION ANALYTE QUALIFIER KNOWN CURRENT PRESENCE".split())


def behind_diagnosing(tokens: Sequence[Token], index: int) -> int:
    """Where "diagnosed by a physician with" ends; 0 where nobody is said to have diagnosed it."""
    at = index + 2
    while at < len(tokens) and tokens[at].type == "WORD":
        at += 1
    by = index + 1 < len(tokens) and tokens[index + 1].said == "by"
    who = by and at > index + 2 and _WHO_DIAGNOSES.search(tokens[at - 1].said) is not None
    return at + 1 if who and at < len(tokens) and is_with(tokens[at]) else 0


_WHO_DIAGNOSES: Final = re.compile(r"(?:ist|ician|doctor|provider|surgeon|team)$")


def is_with(token: Token) -> bool:
    """Whether it is "with", whatever stands behind it within the token: "with a"."""
    return token.type == "IS" and str(token.value).split()[0] == "with"
