"""A grammar -> its LALR(1) tables as plain data, worked out by Lark; imported only where they are not on the disk."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from lark import Lark
from lark.grammar import Rule, Symbol
from lark.lexer import Lexer
from lark.parsers.lalr_analysis import Shift

__all__ = ["worked_out"]


class _NoLexer(Lexer):
    """The tokens are made by :mod:`eligibility.reading.lexer`."""

    def __init__(self, _conf: Any) -> None:
        pass

    def lex(self, *_: Any) -> Any:
        raise NotImplementedError


def worked_out(text: str, starts: Sequence[str]) -> dict[str, Any]:
    """The tables of a grammar.

    ``states``: by symbol, the number of the next state, or, counted down from -1, that of the rule that ends there;
    ``rules``: the fields of :class:`~eligibility.reading.tables.Reduction`, the last a name.
    """
    grammar = Lark(text, parser="lalr", lexer=_NoLexer, start=list(starts), maybe_placeholders=False)
    parser: Any = grammar.parser.parser
    table = parser._parse_table
    rules: dict[Rule, int] = {}
    numbers = {state: index for index, state in enumerate(table.states)}
    states = [
        {
            symbol: numbers[argument] if action is Shift else -1 - rules.setdefault(argument, len(rules))
            for symbol, (action, argument) in row.items()
        }
        for row in table.states.values()
    ]
    return {
        "states": states,
        "starts": {start: numbers[state] for start, state in table.start_states.items()},
        "ends": {start: numbers[state] for start, state in table.end_states.items()},
        "rules": [_row(rule) for rule in rules],
    }


def _row(rule: Rule) -> tuple[str, int, list[bool], bool, str | None]:
    name = str(rule.origin.name)
    spread = [_is_spread(symbol) for symbol in rule.expansion]
    meaning = None if _is_spread(rule.origin) else rule.alias or name
    return name, len(spread), spread if any(spread) else [], bool(rule.options.expand1 and not rule.alias), meaning


def _is_spread(symbol: Symbol) -> bool:
    return not symbol.is_term and symbol.name.startswith("_")
