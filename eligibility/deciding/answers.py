"""Answers: what a person said to a criterion, or to a part of it, in its own words.

An answer settles the part of the rule that its words stand for. It is found through the text, never by similarity: the
stretch that says the same (or the opposite), and the part of the rule whose places in the text are exactly in it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

from eligibility.knowledge import wording
from eligibility.rules import Conditional, Constant, Criterion, Not, Rule, Statement, Unread, children, walk

__all__ = ["Path", "Settled", "settled"]

Path: TypeAlias = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Settled:
    """An answer as it bears on one part of a rule: whether that part holds, or is said not to be known."""

    holds: bool | Literal["unknown"]
    words: str
    whole: bool = False


@dataclass(frozen=True, slots=True)
class _Part:
    path: Path
    rule: Rule
    start: int
    end: int


def settled(criterion: Criterion, answers: dict[str, bool | Literal["unknown"]]) -> dict[Path, Settled]:
    """The parts of a criterion's rule that the answers of a profile settle, by path."""
    found: dict[Path, Settled] = {}
    parts = None
    for words, answer in answers.items():
        if words.strip() == criterion.id:
            found[()] = Settled(answer, words, whole=True)
            continue
        said = wording.statement(words)
        if not said.words:
            continue
        agrees = said.says(wording.statement(criterion.text))
        if agrees is not None:
            _put(
                found, (), criterion.rule, answer, words, agrees, wording.statement(criterion.text).negated, whole=True
            )
            continue
        if parts is None:
            parts = _parts(criterion)
        placed = False
        for start, end in wording.find(words, criterion.text):
            here = wording.statement(criterion.text[start:end])
            part = _at(criterion, parts, start, end)
            if part is not None:
                placed = True
                _put(found, part.path, part.rule, answer, words, said.negated == here.negated, here.negated)
        if not placed:
            for path, rule in walk(criterion.rule):
                if isinstance(rule, Statement | Unread):
                    own = wording.statement(rule.text)
                    if (same := said.says(own)) is not None:
                        _put(found, path, rule, answer, words, same, own.negated)
    return found


def _put(
    found: dict[Path, Settled],
    path: Path,
    rule: Rule,
    answer: bool | Literal["unknown"],
    words: str,
    same: bool,
    negated: bool,
    whole: bool = False,
) -> None:
    """Note an answer to a text: ``same`` if it says what the text says, ``negated`` if the text is worded in the negative."""
    if answer == "unknown":
        for below, part in walk(rule):
            if getattr(part, "known", False):
                found.setdefault((*path, *below), Settled("unknown", words))
        return
    sign = _sign(rule)
    if sign == 0:
        if not whole:
            return
        sign = -1 if negated else 1
    truth = answer if same else not answer
    holds = truth if (sign > 0) is not negated else not truth
    earlier = found.get(path)
    if earlier is not None and earlier.holds is not holds and not earlier.whole:
        found.pop(path)
        return
    found[path] = Settled(holds, words, whole)


def _sign(rule: Rule) -> int:
    """1 if all that the rule is made of must hold for it, -1 if all of it must not, 0 if it is mixed."""
    match rule:
        case Not(part=part):
            return -_sign(part)
        case Statement(text=text) | Unread(text=text):
            return -1 if wording.statement(text).negated else 1
        case Conditional(then=then, otherwise=otherwise):
            signs = {_sign(part) for part in (then, otherwise) if not isinstance(part, Constant)}
        case _ if rule.kind in ("condition", "treatment", "allergy"):
            return 1
        case _:
            signs = {_sign(part) for part in children(rule) if not isinstance(part, Constant)}
    if not signs:
        return 1
    return signs.pop() if len(signs) == 1 else 0


def _parts(criterion: Criterion) -> list[_Part]:
    rules = dict(walk(criterion.rule))
    return [_Part(mark.path, rules[mark.path], mark.start, mark.end) for mark in criterion.marks if mark.path in rules]


def _leaf(rule: Rule) -> bool:
    return not children(rule) or rule.kind in ("condition", "treatment", "allergy")


def _at(criterion: Criterion, parts: list[_Part], start: int, end: int) -> _Part | None:
    """The part of the rule that this stretch of the text stands for: the deepest one with exactly the leaves in it."""
    leaves = [part for part in parts if _leaf(part.rule)]
    inside = {part.path for part in leaves if part.start < end and start < part.end}
    text = criterion.text
    for part in leaves:
        if part.path in inside:
            over = (
                text[part.start : max(part.start, min(start, part.end))]
                + text[min(part.end, max(end, part.start)) : part.end]
            )
            if any(c.isalnum() for c in over) and not _same(text, part, start, end):
                return None
    if not inside:
        return None
    best = None
    for path, rule in walk(criterion.rule):
        below = {leaf.path for leaf in leaves if leaf.path[: len(path)] == path}
        if below == inside and (best is None or len(path) > len(best.path)):
            best = _Part(path, rule, start, end)
    return best


def _same(text: str, part: _Part, start: int, end: int) -> bool:
    """Whether what stands around the stretch is no more than words that a statement does without."""
    return wording.statement(text[part.start : part.end]).words == wording.statement(text[start:end]).words
