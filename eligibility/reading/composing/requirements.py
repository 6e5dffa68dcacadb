"""What "must" asks of what precedes it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Final

from eligibility.knowledge.vocabulary import vocabulary
from eligibility.reading.composing.denying import is_wanted
from eligibility.reading.composing.open_phrases import is_plain
from eligibility.reading.composing.people import is_group, is_group_of_some, is_of_motherhood, names_women, tells_sex
from eligibility.reading.composing.recovery import recovered
from eligibility.reading.composing.states import length_in_state
from eligibility.reading.composing.terms import Composing, Inherited, StatementRead
from eligibility.reading.composing.unknowns import of_no_clear_role
from eligibility.reading.composing.windows import at_that_time, otherwise_than, when_alone, windowed
from eligibility.reading.drafts import (
    Draft,
    all_of,
    ambiguous,
    any_of,
    conditional,
    contrary,
    each_leaf,
    for_those,
    lately,
    negated,
    rebuilt,
    unread,
    with_those,
)
from eligibility.reading.lexing.tokens import Token
from eligibility.reading.patterns import MEASURED, PERSONS, just_before
from eligibility.reading.phrases import AgeRead, ConsentRead, Measured
from eligibility.reading.quantities import WindowRead
from eligibility.reading.sentences import Element, Group, ListRead, Sentence, Tail
from eligibility.rules import (
    Condition,
    Conditional,
    Constant,
    Duration,
    Finding,
    Measurement,
    Not,
    PatientAttribute,
    Rule,
    Statement,
    Treatment,
    Unread,
)


def _asked_besides(tail: Tail, read: ListRead) -> tuple[Tail, ListRead | None, bool]:
    """ "Must not be pregnant, and use contraception": the tail without what is asked besides; that; and whether it is
    asked instead: "must not be able to bear children, or agree to use contraception"."""
    at = next(
        (
            i
            for i, joint in enumerate(read.separators, 1)
            if joint in ("AND", "SEMI", "OR")
            and own_clause(read.elements[i])
            and (joint != "OR" or _is_agreed(read.elements[i]))
        ),
        None,
    )
    if at is None:
        return tail, None, False
    first, rest = read.parted(at)
    first.serial = read.serial
    return replace(tail, body=first, end=first.end), rest, read.separators[at - 1] == "OR"


def _is_agreed(element: Element) -> bool:
    """Whether it is agreed to, or stated otherwise."""
    return isinstance(first := element.atoms[0], Token) and isinstance(first.value, StatementRead | ConsentRead)


_ALL_WITH: Final = re.compile(  # "all patients (including those with metastases) must": of those, too
    rf"(?:\A|[.;:*-])\s*(?:all|any)\s+(?:{PERSONS})\s*[,(]?\s*including\s+(?:those|patients|people|subjects)\s+(?:with|who\s+have)\s+\Z"
)
_OF_ALL: Final = re.compile(r"[),]\s*\Z")
_THE_DISEASE: Final = re.compile(  # that a trial is about, by no name of its own
    r"(?:(?:the|all|their|patient['’]?s|primary|underlying|target)\s+)*(?:tumou?rs?|cancer|malignancy|disease|neoplasm)",
    re.IGNORECASE,
)
_WANTED: Final = re.compile(
    r"(?:be |is |are )?(?:able|willing|capable|agree)|(?:(?:ha(?:ve|s)|fully|completely|adequately)\s+)*recovered\b",
    re.IGNORECASE,
)
CLAUSE: Final = re.compile(r"\b(?:who|that|which|had|has|have|must|will|should)\b", re.IGNORECASE)


def _narrows_by_contrast(rule: Rule) -> bool:
    """Whether words that were not understood narrow what stands before them, and go over to something else."""
    return isinstance(rule, Unread) and rule.role == "narrowing" and _CONTRAST.search(rule.text.lower()) is not None


_CONTRAST: Final = re.compile(r"\b(?:but|however|whereas|while)\b")
_RELATIVE: Final = re.compile(
    r"\b(?:which|that|who)\s*,?\s+(?:in\s+the\s+(?:opinion|judge?ment)\s+of\s+[a-z ]{3,40},?\s*)?$"
)
_THING_THAT: Final = re.compile(r"\b(?:which|that)\s+\Z")
_OR_WHO: Final = re.compile(rf"\bor\s+(?:(?:those|{PERSONS}|anyone)\s+)?(?:who|that)\s+$")


_HAS_TO_TAKE: Final = re.compile(r"\W*(?:is|are)\s+required\s+to\s+(?:take|receive|undergo)\b", re.IGNORECASE)


def must(here: Composing, main: Draft | None, tail: Tail, rest: Sequence[Tail]) -> Draft:
    """ "X must Y", "patients with X must have Y": a requirement, of everybody or of those who are named before it."""
    value = str(tail.kinds[0].value)
    joined = value.startswith("joined:")
    literally = here.literally()
    besides: ListRead | None = None
    instead = False
    if tail.kinds[0].type == "MUST_NOT" and tail.body is not None and not rest:
        tail, besides, instead = _asked_besides(tail, tail.body)
    if main is not None and not rest and (read := when_alone(tail.body)) is not None:
        timed = _at_its_time(here, main, tail, read)
        if timed is not None:
            return replace(timed, end=tail.end, requirement=True)
    if main is not None and not rest and (seen := _seen_to_by_site(here, main, tail)) is not None:
        return seen
    asked = tail.body
    if main is not None and asked is not None and not _UNABLE.match(here.text, tail.start):
        asked = of_the_same(main, asked, denied=tail.kinds[0].type == "MUST_NOT")
    of_it, conditions = _denied_and_when(rest) if tail.kinds[0].type == "MUST_NOT" else (rest, ())
    required = literally.sentence(Sentence(asked, list(of_it)), Inherited()) if asked else None
    if tail.has("RECOVERED"):
        required = unread(here.text, tail.kinds[1].start, tail.end)
    if required is None:
        return of_no_clear_role(here, main, tail)
    if here.exclusion and main is None and not rest and _HAS_TO_TAKE.match(here.text, tail.start):
        return replace(required, requirement=False)  # whoever needs what is prohibited
    if main is not None and not required.wholly_unread and _THE_DISEASE.fullmatch(here.text, main.start, main.end):
        main = None  # "the tumor must be accessible to a biopsy": that of everybody
    elif (
        main is not None and just_before(_ALL_WITH, here.low, main.start) and just_before(_OF_ALL, here.low, tail.start)
    ):
        main = None
    if tail.kinds[0].type == "MUST" and (graded := recovered(here, main, tail)) is not None:
        for each in rest:
            graded = here.fold(graded, each, (), Inherited())[0] or graded
        return graded
    if tail.kinds[0].type == "MUST_NOT":
        if required.rule.kind == "all" and tail.body is not None and {*tail.body.separators} == {"COMMA"} and not rest:
            required = any_of(required.parts)  # "must not have A, B"
        at_once = "both" in here.low[tail.start : tail.end].split()
        one_of = _either_denied(tail, required) if not (rest or at_once) else None
        required = negated(lately(required), (tail.start, tail.end))
        if one_of is not None:
            neither = negated(lately(one_of), (tail.start, tail.end))
            surely = len(one_of.parts) > 2 or all(map(is_of_motherhood, one_of.parts))
            required = neither if surely else ambiguous([required, neither], "'and' in a list of what must not be")
        also = literally.listed(besides, Inherited(), plain=True) if besides is not None else None
        if also is not None:
            required = any_of([required, also]) if instead else all_of([required, also])
        required = _on_conditions(literally, required, conditions)
    if main is not None and is_of_some(main) and just_before(_RELATIVE, here.low, tail.start):
        return asked_of_them(main, required)  # "women must use two methods, one of which must be a barrier"
    if main is not None and (suspected := _only_suspected(here, main, required, tail)) is not None:
        return suspected
    if just_before(_RELATIVE, here.low, tail.start):
        if main is not None and just_before(_OR_WHO, here.low, tail.start):
            return any_of([main, required])  # "asthma, or who will not be available"
        if (
            main is not None
            and isinstance(main.rule, Not)
            and main.parts
            and _THING_THAT.search(here.low, 0, tail.start)
        ):
            return rebuilt(main, (all_of([main.parts[0], required]),))  # "no hypertension that cannot be controlled"
        if main is None:
            return required
        if main.rule.kind == "any" and _THING_THAT.search(here.low, 0, tail.start):
            last = any_of(
                [*main.parts[:-1], all_of([main.parts[-1], required])]
            )  # "..., or nodules that cannot be ..."
            return ambiguous([last, all_of([main, required])], "a clause of the last alternative, or of all")
        return all_of([main, required])
    if here.exclusion and _CANNOT_BE_DONE.match(here.low, tail.start) and _in_own_words(required):
        return _with_what_cannot_be(main, required, value)
    if here.exclusion and _foretold(here, tail, required):
        return all_of([main, required]) if main is not None else required
    required = required.asked(True)
    if main is None:
        return required
    if (clause := _told_of_thing(here, main, required, tail)) is not None:
        return clause
    if joined:
        if here.exclusion and not main.requirement:
            told = here.low.startswith("will not", tail.kinds[0].start)  # "... or will not be available"
            return any_of([main, required if told else contrary(required)])
        # "must be sterile, or must use contraception", but "must not be pregnant or must not be breastfeeding"
        either = value == "joined:OR" and tail.kinds[0].type == "MUST"
        if is_of_some(main) and main.requirement:
            return asked_of_them(main, required, either=either)  # "women must have a negative test and must agree ..."
        both = [main, required]
        return (any_of(both) if either else all_of(both)).asked(main.requirement)
    if isinstance(main.rule, Conditional) and (more := _asked_after_all(here, main, required, tail)) is not None:
        return more
    main = with_those(main)
    kinds = {leaf.rule.kind for leaf in main.innermost()}
    if {"unread", "measurement"} <= kinds:
        return of_no_clear_role(here, main, tail)  # "A < 1.5, or for those on warfarin, they must ..."
    if any(_narrows_by_contrast(leaf.rule) for leaf in main.innermost()):
        return of_no_clear_role(here, main, tail)  # "A for such as have B, but C must ...": whose the verb is, is open
    anew = isinstance(main.rule, Not) and _ANEW.fullmatch(here.text, main.end, tail.start) is not None
    if (anew or _EVERYBODY.search(here.text, main.end, tail.start)) and not here.exclusion:
        return replace(all_of([main, required]), requirement=True)  # "women only, all patients must ..."
    for_some = for_those(main, required).asked(True)
    if any(start < tail.start for start in here.people) or is_group(main) or is_group_of_some(main):
        return for_some
    if _are_several(here, main):
        for_some = for_those(any_of(main.parts), required).asked(True)  # "A and B must be stable": either, where it is
    if not here.exclusion and (given := _said_to_be_given(here, main, required, tail)) is not None:
        return replace(given, requirement=True)
    if _of_those_who_have_it(here, main, tail):
        return for_some
    if (
        not (here.exclusion or required.parts)
        and kinds == {"finding"}
        and _SEEN_TO.match(here.low, tail.start, tail.end)
    ):
        return all_of([main, required]).asked(True)  # "a negative test must be documented within 7 days"
    # "Metastases must be treated": of everybody, or of those who have them
    return replace(
        ambiguous([for_some, all_of([main, required])], "a requirement of a thing, not of people"), requirement=True
    )


def _asked_after_all(here: Composing, main: Draft, required: Draft, tail: Tail) -> Draft | None:
    """ "QTc < 450, or < 480 with A, must be confirmed", "women must A, must B": what is asked besides what is asked of
    some, or of each in another way; None where those are named before it, and nothing is asked of them yet."""
    if not is_of_some(main):
        return all_of([main, required]).asked(True)
    asked = main.parts[1]
    if names_women(asked) and all(map(tells_sex, asked.innermost_rules())):
        return None
    anew = _NAMED_AGAIN.search(here.low[: tail.start], main.start) is not None
    if anew or any(map(str.isalnum, here.text[main.end : tail.start])):
        return of_no_clear_role(here, main, tail)  # "women must be sterile, or women must use contraception"
    both = asked_of_them(main, required)
    if not main.requirement:
        of_such = for_those(all_of([main.parts[0], asked]), required)
        why = "asked besides, or of those who fulfil what precedes"
        return replace(ambiguous([both, of_such], why), requirement=True)
    if _OR_MUST.search(here.low, tail.end) is None:
        return both
    why = "one more thing that is asked, or that will do"
    return replace(ambiguous([both, asked_of_them(main, required, either=True)], why), requirement=True)


_NAMED_AGAIN: Final = re.compile(
    rf"(?:[,;]|\b(?:and|or)\b)\s*(?:\w+\s+){{0,4}}(?:{PERSONS}|(?:wo)?m[ae]n|(?:fe)?males?)\b[^,;]*\Z"
)
_OR_MUST: Final = re.compile(r"\bor\s+(?:must|should|have\s+to|has\s+to|needs?\s+to|be|agree|use|have)\b")


def _are_several(here: Composing, main: Draft) -> bool:
    """Whether diseases or treatments stand side by side: "A and B", but not "drugs that are inhibitors of C"."""
    if main.rule.kind != "all" or not all(isinstance(part.rule, Condition | Treatment) for part in main.parts):
        return False
    joints = (here.low[one.end : other.start].split() for one, other in pairwise(main.parts))
    return all("and" in joint or joint == [","] for joint in joints)


def _only_suspected(here: Composing, main: Draft, required: Draft, tail: Tail) -> Draft | None:
    """ "A history of A, or suspected A that cannot be ruled out": what cannot be ruled out is what is suspected; None
    where nothing is, or nothing else."""
    if not here.exclusion or main.rule.kind != "any" or _RULED_OUT.match(here.low, tail.start) is None:
        return None
    doubtful = [any(_is_suspected(rule) for rule in part.innermost_rules()) for part in main.parts]
    first = doubtful.index(True) if True in doubtful else 0
    if not first or not all(doubtful[first:]):
        return None
    return any_of([*main.parts[:first], all_of([any_of(main.parts[first:]), required])])


def _is_suspected(rule: Rule) -> bool:
    return isinstance(rule, Condition) and (rule.suspected or "suspected" in rule.qualifiers)


_RULED_OUT: Final = re.compile(r"(?:can|could)(?:\s*not|['’]t)\s+be\s+(?:\w+ly\s+)?(?:ruled\s+out|excluded)\b")


def _of_those_who_have_it(here: Composing, main: Draft, tail: Tail) -> bool:
    """ "Toxicities must have resolved", "brain metastases must be stable", "steroids must be at a stable dose": what
    nobody is asked to have must be over, or be as it was, in those who have it."""
    if tail.kinds[0].type != "MUST" or _OVER_OR_STABLE.match(here.low, tail.kinds[0].start) is None:
        return False
    rules = main.innermost_rules()
    if not all(isinstance(rule, Condition | Treatment) for rule in rules):
        return False
    return all(isinstance(rule, Treatment) or _is_complication(rule) for rule in rules)


def _is_complication(rule: Rule) -> bool:
    """Whether it is what a treatment or a cancer has led to, which no trial asks for by asking that it be stable."""
    name = rule.concept.name if isinstance(rule, Condition) else ""
    return any(vocabulary().is_a("condition", name, each) for each in ("adverse event", "CNS metastases"))


_OVER_OR_STABLE: Final = re.compile(
    r"(?:must|should|shall|has to|have to|needs? to)\s+(?:also\s+)?(?:be|have\s+been|have|remain)\s+(?:\w+ly\s+)*"
    r"(?:(?:at|on|in)\s+an?\s+)?(?:stable|treated|irradiated|resected|asymptomatic|controlled|stopped"
    r"|discontinued|withdrawn|withheld|avoided|tapered|resolved|recovered)\b"
)


def _said_to_be_given(here: Composing, main: Draft, required: Draft, tail: Tail) -> Draft | None:
    """ "Two lines must have been given": they are asked for, and so of everybody; None where more is asked of those who
    had them, and how many is not said."""
    rules = main.innermost_rules()
    if tail.kinds[0].type != "MUST" or not any(isinstance(rule, Treatment) for rule in rules):
        return None
    verb = _GIVEN.match(here.low, tail.start)
    if verb is None or not all(isinstance(rule, Treatment | Unread) for rule in rules):
        return None
    counted = _COUNTED.match(here.low, main.start) or just_before(_COUNT, here.low, main.start)
    alone = not any(map(str.isalnum, here.low[verb.end() : tail.end]))
    if counted is None and (not alone or verb["over"] is not None):
        return None
    ever = each_leaf(main, _ever)
    return replace(ever, end=tail.end) if alone else all_of([ever, required])


def _ever(leaf: Draft) -> Draft:
    """A treatment that was given at some time, where no time is said of it."""
    rule = leaf.rule
    if not isinstance(rule, Treatment) or rule.time != "unstated" or rule.window is not None:
        return leaf
    return replace(leaf, rule=rule.model_copy(update={"time": "ever"}))


_GIVEN: Final = re.compile(
    r"(?:must|should|shall|has to|have to|needs? to)\s+(?:also\s+)?have\s+(?:already\s+|previously\s+)?been\s+"
    r"(?:given|received|administered|tried|used|prescribed|taken|attempted|delivered|(?P<over>completed))\b"
    r"(?:\s+(?:previously|before|in the past)\b)?"
)
_SO_MANY: Final = (
    r"\b(?:(?:at\s+least|(?:a\s+)?minimum\s+of|no\s+(?:less|fewer)\s+than|≥|>=)\s*(?:an?|one|two|three|four|five|six|\d+)"
    r"|(?:one|two|three|four|five|six|\d+)\s+or\s+more)\s*"
)
_COUNTED: Final = re.compile(_SO_MANY)
_COUNT: Final = re.compile(_SO_MANY + "$")


_CANNOT_BE_DONE: Final = re.compile(  # no requirement, as "cannot be pregnant" is one
    r"(?:(?:and|or|but)\s+)?(?:can|could)(?:\s*not|['’]t)\s+be\s+(?:\w+ly\s+)?\w+(?:ed|en)\b"
)


def _with_what_cannot_be(main: Draft | None, denied: Draft, joined: str) -> Draft:
    """ "Scans are damaged and cannot be read", "A, or B that cannot be ruled out": of the last, or of each."""
    if main is None:
        return denied
    if joined == "joined:OR":
        return any_of([main, denied])
    both = all_of([main, denied])
    if main.rule.kind != "any":
        return both
    last = any_of([*main.parts[:-1], all_of([main.parts[-1], denied])])
    return ambiguous([both, last], "said of the last, or of all that is listed")


def _in_own_words(draft: Draft) -> bool:
    return all(isinstance(leaf.rule, Statement | Unread) for leaf in draft.innermost())


def _foretold(here: Composing, tail: Tail, required: Draft) -> bool:
    """Whether it says who will not do what a trial wants, and asks for nothing: "will not use contraception"."""
    rules = required.innermost_rules()
    judged = [isinstance(rule, Statement) and rule.topic == "judgement" for rule in rules]
    told = _WILL_NOT.match(here.low, tail.kinds[0].start) is not None
    return told and not any(judged) and all(map(is_wanted, rules))


_WILL_NOT: Final = re.compile(r"(?:will not|won['’]t)\b")


def _either_denied(tail: Tail, required: Draft) -> Draft | None:
    """ "Must not have A and B": one of them, where nothing says that only both at once are meant."""
    if required.rule.kind != "all" or tail.body is None or "AND" not in tail.body.separators:
        return None
    if not {*tail.body.separators} <= {"AND", "COMMA"} or len(required.parts) != len(tail.body.elements):
        return None
    return any_of(required.parts)


def _told_of_thing(here: Composing, main: Draft, required: Draft, tail: Tail) -> Draft | None:
    """ "The dosing regimen must have been stable", "a fresh biopsy must be obtained at screening": a clause about a
    thing, in the words of the text."""
    said = here.text[main.start : main.end]
    if here.exclusion or len(tail.kinds) > 1 or tail.kinds[0].type != "MUST":
        return None
    thing = not main.parts and (bool(main.open) or isinstance(main.rule, Statement))
    made = thing and _MADE.match(here.low, tail.start) is not None
    if main.rule.kind != "unread" and not made:
        return None
    if not isinstance(required.rule, Statement) or not is_plain(said, joined=False) or _NO_THING.search(said):
        return None
    if any(start < tail.start for start in here.people) or here.text[main.end : tail.start].strip():
        return None
    end = max(tail.end, required.end)
    rule = required.rule.model_copy(update={"text": here.text[main.start : end].rstrip(" ,.;")})
    return Draft(rule, main.start, end, requirement=True)


_NO_THING: Final = re.compile(
    r"\b(?:but|if|when|for|only|also|then|unless|although|though|each|any|all|some|both|who|which|that|patients?|subjects?"
    rf"|{PERSONS}|(?:wo)?m[ae]n|(?:fe)?males?|they|he|she|it|this|those|these)\b",
    re.IGNORECASE,
)


def _seen_to_by_site(here: Composing, main: Draft, tail: Tail) -> Draft | None:
    """ "A tissue block must be available": what a site can say of it; None where something is asked of people."""
    if (
        tail.kinds[0].type != "MUST"
        or len(tail.kinds) > 1
        or _SEEN_TO.fullmatch(here.low, tail.start, tail.end) is None
    ):
        return None
    leaves = main.innermost()
    if all(isinstance(leaf.rule, Finding | Measurement) for leaf in leaves) and not here.exclusion:
        return replace(main, end=tail.end, requirement=True)  # "a negative test must be obtained"
    if _SHOWN.search(here.low, tail.start, tail.end) is not None:
        return None
    named = any(start < tail.start for start in here.people) or is_group(main) or is_group_of_some(main)
    plain = all(leaf.open or isinstance(leaf.rule, Statement | Unread) for leaf in leaves)
    if (
        named
        or not plain
        or here.exclusion
        or main.rule.kind == "not"
        or MEASURED.search(here.text, main.start, main.end)
    ):
        return None
    said = Statement(text=here.text[main.start : tail.end], topic="circumstance", who="site")
    return Draft(said, main.start, tail.end, requirement=True)


_MUST_BE: Final = r"(?:must|should|shall|has to|have to|needs? to)\s+(?:also\s+)?be\s+(?:made\s+)?"
_MADE_SO: Final = "available|obtained|provided|collected|submitted|performed|done|sent|taken"
_MADE: Final = re.compile(rf"{_MUST_BE}(?:{_MADE_SO})\b")
_SEEN_TO: Final = re.compile(rf"{_MUST_BE}(?:{_MADE_SO}|completed|documented|confirmed|demonstrated|shown|present)\W*")
_SHOWN: Final = re.compile(r"(?:documented|confirmed|demonstrated|shown|present)\W*\Z")


def _denied_and_when(tails: Sequence[Tail]) -> tuple[Sequence[Tail], Sequence[Tail]]:
    """What is said of that which must not be, and when it need not be so: "must not have X except Y, unless Z"."""
    at = next((i for i, tail in enumerate(tails) if tail.kinds[0].type in _WHEN), len(tails))
    return tails[:at], tails[at:]


_WHEN: Final = ("UNLESS", "IF", "FOR_GROUP")


def _on_conditions(here: Composing, required: Draft, conditions: Sequence[Tail]) -> Draft:
    """A requirement with the clauses behind it that say when it is one."""
    if not conditions:
        return required
    required, index = replace(required, requirement=True), 0
    while index < len(conditions):
        tail = conditions[index]
        group = here.listed(tail.body, Inherited(), plain=True) if not tail.has("UNLESS") and tail.body else None
        if group is not None:  # "must not be breastfeeding if they receive A"
            required = replace(for_those(group, required), requirement=True)
            index += 1
            continue
        found, used = here.fold(required, tail, conditions[index + 1 :], Inherited())
        required = found or required
        index += 1 + used
    return required


def _at_its_time(here: Composing, main: Draft, tail: Tail, read: WindowRead) -> Draft | None:
    """ "X must have been done 4 weeks before": what is asked of X; None where a time says nothing of it."""
    if len(tail.kinds) > 1:
        return None
    if tail.kinds[0].type == "MUST_NOT":  # "inhibitors must not be given within 7 days before": none then
        then = at_that_time(main, read)
        return negated(_any_given(then)) if then is not None and not read.exact else None
    rule = main.rule
    if isinstance(rule, Statement) and not main.requirement and main.end <= tail.start:
        # "laboratory tests must be done within 4 weeks": what a site can say, with its time
        said = here.text[main.start : tail.end]
        return replace(main, rule=Statement(text=said, topic="circumstance", who="site"))
    if isinstance(rule, Finding | Measurement) and rule.window is None and read.moment == "any":
        return windowed(main, read)
    others = otherwise_than(main, read)
    window = read.windows[0]
    near = read.moment == "start" or (
        window.start is not None and (others is not None or (window.start.value > 0 and window.reaches_ahead))
    )
    within = at_that_time(main, read) if near else None
    if within is not None and not read.exact:  # "a biopsy must have been performed no more than 4 weeks before"
        if main.open and _MADE.match(here.low, tail.start):
            return within  # "a chest scan must be performed within 6 months before"
        asked_of_some = for_those(each_leaf(main, _ever), within)
        return ambiguous([within, asked_of_some], "what must have been done, or when it was where it was done")
    # "prior surgery must have been completed 4 weeks before": none since
    return negated(_any_given(others)) if others is not None else None


def _any_given(then: Draft) -> Draft:
    """Of several treatments within a time, any: "A and B must have been completed 4 weeks before" denies either."""
    leaves = then.innermost()
    if len(leaves) < 2 or not all(isinstance(leaf.rule, Treatment) and leaf.rule.window for leaf in leaves):
        return then
    return any_of(list({leaf.rule: leaf for leaf in leaves}.values()), (then.start, then.end))


_UNABLE: Final = re.compile(r"(?:can|could)(?:\s*not|'t)?\b", re.IGNORECASE)  # "infections that cannot be treated"


def of_the_same(main: Draft, read: ListRead, *, denied: bool) -> ListRead:
    """ "Statins must be at a stable dose for 4 weeks": attributes alone are those of what stands before them."""
    if not all(isinstance(leaf.rule, Condition | Treatment) for leaf in main.innermost()):
        return read
    elements = [_said_again(main, element, denied=denied) or element for element in read.elements]
    return ListRead(elements, read.separators, read.start, read.end, read.serial)


def _said_again(main: Draft, element: Element, *, denied: bool) -> Element | None:
    """The attributes in an element, of all that is meant; None where there is more, or less, than attributes."""
    said = [atom for atom in element.atoms if not isinstance(atom, Group) and atom.type in _SAID_OF_IT]
    names = tuple([t.value.name for t in said if t.type == "QUALIFIER"])
    if len(said) < len(element.atoms) or not names:
        return None
    since = [t for t in said if t.type == "WINDOW" and not t.value.now]  # "stable at study entry": as it is now
    lasting = [t.value.least for t in said if t.type == "LASTING"] + [length_in_state(t, names[-1]) for t in since]
    if len(lasting) > 1 or (since and lasting[-1] is None):
        return None
    start, end = said[0].start, said[-1].end
    of_each = [_with_attributes(leaf, names, lasting).placed(start, end) for leaf in main.innermost()]
    if len(of_each) == 1 or denied:
        asked = any_of(of_each)
    else:  # of each that there is
        asked = all_of([for_those(leaf, one) for leaf, one in zip(main.innermost(), of_each, strict=True)])
    fact = Token("FACT", StatementRead(asked.placed(start, end)), start, end)
    return Element(element.negations, [fact], element.start, element.end)


_SAID_OF_IT: Final = frozenset(("QUALIFIER", "LASTING", "WINDOW"))


def _with_attributes(leaf: Draft, names: tuple[str, ...], lasting: list[Duration | None]) -> Draft:
    rule = leaf.rule
    assert isinstance(rule, Condition | Treatment)
    update: dict[str, object] = {"qualifiers": tuple(dict.fromkeys((*rule.qualifiers, *names)))}
    if lasting:
        update["lasting"] = lasting[0]
    return replace(leaf, rule=rule.model_copy(update=update), requirement=False)


def is_of_some(main: Draft) -> bool:
    """Whether it asks something of some patients only."""
    return isinstance(main.rule, Conditional) and isinstance(main.rule.otherwise, Constant)


def asked_of_them(main: Draft, required: Draft, *, either: bool = False) -> Draft:
    """What is asked of some patients, with one thing more that is asked of them; ``either``: instead."""
    when, then, otherwise = main.parts
    asked = any_of([then, required]) if either else all_of([then, required])
    return replace(conditional(when, asked, otherwise), requirement=True)


_ANEW: Final = re.compile(  # "no gout, patients must not have ...", not "patients without gout must ..."
    rf"[\s.;,–-]*[;,–-]\s*(?:the\s+|these\s+)?(?:{PERSONS})\s*", re.IGNORECASE
)
_EVERYBODY: Final = re.compile(rf"[,;]\s*(?:all|every|each)\s+(?:{PERSONS})\W*$", re.IGNORECASE)


def own_clause(element: Element) -> bool:
    """Whether it is nothing that is denied of anybody: "no metastases and age >= 18"."""
    first = element.atoms[0]
    if isinstance(first, Group) or element.negations:
        return False
    if isinstance(first.value, StatementRead):
        rule = first.value.draft.rule
        wanted = isinstance(rule, PatientAttribute) and rule.attribute in ("consent", "contraception")
        return wanted or (isinstance(rule, Statement) and _WANTED.match(rule.text) is not None)
    return isinstance(first.value, AgeRead | ConsentRead | Measured)
