"""The oracle's patients on the telephone, telling the truth: where the shared material lies beside the project."""

from __future__ import annotations

import json
import lzma
from datetime import date
from pathlib import Path

import pytest

from eligibility import PatientProfile, read_trial
from eligibility.calls import Interview, Outcome, Question
from eligibility.calls.choosing import Choice, best, in_text_order
from eligibility.calls.questions import NEVER, NO, NOT_SURE, NOW, PAST, YES
from eligibility.deciding.case import Case
from eligibility.deciding.evaluate import case_of, decide
from eligibility.deciding.verdict import Verdict
from eligibility.patient.facts import Fact
from eligibility.patient.profile import Observation
from eligibility.rules import Allergy, Concept, Condition, PatientAttribute, Treatment
from eligibility.truth import Status

ORACLE = Path(__file__).resolve().parents[3] / "shared" / "oracle"
ON = date(2024, 6, 1)
pytestmark = pytest.mark.skipif(not ORACLE.is_dir(), reason="../shared does not lie beside the project")


class Caller:
    """Answers questions as the facts of a profile are, and "not sure" where they do not say."""

    def __init__(self, profile: PatientProfile, on: date) -> None:
        self.profile = profile
        self.case: Case = case_of(profile, on)

    def says(self, question: Question) -> str:
        match question.section:
            case "person":
                return self._person(question)
            case "statement":
                told = self.profile.answers.get(question.about, "unknown")
                return NOT_SURE if told == "unknown" else YES if told else NO
            case "allergy":
                return self._yes(decide(self.case, Allergy(concept=self._concept(question))))
            case "observation":
                return self._number(question)
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
        ever = decide(self.case, self._rule(question, "ever")).status
        if question.expects == "yes or no":
            return {Status.MET: YES, Status.UNMET: NO, Status.UNKNOWN: NOT_SURE}[ever]
        now = decide(self.case, self._rule(question, "now")).status
        if now is Status.MET:
            return NOW
        if ever is Status.UNMET:
            return NEVER
        return PAST if ever is Status.MET else NOT_SURE

    def _day(self, question: Question) -> str:
        facts = [one for one in decide(self.case, self._rule(question, "ever")).used if isinstance(one, Fact)]
        raw = facts[-1].raw if facts else None
        names = {"first day": ("onset", "start", "date"), "last day": ("end", "date"), "day": ("date", "end", "start")}
        for name in names[question.aspect]:
            days = getattr(raw, name, None)
            if days is not None:
                return days.text if " to " not in days.text else NOT_SURE
        return NOT_SURE

    def _number(self, question: Question) -> str:
        seen = [
            one
            for one in self.case.chart.seen(question.about)
            if isinstance(one, Observation) and isinstance(one.value, float) and one.date is not None
        ]
        latest = max(seen, key=lambda one: one.date.low if one.date else 0, default=None)
        return str(latest.value) if latest is not None and latest.unit == question.unit else NOT_SURE


def test_the_best_order_finds_what_the_order_of_the_text_finds_with_fewer_questions() -> None:
    trial = read_trial((ORACLE / "trial.txt").read_text(encoding="utf-8"))
    with lzma.open(ORACLE / "profiles.jsonl.xz", "rt", encoding="utf-8") as file:
        profiles = [PatientProfile.model_validate(json.loads(line)) for line, _ in zip(file, range(60), strict=False)]

    def called(profile: PatientProfile, choice: Choice) -> Outcome:
        call, caller = Interview(trial, on=ON, choice=choice), Caller(profile, ON)
        while (asked := call.next_question()) is not None:
            call.answer(caller.says(asked.question))
        return call.outcome()

    pairs = [(called(profile, best), called(profile, in_text_order)) for profile in profiles]
    assert all(one.trials[0].status == other.trials[0].status for one, other in pairs)
    assert all(one.trials[0].lasting == other.trials[0].lasting for one, other in pairs)
    failed = [(one, other) for one, other in pairs if one.trials[0].lasting]
    assert failed
    assert sum(len(one.answers) for one, _ in failed) < sum(len(other.answers) for _, other in failed)
