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
    found = [_state(here, element) for element in read.elements]
    states = [state for state in found if state is not None]
    joints = {*read.separators}
    if len(states) < len(found) or (len(found) > 1 and not (joints <= {"AND", "PLUS"} or joints <= {"OR", "ANDOR"})):
        return None
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
    if state is None or state.since is not None or not all(isinstance(leaf.rule, Condition) for leaf in leaves):
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


def _state(here: Composing, element: Element) -> _State | None:
    """The state that an element names and nothing else."""
    names: list[str] = []
    since: Window | None = None
    for atom in element.atoms:
        if isinstance(atom, Group):
            return None
        if atom.type == "QUALIFIER" and isinstance(atom.value, Qualifier):
            names.append(atom.value.name)
        elif atom.type == "UNREAD" and _FREED.fullmatch(here.text, atom.start, atom.end):
            names.append(_FREE)
        elif (window := _for_how_long(atom)) is not None and since is None:
            since = window
        else:
            return None
    if element.negations or not names or (since is not None and names != [_FREE]):
        return None
    return _State(tuple(names), since, element.end)


def _freed(here: Composing, tail: Tail) -> _State | None:
    """ "... with no evidence of recurrence for 5 years": that it is free of the disease."""
    read = tail.body
    if not tail.has("NO", "WITHOUT") or len(tail.kinds) > 1 or read is None or len(read.elements) > 1:
        return None
    first, *rest = read.elements[0].atoms
    if isinstance(first, Group) or first.type != "UNREAD" or read.elements[0].negations or len(rest) > 1:
        return None
    since = _for_how_long(rest[0]) if rest else None
    if (rest and since is None) or _OF_DISEASE.fullmatch(here.text, first.start, first.end) is None:
        return None
    return _State((_FREE,), since, tail.end)


def _for_how_long(atom: Token | Group) -> Window | None:
    """The days in which something has not been: "for at least 5 years", "within the last 5 years"."""
    if isinstance(atom, Group):
        return None
    if atom.type == "LASTING" and atom.value.least is not None:
        return Window(start=atom.value.least)
    if atom.type == "WINDOW" and len(atom.value.windows) == 1 and atom.value.windows[0].start is not None:
        window: Window = atom.value.windows[0]
        return window if not window.reaches_ahead else None
    return None


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
