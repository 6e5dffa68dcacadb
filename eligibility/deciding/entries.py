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

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from eligibility.deciding import matching
from eligibility.deciding.matching import Fit
from eligibility.knowledge.vocabulary import Kind
from eligibility.patient.chart import Fact
from eligibility.rules import Concept
from eligibility.truth import Status, all_of, negate

__all__ = ["Search", "Weighed", "search"]


@dataclass(slots=True)
class Search:
    """What to look for: the facts, and how to tell whether one fits."""

    kind: Kind
    concept: Concept
    facts: Iterable[Fact]
    holds: Callable[[Fact], Status]  # its time, qualifiers and the rest, but for its concept
    excepted: Callable[[Fact], Status]
    denies: Callable[[Fact], bool]  # whether an absence is as broad as the rule in all but its concept


@dataclass(slots=True)
class Weighed:
    """The facts, sorted by what they say."""

    met: list[Fact] = field(default_factory=list)
    maybe: list[Fact] = field(default_factory=list)  # of this concept, or a kind of it; something else is open
    broader: list[Fact] = field(default_factory=list)  # may be of this concept
    failed: list[Fact] = field(default_factory=list)  # of this concept, and definitely not what is asked for
    unplaced: list[Fact] = field(default_factory=list)  # may be anything
    absent: list[Fact] = field(default_factory=list)
    not_current: list[Fact] = field(default_factory=list)

    @property
    def contradicted(self) -> list[Fact]:
        """The facts that fit although another one denies the very same thing."""
        return [
            fact for fact in (*self.met, *self.maybe) if any(matching.same(fact.name, no.name) for no in self.absent)
        ]


def search(wanted: Search) -> Weighed:
    """Sort all facts of a chart by what they say about what is wanted."""
    found = Weighed()
    for fact in wanted.facts:
        if fact.negative:
            if matching.covered(fact, wanted.concept, wanted.kind) and wanted.denies(fact):
                found.absent.append(fact)
            continue
        fits = matching.fit(fact, wanted.concept, wanted.kind)
        if fits is Fit.IS_NOT:
            continue
        if fact.state == "not current" and matching.covered(fact, wanted.concept, wanted.kind) and wanted.denies(fact):
            found.not_current.append(fact)
        holds = wanted.holds(fact)
        if holds is not Status.UNMET:
            holds = all_of((holds, negate(wanted.excepted(fact))))
        if holds is Status.UNMET:
            if fits is Fit.IS:
                found.failed.append(fact)
        elif fits is Fit.UNPLACED:
            found.unplaced.append(fact)
        elif fits is Fit.MAY_BE:
            found.broader.append(fact)
        elif holds is Status.MET:
            found.met.append(fact)
        else:
            found.maybe.append(fact)
    return found
