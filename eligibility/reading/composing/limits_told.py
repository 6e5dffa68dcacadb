"""Limits of what no rule measures, as they are worded, for an answer to settle: "at least 12 teeth", "APTT ratio > 2".

What has a unit that nobody knows, or counts what has no name of its own, is whole all the same: from the name of what
is measured, or counted, to the end of its limit.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from eligibility.knowledge.words import keys
from eligibility.reading.composing.open_phrases import CLOSED, PREPOSITIONS, is_unfinished
from eligibility.reading.drafts import Draft, rebuilt
from eligibility.reading.lexer import tokenize
from eligibility.reading.patterns import DIGIT
from eligibility.rules import Condition, Statement, Treatment

__all__ = ["limits_told"]


def limits_told(draft: Draft, text: str) -> Draft:
    """The draft, with each unread limit that is whole as a statement in its own words."""
    if DIGIT.search(text) is None:
        return draft
    if draft.rule.kind == "unread":
        told = _told(draft, text)
        return draft if told is None else told
    if not draft.parts or _denies_several(draft):
        return draft
    parts = tuple(limits_told(part, text) for part in draft.parts)
    if draft.rule.kind == "all":
        parts = _with_what_is_limited(_without_repeated(draft, parts), text)
        if len(parts) == 1:
            return parts[0].asked(draft.requirement)
    return rebuilt(draft, parts)


def _denies_several(draft: Draft) -> bool:
    """Whether it denies a list, of which a limit may be no part: "without ischemia, ejection time > 300"."""
    return draft.rule.kind == "not" and any(len(part.parts) > 1 for part in draft.parts)


def _without_repeated(draft: Draft, made: Sequence[Draft]) -> tuple[Draft, ...]:
    """The parts, without the number of a limit that is told, where it is a part beside the words that hold it."""
    told = [part for part, before in zip(made, draft.parts, strict=True) if part is not before]
    return tuple(
        part
        for part, before in zip(made, draft.parts, strict=True)
        if part is not before or not any(_holds(each, part) for each in told)
    )


def _holds(told: Draft, part: Draft) -> bool:
    """Whether unread words are among those that a statement tells."""
    return (
        isinstance(told.rule, Statement)
        and part.rule.kind == "unread"
        and told.start <= part.start
        and part.end <= told.end
    )


_TWO: Final = 2


def _told(words: Draft, text: str) -> Draft | None:
    """Unread words as one statement; None where they are not one limit with what it is of, and all that is said."""
    said = text[words.start : words.end].strip(" ,.;:")
    limit = (_LIMIT.fullmatch(said) or _OR_BEYOND.fullmatch(said)) if DIGIT.search(said) is not None else None
    if limit is None or not _is_plain_limit(limit) or not (limit["head"] or _counts(limit["unit"])):
        return None
    behind = _BEHIND.match(text, words.end)
    before = text[: words.start]
    if behind is None or _BEFORE.search(before) is None or _SAME_AGAIN.search(before) is not None:
        return None
    if behind[0].strip().isalpha() and (not limit["head"] or _SHARES.search(said) is not None):
        return None
    at = text.index(said, words.start)
    return Draft(Statement(text=said, topic="circumstance", who="chart"), at, at + len(said))


def _with_what_is_limited(parts: tuple[Draft, ...], text: str) -> tuple[Draft, ...]:
    """The parts of a conjunction, with a limit that is left over told together with the fact that it is of."""
    if len(parts) < _TWO or parts[-1].rule.kind != "unread":
        return parts
    words, of = parts[-1], parts[-2]
    if not isinstance(of.rule, Condition | Treatment) or of.rule.exceptions or of.end > words.start:
        return parts
    said = text[words.start : words.end].strip(" ,.;:")
    limit = _LIMIT.fullmatch(said)
    between = text[of.end : words.start].strip()
    enclosed = between in ("(", "[")
    if limit is None or not _is_plain_limit(limit) or not (enclosed or (between in ("", ":") and not limit["head"])):
        return parts
    if enclosed and of.rule.concept.open and _OR_BEHIND.match(text, words.end) is not None:
        return parts
    behind = _CLOSED_BEHIND.match(text, words.end) if enclosed else _BEHIND.match(text, words.end)
    if behind is None or (_MULTIPLE.search(said) is not None and not enclosed):
        return parts
    end = text.index(said, words.start) + len(said) + enclosed
    told = Draft(Statement(text=text[of.start : end].strip(), topic="circumstance", who="chart"), of.start, end)
    alone = of.rule.concept.open or (not enclosed and _SO_LONG.match(limit["unit"] or "") is not None)
    if alone or _AT_MOST.match(limit["sign"].lower()):  # what there is none of is no more than that, too
        return (*parts[:-2], told)
    return (*parts[:-1], told)


def _is_plain_limit(limit: re.Match[str]) -> bool:
    """Whether a limit is of one thing, which has no rule of its own, with no condition of its own."""
    head, unit = limit["head"] or "", limit["unit"] or ""
    unit = f"{unit} {limit['tail']}".strip() if "tail" in limit.groupdict() else unit
    words = [*keys(head), *keys(unit)]
    return (
        not any(word in CLOSED for word in words)
        and (not unit or not is_unfinished(keys(unit) or ("",)))
        and (not head or (keys(head)[0] not in PREPOSITIONS and keys(head)[0] not in _NOTHING_MEASURED))
        and _OWN_RULE.search(f"{head} {unit}") is None
        and not _is_misprinted(limit[0])
    )


def _is_misprinted(said: str) -> bool:
    """Whether the unit is one that is known, and not of what is measured, which is known, too."""
    kinds = [token.type for token in tokenize(said)]
    return "ANALYTE" in kinds and "UNIT" in kinds


_NOTHING_MEASURED: Final = frozenset(
    "n normal m2 kg cm eg ie involving including requiring needing causing affecting lasting occurring".split()
)


def _counts(unit: str | None) -> bool:
    """Whether behind a number stands what it is of, rather than its unit alone: "teeth", "months postpartum"."""
    return unit is not None and any(
        token.type in _NAMES
        and token.end - token.start > _SHORT
        and _UNIT_ALONE.fullmatch(unit, token.start, token.end) is None
        and "/" not in unit[token.start - 1 : token.end + 1]
        for token in tokenize(unit)
    )


_SHORT: Final = 3
_NAMES: Final = ("WORD", "CONDITION", "TREATMENT")
_UNIT_ALONE: Final = re.compile(
    r"percent|[mµμu]?mol|mmhg|m?sec(?:onds?)?|hertz|predicted|normal|degrees?", re.IGNORECASE
)
_NUMBER: Final = r"\d[\d,.]*(?:\s*[x×]\s*10\s*\^?\s*\d+)?\+?"
_SIGN: Final = (
    r"[<>≤≥=]\s*(?:or\s*)?/?\s*[<>≤≥=]?|(?:of\s+)?(?:at least|at most|(?:no |not )?(?:more|less|fewer|greater|higher"
    r"|lower|larger|smaller) than(?: or equal to)?|(?:a )?(?:minimum|maximum)(?: of)?|over|under|above|below|up to"
    r"|(?:not |no )?(?:worse|better) than|(?<=\s)between)"
)
_WORD: Final = r"[A-Za-zµμ%°/'’_-][\w/'’%^µμ°*+-]*"
_VALUE: Final = rf"[+-]?{_NUMBER}(?:\s*(?:-|–|to|and)\s*[+-]?{_NUMBER})?"
_HEAD: Final = rf"(?:(?P<head>[A-Za-z][\w/'’,_-]*(?:\s+{_WORD}){{0,6}}?)\s*(?:\(\w+\)\s*)?)"
_ASIDE: Final = r"(?:\s*\([^()]{1,40}\))?"  # the same in other units
_LIMIT: Final = re.compile(
    rf"{_HEAD}??(?P<sign>{_SIGN})\s*{_VALUE}\s*(?P<unit>{_WORD}(?:\s+{_WORD}){{0,5}})?"
    rf"(?:(?<=\w){_ASIDE}(?:\s+in\s+(?:the\s+)?(?:\w+\s+){{1,2}}eyes?)?)?",
    re.IGNORECASE,
)
_OR_BEYOND: Final = re.compile(  # "acuity of 0.6 logMAR or better in each eye"
    rf"{_HEAD}(?:of\s+)?{_VALUE}\s*(?P<unit>{_WORD}(?:\s+{_WORD}){{0,3}})?{_ASIDE},?\s+or\s+"
    rf"(?P<sign>better|worse|more|less|higher|greater|above|below|fewer|lower|longer|over)(?P<tail>(?:\s+{_WORD}){{0,6}})",
    re.IGNORECASE,
)
_AT_MOST: Final = re.compile(
    r"[<≤]|=\s*<|(?:of\s+)?(?:at most|(?:no |not )(?:more|greater|higher|larger)|less|fewer|lower|smaller"
    r"|(?:a )?maximum|under|below|up to)"
)
_MULTIPLE: Final = re.compile(r"\b(?:ULN|LLN|ULRR|times|fold|normal)\b|\d\s*x\b", re.IGNORECASE)
_OWN_RULE: Final = re.compile(  # what a rule holds, and words that may be a clause
    r"\b(?:age[ds]?|old(?:er)?|younger|(?:years?|yrs?|y)\s+in|pregnan\w+|contracepti\w+|consent\w*|for|if|when|who|which|that"
    r"|criteri\w+|cohorts?|arms?|parts?|phases?|patients|subjects|participants|males?|females?|men|women|visit"
    r"|(?:week|day)\s+\d|respectively|reading|score of|since|until|must|should|with|without|pa?ediatric|adults?"
    r"|children|adolescents?|lines?|regimens?|therap(?:y|ies)|prior|previous)\b",
    re.IGNORECASE,
)
_BEFORE: Final = re.compile(
    r"(?:^|[\n•*;,(\[:/–]|\s-|\.\s|\b(?:or|and|with|without|has|have|having|had|no|is|are|be|include|includes|including"
    r"|defined as|defined by)"
    r"(?:\s+(?:an?|the|any))?)\s*\Z",
    re.IGNORECASE,
)
_BEHIND: Final = re.compile(r"(?!\s*,?\s*respectively)\s*(?:[.,;)\]\n]|\Z|(?:or|and)\b)")
_OR_BEHIND: Final = re.compile(r"\s*[)\]]\s*,?\s*(?:or|and)\b")
_SAME_AGAIN: Final = re.compile(r"\b(?:i\.?e|e\.?g)\b\.?,?\s*\Z", re.IGNORECASE)
_SO_LONG: Final = re.compile(r"(?:hours?|days?|weeks?|months?|years?)\b(?!\s*(?:/|per|an?|daily)\b)", re.IGNORECASE)
_SHARES: Final = re.compile(  # what may go on behind the "or": a time, a name
    r"(?:al|ic|ous|ive|ary|ory|ar|or|able|ible|ed|ing|days?|weeks?|months?|years?|hours?)$|^(?:CTCAE\s+)?grade",
    re.IGNORECASE,
)
_CLOSED_BEHIND: Final = re.compile(r"\s*[)\]]")
