"""Callers that are not there: patients for given trials, and the truth about patients, said on the telephone.

With them calls are measured and tested: how many questions they take, and whether every order finds the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from random import Random
from typing import Any, Final

from eligibility.calls.choosing import Asked, Candidate, Choice, in_text_order
from eligibility.calls.interview import Interview, Outcome
from eligibility.calls.questions import NEVER, NO, NONE, NOT_SURE, NOW, PAST, YES, Question
from eligibility.deciding.case import Case
from eligibility.deciding.evaluate import case_of, decide
from eligibility.deciding.verdict import Verdict
from eligibility.patient.dates import DateRange
from eligibility.patient.facts import Fact
from eligibility.patient.profile import AllergyFact, ConditionFact, Observation, PatientProfile, TreatmentFact
from eligibility.rules import (
    Allergy,
    Concept,
    Condition,
    Measurement,
    PatientAttribute,
    Rule,
    Statement,
    Treatment,
    Trial,
    children,
    walk,
)
from eligibility.truth import Status

__all__ = ["Caller", "at_random", "called", "patient_for", "several_said"]


def called(trials: Sequence[Trial], caller: Caller, on: date, choice: Choice, *, ask_labs: bool = False) -> Outcome:
    """What a call with somebody finds out when it is led to its end, the next question chosen in one of the ways."""
    call = Interview(trials, on=on, choice=choice, ask_labs=ask_labs)
    while (asked := call.next_question()) is not None:
        call.answer(caller.says(asked.question), asked.question)
    return call.outcome()


_AS_PRESENCE: Final = {YES: PAST, NO: NEVER}


def several_said(each: Mapping[str, str]) -> str:
    """The answer to several things at once, by that to each: now, in the past, never, not sure."""
    said = [name if word in (NOW, PAST) else f"{name}?" for name, word in each.items() if word != NEVER]
    return "; ".join(said) or NONE


def at_random(seed: int) -> Choice:
    """An order of asking that knows nothing."""
    order = Random(seed)

    def choice(candidates: Sequence[Candidate], trials: int, topic: str) -> Asked:
        return in_text_order([order.choice(candidates)], trials, topic)

    return choice


class Caller:
    """Answers questions as the facts of a profile are, and "not sure" where they do not say.

    ``unsure``: how many of a hundred other questions are answered by "not sure" as well; which, ``seed`` decides, and
    not the order in which they come.
    """

    def __init__(self, profile: PatientProfile, on: date, *, unsure: int = 0, seed: int = 0) -> None:
        self._unsure = unsure
        self._seed = seed
        self.profile = profile
        self.case: Case = case_of(profile, on)

    def says(self, question: Question) -> str:
        """What is answered to a question."""
        if question.several:
            alone = [replace(question, about=name, expects="lasting", several=()) for name in question.several]
            return several_said({one.about: _AS_PRESENCE.get(word := self.says(one), word) for one in alone})
        if Random(f"{self._seed} {question.key}").randrange(100) < self._unsure:
            return NOT_SURE
        match question.section:
            case "person":
                return self._person(question)
            case "statement":
                told = self.profile.answers.get(question.about, "unknown")
                return NOT_SURE if told == "unknown" else YES if told else NO
            case "allergy":
                return self._yes(decide(self.case, Allergy(concept=self._concept(question))))
            case "observation":
                return self._test(question)
        return self._presence(question) if question.aspect == "presence" else self._day(question)

    @staticmethod
    def _concept(question: Question) -> Concept:
        return Concept(name=question.about)

    @staticmethod
    def _yes(verdict: Verdict) -> str:
        return {Status.MET: YES, Status.UNMET: NO, Status.UNKNOWN: NOT_SURE}[verdict.status]

    def _person(self, question: Question) -> str:
        if question.about == "birth_date":
            born = self.profile.birth_date
            return born.first.isoformat() if born is not None and born.full else NOT_SURE
        if question.about == "sex":
            return self.profile.sex or NOT_SURE
        return self._yes(decide(self.case, PatientAttribute.model_validate({"attribute": question.about})))

    def _rule(self, question: Question, time: str) -> Condition | Treatment:
        kind = Condition if question.section == "condition" else Treatment
        return kind.model_validate({"concept": self._concept(question), "time": time})

    def _presence(self, question: Question) -> str:
        ever = self._yes(decide(self.case, self._rule(question, "ever")))
        if question.expects == "yes or no":
            return ever
        if decide(self.case, self._rule(question, "now")).status is Status.MET:
            return NOW
        return _AS_PRESENCE.get(ever, ever)

    def _day(self, question: Question) -> str:
        """Of several, the day of the last; "not sure" where one of them has none."""
        facts = [one for one in decide(self.case, self._rule(question, "ever")).used if isinstance(one, Fact)]
        days = [self._of(one.raw, question.aspect) for one in facts]
        known = [one for one in days if one is not None and " to " not in one.text]
        return max(known, key=lambda one: one.high).text if known and len(known) == len(days) else NOT_SURE

    @staticmethod
    def _of(raw: ConditionFact | TreatmentFact | AllergyFact, aspect: str) -> DateRange | None:
        for name in _FIELDS[aspect]:
            days = getattr(raw, name, None)
            if isinstance(days, DateRange):
                return days
        return None

    def _test(self, question: Question) -> str:
        seen = [
            one
            for one in self.case.chart.seen(question.about)
            if isinstance(one, Observation) and isinstance(one.value, float) and one.date is not None
        ]
        latest = max(seen, key=lambda one: one.date.low if one.date else 0, default=None)
        if latest is None or latest.date is None or not latest.date.full:
            return NOT_SURE
        if question.aspect == "day":
            return latest.date.text
        return str(latest.value) if latest.unit == question.unit else NOT_SURE


_FIELDS: Final = {
    "first day": ("onset", "start", "date"),
    "last day": ("end", "date"),
    "day": ("date", "onset", "end", "start"),
}


# ---------------------------------------------------------------------------------------------------------------------
# Patients


def patient_for(trials: Sequence[Trial], on: date, seed: int) -> PatientProfile:
    """A patient as somebody may be who calls about trials: all that they ask about is known, and most of it fits.

    The disease that a trial is about is mostly there, another one in three of a hundred.
    """
    chance = Random(seed)
    studied = {name for trial in trials for name in trial.studied}
    facts = _Facts(chance, on, studied)
    for trial in trials:
        for criterion in trial.criteria:
            for _, rule in walk(criterion.rule):
                if not children(rule):
                    facts.add(rule, wanted=criterion.kind == "inclusion")
    sex = chance.choice(("female", "male"))
    fertile = sex == "female" and chance.random() < 0.4
    return PatientProfile.model_validate(
        {
            "as_of": on,
            "birth_date": date(chance.randint(1940, 2010), chance.randint(1, 12), chance.randint(1, 28)),
            "sex": sex,
            "childbearing_potential": fertile,
            "pregnant": fertile and chance.random() < 0.1,
            "breastfeeding": fertile and chance.random() < 0.1,
            "consent": chance.random() < 0.95,
            "contraception": chance.random() < 0.9,
            **facts.sections,
        }
    )


class _Facts:
    """The facts of a patient, as a profile document has them, each thing once."""

    def __init__(self, chance: Random, on: date, studied: Iterable[str]) -> None:
        self._chance = chance
        self._on = on
        self._studied = frozenset(studied)
        self._seen: set[tuple[str, str]] = set()
        self.sections: dict[str, Any] = {
            "conditions": [], "treatments": [], "allergies": [], "observations": [], "answers": {},
        }  # fmt: skip

    def add(self, rule: Rule, *, wanted: bool) -> None:
        """What the patient is like in what a rule asks about."""
        chance = self._chance
        match rule:
            case Condition(concept=concept) if self._is_new("conditions", concept.name):
                there = chance.random() < (0.8 if concept.name in self._studied else 0.03)
                self._add("conditions", concept.name, ("active", "resolved", "absent"), "onset", there=there)
            case Treatment(concept=concept) if self._is_new("treatments", concept.name):
                there = chance.random() < (0.4 if wanted else 0.05)
                self._add("treatments", concept.name, ("ongoing", "completed", "never"), "start", there=there)
            case Allergy(concept=concept) if self._is_new("allergies", concept.name):
                status = "present" if chance.random() < 0.03 else "absent"
                self.sections["allergies"].append({"name": concept.name, "status": status})
            case Statement(text=text, who="caller") if self._is_new("answers", text):
                self.sections["answers"][text] = chance.random() < (0.85 if wanted else 0.1)
            case Measurement(analyte=analyte, limit=limit) if limit.unit and self._is_new("observations", analyte.name):
                bound = limit.low if limit.low is not None else limit.high
                if bound is not None:
                    value = round(
                        bound * (1.3 if wanted == (limit.low is not None) else 0.7) * chance.uniform(0.6, 1.4), 2
                    )
                    seen = {"name": analyte.name, "value": value, "unit": limit.unit, "date": self._day(1, 60)}
                    self.sections["observations"].append(seen)

    def _is_new(self, section: str, name: str) -> bool:
        new = (section, name) not in self._seen
        self._seen.add((section, name))
        return new

    def _add(self, section: str, name: str, statuses: tuple[str, str, str], first: str, *, there: bool) -> None:
        """A fact of it: going on, over, or never."""
        going_on, over, never = statuses
        fact: dict[str, Any] = {"name": name, "status": never}
        if there:
            last = self._chance.choice((10, 100, 1000))
            fact = {"name": name, "status": going_on, first: self._day(last + 1, 2 * last)}
            if self._chance.random() < 0.5:
                fact |= {"status": over, "end": self._day(1, last)}
        self.sections[section].append(fact)

    def _day(self, least: int, most: int) -> date:
        return self._on - timedelta(days=self._chance.randint(least, most))
