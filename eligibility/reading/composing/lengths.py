"""Lengths of time among words: "within 4 weeks", "for at least 6 months"."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from eligibility.knowledge.words import COUNTED
from eligibility.reading.patterns import DIGIT, MEASURED


@lru_cache(maxsize=4096)
def holds_length(text: str) -> bool:
    """Whether words hold a length of time in figures: "within 4 weeks"."""
    return _may_hold_length(text) and _LENGTH.search(text) is not None


def _may_hold_length(text: str) -> bool:
    """A first look: whether there are a figure and a unit of a length of time."""
    if DIGIT.search(text) is None:
        return False
    low = text.lower()
    return any(unit in low for unit in _UNITS_OF_LENGTH)


@lru_cache(maxsize=4096)
def lengths_as(said: str, text: str) -> str:
    """The words with others for each length of time in them."""
    return _LENGTH.sub(said, text) if _may_hold_length(text) else text


def in_figures(text: str) -> str:
    """The words with the number of each length of time in figures, whatever it is: "for more than one year"."""
    low = text.lower()
    return _IN_WORDS.sub("1", text) if any(unit in low for unit in _UNITS_OF_TIME) else text


_UNITS_OF_TIME: Final = ("minute", "hour", "day", "week", "month", "year")
_IN_WORDS: Final = re.compile(
    rf"\b(?:an?|{'|'.join(COUNTED)}|several|a few)"
    r"(?=\s+(?:(?:consecutive|calendar|full|completed)\s+)?(?:minute|hour|day|week|month|year)s?\b)",
    re.IGNORECASE,
)


def is_measured(text: str) -> bool:
    """Whether words hold a number, or a sign, other than that of a length of time."""
    return MEASURED.search(text) is not None and MEASURED.search(lengths_as(" ", text)) is not None


_LENGTH: Final = re.compile(  # how long, or when: no number of what is counted
    r"(?:(?<!\w)(?=\w)|(?=[<>≤≥=(]))"  # where one can begin
    r"(?:\b(?:and|but|or)\s+"
    r"(?=(?:for|no (?:more|less|later|earlier)|at least|at most|up to|until|through|within)\b[^.;,]{0,14}?\d))?"
    r"(?:(?:\b(?:within|for|over|during|in|at least|at most|up to|(?:no )?(?:more|less|longer|fewer|greater) than"
    r"|approximately|about|a minimum of|a maximum of|between|from|every|the|an?|next|last|past|previous|first"
    r"|following)|[<>≤≥=]=?)\s*)*"
    r"(?:\b\d+\s*(?:-|–|to|and|or)\s*)?\(?\b\d+\)?[\s-]*(?:(?:consecutive|calendar|business|working|completed|full)\s+)?"
    r"(?:minutes?|mins?|hours?|hrs?|days?|weeks?|months?|years?|half-li(?:fe|ves)|miles?|kilomet(?:er|re)s?|km)\b"
    r"(?:\s+radius)?(?:['’](?=\s))?",
    re.IGNORECASE,
)
_UNITS_OF_LENGTH: Final = (
    "min", "hour", "hr", "day", "week", "month", "year", "half-li", "mile", "kilomet", "km",
)  # fmt: skip
