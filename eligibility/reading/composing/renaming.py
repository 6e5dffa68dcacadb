"""Another name in parentheses: "Tofranil (imipramine)", "high-grade serous ovarian cancer (HGSOC)"."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Final, TypeAlias

from eligibility.knowledge.vocabulary import Kind, vocabulary
from eligibility.reading.drafts import Draft, any_of
from eligibility.reading.rewriting.abbreviations import abbreviates
from eligibility.rules import Allergy, Condition, Treatment

__all__ = ["named_again"]

_Named: TypeAlias = Condition | Treatment | Allergy


def named_again(text: str, draft: Draft, inside: Draft, start: int, end: int) -> Draft | None:
    """What is named twice, before a parenthesis and in it, by the name that is known; None where these are not told to
    be two names of one thing.

    ``start``, ``end``: where the parenthesis stands.
    """
    rule = draft.rule
    if not isinstance(rule, Condition | Treatment | Allergy):
        return None
    if inside.parts:
        return replace(draft, end=end) if _brands(text, rule, inside) else None
    other = inside.rule
    if not isinstance(other, Condition | Treatment | Allergy) or _more_than_name(other, rule):
        return None
    said, again = text[max(0, start - _BEFORE) : start], text[start + 1 : end - 1].strip()
    if not (_is_short(again, said) or _is_short_before(said, again) or _is_brand(text, draft, other, start, again)):
        return None
    written_out = " " not in rule.concept.name and _is_short_before(said, again)
    if (other.concept.open and not written_out) or other.concept == rule.concept:
        return replace(draft, end=end)
    by_it = replace(draft, rule=rule.model_copy(update={"concept": other.concept}), end=end)
    if written_out and other.concept.open:
        return replace(by_it, open=(*draft.open, *inside.open))
    if rule.concept.open and rule.concept.name.count(" ") > len(again):
        return None  # more is said than the name
    if rule.concept.open:
        return by_it if rule.qualifiers else replace(by_it, open=())
    kind: Kind = "condition" if isinstance(rule, Condition) else "treatment"
    known = vocabulary()
    related = known.is_a(kind, rule.concept.name, other.concept.name)
    return None if related or known.is_a(kind, other.concept.name, rule.concept.name) else any_of([draft, by_it])


_BEFORE: Final = 90  # characters


def _more_than_name(other: _Named, rule: _Named) -> bool:
    """Whether it is said of what stands in parentheses when, how or where it is; or it is something of another kind."""
    if isinstance(other, Allergy) or isinstance(rule, Allergy):
        return type(other) is not type(rule) or bool(other.exceptions)
    return type(other) is not type(rule) or other != type(other)(concept=other.concept)


_CODE: Final = re.compile(r"(?!.*[b-df-z][a-z]{3})[A-Za-z][A-Za-z0-9]*(?:[-/ ][A-Za-z0-9]+){0,2}")
_LONGEST_CODE: Final = 14  # characters


def _is_short(again: str, said: str) -> bool:
    """Whether what stands in parentheses abbreviates the words before it, numbers and hyphens aside."""
    if len(again) > _LONGEST_CODE or sum(map(str.isupper, again)) < 2 or _CODE.fullmatch(again) is None:
        return False
    return abbreviates(again, said)


def _is_short_before(said: str, again: str) -> bool:
    """Whether the last word before the parenthesis abbreviates what stands in it: "TURP (transurethral resection)"."""
    last = said.rsplit(maxsplit=1)[-1] if said.split() else ""
    letters = [c for c in last if c.isalpha()]
    if len(letters) < _LEAST_LETTERS or not last.isupper() or " " not in again:
        return False
    first = re.match(r"[A-Za-z]", again)
    return first is not None and first[0].upper() == letters[0] and abbreviates(last, again)


_LEAST_LETTERS: Final = 3


def _is_brand(text: str, draft: Draft, other: _Named, start: int, again: str) -> bool:
    """Whether one of two names is a trade name, or a code for a drug: "Anafranil (clomipramine)", "X (Restasis®)"."""
    rule = draft.rule
    if not isinstance(rule, Treatment | Allergy) or (rule.concept.open and other.concept.open):
        return False
    if _MARK.search(again):
        return not vocabulary().is_a("treatment", other.concept.name, rule.concept.name)
    word = text[draft.start : start].rsplit(maxsplit=1)[-1] if text[draft.start : start].split() else ""
    drug = vocabulary().entry("treatment", other.concept.name)
    if not rule.concept.open or drug is None or drug.facts.get("type") != "drug":
        return False
    if _MARK.search(word) or _CODE_OF_DRUG.fullmatch(word):
        return True
    return rule.concept.name == word.lower() and _TRADE_NAME.fullmatch(word) is not None


_MARK: Final = re.compile("[®™]")
_CODE_OF_DRUG: Final = re.compile(r"[A-Z]{2,5}-?\d{2,6}[A-Z]?")
_TRADE_NAME: Final = re.compile(r"(?!.*(?:s|al|ic|ive|ant|ent|or|er|therapy|able|ar)$)[A-Z][a-z]{3,}")


def _brands(text: str, rule: _Named, inside: Draft) -> bool:
    """Whether names in parentheses are those under which a drug is sold: one is known to be, all are capitalised."""
    if not isinstance(rule, Treatment) or rule.concept.open or inside.rule.kind not in ("any", "all"):
        return False
    listed = inside.innermost()
    if not all(
        isinstance(leaf.rule, Treatment) and leaf.rule == Treatment(concept=leaf.rule.concept) for leaf in listed
    ):
        return False
    named = [leaf.rule.concept for leaf in listed if isinstance(leaf.rule, Treatment)]
    return any(name == rule.concept for name in named) and all(
        name == rule.concept or (name.open and text[leaf.start].isupper())
        for name, leaf in zip(named, listed, strict=True)
    )
