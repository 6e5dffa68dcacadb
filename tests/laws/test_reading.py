"""What reading promises of any text, and of texts whose meaning is known."""

from __future__ import annotations

import re

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from eligibility import PatientProfile, evaluate, read_criterion, read_trial
from eligibility.errors import TrialError
from eligibility.knowledge.vocabulary import vocabulary
from eligibility.knowledge.words import WORD
from eligibility.rules import Allergy, Concept, Condition, Criterion, Rule, Treatment, Unread, walk
from eligibility.testing import ON, criteria, profiles, trial_texts, words

KINDS = st.sampled_from(["inclusion", "exclusion"])
PIECES = st.sampled_from([
    "age >= 18 years", "platelets", "100 x 10^9/L", "no", "not", "must", "must not", "history of", "hepatitis B", "and",
    "or", "and/or", "within", "4 weeks", "prior to", "except", "unless", "if", "(", ")", ",", ";", ":", ".", "\n  * ",
    "any of the following", "chemotherapy", ">", "<", "2.5", "x ULN", "positive", "with", "without", "patients",
    "women", "pregnant", "known", "other malignancy", "zorblax", "at least", "grade", "stage", "IV", "prior", "lines",
    "-", "/",
])  # fmt: skip
SENTENCES = st.lists(PIECES, max_size=14).map(" ".join)


def whole(criterion: Criterion) -> None:
    """Nothing lies out of range, and every path of a mark is a part of the rule."""
    size = len(criterion.text)
    paths = {path for path, _ in walk(criterion.rule)}
    for mark in criterion.marks:
        assert 0 <= mark.start <= mark.end <= size
        assert mark.path in paths
    for span in (*criterion.unread, *criterion.open):
        assert 0 <= span.start < span.end <= size


@given(st.text(max_size=200) | st.text(st.characters(max_codepoint=0x24F), max_size=200), KINDS)
@example("\x00", "inclusion")
@example("\ufeff\u202e≥ 18 \u200byears", "exclusion")
@example("-", "exclusion")
@example("½ x 10⁹ ٣", "inclusion")
@settings(max_examples=150)
def test_any_text_is_read(text: str, kind: str) -> None:
    """Reading never fails on any text: what is not understood is kept, marked, and evaluates as unknown."""
    criterion = read_criterion(text, kind=kind)
    assert criterion.text == text
    whole(criterion)
    assert evaluate(criterion, PatientProfile(), ON).reason


@given(SENTENCES, KINDS)
@settings(max_examples=300)
def test_any_row_of_the_words_of_criteria_is_read(text: str, kind: str) -> None:
    """Reading never fails on any text."""
    criterion = read_criterion(text, kind=kind)
    whole(criterion)
    evaluate(criterion, PatientProfile(), ON)


def accounted(criterion: Criterion) -> list[str]:
    """The words that stand in no mark of a leaf and in no unread span."""
    leaves = {path for path, part in walk(criterion.rule)}
    inner = {path[:-1] for path in leaves if path}
    spans = [(m.start, m.end) for m in criterion.marks if m.path not in inner or len(m.path) == 0]
    spans += [(s.start, s.end) for s in criterion.unread]
    return [
        m.group()
        for m in WORD.finditer(criterion.text)
        if not any(start <= m.start() and m.end() <= end for start, end in spans)
    ]


@given(st.text(max_size=120).filter(WORD.search), KINDS)
def test_no_word_of_any_text_disappears(text: str, kind: str) -> None:
    """Text that was not understood never disappears."""
    assert not accounted(read_criterion(text, kind=kind))


@given(criteria(), st.sampled_from(["zorblax quux", "glimmerish frobnitz"]), st.booleans())
def test_strange_words_leave_a_trace(written: tuple[str, Rule], strange: str, before: bool) -> None:
    """Text that was not understood never disappears: it is unread, or a concept of its own words."""
    text, rule = written
    text = f"{strange} {text}" if before else f"{text} {strange}"
    found = read_criterion(text)
    at = text.index(strange)
    spans = [*found.unread, *found.open]
    for word in WORD.finditer(strange):
        start, end = at + word.start(), at + word.end()
        assert any(s.start <= start and end <= s.end for s in spans) or any(
            isinstance(part, Unread) and word.group() in part.text for _, part in walk(found.rule)
        )
    assert found.rule != rule


@given(criteria())
@settings(max_examples=200)
def test_plain_words_are_read_back(written: tuple[str, Rule]) -> None:
    """`read(words(rule)) == rule`, and nothing is left over."""
    text, rule = written
    found = read_criterion(text)
    assert found.rule == rule
    assert not found.unread
    assert not found.open


# Names that are no disease or drug to read about, or that hold a separator; each is a case of its own elsewhere.
ODD = {
    "peripheral T-cell lymphoma, not otherwise specified", "allergy", "HR-positive, HER2-negative breast cancer",
    "ER-positive, HER2-negative breast cancer", "measurable disease", "pregnancy",
    "breastfeeding",
    "childbearing potential", "medical condition", "7+3",
}  # fmt: skip


@pytest.mark.parametrize("kind", ["condition", "treatment"])
def test_every_name_of_the_vocabulary_is_read_back(kind: str) -> None:
    lost = []
    for name in (entry.name for entry in vocabulary() if entry.kind == kind):
        rule: Rule = (
            Condition(concept=Concept(name=name), time="ever")
            if kind == "condition"
            else Treatment(concept=Concept(name=name), time="ever")
        )
        found = read_criterion(words(rule)).rule
        allergic = isinstance(found, Allergy) and name.endswith("allergy")  # the list of allergies answers it
        if name not in ODD and found != rule and not allergic:
            lost.append(name)
    assert not lost


@given(criteria(), KINDS, st.sampled_from([" ", "  ", "\t", " \n"]), st.booleans())
def test_white_space_and_case(written: tuple[str, Rule], kind: str, gap: str, upper: bool) -> None:
    """`criterion.id` is stable over white space; neither space nor case says anything."""
    text = written[0]
    other = re.sub(" ", lambda _: gap if gap != " \n" else " ", f" {text} ")
    if upper:
        other = other[:2].upper() + other[2:]
    first, second = read_criterion(text, kind=kind), read_criterion(other, kind=kind)
    assert second.rule == first.rule
    assert second.id == first.id


@given(criteria(), KINDS, profiles())
@settings(max_examples=40)
def test_a_full_stop_says_nothing(written: tuple[str, Rule], kind: str, profile: PatientProfile) -> None:
    first, second = read_criterion(written[0], kind=kind), read_criterion(written[0] + ".", kind=kind)
    assert evaluate(first, profile, ON).status == evaluate(second, profile, ON).status


@given(trial_texts())
@settings(max_examples=25)
def test_a_trial_written_and_read_is_the_same_trial(text: str) -> None:
    """What `eligibility read --format json` wrote can be read as a trial."""
    trial = read_trial(text)
    assert trial.criteria
    assert read_trial(trial.model_dump_json()) == trial
    assert read_trial(trial.model_dump_json(indent=2)) == trial


@given(trial_texts())
@settings(max_examples=25)
def test_the_criteria_stand_in_the_order_of_the_text(text: str) -> None:
    """`trial.criteria`: in the order of the text."""
    wanted = [line[2:] for line in text.splitlines() if line.startswith("* ")]
    assert [c.text for c in read_trial(text).criteria] == wanted


@given(st.text(max_size=300))
@settings(max_examples=60)
def test_a_source_is_a_trial_or_an_error_of_the_package(text: str) -> None:
    """Bad input ends in one clear line, never in a crash."""
    try:
        trial = read_trial("Inclusion Criteria:\n\n" + text)
    except TrialError:
        return
    assert all(c.text.strip() for c in trial.criteria)


def test_every_criterion_has_a_text() -> None:
    trial = read_trial("Inclusion Criteria:\n\n* Asthma\n\n§\x1b")
    assert all(c.text for c in trial.criteria)
