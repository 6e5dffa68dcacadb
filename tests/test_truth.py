"""Kleene's tables, spelled out."""

from __future__ import annotations

import pytest

from eligibility.truth import Status, agreed, all_of, any_of, at_least, negate, of

SHORT = {"T": Status.MET, "F": Status.UNMET, "?": Status.UNKNOWN}
AND = ["TTT", "TFF", "T??", "FTF", "FFF", "F?F", "?T?", "?FF", "???"]
OR = ["TTT", "TFT", "T?T", "FTT", "FFF", "F??", "?TT", "?F?", "???"]
AGREED = ["TTT", "TF?", "T??", "FT?", "FFF", "F??", "?T?", "?F?", "???"]


def read(row: str) -> list[Status]:
    return [SHORT[sign] for sign in row]


@pytest.mark.parametrize("row", AND)
def test_and(row: str) -> None:
    a, b, found = read(row)
    assert all_of([a, b]) is found


@pytest.mark.parametrize("row", OR)
def test_or(row: str) -> None:
    a, b, found = read(row)
    assert any_of([a, b]) is found


@pytest.mark.parametrize("row", ["TF", "FT", "??"])
def test_not(row: str) -> None:
    a, found = read(row)
    assert negate(a) is found


@pytest.mark.parametrize("row", AGREED)
def test_agreed(row: str) -> None:
    a, b, found = read(row)
    assert agreed([a, b]) is found


@pytest.mark.parametrize(
    ("count", "row", "found"),
    [(2, "TTF", "T"), (2, "TF?", "?"), (2, "FF?", "F"), (1, "FF?", "?"), (3, "TTT", "T"), (0, "FFF", "T")],
)
def test_at_least(count: int, row: str, found: str) -> None:
    assert at_least(count, read(row)) is SHORT[found]


def test_of_nothing() -> None:
    assert (all_of([]), any_of([]), agreed([])) == (Status.MET, Status.UNMET, Status.UNKNOWN)
    assert [of(value) for value in (True, False, None)] == [Status.MET, Status.UNMET, Status.UNKNOWN]
    assert f"{Status.MET}" == "met" == Status.MET
