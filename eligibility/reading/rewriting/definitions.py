"""What a trial means by a name, told behind it: "pregnant women, where pregnancy is defined as ..."."""

from __future__ import annotations

from typing import Final

from eligibility.knowledge.qualifiers import Qualifier
from eligibility.reading.lexing.tokens import MOTHERHOOD, NAMED, SENTENCE_ENDS, Token, kind_at

__all__ = ["by_whose_definition", "defined_behind"]


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


def by_whose_definition(tokens: list[Token], text: str) -> list[Token]:
    """The tokens with "as defined by the NYHA criteria", between commas before an "or", as an attribute of what stands
    before it: what follows is another thing, and no part of the definition."""
    for at in range(2, len(tokens)):
        token = tokens[at]
        if token.type != "DEFINED" or not token.said.endswith(" by") or tokens[at - 1].type != "COMMA":
            continue
        end = at + 1
        while end < len(tokens) and (
            tokens[end].type in _OF_WHOM or text[tokens[end].start : tokens[end].end] == "WHO"
        ):
            end += 1
        if not 1 < end - at <= _FEW or tokens[at - 2].type not in NAMED:
            continue
        if kind_at(tokens, end) == "COMMA" and kind_at(tokens, end + 1) in ("OR", "ANDOR"):
            said = " ".join(text[token.start : tokens[end - 1].end].lower().split())
            by = Token("QUALIFIER", Qualifier(said, ""), token.start, tokens[end - 1].end)
            return [*tokens[: at - 1], by, *by_whose_definition(tokens[end:], text)]
    return tokens


_OF_WHOM: Final = frozenset("WORD FILLER ANALYTE".split())
_FEW: Final = 6  # tokens


def _is_defined(tokens: list[Token], index: int) -> bool:
    return kind_at(tokens, index + 1) in _NAMES and kind_at(tokens, index + 2) == "DEFINED"


_NAMES: Final = MOTHERHOOD | NAMED
