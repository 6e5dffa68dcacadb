from __future__ import annotations

import json
import time
from pathlib import Path

import pytest

from eligibility.errors import TrialError
from eligibility.reading.sources import Source, apart, load, recognise
from eligibility.reading.trial import read_trial
from eligibility.rules import Duration

STUDY = {
    "protocolSection": {
        "identificationModule": {"nctId": "NCT01234567", "briefTitle": "Water in Gout"},
        "conditionsModule": {"conditions": ["Gout"]},
        "eligibilityModule": {
            "eligibilityCriteria": "Inclusion Criteria:\n\n* Gout \\> 1 year\n",
            "minimumAge": "18 Years",
            "maximumAge": "N/A",
            "sex": "FEMALE",
            "healthyVolunteers": False,
        },
    }
}
FLAT = {
    "nct_id": "NCT01234567",
    "title": "Water in Gout",
    "conditions": ["Gout"],
    "criteria": "Inclusion Criteria:\n\n* Gout \\> 1 year\n",
    "min_age": "18 Years",
    "max_age": None,
    "sex": "FEMALE",
    "healthy_volunteers": "No",
}
XML = """<?xml version="1.0" encoding="UTF-8"?>
<clinical_study>
  <id_info><nct_id>NCT01234567</nct_id></id_info>
  <brief_title>Water in Gout</brief_title>
  <condition>Gout</condition>
  <eligibility>
    <criteria><textblock>
        Inclusion Criteria:

          -  Gout &gt; 1 year
    </textblock></criteria>
    <gender>Female</gender><minimum_age>18 Years</minimum_age><maximum_age>N/A</maximum_age>
    <healthy_volunteers>No</healthy_volunteers>
  </eligibility>
</clinical_study>"""
PAGE = """Water in Gout

NCT ID: NCT01234567

Brief Summary

Inclusion of many people is hoped for.

Conditions

See the medical conditions and disease areas that this research is targeting or investigating.

Gout

Eligibility Criteria

Check the participation requirements.

Inclusion Criteria

* Gout \\> 1 year

Exclusion Criteria

* Stroke
Minimum Eligible Age

18 Years

Eligible Sex

FEMALE

Accepts Healthy Volunteers

No

Sponsors

Somebody
"""
OLDER = """Water in Gout
ClinicalTrials.gov Identifier: NCT01234567 |
Condition or disease | Intervention/treatment | Phase |
---|---|---|
Gout | Drug: water | Phase 2 |
Ages Eligible for Study: | 18 Years and older (Adult, Older Adult) |
Sexes Eligible for Study: | Female |
Accepts Healthy Volunteers: | No |
Inclusion Criteria:
- Gout > 1 year
Exclusion Criteria:
- Stroke

To learn more about this study, you or your doctor may contact the study research staff.
"""


@pytest.mark.parametrize(
    "text",
    [json.dumps(STUDY), json.dumps([STUDY]), json.dumps({"studies": [STUDY]}), json.dumps(FLAT), XML, PAGE, OLDER],
    ids=["study", "list", "studies", "flat", "xml", "page", "older page"],
)
def test_every_form_gives_the_same_record(text: str) -> None:
    found = recognise(text)
    assert isinstance(found, Source)
    record = found.record
    assert (record.nct_id, record.title, record.conditions) == ("NCT01234567", "Water in Gout", ("Gout",))
    assert (record.minimum_age, record.maximum_age) == (Duration(value=18, unit="years"), None)
    assert (record.sex, record.healthy_volunteers) == ("female", False)
    assert read_trial(text).criteria[0].text == "Gout > 1 year"
    assert "Sponsors" not in found.criteria


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "the source is empty"),
        (" \n\t ", "the source is empty"),
        ('{"protocolSection": ', "not valid JSON"),
        ("{}", "neither 'protocolSection' nor 'criteria'"),
        ("[]", "exactly one study, but the list has 0"),
        (json.dumps([STUDY, STUDY]), "exactly one study, but the list has 2"),
        ('{"protocolSection": {}}', "has no criteria"),
        (json.dumps(FLAT | {"criteria": None}), "this record has no criteria"),
        (json.dumps(FLAT | {"criteria": " "}), "this record has no criteria"),
        ("<clinical_study><a></clinical_study>", "not valid XML"),
        ("<note>hello</note>", "its top element is <note>"),
        ("<clinical_study/>", "has no criteria"),
        ('<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>', "declares entities"),
        ("<html><body>Inclusion Criteria</body></html>", "HTML page"),
        ("\x00\x01\x02" * 100, "not text"),
        ("word " * 2_000_000, "too many for the criteria of one trial"),
    ],
)
def test_what_is_no_trial_is_said_in_one_sentence(text: str, says: str) -> None:
    start = time.process_time()
    with pytest.raises(TrialError) as caught:
        read_trial(text)
    assert says in caught.value.message
    assert "\n" not in caught.value.message
    assert time.process_time() - start < 5


@pytest.mark.parametrize(
    ("age", "read"),
    [
        (18, Duration(value=18, unit="years")),
        (0.5, Duration(value=0.5, unit="years")),
        ("6 Months", Duration(value=6, unit="months")),
        *((odd, None) for odd in (None, "N/A", True, -1, float("nan"), float("inf"), [18])),
    ],
)
def test_ages_of_a_record(age: object, read: Duration | None) -> None:
    found = recognise(json.dumps(FLAT | {"min_age": age, "conditions": "Gout"}))
    assert isinstance(found, Source)
    assert (found.record.minimum_age, found.record.conditions) == (read, ("Gout",))


def test_many_studies_are_taken_apart() -> None:
    one, two = STUDY, {"a": 1}
    for text in (json.dumps([one, two]), json.dumps({"totalCount": 2, "studies": [one, two]}, indent=1)):
        assert [json.loads(part) for part in apart(text)] == [one, two]
    for text in ("", "[", "[1", '["studies"]', json.dumps([one]), json.dumps(one), '{"studies": 1}', XML, PAGE):
        assert apart(text) == [text]


def test_broken_json_points_to_its_place() -> None:
    with pytest.raises(TrialError) as caught:
        read_trial('{"protocolSection": {\n  "eligibilityModule" 1}}')
    assert (caught.value.line, caught.value.column) == (2, 23)
    assert str(caught.value).endswith('\n      "eligibilityModule" 1}}\n                          ^')


@pytest.mark.parametrize(
    ("raw", "says"), [(b"%PDF-1.7", "a PDF"), (b"PK\x03\x04", "a zip or Office file"), (b"\xff\x00a\x00", "not a text")]
)
def test_a_file_that_is_no_text(tmp_path: Path, raw: bytes, says: str) -> None:
    path = tmp_path / "trial.bin"
    path.write_bytes(raw)
    with pytest.raises(TrialError, match=says) as caught:
        load(path)
    assert caught.value.source == str(path)


def test_a_missing_file(tmp_path: Path) -> None:
    with pytest.raises(TrialError, match="cannot be read"):
        load(tmp_path / "none.txt")


def test_encodings(tmp_path: Path) -> None:
    path = tmp_path / "trial.txt"
    for raw in ("Age ≥ 18".encode(), "\ufeffAge ≥ 18".encode(), "Age ≥ 18".encode("utf-16")):
        path.write_bytes(raw)
        assert load(path) == "Age ≥ 18"
    path.write_bytes("Sjögren".encode("cp1252"))
    assert load(path) == "Sjögren"
