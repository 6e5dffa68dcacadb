"""What is allowed or excluded, and what is left to a person's judgement."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Final

from eligibility.knowledge import words
from eligibility.knowledge.vocabulary import ANY_DRUG, vocabulary
from eligibility.reading.composing.absences import either_way, is_aside, without
from eligibility.reading.composing.connecting import of_one_noun
from eligibility.reading.composing.excepted import as_cause
from eligibility.reading.composing.exceptions import has_exceptions
from eligibility.reading.composing.judgements import is_attested, judgement
from eligibility.reading.composing.own_limits import analytes_of
from eligibility.reading.composing.purposes import for_purpose
from eligibility.reading.composing.qualifying import narrowed
from eligibility.reading.composing.states import free_of_it, in_states
from eligibility.reading.composing.terms import Composing, Inherited
from eligibility.reading.composing.unknowns import CLAUSE_GOES_ON, of_no_clear_role, told_besides, told_in_full
from eligibility.reading.composing.windows import (
    at_that_time,
    at_those_times,
    otherwise_than,
    so_long_ago,
    when_alone,
    windowed,
)
from eligibility.reading.drafts import (
    Draft,
    all_of,
    ambiguous,
    any_of,
    contrary,
    excluding_nobody,
    for_those,
    negated,
    rebuilt,
    unread,
    with_those,
)
from eligibility.reading.patterns import BANNED_BESIDE, MEASURED, ONLY, OR_AT, PERSONS, just_before
from eligibility.reading.phrases import Measured, Noun
from eligibility.reading.quantities import WindowRead
from eligibility.reading.sentences import Group, Tail
from eligibility.rules import Ambiguous, Condition, Finding, Measurement, Not, Rule, Statement, Treatment

_ONLY_THOSE: Final = re.compile(
    rf"\bonly\s+(?:the\s+|those\s+)?(?:(?:{PERSONS})\s+)?(?:(?:with|who|that|having|have)\s+)*$"
)
_BUT: Final = re.compile(r"\b(?:but|however|although|though)\b", re.IGNORECASE)
_BUT_OF_ONE_LIMIT: Final = re.compile(  # ">= 70 but <= 75 years"
    r"(?:\d\S*(?:\s+[\w/%]+){0,2}|\b[iu]?(?:uln|lln)|\bnormal),?\s+but\s*"
    r"(?:[<>≤≥=]|less|under|below|younger|at most|up to|no (?:more|older))",
    re.IGNORECASE,
)
_SET_APART: Final = re.compile(r":|\s[-–—]\s+\S")
_IN_PARENTHESES: Final = re.compile(r"\([^()]*\)")
_ANOTHER_SENTENCE: Final = re.compile(  # and no label of what is allowed: "Chemotherapy: prior taxanes allowed"
    r";|\s[-–—]+\s+note\b|[\w)\]]{3}\s*\.\s+\w"
)
_CLAUSE_BEFORE: Final = re.compile(  # also a sentence that has lost the stop before it
    r"\b(?i:exclu(?:ded|sion)|ineligible|(?:not|are|be|also)\s+(?:eligible|allowed|permitted)|(?<!\()except(?:ion)?"
    r"|unless(?!\s+(?:\w+\s+)?\Z))\b"
    r"|:\s*(?i:note|only)\b"
    r"|(?:[a-z0-9)®]|[UL]LN|UNL)\s+(?:[a-z]\.\s+)?"
    r"(?:Patients?|Subjects?|Participants?|Individuals?|History|Prior|Previous|Use|Topical|Inhaled|If)\b"
)
_WITH_WHOM: Final = re.compile(rf"\b(?:{PERSONS}|those)\s+(?:\w+\s+){{0,3}}\Z")
_OTHERS: Final = re.compile(  # people who are named behind something else than people
    rf"(?!(?:in|for|at|during)\b)(?:(?!\b(?:{PERSONS}|those|(?:wo)?men|(?:fe)?males?)\b)[^,:;.])+[,:;.)]\s*(?:however,?\s+)?(?:{PERSONS}|those)"
    r"\s+(?:with|who|on|that|receiving|whose|taking)\b"
)
_TO: Final = re.compile(r"(?<!\bare )(?<!\bis )\bto\s+$")
_FOR_SOMETHING_ELSE: Final = re.compile(
    r"\s*for\s+(?!(?:\w+\s+){0,6}?"
    r"(?:stud|trial|protocol|particip|enrol|inclusion|entry|regist|random|cohort|phase|part|step|arm|research|screening))"
)
_THAT_WOULD: Final = re.compile(r"\b(?:that|which)\s+(?:would|could|might|may)\b[^,;:.]{0,40}\Z")


def _which_drugs(here: Composing, main: Draft, tail: Tail) -> bool:
    """Whether a ban tells which drugs are meant, since not all of them are: "drugs (that are) prohibited with X"."""
    named = [leaf.rule for leaf in main.innermost()]
    any_drug = all(isinstance(rule, Treatment) and rule.concept.name == ANY_DRUG for rule in named)
    return any_drug and not _IS_BANNED.match(here.text, tail.start)


_IS_BANNED: Final = re.compile(r"\s*(?:is|are|was|were|will|shall|may|must|should|can)\b", re.IGNORECASE)
_THAT_IS_ALLOWED: Final = re.compile(  # which ones: "all medications allowed in the study"
    r"(?:allowed|permitted|accepted|acceptable)\s+(?:in|during|by|per|under|according|as)\b", re.IGNORECASE
)


def permission(here: Composing, main: Draft | None, tail: Tail, following: Sequence[Tail]) -> tuple[Draft | None, int]:
    """ "X are excluded", "X are eligible", "X is allowed if Y"."""
    if main is None and (given := _with_what(here, tail)) is not None and not following:
        return permission(here, given, replace(tail, body=None, end=tail.kinds[-1].end), ())
    if main is None:
        saved = (
            here.listed(following[0].body, Inherited(), plain=True)
            if following and following[0].has("IF", "UNLESS") and following[0].body
            else None
        )
        if saved is None or len(following) > 1 or tail.body is not None or saved.wholly_unread:
            return of_no_clear_role(here, main, tail), len(following) and 0
        if tail.has("EXCLUDED") == following[0].has("IF"):
            return (replace(saved, requirement=False) if here.exclusion else negated(saved).asked(True)), 1
        return replace(saved, saving=True), 1
    if tail.has("EXCLUDED") and _FOR_SOMETHING_ELSE.match(here.low, tail.kinds[-1].end):
        return of_no_clear_role(here, main, tail), 0  # "untreated, and not eligible for surgery"
    if tail.has("EXCLUDED") and tail.body is not None:
        then = at_those_times(main, tail.body)
        if then is not None:  # "strong inhibitors are prohibited within 7 days before the first dose"
            main = replace(then, end=tail.end)
        elif following or not _WHY.match(here.text, tail.kinds[-1].end):
            return of_no_clear_role(here, main, tail), 0
    if tail.has("ALLOWED") and _says_more(here, main, tail):
        if following:  # "no A, but B is allowed if C": A, where C holds
            return unread(here.text, main.start, following[-1].end), len(following)
        return of_no_clear_role(here, main, tail), 0  # "no A, but B is allowed": not A
    only = tail.has("ALLOWED") and just_before(_ONLY_THOSE, here.low, main.start)
    if only and here.exclusion:
        return unread(here.text, main.start, tail.end), 0  # "Only patients with X are eligible"
    if tail.has("EXCLUDED") and _THAT_WOULD.search(here.low, main.start, tail.kinds[0].end):
        return of_no_clear_role(here, main, tail), 0  # "no disease that would be excluded"
    if _THAT_IS_ALLOWED.match(here.text, tail.start) or (tail.has("EXCLUDED") and _which_drugs(here, main, tail)):
        return narrowed(here, main, tail.start, tail.end), 0
    if tail.has("ALLOWED") and just_before(_TO, here.low, tail.start):  # "the teeth to be included"
        if main.requirement and tail.body is None and not following:
            return main.placed(main.start, tail.end), 0  # "must be negative to be eligible"
        return of_no_clear_role(here, main, tail), 0
    if tail.has("EXCLUDED"):
        reasons = len(following) if following and following[0].has("DUE_TO") else 0  # why, not what
        if here.exclusion:
            return replace(main, requirement=False), reasons
        if len(following) == 1 and (kept_out := _excluded_if(here, main, tail, following[0])) is not None:
            return kept_out, 1
        return replace(_none_of(here, main), requirement=True), reasons
    plain = not any(isinstance(leaf.rule, Statement) or has_exceptions(leaf.rule) for leaf in main.innermost())
    if plain and tail.has("ALLOWED") and (judged_so := _as_somebody_judges(here, tail, following)) is not None:
        asked = for_those(main, judged_so)
        allowed = all_of([main, judged_so])
        return replace(contrary(asked) if here.exclusion else asked, allowed=allowed), len(following)
    if isinstance(main.rule, Not) and main.parts and tail.has("ALLOWED") and tail.body is not None and not following:
        then = at_those_times(main.parts[0], tail.body)
        if then is not None:  # "no statins are allowed during the study"
            return replace(negated(then), requirement=True, end=tail.end), 0
    if tail.body is not None:
        narrower = _allowed_so(here, main, tail)
        if narrower is None:
            return unread(here.text, main.start, tail.end), 0
        main, tail = narrower, replace(tail, body=None)
    if isinstance(main.rule, Not) and tail.has("ALLOWED") and (not following or following[0].has(*_SPARING)):
        return replace(main, requirement=True), 0  # "no prior chemotherapy is allowed, except hydroxyurea"
    if tail.has("ALLOWED") and not following and _DENIED_BEHIND_LABEL.search(here.low, main.start, tail.start):
        if main.rule.kind != "all":
            return unread(here.text, main.start, tail.end), 0
        theirs = for_those(all_of(main.parts[:-1]), main.parts[-1])
        return replace(theirs, requirement=True), 0  # "expansion group: no prior chemotherapy is allowed"
    if following and following[0].has("IF"):
        main = _any_of_things(here, main, tail)
    condition: Draft | None = None
    read: WindowRead | None = None
    used = 0
    if len(following) == 1 and following[0].has("REGARDLESS"):
        every = _with_those_behind_aside(here, main, following[0])
        if every is None:
            return unread(here.text, main.start, following[0].end), 1
        main, following, used = every, (), 1
    if not following and (most := _most_allowed(main)) is not None:
        return (contrary(most) if here.exclusion else most), 0
    if len(following) > 1 and following[0].has("IF") and (clause := _clause(here, main, following)) is not None:
        condition, used = clause, len(following)
    elif following and following[0].has("IF") and (denied := _denied_last(following)):
        words = unread(here.text, following[0].start, following[denied].end)  # "... if A has not been treated with B"
        asked = replace(for_those(main, words), requirement=not here.exclusion)
        return (contrary(asked) if here.exclusion else asked), denied + 1
    elif following and following[0].has("IF") and following[0].body is not None:
        read = when_alone(following[0].body)
        others = otherwise_than(main, read) if read is not None else None
        being = in_states(here, main, following[0].body) if len(following) == 1 else None
        if being is not None:  # "metastases are allowed if treated and stable for 4 weeks"
            each = main.parts if main.rule.kind == "any" else (main,)
            asked = all_of([for_those(part, in_states(here, part, following[0].body) or being) for part in each])
            return replace(contrary(asked) if here.exclusion else asked, allowed=being), 1
        condition = negated(others) if others is not None else here.listed(following[0].body, Inherited())
        if condition is not None and others is None:
            condition = as_cause(here, following[0], condition)  # "ECOG 2 is allowed if due to the cancer"
            if len(following) == 1:
                condition = told_besides(here, following, condition) or condition
        used = 1
    if (
        tail.has("ALLOWED")
        and len(following) == 1
        and (kept := _allowed_for(here, main, tail, following[0])) is not None
    ):
        return kept, 1
    if following and not used:
        return unread(here.text, main.start, tail.end), 0
    if condition is not None and isinstance(main.rule, Not):
        return unread(here.text, main.start, tail.end), 0  # "no A, B is allowed if C": what is denied, and what is not
    if condition is not None and not here.exclusion and _either_result(main):
        return any_of([*main.parts[:-1], all_of([main.parts[-1], condition])]), used
    if condition is not None:
        kept = for_those(main, condition)
        facts = all(isinstance(rule, Condition | Treatment) for rule in main.innermost_rules())
        let_in: Draft | None = None
        if facts or (analytes_of(main) and not here.exclusion):
            timely = windowed(main, so_long_ago(read)) if read is not None else None
            let_in = timely or all_of([main, condition])
        return replace(contrary(kept) if here.exclusion else kept, allowed=let_in), used
    joins = not here.exclusion and _MAY_TAKE_PART.match(here.text, tail.start) is not None
    eligible = "eligib" in here.text[tail.start : tail.end].lower() or (only and joins)
    if not here.exclusion and main.rule.kind == "all" and _harmless(main.parts[-1].rule):
        return replace(for_those(all_of(main.parts[:-1]), main.parts[-1]), requirement=True), used
    if not here.exclusion and eligible and not main.wholly_unread:
        if not only and (let_in := _let_in_besides(here, main, tail)) is not None:
            return let_in, used
        asked = replace(main, requirement=True, allowed=main)
        if only or not all(isinstance(leaf.rule, Treatment) for leaf in main.innermost()) or main.rule.kind == "not":
            return asked, used
        free = excluding_nobody(True, main.start, tail.end)  # "patients on statins are eligible"
        return replace(ambiguous([free, asked], WHO_MAY), allowed=main), used
    if main.wholly_unread and (eligible or joins or any(c.isdigit() for c in here.text[main.start : main.end])):
        return unread(here.text, main.start, tail.end), used
    if _is_told_otherwise(here, main, tail):
        return of_no_clear_role(here, main, replace(tail, body=None)), used
    permitted = replace(excluding_nobody(not here.exclusion, main.start, tail.end), allowed=_any_allowed(main))
    if not here.exclusion and _is_limited(here, main):
        return replace(ambiguous([permitted, main], "a permission, or all that is permitted"), allowed=main), used
    if joins:
        return replace(ambiguous([permitted, main], WHO_MAY), allowed=main), used
    return permitted, used


def allowed_but(here: Composing, main: Draft, tail: Tail, following: Sequence[Tail]) -> Draft | None:
    """ "Chemotherapy other than A is allowed", where A may be forbidden: nobody is asked for any; None of "no B except
    A, which is allowed", and of anything else."""
    if tail.body is None or len(following) != 1 or not following[0].has("ALLOWED") or following[0].body is not None:
        return None
    if isinstance(main.rule, Not) or main.requirement or _says_more(here, main, tail):
        return None
    apart = here.text[tail.body.end : following[0].kinds[0].start]
    if _WHICH.search(apart) or "(" in here.text[main.start : tail.body.start] or not _treats(main):
        return None
    excepted = here.within_exception().listed(tail.body, Inherited(), any_=True)
    if excepted is None or not _treats(excepted):  # "radiotherapy other than to the only lesion is allowed"
        kept = for_those(main, unread(here.text, tail.start, tail.body.end))
        return contrary(kept) if here.exclusion else kept
    free = excluding_nobody(not here.exclusion, main.start, following[0].end)
    forbidden = excepted if here.exclusion else negated(excepted)
    return ambiguous([free, forbidden], "what is left out of a permission").asked(not here.exclusion)


_WHICH: Final = re.compile(r"\b(?:which|that|who)\b|[;)]", re.IGNORECASE)


def _any_of_things(here: Composing, main: Draft, tail: Tail) -> Draft:
    """ "Statins and fibrates are allowed if": whichever somebody takes; people "with A and B" have both."""
    if any(start < tail.start for start in here.people):
        return main
    if main.rule.kind != "all" or not all(isinstance(part.rule, Condition | Treatment) for part in main.parts):
        return _any_allowed(main)
    *joints, last = [here.low[one.end : other.start] for one, other in pairwise(main.parts)]
    return any_of(main.parts) if _AND_LAST.match(last) and all(map(_LISTED.fullmatch, joints)) else main


_AND_LAST: Final = re.compile(r"\s*,?\s*(?:and\s|&)")
_LISTED: Final = re.compile(r"\s*,\s*|\s+and\s+")


def _treats(draft: Draft) -> bool:
    return all(isinstance(rule, Treatment) for rule in draft.innermost_rules())


def _clause(here: Composing, main: Draft, tails: Sequence[Tail]) -> Draft | None:
    """What must be so, and what must not, of what is allowed "if stable and without steroids"; None where more may be
    said than that."""
    so, *others = tails
    if not {tail.kinds[0].type for tail in others} <= CLAUSE_GOES_ON:
        return None
    if others[0].kinds[0].type not in _BEHIND_STATE:
        entire = here.listed(so.body, Inherited()) if so.body is not None else None
        for tail in others:
            entire = here.fold(entire, tail, (), Inherited())[0] if entire is not None else None
        return told_in_full(here, tails, entire.innermost()) if entire is not None else None
    behind = others[0]
    if so.body is not None and behind.body is not None and len(tails) == 2 and not behind.has("INCLUDING"):
        being = in_states(here, main, so.body) or here.listed(so.body, Inherited())
        denied = without(here, behind, behind.body)
        if being is not None and denied is not None and _AND_WITHOUT.match(here.low, so.body.end, behind.kinds[0].end):
            both = free_of_it(here, being, behind) or all_of([being, denied])
            if not any(leaf.wholly_unread for leaf in both.innermost()):
                return both
    return told_in_full(here, tails, ())


def _denied_last(tails: Sequence[Tail]) -> int:
    """Which tail behind a condition denies something last: what it denies is a part of the condition; 0 where none."""
    return next((i for i in range(len(tails) - 1, 0, -1) if tails[i].kinds[0].type in ("NOT", "NO", "WITHOUT")), 0)


_BEHIND_STATE: Final = frozenset("NOT NO WITHOUT INCLUDING".split())
_AND_WITHOUT: Final = re.compile(r"\W*and\b")


def _says_more(here: Composing, main: Draft, tail: Tail) -> bool:
    """Whether more than what is allowed stands before the verb: "no A, but B is allowed", "A is excluded, not B"."""
    text = _BUT_OF_ONE_LIMIT.sub("", _IN_PARENTHESES.sub("", here.text[main.start : tail.start]))
    closed = here.text[tail.end : tail.end + 1] == ")" and here.text.count("(") < here.text.count(")")
    if closed or _BUT.search(text) or _ANOTHER_SENTENCE.search(text) or (here.exclusion and _SET_APART.search(text)):
        return True
    before = BANNED_BESIDE.sub("", here.text[main.start : tail.start])
    others = not just_before(_WITH_WHOM, here.low, main.start) and _OTHERS.match(before.lower())
    if others or before.count("(") > before.count(")"):
        return True  # "steroids (aspirin is allowed)", "severe asthma: patients with a mild one are allowed"
    return not isinstance(main.rule, Not) and _CLAUSE_BEFORE.search(before) is not None


def _is_told_otherwise(here: Composing, main: Draft, tail: Tail) -> bool:
    """Whether what is said to be allowed has an end, or something in it is denied, or it is not allowed but described:
    "up to 2 lines are allowed", "no A and no B is allowed", "melanoma which is not considered curable"."""
    none = _NONE_OF.search(here.low[max(main.start - len("no "), 0) : tail.start])
    if none is not None or _AT_MOST.search(here.low, main.start, tail.start):
        return True
    if any(isinstance(rule, Statement) and rule.topic in ("willingness", "ability") for rule in main.innermost_rules()):
        return True
    if _ACCEPTABLE_TO.search(here.low, main.start, tail.end) or _FOR_THE_LATTER.search(
        here.low, main.start, tail.start
    ):
        return True
    described = _NOT_CONSIDERED.match(here.low, tail.kinds[0].start) is not None
    return described and just_before(_CLAUSE_OF, here.low, tail.kinds[0].start) is not None


_NONE_OF: Final = re.compile(
    r"(?:\A\W*|[–;:,.-]\s*)no\s+(?!more|less|fewer|longer|stronger|greater|limit|restriction|minimum|maximum|evidence|signs?\b|symptoms?\b|known|active"
    r"|history|progression|recurrence|residual|need|further|ongoing)\w"
)
_AT_MOST: Final = re.compile(
    r"\b(?:(?:no|not)\s+more\s+than|up\s+to|at\s+most|maximum\s+of)\s+(?:\w+\s+){1,2}"
    r"(?:(?:prior|previous)\s+)?(?:lines?|regimens?|courses?|cycles?|therapies|treatments)\b"
)
_ACCEPTABLE_TO: Final = re.compile(  # "no contraception by a method judged by the investigator to be acceptable"
    r"\b(?:determined|deemed|judged|considered|felt)\b[^,;.]*\bto\s+be\s+(?:\w+ly\s+)?acceptable\W*\Z"
)
_FOR_THE_LATTER: Final = re.compile(r",\s*for\s+the\s+(?:latter|former)\b")
_NOT_CONSIDERED: Final = re.compile(r"(?:(?:is|are|was|were)\s+)?not\s+considered\b")
_CLAUSE_OF: Final = re.compile(r"(?:\b(?:which|that|who|and|or|this)|\bif\b[^,;]{0,80}?)\s*\Z")


def _let_in_besides(here: Composing, main: Draft, tail: Tail) -> Draft | None:
    """ "HIV-infected patients on antiretroviral therapy are eligible", where a cancer is studied: asked of them alone.

    Many trials keep out whoever has one of these, so that it is said that this one does not; nobody has to have it.
    """
    group = next((leaf for leaf in main.innermost() if isinstance(leaf.rule, Condition)), None)
    if group is None or not isinstance(group.rule, Condition):
        return None
    name = group.rule.concept.name
    up = vocabulary().ancestors("condition", name)
    another = group.rule.other or (name == "malignancy" and group.rule.time == "ever")
    if group.rule.concept.open or (up.isdisjoint(_KEPT_OUT) and not another):
        return None
    said = frozenset(words.keys(name))
    if any(name == each.name or said & set(words.keys(each.name)) for each in here.context.studied):
        return None
    plain = Condition(
        concept=group.rule.concept, time=group.rule.time, other=group.rule.other, studied=group.rule.studied
    )
    if main.rule in (group.rule, plain) and not group.rule.qualifiers:
        free = excluding_nobody(True, main.start, tail.end)
    else:
        free = for_those(replace(group, rule=plain, parts=()), main)
    if here.context.studied and not any(each.name in up for each in here.context.studied):
        return replace(free, requirement=True, allowed=main)
    return replace(ambiguous([free, replace(main, requirement=True)], WHO_MAY), requirement=True, allowed=main)


_KEPT_OUT: Final = frozenset(("HIV infection", "viral hepatitis", "hepatitis B or C", "CNS metastases"))


def _is_limited(here: Composing, main: Draft) -> bool:
    """Whether a limit is among what is allowed, understood or not."""
    if analytes_of(main) or any(isinstance(rule, Measurement) for rule in main.innermost_rules()):
        return True
    if any(isinstance(leaf.rule, Treatment) for leaf in main.leaves()):
        return False  # "aspirin (325 mg/day) is allowed"
    unread_ = [leaf for leaf in main.leaves() if leaf.rule.kind == "unread"]
    return any(MEASURED.search(here.text, leaf.start, leaf.end) is not None for leaf in unread_)


def _harmless(rule: Rule) -> bool:
    """Whether somebody judges that a disease does not disturb the study, so that whoever has it may take part."""
    return isinstance(rule, Statement) and rule.topic == "judgement" and _HARMLESS.match(rule.text) is not None


_HARMLESS: Final = re.compile(r"(?:with\s+an?\s+|whose\s+)natural\s+history\b.*?\bnot\b", re.IGNORECASE)


def _none_of(here: Composing, main: Draft) -> Draft:
    """ "A and B are not allowed": neither of them, or not both at once; "women who are pregnant are not", none."""
    main = with_those(main)
    denied = negated(main)
    if not here.exclusion and (besides := _last_kept_out(here, main)) is not None:
        return besides
    leaves = main.innermost()
    if main.rule.kind == "ambiguous" and all(isinstance(leaf.rule, Condition | Treatment) for leaf in leaves):
        each = list({leaf.rule: leaf for leaf in leaves}.values())  # "A and B, C/D, and E are excluded"
        return ambiguous([denied, negated(any_of(each))], "'and' in a list of what is not allowed")
    joined = all(_AND.search(here.low, a.end, b.start) is not None for a, b in pairwise(main.parts))
    if main.rule.kind != "all" or len(main.parts) < 2 or not joined:
        return denied
    return ambiguous([denied, negated(any_of(main.parts))], "'and' in a list of what is not allowed")


def _last_kept_out(here: Composing, main: Draft) -> Draft | None:
    """ "Confirmed melanoma, and patients with A are excluded": these alone; None where no other people stand last."""
    every = main.parts[0] if main.rule.kind == "ambiguous" else main
    if every.rule.kind != "all" or len(every.parts) < 2:
        return None
    *before, last = every.parts
    if _AND_PEOPLE.search(here.low, before[-1].end, last.end) is None:
        return None
    own = all_of([*before, negated(last)]).asked(True)
    if _PEOPLE.search(here.low, 0, before[-1].end) is None:
        return own
    why = "who is kept out: those named last, or all"
    return replace(ambiguous([negated(any_of(every.parts)), own], why), requirement=True)


_PEOPLE: Final = re.compile(rf"\b(?:{PERSONS}|those)\s+(?:with|who|on)\b")
_AND_PEOPLE: Final = re.compile(rf"\band\s+{_PEOPLE.pattern[2:]}")
_AND: Final = re.compile(r"\band\b|,")


def _with_what(here: Composing, tail: Tail) -> Draft | None:
    """ "Patients may be enrolled with X": what is allowed stands behind the verb; None where more than that does."""
    if tail.body is None or not tail.has("ALLOWED") or not _WITH.match(here.text, tail.kinds[-1].end):
        return None
    named = here.listed(tail.body, Inherited(), plain=True, any_=True)
    if named is None or any(leaf.rule.kind in ("unread", "measurement", "age") for leaf in named.innermost()):
        return None
    return named


def _excluded_if(here: Composing, main: Draft, tail: Tail, condition: Tail) -> Draft | None:
    """ "Patients with asthma are excluded if they smoke": those of whom both is so; "Asthma, patients are excluded if
    they smoke": who smokes, of those with asthma; None where no condition follows."""
    if [kind.type for kind in condition.kinds] != ["IF"] or condition.body is None:
        return None
    theirs = here.literally().listed(condition.body, Inherited(), plain=True)
    if theirs is None or main.wholly_unread:
        return unread(here.text, main.start, condition.end)
    both = negated(all_of([main, theirs]))
    besides = all_of([main, negated(theirs)])
    apart = any(main.end <= start < tail.kinds[0].end for start in here.people)
    if apart or "," not in here.text[main.end : tail.kinds[0].end]:
        return (besides if apart else both).asked(True)
    return ambiguous([both, besides], "of whom it is said, or what is asked besides").asked(True)


def _with_those_behind_aside(here: Composing, main: Draft, aside: Tail) -> Draft | None:
    """ "A is allowed regardless of time, as well as B": A or B; None where it is not clear what stands behind."""
    body = aside.body
    if body is None or is_aside(body) or either_way(here, aside, body):
        return main
    first, rest = body.parted(1) if len(body.elements) > 1 else (body, None)
    more = here.listed(rest, Inherited(), any_=True) if rest is not None and is_aside(first) else None
    if more is None or any(leaf.wholly_unread for leaf in more.innermost()):
        return None
    return replace(any_of([main, more]), requirement=main.requirement)


def _as_somebody_judges(here: Composing, tail: Tail, following: Sequence[Tail]) -> Draft | None:
    """ "... is permitted after discussion with the sponsor", "... if the investigator agrees", "... at the
    discretion of the investigator": what somebody judges; None where a condition is another one."""
    end = following[-1].end if following else tail.end
    start = tail.kinds[-1].end
    said = here.text[start:end]
    by_discretion = len(following) == 1 and following[0].has("JUDGED") and following[0].body is None
    if following and not by_discretion and not (following[0].has("IF") and _JUDGES.match(said)):
        return None
    if not following and not _CONSULTED.match(said):
        return None
    start += len(said) - len(said.lstrip(" ,"))
    return None if _LIMITED.search(said) else judgement(here, start, end)


_WITH: Final = re.compile(r"\s*(?:even\s+)?with\b", re.IGNORECASE)
_BY_WHOM: Final = (
    r"(?:investigator|physician|clinician|oncologist|sponsor|PI|P\.I\.|chair|chairperson|monitor|doctor|surgeon|team)"
)
_CONSULTED: Final = re.compile(
    r"\s*,?\s*(?:only\s+)?(?:after|following|upon|with|pending|subject to|on|at|per|by|in)\s+(?:[\w'’-]+\s+){0,6}?"
    r"(?:consultation|discussions?|approval|agreement|permission|discretion|review|judge?ment|opinion|case-by-case)\b",
    re.IGNORECASE,
)
_JUDGES: Final = re.compile(
    r"\W*(?:only\s+)?(?:if|provided(?: that)?|as long as|when)\s+(?:the\s+|an?\s+)?"
    rf"(?:[\w'’-]+\s+){{0,3}}?{_BY_WHOM}s?\s+"
    r"(?:determin|deem|feel|believ|consider|judg|agree|approv|decid|confirm|think)",
    re.IGNORECASE,
)
_LIMITED: Final = re.compile(r"\d|\b(?:unless|except|within|and)\b", re.IGNORECASE)
_WHY: Final = re.compile(  # a clause that only says why somebody is excluded
    r"\s*,?\s*(?:as|since|because|given that)\s+(?:it|they|there|this|these|those|the|such|effects?|its|their)\s"
    r"(?:[\w'’/-]+\s+){0,12}?(?:is|are|may|might|could|can|will|would|has|have|requires?)\b",
    re.IGNORECASE,
)


def _allowed_so(here: Composing, main: Draft, tail: Tail) -> Draft | None:
    """ "No other drug is allowed during the study", "two lines are allowed for advanced disease": what is allowed, with
    when or for what it is; None where something else is said behind the verb."""
    if tail.body is None or tail.has("EXCLUDED"):
        return None
    if _NO_SUCH.match(here.text, tail.start):
        return main.placed(main.start, tail.end)  # "a port insertion is not considered major surgery"
    if _BY_THIS.fullmatch(here.text, tail.body.start, tail.body.end):
        return main.placed(main.start, tail.end)
    if not isinstance(main.rule, Not) and _FOR_EXAMPLE.fullmatch(here.text, tail.kinds[-1].end, tail.end):
        return main.placed(main.start, tail.end)
    so_long = _SO_LONG.fullmatch(here.text, tail.kinds[-1].end, tail.end)
    if so_long is not None and not isinstance(main.rule, Not) and not ONLY.match(here.text[tail.end :].lstrip()):
        if so_long["setting"] is None:  # what is allowed then, may have been excluded before
            return None if _SENTENCE_BEFORE.search(here.text, 0, main.start) else main.placed(main.start, tail.end)
        made = narrowed(here, main, *so_long.span("setting"))  # "taxanes are allowed in the adjuvant setting"
        return None if any(leaf.wholly_unread for leaf in made.leaves()) else made
    read = when_alone(tail.body)
    if read is not None:
        if isinstance(main.rule, Not):
            then = at_that_time(main, read)
            return replace(then, end=tail.end) if then is not None else None
        return (
            main.placed(main.start, tail.end)
            if read.planned or _STUDY.search(here.text, tail.start, tail.end)
            else None
        )
    if _FOR_IT.match(here.text, tail.body.start) and len(tail.body.elements) == 1:
        made = narrowed(here, main, tail.body.start, tail.body.end)
        return None if any(leaf.wholly_unread for leaf in made.leaves()) else made
    return None


_NO_SUCH: Final = re.compile(  # not what somebody would rather not do: "is not considered appropriate"
    r"(?:is|are|will)\s+not\s+(?:be\s+)?(?:considered|regarded|counted)\b"
    r"(?!\s+(?:as\s+|to\s+be\s+)?(?:an?\s+|in\s+)?(?:appropriate|adequate|suitable|feasible|possible|safe|necessary|"
    r"candidates?|need)\b)",
    re.IGNORECASE,
)
_BY_THIS: Final = re.compile(  # by which criterion nobody is excluded: the one before it
    r"(?:based\s+(?:up)?on|on\s+the\s+basis\s+of|by|under)\s+(?:this|that|these|those|the(?:\s+above)?)\s+(?:[\w-]+\s+){0,4}?"
    r"(?:criteri(?:on|a)|rules?|requirements?|period|exclusions?|limits?|time\s?frame)",
    re.IGNORECASE,
)
_SO_LONG: Final = re.compile(  # while somebody takes part, or in which setting: nobody else is kept out by it
    r"\s*(?:(?:during|throughout|while(?:\s+(?:on|in|receiving|undergoing))?|for\s+the\s+(?:entire\s+)?duration\s+of|on|in"
    r"|(?:over|through)\s+the\s+course\s+of)\s+(?:(?:the|this|our|course\s+of|entire)\s+)*"
    r"(?:stud(?:y|ies)|trial|protocol)(?:\s+(?:treatment|therapy|period|participation|protocol))?"
    r"|(?:given\s+)?in\s+(?:(?:the|an?|either)\s+)*"
    r"(?P<setting>(?:(?:neo-?|\(neo-?\)\s?)?adjuvant|metastatic|palliative|advanced|localized)"
    r"(?:[\s,/]+(?:(?:and/or|or|and)\s+)?(?:the\s+)?(?:neo-?adjuvant|adjuvant|metastatic|palliative))*\s+settings?))\W*",
    re.IGNORECASE,
)
_FOR_EXAMPLE: Final = re.compile(r"\s*\((?:e\.?\s?g\b\.?|for example|such as)[^()]*\)\s*", re.IGNORECASE)
_SENTENCE_BEFORE: Final = re.compile(r"[.;:(\n]")
_STUDY: Final = re.compile(r"\b(?:study|trial|treatment)\b", re.IGNORECASE)
_FOR_IT: Final = re.compile(r"for\b", re.IGNORECASE)


def _most_allowed(main: Draft) -> Draft | None:
    """ "One prior line of therapy is allowed", "no more than two": not more; None where none are counted."""
    rule = main.rule
    if not isinstance(rule, Treatment) or rule.lines is None or rule.lines.high is None:
        return None
    most = rule.model_copy(update={"lines": rule.lines.model_copy(update={"low": None})})
    return replace(main, rule=most, requirement=True)


def _allowed_for(here: Composing, main: Draft, permitted: Tail, tail: Tail) -> Draft | None:
    """ "X is allowed for Y", "... for patients with Y": those who have X have it for Y, or have Y, too."""
    given = main.innermost_rules()
    if tail.body is None or len(tail.kinds) > 1 or _OF_PERSONS.search(here.text, permitted.start, permitted.end):
        return None
    if not all(isinstance(rule, Treatment) and not (rule.lines or rule.count) for rule in given):
        return None  # "one line is allowed for ..." limits their number
    if tail.has("FOR_GROUP"):
        asked = here.listed(tail.body, Inherited(), plain=True)
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


_OF_PERSONS: Final = re.compile(r"eligib|enrol|includ|enter|participat|qualif", re.IGNORECASE)
_PURPOSE: Final = re.compile(
    r"(?:for|to treat|as (?:treatment|therapy|prophylaxis)|indicated for|used for)\b", re.IGNORECASE
)
WHO_MAY: Final = "who may take part, or who must be one of them"
_DENIED_BEHIND_LABEL: Final = re.compile(r":\s*no\b")
_SPARING: Final = ("EXCEPT", "UNLESS", "INCLUDING")
_MAY_TAKE_PART: Final = re.compile(
    r"(?:(?:may|can|could|will|shall)\s+(?:also\s+)?(?:be\s+(?:included|enrolled|entered|recruited|registered|accrued)|enter|"
    r"enroll|participate|take\s+part"
    r"|be\s+considered\s+(?:for|to)\s+(?:(?:the|this|be|our)\s+)?(?:(?:enrol|inclu|particip)\w*|entry|study|trial))"
    r"|(?:are|were|is)\s+(?:also\s+)?(?:included|enrolled|recruited))\b",
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
    if (scored := _scored_by(here, main, tail)) is not None:
        return scored
    if _goes_on(main):
        return rebuilt(main, (_told_further(main.parts[0], judgement(here, tail.start, tail.end)),))
    of_it = tail.body is None or _THAT.search(here.text, main.end, tail.start) is not None
    if of_it and _denies_facts(main):  # "no disease that, in the opinion of the investigator, is a risk": no such one
        return rebuilt(main, (judged(here, main.parts[0], tail),))
    if of_it and main.rule.kind == "all" and all(map(_denies_facts, main.parts)):
        last = rebuilt(main, (*main.parts[:-1], judged(here, main.parts[-1], tail)))
        each = rebuilt(main, tuple([judged(here, part, tail) for part in main.parts]))
        return ambiguous([each, last], "a judgement of a list, or of its last").asked(main.requirement)
    opinion = judgement(here, tail.start, tail.end)
    if (besides := _or_besides(here, tail)) is not None:
        # "asthma, in the investigator's opinion, or creatinine > 2"
        own = any_of([all_of([main, judgement(here, tail.start, tail.kinds[0].end)]), besides])
        return ambiguous([own, all_of([main, opinion])], "one more alternative, or more that is judged")
    if tail.body is not None and (other := _OR_MORE.match(here.text, tail.kinds[0].end)) is not None:
        # "a cardiac disorder as judged by the investigator or any respiratory disorder"
        own = all_of([main, judgement(here, tail.start, tail.kinds[0].end)])
        return any_of([own, unread(here.text, other.end(), tail.end, "widening")])
    if _OR_THOSE.search(here.text, main.end, tail.start):
        # "closed angles, or those that the investigator judges ...", "... or that, in the investigator's opinion, ..."
        either = any_of([main, opinion]).asked(main.requirement)
        if here.exclusion and isinstance(main.rule, Not):  # "eligible if cured, or if judged to be at low risk"
            return ambiguous([either, all_of([main, negated(opinion)])], "one more alternative, or one more exception")
        return either
    if _OR_BEFORE.search(here.text, main.end, tail.start) or OR_AT.match(here.low, tail.start):
        return ambiguous([all_of([main, opinion]), any_of([main, opinion])], "a judgement, or one more alternative")
    if main.rule.kind == "any" and _THAT.search(here.text, main.end, tail.start):
        if (whole := _with_its_examples(here, main)) is not None:
            before, last = (
                whole  # "A, or a medical condition such as B or C that, in the opinion of the investigator, ..."
            )
            return any_of([*before, all_of([last, opinion])]) if before else all_of([last, opinion])
        last = main.parts[-1]  # "A, or any B that, in the opinion of the investigator, ..."
        own = any_of([*main.parts[:-1], all_of([last, opinion])])
        if _are_of_one_head(here, main):
            return all_of([main, opinion])
        if _ANY.search(here.text, main.parts[-2].end, last.start + 1) or _ANY.match(here.text, last.start):
            return own
        if of_one_noun(here, main.parts):
            return all_of([main, opinion])
        return ambiguous([all_of([main, opinion]), own], "a judgement of a list, or of its last")
    return all_of([main, opinion])


def _goes_on(main: Draft) -> bool:
    """Whether what is denied ends with an opinion already, of which more is said: "no disease that, in the opinion of
    the investigator, would make the patient inappropriate"."""
    if not _denies_facts(main) or not main.parts:
        return False
    last = main.parts[0].innermost()[-1].rule
    return isinstance(last, Statement) and last.topic == "judgement" and _BY_SOMEBODY.fullmatch(last.text) is not None


def _told_further(draft: Draft, opinion: Draft) -> Draft:
    """The same with one more thing that is said of the last of it."""
    if draft.rule.kind == "any" and draft.parts:
        return rebuilt(draft, (*draft.parts[:-1], _told_further(draft.parts[-1], opinion)))
    return all_of([draft, opinion])


_BY_SOMEBODY: Final = re.compile(
    r"(?:which\s+|that\s+)?(?:in|per|by|at|according\s+to)\s+(?:the\s+)?(?:[\w'’]+\s+){0,4}?"
    r"(?:opinion|judge?ment|discretion|view)(?:\s+of\s+(?:[\w'’]+\s*){1,4})?",
    re.IGNORECASE,
)


def _are_of_one_head(here: Composing, main: Draft) -> bool:
    """Whether the last of a list says what all of it is: "a cardiac, renal or other condition (that, in the opinion of
    the investigator, ...)", "a psychiatric disease or condition"."""
    *before, last = main.parts
    end = here.text[last.start : last.end]
    generic = _GENERIC.fullmatch(end.strip()) is not None
    for index, part in enumerate(before):
        said = here.text[part.start : part.end].strip(" ,/")
        doubled = generic and index + 1 == len(before) and _BARE_OR.fullmatch(here.text, part.end, last.start)
        if not (_ENDS_IN_ADJECTIVE.search(said) or (doubled and _ENDS_GENERIC.search(said))):
            return False
    return generic or _ENDS_GENERIC.search(end) is not None


_KINDS: Final = (
    r"(?:diseases?|conditions?|disorders?|illness(?:es)?|problems?|abnormalit(?:y|ies)|(?:co-?)?morbidit(?:y|ies))"
)
_GENERIC: Final = re.compile(_KINDS, re.IGNORECASE)
_ENDS_GENERIC: Final = re.compile(rf"\b{_KINDS}$", re.IGNORECASE)
_ENDS_IN_ADJECTIVE: Final = re.compile(r"[a-z](?:al|ic|ac|ar|ary|ous|ive|ory|ine)$", re.IGNORECASE)
_BARE_OR: Final = re.compile(r"\s*(?:\s(?:and/)?or\s|/)\s*", re.IGNORECASE)


def _denies_facts(draft: Draft) -> bool:
    """Whether it says what is not there, and no contrary of what is asked of some."""
    return isinstance(draft.rule, Not) and draft.rule.part.kind != "conditional"


def _with_its_examples(here: Composing, main: Draft) -> tuple[list[Draft], Draft] | None:
    """Words that name anything at all with the examples behind them, as one, and what stands before them; None where
    the last of a list is no such thing."""
    *before, head, last = main.parts
    if head.rule.kind == "any" and head.parts:
        *more, head = head.parts
        before = [*before, *more]
    if not is_attested(here.text[head.start : head.end]) or not _SUCH_AS.search(here.text, head.end, last.start):
        return None
    if not all(isinstance(rule, Condition) and not rule.concept.open for rule in last.innermost_rules()):
        return None  # "illness such as angina, or social situations that would limit compliance"
    return before, any_of([head, last])


_SUCH_AS: Final = re.compile(r"\b(?:such as|e\.?g\.?|for example|like)\b", re.IGNORECASE)


def _scored_by(here: Composing, main: Draft, tail: Tail) -> Draft | None:
    """ "A score >= 12, as assessed by the investigator": a number, whoever found it; None for an opinion."""
    if _FOUND_BY.match(here.text, tail.start, tail.kinds[0].end) is None:
        return None
    if not all(isinstance(leaf.rule, Measurement) and leaf.rule.limit.of == "value" for leaf in main.innermost()):
        return None  # what is normal, somebody judges
    found = replace(main, end=tail.end)
    if tail.body is None:
        return found
    atom = tail.body.elements[0].atoms[0]
    if len(tail.body.elements) > 1 or len(tail.body.elements[0].atoms) > 1 or isinstance(atom, Group):
        return None
    if not isinstance(atom.value, WindowRead) or tail.body.elements[0].negations:
        return None
    return windowed(found, atom.value) if atom.value.windows else found


_FOUND_BY: Final = re.compile(
    r"\W*(?:as\s+)?(?:determined|assessed|evaluated|measured|rated|scored|counted|graded)\s+by\b", re.IGNORECASE
)


def _or_besides(here: Composing, tail: Tail) -> Draft | None:
    """What stands as one more alternative behind an opinion; None where that goes on."""
    body = tail.body
    joint = _COMMA_OR.fullmatch(here.text, tail.kinds[0].end, body.start) if body is not None else None
    if body is None or joint is None:
        return None
    first = body.elements[0].atoms[0]
    if isinstance(first, Group) or not isinstance(first.value, Noun | Measured):
        return None
    if isinstance(first.value, Noun) and not (first.value.head.names or "," in joint[0]):
        return None  # "in the opinion of the investigator or delegate"
    listed = here.listed(body, Inherited())
    return listed if listed is not None and not listed.wholly_unread else None


_OR_MORE: Final = re.compile(
    r"\s*,?\s*or\s+(?=(?:an?|any|all|has|have|had|is|are|history|presence|evidence|known|current|active|prior|previous"
    r"|pre-?existing|clinically|uncontrolled|severe|meets?|who|those)\b)"
    r"(?!(?:[\w'’/-]+\s+){0,4}?(?:(?:sub-?|co-?)?investigators?|designees?|delegates?|physicians?|doctors?|clinicians?|surgeons?"
    r"|psychiatrists?|psychologists?|specialists?|sponsor|monitor|staff|team|nurse|committee|representative|members?|personnel"
    r"|pharmacist|cent(?:er|re)|laboratory|opinion|\w+ologists?|oncologist|experts?|reviewers?)\b)",
    re.IGNORECASE,
)
_COMMA_OR: Final = re.compile(r"\s*,?\s*or\s+(?:an?\s+)?", re.IGNORECASE)
_THEY_ARE: Final = r"(?:that|whom|who|which|is|are|was|were|be|has been|have been)\b"
_OR_THOSE: Final = re.compile(
    rf"\bor\s+(?:(?:(?:the|a|any|other)\s+)*(?:those|others|anybody|anyone|{PERSONS})\b|{_THEY_ARE})"
    rf"(?:\W+{_THEY_ARE})*\W*$",
    re.IGNORECASE,
)
_OR_BEFORE: Final = re.compile(r"\bor\b\W*$", re.IGNORECASE)
_THAT: Final = re.compile(r"\b(?:that|which|who)\b\W*$", re.IGNORECASE)
_ANY: Final = re.compile(r"\b(?:any|another|other)\b", re.IGNORECASE)
