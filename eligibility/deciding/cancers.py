"""Which conditions are cancers, and which of them are not the one under study: "other malignancy"."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from itertools import combinations
from typing import Final

from eligibility.deciding import matching
from eligibility.deciding.matching import Fit
from eligibility.knowledge.tables import diseases
from eligibility.knowledge.vocabulary import vocabulary
from eligibility.patient.facts import Fact
from eligibility.rules import Concept, Condition
from eligibility.truth import Status

__all__ = ["ancestors", "beside_another", "is_a_second", "is_cancer", "malignant", "metastatic", "studied"]


@lru_cache(maxsize=16384)
def ancestors(name: str) -> frozenset[str]:
    """What a condition is a kind of, itself included."""
    return vocabulary().ancestors("condition", name)


@lru_cache(maxsize=16384)
def malignant(name: str) -> bool:
    """Whether a condition is a cancer; a metastasis is none of its own."""
    up = ancestors(name)
    return not up.isdisjoint(diseases().malignant) and not metastatic(name)


@lru_cache(maxsize=16384)
def metastatic(name: str) -> bool:
    """Whether a condition is the spread of a cancer."""
    return any("metasta" in up for up in ancestors(name))


def is_cancer(fact: Fact) -> bool:
    """Whether a fact is of a cancer, be it denied."""
    return any(map(malignant, fact.name.own))


def is_a_second(fact: Fact) -> bool:
    """Whether a cancer is said to be another one than the first: a "second primary"."""
    return is_cancer(fact) and any(_SECOND.match(text) is not None for text in (*fact.qualifiers, fact.raw.name))


_SECOND: Final = re.compile(
    r"(?:second|another|other|additional|synchronous|metachronous)\s+(?:primary|malignan\w+|cancer)\b", re.IGNORECASE
)


def studied(rule: Condition, fact: Fact, peers: Sequence[Fact]) -> Status:
    """Whether a fact is the studied disease of a rule, or part of it; unknown where it could be.

    ``peers``: the cancers on record that the rule may speak of.
    """
    if any(metastatic(name) for name in fact.name.own):
        return Status.MET
    if is_a_second(fact):
        return Status.UNMET
    if not rule.studied:  # a cancer may be it; of other diseases nothing says so
        may_be = malignant(rule.concept.name) or is_cancer(fact) or not fact.name.own
        return Status.UNKNOWN if may_be else Status.UNMET
    found = Status.UNMET
    for concept in rule.studied:
        match _related(fact, concept):
            case Status.MET if concept.name in diseases().roots:
                if len(peers) <= 1:
                    return Status.MET
                found = Status.UNKNOWN
            case Status.MET:
                return Status.MET
            case Status.UNKNOWN:
                found = Status.UNKNOWN
            case Status.UNMET:
                pass
    return found


def _related(fact: Fact, concept: Concept) -> Status:
    names = (concept.name,) if not concept.open else concept.broader
    if concept.open and not concept.broader:
        return Status.MET if matching.fit(fact, concept, "condition") is Fit.IS else Status.UNMET
    mine = fact.name.own
    for name in names:
        if name in fact.name.up:
            return Status.MET
        if mine & ancestors(name):
            return Status.UNKNOWN if mine & diseases().roots else Status.MET
    for name in names:
        shared = {up for up in ancestors(name) & fact.name.up if malignant(up)} - diseases().roots - diseases().groups
        if shared:
            return Status.UNKNOWN
    return Status.UNMET


def beside_another(facts: Sequence[Fact]) -> tuple[Fact, ...]:
    """Two of the facts that are cancers of different organs, so that one at least is not the one under study, whichever
    that is; nothing where there are no such two."""
    surely = [fact for fact in facts if fact.name.exact and not fact.suspected and is_cancer(fact)]
    return next(((one, other) for one, other in combinations(surely, 2) if _apart(one, other)), ())


def _apart(one: Fact, other: Fact) -> bool:
    """Whether two cancers have nothing in common but that they are cancers, and each name says of what."""
    mine, theirs = (_told_by(fact.name.own, fact.name.up) for fact in (one, other))
    return bool(mine and theirs) and mine.isdisjoint(theirs)


@lru_cache(maxsize=4096)
def _told_by(own: frozenset[str], kinds: frozenset[str]) -> frozenset[str]:
    """The kinds of cancer that tell one from those of other organs; none where it may be part of some other cancer."""
    known = diseases()
    found = {name for name in kinds if malignant(name)} - known.roots - known.groups
    return frozenset() if own & known.anywhere or not found else frozenset(found) | kinds & known.overlapping
