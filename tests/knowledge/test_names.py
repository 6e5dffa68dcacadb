"""Names kept as text are found as they were written down."""

from __future__ import annotations

from eligibility.knowledge.names import Names, written
from eligibility.knowledge.vocabulary import vocabulary

NAMES = {
    ("breast", "cancer"): [12, 4],
    ("breast",): [7],
    ("breast", "cancer", "stage"): [120],
    ("cancer",): [1, 12],
}


def test_names_are_found_with_their_numbers_in_order() -> None:
    names = Names(written(NAMES))
    assert {name: names.find(name) for name in NAMES} == NAMES
    assert dict(names) == NAMES
    assert names.beginning("breast") == ["\t7", "cancer\t12,4", "cancer stage\t120"]
    assert names.beginning("cancer", "#") == ["\t#1,12"]


def test_what_is_no_name_is_not_found() -> None:
    names = Names(written(NAMES))
    for name in ((), ("stage",), ("breast", "canc"), ("breast", "cancer", "stage", "iv"), ("cancer", "stage")):
        assert names.find(name) == []
    assert names.beginning("lung") == []


def test_an_entry_is_one_object_however_it_is_found() -> None:
    known = vocabulary()
    found = known.find("haemoglobin", "measurement")
    assert found is not None
    assert found is known.entry("measurement", "hemoglobin")
    assert found is known.by_code("LOINC", found.codes["loinc"])
    assert any(found is entry for _, entries in known.names() for entry in entries)
    assert any(
        found in known.named(numbers) for line in known.beginning("hemoglobin") for numbers in line.split("\t")[1:]
    )


def test_every_entry_with_a_fact_is_listed_under_it() -> None:
    known = vocabulary()
    assert list(known.having("only_for")) == [entry for entry in known if entry.facts.get("only_for")]
    assert list(known.having("nothing of the kind")) == []
