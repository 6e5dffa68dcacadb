"""The verdict: a tree that mirrors the rule, and says at each place what was decided, from which facts, and why.

Nothing is worded before it is read: a screening decides far more than anybody looks at.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import Enum
from functools import cache, lru_cache
from importlib import import_module
from types import ModuleType
from typing import TYPE_CHECKING, Literal, TypeAlias

from eligibility.rules import Rule, Span
from eligibility.truth import Status

if TYPE_CHECKING:
    from eligibility.deciding.case import Case

__all__ = ["Cause", "Need", "Used", "Verdict", "Who", "asked"]

Who: TypeAlias = Literal["caller", "chart", "site", "investigator", "text"]
"""Who can answer: the person on the telephone, the record, a new test, a judgement, or a better reading of the text."""


class Cause(str, Enum):
    """Why a verdict is unknown."""

    MISSING = "missing"
    NOT_STATED = "not stated"  # there is such a fact, but not all that the text asks of it is said
    OUT_OF_DATE = "out of date"
    IMPRECISE = "imprecise"  # a partial date, a limit of detection, another scale
    UNIT = "unit"
    CONTRADICTION = "contradiction"
    NOT_UNDERSTOOD = "not understood"
    TWO_READINGS = "two readings"
    JUDGEMENT = "judgement"

    def __str__(self) -> str:
        """The value: what a person reads."""
        return self.value


@dataclass(frozen=True, slots=True)
class Need:
    """One thing that would have to be known. Equal needs are one question, over all trials.

    ``attribute`` is what of the subject is wanted (its value, presence, dates, a qualifier, an answer); ``window`` the
    days, counted back from the screening date, in which a value has to lie; ``unit`` the canonical unit of a value.
    """

    subject: str
    attribute: str
    who: Who
    window: str | None = None
    unit: str | None = None


@lru_cache(maxsize=16384)
def asked(
    subject: str, attributes: tuple[str, ...], who: Who, window: str | None = None, unit: str | None = None
) -> tuple[Need, ...]:
    """What a rule wants known: the same of every patient, and so made once."""
    return tuple([Need(subject, attribute, who, window, unit) for attribute in attributes])


@dataclass(frozen=True, slots=True)
class Used:
    """A fact that a verdict rests on; ``note`` says how it was converted or computed."""

    name: str
    value: str
    unit: str | None = None
    date: str | None = None
    note: str = ""


@cache
def _explain() -> ModuleType:
    """The module that words verdicts: needed only when one is read, and built on this one."""
    return import_module("eligibility.deciding.explain")


class Verdict:
    """What was decided of one rule, or part of a rule, for one patient on one day."""

    __slots__ = ("_case", "_needs", "_used", "cause", "detail", "parts", "rule", "span", "status")

    def __init__(
        self,
        status: Status,
        rule: Rule,
        case: Case,
        used: tuple[object, ...] = (),
        cause: Cause | None = None,
        needs: tuple[Need, ...] = (),
        parts: tuple[Verdict, ...] = (),
        detail: str = "",
        span: Span | None = None,
    ) -> None:
        self.status = status
        self.rule = rule
        self.cause = cause
        self.parts = parts
        self.span = span
        self._case = case
        self._used = used[0] if len(used) == 1 else used  # mostly it is one fact, and one object less to keep
        self._needs = needs
        self.detail = detail
        """What is particular about this decision, in words: the conversion, the age of a value, the facts at odds."""

    @property
    def on(self) -> date:
        """The day for which it was decided."""
        return date.fromordinal(self._case.on)

    @property
    def used(self) -> tuple[object, ...]:
        """The facts of the chart that it rests on itself, those of its parts left aside."""
        return self._used if isinstance(self._used, tuple) else (self._used,)

    def using(self, more: tuple[object, ...]) -> Verdict:
        """The same verdict, resting on more facts of the chart."""
        used = tuple(dict.fromkeys((*self.used, *more)))
        return Verdict(
            self.status, self.rule, self._case, used, self.cause, self._needs, self.parts, self.detail, self.span
        )

    @property
    def facts(self) -> tuple[Used, ...]:
        """The facts that were used, here and in the parts that decided."""
        found: tuple[Used, ...] = _explain().facts(self)
        return found

    @property
    def reason(self) -> str:
        """Why, in one sentence or a few."""
        words: str = _explain().reason(self)
        return words

    @property
    def needs(self) -> tuple[Need, ...]:
        """What would have to be known to decide it; empty for a verdict that is not unknown."""
        if self.status is not Status.UNKNOWN:
            return ()
        found = dict.fromkeys(self._needs)
        for part in self.parts:
            found.update(dict.fromkeys(part.needs))
        return tuple(found)

    @property
    def stays(self) -> tuple[date | None, date | None]:
        """The days of ``on``, first and last, between which the facts cannot change it; ``None``: no bound."""
        from eligibility.deciding import lasting  # noqa: PLC0415

        return lasting.stays(self)

    @property
    def lasting(self) -> bool:
        """Whether no time, no new test and no stopped treatment can change it."""
        from eligibility.deciding import lasting  # noqa: PLC0415

        return lasting.lasting(self)

    def walk(self) -> Iterator[Verdict]:
        """This verdict and those of all its parts, itself first."""
        yield self
        for part in self.parts:
            yield from part.walk()

    def __repr__(self) -> str:
        """The status, the kind of rule and the reason."""
        return f"<Verdict {self.status} {self.rule.kind}: {self.reason}>"
