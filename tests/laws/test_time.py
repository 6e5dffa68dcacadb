"""Days are counted, not looked at: what moves together stays as it is."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from eligibility import PatientProfile, Verdict, evaluate
from eligibility.rules import Age, Criterion, Rule, walk
from eligibility.testing import ON, Fact, situations

DATES = ("onset", "start", "end", "date", "as_of", "birth_date")


def moved(value: Any, days: int, field: str = "") -> Any:
    match value:
        case dict():
            return {key: moved(each, days, key) for key, each in value.items()}
        case list():
            return [moved(each, days) for each in value]
        case str() if field in DATES:
            return (date.fromisoformat(value) + timedelta(days=days)).isoformat()
        case _:
            return value


def decide(rule: Rule, document: Fact, on: date) -> Verdict:
    criterion = Criterion(id="I-0", kind="inclusion", text="a criterion", rule=rule)
    return evaluate(criterion, PatientProfile.model_validate(document), on)


@given(situations(units=("days", "weeks")), st.integers(-3000, 3000))
@settings(max_examples=200)
def test_days_and_weeks_moved_by_any_number_of_days(situation: tuple[Rule, Fact], days: int) -> None:
    """Weeks are 7 days."""
    rule, document = situation
    assume(not any(isinstance(part, Age) for _, part in walk(rule)))
    then = decide(rule, moved(document, days), ON + timedelta(days=days))
    assert then.status == decide(rule, document, ON).status


@given(situations(), st.integers(-5, 15))
@settings(max_examples=200)
def test_all_moved_by_leap_cycles(situation: tuple[Rule, Fact], cycles: int) -> None:
    """Months and years are calendar ones. From 1901 to 2099 the calendar repeats every 1461 days; a profile holds no
    year of 400 years on."""
    rule, document = situation
    days = 1461 * cycles
    then = decide(rule, moved(document, days), ON + timedelta(days=days))
    assert then.status == decide(rule, document, ON).status


@given(situations(), st.integers(0, 800))
@settings(max_examples=250)
def test_a_verdict_stays_as_long_as_it_says(situation: tuple[Rule, Fact], days: int) -> None:
    """Every leaf carries the span of `on` in which it stays as it is."""
    rule, document = situation
    now = decide(rule, document, ON)
    first, last = now.stays
    assert first is None or first <= ON
    assert last is None or last >= ON
    day = ON + timedelta(days=days)
    if last is None or day <= last:
        assert decide(rule, document, day).status == now.status, (now.stays, day)
    if now.lasting:
        assert decide(rule, document, day).status == now.status
