from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eligibility.showing.signs import fitting, harmless


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("ANC ≥ 1.5 × 10⁹/L", "ANC >= 1.5 x 10^9/L"),
        ("10¹² cells", "10^12 cells"),
        ("m⁻²", "m^-2"),
        ("TGF-β", "TGF-beta"),
        ("5 µg", "5 ug"),
        ("Sjögren’s", "Sjogren's"),
        ("−20 °C", "-20  degrees C"),
        ("日", "<U+65E5>"),
    ],
)
def test_signs_are_spelt(text: str, plain: str) -> None:
    assert fitting(text, "ascii") == plain
    assert fitting(text, "utf-8") == text


@given(st.text(), st.sampled_from(["ascii", "latin-1", "cp437", "utf-8"]))
def test_any_text_fits_any_terminal(text: str, encoding: str) -> None:
    shown = fitting(harmless(text), encoding)
    shown.encode(encoding)
    assert not any(sign < " " and sign not in "\n\t" for sign in shown)
