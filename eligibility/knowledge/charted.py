"""What a chart says beside a name, in its own words, as known attributes: ``meant(("no symptoms", "at goal"))``.

Only a patient's facts are read so; a criterion means the words that it uses.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Final

from eligibility.knowledge import words
from eligibility.knowledge.attributes import found_by
from eligibility.knowledge.qualifiers import STATES, Qualifiers, qualifiers
from eligibility.knowledge.tables import (
    charted_attribute_words,
    charted_attributes,
    charted_by_stage,
    charted_of_others,
    charted_stages,
    signed_keys,
)

__all__ = ["by_stage", "denied", "is_of_others", "meant", "severity"]


@lru_cache(maxsize=16384)
def meant(said: tuple[str, ...]) -> tuple[str, ...]:
    """The attributes of a fact, and those that they mean in a chart's words."""
    found = dict.fromkeys(said)
    for text in said:
        found |= dict.fromkeys(_meanings(text))
    return tuple(found) if len(found) > len(said) else said


def is_of_others(said: tuple[str, ...]) -> bool:
    """Whether an attribute says that a thing is somebody else's, or is not there: "family history", "ruled out"."""
    return any(words.keys(text) in charted_of_others() for text in said)


@lru_cache(maxsize=16384)
def severity(kinds: frozenset[str], said: tuple[str, ...]) -> tuple[str, ...]:
    """How severe a disease is by its stage, where an attribute gives one: a chronic kidney disease of stage 4."""
    stages = {found[1].lower() for text in said if (found := _STAGE.fullmatch(text)) is not None}
    staged = [table for name, table in charted_stages().items() if name in kinds]
    found_ = {severity_ for table in staged for stage in stages for severity_, of in table.items() if stage in of}
    return tuple(found_) if len(found_) == 1 else ()


def by_stage(kinds: frozenset[str], said: tuple[str, ...]) -> str | None:
    """What a disease of its stage is besides: a chronic kidney disease from stage 3 on a renal impairment."""
    if not severity(kinds, said):
        return None
    return next((name for of, name in charted_by_stage().items() if of in kinds), None)


_STAGE: Final = re.compile(r"(?:(?:CKD|KDIGO)\s+)?(?:stage|grade)\s*G?([1-5][ab]?|I{1,3}|IV|V)", re.IGNORECASE)


def denied(text: str) -> str | None:
    """``symptomatic`` << ``not currently symptomatic``; None of what is not denied."""
    found = _DENIED.match(text)
    return text[found.end() :] if found is not None else None


_DENIED: Final = re.compile(r"(?:not|no|without)\s+(?:(?:currently|any|yet)\s+)*|non-?(?=\w)", re.IGNORECASE)


def _meanings(text: str) -> Iterator[str]:
    known = qualifiers()
    if known.find(text) is not None:
        more = charted_attributes().get(signed_keys(text))
        yield from () if more is None else (more,)
        return
    for each in _spellings(text):
        found = charted_attributes().get(signed_keys(each))
        if found is not None:
            yield found
        elif each != text and known.find(each) is not None:
            yield each
        elif (head := _head(each, known)) is not None:
            yield head
    if len(parts := [part.strip() for part in _JOINT.split(text)]) > 1:
        each_known = [_known(part, known) for part in parts]
        yield from [name for name in each_known if name is not None] if None not in each_known else ()


def _known(text: str, known: Qualifiers) -> str | None:
    for each in _spellings(text):
        if (found := known.find(each)) is not None:
            return found.name
        if (name := charted_attributes().get(signed_keys(each))) is not None:
            return name
    return None


def _spellings(text: str) -> Iterator[str]:
    """The text, and without its abbreviations, what is in brackets, and that it is so now."""
    yield text
    bare = _NOW.sub("", words.IN_PARENTHESES.sub(" ", text)).strip()
    short = charted_attribute_words()
    spelt = " ".join([short.get(word.lower(), word) for word in bare.split()])
    for each in dict.fromkeys((bare, spelt)):
        if each and each != text:
            yield each


def _head(text: str, known: Qualifiers) -> str | None:
    """The attribute that stands before how it was found, or what it is so in spite of: "measurable by RECIST 1.1"."""
    found = _MORE.match(text)
    head = known.find(found["head"]) if found is not None else None
    if found is None or head is None or _DENIED.match(found["head"]) is not None:
        return None
    if found["more"].lower() == "to" and _WHATEVER.fullmatch(text, found.end() - 1) is None:
        return None  # "refractory to valproate" may be so to this alone
    if found["more"].lower() in _IN_SPITE:
        return head.name if head.axis in STATES else None
    how = found_by(text[found.end("head") :].strip())
    return head.name if how is not None and head.axis in _FOUND else None


_FOUND: Final = frozenset(("measurability", "severity", "extent", "confirmation"))
_NOW: Final = re.compile(r"^(?:currently|at\s+present|presently|still)\s+", re.IGNORECASE)
_MORE: Final = re.compile(r"(?P<head>\S.*?)\s+(?P<more>despite|by|per|on|according\s+to|to)\s+\S", re.IGNORECASE)
_IN_SPITE: Final = frozenset(("despite", "to"))
_WHATEVER: Final = re.compile(
    r"(?:(?:standard|prior|medical|conventional|all|multiple|any|drug|first-line)\s+)*"
    r"(?:treatments?|therapy|therapies|chemotherapy|medications?|drugs)",
    re.IGNORECASE,
)
_JOINT: Final = re.compile(r"\s*[,;/]\s*|\s+and\s+|\s+with\s+|(?<=[+-])\s+")
