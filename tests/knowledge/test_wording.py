from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from eligibility.knowledge.wording import find, statement

HERE = Path(__file__).parent
SAYS = {"same": True, "opposite": False, "other": None}


@pytest.mark.parametrize(("one", "two", "expected"), yaml.safe_load((HERE / "wordings.yaml").read_text("utf-8")))
def test_what_one_says_of_the_other(one: str, two: str, expected: str) -> None:
    assert statement(one).says(statement(two)) is SAYS[expected]
    assert statement(two).says(statement(one)) is SAYS[expected]


@pytest.mark.parametrize(("part", "text", "expected"), yaml.safe_load((HERE / "found.yaml").read_text("utf-8")))
def test_where_a_part_stands(part: str, text: str, expected: str) -> None:
    assert [text[start:end] for start, end in find(part, text)] == ([] if expected == "none" else [expected])


TOKENS = [
    "able",
    "unable",
    "to",
    "not",
    "no",
    "and",
    "or",
    "walk",
    "run",
    "ill,",
    "willing",
    "(eg x)",
    "-",
    "<",
    "3",
    "non",
]
WORDS = st.lists(st.sampled_from(TOKENS), max_size=12)


@given(WORDS, WORDS)
def test_every_span_says_it_or_its_opposite(part: list[str], text: list[str]) -> None:
    whole, sought = " ".join(text), " ".join(part)
    for start, end in find(sought, whole):
        said = statement(whole[start:end]).says(statement(sought))
        assert said is not None or "(" in whole


@given(st.text(max_size=60), st.text(max_size=60))
def test_any_text_can_be_read(part: str, text: str) -> None:
    assert statement(text).says(statement(text)) is True
    assert all(0 <= start < end <= len(text) for start, end in find(part, text))
