"""The case: one patient on one day, with what a person has set."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, Final, TypeAlias

from eligibility.knowledge import words
from eligibility.knowledge.vocabulary import vocabulary
from eligibility.patient.chart import Chart
from eligibility.rules import Rule

if TYPE_CHECKING:
    from eligibility.deciding.verdict import Verdict

__all__ = ["STANDARD", "Case", "Decider", "Settings"]

Decider: TypeAlias = "Callable[[Case], Verdict]"
"""A rule made ready: what of it is the same for every patient has been worked out."""

Range: TypeAlias = tuple[float | None, float | None]


@dataclass(frozen=True, slots=True)
class Settings:
    """What may be set by the user.

    ``stale_days``: a lab, a vital sign or a performance status older than this is out of date where the text names no
    window. ``reference_ranges``: the limits of the normal range to be taken where an observation has none of its own,
    by the canonical name of the measurement, in its canonical unit.
    """

    stale_days: int = 90
    reference_ranges: dict[str, Range] = field(default_factory=dict)


STANDARD = Settings()


class Case:
    """One chart on one day, a day number. ``neutral``: whether what does not concern the patient holds, or does not.

    ``answers`` and ``arm`` are those of the profile, which every criterion asks for.
    """

    __slots__ = ("_anchors", "answers", "arm", "chart", "neutral", "on", "settings", "windows")

    def __init__(self, chart: Chart, on: int, settings: Settings = STANDARD) -> None:
        """Of a compiled chart on the day number ``on``."""
        self.chart = chart
        self.answers = chart.profile.answers
        self.arm = chart.profile.arm
        self.neutral = True
        self.on = on
        self.settings = settings
        self.windows: dict[int, tuple[int, int, int, int]] | None = None
        self._anchors: dict[str, tuple[int, int]] | None = None

    def decide(self, rule: Rule) -> Verdict:
        """The verdict on a rule that is part of another one: an exception, a scale."""
        from eligibility.deciding.evaluate import decide  # noqa: PLC0415 - which decides by the modules that call this

        return decide(self, rule)

    def anchor(self, name: str) -> tuple[int, int] | None:
        """The first and the last day on which an anchor may be; None where it is an event that no profile dates."""
        found = self._dated(name)
        return (self.on, self.on) if found is None and self._begins_with_trial(name) else found

    def _begins_with_trial(self, name: str) -> bool:
        """Whether an anchor is the first dose of a drug that the patient has not had, which is that of the trial."""
        drug = _first_given(name)
        return drug is not None and all(
            drug not in fact.name.own and fact.raw.name.lower() != drug for fact in self.chart.treatments
        )

    def _dated(self, name: str) -> tuple[int, int] | None:
        if not self.chart.profile.anchors:
            return (self.on, self.on) if name in _ANCHORS else None
        if self._anchors is None:
            self._anchors = {
                canonical_anchor(text): (days.low, days.high) for text, days in self.chart.profile.anchors.items()
            }
        name = name if name in _ANCHORS else _own_anchor(name)
        found = self._anchors.get(name)
        return found if found is not None or name not in _ANCHORS else (self.on, self.on)


_ANCHORS: Final = {
    "randomisation": ("randomization", "randomisation", "randomized", "randomised"),
    "first dose": ("first dose", "cycle 1 day 1", "c1d1", "treatment", "study drug", "day 1", "baseline"),
    "enrolment": ("enrol", "registration", "study entry", "inclusion"),
    "consent": ("consent",),
    "screening": ("screening",),
}  # fmt: skip


_OVER: Final = re.compile(r"\b(?:end|last|complet|stop|discontinu|after)")  # "end of treatment" is not its start


@lru_cache(maxsize=1024)
def canonical_anchor(text: str) -> str:
    """``Start of study treatment`` >> ``first dose``; an event of the patient is left."""
    low = " ".join(text.lower().split())
    if low in _ANCHORS:
        return low
    for name, phrases in _ANCHORS.items() if _OVER.search(low) is None else ():
        if any(phrase in low for phrase in phrases):
            return name
    return _own_anchor(text)


@lru_cache(maxsize=1024)
def _first_given(text: str) -> str | None:
    """The drug whose first dose an anchor is: "starting ruxolitinib"; a code stands for one that has no name yet."""
    said = _FIRST_DOSE.fullmatch(text)
    name = (said["started"] or said["given"]) if said is not None else ""
    entry = vocabulary().find(name, "treatment") if name else None
    if entry is not None:
        return entry.name if entry.facts.get("type") == "drug" else None
    return name if name and _CODE.fullmatch(name) else None


_FIRST_DOSE: Final = re.compile(
    r"(?:(?:planned\s+)?start(?:ing)?(?:\s+of)?|initiating|beginning|commencing|first)\s+(?P<started>\S.*?)"
    r"(?:\s+(?:first\s+)?(?:dose|administration|infusion|injection))?|(?P<given>\S.*?)\s+first\s+dose"
)
_CODE: Final = re.compile(r"[a-z]{1,5}[ -]?\d{2,}\w*")


@lru_cache(maxsize=1024)
def _own_anchor(text: str) -> str:
    """An event of the patient: its name in the vocabulary, else its own words."""
    entry = vocabulary().find(text)
    return entry.name if entry is not None else words.phrase(text)
