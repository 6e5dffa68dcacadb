"""The chart: one profile compiled for evaluation. Names are canonical, dates are intervals of day numbers.

Numbers are converted where they are first asked for, and kept. A chart belongs to one profile and never changes; it is
kept with the profile, so that a thousand criteria compile it once.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from eligibility.knowledge import words
from eligibility.knowledge.tables import charted_no_allergies, charted_origins, results
from eligibility.knowledge.vocabulary import Kind, vocabulary
from eligibility.patient.facts import Fact, allergy_of, conditions_of, dated, reaction_of, treated_with, treatment_of
from eligibility.patient.names import Naming
from eligibility.patient.profile import Observation, PatientProfile
from eligibility.patient.results import conditions_named, kinds_of, observations_of

__all__ = ["Chart", "chart_of"]


class Chart:
    """All facts of one profile, found by what they are about. ``as_of`` is a day number.

    ``conditions``, ``treatments`` and ``allergies`` are the facts listed as such, and the reactions that are listed as
    conditions; ``observations`` are by the canonical name, or the words, of what was observed.
    """

    __slots__ = (
        "_conditions",
        "_seen",
        "_treatments",
        "allergies",
        "as_of",
        "closed",
        "conditions",
        "denied",
        "observations",
        "profile",
        "sex",
        "told",
        "treatments",
    )

    def __init__(self, profile: PatientProfile, as_of: int) -> None:
        """Of a profile that is true on the day number ``as_of``."""
        self.profile = profile
        self.as_of = as_of
        self.sex = profile.sex or ("female" if profile.pregnant or profile.breastfeeding else None)
        self.closed = profile.complete
        naming = Naming()
        self.observations = observations_of(profile, naming)
        told = (*profile.conditions, *conditions_named(self.observations, as_of))
        self.conditions = dated([fact for raw in told for fact in conditions_of(raw, as_of, naming)])
        told_by = [raw for fact in self.conditions for raw in treated_with(fact, naming)]
        self.treatments = tuple([treatment_of(raw, as_of, naming) for raw in (*profile.treatments, *told_by)])
        there = [fact for fact in self.conditions if fact.state == "there" and not fact.suspected and fact.name.exact]
        diseases_ = frozenset().union(*[fact.name.up for fact in there])
        for fact in self.treatments:
            if getattr(fact.raw, "reason", None) is None:
                fact.with_diseases = diseases_
        none = [raw for raw in profile.allergies if charted_no_allergies().get(naming.keys(raw.name)) == "any"]
        if none and len(none) == len(profile.allergies):
            self.closed = (*self.closed, "allergies")
        listed = [allergy_of(raw, as_of, naming) for raw in profile.allergies if raw not in none]
        reactions = [found for fact in self.conditions if (found := reaction_of(fact, naming)) is not None]
        self.allergies = (*listed, *reactions)
        denied = [fact.raw.name for fact in (*self.conditions, *self.treatments) if _denied_by_name(fact)]
        self.denied = (*denied, *_answered(self.observations, positive=False))
        """What was never there, in words that the vocabulary does not know."""
        named = [name for fact in self.conditions if _told_by_name(fact, as_of) for name in _with_attribute(fact)]
        self.told = (*named, *_origins(profile), *_answered(self.observations, positive=True))
        """What is there, in words that the vocabulary does not know."""
        self._conditions = _about("condition", self.conditions, self.treatments, naming)
        self._treatments = _about("treatment", self.treatments, self.conditions, naming)
        self._seen: dict[str, Sequence[Observation]] | None = None

    def facts(self, kind: Kind) -> tuple[Fact, ...]:
        """Every fact that is about a thing of this kind, whatever section it is listed in."""
        return self._conditions if kind == "condition" else self._treatments

    def seen(self, name: str) -> Sequence[Observation]:
        """The observations of an analyte, and of everything that is a kind of it."""
        kinds = kinds_of(name)
        if len(kinds) == 1:
            return self.observations.get(name, ())
        if self._seen is None:
            self._seen = {}
        known = self._seen.get(name)
        if known is None:
            known = tuple([one for own, found in self.observations.items() if own in kinds for one in found])
            self._seen[name] = known
        return known


def _about(kind: Kind, own: tuple[Fact, ...], other: tuple[Fact, ...], naming: Naming) -> tuple[Fact, ...]:
    """The facts of one section, and those of the other that are, or may be, about a thing of this kind."""
    strays = [fact for fact in other if fact.name.kind == kind or _may_name(fact, kind, naming)]
    return (*own, *strays) if strays else own


def _may_name(fact: Fact, kind: Kind, naming: Naming) -> bool:
    """Whether a name that the vocabulary does not know has words for a thing of this kind; a brand has none."""
    if fact.name.kind is not None:
        return False
    return len(fact.name.words) > 1 or naming.name(fact.raw.name, kind).kind is not None


def _origins(profile: PatientProfile) -> list[str]:
    """Of what people somebody is said to be."""
    given = [each for each in profile.observations if isinstance(each.value, str)]
    return [str(each.value) for each in given if words.keys(each.name) in charted_origins()]


def _with_attribute(fact: Fact) -> Iterator[str]:
    """The name of a fact, alone and with each of its attributes, as an adverb, too: "permanently wheelchair-bound"."""
    name = fact.raw.name
    yield name
    for text in fact.raw.qualifiers:
        yield from (f"{text} {name}", f"{text}ly {name}")


def _answered(observations: Mapping[str, Sequence[Observation]], *, positive: bool) -> list[str]:
    """What is observed to be so, or not to be, in words that the vocabulary does not know: "bedridden: no"."""
    known, wanted = vocabulary(), results().positive if positive else results().negative
    return [
        seen[0].name
        for name, seen in observations.items()
        if known.entry("measurement", name) is None
        and known.entry("condition", name) is None
        and all(isinstance(each.value, str) and words.keys(each.value) in wanted for each in seen)
    ]


def _told_by_name(fact: Fact, as_of: int) -> bool:
    """Whether it is there, under a name that the vocabulary does not know."""
    return fact.state == "there" and not fact.name.exact and not fact.suspected and fact.first_high <= as_of


def _denied_by_name(fact: Fact) -> bool:
    """Whether it is denied altogether, under a name that the vocabulary does not know."""
    return fact.negative and not fact.name.exact and not fact.raw.qualifiers and fact.raw.site is None


def chart_of(profile: PatientProfile, on: date) -> Chart:
    """The chart of a profile; without an ``as_of`` the profile is true on the day ``on``."""
    as_of = (profile.as_of or on).toordinal()
    kept = profile.__dict__.get("_chart")
    if isinstance(kept, Chart) and kept.profile is profile and kept.as_of == as_of:  # not that of a copy
        return kept
    chart = Chart(profile, as_of)
    profile.__dict__["_chart"] = chart
    return chart
