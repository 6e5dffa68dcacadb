"""How many questions calls take: ``python tests/benchmarks/callers.py [seeds|oracle|condition NAME|any] [--ask-labs]``.

Callers who tell the truth about a patient, and are not sure of every tenth question. Needs ``../shared`` beside the
project: the oracle's patients, the seeds, the first trials of the corpus by the SHA-256 of their number. Printed
are the median and the mean of the questions until the outcome is certain: the engine's order, the text's, chance.
"""

from __future__ import annotations

import argparse
import json
import lzma
from collections.abc import Iterable, Iterator
from datetime import date
from hashlib import sha256
from pathlib import Path
from statistics import mean, median

from eligibility import PatientProfile, Trial, read_trial
from eligibility.calls import Outcome
from eligibility.calls.choosing import best, in_text_order
from eligibility.calls.simulating import Caller, at_random, called, patient_for

SHARED = Path(__file__).resolve().parents[3] / "shared"
ON = date(2026, 11, 1)
ORDERS = ("best", "text", "random")


def found(outcome: Outcome) -> list[tuple[str, bool]]:
    return [(str(one.status), one.lasting) for one in outcome.trials]


def compare(cases: Iterable[tuple[Trial, PatientProfile, int]], on: date, ask_labs: bool) -> None:
    """One trial a call, in each order."""
    everyone: dict[str, list[int]] = {name: [] for name in ORDERS}
    failing: dict[str, list[int]] = {name: [] for name in ORDERS}
    different = 0
    for trial, profile, seed in cases:
        caller = Caller(profile, on, unsure=10, seed=seed)
        choices = zip(ORDERS, (best, in_text_order, at_random(seed)), strict=True)
        outcomes = {name: called([trial], caller, on, choice, ask_labs=ask_labs) for name, choice in choices}
        different += len({str(found(one)) for one in outcomes.values()}) > 1
        for name, outcome in outcomes.items():
            everyone[name].append(len(outcome.answers))
            if outcomes["text"].trials[0].lasting:
                failing[name].append(len(outcome.answers))
    for words, counts in (
        (f"all {len(everyone['best'])} calls", everyone),
        (f"the {len(failing['best'])} that fail for good", failing),
    ):
        print(
            f"  {words}: "
            + ", ".join(f"{name} {median(of)} (mean {mean(of):.1f})" for name, of in counts.items() if of)
        )
    print(f"  different outcomes: {different}")


def oracle() -> Iterator[tuple[Trial, PatientProfile, int]]:
    trial = read_trial(SHARED / "oracle" / "trial.txt")
    with lzma.open(SHARED / "oracle" / "profiles.jsonl.xz", "rt", encoding="utf-8") as file:
        for seed, line in enumerate(file):
            yield trial, PatientProfile.model_validate(json.loads(line)), seed


def corpus(count: int, condition: str = "") -> list[Trial]:
    with lzma.open(SHARED / "corpus" / "trials.jsonl.xz", "rt", encoding="utf-8") as file:
        records = [json.loads(line) for line in file]
    wanted = [one for one in records if not condition or condition in str(one.get("conditions", "")).lower()]
    first = sorted(wanted, key=lambda one: sha256(one["nct_id"].encode()).hexdigest())[:count]
    return [read_trial(one["criteria"]) for one in first]


def seeds() -> Iterator[tuple[Trial, PatientProfile, int]]:
    trials = [*map(read_trial, sorted((SHARED / "seeds").iterdir())), *corpus(50)]
    for trial in trials:
        for seed in range(4):
            yield trial, patient_for([trial], ON, seed), seed


def together(trials: list[Trial], ask_labs: bool) -> None:
    """One call about all trials against a call about each."""
    for seed in range(5):
        profile = patient_for(trials, ON, seed)
        caller = Caller(profile, ON, unsure=10, seed=seed)
        one = called(trials, caller, ON, best, ask_labs=ask_labs)
        singles = [called([trial], caller, ON, best, ask_labs=ask_labs) for trial in trials]
        asked = sum(len(single.answers) for single in singles)
        same = sum(
            pair == other for pair, other in zip(found(one), [found(single)[0] for single in singles], strict=True)
        )
        print(
            f"  patient {seed}: one call {len(one.answers)} questions, {len(trials)} calls {asked}: "
            f"{len(one.answers) / asked:.2f}; the same outcome in {same} of {len(trials)} trials",
            flush=True,
        )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("what", choices=("seeds", "oracle", "condition", "any"))
    parser.add_argument("name", nargs="?", default="")
    parser.add_argument("--ask-labs", action="store_true")
    given = parser.parse_args()
    print(f"{given.what} {given.name}{' with labs' if given.ask_labs else ''}", flush=True)
    match given.what:
        case "oracle":
            compare(oracle(), date(2024, 6, 1), given.ask_labs)
        case "seeds":
            compare(seeds(), ON, given.ask_labs)
        case _:
            together(corpus(20, given.name.lower()), given.ask_labs)


if __name__ == "__main__":
    main()
