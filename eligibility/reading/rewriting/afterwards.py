"""What something came after, as an attribute of it: "aphasia following stroke", "tamoxifen after surgery".

Who is "post stroke" has had one.
"""

from __future__ import annotations

from typing import Final

from eligibility.knowledge.qualifiers import Qualifier
from eligibility.knowledge.vocabulary import Entry
from eligibility.reading.lexing.tokens import Token, kind_at

__all__ = ["came_after"]


def came_after(tokens: list[Token], text: str) -> list[Token]:
    """With "after X" behind a name as an attribute of it, and "post X" by itself as a history of it."""
    found: list[Token] = []
    index = 0
    while index < len(tokens):
        token = tokens[index]
        end = _name_ends(tokens, index + 1) if token.type == "AFTER" else 0
        before, behind = found[-1].type if found else "", kind_at(tokens, end)
        if end and before in _NAMES and behind in _CLOSING:
            last = tokens[end - 1].end
            said = " ".join(text[token.start : last].lower().split())
            found.append(Token("QUALIFIER", Qualifier(said, ""), token.start, last))
            index = end
        elif end and token.said == "post" and before in _PEOPLE_BEFORE and behind in _PEOPLE_BEHIND:
            found.append(Token("HISTORY", "history of", token.start, token.end))
            index += 1
        else:
            found.append(token)
            index += 1
    return found


def _name_ends(tokens: list[Token], start: int) -> int:
    """Where a known name ends that begins at ``start``, with what is said before it; 0 where none does."""
    at = start
    while kind_at(tokens, at) in _BEFORE_NAME:
        at += 1
    known = kind_at(tokens, at) in _NAMES and isinstance(tokens[at].value, Entry)
    return at + 1 if known else 0


_NAMES: Final = frozenset(("CONDITION", "TREATMENT"))
_BEFORE_NAME: Final = frozenset(("FILLER", "QUALIFIER", "PRIOR"))
_CLOSING: Final = frozenset("COMMA SEMI DOT RPAR IS ALLOWED MUST MUST_NOT EXCLUDED".split()) | {""}
_PEOPLE_BEFORE: Final = frozenset("PERSON COMMA OR IS".split()) | {""}
_PEOPLE_BEHIND: Final = frozenset("PERSON DOT SEMI".split()) | {""}
