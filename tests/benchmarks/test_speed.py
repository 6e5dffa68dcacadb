"""How fast: run with ``pytest tests/benchmarks --benchmark-only``. Nothing is asserted of time."""

from __future__ import annotations

import json
import os
import random
import shutil
import subprocess
import sys
from datetime import date, timedelta
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from eligibility import PatientProfile, Trial, read_criterion, read_trial, screen
from eligibility.reading.bullets import segment
from eligibility.surveying.corpus import Corpus
from eligibility.surveying.ledger import Ledger
from eligibility.surveying.survey import run

ON = date(2026, 11, 1)
BULLETS = (
    "Age >= 18 years", "ECOG performance status of 0 or 1", "Absolute neutrophil count >= 1.5 x 10^9/L",
    "Platelets >= 75 x 10^9/L without transfusion within 7 days", "Hemoglobin >= 9 g/dL", "Creatinine <= 1.5 x ULN",
    "AST and ALT <= 2.5 x ULN, or <= 5 x ULN for patients with liver metastases",
    "Histologically confirmed stage III or IV melanoma", "Signed informed consent",
    "Women of childbearing potential must have a negative pregnancy test within 7 days before the first dose",
)  # fmt: skip
AGAINST = (
    "Chemotherapy or radiotherapy within 4 weeks before screening", "Prior treatment with an anti-PD-1 antibody",
    "Pregnant or breastfeeding women", "Active autoimmune disease except vitiligo or type 1 diabetes",
    "Other malignancy within the past 3 years", "Myocardial infarction within 6 months before screening",
    "Known hypersensitivity to nivolumab", "Unable to swallow tablets", "Active hepatitis B or hepatitis C",
)  # fmt: skip


def trial() -> Trial:
    parts = (("Inclusion", BULLETS), ("Exclusion", AGAINST))
    return read_trial(
        "\n".join(f"{name} Criteria:\n\n" + "".join(f"* {b}\n" for b in bullets) for name, bullets in parts)
    )


def patients(count: int) -> list[PatientProfile]:
    chance = random.Random(1)
    labs = {"ANC": "10*9/L", "platelets": "10*9/L", "hemoglobin": "g/dL", "creatinine": "mg/dL", "AST": "U/L"}

    def one() -> dict[str, Any]:
        day = lambda: ON - timedelta(days=chance.randrange(200))  # noqa: E731
        return {
            "as_of": ON,
            "age": chance.randrange(15, 90),
            "sex": chance.choice(["female", "male"]),
            "observations": [
                {"name": name, "value": chance.randrange(1, 200), "unit": unit, "high": 40, "date": day()}
                for name, unit in labs.items()
                for _ in range(3)
            ],
            "conditions": [{"name": "melanoma", "stage": "IV"}, {"name": "hepatitis B", "status": "absent"}],
            "treatments": [{"name": chance.choice(["cisplatin", "nivolumab"]), "end": day()}],
        }

    return [PatientProfile.model_validate(one()) for _ in range(count)]


def test_reading(benchmark: Any) -> None:
    """Criteria; no text is read twice in a round, for each has a number of its own."""
    numbers = iter(range(10, 10**9))

    def read() -> int:
        number = next(numbers)
        return sum(len(read_criterion(f"{text}; albumin >= {number / 10} g/L").marks) for text in (*BULLETS, *AGAINST))

    read()
    benchmark(read)
    benchmark.extra_info["criteria in a round"] = len(BULLETS) + len(AGAINST)


def test_explained_verdicts(benchmark: Any) -> None:
    """A hundred patients against one trial, with the reasons."""
    one, people = trial(), patients(100)

    def explain() -> int:
        return sum(len(v.reason) for profile in people for v in screen(one, profile.model_copy(), ON).verdicts)

    assert explain()
    benchmark(explain)
    benchmark.extra_info["verdicts in a round"] = len(one.criteria) * len(people)


@pytest.mark.parametrize("workers", [1, 2])
def test_surveying(benchmark: Any, tmp_path: Path, workers: int) -> None:
    """Many trials, no two of which say the same: two processes, where there are two cores, take half as long."""
    place = tmp_path / "trials.jsonl"
    with place.open("w", encoding="utf-8") as file:
        for number in range(400):
            lines = "".join(f"* {text}; albumin >= {number / 10} g/L\n" for text in (*BULLETS, *AGAINST))
            file.write(json.dumps({"nct_id": f"NCT{number:08}", "criteria": f"Inclusion Criteria:\n\n{lines}"}) + "\n")
    ledgers = (Ledger(tmp_path / f"{number}.state") for number in count())

    benchmark.pedantic(
        lambda ledger: run(Corpus(str(place)), ledger, workers=workers), setup=lambda: ((next(ledgers),), {}), rounds=3
    )
    benchmark.extra_info["criteria in a round"] = 400 * len((*BULLETS, *AGAINST))


@pytest.mark.parametrize("size", [20_000, 80_000])
@pytest.mark.parametrize(
    "unit", ["- a\n", "* a:\n", "OR\n", "( ", "Inclusion Criteria: a ", "1. Aa ", "- ", "\n", "&amp;", "* Arm A, B"]
)
def test_segmenting_is_linear(benchmark: Any, unit: str, size: int) -> None:
    """The larger page, four times the smaller, takes about four times as long."""
    benchmark.pedantic(segment, args=(unit * (size // len(unit)),), rounds=3)


@pytest.mark.parametrize("first", [False, True], ids=["again", "first"])
def test_cold_start(benchmark: Any, tmp_path: Path, first: bool) -> None:
    """One screening in a new process; the first one on a machine finds no more than what the package brings."""
    (tmp_path / "trial.txt").write_text("Inclusion Criteria:\n\n* Age >= 18 years\n* Platelets >= 100 x 10^9/L\n")
    (tmp_path / "patient.yaml").write_text("age: 40\nobservations:\n  - {name: platelets, value: 120, unit: 10*9/L}\n")
    code = (
        "import eligibility, pathlib\n"
        "t = eligibility.read_trial(pathlib.Path('trial.txt'))\n"
        "p = eligibility.PatientProfile.load('patient.yaml')\n"
        "print(eligibility.screen(t, p).status)\n"
    )
    cache = tmp_path / "cache"

    def start() -> str:
        environment = os.environ | ({"ELIGIBILITY_CACHE": str(cache)} if first else {})
        return subprocess.run(
            [sys.executable, "-c", code], cwd=tmp_path, env=environment, capture_output=True, text=True, check=True
        ).stdout

    assert start().strip() == "eligible"
    benchmark.pedantic(start, setup=lambda: shutil.rmtree(cache, ignore_errors=True), rounds=3)
