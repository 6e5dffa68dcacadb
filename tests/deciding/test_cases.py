"""Rules as data against profiles: tests/deciding/cases/*.yaml. Adding a case needs no Python."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

from eligibility.deciding.evaluate import evaluate
from eligibility.patient.profile import PatientProfile
from eligibility.rules import Criterion

ON = date(2026, 11, 1)
CASES = [
    pytest.param(group["rule"], case, id=f"{group['name']} {number}")
    for path in sorted((Path(__file__).parent / "cases").glob("*.yaml"))
    for group in yaml.safe_load(path.read_text(encoding="utf-8"))
    for number, case in enumerate(group["cases"], 1)
]


def criterion(rule: dict[str, Any], text: str = "a criterion", kind: str = "inclusion", **more: Any) -> Criterion:
    return Criterion.model_validate({"id": "I-0", "kind": kind, "text": text, "rule": rule, **more})


@pytest.mark.parametrize(("rule", "case"), CASES)
def test_status(rule: dict[str, Any], case: dict[str, Any]) -> None:
    profile = PatientProfile.model_validate({"as_of": ON} | case["profile"])
    verdict = evaluate(criterion(rule), profile, ON)
    assert verdict.status == case["status"], verdict.reason
    assert verdict.reason
    assert bool(verdict.needs) == (verdict.status == "unknown")
    first, last = verdict.stays
    assert first is None or first <= ON
    assert last is None or last >= ON
