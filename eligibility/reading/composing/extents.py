"""How much there is of something that is named, in figures: "stenosis > 50 %", "haemoptysis (> 60 mL)"."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from eligibility.reading.islands import quantified
from eligibility.reading.lexer import tokenize
from eligibility.reading.patterns import DIGIT
from eligibility.reading.quantities import Bounds
from eligibility.reading.rewriting.cleaning import cleaned
from eligibility.rules import Condition, Rule, Treatment

__all__ = ["extent", "is_small_dose"]


def extent(rule: Rule, text: str, *, spared: bool = False) -> str | None:
    """How much there is of what the rule names, with its comparison in words: "more than 50 %"; None where words say
    anything else, or no more than how much there is at most, which is so where there is nothing of it.

    ``spared``: the rule is an exception, and so small a dose of a treatment may be one.
    """
    if not isinstance(rule, Condition | Treatment) or DIGIT.search(text) is None or _HOW_OFTEN.search(text):
        return None
    if rule.concept.open and _IS_MEASURED.search(rule.concept.name):
        return None
    bounds = _bounds(text)
    quantities = bounds.quantities if bounds is not None else ()
    units = {quantity.unit or "" for quantity in quantities}
    if bounds is None or len(units) != 1 or any(quantity.of != "value" for quantity in quantities):
        return None
    unit = units.pop()
    if unit not in _SIZES and not (isinstance(rule, Treatment) and _is_dose(unit)):
        return None
    if bounds.low is None and not (spared if isinstance(rule, Treatment) else unit in _LOW_IS_MORE):
        return None
    said = unit.translate(_PLAIN)
    if bounds.exact and bounds.low is not None:
        return f"of {bounds.low.value:g} {said}"
    low, high = ("at least", "more than"), ("at most", "less than")
    ends = [(bounds.low, low[not bounds.low_inclusive]), (bounds.high, high[not bounds.high_inclusive])]
    return " and ".join([f"{how} {end.value:g} {said}" for end, how in ends if end is not None])


def is_small_dose(rule: Rule, text: str) -> bool:
    """Whether words say which dose of a treatment is meant, or how much it is at most: "(1 mg)", "< 10 mg daily"."""
    if not isinstance(rule, Treatment) or extent(rule, text, spared=True) is None:
        return False
    bounds = _bounds(text)
    return bounds is not None and (bounds.exact or bounds.low is None)


@lru_cache(maxsize=1024)
def _bounds(text: str) -> Bounds | None:
    """The one limit that words are; None where they are anything else."""
    tokens = quantified(cleaned(tokenize(text)))
    if len(tokens) > 1 and tokens[0].type in _LEADS:
        tokens = tokens[1:]
    bounds = tokens[0].value if len(tokens) == 1 else None
    if not isinstance(bounds, Bounds) or bounds.members or bounds.either or bounds.choice:
        return None
    return None if bounds.second is not None or bounds.women is not None or bounds.valued else bounds


_HOW_OFTEN: Final = re.compile(r"\b(?:every|each)\b", re.IGNORECASE)  # "at least every 5 minutes"
_IS_MEASURED: Final = re.compile(  # what is a number itself, and no disease that has one
    r"\b(?:scores?|ind(?:ex|ices)|levels?|rates?|fractions?|ratios?|sizes?|volumes?|risk|values?|percentages?|titers?|concentrations?"
    r"|pressures?|thickness|diameters?|lengths?|widths?|counts?|saturations?|clearance|frequency|intensity|distances?)$"
)
_LEADS: Final = frozenset(("OF", "FOR_TIME"))
_SIZES: Final = frozenset(
    (
        "{disc areas}",
        *"um mm cm m mm2 cm2 mm3 cm3 mL L % {beats}/min Cel [degF] mm[Hg] [diop] s min kg g/d mL/d L/min".split(),
    )
)
_LOW_IS_MORE: Final = frozenset(("{beats}/min",))
"""Units in which it is the small that is found: a bradycardia of less than 50 beats a minute."""
_MASSES: Final = ("mg", "g", "ug", "U", "[IU]", "ng", "mmol")
_PER: Final = frozenset(("d", "wk", "h", "min", "kg", "m2", "mo"))
_PLAIN: Final = str.maketrans("", "", "{}[]")


def _is_dose(unit: str) -> bool:
    """Whether it is a unit of what is given: a mass, for a time or a weight, and no concentration."""
    mass, *per = unit.split("/")
    return mass in _MASSES and _PER.issuperset(per)
