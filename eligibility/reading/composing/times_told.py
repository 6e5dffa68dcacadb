"""How long, or when, something is so of which a profile holds nothing: "symptoms for less than 14 days"."""

from __future__ import annotations

import re
from typing import Final

from eligibility.knowledge.verbs import tells_what_is_done
from eligibility.knowledge.words import keys
from eligibility.reading.composing.lengths import holds_length, in_figures, lengths_as
from eligibility.reading.composing.open_phrases import CLOSED, NOT_IN_NAMES, PREPOSITIONS, PRONOUNS, is_unfinished
from eligibility.reading.composing.terms import Composing
from eligibility.reading.lexer import tokenize
from eligibility.reading.patterns import PERSONS, just_before

__all__ = ["tells_length"]


def tells_length(here: Composing, text: str, start: int, end: int) -> bool:
    """Whether words that name nothing for which a profile has a field say how long, or when, something is so: "symptoms
    for less than 14 days"; or, where that is asked for, how long ago something was: "3 months from surgery".

    They are a clause of their own: behind "and" and "or" they may share a word with what stands before.
    """
    text = in_figures(text)
    if not holds_length(text) or _OF_AN_AGE.search(text) or _OF_OTHERS.search(text):
        return False
    rest = lengths_as(" then ", text)
    said = keys(rest)
    if NOT_IN_NAMES.search(rest) or any(each in CLOSED or each.isdigit() for each in said):
        return False
    if len(said) > _LONGEST_CLAUSE or is_unfinished(said) or said[0] in PREPOSITIONS or not PRONOUNS.isdisjoint(said):
        return False
    kinds = {token.type for token in tokenize(text)}
    alone = _CLAUSE_ENDS.match(here.text, end) is not None and just_before(_CLAUSE_BEGINS, here.low, start) is not None
    if _SINCE.search(rest):
        ago = _AGO.match(rest) is not None and said[-1] != "then"
        return not here.exclusion and ago and alone and "PERSON" not in kinds
    if not kinds.isdisjoint(_OF_FIELDS) or kinds.isdisjoint(("WORD", "DIAGNOSIS", "DURATION_OF")):
        return False
    if "PERSON" in kinds and "year" in said:
        return False
    return alone or tells_what_is_done(lengths_as(" ", text).strip())


_OF_AN_AGE: Final = re.compile(
    r"\b(?:age[ds]?|aging|old(?:er)?|young(?:er)?|birth|gestation\w*|pregnan\w*|half-li\w+)\b", re.IGNORECASE
)
_OF_OTHERS: Final = re.compile(
    r"\b(?:following|conditions?|criteri\w+|whichever|either|between|reasons?|these|those)\b", re.IGNORECASE
)
_SINCE: Final = re.compile(
    r"\b(?:since|elapsed?|passed)\b|^\W*(?:an? )?(?:interval of )?\s*then\s+(?:from|after|post|following)\b",
    re.IGNORECASE,
)
_AGO: Final = re.compile(
    r"(?:an? )?(?:minimum )?(?:interval of )?\s*then\s+"
    r"(?:since|from|after|post|following|(?:ha[sv]e? )?elapsed since)[\s-]",
    re.IGNORECASE,
)
_CLAUSE_BEGINS: Final = re.compile(
    rf"(?:^|[\n;*.:])\W*(?:(?:{PERSONS}|who|must|should|have|has|had|having|be|been|is|are|with|an?"
    r"|the|their|\d+)\W+)*$"
)
_CLAUSE_ENDS: Final = re.compile(r"\s*(?:[.;]|$|\n)")
_LONGEST_CLAUSE: Final = 14  # words
_OF_FIELDS: Final = frozenset(
    "CONDITION TREATMENT ANALYTE AGE PREGNANT BREASTFEEDING CHILDBEARING NOT_CHILDBEARING CONSENT CONTRACEPTION FEMALE "
    "MALE NO NOT WITHOUT MUST MUST_NOT EXCLUDED ALLOWED EXCEPT UNLESS ULN LLN USE ALLERGY SOMEBODY_ELSE".split()
)
