"""The meaning of ``grammars/quantities.lark``: limits, windows, grades, stages and lines, from their tokens."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import cache
from typing import Any, Final, cast

from eligibility.knowledge.vocabulary import Entry
from eligibility.reading.grammar import Grammar, Refused
from eligibility.reading.lexing.tokens import Number, Token
from eligibility.reading.patterns import any_word
from eligibility.rules import Duration, Limit, Moment, Window

__all__ = [
    "LENGTHS",
    "Bounds",
    "Grades",
    "Lasting",
    "Lines",
    "Repeats",
    "Since",
    "Spacing",
    "Stages",
    "WindowRead",
    "how_often",
    "looking_back",
    "plain_limit",
    "quantities",
    "tighten",
]


@dataclass(slots=True, init=False)
class Quantity:
    """One number with its unit, or a multiple of a reference limit, or a length of time. Nobody changes one."""

    value: float
    unit: str | None
    of: str  # "value", or ULN, LLN, baseline
    time: bool
    age: bool
    note: str
    grouped: bool

    def __init__(
        self,
        value: float,
        unit: str | None = None,
        of: str = "value",
        time: bool = False,
        age: bool = False,
        note: str = "",
        grouped: bool = False,
    ) -> None:
        self.value, self.unit, self.of, self.time, self.age = value, unit, of, time, age
        self.note, self.grouped = note, grouped


@dataclass(slots=True, init=False)
class Bounds:
    """A limit as read: two ends, either of which may be missing, or a choice of single values. Nobody changes one."""

    low: Quantity | None
    high: Quantity | None
    low_inclusive: bool
    high_inclusive: bool
    members: tuple[Quantity, ...]
    exact: bool
    choice: str  # "longer" or "shorter" of the members; "unclear": what they mean is not said
    second: Bounds | None  # of a pair (a blood pressure): the limit of its second number
    either: tuple[Bounds, ...]  # either of two limits: "< 50 or > 100"
    women: Bounds | None  # where it is the limit of men: that of women
    valued: bool  # "or better", "worse than": which way that is, what is measured tells; read as more and less

    def __init__(
        self,
        low: Quantity | None = None,
        high: Quantity | None = None,
        low_inclusive: bool = True,
        high_inclusive: bool = True,
        members: tuple[Quantity, ...] = (),
        exact: bool = False,
        choice: str = "",
        second: Bounds | None = None,
        either: tuple[Bounds, ...] = (),
        women: Bounds | None = None,
        valued: bool = False,
    ) -> None:
        self.low, self.high, self.low_inclusive, self.high_inclusive = low, high, low_inclusive, high_inclusive
        self.members, self.exact, self.choice, self.second = members, exact, choice, second
        self.either, self.women, self.valued = either, women, valued

    def turned(self) -> Bounds:
        """With each end as the other one."""
        return replace(
            self, low=self.high, high=self.low, low_inclusive=self.high_inclusive, high_inclusive=self.low_inclusive
        )

    @property
    def time(self) -> bool:
        """Whether it is a length of time."""
        return any(q.time for q in self.quantities)

    @property
    def age(self) -> bool:
        """Whether its words say that it is an age."""
        return any(q.age for q in self.quantities)

    @property
    def quantities(self) -> tuple[Quantity, ...]:
        """The numbers in it."""
        if self.either:
            return tuple(q for each in self.either for q in each.quantities)
        return self.members or tuple(q for q in (self.low, self.high) if q is not None)


@dataclass(slots=True, init=False)
class Comparator:
    """A comparison: GE, GT, LE, LT or EQ, and the token that says it. Nobody changes one."""

    kind: str
    token: Token

    def __init__(self, kind: str, token: Token) -> None:
        self.kind, self.token = kind, token


@dataclass(slots=True, init=False)
class WindowRead:
    """A window, or the choice between two of them. Nobody changes one."""

    windows: tuple[Window, ...]
    longer: bool  # of several, the longest counts; else the shortest
    now: bool  # "at screening"
    planned: bool  # "during the study"
    either: tuple[WindowRead, ...]  # "during the study or within 3 weeks before it"
    moment: Moment  # "begun within 4 weeks", "completed within 4 weeks"
    exact: bool  # "4 weeks before": of what must have ended, at least these
    clear: bool  # for how long a disease has not been there: of that one alone

    def __init__(
        self,
        windows: tuple[Window, ...],
        longer: bool = True,
        now: bool = False,
        planned: bool = False,
        either: tuple[WindowRead, ...] = (),
        moment: Moment = "any",
        exact: bool = False,
        clear: bool = False,
    ) -> None:
        self.windows, self.longer, self.now, self.planned = windows, longer, now, planned
        self.either, self.moment, self.exact, self.clear = either, moment, exact, clear


@dataclass(frozen=True, slots=True)
class Event:
    """An event of the patient, by its own words. ``given``: the first of something that is to be given."""

    said: str
    given: bool


@dataclass(frozen=True, slots=True)
class Lasting:
    """A length of time for which something has held: at least, or at most."""

    least: Duration | None
    most: Duration | None
    bounds: Bounds


@dataclass(frozen=True, slots=True)
class Since:
    """A window in which something must not have been: "at least 4 weeks since"."""

    window: Window


@dataclass(frozen=True, slots=True)
class Repeats:
    """How many results must be so, and how far apart they must be."""

    count: int
    least: Duration | None = None


@dataclass(frozen=True, slots=True)
class Spacing:
    """How far apart they must be, at least."""

    least: Duration


@dataclass(frozen=True, slots=True)
class Grades:
    """A limit of grades."""

    bounds: Bounds


@dataclass(frozen=True, slots=True)
class Stages:
    """Any of these stages."""

    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Lines:
    """A limit of lines of therapy; ``said``: the words for them."""

    bounds: Bounds
    said: str = ""


_UP: Final = {"GE": True, "GT": False}
_DOWN: Final = {"LE": True, "LT": False}


LENGTHS: Final = frozenset(("um", "mm", "cm"))
"""The units of what is measured on a lesion."""


def _q(token: Token, unit: str | None = None) -> Quantity:
    if isinstance(token.value, Number):
        return Quantity(float(token.value.value), unit, note=token.value.note, grouped=token.value.grouped)
    return Quantity(float(token.value), unit)


def _tokens(children: list[Any], kind: str) -> list[Token]:
    return [child for child in children if isinstance(child, Token) and child.type == kind]


_OF_AGE: Final = re.compile(any_word("olders?", "elder", "younger") + r"\b")
_GREATEST_SCORE: Final = 10  # "ECOG 0 and 1" is either; "weight 50 and 100 kg" is neither
_LEAST_AGE: Final = 10  # an infarction may be "older than 6 months", and a scar than two years


def _aged(quantity: Quantity, said: Token) -> Quantity:
    """The number as an age where its comparison says so: "18 or older"."""
    if quantity.age or quantity.of != "value" or not _OF_AGE.search(str(said.value)):
        return quantity
    if (quantity.time and quantity.unit == "years") or (
        quantity.unit is None and quantity.value == int(quantity.value)
    ):
        return replace(quantity, age=quantity.value >= _LEAST_AGE)
    return quantity


def _pair(children: list[Any]) -> tuple[Quantity, Quantity]:
    upper, lower = _tokens(children, "PAIR")[0].value
    units = _tokens(children, "UNIT")
    unit = units[0].value if units else None
    return Quantity(upper, unit), Quantity(lower, unit)


_VALUED: Final = re.compile(any_word("better", "worse") + r"\b")


def by_worth(bounds: Bounds, higher_is: str | None) -> Bounds:
    """Limits of what is better or worse as limits of numbers. :class:`Refused` where it is not known which are."""
    if not bounds.valued:
        return bounds
    if higher_is == "worse":
        return replace(bounds.turned(), valued=False)
    if higher_is != "better":
        raise Refused
    return replace(bounds, valued=False)


def tighten(first: Bounds, second: Bounds) -> Bounds:
    """Both at once: a lower and an upper end. :class:`Refused` where they are not one of each."""
    if first.second or second.second:
        raise Refused
    if first.low and not first.high and second.high and not second.low:
        ends = Bounds(first.low, second.high, first.low_inclusive, second.high_inclusive)
        return replace(_same_unit(ends), valued=first.valued or second.valued)
    if second.low and not second.high and first.high and not first.low:
        ends = Bounds(second.low, first.high, second.low_inclusive, first.high_inclusive)
        return replace(_same_unit(ends), valued=first.valued or second.valued)
    raise Refused


def _outside(below: Bounds, above: Bounds) -> Bounds:
    """Below the one limit, or above the other: :class:`Refused` where they leave nothing between them."""
    ends = _same_unit(Bounds(low=below.high, high=above.low))
    low, high = cast(Quantity, ends.low), cast(Quantity, ends.high)
    if low.of == high.of and low.unit == high.unit and low.value >= high.value:
        raise Refused
    return Bounds(either=(replace(below, high=low), replace(above, low=high)))


def _same_unit(bounds: Bounds) -> Bounds:
    """The unit that is said once counts for both numbers: "18 to 75 years"."""
    quantities = bounds.quantities
    said = next((q for q in reversed(quantities) if q.unit or q.of != "value"), None)
    if said is None:
        return bounds

    def fill(q: Quantity | None) -> Quantity | None:
        if q is None or q.unit or q.of != "value":
            return q
        if said.of != "value":
            return replace(q, of=said.of)
        return replace(q, unit=said.unit, time=said.time, age=said.age)

    return replace(
        bounds,
        low=fill(bounds.low),
        high=fill(bounds.high),
        members=tuple(cast(Quantity, fill(q)) for q in bounds.members),
    )


class _Meaning:
    """Each method is a rule, or an alternative, of the grammar."""

    # values
    def number(self, children: list[Any]) -> Quantity:
        numbers, units = [c for c in children if c.type in ("NUMBER", "ROMAN")], _tokens(children, "UNIT")
        if len(numbers) == 2 and not units and numbers[0].value.value != numbers[1].value.value:
            raise Refused
        return _q(numbers[0], units[0].value if units else getattr(numbers[0].value, "unit", None))

    def times_uln(self, children: list[Any]) -> Quantity:
        return replace(self._multiple(children), of="ULN")

    def times_lln(self, children: list[Any]) -> Quantity:
        return replace(self._multiple(children), of="LLN")

    def times_baseline(self, children: list[Any]) -> Quantity:
        if children[-1].value != "screening" or children[-1].type != "ANCHOR":
            raise Refused
        return replace(self._multiple(children), of="baseline")

    def _multiple(self, children: list[Any]) -> Quantity:
        numbers = _tokens(children, "NUMBER")
        return _q(numbers[0]) if numbers else Quantity(1.0)

    def duration(self, children: list[Any]) -> Quantity:
        unit = _tokens(children, "TIMEUNIT")[0].value
        age = any(child.type in ("AGE", "AGE_UNIT_TAIL") for child in children)
        if children[0].value.value < 0:
            raise Refused
        length = _q(children[0], unit)
        return Quantity(length.value, unit, length.of, True, age, length.note, length.grouped)

    def values(self, children: list[Any]) -> tuple[Quantity, ...]:
        return tuple(child for child in children if isinstance(child, Quantity))

    # limits
    def comparator(self, children: list[Any]) -> Comparator:
        signs = [c for c in children if c.type in ("GE", "GT", "LE", "LT", "EQ")]
        kinds = [c.type for c in signs]
        if len(kinds) == 2 and "EQ" in kinds:  # "= or > 18"
            other = kinds[1 - kinds.index("EQ")]
            return Comparator({"GT": "GE", "LT": "LE"}.get(other, other), signs[0])
        if len(kinds) == 2 and kinds[0] != kinds[1]:
            inclusive = {"GT": "GE", "LT": "LE"}
            if inclusive.get(kinds[0], kinds[0]) != inclusive.get(kinds[1], kinds[1]):
                raise Refused
            return Comparator(inclusive.get(kinds[0], kinds[0]), signs[0])
        return Comparator(kinds[0], signs[0])

    def compared(self, children: list[Any]) -> Bounds:
        comparator, value = children[:2]
        value = _aged(value, comparator.token)
        valued = _VALUED.search(str(comparator.token.value)) is not None
        if comparator.kind in _UP:
            return Bounds(low=value, low_inclusive=_UP[comparator.kind], valued=valued)
        if comparator.kind in _DOWN:
            return Bounds(high=value, high_inclusive=_DOWN[comparator.kind], valued=valued)
        return Bounds(low=value, high=value, exact=True)

    def compared_twice(self, children: list[Any]) -> Bounds:
        """ "At least 18 years or older": the same said before and behind a value."""
        comparator, _, again = children
        same = _UP if again.type == "OR_MORE" else _DOWN
        if (
            comparator.kind not in same
            or str(again.value).endswith("than")
            or _VALUED.search(str(again.value)) is not None
        ):
            raise Refused
        return self.compared(children[:2])

    def at_least(self, children: list[Any]) -> Bounds:
        value, words = [child for child in children if getattr(child, "type", "") != "FROM"][:2]
        judged = _VALUED.search(str(words.value))
        if str(words.value).startswith("year ") and value.unit is None:
            value = replace(value, unit="years", time=True)
        if judged is not None and judged[0] == "worse":
            return Bounds(high=_aged(value, words), valued=True)
        return Bounds(low=_aged(value, words), valued=judged is not None)

    def plus_time(self, children: list[Any]) -> Bounds:
        return Bounds(low=self.duration([child for child in children if child.type != "PLUS"]))

    def more_time(self, children: list[Any]) -> Bounds:
        value, words, unit = children[:3]
        if value.unit or value.of != "value":
            raise Refused
        return Bounds(low=_aged(replace(value, unit=unit.value, time=True), words))

    def at_most(self, children: list[Any]) -> Bounds:
        return Bounds(high=_aged(children[0], children[1]))

    def both(self, children: list[Any]) -> Bounds:
        first, second = (child for child in children if isinstance(child, Bounds))
        if first.exact and second.exact:  # "= 18 to = 60": signs that were ">=" and "<="
            return self.between([first.low, second.high])
        ends = tighten(first, second)
        low, high = cast(Quantity, ends.low), cast(Quantity, ends.high)
        if low.of == high.of and low.unit == high.unit and low.value > high.value:
            below, above = (second, first) if first.low else (first, second)
            return _outside(below, above)  # "BMI < 18 and > 28": nobody's is both
        return ends

    def either_end(self, children: list[Any]) -> Bounds:
        first, second = (child for child in children if isinstance(child, Bounds))
        if not any(isinstance(child, Token) and child.type in ("OR", "ANDOR") for child in children):
            raise Refused
        below, above = (first, second) if first.low is None else (second, first)
        if any(each.second or each.members for each in (below, above)):
            raise Refused
        if below.high is None or below.low is not None or above.low is None or above.high is not None:
            raise Refused
        return _outside(below, above)

    def outside(self, children: list[Any]) -> Bounds:
        within = self.between([child for child in children if isinstance(child, Quantity)])
        return _outside(
            Bounds(high=within.low, high_inclusive=False),
            Bounds(low=within.high, low_inclusive=False),
        )

    def between(self, children: list[Any]) -> Bounds:
        low, high = (child for child in children if isinstance(child, Quantity))
        bounds = _same_unit(Bounds(low=low, high=high))
        low, high = cast(Quantity, bounds.low), cast(Quantity, bounds.high)
        if low.unit == high.unit and low.of == high.of and low.value > high.value:
            if low.note or high.note:
                raise Refused
            bounds = Bounds(low=high, high=low)
        return bounds

    def bound_to(self, children: list[Any]) -> Bounds:
        first, value = (child for child in children if not isinstance(child, Token))
        if first.second or (first.exact and (first.time or value.time) and first.low and first.low.value > value.value):
            raise Refused
        low = replace(first, high=None, exact=False) if first.exact else first
        return tighten(low, Bounds(high=value))

    def bound_list(self, children: list[Any]) -> Bounds:
        first, *others = (child for child in children if not isinstance(child, Token))
        if not first.exact or first.low is None:
            raise Refused  # ">= 18 or 75": what the second number is, is not said
        return self.one_of([(first.low, *others)])

    def pair_compared(self, children: list[Any]) -> Bounds:
        upper, lower = (self.compared([children[0], quantity]) for quantity in _pair(children))
        return replace(upper, second=lower)

    def pair_or_more(self, children: list[Any]) -> Bounds:
        upper, lower = (Bounds(low=quantity) for quantity in _pair(children))
        return replace(upper, second=lower)

    def pair_or_less(self, children: list[Any]) -> Bounds:
        upper, lower = (Bounds(high=quantity) for quantity in _pair(children))
        return replace(upper, second=lower)

    def up_to(self, children: list[Any]) -> Bounds:
        low, high = (child for child in children if not isinstance(child, Token))
        if high.low is not None:
            raise Refused
        return _same_unit(Bounds(low=low, high=high.high, high_inclusive=high.high_inclusive))

    def one_of(self, children: list[Any]) -> Bounds:
        members = next(child for child in children if isinstance(child, tuple))
        bounds = _same_unit(Bounds(members=members, exact=True))
        values = sorted(q.value for q in bounds.members)
        if (
            all(v == int(v) for v in values)
            and values == [values[0] + i for i in range(len(values))]
            and not bounds.time
        ):
            first = bounds.members[0]
            return Bounds(replace(first, value=values[0]), replace(first, value=values[-1]), members=(), exact=True)
        return bounds

    def both_of(self, children: list[Any]) -> Bounds:
        bounds = self.one_of([tuple(child for child in children if isinstance(child, Quantity))])
        plain = not any(q.unit or q.of != "value" or q.value > _GREATEST_SCORE for q in bounds.quantities)
        return bounds if plain and not bounds.members else replace(bounds, choice="unclear")

    def sized(self, children: list[Any]) -> Bounds:
        bounds = cast(Bounds, children[0])
        if any(quantity.unit not in LENGTHS for quantity in bounds.quantities):
            raise Refused
        return bounds

    def exactly(self, children: list[Any]) -> Bounds:
        return Bounds(low=children[0], high=children[0], exact=True)

    # windows
    def one_unit(self, children: list[Any]) -> Bounds:
        quantity = Quantity(1.0, children[0].value, time=True)
        return Bounds(low=quantity, high=quantity, exact=True)

    def choice(self, children: list[Any]) -> Bounds:
        members = tuple(
            q
            for child in children
            for q in (child if isinstance(child, tuple) else (child,))
            if isinstance(q, Quantity)
        )
        members = _same_unit(Bounds(members=members)).members
        longer = any(isinstance(c, Token) and c.type == "WHICHEVER_LONGER" for c in children)
        return Bounds(members=members, choice="longer" if longer else "shorter")

    def relation(self, children: list[Any]) -> str:
        kinds = [child.type for child in children]
        if kinds == ["LAST"] or (len(children) == 1 and str(children[0].value) in _WEAKLY_BEFORE):
            return "weakly before"
        if "AFTER" in kinds and children[0].value != "of":
            return _AFTER_STUDY if _OF_TRIAL.search(str(children[0].value)) else "after"
        return "of" if kinds[-1] in ("OF", "WITHIN", "FROM") and kinds[0] in ("OF", "WITHIN", "FROM") else "before"

    def anchor(self, children: list[Any]) -> str:
        if len(children) > 1 and children[0] == "screening" and children[1].type == "OF":
            raise Refused  # "use in the last month before screening of aspirin": the use is of it
        return next(
            (
                c if isinstance(c, str) else str(c.value)
                for c in children
                if isinstance(c, str) or c.type in ("ANCHOR", "WEAK_ANCHOR")
            ),
            "screening",
        )

    def use_anchor(self, children: list[Any]) -> str:
        if not _is_given(children):
            raise Refused
        return "first dose"

    def event(self, children: list[Any]) -> Event | str:
        if all(child.type == "QUALIFIER" for child in children):
            raise Refused
        said = [str(getattr(child.value, "name", child.value)) for child in children]
        led = _BEGINNING.issuperset(said[:-1])
        if led and children[-1].type in ("ANCHOR", "WEAK_ANCHOR"):
            return said[-1]  # "starting cycle 1"
        if led and len(said) > 1 and said[-1] in _STUDIED:
            return "first dose"  # "starting investigational therapy"
        first = said[-1] == "first dose" and not _OF_STUDY.isdisjoint(said)
        return Event(" ".join(said), first or (len(children) == 2 and _is_given(children)))

    def within(self, children: list[Any]) -> WindowRead | Bounds:
        bounds, relation, anchor = _window_parts(children)
        if relation == "after" and anchor is None and _AFTER_STUDY in children:
            return WindowRead((Window(start=_days(0), end=None),), planned=True)
        if relation == "after" and anchor is None:
            return bounds  # "within 4 weeks after surgery": counted from what is not an anchor
        return _near(
            bounds,
            relation or ("before" if anchor is None and relation is None else "of"),
            anchor,
            bare=relation is None,
        )

    def past(self, children: list[Any]) -> WindowRead:
        bounds, relation, anchor = _window_parts(children)
        if relation == "of" and any(isinstance(child, Event) for child in children):
            raise Refused  # "in the last 2 years of a malignancy": what was in these years
        return _near(bounds, "before", anchor)

    def at_distance(self, children: list[Any]) -> WindowRead | Since | Bounds:
        bounds, relation, anchor = _window_parts(children)
        if relation == "of" or bounds.age:
            raise Refused
        if relation == "after" and any(isinstance(child, Event) for child in children) and bounds.high is None:
            raise Refused  # "at least 4 weeks after surgery": of the surgery itself
        if relation == "after" and anchor is None:
            # "at least 4 weeks after surgery": none within the last 4 weeks; "4 weeks after surgery" places nothing
            if bounds.low is None or bounds.high is not None:
                return bounds
            return Since(Window(start=_duration(bounds.low), start_inclusive=not bounds.low_inclusive))
        return replace(_near(bounds, relation, anchor), exact=bounds.exact)

    def close_to(self, children: list[Any]) -> WindowRead:
        """ "< 28 days from enrollment"; "4 weeks of treatment" are how long it lasts."""
        bounds = next(child for child in children if isinstance(child, Bounds))
        if not bounds.time or bounds.low is not None or bounds.members or bounds.either:
            raise Refused
        return _near(bounds, "of" if children[-2].type == "OF" else "before", str(children[-1].value))

    def ago(self, children: list[Any]) -> WindowRead:
        bounds, _, _ = _window_parts(children)
        if bounds.exact:
            raise Refused
        return _near(bounds, "before", None)

    def same(self, children: list[Any]) -> WindowRead:
        found = next((child for child in children if isinstance(child, WindowRead)), None)
        if found is None:
            raise Refused  # "(at least 4 weeks after surgery)"
        return found

    def begun(self, children: list[Any]) -> WindowRead:
        return replace(self.same(children), moment="start")

    def ended(self, children: list[Any]) -> WindowRead:
        return replace(self.same(children), moment="end")

    def clear(self, children: list[Any]) -> WindowRead:
        """ "Disease-free for at least 5 years": it ended before that."""
        bounds, relation, anchor = _window_parts(children)
        least, most = bounds.low, bounds.high
        if bounds.members or relation not in (None, "before"):
            raise Refused
        if least is None and most is not None:  # "for less than 5 years": it was there in that time
            short = Window(start=_duration(most), start_inclusive=bounds.high_inclusive, anchor=anchor or "screening")
            return WindowRead((short,), clear=True)
        if least is None or (most is not None and not bounds.exact):
            raise Refused
        long = Window(end=_duration(least), end_inclusive=bounds.low_inclusive, anchor=anchor or "screening")
        return WindowRead((long,), moment="end", clear=True)

    def window(self, children: list[Any]) -> WindowRead:
        return cast(WindowRead, children[0])

    def at_anchor(self, children: list[Any]) -> WindowRead:
        return WindowRead((), now=True)

    def at_study(self, children: list[Any]) -> WindowRead:
        """ "On screening chest CT": what is seen on it is there at screening."""
        entry = children[-1].value
        if not isinstance(entry, Entry) or entry.facts.get("type") not in ("imaging", "test"):
            raise Refused
        return WindowRead((), now=True)

    def beside_anchor(self, children: list[Any]) -> WindowRead:
        relation, anchor = children
        if relation == "weakly before":
            raise Refused  # "prior use of", "previous exposure to": no point in time
        if relation == "after":
            return WindowRead((Window(start=_days(0), end=None, anchor=anchor),))
        if relation == "of":
            raise Refused
        return WindowRead((Window(anchor=anchor),))

    def beside_use(self, children: list[Any]) -> WindowRead:
        """ "Before the use of A" is before the first dose; "after treatment with A" is behind what has been given."""
        if children[0] == "after":
            raise Refused
        return self.beside_anchor(children)

    def coming(self, children: list[Any]) -> WindowRead:
        """ "In the next 6 months", "within the next 6 months following randomisation"."""
        bounds, relation, anchor = _window_parts(children)
        far = bounds.high
        if (
            far is None
            or bounds.members
            or (bounds.low is not None and not bounds.exact)
            or relation not in (None, "after")
        ):
            raise Refused
        window = Window(start=_days(0), end=replace_sign(_duration(far)), end_inclusive=bounds.high_inclusive)
        if anchor is not None:
            window = window.model_copy(update={"anchor": anchor})
        return WindowRead((window,), planned=True)

    def during_and_for(self, children: list[Any]) -> WindowRead:
        if (
            children[0].value != "during"
            or not next(c for c in children if isinstance(c, Bounds)).time
            or "before" in children
        ):
            raise Refused
        return self.study_time(children)

    def study_time(self, children: list[Any]) -> WindowRead:
        if any(isinstance(child, Bounds) and not child.time for child in children):
            raise Refused
        return WindowRead((Window(start=_days(0), end=None),), planned=True)

    def lasting(self, children: list[Any]) -> Lasting:
        return lasting_for(next(child for child in children if isinstance(child, Bounds)))

    def since(self, children: list[Any]) -> Since | WindowRead:
        bounds = next(child for child in children if isinstance(child, Bounds))
        study = str(children[-1].value) if children[-1].type == "ANCHOR" else None
        if bounds.time and bounds.low is None:
            return _near(bounds, "before", study)  # "less than 4 weeks since X": X within that time
        if not bounds.time or bounds.low is None or (bounds.high is not None and not bounds.exact):
            raise Refused
        window = Window(start=_duration(bounds.low), start_inclusive=not bounds.low_inclusive)
        return Since(window.model_copy(update={"anchor": study}) if study else window)

    # repeated measurements
    def repeats(self, children: list[Any]) -> Repeats:
        bounds = next((child for child in children if isinstance(child, Bounds)), None)
        least = next((child.least for child in children if isinstance(child, Spacing)), None)
        return Repeats(how_often(bounds) if bounds else 2, least)  # "confirmed by a repeat test": twice

    def same_repeats(self, children: list[Any]) -> Repeats:
        return next(child for child in children if isinstance(child, Repeats))

    def spacing(self, children: list[Any]) -> Spacing:
        bounds = next(child for child in children if isinstance(child, Bounds))
        if not bounds.time or bounds.age or bounds.low is None or (bounds.high is not None and not bounds.exact):
            raise Refused
        return Spacing(_duration(bounds.low))

    # grades, stages, lines
    def grade(self, children: list[Any]) -> Grades:
        bounds = next(child for child in children if isinstance(child, Bounds))
        if bounds.time or bounds.either or any(q.unit or q.of != "value" for q in bounds.quantities):
            raise Refused
        return Grades(by_worth(bounds, "worse"))

    def grade_compared(self, children: list[Any]) -> Grades:
        return self.grade([self.compared([child for child in children if not isinstance(child, Token)])])

    def grade_plus(self, children: list[Any]) -> Grades:
        """ "Grade 3+"."""
        return self.grade([Bounds(low=_q(children[1]))])

    def stage_name(self, children: list[Any]) -> str:
        token = children[0]
        if token.type == "NUMBER":
            value = token.value.value
            if value not in (0, 1, 2, 3, 4, 5):
                raise Refused
            return ("0", "I", "II", "III", "IV", "V")[int(value)]
        return ("0", "I", "II", "III", "IV", "V")[token.value] if token.type == "ROMAN" else str(token.value)

    def stage_names(self, children: list[Any]) -> tuple[str, ...]:
        names = [child for child in children if isinstance(child, str)]
        if len(names) == 2 and any(isinstance(c, Token) and c.type in ("TO", "DASH") for c in children):
            return _stages_between(*names)
        return tuple(names)

    def stage(self, children: list[Any]) -> Stages:
        return Stages(next(child for child in children if isinstance(child, tuple)))

    def stage_tnm(self, children: list[Any]) -> Stages:
        return Stages(tuple(str(child.value) for child in children if isinstance(child, Token) and child.type == "TNM"))

    def stage_compared(self, children: list[Any]) -> Stages:
        comparator = next(child for child in children if isinstance(child, Comparator))
        name = next(child for child in children if isinstance(child, str))
        if comparator.kind in _UP:
            return Stages(_stages_from(name, itself=_UP[comparator.kind]))
        if comparator.kind in _DOWN:
            return Stages(_stages_up_to(name, itself=_DOWN[comparator.kind]))
        return Stages((name,))

    def stage_or_more(self, children: list[Any]) -> Stages:
        return Stages(_stages_from(children[1], itself=True))

    def stage_or_less(self, children: list[Any]) -> Stages:
        return Stages(_stages_up_to(children[1], itself=True))

    def lines(self, children: list[Any]) -> Lines:
        bounds = children[0]
        if bounds.time or bounds.either or any(q.unit or q.of != "value" for q in bounds.quantities):
            raise Refused
        if bounds.exact and any(child.type == "COMMA" for child in children[1:]):
            raise Refused  # "ECOG 0, prior lines ..."
        return Lines(bounds, str(children[-1].value))


def lasting_for(bounds: Bounds) -> Lasting:
    """A limit of time as that of how long something has held. :class:`Refused` where it is none."""
    least, most = bounds.low, bounds.high if not bounds.exact else None
    if not bounds.time or bounds.age or bounds.members or bounds.either or (least is None and most is None):
        raise Refused
    longer = least is not None and not bounds.low_inclusive
    shortest = _duration(least).model_copy(update={"exceeded": longer}) if least else None
    return Lasting(shortest, _duration(most) if most else None, bounds)


def ago(bounds: Bounds) -> WindowRead:
    """A limit of time as that of how long ago something was."""
    return _near(bounds, "before", None)


def how_often(bounds: Bounds) -> int:
    """The number of times that a bare number says, at least; :class:`Refused` where it says no such thing."""
    low = bounds.low
    if low is None or not bounds.low_inclusive or (bounds.high is not None and not bounds.exact) or bounds.either:
        raise Refused
    if low.unit or low.time or low.age or low.of != "value" or low.value != int(low.value) or low.value < 2:
        raise Refused
    return int(low.value)


_STAGE_ORDER: Final = ("0", "I", "II", "III", "IV", "V")
_SUBSTAGES: Final = "ABCD"


def _stages_between(first: str, last: str) -> tuple[str, ...]:
    """All stages from one to another: "IIIB" to "IV" are IIIB, IIIC, IIID and IV."""
    bases = [name.rstrip("ABCD123") for name in (first, last)]
    if any(base not in _STAGE_ORDER for base in bases):
        return first, last
    low, high = (name[len(base) : len(base) + 1] for name, base in zip((first, last), bases, strict=True))
    begin, end = (_STAGE_ORDER.index(base) for base in bases)
    if begin == end:
        letters = _SUBSTAGES[_SUBSTAGES.find(low or "A") : _SUBSTAGES.find(high or "D") + 1]
        return tuple(bases[0] + letter for letter in letters)
    if begin > end:
        return first, last
    head = [bases[0] + letter for letter in _SUBSTAGES[_SUBSTAGES.index(low) :]] if low else [first]
    tail = [bases[1] + letter for letter in _SUBSTAGES[: _SUBSTAGES.index(high) + 1]] if high else [last]
    return (*head, *_STAGE_ORDER[begin + 1 : end], *tail)


def _stages_from(name: str, *, itself: bool) -> tuple[str, ...]:
    """A stage and all that are worse, or those alone: "stage III or higher"."""
    if not itself and name not in _STAGE_ORDER:
        raise Refused  # beyond part of a stage
    if not itself and name == _STAGE_ORDER[-1]:
        raise Refused
    return _stages_between(name if itself else _STAGE_ORDER[_STAGE_ORDER.index(name) + 1], _STAGE_ORDER[-1])


def _stages_up_to(name: str, *, itself: bool) -> tuple[str, ...]:
    """A stage and all that are less, or those alone: "stage II or lower"."""
    if not itself and name not in _STAGE_ORDER[1:]:
        raise Refused
    return _stages_between(_STAGE_ORDER[0], name if itself else _STAGE_ORDER[_STAGE_ORDER.index(name) - 1])


def _days(value: float) -> Duration:
    return Duration(value=value, unit="days")


def _duration(quantity: Quantity) -> Duration:
    if not quantity.time:
        raise Refused
    return Duration(value=quantity.value, unit=cast(Any, quantity.unit))


def _window_parts(children: list[Any]) -> tuple[Bounds, str | None, str | None]:
    bounds = next(child for child in children if isinstance(child, Bounds))
    if not bounds.time or bounds.either:
        raise Refused
    words = [child for child in children if isinstance(child, str)]
    event = next((child for child in children if isinstance(child, Event)), None)
    if event is not None and words[0] == "weakly before":
        raise Refused  # "within 4 weeks prior surgery"
    if event is not None and words[0] == "of" and any(q.unit == "half-lives" for q in bounds.quantities):
        if bounds.low is not None and not bounds.exact:
            raise Refused
        return bounds, None, None  # "5 half-lives of the drug": its own
    relation = _PLAINLY.get(words[0], words[0]) if words else None
    anchor = words[1] if len(words) > 1 else None
    if event is not None:
        # "before receiving a drug" is before its first dose
        anchor = "first dose" if event.given and relation == "before" else event.said
    return bounds, relation, anchor


_WEAKLY_BEFORE: Final = ("prior", "previous", "previously", "past", "last", "recent", "preceding")
_AFTER_STUDY: Final = "after the study"
_OF_TRIAL: Final = re.compile(r"\b(?:study|trial)\b")
_PLAINLY: Final = {"weakly before": "before", _AFTER_STUDY: "after"}
_BEGINNING: Final = frozenset(
    "first initial starting start beginning commencing commencement entering initiating initiation planned scheduled "
    "expected anticipated date day time".split()
)
_STUDIED: Final = frozenset(("drug", "investigational agent", "study treatment"))
_OF_STUDY: Final = frozenset(("first", "initial", "planned", "scheduled", "protocol", "study", "experimental"))


def _is_given(children: list[Token]) -> bool:
    """Whether the use of something is named that begins: "receiving", and not "completing"."""
    return children[0].type == "USE" and not str(children[0].value).startswith("complet")


def _near(bounds: Bounds, relation: str | None, anchor: str | None, *, bare: bool = False) -> WindowRead:
    """The days between an anchor and a length of time before it (after it, or both)."""
    where = anchor or "screening"
    if bounds.members:
        windows = tuple(_one_window(Bounds(high=q), relation, where, bare) for q in bounds.members)
        if bounds.choice not in ("longer", "shorter"):
            raise Refused
        return WindowRead(windows, longer=bounds.choice == "longer")
    return WindowRead((_one_window(bounds, relation, where, bare),))


def _one_window(bounds: Bounds, relation: str | None, anchor: str, bare: bool) -> Window:
    if bounds.exact:
        bounds = Bounds(high=bounds.high)
    far = _duration(bounds.high) if bounds.high else None
    near = _duration(bounds.low) if bounds.low else None
    if relation == "after":
        start = replace_sign(near) if near else _days(0)
        end = replace_sign(far) if far else None
        return Window(
            start=start,
            end=end,
            start_inclusive=bounds.low_inclusive,
            end_inclusive=bounds.high_inclusive,
            anchor=anchor,
        )
    if relation == "of" or (bare and near is None):
        end = replace_sign(far) if far else None
        return Window(
            start=far,
            end=end,
            start_inclusive=bounds.high_inclusive,
            end_inclusive=bounds.high_inclusive,
            anchor=anchor,
        )
    return Window(
        start=far,
        end=near or _days(0),
        start_inclusive=bounds.high_inclusive,
        end_inclusive=bounds.low_inclusive if near else True,
        anchor=anchor,
    )


def replace_sign(duration: Duration) -> Duration:
    """The same length on the other side of the anchor."""
    return Duration(value=-duration.value, unit=duration.unit)


def looking_back(window: Window | None) -> Window | None:
    """The window of what is past: "has received X within 28 days of entry" does not reach over the entry."""
    if window is None or window.start is None or window.end != replace_sign(window.start):
        return window
    return window.model_copy(update={"end": _days(0), "end_inclusive": True})


@cache
def quantities(terminals: tuple[str, ...]) -> Grammar:
    """The grammar of quantities."""
    return Grammar("quantities.lark", ["quantity"], terminals, _Meaning())


def plain_limit(bounds: Bounds, unit: str = "") -> Limit:
    """The limit without conversion: a score, a grade, a count."""
    return Limit(
        low=bounds.low.value if bounds.low else None,
        high=bounds.high.value if bounds.high else None,
        low_inclusive=bounds.low_inclusive,
        high_inclusive=bounds.high_inclusive,
        unit=unit,
    )
