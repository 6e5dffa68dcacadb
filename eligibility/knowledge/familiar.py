"""Whether words are all known, though no entry holds them together: "after surgery of the primary tumor".

``familiar("on active treatment for hepatitis B")``; not so ``familiar("at the Femme-Mere-Enfant ward")``.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache
from typing import Final

from eligibility.knowledge import words
from eligibility.knowledge.attributes import narrowing, plain_words
from eligibility.knowledge.qualifiers import qualifiers
from eligibility.knowledge.vocabulary import vocabulary

__all__ = ["familiar"]

_LONGEST: Final = 6  # words of a name
_SHORTEST: Final = 3  # letters of a name that is no abbreviation: "AD" and "Cr" may be several things


@lru_cache(maxsize=8192)
def familiar(text: str) -> bool:
    """Whether a text is made of names, attributes and plain words that are known, and ends in what it is about."""
    said = words.keys(text)
    if len(said) < 2 or said[-1] in _GOING_ON or said[0] in _LIMITED:
        return False
    at = size = 0
    while at < len(said):
        numbered = _is_numbered(said, at)
        size = next(
            (n for n in range(min(_LONGEST, len(said) - at), 0, -1) if _known(said[at : at + n])), int(numbered)
        )
        if not size:
            return False
        at += size
    last = " ".join(said[-size:])
    return said[-1] in _WHAT_IT_IS or (qualifiers().find(last) is None and narrowing(last) is None)


def _is_numbered(said: tuple[str, ...], at: int) -> bool:
    """Whether a word is a number that belongs to the word before it, "visit 2", or counts a time: "6 months"."""
    if at and said[at - 1] in _NUMBERED and _NUMBER.fullmatch(said[at]) is not None:
        return True
    return said[at].isdigit() and at + 1 < len(said) and said[at + 1] in _TIMES


_GOING_ON: Final = frozenset(  # words after which something is missing: the text was cut
    "a an the this that these those that their its his her our of in on at to by for with from into upon over under "
    "near since before after during within while following against between throughout despite due prior as and or "
    "either both only other another each any all containing requiring receiving resulting using based defined "
    "assessed documented involved".split()
)

_LIMITED: Final = frozenset(("stage", "grade"))  # what these begin is a limit that a rule should hold

_NUMBERED: Final = frozenset(  # words that a number behind them belongs to: "at visit 2", "in appendix C"
    words.keys(
        "type grade stage class visit day week month step part period study trial phase cohort group cycle version "
        "level arm appendix table section edition schedule category protocol generation criterion figure line score"
    )
)
_TIMES: Final = frozenset(words.keys("minute hour day week month year"))
_NUMBER: Final = re.compile(r"\d{1,3}[a-z]?|[ivx]{1,4}[a-d]?|[a-d]\d?")

_WHAT_IT_IS: Final = frozenset(  # words that may narrow another name, but are one of their own at the end of a text
    "setting intent disease drug malignancy treatment therapy baseline monotherapy hospitalization remission severity "
    "knee hip shoulder elbow wrist ankle spine neck chest breast extremity limb hand foot macula fovea brain bladder "
    "prostate abdomen pelvis".split()
)


@cache
def _plain() -> frozenset[str]:
    return plain_words()


def _known(said: tuple[str, ...]) -> bool:
    if len(said) == 1 and (said[0] in _plain() or len(said[0]) < _SHORTEST):
        return said[0] in _plain()
    text = " ".join(said)
    found = vocabulary().find(text, keys=said)
    return found is not None or qualifiers().find(text) is not None or narrowing(text) is not None
