"""How long, or when, something is so of which a profile holds nothing: "symptoms for less than 14 days"."""

from __future__ import annotations

import re
from typing import Final

from eligibility.knowledge.verbs import tells_what_is_done
from eligibility.knowledge.vocabulary import Entry
from eligibility.knowledge.words import keys
from eligibility.reading.composing.lengths import holds_length, in_figures, lengths_as
from eligibility.reading.composing.open_phrases import CLOSED, NOT_IN_NAMES, PREPOSITIONS, PRONOUNS, is_unfinished
from eligibility.reading.composing.terms import Composing
from eligibility.reading.lexer import tokenize
from eligibility.reading.lexing.tokens import Token
from eligibility.reading.patterns import PERSONS, just_before

__all__ = ["is_stable", "tells_length", "tells_rate", "tells_state"]


def tells_length(here: Composing, text: str, start: int, end: int) -> bool:
    """Whether words that name nothing for which a profile has a field say how long, or when, something is so: "symptoms
    for less than 14 days"; or how long ago something was: "3 months from surgery". That is what is asked for: among
    what excludes, "at least 3 months from surgery" may be what is required, "less than 3 months" excludes.

    They are a clause of their own: behind "and" and "or" they may share a word with what stands before.
    """
    text = in_figures(text)
    if not holds_length(text) or _OF_AN_AGE.search(text) or _OF_OTHERS.search(text):
        return False
    rest = _PASSED.sub("since", lengths_as(" then ", text))
    if tells_state(text) or tells_rate(text, excluding=here.exclusion):
        return True
    said = keys(rest)
    if NOT_IN_NAMES.search(rest) or any(each in CLOSED or each.isdigit() for each in said):
        return False
    if len(said) > _LONGEST_CLAUSE or is_unfinished(said) or said[0] in PREPOSITIONS or not PRONOUNS.isdisjoint(said):
        return False
    kinds = {token.type for token in tokenize(text)}
    begins = just_before(_CLAUSE_BEGINS, here.low, start) is not None
    alone = begins and _CLAUSE_ENDS.match(here.text, end) is not None
    if just_before(_IT_HAS_BEEN, here.low, start) is not None and _AGO.match(rest) is not None and said[-1] != "then":
        return True
    if _SINCE.search(rest):
        ago = _AGO.match(rest) is not None and said[-1] != "then"
        asked = not here.exclusion or _NOT_LONG_AGO.match(text) is not None
        return asked and ago and alone and "PERSON" not in kinds
    if not kinds.isdisjoint(_OF_FIELDS) or kinds.isdisjoint(("WORD", "DIAGNOSIS", "DURATION_OF")):
        return False
    if "PERSON" in kinds and "year" in said:
        return False
    return alone or tells_what_is_done(lengths_as(" ", text).strip())


def tells_state(text: str) -> bool:
    """Whether words say no more than for how long somebody, or something, is well: "clinically stable for 4 weeks"."""
    return (
        holds_length(figures := in_figures(text))
        and _STATE.fullmatch(lengths_as(" then ", figures).strip()) is not None
    )


def is_stable(text: str) -> bool:
    """Whether words say no more than that somebody is stable; what that means may stand in parentheses behind them."""
    return _STABLE.fullmatch(text) is not None


_STABLE: Final = re.compile(
    r"\s*(?:(?:ha[sv]e|been|be|are|is|remain(?:s|ed)?|clinically|neurologically|radiologically|radiographically)\s+)*stable\s*",
    re.IGNORECASE,
)


def tells_rate(text: str, *, excluding: bool) -> bool:
    """Whether words say how often something is done, or happens, in a time, or how much of it: "more than 5 cups of
    coffee per day", "at least 2 attacks within 6 months". What is given, and what is measured, is not among it; what
    may be at most, among what excludes, is allowed."""
    figures = in_figures(text).lower()
    often = _PER_TIME.search(figures)
    if often is None and not holds_length(figures) and _LATELY.search(figures) is None:
        return False
    begin = often.end() if often is not None else 0
    said = figures[:begin] + _LATELY.sub("then", lengths_as(" then ", figures[begin:]))
    found = _RATE.fullmatch(" ".join(said.split()))
    if found is None or (excluding and (found["bound"] or "").startswith(_AT_MOST)):
        return False
    return not any(
        token.type in _GIVEN or (token.type == "TREATMENT" and not _is_stay(token)) for token in tokenize(text)
    )


def _is_stay(token: Token) -> bool:
    """Whether it is nothing that is given: a stay in a hospital, a visit to one."""
    return isinstance(token.value, Entry) and bool(token.value.facts.get("circumstance"))


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
_STATE: Final = re.compile(  # for how long it is so that there is no disease, or no change of it
    r"(?:(?:who|that|which|ha[sv]e|had|are|is|be|been|being|remain(?:s|ed)?|considered|and|also|both|continuously|currently"
    r"|clinically|neurologically|radiologically|radiographically|medically|symptomatically|completely)\s+)*"
    r"(?:stable|(?:disease|cancer|tumou?r|relapse|recurrence|progression|malignancy|symptom|seizure)[- ]free|NED"
    r"|free (?:of|from) (?:the |any |their )?(?:disease|cancer|malignancy|recurrence|relapse|tumou?r|symptoms|seizures)"
    r"|in (?:a )?(?:complete |full |continuous |sustained |stable )*remission)"
    r"\s+then(?:\s+(?:prior to|before|preceding|of)\s+[\w\s-]{1,50})?",
    re.IGNORECASE,
)
_PER_TIME: Final = re.compile(r"(?:\bper|\ban?|\beach|\bevery|/)\s*(?:day|night|week|month|year)\b")
_LATELY: Final = re.compile(
    r"\b(?:within|in|over|during) the (?:last|past|previous|preceding|prior) (?:week|month|year)\b"
)
_WORDS: Final = (
    r"(?:(?!(?:and|or|if|unless|except|without|who|then|normal|baseline|dose|doses|per|each|every)\b)[a-z][\w'-]*\s+)"
)
_NO_DOSE: Final = r"(?!(?:m?g|gms?|mcg|ug|µg|i?u|units?|meq|mmol)\s*(?:/|per\b))"
_RATE: Final = re.compile(
    rf"{_WORDS}{{0,5}}?(?P<bound>(?:at least|at most|more than|less than|fewer than|greater than|no more than|up to"
    r"|an average of|[<>≤≥=]=?)\s*)?\d+(?:\.\d+)?(?:\s*(?:-|–|to|or)\s*\d+)?\s*(?P<more>or (?:more|less|fewer)\s+)?"
    rf"{_NO_DOSE}{_WORDS}{{0,6}}"
    r"(?:(?:per|an?|each|every|(?:[a-z][\w'-]*)?\s*/)\s*(?:single\s+)?(?:day|night|week|month|year)"
    rf"(?:\s+of\s+{_WORDS}{{0,3}}[a-z][\w'-]*)?(?:\s+on average|\s+then)*"
    r"|(?(bound)|(?(more)|(?!)))then(?:\s+(?:prior to|before|preceding)\s+[\w\s-]{1,40})?)"
)
_AT_MOST: Final = ("no more", "at most", "up to")
_GIVEN: Final = frozenset(
    "ANALYTE LINES AGE PREGNANT ULN LLN DOSE NO NOT WITHOUT NEVER EXCEPT UNLESS MUST_NOT EXCLUDED GRADE STAGE "
    "PERSON SOMEBODY_ELSE".split()
)
_PASSED: Final = re.compile(
    r"\b(?:(?:must|should|shall) )?(?:ha[sv]e )?(?:been )?(?:elapsed|passed) (?:since|from)\b", re.IGNORECASE
)
_AGO: Final = re.compile(
    r"(?:an? )?(?:minimum )?(?:interval of )?\s*then\s+(?:since|from|after|post|following)[\s-]", re.IGNORECASE
)
_NOT_LONG_AGO: Final = re.compile(r"\W*(?:(?:less|fewer) than|[<≤])\s*\d", re.IGNORECASE)
_CLAUSE_BEGINS: Final = re.compile(
    rf"(?:^|[\n;*.:])\W*(?:(?:{PERSONS}|who|must|should|have|has|had|having|be|been|is|are|with|an?"
    r"|the|their|\d+)\W+)*$"
)
_IT_HAS_BEEN: Final = re.compile(r"\b(?:if|as long as|unless|provided|that)\s+it\s+(?:has|had)\s+been\s+$")
_CLAUSE_ENDS: Final = re.compile(r"\s*(?:[.;]|$|\n)")
_LONGEST_CLAUSE: Final = 14  # words
_OF_FIELDS: Final = frozenset(
    "CONDITION TREATMENT ANALYTE AGE PREGNANT BREASTFEEDING CHILDBEARING NOT_CHILDBEARING CONSENT CONTRACEPTION FEMALE "
    "MALE NO NOT WITHOUT MUST MUST_NOT EXCLUDED ALLOWED EXCEPT UNLESS ULN LLN USE ALLERGY SOMEBODY_ELSE".split()
)
