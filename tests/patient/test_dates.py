from __future__ import annotations

from datetime import date, datetime
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eligibility.patient import dates
from eligibility.patient.dates import DateRange, day, parse, plain

DAYS = st.dates(date(1870, 1, 1), date(2199, 12, 31))


@given(DAYS, DAYS)
def test_round_trip(one: date, other: date) -> None:
    found = DateRange(min(one, other), max(one, other))
    assert parse(plain(found)) == found


@given(DAYS)
def test_less_is_said_by_fewer_parts(one: date) -> None:
    text = one.isoformat()
    ranges = [parse(text), parse(text[:7]), parse(text[:4])]
    assert ranges[0] == DateRange(one, one)
    for narrow, wide in pairwise(ranges):
        assert wide.first <= narrow.first <= narrow.last <= wide.last


@pytest.mark.parametrize("written", ["2026-03-02", date(2026, 3, 2), datetime(2026, 3, 2, 9), "2026-03-02T09:00:00Z"])
def test_a_full_date(written: Any) -> None:
    assert day(written) == date(2026, 3, 2)


@pytest.mark.parametrize(
    "written",
    [
        "2026-02-30",
        "2026-13",
        "yesterday",
        "",
        True,
        1,
        3.5,
        None,
        "9999",
        {"from": "2026"},
        {"from": "2027", "to": "2026"},
    ],
)
def test_refused(written: Any) -> None:
    with pytest.raises(ValueError, match=r"expected|there is no such|'to' is before"):
        parse(written)


@given(DAYS, DAYS)
def test_days_as_numbers(one: date, other: date) -> None:
    found = DateRange(min(one, other), max(one, other))
    assert (date.fromordinal(found.low), date.fromordinal(found.high)) == (found.first, found.last)
    assert found.full is (one == other)


def test_a_date_is_one_object_while_it_is_in_use_and_then_forgotten() -> None:
    first, second = parse("1987-06-05"), parse("1987-06-05")
    assert first is second
    assert "1987-06-05" in dates._IN_USE
    del first, second
    assert "1987-06-05" not in dates._IN_USE
