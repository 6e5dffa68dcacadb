"""TNM: how far a tumour has grown, which nodes and whether distant sites have it, as ranges.

"cT2-4N0M0" is a tumour from T2 to T4d, no nodes and no metastases. The letter behind a number parts it ("T2c"); a
number alone is all of its parts. Source: UICC TNM Classification of Malignant Tumours, 8th edition (2017).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, TypeAlias

__all__ = ["PATTERN", "Tnm", "holds", "tnm", "together"]

_Range: TypeAlias = tuple[int, int]

_PREFIX: Final = r"(?:yc|yp|c|p|r)?"
_TO: Final = r"\s?(?:-|–|/|to)\s?"


def _part(letter: str, one: str, every: str) -> str:
    apart = "" if letter == "T" else r"\s?"
    several = rf"{_PREFIX}{letter}{apart}{one}(?:{_TO}{_PREFIX}{letter}?{one})?"
    return rf"(?P<{letter}>(?:{every})|{several})"


_T: Final = _part("T", r"(?:is|a|[xX]|[0-4][a-d]?)", rf"[Aa]ny\s?T|{_PREFIX}T\s?any")
_N: Final = _part("N", r"(?:[xX]|[0-3][a-c]?)", rf"[Aa]ny\s?N|{_PREFIX}N\s?any|{_PREFIX}N\s?\+")
_M: Final = _part("M", r"(?:[xX]|[01][a-d]?)", rf"[Aa]ny\s?M|{_PREFIX}M\s?any")
_JOINT: Final = r"\s*[,/-]?\s*(?:and\s+)?"

PATTERN: Final = re.compile(rf"(?<![\w+]){_T}(?:{_JOINT}{_N})?(?:{_JOINT}{_M})?(?![\w+])")
"""A tumour with its nodes and metastases, as far as they are said."""

_ANY: Final = (0, 99)
_STEPS: Final = 10  # a number has room for nine parts
_EARLY: Final = {"a": 3, "is": 5}  # before T1
_LETTERS: Final = re.compile(rf"{_PREFIX}[TNM]")
_ONE: Final = re.compile(r"(is|a|[xX]|[0-4])([a-d]?)")


_ALONE: Final = tuple(re.compile(part) for part in (_T, _N, _M))


def together(texts: Iterable[str]) -> str:
    """What is said of tumour, nodes and metastases each by itself, "cT3", "N1", as one; empty where too little is."""
    said = [text.strip() for text in texts]
    found = [next((text for text in said if part.fullmatch(text)), "") for part in _ALONE]
    return " ".join(filter(None, found)) if found[0] and any(found[1:]) else ""


@dataclass(frozen=True, slots=True)
class Tnm:
    """The ranges of the three; ``None`` for what is not said. ``prefix``: "c" (clinical), "p" (pathological)."""

    prefix: str
    tumour: _Range | None
    nodes: _Range | None
    metastases: _Range | None


@lru_cache(maxsize=4096)
def tnm(text: str) -> Tnm | None:
    """The first that stands in a text."""
    match = PATTERN.search(text)
    if match is None:
        return None
    prefix = re.match(_PREFIX, match.group())
    ranges = [_range(match[letter]) if match[letter] else None for letter in "TNM"]
    return Tnm(prefix[0] if prefix else "", *ranges)


def _range(said: str) -> _Range | None:
    if "any" in said.lower():
        return _ANY
    if "+" in said:
        return (_STEPS, _ANY[1])
    ends = [_one(number, part) for number, part in _ONE.findall(_LETTERS.sub("", said))]
    known = [each for each in ends if each is not None]
    return (known[0][0], known[-1][1]) if known and known[0][0] <= known[-1][1] else None


def _one(number: str, part: str) -> _Range | None:
    """All that a number, or a part of it, stands for; ``None`` for what was not assessed."""
    if number in "xX":
        return None
    if number in _EARLY:
        return (_EARLY[number], _EARLY[number])
    low = int(number) * _STEPS
    if part:
        low += "abcd".index(part) + 1
        return (low, low)
    return (low, low + _STEPS - 1) if low else (0, 0)


def holds(wanted: Tnm, given: Tnm) -> bool | None:
    """Whether what is given lies within what is wanted; ``None`` where that cannot be told."""
    if wanted.prefix and given.prefix and wanted.prefix != given.prefix:
        return None
    pairs = (
        (wanted.tumour, given.tumour),
        (wanted.nodes, given.nodes),
        (wanted.metastases, given.metastases),
    )
    found = [_within(asked, said) for asked, said in pairs if asked is not None and asked != _ANY]
    if False in found:
        return False
    return None if None in found else True


def _within(asked: _Range, said: _Range | None) -> bool | None:
    if said is None:
        return None
    if asked[0] <= said[0] and said[1] <= asked[1]:
        return True
    return None if asked[0] <= said[1] and said[0] <= asked[1] else False
