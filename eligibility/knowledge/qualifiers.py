"""Qualifiers: words that narrow a fact, the axes on which they exclude one another, and what each implies.

``qualifiers().excludes("severe", "mild")``; ``qualifiers().implies("histologically confirmed", "confirmed")``; a
word that is not in ``rules/qualifiers.yaml`` decides nothing.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any, Final

from eligibility.compiled import source_of
from eligibility.errors import KnowledgeError
from eligibility.knowledge import words
from eligibility.knowledge.attributes import confirmed_as, found_by, related
from eligibility.knowledge.cache import cached
from eligibility.knowledge.vocabulary import data_folder, load_yaml

__all__ = ["FOR_STUDIED", "RESOLVED", "STATES", "Qualifier", "Qualifiers", "qualifiers"]

FOR_STUDIED: Final = "for the disease under study"
"""What is meant of a treatment that is named by nothing else: "no prior therapy"."""

RESOLVED: Final = "resolved status"
"""The attribute of what is over."""

STATES: Final = frozenset(("stability", "control", "symptoms", "activity", "response"))
"""The axes of what a disease is for a time: it may have been so for a shorter time than it has been there."""


@dataclass(frozen=True, slots=True)
class Qualifier:
    """One value of an axis. ``implies``: every other value that holds wherever this one does.

    ``any_of``: it says no more than that one of these holds ("relapsed or refractory"). ``all_of``: it says that each
    of these does ("triple-negative"). ``never``: the conditions of whose kinds nobody says it.
    """

    name: str
    axis: str
    synonyms: tuple[str, ...] = ()
    implies: frozenset[str] = frozenset()
    any_of: frozenset[str] = frozenset()
    all_of: tuple[str, ...] = ()
    never: tuple[str, ...] = ()


class Qualifiers:
    """All qualifiers, found by any of their spellings."""

    def __init__(
        self,
        found: list[Qualifier],
        apart: frozenset[tuple[str, str]],
        whole: frozenset[tuple[str, str]],
        spelt: dict[tuple[str, ...], str],
    ) -> None:
        """``apart``: pairs of names that exclude one another, and ``whole``: those that leave nothing third, both ways
        round; ``spelt``: word keys to names."""
        self._by_name = {qualifier.name: qualifier for qualifier in found}
        self._apart = apart
        self._whole = whole
        self._by_words = {keys: self._by_name[name] for keys, name in spelt.items()}

    def find(self, text: str, keyed: Callable[[str], tuple[str, ...]] = words.keys) -> Qualifier | None:
        """The qualifier that is spelt so; ``keyed``: what makes word keys of it."""
        return self._by_words.get(_keys(text, keyed))

    def excludes(self, a: str, b: str) -> bool:
        """Whether one fact cannot be both; any spellings. Words that are not known exclude nothing."""
        first, second = self._meant(a), self._meant(b)
        if first is None or second is None:
            return False
        if (first.name, second.name) in self._apart:
            return True
        lefts = first.any_of or {first.name}
        rights = second.any_of or {second.name}
        return all(self._exclusive(left, right) for left in lefts for right in rights)

    def exhaust(self, a: str, b: str) -> bool:
        """Whether everything is the one or the other: "acute", "chronic"."""
        return (a, b) in self._whole

    def implies(self, a: str, b: str) -> bool:
        """Whether what is ``a`` is ``b``; any spellings. Of unknown words each implies itself only."""
        first, second = self.find(a), self.find(b)
        if first is None and second is not None:
            first = self._in_other_words(a)
        if first is None or second is None:
            return _content(a) == _content(b) or _tied(a, b) or _found_so(a, b)
        if first.any_of and first is not second:
            return all(self.implies(part, b) for part in first.any_of) or second.name in first.implies
        reached = {first.name, *first.implies}
        return second.name in reached or bool(second.any_of & reached)

    def _meant(self, text: str) -> Qualifier | None:
        return self.find(text) or self._in_other_words(text)

    def _in_other_words(self, text: str) -> Qualifier | None:
        """The qualifier that a confirmation amounts to, "proven by core biopsy", or a state with what keeps a disease
        in it, "well controlled on metformin"."""
        name = confirmed_as(text)
        if name is not None:
            return self._by_name.get(name)
        kept = _KEPT_SO.match(text)
        state = self.find(kept["state"]) if kept is not None else None
        if state is not None and state.axis == "treatment" and state.name == "untreated":
            return None  # what is not treated with one thing may be with another
        return state if state is not None and state.axis in ("control", "stability", "treatment") else None

    def of_weight(self, text: str) -> bool:
        """Whether it says no more than that a thing counts, whatever it is: "clinically significant", "major"."""
        found = self.find(text)
        return found is not None and found.axis in ("significance", "seriousness", "magnitude")

    def names(self) -> Iterator[tuple[tuple[str, ...], Qualifier]]:
        """Every spelling as its word keys."""
        return iter(self._by_words.items())

    def beside(self, known: Qualifier) -> Iterator[Qualifier]:
        """The other values of its axis."""
        return (other for other in self._by_name.values() if other.axis == known.axis and other is not known)

    def __iter__(self) -> Iterator[Qualifier]:
        """Every qualifier once."""
        return iter(self._by_name.values())

    def _exclusive(self, a: str, b: str) -> bool:
        lefts = {a, *self._by_name[a].implies}
        rights = {b, *self._by_name[b].implies}
        return any((left, right) in self._apart for left in lefts for right in rights)


def _tied(a: str, b: str) -> bool:
    """Whether an attribute that ties a fact to something known implies another that does."""
    wanted = related(b)
    given = related(a) if wanted else None
    return bool(wanted and given and given.implies(wanted))


def _found_so(a: str, b: str) -> bool:
    """Whether an attribute says that a thing was found in one of the ways that another one names."""
    wanted = found_by(b)
    given = found_by(a) if wanted else None
    return bool(wanted and given and given.implies(wanted))


_KEPT_SO: Final = re.compile(
    r"(?P<state>(?:[\w-]+\s+){0,2}?(?:un|well-|poorly-)?(?:controlled|stable|treated|control))\s+(?:by|with|on|under|using|through|despite)\s+\S",
    re.IGNORECASE,
)


_METHOD: Final = frozenset(  # words that say how a thing was found, not what it is
    "by per according to on based the a an as defined determined assessed measured confirmed using with in of "
    "at from via criteria criterion classification analysis assessment guideline definition evaluation that "
    "which is are was".split()
)


@lru_cache(maxsize=4096)
def _content(text: str) -> frozenset[str]:
    """The words of an unknown attribute: "by central laboratory analysis" is "central laboratory"."""
    found = _keys(text)
    return frozenset([_SAME_VERB.get(word, word) for word in found]) - _METHOD or frozenset(found)


_SAME_VERB: Final = {
    form: verb
    for verb, forms in {
        "expect": ("expects", "expected"),
        "interfere": ("interferes", "interfering"),
        "prevent": ("prevents", "preventing"),
        "preclude": ("precludes", "precluding"),
        "impair": ("impairs", "impairing"),
        "limit": ("limits", "limiting"),
    }.items()
    for form in forms
}
"""What somebody writes of the same thing in a sentence, and in a note: "which interferes with", "interfering with"."""


def _keys(text: str, keyed: Callable[[str], tuple[str, ...]] = words.keys) -> tuple[str, ...]:
    """Word keys, with a sign after a marker spelt out: "ER+" is not "ER"."""
    bare = text.strip()
    if bare.endswith("+"):
        bare = bare[:-1] + " positive"
    elif bare.endswith("-"):
        bare = bare[:-1] + " negative"
    return keyed(bare.replace("+ ", " positive ").replace("+/", " positive/"))


@cache
def qualifiers() -> Qualifiers:
    """The qualifiers in ``rules/qualifiers.yaml``, read once."""
    path = data_folder("rules") / "qualifiers.yaml"
    raw = cached("qualifiers", (path, source_of(__name__), source_of(words.__name__)), lambda: _build(load_yaml(path)))
    found = [
        Qualifier(name, axis, tuple(synonyms), frozenset(implies), frozenset(any_of), tuple(all_of), tuple(never))
        for name, axis, synonyms, implies, any_of, all_of, never in raw["values"]
    ]
    spelt = {tuple(keys.split()): name for keys, name in raw["spelt"].items()}
    apart, whole = (frozenset((a, b) for a, b in raw[pairs]) for pairs in ("apart", "whole"))
    return Qualifiers(found, apart, whole, spelt)


def _build(axes: dict[str, Any]) -> dict[str, Any]:
    axis_of: dict[str, str] = {}
    implied: dict[str, set[str]] = {}
    for axis, content in axes.items():
        for name, value in content["values"].items():
            if name in axis_of:
                raise KnowledgeError(f"qualifiers.yaml: {name!r} is on two axes, {axis_of[name]!r} and {axis!r}")
            axis_of[name] = axis
            implied[name] = set((value or {}).get("implies", ()))
        for name, more in content.get("implied", {}).items():
            implied[name] |= set(more)
    for name, more in implied.items():
        for other in more:
            if other not in axis_of:
                raise KnowledgeError(f"qualifiers.yaml: {name!r} implies {other!r}, which is not there")
    for _ in implied:  # to the end of every chain
        for more in implied.values():
            more |= {further for other in more for further in implied[other]}
    values = [
        (
            name,
            axis,
            (value or {}).get("synonyms", []),
            sorted(implied[name] - {name}),
            (value or {}).get("any_of", []),
            (value or {}).get("all_of", []),
            (value or {}).get("never", []),
        )
        for axis, content in axes.items()
        for name, value in content["values"].items()
    ]
    apart: list[tuple[str, str]] = []
    whole: list[tuple[str, str]] = []
    for axis, content in axes.items():
        names = [name for name in content["values"] if not (content["values"][name] or {}).get("any_of")]
        together = {frozenset(pair) for pair in content.get("compatible", ())}
        if content.get("exclusive", True):
            pairs = {
                frozenset((a, b))
                for a in names
                for b in names
                if a != b and a not in implied[b] and b not in implied[a] and frozenset((a, b)) not in together
            }
        else:
            pairs = {frozenset(pair) for pair in content.get("exclude", ())}
        exhausting = {frozenset(pair) for pair in content.get("whole", ())}
        for pair in pairs | together | exhausting:
            if unknown := [name for name in pair if axis_of.get(name) != axis]:
                raise KnowledgeError(f"qualifiers.yaml: {unknown[0]!r} is not a value of {axis!r}")
        apart += [(a, b) for pair in pairs for a in pair for b in pair if a != b]
        whole += [(a, b) for pair in exhausting for a in pair for b in pair if a != b]
    spelt: dict[str, str] = {}
    for name, _, synonyms, *_ in values:
        for text in (name, *(each for template in synonyms for each in words.spelt_out(str(template)))):
            known = spelt.setdefault(" ".join(_keys(text)), name)
            if known != name:
                raise KnowledgeError(f"qualifiers.yaml: {text!r} is in {known!r} and in {name!r}")
    return {"values": values, "apart": apart, "whole": whole, "spelt": spelt}
