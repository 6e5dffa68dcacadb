"""Observations: which of them count, and what number or word each is."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache
from typing import Final, NamedTuple

from eligibility.deciding import matching, places, timing
from eligibility.deciding.case import Case
from eligibility.deciding.verdict import Cause
from eligibility.errors import UnitError
from eligibility.knowledge import units, words
from eligibility.knowledge.tables import results
from eligibility.knowledge.vocabulary import Entry, vocabulary
from eligibility.patient.names import measured
from eligibility.patient.profile import Interval, Observation
from eligibility.rules import Window
from eligibility.truth import Status

__all__ = ["Chosen", "Line", "broader", "choose", "day_of", "entry_of", "in_unit", "latest", "line", "numeric"]

_AGES: Final = frozenset({"lab", "vital", "performance", "test"})
"""The types of measurement that go out of date."""


class Chosen(NamedTuple):
    """The observations of the latest day that counts; ``cause`` says why none can be used, or which doubt remains."""

    observations: Sequence[Observation]
    cause: Cause | None = None


_NOTHING = Chosen((), Cause.MISSING)


@lru_cache(maxsize=16384)
def entry_of(name: str) -> Entry | None:
    """What the vocabulary says of a measurement."""
    return vocabulary().entry("measurement", name)


@lru_cache(maxsize=16384)
def ages(name: str) -> bool:
    """Whether a measurement goes out of date."""
    entry = entry_of(name)
    if entry is None or entry.facts.get("lasting"):
        return False
    return entry.facts.get("type") in _AGES or bool(entry.facts.get("goes_out_of_date"))


def day_of(case: Case, observation: Observation) -> tuple[int, int]:
    """The days on which an observation may have been made; an undated one holds as of the profile's day."""
    dates = observation.date
    if dates is None:
        return case.chart.as_of, case.chart.as_of
    return dates.low, dates.high


def choose(
    case: Case,
    name: str,
    window: Window | None,
    qualifiers: tuple[str, ...] = (),
    site: str | None = None,
    observations: Sequence[Observation] | None = None,
) -> Chosen:
    """The latest observations on or before the day, in the window if there is one, that are not out of date."""
    given = case.chart.seen(name) if observations is None else observations
    if not given:
        return _NOTHING
    doubt: Cause | None = None
    if qualifiers:
        qualifiers = _besides_its_name(name, qualifiers)
    if qualifiers or site:
        kept = []
        for observation in given:
            status = _fits(observation, qualifiers, site)
            if status is Status.MET:
                kept.append(observation)
            elif status is Status.UNKNOWN:
                doubt = Cause.NOT_STATED
        if not kept:
            return Chosen((), doubt or Cause.MISSING)
        given = kept
        doubt = None
    if window is None and (found := newest(case, given)) is not None:
        day, chosen = found
        return Chosen(chosen, Cause.OUT_OF_DATE if stale(case, day) and ages(name) else None) if chosen else _NOTHING
    return _dated(case, name, window, given)


@lru_cache(maxsize=4096)
def broader(qualifiers: tuple[str, ...]) -> tuple[str, ...]:
    """The attributes that say which measurement is meant, without what more is said of its result.

    "Sustained", "confirmed", "despite treatment": a latest result beyond the limit is not within it, whatever of them
    holds. "On room air", "fasting" and "sitting" are of other measurements.
    """
    said = results().narrowing
    return tuple([text for text in qualifiers if not f"{text.lower()} ".startswith(said)])


@lru_cache(maxsize=4096)
def _besides_its_name(name: str, qualifiers: tuple[str, ...]) -> tuple[str, ...]:
    """The attributes of a measurement that are not its name once more: "(IPSS score)"."""
    first = "".join([word[0] for word in name.lower().split()])
    return tuple([text for text in qualifiers if not _is_its_name(_SCORE.sub("", text), name, first)])


def _is_its_name(text: str, name: str, first: str) -> bool:
    return name in (measured(text), measured(text.upper())) or (len(text) > _LEAST_LETTERS and text.lower() == first)


_SCORE: Final = re.compile(r"\s+(?:score|scale|index|questionnaire)$", re.IGNORECASE)
_LEAST_LETTERS: Final = 2


def _dated(case: Case, name: str, window: Window | None, given: Sequence[Observation]) -> Chosen:
    """The latest of observations of which the day may be known in part only."""
    on = case.on
    doubt: Cause | None = None
    dated: list[tuple[int, int, Observation]] = []
    days = None
    if window is not None:
        days = timing.bounds(case, window)
    for observation in given:
        low, high = day_of(case, observation)
        if low > on:
            continue
        if days is not None and (low > days[3] or high < days[0]):
            doubt = Cause.OUT_OF_DATE
            continue
        dated.append((low, high, observation))
    if not dated:
        return Chosen((), doubt or Cause.MISSING)
    last = max([low for low, _, _ in dated])
    chosen = [observation for low, high, observation in dated if high >= last]
    if days is not None:
        sure = all(low >= days[1] and high <= days[2] for low, high, _ in dated if high >= last)
        if window is not None and _no_more_than_before(window) and stale(case, last) and ages(name):
            return Chosen(chosen, Cause.OUT_OF_DATE)
        return Chosen(chosen, None if sure else Cause.IMPRECISE)
    if stale(case, last) and ages(name):
        return Chosen(chosen, Cause.OUT_OF_DATE)
    return Chosen(chosen)


def _no_more_than_before(window: Window) -> bool:
    """Whether it says only that something precedes its anchor, not for how long it counts: "before enrollment"."""
    return window.start is None and window.end is not None and window.end.value == 0


def within(
    case: Case, name: str, window: Window | None, qualifiers: tuple[str, ...], site: str | None
) -> tuple[dict[int, list[Observation]], list[tuple[int, Observation]]]:
    """The observations that count, by their days; and those of which that is not sure, with the last day of each."""
    sure: dict[int, list[Observation]] = {}
    doubtful: list[tuple[int, Observation]] = []
    qualifiers = _besides_its_name(name, qualifiers)
    days = timing.bounds(case, window) if window is not None else None
    for observation in case.chart.seen(name):
        low, high = day_of(case, observation)
        fits = _fits(observation, qualifiers, site) if qualifiers or site else Status.MET
        if low > case.on or fits is Status.UNMET or (days is not None and (low > days[3] or high < days[0])):
            continue
        inside = days is None or (low >= days[1] and high <= days[2])
        if low == high and inside and fits is Status.MET:
            sure.setdefault(low, []).append(observation)
        else:
            doubtful.append((high, observation))
    return sure, doubtful


def stale(case: Case, day: int) -> bool:
    """Whether what was observed on the day is out of date, if it is of a kind that goes out of date."""
    return day < case.on - case.settings.stale_days


def newest(case: Case, given: Sequence[Observation]) -> tuple[int, list[Observation]] | None:
    """The latest day up to that of the screening and its observations, where every day is known; else ``None``."""
    on, last = case.on, 0
    chosen: list[Observation] = []
    for observation in given:
        dates = observation.date
        if dates is None:
            day = case.chart.as_of
        else:
            day = dates.low
            if day != dates.high:
                return None
        if last <= day <= on:
            if day > last:
                last, chosen = day, [observation]
            else:
                chosen.append(observation)
    return last, chosen


def latest(case: Case, name: str) -> Sequence[Observation]:
    """The latest observations that are not out of date."""
    chosen = choose(case, name, None)
    return chosen.observations if chosen.cause is None else ()


def _fits(observation: Observation, qualifiers: tuple[str, ...], site: str | None) -> Status:
    found = [matching.stated_in(observation.qualifiers, observation.name, wanted) for wanted in qualifiers]
    if site:
        found.append(places.site(site, observation.site, places.named_place(observation.name, observation.qualifiers)))
    if Status.UNMET in found:
        return Status.UNMET
    return Status.UNKNOWN if Status.UNKNOWN in found else Status.MET


# ---------------------------------------------------------------------------------------------------------------------
# Numbers

_ROMAN: Final = {"I": 1.0, "II": 2.0, "III": 3.0, "IV": 4.0, "V": 5.0, "A": 1.0, "B": 2.0, "C": 3.0}


_SUM: Final = re.compile(r"\s*(\d)\s*\+\s*(\d)(?:\s*=\s*(\d{1,2}))?\s*")  # a Gleason score of "3+4=7"


def numeric(observation: Observation) -> Interval | None:
    """The number of an observation as an interval; that of a class in Roman figures, too. ``None`` for other words."""
    value = observation.value
    if isinstance(value, float):
        return Interval(value, value)
    if isinstance(value, Interval):
        return value
    if (summed := _SUM.fullmatch(value)) is not None:
        total = float(summed[1]) + float(summed[2])
        return Interval(total, total) if summed[3] is None or float(summed[3]) == total else None
    found = _ROMAN.get(value.strip().upper().removeprefix("CLASS ").removeprefix("GRADE "))
    if found is None:
        found = _grade_in_words(observation.name, value.strip().lower())
    return None if found is None else Interval(found, found)


def _grade_in_words(name: str, value: str) -> float | None:
    """The number of a grade that is written in words or crosses: a protein in urine of "1+", or a "trace" of it."""
    entry = entry_of(measured(name) or name)
    values = entry.facts.get("values") if entry is not None else None
    found = values.get(value) if isinstance(values, dict) else None
    return float(found) if found is not None else None


def unit_of(observation: Observation, counted_in: str) -> str | None:
    """The unit of a result; a count may have it as its name alone: "pack-years: 20"."""
    if observation.unit is None and counted_in[:1] == "{" and _is_named(counted_in, observation.name):
        return counted_in
    return observation.unit


def _is_named(unit: str, name: str) -> bool:
    counted, _, time = unit.partition("/")
    said = words.keys(f"{counted.strip('{}')} {_SPELT_OUT.get(time, '')}")
    return (not time or time in _SPELT_OUT) and set(said) <= set(words.afresh()(name))


_SPELT_OUT: Final = {"d": "day", "wk": "week", "mo": "month"}


def in_unit(value: Interval, unit: str | None, target: str, name: str) -> Interval | None:
    """The value in the unit ``target``; ``None`` where that cannot be said."""
    if unit == target:
        return value
    found = line(unit, target, name)
    if found is None:
        return None
    return Interval(
        None if value.low is None else found.of(value.low),
        None if value.high is None else found.of(value.high),
        value.low_inclusive,
        value.high_inclusive,
    )


class Line(NamedTuple):
    """From one unit of an analyte to another; ``decimals``: with how many a laboratory reports it."""

    factor: float
    offset: float
    decimals: int | None = None

    def of(self, value: float) -> float:
        """The value in the other unit."""
        found = value * self.factor + self.offset
        return found if self.decimals is None else round(found, self.decimals)


@lru_cache(maxsize=16384)
def line(unit: str | None, target: str, name: str) -> Line | None:
    """From one unit of an analyte to another; None where that cannot be said."""
    entry = entry_of(name)
    facts = entry.facts if entry else {}
    if unit is None:
        # a number without a unit, where the measurement has one, says nothing
        return Line(1.0, 0.0) if not target and not facts.get("unit") else None
    known = units.equivalences(facts)
    exactly = [replace(one, decimals=None) for one in known]
    try:
        zero, one = (
            units.convert(at, unit, target, facts.get("molar_mass"), facts.get("valence"), exactly) for at in (0.0, 1.0)
        )
    except UnitError:
        if unit.strip() in _GIGA and units.convertible(_GIGA[unit.strip()], target):
            return line(_GIGA[unit.strip()], target, name)
        indexed = "also_unit" in facts and target == f"{facts['also_unit']}{_INDEXED}"
        if indexed and units.is_unit(unit) and units.convertible(unit, str(facts["also_unit"])):
            # an estimate is always one per body surface, whether its unit is written out or not
            return Line(units.convert(1.0, unit, str(facts["also_unit"])), 0.0)
        return Line(1.0, 0.0) if not target and not units.is_unit(unit) else None
    return Line(one - zero, zero, _decimals(units.unit(unit), units.unit(target), known))


_INDEXED: Final = "/{1.73_m2}"
_GIGA: Final = {"G/L": "10*9/L"}  # of a count; of what is weighed, they are grams


def _decimals(unit: str, target: str, known: Sequence[units.Equivalence]) -> int | None:
    for each in known:
        if each.decimals is not None and unit != target and {units.unit(each.a), units.unit(each.b)} == {unit, target}:
            return each.decimals[0 if units.unit(each.a) == target else 1]
    return None
