"""What is of another part of the body than is named: a colon cancer is a "non-breast" malignancy, a lobectomy a
"non-cardiac" surgery."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache
from typing import Final

from eligibility.knowledge import words
from eligibility.knowledge.tables import sites
from eligibility.knowledge.vocabulary import Kind, vocabulary
from eligibility.patient.facts import Fact
from eligibility.rules import Concept
from eligibility.truth import Status, agreed, negate

__all__ = ["of_another_kind"]


def of_another_kind(fact: Fact, wanted: str, is_kind: Callable[[Fact, Concept, Kind], Status]) -> Status:
    """Whether a cancer, or an operation, is what "non-" before a part of the body says: of another part, and none of
    that one; a histology alone says of none where it lies. ``is_kind``: whether a fact is of a concept."""
    said, kind = _NON.fullmatch(wanted), fact.name.kind
    if said is None or kind is None or not fact.name.exact:
        return Status.UNKNOWN
    named = _of_the_part(said[1].lower(), fact.name.up, kind)
    found = agreed([is_kind(fact, Concept(name=name), kind) for name in named]) if named else Status.UNKNOWN
    return negate(found)


@lru_cache(maxsize=4096)
def _of_the_part(part: str, up: frozenset[str], kind: Kind) -> frozenset[str]:
    """The cancers, or the operations, that a part of the body and the name of something that a fact is a kind of, or
    its last word, name together: "breast" and "malignancy", "cancer"."""
    if kind not in _WHOLES or not _is_part(part) or not any(map(_lies_somewhere, up)):
        return frozenset()
    heads = {head for name in up for head in (name, name.rpartition(" ")[2])}
    entries = [vocabulary().find(f"{part} {head}", kind) for head in heads]
    return frozenset([e.name for e in entries if e is not None and vocabulary().is_a(kind, e.name, _WHOLES[kind])])


def _is_part(word: str) -> bool:
    return word in sites().adjectives or words.keys(word) in sites().names


def _lies_somewhere(name: str) -> bool:
    return name in _NOWHERE_ELSE or any(map(_is_part, name.split()))


_NOWHERE_ELSE: Final = frozenset(("hematologic malignancy",))  # blood and marrow are in no organ
_NON: Final = re.compile(r"non[ -](\w+)", re.IGNORECASE)
_WHOLES: Final[dict[Kind, str]] = {"condition": "malignancy", "treatment": "surgery"}
