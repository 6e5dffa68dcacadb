"""The arms that a bullet, a line of it or a part of a line is for."""

from __future__ import annotations

from datetime import date

import pytest

import eligibility
from eligibility.patient.profile import PatientProfile
from eligibility.rules import Criterion, ForArms, Trial, walk

ON = date(2026, 11, 1)


def trial(*bullets: str) -> Trial:
    return eligibility.read_trial("Inclusion Criteria:\n\n" + "\n".join(f"* {bullet}" for bullet in bullets) + "\n")


def only(text: str) -> Criterion:
    return trial("Age 18 years or older", text, "Written consent").criteria[1]


@pytest.mark.parametrize(
    ("text", "arms"),
    [
        ("Cohort A: ECOG 0-1", ("Cohort A",)),
        ("(Cohort A) ECOG 0-1", ("Cohort A",)),
        ("ECOG 0-1 (Cohort A)", ("Cohort A",)),
        ("Part 1 only: ECOG 0-1", ("Part 1",)),
        ("For Cohorts A and B: ECOG 0-1", ("Cohort A", "Cohort B")),
        ("ECOG 0-1 (applies only to Cohorts 1 - 3)", ("Cohort 1", "Cohort 2", "Cohort 3")),
        ("Patients enrolled in Part B must have ECOG 0-1", ("Part B",)),
        ("In Part 2, patients must have ECOG 0-1", ("Part 2",)),
        ("Expansion Cohort A: ECOG 0-1", ("Cohort A",)),
        ("Part A (Cohorts 1 and 2): ECOG 0-1", ("Part A", "Cohort 1", "Cohort 2")),
    ],
)
def test_the_label_of_an_arm_is_no_part_of_the_rule(text: str, arms: tuple[str, ...]) -> None:
    criterion = only(text)
    assert criterion.arms == arms
    assert not criterion.unread
    assert criterion.rule.kind == "measurement"


def test_what_more_a_label_says_is_not_lost() -> None:
    assert only("ECOG 0-1 (only for resectable tumours of Cohort A)").rule.kind == "conditional"
    assert any(part.kind == "condition" for _, part in walk(only("Cohort A (lymphoma): ECOG 0-1").rule))


@pytest.mark.parametrize("text", ["Stage I - III melanoma", "Part of a family with asthma", "Arm pain: none"])
def test_words_that_name_no_arm(text: str) -> None:
    assert only(text).arms == ()


@pytest.mark.parametrize(
    "text",
    [
        "Cohort A: ECOG 0-1; Cohort B: ECOG 0-2",
        "One of the following:\n  * Cohort A: ECOG 0-1\n  * Cohort B: ECOG 0-2",
    ],
)
def test_each_part_of_a_bullet_is_for_its_own_arm(text: str) -> None:
    criterion = eligibility.read_criterion(text)
    assert [part.arms for _, part in walk(criterion.rule) if isinstance(part, ForArms)] == [
        ("Cohort A",),
        ("Cohort B",),
    ]
    facts = {"as_of": ON, "observations": [{"name": "ECOG", "value": 2}]}

    def status(**more: object) -> str:
        return eligibility.evaluate(criterion, PatientProfile.model_validate({**facts, **more}), ON).status

    assert status(arm="Cohort A") == "unmet"
    assert status(arm="Cohort B") == "met"
    assert status() == "unknown"  # no arm is chosen


def test_a_trial_with_parts_for_arms_is_judged_arm_by_arm() -> None:
    found = trial("One of the following:\n  * Cohort A: ECOG 0-1\n  * Cohort B: ECOG 0-2", "Age 18 years or older")
    assert found.arms == ("Cohort A", "Cohort B")
    profile = PatientProfile.model_validate({"as_of": ON, "age": 50, "observations": [{"name": "ECOG", "value": 2}]})
    assert eligibility.screen(found, profile, ON).status == "eligible"


def test_where_one_arm_is_named_there_is_another() -> None:
    found = trial("Part 2 only: ECOG 0-1", "Age 18 years or older")
    profile = PatientProfile.model_validate({"as_of": ON, "age": 50, "observations": [{"name": "ECOG", "value": 2}]})
    assert eligibility.screen(found, profile, ON).status == "undetermined"
    young = PatientProfile.model_validate({"as_of": ON, "age": 12})
    assert eligibility.screen(found, young, ON).status == "ineligible"
