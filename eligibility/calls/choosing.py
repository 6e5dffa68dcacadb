"""Which question is asked next: the one that is expected to settle most for least effort.

What is guessed here (how often people say yes) decides the order of asking and nothing else: the outcome of a call
is the same in any order.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final, TypeAlias

from eligibility.calls.bearing import supposing
from eligibility.calls.questions import NEVER, NO, NOW, PAST, YES, Question, at_once, of_one_sort
from eligibility.deciding.lasting import Standing, may_last
from eligibility.deciding.screen import excludes
from eligibility.deciding.verdict import Verdict
from eligibility.knowledge.tables import asking
from eligibility.rules import (
    Age,
    Condition,
    Criterion,
    PatientAttribute,
    Rule,
    Sex,
    Statement,
    Treatment,
    Trial,
)
from eligibility.truth import Status, of

__all__ = ["Asked", "Candidate", "Choice", "Place", "best", "in_text_order"]


_Answer: TypeAlias = str | float
"""A choice, an age in years, or what a date may make of a leaf: ``met`` and ``unmet``."""


@dataclass
class Place:
    """Where a question bears on a criterion: the open leaves of its verdict that an answer may settle.

    ``number`` is that of the trial in the call. What an answer would do there is worked out once, and kept.
    """

    number: int
    trial: Trial
    criterion: Criterion
    verdict: Verdict
    question: Question
    leaves: list[Verdict]
    _effects: dict[_Answer, float | None] = field(default_factory=dict)

    def effect(self, answer: _Answer) -> float | None:
        """What an answer settles of the criterion: ``None`` nothing, 0 that it does not exclude, else what it is worth
        to know that it does."""
        if answer not in self._effects:
            self._effects[answer] = self._effect(answer)
        return self._effects[answer]

    def _effect(self, answer: _Answer) -> float | None:
        told = {id(leaf): _standing(leaf.rule, answer) for leaf in self.leaves}
        status, lasts = supposing(self.verdict, told)
        if status is Status.UNKNOWN or (status, lasts) == (self.verdict.status, self.verdict.lasting):
            return None
        if not excludes(self.criterion, status):
            return 0.0
        return _ENDS if lasts else _FOR_NOW

    @cached_property
    def wanted(self) -> bool:
        """Whether the criterion cannot be fulfilled without what the question is about."""
        without, _ = supposing(self.verdict, {id(self.leaves[0]): (Status.UNMET, False)})
        return self.criterion.kind == "inclusion" and without is Status.UNMET


@dataclass(slots=True)
class Candidate:
    """A question, and all the places that it bears on, in the order of the texts.

    ``alone``: whether it was one of several that were asked at once, of which there was at least one; ``has_studied``:
    whether the caller is known to have a disease that one of the trials is about, and so hardly has that of another.
    """

    question: Question
    alone: bool = False
    has_studied: bool = False
    places: list[Place] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Asked:
    """The next question, why it is asked, and where: the criteria that it bears on, with their trials."""

    question: Question
    because: str
    bears_on: tuple[tuple[Trial, Criterion], ...]

    @property
    def text(self) -> str:
        """What to say."""
        return self.question.text


Choice: TypeAlias = Callable[[Sequence["Candidate"], int, str], Asked]
"""How one of some candidates is chosen, given how many trials are open, and the topic of the last question."""


def in_text_order(candidates: Sequence[Candidate], trials: int, topic: str) -> Asked:
    """The first one, as a form asks: what :func:`best` is compared with."""
    return _asked(candidates[0], trials, 0.0)


def best(candidates: Sequence[Candidate], trials: int, topic: str) -> Asked:
    """The candidate worth most for its effort; of equal ones the first in the order of the text.

    Where most people say never to it, others of its sort and topic are asked with it at once.
    """
    open_criteria = _open_criteria(candidates)
    weighed = [_worth(candidate, trials, open_criteria) for candidate in candidates]
    values = [
        gain / candidate.question.effort * (_SAME_TOPIC if candidate.question.topic == topic else 1.0)
        for candidate, (gain, _) in zip(candidates, weighed, strict=True)
    ]
    order = sorted(range(len(candidates)), key=lambda index: (-values[index], index))
    at = order[0]
    beside = _beside(candidates[at], [candidates[index] for index in order[1:]])
    if len(beside) + 1 < _FEWEST:
        return _asked(candidates[at], trials, weighed[at][1])
    several = (candidates[at], *beside[: _MOST - 1])
    question = at_once([one.question for one in several])
    return _asked(Candidate(question, places=[place for one in several for place in one.places]), trials, 0.0)


def _beside(first: Candidate, others: Sequence[Candidate]) -> list[Candidate]:
    """What may be asked at once with a question, best first."""
    if not _is_seldom(first):
        return []
    sort, topic = of_one_sort(first.question), first.question.topic
    return [
        one for one in others if one.question.topic == topic and of_one_sort(one.question) == sort and _is_seldom(one)
    ]


def _is_seldom(candidate: Candidate) -> bool:
    """Whether it is a thing that most people never had."""
    return bool(of_one_sort(candidate.question)) and not candidate.alone and _likely(candidate) <= _SELDOM


_FEWEST: Final = 3
"""Fewer things than this are asked one by one."""
_MOST: Final = 7
"""More things than this nobody keeps in mind on the telephone."""
_SELDOM: Final = 0.15


def _asked(candidate: Candidate, trials: int, stops: float) -> Asked:
    bears_on = tuple([(place.trial, place.criterion) for place in candidate.places])
    return Asked(candidate.question, _because(candidate, trials, stops), bears_on)


_SAME_TOPIC: Final = 1.25
_ENDS: Final = 1.0
"""What it is worth to know that a trial is out of the question."""
_FOR_NOW: Final = 0.05
"""... where time, a test or the end of a treatment may change that."""
_SETTLES: Final = 0.02
"""... to settle everything that is open of a trial."""


def _open_criteria(candidates: Sequence[Candidate]) -> dict[int, int]:
    """How many criteria of a trial questions are left for, by its number."""
    found: dict[int, set[str]] = {}
    for candidate in candidates:
        for place in candidate.places:
            found.setdefault(place.number, set()).add(place.criterion.id)
    return {number: len(criteria) for number, criteria in found.items()}


def _worth(candidate: Candidate, trials: int, open_criteria: dict[int, int]) -> tuple[float, float]:
    """What an answer is expected to be worth, and how likely it ends a trial."""
    gain = stops = 0.0
    for chance, answer in _answers(candidate):
        ended: dict[int, float] = {}
        for place in candidate.places:
            effect = place.effect(answer)
            if effect is None:
                continue
            gain += chance * _SETTLES / open_criteria[place.number] / trials
            if effect:
                ended[place.number] = max(ended.get(place.number, 0.0), effect)
        gain += chance * sum(ended.values()) / trials
        stops += chance * sum(value == _ENDS for value in ended.values()) / trials
    return gain, stops


def _answers(candidate: Candidate) -> list[tuple[float, _Answer]]:
    """What may be answered, and how likely."""
    question = candidate.question
    match question.expects:
        case "birth date":
            return [(chance, float(age)) for age, chance in asking().ages.items()]
        case "sex":
            return [(0.5, "female"), (0.5, "male")]
        case "date":
            return [(0.5, "met"), (0.5, "unmet")]
        case "number":
            wanted = "met" if candidate.places[0].criterion.kind == "inclusion" else "unmet"
            within = asking().likely["observation"]
            return [(within, wanted), (1 - within, "unmet" if wanted == "met" else "met")]
    chance = _likely(candidate)
    if question.expects == "lasting":
        return [(chance * 0.6, NOW), (chance * 0.4, PAST), (1 - chance, NEVER)]
    return [(chance, YES), (1 - chance, NO)]


def _likely(candidate: Candidate) -> float:
    """How often a caller says yes: to what a trial is about, and to what an ability or a wish is asked for, mostly."""
    likely = asking().likely
    question, place = candidate.question, candidate.places[0]
    if question.section == "person":
        return likely[question.about]
    rule = place.leaves[0].rule
    if isinstance(rule, Statement):
        chance = likely[rule.topic]
        return chance if place.criterion.kind == "inclusion" or rule.topic in _WANTED else 1 - max(chance, 0.7)
    if question.section == "condition" and not candidate.has_studied and any(p.wanted for p in candidate.places):
        return likely["studied"]
    return likely[question.section]


_WANTED: Final = frozenset(("ability", "willingness", "language"))


def _standing(rule: Rule, answer: _Answer) -> Standing:
    status = _status(rule, answer)
    return status, status is not Status.UNKNOWN and _lasts(rule, status, answer)


def _status(rule: Rule, answer: _Answer) -> Status:
    """What an answer would make of a leaf; unknown where more would have to be asked."""
    match rule:
        case Age(limit=limit):
            if not isinstance(answer, float) or limit.unit != "years":
                return Status.UNKNOWN
            low, high = limit.low or 0.0, limit.high if limit.high is not None else 200.0
            return of(low <= answer <= high)
        case Sex(sex=sex):
            return of(answer == sex)
        case PatientAttribute() if answer == "male":
            return Status.UNMET
    if answer in ("met", "unmet"):
        return Status(answer)
    if answer in (NO, NEVER):
        return Status.UNMET
    if isinstance(rule, Condition | Treatment):
        return _of_fact(rule, str(answer))
    return Status.MET


def _of_fact(rule: Condition | Treatment, answer: str) -> Status:
    if rule.qualifiers or rule.site or rule.lasting or rule.count or rule.exceptions:
        return Status.UNKNOWN
    if isinstance(rule, Condition):
        if rule.stages or rule.grade or rule.other:
            return Status.UNKNOWN
    elif rule.route or rule.dose or rule.outcomes or rule.purpose or rule.lines:
        return Status.UNKNOWN
    if rule.window is not None:
        return Status.MET if answer == NOW and rule.moment == "any" else Status.UNKNOWN
    if answer == PAST:
        return of(rule.time == "ever")
    return Status.MET


def _lasts(rule: Rule, status: Status, answer: _Answer) -> bool:
    """Whether what is decided by this answer is likely to be so for good, as ``deciding.lasting`` will find."""
    if status not in may_last(rule):
        return False
    match rule:
        case Age(limit=limit):
            return limit.high is None or (isinstance(answer, float) and answer > limit.high)
        case Treatment():
            return rule.time == "ever" or rule.window is not None or answer in (PAST, YES)
        case _:
            return True


def _because(candidate: Candidate, trials: int, stops: float) -> str:
    """Why it is asked, for the coordinator."""
    needing = len({place.number for place in candidate.places})
    criteria = len(candidate.places)
    if trials > 1:
        said = f"{needing} of {trials} trials need it"
    else:
        said = f"it bears on {criteria} criteria" if criteria > 1 else "it bears on 1 criterion"
    if stops < _WORTH_SAYING:
        return said
    return f"{said}; about 1 in {max(round(1 / stops), 2)} callers stops here"


_WORTH_SAYING: Final = 0.02
