"""Parentheses: what they make of what stands before them."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Final

from eligibility.knowledge.attributes import is_method
from eligibility.knowledge.qualifiers import qualifiers
from eligibility.knowledge.vocabulary import vocabulary
from eligibility.knowledge.words import phrase
from eligibility.reading.composing.asides import granted, in_that_state, names_all, said_once
from eligibility.reading.composing.attribute_phrases import restated
from eligibility.reading.composing.attributes import attributed
from eligibility.reading.composing.clauses import what_cannot_be
from eligibility.reading.composing.closings import GENERAL_STATUS, scale_named
from eligibility.reading.composing.enclosed_facts import (
    are_kinds_of,
    are_treatments_of,
    in_its_words,
    levelled,
    with_enclosed,
)
from eligibility.reading.composing.exceptions import (
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
    bare_limit,
    is_normal_range,
    limit_of_those_with,
    limits_of_some,
    limits_some,
    narrowed_or_defined,
    own_bare_limit,
    own_limit,
)
from eligibility.reading.composing.own_windows import own_window
from eligibility.reading.composing.qualifying import narrowed
from eligibility.reading.composing.remarks import adds_nothing
from eligibility.reading.composing.terms import QUALIFIER_REACHES, Composing, Inherited
from eligibility.reading.composing.windows import WINDOW_REACHES
from eligibility.reading.drafts import Draft, all_of, ambiguous, any_of, contrary, for_arms, negated, unread
from eligibility.reading.headings import arms_enclosed
from eligibility.reading.lexing.tokens import LIMITS, Token
from eligibility.reading.measuring import of_condition
from eligibility.reading.notes import asks_nothing
from eligibility.reading.quantities import Bounds, plain_limit
from eligibility.reading.sentences import Group, ListRead, Sentence, Tail, parted_tails
from eligibility.rules import (
    All,
    Ambiguous,
    Any,
    Concept,
    Condition,
    Conditional,
    Finding,
    Limit,
    Measurement,
    Rule,
    Span,
    Statement,
    Treatment,
)


def parenthesised(here: Composing, draft: Draft, group: Group) -> Draft:
    """What a parenthesis makes of what stands before it."""
    if isinstance(draft.rule, Ambiguous) and draft.rule.why in _HOW_FAR and not draft.requirement:
        each = [parenthesised(here, part, group) for part in draft.parts]
        if not any(made.requirement or made.saving or made.allowed is not None for made in each):
            return ambiguous(each, draft.rule.why)
    group = said_once(group)
    if any(tail.has("MUST_NOT") for tail in group.body.tails):
        group = replace(group, body=Sentence(group.body.body, what_cannot_be(here, group.body.tails)))
    for way in _WAYS:
        if (made := way(here, draft, group)) is not None:
            return made
    inside = _read(here, draft, group)
    if inside is None and isinstance(draft.rule, Statement) and (said := in_its_words(here, draft, group)) is not None:
        return said
    return with_enclosed(here, draft, group, inside or unread(here.text, group.start, group.end, "narrowing"))


def _read(here: Composing, draft: Draft, group: Group) -> Draft | None:
    """What a parenthesis says; None where that is not understood."""
    named = group.body.body
    if group.body.tails or named is None:
        return _clause(here, group.body)
    inside = here.listed(named, Inherited())
    if inside is None or not (are_kinds_of(draft, inside) or are_treatments_of(here, draft, inside, group)):
        return inside
    return here.listed(named, Inherited(), any_=True) or inside  # "anticoagulants (warfarin, dabigatran and apixaban)"


def _asked(here: Composing, draft: Draft, group: Group) -> Draft | None:
    """Limits in parentheses that are asked of everybody, under Exclusion."""
    limits = _required(here, group) if here.exclusion and not draft.requirement else None
    return any_of([draft, replace(contrary(limits), end=group.end)]) if limits is not None else None


def _for_arms(here: Composing, draft: Draft, group: Group) -> Draft | None:
    """ "Prior radiotherapy (Arm A) or chemotherapy"."""
    arms = arms_enclosed(here.text, group.start, group.end)
    if not arms:
        return None
    if here.exclusion and not draft.requirement:
        return replace(for_arms(draft, arms), end=group.end)
    return narrowed(here, draft, group.start + 1, group.end - 1)


def _nothing_more(here: Composing, draft: Draft, group: Group) -> Draft | None:
    """A parenthesis that changes nothing: another name, a reason, the way in which something is found out."""
    span = (group.start, group.end)
    inner, rule = here.text[group.start + 1 : group.end - 1], draft.rule
    silent = (
        (_takes_part(rule) and _OR_STUDIED.fullmatch(here.text, *span))  # "a study of a medicine (or a device)"
        or asks_nothing(here.text[group.start : group.end])
        or adds_nothing(here.text, draft, group)
    )
    if silent:
        return replace(draft, end=max(draft.end, group.end))
    if isinstance(rule, Measurement) and rule.analyte.name == GENERAL_STATUS:
        scale = scale_named(inner)
        if scale is not None:
            named = rule.model_copy(update={"analyte": Concept(name=scale.name)})
            return replace(draft, rule=named, end=group.end)
    if isinstance(rule, Condition | Measurement) and restated(rule, inner):
        return replace(draft, end=max(draft.end, group.end))
    if isinstance(rule, Measurement) and is_method(inner, of_number=True):
        return draft
    found = isinstance(rule, Condition) or _is_confirmed(rule)
    if found and any(map(str.isalpha, inner)) and is_method(f"by {inner}"):
        return replace(draft, end=max(draft.end, group.end))  # "confirmed by imaging (ultrasound or CT)"
    if _is_its_category(rule, inner):
        return replace(draft, end=max(draft.end, group.end))
    if isinstance(rule, Measurement) and _SNELLEN.fullmatch(here.text, *span):
        return draft  # "73 to 24 letters (20/40 to 20/320)": the same on another scale
    return None


def _year(here: Composing, draft: Draft, group: Group) -> Draft | None:
    """That of a guideline or a scale: "the McDonald criteria (2017)"."""
    return draft if _YEAR.fullmatch(here.text, group.start, group.end) else None


def _note(here: Composing, draft: Draft, group: Group) -> Draft | None:
    """A permission behind "note"."""
    tails = group.body.tails
    permits = group.body.body is None and any(tail.has("ALLOWED") for tail in tails[1:])
    return _noted(here, draft, group) if permits else None


def _folded(here: Composing, draft: Draft, group: Group) -> Draft | None:
    """What the clauses of a parenthesis make of what stands before it, one after another, where it names nothing."""
    if group.body.body is not None:
        return None
    tails = group.body.tails
    result: Draft | None = draft
    unspared: Draft | None = None
    index = 0
    while index < len(tails):
        tail = tails[index]
        if not index and tail.has("FOR_GROUP") and not (tail.has("EXCEPT", "UNLESS") or limits_some(here, tail)):
            return draft  # taken where the list is joined
        adjoining = index > 0 and not here.text[tails[index - 1].end : tail.start].strip()
        spared = spared_for(result, unspared, tail) if result is not None and adjoining else None
        if spared is None and adjoining:
            spared = spared_as_judged(here, result, unspared, tails[index - 1], tail)
        if spared is not None:
            result, unspared = spared, None
            index += 1
            continue
        unspared = result if tail.has("EXCEPT") else None
        if index and (of_them := _of_examples(here, draft, result, tails[index - 1 : index + 1])) is not None:
            result = of_them
            index += 1
            continue
        result, used = here.fold(result, tail, tails[index + 1 :], Inherited())
        index += 1 + used
    return result if result is not None else draft


def _allowed(here: Composing, draft: Draft, group: Group) -> Draft | None:
    """ "A (B is allowed)", "A (B is excluded)"; None where it says anything else, or what it means is not clear."""
    named, tails = group.body.body, group.body.tails
    if len(tails) != 1 or not tails[0].has("ALLOWED", "EXCLUDED") or not _without_more(tails[0]):
        return None
    if named is None or not names_all(here, group):
        return None
    allows, turns_away = tails[0].has("ALLOWED"), here.exclusion and not draft.requirement
    if allows and (limited := _limit_beside_allowed(here, draft, named)) is not None:
        return limited
    those = here.listed(named, Inherited(), plain=True, any_=True)
    if those is None:
        return None
    opinion = next((kind for kind in tails[0].kinds if kind.type == "JUDGED"), None)
    if opinion is not None and turns_away:
        return excepting(draft, [all_of([those, judgement(here, opinion.start, opinion.end)])])
    if allows == turns_away:
        if allows and not isinstance(draft.rule, Statement) and _of_others(draft, those):
            return without_those_on(here.text, draft, those, group.start) or draft
        return except_for(here, draft, those, group.start)
    return _treatment_allowed(here, draft, group, those) if allows else None


def _treatment_allowed(here: Composing, draft: Draft, group: Group, those: Draft) -> Draft | None:
    """A treatment that is allowed beside what is asked for."""
    if not isinstance(those.innermost()[0].rule, Treatment):
        return None
    if all(isinstance(leaf.rule, Measurement) for leaf in draft.innermost()):
        return draft  # no limit is changed by what may be given for it
    if not all(isinstance(leaf.rule, Treatment) for leaf in draft.innermost()):
        return None
    spared = except_for(here, draft, those, group.start)
    return ambiguous([draft, spared, any_of([draft, those])], "a permission, or one more alternative")


def _of_those_with(here: Composing, draft: Draft, group: Group) -> Draft | None:
    """Another limit, of those who have a disease: "(3 x ULN with liver metastases)"."""
    named = group.body.body
    theirs = limit_of_those_with(here, draft, named) if named is not None and not group.body.tails else None
    return replace(theirs, end=max(theirs.end, group.end)) if theirs is not None else None


def _limits_of_some(here: Composing, draft: Draft, group: Group) -> Draft | None:
    """ "Bilirubin <= 1.5 x ULN (3 x ULN for patients with Gilbert's syndrome)"."""
    named, tails = group.body.body, group.body.tails
    if named is None or len(tails) != 1 or not tails[0].has("FOR", "FOR_GROUP", "IF") or tails[0].body is None:
        return None
    limit = own_bare_limit(here, draft, named)
    condition = here.listed(tails[0].body, Inherited(), plain=True)
    if limit is None or condition is None:
        return None
    allowed = _IS_ALLOWED.search(here.low, group.start, condition.start) is not None
    excluding = here.exclusion and not draft.requirement
    of_some = limits_of_some(draft, condition, limit, exclusion=excluding, allowed=allowed)
    return replace(of_some, requirement=draft.requirement)


def _limited(here: Composing, draft: Draft, group: Group) -> Draft | None:
    """A limit in words of its own, a range of what is normal, or how often something is."""
    named = group.body.body
    if group.body.tails or named is None:
        permitted = not here.exclusion and any(tail.has("ALLOWED") for tail in group.body.tails)
        return _either_role(here, draft, group) if permitted else None
    if (limit := limit_alone(here, draft, named)) is not None:
        return levelled(draft, limit)
    if (limit := _range_given(here, draft, named)) is not None:
        return replace(limit, start=draft.start, end=group.end)
    return _rate(here, draft, named)


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


_YEAR: Final = re.compile(r"[(\[]\s*(?:19|20)\d\d\s*[)\]]")
_SNELLEN: Final = re.compile(
    r"[(\[](?:\s|approximat\w+|equivalents?|about|snellen|visual acuity|BCVA|VA|of|or|to|and|an?|the|better|worse"
    r"|(?<=equivalent to )[≥≤<>]|on|chart|log ?MAR|decimal|[-–,=~≈]|(?:20|6)/\d{1,4}|[01]\.\d+)+[)\]]",
    re.IGNORECASE,
)


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


def _noted(here: Composing, draft: Draft, group: Group) -> Draft:
    """ "(Note: transfusions to achieve this are acceptable)": no limit is changed by what may be given for it."""
    first = group.body.tails[0]
    named = here.listed(first.body, Inherited(), plain=True) if first.body is not None else None
    leaves = named.innermost() if named is not None else []
    if isinstance(draft.rule, Measurement) and leaves and isinstance(leaves[0].rule, Treatment):
        return draft
    return _either_role(here, draft, group)


_IS_ALLOWED: Final = re.compile(r"\b(?:acceptable|accepted|allowed|permitted|permissible|eligible)\b")


def _either_role(here: Composing, draft: Draft, group: Group) -> Draft:
    """A permission that was not understood: more are let in for it, or fewer are."""
    words = unread(here.text, group.start, group.end)
    return ambiguous([all_of([draft, words]), any_of([draft, words])], "a permission that may widen, or narrow")


_WAYS: Final[tuple[Callable[[Composing, Draft, Group], Draft | None], ...]] = (
    _asked,
    _for_arms,
    _nothing_more,
    _own_limit,
    limits_of_fitness,
    _note,
    _folded,
    _year,
    granted,
    _allowed,
    _spared,
    attributed,
    _of_those_with,
    own_window,
    _limits_of_some,
    _limited,
)
"""What a parenthesis may be, the first that it is, before the facts in it are looked at."""
