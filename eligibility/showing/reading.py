"""What was read of a text: its words as read, filler or not understood, and the rules as plain JSON."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

from pydantic import BaseModel

from eligibility.rules import All, AtLeast, Criterion, OnScales, Rule, Trial, children
from eligibility.rules import Any as AnyOf
from eligibility.surveying.totals import Totals, read_of

__all__ = ["Piece", "Tally", "pieces", "plain", "tally"]

How: TypeAlias = Literal["read", "filler", "unread", "open"]
"""How a stretch of text was taken; ``open``: read, as a thing that the vocabulary does not know."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a criterion's text that was taken in one way."""

    text: str
    how: How


@dataclass(frozen=True, slots=True)
class Tally:
    """How many criteria and words there are, and how many words were not understood or name what is not known."""

    criteria: int
    understood: int  # criteria without a word that was not understood
    words: int
    unread: int
    open: int

    @property
    def share(self) -> float:
        """The part of the words that was understood, from 0 to 1."""
        return 1 - self.unread / self.words if self.words else 1.0


def pieces(criterion: Criterion) -> tuple[Piece, ...]:
    """The text of a criterion cut where the way changes in which it was taken."""
    text = criterion.text
    how: list[How] = ["filler"] * len(text)
    for mark in criterion.marks:
        rule = _at(criterion.rule, mark.path)
        # the words between the parts of a list join them; those of any other rule are what it says
        if rule is None or isinstance(rule, All | AnyOf | AtLeast | OnScales):
            continue
        how[mark.start : mark.end] = ["read"] * len(text[mark.start : mark.end])
    for span in criterion.open:
        how[span.start : span.end] = ["open"] * len(text[span.start : span.end])
    for span in criterion.unread:
        how[span.start : span.end] = ["unread"] * len(text[span.start : span.end])
    found: list[Piece] = []
    start = 0
    for index in range(1, len(text) + 1):
        if index == len(text) or how[index] != how[start]:
            found.append(Piece(text[start:index], how[start]))
            start = index
    return tuple(found)


def _at(rule: Rule, path: tuple[int, ...]) -> Rule | None:
    for step in path:
        parts = children(rule)
        if not 0 <= step < len(parts):
            return None
        rule = parts[step]
    return rule


def tally(criteria: Iterable[Criterion]) -> Tally:
    """How much of the criteria was read."""
    total = Totals()
    for criterion in criteria:
        total = total.plus(read_of(criterion))
    return Tally(total.criteria, total.whole, total.words, total.unread, total.open)


def plain(value: BaseModel | Trial | Rule) -> dict[str, Any]:
    """A rule, a criterion or a trial as plain JSON, without what has its default value: to be edited by hand."""
    found: dict[str, Any] = {}
    for name, field in type(value).model_fields.items():
        given = getattr(value, name)
        if name == "kind" or field.is_required() or given != field.default:
            found[name] = _plain(given)
    return found


def _plain(value: Any) -> Any:
    match value:
        case BaseModel():
            return plain(value)
        case tuple() | list():
            return [_plain(part) for part in value]
        case float() if value.is_integer() and abs(value) < 1e15:
            return int(value)
        case _:
            return value
