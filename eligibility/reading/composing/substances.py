"""Substances of a list and the disorder of their use, said once: "alcohol, analgesic or narcotic use disorder"."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from typing import Final

from eligibility.knowledge.vocabulary import vocabulary
from eligibility.reading.composing.shared_heads import begins_anew, is_used
from eligibility.reading.composing.terms import Composing, Item
from eligibility.reading.drafts import Draft, each_leaf, unread
from eligibility.reading.lexing.tokens import Token
from eligibility.reading.patterns import any_word
from eligibility.reading.phrases import Head, Noun
from eligibility.rules import Concept, Condition, Treatment

_DEPENDENCE: Final = re.compile(
    any_word(
        *("use disorders?", "abuse", "misuse", "overuse", "dependen(?:ce|cy)", "addictions?"),
        *("withdrawal", "overdose", "toxicity"),
    )
    + "$"
)


def share_disorders(here: Composing, items: list[Item]) -> None:
    """ "Alcohol, analgesic or narcotic use disorder": no use of analgesics, but a disorder of it."""
    for item in items[1:]:
        noun = item.core
        if not isinstance(noun, Noun) or noun.kinds != {"TREATMENT"}:
            continue
        said = here.text[noun.head.start : noun.end]
        if _DRUG_USE.fullmatch(said) and _ALCOHOL_OR.search(here.text, 0, noun.head.start):
            entry = vocabulary().entry("condition", "illicit drug use")  # "excessive alcohol or drug use"
            name = Token("CONDITION", entry, noun.head.start, noun.end)
            noun.head, noun.behind = Head([name], [], noun.head.start, noun.end), []
    for index, last in enumerate(items):
        if not index or not isinstance(last.core, Noun) or last.core.kinds == {"TREATMENT"}:
            continue
        disorder = _DEPENDENCE.search(here.low, last.core.head.start, last.core.head.end)
        if disorder is None:
            continue
        anew = begins_anew(last.core)
        for item in reversed(items[:index]):
            noun = item.core
            if not isinstance(noun, Noun) or noun.behind or item.also or item.beside:
                break
            if not noun.kinds <= {"TREATMENT"} or noun.has("USE") or noun.said:
                continue
            words = here.text[noun.head.start : noun.head.end].split()
            if words[-1].lower() in ("use", "usage"):
                continue  # "illegal substance use or alcohol abuse"
            named = noun.kinds == {"TREATMENT"} or words[-1].lower() in _SUBSTANCES
            allergic = any(t.type in ("ALLERGY", "INTOLERANT") for t in noun.before + noun.inherited)
            if named and not (anew or allergic or is_used(here, items, noun)):
                item.core = _dependent_on(here, noun, disorder.group())
            elif len(words) == 1 or noun.kinds:
                item.beside_or_not = unread(here.text, disorder.start(), disorder.end(), "narrowing")


_SUBSTANCES: Final = frozenset("alcohol prescription medication substance drug".split())


def _dependent_on(here: Composing, noun: Noun, disorder: str) -> Noun:
    """A substance with the disorder that is said behind the next one: "analgesic or alcohol abuse"."""
    head = noun.head
    own = here.text[head.start : head.end]
    entry = vocabulary().find(f"{own} {disorder}", "condition")
    if entry is not None:
        name = Token("CONDITION", entry, head.start, head.end)
        return Noun(Head([name], [], head.start, head.end), noun.before, [], noun.start, noun.end, noun.inherited)
    there = Token("PRESENCE", "", head.start, head.start)
    words = Head([], [Token("WORD", own.lower(), head.start, head.end)], head.start, head.end)
    made = Noun(words, [there, *noun.before], [], noun.start, noun.end, noun.inherited)
    made.said = f"{own} {disorder}"
    return made


_ALCOHOL_OR: Final = re.compile(r"\balcohol\s*(?:,\s*)?(?:or|and|and/or|/)\s*$", re.IGNORECASE)
_DRUG_USE: Final = re.compile(r"drugs? use", re.IGNORECASE)


ABUSED: Final = re.compile(r"\b(?:abuse|dependence|addiction|misuse|use disorder)$")
"""What the name of a disorder ends with that is of the use of a substance."""


def as_abused(whole: Condition, how: str, example: Draft) -> Draft:
    """ "Abuse of drugs, including cannabis": its abuse, not its use."""
    rule = example.rule
    if not isinstance(rule, Treatment | Condition) or (
        isinstance(rule, Condition) and not _SUBSTANCE.fullmatch(rule.concept.name)
    ):
        return example
    entry = vocabulary().find(f"{rule.concept.name} {how}", "condition")
    abused = (
        Concept(name=entry.name)
        if entry
        else Concept(
            name=f"{how} of {rule.concept.name}", open=True, broader=() if whole.concept.open else (whole.concept.name,)
        )
    )
    return replace(example, rule=Condition(concept=abused, time=whole.time, window=rule.window or whole.window))


_SUBSTANCE: Final = re.compile(r"alcohol|drugs?|substances?|medications?|tobacco|nicotine|cannabis|marijuana|opioids?")


def spared_of_abuse(here: Composing, disorders: Sequence[Condition], spared: Draft) -> Draft:
    """ "Substance dependence other than nicotine": the disorder of its use, however bad, and not its use, is spared."""
    if not disorders or any(ABUSED.search(each.concept.name) is None for each in disorders):
        return spared
    return each_leaf(spared, partial(_any_disorder, here))


def _any_disorder(here: Composing, spared: Draft) -> Draft:
    """Any disorder of the use of a substance; "medicinal cannabis" is none."""
    rule = spared.rule
    if not isinstance(rule, Treatment | Condition) or rule != type(rule)(concept=rule.concept, window=rule.window):
        return spared
    entry = vocabulary().find(f"{rule.concept.name} use disorder", "condition")
    if entry is None or _GIVEN.search(here.low, spared.start, spared.end):
        return spared
    return replace(spared, rule=Condition(concept=Concept(name=entry.name), window=rule.window), open=())


_GIVEN: Final = re.compile(r"\b(?:prescri|medic|legal|therap|replacement)")
