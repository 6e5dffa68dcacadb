"""Scores whose points fall into classes: 7 points of Child-Pugh are class B, and class B is 7 to 9 points."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final, NamedTuple

from eligibility.deciding import observing
from eligibility.knowledge.vocabulary import vocabulary
from eligibility.patient.names import measured
from eligibility.patient.profile import Interval, Observation

__all__ = ["Banded", "banded", "value_on"]


class _Band(NamedTuple):
    """One class: its name, its place among the classes, and its points."""

    name: str
    place: float
    low: float
    high: float


class Banded(NamedTuple):
    """A score, and the scale of its classes."""

    score: str
    classes: str
    bands: tuple[_Band, ...]


@lru_cache(maxsize=4096)
def banded(name: str) -> Banded | None:
    """The score with classes that this measurement is, or of which it is the scale of classes."""
    for entry in vocabulary().having("banded"):
        given = dict(entry.facts["banded"])
        classes = str(given.pop("class"))
        if name not in (entry.name, classes):
            continue
        scale = vocabulary().entry("measurement", classes)
        places = (scale.facts.get("values") if scale is not None else None) or {}
        bands = [  # by their places
            _Band(str(key), float(places.get(key) or key), float(low), float(high))
            for key, (low, high) in given.items()
        ]
        return Banded(entry.name, classes, tuple(bands))
    return None


def value_on(name: str, scales: Banded, observation: Observation) -> Interval | None:
    """What was observed, in points or as a class, as ``name`` counts it; ``None`` of other words."""
    found = _observed(scales, observation)
    if found is None:
        return None
    in_points, value = found
    if in_points is (name == scales.score):
        return value
    if in_points:
        reached = [band.place for band in scales.bands if _meets(value, band)]
        return Interval(min(reached), max(reached)) if reached else None
    named = [band for band in scales.bands if value.low is not None and value.low <= band.place <= (value.high or 0.0)]
    return Interval(min(band.low for band in named), max(band.high for band in named)) if named else None


def _observed(scales: Banded, observation: Observation) -> tuple[bool, Interval] | None:
    """Whether it is given in points, and the value: of ``B7`` the points, of ``B`` the class, whatever it is called."""
    value = observation.value
    told = _TOLD.fullmatch(value) if isinstance(value, str) else None
    band = next((band for band in scales.bands if told and band.name == told["class"].upper()), None)
    if told is not None and band is not None:
        points = Interval(float(told["points"]), float(told["points"])) if told["points"] else None
        if points is None:
            return False, Interval(band.place, band.place)
        return (True, points) if _meets(points, band) else None
    number = observing.numeric(observation)
    if number is None:
        return None
    return measured(observation.name) == scales.score or _too_many(scales, number), number


_TOLD: Final = re.compile(
    r"\s*(?:class\s+|stage\s+)?(?P<class>[A-Z])\s*[(,]?\s*(?P<points>\d+)?\s*(?:points?)?\s*\)?\s*", re.IGNORECASE
)


def _too_many(scales: Banded, number: Interval) -> bool:
    """Whether a number is none of a class, so that it counts points."""
    return number.low is not None and number.low > max(band.place for band in scales.bands)


def _meets(value: Interval, band: _Band) -> bool:
    return (value.low is None or value.low <= band.high) and (value.high is None or value.high >= band.low)
