"""What is said of a tumor that nothing names: "HER2-positive", "ER positive and HER2 negative"."""

from __future__ import annotations

from typing import Final

from eligibility.knowledge.qualifiers import Qualifier
from eligibility.knowledge.vocabulary import vocabulary
from eligibility.reading.composing.terms import Item
from eligibility.reading.lexing.tokens import Token
from eligibility.reading.phrases import Head, Noun

__all__ = ["with_tumors"]


def with_tumors(items: list[Item]) -> None:
    """Give the items of a list that are no more than the markers of a tumor that tumor, whichever it is, where nothing
    names one: no item of the list, nor the trial."""
    if not all(_is_marked(item) for item in items):
        return
    tumor = vocabulary().entry("condition", "malignancy")
    if tumor is None:
        return
    for item in items:
        end = item.modifiers[-1].end
        head = Head([Token("CONDITION", tumor, end, end)], [], end, end)
        item.core = Noun(head, list(item.modifiers), [], item.modifiers[0].start, end)
        item.modifiers = []


def _is_marked(item: Item) -> bool:
    """Whether it says of a tumor which markers it has, and nothing else."""
    if item.core is not None or item.words is not None or item.beside or item.also or item.since or item.bounds:
        return False
    return bool(item.modifiers) and not item.frames and all(map(_is_marker, item.modifiers))


def _is_marker(token: Token) -> bool:
    return isinstance(token.value, Qualifier) and token.value.axis in _MARKERS


_MARKERS: Final = frozenset(
    ("hormone receptors", "HER2", "EGFR", "RAS", "BRAF", "PD-L1", "CD20", "CD19", "CD30", "CD33", "microsatellites")
)
