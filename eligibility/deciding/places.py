"""Where in the body a thing is: whether a site is, or is part of, the one that a rule names, and on which side."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Final

from eligibility.knowledge import tables, words
from eligibility.patient.apart import site_spelt_out
from eligibility.patient.facts import Fact
from eligibility.patient.names import plain_words
from eligibility.truth import Status, any_of

__all__ = [
    "at_both_sides",
    "is_of_an_eye",
    "leaves_an_eye_out",
    "named_by",
    "named_place",
    "sides",
    "site",
    "told_side",
    "words_of",
]

_SIDES: Final = ("right", "left")
_EYES: Final = frozenset({"study", "fellow"})
_ANY_OF_THEM: Final = frozenset("either any one at least the a or both of an".split())


def site(wanted: str, given: str | None, name: str = "") -> Status:
    """Whether a body site is, or is part of, the one that a rule names. Other words decide nothing but the side."""
    if " or " in wanted and all(words.keys(each) in tables.sites().names for each in wanted.split(" or ")):
        return any_of(site(each, given, name) for each in wanted.split(" or "))
    asked = set(words.keys(wanted)) - _ANY_OF_THEM - {"eye"}
    eye = "eye" in words.keys(wanted)
    given, name = site_spelt_out(given or ""), site_spelt_out(name)
    keys = words.afresh()
    found = {*keys(given), *keys(name)}
    found = {"eye" if key == "ocular" else key for key in found}
    if eye and not asked:
        return Status.MET if "eye" in found or found & {"retinal", "macular", "corneal"} else Status.UNKNOWN
    if asked and asked <= found and (not eye or "eye" in found):
        return Status.MET
    if "both" in found or "bilateral" in found:
        return Status.MET if asked - set(_SIDES) - _EYES <= found else Status.UNKNOWN
    for one, other in (_SIDES, tuple(sorted(_EYES))):
        for mine, theirs in ((one, other), (other, one)):
            if mine in asked and theirs in found and mine not in found:
                return Status.UNMET
    return _place(wanted, f"{given} {name}")


def is_of_an_eye(wanted: str, fact: Fact) -> bool:
    """Whether it is in either eye that a thing must be, and is in one by what it is: a cataract surgery."""
    return wanted in _ANY_EYE and not _OF_EYES.isdisjoint(fact.name.up)


def leaves_an_eye_out(wanted: str | None, given: Sequence[str]) -> bool:
    """Whether it is asked of either eye, and places that are given do not take in both: "> 25 mmHg in either eye"."""
    if wanted == "eye" or wanted not in _ANY_EYE:
        return False
    pairs = (tuple([f"{side} eye" for side in pair]) for pair in (_SIDES, sorted(_EYES)))
    return not any(all(any(site(eye, place) is Status.MET for place in given) for eye in pair) for pair in pairs)


_ANY_EYE: Final = frozenset(
    (
        "either eye",
        "any eye",
        "eye",
        "one eye",
        "at least one eye",
        "at least 1 eye",
        "one or both eyes",
        "1 or both eye",
    )
)
_OF_EYES: Final = frozenset(("eye disease", "ocular surgery", "intravitreal injection"))


def sides(wanted: str | None) -> tuple[str, ...]:
    """The two sites, each with its side, that "both eyes" are; none of another site."""
    if wanted is None or not wanted.startswith(_BOTH):
        return ()
    part = wanted.split(" ", 1)[1]
    return tuple([f"{side} {part}" for side in _SIDES])


_BOTH: Final = ("both ", "each ")


def named_place(name: str, qualifiers_: tuple[str, ...]) -> str:
    """The words of a fact that may name its site: those of its name, and attributes like "left eye", "esophageal"."""
    known = tables.sites().names
    where = [each for each in qualifiers_ if each.lower().endswith(_NAMES_A_PLACE) or words.keys(each) in known]
    return " ".join((name, *where)) if where else name


_NAMES_A_PLACE: Final = ("eye", "eyes", "eye to be treated", "bilateral")


def _place(wanted: str, given: str) -> Status:
    """Whether the parts of the body that are named are within the wanted one; none is in one of another region."""
    (asked, beside), (found, told) = tables.places_in(words.keys(wanted)), tables.places_in(words.afresh()(given))
    if len(asked) != 1 or not found:
        return Status.UNKNOWN
    known, (one,) = tables.sites(), asked
    if any(one in known.within[place] for place in found):
        return Status.MET if beside - _ANY_OF_THEM <= told else Status.UNKNOWN  # "study eye" of a left one
    apart = known.regions[one] and all(
        known.regions[place] and known.regions[place].isdisjoint(known.regions[one]) for place in found
    )
    return Status.UNMET if apart else Status.UNKNOWN


@lru_cache(maxsize=4096)
def named_by(wanted: str) -> str | None:
    """The body site that a qualifier is: "to the left breast", "brain", "left"; None where it says something else."""
    bare = _AT_A_PLACE.sub("", wanted)
    if bare in _SIDES:
        return bare
    named, beside = tables.places_in(words.keys(bare))
    return bare if len(named) == 1 and beside <= {*_SIDES, *_ANY_OF_THEM} else None


@lru_cache(maxsize=4096)
def words_of(wanted: str) -> frozenset[str]:
    """The words of a qualifier that says where a thing is, be it no part of the body: "at the injection site"."""
    place = _AT_A_PLACE.match(wanted)
    return frozenset(plain_words(wanted[place.end() :])) if place is not None else frozenset()


_AT_A_PLACE: Final = re.compile(r"^(?:to|on|in|of|at)\s+(?:the\s+)?")


def told_side(given: str | None) -> tuple[str, ...]:
    """The side that a site is on, as an attribute: "left" of the left kidney, "bilateral" of both kidneys."""
    found = _on_sides(given)
    return ("bilateral",) if len(found) > 1 else tuple(found)


def _on_sides(given: str | None) -> frozenset[str]:
    said = set(words.afresh()(site_spelt_out(given or "")))
    return frozenset(_SIDES) if said & {"both", "bilateral"} else frozenset(said & set(_SIDES))


def at_both_sides(fact: Fact, others: Sequence[Fact], *, complete: bool) -> Status:
    """Whether what is on one side is on the other, too, by another fact of the same name; of a complete list, not where
    there is none."""
    mine = _on_sides(fact.raw.site)
    if len(mine) != 1:
        return Status.UNKNOWN
    beside = [other for other in others if other.name.own == fact.name.own and _on_sides(other.raw.site) - mine]
    if any(other.state == "there" and not other.suspected for other in beside):
        return Status.MET
    denied = bool(beside) and all(other.negative for other in beside)
    return Status.UNMET if denied or (complete and not beside) else Status.UNKNOWN
