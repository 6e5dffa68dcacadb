"""States in which a disease no longer counts: "unless curatively treated", "except those in remission for 5 years"."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Final

from eligibility.knowledge.qualifiers import Qualifier, qualifiers
from eligibility.reading.composing.exceptions import excepting
from eligibility.reading.composing.terms import Composing
from eligibility.reading.drafts import Draft, ambiguous, any_of, rebuilt
from eligibility.reading.lexer import Token
from eligibility.reading.sentences import Element, Group, Tail
from eligibility.rules import Condition, Not, Window

__all__ = ["free_of_it", "spared"]

_FREE: Final = "in remission"


@dataclass(slots=True)
class _State:
    """What a disease must be so that it does not count; ``since``: the days in which it has been free of it."""

    qualifiers: tuple[str, ...]
    since: Window | None
    end: int


def spared(here: Composing, main: Draft, tail: Tail, following: Sequence[Tail]) -> tuple[Draft, int] | None:
    """ "X unless in remission": the X that is not, and how many of the following tails say of what state, too.

    None where no state, or more than that, is named, or anything but diseases stands before it.
    """
    read = tail.body
    if read is None or len(tail.kinds) > 1 or not _is_of_diseases(main, exclusion=here.exclusion):
        return None
    found = [_states(here, element) for element in read.elements]
    states = [state for each in found for state in each]
    joints = {*read.separators}
    if not all(found) or (len(found) > 1 and not (joints <= {"AND", "PLUS"} or joints <= {"OR", "ANDOR"})):
        return None
    if len(found) > 1 and len(states) > len(found) and joints & {"OR", "ANDOR"}:
        return None  # "treated with no recurrence for 5 years, or cured"
    free = _freed(here, following[0]) if following else None
    if len(following) > (free is not None):
        return None  # "except those treated, such as A": what these are examples of
    if free is not None:
        states.append(free)
    every = free is not None or joints <= {"AND", "PLUS"}
    if every:
        left = any_of(_without(main, states))
    else:
        left = main
        for state in states:
            left = _without(left, [state])[0]
    return replace(left, end=max(left.end, states[-1].end), requirement=main.requirement), int(free is not None)


def free_of_it(here: Composing, main: Draft, tail: Tail) -> Draft | None:
    """ "X with no evidence of recurrence": X in remission, or what is excepted from it, if anything is.

    None where something else than the disease is not there.
    """
    state = _freed(here, tail)
    leaves = main.innermost()
    if state is None or not all(isinstance(leaf.rule, Condition) for leaf in leaves):
        return None
    if main.rule.kind != "condition" or not isinstance(main.rule, Condition):
        return None
    rule = main.rule
    if not rule.exceptions:
        made = rule.model_copy(update={"qualifiers": (*rule.qualifiers, _FREE)})
        return replace(main, rule=made, end=max(main.end, tail.end))
    if not all(isinstance(part.rule, Condition) for part in main.parts):
        return None
    every = [_in_state(part, tail.end) for part in main.parts]
    readings = [
        replace(main, rule=rule.model_copy(update={"exceptions": tuple(p.rule for p in parts)}), parts=tuple(parts))
        for parts in (every, [*main.parts[:-1], every[-1]])
    ]
    free = replace(main, rule=rule.model_copy(update={"qualifiers": (*rule.qualifiers, _FREE)}))
    return ambiguous([*readings, free], "a state of what is excepted, of its last, or of what it is excepted from")


def _in_state(part: Draft, end: int) -> Draft:
    rule = part.rule
    assert isinstance(rule, Condition)
    made = rule.model_copy(update={"qualifiers": (*rule.qualifiers, _FREE)})
    return replace(part, rule=made, end=max(part.end, end))


def _is_of_diseases(main: Draft, *, exclusion: bool) -> bool:
    """Whether it says of diseases, all of one kind, that they exclude."""
    rule = main.rule
    if isinstance(rule, Not):
        return bool(main.parts) and not exclusion and _is_of_diseases(main.parts[0], exclusion=True)
    named = [leaf.rule for leaf in main.innermost()]
    concepts = {rule.concept for rule in named if isinstance(rule, Condition)}
    return exclusion and not main.requirement and len(concepts) == 1 and all(isinstance(r, Condition) for r in named)


_FREED: Final = re.compile(
    r"\W*(?:(?:is|are|been|considered|deemed|thought|to be|currently|completely|clinically)\s+)*"
    r"(?:(?:disease|cancer|tumou?r|malignancy|recurrence|relapse)[- ]free(?: status)?|cured)\W*",
    re.IGNORECASE,
)
_OF_DISEASE: Final = re.compile(
    r"\W*(?:(?:subsequent|current|further|any|the|local|distant|residual|active|recurrent|known|clinical)\s+)*"
    r"(?:disease|cancer|malignancy|tumou?r|recurrences?|relapses?)(?:\s+(?:recurrence|relapse))?\W*",
    re.IGNORECASE,
)


def _states(here: Composing, element: Element) -> list[_State]:
    """The states that an element names and nothing else: "curatively treated with no recurrence for 5 years"."""
    names: list[str] = []
    found: list[_State] = []
    for atom in element.atoms:
        if isinstance(atom, Group):
            return []
        if atom.type == "QUALIFIER" and isinstance(atom.value, Qualifier):
            names.append(atom.value.name)
        elif atom.type == "UNREAD" and _FREED.fullmatch(here.text, atom.start, atom.end):
            names.append(_FREE)
        elif (since := _free_since(atom)) is not None:
            found.append(_State((_FREE,), since, atom.end))
        elif atom.type == "LASTING" and names == [_FREE] and atom.value.least is not None:
            names = []
            found.append(_State((_FREE,), Window(start=atom.value.least), atom.end))
        else:
            return []
    if element.negations:
        return []
    return [*([_State(tuple(names), None, element.end)] if names else []), *found]


def _freed(here: Composing, tail: Tail) -> _State | None:
    """ "... with no evidence of recurrence": that it is free of the disease."""
    read = tail.body
    if not tail.has("NO", "WITHOUT") or len(tail.kinds) > 1 or read is None or len(read.elements) > 1:
        return None
    first, *rest = read.elements[0].atoms
    if isinstance(first, Group) or first.type != "UNREAD" or read.elements[0].negations or rest:
        return None
    if _OF_DISEASE.fullmatch(here.text, first.start, first.end) is None:
        return None
    return _State((_FREE,), None, tail.end)


def _free_since(atom: Token) -> Window | None:
    """The days in which a disease has not been there, where a window says that it ended before them."""
    if atom.type != "WINDOW" or not atom.value.clear or len(atom.value.windows) != 1:
        return None
    long: Window = atom.value.windows[0]
    if long.end is None or long.start is not None:
        return None
    return Window(start=long.end, start_inclusive=not long.end_inclusive, anchor=long.anchor)


def _without(main: Draft, states: Sequence[_State]) -> list[Draft]:
    """For each state the diseases that are not in it; what is said of them without a time is one state together."""
    if isinstance(main.rule, Not):
        inner = any_of(_without(main.parts[0], states))
        return [rebuilt(main, (inner,))]
    names = tuple(dict.fromkeys(name for state in states if state.since is None for name in state.qualifiers))
    found = [_changed(main, partial(_later, state.since)) for state in states if state.since is not None]
    return [*found, _changed(main, partial(_not_in, names, states[-1].end))] if names else found


def _later(since: Window, draft: Draft) -> Draft:
    """The disease, if it was there in a window; in its own one as well."""
    rule = draft.rule
    assert isinstance(rule, Condition)
    within = replace(draft, rule=rule.model_copy(update={"window": since, "moment": "any"}))
    if rule.window is None or rule.window.start is None:
        return within
    return ambiguous([within, draft], "a window of the disease, and one in which it has been free of it")


def _not_in(names: tuple[str, ...], end: int, draft: Draft) -> Draft:
    rule = draft.rule
    assert isinstance(rule, Condition)
    known = tuple(found.name if (found := qualifiers().find(name)) else name for name in names)
    return excepting(draft, [Draft(Condition(concept=rule.concept, qualifiers=known), draft.end, end)])


def _changed(draft: Draft, change: partial[Draft]) -> Draft:
    if isinstance(draft.rule, Condition):
        return change(draft)
    return rebuilt(draft, tuple(_changed(part, change) for part in draft.parts))
