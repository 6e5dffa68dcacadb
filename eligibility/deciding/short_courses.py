"""For how long something was given at most: "for no more than 14 days", "a short course (< 2 weeks)"."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from eligibility.deciding import timing
from eligibility.deciding.case import Case
from eligibility.knowledge.words import COUNTED
from eligibility.patient.facts import FUTURE, Fact
from eligibility.rules import Duration
from eligibility.truth import Status, negate

__all__ = ["courses"]


def courses(case: Case, fact: Fact, wanted: tuple[str, ...]) -> dict[str, Status]:
    """Which of the attributes say for how long something was given at most, and whether it was: by its days.

    What goes on may go on for longer. Where a text says how long a short course is, whatever is no longer is one.
    """
    limits = {text: length for text in wanted if (length := _longest(text)) is not None}
    found = {text: negate(_exceeds(case, fact, length)) for text, length in limits.items()}
    if Status.MET in found.values():
        found |= {text: Status.MET for text in wanted if text in _SHORT}
    return {text: status for text, status in found.items() if status is not Status.UNKNOWN}


def _exceeds(case: Case, fact: Fact, length: Duration) -> Status:
    longer = timing.long_enough(case, fact, length)
    return Status.UNKNOWN if longer is Status.UNMET and fact.last_high == FUTURE else longer


@lru_cache(maxsize=4096)
def _longest(text: str) -> Duration | None:
    """How long an attribute says that something lasted at most, as what it did not reach; None of any other."""
    said = _AT_MOST.fullmatch(text)
    if said is None:
        return None
    number = said["number"].lower()
    value = _NUMBERS[number] if number in _NUMBERS else float(number)
    return Duration(value=value, unit=f"{said['unit'].lower()}s", exceeded=said["less"] is None)  # type: ignore[arg-type]


_NUMBERS: Final = {word: float(number) for word, number in COUNTED.items()} | {"a": 1.0, "an": 1.0}
_AT_MOST: Final = re.compile(
    r"(?:(?:for|lasting|given\s+for|of|over|in|during|with)\s+)?(?:an?\s+)?(?:(?:total\s+)?(?:duration|course|period)\s+of\s+)?"
    r"(?:(?P<less>less\s+than|fewer\s+than|shorter\s+than|under|<(?!=))"
    r"|(?:an?\s+)?maximum\s+of|up\s+to|at\s+most|(?:no|not)\s+(?:more|longer|greater)\s+than|not\s+exceeding|≤|<=)\s*"
    rf"(?P<number>\d+(?:\.\d+)?|{'|'.join(_NUMBERS)})[\s-]*(?P<unit>day|week|month|year)s?"
    r"(?:\s+(?:of\s+(?:treatment|therapy|use)|in\s+duration|in\s+total|duration|total))?"
    r"(?:\s+(?:prior\s+to|before)\s+[a-z][\w\s-]*)?",
    re.IGNORECASE,
)
_SHORT: Final = frozenset(
    ("short term", "short-term", "short", "brief", "short course", "short courses", "temporary", "limited")
)
