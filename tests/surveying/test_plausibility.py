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
    Concept,
    Criterion,
    Limit,
    Measurement,
    Not,
    Rule,
    Span,
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
