"""Attributes in words that are all known."""

from __future__ import annotations

import pytest

from eligibility.knowledge.familiar import familiar


@pytest.mark.parametrize(
    "text", ["after surgery of the primary tumor", "in the treated eye", "on room air", "diagnosed within 3 years"]
)
def test_what_is_made_of_known_words_is_familiar(text: str) -> None:
    """Names of the vocabulary, attributes, and the words that join them."""
    assert familiar(text)


@pytest.mark.parametrize(
    "text",
    ["at the Saint Elsewhere clinic", "at 3 clinics", "after surgery of the", "in the metastatic", "surgery", ""],
)
def test_what_has_an_unknown_word_or_is_cut_is_not(text: str) -> None:
    """A proper name, a text that ends where something is missing, or a word alone."""
    assert not familiar(text)
