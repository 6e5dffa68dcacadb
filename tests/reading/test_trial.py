from __future__ import annotations

import json
from pathlib import Path

import pytest

from eligibility.errors import TrialError
from eligibility.reading.trial import abbreviations, read_trial
from eligibility.rules import Age, Measurement, Sex, Trial

SEEDS = Path(__file__).resolve().parents[3] / "shared" / "seeds"


def study(criteria: str, **fields: str) -> str:
    section = {
        "identificationModule": {"nctId": "NCT01234567", "briefTitle": "Water in Gout"},
        "conditionsModule": {"conditions": ["Gout"]},
        "eligibilityModule": {"eligibilityCriteria": criteria, **fields},
    }
    return json.dumps({"protocolSection": section})


def test_the_record_adds_what_no_bullet_says() -> None:
    trial = read_trial(
        study("Inclusion Criteria:\n\n* Gout\n", minimumAge="18 Years", maximumAge="1 Year", sex="FEMALE")
    )
    added = [c for c in trial.criteria if c.source is None]
    assert [c.text for c in added] == ["Minimum age: 18 years", "Maximum age: 1 year", "Sex: female"]
    low, high, sex = (c.rule for c in added)
    assert isinstance(low, Age)
    assert isinstance(high, Age)
    assert isinstance(sex, Sex)
    assert (low.limit.low, low.limit.high, high.limit.low, high.limit.high) == (18, None, None, 1)
    assert all(c.kind == "inclusion" and not c.unread for c in added)


@pytest.mark.parametrize(
    "bullets",
    ["Inclusion Criteria:\n\n* Age 18 years or older", "Exclusion Criteria:\n\n* Age < 18 years"],
    ids=["inclusion", "exclusion"],
)
def test_the_record_does_not_repeat_a_bullet(bullets: str) -> None:
    trial = read_trial(study(bullets, minimumAge="18 Years"))
    assert not [c.text for c in trial.criteria if c.source is None]


def test_healthy_volunteers_are_a_note() -> None:
    section = json.loads(study("Inclusion Criteria:\n\n* Gout"))
    section["protocolSection"]["eligibilityModule"]["healthyVolunteers"] = False
    assert read_trial(json.dumps(section)).notes == ("Accepts healthy volunteers: no",)


def test_studied_is_what_the_record_says() -> None:
    assert read_trial(study("Inclusion Criteria:\n\n* Adults")).studied == ("Gout",)


@pytest.mark.parametrize(
    ("bullets", "studied"),
    [
        ("* Patients with melanoma, stage III as well as all of stage IV", ("melanoma",)),
        ("* Confirmed diagnosis of RA; ALL of it", ("rheumatoid arthritis",)),
        ("* Confirmed melanoma, not amenable to surgery\n* Treated for asthma", ("melanoma",)),
        ("* Patients without melanoma\n* Patients with asthma", ("asthma",)),
    ],
    ids=["common words", "abbreviation", "before what is denied", "denied"],
)
def test_studied_is_what_the_first_diagnosis_names(bullets: str, studied: tuple[str, ...]) -> None:
    assert read_trial(f"Inclusion Criteria:\n\n{bullets}").studied == studied


def test_a_written_trial_is_read_as_it_was_edited() -> None:
    trial = read_trial("Inclusion Criteria:\n\n* Gout\n\nExclusion Criteria:\n\n* Stroke\n")
    assert read_trial(trial.model_dump_json()) == trial


def test_a_broken_rule_is_pointed_to() -> None:
    data = Trial.model_validate(read_trial(study("Inclusion Criteria:\n\n* Gout", sex="MALE"))).model_dump(mode="json")
    data["criteria"][1]["rule"]["sex"] = "both"
    with pytest.raises(TrialError, match=r"broken at criteria\[1\]\.rule\.sex: "):
        read_trial(json.dumps(data))


def test_a_recipe_is_no_trial() -> None:
    with pytest.raises(TrialError, match="no eligibility criteria"):
        read_trial(
            "Pancakes\n\nMix two eggs, flour and milk.\nHeat butter in the pan.\nBake until golden and serve with jam."
        )


def test_a_path_as_text_is_text() -> None:
    with pytest.raises(TrialError, match="give its Path"):
        read_trial("trial.txt")


@pytest.mark.parametrize(
    "text",
    [
        "Women with gout",
        "Men and women whose intraocular pressure is above 21 mm Hg",
        "Patients with gout should anemia be present",
    ],
)
def test_short_criteria_are_read(text: str) -> None:
    assert [(c.kind, c.text) for c in read_trial(text).criteria] == [("inclusion", text)]


def test_abbreviations_are_those_that_the_text_defines() -> None:
    text = "Idiopathic CD4 lymphopenia (ICL), absolute neutrophil counts (ANC) and other things (XYZ); men (all)"
    assert abbreviations(text) == {"ICL": "Idiopathic CD4 lymphopenia", "ANC": "absolute neutrophil counts"}


@pytest.mark.skipif(not SEEDS.is_dir(), reason="the saved registry pages are not beside this project (../shared/seeds)")
@pytest.mark.parametrize(
    ("nct_id", "included", "excluded", "ages", "arms"),
    [
        ("NCT03901573", 6, 19, (18, None), ("Arm I", "Arm II")),
        ("NCT03991130", 14, 15, (18, None), ()),
        ("NCT07011004", None, None, (18, 70), ()),
        ("NCT05600920", 5, 10, (18, 75), ()),
    ],
)
def test_the_pages(
    nct_id: str, included: int | None, excluded: int | None, ages: tuple[int, int | None], arms: tuple[str, ...]
) -> None:
    path = next(path for path in SEEDS.glob("*.txt") if nct_id in path.read_text(encoding="utf-8"))
    trial = read_trial(path)
    kinds = [c.kind for c in trial.criteria if c.source is not None]
    if included is not None:
        assert (kinds.count("inclusion"), kinds.count("exclusion")) == (included, excluded)
    record = trial.record
    assert record.nct_id == nct_id
    assert (record.minimum_age and record.minimum_age.value, record.maximum_age and record.maximum_age.value) == ages
    assert trial.arms == arms
    assert trial.studied
    assert not [c.text for c in trial.criteria if "Sponsor" in c.text or "Eligible" in c.text]


@pytest.mark.parametrize(
    "bullets",
    [
        "PATIENT CHARACTERISTICS:\n\nAge:\n\n* 18 to 70\n\nLife expectancy:\n\n* At least 12 weeks\n\n"
        "Other:\n\n* 18 to 30 miles",
        "PATIENT CHARACTERISTICS:\n  Age\n  18 to 70\n  Life expectancy\n  At least 12 weeks\n",
    ],
)
def test_a_limit_alone_is_of_what_its_heading_names(bullets: str) -> None:
    read = {c.text: c.rule for c in read_trial(f"Inclusion Criteria:\n\n{bullets}").criteria}
    age, life = read["18 to 70"], read["At least 12 weeks"]
    assert isinstance(age, Age)
    assert (age.limit.low, age.limit.high) == (18, 70)
    assert isinstance(life, Measurement)
    assert life.analyte.name == "life expectancy"
    assert "18 to 30 miles" not in read or not isinstance(read["18 to 30 miles"], Age | Measurement)
