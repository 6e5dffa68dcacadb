"""What images are to show of how a disease goes: only who has compared them can say it."""

from __future__ import annotations

import re
from typing import Final

from eligibility.reading.lexing.tokens import Token
from eligibility.reading.stating.facts import as_fact, placed
from eligibility.rules import Statement

__all__ = ["imaged_findings"]

_IMAGED: Final = re.compile(
    r"(?:(?:follow[- ]?up|post-?\s?treatment|post-?\s?therapy|repeat(?:ed)?|subsequent|recent|latest|baseline|screening"
    r"|restaging|serial|brain|cranial|spinal|CNS|central\s+nervous\s+system(?:\s+\(CNS\))?|radiographic"
    r"|contrast[- ]enhanced)\s+){0,4}"
    r"(?:neuro)?(?:imaging|MRI|CT|scans?|MRI\s+or\s+CT|CT\s+or\s+MRI)(?:\s+(?:scans?|studies|study|of\s+the\s+brain))?"
    r"(?:\s+(?:\([A-Z]{2,5}\)|[\w-]+)(?:-\w+)?){0,12}?\s+"
    r"(?:must\s+)?(?:shows?|demonstrates?|reveals?|confirms?)\s+"
    r"(?:(?:no|stable|stability|absence|lack)\b"
    r"(?:\s+(?:new|of|the|evidence|signs?|radiographic|radiologic(?:al)?|clinical|interim|further|disease|tumou?r"
    r"|intracranial|or)\b){0,6}\s+)"
    r"(?:progression|progressive\s+disease|disease|recurrence|metastases|lesions)"
    r"(?:\s+or\s+(?:recurrence|progression|ha?emorrhage))?"
    r"(?:\s+(?:within|in|for|over)\s+(?:[\w-]+\s*){1,10})?(?=\s*(?:[.,;)\n]|$))",
    re.IGNORECASE,
)


def imaged_findings(tokens: list[Token], text: str) -> list[Token]:
    """What images are to show of how a disease goes: "follow-up imaging shows no evidence of progression"."""
    if not any(token.said.startswith(_SHOWS) for token in tokens):
        return list(tokens)
    found: list[Token] = []
    index = 0
    while index < len(tokens):
        token = tokens[index]
        fresh = not found or found[-1].type in _BEFORE_IMAGING
        read = _IMAGED.match(text, token.start) if fresh else None
        if read is None:
            found.append(token)
            index += 1
            continue
        found.append(as_fact(placed(Statement(text=read[0], topic="circumstance"), token.start, read.end())))
        index = next((i for i in range(index, len(tokens)) if tokens[i].start >= read.end()), len(tokens))
    return found


_SHOWS: Final = ("show", "demonstrate", "reveal", "confirm")
_BEFORE_IMAGING: Final = frozenset("IF COLON SEMI DOT AND COMMA FILLER LPAR MUST ONLY_IF".split())
