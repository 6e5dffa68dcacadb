"""What words before a name say of it."""

from __future__ import annotations

import pytest

from eligibility.knowledge.attributes import narrowing


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("ipsilateral axillary", ("ipsilateral", "axillary")),
        ("Non-cardiac", ("non cardiac",)),
        ("long-acting", ("long acting",)),
        ("possible ocular", None),
        ("oral", None),
        ("", None),
    ],
)
def test_adjectives_narrow_a_name_only_where_each_of_them_does(said: str, meant: tuple[str, ...] | None) -> None:
    """One word that may make another thing of it, and nothing is known of them all."""
    assert narrowing(said) == meant
