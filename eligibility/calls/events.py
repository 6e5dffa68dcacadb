"""What happens in a call, one thing after the other: a call is its events, and they are what is kept of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any, TypeAlias

from eligibility.calls.answers import Given
from eligibility.calls.questions import NOT_SURE, Key, Question
from eligibility.errors import EligibilityError
from eligibility.patient.dates import DateRange

__all__ = ["Answered", "Event", "Journal", "Noted", "Stopped", "TakenBack", "of_plain", "plain", "standing"]


@dataclass(frozen=True, slots=True)
class Answered:
    """A question, what was understood of the answer, and the caller's exact words."""

    question: Question
    given: Given
    words: str

    @property
    def left(self) -> tuple[Key, ...]:
        """Of several things that were asked at once, those that are to be asked again, each alone."""
        question, given = self.question, self.given
        if not question.several or not isinstance(given, str):
            return ()
        there, _ = question.chosen(given)
        again = question.several if given == NOT_SURE else [name for name in there if question.lasts(name)]
        return tuple([(question.section, name, question.aspect) for name in again])


@dataclass(frozen=True, slots=True)
class TakenBack:
    """The last answer that stood counts no more."""


@dataclass(frozen=True, slots=True)
class Noted:
    """Free words that answer no question, and the question during which they were said."""

    words: str
    question: Question | None = None


@dataclass(frozen=True, slots=True)
class Stopped:
    """The call is over, for now: complete, or before its end; and what was known then of each trial, in their order."""

    complete: bool
    outcomes: tuple[str, ...]


Event: TypeAlias = Answered | TakenBack | Noted | Stopped
Journal: TypeAlias = Callable[[Event], None]
"""What writes an event down. It has been written when this returns; where it raises, the event has not happened."""


def standing(events: Iterable[Event]) -> tuple[Answered, ...]:
    """The answers that count: those that were not taken back."""
    found: list[Answered] = []
    for event in events:
        if isinstance(event, Answered):
            found.append(event)
        elif isinstance(event, TakenBack) and found:
            found.pop()
    return tuple(found)


def plain(event: Event) -> dict[str, Any]:
    """An event as plain JSON."""
    match event:
        case Answered(question=question, given=given, words=words):
            return {"event": "answered", "question": _plain_question(question), **_plain_given(given), "words": words}
        case TakenBack():
            return {"event": "taken back"}
        case Noted(words=words, question=question):
            return {"event": "noted", "words": words, **({"question": _plain_question(question)} if question else {})}
        case Stopped(complete=complete, outcomes=outcomes):
            return {"event": "stopped", "complete": complete, "outcomes": list(outcomes)}


def of_plain(value: Mapping[str, Any]) -> Event:
    """The event that :func:`plain` wrote. Raises :class:`EligibilityError` for what it never writes."""
    try:
        match value["event"]:
            case "answered":
                return Answered(_question(value["question"]), _given(value), value["words"])
            case "taken back":
                return TakenBack()
            case "noted":
                return Noted(value["words"], _question(value["question"]) if "question" in value else None)
            case "stopped":
                return Stopped(value["complete"], tuple(value["outcomes"]))
    except (KeyError, TypeError, ValueError):
        pass
    raise EligibilityError("an event of the call cannot be read; was it written by a newer eligibility?")


def _plain_question(question: Question) -> dict[str, Any]:
    return {name: value for name, value in asdict(question).items() if value}


def _question(value: Mapping[str, Any]) -> Question:
    return Question(**{**value, "several": tuple(value.get("several", ()))})


def _plain_given(given: Given) -> dict[str, Any]:
    match given:
        case DateRange(first=first, last=last):
            return {"from": first.isoformat(), "to": last.isoformat()}
        case str():
            return {"choice": given}
        case _:
            return {"number": given}


def _given(value: Mapping[str, Any]) -> Given:
    if "from" in value:
        return DateRange(date.fromisoformat(value["from"]), date.fromisoformat(value["to"]))
    return str(value["choice"]) if "choice" in value else float(value["number"])
