"""Windows that count from a treatment on record."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from eligibility import PatientProfile, evaluate, read_criterion
from eligibility.truth import Status

LAST_DOSE = date(2024, 6, 1)
DAYS = st.integers(min_value=1, max_value=400)


def patient(relapsed: int) -> PatientProfile:
    return PatientProfile.model_validate(
        {
            "as_of": date(2026, 11, 1),
            "treatments": [{"name": "rituximab", "start": date(2024, 1, 1), "end": LAST_DOSE}],
            "conditions": [{"name": "relapse", "onset": LAST_DOSE + timedelta(days=relapsed)}],
            "complete": ["treatments", "conditions"],
        }
    )


def decided(text: str, relapsed: int) -> Status:
    return evaluate(read_criterion(text), patient(relapsed)).status


@given(DAYS, DAYS)
def test_within_so_many_days_and_more_than_so_many_are_opposites(days: int, relapsed: int) -> None:
    within = decided(f"Relapse within {days} days after the last dose of rituximab", relapsed)
    beyond = decided(f"Relapse more than {days} days after the last dose of rituximab", relapsed)
    assert {within, beyond} == {Status.MET, Status.UNMET}
    assert (within is Status.MET) is (relapsed <= days)


@given(DAYS, DAYS, DAYS)
def test_what_lies_within_some_days_lies_within_more(days: int, more: int, relapsed: int) -> None:
    if decided(f"Relapse within {days} days of rituximab", relapsed) is Status.MET:
        assert decided(f"Relapse within {days + more} days of rituximab", relapsed) is Status.MET


def test_the_treatment_is_among_the_facts_and_the_reason() -> None:
    verdict = evaluate(read_criterion("Relapse during or within 60 days of completing rituximab"), patient(30))
    assert [fact.name for fact in verdict.facts] == ["relapse", "rituximab"]
    assert verdict.reason == (
        "recurrence of a disease during or within 60 days after rituximab: relapse active (since 2024-07-01), "
        "rituximab completed (2024-01-01 to 2024-06-01)."
    )


def test_a_day_that_the_profile_names_outranks_the_record() -> None:
    profile = patient(30).model_copy(update={"anchors": {}})
    dated = PatientProfile.model_validate({**profile.model_dump(), "anchors": {"rituximab": date(2020, 1, 1)}})
    criterion = read_criterion("Relapse within 60 days of rituximab")
    assert evaluate(criterion, profile).status is Status.MET
    assert evaluate(criterion, dated).status is not Status.MET
