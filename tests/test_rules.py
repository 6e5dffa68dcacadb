"""Rules are data: frozen, hashable, compared by meaning, plain JSON."""

from __future__ import annotations

import pytest
from hypothesis import given
from pydantic import TypeAdapter, ValidationError

from eligibility import read_criterion
from eligibility.rules import Age, Constant, Limit, Not, Rule, children, walk
from eligibility.testing import rules, words

RULES: TypeAdapter[Rule] = TypeAdapter(Rule)


@given(rules())
def test_a_rule_written_and_read_is_the_same(rule: Rule) -> None:
    again = RULES.validate_json(rule.model_dump_json())
    assert again == rule
    assert hash(again) == hash(rule)


@given(rules())
def test_a_path_leads_to_its_part(rule: Rule) -> None:
    for path, part in walk(rule):
        at = rule
        for index in path:
            at = children(at)[index]
        assert at == part


def test_rules_cannot_be_changed_or_misspelt() -> None:
    rule = Age(limit=Limit(low=18, unit="years"))
    with pytest.raises(ValidationError):
        rule.limit = Limit()  # type: ignore[misc]
    with pytest.raises(ValidationError):
        RULES.validate_python({"kind": "age", "limits": {}})
    with pytest.raises(ValidationError):
        RULES.validate_python({"kind": "age", "limit": {"low": float("nan")}})


def test_what_has_no_plain_wording_is_refused() -> None:
    with pytest.raises(ValueError, match="no plain wording"):
        words(Constant(holds=True, why="of everybody"))
    with pytest.raises(ValueError, match="no plain wording"):
        words(Not(part=Age(limit=Limit(low=18, unit="years"))))


def test_equal_texts_are_one_rule() -> None:
    assert read_criterion("Hemoglobin at least 9 g/dL").rule == read_criterion("Hb >= 90 g/L").rule
