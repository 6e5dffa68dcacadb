"""How patterns are written that are searched for in every text."""

from __future__ import annotations

import re
import sys
from functools import lru_cache
from typing import Final

from eligibility.knowledge.words import PERSONS, any_word

__all__ = [
    "AND",
    "AT_MOST",
    "BANNED_BESIDE",
    "BEGINNING",
    "CHEMICAL",
    "COMPARED",
    "DIGIT",
    "LISTED",
    "MEASURED",
    "OF_ANY_CAUSE",
    "ONLY",
    "OR_AT",
    "PERSONS",
    "REQUIRING",
    "TURN",
    "Sought",
    "any_word",
    "in_small_letters",
    "just_before",
]

AND: Final = re.compile(r"\band\b")

AT_MOST: Final = re.compile(  # what is allowed has an end all the same
    r"\b(?:up to|at most|no more|maximum|only)\b|[<≤]", re.IGNORECASE
)

BANNED_BESIDE: Final = re.compile(
    rf"\((?:(?:e\.?g|i\.?e)\b[.,\s]*)?(?=(?:{PERSONS})\s+(?:with|who|on|taking|receiving)\b)[^();,]*\s"
    r"(?:excluded|ineligible|not\s+(?:be\s+)?(?:eligible|enrolled|included))\)",
    re.IGNORECASE,
)
"""A parenthesis that is a sentence of its own: "(e.g., patients with psoriatic arthritis are excluded)"."""

BEGINNING: Final = re.compile(
    r"(?:(?:have|has|had|having|been)\s+)*(?:new(?:ly)?\s+)?(?:start|initiat|beg[iau]n|commenc)", re.IGNORECASE
)
"""The words before a treatment that say that it was begun: "initiation of"."""

CHEMICAL: Final = r"[a-z]{4,}(?:quinoline|purine|amine|idone|ide|ine|idine|oxine|alate|acid)s?"
"""The name of a compound, in small letters, before which the number of a place in it may stand: "4-aminoquinoline"."""

COMPARED: Final = re.compile(r"[<>≤≥]")
"""A comparison's sign."""

DIGIT: Final = re.compile(r"\d")

LISTED: Final = re.compile(r"(?:\b(?:and|or)|[,/])\s*$")
"""What joins what follows to a list, in small letters and at the end: a comma, an "or"."""

MEASURED: Final = re.compile(r"[<>≤≥=\d]")
"""A limit somewhere in the words: a comparison's sign, or a digit."""

OF_ANY_CAUSE: Final = re.compile(
    r"\b(?:of|from|for|due\s+to|owing\s+to|caused\s+by|because\s+of|secondary\s+to|resulting\s+from)\s+(?:any|whatever|whichever"
    r"|all|various)\s+(?:possible\s+)?(?:causes?|a?etiolog(?:y|ies)|origins?|reasons?)[\s,;:(]*\Z",
    re.IGNORECASE,
)
"""What may have any cause: "cirrhosis of any cause"; what is named behind it is no more than what may lead to it."""

ONLY: Final = re.compile(r"(?<![\w-])only\b", re.IGNORECASE)  # no "bone-only disease"

OR_AT: Final = re.compile(r"(?:and/)?or\b")
"""The beginning of one more alternative, in small letters."""

TURN: Final = (
    r"(?:[a-z-]+\s+){0,3}?(?:exacerbations?|flares?(?:-?\s?ups?)?|worsening|relapses?|episodes?|attacks?|recurrences?)"
    r"\b(?!-free)"
)
"""The beginning of words that name what a disease may do, and nobody wants: "acute exacerbation"."""

_REACH: Final = 60  # characters; a pattern for the end of a text is short


def just_before(pattern: re.Pattern[str], text: str, end: int, start: int = 0) -> re.Match[str] | None:
    """Where a pattern that ends in ``$`` matches the last of ``text[start:end]``; it is sought near the end only."""
    return pattern.search(text, max(start, end - _REACH), end)


class Sought:
    """A pattern with a first look: it is sought only in texts that hold one of its ``hints``.

    Whatever it matches holds one of them, as it is written; of a pattern for either case, in small letters.
    """

    __slots__ = ("_either_case", "hints", "pattern")

    def __init__(self, pattern: str, *hints: str, either_case: bool = False) -> None:
        self.pattern = re.compile(pattern, re.IGNORECASE if either_case else re.NOFLAG)
        self.hints = hints
        self._either_case = either_case

    def search(self, text: str, start: int = 0, end: int = sys.maxsize) -> re.Match[str] | None:
        """Its first match in ``text[start:end]``."""
        low = in_small_letters(text) if self._either_case else text
        for hint in self.hints:
            if hint in low:
                return self.pattern.search(text, start, end)
        return None


REQUIRING: Final = re.compile(r"(?:that\s+|which\s+)?(?:requir|need)", re.IGNORECASE)
"""The words behind an event that say what it made necessary: "that required"."""


@lru_cache(maxsize=8)
def in_small_letters(text: str) -> str:
    """A whole criterion in small letters, in which each of its sentences is given many first looks."""
    return text.lower()
