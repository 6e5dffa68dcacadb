"""What a trial means by a name, told behind it: "pregnant women, where pregnancy is defined as ..."."""

from __future__ import annotations

from typing import Final

from eligibility.reading.lexing.tokens import MOTHERHOOD, NAMED, SENTENCE_ENDS, Token, kind_at

__all__ = ["defined_behind"]


def defined_behind(tokens: list[Token]) -> list[Token]:
    """The tokens without what pregnancy is, which everybody knows, and a disease defined where it is named.

    "Active infection, where infection is defined as fever" is an active infection, defined as fever; where several
    things are named before, it stays as it is.
    """
    at = next((i for i, t in enumerate(tokens) if t.type == "IF" and t.said == "where" and _is_defined(tokens, i)), 0)
    if not at:
        return tokens
    named = tokens[at + 1]
    if named.type in MOTHERHOOD:
        end = next((i for i in range(at, len(tokens)) if tokens[i].type in SENTENCE_ENDS), len(tokens))
        return [*tokens[: at - (tokens[at - 1].type == "COMMA")], *tokens[end:]]
    before = [token for token in tokens[:at] if token.type in _NAMES]
    alone = len(before) == 1 and before[0].value is named.value
    return [*tokens[:at], *tokens[at + 2 :]] if alone else tokens


def _is_defined(tokens: list[Token], index: int) -> bool:
    return kind_at(tokens, index + 1) in _NAMES and kind_at(tokens, index + 2) == "DEFINED"


_NAMES: Final = MOTHERHOOD | NAMED
