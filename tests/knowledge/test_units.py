"""Units are read as protocols write them, and converted exactly."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eligibility.errors import UnitError
from eligibility.knowledge import units


@pytest.mark.parametrize(
    ("code", "texts"),
    [
        ("/uL", ["/mm3", "/mm^3", "/mm³", "per cubic millimeter", "cells/µL", "/mcl", "cells per microliter", "/ul"]),
        ("10*9/L", ["x10^9/L", "x 10⁹/L", "10*9/L", "10E9/L", "× 10^9 / L", "10^9 cells/L", "cells x 10^9/L"]),
        ("10*3/uL", ["10^3/uL", "K/uL", "thousand/mm3", "x 10^3/µL", "k/mcL"]),
        ("g/dL", ["g/dl", "gm/dL", "G/DL", "grams per deciliter", "g%"]),
        ("mg/dL", ["mg/dcl", "mg%", "MG/DL", "mg/100 mL", "mg per dL"]),
        ("mmol/L", ["mM", "mmol/l", "mmol per liter"]),
        ("mm", ["mm", "millimeters"]),
        ("umol/L", ["µmol/l", "μmol/L", "micromol/L", "mcmol/L", "µM"]),
        ("U/L", ["U/L", "units/L", "u/l"]),
        ("[IU]/L", ["IU/L", "iu/l"]),
        ("m[IU]/mL", ["mIU/mL"]),
        ("{copies}/mL", ["copies/mL", "copies per mL"]),
        ("mL/min", ["ml/min", "mL/minute", "milliliters per minute"]),
        ("mL/min/{1.73_m2}", ["mL/min/1.73 m^2", "ml/min/1.73m2", "mL/min/1.73.m2", "mL/min per 1.73 m²"]),
        ("mm[Hg]", ["mmHg", "mm Hg", "millimeters of mercury"]),
        ("kg/m2", ["kg/m2", "kg/m^2", "Kg/m²"]),
        ("ms", ["msec", "ms", "milliseconds"]),
        ("{beats}/min", ["bpm", "beats/min", "beats per minute"]),
        ("Cel", ["°C", "degrees Celsius"]),
        ("mg/d", ["mg/day", "mg daily", "mg per day", "mg/24 h"]),
        ("{pack-years}", ["pack-years", "pack years"]),
        ("{log_IU}/mL", ["log10 IU/mL"]),
        ("ug/kg/d", ["mcg/kg/day"]),
        ("", ["", " ", "cells"]),
    ],
)
def test_spellings(code: str, texts: list[str]) -> None:
    assert {text: units.unit(text) for text in texts} == dict.fromkeys(texts, code)


@pytest.mark.parametrize(
    ("value", "a", "b", "expected"),
    [
        (1.1, "g/dL", "g/L", 11),
        (1500, "/mm3", "10*9/L", 1.5),
        (1.5, "K/uL", "/uL", 1500),
        (100, "10*9/L", "10*3/uL", 100),
        (40, "U/L", "[IU]/L", 40),
        (1, "ukat/L", "U/L", 60),
        (98.6, "°F", "°C", 37),
        (37, "°C", "°F", 98.6),
        (2, "h", "min", 120),
        (70, "bpm", "/min", 70),
        (0.5, "mg/mL", "mg/dL", 50),
        (5, "cGy", "Gy", 0.05),
        (500, "mg/d", "g/d", 0.5),
    ],
)
def test_conversion_is_exact(value: float, a: str, b: str, expected: float) -> None:
    assert units.convert(value, a, b) == expected


def test_mass_and_amount_of_substance() -> None:
    assert units.convert(1.0, "mg/dL", "umol/L", 113.12) == pytest.approx(88.40, abs=0.01)
    assert units.convert(4, "mEq/L", "mmol/L", None, 1) == 4
    assert units.convert(5, "mEq/L", "mg/dL", 40.078, 2) == pytest.approx(10.02, abs=0.01)
    with pytest.raises(UnitError, match="molar mass"):
        units.convert(1, "mg/dL", "umol/L")
    with pytest.raises(UnitError, match="valence"):
        units.convert(1, "mEq/L", "mmol/L")


def test_an_equivalence_outranks_the_units() -> None:
    hba1c = (units.Equivalence("%", "mmol/mol", 10.929, -23.5),)
    assert units.convert(7.0, "%", "mmol/mol", equivalents=hba1c) == pytest.approx(53.0, abs=0.01)
    assert units.convert(53.0, "mmol/mol", "%", equivalents=hba1c) == pytest.approx(7.0, abs=0.01)
    insulin = (units.Equivalence("u[IU]/mL", "pmol/L", 6.0),)
    assert units.convert(10, "m[IU]/L", "nmol/L", equivalents=insulin) == pytest.approx(0.06)


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("mL/min", "mL/min/1.73m2"), ("mg/dL", "U/L"), ("{copies}/mL", "[IU]/mL"), ("ug/mL FEU", "ug/mL"), ("kg", "cm"),
        ("letters", "%"), ("Gy", "mg"),
    ],
)  # fmt: skip
def test_different_things_are_not_converted(a: str, b: str) -> None:
    with pytest.raises(UnitError, match="cannot be converted"):
        units.convert(1, a, b)


def test_an_unknown_unit_names_the_nearest() -> None:
    with pytest.raises(UnitError, match="mg/dL"):
        units.unit("mg/dLL")
    assert not units.is_unit("weeks ago")


@pytest.mark.parametrize(
    ("text", "start", "found"),
    [
        ("5 mg/dL or less", 2, "mg/dL"),
        ("100,000/mm3 or 5", 7, "/mm3"),
        ("60 mL/min/1.73 m2.", 2, "mL/min/1.73 m2"),
        ("60 mL per minute and", 2, "mL per minute"),
        ("1.5 x 10^9/L (1500", 3, "x 10^9/L"),
    ],
)
def test_the_longest_unit_is_matched(text: str, start: int, found: str) -> None:
    matched = units.match(text, start)
    assert matched is not None
    assert text[start : matched[0]].strip() == found


def test_every_spelling_is_read_as_its_unit() -> None:
    wrong = {text: code for text, code in units.spellings().items() if units.unit(text) != code}
    assert wrong == {}


def test_products_are_decimal() -> None:
    assert units.product(1.5, 40) == 60
    assert units.product(3, 1.1) == 3.3


@given(st.floats(min_value=1e-6, max_value=1e6), st.sampled_from([("g/dL", "g/L"), ("/uL", "10*9/L"), ("mg", "kg")]))
def test_there_and_back(value: float, pair: tuple[str, str]) -> None:
    a, b = pair
    assert units.convert(units.convert(value, a, b), b, a) == pytest.approx(value, rel=1e-12)


def test_pint_is_not_imported_for_a_known_conversion(tmp_path: Path) -> None:
    own = {**os.environ, "ELIGIBILITY_CACHE": str(tmp_path)}  # another run may be writing the usual one
    convert = "import sys; from eligibility.knowledge import units; units.convert(1, 'mg/dL', 'g/L')"
    subprocess.run([sys.executable, "-c", convert], check=True, env=own)  # the table is on disk now
    subprocess.run([sys.executable, "-c", f"{convert}; assert 'pint' not in sys.modules"], check=True, env=own)
