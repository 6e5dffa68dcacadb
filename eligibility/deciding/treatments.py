"""Treatments: drugs, radiation, surgery, procedures, transplants, vaccines."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from eligibility.deciding import anchoring, entries, matching, places, timing
from eligibility.deciding.case import Case, Decider
from eligibility.deciding.combined import combined
from eligibility.deciding.comparing import compare, within
from eligibility.deciding.kept import kept
from eligibility.deciding.matching import Fit
from eligibility.deciding.people import cannot_have
from eligibility.deciding.settings import in_setting
from eligibility.deciding.short_courses import courses
from eligibility.deciding.verdict import Cause, Verdict, asked
from eligibility.errors import UnitError
from eligibility.knowledge import units, words
from eligibility.knowledge.derived import at_place
from eligibility.knowledge.qualifiers import qualifiers
from eligibility.knowledge.tables import results
from eligibility.knowledge.vocabulary import ANY_CONDITION, ANY_DRUG, ONE_DAY, vocabulary
from eligibility.patient.facts import Fact
from eligibility.patient.names import name_of
from eligibility.patient.profile import Interval, TreatmentFact
from eligibility.rules import Concept, Condition, Duration, Limit, Rule, Treatment
from eligibility.truth import Status, agreed, all_of, any_of, negate

__all__ = ["on_record", "treatment"]


def _timed(rule: Treatment) -> entries.OfCase:
    """Whether a treatment was given when the rule says."""
    window, moment = rule.window, rule.moment
    if window is not None:
        if window.events:
            return lambda case, fact: anchoring.in_window(case, fact, window, moment)
        if rule.time == "planned" and window.reaches_ahead:
            return lambda case, fact: all_of(
                (timing.ahead(case, fact), timing.in_window(case, fact, window, moment, _half_life(fact.name.own)))
            )  # "a transfusion planned within 4 weeks" is none that was given lately
        return lambda case, fact: timing.in_window(case, fact, window, moment, _half_life(fact.name.own))
    if moment == "end" and rule.time in ("unstated", "ever"):
        return _completed
    match rule.time:
        case "ever":
            return timing.begun
        case "planned":
            return timing.ahead
        case "now":
            return _now
        case "unstated":
            return _now_or_ever


_when = kept(_timed)


def _now_or_ever(case: Case, fact: Fact) -> Status:
    ever = timing.begun(case, fact)
    return ever if fact.event or fact.kind in ONE_DAY else agreed((ever, _now(case, fact)))


def _completed(case: Case, fact: Fact) -> Status:
    """Whether it has come to its end, and not before its time: one that was not borne may have been broken off."""
    outcome = fact.raw.outcome if isinstance(fact.raw, TreatmentFact) else None
    broken_off = outcome is not None and _outcome("intolerance", outcome) is not Status.UNMET
    return all_of((timing.over(case, fact), Status.UNKNOWN)) if broken_off else timing.over(case, fact)


def _now(case: Case, fact: Fact) -> Status:
    raw = fact.raw
    if (
        isinstance(raw, TreatmentFact)
        and raw.status == "completed"
        and raw.last is None
        and case.on >= case.chart.as_of
    ):
        return Status.UNMET
    return timing.held(case, fact)


@lru_cache(maxsize=16384)
def _half_life(own: frozenset[str]) -> float | None:
    """In days; the longest of a combination."""
    found = []
    for one in own:
        entry = vocabulary().entry("treatment", one)
        given = entry.facts.get("half_life") if entry else None
        if given is None:
            return None
        found.append(given["value"] * {"hours": 1 / 24, "days": 1, "weeks": 7, "minutes": 1 / 1440}[given["unit"]])
    return max(found) if found else None


def _holds(rule: Treatment) -> entries.OfCase:
    when, lasting = _when(rule), rule.lasting
    if lasting is None and not _narrows(rule):
        return when
    if changes := [text for text in rule.qualifiers if matching.implied(text, _CHANGED)]:
        rest = tuple([text for text in rule.qualifiers if text not in changes])
        return _changed(rule, _holds(rule.model_copy(update={"qualifiers": rest, "window": None, "time": "ever"})))
    if lasting is not None and rule.time == "unstated" and "stable" in rule.qualifiers:
        when = _now  # a dose that has been the same for so long is the one that is taken

    def holds(case: Case, fact: Fact) -> Status:
        found = [when(case, fact)]
        if found[0] is Status.UNMET:
            return Status.UNMET
        if lasting is not None:
            found.append(_for_so_long(case, rule, fact, lasting))
        found.append(_as_it_was(case, rule, fact))
        return all_of(found)

    return holds


def _for_so_long(case: Case, rule: Treatment, fact: Fact, length: Duration) -> Status:
    """Whether it has been given, and as the rule says, for at least so long: at a dose that is stable."""
    said = timing.said_to_last(case, fact, (_STABLE,), length) if _STABLE in rule.qualifiers else Status.UNKNOWN
    return said if said is not Status.UNKNOWN else timing.long_enough(case, fact, length)


def _as_it_was(case: Case, rule: Treatment, fact: Fact) -> Status:
    """What a rule says of a treatment besides its time; of one that all are listed with, each with its dose, that the
    dose has been the same from its start."""
    if rule.lasting is None or _STABLE not in rule.qualifiers or "treatments" not in case.chart.closed:
        return _narrowed(case, rule, fact)
    if _amount(fact) is None or matching.qualified(fact, (_STABLE,)) is not Status.UNKNOWN:
        return _narrowed(case, rule, fact)
    rest = tuple([text for text in rule.qualifiers if text != _STABLE])
    return _narrowed(case, rule.model_copy(update={"qualifiers": rest}), fact)


_STABLE: Final = "stable"
_CHANGED: Final = "changed in any way"


def _changed(rule: Treatment, holds: entries.OfCase) -> entries.OfCase:
    """Whether the dose of a drug was changed when the rule says: at the start of an entry that follows one with another
    dose. ``holds``: what else the rule says of it.

    Of a drug of which there is one entry with its dose, nobody can say unless all treatments are listed.
    """
    window = rule.window

    def at_its_start(case: Case, fact: Fact) -> Status:
        return timing.begun(case, fact) if window is None else timing.in_window(case, fact, window, "start")

    def changed(case: Case, fact: Fact) -> Status:
        if holds(case, fact) is Status.UNMET:
            return Status.UNMET
        dose = _amount(fact)
        if dose is None:
            return Status.UNKNOWN
        same = [other for other in case.chart.treatments if other is not fact and other.name.own == fact.name.own]
        before = [
            other for other in same if other.first_high < fact.first_low and other.last_high >= fact.first_low - _PAUSE
        ]
        amounts = {_amount(other) for other in before}
        if before and None not in amounts and dose not in amounts:
            return all_of((at_its_start(case, fact), holds(case, fact)))
        if before or "treatments" not in case.chart.closed:
            return Status.UNKNOWN
        return (
            Status.UNMET
            if at_its_start(case, fact) is Status.UNMET or _CHANGED not in rule.qualifiers
            else Status.UNKNOWN
        )

    return changed


_PAUSE: Final = 7
"""So many days may lie between two entries of a drug of which the second goes on with the first."""


def _amount(fact: Fact) -> tuple[float, str, str | None] | None:
    """How much of a drug is given, and how often; None where it is not said."""
    raw = fact.raw
    if not isinstance(raw, TreatmentFact) or raw.dose is None or raw.unit is None:
        return None
    return raw.dose, raw.unit, raw.frequency


def _narrows(rule: Treatment) -> bool:
    """Whether a rule asks more of a treatment than what it is and when it was given."""
    return bool(
        rule.qualifiers
        or rule.outcomes
        or rule.route
        or rule.dose
        or rule.purpose
        or rule.site
        or matching.has_route(rule.concept)
    )


_CHRONIC: Final = 183
"""For so many days is given whatever is given chronically, by any definition."""
_INVESTIGATIONAL: Final = "investigational"
_AS_NEEDED: Final = re.compile(
    r"\b(?:prn|as needed|on demand|when needed|intermittent\w*|occasional\w*)\b", re.IGNORECASE
)


def _qualified(case: Case, fact: Fact, wanted: tuple[str, ...]) -> Status:
    """Whether a treatment has the qualifiers; what has gone on for half a year is chronic, and its dose may be low."""
    found = matching.qualified(fact, wanted)
    if found is Status.UNKNOWN:
        if _INVESTIGATIONAL in wanted and _is_on_the_market(fact):
            return Status.UNMET
        told = {text: _told_besides(case, fact, text) for text in wanted} | courses(case, fact, wanted)
        if decided := {text: how for text, how in told.items() if how is not Status.UNKNOWN}:
            rest = tuple([text for text in wanted if text not in decided])
            return all_of((*decided.values(), _qualified(case, fact, rest)))
    aims = [text for text in wanted if _aim(text) is not None] if found is Status.UNKNOWN else []
    rest = tuple([text for text in wanted if text not in aims])
    if aims and all(qualifiers().find(text) is not None for text in rest):  # a "risk for seizures" is none of use
        return all_of((*[_is_for(fact, text) for text in aims], _qualified(case, fact, rest)))
    if found is Status.UNKNOWN and _LOW in wanted and (low := _low_dose(fact)) is not Status.UNKNOWN:
        return all_of((low, _qualified(case, fact, tuple([text for text in wanted if text != _LOW]))))
    if found is not Status.UNKNOWN or not any(matching.implied(text, "chronic") for text in wanted):
        return found
    given = min(fact.last_low, case.on) - fact.first_high
    now_and_then = _AS_NEEDED.search(" ".join((getattr(fact.raw, "frequency", None) or "", *fact.qualifiers)))
    if given < _CHRONIC or now_and_then or fact.kind in ONE_DAY:
        return found
    return matching.qualified(fact, tuple([text for text in wanted if not matching.implied("chronic", text)]))


def _told_besides(case: Case, fact: Fact, wanted: str) -> Status:
    """What the route of a treatment says of an attribute, or what else is on record."""
    if wanted in _BY_ROUTE:
        return matching.given(_BY_ROUTE[wanted], fact)
    found = combined(case, fact, wanted)
    return in_setting(case, fact, wanted) if found is Status.UNKNOWN else found


_BY_ROUTE: Final = {"systemic treatment": "systemic", "topical treatment": "topical", "local treatment": "local"}


def _is_on_the_market(fact: Fact) -> bool:
    """Whether all that a name stands for are drugs with a code of their own among those that are sold."""
    return fact.name.exact and bool(fact.name.own) and all(map(_has_code, fact.name.own))


@lru_cache(maxsize=16384)
def _has_code(name: str) -> bool:
    entry = vocabulary().entry("treatment", name)
    return entry is not None and len(entry.codes.get("atc", "")) == _OF_A_DRUG


_OF_A_DRUG: Final = 7
"""So many characters has the ATC code of a drug; that of a class has fewer."""


def _narrowed(case: Case, rule: Treatment, fact: Fact) -> Status:
    if not _narrows(rule):
        return Status.MET
    raw = fact.raw
    wanted = rule.qualifiers
    if rule.time == "planned":  # what is planned from now on will be given together with the study treatment
        wanted = tuple([each for each in wanted if each != "together with study treatment"])
    found = [_qualified(case, fact, wanted)]
    given = raw if isinstance(raw, TreatmentFact) else None
    if rule.route is not None:
        found.append(matching.given(rule.route, fact))
    else:
        found.append(matching.given_as(rule.concept, fact))
    if rule.dose is not None:
        found.append(_dose(rule, fact, rule.dose))
    if rule.outcomes:
        found.append(any_of(_outcome(wanted, given.outcome if given else None) for wanted in rule.outcomes))
    if rule.purpose is not None:
        found.append(_given_for(case, rule.purpose, fact))
    if rule.site is not None and not places.is_of_an_eye(rule.site, fact):
        found.append(places.site(rule.site, raw.site, places.named_place(raw.name, raw.qualifiers)))
    return all_of(found)


# ---------------------------------------------------------------------------------------------------------------------
# Dose

_TIMES: Final = (
    (re.compile(r"\b(?:once|one time|1x|qd|od|daily|every day|each day|per day|/day|q24h)\b", re.IGNORECASE), 1.0),
    (re.compile(r"\b(?:twice|two times|2x|bid|b\.i\.d\.?|q12h|every 12 hours)\b", re.IGNORECASE), 2.0),
    (re.compile(r"\b(?:thrice|three times|3x|tid|t\.i\.d\.?|q8h|every 8 hours)\b", re.IGNORECASE), 3.0),
    (re.compile(r"\b(?:four times|4x|qid|q\.i\.d\.?|q6h|every 6 hours)\b", re.IGNORECASE), 4.0),
    (re.compile(r"\b(?:every other day|every second day|alternate days|qod)\b", re.IGNORECASE), 0.5),
    (re.compile(r"\b(?:weekly|once a week|once weekly|every week|per week|q1w|qw)\b", re.IGNORECASE), 1 / 7),
)


def _per_day(frequency: str | None) -> float | None:
    """How often a day; the rarer and the multiple outrank the bare "daily"."""
    if frequency is None:
        return None
    for pattern, times in reversed(_TIMES):
        if pattern.search(frequency):
            return times
    return None


def _dose(rule: Treatment, fact: Fact, limit: Limit) -> Status:
    raw = fact.raw
    if not isinstance(raw, TreatmentFact) or raw.dose is None or raw.unit is None:
        return Status.UNKNOWN
    try:
        given = units.unit(raw.unit)
        if "/d" in limit.unit and "/" not in given:
            times = _per_day(raw.frequency)
            if times is None:
                return Status.UNKNOWN
            dose = units.convert(raw.dose * times, given, limit.unit.split("/")[0])
        else:
            dose = units.convert(raw.dose, given, limit.unit)
    except UnitError:
        return Status.UNKNOWN
    if rule.dose_equivalent is not None:
        factor = _equivalent(fact.name.own, rule.dose_equivalent)
        if factor is None:
            return Status.UNKNOWN
        dose *= factor
    return compare(Interval(dose, dose), limit)


_LOW: Final = "low-dose"


def _low_dose(fact: Fact) -> Status:
    """Whether the dose of a drug is what everybody calls low, or what nobody does."""
    entry = vocabulary().entry("treatment", next(iter(fact.name.own))) if len(fact.name.own) == 1 else None
    named = entry.facts.get("low_dose") if entry is not None else None
    if not isinstance(named, dict):
        return Status.UNKNOWN
    plain = Treatment(concept=Concept(name=next(iter(fact.name.own))))
    unit = str(named["unit"])
    if _dose(plain, fact, Limit(high=float(named["at_most"]), unit=unit)) is Status.MET:
        return Status.MET
    above = _dose(plain, fact, Limit(high=float(named["never_above"]), unit=unit))
    return Status.UNMET if above is Status.UNMET else Status.UNKNOWN


@lru_cache(maxsize=4096)
def _equivalent(own: frozenset[str], of: str) -> float | None:
    """How much of the drug ``of`` one unit of this one stands for. The table gives what equals 5 mg of prednisone."""
    if own == {of}:
        return 1.0
    found = []
    for one in (next(iter(own), ""), of):
        entry = vocabulary().entry("treatment", one)
        found.append(entry.facts.get("prednisone_equivalent") if entry else None)
    mine, theirs = found
    return None if mine is None or theirs is None else theirs / mine


# ---------------------------------------------------------------------------------------------------------------------
# Outcome, purpose


@lru_cache(maxsize=4096)
def _outcome(wanted: str, given: str | None) -> Status:
    """Whether an outcome in a profile's words is the wanted one; another that is understood is not."""
    if given is None:
        return Status.UNKNOWN
    bare = " ".join(words.keys(given))
    known = results()
    kinds = {
        kind
        for kind, spellings in known.outcomes.items()
        if any(f" {' '.join(one)} " in f" {bare} " for one in spellings)
    }
    if "no response" in bare or "nonresponse" in bare:
        kinds.discard("response")
    if wanted in kinds:
        return Status.MET
    if kinds or any(" ".join(one) in bare for one in known.other_outcomes):
        return Status.UNMET
    return Status.UNKNOWN


@lru_cache(maxsize=4096)
def _treated_by(name: str) -> frozenset[str]:
    """What a drug, or all of its class, is used for and nothing else, and what that is a kind of: a checkpoint
    inhibitor is given for a malignancy."""
    entries_ = (vocabulary().entry("treatment", each) for each in vocabulary().ancestors("treatment", name))
    used = [str(entry.facts["used_for"]) for entry in entries_ if entry is not None and "used_for" in entry.facts]
    return frozenset().union(*[vocabulary().ancestors("condition", each) for each in used])


def _is_for(fact: Fact, wanted: str) -> Status:
    """Whether a treatment was given for what an attribute says: "for metastatic breast cancer", by its reason, and by
    the setting in which it was given."""
    aim = _aim(wanted)
    assert aim is not None
    disease, said = aim
    reason = getattr(fact.raw, "reason", None) or ""
    found = [_purpose(Concept(name=disease), fact)]
    for text in said:
        told = matching.qualified(fact, (text,))
        if told is not Status.MET and text in _SETTINGS:
            told = matching.qualified(fact, (_SETTINGS[text],))
        found.append(told if told is not Status.UNKNOWN else matching.stated_in((), reason, text))
    return all_of(found)


@lru_cache(maxsize=4096)
def _aim(wanted: str) -> tuple[str, tuple[str, ...]] | None:
    """The disease that an attribute says a treatment is for, and what it says of it; None where it says more."""
    bare = _FOR.match(wanted)
    if bare is None:
        return None
    said = _OF_DISEASE.sub("", wanted[bare.end() :]).split()
    for start in range(len(said)):
        disease = vocabulary().find(" ".join(said[start:]), "condition")
        before = _attributes(said[:start]) if disease is not None else None
        if disease is not None and before is not None:
            return disease.name, before
    return None


def _attributes(said: list[str]) -> tuple[str, ...] | None:
    """The attributes that words are, one behind the other, "unresectable locally advanced"; None where one is none."""
    found: list[str] = []
    while said:
        sizes = range(min(len(said), _LONGEST), 0, -1)
        known = next(((q, size) for size in sizes if (q := qualifiers().find(" ".join(said[:size]))) is not None), None)
        if known is None:
            return None
        found.append(known[0].name)
        said = said[known[1] :]
    return tuple(found)


_FOR: Final = re.compile(
    r"for\s+(?:(?:the|their|his|her)\s+)?(?:(?:treatment|therapy|management)\s+(?:of|for)\s+(?:the\s+)?)?"
)
_OF_DISEASE: Final = re.compile(r"\s+(?:treatment|therapy)$")
_LONGEST: Final = 4  # words of one attribute
_SETTINGS: Final = {
    "metastatic": "metastatic setting",
    "advanced": "metastatic setting",
    "recurrent": "recurrent setting",
}


def _given_for(case: Case, purpose: Concept, fact: Fact) -> Status:
    """Whether a treatment was given for something that the patient can have; for whatever it is, where a reason is
    told: "for a condition other than melanoma"."""
    if purpose.name == ANY_CONDITION:
        return Status.MET if getattr(fact.raw, "reason", None) else Status.UNKNOWN
    return Status.UNMET if cannot_have(case, purpose) else _purpose(purpose, fact)


def _purpose(wanted: Concept, fact: Fact) -> Status:
    """Whether a treatment was given for a condition: by its reason, or because it is given for nothing else."""
    raw = fact.raw
    if isinstance(raw, TreatmentFact) and raw.reason:
        reason = name_of(raw.reason, "condition")
        match matching.named(reason, wanted, "condition"):
            case Fit.IS:
                return Status.MET
            case Fit.IS_NOT if reason.exact:
                return Status.UNMET
            case _:
                return Status.UNKNOWN
    for own in fact.name.own:
        entry = vocabulary().entry("treatment", own)
        meant = entry.facts.get("only_for") if entry else None
        for one in (meant,) if isinstance(meant, str) else meant or ():
            if vocabulary().is_a("condition", one, wanted.name):
                return Status.MET
        if not wanted.open and wanted.name in _treated_by(own):
            return Status.MET
    if f" for {wanted.name.lower()}" in fact.raw.name.lower():
        return Status.MET
    return Status.UNKNOWN


# ---------------------------------------------------------------------------------------------------------------------
# Exceptions, absences


def _excepted(case: Case, exceptions: tuple[Rule, ...], fact: Fact) -> Status:
    return entries.excepted(case, exceptions, fact, _exception)


def _excepted_of_purpose(case: Case, exceptions: tuple[Rule, ...], fact: Fact) -> Status:
    return entries.excepted(case, exceptions, fact, _exception_of_purpose)


def _exception_of_purpose(case: Case, rule: Rule, fact: Fact) -> Status | None:
    """What an exception says of a treatment that is given for something: "for cancers other than melanoma"."""
    if isinstance(rule, Condition) and rule == Condition(concept=rule.concept):
        return _purpose(rule.concept, fact)
    return _exception(case, rule, fact)


def _exception(case: Case, rule: Rule, fact: Fact) -> Status | None:
    """What an exception about a treatment says of this very one."""
    if not isinstance(rule, Treatment):
        return None
    fits = matching.fit(fact, rule.concept, "treatment")
    if fits is Fit.IS_NOT:
        return Status.UNKNOWN if matching.may_be_called(fact, rule.concept, "treatment") else Status.UNMET
    timed = rule.window is not None or rule.time in ("now", "planned")
    found = [_when(rule)(case, fact)] if timed else []
    found.append(_narrowed(case, rule, fact))
    found.append(negate(_excepted(case, rule.exceptions, fact)))
    if rule.lasting is not None:
        found.append(_for_so_long(case, rule, fact, rule.lasting))
    if fits is not Fit.IS:
        found.append(Status.UNMET if _denied(case, rule) else Status.UNKNOWN)
    return all_of(found)


def _denied(case: Case, rule: Treatment) -> bool:
    return any(
        fact.negative and matching.covered(fact, rule.concept, "treatment") and _as_broad(case, rule, fact)
        for fact in case.chart.treatments
    )


def _as_broad(case: Case, rule: Treatment, fact: Fact) -> bool:
    """Whether an absence is about no less than the rule."""
    raw = fact.raw
    if isinstance(raw, TreatmentFact):
        if fact.route and (rule.route is None or matching.route(fact.route, rule.route) is not Status.MET):
            return False
        if raw.dose is not None or raw.reason is not None or raw.line is not None or raw.outcome is not None:
            return False
    if fact.site is not None and places.site(fact.site, rule.site, rule.concept.name) is not Status.MET:
        return False
    told = tuple([text for text in fact.qualifiers if matching.routes(text) != fact.route])
    return matching.no_narrower(rule.concept, rule.qualifiers, told)


# ---------------------------------------------------------------------------------------------------------------------
# The verdict

_search = entries.Search("treatment", _holds, _excepted, _as_broad)
_search_with_purpose = entries.Search("treatment", _holds, _excepted_of_purpose, _as_broad)


def on_record(rule: Treatment) -> entries.Weigh:
    """How treatments are sorted by what they say about what a rule wants."""
    return (_search if rule.purpose is None else _search_with_purpose).of(rule)


def treatment(rule: Treatment) -> Decider:
    """Whether there is a treatment on record that fits all that the rule says."""
    weigh = _search.of(rule)
    if rule.count is not None or rule.lines is not None:
        return lambda case: _counted(
            case, rule, weigh(case, case.chart.facts("treatment")), "treatments" in case.chart.closed
        )
    decided = entries.without_its_parts(rule, "treatment", _by_its_facts(rule), _by_its_facts)
    decided = anchoring.with_events(rule, decided)
    if rule.moment == "end" and rule.window is not None and rule.window.start is None and not rule.window.events:
        decided = _with_the_last(rule, decided)
    if there := _at_its_sites(rule):
        decided = _or_named_so(rule, decided, [_by_its_facts(each) for each in there])
    route = matching.named_by_route(rule.concept)
    if route is None or rule.purpose is None or rule.route is not None:
        return decided
    return _or_given_so(rule, decided, _by_its_facts(_any_drug(rule, route)))


def _with_the_last(rule: Treatment, decided: Decider) -> Decider:
    """The decision on what must have been completed so long ago: not so where the last of it has not been.

    Where an earlier one was completed in time, and a later one not, it is open which of them is meant.
    """
    window = rule.window
    assert window is not None
    weigh = _search.of(rule.model_copy(update={"window": None, "time": "ever", "moment": "any"}))

    def last(case: Case) -> Verdict:
        verdict = decided(case)
        if verdict.status is Status.UNMET or verdict.cause is Cause.CONTRADICTION:
            return verdict
        given = weigh(case, case.chart.facts("treatment")).met
        later = tuple([fact for fact in given if timing.in_window(case, fact, window, "end") is Status.UNMET])
        if not later:
            return verdict
        if verdict.status is Status.MET:
            return _unknown(case, rule, Cause.NOT_STATED, given)
        return Verdict(Status.UNMET, rule, case, later)

    return last


def _at_its_sites(rule: Treatment) -> list[Treatment]:
    """The rule for each of its sites, which stands in the name of its concept: a resection of the stomach is a
    gastrectomy. None where one of them has no such name."""
    if rule.site is None or rule.concept.open:
        return []
    found = [at_place(words.keys(place), rule.concept.name, "treatment") for place in rule.site.split(" or ")]
    if any(entry is None or entry.kind != "treatment" for entry in found):
        return []
    return [
        rule.model_copy(update={"concept": Concept(name=entry.name), "site": None})
        for entry in found
        if entry is not None
    ]


def _or_named_so(rule: Treatment, decided: Decider, there: list[Decider]) -> Decider:
    """The decision on a rule, or where that is open on what is called so at each of its sites."""

    def either(case: Case) -> Verdict:
        verdict = decided(case)
        if verdict.status is not Status.UNKNOWN:
            return verdict
        others = [decide(case) for decide in there]
        status = any_of([other.status for other in others])
        if status is Status.UNKNOWN or (status is Status.UNMET and verdict.cause is Cause.CONTRADICTION):
            return verdict
        used = tuple([fact for other in others if other.status is status for fact in other.used])
        return Verdict(status, rule, case, used)

    return either


def _any_drug(rule: Treatment, route: str) -> Treatment:
    return rule.model_copy(update={"concept": Concept(name=ANY_DRUG), "route": route})


def _or_given_so(rule: Treatment, decided: Decider, given: Decider) -> Decider:
    """ "Systemic treatment of psoriasis": any drug that is given for it so."""

    def either(case: Case) -> Verdict:
        verdict = decided(case)
        if verdict.status is Status.MET:
            return verdict
        other = given(case)
        return Verdict(Status.MET, rule, case, other.facts) if other.status is Status.MET else verdict

    return either


def _by_its_facts(rule: Treatment) -> Decider:
    weigh = on_record(rule)
    return lambda case: _treatment(case, rule, weigh(case, case.chart.facts("treatment")))


def _treatment(case: Case, rule: Treatment, found: entries.Weighed) -> Verdict:
    if (verdict := entries.told(case, rule, found, _unknown)) is not None:
        return verdict
    concept = rule.concept
    if over := entries.none_since(case, rule, case.chart.treatments, "treatment"):
        return Verdict(Status.UNMET, rule, case, over)
    if "treatments" in case.chart.closed and matching.placed(concept):
        if found.unplaced:
            return _unknown(case, rule, Cause.NOT_STATED, found.unplaced, "a listed treatment cannot be placed")
        return Verdict(Status.UNMET, rule, case, found.failed, detail="the list of treatments is complete")
    if rule.window is not None and _dose_by_dose(concept, found.failed):
        return Verdict(Status.UNMET, rule, case, found.failed, detail="every dose is recorded")
    return _unknown(case, rule, Cause.MISSING, found.failed)


def _dose_by_dose(concept: Concept, facts: entries.Facts) -> bool:
    """Whether the very thing is on record dose by dose, each with its day: then the last one recorded is the last one.

    One entry, or one over several days, says nothing of what was given at other times.
    """
    if len(facts) < 2 or concept.open:
        return False
    for fact in facts:
        if fact.name.own != {concept.name} or fact.kind in ONE_DAY or fact.event:
            return False
        if not fact.first_low == fact.first_high == fact.last_low == fact.last_high:
            return False
    return True


def _unknown(case: Case, rule: Treatment, cause: Cause, used: tuple[Fact, ...], detail: str = "") -> Verdict:
    concept = rule.concept.name
    wanted: list[str] = []
    if used and cause is not Cause.MISSING:
        wanted += rule.qualifiers
        wanted += ["route"] if rule.route else []
        wanted += ["dose"] if rule.dose is not None else []
        wanted += ["outcome"] if rule.outcomes else []
        wanted += ["reason"] if rule.purpose is not None else []
        wanted += ["site"] if rule.site else []
        wanted = wanted or ["dates"]
    needs = asked(concept, tuple(wanted) or ("given or not",), "chart")
    return Verdict(Status.UNKNOWN, rule, case, used, cause, needs, detail=detail)


def _one_given(fact: Fact) -> tuple[object, ...]:
    """By what a treatment is told from others, of which there may be several: its name, and the day of an operation."""
    named = fact.name.own or fact.name.words
    if not (fact.event or fact.kind in ONE_DAY):
        return (named,)
    return (named, fact.first_low) if fact.first_low == fact.first_high else (named, id(fact))


_SYSTEMIC: Final = "systemic therapy"


def _is_of_a_line(fact: Fact) -> bool:
    """Whether a drug is said to have been given as a line of therapy: it was systemic, though its route is not told."""
    raw = fact.raw
    return isinstance(raw, TreatmentFact) and raw.line is not None and raw.route is None and fact.kind == "drug"


def _counted(case: Case, rule: Treatment, found: entries.Weighed, closed: bool) -> Verdict:
    """The number of treatments, or of lines of therapy, as an interval: more may have been given than are listed."""
    limit = rule.lines or rule.count
    assert limit is not None
    if rule.lines is not None and rule.concept.name == _SYSTEMIC:
        of_a_line = tuple([fact for fact in found.broader if _is_of_a_line(fact)])
        found.met += of_a_line
        found.broader = tuple([fact for fact in found.broader if fact not in of_a_line])
    lines = {raw.line for fact in found.met if isinstance(raw := fact.raw, TreatmentFact) and raw.line is not None}
    unnumbered = [fact for fact in found.met if getattr(fact.raw, "line", None) is None]
    if rule.lines is not None:
        low = max(len(lines), 1 if found.met else 0)
        high = len(lines) + len(unnumbered)
    else:
        low = high = len({_one_given(fact) for fact in found.met})
    high += len(found.maybe) + len(found.broader) + len(found.unplaced)
    never = bool(found.absent) and not found.met and not found.maybe
    sure = never or (closed and matching.placed(rule.concept))
    number = Interval(float(low), (0.0 if never else float(high)) if sure else None)
    status = within(number, limit.low, limit.high, limit.low_inclusive, limit.high_inclusive)
    used = (*found.met, *found.maybe, *found.absent)
    if status is Status.UNKNOWN:
        wanted = "lines of therapy" if rule.lines is not None else "number"
        return Verdict(status, rule, case, used, Cause.MISSING, asked(rule.concept.name, (wanted,), "chart"))
    return Verdict(status, rule, case, used)
