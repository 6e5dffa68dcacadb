"""Parentheses of which the words, or the kinds of thing on either side, tell what they are for."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import partial
from typing import Final

from eligibility.knowledge.vocabulary import Kind, texts, vocabulary
from eligibility.reading.composing.examples import KINDS
from eligibility.reading.composing.exceptions import as_allergy
from eligibility.reading.composing.people import is_group, is_mother, of_sex
from eligibility.reading.composing.terms import Composing, Inherited, is_pregnancy, is_pregnancy_test
from eligibility.reading.drafts import Draft, all_of, ambiguous, any_of, each_leaf, for_those
from eligibility.reading.lexing.tokens import Token
from eligibility.reading.sentences import Group, ListRead, Tail
from eligibility.rules import Allergy, Condition, Finding, Measurement, Rule, Statement, Treatment

__all__ = ["ALL_OR_EXAMPLES", "as_said_of", "in_those_words"]

ALL_OR_EXAMPLES: Final = "what stands in parentheses may be all that is meant, or examples"


def in_those_words(here: Composing, draft: Draft, group: Group, inside: Draft) -> Draft | None:
    """What a parenthesis makes of what stands before it, where there is no doubt; None where there is."""
    if group.body.tails or group.body.body is None:
        return None
    if _WHAT_IT_IS.match(here.text, group.start):
        return replace(draft, end=max(draft.end, group.end))
    if (named := _study_drugs(here, draft, inside)) is not None:
        return named
    if is_pregnancy(draft.rule) and is_pregnancy_test(inside.rule):
        positive = isinstance(inside.rule, Finding) and inside.rule.result == "positive"
        return any_of([draft, inside]) if positive else None
    if of_sex(inside) and here.exclusion and not is_group(draft):
        return all_of([draft, inside])
    if of_sex(inside) and all(isinstance(rule, _ASKED_OF_SOME) for rule in draft.innermost_rules()):
        return for_those(inside, draft).asked(draft.requirement)
    if is_mother(draft) and is_group(inside):
        return draft
    if _narrows(here, group, inside):
        return all_of([draft, inside]).asked(draft.requirement)
    return _kinds_named(here, draft, group, group.body.body)


_ASKED_OF_SOME: Final = (Finding, Measurement, Statement)  # no disease: whoever is taken has it
_WHAT_IT_IS: Final = re.compile(  # "(a type of antidepressant)"
    r"[(\[]\s*(?:an?|another|one)\s+(?:[a-z-]+\s+){0,2}?(?:types?|kinds?|class|form|member|derivative|brand(?:\s+name)?)\s+of\b"
    r"(?![^()]*\b(?:not|no|only|except|unless|without|if|must)\b)",
    re.IGNORECASE,
)


def _study_drugs(here: Composing, draft: Draft, inside: Draft) -> Draft | None:
    """ "Allergy to (any component of) the study drugs (A, B)": to what the trial gives, which is named; None for
    anything else."""
    rule = draft.rule
    if not isinstance(rule, Allergy | Treatment):
        return None
    contained = rule.concept.name == "excipient" and _OF_THE_TRIAL.search(here.low, draft.start, draft.end) is not None
    if rule.concept.name not in _GIVEN and not contained:
        return None
    named = as_allergy(draft, inside)
    drugs = named.innermost_rules()
    if any(leaf.rule.kind in ("not", "conditional", "ambiguous") for leaf in named.leaves()):
        return None
    if isinstance(rule, Treatment):
        if not all(isinstance(drug, Treatment) and drug.window is None for drug in drugs):
            return None
        return any_of([draft, *(replace(leaf, rule=_like(rule, leaf)) for leaf in named.innermost())])
    return any_of([draft, *named.innermost()]) if all(isinstance(drug, Allergy) for drug in drugs) else None


_GIVEN: Final = frozenset(("study treatment",))
_OF_THE_TRIAL: Final = re.compile(
    r"\b(?:study|trial|investigational)\s+(?:drugs?|products?|medications?|treatments?)\s*\Z"
)


def _like(rule: Treatment, leaf: Draft) -> Treatment:
    assert isinstance(leaf.rule, Treatment)
    return rule.model_copy(update={"concept": leaf.rule.concept})


def _narrows(here: Composing, group: Group, inside: Draft) -> bool:
    """Whether the words that a parenthesis begins with make it a condition: "(requiring antibiotics)"."""
    first = _CONDITION.match(here.text, group.start)
    leaves = inside.innermost()
    if first is None or any(isinstance(each.rule, Treatment) and _is_any(each.rule) for each in leaves):
        return False
    if first["state"] is None and any(leaf.wholly_unread for leaf in leaves):
        return False
    if first["state"] is not None and any(isinstance(leaf.rule, Measurement | Finding) for leaf in leaves):
        return False  # "(taking a drug for it, or above 140/90)": what it is
    return first["none"] is None or not any(isinstance(leaf.rule, Statement) or leaf.open for leaf in leaves)


_CONDITION: Final = re.compile(
    r"[(\[]\s*(?!with\s+or\s+without|with/without|without\s+or\s+with)"
    r"(?:with|requiring|needing|necessitating|despite|(?P<none>not|no|non|without)"
    r"|(?P<state>(?:drug|treatment|therapy|insulin)[- ]na[iï]ve"
    r"|(?:currently\s+)?(?:on|taking|receiving|treated\s+with)))\b",
    re.IGNORECASE,
)


def _kinds_named(here: Composing, draft: Draft, group: Group, read: ListRead) -> Draft | None:
    """ "Crystal disease (gout, pseudogout)", "diseases that impair absorption (A, B, etc.)": what is listed behind a
    word for a class is of that class, be it all that is meant or examples; None where no class is named."""
    rule = draft.rule
    if len(read.elements) < _SEVERAL or any(element.negations for element in read.elements):
        return None
    if not isinstance(rule, Condition | Treatment | Statement) or (rule.kind != "statement" and rule.exceptions):
        return None
    begins = _CLASS_FIRST if isinstance(rule, Statement) else _CLASS
    found = begins.search(here.text[draft.start : min(draft.end, group.start)].strip())
    named = here.listed(read, Inherited(), plain=True, any_=True) if found is not None else None
    if found is None or named is None or not all(_is_plain(leaf) for leaf in named.innermost()):
        return None
    kind = type(rule) if isinstance(rule, Condition | Treatment) else Treatment if found["treatment"] else Condition
    rules = named.innermost_rules()
    if not all(isinstance(rule, kind) or (found["against"] and _bars(rule)) for rule in rules):
        return None
    if any(leaf.rule.kind != "any" for leaf in named.leaves() if leaf.parts) or not _are_of_it(draft, named):
        return None
    tail = Tail([Token("INCLUDING", "e.g.", read.start, read.start)], read, read.start, read.end)
    widened, _ = here.fold(draft, tail, (), Inherited())
    if widened is None:
        return None
    widened = replace(widened, end=max(widened.end, group.end))
    if _AND_SO_ON.search(here.text, group.start, group.end) is not None:
        return widened
    only = named if isinstance(rule, Statement) else each_leaf(named, partial(as_said_of, rule))
    return ambiguous([only, widened], ALL_OR_EXAMPLES)


_SEVERAL: Final = 2
_CLASSES: Final = (
    r"(?:(?P<against>contra-?indications?)|(?P<treatment>therap(?:y|ies)|treatments?|drugs?|medications?|medicines?|agents?"
    r"|inhibitors?|inducers?|surger(?:y|ies)|procedures?|products?|antibod(?:y|ies)|blockers?|antagonists?|agonists?"
    r"|vaccines?|antibiotics?)|diseases?|disorders?|illness(?:es)?|conditions?|syndromes?|symptoms?|events?"
    r"|abnormalit(?:y|ies)|problems?|complications?|infections?|(?:co-?)?morbidit(?:y|ies)|tumou?rs?|cancers?"
    r"|malignanc(?:y|ies))"
)
_CLASS: Final = re.compile(rf"\b{_CLASSES}$", re.IGNORECASE)
_CLASS_FIRST: Final = re.compile(rf"^(?:[a-z-]+\s+){{0,3}}{_CLASSES}\b", re.IGNORECASE)
_AND_SO_ON: Final = re.compile(r"\betc\b|\.\.\.\s*[)\]]|…\s*[)\]]", re.IGNORECASE)


def _bars(rule: Rule) -> bool:
    """Whether it is an allergy or a device, either of which may be a contraindication."""
    if isinstance(rule, Allergy):
        return True
    entry = vocabulary().entry("treatment", rule.concept.name) if isinstance(rule, Treatment) else None
    return entry is not None and entry.facts.get("type") == "device"


def _is_plain(leaf: Draft) -> bool:
    """Whether it names a disease or a treatment, and says nothing of when it was."""
    rule = leaf.rule
    if isinstance(rule, Allergy):
        return not rule.exceptions
    if not isinstance(rule, Condition | Treatment) or rule.window is not None:
        return False
    return not rule.exceptions and (rule.kind != "treatment" or (rule.purpose is None and rule.dose is None))


def _are_of_it(draft: Draft, named: Draft) -> bool:
    """Whether what is listed can be of that class, by what is known of both: all of several treatments, one of several
    diseases. A word for any operation or drug is wider than the class."""
    rule = draft.rule
    names = [leaf.concept for leaf in named.innermost_rules() if isinstance(leaf, Condition | Treatment)]
    if any(name.name in _ANY_TREATMENT for name in names):
        return False
    if isinstance(rule, Statement) or (isinstance(rule, Condition | Treatment) and rule.concept.open):
        return not all(name.open for name in names)
    if not isinstance(rule, Condition | Treatment):
        return False
    of_it = [_may_be(KINDS[rule.kind], name.name, rule.concept.name) for name in names if not name.open]
    return any(of_it) if isinstance(rule, Condition) else bool(of_it) and all(of_it)


def _is_any(rule: Treatment) -> bool:
    return rule.concept.name in _ANY_TREATMENT


_ANY_TREATMENT: Final = frozenset(("surgery", "procedure", "drug", "any treatment", "vaccine", "major surgery"))


def _may_be(kind: Kind, name: str, wider: str) -> bool:
    known = vocabulary()
    return any(
        up == wider or ((entry := known.entry(kind, up)) is not None and wider in texts(entry.facts.get("may_be")))
        for up in (name, *known.ancestors(kind, name))
    )


def as_said_of(rule: Condition | Treatment, inside: Draft) -> Draft:
    """The kinds of a thing with all that is said of the thing: "uncontrolled heart disease (angina, arrhythmia)"."""
    assert isinstance(inside.rule, Condition | Treatment)
    own: dict[str, object] = {"concept": inside.rule.concept}
    if inside.rule.qualifiers:
        own["qualifiers"] = tuple(dict.fromkeys((*rule.qualifiers, *inside.rule.qualifiers)))
    if isinstance(inside.rule, Treatment) and inside.rule.route:
        own["route"] = inside.rule.route
    return replace(inside, rule=rule.model_copy(update=own))
