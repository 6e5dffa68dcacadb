"""Whether a fact is what a rule speaks of: its concept, qualifiers, stage and grade."""

from __future__ import annotations

import re
from enum import Enum
from functools import lru_cache
from typing import Final

from eligibility.deciding import places
from eligibility.deciding.comparing import compare
from eligibility.deciding.other_kinds import of_another_kind
from eligibility.knowledge import charted, tables, words
from eligibility.knowledge.attributes import caused
from eligibility.knowledge.qualifiers import RESOLVED, qualifiers
from eligibility.knowledge.tnm import PATTERN, holds, tnm, together
from eligibility.knowledge.vocabulary import ANY_TREATMENT, Entry, Kind, vocabulary
from eligibility.patient.facts import FUTURE, Fact
from eligibility.patient.names import Name, content, name_of, plain_words
from eligibility.patient.profile import ConditionFact, Interval, TreatmentFact
from eligibility.patient.results import interval
from eligibility.rules import Concept, Limit
from eligibility.truth import Status, all_of, any_of, of

__all__ = [
    "About",
    "Fit",
    "covered",
    "fit",
    "given",
    "given_as",
    "grade",
    "has_route",
    "is_route",
    "is_worded_so",
    "named_with",
    "otherwise",
    "placed",
    "qualified",
    "same",
    "stage",
    "worded",
]


class Fit(Enum):
    """How a fact's concept stands to a rule's."""

    IS = 1  # it is that, or a kind of it
    MAY_BE = 2  # it is something broader, or may be it, depending on what is not said
    UNPLACED = 3  # the vocabulary cannot say what it is
    IS_NOT = 4


_TREATS: Final = frozenset(("drug", "class", "radiation", "transplant", "cell"))


def _any_treatment(name: Name) -> Fit:
    """Whether it is a treatment rather than a test or a prevention; an operation may be either."""
    if name.kind != "treatment" or not name.own:
        return Fit.UNPLACED
    found = [vocabulary().entry("treatment", own) for own in name.own]
    return Fit.IS if all(e is not None and e.facts.get("type") in _TREATS for e in found) else Fit.MAY_BE


@lru_cache(maxsize=16384)
def _may_be(kind: Kind, concept: str) -> frozenset[str]:
    """What a concept may be: a pancreatic cancer an adenocarcinoma, so that an adenocarcinoma may be one."""
    entry = vocabulary().entry(kind, concept)
    return frozenset(entry.facts.get("may_be") or ()) if entry is not None else frozenset()


def _may_count_as(name: Name, concept: str, kind: Kind) -> bool:
    """Whether it may be meant by a name of no settled bounds: any drug may be called a "vasoactive" one."""
    entry = vocabulary().entry(kind, concept)
    if entry is None or not entry.facts.get("loose"):
        return False
    return not entry.is_a or not name.up.isdisjoint(entry.is_a)


@lru_cache(maxsize=16384)
def _kinds_by_use(own: frozenset[str], kind: Kind) -> frozenset[str]:
    """What things that are named by their use are kinds of: of an "adjuvant chemotherapy" any drug may be part."""
    entries = [vocabulary().entry(kind, one) for one in own]
    return frozenset(up for entry in entries if entry for up in _whatever_its_use(entry)) - {"drug"}


def _whatever_its_use(entry: Entry) -> frozenset[str]:
    """Of what is named by its use, the kinds that are not: an "adjuvant chemotherapy" is a chemotherapy."""
    if not entry.facts.get("circumstance"):
        return frozenset()
    above = ((name, vocabulary().entry(entry.kind, name)) for name in entry.is_a)
    return frozenset([name for name, kind in above if kind is None or not kind.facts.get("circumstance")])


def _fit(name: Name, concept: str, is_open: bool, broader: tuple[str, ...], kind: Kind) -> Fit:
    if concept in name.own and name.kind == kind:
        return Fit.IS
    if concept == ANY_TREATMENT and kind == "treatment":
        return _any_treatment(name)
    if plain_words(concept) == name.words:
        return Fit.IS
    if not is_open:
        if name.kind != kind:
            return Fit.IS_NOT if name.placed and name.exact else Fit.UNPLACED
        if concept in name.up or _is_all_of(name.up, concept, kind):
            return Fit.IS
        ancestors = vocabulary().ancestors(kind, concept)
        possible = ancestors | _may_be(kind, concept)
        if concept in name.may_be or name.own & possible or _kinds_by_use(name.own, kind) & ancestors:
            return Fit.MAY_BE
        if not name.may_be.isdisjoint(_kinds_by_route(concept)):
            return Fit.MAY_BE
        return Fit.MAY_BE if _may_count_as(name, concept, kind) else Fit.IS_NOT
    if name.kind != kind:
        return Fit.IS_NOT if name.placed else Fit.UNPLACED
    for broad in broader:
        if broad in name.up or name.own & vocabulary().ancestors(kind, broad):
            return Fit.MAY_BE
    return Fit.IS_NOT if name.placed else Fit.UNPLACED


def _is_all_of(kinds: frozenset[str], concept: str, kind: Kind) -> bool:
    """Whether it is all that a concept consists in being: a major surgery and an abdominal one."""
    entry = vocabulary().entry(kind, concept)
    return entry is not None and bool(entry.facts.get("intersection")) and kinds.issuperset(entry.is_a)


def fit(fact: Fact, concept: Concept, kind: Kind) -> Fit:
    """How the fact's concept stands to ``concept``; the route of a drug, or a site, can tell what kind it is."""
    found = _fit(fact.name, concept.name, concept.open, concept.broader, kind)
    if concept.open and found is not Fit.IS and fact.qualifiers and _said_of(fact, concept, kind):
        return Fit.IS
    may_be_so = found is Fit.MAY_BE or (found is not Fit.IS and _COMES_OF.search(concept.name) is not None)
    if may_be_so and kind == "condition" and fact.qualifiers and _named_so(fact, concept.name):
        return Fit.IS
    if found is Fit.MAY_BE and kind == "condition" and _is_of_its_kind(fact, concept):
        return Fit.IS
    if found is not Fit.IS and kind == "treatment" and (told := _by_site(fact, concept)) is not None:
        return told
    if (
        found is Fit.MAY_BE
        and kind == "treatment"
        and (_by_reason(fact, concept.name) or _used_so(fact.name.own | fact.name.up, _use_of(fact), concept.name))
    ):
        return Fit.IS
    if found is Fit.MAY_BE and kind == "treatment" and _goes_on(fact) and _is_whatever_goes_on(concept.name):
        return _any_treatment(fact.name)
    if (
        found is Fit.MAY_BE
        and kind == "treatment"
        and fact.route
        and (concept.name in fact.name.may_be or _kinds_by_route(concept.name) & (fact.name.own | fact.name.may_be))
    ):
        return _by_route(fact.name.own, fact.name.may_be, concept.name, routes(fact.route))
    return found


def _goes_on(fact: Fact) -> bool:
    return fact.state == "there" and getattr(fact.raw, "status", None) in (None, "ongoing") and fact.last_low == FUTURE


@lru_cache(maxsize=1024)
def _is_whatever_goes_on(concept: str) -> bool:
    """Whether a treatment is so called only because it is given at the same time: a concomitant one."""
    entry = vocabulary().entry("treatment", concept)
    return entry is not None and bool(entry.facts.get("going_on"))


def _by_reason(fact: Fact, concept: str) -> bool:
    """Whether what a drug was given for tells that it is of a class that it may be: a methotrexate for arthritis."""
    reason = getattr(fact.raw, "reason", None)
    if not isinstance(reason, str):
        return bool(fact.with_diseases) and concept in fact.name.may_be and _is_beside_its_disease(fact, concept)
    named = name_of(reason.partition(" for ")[0], "treatment")  # "hormone replacement for hot flashes"
    if named.kind == "treatment" and named.exact and concept in named.up:
        return True
    return concept in _classes_for(fact.name.own, name_of(reason, "condition").up)


def _is_beside_its_disease(fact: Fact, concept: str) -> bool:
    """Whether a drug for which no reason is told is of a class that it may be by the disease that is there: a
    metoprolol beside a hypertension."""
    entry = vocabulary().entry("treatment", concept)
    given_with = entry.facts.get("given_with", {}) if entry is not None else {}
    kinds = {kind for disease, kinds in given_with.items() if disease in fact.with_diseases for kind in kinds}
    return not kinds.isdisjoint(fact.name.up) and given("systemic", fact) is Status.MET


@lru_cache(maxsize=4096)
def _classes_for(own: frozenset[str], treated: frozenset[str]) -> frozenset[str]:
    """The classes of which drugs are that are given for a disease, and what those are kinds of."""
    known = vocabulary()
    above = {up for name in own for up in known.ancestors("treatment", name)}
    possible = {each for name in above for each in _may_be("treatment", name)}
    entries = [entry for name in possible if (entry := known.entry("treatment", name)) is not None]
    meant = [entry.name for entry in entries if not treated.isdisjoint(entry.facts.get("given_for", ()))]
    return frozenset(up for name in meant for up in known.ancestors("treatment", name))


def _use_of(fact: Fact) -> tuple[str, ...]:
    """What is said of the use of a drug, be it as its reason: "adjuvant", "adjuvant treatment of breast cancer"."""
    reason = getattr(fact.raw, "reason", None)
    return (*fact.qualifiers, reason.split()[0]) if isinstance(reason, str) and reason.strip() else fact.qualifiers


def _said_of(fact: Fact, concept: Concept, kind: Kind) -> bool:
    """Whether the attributes of a fact say what an open concept does.

    A prostate cancer with "small cell features" shows these; an investigational product that is "nonbiological" is a
    nonbiological investigational product.
    """
    keys = words.afresh()
    if kind == "condition" and any(content(keys(text)) == plain_words(concept.name) for text in fact.qualifiers):
        return True
    beside = _beside_the_broader(concept, kind)
    return beside is not None and not beside[1].isdisjoint(fact.name.up) and _qualified(fact, beside[0]) is Status.MET


def _is_of_its_kind(fact: Fact, concept: Concept) -> bool:
    """Whether the name of a fact has the adjective by which the concept is told from what both are: a "bacterial
    osteomyelitis" is a bacterial infection."""
    told = _adjective(concept.name) if not concept.open else None
    return told is not None and told[1] in fact.name.up and _stands_in(fact.raw.name, told[0])


@lru_cache(maxsize=16384)
def _adjective(concept: str) -> tuple[str, str] | None:
    """The first word of a name, and what the rest of it names, which it is a kind of: bacterial, infection."""
    first, _, rest = concept.partition(" ")
    entry = vocabulary().find(rest, "condition") if rest else None
    if entry is None or entry.name == concept or not vocabulary().is_a("condition", concept, entry.name):
        return None
    return first, entry.name


_COMES_OF: Final = re.compile(r"\b(?:complications?|adverse events?|reactions?|toxicit(?:y|ies))$")
"""Of what anything may be one that comes of something: a pneumonia that is an "AIDS-related complication"."""


def _named_so(fact: Fact, concept: str) -> bool:
    """Whether an attribute of what may be the concept names it: a cocaine use disorder that is a "cocaine abuse"."""
    entries = [vocabulary().find(text, "condition") for text in fact.qualifiers]
    return any(concept in vocabulary().ancestors("condition", entry.name) for entry in entries if entry is not None)


@lru_cache(maxsize=4096)
def _used_so(kinds: frozenset[str], said: tuple[str, ...], concept: str) -> bool:
    """Whether an attribute says the use by which a class is named: a neoadjuvant docetaxel is such a chemotherapy."""
    entry = vocabulary().entry("treatment", concept)
    if not said or entry is None or not entry.facts.get("circumstance"):
        return False
    if not kinds.issuperset(_whatever_its_use(entry)):
        return False
    named = words.keys(concept)
    for text in said:
        known = qualifiers().find(text)
        use = words.keys(known.name if known is not None else text)
        of_what = vocabulary().find(" ".join(named[len(use) :]), "treatment")
        if named[: len(use)] == use and (of_what is None or of_what.name in kinds):
            return True
    return False


@lru_cache(maxsize=4096)
def _beside_the_broader(concept: Concept, kind: Kind) -> tuple[str, frozenset[str]] | None:
    """What the words of an open concept say of that of which it is a kind; None where they are not parted so."""
    said = words.keys(concept.name)
    for start in range(1, len(said)):
        entry = vocabulary().find(" ".join(said[start:]), kind)
        if entry is not None:
            before = " ".join(said[:start])
            return (before, frozenset((entry.name,))) if entry.name in concept.broader else None
    return None


def _by_site(fact: Fact, concept: Concept) -> Fit | None:
    """Whether it is what the concept names, done there: a "thoracic radiotherapy". None where no site makes it so."""
    place = _site_of(concept)
    if place is None or place[1].isdisjoint(fact.name.up):
        return None
    return _FITS[places.site(place[0], fact.raw.site, fact.raw.name)]


_FITS: Final = {Status.MET: Fit.IS, Status.UNKNOWN: Fit.MAY_BE, Status.UNMET: Fit.IS_NOT}


@lru_cache(maxsize=4096)
def _site_of(concept: Concept) -> tuple[str, frozenset[str]] | None:
    """The site that a treatment is named by, and what it is a kind of."""
    entry = None if concept.open else vocabulary().entry("treatment", concept.name)
    place = entry.facts.get("site") if entry is not None else None
    return (str(place), frozenset(entry.is_a)) if entry is not None and place else None


def named(name: Name, concept: Concept, kind: Kind) -> Fit:
    """How a name that stands in another fact (the reason of a treatment) stands to ``concept``."""
    return _fit(name, concept.name, concept.open, concept.broader, kind)


def routes(text: str) -> str:
    """The usual name of a route of administration."""
    low = " ".join(text.lower().split())
    return tables.routes().names.get(low, low)


def is_route(text: str) -> bool:
    """Whether a word is a way by which drugs are given: "intravenous", "systemic"."""
    known = tables.routes()
    return routes(text) in known.groups or text.lower() in known.names


def given(wanted: str, fact: Fact) -> Status:
    """Whether a treatment is given by the route that a rule names.

    Of what has none told, whether it is systemic: a drug is, unless it comes in local forms; of a class nobody can say.
    """
    if fact.route is not None or routes(wanted) != "systemic":
        return route(wanted, fact.route)
    plain = fact.name.exact and fact.name.own and all(map(_is_drug, fact.name.own))
    return _systemic(fact.name) if plain else Status.UNKNOWN


def _systemic(name: Name) -> Status:
    known = tables.routes()
    if name.own and name.own <= known.local:
        return Status.UNMET
    return Status.UNKNOWN if name.own & (known.local | known.either) else Status.MET


def given_as(concept: Concept, fact: Fact) -> Status:
    """Whether a treatment is given as one must be to be what the concept names: no ointment inhibits CYP3A4.

    Where it is no more than usual, as of chemotherapy, another route leaves it open.
    """
    always, usual = _routes_of(concept)
    if always is not None:
        return _systemic(fact.name) if fact.route is None else route(always, fact.route)
    if usual is not None and fact.route is not None and route(usual, fact.route) is not Status.MET:
        return Status.UNKNOWN
    return Status.MET


def _is_drug(name: str) -> bool:
    entry = vocabulary().entry("treatment", name)
    return entry is not None and entry.facts.get("type") == "drug"


@lru_cache(maxsize=1024)
def _routes_of(concept: Concept) -> tuple[str | None, str | None]:
    """The route by which a treatment always, or usually, is what the concept names."""
    entry = None if concept.open else vocabulary().entry("treatment", concept.name)
    facts = entry.facts if entry is not None else {}
    return facts.get("by_route"), facts.get("usual_route")


def named_by_route(concept: Concept) -> str | None:
    """The route by which whatever is given is what the concept names, whichever drug it is: a systemic therapy."""
    entry = None if concept.open else vocabulary().entry("treatment", concept.name)
    return entry.facts.get("by_route") if entry is not None and entry.facts.get("circumstance") else None


def has_route(concept: Concept) -> bool:
    """Whether it matters to the concept by which route something is given."""
    return _routes_of(concept) != (None, None)


def route(wanted: str, given: str | None) -> Status:
    """Whether what is given by one route is given by the route that a rule names."""
    if given is None:
        return Status.UNKNOWN
    asked, found = routes(wanted), routes(given)
    if asked == found:
        return Status.MET
    groups = tables.routes().groups
    if asked in groups:
        if found in groups[asked]:
            return Status.MET
        return Status.UNMET if found in groups["systemic"] | groups["local"] else Status.UNKNOWN
    if found in groups or (asked == "topical" and found in groups["local"]):  # eye drops are called topical, too
        return Status.UNKNOWN if asked == "topical" or asked in groups[found] else Status.UNMET
    known = tables.routes().names
    return Status.UNMET if asked in known and found in known else Status.UNKNOWN


@lru_cache(maxsize=4096)
def _kinds_by_route(concept: str) -> frozenset[str]:
    """What a class that is named by a route consists of: of corticosteroids, if they are taken by mouth."""
    entry = vocabulary().entry("treatment", concept)
    by_route = entry is not None and entry.facts.get("type") == "class" and bool(entry.facts.get("routes"))
    return frozenset(entry.is_a) if entry is not None and by_route else frozenset()


@lru_cache(maxsize=16384)
def _by_route(own: frozenset[str], may_be: frozenset[str], concept: str, given: str) -> Fit:
    # The classes by route that this very drug may belong to: one that it only shares a broad class with says nothing.
    # Nor does one of a class that it may only be: an oral steroid is no calcineurin inhibitor for that.
    known = vocabulary()
    possible = own | may_be
    surely = own.union(*[known.ancestors("treatment", name) for name in own])
    reached = [
        entry
        for entry in known.having("routes")
        if entry.kind == "treatment"
        and given in entry.facts["routes"]
        and not possible.isdisjoint((entry.name, *entry.is_a))
        and (entry.name in possible or not surely.isdisjoint(entry.is_a))
    ]
    above = {up for entry in reached for up in known.ancestors("treatment", entry.name)}
    if concept in above:
        return Fit.IS
    entries = (known.entry("treatment", up) for up in above)
    if not reached or any(concept in entry.facts.get("may_be", ()) for entry in entries if entry):
        return Fit.MAY_BE
    return Fit.IS_NOT


def covered(fact: Fact, concept: Concept, kind: Kind) -> bool:
    """Whether what the fact says to be absent includes everything that the concept is."""
    name = fact.name
    if plain_words(concept.name) == name.words:
        return True
    if not name.exact or name.kind != kind:
        return False
    known = vocabulary()
    if not concept.open:
        return bool(name.own & known.ancestors(kind, concept.name))
    return any(name.own & known.ancestors(kind, broad) for broad in concept.broader)


def no_narrower(concept: Concept, qualifiers_: tuple[str, ...], said: tuple[str, ...]) -> bool:
    """Whether all that an absence says beside its name is asked for, too: as an attribute, or in the unknown words of
    what is asked for, "inactive ingredients of the tablet"."""
    own = frozenset(plain_words(concept.name)) if concept.open else frozenset[str]()
    return all(own.issuperset(plain_words(text)) or any(implied(one, text) for one in qualifiers_) for text in said)


def named_with(concept: Concept, qualifiers_: tuple[str, ...], kind: Kind) -> tuple[Concept, ...]:
    """What has a name of its own that a concept is with one of the qualifiers: a diabetic nephropathy that is chronic
    is a chronic kidney disease."""
    if concept.open or not qualifiers_:
        return ()
    known = vocabulary()
    pairs = [
        (known.find(f"{text} {up}", kind), up) for up in known.ancestors(kind, concept.name) for text in qualifiers_
    ]
    return tuple(
        [
            Concept(name=entry.name)
            for entry, up in pairs
            if entry is not None and entry.name != up and known.is_a(kind, entry.name, up)
        ]
    )


@lru_cache(maxsize=16384)
def _named_attributes(name: str, kind: Kind) -> tuple[str, ...]:
    """What the name of a concept says of a broader one, as does what it always is: "severe asthma" is severe."""
    ancestors = vocabulary().ancestors(kind, name)
    said = words.keys(name)
    for start in range(1, len(said)):
        entry = vocabulary().find(" ".join(said[start:]), kind, said[start:])
        found = qualifiers().find(" ".join(said[:start])) if entry is not None and entry.name in ancestors else None
        if found is not None and found.axis != "laterality":
            return (found.name, *_always(ancestors, kind))
    return _always(ancestors, kind)


def worded(concept: Concept, qualifiers_: tuple[str, ...]) -> frozenset[str]:
    """The words in which a rule asks for what the vocabulary does not know."""
    return frozenset(plain_words(" ".join((*qualifiers_, concept.name)))) - _WHERE


def is_worded_so(fact: Fact, asked: frozenset[str]) -> bool:
    """Whether a fact is called by nothing but these words, and by all of them: a "nerve compression" at the "cervical
    region" of a nerve compression at cervical region."""
    name = frozenset(fact.name.words) - _WHERE
    if not name <= asked:
        return False
    if name == asked:
        return True
    keys = words.afresh()
    said = frozenset(key for text in (*fact.qualifiers, fact.raw.site or "") for key in keys(text))
    return asked <= name | said and _NOT.isdisjoint(said)


_WHERE: Final = frozenset(("at", "on", "in"))


def otherwise(fact: Fact, concept: Concept, kind: Kind) -> bool:
    """Whether a fact of something broader is said to be otherwise than the concept: a mild asthma is no severe one."""
    if concept.open or fact.name.own.isdisjoint(vocabulary().ancestors(kind, concept.name)):
        return False
    known = qualifiers()
    named = _named_attributes(concept.name, kind)
    return any(known.excludes(text, wanted) for text in stated(fact) for wanted in named)


def may_be_called(fact: Fact, concept: Concept, kind: Kind) -> bool:
    """Whether the fact may be what an open concept names, though no word tells: it is of that kind, if known."""
    if not concept.open:
        return False
    known = vocabulary()
    name = fact.name
    return not concept.broader or any(
        broad in name.up or name.own & known.ancestors(kind, broad) for broad in concept.broader
    )


def same(a: Name, b: Name) -> bool:
    """Whether two names stand for the same thing."""
    return a.words == b.words or (a.exact and b.exact and a.kind == b.kind and a.own == b.own)


def placed(concept: Concept) -> bool:
    """Whether a complete list can say no to it: the vocabulary knows it, or of what it is a kind."""
    return not concept.open or bool(concept.broader)


class About:
    """One concept of a rule: how the names of facts stand to it, worked out once for each name of the vocabulary."""

    __slots__ = ("_comes_of", "_concept", "_covers", "_fits", "_kind", "_open", "_sited")

    _MOST = 4096

    def __init__(self, concept: Concept, kind: Kind) -> None:
        """Of a concept of this kind."""
        self._concept = concept
        self._kind = kind
        self._open = concept.open
        self._comes_of = kind == "condition" and _COMES_OF.search(concept.name) is not None
        self._sited = kind == "treatment" and _site_of(concept) is not None
        self._fits: dict[Name, Fit] = {}
        self._covers: dict[Name, bool] = {}

    def fit(self, fact: Fact) -> Fit:
        """As :func:`fit`."""
        name = fact.name
        found = self._fits.get(name)
        if found is None:
            found = named(name, self._concept, self._kind)
            if name.listed and len(self._fits) < self._MOST:  # any other is a patient's own, and not to be kept
                self._fits[name] = found
        said = found is not Fit.IS and bool(fact.qualifiers) and (self._open or self._comes_of)
        open_ = found is Fit.MAY_BE or said or (found is not Fit.IS and self._sited)
        return fit(fact, self._concept, self._kind) if open_ else found

    def covered(self, fact: Fact) -> bool:
        """As :func:`covered`."""
        name = fact.name
        found = self._covers.get(name)
        if found is None:
            found = covered(fact, self._concept, self._kind)
            if name.listed and len(self._covers) < self._MOST:
                self._covers[name] = found
        return found


# ---------------------------------------------------------------------------------------------------------------------
# Qualifiers

_RESULT: Final = re.compile(
    r"(.+?)[\s-]+(positive|negative|mutated|mutant|mutation positive|amplified|wild[- ]type)$", re.IGNORECASE
)


def qualified(fact: Fact, wanted: tuple[str, ...]) -> Status:
    """Whether the fact has all the qualifiers; one that is not stated is unknown."""
    return all_of(_qualified(fact, text) for text in wanted) if wanted else Status.MET


def _qualified(fact: Fact, wanted: str) -> Status:
    found = _among(stated(fact), wanted)
    if wanted == "active" and found is Status.UNKNOWN:  # as what is on record is, unless it says otherwise
        return Status.UNKNOWN if any(map(_CALM.search, stated(fact))) else Status.MET
    if found is Status.UNKNOWN and isinstance(fact.raw, ConditionFact) and _is_by_listing(wanted):
        return Status.UNKNOWN if any(implied(text, "suspected") for text in stated(fact)) else Status.MET
    if found is Status.UNKNOWN and isinstance(fact.raw, ConditionFact) and implied(RESOLVED, wanted):
        found = _OVER.get(fact.raw.status or "", Status.UNKNOWN)
    if found is Status.UNKNOWN and wanted == "persistent" and getattr(fact.raw, "status", None) == "resolved":
        return Status.UNMET
    if found is Status.UNKNOWN and _EITHER_WORD.fullmatch(wanted) is not None:  # "focal/grid"
        return any_of([_qualified(fact, each) for each in wanted.split("/")])
    if found is Status.UNKNOWN and implied("in remission", wanted) and _is_free_of_it(fact):
        return Status.MET
    if found is Status.UNKNOWN and wanted == "cured" and isinstance(fact.raw, ConditionFact):
        found = _OVER.get(fact.raw.status or "", Status.UNKNOWN)
    if found is Status.UNKNOWN:
        name = fact.raw.name
        listed = fact.name.listed and fact.name.text == name
        if (_named if listed else _stands_in)(name, wanted) or caused(name, wanted):
            return Status.MET
        if fact.name.exact and len(fact.name.own) == 1 and any(_named(own, wanted) for own in fact.name.own):
            return Status.MET  # "COPD" is chronic and obstructive
        reason = getattr(fact.raw, "reason", None)
        if reason and wanted.startswith("for ") and _stands_in(reason, wanted.removeprefix("for ")):
            return Status.MET
        if reason and wanted.endswith(" setting") and _stands_in(reason, wanted.removesuffix(" setting")):
            return Status.MET
        if reason and (told := _among((reason,), wanted)) is not Status.UNKNOWN:
            return told  # given as "neoadjuvant"
        place = places.named_by(wanted)
        if place is not None:
            return places.site(place, fact.raw.site, name)
        if fact.raw.site is not None and (there := places.words_of(wanted)):
            return Status.MET if there <= set(words.afresh()(fact.raw.site)) else Status.UNKNOWN
        found = of_another_kind(fact, wanted, _is_of)
    return found


_IS: Final = {Fit.IS: Status.MET, Fit.IS_NOT: Status.UNMET}


def _is_of(fact: Fact, concept: Concept, kind: Kind) -> Status:
    return _IS.get(fit(fact, concept, kind), Status.UNKNOWN)


@lru_cache(maxsize=16384)
def _is_by_listing(wanted: str) -> bool:
    """Whether whatever is on record is so: "underlying", "recognized"."""
    return words.keys(wanted) in tables.charted_by_listing()


def _is_free_of_it(fact: Fact) -> bool:
    """Whether a disease is over: it has resolved, or there is no evidence of it."""
    return fact.state == "resolved" or any(map(_FREE.fullmatch, fact.qualifiers))


_FREE: Final = re.compile(
    r"(?:no|without)\s+(?:(?:any|current|subsequent|further|evidence|signs?|of)\s+)*(?:disease|recurrences?|relapses?|cancer|tumou?r)"
    r"|(?:disease|recurrence|relapse|cancer|tumou?r)[- ]free|NED|cured",
    re.IGNORECASE,
)


_EITHER_WORD: Final = re.compile(r"[a-z]{3,}(?:/[a-z]{3,})+", re.IGNORECASE)
_OVER: Final = {"resolved": Status.MET, "active": Status.UNMET}


def stated_in(given: tuple[str, ...], name: str, wanted: str) -> Status:
    """Whether an observation with these qualifiers and this name is qualified so."""
    found = _among(given, wanted)
    if found is not Status.UNKNOWN:
        return found
    if wanted.startswith("at ") and " or " in wanted:  # "at relapse or progression"
        first, _, second = wanted.partition(" or ")
        return any_of([stated_in(given, name, each) for each in (first, f"at {second}")])
    return Status.MET if _stands_in(name, wanted) or _begins_with(name, wanted) else found


def _begins_with(name: str, wanted: str) -> bool:
    """Whether a name begins with another word for the qualifier: "unintentional" of what is to be involuntary."""
    said = name.split()
    return any(implied(" ".join(said[:size]), wanted) for size in range(1, min(len(said), 4)))


_CALM: Final = re.compile(
    r"\b(?:stable|controlled|inactive|quiescent|suppressed|undetectable|remission|resolved|treated|asymptomatic)\b",
    re.IGNORECASE,
)
_NOT: Final = frozenset({"non", "not", "no", "without", "never", "un"})


def _stands_in(name: str, wanted: str) -> bool:
    """Whether the qualifier stands in the name itself."""
    here, there = words.keys(wanted), words.afresh()(name)
    for start in range(len(there) - len(here) + 1):
        if there[start : start + len(here)] == here and not (start and there[start - 1] in _NOT):
            return bool(here)
    return False


_named = lru_cache(maxsize=65536)(_stands_in)
"""For names of the vocabulary: those of a patient are not to be remembered."""


_DAILY: Final = re.compile(r"/d(?:ay)?\b|\bdaily\b|\bevery day\b|\b(?:q\.?d|b\.?i\.?d|t\.?i\.?d)\b", re.IGNORECASE)


def stated(fact: Fact) -> tuple[str, ...]:
    """Every word that narrows the fact: its qualifiers, its stage and its grade as one."""
    raw = fact.raw
    found = (*fact.qualifiers, *places.told_side(raw.site)) if raw.site is not None else fact.qualifiers
    if isinstance(raw, ConditionFact):
        found = (*found, *_always(fact.name.up, "condition"))
        if raw.stage:
            found = (*found, f"stage {_stage_word(raw.stage)}", raw.stage)
        found = (*found, *charted.severity(fact.name.up, found))
        if "metastatic disease" in fact.name.up:
            found = (*found, "metastatic")
        if isinstance(raw.grade, float):
            found = (*found, f"grade {raw.grade:g}")
    if isinstance(raw, TreatmentFact):
        found = (*found, *_always(fact.name.up, "treatment"))
        if "major surgery" in fact.name.up:
            found = (*found, "major")
    if isinstance(raw, TreatmentFact) and _DAILY.search(f"{raw.unit or ''} {raw.frequency or ''}"):
        found = (*found, "daily", "day to day", "regular", "regularly")
    if isinstance(raw, TreatmentFact) and raw.line is not None:
        found = (*found, {1: "first-line", 2: "second-line", 3: "third-line"}.get(raw.line, f"line {raw.line}"))
    return found


@lru_cache(maxsize=16384)
def _always(up: frozenset[str], kind: Kind) -> tuple[str, ...]:
    """What a thing is without its being said: an angina is symptomatic, a cord blood transplant allogeneic."""
    entries = [entry for name in up if (entry := vocabulary().entry(kind, name)) is not None]
    found = {text for entry in entries for text in entry.facts.get("always", ())}
    found |= {text for entry in entries for text in entry.facts.get("defined_by", {}).get("qualifiers", ())}
    return tuple(sorted(found))


@lru_cache(maxsize=65536)
def _among(said: tuple[str, ...], wanted: str) -> Status:
    known = qualifiers()
    stated_words = charted.meant(said)
    if any(known.implies(text, wanted) for text in stated_words):
        return Status.MET
    opposite = _denied(wanted)
    for text in stated_words:
        if known.excludes(text, wanted) or words.keys(text) == opposite or _denied(text) == words.keys(wanted):
            return Status.UNMET
    if (undone := _by_denials(stated_words, wanted)) is not Status.UNKNOWN:
        return undone
    if any(_scored(text, wanted) for text in stated_words):
        return Status.UNMET
    return Status.UNKNOWN


def _by_denials(stated_words: tuple[str, ...], wanted: str) -> Status:
    """What denied attributes say: what requires no treatment requires none that is systemic."""
    known = qualifiers()
    asked = charted.denied(wanted)
    for text in stated_words:
        told = charted.denied(text)
        if asked is None and told is not None and known.implies(wanted, told):
            return Status.UNMET
        if asked is not None and told is not None and known.implies(asked, told):
            return Status.MET
        if asked is not None and told is None and known.implies(text, asked):
            return Status.UNMET
    return Status.UNKNOWN


def implied(text: str, wanted: str) -> bool:
    """Whether what is ``text`` is ``wanted``."""
    return qualifiers().implies(text, wanted)


def _denied(text: str) -> tuple[str, ...]:
    """``not in remission`` << ``in remission``."""
    keys = words.keys(text)
    return keys[1:] if keys[:1] in (("not",), ("no",), ("without",)) else ("not", *keys)


_SCORE: Final = re.compile(
    r"^(.*?\b(?:class|stage|grade|score|group|type|risk))\s+([IVX]+|\d+[A-E]?|[A-E])$", re.IGNORECASE
)


def _scored(a: str, b: str) -> bool:
    """Whether both are values of one score, and different: ``NYHA class II``, ``NYHA class IV``. Grade 3 may be 3A."""
    first, second = _SCORE.match(a.strip()), _SCORE.match(b.strip())
    if first is None or second is None or words.keys(first[1]) != words.keys(second[1]):
        return False
    one, other = first[2].upper(), second[2].upper()
    if one.isdigit() != other.isdigit() and one.rstrip("ABCDE") == other.rstrip("ABCDE"):
        return False
    return one != other


def result_qualifier(wanted: str) -> tuple[str, str] | None:
    """``HER2-positive`` >> the test and its result, where the vocabulary knows the test."""
    match = _RESULT.match(wanted.strip())
    if match is None:
        return None
    entry = vocabulary().find(match[1], "measurement")
    return (entry.name, match[2].lower()) if entry is not None else None


# ---------------------------------------------------------------------------------------------------------------------
# Stage, grade

_ARABIC: Final = {"0": "0", "1": "I", "2": "II", "3": "III", "4": "IV", "5": "V"}
_STAGE: Final = re.compile(r"^(0|I?V|I{1,3})\s*-?\s*([A-D]?\d?)(?:\s.*)?$")
_TNM: Final = re.compile(r"\b[cpy]*T(?:\d|is|X)\w*\s*N(?:\d|X)\w*\s*M([01X])", re.IGNORECASE)


def _stage_word(text: str) -> str:
    bare = re.sub(r"(?i)^stage\s+", "", text.strip())
    match = re.match(r"^([0-5])([A-Da-d]\d?)?$", bare)
    return _ARABIC[match[1]] + (match[2] or "").upper() if match else bare


@lru_cache(maxsize=16384)
def _one_stage(wanted: str, given: str) -> Status:
    asked, found = _stage_word(wanted).upper(), _stage_word(given).upper()
    if asked == found:
        return Status.MET
    if (limits := tnm(wanted)) is not None:
        said = tnm(given)
        return of(holds(limits, said)) if said is not None else Status.UNKNOWN
    if spread := _TNM.search(found):
        metastasized = spread[1]
        asked_stage = _STAGE.match(asked)
        if asked_stage and asked_stage[1] == "IV" and metastasized in "01":
            return Status.MET if metastasized == "1" and not asked_stage[2] else Status.UNKNOWN
        return Status.UNMET if metastasized == "1" and asked_stage else Status.UNKNOWN
    left, right = _STAGE.match(asked), _STAGE.match(found)
    if left and right:
        if left[1] != right[1]:
            return Status.UNMET
        if right[2].startswith(left[2]):
            return Status.MET
        return Status.UNKNOWN if left[2].startswith(right[2]) else Status.UNMET
    if bool(left) == bool(right):
        known = qualifiers()
        if known.implies(given, wanted) or words.keys(given) == words.keys(wanted):
            return Status.MET
        if known.excludes(given, wanted) or {asked, found} == {"LIMITED", "EXTENSIVE"}:
            return Status.UNMET
    return Status.UNKNOWN


def stage(fact: Fact, wanted: tuple[str, ...]) -> Status:
    """Whether the fact is of one of the stages."""
    raw = fact.raw
    given = [raw.stage] if isinstance(raw, ConditionFact) and raw.stage else []
    given += [text for text in fact.qualifiers if text.lower().startswith("stage ") or PATTERN.fullmatch(text)]
    if whole := together(fact.qualifiers):
        given = [*(text for text in given if not PATTERN.fullmatch(text)), whole]
    staged_so = not tables.diseases().spread_is_stage_iv.isdisjoint(fact.name.up)
    if not given and staged_so and _among(stated(fact), "metastatic") is Status.MET:
        given = ["IV"]
    if given:
        by_tnm = [text for text in given if tnm(text) is not None]  # a group of stages says nothing of it
        return any_of(_one_stage(one, text) for one in wanted for text in (tnm(one) and by_tnm) or given)
    by_words = any_of(_among(fact.qualifiers, one) for one in wanted)
    return by_words if by_words is Status.MET else Status.UNKNOWN


def grade(fact: Fact, wanted: Limit) -> Status:
    """Whether the fact's grade lies within the limit; severity words are not grades."""
    raw = fact.raw
    given = raw.grade if isinstance(raw, ConditionFact) else None
    if given is None or isinstance(given, str):
        for text in fact.qualifiers:
            if match := re.search(r"(?i)\bgrade\s+(\d)(?:\s*(?:-|to|or)\s*(\d))?", text):
                given = Interval(float(match[1]), float(match[2] or match[1]))
                break
        else:
            return Status.UNKNOWN
    return compare(interval(given), wanted)
