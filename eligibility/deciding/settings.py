"""In which setting an anticancer treatment was given, by what else is on record: "for metastatic disease"."""

from __future__ import annotations

from typing import Final

from eligibility.deciding import matching
from eligibility.deciding.cancers import is_cancer, metastatic
from eligibility.deciding.case import Case
from eligibility.knowledge.qualifiers import FOR_STUDIED, qualifiers
from eligibility.patient.facts import Fact
from eligibility.patient.profile import TreatmentFact
from eligibility.truth import Status

__all__ = ["in_setting"]

_WANTED: Final = frozenset(
    ("metastatic setting", "locally advanced or metastatic setting", "recurrent or metastatic setting", FOR_STUDIED)
)
_AXIS: Final = "setting"
_ANTICANCER: Final = "anticancer therapy"


def in_setting(case: Case, fact: Fact, wanted: str) -> Status:
    """Whether an anticancer treatment was given in the setting that an attribute names; unknown of any other attribute.

    Lines of therapy are counted from the first that was given for advanced disease, and are for the one cancer that
    there is. What began when there were metastases was given for these.
    """
    if wanted not in _WANTED or _is_told(fact):
        return Status.UNKNOWN
    cancers = [other for other in case.chart.conditions if is_cancer(other) and not other.negative]
    if len(cancers) != 1 or cancers[0].suspected:
        return Status.UNKNOWN
    of_a_line = isinstance(fact.raw, TreatmentFact) and fact.raw.line is not None
    if wanted == FOR_STUDIED:
        return Status.MET if of_a_line else Status.UNKNOWN
    if of_a_line and _has_spread(cancers[0]):
        return Status.MET
    systemic = _ANTICANCER in fact.name.up and matching.given("systemic", fact) is Status.MET
    return Status.MET if systemic and _after_metastases(case, fact) else Status.UNKNOWN


def _is_told(fact: Fact) -> bool:
    """Whether a setting is told with the treatment."""
    known = [qualifiers().find(text) for text in fact.qualifiers]
    return any(each is not None and each.axis == _AXIS for each in known)


def _has_spread(cancer: Fact) -> bool:
    how = any(matching.qualified(cancer, (text,)) is Status.MET for text in ("metastatic", "advanced"))
    return how or matching.stage(cancer, ("IV",)) is Status.MET


def _after_metastases(case: Case, fact: Fact) -> bool:
    spread = [other for other in case.chart.conditions if other.state == "there" and not other.suspected]
    return any(other.first_high <= fact.first_low for other in spread if any(map(metastatic, other.name.own)))
