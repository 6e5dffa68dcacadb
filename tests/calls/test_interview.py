from __future__ import annotations

from datetime import date

import pytest

from eligibility import PatientProfile, Trial, read_trial
from eligibility.calls import Interview
from eligibility.calls.answers import when
from eligibility.calls.choosing import in_text_order
from eligibility.errors import EligibilityError

ON = date(2026, 11, 1)


def trial(*, inclusion: str = "", exclusion: str = "") -> Trial:
    return read_trial(f"Inclusion Criteria:\n\n{inclusion}\n\nExclusion Criteria:\n\n{exclusion}\n")


ASTHMA = trial(
    inclusion="* Age 18 to 65 years\n* Asthma\n* Able to swallow tablets\n* Platelets >= 100 x 10^9/L",
    exclusion="* Myocardial infarction within 6 months\n* Pregnancy\n* Prior treatment with pembrolizumab",
)


def asked(call: Interview) -> str:
    found = call.next_question()
    assert found is not None
    return found.text


def answered(call: Interview, **told: str) -> list[str]:
    """Answers each question by a word in it, "no" where there is none; the questions in their order."""
    texts = []
    while (found := call.next_question()) is not None:
        texts.append(found.text)
        word = next((word for word in told if word.replace("_", " ") in found.text and found.question.choices), None)
        no = {"sex": "female", "date": "not sure", "birth date": "1980-05-01", "number": "not sure"}
        call.answer(told[word] if word else no.get(found.question.expects, "no"))
    return texts


def test_who_has_had_what_excludes_for_good_is_asked_no_more() -> None:
    call = Interview(trial(inclusion="* Age 18 years or older", exclusion="* Prior pembrolizumab\n* Gout"), on=ON)
    assert asked(call) == "Have you ever taken a drug called pembrolizumab?"
    call.answer("in the past")
    assert call.next_question() is None
    (found,) = call.outcome().trials
    assert (found.status, found.lasting) == ("ineligible", True)


def test_what_is_known_before_is_not_asked() -> None:
    known = PatientProfile.model_validate(
        {"sex": "male", "birth_date": "1980-05-01", "treatments": [{"name": "pembrolizumab", "status": "never"}]}
    )
    texts = answered(Interview(ASTHMA, known, on=ON))
    assert not [text for text in texts if "birth" in text or "pregnant" in text or "pembrolizumab" in text]


def test_the_days_of_what_happened_are_asked_where_they_matter() -> None:
    call = Interview(ASTHMA, on=ON)
    texts = answered(call, heart_attack="yes", asthma="yes", true="yes")
    assert "When did you last have a heart attack?" in texts
    fresh = Interview(trial(exclusion="* Myocardial infarction within 6 months"), on=ON)
    fresh.answer("yes")
    assert asked(fresh) == "When did you last have a heart attack?"
    fresh.answer("about three weeks ago")
    (found,) = fresh.outcome().trials
    assert (found.status, found.lasting) == ("ineligible", False)


def test_tests_are_asked_only_if_wanted_and_else_listed_for_the_site() -> None:
    call = Interview(ASTHMA, on=ON)
    texts = answered(call, asthma="yes", true="yes")
    assert not [text for text in texts if "platelet" in text]
    (found,) = call.outcome().trials
    assert [criterion.text for criterion, _ in found.to_check] == ["Platelets >= 100 x 10^9/L"]
    assert [
        text
        for text in answered(Interview(ASTHMA, on=ON, ask_labs=True), asthma="yes", true="yes")
        if "platelet" in text
    ]


SEVERAL = trial(exclusion="* Gout\n* Fibromyalgia\n* Osteoporosis\n* Asthma")


def test_several_things_that_few_have_are_asked_at_once() -> None:
    call = Interview(SEVERAL, on=ON)
    found = call.next_question()
    assert found is not None
    assert found.text == (
        "Which of these have you ever had? (1) gout. (2) pain all over the body (fibromyalgia). (3) weak bones "
        "(osteoporosis)."
    )
    assert len(found.bears_on) == 3
    call.answer("1, 3?")
    assert [(one.name, one.status) for one in call.profile.conditions] == [("fibromyalgia", "absent")]
    assert asked(call) == "Have you ever had gout?"
    call.answer("in the past")
    assert asked(call) == "Have you ever had asthma?"
    call.answer("no")
    assert call.next_question() is None
    assert [one.status for one in call.outcome().trials[0].screening.verdicts] == [
        "unknown",
        "unmet",
        "unknown",
        "unmet",
    ]


@pytest.mark.parametrize("words", ["none", "no", "never", "n", "none of them", "does not apply"])
def test_none_of_several(words: str) -> None:
    call = Interview(SEVERAL, on=ON)
    call.answer(words)
    assert {one.name: one.status for one in call.profile.conditions} == dict.fromkeys(
        ("gout", "fibromyalgia", "osteoporosis"), "absent"
    )


@pytest.mark.parametrize(
    ("words", "there", "unsure"),
    [
        ("gout", ("gout",), ()),
        ("2 and 3", ("fibromyalgia", "osteoporosis"), ()),
        ("3, 1, 2?", ("gout", "osteoporosis"), ("fibromyalgia",)),
        ("weak bones (osteoporosis)?", (), ("osteoporosis",)),
        ("not sure", (), ("gout", "fibromyalgia", "osteoporosis")),
    ],
)
def test_some_of_several(words: str, there: tuple[str, ...], unsure: tuple[str, ...]) -> None:
    call = Interview(SEVERAL, on=ON)
    call.answer(words)
    (answered,) = call.answers
    assert answered.question.chosen(str(answered.given)) == (there, unsure)
    assert answered.words == words


def test_what_is_none_of_several_says_what_is_expected() -> None:
    with pytest.raises(EligibilityError, match="expected none, or the numbers of those that there were, as 1, 3"):
        Interview(SEVERAL, on=ON).answer("4")


def test_a_last_day_before_the_first_is_no_answer() -> None:
    call = Interview(
        trial(inclusion="* Stable dose of metformin for at least 4 weeks", exclusion="* Metformin within 2 weeks"),
        on=ON,
    )
    call.answer("in the past")
    assert asked(call).startswith("When did you last take")
    call.answer("2025")
    assert asked(call).startswith("When did you start")
    with pytest.raises(EligibilityError, match=r"does not go with what was said before .the end is before the start"):
        call.answer("2026-06")
    assert len(call.answers) == 2


def test_one_fact_is_asked_once_for_all_trials() -> None:
    other = trial(exclusion="* Prior treatment with pembrolizumab\n* Gout")
    texts = answered(Interview([ASTHMA, other], on=ON), asthma="yes", true="yes")
    assert texts.count("Have you ever taken a drug called pembrolizumab?") == 1
    first = Interview([other, other], on=ON).next_question()
    assert first is not None
    assert first.because == "2 of 2 trials need it; about 1 in 10 callers stops here"


def test_what_cannot_change_a_verdict_is_not_asked() -> None:
    call = Interview(trial(inclusion="* Asthma and gout"), on=ON)
    asked(call)
    call.answer("never")
    assert call.next_question() is None


def test_what_keeps_out_for_now_is_asked_about_until_it_may_last() -> None:
    stroke = ("condition", "stroke", "presence")
    call = Interview(
        trial(exclusion="* Current use of warfarin, gout, or a history of stroke"), on=ON, choice=in_text_order
    )
    asked(call)
    call.answer("yes, now")
    assert call.outcome().trials[0].status == "ineligible"
    assert not call.outcome().trials[0].lasting
    found = call.next_question()
    assert found is not None
    assert found.question.key == stroke, "gout comes and goes, and can settle nothing for good"
    call.answer("yes", found.question)
    assert call.outcome().trials[0].lasting
    assert call.next_question() is None


def test_a_question_about_now_never_says_that_it_was_never_there() -> None:
    call = Interview(trial(inclusion="* Asthma"), on=ON)
    call.answer("in the past")
    assert call.profile.conditions[0].status == "resolved"


def test_answers_are_facts_with_who_said_them_and_in_which_words() -> None:
    call = Interview(trial(inclusion="* Asthma"), on=ON)
    call.answer("Yes")
    (fact,) = call.profile.conditions
    assert fact.source is not None
    assert (fact.source.who, fact.source.words, str(fact.source.when)) == ("caller", "Yes", "2026-11-01")


@pytest.mark.parametrize(
    "excluded", ["Any medical condition", "QT prolongation", "Use of any drug", "Allergy to excipients"]
)
def test_what_nobody_can_answer_for_is_left_to_the_site(excluded: str) -> None:
    call = Interview(trial(exclusion=f"* {excluded}"), on=ON)
    assert call.next_question() is None
    assert len(call.outcome().trials[0].to_check) == 1


def test_undo_takes_back_the_last_answer_alone() -> None:
    call = Interview(trial(inclusion="* Pneumonia", exclusion="* Bronchitis"), on=ON)
    first = asked(call)
    assert call.undo() is None
    call.answer("in the past")
    before = call.profile
    call.answer("yes")
    assert call.profile != before
    assert call.undo() is not None
    assert call.profile == before
    call.undo()
    assert asked(call) == first


def test_fewer_questions_than_in_the_order_of_the_text() -> None:
    told = {"pembrolizumab": "in the past", "asthma": "yes"}
    assert len(answered(Interview(ASTHMA, on=ON), **told)) < len(
        answered(Interview(ASTHMA, on=ON, choice=in_text_order), **told)
    )


@pytest.mark.parametrize("words", ["perhaps", "", "7"])
def test_what_answers_nothing_says_what_was_expected(words: str) -> None:
    call = Interview(trial(inclusion="* Asthma"), on=ON)
    with pytest.raises(EligibilityError, match="expected yes, now, in the past, never or not sure"):
        call.answer(words)
    assert not call.answers


def test_an_answer_to_no_question_is_refused() -> None:
    call = Interview(trial(inclusion="* Asthma"), on=ON)
    call.answer("never")
    with pytest.raises(EligibilityError, match="the call is complete"):
        call.answer("yes")
    with pytest.raises(EligibilityError, match="at least one trial"):
        Interview([])


@pytest.mark.parametrize(
    ("words", "first", "last"),
    [
        ("2026-10-05", "2026-10-05", "2026-10-05"),
        ("yesterday", "2026-10-31", "2026-10-31"),
        ("10 days ago", "2026-10-22", "2026-10-22"),
        ("two or three weeks ago", "2026-10-08", "2026-10-21"),
        ("about 2 weeks ago", "2026-10-12", "2026-10-24"),
        ("March", "2026-03-01", "2026-03-31"),
        ("in December", "2025-12-01", "2025-12-31"),
        ("March 3rd 2025", "2025-03-03", "2025-03-03"),
        ("about March", "2026-02-14", "2026-04-15"),
        ("spring 2024", "2024-03-01", "2024-05-31"),
        ("last year", "2025-01-01", "2025-12-31"),
        ("2019", "2019-01-01", "2019-12-31"),
        ("a month ago", "2026-09-17", "2026-10-17"),
    ],
)
def test_a_time_is_as_precise_as_it_is_told(words: str, first: str, last: str) -> None:
    found = when(words, ON)
    assert (found.first.isoformat(), found.last.isoformat()) == (first, last)


@pytest.mark.parametrize("words", ["a while", "March 41", "soonish", "two or"])
def test_a_time_that_is_none_is_refused(words: str) -> None:
    with pytest.raises(EligibilityError):
        when(words, ON)


@pytest.mark.parametrize(
    ("criterion", "said"),
    [
        ("Stroke within 6 months", "yes"),
        ("Pneumonia within the last 4 weeks", "in the past"),
        ("Use of warfarin within 4 weeks before screening", "in the past"),
        ("Major surgery within 4 weeks", "yes"),
        ("Live vaccine within 30 days of the first dose", "yes"),
        ("Radiotherapy within 2 weeks", "yes"),
    ],
)
@pytest.mark.parametrize(("day", "status"), [("spring 2024", "unmet"), ("yesterday", "met"), ("2026", "unknown")])
def test_when_there_was_the_last_of_something_settles_a_window(
    criterion: str, said: str, day: str, status: str
) -> None:
    """After the last one there was none: the open world says nothing more."""
    call = Interview(trial(exclusion=f"* {criterion}"), on=ON)
    call.answer(said)
    question = call.next_question()
    assert question is not None
    assert question.text.startswith("When ")
    call.answer(day)
    assert call.outcome().trials[0].screening.verdicts[0].status == status
    assert call.next_question() is None


PLATELETS = trial(inclusion="* Platelets >= 100 x 10^9/L\n* Creatinine <= 1.5 mg/dL")


@pytest.mark.parametrize(
    ("said", "day", "status"),
    [
        ("120", "two weeks ago", "met"),
        ("95", "yesterday", "unmet"),
        ("120 10*9/L", "2026-10", "met"),
        ("120000 /uL", "October 2026", "met"),
        ("120", "spring 2024", "unknown"),
        ("120", "not sure", "unknown"),
    ],
)
def test_a_test_result_is_of_the_day_that_the_caller_knows(said: str, day: str, status: str) -> None:
    call = Interview(PLATELETS, on=ON, ask_labs=True)
    assert asked(call) == "What was your last platelet count, if you know it?"
    call.answer(said)
    assert call.outcome().trials[0].screening.verdicts[0].status == "unknown", "a value of no day may be out of date"
    assert asked(call) == "When was that test of platelet count done?"
    call.answer(day)
    assert call.outcome().trials[0].screening.verdicts[0].status == status
    assert asked(call).startswith("What was your last creatinine")
    call.answer("106 umol/L")
    call.answer("yesterday")
    assert call.outcome().trials[0].screening.verdicts[1].status == "met", "1.2 mg/dL"


@pytest.mark.parametrize("words", ["many", "12 bananas", "12 kg", "-3"])
def test_a_number_that_cannot_be_taken(words: str) -> None:
    with pytest.raises(EligibilityError, match=r"expected a number in|cannot be converted"):
        Interview(PLATELETS, on=ON, ask_labs=True).answer(words)
