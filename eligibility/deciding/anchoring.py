"""Windows that count from what is on the patient's record: from the last dose of cisplatin, from the relapse.

Of several courses the one that lies nearest decides: "at least 6 months after cisplatin" is so long after the last
course before it, and "within 6 months" after any. What was not listed may lie nearer, unless all treatments are.
"""

from __future__ import annotations

from typing import NamedTuple

from eligibility.deciding import entries, timing
from eligibility.deciding.case import Case, Decider
from eligibility.deciding.kept import kept
from eligibility.deciding.matching import placed
from eligibility.deciding.verdict import Verdict
from eligibility.patient.facts import Fact
from eligibility.rules import Condition, Moment, Treatment, Window
from eligibility.truth import Status, agreed, all_of, any_of

__all__ = ["in_window", "with_events"]


class _Courses(NamedTuple):
    """The events on record that a window may count from; ``all_told``: that there are no others."""

    sure: entries.Facts
    open: entries.Facts
    all_told: bool


def _weigh(event: Treatment | Condition) -> entries.Weigh:
    from eligibility.deciding import conditions, treatments  # noqa: PLC0415 - which decide by this

    return treatments.on_record(event) if isinstance(event, Treatment) else conditions.on_record(event)


_weighing = kept(_weigh)


def _courses(case: Case, window: Window) -> _Courses:
    sure: dict[Fact, None] = {}
    unsure: dict[Fact, None] = {}
    all_told = True
    for event in window.events:
        found = _weighing(event)(case, case.chart.facts(event.kind))
        against = found.contradicted
        sure.update((fact, None) for fact in found.met if fact not in against)
        unsure.update((fact, None) for fact in (*found.maybe, *found.broader, *found.unplaced, *against))
        listed = event.kind == "treatment" and "treatments" in case.chart.closed and placed(event.concept)
        all_told = all_told and (listed or bool(found.absent))
    return _Courses(tuple(sure), tuple([fact for fact in unsure if fact not in sure]), all_told)


def in_window(case: Case, fact: Fact, window: Window, moment: Moment) -> Status:
    """Whether a fact, or its first or last day, lies in a window that counts from an event on record.

    A day within a course, where the window begins when that ends, is left open: what progressed during a therapy has,
    for many who write so, progressed within 6 months of its end.
    """
    if case.anchor(window.anchor) is not None:
        return timing.in_window(case, fact, window, moment)
    courses = _courses(case, window)
    decide = _apart if _is_apart(window) else _near
    found = decide(case, timing.days_of(fact, moment), window, courses)
    return all_of((found, Status.UNKNOWN)) if fact.first_high > case.on else found


def _is_apart(window: Window) -> bool:
    """Whether it asks for a time between: "at least 6 months after", which no course nearer by may cut short."""
    start, end = window.start, window.end
    after = start is not None and start.value < 0 and end is None
    return after or (start is None and end is not None and end.value > 0)


def _near(case: Case, days: timing.Bounds, window: Window, courses: _Courses) -> Status:
    """Whether the days lie in the window of any of the courses."""
    found = [_of_course(case, days, window, one) for one in courses.sure]
    found += [all_of((_of_course(case, days, window, one), Status.UNKNOWN)) for one in courses.open]
    return any_of(found if courses.all_told else (*found, Status.UNKNOWN))


def _apart(case: Case, days: timing.Bounds, window: Window, courses: _Courses) -> Status:
    """Whether the days lie so far behind the last course before them, or so far before the first one behind.

    Where another course lies on the other side of them, it is left open which one is meant.
    """
    behind = window.start is not None
    sure = [(one, _side(days, one, behind=behind)) for one in courses.sure]
    unsure = [(one, _side(days, one, behind=behind)) for one in courses.open]
    found = [_of_course(case, days, window, one) for one, side in sure if side is Status.MET]
    if Status.UNMET in found:
        return Status.UNMET
    others = [side for _, side in (*sure, *unsure) if side is not Status.MET]
    nearer = [one for one, _ in unsure if _of_course(case, days, window, one) is not Status.MET]
    if not found:
        return Status.UNMET if courses.all_told and not unsure and Status.UNKNOWN not in others else Status.UNKNOWN
    return Status.UNKNOWN if others or nearer else all_of(found)


def _side(days: timing.Bounds, course: Fact, *, behind: bool) -> Status:
    """Whether the days lie behind the beginning of a course, or before it."""
    first_low, first_high, _, _ = days
    if course.first_high <= first_low:
        return Status.MET if behind else Status.UNMET
    if course.first_low > first_high:
        return Status.UNMET if behind else Status.MET
    return Status.UNKNOWN


def _of_course(case: Case, days: timing.Bounds, window: Window, course: Fact) -> Status:
    first, last = (course.first_low, course.first_high), (course.last_low, course.last_high)
    from_edge = {"start": (first, first), "end": (last, last), "either": (first, last)}[window.edge]
    found = timing.covers(*days, timing.between(*from_edge, window))
    if window.edge == "end" and window.start is not None and not window.start.value:
        return agreed((found, timing.covers(*days, timing.between(first, last, window))))
    return found


def with_events(rule: Condition | Treatment, decided: Decider) -> Decider:
    """The decision on a rule, with the events that its window counts from among the facts that were used; where there
    never was one, nothing lies in the window."""
    window = rule.window
    if window is None or not window.events:
        return decided

    def shown(case: Case) -> Verdict:
        verdict = decided(case)
        if case.anchor(window.anchor) is not None:
            return verdict
        events = _courses(case, window)
        never = events.all_told and not events.sure and not events.open
        if never and verdict.status is Status.UNKNOWN:
            return Verdict(Status.UNMET, rule, case, verdict.used, detail=f"there was no {window.anchor}")
        return verdict.using((*events.sure, *events.open)) if verdict.used else verdict

    return shown
