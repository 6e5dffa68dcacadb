"""What an answer bears on: whether it can still change a verdict, and what it would make of one.

Both work on the tree of a verdict and Kleene's tables alone, without a second evaluation of facts.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import product
from typing import Final, TypeAlias

from eligibility.deciding.evaluate import Joining, together
from eligibility.deciding.verdict import Verdict
from eligibility.rules import All, Ambiguous, Any
from eligibility.truth import Status

__all__ = ["leaves", "matter", "supposing"]

Askable: TypeAlias = Callable[[Verdict], bool]

_EVERY: Final = frozenset(Status)
_EVERY_DECIDED: Final = frozenset((Status.MET, Status.UNMET))
_MOST: Final = 7
"""Of more parts than this, all three statuses are taken for possible: three to their number are too many to try."""
_ONE_BY_ONE = (All, Any, Ambiguous)
"""Rules of which the parts may be joined one after the other."""


def leaves(verdict: Verdict) -> Iterator[Verdict]:
    """The verdicts that facts and answers decide, of a tree: those that are joined of no others."""
    if isinstance(verdict.rule, Joining) and verdict.parts:
        for part in verdict.parts:
            yield from leaves(part)
    else:
        yield verdict


def supposing(verdict: Verdict, statuses: Mapping[int, Status]) -> Status:
    """The status that a verdict would have if leaves had others than they have, by the identity of each."""
    rule = verdict.rule
    if isinstance(rule, Joining) and verdict.parts:
        if verdict.status is not Status.UNKNOWN:
            return verdict.status
        return together(rule)([supposing(part, statuses) for part in verdict.parts])
    return statuses.get(id(verdict), verdict.status)


def matter(verdict: Verdict, askable: Askable) -> list[Verdict]:
    """The askable leaves of which an answer can change the verdict, whatever the answers to the others turn out to be.

    Exact where no leaf stands twice in the tree; where one does, more may be found than matter, and never fewer.
    """
    return [leaf for leaf, _ in _Bearing(askable).pairs(verdict)]


_Pairs: TypeAlias = frozenset[tuple[Status, Status]]
"""What a verdict becomes by one answer to a leaf, and by another, all else the same, where these differ."""

_DIFFERENT: Final[_Pairs] = frozenset((one, other) for one, other in product(Status, Status) if one is not other)


class _Bearing:
    def __init__(self, askable: Askable) -> None:
        self._askable = askable
        self._possible: dict[int, frozenset[Status]] = {}

    def possible(self, verdict: Verdict) -> frozenset[Status]:
        """The statuses that a verdict can come to have."""
        known = self._possible.get(id(verdict))
        if known is None:
            known = self._possible[id(verdict)] = self._could_be(verdict)
        return known

    def _could_be(self, verdict: Verdict) -> frozenset[Status]:
        rule = verdict.rule
        if verdict.status is not Status.UNKNOWN:
            return frozenset((verdict.status,))
        if not isinstance(rule, Joining) or not verdict.parts:
            return _EVERY if self._askable(verdict) else frozenset((Status.UNKNOWN,))
        return self._of_parts(verdict, [self.possible(part) for part in verdict.parts])

    def _of_parts(self, verdict: Verdict, parts: list[frozenset[Status]]) -> frozenset[Status]:
        rule = verdict.rule
        assert isinstance(rule, Joining)
        join = together(rule)
        if isinstance(rule, _ONE_BY_ONE) and parts:
            found = frozenset(join([status]) for status in parts[0])
            for part in parts[1:]:
                found = frozenset(join([one, other]) for one in found for other in part)
            return found
        if len(parts) > _MOST:
            return _EVERY
        return frozenset(join(list(chosen)) for chosen in product(*parts))

    def pairs(self, verdict: Verdict) -> Iterator[tuple[Verdict, _Pairs]]:
        """Each askable leaf, with what the verdict becomes by two answers to it."""
        rule = verdict.rule
        if verdict.status is not Status.UNKNOWN:
            return
        if not isinstance(rule, Joining) or not verdict.parts:
            if self._askable(verdict):
                yield verdict, _DIFFERENT
            return
        join = together(rule)
        possible = [self.possible(part) for part in verdict.parts]
        for index, part in enumerate(verdict.parts):
            below = list(self.pairs(part))
            if not below:
                continue
            others = self._others(verdict, possible, index)
            made: dict[_Pairs, _Pairs] = {}
            for leaf, changes in below:
                if changes not in made:
                    made[changes] = frozenset(
                        (one, other)
                        for before, after in changes
                        for beside in others
                        if (one := join(beside(before))) is not (other := join(beside(after)))
                    )
                if made[changes]:
                    yield leaf, made[changes]

    def _others(self, verdict: Verdict, possible: list[frozenset[Status]], index: int) -> list[_Beside]:
        """The ways in which the other parts may turn out, each as what puts a status in their midst."""
        rest = [*possible[:index], *possible[index + 1 :]]
        if isinstance(verdict.rule, _ONE_BY_ONE):
            return [_Beside((beside,), 0) for beside in self._of_parts(verdict, rest)] if rest else [_Beside((), 0)]
        if len(rest) > _MOST:
            rest = [one if len(one) == 1 else _EVERY_DECIDED for one in rest]
        return [_Beside(chosen, index) for chosen in product(*rest)]


@dataclass(frozen=True, slots=True)
class _Beside:
    """The statuses of the other parts, in their order, and the place of the one that is looked at."""

    others: tuple[Status, ...]
    at: int

    def __call__(self, status: Status) -> list[Status]:
        return [*self.others[: self.at], status, *self.others[self.at :]]
