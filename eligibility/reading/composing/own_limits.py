"""Limits of some patients: "A <= 1.5 x ULN (<= 3 x ULN for patients with C)"."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from typing import Final

from eligibility.knowledge.qualifiers import qualifiers
from eligibility.knowledge.vocabulary import texts, vocabulary
from eligibility.reading.composing.facts import phrase_draft
from eligibility.reading.composing.terms import Composing, Inherited
from eligibility.reading.drafts import (
    Draft,
    all_of,
    ambiguous,
    any_of,
    conditional,
    constant,
    each_leaf,
    excluding_nobody,
    for_those,
    negated,
    rebuilt,
    unread,
)
from eligibility.reading.lexing.tokens import Token
from eligibility.reading.measuring import measured_draft
from eligibility.reading.phrases import AgeRead, Measured
from eligibility.reading.quantities import Bounds
from eligibility.reading.sentences import Element, Group, ListRead, Tail
from eligibility.rules import Age, Condition, Conditional, Constant, Limit, Measurement, Not, Rule, Sex, Unread

__all__ = [
    "NARROWS_OR_DEFINES",
    "analytes_of",
    "at_its_site",
    "exception_behind",
    "group_and_further",
    "in_its_time",
    "in_which_case",
    "is_normal_range",
    "limit_of_those_with",
    "limits_by_group",
    "limits_instead",
    "limits_of_some",
    "limits_some",
    "narrowed_or_defined",
    "of_that_eye",
    "own_bare_limit",
    "own_limit",
    "special_limit",
    "without_sexes",
]


def special_limit(main: Draft, group: Draft) -> Draft | None:
    """ "A, or B for patients with C": B replaces A where C holds, and is no alternative for the others."""
    if main.rule.kind != "any" or len(main.parts) < 2:
        return None
    last, rest = main.parts[-1], main.parts[:-1]
    analytes = analytes_of(last)
    if not analytes:
        return None
    instead = replace(conditional(group, last, any_of(rest)), requirement=main.requirement)
    others = [_of_the_others(part) for part in rest]
    if all(analytes_of(part) and analytes_of(part) <= analytes for part in others) or beyond(group, rest):
        return instead
    if not analytes_of(group) or any(analytes_of(part) != analytes_of(group) for part in rest):
        return None
    # "creatinine <= 1.5 x ULN, or clearance >= 60 for those with creatinine > ULN": between the two either may decide
    either = ambiguous([instead, main], "a limit in the place of another one, or beside it")
    return replace(either, requirement=main.requirement)


def _of_the_others(limit: Draft) -> Draft:
    """The limit of those who have none of their own: that of "A <= 1.5, or A <= 3 if C"."""
    return _of_the_others(limit.parts[-1]) if limit.rule.kind == "conditional" and limit.parts else limit


def beyond(group: Draft, rest: Sequence[Draft]) -> bool:
    """ "Total bilirubin <= A, or direct bilirubin <= B for patients with total bilirubin > A": whom no other limit
    lets in."""
    rules = [leaf.rule for part in rest for leaf in part.innermost()]
    theirs = group.rule
    if not isinstance(theirs, Measurement):
        return False
    limits = [rule.limit for rule in rules if isinstance(rule, Measurement) and rule.analyte == theirs.analyte]
    if len(limits) < len(rules):
        return False
    above = [limit for limit in limits if limit.high is not None]
    below = [limit for limit in limits if limit.low is not None]
    limit = theirs.limit
    return (len(above) == len(rest) and all(each.high == limit.low and each.of == limit.of for each in above)) or (
        len(below) == len(rest) and all(each.low == limit.high and each.of == limit.of for each in below)
    )


_ONE_SIDED_OF: Final = frozenset(("severity", "significance", "control", "magnitude", "degree"))


NARROWS_OR_DEFINES: Final = "a limit that may narrow the condition, or define it"


def shown_by(draft: Draft, limit: Draft) -> bool:
    """Whether a limit is what a condition is: "renal impairment (creatinine clearance < 50 mL/min)"."""
    rule = draft.rule
    if not isinstance(rule, Condition):
        return False
    plain = Condition(concept=rule.concept, qualifiers=rule.qualifiers, time=rule.time, known=rule.known)
    axes = {known.axis if (known := qualifiers().find(each)) is not None else "" for each in rule.qualifiers}
    if rule.moment == "any":
        plain = plain.model_copy(update={"window": rule.window})
    if rule != plain or rule.time not in ("unstated", "now") or not axes <= _ONE_SIDED_OF:
        return False
    limits = without_sexes(limit)
    return bool(limits) and all(_shows(measured, rule.concept.name) for measured in limits)


def narrowed_or_defined(disease: Draft, limits: Draft) -> Draft:
    """A disease with a limit that narrows it, or says what it is.

    How far it must have gone is what the limit says: whoever has diabetes with an HbA1c of 9 % has an "uncontrolled
    diabetes (HbA1c > 8 %)"; and what must be under control, or not, is had by who has the disease, as is what a scale
    says to be severe.
    """
    rule = disease.rule
    if not isinstance(rule, Condition):
        return ambiguous([all_of([disease, limits]), limits], NARROWS_OR_DEFINES)
    axes = {each: known.axis for each in rule.qualifiers if (known := qualifiers().find(each)) is not None}
    kept = tuple([each for each in rule.qualifiers if axes.get(each) not in _ONE_SIDED_OF])
    both = all_of([replace(disease, rule=rule.model_copy(update={"qualifiers": kept})), limits])
    shown = any(_shows(limit, rule.concept.name) for limit in without_sexes(limits))
    told = "control" in axes.values() or ("severity" in axes.values() and _scores(limits))
    return both if told and not shown else ambiguous([both, limits], NARROWS_OR_DEFINES)


def _scores(limits: Draft) -> bool:
    """Whether it is on a scale of how severe a disease is: "severe depression (PHQ-9 > 20)"."""
    entries = [
        vocabulary().entry("measurement", rule.analyte.name)
        for rule in without_sexes(limits)
        if isinstance(rule, Measurement)
    ]
    return bool(entries) and all(entry is not None and entry.facts.get("type") == "score" for entry in entries)


def at_its_site(disease: Draft, limits: Draft) -> Draft:
    """What is measured at the place where the disease is of which it tells: the pressure in the study eye."""
    site = disease.rule.site if isinstance(disease.rule, Condition) else None

    def placed(limit: Draft) -> Draft:
        rule = limit.rule
        if not isinstance(rule, Measurement) or rule.site:
            return limit
        return replace(limit, rule=rule.model_copy(update={"site": site}))

    return each_leaf(limits, placed) if site else limits


def in_its_time(disease: Draft, limits: Draft) -> Draft:
    """What is measured when the disease is there that it tells of: "hypertension (> 160/100) within 28 days"."""
    window = disease.rule.window if isinstance(disease.rule, Condition) else None

    def dated(limit: Draft) -> Draft:
        rule = limit.rule
        if not isinstance(rule, Measurement) or rule.window is not None:
            return limit
        return replace(limit, rule=rule.model_copy(update={"window": window}))

    return each_leaf(limits, dated) if window is not None else limits


def of_that_eye(disease: Draft, limits: Draft) -> Draft:
    """As :func:`at_its_site`, where each eye has a value of its own: "glaucoma in the study eye (IOP > 25 mmHg)"."""
    rule = disease.rule
    return at_its_site(disease, limits) if isinstance(rule, Condition) and "eye" in (rule.site or "") else limits


def without_sexes(limit: Draft) -> list[Rule]:
    """What is measured, of men and of women: "> 450 ms in men, > 470 ms in women"."""
    return [rule for rule in limit.innermost_rules() if not isinstance(rule, Sex)]


def _shows(measured: Rule, condition: str) -> bool:
    entry = vocabulary().entry("measurement", measured.analyte.name) if isinstance(measured, Measurement) else None
    if entry is None or not isinstance(measured, Measurement):
        return False
    # a range is of levels as low, or as high, as the disease makes it
    ends = ((measured.limit.low, "high_shows"), (measured.limit.high, "low_shows"))
    return any(end is not None and condition in texts(entry.facts.get(shows)) for end, shows in ends)


def bare_limit(here: Composing, draft: Draft, read: ListRead) -> Draft | None:
    """A limit in parentheses for the analytes before it."""
    element = read.elements[0]
    if len(read.elements) != 1 or len(element.atoms) != 1:
        return None
    atom = element.atoms[0]
    if isinstance(atom, Group):
        return None
    rules = [leaf.rule for leaf in draft.leaves() if isinstance(leaf.rule, Measurement)]
    if atom.type == "FACT" and isinstance(atom.value, Measured):
        return _measured_alike(phrase_draft(here, atom.value, None, None), rules)
    if atom.type != "LIMIT" or not rules or draft.rule.kind not in ("measurement", "all"):
        return None
    tokens = [
        Token("ANALYTE", vocabulary().entry("measurement", name), element.start, element.start)
        for name in dict.fromkeys(rule.analyte.name for rule in rules)
    ]
    bounds = _compared_alike(atom.value, rules)
    made = [
        measured_draft(Measured([t], [bounds], False, [], element.start, element.end), here.context) for t in tokens
    ]
    return _measured_alike(all_of(made), rules)


def _measured_alike(limits: Draft, rules: Sequence[Measurement]) -> Draft:
    """Limits of what is measured when, and where, the limits that they are instead of say, as far as those agree."""

    def alike(leaf: Draft) -> Draft:
        rule = leaf.rule
        same = [each for each in rules if isinstance(rule, Measurement) and each.analyte == rule.analyte]
        if not isinstance(rule, Measurement) or len({(each.window, each.site) for each in same}) != 1:
            return leaf
        update = {"window": rule.window or same[0].window, "site": rule.site or same[0].site}
        return replace(leaf, rule=rule.model_copy(update=update))

    return each_leaf(limits, alike)


def _compared_alike(bounds: Bounds, rules: Sequence[Measurement]) -> Bounds:
    """A number without a comparator, "<= 3 x ULN (5 x ULN for C)", on the side of the limits that it is instead of."""
    limits = [rule.limit for rule in rules]
    number = bounds.low if bounds.exact and bounds.low == bounds.high else None
    if number is None or bounds.members:
        return bounds
    if all(limit.low is None for limit in limits):
        return Bounds(high=number, high_inclusive=all(limit.high_inclusive for limit in limits))
    if all(limit.high is None for limit in limits):
        return Bounds(low=number, low_inclusive=all(limit.low_inclusive for limit in limits))
    return bounds


def exception_behind(read: ListRead) -> tuple[ListRead, list[Tail]] | None:
    """A list without the parenthesis at its end, and the exception in that: "(except those with C, who ...)"."""
    last = read.elements[-1]
    group = last.atoms[-1]
    if len(last.atoms) < 2 or not isinstance(group, Group) or group.body.body is not None:
        return None
    if not group.body.tails or not group.body.tails[0].has("EXCEPT", "UNLESS"):
        return None
    bare = replace(last, atoms=last.atoms[:-1], end=last.atoms[-2].end)
    return replace(read, elements=[*read.elements[:-1], bare], end=bare.end), list(group.body.tails)


def in_which_case(tail: Tail) -> bool:
    """Whether a tail says what is asked where the condition before it holds: "unless C, in which case B"."""
    return tail.kinds[0].type == "IF" and tail.kinds[0].value == "in which case"


def _asks_of_them(tail: Tail) -> bool:
    """Whether a tail goes on with what is asked of those who were spared: "except C, who must have B"."""
    return tail.has("MUST") or in_which_case(tail) or (tail.kinds[0].type == "IF" and tail.kinds[0].value == "where")


def own_limit(here: Composing, main: Draft, tail: Tail, following: Sequence[Tail]) -> tuple[Draft, int] | None:
    """ "A <= 1.5 x ULN, except patients with C, who must (or may) have A <= 3 x ULN": those have a limit of their own.

    How many of the following tails it has taken; None where it says no such thing.
    """
    body = tail.body
    if body is None or not analytes_of(_usual(main)):
        return None
    spared = tail.has("EXCEPT", "UNLESS")
    after = following[0] if following else None
    used = 0
    if spared and after is not None and after.body is not None and _asks_of_them(after) and not _measured_at(body):
        people, limit, used = body, after.body, 1
    elif spared and here.exclusion and not _measured_at(body) and (theirs_if := _excluded_if(following)) is not None:
        people, limit, used = body, theirs_if, 2
    elif spared and after is not None and after.body is not None and after.has("FOR_GROUP") and _measured_at(body):
        people, limit, used, spared = after.body, body, 1, False  # another limit, and not spared from any
    else:
        instead = spared or str(tail.kinds[0].value) == "joined:OR"  # "..., or for patients with C B"
        apart = people_and_limit(here, body, _ANY_JOINT if instead else _COMMA)
        if apart is None and (apart := people_and_limit(here, body, _NO_JOINT)) is not None:
            again = here.literally().listed(apart[1], Inherited(), plain=True)  # "in patients with C A <= 3 x ULN"
            apart = apart if again is not None and analytes_of(again) == analytes_of(_usual(main)) else None
        if apart is None:
            return None
        people, limit = apart
    group = here.listed(people, Inherited(), plain=True)
    theirs = bare_limit(here, _usual(main), limit) or here.literally().listed(limit, Inherited(), plain=True)
    if group is None or theirs is None or any(isinstance(x.rule, Measurement | Unread) for x in group.leaves()):
        return None
    made = limits_instead(main, group, theirs, spared=spared, exclusion=here.exclusion)
    if made is None:
        return None
    if spared and not used and not analytes_of(theirs) & analytes_of(_usual(main)):
        return None  # "A <= 2 unless due to C, and B <= 3": one more limit
    end = max(tail.end, following[0].end) if used else tail.end
    if len(following) > used and following[used].has("ALLOWED") and following[used].body is None:
        end, used = following[used].end, used + 1
    return replace(made, requirement=main.requirement, end=end), used


def _excluded_if(following: Sequence[Tail]) -> ListRead | None:
    """What excludes those who were spared: "except patients with C, who are excluded if B"."""
    if len(following) < 2 or not following[0].has("EXCLUDED") or following[0].body is not None:
        return None
    return following[1].body if following[1].kinds[0].type == "IF" else None


def limit_of_those_with(here: Composing, main: Draft, read: ListRead) -> Draft | None:
    """ "A <= 2 x ULN (<= 5 x ULN in the presence of C)", "... (C: <= 5 x ULN)" without a connective that says so."""
    if not analytes_of(_usual(main)) or (apart := _limit_and_disease(here, read)) is None:
        return None
    limit, diseases = apart
    group = here.listed(diseases, Inherited(), plain=True)
    if group is None or not all(isinstance(leaf.rule, Condition) and not leaf.open for leaf in group.innermost()):
        return None
    alone = ListRead([Element([], [limit], limit.start, limit.end)], [], limit.start, limit.end)
    theirs = own_bare_limit(here, main, alone)
    made = limits_instead(main, group, theirs, spared=False, exclusion=here.exclusion) if theirs is not None else None
    return replace(made, requirement=main.requirement) if made is not None else None


def own_bare_limit(here: Composing, main: Draft, read: ListRead) -> Draft | None:
    """The limits of the main with another number, joined as they are; None where it is no such number."""
    usual = _usual(main)
    if usual.rule.kind not in ("any", "ambiguous"):
        return bare_limit(here, usual, read)
    if any(bare_limit(here, leaf, read) is None for leaf in usual.innermost()):
        return None
    return each_leaf(usual, lambda leaf: bare_limit(here, leaf, read) or leaf)


def _limit_and_disease(here: Composing, read: ListRead) -> tuple[Token, ListRead] | None:
    """The limit that a list begins or ends with, and the diseases that are all the rest of it."""
    first, last = read.elements[0], read.elements[-1]
    if any(element.negations for element in read.elements) or set(read.separators) & {"AND", "PLUS", "SEMI"}:
        return None
    leading, closing = first.atoms[0], last.atoms[-1]
    if not isinstance(leading, Group) and leading.type == "LIMIT" and len(first.atoms) > 1:
        words = 2 if len(first.atoms) > 2 and _links(here, first.atoms[1]) else 1
        rest = replace(first, atoms=first.atoms[words:], start=first.atoms[words].start)
        elements, limit = [rest, *read.elements[1:]], leading
    elif not isinstance(closing, Group) and closing.type == "LIMIT" and len(last.atoms) > 1:
        rest = replace(last, atoms=last.atoms[:-1], end=last.atoms[-2].end)
        elements, limit = [*read.elements[:-1], rest], closing
    else:
        return None
    return limit, ListRead(elements, read.separators, elements[0].start, elements[-1].end, read.serial)


def _links(here: Composing, atom: Token | Group) -> bool:
    return _LINK.fullmatch(here.text[atom.start : atom.end].strip()) is not None


_LINK: Final = re.compile(r"(?:in|in the|with|where|when|for|among)(?:\s+(?:cases?|settings?)\s+of)?", re.IGNORECASE)


_COMMA: Final = frozenset(("COMMA",))
_NO_JOINT: Final = frozenset(("",))
AT_ONCE: Final = _COMMA | _NO_JOINT
"""A limit of some behind a comma, or without one: "for women, A <= 3", "for women A <= 3"."""
_ANY_JOINT: Final = frozenset(("", "COMMA", "AND"))


def limits_instead(main: Draft, group: Draft, theirs: Draft, *, spared: bool, exclusion: bool) -> Draft | None:
    """Some patients' own limits in the place of those that are asked of the others; None where they are none.

    ``spared``: the words say that the group is an exception, so that what is asked of the others is not asked of it.
    """
    asked = analytes_of(theirs)
    if not asked:
        return None
    excluding = exclusion and not main.requirement
    if excluding and _sides(main).isdisjoint(_sides(theirs)):
        theirs = negated(theirs)  # what they must have, where the others' limit is what excludes
    elif not spared and not _sides(theirs) <= _sides(main):
        return None
    if asked >= analytes_of(_usual(main)):
        return conditional(group, theirs, main)
    if not spared and (among := _among(main, group, theirs, asked)) is not None:
        return among
    instead = conditional(group, theirs, main)
    if spared:
        return instead
    return None if excluding else ambiguous([instead, all_of([main, for_those(group, theirs)])], _BESIDES)


_BESIDES: Final = "a limit of some patients, in the place of the others' or besides it"


def told_anew(main: Draft, group: Draft, *, exclusion: bool) -> Draft | None:
    """ "A <= 2, B <= 3 x ULN, <= 5 x ULN in patients with C": of what the last limit is one more, it is theirs, and the
    others' the one before it; None where it is of something else."""
    if main.rule.kind == "conditional" or len(main.parts) < 2:
        return None
    *before, last = main.parts
    if main.rule.kind == "all" and last.rule.kind == "any":
        told = told_anew(last, group, exclusion=exclusion)  # "A <= 2, B <= 3 or <= 5 with C"
        return rebuilt(main, (*before, told)) if told is not None else None
    limits = all(isinstance(leaf.rule, Measurement) for leaf in (*before[-1].innermost(), *last.innermost()))
    if main.rule.kind not in ("all", "any") or not limits or analytes_of(before[-1]) != analytes_of(last):
        return None
    if _sides(before[-1]) != _sides(last) or (main.rule.kind == "any" and len(before) > 1):
        return None
    instead = limits_instead(before[-1], group, last, spared=False, exclusion=exclusion)
    if instead is None:
        return None
    return rebuilt(main, (*before[:-1], instead)) if len(before) > 1 else instead


def limits_of_some(main: Draft, group: Draft, theirs: Draft, *, exclusion: bool, allowed: bool) -> Draft:
    """Other limits of some: "A <= 2 (<= 5 if C)"; none where they may lie beyond: "(> 2 is allowed if C)".

    ``allowed``: that is how they are worded, so that under Exclusion they are what does not exclude.
    """
    if exclusion and allowed:
        ends = [end for leaf in theirs.innermost() if (end := _end_beyond(_sides(main), leaf)) is not None]
        instead = negated(all_of(ends)) if ends else constant(False, "allowed", theirs.start, theirs.end)
    else:
        instead = theirs if exclusion else each_leaf(theirs, partial(_on_its_sides, _sides(main)))
    asked, usual = analytes_of(theirs), analytes_of(_usual(main))
    among = _among(main, group, instead, asked) if asked and not asked >= usual else None
    return among or conditional(group, instead, main)


def _end_beyond(sides: frozenset[str], allowed: Draft) -> Draft | None:
    """Up to where somebody may be beyond a limit that excludes: 5 of "> 2 (2 to 5 is allowed if C)"; None: no end."""
    rule = allowed.rule
    if not isinstance(rule, Measurement) or sides.issuperset(_bounded(rule.limit)):
        return None
    limit = rule.limit.model_copy(update=dict.fromkeys(sides))
    return replace(allowed, rule=rule.model_copy(update={"limit": limit}))


def _on_its_sides(sides: frozenset[str], allowed: Draft) -> Draft:
    """What is allowed beyond a limit, as far as it has an end there: "> 1.5 to 3 x ULN" is up to 3."""
    rule = allowed.rule
    if not isinstance(rule, Measurement) or sides.issuperset(_bounded(rule.limit)):
        return allowed
    if sides.isdisjoint(_bounded(rule.limit)):
        return excluding_nobody(True, allowed.start, allowed.end)
    beyond = {side: None for side in _bounded(rule.limit) if side not in sides}
    return replace(allowed, rule=rule.model_copy(update={"limit": rule.limit.model_copy(update=beyond)}))


def _among(main: Draft, group: Draft, theirs: Draft, asked: frozenset[str]) -> Draft | None:
    """The limits of some of several analytes in the place of the others'; None where it is of none of them."""
    if main.rule.kind not in ("all", "any", "ambiguous"):
        return None
    parts = tuple(
        conditional(group, theirs, part) if analytes_of(part) == asked else _among(part, group, theirs, asked) or part
        for part in main.parts
    )
    return rebuilt(main, parts) if any(a is not b for a, b in zip(parts, main.parts, strict=True)) else None


def _usual(main: Draft) -> Draft:
    """What is asked of those of whom nothing particular is said."""
    while isinstance(main.rule, Conditional) and main.parts and not isinstance(main.rule.otherwise, Constant):
        main = main.parts[2]
    return main


def _sides(draft: Draft) -> frozenset[str]:
    """Whether its limits are upper or lower ones."""
    limits = [leaf.rule.limit for leaf in _usual(draft).leaves() if isinstance(leaf.rule, Measurement)]
    return frozenset(side for limit in limits for side in _bounded(limit))


def _bounded(limit: Limit) -> list[str]:
    return [side for side, bound in (("low", limit.low), ("high", limit.high)) if bound is not None]


def is_normal_range(rule: Rule) -> bool:
    """Whether it is no more than that a result is normal."""
    if not isinstance(rule, Measurement):
        return False
    limit = rule.limit
    return (limit.of == "ULN" and limit.high == 1 and limit.low is None) or (
        limit.of == "LLN" and limit.low == 1 and limit.high is None
    )


def limits_by_group(here: Composing, main: Draft, first: Tail, second: Tail) -> Draft | None:
    """ "A >= 9 for patients with B and >= 10 for patients with C": a limit of each group; None where it says no such
    thing."""
    kind = first.kinds[0].type
    if kind not in ("FOR_GROUP", "IF") or second.kinds[0].type != kind or first.body is None or second.body is None:
        return None
    apart = people_and_limit(here, first.body, _BETWEEN_GROUPS) or _group_and_more(first.body)
    if apart is None or len(first.kinds) > 1 or len(second.kinds) > 1:
        return None
    of_first, limit = apart
    groups = [here.listed(read, Inherited(), plain=True) for read in (of_first, second.body)]
    theirs = own_bare_limit(here, main, limit) or here.literally().listed(limit, Inherited(), plain=True)
    limits = [main, *([theirs] if theirs is not None else [])]
    drafts = [group for group in groups if group is not None]
    limiting = all(isinstance(rule, Measurement | Age) for each in limits for rule in each.innermost_rules())
    plain = limiting or all(isinstance(each.rule, Not) for each in limits)
    measured = any(isinstance(rule, Measurement | Unread) for each in drafts for rule in each.innermost_rules())
    if len(drafts) < 2 or len(limits) < 2 or not plain or measured:
        if first.body.separators[-1:] == ["SEMI"]:
            return None
        return unread(here.text, main.start, second.end)
    if (instead := _instead_of_usual(main, drafts, limits[-1])) is not None:
        return replace(instead, requirement=main.requirement, end=second.end)
    pairs = list(zip(drafts, limits, strict=True))
    if here.exclusion and not main.requirement:
        return any_of([all_of([limit, group]) for group, limit in pairs])
    each = all_of([for_those(group, limit) for group, limit in pairs])
    return replace(each, requirement=main.requirement, end=second.end)


def _instead_of_usual(main: Draft, groups: Sequence[Draft], last: Draft) -> Draft | None:
    """ "A <= 1.5, or <= 3 if B, or <= 5 if C": each of the two groups has a limit in the place of the first; None where
    none stands before those of the groups."""
    asked = analytes_of(last)
    if main.rule.kind not in ("any", "all") or len(main.parts) != len(groups) or not asked:
        return None
    if any(analytes_of(part) != asked for part in main.parts):
        return None
    usual, theirs = main.parts
    return conditional(groups[1], last, conditional(groups[0], theirs, usual))


def _group_and_more(read: ListRead) -> tuple[ListRead, ListRead] | None:
    """The people that a list begins with, and the age, the thing denied or the words that it ends with."""
    last = read.elements[-1]
    first = last.atoms[0]
    aged = not isinstance(first, Group) and (isinstance(first.value, AgeRead) or first.type == "UNREAD")
    if len(read.elements) < 2 or read.separators[-1] not in _BETWEEN_GROUPS or not (aged or last.negations):
        return None
    return read.parted(len(read.elements) - 1)


def group_and_further(here: Composing, main: Draft, read: ListRead) -> tuple[ListRead, ListRead, Draft] | None:
    """ "(A >= 9 for) patients with B and C >= 10": the group, the limit behind it, and that as a draft; None where
    nothing else is limited."""
    apart = people_and_limit(here, read, _AND) if analytes_of(main) else None
    further = here.listed(apart[1], Inherited(), plain=True) if apart is not None else None
    if apart is None or further is None or not analytes_of(further):
        return None
    return *apart, further


_AND: Final = frozenset(("AND",))
_BETWEEN_GROUPS: Final = frozenset(("AND", "OR", "COMMA", "SEMI"))


def limits_some(here: Composing, tail: Tail, joints: frozenset[str] = _COMMA) -> bool:
    """Whether a tail names some of the patients and then a limit: "for patients with C, A <= 3 x ULN"."""
    return tail.body is not None and people_and_limit(here, tail.body, joints) is not None


def people_and_limit(
    here: Composing, read: ListRead, joints: frozenset[str] = _COMMA
) -> tuple[ListRead, ListRead] | None:
    """The people that a list begins with, and the limits that it ends with; None where it is no such list.

    ``joints``: what may stand between the two; an empty one is a limit that follows at once.
    """
    at = _measured_at(read)
    if at is None or at == (0, 0) or not all(map(_is_measured, read.elements[at[0] + 1 :])):
        return None
    index, place = at
    last = read.elements[index]
    before = _without_relative(here, last, place)
    joint = read.separators[index - 1] if index and not before else ""
    if joint not in joints and (joint or last.atoms[place].type != "LIMIT"):  # type: ignore[union-attr]
        return None
    people = [*read.elements[:index], *([replace(last, atoms=before, end=before[-1].end)] if before else [])]
    if not people:
        return None  # "in whom A <= 3 x ULN": nobody is named
    first = ListRead(people, read.separators[: len(people) - 1], read.start, people[-1].end)
    alone = replace(last, atoms=last.atoms[place:], negations=[] if before else last.negations)
    limits = [alone, *read.elements[index + 1 :]]
    return first, ListRead(limits, read.separators[index:], last.atoms[place].start, limits[-1].end, read.serial)


def _is_measured(element: Element) -> bool:
    """Whether an element of a list is a limit of something, and nothing is denied of it."""
    first = element.atoms[0]
    return not element.negations and not isinstance(first, Group) and isinstance(first.value, Measured)


_RELATIVE: Final = re.compile(
    r"(?:in|for|of|with)\s+(?:whom|which|these|those)(?:\s+(?:cases?|patients?|subjects?))?\W*$", re.IGNORECASE
)


def _without_relative(here: Composing, element: Element, place: int) -> list[Token | Group]:
    """What stands in an element before its limit, without "in whom"."""
    before = element.atoms[:place]
    if before and _RELATIVE.fullmatch(here.text, before[-1].start, before[-1].end):
        before = before[:-1]
    return before


def _measured_at(read: ListRead) -> tuple[int, int] | None:
    """Where in a list a measurement stands: the number of the element, and of the atom in it."""
    for index, element in enumerate(read.elements):
        for place, atom in enumerate(element.atoms):
            if not isinstance(atom, Group) and (atom.type == "LIMIT" or isinstance(atom.value, Measured)):
                return index, place
    return None


def analytes_of(draft: Draft) -> frozenset[str]:
    """The analytes of a draft that is made of measurements alone."""
    leaves = draft.innermost_rules()
    if not all(isinstance(rule, Measurement) for rule in leaves):
        return frozenset()
    return frozenset(rule.analyte.name for rule in leaves if isinstance(rule, Measurement))
