"""Units as they are spelt: of quantities, and of time."""

from __future__ import annotations

import re
from bisect import bisect_left
from functools import cache, lru_cache
from typing import Final

from eligibility.compiled import source_of
from eligibility.knowledge import units, words
from eligibility.knowledge.cache import cached
from eligibility.knowledge.vocabulary import data_folder

__all__ = ["LONGEST_UNIT", "TIME_UNIT", "unit_ahead"]

_HALF_LIVES: Final = tuple(  # "5 half-lives", "5 times the elimination half-life"
    f"{times}{kind}{name}"
    for times in ("", "times ", "times the ", "times of the ", "x ", "x the ")
    for kind in ("", "elimination ", "terminal ", "terminal elimination ", "plasma ", "serum ", "drug ", "drug elimination ", "pharmacokinetic ", "effective ", "biological ", "known ")
    for name in ("half life", "half lives", "half lifes", "half life time", "halflife", "halflives")
)  # fmt: skip
_TIME_UNITS: Final = {
    "hours": ("hour", "hr", "hrs", "h"),
    "days": ("day", "d", "calendar day"),
    "weeks": ("week", "wk", "wks", "w"),
    "months": ("month", "mo", "mos", "mth", "mths", "calendar month"),
    "years": ("year", "yr", "yrs", "y", "yo", "y o", "calendar year"),
    "half-lives": (*_HALF_LIVES, "t1 2"),
}  # fmt: skip
TIME_UNIT: Final = {
    words.keys(each): unit
    for unit, spellings in _TIME_UNITS.items()
    for s in spellings
    for each in (
        s,
        f"{s} period",
        f"{s} interval",
        f"consecutive {s}",
        f"calendar {s}",
        f"full {s}",
        f"complete {s}",
        f"continuous {s}",
        f"{s} of life",
    )
}


@cache
def _unit_codes() -> tuple[dict[str, str], list[str]]:
    """Spellings of units without white space, exact and in lower case, with their codes; and alone, in their order."""

    def stripped() -> dict[str, str]:
        exact: dict[str, str] = {}
        folded: dict[str, str] = {}
        for spelling, code in units.spellings().items():
            bare = _bare(spelling)
            exact.setdefault(bare, code)
            folded.setdefault(bare.lower(), code)
        return dict(sorted({**folded, **exact}.items()))

    sources = [data_folder("rules") / "units.yaml", source_of(__name__), source_of(units.__name__)]
    codes = cached("unit-spellings", sources, stripped)
    return codes, list(codes)


_PLAINER: Final = str.maketrans(
    {
        "μ": "u",
        "µ": "u",
        "³": "3",
        "²": "2",
        "㎡": "m2",
        "㎎": "mg",
        "㎏": "kg",
        "㎖": "ml",
        "㎜": "mm",
        "㎝": "cm",
    }
)


def _bare(text: str) -> str:
    return "".join(text.split()).translate(_PLAINER)


def _is_begun(spellings: list[str], beginning: str) -> bool:
    at = bisect_left(spellings, beginning)
    return at < len(spellings) and spellings[at].startswith(beginning)


@lru_cache(maxsize=8192)
def _unit_at(ahead: str) -> tuple[str, int] | None:
    """The code of the longest unit with which this text begins, and its length."""
    codes, spellings = _unit_codes()
    found: tuple[str, int] | None = None
    bare = ""
    for end, last in enumerate(ahead, 1):
        if last.isspace():
            continue
        bare += _bare(last)
        if not _is_begun(spellings, bare) and not _is_begun(spellings, bare.lower()):
            break
        if last.isalnum() and end < len(ahead) and ahead[end].isalnum():
            continue
        code = codes.get(bare) or codes.get(bare.lower())
        if code is not None:
            found = code, end
    return found


LONGEST_UNIT: Final = 60
_PER: Final = re.compile(
    r"(?P<again>\s*\([a-zA-Zµμ]{1,5}\)(?=\s*(?:/|per\b)))|(?:^|\s+)per\s+(?:an?\s+)?", re.IGNORECASE
)
_LAST_AGAIN: Final = re.compile(r"\s*\(([a-zA-Z]{1,5})\)")


def unit_ahead(ahead: str) -> tuple[str, int] | None:
    """As :func:`_unit_at`; "per" is a slash, and the parts may be said twice: "millimole (mmol) per liter"."""
    found = _unit_at(ahead[:40])
    if "per " not in ahead.lower() and "(" not in ahead:
        return found
    short, at = "", 0
    places: list[int] = []
    for match in _PER.finditer(ahead):
        short += ahead[at : match.start()]
        places += range(at, match.start())
        at = match.end()
        if match["again"] is None:
            short += "/"
            places.append(at - 1)
    short += ahead[at:]
    places += range(at, len(ahead))
    other = _unit_at(short[:40])
    if other is None:
        return found
    end = places[other[1] - 1] + 1
    last = _LAST_AGAIN.match(ahead, end) if "(" in ahead[:end] else None
    if last and units.is_unit(last[1]) and other[0].endswith(units.unit(last[1])):
        end = last.end()  # "millimole (mmol) per liter (L)"
    return (other[0], end) if found is None or end > found[1] else found
