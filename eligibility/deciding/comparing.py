"""Numbers: an interval against a limit.

A value is the interval of all the numbers that it may be; it fulfils a limit if all of them do, and fails it if none
does. Two numbers closer than the rounding of their decimals are the same: 1.5 x 40 is 60.
"""

from __future__ import annotations

from typing import Final, Protocol

from eligibility.patient.profile import Interval
from eligibility.rules import Limit
from eligibility.truth import Status

__all__ = ["Gauge", "compare", "gauge", "limit_text", "number", "scaled", "within"]

_CLOSE: Final = 1e-9


def _below(a: float, b: float) -> bool:
    return b - a > _CLOSE * max(abs(a), abs(b))


def within(value: Interval, low: float | None, high: float | None, low_in: bool = True, high_in: bool = True) -> Status:
    """Whether all, or none, of the numbers of ``value`` lie between the two bounds."""
    inside = True
    if low is not None:
        if value.high is not None:
            if _below(value.high, low):
                return Status.UNMET
            if not _below(low, value.high) and not (low_in and value.high_inclusive):
                return Status.UNMET
        at_low = not low_in and value.low_inclusive  # the value may be the bound, which is not in the limit
        if value.low is None or _below(value.low, low) or (at_low and not _below(low, value.low)):
            inside = False
    if high is not None:
        if value.low is not None:
            if _below(high, value.low):
                return Status.UNMET
            if not _below(value.low, high) and not (high_in and value.low_inclusive):
                return Status.UNMET
        at_high = not high_in and value.high_inclusive
        if value.high is None or _below(high, value.high) or (at_high and not _below(value.high, high)):
            inside = False
    return Status.MET if inside else Status.UNKNOWN


class Gauge(Protocol):
    """One limit, ready to be compared with any number of values."""

    def __call__(self, value: float, factor: float = 1.0) -> Status:
        """As :func:`compare`, of a single number."""


def gauge(limit: Limit) -> Gauge:
    """A limit made ready for single numbers; each bound of it is taken times the factor."""
    low, high, low_in, high_in = limit.low, limit.high, limit.low_inclusive, limit.high_inclusive

    def compared(value: float, factor: float = 1.0) -> Status:
        if low is not None:
            bound = low * factor
            if not (low_in and value >= bound) and not _past(value, bound, low_in):
                return Status.UNMET
        if high is not None:
            bound = high * factor
            if not (high_in and value <= bound) and not _past(-value, -bound, high_in):
                return Status.UNMET
        return Status.MET

    return compared


def _past(value: float, bound: float, inclusive: bool) -> bool:
    """Whether a number is beyond a bound, or at it where the bound itself is included."""
    over = value - bound
    close = _CLOSE * max(abs(value), abs(bound))
    return over >= -close if inclusive else over > close


def compare(value: Interval, limit: Limit, factor: float = 1.0) -> Status:
    """Whether a value lies within a limit, each bound of it times ``factor``."""
    low = None if limit.low is None else limit.low * factor
    high = None if limit.high is None else limit.high * factor
    return within(value, low, high, limit.low_inclusive, limit.high_inclusive)


def scaled(value: Interval, factor: float) -> Interval:
    """All the numbers of a value times a positive factor."""
    return Interval(
        None if value.low is None else value.low * factor,
        None if value.high is None else value.high * factor,
        value.low_inclusive,
        value.high_inclusive,
    )


def number(value: float) -> str:
    """A number as a person writes it."""
    return f"{value:.6g}" if abs(value) < 1e6 else f"{value:,.0f}"


def limit_text(limit: Limit) -> str:
    """``>= 1.5 x ULN``, ``18 to 75 years``."""
    unit = f" {limit.unit}" if limit.unit and limit.of == "value" else "" if limit.of == "value" else f" x {limit.of}"
    match limit.low, limit.high:
        case None, None:
            return "any value"
        case low, None if low is not None:
            return f"{'>=' if limit.low_inclusive else '>'} {number(low)}{unit}"
        case None, high if high is not None:
            return f"{'<=' if limit.high_inclusive else '<'} {number(high)}{unit}"
        case low, high if low is not None and high is not None:
            if low == high:
                return f"{number(low)}{unit}"
            left = "" if limit.low_inclusive else "more than "
            right = "" if limit.high_inclusive else "less than "
            return f"{left}{number(low)} to {right}{number(high)}{unit}"
        case _:
            return ""
