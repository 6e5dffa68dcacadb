"""For whom, and for what, something is asked or given."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Final

from eligibility.knowledge.familiar import familiar
from eligibility.knowledge.vocabulary import ANY_CONDITION, ANY_TREATMENT, texts, vocabulary
from eligibility.reading.composing.attribute_phrases import are_of_one_noun, known_attributes
from eligibility.reading.composing.groups import parenthesised
from eligibility.reading.composing.judgements import judgement
from eligibility.reading.composing.own_limits import (
    analytes_of,
    beyond,
    exception_behind,
    group_and_further,
    limits_some,
    own_limit,
    special_limit,
    told_anew,
)
from eligibility.reading.composing.qualifying import narrowed
from eligibility.reading.composing.terms import (
    ALTERNATIVES,
    Composing,
    Inherited,
    StatementRead,
    is_contraception,
)
from eligibility.reading.composing.unknowns import of_no_clear_role
from eligibility.reading.composing.windows import (
    is_theirs_alone,
    lift_window,
    of_beginning,
    window_of_test,
    windowed,
    without_window,
)
from eligibility.reading.drafts import Draft, all_of, ambiguous, any_of, conditional, for_those, rebuilt, unread
from eligibility.reading.lexing.tokens import Token
from eligibility.reading.patterns import AND, COMPARED, PERSONS, just_before
from eligibility.reading.phrases import Noun
from eligibility.reading.rewriting.test_results import WITH_RESULT
from eligibility.reading.sentences import Element, Group, ListRead, Tail
from eligibility.rules import (
    Age,
    Concept,
    Condition,
    Finding,
    Measurement,
    Not,
    PatientAttribute,
    Span,
    Statement,
    Treatment,
    Unread,
)

_OF_RISK: Final = re.compile(r"\b(?:risks?|potential|propensity|likelihood|responsible|known)\s+$")
_COPULA: Final = (
    re.compile(  # "the preferred treatment for patients is surgery": the patients are not what "is" is said of
        rf"(?:for|in|among)\s+(?:the\s+|this\s+|these\s+)?(?:{PERSONS})\s+(?:is|was|will be)\b",
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
        if asked is not None and len(saved) == 1 and saved[0].has("UNLESS"):
            return here.fold(asked, saved[0], (), Inherited())
    if main is not None and (own := own_limit(here, main, tail, following)) is not None:
        return own
    if main is not None and limits_some(here, tail):
        return of_no_clear_role(here, main, tail), 0  # "... for women, platelets >= 100": whose, or a further limit
    further = group_and_further(here, main, body) if main and body and not here.exclusion else None
    if further is not None and main is not None:
        return _with_further_limit(here, main, tail, further), 0
    tested = main if main is not None and isinstance(main.rule, Finding | Measurement) else None
    window = window_of_test(body) if tested is not None and body is not None else None
    group = here.listed(body, Inherited(), plain=True) if body else None
    if group is None:
        return (main if main is not None and tail.body is None else of_no_clear_role(here, main, tail)), 0
    if tested is not None and window is not None:
        main = windowed(tested, window)  # "a negative test for women of childbearing potential within 14 days"
    if main is None:
        return group, 0
    if not here.exclusion and (theirs_too := agreeing(here, main, group)) is not None:
        return replace(theirs_too, requirement=main.requirement, end=tail.end), 0
    special = special_limit(main, group)
    if special is not None:
        return special, 0
    if not here.exclusion and (apart := _behind_semicolon(here, main, group)) is not None:
        return replace(apart, requirement=main.requirement, end=tail.end), 0
    if (theirs := told_anew(main, group, exclusion=here.exclusion)) is not None:
        return replace(theirs, requirement=main.requirement, end=tail.end), 0
    if main.rule.kind in ("any", "ambiguous"):
        return of_no_clear_role(here, main, tail), 0  # an alternative for some, or a requirement for some
    if analytes_of(main) & analytes_of(group):
        return of_no_clear_role(here, main, tail), 0  # a limit of theirs, or a second one of all
    if here.exclusion and not main.requirement:
        return all_of([main, group]), 0
    if not main.requirement and _IN.match(here.text, tail.start) and _names_what_they_have(main):
        return all_of([main, group]), 0  # "iron deficiency in patients with heart failure"
    return replace(for_those(group, main), requirement=main.requirement), 0


def agreeing(here: Composing, main: Draft, group: Draft) -> Draft | None:
    """ "A negative test for women of childbearing potential and agreement to B": B is asked for, and does not say who
    they are; None where nothing is agreed to behind them."""
    if group.rule.kind != "all" or main.rule.kind in ("any", "ambiguous"):
        return None
    *who, agreed = group.parts
    if not isinstance(agreed.rule, Statement | PatientAttribute) or not _is_agreed(here, who[-1], agreed):
        return None
    people = all_of(who)
    theirs = for_those(people, all_of([main, agreed]))
    if is_contraception(agreed.rule):
        return theirs
    return ambiguous([theirs, all_of([for_those(people, main), agreed])], "asked of the group, or of everybody")


def may_be_agreed(here: Composing, group: Draft) -> bool:
    """Whether something that is agreed to stands among alternatives of who is meant: "if B, and agrees to C, or D"."""
    return group.rule.kind in ("any", "ambiguous") and any(
        isinstance(agreed.rule, Statement | PatientAttribute) and _is_agreed(here, who, agreed)
        for who, agreed in pairwise(group.innermost())
    )


def _is_agreed(here: Composing, who: Draft, agreed: Draft) -> bool:
    """Whether what stands behind people is joined to them as what they agree to, or use."""
    if is_contraception(agreed.rule):
        return _JOINED.search(here.low, who.end, agreed.start + len("with")) is not None
    joint = AND.search(here.low, who.end, agreed.start + 1) or AND.match(here.low, agreed.start)
    return joint is not None and _AGREED.match(here.low, joint.start()) is not None


_JOINED: Final = re.compile(r",|\b(?:and|with)\b")
_AGREED: Final = re.compile(
    r"\W*(?:and\s+)?(?:(?:the|an?|are|is|be|must)\s+)*(?:agree|willing|use\b|using\b|consent|commit|abilit|"
    r"able\s+(?!to\s+(?:become|get|bear|conceive|have\s+children)))"
)


def _with_further_limit(here: Composing, main: Draft, tail: Tail, further: tuple[ListRead, ListRead, Draft]) -> Draft:
    """ "A >= 9 for patients with B, and C >= 10": C is asked of everybody, or says who of the group is meant."""
    named, limit, asked = further
    theirs, _ = for_group(here, main, replace(tail, body=named, end=named.end))
    group = here.listed(named, Inherited(), plain=True)
    if theirs is None or group is None or any(leaf.wholly_unread for leaf in group.innermost()):
        return of_no_clear_role(here, main, tail)
    besides = replace(all_of([theirs, asked]), requirement=main.requirement)
    if "," in here.text[named.end : limit.start]:
        return besides
    of_them = replace(for_those(all_of([group, asked]), main), requirement=main.requirement)
    return replace(
        ambiguous([besides, of_them], "a limit of everybody, or of the group before it"), requirement=main.requirement
    )


_IN: Final = re.compile(r"(?:in|among)\b", re.IGNORECASE)


def _names_what_they_have(main: Draft) -> bool:
    """Whether it names diseases and no more: what those of whom it is said have, not what is asked of them."""
    return all(isinstance(leaf.rule, Condition) for leaf in main.innermost()) and not any(
        isinstance(part.rule, Not) for part in main.leaves()
    )


def _behind_semicolon(here: Composing, main: Draft, group: Draft) -> Draft | None:
    """ "A; B for patients with C": A is asked of everybody, or of the others; None where no semicolon parts them."""
    if main.rule.kind != "all" or ";" not in here.text[main.parts[-2].end : main.parts[-1].start]:
        return None
    *before, last = main.parts
    if beyond(group, before[-1:]):  # "A <= 1.5; B >= 60 for patients with A > 1.5"
        return all_of([*before[:-1], conditional(group, last, before[-1])])
    besides = all_of([*before, for_those(group, last)])
    if not _of_one_subject(before[-1], last):
        return besides
    instead = all_of([*before[:-1], conditional(group, last, before[-1])])
    return ambiguous([besides, instead], "a limit of some, in place of that of all, or beside it")


def _of_one_subject(first: Draft, second: Draft) -> bool:
    """Whether two limits are of the same thing: two ages, or two limits of one analyte."""
    ages = [all(isinstance(leaf.rule, Age) for leaf in draft.innermost()) for draft in (first, second)]
    return all(ages) or bool({*analytes_of(first)} & {*analytes_of(second)})


def for_purpose(here: Composing, main: Draft | None, tail: Tail, body: ListRead | None) -> Draft:
    """ "Surgery for X", "dialysis due to X": what a treatment was given for; behind anything else, narrowing."""
    if main is None:
        return of_no_clear_role(here, main, tail)
    if body is not None and (aside := _condition_behind(body)) is not None:
        treated = for_purpose(here, main, replace(tail, end=len(here.text[: aside.start].rstrip())), body)
        if _OF_ANOTHER.search(here.text, aside.start, aside.end):
            return replace(
                treated, end=max(treated.end, aside.end)
            )  # what is given for another disease is not for this
        return parenthesised(here, treated, aside)
    if body is not None and not here.exclusion and (at := _recovery_behind(body)):  # "for cancer, and recovered"
        first, rest = body.parted(at)
        treated = for_purpose(here, main, replace(tail, body=first, end=first.end), first)
        besides = here.listed(rest, Inherited(), plain=True)
        both = all_of([treated, besides]) if besides is not None else treated
        return replace(both, requirement=main.requirement)
    if str(tail.kinds[0].value) == WITH_RESULT:
        return _with_result(here, main, tail, body)
    if body is not None and (said := _said_together(here, main, tail, body)) is not None:
        return said
    if isinstance(main.rule, Not) and main.parts:  # "no prior chemotherapy for metastatic disease"
        return replace(rebuilt(main, (for_purpose(here, main.parts[0], tail, body),)), end=max(main.end, tail.end))
    if body is not None and tail.kinds[0].type == "FOR" and (at := _treatment_behind(main, body)):
        return _or_treated(here, main, tail, body, at)
    if analytes_of(main) and body is not None:
        group = here.listed(body, Inherited(), plain=True)
        special = special_limit(main, group) if group is not None else None
        if special is not None:
            return special
    if body is not None and isinstance(main.rule, Treatment) and is_theirs_alone(main, tail):
        lifted = lift_window(body, ListRead([], [], main.start, main.start), False)
        dated = windowed(main, of_beginning(lifted, here.text, main.start)) if lifted is not None else None
        if dated is not None:  # "hospitalization for heart failure within 6 months"
            return replace(for_purpose(here, dated, without_window(tail), body), end=tail.end)
    words = here.text[tail.start : tail.end]
    if isinstance(main.rule, Treatment) and _ANY_PURPOSE.fullmatch(words):
        return replace(main, end=max(main.end, tail.end))
    if isinstance(main.rule, Treatment) and just_before(_OF_RISK, here.low, tail.start):
        return narrowed(here, main, tail.start, tail.end)  # "drugs known to increase the risk for X": not given for X
    last = main.parts[-1] if main.rule.kind == "any" and tail.kinds[0].type == "FOR" else None
    if last is not None and isinstance(last.rule, Statement) and _goes_on_plainly(here, last, tail):
        others = [leaf.rule for part in main.parts[:-1] for leaf in part.innermost()]
        if not any(isinstance(rule, Statement | Treatment) for rule in others):
            # "metastases, including patients who continue to require steroids for brain metastases"
            return replace(rebuilt(main, (*main.parts[:-1], for_purpose(here, last, tail, body))), end=tail.end)
    if isinstance(main.rule, Statement) and tail.kinds[0].type == "FOR":
        return replace(main, rule=main.rule.model_copy(update={"text": here.text[main.start : tail.end]}), end=tail.end)
    if isinstance(main.rule, Statement) and body is not None and _goes_on_plainly(here, main, tail):
        return _said_with_cause(here, main, main.rule, tail, body)
    if _FOR_WHOM.match(words):
        judged_ = judgement(here, tail.start, tail.end)
        if str(tail.kinds[0].value) != "joined:OR":
            return all_of([main, judged_])
        if main.rule.kind == "all":  # "tumors that have progressed, or for which no therapy exists"
            return all_of([*main.parts[:-1], any_of([main.parts[-1], judged_])])
        return ambiguous([all_of([main, judged_]), any_of([main, judged_])], "one more clause, or one more alternative")
    purpose = (
        _under_study(here, tail)
        or _anything_but(here, tail)
        or (here.listed(body, Inherited(), any_=True) if body else None)
    )
    if (
        main.parts
        and main.rule.kind in ("any", "all")
        and all(isinstance(leaf.rule, Treatment) for leaf in main.innermost())
        and purpose is not None
    ):
        parts = [for_purpose(here, part, tail, body) for part in main.parts]
        every = rebuilt(main, tuple(replace(part, end=max(part.end, tail.end)) for part in parts))
        if any(_never_given_for(part, purpose) for part in main.parts[:-1]):
            # "thyroxine, insulin, or corticosteroids for adrenal insufficiency": of the last alone
            return replace(rebuilt(main, (*main.parts[:-1], every.parts[-1])), end=max(main.end, tail.end))
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
        of_last = replace(rebuilt(main, (*main.parts[:-1], last)), end=max(main.end, tail.end))
        if not any(isinstance(part.rule, Treatment) for part in main.parts[:-1]):
            return of_last
        # "an infarction, surgery or hospitalization for heart failure": the surgery may be for it, too
        parts = [
            for_purpose(here, part, tail, body) if isinstance(part.rule, Treatment) else part
            for part in main.parts[:-1]
        ]
        return ambiguous([of_last, rebuilt(main, (*parts, last))], "for what the last is given, or all treatments")
    leaves = main.innermost_rules()
    if tail.kinds[0].type == "DUE_TO" and all(isinstance(rule, PatientAttribute) for rule in leaves):
        return main  # "pregnant, due to the risk for the foetus"
    if isinstance(main.rule, Condition) and body is not None:
        either = _causes(here, main, tail, body)
        if either is not None:
            return either
    if purpose is None or not isinstance(main.rule, Treatment):
        return narrowed(here, main, tail.start, tail.end)
    goals = [_disease_treated(goal) for goal in purpose.innermost()]
    spared = any(isinstance(goal.rule, Condition) and goal.rule.exceptions for goal in purpose.leaves())
    if spared or not all(isinstance(goal.rule, Condition) for goal in goals):
        return narrowed(here, main, tail.start, tail.end)
    if any(isinstance(goal.rule, Condition) and goal.rule.window not in (None, main.rule.window) for goal in goals):
        return narrowed(here, main, tail.start, tail.end)  # "drugs for A or B that were begun within 12 weeks"
    given = [_given_for(main, main.rule, goal, tail, words) for goal in goals]
    return any_of([one for i, one in enumerate(given) if all(one.rule != other.rule for other in given[:i])])


def _never_given_for(given: Draft, purpose: Draft) -> bool:
    """Whether a drug is given for other diseases only: insulin for an adrenal insufficiency."""
    goals = [goal.rule.concept for goal in purpose.innermost() if isinstance(goal.rule, Condition)]
    if not goals or any(goal.open for goal in goals):
        return False
    known = vocabulary()
    for leaf in given.innermost():
        entry = known.entry("treatment", leaf.rule.concept.name) if isinstance(leaf.rule, Treatment) else None
        meant = texts(entry.facts.get("only_for")) if entry is not None else ()
        related = [
            known.is_a("condition", one, goal.name) or known.is_a("condition", goal.name, one)
            for one in meant
            for goal in goals
        ]
        if meant and not any(related):
            return True
    return False


def _goes_on_plainly(here: Composing, main: Draft, tail: Tail) -> bool:
    """Whether nothing stands between a statement and what it goes on with, and that holds no limit."""
    if len(tail.kinds) > 1 or str(tail.kinds[0].value).startswith("joined:"):
        return False
    between = here.text[main.end : tail.start]
    return not any(sign in between for sign in "(,;") and COMPARED.search(here.text, tail.start, tail.end) is None


def _said_with_cause(here: Composing, main: Draft, rule: Statement, tail: Tail, body: ListRead) -> Draft:
    """ "A poor medical risk due to A or B": what an answer settles goes on with its causes, of which the last may be an
    alternative to all that precedes."""

    def up_to(end: int) -> Draft:
        return replace(main, rule=rule.model_copy(update={"text": here.text[main.start : end]}), end=end)

    whole = up_to(tail.end)
    if are_of_one_noun(here.text[tail.start : tail.end].strip(" ,.;:")):
        return whole
    rest = here.listed(body.parted(1)[1], Inherited(), any_=True) if len(body.elements) > 1 else None
    if rest is None or not {*body.separators} <= ALTERNATIVES | {"COMMA"}:
        return whole
    either = any_of([up_to(body.elements[0].end), rest])
    return ambiguous([whole, either], "a cause among others, or one more alternative")


def _said_together(here: Composing, main: Draft, tail: Tail, body: ListRead) -> Draft | None:
    """ "Suitable for surgery", "at high risk for A or B": words that say something only with what is behind them; None
    where they say nothing for all that."""
    first = body.elements[0]
    joint = tail.kinds[0]
    if (
        len(tail.kinds) > 1
        or joint.type not in ("FOR", "DUE_TO")
        or str(joint.value).startswith("joined:")
        or first.negations
    ):
        return None
    if main.rule.kind in ("any", "all") and not any(map(_may_be_for_it, main.parts[:-1])):
        last = _said_together(here, main.parts[-1], tail, body)
        return rebuilt(main, (*main.parts[:-1], last)) if last is not None else None
    if not isinstance(main.rule, Unread) or main.rule.role != "unclear" or _FOR_WHOM.match(here.text, tail.start):
        return None
    if here.text[main.end : tail.start].strip():
        return None
    if _COURSE.search(here.low, main.start, main.end) or _FOR_STUDY.match(here.low, tail.start):
        return None
    copula = _BEING.match(here.low, main.start)
    start = copula.end() if copula is not None and copula.end() < main.end else main.start
    begin = Token("UNREAD", None, start, joint.end)
    together = Element([], [begin, *first.atoms], start, first.end)
    if len(body.elements) > 1 and not any(isinstance(atom, Token) and atom.type == "FACT" for atom in first.atoms):
        return None  # "at risk for local or distant metastasis"
    read = here.listed(
        ListRead([together, *body.elements[1:]], body.separators, start, body.end, body.serial), Inherited()
    )
    return read if read is not None and not any(leaf.rule.kind == "unread" for leaf in read.leaves()) else None


_ANY_PURPOSE: Final = re.compile(  # "for diabetes or any other indication"
    r"for\s+(?:[\w/-]+\s+){1,6}(?:and|or|and/or)\s+(?:for\s+)?(?:any\s+|all\s+)?other\s+"
    r"(?:indications?|reasons?|purposes?|uses?|conditions?|diseases?)",
    re.IGNORECASE,
)
_BEING: Final = re.compile(r"(?:(?:is|are|was|were|be|been|being|has been|have been)\s+)+(?:also\s+|currently\s+)?")
_FOR_STUDY: Final = re.compile(  # what decides who may take part, and tells nothing of anybody
    r"for\s+(?:the\s+|this\s+|our\s+|any\s+)?(?:ex|in)clusion|for\s+(?:the\s+|this\s+|our\s+)?"
    r"(?:eligib|enrol|participation|stud(?:y|ies)|trial|randomi[sz]|entry|protocol|screening)"
)
_COURSE: Final = re.compile(r"\b(?:treatments?|therap(?:y|ies)|medications?|drugs?|medicines?)$")


def _may_be_for_it(draft: Draft) -> bool:
    """Whether what is told behind a list may be what this is for as well."""
    return any(isinstance(leaf.rule, Treatment | Unread) for leaf in draft.innermost())


def _with_result(here: Composing, main: Draft, tail: Tail, body: ListRead | None) -> Draft:
    """ "Positive anti-HCV with positive HCV RNA or PCR": the one, and one of the others."""
    ends = (
        next((i for i in range(len(body.elements)) if not _is_result(here, body, i)), None) if body is not None else 0
    )
    if body is not None and isinstance(main.rule, Not) and main.parts and ends is None:
        return replace(rebuilt(main, (_with_result(here, main.parts[0], tail, body),)), end=max(main.end, tail.end))
    if body is None or ends == 0 or (main.requirement and here.exclusion) or isinstance(main.rule, Not):
        return of_no_clear_role(here, main, tail)
    first, rest = (body, None) if ends is None else body.parted(ends)
    results = here.listed(first, Inherited(), plain=True)
    besides = here.listed(rest, Inherited()) if rest is not None else None
    if results is None or (rest is not None and besides is None):
        return of_no_clear_role(here, main, tail)
    if main.rule.kind == "any":
        own = any_of([*main.parts[:-1], all_of([main.parts[-1], results])])
        both = ambiguous([all_of([main, results]), own], "a result beside each of several, or beside the last")
    else:
        both = all_of([main, results])
    if besides is None or ends is None:
        return both
    joint = body.separators[ends - 1]
    if (besides.requirement and here.exclusion) or joint not in ("COMMA", "SEMI", "AND", "OR"):
        return of_no_clear_role(here, main, tail)
    if joint == "OR":  # "A with positive B or a fever": A with either, or a fever in the place of both
        either = all_of([main, any_of([results, besides])])
        return ambiguous([either, any_of([both, besides])], "an alternative to a result, or to all that precedes")
    if not here.exclusion:
        return all_of([both, besides])
    if joint == "AND":
        return ambiguous([all_of([both, besides]), any_of([both, besides])], "'and' in a list of what excludes")
    return any_of([both, besides])


def _is_result(here: Composing, read: ListRead, index: int) -> bool:
    """Whether an item is a test with its result; one of unknown name, if it shares that of a test: "HBV DNA or PCR"."""
    element = read.elements[index]
    atom = element.atoms[0]
    if isinstance(atom, Group) or element.negations:
        return False
    noun = atom.value if atom.type == "FACT" else None
    if isinstance(noun, Noun):
        return noun.kinds == {"ANALYTE"}
    shares = index > 0 and read.separators[index - 1] != "COMMA" and _is_result(here, read, index - 1)
    return shares and atom.type == "UNREAD" and len(element.atoms) == 1 and " " not in here.text[atom.start : atom.end]


def _disease_treated(goal: Draft) -> Draft:
    """What a therapy that is named by its aim alone treats: what is given "for anticancer therapy" is for a cancer."""
    rule = goal.rule
    if not isinstance(rule, Treatment) or rule != Treatment(concept=rule.concept, time=rule.time, window=rule.window):
        return goal
    entry = None if rule.concept.open else vocabulary().entry("treatment", rule.concept.name)
    disease = entry.facts.get("treats") if entry is not None else None
    return replace(goal, rule=Condition(concept=Concept(name=str(disease)))) if disease else goal


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


def _treatment_behind(main: Draft, read: ListRead) -> int:
    """Where behind an "or" treatments stand that a treatment cannot be for; 0 where none do."""
    if not all(isinstance(leaf.rule, Treatment) for leaf in main.innermost()):
        return 0
    at = next((i for i in range(len(read.elements)) if not _names(read, i, "CONDITION")), 0)
    if not at or not _names(read, at, "TREATMENT") or any(len(element.atoms) > 1 for element in read.elements[:at]):
        return 0
    joints = {*read.separators[at - 1 :]}
    return at if joints <= {"OR", "ANDOR", "COMMA"} and joints != {"COMMA"} else 0


def _names(read: ListRead, index: int, kind: str) -> bool:
    """Whether an item of a list begins with a name of a kind, and is not denied."""
    element = read.elements[index]
    atom = element.atoms[0]
    named = not isinstance(atom, Group) and isinstance(atom.value, Noun) and atom.value.kinds == {kind}
    return named and not element.negations


def _or_treated(here: Composing, main: Draft, tail: Tail, body: ListRead, at: int) -> Draft:
    """ "Irradiation for metastases, or surgery within 14 days": what follows the disease is one more treatment."""
    first, rest = body.parted(at)
    lifted = lift_window(rest, ListRead([], [], main.start, main.start), False)
    treated = for_purpose(here, main, replace(tail, body=first, end=first.end), first)
    further = here.listed(rest, Inherited(), plain=True)
    if further is None:
        return of_no_clear_role(here, main, tail)
    either = any_of([treated, further], (main.start, tail.end))
    dated = windowed(either, lifted) if lifted is not None else either
    return replace(dated or either, requirement=main.requirement)


_RECOVERED: Final = re.compile(r"(?:(?:have|has|fully|completely|adequately)\s+)*recover", re.IGNORECASE)


def _one_window(parts: Sequence[Draft]) -> bool:
    """Whether all are meant of one time."""
    leaves = [leaf.rule for part in parts for leaf in part.leaves() if isinstance(leaf.rule, Treatment)]
    return all(rule.window == leaves[0].window for rule in leaves)


def _condition_behind(read: ListRead) -> Group | None:
    """The parenthesis at the end of a tail that says when what precedes the tail does not hold, or what of it is
    allowed; it is taken from it."""
    atoms = read.elements[-1].atoms
    last = atoms[-1]
    if len(atoms) < 2 or not isinstance(last, Group) or not last.body.tails:
        return None
    if last.body.tails[-1].has("ALLOWED"):
        atoms.pop()
        return last
    first = last.body.tails[0]
    if last.body.body is not None:
        return None
    named = _kinds_named(first.body) if first.body is not None and first.has("EXCEPT", "INCLUDING") else set()
    excepted = first.has("EXCEPT") and named == {"CONDITION"}  # "for cancer (other than melanoma)"
    if not (first.has("UNLESS", "IF") or named == {"TREATMENT"} or excepted):
        return None
    atoms.pop()
    return last


def _kinds_named(read: ListRead) -> set[str]:
    """The kinds of thing with whose names the items of a list begin; none where one begins with anything else: "for
    melanoma (other than surgery)"."""
    firsts = [element.atoms[0] for element in read.elements]
    nouns = [atom.value for atom in firsts if not isinstance(atom, Group) and isinstance(atom.value, Noun)]
    return set().union(*(noun.kinds for noun in nouns)) if len(nouns) == len(firsts) else set()


def _each_cause(here: Composing, first: Draft, rest: Draft, body: ListRead) -> Draft | None:
    """ "Edema due to central vein occlusion and branch vein occlusion": due to each, where the causes are kinds of one
    thing; None for other causes."""
    said = {here.low[element.start : element.end].split()[-1].strip(".,;") for element in body.elements}
    rule, others = first.rule, rest.innermost_rules()
    if len(said) > 1 or not isinstance(rule, Condition) or not rule.qualifiers or body.elements[0].end > first.end:
        return None
    of_first = rule.qualifiers[-1]
    if not of_first.startswith(_RELATED) or not all(
        isinstance(each, Condition) and each == Condition(concept=each.concept) for each in others
    ):
        return None
    made = [
        replace(
            leaf,
            rule=rule.model_copy(update={"qualifiers": (*rule.qualifiers[:-1], f"{_RELATED}{leaf.rule.concept.name}")}),
        )
        for leaf in rest.innermost()
        if isinstance(leaf.rule, Condition)
    ]
    return any_of([first, *made])


_RELATED: Final = "related to "


def _causes(here: Composing, main: Draft, tail: Tail, body: ListRead) -> Draft | None:
    """ "A due to B or C": to either of them, or C is an alternative to all that precedes; None where B is no name."""
    if len(body.elements) < 2 or any(element.negations for element in body.elements):
        return None
    if are_of_one_noun(here.text[tail.start : tail.end].strip(" ,.;:")):
        return None  # "due to a cardiac, pulmonary or renal impairment"
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
    if COMPARED.search(words):
        return None  # a clause of its own, with a limit
    known = known_attributes(words)
    plain = main.rule if isinstance(main.rule, Condition) and main.rule.concept != first.rule.concept else None
    kept = plain.qualifiers if plain is not None else first.rule.qualifiers[:-1]
    made = (plain or first.rule).model_copy(update={"qualifiers": (*kept, *(known or (words,)))})
    opened = () if known or familiar(words) else (Span(start=tail.start, end=tail.end),)
    whole = replace(first, rule=made, end=tail.end, open=(*main.open, *opened))
    if (causes := _each_cause(here, first, rest, body)) is not None:
        return causes
    either = any_of([first, rest])
    if _NEEDS.match(here.text, body.elements[1].start) and not _NEEDS.match(here.text, body.elements[0].start):
        return either  # "dyspnea due to A or requiring B": no cause
    return ambiguous([whole, either], "a cause among others, or one more alternative")


_OF_ANOTHER: Final = re.compile(
    r"\bfor\s+(?:an?\s+|the\s+|any\s+|their\s+)?(?:different|another|other|unrelated|second|separate)\s+(?:\w+\s+){0,2}?"
    r"(?:cancers?|malignanc(?:y|ies)|tumou?rs?|diseases?|conditions?|indications?|reasons?|diagnos[ie]s)\b[^,;]{0,20}"
    r"\b(?:allow|permit|accept|eligible)",
    re.IGNORECASE,
)
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


def _anything_but(here: Composing, tail: Tail) -> Draft | None:
    """Whatever it is, of which something is excepted behind the tail: "for a disease other than melanoma"."""
    if _FOR_ANYTHING.fullmatch(here.low, tail.start, tail.end) is None or not _OTHER_THAN.match(here.low, tail.end):
        return None
    return Draft(Condition(concept=Concept(name=ANY_CONDITION)), tail.start, tail.end)


_FOR_ANYTHING: Final = re.compile(
    r"for\s+(?:the\s+)?(?:(?:treatment|management|therapy)\s+of\s+)?(?:an?\s+|any\s+|other\s+)*"
    r"(?:diseases?|disorders?|illness(?:es)?|conditions?|indications?|reasons?|purposes?)\s*"
)
_OTHER_THAN: Final = re.compile(r"[\s,(]*(?:other\s+than|except|excluding|besides|apart\s+from)\b")


def _given_for(main: Draft, rule: Treatment, goal: Draft, tail: Tail, words: str) -> Draft:
    """A treatment for a disease; what more is said of the disease is an attribute in its own words."""
    disease = goal.rule
    assert isinstance(disease, Condition)
    if disease.other and not _ANY_OTHER.search(words):
        disease = disease.model_copy(update={"other": False, "studied": ()})  # of this very one
    update: dict[str, object] = {"purpose": disease.concept, "site": rule.site or disease.site}
    own = main.open
    if rule.concept.open and rule.concept.name in _ANY:
        update["concept"], own = Concept(name=ANY_TREATMENT), ()
    opened = own + goal.open
    if disease.qualifiers or disease.stages or disease.other or disease.window or disease.grade or disease.lasting:
        dated = disease.window is not None and disease.window != rule.window
        only = not (disease.stages or disease.other or disease.grade or disease.lasting or dated)
        said = (
            f"for {' '.join((*disease.qualifiers, disease.concept.name))}" if only else " ".join(words.lower().split())
        )
        if disease.qualifiers or not only:
            update["qualifiers"] = (*rule.qualifiers, said)
        if goal.open or ((not only or disease.window) and not familiar(words)):
            opened = (*own, Span(start=tail.start, end=tail.end))
    return Draft(rule.model_copy(update=update), main.start, tail.end, open=opened)


_ANY: Final = ("treatment", "therapy")  # whatever is given for a disease
