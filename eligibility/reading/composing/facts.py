"""One phrase -> the draft of what it says."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Final

from eligibility.reading.composing.terms import Composing, Core, StatementRead
from eligibility.reading.context import Context
from eligibility.reading.drafts import Draft, all_of, ambiguous, any_of, unread
from eligibility.reading.grammar import Refused
from eligibility.reading.measuring import measured_draft
from eligibility.reading.nouns import noun_draft, since_draft
from eligibility.reading.patterns import just_before
from eligibility.reading.phrases import AgeRead, ConsentRead, Measured, Noun
from eligibility.reading.quantities import Since, WindowRead, plain_limit
from eligibility.rules import Age, Limit, PatientAttribute, Rule


def phrase_draft(here: Composing, core: Core, window: WindowRead | None, since: Since | None) -> Draft:
    """The draft of a phrase, within a window or after an event where the list says so.

    :raises Refused: its parts do not go together
    """
    match core:
        case StatementRead(draft=draft):
            return draft
        case ConsentRead(start=start, end=end):
            return Draft(PatientAttribute(attribute="consent"), start, end)
        case Noun():
            if since is None:
                return noun_draft(core, here.context, window)
            literal = not here.exclusion or just_before(_IF_SO_LONG, here.low, core.start) is not None
            return since_draft(core, since, here.context, literal=literal)
        case Measured():
            return measured_draft(core, here.context, window)
        case AgeRead():
            return age_draft(here, core)


_IF_SO_LONG: Final = re.compile(
    r"\b(?:if|as long as|unless|provided(?: that)?)\s+(?:it\s+has\s+been\s+)?"
    r"(?:(?:at least|more than|greater than|a minimum of|no less than|[>≥]=?)\s*)?"
    r"[\w.]+\s+(?:days?|weeks?|months?|years?)\b[^.;,]{0,50}$"
)
_LENGTH_BEFORE: Final = re.compile(
    r"\b(?:days?|weeks?|months?|years?)\W*\b(?:but|and)\W+(?:(?:for|not?|is|lasting)\W+)*$"
)


def age_draft(here: Composing, read: AgeRead) -> Draft:
    """ "18 to 70 years": the limit of an age; a bound that is left open is read as the record has it."""
    bounds = read.bounds
    if read.bare and just_before(_LENGTH_BEFORE, here.low, read.start):
        return unread(here.text, read.start, read.end, "narrowing")  # "for 6 months, but no more than 10 years"
    if bounds.either:
        ends = [age_draft(here, replace(read, bounds=each)) for each in bounds.either]
        return any_of(ends, (read.start, read.end))
    if bounds.exact and bounds.low == bounds.high and not bounds.members and not read.bare:
        least = replace(read, bounds=replace(bounds, high=None, exact=False))
        return ambiguous([age_draft(here, least), _aged(here, read)], "an age that may be the least one")
    return _aged(here, read)


def _aged(here: Composing, read: AgeRead) -> Draft:
    bounds = read.bounds
    if bounds.members or bounds.quantities[0].note:
        raise Refused
    units = {q.unit for q in bounds.quantities if q.unit}
    if len(units) == 2 and bounds.low is not None and bounds.high is not None and not read.bare:
        ends = (replace(bounds, high=None), replace(bounds, low=None))  # "18 months to 75 years"
        return all_of([age_draft(here, replace(read, bounds=each)) for each in ends], (read.start, read.end))
    if read.bare and (units != {"years"} or (bounds.exact and bounds.low == bounds.high)):
        raise Refused
    unit = units.pop() if len(units) == 1 else "years" if not units else ""
    if not unit:
        raise Refused
    limit = plain_limit(bounds, unit)
    rules: list[Rule] = [Age(limit=limit)]
    if unit == "years":
        rules = [Age(limit=each) for each in _as_registered(limit, here.context)]
    drafts = [Draft(rule, read.start, read.end) for rule in rules]
    return ambiguous(drafts, "'older than' may include the age itself").asked(read.required)


def _as_registered(limit: Limit, context: Context) -> list[Limit]:
    """ "Older than 18", "younger than 75": at exactly that age the record decides; without one both readings stand."""
    readings = [limit]
    ends = (("low", context.minimum_age, context.maximum_age), ("high", context.maximum_age, context.minimum_age))
    for end, own, opposite in ends:
        value, inclusive = getattr(limit, end), getattr(limit, f"{end}_inclusive")
        if value is None or inclusive:
            continue
        record = opposite if context.exclusion else own
        closed = [r.model_copy(update={f"{end}_inclusive": True}) for r in readings]
        if record is None or record.unit != "years":
            readings = [*readings, *closed]
        elif (record.value == value) != context.exclusion:
            readings = closed
    return readings
