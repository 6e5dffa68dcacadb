"""What holds of every call, whoever calls."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from eligibility import Trial, read_trial, screen
from eligibility.calls import Interview
from eligibility.calls.choosing import Asked, Candidate, in_text_order
from eligibility.calls.events import of_plain, plain
from eligibility.calls.questions import NEVER, NO, NOT_SURE, NOW, PAST, YES, Question
from eligibility.calls.simulating import several_said
from eligibility.errors import EligibilityError
from eligibility.truth import Status

ON = date(2026, 11, 1)
TRIALS: tuple[Trial, ...] = tuple(
    map(
        read_trial,
        (
            "Inclusion Criteria:\n\n* Age 18 to 65 years\n* Asthma or COPD\n\nExclusion Criteria:\n\n"
            "* Stroke within 6 months\n* Pregnant or breastfeeding\n* Prior pembrolizumab, unless he or she has gout\n",
            "Inclusion Criteria:\n\n* Women of childbearing potential must use contraception\n* Stable dose of "
            "metformin for at least 4 weeks\n\nExclusion Criteria:\n\n* Gout and asthma\n* Allergy to penicillin\n"
            "* Major surgery within 4 weeks\n",
            "Inclusion Criteria:\n\n* Men\n* Able to walk\n* Hypertension\n\nExclusion Criteria:\n\n* Current use of "
            "warfarin\n* History of cancer within 5 years\n* Blorting of the quux\n",
            "Inclusion Criteria:\n\n* Men between 18 and 75 years of age\n* Patients with asthma who take montelukast"
            "\n\nExclusion Criteria:\n\n* Current use of warfarin or a history of stroke\n* Pregnant, or allergic to "
            "penicillin\n* Blood transfusion within 3 months, or prior rituximab\n",
        ),
    )
)
CALLS = st.lists(st.sampled_from(TRIALS), min_size=1, max_size=3, unique_by=id)
DAYS = ("2026-10-20", "2026-07", "2019", "two weeks ago", NOT_SURE)


SEX = Question("person", "sex", "value", "sex", "", "")
FERTILE = Question("person", "childbearing_potential", "value", "yes or no", "", "")


def said(question: Question, seed: int) -> str:
    """The answer of a caller, the same whenever the question comes."""
    chance = Random(f"{seed} {question.key}")
    if question.several:
        alone = [replace(question, about=name, expects="lasting", several=()) for name in question.several]
        return several_said({one.about: said(one, seed) for one in alone})
    if question.expects == "birth date":
        return chance.choice(("1950-02-03", "1990-06-07", "2015-01-01", NOT_SURE))
    if question.about in ("pregnant", "breastfeeding", "childbearing_potential") and said(SEX, seed) != "female":
        return "no"
    if question.about == "pregnant" and said(FERTILE, seed) != "yes":
        return "no"
    if question.expects == "date":
        return chance.choice(DAYS)
    if question.aspect == "presence" and question.expects != "lasting":
        told = said(replace(question, expects="lasting"), seed)
        return {NOW: YES, PAST: YES, NEVER: NO, NOT_SURE: NOT_SURE}[told]
    return chance.choice((*question.choices, NOT_SURE))


def whole(call: Interview, seed: int) -> Interview:
    for _ in range(200):
        found = call.next_question()
        if found is None:
            return call
        call.answer(said(found.question, seed))
    raise AssertionError("the call does not end")


def at_random(order: Random) -> object:
    def choice(candidates: list[Candidate], trials: int, topic: str) -> Asked:
        return in_text_order([order.choice(candidates)], trials, topic)

    return choice


def statuses(call: Interview) -> list[tuple[str, bool]]:
    return [(str(one.status), one.lasting) for one in call.outcome().trials]


@given(CALLS, st.integers(0, 9999), st.randoms(use_true_random=False))
@settings(max_examples=40, deadline=None)
def test_the_order_of_asking_changes_no_outcome(trials: list[Trial], seed: int, order: Random) -> None:
    one = whole(Interview(trials, on=ON), seed)
    for choice in (in_text_order, at_random(order)):
        other = whole(Interview(trials, on=ON, choice=choice), seed)  # type: ignore[arg-type]
        assert statuses(one) == statuses(other)


@given(CALLS, st.integers(0, 9999))
@settings(max_examples=25, deadline=None)
def test_the_same_answers_make_the_same_call_and_undoing_goes_back(trials: list[Trial], seed: int) -> None:
    call = whole(Interview(trials, on=ON), seed)
    again = Interview(trials, on=ON)
    profiles = []
    for one in call.answers:
        profiles.append(again.profile)
        found = again.next_question()
        assert found is not None
        assert found.question == one.question
        again.answer(one.words)
    assert again.profile == call.profile
    assert statuses(again) == statuses(call)
    for profile in reversed(profiles):
        again.undo()
        assert again.profile == profile


@given(
    CALLS, st.integers(0, 9999), st.lists(st.sampled_from(("answer", "answer", "answer", "undo", "note")), max_size=20)
)
@settings(max_examples=25, deadline=None)
def test_the_events_are_the_call(trials: list[Trial], seed: int, doings: list[str]) -> None:
    """What was written down leads to the same state, at any moment, and is the same as JSON."""
    written: list[str] = []
    call = Interview(trials, on=ON, journal=lambda event: written.append(json.dumps(plain(event))))
    for doing in doings:
        found = call.next_question()
        if doing == "undo":
            call.undo()
        elif doing == "note":
            call.note(f"{len(written)} ½", found and found.question)
        elif found is not None:
            call.answer(said(found.question, seed))
    call.stop()
    events = [of_plain(json.loads(line)) for line in written]
    assert [json.dumps(plain(event)) for event in events] == written
    again = Interview(trials, on=ON, events=events)
    assert again.answers == call.answers
    assert again.notes == call.notes
    assert again.profile == call.profile
    assert again.next_question() == call.next_question()
    assert statuses(again) == statuses(call)


@given(CALLS)
@settings(max_examples=8, deadline=None)
def test_not_sure_to_everything_leaves_the_verdicts_as_they_are(trials: list[Trial]) -> None:
    call = Interview(trials, on=ON)
    while call.next_question() is not None:
        call.answer(NOT_SURE)
    for trial, found in zip(trials, call.outcome().trials, strict=True):
        before = screen(trial, Interview(trial, on=ON).profile, ON)
        assert [one.status for one in before.verdicts] == [one.status for one in found.screening.verdicts]


@given(CALLS, st.integers(0, 9999))
@settings(max_examples=25, deadline=None)
def test_nothing_is_asked_that_no_answer_makes_a_difference_to(trials: list[Trial], seed: int) -> None:
    """An answer changes a verdict, or what is wanted to know for one."""
    call = Interview(trials, on=ON)
    for _ in range(200):
        found = call.next_question()
        if found is None:
            return
        told = set()
        for answer in (
            (*found.question.choices, *found.question.several, *DAYS[:3])
            if found.question.expects != "birth date"
            else ("1950-02-03", "1990-06-07", "2015-01-01")
        ):
            try:
                call.answer(answer, found.question)
            except EligibilityError:  # a day is no answer to a choice, nor one before the first day a last one
                continue
            told.add(
                tuple(
                    (one.status, one.needs, one.reason)
                    for each in call.outcome().trials
                    for one in each.screening.verdicts
                )
            )
            call.undo()
        assert len(told) > 1, found.text
        assert any(Status.UNKNOWN is one.status for each in call.outcome().trials for one in each.screening.verdicts)
        call.answer(said(found.question, seed))
