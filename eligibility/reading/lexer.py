"""Characters -> typed tokens.

Names come from the vocabulary, function words from ``rules/phrases.yaml``, units from ``knowledge.units``: at each word
the longest name wins. Every character of the text is in a token, or is white space. The parts are in :mod:`.lexing`.
"""

from __future__ import annotations

from eligibility.reading.lexing.mending import mended
from eligibility.reading.lexing.numerals import signed
from eligibility.reading.lexing.scanning import scanned
from eligibility.reading.lexing.tokens import Token

__all__ = ["tokenize"]


def tokenize(text: str) -> list[Token]:
    """The tokens of a text, in order; unknown words are one ``WORD`` each, unknown signs ``SIGN``."""
    return mended(signed(scanned(text), text), text)
