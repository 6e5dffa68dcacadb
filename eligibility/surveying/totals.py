"""How much of a criterion was read, in words: what asks for no more than that does without verdicts."""

from __future__ import annotations

import re
from typing import Final, NamedTuple

from eligibility.rules import Criterion

__all__ = ["Totals", "read_of"]


class Totals(NamedTuple):
    """How much of some criteria was read."""

    criteria: int = 0
    whole: int = 0  # not a word was left unread
    known: int = 0  # of these, without a name that the vocabulary does not know
    none: int = 0  # not a word was read
    words: int = 0
    unread: int = 0  # words
    open: int = 0  # words

    @property
    def partly(self) -> int:
        """The criteria that were read in part."""
        return self.criteria - self.whole - self.none

    def plus(self, other: Totals) -> Totals:
        """Both together."""
        return Totals._make([one + more for one, more in zip(self, other, strict=True)])


_WORD: Final = re.compile(r"[^\W_]+")


def read_of(criterion: Criterion) -> Totals:
    """How much of one criterion was read."""
    text = criterion.text
    count = len(_WORD.findall(text))
    unread = sum(len(_WORD.findall(text, span.start, span.end)) for span in criterion.unread)
    opened = sum(len(_WORD.findall(text, span.start, span.end)) for span in criterion.open)
    whole = not unread
    known = whole and not criterion.open
    return Totals(1, int(whole), int(known), int(not whole and unread == count), count, unread, opened)
