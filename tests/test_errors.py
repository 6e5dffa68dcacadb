"""The whole rendered message, caret included."""

from __future__ import annotations

import pytest

from eligibility import errors
from eligibility.errors import EligibilityError


def test_the_place_is_drawn() -> None:
    error = EligibilityError("expected a number", source="p.yaml", text="id: P\nage: old\n", line=2, column=6)
    assert str(error) == "p.yaml:2:6: expected a number\n    age: old\n         ^"


def test_without_a_place() -> None:
    assert str(EligibilityError("no criteria")) == "no criteria"
    assert str(EligibilityError("no criteria", source="<stdin>")) == "<stdin>: no criteria"
    assert str(EligibilityError("gone", text="one line", line=7)) == "7: gone"


@pytest.mark.parametrize("column", [1, 79, 80, 81, 200, 500])
def test_a_long_line_is_cut_round_the_place(column: int) -> None:
    text = "x" * (column - 1) + "!" + "x" * 300
    shown, caret = str(EligibilityError("here", text=text, line=1, column=column)).splitlines()[1:]
    assert shown[caret.index("^")] == "!"
    assert len(shown) <= 124


def test_every_error_is_a_value_error_of_the_package() -> None:
    for name in errors.__all__:
        assert issubclass(getattr(errors, name), EligibilityError)
        assert issubclass(getattr(errors, name), ValueError)
