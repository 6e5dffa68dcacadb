"""Rules that can hardly be meant are named, and others are not."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from eligibility.deciding.evaluate import evaluate
from eligibility.patient.profile import PatientProfile
from eligibility.reading.trial import read_trial
from eligibility.rules import (
    All,
    Ambiguous,
    AtLeast,
    Concept,
    Condition,
    Conditional,
    Constant,
    Criterion,
    ForArms,
    Limit,
    Measurement,
    Not,
    Rule,
    Span,
    Treatment,
    Trial,
    TrialRecord,
)
from eligibility.rules import (
    Any as AnyOf,
)
from eligibility.surveying.plausibility import doubts_of

CASES: list[dict[str, Any]] = yaml.safe_load((Path(__file__).with_name("plausibility.yaml")).read_text("utf-8"))


def said(trial: Trial) -> list[str]:
    return [f"{d.criterion.text[d.words.start : d.words.end]}: {d.why}" for d in doubts_of(trial)]


@pytest.mark.parametrize("case", CASES, ids=lambda case: " ".join(case["criteria"].split()[2:12]))
def test_what_is_in_doubt(case: dict[str, Any]) -> None:
    """By the record that a trial has, and its text."""
    record = TrialRecord.model_validate(case.get("record", {}))
    trial = read_trial(case["criteria"])
    assert said(trial.model_copy(update={"record": record, "studied": record.conditions})) == case.get("doubts", [])


# ---------------------------------------------------------------------------------------------------------------------
# Whoever has what is named

malignancy = Condition(concept=Concept(name="malignancy"))
drug = Treatment(concept=Concept(name="corticosteroid"))
nobody = Constant(holds=False, why="a permission excludes nobody")


@pytest.mark.parametrize(
    ("rule", "let_in"),
    [
        (malignancy.model_copy(update={"exceptions": (Not(part=drug),)}), True),
        (malignancy.model_copy(update={"exceptions": (drug,)}), False),
        (All(parts=(malignancy, nobody)), True),
        (AnyOf(parts=(malignancy, nobody)), False),
        (All(parts=(malignancy, Not(part=drug))), False),
        (Not(part=drug), False),
        (AtLeast(count=2, parts=(malignancy, drug, nobody)), False),
        (AtLeast(count=3, parts=(malignancy, drug, nobody)), True),
        (ForArms(arms=("A",), part=All(parts=(malignancy, nobody))), True),
        (Ambiguous(readings=(malignancy, All(parts=(malignancy, nobody))), why="two readings"), False),
        (All(parts=(malignancy, Conditional(when=drug, then=malignancy, otherwise=nobody))), True),
        (All(parts=(malignancy, Conditional(when=drug, then=nobody, otherwise=malignancy))), False),
    ],
    ids=str,
)
def test_whoever_has_what_is_named_is_excluded(rule: Rule, let_in: bool) -> None:
    """By an exclusion that names it, and by an inclusion that denies it."""
    text = Span(start=0, end=2)
    excludes = Criterion(id="E-1", kind="exclusion", text="it", rule=rule, source=text)
    denies = Criterion(id="I-1", kind="inclusion", text="it", rule=Not(part=rule), source=text)
    for criterion in (excludes, denies):
        named = any(doubt.sort == "named" for doubt in doubts_of(Trial(criteria=(criterion,))))
        assert named is let_in


# ---------------------------------------------------------------------------------------------------------------------
# Laws

edges = st.one_of(st.none(), st.integers(0, 4).map(float))
limits = st.builds(
    Limit, low=edges, high=edges, low_inclusive=st.booleans(), high_inclusive=st.booleans(), unit=st.just("g/dL")
).filter(lambda limit: limit.low is not None or limit.high is not None)
leaves = st.builds(lambda limit: Measurement(analyte=Concept(name="hemoglobin"), limit=limit), limits)
rules: st.SearchStrategy[Rule] = st.recursive(
    leaves,
    lambda parts: st.one_of(
        st.lists(parts, min_size=2, max_size=3).map(lambda several: All(parts=tuple(several))),
        st.lists(parts, min_size=2, max_size=3).map(lambda several: AnyOf(parts=tuple(several))),
        parts.map(lambda part: Not(part=part)),
    ),
    max_leaves=5,
)


@given(rules)
def test_a_limit_is_none_where_no_number_is_told_from_another(rule: Rule) -> None:
    """As the engine itself decides the numbers that there are."""
    criterion = Criterion(id="I-1", kind="inclusion", text="it", rule=rule, source=Span(start=0, end=2))
    fixed = any(doubt.sort == "fixed" for doubt in doubts_of(Trial(criteria=(criterion,))))
    decided = {
        evaluate(
            criterion,
            PatientProfile.model_validate({"observations": [{"name": "hemoglobin", "value": v / 2, "unit": "g/dL"}]}),
            on=date(2026, 1, 1),
        ).status
        for v in range(-1, 10)
    }
    if len(decided) == 1 and isinstance(rule, All | AnyOf):
        assert fixed
