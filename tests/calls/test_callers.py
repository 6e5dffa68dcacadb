"""Callers who tell the truth: every order of asking finds the same, and the best one with fewer questions."""

from __future__ import annotations

import json
import lzma
from datetime import date
from pathlib import Path

import pytest

from eligibility import PatientProfile, Trial, read_trial
from eligibility.calls.choosing import best, in_text_order
from eligibility.calls.simulating import Caller, at_random, called, patient_for

SHARED = Path(__file__).resolve().parents[3] / "shared"
EXAMPLE = Path(__file__).resolve().parents[2] / "eligibility" / "examples" / "trial.txt"
SEEDS = sorted((SHARED / "seeds").iterdir()) if SHARED.is_dir() else []
beside = pytest.mark.skipif(not SHARED.is_dir(), reason="../shared does not lie beside the project")


def compared(trials: list[Trial], profiles: list[PatientProfile], on: date) -> tuple[int, int]:
    """The questions of the best order and of the text's, of those who are out of the question for good."""
    asked = in_order = 0
    for seed, profile in enumerate(profiles):
        caller = Caller(profile, on, unsure=10, seed=seed)
        outcomes = [called(trials, caller, on, choice) for choice in (best, in_text_order, at_random(seed))]
        found = [[one.headline.split(";")[0] for one in outcome.trials] for outcome in outcomes]
        assert found[0] == found[1] == found[2]
        if all(one.lasting for one in outcomes[0].trials):
            asked += len(outcomes[0].answers)
            in_order += len(outcomes[1].answers)
    return asked, in_order


@beside
def test_the_patients_of_the_oracle() -> None:
    trial = read_trial(SHARED / "oracle" / "trial.txt")
    with lzma.open(SHARED / "oracle" / "profiles.jsonl.xz", "rt", encoding="utf-8") as file:
        profiles = [PatientProfile.model_validate(json.loads(line)) for line, _ in zip(file, range(60), strict=False)]
    asked, in_order = compared([trial], profiles, date(2024, 6, 1))
    assert 0 < asked < in_order


@pytest.mark.parametrize("source", [EXAMPLE, *SEEDS], ids=lambda path: path.name)
def test_patients_of_a_page(source: Path) -> None:
    on = date(2026, 11, 1)
    trial = read_trial(source)
    compared([trial], [patient_for([trial], on, seed) for seed in range(8)], on)


@beside
def test_patients_of_several_trials_at_once() -> None:
    on = date(2026, 11, 1)
    trials = [read_trial(source) for source in SEEDS]
    compared(trials, [patient_for(trials, on, seed) for seed in range(3)], on)
