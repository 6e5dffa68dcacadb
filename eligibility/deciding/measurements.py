"""Measurements: labs, vital signs and scores against a limit."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from functools import lru_cache
from typing import Final, TypeAlias

from eligibility.deciding import bands, formulas, observing, places, scales, timing
from eligibility.deciding.case import Case, Decider
from eligibility.deciding.changes import by_weights
from eligibility.deciding.comparing import compare, gauge, number
from eligibility.deciding.verdict import Cause, Need, Verdict, Who, asked
from eligibility.knowledge import words
from eligibility.knowledge.vocabulary import vocabulary
from eligibility.patient.facts import PAST
from eligibility.patient.names import analyte_words, measured, short_name
from eligibility.patient.profile import Interval, Observation
from eligibility.patient.results import single
from eligibility.rules import Concept, Condition, Duration, Measurement, OnScales, Treatment
from eligibility.truth import Status, agreed

__all__ = ["measurement", "on_scales"]


Against: TypeAlias = Callable[[Case, Observation], Status | Cause]
"""Whether one observation lies within a limit, or why that cannot be said."""


def measurement(rule: Measurement) -> Decider:
    """Whether the latest value that counts lies within the limit."""
    name = " ".join(analyte_words(rule.analyte.name)) if rule.analyte.open else rule.analyte.name
    if rule.analyte.open and (short := short_name(rule.analyte.name)):
        in_full, in_short = measurement(_named(rule, name)), measurement(_named(rule, short))
        return lambda case: (in_short if case.chart.seen(short) and not case.chart.seen(name) else in_full)(case)
    if name in scales.SCALES and rule.repeats == 1:
        own = _own_scale(rule)
        others = tuple(scale for scale in scales.SCALES if scale not in (own, scales.PERFORMANCE))
        plain, against = _plain(rule), _against(rule)

        def performance(case: Case) -> Verdict:
            if plain and (verdict := _newest(case, rule, own, _scored_on(case, own), against)) is not None:
                return verdict
            return _performance(case, rule, own, others, against)

        return performance
    if parts := _aggregate(name):
        deciders = tuple(measurement(_named(rule, part)) for part in parts)
        return lambda case: _aggregated(case, rule, deciders)
    if rule.repeats > 1:
        return lambda case: _repeated(case, rule)
    if rule.limit.of == "value" and (scales_ := bands.banded(name)) is not None:
        return lambda case: _banded(case, rule, scales_)
    plain, against, by_name = _plain(rule), _against(rule), single(name)
    broader = _by_whatever_formula(name)
    otherwise = measurement(_named(rule, broader)) if broader else None

    def latest(case: Case) -> Verdict:
        if plain:
            given = case.chart.observations.get(name) if by_name else case.chart.seen(name)
            if given and (verdict := _newest(case, rule, name, given, against)) is not None:
                return verdict
        chosen = observing.choose(case, name, rule.window, rule.qualifiers, rule.site)
        if chosen.cause is Cause.MISSING:
            return otherwise(case) if otherwise is not None and case.chart.seen(broader) else _elsewhere(case, rule)
        if chosen.cause is Cause.NOT_STATED and (beyond := _beyond(case, rule, name, against)) is not None:
            return beyond
        verdict = _judge(case, rule, chosen.observations, against, chosen.cause)
        if verdict.status is Status.UNMET and places.leaves_an_eye_out(rule.site, _places(chosen.observations)):
            return _unknown(case, rule, Cause.MISSING, chosen.observations)
        return verdict

    return latest


def _beyond(case: Case, rule: Measurement, name: str, against: Against) -> Verdict | None:
    """A latest result that is beyond the limit, whatever more is said of it; None where it may be within."""
    plain = observing.broader(rule.qualifiers)
    if plain == rule.qualifiers:
        return None
    chosen = observing.choose(case, name, rule.window, plain, rule.site)
    if chosen.cause is not None or places.leaves_an_eye_out(rule.site, _places(chosen.observations)):
        return None
    verdict = _judge(case, rule, chosen.observations, against)
    return verdict if verdict.status is Status.UNMET else None


def _places(observations: Sequence[Observation]) -> list[str]:
    """Where each was measured, in words."""
    return [f"{each.site or ''} {places.named_place(each.name, each.qualifiers)}" for each in observations]


def _named(rule: Measurement, name: str) -> Measurement:
    """The same limit of what has another name."""
    return rule.model_copy(update={"analyte": rule.analyte.model_copy(update={"name": name})})


def _by_whatever_formula(name: str) -> str:
    """What a clearance by one formula is reported as where it is not said by which: it is the same by any usual one."""
    entry = observing.entry_of(name)
    return str(entry.facts.get("reported_as", "")) if entry is not None else ""


def _plain(rule: Measurement) -> bool:
    """Whether it is enough that an observation is the latest one."""
    return rule.window is None and not rule.qualifiers and not rule.site


def _newest(case: Case, rule: Measurement, name: str, given: Sequence[Observation], against: Against) -> Verdict | None:
    """As :func:`observing.choose` and :func:`_judge`, in short: where every day is known, and there is one to use."""
    found = observing.newest(case, given)
    if found is None or not found[1]:
        return None
    day, observations = found
    if observing.stale(case, day) and observing.ages(name):
        return _unknown(case, rule, Cause.OUT_OF_DATE, observations)
    if len(observations) == 1:
        status = against(case, observations[0])
        if status is Status.MET or status is Status.UNMET:
            return Verdict(status, rule, case, (observations[0],))
    return _judge(case, rule, observations, against)


def _judge(
    case: Case, rule: Measurement, observations: Sequence[Observation], against: Against, cause: Cause | None = None
) -> Verdict:
    """All observations of the latest day count: a limit that holds for some of them only is unknown."""
    if cause is not None:
        return _unknown(case, rule, cause, observations)
    status: Status | None = None
    for observation in observations:
        found = against(case, observation)
        if found is not Status.MET and found is not Status.UNMET:
            return _unknown(case, rule, found if isinstance(found, Cause) else Cause.IMPRECISE, observations)
        if status is not None and found is not status:
            return _unknown(case, rule, Cause.CONTRADICTION, observations)
        status = found
    assert status is not None
    return Verdict(status, rule, case, tuple(observations))


def _against(rule: Measurement) -> Against:
    """As :func:`_one`, for one rule: the shorter way for a plain number, which most observations are."""
    limit = rule.limit
    exact = gauge(limit)
    name, target, upper = rule.analyte.name, limit.unit, limit.of == "ULN"

    def in_its_unit(case: Case, observation: Observation) -> Status | Cause:
        value, unit = observation.value, observation.unit
        if type(value) is not float:
            return _one(case, rule, observation)
        if unit != target and (unit := observing.unit_of(observation, target)) != target:
            line = observing.line(unit, target, name)
            if line is None:
                return Cause.UNIT
            value = line.of(value)
        return exact(value)

    def in_its_range(case: Case, observation: Observation) -> Status | Cause:
        value, unit = observation.value, observation.unit
        reference = observation.high if upper else observation.low
        if type(value) is not float or reference is None or (unit is not None and _multiple(unit)):
            return _one(case, rule, observation)
        return exact(value, reference)

    match limit.of:
        case "value":
            return in_its_unit
        case "ULN" | "LLN":
            return in_its_range
        case "baseline":
            return lambda case, observation: _one(case, rule, observation)


def _one(case: Case, rule: Measurement, observation: Observation) -> Status | Cause:
    """One observation against the limit."""
    limit = rule.limit
    name = rule.analyte.name
    value = observing.numeric(observation)
    if value is None:
        return _in_words(rule, observation)
    if limit.of == "value":
        converted = observing.in_unit(value, observing.unit_of(observation, limit.unit), limit.unit, name)
        return Cause.UNIT if converted is None else compare(converted, limit)
    if limit.of == "baseline":
        return Cause.MISSING
    if observation.unit is not None and _multiple(observation.unit) == limit.of:
        return compare(value, limit)  # given as a multiple of the reference limit
    reference = observation.high if limit.of == "ULN" else observation.low
    if reference is not None:
        return compare(value, limit, reference)
    ranges = case.settings.reference_ranges.get(name)
    standard = None if ranges is None else ranges[1 if limit.of == "ULN" else 0]
    entry = observing.entry_of(name)
    if standard is None or entry is None:
        return Cause.NOT_STATED
    converted = observing.in_unit(value, observation.unit, entry.facts.get("unit", ""), name)
    return Cause.UNIT if converted is None else compare(converted, limit, standard)


@lru_cache(maxsize=4096)
def _multiple(unit: str) -> str:
    """``x ULN`` >> ``ULN``."""
    last = words.keys(unit)[-1:]
    return next((limit for limit in ("ULN", "LLN") if last == (words.key(limit),)), "")


_NORMAL: Final = frozenset({"normal", "within normal limits", "wnl", "within normal range", "in normal range"})


_ABNORMAL: Final = frozenset({"abnormal", "not normal", "outside normal limits", "outside normal range"})
_RAISED: Final = frozenset(
    {"elevated", "high", "raised", "increased", "above normal", "above normal limits", "above uln", "> uln", ">uln"}
)
_LOWERED: Final = frozenset(
    {"low", "decreased", "reduced", "below normal", "below normal limits", "below lln", "< lln", "<lln"}
)


def _in_words(rule: Measurement, observation: Observation) -> Status | Cause:
    """A value in words: "normal" is not above the upper limit of the normal range, and not below the lower.

    Where a test gives no number ("normal ECG"), any abnormal result lies outside; where it gives one, it is not said
    on which side.
    """
    limit = rule.limit
    said = " ".join(str(observation.value).lower().split())
    if limit.of not in ("ULN", "LLN"):
        return Cause.UNIT
    upper = limit.of == "ULN"
    beyond, opposite = (_RAISED, _LOWERED) if upper else (_LOWERED, _RAISED)
    if said in _NORMAL or said in opposite:
        return compare(_WITHIN[upper], limit)
    entry = observing.entry_of(rule.analyte.name)
    facts = entry.facts if entry is not None else {}
    if said in beyond or (said in _ABNORMAL and facts.get("type") == "test" and not facts.get("unit")):
        return compare(_BEYOND[upper], limit)
    return Cause.UNIT


_WITHIN: Final = (Interval(1.0, None), Interval(None, 1.0))
"""The values on this side of the lower limit of the normal range, and of the upper, as multiples of it."""

_BEYOND: Final = (Interval(None, 1.0, high_inclusive=False), Interval(1.0, None, low_inclusive=False))
"""Those on the other side."""


def _unknown(case: Case, rule: Measurement, cause: Cause, used: Sequence[Observation]) -> Verdict:
    limit = rule.limit
    attribute = "value"
    if cause is Cause.NOT_STATED and used:
        attribute = {"ULN": "upper limit of normal", "LLN": "lower limit of normal"}.get(limit.of, "value")
    elif limit.of == "baseline":
        attribute = "baseline value"
    window = None
    if rule.window is not None and rule.window.start is not None:
        window = f"{rule.window.start.value:g} {rule.window.start.unit}"
    elif observing.ages(rule.analyte.name):
        window = f"{case.settings.stale_days} days"
    who: Who = "site" if attribute == "value" else "chart"
    needs = asked(rule.analyte.name, (attribute,), who, window, limit.unit or None)
    return Verdict(Status.UNKNOWN, rule, case, tuple(used), cause, needs)


# ---------------------------------------------------------------------------------------------------------------------
# Where the value itself is not there


def _elsewhere(case: Case, rule: Measurement) -> Verdict:
    if rule.window is None and not rule.qualifiers and (scored := _as_qualifier(case, rule)) is not None:
        return scored
    if (counted := _as_condition(case, rule)) is not None:
        return counted
    if (nothing := _of_no_dose(case, rule)) is not None:
        return nothing
    if (changed := by_weights(case, rule)) is not None:
        return changed
    found = formulas.computed(case, rule.analyte.name) if _MEASURED not in rule.qualifiers else None
    if found is None:
        return _unknown(case, rule, Cause.MISSING, ())
    if found.value is None:
        verdict = _unknown(case, rule, found.cause or Cause.MISSING, found.used)
        return (
            verdict
            if not found.used
            else Verdict(Status.UNKNOWN, rule, case, found.used, found.cause, found.needs, detail=f"for {found.title}")
        )
    if rule.limit.of != "value":
        return _unknown(case, rule, Cause.NOT_STATED, found.used)
    converted = observing.in_unit(found.value, found.unit, rule.limit.unit, rule.analyte.name)
    if converted is None:
        return _unknown(case, rule, Cause.UNIT, found.used)
    status = compare(converted, rule.limit)
    cause = Cause.IMPRECISE if status is Status.UNKNOWN else None
    shown = f"{found.title}: {_span(converted)} {rule.limit.unit}".rstrip()
    return Verdict(status, rule, case, found.used, cause, found.needs, detail=shown)


_MEASURED: Final = "measured"  # asked for so, what a formula gives will not do


def _of_no_dose(case: Case, rule: Measurement) -> Verdict | None:
    """Of how much was given of a drug in all, where none of it was ever given."""
    entry = observing.entry_of(rule.analyte.name)
    drug = entry.facts.get("dose_of") if entry is not None else None
    if not isinstance(drug, str) or rule.limit.of != "value":
        return None
    given = case.decide(Treatment(concept=Concept(name=drug), time="ever"))
    if given.status is not Status.UNMET:
        return None
    return Verdict(compare(Interval(0.0, 0.0), rule.limit), rule, case, given.used, detail=f"no {drug} was ever given")


def _span(value: Interval) -> str:
    low, high = value.low, value.high
    if low is not None and high is not None and high - low > 1e-9 * abs(high):
        return f"{number(low)} to {number(high)}"
    return number(low if low is not None else high or 0.0)


def _as_condition(case: Case, rule: Measurement) -> Verdict | None:
    """A number of what is listed as a condition: where no lesion can be measured there is none, else at least one.

    Of what was never there, nothing was lost or gained at any time, in any unit.
    """
    name = rule.analyte.name
    if rule.analyte.open or rule.limit.of != "value" or vocabulary().entry("condition", name) is None:
        return None
    plain = rule.window is None and not rule.qualifiers and not rule.limit.unit
    present = case.decide(Condition(concept=rule.analyte, time="now" if plain else "ever", qualifiers=rule.qualifiers))
    if present.status is Status.UNKNOWN or (present.status is Status.MET and not plain):
        return None
    number = Interval(0.0, 0.0) if present.status is Status.UNMET else Interval(1.0, None)
    status = compare(number, rule.limit)
    return Verdict(status, rule, case, present.used) if status is not Status.UNKNOWN else None


def _as_qualifier(case: Case, rule: Measurement) -> Verdict | None:
    """A score that is given as a qualifier of a condition that is there: "NYHA class II" of a heart failure."""
    name = rule.analyte.name
    scales_ = bands.banded(name)
    for fact in case.chart.conditions:
        if fact.state != "there":
            continue
        for text in fact.qualifiers:
            scored = _score(text)
            if scored is None:
                continue
            if scales_ is not None and scored.name in (scales_.score, scales_.classes):
                value = bands.value_on(name, scales_, scored)
            else:
                value = observing.numeric(scored) if scored.name == name else None
            if value is not None:
                return Verdict(compare(value, rule.limit), rule, case, (fact,))
    return None


@lru_cache(maxsize=4096)
def _score(text: str) -> Observation | None:
    """``NYHA class II`` >> what was observed, by the canonical name of the score."""
    before, _, last = text.strip().rpartition(" ")
    entry = vocabulary().find(before, "measurement") if before else None
    if entry is None:
        return None
    if last.replace(".", "", 1).isdigit():
        return Observation(name=entry.name, value=float(last))
    plain = last.upper() in _FIGURES or last.upper() in (entry.facts.get("values") or {})
    return Observation(name=entry.name, value=last) if plain else None


_FIGURES: Final = frozenset(("I", "II", "III", "IV"))


# ---------------------------------------------------------------------------------------------------------------------
# Several at once


@lru_cache(maxsize=4096)
def _aggregate(name: str) -> tuple[str, ...]:
    """The measurements that a collective name stands for: "transaminases" are AST and ALT."""
    entry = vocabulary().entry("measurement", name)
    if entry is None or entry.codes or entry.facts.get("formula") or entry.facts.get("type") != "lab":
        return ()
    parts = vocabulary().narrower("measurement", name)
    return parts if len(parts) > 1 and all(_coded(part) for part in parts) else ()


def _coded(name: str) -> bool:
    entry = vocabulary().entry("measurement", name)
    return entry is not None and bool(entry.codes)


def _aggregated(case: Case, rule: Measurement, parts: tuple[Decider, ...]) -> Verdict:
    """A limit on all of several analytes: one that breaks an upper limit breaks it, whatever the others are."""
    named = case.chart.observations.get(rule.analyte.name, ())
    if named:
        chosen = observing.choose(case, rule.analyte.name, rule.window, rule.qualifiers, rule.site, tuple(named))
        return _judge(case, rule, chosen.observations, _against(rule), chosen.cause)
    verdicts = [part(case) for part in parts]
    statuses = {verdict.status for verdict in verdicts}
    limit = rule.limit
    decisive = Status.UNMET if limit.low is None else Status.MET if limit.high is None else None
    used = tuple(one for verdict in verdicts for one in verdict.used)
    if decisive in statuses:
        return Verdict(decisive, rule, case, used)
    if len(statuses) == 1 and Status.UNKNOWN not in statuses:
        return Verdict(statuses.pop(), rule, case, used)
    needs = tuple(need for verdict in verdicts for need in verdict.needs)
    cause = next((verdict.cause for verdict in verdicts if verdict.cause), Cause.CONTRADICTION)
    return Verdict(Status.UNKNOWN, rule, case, used, cause, needs)


def _repeated(case: Case, rule: Measurement) -> Verdict:
    """A limit that must hold on several occasions: of the latest result, and of all back to the last that is needed.

    A latest result beyond the limit decides, as it does where one is enough, unless enough earlier ones were within
    it. Results of one day are one occasion; one that may lie between, and is not within the limit, leaves it open.
    """
    name = rule.analyte.name
    chosen = observing.choose(case, name, rule.window, rule.qualifiers, rule.site)
    if chosen.cause is not None:
        return _unknown(case, rule, chosen.cause, chosen.observations)
    latest = {_one(case, rule, observation) for observation in chosen.observations}
    if len(latest) > 1:
        return _unknown(case, rule, Cause.CONTRADICTION, chosen.observations)
    sure, doubtful = observing.within(case, name, rule.window, rule.qualifiers, rule.site)
    good = {day for day, seen in sure.items() if all(_one(case, rule, each) is Status.MET for each in seen)}
    if latest == {Status.UNMET}:
        if len(_apart(good, rule)) >= rule.repeats:
            return _unknown(case, rule, Cause.CONTRADICTION, chosen.observations)
        return Verdict(Status.UNMET, rule, case, tuple(chosen.observations))
    if latest != {Status.MET}:
        found = latest.pop()
        return _unknown(case, rule, found if isinstance(found, Cause) else Cause.IMPRECISE, chosen.observations)
    broken = max(sure.keys() - good, default=None)
    taken = _apart({day for day in good if broken is None or day > broken}, rule)
    used = tuple(observation for day in taken for observation in sure[day])
    detail = f"{len(taken)} of {rule.repeats} results"
    if len(taken) < rule.repeats:
        open_ = _unknown(case, rule, Cause.MISSING, used)
        return Verdict(Status.UNKNOWN, rule, case, used, Cause.MISSING, open_.needs, detail=detail)
    for last, observation in doubtful:
        if last >= taken[-1] and _one(case, rule, observation) is not Status.MET:
            return _unknown(case, rule, Cause.IMPRECISE, (*used, observation))
    return Verdict(Status.MET, rule, case, used)


def _apart(days: Collection[int], rule: Measurement) -> list[int]:
    """The latest days that are as far apart as the rule asks, as many as it asks for."""
    taken: list[int] = []
    for day in sorted(days, reverse=True):
        if not taken or rule.spacing is None or day <= _earlier(taken[-1], rule.spacing):
            taken.append(day)
        if len(taken) == rule.repeats:
            break
    return taken


def _earlier(day: int, spacing: Duration) -> int:
    """The latest day that is surely so long before another one."""
    found = timing.back(day, spacing)
    return PAST if found is None else found[0]


# ---------------------------------------------------------------------------------------------------------------------
# Points and classes


def _banded(case: Case, rule: Measurement, scales_: bands.Banded) -> Verdict:
    """On a score or the scale of its classes, whichever of the two was noted."""
    noted = (*case.chart.seen(scales_.score), *case.chart.seen(scales_.classes))
    chosen = observing.choose(case, rule.analyte.name, rule.window, rule.qualifiers, rule.site, noted)
    if chosen.cause is Cause.MISSING:
        return _elsewhere(case, rule)

    def against(_: Case, observation: Observation) -> Status | Cause:
        value = bands.value_on(rule.analyte.name, scales_, observation)
        return Cause.UNIT if value is None else compare(value, rule.limit)

    return _judge(case, rule, chosen.observations, against, chosen.cause)


# ---------------------------------------------------------------------------------------------------------------------
# Performance status


def _performance(case: Case, rule: Measurement, own: str, others: tuple[str, ...], against: Against) -> Verdict:
    """On the rule's own scale if it was scored, else by the equivalence."""
    chosen = observing.choose(case, own, rule.window, rule.qualifiers, rule.site, _scored_on(case, own))
    if chosen.cause is not Cause.MISSING:
        return _judge(case, rule, chosen.observations, against, chosen.cause)
    scored = tuple([observation for scale in others for observation in _scored_on(case, scale)])
    chosen = observing.choose(case, own, rule.window, rule.qualifiers, rule.site, scored)
    if chosen.cause is not None:
        return _unknown(case, rule, chosen.cause, chosen.observations)
    statuses = set()
    shown = ""
    for observation in chosen.observations:
        value = observing.numeric(observation)
        source = scales.scale_of(_name(observation), value) if value is not None else None
        converted = scales.on_scale(value, source, own) if value is not None and source is not None else None
        if converted is None:
            return _unknown(case, rule, Cause.UNIT, chosen.observations)
        shown = f"{own} {_span(converted)} by the published equivalence"
        statuses.add(compare(converted, rule.limit))
    status = statuses.pop() if len(statuses) == 1 else Status.UNKNOWN
    if status is Status.UNKNOWN:
        verdict = _unknown(case, rule, Cause.IMPRECISE, chosen.observations)
        return Verdict(status, rule, case, tuple(chosen.observations), verdict.cause, verdict.needs, detail=shown)
    return Verdict(status, rule, case, tuple(chosen.observations), detail=shown)


def _own_scale(rule: Measurement) -> str:
    name = rule.analyte.name
    if name != scales.PERFORMANCE:
        return name
    bound = max(bound for bound in (rule.limit.low, rule.limit.high, 0.0) if bound is not None)
    return scales.ECOG if bound <= 5 else scales.KARNOFSKY


def _name(observation: Observation) -> str:
    return measured(observation.name) or ""


def _scored_on(case: Case, scale: str) -> Sequence[Observation]:
    found = case.chart.observations.get(scale, ())
    bare = case.chart.observations.get(scales.PERFORMANCE, ())
    if not bare:
        return found
    return *found, *(
        one for one in bare if (value := observing.numeric(one)) and scales.scale_of(scales.PERFORMANCE, value) == scale
    )


def on_scales(case: Case, rule: OnScales) -> Verdict:
    """One condition on several scales: the scale that was scored decides; two that are at odds leave it open.

    Where none was, and they can be computed, the first of them does.
    """
    verdicts = tuple(case.decide(part) for part in rule.parts)
    scored = [
        verdict
        for verdict, part in zip(verdicts, rule.parts, strict=True)
        if case.chart.seen(part.analyte.name) or _scored_on(case, part.analyte.name)
    ]
    usable = [verdict for verdict in scored if verdict.cause not in (Cause.MISSING, Cause.OUT_OF_DATE)] or [
        verdict for verdict in verdicts if verdict.status is not Status.UNKNOWN
    ][:1]
    status = agreed(verdict.status for verdict in usable)
    if status is not Status.UNKNOWN:
        return Verdict(status, rule, case, parts=verdicts)
    definite = {verdict.status for verdict in usable if verdict.status is not Status.UNKNOWN}
    cause = Cause.CONTRADICTION if len(definite) > 1 else verdicts[0].cause
    at_odds = tuple(Need(part.analyte.name, "value", "site") for part in rule.parts) if len(definite) > 1 else ()
    return Verdict(status, rule, case, cause=cause, needs=at_odds, parts=verdicts)
