"""Sentences between which a full stop is lost, so that only a capital letter tells where the next begins.

"... disease within 1 year Severe infection History of stroke". A capital letter alone may be that of a name, of a
title, or no more than a habit: what stands before it must be able to end a sentence, and what begins with it to begin
one.
"""

from __future__ import annotations

import re
from itertools import pairwise
from typing import Final

from eligibility.knowledge.vocabulary import Entry
from eligibility.reading.lexing.tokens import BOUNDING, MOTHERHOOD, SENTENCE_ENDS, WHO, Token, kind_at

__all__ = ["LOST_STOP", "MODAL", "is_clause", "run_together"]

MODAL: Final = frozenset("MUST MUST_NOT EXCLUDED ALLOWED".split())
"""The verbs by which a sentence asks for something, or forbids it."""


def run_together(tokens: list[Token], text: str) -> list[list[Token]]:
    """The sentences that one is made of."""
    capitals = _capitals(tokens, text)
    starts = [0]
    for at in capitals:
        before, behind = tokens[starts[-1] : at], tokens[at:]
        if _are_clauses(before, behind, text) or _begins_anew(before, behind, text):
            starts.append(at)
    if len(starts) > 1:  # names side by side are no sentences where there is nothing else
        starts = sorted({*starts, *(at for at in capitals if _are_names(tokens[at - 1], tokens[at]))})
    return [tokens[begin:end] for begin, end in pairwise([*starts, len(tokens)])]


def _capitals(tokens: list[Token], text: str) -> list[int]:
    """Where a capital letter stands behind a word without one, and in no parentheses."""
    found: list[int] = []
    depth = 0
    for at, token in enumerate(tokens):
        if at and not depth and LOST_STOP.match(text, token.start) is not None:
            last = text[tokens[at - 1].start : tokens[at - 1].end].rsplit(maxsplit=1)[-1]
            if not last[:1].isupper():
                found.append(at)
        depth += (token.type == "LPAR") - (token.type == "RPAR")
    return found


LOST_STOP: Final = re.compile(
    r"(?<=[a-z\d%)\]³²] )[A-Z][a-z]+(?=,?\s+(?:[a-z<>≥≤=\d(]|[A-Z][A-Z\d]))(?!\s+\d[\d.]*\s*[,)])"
)
"""A word with a capital letter, before which a full stop may be lost: no more than a first look."""


def _are_clauses(before: list[Token], behind: list[Token], text: str) -> bool:
    """Whether each of two says what must be, or who is kept out: "ECOG must be 0 or 1 The diagnosis must be ..."."""
    return _DETERMINED.match(text, behind[0].start) is not None and is_clause(before) and is_clause(behind)


_DETERMINED: Final = re.compile(r"(?:The|This|These|All|Patients|Subjects|Participants|Women|Men)\s+[a-z]")


def is_clause(following: list[Token]) -> bool:
    """Whether it is, up to the next semicolon, a sentence with a verb of its own."""
    for token in following:
        if token.type in SENTENCE_ENDS:
            return False
        if token.type in MODAL:
            return True
    return False


def _begins_anew(before: list[Token], behind: list[Token], text: str) -> bool:
    first, last = behind[0], before[-1]
    if not _says_something(before):
        return False
    if first.type in WHO:
        told = any(token.type in WHO or token.type in MOTHERHOOD for token in before) and last.type in _NOUNS
        heading = len(before) < _LEAST_TOLD and not any(token.type in MOTHERHOOD for token in before)
        return (told or last.type in _CLOSED or last.type == "WEAK_ANCHOR") and not heading and _tells_of_people(behind)
    if first.type in _OPENING:
        return _may_close(before, first, text)
    if first.type in _DESCRIBING or first.said == "any":
        named = any(token.type in ("CONDITION", "TREATMENT") for token in behind[1:_DESCRIPTION])
        return named and (last.type in _CLOSED or last.type in _NAMES) and kind_at(behind, 1) not in _OF_IT
    if first.type == "WORD" and last.type in _CLOSED and _ADVERB.fullmatch(text, first.start, first.end) is not None:
        return True
    if first.type in ("WORD", "TREATMENT"):
        return _ends_window(before, text) and kind_at(behind, 1) not in ("NUMBER", "ROMAN", "COLON")
    if first.type == "ANALYTE" and kind_at(behind, 1) in _JOINED_TO_VALUE:
        return False  # "> 160 mmHg Systolic and > 100 mmHg Diastolic"
    return first.type in _NAMING and last.type in _LIMITED and not _is_amount(before)


def _tells_of_people(behind: list[Token]) -> bool:
    """Whether people are named, and more is said of them: "patients with", "children under 18"; no "males < 450"."""
    follows = kind_at(behind, 1)
    return follows in _SAID_OF_PEOPLE or (behind[0].type == "PERSON" and follows in BOUNDING)


def _may_close(before: list[Token], opening: Token, text: str) -> bool:
    """Whether a sentence may end before words that begin one: "history of", "able to"."""
    last = before[-1]
    if opening.type == "IS" and _HAS.match(text, opening.start) is None:
        return False
    if last.type == "RPAR":
        sure = opening.type in _SURELY_OPENING and opening.type != "IS"  # "Peak Flow (PEF) Is 80%"
        return sure or _ABBREVIATED.search(text, before[0].start, last.end) is None
    if last.type == "WORD":
        return opening.type in _SURELY_OPENING and _ADJECTIVE.search(text, last.start, last.end) is None
    return last.type in _CLOSED or last.type in _NOUNS


def _ends_window(before: list[Token], text: str) -> bool:
    """Whether it ends in a length of time, and no more is said of that: "within 2 weeks", but no "the 24 hour"."""
    kinds = [token.type for token in before[-3:]]
    if kinds[1:] != ["NUMBER", "TIMEUNIT"] or kinds[0] not in _BEFORE_LENGTH:
        return False
    number, unit = before[-2:]
    return kinds[0] in BOUNDING or text[unit.end - 1] == "s" or text[number.start : number.end] in ("1", "one")


def _says_something(before: list[Token]) -> bool:
    """Whether more stands there than a number, a label, or a single word."""
    depth, said, last = 0, 0, ""
    for token in before:
        depth += (token.type == "LPAR") - (token.type == "RPAR")
        if depth == 0 and token.type != "RPAR":
            last = token.type
            said += last not in _SAYING_NOTHING
    return (said > 1 and last != "COLON") or last == "CONSENT"


def _is_amount(before: list[Token]) -> bool:
    """Whether it ends in how much of something there is, of which a name may follow: "4 mg Dexamethasone"."""
    return before[-1].type == "UNIT" and not any(token.type == "ANALYTE" for token in before)


def _are_names(before: Token, token: Token) -> bool:
    """Whether a disease, called after nobody, stands behind another one."""
    if before.type != "CONDITION" or token.type != "CONDITION" or not isinstance(token.value, Entry):
        return False
    return token.value.name[:1].islower()


_OPENING: Final = frozenset(
    "HISTORY PRIOR CURRENT NO NOT PRESENCE ABLE UNABLE WILLING UNWILLING CONSENT PREGNANT BREASTFEEDING ALLERGY"
    " CONTRAINDICATION USE AGE MUST IS DIAGNOSIS KNOWN SUSPECTED PLANNED".split()
)
_SURELY_OPENING: Final = frozenset("HISTORY NO MUST IS AGE ABLE UNABLE PRESENCE PREGNANT".split())
_LEAST_TOLD: Final = 3  # tokens; fewer are a heading
_JOINED_TO_VALUE: Final = frozenset(("", "AND", "OR", "COMMA", "AT_ANCHOR", "RPAR", "SEMI"))
_DESCRIBING: Final = frozenset(("QUALIFIER", "OTHER"))
_DESCRIPTION: Final = 4  # tokens, in which what is described is named
_OF_IT: Final = frozenset("PREP TO AT_ANCHOR OF FROM".split())  # "refractory to", "confirmed by"
_NAMING: Final = frozenset(("CONDITION", "ANALYTE", "GE"))
_LIMITED: Final = frozenset("UNIT TIMEUNIT ULN LLN PERCENT AGE_UNIT_TAIL ALLOWED EXCLUDED".split())
_CLOSED: Final = _LIMITED | frozenset("RPAR ANCHOR OR_MORE OR_LESS CONSENT CONTRACEPTION CIRCUMSTANCE".split())
_NAMES: Final = MOTHERHOOD | {"CONDITION", "TREATMENT"}
_NOUNS: Final = _NAMES | {"ANALYTE", "WORD"}
_BEFORE_LENGTH: Final = BOUNDING | frozenset("WITHIN LAST SINCE FOR_TIME".split())
_SAID_OF_PEOPLE: Final = MODAL | frozenset(
    "IS USE HISTORY MAY AND OR THAT PREGNANT NOT UNABLE UNWILLING WILLING ABLE".split()
)
_SAYING_NOTHING: Final = frozenset("NUMBER ROMAN FILLER LPAR RPAR COLON COMMA DASH DOT".split())
_HAS: Final = re.compile(r"(?:has|have|had|is|are|being)\b", re.IGNORECASE)
_ABBREVIATED: Final = re.compile(r"\(\s*[A-Z][\w/-]*[A-Z\d]s?\s*\)$")
_ADVERB: Final = re.compile(r"[A-Z][a-z]+ly")
_ADJECTIVE: Final = re.compile(r"(?:al|ic|ing|y|ous|ive|ed|ary|able|ent|ant)$", re.IGNORECASE)
