"""Met, unmet and unknown, and Kleene's strong three-valued logic over them.

The only place that knows the tables (S. C. Kleene, Introduction to Metamathematics, 1952, section 64).
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import Enum
from typing import Final

__all__ = ["Status", "agreed", "all_of", "any_of", "at_least", "negate", "of"]


class Status(str, Enum):
    """What is known of a condition for one patient."""

    MET = "met"
    UNMET = "unmet"
    UNKNOWN = "unknown"

    def __str__(self) -> str:
        return self.value


_NOT: Final = {Status.MET: Status.UNMET, Status.UNMET: Status.MET, Status.UNKNOWN: Status.UNKNOWN}


def of(value: bool | None) -> Status:
    """``True`` is met, ``False`` is unmet, ``None`` is unknown."""
    return Status.UNKNOWN if value is None else Status.MET if value else Status.UNMET


def negate(status: Status) -> Status:
    """Kleene's *not*."""
    return _NOT[status]


def all_of(statuses: Iterable[Status]) -> Status:
    """Kleene's *and*: one unmet decides it, whatever is unknown beside it."""
    result = Status.MET
    for status in statuses:
        if status is Status.UNMET:
            return Status.UNMET
        if status is Status.UNKNOWN:
            result = Status.UNKNOWN
    return result


def any_of(statuses: Iterable[Status]) -> Status:
    """Kleene's *or*: one met decides it, whatever is unknown beside it."""
    result = Status.UNMET
    for status in statuses:
        if status is Status.MET:
            return Status.MET
        if status is Status.UNKNOWN:
            result = Status.UNKNOWN
    return result


def at_least(count: int, statuses: Iterable[Status]) -> Status:
    """Met when ``count`` are met, unmet when the unknown ones cannot make up ``count`` any more."""
    met = unknown = 0
    for status in statuses:
        met += status is Status.MET
        unknown += status is Status.UNKNOWN
    return of(True if met >= count else None if met + unknown >= count else False)


def agreed(statuses: Iterable[Status]) -> Status:
    """What all readings of an ambiguous text share; unknown where they differ, or where there is none."""
    found = set(statuses)
    return found.pop() if len(found) == 1 else Status.UNKNOWN
