"""A line of which nothing is known, and that is one question: "can be visited at home every week", "snores > 3 nights".

It is one clause, and names nothing of which a profile has facts, or limits what no rule measures, so that only an
answer tells. What may be a heading, a label, a line cut off, or more than one thing, stays unread.
"""

from __future__ import annotations

import re
from typing import Final

from eligibility.knowledge.words import IN_PARENTHESES, keys
from eligibility.reading.composing.unknowns import is_one_question, one_clause, rests_on_no_fact
from eligibility.reading.context import Context
from eligibility.reading.drafts import Draft, rebuilt
from eligibility.reading.lexer import tokenize
from eligibility.reading.patterns import PERSONS

__all__ = ["whole_questions"]


def whole_questions(draft: Draft, context: Context) -> Draft:
    """The draft, with each whole line of which nothing was understood as a statement, where it is one question."""
    if draft.wholly_unread:
        told = None if context.exclusion and context.requirements else _told(draft, context)
        return draft if told is None else told
    if draft.rule.kind not in ("all", "any"):
        return draft
    return rebuilt(draft, tuple(whole_questions(part, context) for part in draft.parts))


def _told(draft: Draft, context: Context) -> Draft | None:
    """A line as a statement; None where it is no line, or no question."""
    text = context.text
    before = _LINE_BEGINS.search(text, 0, draft.start)
    closes = _LINE_ENDS.match(text, draft.end)
    if before is None or closes is None or draft.end - draft.start > _LONGEST:
        return None
    asked = None if context.exclusion else _ASKED.match(text, draft.start)
    start = asked.end() if asked is not None else draft.start
    said = text[start : draft.end].strip(" ,.;*-")
    if not _is_one_clause(said) or not (rests_on_no_fact(said) or _is_limited(said)):
        return None
    told = one_clause(text, start, draft.end)
    return None if told is None else told.placed(draft.start, draft.end).asked(draft.requirement)


def _is_one_clause(said: str) -> bool:
    """Whether words are a clause of their own, rather than a heading, a line cut off or several things."""
    return (
        len(keys(said)) >= _LEAST
        and _NO_CLAUSE.search(IN_PARENTHESES.sub(" ", said)) is None
        and _NO_BEGINNING.match(said) is None
        and _TITLE.fullmatch(said) is None
    )


def _is_limited(said: str) -> bool:
    """Whether words limit what nothing measures: "a fish meal more than 3 times per week"."""
    if _LIMIT.search(said) is None or _COUNTED.search(said) is not None or not is_one_question(said):
        return False
    kinds = {token.type for token in tokenize(said)}
    return "ANALYTE" not in kinds and (kinds.isdisjoint(("CONDITION", "TREATMENT")) or _WINDOW.search(said) is None)


_LONGEST: Final = 250
_LEAST: Final = 4
_LINE_BEGINS: Final = re.compile(r"(?:\A|\n)[\s•*·◦○-]*\Z")
_LINE_ENDS: Final = re.compile(r"\s*[.;]?[ \t]*(?:\n|\Z)")
_ASKED: Final = re.compile(
    rf"(?:(?:all|the|an?|each)\s+)*(?:{PERSONS}\s+)?(?:must|should|(?:is|are)\s+required\s+to)\s+(?:also\s+)?(?:be\s+)?",
    re.IGNORECASE,
)
_LIMIT: Final = re.compile(
    r"(?:[<>≤≥]\s*(?:or\s*)?=?|\b(?:at\s+least|at\s+most|(?:more|less|greater|fewer|higher|lower)\s+than"
    r"|(?:minimum|maximum)\s+of|over|up\s+to|exceeding))\s*\d",
    re.IGNORECASE,
)
_COUNTED: Final = re.compile(  # what a rule counts or measures, in whatever words
    r"\b(?:lines?|regimens?|courses?|cycles?|treatments?|therap(?:y|ies)|chemotherap\w+|relapses?|metastas[ei]s|kg|kilograms?|pounds?"
    r"|lbs?|children|infants?|neonates?|newborns?|adults?|teenagers|ECOG|NIHSS|life\s+(?:expectancy|time)|surviv\w+|height|weight)\b",
    re.IGNORECASE,
)
_WINDOW: Final = re.compile(r"\b(?:within|before|after|since|prior\s+to)\b", re.IGNORECASE)  # when it was, on record
_NO_CLAUSE: Final = re.compile(  # what denies, lets in or keeps out, joins, and what has a rule or a place of its own
    r"[;:,=\[\]\n](?<![<>]=)|/(?!\w{1,4}\b)|\b(?:no|not|nor|non|none|without|never|cannot|lack\w*|absence|un(?:able|willing)|and|or"
    r"|but|any\s+(?:number|type|kind)|must|should|shall|may|can|could|will|would|required|excluded|included|include|eligible"
    r"|eligibility|inclusions?|exclusions?|criteri(?:a|on)|cohorts?|arms?|groups?|parts?|phases?|consent\w*|assent\w*"
    r"|age[ds]?|older|younger|years?\s+old|her-?2\w*|preferabl[ey]|(?:for|in)\s+this\s+study|guidelines?|this\s+is|do\s+have|receptor|(?:post)?menopaus\w+)\b"
    r"|\b(?:an?other|other|any)\b.*\b(?:trials?|stud(?:y|ies)|drugs?)\b",
    re.IGNORECASE,
)
_NO_BEGINNING: Final = re.compile(  # what goes on with another line, and a limit or a time alone
    r"(?:for|to|of|by|per|with|if|as|due|than|that|which|who|when|where|while|whether|please|note|see|associated|based"
    r"|confirmed|determined|defined|in\s+addition|other|additional|more|less|at\s+least|at\s+most|greater|up\s+to|within"
    r"|from|between|after|before|during|until|since|through\w*|prior|order|the\s+past|last|calculated|(?-i:[a-z](?=[A-Z]))"
    r"|\d|[<>≤≥=+±])",
    re.IGNORECASE,
)
_TITLE: Final = re.compile(r"(?:(?:[A-Z0-9][\w-]*|of|and|on|for|in|the)\s*)+")
