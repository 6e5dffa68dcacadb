"""Limits that some patients have of their own: "A <= 1.5 x ULN; patients with C may have A <= 3 x ULN"."""

from __future__ import annotations

from typing import Final

from eligibility.reading.lexing.tokens import Token
from eligibility.reading.phrases import Measured

__all__ = ["measured_now", "own_limits", "what_they_may_have"]


def own_limits(made: list[Token]) -> list[Token]:
    """ "A <= 1.5 x ULN; patients with C may have A <= 3 x ULN" with an "except" behind what parts the two."""
    for index, token in enumerate(made):
        if token.type not in ("SEMI", "LPAR"):
            continue
        before = {name for t in made[:index] for name in _measured(t)}
        clause = next((i for i in range(index + 1, len(made)) if made[i].type in _CLAUSE_ENDS), len(made))
        after = [t for t in made[index + 1 : clause] if t.type not in _SILENT_HERE]
        kinds = [t.type for t in after]
        if kinds[-1:] == ["ALLOWED"]:
            kinds.pop()
        if kinds[-2:-1] == ["COLON"] and kinds[0] == "PERSON":
            kinds = kinds[1:]
        theirs = {name for t in after[1:] for name in _measured(t)}
        if kinds in _OF_SOME and (theirs and theirs <= before if kinds[-1] == "FACT" else before):
            kept = made[: index + (token.type == "LPAR")]
            clause_alone = [t for t in made[index + 1 : clause] if t.type != "COLON"]
            return [*kept, Token("EXCEPT", "except", token.start, token.end), *clause_alone, *made[clause:]]
    return made


def what_they_may_have(made: list[Token]) -> list[Token]:
    """ "Patients with C may have A <= 3 x ULN": it is what they must have, at the utmost."""
    kinds = [t.type for t in made if t.type not in _SILENT_HERE]
    if kinds != ["PERSON", "FACT", "MAY", "FACT"] or not _measured(made[-1]):
        return made
    return [Token("MUST", "must", t.start, t.end) if t.type == "MAY" else t for t in made]


def measured_now(made: list[Token]) -> list[Token]:
    """ "Presently classified as being in NYHA class IV": a measurement counts as it is now in any case."""
    if not any(t.type == "CURRENT" for t in made):
        return made
    found: list[Token] = []
    for index, token in enumerate(made):
        behind = next((t for t in made[index + 1 :] if t.type not in ("IS", "FILLER")), None)
        linked = index + 1 < len(made) and made[index + 1].type == "IS"
        if token.type == "CURRENT" and linked and behind is not None and isinstance(behind.value, Measured):
            continue
        found.append(token)
    return found


_SILENT_HERE: Final = frozenset("FILLER WITH COMMA THAT IS".split())
_CLAUSE_ENDS: Final = frozenset("SEMI DOT RPAR".split())
_OF_SOME = tuple(
    words.split()
    for limit in ("FACT", "LIMIT")
    for words in (
        f"PERSON FACT {limit}",
        f"PERSON FACT MAY {limit}",
        f"PERSON FACT MUST {limit}",
        f"FACT COLON {limit}",
    )
)


def _measured(token: Token) -> list[str]:
    """The names of what is measured in a phrase."""
    if not isinstance(token.value, Measured):
        return []
    return [str(getattr(analyte.value, "name", analyte.value)) for analyte in token.value.analytes]
