"""Compiled modules run only while they are of the sources beside them."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from importlib.machinery import EXTENSION_SUFFIXES
from pathlib import Path
from typing import Any

import pytest

from eligibility import compiled

SOURCES = ["truth.py", "knowledge/words.py"]
MODULE = "eligibility.truth"


def listed(folder: Path, **changed: Any) -> compiled.Finder:
    """A finder in a folder that holds the list of one compiled module."""
    made = {
        "suffix": EXTENSION_SUFFIXES[0],
        "stamp": compiled.stamp([compiled.PACKAGE / source for source in SOURCES]),
        "sources": SOURCES,
        "modules": {MODULE: f"eligibility/truth{EXTENSION_SUFFIXES[0]}"},
    }
    (folder / compiled.LIST).write_text(json.dumps(made | changed), encoding="utf-8")
    return compiled.Finder(folder)


def test_a_compiled_module_is_found(tmp_path: Path) -> None:
    finder = listed(tmp_path)
    spec = finder.find_spec(MODULE, None)
    assert spec is not None
    assert spec.origin == str(tmp_path / "eligibility" / f"truth{EXTENSION_SUFFIXES[0]}")
    assert finder.any


@pytest.mark.parametrize("name", ["eligibility.errors", "eligibility", "json"])
def test_others_are_left_to_python(tmp_path: Path, name: str) -> None:
    assert listed(tmp_path).find_spec(name, None) is None


@pytest.mark.parametrize(
    "changed",
    [
        pytest.param({"stamp": "0" * 64}, id="an edited source"),
        pytest.param({"sources": [*SOURCES, "gone.py"]}, id="a source that is gone"),
        pytest.param({"suffix": ".cpython-27.so"}, id="another Python"),
        pytest.param({"modules": None}, id="a broken list"),
    ],
)
def test_what_does_not_fit_is_not_run(tmp_path: Path, changed: dict[str, Any]) -> None:
    finder = listed(tmp_path, **changed)
    assert finder.find_spec(MODULE, None) is None
    assert not finder.any


def test_without_a_list_all_is_python(tmp_path: Path) -> None:
    assert compiled.Finder(tmp_path).find_spec(MODULE, None) is None


def test_a_variable_has_all_run_as_python() -> None:
    code = (
        "from eligibility import compiled; from eligibility.knowledge import words; print(compiled.installed(), words)"
    )
    environment = {**os.environ, compiled.INTERPRETED: "1"}
    ran = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True)
    assert ran.stdout.startswith("False ")
    assert "words.py" in ran.stdout


def test_the_source_of_a_module_is_known_whether_it_was_compiled_or_not() -> None:
    assert compiled.source_of("eligibility.knowledge.words") == compiled.PACKAGE / "knowledge" / "words.py"
