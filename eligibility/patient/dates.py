"""Dates that may be known in part only: an interval of days.

``2026`` is any day of that year, ``2026-03`` any day of that month, ``{from: 2026-03-01, to: 2026-04-15}`` any day from
the first to the last, both included. A full date is the interval of one day.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Final
from weakref import WeakValueDictionary

__all__ = ["EXPECTED", "DateRange", "day", "parse", "plain"]

EXPECTED: Final = "a date as 2026-03-02, 2026-03 or 2026, or {from: 2026-03-01, to: 2026-04-15}"

_YEARS = range(  # beyond these a date is a misprint, and counting weeks or years from it may leave the calendar
    1870, 2200
)
_ISO: Final = re.compile(
    r"(\d{4})(?:-(\d{1,2})(?:-(\d{1,2})(?:[T ]\d{2}:?\d{2}\S*(?: ?[+-]\d{2}:?\d{2})?)?)?)?\Z", re.ASCII
)


@dataclass(frozen=True, slots=True, weakref_slot=True)
class DateRange:
    """Some day from ``first`` to ``last``, both included; which one is not known.

    ``low`` and ``high`` are the same days as numbers: facts are compared far more often than they are read.
    """

    first: date
    last: date
    low: int = field(init=False, repr=False, compare=False)
    high: int = field(init=False, repr=False, compare=False)
    _text: str | None = field(default=None, init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "low", self.first.toordinal())
        object.__setattr__(self, "high", self.last.toordinal())

    @property
    def full(self) -> bool:
        """Whether the day is known."""
        return self.low == self.high

    def before(self, other: DateRange) -> bool:
        """Whether this is definitely before the other: every day of it is before every day of the other."""
        return self.last < other.first

    @property
    def text(self) -> str:
        """The shortest form."""
        known = self._text
        if known is None:
            text = plain(self)
            known = text if isinstance(text, str) else f"{text['from']} to {text['to']}"
            object.__setattr__(self, "_text", known)
        return known

    def __str__(self) -> str:
        """The shortest form."""
        return self.text


def parse(value: Any) -> DateRange:
    """A date as a profile writes it: text, a year as a number, a date, or a mapping of ``from`` and ``to``.

    A time of day is dropped. Raises ``ValueError`` with what was expected.
    """
    match value:
        case str():
            return _text(value)
        case DateRange():
            return value
        case datetime():
            return DateRange(value.date(), value.date())
        case date():
            return DateRange(value, value)
        case int() if not isinstance(value, bool):
            return _span(value)
        case Mapping():
            if set(value) != {"from", "to"}:
                raise ValueError(f"expected {EXPECTED}; a range has exactly the fields 'from' and 'to'")
            first, last = parse(value["from"]), parse(value["to"])
            if last.before(first):
                raise ValueError("'to' is before 'from'; write the earlier date as 'from'")
            return DateRange(min(first.first, last.first), max(first.last, last.last))
        case _:
            raise ValueError(f"expected {EXPECTED}")


def day(value: Any) -> date:
    """A date of which the day is known. Raises ``ValueError``."""
    found = parse(value)
    if not found.full:
        raise ValueError("expected a full date as 2026-03-02")
    return found.first


def plain(dates: DateRange) -> str | dict[str, str]:
    """The shortest form of which :func:`parse` makes the same interval."""
    first, last = dates.first, dates.last
    if first == last:
        return first.isoformat()
    for found, text in (
        (_span(first.year), f"{first.year:04d}"),
        (_span(first.year, first.month), f"{first.year:04d}-{first.month:02d}"),
    ):
        if found == dates:
            return text
    return {"from": first.isoformat(), "to": last.isoformat()}


_IN_USE: Final[WeakValueDictionary[str, DateRange]] = WeakValueDictionary()
"""Dates by their text, for as long as anything holds them: what was done on one day has one date, not one each."""


def _text(text: str) -> DateRange:
    known = _IN_USE.get(text)
    if known is not None:
        return known
    match = _ISO.match(text.strip())
    if match is None:
        raise ValueError(f"expected {EXPECTED}")
    found = _IN_USE[text] = _span(*[int(part) for part in match.groups() if part is not None])
    return found


def _span(year: int, month: int | None = None, of_month: int | None = None) -> DateRange:
    if year not in _YEARS:
        raise ValueError(f"expected a year from {_YEARS.start} to {_YEARS.stop - 1}")
    if month is None:
        return DateRange(date(year, 1, 1), date(year, 12, 31))
    if not 1 <= month <= 12:
        raise ValueError("there is no such month; expected year-month-day, as 2026-03-02")
    days = monthrange(year, month)[1]
    if of_month is None:
        return DateRange(date(year, month, 1), date(year, month, days))
    if not 1 <= of_month <= days:
        raise ValueError(f"there is no such day; {year:04d}-{month:02d} has {days} days")
    found = date(year, month, of_month)
    return DateRange(found, found)
