"""Lists of which some items have a definition of their own: "A, B defined as > 160 mmHg, or C"."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from eligibility.knowledge.attributes import is_method
from eligibility.reading.composing.definitions import defined
from eligibility.reading.composing.terms import Composing, Inherited
from eligibility.reading.drafts import Draft, ambiguous, rebuilt
from eligibility.reading.sentences import Element, ListRead, Tail
from eligibility.rules import Age, Ambiguous, Measurement

__all__ = ["defined_items"]


def defined_items(here: Composing, body: ListRead, tails: Sequence[Tail], inherited: Inherited) -> Draft | None:
    """ "A, B defined as > 160 mmHg, or C", "A defined as < 5, B defined as > 9, or C": a list with the definitions in
    it; None where no more is listed behind a definition, or where it cannot be told what is."""
    if len(tails) == 1 and not body.separators:
        return None  # whatever follows is what the only thing is
    ends = _ends_of_definitions(here, body, tails)
    if not ends:
        return None
    listed, own = body, list[tuple[Element, Tail]]()
    for tail, end in zip(tails, ends, strict=True):
        read = tail.body
        assert read is not None
        definition, rest = read.parted(end) if end < len(read.elements) else (read, None)
        own.append((listed.elements[-1], replace(tail, body=definition, end=definition.end)))
        if rest is not None:
            separators = [*listed.separators, read.separators[end - 1], *rest.separators]
            listed = ListRead([*listed.elements, *rest.elements], separators, body.start, rest.end, read.serial)
    if len({*listed.separators} - _COMMAS) > 1:
        return None
    main = here.listed(listed, inherited, top=True)
    if main is None or not all(_is_named(main, element) for element, _ in own):
        return None
    return replace(_each_defined(here, main, own), end=tails[-1].end)


_COMMAS: Final = frozenset(("COMMA", "SEMI"))


def _ends_of_definitions(here: Composing, body: ListRead, tails: Sequence[Tail]) -> list[int]:
    """How many items behind each "defined as" are of the definition; none where it cannot be told, where no more is
    listed, or where one definition is of several things."""
    before, ends = body, list[int]()
    for tail in tails:
        read = tail.body
        if read is None or not {*before.separators} <= _COMMAS or not _defines_item(here, tail, first=not ends):
            return []
        ends.append(_end_of_definition(here, read, last=len(ends) + 1 == len(tails)))
        if not ends[-1]:
            return []
        before = read.parted(ends[-1])[1] if ends[-1] < len(read.elements) else before
    return ends if before is not body else []


def _defines_item(here: Composing, tail: Tail, *, first: bool) -> bool:
    """Whether a tail is part of an item of a list, not a sentence ("A is defined as B"), nor the way in which something
    of the definition before it was found ("A defined as > 1 cm as measured by CT")."""
    if str(tail.kinds[0].value).startswith("joined:") or _IS_DEFINED.search(here.low, 0, tail.kinds[0].end):
        return False
    return first or not is_method(here.text[tail.start : tail.end], of_number=True)


_IS_DEFINED: Final = re.compile(r"\b(?:is|are|was|were|be)\s+(?:\w+ly\s+)?defined(?:\s+(?:as|by))?\Z")


def _end_of_definition(here: Composing, read: ListRead, *, last: bool) -> int:
    """How many items of a list behind "defined as" are of the definition, of which limits come first; 0 where it cannot
    be told. Where it is not the ``last`` one, what the next one defines stands behind it."""
    several = len(read.elements)
    limits = next((i for i, each in enumerate(read.elements) if not _is_limit_or_method(here, each)), several)
    if 0 < limits < several and (read.separators[limits - 1] != "OR" or limits + 1 == several):
        return limits
    if not last:
        joints = read.separators
        return joints.index("SEMI") + 1 if "SEMI" in joints else several - 1 if joints[-1:] != ["OR"] else 0
    return several if several == 1 or _names_itself(here, read.elements[0]) else 0


def _is_limit_or_method(here: Composing, element: Element) -> bool:
    if is_method(here.text[element.start : element.end]):
        return True
    alone = _alone(here, element)
    return alone is not None and all(isinstance(rule, Measurement | Age) for rule in alone.innermost_rules())


def _names_itself(here: Composing, element: Element) -> bool:
    """Whether an item says by itself what it is of: not in "arrhythmia defined as >= grade 3, or hypertension"."""
    alone = _alone(here, element)
    return alone is not None and not any(leaf.wholly_unread for leaf in alone.leaves())


def _alone(here: Composing, element: Element) -> Draft | None:
    return here.listed(ListRead([element], [], element.start, element.end), Inherited(), plain=True)


def _is_named(main: Draft, element: Element) -> bool:
    """Whether what an item names is to be found in the draft of its list, and was understood."""
    found = [leaf for leaf in main.leaves() if element.start <= leaf.start and leaf.end <= element.end]
    return bool(found) and not any(leaf.wholly_unread for leaf in found)


def _each_defined(here: Composing, main: Draft, own: Sequence[tuple[Element, Tail]]) -> Draft:
    """A list with the definition of each item that has one of its own."""
    if isinstance(main.rule, Ambiguous):
        return ambiguous([_each_defined(here, part, own) for part in main.parts], main.rule.why)
    for element, tail in own:
        if element.start <= main.start and main.end <= element.end:
            return defined(here, main, tail, tail.body) or main
    if not main.parts or main.rule.kind in ("condition", "treatment", "allergy"):
        return main
    return rebuilt(main, tuple(_each_defined(here, part, own) for part in main.parts))
