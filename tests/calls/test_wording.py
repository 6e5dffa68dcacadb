"""What is said on the telephone is plain: US grade 8 or lower, by the formula of Flesch and Kincaid (1975)."""

from __future__ import annotations

import pytest
import textstat

from eligibility.calls.questions import sort_of
from eligibility.calls.wording import known_to_caller, said
from eligibility.deciding.conditions import happens
from eligibility.knowledge.tables import asking
from eligibility.knowledge.vocabulary import Kind, vocabulary
from eligibility.rules import Concept

GRADE = 8.0
TREATED = {
    "drug": ("drug", "started", "stopped", "allergy"),
    "vaccine": ("vaccine", "done", "allergy"),
    "procedure": ("procedure", "done"),
}


def kind_of(name: str) -> Kind:
    return "condition" if vocabulary().entry("condition", name) is not None else "treatment"


def grade(text: str) -> float:
    return float(textstat.flesch_kincaid_grade(text))


def test_every_plain_word_stands_for_something_that_is_known() -> None:
    unknown = [name for name in asking().lay if vocabulary().entry(kind_of(name), name) is None]
    assert not unknown


@pytest.mark.parametrize("name", sorted(asking().lay))
def test_plain_words_are_plain(name: str) -> None:
    of_disease = ("event", "happened") if happens(name) else ("condition", "began", "ended")
    for template in of_disease if kind_of(name) == "condition" else TREATED[sort_of(name)]:
        question = said(template, name)
        assert grade(question) <= GRADE, question


@pytest.mark.parametrize("template", sorted(asking().asked))
def test_templates_are_plain(template: str) -> None:
    assert grade(asking().asked[template].format(name="a cold")) <= GRADE


def test_a_name_without_plain_words_is_asked_as_a_name() -> None:
    assert said("condition", "sarcoidosis").startswith("Have you ever had sarcoidosis (")
    assert said("condition", "pheochromocytoma") == (
        "Has a doctor ever told you that you have a health problem called pheochromocytoma?"
    )
    assert said("drug", "pembrolizumab") == "Have you ever taken a drug called pembrolizumab?"


@pytest.mark.parametrize(
    ("kind", "concept", "known"),
    [
        ("condition", Concept(name="asthma"), True),
        ("condition", Concept(name="lymphovascular invasion"), False),
        ("condition", Concept(name="neutropenia"), False),
        ("condition", Concept(name="mq710 transgene product", open=True), False),
        ("treatment", Concept(name="paclitaxel"), True),
        ("treatment", Concept(name="statin"), True),
        ("treatment", Concept(name="HDAC inhibitor"), False),
        ("treatment", Concept(name="study treatment"), False),
    ],
)
def test_what_nobody_knows_at_home_is_not_asked(kind: Kind, concept: Concept, known: bool) -> None:
    assert known_to_caller(kind, concept) is known
    assert known_to_caller(kind, concept, studied=(concept.name,))
