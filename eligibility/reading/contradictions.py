"""What nobody can be, and what everybody is: a rule that says so is not what its text means.

"0-2 years and 18 years or older" joins two groups of people, "melanoma, renal cell carcinoma and lung cancer" three
diseases of which one is enough. Where it is plain what is meant instead, that becomes the rule; elsewhere the words
count as not understood.
"""

from __future__ import annotations

import re
import typing
from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import combinations, pairwise
from typing import Final

from eligibility.knowledge.tables import gravely_ill, healthy
from eligibility.knowledge.vocabulary import vocabulary
from eligibility.reading.composing.terms import is_fertile, is_pregnancy
from eligibility.reading.drafting.conditions import is_malignant
from eligibility.reading.drafts import (
    Draft,
    all_of,
    ambiguous,
    any_of,
    each_asked,
    each_leaf,
    negated,
    rebuilt,
    unread,
    with_those,
)
from eligibility.rules import (
    Age,
    All,
    Ambiguous,
    Any,
    Concept,
    Condition,
    Conditional,
    Constant,
    Limit,
    Measurement,
    Not,
    PatientAttribute,
    Rule,
    Sex,
    Statement,
    Treatment,
    walk,
)

__all__ = ["asked_of_some", "not_denied", "without_contradictions"]


def without_contradictions(draft: Draft, text: str) -> Draft:
    """The draft without parts that nobody, or everybody, fulfils, nor ages that are times of something else."""
    if not draft.parts:
        return draft
    leaves = draft.innermost()
    if any(isinstance(leaf.rule, Age) for leaf in leaves) and _AGED.search(text) is None:
        named = min((leaf.start for leaf in leaves if isinstance(leaf.rule, _LASTING)), default=len(text))
        draft = each_leaf(draft, lambda leaf: _no_age(leaf, text) if leaf.start > named else leaf)
    return _fulfillable(draft, text)


def _no_age(leaf: Draft, text: str) -> Draft:
    """ "Depression for less than 30 days or more than 2 years", "stroke (6 months to 2 years)": for how long."""
    if not isinstance(leaf.rule, Age) or leaf.rule.limit.unit == "hours":
        return leaf
    ends = [end for end in (leaf.rule.limit.low, leaf.rule.limit.high) if end is not None]
    years = leaf.rule.limit.unit == "years"
    return unread(text, leaf.start, leaf.end) if not years or max(ends) <= _SHORT else leaf


_PAIR: Final = 2
_SHORT: Final = 10
_LASTING: Final = (Condition, Treatment, Statement)
_AGED: Final = re.compile(
    r"\bag(?:e|ed|es|ing)\b|old\b|older|younger|adult|child|minor|elder|born|infant|p(?:a)?ediatric|adolesc|toddler",
    re.IGNORECASE,
)


def asked_of_some(draft: Draft) -> Draft:
    """ "Must not be at risk of pregnancy (women)": of women that they are not, and of men nothing."""
    if draft.rule.kind == "all":
        return rebuilt(draft, tuple([asked_of_some(part) for part in draft.parts]))
    asked = draft.parts[0] if isinstance(draft.rule, Not) and draft.parts else draft
    if asked is draft or not isinstance(asked.rule, Conditional) or not isinstance(asked.rule.otherwise, Constant):
        return draft
    who, then, otherwise = asked.parts
    return replace(rebuilt(asked, (who, negated(then), otherwise)), requirement=draft.requirement)


def not_denied(draft: Draft) -> Draft:
    """An inclusion criterion that denies nothing which the well have: "no heart disease LVEF >= 50 %", "not on warfarin
    with INR <= 1.5". There the limit is asked of all, or of those of whom the rest is denied."""
    return each_asked(draft, True, _beside_what_is_denied)


def _beside_what_is_denied(draft: Draft, asked: bool) -> Draft | None:
    if not asked or not isinstance(draft.rule, Not) or not draft.parts:
        return None
    parts = _joined(draft.parts[0], "all")
    limits = [part for part in parts if _is_kept(part.rule)]
    denied = [part for part in parts if part not in limits]
    if not limits or not denied:
        return None
    limit, rest = all_of(limits), all_of(denied)
    readings = [draft, all_of([negated(rest), limit]), any_of([rest, limit])]
    return replace(ambiguous(readings, "a limit denied, or asked beside what is denied"), requirement=draft.requirement)


def _fulfillable(draft: Draft, text: str) -> Draft:
    if not draft.parts:
        return draft
    before, draft = draft, rebuilt(draft, tuple([_fulfillable(part, text) for part in draft.parts]))
    kind = draft.rule.kind
    if kind == "ambiguous":
        return draft if draft is before else _of_readings(before, draft)
    if kind == "all":
        return _what_somebody_is(_with_number(draft, text), text)
    if kind == "any":
        draft = _whose(draft, text)
    if kind == "conditional":
        draft = _asked_of_the_well(_limit_and_more(draft))
        kind = draft.rule.kind
    if kind == "any" and len(draft.parts) == _PAIR and _are_one_range(draft.parts):
        return all_of(draft.parts)
    if (kind == "any" and _holds_of_all(draft)) or (kind == "conditional" and _asks_what_it_supposes(draft.rule)):
        return replace(unread(text, draft.start, draft.end), requirement=draft.requirement)
    return draft


def _are_one_range(parts: Sequence[Draft]) -> bool:
    """Whether of two limits of the age nobody misses both: "at least 50 years or less than 75 years"."""
    ages = [part.rule if isinstance(part.rule, Age) else part.parts[0].rule for part in parts if _is_age(part)]
    limits = [rule.limit for rule in ages if isinstance(rule, Age)]
    return len(limits) == _PAIR and limits[0].unit == limits[1].unit and _cover(*limits)


def _is_age(part: Draft) -> bool:
    """Whether it is a limit of the age, with its end counted or not."""
    return isinstance(part.rule, Age) or (
        isinstance(part.rule, Ambiguous) and all(isinstance(each, Age) for each in part.rule.readings)
    )


def _limit_and_more(draft: Draft) -> Draft:
    """ "Creatinine <= 2 (note: patients with creatinine 1.4 to 2 must B)": the limit, and B of those near it."""
    who = draft.parts[0]
    pair = [part.rule for part in who.parts]
    if who.rule.kind != "all" or len(pair) != _PAIR or not all(isinstance(rule, Measurement) for rule in pair):
        return draft
    usual, near = pair
    if not (isinstance(usual, Measurement) and isinstance(near, Measurement) and _of_one(usual, near)):
        return draft
    if not _is_kept_by_the_well(usual):  # "patients with ALP > ULN but <= 2.5 x ULN must B": one range
        return draft
    limit, those = who.parts
    return replace(all_of([limit, rebuilt(draft, (those, *draft.parts[1:]))]), requirement=draft.requirement)


def _asked_of_the_well(draft: Draft) -> Draft:
    """ "Hemoglobin >= 9 g/dL, patients must not have had a transfusion": hardly of those alone who keep the limit."""
    if draft.rule.kind != "conditional" or not all(map(_is_kept_by_the_well, draft.parts[0].innermost_rules())):
        return draft
    either = ambiguous([draft, with_those(draft)], "a limit for all, or those who keep it")
    return replace(either, requirement=draft.requirement)


def _is_kept(rule: Rule) -> bool:
    """Whether it is a limit that somebody healthy keeps."""
    return isinstance(rule, Measurement) and _keeps(rule, healthy()) is True


def _is_kept_by_the_well(rule: Rule) -> bool:
    """Whether it is a limit for an organ, as somebody healthy has it, and not whose organs fail."""
    return _is_kept(rule) and isinstance(rule, Measurement) and _keeps(rule, gravely_ill()) is False


def _keeps(rule: Measurement, measured: Sequence[Mapping[str, typing.Any]]) -> bool | None:
    """Whether somebody of whom that is measured has it within a limit; None where it is not measured."""
    of = {"ULN": "high", "LLN": "low"}.get(rule.limit.of)
    for one in measured:
        if one["name"] == rule.analyte.name and rule.limit.unit in ("", one.get("unit")):
            end = one.get(of) if of is not None else 1
            if not end:  # no multiple of a limit that is nought, or not told
                return None
            number = one["value"] / end
            there = {"low": number, "high": number, "low_inclusive": True, "high_inclusive": True}
            return not rule.limit.excludes(rule.limit.model_copy(update=there))
    return None


def _with_number(draft: Draft, text: str) -> Draft:
    """ "No more than 3 cytotoxic treatments", its number not understood: whoever had none has not more."""
    for part in draft.parts:
        if part.rule.kind == "unread" and _AT_MOST.fullmatch(text, part.start, part.end):
            return replace(unread(text, draft.start, draft.end), requirement=draft.requirement)
    return draft


_AT_MOST: Final = re.compile(
    r"(?:(?:no|not)\s+(?:more|greater)\s+than|at\s+most|up\s+to)\s+(?:an?\s+)?[\w-]+(?:\s+prior|\s+previous)?",
    re.IGNORECASE,
)


def _whose(draft: Draft, text: str) -> Draft:
    """ "Female and pregnant": of her; "men or women of childbearing potential unwilling to ...": of both."""
    for index, (part, after) in enumerate(pairwise(draft.parts)):
        if not isinstance(part.rule, Sex):
            continue
        joint = _JOINED.fullmatch(text, part.end, after.start)
        if part.rule.sex == "female" and any(_sex(rule) == "female" for rule in after.innermost_rules()):
            both = all_of([part, after])
        else:
            more = not all(map(_says_who, after.innermost_rules()))
            if not (joint and more and after.rule.kind == "all" and after.parts and _sex(after.parts[0].rule)):
                continue
            both = all_of([any_of([part, after.parts[0]]), *after.parts[1:]])
        if len(draft.parts) == _PAIR:
            return both
        return rebuilt(draft, (*draft.parts[:index], both, *draft.parts[index + 2 :]))
    return draft


_JOINED: Final = re.compile(r"\s*(?:,|\bor\b|\band\b|and/or|/)\s*(?:(?:the|all|any)\s+)?", re.IGNORECASE)


def _of_readings(before: Draft, draft: Draft) -> Draft:
    """Of several readings those that can be meant, where they leave out nothing that the others say."""
    pairs = list(zip(before.parts, draft.parts, strict=True))
    fit = [part for was, part in pairs if _unread_in(part) <= _unread_in(was)]
    said = {rule for part in fit for rule in part.innermost_rules()}
    if not fit or not all(rule in said for was, _ in pairs for rule in was.innermost_rules()):
        fit = [part if _unread_in(part) <= _unread_in(was) else was for was, part in pairs]
    made = ambiguous(fit, draft.rule.why if isinstance(draft.rule, Ambiguous) else "")
    return replace(
        made.placed(draft.start, draft.end), requirement=draft.requirement, allowed=draft.allowed, saving=draft.saving
    )


def _unread_in(draft: Draft) -> int:
    return sum(leaf.rule.kind == "unread" for leaf in draft.leaves())


def _what_somebody_is(draft: Draft, text: str) -> Draft:
    """Parts that all have to hold, so that they can."""
    draft = _fertile_men(draft, text)
    draft = _one_cancer(draft, text)
    pair = _contradiction(draft)
    if pair is None:
        return draft
    if len(draft.parts) == _PAIR and _are_groups(draft.parts, pair):
        either = any_of([with_those(part) for part in draft.parts], (draft.start, draft.end))
        return replace(either, requirement=draft.requirement)
    return replace(unread(text, draft.start, draft.end), requirement=draft.requirement)


def _are_groups(parts: Sequence[Draft], pair: tuple[Rule, Rule]) -> bool:
    """Whether each of two parts is about people of its own: "children under 2, and adults", "A in men, B in women"."""
    if not all(isinstance(rule, Age) or _sex(rule) for rule in pair):
        return all(part.rule.kind == "all" for part in parts)
    alone = [all(map(_says_who, part.innermost_rules())) for part in parts]
    return all(alone) or not any(alone)


def _says_who(rule: Rule) -> bool:
    who = isinstance(rule, Statement) and rule.topic == "circumstance"
    return who or isinstance(rule, Age | Constant) or bool(_sex(rule))


def _contradiction(draft: Draft) -> tuple[Rule, Rule] | None:
    """Two rules among those that all have to hold of which never both do; None where there are none."""
    rules = [part.rule for part in _joined(draft, "all")]
    denied = [rule.part for rule in rules if isinstance(rule, Not)]
    for rule in denied:
        for other in rules:
            if other.kind == rule.kind and other == rule:
                return rule, other
    for first, second in combinations([rule for rule in rules if isinstance(rule, _LIMITED)], 2):
        if _apart(first, second):
            return first, second
    return None


_LIMITED: Final = (Age, Sex, PatientAttribute, Measurement, Conditional)


def _apart(first: Rule, second: Rule) -> bool:
    """Whether two limits have no number in common, or two groups of people nobody."""
    if isinstance(first, Age) and isinstance(second, Age):
        return first.limit.excludes(second.limit)
    if isinstance(first, Measurement) and isinstance(second, Measurement):
        return _of_one(first, second) and first.limit.excludes(second.limit)
    sexes = {_sex(first), _sex(second)}
    return sexes == {"male", "female"}


def _sex(rule: Rule) -> str:
    if isinstance(rule, Sex):
        return rule.sex
    if isinstance(rule, Conditional) and isinstance(rule.otherwise, Constant):
        return _sex(rule.then)  # "male (if he has a partner)"
    return "female" if is_fertile(rule) or is_pregnancy(rule) else ""


def _of_one(first: Measurement, second: Measurement) -> bool:
    """Whether two limits are of one and the same result."""
    return (
        first.analyte == second.analyte
        and (first.limit.unit, first.limit.of) == (second.limit.unit, second.limit.of)
        and (first.window, first.qualifiers, first.site) == (second.window, second.qualifiers, second.site)
    )


def _holds_of_all(draft: Draft) -> bool:
    """Whether one of several alternatives always holds: A, or no A; at least 19, or at most 40."""
    rules = [part.rule for part in _joined(draft, "any")]
    denied = [rule.part for rule in rules if isinstance(rule, Not)]
    if any(other.kind == rule.kind and other == rule for rule in denied for other in rules):
        return True
    limits = [rule for rule in rules if isinstance(rule, Measurement)]
    return any(
        _of_one(first, second) and _cover(first.limit, second.limit) for first, second in combinations(limits, 2)
    )


def _cover(first: Limit, second: Limit) -> bool:
    """Whether every number is within one of two limits: one has no end above, the other none below."""
    low, high = (first, second) if first.low is None else (second, first)
    if low.low is not None or high.high is not None or low.high is None or high.low is None:
        return False
    return high.low < low.high or (high.low == low.high and (high.low_inclusive or low.high_inclusive))


def _asks_what_it_supposes(rule: Rule) -> bool:
    """Whether it asks of some people only what makes them those people, "if A, then A", or something of others among
    them, "if not A: B; if A: C", or has a limit for a limit of a limit: "A <= 2.5 if B <= 1 or B <= 4 if A <= 1"."""
    if not isinstance(rule, Conditional):
        return False
    if _limits_by_its_own(rule):
        return True
    if isinstance(rule.when, Not) and any(_is_of(each, rule.when.part) for _, each in walk(rule.then)):
        return True
    if isinstance(rule.then, Conditional) and rule.then.when.kind in _RESULTS and rule.when.kind in _RESULTS:
        return all(isinstance(each, Measurement | All | Any) for _, each in walk(rule.when))
    return rule.when.kind == rule.then.kind and rule.when == rule.then


def _limits_by_its_own(rule: Conditional) -> bool:
    """Whether a limit of those with a disease was taken for who they are: "(with liver metastases AST > 5 x ULN)"."""
    parts = rule.when.parts if isinstance(rule.when, All) else ()
    if not any(isinstance(part, Condition) for part in parts):
        return False
    named = {leaf.analyte for part in parts for _, leaf in walk(part) if isinstance(leaf, Measurement)}
    return any(isinstance(leaf, Measurement) and leaf.analyte in named for _, leaf in walk(rule.then))


def _is_of(rule: Rule, who: Rule) -> bool:
    """Whether it asks something of just these people."""
    if not isinstance(rule, Conditional):
        return False
    return rule.when == who or any(each == who for _, each in walk(rule.when))


_RESULTS: Final = frozenset(("measurement", "all", "any"))


def _joined(draft: Draft, kind: str) -> list[Draft]:
    """The parts of it, those of a part of the same kind in its place."""
    found: list[Draft] = []
    for part in draft.parts:
        found += _joined(part, kind) if part.rule.kind == kind and part.parts else [part]
    return found


def _fertile_men(draft: Draft, text: str) -> Draft:
    """ "Men of reproductive potential": a man's fertility, which the profile has no field for."""
    men = next((part for part in draft.parts if isinstance(part.rule, Sex) and part.rule.sex == "male"), None)
    if men is None or len(draft.parts) < _PAIR:
        return draft
    changed = [_of_men(part, men, text) for part in draft.parts]
    return rebuilt(draft, tuple(changed))


def _of_men(part: Draft, men: Draft, text: str) -> Draft:
    if not is_fertile(part.rule) or men.start > part.start or _AND_OTHERS.search(text, men.end, part.start):
        return part
    said = text[part.start : part.end]
    return replace(part, rule=Statement(text=said, topic="circumstance", who="chart"), parts=())


_AND_OTHERS: Final = re.compile(r"\b(?:and|or|wom[ae]n|females?)\b(?!\s+(?:sexual\s+)?partners?)|/", re.IGNORECASE)


def _one_cancer(draft: Draft, text: str) -> Draft:
    """ "Melanoma, renal cell carcinoma, lung cancer": one of several cancers, since hardly anybody has more of them."""
    cancers = [_cancers_named(part, text) for part in draft.parts]
    named = [index for index, rules in enumerate(cancers) if any(map(_kinds, rules))]
    if len(named) < 2 or _TOGETHER.search(text, max(0, draft.start - 20), draft.end):
        return draft
    first, last = named[0], named[-1] + 1
    pairs = combinations([cancers[index] for index in named], 2)
    if not all(_kinds(mine).isdisjoint(_kinds(other)) for one, two in pairs for mine in one for other in two):
        return draft
    while last < len(cancers) and cancers[last]:
        last += 1  # "..., and other solid tumors"
    between = draft.parts[first:last]
    if not all(
        rules or isinstance(part.rule, Condition) for part, rules in zip(between, cancers[first:last], strict=True)
    ):
        return replace(unread(text, draft.start, draft.end), requirement=draft.requirement)
    either = any_of(between)
    if len(named) == _PAIR:
        either = ambiguous([either, all_of(between)], "one of two cancers, or both")
    if len(between) == len(draft.parts):
        return replace(either.placed(draft.start, draft.end), requirement=draft.requirement)
    return rebuilt(draft, (*draft.parts[:first], either, *draft.parts[last:]))


def _cancers_named(part: Draft, text: str) -> list[Condition]:
    """The cancers that a text names, where a part asks for one of them and for no other disease; else nothing.

    "Stage III disease" names none: it is the one that was named before.
    """
    rule = part.rule
    if isinstance(rule, Condition):
        if rule.time == "ever" or not is_malignant(rule.concept) or not _says_cancer(text[part.start : part.end]):
            return []
        return [] if "metastatic disease" in vocabulary().ancestors("condition", rule.concept.name) else [rule]
    if rule.kind not in ("any", "ambiguous"):
        return []
    each = [_cancers_named(inside, text) for inside in part.parts]
    return [name for names in each for name in names] if all(each) else []


def _says_cancer(said: str) -> bool:
    if _CANCER.search(said):
        return True
    entries = [vocabulary().find(word, "condition") for word in _ABBREVIATION.findall(said)]
    return any(entry is not None and is_malignant(Concept(name=entry.name)) for entry in entries)


def _kinds(rule: Condition) -> frozenset[str]:
    """Of which kinds a cancer is that say what it is; none of any cancer at all."""
    return vocabulary().ancestors("condition", rule.concept.name) - _ANY_CANCER


_CANCER: Final = re.compile(
    r"cancer|carcinoma|(?:lymph|myel|melan|sarc|blast|gli|theli)oma|leuk(?:a)?emia|tumou?r|neoplasm|malignan",
    re.IGNORECASE,
)
_ABBREVIATION: Final = re.compile(r"\b[A-Z]\w*[A-Z]\w*\b")
_ANY_CANCER: Final = frozenset(
    (
        "malignancy",
        "solid tumor",
        "carcinoma",
        "adenocarcinoma",
        "squamous cell carcinoma",
        "hematologic malignancy",
        "gastrointestinal cancer",
        "gynecologic cancer",
        "urologic cancer",
        "gastrointestinal neoplasm",
        "blood disease",
        "medical condition",
        "neoplasm",
    )
)
_TOGETHER: Final = re.compile(
    r"\b(?:both|synchronous|concurrent|simultaneous|as well as|transform\w*)\b", re.IGNORECASE
)
