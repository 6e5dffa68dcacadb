from __future__ import annotations

from pathlib import Path

import pytest

import eligibility
from eligibility.rules import Criterion, Trial
from eligibility.showing.reading import pieces, plain, tally

TRIAL = Path(eligibility.__file__).parent / "examples" / "trial.txt"
TEXTS = [
    "Platelets >= 100 x 10^9/L and hemoglobin >= 9 g/dL",
    "Age 18 to 75 years",
    "Zork the glimmering quux by blorting it 7 sideways",
    "Not pregnant",
    "",
    "   \n ",
    "Sjögren’s syndrome ≥ 3 “flares” — 10⁹",
]


@pytest.mark.parametrize("text", TEXTS)
@pytest.mark.parametrize("kind", ["inclusion", "exclusion"])
def test_the_pieces_are_the_text(text: str, kind: str) -> None:
    criterion = eligibility.read_criterion(text, kind=kind)  # type: ignore[arg-type]
    assert "".join(piece.text for piece in pieces(criterion)) == criterion.text
    for span in criterion.unread:
        assert any(
            piece.how == "unread" and criterion.text[span.start : span.end] in piece.text for piece in pieces(criterion)
        )


def test_words_that_join_are_filler_and_what_is_asked_is_read() -> None:
    found = pieces(eligibility.read_criterion("Platelets >= 100 x 10^9/L and hemoglobin >= 9 g/dL"))
    assert [(piece.text.strip(), piece.how) for piece in found] == [
        ("Platelets >= 100 x 10^9/L", "read"),
        ("and", "filler"),
        ("hemoglobin >= 9 g/dL", "read"),
    ]


def test_a_trial_in_plain_json_is_the_trial() -> None:
    trial = eligibility.read_trial(TRIAL)
    assert Trial.model_validate(plain(trial)) == trial
    for criterion in trial.criteria:
        assert Criterion.model_validate(plain(criterion)) == criterion


def test_the_tally_counts_words() -> None:
    read = tally(eligibility.read_trial("Inclusion Criteria:\n* Age 18 to 75 years\n").criteria)
    assert (read.criteria, read.understood, read.words, read.unread, read.share) == (1, 1, 5, 0, 1.0)
    assert tally(()).share == 1.0
