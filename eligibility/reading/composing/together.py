"""Words of a list that lack what the item beside them has, told together with it.

In "initiation of or a change in diuretics" the first words say nothing without the last. Whatever they share, all of it
is so where either is: so the words of both are one statement, beside what of them is known.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from eligibility.knowledge.words import IN_PARENTHESES, keys
from eligibility.reading.composing.open_phrases import FINITE, PREPOSITIONS, is_plain, is_unfinished, says_something
from eligibility.reading.composing.terms import Composing, Item
from eligibility.reading.drafts import Draft
from eligibility.reading.lexing.tokens import EITHER
from eligibility.reading.patterns import just_before
from eligibility.rules import Allergy, Condition, Finding, Measurement, Statement, Treatment

__all__ = ["told_together"]


def told_together(
    here: Composing, items: Sequence[Item], separators: Sequence[str], drafts: list[Draft], kept: list[int]
) -> tuple[list[Draft], list[int]]:
    """The drafts, with each that is no more than unread words told with those beside it, and the items they are of."""
    alone = [at for at, draft in enumerate(drafts) if draft.rule.kind == "unread"]
    if not 0 < len(alone) < min(len(drafts), _MANY) or here.excepting or any(item.negations for item in items):
        return drafts, kept
    if [*kept] != [*range(len(items))] or not all(_lacks_words(here, drafts[at]) for at in alone):
        return drafts, kept
    if not _is_one_list(here, separators, drafts) or not all(map(_may_lend, drafts)):
        return drafts, kept
    start, end = drafts[0].start, _end(here, drafts[-1].end)
    said = here.text[start:end].strip(" ,.;:")
    found = keys(said)
    if not end or len(found) > _MOST_WORDS or is_unfinished(found) or said.count("(") != said.count(")"):
        return drafts, kept
    limits = any(isinstance(rule, Measurement) for draft in drafts for rule in draft.innermost_rules())
    if limits and _OF_RANGE.search(said) is not None:
        return drafts, kept  # which of several limits is whose
    if _ASKED.search(said) or _SPARING.match(here.low, end) or _is_heading(here, said):
        return drafts, kept
    first = alone[0]
    every = here.exclusion and len(drafts) == _TWO and "AND" in separators  # each of which may exclude
    left = [i for i, draft in enumerate(drafts) if not (every or i in alone or _is_covered(draft, behind=i > first))]
    told = Draft(Statement(text=said, topic="circumstance", who="chart"), start, end)
    if left and alone[-1] - first >= len(alone):
        return drafts, kept
    if left:
        told = told.placed(drafts[first].start, drafts[alone[-1]].end)
    made = [(told if i == first else draft, kept[i]) for i, draft in enumerate(drafts) if i == first or i in left]
    return [draft for draft, _ in made], [of for _, of in made]


_MANY: Final = 3


def _is_heading(here: Composing, said: str) -> bool:
    """Whether a text says no more than a few words, which may only be what it is headed with."""
    return len(keys(said)) <= _MOST_OF_HEADING and here.text.strip(" .:*-").startswith(said)


_MOST_OF_HEADING: Final = 3
_ASKED: Final = re.compile(r"\b(?:must|should|shall|required?|unless|except\w*|excluding|other than)\b", re.IGNORECASE)
_SPARING: Final = re.compile(r"[^.\n]*\b(?:unless|except\w*|excluding|other than|apart from)\b")
_OF_RANGE: Final = re.compile(r"\bI?ULN\b|\b(?:upper|lower)\s+(?:normal\s+)?limit|\btimes\b", re.IGNORECASE)
_TWO: Final = 2
_MOST_WORDS: Final = 30
_MOST_LACKING: Final = 6
_NOT_LACKING: Final = re.compile(  # what has a rule of its own, or names what the text is about rather than anybody
    r"\b(?:consent\w*|assent\w*|contracepti\w+|pregnan\w+|lactat\w+|nursing|breast-?\s?feed\w*|child-?bearing|criteri(?:a|on)"
    r"|eligib\w+|exclu\w+|inclu\w+|allow\w*|permit\w*|except\w*|following|others?|above|below|phases?|cohorts?|arms?|parts?"
    r"|groups?|section|protocol|note|investigators?|physicians?|parents?|guardians?|caregivers?|partners?)\b",
    re.IGNORECASE,
)
_NUMBERED: Final = re.compile(  # with a number, a length of time, or more in parentheses; a connective is none of it
    r"(?!.*\b(?:and|or|not|no|if|than[ ]one|normal|ULN|LLN)\b)[^;:\[\]\n/]*[a-z]{3}[^;:\[\]\n/]*", re.IGNORECASE
)
_WORD_OF_IT: Final = re.compile(r"^\W*[a-z]{4}", re.IGNORECASE)  # no "C (HCV) infection"
_DENIED: Final = re.compile(r"\b(?:not|no|without|never|cannot|nor)\s+(?:[\w-]+\s+){0,2}$")


def _lacks_words(here: Composing, draft: Draft) -> bool:
    """Whether nothing is left of an item but a few words, which nothing before them denies: with a number, or in
    parentheses, they are no less told with the others."""
    if just_before(_DENIED, here.low, draft.start) is not None:
        return False
    text = here.text[draft.start : draft.end].strip(" ,.;:-")
    if len(text) <= _TWO or len(keys(text)) > _MOST_LACKING:
        return False
    alone = "/" not in (here.text[draft.start - 1 : draft.start], here.text[draft.end : draft.end + 1])
    return (
        (is_plain(text, joined=False) or (alone and _has_number(text)))
        and not text.startswith("as ")
        and says_something(text)
        and _NOT_LACKING.search(text) is None
        and here.text[draft.end : draft.end + 1] not in ("-", "‐")
    )


def _has_number(text: str) -> bool:
    """Whether a few words hold a number or a parenthesis, and are plain but for that."""
    return _NUMBERED.fullmatch(text) is not None and _WORD_OF_IT.search(IN_PARENTHESES.sub("", text)) is not None


def _is_one_list(here: Composing, separators: Sequence[str], drafts: Sequence[Draft]) -> bool:
    """Whether one connective joins all that is listed."""
    joints = {*separators} - {"COMMA"}
    if not (joints == {"AND"} or (joints and joints <= _EITHER)) or separators[-1] == "COMMA":
        return False
    return len(drafts) > _TWO or _side_by_side(here, *drafts)


_EITHER: Final = frozenset((*EITHER, "SLASH"))


def _side_by_side(here: Composing, first: Draft, second: Draft) -> bool:
    """Whether no more than a connective stands between two."""
    return first.end <= second.start and _JOINT.fullmatch(here.low, first.end, second.start) is not None


_JOINT: Final = re.compile(
    r"(?:\s+(?:disease|cancer|tumou?rs?|patients|therapy|treatment|of|to|with|from))?"
    r"[\s,]*(?:/|\b(?:and|or|and/or|and / or|nor)\b)?[\s,]*(?:(?:an?|the|any|of|either)\s+)*"
)


def _may_lend(draft: Draft) -> bool:
    """Whether it is no more than words or wholly read."""
    return draft.rule.kind == "unread" or all(
        isinstance(rule, Condition | Treatment | Allergy | Finding | Measurement | Statement)
        for rule in draft.innermost_rules()
    )


def _is_covered(draft: Draft, *, behind: bool) -> bool:
    """Whether it says nothing that what is told with it does not say: words, or a name of which a part may stand before
    the words that lack their own."""
    return not any(
        isinstance(rule, Allergy | Finding | Measurement)
        or (isinstance(rule, Condition | Treatment) and not (behind and rule.concept.open))
        for rule in draft.innermost_rules()
    )


def _end(here: Composing, end: int) -> int:
    """Where what is told ends, with an attribute behind it; 0 where a clause goes on."""
    following = _WORD.match(here.text, end)
    if following is None or following[1].lower() in _NEXT_CLAUSE:
        return end
    rest = _TO_CLAUSE_END.match(here.text, end)
    if rest is None:
        return 0
    if following[1].lower() in PREPOSITIONS:
        whole = is_plain(rest[0], joined=False) or _OF_WHICH.fullmatch(rest[0]) is not None
    else:  # "unstable or uncooperative patients"
        whole = (
            is_plain(rest[0], joined=False) and len(keys(rest[0])) <= _MOST_BEHIND and FINITE.isdisjoint(keys(rest[0]))
        )
    return rest.end() if whole else 0


_MOST_BEHIND: Final = 3
_OF_WHICH: Final = re.compile(
    r"\s*(?:for|in|of|with)\s+(?:which|whom)\b(?!.*\b(?:and|or|not|no|unless|if|but)\b).*", re.IGNORECASE
)
_WORD: Final = re.compile(r"\s*([A-Za-z][\w-]*)")
_NEXT_CLAUSE: Final = frozenset("and or except unless excluding including who which that such if other".split())
_TO_CLAUSE_END: Final = re.compile(r"[^,.;:()\n]*")
