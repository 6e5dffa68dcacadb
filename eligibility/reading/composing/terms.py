"""What the parts of the composer hand to one another: items, what is inherited, and the composer itself."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

from eligibility.knowledge.qualifiers import Qualifier, qualifiers
from eligibility.reading.context import Context
from eligibility.reading.drafts import Draft
from eligibility.reading.lexing.tokens import EITHER, Token
from eligibility.reading.phrases import AgeRead, ConsentRead, Measured, Noun
from eligibility.reading.quantities import Bounds, Since, WindowRead
from eligibility.reading.sentences import Element, Group, ListRead, Sentence, Tail
from eligibility.rules import Finding, PatientAttribute, Rule, Statement

__all__ = [
    "ALTERNATIVES",
    "FRAMES",
    "PEOPLE",
    "Composing",
    "Core",
    "Inherited",
    "Item",
    "StatementRead",
    "all_people",
    "is_consent",
    "is_contraception",
    "is_fertile",
    "is_person",
    "is_pregnancy",
    "is_pregnancy_test",
    "names_people",
    "qualifier_name",
    "says_how_it_is",
    "tells_how_it_is",
]

FRAMES: Final = frozenset(
    "HISTORY KNOWN SUSPECTED DIAGNOSIS PRESENCE PRIOR CURRENT PLANNED USE PROGRESSED REFRACTORY_TO RELAPSED_AFTER "
    "INTOLERANT ALLERGY POSITIVE NEGATIVE OTHER CONTRAINDICATION EITHER_WAY".split()
)
"""What may stand before a name and say in which way it is meant: "history of", "suspected", "intolerant to".

``EITHER_WAY`` holds two runs of the others: "taking, or planning to take".
"""

ALTERNATIVES: Final = EITHER | {"COMMA"}
"""What stands between the alternatives of a list."""

PEOPLE: Final = frozenset(("FEMALE", "MALE", "CHILDBEARING", "NOT_CHILDBEARING"))
"""Names of those whom a criterion is about."""


@dataclass(slots=True)
class StatementRead:
    """Words that only an answer settles, or a field of the profile that says the same."""

    draft: Draft


@dataclass(slots=True, init=False)
class Inherited:
    """What a lead-in gives to the bullets under it: "History of any of the following within 6 months:".

    ``qualifiers``: what each of the diseases must be, "uncontrolled: A or B". ``any_``: they stand as one list, of
    which it asks for any.
    """

    frames: list[Token]
    qualifiers: list[Token]
    window: WindowRead | None
    since: Since | None
    negated: bool
    any_: bool

    def __init__(
        self,
        frames: list[Token] | None = None,
        window: WindowRead | None = None,
        since: Since | None = None,
        negated: bool = False,
        any_: bool = False,
        qualifiers: list[Token] | None = None,
    ) -> None:
        self.frames = frames if frames is not None else []
        self.qualifiers = qualifiers if qualifiers is not None else []
        self.window, self.since, self.negated, self.any_ = window, since, negated, any_

    def __bool__(self) -> bool:
        return bool(self.frames or self.window or self.since or self.negated or self.any_ or self.qualifiers)


Core: TypeAlias = Noun | Measured | AgeRead | ConsentRead | StatementRead


class Composing(ABC):
    """The composer as its parts see it: what all of them need to know, and the ways back into a sentence or a list.

    ``people``: where the sentence names those whom it is about. ``excepting``: within an exception, behind which words
    may be about what it is an exception to. Nobody changes one.
    """

    def __init__(self, context: Context, people: tuple[int, ...] = (), *, excepting: bool = False) -> None:
        self.context = context
        self.text = context.text
        self.low = context.low
        self.exclusion = context.exclusion
        self.people = people
        self.excepting = excepting

    @abstractmethod
    def literally(self) -> Composing:
        """The same for words that mean what they say, whatever section they stand in."""

    @abstractmethod
    def excluding(self) -> Composing:
        """The same for the words of something that must not be."""

    @abstractmethod
    def within_exception(self) -> Composing:
        """The same for the words of an exception."""

    @abstractmethod
    def sentence(self, sentence: Sentence, inherited: Inherited) -> Draft | None:
        """The draft of a sentence; None where it holds nothing."""

    @abstractmethod
    def listed(
        self, read: ListRead, inherited: Inherited, *, top: bool = False, plain: bool = False, any_: bool | None = None
    ) -> Draft | None:
        """The draft of a list; None where it holds nothing. ``plain``: required in itself, whatever the section."""

    @abstractmethod
    def fold(
        self, main: Draft | None, tail: Tail, following: Sequence[Tail], inherited: Inherited
    ) -> tuple[Draft | None, int]:
        """What a tail makes of what precedes it, and how many of the following tails it has taken with it."""


QUALIFIER_REACHES: Final = "a qualifier that may reach over the list"


class Item:
    """One element of a list while the list is being composed."""

    def __init__(self, start: int, end: int, negations: list[Token]) -> None:
        self.start = start
        self.end = end
        self.negations = negations
        self.core: Core | None = None
        self.window: WindowRead | None = None
        self.window_at = (end, end)
        self.limit: Token | None = None  # the limit right behind its unread words
        self.lead_window: WindowRead | None = None
        self.since: Since | None = None
        self.bounds: Bounds | None = None  # a limit without its analyte
        self.modifiers: list[Token] = []  # qualifiers, grades ... without a head
        self.frames: list[Token] = []  # "history of", without a head
        self.also: list[Core] = []  # further phrases side by side
        self.level: Measured | None = None  # what it is the level of, or its size
        self.beside: list[Draft] = []  # narrowing
        self.shared: list[Draft] = []  # narrowing that the last of a list may share with it
        self.groups: list[Group] = []
        self.aside: Group | None = None  # the parenthesis that closes the words beside it
        self.words: Token | None = None  # unread words alone
        self.unclear = False
        self.doubted: Noun | Measured | None = None  # what it may be an "and" to, not only an alternative
        self.other_than: Noun | None = None  # what is named before it, where it is any other of its kind
        self.under: Noun | None = None  # what it is one of the treatments of, which is said once
        self.beside_or_not: Draft | None = None  # unread words of the item before it that may be about it, too
        self.perhaps: Item | None = None  # the last of its list, whose further phrases may be about it, too
        self.shares_head = False  # its noun is said once, behind the last of them: "alcohol or drug abuse"
        self.elided = False  # the rest of its name is said later in the list
        self.led: Token | None = None  # the name that it is if the first word of the one before it is its own, too
        self.leads = False  # its window has been given to the others
        self.again = False  # it is the one before it at another time: "asthma, or within 3 years"
        self.clause = True  # its verb may begin a clause of its own

    @property
    def cores(self) -> list[Core | None]:
        """Its phrase, and the further ones."""
        return [self.core, *self.also]

    @property
    def core_end(self) -> int:
        """Where its phrase ends."""
        core = self.core
        return core.draft.end if isinstance(core, StatementRead) else core.end if core is not None else self.start


def is_consent(rule: Rule) -> bool:
    """Whether it is the consent to take part."""
    return isinstance(rule, PatientAttribute) and rule.attribute == "consent"


def is_contraception(rule: Rule) -> bool:
    """Whether it is the use of contraception."""
    return isinstance(rule, PatientAttribute) and rule.attribute == "contraception"


def is_fertile(rule: Rule) -> bool:
    """Whether it is that somebody can bear children."""
    return isinstance(rule, PatientAttribute) and rule.attribute == "childbearing_potential"


def is_pregnancy(rule: Rule) -> bool:
    """Whether it is pregnancy or breastfeeding."""
    return isinstance(rule, PatientAttribute) and rule.attribute in ("pregnant", "breastfeeding")


def is_pregnancy_test(rule: Rule) -> bool:
    """Whether it is the result of a pregnancy test."""
    return isinstance(rule, Finding) and "pregnancy" in rule.test.name


def names_people(core: object) -> bool:
    """Whether a phrase names people, and nothing else."""
    return isinstance(core, Noun) and core.kinds <= PEOPLE and bool(core.kinds)


def is_person(item: Item) -> bool:
    """Whether an item begins with the people that it is about."""
    return names_people(item.core)


def qualifier_name(token: Token) -> str:
    """The name of a qualifier; of anything else, nothing."""
    return token.value.name if isinstance(token.value, Qualifier) else ""


def _names_people(atom: Token, element: Element) -> bool:
    """Whether it names people, or is said of those whom it names right behind: "sexually active men"."""
    if isinstance(atom.value, StatementRead):
        return atom is not element.atoms[-1] and isinstance(atom.value.draft.rule, Statement)
    return isinstance(atom.value, Noun) and atom.value.kinds <= PEOPLE


_HOW_IT_IS: Final = frozenset(
    "severity seriousness control symptoms treatment activity acuity stability significance".split()
)


def says_how_it_is(token: Token) -> bool:
    """Whether it says what any disease may be, so that it may stand before a list of them: "uncontrolled"."""
    return token.type == "QUALIFIER" and isinstance(token.value, Qualifier) and token.value.axis in _HOW_IT_IS


def tells_how_it_is(word: str) -> bool:
    """As :func:`says_how_it_is`, of a word of a text."""
    known = qualifiers().find(word)
    return known is not None and known.axis in _HOW_IT_IS


def all_people(read: ListRead) -> bool:
    """Whether a list names nothing but groups of people, each of them others than the rest."""
    kinds = [
        atom.value.kinds
        for element in read.elements
        for atom in element.atoms
        if not isinstance(atom, Group) and isinstance(atom.value, Noun)
    ]
    if {"FEMALE"} in kinds and {"CHILDBEARING"} in kinds and {"MALE"} not in kinds:
        return False  # "female and of childbearing potential"
    return all(
        not element.negations
        and all(
            not isinstance(atom, Group) and atom.type == "FACT" and _names_people(atom, element)
            for atom in element.atoms
        )
        for element in read.elements
    )
