"""Words that say once more what stands before them: "prohibited medications or treatments", "65 years of old"."""

from __future__ import annotations

from typing import Final

from eligibility.knowledge.vocabulary import ANY_DRUG, Entry, vocabulary
from eligibility.knowledge.words import phrase
from eligibility.reading.lexing.tokens import Token, kind_at

__all__ = ["said_twice"]


def said_twice(tokens: list[Token], text: str) -> list[Token]:
    """The tokens without words that say what the one before them says."""
    found: list[Token] = []
    index, mended = 0, False
    while index < len(tokens):
        token = tokens[index]
        last = found[-1] if found else None
        if token.type in _JOINTS and last is not None and _says_the_same(last, tokens, index + 1, text):
            found[-1] = Token(last.type, last.value, last.start, tokens[index + 1].end, last.others)
            index += 2
            continue
        if token.type == "WHICHEVER_LONGER" and _since_each(found, tokens, index + 1):
            found = found[:-1] if last is not None and last.type == "COMMA" else found
            index += 1  # "4 weeks since A or B, whichever is later": since either
            continue
        if token.type == "OF" and last is not None and _misspelt(last, tokens, index + 1):
            token, mended = Token("OR", "or", token.start, token.end), True
        if last is not None and _is_idle(last, token, tokens, index + 1):
            index += 1
            continue
        found.append(token)
        index += 1
    return found if mended or len(found) < len(tokens) else tokens


def _says_the_same(first: Token, tokens: list[Token], at: int, text: str) -> bool:
    """Whether a word for what is given, or for a study, has the same name with what stands before the first."""
    if at >= len(tokens) or kind_at(tokens, at + 1) in _GOES_ON:
        return False
    second = phrase(text[tokens[at].start : tokens[at].end])
    if first.said == "condition":  # of either the same is judged
        return second in _GIVEN and kind_at(tokens, at + 1) == "JUDGED"
    if first.said in _STUDIES:
        return second in _STUDIES and tokens[at].start > first.end
    entry = first.value
    if second not in _GIVEN or not isinstance(entry, Entry) or first.type != "TREATMENT" or entry.name == ANY_DRUG:
        return False
    led, _, last = phrase(text[first.start : first.end]).rpartition(" ")
    return last in _GIVEN and bool(led) and vocabulary().find(f"{led} {second}", "treatment") == entry


def _since_each(before: list[Token], tokens: list[Token], behind: int) -> bool:
    """Whether so long must have passed since each of several things, and nothing follows."""
    since = next((i for i, token in enumerate(before) if token.type == "SINCE"), None)
    if since is None or kind_at(tokens, behind) not in ("", "DOT", "SEMI"):
        return False
    least = any(token.type in ("GE", "GT") for token in before[:since])
    return least and all(token.type in _NAMED_SINCE for token in before[since + 1 :])


def _misspelt(before: Token, tokens: list[Token], behind: int) -> bool:
    """Whether "of" stands where only "or" can: "pregnant of breastfeeding women"."""
    return before.type == "PREGNANT" and kind_at(tokens, behind) == "BREASTFEEDING"


def _is_idle(before: Token, token: Token, tokens: list[Token], behind: int) -> bool:
    """Whether it is no more than a slip between a number of years and "old", the visit that a day is, or the word for
    the range of what is measured behind a colon."""
    if token.said == "range":
        return before.type in ("ANALYTE", "AGE") and kind_at(tokens, behind) == "COLON"
    if token.type == "OF":
        return before.type == "TIMEUNIT" and kind_at(tokens, behind) == "AGE_UNIT_TAIL"
    return token.said == "visit" and before.type == "ANCHOR" and kind_at(tokens, behind) not in _NUMBERED


_NAMED_SINCE: Final = frozenset("TREATMENT TAIL QUALIFIER PRIOR LAST COMMA OR AND FILLER CONDITION".split())
_JOINTS: Final = frozenset(("OR", "AND", "ANDOR", "SLASH"))
_GIVEN: Final = frozenset("drug medication medicine agent treatment therapy product compound".split())
_STUDIES: Final = frozenset("investigation trial study".split())
_GOES_ON: Final = frozenset("WORD TREATMENT CONDITION ANALYTE QUALIFIER OF FOR WITH TO IS THAT KNOWN SITE".split())
"""What a second name may go on with that is not said of the first."""
_NUMBERED: Final = frozenset(("NUMBER", "ROMAN", "WORD"))
