"""What "this drug" and "such therapy" stand for: the treatments that the same criterion names before."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import partial
from typing import Final

from eligibility.knowledge import words
from eligibility.knowledge.qualifiers import FOR_STUDIED
from eligibility.knowledge.vocabulary import ANY_DRUG, ANY_TREATMENT
from eligibility.reading.drafting.concepts import concept_named
from eligibility.reading.drafts import Draft, all_of, ambiguous, any_of, each_leaf, unread
from eligibility.reading.patterns import any_word, in_small_letters
from eligibility.rules import Treatment

__all__ = ["named_by_nothing", "pointed_back"]

_POINTS_BACK: Final = re.compile(
    any_word("this", "these", "that", "those", "such", r"the\s+same", r"this\s+same")
    + r"\s+(?:an?\s+)?(?:drug|medication|medicine|treatment|therap(?:y|ies)|agent|compound|vaccine|vaccination)s?\b"
    r"(?!\s+(?:trial|study|period|phase|regimens?\s+that|that|which|who|for(?!\s+(?:at\s+least|a\s+minimum|\d))"
    r"|of|with|as)\b)",
    re.IGNORECASE,
)
_HINTS: Final = ("this ", "these ", "that ", "those ", "such ", " same ")
_SENTENCE_END: Final = re.compile(r"[.;]\s+(?=[A-Z(])|\n")
_GENERIC: Final = frozenset((ANY_DRUG, ANY_TREATMENT, "therapy", "treatment", "agent", "compound", "vaccine"))


def pointed_back(draft: Draft, text: str, *, exclusion: bool) -> Draft:
    """The draft with what was said before in the place of "these drugs"; unread where nothing was."""
    low = in_small_letters(text)
    if not any(hint in low for hint in _HINTS) or _POINTS_BACK.search(low) is None:
        return draft
    named = [leaf for leaf in draft.innermost() if isinstance(leaf.rule, Treatment) and not _is_generic(leaf)]
    return each_leaf(draft, partial(_resolved, text, named, exclusion))


def _is_generic(leaf: Draft) -> bool:
    return isinstance(leaf.rule, Treatment) and leaf.rule.concept.name in _GENERIC


def _resolved(text: str, named: list[Draft], exclusion: bool, leaf: Draft) -> Draft:
    """One part of the draft, with what it points back to."""
    rule = leaf.rule
    if not isinstance(rule, Treatment) or not _is_generic(leaf):
        return leaf
    pointer = _POINTS_BACK.search(text, max(leaf.start - len("this same "), 0), leaf.end)
    if pointer is None:
        return leaf
    before = [other for other in named if other.end <= pointer.start()]
    ends = [end.end() for end in _SENTENCE_END.finditer(text, 0, pointer.start())]
    while ends and not (same := [other for other in before if other.start >= ends[-1]]):
        ends.pop()
    meant = {other.rule.concept: other for other in (same if ends else before) if isinstance(other.rule, Treatment)}
    if not meant:
        return unread(text, leaf.start, leaf.end)
    said = {"purpose": None, "qualifiers": tuple(each for each in rule.qualifiers if each != FOR_STUDIED)}
    each = [
        replace(leaf, rule=rule.model_copy(update={**said, "concept": concept}), open=other.open)
        for concept, other in meant.items()
    ]
    if exclusion:
        return any_of(each)
    return ambiguous([any_of(each), all_of(each)], "what is asked of one of several treatments, or of each")


def named_by_nothing(draft: Draft, text: str) -> Draft:
    """The draft with "receiving treatment", of which nothing tells what it is, as what no record settles."""
    return each_leaf(draft, partial(_unnamed, text))


def _unnamed(text: str, leaf: Draft) -> Draft:
    rule = leaf.rule
    if not isinstance(rule, Treatment) or not rule.concept.open or rule.concept.name not in _BARE:
        return leaf
    still = tuple(span for span in leaf.open if words.phrase(text[span.start : span.end]) != rule.concept.name)
    return replace(leaf, rule=rule.model_copy(update={"concept": concept_named(_UNNAMED)}), open=still)


_BARE: Final = frozenset(("treatment", "therapy"))
_UNNAMED: Final = "unnamed treatment"
