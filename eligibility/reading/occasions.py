"""Days of a trial that are named together: "at screening and at baseline", "before enrolment or randomisation"."""

from __future__ import annotations

import re
from typing import Final

from eligibility.reading.lexing.tokens import JOINTS, Token

__all__ = ["days_together"]

_BETWEEN: Final = frozenset("AT_ANCHOR BEFORE FILLER".split())
_BEFORE_DAY: Final = frozenset("AT_ANCHOR BEFORE AFTER OF WITHIN FROM PREP LAST".split())
_NAMED_BY_DAY: Final = frozenset(  # of what follows the second may be the day: "at screening and baseline QTc"
    "ANALYTE CONDITION TREATMENT WORD QUALIFIER NORMAL ABNORMAL POSITIVE NEGATIVE TEST_WORD MUST MUST_NOT IS AGE "
    "TAKEN GE GT LE LT EQ NUMBER".split()
)
_FOR_WHICH: Final = re.compile(  # the part of the trial in which a day counts: "(Phase 1b)"
    r"\(\s*(?:(?:for|in)\s+)?(?:phases?|parts?|cohorts?|arms?|groups?|stages?|steps?)\s+[\w, /+-]{1,24}\)",
    re.IGNORECASE,
)
_MOST_JOINTS: Final = 2


def days_together(tokens: list[Token], text: str) -> list[Token]:
    """The tokens, with several days of the trial that one preposition stands before as the first of them.

    Each of them is the day of screening, unless the profile says otherwise.
    """
    tokens = _with_assent(tokens)
    if sum(token.type == "ANCHOR" for token in tokens) < len(_JOINED):
        return tokens
    found: list[Token] = []
    index = 0
    while index < len(tokens):
        token = tokens[index]
        index += 1
        if token.type == "ANCHOR" and found and _is_day(found, token):
            while (end := _another_day(tokens, index, text)) > index:
                token = Token("ANCHOR", token.value, token.start, tokens[end - 1].end)
                index = end
        found.append(token)
    return found


def _with_assent(tokens: list[Token]) -> list[Token]:
    """ "At the time of consent/assent": on that day, whichever of them is given."""
    for at in range(1, len(tokens) - 2):
        day, joint, other = tokens[at : at + 3]
        if other.said == "assent" and day.type == "ANCHOR" and joint.type in JOINTS and tokens[at - 1].type in _ON:
            return [*tokens[:at], Token("ANCHOR", day.value, day.start, other.end), *tokens[at + 3 :]]
    return tokens


_ON: Final = frozenset(("AT_ANCHOR", "BEFORE"))
_JOINED: Final = ("first", "second")


def _is_day(before: list[Token], token: Token) -> bool:
    """Whether a token is a day before or at which something was: not a consent that is asked for."""
    return before[-1].type in _BEFORE_DAY and not any(kind == "CONSENT" for kind, _ in token.others)


def _another_day(tokens: list[Token], start: int, text: str) -> int:
    """Where the day ends that is joined to one that ends at ``start``; ``start`` where there is none."""
    at = joints = _past_parts(tokens, start, text)
    while at < len(tokens) and tokens[at].type in JOINTS and at - joints < _MOST_JOINTS:
        at += 1
    if at == joints or {t.type for t in tokens[joints:at]} == {"COMMA"}:
        return start
    while at < len(tokens) and tokens[at].type in _BETWEEN:
        at += 1
    if at >= len(tokens) or tokens[at].type != "ANCHOR" or any(kind == "CONSENT" for kind, _ in tokens[at].others):
        return start
    end = _past_parts(tokens, at + 1, text)
    return start if end < len(tokens) and tokens[end].type in _NAMED_BY_DAY else end


def _past_parts(tokens: list[Token], start: int, text: str) -> int:
    """Where parentheses end that only name a part of the trial."""
    said = _FOR_WHICH.match(text, tokens[start].start) if start < len(tokens) else None
    if said is None:
        return start
    return next((i for i in range(start, len(tokens)) if tokens[i].start >= said.end()), len(tokens))
