"""What a profile's facts are compiled to."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from eligibility.knowledge import words
from eligibility.patient import names
from eligibility.patient.chart import chart_of
from eligibility.patient.facts import FUTURE
from eligibility.patient.names import name_of
from eligibility.patient.profile import PatientProfile

ON = date(2026, 11, 1)


def profile(**fields: Any) -> PatientProfile:
    return PatientProfile.model_validate({"as_of": ON} | fields)


@pytest.mark.parametrize(
    ("raw", "state", "ends"),
    [
        ({"name": "pembrolizumab", "start": "2026-01-01"}, "there", True),
        ({"name": "pembrolizumab", "start": "2026-01-01", "end": "2026-05-01"}, "resolved", False),
        ({"name": "pembrolizumab", "start": "2026-12-01"}, "planned", True),
        ({"name": "hysterectomy", "kind": "surgery", "start": "2026-01-01"}, "resolved", False),
        ({"name": "pembrolizumab", "status": "never"}, "absent", False),
    ],
)
def test_treatments_without_a_status(raw: dict[str, Any], state: str, ends: bool) -> None:
    (fact,) = chart_of(profile(treatments=[raw]), ON).treatments
    assert fact.state == state
    assert (fact.last_high == FUTURE) is ends


def test_names() -> None:
    assert name_of("metastatic breast cancer", "condition").qualifiers == ("metastatic",)
    assert name_of("lung adenocarcinoma", "condition").exact
    assert not name_of("Quexal-Morn disorder", "condition").placed


def test_both_pressures() -> None:
    found = chart_of(profile(observations=[{"name": "blood pressure", "value": "124/76", "unit": "mmHg"}]), ON)
    assert [one.value for one in found.seen("systolic blood pressure")] == [124.0]


def test_a_chart_is_kept_with_its_profile_and_not_with_a_copy() -> None:
    one = profile(sex="female")
    assert chart_of(one, ON) is chart_of(one, ON)
    assert chart_of(one.model_copy(update={"sex": "male"}), ON).sex == "male"
    assert one == profile(sex="female")
    assert "_chart" not in one.model_dump()


def test_a_name_of_the_vocabulary_is_one_object() -> None:
    (one,), (other,) = (chart_of(profile(conditions=[{"name": "Hypertension"}]), ON).conditions for _ in range(2))
    assert one.name is other.name
    assert one.name.listed


@pytest.mark.parametrize(
    "name", ["Quexal-Morn disorder", "severe Quexal hypertension", "allergy to quexalin", "quexalin and Morn disease"]
)
def test_nothing_that_is_written_of_a_patient_outlives_the_profile(name: str) -> None:
    facts = {
        "conditions": [
            {"name": name},
            {"name": f"hypertension ({name})", "code": {"system": "icd10cm", "code": "I10"}},
        ],
        "treatments": [{"name": name, "qualifiers": ["major"]}],
        "allergies": [{"name": name}],
        "observations": [{"name": name, "value": 3}],
    }
    words.keys.cache_clear()
    words._known.clear()
    compiled = chart_of(profile(**facts), ON)
    told = {word for word in words.afresh()(name) if "quexal" in word}
    assert told
    assert not any("quexal" in word.lower() for word in words._known)
    assert not any("quexal" in str(place).lower() for kept in (names._names, names._analytes) for place in kept)
    assert {fact.name.listed for fact in (*compiled.conditions, *compiled.treatments)} == {False}
