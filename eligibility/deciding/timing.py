"""Days: durations counted from a day, windows, and whether a fact lies in one.

A day is its number; a fact's first and last day are intervals of days. What holds for all days that are possible is
definite, anything else unknown.
"""

from __future__ import annotations

import math
from calendar import monthrange
from datetime import date
from typing import Final, TypeAlias

from eligibility.deciding.case import Case
from eligibility.knowledge.qualifiers import qualifiers
from eligibility.patient.facts import FUTURE, PAST, Fact
from eligibility.patient.lasted import lasted
from eligibility.rules import Duration, Moment, Window
from eligibility.truth import Status, of

__all__ = [
    "Bounds",
    "ahead",
    "back",
    "begun",
    "between",
    "bounds",
    "covers",
    "days_of",
    "held",
    "in_window",
    "long_enough",
    "months_back",
    "said_to_last",
]

Bounds: TypeAlias = tuple[int, int, int, int]
"""A window as days: its first day is one of the first two, its last one of the other two."""


def months_back(day: int, months: int) -> int:
    """The same day of the month so many calendar months before (after, where negative); or the month's last."""
    then = date.fromordinal(day)
    index = then.year * 12 + then.month - 1 - months
    year, month = divmod(index, 12)
    if not 1 <= year <= 9999:
        return PAST if year < 1 else FUTURE
    return date(year, month + 1, min(then.day, monthrange(year, month + 1)[1])).toordinal()


def back(day: int, duration: Duration, half_life: float | None = None) -> tuple[int, int] | None:
    """The days that a duration before ``day`` may be; a negative one lies after it. ``half_life`` is in days.

    Where it is no whole number of days it depends on the hour. ``None`` where a half-life is needed and not known.
    """
    value = duration.value
    match duration.unit:
        case "days" | "weeks":
            length = value if duration.unit == "days" else value * 7
            if length == int(length):
                found = _clamp(day - int(length))
                return found, found
        case "hours":
            length = value / 24
        case "half-lives":
            if half_life is None:
                return None
            length = value * half_life
            return _clamp(day - math.ceil(length)), _clamp(day - math.ceil(length))
        case "months" | "years":
            months = value * 12 if duration.unit == "years" else value
            whole = math.floor(months)
            if months == whole:
                found = months_back(day, whole)
                return found, found
            nearest = months_back(day, whole) - round((months - whole) * 30.4375)
            return _clamp(nearest), _clamp(nearest)
    return _clamp(day - math.ceil(length)), _clamp(day - math.floor(length))


def _clamp(day: int) -> int:
    return max(PAST, min(FUTURE, day))


def _back(day: int, duration: Duration, half_life: float | None) -> tuple[int, int]:
    """As :func:`back`; of so many half-lives that are not known, every day on that side of ``day``."""
    found = back(day, duration, half_life)
    if found is not None:
        return found
    return (PAST, day) if duration.value >= 0 else (day, FUTURE)


def bounds(case: Case, window: Window, half_life: float | None = None) -> Bounds:
    """The days of a window; where a half-life is needed and not known, what is certain without it."""
    if case.windows is None:
        case.windows = {}
    elif (kept := case.windows.get(id(window))) is not None:
        return kept
    anchor = case.anchor(window.anchor)
    if anchor is None:
        return _AT_ANY_TIME
    found = between(anchor, anchor, window, half_life)
    if all(bound is None or bound.unit != "half-lives" for bound in (window.start, window.end)):
        case.windows[id(window)] = found
    return found


def between(first: tuple[int, int], last: tuple[int, int], window: Window, half_life: float | None = None) -> Bounds:
    """The days of a window that counts from an event: what lies before it from its first day, what lies after it from
    its last, each of which is between two."""
    first_low = first_high = PAST
    last_low = last_high = FUTURE
    if window.start is not None:
        low, high = first if window.start.value >= 0 else last
        early = late = _back(low, window.start, half_life)
        if high != low:
            late = _back(high, window.start, half_life)
        shift = 0 if window.start_inclusive else 1
        first_low, first_high = early[0] + shift, late[1] + shift
        if window.start.unit == "hours" and window.start.value:  # only the part of that day after the hour
            first_high += 1
    if window.end is not None:
        low, high = first if window.end.value >= 0 else last
        early = late = _back(low, window.end, half_life)
        if high != low:
            late = _back(high, window.end, half_life)
        shift = 0 if window.end_inclusive else 1
        last_low, last_high = early[0] - shift, late[1] - shift
        if window.end.unit == "hours" and window.end.value:
            last_low -= 1
    return first_low, first_high, last_low, last_high


_AT_ANY_TIME: Final = (PAST + 1, FUTURE, PAST, FUTURE)  # a window of which nobody knows where it lies


def covers(first_low: int, first_high: int, last_low: int, last_high: int, window: Bounds) -> Status:
    """Whether any day lies in the window, from a first day to a last one that are each between two."""
    opens, opened, closing, closed = window
    if first_high <= closing and last_low >= opened and opened <= closing:
        return Status.MET
    if first_low > closed or last_high < opens:
        return Status.UNMET
    return Status.UNKNOWN


def in_window(case: Case, fact: Fact, window: Window, moment: Moment, half_life: float | None = None) -> Status:
    """Whether the fact, or its first or last day, lies in the window.

    What begins after the day of screening is not there yet: in a window that ends at a later anchor it is a plan, and
    leaves it open; in one that lies after its anchor plans are what is asked for.
    """
    days = bounds(case, window, half_life)
    found = covers(*days_of(fact, moment), days)
    if found is Status.MET and fact.first_high > case.on and not window.reaches_ahead:
        return Status.UNKNOWN
    if moment == "end" and fact.last_low > case.on and days[3] >= case.on and not window.reaches_ahead:
        return Status.UNKNOWN  # it goes on: not completed, but its last dose so far may be today's
    return found


def days_of(fact: Fact, moment: Moment) -> Bounds:
    """From when to when a fact was there; of its first, or last, day alone, where that is the moment that is asked."""
    first_low, first_high, last_low, last_high = fact.first_low, fact.first_high, fact.last_low, fact.last_high
    match moment:
        case "any":
            return first_low, first_high, last_low, last_high
        case "start":
            return first_low, first_high, first_low, first_high
        case "end":
            return last_low, last_high, last_low, last_high


def held(case: Case, fact: Fact) -> Status:
    """Whether it is there on the day of screening."""
    day = case.on
    return covers(fact.first_low, fact.first_high, fact.last_low, fact.last_high, (day, day, day, day))


def begun(case: Case, fact: Fact) -> Status:
    """Whether it is or was there at any time up to the day of screening."""
    return of(True if fact.first_high <= case.on else False if fact.first_low > case.on else None)


def over(case: Case, fact: Fact) -> Status:
    """Whether it has ended by the day of screening."""
    return of(True if fact.last_high <= case.on else False if fact.last_low > case.on else None)


def ahead(case: Case, fact: Fact) -> Status:
    """Whether it begins after the day of screening, or goes on through it."""
    return of(True if fact.last_low > case.on else False if fact.last_high <= case.on else None)


def said_to_last(case: Case, fact: Fact, states: tuple[str, ...], length: Duration) -> Status:
    """Whether a fact says that it has been as one of these states is for at least so long: "stable for 3 months"."""
    known, day, limit = qualifiers(), case.chart.as_of, back(case.on, length)
    for text in fact.qualifiers:
        told = lasted(text)
        if told is None or limit is None or not any(known.implies(told.state, state) for state in states):
            continue
        first = (told.since.low, told.since.high) if told.since is not None else None
        if told.length is not None:
            first = back(day, told.length)
        if first is not None and first[1] <= limit[0]:
            return Status.MET
        if first is not None and first[0] > limit[1] and not told.at_least:
            return Status.UNMET
    return Status.UNKNOWN


def long_enough(case: Case, fact: Fact, length: Duration) -> Status:
    """Whether it had lasted so long when it ended, or on the day of screening where it goes on."""
    last_low, last_high = min(fact.last_low, case.on), min(fact.last_high, case.on)
    shortest, longest = back(last_low, length), back(last_high, length)
    if shortest is None or longest is None:
        return Status.UNKNOWN
    if fact.first_high <= shortest[0] - length.exceeded:
        return Status.MET
    return Status.UNMET if fact.first_low > longest[1] - length.exceeded else Status.UNKNOWN
