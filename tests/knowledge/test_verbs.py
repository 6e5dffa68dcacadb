"""Words that say what is done, and words that name what it is done to."""

from __future__ import annotations

import pytest

from eligibility.knowledge.verbs import tells_what_is_done


@pytest.mark.parametrize(
    "text",
    [
        "residing in a nursing home",
        "donate sperm",
        "previously admitted to the unit",
        "plan to travel",
        "study eye has a scar",
        "initiated",
        "involves the fovea",
    ],
)
def test_a_clause_says_what_is_done(text: str) -> None:
    """A verb with what follows it, a subject with its verb, or a participle alone."""
    assert tells_what_is_done(text)


@pytest.mark.parametrize(
    "text",
    [
        "treated eye",
        "follow-up schedule",
        "change in dose",
        "early stage disease",
        "findings on imaging",
        "access to care",
        "carcinoma that has spread",
        "required dose",
        "",
    ],
)
def test_a_name_does_not(text: str) -> None:
    """A noun with its adjective, a noun that is a verb elsewhere, and what a relative clause narrows."""
    assert not tells_what_is_done(text)
