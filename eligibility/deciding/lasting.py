"""How long a verdict stays as it is, and whether anything but the facts themselves can change it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Final, TypeAlias, assert_never

from eligibility.deciding import ages, conditions, observing, timing
from eligibility.deciding.case import Case
from eligibility.deciding.verdict import Verdict
from eligibility.knowledge.vocabulary import Kind, vocabulary
from eligibility.patient.facts import FUTURE, PAST, Fact
from eligibility.patient.profile import ConditionFact, Observation
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
    Duration,
    Finding,
    ForArms,
    Measurement,
    Not,
    OnScales,
    PatientAttribute,
    Rule,
    Sex,
    Statement,
    Treatment,
    Unread,
    Window,
)
from eligibility.truth import Status

__all__ = ["Standing", "lasting", "lasting_together", "may_last", "standing", "stays", "stays_for_life"]


# ---------------------------------------------------------------------------------------------------------------------
# Stays


def stays(verdict: Verdict) -> tuple[date | None, date | None]:
    """The first and the last day of ``on`` for which the facts on record give the same verdict; ``None`` is unbounded.

    An under-estimate: every day on which something about a fact, a window or an age changes is taken for an edge.
    """
    case = verdict._case
    low, high = PAST, FUTURE
    for day in _edges(verdict, case):  # the first day of a new state of things
        if day <= case.on:
            low = max(low, day)
        else:
            high = min(high, day - 1)
    return (None if low <= PAST else date.fromordinal(low), None if high >= FUTURE else date.fromordinal(high))


def _edges(verdict: Verdict, case: Case) -> Iterator[int]:
    rule = verdict.rule
    match rule:
        case Age():
            yield from _birthdays(case, rule)
        case Measurement() | Finding():
            name = rule.analyte.name if isinstance(rule, Measurement) else rule.test.name
            observations = [*case.chart.seen(name), *(one for one in verdict.used if isinstance(one, Observation))]
            for observation in observations:
                for day in observing.day_of(case, observation):
                    yield day
                    if rule.window is None or rule.window.start is None:
                        yield day + case.settings.stale_days + 1
                    if rule.window is not None:
                        yield from _of_window(rule.window, day, day)
        case Condition() | Treatment():
            kind: Kind = "condition" if isinstance(rule, Condition) else "treatment"
            yield case.chart.as_of
            for fact in case.chart.facts(kind):
                if not fact.negative:
                    yield from _of_fact(rule, fact)
            for used in verdict.used:
                if isinstance(used, Observation):
                    for day in observing.day_of(case, used):
                        yield from (day, day + case.settings.stale_days + 1)
            for exception in rule.exceptions:
                yield from _edges(case.decide(exception), case)
        case _:
            pass
    for below in verdict.parts:
        yield from _edges(below, case)


def _of_fact(rule: Condition | Treatment, fact: Fact) -> Iterator[int]:
    for day in (fact.first_low, fact.first_high, fact.last_low, fact.last_high):
        if PAST < day < FUTURE - 1:
            yield day
            yield day + 1
            if rule.window is not None:
                yield from _of_window(rule.window, day, day)
            if rule.lasting is not None:
                yield _later(day, rule.lasting) + rule.lasting.exceeded


def _of_window(window: Window, first: int, last: int) -> Iterator[int]:
    """The days on which a moving window reaches, or leaves, a day."""
    for bound in (window.start, window.end):
        if bound is not None:
            for day in (first, last):
                reached = _later(day, bound)
                yield from (reached - 1, reached, reached + 1, reached + 2)


def _later(day: int, length: Duration) -> int:
    """The day from which, counted back, one comes to ``day``."""
    if length.unit == "half-lives":
        return day
    found = timing.back(day, Duration(value=-length.value, unit=length.unit))
    return found[1] if found is not None else day


def _birthdays(case: Case, rule: Age) -> Iterator[int]:
    born = ages.born(case.chart)
    if born is None:
        return
    unit = rule.limit.unit or "years"
    for bound in (rule.limit.low, rule.limit.high):
        if bound is None:
            continue
        for birth in born:
            for whole in (int(bound), int(bound) + 1):
                match unit:
                    case "years" | "months":
                        day = timing.months_back(birth, -whole * (12 if unit == "years" else 1))
                        if date.fromordinal(day).day != date.fromordinal(birth).day:
                            day += 1  # born on a day that the month has not: completed on the next
                    case "weeks":
                        day = birth + 7 * whole
                    case "hours":
                        days = whole // 24
                        yield from (birth + days, birth + days + 1)
                        day = birth + days + 2
                    case _:
                        day = birth + whole
                yield day


# ---------------------------------------------------------------------------------------------------------------------
# Lasting

Joint = All | Any | Not | ForArms | Conditional | AtLeast | Ambiguous | OnScales
Standing: TypeAlias = tuple[Status, bool]
"""What was decided, and whether for good."""


def standing(verdict: Verdict) -> Standing:
    """The status of a verdict, and whether it is lasting."""
    return verdict.status, verdict.lasting


def lasting(verdict: Verdict) -> bool:
    """Whether no time, no new test and no stopped treatment can change a definite verdict."""
    status = verdict.status
    rule = verdict.rule
    if isinstance(rule, Joint):
        parts = [standing(part) for part in verdict.parts]
        return status is not Status.UNKNOWN and lasting_together(rule, status, parts)
    if status not in may_last(rule):
        return False
    match rule:
        case Age(limit=limit):
            found = ages.completed(verdict._case, limit.unit or "years")
            return found is not None and (limit.high is None or found[0] >= limit.high)
        case Condition() if status is Status.UNMET:
            narrowed = _is_narrowed(rule)
            return any(isinstance(one, Fact) and one.negative and _is_whole(one, narrowed) for one in verdict.used)
        case Treatment():
            return _ever(rule, verdict)
        case _:
            return True


def may_last(rule: Rule) -> frozenset[Status]:
    """What of a rule that is made of no others can be so for good: more than is, where the facts have a say in it."""
    match rule:
        case Sex() | Constant():
            return _BOTH
        case Age(limit=limit):
            return _MET if limit.high is None else _UNMET
        case Measurement() | Finding():
            name = rule.analyte.name if isinstance(rule, Measurement) else rule.test.name
            entry = observing.entry_of(name)
            lasts = entry is not None and bool(entry.facts.get("lasting")) and rule.window is None
            return _BOTH if lasts else _NEITHER
        case Condition():
            if rule.window is not None:
                there = rule.window.start is None and rule.window.end is not None and rule.time == "ever"
            else:
                there = rule.time == "ever" or (stays_for_life(rule.concept.name) and not _is_narrowed(rule))
            absent = not rule.other and conditions.once(rule.concept.name)
            return frozenset([status for status, can in ((Status.MET, there), (Status.UNMET, absent)) if can])
        case Treatment():
            begun = rule.window is None or (rule.window.start is None and rule.window.end is not None)
            return _MET if begun and rule.lines is None and rule.count is None else _NEITHER
        case Allergy():
            return _MET
        case PatientAttribute() | Statement() | Unread():
            return _NEITHER
        case All() | Any() | Not() | ForArms() | Conditional() | AtLeast() | Ambiguous() | OnScales():
            return _NEITHER
        case _:
            assert_never(rule)


_NEITHER: Final[frozenset[Status]] = frozenset()
_MET: Final = frozenset((Status.MET,))
_UNMET: Final = frozenset((Status.UNMET,))
_BOTH: Final = _MET | _UNMET


def _is_narrowed(rule: Condition) -> bool:
    return bool(rule.qualifiers or rule.stages or rule.grade is not None or rule.count is not None)


def lasting_together(rule: Joint, status: Status, parts: Sequence[Standing]) -> bool:
    """Whether a definite status that parts, in their order, give a rule is lasting."""
    match rule:
        case All():
            return _quantified(parts, status, Status.UNMET)
        case Any():
            return _quantified(parts, status, Status.MET)
        case Not() | ForArms():
            return bool(parts) and parts[0][1]
        case Conditional():
            if len(parts) != 3:
                return False
            (when, when_lasts), (_, then_lasts), (_, otherwise_lasts) = parts
            if when is Status.UNKNOWN:
                return then_lasts and otherwise_lasts
            return when_lasts and (then_lasts if when is Status.MET else otherwise_lasts)
        case AtLeast() | Ambiguous() | OnScales():
            return bool(parts) and all(lasts for _, lasts in parts)


def _quantified(parts: Sequence[Standing], status: Status, decisive: Status) -> bool:
    if status is decisive:
        return any(lasts for part, lasts in parts if part is decisive)
    return bool(parts) and all(lasts for _, lasts in parts)


def stays_for_life(name: str) -> bool:
    """Whether whoever has a disease has it ever after."""
    entry = vocabulary().entry("condition", name)
    return entry is not None and bool(entry.facts.get("lasting"))


def _is_whole(fact: Fact, narrowed: bool) -> bool:
    """Whether a disease is absent altogether, in whatever stage or form, where one of them is asked for."""
    raw = fact.raw
    if not narrowed or not isinstance(raw, ConditionFact):
        return True
    return not raw.stage and raw.grade is None and not raw.qualifiers


def _ever(rule: Treatment, verdict: Verdict) -> bool:
    if rule.time == "ever" or (rule.window is not None and rule.time != "planned"):
        return True
    return rule.time == "unstated" and all(
        isinstance(one, Fact) and one.kind in ("surgery", "transplant") for one in verdict.used
    )
