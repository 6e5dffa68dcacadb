"""That the result of a test is known, whatever it is: "hormone receptor status known", "known HER2 status"."""

from __future__ import annotations

import re
from typing import Final

from eligibility.knowledge.vocabulary import Entry, vocabulary
from eligibility.reading.composing.terms import StatementRead
from eligibility.reading.drafts import Draft, all_of, negated
from eligibility.reading.lexing.tokens import JOINTS, Token
from eligibility.reading.patterns import in_small_letters
from eligibility.rules import Concept, Finding

__all__ = ["statuses_known"]

_STATUS: Final = re.compile(r"\bstatus(?:es)?$", re.IGNORECASE)
_OF_TUMOR: Final = re.compile(
    r"\s+(?:of|from|in|on)\s+(?:the\s+)?(?:primary\s+|invasive\s+|original\s+)?(?:tumou?rs?|cancer|lesion|disease)\b(?!\s+(?:tissue|site))",
    re.IGNORECASE,
)
_BY: Final = re.compile(r"\s+(?:by|using|with|via|through|per|according)\b", re.IGNORECASE)
_VERBS: Final = frozenset("IS MUST COLON".split())
_ESTABLISHED: Final = frozenset("known documented determined available established assessed tested".split())


def statuses_known(tokens: list[Token], text: str, *, exclusion: bool) -> list[Token]:
    """The tokens with each such clause as one; under Exclusion only what says that a result is not known."""
    if "status" not in in_small_letters(text):
        return tokens
    found: list[Token] = []
    index = 0
    while index < len(tokens):
        read = _clause(tokens, index, text, exclusion=exclusion)
        if read is None:
            found.append(tokens[index])
            index += 1
            continue
        fact, index = read
        found.append(fact)
        while index < len(tokens) and tokens[index].end <= fact.end:
            index += 1
    return found


def _clause(tokens: list[Token], index: int, text: str, *, exclusion: bool) -> tuple[Token, int] | None:
    """The clause that begins at this token, and where it ends."""
    unknown = text[tokens[index].start : tokens[index].end].lower() == "unknown"
    led = unknown or tokens[index].type == "KNOWN"
    entries, at = _tests(tokens, index + led, text) if unknown or not exclusion else ([], index)
    if not entries or _STATUS.search(text, tokens[index + led].start, tokens[at - 1].end) is None:
        return None
    if not led:
        while at < len(tokens) and tokens[at].type in _VERBS:
            at += 1
        if at == len(tokens) or text[tokens[at].start : tokens[at].end].lower() not in _ESTABLISHED:
            return None
        at += 1
        if _BY.match(text, tokens[at - 1].end):
            return None
    elif [token.type for token in tokens[at : at + 1]] == ["LPAR"]:
        inside, closing = _tests(tokens, at + 1, text)
        if inside and [token.type for token in tokens[closing : closing + 1]] == ["RPAR"]:
            entries, at = inside, closing + 1
    start, end = tokens[index].start, tokens[at - 1].end
    if of_tumor := _OF_TUMOR.match(text, end):
        end = of_tumor.end()
    rules = [Finding(test=Concept(name=entry.name), result="known", known=True) for entry in entries]
    draft = all_of([Draft(rule, start, end) for rule in dict.fromkeys(rules)])
    return Token("FACT", StatementRead(negated(draft) if unknown else draft), start, end), at


def _tests(tokens: list[Token], index: int, text: str) -> tuple[list[Entry], int]:
    """The tests of a list that begins here, and where it ends."""
    found: list[Entry] = []
    at = end = index
    while at < len(tokens):
        entry = _test(tokens[at], text)
        if entry is None:
            break
        found.append(entry)
        at = end = at + 1
        while at < len(tokens) and tokens[at].type in JOINTS:
            at += 1
        if _STATUS.search(text, tokens[end - 1].start, tokens[end - 1].end):
            break
    return found, end


def _test(token: Token, text: str) -> Entry | None:
    if token.type == "ANALYTE" and isinstance(token.value, Entry):
        return token.value
    return vocabulary().find(text[token.start : token.end], "measurement") if token.type == "WORD" else None
