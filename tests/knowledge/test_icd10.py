"""Diagnoses by a code that no entry of the vocabulary has."""

from __future__ import annotations

import pytest

from eligibility import PatientProfile, evaluate, read_criterion
from eligibility.knowledge.icd10 import diagnosis


@pytest.mark.parametrize(
    ("code", "name", "exact"),
    [
        ("E66.3", "overweight", True),  # within "overweight and obesity", and no obesity
        ("E11.65", "type 2 diabetes mellitus", False),
        ("e1165", "type 2 diabetes mellitus", False),
        ("C50.911", "breast cancer", False),
        ("J44.1", "chronic obstructive pulmonary disease", False),
    ],
)
def test_a_code_stands_for_the_nearest_that_is_known(code: str, name: str, exact: bool) -> None:
    """Its own description, or that of the category above it, in any spelling of the code."""
    found = diagnosis(code)
    assert found is not None
    assert (found[0].name, found[1]) == (name, exact)


@pytest.mark.parametrize("code", ["Z85.3", "Z80.3", "W01.0", "R10.2", "nothing", ""])
def test_histories_causes_and_what_nobody_knows_stand_for_nothing(code: str) -> None:
    """A personal or family history of a cancer is none, a fall no disease."""
    assert diagnosis(code) is None


def profile(status: str) -> PatientProfile:
    fact = {"name": "T2DM w/ hyperglyc.", "status": status, "code": {"system": "ICD-10-CM", "code": "E11.65"}}
    return PatientProfile.model_validate({"as_of": "2026-11-01", "conditions": [fact]})


def test_who_has_the_narrower_has_the_broader_but_its_absence_says_less() -> None:
    """A diabetes with hyperglycemia is a diabetes; without hyperglycemia there may be another one."""
    criterion = read_criterion("Type 2 diabetes mellitus", kind="exclusion")
    assert evaluate(criterion, profile("active")).status == "met"
    assert evaluate(criterion, profile("absent")).status == "unknown"
