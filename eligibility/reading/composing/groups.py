"""Parentheses: what they make of what stands before them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from typing import Final

from eligibility.knowledge.attributes import is_method
from eligibility.knowledge.qualifiers import qualifiers
from eligibility.knowledge.vocabulary import Kind, texts, vocabulary
from eligibility.knowledge.words import phrase
from eligibility.reading.composing.asides import granted, in_that_state, names_all, said_once
from eligibility.reading.composing.attribute_phrases import restated
from eligibility.reading.composing.attributes import attributed
from eligibility.reading.composing.clauses import what_cannot_be
from eligibility.reading.composing.closings import GENERAL_STATUS, scale_named
from eligibility.reading.composing.enclosed import ALL_OR_EXAMPLES, as_said_of, in_those_words
from eligibility.reading.composing.exceptions import (
    as_allergy,
    except_for,
    excepting,
    is_apart,
    spared_as_judged,
    spared_for,
    without_those_on,
)
from eligibility.reading.composing.facts import phrase_draft
from eligibility.reading.composing.fitness import limits_of_fitness
from eligibility.reading.composing.judgements import judgement
from eligibility.reading.composing.own_limits import (
    NARROWS_OR_DEFINES,
    bare_limit,
    in_its_time,
    is_normal_range,
    limit_of_those_with,
    limits_of_some,
    limits_some,
    narrowed_or_defined,
    of_that_eye,
    own_bare_limit,
    own_limit,
    shown_by,
    without_sexes,
)
from eligibility.reading.composing.qualifying import narrowed
from eligibility.reading.composing.remarks import adds_nothing
from eligibility.reading.composing.renaming import named_again
from eligibility.reading.composing.roles import aside_in_words, in_doubt, is_habit, only_tells_more
from eligibility.reading.composing.terms import QUALIFIER_REACHES, Composing, Inherited
from eligibility.reading.composing.windows import WINDOW_REACHES
from eligibility.reading.drafts import (
    Draft,
    all_of,
    ambiguous,
    any_of,
    contrary,
    each_leaf,
    for_arms,
    negated,
    unread,
)
from eligibility.reading.headings import arms_enclosed
from eligibility.reading.lexing.tokens import LIMITS, Token
from eligibility.reading.measuring import of_condition, scored
from eligibility.reading.notes import asks_nothing
from eligibility.reading.phrases import AgeRead
from eligibility.reading.quantities import Bounds, WindowRead, plain_limit
from eligibility.reading.sentences import Group, ListRead, Sentence, Tail, parted_tails
from eligibility.rules import (
    All,
    Ambiguous,
    Any,
    Concept,
    Condition,
    Conditional,
    Duration,
    Finding,
    Limit,
    Measurement,
    Not,
    OnScales,
    Rule,
    Sex,
    Span,
    Statement,
    Treatment,
)

_TOO_MUCH: Final = re.compile(  # says no more than that a limit is passed: "involvement too large (> 20 % BSA)"
    r"\btoo (?:large|small|high|low|long|short|great|much|many|few|extensive)$"
    r"|^(?:excessive|insufficient|inadequate|elevated|low|high|unstable|abnormal|increased|decreased|reduced|raised"
    r"|impaired|poor) "
)


_HOW_FAR: Final = frozenset((WINDOW_REACHES, QUALIFIER_REACHES))  # each reading names the same thing


def _limit_beside_allowed(here: Composing, draft: Draft, body: ListRead) -> Draft | None:
    """ "Uncontrolled diabetes (HbA1c > 9%; insulin is allowed)": a limit of it, and a drug that spares nobody."""
    at = len(body.elements) - 1
    if not here.exclusion or not isinstance(draft.rule, Condition) or not at:
        return None
    if body.separators[-1] not in ("SEMI", "COMMA"):
        return None
    first, rest = body.parted(at)
    limits, allowed = here.listed(first, Inherited()), here.listed(rest, Inherited(), plain=True, any_=True)
    if limits is None or allowed is None:
        return None
    if not all(isinstance(leaf.rule, Measurement) for leaf in limits.innermost()):
        return None
    if not all(isinstance(leaf.rule, Treatment) for leaf in allowed.innermost()):
        return None
    return narrowed_or_defined(draft, limits)


def _without_more(tail: Tail) -> bool:
    """Whether a permission ends with its verb, or says only what it does without: "allowed without a washout"."""
    elements = tail.body.elements if tail.body is not None else []
    return all(len(element.negations) == 1 and element.negations[0].type == "WITHOUT" for element in elements)


def _without_severity(rule: Condition) -> Condition:
    """The condition without how severe it is, which is said on a scale."""
    kept = tuple([q for q in rule.qualifiers if (known := qualifiers().find(q)) is None or known.axis != "severity"])
    return rule.model_copy(update={"qualifiers": kept})


_YEAR: Final = re.compile(r"[(\[]\s*(?:19|20)\d\d\s*[)\]]")
_SNELLEN: Final = re.compile(
    r"[(\[](?:\s|approximat\w+|equivalents?|about|snellen|visual acuity|BCVA|VA|of|or|to|and|an?|the|better|worse"
    r"|(?<=equivalent to )[≥≤<>]|on|chart|log ?MAR|decimal|[-–,=~≈]|(?:20|6)/\d{1,4}|[01]\.\d+)+[)\]]",
    re.IGNORECASE,
)
_OR_FIRST: Final = re.compile(r"[(\[]\s*(?:and\s*/\s*)?or\b", re.IGNORECASE)


def is_alternative(here: Composing, group: Group) -> bool:
    """Whether a parenthesis gives an alternative to what stands before it: "(or planned)"."""
    return _OR_FIRST.match(here.text, group.start) is not None


def parenthesised(here: Composing, draft: Draft, group: Group) -> Draft:
    """What a parenthesis makes of what stands before it."""
    if isinstance(draft.rule, Ambiguous) and draft.rule.why in _HOW_FAR and not draft.requirement:
        each = [parenthesised(here, part, group) for part in draft.parts]
        if not any(made.requirement or made.saving or made.allowed is not None for made in each):
            return ambiguous(each, draft.rule.why)
    group = said_once(group)
    if any(tail.has("MUST_NOT") for tail in group.body.tails):
        group = replace(group, body=Sentence(group.body.body, what_cannot_be(here, group.body.tails)))
    body = group.body
    if here.exclusion and not draft.requirement and (limits := _required(here, group)) is not None:
        return any_of([draft, replace(contrary(limits), end=group.end)])
    if arms := arms_enclosed(here.text, group.start, group.end):  # "prior radiotherapy (Arm A) or chemotherapy"
        if here.exclusion and not draft.requirement:
            return replace(for_arms(draft, arms), end=group.end)
        return narrowed(here, draft, group.start + 1, group.end - 1)
    if _takes_part(draft.rule) and _OR_STUDIED.fullmatch(here.text, group.start, group.end):
        return replace(draft, end=max(draft.end, group.end))  # "a study of a medicinal product (or a device)"
    if asks_nothing(here.text[group.start : group.end]) or adds_nothing(here.text, draft, group):
        return replace(draft, end=max(draft.end, group.end))
    if isinstance(draft.rule, Measurement) and draft.rule.analyte.name == GENERAL_STATUS:
        scale = scale_named(here.text[group.start + 1 : group.end - 1])
        if scale is not None:
            return replace(
                draft, rule=draft.rule.model_copy(update={"analyte": Concept(name=scale.name)}), end=group.end
            )
    if isinstance(draft.rule, Condition | Measurement) and restated(
        draft.rule, here.text[group.start + 1 : group.end - 1]
    ):
        return replace(draft, end=max(draft.end, group.end))
    if isinstance(draft.rule, Measurement) and is_method(here.text[group.start + 1 : group.end - 1], of_number=True):
        return draft
    inner = here.text[group.start + 1 : group.end - 1]
    found = isinstance(draft.rule, Condition) or _is_confirmed(draft.rule)
    if found and any(map(str.isalpha, inner)) and is_method(f"by {inner}"):
        return replace(draft, end=max(draft.end, group.end))  # "confirmed by imaging (ultrasound or CT)"
    if _is_its_category(draft.rule, inner):
        return replace(draft, end=max(draft.end, group.end))
    if isinstance(draft.rule, Measurement) and _SNELLEN.fullmatch(here.text, group.start, group.end):
        return draft  # "73 to 24 letters (20/40 to 20/320)": the same on another scale
    if (theirs := _own_limit(here, draft, group)) is not None:
        return theirs
    if (limits := limits_of_fitness(here, draft, group)) is not None:
        return limits
    if body.tails and body.body is None and any(tail.has("ALLOWED") for tail in body.tails[1:]):
        return _noted(here, draft, group)
    if body.tails and body.body is None:
        result: Draft | None = draft
        unspared: Draft | None = None
        index = 0
        while index < len(body.tails):
            tail = body.tails[index]
            if not index and tail.has("FOR_GROUP") and not (tail.has("EXCEPT", "UNLESS") or limits_some(here, tail)):
                return draft  # taken where the list is joined
            adjoining = index > 0 and not here.text[body.tails[index - 1].end : tail.start].strip()
            spared = spared_for(result, unspared, tail) if result is not None and adjoining else None
            if spared is None and adjoining:
                spared = spared_as_judged(here, result, unspared, body.tails[index - 1], tail)
            if spared is not None:
                result, unspared = spared, None
                index += 1
                continue
            unspared = result if tail.has("EXCEPT") else None
            if index and (of_them := _of_examples(here, draft, result, body.tails[index - 1 : index + 1])) is not None:
                result = of_them
                index += 1
                continue
            result, used = here.fold(result, tail, body.tails[index + 1 :], Inherited())
            index += 1 + used
        return result if result is not None else draft
    if body.body is None or _YEAR.fullmatch(here.text[group.start : group.end]):
        return draft
    if body.tails and (with_it := granted(here, draft, group)) is not None:
        return with_it
    if (
        len(body.tails) == 1
        and body.tails[0].has("ALLOWED", "EXCLUDED")
        and _without_more(body.tails[0])
        and names_all(here, group)
    ):
        if body.tails[0].has("ALLOWED") and (limited := _limit_beside_allowed(here, draft, body.body)) is not None:
            return limited
        named = here.listed(body.body, Inherited(), plain=True, any_=True)
        opinion = next((kind for kind in body.tails[0].kinds if kind.type == "JUDGED"), None)
        if named is not None and opinion is not None and here.exclusion and not draft.requirement:
            return excepting(draft, [all_of([named, judgement(here, opinion.start, opinion.end)])])
        if named is not None and body.tails[0].has("ALLOWED") == (here.exclusion and not draft.requirement):
            if body.tails[0].has("ALLOWED") and not isinstance(draft.rule, Statement) and _of_others(draft, named):
                return without_those_on(here.text, draft, named, group.start) or draft
            return except_for(here, draft, named, group.start)
        if named is not None and body.tails[0].has("ALLOWED") and isinstance(named.innermost()[0].rule, Treatment):
            if all(isinstance(leaf.rule, Measurement) for leaf in draft.innermost()):
                return draft  # no limit is changed by what may be given for it
            if all(isinstance(leaf.rule, Treatment) for leaf in draft.innermost()):
                spared = except_for(here, draft, named, group.start)
                return ambiguous([draft, spared, any_of([draft, named])], "a permission, or one more alternative")
    if (without_those := _spared(here, draft, group)) is not None:
        return without_those
    if (kinds := attributed(here, draft, group)) is not None:
        return kinds
    if not body.tails and (theirs := limit_of_those_with(here, draft, body.body)) is not None:
        return replace(theirs, end=max(theirs.end, group.end))
    special = shorter_for(here, draft, group)
    if special is not None:
        return special
    inside = here.listed(body.body, Inherited())
    if (
        inside is not None
        and not body.tails
        and (_kinds_of(draft, inside) or _treatments_of(here, draft, inside, group))
    ):
        named = here.listed(body.body, Inherited(), any_=True)
        inside = named if named is not None else inside  # "anticoagulants (warfarin, dabigatran and apixaban)"
    if (
        inside is not None
        and len(body.tails) == 1
        and body.tails[0].has("FOR", "FOR_GROUP", "IF")
        and body.tails[0].body is not None
    ):
        limit = own_bare_limit(here, draft, body.body)
        condition = here.listed(body.tails[0].body, Inherited(), plain=True)
        if limit is not None and condition is not None:
            allowed = _IS_ALLOWED.search(here.low, group.start, condition.start) is not None
            excluding = here.exclusion and not draft.requirement
            of_some = limits_of_some(draft, condition, limit, exclusion=excluding, allowed=allowed)
            return replace(of_some, requirement=draft.requirement)
    if not body.tails and (limit := limit_alone(here, draft, body.body)) is not None:
        return levelled(draft, limit)
    if not body.tails and (limit := _range_given(here, draft, body.body)) is not None:
        return replace(limit, start=draft.start, end=group.end)
    if body.tails and not here.exclusion and any(tail.has("ALLOWED") for tail in body.tails):
        return _either_role(here, draft, group)
    if not body.tails and (rate := _rate(here, draft, body.body)) is not None:
        return rate
    if body.tails:
        inside = _clause(here, group.body)
    if inside is None:
        if isinstance(draft.rule, Statement) and (further := _in_its_words(here, draft, group)) is not None:
            return further
        inside = unread(here.text, group.start, group.end, "narrowing")
    inside = of_that_eye(draft, inside)
    if _in_other_units(draft.rule, inside.rule):
        draft, inside = _at_one_place(draft, inside), _at_one_place(inside, draft)
        return Draft(OnScales(parts=(draft.rule, inside.rule)), draft.start, group.end, (draft, inside))  # type: ignore[arg-type]
    if scored(draft) and scored(inside):
        return Draft(OnScales(parts=(draft.rule, inside.rule)), draft.start, group.end, (draft, inside))  # type: ignore[arg-type]
    if isinstance(draft.rule, Condition | Treatment | Sex) and inside.rule == draft.rule:
        return draft
    if (renamed := named_again(here.text, draft, as_allergy(draft, inside), group.start, group.end)) is not None:
        return renamed
    if _OR_FIRST.match(here.text, group.start) and _wider(draft.rule, inside.rule):
        return any_of([draft, replace(inside, rule=_said_of(draft.rule, inside.rule))])
    if _restates(draft.rule, inside.rule):
        return draft
    if isinstance(draft.rule, Condition) and (
        isinstance(inside.rule, Measurement) or is_its_level(draft, inside) or shown_by(draft, inside)
    ):
        if not isinstance(inside.rule, Measurement):
            return levelled(draft, inside)
        entry = vocabulary().entry("measurement", inside.rule.analyte.name)
        if entry is not None and entry.facts.get("type") == "score" and _CLASS.search(entry.name):
            told = replace(draft, rule=_without_severity(draft.rule))
            return all_of([told, inside])  # "(severe) heart failure (NYHA III or IV)": the class says how severe
        if shown_by(draft, inside) or (draft.rule.concept.open and _TOO_MUCH.search(draft.rule.concept.name)):
            return replace(in_its_time(draft, inside), start=draft.start, end=max(inside.end, group.end))
        return narrowed_or_defined(draft, inside)
    measured = all(isinstance(rule, Measurement) for rule in inside.innermost_rules())
    if measured and isinstance(draft.rule, Condition) and _IS_MEASURED.search(draft.rule.concept.name):
        return narrowed_or_defined(draft, inside)
    if isinstance(draft.rule, Condition) and inside.rule.kind == "any" and _told_by_limit_first(inside):
        readings = [inside, any_of([draft, inside])]
        if _has_signs(draft.rule, inside):  # "bradycardia (heart rate < 50 bpm, hypotension, syncope)"
            readings.append(all_of([draft, inside]))
        return ambiguous(readings, ALL_OR_EXAMPLES)
    if draft.rule.kind == "conditional" and _is_sterilization(inside) and _STERILE.search(here.low, draft.start):
        return ambiguous([inside, any_of([draft, inside])], ALL_OR_EXAMPLES)
    if (
        isinstance(draft.rule, Measurement)
        and isinstance(inside.rule, Measurement)
        and draft.rule.analyte == inside.rule.analyte
    ):
        return ambiguous([draft, inside], "one limit given twice")
    if _OR_FIRST.match(here.text, group.start):
        if isinstance(inside.rule, Condition | Treatment) and inside.rule == type(inside.rule)(
            concept=inside.rule.concept
        ):
            inside = _said_alike(draft, inside)  # "live vaccines within 6 weeks (or X)"
        return any_of([draft, as_allergy(draft, inside)])
    inside = as_allergy(draft, inside)
    leaves = inside.innermost()
    if all(
        leaf.wholly_unread or (isinstance(leaf.rule, Condition | Treatment) and leaf.rule.concept.open)
        for leaf in leaves
    ):
        begin = group.start + 1 + len(inner) - len(inner.lstrip())
        made = narrowed(here, draft, begin, begin + len(inner.strip()))
        if isinstance(draft.rule, Statement) and any(leaf.wholly_unread for leaf in made.leaves()):
            return _in_its_words(here, draft, group) or made
        if is_habit(draft.rule) and made.rule.kind == "condition":
            in_words = Statement(text=inner.strip(), topic="circumstance", who="caller")
            return ambiguous([made, Draft(in_words, group.start, group.end)], NARROWS_OR_DEFINES)
        understood = not any(leaf.wholly_unread and leaf.start >= group.start for leaf in made.leaves())
        return made if understood else aside_in_words(here, draft, group) or made
    if isinstance(draft.rule, Condition | Treatment) and (
        _kinds_of(draft, inside) or _listed_as(draft, inside) or _treatments_of(here, draft, inside, group)
    ):
        only = each_leaf(inside, partial(_as_one_of, draft.rule))
        either = draft if _kinds_of(draft, inside) else any_of([draft, only])
        return ambiguous([only, either], ALL_OR_EXAMPLES)
    if isinstance(draft.rule, Measurement) and _without_treatment(inside) and not here.exclusion:
        return all_of([draft, inside])  # "hemoglobin >= 9 g/dL (no transfusion within 14 days)"
    if _is_longer_since(draft, inside):
        return all_of([draft, inside])  # "at least 3 weeks since chemotherapy (6 weeks since mitomycin)"
    if inside.rule in (draft.rule, negated(draft).rule):
        return replace(draft, end=max(draft.end, group.end))  # "never had chemotherapy (chemotherapy-naive)"
    if (as_worded := in_those_words(here, draft, group, inside)) is not None:
        return as_worded
    measures = any(isinstance(leaf.rule, Measurement) for leaf in leaves)  # which a chart tells, whatever stands beside
    if not measures and any(leaf.wholly_unread for leaf in leaves):
        return aside_in_words(here, draft, group) or in_doubt(here, draft, group, inside)
    return in_doubt(here, draft, group, inside)


def _required(here: Composing, group: Group) -> Draft | None:
    """The limits that "(intraocular pressure must be < 25 mmHg)" asks of everybody; None of any other parenthesis."""
    if group.body.tails or group.body.body is None:
        return None
    made = here.listed(group.body.body, Inherited())
    limits = made is not None and all(isinstance(rule, Measurement) for rule in made.innermost_rules())
    return made if made is not None and limits and made.requirement else None


def _takes_part(rule: Rule) -> bool:
    """Whether it is that somebody takes part in another trial."""
    return isinstance(rule, Treatment) and rule.concept.name == "participation in another clinical trial"


_OR_STUDIED: Final = re.compile(
    r"[(\[]\s*(?:and/)?or\s+(?:an?\s+)?(?:[\w-]+\s+){0,3}?(?:drugs?|devices?|products?|agents?|biologics?|vaccines?|procedures?)\s*[)\]]",
    re.IGNORECASE,
)


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


def _of_examples(here: Composing, draft: Draft, result: Draft | None, tails: Sequence[Tail]) -> Draft | None:
    """ "HIV infection (e.g. receiving antiretrovirals for HIV)": what the examples alone are for; None where no purpose
    stands behind examples."""
    before, tail = tails
    if result is None or not isinstance(result.rule, Ambiguous) or not before.has("INCLUDING"):
        return None
    if not tail.has("FOR", "DUE_TO") or not isinstance(draft.rule, Condition):
        return None
    readings = [part if part.rule == draft.rule else here.fold(part, tail, (), Inherited())[0] for part in result.parts]
    return ambiguous([part for part in readings if part is not None], result.rule.why)


def _without_treatment(inside: Draft) -> bool:
    """Whether it says of what is measured that no treatment has raised it."""
    return isinstance(inside.rule, Not) and all(isinstance(leaf.rule, Treatment) for leaf in inside.innermost())


def _in_its_words(here: Composing, draft: Draft, group: Group) -> Draft | None:
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


def _clause(here: Composing, sentence: Sentence) -> Draft | None:
    """A parenthesis that says of what it names for what, despite what, or as what; None where any of it is unread."""
    if not all(kind.type in _TELLING for tail in sentence.tails for kind in tail.kinds):
        return None
    made = here.sentence(sentence, Inherited())
    return made if made is not None and not any(leaf.wholly_unread for leaf in made.leaves()) else None


_TELLING: Final = frozenset(("DUE_TO", "REGARDLESS", "INCLUDING", "FOR", "DEFINED"))


def _rate(here: Composing, draft: Draft, read: ListRead) -> Draft | None:
    """How often, in parentheses: "recurrent infections (more than 3 per year)", "opioids (> 2 doses per week)"."""
    atoms = read.elements[0].atoms
    if len(read.elements) > 1 or len(atoms) != 2 or not isinstance(draft.rule, Condition | Treatment):
        return None
    limit, words = atoms
    if isinstance(limit, Group) or isinstance(words, Group) or limit.type != "LIMIT" or words.type != "UNREAD":
        return None
    said: list[Token] = words.value if isinstance(words.value, list) else []
    *counted, per, unit = [None, None, *said][-4:] if len(said) > 1 else (None, None)
    if unit is None or per is None or unit.type != "TIMEUNIT" or str(per.value) not in ("per", "/"):
        return None
    bounds: Bounds = limit.value
    if bounds.exact or bounds.members or bounds.quantities[0].unit:
        return None
    things = [token for token in counted if token is not None]
    if len(said) > len(things) + 2 or any(token.type != "WORD" for token in things):
        return None
    name = here.text[things[0].start : unit.end] if things else f"{draft.rule.concept.name} per {unit.value}"
    rate = Measurement(analyte=Concept(name=phrase(name), open=True), limit=plain_limit(bounds))
    return all_of(
        [draft, Draft(rule=rate, start=limit.start, end=words.end, open=(Span(start=words.start, end=words.end),))]
    )


def _range_given(here: Composing, draft: Draft, read: ListRead) -> Draft | None:
    """What a result has to be that is normal, or is not, where that is said: "normal ejection fraction (>= 50 %)",
    "hematocrit outside the normal range (35-50 %)"; None where it is no limit of the same."""
    rule = draft.rule
    if isinstance(rule, Finding) and rule.result == "abnormal":
        if rule.window is not None or rule.qualifiers or rule.site is not None:
            return None
        result = Draft(Measurement(analyte=rule.test, limit=Limit()), draft.start, draft.end)
        limit = bare_limit(here, result, read)
        if limit is None or not isinstance(limit.rule, Measurement):
            return None
        both = limit.rule.limit.low is not None and limit.rule.limit.high is not None
        return negated(limit) if both else limit
    if not all(is_normal_range(leaf.rule) for leaf in draft.innermost()):
        return None
    return bare_limit(here, draft, read)


def _is_confirmed(rule: Rule) -> bool:
    """Whether it is said of a condition that it has been found out for certain."""
    if not isinstance(rule, Condition):
        return False
    known = [qualifiers().find(each) for each in rule.qualifiers]
    return any(each is not None and each.axis == "confirmation" and each.name != "suspected" for each in known)


def _spared(here: Composing, draft: Draft, group: Group) -> Draft | None:
    """ "A (patients with B, without C, are eligible if D)": A, except a B that is so; None where nothing is spared."""
    read, tails = group.body.body, parted_tails(group.body.tails)
    at = next((i for i, tail in enumerate(tails) if tail.has("ALLOWED")), None)
    if read is None or at is None or not here.exclusion or draft.requirement or tails[at].body is not None:
        return None
    rest = tails[at + 1 :]
    if any(tail.has("MUST", "MUST_NOT", "EXCLUDED", "UNLESS") for tail in tails[:at]) or len(rest) > 1:
        return None
    if (rest and (not rest[0].has("IF") or rest[0].body is None)) or not names_all(here, group):
        return None
    named = here.literally().sentence(Sentence(read, list(tails[:at])), Inherited())
    if named is None:
        return None
    if rest and rest[0].body is not None:
        named = in_that_state(here, read, rest[0].body) or _where(here, named, rest[0].body)
    facts = named.innermost()
    if any(leaf.wholly_unread for leaf in facts) or not any(isinstance(f.rule, Condition | Treatment) for f in facts):
        return None
    targets = draft.innermost()
    if not all(isinstance(leaf.rule, Condition | Treatment) for leaf in targets):
        return None
    among = [f for f in facts if isinstance(f.rule, Condition | Treatment)]
    if all(is_apart(f, targets) and not _share_kinds(f, targets) for f in among):
        return None  # of what else is listed
    return excepting(draft, named.parts if named.rule.kind == "any" else [named])


def _where(here: Composing, named: Draft, read: ListRead) -> Draft:
    """What is named, where a condition holds: "if they are in remission", "if the count is above 350"."""
    known = qualifiers().find(here.text[read.start : read.end])
    if known is not None and isinstance(named.rule, Condition | Treatment):
        update = {"qualifiers": tuple(dict.fromkeys((*named.rule.qualifiers, known.name)))}
        return replace(named, rule=named.rule.model_copy(update=update), end=read.end)
    condition = here.listed(read, Inherited(), plain=True)
    return all_of([named, condition]) if condition is not None else unread(here.text, named.start, read.end)


def _of_others(draft: Draft, named: Draft) -> bool:
    """Whether the treatments that a parenthesis allows are others than the one before it: "A (B is allowed)"."""
    targets = draft.innermost()
    return all(
        isinstance(leaf.rule, Treatment) and is_apart(leaf, targets) and not _share_kinds(leaf, targets)
        for leaf in named.innermost()[:1]
    )


def _share_kinds(item: Draft, targets: Sequence[Draft]) -> bool:
    """Whether some drugs are of a class and of one of the others, too: some beta blockers are antiarrhythmics."""
    classes = [leaf.rule.concept.name for leaf in (item, *targets) if isinstance(leaf.rule, Treatment)]
    below = [vocabulary().kinds_of("treatment", name) for name in classes]
    return len(below) == len(targets) + 1 and any(not below[0].isdisjoint(kinds) for kinds in below[1:])


def limit_alone(here: Composing, draft: Draft, read: ListRead) -> Draft | None:
    """A limit of the level or the size of a condition, in words of its own: "fever (> 38.5 °C)", "hypertension, defined
    as > 160/100"; None where it is of nothing of it, or no such words."""
    rule = draft.rule
    if not isinstance(rule, Condition) or rule.time not in ("unstated", "now"):
        return None
    atom = read.elements[0].atoms[0]
    alone = len(read.elements) == 1 and len(read.elements[0].atoms) == 1 and not read.elements[0].negations
    entry = vocabulary().entry("condition", rule.concept.name)
    if not alone or isinstance(atom, Group) or atom.type not in LIMITS or entry is None:
        return None
    if rule.window is not None or rule.lasting is not None or rule.other:
        return None
    name = Token("CONDITION", entry, draft.start, min(draft.end, read.start))
    limit = of_condition(name, atom.value, atom.end, here.context)
    return phrase_draft(here, replace(limit, start=atom.start), None, None) if limit is not None else None


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


def _own_limit(here: Composing, draft: Draft, group: Group) -> Draft | None:
    """ "A <= 1.5 x ULN (patients with C who have A <= 3 x ULN may be enrolled)"; None where it says no such thing."""
    read, tails = group.body.body, group.body.tails
    if not isinstance(draft.rule, Measurement | All | Any | Conditional) or not tails:
        return None
    if read is not None:
        if not tails[0].has("ALLOWED"):
            return None
        tails = [Tail([Token("EXCEPT", "except", read.start, read.start)], read, read.start, read.end), *tails]
    elif not tails[0].has("EXCEPT", "UNLESS", "FOR_GROUP", "IF"):
        return None
    own = own_limit(here, draft, tails[0], tails[1:])
    return replace(own[0], end=group.end) if own is not None and own[1] == len(tails) - 1 else None


def _kinds_of(draft: Draft, inside: Draft) -> bool:
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


def _treatments_of(here: Composing, draft: Draft, inside: Draft, group: Group) -> bool:
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


def _is_its_category(rule: Rule, inner: str) -> bool:
    """Whether a parenthesis is no more than the category of a tumour, or of spread to nodes or to other organs, that
    words before it name: "no distant metastasis (M0)", "inflammatory carcinoma (T4d)"."""
    category = inner.strip()
    if not isinstance(rule, Condition):
        return False
    if category == "T4d":
        return "inflammatory" in " ".join((rule.concept.name, *rule.qualifiers))
    if "non-muscle invasive" in rule.qualifiers or rule.concept.name.startswith("non-muscle-invasive"):
        return _SUPERFICIAL.fullmatch(category) is not None and "T" in category[1:]  # "(Ta)" narrows
    spread = {"M": "metasta", "N": "node"}
    return _CATEGORY.fullmatch(category) is not None and spread[category.lstrip("cpyr")[0]] in rule.concept.name


_SUPERFICIAL: Final = re.compile(r"(?:(?:stages?\s+)?(?:Ta|Tis|CIS|T1)(?:\s*(?:[,/&]|or|and)\s*)*)+", re.IGNORECASE)
_CATEGORY: Final = re.compile(r"[cpyr]{0,2}(?:M[01]|N(?:0|\+))")


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


def _noted(here: Composing, draft: Draft, group: Group) -> Draft:
    """ "(Note: transfusions to achieve this are acceptable)": no limit is changed by what may be given for it."""
    first = group.body.tails[0]
    named = here.listed(first.body, Inherited(), plain=True) if first.body is not None else None
    leaves = named.innermost() if named is not None else []
    if isinstance(draft.rule, Measurement) and leaves and isinstance(leaves[0].rule, Treatment):
        return draft
    return _either_role(here, draft, group)


def _is_longer_since(draft: Draft, inside: Draft) -> bool:
    """Whether treatments that are of a kind with another one must be over for longer than that."""
    usual = _since_when([draft])
    longer = _since_when(inside.parts if inside.rule.kind == "all" else [inside])
    if len(usual) != 1 or not longer:
        return False
    (general, least), *_ = usual
    return all(
        vocabulary().is_a("treatment", name, general) and least.unit == length.unit and least.value < length.value
        for name, length in longer
    )


def _since_when(drafts: Sequence[Draft]) -> list[tuple[str, Duration]]:
    """How long each of several treatments must be over; none where anything else is said."""
    found: list[tuple[str, Duration]] = []
    for draft in drafts:
        rule = draft.rule.part if isinstance(draft.rule, Not) else None
        start = rule.window.start if isinstance(rule, Treatment) and rule.window is not None else None
        if not isinstance(rule, Treatment) or start is None:
            return []
        found.append((rule.concept.name, start))
    return found


_IS_ALLOWED: Final = re.compile(r"\b(?:acceptable|accepted|allowed|permitted|permissible|eligible)\b")


def _either_role(here: Composing, draft: Draft, group: Group) -> Draft:
    """A permission that was not understood: more are let in for it, or fewer are."""
    words = unread(here.text, group.start, group.end)
    return ambiguous([all_of([draft, words]), any_of([draft, words])], "a permission that may widen, or narrow")


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


def shorter_for(here: Composing, draft: Draft, group: Group) -> Draft | None:
    """ "4 weeks since chemotherapy (6 weeks for nitrosoureas)"."""
    body = group.body
    if (
        body.body is None
        or len(body.body.elements) != 1
        or len(body.tails) != 1
        or not body.tails[0].has("FOR", "FOR_GROUP")
    ):
        return None
    atoms = body.body.elements[0].atoms
    atom = atoms[0]
    if len(atoms) != 1 or isinstance(atom, Group):
        return None
    if atom.type == "FACT" and isinstance(atom.value, AgeRead) and atom.value.bare:
        atom = Token("TIME_LIMIT", atom.value.bounds, atom.start, atom.end)
    if atom.type not in ("TIME_LIMIT", "SINCE_WINDOW", "WINDOW"):
        return None
    inner = [leaf for leaf in draft.leaves() if isinstance(leaf.rule, Treatment) and leaf.rule.window is not None]
    special = here.listed(body.tails[0].body, Inherited(), any_=True) if body.tails[0].body else None
    base = draft.parts[0] if draft.rule.kind == "not" else draft
    if not inner or (len(inner) > 1 and not _given_alike(base)):
        return None
    if special is None or not all(isinstance(leaf.rule, Treatment) for leaf in special.innermost()):
        return None
    treatment = inner[0].rule
    assert isinstance(treatment, Treatment)
    assert treatment.window is not None
    if atom.type == "TIME_LIMIT":
        bounds: Bounds = atom.value
        quantity = bounds.low or bounds.high
        if quantity is None or not quantity.time:
            return None
        start = Duration(value=quantity.value, unit=quantity.unit)  # type: ignore[arg-type]
    elif (
        isinstance(atom.value, WindowRead) and len(atom.value.windows) == 1 and atom.value.windows[0].start is not None
    ):
        start = atom.value.windows[0].start
    else:
        return None
    window = treatment.window.model_copy(update={"start": start})
    leaves = [leaf for leaf in special.leaves() if isinstance(leaf.rule, Treatment)]
    longer = [
        Draft(
            treatment.model_copy(update={"concept": leaf.rule.concept, "window": window}),
            leaf.start,
            leaf.end,
            open=leaf.open,
        )
        for leaf in leaves
        if isinstance(leaf.rule, Treatment)
    ]
    if _days(start) >= _days(treatment.window.start):
        found = any_of([inner[0] if len(inner) == 1 else base, *longer], (draft.start, group.end))
        return negated(found) if draft.rule.kind == "not" else found
    usual = each_leaf(base if len(inner) > 1 else inner[0], partial(_except_those, leaves))
    found = any_of([usual, *longer], (draft.start, group.end))
    return negated(found) if draft.rule.kind == "not" else found


def _given_alike(draft: Draft) -> bool:
    """Whether it names nothing but treatments, all within one window."""
    rules = draft.innermost_rules()
    return (
        all(isinstance(rule, Treatment) and not rule.exceptions for rule in rules)
        and len({rule.window for rule in rules if isinstance(rule, Treatment)}) == 1
    )


def _except_those(others: Sequence[Draft], leaf: Draft) -> Draft:
    rule = leaf.rule
    assert isinstance(rule, Treatment)
    update = {"exceptions": (*rule.exceptions, *(other.rule for other in others))}
    return replace(leaf, rule=rule.model_copy(update=update), parts=(*leaf.parts, *others))


_DAYS: Final = {"hours": 1 / 24, "days": 1.0, "weeks": 7.0, "months": 30.4, "years": 365.2}


def _days(duration: Duration | None) -> float:
    """About how many days; only to tell the longer of two."""
    return float("inf") if duration is None or duration.unit not in _DAYS else duration.value * _DAYS[duration.unit]
