"""TNM stages as tokens: "cT2-4N0M0", "stage T3-4, N0", "any T, N2-3"."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise
from typing import Final

from eligibility.knowledge.tnm import PATTERN
from eligibility.reading.lexing.tokens import Token

__all__ = ["stages_again", "tumour_stages"]


def tumour_stages(tokens: list[Token], text: str) -> list[Token]:
    """The tokens, with each TNM stage as one."""
    if "T" not in text or _LOOK.search(text) is None:
        return tokens
    stages = [stage for chain in _chains(text) if not _elliptic(chain, text) for stage in chain]
    found: list[Token] = []
    index = 0
    for start, end in [(stage.start(), stage.end()) for stage in stages]:
        while index < len(tokens) and tokens[index].end <= start:
            found.append(tokens[index])
            index += 1
        if index == len(tokens) or tokens[index].start < start:
            continue
        behind = index
        while behind < len(tokens) and tokens[behind].start < end:
            behind += 1
        if behind == index or tokens[behind - 1].end > end:
            continue
        found.append(Token("TNM", " ".join(text[start:end].split()), start, end))
        index = behind
    return found + tokens[index:]


def stages_again(tokens: list[Token]) -> list[Token]:
    """The tokens, with the word "stage" before a number that stands for one behind a parenthesis: "stage IIIB
    (inoperable) or IV lung cancer"."""
    kinds = [token.type for token in tokens]
    if "STAGE" not in kinds or "RPAR" not in kinds:
        return tokens
    found: list[Token] = []
    staged = opened = False
    for index, token in enumerate(tokens):
        before = kinds[index - 1] if index else ""
        if token.type == "LPAR":
            opened = before in _STAGE_NAMES and kinds[index - 2] in ("STAGE", "SLASH", "OR", "COMMA")
        elif token.type == "RPAR":
            staged, opened = opened, False
        elif token.type in _STAGE_NAMES and staged and before in ("OR", "AND", "COMMA", "ANDOR"):
            found.append(Token("STAGE", "stage", token.start, token.start))
            staged = False
        elif token.type not in ("OR", "AND", "COMMA", "ANDOR"):
            staged = False
        found.append(token)
    return found


_STAGE_NAMES: Final = frozenset(("ROMAN", "STAGE_NAME"))
_LOOK: Final = re.compile(r"T(?:[0-4]|is|[xX]|a\b|\s?any)|[Aa]ny\s?T\b")
_CALLED: Final = re.compile(r"\bstages?\s*(?::|of|is|=)?\s*$", re.IGNORECASE)
_BETWEEN: Final = re.compile(r"\s*(?:,|/|;)?\s*(?:(?:or|and|and/or)\s+)?(?:stages?\s+)?", re.IGNORECASE)
_OTHER_NODES: Final = re.compile(r"[\s,]*(?:or|and|and/or|/|-)\s*[cp]?N(?:[0-3xX+]|any)")
_OF_A_TUMOR: Final = re.compile(  # "T2 tumors", "T1-T3 rectal cancer"; a lesion is T2 in an image, too
    r"\s+(?:[a-z]+\s+)?(?:tumou?rs?|cancers?|(?:adeno)?carcinomas?)\b|\s+diseases?\b", re.IGNORECASE
)
_PREFIXED: Final = re.compile(r"y?[cp]T[0-4]")
_BEFORE_STAGE: Final = re.compile(
    r"\b(?:tumou?rs?|cancers?|[a-z]*carcinomas?|[a-z]*(?:sarc|lymph|melan|gli|mesotheli)omas?|neoplasms?)"
    r"(?:\s+of\s+(?:the\s+)?[a-z]+)?\s*[(\[]\s*$",
    re.IGNORECASE,
)
_OF_ITSELF: Final = "T4d"  # of an inflammatory carcinoma, whose stage it is
_SUPERFICIAL: Final = re.compile(  # whose stages are Ta, Tis and T1
    r"\b(?:superficial|non-?\s?(?:muscle[- ])?invasive)\b[^.;()\[\]]*[(\[]\s*$", re.IGNORECASE
)
_STAGE_ENDS: Final = re.compile(r"\s*[)\],;/]|\s+(?:or|and)\b")


def _is_behind_tumor(text: str, stage: re.Match[str]) -> bool:
    """Whether it is what a parenthesis behind a tumour begins with: "prostate cancer (T1-T3)"."""
    if stage.group() == _OF_ITSELF or _SUPERFICIAL.search(text, 0, stage.start()):
        return False
    return _BEFORE_STAGE.search(text, 0, stage.start()) is not None and bool(_STAGE_ENDS.match(text, stage.end()))


def _chains(text: str) -> list[list[re.Match[str]]]:
    """The stages that stand side by side; a "T4" that nothing tells from a thyroid hormone is none."""
    chains: list[list[re.Match[str]]] = []
    sure: list[bool] = []
    for stage in PATTERN.finditer(text):
        last = chains[-1][-1] if chains else None
        told = stage["N"] or stage["M"] or _PREFIXED.match(stage.group()) or _OF_A_TUMOR.match(text, stage.end())
        told = told or _CALLED.search(text, 0, stage.start()) or _is_behind_tumor(text, stage)
        if last is not None and _BETWEEN.fullmatch(text, last.end(), stage.start()) is not None:
            chains[-1].append(stage)
            sure[-1] = sure[-1] or bool(told)
        else:
            chains.append([stage])
            sure.append(bool(told))
    return [chain for chain, told in zip(chains, sure, strict=True) if told]


def _elliptic(chain: Sequence[re.Match[str]], text: str) -> bool:
    """Whether what is said of the nodes is not all, or may be said of another tumour, too: "T1 and T2N0"."""
    return _OTHER_NODES.match(text, chain[-1].end()) is not None or any(
        not one["N"] and other["N"] for one, other in pairwise(chain)
    )
