"""Rules against a chart: the one place that knows every kind of rule."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from functools import lru_cache, partial
from itertools import combinations
from typing import Final, TypeAlias, assert_never

from eligibility.deciding.ages import age, sex
from eligibility.deciding.allergies import allergy
from eligibility.deciding.answers import Path, Settled, place_of_attribute, settled
from eligibility.deciding.case import STANDARD, Case, Decider, Settings
from eligibility.deciding.conditions import condition
from eligibility.deciding.exemplified import examples_of, is_no_example, there_is_none
from eligibility.deciding.findings import finding
from eligibility.deciding.kept import kept
from eligibility.deciding.measurements import measurement, on_scales
from eligibility.deciding.people import attribute
from eligibility.deciding.places import sides
from eligibility.deciding.statements import statement
from eligibility.deciding.treatments import treatment
from eligibility.deciding.verdict import Cause, Need, Verdict
from eligibility.knowledge import wording, words
from eligibility.knowledge.charted import meant
from eligibility.knowledge.qualifiers import STATES, qualifiers
from eligibility.knowledge.tables import all_kinds
from eligibility.patient.chart import chart_of
from eligibility.patient.profile import PatientProfile
from eligibility.rules import (
    Age,
    All,
    Allergy,
    Ambiguous,
    Any,
    AtLeast,
    Concept,
    Condition,
    Conditional,
    Constant,
    Criterion,
    Finding,
    ForArms,
    Measurement,
    Not,
    OnScales,
    PatientAttribute,
    Rule,
    Sex,
    Span,
    Statement,
    Treatment,
    Trial,
    Unread,
    children,
)
from eligibility.truth import Status, agreed, all_of, any_of, at_least, negate, of

__all__ = ["Joining", "concerns", "decide", "evaluate", "together", "verdict_on", "verdicts_on"]


def evaluate(
    criterion: Criterion, profile: PatientProfile, on: date | None = None, settings: Settings = STANDARD
) -> Verdict:
    """Decide one criterion for one patient on the screening date ``on``.

    ``on`` left out is the profile's ``as_of``, and failing that today.
    """
    on = on or profile.as_of or date.today()
    return verdict_on(criterion, case_of(profile, on, settings))


def case_of(profile: PatientProfile, on: date, settings: Settings = STANDARD) -> Case:
    """The patient on the day, ready for any number of criteria."""
    return Case(chart_of(profile, on), on.toordinal(), settings)


def verdict_on(criterion: Criterion, case: Case) -> Verdict:
    """Decide one criterion for a patient on a day."""
    return _ready(criterion)(case)


def verdicts_on(trial: Trial, case: Case) -> tuple[Verdict, ...]:
    """Decide every criterion of a trial for a patient on a day."""
    return tuple([ready(case) for ready in _all_ready(trial)])


def _made_ready(criterion: Criterion) -> Decider:
    """How a criterion is decided: its rule, for the arms that it is for, but for what a person has answered."""
    rule, arms = criterion.rule, criterion.arms
    decider = _deciders(rule)
    neutral = criterion.kind == "inclusion"
    span = next((Span(start=mark.start, end=mark.end) for mark in criterion.marks if not mark.path), None)
    examples = examples_of(criterion)

    def decided(case: Case) -> Verdict:
        case.neutral = neutral
        if arms and case.arm is not None and not concerns(arms, case.arm):
            verdict = Verdict(of(neutral), rule, case, detail="it is for another arm")
        else:
            told = _told(criterion, case)
            verdict = _answered(case, rule, (), told) if told else decider(case)
            if examples and verdict.status is Status.UNKNOWN:
                verdict = _exemplified(case, verdict, (), examples, told)
        verdict.span = span
        return verdict

    return decided


def _told(criterion: Criterion, case: Case) -> dict[Path, Settled]:
    """What the profile says in the criterion's own words."""
    chart, answers = case.chart, case.answers
    if case.arm is not None and not criterion.arms:
        answers = {**_told_by_arm(case.arm, criterion.text), **answers}
    if not (answers or chart.denied or chart.told):
        return {}
    return settled(criterion, answers, chart.denied, chart.told)


_ready = kept(_made_ready)
_all_ready: Callable[[Trial], tuple[Decider, ...]] = kept(lambda trial: tuple(map(_ready, trial.criteria)), most=4096)


def decide(case: Case, rule: Rule) -> Verdict:
    """Decide one rule."""
    return _deciders(rule)(case)


def _decider(rule: Rule) -> Decider:
    """How a rule is decided, whoever the patient is."""
    match rule:
        case Measurement() | Condition() | Treatment() | Finding() if sides(rule.site):
            return _on_both_sides(rule)
        case Measurement():
            return measurement(rule)
        case Condition():
            return condition(rule)
        case Treatment():
            return treatment(rule)
        case All() | Any() | AtLeast() | Not() | Conditional() | Ambiguous() | ForArms():
            return _joined(rule)
        case Age():
            return age(rule)
        case PatientAttribute():
            return partial(attribute, rule=rule)
        case Finding():
            return partial(finding, rule=rule)
        case Sex():
            return partial(sex, rule=rule)
        case Allergy():
            return allergy(rule)
        case OnScales():
            return partial(on_scales, rule=rule)
        case Statement():
            return statement(rule)
        case Unread():
            return _open(rule, Cause.NOT_UNDERSTOOD, Need(rule.text, "reading", "text"))
        case Constant():
            status = of(rule.holds)
            return lambda case: Verdict(status, rule, case)
        case _:
            assert_never(rule)


_deciders = kept(_decider)


def _on_both_sides(rule: Measurement | Condition | Treatment | Finding) -> Decider:
    """The decision on what is asked of both eyes, which one eye does not settle."""
    parts = [_deciders(rule.model_copy(update={"site": site})) for site in sides(rule.site)]

    def decided(case: Case) -> Verdict:
        found = [part(case) for part in parts]
        status = all_of([one.status for one in found])
        deciding = [one for one in found if one.status is status]
        used = tuple(dict.fromkeys([fact for one in deciding for fact in one.used]))
        needs = tuple(dict.fromkeys([need for one in deciding for need in one.needs]))
        return Verdict(status, rule, case, used, deciding[0].cause, needs, detail=deciding[0].detail)

    return decided


def _open(rule: Rule, cause: Cause, need: Need) -> Decider:
    """Of a rule that no fact can settle."""
    needs = (need,)
    return lambda case: Verdict(Status.UNKNOWN, rule, case, (), cause, needs)


# ---------------------------------------------------------------------------------------------------------------------
# Rules that are made of others

Joining = All | Any | AtLeast | Not | Conditional | Ambiguous | ForArms
_Joint: TypeAlias = Callable[[Case, tuple[Verdict, ...]], Verdict]


def _joined(rule: Joining) -> Decider:
    joint = _joints(rule)
    parts = tuple(map(_deciders, children(rule)))
    if isinstance(rule, Not):
        return lambda case: joint(case, (_denied(case, parts[0]),))
    if isinstance(rule, Any) and (wholes := [_deciders(whole) for whole in _of_any_kind(rule)]):
        return lambda case: _of_some_kind(case, joint(case, tuple([part(case) for part in parts])), wholes)
    return lambda case: joint(case, tuple([part(case) for part in parts]))


def _of_any_kind(rule: Any) -> tuple[Rule, ...]:
    """What alternatives ask for that are all the kinds of one thing: a stroke, of "ischemic or hemorrhagic stroke"."""
    found: list[Rule] = []
    for kind, of_kind in (("condition", Condition), ("treatment", Treatment)):
        named = {part.concept.name: part for part in rule.parts if isinstance(part, of_kind)}
        for whole, kinds in all_kinds(kind) if len(named) > 1 else ():
            if not kinds <= named.keys():
                continue
            first, *others = [named[name].model_copy(update={"concept": Concept(name=whole)}) for name in kinds]
            if all(other == first for other in others):
                found.append(first)
    return (*found, *_without_what_exhausts(rule))


def _without_what_exhausts(rule: Any) -> Iterator[Rule]:
    """What alternatives ask for that differ in no more than attributes of which everything has one: "acute or chronic
    hepatitis"."""
    for one, other in combinations([part for part in rule.parts if isinstance(part, Condition | Treatment)], 2):
        mine = [text for text in one.qualifiers if text not in other.qualifiers]
        theirs = [text for text in other.qualifiers if text not in one.qualifiers]
        if len(mine) != 1 or len(theirs) != 1 or not qualifiers().exhaust(mine[0], theirs[0]):
            continue
        shared = {"qualifiers": tuple([text for text in one.qualifiers if text != mine[0]])}
        whole = one.model_copy(update=shared)
        if whole == other.model_copy(update=shared):
            yield whole


def _of_some_kind(case: Case, verdict: Verdict, wholes: Sequence[Decider]) -> Verdict:
    """The verdict on alternatives where something is on record that is one of them, whichever that is."""
    if verdict.status is Status.UNKNOWN:
        for whole in wholes:
            found = whole(case)
            if found.status is Status.MET:
                return Verdict(Status.MET, verdict.rule, case, found.used, detail=found.detail)
    return verdict


def _denied(case: Case, part: Decider) -> Verdict:
    case.neutral = not case.neutral
    found = part(case)
    case.neutral = not case.neutral
    return found


def together(rule: Joining) -> Callable[[list[Status]], Status]:
    """What the statuses of the parts of a rule make together, in the order of the parts."""
    match rule:
        case All():
            return all_of
        case Any():
            return any_of
        case AtLeast(count=count):
            return partial(at_least, count)
        case Not():
            return _negated
        case Conditional():
            return _chosen
        case Ambiguous() | ForArms():
            return agreed


def _joint(rule: Joining) -> _Joint:
    """The verdict on a rule whose parts have been decided."""
    join = together(rule)
    arms = rule.arms if isinstance(rule, ForArms) else None
    two_readings = isinstance(rule, Ambiguous)
    of_some = isinstance(rule, Conditional) and _asks_more_of_it(rule.when, rule.then)
    effects = _effects(rule)

    def joined(case: Case, parts: tuple[Verdict, ...]) -> Verdict:
        if arms is not None and case.arm is not None and not concerns(arms, case.arm):
            return Verdict(of(case.neutral), rule, case, parts=parts, detail="it is for another arm")
        statuses = [part.status for part in parts]
        if of_some and _not_so_of_any(parts[0], parts[1]):
            statuses[1] = Status.UNMET
        if effects:
            statuses = [_as_told(parts, i) if i in effects else status for i, status in enumerate(statuses)]
        if arms is not None and case.arm is None:
            statuses.append(of(case.neutral))  # it may not concern the patient
        status = join(statuses)
        if status is not Status.UNKNOWN:
            return Verdict(status, rule, case, (), None, (), parts)
        if two_readings:
            return Verdict(status, rule, case, (), Cause.TWO_READINGS, (), parts)
        cause = next((part.cause for part in parts if part.status is Status.UNKNOWN), None)
        if arms is not None and cause is None:
            return Verdict(status, rule, case, (), Cause.MISSING, (_WHICH_ARM,), parts)
        return Verdict(status, rule, case, (), cause, (), parts)

    return joined


def _asks_more_of_it(when: Rule, then: Rule) -> bool:
    """Whether something is asked of the very thing that makes it asked for: "those on statins, for 30 days"."""
    if not isinstance(when, Treatment) or not isinstance(then, Treatment):
        return False
    return when != then and when == then.model_copy(update={"lasting": when.lasting, "qualifiers": when.qualifiers})


def _not_so_of_any(when: Verdict, then: Verdict) -> bool:
    """Whether of all that makes it asked for, nothing is as it must be; what else there may be does not matter."""
    if when.status is not Status.MET or then.status is not Status.UNKNOWN or then.cause is not Cause.MISSING:
        return False
    return bool(when.used) and all(any(fact is other for other in then.used) for fact in when.used)


def _effects(rule: Joining) -> frozenset[int]:
    """Which parts of an *and*, or of what is asked of some, may say more of the fact beside them: "... that could
    impair absorption", "as found by screening", "must be well controlled"."""
    parts = children(rule) if isinstance(rule, All | Conditional) else ()
    if not any(map(_names_facts, parts)):
        return frozenset()
    return frozenset([i for i, part in enumerate(parts) if isinstance(part, Statement)])


def _names_facts(rule: Rule) -> bool:
    """Whether it is a thing that there is, or one of several."""
    return isinstance(rule, Condition | Treatment) or (isinstance(rule, Any) and all(map(_names_facts, rule.parts)))


def _there(verdict: Verdict) -> Iterator[object]:
    """The facts by which there is a thing that is asked for, or one of several."""
    if verdict.status is Status.MET and isinstance(verdict.rule, Condition | Treatment):
        yield from verdict.used
    elif verdict.status is Status.MET and isinstance(verdict.rule, Any):
        for part in verdict.parts:
            yield from _there(part)


def _as_told(parts: tuple[Verdict, ...], index: int) -> Status:
    """Whether a fact beside a clause is said to have the effect that the clause names, or to be what it says."""
    part = parts[index]
    if part.status is not Status.UNKNOWN or not isinstance(part.rule, Statement):
        return part.status
    wanted, said = wording.effect(part.rule.text), wording.statement(part.rule.text)
    for other in parts:
        for fact in _there(other):
            for text in getattr(fact, "qualifiers", ()):
                if _says_that(wording.effect(text, alone=True), wanted) or _found_so(text, said):
                    return Status.MET
    facts = [fact for other in parts for fact in _there(other)]
    if facts and all(_is_opposed(getattr(fact, "qualifiers", ()), said) for fact in facts):
        return Status.UNMET
    return Status.UNKNOWN


def _is_opposed(given: tuple[str, ...], said: wording.Wording) -> bool:
    """Whether attributes of a fact exclude the one with which a clause begins: "well controlled on a stable dose"."""
    known = qualifiers()
    heads = (known.find(" ".join(said.words[:size])) for size in range(min(_LONGEST_HEAD, len(said.words)), 0, -1))
    head = next((each for each in heads if each is not None), None)
    if head is None or said.negated or head.axis not in STATES:
        return False
    return any(known.excludes(text, head.name) for text in meant(given))


_LONGEST_HEAD: Final = 3


def _found_so(text: str, wanted: wording.Wording) -> bool:
    """Whether an attribute of a fact is what a clause says of it, or that it was found by it."""
    told = wording.statement(text)
    if told.negated or wanted.negated or not wanted.words:
        return False
    if len(wanted.words) < _LEAST_SAID:
        return wanted.words == told.words  # a hepatitis that is "cured"
    words_ = told.words
    if words_[:1] and words_[0] in _FOUND and words_[1:2] and words_[1] in _FOUND_BY:
        words_ = words_[2:]
    return wanted.words in (told.words, words_)


_LEAST_SAID: Final = 2
_FOUND: Final = frozenset(words.keys("identified confirmed documented diagnosed established determined detected shown"))
_FOUND_BY: Final = frozenset(words.keys("by on in per at through with"))


def _says_that(told: tuple[str, ...] | None, wanted: tuple[str, ...] | None) -> bool:
    """Whether one effect is the other, or the first of two of which either will do: "prevents imaging (of the eye)" of
    "prevents imaging or surgery (of the eye)"."""
    if not told or not wanted:
        return False
    at = wanted.index("or") if "or" in wanted else len(wanted)
    first = wanted[: at - 1] if wanted[at - 1 : at] == ("and",) else wanted[:at]
    shared = wanted[wanted.index("of", at) :] if "of" in wanted[at:] else ()
    return told in (wanted, first, (*first, *shared))


_WHICH_ARM = Need("arm or cohort", "answer", "site")


_joints = kept(_joint)


def _negated(statuses: list[Status]) -> Status:
    return negate(statuses[0])


def _chosen(statuses: list[Status]) -> Status:
    """What is then so, or otherwise; where the condition is not known, what both say."""
    when, then, otherwise = statuses
    match when:
        case Status.MET:
            return then
        case Status.UNMET:
            return otherwise
        case Status.UNKNOWN:
            return agreed((then, otherwise))


def _answered(case: Case, rule: Rule, path: Path, told: Mapping[Path, Settled]) -> Verdict:
    """The verdict on a rule of which a person has settled some parts."""
    match rule:
        case Not(part=part):
            verdict = _joints(rule)(case, (_denied(case, lambda case: _answered(case, part, (*path, 0), told)),))
        case All() | Any() | AtLeast() | Conditional() | Ambiguous() | ForArms():
            parts = [_answered(case, part, (*path, i), told) for i, part in enumerate(children(rule))]
            verdict = _joints(rule)(case, tuple(parts))
        case Condition() | Treatment() | Allergy() if rule.exceptions:
            verdict = _attributed(_spared(case, rule, path, told), case, rule, path, told)
        case Condition() | Treatment() | Allergy():
            verdict = _attributed(decide(case, rule), case, rule, path, told)
        case _:
            verdict = decide(case, rule)
    answer = told.get(path)
    if answer is None:
        return verdict
    if answer.holds == "unknown":
        if verdict.status is Status.UNKNOWN and verdict.cause is Cause.MISSING:
            return Verdict(Status.UNMET, rule, case, detail=f"asked, and not known: {answer.words!r}")
        return verdict
    status = of(answer.holds)
    if verdict.status is status:
        return verdict
    said = f"answered {'yes' if (answer.holds is True) else 'no'}: {answer.words!r}"
    if verdict.status is Status.UNKNOWN and (answer.whole or verdict.cause is not Cause.CONTRADICTION):
        return Verdict(status, rule, case, parts=verdict.parts, detail=said)
    if verdict.status is Status.UNKNOWN:
        return verdict
    return Verdict(
        Status.UNKNOWN,
        rule,
        case,
        verdict.used,
        Cause.CONTRADICTION,
        (Need(answer.words, "answer", "caller"),),
        verdict.parts,
        f"the facts say {verdict.status}, but {said}",
    )


def _attributed(
    verdict: Verdict, case: Case, rule: Condition | Treatment | Allergy, path: Path, told: Mapping[Path, Settled]
) -> Verdict:
    """The verdict on what has attributes, where a person has said whether one of them is so.

    That it is so tells it of the one thing on record; of several, of which it is so is not said.
    """
    if not rule.qualifiers or verdict.status is not Status.UNKNOWN or verdict.cause is Cause.CONTRADICTION:
        return verdict
    answers = [told.get(place_of_attribute(path, index)) for index, _ in enumerate(rule.qualifiers)]
    said = [None if answer is None else answer.holds for answer in answers]
    words_ = "; ".join([answer.words for answer in answers if answer is not None])
    if False in said:
        return Verdict(Status.UNMET, rule, case, verdict.used, detail=f"answered: {words_!r}")
    if True not in said:
        return verdict
    rest = tuple([text for text, holds in zip(rule.qualifiers, said, strict=True) if holds is not True])
    whatever = decide(case, rule.model_copy(update={"qualifiers": rest}))
    if whatever.status is not Status.MET or len(whatever.used) != 1:
        return verdict
    return Verdict(Status.MET, rule, case, whatever.used, detail=f"answered: {words_!r}")


def _spared(case: Case, rule: Condition | Treatment | Allergy, path: Path, told: Mapping[Path, Settled]) -> Verdict:
    """The verdict on what has exceptions, where a person has said whether one of them is so.

    That it is so spares the one thing on record; of several, which it is is not said.
    """
    answers = [told.get((*path, index)) for index, _ in enumerate(rule.exceptions)]
    settled_ = [None if answer is None or answer.holds == "unknown" else answer.holds for answer in answers]
    if all(each is None for each in settled_):
        return decide(case, rule)
    exceptions = tuple(
        [
            exception if answer is None else Constant(holds=answer, why="answered")
            for exception, answer in zip(rule.exceptions, settled_, strict=True)
        ]
    )
    verdict = decide(case, rule.model_copy(update={"exceptions": exceptions}))
    whatever = decide(case, rule.model_copy(update={"exceptions": ()}))
    if any(settled_) and len(whatever.used) > 1:
        return decide(case, rule)
    return Verdict(
        verdict.status, rule, case, verdict.used, verdict.cause, verdict.needs, verdict.parts, verdict.detail
    )


def _exemplified(
    case: Case, verdict: Verdict, path: Path, examples: frozenset[Path], told: Mapping[Path, Settled]
) -> Verdict:
    """A verdict in which what there is none of has no examples either; ``examples``: where they stand in its rule."""
    rule, parts = verdict.rule, list(verdict.parts)
    if verdict.status is not Status.UNKNOWN or not parts or verdict.cause is Cause.CONTRADICTION:
        return verdict
    if isinstance(rule, Not):
        case.neutral = not case.neutral
    parts = [_exemplified(case, part, (*path, i), examples, told) for i, part in enumerate(parts)]
    if isinstance(rule, Not):
        case.neutral = not case.neutral
    for i, part in enumerate(parts):
        if part.status is not Status.UNKNOWN or (*path, i) not in examples or not is_no_example(part):
            continue
        if there_is_none(parts[i - 1], (*path, i - 1), told, part):
            detail = "there is none of what it is an example of"
            parts[i] = Verdict(Status.UNMET, part.rule, case, parts[i - 1].used, parts=part.parts, detail=detail)
    if not isinstance(rule, Joining) or all(new is old for new, old in zip(parts, verdict.parts, strict=True)):
        return verdict
    return _joints(rule)(case, tuple(parts))


# ---------------------------------------------------------------------------------------------------------------------
# Arms

_OPPOSITES: Final = (("expansion", "escalation"), ("control", "intervention"), ("control", "experimental"))


def _told_by_arm(arm: str, text: str) -> dict[str, bool]:
    """What the arm for which a patient is considered says of those that a text names: "participants in the control
    group must ..."."""
    own, said = _spaced(arm), _spaced(text)
    holds = {own: True}
    for one, other in (*_OPPOSITES, *((other, one) for one, other in _OPPOSITES)):
        if one in own and other not in own:
            holds[own.replace(one, other)] = False
    found = [(form.format(name), held) for name, held in holds.items() if name in said for form in _IN_ARM]
    return dict(found)


_IN_ARM: Final = ("{}", "in the {}", "in the {} of the study", "in the {} of the trial")


def _spaced(text: str) -> str:
    return " ".join(text.lower().replace("-", " ").split())


_NUMBERS: Final = {
    "i": "1",
    "ii": "2",
    "iii": "3",
    "iv": "4",
    "v": "5",
    "one": "1",
    "two": "2",
    "three": "3",
    "four": "4",
}


@lru_cache(maxsize=1024)
def _arm(text: str) -> tuple[str, ...]:
    bare = _IN_BRACKETS.sub(" ", text) or text
    named = tuple(_NUMBERS.get(key, key) for key in words.keys(bare.split(":")[0]))
    own = tuple(key for key in named if key not in _OF_DOSES)
    return own if len(own) > 1 else named


_IN_BRACKETS: Final = re.compile(r"\((?![A-Z\d]{1,2}\))[^()]*\)")  # a description, not the name itself: "cohort (B)"
_OF_DOSES: Final = ("dose", "expansion", "escalation")


@lru_cache(maxsize=4096)
def concerns(arms: tuple[str, ...], arm: str) -> bool:
    """Whether a criterion for ``arms`` concerns a patient who is considered for ``arm``."""
    return any(_arm(arm) == _arm(one) for one in arms)
