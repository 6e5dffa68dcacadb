"""Times that some have of their own, in parentheses: "within 4 weeks (6 weeks for nitrosoureas)"."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from typing import Final

from eligibility.knowledge.vocabulary import vocabulary
from eligibility.reading.composing.terms import Composing, Inherited
from eligibility.reading.drafts import Draft, ambiguous, any_of, each_leaf, negated, unread
from eligibility.reading.lexing.tokens import Token
from eligibility.reading.phrases import AgeRead
from eligibility.reading.quantities import Bounds, WindowRead, replace_sign
from eligibility.reading.sentences import Group
from eligibility.rules import Condition, Duration, Not, Rule, Treatment, Window


def own_window(here: Composing, draft: Draft, group: Group) -> Draft | None:
    """What was given within a time, with another time for some of it, or for some people; None where it is no such.

    Whom the other time is for decides only where that is a treatment; elsewhere either may be meant.
    """
    body = group.body.body
    atom = body.elements[0].atoms[0] if body is not None and body.elements[0].atoms else None
    start = _length(atom) if isinstance(atom, Token) and _FOR_SOME.match(here.low, group.start) else None
    windows = {window for leaf in draft.leaves() if (window := _window_of(leaf.rule)) is not None}
    if start is not None and any(isinstance(rule, Treatment) and rule.lasting for rule in draft.innermost_rules()):
        return unread(here.text, draft.start, group.end)  # "stopped for at least 14 days (42 days for mitomycin)"
    if start is None or len(windows) != 1:
        return None
    window = windows.pop()
    end = replace_sign(start) if _is_both_sides(window) else window.end
    other = window.model_copy(update={"start": start, "end": end})
    if (of_these := _of_some_treatments(here, draft, group, window, other)) is not None:
        return of_these
    theirs = each_leaf(draft, partial(_within, window, other))
    return replace(ambiguous([draft, theirs], "a time that some have of their own"), end=max(draft.end, group.end))


_FOR_SOME: Final = re.compile(
    r"\(\s*(?:or\s+)?(?:(?:at least|a minimum of|within)\s+|[<>≤≥]=?\s*)?[\w.-]+\s+(?:hour|day|week|month|year)s?,?\s+"
    r"(?:for|with|if|in(?:\s+the)?\s+cases?|in\s+(?:patients|subjects|participants|those)|when|following|after)\b"
)


def _length(atom: Token) -> Duration | None:
    """The length of time that a parenthesis begins with."""
    if atom.type == "FACT" and isinstance(atom.value, AgeRead) and atom.value.bare:
        return _bound(atom.value.bounds)
    if atom.type == "TIME_LIMIT":
        return _bound(atom.value)
    if atom.type not in ("SINCE_WINDOW", "WINDOW") or not isinstance(atom.value, WindowRead):
        return None
    return atom.value.windows[0].start if len(atom.value.windows) == 1 else None


def _bound(bounds: Bounds) -> Duration | None:
    quantity = bounds.low or bounds.high
    if quantity is None or not quantity.time:
        return None
    return Duration(value=quantity.value, unit=quantity.unit)  # type: ignore[arg-type]


def _window_of(rule: Rule) -> Window | None:
    """When something was, where it is told in days: of "30 days or 5 half-lives", the days."""
    if not isinstance(rule, Condition | Treatment) or rule.window is None or rule.window.start is None:
        return None
    return rule.window if rule.window.start.unit in _DAYS else None


def _is_both_sides(window: Window) -> bool:
    return window.start is not None and window.end == replace_sign(window.start)


def _within(window: Window, other: Window, leaf: Draft) -> Draft:
    """A fact with another window in the place of the one that it has."""
    rule = leaf.rule
    if not isinstance(rule, Condition | Treatment) or rule.window != window:
        return leaf
    return replace(leaf, rule=rule.model_copy(update={"window": other}))


def _of_some_treatments(here: Composing, draft: Draft, group: Group, window: Window, other: Window) -> Draft | None:
    """ "4 weeks since chemotherapy (6 weeks for nitrosoureas)"."""
    assert group.body.body is not None
    tails = group.body.tails
    if len(group.body.body.elements) != 1 or len(tails) != 1 or not tails[0].has("FOR", "FOR_GROUP"):
        return None
    inner = [leaf for leaf in draft.leaves() if isinstance(leaf.rule, Treatment) and leaf.rule.window == window]
    special = here.listed(tails[0].body, Inherited(), any_=True) if tails[0].body else None
    base = draft.parts[0] if draft.rule.kind == "not" else draft
    if not inner or (len(inner) > 1 and not _are_treatments(base)):
        return None
    if special is None or not all(isinstance(leaf.rule, Treatment) for leaf in special.innermost()):
        return None
    leaves = [leaf for leaf in special.leaves() if isinstance(leaf.rule, Treatment)]
    given = inner[0].rule
    theirs = [
        Draft(
            given.model_copy(update={"concept": leaf.rule.concept, "window": other}),
            leaf.start,
            leaf.end,
            open=leaf.open,
        )
        for leaf in leaves
        if isinstance(leaf.rule, Treatment)
    ]
    usual = base if _are_treatments(base) else inner[0]
    if _days(other.start) < _days(window.start):
        usual = each_leaf(usual, partial(_except_those, leaves))
    found = any_of([usual, *theirs], (draft.start, group.end))
    return negated(found) if draft.rule.kind == "not" else found


def _are_treatments(draft: Draft) -> bool:
    """Whether it names nothing but treatments, of which nothing is excepted."""
    return all(isinstance(rule, Treatment) and not rule.exceptions for rule in draft.innermost_rules())


def _except_those(others: Sequence[Draft], leaf: Draft) -> Draft:
    rule = leaf.rule
    assert isinstance(rule, Treatment)
    update = {"exceptions": (*rule.exceptions, *(other.rule for other in others))}
    return replace(leaf, rule=rule.model_copy(update=update), parts=(*leaf.parts, *others))


_DAYS: Final = {"hours": 1 / 24, "days": 1.0, "weeks": 7.0, "months": 30.4, "years": 365.2}


def _days(duration: Duration | None) -> float:
    """About how many days; only to tell the longer of two."""
    return float("inf") if duration is None or duration.unit not in _DAYS else duration.value * _DAYS[duration.unit]


def is_longer_since(draft: Draft, inside: Draft) -> bool:
    """Whether treatments that are of a kind with another one must be over for longer than that."""
    usual = _since_when([draft])
    longer = _since_when(inside.parts if inside.rule.kind == "all" else [inside])
    if len(usual) != 1 or not longer:
        return False
    (general, least), *_ = usual
    return all(
        vocabulary().is_a("treatment", name, general) and least.unit == length.unit and least.value < length.value
        for name, length in longer
    )


def _since_when(drafts: Sequence[Draft]) -> list[tuple[str, Duration]]:
    """How long each of several treatments must be over; none where anything else is said."""
    found: list[tuple[str, Duration]] = []
    for draft in drafts:
        rule = draft.rule.part if isinstance(draft.rule, Not) else None
        start = rule.window.start if isinstance(rule, Treatment) and rule.window is not None else None
        if not isinstance(rule, Treatment) or start is None:
            return []
        found.append((rule.concept.name, start))
    return found
