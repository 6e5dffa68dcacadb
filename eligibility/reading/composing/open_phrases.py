"""Whether words are few and plain enough to be a name, an attribute or a clause of their own."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Final

from eligibility.knowledge.words import keys
from eligibility.reading.lexing.function_words import function_words
from eligibility.reading.patterns import CHEMICAL, any_word
from eligibility.reading.phrases import MAXIMUM_OPEN_WORDS

CLOSED: Final = frozenset(
    "and or not no nor without except unless if other than never neither but non cannot unable must may "
    "should is are was were be been will would might can could does do did if so than".split()
)
"""Words that no name holds: connectives, denials, and verbs that only a clause has."""

PRONOUNS: Final = frozenset("i we you they it he she who whose".split())
"""Words that stand for a name, and are in none."""

NOT_IN_NAMES: Final = re.compile(r"[<>≤≥=%/;:()\[\]]")
"""A sign that no name holds."""


@lru_cache(maxsize=8192)
def is_open_phrase(text: str) -> bool:
    """Whether words can be a concept, or a qualifier, of their own.

    They are at most six, a few more where one is said of another, and none of them is a number, a comparator, a
    negation or a connective.
    """
    text = as_one_word(text)
    found = _keys(text)
    return (
        (0 < len(found) <= MAXIMUM_OPEN_WORDS or _of_one_another(found))
        and found[0] not in PREPOSITIONS
        and found[-1] not in _CUT_SHORT
        and NOT_IN_NAMES.search(text) is None
        and (_STAGED.search(text) is None if found[0] in _STAGING else True)
        and not any(word in CLOSED or word.isdigit() for word in found)
        and not function_words(together=len(found) > 1).issuperset(found)
    )


_STAGING: Final = frozenset(("stage", "figo", "ajcc", "uicc", "clinical", "pathologic", "pathological"))
_STAGED: Final = re.compile(r"^(?:\w+\s+){0,2}stages?\s+(?:[IVX]+[A-D]?|\d)\b", re.IGNORECASE)
_CUT_SHORT: Final = frozenset(("of", "with", "for", "by", "from", "within"))
_CODE: Final = re.compile(  # a number that is part of a name: "PLN-1010", "exon 20"
    r"\b([a-z]+\d*)(?=[-\s]\d)(?:-|(?<=\bexon)\s|(?<=\bcodon)\s|(?<=\bcyp)\s|(?<=\bil)\s|(?<=\breceptor)\s|(?<=\bpolysorbate)\s"
    r"|(?<=\bchromosome)\s|(?<=\bomega)\s|(?<=\bcycle)\s|(?<=\btrial)\s|(?<=\bgenotype)\s|(?<=\bdextran)\s)(\d+[a-z]?)\b",
    re.IGNORECASE,
)


def _keys(text: str) -> tuple[str, ...]:
    """The keys of words; a name with a number in it is one word."""
    if _CODED_NAME.fullmatch(text) is not None:
        return keys(text.replace(" ", ""))  # "OX 40"
    if text[:1].isdigit():
        text = _LOCANT.sub(r"\1", text)  # "4-aminoquinoline"
    return keys(_CODE.sub(r"\1\2", text) if _may_hold_code(text) else text)


_LOCANT: Final = re.compile(rf"^(\d)-(?={CHEMICAL}\b)")
_CODED_NAME: Final = re.compile(r"[A-Z]{2,4} \d{2,4}")


def _may_hold_code(text: str) -> bool:
    """A first look: whether a number stands behind a hyphen or a blank, and what it may belong to."""
    if _NUMBER_BEHIND.search(text) is None:
        return False
    low = text.lower()
    return any(name in low for name in _BEFORE_NUMBERS)


_BEFORE_NUMBERS: Final = (
    "-", "exon", "codon", "cyp", "il", "receptor", "polysorbate", "chromosome", "omega", "cycle", "trial", "genotype",
    "dextran",
)  # fmt: skip
_NUMBER_BEHIND: Final = re.compile(r"[-\s]\d")
_PREFIX: Final = re.compile(any_word("non") + r"[-‐‑ ](?=[a-z])", re.IGNORECASE)
PLURALS: Final = re.compile(r"(?<=[a-z])\((?:s|es)\)", re.IGNORECASE)
"""What makes one or several of a name: "tumor(s)"."""


def as_one_word(text: str) -> str:
    """With "non-" as the beginning of a word, which denies nothing but that, and plurals without their parentheses."""
    if "(" in text:
        text = PLURALS.sub("", text)
    if " or " in text:
        text = _AT_EITHER_TIME.sub("during", text)
    return _PREFIX.sub("non", text) if "non" in text.lower() else text


_AT_EITHER_TIME: Final = re.compile(  # "before or after surgery"
    r"\b(?:before, )?(?:during|before|prior to|after|following),? (?:and/)?or "
    r"(?:during|before|prior to|(?:shortly |immediately )?after|following)\b",
    re.IGNORECASE,
)


def _of_one_another(found: Sequence[str]) -> bool:
    """Whether they are a name with what it is the name of: "peripheral nerve lesion in the lower extremity"."""
    inner = {each for each in found[1:-1] if each in PREPOSITIONS}
    return bool(inner) and len(found) <= _MAXIMUM_ATTRIBUTE_WORDS and not FINITE & set(found)


FINITE: Final = frozenset(
    "it they he she we you i this these those that which who whose received receive receives receiving require "
    "requires undergo underwent undergoes use uses using take takes took taking need needs agree agrees consent "
    "participate participates participated enroll enrolled enrolling complete completed meet meets include includes "
    "included exclude excludes excluded remain remains become becomes show shows please see refer".split()
)
"""Words of a clause rather than of a name."""

PREPOSITIONS: Final = frozenset(
    "in on of at to for by with from as during per due via within after before despite because through under between "
    "among against into onto upon until since about across around beyond throughout toward towards".split()
)
"""Words that begin what is said of a name, and no name itself."""


def begins_with_preposition(text: str) -> bool:
    """Whether words go on with what stands before them, rather than name something: "in the study eye"."""
    first = text.split(maxsplit=1)[:1]
    return bool(first) and first[0].lower() in PREPOSITIONS


_MAXIMUM_ATTRIBUTE_WORDS: Final = 10
SMALL: Final = frozenset(
    "a an the of in on at to by for from with as per via into onto upon over under between within during before after "
    "this that these those it its their his her such any some each either both all one other same own study "
    "trial".split()
)
"""Words that say nothing by themselves."""


def says_something(text: str) -> bool:
    """Whether there is more than small words: "risk of", "under", not "by the"."""
    return not SMALL.difference(("under", "same")).issuperset(keys(text))


@lru_cache(maxsize=8192)
def is_plain(text: str, *, joined: bool) -> bool:
    """Whether words hold no number, no sign, no clause and no connective; ``joined``: "or" and "and" are none here."""
    text = as_one_word(text)
    found = _keys(text)
    allowed = ("other", "or", "and") if joined else ("other",)
    return (
        0 < len(found) <= _MAXIMUM_ATTRIBUTE_WORDS
        and not any(c in text for c in "<>≤≥=%;:()[]")
        and not any((word in CLOSED and word not in allowed) or word.isdigit() for word in found)
        and not SMALL.issuperset(found)
    )


def is_plain_clause(found: Sequence[str], text: str) -> bool:
    """Whether the words of a text, given by their keys, are no more than one clause, and whole."""
    return (
        0 < len(found) <= _MAXIMUM_CLAUSE_WORDS
        and found[0] not in PREPOSITIONS
        and not is_unfinished(found)
        and NOT_IN_NAMES.search(text) is None
        and not any(word in CLOSED or word.isdigit() for word in found)
    )


_MAXIMUM_CLAUSE_WORDS: Final = 18


def is_unfinished(found: Sequence[str]) -> bool:
    """Whether words end in one that something else has to follow: "likely to require"."""
    return found[-1] in UNFINISHED


UNFINISHED: Final = PREPOSITIONS | {"the", "a", "an", "that", "which", "who", "of", "consistent", "require", "need"}
"""Words that something else has to follow."""
