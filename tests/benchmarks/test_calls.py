"""How fast a call goes on: run with ``pytest tests/benchmarks --benchmark-only``. Nothing is asserted of time."""

from __future__ import annotations

import json
import lzma
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from eligibility import Trial, read_trial
from eligibility.calls import Interview
from eligibility.calls.keeping import Store

ROOT = Path(__file__).resolve().parents[2]
SHARED = ROOT.parent / "shared"
ON = date(2026, 11, 1)


def trials(count: int) -> list[Trial]:
    """The example, or the first of the corpus by the SHA-256 of their numbers."""
    if count == 1:
        return [read_trial(ROOT / "eligibility" / "examples" / "trial.txt")]
    if not SHARED.is_dir():
        pytest.skip("../shared does not lie beside the project")
    with lzma.open(SHARED / "corpus" / "trials.jsonl.xz", "rt", encoding="utf-8") as file:
        records = sorted(map(json.loads, file), key=lambda one: sha256(one["nct_id"].encode()).hexdigest())
    return [read_trial(one["criteria"]) for one in records[:count]]


@pytest.mark.parametrize("count", [1, 20, 100])
def test_next_question(benchmark: Any, count: int) -> None:
    """After an answer: what is asked next, the answer itself aside."""
    call = Interview(trials(count), on=ON)
    call.answer("not sure")

    def again() -> tuple[tuple[()], dict[str, Any]]:
        call.undo()
        call.answer("not sure")
        return (), {}

    benchmark.pedantic(call.next_question, setup=again, rounds=20)


@pytest.mark.parametrize("count", [1, 20, 100])
def test_taking_an_answer(benchmark: Any, tmp_path: Path, count: int) -> None:
    """Understood, written to the disk, and all that is open decided anew."""
    with Store(tmp_path / "calls.sqlite") as store:
        _, call = store.begin(trials(count), by="bench", on=ON)
        call.next_question()

        def back() -> tuple[tuple[str], dict[str, Any]]:
            call.undo()
            call.next_question()
            return ("not sure",), {}

        benchmark.pedantic(call.answer, setup=back, rounds=20)
