"""Scores whose values are letters: "Child-Pugh class B or C" is a class of 2 or 3."""

from __future__ import annotations

from typing import Any, Final

from eligibility.knowledge.vocabulary import Entry, vocabulary
from eligibility.reading.lexing.tokens import Number, Token

__all__ = ["lettered"]

_LINKS: Final = frozenset("TEST_WORD CLASS_WORD OF IS COLON FILLER MUST GRADE STAGE EQ GE GT LE LT".split())
_LINKING: Final = frozenset("status level category group class grade score stage defined as".split())
_BETWEEN: Final = frozenset("OR AND ANDOR COMMA SLASH DASH TO FILLER CLASS_WORD TEST_WORD GRADE".split())
_SILENT: Final = frozenset("FILLER GRADE STAGE CLASS_WORD TEST_WORD".split())
_AROUND_POINTS: Final = frozenset("NUMBER DASH TO OR FILLER TEST_WORD OF COMMA COLON".split())
_SAYING_SO: Final = frozenset(("point", "points", "score", "i e", "ie"))
_OPEN_ENDED: Final = frozenset(("OR_MORE", "OR_LESS"))
_DASHES: Final = ("-", "–", "—")
_ORGAN: Final = frozenset("liver hepatic".split())
_STATE: Final = frozenset("function functions status reserve functional".split())
_ORGAN_WORDS: Final = 2
_MOST_LINKS: Final = 4


def lettered(tokens: list[Token], text: str) -> list[Token]:
    """The tokens, with the letters that are values of a score before them as the numbers that they stand for."""
    if not any(token.type == "ANALYTE" and _letters(token.value) for token in tokens):
        return tokens
    found: list[Token] = []
    index = 0
    while index < len(tokens):
        token = tokens[index]
        index += 1
        scale = _by_class(token.value) if token.type == "ANALYTE" and _letters(token.value) else None
        first = _first_letter(tokens, index, scale, text) if scale is not None else None
        if scale is None or first is None:
            found.append(token)
            continue
        if [t.type for t in found[-2:]] == ["CONDITION", "OF"]:
            found.pop()  # "cirrhosis of Child-Pugh class B"
        named = _value(text[tokens[first].start : tokens[first].end], scale)
        found.append(Token(token.type, named[0] if named else scale, token.start, token.end, token.others))
        found += [t for t in tokens[index:first] if t.type not in _SILENT and t.said not in _LINKING]
        index = _numbers(tokens, first, scale, text, found)
        last = tokens[index - 1]
        index = _past_organ(tokens, index)
        if index < len(tokens) and tokens[index].type in _OPEN_ENDED:  # "B or worse"
            found.append(tokens[index])
            index += 1
        index = _past_organ(tokens, _past_points(tokens, index, last, scale, text))
    return found


def _letters(value: object) -> bool:
    """Whether it is a score, or the class of one, with letters for its values."""
    return isinstance(value, Entry) and "A" in (_by_class(value).facts.get("values") or ())


def _by_class(entry: Entry) -> Entry:
    """The scale of letters of which a score is the sum of points: a "score of B" is a class."""
    bands = entry.facts.get("banded")
    named = vocabulary().entry("measurement", str(bands["class"])) if bands else None
    return named if named is not None else entry


def _in_points(scale: Entry) -> Entry | None:
    """The score of which the letters of a scale are the bands."""
    return next((score for score in vocabulary().having("banded") if _by_class(score) == scale), None)


def _value(said: str, scale: Entry) -> tuple[Entry, float] | None:
    """The value that a letter is, "B"; or the points behind it, "B7"; None where it is neither."""
    values: dict[str, Any] = scale.facts["values"]
    if said in values:
        return scale, float(values[said])
    points = said[1:]
    score = _in_points(scale) if said[:1] in values and points.isdigit() else None
    return (score, float(points)) if score is not None else None


def _first_letter(tokens: list[Token], start: int, scale: Entry, text: str) -> int | None:
    """Where the first letter stands behind the name of a score, and what only joins the two."""
    for at in range(start, min(start + _MOST_LINKS, len(tokens))):
        token = tokens[at]
        if _value(text[token.start : token.end], scale) is not None:
            return at
        if token.type not in _LINKS and token.said not in _LINKING:
            return None
    return None


def _numbers(tokens: list[Token], first: int, scale: Entry, text: str, found: list[Token]) -> int:
    """Add the letters from ``first`` on as numbers, with what stands between them; and where they end."""
    index = last = first
    named: Entry | None = None
    kept: list[Token] = []
    while index < len(tokens):
        token = tokens[index]
        value = _value(text[token.start : token.end], scale)
        if value is not None:
            if not kept and index > first and text[tokens[index - 1].end : token.start].strip() in _DASHES:
                kept = [Token("DASH", "-", token.start, token.start)]  # "A-B"
            found += [t for t in kept if t.type not in _SILENT]
            if named is not None and value[0] != named:  # "A or B7"
                found.append(Token("ANALYTE", value[0], token.start, token.start))
            named = value[0]
            found.append(Token("NUMBER", Number(value[1]), token.start, token.end))
            kept, last = [], index + 1
        elif token.type in _BETWEEN and len(kept) < _MOST_LINKS:
            kept.append(token)
        else:
            break
        index += 1
    behind = tokens[last] if last < len(tokens) else None
    return last + 1 if behind is not None and behind.type == "CLASS_WORD" else last


def _past_organ(tokens: list[Token], start: int) -> int:
    """Where the words end that only say what the score is about: "Child-Pugh A liver function"."""
    words = [token.said for token in tokens[start : start + _ORGAN_WORDS]]
    plain = len(words) == _ORGAN_WORDS and words[0] in _ORGAN and words[1] in _STATE
    return start + _ORGAN_WORDS if plain else start


def _past_points(tokens: list[Token], start: int, letter: Token, scale: Entry, text: str) -> int:
    """Where a parenthesis ends that says of how many points a letter is: "A (5-6 points)"."""
    score = _in_points(scale)
    ends = score.facts["banded"].get(text[letter.start : letter.end]) if score is not None else None
    if ends is None or start >= len(tokens) or tokens[start].type != "LPAR":
        return start
    close = next((i for i in range(start, len(tokens)) if tokens[i].type == "RPAR"), start)
    inside = tokens[start + 1 : close]
    numbers = [t.value.value for t in inside if isinstance(t.value, Number)]
    signs = [t.type for t in inside if t.type in _SIGNS]
    plain = all(t.type in _AROUND_POINTS or t.type in _SIGNS or t.said in _SAYING_SO for t in inside)
    same = numbers == ([float(ends[_SIGNS[signs[0]]])] if len(signs) == 1 else list(map(float, ends)))
    return close + 1 if plain and len(signs) < 2 and same else start


_SIGNS: Final = {"GT": 1, "LE": 1, "GE": 0, "LT": 0}  # of which end of the class: "> A" is more than its most points
