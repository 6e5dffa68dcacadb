"""Limits, ages, windows and blood pressures, as tests/cases/reading-quantities.yaml has them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from eligibility.reading.reader import read_criterion
from eligibility.rules import Age, Measurement, walk

CASES: dict[str, list[dict[str, Any]]] = yaml.safe_load(
    (Path(__file__).parent.parent / "cases" / "reading-quantities.yaml").read_text(encoding="utf-8")
)


@pytest.mark.parametrize("case", [*CASES["limits"], *CASES["ages"]], ids=lambda case: case["text"])
def test_limits(case: dict[str, Any]) -> None:
    criterion = read_criterion(case["text"])
    assert not criterion.unread
    assert isinstance(criterion.rule, Measurement | Age)
    limit = criterion.rule.limit
    assert (limit.low, limit.high) == (case.get("low"), case.get("high"))
    assert limit.high_inclusive == case.get("high_inclusive", True)


@pytest.mark.parametrize("case", CASES["windows"], ids=lambda case: case["text"])
def test_windows(case: dict[str, Any]) -> None:
    criterion = read_criterion(case["text"], kind="exclusion")
    assert not criterion.unread
    windows = [rule.window for _, rule in walk(criterion.rule) if getattr(rule, "window", None)]
    assert [(window.start.value, window.start.unit) for window in windows] == [(case["start"], case["unit"])]


@pytest.mark.parametrize("case", CASES["pairs"], ids=lambda case: case["text"])
def test_pairs(case: dict[str, Any]) -> None:
    criterion = read_criterion(case["text"], kind=case["kind"])
    assert criterion.rule.kind == case["rule"]
    names = {rule.analyte.name for _, rule in walk(criterion.rule) if isinstance(rule, Measurement)}
    assert names == {"systolic blood pressure", "diastolic blood pressure"}
