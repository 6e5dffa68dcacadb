"""Characters -> tokens, from left to right, each as it stands by itself."""

from __future__ import annotations

import re
from typing import Final

from eligibility.knowledge import units, words
from eligibility.reading.lexing.automaton import Root, automaton
from eligibility.reading.lexing.naming import named_at
from eligibility.reading.lexing.numerals import NUMBER_WORDS, ROMAN_NUMBERS, ROMAN_VALUES, number_at
from eligibility.reading.lexing.shapes import shaped
from eligibility.reading.lexing.signs import LONGER_SIGNS, SIGN, SIGN_TYPE, full_stop
from eligibility.reading.lexing.tokens import Number, Token
from eligibility.reading.lexing.units import LONGEST_UNIT, TIME_UNIT, unit_ahead
from eligibility.reading.lexing.words import WORD, Word, result_in_signs, words_of
from eligibility.reading.patterns import just_before

__all__ = ["scanned"]

_FACTOR: Final = re.compile(r"\*\s*(?:\d|ULN|LLN|the|upper|lower)", re.IGNORECASE)
_TIMES_LETTERS: Final = {"x", "×"}
_UNIT_AGAIN: Final = re.compile(r"[(\[]\s*([^()\[\]]{1,40}?)\.?\s*[)\]]")


_COUNTS: Final = frozenset(("NUMBER", "PAIR"))
_MAY_COUNT: Final = _COUNTS | {"DASH"}


def scanned(text: str) -> list[Token]:
    """The tokens of a text, in order, each as it stands by itself."""
    root = automaton()
    found, index_at = words_of(text)
    ready = shaped(text)
    tokens: list[Token] = []
    position, length = 0, len(text)
    while position < length:
        before = tokens[-1].type if tokens else ""
        if before == "RPAR" and _says_number_again(tokens):
            before = "NUMBER"
        index = index_at.get(position)
        if index is not None and before not in _MAY_COUNT and position not in ready:  # mostly, a word stands here
            token = _word(root, found, index, text, before)
            tokens.append(token)
            position = token.end
            if position < length and text[position] == " ":
                position += 1
            continue
        character = text[position]
        if character == " " or character.isspace():
            position += 1
            continue
        after_number = before in _COUNTS or (
            before == "DASH" and len(tokens) > 1 and tokens[-2].type == "NUMBER" and tokens[-1].end == position
        )
        other = _unit_again(text, position, tokens[-1]) if character in "([" and before == "UNIT" else None
        if other is None:
            other = ready.get(position)
        if other is None and after_number:
            other = _unit(text, position, tokens[-1], found, index_at)
        if other is None and index is not None:
            other = _word(root, found, index, text, before)
        if other is None and character.isalnum():
            other = _inner(text, position, after_number)
        if other is None:
            position = _sign_taken(text, position, tokens, before)
        else:
            tokens.append(other)
            position = other.end
    return tokens


def _unit_again(text: str, position: int, unit: Token) -> Token | None:
    """What says a unit once more, as the filler that it is: "g/dL (g/dl)"."""
    again = _UNIT_AGAIN.match(text, position)
    if again is None or not units.is_unit(again[1]) or units.unit(again[1]) != unit.value:
        return None
    return Token("FILLER", again.group(), position, again.end())


def _unit(text: str, position: int, number: Token, found: list[Word], index_at: dict[int, int]) -> Token | None:
    """The unit that begins behind a number; None where none does, or it is one of time, which is a word."""
    unit = unit_ahead(text[position : position + LONGEST_UNIT])
    if unit is None:
        return None
    end = position + unit[1]
    here = _time_unit_here(found, index_at, position, end) or _time_unit_run_on(text, position, end)
    if here and not _dioptres(text, position, number):
        return None
    return Token("UNIT", unit[0], position, end)


def _sign_taken(text: str, position: int, tokens: list[Token], before: str) -> int:
    """Puts the sign that stands here with the tokens, where it says anything; where to go on."""
    character = text[position]
    if character == ".":
        return _dot_taken(text, position, tokens)
    if result_in_signs(text, position + 1):
        return position + 1
    if position and character in "-‐‑*" and (text[position - 1].isalnum() or _behind_letters(text, position)):
        coded = _coded(text, position, tokens[-1])
        if coded is not None:
            tokens[-1] = coded
            return coded.end
        if _says_nothing(text, position):
            return position + 1
    if character == ":" and tokens and (figures := _of_figures(text, position, tokens[-1])) is not None:
        tokens[-1] = figures
        return figures.end
    sign = character
    if character in LONGER_SIGNS and (longest := SIGN.match(text, position)) is not None:
        sign = longest.group()
    kind = SIGN_TYPE.get(sign, "")
    end = position + len(sign)
    if kind in _STRAY and _is_stray(sign, text, end, before):
        return end
    if kind == "PERCENT":
        tokens.append(Token("UNIT", "%", position, end))
    elif kind:
        tokens.append(Token(kind, sign, position, end))
    elif sign in _AND_SO_ON:
        tokens.append(Token("FILLER", sign, position, end))
    elif sign not in "®™©" and not (sign in "'’" and before == "TIMEUNIT"):  # "of 3 months' duration"
        tokens.append(Token("SIGN", sign, position, end))
    return end


def _is_stray(sign: str, text: str, end: int, before: str) -> bool:
    """Whether it is a star that refers to a note, or a sign that nothing stands behind: "laparotomy)*", "3 mg/dL>"."""
    if sign == "*":
        alone = text[end - 2 : end - 1].isspace() and text[end : end + 1].isspace()  # a bullet
        return before not in _COUNTS and not alone and _FACTOR.match(text, end - 1) is None
    return not text[end:].strip(" .\n")


_STRAY: Final = frozenset(("TIMES", "GT"))
_AND_SO_ON: Final = "…"


def _behind_letters(text: str, position: int) -> bool:
    """Whether it is the hyphen of a word that an abbreviation stands in: "central nervous system (CNS)-directed"."""
    return text[position - 1] == ")" and text[position + 1 : position + 2].islower()


def _dot_taken(text: str, position: int, tokens: list[Token]) -> int:
    """As :func:`_sign_taken`, of a full stop, with which a number may begin."""
    if text[position + 1 : position + 2].isdigit() and not text[position - 1 : position].isalnum():
        number = number_at(text, position)
        if number is not None:
            tokens.append(number)
            return number.end
    kind = full_stop(text, position)
    if kind:
        tokens.append(Token(kind, ".", position, position + 1))
    return position + 1


def _coded(text: str, position: int, word: Token) -> Token | None:
    """A word with the number behind its hyphen, where that makes a name of it: "TTF-1"."""
    coded = _CODED.match(text, position) if word.type == "WORD" else None
    said = text[word.start : position]
    if coded is None or not said.isalpha() or said == word.value:
        return None
    return Token("WORD", words.phrase(text[word.start : coded.end()]), word.start, coded.end())


def _of_figures(text: str, position: int, before: Token) -> Token | None:
    """A ratio, the time of a day or an allele, as one word: "1:80", "08:00", "HLA-B*15:02"."""
    behind = _MORE_FIGURES.match(text, position)
    if behind is None or before.end != position or not text[position - 1].isdigit():
        return None
    if just_before(_NUMBERED, text, before.start) is not None:
        return None  # "Cohort 1:18 years or older"
    return Token("WORD", words.phrase(text[before.start : behind.end()]), before.start, behind.end())


def _says_nothing(text: str, position: int) -> bool:
    """Whether it is a hyphen within a word, or a star that refers to a note."""
    following = text[position + 1 : position + 2]
    if text[position] != "*":
        return following.isalpha() and not _ROMAN_RANGE.match(text, position)
    return not following.isalnum() and not (text[position - 1].isdigit() and _FACTOR.match(text, position))


def _says_number_again(tokens: list[Token]) -> bool:
    """Whether a parenthesis closes these that says a number once more: "sixty (60)" days."""
    return [token.type for token in tokens[-4:]] == ["NUMBER", "LPAR", "NUMBER", "RPAR"]


def _word(root: Root, found: list[Word], index: int, text: str, before: str) -> Token:
    """The name, the number or the bare word that begins at a word."""
    token = named_at(root, found, index, text, before)
    key, start, end, _, _ = found[index]
    if text[start].isdigit():
        number = number_at(text, start)
        if number is not None and (
            token is None or token.end <= number.end or token.type in ("WORD", "TIMEUNIT", "FILLER")
        ):
            return number
    if token is not None:
        return _before_longer(root, found, index, text, token) or token
    if key in _TIMES_LETTERS and before in ("NUMBER", "DASH"):
        return Token("TIMES", key, start, end)
    return _single(key, start, end, text)


def _before_longer(root: Root, found: list[Word], index: int, text: str, name: Token) -> Token | None:
    """The attribute with which a disease's name begins, where that of another one begins behind it and is longer:
    "significant bleeding" is none in "significant bleeding disorder"."""
    if name.type != "CONDITION":
        return None
    here = root.step(found[index][0])
    for at in range(index, min(index + _LONGEST_ATTRIBUTE, len(found) - 1)):
        if found[at + 1][1] >= name.end:
            return None
        here = here.step(found[at][0]) if at > index else here
        said = next((value for kind, value in here.meanings if kind == "QUALIFIER"), None)
        longer = named_at(root, found, at + 1, text, "QUALIFIER") if said is not None else None
        if longer is not None and longer.end > name.end and longer.type == "CONDITION":
            return Token("QUALIFIER", said, name.start, found[at][2])
    return None


_LONGEST_ATTRIBUTE: Final = 2  # words
_RUN_ON_ULN: Final = frozenset(("uln", "xuln", "unl", "xunl"))


def _inner(text: str, position: int, after_number: bool) -> Token:
    """In the middle of a word that began with a number: "18years"."""
    match = WORD.match(text, position)
    end = match.end() if match else position + 1
    key = words.key(text[position:end])
    unit = TIME_UNIT.get((key,)) if after_number else None
    if unit:
        return Token("TIMEUNIT", unit, position, end)
    if after_number and key == "x":
        return Token("TIMES", key, position, end)
    if after_number and key in _RUN_ON_ULN:
        return Token("ULN", key, position, end)
    return Token("WORD", key, position, end)


def _time_unit_here(found: list[Word], index_at: dict[int, int], position: int, end: int) -> bool:
    """Whether a word that is also a unit ("h", "d") is here the unit of a time."""
    index = index_at.get(position)
    return index is not None and (found[index][0],) in TIME_UNIT and found[index][2] == end


def _time_unit_run_on(text: str, position: int, end: int) -> bool:
    """Whether the rest of a word that began with a number is the unit of a time: "within 24h of", but not of what was
    measured so long ("24h clearance"), or so often ("8h/day")."""
    rest = WORD.match(text, position) if text[position - 1].isdigit() else None
    if rest is None or rest.end() != end or (words.key(rest.group()),) not in TIME_UNIT:
        return False
    return _ENDS_TIME.match(text, end) is not None


_ENDS_TIME: Final = re.compile(
    r"\s*(?:$|[^\w\s/]|(?:of|from|after|before|prior|preceding|since|ago|to|and|or|at|in|during|following|post|pre)\b)",
    re.IGNORECASE,
)


def _dioptres(text: str, position: int, number: Token) -> bool:
    """Whether a "D" is the unit of a lens: "-0.50 D", "myopia > 6 D", but "5 D" are days."""
    if not text.startswith("D", position):
        return False
    return "." in text[number.start : number.end] or _OF_LENSES.search(text, 0, number.start) is not None


_OF_LENSES: Final = re.compile(
    words.any_word(
        "myop", "hyperop", "hypermetrop", "refracti", "astigmat", "spheric", "cylind", "anisometrop", "ametrop"
    ),
    re.IGNORECASE,
)


def _single(key: str, start: int, end: int, text: str) -> Token:
    """A word that is no name: of a number, a Roman number, "x" before a number, or unknown."""
    if key in NUMBER_WORDS:
        return Token("NUMBER", Number(float(NUMBER_WORDS[key])), start, end)
    raw = text[start:end]
    if raw in ROMAN_NUMBERS:
        return Token("ROMAN", ROMAN_VALUES[raw.lower()], start, end)
    if raw in ("x", "X") and text[end:].lstrip()[:1].isdigit():
        return Token("TIMES", raw, start, end)
    return Token("WORD", key, start, end)


_MORE_FIGURES: Final = re.compile(r":\d{1,4}(?::\d{1,3})*(?![\d.])")
_NUMBERED: Final = re.compile(
    r"\b(?:age|arm|cohort|criterion|day|group|part|phase|section|stage|step|strat(?:um|a)|table|visit|week)s?\s*$",
    re.IGNORECASE,
)
_CODED: Final = re.compile(r"[-‐‑]\d{1,4}[a-zA-Z]?(?![\w./%-]|\s*(?:[-–]|to)\s*\d)")  # "EndoTAG-1", "TTF-1"
_ROMAN_RANGE: Final = re.compile(r"(?<=[IVABC0-9])[-‐‑](?:IV|V|I{1,3})[ABC]?(?![\w-])")  # "II-IV", "IIIB-IV"
