"""What is a kind of what, and what is not, as every clinician would say it: the pairs in links*.yaml."""

from __future__ import annotations

from pathlib import Path

import pytest

from eligibility.knowledge.vocabulary import Entry, Kind, load_yaml, vocabulary

FILES: dict[Kind, str] = {"condition": "links.yaml", "treatment": "links-treatments.yaml"}
PAIRS: list[tuple[Kind, str, str, bool]] = [
    (kind, *row) for kind, name in FILES.items() for row in load_yaml(Path(__file__).with_name(name))
]


def _entry(text: str, kind: Kind) -> Entry:
    found = vocabulary().find(text, kind)
    assert found is not None, f"{text} is not in the vocabulary"
    return found


@pytest.mark.parametrize(("kind", "narrow", "broad", "expected"), PAIRS)
def test_is_a(kind: Kind, narrow: str, broad: str, expected: bool) -> None:
    assert vocabulary().is_a(kind, _entry(narrow, kind).name, _entry(broad, kind).name) is expected


def test_what_a_thing_may_be_is_there() -> None:
    known = vocabulary()
    wrong = [
        (entry.name, name)
        for entry in known
        for name in entry.facts.get("may_be", ())
        if known.entry(entry.kind, name) is None
    ]
    assert wrong == []
