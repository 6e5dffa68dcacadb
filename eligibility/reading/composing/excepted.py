"""What "except", "other than" and "but not" take out of what precedes them, with what is said of the excepted."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from eligibility.knowledge.vocabulary import vocabulary
from eligibility.reading.composing.examples import KINDS, including, kinds_of_it
from eligibility.reading.composing.exceptions import (
    examples_of,
    excepting,
    exception,
    is_apart,
    is_enclosed,
    such_as,
    with_clause,
)
from eligibility.reading.composing.judgements import judgement, tells_harmless
from eligibility.reading.composing.own_limits import limits_some
from eligibility.reading.composing.purposes import for_purpose
from eligibility.reading.composing.states import in_states
from eligibility.reading.composing.terms import Composing, Inherited
from eligibility.reading.composing.unknowns import of_no_clear_role, told_in_full
from eligibility.reading.drafts import Draft, all_of, ambiguous, any_of, each_leaf, negated, unread
from eligibility.reading.patterns import PERSONS
from eligibility.reading.sentences import ListRead, Tail
from eligibility.rules import Condition, Not, Rule, Statement, Treatment, Unread


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
    if named is not None and main is not None:
        named = kinds_of_it(main, named, here.text, any_=True)
    if main is not None and (purposes := _other_purposes(here, main, tail, named)) is not None:
        return exception(here, main, tail, purposes), 0
    if named is not None and not (main is not None and isinstance(main.rule, Condition)):
        named = as_cause(here, tail, named)
    if main is not None and named is not None and following:
        opinion = _judged_of_excepted(here, main, tail, named, following[0])
        if opinion is not None:
            return exception(here, main, replace(tail, end=opinion.end), _of_last(named, opinion)), 1
    if main is not None and named is not None and not following:
        clause = _CLAUSE_BEHIND.search(here.text, named.start, tail.end)
        stated = any(isinstance(leaf.rule, Statement | Unread) for leaf in named.innermost())
        if clause is not None and not stated and any(isinstance(leaf.rule, Condition) for leaf in main.innermost()):
            return _of_either(here, main, tail, named, clause.start()), 0
    if main is not None and named is not None and following and following[0].kinds[0].type == "DEFINED":
        return _as_defined(here, main, tail, named, following[0]), 1
    if main is not None and named is not None and following and following[0].kinds[0].type == "MUST":
        asked = _asked_of_excepted(here, main, tail, named, following[0])
        if asked is not None:
            return asked, 1
    if main is not None and named is not None and following and [k.type for k in following[0].kinds] == ["IF"]:
        spared = _if_so(here, main, tail, named, following[0])
        if spared is not None:
            return spared, 1
    if main is not None and named is not None and following and [k.type for k in following[0].kinds] == ["FOR_GROUP"]:
        spared = _in_those(here, main, tail, named, following[0])
        if spared is not None:
            return spared, 1
    reason = bool(following) and following[0].has("DUE_TO") and goes_on(here, tail, following[0])
    if main is not None and named is not None and reason:
        if (spared := _together(here, main, tail, named, following[0])) is not None:
            return spared, 1
        return _for_its_reason(inner, main, tail, named, following)
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
            if tells_harmless(here.text[named.start : named.end]):
                # why it is spared, which is no less so of those that are named
                return exception(here, main, tail, any_of([named, _as_the_whole(named, listed)])), 1
            return ambiguous([of_main, of_named], "examples of what is excepted, or of what it is excepted from"), 1
    widened = including(inner, named, examples, examples.body, Inherited())
    if apart and (goes_on(here, tail, examples) or kinds_of(here, examples, named)):
        return _but_not(main, widened or named, tail), 1
    if apart:
        return either_with_examples(here, main, negated(named, (tail.start, named.end)), examples), 1
    at_once = goes_on(here, tail, examples) and _INCLUDING.match(here.low, examples.start) is not None
    if widened is not None and at_once and not examples_of(named, widened):
        # "except solid tumors including lymphomas that were cured"
        return unread(here.text, main.start, examples.end), 1
    if widened is None or not examples_of(named, widened):
        return exception(here, main, tail, named), 0
    same = [leaf.rule.concept for leaf in main.leaves() if isinstance(leaf.rule, Condition | Treatment)]
    itself = isinstance(named.rule, Condition | Treatment) and named.rule.concept in same
    if not (goes_on(here, tail, examples) or itself or kinds_of(here, examples, named)):
        if _OTHER_THAN.match(here.low, tail.start) is not None:
            return exception(here, main, tail, named), 0  # "arthritis other than gout, such as lupus"
        of_main = including(here, exception(here, main, tail, named), examples, examples.body, Inherited())
        readings = [of_main or main, exception(here, main, tail, widened)]
        why = "examples of what is excepted, or of what it is excepted from"
        return ambiguous(readings, why).asked(main.requirement), 1
    if itself:
        widened = such_as(here, named, widened)
    return exception(here, main, tail, widened), 1


def _as_the_whole(named: Draft, listed: Draft) -> Draft:
    """Examples of diseases with the attributes of the whole: of "fully treated cancers", such as are fully treated."""
    said = [text for rule in named.innermost_rules() if isinstance(rule, Condition) for text in rule.qualifiers]

    def so(leaf: Draft) -> Draft:
        rule = leaf.rule
        if not said or not isinstance(rule, Condition):
            return leaf
        more = tuple([text for text in said if text not in rule.qualifiers])
        return replace(leaf, rule=rule.model_copy(update={"qualifiers": (*more, *rule.qualifiers)}))

    return each_leaf(listed, so)


_OTHER_THAN: Final = re.compile(r"\W*(?:other|apart|aside|different)\b")


def _asked_of_excepted(here: Composing, main: Draft, tail: Tail, named: Draft, must: Tail) -> Draft | None:
    """ "Therapy, except palliative radiotherapy, which must be completed 2 weeks before": only such a radiotherapy is
    spared; None where it is asked of nothing that is excepted."""
    if tail.body is None or _WHICH_MUST.fullmatch(here.low, tail.body.end, must.start) is None:
        return None
    asked = here.literally().listed(must.body, Inherited(), plain=True) if must.body is not None else None
    if asked is None or any(leaf.wholly_unread for leaf in asked.leaves()):
        asked = unread(here.text, must.start, must.end, "narrowing")
    return with_clause(here, main, named, replace(asked, requirement=False), tail.start)


def _if_so(here: Composing, main: Draft, tail: Tail, named: Draft, condition: Tail) -> Draft | None:
    """ "Cancer, except melanoma if it was resected": only such a melanoma is spared; None where what is excepted, or
    what it is excepted from, is no disease or treatment, or something stands between."""
    facts = [*main.innermost_rules(), *named.innermost_rules()]
    read = condition.body
    joint = here.text[tail.body.end : condition.start] if tail.body is not None else ""
    if read is None or _MORE_BETWEEN.search(joint) or ("," in joint and condition.kinds[0].value == "where"):
        return None
    if not all(isinstance(rule, Condition | Treatment) for rule in facts):
        return None
    last = named.parts[-1] if named.rule.kind == "any" else named
    so = (in_states(here, last, read) if not last.parts else None) or here.literally().listed(read, Inherited())
    if so is None or any(leaf.wholly_unread for leaf in so.innermost()):
        words = unread(here.text, condition.start, condition.end, "narrowing")
        so = told_in_full(here, [condition], ()) or words
    return with_clause(here, main, named, replace(so, requirement=False), tail.start)


_MORE_BETWEEN: Final = re.compile(
    r"[^\w\s,-]"
)  # words between that were left out, "carcinoma of any type", say nothing


def _in_those(here: Composing, main: Draft, tail: Tail, named: Draft, people: Tail) -> Draft | None:
    """ "Steroids, except hydrocortisone in patients with adrenal insufficiency": only theirs is spared, or, in no
    parenthesis, these may be the people whom all of it concerns."""
    of_excepted = _if_so(here, main, tail, named, people)
    if of_excepted is None or limits_some(here, people) or is_enclosed(here, main, tail.start):
        return of_excepted
    of_all, _ = here.fold(exception(here, main, tail, named), people, (), Inherited())
    if of_all is None:
        return of_excepted
    either = ambiguous([of_excepted, of_all], "people of whom something is excepted, or whom all of it concerns")
    return replace(either, requirement=main.requirement)


_WHICH_MUST: Final = re.compile(r"\s*(?:,\s*)?(?:that|which|who|and\s+these|these)\s*")


_INCLUDING: Final = re.compile(r"\W*including\b")


def _as_defined(here: Composing, main: Draft, tail: Tail, named: Draft, meaning: Tail) -> Draft:
    """ "Diabetes, except mild diabetes, defined as A": mild diabetes where A is so, or, behind a comma, all that is not
    excepted where A is so."""
    meant = here.literally().listed(meaning.body, Inherited()) if meaning.body is not None else None
    if meant is None or any(leaf.wholly_unread for leaf in meant.leaves()):
        meant = unread(here.text, meaning.start, meaning.end, "narrowing")
    of_named = exception(here, main, tail, all_of([named, meant]))
    if "," not in here.text[named.end : meaning.kinds[0].start]:
        return of_named
    spared = exception(here, main, tail, named)
    denied = isinstance(spared.rule, Not) and bool(spared.parts)
    of_main = negated(all_of([spared.parts[0], meant])) if denied else all_of([spared, meant])
    both = [of_named, of_main.asked(main.requirement)]
    return ambiguous(both, "a definition of what is excepted, or of what it is excepted from").asked(main.requirement)


def _judged_of_excepted(here: Composing, main: Draft, tail: Tail, named: Draft, behind: Tail) -> Draft | None:
    """A judgement of what is excepted, "(cancers except) those that the physician considers cured", or of any of a kind
    of which something is excepted, which would else be nothing; None where it is of what that is an exception to."""
    if behind.kinds[0].type != "JUDGED" or tail.body is None:
        return None
    if _WHICH.fullmatch(here.low, tail.body.end, behind.start) is None:
        return None
    last = named.parts[-1] if named.rule.kind == "any" else named
    verb = _CONSIDERED.search(here.low, last.start, behind.start)
    opinion = judgement(here, verb.start() if verb is not None else behind.start, behind.end)
    concepts = [leaf.rule.concept for leaf in main.innermost() if isinstance(leaf.rule, Condition | Treatment)]
    itself = isinstance(last.rule, Condition | Treatment) and last.rule.concept in concepts
    return opinion if itself or tells_harmless(here.text[opinion.start : opinion.end]) else None


_WHICH: Final = re.compile(r"\s*(?:(?:that|which)\s*,?\s*)?")
_CONSIDERED: Final = re.compile(r"\b(?:considered|deemed|judged|felt|thought|determined|believed)\b")


def _of_last(named: Draft, opinion: Draft) -> Draft:
    """What is excepted, the last of it where somebody judges so."""
    if named.rule.kind != "any":
        return all_of([named, opinion])
    return any_of([*named.parts[:-1], all_of([named.parts[-1], opinion])])


_TOGETHER: Final = re.compile(  # said of the drug before it, never of what that is an exception to
    r"(?:(?:alone|(?:as|in)\s+(?:an?\s+)?(?:monotherapy|single\s+agent))\s+or\s+)?(?:in\s+combination|combined|together)\s+with\b",
    re.IGNORECASE,
)


def _together(here: Composing, main: Draft, tail: Tail, named: Draft, behind: Tail) -> Draft | None:
    """ "Drugs other than A in combination with B": A with B is spared, and so is the B with it."""
    if not isinstance(named.rule, Treatment) or _TOGETHER.match(here.text, behind.start) is None or behind.body is None:
        return None
    partners = here.listed(behind.body, Inherited(), any_=True)
    leaves = partners.innermost() if partners is not None else []
    if not leaves or not all(isinstance(leaf.rule, Treatment) for leaf in leaves):
        return None
    said, _ = here.fold(named, behind, (), Inherited())
    if said is None or not isinstance(said.rule, Treatment):
        return None
    beside = [
        replace(leaf, rule=leaf.rule.model_copy(update={"qualifiers": (f"together with {named.rule.concept.name}",)}))
        for leaf in leaves
    ]
    return replace(excepting(main, [said, *beside]), end=behind.end)


def _for_its_reason(
    here: Composing, main: Draft, tail: Tail, named: Draft, following: Sequence[Tail]
) -> tuple[Draft, int]:
    """ "Insulin, except short courses due to an illness such as gout": the reason is of what is excepted."""
    said, taken = here.fold(named, following[0], (), Inherited())
    taken += 1
    if said is not None and following[1:] and following[1].has("INCLUDING"):
        said, more = here.fold(said, following[1], (), Inherited())
        taken += 1 + more
    return exception(here, main, tail, said), taken


_CLAUSE_BEHIND: Final = re.compile(  # not what makes harmless, which is said of what is excepted
    r"\b(?:that|which)\s+(?:is|are|has|have|had|was|were|required?|requires|may|might|could)\b"
    r"(?!\s+(?:been\s+)?(?:(?:considered|deemed)\s+)?(?:to\s+be\s+)?(?:\w+ly\s+)?(?:undergone\s+(?:\w+ly\s+)?curative|treated|resected|removed|excised|cured)\b)"
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
    given = main.innermost_rules()
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


_OR_PEOPLE: Final = re.compile(rf"\bor\s+(?:{PERSONS}|those)\b", re.IGNORECASE)
_CAUSE: Final = re.compile(r"(?:due to|caused by|attributable to|attributed to|explained by)$", re.IGNORECASE)


def as_cause(here: Composing, tail: Tail, named: Draft) -> Draft:
    """ "(AST > 2 x ULN) unless due to metastases": somebody who has them may have it for another reason."""
    due = next((t for t in tail.kinds if t.type == "DUE_TO" or _CAUSE.search(here.text, t.start, t.end)), None)
    return named if due is None else all_of([named, judgement(here, due.start, named.end)])


def kinds_of(here: Composing, examples: Tail, whole: Draft) -> bool:
    """Whether each example is a kind of what stands before it: "no surgery, including mastectomy"."""
    given = here.listed(examples.body, Inherited(), any_=True) if examples.body is not None else None
    kinds = [leaf.rule for leaf in whole.innermost() if isinstance(leaf.rule, Condition | Treatment)]
    return given is not None and all(
        isinstance(rule, Condition | Treatment)
        and any(vocabulary().is_a(KINDS[rule.kind], rule.concept.name, each.concept.name) for each in kinds)
        for rule in given.innermost_rules()
    )


def either_with_examples(here: Composing, main: Draft, denied: Draft, examples: Tail) -> Draft:
    """ "A not caused by B, including C": C is an example of A, or of what is denied."""
    whole = including(here, main, examples, examples.body, Inherited()) or main
    if kinds_of(here, examples, main):
        return all_of([whole, denied])
    inside = including(here, denied, examples, examples.body, Inherited()) or denied
    return ambiguous(
        [all_of([whole, denied]), all_of([main, inside])], "examples of what is asked, or of what is denied"
    )


def goes_on(here: Composing, tail: Tail, following: Tail) -> bool:
    """Whether nothing parts what two tails say, so that the second is about the first."""
    return tail.body is not None and not here.text[tail.body.end : following.start].strip()
