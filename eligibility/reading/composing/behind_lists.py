"""An exception in parentheses behind the last of a list: to the last, or to each of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from eligibility.knowledge.vocabulary import vocabulary
from eligibility.reading.composing.exceptions import excepting, has_exceptions, is_apart
from eligibility.reading.composing.terms import Composing
from eligibility.reading.drafts import Draft, ambiguous, rebuilt
from eligibility.reading.lexer import tokenize
from eligibility.reading.sentences import Group
from eligibility.rules import Condition, Not, Treatment

__all__ = ["excepting_behind"]


def excepting_behind(here: Composing, draft: Draft, group: Group) -> Draft:
    """ "A or B (except C)": an exception in parentheses behind the last of a list may be one to each of them."""
    if isinstance(draft.rule, Not):
        return rebuilt(draft, (excepting_behind(here, draft.parts[0], group),)) if draft.parts else draft
    if draft.rule.kind == "ambiguous":  # "A and B (except C)"
        return rebuilt(draft, tuple(excepting_behind(here, part, group) for part in draft.parts))
    if draft.rule.kind not in ("any", "all") or len(draft.parts) < 2:
        return draft
    first, final = [
        [leaf for part in parts for leaf in part.leaves() if leaf.start < group.start]
        for parts in (draft.parts[:-1], draft.parts[-1:])
    ]
    last = [leaf for leaf in final if isinstance(leaf.rule, Condition | Treatment)]
    items = {part.rule: part for leaf in last for part in leaf.parts if group.start < part.start < group.end}
    if not items:
        return draft
    named = any(token.type in ("CONDITION", "TREATMENT") for token in tokenize(here.text[group.start : group.end]))
    states = [] if named else [item for item in items.values() if not is_apart(item, last)]
    every = [
        excepting(
            part,
            [
                *(item for item in items.values() if is_apart(item, last) or not is_apart(item, [*part.leaves()])),
                *(one for state in states if is_apart(state, [part]) for one in _as_state_of(part, state)),
            ],
        )
        if not any(has_exceptions(leaf.rule) for leaf in part.leaves())
        else part
        for part in draft.parts[:-1]
    ]
    spared = rebuilt(draft, (*every, draft.parts[-1]))
    void = not states and all(_void_without(part, [*items.values()]) for part in draft.parts[:-1])
    excepted_ = [*items.values()]
    if (void and spared.rule != draft.rule) or _is_one_thing([*first, *final], excepted_):
        return spared
    if not states and _is_of_some_alone(final, first, excepted_):
        return draft
    if not states and _is_of_some_alone(first, final, excepted_):
        return spared
    return replace(
        ambiguous([draft, spared], "an exception to the last, or to all that is listed"), requirement=draft.requirement
    )


def _as_state_of(part: Draft, state: Draft) -> list[Draft]:
    """The state that one of a list is spared in, "(except if controlled)", of another one; nothing where it is none."""
    rule, other = state.rule, part.rule
    if not state.parts and (
        (isinstance(rule, Condition) and isinstance(other, Condition))
        or (isinstance(rule, Treatment) and isinstance(other, Treatment))
    ):
        return [replace(state, rule=rule.model_copy(update={"concept": other.concept}))]
    return []


def _void_without(part: Draft, items: list[Draft]) -> bool:
    """Whether each thing that is excepted behind a list is another than one of its items, or a kind of it, so that the
    exception would be void if it were not one to that item: "liver disease, or jaundice (except Gilbert's)"."""
    leaves = [*part.leaves()]
    for item in items:
        rule = item.rule
        if not isinstance(rule, Condition) or rule.concept.open or rule.window is not None or item.parts:
            return False
        if not is_apart(item, leaves) and not _is_kind_of(item, leaves):
            return False
    return True


def _is_kind_of(item: Draft, leaves: Sequence[Draft]) -> bool:
    """Whether what is excepted is surely a kind of one of these."""
    rule = item.rule
    if not isinstance(rule, Condition | Treatment):
        return False
    names = rule.concept.broader if rule.concept.open else (rule.concept.name,)
    alike = [leaf.rule for leaf in leaves if isinstance(leaf.rule, type(rule)) and not leaf.rule.concept.open]
    return any(vocabulary().is_a(rule.kind, name, other.concept.name) for name in names for other in alike)


def _is_of_some_alone(named: Sequence[Draft], others: Sequence[Draft], items: Sequence[Draft]) -> bool:
    """Whether all that is excepted behind a list is a kind of these, and none of the others: "oxaliplatin, or a
    fluoropyrimidine (other than a radiosensitizing fluoropyrimidine)"."""
    kinds = {type(each.rule) for each in (*named, *others, *items)}
    if len(kinds) > 1 or any(
        isinstance(each.rule, Condition | Treatment) and each.rule.concept.open for each in others
    ):
        return False
    return all(_is_kind_of(item, named) and not _is_kind_of(item, others) for item in items)


def _is_one_thing(named: Sequence[Draft], items: Sequence[Draft]) -> bool:
    """Whether all that is listed is one thing, as it is now or was: "a malignancy, or a malignancy within 3 years"."""
    concepts = {each.rule.concept if isinstance(each.rule, Condition) else None for each in named}
    if len(concepts) > 1 or not all(isinstance(item.rule, Condition) for item in items):
        return False
    return all(concept is not None and not concept.open for concept in concepts)
