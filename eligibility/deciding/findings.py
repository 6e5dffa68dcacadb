"""Findings: tests, scores and biomarkers with a result in words."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Final

from eligibility.deciding import matching, observing
from eligibility.deciding.case import Case
from eligibility.deciding.comparing import within
from eligibility.deciding.observing import latest
from eligibility.deciding.verdict import Cause, Verdict, asked
from eligibility.knowledge import words
from eligibility.knowledge.qualifiers import qualifiers
from eligibility.knowledge.tables import results
from eligibility.knowledge.vocabulary import texts, vocabulary
from eligibility.patient.names import Naming, measured
from eligibility.patient.profile import Interval, Observation
from eligibility.rules import Finding
from eligibility.truth import Status, negate, of

__all__ = ["ever_positive", "finding", "for_life", "latest", "polarity", "read", "result_of"]

_DEGREES: Final = frozenset({"positive", "reactive", "negative", "nonreactive"})


@lru_cache(maxsize=16384)
def _sign(text: str) -> bool | None:
    """Whether words of a result are positive or negative; ``None`` for other words."""
    bare = text.strip().lower()
    if bare in ("+", "++", "+++", "3+"):
        return True
    if bare in ("-", "0"):
        return False
    keys = words.keys(text)
    if keys in results().positive:
        return True
    if keys in results().negative:
        return False
    if keys and keys[0] in _DEGREES:  # "negative for metastases", "positive (titer 1:80)"
        return keys[0] in ("positive", "reactive")
    return None


def polarity(observation: Observation) -> bool | None:
    """Whether an observation is positive or negative. "<20" of a test with a limit of detection is negative."""
    match observation.value:
        case str() as text:
            return _sign(text)
        case float() | int() as number if observation.unit and _counts_copies(observation):
            return True if number >= _SURELY_DETECTED else False if number == 0 else None
        case _:
            return None


def read(observation: Observation) -> bool | None:
    """As :func:`polarity`, also by the words that are a result of this very test: "no metastases" of an MRI."""
    value = observation.value
    return _result(value, observation) if isinstance(value, str) else polarity(observation)


_SURELY_DETECTED: Final = 1000  # copies or IU per mL: far above the limit of detection of any assay of a viral load


def _counts_copies(observation: Observation) -> bool:
    """Whether an observation is the amount of a virus, so that its number says whether there is any."""
    entry = observing.entry_of(_own(observation))
    return entry is not None and bool(entry.facts.get("viral_load"))


@lru_cache(maxsize=4096)
def for_life(test: str) -> bool:
    """Whether a positive result shows an infection that stays for life, so that it does not go out of date."""
    entry = observing.entry_of(test)
    meant = texts(entry.facts.get("positive_means")) if entry is not None else ()
    known = [vocabulary().entry("condition", name) for name in meant]
    return any(each is not None and bool(each.facts.get("lasting")) for each in known)


def ever_positive(case: Case, test: str) -> list[Observation]:
    """The positive results of a test up to the day, however old."""
    seen = [each for each in case.chart.seen(test) if observing.day_of(case, each)[1] <= case.on]
    return [each for each in seen if polarity(each) is True]


def finding(case: Case, rule: Finding) -> Verdict:
    """Whether the latest result that counts is the one that the rule names."""
    name = rule.test.name
    if rule.result == _KNOWN:
        return _is_known(case, rule)
    chosen = observing.choose(case, name, rule.window, rule.qualifiers, rule.site)
    if chosen.cause is Cause.MISSING:
        return _of_pregnancy(case, rule) or _elsewhere(case, rule)
    if chosen.cause is Cause.NOT_STATED and (refuted := _refuted(case, rule)) is not None:
        return refuted
    used = tuple(chosen.observations)
    shown = chosen.cause is Cause.OUT_OF_DATE and rule.window is None and for_life(name)
    if chosen.cause is not None and not (shown and all(polarity(each) is True for each in used)):
        return _unknown(case, rule, chosen.cause, used)
    statuses = {_one(rule, observation) for observation in used}
    if len(statuses) == 1:
        status = statuses.pop()
        if status is not Status.UNKNOWN:
            return Verdict(status, rule, case, used)
        return _unknown(case, rule, Cause.IMPRECISE, used)
    if Status.MET in statuses and Status.UNMET in statuses:
        by_kind = _by_kind(rule, used)
        if by_kind is not None:
            return Verdict(by_kind, rule, case, used)
        return _unknown(case, rule, Cause.CONTRADICTION, used)
    wanted = _sign(rule.result)
    if Status.MET in statuses and wanted is True and _kinds(rule, used) > 1:
        return Verdict(Status.MET, rule, case, used)
    return _unknown(case, rule, Cause.IMPRECISE, used)


def _refuted(case: Case, rule: Finding) -> Verdict | None:
    """A result that is not there, whatever would have to confirm it; None where it may be, or nothing is to."""
    plain = tuple([text for text in observing.broader(rule.qualifiers) if not text.startswith("with ")])
    if plain == rule.qualifiers:
        return None
    chosen = observing.choose(case, rule.test.name, rule.window, plain, rule.site)
    used = tuple(chosen.observations)
    if chosen.cause is None and used and all(_one(rule, each) is Status.UNMET for each in used):
        return Verdict(Status.UNMET, rule, case, used)
    return None


_KNOWN: Final = "known"
_NOT_KNOWN: Final = frozenset(
    words.keys(text)
    for text in ("unknown", "not known", "not done", "not tested", "pending", "not available", "not evaluated")
)


def _is_known(case: Case, rule: Finding) -> Verdict:
    """Whether there is a result, whatever it is: of what has several kinds, a positive one or more than one."""
    entry = observing.entry_of(rule.test.name)
    names = (rule.test.name, *(texts(entry.facts.get("parts")) if entry is not None else ()))
    used = tuple([each for name in names for each in observing.choose(case, name, None).observations])
    told = tuple([each for each in used if not (isinstance(each.value, str) and words.keys(each.value) in _NOT_KNOWN)])
    own = {_own(each) for each in told}
    if rule.test.name in own or len(own) > 1 or any(polarity(each) is True for each in told):
        return Verdict(Status.MET, rule, case, told)
    if used and not told:
        return Verdict(Status.UNMET, rule, case, used)
    for fact in case.chart.conditions:
        results = [matching.result_qualifier(text) for text in matching.stated(fact)] if fact.state == "there" else []
        if any(result is not None and result[0] == rule.test.name for result in results):
            return Verdict(Status.MET, rule, case, (fact,))
    return _unknown(case, rule, Cause.MISSING, used)


def _own(observation: Observation) -> str:
    return measured(observation.name) or Naming().analyte(observation.name)


def _kinds(rule: Finding, used: Sequence[Observation]) -> int:
    return len({_own(observation) for observation in used})


def _by_kind(rule: Finding, used: Sequence[Observation]) -> Status | None:
    """Several narrower tests of one day: one that is positive makes the broader positive."""
    if _kinds(rule, used) < 2:
        return None
    wanted = _sign(rule.result)
    positive = any(polarity(observation) is True for observation in used)
    return None if wanted is None or not positive else of(wanted)


def _one(rule: Finding, observation: Observation) -> Status:
    """One observation against the result."""
    status = matches(rule.result, observation)
    if _own(observation) != rule.test.name and status is not Status.UNKNOWN and polarity(observation) is False:
        entry = observing.entry_of(rule.test.name)
        if entry is not None and entry.facts.get("lasting") and not entry.facts.get("assays"):
            return Status.UNKNOWN  # one mutation that is not there says nothing of the others
    return status


def matches(wanted: str, observation: Observation) -> Status:
    """Whether a result is the wanted one; words that exclude nothing leave it open."""
    value = observation.value
    asked = words.keys(wanted)
    sign = _sign(wanted)
    if isinstance(value, str):
        given = words.keys(value)
        if given == asked:
            return Status.MET
        found = _result(value, observation)
        if sign is not None and found is not None:
            return of(sign is found)
        normal, either = results().normal, results().normal | results().abnormal
        if asked in either and given in either:
            return of((asked in normal) is (given in normal))
        known = qualifiers()
        if known.implies(value, wanted):
            return Status.MET
        return Status.UNMET if known.excludes(value, wanted) else Status.UNKNOWN
    number = value if isinstance(value, Interval) else Interval(value, value)
    if asked in results().normal or asked == ("abnormal",):
        inside = _normal(number, observation)
        return inside if asked in results().normal else negate(inside)
    if asked in _DETECTABLE:
        return _detected(number, asked, observation)
    return Status.UNKNOWN


def _result(value: str, observation: Observation) -> bool | None:
    """As :func:`_sign`; a kind of what was looked for was found: "exon 19 deletion" of an EGFR mutation."""
    found = _sign(value)
    if found is not None:
        return found
    entry = observing.entry_of(_own(observation))
    for field, sign in (("positive_results", True), ("negative_results", False)) if entry is not None else ():
        if words.keys(value) in map(words.keys, texts(entry.facts.get(field)) if entry is not None else ()):
            return sign
    kind = Naming().find(value, "measurement")
    return True if kind is not None and vocabulary().is_a("measurement", kind.name, _own(observation)) else None


_DETECTABLE: Final = {
    words.keys(text): present
    for text, present in (
        ("undetectable", False), ("not detected", False), ("not detectable", False), ("negative", False),
        ("detectable", True), ("detected", True), ("positive", True),
    )
}  # fmt: skip


def _detected(number: Interval, asked: tuple[str, ...], observation: Observation) -> Status:
    """Below the limit of detection ("<20") is not detected; a number above zero is, where detection is asked for.

    Of a viral load, "negative" and "positive" are asked of the same: there is none, or surely some. Of a receptor, the
    share of the cells from which on it is called positive, and below which negative, is known.
    """
    entry = observing.entry_of(_own(observation))
    if entry is not None and "positive_from" in entry.facts and observation.unit == entry.facts.get("unit"):
        least, most = entry.facts["positive_from"], entry.facts["negative_below"]
        if number.low is not None and number.low >= least:
            return of(_DETECTABLE[asked])
        if number.high is not None and (number.high < most or (number.high == most and not number.high_inclusive)):
            return of(not _DETECTABLE[asked])
        return Status.UNKNOWN
    if number.low is None and number.high is not None:
        return of(_DETECTABLE[asked] is False)
    if number.low is not None and number.low > 0 and asked not in (("negative",), ("positive",)):
        return of(_DETECTABLE[asked])
    if number.low is not None and number.low >= _SURELY_DETECTED and _counts_copies(observation):
        return of(_DETECTABLE[asked])
    return Status.UNKNOWN


def _normal(number: Interval, observation: Observation) -> Status:
    if observation.low is None and observation.high is None:
        return Status.UNKNOWN
    return within(number, observation.low, observation.high)


def _of_pregnancy(case: Case, rule: Finding) -> Verdict | None:
    """A pregnancy test that is not on record, of somebody who is known to be pregnant, or not to be."""
    entry = observing.entry_of(rule.test.name)
    if entry is None or entry.facts.get("positive_means") != "pregnancy":
        return None
    if _sign(rule.result) is False and case.chart.profile.pregnant is True:
        return Verdict(Status.UNMET, rule, case, detail="pregnant")
    if _sign(rule.result) is not True:
        return None
    male = case.chart.sex == "male"
    if not male and case.chart.profile.pregnant is not False:
        return None
    return Verdict(Status.UNMET, rule, case, detail="the patient is male" if male else "not pregnant")


def _of_broader(case: Case, rule: Finding) -> Verdict | None:
    """A mutation of a kind, where the gene was tested: there is none of a gene that is not mutated, and it may be named
    as the result, "BRAF mutation: V600E"; None where the gene's result says nothing of it."""
    name, wanted = rule.test.name, _sign(rule.result)
    entry = observing.entry_of(name)
    if wanted is None or entry is None or not entry.facts.get("lasting") or entry.facts.get("assays"):
        return None
    for up in vocabulary().ancestors("measurement", name) - {name}:
        chosen = observing.choose(case, up, rule.window, rule.qualifiers, rule.site)
        tested = tuple([each for each in chosen.observations if chosen.cause is None and _own(each) == up])
        named = bool(tested) and all(_is_named(name, up, each) for each in tested)
        if named or {polarity(each) for each in tested} == {False}:
            return Verdict(of(named is wanted), rule, case, tested)
    return None


def _is_named(name: str, broader: str, observation: Observation) -> bool:
    """Whether the result of a gene names this mutation, or one of its kind."""
    gene, value = broader.partition(" ")[0], observation.value
    found = vocabulary().find(f"{gene} {value}", "measurement") if isinstance(value, str) else None
    return found is not None and found.name != broader and vocabulary().is_a("measurement", found.name, name)


def _elsewhere(case: Case, rule: Finding) -> Verdict:
    """A result that is told otherwise: as that of the whole gene, or as a qualifier of a condition that is there,
    "HER2-positive" of a breast cancer."""
    if (broader := _of_broader(case, rule)) is not None:
        return broader
    if rule.window is None:
        for fact in case.chart.conditions:
            if fact.state != "there":
                continue
            for text in fact.qualifiers:
                stated = matching.result_qualifier(text)
                if stated is None or stated[0] != rule.test.name:
                    continue
                sign, wanted = _sign(stated[1]), _sign(rule.result)
                if sign is not None and wanted is not None:
                    return Verdict(of(sign is wanted), rule, case, (fact,))
    return _unknown(case, rule, Cause.MISSING, ())


def result_of(case: Case, test: str, result: str) -> Status:
    """Whether a test, by its canonical name, has the result; unknown if it was not made, or is out of date."""
    found = latest(case, test)
    statuses = {matches(result, observation) for observation in found}
    return statuses.pop() if len(statuses) == 1 else Status.UNKNOWN


def _unknown(case: Case, rule: Finding, cause: Cause, used: tuple[Observation, ...]) -> Verdict:
    window = f"{rule.window.start.value:g} {rule.window.start.unit}" if rule.window and rule.window.start else None
    return Verdict(Status.UNKNOWN, rule, case, used, cause, asked(rule.test.name, ("result",), "site", window))
