"""Computed values: what follows from other observations where the value itself was not observed.

Each formula names its parts in the unit that it wants them in. A part that is an interval makes the result one.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import product
from typing import Final

from eligibility.deciding import ages, observing
from eligibility.deciding.case import Case
from eligibility.deciding.verdict import Cause, Need
from eligibility.knowledge.vocabulary import vocabulary
from eligibility.patient.profile import Interval, Observation

__all__ = ["Computed", "computed"]

_Parts = Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Formula:
    """How a value is computed: the analytes and units of its parts, and the unit of the result."""

    title: str
    parts: Mapping[str, tuple[str, str]]  # short name -> analyte, unit
    unit: str
    result: Callable[[_Parts], float]
    person: bool = False  # needs age and sex, too


@dataclass(frozen=True, slots=True)
class Computed:
    """A computed value, the observations it was computed from, and how; or what was missing."""

    value: Interval | None
    unit: str = ""
    used: tuple[Observation, ...] = ()
    title: str = ""
    cause: Cause | None = None
    needs: tuple[Need, ...] = ()


def _cockcroft_gault(p: _Parts) -> float:
    return (140 - p["age"]) * p["weight"] / (72 * p["creatinine"]) * (0.85 if p["female"] else 1)


def _ckd_epi_2021(p: _Parts) -> float:
    kappa, alpha = (0.7, -0.241) if p["female"] else (0.9, -0.302)
    ratio = p["creatinine"] / kappa
    value = 142 * min(ratio, 1.0) ** alpha * max(ratio, 1.0) ** -1.200 * 0.9938 ** p["age"]
    return float(value * (1.012 if p["female"] else 1))


def _mdrd(p: _Parts) -> float:
    return float(175 * p["creatinine"] ** -1.154 * p["age"] ** -0.203 * (0.742 if p["female"] else 1))


_CREATININE: Final = {"creatinine": ("creatinine", "mg/dL")}

FORMULAS: Final[dict[str, Formula]] = {
    "bmi": Formula(
        "weight / height squared",
        {"weight": ("weight", "kg"), "height": ("height", "m")},
        "kg/m2",
        lambda p: p["weight"] / p["height"] ** 2,
    ),
    "bsa": Formula(
        "body surface area by Mosteller",
        {"weight": ("weight", "kg"), "height": ("height", "cm")},
        "m2",
        lambda p: (p["weight"] * p["height"] / 3600) ** 0.5,
    ),
    "cockcroft_gault": Formula(
        "Cockcroft-Gault", {**_CREATININE, "weight": ("weight", "kg")}, "mL/min", _cockcroft_gault, person=True
    ),
    "ckd_epi_2021": Formula("CKD-EPI 2021", _CREATININE, "mL/min/{1.73_m2}", _ckd_epi_2021, person=True),
    "mdrd": Formula("MDRD (IDMS-traceable)", _CREATININE, "mL/min/{1.73_m2}", _mdrd, person=True),
    "schwartz": Formula(
        "bedside Schwartz",
        {**_CREATININE, "height": ("height", "cm")},
        "mL/min/{1.73_m2}",
        lambda p: 0.413 * p["height"] / p["creatinine"],
    ),
    "qtcf": Formula(
        "Fridericia",
        {"qt": ("QT interval", "ms"), "rate": ("heart rate", "/min")},
        "ms",
        lambda p: float(p["qt"] / (60 / p["rate"]) ** (1 / 3)),
    ),
    "qtcb": Formula(
        "Bazett",
        {"qt": ("QT interval", "ms"), "rate": ("heart rate", "/min")},
        "ms",
        lambda p: float(p["qt"] / (60 / p["rate"]) ** 0.5),
    ),
    "corrected_calcium": Formula(
        "calcium + 0.8 x (4.0 - albumin)",
        {"calcium": ("calcium", "mg/dL"), "albumin": ("albumin", "g/dL")},
        "mg/dL",
        lambda p: p["calcium"] + 0.8 * (4.0 - p["albumin"]),
    ),
    "ast_alt_ratio": Formula(
        "AST / ALT",
        {"ast": ("aspartate aminotransferase", "U/L"), "alt": ("alanine aminotransferase", "U/L")},
        "",
        lambda p: p["ast"] / p["alt"],
    ),
    "neutrophil_lymphocyte_ratio": Formula(
        "neutrophils / lymphocytes",
        {
            "neutrophils": ("absolute neutrophil count", "10*9/L"),
            "lymphocytes": ("absolute lymphocyte count", "10*9/L"),
        },
        "",
        lambda p: p["neutrophils"] / p["lymphocytes"],
    ),
    "urine_albumin_creatinine_ratio": Formula(
        "urine albumin / urine creatinine",
        {"albumin": ("urine albumin", "mg/L"), "creatinine": ("urine creatinine", "g/L")},
        "mg/g",
        lambda p: p["albumin"] / p["creatinine"],
    ),
}


@lru_cache(maxsize=1024)
def _analyte(text: str) -> str:
    entry = vocabulary().find(text, "measurement")
    return entry.name if entry is not None else text


def computed(case: Case, name: str) -> Computed | None:
    """The value of a measurement from its parts; ``None`` for one that no formula gives."""
    entry = observing.entry_of(name)
    formula = FORMULAS.get(str(entry.facts.get("formula", ""))) if entry else None
    if formula is None:
        return None
    values: dict[str, Interval] = {}
    used: list[Observation] = []
    needs: list[Need] = []
    cause: Cause | None = None
    for short, (analyte, unit) in formula.parts.items():
        canonical = _analyte(analyte)
        chosen = observing.choose(case, canonical, None)
        found = None if chosen.cause else _hull(chosen.observations, unit, canonical)
        if found is None:
            cause = cause or chosen.cause or Cause.UNIT
            needs.append(Need(canonical, "value", "site", unit=unit))
            continue
        values[short] = found
        used += chosen.observations
    if formula.person:
        years = ages.completed(case, "years")
        if years is None:
            needs.append(Need("age", "value", "caller", unit="years"))
        else:
            values["age"] = Interval(float(years[0]), float(years[1]))
        if case.chart.sex is None:
            needs.append(Need("sex", "value", "caller"))
        else:
            female = float(case.chart.sex == "female")
            values["female"] = Interval(female, female)
    if needs:
        return Computed(None, formula.unit, tuple(used), formula.title, cause or Cause.MISSING, tuple(needs))
    ends = [[end for end in (value.low, value.high) if end is not None] for value in values.values()]
    corners = [formula.result(dict(zip(values, corner, strict=True))) for corner in product(*ends)]
    return Computed(Interval(min(corners), max(corners)), formula.unit, tuple(used), formula.title)


def _hull(observations: Sequence[Observation], unit: str, name: str) -> Interval | None:
    """The interval of all values of one day, where each is a number that can be expressed in the unit."""
    lows: list[float] = []
    highs: list[float] = []
    for observation in observations:
        value = observing.numeric(observation)
        value = observing.in_unit(value, observation.unit, unit, name) if value is not None else None
        if value is None or value.low is None or value.high is None or value.low <= 0:
            return None
        lows.append(value.low)
        highs.append(value.high)
    return Interval(min(lows), max(highs)) if lows else None
