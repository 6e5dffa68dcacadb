from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from eligibility.reading.bullets import segment
from eligibility.reading.lines import written

CASES = yaml.safe_load((Path(__file__).parent / "bullets.yaml").read_text(encoding="utf-8"))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_case(case: dict[str, Any]) -> None:
    found = segment(case["text"])
    assert [b.text for b in found.bullets if b.kind == "inclusion"] == case.get("in", [])
    assert [b.text for b in found.bullets if b.kind == "exclusion"] == case.get("ex", [])
    for name in ("headings", "notes"):
        if name in case:
            assert list(getattr(found, name)) == case[name]
    if "arms" in case:
        assert [list(b.arms) for b in found.bullets] == case["arms"]
    assert all(b.requirements == case.get("requirements", False) for b in found.bullets)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_the_span_of_a_bullet_holds_its_words(case: dict[str, Any]) -> None:
    for bullet in segment(case["text"]).bullets:
        assert bullet.text.split()[0].strip("*") in written(case["text"][bullet.start : bullet.end])


@given(st.text(alphabet="ab -*•1.)(:\n\\&;IECcriteria", max_size=300))
@settings(max_examples=200, deadline=None)
def test_any_text_is_segmented_and_none_of_its_words_is_lost(text: str) -> None:
    found = segment(text)
    kept = " ".join([*(b.text for b in found.bullets), *found.headings, *found.notes])
    assert all(0 <= b.start <= b.end <= len(text) for b in found.bullets)
    for word in ("criteria", "ab"):
        assert (word in kept) or word not in written(text).replace("\\", " ").split()
