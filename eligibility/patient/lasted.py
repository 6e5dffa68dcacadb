"""For how long a fact is said to have been as it is: "stable for 3 months", "seizure-free since 2026-03"."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from eligibility.knowledge.words import COUNTED
from eligibility.patient.dates import DateRange, parse
from eligibility.rules import Duration

__all__ = ["Lasted", "lasted"]


@dataclass(frozen=True, slots=True)
class Lasted:
    """A state, and how long it is said to have lasted, or since when; ``at_least``: it may have lasted longer."""

    state: str
    length: Duration | None
    since: DateRange | None
    at_least: bool


@lru_cache(maxsize=4096)
def lasted(text: str) -> Lasted | None:
    """What words say of how long a state has lasted; None where they say no such thing."""
    if (said := _FOR.fullmatch(text)) is not None:
        number = said["number"].lower()
        value = _NUMBERS[number] if number in _NUMBERS else float(number)
        length = Duration(value=value, unit=f"{said['unit'].lower()}s")  # type: ignore[arg-type]
        return Lasted(said["state"], length, None, at_least=bool(said["least"] or said["more"]))
    if (said := _SINCE.fullmatch(text)) is not None:
        try:
            return Lasted(said["state"], None, parse(said["date"]), at_least=False)
        except ValueError:
            return None
    return None


_NUMBERS: Final = {word: float(number) for word, number in COUNTED.items()} | {"a": 1.0, "an": 1.0}
_FOR: Final = re.compile(
    r"(?P<state>\S.*?)\s*,?\s+(?:for|over|during|x)\s+(?P<least>at least|more than|over|>=?|≥)?\s*"
    rf"(?:the\s+)?(?:last|past|previous)?\s*(?P<number>\d+(?:\.\d+)?|{'|'.join(_NUMBERS)})[\s-]*"
    r"(?P<unit>hour|day|week|month|year)s?(?P<more>\s+(?:or more|or longer|now))?",
    re.IGNORECASE,
)
_SINCE: Final = re.compile(r"(?P<state>\S.*?)\s*,?\s+since\s+(?P<date>\d{4}(?:-\d\d){0,2})", re.IGNORECASE)
