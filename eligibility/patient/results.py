"""The observations of a profile by the canonical names of what was observed, and the conditions that they name."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cache, lru_cache
from typing import Final

from eligibility.knowledge import units
from eligibility.knowledge.vocabulary import vocabulary
from eligibility.patient.facts import PAST, bounds
from eligibility.patient.names import Naming
from eligibility.patient.profile import ConditionFact, Interval, Observation, PatientProfile

__all__ = ["conditions_named", "interval", "kinds_of", "observations_of", "single"]


def observations_of(profile: PatientProfile, naming: Naming) -> dict[str, list[Observation]]:
    """The observations of a profile by the canonical name, or the words, of what was observed."""
    found: dict[str, list[Observation]] = {}
    for raw in profile.observations:
        code = raw.code
        name = naming.analyte(raw.name, code.system, code.code) if code else naming.analyte(raw.name)
        if type(raw.value) is float and (raw.unit is None or "pred" in raw.unit):
            raw = _in_percent(name, raw)
        elif type(raw.value) is str and raw.unit is None and (multiple := _MULTIPLE.fullmatch(raw.value)) is not None:
            raw = replace(raw, value=float(multiple[1]), unit=f"x {multiple[2].upper()}")  # "2.1 x ULN"
        if raw.unit is not None and name in _named_by_unit() and units.is_unit(raw.unit):
            name = _named_by_unit()[name].get(units.unit(raw.unit), name)
        listed = found.get(name)
        if listed is None:
            found[name] = [raw]
        else:
            listed.append(raw)
        if type(raw.value) is str and raw.pair is not None and (both := _pair(name, raw)):
            for part, observation in both:
                found.setdefault(part, []).append(observation)
    return found


@cache
def _named_by_unit() -> dict[str, dict[str, str]]:
    """The measurements that are another one in some units, and which: a urine protein in g/d is that of 24 hours, and
    a FEV1 in percent that of the predicted volume."""
    return {entry.name: entry.facts["in_unit"] for entry in vocabulary().having("in_unit")}


_MULTIPLE: Final = re.compile(r"\s*(\d+(?:\.\d+)?)\s*(?:x|×|times|\*)?\s*(?:the\s+)?(ULN|LLN)\s*", re.IGNORECASE)


def _in_percent(name: str, raw: Observation) -> Observation:
    """A result in percent of what is predicted, in percent; a fraction of one, as a percentage."""
    entry = vocabulary().entry("measurement", name)
    if entry is None:
        return raw
    value = raw.value
    if raw.unit is None:
        fraction = isinstance(value, float) and 0 < value <= 1 and entry.facts.get("fraction")
        return replace(raw, value=100 * value, unit="%") if isinstance(value, float) and fraction else raw
    return raw if _OF_PREDICTED.fullmatch(raw.unit) is None else replace(raw, unit="%")


_OF_PREDICTED: Final = re.compile(
    r"\s*(?:%|percent)\s*(?:of\s+)?(?:the\s+)?pred(?:icted|\.)?(?:\s+(?:value|normal))?\s*", re.IGNORECASE
)


def conditions_named(observations: Mapping[str, Sequence[Observation]], as_of: int) -> list[ConditionFact]:
    """The conditions that the latest results name: of a smoking status, "former smoker"."""
    found = []
    for name in _naming_conditions().intersection(observations):
        days = [(bounds(each.date) or (PAST, as_of))[1] for each in observations[name]]
        last = max((day for day in days if day <= as_of), default=None)
        values = {
            _meant(name, str(each.value)) for each, day in zip(observations[name], days, strict=True) if day == last
        }
        if len(values) == 1 and vocabulary().find(value := values.pop(), "condition") is not None:
            found.append(ConditionFact(name=value))
    return found


def _meant(name: str, value: str) -> str:
    """What a result in a word means: of a smoking status, "never" is a never smoker."""
    entry = vocabulary().entry("measurement", name)
    meant = entry.facts.get("value_means", {}) if entry is not None else {}
    return str(meant.get(" ".join(value.lower().split()), value))


@cache
def _naming_conditions() -> frozenset[str]:
    named = (entry for entry in vocabulary().having("value_is") if entry.facts["value_is"] == "condition")
    return frozenset(entry.name for entry in named)


@lru_cache(maxsize=16384)
def kinds_of(name: str) -> frozenset[str]:
    """A measurement and everything that is a kind of it."""
    known = vocabulary()
    found = {name}
    todo = [name]
    while todo:
        for below in known.narrower("measurement", todo.pop()):
            if below not in found:
                found.add(below)
                todo.append(below)
    return frozenset(found)


def single(name: str) -> bool:
    """Whether nothing is a kind of this measurement, so that its observations are those of its name."""
    return len(kinds_of(name)) == 1


def _pair(name: str, raw: Observation) -> list[tuple[str, Observation]]:
    """Both pressures of "124/76"; the decimal acuity of "20/40"."""
    entry = vocabulary().entry("measurement", name)
    fraction = entry.facts.get("in_unit", {}).get(_SNELLEN) if entry is not None else None
    if fraction is not None and raw.pair is not None and raw.pair[1]:
        return [(fraction, replace(raw, name=fraction, value=raw.pair[0] / raw.pair[1], unit=_SNELLEN))]
    if (
        "blood pressure" not in name
        and "blood pressure" not in raw.name.lower()
        and raw.name.upper() not in ("BP", "RR")
    ):
        return []
    pair = raw.pair
    assert pair is not None
    return [
        (part, replace(raw, name=part, value=value, unit=raw.unit or "mm[Hg]"))
        for part, value in zip(("systolic blood pressure", "diastolic blood pressure"), pair, strict=True)
    ]


_SNELLEN: Final = "{Snellen}"


def interval(value: float | Interval) -> Interval:
    """A number as the interval of one point."""
    return value if isinstance(value, Interval) else Interval(value, value)
