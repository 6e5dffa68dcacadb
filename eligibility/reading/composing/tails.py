"""What the tails of a sentence make of what precedes them: unless, if, for, must, including, are allowed ..."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import lru_cache, partial
from itertools import pairwise
from typing import Final

from eligibility.knowledge.attributes import is_method
from eligibility.knowledge.familiar import familiar
from eligibility.knowledge.qualifiers import qualifiers
from eligibility.knowledge.vocabulary import ANY_TREATMENT, Kind, vocabulary
from eligibility.reading.composing.exceptions import as_allergy, examples_of, exception, is_apart, such_as
from eligibility.reading.composing.groups import is_its_level, limit_alone, parenthesised
from eligibility.reading.composing.own_limits import (
    analytes_of,
    exception_behind,
    in_which_case,
    limits_some,
    own_limit,
    special_limit,
)
from eligibility.reading.composing.recovery import recovered
from eligibility.reading.composing.states import free_of_it, spared
from eligibility.reading.composing.terms import Composing, Inherited, StatementRead, is_fertile, is_pregnancy
from eligibility.reading.composing.unknowns import (
    is_fitness,
    is_lead,
    judgement,
    known_attributes,
    narrowed,
    of_no_clear_role,
    restated,
)
from eligibility.reading.composing.windows import at_that_time, otherwise_than, when_alone, window_of_test, windowed
from eligibility.reading.drafts import (
    Draft,
    all_of,
    ambiguous,
    any_of,
    conditional,
    constant,
    contrary,
    each_leaf,
    for_those,
    lately,
    negated,
    rebuilt,
    unread,
)
from eligibility.reading.lexer import Token
from eligibility.reading.patterns import just_before
from eligibility.reading.phrases import AgeRead, ConsentRead, Measured, Noun
from eligibility.reading.quantities import WindowRead
from eligibility.reading.sentences import Element, Group, ListRead, Sentence, Tail
from eligibility.rules import (
    Age,
    Allergy,
    Ambiguous,
    Condition,
    Conditional,
    Constant,
    Duration,
    Finding,
    Measurement,
    Not,
    PatientAttribute,
    Rule,
    Sex,
    Span,
    Statement,
    Treatment,
    Unread,
)


def fold(
    here: Composing, main: Draft | None, tail: Tail, following: Sequence[Tail], inherited: Inherited
) -> tuple[Draft | None, int]:
    """What a tail makes of what precedes it, and how many of the following tails it has taken with it."""
    kind = tail.kinds[0].type
    if len(tail.kinds) > 1 and kind not in (
        "COLON",
        "DASH",
        "ANY_OF",
        "ALL_OF",
        "INCLUDING",
        "DEFINED",
        "EXCEPT",
        "UNLESS",
        "MUST",
        "FOR_GROUP",
        "IF",
    ):
        return of_no_clear_role(here, main, tail), 0
    body = tail.body
    if main is not None and kind in ("UNLESS", "EXCEPT", "IF") and (read := when_alone(body)) is not None:
        long_past = _at_another_time(here, main, tail, read)
        if long_past is not None:
            return long_past, 0
    if body is not None and kind in ("FOR", "FOR_GROUP", "DUE_TO") and "SEMI" in body.separators:
        return _up_to_semicolon(here, main, tail, body, following), len(following)
    match kind:
        case "MUST" | "MUST_NOT":
            return must(here, main, tail, ()), 0
        case "EXCEPT":
            own = own_limit(here, main, tail, following) if main is not None else None
            state = spared(here, main, tail, following) if main is not None else None
            return own or state or excepted(here, main, tail, following)
        case "UNLESS":
            own = own_limit(here, main, tail, following) if main is not None else None
            own = own or (spared(here, main, tail, following) if main is not None else None)
            if own is not None:
                return own
            if len(tail.kinds) > 1 and not tail.has("DUE_TO"):
                return of_no_clear_role(here, main, tail), 0
            condition = here.listed(body, Inherited()) if body else None
            if main is None or condition is None:
                return of_no_clear_role(here, main, tail), 0
            if len(tail.kinds) > 1 and any(isinstance(leaf.rule, Measurement) for leaf in condition.leaves()):
                return of_no_clear_role(here, main, tail), 0  # "unless due to C, and B <= 2"
            saved = _as_cause(here, tail, condition)
            if here.exclusion and not main.requirement:
                return _of_last_or_all(main, lambda part: all_of([part, negated(saved)])), 0
            return _of_last_or_all(main, lambda part: any_of([part, saved])), 0
        case "IF":
            if in_which_case(tail):
                return of_no_clear_role(here, main, tail), 0
            own = own_limit(here, main, tail, following) if main is not None else None
            if own is not None:
                return own
            if main is not None and body is not None and just_before(_OR_LAST, here.low, tail.start):
                return _or_if(here, main, tail, body), 0
            condition = here.listed(body, Inherited()) if body and not limits_some(here, tail) else None
            if main is None or condition is None:
                return of_no_clear_role(here, main, tail), 0
            if isinstance(condition.rule, Treatment) and NEEDED.search(here.text, tail.start, tail.end):
                condition = judgement(here, condition.start, tail.end)  # "if apheresis is required": no record tells
            special = special_limit(main, condition)
            if special is not None:
                return special, 0
            apart = here.text[main.end : tail.start].strip(" ,") if main.end < tail.start else ""
            if isinstance(main.rule, Statement) and not main.requirement and not apart:
                said = here.text[main.start : tail.end]
                return replace(main, rule=main.rule.model_copy(update={"text": said}), end=tail.end), 0
            limiting = here.exclusion != main.requirement or str(tail.kinds[0].value).startswith(_ONLY_IF)
            if main.rule.kind == "any":
                last = any_of([*main.parts[:-1], all_of([main.parts[-1], condition])])
                every = all_of([main, condition]) if limiting else for_those(condition, main)
                return replace(
                    ambiguous([every, last], "a condition of the last alternative, or of all"),
                    requirement=main.requirement,
                ), 0
            if limiting:
                return replace(all_of([main, condition]), requirement=main.requirement), 0
            return _of_last_or_all(main, lambda part: for_those(condition, part)), 0
        case "FOR_GROUP":
            return for_group(here, main, tail, following)
        case "FOR" | "DUE_TO":
            return for_purpose(here, main, tail, body), 0
        case "INCLUDING":
            return including(here, main, tail, body, inherited), 0
        case "DEFINED":
            return defined(here, main, tail, body), 0
        case "EXCLUDED" | "ALLOWED":
            return permission(here, main, tail, following)
        case "JUDGED":
            return judged(here, main, tail), 0
        case "RECOVERED":
            return recovered(here, main, tail) or of_no_clear_role(here, main, tail), 0
        case "REGARDLESS" if body is not None and main is not None and (besides := _behind_aside(here, tail, body)):
            return replace(all_of([main, besides]), requirement=main.requirement), 0
        case "REGARDLESS" if body is not None and not (_aside(body) or _either_way(here, tail, body)):
            return narrowed(here, main, tail.start, tail.end) if main else of_no_clear_role(here, main, tail), 0
        case "REGARDLESS":
            return (main, 0) if main is not None else (of_no_clear_role(here, main, tail), 0)
        case "COLON" | "DASH" | "ANY_OF" | "ALL_OF":
            return colon(here, main, tail, body, inherited), 0
        case "WITHOUT" | "NO" | "NOT":
            if main is not None and (free := free_of_it(here, main, tail)) is not None:
                return free, 0
            mothers = _mothers_at(body) if here.exclusion and main is not None and body is not None else 0
            if mothers and body is not None:
                # "women not using contraception, pregnant or nursing": not only those who use none
                first, rest = body.parted(mothers)
                before, _ = fold(here, main, replace(tail, body=first, end=first.end), (), inherited)
                behind = here.listed(rest, Inherited())
                return any_of([draft for draft in (before, behind) if draft is not None]), 0
            if main is not None and body is not None and (several := _without_one(here, main, tail, body)) is not None:
                return several, 0
            denied = without(here, tail, body)
            if denied is None:
                return of_no_clear_role(here, main, tail), 0
            used = 0
            if following and following[0].has("INCLUDING") and following[0].body is not None:
                if (
                    main is not None
                    and not _goes_on(here, tail, following[0])
                    and not _kinds_of(here, following[0], denied)
                ):
                    return _either_with_examples(here, main, denied, following[0]), 1
                denied = including(here, denied, following[0], following[0].body, Inherited()) or denied
                used = 1
            if main is None:
                return denied, used
            if just_before(_OF_STUDY, here.text, main.end, main.start):
                return unread(here.text, main.start, denied.end), used  # "a control group without asthma": of some only
            if main.rule.kind == "any" and is_fertile(main.parts[-1].rule):
                # "pregnant women or women of childbearing potential not using contraception"
                last = any_of([*main.parts[:-1], all_of([main.parts[-1], denied])])
                if not any(isinstance(part.rule, Sex) for part in main.parts):
                    return last, used
                return ambiguous([all_of([main, denied]), last], "a negation of all groups, or of the last"), used
            if here.exclusion and main.rule.kind == "any" and (with_child := [p for p in main.parts if _is_mother(p)]):
                # "pregnant women, and men and women of childbearing potential not using contraception"
                others = [part for part in main.parts if part not in with_child]
                if others and all(any(_tells_sex(leaf.rule) for leaf in part.leaves()) for part in others):
                    return any_of([*with_child, all_of([any_of(others), denied])]), used
            return all_of([main, denied]), used
        case _:
            return of_no_clear_role(here, main, tail), 0


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


_OR_LAST: Final = re.compile(r"\bor\s*,?\s*$")


def _or_if(here: Composing, main: Draft, tail: Tail, body: ListRead) -> Draft:
    """ "Pregnant, or, if fertile, without contraception": one alternative more, of those whom it concerns."""
    parted = len(body.elements) > 1 and body.separators[0] == "COMMA" and here.exclusion
    concerned, asked = (
        (here.listed(part, Inherited(), plain=True) for part in body.parted(1)) if parted else (None, None)
    )
    if concerned is None or asked is None:
        return of_no_clear_role(here, main, tail)
    return any_of([main, all_of([concerned, asked])])


def _without_one(here: Composing, main: Draft, tail: Tail, body: ListRead) -> Draft | None:
    """ "A, B without C, or D": D is one more of them, or not to be there either; None without such a comma."""
    listing = next((part for part in main.parts if part.rule.kind == "any"), main)
    if not body.serial or body.separators != ["OR"] or listing.rule.kind not in ("any", "all"):
        return None
    first, rest = body.parted(1)
    denied, besides = without(here, replace(tail, body=first, end=first.end), first), here.listed(rest, Inherited())
    neither = without(here, tail, body)
    if denied is None or besides is None or neither is None:
        return None
    last = all_of([listing.parts[-1], denied])
    one_more = any_of([*listing.parts[:-1], last, besides])
    return ambiguous([one_more, all_of([main, neither])], "one more of a list, or one more that is not to be there")


def _of_last_or_all(main: Draft, change: Callable[[Draft], Draft]) -> Draft:
    """What a condition makes of what it stands behind: of several limits it may be that of the last alone."""
    made = change(main)
    limits = {leaf.rule.limit for leaf in main.innermost() if isinstance(leaf.rule, Measurement)}
    if main.rule.kind in ("all", "any") and len(analytes_of(main)) > 1 and len(limits) > 1:
        last = rebuilt(main, (*main.parts[:-1], change(main.parts[-1])))
        made = ambiguous([made, last], "a condition of several limits, or of the last")
    return replace(made, requirement=main.requirement)


def excepted(here: Composing, main: Draft | None, tail: Tail, following: Sequence[Tail]) -> tuple[Draft, int]:
    """ "X except Y", "X except diseases such as Y"; "X except Y, without Z" asks for no Z."""
    clauses = tail.body is not None and any(later.has("EXCEPT") for later in following)
    if tail.body is not None and clauses and _OR_PEOPLE.search(here.text, tail.body.start, tail.body.end):
        return of_no_clear_role(here, main, tail), 0  # "A other than B, or patients who had C, other than D"
    if main is not None and tail.body is not None and (at := _next_denial(tail.body)):
        body = tail.body
        first, rest = body.parted(at)
        saved, taken = excepted(here, main, replace(tail, body=first, end=first.end), ())
        besides = here.listed(rest, Inherited(), plain=True)
        both = all_of([saved, besides]) if besides is not None else saved
        return replace(both, requirement=main.requirement), taken
    inner = here.within_exception()
    named = inner.listed(tail.body, Inherited(), any_=True) if tail.body is not None else None
    if main is not None and (purposes := _other_purposes(here, main, tail, named)) is not None:
        return exception(here, main, tail, purposes), 0
    if named is not None and not (main is not None and isinstance(main.rule, Condition)):
        named = _as_cause(here, tail, named)
    if main is not None and named is not None and not following:
        clause = _CLAUSE_BEHIND.search(here.text, named.start, tail.end)
        stated = any(isinstance(leaf.rule, Statement | Unread) for leaf in named.innermost())
        if clause is not None and not stated and any(isinstance(leaf.rule, Condition) for leaf in main.innermost()):
            return _of_either(here, main, tail, named, clause.start()), 0
    examples = following[0] if following and following[0].has("INCLUDING") else None
    if main is None or named is None:
        return exception(here, main, tail, named), 0
    apart = _besides(here, main, tail, named)
    if examples is None:
        return (_but_not(main, named, tail) if apart else exception(here, main, tail, named)), 0
    if not apart and any(_is_unclear(leaf.rule) for leaf in named.leaves()):
        # "except cancers unlikely to recur, such as A"
        of_main = including(here, exception(here, main, tail, named), examples, examples.body, Inherited())
        listed = inner.listed(examples.body, Inherited(), any_=True) if examples.body is not None else None
        if of_main is not None and listed is not None:
            of_named = exception(here, main, tail, any_of([named, listed]))
            return ambiguous([of_main, of_named], "examples of what is excepted, or of what it is excepted from"), 1
    widened = including(inner, named, examples, examples.body, Inherited())
    if apart and (_goes_on(here, tail, examples) or _kinds_of(here, examples, named)):
        return _but_not(main, widened or named, tail), 1
    if apart:
        return _either_with_examples(here, main, negated(named, (tail.start, named.end)), examples), 1
    if widened is None or not examples_of(named, widened) or not _goes_on(here, tail, examples):
        return exception(here, main, tail, named), 0  # "arthritis other than gout, such as lupus"
    same = [leaf.rule.concept for leaf in main.leaves() if isinstance(leaf.rule, Condition | Treatment)]
    if isinstance(named.rule, Condition | Treatment) and named.rule.concept in same:
        widened = such_as(here, named, widened)
    return exception(here, main, tail, widened), 1


_CLAUSE_BEHIND: Final = re.compile(  # not what makes harmless, which is said of what is excepted
    r"\b(?:that|which)\s+(?:is|are|has|have|had|was|were|requires?|may|might|could)\b"
    r"(?!\s+(?:been\s+)?(?:\w+ly\s+)?(?:undergone\s+(?:\w+ly\s+)?curative|treated|resected|removed|excised|cured)\b)"
)


def _of_either(here: Composing, main: Draft, tail: Tail, named: Draft, clause: int) -> Draft:
    """ "A cancer other than B that is progressing": either may be what is progressing."""
    bare = [
        Draft(type(leaf.rule)(concept=leaf.rule.concept), leaf.start, min(leaf.end, clause), open=leaf.open)
        for leaf in named.innermost()
        if isinstance(leaf.rule, Condition | Treatment) and leaf.start < clause
    ]
    of_named = exception(here, main, tail, named)
    if not bare:
        return of_named
    spared = exception(here, main, tail, any_of(bare))
    told = _only_told_by(named)
    words = unread(here.text, clause, tail.end, "narrowing")
    rule = spared.rule
    of_main = all_of([spared, words])
    if told and isinstance(rule, Condition):
        said = rule.model_copy(update={"qualifiers": (*rule.qualifiers, *told)})
        of_main = replace(spared, rule=said, end=tail.end)
    return replace(
        ambiguous([of_named, of_main], "said of what is excepted, or of what it is excepted from"),
        requirement=main.requirement,
    )


def _only_told_by(named: Draft) -> tuple[str, ...]:
    """The attributes of a single thing of which nothing else is said; none where more is."""
    rule = named.rule
    if not isinstance(rule, Condition) or rule != Condition(concept=rule.concept, qualifiers=rule.qualifiers):
        return ()
    return rule.qualifiers


def _is_unclear(rule: Rule) -> bool:
    """Whether no name tells what it is."""
    return isinstance(rule, Statement | Unread) or (isinstance(rule, Condition | Treatment) and rule.concept.open)


_BUT_NOT: Final = re.compile(r"but\s+not", re.IGNORECASE)


def _besides(here: Composing, main: Draft, tail: Tail, named: Draft) -> bool:
    """Whether "A but not B" denies something besides A: "a biopsy, but not surgery" is no kind of biopsy."""
    targets = [leaf for leaf in main.innermost() if isinstance(leaf.rule, Condition | Treatment)]
    return (
        _BUT_NOT.fullmatch(here.text, tail.kinds[0].start, tail.kinds[0].end) is not None
        and bool(targets)
        and len(targets) == len(main.innermost())
        and all(is_apart(leaf, targets) for leaf in named.innermost())
    )


def _but_not(main: Draft, named: Draft, tail: Tail) -> Draft:
    return replace(all_of([main, negated(named, (tail.start, named.end))]), requirement=main.requirement)


def _next_denial(body: ListRead) -> int:
    """Where behind a comma something is denied; 0 where nothing is."""
    for at in range(1, len(body.elements)):
        if body.separators[at - 1] == "COMMA" and body.elements[at].negations and not body.elements[0].negations:
            return at
    return 0


def _other_purposes(here: Composing, main: Draft, tail: Tail, named: Draft | None) -> Draft | None:
    """ "Surgery other than for diagnosis": the same treatment for that purpose; None where no purpose is named."""
    purpose = next((t for t in tail.kinds if t.type == "FOR"), None)
    if named is not None and any(isinstance(leaf.rule, Treatment) for leaf in named.leaves()):
        return None  # "surgery other than for cataract extraction"
    given = [leaf.rule for leaf in main.innermost()]
    if purpose is None or tail.body is None or not all(isinstance(rule, Treatment) for rule in given):
        return None
    aim = Tail([purpose], tail.body, purpose.start, tail.end)
    concepts = dict.fromkeys(rule.concept for rule in given if isinstance(rule, Treatment))
    return any_of(
        [
            replace(
                for_purpose(here, Draft(Treatment(concept=each), tail.start, tail.start), aim, tail.body),
                start=tail.start,
            )
            for each in concepts
        ]
    )


_OR_PEOPLE: Final = re.compile(r"\bor\s+(?:patients?|subjects?|participants?|individuals?|those)\b", re.IGNORECASE)
_CAUSE: Final = re.compile(r"(?:due to|caused by|attributable to|attributed to|explained by)$", re.IGNORECASE)


def _as_cause(here: Composing, tail: Tail, named: Draft) -> Draft:
    """ "(AST > 2 x ULN) unless due to metastases": somebody who has them may have it for another reason."""
    due = next((t for t in tail.kinds if t.type == "DUE_TO" or _CAUSE.search(here.text, t.start, t.end)), None)
    return named if due is None else all_of([named, judgement(here, due.start, named.end)])


def _kinds_of(here: Composing, examples: Tail, whole: Draft) -> bool:
    """Whether each example is a kind of what stands before it: "no surgery, including mastectomy"."""
    given = here.listed(examples.body, Inherited(), any_=True) if examples.body is not None else None
    kinds = [leaf.rule for leaf in whole.innermost() if isinstance(leaf.rule, Condition | Treatment)]
    return given is not None and all(
        isinstance(rule, Condition | Treatment)
        and any(vocabulary().is_a(_KIND[rule.kind], rule.concept.name, each.concept.name) for each in kinds)
        for rule in (leaf.rule for leaf in given.innermost())
    )


_KIND: Final[dict[str, Kind]] = {"condition": "condition", "treatment": "treatment"}


def _either_with_examples(here: Composing, main: Draft, denied: Draft, examples: Tail) -> Draft:
    """ "A not caused by B, including C": C is an example of A, or of what is denied."""
    whole = including(here, main, examples, examples.body, Inherited()) or main
    if _kinds_of(here, examples, main):
        return all_of([whole, denied])
    inside = including(here, denied, examples, examples.body, Inherited()) or denied
    return ambiguous(
        [all_of([whole, denied]), all_of([main, inside])], "examples of what is asked, or of what is denied"
    )


def _goes_on(here: Composing, tail: Tail, following: Tail) -> bool:
    """Whether nothing parts what two tails say, so that the second is about the first."""
    return tail.body is not None and not here.text[tail.body.end : following.start].strip()


def _up_to_semicolon(
    here: Composing, main: Draft | None, tail: Tail, body: ListRead, following: Sequence[Tail]
) -> Draft | None:
    """ "A <= 2 for patients with C; B <= 3 for ...": what stands behind the semicolon is a sentence of its own."""
    first, rest = body.parted(body.separators.index("SEMI") + 1)
    before, _ = here.fold(main, replace(tail, body=first, end=first.end), (), Inherited())
    behind = here.sentence(Sentence(rest, list(following)), Inherited())
    found = [draft for draft in (before, behind) if draft is not None]
    if not found:
        return None
    if here.exclusion:
        return any_of([contrary(draft) if draft.requirement and len(found) > 1 else draft for draft in found])
    return all_of(found)


_OF_STUDY: Final = re.compile(r"\b(?:group|arm|cohort|controls?)$", re.IGNORECASE)
_ONLY_IF: Final = ("provided", "as long", "only", "so long")
NEEDED: Final = re.compile(r"\b(?:required|needed|necessary|indicated)\b", re.IGNORECASE)


def _is_mother(draft: Draft) -> bool:
    """Whether it is pregnancy or breastfeeding, which no contraception changes."""
    rules = [leaf.rule for leaf in draft.innermost()]
    return any(map(is_pregnancy, rules)) and all(isinstance(r, PatientAttribute | Sex) for r in rules)


def _tells_sex(rule: Rule) -> bool:
    """Whether it names men, women, or women who can have children."""
    return is_fertile(rule) or isinstance(rule, Sex)


_WITH_OR_WITHOUT: Final = re.compile(r"with\s*(?:or|and/or|/)\s*without\b", re.IGNORECASE)


def _either_way(here: Composing, tail: Tail, body: ListRead) -> bool:
    """ "With or without A or B": several things with nothing but an "or" between them, none of which is asked for."""
    alone = all(not element.negations for element in body.elements) and set(body.separators) <= {"OR", "ANDOR", "SLASH"}
    clause = any(_NEW_CLAUSE.search(here.text, a.end, b.start + 1) for a, b in pairwise(body.elements))
    timed = any(
        not isinstance(atom, Group) and atom.type in _LIMITING for element in body.elements for atom in element.atoms
    )
    return alone and not clause and not timed and _WITH_OR_WITHOUT.match(here.text, tail.start) is not None


def _behind_aside(here: Composing, tail: Tail, body: ListRead) -> Draft | None:
    """What is asked behind "with or without A, ..."; None where nothing is, or where it may be one more aside."""
    at = next((i for i, joint in enumerate(body.separators, 1) if joint in ("COMMA", "AND", "SEMI")), 0)
    if not at or here.exclusion or body.separators[at - 1] not in ("COMMA", "AND"):
        return None
    first, rest = body.parted(at)
    if not _either_way(here, tail, first) or {"OR", "ANDOR"} & {*rest.separators}:
        return None
    return here.listed(rest, Inherited())


_NEW_CLAUSE: Final = re.compile(r"\b(?:with|who|that|which|having|patients?|subjects?|participants?)\b", re.IGNORECASE)
_LIMITING: Final = frozenset("LIMIT TIME_LIMIT SEX_LIMIT EITHER_LIMIT WINDOW LASTING SINCE_WINDOW".split())


def _aside(body: ListRead) -> bool:
    """Whether what follows "regardless of" is one thing of which nothing more is said."""
    atoms = body.elements[0].atoms
    noun = atoms[0].value if len(atoms) == 1 and not isinstance(atoms[0], Group) else None
    timed = isinstance(noun, Noun) and any(t.type in ("WINDOW", "LASTING") for t in noun.behind)
    return len(body.elements) == 1 and len(atoms) == 1 and not timed


def without(here: Composing, tail: Tail, body: ListRead | None) -> Draft | None:
    """ "... without A or B", of both; "... not A, or who are B": a clause of its own is not denied."""
    if body is None:
        return None
    mothers = _mothers_at(body)
    clause = next(
        (
            index
            for index in range(1, len(body.elements))
            if _CLAUSE.search(here.text, body.elements[index - 1].end, body.elements[index].start)
            or body.elements[index].negations
            or index == mothers
            or (body.separators[index - 1] == "AND" and _own_clause(body.elements[index]))
        ),
        len(body.elements),
    )
    first = ListRead(body.elements[:clause], body.separators[: clause - 1], body.start, body.elements[clause - 1].end)
    other = here.listed(first, Inherited())
    if other is None:
        return None
    other = lately(other)
    denied = negated(other, (tail.start, first.end))
    if other.rule.kind == "all" and first.separators:
        neither = negated(any_of(other.parts), (tail.start, first.end))
        together = set(first.separators) & {"AND", "PLUS"}
        denied = ambiguous([neither, denied], "a negation of each, or of all together") if together else neither
    if clause == len(body.elements):
        return denied
    rest = here.listed(
        ListRead(body.elements[clause:], body.separators[clause:], body.elements[clause].start, body.end), Inherited()
    )
    if rest is None:
        return denied
    either = body.separators[clause - 1] in ("OR", "ANDOR") or (here.exclusion and _motherhood(body.elements[clause]))
    return any_of([denied, rest]) if either else all_of([denied, rest])


def _asked_besides(tail: Tail, read: ListRead) -> tuple[Tail, ListRead | None]:
    """ "Must not be pregnant, and use contraception": the tail without what is asked besides; and that."""
    at = next(
        (i for i, joint in enumerate(read.separators, 1) if joint in ("AND", "SEMI") and _own_clause(read.elements[i])),
        None,
    )
    if at is None:
        return tail, None
    first, rest = read.parted(at)
    first.serial = read.serial
    return replace(tail, body=first, end=first.end), rest


def _mothers_at(body: ListRead) -> int:
    """Where behind something else pregnancy or breastfeeding stands in a list; 0 where nowhere."""
    if _motherhood(body.elements[0]):
        return 0
    return next((i for i, element in enumerate(body.elements) if _motherhood(element)), 0)


def _motherhood(element: Element) -> bool:
    """Whether it begins with pregnancy or breastfeeding: "women without contraception, pregnant or breastfeeding"."""
    first = element.atoms[0]
    noun = first.value if not isinstance(first, Group) else None
    return isinstance(noun, Noun) and bool(noun.kinds) and noun.kinds <= {"PREGNANT", "BREASTFEEDING"}


def _own_clause(element: Element) -> bool:
    """Whether it is nothing that is denied of anybody: "no metastases and age >= 18"."""
    first = element.atoms[0]
    if isinstance(first, Group) or element.negations:
        return False
    if isinstance(first.value, StatementRead):
        rule = first.value.draft.rule
        wanted = isinstance(rule, PatientAttribute) and rule.attribute in ("consent", "contraception")
        return wanted or (isinstance(rule, Statement) and _WANTED.match(rule.text) is not None)
    return isinstance(first.value, AgeRead | ConsentRead | Measured)


_WANTED: Final = re.compile(r"(?:be |is |are )?(?:able|willing|capable|agree)", re.IGNORECASE)


_CLAUSE: Final = re.compile(r"\b(?:who|that|which|had|has|have|must|will|should)\b", re.IGNORECASE)
_RELATIVE: Final = re.compile(r"\b(?:which|that|who)\s+$")


def must(here: Composing, main: Draft | None, tail: Tail, rest: Sequence[Tail]) -> Draft:
    """ "X must Y", "patients with X must have Y": a requirement, of everybody or of those who are named before it."""
    value = str(tail.kinds[0].value)
    joined = value.startswith("joined:")
    literally = here.literally()
    besides: ListRead | None = None
    if tail.kinds[0].type == "MUST_NOT" and tail.body is not None and not rest:
        tail, besides = _asked_besides(tail, tail.body)
    if main is not None and not rest and (read := when_alone(tail.body)) is not None:
        others = otherwise_than(main, read) if tail.has("MUST") and len(tail.kinds) == 1 else None
        within = at_that_time(main, read) if others is not None and read.windows[0].start is not None else None
        if within is not None and not read.exact:  # "a biopsy must have been performed no more than 4 weeks before"
            asked_of_some = for_those(main, within)
            either = ambiguous([within, asked_of_some], "what must have been done, or when it was where it was done")
            return replace(either, end=tail.end, requirement=True)
        if others is not None:  # "prior surgery must have been completed 4 weeks before": none since
            return replace(negated(others), end=tail.end, requirement=True)
    asked = tail.body
    if main is not None and asked is not None and not _UNABLE.match(here.text, tail.start):
        asked = of_the_same(main, asked, denied=tail.kinds[0].type == "MUST_NOT")
    required = literally.sentence(Sentence(asked, list(rest)), Inherited()) if asked else None
    if tail.has("RECOVERED"):
        required = unread(here.text, tail.kinds[1].start, tail.end)
    if required is None:
        return of_no_clear_role(here, main, tail)
    if tail.kinds[0].type == "MUST" and (graded := recovered(here, main, tail)) is not None:
        for each in rest:
            graded = here.fold(graded, each, (), Inherited())[0] or graded
        return graded
    if tail.kinds[0].type == "MUST_NOT":
        if required.rule.kind == "all" and tail.body is not None and {*tail.body.separators} == {"COMMA"} and not rest:
            required = any_of(required.parts)  # "must not have A, B"
        required = negated(lately(required), (tail.start, tail.end))
        also = literally.listed(besides, Inherited(), plain=True) if besides is not None else None
        required = required if also is None else all_of([required, also])
    if main is not None and _of_some(main) and just_before(_RELATIVE, here.low, tail.start):
        return _asked_of_them(main, required)  # "women must use two methods, one of which must be a barrier"
    if just_before(_RELATIVE, here.low, tail.start):
        return all_of([main, required]) if main is not None else required
    required = replace(required, requirement=True)
    if main is None:
        return required
    if joined:
        if here.exclusion and not main.requirement:
            return any_of([main, contrary(required)])
        if _of_some(main) and main.requirement:
            return _asked_of_them(main, required)  # "women must have a negative test and must agree to ..."
        return replace(all_of([main, required]), requirement=main.requirement)
    kinds = {leaf.rule.kind for leaf in main.innermost()}
    if {"unread", "measurement"} <= kinds:
        return of_no_clear_role(here, main, tail)  # "A < 1.5, or for those on warfarin, they must ..."
    if _EVERYBODY.search(here.text, main.end, tail.start) and not here.exclusion:
        return replace(all_of([main, required]), requirement=True)  # "women only, all patients must ..."
    for_some = replace(for_those(main, required), requirement=True)
    if any(start < tail.start for start in here.people) or is_group(main) or _is_group_of_some(main):
        return for_some
    # "Two lines must have been given", "metastases must be treated": of everybody, or of those who have them
    return replace(
        ambiguous([for_some, all_of([main, required])], "a requirement of a thing, not of people"), requirement=True
    )


_UNABLE: Final = re.compile(r"(?:can|could)(?:\s*not|'t)?\b", re.IGNORECASE)  # "infections that cannot be treated"


def of_the_same(main: Draft, read: ListRead, *, denied: bool) -> ListRead:
    """ "Statins must be at a stable dose for 4 weeks": attributes alone are those of what stands before them."""
    if not all(isinstance(leaf.rule, Condition | Treatment) for leaf in main.innermost()):
        return read
    elements = [_said_again(main, element, denied=denied) or element for element in read.elements]
    return ListRead(elements, read.separators, read.start, read.end, read.serial)


def _said_again(main: Draft, element: Element, *, denied: bool) -> Element | None:
    """The attributes in an element, of all that is meant; None where there is more, or less, than attributes."""
    said = [atom for atom in element.atoms if not isinstance(atom, Group) and atom.type in ("QUALIFIER", "LASTING")]
    names = tuple([t.value.name for t in said if t.type == "QUALIFIER"])
    lasting = [t.value.least for t in said if t.type == "LASTING"]
    if len(said) < len(element.atoms) or not names or len(lasting) > 1:
        return None
    start, end = said[0].start, said[-1].end
    of_each = [_with_attributes(leaf, names, lasting).placed(start, end) for leaf in main.innermost()]
    if len(of_each) == 1 or denied:
        asked = any_of(of_each)
    else:  # of each that there is
        asked = all_of([for_those(leaf, one) for leaf, one in zip(main.innermost(), of_each, strict=True)])
    fact = Token("FACT", StatementRead(asked.placed(start, end)), start, end)
    return Element(element.negations, [fact], element.start, element.end)


def _with_attributes(leaf: Draft, names: tuple[str, ...], lasting: list[Duration | None]) -> Draft:
    rule = leaf.rule
    assert isinstance(rule, Condition | Treatment)
    update: dict[str, object] = {"qualifiers": tuple(dict.fromkeys((*rule.qualifiers, *names)))}
    if lasting:
        update["lasting"] = lasting[0]
    return replace(leaf, rule=rule.model_copy(update=update), requirement=False)


def _of_some(main: Draft) -> bool:
    """Whether it asks something of some patients only."""
    return isinstance(main.rule, Conditional) and isinstance(main.rule.otherwise, Constant)


def _asked_of_them(main: Draft, required: Draft) -> Draft:
    """What is asked of some patients, with one thing more that is asked of them."""
    when, then, otherwise = main.parts
    return replace(conditional(when, all_of([then, required]), otherwise), requirement=True)


_EVERYBODY: Final = re.compile(r"[,;]\s*(?:all|every|each)\s+(?:patients?|subjects?|participants?)\W*$", re.IGNORECASE)


def is_group(draft: Draft) -> bool:
    """Whether it names people as such and nothing of their health: "women", "men over 50"."""
    return all(_person_rule(leaf.rule) for leaf in draft.innermost())


def _is_group_of_some(draft: Draft) -> bool:
    """Whether it names people and something that only an answer tells of them: "sexually active men"."""
    rules = [leaf.rule for leaf in draft.innermost()]
    return any(map(_tells_sex, rules)) and all(isinstance(rule, Statement) or _person_rule(rule) for rule in rules)


def of_sex(draft: Draft) -> bool:
    """Whether it names men, or women, and nothing else: "women of childbearing potential"."""
    return is_group(draft) and not any(isinstance(leaf.rule, Age | Constant) for leaf in draft.leaves())


def _person_rule(rule: Rule) -> bool:
    """Whether it is said of a person as such."""
    if isinstance(rule, PatientAttribute):
        return rule.attribute not in ("consent", "contraception")
    return isinstance(rule, Sex | Age | Constant)


_COPULA: Final = (
    re.compile(  # "the preferred treatment for patients is surgery": the patients are not what "is" is said of
        r"(?:for|in|among)\s+(?:the\s+|this\s+|these\s+)?(?:patients?|subjects?|participants?)\s+(?:is|was|will be)\b",
        re.IGNORECASE,
    )
)


def for_group(
    here: Composing, main: Draft | None, tail: Tail, following: Sequence[Tail] = ()
) -> tuple[Draft | None, int]:
    """ "... for patients with C": a requirement, or a replacement, for some patients only."""
    body = tail.body
    if _COPULA.match(here.text, tail.start, tail.end):
        return unread(here.text, main.start if main is not None else tail.start, tail.end), 0
    if main is not None and body is not None and (aside := exception_behind(body)) is not None:
        shorter, saved = aside
        asked, _ = for_group(here, main, replace(tail, body=shorter, end=shorter.end))
        own = own_limit(here, asked, saved[0], saved[1:]) if asked is not None else None
        if own is not None and own[1] == len(saved) - 1:
            return replace(own[0], end=tail.end), 0
    if main is not None and (own := own_limit(here, main, tail, following)) is not None:
        return own
    if main is not None and limits_some(here, tail):
        return of_no_clear_role(here, main, tail), 0  # "... for women, platelets >= 100": whose, or a further limit
    tested = main if main is not None and isinstance(main.rule, Finding | Measurement) else None
    window = window_of_test(body) if tested is not None and body is not None else None
    group = here.listed(body, Inherited(), plain=True) if body else None
    if group is None:
        return (main if main is not None and tail.body is None else of_no_clear_role(here, main, tail)), 0
    if tested is not None and window is not None:
        main = windowed(tested, window)  # "a negative test for women of childbearing potential within 14 days"
    if main is None:
        return group, 0
    special = special_limit(main, group)
    if special is not None:
        return special, 0
    if main.rule.kind in ("any", "ambiguous"):
        return of_no_clear_role(here, main, tail), 0  # an alternative for some, or a requirement for some
    if here.exclusion and not main.requirement:
        return all_of([main, group]), 0
    return replace(for_those(group, main), requirement=main.requirement), 0


def for_purpose(here: Composing, main: Draft | None, tail: Tail, body: ListRead | None) -> Draft:
    """ "Surgery for X", "dialysis due to X": what a treatment was given for; behind anything else, narrowing."""
    if main is None:
        return of_no_clear_role(here, main, tail)
    if body is not None and (aside := _condition_behind(body)) is not None:
        return parenthesised(here, for_purpose(here, main, tail, body), aside)
    if body is not None and not here.exclusion and (at := _recovery_behind(body)):  # "for cancer, and recovered"
        first, rest = body.parted(at)
        treated = for_purpose(here, main, replace(tail, body=first, end=first.end), first)
        besides = here.listed(rest, Inherited(), plain=True)
        both = all_of([treated, besides]) if besides is not None else treated
        return replace(both, requirement=main.requirement)
    if isinstance(main.rule, Not) and main.parts:  # "no prior chemotherapy for metastatic disease"
        return replace(rebuilt(main, (for_purpose(here, main.parts[0], tail, body),)), end=max(main.end, tail.end))
    if analytes_of(main) and body is not None:
        group = here.listed(body, Inherited(), plain=True)
        special = special_limit(main, group) if group is not None else None
        if special is not None:
            return special
    words = here.text[tail.start : tail.end]
    if isinstance(main.rule, Statement) and tail.kinds[0].type == "FOR":
        return replace(main, rule=main.rule.model_copy(update={"text": here.text[main.start : tail.end]}), end=tail.end)
    if _FOR_WHOM.match(words):
        judged_ = judgement(here, tail.start, tail.end)
        if str(tail.kinds[0].value) != "joined:OR":
            return all_of([main, judged_])
        if main.rule.kind == "all":  # "tumors that have progressed, or for which no therapy exists"
            return all_of([*main.parts[:-1], any_of([main.parts[-1], judged_])])
        return ambiguous([all_of([main, judged_]), any_of([main, judged_])], "one more clause, or one more alternative")
    purpose = _under_study(here, tail) or (here.listed(body, Inherited(), any_=True) if body else None)
    if (
        main.parts
        and main.rule.kind in ("any", "all")
        and all(isinstance(leaf.rule, Treatment) for leaf in main.innermost())
        and purpose is not None
    ):
        parts = [for_purpose(here, part, tail, body) for part in main.parts]
        every = rebuilt(main, tuple(replace(part, end=max(part.end, tail.end)) for part in parts))
        if not _one_window(main.parts):  # "A within 4 weeks or B for melanoma within 2 weeks": two clauses
            return ambiguous([every, rebuilt(main, (*main.parts[:-1], every.parts[-1]))], "for what all, or the last")
        return every
    if (
        main.rule.kind == "any"
        and purpose is not None
        and tail.kinds[0].type == "FOR"
        and _plain_list(body)
        and not any(isinstance(goal.rule, Condition) and goal.rule.window for goal in purpose.innermost())
        and all(isinstance(leaf.rule, Treatment) for leaf in main.parts[-1].innermost())
    ):
        # "infarction or hospitalization for heart failure": a disease is not for anything
        last = for_purpose(here, main.parts[-1], tail, body)
        return replace(rebuilt(main, (*main.parts[:-1], last)), end=max(main.end, tail.end))
    leaves = [leaf.rule for leaf in main.innermost()]
    if tail.kinds[0].type == "DUE_TO" and all(isinstance(rule, PatientAttribute) for rule in leaves):
        return main  # "pregnant, due to the risk for the foetus"
    if isinstance(main.rule, Condition) and body is not None:
        either = _causes(here, main, tail, body)
        if either is not None:
            return either
    if purpose is None or not isinstance(main.rule, Treatment):
        return narrowed(here, main, tail.start, tail.end)
    goals = purpose.innermost()
    if not all(isinstance(goal.rule, Condition) and not goal.rule.exceptions for goal in goals):
        return narrowed(here, main, tail.start, tail.end)
    given = [_given_for(main, main.rule, goal, tail, words) for goal in goals]
    return any_of([one for i, one in enumerate(given) if all(one.rule != other.rule for other in given[:i])])


def _plain_list(body: ListRead | None) -> bool:
    """Whether nothing in a list is denied, or in parentheses."""
    return body is not None and not any(
        element.negations or any(isinstance(atom, Group) for atom in element.atoms) for element in body.elements
    )


def _recovery_behind(read: ListRead) -> int:
    """Where behind an "and" a clause stands of which people have recovered; 0 where none does."""
    for at in range(1, len(read.elements)):
        atom = read.elements[at].atoms[0]
        said = atom.value.draft.rule if not isinstance(atom, Group) and isinstance(atom.value, StatementRead) else None
        if read.separators[at - 1] == "AND" and isinstance(said, Statement) and _RECOVERED.match(said.text):
            return at
    return 0


_RECOVERED: Final = re.compile(r"(?:(?:have|has|fully|completely|adequately)\s+)*recover", re.IGNORECASE)


def _one_window(parts: Sequence[Draft]) -> bool:
    """Whether all are meant of one time."""
    leaves = [leaf.rule for part in parts for leaf in part.leaves() if isinstance(leaf.rule, Treatment)]
    return all(rule.window == leaves[0].window for rule in leaves)


def _condition_behind(read: ListRead) -> Group | None:
    """The parenthesis at the end of a tail that says when what precedes the tail does not hold; it is taken from it."""
    atoms = read.elements[-1].atoms
    last = atoms[-1]
    if len(atoms) < 2 or not isinstance(last, Group) or last.body.body is not None or not last.body.tails:
        return None
    first = last.body.tails[0]
    of_treatment = first.has("EXCEPT", "INCLUDING") and first.body is not None and _names_treatments(first.body)
    if not (first.has("UNLESS", "IF") or of_treatment):
        return None
    atoms.pop()
    return last


def _names_treatments(read: ListRead) -> bool:
    """Whether each item of a list begins with the name of a treatment: "for melanoma (other than surgery)"."""
    firsts = [element.atoms[0] for element in read.elements]
    nouns = [atom.value for atom in firsts if not isinstance(atom, Group) and isinstance(atom.value, Noun)]
    return len(nouns) == len(firsts) and all(noun.kinds == {"TREATMENT"} for noun in nouns)


def _causes(here: Composing, main: Draft, tail: Tail, body: ListRead) -> Draft | None:
    """ "A due to B or C": to either of them, or C is an alternative to all that precedes; None where B is no name."""
    if len(body.elements) < 2 or any(element.negations for element in body.elements):
        return None
    first = narrowed(here, main, tail.start, body.elements[0].end)
    rest = here.listed(body.parted(1)[1], Inherited(), any_=True)
    if rest is None:
        return None
    unclear = not isinstance(first.rule, Condition) or any(leaf.wholly_unread for leaf in rest.innermost())
    if unclear and all(leaf.wholly_unread for leaf in rest.innermost()):
        return None
    if unclear or not isinstance(first.rule, Condition):
        whole = narrowed(here, main, tail.start, tail.end)
        return ambiguous([whole, any_of([first, rest])], "a cause among others, or one more alternative")
    words = " ".join(here.text[tail.start : tail.end].lower().split())
    known = known_attributes(words)
    made = first.rule.model_copy(update={"qualifiers": (*first.rule.qualifiers[:-1], *(known or (words,)))})
    opened = () if known or familiar(words) else (Span(start=tail.start, end=tail.end),)
    whole = replace(first, rule=made, end=tail.end, open=(*main.open, *opened))
    either = any_of([first, rest])
    if _NEEDS.match(here.text, body.elements[1].start) and not _NEEDS.match(here.text, body.elements[0].start):
        return either  # "dyspnea due to A or requiring B": no cause
    return ambiguous([whole, either], "a cause among others, or one more alternative")


_NEEDS: Final = re.compile(r"(?:requir|need|receiv|tak)ing\b", re.IGNORECASE)
_FOR_WHOM: Final = re.compile(r"for\s+(?:which|whom)\b", re.IGNORECASE)


_ANY_OTHER: Final = re.compile(r"\b(?:an)?other\b", re.IGNORECASE)
_THIS_DISEASE: Final = re.compile(  # "for the current malignancy", "for treatment of their cancer"
    r"for\s+(?:(?:the\s+)?(?:treatment|management|therapy)\s+(?:of|for)\s+)?"
    r"(?:the\s+)?(?:this|their|his|her|current|present|same|study|underlying)\s+"
    r"(?:disease|malignancy|cancer|tumou?r|neoplasm|indication|condition|diagnosis|illness)\W*",
    re.IGNORECASE,
)


def _under_study(here: Composing, tail: Tail) -> Draft | None:
    """The diseases under study, where words mean no more than that they are those; None where none are known."""
    if not here.context.studied or _THIS_DISEASE.fullmatch(here.text, tail.start, tail.end) is None:
        return None
    studied = here.context.under_study(here.text[tail.start : tail.end])
    if not studied:
        return None
    return any_of([Draft(Condition(concept=each), tail.start, tail.end) for each in studied])


def _given_for(main: Draft, rule: Treatment, goal: Draft, tail: Tail, words: str) -> Draft:
    """A treatment for a disease; what more is said of the disease is an attribute in its own words."""
    disease = goal.rule
    assert isinstance(disease, Condition)
    if disease.other and not _ANY_OTHER.search(words):
        disease = disease.model_copy(update={"other": False, "studied": ()})  # of this very one
    update: dict[str, object] = {"purpose": disease.concept, "site": rule.site or disease.site}
    opened = main.open + goal.open
    if disease.qualifiers or disease.stages or disease.other or disease.window or disease.grade or disease.lasting:
        only = not (disease.stages or disease.other or disease.grade or disease.lasting)
        said = (
            f"for {' '.join((*disease.qualifiers, disease.concept.name))}" if only else " ".join(words.lower().split())
        )
        if disease.qualifiers or not only or (disease.window and disease.window != rule.window):
            update["qualifiers"] = (*rule.qualifiers, said)
        if goal.open or ((not only or disease.window) and not familiar(words)):
            opened = (*main.open, Span(start=tail.start, end=tail.end))
    return Draft(rule.model_copy(update=update), main.start, tail.end, open=opened)


def including(
    here: Composing, main: Draft | None, tail: Tail, body: ListRead | None, inherited: Inherited
) -> Draft | None:
    """ "X, including A or B": examples widen, they never narrow; limits are what X asks for."""
    if body is None:
        return main
    if main is not None and isinstance(main.rule, Ambiguous) and all(isinstance(d.rule, Condition) for d in main.parts):
        readings = [including(here, part, tail, body, inherited) or part for part in main.parts]
        return ambiguous(readings, main.rule.why)
    if main is not None and isinstance(main.rule, Treatment) and (main.rule.lines or main.rule.count):
        return narrowed(here, main, tail.start, tail.end)  # what is counted as well
    if main is not None and (course := _course(here, main, body)) is not None:
        widened = including(here, course, tail, body, inherited)
        return rebuilt(main, (*main.parts[:-1], widened or course))
    names = all(
        isinstance(atom, Group) or atom.type != "FACT" or isinstance(atom.value, Noun)
        for element in body.elements
        for atom in element.atoms
    )
    examples = here.listed(body, inherited, any_=True if names else None)
    if main is None:
        return examples
    if examples is None:
        return main
    leaves = examples.innermost()
    if isinstance(main.rule, Allergy):
        examples = each_leaf(examples, _to_which)
        leaves = examples.innermost()
    if isinstance(main.rule, Allergy) and all(isinstance(leaf.rule, Condition) for leaf in leaves):
        return main  # "allergy to X, including anaphylaxis": how it shows, not what else is asked about
    if not here.exclusion and all(isinstance(leaf.rule, Measurement) for leaf in leaves):
        return examples if is_lead(here.text[main.start : main.end]) else all_of([main, examples])
    named = main.innermost()
    if all(isinstance(leaf.rule, Allergy) for leaf in named):
        examples = as_allergy(named[-1], examples)
    elif all(isinstance(leaf.rule, Condition | Treatment) for leaf in leaves):
        examples = each_leaf(
            examples, partial(_like, main.parts[0] if isinstance(main.rule, Not) and main.parts else main)
        )
        if isinstance(main.rule, Statement):
            examples = each_leaf(examples, partial(_as_weighty, _weight(main.rule.text)))
    widened = _widened(main, examples)
    if widened is not None:
        sure = [each for each in _each(examples) if not (_of_other_kinds(main, each) or _taken_for(main, each))]
        if len(sure) < len(_each(examples)):
            only = _widened(main, any_of(sure)) if sure else main
            return ambiguous([widened, only or main], "examples, which others have, too")
        verb = here.text[tail.kinds[0].start : tail.kinds[0].end].lower() in _LISTS
        return ambiguous([widened, examples], "a list of all that counts, or of examples") if verb else widened
    return all_of([main, unread(here.text, tail.start, tail.end, "narrowing")])


def _course(here: Composing, main: Draft, body: ListRead) -> Draft | None:
    """The treatment that is said with its disease, where the examples are of it: "treatment of cancer, as surgery"."""
    first, last = (main.parts[0], main.parts[-1]) if main.rule.kind == "all" and main.parts else (None, None)
    disease, rule = (first.rule, last.rule) if first is not None and last is not None else (None, None)
    if not isinstance(rule, Treatment) or not isinstance(disease, Condition) or rule.purpose is None:
        return None
    if rule.concept.name != ANY_TREATMENT and rule.purpose != disease.concept:
        return None
    examples = here.listed(body, Inherited(), any_=True)
    treatments = examples is not None and all(isinstance(leaf.rule, Treatment) for leaf in examples.innermost())
    return last if treatments else None


def _each(examples: Draft) -> Sequence[Draft]:
    """The examples one by one."""
    return examples.parts if examples.rule.kind == "any" else (examples,)


def _of_other_kinds(main: Draft, examples: Draft) -> bool:
    """Whether an example is one only where it is a kind of both: "lung cancer, including adenocarcinoma"."""
    wholes = [leaf.rule for leaf in main.innermost()]
    if not wholes or not all(isinstance(r, Condition) and not _ANY_DISEASE.fullmatch(r.concept.name) for r in wholes):
        return False
    kinds = [rule.concept.name for rule in wholes if isinstance(rule, Condition) and not rule.concept.open]
    names = [leaf.rule.concept.name for leaf in examples.leaves() if isinstance(leaf.rule, Condition)]
    return any(not any(_is_a(name, kind) for kind in kinds) and _shared(name, kinds) for name in names)


def _taken_for(main: Draft, examples: Draft) -> bool:
    """Whether drugs are given as examples of diseases: "hypertension, for instance, if on a diuretic"."""
    wholes = [leaf.rule for leaf in main.innermost()]
    taken = [leaf.rule.concept.name for leaf in examples.leaves() if isinstance(leaf.rule, Treatment)]
    entries = [vocabulary().entry("treatment", name) for name in taken]
    drugs = [entry for entry in entries if entry is not None and entry.facts.get("type") not in _DONE_ONCE]
    return bool(drugs) and all(isinstance(rule, Condition) for rule in wholes)


_DONE_ONCE: Final = ("surgery", "procedure", "transplant", "device")


def _shared(name: str, kinds: Sequence[str]) -> bool:
    """Whether something is a kind of a disease and of one of the others; where none is known, whether of very many."""
    narrower = _narrower(name)
    if not kinds:
        return len(narrower) >= _BROAD
    return any(_is_a(each, kind) for each in narrower for kind in kinds)


@lru_cache(maxsize=1024)
def _narrower(name: str) -> frozenset[str]:
    """Whatever is a kind of a disease."""
    found: set[str] = set()
    todo = [name]
    while todo:
        direct = vocabulary().narrower("condition", todo.pop())
        todo += [each for each in direct if each not in found]
        found.update(direct)
    return frozenset(found)


_BROAD: Final = 40
_ANY_DISEASE: Final = re.compile(  # of which everything is a kind
    r"(?:(?:systemic|medical|intercurrent|underlying|chronic|acute|concurrent|concomitant|comorbid|organ) )*"
    r"(?:disease|disorder|condition|illness|comorbidity)"
)


def _is_a(name: str, broader: str) -> bool:
    return name == broader or vocabulary().is_a("condition", name, broader)


def _to_which(example: Draft) -> Draft:
    """What is named as an example of that to which somebody is allergic."""
    rule = example.rule
    if not isinstance(rule, Treatment) or not _bare(rule):
        return example
    return replace(example, rule=Allergy(concept=rule.concept))


def _widened(main: Draft, examples: Draft) -> Draft | None:
    """What is named, or one of the examples of it; None where it is not clear of what they are examples."""
    match main.rule.kind:
        case "condition" | "treatment" | "allergy" | "statement" | "unread" | "any":
            return any_of([main, examples])
        case "not":
            inner = _widened(main.parts[0], examples)
            return rebuilt(main, (inner,)) if inner is not None else None
        case "all":
            named = [i for i, part in enumerate(main.parts) if part.rule.kind in ("condition", "treatment", "any")]
            if main.parts[-1].rule.kind == "not" and (inner := _widened(main.parts[-1], examples)) is not None:
                return rebuilt(main, (*main.parts[:-1], inner))  # "measurable disease, no surgery including biopsies"
            if len(named) != 1:
                return any_of([main, examples]) if main.wholly_unread else None
            parts = list(main.parts)
            parts[named[0]] = any_of([parts[named[0]], examples])
            return rebuilt(main, tuple(parts))
        case _:
            return any_of([main, examples]) if main.wholly_unread else None


_LISTS: Final = frozenset(("include", "includes", "included", "will include", "may include"))


def _like(main: Draft, example: Draft) -> Draft:
    """An example with what is said of the whole: when, how long, how severe."""
    example = _of_its_kind(main, example)
    rule, whole = example.rule, main.rule
    broad = isinstance(rule, Condition) and len(_narrower(rule.concept.name)) >= _BROAD
    if whole.kind == "any" and (given := _given_so(main)):
        return any_of([_like(each, example) for each in given], (example.start, example.end))
    if whole.kind == "any" and all(isinstance(part.rule, Condition) for part in main.parts):
        kinds = {part.rule.concept for part in main.parts if isinstance(part.rule, Condition)}
        if len(kinds) > 1:
            return _like(main.parts[-1], example)  # "malabsorption, or uncontrolled symptoms such as nausea"
        # "serious or unstable illness, including cardiovascular disease"
        return any_of([_like(part, example) for part in main.parts], (example.start, example.end))
    if not isinstance(rule, Condition | Treatment) or type(whole) is not type(rule):
        return example
    said: dict[str, object] = {n: getattr(whole, n) for n in _OF_EXAMPLES if n in type(rule).model_fields}
    said["qualifiers"] = qualifiers_ = tuple(q for q in whole.qualifiers if broad or not _of_weight(q))
    update = {
        name: value
        for name, value in said.items()
        if value != type(rule).model_fields[name].default
        and getattr(rule, name) == type(rule).model_fields[name].default
    }
    made = replace(example, rule=rule.model_copy(update=update)) if update else example
    kept = tuple(q for q in qualifiers_ if q not in rule.qualifiers)
    if not isinstance(rule, Condition) or not kept or not _as_it_is(rule, whole):
        return made
    # "severe disease, e.g. clinically significant asthma": whether the asthma has to be severe is open
    alone, both = ({"qualifiers": each} for each in (rule.qualifiers, (*kept, *rule.qualifiers)))
    readings = [replace(made, rule=made.rule.model_copy(update=each)) for each in (alone, both)]
    return ambiguous(readings, "an example with words of its own, which may have to be like the whole")


def _given_so(main: Draft) -> list[Draft]:
    """When and for what each of several treatments was given, where nothing but treatments is said.

    Of treatments that differ, what the last says of the time is said of all: "prior systemic or local therapy".
    """
    leaves = main.innermost()
    rules = [leaf.rule for leaf in leaves if isinstance(leaf.rule, Treatment)]
    if len(rules) < len(leaves):
        return []
    if len({rule.concept for rule in rules}) == 1:
        return leaves  # "taking, or planning to take, X"
    return [replace(leaves[-1], rule=rules[-1].model_copy(update={"qualifiers": ()}))]


def _of_its_kind(main: Draft, example: Draft) -> Draft:
    """An unknown example of a known thing as a kind of that: "antiplatelets (e.g. foobarel)"."""
    rule, whole = example.rule, main.rule
    if not isinstance(rule, Condition | Treatment) or not isinstance(whole, Condition | Treatment):
        return example
    if type(rule) is not type(whole) or not rule.concept.open or rule.concept.broader or whole.concept.open:
        return example
    if isinstance(whole, Condition) and _ANY_DISEASE.fullmatch(whole.concept.name):
        return example
    kind = rule.concept.model_copy(update={"broader": (whole.concept.name,)})
    return replace(example, rule=rule.model_copy(update={"concept": kind}))


def _as_it_is(rule: Condition, whole: Condition | Treatment) -> bool:
    """Whether an example has words of its own, none of which says how bad it is: "ongoing or active infection"."""
    if rule.qualifiers:
        return all(map(_of_significance, rule.qualifiers))
    return rule.time == "now" and isinstance(whole, Condition) and whole.time != "now"


def _of_significance(qualifier: str) -> bool:
    """Whether it says no more than that a thing counts: "clinically significant", "major"."""
    found = qualifiers().find(qualifier)
    return found is not None and found.axis in ("significance", "seriousness", "magnitude")


def _weight(text: str) -> tuple[str, ...]:
    """What words that name no disease say of its examples: "clinically significant disease, e.g. ..."."""
    found = [qualifiers().find(each[0]) for each in _WEIGHTS.finditer(text)]
    return tuple(dict.fromkeys(q.name for q in found if q is not None and not _of_weight(q.name)))


_WEIGHTS: Final = re.compile(
    r"\b(?:clinically (?:significant|relevant|important)|significant|uncontrolled|unstable|active|progressive|untreated"
    r"|poorly controlled|symptomatic|chronic|acute|severe)\b",
    re.IGNORECASE,
)


def _as_weighty(said: tuple[str, ...], example: Draft) -> Draft:
    rule = example.rule
    if not said or not isinstance(rule, Condition) or rule.qualifiers:
        return example
    return replace(example, rule=rule.model_copy(update={"qualifiers": said}))


def _of_weight(qualifier: str) -> bool:
    """Whether it says no more than that a thing matters, which is what examples are given for: "major disease"."""
    found = qualifiers().find(qualifier)
    return found.axis in ("seriousness", "magnitude") if found else _OF_KIND.match(qualifier) is not None


_OF_KIND: Final = re.compile(  # makes a kind, so that its examples have it: "drugs known to prolong the QT interval"
    r"(?:well[- ])?(?:known|thought|considered|likely|able|capable|expected|intended|designed|potentially|that|which)\b"
    r"|(?:affect|interfer|caus|prolong|inhibit|induc|increas|suppress|alter|impair|lower)ing\b",
    re.IGNORECASE,
)


_OF_EXAMPLES: Final = ("time", "window", "moment", "lasting", "qualifiers", "known", "purpose", "dose", "route", "site")


def defined(here: Composing, main: Draft | None, tail: Tail, body: ListRead | None) -> Draft | None:
    """ "X, defined as Y": the definition in the place of what it defines."""
    if main is not None and analytes_of(main) and is_method(here.text[tail.start : tail.end], of_number=True):
        return main
    if main is not None and isinstance(main.rule, Condition | Measurement) and restated(main.rule, _said(here, tail)):
        return replace(main, end=max(main.end, tail.end))
    if main is not None and isinstance(main.rule, Not) and main.parts:  # "no uncontrolled hypertension, defined as ..."
        if _ABSENCE.match(here.text, main.start):
            return of_no_clear_role(here, main, tail)  # what shows that there is none
        inner = defined(here, main.parts[0], tail, body)
        return rebuilt(main, (inner,)) if inner is not None else main
    definition = here.listed(body, Inherited()) if body else None
    if main is None:
        return definition
    if body is not None and (limit := limit_alone(here, main, body)) is not None:
        definition = limit if is_its_level(main, limit) else all_of([main, limit])
    if is_group(main):
        # who counts as being of childbearing potential is known without the trial's words for it
        asked = _asked_of_those(here, body)
        return all_of([main, asked]) if asked is not None else main
    if (
        definition is None
        or any(leaf.wholly_unread for leaf in definition.leaves())
        or all(
            isinstance(leaf.rule, Condition | Treatment) and leaf.rule.concept.open
            for leaf in definition.leaves()
            if not leaf.parts
        )
    ):
        return narrowed(here, main, tail.start, tail.end)
    if isinstance(main.rule, Condition) and _EVIDENCE.search(here.text, tail.start, tail.kinds[0].end):
        if definition.rule.kind != "not" and all(isinstance(leaf.rule, Treatment) for leaf in definition.innermost()):
            return narrowed(here, main, tail.start, tail.end)  # "oesophagitis as shown by endoscopy"
        return all_of([main, definition])
    if main.rule.kind == "any":  # "diabetes or obesity as measured by BMI > 30"
        last = main.parts[-1]
        shown = defined(here, last, tail, body) if last.rule.kind != "not" else all_of([last, definition])
        own = any_of([*main.parts[:-1], shown or last])
        return ambiguous([all_of([main, definition]), own], "a definition of the last alternative, or of all")
    attested = is_fitness(here.text[main.start : main.end])
    if attested and isinstance(main.rule, Statement) and isinstance(definition.rule, Statement):
        said = main.rule.model_copy(update={"text": here.text[main.start : tail.end]})
        return replace(main, rule=said, end=tail.end)
    if main.wholly_unread or attested or (isinstance(main.rule, Condition) and not _dated(main.rule)):
        site = main.rule.site if isinstance(main.rule, Condition) else None
        return replace(each_leaf(definition, partial(_placed, site)) if site else definition, start=main.start)
    if all(_is_range(leaf.rule) for leaf in main.innermost()) and analytes_of(main) <= analytes_of(definition):
        return replace(definition, start=main.start)  # "normal creatinine, defined as creatinine <= 1.5 mg/dL"
    return all_of([main, definition])


def _is_range(rule: Rule) -> bool:
    """Whether it is no more than that a result is normal."""
    if not isinstance(rule, Measurement):
        return False
    limit = rule.limit
    return (limit.of == "ULN" and limit.high == 1 and limit.low is None) or (
        limit.of == "LLN" and limit.low == 1 and limit.high is None
    )


def _said(here: Composing, tail: Tail) -> str:
    return here.text[tail.start : tail.end]


def _asked_of_those(here: Composing, body: ListRead | None) -> Draft | None:
    """What goes on behind the words that define who is meant: "..., and not using contraception"; None where none."""
    for index, element in enumerate(body.elements if body is not None else ()):
        alone = here.listed(ListRead([element], [], element.start, element.end), Inherited(), plain=True)
        rules = [leaf.rule for leaf in alone.leaves()] if alone is not None else []
        if body is not None and any(isinstance(r, PatientAttribute) and r.attribute == "contraception" for r in rules):
            rest = ListRead(body.elements[index:], body.separators[index:], element.start, body.end)
            return here.listed(rest, Inherited(), plain=True)
    return None


_ABSENCE: Final = re.compile(r"(?:absence|lack|exclusion|free)\b", re.IGNORECASE)


def _placed(site: str, draft: Draft) -> Draft:
    """What is measured at the place where the disease is that it defines: the pressure in the study eye."""
    rule = draft.rule
    if not isinstance(rule, Measurement) or rule.site:
        return draft
    return replace(draft, rule=rule.model_copy(update={"site": site}))


_EVIDENCE: Final = re.compile(
    r"\b(?:documented|evidenced|shown|demonstrated|confirmed|manifested|indicated|verified|proven|seen|identified|noted)\b",
    re.IGNORECASE,
)


def _dated(rule: Condition) -> bool:
    """Whether more is said of the condition than a definition of it can replace."""
    return bool(rule.lasting or rule.window or rule.count or rule.grade or rule.exceptions or rule.stages)


_ONLY_THOSE: Final = re.compile(
    r"\bonly\s+(?:the\s+|those\s+)?(?:(?:patients?|subjects?|participants?|individuals?)\s+)?(?:(?:with|who|that|having|have)\s+)*$"
)
_BUT: Final = re.compile(r"\b(?:but|however|although|though)\b", re.IGNORECASE)
_THAT_IS_ALLOWED: Final = re.compile(  # which ones: "all medications allowed in the study"
    r"(?:allowed|permitted|accepted|acceptable)\s+(?:in|during|by|per|under|according|as)\b", re.IGNORECASE
)


def permission(here: Composing, main: Draft | None, tail: Tail, following: Sequence[Tail]) -> tuple[Draft | None, int]:
    """ "X are excluded", "X are eligible", "X is allowed if Y"."""
    if main is None:
        saved = (
            here.listed(following[0].body, Inherited(), plain=True)
            if following and following[0].has("IF", "UNLESS") and following[0].body
            else None
        )
        if saved is None or len(following) > 1 or tail.body is not None or saved.wholly_unread:
            return of_no_clear_role(here, main, tail), len(following) and 0
        if tail.has("EXCLUDED") == following[0].has("IF"):
            return replace(saved, requirement=False), 1
        return replace(saved, saving=True), 1
    if tail.has("EXCLUDED") and tail.body is not None:
        return of_no_clear_role(here, main, tail), 0
    if tail.has("ALLOWED") and _BUT.search(here.text, main.start, tail.start):
        if following:  # "no A, but B is allowed if C": A, where C holds
            return unread(here.text, main.start, following[-1].end), len(following)
        return of_no_clear_role(here, main, tail), 0  # "no A, but B is allowed": not A
    if tail.has("ALLOWED") and here.exclusion and just_before(_ONLY_THOSE, here.low, main.start):
        return unread(here.text, main.start, tail.end), 0  # "Only patients with X are eligible"
    if _THAT_IS_ALLOWED.match(here.text, tail.start):
        return narrowed(here, main, tail.start, tail.end), 0
    if tail.has("EXCLUDED"):
        if here.exclusion:
            return replace(main, requirement=False), 0
        return replace(negated(main), requirement=True), 0
    if isinstance(main.rule, Not) and tail.body is None and not following:
        return replace(main, requirement=True), 0  # "no prior chemotherapy is allowed"
    condition: Draft | None = None
    used = 0
    if tail.body is not None:
        return unread(here.text, main.start, tail.end), 0
    if not following and (most := _most_allowed(main)) is not None:
        return (contrary(most) if here.exclusion else most), 0
    if len(following) > 1 and following[0].has("IF") and following[1].kinds[0].type in ("NOT", "NO", "WITHOUT"):
        words = unread(here.text, following[0].start, following[1].end)  # "... if A has not been treated with B"
        asked = replace(for_those(main, words), requirement=not here.exclusion)
        return (contrary(asked) if here.exclusion else asked), 2
    if following and following[0].has("IF") and following[0].body is not None:
        read = when_alone(following[0].body)
        others = otherwise_than(main, read) if read is not None else None
        condition = negated(others) if others is not None else here.listed(following[0].body, Inherited())
        used = 1
    if (
        tail.has("ALLOWED")
        and len(following) == 1
        and (kept := _allowed_for(here, main, tail, following[0])) is not None
    ):
        return kept, 1
    if following and not used:
        return unread(here.text, main.start, tail.end), 0
    if condition is not None and not here.exclusion and _either_result(main):
        return any_of([*main.parts[:-1], all_of([main.parts[-1], condition])]), used
    if condition is not None:
        kept = for_those(main, condition)
        return (contrary(kept) if here.exclusion else kept), used
    eligible = "eligib" in here.text[tail.start : tail.end].lower()
    if not here.exclusion and eligible and not main.wholly_unread:
        return replace(main, requirement=True, allowed=main), 0
    if main.wholly_unread and (eligible or any(c.isdigit() for c in here.text[main.start : main.end])):
        return unread(here.text, main.start, tail.end), 0
    permitted = replace(
        constant(not here.exclusion, "a permission excludes nobody", main.start, tail.end), allowed=_any_allowed(main)
    )
    if not here.exclusion and analytes_of(main):
        return ambiguous([permitted, main], "a permission, or all that is permitted"), 0
    if not here.exclusion and _MAY_TAKE_PART.match(here.text, tail.start):
        return replace(ambiguous([permitted, main], WHO_MAY), allowed=main), 0
    return permitted, 0


def _most_allowed(main: Draft) -> Draft | None:
    """ "One prior line of therapy is allowed", "no more than two": not more; None where none are counted."""
    rule = main.rule
    if not isinstance(rule, Treatment) or rule.lines is None or rule.lines.high is None:
        return None
    most = rule.model_copy(update={"lines": rule.lines.model_copy(update={"low": None})})
    return replace(main, rule=most, requirement=True)


def _allowed_for(here: Composing, main: Draft, permitted: Tail, tail: Tail) -> Draft | None:
    """ "X is allowed for Y", "... for patients with Y": those who have X have it for Y, or have Y, too."""
    given = [leaf.rule for leaf in main.innermost()]
    if tail.body is None or len(tail.kinds) > 1 or _OF_PERSONS.search(here.text, permitted.start, permitted.end):
        return None
    if not all(isinstance(rule, Treatment) and not (rule.lines or rule.count) for rule in given):
        return None  # "one line is allowed for ..." limits their number
    if tail.has("FOR_GROUP"):
        asked = here.listed(tail.body, Inherited(), plain=True)
    elif _ABSENT.match(here.text, tail.start):
        asked = without(here, tail, tail.body)
    elif _PURPOSE.match(here.text, tail.start):
        asked = for_purpose(here, main, tail, tail.body)
        if len(asked.open) > len(main.open) or asked.rule.kind == "all":
            return None  # for what nobody knows
    else:
        return None
    if asked is None or any(leaf.wholly_unread for leaf in asked.innermost()):
        return None
    kept = for_those(main, replace(asked, requirement=False))
    return contrary(kept) if here.exclusion else kept


_ABSENT: Final = re.compile(r"in the absence of\b", re.IGNORECASE)
_OF_PERSONS: Final = re.compile(r"eligib|enrol|includ|enter|participat|qualif", re.IGNORECASE)
_PURPOSE: Final = re.compile(
    r"(?:for|to treat|as (?:treatment|therapy|prophylaxis)|indicated for|used for)\b", re.IGNORECASE
)
WHO_MAY: Final = "who may take part, or who must be one of them"
_MAY_TAKE_PART: Final = re.compile(
    r"(?:(?:may|can|could|will|shall)\s+(?:also\s+)?(?:be\s+(?:included|enrolled|entered|recruited|registered|accrued)|enter|"
    r"enroll|participate|take\s+part)|(?:are|were|is)\s+(?:also\s+)?(?:included|enrolled|recruited))\b",
    re.IGNORECASE,
)


def _any_allowed(main: Draft) -> Draft:
    """ "A and B are allowed": either of them."""
    listed = isinstance(main.rule, Ambiguous) and main.rule.why.startswith("'and' in a list")
    return next((part for part in main.parts if part.rule.kind == "any"), main) if listed else main


def _either_result(main: Draft) -> bool:
    """Whether everybody is one or the other of those named: "negative HBsAg, or positive HBsAg is allowed if ..."."""
    results = [part.rule for part in main.parts if isinstance(part.rule, Finding)]
    return (
        main.rule.kind == "any"
        and len(results) == len(main.parts)
        and len({rule.test for rule in results}) == 1
        and {"positive", "negative"} <= {rule.result for rule in results}
    )


def judged(here: Composing, main: Draft | None, tail: Tail) -> Draft:
    """ "... in the opinion of the investigator": what precedes, as a person judges it."""
    start = main.start if main is not None else tail.start
    if main is None or main.wholly_unread:
        return judgement(here, start, tail.end)
    opinion = judgement(here, tail.start, tail.end)
    if _OR_THOSE.search(here.text, main.end, tail.start):
        return any_of([main, opinion])  # "closed angles, or those that the investigator judges ..."
    if _OR_BEFORE.search(here.text, main.end, tail.start) or _OR_AT.match(here.text, tail.start):
        return ambiguous([all_of([main, opinion]), any_of([main, opinion])], "a judgement, or one more alternative")
    if main.rule.kind == "any" and _THAT.search(here.text, main.end, tail.start):
        last = main.parts[-1]  # "A, or any B that, in the opinion of the investigator, ..."
        own = any_of([*main.parts[:-1], all_of([last, opinion])])
        if _ANY.search(here.text, main.parts[-2].end, last.start + 1) or _ANY.match(here.text, last.start):
            return own
        return ambiguous([all_of([main, opinion]), own], "a judgement of a list, or of its last")
    return all_of([main, opinion])


_OR_THOSE: Final = re.compile(
    r"\bor\s+(?:(?:the|a|any|other)\s+)*(?:those|others|anybody|anyone|patients?|subjects?|participants?|individuals?|persons?)\b"
    r"(?:\s+(?:that|whom|who|which|is|are|has been|have been))*\W*$",
    re.IGNORECASE,
)
_OR_BEFORE: Final = re.compile(r"\bor\b\W*$", re.IGNORECASE)
_OR_AT: Final = re.compile(r"(?:and/)?or\b", re.IGNORECASE)
_THAT: Final = re.compile(r"\b(?:that|which|who)\b\W*$", re.IGNORECASE)
_ANY: Final = re.compile(r"\b(?:any|another|other)\b", re.IGNORECASE)


_NO_LABEL: Final = re.compile(  # words before a colon that bear on what follows it
    r"\d|\b(?:within|past|last|during|prior|previous|before|since|history|no|not|without|if|unless|except|months?|years?"
    r"|weeks?|days?|current|active|recent|only|escalation|expansion|run-?in|lead-?in)\b",
    re.IGNORECASE,
)


def _bare(rule: Treatment) -> bool:
    """Whether nothing is said of a treatment but its name."""
    return rule == Treatment(concept=rule.concept)


def _agreed(draft: Draft) -> bool:
    """Whether it is made of what is asked of one sex alone: agreements, a pregnancy test."""
    return all(
        isinstance(leaf.rule, Statement | PatientAttribute)
        or (isinstance(leaf.rule, Finding) and "pregnancy" in leaf.rule.test.name)
        for leaf in draft.leaves()
        if not leaf.parts
    )


def colon(here: Composing, main: Draft | None, tail: Tail, body: ListRead | None, inherited: Inherited) -> Draft | None:
    """ "X: A, B and C": a label, a lead-in, or a condition with what it asks for."""
    every = tail.has("ALL_OF") or (not here.exclusion and not tail.has("ANY_OF"))
    if body is None:
        return main
    inside = here.listed(body, inherited, any_=None if not tail.has("ANY_OF", "ALL_OF") else not every)
    if main is None or inside is None:
        return inside if inside is not None else main
    if _OF_STUDY.search(
        here.text, max(main.start, main.end - 12), main.end
    ):  # "Control group: no asthma": of some only
        others = constant(not here.exclusion, "asked of a group of the trial", main.start, tail.start)
        return ambiguous([inside, others], "what is asked of a group of the trial")
    if isinstance(main.rule, Treatment) and tail.kinds[0].type == "COLON" and _bare(main.rule):
        return inside  # "Radiotherapy: at least 4 weeks since prior radiotherapy": a label
    if of_sex(main) and not here.exclusion and _agreed(inside):  # "Male patients: agree to use contraception"
        return replace(for_those(main, inside), requirement=True)
    if is_fitness(here.text[main.start : main.end]) or main.rule in [leaf.rule for leaf in inside.innermost()]:
        return inside  # "Adequate renal function: creatinine <= 1.5 mg/dL", "Consent: written informed consent"
    if tail.kinds[0].type == "DASH" and main.rule.kind == "any" and isinstance(inside.rule, Measurement):
        last = any_of([*main.parts[:-1], all_of([main.parts[-1], inside])])  # "shock; heart failure - NYHA class III"
        return ambiguous([all_of([main, inside]), last], "a limit of the last of a list, or of all")
    if main.wholly_unread or (
        isinstance(main.rule, Condition) and main.rule.concept.open and tail.kinds[0].type == "COLON"
    ):
        words = here.text[main.start : tail.start].split()
        if (
            len(words) <= 4
            and not _NO_LABEL.search(here.text, main.start, tail.start)
            and not any(leaf.wholly_unread for leaf in inside.innermost())
        ):
            return inside  # "Renal: creatinine <= 1.5 mg/dL": a label
        return ambiguous([all_of([main, inside]), any_of([main, inside])], "a lead-in that was not understood")
    if tail.kinds[0].type == "COLON" and (theirs := limits_of_people(here, main, inside)) is not None:
        return theirs
    anew = tail.kinds[0].type == "DASH" and _NEW_LINE.search(here.text, tail.start, inside.start + 1) is not None
    if anew and here.exclusion and not analytes_of(inside):
        # "prior chemotherapy - Brain metastases": a list that has lost its lines
        return ambiguous([all_of([main, inside]), any_of([main, inside])], "what a thing is, or one more of them")
    both = replace(all_of([main, inside]), labelled=isinstance(main.rule, Condition))
    leaves = [leaf.rule for leaf in main.innermost()]
    if not here.exclusion and tail.kinds[0].type == "COLON" and all(isinstance(rule, Age) for rule in leaves):
        return ambiguous([both, for_those(main, inside)], "an age that is asked of all, or of those of whom more is")
    if here.exclusion and any(isinstance(rule, Statement) and rule.topic == "judgement" for rule in leaves):
        return ambiguous([both, inside], "what is judged, or what counts as such")
    return both


_NEW_LINE: Final = re.compile(r"\s[A-Z]$")


def limits_of_people(here: Composing, main: Draft, inside: Draft) -> Draft | None:
    """ "Men: hemoglobin >= 13 g/dL": asked of them only; None where that is not what a colon means."""
    if here.exclusion or not _for_people(here, main) or not analytes_of(inside):
        return None
    return replace(for_those(main, inside), requirement=True)


def _for_people(here: Composing, main: Draft) -> bool:
    """Whether a label names some of the patients: "women", "patients with diabetes"."""
    return of_sex(main) or (isinstance(main.rule, Condition) and any(start <= main.start for start in here.people))
