"""Lists of facts: whether a chart holds one that fits a rule, or can say that it holds none.

The one place that knows the open world, complete sections, the direction of is-a, and what outweighs what:

- a fact that fits decides, unless another fact about the very same thing denies it: that is a contradiction;
- an absence decides for all that is a kind of what is absent; a specific fact outweighs it for its own time;
- a complete list says no only if the vocabulary can place the rule and every fact that might matter, and nothing
  elsewhere in the profile speaks for it;
- a disease that a patient has once is spoken for by its one entry;
- anything else is unknown.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Final, Generic, TypeAlias, TypeVar

from eligibility.deciding import matching, timing
from eligibility.deciding.case import Case, Decider
from eligibility.deciding.kept import kept
from eligibility.deciding.matching import Fit
from eligibility.deciding.verdict import Cause, Verdict
from eligibility.knowledge.vocabulary import Kind, texts, vocabulary
from eligibility.patient.facts import Fact
from eligibility.rules import All, Allergy, Ambiguous, Any, AtLeast, Concept, Condition, Not, Rule, Treatment
from eligibility.truth import Status, agreed, all_of, any_of, at_least, negate

__all__ = ["Facts", "OfCase", "Search", "Weigh", "Weighed", "excepted", "none_since", "told", "without_its_parts"]

Facts: TypeAlias = tuple[Fact, ...]

R = TypeVar("R", Allergy, Condition, Treatment)


class Weighed:
    """The facts, sorted by what they say."""

    __slots__ = ("absent", "broader", "failed", "maybe", "met", "not_current", "otherwise", "unplaced")

    def __init__(self) -> None:
        """Nothing found yet."""
        self.met: Facts = ()
        self.maybe: Facts = ()  # of this concept, or a kind of it; something else is open
        self.broader: Facts = ()  # may be of this concept
        self.failed: Facts = ()  # of this concept, and definitely not what is asked for
        self.otherwise: Facts = ()  # may be of this concept, and definitely not what is asked for
        self.unplaced: Facts = ()  # may be anything
        self.absent: Facts = ()
        self.not_current: Facts = ()

    @property
    def contradicted(self) -> Facts:
        """The facts that fit although another one denies the very same thing."""
        return tuple([fact for fact in (*self.met, *self.maybe) if any(_denied(fact, no) for no in self.absent)])

    def settle(self) -> None:
        """Take out what is open only in what an absence says: stage II, and "metastatic" is absent."""
        self.maybe = tuple([fact for fact in self.maybe if not any(_open_in(fact, no) for no in self.absent)])


def _open_in(fact: Fact, absence: Fact) -> bool:
    """Whether what an absence says is what a fact leaves open: no investigational therapy, and a chemotherapy."""
    if matching.same(fact.name, absence.name):
        return not _denied(fact, absence)
    broader = absence.name.exact and absence.name.own <= fact.name.up and bool(absence.qualifiers)
    return broader and matching.qualified(fact, absence.qualifiers) is not Status.MET


def _denied(fact: Fact, absence: Fact) -> bool:
    """Whether an absence is one of this very fact: it says no more than the fact does."""
    return matching.same(fact.name, absence.name) and (
        matching.qualified(fact, absence.qualifiers) is Status.MET if absence.qualifiers else True
    )


OfCase: TypeAlias = Callable[[Case, Fact], Status]
"""What a rule, but for its concept and its exceptions, says of a fact."""
Weigh: TypeAlias = Callable[[Case, Facts], Weighed]
"""How facts are sorted by what they say about what a rule wants."""


_SUSPECTED: Final = "suspected"


class Search(Generic[R]):
    """How facts of one kind are compared with rules of one kind.

    ``holds``: a rule's time, qualifiers and the rest; ``excepted``: whether an exception of the rule holds of a fact;
    ``denies``: whether an absence is as broad as the rule in all but its concept.
    """

    __slots__ = ("_about", "_denies", "_excepted", "_holds", "_kind")

    def __init__(
        self,
        kind: Kind,
        holds: Callable[[R], OfCase],
        excepted: Callable[[Case, tuple[Rule, ...], Fact], Status],
        denies: Callable[[Case, R, Fact], bool],
    ) -> None:
        """For the facts about things of this kind."""
        self._kind: Kind = kind
        self._about: Callable[[Concept], matching.About] = kept(partial(matching.About, kind=kind))
        self._holds: Callable[[R], OfCase] = holds
        self._excepted = excepted
        self._denies: Callable[[Case, R, Fact], bool] = denies

    def of(self, rule: R) -> Weigh:
        """How facts are sorted by what they say about what a rule wants."""
        about, holds, exceptions = self._about(rule.concept), self._holds(rule), rule.exceptions
        concept, kind = rule.concept, self._kind
        excepted, denies = self._excepted, self._denies
        sure = not (_SUSPECTED in rule.qualifiers or (not isinstance(rule, Treatment) and rule.suspected))
        named = [self._about(each) for each in matching.named_with(concept, rule.qualifiers, kind)]
        asked = matching.worded(concept, rule.qualifiers) if concept.open or rule.qualifiers else None
        worded = asked if concept.open else None

        def covered(fact: Fact) -> bool:
            if asked is not None and matching.is_worded_so(fact, asked):
                return True
            return about.covered(fact) or any(each.covered(fact) for each in named)

        def weigh(case: Case, facts: Facts) -> Weighed:
            found = Weighed()
            for fact in facts:
                if fact.negative:
                    if covered(fact) and denies(case, rule, fact):
                        found.absent += (fact,)
                    continue
                fits = about.fit(fact)
                if worded is not None and fits is not Fit.IS and matching.is_worded_so(fact, worded):
                    fits = Fit.IS
                if fits is Fit.IS_NOT:
                    continue
                if fits is Fit.MAY_BE and matching.otherwise(fact, concept, kind):
                    found.failed += (fact,)
                    continue
                if fact.state == "not current" and covered(fact) and denies(case, rule, fact):
                    found.not_current += (fact,)
                status = holds(case, fact)
                if exceptions and status is not Status.UNMET:
                    status = all_of((status, negate(excepted(case, exceptions, fact))))
                if sure and fact.suspected and status is Status.MET:
                    status = Status.UNKNOWN
                if status is Status.UNMET:
                    if fits is Fit.IS:
                        found.failed += (fact,)
                    elif fits is Fit.MAY_BE:
                        found.otherwise += (fact,)
                elif fits is Fit.UNPLACED:
                    found.unplaced += (fact,)
                elif fits is Fit.MAY_BE:
                    found.broader += (fact,)
                elif status is Status.MET:
                    found.met += (fact,)
                else:
                    found.maybe += (fact,)
            if found.absent and found.maybe:
                found.settle()
            return found

        return weigh


OfFact: TypeAlias = Callable[[Case, Rule, Fact], Status | None]


def excepted(case: Case, exceptions: tuple[Rule, ...], fact: Fact, of_fact: OfFact) -> Status:
    """Whether an exception holds of this very fact.

    ``of_fact``: what a rule of the fact's own kind says of it; None for a rule of another kind, which is asked of the
    patient.
    """
    return any_of(_exception(case, rule, fact, of_fact) for rule in exceptions) if exceptions else Status.UNMET


def _exception(case: Case, rule: Rule, fact: Fact, of_fact: OfFact) -> Status:
    match rule:
        case All(parts=parts):
            return all_of(_exception(case, part, fact, of_fact) for part in parts)
        case Any(parts=parts):
            return any_of(_exception(case, part, fact, of_fact) for part in parts)
        case AtLeast(count=count, parts=parts):
            return at_least(count, [_exception(case, part, fact, of_fact) for part in parts])
        case Not(part=part):
            return negate(_exception(case, part, fact, of_fact))
        case Ambiguous(readings=readings):
            return agreed(_exception(case, reading, fact, of_fact) for reading in readings)
        case _:
            found = of_fact(case, rule, fact)
            return case.decide(rule).status if found is None else found


def without_its_parts(rule: R, kind: Kind, decided: Decider, by_its_facts: Callable[..., Decider]) -> Decider:
    """The decision on a rule; of what consists of others, such as "hepatitis B or C", that it is not where none is.

    ``by_its_facts`` makes the decision on a rule of the same class, by the facts that are such themselves.
    """
    entry = None if rule.concept.open else vocabulary().entry(kind, rule.concept.name)
    names = texts(entry.facts.get("consists_of")) if entry is not None else ()
    if not names or getattr(rule, "count", None) is not None:
        return decided
    parts = [by_its_facts(rule.model_copy(update={"concept": Concept(name=name)})) for name in names]

    def none_of_them(case: Case) -> Verdict:
        verdict = decided(case)
        if verdict.status is not Status.UNKNOWN:
            return verdict
        found = [decide(case) for decide in parts]
        if any(one.status is not Status.UNMET for one in found):
            return verdict
        return Verdict(Status.UNMET, rule, case, tuple([fact for one in found for fact in one.used]))

    return none_of_them


def none_since(case: Case, rule: Condition | Treatment, facts: Facts, kind: Kind) -> Facts:
    """The facts that say when there was the last of what a rule wants in a window, if that was before it began."""
    if rule.window is None:
        return ()
    first = timing.bounds(case, rule.window)[0]
    lasts = [fact for fact in facts if fact.name.said == "last" and not fact.negative and fact.last_high < first]
    return tuple([fact for fact in lasts if matching.covered(fact, rule.concept, kind)])


def told(case: Case, rule: R, found: Weighed, unknown: Callable[[Case, R, Cause, Facts], Verdict]) -> Verdict | None:
    """What the facts found say by themselves; None where only a complete list could say more."""
    if found.absent:
        against: Facts = found.contradicted
        if against:
            return unknown(case, rule, Cause.CONTRADICTION, (*against, *found.absent))
        if found.met:
            return Verdict(Status.MET, rule, case, found.met)
        if found.maybe:
            return unknown(case, rule, Cause.NOT_STATED, found.maybe)
        return Verdict(Status.UNMET, rule, case, found.absent)
    if found.met:
        return Verdict(Status.MET, rule, case, found.met)
    if found.maybe or found.broader:
        return unknown(case, rule, Cause.NOT_STATED, (*found.maybe, *found.broader))
    return None
