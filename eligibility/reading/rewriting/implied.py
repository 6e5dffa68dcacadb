"""What is meant and not named: of what a number of pack-years is, which classes heart failure has."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from typing import Final

from eligibility.knowledge.vocabulary import Entry, vocabulary
from eligibility.reading.lexing.tokens import COMPARES, LIMITS, Token, kind_at, past
from eligibility.reading.quantities import Bounds, Lines, lasting_for

__all__ = ["each_of_others", "implied", "of_red_cells", "skin_covered"]


_NAMED_LINES: Final = frozenset("OF TREATMENT WORD USE".split())
_THERAPY: Final = (("chemotherap", "cytotoxic chemotherapy"), ("", "systemic therapy"))
_BY_UNIT: Final = {
    "{pack-years}": "smoking history",
    "{cigarettes}/d": "cigarettes per day",
    "{packs}/d": "cigarettes per day",
    "{drinks}/wk": "alcohol consumption",
    "{drinks}/d": "alcohol consumption",
}
_IMPLYING: Final = LIMITS | {"LINES_ARE"}


def _named(token: Token) -> str:
    return str(token.value.name if isinstance(token.value, Entry) else token.value)


def each_of_others(tokens: list[Token]) -> list[Token]:
    """ "Heart disease and other conditions that ...": what stands before is one of them, and each excludes."""
    return [
        Token("OR", "or", token.start, token.end)
        if token.type == "AND" and index and kind_at(tokens, index + 1) == "OTHER"
        else token
        for index, token in enumerate(tokens)
    ]


def skin_covered(tokens: list[Token]) -> list[Token]:
    """ "Psoriasis covering at least 10 % of body surface area" as psoriasis with so much; "rash must cover < 10 %" as
    no more than so much, whether or not there is a rash."""
    for at, token in enumerate(tokens):
        if token.type != "WORD" or token.said not in _COVERING:
            continue
        begins = past(tokens, at + 1, "OF")
        ends = past(tokens, begins, "NUMBER", "UNIT", "OR_MORE", "OR_LESS", "TO", "DASH", "OF", *COMPARES)
        if ends == begins or ends == len(tokens) or _named(tokens[ends]) != "body surface area":
            continue
        who = past(tokens, 0, "QUALIFIER", "CONDITION", "SITE")
        asked = at > 0 and tokens[at - 1].type == "MUST"
        if asked and who == at - 1 and tokens[begins].type in ("LT", "LE"):
            area = Token("ANALYTE", tokens[ends].value, tokens[0].start, tokens[0].end)
            return [area, tokens[at - 1], *[t for t in tokens[begins:ends] if t.type != "OF"], *tokens[ends + 1 :]]
        return [*tokens[: at - asked], Token("IS", "with", token.start, tokens[begins - 1].end), *tokens[begins:]]
    return tokens


_COVERING: Final = frozenset("cover covering covered involve involving involved involvement affect affecting".split())


def of_red_cells(tokens: list[Token], text: str) -> list[Token]:
    """ "Hemoglobin >= 9 g/dL without transfusion": what raises it, a transfusion of red cells."""
    measured = {token.value.name for token in tokens if token.type == "ANALYTE" and isinstance(token.value, Entry)}
    cells = vocabulary().entry("treatment", _RED_CELLS) if measured == {"hemoglobin"} else None
    if cells is None:
        return tokens
    return [
        Token("TREATMENT", cells, token.start, token.end)
        if token.type == "TREATMENT"
        and token.value.name == "transfusion"
        and "product" not in text[token.start : token.end]
        else token
        for token in tokens
    ]


_RED_CELLS: Final = "red blood cell transfusion"


def _is_total(bounds: object) -> bool:
    """Whether it is a sum that only grows, without a comparison: "a 30 pack-year history" is one of so much or more."""
    if not isinstance(bounds, Bounds) or not bounds.exact or bounds.low is None or bounds.members:
        return False
    return bounds.low == bounds.high and bounds.low.unit == "{pack-years}"


def _since_menopause(tokens: list[Token]) -> list[Token]:
    """ "(At least) 1 year postmenopausal", "postmenopausal at least 1 year": for so long."""
    found: list[Token] = []
    for index, token in enumerate(tokens):
        inside = (
            bool(found) and found[-1].type == "LPAR" and [t.type for t in tokens[index + 1 : index + 2]] == ["RPAR"]
        )
        before = found[:-1] if inside else found
        if _is_menopause(before[-1:]) and token.type == "TIME_LIMIT" and (least := _at_least(token.value)) is not None:
            start = found.pop().start if inside else token.start
            found.append(Token("LASTING", lasting_for(least), start, token.end))
            continue
        if token.type == "RPAR" and found and found[-1].type == "LASTING" and found[-1].start < tokens[index - 1].start:
            closed = found.pop()
            token = Token(closed.type, closed.value, closed.start, token.end)
        length = found[-1].value if found and found[-1].type == "TIME_LIMIT" else None
        if token.type == "NOT_CHILDBEARING" and token.said.startswith("post") and isinstance(length, Bounds):
            least = _at_least(length)
            if least is not None:
                since = found.pop()
                token = Token(token.type, token.value, since.start, token.end, token.others)
                found += [token, Token("LASTING", lasting_for(least), token.end, token.end)]
                continue
        found.append(token)
    return found


def _is_menopause(before: list[Token]) -> bool:
    return bool(before) and before[0].type == "NOT_CHILDBEARING" and before[0].said.startswith("post")


def _at_least(length: object) -> Bounds | None:
    """A length of time as the least that it is; None of anything else."""
    if not isinstance(length, Bounds):
        return None
    least = replace(length, high=None, exact=False) if length.exact else length
    more = least.high is not None or least.low is None or least.age or least.members or least.either
    return None if more else least


def _tested_for_pregnancy(tokens: list[Token]) -> list[Token]:
    """ "(Must) test negative for pregnancy": the test, not the pregnancy."""
    found = list(tokens)
    for index, (token, after) in enumerate(pairwise(tokens)):
        if token.type in ("NEGATIVE", "POSITIVE") and token.said.endswith(" for") and after.type == "PREGNANT":
            found[index + 1] = Token(
                "ANALYTE", vocabulary().entry("measurement", "pregnancy test"), after.start, after.end
            )
    return found


def _with_no_pregnancy(tokens: list[Token]) -> list[Token]:
    """ "Must have a pregnancy test (to rule out pregnancy)": with the result that lets take part."""
    if any(token.type in ("NEGATIVE", "POSITIVE") for token in tokens):
        return tokens
    found: list[Token] = []
    tested = False
    for index, token in enumerate(tokens):
        before = [t.type for t in found if t.type != "FILLER"][-2:]
        named = token.value.name if token.type == "ANALYTE" and isinstance(token.value, Entry) else ""
        if named.endswith("pregnancy test") and (before[-1:] == ["MUST"] or before == ["MUST", "USE"]):
            found.append(Token("NEGATIVE", "negative", token.start, token.start))
            tested = True
        if tested and [t.said for t in tokens[index : index + 3]] == ["to", "rule", "out"]:
            ruled_out = tokens[index + 3 : index + 4]
            if ruled_out and ruled_out[0].type == "PREGNANT":
                return [*found, *_with_no_pregnancy(tokens[index + 4 :])]
        found.append(token)
    return found


def _of_heart_failure(tokens: list[Token]) -> list[Token]:
    """ "Class III or IV heart failure", "heart failure (class III) per NYHA": no other has classes of it."""
    found: list[Token] = []
    index = 0
    while index < len(tokens):
        token, behind = tokens[index], tokens[index + 1 : index + 3]
        index += 1
        if not behind or behind[0].type != "LIMIT" or not any(kind == "CLASS_WORD" for kind, _ in token.others):
            found.append(token)
            continue
        before = next((each for each in reversed(found) if each.type not in ("LPAR", "OF", "FILLER")), None)
        in_front = len(behind) > 1 and _fails(behind[1])
        in_front = in_front and (not found or found[-1].type not in ("ANALYTE", "RPAR", "WORD"))
        if not in_front and (before is None or not _fails(before)):
            found.append(token)
            continue
        limit, index = behind[0], index + 1
        again = past(tokens, index, "PREP", "OF", "FILLER", "WORD")
        if not in_front and again < len(tokens) and _named(tokens[again]) == _CLASSES:  # "per NYHA classification"
            index = again + 1
            limit = Token(limit.type, limit.value, limit.start, tokens[again].end, limit.others)
        found += [Token("ANALYTE", vocabulary().entry("measurement", _CLASSES), token.start, token.end), limit]
    return found


_CLASSES: Final = "NYHA class"


def _fails(token: Token) -> bool:
    entry = token.value if token.type == "CONDITION" else None
    return isinstance(entry, Entry) and vocabulary().is_a("condition", entry.name, "heart failure")


def implied(tokens: list[Token]) -> list[Token]:
    """The tokens with what is limited, where the words for its unit name it: "> 10 pack-years", "2 prior lines"."""
    if any(token.type == "NOT_CHILDBEARING" for token in tokens):
        tokens = _since_menopause(tokens)
    if any(token.type == "PREGNANT" for token in tokens):
        tokens = _tested_for_pregnancy(tokens)
    if any(token.type == "MUST" for token in tokens):
        tokens = _with_no_pregnancy(tokens)
    if any(token.said == "class" for token in tokens):
        tokens = _of_heart_failure(tokens)
    if _IMPLYING.isdisjoint([token.type for token in tokens]):
        return list(tokens)
    found: list[Token] = []
    for index, token in enumerate(tokens):
        entry: Entry | None = None
        if (
            token.type in LIMITS
            and isinstance(token.value, Bounds)
            and all(t.type != "ANALYTE" for t in [*found[-3:], *tokens[index + 1 : index + 3]])
        ):
            units = {q.unit for q in token.value.quantities}
            name = _BY_UNIT.get(str(units.pop())) if len(units) == 1 else None
            entry = vocabulary().entry("measurement", name) if name else None
            if entry is not None:
                start = token.start
                said = found[-1].type if found else ""
                if said == "OF" or (said == "HISTORY" and name == "smoking history"):  # "smoking of >= 10 pack-years"
                    start = found.pop().start
                if found and _named(found[-1]).startswith("alcohol"):
                    start = found.pop().start
                found.append(Token("ANALYTE", entry, start, token.start))
        if token.type == "LIMIT" and _is_total(token.value):
            token = Token("LIMIT", Bounds(low=token.value.low), token.start, token.end)
        found.append(token)
        if token.type == "LINES_ARE" and isinstance(token.value, Lines):
            after = next((t.type for t in tokens[index + 1 :] if t.type != "QUALIFIER"), "")
            if after in _NAMED_LINES:
                continue
            said = token.value.said
            entry = vocabulary().entry("treatment", next(name for word, name in _THERAPY if word in said))
            found.append(Token("TREATMENT", entry, token.end, token.end))
    return found
