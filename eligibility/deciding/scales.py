"""Performance status: a score on another scale is the interval of the equivalence in ``rules/scales.yaml``."""

from __future__ import annotations

from typing import Final

from eligibility.knowledge.tables import karnofsky_of_ecog
from eligibility.patient.profile import Interval

__all__ = ["ECOG", "KARNOFSKY", "LANSKY", "PERFORMANCE", "SCALES", "on_scale", "scale_of"]

ECOG: Final = "ECOG performance status"
KARNOFSKY: Final = "Karnofsky performance status"
LANSKY: Final = "Lansky performance status"
PERFORMANCE: Final = "performance status"
SCALES: Final = (ECOG, KARNOFSKY, LANSKY, PERFORMANCE)


def scale_of(name: str, value: Interval) -> str | None:
    """The scale of a score: of one that does not name its scale, the only one that has such a value."""
    if name != PERFORMANCE:
        return name
    low, high = value.low, value.high
    if high is not None and 0 <= high <= 5 and (low is None or low == int(low)):
        return ECOG
    return KARNOFSKY if low is not None and low >= 10 else None


def on_scale(value: Interval, source: str, target: str) -> Interval | None:
    """A score of one scale on another one."""
    if source == target or {source, target} == {KARNOFSKY, LANSKY}:
        return value
    if source == ECOG:
        low = karnofsky_of_ecog().get(int(value.high)) if value.high is not None else (0.0, 0.0)
        high = karnofsky_of_ecog().get(int(value.low)) if value.low is not None else (100.0, 100.0)
        return Interval(low[0], high[1]) if low and high else None
    if target == ECOG:
        bottom = _ecog_of(value.high, True) if value.high is not None else 0.0
        top = _ecog_of(value.low, False) if value.low is not None else 5.0
        return Interval(bottom, top)
    return None


def _ecog_of(score: float, best: bool) -> float:
    """The ECOG grade of a Karnofsky score; of one between two grades, the better or the worse."""
    for grade, (low, high) in karnofsky_of_ecog().items():
        if low <= score <= high:
            return float(grade)
        if score > high:
            return float(grade - 1 if best else grade)
    return 5.0
