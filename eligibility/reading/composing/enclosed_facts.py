"""Facts in a parenthesis: what they make of what stands before it."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from typing import Final

from eligibility.knowledge.qualifiers import qualifiers
from eligibility.knowledge.vocabulary import Kind, texts, vocabulary
from eligibility.reading.composing.enclosed import ALL_OR_EXAMPLES, as_said_of, in_those_words
from eligibility.reading.composing.exceptions import as_allergy
from eligibility.reading.composing.own_limits import (
    NARROWS_OR_DEFINES,
    in_its_time,
    narrowed_or_defined,
    of_that_eye,
    shown_by,
    without_sexes,
)
from eligibility.reading.composing.own_windows import is_longer_since
from eligibility.reading.composing.qualifying import narrowed
from eligibility.reading.composing.renaming import named_again
from eligibility.reading.composing.roles import aside_in_words, in_doubt, is_habit, only_tells_more
from eligibility.reading.composing.terms import Composing
from eligibility.reading.drafts import Draft, all_of, ambiguous, any_of, each_leaf, negated
from eligibility.reading.measuring import scored
from eligibility.reading.sentences import Group
from eligibility.rules import Concept, Condition, Measurement, Not, OnScales, Rule, Sex, Statement, Treatment


@dataclass(frozen=True)
class Enclosed:
    """Facts in a parenthesis, and the draft that stands before it."""

    here: Composing
    draft: Draft
    group: Group
    inside: Draft

    @property
    def inner(self) -> str:
        """The words within the parenthesis."""
        return self.here.text[self.group.start + 1 : self.group.end - 1]

    @property
    def joined(self) -> bool:
        """Whether it begins with an "or"."""
        return is_alternative(self.here, self.group)


def with_enclosed(here: Composing, draft: Draft, group: Group, inside: Draft) -> Draft:
    """What facts in a parenthesis make of what stands before it."""
    enclosed = Enclosed(here, draft, group, as_allergy(draft, of_that_eye(draft, inside)))
    for way in _WAYS:
        if (made := way(enclosed)) is not None:
            return made
    return in_doubt(here, draft, group, enclosed.inside)


def _on_another_scale(enclosed: Enclosed) -> Draft | None:
    """One thing measured twice: "BCVA 20/40 (70 letters)"."""
    draft, inside = enclosed.draft, enclosed.inside
    if _in_other_units(draft.rule, inside.rule):
        draft, inside = _at_one_place(draft, inside), _at_one_place(inside, draft)
    elif not (scored(draft) and scored(inside)):
        return None
    scales = OnScales(parts=(draft.rule, inside.rule))  # type: ignore[arg-type]
    return Draft(scales, draft.start, enclosed.group.end, (draft, inside))


def _said_again(enclosed: Enclosed) -> Draft | None:
    """The same in other words, or no more than what it is a kind of: "pembrolizumab (an antibody)"."""
    here, draft, group, inside = enclosed.here, enclosed.draft, enclosed.group, enclosed.inside
    if isinstance(draft.rule, Condition | Treatment | Sex) and inside.rule == draft.rule:
        return draft
    if (renamed := named_again(here.text, draft, inside, group.start, group.end)) is not None:
        return renamed
    if enclosed.joined and _wider(draft.rule, inside.rule):
        return any_of([draft, replace(inside, rule=_said_of(draft.rule, inside.rule))])
    return draft if _restates(draft.rule, inside.rule) else None


def _by_measuring(enclosed: Enclosed) -> Draft | None:
    """A disease with what is measured of it: "hypertension (> 160/100)", "heart failure (NYHA III or IV)"."""
    draft, inside = enclosed.draft, enclosed.inside
    rule, limit = draft.rule, inside.rule
    if not isinstance(rule, Condition):
        return None
    if not isinstance(limit, Measurement):
        if is_its_level(draft, inside) or shown_by(draft, inside):
            return levelled(draft, inside)
        measured = all(isinstance(each, Measurement) for each in inside.innermost_rules())
        return narrowed_or_defined(draft, inside) if measured and _IS_MEASURED.search(rule.concept.name) else None
    entry = vocabulary().entry("measurement", limit.analyte.name)
    if entry is not None and entry.facts.get("type") == "score" and _CLASS.search(entry.name):
        told = replace(draft, rule=_without_severity(rule))
        return all_of([told, inside])  # "(severe) heart failure (NYHA III or IV)": the class says how severe
    if shown_by(draft, inside) or (rule.concept.open and _TOO_MUCH.search(rule.concept.name)):
        return replace(in_its_time(draft, inside), start=draft.start, end=max(inside.end, enclosed.group.end))
    return narrowed_or_defined(draft, inside)


def _all_or_examples(enclosed: Enclosed) -> Draft | None:
    """Alternatives that may be all that is meant, or examples of it."""
    here, draft, inside = enclosed.here, enclosed.draft, enclosed.inside
    if isinstance(draft.rule, Condition) and inside.rule.kind == "any" and _told_by_limit_first(inside):
        readings = [inside, any_of([draft, inside])]
        if _has_signs(draft.rule, inside):  # "bradycardia (heart rate < 50 bpm, hypotension, syncope)"
            readings.append(all_of([draft, inside]))
        return ambiguous(readings, ALL_OR_EXAMPLES)
    if draft.rule.kind == "conditional" and _is_sterilization(inside) and _STERILE.search(here.low, draft.start):
        return ambiguous([inside, any_of([draft, inside])], ALL_OR_EXAMPLES)
    return None


def _limited_twice(enclosed: Enclosed) -> Draft | None:
    """Two limits of one thing."""
    rule, other = enclosed.draft.rule, enclosed.inside.rule
    if not isinstance(rule, Measurement) or not isinstance(other, Measurement) or rule.analyte != other.analyte:
        return None
    return ambiguous([enclosed.draft, enclosed.inside], "one limit given twice")


def _one_more(enclosed: Enclosed) -> Draft | None:
    """An alternative: "live vaccines within 6 weeks (or antibodies)"."""
    if not enclosed.joined:
        return None
    draft, inside = enclosed.draft, enclosed.inside
    rule = inside.rule
    if isinstance(rule, Condition | Treatment) and rule == type(rule)(concept=rule.concept):
        inside = _said_alike(draft, inside)
    return any_of([draft, inside])


def _in_unknown_words(enclosed: Enclosed) -> Draft | None:
    """Words that no knowledge has, which may narrow what stands before them."""
    here, draft, group, inside, inner = (
        enclosed.here,
        enclosed.draft,
        enclosed.group,
        enclosed.inside,
        enclosed.inner,
    )
    if not all(
        leaf.wholly_unread or (isinstance(leaf.rule, Condition | Treatment) and leaf.rule.concept.open)
        for leaf in inside.innermost()
    ):
        return None
    begin = group.start + 1 + len(inner) - len(inner.lstrip())
    made = narrowed(here, draft, begin, begin + len(inner.strip()))
    if isinstance(draft.rule, Statement) and any(leaf.wholly_unread for leaf in made.leaves()):
        return in_its_words(here, draft, group) or made
    if is_habit(draft.rule) and made.rule.kind == "condition":
        in_words = Statement(text=inner.strip(), topic="circumstance", who="caller")
        return ambiguous([made, Draft(in_words, group.start, group.end)], NARROWS_OR_DEFINES)
    understood = not any(leaf.wholly_unread and leaf.start >= group.start for leaf in made.leaves())
    return made if understood else aside_in_words(here, draft, group) or made


def _kinds_of_it(enclosed: Enclosed) -> Draft | None:
    """Kinds of what stands before them: all that are meant, or examples."""
    here, draft, group, inside = enclosed.here, enclosed.draft, enclosed.group, enclosed.inside
    if not isinstance(draft.rule, Condition | Treatment):
        return None
    every_one = are_kinds_of(draft, inside)
    if not (every_one or _listed_as(draft, inside) or are_treatments_of(here, draft, inside, group)):
        return None
    only = each_leaf(inside, partial(_as_one_of, draft.rule))
    return ambiguous([only, draft if every_one else any_of([draft, only])], ALL_OR_EXAMPLES)


def _asked_besides(enclosed: Enclosed) -> Draft | None:
    """What is asked besides: "hemoglobin >= 9 g/dL (no transfusion within 14 days)"."""
    here, draft, inside = enclosed.here, enclosed.draft, enclosed.inside
    untreated = isinstance(draft.rule, Measurement) and _without_treatment(inside) and not here.exclusion
    if untreated or is_longer_since(draft, inside):
        return all_of([draft, inside])
    return None


def _says_no_more(enclosed: Enclosed) -> Draft | None:
    """ "Never had chemotherapy (chemotherapy-naive)"."""
    draft = enclosed.draft
    alike = enclosed.inside.rule in (draft.rule, negated(draft).rule)
    return replace(draft, end=max(draft.end, enclosed.group.end)) if alike else None


def _as_worded(enclosed: Enclosed) -> Draft | None:
    """What its words settle, or an answer to them does where nothing that a chart tells is among them."""
    here, draft, group, inside = enclosed.here, enclosed.draft, enclosed.group, enclosed.inside
    if (as_worded := in_those_words(here, draft, group, inside)) is not None:
        return as_worded
    leaves = inside.innermost()
    measures = any(isinstance(leaf.rule, Measurement) for leaf in leaves)
    if measures or not any(leaf.wholly_unread for leaf in leaves):
        return None
    return aside_in_words(here, draft, group)


_TOO_MUCH: Final = re.compile(  # says no more than that a limit is passed: "involvement too large (> 20 % BSA)"
    r"\btoo (?:large|small|high|low|long|short|great|much|many|few|extensive)$"
    r"|^(?:excessive|insufficient|inadequate|elevated|low|high|unstable|abnormal|increased|decreased|reduced|raised"
    r"|impaired|poor) "
)


def _without_severity(rule: Condition) -> Condition:
    """The condition without how severe it is, which is said on a scale."""
    kept = tuple([q for q in rule.qualifiers if (known := qualifiers().find(q)) is None or known.axis != "severity"])
    return rule.model_copy(update={"qualifiers": kept})


_OR_FIRST: Final = re.compile(r"[(\[]\s*(?:and\s*/\s*)?or\b", re.IGNORECASE)


def is_alternative(here: Composing, group: Group) -> bool:
    """Whether a parenthesis gives an alternative to what stands before it: "(or planned)"."""
    return _OR_FIRST.match(here.text, group.start) is not None


def _told_by_limit_first(inside: Draft) -> bool:
    """Whether alternatives begin with a limit, so that they say what counts: "(eGFR < 30 mL/min, or on dialysis)"."""
    first, *others = inside.parts
    rules = [rule for part in others for rule in part.innermost_rules()]
    known = all(isinstance(rule, Measurement | Condition | Treatment | Statement) for rule in rules)
    besides = any(isinstance(rule, Condition | Treatment | Statement) for rule in rules)
    return isinstance(first.rule, Measurement) and known and besides and not any(x.open for x in inside.innermost())


def _has_signs(disease: Condition, inside: Draft) -> bool:
    """Whether some of what tells of a disease may be there without it."""
    return any(
        isinstance(rule, Condition) and not vocabulary().is_a("condition", rule.concept.name, disease.concept.name)
        for rule in inside.innermost_rules()
    )


def _without_treatment(inside: Draft) -> bool:
    """Whether it says of what is measured that no treatment has raised it."""
    return isinstance(inside.rule, Not) and all(isinstance(leaf.rule, Treatment) for leaf in inside.innermost())


def in_its_words(here: Composing, draft: Draft, group: Group) -> Draft | None:
    """What only an answer settles with the parenthesis that it is said with; None where that may spare somebody."""
    rule = draft.rule
    if not isinstance(rule, Statement) or here.text[draft.end : group.start].strip():
        return None
    if _SPARES.search(here.text, group.start, group.end) and not only_tells_more(
        here.text[group.start + 1 : group.end - 1]
    ):
        return None
    said = here.text[draft.start : group.end]
    return replace(draft, rule=rule.model_copy(update={"text": said}), end=group.end)


_SPARES: Final = re.compile(
    r"[<>≤≥=]|\b(?:unless|except\w*|exclud\w*|exempt\w*|eligible|allow\w*|permit\w*|accept\w*|if|only|must|should|not|no|or)\b",
    re.IGNORECASE,
)


def is_its_level(core: Draft, other: Draft) -> bool:
    """Whether a limit is of what the condition is the level of: "anemia with hemoglobin < 8"."""
    condition = core.rule
    if not isinstance(condition, Condition):
        return False
    entry = vocabulary().entry("condition", condition.concept.name)
    levels = texts(entry.facts.get("level_of")) if entry is not None else ()
    rules = without_sexes(other)
    return bool(rules) and all(isinstance(rule, Measurement) and rule.analyte.name in levels for rule in rules)


def levelled(core: Draft, limit: Draft) -> Draft:
    """A condition with a limit that narrows it; one of its level may as well be all that is meant."""
    narrow = all_of([core, limit])
    if shown_by(core, limit):
        return replace(in_its_time(core, limit), start=narrow.start, end=narrow.end)
    return narrowed_or_defined(core, limit) if is_its_level(core, limit) else narrow


def _in_other_units(rule: Rule, other: Rule) -> bool:
    """Whether two limits are of one thing that is told in two ways: a visual acuity as a fraction, and in letters."""
    if not isinstance(rule, Measurement) or not isinstance(other, Measurement):
        return False
    names = (rule.analyte.name, other.analyte.name)
    entries = [vocabulary().entry("measurement", name) for name in names]
    told = [set((entry.facts.get("in_unit") or {}).values()) if entry is not None else set() for entry in entries]
    return names[1] in told[0] or names[0] in told[1]


def _at_one_place(limit: Draft, other: Draft) -> Draft:
    """A limit at the place, and of the days, that another one of the same thing names."""
    rule, same = limit.rule, other.rule
    assert isinstance(rule, Measurement)
    assert isinstance(same, Measurement)
    update = {"site": rule.site or same.site, "window": rule.window or same.window}
    return replace(limit, rule=rule.model_copy(update=update))


_CLASS: Final = re.compile(
    r"\b(?:class|grade|stage|classification|Child-Pugh|Killip|Rutherford|Fontaine|GOLD)\b", re.IGNORECASE
)


def are_kinds_of(draft: Draft, inside: Draft) -> bool:
    """Whether everything in parentheses is a kind of what stands before them, with no more than attributes of it."""
    rule = draft.rule
    if not isinstance(rule, Condition | Treatment) or rule.concept.open:
        return False
    kind: Kind = "condition" if isinstance(rule, Condition) else "treatment"
    return all(
        isinstance(leaf.rule, type(rule))
        and leaf.rule.model_dump(exclude_defaults=True).keys() <= _OF_A_KIND
        and not leaf.rule.concept.open
        and vocabulary().is_a(kind, leaf.rule.concept.name, rule.concept.name)
        for leaf in inside.leaves()
        if not leaf.parts
    )


_OF_A_KIND: Final = frozenset(("concept", "qualifiers", "route"))


def are_treatments_of(here: Composing, draft: Draft, inside: Draft, group: Group) -> bool:
    """Whether treatments in parentheses are those, or some of those, that words before them name: "local therapy
    (resection, ablation)"; not the drug of a trial, and nothing that says when or how it was given."""
    rule = draft.rule
    if not isinstance(rule, Treatment) or rule.concept.name in _OF_THE_TRIAL or inside.rule.kind not in _LISTED_KINDS:
        return False
    if rule.lines is not None:
        return False  # "two lines of therapy (chemotherapy or endocrine therapy)": not of each
    entry = vocabulary().entry("treatment", rule.concept.name)
    if entry is not None and entry.facts.get("consists_of"):
        return False
    listed = inside.innermost_rules()
    if len(listed) < _SEVERAL or not any(isinstance(each, Treatment) and not each.concept.open for each in listed):
        return False
    if _SAYS_HOW.match(here.low, group.start):
        return False
    said = {"window": rule.window, "time": rule.time}
    for each in listed:
        more = each.model_dump(exclude_defaults=True).keys() - _OF_A_KIND - {"kind"}
        if not isinstance(each, Treatment) or any(
            field not in said or getattr(each, field) != said[field] for field in more
        ):
            return False
        if not (_is_one_of(each, rule) or _meant_for(each, rule)):
            return False
    return True


def _meant_for(named: Treatment, kind: Treatment) -> Concept | None:
    """For what a thing that is done for any reason is, where it is one of the treatments of a disease: surgery, in
    "cancer therapy (drugs or surgery)"."""
    entry = vocabulary().entry("treatment", kind.concept.name)
    treated = entry.facts.get("treats") if entry is not None and named.concept.name in _FOR_MANY_THINGS else None
    return Concept(name=str(treated)) if treated and kind.purpose is None else None


def _as_one_of(rule: Condition | Treatment, inside: Draft) -> Draft:
    """A kind of a thing with all that is said of the thing, and for what it is where it may be for anything."""
    made = as_said_of(rule, inside)
    if (
        not isinstance(rule, Treatment)
        or not isinstance(inside.rule, Treatment)
        or not isinstance(made.rule, Treatment)
    ):
        return made
    purpose = _meant_for(inside.rule, rule)
    return replace(made, rule=made.rule.model_copy(update={"purpose": purpose})) if purpose is not None else made


def _is_one_of(named: Treatment, kind: Treatment) -> bool:
    """Whether whoever was given what is named in parentheses was, for all that is known, given the kind before them:
    not so of what is given for other reasons, too, "cancer therapy (drugs or surgery)"."""
    known, name = vocabulary(), named.concept.name
    if named.concept.open:
        return True
    if known.is_a("treatment", kind.concept.name, name) or name in _FOR_ANYTHING:
        return False
    specific = not known.narrower("treatment", name)
    return kind.concept.open or specific or known.is_a("treatment", name, kind.concept.name)


_FOR_ANYTHING: Final = frozenset(
    (
        "surgery",
        "major surgery",
        "drug",
        "procedure",
        "systemic therapy",
        "topical therapy",
        "device",
        "biologic",
        "any treatment",
    )
)
_FOR_MANY_THINGS: Final = _FOR_ANYTHING | {"radiation therapy"}
_OF_THE_TRIAL: Final = frozenset(
    ("participation in another clinical trial", "investigational agent", "study treatment")
)
_LISTED_KINDS: Final = frozenset(("any", "all", "treatment", "ambiguous"))
_SAYS_HOW: Final = re.compile(
    r"[(\[]\s*(?:after|before|following|with|without|for|in|on|by|as|if|when|given|prior|post|plus|and|via|through)\b"
)


def _is_sterilization(inside: Draft) -> bool:
    """Whether it is operations, and nothing else."""
    known = vocabulary()
    entries = [
        known.entry("treatment", rule.concept.name) if isinstance(rule, Treatment) else None
        for rule in inside.innermost_rules()
    ]
    return all(entry is not None and entry.facts.get("type") in ("surgery", "procedure") for entry in entries)


_IS_MEASURED: Final = re.compile(
    r"function|impair|insufficien|failure|abnormal|elevat|pressure|hyper|hypo|anemia|penia|lipid|\blevel|proteinuria"
)
_STERILE: Final = re.compile(r"(?:non-?)?(?:surgically|permanently)\s+steril")


def _listed_as(draft: Draft, inside: Draft) -> bool:
    """Whether several diseases in parentheses are meant as kinds of one before them, though not all of them are.

    One of them is, "metabolic diseases (diabetes, hyperthyroidism)"; or all are, but for an attribute: "systemic
    infection (HIV, hepatitis B)".
    """
    rule, listed = draft.rule, inside.innermost_rules()
    if not isinstance(rule, Condition) or inside.rule.kind != "any" or len(listed) < _SEVERAL:
        return False
    named = [each.concept for each in listed if isinstance(each, Condition) and each == Condition(concept=each.concept)]
    if len(named) != len(listed) or any(each.open for each in named):
        return False
    if rule.concept.open:
        return _OF_ANOTHER.search(rule.concept.name) is None  # "fluid retention (ascites, pleural effusion)"
    entry = vocabulary().entry("condition", rule.concept.name)
    wider = entry.is_a if entry is not None and entry.facts.get("always") else ()
    kinds = [vocabulary().ancestors("condition", each.name) for each in named]
    return any(rule.concept.name in up for up in kinds) or any(all(one in up for up in kinds) for one in wider)


_SEVERAL: Final = 2
_OF_ANOTHER: Final = re.compile(r"\b(?:due|caused|secondary|related|associated|from|with|by|after|before|to|for|on)\b")


def _wider(rule: Rule, inside: Rule) -> bool:
    """ "Infliximab (or other biologics)": what is named in parentheses is more than what stands before them."""
    return isinstance(rule, Condition | Treatment) and isinstance(inside, type(rule)) and _restates(rule, inside)


def _said_alike(draft: Draft, inside: Draft) -> Draft:
    """What stands in parentheses when what precedes them was, be it in either of two windows."""
    facts = [leaf.rule for leaf in draft.innermost() if isinstance(leaf.rule, Condition | Treatment)]
    alike = [rule for rule in facts if type(rule) is type(inside.rule)] or facts
    said = [replace(inside, rule=_said_of(rule, inside.rule)) for rule in alike if rule.concept == alike[0].concept]
    if len(said) < 2:
        return said[0] if said else inside
    return any_of(said) if draft.rule.kind == "any" else all_of(said)


def _said_of(rule: Rule, other: Rule) -> Rule:
    """The other with when the first was, or is."""
    if not isinstance(rule, Condition | Treatment) or not isinstance(other, Condition | Treatment):
        return other
    return other.model_copy(update={"time": rule.time, "window": rule.window})


def _restates(rule: Rule, inside: Rule) -> bool:
    """Whether what stands in parentheses says no more than what stands before it: "pembrolizumab (an antibody)"."""
    kind: Kind = "condition" if isinstance(rule, Condition) else "treatment"
    if not isinstance(rule, Condition | Treatment) or not isinstance(inside, type(rule)):
        return False
    if inside.qualifiers or inside.window is not None or inside.exceptions:
        return False
    if inside.concept == rule.concept:
        return True
    known = not inside.concept.open and not rule.concept.open
    return known and vocabulary().is_a(kind, rule.concept.name, inside.concept.name)


_WAYS: Final[tuple[Callable[[Enclosed], Draft | None], ...]] = (
    _on_another_scale,
    _said_again,
    _by_measuring,
    _all_or_examples,
    _limited_twice,
    _one_more,
    _in_unknown_words,
    _kinds_of_it,
    _asked_besides,
    _says_no_more,
    _as_worded,
)
"""What facts in a parenthesis may be, the first that they are."""
