"""Against the shared material, where it lies beside the project: seeds, gold segments, the independent oracle."""

from __future__ import annotations

import json
import lzma
import re
from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from eligibility import PatientProfile, read_trial, screen

SHARED = Path(__file__).resolve().parents[2] / "shared"
pytestmark = pytest.mark.skipif(not SHARED.is_dir(), reason="../shared does not lie beside the project")


def rows(path: Path) -> list[Any]:
    if path.suffix == ".xz":
        with lzma.open(path, "rt", encoding="utf-8") as file:
            return [json.loads(line) for line in file]
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def bare(text: str) -> str:
    return re.sub(r"[\W_]+", "", text).lower()


def test_the_seeds_are_read() -> None:
    found = [read_trial(path) for path in sorted((SHARED / "seeds").glob("*.txt"))]
    assert len(found) == 4
    for trial in found:
        assert {c.kind for c in trial.criteria} == {"inclusion", "exclusion"}
        assert trial.record.minimum_age is not None
        assert trial.studied
        assert read_trial(trial.model_dump_json()) == trial


def test_the_oracle_agrees() -> None:
    base = SHARED / "oracle"
    trial = read_trial(base / "trial.txt")
    expected = rows(base / "expected.jsonl.xz")[::10]
    profiles = rows(base / "profiles.jsonl.xz")[::10]
    for profile, wanted in zip(profiles, expected, strict=True):
        found = screen(trial, PatientProfile.model_validate(profile), date(2024, 6, 1))
        assert [verdict.status.value for verdict in found.verdicts] == wanted["verdicts"], wanted["id"]
        assert found.status.value == wanted["status"], wanted["id"]


def test_criteria_begin_and_end_where_people_say() -> None:
    gold = {row["nct_id"]: row for row in rows(SHARED / "gold" / "dev1.segments.jsonl")}
    hit = said = found = 0
    for row in rows(SHARED / "corpus" / "trials.jsonl.xz"):
        if row["nct_id"] in gold:
            wanted = Counter((c["kind"], bare(c["text"])) for c in gold[row["nct_id"]]["criteria"])
            got = Counter((c.kind, bare(c.text)) for c in read_trial(row["criteria"]).criteria)
            hit, said, found = (
                hit + sum((wanted & got).values()),
                said + sum(wanted.values()),
                found + sum(got.values()),
            )
    assert said
    assert 2 * hit / (said + found) > 0.95
