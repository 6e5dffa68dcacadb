"""What a condition makes of what precedes it: "..., if ...", "... only if ...", "..., provided that ..."."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Final

from eligibility.reading.composing.clauses import is_cause
from eligibility.reading.composing.excepted import as_cause
from eligibility.reading.composing.judgements import judgement
from eligibility.reading.composing.own_limits import (
    analytes_of,
    in_which_case,
    limits_some,
    own_limit,
    special_limit,
    told_anew,
)
from eligibility.reading.composing.purposes import agreeing, may_be_agreed
from eligibility.reading.composing.requirements import is_of_some
from eligibility.reading.composing.sparing import of_last_or_all
from eligibility.reading.composing.terms import Composing, Inherited, is_consent, is_fertile, is_pregnancy
from eligibility.reading.composing.unknowns import of_no_clear_role, told_besides, told_in_full
from eligibility.reading.drafting.conditions import is_malignant
from eligibility.reading.drafts import (
    Draft,
    all_of,
    ambiguous,
    any_of,
    conditional,
    for_those,
    negated,
    rebuilt,
    unread,
)
from eligibility.reading.patterns import just_before
from eligibility.reading.sentences import ListRead, Tail
from eligibility.rules import Age, Condition, Measurement, Not, Rule, Sex, Statement, Treatment


def if_so(here: Composing, main: Draft | None, tail: Tail, following: Sequence[Tail]) -> tuple[Draft | None, int]:
    """What a condition, "... if ...", makes of what precedes it, and how many of the following tails it has taken."""
    if in_which_case(tail):
        return of_no_clear_role(here, main, tail), 0
    if main is not None and (own := own_limit(here, main, tail, following)) is not None:
        return own
    if main is not None and tail.body is not None:
        for way in _NO_CONDITION:
            if (made := way(here, main, tail, tail.body)) is not None:
                return made, 0
    if main is not None and (denied := _if_not_so(here, main, tail, following)) is not None:
        return denied, 1
    condition = _condition(here, tail, following) if main is not None else None
    if main is None or condition is None:
        return of_no_clear_role(here, main, tail), 0
    return _conditioned(Conditioned(here, main, tail, condition)), 0


def _condition(here: Composing, tail: Tail, following: Sequence[Tail]) -> Draft | None:
    """What must be so, where that is all that is said behind the "if"."""
    if tail.body is None or limits_some(here, tail):
        return None
    condition = here.listed(tail.body, Inherited(), any_=True if tail.has("ANY_OF") else None)
    if condition is None:
        return None
    if not following and not tail.has("DUE_TO", "ANY_OF"):
        condition = told_besides(here, [tail], condition) or condition
    if tail.has("DUE_TO") and is_cause(here, tail):
        condition = as_cause(here, tail, condition)
    if isinstance(condition.rule, Treatment) and NEEDED.search(here.text, tail.start, tail.end):
        return judgement(here, condition.start, tail.end)  # "if apheresis is required": no record tells
    return condition


def _another_limit(here: Composing, main: Draft, tail: Tail, body: ListRead) -> Draft | None:
    """ "< 1.5 if no metastases or < 3 if there are": another limit, of others."""
    return unread(here.text, main.start, tail.end) if _OR_LIMIT.search(here.text, body.start, body.end) else None


def _or_in_that_case(here: Composing, main: Draft, tail: Tail, body: ListRead) -> Draft | None:
    return or_if(here, main, tail, body) if just_before(_OR_LAST, here.low, tail.start) else None


def _age_elsewhere(here: Composing, main: Draft, tail: Tail, body: ListRead) -> Draft | None:
    """ ">= 18 years, or of age in countries where that is more than 18": no condition of the age of everybody."""
    if str(tail.kinds[0].value) != "where" or not any(isinstance(rule, Age) for rule in main.innermost_rules()):
        return None
    return all_of([main, unread(here.text, tail.start, body.end, "narrowing")]).asked(main.requirement)


@dataclass(frozen=True)
class Conditioned:
    """A draft, and the condition that stands behind it."""

    here: Composing
    main: Draft
    tail: Tail
    condition: Draft

    @property
    def only(self) -> bool:
        """Whether it says "only if", "provided that"."""
        return str(self.tail.kinds[0].value).startswith(_ONLY_IF)

    @property
    def limiting(self) -> bool:
        """Whether both must be so, and not the one of those of whom the other is."""
        here, main = self.here, self.main
        if here.exclusion:
            return self.only or not main.requirement
        if self.only or _is_where(main, self.tail):
            return True
        asked_of_some = isinstance(main.rule, Not) or all(map(_says_who, self.condition.innermost_rules()))
        return main.requirement and not asked_of_some and not is_of_some(main)

    def asked(self, made: Draft) -> Draft:
        """What is required where what precedes the condition is."""
        return replace(made, requirement=self.main.requirement)


def _conditioned(read: Conditioned) -> Draft:
    """What is asked under a condition."""
    for way in _CONDITIONED:
        if (made := way(read)) is not None:
            return made
    here, main = read.here, read.main
    asked = of_last_or_all(main, lambda part: for_those(read.condition, part))
    if not is_of_some(main) and _clause_of_named(here, main, read.tail):
        words = all_of([main, unread(here.text, read.tail.start, read.tail.end, "narrowing")])
        return ambiguous([asked, words], "a condition of all that is asked, or of the clause before it")
    if (alone := _if_of_last(here, main, read.condition)) is not None:
        return ambiguous([asked, alone], _LAST_OR_ALL).asked(main.requirement)
    return read.asked(asked)


def _special_limit(read: Conditioned) -> Draft | None:
    """Another limit, of those who fulfil the condition."""
    main = read.main
    last = main.parts[-1] if main.rule.kind == "all" else main
    special = special_limit(last, read.condition)
    if special is None:
        return None
    return special if last is main else rebuilt(main, (*main.parts[:-1], special))


def _in_its_words(read: Conditioned) -> Draft | None:
    """What only an answer settles, with its condition."""
    here, main, tail = read.here, read.main, read.tail
    apart = here.text[main.end : tail.start].strip(" ,") if main.end < tail.start else ""
    if not isinstance(main.rule, Statement) or main.requirement or apart:
        return None
    said = here.text[main.start : tail.end]
    return replace(main, rule=main.rule.model_copy(update={"text": said}), end=tail.end)


def _when_consenting(read: Conditioned) -> Draft | None:
    """ "18 years or older when signing the informed consent"."""
    return replace(read.main, end=read.tail.end) if _is_when_consenting(read.main, read.condition) else None


def _agreed(read: Conditioned) -> Draft | None:
    """A condition behind what somebody agrees to may be agreed to as well."""
    here, main = read.here, read.main
    if here.exclusion:
        return None
    if (theirs_too := agreeing(here, main, read.condition)) is not None:
        return replace(theirs_too, requirement=main.requirement, end=read.tail.end)
    return of_no_clear_role(here, main, read.tail) if may_be_agreed(here, read.condition) else None


def _of_alternatives(read: Conditioned) -> Draft | None:
    """A condition behind several alternatives is one of the last, or of all."""
    here, main, tail = read.here, read.main, read.tail
    if main.rule.kind != "any":
        return None
    last = any_of([*main.parts[:-1], all_of([main.parts[-1], read.condition])])
    if str(tail.kinds[0].value) == "joined:AND" and _UNLESS.search(here.low, main.start, tail.start):
        return last.asked(main.requirement)  # "unless A, and if B"
    every = all_of([main, read.condition]) if read.limiting else for_those(read.condition, main)
    return read.asked(ambiguous([every, last], _LAST_OR_ALL))


def _limiting(read: Conditioned) -> Draft | None:
    """ "A only if B": both, or B of those who have A."""
    here, main = read.here, read.main
    if read.only and not here.exclusion and not main.requirement and _may_be_had(here, main):
        readings = [for_those(main, read.condition), all_of([main, read.condition])]
        return ambiguous(readings, "who may take part, or who must be one of them").asked(True)
    return read.asked(all_of([main, read.condition])) if read.limiting else None


def _told_anew(read: Conditioned) -> Draft | None:
    theirs = told_anew(read.main, read.condition, exclusion=read.here.exclusion)
    return replace(theirs, requirement=read.main.requirement, end=read.tail.end) if theirs is not None else None


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
_OR_LIMIT: Final = re.compile(r"\bor\s*(?:[<>≤≥]|=<)")  # "< 1.5 if no A or < 3 if B": another limit, no condition
_UNLESS: Final = re.compile(r"\bunless\b[^.;]*\Z")
_OR_LAST: Final = re.compile(r"\bor\s*,?\s*$")


def _or_be(here: Composing, main: Draft, tail: Tail, body: ListRead) -> Draft | None:
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


def or_if(here: Composing, main: Draft, tail: Tail, body: ListRead) -> Draft:
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


_ONLY_IF: Final = ("provided", "as long", "only", "so long")
NEEDED: Final = re.compile(r"\b(?:required|needed|necessary|indicated)\b", re.IGNORECASE)


_NO_CONDITION: Final[tuple[Callable[[Composing, Draft, Tail, ListRead], Draft | None], ...]] = (
    _age_elsewhere,
    _another_limit,
    _or_in_that_case,
    _or_be,
    _and_if,
)
"""What an "if" may lead to that is no condition of what precedes it."""
_CONDITIONED: Final[tuple[Callable[[Conditioned], Draft | None], ...]] = (
    _special_limit,
    _in_its_words,
    _when_consenting,
    _agreed,
    _of_alternatives,
    _limiting,
    _told_anew,
)
"""What a condition may make of what precedes it, the first that it does."""
