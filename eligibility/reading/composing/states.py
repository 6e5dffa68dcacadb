"""States in which a disease no longer counts: "unless curatively treated", "except those in remission for 5 years"."""

from __future__ import annotations

import re
from collections.abc import Sequence, Set
from dataclasses import dataclass, replace
from functools import partial
from itertools import takewhile
from typing import Final

from eligibility.knowledge.qualifiers import RESOLVED, STATES, Qualifier, qualifiers
from eligibility.knowledge.vocabulary import ANY_CONDITION, ANY_DRUG, vocabulary
from eligibility.reading.composing.exceptions import excepting
from eligibility.reading.composing.terms import Composing, Inherited
from eligibility.reading.drafts import Draft, all_of, ambiguous, any_of, rebuilt
from eligibility.reading.lexing.tokens import Token
from eligibility.reading.sentences import Element, Group, ListRead, Tail
from eligibility.rules import Condition, Duration, Not, Rule, Treatment, Window

__all__ = ["free_of_it", "in_states", "length_in_state", "names_state", "not_in_state", "spared"]

_FREE: Final = "in remission"


@dataclass(slots=True)
class _State:
    """What a disease must be so that it does not count; ``since``: the days in which it has been free of it.

    ``lasting``: for how long it must have been so; ``over``: the days in which it must have ended.
    """

    qualifiers: tuple[str, ...]
    since: Window | None
    start: int
    end: int
    lasting: Duration | None = None
    over: Window | None = None


def spared(here: Composing, main: Draft, tail: Tail, following: Sequence[Tail]) -> tuple[Draft, int] | None:
    """ "X unless in remission": the X that is not, and how many of the following tails say of what state, too.

    None where no state, or more than that, is named, or anything but diseases stands before it.
    """
    if main.rule.kind == "any" and len(main.parts) > 1 and not _is_of_diseases(main, exclusion=here.exclusion):
        return _each_spared(here, main, tail, following)
    read = tail.body
    if read is None or len(tail.kinds) > 1 or not _is_of_diseases(main, exclusion=here.exclusion):
        return None
    found = [_states(here, element) for element in read.elements]
    states = [state for each in found for state in each]
    joints = {*read.separators}
    if not all(found) or not _of_one_kind(joints):
        return None
    if len(found) > 1 and len(states) > len(found) and joints & {"OR", "ANDOR"}:
        return None  # "treated with no recurrence for 5 years, or cured"
    free = _freed(here, following[0]) if following else None
    if len(following) > (free is not None):
        return None  # "except those treated, such as A": what these are examples of
    if free is not None:
        states.append(free)
    every = free is not None or joints <= _TOGETHER
    if every:
        left = any_of(_without(main, states))
    else:
        left = main
        for state in states:
            left = _without(left, [state])[0]
    return replace(left, end=max(left.end, states[-1].end), requirement=main.requirement), int(free is not None)


def _each_spared(here: Composing, main: Draft, tail: Tail, following: Sequence[Tail]) -> tuple[Draft, int] | None:
    """ "Brain metastases or meningitis, unless treated": a state of each of the diseases, or of the drugs of one kind,
    or of the last."""
    rules = main.innermost_rules()
    if main.requirement or not all(isinstance(rule, Condition | Treatment) for rule in rules):
        return None
    if not (all(isinstance(rule, Condition) for rule in rules) or _of_one_kin(main)):
        return None
    each = [spared(here, part, tail, following) for part in main.parts]
    found = [one for one in each if one is not None]
    if len(found) < len(each):
        return None
    every = any_of([draft for draft, _ in found])
    last = any_of([*main.parts[:-1], found[-1][0]])
    return ambiguous([every, last], "an exception to the last, or to all that is listed"), found[-1][1]


def _of_one_kin(main: Draft) -> bool:
    """Whether all the diseases, or drugs, are kinds of one, which is not just any."""
    shared: frozenset[str] | None = None
    for rule in main.innermost_rules():
        assert isinstance(rule, Condition | Treatment)
        entry = vocabulary().entry(rule.kind, rule.concept.name)
        parents = frozenset(entry.is_a if entry is not None else ())
        shared = parents if shared is None else shared & parents
    return bool(shared and shared - _ANYTHING)


_ANYTHING: Final = frozenset((ANY_CONDITION, ANY_DRUG, "surgery"))
_TOGETHER: Final = frozenset(("AND", "PLUS", "COMMA"))
_EITHER: Final = frozenset(("OR", "ANDOR", "COMMA"))


def _of_one_kind(joints: Set[str]) -> bool:
    """Whether all that stands between states joins them in one way, and a word says in which."""
    return not joints or (joints != {"COMMA"} and (joints <= _TOGETHER or joints <= _EITHER))


def in_states(here: Composing, main: Draft, read: ListRead) -> Draft | None:
    """The facts of the main that are in the states which a list names, "treated and stable for 4 weeks", with what else
    it asks for behind them, "treated and off steroids"; None where it does not begin with states."""
    found = [_states(here, element) for element in read.elements]
    states = [state for each in takewhile(bool, found) for state in each]
    joints = {*read.separators}
    facts = all(isinstance(leaf.rule, Condition | Treatment) and not leaf.rule.exceptions for leaf in main.innermost())
    if not states or not facts or not _of_one_kind(joints) or any(state.since is not None for state in states):
        return None
    if not all(found):
        _, others = read.parted(found.index([]))
        besides = here.listed(others, Inherited(), plain=True)
        if besides is None or joints <= _TOGETHER:
            return all_of([_being(main, states), besides]) if besides is not None else None
        return any_of([*(_being(main, [state]) for state in states), besides])
    if joints <= _TOGETHER:
        return _being(main, states)
    if len(states) > len(found):
        return None  # "treated with no recurrence, or cured"
    return any_of([_being(main, [state]) for state in states])


def names_state(here: Composing, element: Element) -> bool:
    """Whether an element is no more than what a disease may be: "in remission for a year"."""
    return bool(_states(here, element))


def not_in_state(here: Composing, main: Draft, tail: Tail) -> Draft | None:
    """ "X that has not been stable for 4 weeks": the X that is not; None where no such state is denied."""
    read = tail.body
    if read is None or len(tail.kinds) > 1 or tail.kinds[0].type != "NOT" or main.parts or main.requirement:
        return None
    found = [_states(here, element) for element in read.elements]
    states = [state for each in found for state in each]
    if not all(found) or not {*read.separators} <= _TOGETHER or not any(s.lasting or s.since for s in states):
        return None
    if not isinstance(main.rule, Condition | Treatment):
        return None
    left = any_of(_without(main, states))
    return replace(left, end=max(left.end, tail.end))


def _being(main: Draft, states: Sequence[_State]) -> Draft:
    """Each fact of the main, in all of several states."""
    names = tuple(dict.fromkeys(_known(name) for state in states for name in state.qualifiers))
    lasting = next((state.lasting for state in states if state.lasting is not None), None)
    over = next((state.over for state in states if state.over is not None), None)
    return _changed(main, partial(_so, _State(names, None, states[0].start, states[-1].end, lasting, over)))


def _so(state: _State, draft: Draft) -> Draft:
    rule = draft.rule
    assert isinstance(rule, Condition | Treatment)
    names, lasting, end = state.qualifiers, state.lasting, state.end
    update: dict[str, object] = {"qualifiers": tuple(dict.fromkeys((*rule.qualifiers, *names)))}
    if state.over is not None:
        update |= {"window": state.over, "moment": "end"}
    if lasting is not None:
        update["lasting"] = lasting
    return replace(draft, rule=rule.model_copy(update=update), end=max(draft.end, end), requirement=False)


def _known(name: str) -> str:
    return found.name if (found := qualifiers().find(name)) else name


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
    """Whether it says of diseases, or of drugs, all of one kind, that they exclude."""
    rule = main.rule
    if isinstance(rule, Not):
        return bool(main.parts) and not exclusion and _is_of_diseases(main.parts[0], exclusion=True)
    named = _named(main)
    concepts = {rule.concept for rule in named if isinstance(rule, Condition | Treatment)}
    facts = all(isinstance(rule, Condition | Treatment) for rule in named)
    return exclusion and not main.requirement and len(concepts) == 1 and facts


def _named(main: Draft) -> list[Rule]:
    """The facts that it names, without what is excepted from them."""
    if isinstance(main.rule, Condition | Treatment) or not main.parts:
        return [main.rule]
    return [rule for part in main.parts for rule in _named(part)]


_FREED: Final = re.compile(
    r"\W*(?:(?:is|are|has|have|been|considered|deemed|thought|to be|currently|completely|clinically)\s+)*"
    r"(?:(?:disease|cancer|tumou?r|malignancy|recurrence|relapse)[- ]free(?: status)?"
    r"|cured(?:\s+(?:by|with|after|following|through)\s+(?:[a-z]+\s+){0,2}(?:treatment|therapy|surgery|resection|excision))?)\W*",
    re.IGNORECASE,
)
_RESOLVED: Final = re.compile(
    r"\W*(?:(?:is|are|it|they|has|have|been|since|fully|completely|clinically|now)\s+)*(?:resolved|cleared|healed)"
    r"(?:\s+(?:with|after|by|following)\s+(?:(?:appropriate|adequate|standard|medical|the)\s+)*(?:therapy|treatment))?\W*",
    re.IGNORECASE,
)
_OF_DISEASE: Final = re.compile(
    r"\W*(?:(?:subsequent|current|further|any|the|local|distant|residual|active|recurrent|known|clinical|evidence|signs?|of)\s+)*"
    r"(?:disease|cancer|malignancy|tumou?r|recurrences?|relapses?)(?:\s+(?:recurrence|relapse))?\W*",
    re.IGNORECASE,
)


def _states(here: Composing, element: Element) -> list[_State]:
    """The states that an element names and nothing else: "curatively treated with no recurrence for 5 years"."""
    if not element.negations and _FREED.fullmatch(here.text, element.start, element.end):
        return [_State((_FREE,), None, element.start, element.end)]
    names: list[str] = []
    found: list[_State] = []
    for atom in element.atoms:
        if isinstance(atom, Group):
            return []
        if atom.type in ("QUALIFIER", "UNREAD") and _FREED.fullmatch(here.text, atom.start, atom.end):
            names.append(_FREE)
        elif atom.type == "QUALIFIER" and isinstance(atom.value, Qualifier):
            names.append(atom.value.name)
        elif atom.type == "UNREAD" and not names and _KEPT.fullmatch(here.text, atom.start, atom.end):
            continue
        elif atom.type == "UNREAD" and _RESOLVED.fullmatch(here.text, atom.start, atom.end):
            names.append(RESOLVED)
        elif (since := _free_since(atom)) is not None:
            found.append(_State((_FREE,), since, atom.start, atom.end))
        elif atom.type == "LASTING" and names == [_FREE] and atom.value.least is not None:
            names = []
            found.append(_State((_FREE,), Window(start=atom.value.least), element.start, atom.end))
        elif names and (length := length_in_state(atom, names[-1])) is not None:
            found.append(_State(tuple(names), None, element.start, atom.end, length))
            names = []
        elif names and (days := _over_by(atom, names[-1])) is not None:
            found.append(_State(tuple(names), None, element.start, atom.end, over=days))
            names = []
        else:
            return []
    if element.negations:
        return []
    return [*([_State(tuple(names), None, element.start, element.end)] if names else []), *found]


_KEPT: Final = re.compile(  # what says no more than that something is so: "(unless) administered at a stable dose"
    r"\W*(?:(?:is|are|was|were|been|being|has|have|had|it|they|the|on|at|in|with|a|given|administered|taken|used|kept"
    r"|maintained|held|received|receiving|taking|remained|remains?|considered|currently|doses?|dosages?|dosing|regimen)\b\W*)+",
    re.IGNORECASE,
)


def _over_by(atom: Token, state: str) -> Window | None:
    """The days in which a disease must have ended that was "treated at least 5 years ago"; None where it need not."""
    known = qualifiers().find(state)
    if known is None or known.axis != "treatment" or atom.type != "WINDOW" or len(atom.value.windows) != 1:
        return None
    window: Window = atom.value.windows[0]
    past = window.start is None and window.end is not None and window.end.value > 0
    return window if past and not (atom.value.planned or atom.value.clear) else None


def length_in_state(atom: Token, state: str) -> Duration | None:
    """For how long something must have been in a state, where words behind it say so; None where they say no such."""
    known = qualifiers().find(state)
    if known is None or known.axis not in STATES:
        return None  # "treated for 4 weeks": so long was the treatment
    if atom.type == "LASTING":
        least: Duration | None = atom.value.least
        return least
    if atom.type != "WINDOW" or len(atom.value.windows) != 1 or atom.value.planned or atom.value.moment != "any":
        return None
    window: Window = atom.value.windows[0]
    if window.start is None:
        return window.end if window.end is not None and window.end.value > 0 else None
    return window.start if window.end is not None and not window.end.value and known.axis == "stability" else None


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
    return _State((_FREE,), None, tail.start, tail.end)


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
    timeless = [state for state in states if state.since is None]
    found = [_changed(main, partial(_later, state.since)) for state in states if state.since is not None]
    return [*found, _changed(main, partial(_not_in, timeless))] if timeless else found


def _later(since: Window, draft: Draft) -> Draft:
    """The disease, if it was there in a window; in its own one as well."""
    rule = draft.rule
    assert isinstance(rule, Condition)
    within = replace(draft, rule=rule.model_copy(update={"window": since, "moment": "any"}))
    if rule.window is None or rule.window.start is None:
        return within
    return ambiguous([within, draft], "a window of the disease, and one in which it has been free of it")


def _not_in(states: Sequence[_State], draft: Draft) -> Draft:
    rule = draft.rule
    assert isinstance(rule, Condition | Treatment)
    bare = Draft(type(rule)(concept=rule.concept), states[0].start, states[0].start)
    return excepting(draft, [_being(bare, states)])


def _changed(draft: Draft, change: partial[Draft]) -> Draft:
    if isinstance(draft.rule, Condition | Treatment):
        return change(draft)
    return rebuilt(draft, tuple(_changed(part, change) for part in draft.parts))
