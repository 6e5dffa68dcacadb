from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

from eligibility.errors import ProfileError
from eligibility.patient.dates import DateRange
from eligibility.patient.profile import Age, Interval, PatientProfile, check

HERE = Path(__file__).parent
FULL = """\
id: 007
as_of: 2026-11-01
birth_date: 1961
sex: Female
pregnant: no
observations:
  - {name: viral load, value: "<20", unit: copies/mL, date: 2026-03}
  - {name: LVEF, value: 55%}
  - {name: blood pressure, value: 124/76, code: {system: LOINC, code: 777-3}}
conditions:
  - {name: melanoma, grade: II, qualifiers: metastatic, status: not_current, source: {who: J. Doe, when: 2026}}
treatments:
  - {name: cisplatin, date: {from: 2026-10-05, to: 2026-10-20}, dose: 75, unit: mg/m2}
answers:
  able to walk: yes
  adequate venous access: unknown
complete: [conditions]
anchors: {first dose: 2026-11-15}
"""


@pytest.fixture
def full(tmp_path: Path) -> PatientProfile:
    path = tmp_path / "patient.yaml"
    path.write_text(FULL, encoding="utf-8")
    return PatientProfile.load(path)


def test_fields(full: PatientProfile) -> None:
    viral, lvef, pressure = full.observations
    assert (full.id, full.sex, full.pregnant) == ("007", "female", False)
    assert full.birth_date == DateRange(date(1961, 1, 1), date(1961, 12, 31))
    assert viral.value == Interval(high=20, high_inclusive=False)
    assert viral.date == DateRange(date(2026, 3, 1), date(2026, 3, 31))
    assert (lvef.value, lvef.unit) == (55, "%")
    assert pressure.pair == (124, 76)
    assert pressure.code is not None
    assert pressure.code.system == "loinc"
    assert (full.conditions[0].grade, full.conditions[0].qualifiers) == (2, ("metastatic",))
    assert full.conditions[0].status == "not current"
    assert full.treatments[0].status is None
    assert full.treatments[0].first == full.treatments[0].last == full.treatments[0].date
    assert full.answers == {"able to walk": True, "adequate venous access": "unknown"}


def test_round_trip(full: PatientProfile) -> None:
    assert PatientProfile.model_validate(full.model_dump(mode="json")) == full
    assert PatientProfile.model_validate_json(full.model_dump_json()) == full


@pytest.mark.parametrize(
    ("written", "age"),
    [
        (65, Age(65)),
        ("30 months", Age(30, "months")),
        ("6 wk", Age(6, "weeks")),
        ("10 days", Age(10, "days")),
        ("7", Age(7)),
    ],
)
def test_age(written: Any, age: Age) -> None:
    assert PatientProfile.model_validate({"age": written}).age == age


@pytest.mark.parametrize(
    ("written", "value"),
    [
        (95, 95.0), ("1.2", 1.2), ("≥ 90", Interval(low=90)), (">1000", Interval(low=1000, low_inclusive=False)),
        ("<=5", Interval(high=5)), ("5-10", Interval(5, 10)), ("positive", "positive"), ("2+", "2+"),
        ("95,000", "95,000"),
    ],
)  # fmt: skip
def test_value(written: Any, value: Any) -> None:
    profile = PatientProfile.model_validate({"observations": [{"name": "x", "value": written}]})
    assert profile.observations[0].value == value


@pytest.mark.parametrize(
    "case", yaml.safe_load((HERE / "refused.yaml").read_text("utf-8")), ids=lambda case: case["error"]
)
def test_refused(case: dict[str, Any]) -> None:
    with pytest.raises(ProfileError) as caught:
        PatientProfile.model_validate(case["profile"])
    assert str(caught.value) == case["error"]


def test_a_unit_of_another_kind_is_refused() -> None:
    with pytest.raises(ProfileError, match="entry 1, unit: expected a unit of the kind of g/dL"):
        check(PatientProfile.model_validate({"observations": [{"name": "hemoglobin", "value": 12, "unit": "kg"}]}))
    check(PatientProfile.model_validate({"observations": [{"name": "hemoglobin", "value": 120, "unit": "g/L"}]}))


def test_the_place_is_shown(tmp_path: Path) -> None:
    path = tmp_path / "patient.yaml"
    path.write_text("sex: male\nconditions:\n  - {name: asthma, onest: 2020}\n", encoding="utf-8")
    with pytest.raises(ProfileError) as caught:
        PatientProfile.load(path)
    assert str(caught.value) == (
        f"{path}:3:20: conditions, entry 1: there is no field 'onest'; did you mean 'onset'?\n"
        "      - {name: asthma, onest: 2020}\n"
        "                       ^"
    )
