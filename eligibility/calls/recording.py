"""What a caller says becomes facts of the profile, with who said it, when, and in which words."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any, Final, Literal, TypeVar

from pydantic import ValidationError

from eligibility.calls.answers import Given
from eligibility.calls.questions import CALLER, LAST, NEVER, NO, NOT_SURE, NOW, YES, Question, is_told, own_name
from eligibility.errors import EligibilityError
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

_Dated = TypeVar("_Dated", ConditionFact, TreatmentFact)


def recorded(profile: PatientProfile, question: Question, given: Given, words: str, on: date) -> PatientProfile:
    """The profile with what was answered on the day of the call; "not sure" adds nothing."""
    if given == NOT_SURE:
        return profile
    source = Source(who=CALLER, when=DateRange(on, on), words=words or str(given))
    match question.section:
        case "person":
            return profile.model_copy(update={question.about: _of_person(question, given)})
        case "statement":
            return profile.model_copy(update={"answers": {**profile.answers, question.about: given == YES}})
        case "allergy":
            told = _of_several(question, str(given)) if question.several else [(question.about, given == YES)]
            allergies = [
                AllergyFact(name=name, status="present" if has else "absent", source=source) for name, has in told
            ]
            return profile.model_copy(update={"allergies": (*profile.allergies, *allergies)})
        case "observation":
            return profile.model_copy(update={"observations": _observations(profile, question, given, source, on)})
        case "condition":
            return profile.model_copy(update={"conditions": _conditions(profile, question, given, source)})
        case "treatment":
            return profile.model_copy(update={"treatments": _treatments(profile, question, given, source)})


def _of_person(question: Question, given: Given) -> Any:
    return given == YES if question.expects == "yes or no" else given


def _observations(
    profile: PatientProfile, question: Question, given: Given, source: Source, on: date
) -> tuple[Observation, ...]:
    """A value is of some day until the caller says of which."""
    if isinstance(given, DateRange):
        changed = list(profile.observations)
        last = [at for at, one in enumerate(changed) if one.name == question.about and is_told(one)][-1]
        changed[last] = replace(changed[last], date=given)
        return tuple(changed)
    assert isinstance(given, float)
    some_day = DateRange(on - _LONG_AGO, on)
    seen = Observation(name=question.about, value=given, unit=question.unit, date=some_day, source=source)
    return (*profile.observations, seen)


_LONG_AGO: Final = timedelta(days=36525)


def _conditions(profile: PatientProfile, question: Question, given: Given, source: Source) -> tuple[ConditionFact, ...]:
    if isinstance(given, DateRange):
        fields = {"first day": "onset", "last day": "end", "day": "onset"}
        return _dated(profile.conditions, question, fields[question.aspect], given)
    if question.several:
        told = _of_several(question, str(given))
        return (
            *profile.conditions,
            *[ConditionFact(name=name, status="active" if is_so else "absent", source=source) for name, is_so in told],
        )
    status: Literal["active", "absent", "resolved"]
    status = "active" if given in (YES, NOW) else "absent" if given in (NO, NEVER) else "resolved"
    return (*profile.conditions, ConditionFact(name=question.about, status=status, source=source))


def _treatments(profile: PatientProfile, question: Question, given: Given, source: Source) -> tuple[TreatmentFact, ...]:
    if isinstance(given, DateRange):
        fields = {"first day": "start", "last day": "end", "day": "date"}
        return _dated(profile.treatments, question, fields[question.aspect], given)
    if question.several:
        told = _of_several(question, str(given))
        return (
            *profile.treatments,
            *[
                TreatmentFact(name=name, status="completed" if is_so else "never", source=source)
                for name, is_so in told
            ],
        )
    status: Literal["ongoing", "never", "completed"]
    status = "ongoing" if given == NOW else "never" if given in (NO, NEVER) else "completed"
    return (*profile.treatments, TreatmentFact(name=question.about, status=status, source=source))


def _of_several(question: Question, given: str) -> list[tuple[str, bool]]:
    """What is known of several things that were asked at once: those whose time is asked for next, and the unsure ones,
    aside."""
    there, unsure = question.chosen(given)
    return [
        (name, name in there)
        for name in question.several
        if name not in unsure and not (name in there and question.lasts(name))
    ]


def _dated(facts: tuple[_Dated, ...], question: Question, field: str, days: DateRange) -> tuple[_Dated, ...]:
    """The facts, with the days of the one of that name that the caller has told last."""
    changed = list(facts)
    last = [place for place, fact in enumerate(facts) if is_told(fact) and own_name(fact) == question.about][-1]
    told: dict[str, Any] = {field: days}
    if question.of_the_last:
        told["name"] = f"{LAST}{question.about}"
    try:
        changed[last] = replace(facts[last], **told)
    except ValueError as problem:
        said = (
            "; ".join(one["msg"] for one in problem.errors()) if isinstance(problem, ValidationError) else str(problem)
        )
        raise EligibilityError(
            f"that does not go with what was said before ({said}); go back to mend it, or answer not sure"
        ) from None
    return tuple(changed)
