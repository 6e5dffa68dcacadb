"""Conditions that are a level of something measured: an anemia, by the hemoglobin and its reference range."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from eligibility.deciding import ages, observing
from eligibility.deciding.case import Case, Decider
from eligibility.deciding.verdict import Cause, Verdict
from eligibility.knowledge.qualifiers import qualifiers
from eligibility.knowledge.tables import Level, levels
from eligibility.patient.facts import Fact
from eligibility.rules import Concept, Condition, Duration, Finding, Limit, Measurement, Window
from eligibility.truth import Status, negate

__all__ = ["by_its_level"]

_ADULT: Final = 18


def by_its_level(rule: Condition, decided: Decider) -> Decider | None:
    """The decision on a condition of which the value that it is a level of may tell; None of any other.

    ``decided``: the decision by what is listed. What is listed and the value may be at odds.
    """
    level = None if rule.concept.open else levels().get(rule.concept.name)
    if level is None or rule.time == "planned" or rule.exceptions or rule.other or rule.stages or rule.count:
        return None
    shows = True in level.tells and _asks_for_presence(rule)
    denies = False in level.tells and _is_denied_by_its_absence(rule)
    if not (shows or denies):
        return None
    measured = [_Measured(rule, level, analyte) for analyte in level.numbers]
    normal = Finding(test=Concept(name=level.test), result="normal", window=rule.window) if level.test else None

    def told(case: Case) -> Verdict:
        verdict = decided(case)
        if verdict.status is Status.MET or verdict.cause is Cause.CONTRADICTION:
            return verdict
        value = _all_told(case, level, measured) if normal is None else _by_result(case, normal)
        if value is None:
            return verdict
        if value.status is Status.MET and shows:
            if verdict.status is Status.UNMET:
                used = (*verdict.used, *value.used)
                return Verdict(Status.UNKNOWN, rule, case, used, Cause.CONTRADICTION, value.needs)
            return Verdict(Status.MET, rule, case, value.used, detail=value.detail)
        if value.status is Status.UNMET and denies and verdict.status is Status.UNKNOWN:
            listed = (fact for fact in verdict.used if isinstance(fact, Fact))
            if not any(fact.state == "there" and rule.concept.name in fact.name.up for fact in listed):
                return Verdict(Status.UNMET, rule, case, value.used, detail=value.detail)
        return verdict

    return told


def _asks_for_presence(rule: Condition) -> bool:
    """Whether no more is asked of a condition than that it is there."""
    return not (set(rule.qualifiers) - {"active"} or rule.grade or rule.lasting) and rule.moment == "any"


def _is_denied_by_its_absence(rule: Condition) -> bool:
    """Whether a condition that is not there now is not as the rule asks for it: neither severe nor symptomatic."""
    if rule.time == "ever" or rule.window is not None or (rule.grade is not None and not rule.grade.low):
        return False
    known = qualifiers()
    axes = [found.axis if (found := known.find(text)) is not None else "" for text in rule.qualifiers]
    if any(axis not in _OF_WHAT_IS_THERE for axis in axes):
        return False
    return not any(known.implies(text, over) for text in rule.qualifiers for over in _OVER)


_OF_WHAT_IS_THERE: Final = frozenset(
    ("severity", "seriousness", "control", "symptoms", "activity", "acuity", "significance", "stability", "correction")
)


def _by_result(case: Case, normal: Finding) -> Verdict | None:
    """Whether a test is not normal; None where that is open."""
    found = case.decide(normal)
    return None if found.status is Status.UNKNOWN else Verdict(negate(found.status), normal, case, found.used)


_OVER: Final = ("controlled", "inactive", "corrected")


def _all_told(case: Case, level: Level, measured: Sequence[_Measured]) -> Verdict | None:
    """What the values say together; None where that is open."""
    if not level.least:
        return next((found for each in measured if (found := each.told(case)) is not None), None)
    told = [each.told(case) for each in measured]
    beyond = [found for found in told if found is not None and found.status is Status.MET]
    if beyond:
        return beyond[0]
    if None in told[: level.least]:
        return None
    known = [found for found in told if found is not None]
    used = tuple([value for found in known for value in found.used])
    return Verdict(Status.UNMET, known[0].rule, case, used)


class _Measured:
    """What one measurement says of the condition that a rule asks for."""

    __slots__ = ("_beyond", "_surely", "_surely_not")

    def __init__(self, rule: Condition, level: Level, analyte: str) -> None:
        self._beyond: Measurement | None
        self._surely: Measurement | None
        self._surely_not: Measurement | None
        window = rule.window
        if window is None and level.days is not None:
            window = Window(start=Duration(value=level.days, unit="days"))
        begins, ends = level.numbers[analyte]
        above = level.above

        def asked(limit: Limit) -> Measurement:
            return Measurement(analyte=Concept(name=analyte), limit=limit, window=window, site=rule.site)

        entry = observing.entry_of(analyte)
        unit = str(entry.facts.get("unit", "")) if entry is not None else ""
        over = Limit(low=1.0, low_inclusive=False, of="ULN")
        under = Limit(high=1.0, high_inclusive=False, of="LLN")
        self._beyond = asked(over if above else under) if level.by_range else None
        self._surely = self._surely_not = None
        if begins is not None:
            low, high = Limit(low=begins, unit=unit), Limit(high=begins, high_inclusive=False, unit=unit)
            self._surely = asked(low if above else high)
        if ends is not None:
            low, high = Limit(low=ends, unit=unit), Limit(high=ends, high_inclusive=ends != begins, unit=unit)
            self._surely_not = asked(high if above else low)

    def told(self, case: Case) -> Verdict | None:
        """The verdict on whether the value is beyond; None where that is open, or it was not measured."""
        if self._beyond is not None:
            found = case.decide(self._beyond)
            if found.status is not Status.UNKNOWN:
                return found
        if self._surely is None and self._surely_not is None:
            return None
        age = ages.completed(case, "years")
        if age is None or age[0] < _ADULT:
            return None
        if self._surely is not None and (found := case.decide(self._surely)).status is Status.MET:
            return found
        if self._surely_not is not None and (found := case.decide(self._surely_not)).status is Status.MET:
            return Verdict(Status.UNMET, found.rule, case, found.used, detail=found.detail)
        return None
