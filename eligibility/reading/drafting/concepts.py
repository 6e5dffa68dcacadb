"""Names as concepts: those that the vocabulary knows, and those of their own words."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Final

from eligibility.knowledge import words
from eligibility.knowledge.derived import derived
from eligibility.knowledge.vocabulary import Entry, Kind, vocabulary
from eligibility.rules import Concept

__all__ = ["concept_named", "derived_entry", "known_concept", "open_concept", "who_has_it"]


def known_concept(entry: Entry) -> Concept:
    """The concept of an entry."""
    return concept_named(entry.name)


@lru_cache(maxsize=8192)
def concept_named(name: str) -> Concept:
    """The concept of a known name."""
    return Concept(name=name)


@lru_cache(maxsize=8192)
def derived_entry(text: str, kind: Kind) -> Entry | None:
    """A known name put together from these words, where there is one."""
    return derived(words.keys(text), kind)


def open_concept(text: str, heads: Sequence[Entry] = (), kind: Kind | None = None) -> Concept:
    """A concept of its own words, a kind of what its head names; a known one where the name is put together from it."""
    found = vocabulary().find(text) or (derived_entry(text, kind) if kind else None)
    if found is None and kind != "treatment" and not heads:
        found = who_has_it(text)
    if found is not None:
        return known_concept(found)
    name = words.phrase(text)
    apart = bool(heads) and (_turned_round(name, heads) or name.startswith(_ENDING))
    return Concept(name=name, open=True, broader=() if apart else tuple(entry.name for entry in heads))


def who_has_it(text: str) -> Entry | None:
    """What somebody has who is "anemic" or "diabetic", where nothing but this word is said."""
    alone = len(text) >= _SHORTEST_ADJECTIVE and text.isalpha() and not text.isupper()
    return vocabulary().find(text, "condition") if alone and vocabulary().find(text) is None else None


_SHORTEST_ADJECTIVE: Final = 5


def _turned_round(name: str, heads: Sequence[Entry]) -> bool:
    """Whether a word right before the name of a head makes it none: "skin non-melanoma", "pre-dialysis"."""
    said = name.split()
    if _DENYING.isdisjoint(said[:-1]):
        return False
    for start in range(len(said)):
        if vocabulary().find(" ".join(said[start:])) in heads:
            return start > 0 and said[start - 1] in _DENYING
    return said[-2] in _DENYING


_ENDING: Final = (  # "(must) discontinue warfarin": who never had it has nothing to end
    "discontinue ", "stop ", "withhold ", "cease ", "interrupt ", "avoid ", "refrain ", "abstain ",
)  # fmt: skip
_DENYING: Final = frozenset(("non", "not", "no", "without", "pre", "anti", "never"))
