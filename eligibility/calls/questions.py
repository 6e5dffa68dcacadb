"""Questions: what a verdict that is open wants to know of a caller, and what may be answered."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

from eligibility.calls.wording import known_to_caller, said, topic_of
from eligibility.deciding.conditions import happens
from eligibility.deciding.people import OF_WOMEN
from eligibility.deciding.verdict import Cause, Verdict
from eligibility.knowledge.tables import asking
from eligibility.knowledge.vocabulary import vocabulary
from eligibility.patient.facts import Fact
from eligibility.patient.profile import AllergyFact, ConditionFact, TreatmentFact
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

__all__ = ["CALLER", "NEVER", "NO", "NOT_SURE", "NOW", "PAST", "YES", "Key", "Question", "is_told", "questions_of"]

Section: TypeAlias = Literal["person", "condition", "treatment", "allergy", "statement", "observation"]
Expects: TypeAlias = Literal["yes or no", "lasting", "sex", "date", "birth date", "number"]
Key: TypeAlias = tuple[Section, str, str]
"""One question is asked once, over all trials: its section, what it is about, and what of it."""

CALLER: Final = "caller"
YES: Final = "yes"
NO: Final = "no"
NOW: Final = "yes, now"
PAST: Final = "in the past"
NEVER: Final = "never"
NOT_SURE: Final = "not sure"
_CHOICES: Final[dict[str, tuple[str, ...]]] = {
    "yes or no": (YES, NO),
    "lasting": (NOW, PAST, NEVER),
    "sex": ("female", "male"),
}


_YOU: Final = "about you"


@dataclass(frozen=True, slots=True)
class Question:
    """One thing to ask a caller.

    ``about`` is a concept of the vocabulary, a field of the profile, or the words of a statement; ``aspect`` what of
    it: ``presence``, ``day``, ``first day``, ``last day``, ``value``, ``answer``. ``text`` is what is said; ``unit`` is
    that of a number.
    """

    section: Section
    about: str
    aspect: str
    expects: Expects
    topic: str
    text: str
    unit: str | None = None

    @property
    def key(self) -> Key:
        """By which it is the same question in another trial."""
        return self.section, self.about, self.aspect

    @property
    def choices(self) -> tuple[str, ...]:
        """The words that may be answered; none for a date or a number. "not sure" always may."""
        return _CHOICES.get(self.expects, ())

    @property
    def effort(self) -> float:
        """How hard it is to answer on the telephone; 1 is a word."""
        efforts = asking().effort
        return efforts["statement"] if self.section == "statement" else efforts[self.expects]


def questions_of(leaf: Verdict, *, ask_labs: bool = False) -> tuple[Question, ...]:
    """The questions that may settle an open leaf of a verdict, in the order in which they make sense.

    None for what a caller cannot know. Whether somebody is pregnant is asked when it is known not to be a man.

    Of a fact that the caller has given and that is not enough the days are asked next, and only of such a fact: what a
    chart says is for the site to complete.
    """
    rule = leaf.rule
    sex = Question("person", "sex", "value", "sex", _YOU, said("sex"))
    if isinstance(rule, PatientAttribute):
        own = Question("person", rule.attribute, "value", "yes or no", _YOU, said(rule.attribute))
        return (sex, own) if rule.attribute in OF_WOMEN else (own,)
    found = sex if isinstance(rule, Sex) else _question_of(leaf, ask_labs=ask_labs)
    return () if found is None else (found,)


def _question_of(leaf: Verdict, *, ask_labs: bool) -> Question | None:
    rule = leaf.rule
    match rule:
        case Age():
            return Question("person", "birth_date", "value", "birth date", _YOU, said("birth date"))
        case Condition():
            return _of_condition(leaf, rule)
        case Treatment():
            return _of_treatment(leaf, rule)
        case Allergy():
            name = rule.concept.name
            if leaf.cause is not Cause.MISSING or not known_to_caller("treatment", name):
                return None
            return Question("allergy", name, "presence", "yes or no", "allergies", said("allergy", name))
        case Statement(text=text, who="caller"):
            return Question("statement", text, "answer", "yes or no", _EVERYDAY, said("statement", text))
        case Measurement() if ask_labs and leaf.cause is Cause.MISSING and not rule.qualifiers and rule.limit.unit:
            name = rule.analyte.name
            text = said("value", name)
            return Question("observation", name, "value", "number", "test results", text, rule.limit.unit)
    return None


def _of_condition(leaf: Verdict, rule: Condition) -> Question | None:
    name = rule.concept.name
    if not known_to_caller("condition", name):
        return None
    topic = topic_of("condition", name)
    if leaf.cause is Cause.MISSING or not _speaks_of(leaf, name):
        if happens(name):
            return Question("condition", name, "presence", "yes or no", topic, said("event", name))
        return Question("condition", name, "presence", "lasting", topic, said("condition", name))
    raw = _told(leaf)
    if not isinstance(raw, ConditionFact) or not _is_of_days(rule):
        return None
    own = raw.name
    if happens(own) and raw.onset is None:
        return Question("condition", own, "first day", "date", topic, said("happened", own))
    if raw.status == "resolved" and raw.end is None and rule.moment != "start":
        return Question("condition", own, "last day", "date", topic, said("ended", own))
    if raw.onset is None and (rule.moment == "start" or rule.lasting is not None):
        return Question("condition", own, "first day", "date", topic, said("began", own))
    return None


def _of_treatment(leaf: Verdict, rule: Treatment) -> Question | None:
    if rule.time == "planned" or (rule.window is not None and _lies_ahead(rule.window)):
        return None
    name = rule.concept.name
    if not known_to_caller("treatment", name):
        return None
    topic = topic_of("treatment", name)
    sort = _sort(name)
    if leaf.cause is Cause.MISSING or not _speaks_of(leaf, name):
        expects: Expects = "lasting" if sort == "drug" else "yes or no"
        return Question("treatment", name, "presence", expects, topic, said(sort, name))
    raw = _told(leaf)
    if not isinstance(raw, TreatmentFact) or not _is_of_days(rule):
        return None
    own = raw.name
    if _sort(own) != "drug":
        return Question("treatment", own, "day", "date", topic, said("done", own)) if raw.date is None else None
    if raw.status == "completed" and raw.end is None and rule.moment != "start":
        return Question("treatment", own, "last day", "date", topic, said("stopped", own))
    if raw.start is None and (rule.moment == "start" or rule.lasting is not None):
        return Question("treatment", own, "first day", "date", topic, said("started", own))
    return None


def _speaks_of(leaf: Verdict, name: str) -> bool:
    """Whether a leaf rests on a fact of the very thing, or of a kind of it, and not of what may only hint at it."""
    return any(isinstance(one, Fact) and name in one.name.up for one in leaf.used)


def _told(leaf: Verdict) -> ConditionFact | TreatmentFact | AllergyFact | None:
    """The only fact that a leaf rests on, where the caller has given it in this call."""
    if leaf.cause is Cause.CONTRADICTION or len(leaf.used) != 1 or not isinstance(leaf.used[0], Fact):
        return None
    raw = leaf.used[0].raw
    return raw if is_told(raw) else None


def is_told(raw: ConditionFact | TreatmentFact | AllergyFact) -> bool:
    """Whether the caller has said so."""
    return raw.source is not None and raw.source.who == CALLER


def _is_of_days(rule: Condition | Treatment) -> bool:
    return rule.window is not None or rule.lasting is not None


def _lies_ahead(window: Window) -> bool:
    return window.start is not None and (window.end is None or window.end.value < 0)


def _sort(name: str) -> Literal["drug", "vaccine", "procedure"]:
    """How one speaks of a treatment: it is taken, given, or had."""
    entry = vocabulary().entry("treatment", name)
    kind = str(entry.facts.get("type", "")) if entry is not None else ""
    if kind == "vaccine":
        return "vaccine"
    return "procedure" if kind in _HAD else "drug"


_HAD: Final = frozenset(("surgery", "procedure", "transplant", "radiation", "device"))
_EVERYDAY: Final = "everyday life"
