"""Units: how protocols and laboratories spell them, their UCUM codes, and conversion between them.

The definitions are those of ``rules/units.yaml``. pint works out from them what each atom is in base units; that table
is kept on disk, so that pint is imported only after a definition has changed. Conversion itself is exact: factors are
fractions, and a float takes part with the decimal number that it is written as, so that ``convert(1.1, "g/dL", "g/L")``
is 11, not 11.000000000000002.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cache, lru_cache
from types import MappingProxyType
from typing import Any, Final

from eligibility.compiled import source_of
from eligibility.errors import KnowledgeError, UnitError
from eligibility.knowledge.cache import cached
from eligibility.knowledge.vocabulary import data_folder, load_yaml

__all__ = [
    "SUPERSCRIPTS",
    "Equivalence",
    "convert",
    "convertible",
    "equivalences",
    "is_unit",
    "match",
    "product",
    "spellings",
    "unit",
]


@dataclass(frozen=True, slots=True)
class Equivalence:
    """For one analyte: ``value`` of the unit ``a`` is ``value * factor + offset`` of the unit ``b``.

    ``decimals``: with how many of them values of ``a`` and of ``b`` are reported, where the one is looked up from the
    other: 53 mmol/mol of HbA1c is 7.0 %.
    """

    a: str
    b: str
    factor: float
    offset: float = 0.0
    decimals: tuple[int, int] | None = None


def equivalences(facts: Mapping[str, Any]) -> list[Equivalence]:
    """Those that an entry of the vocabulary gives among its facts."""
    return [
        Equivalence(
            one["a"],
            one["b"],
            float(one["factor"]),
            float(one.get("offset", 0.0)),
            (one["decimals"][0], one["decimals"][1]) if "decimals" in one else None,
        )
        for one in facts.get("equivalents") or ()
    ]


# ---------------------------------------------------------------------------------------------------------------------
# Names


def unit(text: str) -> str:
    """The UCUM code of a unit as somebody wrote it; the empty string for a bare number.

    Raises :class:`~eligibility.errors.UnitError`, which names the nearest known unit.
    """
    code = _code(text)
    if code is None and text.strip() in _ALONE:
        return _ALONE[text.strip()]
    if code is None:
        near = difflib.get_close_matches(_plain(text), _written(), n=1, cutoff=0.5)
        hint = f"; did you mean {_written()[near[0]]}?" if near else ""
        raise UnitError(f"the unit {text.strip()!r} is not known{hint}")
    return code


_ALONE: Final = {"in": "[in_i]"}  # in running text it is a word


def is_unit(text: str) -> bool:
    """Whether :func:`unit` knows it."""
    return _code(text) is not None


@cache
def spellings() -> Mapping[str, str]:
    """Every usual spelling of the units that protocols use, with its code.

    A key is in lower case unless its case is what tells it from another unit ("mM", "mm"): look up a text as it is
    written first, then in lower case. Spaces around a slash are left out of the keys.
    """
    found: dict[str, str] = {}
    for text, code in _tables().spellings.items():
        if text:
            found[text] = code
    return MappingProxyType(found)


def match(text: str, start: int = 0) -> tuple[int, str] | None:
    """The longest unit that stands in ``text`` at ``start``: where it ends, and its code."""
    ends = [start + found.end() for found in _BOUNDARY.finditer(text[start : start + 64])]
    for end in reversed(ends):
        if text[start:end].strip() and text[end - 1] not in " ,;:" and (code := _code(text[start:end])):
            return end, code
    return None


_BOUNDARY: Final = re.compile(r"(?<=[\w%°³²⁹⁶℃℉)\]}])(?![\w^³²⁹⁶])")
SUPERSCRIPTS: Final = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")
"""The digits of exponents, for ``str.translate``."""


@lru_cache(maxsize=4096)
def _plain(text: str) -> str:
    """A spelling without what makes no difference.

    1. micro signs and multiplication signs are one          ``µg``, ``×`` >> ``ug``, ``x``
    2. exponents are written with ``^``                       ``10⁹``, ``10*9`` >> ``10^9``
    3. "per" and "daily" are a slash                          ``mg per day``, ``mg daily`` >> ``mg/day``
    4. no spaces around slashes, single spaces elsewhere
    """
    text = text.strip().replace("µ", "u").replace("μ", "u").replace("×", "x").replace("−", "-").replace("∕", "/")
    text = re.sub(r"[⁰¹²³⁴⁵⁶⁷⁸⁹]+", lambda found: "^" + found.group().translate(SUPERSCRIPTS), text)
    text = text.replace("^^", "^").replace("\\^", "^").replace("\\", "/")
    text = re.sub(r"(?i)\b10\s*(?:\*\*|\*|\^|exp|e\+?)\s*\(?0?(\d\d?)\)?(?!\d)|\b10\((\d\d?)\)", r"10^\1\2", text)
    text = re.sub(r"(?<=[a-z])(?:\*\*|\*)(?=\d)", "^", text)
    text = re.sub(r"(?i)\s*\bper\b\s*(?!cent\b)", "/", text)
    text = re.sub(r"\s+", " ", re.sub(r"\s*/\s*", "/", text))
    text = re.sub(r"^\(|\)$", "", text) if text.startswith("(") and text.endswith(")") else text
    return text.removesuffix(".").strip()


@lru_cache(maxsize=4096)
def _code(text: str) -> str | None:
    plain = _plain(text)
    if not plain or plain == "1":
        return ""
    tables = _tables()
    for spelling in (plain, plain.lower()):
        if (known := tables.spellings.get(spelling)) is not None:
            return known
    if plain in tables.codes:
        return plain
    parts: list[str] = []
    for number, part in enumerate(plain.split("/")):
        atom = _atom(part, count=number == 0)
        if atom is None or (not atom and number):
            return None
        parts.append(atom)
    return "/".join(parts)


def _atom(part: str, *, count: bool) -> str | None:
    """The code of one part of a unit; ``count`` if it may be a number of things ("10^3 cells")."""
    tables = _tables()
    part = part.strip()
    if count:
        part = re.sub(r"^x ?(?=10|k\b|thou|mill)", "", part, flags=re.IGNORECASE)
        part = re.sub(r"^(?:cells|cell|platelets|neutrophils|leukocytes) ?x ?(?=10)", "", part, flags=re.IGNORECASE)
        part = re.sub(r"(?<=\d) (?:cells|cell|platelets|neutrophils|leukocytes)$", "", part, flags=re.IGNORECASE)
    if part in tables.scale:
        return part
    for spelling in (part, part.lower()):
        if (known := tables.atoms.get(spelling)) is not None:
            return known
    return None


# ---------------------------------------------------------------------------------------------------------------------
# Numbers


def convert(
    value: float,
    from_unit: str,
    to_unit: str,
    molar_mass: float | None = None,
    valence: int | None = None,
    equivalents: Iterable[Equivalence] = (),
) -> float:
    """The value in another unit.

    ``molar_mass`` (g/mol) joins mass and amount of substance, ``valence`` joins amount of substance and equivalents;
    ``equivalents`` hold for the analyte at hand and outrank the units' own definitions where both name the two units
    (HbA1c: % of NGSP and mmol/mol of IFCC).

    Raises :class:`~eligibility.errors.UnitError` for an unknown unit, and for units of different kinds.
    """
    a, b = unit(from_unit), unit(to_unit)
    if a == b:
        return value
    exact = Fraction(repr(value)) if isinstance(value, float) else Fraction(value)
    known = tuple(equivalents)
    for rule in known:
        if (unit(rule.a), unit(rule.b)) == (a, b):
            return _reported(exact * _fraction(rule.factor) + _fraction(rule.offset), rule.decimals, 1)
        if (unit(rule.b), unit(rule.a)) == (a, b):
            return _reported((exact - _fraction(rule.offset)) / _fraction(rule.factor), rule.decimals, 0)
    direct = _line(a, b, molar_mass, valence)
    if direct is not None:
        return float(exact * direct[0] + direct[1])
    for rule in known:
        for first, second, factor, offset in (
            (rule.a, rule.b, _fraction(rule.factor), _fraction(rule.offset)),
            (rule.b, rule.a, 1 / _fraction(rule.factor), -_fraction(rule.offset) / _fraction(rule.factor)),
        ):
            there, back = _line(a, unit(first), molar_mass, valence), _line(unit(second), b, molar_mass, valence)
            if there is not None and back is not None:
                inner = (exact * there[0] + there[1]) * factor + offset
                return float(inner * back[0] + back[1])
    raise UnitError(f"{a or 'a bare number'} cannot be converted to {b or 'a bare number'}{_why(a, b)}")


def convertible(
    from_unit: str,
    to_unit: str,
    molar_mass: float | None = None,
    valence: int | None = None,
    equivalents: Iterable[Equivalence] = (),
) -> bool:
    """Whether :func:`convert` can."""
    try:
        convert(1.0, from_unit, to_unit, molar_mass, valence, equivalents)
    except UnitError:
        return False
    return True


def product(factor: float, value: float) -> float:
    """``factor * value`` as decimal numbers: 3 x 1.1 is 3.3, not 3.3000000000000003."""
    return float(_fraction(factor) * _fraction(value))


def _reported(value: Fraction, decimals: tuple[int, int] | None, which: int) -> float:
    """The value as a laboratory reports it."""
    return float(value if decimals is None else round(value, decimals[which]))


def _fraction(value: float) -> Fraction:
    return Fraction(repr(value)) if isinstance(value, float) else Fraction(value)


def _why(a: str, b: str) -> str:
    left, right = _dimension(a)[0], _dimension(b)[0]
    if {*left, *right} >= {"mass", "substance"}:
        return " without the molar mass of the analyte"
    if {*left, *right} >= {"equivalents", "substance"}:
        return " without the valence of the analyte"
    return ": they measure different things"


@lru_cache(maxsize=4096)
def _line(a: str, b: str, molar_mass: float | None, valence: int | None) -> tuple[Fraction, Fraction] | None:
    """Factor and offset from ``a`` to ``b``; both codes."""
    if a == b:
        return Fraction(1), Fraction(0)
    left, scale_a, offset_a = _dimension(a)
    right, scale_b, offset_b = _dimension(b)
    extra = Fraction(1)
    if left != right:
        # both in moles, then compare
        left, right = dict(left), dict(right)
        for dimensions, power in ((left, 1), (right, -1)):
            if molar_mass is not None and (mass := dimensions.pop("mass", 0)):
                dimensions["substance"] = dimensions.get("substance", 0) + mass
                extra /= _fraction(molar_mass) ** (mass * power)
            if valence is not None and (equivalents := dimensions.pop("equivalents", 0)):
                dimensions["substance"] = dimensions.get("substance", 0) + equivalents
                extra /= Fraction(valence) ** (equivalents * power)
        if _without_zeros(left) != _without_zeros(right):
            return None
    return scale_a * extra / scale_b, (offset_a - offset_b) / scale_b


def _without_zeros(dimensions: Mapping[str, int]) -> dict[str, int]:
    return {name: power for name, power in dimensions.items() if power}


@lru_cache(maxsize=1024)
def _dimension(code: str) -> tuple[dict[str, int], Fraction, Fraction]:
    """Dimensions, scale and offset of a code, in base units."""
    table = _tables().scale
    if code in table:
        return table[code]
    dimensions: dict[str, int] = {}
    scale = Fraction(1)
    for number, atom in enumerate(code.split("/")):
        part, factor, offset = table[atom]
        if offset:
            raise UnitError(f"a temperature cannot be part of another unit: {code!r}")
        for name, power in part.items():
            dimensions[name] = dimensions.get(name, 0) + (-power if number else power)
        scale = scale / factor if number else scale * factor
    return _without_zeros(dimensions), scale, Fraction(0)


# ---------------------------------------------------------------------------------------------------------------------
# Tables


@dataclass(frozen=True, slots=True)
class _Tables:
    scale: dict[str, tuple[dict[str, int], Fraction, Fraction]]  # of each atom
    atoms: dict[str, str]  # spelling -> atom
    codes: frozenset[str]  # the units of rules/units.yaml
    spellings: dict[str, str]  # spelling of a whole unit -> code


@cache
def _tables() -> _Tables:
    path = data_folder("rules") / "units.yaml"

    raw = cached("units", (path, source_of(__name__)), lambda: _build(load_yaml(path)))
    scale = {
        code: (dict(dimensions), Fraction(factor), Fraction(offset))
        for code, (dimensions, factor, offset) in raw["scale"].items()
    }
    return _Tables(scale, raw["atoms"], frozenset(raw["codes"]), raw["spellings"])


@cache
def _written() -> dict[str, str]:
    return {text: code for text, code in _tables().spellings.items() if len(text) < 16}


def _build(data: dict[str, Any]) -> dict[str, Any]:
    """The tables, as plain JSON."""
    atoms: dict[str, dict[str, Any]] = data["atoms"]
    exact = {_plain(text): code for code, atom in atoms.items() for text in (code, *atom["spellings"])}
    codes: list[str] = list(data["units"])
    whole: dict[str, str] = {}
    for code in codes:
        for atom in code.split("/") if code not in atoms else ():
            if atom not in atoms:
                raise KnowledgeError(f"units.yaml: {code!r} is made of {atom!r}, which is not among the atoms")
        for text in _all_spellings(code, atoms):
            whole.setdefault(text, code)
    for code, extra in data["units"].items():
        for text in extra:
            whole[_plain(text)] = code
    for lowered, known in ((_lowered(exact), exact), (_lowered(whole), whole)):
        for text, code in lowered.items():
            known.setdefault(text, code)
    return {"scale": _scales(atoms), "atoms": exact, "codes": codes, "spellings": whole}


def _all_spellings(code: str, atoms: dict[str, dict[str, Any]]) -> list[str]:
    parts = [code] if code in atoms else code.split("/")
    texts = [""]
    for number, part in enumerate(parts):
        options = dict.fromkeys(_plain(text) for text in (part, *atoms[part]["spellings"]))
        if part == "":
            options = dict.fromkeys(("", "cells", "cell"))
        if part.startswith("10*") and number == 0:
            options = dict.fromkeys(text for option in options for text in (option, f"x{option}", f"x {option}"))
            if len(parts) > 1:
                options |= dict.fromkeys(f"{option} cells" for option in tuple(options))
        texts = [f"{text}/{option}" if number else option for text in texts for option in options]
    return texts


def _lowered(spelt: dict[str, str]) -> dict[str, str]:
    """The lower-case forms that mean one unit only."""
    found: dict[str, set[str]] = {}
    for text, code in spelt.items():
        found.setdefault(text.lower(), set()).add(code)
    return {text: codes.pop() for text, codes in found.items() if len(codes) == 1}


def _scales(atoms: dict[str, dict[str, Any]]) -> dict[str, tuple[dict[str, int], str, str]]:
    """Each atom in base units: its dimensions, factor and offset, worked out by pint."""
    import pint  # noqa: PLC0415  (a quarter of a second, and seldom needed)

    registry: Any = pint.UnitRegistry(None, non_int_type=Fraction, autoconvert_offset_to_baseunit=True)
    for atom in atoms.values():
        if atom["is"] != "[]":
            registry.define(f"{atom['name']} = {atom['is']}")
    scales: dict[str, tuple[dict[str, int], str, str]] = {}
    for code, atom in atoms.items():
        if atom["is"] == "[]":
            scales[code] = ({}, "1", "0")
            continue
        zero, one = (registry.Quantity(Fraction(n), atom["name"]).to_root_units() for n in (0, 1))
        dimensions = {str(name).strip("[]"): int(power) for name, power in one.dimensionality.items()}
        offset = Fraction(zero.magnitude)
        scales[code] = (dimensions, str(Fraction(one.magnitude) - offset), str(offset))
    return scales
