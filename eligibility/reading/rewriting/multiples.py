"""Limits of measurements as they are said: "3 times above the ULN", "within 1.5 x ULN", "elevations of ALT"."""

from __future__ import annotations

from typing import Final

from eligibility.reading.lexing.tokens import BOUNDING, Token, kind_at

__all__ = ["multiples"]


def multiples(tokens: list[Token], text: str) -> list[Token]:
    """The tokens with each multiple of a reference limit as the grammar of quantities has it."""
    kinds = {token.type for token in tokens}
    if not kinds.isdisjoint(_WORDS_ELSEWHERE):
        tokens = _as_words(tokens)
    if "ANALYTE" in kinds:
        tokens = _elevations(_without_formula(tokens, text) if "USE" in kinds else tokens)
        tokens = _averages(tokens) if any(token.said in _AVERAGES for token in tokens) else tokens
    if "TIMES" in kinds and not kinds.isdisjoint(_NORMAL):
        tokens = _above(_of_range(tokens))
    if "LT" in kinds and "ULN" in kinds:
        tokens = _below_range(tokens, text)
    return _within(tokens) if "WITHIN" in kinds and "ULN" in kinds else tokens


def _below_range(tokens: list[Token], text: str) -> list[Token]:
    """ "Ejection fraction below normal limits": below the lower one."""
    found: list[Token] = []
    for index, token in enumerate(tokens):
        if token.type == "ULN" and index and tokens[index - 1].type == "LT" and tokens[index - 1].said in _BELOW:
            said = text[token.start : token.end].lower()
            if "upper" not in said and "normal" in said and not said.startswith("normal upper"):
                token = Token("LLN", token.said, token.start, token.end)
        found.append(token)
    return found


_BELOW: Final = frozenset(("below", "under", "lower than"))


def _as_words(tokens: list[Token]) -> list[Token]:
    """ "Leisure time questionnaire", "maximum cup-to-disc ratio of > 0.8": words that compare only beside a number."""
    found: list[Token] = []
    for index, token in enumerate(tokens):
        named = token.said in ("time", "times") and (not found or found[-1].type in ("WORD", "DASH"))
        if named or (token.said in _EXTREMES and _is_compared(tokens, index + 1)):
            token = Token("WORD", token.said, token.start, token.end)
        found.append(token)
    return found


def _is_compared(tokens: list[Token], index: int) -> bool:
    """Whether a name with a comparator of its own stands here: "cup-to-disc ratio of > 0.8"."""
    at = index
    while at < len(tokens) and tokens[at].type in ("WORD", "ANALYTE", "TEST_WORD", "OF", "IS"):
        at += 1
    return at > index and at < len(tokens) and tokens[at].type in BOUNDING


_EXTREMES: Final = frozenset(("maximum", "minimum", "max", "min"))
_WORDS_ELSEWHERE: Final = frozenset(("TIMES", "GE", "LE"))


def _without_formula(tokens: list[Token], text: str) -> list[Token]:
    """ "QTc > 480 ms using Bazett's formula": how a number was worked out, behind it."""
    found: list[Token] = []
    index = 0
    while index < len(tokens):
        token = tokens[index]
        behind = found and found[-1].type in _VALUE_ENDS and token.type == "USE" and index + 1 < len(tokens)
        if behind and tokens[index + 1].type == "ANALYTE":
            said = text[tokens[index + 1].start : tokens[index + 1].end].lower()
            if said.endswith(_FORMULAS):
                index += 2
                continue
        found.append(token)
        index += 1
    return found


_VALUE_ENDS: Final = frozenset(("UNIT", "NUMBER", "ULN", "LLN", "RPAR"))
_FORMULAS: Final = ("formula", "equation", "method", "correction")


def _averages(tokens: list[Token]) -> list[Token]:
    """ "The average of the last two readings of systolic pressure", "mean of triplicate QTcF": one value of it."""
    found: list[Token] = []
    index = 0
    while index < len(tokens):
        token = tokens[index]
        if token.said in _AVERAGES and (end := _averaged(tokens, index)):
            found += [Token("TEST_WORD", token.said, token.start, token.end), tokens[index + 1]]
            index = end
            continue
        found.append(token)
        index += 1
    return found


def _averaged(tokens: list[Token], index: int) -> int:
    """Where the analyte stands of which an average is named here; 0 where none is."""
    at = index + 1
    if kind_at(tokens, at) != "OF":
        return 0
    while at < len(tokens) and (tokens[at].type in _HOW_MANY or tokens[at].said in _SO_MANY):
        at += 1
    return at if kind_at(tokens, at) == "ANALYTE" else 0


_AVERAGES: Final = frozenset(("average", "mean", "median"))
_HOW_MANY: Final = frozenset("OF LAST NUMBER GE SERIAL TEST_WORD OCCASION".split())
_SO_MANY: Final = frozenset(("triplicate", "duplicate", "repeated", "most recent", "separate", "single"))


def _of_range(tokens: list[Token]) -> list[Token]:
    """ "5 times (of) the reference range", "3 times the normal value": of its upper end."""
    found: list[Token] = []
    index = 0
    while index < len(tokens):
        end = _range_behind(tokens, index) if found and _is_factor(found) else 0
        if end:
            found.append(Token("ULN", "upper limit of normal", tokens[index].start, tokens[end - 1].end))
            index = end
            continue
        found.append(tokens[index])
        index += 1
    return found


def _is_factor(found: list[Token]) -> bool:
    """Whether these tokens end in a factor: "5 times", "5 times of"."""
    kinds = [token.type for token in found[-3:] if token.type not in ("OF", "PREP", "GT")]
    return kinds[-2:] == ["NUMBER", "TIMES"]


def _range_behind(tokens: list[Token], index: int) -> int:
    """Where the words for a normal range end that begin here; 0 where none do."""
    normal = tokens[index].type == "NORMAL" or tokens[index].said == "reference"
    if not normal or index + 1 == len(tokens):
        return 0
    return index + 2 if tokens[index + 1].said in _RANGES else 0


def _above(tokens: list[Token]) -> list[Token]:
    """ "> 3 times above the ULN", "3-fold higher than ULN": more than 3 times that."""
    found: list[Token] = []
    for index, token in enumerate(tokens):
        after = [each.type for each in tokens[index + 1 : index + 3] if each.type != "OF"]
        if [each.type for each in found[-2:]] == ["NUMBER", "TIMES"] and after[:1] == ["ULN"]:
            if token.said == "than":
                continue
            if token.type == "GT":
                if len(found) < _COMPARED or found[-3].type not in BOUNDING:
                    number = found[-2]
                    found.insert(-2, Token("GT", token.value, number.start, number.start))
                continue
        found.append(token)
    return found


def _within(tokens: list[Token]) -> list[Token]:
    """ "Bilirubin within 1.5 x ULN": at most that."""
    found: list[Token] = []
    for index, token in enumerate(tokens):
        if token.type == "WITHIN" and token.said in _INSIDE and _is_multiple(tokens, index + 1):
            token = Token("LE", token.value, token.start, token.end)
        found.append(token)
    return found


def _is_multiple(tokens: list[Token], index: int) -> bool:
    """Whether a multiple of the upper limit stands here, or that limit itself."""
    kinds = [token.type for token in tokens[index : index + 4]]
    if kinds[:1] == ["NUMBER"]:
        kinds = [kind for kind in kinds[1:] if kind not in ("TIMES", "OF")]
    return kinds[:1] == ["ULN"]


def _elevations(tokens: list[Token]) -> list[Token]:
    """ "Elevations in ALT > 3 x ULN": of an elevated ALT."""
    found: list[Token] = []
    for index, token in enumerate(tokens):
        links = token.type == "OF" or token.said == "in" or token.said in _LEVELS
        if links and found and found[-1].said in _ELEVATED and _names_analyte(tokens, index):
            continue
        found.append(token)
    return found


def _names_analyte(tokens: list[Token], index: int) -> bool:
    """Whether nothing but "serum levels of" stands before the name of a measurement."""
    after = next((t for t in tokens[index:] if t.type not in ("OF", "PREP", "WITHIN") and t.said not in _LEVELS), None)
    return after is not None and after.type == "ANALYTE"


_ELEVATED: Final = frozenset(("elevation", "elevations"))
_LEVELS: Final = frozenset("level levels serum plasma blood value values the".split())
_RANGES: Final = frozenset("range ranges value values level levels limit limits".split())
_NORMAL: Final = frozenset(("ULN", "NORMAL", "WORD"))
_INSIDE: Final = frozenset(("within", "within the"))
_COMPARED: Final = 3  # a comparator, the number and its factor
