"""What must have ended some time before: "must have stopped these drugs for at least 4 weeks prior to enrollment"."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from eligibility.reading.lexing.tokens import Token

__all__ = ["washed_out"]

_ENDED: Final = frozenset("completed discontinued stopped finished ceased ended terminated withheld withdrawn".split())
_GIVEN: Final = frozenset("given taken used administered received performed".split())
_SILENT: Final = frozenset(("IS", "FILLER"))
_SIGNS: Final = frozenset("GE GT LE LT EQ".split())
_OF_THE_SAME: Final = re.compile(  # what is meant has been named before
    r"\s+(?:(?:(?:the\s+use\s+of|use\s+of|taking|using|all|any)\s+)*(?:it|them"
    r"|(?:this|these|those|such|that|the)(?:\s+(?:agents?|medications?|medicines?|drugs?|treatments?|therap(?:y|ies)))?)\s+)?"
    r"(?:for\s+)?$",
    re.IGNORECASE,
)


def washed_out(tokens: list[Token], text: str) -> list[Token]:
    """The tokens, with each verb of which a requirement says how long before something it must have been as one that
    says no more than when."""
    if not any(token.type in ("MUST", "MUST_NOT") for token in tokens):
        return tokens
    found: list[Token] = []
    asked = ""
    index = 0
    while index < len(tokens):
        token = tokens[index]
        verb = text[token.start : token.end].lower()
        start = _length(tokens, index + 1) if asked == "MUST" and verb in _ENDED else 0
        if start and _OF_THE_SAME.match(text, token.end, tokens[start].start):
            found.append(Token("ENDED", verb, token.start, token.end))
            index = start
            continue
        if asked == "MUST_NOT" and verb in _GIVEN and index + 1 < len(tokens) and tokens[index + 1].type == "WITHIN":
            index += 1  # "should not be given within 7 days before the first dose"
            continue
        if token.type not in _SILENT:
            asked = token.type
        found.append(token)
        index += 1
    return found


def _length(tokens: Sequence[Token], start: int) -> int:
    """Where a length of time before something begins, behind a few words; 0 where none does."""
    number = next((i for i in range(start, min(start + _MOST_WORDS, len(tokens))) if tokens[i].type == "NUMBER"), 0)
    if not number or [t.type for t in tokens[number + 1 : number + 3]] != ["TIMEUNIT", "BEFORE"]:
        return 0
    return number - (number > start and tokens[number - 1].type in _SIGNS)


_MOST_WORDS: Final = 6
