"""Words that narrow what stands before them, and can be no attribute of it: a further condition in their own words.

An age, a list of ways in which something is done, a judgement hold no attributes; who they are said of is narrowed by
"in the presence of a thrombus" for all that, and only an answer tells whether it is so.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Final

from eligibility.knowledge.words import IN_PARENTHESES, keys
from eligibility.reading.composing.attribute_phrases import (
    BEGINNINGS,
    NO_ATTRIBUTE,
    NUMBERED,
    are_attributes,
    is_attribute,
)
from eligibility.reading.composing.lengths import is_measured
from eligibility.reading.composing.open_phrases import is_unfinished
from eligibility.reading.composing.unknowns import is_one_question, rests_on_no_fact
from eligibility.reading.drafts import Draft, all_of, ambiguous, rebuilt
from eligibility.reading.lexer import tokenize
from eligibility.reading.patterns import COMPARED, PERSONS
from eligibility.rules import (
    Age,
    Allergy,
    Condition,
    Finding,
    Measurement,
    PatientAttribute,
    Statement,
    Treatment,
    Unread,
)

__all__ = ["further_told", "judged_together", "requirements_told"]


def further_told(draft: Draft, text: str) -> Draft:
    """The draft, with each plain narrowing that was left over as a condition in its own words."""
    if not draft.parts:
        return draft
    parts = [further_told(part, text) if part.parts else part for part in draft.parts]
    left = [part for part in parts if _is_left_over(part)] if draft.rule.kind == "all" else []
    holds = [part for part in parts if not _is_left_over(part)] if left else []
    if len(left) != 1 or not holds or parts[-1] is not left[0]:
        return rebuilt(draft, tuple(parts))
    words = left[0]
    if any(part.wholly_unread or part.end > words.start for part in holds) or not _may_be_of(holds, words, text):
        return rebuilt(draft, tuple(parts))
    said = Statement(text=text[words.start : words.end].strip(" ,.;:"), topic="circumstance", who="chart")
    told = Draft(said, words.start, words.end)
    every = rebuilt(draft, (*holds, told))
    listed = holds[-1]
    if listed.rule.kind != "any" or len({part.start for part in listed.parts}) == 1:
        return every
    last = rebuilt(listed, (*listed.parts[:-1], all_of([listed.parts[-1], told])))
    either = ambiguous([every, all_of([*holds[:-1], last])], "words that may be about a list, or about its last")
    return either.placed(draft.start, draft.end).asked(draft.requirement)


def requirements_told(draft: Draft, text: str) -> Draft:
    """The draft, with each clause that is asked of something or somebody, and of which nothing is understood, in its
    own words: "tissue must be confirmed as received", "metastases are allowed if a scan shows no progression"."""
    told: dict[tuple[int, int], Draft] = {}
    for part in draft.leaves():
        if part.rule.kind != "conditional":
            continue
        asked = part.parts[1].parts[0] if part.parts[1].rule.kind == "not" else part.parts[1]
        if _is_one_stretch(asked) and (clause := _required(asked, text)) is not None:
            told[asked.start, asked.end] = clause
    return _in_own_words(draft, told) if told else draft


def _is_one_stretch(draft: Draft) -> bool:
    """Whether it is unread words, or these and what is a part of them once more: a number."""
    if draft.rule.kind != "all" or not draft.wholly_unread:
        return draft.rule.kind == "unread"
    first = draft.parts[0]
    return first.rule.kind == "unread" and (first.start, first.end) == (draft.start, draft.end)


def _in_own_words(draft: Draft, told: Mapping[tuple[int, int], Draft]) -> Draft:
    if draft.wholly_unread and (draft.start, draft.end) in told and _is_one_stretch(draft):
        return told[draft.start, draft.end]
    return rebuilt(draft, tuple([_in_own_words(part, told) for part in draft.parts])) if draft.parts else draft


def _required(asked: Draft, text: str) -> Draft | None:
    """What is asked, as a statement; None where it may be cut off, or a field of the profile or a limit settles it."""
    said = text[asked.start : asked.end].strip(" ,.;:")
    condition = _ON_CONDITION.match(said)
    said = said[condition.end() :] if condition is not None else said
    found = keys(said)
    if len(found) < _LEAST_TO_MEASURE or is_unfinished(found) or found[0] in _BY_WHOM or not is_one_question(said):
        return None
    if _ELSEWHERE.search(said):
        return None
    if _CLOSES.match(text, asked.end) is None or (is_measured(said) and _is_limited(said)):
        return None
    at = text.index(said, asked.start)
    return Draft(Statement(text=said, topic="circumstance", who="chart"), at, at + len(said))


def _is_limited(said: str) -> bool:
    return any(token.type == "ANALYTE" for token in tokenize(said))


_ON_CONDITION: Final = re.compile(r"(?:if|provided(?:\s+that)?|as\s+long\s+as|when)\s+", re.IGNORECASE)
_BY_WHOM: Final = frozenset("per according as by and or".split())
_ELSEWHERE: Final = re.compile(  # what stands in another place, and what asks nothing
    r"\b(?:following|criteri\w+|below|above|listed|require(?:d|ments?)|mandatory|necessary|needed|recommended|preferred|considered|protocol|section|appendix"
    r"|note|consent\w*|will|would)\b|[:\[\]]|[.;]\s+[A-Z]",
    re.IGNORECASE,
)


def _is_left_over(draft: Draft) -> bool:
    return isinstance(draft.rule, Unread) and draft.rule.role == "narrowing"


def _may_be_of(holds: Sequence[Draft], words: Draft, text: str) -> bool:
    """Whether words are attributes of what stands before them, and whole: nothing goes on behind them."""
    said = text[words.start : words.end].strip(" ,.;:")
    found = keys(said)
    if len(found) < _LEAST_WORDS or is_unfinished(found):
        return False
    if any(part.rule.kind == "conditional" for part in holds):
        return False  # of what is asked of some
    rules = [rule for part in holds for rule in part.innermost_rules()]
    if any(isinstance(rule, PatientAttribute) for rule in rules):
        return False
    if any(isinstance(rule, Condition | Treatment | Allergy) and rule.exceptions for rule in rules):
        return False  # of what is excepted, perhaps
    if any(isinstance(rule, Age) for rule in rules) and _OF_A_DAY.match(said) is None:
        return False
    if any(isinstance(rule, Measurement) for rule in rules) and _IN_CASE.match(said):
        return False  # whose limit it is
    if _SPARING.search(text, holds[0].start, words.start) or _NO_QUESTION.search(said):
        return False
    if _OPEN_BEFORE.search(text, max(words.start - _LOOK, 0), words.start) or _GOES_ON.match(text, words.end):
        return False
    attribute = not (_NO_FURTHER.search(said) or NO_ATTRIBUTE.match(said) or COMPARED.search(said))
    if attribute and _BEGINS.match(said) is not None:
        enclosed = text[: words.start].rstrip().endswith(("(", "["))
        if is_attribute(said) or are_attributes(said, enclosed=enclosed):
            return True
    if not all(isinstance(rule, _NARROWED) for rule in rules):
        return False
    return _tells_further(said, measured=any(isinstance(rule, _MEASURED) for rule in rules)) and (
        _CLOSES.match(text, words.end) is not None
    )


def _tells_further(said: str, *, measured: bool) -> bool:
    """Whether words tell how much there is of something, how it is defined or shown, where and when, and nothing else;
    ``measured``: of a limit or a result, which facts in the words may replace."""
    if len(keys(said)) < _LEAST_TO_MEASURE or (_HOW_MEASURED if measured else _MEASURES).match(said) is None:
        return False
    bare = IN_PARENTHESES.sub(" ", said)
    listed = _NEXT.search(bare) is not None
    defined, shown = _DEFINED.match(said) is not None, _SHOWN.match(said) is not None
    if listed and not (defined or shown):
        return False  # one more of a list, perhaps
    figures = "(" in said or is_measured(NUMBERED.sub("numbered", said))
    told_by_facts = figures and shown and not listed and _REQUIRED.search(said) is None
    joined = (listed and not defined) or _JOINED.search(bare) is not None
    alone = measured or (figures and not told_by_facts) or (joined and not told_by_facts)
    return rests_on_no_fact(said) if alone else is_one_question(said)


_MEASURED: Final = (Measurement, Finding)
_NARROWED: Final = (Condition, Treatment, Statement, *_MEASURED)
_LEAST_WORDS: Final = 2
_LEAST_TO_MEASURE: Final = 3
_MEASURES: Final = re.compile(  # how much there is of it, how it is defined, where and when: with figures, or without
    r"(?:(?:as\s+|which\s+is\s+)?(?:defined|evidenced|documented|confirmed|demonstrated|determined|assessed|measured|shown"
    r"|indicated)\s+(?:as|by|in|on|at|with|within|to)|of|to|in|at|for|from|on|due|despite|after|before|within|during|under"
    r"|over|[a-z]+(?:ed|ing)\s+(?:by|with|from|in|at|on|to|for|as|during|within|of)|involving|exceeding|requiring"
    r"|containing|covering|measuring|lasting|(?:that|which)\s+(?:is|are|was|were|has|have|requires?|lasts?|occurr\w+|causes?|affects?|involves?))\s",
    re.IGNORECASE,
)
_REQUIRED: Final = re.compile(r"\b(?:must|should)\b", re.IGNORECASE)
_HOW_MEASURED: Final = re.compile(  # how a limit or a result is found, where and when
    r"(?:as\s+)?(?:based\s+on|(?:evidenced|documented|confirmed|demonstrated|determined|assessed|measured|shown|indicated)"
    r"\s+(?:by|in|on|at|with|within)|to\s+be\s+performed|from\s+\d+|at|on|after|before|during)\s",
    re.IGNORECASE,
)
_DEFINED: Final = re.compile(r"(?:as\s+|which\s+is\s+)?defined\b", re.IGNORECASE)
_SHOWN: Final = re.compile(
    r"(?:as\s+)?(?:defined|evidenced|documented|demonstrated|determined|assessed|shown|indicated)\s+(?:as|by|on)\b",
    re.IGNORECASE,
)
_NEXT: Final = re.compile(r"[,;]")
_JOINED: Final = re.compile(r"\b(?:and|or)\b", re.IGNORECASE)
_CLOSES: Final = re.compile(r"\s*(?:[.;,)\]]|$|\n)")
_LOOK: Final = 40
_BEGINS: Final = re.compile(
    rf"(?!of\b)(?:{'|'.join(BEGINNINGS)}|as|via|through|until|since|prior to|before|after|under|among|within|without"
    r"|because of|[a-z]+(?:ed|ing)\s+(?:by|with|from|in|at|on|to|for|as|during|within|of|the|an?)"
    r"|(?:that|which)\s+[a-z]+s?"
    r"|[a-z]{3,}ing\s+[a-z]+)\b",
    re.IGNORECASE,
)
_OF_A_DAY: Final = re.compile(r"(?:at|on|by|during|before|prior to)\s", re.IGNORECASE)
_IN_CASE: Final = re.compile(
    r"(?:for|with(?:out)?|while|under|despite|among|due|secondary|because|in\s+(?:the\s+)?(?:presence|absence|cases?|event"
    rf"|setting|{PERSONS}|those|(?:wo)?men|(?:fe)?males?|adults|children))\b",
    re.IGNORECASE,
)
_SPARING: Final = re.compile(r"\b(?:unless|except\w*|excluding|other than|apart from)\b", re.IGNORECASE)
_NO_QUESTION: Final = re.compile(  # what has a rule of its own, what is allowed, what another word governs
    r"\b(?:consent\w*|assent\w*|contracepti\w+|pregnan\w+|possible|permissible|appropriate|following|below"
    r"|above|whom|whose|criteri(?:a|on)|ASA|ECOG|NYHA|e\.?g|i\.?e)\b|[:*]",
    re.IGNORECASE,
)
_NO_FURTHER: Final = re.compile(r"\b(?:positive|negative|no|not|only)\b|[\[\]]", re.IGNORECASE)  # no attribute
_OPEN_BEFORE: Final = re.compile(
    r"(?:\b(?:of|with|for|to|by|and|or|the|an?|is|are|was|were|be|than)|[/-])\s*$", re.IGNORECASE
)
_GOES_ON: Final = re.compile(r"\s*(?:[/-]|\b(?:or|and|and/or|is|are|was|were|has|have|may|will|can)\b)", re.IGNORECASE)


def judged_together(draft: Draft, text: str) -> Draft:
    """The draft, with each "as determined by the investigator" in the words that it is said of, and each "condition
    that, in the opinion of the investigator, would ..." as one question."""
    if not draft.parts:
        return draft
    parts = [judged_together(part, text) for part in draft.parts]
    if draft.rule.kind == "all":
        kept = parts[:1]
        for part in parts[1:]:
            judged = _tells_who_judges(part, text) or _is_of_nothing_else(kept[-1], part, text)
            whole = _with_who_judges(kept[-1], part, text) if judged else None
            kept = [*kept[:-1], whole] if whole is not None else [*kept, part]
        if len(kept) < len(parts):
            return kept[0].placed(draft.start, draft.end) if len(kept) == 1 else rebuilt(draft, tuple(kept))
    return rebuilt(draft, tuple(parts))


def _tells_who_judges(draft: Draft, text: str) -> bool:
    return isinstance(draft.rule, Statement) and _BY_WHOM_JUDGED.fullmatch(text, draft.start, draft.end) is not None


def _is_of_nothing_else(before: Draft, clause: Draft, text: str) -> bool:
    """Whether words judge of a condition what no other words name: "any condition that, in the opinion of the ..."."""
    if not isinstance(before.rule, Statement) or not isinstance(clause.rule, Statement):
        return False
    judged = clause.rule.topic == "judgement" and _JUDGED_OF_IT.fullmatch(text, before.end, clause.start) is not None
    return judged and _ANY_CONDITION.fullmatch(text, before.start, before.end) is not None


_ANY_CONDITION: Final = re.compile(
    r"(?:(?:an?|any|other|serious|significant|(?:pre-?)?existing|underlying|concurrent|concomitant|medical|clinical)\s+)*"
    r"(?:conditions?|illness(?:es)?|diseases?|disorders?|reasons?|factors?|circumstances?|situations?)",
    re.IGNORECASE,
)
_JUDGED_OF_IT: Final = re.compile(r"[\s,]*(?:(?:that|which|for which|such that)[\s,]+)?", re.IGNORECASE)


def _with_who_judges(before: Draft, judged: Draft, text: str) -> Draft | None:
    """What stands before the words that say who judges it, with them; None where they are said of no statement."""
    if before.parts:
        if before.rule.kind != "all":
            return None
        last = _with_who_judges(before.parts[-1], judged, text)
        return rebuilt(before, (*before.parts[:-1], last)) if last is not None else None
    rule = before.rule
    if not isinstance(rule, Statement) or _JUDGED_OF_IT.fullmatch(text, before.end, judged.start) is None:
        return None
    relative = _OF_WHICH.match(text, before.start)
    start = relative.end() if relative is not None else before.start
    said = rule.model_copy(update={"text": text[start : judged.end], "topic": "judgement", "who": "investigator"})
    return Draft(said, before.start, judged.end)


_OF_WHICH: Final = re.compile(r"(?:for|in|to)\s+(?:which|whom)\s+", re.IGNORECASE)


_BY_WHOM_JUDGED: Final = re.compile(
    r"[\s,(]*(?:as\s+)?(?:determined|judged|assessed|deemed|decided|evaluated|considered)\s+by\s+(?:the\s+|an?\s+)?"
    r"(?:(?:treating|principal|study|site|local|responsible|qualified)\s+)*"
    r"(?:investigators?|physicians?|clinicians?|doctors?|oncologists?|surgeons?|PI)(?:\s+or\s+(?:designee|sub-?investigator))?[\s.)]*",
    re.IGNORECASE,
)
