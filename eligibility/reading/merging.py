"""Tokens that say one thing together: "hypersensitivity, intolerance or allergy to", "known and documented"."""

from __future__ import annotations

import re
from collections.abc import Sequence

from eligibility.knowledge.vocabulary import Entry, vocabulary
from eligibility.reading.lexer import Number, Token
from eligibility.reading.quantities import Bounds, WindowRead

__all__ = ["counted", "merged", "windows_together"]

_BETWEEN = frozenset("COMMA OR AND ANDOR SLASH OTHER QUALIFIER".split())
_AS_ALLERGY = frozenset(("intolerance", "intolerances", "anaphylaxis", "reaction", "reactions", "sensitivity"))


def merged(tokens: Sequence[Token]) -> list[Token]:
    """The tokens, with those that say one thing together as one."""
    found: list[Token] = []
    index = 0
    allergic = False
    while index < len(tokens):
        token = tokens[index]
        allergy = token.type == "ALLERGY"
        end = _allergies(tokens, index) if allergy or _names_reaction(token) else index
        if end > index:
            last = tokens[end]
            found.append(Token("ALLERGY", last.value, token.start, last.end))
            allergic = True
            index = end + 1
            continue
        numbered = token.type == "CONDITION" or token.value == "type"
        if numbered and (typed := _types(tokens, index)) is not None:
            found += typed[0]
            index = typed[1]
            continue
        allergic = (allergic and token.type not in _CLAUSES) or (allergy and _to_what(token))
        if allergic and found and found[-1].type in _ALTERNATIVES and token.value == "to":
            index += 1
            continue  # "hypersensitivity to A, or to B"
        if token.type == "AND" and found and found[-1].type == "KNOWN" and index + 1 < len(tokens):
            after = tokens[index + 1]
            if after.type in ("KNOWN", "QUALIFIER", "CURRENT", "DIAGNOSIS"):
                index += 1
                continue  # "known and documented", "known and active"
        index += 1
        if token.type == "FEMALE" and found and found[-1].type in ("PREGNANT", "BREASTFEEDING"):
            continue  # "pregnant or lactating women"
        found.append(token)
    return found


_CLAUSES = frozenset("SEMI DOT MUST MUST_NOT EXCEPT UNLESS IF".split())
_NUMBERED = frozenset("NUMBER ROMAN".split())
_ALTERNATIVES = frozenset("OR AND COMMA SLASH ANDOR".split())


def _types(tokens: Sequence[Token], index: int) -> tuple[list[Token], int] | None:
    """ "Type 1 or type 2 diabetes", "type 1 or 2 diabetes", "diabetes type 1 or 2": each, and where to go on."""
    ahead = [t.type for t in tokens[index : index + 4]]
    if tokens[index].value == "type" and len(ahead) > 3 and ahead[1] in _NUMBERED and ahead[2] in _ALTERNATIVES:
        own, last = tokens[index + 1], tokens[index + 3]
        if last.type == "CONDITION":
            name = _numbered(last, _number(own))
            if name is not None:
                return [Token("CONDITION", name, tokens[index].start, own.end), tokens[index + 2], last], index + 4
        elif last.type in _NUMBERED and index + 4 < len(tokens) and tokens[index + 4].type == "CONDITION":
            head = tokens[index + 4]
            names = [vocabulary().find(f"type {_number(t)} {head.value.name}", "condition") for t in (own, last)]
            if all(names):
                first = Token("CONDITION", names[0], tokens[index].start, own.end)
                return [first, tokens[index + 2], Token("CONDITION", names[1], last.start, head.end)], index + 5
    if tokens[index].type == "CONDITION" and len(ahead) > 2 and ahead[1] in _ALTERNATIVES and ahead[2] in _NUMBERED:
        name = _numbered(tokens[index], _number(tokens[index + 2]))
        if name is not None:
            after = tokens[index + 2]
            return [tokens[index], tokens[index + 1], Token("CONDITION", name, after.start, after.end)], index + 3
    return None


def _number(token: Token) -> int:
    return int(token.value.value if isinstance(token.value, Number) else token.value)


def _numbered(token: Token, number: int) -> Entry | None:
    """The disease of the same name with another number; None where there is none, or the token's has no number."""
    name = _TYPE.sub(rf"\g<1>{number}", token.value.name)
    found = vocabulary().find(name, "condition") if name != token.value.name else None
    return found if found is not token.value else None


_TYPE = re.compile(r"\b(type )\d\b")


def _names_reaction(token: Token) -> bool:
    return token.type == "WORD" and token.value in _AS_ALLERGY


def _to_what(token: Token) -> bool:
    return token.type == "ALLERGY" and str(token.value).endswith((" to", " of", " following"))


def _allergies(tokens: Sequence[Token], start: int) -> int:
    """Where a list of kinds of allergy to one thing ends: "hypersensitivity, intolerance or allergy to"."""
    at = start
    while not _to_what(tokens[at]):
        following = at + 1
        while following < len(tokens) and tokens[following].type in _BETWEEN:
            following += 1
        if following == at + 1 or following >= len(tokens):
            return start
        if tokens[following].type != "ALLERGY" and not _names_reaction(tokens[following]):
            return start
        at = following
    return at


_COUNTED = frozenset("CONDITION TREATMENT QUALIFIER PRESENCE PRIOR LAST EXISTS USE CURRENT".split())
_COUNTING = frozenset(("LIMIT", "STAGE_IS"))
_HAVE_LEVELS = frozenset("ANALYTE TEST_WORD AGE GRADE STAGE CLASS_WORD SIGN QUALIFIER".split())


def counted(tokens: Sequence[Token]) -> list[Token]:
    """How many episodes there must be, as such; "at least one" asks for no more than that there is one."""
    if all(token.type not in _COUNTING for token in tokens):
        return list(tokens)
    found: list[Token] = []
    for index, token in enumerate(tokens):
        after = tokens[index + 1] if index + 1 < len(tokens) else None
        before = found[-1] if found else None
        if token.value in ("disease", "diseases") and before is not None and before.type == "STAGE_IS":
            continue  # "stage IV disease" is stage IV
        if (
            token.type == "LIMIT"
            and after is not None
            and after.type in _COUNTED
            and all(kind != "ANALYTE" for kind, _ in after.others)
            and (before is None or before.type not in _HAVE_LEVELS)
            and isinstance(token.value, Bounds)
            and _bare(token.value)
        ):
            bounds = token.value
            low = bounds.low
            if low is not None and low.value == 1 and bounds.high is None and bounds.low_inclusive:
                continue
            if not bounds.exact and after.type in ("PRESENCE", "CONDITION"):
                token = Token("COUNT", bounds, token.start, token.end)
        found.append(token)
    return found


_EITHER = frozenset("OR ANDOR SLASH".split())


def windows_together(tokens: Sequence[Token], *, exclusion: bool) -> list[Token]:
    """ "During the study or within 3 weeks before it": either; what excludes at either time may say "and"."""
    if [token.type for token in tokens].count("WINDOW") < 2:
        return list(tokens)
    found: list[Token] = []
    index = 0
    while index < len(tokens):
        token = tokens[index]
        ahead = tokens[index + 1 : index + 3]
        joints = _EITHER | {"AND"} if exclusion else _EITHER
        if (
            token.type == "WINDOW"
            and (before := _before_joint(found, joints, planned=token.value.planned)) is not None
            and not (ahead and ahead[0].type in _NAMED)
        ):
            first, second = found[before].value, token.value
            start = found[before].start
            del found[before:]
            both = (*(first.either or (first,)), second)
            windows = tuple(w for read in both for w in read.windows)
            token = Token("WINDOW", WindowRead(windows, either=both), start, token.end)
        found.append(token)
        index += 1
    return found


_NAMED = frozenset("CONDITION TREATMENT QUALIFIER PRIOR USE HISTORY WORD".split())  # "or in the last year a stroke"


def _before_joint(found: Sequence[Token], joints: frozenset[str], *, planned: bool) -> int | None:
    """Where the window stands, behind what it is said of, that a connective joins to the next one."""
    at = len(found) - 1
    if planned and at >= 0 and found[at].type == "PLANNED":
        at -= 1  # "within 4 weeks or planned during the study"
    if at < 0 or found[at].type not in joints:
        return None
    at -= 1
    if at >= 0 and found[at].type == "COMMA":
        at -= 1
    return at if at > 0 and found[at].type == "WINDOW" else None


def _bare(bounds: Bounds) -> bool:
    return not bounds.members and all(q.unit is None and q.of == "value" and not q.age for q in bounds.quantities)
