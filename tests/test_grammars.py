"""Every rule and every token of the grammars is used by some case."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
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


def reductions(grammar: Grammar, before: Sequence[int], kind: str) -> Iterator[Reduction]:
    """What a token makes of the values before it, with those rules that leave them as they are."""
    states = list(before)
    while states[-1] not in grammar._ends and isinstance(step := grammar._states[states[-1]].get(kind), Reduction):
        yield step
        del states[len(states) - step.size :]
        states.append(grammar._states[states[-1]][step.name])  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def used() -> tuple[set[str], set[str]]:
    rules: set[str] = set()
    tokens: set[str] = set()
    with pytest.MonkeyPatch.context() as patch:
        for grammar in islands.grammars():
            patch.setattr(grammar, "_places", {})  # moves are worked out when they are first made
        for text, kind in texts():
            read_criterion(text, kind=kind)
        for grammar in islands.grammars():
            for place in grammar._places.values():
                made = {kind for kind, move in place.moves.items() if move.to is not None}
                tokens |= made
                for kind in made if place.ending is None else made | {"$END"}:
                    rules |= {name(rule) for rule in reductions(grammar, place.states, kind)}
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
