"""The longest name that begins at a word, and what it means where it stands."""

from __future__ import annotations

import re
from typing import Any, Final

from eligibility.knowledge.vocabulary import Entry, prefer
from eligibility.reading.lexing.automaton import NEED_BEFORE, NOWHERE, Node, Root
from eligibility.reading.lexing.function_words import PLACES
from eligibility.reading.lexing.numerals import ROMAN_NUMBERS
from eligibility.reading.lexing.tokens import Token
from eligibility.reading.lexing.units import TIME_UNIT
from eligibility.reading.lexing.words import Word

__all__ = ["named_at"]

_ONLY_AFTER_NUMBER: Final = {"h", "hr", "d", "w", "y", "mo", "yo"}
_ARTICLES: Final = frozenset(("the", "a", "an"))


def named_at(root: Root, found: list[Word], index: int, text: str, before: str) -> Token | None:
    """The longest name or function word that begins at a word."""
    key, start, end, joined, depth = found[index]
    here = root.step(key)
    if here is NOWHERE:
        return None
    after_number = before in ("NUMBER", "DASH")
    counted = after_number and (key,) in TIME_UNIT
    inside = outside = found[index - 1][4] if index else 0
    named: tuple[int, tuple[tuple[str, Any], ...]] | None = None
    at, last = index, len(found) - 1
    while inside >= outside:  # else a parenthesis that was opened before the name closes within it
        if (here.meanings or here.exact) and (inside == outside or (depth == outside and text[end : end + 1] == ")")):
            meanings = here.meanings
            if counted or not here.always:
                meanings = _meant(here, text, found, index, at, before)
            if meanings:
                named = (end + (inside != outside), meanings)
        there = NOWHERE
        while joined and not here.last and at < last:
            at += 1
            inside = depth
            key, _, end, joined, depth = found[at]
            there = here.step(key)
            if there is not NOWHERE or key not in _ARTICLES:
                break
        if there is NOWHERE:
            break
        here = there
    if named is None:
        return None
    end, meanings = named
    if end - start <= 3 and text[start:end] in ROMAN_NUMBERS:
        return None
    if not after_number and meanings[0][0] == "TIMEUNIT" and len(meanings) > 1 and end - start <= 2:
        meanings = meanings[1:]
    kind, value = meanings[0]
    return Token(_IN_PLACE_OF.get(kind, kind), value, start, end, meanings[1:])


def _meant(here: Node, text: str, found: list[Word], index: int, at: int, before: str) -> tuple[tuple[str, Any], ...]:
    """What the words from ``index`` to ``at`` mean where they stand; nothing where they are no name there."""
    meanings = here.meanings
    after_number = before in ("NUMBER", "DASH")
    key, _, end, _, _ = found[at]
    if not after_number and key in _ONLY_AFTER_NUMBER:
        meanings = tuple([m for m in meanings if m[0] != "TIMEUNIT"])
    if after_number and (found[index][0],) in TIME_UNIT:  # "30 days of inclusion" is no "day of inclusion"
        meanings = tuple([m for m in meanings if m[0] not in ("ANCHOR", "AT_ANCHOR")])
    raw = text[found[index][1] : end]
    if here.exact and not meanings:  # a name to be believed only next to a number
        exact = tuple([(kind, entry) for said, kind, entry in here.exact if said == raw])
        return (("WORD", key), *exact) if exact else ()
    if here.shared:
        meanings = _preferred(meanings, raw)
    needing = meanings and meanings[0][0] in NEED_BEFORE
    return () if needing and not _allowed(meanings[0][0], found, at, index, text, before) else meanings


def _preferred(meanings: tuple[tuple[str, Any], ...], raw: str) -> tuple[tuple[str, Any], ...]:
    """Of two entries of one kind, the one that is meant; neither where that is not clear."""
    kinds = [kind for kind, value in meanings if isinstance(value, Entry)]
    found: list[tuple[str, Any]] = []
    for kind, value in meanings:
        if isinstance(value, Entry) and kinds.count(kind) > 1:
            one = prefer([v for k, v in meanings if k == kind], raw)
            if one is not value:
                continue
        found.append((kind, value))
    return tuple(found)


_IN_PLACE_OF: Final = {"ASIDE": "FILLER", "OF_ANY_KIND": "FILLER", "PLACE": "SITE", "AREA": "SITE"}
_CLAUSE_ENDS: Final = re.compile(
    r"\s*(?:$|[.,;:)\]]|(?:and|or|if|who|unless|prior|before|are|is|must|will|may|should|except|provided|within|during|as|because)\b)",
    re.IGNORECASE,
)
_THEN: Final = re.compile(  # a time behind a place: "a hemorrhage of the brain in the past 6 months"
    r"\s+(?:in\s+(?:(?:the\s+)?(?:past|last|previous|preceding|prior)|(?:the\s+)?(?:\d|one|two|three|six|twelve))|since|after)\b",
    re.IGNORECASE,
)
_GIVEN_IN: Final = frozenset(  # "treated in this study" is about the study itself
    "treated used enrolled randomized randomised included participated participating given administered studied "
    "participation enrollment enrolment involved employed tested".split()
)
_NUMBER_AHEAD: Final = re.compile(r"\s*(?:[<>≤≥=]|or\s+equal|than|to\s+\d|\.?\d)")


def _allowed(kind: str, found: list[Word], at: int, index: int, text: str, before: str) -> bool:
    """Whether a word that needs a number before it, or none behind it, has what it needs."""
    if kind == "LINES":
        return found[index][0] not in ("prior", "previous") or before in ("NUMBER", "OR_MORE", "OR_LESS", "RPAR")
    if kind in PLACES:
        return (_CLAUSE_ENDS.match(text, found[at][2]) or _THEN.match(text, found[at][2])) is not None
    if kind in ("ASIDE", "OF_ANY_KIND"):
        used = found[index][0] == "in" and index and found[index - 1][0] in _GIVEN_IN
        return not used and _CLAUSE_ENDS.match(text, found[at][2]) is not None
    if kind == "OR_LESS" and found[at][0] == "under" and before not in _COUNTED:
        return False  # "unable to consent, or under guardianship"
    return not _NUMBER_AHEAD.match(text, found[at][2])


_COUNTED: Final = frozenset("NUMBER TIMEUNIT UNIT PERCENT RPAR ROMAN DIMENSION AGE AGE_UNIT_TAIL".split())
