"""Treatments of a kind that must be over for longer than others, in a parenthesis."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from typing import Final

from eligibility.knowledge.vocabulary import vocabulary
from eligibility.reading.composing.terms import Composing, Inherited
from eligibility.reading.drafts import Draft, any_of, each_leaf, negated
from eligibility.reading.lexing.tokens import Token
from eligibility.reading.phrases import AgeRead
from eligibility.reading.quantities import Bounds, WindowRead
from eligibility.reading.sentences import Group
from eligibility.rules import Duration, Not, Treatment


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


def shorter_for(here: Composing, draft: Draft, group: Group) -> Draft | None:
    """ "4 weeks since chemotherapy (6 weeks for nitrosoureas)"."""
    body = group.body
    if (
        body.body is None
        or len(body.body.elements) != 1
        or len(body.tails) != 1
        or not body.tails[0].has("FOR", "FOR_GROUP")
    ):
        return None
    atoms = body.body.elements[0].atoms
    atom = atoms[0]
    if len(atoms) != 1 or isinstance(atom, Group):
        return None
    if atom.type == "FACT" and isinstance(atom.value, AgeRead) and atom.value.bare:
        atom = Token("TIME_LIMIT", atom.value.bounds, atom.start, atom.end)
    if atom.type not in ("TIME_LIMIT", "SINCE_WINDOW", "WINDOW"):
        return None
    inner = [leaf for leaf in draft.leaves() if isinstance(leaf.rule, Treatment) and leaf.rule.window is not None]
    special = here.listed(body.tails[0].body, Inherited(), any_=True) if body.tails[0].body else None
    base = draft.parts[0] if draft.rule.kind == "not" else draft
    if not inner or (len(inner) > 1 and not _given_alike(base)):
        return None
    if special is None or not all(isinstance(leaf.rule, Treatment) for leaf in special.innermost()):
        return None
    treatment = inner[0].rule
    assert isinstance(treatment, Treatment)
    assert treatment.window is not None
    if atom.type == "TIME_LIMIT":
        bounds: Bounds = atom.value
        quantity = bounds.low or bounds.high
        if quantity is None or not quantity.time:
            return None
        start = Duration(value=quantity.value, unit=quantity.unit)  # type: ignore[arg-type]
    elif (
        isinstance(atom.value, WindowRead) and len(atom.value.windows) == 1 and atom.value.windows[0].start is not None
    ):
        start = atom.value.windows[0].start
    else:
        return None
    window = treatment.window.model_copy(update={"start": start})
    leaves = [leaf for leaf in special.leaves() if isinstance(leaf.rule, Treatment)]
    longer = [
        Draft(
            treatment.model_copy(update={"concept": leaf.rule.concept, "window": window}),
            leaf.start,
            leaf.end,
            open=leaf.open,
        )
        for leaf in leaves
        if isinstance(leaf.rule, Treatment)
    ]
    if _days(start) >= _days(treatment.window.start):
        found = any_of([inner[0] if len(inner) == 1 else base, *longer], (draft.start, group.end))
        return negated(found) if draft.rule.kind == "not" else found
    usual = each_leaf(base if len(inner) > 1 else inner[0], partial(_except_those, leaves))
    found = any_of([usual, *longer], (draft.start, group.end))
    return negated(found) if draft.rule.kind == "not" else found


def _given_alike(draft: Draft) -> bool:
    """Whether it names nothing but treatments, all within one window."""
    rules = draft.innermost_rules()
    return (
        all(isinstance(rule, Treatment) and not rule.exceptions for rule in rules)
        and len({rule.window for rule in rules if isinstance(rule, Treatment)}) == 1
    )


def _except_those(others: Sequence[Draft], leaf: Draft) -> Draft:
    rule = leaf.rule
    assert isinstance(rule, Treatment)
    update = {"exceptions": (*rule.exceptions, *(other.rule for other in others))}
    return replace(leaf, rule=rule.model_copy(update=update), parts=(*leaf.parts, *others))


_DAYS: Final = {"hours": 1 / 24, "days": 1.0, "weeks": 7.0, "months": 30.4, "years": 365.2}


def _days(duration: Duration | None) -> float:
    """About how many days; only to tell the longer of two."""
    return float("inf") if duration is None or duration.unit not in _DAYS else duration.value * _DAYS[duration.unit]
