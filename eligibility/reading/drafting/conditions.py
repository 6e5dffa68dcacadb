"""Diseases: when they must be there, which kinds of them, how many."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from itertools import pairwise
from typing import Final

from eligibility.knowledge import words
from eligibility.knowledge.qualifiers import Qualifier
from eligibility.knowledge.vocabulary import ANY_CONDITION, habits, vocabulary
from eligibility.reading.context import Context
from eligibility.reading.drafting.beside_names import (
    begun_within,
    counts_episodes,
    draft_of,
    is_active,
    is_even_suspected,
    is_event,
    is_other_now,
    least_length,
    limit_of,
    placed,
    qualifiers_beside,
    stages_of,
)
from eligibility.reading.drafting.concepts import known_concept
from eligibility.reading.drafts import Draft, all_of, ambiguous
from eligibility.reading.grammar import Refused
from eligibility.reading.lexing.tokens import Token
from eligibility.reading.phrases import Noun
from eligibility.reading.quantities import Grades, looking_back, plain_limit
from eligibility.rules import Concept, Condition, Duration, Measurement, Span, Time, Window

__all__ = ["at_grade", "condition_of", "is_malignant", "number_of"]

_MALIGNANT: Final = "malignancy"
_SPREAD: Final = "metastatic disease"
_WORST: Final = 4  # of whom there is a worse grade, nobody is screened


def at_grade(draft: Draft) -> Draft:
    """ "Grade 2 neuropathy" may be one of grade 2 at least; the grade of a tumour is a kind of it."""
    rule = draft.rule
    if not isinstance(rule, Condition) or rule.grade is None or is_malignant(rule.concept):
        return draft
    grade = rule.grade
    if grade.low is None or grade.low != grade.high or grade.low >= _WORST:
        return draft
    least = rule.model_copy(update={"grade": grade.model_copy(update={"high": None})})
    return ambiguous([draft, replace(draft, rule=least)], "a grade, or that grade at least")


def number_of(noun: Noun, concept: Concept, context: Context, window: Window | None, now: bool) -> Draft:
    """ "More than 4 brain metastases": there are some, and the number of them is a measurement of its own."""
    count = next(token for token in noun.before if token.type == "COUNT")
    bounds = count.value
    name = "number of " + words.phrase(context.text[noun.head.start : noun.head.end])
    entry = vocabulary().find(name, "measurement")
    analyte = known_concept(entry) if entry is not None else Concept(name=name, open=True)
    opened = () if entry is not None else (Span(start=count.start, end=noun.head.end),)
    number = Measurement(analyte=analyte, limit=plain_limit(bounds), qualifiers=qualifiers_beside(noun))
    counted = draft_of(number, noun, opened)
    if bounds.low is None or not vocabulary().is_a("condition", concept.name, _SPREAD):
        return counted
    there = replace(noun, before=[t for t in noun.before if t is not count])
    return all_of([draft_of(condition_of(there, concept, context, window, now), noun), counted])


_WHO_DOES: Final = ("smoker", "smokers", "user", "users", "drinker", "drinkers")


_CURRENT_WITHIN: Final = re.compile(  # "current (past 12 months) diagnosis of gout": had then
    r"\bcurrent(?:ly)?\s*\([^()]*\)\s*(?:primary\s*)?\Z"
)
_SYMPTOMS_ALONE: Final = re.compile(r"(?:any |current |clinical |ongoing )?symptoms? of")  # not "signs or symptoms of"
_OPPOSITE: Final = (("acute", "chronic"), ("chronic", "acute"))


def condition_of(noun: Noun, concept: Concept, context: Context, window: Window | None, now: bool) -> Condition:
    """The disease, as what stands beside its name has it. :class:`Refused` where that makes no rule."""
    beside = noun.beside()
    time: Time = "unstated"
    if ("HISTORY" in beside or "PRIOR" in beside) or any(
        "ever" in str(t.value).split() for t in beside.get("DIAGNOSIS", ())
    ):
        time = "ever"
    elif "CURRENT" in beside or is_active(beside.get("QUALIFIER", ())) or now or is_other_now(noun):
        time = "now"
    elif window is None and concept.name in habits() and context.text[: noun.head.end].lower().endswith(_WHO_DOES):
        time = "now"  # a smoker is no former smoker
    if (
        "PLANNED" in beside
        or "LINES_ARE" in beside
        or ("PRIOR" in beside and any("episode" in str(t.value) for t in beside.get("PRESENCE", ())))
    ):
        raise Refused
    qualified = qualifiers_beside(noun)
    if qualified and any(f"{one} " in f"{concept.name} " and other in qualified for one, other in _OPPOSITE):
        raise Refused  # "chronic or idiopathic acute pancreatitis": none is both
    any_cancer = concept.name == _MALIGNANT and bool(context.studied)
    other = "OTHER" in beside or (any_cancer and (context.exclusion or _is_besides(noun, context)))
    if (other and not is_malignant(concept)) or _besides(concept):
        other = bool(context.studied)
    if "OTHER" in beside and concept.name == _MALIGNANT:
        qualified = tuple([each for each in qualified if each != "primary"])  # a second primary cancer is another one
    secondary: tuple[str, ...] = ()
    if not is_malignant(concept):
        secondary = tuple([said for said in ("secondary", "second") if noun.is_other(said)])
    if secondary:
        other = False  # "secondary nephrotic syndrome", "second stroke": due to something else, not the first
    counts = beside.get("COUNT", ())
    within = window is not None and window.start is not None  # "3 infections in the last year": each is an entry
    if counts and not is_event(noun) and not within and not counts_episodes(noun):
        raise Refused  # "at least 3 metastases" are one entry of a record
    diagnosed = "DIAGNOSIS" in beside and window is not None and "HISTORY" not in beside
    led = [t for t in (*noun.before, *noun.inherited) if t.type == "DIAGNOSIS"]
    diagnosed = diagnosed and not any(_CURRENT_WITHIN.search(context.low, 0, t.start) for t in led)
    moment = "start" if diagnosed or (counts and within and not is_event(noun)) else "any"
    if (begun := begun_within(beside)) is not None:
        if window is not None:
            raise Refused
        if (held := _state_held(noun)) is not None:  # it is the state that began within that time
            qualified = (*qualified, " ".join(context.low[held[0] : held[1]].split()))
            beside = {kind: tokens for kind, tokens in beside.items() if kind != "LASTING"}
        else:
            window, moment = begun, "start"
    if window is not None and (lately := _still_there(noun, context, window)) is not None:
        window, qualified = lately, tuple(each for each in qualified if each != "persistent")
    qualified, site = placed(concept, "condition", qualified, beside.get("SITE", ()))
    if not (qualified or "HISTORY" in beside) and _has_symptoms(concept, beside.get("PRESENCE", ())):
        qualified = ("symptomatic",)
    active = ("active",) if time == "now" and is_active(beside.get("QUALIFIER", ())) else ()
    return Condition(
        concept=concept,
        time=time,
        window=looking_back(window) if time == "ever" else window,
        moment=moment,  # type: ignore[arg-type]
        lasting=least_length(beside),
        qualifiers=(*active, *qualified, *secondary),
        stages=stages_of(beside.get("STAGE_IS", ())),
        grade=limit_of(beside.get("GRADE_IS", ()), Grades),
        site=site,
        known="KNOWN" in beside
        or any(str(t.value).startswith(("known", "documented")) for t in noun.all("HISTORY", "SUSPECTED")),
        suspected=is_even_suspected(noun),
        count=plain_limit(counts[0].value) if counts else None,
        other=other,
        studied=context.studied if other else (),
    )


def _has_symptoms(concept: Concept, frames: Iterable[Token]) -> bool:
    """Whether the symptoms of a disease are asked for, which may be there without them."""
    told = any(_SYMPTOMS_ALONE.fullmatch(str(t.value)) for t in frames)
    return told and vocabulary().is_a("condition", concept.name, ANY_CONDITION)


def _state_held(noun: Noun) -> tuple[int, int] | None:
    """Where a state stands with the length of time that it has held: "(cancer) in remission for less than 5 years";
    None where it is the disease that has lasted."""
    for state, length in pairwise(noun.behind):
        if length.type != "LASTING" or not isinstance(state.value, Qualifier) or state.value.axis not in _STATES:
            continue
        return state.start, length.end
    return None


_STATES: Final = frozenset(("response", "control", "stability"))


def _still_there(noun: Noun, context: Context, window: Window) -> Window | None:
    """ "(Pneumonia) that has not resolved at least 7 days before": it was there since; None where it is not so told."""
    if window.start is not None or window.end is None or window.end.value <= 0:
        return None
    told = [context.text[t.start : t.end].lower() for t in noun.behind if t.type == "QUALIFIER"]
    if not any(each.endswith(("not resolved", "unresolved")) for each in told):
        return None
    ended = {"start": window.end, "start_inclusive": not window.end_inclusive}
    return window.model_copy(update={**ended, "end": Duration(value=0, unit="days"), "end_inclusive": True})


def _is_besides(noun: Noun, context: Context) -> bool:
    """Whether a malignancy is none that is under study, though nobody says "other": "no prior malignancy", "prior or
    concurrent malignancy" in a trial of one."""
    said = context.low[max(noun.head.start - _FAR, 0) : noun.head.start]
    return _BESIDES.search(said) is not None and any(map(is_malignant, context.studied))


_FAR: Final = 60  # characters that words before a name may take
_BESIDES: Final = re.compile(
    r"\b(?:(?:no|not|without|free (?:of|from))\s+(?:\w+\s+){0,2}?"
    r"(?:prior|previous|past|history\s+of|concurrent|concomitant)"
    r"|(?:prior|previous)\s*(?:,|/|or|and|and/or)\s*(?:\w+\s+)?(?:concurrent|concomitant|synchronous))\b[^.;:,()\n]*\Z"
)


def _besides(concept: Concept) -> bool:
    """Whether the disease under study is never meant: "intercurrent illness"."""
    entry = vocabulary().entry("condition", concept.name)
    return entry is not None and bool(entry.facts.get("besides"))


def is_malignant(concept: Concept) -> bool:
    """Whether it is a malignancy."""
    return concept.name == _MALIGNANT or vocabulary().is_a("condition", concept.name, _MALIGNANT)
