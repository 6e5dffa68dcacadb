"""Allergies and contraindications."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Final

from eligibility.knowledge.vocabulary import Entry, vocabulary
from eligibility.reading.context import Context
from eligibility.reading.drafting.beside_names import draft_of, is_even_suspected, qualifiers_beside
from eligibility.reading.drafting.concepts import known_concept
from eligibility.reading.drafts import Draft, any_of
from eligibility.reading.lexing.tokens import Token
from eligibility.reading.phrases import Noun
from eligibility.rules import Allergy, Concept, Span, Statement

__all__ = ["OF_THE_STUDY", "allergy_of", "allergy_to", "as_study_treatment", "contraindicated", "is_meant_here"]

OF_THE_STUDY: Final = "study treatment"


def contraindicated(noun: Noun, context: Context) -> Draft:
    """A contraindication, said of it or of one before it: "contraindications to aspirin or warfarin"."""
    said = context.text[noun.start : noun.end]
    led = next((t for t in noun.inherited if t.type == "CONTRAINDICATION"), None)
    if led is not None and led.end <= noun.start:
        frame = context.text[led.start : led.end]
        said = f"{frame} {'to ' if _BARE.search(frame) else ''}{said}"  # "contraindication or allergy to A or B"
    own = next((t for t in noun.before if t.type == "CONTRAINDICATION"), None)
    if own is not None and not noun.start <= own.start < noun.end:  # "contraindicated or intolerant of methotrexate"
        said = f"contraindication to {noun.said or context.text[noun.head.start : noun.head.end]}"
    return draft_of(Statement(text=said, topic="contraindication", who="site"), noun)


def allergy_of(noun: Noun, concept: Concept) -> Allergy:
    """An allergy, as what stands beside the name of the substance has it."""
    known, doubted = noun.has("KNOWN"), is_even_suspected(noun)
    return Allergy(concept=concept, known=known, suspected=doubted, qualifiers=qualifiers_beside(noun))


def allergy_to(noun: Noun, concept: Concept, text: str) -> Draft:
    """An allergy to what is named, to what is in it, or to what is like it."""
    rule = allergy_of(noun, concept)
    head = noun.head
    opened = (Span(start=head.start, end=head.end),)
    within = next((str(word.value) for word in head.words if word.type == "INGREDIENT_OF"), None)
    if not concept.open or (within is not None and head.words[0].type != "INGREDIENT_OF"):
        return draft_of(rule, noun, opened)
    if within is None:
        # "or its components": a word that only an allergy makes a name of a substance
        meant = vocabulary().find(text, "treatment")
        if meant is not None and meant.facts.get("circumstance"):
            return draft_of(rule.model_copy(update={"concept": known_concept(meant)}), noun)
        parts = _OWN_PARTS.fullmatch(text)
        if parts is None:
            return draft_of(rule, noun, opened)
        of_it = {"concept": Concept(name=_PART), "qualifiers": (*rule.qualifiers, f"of {parts['whole'].lower()}")}
        return draft_of(rule.model_copy(update=of_it), noun)
    said = frozenset(within.split())
    named = [name.value for name in head.names if isinstance(name.value, Entry) and name.value.kind == "treatment"]
    other, tie = (_PART, "of") if said.isdisjoint(_ALIKE) else ("chemically related drug", "to")
    which = (f"{tie} {named[0].name}",) if named else ()
    indirect = {"concept": Concept(name=other), "qualifiers": (*rule.qualifiers, *which)}
    drafts = [draft_of(rule.model_copy(update=indirect), noun)]
    itself = said.isdisjoint(_ALIKE) or _COMPOSITION in said
    if len(named) == len(head.words) == 1 and itself and said.isdisjoint(_INACTIVE):
        # the drug is an ingredient of itself, and of the composition of itself
        drafts.insert(0, draft_of(rule.model_copy(update={"concept": known_concept(named[0])}), noun))
    return any_of(drafts, (noun.start, noun.end))


_PART: Final = "excipient"
_OWN_PARTS: Final = re.compile(  # "irinotecan excipients"
    r"(?!(?:other|related|similar|certain)\b)(?P<whole>[\w-]+(?:\s[\w-]+){0,2}?)(?:['’]s)?\s(?:components?|excipients?|ingredients?|constituents?)",
    re.IGNORECASE,
)
_BARE: Final = re.compile(r"contraindications?\s*$", re.IGNORECASE)
_COMPOSITION: Final = "composition"
_THIS: Final = re.compile(r"\b(?:the|this|these)\s+$", re.IGNORECASE)
_BEFORE: Final = 8


def is_meant_here(text: str, name: Token) -> bool:
    """Whether it is "the drug": that of the study, where an allergy to any other would not matter."""
    generic = isinstance(name.value, Entry) and name.value.kind == "treatment" and name.value.name == "drug"
    return generic and _THIS.search(text, max(0, name.start - _BEFORE), name.start) is not None


def as_study_treatment(noun: Noun) -> tuple[Noun, Entry | None]:
    """The noun, with the treatment of the study in the place of its name."""
    entry = vocabulary().entry("treatment", OF_THE_STUDY)
    names = [replace(noun.head.names[0], value=entry), *noun.head.names[1:]]
    return replace(noun, head=replace(noun.head, names=names)), entry


_ALIKE: Final = frozenset(("similar", "chemically", "structurally", "related", "metabolite"))
_INACTIVE: Final = frozenset(("inactive", "excipient"))
