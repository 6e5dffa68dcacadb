"""How something was found out, said in a list: "as determined by medical history, physical examination and ECG"."""

from __future__ import annotations

from typing import Final

from eligibility.knowledge.attributes import is_method, method_in
from eligibility.reading.lexing.tokens import JOINTS, Token
from eligibility.reading.patterns import in_small_letters

__all__ = ["ways_together"]

_HINTS: Final = ("exam", "history", "laborator", "vital sign", "ecg", "electrocardiogram", "imaging", "test")


def ways_together(tokens: list[Token], text: str) -> list[Token]:
    """The tokens with each such list as one that no phrase takes, up to where its clause ends."""
    if len(tokens) < _FEWEST or JOINTS.isdisjoint([token.type for token in tokens]):
        return tokens
    low = in_small_letters(text)
    if not any(hint in low for hint in _HINTS):
        return tokens
    last = tokens[-1].end
    at = method_in(text, tokens[0].start, last)
    while at is not None and at < tokens[-1].start:
        index = next(i for i, token in enumerate(tokens) if token.start >= at)
        end, several = _clause(tokens, index)
        said = tokens[index:end]
        if several and said[0].start == at and is_method(text[at : said[-1].end]):
            before = tokens[: index - 1] if index > 1 and tokens[index - 1].type == "COMMA" else tokens[:index]
            return [*before, Token("UNREAD", said, at, said[-1].end), *tokens[end:]]
        at = method_in(text, at + 1, last)
    return tokens


_FEWEST: Final = 5


def _clause(tokens: list[Token], index: int) -> tuple[int, bool]:
    """Where the clause ends that begins here, and whether connectives stand in it, in no parentheses."""
    depth, several = 0, False
    for at in range(index, len(tokens)):
        kind = tokens[at].type
        if depth == 0 and kind in ("DOT", "SEMI", "COLON", "RPAR"):
            return at, several
        several = several or (depth == 0 and kind in JOINTS)
        depth += (kind == "LPAR") - (kind == "RPAR")
    return len(tokens), several
