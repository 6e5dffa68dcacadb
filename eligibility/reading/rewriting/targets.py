"""Treatments that are named by what they are aimed at: "an agent directed against PD-L1", "drugs that target VEGF"."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from eligibility.knowledge.vocabulary import Entry, vocabulary
from eligibility.reading.lexing.tokens import JOINTS, Token, past
from eligibility.reading.patterns import in_small_letters

__all__ = ["aimed"]


def aimed(tokens: list[Token], text: str) -> list[Token]:
    """The tokens, with a treatment and what it is aimed at as the class that has such a name."""
    low = in_small_letters(text)
    if not any(word in low for word in _AIMED):
        return tokens
    found: list[Token] = []
    index = 0
    while index < len(tokens):
        token = tokens[index]
        at = _behind_aim(tokens, index, text) if _is_general(token, text) else 0
        named = _aimed_at(token, tokens, at, text) if at else None
        if named is None:
            found.append(token)
            index += 1
            continue
        entry, index = named
        found.append(Token("TREATMENT", entry, token.start, tokens[index - 1].end))
        while (joint := past(tokens, index, *JOINTS)) > index and (more := _aimed_at(token, tokens, joint, text)):
            found += tokens[index:joint]
            entry, index = more
            found.append(Token("TREATMENT", entry, tokens[joint].start, tokens[index - 1].end))
    return found


def _is_general(token: Token, text: str) -> bool:
    """Whether it names a treatment that may be aimed at anything."""
    if token.type == "TREATMENT" and isinstance(token.value, Entry):
        return token.value.facts.get("type") in ("class", "cell therapy") and not token.value.facts.get("going_on")
    return token.type in ("WORD", "WEAK_ANCHOR") and text[token.start : token.end].lower() in _GENERAL


def _behind_aim(tokens: list[Token], index: int, text: str) -> int:
    """Where what a treatment is aimed at begins; 0 where it is not said to be aimed at anything."""
    at = index + 1
    if at >= len(tokens):
        return 0
    said = _AIM.match(text, tokens[index].end)
    if said is None:
        return 0
    return next((i for i in range(at, min(at + _MOST_WORDS, len(tokens))) if tokens[i].start >= said.end()), 0)


def _aimed_at(head: Token, tokens: list[Token], at: int, text: str) -> tuple[Entry, int] | None:
    """The class of the drugs that are aimed at what stands here, and where that ends."""
    for end in range(min(at + _MOST_WORDS, len(tokens)), at, -1):
        if tokens[end - 1].type in _BETWEEN:
            continue
        target = text[tokens[at].start : tokens[end - 1].end]
        entry = _class_of(target, head.value.name if isinstance(head.value, Entry) else "")
        if entry is not None:
            behind = end < len(tokens) and tokens[end].said in ("pathway", "pathways", "axis", "receptor", "receptors")
            return entry, end + behind
    return None


@lru_cache(maxsize=4096)
def _class_of(target: str, head: str) -> Entry | None:
    """The class that is named by a target: "anti-PD-1", "CD19 CAR-T cell therapy"."""
    own = [f"{target} {head}", f"anti-{target} {head}"] if head else []
    for name in (*own, *([template.format(target) for template in _NAMES] if head not in _NARROW else [])):
        entry = vocabulary().find(name, "treatment")
        if entry is not None and entry.facts.get("type") in ("class", "cell therapy"):
            return entry
    return None


_NAMES: Final = ("{}-targeted therapy", "{}-directed therapy", "{} inhibitor", "anti-{}", "anti-{} antibody")
_NARROW: Final = ("CAR-T cell therapy", "antibody-drug conjugate", "bispecific antibody", "vaccine", "cancer vaccine")
_GENERAL: Final = frozenset(
    "agent agents therapy therapies treatment treatments antibody antibodies inhibitor inhibitors compound compounds "
    "product products".split()
)
_AIMED: Final = ("target", "directed", "against", "inhibit", "block", "antagoni")
_AIM: Final = re.compile(
    r"\s+(?:(?:that|which)\s+(?:(?:is|are)\s+)?|specifically\s+)*"
    r"(?:targeting|targeted\s+(?:to|at|against|towards?|for)(?:\s+(?:reducing|blocking|inhibiting))?|targets?"
    r"|directed\s+(?:to|at|against|towards?)|against"
    r"|(?:that|which)\s+(?:inhibits?|blocks?|antagoni[sz]es?)|(?:inhibiting|blocking|antagoni[sz]ing))\s+(?:the\s+|an?\s+)?",
    re.IGNORECASE,
)
_BETWEEN: Final = JOINTS | {"LPAR", "RPAR", "DOT", "SEMI", "COLON"}
_MOST_WORDS: Final = 10
