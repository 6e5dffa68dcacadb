"""Treatments: when they must have been given, by which route, what came of them."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Final

from eligibility.knowledge import words
from eligibility.knowledge.qualifiers import FOR_STUDIED, qualifiers
from eligibility.knowledge.tables import routes
from eligibility.knowledge.vocabulary import ANY_DRUG, ANY_TREATMENT, ONE_DAY, Entry, vocabulary
from eligibility.reading.context import Context
from eligibility.reading.drafting.beside_names import (
    draft_of,
    is_other_now,
    least_length,
    limit_of,
    no_longer_than,
    placed,
    qualifiers_beside,
)
from eligibility.reading.drafting.concepts import derived_entry, known_concept
from eligibility.reading.drafts import Draft, ambiguous, any_of
from eligibility.reading.grammar import Refused
from eligibility.reading.lexing.tokens import Token
from eligibility.reading.patterns import PERSONS
from eligibility.reading.phrases import Noun
from eligibility.reading.quantities import Lines, looking_back, plain_limit
from eligibility.reading.rewriting.courses import PURPOSE
from eligibility.rules import Concept, Span, Statement, Time, Treatment, Window

__all__ = ["given_treatment", "treatment_for_disease", "treatment_of"]

_PAST_USE: Final = frozenset(
    "received treated taken used administered given undergone underwent exposed had medicated vaccinated "
    "immunized started switched required".split()
)
_PRESENT_USE: Final = frozenset(
    "receiving taking using undergoing on requiring require requires maintained current currently needing use "
    "user users".split()
)


_CANDIDATE: Final = re.compile(r"\s+candidates?\b", re.IGNORECASE)
_NEEDED: Final = re.compile(r"^(?:who |that |which )?(?:requires?|needs?|in need)\b")


def given_treatment(
    context: Context, noun: Noun, text: str, concept: Concept, window: Window | None, now: bool, planned: bool
) -> Draft:
    """The treatment that words name; where they name it with its route, by that route."""
    opened: tuple[Span, ...] = (Span(start=noun.head.start, end=noun.head.end),) if concept.open else ()
    if concept.open and (meant := treatment_for_disease(text)) is not None:
        rule = treatment_of(noun, known_concept(meant[0]), window, now, planned)
        return draft_of(rule.model_copy(update={"purpose": known_concept(meant[1])}), noun)
    entry = vocabulary().entry("treatment", concept.name)
    kind = entry.facts.get("type") if entry is not None else None
    needed = any(_NEEDED.search(str(t.value)) for t in noun.all("USE"))
    fit = any(str(t.value).startswith("candidate") for t in noun.all("PLANNED"))
    if fit or (needed and kind in ("surgery", "transplant")) or _CANDIDATE.match(context.text, noun.end):
        # "who require transplantation", "candidates for chemotherapy", "transplant candidates": what comes of it is
        # not told
        return draft_of(_judged(context, noun), noun)
    by_route = _by_route(text) if concept.open else None
    rule = treatment_of(noun, by_route[0] if by_route else concept, window, now, planned)
    if by_route is not None and not rule.route:
        rule = rule.model_copy(update={"route": routes().names[by_route[1]]})
    if rule.concept.open and rule.concept.name in _ANY_FOR and _of_a_course(rule):
        opened = ()  # "progressed after first-line treatment"
        named = bool(_FOR_WHAT.match(context.text, noun.end))
        whose = rule.qualifiers if named else (*rule.qualifiers, FOR_STUDIED)
        rule = rule.model_copy(update={"concept": Concept(name=_ANY_FOR[rule.concept.name]), "qualifiers": whose})
    rule = _named_with_attribute(rule)
    if FOR_STUDIED in rule.qualifiers and len(context.studied) == 1:
        kept = tuple(each for each in rule.qualifiers if each != FOR_STUDIED)
        rule = rule.model_copy(update={"qualifiers": kept, "purpose": context.studied[0]})
    given = draft_of(rule, noun) if by_route else draft_of(rule, noun, opened)
    if rule.time != "now":
        return given
    goes_on = entry is not None and entry.facts.get("course")
    if (
        kind in _AT_ONCE
        and not goes_on
        and any(str(t.value).endswith(("undergoing", "undergo")) for t in noun.all("USE"))
    ):
        return any_of([given, replace(given, rule=rule.model_copy(update={"time": "planned"}))])
    if needed and not context.exclusion and _OF_PEOPLE.fullmatch(context.text, 0, noun.start):
        return ambiguous([given, draft_of(_judged(context, noun), noun)], "what is given already, or is needed")
    return given


def _named_with_attribute(rule: Treatment) -> Treatment:
    """ "A drug that has not been approved" as what is called so: an investigational one."""
    if rule.concept.name not in _ANY:
        return rule
    for each in rule.qualifiers:
        entry = vocabulary().find(f"{each} {rule.concept.name}", "treatment")
        if entry is not None and entry.facts.get("circumstance"):
            rest = tuple(other for other in rule.qualifiers if other != each)
            return rule.model_copy(update={"concept": known_concept(entry), "qualifiers": rest})
    return rule


_ANY: Final = frozenset((ANY_DRUG, ANY_TREATMENT))


def _judged(context: Context, noun: Noun) -> Statement:
    candidate = _CANDIDATE.match(context.text, noun.end)
    end = candidate.end() if candidate else noun.end
    return Statement(text=context.text[noun.start : end], topic="judgement", who="investigator")


_AT_ONCE: Final = frozenset(("surgery", "transplant", "procedure"))
_OF_PEOPLE: Final = re.compile(
    r"\W*(?:\d+[.)]\s*)?(?:(?:the|all|any|each|these|study|adult|pediatric)\s+)*"
    rf"(?:{PERSONS})?\s*(?:(?:who|that|must|should|is|are|be)\s+)*",
    re.IGNORECASE,
)


def treatment_for_disease(text: str) -> tuple[Entry, Entry] | None:
    """Any treatment, and the disease that it is named after: "osteoporosis treatment"."""
    disease, _, kind = text.rpartition(" ")
    meant = _ANY_FOR.get(words.key(kind)) if disease else None
    treatment = vocabulary().entry("treatment", meant) if meant else None
    condition = vocabulary().find(disease, "condition") if treatment else None
    return (treatment, condition) if treatment is not None and condition is not None else None


def _of_a_course(rule: Treatment) -> bool:
    """Whether all that is said of a treatment is what became of it, and in which line or setting it was given."""
    axes = [found.axis if (found := qualifiers().find(each)) is not None else "" for each in rule.qualifiers]
    return bool(rule.outcomes) and set(axes) <= {"line", "setting"}


_FOR_WHAT: Final = re.compile(r"\s*(?:for|of|with|against|to|in|by)\b", re.IGNORECASE)
_ANY_FOR: Final = {"treatment": ANY_TREATMENT, "therapy": ANY_TREATMENT, "medication": ANY_DRUG, "drug": ANY_DRUG}


def _by_route(text: str) -> tuple[Concept, str] | None:
    """The drug and its route: "oral iron preparations"."""
    said, _, rest = text.partition(" ")
    route = routes().names.get(said.lower()) if rest else None
    drug = vocabulary().find(rest, "treatment") or derived_entry(rest, "treatment") if route else None
    if route is None or drug is None or not _given_by_route(said.lower(), drug):
        return None
    return known_concept(drug), route


def _given_by_route(said: str, drug: Entry) -> bool:
    """Whether a word before a drug says by which one route it is given; before any drug at all it says too little."""
    return said.replace(".", "") in _ONE_ROUTE and drug.name != ANY_DRUG and drug.facts.get("type") in ("drug", "class")


def _is_drug(concept: Concept) -> bool:
    entry = vocabulary().entry("treatment", concept.name)
    return entry is not None and entry.facts.get("type") in ("drug", "class")


def _is_class(concept: Concept) -> bool:
    entry = vocabulary().entry("treatment", concept.name)
    return entry is not None and entry.facts.get("type") == "class"


def _is_done_at_once(concept: Concept) -> bool:
    entry = vocabulary().entry("treatment", concept.name)
    return entry is not None and entry.facts.get("type") in ONE_DAY and not entry.facts.get("course")


_ONE_ROUTE: Final = frozenset(  # "injectable" may be into a joint
    "oral po intravenous iv parenteral intramuscular im subcutaneous sc inhaled intranasal intravitreal intrathecal "
    "transdermal topical systemic ivt".split()
)


def _route(use: Token) -> str | None:
    """The route that a phrase of use begins with: "intravitreal administration of"."""
    first, _, rest = str(use.value).partition(" ")
    return routes().names.get(first) if rest and not rest.startswith("of") else None


_OUTCOMES: Final = (
    ("PROGRESSED", "progression"),
    ("REFRACTORY_TO", "refractory"),
    ("RELAPSED_AFTER", "relapse"),
    ("INTOLERANT", "intolerance"),
)
_EARLIER: Final = (  # "relapsed or refractory to" is either
    (re.compile(r"relaps|recur"), "relapse"),
    (re.compile(r"progress"), "progression"),
)


_ENDINGS: Final = (
    (re.compile(r"toxicit|toler|adverse|side|\baes?\b|iraes?|safety"), "intolerance"),
    (re.compile(r"efficacy|response"), "refractory"),
    (re.compile(r"progression"), "progression"),
)


def treatment_of(noun: Noun, concept: Concept, window: Window | None, now: bool, planned: bool) -> Treatment:
    """The treatment, as what stands beside its name has it. :class:`Refused` where that makes no rule."""
    beside = noun.beside()
    counts = beside.get("COUNT", ())
    if counts and (len(counts) > 1 or not (_is_class(concept) or _is_done_at_once(concept))):
        raise Refused  # courses, not different treatments
    uses = [set(str(t.value).split()) for t in beside.get("USE", ())]
    time: Time = "unstated"
    outcomes = [outcome for kind, outcome in _OUTCOMES if kind in beside]
    outcomes += [outcome for t in beside.get("REFRACTORY_TO", ()) for why, outcome in _EARLIER if why.match(t.said)]
    outcomes += [outcome for why, outcome in _ENDINGS if any(why.search(t.said) for t in beside.get("STOPPED", ()))]
    needed = any("need" in use for use in uses) and window is not None and window.reaches_ahead
    if "PLANNED" in beside or planned or needed:
        time = "planned"
    elif "PRIOR" in beside or "HISTORY" in beside or outcomes:
        time = "ever"
    elif "CURRENT" in beside or now or is_other_now(noun):
        time = "now"
    elif "LINES_ARE" in beside or "TIME_LIMIT" in beside:
        time = "ever"  # lines are counted from the first on; "at least 6 weeks of trastuzumab", whenever
    elif any(use & _PAST_USE for use in uses) and not any(use & {"being", "receiving"} for use in uses):
        time = "ever"
    elif any(use & _PRESENT_USE and "use of" not in " ".join(sorted(use)) for use in uses if use != {"use", "of"}):
        time = "now"
    dose = next((t.value for t in beside.get("DOSE", ())), None)
    second = ("second",) if noun.is_other("second") else ()
    qualified = (*qualifiers_beside(noun), *no_longer_than(beside), *second)
    route = next(filter(None, (_route(t) for t in beside.get("USE", ()))), None)
    told = next((each for each in qualified if each in _ONE_ROUTE), None)
    if told is not None and route is None and _is_drug(concept):
        route, qualified = routes().names[told], tuple([each for each in qualified if each != told])
    qualified, site = placed(concept, "treatment", qualified, beside.get("SITE", ()))
    completed = any(use & {"completion", "completed", "completing"} for use in uses)
    purpose = next((entry for t in beside.get("USE", ()) for kind, entry in t.others if kind == PURPOSE), None)
    return Treatment(
        concept=concept,
        time=time,
        window=looking_back(window) if time == "ever" else window,
        moment="end" if completed else "any",
        lasting=least_length(beside),
        qualifiers=qualified,
        route=route,
        dose=plain_limit(dose.bounds, dose.unit) if dose else None,
        dose_equivalent=dose.of.name if dose and dose.of and dose.of.name != concept.name else None,
        lines=limit_of(beside.get("LINES_ARE", ()), Lines),
        count=plain_limit(counts[0].value) if counts else None,
        site=site,
        outcomes=tuple(outcomes),
        purpose=known_concept(purpose) if purpose is not None else None,
    )
