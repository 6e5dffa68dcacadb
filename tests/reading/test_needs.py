"""What is skipped where what it needs is absent would have changed, or found, nothing: on the texts of all cases."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from importlib import import_module
from pathlib import Path
from pkgutil import walk_packages

import pytest
import yaml

from eligibility import reading
from eligibility.reading import rewritten
from eligibility.reading.context import Context
from eligibility.reading.lexer import tokenize
from eligibility.reading.lexing.tokens import Token
from eligibility.reading.patterns import Sought

CASES = Path(__file__).parents[1] / "cases"


@cache
def texts() -> frozenset[str]:
    groups = [group for path in sorted(CASES.glob("*.yaml")) for group in yaml.safe_load(path.read_text("utf-8"))]
    return frozenset(group["text"] for group in groups if isinstance(group, dict) and "text" in group)


def sought() -> Iterator[object]:
    names = sorted(module.name for module in walk_packages(reading.__path__, f"{reading.__name__}."))
    for name in names:
        for field, value in vars(import_module(name)).items():
            if isinstance(value, Sought):
                yield pytest.param(value, id=f"{name.removeprefix('eligibility.reading.')}.{field}")


@pytest.mark.parametrize("pattern", list(sought()))
def test_a_pattern_without_its_hints_matches_nothing(pattern: Sought) -> None:
    for text in texts():
        plain, hinted = pattern.pattern.search(text), pattern.search(text)
        assert (plain and plain.span()) == (hinted and hinted.span())


@pytest.mark.parametrize("exclusion", [False, True])
def test_a_change_of_tokens_without_what_it_needs_changes_nothing(exclusion: bool) -> None:
    steps = rewritten._EXCLUDING if exclusion else rewritten._REQUIRING
    for text in texts():
        context = Context(text=text, exclusion=exclusion)
        tokens: list[Token] = tokenize(text)
        for needed, change in steps if tokens else ():
            kinds = rewritten._kinds_of(tokens)
            changed = change(tokens, context)
            if needed & kinds != needed:
                assert changed == tokens
            else:
                tokens = changed


def test_what_changes_of_tokens_need_fits_a_machine_word() -> None:
    assert sum(rewritten._NEEDS.values()) < 2**62
