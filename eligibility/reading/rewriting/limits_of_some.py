"""Limits that some patients have of their own: "A <= 1.5 x ULN; patients with C may have A <= 3 x ULN"."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from eligibility.reading.lexing.tokens import BOUNDING, EITHER, Token, kind_at, past
from eligibility.reading.phrases import Measured, Noun
from eligibility.reading.quantities import Bounds

__all__ = ["had_by_some", "limits_with_and_without", "measured_now", "own_limits", "what_they_may_have"]


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


def limits_with_and_without(made: list[Token]) -> list[Token]:
    """ "A <= 2 x ULN without C, or <= 5 x ULN with C" with the limit of those with C in parentheses."""
    for index, limited in enumerate(made):
        if not index or made[index - 1].type not in _PARTING or (token := _limit_again(made, index)) is None:
            continue
        joint = next((i for i in range(index, 0, -1) if made[i - 1].type not in _PARTING), 0)
        usual = next((i for i in range(joint - 1, -1, -1) if _measured(made[i])), None)
        end = _group_ends(made, index + 1)
        second = _with_or_without(made[index + 1 : end])
        measured = made[usual].value if usual is not None else None
        if usual is None or not isinstance(measured, Measured) or len(measured.limits) != 1:
            continue
        others, limit = made[usual], token
        if end == index + 1 and limited is not token:
            continue
        if end == index + 1 and (others_have := _whose(made[usual + 1 : joint])):
            second = (False, others_have)
        if second is None:
            continue
        first = _with_or_without(made[usual + 1 : joint])
        if end == index + 1:
            first = second
        elif usual + 1 == joint and limited is not token:
            continue
        elif usual + 1 == joint:
            linked = {t.type for t in made[index + 1 : end]} & _LINKING
            if second[0] or not linked or "PERSON" in linked or not _alike(measured.limits[0], token.value):
                continue  # "A <= 2 x ULN, or <= 5 x ULN with C"
            first = second
        elif first is None or first[0] is second[0] or list(map(_named, first[1])) != list(map(_named, second[1])):
            continue
        elif second[0]:  # "<= 5 x ULN with C, or <= 2 x ULN without"
            limit = Token("LIMIT", measured.limits[0], others.start, others.end)
            others = Token("FACT", replace(measured, limits=[token.value]), others.start, others.end)
        diseases = (first if second[0] else second)[1]
        start, last = made[joint].start, max(limit.end, diseases[-1].end)
        signs = [Token(kind, None, at, at) for kind, at in (("LPAR", start), ("FOR_GROUP", start), ("RPAR", last))]
        return [*made[:usual], others, signs[0], limit, signs[1], *diseases, signs[2], *made[end:]]
    return made


def _limit_again(made: list[Token], index: int) -> Token | None:
    """A limit there, or what is limited before it with another limit: "A <= 2 without C, A <= 5 with C"."""
    token = made[index]
    if token.type == "LIMIT":
        return token
    measured = token.value
    names = _measured(token)
    usual = next((t for t in reversed(made[:index]) if _measured(t)), None)
    if not isinstance(measured, Measured) or len(measured.limits) != 1 or usual is None or _measured(usual) != names:
        return None
    return Token("LIMIT", measured.limits[0], token.start, token.end)


def _alike(first: Bounds, second: Bounds) -> bool:
    """Whether both limits are upper ones, or both lower ones."""
    return (first.low is None, first.high is None) == (second.low is None, second.high is None) and not second.exact


def _whose(group: list[Token]) -> list[Token]:
    """The diseases of those whose limit follows: "A <= 2 x ULN, except with C: <= 5 x ULN", "..., or, for patients with
    C, <= 5 x ULN"; nothing where more is said."""
    at = past(group, 0, "COMMA", "SEMI", "OR")
    if at < len(group) and group[at].type in ("EXCEPT", "UNLESS"):
        at += 1
    elif not at or at == len(group) or group[at].type not in _INTRODUCING:
        return []
    said = _with_or_without(group[at:])
    return said[1] if said is not None and not said[0] else []


_INTRODUCING: Final = frozenset("FOR FOR_TIME FOR_GROUP WITHIN PREP IF".split())


def had_by_some(tokens: list[Token]) -> list[Token]:
    """ "A >= 10 g/dL or, for patients with bone marrow involvement, >= 8 g/dL": a disease, and not what is measured."""
    kinds = [token.type for token in tokens]
    return [
        next((Token(kind, value, token.start, token.end) for kind, value in token.others if kind == "CONDITION"), token)
        if token.type == "ANALYTE"
        and kinds[index - 2 : index] == ["PERSON", "IS"]
        and "ANALYTE" in kinds[:index]
        and kinds[index + 1 : index + 2] == ["COMMA"]
        and kind_at(tokens, index + 2) in BOUNDING
        else token
        for index, token in enumerate(tokens)
    ]


_PARTING: Final = frozenset("COMMA SEMI AND OR COLON".split())
_EITHER_OF: Final = EITHER | {"COMMA"}
_LINKING: Final = frozenset("WITHIN PREP FOR FOR_TIME IF PERSON IS WITH THAT FILLER".split())
_DENYING: Final = frozenset("NO NOT WITHOUT".split())


def _group_ends(made: list[Token], start: int) -> int:
    """Where the words about a group of patients end that begin there: where no further disease is named."""
    at = start
    while at < len(made) and (made[at].type in _LINKING | _DENYING or _named(made[at])):
        at += 1
        if at + 1 < len(made) and made[at].type in _EITHER_OF and _named(made[at + 1]):
            at += 1
    return at


def _with_or_without(group: list[Token]) -> tuple[bool, list[Token]] | None:
    """Whether it is said of a group of patients that they do not have something, and the diseases that they have, or
    do not have; None where more is said."""
    said = [token for token in group if token.type not in _LINKING]
    denied = bool(said) and said[0].type in _DENYING
    diseases = said[denied:]
    plain = all(bool(_named(token)) if place % 2 == 0 else token.type in EITHER for place, token in enumerate(diseases))
    return (denied, diseases) if plain and len(diseases) % 2 else None


def _named(token: Token) -> tuple[str, ...]:
    """The name of a disease; of anything else, nothing."""
    noun = token.value
    if not isinstance(noun, Noun) or noun.kinds - {"CONDITION"} or noun.behind:
        return ()
    names = [str(getattr(name.value, "name", name.value)) for name in noun.head.names]
    return tuple(names or [str(word.value) for word in noun.head.words])


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
