"""The tables of a grammar, kept on disk: to work them out takes longer than to read a trial with them.

What is kept is plain data: states, and the rules of the grammar. What a phrase means is not in it: that is the
transformer's, and is bound when the tables are loaded.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import lark
from lark import Lark, Transformer
from lark.grammar import NonTerminal, Rule, RuleOptions, Symbol, Terminal
from lark.lexer import Lexer
from lark.parsers.lalr_analysis import Reduce, Shift

from eligibility.knowledge.cache import kept

__all__ = ["Reduction", "Tables", "tables"]

_FORMAT = 1


class _NoLexer(Lexer):
    """The tokens are made by :mod:`eligibility.reading.lexer`."""

    def __init__(self, _conf: Any) -> None:
        pass

    def lex(self, *_: Any) -> Any:
        raise NotImplementedError


@dataclass(slots=True, eq=False)
class Reduction:
    """What a rule makes of the values that it is made of."""

    name: str
    size: int
    spread: tuple[bool, ...]  # which of the values are those of a rule with "_", to stand in its place
    alone: bool  # a single value stays what it is
    meaning: Callable[[list[Any]], Any] | None  # None: a rule with "_", the list of its values

    @property
    def idle(self) -> bool:
        """Whether it leaves the values as they are: one value that is taken over."""
        return self.size == 1 and (self.alone or (self.meaning is None and self.spread == (True,)))

    def apply(self, values: list[Any]) -> None:
        """Put what the rule makes in the place of the last values."""
        size = self.size
        if size == 1 and not self.spread:
            if not self.alone:
                values[-1] = [values[-1]] if self.meaning is None else self.meaning([values[-1]])
            return
        children: list[Any] = []
        if size:
            children = values[-size:]
            del values[-size:]
        if self.spread:
            children = self._spread(children)
        if self.alone and len(children) == 1:
            values.append(children[0])
        else:
            values.append(children if self.meaning is None else self.meaning(children))

    def _spread(self, children: list[Any]) -> list[Any]:
        found: list[Any] = children[0] if self.spread[0] else children[:1]  # a list grows in place
        for index in range(1, self.size):
            if self.spread[index]:
                found += children[index]
            else:
                found.append(children[index])
        return found


@dataclass(frozen=True, slots=True)
class Tables:
    """LALR(1) tables: what to do in a state with a terminal, where a phrase begins and ends, what a rule makes."""

    states: dict[int, dict[str, tuple[Any, Any]]]
    starts: dict[str, int]
    ends: dict[str, int]
    reductions: dict[Any, Reduction]


def tables(name: str, text: str, starts: Sequence[str], transformer: Transformer[Any, Any]) -> Tables:
    """The tables of the grammar ``text``, from the disk if they are there; ``name`` names the file."""
    stamp = hashlib.sha256("\0".join((str(_FORMAT), lark.__version__, *starts, text)).encode()).hexdigest()
    data = kept(f"grammar-{name}", stamp, lambda: _built(text, starts))
    rules = [_rule(*row) for row in data["rules"]]
    states = {
        number: {
            symbol: (Shift, argument) if argument >= 0 else (Reduce, rules[-1 - argument])
            for symbol, argument in row.items()
        }
        for number, row in enumerate(data["states"])
    }
    return Tables(states, data["starts"], data["ends"], {rule: _reduction(rule, transformer) for rule in rules})


def _reduction(rule: Rule, transformer: Transformer[Any, Any]) -> Reduction:
    name = str(rule.origin.name)
    spread = tuple(_is_spread(symbol) for symbol in rule.expansion)
    meaning = None if _is_spread(rule.origin) else getattr(transformer, rule.alias or name, None)
    alone = rule.options.expand1 and not rule.alias
    if meaning is None and not alone and not _is_spread(rule.origin):
        raise NotImplementedError(f"nothing says what {rule.alias or name} means")
    return Reduction(name, len(spread), spread if any(spread) else (), alone, meaning)


def _is_spread(symbol: Symbol) -> bool:
    return not symbol.is_term and symbol.name.startswith("_")


def _built(text: str, starts: Sequence[str]) -> dict[str, Any]:
    grammar = Lark(text, parser="lalr", lexer=_NoLexer, start=list(starts), maybe_placeholders=False)
    parser: Any = grammar.parser.parser
    table = parser._parse_table
    rules: list[Rule] = list(grammar.rules)
    known = {rule: index for index, rule in enumerate(rules)}
    numbers = {state: index for index, state in enumerate(table.states)}
    states = []
    for row in table.states.values():
        steps = {}
        for symbol, (action, argument) in row.items():
            if action is Shift:
                steps[symbol] = numbers[argument]
            else:
                if argument not in known:
                    known[argument] = len(rules)
                    rules.append(argument)
                steps[symbol] = -1 - known[argument]
        states.append(steps)
    return {
        "states": states,
        "starts": {start: numbers[state] for start, state in table.start_states.items()},
        "ends": {start: numbers[state] for start, state in table.end_states.items()},
        "rules": [_row(rule) for rule in rules],
    }


def _row(rule: Rule) -> list[Any]:
    options = rule.options
    return [
        rule.origin.name,
        [[symbol.name, symbol.is_term, bool(getattr(symbol, "filter_out", False))] for symbol in rule.expansion],
        rule.order,
        rule.alias,
        [options.keep_all_tokens, options.expand1, options.priority, options.template_source],
        list(options.empty_indices),
    ]


def _rule(
    origin: str,
    expansion: list[tuple[str, bool, bool]],
    order: int,
    alias: str | None,
    options: list[Any],
    empty: list[bool],
) -> Rule:
    made = RuleOptions(*options)
    made.empty_indices = tuple(empty)
    symbols: list[Symbol] = [
        Terminal(name, filter_out) if is_terminal else NonTerminal(name) for name, is_terminal, filter_out in expansion
    ]
    return Rule(NonTerminal(origin), symbols, order, alias, made)
