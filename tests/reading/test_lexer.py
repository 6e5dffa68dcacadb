"""Tokens: their types, and that together they are the whole text."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from eligibility.reading.lexer import tokenize

CASES: list[dict[str, Any]] = yaml.safe_load(
    (Path(__file__).parent.parent / "cases" / "reading-quantities.yaml").read_text(encoding="utf-8")
)["tokens"]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["text"])
def test_types(case: dict[str, Any]) -> None:
    types = [token.type for token in tokenize(case["text"])]
    assert types == case["types"] if "types" in case else types[0] == case["first"]


@pytest.mark.parametrize("text", ["", "  ", "≥ 18 (…) \u200b §", "a.b.c", "1,000.5/mm3; 2)"])
def test_places(text: str) -> None:
    tokens = tokenize(text)
    assert all(0 <= token.start < token.end <= len(text) for token in tokens)
    assert [token.start for token in tokens] == sorted(token.start for token in tokens)
