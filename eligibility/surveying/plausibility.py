"""Rules that can hardly be meant, found without a second reader of the text.

No trial turns somebody away for being in good health, lets in whoever has what it excludes or whose organs fail, lists
five limits of which one points the other way, or asks for a number that there is not. Where a rule does, mostly a word
was misread; sometimes it is meant, as in a trial that wants the sick alone, and now and then the text itself is
mistaken. So these are doubts, for a person to look at.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from functools import lru_cache
from itertools import pairwise
from typing import Final, Literal, NamedTuple, TypeAlias, get_args

from eligibility.deciding.case import Case
from eligibility.deciding.comparing import gauge
from eligibility.deciding.evaluate import case_of, verdict_on
from eligibility.deciding.verdict import Verdict
from eligibility.knowledge.tables import healthy
from eligibility.knowledge.vocabulary import vocabulary
from eligibility.patient.profile import PatientProfile
from eligibility.rules import (
    DAYS,
    Age,
    All,
    Any,
    Criterion,
    Duration,
    Limit,
    Measurement,
    Not,
    Rule,
    Span,
    Trial,
    children,
    walk,
)
from eligibility.surveying.let_in import Path, ill_and_let_in, named_and_let_in, side_by_side
from eligibility.truth import Status, all_of, any_of, negate

__all__ = ["DOUBTS", "Doubt", "DoubtSort", "doubts_of"]

DoubtSort: TypeAlias = Literal["healthy", "studied", "named", "ill", "opposed", "fixed"]
"""Somebody healthy is turned away, or whoever has the disease that the trial studies; whoever has what an exclusion
names is let in, or whose organs fail; a limit points the other way than those beside it; a limit is none."""

DOUBTS: Final[tuple[DoubtSort, ...]] = get_args(DoubtSort)


class Doubt(NamedTuple):
    """A part of a criterion's rule that can hardly be meant, and the words that it was read from."""

    sort: DoubtSort
    criterion: Criterion
    why: str
    words: Span


def doubts_of(trial: Trial) -> Iterator[Doubt]:
    """The rules of a trial that can hardly be meant, each named once, as what it seems to be most of all."""
    people = _people(trial)
    for criterion in trial.criteria:
        if criterion.source is None:  # a field of the record, which nobody worded
            continue
        found = (
            _fixed(criterion)
            or _opposed(criterion, people)
            or _turned_away(criterion, people)
            or _let_in(criterion, people)
        )
        if found is not None:
            yield found


# ---------------------------------------------------------------------------------------------------------------------
# Somebody in good health

_ON: Final = date(2026, 1, 1)
_ADULT: Final = 18.0
_USUAL: Final = 40.0  # years, of somebody whom most trials could take
_BEYOND: Final = 1.0  # year, from where a record's ages begin and end
_OLDEST: Final = 100.0
_CALLED: Final = {"female": "woman", "male": "man"}


class _Person(NamedTuple):
    """Somebody whom a trial might meet, with all that a chart can say of them."""

    sort: DoubtSort
    called: str
    case: Case


def _people(trial: Trial) -> list[_Person]:
    """A healthy woman and a healthy man, of the age and sex that the trial's record asks for; and both of them with the
    diseases that the trial studies, of which no more is said."""
    record = trial.record
    low, high = _years(record.minimum_age, 0.0), _years(record.maximum_age, _OLDEST)
    age = min(max(_USUAL, low + _BEYOND), high - _BEYOND) if high > low + 2 * _BEYOND else (low + high) / 2
    studied = tuple(name for name in trial.studied if vocabulary().find(name, "condition"))
    sexes = (record.sex,) if record.sex else tuple(_CALLED)
    people = [_Person("healthy", f"a healthy {_CALLED[sex]}", _case(sex, age)) for sex in sexes]
    if studied:
        only = f"with {' and '.join(studied)} and nothing else"
        people += [_Person("studied", f"a {_CALLED[sex]} {only}", _case(sex, age, studied)) for sex in sexes]
    return people


def _years(age: Duration | None, otherwise: float) -> float:
    return otherwise if age is None else age.value * DAYS[age.unit] / DAYS["years"]


@lru_cache(maxsize=64)
def _case(sex: str, age: float, conditions: tuple[str, ...] = ()) -> Case:
    """A child's laboratory values depend on the age, and are not said."""
    female = {"pregnant": False, "breastfeeding": False} if sex == "female" else {}
    born = _ON - timedelta(days=int(age * DAYS["years"]) + _AFTER_BIRTHDAY)
    profile = {
        "as_of": _ON,
        "birth_date": born,
        "sex": sex,
        **female,
        "consent": True,
        "contraception": True,
        "observations": [{**one, "date": _ON} for one in healthy()] if age >= _ADULT else [],
        "conditions": [{"name": name} for name in conditions],
        "complete": ["conditions", "treatments", "allergies"],
    }
    return case_of(PatientProfile.model_validate(profile), _ON)


_AFTER_BIRTHDAY: Final = 100
"""Days, so that no limit of age falls on the day."""


def _turned_away(criterion: Criterion, people: Sequence[_Person]) -> Doubt | None:
    """An exclusion that they meet, or an inclusion that asks for an absence and does not find it.

    A limit alone turns many away who are healthy, where the sick are wanted.
    """
    excludes = criterion.kind == "exclusion"
    for sort, called, case in people:
        verdict = verdict_on(criterion, case)
        for path, part in [((), verdict)] if excludes else _denials(verdict):
            if part.status is not (Status.MET if excludes else Status.UNMET):
                continue
            where, leaf = _decisive(part, path)
            if not isinstance(leaf.rule, Measurement):
                why = f"{called} {'would be excluded' if excludes else 'would not be let in'}"
                return Doubt(sort, criterion, why, _words(criterion, where))
    return None


def _denials(verdict: Verdict, path: Path = ()) -> Iterator[tuple[Path, Verdict]]:
    """The parts by which an inclusion asks that something is not there."""
    if isinstance(verdict.rule, Not):
        yield path, verdict
    elif isinstance(verdict.rule, All):
        for index, part in enumerate(verdict.parts):
            yield from _denials(part, (*path, index))


def _decisive(verdict: Verdict, path: Path) -> tuple[Path, Verdict]:
    """The first of the smallest parts that make a verdict what it is."""
    while verdict.parts and len(verdict.parts) == len(children(verdict.rule)):
        wanted = verdict.status
        if isinstance(verdict.rule, Not):
            path, verdict = (*path, 0), verdict.parts[0]
            continue
        told = [index for index, part in enumerate(verdict.parts) if part.status is wanted]
        if not told:
            break
        path, verdict = (*path, told[0]), verdict.parts[told[0]]
    return path, verdict


def _words(criterion: Criterion, path: Path) -> Span:
    """The words of a part of the rule, or of the least part around it that has any."""
    spans = {mark.path: Span(start=mark.start, end=mark.end) for mark in criterion.marks}
    for length in range(len(path), -1, -1):
        if path[:length] in spans:
            return spans[path[:length]]
    return Span(start=0, end=len(criterion.text))


# ---------------------------------------------------------------------------------------------------------------------
# Somebody who is let in


def _let_in(criterion: Criterion, people: Sequence[_Person]) -> Doubt | None:
    path = named_and_let_in(criterion)
    if path is not None:
        why = "whoever has what it names, and no more, would be let in"
        return Doubt("named", criterion, why, _words(criterion, path))
    path = ill_and_let_in(criterion, people[0].case)
    if path is not None:
        return Doubt("ill", criterion, "somebody whose organs fail would be let in", _words(criterion, path))
    return None


# ---------------------------------------------------------------------------------------------------------------------
# A limit that points the other way

_FEWEST_BESIDE: Final = 2


def _opposed(criterion: Criterion, people: Sequence[_Person]) -> Doubt | None:
    """One limit of several that somebody healthy does not keep, though all the others let them in."""
    wanted = criterion.kind == "inclusion"
    verdict = verdict_on(criterion, people[0].case)
    limits = [
        (path, part)
        for path, part in side_by_side(verdict, wanted)
        if isinstance(part.rule, Measurement) and part.status is not Status.UNKNOWN
    ]
    against = [(path, part) for path, part in limits if (part.status is Status.MET) is not wanted]
    if len(against) != 1 or len({part.rule.analyte for _, part in limits if isinstance(part.rule, Measurement)}) <= (
        _FEWEST_BESIDE
    ):
        return None
    why = f"of {len(limits)} limits the one that somebody healthy does not keep"
    return Doubt("opposed", criterion, why, _words(criterion, against[0][0]))


# ---------------------------------------------------------------------------------------------------------------------
# A limit that is none


def _fixed(criterion: Criterion) -> Doubt | None:
    """Limits of one quantity that together every number fulfils, or none."""
    for path, part in walk(criterion.rule):
        if not isinstance(part, All | Any):
            continue
        leaves = [leaf for _, leaf in walk(part) if not isinstance(leaf, All | Any | Not)]
        limits = [leaf.limit for leaf in leaves if isinstance(leaf, Age | Measurement)]
        if len(limits) != len(leaves) or len({_quantity(leaf) for leaf in leaves}) != 1:
            continue
        held = {_held(part, number) for number in _telling(limits)}
        if len(held) == 1:
            who = "every" if held.pop() is Status.MET else "no"
            return Doubt("fixed", criterion, f"{who} number fulfils it", _words(criterion, path))
    return None


def _quantity(leaf: Rule) -> Rule:
    """What is measured, and of whom and when: all but the limit."""
    return leaf.model_copy(update={"limit": Limit(unit=leaf.limit.unit, of=leaf.limit.of)})  # type: ignore[union-attr]


def _telling(limits: Sequence[Limit]) -> list[float]:
    """The limits, and a number between any two of them, below and above all."""
    edges = sorted({edge for limit in limits for edge in (limit.low, limit.high) if edge is not None})
    between = [(one + other) / 2 for one, other in pairwise(edges)]
    return [*edges, *between, *(edge + side for edge in edges[:1] + edges[-1:] for side in (-1.0, 1.0))]


def _held(rule: Rule, number: float) -> Status:
    match rule:
        case All():
            return all_of(_held(part, number) for part in rule.parts)
        case Any():
            return any_of(_held(part, number) for part in rule.parts)
        case Not():
            return negate(_held(rule.part, number))
        case Age() | Measurement():
            return gauge(rule.limit)(number)
    raise AssertionError(rule.kind)
