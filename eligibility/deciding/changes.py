"""How much somebody's weight has changed over a time, by the weights on record."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

from eligibility.deciding import observing, timing
from eligibility.deciding.case import Case
from eligibility.deciding.comparing import compare
from eligibility.deciding.verdict import Verdict
from eligibility.patient.profile import Interval, Observation
from eligibility.rules import Measurement
from eligibility.truth import Status, all_of, any_of

__all__ = ["by_weights"]


class _Change(NamedTuple):
    """What counts as a change: one in percent of the earlier weight, one that is a loss."""

    relative: bool
    loss: bool


_CHANGES: Final = {
    "weight loss": _Change(relative=True, loss=True),
    "absolute weight loss": _Change(relative=False, loss=True),
    "weight change": _Change(relative=False, loss=False),
    "relative weight change": _Change(relative=True, loss=False),
}
_BEFORE: Final = 30
"""So many days before a time begins a weight may be that is taken for the one at its beginning."""
_AFTER: Final = 14


def by_weights(case: Case, rule: Measurement) -> Verdict | None:
    """Whether a change lies within a limit, by the latest weight and each earlier one of that time.

    One that is too great shows it; that none is, only where there is a weight from the beginning of the time. None
    where the weights leave it open, or it is asked how the change came about.
    """
    change, window = _CHANGES.get(rule.analyte.name), rule.window
    if change is None or window is None or window.start is None or rule.limit.of != "value" or rule.repeats > 1:
        return None
    first, _, _, last = timing.bounds(case, window)
    dated = sorted(_weights(case, first - _BEFORE, min(last, case.on)), key=lambda each: each[0])
    if len(dated) < 2 or dated[-1][0] < case.on - case.settings.stale_days or dated[-1][0] == dated[-2][0]:
        return None
    now = dated[-1][1]
    at_least = rule.limit.low is not None  # so much, or more
    decided = Status.MET if at_least else Status.UNMET
    earlier = [(day, weight) for day, weight, _ in dated[:-1]]
    statuses = [compare(_changed(change, weight, now), rule.limit) for day, weight in earlier if day >= first]
    begun = [each for each in earlier if each[0] <= first + _AFTER]
    if begun and begun[-1][0] < first:  # some of the change may have been before
        from_then = compare(_changed(change, begun[-1][1], now), rule.limit)
        statuses.append(Status.UNKNOWN if from_then is decided else from_then)
    status = any_of(statuses) if at_least else all_of(statuses)
    if status is Status.UNKNOWN or (status is not decided and not begun):
        return None
    if status is Status.MET and rule.qualifiers:
        return None
    used = tuple([seen for _, _, seen in dated])
    return Verdict(status, rule, case, used, detail="by the weights on record")


def _weights(case: Case, first: int, last: int) -> Sequence[tuple[int, float, Observation]]:
    """The weights of known days from the first to the last, in kg."""
    found = []
    for seen in case.chart.seen("weight"):
        day, latest = observing.day_of(case, seen)
        value = observing.numeric(seen)
        in_kg = observing.in_unit(value, seen.unit, "kg", "weight") if value is not None else None
        weight = in_kg.low if in_kg is not None and in_kg.low == in_kg.high else None
        if weight and day == latest and first <= day <= last:
            found.append((day, weight, seen))
    return found


def _changed(change: _Change, before: float, now: float) -> Interval:
    lost = (before - now) * (100 / before if change.relative else 1)
    lost = lost if change.loss else abs(lost)
    return Interval(lost, lost)
