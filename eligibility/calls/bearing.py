"""What an answer bears on: whether it can still change a verdict, and what it would make of one.

Both work on the tree of a verdict and Kleene's tables alone, without a second evaluation of facts.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import product
from typing import Final, TypeAlias

from eligibility.deciding.evaluate import Joining, together
from eligibility.deciding.lasting import Standing, lasting_together, may_last, standing
from eligibility.deciding.verdict import Verdict
from eligibility.rules import All, Ambiguous, Any
from eligibility.truth import Status

__all__ = ["leaves", "matter", "supposing"]

Askable: TypeAlias = Callable[[Verdict], bool]

_OPEN: Final[Standing] = (Status.UNKNOWN, False)
_STATUSES: Final[frozenset[Standing]] = frozenset((status, False) for status in Status)
_STANDINGS: Final[frozenset[Standing]] = _STATUSES | {(Status.MET, True), (Status.UNMET, True)}
_MOST: Final = 7
"""Of more parts than this, all outcomes are taken for possible: three to their number are too many to try."""
_MOST_STANDINGS: Final = 4
"""... where what is lasting counts as well: five to their number."""
_ONE_BY_ONE = (All, Any, Ambiguous)
"""Rules of which the parts may be joined one after the other."""


def leaves(verdict: Verdict) -> Iterator[Verdict]:
    """The verdicts that facts and answers decide, of a tree: those that are joined of no others."""
    if isinstance(verdict.rule, Joining) and verdict.parts:
        for part in verdict.parts:
            yield from leaves(part)
    else:
        yield verdict


def supposing(verdict: Verdict, leaf_standings: Mapping[int, Standing]) -> Standing:
    """What a verdict would be, and whether for good, if leaves were otherwise than they are, by the identity of
    each."""
    rule = verdict.rule
    if isinstance(rule, Joining) and verdict.parts:
        found = _joined(rule, [supposing(part, leaf_standings) for part in verdict.parts])
        return found if verdict.status in (Status.UNKNOWN, found[0]) else standing(verdict)
    return leaf_standings.get(id(verdict)) or standing(verdict)


def _joined(rule: Joining, parts: Sequence[Standing]) -> Standing:
    status = together(rule)([status for status, _ in parts])
    return status, status is not Status.UNKNOWN and lasting_together(rule, status, parts)


def matter(verdict: Verdict, askable: Askable, touched: Askable = lambda _: False) -> list[Verdict]:
    """The askable leaves of which an answer can change the verdict, whatever the answers to the others turn out to be.

    ``touched`` are leaves that are not asked about, and that an answer to another one may settle. Of a verdict that is
    settled for now, those count that can settle it for good. Exact where no leaf stands twice in the tree; where one
    does, more may be found than matter, and never fewer.
    """
    for_good = verdict.status is not Status.UNKNOWN
    return [leaf for leaf, _ in _Bearing(askable, touched, for_good=for_good).pairs(verdict)]


_Pairs: TypeAlias = frozenset[tuple[Standing, Standing]]
"""What a verdict becomes by one answer to a leaf, and by another, all else the same, where these differ."""


@cache
def _different(outcomes: frozenset[Standing]) -> _Pairs:
    return frozenset((one, other) for one, other in product(outcomes, outcomes) if one != other)


class _Bearing:
    """Of statuses alone, or, ``for_good``, of what is lasting as well."""

    def __init__(self, askable: Askable, touched: Askable, *, for_good: bool) -> None:
        self._askable = askable
        self._touched = touched
        self._for_good = for_good
        self._every = _STANDINGS if for_good else _STATUSES
        self._most = _MOST_STANDINGS if for_good else _MOST
        self._possible: dict[int, frozenset[Standing]] = {}

    def possible(self, verdict: Verdict) -> frozenset[Standing]:
        """What a verdict can come to be."""
        known = self._possible.get(id(verdict))
        if known is None:
            known = self._possible[id(verdict)] = self._could_be(verdict)
        return known

    def _could_be(self, verdict: Verdict) -> frozenset[Standing]:
        rule = verdict.rule
        if self._is_settled(verdict):
            return frozenset((standing(verdict) if self._for_good else (verdict.status, False),))
        if not isinstance(rule, Joining) or not verdict.parts:
            moves = self._askable(verdict) or self._touched(verdict)
            return self._of_leaf(verdict) if moves else frozenset((_OPEN,))
        found = self._of_parts(rule, [self.possible(part) for part in verdict.parts])
        if verdict.status is Status.UNKNOWN:
            return found
        return frozenset(one for one in found if one[0] is verdict.status) | {(verdict.status, False)}

    def _of_leaf(self, verdict: Verdict) -> frozenset[Standing]:
        """What an answer may make of a leaf that is asked for."""
        return _STATUSES | {(status, True) for status in may_last(verdict.rule)} if self._for_good else _STATUSES

    def _is_settled(self, verdict: Verdict) -> bool:
        """Whether no answer can make another of it."""
        if verdict.status is Status.UNKNOWN:
            return False
        return not (self._for_good and isinstance(verdict.rule, Joining) and verdict.parts) or verdict.lasting

    def _join(self, rule: Joining) -> Callable[[Sequence[Standing]], Standing]:
        if self._for_good:
            return lambda parts: _joined(rule, parts)
        join = together(rule)
        return lambda parts: (join([status for status, _ in parts]), False)

    def _of_parts(self, rule: Joining, parts: list[frozenset[Standing]]) -> frozenset[Standing]:
        join = self._join(rule)
        if isinstance(rule, _ONE_BY_ONE) and parts:
            found = frozenset(join([one]) for one in parts[0])
            for part in parts[1:]:
                found = frozenset(join([one, other]) for one in found for other in part)
            return found
        if len(parts) > self._most:
            return self._every
        return frozenset(join(chosen) for chosen in product(*parts))

    def pairs(self, verdict: Verdict) -> Iterator[tuple[Verdict, _Pairs]]:
        """Each askable leaf, with what the verdict becomes by two answers to it."""
        rule = verdict.rule
        if self._is_settled(verdict):
            return
        if not isinstance(rule, Joining) or not verdict.parts:
            if self._askable(verdict):
                yield verdict, _different(self._of_leaf(verdict))
            return
        join = self._join(rule)
        possible = [self.possible(part) for part in verdict.parts]
        for index, part in enumerate(verdict.parts):
            below = list(self.pairs(part))
            if not below:
                continue
            others = self._others(rule, possible, index)
            made: dict[_Pairs, _Pairs] = {}
            for leaf, changes in below:
                if changes not in made:
                    made[changes] = frozenset(
                        (one, other)
                        for before, after in changes
                        for beside in others
                        if (one := join(beside(before))) != (other := join(beside(after)))
                    )
                if made[changes]:
                    yield leaf, made[changes]

    def _others(self, rule: Joining, possible: list[frozenset[Standing]], index: int) -> list[_Beside]:
        """The ways in which the other parts may turn out, each as what puts one more in their midst."""
        rest = [*possible[:index], *possible[index + 1 :]]
        if isinstance(rule, _ONE_BY_ONE):
            return [_Beside((beside,), 0) for beside in self._of_parts(rule, rest)] if rest else [_Beside((), 0)]
        if len(rest) > self._most:
            rest = [one if len(one) == 1 else self._every - {_OPEN} for one in rest]
        return [_Beside(chosen, index) for chosen in product(*rest)]


@dataclass(frozen=True, slots=True)
class _Beside:
    """What the other parts turn out to be, in their order, and the place of the one that is looked at."""

    others: tuple[Standing, ...]
    at: int

    def __call__(self, standing: Standing) -> list[Standing]:
        return [*self.others[: self.at], standing, *self.others[self.at :]]
