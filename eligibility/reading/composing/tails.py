"""What the tails of a sentence make of what precedes them: unless, if, for, must, including, are allowed ..."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Final, Literal

from eligibility.knowledge.vocabulary import ANY_DRUG, ANY_TREATMENT, vocabulary
from eligibility.reading.composing.absences import (
    behind_aside,
    either_way,
    is_aside,
    mothers_at,
    or_behind_aside,
    without,
)
from eligibility.reading.composing.circumstances import names_no_disease, on_record
from eligibility.reading.composing.clauses import clause_of_people, is_cause, parted_agreement
from eligibility.reading.composing.definitions import defined
from eligibility.reading.composing.examples import including
from eligibility.reading.composing.excepted import as_cause, either_with_examples, excepted, goes_on, kinds_of
from eligibility.reading.composing.exceptions import (
    except_for,
    excepting,
    is_enclosed,
    with_clause,
)
from eligibility.reading.composing.judgements import judgement
from eligibility.reading.composing.labels import OF_STUDY, colon
from eligibility.reading.composing.lists import agreed_by, agreements
from eligibility.reading.composing.one_more import denied_or_another
from eligibility.reading.composing.own_limits import (
    analytes_of,
    in_which_case,
    limits_some,
    own_limit,
    special_limit,
    told_anew,
)
from eligibility.reading.composing.people import is_group, is_mother, tells_sex
from eligibility.reading.composing.permissions import allowed_but, judged, permission
from eligibility.reading.composing.purposes import agreeing, for_group, for_purpose, may_be_agreed
from eligibility.reading.composing.qualifying import narrowed
from eligibility.reading.composing.recovery import recovered
from eligibility.reading.composing.requirements import asked_of_them, is_of_some, must
from eligibility.reading.composing.sparing import of_last_or_all, unless_so
from eligibility.reading.composing.states import free_of_it, names_state, not_in_state, spared
from eligibility.reading.composing.terms import ALTERNATIVES, Composing, Inherited, is_consent, is_fertile, is_pregnancy
from eligibility.reading.composing.unknowns import of_no_clear_role, told_besides, told_in_full
from eligibility.reading.composing.windows import at_that_time, otherwise_than, when_alone
from eligibility.reading.drafting.conditions import is_malignant
from eligibility.reading.drafts import (
    Draft,
    all_of,
    ambiguous,
    any_of,
    conditional,
    contrary,
    each_leaf,
    for_those,
    negated,
    rebuilt,
    unread,
)
from eligibility.reading.lexer import tokenize
from eligibility.reading.patterns import just_before
from eligibility.reading.phrases import Noun
from eligibility.reading.quantities import WindowRead
from eligibility.reading.rewriting.beside_numbers import UNRESOLVED
from eligibility.reading.sentences import Element, Group, ListRead, Sentence, Tail
from eligibility.rules import (
    Age,
    Condition,
    Measurement,
    Not,
    PatientAttribute,
    Rule,
    Sex,
    Statement,
    Treatment,
    Unread,
)


def _is_of_whom(here: Composing, tail: Tail, denied: Tail) -> bool:
    """Whether a tail is no more than "for whom", before what there is none of: "for whom no therapy is available"."""
    if str(tail.kinds[0].value) == "joined:OR" or denied.kinds[0].type not in ("NO", "NOT"):
        return False
    return _OF_WHOM.fullmatch(here.low, tail.start, tail.end) is not None


_OF_WHOM: Final = re.compile(r"\W*(?:and\s+)?for\s+(?:whom|which)\s*")


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
    stops = kind in ("FOR", "FOR_GROUP", "DUE_TO") or (kind == "JUDGED" and main is not None)
    if body is not None and stops and (semicolon := _semicolon(here, tail, body)) is not None:
        return _up_to_semicolon(here, main, tail, body, semicolon, following), len(following)
    if kind in ("WITHOUT", "EXCEPT") and (whose := clause_of_people(here, tail)) is not None:
        return _of_people(here, main, whose, inherited)
    match kind:
        case "MUST" | "MUST_NOT":
            return must(here, main, tail, ()), 0
        case "EXCEPT" if main is not None and body is None and (one := _but_not_both(here, main, tail)) is not None:
            return one, 0
        case "EXCEPT" if main is not None and (denied := _excepted_without(here, main, tail, following)) is not None:
            return denied, 1
        case "EXCEPT" if main is not None and (let_in := allowed_but(here, main, tail, following)) is not None:
            return let_in, 1
        case "EXCEPT":
            own = own_limit(here, main, tail, following) if main is not None else None
            state = spared(here, main, tail, following) if main is not None else None
            return own or state or excepted(here, main, tail, following)
        case "UNLESS":
            return unless_so(here, main, tail, following)
        case "IF":
            if in_which_case(tail):
                return of_no_clear_role(here, main, tail), 0
            own = own_limit(here, main, tail, following) if main is not None else None
            if own is not None:
                return own
            if main is not None and body is not None and _OR_LIMIT.search(here.text, body.start, body.end):
                return unread(here.text, main.start, tail.end), 0
            if main is not None and body is not None and just_before(_OR_LAST, here.low, tail.start):
                return _or_if(here, main, tail, body), 0
            if main is not None and body is not None and (either := _or_be(here, main, body)) is not None:
                return either, 0
            if main is not None and body is not None and (besides := _and_if(here, main, tail, body)) is not None:
                return besides, 0
            if main is not None and (denied := _if_not_so(here, main, tail, following)) is not None:
                return denied, 1
            any_ = True if tail.has("ANY_OF") else None
            condition = here.listed(body, Inherited(), any_=any_) if body and not limits_some(here, tail) else None
            if main is None or condition is None:
                return of_no_clear_role(here, main, tail), 0
            if not following and not tail.has("DUE_TO", "ANY_OF"):
                condition = told_besides(here, [tail], condition) or condition
            if tail.has("DUE_TO") and is_cause(here, tail):
                condition = as_cause(here, tail, condition)
            if isinstance(condition.rule, Treatment) and NEEDED.search(here.text, tail.start, tail.end):
                condition = judgement(here, condition.start, tail.end)  # "if apheresis is required": no record tells
            last = main.parts[-1] if main.rule.kind == "all" else main
            special = special_limit(last, condition)
            if special is not None:
                return rebuilt(main, (*main.parts[:-1], special)) if last is not main else special, 0
            apart = here.text[main.end : tail.start].strip(" ,") if main.end < tail.start else ""
            if isinstance(main.rule, Statement) and not main.requirement and not apart:
                said = here.text[main.start : tail.end]
                return replace(main, rule=main.rule.model_copy(update={"text": said}), end=tail.end), 0
            only = str(tail.kinds[0].value).startswith(_ONLY_IF)
            limiting = only or (here.exclusion and not main.requirement)
            asked_of_some = isinstance(main.rule, Not) or all(map(_says_who, condition.innermost_rules()))
            limiting = limiting or not (here.exclusion or asked_of_some or not main.requirement or is_of_some(main))
            limiting = limiting or (not here.exclusion and _is_where(main, tail))
            if _is_when_consenting(main, condition):
                return replace(main, end=tail.end), 0  # "18 years or older when signing the informed consent"
            if not here.exclusion and (theirs_too := agreeing(here, main, condition)) is not None:
                return replace(theirs_too, requirement=main.requirement, end=tail.end), 0
            if not here.exclusion and may_be_agreed(here, condition):
                return of_no_clear_role(here, main, tail), 0
            if main.rule.kind == "any":
                last = any_of([*main.parts[:-1], all_of([main.parts[-1], condition])])
                if str(tail.kinds[0].value) == "joined:AND" and _UNLESS.search(here.low, main.start, tail.start):
                    return last.asked(main.requirement), 0  # "unless A, and if B"
                every = all_of([main, condition]) if limiting else for_those(condition, main)
                return replace(
                    ambiguous([every, last], _LAST_OR_ALL),
                    requirement=main.requirement,
                ), 0
            if only and not here.exclusion and not main.requirement and _may_be_had(here, main):
                readings = [for_those(main, condition), all_of([main, condition])]
                return ambiguous(readings, "who may take part, or who must be one of them").asked(True), 0
            if limiting:
                return replace(all_of([main, condition]), requirement=main.requirement), 0
            if (theirs := told_anew(main, condition, exclusion=here.exclusion)) is not None:
                return replace(theirs, requirement=main.requirement, end=tail.end), 0
            asked = of_last_or_all(main, lambda part: for_those(condition, part))
            if not is_of_some(main) and _clause_of_named(here, main, tail):
                words = all_of([main, unread(here.text, tail.start, tail.end, "narrowing")])
                return ambiguous([asked, words], "a condition of all that is asked, or of the clause before it"), 0
            if (alone := _if_of_last(here, main, condition)) is not None:
                return ambiguous([asked, alone], _LAST_OR_ALL).asked(main.requirement), 0
            return replace(asked, requirement=main.requirement), 0
        case "FOR_GROUP" if main is not None and body is not None and _or_of_others(tail, body):
            return of_no_clear_role(here, main, tail), 0
        case "FOR_GROUP" if main is not None and body is not None and _or_in_case(here, tail):
            return _or_if(here, main, tail, body), 0
        case "FOR_GROUP":
            return for_group(here, main, tail, following)
        case "FOR" | "DUE_TO":
            if main is not None and (either := _for_another(here, main, tail)) is not None:
                return either, 0
            if main is not None and following and _is_of_whom(here, tail, following[0]):
                return replace(main, end=max(main.end, tail.end)), 0
            purposed = for_purpose(here, main, tail, body)
            if main is not None and str(tail.kinds[0].value) == "joined:OR" and _narrowed_from(purposed, tail):
                return of_no_clear_role(here, main, tail), 0  # "A, or for those with B, C": no further condition
            return purposed, 0
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
        case "REGARDLESS" if body is not None and main is not None and (besides := behind_aside(here, tail, body)):
            return replace(all_of([main, besides]), requirement=main.requirement), 0
        case "REGARDLESS" if main and body and (either := or_behind_aside(here, main, tail, body)):
            return either, 0
        case "REGARDLESS" if body is not None and not (is_aside(body) or either_way(here, tail, body)):
            return narrowed(here, main, tail.start, tail.end) if main else of_no_clear_role(here, main, tail), 0
        case "REGARDLESS":
            return (main, 0) if main is not None else (of_no_clear_role(here, main, tail), 0)
        case "ANY_OF" | "ALL_OF" if main is not None and (theirs := _listed_of_them(here, main, tail)) is not None:
            return theirs, 0
        case "COLON" | "DASH" | "ANY_OF" | "ALL_OF":
            return colon(here, main, tail, body, inherited), 0
        case "WITHOUT" | "NO" | "NOT" if main is not None and _says_of_denied(here, main, tail):
            such, used = here.fold(main.parts[0], tail, following, inherited)
            return (rebuilt(main, (such,)), used) if such is not None else (main, used)
        case "WITHOUT" | "NO" | "NOT":
            if main is not None and body is not None and (listed := _others_behind(here, main, tail, body)):
                return listed, 0
            if main is not None and (free := free_of_it(here, main, tail) or not_in_state(here, main, tail)):
                return free, 0
            agreed = parted_agreement(here.low, body) if main is not None and body is not None else None
            if agreed is not None:
                return _agreed_by_those(here, main, tail, *agreed), 0
            mothers = mothers_at(body) if here.exclusion and main is not None and body is not None else 0
            if mothers and body is not None:
                # "women not using contraception, pregnant or nursing": not only those who use none
                first, rest = body.parted(mothers)
                before, _ = fold(here, main, replace(tail, body=first, end=first.end), (), inherited)
                behind = here.listed(rest, Inherited())
                return any_of([draft for draft in (before, behind) if draft is not None]), 0
            if main is not None and body is not None and (either := denied_or_another(here, main, tail, body)):
                return either, 0
            denied = without(here, tail, body)
            if denied is None:
                return of_no_clear_role(here, main, tail), 0
            if main is not None and kind == "WITHOUT" and _is_any_drug(denied) and tail.body is not None:
                return narrowed(here, main, tail.start, tail.end), 0  # "potassium < 3.5 mmol/L without medication"
            if main is not None and main.wholly_unread and _is_test(here.low[main.start : main.end]):
                main = on_record(here, main.start, main.end)  # "an electrocardiogram without signs of ischemia"
            if main is not None and kind == "NOT" and (so := _not_so(here, main, tail, denied)) is not None:
                return so, 0
            used = 0
            if following and following[0].has("INCLUDING") and following[0].body is not None:
                if (
                    main is not None
                    and not goes_on(here, tail, following[0])
                    and not kinds_of(here, following[0], denied)
                ):
                    return either_with_examples(here, main, denied, following[0]), 1
                denied = including(here, denied, following[0], following[0].body, Inherited()) or denied
                used = 1
            if main is None:
                return denied, used
            if just_before(OF_STUDY, here.text, main.end, main.start):
                return unread(here.text, main.start, denied.end), used  # "a control group without asthma": of some only
            if main.rule.kind == "any" and is_fertile(main.parts[-1].rule):
                # "pregnant women or women of childbearing potential not using contraception"
                last = any_of([*main.parts[:-1], all_of([main.parts[-1], denied])])
                if not any(isinstance(part.rule, Sex) for part in main.parts):
                    return last, used
                return ambiguous([all_of([main, denied]), last], "a negation of all groups, or of the last"), used
            if here.exclusion and main.rule.kind == "any" and (with_child := [p for p in main.parts if is_mother(p)]):
                # "pregnant women, and men and women of childbearing potential not using contraception"
                others = [part for part in main.parts if part not in with_child]
                if others and all(any(tells_sex(leaf.rule) for leaf in part.leaves()) for part in others):
                    return any_of([*with_child, all_of([any_of(others), denied])]), used
                if others and denied.rule == _NO_CONTRACEPTION:
                    return any_of([*with_child, _of_all_or_last(here, any_of(others), denied)]), used
            if not here.exclusion and _IN_ABSENCE.match(here.low, tail.start) and _may_be_of_those(main, denied):
                readings = [all_of([main, denied]), for_those(denied, main)]
                return ambiguous(readings, "a limit of those without a disease, or that and its absence").asked(
                    main.requirement
                ), used
            return _of_all_or_last(here, main, denied), used
        case _:
            return of_no_clear_role(here, main, tail), 0


_NO_CONTRACEPTION: Final = Not(part=PatientAttribute(attribute="contraception"))


def _if_not_so(here: Composing, main: Draft, tail: Tail, following: Sequence[Tail]) -> Draft | None:
    """ "AST <= 2 x ULN if liver metastases are not present": what is denied in the clause of the condition is denied of
    that; None where nothing is, or where more than a limit or an exclusion is said before it."""
    behind = following[0] if following else None
    if tail.body is None or behind is None or behind.body is None or [k.type for k in behind.kinds] != ["NOT"]:
        return None
    if here.text[tail.body.end : behind.start].strip() or len(tail.kinds) > 1 or len(following) > 1:
        return None
    excluding = here.exclusion and not main.requirement
    if not excluding and (here.exclusion or not analytes_of(main)):
        return None
    if _MAY_BE.search(here.low, main.start, tail.start):
        return None
    there = _THERE.fullmatch(here.low, behind.body.start, behind.body.end) is not None
    named = here.listed(tail.body, Inherited()) if there else None
    if named is not None and not any(leaf.wholly_unread for leaf in named.innermost()):
        condition = negated(named, (tail.body.start, behind.end))
    else:
        words = unread(here.text, tail.kinds[0].end, behind.end)
        condition = told_in_full(here, [tail, behind], ()) or words
    if not excluding:
        return for_those(condition, main).asked(main.requirement)
    if main.rule.kind != "any":
        return all_of([main, condition])
    last = any_of([*main.parts[:-1], all_of([main.parts[-1], condition])])
    return ambiguous([all_of([main, condition]), last], "a condition of the last alternative, or of all")


_MAY_BE: Final = re.compile(r"\b(?:may|can|could|will|allowed|permitted|acceptable|eligible)\b")
_THERE: Final = re.compile(r"present|there|found|known|detected|seen|observed|identified|suspected|documented")
_IN_ABSENCE: Final = re.compile(r"\W*in\s+(?:the\s+)?absence\s+of\b")


def _may_be_of_those(main: Draft, denied: Draft) -> bool:
    """Whether a limit may be that of those without a disease: "AST <= 2.5 x ULN in the absence of metastases"."""
    diseases = all(isinstance(rule, Condition) and not rule.concept.open for rule in denied.innermost_rules())
    absent = isinstance(denied.rule, Not) and diseases
    return absent and all(isinstance(rule, Measurement) for rule in main.innermost_rules())


def _says_of_denied(here: Composing, main: Draft, tail: Tail) -> bool:
    """Whether a second denial says of what is denied what it is not: "no bleeding that has not been treated"."""
    if not isinstance(main.rule, Not) or main.rule.part.kind == "conditional":
        return False
    return _THAT_IS_NOT.search(here.low, main.end, tail.kinds[0].end) is not None


_THAT_IS_NOT: Final = re.compile(r"\b(?:that|which)\s+(?:has|have|had|is|are|was|were|do|does|did)\b")


def _listed_of_them(here: Composing, main: Draft, tail: Tail) -> Draft | None:
    """ "Women must not be nursing, and one of the following applies: A, B": asked of them as well; None where nothing
    was asked of some before it."""
    if here.exclusion or not is_of_some(main) or str(tail.kinds[0].value) != "joined:AND":
        return None
    listed = colon(here, None, tail, tail.body, Inherited())
    return asked_of_them(main, listed) if listed is not None else None


def _others_behind(here: Composing, main: Draft, tail: Tail, body: ListRead) -> Draft | None:
    """ "Cancer not in remission, gout or asthma", "asthma not requiring steroids, gout": what is denied is said of the
    first alone, and of nothing that the others are; None where it may reach further."""
    if len(body.elements) < 2 or not here.exclusion or main.requirement or not _is_disease(body.elements[1]):
        return None
    first, rest = body.parted(1)
    is_state = names_state(here, first.elements[0])
    if not (is_state or (body.separators[0] in ("COMMA", "SEMI") and _is_needed(first.elements[0]))):
        return None
    before = _with_last(
        main, lambda last: fold(here, last, replace(tail, body=first, end=first.end), (), Inherited())[0]
    )
    behind = here.listed(rest, Inherited())
    if before is None or behind is None or behind.requirement or before.wholly_unread:
        return None
    return any_of([before, behind]) if {*body.separators} <= ALTERNATIVES | {"SEMI"} else None


def _with_last(main: Draft, change: Callable[[Draft], Draft | None]) -> Draft | None:
    """A list with its last changed, where more of it follows: the others stand apart from what is said of that."""
    if main.rule.kind != "any" or not main.parts:
        return change(main)
    last = _with_last(main.parts[-1], change)
    return rebuilt(main, (*main.parts[:-1], last)) if last is not None else None


def _is_disease(element: Element) -> bool:
    """Whether it begins with the name of a disease."""
    noun = None if isinstance(element.atoms[0], Group) else element.atoms[0].value
    return isinstance(noun, Noun) and noun.kinds == {"CONDITION"} and bool(noun.head.names) and not element.negations


def _is_needed(element: Element) -> bool:
    """Whether it is a treatment with its verb: "(not) requiring steroids"."""
    noun = None if isinstance(element.atoms[0], Group) else element.atoms[0].value
    return isinstance(noun, Noun) and noun.kinds == {"TREATMENT"} and any(t.type == "USE" for t in noun.before)


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


def _clause_of_named(here: Composing, main: Draft, tail: Tail) -> bool:
    """Whether "if" stands in a clause behind what people have: "(patients with) asthma who need X if they have Y"."""
    who = _WHO_DO.search(here.text, main.start, tail.start)
    return who is not None and any(leaf.start < who.start() for leaf in main.innermost())


_WHO_DO: Final = re.compile(r"\bwho\b")


def _if_of_last(here: Composing, main: Draft, condition: Draft) -> Draft | None:
    """ "A and either B or C if D": what is asked where the condition is one of C alone; None where there is no C."""
    match main.rule.kind:
        case "any":
            return any_of([*main.parts[:-1], all_of([main.parts[-1], condition])])
        case "all":
            last = _if_of_last(here, main.parts[-1], condition)
            return rebuilt(main, (*main.parts[:-1], last)) if last is not None else None
        case "ambiguous":
            read = [_if_of_last(here, part, condition) for part in main.parts]
            lasts = [last for last in read if last is not None]
            return ambiguous(lasts, _LAST_OR_ALL) if len(lasts) == len(read) else None
        case "not" if main.parts and main.parts[0].rule.kind == "any":
            *before, last = main.parts[0].parts
            if _OR_BEHIND.search(here.low, before[-1].end, last.start) is None:
                return None
            return any_of([negated(any_of(before)), all_of([last, condition])])
        case "unread" if _OR_BEHIND.search(here.low, main.start, main.end) is not None:
            return main
        case _:
            return None


_LAST_OR_ALL: Final = "a condition of the last alternative, or of all"
_OR_BEHIND: Final = re.compile(r",\s*or\b")


def _is_any_drug(denied: Draft) -> bool:
    """Whether nothing but drugs or treatments of any kind are denied, which some have for something else."""
    rules = denied.innermost_rules()
    return isinstance(denied.rule, Not) and all(
        isinstance(rule, Treatment) and rule == Treatment(concept=rule.concept) and rule.concept.name in _ANY
        for rule in rules
    )


_ANY: Final = (ANY_DRUG, ANY_TREATMENT)


def _is_test(said: str) -> bool:
    """Whether words are no more than a way of finding something out."""
    return names_no_disease(said) and not said.startswith(("if ", "when ", "where "))


def _not_so(here: Composing, main: Draft, tail: Tail, denied: Draft) -> Draft | None:
    """ "A rash not of viral origin", "equipment not available": what is said not to be so of what stands before it, and
    names nothing itself; None where more than that is denied."""
    read = tail.body
    if (
        read is None
        or len(read.elements) > 1
        or len(tail.kinds) > 1
        or not all(leaf.wholly_unread for leaf in denied.innermost())
    ):
        return None
    if any(isinstance(atom, Group) for atom in read.elements[0].atoms) or main.requirement or denied.requirement:
        return None
    if _THAT_IS.fullmatch(here.low, main.end, tail.kinds[0].end) is None:
        return None
    start = tail.kinds[0].end - len("not")
    if _names_nothing_known(main.rule) and (found := _NOT_SO.fullmatch(here.low, read.start, read.end)) is not None:
        topic: Literal["judgement", "circumstance"] = "judgement" if found[1] else "circumstance"
        said = here.text[main.start : read.end]
        return Draft(
            Statement(text=said, topic=topic, who="investigator" if found[1] else "chart"), main.start, read.end
        )
    if main.parts and main.rule.kind not in ("any", "ambiguous"):
        return _told_not_so(here, main, read.start, read.end)
    made = narrowed(here, main, start, read.end)
    if not any(leaf.wholly_unread for leaf in made.leaves()):
        return made
    return _told_not_so(here, main, read.start, read.end)


def _told_not_so(here: Composing, main: Draft, start: int, end: int) -> Draft | None:
    """ "Cancer that has not been previously treated", "for which therapy is not suitable": what is told of it, with the
    words that stand between; None where more may be said, or of the trial."""
    said = here.low[start:end].strip(" ,.;")
    if (_NOT_SO.fullmatch(said) or _NOT_DONE.fullmatch(said)) is None or not _CLOSED.match(here.text, end):
        return None
    last = main.parts[-1] if main.rule.kind == "all" else main
    if isinstance(last.rule, Statement) and last is not main and _OF_IT.match(last.rule.text):
        told = Statement(text=here.text[last.start : end].strip(" ,.;"), topic=last.rule.topic, who=last.rule.who)
        return rebuilt(main, (*main.parts[:-1], Draft(told, last.start, end)))
    if main.parts or not isinstance(main.rule, Condition | Treatment) or main.rule.exceptions:
        return None
    if main.rule.concept.open and _OF_WHAT.match(here.low, main.end) is None:
        return None  # "cytology alone is not sufficient": what a trial takes
    clause = here.text[main.end : end].strip(" ,.;")
    return all_of([main, Draft(Statement(text=clause, topic="circumstance", who="chart"), main.end, end)])


_CLOSED: Final = re.compile(r"\s*(?:[.;)\n]|\Z)")
_OF_IT: Final = re.compile(r"(?:for|in|of)\s+(?:which|whom)\b")
_OF_WHAT: Final = re.compile(r"\s*(?:that|which|who)\b")
_NOT_DONE: Final = re.compile(
    r"(?:[a-z]+ly\s+)*(?!requir|need|allow|permit|exclu|inclu|consider|enrol|recommend|defin|used|approv)"
    r"(?:[a-z]+ed|(?:proven|shown)(?:\s+[a-z]+)?|seen|taken|given)(?:\s+(?:for|to|with|at|in|by|on)\s+[a-z' -]+)?"
)


def _names_nothing_known(rule: Rule) -> bool:
    """Whether it is told in words of its own, and nothing more is said of it."""
    if isinstance(rule, Condition):
        return rule == Condition(concept=rule.concept) and rule.concept.open
    return isinstance(rule, Statement)


_THAT_IS: Final = re.compile(
    r"\s*(?:(?:that|which)\s+)?(?:(?:is|are|was|were|(?:has|have)(?:\s+been)?|can|could)\s+)?(?:not|cannot)(?:\s+be)?"
)
_NOT_SO: Final = re.compile(
    r"(?:[a-z]+ly\s+)?(?:(appropriate|suitable|sufficient|adequate|effective|feasible|possible|advisable|acceptable|indicated)"
    r"|available|accessible|performed|done|obtained|defined|followed|evaluable|assessable|measurable|tolerated|detectable"
    r"|controlled|corrected|resolved|completed|confirmed|documented|established|reported|visible|identified)"
    r"(?:\s+(?:for|to|with|at|in|by|on)\s+[a-z' -]+)?"
)


_OR_LIMIT: Final = re.compile(r"\bor\s*(?:[<>≤≥]|=<)")  # "< 1.5 if no A or < 3 if B": another limit, no condition


def _of_all_or_last(here: Composing, main: Draft, denied: Draft) -> Draft:
    """ "Asthma or bronchitis without fever": of both, or of the last; of both where they share a noun."""
    whole = all_of([main, denied])
    if main.rule.kind != "any" or main.requirement or denied.requirement:
        return whole
    named = [leaf.rule.concept for leaf in main.innermost() if isinstance(leaf.rule, Condition | Treatment)]
    if len({*named}) < 2:
        return whole  # "prior or current asthma"
    if _WHO.search(here.text, main.end, denied.start) and not any(main.start < at < main.end for at in here.people):
        return whole  # "patients with asthma or bronchitis who are not ...": the people, whichever they have
    before = (tokenize(here.text[part.start : part.end]) for part in main.parts[:-1])
    if not all(any(t.type in ("CONDITION", "TREATMENT") for t in tokens) for tokens in before):
        return whole
    last = any_of([*main.parts[:-1], all_of([main.parts[-1], denied])])
    return ambiguous([whole, last], "a denial of a list, or of its last")


_WHO: Final = re.compile(r"\s*who\b", re.IGNORECASE)


def _agreed_by_those(here: Composing, main: Draft | None, tail: Tail, denied: ListRead, read: ListRead) -> Draft:
    """ "Men who are not sterile agree to A": what is denied of them is not what they agree to."""
    people, _ = fold(here, main, replace(tail, body=denied, end=denied.end), (), Inherited())
    agreed = here.listed(read, Inherited(), plain=True)
    if people is None or agreed is None:
        return of_no_clear_role(here, main, tail)
    if main is not None and is_group(main) and agreements(agreed) and not here.exclusion:
        return replace(for_those(people, agreed), requirement=True)
    return agreed_by(here, people, agreed)


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


_UNLESS: Final = re.compile(r"\bunless\b[^.;]*\Z")
_OR_LAST: Final = re.compile(r"\bor\s*,?\s*$")


def _or_be(here: Composing, main: Draft, body: ListRead) -> Draft | None:
    """ "(Must) have a negative test if fertile or be sterile": what is asked instead is no further condition of it;
    None where nothing is."""
    at = next((i for i in range(1, len(body.elements)) if _BE.match(here.low, body.elements[i - 1].end)), None)
    if at is None or body.separators[at - 1] != "OR" or here.exclusion:
        return None
    of_whom, instead = (here.listed(part, Inherited(), plain=True) for part in body.parted(at))
    if of_whom is None or instead is None:
        return None
    return replace(any_of([for_those(of_whom, main), instead]), requirement=main.requirement)


def _is_where(main: Draft, tail: Tail) -> bool:
    """Whether more is told of a disease: "melanoma where resection is planned" is none of somebody else's."""
    rules = main.innermost_rules()
    named = isinstance(rules[0], Condition) and all(isinstance(rule, Condition | Measurement) for rule in rules)
    return named and str(tail.kinds[0].value) == "where"


def _is_when_consenting(main: Draft, condition: Draft) -> bool:
    """Whether an age is that at the consent."""
    return is_consent(condition.rule) and all(isinstance(asked, Age) for asked in main.innermost_rules())


_BE: Final = re.compile(r"\s*,?\s*or\s+(?:else\s+|must\s+|to\s+)?be\b")


def _or_in_case(here: Composing, tail: Tail) -> bool:
    """Whether it is an alternative that is told as a case, and not of whom it is asked: "or in case C"."""
    return str(tail.kinds[0].value) == "joined:OR" and _IN_CASE.match(here.low, tail.start) is not None


_IN_CASE: Final = re.compile(r"\W*(?:or\s+)?in\s+case\s+(?!of\b)")


def _says_who(rule: Rule) -> bool:
    return isinstance(rule, Sex | Age) or is_fertile(rule) or is_pregnancy(rule)


def _may_be_had(here: Composing, main: Draft) -> bool:
    """Whether it is a disease or a treatment of some patients: "brain metastases only if treated"."""
    studied = {concept.name for concept in here.context.studied}
    return all(
        isinstance(rule, Treatment)
        or (isinstance(rule, Condition) and rule.concept.name not in studied and not is_malignant(rule.concept))
        for rule in main.innermost_rules()
    )


def _or_if(here: Composing, main: Draft, tail: Tail, body: ListRead) -> Draft:
    """ "Pregnant, or, if fertile, without contraception": one alternative more, of those whom it concerns; or what is
    asked of them in the place of what is asked of the others: "sterile, or, if fertile, using contraception"."""
    if "," not in here.text[tail.start : tail.end] and main.rule.kind != "all":
        named = here.listed(body, Inherited(), plain=True)  # "or if no therapy is approved": no more than that
        whole = named is not None and not any(leaf.wholly_unread for leaf in named.innermost())
        alternative = named if named is not None and whole else unread(here.text, tail.start, tail.end, "widening")
        return any_of([main, alternative]).asked(main.requirement)
    parted = len(body.elements) > 1 and body.separators[0] == "COMMA"
    concerned, asked = (
        (here.listed(part, Inherited(), plain=True) for part in body.parted(1)) if parted else (None, None)
    )
    if concerned is None or asked is None:
        return of_no_clear_role(here, main, tail)
    if here.exclusion:
        return any_of([main, all_of([concerned, asked])])
    listed = main.rule.kind == "all" and "," in here.text[main.parts[0].end : main.parts[-1].start]
    if listed or any(leaf.wholly_unread for leaf in (*concerned.innermost(), *asked.innermost())):
        return of_no_clear_role(here, main, tail)  # "A, B, or, if C, D": B, or A and B, stand where C does not hold
    return replace(conditional(concerned, asked, main), end=tail.end, requirement=main.requirement)


def _and_if(here: Composing, main: Draft, tail: Tail, body: ListRead) -> Draft | None:
    """ "Consent and, if under 18 years, assent": one thing more that is asked, of those whom it concerns; None where
    the clause is a condition of what precedes it."""
    if here.exclusion or str(tail.kinds[0].value) != "joined:AND" or body.separators[:1] != ["COMMA"]:
        return None
    concerned, asked = (here.listed(part, Inherited(), plain=True) for part in body.parted(1))
    if concerned is None or asked is None or len(body.elements) > 2:
        return of_no_clear_role(here, main, tail)
    return all_of([main, for_those(concerned, asked)]).asked(main.requirement)


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
_ONLY_IF: Final = ("provided", "as long", "only", "so long")
NEEDED: Final = re.compile(r"\b(?:required|needed|necessary|indicated)\b", re.IGNORECASE)
