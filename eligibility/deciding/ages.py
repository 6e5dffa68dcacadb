"""Age, in completed years, months, weeks, days or hours."""

from __future__ import annotations

from datetime import date
from typing import Final, Literal

from eligibility.deciding import timing
from eligibility.deciding.case import Case, Decider
from eligibility.deciding.comparing import Gauge, compare, gauge
from eligibility.deciding.verdict import Cause, Verdict, asked
from eligibility.patient.chart import Chart
from eligibility.patient.profile import Interval
from eligibility.rules import Age, Limit, Sex
from eligibility.truth import Status, of

__all__ = ["age", "born", "completed", "sex"]

Unit = Literal["years", "months", "weeks", "days"]


def born(chart: Chart) -> tuple[int, int] | None:
    """The first and the last day on which the patient may have been born."""
    profile = chart.profile
    if profile.birth_date is not None:
        return profile.birth_date.low, profile.birth_date.high
    if profile.age is None:
        return None
    value, unit = profile.age.value, profile.age.unit
    if unit in ("weeks", "days"):
        length = 7 if unit == "weeks" else 1
        return chart.as_of - int((value + 1) * length) + 1, chart.as_of - int(value * length)
    months = 12 if unit == "years" else 1
    return (
        timing.months_back(chart.as_of, int((value + 1) * months)) + 1,
        timing.months_back(chart.as_of, int(value * months)),
    )


def _months(birth: int, day: int) -> int:
    """Completed months; of somebody born on a day that the month has not, completed on the first of the next."""
    then, now = date.fromordinal(birth), date.fromordinal(day)
    return (now.year - then.year) * 12 + now.month - then.month - (now.day < then.day)


def _count(birth: int, day: int, unit: str) -> int:
    match unit:
        case "days":
            return day - birth
        case "weeks":
            return (day - birth) // 7
        case "months":
            return _months(birth, day)
        case _:
            return _months(birth, day) // 12


def completed(case: Case, unit: Unit | str) -> tuple[int, int] | None:
    """The least and the greatest age that the patient may have on the day."""
    days = born(case.chart)
    if days is None:
        return None
    first, last = days
    if unit == "hours":  # at what hour somebody was born is not known, nor that of the day itself
        return max(0, (case.on - last - 1) * _HOURS), (case.on - first + 1) * _HOURS - 1
    least = _count(last, case.on, unit)
    if first == last:
        return least, least
    profile = case.chart.profile
    stated = profile.age
    if profile.birth_date is None and stated is not None and stated.unit == unit and case.on == case.chart.as_of:
        return int(stated.value), int(stated.value)
    return least, _count(first, case.on, unit)


_HOURS: Final = 24  # of a day


def age(rule: Age) -> Decider:
    """Whether the patient's completed age lies within the limit; years and a half are so many months."""
    limit = rule.limit
    unit = limit.unit or "years"
    if unit == "years" and any(bound is not None and bound != int(bound) for bound in (limit.low, limit.high)):
        low, high = (None if bound is None else bound * 12 for bound in (limit.low, limit.high))
        limit = limit.model_copy(update={"low": low, "high": high, "unit": "months"})
        unit = "months"
    exact = gauge(limit)
    return lambda case: _age(case, rule, limit, unit, exact)


_NO_AGE = asked("age", ("value",), "caller", unit="years")
_NO_BIRTH_DATE = asked("birth date", ("value",), "caller")
_NO_SEX = asked("sex", ("value",), "caller")


def _age(case: Case, rule: Age, limit: Limit, unit: str, exact: Gauge) -> Verdict:
    found = completed(case, unit)
    if found is None:
        return Verdict(Status.UNKNOWN, rule, case, (), Cause.MISSING, _NO_AGE)
    low, high = found
    status = exact(low) if low == high else compare(Interval(float(low), float(high)), limit)
    if status is Status.UNKNOWN:
        return Verdict(status, rule, case, (), Cause.IMPRECISE, _NO_BIRTH_DATE)
    return Verdict(status, rule, case)


def sex(case: Case, rule: Sex) -> Verdict:
    """The patient's sex."""
    known = case.chart.sex
    if known is None:
        return Verdict(Status.UNKNOWN, rule, case, (), Cause.MISSING, _NO_SEX)
    return Verdict(of(known == rule.sex), rule, case)
