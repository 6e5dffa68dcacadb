"""The smaller tables: what they name is there, and what they say of parts of the body holds together."""

from __future__ import annotations

from eligibility.deciding.matching import result_qualifier
from eligibility.knowledge.qualifiers import qualifiers
from eligibility.knowledge.tables import diseases, levels, routes, sites
from eligibility.knowledge.vocabulary import vocabulary


def test_the_drugs_of_the_table_of_routes_are_known() -> None:
    known = routes()
    entries = [vocabulary().entry("treatment", name) for name in known.local | known.either]
    assert [entry for entry in entries if entry is None or entry.facts.get("type") != "drug"] == []
    assert known.local.isdisjoint(known.either)


def test_what_a_route_makes_of_a_treatment_and_where_it_is_done_are_in_the_tables() -> None:
    for entry in vocabulary().having("type"):
        if entry.kind == "treatment":
            assert {entry.facts.get("by_route"), entry.facts.get("usual_route")} <= {None, *routes().groups}
            assert entry.facts.get("site") in {None, *sites().within}


def test_a_part_of_a_part_is_a_part_and_lies_in_its_regions() -> None:
    assert "head" in sites().within["fovea"]
    assert sites().regions["fovea"] == {"head"}
    assert sites().regions["esophagus"] == {"chest", "abdomen"}
    assert sites().names["upper", "extremity"] == "arm"


def test_diseases_of_the_table_are_known() -> None:
    found = diseases()
    for name in found.groups | found.once | found.spread_is_stage_iv:
        assert vocabulary().entry("condition", name) is not None, name


def test_a_disease_that_is_defined_by_something_is_a_kind_of_the_rest() -> None:
    for entry in vocabulary().having("defined_by"):
        of, by = entry.facts["defined_by"]["of"], entry.facts["defined_by"]["qualifiers"]
        assert vocabulary().is_a("condition", entry.name, of)
        assert all(qualifiers().find(text) or result_qualifier(text) or text.startswith("grade ") for text in by)


def test_what_a_condition_shows_is_there() -> None:
    for entry in vocabulary().having("shows"):
        assert all(vocabulary().entry("condition", name) for name in entry.facts["shows"])


def test_conditions_that_are_levels_and_what_is_measured_of_them_are_known() -> None:
    for name, level in levels().items():
        entry = vocabulary().entry("condition", name)
        assert entry is not None
        for analyte in (*level.numbers, *filter(None, (level.test,))):
            assert vocabulary().entry("measurement", analyte) is not None, analyte
        assert level.least <= len(level.numbers)
