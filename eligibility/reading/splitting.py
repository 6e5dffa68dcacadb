"""Where one sentence of a criterion ends and the next begins."""

from __future__ import annotations

from typing import Final

from eligibility.reading.lexing.tokens import BOUNDING, EITHER, NAMED, SENTENCE_ENDS, Token, kind_at
from eligibility.reading.patterns import in_small_letters
from eligibility.reading.run_together import LOST_STOP, MODAL, is_clause, run_together

__all__ = ["split_sentences"]

_NOTHING: Final = frozenset("COMMA SEMI COLON DASH RPAR".split())
_NOTE: Final = "note:"


def split_sentences(tokens: list[Token], text: str) -> list[list[Token]]:
    """The sentences of a line: parted at full stops, and at semicolons before a clause of its own."""
    kinds = {token.type for token in tokens}
    parted = not SENTENCE_ENDS.isdisjoint(kinds) or ("COLON" in kinds and _NOTE in in_small_letters(text))
    parted = parted or ("DASH" in kinds and " -" in text)
    parts = _parted(tokens, text) if parted else [list(tokens)]
    if "ANALYTE" in kinds and not EITHER.isdisjoint(kinds):
        parts = [line for part in parts for line in _lost_lines(part, text)]
    if "ALLOWED" in kinds:
        parts = [clause for part in parts for clause in _permission_apart(part, text)]
        parts = [clause for part in parts for clause in _allowed_too(part)]
    if LOST_STOP.search(text) is not None:
        parts = [sentence for part in parts if part for sentence in run_together(part, text)]
    return [part for part in parts if not _NOTHING.issuperset([t.type for t in part])]


def _parted(tokens: list[Token], text: str) -> list[list[Token]]:
    found: list[list[Token]] = [[]]
    depth = 0
    for index, token in enumerate(tokens):
        depth += (token.type == "LPAR") - (token.type == "RPAR")
        if token.type == "DOT" and (depth > 0 or _within(tokens, index, text)):
            continue
        if (
            token.said == "note"
            and index
            and depth <= 0
            and [t.type for t in tokens[index + 1 : index + 2]] == ["COLON"]
        ):
            found.append([])  # "... recurrence Note: prior radiotherapy is permitted"
        if token.type == "DASH" and depth <= 0 and _is_bullet(tokens, index, text):
            found.append([])
            continue
        if token.type == "DOT" or (
            token.type == "SEMI"
            and depth <= 0
            and (is_clause(tokens[index + 1 :]) or _is_labelled(tokens[index + 1 :]))
        ):
            found.append([])
        else:
            found[-1].append(token)
    return found


def _lost_lines(tokens: list[Token], text: str) -> list[list[Token]]:
    """Limits side by side, each its own line, where an "or" would reach over them: "A <= 1 OR B >= 60 C <= 2"."""
    found: list[list[Token]] = [[]]
    depth = 0
    for index, token in enumerate(tokens):
        depth += (token.type == "LPAR") - (token.type == "RPAR")
        anew = token.type == "ANALYTE" and not depth and index and tokens[index - 1].type in _ENDS_LIMIT
        if anew and text[token.start].isupper() and kind_at(tokens, index + 1) in _BEGINS_LIMIT:
            found.append([])
        found[-1].append(token)
    return found


_ENDS_LIMIT: Final = frozenset("UNIT ULN LLN PERCENT".split())
_BEGINS_LIMIT: Final = BOUNDING | {"COLON"}


def _permission_apart(tokens: list[Token], text: str) -> list[list[Token]]:
    """What a permission is behind without a full stop, and the permission: "systemic steroids Inhaled steroids are
    allowed"."""
    if [t.type for t in tokens[-1:]] != ["ALLOWED"]:
        return [tokens]
    for index in range(len(tokens) - 2, 0, -1):
        before, token = tokens[index - 1], tokens[index]
        if token.type in SENTENCE_ENDS or token.type in MODAL:
            break
        begins = text[token.start].isupper() and text[token.start + 1 : token.start + 2].islower()
        named = before.type in NAMED and text[before.start : before.end].rsplit(maxsplit=1)[-1].islower()
        if begins and token.type in _BEGINS and (named or before.type == "RPAR"):
            return [tokens[:index], tokens[index:]]
    return [tokens]


def _allowed_too(tokens: list[Token]) -> list[list[Token]]:
    """ "X is allowed, as well as Y", "X is allowed, as is Y": that X is allowed, and that Y is."""
    at = next((i for i, token in enumerate(tokens) if token.type in MODAL), 0)
    if not at or tokens[at].type != "ALLOWED" or any(token.type in _DENYING for token in tokens[:at]):
        return [tokens]
    start = at + 1 + (kind_at(tokens, at + 1) == "COMMA")
    said = [(token.type, token.said) for token in tokens[start : start + 2]]
    if said[:1] == [("AND", "as well as")]:
        more = tokens[start + 1 :]
    elif [kind for kind, _ in said] == ["PREP", "IS"] and said[0][1] == "as" and said[1][1] in ("is", "are"):
        more = tokens[start + 2 :]
    else:
        return [tokens]
    if not more or any(token.type in MODAL or token.type in _DENYING for token in more):
        return [tokens]
    end = more[-1].end
    return [tokens[: at + 1], [*more, Token("ALLOWED", "is allowed", end, end)]]


_DENYING: Final = frozenset("NO NOT NOR NEVER WITHOUT ONLY UNLESS EXCEPT IF BUT LPAR RPAR IS MAY".split())
_BEGINS: Final = NAMED | {"QUALIFIER", "USE", "SITE", "CURRENT", "PRIOR", "ROUTE"}


def _within(tokens: list[Token], index: int, text: str) -> bool:
    """Whether a full stop ends an abbreviation, not a sentence."""
    if index + 1 >= len(tokens):
        return False
    if index and tokens[index - 1].type == "INCLUDING":
        return True
    after = tokens[index + 1]
    first = text[after.start]
    glued = after.start == tokens[index].end and index > 0 and tokens[index - 1].end == tokens[index].start
    if glued and first.isalnum() and not (first.isupper() and text[after.start + 1 : after.start + 2].islower()):
        return True  # "www.example.org", "v4.0"
    return (
        after.type == "COMMA"
        or first.islower()
        or (after.start == tokens[index].end and first.isalnum() and not first.isupper())
    )


def _is_bullet(tokens: list[Token], index: int, text: str) -> bool:
    """Whether a hyphen stands before a clause as before a line of a list: "aged 18 or over -Minors are excluded"."""
    dash, following = tokens[index], tokens[index + 1 :]
    if not index or not following or not text[dash.start - 1].isspace() or following[0].start != dash.end:
        return False
    return text[dash.end].isupper() and following[0].type == "PERSON" and is_clause(following)


def _is_labelled(following: list[Token]) -> bool:
    """Whether what follows begins with a label: "melanoma: ..."."""
    return len(following) > 1 and following[0].type in ("CONDITION", "WORD") and following[1].type == "COLON"
