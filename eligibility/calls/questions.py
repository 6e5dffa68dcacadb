"""Questions: what a verdict that is open wants to know of a caller, and what may be answered."""

from __future__ import annotations

import re
from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

from eligibility.calls.wording import known_to_caller, plain, said, topic_of
from eligibility.deciding.conditions import happens
from eligibility.deciding.people import OF_WOMEN
from eligibility.deciding.verdict import Cause, Verdict
from eligibility.knowledge.tables import asking
from eligibility.knowledge.vocabulary import vocabulary
from eligibility.patient.facts import Fact
from eligibility.patient.profile import AllergyFact, ConditionFact, Observation, TreatmentFact
from eligibility.rules import (
    Age,
    Allergy,
    Condition,
    Measurement,
    PatientAttribute,
    Sex,
    Statement,
    Treatment,
    Window,
)

__all__ = [
    "CALLER",
    "LAST",
    "NEVER",
    "NO",
    "NONE",
    "NOT_SURE",
    "NOW",
    "PAST",
    "YES",
    "Key",
    "Question",
    "at_once",
    "is_told",
    "of_one_sort",
    "own_name",
    "questions_of",
    "sort_of",
]

Section: TypeAlias = Literal["person", "condition", "treatment", "allergy", "statement", "observation"]
Expects: TypeAlias = Literal["yes or no", "lasting", "any of these", "sex", "date", "birth date", "number"]
Key: TypeAlias = tuple[Section, str, str]
"""One question is asked once, over all trials: its section, what it is about, and what of it."""

CALLER: Final = "caller"
LAST: Final = "last "
"""How a fact is named that says when there was the last of something, and so that there was none since."""
YES: Final = "yes"
NO: Final = "no"
NOW: Final = "yes, now"
PAST: Final = "in the past"
NEVER: Final = "never"
NONE: Final = "none of them"
NOT_SURE: Final = "not sure"
_CHOICES: Final[dict[str, tuple[str, ...]]] = {
    "yes or no": (YES, NO),
    "lasting": (NOW, PAST, NEVER),
    "any of these": (NONE,),
    "sex": ("female", "male"),
}


_YOU: Final = "about you"


@dataclass(frozen=True, slots=True)
class Question:
    """One thing to ask a caller.

    ``about`` is a concept of the vocabulary, a field of the profile, or the words of a statement; ``aspect`` what of
    it: ``presence``, ``day``, ``first day``, ``last day``, ``value``, ``answer``. ``text`` is what is said; ``unit`` is
    that of a number. A question after several things at once, whether there ever was any of them, has their names in
    ``several``.
    """

    section: Section
    about: str
    aspect: str
    expects: Expects
    topic: str
    text: str
    unit: str | None = None
    several: tuple[str, ...] = ()

    @property
    def keys(self) -> tuple[Key, ...]:
        """What it asks: of several things the presence of each."""
        return tuple([(self.section, name, self.aspect) for name in self.several]) or (self.key,)

    @property
    def key(self) -> Key:
        """By which it is the same question in another trial."""
        return self.section, self.about, self.aspect

    @property
    def choices(self) -> tuple[str, ...]:
        """The words that may be answered; none for a date or a number. "not sure" always may."""
        return _CHOICES.get(self.expects, ())

    def lasts(self, name: str) -> bool:
        """Whether of one of several things it must be asked as well if it is there now."""
        match self.section:
            case "treatment":
                return sort_of(name) == "drug"
            case "condition":
                return not happens(name)
            case _:
                return False

    def chosen(self, given: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Of several things those that an answer, as it was understood, says that there were, and the unsure ones."""
        if given in (NONE, NOT_SURE):
            return (), self.several if given == NOT_SURE else ()
        named = given.split("; ")
        unsure = tuple([name.removesuffix("?") for name in named if name.endswith("?")])
        return tuple([name for name in named if not name.endswith("?")]), unsure

    @property
    def of_the_last(self) -> bool:
        """Whether it asks when there was the last of something, after which there was none."""
        return self.aspect in ("day", "last day")

    @property
    def effort(self) -> float:
        """How hard it is to answer on the telephone; 1 is a word."""
        efforts = asking().effort
        return efforts["statement"] if self.section == "statement" else efforts[self.expects]


def at_once(questions: Sequence[Question]) -> Question:
    """One question whether there ever was any of what several ask about, of which all are :func:`of_one_sort`."""
    first, names = questions[0], tuple([one.about for one in questions])
    listed = " ".join([f"({number}) {plain(name)}." for number, name in enumerate(names, 1)])
    text = f"{said(_ANY_OF[of_one_sort(first)])} {listed}"
    return Question(first.section, "; ".join(names), first.aspect, "any of these", first.topic, text, None, names)


_ANY_OF: Final = {
    "condition": "any condition",
    "allergy": "any allergy",
    "drug": "any drug",
    "vaccine": "any vaccine",
    "procedure": "any procedure",
}


def of_one_sort(question: Question) -> str:
    """What may be asked of together with others: a disease, a drug, a vaccine, a procedure; nothing for the rest."""
    if question.aspect != "presence" or question.section not in ("condition", "treatment", "allergy"):
        return ""
    return sort_of(question.about) if question.section == "treatment" else question.section


def questions_of(leaf: Verdict, *, studied: Container[str] = (), ask_labs: bool = False) -> tuple[Question, ...]:
    """The questions that may settle an open leaf of a verdict, in the order in which they make sense.

    None for what a caller cannot know; ``studied`` are the diseases that the trial is about. Whether somebody is
    pregnant is asked when it is known not to be a man.

    Of a fact that the caller has given and that is not enough the days are asked next, and only of such a fact: what a
    chart says is for the site to complete.
    """
    rule = leaf.rule
    sex = Question("person", "sex", "value", "sex", _YOU, said("sex"))
    if isinstance(rule, PatientAttribute):
        own = Question("person", rule.attribute, "value", "yes or no", _YOU, said(rule.attribute))
        return (sex, own) if rule.attribute in OF_WOMEN else (own,)
    if isinstance(rule, Sex):
        return (sex,)
    return tuple(_questions_of(leaf, studied, ask_labs=ask_labs))


def _questions_of(leaf: Verdict, studied: Container[str], *, ask_labs: bool) -> Iterator[Question]:
    rule = leaf.rule
    match rule:
        case Age():
            yield Question("person", "birth_date", "value", "birth date", _YOU, said("birth date"))
        case Condition() if known_to_caller("condition", rule.concept, studied):
            yield from _of_condition(leaf, rule)
        case Treatment() if known_to_caller("treatment", rule.concept, studied) and not _is_planned(rule):
            yield from _of_treatment(leaf, rule)
        case Allergy(concept=concept) if known_to_caller("treatment", concept):
            if _is_untold(leaf, concept.name):
                name = concept.name
                yield Question("allergy", name, "presence", "yes or no", "allergies", said("allergy", name))
        case Statement(text=text, who="caller") if _can_be_said(text):
            yield Question("statement", text, "answer", "yes or no", _EVERYDAY, said("statement", text))
        case Measurement() if ask_labs and leaf.cause is Cause.MISSING and not rule.qualifiers and rule.limit.unit:
            name = rule.analyte.name
            yield Question("observation", name, "value", "number", _TESTS, said("value", name), rule.limit.unit)
        case Measurement(analyte=analyte) if ask_labs:
            for one in leaf.used:
                if isinstance(one, Observation) and is_told(one) and one.date is not None and not one.date.full:
                    yield Question("observation", analyte.name, "day", "date", _TESTS, said("taken", analyte.name))


def _can_be_said(text: str) -> bool:
    """Whether a statement is short and plain enough to be read out to somebody: without lists, numbers and asides."""
    return len(text.split()) <= _MOST_WORDS and _ASIDE.search(text) is None


_MOST_WORDS: Final = 14
_ASIDE: Final = re.compile(  # signs and numbers, abbreviations, and words that point at what is not read out with it
    r"[()\[\]/;:=<>≤≥\d]|\b[A-Z]{2,}\b|\b(?:above|below|criteri\w+|protocol|per|relative|such|these|those|this|same|following"
    r"|described|specified|serving|documentation|as deemed|judicial|disclosure)\b"
)


def _of_condition(leaf: Verdict, rule: Condition) -> Iterator[Question]:
    name = rule.concept.name
    topic = topic_of("condition", name)
    if _is_untold(leaf, name):
        if happens(name):
            yield Question("condition", name, "presence", "yes or no", topic, said("event", name))
        else:
            yield Question("condition", name, "presence", "lasting", topic, said("condition", name))
    if not _is_of_days(rule):
        return
    for raw in _told(leaf, name):
        if isinstance(raw, ConditionFact):
            own = own_name(raw)
            if happens(own):
                if raw.onset is None:
                    yield Question("condition", own, "day", "date", topic, said("happened", own))
            elif raw.status == "resolved" and raw.end is None and rule.moment != "start":
                yield Question("condition", own, "last day", "date", topic, said("ended", own))
            elif raw.onset is None and (rule.moment == "start" or rule.lasting is not None):
                yield Question("condition", own, "first day", "date", topic, said("began", own))


def _of_treatment(leaf: Verdict, rule: Treatment) -> Iterator[Question]:
    name = rule.concept.name
    topic = topic_of("treatment", name)
    if _is_untold(leaf, name):
        sort = sort_of(name)
        expects: Expects = "lasting" if sort == "drug" else "yes or no"
        yield Question("treatment", name, "presence", expects, topic, said(sort, name))
    if not _is_of_days(rule):
        return
    for raw in _told(leaf, name):
        if isinstance(raw, TreatmentFact):
            own = own_name(raw)
            if sort_of(own) != "drug":
                if raw.date is None:
                    yield Question("treatment", own, "day", "date", topic, said("done", own))
            elif raw.status == "completed" and raw.end is None and rule.moment != "start":
                yield Question("treatment", own, "last day", "date", topic, said("stopped", own))
            elif raw.start is None and (rule.moment == "start" or rule.lasting is not None):
                yield Question("treatment", own, "first day", "date", topic, said("started", own))


def _is_untold(leaf: Verdict, name: str) -> bool:
    """Whether a leaf rests on no fact of the very thing or of a kind of it, but at most on what may hint at it."""
    return leaf.cause is Cause.MISSING or not any(_speaks_of(one, name) for one in leaf.used)


def _speaks_of(used: object, name: str) -> bool:
    return isinstance(used, Fact) and name in used.name.up


def _told(leaf: Verdict, name: str) -> list[ConditionFact | TreatmentFact | AllergyFact]:
    """What the caller has told in this call of the very thing that a leaf asks about, or of kinds of it."""
    if leaf.cause is Cause.CONTRADICTION:
        return []
    return [one.raw for one in leaf.used if isinstance(one, Fact) and _speaks_of(one, name) and is_told(one.raw)]


def is_told(raw: ConditionFact | TreatmentFact | AllergyFact | Observation) -> bool:
    """Whether the caller has said so."""
    return raw.source is not None and raw.source.who == CALLER


def own_name(raw: ConditionFact | TreatmentFact | AllergyFact) -> str:
    """What a fact of the caller is about: "stroke", of the "last stroke"."""
    return raw.name.removeprefix(LAST)


def _is_of_days(rule: Condition | Treatment) -> bool:
    return rule.window is not None or rule.lasting is not None


def _is_planned(rule: Treatment) -> bool:
    return rule.time == "planned" or (rule.window is not None and _lies_ahead(rule.window))


def _lies_ahead(window: Window) -> bool:
    return window.start is not None and window.start.value <= 0


def sort_of(name: str) -> Literal["drug", "vaccine", "procedure"]:
    """How one speaks of a treatment: it is taken, given, or had."""
    entry = vocabulary().entry("treatment", name)
    kind = str(entry.facts.get("type", "")) if entry is not None else ""
    if kind == "vaccine":
        return "vaccine"
    return "procedure" if kind in _HAD else "drug"


_HAD: Final = frozenset(("surgery", "procedure", "transplant", "radiation", "device"))
_TESTS: Final = "test results"
_EVERYDAY: Final = "everyday life"
