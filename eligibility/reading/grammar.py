"""The grammars in ``grammars/``, as tables, and the two ways of parsing with them.

:meth:`Grammar.longest` takes the longest phrase that begins at a token (an island); :meth:`Grammar.whole` takes a whole
sentence or nothing. A token that can be several things is taken as the first of them that the grammar allows there.
There is no error recovery: it would delete words, and one of them may be "not".
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path
from typing import Any, TypeAlias

from lark import Transformer
from lark.parsers.lalr_analysis import Shift

from eligibility.knowledge.vocabulary import data_folder
from eligibility.reading.lexer import Token
from eligibility.reading.tables import tables

__all__ = ["Grammar", "Refused"]


class Refused(Exception):
    """Raised by a transformer for a phrase that the grammar allows and its meaning does not."""


_Reduction: TypeAlias = tuple[int, Callable[[list[Any]], Any], str]
"""How many values a rule takes from the stack, what it makes of them, and the name of what it makes."""


class Grammar:
    """One grammar file as LALR(1) tables, with the transformer that gives its phrases their meaning."""

    def __init__(
        self, file: str, starts: Sequence[str], terminals: Sequence[str], transformer: Transformer[Any, Any]
    ) -> None:
        """Build the tables, or take them from the cache; all ``terminals`` are declared, used or not."""
        text = _text(file) + "\n%declare " + " ".join(terminals) + "\n"
        found = tables(Path(file).stem, text, starts, transformer)
        reductions: dict[Any, _Reduction] = {}

        def step(action: Any, argument: Any) -> int | _Reduction:
            if action is Shift:
                return int(argument)
            if argument not in reductions:
                reductions[argument] = (len(argument.expansion), found.callbacks[argument], argument.origin.name)
            return reductions[argument]

        self._states: dict[int, dict[str, int | _Reduction]] = {
            state: {name: step(action, argument) for name, (action, argument) in steps.items()}
            for state, steps in found.states.items()
        }
        self._starts: dict[str, int] = found.starts
        self._ends: dict[str, int] = found.ends
        self._first = {start: frozenset(self._states[state]) for start, state in self._starts.items()}

    def begins(self, start: str, token: Token) -> bool:
        """Whether a phrase of this kind can begin with this token."""
        first = self._first[start]
        return token.type in first or any(kind in first for kind, _ in token.others)

    def longest(self, start: str, tokens: Sequence[Token], at: int) -> tuple[Any, int] | None:
        """The meaning of the longest phrase that begins at ``tokens[at]``, and the index after it."""
        states: list[int] = [self._starts[start]]
        values: list[Any] = []
        accepted: list[tuple[int, list[int], list[Any]]] = []
        index = at
        while index < len(tokens):
            try:
                if not self._shift(states, values, tokens[index]):
                    break
            except (Refused, KeyError):
                break
            index += 1
            if "$END" in self._states[states[-1]]:
                accepted.append((index, states.copy(), values.copy()))
        for index, states, values in reversed(accepted):
            try:
                return self._finish(start, states, values), index
            except (Refused, KeyError):
                continue
        return None

    def whole(self, start: str, tokens: Sequence[Token]) -> Any:
        """The meaning of all tokens as one sentence; :class:`Refused` where they are none, with the index of the first
        token that does not fit as its argument."""
        states: list[int] = [self._starts[start]]
        values: list[Any] = []
        for index, token in enumerate(tokens):
            try:
                if not self._shift(states, values, token):
                    raise Refused(index)
            except KeyError:
                raise Refused(index) from None
        try:
            return self._finish(start, states, values)
        except KeyError:
            raise Refused(len(tokens)) from None

    def _shift(self, states: list[int], values: list[Any], token: Token) -> bool:
        kind = token.type
        if token.others and kind not in self._states[states[-1]]:
            for other, value in token.others:
                if other in self._states[states[-1]]:
                    kind, token = other, Token(other, value, token.start, token.end)
                    break
        while True:
            step = self._states[states[-1]].get(kind)
            if step is None:
                return False
            if isinstance(step, int):
                states.append(step)
                values.append(token)
                return True
            self._reduce(states, values, step)

    def _reduce(self, states: list[int], values: list[Any], reduction: _Reduction) -> None:
        size, callback, name = reduction
        children = values[len(values) - size :]
        if size:
            del states[-size:]
            del values[-size:]
        values.append(callback(children))
        states.append(self._states[states[-1]][name])  # type: ignore[arg-type]

    def _finish(self, start: str, states: list[int], values: list[Any]) -> Any:
        end = self._ends[start]
        while True:
            step = self._states[states[-1]]["$END"]
            if isinstance(step, int):
                return values[-1]
            self._reduce(states, values, step)
            if states[-1] == end:
                return values[-1]


@cache
def _text(file: str) -> str:
    return (data_folder("grammars") / file).read_text(encoding="utf-8")
