"""The facts of a profile compiled for evaluation: names are canonical, dates are intervals of day numbers."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from functools import lru_cache
from typing import Final, Literal, TypeAlias

from eligibility.knowledge import words
from eligibility.knowledge.causes import ADVERSE_EVENT, blamed
from eligibility.knowledge.charted import by_stage, is_of_others, meant
from eligibility.knowledge.derived import at_place
from eligibility.knowledge.qualifiers import qualifiers
from eligibility.knowledge.tables import charted_no_allergies, places_in, routes, sites
from eligibility.knowledge.vocabulary import ANY_DRUG, ONE_DAY, Entry, Kind, texts, vocabulary
from eligibility.patient.dates import DateRange
from eligibility.patient.lasted import lasted
from eligibility.patient.names import STOP, TREATED, Name, Naming
from eligibility.patient.profile import AllergyFact, ConditionFact, TreatmentFact

__all__ = [
    "FUTURE",
    "PAST",
    "Days",
    "Fact",
    "State",
    "allergy_of",
    "bounds",
    "conditions_of",
    "dated",
    "reaction_of",
    "treated_with",
    "treatment_of",
]

PAST = date.min.toordinal()
"""Before every day: the bound of a fact of which it is not known when it began."""
FUTURE = date.max.toordinal()
"""After every day: the bound of a fact that goes on."""

State: TypeAlias = Literal["there", "resolved", "not current", "absent", "planned"]
"""``there``: there is or was such a thing, and its period says when. ``absent``: not now, not ever."""


Days: TypeAlias = tuple[int, int, int, int]
"""When a fact held: its first day is from the first number to the second, its last from the third to the fourth."""

_NEVER: Final[Days] = (PAST, PAST, PAST, PAST)


class Fact:
    """A condition, a treatment or an allergy, as the chart knows it.

    Its first day is from ``first_low`` to ``first_high``, its last from ``last_low`` to ``last_high``.
    """

    __slots__ = (
        "event",
        "first_high",
        "first_low",
        "kind",
        "last_high",
        "last_low",
        "name",
        "negative",
        "qualifiers",
        "raw",
        "route",
        "site",
        "state",
        "suspected",
        "with_diseases",
    )

    def __init__(
        self,
        raw: ConditionFact | TreatmentFact | AllergyFact,
        name: Name,
        state: State,
        days: Days,
        event: bool,
        route: str | None = None,
        sited: bool = False,
    ) -> None:
        self.raw = raw
        self.name = name
        self.state = state
        self.first_low, self.first_high, self.last_low, self.last_high = days
        self.event = event
        said = (*raw.qualifiers, *name.qualifiers) if name.qualifiers else raw.qualifiers
        self.qualifiers = _with_states(said) if said else said
        self.suspected = name.said == "suspected" or (bool(self.qualifiers) and _suspected(self.qualifiers))
        """Whether it is said to be no more than suspected."""
        self.negative = state == "absent"
        """Whether it says that something is not, and never was, there."""
        self.kind: str | None = getattr(raw, "kind", None) or _type(name.own)
        """Of a treatment, what kind of one it is."""
        self.route = route
        """Of a treatment, how it is given."""
        self.site = None if sited else raw.site
        """Where in the body it is, if its name does not say it."""
        self.with_diseases: frozenset[str] = frozenset()
        """Of a treatment for which no reason is told, the diseases that are there, and what these are kinds of."""


@lru_cache(maxsize=16384)
def _with_states(said: tuple[str, ...]) -> tuple[str, ...]:
    """Qualifiers, and the states of which one says how long they have lasted: "stable for 3 months" is stable."""
    states = [found.state for text in said if (found := lasted(text)) is not None]
    return (*said, *states) if states else said


@lru_cache(maxsize=16384)
def _suspected(said: tuple[str, ...]) -> bool:
    return any(qualifiers().implies(text, "suspected") for text in meant(said))


def bounds(dates: DateRange | None) -> tuple[int, int] | None:
    """The first and the last day that a date may be."""
    return None if dates is None else (dates.low, dates.high)


@lru_cache(maxsize=16384)
def _event(up: frozenset[str]) -> bool:
    """Whether one of these conditions is an event."""
    known = vocabulary()
    return any((entry := known.entry("condition", one)) is not None and bool(entry.facts.get("event")) for one in up)


@lru_cache(maxsize=16384)
def _no_event(own: frozenset[str]) -> bool:
    """Whether one of these is said to go on, though what it is a kind of is an event: unstable angina."""
    entries = (vocabulary().entry("condition", one) for one in own)
    return any(entry is not None and entry.facts.get("event") is False for entry in entries)


@lru_cache(maxsize=16384)
def _type(own: frozenset[str]) -> str | None:
    """The kind of a treatment that the vocabulary gives."""
    for one in own:
        entry = vocabulary().entry("treatment", one)
        if entry is not None and entry.facts.get("type"):
            return str(entry.facts["type"])
    return None


@lru_cache(maxsize=16384)
def _at_once(own: frozenset[str]) -> bool:
    """Whether the vocabulary says that a treatment is given in one day; a dialysis goes on."""
    return _type(own) in ONE_DAY and not _is_course(own)


def _is_course(own: frozenset[str]) -> bool:
    """Whether a procedure is done again and again, or all the time, as a dialysis is."""
    entries = [vocabulary().entry("treatment", one) for one in own]
    return any(entry is not None and entry.facts.get("course") for entry in entries)


_SPREAD: Final = "metastatic disease"


def _also(name: Name, kind: Kind, more: str) -> Name:
    """The same name, known to be of one more kind."""
    return replace(name, up=name.up | vocabulary().ancestors(kind, more), listed=False)


def _narrowed(name: Name, kind: Kind, given: tuple[str, ...], naming: Naming) -> Name:
    """The same name, known to be what its qualifiers make of it: a mastectomy that is "major" is a major surgery."""
    if name.kind != kind:
        return name
    known = vocabulary()
    more: set[str] = set()
    for text in (*given, *_in_pairs(given)):
        keys = naming.keys(text)
        for own in name.own:  # a tuberculosis that is "latent" is no tuberculosis that is active
            other = known.find(f"{text} {own}", kind, (*keys, *words.keys(own)))
            if other is not None and len(name.own) == 1 and own not in known.ancestors(kind, other.name):
                return naming.name(other.name, kind)
        for up in name.up:
            for said, found in ((f"{text} {up}", (*keys, *words.keys(up))), (f"{up} {text}", (*words.keys(up), *keys))):
                entry = known.find(said, kind, found)  # "major surgery", "dyspnea at rest"
                own_kind = up in name.own and entry is not None and up in known.ancestors(kind, entry.name)
                if entry is not None and (own_kind or up in entry.is_a):
                    more.add(entry.name)
    for one in more - name.up:
        name = _also(name, kind, one)
    return name


def _with_both_sides(raw: ConditionFact | TreatmentFact) -> tuple[str, ...]:
    """The qualifiers of a fact; that it is on both sides may stand as its site."""
    both = raw.site is not None and raw.site.lower().startswith(("bilateral", "both "))
    return (*raw.qualifiers, "bilateral") if both else raw.qualifiers


def _in_pairs(given: tuple[str, ...]) -> list[str]:
    """Each two of them as one: an asthma that is "severe" and "persistent" is a severe persistent asthma."""
    if not 1 < len(given) <= _MOST_PAIRED:
        return []
    return [f"{first} {second}" for first in given for second in given if first != second]


_MOST_PAIRED: Final = 4


_SIDES: Final = frozenset(words.keys("left right both bilateral"))


def _at_its_site(raw: ConditionFact | TreatmentFact, name: Name, kind: Kind, naming: Naming) -> Name:
    """The same name, or the one of its kind that is there: metastases of the brain are brain metastases.

    What is absent on one side may be there on the other.
    """
    if raw.site is None or name.kind != kind or not name.exact or len(name.own) != 1:
        return name
    keys = naming.keys(raw.site)
    bare = tuple([word for word in keys if word not in _SIDES and word not in STOP])
    if raw.status in ("absent", "never") and not _SIDES.isdisjoint(keys):
        return name
    (own,), places = name.own, places_in(keys)[0]
    around = (sorted(places) if len(places) == 1 else []) if raw.status in ("absent", "never") else _around(places)
    for place in (bare, *map(words.keys, around)):
        entry = at_place(place, own, kind)
        if entry is None or entry.kind != kind:
            continue
        if own in vocabulary().ancestors(kind, entry.name):
            return replace(naming.name(entry.name, kind), qualifiers=name.qualifiers, said=name.said, listed=False)
        if raw.status not in ("absent", "never"):
            return _also(name, kind, entry.name)  # a carcinoma of the breast is a breast cancer
    return name


def _around(places: frozenset[str]) -> list[str]:
    """The part of the body that is named, and those that it is a part of, the nearest first; none of several parts
    that do not lie one within the other."""
    within = sites().within
    inner = max(places, key=lambda place: len(within[place]), default="")
    if not inner or not places <= within[inner] | {inner}:
        return []
    return sorted(within[inner] | {inner}, key=lambda place: (-len(within[place]), place))


def _spread(raw: ConditionFact, name: Name) -> bool:
    """Whether a condition is a cancer that is said to have spread: metastatic, or a solid tumor of stage IV."""
    if "malignancy" not in name.up:
        return False
    if any(qualifiers().implies(text, "metastatic") for text in (*raw.qualifiers, *name.qualifiers)):
        return True
    return "solid tumor" in name.up and raw.stage is not None and _STAGE_IV.match(raw.stage.strip()) is not None


def _adverse(raw: ConditionFact, name: Name) -> bool:
    """Whether a condition is said to come of a treatment, as no cancer does that is meant as one."""
    if name.kind != "condition" or "malignancy" in name.up:
        return False
    return any(map(blamed, (raw.name, *raw.qualifiers)))


_STAGE_IV: Final = re.compile(r"(?i)^(?:stage\s+)?(?:IV|4)(?:[ABC]\d?)?$")


def _name_in(raw: ConditionFact | TreatmentFact | AllergyFact, kind: Kind, naming: Naming) -> Name:
    code = raw.code
    return naming.name(raw.name, kind) if code is None else naming.name(raw.name, kind, code.system, code.code)


def conditions_of(raw: ConditionFact, as_of: int, naming: Naming) -> Iterator[Fact]:
    """What an entry says: of a former smoker, too, that there was smoking, and is none."""
    fact = _condition(raw, as_of, naming)
    yield fact
    if fact.state != "there" or fact.suspected:
        return
    for own in fact.name.own:
        for other, state in _told_of_others(own):
            days = _NEVER if state == "absent" else (PAST, as_of, PAST, as_of - 1)
            yield Fact(raw, naming.name(other, "condition"), state, days, False)
    for text in raw.qualifiers:
        if (entry := _assessed(text)) is not None:
            yield _condition(replace(raw, name=entry.name, code=None, qualifiers=()), as_of, naming)


@lru_cache(maxsize=4096)
def _assessed(text: str) -> Entry | None:
    """What an attribute says that was found to be there when the disease was assessed: "measurable (RECIST 1.1)"."""
    said = _BY_WHAT.sub("", text)
    for name in (said, f"{said} disease"):
        entry = vocabulary().find(name, "condition")
        if (
            entry is not None
            and entry.kind == "condition"
            and "tumor lesion" in vocabulary().ancestors("condition", entry.name)
        ):
            return entry
    return None


_BY_WHAT: Final = re.compile(r"\s*(?:\(.*\)|\b(?:by|per|according to|as per|on|under)\b.*)$", re.IGNORECASE)


def dated(facts: list[Fact]) -> tuple[Fact, ...]:
    """The facts without those that another entry only tells of, where their own says when that was: of a former smoker
    whose smoking has an end, this smoking."""
    ended = {own for fact in facts for own in fact.name.own if getattr(fact.raw, "end", None) is not None}
    return tuple(
        [
            fact
            for fact in facts
            if fact.state != "resolved" or fact.name.text == fact.raw.name or not fact.name.own <= ended
        ]
        if ended
        else facts
    )


@lru_cache(maxsize=16384)
def _told_of_others(name: str) -> tuple[tuple[str, State], ...]:
    """What a condition of the vocabulary tells of others, and how these are."""
    entry = vocabulary().entry("condition", name)
    facts = entry.facts if entry is not None else {}
    states: tuple[tuple[str, State], ...] = (("formerly", "resolved"), ("not_now", "not current"), ("never", "absent"))
    return tuple([(other, state) for field, state in states for other in texts(facts.get(field))])


def _condition(raw: ConditionFact, as_of: int, naming: Naming) -> Fact:
    plain = _name_in(raw, "condition", naming)
    if raw.qualifiers and is_of_others(raw.qualifiers):
        plain = Name(plain.text, (*plain.words, *naming.keys(" ".join(raw.qualifiers))), None)
    name = _at_its_site(raw, plain, "condition", naming)
    sited = name is not plain
    staged = (*raw.qualifiers, *name.qualifiers, *([f"stage {raw.stage}"] if raw.stage else []))
    if staged and raw.status != "absent" and (besides := by_stage(name.up, staged)) is not None:
        name = _also(name, "condition", besides)
    if raw.status in (None, "active") and staged and _spread(raw, name):
        name = _also(name, "condition", _SPREAD)
    if raw.status != "absent":
        if _adverse(raw, name):
            name = _also(name, "condition", ADVERSE_EVENT)
        if given := _with_both_sides(raw):
            name = _narrowed(name, "condition", given, naming)
    status = raw.status or ("absent" if name.said == "denied" else "active")
    onset = bounds(raw.onset)
    end = bounds(raw.end)
    if name.kind == "treatment" and status != "absent":  # "major surgery" among the conditions
        days = onset or end or (PAST, as_of)
        return Fact(raw, name, "there", (*days, *days), True)
    event = (_event(name.up) and not _no_event(name.own)) or (name.said == "last" and raw.end is None)
    if status == "absent":
        return Fact(raw, name, "absent", _NEVER, event, sited=sited)
    if event:
        if onset is None:
            onset = (PAST, end[1] if end else as_of)
        state: State = "not current" if status == "not current" and raw.onset is None else "there"
        return Fact(raw, name, state, (*onset, *onset), True)
    first = onset or (PAST, as_of)
    if status == "active" and raw.status is None and end is not None and end[1] <= as_of:
        status = "resolved"
    match status:
        case "active" if name.said == "past" and raw.status is None and end is None:
            last = (first[0], FUTURE)  # whether it is over is not said
            state = "there"
        case "active":
            last = (FUTURE, FUTURE) if end is None or end[0] <= as_of else end
            state = "there"
        case "resolved":
            last = end or (first[0], max(first[0], as_of - 1))
            state = "resolved"
        case _:
            last = end or (first[0], max(first[1], as_of - 1))
            state = "not current"
    if end is not None and last is end:
        first = (first[0], min(first[1], end[1]))
    return Fact(raw, name, state, (*first, max(last[0], first[0]), last[1]), False)


_NO_MORE: Final = re.compile(
    r"\b(?:(?:19|20)\d\d|until|till|stopped|off|formerly|previously|past|no|not)\b", re.IGNORECASE
)
_OUTCOMES: Final = {
    "resistance": "refractory",
    "resistant": "refractory",
    "unresponsive": "no response",
    "progressive": "progressed",
    "progressing": "progressed",
    "recurred": "relapsed",
}


def treated_with(fact: Fact, naming: Naming) -> Iterator[TreatmentFact]:
    """The treatments that a condition is said to be treated with, or not to have been helped by: of a kidney failure
    "requiring dialysis", of an ascites "refractory to diuretics", those.

    An operation that it requires need not have been done.
    """
    if fact.state not in ("there", "resolved") or fact.suspected or not isinstance(fact.raw, ConditionFact):
        return
    for own in fact.name.own:
        entry = vocabulary().entry("condition", own)
        if entry is not None and entry.facts.get("had"):
            yield TreatmentFact(name=str(entry.facts["had"]), status="completed")
    named = () if fact.name.own else (fact.raw.name,)  # "resistance to lenalidomide"
    for text in (*fact.raw.qualifiers, *fact.name.qualifiers, *named):
        match = TREATED.fullmatch(text)
        if match is None:
            continue
        what = match["what"] or match["once"] or match["done"] or match["given"]
        if match["now"] and _NO_MORE.search(what) is not None:
            continue
        name = naming.name(what, "treatment")
        if name.kind != "treatment" or not name.exact or name.said or (_at_once(name.own) and not match["done"]):
            continue
        ongoing = match["now"] and fact.state == "there" and (not fact.event or fact.raw.status == "active")
        yield TreatmentFact(
            name=what,
            reason=next(iter(fact.name.own)) if len(fact.name.own) == 1 else fact.raw.name,
            status="ongoing" if ongoing else "completed" if match["done"] else None,
            outcome=_OUTCOMES.get(outcome := match["outcome"].lower(), outcome) if match["outcome"] else None,
        )


def treatment_of(raw: TreatmentFact, as_of: int, naming: Naming) -> Fact:
    """What a profile lists among its treatments, on the day number ``as_of``."""
    plain = _name_in(raw, "treatment", naming)
    name = _at_its_site(raw, plain, "treatment", naming)
    sited = name is not plain
    if any(qualifiers().implies(text, "investigational") for text in (*raw.qualifiers, *name.qualifiers)):
        name = _also(name, "treatment", "investigational agent")
        if name.kind is None:
            name = replace(name, kind="treatment", listed=False)
    if raw.status != "never" and (given := _with_both_sides(raw)):
        name = _narrowed(name, "treatment", given, naming)
    if raw.status == "never" or (raw.status is None and name.said == "denied"):
        return Fact(raw, name, "absent", _NEVER, False, _told_route(raw, name), sited=sited)
    one_day = raw.kind in ONE_DAY and not _is_course(name.own) if raw.kind else _at_once(name.own)
    start, end = bounds(raw.first), bounds(raw.last)
    if one_day and start is not None and end is None:
        end = start
    status = raw.status
    if status is None:
        if start is not None and start[0] > as_of:
            status = "planned"
        elif end is not None or (one_day and start is not None):
            status = "completed"
        elif start is not None:
            status = "ongoing"
    match status:
        case "planned":
            first = start or (as_of + 1, FUTURE)
            last = end or ((first[0], first[1]) if one_day else (first[0], FUTURE))
        case "completed":
            top = end[1] if end else as_of
            first = start or (PAST, top)
            last = end or (first[0], max(first[1], as_of))
        case "ongoing":
            first = start or (PAST, as_of)
            last = end if end is not None and end[1] > as_of else (FUTURE, FUTURE)
        case _:
            first = start or (PAST, as_of)
            last = end or (first if one_day else (first[0], FUTURE))
    state: State = "planned" if status == "planned" else "resolved" if status == "completed" else "there"
    first_low, first_high = first
    last_low, last_high = last
    first_high = min(first_high, last_high)
    days = (first_low, max(first_low, first_high), max(first_low, last_low), last_high)
    return Fact(raw, name, state, days, False, _route(raw, name, naming))


def _route(raw: TreatmentFact, name: Name, naming: Naming) -> str | None:
    """How a treatment is given: as it is told, or by its form: a "mupirocin ointment"."""
    told = _told_route(raw, name)
    if told is not None:
        return told
    return _listed_form(name.text, name.own) if name.listed else _form(naming.keys(name.text), name.own)


def _told_route(raw: TreatmentFact, name: Name) -> str | None:
    if raw.route is not None:
        return raw.route
    known = routes().names
    return next((known[low] for text in (*raw.qualifiers, *name.qualifiers) if (low := text.lower()) in known), None)


def _form(said: tuple[str, ...], own: frozenset[str]) -> str | None:
    known = routes()
    for size in (3, 2, 1):
        for start in range(len(said) - size, -1, -1):
            if (route := known.forms.get(said[start : start + size])) is not None:
                return route
    for word in said:
        if word in known.names and word != "it":
            return known.names[word]
    entries = (vocabulary().entry("treatment", one) for one in own)
    given = {route for entry in entries if entry is not None for route in texts(entry.facts.get("routes"))}
    return given.pop() if len(given) == 1 else None


@lru_cache(maxsize=16384)
def _listed_form(text: str, own: frozenset[str]) -> str | None:
    return _form(words.keys(text), own)


_REACTIONS: Final = (
    "hypersensitivity reaction to", "allergic reaction to", "anaphylactic reaction to", "infusion reaction to",
    "hypersensitivity to", "anaphylaxis to", "allergy to", "intolerance to", "reaction to",
)  # fmt: skip
_REACTING: Final = re.compile(r" to| allergy")
"""What every one of them has in it."""


def allergy_of(raw: AllergyFact, as_of: int, naming: Naming) -> Fact:
    """What a profile lists among its allergies, on the day number ``as_of``."""
    if raw.status != "absent" and charted_no_allergies().get(naming.keys(raw.name)) == ANY_DRUG:
        return Fact(raw, naming.name(ANY_DRUG, "treatment"), "absent", (PAST, as_of, FUTURE, FUTURE), False)
    name = _name_in(raw, "treatment", naming)
    state: State = "absent" if raw.status == "absent" else "there"
    return Fact(raw, name, state, (PAST, as_of, FUTURE, FUTURE), False)


def _reacts(text: str) -> tuple[str, str] | None:
    """``severe hypersensitivity reaction to paclitaxel`` >> ``severe``, ``paclitaxel``."""
    lowered = text.lower()
    if not _REACTING.search(lowered):
        return None
    for phrase in _REACTIONS:
        before, mark, after = lowered.partition(phrase)
        if mark and after.strip():
            return before.strip(), after.strip()
    before, mark, after = lowered.rpartition(" allergy")
    return ("", before) if mark and not after else None


def reaction_of(fact: Fact, naming: Naming) -> Fact | None:
    """A reaction to a substance that is listed among the conditions is an allergy."""
    told = _reacts(fact.raw.name)
    if told is None:
        return None
    found, substance = told
    name = naming.name(substance, "treatment")
    days = (fact.first_low, fact.first_high, fact.last_low, fact.last_high)
    reaction = Fact(fact.raw, name, fact.state, days, False)
    if found:
        reaction.qualifiers = (*reaction.qualifiers, found)
    return reaction
