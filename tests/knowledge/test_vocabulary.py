"""Every entry of the vocabulary is valid, and the vocabulary finds what it should."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from eligibility.knowledge import cache, units, words
from eligibility.knowledge.vocabulary import Entry, Vocabulary, check, files, prefer, read_entries, vocabulary

ENTRIES = [entry for kind, path in files() for entry in read_entries(kind, path)]
MEASUREMENTS = [entry for entry in ENTRIES if entry.kind == "measurement"]
TYPES = {"lab", "vital", "score", "performance", "test", "imaging"}
FIELDS = {
    "type", "unit", "also_unit", "or_units", "own_unit", "in_unit", "fraction", "units_optional", "molar_mass",
    "valence",
    "equivalents", "plausible", "typical_limits", "lasting", "needs_number", "viral_load", "formula", "positive_means",
    "positive_may_mean", "negative_means_no", "negative_means_not_now", "positive_from", "negative_below",
    "value_is", "assays", "value_means", "values", "higher_is",
    "pair",
    "ratio_of",
    "counted",
    "predicted", "banded", "by_formula", "reported_as",
    "scale_by_value", "default_reference", "results_on", "positive_results", "negative_results",
    "low_shows", "high_shows", "parts", "dose_of", "goes_out_of_date",
}  # fmt: skip


def _by_name(entry: Entry) -> str:
    return entry.name


@pytest.mark.parametrize("kind", ["condition", "treatment", "measurement"])
def test_entries_do_not_contradict_one_another(kind: str) -> None:
    assert check(entry for entry in ENTRIES if entry.kind == kind) == []


@pytest.mark.parametrize("entry", MEASUREMENTS, ids=_by_name)
def test_a_measurement_is_well_formed(entry: Entry) -> None:
    facts = entry.facts
    assert set(facts) <= FIELDS
    assert facts["type"] in TYPES
    unit = facts.get("unit", "")
    for code in (unit, facts.get("also_unit", ""), facts.get("own_unit", ""), *facts.get("or_units", ())):
        assert units.unit(code) == code
    for name in ("plausible", "typical_limits"):
        if name in facts:
            low, high = facts[name]
            assert low < high
    if "typical_limits" in facts:
        low, high = facts["typical_limits"]
        assert facts["plausible"][0] <= low < high <= facts["plausible"][1]
    assert all(set(one) <= {"a", "b", "factor", "offset", "decimals"} for one in facts.get("equivalents", ()))
    for rule in units.equivalences(facts):
        assert any(
            units.convertible(end, unit, facts.get("molar_mass"), facts.get("valence")) or units.unit(end) == unit
            for end in (rule.a, rule.b)
        )
    if "molar_mass" in facts:
        assert units.convertible(unit, "mmol/L", facts["molar_mass"], facts.get("valence"))
    for part in facts.get("pair", ()):
        assert vocabulary().entry("measurement", part) is not None


def test_a_positive_result_means_a_condition_that_is_there() -> None:
    said = ("positive_means", "positive_may_mean", "negative_means_no", "negative_means_not_now")
    means = {entry.facts[name] for entry in MEASUREMENTS for name in said if name in entry.facts}
    assert {name for name in means if vocabulary().entry("condition", name) is None} == set()


def test_loinc_codes_have_their_check_digit_and_stand_once() -> None:
    codes = [entry.codes["loinc"] for entry in MEASUREMENTS if "loinc" in entry.codes]
    assert len(codes) == len(set(codes))
    assert [code for code in codes if not _luhn(code)] == []


def _luhn(code: str) -> bool:
    """LOINC Users' Guide, appendix C: modulus 10."""
    body, digit = code.split("-")
    total = 0
    for place, character in enumerate(reversed(body)):
        doubled = int(character) * (2 if place % 2 == 0 else 1)
        total += doubled // 10 + doubled % 10
    return (10 - total % 10) % 10 == int(digit)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("ANC", "absolute neutrophil count"),
        ("Absolute Neutrophil Counts", "absolute neutrophil count"),
        ("haemoglobin", "hemoglobin"),
        ("SGPT", "alanine aminotransferase"),
        ("serum glutamic oxaloacetic transaminase", "aspartate aminotransferase"),
        ("T. bili", "total bilirubin"),
        ("bilirubin", "total bilirubin"),
        ("conjugated bilirubin", "direct bilirubin"),
        ("Zubrod", "ECOG performance status"),
        ("KPS", "Karnofsky performance status"),
        ("iron", "serum iron"),
        ("β-HCG", "pregnancy test"),
        ("EGFR", "EGFR mutation"),
        ("eGFR", "estimated glomerular filtration rate"),
        ("QTc by Fridericia", "QTcF"),
    ],
)
def test_names_of_measurements(text: str, name: str) -> None:
    found = vocabulary().find(text, "measurement")
    assert found is not None
    assert found.name == name


def test_an_ambiguous_name_is_not_taken_in_running_text() -> None:
    assert vocabulary().find("testosterone", "measurement") is not None
    assert not any(
        entry.kind == "measurement" for keys, found in vocabulary().names() if keys == ("iron",) for entry in found
    )


NARROWING = (
    "left", "right", "bilateral", "unilateral", "ipsilateral", "contralateral",
    "open", "laparoscopic", "robotic", "thoracoscopic", "arthroscopic", "endoscopic", "percutaneous", "transcatheter",
    "oral", "intravenous", "IV", "subcutaneous", "intramuscular", "intrathecal", "intranasal", "inhaled", "topical",
    "sublingual", "transdermal", "parenteral",
    "upper", "lower", "anterior", "posterior", "proximal", "distal", "inguinal", "femoral", "lumbar", "thoracic",
    "partial", "subtotal", "incomplete", "mild", "moderate", "secondary", "advanced", "early-stage", "late-stage",
)  # fmt: skip
"""Sides, approaches, routes, sites and degrees: what has one before its name is less than what has the name."""
ALWAYS_SO = {
    "oral vitamin K antagonist", "transdermal contraceptive patch", "percutaneous contraceptive patch",
    "topical ophthalmic drug", "topical ophthalmic corticosteroid", "transcatheter embolization",
    "percutaneous balloon valvuloplasty", "posterior tibial nerve stimulation", "intrathecal baclofen pump",
    "percutaneous nephrostomy", "bilateral tubal ligation", "thoracic lung cancer",
}  # fmt: skip
"""Names that say what is so of all that they are a name of."""


@pytest.mark.parametrize("kind", ["condition", "treatment"])
def test_no_synonym_is_the_name_narrowed(kind: str) -> None:
    narrowing = [words.keys(word) for word in NARROWING]
    narrower = {
        synonym
        for entry in ENTRIES
        if entry.kind == kind
        for synonym in entry.all_names[1:]
        if any(words.keys(synonym) == (*word, *words.keys(entry.name)) for word in narrowing)
    }
    assert narrower - ALWAYS_SO == set()


def _entry(name: str, **fields: Any) -> Entry:
    return Entry(name=name, kind="condition", **fields)


def test_check_names_every_fault() -> None:
    faults = check(
        [
            _entry("a one", is_a=("b two",)),
            _entry("b two", is_a=("a one",), synonyms=("shared",)),
            _entry("c three", is_a=("nowhere",), synonyms=("Shared",)),
            _entry("c three"),
            _entry("d four", synonyms=("--",)),
        ]
    )
    text = "\n".join(faults)
    for said in ("kind of itself", "'nowhere', which is not there", "written twice", "no word in it"):
        assert said in text


def test_a_cycle_does_not_hang() -> None:
    known = Vocabulary.of([_entry("a", is_a=("b",)), _entry("b", is_a=("a",))])
    assert known.ancestors("condition", "a") == {"a", "b"}


def test_two_entries_of_one_name_are_read_as_one() -> None:
    known = Vocabulary.of([_entry("lupus", synonyms=("SLE",)), _entry("lupus", is_a=("autoimmune disease",))])
    found = known.find("sle")
    assert found is not None
    assert found.is_a == ("autoimmune disease",)
    assert known.narrower("condition", "autoimmune disease") == ("lupus",)


def test_the_entry_that_writes_the_name_alike_is_preferred() -> None:
    lower, upper = _entry("ab"), _entry("c", synonyms=("AB",))
    assert prefer([lower, upper], "AB") is upper
    assert prefer([lower, upper], "Ab") is lower
    assert prefer([], "Ab") is None


def test_an_abbreviation_of_two_things_is_neither() -> None:
    known = Vocabulary.of(
        [_entry("atopic dermatitis", synonyms=("AD",)), _entry("Alzheimer disease", synonyms=("AD",))]
    )
    assert known.find("AD") is None


def test_the_cache_is_used_until_a_source_changes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ELIGIBILITY_CACHE", str(tmp_path / "cache"))
    source = tmp_path / "source"
    source.write_text("one")
    calls: list[int] = []

    def build() -> list[int]:
        calls.append(1)
        return [len(calls)]

    assert cache.cached("x", [source], build) == [1]
    assert cache.cached("x", [source], build) == [1]
    source.write_text("three")
    assert cache.cached("x", [source], build) == [2]
    (tmp_path / "cache" / "x.json").write_text("spoilt")
    assert cache.cached("x", [source], build) == [3]


def test_what_the_package_brings_is_used_until_a_source_changes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = tmp_path / "source"
    source.write_text("one")
    monkeypatch.setenv("ELIGIBILITY_CACHE", str(tmp_path / "brought"))
    assert cache.cached("x", [source], lambda: "when built") == "when built"
    monkeypatch.setattr(cache, "BROUGHT", tmp_path / "brought")
    monkeypatch.setenv("ELIGIBILITY_CACHE", str(tmp_path / "own"))
    source.touch()
    assert cache.cached("x", [source], lambda: "again") == "when built"
    source.write_text("two")
    assert cache.cached("x", [source], lambda: "since then") == "since then"
    assert cache.cached("x", [source], lambda: "again") == "since then"
    assert "when built" in (tmp_path / "brought" / "x.json").read_text()


def test_a_cache_folder_that_others_may_write_is_not_trusted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    place = tmp_path / "cache"
    place.mkdir()
    place.chmod(0o777)
    monkeypatch.setenv("ELIGIBILITY_CACHE", str(place))
    assert cache.folder() is None
    assert cache.cached("x", [], lambda: 5) == 5
    assert list(place.iterdir()) == []


@pytest.mark.parametrize("word", ["glasses", "AREDS", "DBT", "IPT", "PGD"])
def test_a_word_of_several_meanings_is_no_name(word: str) -> None:
    assert vocabulary().find(word) is None
