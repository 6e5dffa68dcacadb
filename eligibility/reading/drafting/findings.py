"""Results of tests, and changes of genes."""

from __future__ import annotations

import re
from typing import Final

from eligibility.knowledge.vocabulary import Entry
from eligibility.reading.drafting.beside_names import draft_of, qualifiers_beside
from eligibility.reading.drafts import Draft
from eligibility.reading.grammar import Refused
from eligibility.reading.lexing.tokens import Token
from eligibility.reading.phrases import Noun
from eligibility.rules import Concept, Finding, Span, Window

__all__ = ["RESULTS", "finding_of", "is_changed", "is_of_test"]


RESULTS: Final = frozenset(("POSITIVE", "NEGATIVE", "ABNORMAL"))


_CHANGE: Final = re.compile(
    r"(?:mutat(?:ions?|ed)|rearrange(?:ments?|d)|fusions?|amplifi(?:cations?|ed)|(?:co-?)?deletions?|translocations?"
    r"|alterations?|variants?|duplications?|insertions?|overexpression|methylation|mutants?)\b",
    re.IGNORECASE,
)
_CHANGES: Final = (  # a first look
    "mutat", "mutant", "rearrange", "fusion", "amplif", "deletion", "translocation", "alteration", "variant",
    "duplication", "insertion", "overexpression", "methylation",
)  # fmt: skip
_OF_TEST: Final = re.compile(
    r"\b(?:status|test\w*|analys[ie]s|results?|assays?|screening|burden|levels?)\b", re.IGNORECASE
)


def is_changed(text: str) -> bool:
    """Whether words name a change of a gene, rather than what is tested: "EGFR mutation", not "EGFR status"."""
    folded = text.casefold()
    if not any(change in folded for change in _CHANGES):
        return False
    return _CHANGE.search(text) is not None and not is_of_test(text)


def _is_found(entry: Entry) -> bool:
    """Whether it is there or not, so that its presence is a result: a marker, the genome of a virus."""
    return entry.facts.get("type") == "test" or bool(entry.facts.get("viral_load"))


_THERE: Final = ("PRESENCE", "HISTORY", "KNOWN", "DIAGNOSIS")


def is_of_test(text: str) -> bool:
    """Whether words are about a test, whatever its result."""
    return _OF_TEST.search(text) is not None


def finding_of(
    noun: Noun, concept: Concept, entry: Entry, window: Window | None, opened: tuple[Span, ...], text: str
) -> Draft:
    """The result of a test that is asked for. :class:`Refused` where none is said, or how long it has been so."""
    beside = noun.beside()
    if "LASTING" in beside:
        raise Refused
    if "NEGATIVE" in beside:
        result = "negative"
    elif "POSITIVE" in beside:
        result = "positive"
    elif "ABNORMAL" in beside:
        result = "abnormal"
    elif _is_found(entry) and noun.has(*_THERE):
        result = "positive"
    elif entry.facts.get("type") == "test" and is_changed(text):
        result = "positive"  # "patients with an EGFR mutation": it is there
    else:
        raise Refused
    significant = ("clinically significant",) if any(map(_is_significant, beside.get("ABNORMAL", ()))) else ()
    rule = Finding(
        test=concept, result=result, window=window, qualifiers=(*significant, *qualifiers_beside(noun)),
        known="KNOWN" in beside or any(str(t.value).startswith("known") for t in beside.get("HISTORY", ())),
    )  # fmt: skip
    return draft_of(rule, noun, opened)


def _is_significant(abnormal: Token) -> bool:
    """Whether not any result out of range is meant: "clinically significant abnormality in"."""
    return str(abnormal.value).startswith("clinically significant")
