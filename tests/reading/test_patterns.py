"""Patterns written for speed find what the plain ones find."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eligibility.reading.lexing.words import gap_end
from eligibility.reading.patterns import any_word

WORDS = ("no (?:prior|known)", "not", "needs?", "at least", "able", "which")
PLAIN = rf"\b(?:{'|'.join(WORDS)})\b"
PIECES = ("no", "prior", "not", "Need", "at", "least", "ABLE", "which", "x", "é", "_", " ", "-", "\n")
SAID = st.lists(st.sampled_from(PIECES)).map("".join)


@given(SAID)
@pytest.mark.parametrize("flags", [0, re.IGNORECASE])
def test_any_word(flags: int, text: str) -> None:
    found = [match.span() for match in re.finditer(any_word(*WORDS) + r"\b", text, flags)]
    assert found == [match.span() for match in re.finditer(PLAIN, text, flags)]


GAP = re.compile(r"(?:(?<=[^\W_])\((?:s|es|ies)\)|\s+|[-–‐‑/]|[®™*†()]|\.(?=[ \w]))*")


@given(st.text("ab1_ .-–/()®*s,e\n", max_size=12))
def test_what_stands_between_two_words(text: str) -> None:
    text = f"a{text}"
    match = GAP.match(text, 1)
    assert match is not None
    assert gap_end(text, 1) == match.end()
