"""What qualifiers exclude and imply."""

from __future__ import annotations

import pytest

from eligibility.knowledge.qualifiers import qualifiers
from eligibility.knowledge.vocabulary import vocabulary


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("severe", "mild"),
        ("well controlled", "poorly controlled"),
        ("asymptomatic", "symptomatic"),
        ("treatment-naive", "previously treated"),
        ("metastatic", "localized"),
        ("unresectable", "resectable"),
        ("biopsy-proven", "suspected"),
        ("HER2+", "HER2-negative"),
        ("ER-positive", "ER-negative"),
        ("triple negative", "HER2-positive"),
        ("platinum-refractory", "platinum-sensitive"),
        ("autologous", "allogeneic"),
        ("newly diagnosed", "relapsed or refractory"),
        ("low-risk", "high-risk"),
        ("major", "minor"),
        ("dMMR", "MSS"),
    ],
)
def test_excluded_both_ways(a: str, b: str) -> None:
    assert qualifiers().excludes(a, b)
    assert qualifiers().excludes(b, a)
    assert not qualifiers().implies(a, b)


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("biopsy-proven", "confirmed"),
        ("histologically documented", "histologically or cytologically confirmed"),
        ("life-threatening", "severe"),
        ("relapsed", "relapsed/refractory"),
        ("relapsed", "recurrent"),
        ("ER+", "hormone receptor-positive"),
        ("oligometastatic", "advanced"),
        ("moderate", "moderate"),
        ("words nobody knows", "Words nobody knows"),
    ],
)
def test_implied(a: str, b: str) -> None:
    assert qualifiers().implies(a, b)
    assert not qualifiers().excludes(a, b)


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("confirmed", "histologically confirmed"),
        ("recurrent", "relapsed"),
        ("severe", "symptomatic"),
        ("moderate to severe", "moderate"),
        ("locally advanced", "metastatic"),
        ("histologically confirmed", "cytologically confirmed"),
        ("words nobody knows", "severe"),
    ],
)
def test_neither(a: str, b: str) -> None:
    assert not qualifiers().implies(a, b)
    assert not qualifiers().excludes(a, b)


def test_nothing_excludes_what_it_implies() -> None:
    known = qualifiers()
    wrong = [(one.name, other) for one in known for other in one.implies if known.excludes(one.name, other)]
    assert wrong == []


def test_exclusion_is_symmetric_and_not_of_oneself() -> None:
    known = qualifiers()
    names = [one.name for one in known]
    assert [name for name in names if known.excludes(name, name)] == []
    assert [(a, b) for a in names for b in names if known.excludes(a, b) != known.excludes(b, a)] == []


def test_of_whom_nobody_says_it_is_known() -> None:
    known = vocabulary()
    for qualifier in qualifiers():
        assert not [name for name in qualifier.never if known.entry("condition", name) is None]
