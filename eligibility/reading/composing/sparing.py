"""What "unless" spares: "asthma, unless controlled", "AST > 2 x ULN unless due to metastases"."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Final

from eligibility.reading.composing.absences import (
    without,
)
from eligibility.reading.composing.definitions import defined
from eligibility.reading.composing.excepted import as_cause
from eligibility.reading.composing.exceptions import (
    except_for,
    is_apart,
    spares_all_earlier,
)
from eligibility.reading.composing.one_more import or_another
from eligibility.reading.composing.own_limits import (
    analytes_of,
    own_limit,
)
from eligibility.reading.composing.states import free_of_it, in_states, spared
from eligibility.reading.composing.terms import Composing, Inherited
from eligibility.reading.composing.unknowns import CLAUSE_GOES_ON, of_no_clear_role, told_besides, told_in_full
from eligibility.reading.drafts import (
    Draft,
    all_of,
    ambiguous,
    any_of,
    negated,
    rebuilt,
    unread,
)
from eligibility.reading.lexing.tokens import Token
from eligibility.reading.phrases import Noun
from eligibility.reading.sentences import Element, Group, ListRead, Sentence, Tail
from eligibility.rules import (
    Condition,
    Measurement,
    Not,
    Treatment,
)


def unless_so(here: Composing, main: Draft | None, tail: Tail, following: Sequence[Tail]) -> tuple[Draft | None, int]:
    """ "A, unless B": A where B does not hold; B in its own words, where some of it is not understood."""
    made, used = _unless_read(here, main, tail, following)
    if main is not None and made is not None and not following and (either := or_another(here, main, tail, made)):
        return either, used
    if main is None or made is None or _APPLIES.search(here.text, tail.kinds[0].start, tail.kinds[0].end):
        return made, used
    entire = made
    for later in following[used:]:
        folded = here.fold(entire, later, (), Inherited())[0] if later.kinds[0].type in CLAUSE_GOES_ON else None
        if folded is None:
            return made, used  # something else than the condition goes on
        entire = folded
    read = [leaf for leaf in entire.innermost() if leaf.start >= tail.start]
    told = told_in_full(here, [tail, *following], read) if read else None
    cut = any(leaf.wholly_unread and leaf.start > made.end for leaf in read)
    lost = told is None and tail.body is not None and any(leaf.wholly_unread for leaf in read)
    condition = _condition_of(here, main, tail.body) if lost and tail.body is not None else None
    if condition is not None and cut:  # what goes on behind it is a part of the condition, too
        words = told_in_full(here, [tail, *following], ()) if not condition.parts else None
        told = all_of([condition, words or unread(here.text, condition.end, following[-1].end, "narrowing")])
    elif condition is not None and not following:
        told = told_besides(here, [tail], condition)
    if told is None or (not cut and "," in here.text[told.start : told.end]):
        return made, used  # behind a comma, what may be one more of a list
    return _spared_if(here, main, told), len(following)


def _spared_if(here: Composing, main: Draft, saved: Draft) -> Draft:
    """ "A, unless B", of ``saved``: whoever excludes, or is asked for, A is spared by B."""
    if here.exclusion and not main.requirement:
        return of_last_or_all(main, lambda part: all_of([part, negated(saved)]), spares=True)
    return of_last_or_all(main, lambda part: any_of([part, saved]))


def _unless_read(
    here: Composing, main: Draft | None, tail: Tail, following: Sequence[Tail]
) -> tuple[Draft | None, int]:
    """ "A, unless B", as far as B is understood. What B is defined as, or shown by, behind it is a part of B."""
    if following and (whole := _with_states_behind(here, tail, following[0])) is not None:
        tail, following = whole, following[1:]
        condition, used = _unless_read(here, main, tail, following)
        return condition, used + 1
    own = own_limit(here, main, tail, following) if main is not None else None
    own = own or (spared(here, main, tail, following) if main is not None else None)
    if own is not None:
        return own
    if main is not None and (both := _unless_without(here, main, tail, following)) is not None:
        return both, 1
    if (len(tail.kinds) > 1 and not tail.has("DUE_TO")) or _does_not_suit(here, tail):
        return of_no_clear_role(here, main, tail), 0
    condition = _condition_of(here, main, tail.body) if tail.body is not None else None
    if main is None or condition is None:
        return of_no_clear_role(here, main, tail), 0
    used = 0
    if following and following[0].kinds[0].type == "DEFINED":
        condition, used = defined(here, condition, following[0], following[0].body) or condition, 1
    if len(tail.kinds) > 1 and any(isinstance(leaf.rule, Measurement) for leaf in condition.leaves()):
        return of_no_clear_role(here, main, tail), used  # "unless due to C, and B <= 2"
    saved = as_cause(here, tail, condition)
    if any(spares_all_earlier(named, leaf.rule) for named in main.innermost_rules() for leaf in saved.innermost()):
        return unread(here.text, main.start, tail.end), used  # "active asthma, unless past asthma"
    if here.exclusion and (kinds := _not_of_these(here, main, tail, saved)) is not None:
        return kinds, used
    return _spared_if(here, main, saved), used


def _with_states_behind(here: Composing, tail: Tail, examples: Tail) -> Tail | None:
    """ "Unless treated, including by surgery, and stable": what is an example of nothing is asked besides; None where
    every word behind "including" may be an example."""
    read, listed = tail.body, examples.body
    if read is None or listed is None or [kind.type for kind in examples.kinds] != ["INCLUDING"]:
        return None
    at = next((i for i, each in enumerate(listed.elements) if i and not _is_named(each)), 0)
    if not at and len(listed.elements) > 1 and _AND_THEN.match(here.text, listed.elements[0].end) is not None:
        one, other = (each.atoms[0].value if isinstance(each.atoms[0], Token) else None for each in listed.elements[:2])
        alike = isinstance(one, Noun) and isinstance(other, Noun) and one.kinds == other.kinds
        at = 0 if alike else 1
    if not at or not {*listed.separators[at - 1 :]} <= {"AND", "COMMA"} or "AND" not in listed.separators[at - 1 :]:
        return None
    named, states = listed.parted(at)
    aside = Group(Sentence(None, [replace(examples, body=named, end=named.end)]), examples.start, named.end)
    last = read.elements[-1]
    exemplified = Element(last.negations, [*last.atoms, aside], last.start, aside.end)
    elements = [*read.elements[:-1], exemplified, *states.elements]
    separators = [*read.separators, "AND", *states.separators]
    return replace(tail, body=ListRead(elements, separators, read.start, states.end), end=states.end)


_AND_THEN: Final = re.compile(r"\s*,\s*and\b", re.IGNORECASE)


def _is_named(element: Element) -> bool:
    """Whether it begins with the name of something, and is no state alone."""
    atom = element.atoms[0]
    return (
        isinstance(atom, Token)
        and (not isinstance(atom.value, Noun) or bool(atom.value.head.names))
        and (atom.type in ("FACT", "UNREAD"))
    )


def _condition_of(here: Composing, main: Draft | None, body: ListRead) -> Draft | None:
    """What must be so that what precedes does not count: a state of its facts, or anything else."""
    facts = main.parts[0] if main is not None and isinstance(main.rule, Not) and main.parts else main
    being = in_states(here, facts, body) if facts is not None and not facts.parts else None
    return being if being is not None else here.listed(body, Inherited())


def _unless_without(here: Composing, main: Draft, tail: Tail, following: Sequence[Tail]) -> Draft | None:
    """ "A, unless controlled and without hospitalization": unless both; None where nothing is denied right behind."""
    behind = following[0] if following else None
    if behind is None or behind.body is None or behind.kinds[0].type not in ("WITHOUT", "NO", "NOT"):
        return None
    if tail.body is None or not _AND_AT_ONCE.fullmatch(here.text, tail.body.end, behind.kinds[0].start):
        return None
    condition, denied = _condition_of(here, main, tail.body), without(here, behind, behind.body)
    if condition is None or denied is None:
        return None
    saved = free_of_it(here, condition, behind) or all_of([condition, denied])
    if here.exclusion and not main.requirement:
        return of_last_or_all(main, lambda part: all_of([part, negated(saved)]), spares=True)
    return any_of([main, saved])


_AND_AT_ONCE: Final = re.compile(
    r"\s*(?:(?:is|are|was|were)\s+(?:present|found|there)\s*)?(?:,?\s*\band\b)?\s*", re.IGNORECASE
)


def _not_of_these(here: Composing, main: Draft, tail: Tail, saved: Draft) -> Draft | None:
    """ "Cancer (does not apply to patients with A)": A is no such cancer, or whoever has it is spared; None where it
    says no such thing, or A is no kind of what is named."""
    if main.requirement or not _APPLIES.search(here.text, tail.kinds[0].start, tail.kinds[0].end):
        return None
    targets = [leaf for leaf in main.innermost() if isinstance(leaf.rule, Condition | Treatment)]
    alike = {type(leaf.rule) for leaf in saved.innermost()} <= {type(leaf.rule) for leaf in targets}
    drugs = all(isinstance(leaf.rule, Treatment) for leaf in saved.innermost())
    if not alike or (not drugs and any(is_apart(leaf, targets) for leaf in saved.innermost())):
        return None
    kinds = except_for(here, main, saved, tail.start)
    return ambiguous([kinds, all_of([main, negated(saved)])], "a kind that does not count, or those who are spared")


def _does_not_suit(here: Composing, tail: Tail) -> bool:
    """Whether it says of people that they are "not applicable for surgery", and not of a criterion for whom it is."""
    verb = tail.kinds[0]
    said = _APPLIES.search(here.text, verb.start, verb.end) is not None
    return said and here.low[verb.start :].startswith("not ") and not _PARTED.search(here.text, 0, verb.start)


_PARTED: Final = re.compile(r"[(\[,;:.–-]\s*$")
_APPLIES: Final = re.compile(r"\bappl|N/A", re.IGNORECASE)


def of_last_or_all(main: Draft, change: Callable[[Draft], Draft], spares: bool = False) -> Draft:
    """What a condition makes of what it stands behind: of several limits, or of a list that it spares from, it may be
    that of the last alone."""
    made = change(main)
    limits = {leaf.rule.limit for leaf in main.innermost() if isinstance(leaf.rule, Measurement)}
    why = None
    if main.rule.kind in ("all", "any") and len(analytes_of(main)) > 1 and len(limits) > 1:
        why = "a condition of several limits, or of the last"
    elif spares and made.rule.kind == "all" and main.rule.kind == "any" and len(main.parts) > 1:
        why = "an exception to the last, or to all that is listed"
    if why is not None:
        made = ambiguous([made, rebuilt(main, (*main.parts[:-1], change(main.parts[-1])))], why)
    return replace(made, requirement=main.requirement)
