"""The grammars in ``grammars/``, as tables, and the two ways of parsing with them.

:meth:`Grammar.longest` takes the longest phrase that begins at a token (an island); :meth:`Grammar.whole` takes a whole
sentence or nothing. A token that can be several things is taken as the first of them that the grammar allows there.
There is no error recovery: it would delete words, and one of them may be "not".
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, Final

from eligibility.knowledge.vocabulary import data_folder
from eligibility.reading.lexing.tokens import Token
from eligibility.reading.tables import Reduction, tables

__all__ = ["Grammar", "Refused"]


class Refused(Exception):
    """Raised where a phrase is worked out that the grammar allows and its meaning does not."""


_MOST_PLACES: Final = 20_000


@dataclass(slots=True, eq=False)
class _Place:
    """A stack of states: what a parser knows of the tokens before it. It is worked out once where each type leads."""

    states: tuple[int, ...]
    steps: dict[str, int | Reduction]  # of its last state
    ending: tuple[Reduction, ...] | None  # what the end of a phrase makes of the values; None: no phrase ends here
    moves: dict[str, _Move] = field(default_factory=dict)


@dataclass(slots=True, eq=False)
class _Move:
    """What a token makes of the values before it, and where it leads: if it fits."""

    reductions: tuple[Reduction, ...]
    to: _Place | None


_NOWHERE = _Move((), None)  # what does not fit: most of all moves


class Grammar:
    """One grammar file as LALR(1) tables, with the object whose methods give its phrases their meaning.

    Most stacks are met again and again: moves from one to another are kept, and what phrases mean is worked out only
    where their types have been found to fit.
    """

    def __init__(self, file: str, starts: Sequence[str], terminals: Sequence[str], meanings: object) -> None:
        """Build the tables, or take them from the cache; all ``terminals`` are declared, used or not."""
        text = _text(file) + "\n%declare " + " ".join(terminals) + "\n"
        found = tables(Path(file).stem, text, starts, meanings)
        self._states = found.states
        self._starts = found.starts
        self._ends = frozenset(found.ends.values())
        self._first = {start: frozenset(self._states[self._starts[start]]) for start in starts}
        self._opening = {
            kind: tuple(start for start in starts if kind in self._first[start])
            for kind in frozenset().union(*self._first.values())
        }
        self._places: dict[tuple[int, ...], _Place] = {}

    def first(self, start: str) -> frozenset[str]:
        """The types of the tokens that a phrase of this kind can begin with."""
        return self._first[start]

    def opening(self, token: Token) -> tuple[str, ...]:
        """The kinds of phrase that can begin with this token."""
        if token.others:
            kinds = (token.type, *[kind for kind, _ in token.others])
            return tuple([start for start, first in self._first.items() if not first.isdisjoint(kinds)])
        return self._opening.get(token.type, ())

    def longest(self, start: str, tokens: list[Token], at: int, beyond: int = 0) -> tuple[Any, int] | None:
        """The longest phrase at ``tokens[at]`` that ends beyond ``beyond``: its meaning, and the index after it."""
        path = self._path(start, tokens, at)
        shortest = max(beyond - at, 0)
        while len(path) > shortest:
            place = path[-1][0].to
            if place is not None and place.ending is not None:
                try:
                    return self._meaning(place.ending, path), at + len(path)
                except (Refused, KeyError):
                    pass  # a shorter one may have a meaning
            path.pop()
        return None

    def whole(self, start: str, tokens: list[Token]) -> Any:
        """The meaning of all tokens as one sentence; :class:`Refused` where they are none, with the index of the first
        token that does not fit as its argument."""
        path = self._path(start, tokens, 0)
        place = path[-1][0].to if path else self._place((self._starts[start],))
        if place is None:
            raise Refused(len(path) - 1)
        if place.ending is None:
            raise Refused(len(tokens))
        return self._meaning(place.ending, path)

    def _path(self, start: str, tokens: list[Token], at: int) -> list[tuple[_Move, Token]]:
        """The moves that the tokens from ``at`` on make, as long as they fit, each with the token as what it is taken;
        the last may be one that does not fit."""
        place = self._place((self._starts[start],))
        path: list[tuple[_Move, Token]] = []
        for index in range(at, len(tokens)):
            token = tokens[index]
            kind = token.type
            if token.others and kind not in place.steps:
                for other, value in token.others:
                    if other in place.steps:
                        kind, token = other, Token(other, value, token.start, token.end)
                        break
            move = place.moves.get(kind)
            if move is None:
                move = place.moves[kind] = self._move(place, kind)
            path.append((move, token))
            if move.to is None:
                break
            place = move.to
        return path

    def _place(self, states: tuple[int, ...]) -> _Place:
        place = self._places.get(states)
        if place is None:
            if len(self._places) >= _MOST_PLACES:
                self._places.clear()
            steps = self._states[states[-1]]
            place = self._places[states] = _Place(states, steps, self._ending(states))
        return place

    def _move(self, place: _Place, kind: str) -> _Move:
        states = list(place.states)
        reductions: list[Reduction] = []
        while True:
            step = self._states[states[-1]].get(kind)
            if step is None:
                return _NOWHERE
            if isinstance(step, int):
                return _Move(tuple(reductions), self._place((*states, step)))
            self._reduce(states, step, reductions)

    def _reduce(self, states: list[int], reduction: Reduction, made: list[Reduction]) -> None:
        if not reduction.idle:
            made.append(reduction)
        if reduction.size:
            del states[-reduction.size :]
        states.append(self._states[states[-1]][reduction.name])  # type: ignore[arg-type]

    def _ending(self, before: tuple[int, ...]) -> tuple[Reduction, ...] | None:
        states = list(before)
        reductions: list[Reduction] = []
        while states[-1] not in self._ends:
            step = self._states[states[-1]].get("$END")
            if step is None:
                return None
            if isinstance(step, int):
                break
            self._reduce(states, step, reductions)
        return tuple(reductions)

    def _meaning(self, ending: tuple[Reduction, ...], path: list[tuple[_Move, Token]]) -> Any:
        """What the tokens of a path mean as one phrase that ends with them."""
        values: list[Any] = []
        for move, token in path:
            for reduction in move.reductions:
                reduction.apply(values)
            values.append(token)
        for reduction in ending:
            reduction.apply(values)
        return values[-1]


@cache
def _text(file: str) -> str:
    return (data_folder("grammars") / file).read_text(encoding="utf-8")
