"""What comes of a treatment: of which one, and whether it came on beside it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from eligibility.deciding import matching
from eligibility.deciding.case import Case
from eligibility.knowledge.causes import blamed, comes_of
from eligibility.patient.facts import Fact

__all__ = ["is_such_an_event"]


def is_such_an_event(case: Case, fact: Fact, wanted: str) -> bool:
    """Whether an adverse event comes of the treatment that is asked for, or came on acutely with its own."""
    told = [text for text in (fact.raw.name, *fact.raw.qualifiers) if blamed(text)]
    if any(matching.implied(text.partition(" ")[0], wanted) for text in told):
        return True  # an "acute toxicity of radiotherapy"
    if wanted == "acute" and any(_came_with(fact, given) for given in _given(case, told)):
        return True
    return any(comes_of(wanted, blamed(text)) for text in told)


_ACUTE: Final = 90
"""So many days behind a treatment what comes of it is acute, and not late (RTOG/EORTC)."""


def _given(case: Case, told: list[str]) -> Iterator[Fact]:
    """The treatments on record of which words say by name that something comes."""
    named = frozenset().union(*map(blamed, told))
    for given in case.chart.treatments:
        if not given.negative and not named.isdisjoint(given.name.up):
            yield given


def _came_with(fact: Fact, given: Fact) -> bool:
    """Whether something is known to have begun while a treatment was given, or shortly after."""
    return given.first_high <= fact.first_low and fact.first_high <= given.last_low + _ACUTE
