"""How many explained verdicts a second: twelve hand-built rules over a file of profiles.

python tests/benchmarks/screening.py PROFILES.jsonl.xz [EXPECTED.jsonl.xz] [--profile]
"""

from __future__ import annotations

import cProfile
import json
import lzma
import pstats
import sys
import time
from collections import Counter
from datetime import date
from pathlib import Path

from eligibility.deciding.screen import screen
from eligibility.patient.profile import PatientProfile
from eligibility.rules import (
    Age,
    Concept,
    Condition,
    Criterion,
    Duration,
    Limit,
    Measurement,
    PatientAttribute,
    Rule,
    Treatment,
    Trial,
    Window,
)


def _lab(name: str, limit: Limit) -> Measurement:
    return Measurement(analyte=Concept(name=name), limit=limit)


INCLUSION: tuple[Rule, ...] = (
    Age(limit=Limit(low=18, unit="years")),
    _lab("ECOG performance status", Limit(low=0, high=1)),
    _lab("absolute neutrophil count", Limit(low=1.5, unit="10*9/L")),
    _lab("platelet count", Limit(low=100, unit="10*9/L")),
    _lab("hemoglobin", Limit(low=9, unit="g/dL")),
    _lab("creatinine", Limit(high=1.5, of="ULN")),
    _lab("total bilirubin", Limit(high=1.5, of="ULN")),
    _lab("aspartate aminotransferase", Limit(high=2.5, of="ULN")),
)
EXCLUSION: tuple[Rule, ...] = (
    Treatment(concept=Concept(name="cytotoxic chemotherapy"), window=Window(start=Duration(value=14, unit="days"))),
    Treatment(concept=Concept(name="anti-PD-1 antibody"), time="ever"),
    PatientAttribute(attribute="pregnant"),
    Condition(concept=Concept(name="CNS metastases"), time="now"),
)
TRIAL = Trial(
    criteria=tuple(
        Criterion(id=f"I-{index}", kind="inclusion", text=rule.kind, rule=rule) for index, rule in enumerate(INCLUSION)
    )
    + tuple(
        Criterion(id=f"E-{index}", kind="exclusion", text=rule.kind, rule=rule) for index, rule in enumerate(EXCLUSION)
    )
)


def _lines(path: str) -> list[dict[str, object]]:
    with lzma.open(Path(path), "rt", encoding="utf-8") as file:
        return [json.loads(line) for line in file]


def main(arguments: list[str]) -> None:
    """Measure, and compare with what is expected if that is given."""
    files = [argument for argument in arguments if not argument.startswith("--")]
    on = date(2024, 6, 1)
    profiles = [PatientProfile.model_validate(raw) for raw in _lines(files[0])]
    for profile in profiles[:100]:  # the vocabulary and the caches are loaded once
        screen(TRIAL, profile.model_copy(), on)
    watch = cProfile.Profile() if "--profile" in arguments else None
    if watch:
        watch.enable()
    start = time.perf_counter()
    found = [screen(TRIAL, profile, on) for profile in profiles]
    decided = time.perf_counter() - start
    size = sum(len(verdict.reason) for one in found for verdict in one.verdicts)
    explained = time.perf_counter() - start
    if watch:
        watch.disable()
        pstats.Stats(watch).sort_stats("tottime").print_stats(30)
    count = len(profiles) * len(TRIAL.criteria)
    print(
        f"{count / decided:,.0f} verdicts/s, {count / explained:,.0f} with their reasons",
        f"({size // len(found)} characters a patient)",
    )
    if len(files) > 1:
        bad: Counter[int] = Counter()
        for one, expected in zip(found, _lines(files[1]), strict=True):
            for index, (verdict, want) in enumerate(zip(one.verdicts, expected["verdicts"], strict=True)):  # type: ignore[call-overload]
                if verdict.status != want:
                    bad[index] += 1
                    if bad[index] < 3:
                        print(index, want, verdict)
        print("disagreements", dict(bad))


if __name__ == "__main__":
    main(sys.argv[1:])
