"""What a caller says becomes facts of the profile, with who said it, when, and in which words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any, Literal

from eligibility.calls.answers import Given
from eligibility.calls.questions import CALLER, NEVER, NO, NOT_SURE, NOW, YES, Question
from eligibility.patient.dates import DateRange
from eligibility.patient.profile import (
    AllergyFact,
    ConditionFact,
    Observation,
    PatientProfile,
    Source,
    TreatmentFact,
)

__all__ = ["recorded"]


def recorded(profile: PatientProfile, question: Question, given: Given, words: str, on: date) -> PatientProfile:
    """The profile with what was answered on the day of the call; "not sure" adds nothing.

    An answer to "now" never says that something was never there.
    """
    if given == NOT_SURE:
        return profile
    source = Source(who=CALLER, when=DateRange(on, on), words=words or str(given))
    match question.section:
        case "person":
            return profile.model_copy(update={question.about: _of_person(question, given)})
        case "statement":
            return profile.model_copy(update={"answers": {**profile.answers, question.about: given == YES}})
        case "allergy":
            allergy = AllergyFact(name=question.about, status="present" if given == YES else "absent", source=source)
            return profile.model_copy(update={"allergies": (*profile.allergies, allergy)})
        case "observation":
            assert isinstance(given, float)
            seen = Observation(
                name=question.about, value=given, unit=question.unit, date=DateRange(on, on), source=source
            )
            return profile.model_copy(update={"observations": (*profile.observations, seen)})
        case "condition":
            return profile.model_copy(update={"conditions": _conditions(profile, question, given, source)})
        case "treatment":
            return profile.model_copy(update={"treatments": _treatments(profile, question, given, source)})


def _of_person(question: Question, given: Given) -> Any:
    return given == YES if question.expects == "yes or no" else given


def _conditions(profile: PatientProfile, question: Question, given: Given, source: Source) -> tuple[ConditionFact, ...]:
    facts = profile.conditions
    if isinstance(given, DateRange):
        at = _last_told(facts, question.about)
        known = facts[at]
        dated = replace(known, onset=given) if question.aspect == "first day" else replace(known, end=given)
        return (*facts[:at], dated, *facts[at + 1 :])
    status: Literal["active", "absent", "resolved"]
    status = "active" if given in (YES, NOW) else "absent" if given in (NO, NEVER) else "resolved"
    return (*facts, ConditionFact(name=question.about, status=status, source=source))


def _treatments(profile: PatientProfile, question: Question, given: Given, source: Source) -> tuple[TreatmentFact, ...]:
    facts = profile.treatments
    if isinstance(given, DateRange):
        at = _last_told(facts, question.about)
        known = facts[at]
        match question.aspect:
            case "first day":
                dated = replace(known, start=given)
            case "last day":
                dated = replace(known, end=given)
            case _:
                dated = replace(known, date=given)
        return (*facts[:at], dated, *facts[at + 1 :])
    status: Literal["ongoing", "never", "completed"]
    status = "ongoing" if given == NOW else "never" if given in (NO, NEVER) else "completed"
    return (*facts, TreatmentFact(name=question.about, status=status, source=source))


def _last_told(facts: Sequence[ConditionFact | TreatmentFact], name: str) -> int:
    """Where the fact of that name is that the caller has told last."""
    return [i for i, fact in enumerate(facts) if fact.name == name and fact.source and fact.source.who == CALLER][-1]
