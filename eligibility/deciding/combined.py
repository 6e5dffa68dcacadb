"""What a treatment was given together with: "in combination with chemotherapy", "alone or together with metformin"."""

from __future__ import annotations

from typing import Final

from eligibility.deciding import matching
from eligibility.deciding.case import Case
from eligibility.deciding.matching import Fit
from eligibility.knowledge.attributes import related
from eligibility.patient.facts import FUTURE, Fact
from eligibility.rules import Concept
from eligibility.truth import Status

__all__ = ["combined"]


def combined(case: Case, fact: Fact, wanted: str) -> Status:
    """Whether a treatment was given with what an attribute names, by what else is on record; unknown for any other
    attribute.

    What is given on the same days is given together. Of a list that is complete, what is not there was not given.
    """
    tie = related(wanted) if wanted.startswith(_BEGINNINGS) else None
    if tie is None or any(kind != "treatment" or name in _OF_THE_STUDY for kind, name in tie.names):
        return Status.UNKNOWN
    named = [Concept(name=name) for _, name in tie.names]
    if len(fact.name.own) > 1 and any(matching.fit(fact, each, "treatment") is Fit.IS for each in named):
        return Status.MET
    beside = [other for other in case.chart.treatments if other is not fact and _may_overlap(other, fact)]
    fits = [(other, _fit(other, named)) for other in beside]
    surely = [other for other, how in fits if how is Fit.IS and _overlaps(case, other, fact)]
    closed = "treatments" in case.chart.closed
    if tie.relation == _TOGETHER:
        if surely:
            return Status.MET
        return Status.UNMET if closed and all(how is Fit.IS_NOT for _, how in fits) else Status.UNKNOWN
    if any(how is not Fit.IS and _is_of_its_kind(fact, other) for other, how in fits):
        return Status.UNKNOWN  # it may have been combined with that, too
    return Status.MET if surely or (closed and not beside) else Status.UNKNOWN


_TOGETHER: Final = "together with"
_BEGINNINGS: Final = (f"{_TOGETHER} ", f"alone or {_TOGETHER} ")
_OF_THE_STUDY: Final = frozenset(("study treatment",))


def _fit(fact: Fact, named: list[Concept]) -> Fit:
    """How a treatment stands to what is named: that it is any of it, that it may be, or that it is none."""
    found = [matching.fit(fact, each, "treatment") for each in named]
    for how in (Fit.IS, Fit.MAY_BE, Fit.UNPLACED):
        if how in found:
            return how
    return Fit.IS_NOT


def _is_of_its_kind(fact: Fact, other: Fact) -> bool:
    """Whether another treatment may be one of those that a treatment is combined with: of a class that both are of, or
    of none that is known."""
    return not other.name.placed or not (fact.name.up & other.name.up) <= _OF_ALL_KINDS


_OF_ALL_KINDS: Final = frozenset(("drug", "biologic", "monoclonal antibody", "CYP3A4 substrate"))
"""Classes of what is used for nothing in common."""


def _may_overlap(other: Fact, fact: Fact) -> bool:
    return not other.negative and other.first_low <= fact.last_high and fact.first_low <= other.last_high


def _overlaps(case: Case, other: Fact, fact: Fact) -> bool:
    """Whether two treatments were surely given on the same days; beside one that goes on, on the day of screening."""
    if fact.last_low == FUTURE and other.last_low < case.on:
        return False
    return other.first_high <= fact.last_low and fact.first_high <= other.last_low
