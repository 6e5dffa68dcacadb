"""The automaton of names: the vocabulary, qualifiers, function words and units of time, word by word."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable
from functools import cache
from typing import Any, Final

from eligibility.knowledge import names, words
from eligibility.knowledge.qualifiers import qualifiers
from eligibility.knowledge.vocabulary import Entry, vocabulary
from eligibility.reading.lexing.function_words import phrases_with_meanings
from eligibility.reading.lexing.units import TIME_UNIT

__all__ = ["NEED_BEFORE", "NOWHERE", "Node", "Root", "automaton"]

_KIND_TYPE: Final = {"condition": "CONDITION", "treatment": "TREATMENT", "measurement": "ANALYTE"}


_TIME: Final = "!"
_PHRASE: Final = "#"
_AMBIGUOUS: Final = ">"
_QUALIFIER: Final = "@"
"""Marks of what a name is, in its line (:mod:`~eligibility.knowledge.names`). A digit begins a plain name; of several
meanings the preferred stands first, as the signs are ordered.
"""


NEED_BEFORE: Final = frozenset("LINES OR_MORE OR_LESS ASIDE OF_ANY_KIND PLACE AREA".split())
_BY_PLACE: Final = NEED_BEFORE | {"TIMEUNIT"}  # what words of these types mean depends on what stands beside them


class Node:
    """One step of the automaton of names: what the words so far mean, and by the next word how they go on.

    A further step is made when it is first taken: there are tens of thousands, and one process takes few of them.
    ``shared``: the name is that of two entries of one kind. ``always``: it means the same wherever it stands.
    ``last``: no name goes on.
    """

    __slots__ = (
        "_end",
        "_first",
        "_further",
        "_lines",
        "_next",
        "_start",
        "always",
        "exact",
        "last",
        "meanings",
        "shared",
    )

    def __init__(self, first: str, further: str, lines: tuple[str, ...], start: int, end: int) -> None:
        """``lines[start:end]`` are of the names that begin with the word ``first`` and with the ``further`` ones."""
        self._first, self._further, self._lines, self._end = first, further, lines, end
        self.shared = False
        self.meanings: tuple[tuple[str, Any], ...] = ()
        self.exact: tuple[tuple[str, str, Any], ...] = ()
        own = f"{further}\t"
        while start < end and lines[start].startswith(own):
            for kind, value in _meanings(f"{first} {further}" if further else first, lines[start][len(own) :]):
                self._mean(kind, value)
            start += 1
        self._start = start
        self.always = self._everywhere()
        self.last = start == end
        self._next: dict[str, Node | None] | None = None  # by every word with which a name goes on

    def step(self, word: str) -> Node:
        """Where the next word leads; no name goes on with it: nowhere."""
        if self._next is None:
            self._next = dict.fromkeys(self._following())
        there = self._next.get(word, NOWHERE)
        if there is None:
            there = self._next[word] = self._made(word)
        return there

    def _following(self) -> list[str]:
        at = len(self._further) + 1 if self._further else 0
        return [line[at:].replace("\t", " ", 1).split(" ", 1)[0] for line in self._lines[self._start : self._end]]

    def _made(self, word: str) -> Node:
        further = f"{self._further} {word}" if self._further else word
        start = bisect_left(self._lines, further, self._start, self._end)
        end = bisect_left(self._lines, f"{further}!", start, self._end)  # "!" comes behind tab and space
        return Node(self._first, further, self._lines, start, end)

    def _everywhere(self) -> bool:
        return not (self.shared or self.exact) and _BY_PLACE.isdisjoint([kind for kind, _ in self.meanings])

    def _mean(self, kind: str, value: Any) -> None:
        if kind == "EXACT":
            self.exact = (*self.exact, value)
        elif kind not in ("QUALIFIER",) or all(known != kind for known, _ in self.meanings):
            if self.meanings and isinstance(value, Entry):
                self.shared = self.shared or any(known == kind for known, _ in self.meanings)
            self.meanings = (*self.meanings, (kind, value))


def _meanings(name: str, known: str) -> list[tuple[str, Any]]:
    """What a whole name means, of which its line says so much."""
    mark = known[0]
    if mark.isdigit():
        return [(_KIND_TYPE[entry.kind], entry) for entry in vocabulary().named(known)]
    known = known[1:]
    if mark == _PHRASE:
        meant = [phrases_with_meanings()[0][number] for number in names.numbers_in(known)]
        return [(kind, name if value is None else value) for kind, value in meant]
    if mark == _QUALIFIER:
        return [("QUALIFIER", qualifiers().find(known))]
    if mark == _TIME:
        return [("TIMEUNIT", known)]
    measured = [entry for entry in vocabulary().named(known) if entry.kind == "measurement"]
    said = measured[0].ambiguous_synonyms if len(measured) == 1 else ()
    return [("EXACT", (each, "ANALYTE", measured[0])) for each in said if words.phrase(each) == name]


class Root:
    """The start of the automaton. The names that begin with a word are looked up when the word is first met."""

    __slots__ = ("_known", "_qualifiers", "_times")

    def __init__(self) -> None:
        self._known: dict[str, Node] = {}
        self._times = _by_first_word(TIME_UNIT.items(), _TIME)
        self._qualifiers = _by_first_word(((keys, each.name) for keys, each in qualifiers().names()), _QUALIFIER)

    def step(self, word: str) -> Node:
        """Where the first word of a name leads; where none begins with it, nowhere."""
        first = self._known.get(word)
        if first is None:
            first = self._known[word] = self._made(word)
        return first

    def _made(self, word: str) -> Node:
        lines = vocabulary().beginning(word)
        others = [
            *self._times.get(word, ()),
            *phrases_with_meanings()[1].beginning(word, _PHRASE),
            *vocabulary().beginning_ambiguously(word, _AMBIGUOUS),
            *self._qualifiers.get(word, ()),
        ]
        if others:
            lines = sorted(lines + others)
        return Node(word, "", tuple(lines), 0, len(lines)) if lines else NOWHERE


NOWHERE: Final = Node("", "", (), 0, 0)


def _by_first_word(named: Iterable[tuple[tuple[str, ...], str]], mark: str) -> dict[str, list[str]]:
    """The lines of names by their first words, as :meth:`~eligibility.knowledge.names.Names.beginning` has them."""
    found: dict[str, list[str]] = {}
    for (first, *further), known in named:
        found.setdefault(first, []).append(f"{' '.join(further)}\t{mark}{known}")
    return found


@cache
def automaton() -> Root:
    """The one automaton of a process."""
    return Root()
