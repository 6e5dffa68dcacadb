"""One key for all the spellings of a word."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eligibility.knowledge import words


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Tumours", "tumor"),
        ("TKIs", "TKI"),
        ("PLTs", "plt"),
        ("SSRIs", "SSRI"),
        ("metastases", "metastasis"),
        ("diagnoses", "diagnosis"),
        ("haemoglobin", "hemoglobin"),
        ("ischaemia", "ischemia"),
        ("oedema", "edema"),
        ("randomised", "randomized"),
        ("therapies", "therapy"),
        ("biopsies", "biopsy"),
        ("Hodgkin's", "Hodgkin"),
        ("Hodgkin’s", "Hodgkin"),
        ("Sjögren", "Sjogren"),
        ("β", "beta"),
        ("genes", "gene"),
        ("antigens", "antigen"),
        ("databases", "database"),
        ("headaches", "headache"),
        ("sizes", "size"),
        ("viruses", "virus"),
    ],
)
def test_the_same_word(one: str, other: str) -> None:
    assert words.key(one) == words.key(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [("AIDS", "aid"), ("HADS", "had"), ("diabetes", "diabete"), ("IgA", "IgG"), ("lens", "len"), ("C3", "C")],
)
def test_different_words(one: str, other: str) -> None:
    assert words.key(one) != words.key(other)


def test_keys_of_a_text() -> None:
    assert words.keys("non-small-cell lung cancers") == ("non", "small", "cell", "lung", "cancer")
    assert words.phrase("  Live, attenuated vaccines ") == "live attenuated vaccine"
    assert words.keys("…") == ()


@given(st.from_regex(words.WORD, fullmatch=True))
def test_a_key_is_its_own_key(word: str) -> None:
    assert words.key(words.key(word)) == words.key(word)


@given(st.text())
def test_any_text_has_keys(text: str) -> None:
    assert words.keys(text) == words.keys(f" {text}\n")


@given(st.text("aB1é_-'’ .,\n"))
def test_a_text_is_parted_as_its_words_are_found(text: str) -> None:
    assert words.written(text) == words.WORD.findall(text)


def test_a_template_stands_for_few_spellings() -> None:
    assert list(words.spelt_out("first (study|trial|) dose")) == ["first study dose", "first trial dose", "first  dose"]
    with pytest.raises(ValueError, match="stands for 100,000 wordings, of at most 50,000: make it several"):
        words.spelt_out("(a|b|c|d|e|f|g|h|i|j)" * 5)
