"""Kleene's tables through rules; ages; answers; arms; screening."""

from __future__ import annotations

from datetime import date
from itertools import product
from typing import Any

import pytest

from eligibility.deciding.evaluate import evaluate
from eligibility.deciding.screen import screen
from eligibility.deciding.timing import months_back
from eligibility.errors import EligibilityError
from eligibility.patient.profile import PatientProfile
from eligibility.rules import Criterion, Trial

ON = date(2026, 11, 1)
LEAF: dict[str, dict[str, Any]] = {
    "met": {"kind": "constant", "holds": True, "why": "so"},
    "unmet": {"kind": "constant", "holds": False, "why": "so"},
    "unknown": {"kind": "unread", "text": "xyzzy"},
}


def status(rule: dict[str, Any], profile: dict[str, Any] | None = None, **more: Any) -> str:
    made = Criterion.model_validate({"id": "I-0", "kind": "inclusion", "text": "words", "rule": rule, **more})
    return str(evaluate(made, PatientProfile.model_validate({"as_of": ON} | (profile or {})), ON).status)


@pytest.mark.parametrize(("a", "b"), list(product(LEAF, LEAF)))
def test_kleene(a: str, b: str) -> None:
    parts = [LEAF[a], LEAF[b]]
    both = {a, b}
    assert status({"kind": "all", "parts": parts}) == (
        "unmet" if "unmet" in both else "unknown" if "unknown" in both else "met"
    )
    assert status({"kind": "any", "parts": parts}) == (
        "met" if "met" in both else "unknown" if "unknown" in both else "unmet"
    )
    assert status({"kind": "ambiguous", "readings": parts, "why": "two"}) == (a if a == b else "unknown")
    assert status({"kind": "not", "part": LEAF[a]}) == {"met": "unmet", "unmet": "met"}.get(a, "unknown")
    conditional = {"kind": "conditional", "when": LEAF["unknown"], "then": LEAF[a], "otherwise": LEAF[b]}
    assert status(conditional) == (a if a == b else "unknown")


@pytest.mark.parametrize(
    ("born", "low", "high", "want"),
    [
        ("2008-11-01", 18, None, "met"),
        ("2008-11-02", 18, None, "unmet"),
        ("1955-11-02", None, 70, "met"),
        ("1955-11-01", None, 70, "unmet"),
        ("2008", 18, None, "unknown"),
    ],
)
def test_birthdays(born: str, low: int | None, high: int | None, want: str) -> None:
    assert status({"kind": "age", "limit": {"low": low, "high": high, "unit": "years"}}, {"birth_date": born}) == want


def test_an_age_without_a_birth_date_moves_on() -> None:
    rule = {"kind": "age", "limit": {"low": 18, "unit": "years"}}
    assert status(rule, {"age": 18}) == "met"
    assert status(rule, {"age": 17}) == "unmet"
    assert status(rule, {"age": 17, "as_of": "2026-06-01"}) == "unknown"
    assert status(rule, {"age": 17, "as_of": "2025-10-31"}) == "met"


def test_months_are_the_calendars() -> None:
    assert months_back(date(2024, 3, 31).toordinal(), 1) == date(2024, 2, 29).toordinal()
    assert months_back(date(2025, 3, 31).toordinal(), 1) == date(2025, 2, 28).toordinal()
    assert months_back(date(2024, 2, 29).toordinal(), 12) == date(2023, 2, 28).toordinal()


def test_answers_are_to_the_words() -> None:
    rule = {"kind": "statement", "text": "able to swallow tablets", "topic": "ability"}
    for answers, want in (
        ({"able to swallow tablets": True}, "met"),
        ({"unable to swallow tablets": True}, "unmet"),
        ({"Patients must be able to swallow tablets.": False}, "unmet"),
        ({"able to swallow": True}, "unknown"),
        ({"I-0": False}, "unmet"),
    ):
        assert status(rule, {"answers": answers}, text="Must be able to swallow tablets") == want


def test_an_answer_against_a_fact_is_a_contradiction() -> None:
    rule = {"kind": "attribute", "attribute": "pregnant"}
    assert status(rule, {"pregnant": False, "answers": {"pregnant": True}}, text="Pregnant") == "unknown"


def test_known_and_not_known() -> None:
    rule = {"kind": "condition", "concept": {"name": "melanoma"}, "known": True}
    assert status(rule, {}, text="Known melanoma") == "unknown"
    assert status(rule, {"answers": {"known melanoma": "unknown"}}, text="Known melanoma") == "unmet"


def _trial() -> Trial:
    surgery = {
        "kind": "treatment",
        "concept": {"name": "pembrolizumab"},
        "window": {"start": {"value": 4, "unit": "weeks"}},
    }
    raw = [
        {
            "id": "I-1",
            "kind": "inclusion",
            "text": "adult",
            "rule": {"kind": "age", "limit": {"low": 18, "unit": "years"}},
        },
        {"id": "E-1", "kind": "exclusion", "text": "recent", "rule": surgery},
    ]
    return Trial.model_validate({"criteria": raw})


def test_ineligible_for_now_has_a_first_possible_date() -> None:
    profile = PatientProfile.model_validate(
        {
            "as_of": ON,
            "age": 40,
            "treatments": [{"name": "pembrolizumab", "start": "2026-09-01", "end": "2026-10-20"}],
            "complete": ["treatments"],
        }
    )
    found = screen(_trial(), profile, ON)
    assert (found.status, found.lasting, found.first_possible) == ("ineligible", False, date(2026, 11, 18))
    assert screen(_trial(), profile, date(2026, 11, 18)).status == "eligible"
    assert screen(_trial(), profile, date(2026, 11, 17)).status == "ineligible"


def test_an_override_is_that_persons_verdict() -> None:
    profile = PatientProfile.model_validate({"as_of": ON, "age": 40})
    found = screen(_trial(), profile, ON, {"E-1": {"status": "unmet", "by": "Dr. Roe", "why": "asked"}})
    assert found.status == "eligible"
    assert "Dr. Roe" in found.verdicts[1].reason
    with pytest.raises(EligibilityError, match="no criterion"):
        screen(_trial(), profile, ON, {"X-9": {"status": "met", "by": "Dr. Roe"}})


def test_what_is_open_and_who_can_answer() -> None:
    found = screen(_trial(), PatientProfile.model_validate({"as_of": ON}), ON)
    assert found.status == "undetermined"
    assert set(found.open) == {"caller", "chart"}


@pytest.mark.parametrize(
    ("first", "second", "want"), [(True, True, "met"), (True, False, "unmet"), (False, True, "unmet")]
)
def test_a_statement_of_two_things_is_settled_by_an_answer_to_each(first: bool, second: bool, want: str) -> None:
    text = "Agrees to avoid grapefruit and carry a diary"
    rule = {"kind": "statement", "text": text, "topic": "willingness"}
    told = {"agrees to avoid grapefruit": first, "agrees to carry a diary": second}
    assert status(rule, {"answers": told}, text=text) == want
    assert status(rule, {"answers": {"agrees to avoid grapefruit": True}}, text=text) == "unknown"


def test_a_criterion_for_another_arm_does_not_concern_the_patient() -> None:
    rule = {"kind": "for_arms", "arms": ["Arm B"], "part": LEAF["unmet"]}
    assert status(rule, {"arm": "Arm A"}) == "met"
    assert status(rule, {"arm": "Arm B"}) == "unmet"
    assert status(rule, {"arm": "Arm A"}, kind="exclusion") == "unmet"


def test_a_trial_is_judged_arm_by_arm() -> None:
    raw = [
        {"id": f"I-{arm}", "kind": "inclusion", "text": arm, "arms": [arm], "rule": LEAF[told]}
        for arm, told in (("Arm A", "unmet"), ("Arm B", "met"))
    ]
    trial = Trial.model_validate({"criteria": raw, "arms": ["Arm A", "Arm B"]})
    found = screen(trial, PatientProfile.model_validate({"as_of": ON}), ON)
    assert found.status == "eligible"
    assert {arm: str(one) for arm, one in found.arms.items()} == {"Arm A": "ineligible", "Arm B": "eligible"}
    alone = screen(trial, PatientProfile.model_validate({"as_of": ON, "arm": "Arm A"}), ON)
    assert (alone.status, alone.lasting) == ("ineligible", True)
