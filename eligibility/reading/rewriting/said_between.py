"""Words between what is measured and its limit: "oxygen saturation at rest in ambient air < 93 %".

They say how, or where, it is measured, or which part of it is meant: an attribute in their own words, so that a result
of which that is not told leaves the limit open. Of a performance status they are only another name.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from eligibility.knowledge.attributes import is_method
from eligibility.knowledge.qualifiers import Qualifier
from eligibility.knowledge.vocabulary import Entry
from eligibility.knowledge.words import keys
from eligibility.reading.lexing.tokens import LIMITS, Token
from eligibility.reading.quantities import Bounds

__all__ = ["said_of_results"]


def said_of_results(tokens: list[Token], text: str) -> list[Token]:
    """The tokens, with the words between an analyte and its limit as one attribute, or gone where they say nothing."""
    kinds = {token.type for token in tokens}
    if "ANALYTE" not in kinds or _LIMITS.isdisjoint(kinds):
        return tokens
    found: list[Token] = []
    index = 0
    while index < len(tokens):
        token = tokens[index]
        found.append(token)
        index += 1
        if token.type != "ANALYTE" or not isinstance(token.value, Entry):
            continue
        end = index
        while end < len(tokens) and tokens[end].type in _BETWEEN:
            end += 1
        limit = end
        while limit < len(tokens) and tokens[limit].type in _LINKS:
            limit += 1
        if limit == len(tokens) or tokens[limit].type not in _LIMITS or limit - index > _MOST:
            continue
        bounds = tokens[limit].value
        if isinstance(bounds, Bounds) and bounds.exact and token.value.facts.get("type") != "performance":
            continue  # "UPDRS part II": the number is part of what it is of
        said = _said(tokens[index:end], token.value, text)
        if said is None:
            continue
        if said:
            first, last = tokens[index], tokens[end - 1]
            found.append(Token("QUALIFIER", Qualifier(said, ""), first.start, last.end))
        index = end
    return found


_LIMITS: Final = LIMITS | {"TIME_LIMIT"}
_BETWEEN: Final = frozenset("WORD PREP AT_ANCHOR WITHIN TAKEN TEST_WORD CLASS_WORD OF FILLER EITHER GRADE TO".split())
_LINKS: Final = frozenset("IS OF COLON TEST_WORD".split())
_MOST: Final = 8
_MOST_WORDS: Final = 5
_READ_OTHERWISE: Final = frozenset("PREP AT_ANCHOR WITHIN TEST_WORD CLASS_WORD OF FILLER TAKEN TO GRADE".split())
_SAYS_NOTHING: Final = frozenset(
    "calculated measured estimated assessed determined reported evaluated recorded found documented obtained observed "
    "as to be either value result level reading score measurement".split()
)
_OF_STATUS: Final = frozenset(
    "physical fitness condition state status strength body general function functional grade in of either score "
    "level".split()
)
_CHANGED: Final = re.compile(  # another thing than what is named, or what happens to it
    r"\b(?:increas\w+|decreas\w+|drop\w*|ris(?:e|es|ing)|declin\w+|chang\w+|elevat\w+|improv\w+|reduc\w+|variation|fluctuat\w+"
    r"|control\w*|nadir|ratio|index|items?|pattern|group|exon|codon|gene|copy|staining|expression|mutation|cells?|reaction"
    r"|distance|frequency|doubling|velocity|rate|clearance|cl|ap|titre|more|greater|less|than|time|interval|prolonged|brought"
    r"|not|no|and|or|with|without|for|if|when|who|that|which|after|before|during|post\w*|pre\w*|despite)\b",
    re.IGNORECASE,
)


def _said(between: Sequence[Token], analyte: Entry, text: str) -> str | None:
    """What the words between an analyte and a limit say of it; None where they say something else."""
    if not between or (all(t.type in _READ_OTHERWISE for t in between) and not _is_status(between, analyte, text)):
        return None
    said = " ".join(text[between[0].start : between[-1].end].lower().split())
    found = keys(said)
    if _SAYS_NOTHING.issuperset(found) or (analyte.facts.get("type") == "performance" and _OF_STATUS.issuperset(found)):
        return ""
    if analyte.facts.get("type") == "performance" or _CHANGED.search(said) or _PLAIN.fullmatch(said) is None:
        return None
    while found and found[-1] in _SAYS_NOTHING | {"of"}:
        found = found[:-1]
    if analyte.facts.get("type") == "lab" and _OF_BLOOD.issuperset(found):
        return ""
    if is_method(said, of_number=True):
        return ""
    told = re.sub(r"(?:\s+(?:as|to|be|of|scores?|values?|levels?|results?|readings?))+$", "", said)
    return told if 0 < len(found) <= _MOST_WORDS and found[-1] not in _UNFINISHED else None


_PLAIN: Final = re.compile(r"[a-z -]+")
_OF_BLOOD: Final = frozenset("serum plasma blood in the".split()) | _SAYS_NOTHING
_UNFINISHED: Final = frozenset("in on at by of to the a an from using per via".split())


def _is_status(between: Sequence[Token], analyte: Entry, text: str) -> bool:
    """Whether a performance status is told with a word that says nothing of it: "performance status in 0 or 1"."""
    if analyte.facts.get("type") != "performance":
        return False
    return _OF_STATUS.issuperset(keys(text[between[0].start : between[-1].end]))
