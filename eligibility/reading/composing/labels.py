"""What stands before a colon: a label, a lead-in, or a condition with what it asks for."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import partial
from typing import Final

from eligibility.knowledge.vocabulary import vocabulary
from eligibility.reading.composing.examples import is_bare
from eligibility.reading.composing.judgements import is_fitness
from eligibility.reading.composing.own_limits import analytes_of
from eligibility.reading.composing.people import is_group_of_some, of_sex
from eligibility.reading.composing.terms import Composing, Inherited, is_pregnancy_test, tells_how_it_is
from eligibility.reading.drafts import (
    Draft,
    all_of,
    ambiguous,
    any_of,
    constant,
    contrary,
    each_leaf,
    for_those,
    negated,
)
from eligibility.reading.headings import STAGE
from eligibility.reading.patterns import PERSONS, just_before
from eligibility.reading.sentences import ListRead, Sentence, Tail
from eligibility.rules import (
    Age,
    Allergy,
    Ambiguous,
    Condition,
    Measurement,
    Not,
    PatientAttribute,
    Rule,
    Statement,
    Treatment,
)

OF_STUDY: Final = re.compile(r"\b(?:group|arm|cohort|controls?)$", re.IGNORECASE)
_NO_LABEL: Final = re.compile(  # words before a colon that bear on what follows it
    r"\d|\b(?:within|past|last|during|prior|previous|before|since|history|no|not|without|if|unless|except|months?|years?"
    r"|weeks?|days?|current|active|recent|only|escalation|expansion|run-?in|lead-?in)\b",
    re.IGNORECASE,
)
_OF_A_PART: Final = re.compile(  # "Phase 2 expansion: ...", "Group 5 urothelial cancer: ..."
    r"(?:for\s+|in\s+(?:the\s+)?)?(?:disease\s+|study\s+|patient\s+)?(?:phase|part|cohort|arm|group|module|track|project|panel)"
    r"\s+(?:\d{1,2}[a-z]?|[IVX]{1,4}[a-z]?|[A-Z])\b(?:\s+[\w-]+){0,4}",
    re.IGNORECASE,
)
_TOPIC: Final = re.compile(  # what a bullet is about, where it says so again
    r"(?:(?:prior|previous|past|current|other|concomitant)\s+)?(?:smoking\s+|cancer\s+|anti-?cancer\s+)?"
    r"(?:therap(?:y|ies)|treatments?|medications?|history|participation|chemotherapy)",
    re.IGNORECASE,
)
_SAID_AGAIN: Final = re.compile(
    r"(?:(?:patients|subjects|participants|they)\s+|who\s+|must\s+|may\s+|(?:has|have|had)\s+)*"
    r"(?:prior|previous(?:ly)?|current|former|received|completed|no|have|has|had|at least|not|any)\b"
)


def _agreed(draft: Draft) -> bool:
    """Whether it is made of what is asked of one sex alone: agreements, a pregnancy test."""
    return all(
        isinstance(leaf.rule, Statement | PatientAttribute) or is_pregnancy_test(leaf.rule)
        for leaf in draft.leaves()
        if not leaf.parts
    )


def names_doses(text: str, start: int, end: int, inside: Draft) -> bool:
    """Whether a lead-in says no more than what is limited behind it: "exposure to the following cumulative doses of
    anthracyclines: doxorubicin > 500 mg/m2"."""
    return _DOSES.search(text, start, end) is not None and all(map(_is_dose, inside.innermost_rules()))


_DOSES: Final = re.compile(
    r"\b(?:cumulative|total|lifetime|life-time)\s+(?:\w+\s+)?(?:doses?|exposures?)\b", re.IGNORECASE
)


def _is_dose(rule: Rule) -> bool:
    """Whether it is a limit of how much of a drug was given in all."""
    if not isinstance(rule, Measurement):
        return False
    entry = vocabulary().entry("measurement", rule.analyte.name)
    return entry is not None and "dose_of" in entry.facts


def colon(here: Composing, main: Draft | None, tail: Tail, body: ListRead | None, inherited: Inherited) -> Draft | None:
    """ "X: A, B and C": a label, a lead-in, or a condition with what it asks for."""
    every = tail.has("ALL_OF") or (not here.exclusion and not tail.has("ANY_OF"))
    if body is None:
        return main
    asked = tail.kinds[-1] if tail.kinds[-1].type in ("MUST", "MUST_NOT") and len(tail.kinds) > 1 else None
    if asked is not None:  # "Pregnancy: patients must not be pregnant"
        inside = here.sentence(Sentence(None, [Tail([asked], body, asked.start, tail.end)]), inherited)
    else:
        inside = here.listed(body, inherited, any_=None if not tail.has("ANY_OF", "ALL_OF") else not every)
    if main is None or inside is None:
        return inside if inside is not None else main
    if tail.has("ANY_OF", "ALL_OF") and (besides := _OR_ELSE.search(here.low, main.end, tail.start)) is not None:
        further = each_leaf(inside, _in_history) if "history" in besides[0] else inside
        return replace(any_of([main, further]), requirement=main.requirement)  # "asthma, or one of the following: ..."
    if main.rule.kind == "any" and just_before(_OR_OF_THESE, here.low, main.parts[-1].start) is not None:
        *before, last = (
            main.parts
        )  # "asthma, or any of these diseases: ...", "... any of these in the last 3 months: ..."
        one_of = inside if isinstance(last.rule, Condition) else all_of([last, inside])
        return replace(any_of([*before, one_of]), requirement=main.requirement)
    if asked is not None and (of_it := asked_of(here, main, inside)) is not None:
        return of_it
    label = here.text[main.start : tail.start].strip(" :")
    of_a_part = tail.kinds[0].type == "COLON" and _OF_A_PART.fullmatch(label) is not None
    if of_a_part or OF_STUDY.search(here.text, max(main.start, main.end - 12), main.end):
        # "Control group: no asthma": of some only
        others = constant(not here.exclusion, "asked of a group of the trial", main.start, tail.start)
        return ambiguous([inside, others], "what is asked of a group of the trial")
    if isinstance(main.rule, Treatment) and tail.kinds[0].type == "COLON" and is_bare(main.rule):
        return inside  # "Radiotherapy: at least 4 weeks since prior radiotherapy": a label
    either = bool(_FEMALE_LABEL.search(here.text) and _MALE_LABEL.search(here.text))  # each sex has a part of its own
    if of_sex(main) and not here.exclusion and (either or _agreed(inside)):  # "Male patients: agree to contraception"
        return replace(for_those(main, inside), requirement=True)
    if names_doses(here.text, main.start, tail.start, inside):
        return inside
    if _is_dated_fitness(main.rule) and all(isinstance(leaf.rule, Measurement) for leaf in inside.innermost()):
        return each_leaf(inside, partial(_measured_then, main.rule))  # "Adequate function (within 14 days): A > 3"
    if is_fitness(here.text[main.start : main.end]) or main.rule in inside.innermost_rules():
        return inside  # "Adequate renal function: creatinine <= 1.5 mg/dL", "Consent: written informed consent"
    if tail.kinds[0].type == "DASH" and main.rule.kind == "any" and isinstance(inside.rule, Measurement):
        last = any_of([*main.parts[:-1], all_of([main.parts[-1], inside])])  # "shock; heart failure - NYHA class III"
        return ambiguous([all_of([main, inside]), last], "a limit of the last of a list, or of all")
    if tail.kinds[0].type == "COLON" and _is_step(here, main.start, tail.start):
        return inside  # "STEP 1 REGISTRATION: ...", "Hepatic: ..."
    if main.wholly_unread or (
        isinstance(main.rule, Condition) and main.rule.concept.open and tail.kinds[0].type == "COLON"
    ):
        words = here.text[main.start : tail.start].split()
        if _TOPIC.fullmatch(label) and _SAID_AGAIN.match(here.low, inside.start):
            return contrary(inside) if here.exclusion and inside.requirement else inside
        if (
            len(words) <= 4
            and not _NO_LABEL.search(here.text, main.start, tail.start)
            and not any(map(tells_how_it_is, words))
            and not any(leaf.wholly_unread for leaf in inside.innermost())
        ):
            return inside  # "Renal: creatinine <= 1.5 mg/dL": a label
        return ambiguous([all_of([main, inside]), any_of([main, inside])], "a lead-in that was not understood")
    if tail.kinds[0].type == "COLON" and (theirs := limits_of_people(here, main, inside, tail.start)) is not None:
        return theirs
    anew = tail.kinds[0].type == "DASH" and _NEW_LINE.search(here.text, tail.start, inside.start + 1) is not None
    if anew and here.exclusion and not analytes_of(inside):
        # "prior chemotherapy - Brain metastases": a list that has lost its lines
        return ambiguous([all_of([main, inside]), any_of([main, inside])], "what a thing is, or one more of them")
    if here.exclusion and inside.requirement and not main.requirement:
        inside = contrary(inside)  # "Brain metastases: patients must be off steroids"
        if isinstance(main.rule, Treatment) and main.rule.window is not None:
            # "Surgery within 2 weeks: patients must have recovered": of that surgery, or of an earlier one
            return ambiguous([all_of([main, inside]), any_of([main, inside])], "of those who had it then, or of all")
    if here.exclusion and tail.kinds[0].type == "COLON" and _names_what_counts(main, inside):
        return inside  # "Significant heart disease: angina, recent infarction": what is significant
    if main.rule.kind == "any" and tail.kinds[0].type == "COLON":
        of_last = [part for part in main.parts if _are_kinds(inside, part)] == [main.parts[-1]]
        if of_last:  # "hypertension or heart disease: stroke, angina"
            last = all_of([main.parts[-1], inside])
            return replace(any_of([*main.parts[:-1], last]), requirement=main.requirement)
    if not here.exclusion and tail.kinds[0].type == "COLON":
        inside = any_of_its_kinds(main, inside)
    inside = each_leaf(inside, partial(at_its_place, main.rule))
    if here.exclusion and main.requirement and isinstance(main.rule, Not) and main.parts and not inside.requirement:
        listed_then = each_leaf(_each(inside), partial(when_and_how, main.parts[0].rule))  # "No lung disease: A, B"
        return negated(any_of([main.parts[0], listed_then]), (main.start, inside.end)).asked(True)
    both = replace(all_of([main, inside]), labelled=isinstance(main.rule, Condition))
    if isinstance(main.rule, Not) and main.parts and not here.exclusion and tail.kinds[0].type == "COLON":
        listed = inside.innermost_rules()
        if _only_named(inside) and all(isinstance(rule, Condition | Treatment) for rule in listed):
            # "No contraindication to surgery: unstable angina, aortic stenosis"
            none = negated(any_of([main.parts[0], _each(inside)]), (main.start, inside.end))
            if all(isinstance(rule, Condition) for rule in listed):
                return replace(none, requirement=main.requirement)
            return replace(ambiguous([none, both], "what is denied, or asked instead"), requirement=main.requirement)
    leaves = main.innermost_rules()
    if not here.exclusion and tail.kinds[0].type == "COLON" and all(isinstance(rule, Age) for rule in leaves):
        return ambiguous([both, for_those(main, inside)], "an age that is asked of all, or of those of whom more is")
    if here.exclusion and any(isinstance(rule, Statement) and rule.topic == "judgement" for rule in leaves):
        return ambiguous([both, inside], "what is judged, or what counts as such")
    if here.exclusion and tail.kinds[0].type == "COLON" and isinstance(main.rule, Condition):
        if names_again(main.rule, inside):
            return inside  # "Seizure history: seizures, or a stroke, within a year"
        if lists_others(main.rule, inside):
            return replace(ambiguous([both, inside], LABEL_OR_ASKED), labelled=True)
    if isinstance(main.rule, Condition) and all(isinstance(leaf.rule, Measurement) for leaf in inside.innermost()):
        return ambiguous([both, inside], "a disease and its limit, or what shows it")
    return both


_FEMALE_LABEL: Final = re.compile(
    r"^[\W\d]*(?:females?|women|woman)(?:\s+(?:patients?|subjects?|participants?))?\s*:", re.IGNORECASE | re.MULTILINE
)
_MALE_LABEL: Final = re.compile(
    r"^[\W\d]*(?:males?|men|man)(?:\s+(?:patients?|subjects?|participants?))?\s*:", re.IGNORECASE | re.MULTILINE
)
_OR_OF_THESE: Final = re.compile(
    r"\bor\s+(?:[a-z]+\s+){0,4}?(?:any|(?:at least )?one|either) of (?:the following|these)(?:\s+[a-z]+){0,3}\s+$"
)
_OR_ELSE: Final = re.compile(r"\bor\b[^.;:]*$")


def _in_history(fact: Draft) -> Draft:
    """A condition of a list of which a history is asked."""
    rule = fact.rule
    if not isinstance(rule, Condition) or rule.time != "unstated":
        return fact
    return replace(fact, rule=rule.model_copy(update={"time": "ever"}))


def _is_dated_fitness(rule: Rule) -> bool:
    """Whether a label says no more than that something is fit, and when: "adequate organ function within 14 days"."""
    if not isinstance(rule, Condition) or rule.window is None:
        return False
    return rule == Condition(concept=rule.concept, window=rule.window) and is_fitness(rule.concept.name)


def _measured_then(label: Rule, limit: Draft) -> Draft:
    """A limit of what was measured when its label says, where it says nothing of that itself."""
    rule = limit.rule
    if not isinstance(label, Condition) or not isinstance(rule, Measurement) or rule.window is not None:
        return limit
    return replace(limit, rule=rule.model_copy(update={"window": label.window}))


LABEL_OR_ASKED: Final = "a label of a list, or what is asked besides"
"""Why what stands before a colon may not be asked."""


def names_again(label: Condition, listed: Draft) -> bool:
    """Whether one of several alternatives behind a label is what that names."""
    named = listed.innermost_rules()
    return listed.rule.kind == "any" and any(
        isinstance(rule, Condition) and rule.concept == label.concept for rule in named
    )


def lists_others(label: Condition, listed: Draft) -> bool:
    """Whether alternatives behind a label are diseases and treatments, some of them no kinds of what it names."""
    named = listed.innermost_rules()
    if listed.rule.kind != "any" or not all(isinstance(rule, Condition | Treatment) for rule in named):
        return False
    kinds = [rule.concept.name for rule in named if isinstance(rule, Condition)]
    return any(not vocabulary().is_a("condition", kind, label.concept.name) for kind in kinds)


def _are_kinds(inside: Draft, whole: Draft) -> bool:
    """Whether what a list names are kinds of a disease, as far as they are diseases."""
    wholes = [rule.concept.name for rule in whole.innermost_rules() if isinstance(rule, Condition)]
    named = [rule.concept.name for rule in inside.innermost_rules() if isinstance(rule, Condition)]
    return bool(named) and any(any(vocabulary().is_a("condition", name, of) for of in wholes) for name in named)


def any_of_its_kinds(main: Draft, listed: Draft) -> Draft:
    """ "Solid tumors: melanoma, lung cancer": one of the kinds of a disease that are listed; nobody has all of them."""
    whole, named = main.rule, listed.parts[-1] if isinstance(listed.rule, Ambiguous) else listed
    if not isinstance(whole, Condition) or named.rule.kind != "any" or named is listed:
        return listed
    kinds = [rule.concept.name if isinstance(rule, Condition) else "" for rule in named.innermost_rules()]
    return named if all(vocabulary().is_a("condition", kind, whole.concept.name) for kind in kinds) else listed


def at_its_place(whole: Rule, example: Draft) -> Draft:
    """One of a kind at the place of the kind, where it has none of its own: "surgery in the study eye: vitrectomy"."""
    rule = example.rule
    if not isinstance(whole, Condition | Treatment) or whole.site is None or type(rule) is not type(whole):
        return example
    if not isinstance(rule, Condition | Treatment) or rule.site is not None:
        return example
    return replace(example, rule=rule.model_copy(update={"site": whole.site}))


def asked_of(here: Composing, main: Draft, asked: Draft) -> Draft | None:
    """A requirement behind what it is about, "pregnancy: patients must not be pregnant", or behind what else is asked,
    "no gout - patients must not have diabetes", or of those named before it; None where it is none of these."""
    if all(any(_is_about(leaf.rule, each.rule) for each in asked.innermost()) for leaf in main.innermost()):
        return asked if not isinstance(main.rule, Not) else replace(all_of([main, asked]), requirement=True)
    if here.exclusion:
        return None
    named = here.low[main.start : asked.start]
    if of_sex(main) or is_group_of_some(main) or _PEOPLE_NAMED.search(named):
        return replace(for_those(main, asked), requirement=True)
    return replace(all_of([main, asked]), requirement=True) if isinstance(main.rule, Not) else None


_PEOPLE_NAMED: Final = re.compile(rf"\b(?:{PERSONS})\s*[:–-]")  # "asthma patients: ..."


_STEP: Final = re.compile(
    rf"(?:{STAGE.pattern}\s*)+"
    r"|(?:(?:clinical|laboratory|lab|imaging|disease|patient|eligibility|inclusion|exclusion|general|key|main)[\s/&]*(?:and\s+)?)+"
    r"(?:criteria|characteristics|requirements|parameters)(?:\s+for\s+(?:the\s+)?(?:clinical\s+)?(?:trial|study))?"
    r"(?:\s*\(\s*step\s+\w+\s*\))?",
    re.IGNORECASE,
)
_ORGANS: Final = re.compile(
    r"(?:ha?ematolog\w+|hepatic|renal|cardiac|pulmonary|respiratory|liver|kidney|bone\s+marrow|marrow|coagulation|metabolic"
    r"|cardiovascular|hepatobiliary|endocrine|biochemical|biochemistry|blood|urinary|neurologic(?:al)?)"
    r"(?:\s+(?:function|system|status|values?|tests?|parameters?|labs?|reserve))?|hormone[\s-]+receptor\s+status",
    re.IGNORECASE,
)


def _is_step(here: Composing, start: int, end: int) -> bool:
    """Whether a label only says at what step of the trial, or for which organ, something is asked."""
    return is_topic(here.low[start:end], exclusion=here.exclusion)


def is_topic(label: str, *, exclusion: bool) -> bool:
    """Whether words in small letters only say of what something is asked, or when, and ask nothing themselves."""
    if ("inclusion" if exclusion else "exclusion") in label:
        return False
    parts = [part.strip(" \n*-") for part in label.split(":")]
    return all(_STEP.fullmatch(part) or _ORGANS.fullmatch(part) for part in parts if part)


_NO_MORE: Final = frozenset(("clinically significant", "significant", "major", "serious", "relevant", "active"))


def _names_what_counts(main: Draft, inside: Draft) -> bool:
    """Whether a list of conditions behind a colon says which ones a disease that is "significant" means."""
    rule = main.rule
    if not isinstance(rule, Condition) or rule.concept.open or not set(rule.qualifiers) <= _NO_MORE:
        return False
    if rule != Condition(concept=rule.concept, qualifiers=rule.qualifiers, time=rule.time) or rule.time == "ever":
        return False
    if not rule.qualifiers or inside.rule.kind != "any" or inside.requirement:
        return False
    return all(any(isinstance(each, Condition) for each in part.innermost_rules()) for part in inside.parts) and all(
        isinstance(each, Condition | Measurement) for each in inside.innermost_rules()
    )


def _is_about(label: Rule, asked: Rule) -> bool:
    """Whether what is asked is of the thing that a label names."""
    if isinstance(label, Condition | Treatment | Allergy) and isinstance(asked, Condition | Treatment | Allergy):
        return label.concept == asked.concept
    return label == asked


def _only_named(draft: Draft) -> bool:
    """Whether it names things and denies none of them."""
    if draft.rule.kind in ("all", "any", "ambiguous"):
        return all(map(_only_named, draft.parts))
    return isinstance(draft.rule, Condition | Treatment)


def _each(draft: Draft) -> Draft:
    """A list whose items count one by one, whatever joins them."""
    if isinstance(draft.rule, Ambiguous):
        return ambiguous([_each(part) for part in draft.parts], draft.rule.why)
    return any_of([_each(part) for part in draft.parts]) if draft.rule.kind in ("all", "any") else draft


_NEW_LINE: Final = re.compile(r"\s[A-Z]$")


def limits_of_people(here: Composing, main: Draft, inside: Draft, colon_at: int) -> Draft | None:
    """ "Men: hemoglobin >= 13 g/dL", "patients with gout: must not ...": asked of them only; None where that is not
    what a colon means."""
    if here.exclusion or not _for_people(here, main, colon_at) or not (analytes_of(inside) or inside.requirement):
        return None
    return replace(for_those(main, inside), requirement=True)


def _for_people(here: Composing, main: Draft, colon_at: int) -> bool:
    """Whether a label names some of the patients: "women", "patients with diabetes", "hepatitis B participants"."""
    diseases = isinstance(main.rule, Condition) or (
        main.rule.kind == "any" and all(isinstance(rule, Condition) for rule in main.innermost_rules())
    )
    return of_sex(main) or (diseases and any(start < colon_at for start in here.people))


def _when(whole: Rule, example: Draft) -> Draft:
    """An example within the window of the whole: "disease within 6 months, including: * infarction"."""
    rule = example.rule
    if not isinstance(whole, Condition | Treatment) or whole.window is None:
        return example
    if not isinstance(rule, Condition | Treatment) or rule.window:
        return example
    return replace(example, rule=rule.model_copy(update={"window": whole.window}))


def when_and_how(whole: Rule, example: Draft) -> Draft:
    """One of a kind within the window of the kind, at its time and its place, where it has none of its own."""
    example = at_its_place(whole, _when(whole, example))
    rule = example.rule
    if type(rule) is not type(whole) or not isinstance(rule, Condition | Treatment) or rule.time != "unstated":
        return example
    assert isinstance(whole, Condition | Treatment)
    return replace(example, rule=rule.model_copy(update={"time": whole.time}))
