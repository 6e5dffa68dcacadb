"""Allergies, hypersensitivities and intolerances."""

from __future__ import annotations

from eligibility.deciding import entries, matching
from eligibility.deciding.case import Case, Decider
from eligibility.deciding.matching import Fit
from eligibility.deciding.verdict import Cause, Verdict, asked
from eligibility.knowledge.vocabulary import vocabulary
from eligibility.patient.facts import Fact
from eligibility.rules import Allergy, Rule
from eligibility.truth import Status, any_of

__all__ = ["allergy"]


def _holds(rule: Allergy) -> entries.OfCase:
    return lambda case, fact: matching.qualified(fact, rule.qualifiers)


def _excepted(case: Case, exceptions: tuple[Rule, ...], fact: Fact) -> Status:
    return any_of(_exception(case, rule, fact) for rule in exceptions) if exceptions else Status.UNMET


def _exception(case: Case, rule: Rule, fact: Fact) -> Status:
    match rule:
        case Allergy():
            match matching.fit(fact, rule.concept, "treatment"):
                case Fit.IS:
                    return matching.qualified(fact, rule.qualifiers)
                case Fit.IS_NOT:
                    return Status.UNMET
                case _:
                    return Status.UNKNOWN
        case _:
            return case.decide(rule).status


def _as_broad(case: Case, rule: Allergy, fact: Fact) -> bool:
    return matching.no_narrower(rule.concept, rule.qualifiers, fact.qualifiers)


_search = entries.Search("treatment", _holds, _excepted, _as_broad)


def allergy(rule: Allergy) -> Decider:
    """Whether an allergy to the substance, or to a kind of it, is on record."""
    weigh = _search.of(rule)
    return lambda case: _allergy(case, rule, weigh(case, case.chart.allergies))


def _allergy(case: Case, rule: Allergy, found: entries.Weighed) -> Verdict:
    if (verdict := entries.told(case, rule, found, _unknown)) is not None:
        return verdict
    if "allergies" in case.chart.closed and matching.placed(rule.concept):
        if found.unplaced:
            return _unknown(case, rule, Cause.NOT_STATED, found.unplaced, "a listed allergy cannot be placed")
        unnamed = _says(rule, "unnamed")
        listed = [fact for fact in case.chart.allergies if not fact.negative]
        products = tuple([fact for fact in listed if unnamed or _is_product(fact)])
        if products and _says(rule, "circumstance"):
            return _unknown(case, rule, Cause.NOT_STATED, products, "a listed one may be to what is in it")
        return Verdict(Status.UNMET, rule, case, found.failed, detail="the list of allergies is complete")
    return _unknown(case, rule, Cause.MISSING, found.failed)


def _says(rule: Allergy, field: str) -> bool:
    """What the vocabulary says of the substance: ``circumstance``, that a product can hold it without its name saying
    so, as paclitaxel does Cremophor; ``unnamed``, that it is whatever is in a product."""
    entry = vocabulary().entry("treatment", rule.concept.name)
    return entry is not None and bool(entry.facts.get(field))


def _is_product(fact: Fact) -> bool:
    """Whether an allergy may be to something in what it is to: to a product, not to penicillin or to peanuts."""
    known = [vocabulary().entry("treatment", up) for up in fact.name.up]
    entries_ = [entry for entry in known if entry is not None]
    if any(entry.facts.get("allergen") for entry in entries_):
        return False
    own = [entry for entry in entries_ if entry.name in fact.name.own]
    return not own or any(entry.facts.get("type") != "other" for entry in own)


def _unknown(case: Case, rule: Allergy, cause: Cause, used: tuple[Fact, ...], detail: str = "") -> Verdict:
    wanted = rule.qualifiers if used and cause is Cause.NOT_STATED and rule.qualifiers else ("allergy",)
    return Verdict(Status.UNKNOWN, rule, case, used, cause, asked(rule.concept.name, wanted, "caller"), detail=detail)
