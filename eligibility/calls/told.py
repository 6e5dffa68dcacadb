"""Which of the caller's answers a verdict rests on."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final, TypeAlias

from eligibility.calls.bearing import leaves
from eligibility.calls.events import Answered
from eligibility.calls.questions import CALLER, Section, is_told, own_name
from eligibility.deciding.verdict import Verdict
from eligibility.patient.facts import Fact
from eligibility.patient.profile import AllergyFact, ConditionFact, Observation, TreatmentFact
from eligibility.rules import Age, Allergy, Condition, Measurement, PatientAttribute, Sex, Statement, Treatment

__all__ = ["told"]


def told(verdict: Verdict, answers: Iterable[Answered]) -> tuple[Answered, ...]:
    """The answers to what a criterion asks about, "not sure" among them, in the order in which they were given."""
    about = {subject for leaf in leaves(verdict) for subject in _subjects(leaf)}
    return tuple([one for one in answers if any((section, name) in about for section, name, _ in one.question.keys)])


_Subject: TypeAlias = tuple[Section, str]


def _subjects(leaf: Verdict) -> Iterator[_Subject]:
    match leaf.rule:
        case Age():
            yield "person", "birth_date"
        case Sex():
            yield "person", "sex"
        case PatientAttribute(attribute=attribute):
            yield "person", attribute
        case Statement(text=text):
            yield "statement", text
        case Condition(concept=concept):
            yield "condition", concept.name
        case Treatment(concept=concept):
            yield "treatment", concept.name
        case Allergy(concept=concept):
            yield "allergy", concept.name
        case Measurement(analyte=analyte):
            yield "observation", analyte.name
    for used in leaf.used:
        if isinstance(used, Observation) and used.source is not None and used.source.who == CALLER:
            yield "observation", used.name
        elif isinstance(used, Fact) and is_told(used.raw):
            yield _SECTIONS[type(used.raw)], own_name(used.raw)


_SECTIONS: Final[dict[type, Section]] = {
    ConditionFact: "condition",
    TreatmentFact: "treatment",
    AllergyFact: "allergy",
}
