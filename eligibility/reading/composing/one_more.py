"""What a list behind "without" or "unless" may hold that stands for itself: "asthma without fever, or gout".

Whoever has gout is excluded, too, or fever and gout are both what must not be there: both readings are kept.
"""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import pairwise
from typing import Final

from eligibility.knowledge.vocabulary import Entry
from eligibility.reading.composing.absences import without
from eligibility.reading.composing.exceptions import is_apart
from eligibility.reading.composing.terms import ALTERNATIVES, Composing, Inherited
from eligibility.reading.drafts import Draft, all_of, ambiguous, any_of
from eligibility.reading.phrases import Measured, Noun
from eligibility.reading.sentences import Element, Group, ListRead, Tail
from eligibility.rules import Condition, Statement, Treatment, Unread


def denied_or_another(here: Composing, main: Draft, tail: Tail, body: ListRead) -> Draft | None:
    """ "Heart block without a pacemaker, arrhythmia or gout": what may be one more that excludes may be denied, too;
    None where nothing of the kind stands behind the first."""
    neither = without(here, tail, body) if _next_at(here, main, tail, body) else None
    return or_another(here, main, tail, all_of([main, neither])) if neither is not None else None


def or_another(here: Composing, main: Draft, tail: Tail, made: Draft) -> Draft | None:
    """What a list behind a connective is, ``made`` with all of it, where one more that excludes may stand in it; None
    where nothing there can be one."""
    at = _next_at(here, main, tail, tail.body) if tail.body is not None else 0
    if not at or tail.body is None:
        return None
    first, rest = tail.body.parted(at)
    before, _ = here.fold(main, replace(tail, body=first, end=first.end), (), Inherited())
    behind = here.listed(rest, Inherited())
    if before is None or behind is None or behind.requirement or _may_be_spared(main, behind, tail):
        return None
    why = "one more that is said of what precedes it, or one more that excludes"
    return ambiguous([made, any_of([before, behind])], why)


def _may_be_spared(main: Draft, behind: Draft, tail: Tail) -> bool:
    """Whether it may be a state, or a kind, of what is excluded: "cancer unless treated, or in situ"."""
    if not tail.has("UNLESS"):
        return False
    targets = [leaf for leaf in main.innermost() if isinstance(leaf.rule, Condition)]
    return any(
        isinstance(leaf.rule, Statement | Unread) or (isinstance(leaf.rule, Condition) and not is_apart(leaf, targets))
        for leaf in behind.innermost()
    )


def _next_at(here: Composing, main: Draft, tail: Tail, body: ListRead) -> int:
    """Before which element of a list one more may begin that excludes, or is asked for; 0 where none can."""
    if not here.exclusion or main.requirement:
        listed = main.rule.kind in ("any", "all", "ambiguous") or _begins_anew(body.elements[-1], body.elements[0])
        return 1 if body.serial and body.separators == ["OR"] and listed else 0
    if not {*body.separators} <= ALTERNATIVES:
        return 0
    named = {leaf.rule.concept.name for leaf in main.innermost() if isinstance(leaf.rule, Condition | Treatment)}
    kinds = [noun.kinds if noun is not None else frozenset() for noun in map(_noun, body.elements)]
    joints = [here.low[left.end : right.start] for left, right in pairwise(body.elements)]
    behind_comma = [at for at, joint in enumerate(joints, 1) if "," in joint]
    apart = len(behind_comma) == 1 and (_OR.search(joints[behind_comma[0] - 1]) or len(joints) == 1)
    told = _WHICH_HAS.search(here.low, 0, tail.start) is not None

    def may_begin(at: int) -> bool:
        if body.elements[at].negations:
            return False
        if (kinds[at] == {"CONDITION"} and kinds[at - 1] == {"TREATMENT"}) or named & _names(body.elements[at]):
            return True
        if "," not in joints[at - 1]:
            return False
        if apart or _begins_anew(body.elements[at], body.elements[0]):
            return True
        if any(body.elements[at - 1].end <= people <= body.elements[at].start for people in here.people):
            return True
        return told and (_OR_IS_SO.search(joints[at - 1]) is not None or (bool(kinds[at]) and kinds[at] != kinds[0]))

    return next((at for at in range(1, len(body.elements)) if may_begin(at)), 0)


def _begins_anew(element: Element, first: Element) -> bool:
    """Whether it says of itself what opens an item of a list, and the first does not: "..., or history of asthma"."""
    opening, own = _noun(first), _noun(element)
    if own is None:
        atom = element.atoms[0]
        measured = not isinstance(atom, Group) and isinstance(atom.value, Measured)
        return measured and not (isinstance(first.atoms[0], Group) or isinstance(first.atoms[0].value, Measured))
    said = {token.type for token in (*own.before, *own.behind)} & _OPENING
    return any(opening is None or not opening.has(each) for each in said)


_OPENING: Final = frozenset("HISTORY PRIOR KNOWN USE CURRENT WINDOW".split())


def _noun(element: Element) -> Noun | None:
    atom = element.atoms[0]
    return atom.value if not isinstance(atom, Group) and isinstance(atom.value, Noun) else None


def _names(element: Element) -> set[str]:
    """The names of what a phrase names."""
    noun = _noun(element)
    heads = noun.head.names if noun is not None else []
    return {token.value.name for token in heads if isinstance(token.value, Entry)}


_WHICH_HAS: Final = re.compile(r"\b(?:that|which)\s+(?:has|have|had|is|are|was|were)\s+\Z")
_OR: Final = re.compile(r"\bor\b")
_OR_IS_SO: Final = re.compile(r"\b(?:has|have|had|is|are|was|were)\s+\Z")
