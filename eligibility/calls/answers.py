"""Answers as they are given: a word, a number, a day that is known about; each as what is honest to make of it."""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date, timedelta
from typing import Final, TypeAlias

from eligibility.calls.questions import NEVER, NO, NONE, NOT_SURE, NOW, PAST, YES, Question
from eligibility.calls.wording import plain
from eligibility.deciding import observing
from eligibility.errors import EligibilityError
from eligibility.knowledge import units
from eligibility.patient import dates
from eligibility.patient.dates import DateRange

__all__ = ["Given", "understood", "when"]

Given: TypeAlias = str | float | DateRange
"""What an answer is: one of the choices or "not sure", a number, or the days on which it may have been."""


def understood(question: Question, words: str, on: date) -> Given:
    """What a caller's words answer to a question on the day of the call.

    Raises :class:`EligibilityError`, with what may be answered, for words that are none of it.
    """
    low = " ".join(words.lower().split()).rstrip(".!")
    if low in _UNSURE:
        return NOT_SURE
    if question.expects in ("date", "birth date"):
        found = when(words, on)
        if found.first > on:
            raise EligibilityError(f"{words!r} lies ahead; expected a day up to {on.isoformat()}")
        return found
    if question.expects == "number":
        return _number(question, words)
    meant = _MEANT.get(low, low)
    if low in _DOES_NOT_APPLY:
        meant = NO
    for choice in question.choices:
        if meant == choice or choice in _SAME.get(meant, ()):
            return choice
    if question.several:
        return _chosen(question, words)
    raise EligibilityError(f"expected {', '.join(question.choices)} or not sure, not {words!r}")


def _chosen(question: Question, words: str) -> str:
    """Of several things those that there were, by their numbers or names, the unsure ones with a question mark."""
    numbered = {str(number): name for number, name in enumerate(question.several, 1)}
    named = {word.lower(): name for name in question.several for word in (name, plain(name))}
    found: dict[str, bool] = {}
    for said in re.split(r"[,;]|(?<=\d)\s+and\b", words):
        text = " ".join(said.lower().split())
        name = (numbered | named).get(text.removesuffix("?").strip())
        if name is None:
            raise EligibilityError(
                f"expected none, or the numbers of those that there were, as 1, 3, with 2? for not sure; not {words!r}"
            )
        found[name] = text.endswith("?")
    return "; ".join([f"{name}?" if found[name] else name for name in question.several if name in found])


_UNSURE: Final = frozenset(
    ("not sure", "unsure", "unknown", "don't know", "do not know", "i don't know", "no idea", "?")
)
_DOES_NOT_APPLY: Final = frozenset(("does not apply", "doesn't apply", "n/a", "na", "not applicable"))
_MEANT: Final = {
    "y": YES, "yeah": YES, "yep": YES, "true": YES, "n": NO, "nope": NO, "false": NO, "f": "female", "m": "male",
    "woman": "female", "man": "male", "now": NOW, "past": PAST, "earlier": PAST, "not any more": PAST,
    "not anymore": PAST,
}  # fmt: skip


_SAME: Final = {
    YES: (NOW,),
    NO: (NEVER, NONE),
    NEVER: (NO, NONE),
    "none": (NONE, NEVER),
    NOW: (YES,),
    PAST: (YES,),
}
"""What else an answer may be called."""


def _number(question: Question, words: str) -> float:
    """A number in the unit of the question, converted from another one where it is named."""
    unit = question.unit or ""
    match = re.fullmatch(r"\s*(\d+(?:[.,]\d+)?)\s*(\S.*)?", words)
    if match is None or (match[2] and not units.is_unit(match[2])):
        raise EligibilityError(
            f"expected a number in {unit}, as 120, or one with its unit, as 12 mg/dL, or not sure; not {words!r}"
        )
    value = float(match[1].replace(",", "."))
    if not match[2]:
        return value
    entry = observing.entry_of(question.about)
    facts = entry.facts if entry is not None else {}
    return units.convert(
        value, match[2], unit, facts.get("molar_mass"), facts.get("valence"), units.equivalences(facts)
    )


def when(words: str, on: date) -> DateRange:
    """The days that a caller's words may mean: "about March", "two or three weeks ago", "spring 2024", 2024-03.

    Never a made-up day: a month is any day of it, and "three weeks ago" lies within a few days. Raises
    :class:`EligibilityError` for words that name no time.
    """
    low = " ".join(words.lower().replace(",", " ").split()).rstrip(".")
    if (exact := _EXACT.get(low)) is not None:
        day = on - timedelta(days=exact)
        return DateRange(day, day)
    low = _LEADING.sub("", low)
    about = low != (low := _ABOUT.sub("", low))
    if (ago := _AGO.fullmatch(low)) is not None:
        return _ago(ago, on, about=about)
    if (named := _NAMED.fullmatch(low)) is not None:
        return _of_months(named, on, about=about)
    if (last := _LAST.fullmatch(low)) is not None:
        return _of_the_last(last["unit"], on)
    try:
        return dates.parse(low)
    except ValueError:
        raise EligibilityError(
            f"expected a day, as 2026-03-02, March 2026, spring 2024 or two weeks ago, or not sure; not {words!r}"
        ) from None


_EXACT: Final = {"today": 0, "now": 0, "yesterday": 1, "the day before yesterday": 2}
_LEADING: Final = re.compile(r"^(?:(?:it was|in|since|on) )+")
_ABOUT: Final = re.compile(r"^(?:(?:around|about|approximately|roughly|maybe|early|late|mid|some time in) )+")
_COUNTS: Final = {
    word: number
    for number, words in enumerate(
        (
            "",
            "a an one",
            "two couple",
            "three few",
            "four",
            "five",
            "six",
            "seven",
            "eight",
            "nine",
            "ten",
            "eleven",
            "twelve",
        )
    )
    for word in words.split()
}
_COUNT: Final = rf"(?:\d{{1,3}}|{'|'.join(_COUNTS)})"
_AGO: Final = re.compile(
    rf"(?:a )?(?P<low>{_COUNT})(?: of)?(?:(?: or | to |-)(?P<high>{_COUNT}))? (?P<unit>day|week|month|year)s? ago"
)
_LAST: Final = re.compile(r"last (?P<unit>week|month|year)")
_MONTHS: Final = "january february march april may june july august september october november december".split()
_SEASONS: Final = {"spring": (3, 3), "summer": (6, 3), "autumn": (9, 3), "fall": (9, 3), "winter": (12, 3)}
_NAMED: Final = re.compile(
    rf"(?:last )?(?P<name>{'|'.join([*_SEASONS, *(rf'{m[:3]}(?:{m[3:]})?' if m[3:] else m for m in _MONTHS)])})\.?"
    r"(?: (?P<day>\d{1,2})(?:st|nd|rd|th)?)?(?: (?:of )?(?P<year>\d{4}))?"
)
_DAYS: Final = {"day": 1.0, "week": 7.0, "month": 30.4375, "year": 365.25}
_SLACK: Final = {"day": 0, "week": 3, "month": 15, "year": 183}
"""How many days before and after somebody may mean who counts in a unit."""


def _count(word: str) -> int:
    return int(word) if word.isdigit() else _COUNTS[word]


def _ago(ago: re.Match[str], on: date, *, about: bool) -> DateRange:
    unit = ago["unit"]
    low = _count(ago["low"])
    high = _count(ago["high"]) if ago["high"] else low
    vague = about or ago["low"] in ("few", "couple")
    slack = _SLACK[unit] * (2 if vague else 1) + (vague and unit == "day")
    nearest = max(round(min(low, high) * _DAYS[unit]) - slack, 0)
    farthest = round(max(low, high) * _DAYS[unit]) + slack
    return DateRange(on - timedelta(days=farthest), on - timedelta(days=nearest))


def _of_months(named: re.Match[str], on: date, *, about: bool) -> DateRange:
    """A month or a season, with a year or the last one that there was."""
    name = named["name"]
    season = _SEASONS.get(name)
    month, length = season or (next(i for i, m in enumerate(_MONTHS, 1) if m.startswith(name[:3])), 1)
    year = int(named["year"]) if named["year"] else on.year - (date(on.year, month, 1) > on)
    if named["day"] and season is None:
        day = _day(year, month, int(named["day"]))
        slack = timedelta(days=3 if about else 0)
        return DateRange(day - slack, min(day + slack, max(on, day)))
    slack = timedelta(days=15 if about else 0)
    end_year, end_month = divmod(year * 12 + month - 1 + length - 1, 12)
    last = date(end_year, end_month + 1, monthrange(end_year, end_month + 1)[1])
    first = date(year, month, 1)
    return DateRange(first - slack, max(min(last + slack, on), first))


def _day(year: int, month: int, day: int) -> date:
    try:
        return date(year, month, day)
    except ValueError:
        raise EligibilityError(f"there is no day {day} in month {month} of {year}") from None


def _of_the_last(unit: str, on: date) -> DateRange:
    if unit == "year":
        return DateRange(date(on.year - 1, 1, 1), date(on.year - 1, 12, 31))
    if unit == "month":
        year, month = divmod(on.year * 12 + on.month - 2, 12)
        return DateRange(date(year, month + 1, 1), date(year, month + 1, monthrange(year, month + 1)[1]))
    monday = on - timedelta(days=on.weekday() + 7)
    return DateRange(monday, monday + timedelta(days=6))
