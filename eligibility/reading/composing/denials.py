"""What a denial makes of what precedes it: "... without ...", "... who do not ..."."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Final, Literal

from eligibility.knowledge.vocabulary import ANY_DRUG, ANY_TREATMENT
from eligibility.reading.composing.absences import mothers_at, without
from eligibility.reading.composing.circumstances import names_no_disease, on_record
from eligibility.reading.composing.clauses import parted_agreement
from eligibility.reading.composing.examples import including
from eligibility.reading.composing.excepted import either_with_examples, goes_on, kinds_of
from eligibility.reading.composing.labels import OF_STUDY
from eligibility.reading.composing.lists import agreed_by, agreements
from eligibility.reading.composing.one_more import denied_or_another
from eligibility.reading.composing.people import is_group, is_mother, tells_sex
from eligibility.reading.composing.qualifying import narrowed
from eligibility.reading.composing.states import free_of_it, names_state, not_in_state
from eligibility.reading.composing.terms import ALTERNATIVES, Composing, Inherited, is_fertile
from eligibility.reading.composing.unknowns import of_no_clear_role
from eligibility.reading.drafts import Draft, all_of, ambiguous, any_of, for_those, rebuilt, unread
from eligibility.reading.lexer import tokenize
from eligibility.reading.patterns import just_before
from eligibility.reading.phrases import Noun
from eligibility.reading.sentences import Element, Group, ListRead, Tail
from eligibility.rules import Condition, Measurement, Not, PatientAttribute, Rule, Sex, Statement, Treatment


def denied_of(
    here: Composing, main: Draft | None, tail: Tail, following: Sequence[Tail], inherited: Inherited
) -> tuple[Draft | None, int]:
    """What a denial, "... without ...", makes of what precedes it, and how many of the following tails it has taken."""
    if main is not None and _says_of_denied(here, main, tail):
        such, used = here.fold(main.parts[0], tail, following, inherited)
        return (rebuilt(main, (such,)), used) if such is not None else (main, used)
    if main is not None:
        for way in _NO_DENIAL:
            if (made := way(here, main, tail, inherited)) is not None:
                return made, 0
    denied = without(here, tail, tail.body)
    if denied is None:
        return of_no_clear_role(here, main, tail), 0
    kind = tail.kinds[0].type
    if main is not None and kind == "WITHOUT" and _is_any_drug(denied) and tail.body is not None:
        return narrowed(here, main, tail.start, tail.end), 0  # "potassium < 3.5 mmol/L without medication"
    if main is not None and main.wholly_unread and _is_test(here.low[main.start : main.end]):
        main = on_record(here, main.start, main.end)  # "an electrocardiogram without signs of ischemia"
    if main is not None and kind == "NOT" and (so := _not_so(here, main, tail, denied)) is not None:
        return so, 0
    used = 0
    if following and following[0].has("INCLUDING") and following[0].body is not None:
        apart = not goes_on(here, tail, following[0]) and not kinds_of(here, following[0], denied)
        if main is not None and apart:
            return either_with_examples(here, main, denied, following[0]), 1
        denied = including(here, denied, following[0], following[0].body, Inherited()) or denied
        used = 1
    return (denied if main is None else _both(here, main, tail, denied)), used


def _both(here: Composing, main: Draft, tail: Tail, denied: Draft) -> Draft:
    """What is said, and what is denied behind it: of all of it, or of its last."""
    if just_before(OF_STUDY, here.text, main.end, main.start):
        return unread(here.text, main.start, denied.end)  # "a control group without asthma": of some only
    if main.rule.kind == "any" and is_fertile(main.parts[-1].rule):
        # "pregnant women or women of childbearing potential not using contraception"
        last = any_of([*main.parts[:-1], all_of([main.parts[-1], denied])])
        if not any(isinstance(part.rule, Sex) for part in main.parts):
            return last
        return ambiguous([all_of([main, denied]), last], "a negation of all groups, or of the last")
    if here.exclusion and (of_others := _besides_mothers(here, main, denied)) is not None:
        return of_others
    if not here.exclusion and _IN_ABSENCE.match(here.low, tail.start) and _may_be_of_those(main, denied):
        readings = [all_of([main, denied]), for_those(denied, main)]
        why = "a limit of those without a disease, or that and its absence"
        return ambiguous(readings, why).asked(main.requirement)
    return _of_all_or_last(here, main, denied)


def _besides_mothers(here: Composing, main: Draft, denied: Draft) -> Draft | None:
    """ "Pregnant women, and men and women of childbearing potential not using contraception": said of the others."""
    with_child = [part for part in main.parts if is_mother(part)] if main.rule.kind == "any" else []
    others = [part for part in main.parts if part not in with_child]
    if not with_child or not others:
        return None
    if all(any(tells_sex(leaf.rule) for leaf in part.leaves()) for part in others):
        return any_of([*with_child, all_of([any_of(others), denied])])
    if denied.rule == _NO_CONTRACEPTION:
        return any_of([*with_child, _of_all_or_last(here, any_of(others), denied)])
    return None


def _in_state(here: Composing, main: Draft, tail: Tail, inherited: Inherited) -> Draft | None:
    """ "Cancer without evidence of disease": in remission."""
    return free_of_it(here, main, tail) or not_in_state(here, main, tail)


def _agreed_by_others(here: Composing, main: Draft, tail: Tail, inherited: Inherited) -> Draft | None:
    agreed = parted_agreement(here.low, tail.body) if tail.body is not None else None
    return _agreed_by_those(here, main, tail, *agreed) if agreed is not None else None


def _or_mothers(here: Composing, main: Draft, tail: Tail, inherited: Inherited) -> Draft | None:
    """ "Women not using contraception, pregnant or nursing": not only those who use none."""
    at = mothers_at(tail.body) if here.exclusion and tail.body is not None else 0
    if not at or tail.body is None:
        return None
    first, rest = tail.body.parted(at)
    before, _ = here.fold(main, replace(tail, body=first, end=first.end), (), inherited)
    behind = here.listed(rest, Inherited())
    return any_of([draft for draft in (before, behind) if draft is not None])


def _or_another(here: Composing, main: Draft, tail: Tail, inherited: Inherited) -> Draft | None:
    return denied_or_another(here, main, tail, tail.body) if tail.body is not None else None


_NO_CONTRACEPTION: Final = Not(part=PatientAttribute(attribute="contraception"))
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


def _others_behind(here: Composing, main: Draft, tail: Tail, inherited: Inherited) -> Draft | None:
    """ "Cancer not in remission, gout or asthma", "asthma not requiring steroids, gout": what is denied is said of the
    first alone, and of nothing that the others are; None where it may reach further."""
    body = tail.body
    if (
        body is None
        or len(body.elements) < 2
        or not here.exclusion
        or main.requirement
        or not _is_disease(body.elements[1])
    ):
        return None
    first, rest = body.parted(1)
    is_state = names_state(here, first.elements[0])
    if not (is_state or (body.separators[0] in ("COMMA", "SEMI") and _is_needed(first.elements[0]))):
        return None
    before = _with_last(
        main, lambda last: here.fold(last, replace(tail, body=first, end=first.end), (), Inherited())[0]
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
    people, _ = here.fold(main, replace(tail, body=denied, end=denied.end), (), Inherited())
    agreed = here.listed(read, Inherited(), plain=True)
    if people is None or agreed is None:
        return of_no_clear_role(here, main, tail)
    if main is not None and is_group(main) and agreements(agreed) and not here.exclusion:
        return replace(for_those(people, agreed), requirement=True)
    return agreed_by(here, people, agreed)


_NO_DENIAL: Final[tuple[Callable[[Composing, Draft, Tail, Inherited], Draft | None], ...]] = (
    _others_behind,
    _in_state,
    _agreed_by_others,
    _or_mothers,
    _or_another,
)
"""What stands behind a "not" may say besides what is denied, or instead of it."""
