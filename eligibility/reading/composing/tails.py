"""What the tails of a sentence make of what precedes them: unless, if, for, must, including, are allowed ..."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from eligibility.knowledge.vocabulary import vocabulary
from eligibility.reading.composing.absences import behind_aside, either_way, is_aside, or_behind_aside, without
from eligibility.reading.composing.clauses import clause_of_people
from eligibility.reading.composing.definitions import defined
from eligibility.reading.composing.denials import denied_of
from eligibility.reading.composing.examples import including
from eligibility.reading.composing.excepted import excepted
from eligibility.reading.composing.exceptions import except_for, excepting, is_enclosed, with_clause
from eligibility.reading.composing.if_so import if_so, or_if
from eligibility.reading.composing.labels import colon
from eligibility.reading.composing.own_limits import own_limit
from eligibility.reading.composing.permissions import allowed_but, judged, permission
from eligibility.reading.composing.purposes import for_group, for_purpose
from eligibility.reading.composing.qualifying import narrowed
from eligibility.reading.composing.recovery import recovered
from eligibility.reading.composing.requirements import asked_of_them, is_of_some, must
from eligibility.reading.composing.sparing import unless_so
from eligibility.reading.composing.states import free_of_it, spared
from eligibility.reading.composing.terms import Composing, Inherited
from eligibility.reading.composing.unknowns import of_no_clear_role
from eligibility.reading.composing.windows import at_that_time, otherwise_than, when_alone
from eligibility.reading.drafts import Draft, all_of, ambiguous, any_of, contrary, each_leaf, negated
from eligibility.reading.quantities import WindowRead
from eligibility.reading.rewriting.beside_numbers import UNRESOLVED
from eligibility.reading.sentences import ListRead, Sentence, Tail
from eligibility.rules import Condition, Not, Treatment, Unread


def fold(
    here: Composing, main: Draft | None, tail: Tail, following: Sequence[Tail], inherited: Inherited
) -> tuple[Draft | None, int]:
    """What a tail makes of what precedes it, and how many of the following tails it has taken with it."""
    kind, body = tail.kinds[0].type, tail.body
    if len(tail.kinds) > 1 and kind not in _NARROWER:
        return of_no_clear_role(here, main, tail), 0
    if main is not None and kind in ("UNLESS", "EXCEPT", "IF") and (read := when_alone(body)) is not None:
        long_past = _at_another_time(here, main, tail, read)
        if long_past is not None:
            return long_past, 0
    stops = kind in ("FOR", "FOR_GROUP", "DUE_TO") or (kind == "JUDGED" and main is not None)
    if body is not None and stops and (semicolon := _semicolon(here, tail, body)) is not None:
        return _up_to_semicolon(here, main, tail, body, semicolon, following), len(following)
    if kind in ("WITHOUT", "EXCEPT") and (whose := clause_of_people(here, tail)) is not None:
        return _of_people(here, main, whose, inherited)
    match kind:
        case "MUST" | "MUST_NOT":
            return must(here, main, tail, ()), 0
        case "EXCEPT":
            return _but(here, main, tail, following)
        case "UNLESS":
            return unless_so(here, main, tail, following)
        case "IF":
            return if_so(here, main, tail, following)
        case "FOR_GROUP":
            return _of_group(here, main, tail, following)
        case "FOR" | "DUE_TO":
            return _for(here, main, tail, following), 0
        case "INCLUDING":
            return including(here, main, tail, body, inherited), 0
        case "DEFINED":
            return defined(here, main, tail, body), 0
        case "EXCLUDED" | "ALLOWED":
            return permission(here, main, tail, following)
        case "JUDGED":
            return judged(here, main, tail), 0
        case "RECOVERED":
            left = recovered(here, main, tail)
            if left is None and main is not None and tail.kinds[0].value == UNRESOLVED:
                left = narrowed(here, main, tail.start, tail.end)
            return left or of_no_clear_role(here, main, tail), 0
        case "REGARDLESS":
            return _whatever(here, main, tail), 0
        case "COLON" | "DASH" | "ANY_OF" | "ALL_OF":
            theirs = _listed_of_them(here, main, tail) if main is not None and kind in ("ANY_OF", "ALL_OF") else None
            return theirs or colon(here, main, tail, body, inherited), 0
        case "WITHOUT" | "NO" | "NOT":
            return denied_of(here, main, tail, following, inherited)
        case _:
            return of_no_clear_role(here, main, tail), 0


_NARROWER: Final = frozenset("COLON DASH ANY_OF ALL_OF INCLUDING DEFINED EXCEPT UNLESS MUST FOR_GROUP IF".split())
"""Behind these, further words may say how a tail is meant."""


def _but(here: Composing, main: Draft | None, tail: Tail, following: Sequence[Tail]) -> tuple[Draft | None, int]:
    """What an exception makes of what precedes it."""
    if main is None:
        return excepted(here, main, tail, following)
    if tail.body is None and (one := _but_not_both(here, main, tail)) is not None:
        return one, 0
    if (denied := _excepted_without(here, main, tail, following)) is not None:
        return denied, 1
    if (let_in := allowed_but(here, main, tail, following)) is not None:
        return let_in, 1
    own = own_limit(here, main, tail, following) or spared(here, main, tail, following)
    return own or excepted(here, main, tail, following)


def _of_group(here: Composing, main: Draft | None, tail: Tail, following: Sequence[Tail]) -> tuple[Draft | None, int]:
    """What is said of some patients only."""
    if main is not None and tail.body is not None and _or_of_others(tail, tail.body):
        return of_no_clear_role(here, main, tail), 0
    if main is not None and tail.body is not None and _or_in_case(here, tail):
        return or_if(here, main, tail, tail.body), 0
    return for_group(here, main, tail, following)


def _for(here: Composing, main: Draft | None, tail: Tail, following: Sequence[Tail]) -> Draft | None:
    """What a purpose, or a cause, makes of what precedes it."""
    if main is not None and (either := _for_another(here, main, tail)) is not None:
        return either
    if main is not None and following and _is_of_whom(here, tail, following[0]):
        return replace(main, end=max(main.end, tail.end))
    purposed = for_purpose(here, main, tail, tail.body)
    if main is not None and str(tail.kinds[0].value) == "joined:OR" and _narrowed_from(purposed, tail):
        return of_no_clear_role(here, main, tail)  # "A, or for those with B, C": no further condition
    return purposed


def _whatever(here: Composing, main: Draft | None, tail: Tail) -> Draft | None:
    """What is said to make no difference, and what may be said besides."""
    body = tail.body
    if body is not None and main is not None and (besides := behind_aside(here, tail, body)):
        return replace(all_of([main, besides]), requirement=main.requirement)
    if body is not None and main is not None and (either := or_behind_aside(here, main, tail, body)):
        return either
    silent = body is None or is_aside(body) or either_way(here, tail, body)
    if main is None:
        return of_no_clear_role(here, main, tail)
    return main if silent else narrowed(here, main, tail.start, tail.end)


def _is_of_whom(here: Composing, tail: Tail, denied: Tail) -> bool:
    """Whether a tail is no more than "for whom", before what there is none of: "for whom no therapy is available"."""
    if str(tail.kinds[0].value) == "joined:OR" or denied.kinds[0].type not in ("NO", "NOT"):
        return False
    return _OF_WHOM.fullmatch(here.low, tail.start, tail.end) is not None


_OF_WHOM: Final = re.compile(r"\W*(?:and\s+)?for\s+(?:whom|which)\s*")


def _listed_of_them(here: Composing, main: Draft, tail: Tail) -> Draft | None:
    """ "Women must not be nursing, and one of the following applies: A, B": asked of them as well; None where nothing
    was asked of some before it."""
    if here.exclusion or not is_of_some(main) or str(tail.kinds[0].value) != "joined:AND":
        return None
    listed = colon(here, None, tail, tail.body, Inherited())
    return asked_of_them(main, listed) if listed is not None else None


def _of_people(
    here: Composing,
    main: Draft | None,
    whose: tuple[Tail, ListRead | None],
    inherited: Inherited,
) -> tuple[Draft, int]:
    """ "(Patients with asthma) other than gout who smoke": what is said of them besides what they have, or have not."""
    tail, clause = whose
    said = here.listed(clause, Inherited()) if clause is not None else None
    if said is None:
        return of_no_clear_role(here, main, tail), 0
    before, used = fold(here, main, tail, (), inherited)
    if before is None or used or (here.exclusion and said.requirement != before.requirement):
        return of_no_clear_role(here, main, replace(tail, end=said.end)), 0
    of_all = replace(all_of([before, said]), requirement=before.requirement)
    if main is None or not tail.has("EXCEPT") or tail.body is None:
        return of_all, 0
    named = here.within_exception().listed(tail.body, Inherited(), any_=True)
    if named is None or not all(isinstance(rule, Condition | Treatment) for rule in named.innermost_rules()):
        return of_all, 0
    spared = with_clause(here, main, named, said, tail.start)
    if is_enclosed(here, main, tail.start):
        return spared, 0
    if here.people:  # "patients with any cancer other than melanoma who ...": the patients
        return of_all, 0
    return replace(ambiguous([of_all, spared], "said of what is excepted, or of all"), requirement=main.requirement), 0


def _but_not_both(here: Composing, main: Draft, tail: Tail) -> Draft | None:
    """ "A or B, but not both": one of the two; None where it says no such thing."""
    said = _NOT_BOTH.match(here.text, tail.start)
    if said is None or main.rule.kind != "any" or len(main.parts) != 2:
        return None
    both = negated(all_of(main.parts), (tail.start, said.end()))
    return replace(all_of([main, both]), requirement=main.requirement)


_NOT_BOTH: Final = re.compile(r"but\s+not\s+both\b", re.IGNORECASE)


def _more_excepted(here: Composing, main: Draft, named: Draft, behind: Tail) -> Draft | None:
    """ "Cancer except melanoma without ulceration, thyroid cancer, or ...": what stands behind what is denied is
    excepted, too; None where it is not of the kind that is asked about, or what is denied is."""
    body = behind.body
    if body is None or "COMMA" not in body.separators[:1]:
        return None
    first, rest = body.parted(1)
    denied = without(here, replace(behind, body=first, end=first.end), first)
    further = here.within_exception().listed(rest, Inherited(), any_=True)
    if denied is None or further is None or not _are_of_it(main, further) or _are_of_it(main, denied):
        return None
    *others, last = named.parts if named.rule.kind == "any" else (named,)
    besides = further.parts if further.rule.kind == "any" else (further,)
    return replace(excepting(main, [*others, all_of([last, denied]), *besides]), requirement=main.requirement)


def _are_of_it(main: Draft, named: Draft) -> bool:
    """Whether diseases are named, some of which are of the one kind that is asked about."""
    wholes = [rule.concept.name for rule in main.innermost_rules() if isinstance(rule, Condition)]
    given = [rule.concept.name for rule in named.innermost_rules() if isinstance(rule, Condition)]
    if len(wholes) != 1 or len(given) < len(named.innermost_rules()):
        return False
    return any(vocabulary().is_a("condition", name, wholes[0]) for name in given)


def _excepted_without(here: Composing, main: Draft, tail: Tail, following: Sequence[Tail]) -> Draft | None:
    """ "A except B without C": only such a B is spared, whether all of it is understood or not, or nobody with C is
    meant; None where nothing is denied at once behind what is excepted. Of several that are excepted it may be said of
    the last."""
    behind = following[0] if following else None
    denying = behind is not None and behind.kinds[0].type in ("WITHOUT", "NO", "NOT")
    if behind is None or not denying or behind.body is None or tail.body is None:
        return None
    if len(tail.kinds) > 1 or not _AT_ONCE.fullmatch(here.text, tail.body.end, behind.start):
        return None
    named = here.within_exception().listed(tail.body, Inherited(), any_=True)
    if named is not None and (further := _more_excepted(here, main, named, behind)) is not None:
        return further
    if named is not None and (freed := _excepted_if_free(here, main, named, behind)) is not None:
        return freed
    denied = without(here, behind, behind.body)
    if named is None or denied is None:
        return None
    *others, last = named.parts if named.rule.kind == "any" else (named,)
    if not (isinstance(last.rule, Condition | Treatment) or any(leaf.wholly_unread for leaf in last.innermost())):
        return None
    of_it = excepting(main, [*others, all_of([last, denied])])
    of_each = excepting(main, [all_of([named, denied])])
    of_all = all_of([except_for(here, main, named, tail.start), denied])
    readings = [of_it, of_each, of_all] if others else [of_it, of_all]
    if here.low[tail.body.end : behind.kinds[0].end].lstrip(" ,").startswith("with "):  # "except B with no metastases"
        readings.pop()
    return replace(ambiguous(readings, "said of what is excepted, or of all"), requirement=main.requirement)


def _excepted_if_free(here: Composing, main: Draft, named: Draft, behind: Tail) -> Draft | None:
    """ "Cancer except B with no evidence of disease": such a B in remission; None where something else is denied."""
    if main.requirement:
        return None
    parts = named.parts if named.rule.kind == "any" else (named,)
    free = [free_of_it(here, part, behind) for part in parts]
    of_each = [part for part in free if part is not None]
    if len(of_each) < len(free):
        return None
    readings = [excepting(main, of_each), excepting(main, [*parts[:-1], of_each[-1]])]
    return ambiguous(readings, "a state of what is excepted, or of its last")


_AT_ONCE: Final = re.compile(r"[\s,]*(?:(?:with|that|which|who)\s+(?:(?:has|have|had)\s+)?)?", re.IGNORECASE)


def _or_of_others(tail: Tail, body: ListRead) -> bool:
    """ "A or, for those with B, C": whether something else is asked of some, which no more is told apart of."""
    return str(tail.kinds[0].value) == "joined:OR" and body.separators[:1] == ["COMMA"]


def _for_another(here: Composing, main: Draft, tail: Tail) -> Draft | None:
    """ "Treatment (A, B) for asthma or for COPD": for either; None where nothing is said of another purpose."""
    joint = str(tail.kinds[0].value)
    given = main.innermost_rules() if main.rule.kind == "any" else [main.rule]
    if joint not in ("joined:OR", "joined:AND") or not all(
        isinstance(rule, Treatment) and rule.purpose and not rule.exceptions for rule in given
    ):
        return None
    bare = each_leaf(main, _without_purpose)
    both = [main, for_purpose(here, bare, tail, tail.body)]
    if joint == "joined:OR":
        return replace(any_of(both), requirement=main.requirement)
    either = ambiguous([all_of(both), any_of(both)], "'and' between two purposes")
    return replace(either, requirement=main.requirement)


def _without_purpose(leaf: Draft) -> Draft:
    return replace(leaf, rule=leaf.rule.model_copy(update={"purpose": None}))


def _narrowed_from(draft: Draft, tail: Tail) -> bool:
    """Whether the words of a tail that nobody understands are read as a further condition."""
    return any(
        isinstance(leaf.rule, Unread) and leaf.rule.role == "narrowing" and leaf.start >= tail.start
        for leaf in draft.innermost()
    )


def _at_another_time(here: Composing, main: Draft, tail: Tail, read: WindowRead) -> Draft | None:
    """ "Chemotherapy unless completed 6 months ago", "no chemotherapy except within 6 months": only at other times."""
    if (
        len(tail.kinds) > 1
        or not (here.exclusion or isinstance(main.rule, Not))
        or (tail.has("IF") and main.requirement)
    ):
        return None
    if tail.has("IF") and read.exact:
        return None
    others = at_that_time(main, read) if tail.has("IF") else otherwise_than(main, read)
    return replace(others, end=max(others.end, tail.end), requirement=main.requirement) if others is not None else None


def _or_in_case(here: Composing, tail: Tail) -> bool:
    """Whether it is an alternative that is told as a case, and not of whom it is asked: "or in case C"."""
    return str(tail.kinds[0].value) == "joined:OR" and _IN_CASE.match(here.low, tail.start) is not None


_IN_CASE: Final = re.compile(r"\W*(?:or\s+)?in\s+case\s+(?!of\b)")


def _semicolon(here: Composing, tail: Tail, body: ListRead) -> int | None:
    """Before which element of what a tail holds there is a semicolon: 0 is "judged by the investigator; B"."""
    ends = [tail.kinds[-1].end, *(element.end for element in body.elements)]
    between = enumerate(zip(ends, (element.start for element in body.elements), strict=False))
    return next((index for index, (end, start) in between if ";" in here.text[end:start]), None)


def _up_to_semicolon(
    here: Composing, main: Draft | None, tail: Tail, body: ListRead, at: int, following: Sequence[Tail]
) -> Draft | None:
    """ "A <= 2 for patients with C; B <= 3 for ...": what stands behind the semicolon is a sentence of its own."""
    if at == 0:
        alone, rest = replace(tail, body=None, end=tail.kinds[-1].end), body
    else:
        first, rest = body.parted(at)
        alone = replace(tail, body=first, end=first.end)
    before, _ = here.fold(main, alone, (), Inherited())
    behind = here.sentence(Sentence(rest, list(following)), Inherited())
    found = [draft for draft in (before, behind) if draft is not None]
    if not found:
        return None
    if here.exclusion:
        return any_of([contrary(draft) if draft.requirement and len(found) > 1 else draft for draft in found])
    alternatives = _OR_ELSE.match(here.low, alone.end) and any(draft.rule.kind != "conditional" for draft in found)
    return any_of(found) if alternatives else all_of(found)  # "A for those up to 16; or B for those over 16" is both


_OR_ELSE: Final = re.compile(r"\s*;\s*or\b")
