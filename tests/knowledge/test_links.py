"""What is a kind of what, and what is not, as every clinician would say it: the pairs in links.yaml."""

from __future__ import annotations

from pathlib import Path

import pytest

from eligibility.knowledge.vocabulary import Entry, load_yaml, vocabulary

PAIRS: list[tuple[str, str, bool]] = [tuple(row) for row in load_yaml(Path(__file__).with_name("links.yaml"))]


def _entry(text: str) -> Entry:
    found = vocabulary().find(text, "condition")
    assert found is not None, f"{text} is not in the vocabulary"
    return found


@pytest.mark.parametrize(("narrow", "broad", "expected"), PAIRS)
def test_is_a(narrow: str, broad: str, expected: bool) -> None:
    assert vocabulary().is_a("condition", _entry(narrow).name, _entry(broad).name) is expected


def test_what_a_condition_may_be_is_there() -> None:
    known = vocabulary()
    wrong = [
        (entry.name, name)
        for entry in known
        if entry.kind == "condition"
        for name in entry.facts.get("may_be", ())
        if known.entry("condition", name) is None
    ]
    assert wrong == []
