"""Substances of a list and the disorder of their use, said once: "alcohol, analgesic or narcotic use disorder"."""

from __future__ import annotations

import re
from typing import Final

from eligibility.knowledge.vocabulary import vocabulary
from eligibility.reading.composing.shared_heads import begins_anew, is_used
from eligibility.reading.composing.terms import Composing, Item
from eligibility.reading.drafts import unread
from eligibility.reading.lexing.tokens import Token
from eligibility.reading.patterns import any_word
from eligibility.reading.phrases import Head, Noun

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
