"""Conditions: diseases, symptoms and events."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache, lru_cache
from typing import Final, NamedTuple

from eligibility.deciding import anchoring, entries, findings, matching, observing, places, timing
from eligibility.deciding.adverse_events import is_such_an_event
from eligibility.deciding.cancers import ancestors, beside_another, is_cancer, malignant, metastatic, studied
from eligibility.deciding.case import Case, Decider
from eligibility.deciding.comparing import within
from eligibility.deciding.kept import kept
from eligibility.deciding.levels import by_its_level
from eligibility.deciding.matching import Fit
from eligibility.deciding.people import cannot_have
from eligibility.deciding.verdict import Cause, Verdict, asked
from eligibility.knowledge import words
from eligibility.knowledge.attributes import found_by, is_way
from eligibility.knowledge.causes import ADVERSE_EVENT
from eligibility.knowledge.derived import at_place
from eligibility.knowledge.qualifiers import STATES, qualifiers
from eligibility.knowledge.tables import diseases
from eligibility.knowledge.vocabulary import habits, texts, vocabulary
from eligibility.patient.facts import Fact
from eligibility.patient.names import measured, name_of
from eligibility.patient.profile import Interval, Observation
from eligibility.rules import Concept, Condition, Duration, Rule, Treatment, Window
from eligibility.truth import Status, all_of, any_of, negate

__all__ = ["condition", "happens", "on_record", "once"]


@lru_cache(maxsize=16384)
def once(name: str) -> bool:
    """Whether a patient has such a disease once, so that its one entry speaks for it: a cancer, diabetes."""
    up = ancestors(name)
    if metastatic(name) or not up.isdisjoint(diseases().many):
        return False
    if malignant(name):
        return name not in diseases().malignant
    if not up.isdisjoint(diseases().once):
        return True
    entry = vocabulary().entry("condition", name)
    return entry is not None and bool(entry.facts.get("lasting")) and not entry.facts.get("event")


def _timed(rule: Condition) -> entries.OfCase:
    """Whether a condition is, or was, there when the rule says."""
    days, window = _days(rule), rule.window

    def when(case: Case, fact: Fact) -> Status:
        found = days(case, fact)
        if found is Status.MET and window is not None and rule.moment == "any" and _in_remission(fact.qualifiers):
            # since when it has been in remission, is not said
            return any_of((timing.in_window(case, fact, window, "start"), Status.UNKNOWN))
        if found is Status.MET and fact.state == "not current" and getattr(fact.raw, "onset", None) is None:
            return Status.UNKNOWN  # not now; whether it ever was is not said
        return found

    return when


_when = kept(_timed)


def _days(rule: Condition) -> entries.OfCase:
    window, moment = rule.window, rule.moment
    if window is not None:
        if window.events:
            return lambda case, fact: anchoring.in_window(case, fact, window, moment)
        return lambda case, fact: timing.in_window(case, fact, window, moment)
    match rule.time:
        case "ever":
            return timing.begun
        case "planned":
            return timing.ahead
        case "now":
            return _now if any(_quiet((text,)) is not Status.MET for text in rule.qualifiers) else _active
        case "unstated":
            over = any(_in_remission((text,)) for text in rule.qualifiers)  # so that it need not be there any more
            return timing.begun if over else _unstated


def _unstated(case: Case, fact: Fact) -> Status:
    if fact.event:
        return timing.begun(case, fact)
    now = _now(case, fact)
    if now is Status.UNMET and fact.state in ("resolved", "not current"):
        return Status.UNKNOWN if timing.begun(case, fact) is not Status.UNMET else Status.UNMET
    return now


def _now(case: Case, fact: Fact) -> Status:
    if case.on >= case.chart.as_of and fact.state in ("resolved", "not current"):
        return Status.UNMET
    held = timing.held(case, fact)
    if fact.event and held is Status.UNMET and fact.first_high <= case.on and _still(fact):
        return Status.UNKNOWN  # an event is over in a day; whether it is still going on is not said
    return held


def _active(case: Case, fact: Fact) -> Status:
    """As :func:`_now`, of what must not only be there: a latent infection is no active one."""
    now = _now(case, fact)
    return all_of((now, _quiet(fact.qualifiers))) if fact.qualifiers and now is not Status.UNMET else now


@lru_cache(maxsize=16384)
def _quiet(said: tuple[str, ...]) -> Status:
    """Whether attributes leave a condition active: what is inactive is not, of what is in remission it is open."""
    known = qualifiers()
    if any(known.implies(text, "inactive") for text in said):
        return Status.UNMET
    return Status.UNKNOWN if _in_remission(said) else Status.MET


@lru_cache(maxsize=16384)
def _in_remission(said: tuple[str, ...]) -> bool:
    return any(qualifiers().implies(text, "in remission") for text in said)


def _still(fact: Fact) -> bool:
    return getattr(fact.raw, "status", None) in (None, "active")


def _holds(rule: Condition) -> entries.OfCase:
    when, lasting = _when(rule), rule.lasting
    if lasting is None and not _narrows(rule):
        return when

    def holds(case: Case, fact: Fact) -> Status:
        found = [when(case, fact)]
        if found[0] is Status.UNMET:
            return Status.UNMET
        if lasting is not None:
            found.append(_for_so_long(case, rule, fact, lasting))
        found.append(narrowed(case, rule, fact))
        return all_of(found)

    return holds


def _for_so_long(case: Case, rule: Condition, fact: Fact, length: Duration) -> Status:
    """Whether it has been there, and as it must be, for at least so long: "stable for 4 weeks" may be shorter."""
    states = tuple([text for text in rule.qualifiers if _is_state(text)])
    said = timing.said_to_last(case, fact, states, length) if states else Status.UNKNOWN
    if said is not Status.UNKNOWN:
        return said
    there = timing.long_enough(case, fact, length)
    return Status.UNKNOWN if there is Status.MET and states else there


def _is_state(text: str) -> bool:
    """Whether an attribute is what a disease is for a time."""
    found = qualifiers().find(text)
    return found is not None and found.axis in STATES


def _narrows(rule: Condition) -> bool:
    """Whether a rule asks more of a condition than what it is and when."""
    return bool(rule.qualifiers or rule.stages or rule.grade or rule.site or rule.other)


def narrowed(case: Case, rule: Condition, fact: Fact) -> Status:
    """Whether the fact has the qualifiers, stage, grade and site of the rule."""
    if not _narrows(rule):
        return Status.MET
    found = []
    over = rule.time in ("unstated", "now") and rule.window is None and fact.state in ("resolved", "not current")
    for wanted in rule.qualifiers:
        status = matching.qualified(fact, (wanted,))
        if over and status is Status.UNKNOWN and _is_of_what_is_there(fact, wanted):
            status = Status.UNMET  # what is over does not persist, nor is it out of control
        if status is Status.UNKNOWN and wanted == "acute" and fact.event and rule.window is not None:
            status = Status.MET  # an event comes on acutely, whenever that was
        if status is Status.UNKNOWN:
            status = _told_elsewhere(case, fact, wanted)
        found.append(status)
    if rule.stages:
        found.append(matching.stage(fact, rule.stages))
    if rule.grade is not None:
        found.append(matching.grade(fact, rule.grade))
    if rule.site is not None:
        found.append(_at(rule, fact))
    if rule.other:
        found.append(negate(_studied(case, rule, fact)))
    return all_of(found)


def _is_of_what_is_there(fact: Fact, wanted: str) -> bool:
    """Whether only what is there is so: what persists, and of what is no event what is out of control."""
    states = ("persistent",) if fact.event else ("persistent", "uncontrolled", "unstable")
    return any(matching.implied(wanted, state) for state in states)


def _at(rule: Condition, fact: Fact) -> Status:
    """Whether the fact is at the site of the rule."""
    if rule.site is None or places.is_of_an_eye(rule.site, fact):
        return Status.MET
    return places.site(rule.site, fact.raw.site, places.named_place(fact.raw.name, fact.raw.qualifiers))


def _told_elsewhere(case: Case, fact: Fact, wanted: str) -> Status:
    """A qualifier that another fact settles: a biomarker's result, metastases beside the only cancer."""
    tested = _by_tests(case, fact, wanted)
    if tested is Status.UNKNOWN and wanted in _OF_VIRUS:
        tested = _by_viral_load(case, fact, _OF_VIRUS[wanted])
    if tested is not Status.UNKNOWN:
        return tested
    if _shown_so(case, fact, wanted):
        return Status.MET
    if ADVERSE_EVENT in fact.name.up:
        persists = matching.implied(wanted, "persistent") and _now(case, fact) is Status.MET
        if persists or is_such_an_event(case, fact, wanted):
            return Status.MET
    if wanted.startswith(_REQUIRING) and _is_treated_so(case, fact, wanted.removeprefix(_REQUIRING)):
        return Status.MET
    if wanted == "bilateral":
        return places.at_both_sides(fact, case.chart.conditions, complete="conditions" in case.chart.closed)
    if wanted == "metastatic" and is_cancer(fact):
        cancers = [other for other in case.chart.conditions if is_cancer(other)]
        spread = [
            other
            for other in case.chart.conditions
            if any(metastatic(name) for name in other.name.own) and _now(case, other) is Status.MET
        ]
        if len(cancers) == 1 and spread:
            return Status.MET
    return _extent(case, fact, wanted)


def _extent(case: Case, fact: Fact, wanted: str) -> Status:
    """What is said of a tumor's extent besides: one of stage I is not advanced, a metastatic one not locally so."""
    if wanted == "locally advanced" and any(matching.implied(text, "metastatic") for text in fact.qualifiers):
        return Status.UNMET
    if wanted not in _BEYOND_STAGE_I or "solid tumor" not in fact.name.up:
        return Status.UNKNOWN
    spread = any(metastatic(name) for other in case.chart.conditions if not other.negative for name in other.name.own)
    return Status.UNMET if not spread and matching.stage(fact, ("0", "I")) is Status.MET else Status.UNKNOWN


_BEYOND_STAGE_I: Final = frozenset(("locally advanced", "advanced", "metastatic", "oligometastatic"))


def _by_viral_load(case: Case, fact: Fact, result: str) -> Status:
    """Whether the amount of the virus that an infection is of is as an attribute says."""
    loads = [
        entry.name
        for entry in vocabulary().having("viral_load")
        if not fact.name.up.isdisjoint(texts(entry.facts.get("positive_means")))
    ]
    found = {findings.result_of(case, test, result) for test in loads} - {Status.UNKNOWN}
    return found.pop() if len(found) == 1 else Status.UNKNOWN


_OF_VIRUS: Final = {"viremic": "positive", "virologically suppressed": "negative"}


_REQUIRING: Final = "requiring "
_ANY_TREATMENT: Final = ("treatment", "therapy", "medication", "drug", "intervention")


def _is_treated_so(case: Case, fact: Fact, wanted: str) -> bool:
    """Whether there is, going on, a treatment of this kind that is said to be for the condition."""
    first, _, rest = wanted.partition(" ")
    route = matching.routes(first) if rest and matching.is_route(first) else None
    plain = rest if route is not None else wanted
    entry = None if plain in _ANY_TREATMENT else vocabulary().find(plain, "treatment")
    for given in case.chart.treatments:
        reason = getattr(given.raw, "reason", None)
        if not reason or given.negative or timing.held(case, given) is not Status.MET:
            continue
        disease = name_of(reason, "condition")
        if not disease.own or not (disease.own <= fact.name.up or fact.name.own <= disease.up):
            continue
        if route is not None and matching.given(route, given) is not Status.MET:
            continue
        if plain in _ANY_TREATMENT or (entry is not None and entry.name in given.name.up):
            return True
    return False


def _shown_so(case: Case, fact: Fact, wanted: str) -> bool:
    """Whether a test of what somebody has is positive that is the way by which it must have been found."""
    if found_by(wanted) is None and wanted not in _BY_ANY_TEST:
        return False
    shown = [each for name in fact.name.own for each in _evidence(case, Condition(concept=Concept(name=name)))[0]]
    return any(_shows_so(each, wanted) for each in shown)


def _found_so(rule: Condition, tests: Sequence[Observation]) -> list[Observation]:
    """Those of the tests that mean a condition which show it to have been found as a rule wants, if that is all that it
    says of it: "COVID-19 by PCR"."""
    ways = [text for text in rule.qualifiers if text != "active"]
    if not ways or not tests or not _plain(rule.model_copy(update={"qualifiers": ()})):
        return []
    return [each for each in tests if all(_shows_so(each, text) for text in ways)]


def _shows_so(test: Observation, wanted: str) -> bool:
    """Whether a positive test is the way by which a condition must have been found."""
    if wanted in _BY_ANY_TEST:
        return True
    way = found_by(wanted)
    if way is None or is_way(way, test.name):
        return way is not None
    entry = observing.entry_of(measured(test.name) or test.name)
    return entry is not None and any(is_way(way, name, of_kind=False) for name in entry.all_names)


_BY_ANY_TEST: Final = frozenset(("microbiologically confirmed", "confirmed"))


def _by_tests(case: Case, fact: Fact, wanted: str) -> Status:
    """What tests say of a qualifier: hormone receptors are positive if one of them is, negative if both are."""
    found = _tested(case, fact, wanted)
    known = qualifiers().find(wanted) if found is Status.UNKNOWN else None
    if known is None:
        return found
    for other in qualifiers().beside(known):
        implied, excluded = known.name in other.implies, qualifiers().excludes(other.name, known.name)
        if (implied or excluded) and _tested(case, fact, other.name) is Status.MET:
            return Status.MET if implied else Status.UNMET
    return Status.UNKNOWN


def _tested(case: Case, fact: Fact, wanted: str) -> Status:
    known = qualifiers().find(wanted)
    if known is not None and known.all_of:
        return all_of(_part(case, fact, part) for part in known.all_of)
    result = matching.result_qualifier(wanted)
    if result:
        return findings.result_of(case, *result)
    told = _told_by_axis(case, wanted)
    return told[0] if told is not None else Status.UNKNOWN


def _part(case: Case, fact: Fact, wanted: str) -> Status:
    stated = matching.qualified(fact, (wanted,))
    return stated if stated is not Status.UNKNOWN else _tested(case, fact, wanted)


def _studied(case: Case, rule: Condition, fact: Fact) -> Status:
    """Whether the fact is the studied disease, beside the cancers that the rule does not except."""
    peers = [
        other
        for other in case.chart.conditions
        if not other.negative
        and is_cancer(other)
        and (other is fact or _excepted(case, rule.exceptions, other) is not Status.MET)
    ]
    return studied(rule, fact, peers)


def _excepted(case: Case, exceptions: tuple[Rule, ...], fact: Fact) -> Status:
    return entries.excepted(case, exceptions, fact, _exception)


def _exception(case: Case, rule: Rule, fact: Fact) -> Status | None:
    """What an exception about a condition says of this very fact."""
    if not isinstance(rule, Condition):
        return None
    fits = matching.fit(fact, rule.concept, "condition")
    if fits is Fit.IS_NOT:
        return Status.UNKNOWN if matching.may_be_called(fact, rule.concept, "condition") else Status.UNMET
    timed = rule.window is not None or rule.time in ("now", "planned")
    found = [_when(rule)(case, fact)] if timed else []
    if rule.lasting is not None:
        found.append(_for_so_long(case, rule, fact, rule.lasting))
    found.append(narrowed(case, rule, fact))
    found.append(negate(_excepted(case, rule.exceptions, fact)))
    if fits is not Fit.IS:
        found.append(Status.UNMET if _denied(case, rule) else Status.UNKNOWN)
    return all_of(found)


def _denied(case: Case, rule: Condition) -> bool:
    return any(
        fact.negative and matching.covered(fact, rule.concept, "condition") and _as_broad(case, rule, fact)
        for fact in case.chart.conditions
    )


def _as_broad(case: Case, rule: Condition, fact: Fact) -> bool:
    """Whether an absence is about no less than the rule: what it says beside its concept, the rule says, too."""
    raw = fact.raw
    if getattr(raw, "stage", None) or getattr(raw, "grade", None):
        return False
    one_side = "bilateral" in rule.qualifiers and len(places.told_side(fact.site)) == 1
    if not (one_side or fact.site is None or places.site(fact.site, rule.site, rule.concept.name) is Status.MET):
        return False
    return matching.no_narrower(rule.concept, rule.qualifiers, fact.qualifiers)


# ---------------------------------------------------------------------------------------------------------------------
# What speaks for a condition elsewhere


class _Signs(NamedTuple):
    """The tests that mean a condition when they are positive (``True``), or something broader, and the drugs for it.

    ``hints``: the tests that may mean it, as long as none of those that mean it is negative.
    """

    tests: dict[str, bool]
    drugs: frozenset[str]
    hints: frozenset[str]


@lru_cache(maxsize=16384)
def _signs(name: str) -> _Signs:
    tests: dict[str, bool] = {}
    drugs: set[str] = set()
    for entry in vocabulary().having("positive_means"):
        for meant in texts(entry.facts["positive_means"]):
            if name in ancestors(meant):
                tests[entry.name] = True
            elif meant in ancestors(name):
                tests.setdefault(entry.name, False)
    for entry in vocabulary().having("only_for"):
        for meant in texts(entry.facts["only_for"]):
            if name in ancestors(meant) or meant in ancestors(name):
                drugs.add(entry.name)
    hints = {
        entry.name
        for entry in vocabulary().having("positive_may_mean")
        for meant in texts(entry.facts["positive_may_mean"])
        if name in ancestors(meant)
    }
    return _Signs(tests, frozenset(drugs), frozenset(hints))


def _evidence(case: Case, rule: Condition) -> tuple[list[Observation], bool]:
    """The positive tests that mean the condition, and whether anything else in the profile speaks for it.

    A test of any day is one of a condition that the patient may have had at any time, and of an infection for life.
    """
    concept = rule.concept
    if concept.open or _assessed(concept.name):
        named = findings.latest(case, concept.name)
        return [one for one in named if findings.polarity(one) is True], False
    signs = _signs(concept.name)
    sure: list[Observation] = []
    possible = hinted = denied = False
    for analyte in case.chart.observations:
        if analyte in signs.hints:
            hinted = hinted or any(findings.polarity(one) is True for one in findings.latest(case, analyte))
        if (hits := signs.tests.get(analyte)) is None:
            continue
        latest = findings.latest(case, analyte)
        positive = [one for one in latest if findings.polarity(one) is True]
        if not positive and (rule.time == "ever" or findings.for_life(analyte)):
            positive = findings.ever_positive(case, analyte)
            if latest and findings.for_life(analyte):  # a later test has not shown it
                possible, positive = possible or bool(positive), []
        if not hits:
            possible = possible or bool(positive)
            continue
        sure += positive
        denied = denied or any(findings.polarity(one) is False for one in latest)
    possible = possible or (hinted and not denied)
    if signs.drugs:
        possible = possible or any(
            not fact.negative and not fact.name.up.isdisjoint(signs.drugs) for fact in case.chart.treatments
        )
    return sure, possible


# ---------------------------------------------------------------------------------------------------------------------
# The verdict

_search = entries.Search("condition", _holds, _excepted, _as_broad)


def on_record(rule: Condition) -> entries.Weigh:
    """How conditions are sorted by what they say about what a rule wants."""
    return _search.of(_defined(rule))


def condition(rule: Condition) -> Decider:
    """Whether there is a condition on record that fits all that the rule says."""
    decided = anchoring.with_events(
        rule, entries.without_its_parts(rule, "condition", _by_its_facts(rule), _by_its_facts)
    )
    if (told := by_its_level(rule, decided)) is not None:
        return told
    if (there := _at_its_site(rule)) is not None:
        return _or_as(rule, decided, condition(there))
    entry = None if rule.concept.open else vocabulary().entry("condition", rule.concept.name)
    if entry is not None and entry.facts.get("had"):
        return _having_had(rule, str(entry.facts["had"]), decided)
    if entry is None or rule.time not in ("unstated", "now"):
        return decided
    before = entry.facts.get("formerly")
    bare = rule == Condition(concept=rule.concept, time=rule.time, lasting=rule.lasting)
    given_up = next((each for each in texts(entry.facts.get("not_now")) if each in habits()), None)
    if bare and (before is not None or (given_up is not None and rule.lasting is not None)):
        return _formerly(rule, decided, str(before or given_up), ever=before is not None)
    contraries = texts(entry.facts.get("not_now"))
    if not contraries:
        return decided
    plain = rule == Condition(concept=rule.concept, time=rule.time) and len(contraries) == 1
    contradicted = [_by_its_facts(Condition(concept=Concept(name=name), time="now")) for name in contraries]

    def without_the_contraries(case: Case) -> Verdict:
        verdict = decided(case)
        if verdict.status is not Status.UNKNOWN:
            return verdict
        for contrary in contradicted:
            other = contrary(case)
            if other.status is Status.MET:  # a smoker is no non-smoker
                return Verdict(Status.UNMET, rule, case, other.facts, detail=other.detail)
            if other.status is Status.UNMET and plain:
                return Verdict(Status.MET, rule, case, other.facts, detail=other.detail)
        return verdict

    return without_the_contraries


def _at_its_site(rule: Condition) -> Condition | None:
    """The rule with its site in the name of its concept: a fracture of the hip is a hip fracture."""
    if rule.site is None or rule.concept.open:
        return None
    entry = at_place(words.keys(rule.site), rule.concept.name, "condition")
    if entry is None or entry.kind != "condition" or rule.concept.name not in ancestors(entry.name):
        return None
    return rule.model_copy(update={"concept": Concept(name=entry.name), "site": None})


def _or_as(rule: Condition, decided: Decider, otherwise: Decider) -> Decider:
    """The decision on a rule, or where that is open on the same one in other words."""

    def either(case: Case) -> Verdict:
        verdict = decided(case)
        other = otherwise(case) if verdict.status is Status.UNKNOWN else verdict
        return verdict if other.status is Status.UNKNOWN else Verdict(other.status, rule, case, other.used)

    return either


def _having_had(rule: Condition, treatment: str, decided: Decider) -> Decider:
    """The decision on who has had a treatment: what is on record of the transplant."""
    had = Treatment(concept=Concept(name=treatment), time="ever", window=rule.window, qualifiers=rule.qualifiers)
    return _or_as(rule, decided, lambda case: case.decide(had))


def _formerly(rule: Condition, decided: Decider, name: str, *, ever: bool) -> Decider:
    """Who does something no longer, for so long as the rule says: a former smoker has smoked, and does not smoke now.

    ``ever``: it must have been once.
    """
    concept, length = Concept(name=name), rule.lasting
    before = _by_its_facts(Condition(concept=concept, time="ever"))
    lately = [_by_its_facts(Condition(concept=concept, time="now"))]
    if length is not None:
        since = Window(start=Duration(value=length.value, unit=length.unit), start_inclusive=length.exceeded)
        lately.append(_by_its_facts(Condition(concept=concept, window=since)))

    def former(case: Case) -> Verdict:
        verdict = decided(case)
        if verdict.status is not Status.UNKNOWN:
            return verdict
        found = [before(case)] if ever else []
        status = all_of([each.status for each in found])
        for decide in lately:
            found.append(decide(case))
            status = all_of((status, negate(found[-1].status)))
        facts = tuple([fact for each in found for fact in each.facts])
        if status is Status.UNKNOWN or not (facts or ever):
            return verdict  # a list that does not have it says nothing of how long it has not been there
        return Verdict(status, rule, case, facts)

    return former


def _by_its_facts(rule: Condition) -> Decider:
    asked_for = _defined(rule)
    weigh = _search.of(asked_for)
    plain = _plain(asked_for)
    if rule.count is not None:
        return lambda case: _counted(
            case, rule, weigh(case, case.chart.facts("condition")), "conditions" in case.chart.closed
        )
    if asked_for is rule:

        def by_name(case: Case) -> Verdict:
            return _condition(case, rule, rule, weigh(case, case.chart.facts("condition")), plain)

        return _or_one_of_two(rule, by_name) if rule.other else by_name

    named = _search.of(rule)

    def defined(case: Case) -> Verdict:
        facts = case.chart.facts("condition")
        found = weigh(case, facts)
        found.absent = tuple(dict.fromkeys((*found.absent, *named(case, facts).absent)))
        return _condition(case, rule, asked_for, found, plain)

    return defined


def _or_one_of_two(rule: Condition, decided: Decider) -> Decider:
    """The decision on another malignancy than the one under study, or where it is open which this is, on two cancers of
    which either would do."""
    weigh = _search.of(rule.model_copy(update={"other": False}))

    def either(case: Case) -> Verdict:
        verdict = decided(case)
        if verdict.status is not Status.UNKNOWN or verdict.cause is Cause.CONTRADICTION:
            return verdict
        found = weigh(case, case.chart.facts("condition")).met
        two = beside_another([fact for fact in found if _studied(case, rule, fact) is not Status.MET])
        return Verdict(Status.MET, rule, case, two) if two else verdict

    return either


def _defined(rule: Condition) -> Condition:
    """The rule, with what its concept is defined by said apart: "HER2-positive breast cancer"."""
    entry = None if rule.concept.open else vocabulary().entry("condition", rule.concept.name)
    parts = entry.facts.get("defined_by") if entry is not None else None
    if entry is None or not isinstance(parts, dict):
        return rule
    update: dict[str, object] = {
        "concept": Concept(name=str(parts["of"])),
        "qualifiers": (*parts["qualifiers"], *rule.qualifiers),
        "other": rule.other or bool(entry.facts.get("besides")),
    }
    return rule.model_copy(update=update)


@cache
def _assessed(name: str) -> bool:
    """Whether it is found by looking for it, as measurable disease is: no list of conditions can say no to it."""
    entry = vocabulary().entry("condition", name)
    if entry is None:
        return False
    found = (vocabulary().entry("condition", each) for each in (name, *ancestors(name)))
    return any(each is not None and each.facts.get("assessed") for each in found)


def _condition(case: Case, rule: Condition, asked_for: Condition, found: entries.Weighed, plain: bool) -> Verdict:
    """The verdict on a rule; ``asked_for``: the rule with what its concept is defined by said apart."""
    concept = rule.concept
    closed = "conditions" in case.chart.closed
    if plain and not (found.met or found.absent) and (shown := _shown(case, rule)):
        return Verdict(Status.MET, rule, case, shown)
    tests, speaks = _evidence(case, rule) if not found.met else ([], False)
    if not plain:
        showing = _found_so(asked_for, tests)
        tests, speaks = showing, speaks or len(showing) < len(tests)
    if found.absent:
        if against := found.contradicted:
            return _unknown(case, rule, Cause.CONTRADICTION, (*against, *found.absent))
        if tests:
            return _unknown(case, rule, Cause.CONTRADICTION, (*tests, *found.absent))
        if found.met:
            return Verdict(Status.MET, rule, case, _with_tests(case, asked_for, found.met))
        if found.maybe:
            return _unknown(case, rule, _why(asked_for, found.maybe), found.maybe)
        return Verdict(Status.UNMET, rule, case, found.absent)
    current = [fact for fact in found.not_current if rule.window is None and rule.time == "now"]
    if found.met:
        if any(matching.same(fact.name, no.name) for fact in found.met for no in current):
            return _unknown(case, rule, Cause.CONTRADICTION, (*found.met, *current))
        return Verdict(Status.MET, rule, case, _with_tests(case, asked_for, found.met))
    if found.maybe:
        return _unknown(case, rule, _why(asked_for, found.maybe), found.maybe)
    if current and not tests:
        return Verdict(Status.UNMET, rule, case, tuple(current))
    if tests and not found.broader and not found.failed and not closed:
        return Verdict(Status.MET, rule, case, tuple(tests))
    if found.broader and not _only_beside(rule, found) and not (closed and _apart_from_it(rule, found)):
        return _unknown(case, rule, Cause.NOT_STATED, found.broader)
    assessed = _assessed(concept.name)
    failed = (*found.failed, *[fact for fact in found.otherwise if _is_its_one_entry(concept, fact)])
    if (
        failed
        and not tests
        and not (concept.open or assessed)
        and not rule.other
        and _spoken_for(case, asked_for, failed)
    ):
        return Verdict(Status.UNMET, rule, case, _with_tests(case, asked_for, failed))
    if (over := entries.none_since(case, rule, case.chart.conditions, "condition")) and not (tests or found.broader):
        return Verdict(Status.UNMET, rule, case, over)
    if (concept.open or assessed) and plain and (seen := findings.latest(case, concept.name)):
        signs = {findings.polarity(one) for one in seen}
        if signs == {False}:
            return Verdict(Status.UNMET, rule, case, tuple(seen))
    if closed and assessed and found.failed and not (tests or speaks) and _all_told(case, found.failed):
        return Verdict(Status.UNMET, rule, case, found.failed, detail="the list of conditions is complete")
    if closed and matching.placed(concept) and not assessed:
        if found.unplaced:
            return _unknown(case, rule, Cause.NOT_STATED, found.unplaced, "a listed condition cannot be placed")
        if tests or speaks:
            return _unknown(
                case, rule, Cause.CONTRADICTION, tuple(tests), "something else in the profile speaks for it"
            )
        return Verdict(Status.UNMET, rule, case, found.failed, detail="the list of conditions is complete")
    if tests:
        return _unknown(case, rule, Cause.CONTRADICTION, (*tests, *found.failed))
    if not (found.unplaced or speaks or rule.other) and (denied := _ruled_out(case, rule)):
        return Verdict(Status.UNMET, rule, case, tuple(denied))
    if malignant(concept.name) and rule.window is None and (denied := _untrue(case, rule)):
        return Verdict(Status.UNMET, rule, case, tuple(denied))
    if not found.unplaced and cannot_have(case, concept):
        return Verdict(Status.UNMET, rule, case, detail="the patient is male")
    return _unknown(case, rule, Cause.MISSING, found.failed)


def _shown(case: Case, rule: Condition) -> entries.Facts:
    """The facts that show a lasting disease although they are not it: a diabetic retinopathy shows diabetes."""
    showing = _showing(rule.concept.name)
    if not showing or rule.concept.open:
        return ()
    return tuple(
        [
            fact
            for fact in case.chart.conditions
            if not fact.negative
            and not fact.suspected
            and fact.state in ("there", "resolved")
            and fact.name.exact
            and not showing.isdisjoint(fact.name.up)
            and timing.begun(case, fact) is Status.MET
        ]
    )


@lru_cache(maxsize=16384)
def _showing(name: str) -> frozenset[str]:
    """The conditions that show another one."""
    return frozenset(
        entry.name
        for entry in vocabulary().having("shows")
        for shown in texts(entry.facts["shows"])
        if name in ancestors(shown)
    )


def _untrue(case: Case, rule: Condition) -> list[Observation]:
    """The results that say that no tumour of the patient is as the rule wants it: "HER2: negative"."""
    cancers = [fact for fact in case.chart.conditions if is_cancer(fact)]
    if len([fact for fact in cancers if not fact.negative]) > 1:
        return []  # whose result it is, is not said
    for wanted in rule.qualifiers:
        tests = _tests_of(wanted)
        known = qualifiers().find(wanted)
        if known is not None and known.all_of:
            continue
        result = matching.result_qualifier(wanted)
        if result is not None and findings.result_of(case, *result) is Status.UNMET:
            return [one for test in tests for one in findings.latest(case, test)]
        if (told := _told_by_axis(case, wanted)) is not None and told[0] is Status.UNMET:
            return list(told[1])
    return []


def _told_by_axis(case: Case, wanted: str) -> tuple[Status, Sequence[Observation]] | None:
    """What the test says whose results are values of the qualifier's axis: of microsatellites, "stable"."""
    known = qualifiers().find(wanted)
    for test in _tests_on(known.axis) if known is not None else ():
        seen = findings.latest(case, test)
        statuses = {_of_axis(test, each, wanted) for each in seen}
        if len(statuses) == 1 and (status := statuses.pop()) is not Status.UNKNOWN:
            return status, seen
    return None


@lru_cache(maxsize=256)
def _tests_on(axis: str) -> tuple[str, ...]:
    """The tests whose results are values of an axis of qualifiers."""
    return tuple([entry.name for entry in vocabulary().having("results_on") if entry.facts["results_on"] == axis])


def _of_axis(test: str, seen: Observation, wanted: str) -> Status:
    """Whether a result in words is the wanted value: "stable", or with the name of the test before it."""
    if not isinstance(seen.value, str):
        return Status.UNKNOWN
    known = qualifiers()
    for text in (seen.value, f"{test} {seen.value}"):
        if known.find(text) is not None:
            if known.implies(text, wanted):
                return Status.MET
            if known.excludes(text, wanted):
                return Status.UNMET
    return Status.UNKNOWN


def _ruled_out(case: Case, rule: Condition) -> list[Observation]:
    """The tests that rule a condition out: one that is negative, none that is not."""
    if rule.window is not None or rule.time == "planned" or rule.concept.open:
        return []
    found: list[Observation] = []
    named = [(test, False) for test in case.chart.observations if _infection(test) in ancestors(rule.concept.name)]
    for test, ever in (*_denying(rule.concept.name), *named):
        if rule.time == "ever" and not ever:
            continue
        chosen = observing.choose(case, test, None)
        signs = {findings.read(one) for one in chosen.observations}
        if chosen.cause is None and signs == {False}:
            found += chosen.observations
    return found


@lru_cache(maxsize=4096)
def _infection(test: str) -> str | None:
    """The infection that a result is given of by its name: "HIV: negative"."""
    entry = vocabulary().find(test, "condition")
    return entry.name if entry is not None and "infection" in ancestors(entry.name) else None


@lru_cache(maxsize=16384)
def _denying(name: str) -> tuple[tuple[str, bool], ...]:
    """The tests that rule a condition out if they are negative, each with whether they do so for ever."""
    return tuple(
        (entry.name, ever)
        for field, ever in (("negative_means_no", True), ("negative_means_not_now", False))
        for entry in vocabulary().having(field)
        if any(meant in ancestors(name) for meant in texts(entry.facts[field]))
    )


def _with_tests(case: Case, rule: Condition, facts: entries.Facts) -> tuple[Fact | Observation, ...]:
    """The facts, with the results that say of them what they do not say themselves: that a cancer is HER2-positive."""
    used: list[Observation] = []
    for wanted in rule.qualifiers:
        if any(matching.qualified(fact, (wanted,)) is Status.UNKNOWN for fact in facts):
            used += [one for test in _tests_of(wanted) for one in findings.latest(case, test) if one not in used]
    return (*facts, *used)


@lru_cache(maxsize=4096)
def _tests_of(wanted: str) -> tuple[str, ...]:
    """The tests whose results can settle a qualifier."""
    known = qualifiers().find(wanted)
    texts = [wanted]
    if known is not None:
        texts += [*known.all_of, *(other.name for other in qualifiers().beside(known))]
        texts += [part for other in qualifiers().beside(known) for part in other.all_of]
    return tuple(dict.fromkeys(found[0] for text in texts if (found := matching.result_qualifier(text)) is not None))


def _plain(rule: Condition) -> bool:
    """Whether a rule asks for no more than the presence of a condition, which a test can show."""
    said = any(each != "active" for each in rule.qualifiers)
    narrowed = said or rule.stages or rule.grade is not None or rule.lasting is not None or rule.site
    asked = rule.window is None and rule.time != "planned" and not rule.exceptions and not rule.other
    return asked and not narrowed


def _only_beside(rule: Condition, found: entries.Weighed) -> bool:
    """Whether what may be this disease is none that it is a kind of, and the disease has an entry of its own: beside a
    plasma cell leukemia that is over, a myeloma is a myeloma."""
    name = rule.concept.name
    if rule.concept.open or not once(name) or not any(fact.name.own == {name} for fact in found.failed):
        return False
    return all(fact.name.own.isdisjoint(ancestors(name)) for fact in found.broader)


def _apart_from_it(rule: Condition, found: entries.Weighed) -> bool:
    """Whether what may be this event, or this complication, are diseases that there are one of at a time: a complete
    list has these beside what comes of them."""
    entry = vocabulary().entry("condition", rule.concept.name)
    if entry is None or not (entry.facts.get("event") or entry.facts.get("complication")):
        return False
    return all(
        not fact.event and bool(fact.name.own) and all(map(_one_at_a_time, fact.name.own)) for fact in found.broader
    )


@lru_cache(maxsize=16384)
def _one_at_a_time(name: str) -> bool:
    return once(name) or not ancestors(name).isdisjoint(diseases().one_at_a_time)


def _spoken_for(case: Case, rule: Condition, failed: entries.Facts) -> bool:
    """Whether what is on record of a disease that a patient has once says that it is not as the rule wants it.

    So does an entry of the very condition, or of a kind of it where there is one at a time, if it is there now and only
    its qualifiers are others: an essential hypertension that is controlled; and one of what remits, if it is over. An
    event, a metastasis and most infections can be there twice.
    """
    name = rule.concept.name
    if not malignant(name) and any(_at(rule, fact) is Status.UNMET for fact in failed):
        return False  # the other eye may have it, too
    if once(name):
        return True
    up = ancestors(name)
    kinds, remits = _one_at_a_time(name), not up.isdisjoint(diseases().remitting)
    if metastatic(name) or malignant(name) or not (kinds or up.isdisjoint(diseases().many)):
        return False
    when = _when(rule)

    def speaks(fact: Fact) -> bool:
        very = fact.name.own == {name}
        related = kinds and (name in fact.name.up or not fact.name.own.isdisjoint(up))
        if fact.event or not (very or related):
            return False
        if fact.state == "there":
            return when(case, fact) is Status.MET or (very and rule.moment == "start")  # what goes on began once
        return very and remits and fact.state == "resolved" and rule.time == "now"

    return all(map(speaks, failed))


@cache
def _of_several_organs() -> frozenset[str]:
    """The names that cancers of several organs go by, of which a patient may have two."""
    return frozenset((*diseases().roots, *diseases().groups))


def _is_its_one_entry(concept: Concept, fact: Fact) -> bool:
    """Whether an entry by a broader name is of the very disease: who has one colon cancer has no other colon
    adenocarcinoma."""
    name, own = concept.name, fact.name.own
    if concept.open or not own or not own <= ancestors(name) or not own.isdisjoint(_of_several_organs()):
        return False
    return all(once(each) and (malignant(each) or not ancestors(each).isdisjoint(diseases().once)) for each in own)


def _all_told(case: Case, failed: entries.Facts) -> bool:
    """Whether a complete list has nothing but these and cancers, which are no such finding."""
    return all(
        fact.negative or fact in failed or (bool(fact.name.own) and all(map(malignant, fact.name.own)))
        for fact in case.chart.conditions
    )


def _why(rule: Condition, facts: entries.Facts) -> Cause:
    dated = all(fact.first_low == fact.first_high for fact in facts)
    return Cause.NOT_STATED if rule.qualifiers or rule.stages or rule.grade or rule.site or dated else Cause.IMPRECISE


def _unknown(
    case: Case, rule: Condition, cause: Cause, used: tuple[Fact | Observation, ...], detail: str = ""
) -> Verdict:
    concept = rule.concept.name
    if used and cause is not Cause.MISSING:
        wanted: list[str] = [*rule.qualifiers]
        wanted += [f"stage {' or '.join(rule.stages)}"] if rule.stages else []
        wanted += ["grade"] if rule.grade is not None else []
        wanted += ["site"] if rule.site else []
        needs = asked(concept, tuple(wanted) or ("dates",), "chart")
    else:
        needs = asked(concept, ("presence",), "chart")
    return Verdict(Status.UNKNOWN, rule, case, used, cause, needs, detail=detail)


def happens(name: str) -> bool:
    """Whether each time that it happened is an entry of its own in a complete record: a stroke, not a metastasis."""
    entry = vocabulary().entry("condition", name)
    return entry is not None and bool(entry.facts.get("event"))


def _counted(case: Case, rule: Condition, found: entries.Weighed, closed: bool) -> Verdict:
    assert rule.count is not None
    low = len(found.met)
    if found.absent and not found.met and not found.maybe:
        high: float | None = 0
    elif closed and matching.placed(rule.concept) and happens(rule.concept.name):
        high = low + len(found.maybe) + len(found.broader) + len(found.unplaced)
    else:
        high = None
    limit = rule.count
    status = within(
        Interval(float(low), None if high is None else float(high)),
        limit.low,
        limit.high,
        limit.low_inclusive,
        limit.high_inclusive,
    )
    used = (*found.met, *found.maybe, *found.absent)
    if status is Status.UNKNOWN:
        return Verdict(status, rule, case, used, Cause.MISSING, asked(rule.concept.name, ("episodes",), "chart"))
    return Verdict(status, rule, case, used)
