"""Every rule and every token of the grammars is used by some case."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from typing import Any

import pytest
import yaml

from eligibility import read_criterion
from eligibility.reading import islands
from eligibility.reading.grammar import Grammar
from eligibility.reading.tables import Reduction

CASES = Path(__file__).parent / "cases"


def texts() -> Iterator[tuple[str, str]]:
    for path in sorted(CASES.glob("*.yaml")):
        data = yaml.safe_load(path.read_text(encoding="utf-8"))
        for group in chain(*data.values()) if isinstance(data, dict) else data:
            if isinstance(group, dict) and isinstance(group.get("text"), str):
                yield group["text"], group.get("kind", "inclusion")


def name(reduction: Reduction) -> str:
    """A rule of a grammar, and the alias of the alternative where it has one."""
    alias = getattr(reduction.meaning, "__name__", reduction.name)
    return reduction.name if alias == reduction.name else f"{reduction.name} -> {alias}"


def own(names: set[str]) -> set[str]:
    """Without what Lark makes of "*" and "+"."""
    return {each for each in names if not each.startswith(("__", "$"))}


def tables() -> Iterator[dict[str, Any]]:
    for grammar in islands.grammars():
        yield from grammar._states


@pytest.fixture(scope="module")
def used() -> tuple[set[str], set[str]]:
    rules: set[str] = set()
    tokens: set[str] = set()
    reduce, move = Grammar._reduce, Grammar._move

    def reducing(self: Grammar, states: list[int], rule: Reduction, made: list[Reduction]) -> None:
        rules.add(name(rule))
        reduce(self, states, rule, made)

    def moving(self: Grammar, place: Any, kind: str) -> Any:
        found = move(self, place, kind)
        if found.to is not None:
            tokens.add(kind)
        return found

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Grammar, "_reduce", reducing)
        patch.setattr(Grammar, "_move", moving)
        for grammar in islands.grammars():
            patch.setattr(grammar, "_places", {})  # moves are worked out when they are first made
        for text, kind in texts():
            read_criterion(text, kind=kind)
    return own(rules), own(tokens)


def test_every_rule_of_the_grammars(used: tuple[set[str], set[str]]) -> None:
    known = {name(step) for steps in tables() for step in steps.values() if not isinstance(step, int)}
    unused = own(known) - used[0] - UNUSED_RULES
    assert not unused, sorted(unused)


def test_every_token_of_the_grammars(used: tuple[set[str], set[str]]) -> None:
    known = {token for steps in tables() for token in steps}
    unused = {token for token in own(known) if token.isupper()} - used[1] - UNUSED_TOKENS
    assert not unused, sorted(unused)


# Not reached by any case yet: either no wording was found that leads there, or an earlier step takes the words.
UNUSED_RULES = frozenset(
    {
        "_before",
        "_inclusive",
        "bound",
        "window -> during_and_for",
        "statement",
        "stage -> stage_compared",
        "bound -> pair_or_more",
        "length -> one_unit",
        "_pair",
        "bound -> pair_or_less",
        "limit -> up_to",
        "limit -> bound_to",
        "limit -> bound_list",
    }
)
UNUSED_TOKENS = frozenset(
    {
        "PREP",
        "TAIL",
        "INCLUSIVE",
        "ALL_OF",
        "NOR",
        "NAIVE",
        "STAGE_NAME",
        "CONTRACEPTION",
        "WILLING",
        "ABLE",
        "COLON",
        "WHICHEVER_LONGER",
        "FRAME",
        "COUNT",
        "CLASS_WORD",
        "FOR",
        "WITH",
    }
)
