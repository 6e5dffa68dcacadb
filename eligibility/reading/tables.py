"""The tables of a grammar, kept on disk: to work them out takes longer than to read a trial with them.

What is kept is plain data. What a phrase means is not in it: that is said by the methods of an object, one for each
rule, which are bound when the tables are loaded.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from sys import intern
from typing import Any, Final

from eligibility.knowledge.cache import kept

__all__ = ["Reduction", "Tables", "tables"]

_FORMAT: Final = 2


@dataclass(slots=True, eq=False)
class Reduction:
    """What a rule makes of the values that it is made of."""

    name: str
    size: int
    spread: tuple[bool, ...]  # which of the values are those of a rule with "_", to stand in its place
    alone: bool  # a single value stays what it is
    meaning: Callable[[list[Any]], Any] | None  # None: a rule with "_", the list of its values

    @property
    def idle(self) -> bool:
        """Whether it leaves the values as they are: one value that is taken over."""
        return self.size == 1 and (self.alone or (self.meaning is None and self.spread == (True,)))

    def apply(self, values: list[Any]) -> None:
        """Put what the rule makes in the place of the last values."""
        size = self.size
        if size == 1 and not self.spread:
            if not self.alone:
                values[-1] = [values[-1]] if self.meaning is None else self.meaning([values[-1]])
            return
        children: list[Any] = []
        if size:
            children = values[-size:]
            del values[-size:]
        if self.spread:
            children = self._spread(children)
        if self.alone and len(children) == 1:
            values.append(children[0])
        else:
            values.append(children if self.meaning is None else self.meaning(children))

    def _spread(self, children: list[Any]) -> list[Any]:
        found: list[Any] = children[0] if self.spread[0] else children[:1]  # a list grows in place
        for index in range(1, self.size):
            if self.spread[index]:
                found += children[index]
            else:
                found.append(children[index])
        return found


@dataclass(frozen=True, slots=True)
class Tables:
    """LALR(1) tables: what to do in a state with a terminal, and where a phrase begins and ends."""

    states: tuple[dict[str, int | Reduction], ...]
    starts: dict[str, int]
    ends: dict[str, int]


def tables(name: str, text: str, starts: Sequence[str], meanings: object) -> Tables:
    """The tables of the grammar ``text``, from the disk if they are there; ``name`` names the file."""
    stamp = hashlib.sha256("\0".join((str(_FORMAT), *starts, text)).encode()).hexdigest()
    data = kept(f"grammar-{name}", stamp, lambda: _worked_out(text, starts))
    reductions = [_reduction(meanings, *rule) for rule in data["rules"]]
    states = tuple(
        {intern(symbol): step if step >= 0 else reductions[-1 - step] for symbol, step in steps.items()}
        for steps in data["states"]
    )
    return Tables(states, data["starts"], data["ends"])


def _reduction(meanings: object, name: str, size: int, spread: list[bool], alone: bool, said: str | None) -> Reduction:
    meaning = getattr(meanings, said, None) if said else None
    if meaning is None and said and not alone:
        raise NotImplementedError(f"nothing says what {said} means")
    return Reduction(intern(name), size, tuple(spread), alone, meaning)


def _worked_out(text: str, starts: Sequence[str]) -> dict[str, Any]:
    from eligibility.reading.lalr import worked_out  # noqa: PLC0415  (Lark is seldom needed)

    return worked_out(text, starts)
