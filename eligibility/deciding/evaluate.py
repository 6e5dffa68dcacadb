"""Rules against a chart: the one place that knows every kind of rule."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date
from functools import lru_cache, partial
from typing import assert_never

from eligibility.deciding.ages import age, sex
from eligibility.deciding.allergies import allergy
from eligibility.deciding.answers import Path, Settled, settled
from eligibility.deciding.case import STANDARD, Case, Decider, Settings
from eligibility.deciding.conditions import condition
from eligibility.deciding.findings import finding
from eligibility.deciding.kept import kept
from eligibility.deciding.measurements import measurement, on_scales
from eligibility.deciding.people import attribute
from eligibility.deciding.treatments import treatment
from eligibility.deciding.verdict import Cause, Need, Verdict
from eligibility.knowledge import words
from eligibility.patient.chart import chart_of
from eligibility.patient.profile import PatientProfile
from eligibility.rules import (
    Age,
    All,
    Allergy,
    Ambiguous,
    Any,
    AtLeast,
    Condition,
    Conditional,
    Constant,
    Criterion,
    Finding,
    ForArms,
    Measurement,
    Not,
    OnScales,
    PatientAttribute,
    Rule,
    Sex,
    Span,
    Statement,
    Treatment,
    Trial,
    Unread,
)
from eligibility.truth import Status, agreed, all_of, any_of, at_least, negate, of

__all__ = ["concerns", "decide", "evaluate", "verdict_on", "verdicts_on"]


def evaluate(
    criterion: Criterion, profile: PatientProfile, on: date | None = None, settings: Settings = STANDARD
) -> Verdict:
    """Decide one criterion for one patient on the screening date ``on``.

    ``on`` left out is the profile's ``as_of``, and failing that today.
    """
    on = on or profile.as_of or date.today()
    return verdict_on(criterion, case_of(profile, on, settings))


def case_of(profile: PatientProfile, on: date, settings: Settings = STANDARD) -> Case:
    """The patient on the day, ready for any number of criteria."""
    return Case(chart_of(profile, on), on.toordinal(), settings)


def verdict_on(criterion: Criterion, case: Case) -> Verdict:
    """Decide one criterion for a patient on a day."""
    return _ready(criterion)(case)


def verdicts_on(trial: Trial, case: Case) -> tuple[Verdict, ...]:
    """Decide every criterion of a trial for a patient on a day."""
    return tuple([ready(case) for ready in _all_ready(trial)])


def _made_ready(criterion: Criterion) -> Decider:
    """How a criterion is decided: its rule, for the arms that it is for, but for what a person has answered."""
    rule, arms = criterion.rule, criterion.arms
    decider = _deciders(rule)
    neutral = criterion.kind == "inclusion"
    span = next((Span(start=mark.start, end=mark.end) for mark in criterion.marks if not mark.path), None)

    def decided(case: Case) -> Verdict:
        case.neutral = neutral
        profile = case.chart.profile
        if arms and profile.arm is not None and not concerns(arms, profile.arm):
            verdict = Verdict(of(neutral), rule, case, detail="it is for another arm")
        elif profile.answers and (told := settled(criterion, profile.answers)):
            verdict = _answered(case, rule, (), told)
        else:
            verdict = decider(case)
        verdict.span = span
        return verdict

    return decided


_ready = kept(_made_ready)
_all_ready: Callable[[Trial], tuple[Decider, ...]] = kept(lambda trial: tuple(map(_ready, trial.criteria)), most=4096)


def decide(case: Case, rule: Rule) -> Verdict:
    """Decide one rule."""
    return _deciders(rule)(case)


def _decider(rule: Rule) -> Decider:
    """How a rule is decided, whoever the patient is."""
    match rule:
        case Measurement():
            return measurement(rule)
        case Condition():
            return condition(rule)
        case Treatment():
            return treatment(rule)
        case All() | Any() | AtLeast() | Not() | Conditional() | Ambiguous() | ForArms():
            return lambda case: _joined(case, rule, _parts(case, rule))
        case Age():
            return age(rule)
        case PatientAttribute():
            return partial(attribute, rule=rule)
        case Finding():
            return partial(finding, rule=rule)
        case Sex():
            return partial(sex, rule=rule)
        case Allergy():
            return allergy(rule)
        case OnScales():
            return partial(on_scales, rule=rule)
        case Statement():
            cause = Cause.JUDGEMENT if rule.topic == "judgement" else Cause.MISSING
            return _open(rule, cause, Need(rule.text, "answer", rule.who))
        case Unread():
            return _open(rule, Cause.NOT_UNDERSTOOD, Need(rule.text, "reading", "text"))
        case Constant():
            status = of(rule.holds)
            return lambda case: Verdict(status, rule, case)
        case _:
            assert_never(rule)


_deciders = kept(_decider)


def _open(rule: Rule, cause: Cause, need: Need) -> Decider:
    """Of a rule that no fact can settle."""
    needs = (need,)
    return lambda case: Verdict(Status.UNKNOWN, rule, case, (), cause, needs)


_Joining = All | Any | AtLeast | Not | Conditional | Ambiguous | ForArms


def _parts(case: Case, rule: _Joining) -> tuple[Verdict, ...]:
    match rule:
        case All(parts=parts) | Any(parts=parts) | AtLeast(parts=parts):
            return tuple([decide(case, part) for part in parts])
        case Not(part=part):
            case.neutral = not case.neutral
            found = decide(case, part)
            case.neutral = not case.neutral
            return (found,)
        case Conditional(when=when, then=then, otherwise=otherwise):
            return decide(case, when), decide(case, then), decide(case, otherwise)
        case Ambiguous(readings=readings):
            return tuple([decide(case, reading) for reading in readings])
        case ForArms(part=part):
            return (decide(case, part),)


def _joined(case: Case, rule: _Joining, parts: tuple[Verdict, ...]) -> Verdict:
    """The verdict on a rule whose parts have been decided."""
    cause = None
    match rule:
        case All():
            status = all_of([part.status for part in parts])
        case Any():
            status = any_of([part.status for part in parts])
        case AtLeast(count=count):
            status = at_least(count, [part.status for part in parts])
        case Not():
            status = negate(parts[0].status)
        case Conditional():
            when, then, otherwise = parts
            match when.status:
                case Status.MET:
                    status = then.status
                case Status.UNMET:
                    status = otherwise.status
                case _:
                    status = agreed((then.status, otherwise.status))
        case Ambiguous():
            status = agreed([part.status for part in parts])
            if status is Status.UNKNOWN:
                cause = Cause.TWO_READINGS
        case ForArms(arms=arms):
            arm = case.chart.profile.arm
            if arm is not None and not concerns(arms, arm):
                return Verdict(of(case.neutral), rule, case, parts=parts, detail="it is for another arm")
            status = parts[0].status
    if status is Status.UNKNOWN and cause is None:
        cause = next((part.cause for part in parts if part.status is Status.UNKNOWN), None)
    return Verdict(status, rule, case, cause=cause, parts=parts)


def _answered(case: Case, rule: Rule, path: Path, told: Mapping[Path, Settled]) -> Verdict:
    """The verdict on a rule of which a person has settled some parts."""
    match rule:
        case All(parts=parts) | Any(parts=parts) | AtLeast(parts=parts):
            verdict = _joined(case, rule, tuple(_answered(case, p, (*path, i), told) for i, p in enumerate(parts)))
        case Ambiguous(readings=readings):
            verdict = _joined(case, rule, tuple(_answered(case, p, (*path, i), told) for i, p in enumerate(readings)))
        case Conditional(when=when, then=then, otherwise=otherwise):
            below = tuple(_answered(case, p, (*path, i), told) for i, p in enumerate((when, then, otherwise)))
            verdict = _joined(case, rule, below)
        case Not(part=part):
            case.neutral = not case.neutral
            below = (_answered(case, part, (*path, 0), told),)
            case.neutral = not case.neutral
            verdict = _joined(case, rule, below)
        case ForArms(part=part):
            verdict = _joined(case, rule, (_answered(case, part, (*path, 0), told),))
        case _:
            verdict = decide(case, rule)
    answer = told.get(path)
    if answer is None:
        return verdict
    if answer.holds == "unknown":
        if verdict.status is Status.UNKNOWN and verdict.cause is Cause.MISSING:
            return Verdict(Status.UNMET, rule, case, detail=f"asked, and not known: {answer.words!r}")
        return verdict
    status = of(answer.holds)
    if verdict.status is status:
        return verdict
    said = f"answered {'yes' if (answer.holds is True) else 'no'}: {answer.words!r}"
    if verdict.status is Status.UNKNOWN and (answer.whole or verdict.cause is not Cause.CONTRADICTION):
        return Verdict(status, rule, case, parts=verdict.parts, detail=said)
    if verdict.status is Status.UNKNOWN:
        return verdict
    return Verdict(
        Status.UNKNOWN,
        rule,
        case,
        verdict.used,
        Cause.CONTRADICTION,
        (Need(answer.words, "answer", "caller"),),
        verdict.parts,
        f"the facts say {verdict.status}, but {said}",
    )


# ---------------------------------------------------------------------------------------------------------------------
# Arms

_NUMBERS = {"i": "1", "ii": "2", "iii": "3", "iv": "4", "v": "5", "one": "1", "two": "2", "three": "3", "four": "4"}


@lru_cache(maxsize=1024)
def _arm(text: str) -> tuple[str, ...]:
    bare = re.sub(r"\([^()]*\)", " ", text) or text
    return tuple(_NUMBERS.get(key, key) for key in words.keys(bare.split(":")[0]))


@lru_cache(maxsize=4096)
def concerns(arms: tuple[str, ...], arm: str) -> bool:
    """Whether a criterion for ``arms`` concerns a patient who is considered for ``arm``."""
    return any(_arm(arm) == _arm(one) for one in arms)
