"""Wording: what a verdict says to a person. Made when it is read."""

from __future__ import annotations

import re
from typing import Final, assert_never

from eligibility.deciding.comparing import limit_text
from eligibility.deciding.kept import kept
from eligibility.deciding.verdict import Cause, Used, Verdict
from eligibility.patient.facts import Fact
from eligibility.patient.profile import ConditionFact, Observation, TreatmentFact
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

__all__ = ["facts", "reason", "said", "words_of"]

_ARTICLE: Final = {
    Cause.MISSING: "not on record",
    Cause.NOT_STATED: "not all that is asked for is stated",
    Cause.OUT_OF_DATE: "out of date",
    Cause.IMPRECISE: "not precise enough",
    Cause.UNIT: "not in a unit that can be compared",
    Cause.CONTRADICTION: "the facts are at odds",
    Cause.NOT_UNDERSTOOD: "the text was not understood",
    Cause.TWO_READINGS: "the text can be read in two ways",
    Cause.JUDGEMENT: "a person has to judge it",
}


# ---------------------------------------------------------------------------------------------------------------------
# Facts


def facts(verdict: Verdict) -> tuple[Used, ...]:
    """The facts that a verdict rests on: its own, and those of the parts that decided it."""
    found = dict.fromkeys(_used(one, verdict.detail) for one in verdict.used)
    for part in deciding(verdict):
        found.update(dict.fromkeys(facts(part)))
    return tuple(found)


def deciding(verdict: Verdict) -> tuple[Verdict, ...]:
    """The parts that made a verdict what it is."""
    match verdict.rule:
        case All() | Any():
            same = tuple(part for part in verdict.parts if part.status is verdict.status)
            return same or verdict.parts
        case Conditional() if len(verdict.parts) == 3:
            when, then, otherwise = verdict.parts
            match when.status:
                case Status.MET:
                    return when, then
                case Status.UNMET:
                    return when, otherwise
                case _:
                    return verdict.parts
        case _:
            return verdict.parts


def _shown(one: object) -> str:
    """A fact in a reason: ``platelets 95 10*9/L (2026-10-25)``."""
    if isinstance(one, Observation):
        value, unit, day = one.value, one.unit, one.date
        shown = f"{value:g}" if type(value) is float else value
        if unit and day is not None:
            return f"{one.name} {shown} {unit} ({day.text})"
        return f"{one.name} {shown}{f' {unit}' if unit else ''}{f' ({day.text})' if day is not None else ''}"
    if isinstance(one, Fact):
        days = _dates(one)
        return f"{one.raw.name} {_state(one)} ({days})" if days else f"{one.raw.name} {_state(one)}"
    if isinstance(one, Used):
        said = " ".join(filter(None, (one.name, one.value, one.unit)))
        return f"{said} ({one.date})" if one.date else said
    return str(one)


def _used(one: object, note: str = "") -> Used:
    match one:
        case Observation():
            value = str(one.value) if not isinstance(one.value, float) else f"{one.value:g}"
            return Used(one.name, value, one.unit, str(one.date) if one.date else None, note)
        case Fact():
            return Used(one.raw.name, _state(one), None, _dates(one), note)
        case Used():
            return one
        case _:
            return Used(str(one), "", None, None, note)


_DOUBTED: Final = "confirmed or suspected "
_SAID: Final = {"past": "in the past", "denied": "absent", "suspected": "no more than suspected"}


def _state(fact: Fact) -> str:
    raw = fact.raw
    more: list[str] = []
    match raw:
        case TreatmentFact():
            status = raw.status or ("never" if fact.negative else _GIVEN.get(fact.state, "given"))
            if raw.dose is not None:
                more.append(f"{raw.dose:g} {raw.unit or ''}".strip())
            if raw.route:
                more.append(raw.route)
            if raw.outcome:
                more.append(raw.outcome)
        case ConditionFact():
            status = raw.status or _SAID.get(fact.name.said, "active")
            if raw.stage:
                more.append(f"stage {raw.stage}")
            if raw.grade:
                more.append(f"grade {raw.grade:g}" if isinstance(raw.grade, float) else f"grade {raw.grade}")
        case _:
            status = raw.status or "present"
    return ", ".join((status, *more, *raw.qualifiers)) if more or raw.qualifiers else status


_GIVEN: Final = {"planned": "planned", "resolved": "completed"}


def _dates(fact: Fact) -> str | None:
    raw = fact.raw
    match raw:
        case TreatmentFact():
            first, last = raw.first, raw.last
        case ConditionFact():
            first, last = raw.onset, raw.end
        case _:
            return None
    if first == last:
        return None if first is None else first.text
    if last is None:
        return f"since {first.text}" if first else None
    return f"until {last.text}" if first is None else f"{first.text} to {last.text}"


def said(used: Used) -> str:
    """``platelets 95 10*9/L (2026-10-25)``."""
    text = " ".join(part for part in (used.name, used.value, used.unit) if part)
    return f"{text} ({used.date})" if used.date else text


# ---------------------------------------------------------------------------------------------------------------------
# Rules


def _window(window: Window | None) -> str:
    if window is None:
        return ""
    start, end = window.start, window.end
    anchor = f"{_EDGES[window.edge]}{window.anchor}" if window.events else window.anchor
    if start is not None and start.value <= 0 and (end is None or end.value < 0):
        meanwhile = " during or" if window.events and window.edge == "either" and not start.value else ""
        return f"{meanwhile}{_after(start, end, anchor)}"
    zero_end = end is not None and end.value == 0
    if start is not None and zero_end:
        return f" within {_length(start)} before {anchor}"
    if start is None and end is not None and not zero_end:
        return f" at least {_length(end)} before {anchor}"
    if start is None:
        return f" before {anchor}"
    if end is not None and end.value == -start.value and end.unit == start.unit:
        return f" within {_length(start)} of {anchor}"
    if end is None or end.value < 0:
        until = f"{_length(end)} after" if end is not None else "any time after"
        return f" from {_length(start)} before to {until} {anchor}"
    return f" between {_length(start)} and {_length(end)} before {anchor}"


def _after(start: Duration, end: Duration | None, anchor: str) -> str:
    """ "within 6 months after the end of cisplatin"."""
    if end is None:
        return f" at least {_length(start)} after {anchor}" if start.value else f" after {anchor}"
    if start.value:
        return f" between {_length(start)} and {_length(end)} after {anchor}"
    return f" within {_length(end)} after {anchor}"


def _length(duration: Duration) -> str:
    return f"{abs(duration.value):g} {duration.unit}"


_EDGES: Final = {"start": "the start of ", "end": "the end of ", "either": ""}


_TIMES: Final = {"unstated": "", "now": "current ", "ever": "any history of ", "planned": "planned "}


_BEHIND: Final = re.compile(  # an attribute behind a name: "for metastatic breast cancer", "requiring dialysis"
    r"(?:of|to|in|at|on|for|by|with|from|as|per|via|due|during|within|before|after|despite|under|that|which|requiring"
    r"|according|based|associated|related|secondary to|caused|defined|affecting|involving)\s",
    re.IGNORECASE,
)


def _called(rule: Condition | Treatment, *name: str) -> str:
    """The name with its attributes where one says them, its place and what it is for."""
    front = [each for each in rule.qualifiers if not _BEHIND.match(each)]
    behind = [each for each in rule.qualifiers if _BEHIND.match(each)]
    if rule.site:
        behind.append(f"({rule.site})")
    if isinstance(rule, Treatment) and rule.purpose is not None and not any(each.startswith("for ") for each in behind):
        behind.append(f"for {rule.purpose.name}")
    return " ".join((*front, *name, *behind))


def _how_much(rule: Condition | Treatment) -> str:
    """How often, for how long, in which lines of therapy and with what outcome."""
    said = []
    if rule.count is not None:
        said.append(f"{limit_text(rule.count)} times")
    if rule.lasting is not None:
        least = "more than " if rule.lasting.exceeded else ""
        said.append(f"for {least}{_length(rule.lasting)}")
    if isinstance(rule, Treatment) and rule.lines is not None:
        said.append(f"in {limit_text(rule.lines)} lines")
    if isinstance(rule, Treatment) and rule.outcomes:
        said.append(f"with {' or '.join(rule.outcomes)}")
    return "".join(f" {each}" for each in said)


def words_of(rule: Rule) -> str:
    """A rule in a few words."""
    match rule:
        case Age(limit=limit):
            return f"age {limit_text(limit)}"
        case Sex(sex=sex):
            return f"{sex} sex"
        case PatientAttribute(attribute=attribute):
            return attribute.replace("_", " ")
        case Measurement():
            return f"{rule.analyte.name} {limit_text(rule.limit)}{_often(rule)}{_window(rule.window)}"
        case Finding():
            return f"{rule.test.name}: {rule.result}{_window(rule.window)}"
        case Condition():
            what = _called(rule, *(["other"] if rule.other else []), rule.concept.name)
            what = f"{_DOUBTED}{what}" if rule.suspected else what
            stages = f" of stage {' or '.join(rule.stages)}" if rule.stages else ""
            grade = f" of grade {limit_text(rule.grade)}" if rule.grade is not None else ""
            said = f"{_TIMES[rule.time]}{what}{stages}{grade}{_how_much(rule)}"
            return f"{said}{_window(rule.window)}{_exceptions(rule.exceptions)}"
        case Treatment():
            what = _called(rule, *([rule.route] if rule.route else []), rule.concept.name)
            dose = f" at {limit_text(rule.dose)}" if rule.dose is not None else ""
            said = f"{_TIMES[rule.time]}{what}{dose}{_how_much(rule)}"
            return f"{said}{_window(rule.window)}{_exceptions(rule.exceptions)}"
        case Allergy():
            what = f"{_DOUBTED if rule.suspected else ''}{' '.join((*rule.qualifiers, 'allergy'))}"
            return f"{what} to {rule.concept.name}{_exceptions(rule.exceptions)}"
        case Statement(text=text) | Unread(text=text):
            return f"{text.strip()!r}"
        case Constant(why=why):
            return why
        case All(parts=parts):
            return "all of: " + "; ".join(words_of(part) for part in parts)
        case Any(parts=parts):
            return "any of: " + "; ".join(words_of(part) for part in parts)
        case AtLeast(count=count, parts=parts):
            return f"at least {count} of: " + "; ".join(words_of(part) for part in parts)
        case Not(part=part):
            return f"not {words_of(part)}"
        case Conditional(when=when, then=then):
            return f"if {words_of(when)}: {words_of(then)}"
        case Ambiguous(readings=readings):
            return "either reading: " + " | ".join(words_of(reading) for reading in readings)
        case OnScales(parts=parts):
            return " or ".join(words_of(part) for part in parts)
        case ForArms(arms=arms, part=part):
            return f"for {', '.join(arms)}: {words_of(part)}"
        case _:
            assert_never(rule)


def _asks(rule: Rule) -> tuple[str, str]:
    """A rule in a few words, and what is to be known of how it was read."""
    return words_of(rule), f" [{rule.note}]" if isinstance(rule, Measurement) and rule.note else ""


_asked = kept(_asks)


def _often(rule: Measurement) -> str:
    """``in 2 results at least 6 weeks apart``."""
    if rule.repeats == 1:
        return ""
    apart = f" at least {_length(rule.spacing)} apart" if rule.spacing is not None else ""
    return f" in {rule.repeats} results{apart}"


def _exceptions(exceptions: tuple[Rule, ...]) -> str:
    return f" except {', '.join(words_of(rule) for rule in exceptions)}" if exceptions else ""


# ---------------------------------------------------------------------------------------------------------------------
# Reasons


def reason(verdict: Verdict) -> str:
    """Why a verdict is what it is."""
    detail = verdict.detail
    if verdict.parts and not detail:
        texts = dict.fromkeys([reason(part) for part in deciding(verdict)])
        rule = verdict.rule
        why = f"{rule.why}: " if isinstance(rule, Ambiguous) and verdict.cause is Cause.TWO_READINGS else ""
        return why + " ".join(texts)
    used = verdict._used
    shown = ", ".join([_shown(one) for one in used]) if isinstance(used, tuple) else _shown(used)
    asked, note = _asked(verdict.rule)
    if detail:
        note = f" [{detail}]{note}"
    status = verdict.status
    if status is Status.MET:
        return f"{asked}: {shown or 'yes'}{note}."
    if status is Status.UNMET:
        return f"{asked}: {shown or 'no'}{note}: not so."
    why = _ARTICLE[verdict.cause] if verdict.cause is not None else "unknown"
    return f"{asked}: {shown}: {why}{note}." if shown else f"{asked}: {why}{note}."
