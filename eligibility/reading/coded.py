"""Names with a number in them, and other words that belong together: "PLN-1010", "exon 20", "one of the components"."""

from __future__ import annotations

import re
from typing import Final

from eligibility.reading.lexing.tokens import JOINTS, Token, kind_at
from eligibility.reading.patterns import CHEMICAL

__all__ = ["named_with_numbers"]

_BEFORE_NUMBER: Final = frozenset(  # what is counted through, so that a number behind it is part of its name
    "cycle trial exon codon chromosome receptor polysorbate vitamin omega cyp il factor interleukin "
    "apolipoprotein genotype dextran".split()
)
_NAMES: Final = frozenset("WORD CONDITION TREATMENT".split())
_NO_NAME_BEHIND: Final = frozenset(
    "UNIT TIMEUNIT PLUS OR_MORE OR_LESS TIMES ULN LLN TO DASH AGO DIMENSION OCCASION".split()
)
_TO_WHAT: Final = frozenset("ALLERGY INTOLERANT CONTRAINDICATION".split())


def named_with_numbers(tokens: list[Token], text: str) -> list[Token]:
    """The tokens, with a number that is part of a name as part of the word before it."""
    kinds = [token.type for token in tokens]
    if "NUMBER" not in kinds and "DASH" not in kinds and "whether" not in text:
        return tokens
    found: list[Token] = []
    index = 0
    while index < len(tokens):
        token = tokens[index]
        if token.type == "DASH" and _is_suspended(tokens, index, text):
            index += 1  # "second- or third-degree"
            continue
        if token.type == "NUMBER" and _is_one_of(tokens, index, found, text):
            index += 2
            continue
        if token.type == "NUMBER" and _counts_items(tokens, index):
            length = 1 + (kinds[index + 1] == "DASH")  # "the 24-item Hamilton Rating Scale"
            said = f"{text[token.start : token.end]} item"
            found.append(Token("WORD", said, token.start, tokens[index + length].end))
            index += length + 1
            continue
        if token.type in _NAMES and _is_pair(tokens, index, text):
            end = tokens[index + 2].end
            value = text[token.start : end].lower() if token.type == "WORD" else token.value
            found.append(Token(token.type, value, token.start, end, token.others))
            index += 3  # "CDK4/6"
            continue
        length = _coded(tokens, index, text) if token.type in _NAMES or _is_short(token, text) else 0
        if length:
            end = tokens[index + length].end
            found.append(
                Token("WORD", " ".join(text[token.start : end].lower().replace("-", " ").split()), token.start, end)
            )
            index += length + 1
            continue
        if token.type == "WORD" and token.said == "whether" and kinds[index + 1 : index + 2] == ["QUALIFIER"]:
            token = Token("EITHER", "whether", token.start, token.end)
        found.append(token)
        index += 1
    return found


def _counts_items(tokens: list[Token], index: int) -> bool:
    """Whether it says how many items a scale has, before its name: "24-item"."""
    behind = [token for token in tokens[index + 1 : index + 4] if token.type != "DASH"][:2]
    return [t.type for t in behind] == ["WORD", "ANALYTE"] and behind[0].said == "item"


def _is_pair(tokens: list[Token], index: int, text: str) -> bool:
    """Whether a name with a number at its end goes on with another number behind a slash: "CDK4/6", "TORC1/2"."""
    behind = tokens[index + 1 : index + 3]
    if [t.type for t in behind] != ["SLASH", "NUMBER"] or kind_at(tokens, index + 3) in _NO_NAME_BEHIND:
        return False
    name, (slash, number) = tokens[index], behind
    joined = name.end == slash.start and slash.end == number.start and number.end - number.start == 1
    return joined and _ENDS_IN_NUMBER.fullmatch(text, name.start, name.end) is not None


_ENDS_IN_NUMBER: Final = re.compile(r"(?!GRADE|STAGE|CLASS|PHASE|TYPE|PART|DAY|HIV)[A-Z]{3,}\d")


def _coded(tokens: list[Token], index: int, text: str) -> int:
    """How many tokens behind a word are the number that it goes on with: two in "PLN-1010", one in "exon 20"."""
    word = tokens[index]
    kinds = [token.type for token in tokens[index + 1 : index + 4]]
    if word.type == "NUMBER":
        return _begun(tokens, index, text)
    if kinds[:2] == ["DASH", "NUMBER"]:
        dash, number = tokens[index + 1], tokens[index + 2]
        joined = word.end == dash.start and dash.end == number.start
        said = text[number.start : number.end]
        other = word.type == "WORD" or len(said) > 1  # "Lu-PSMA-617" is no more what is known of its first part
        if joined and other and said.isdigit() and _NO_NAME_BEHIND.isdisjoint(kinds[2:3]):
            return 2
    elif word.type == "WORD" and kinds[:1] == ["NUMBER"] and word.said in _BEFORE_NUMBER:
        number = tokens[index + 1]
        if text[number.start : number.end].isdigit() and _NO_NAME_BEHIND.isdisjoint(kinds[1:2]):
            return 1
    elif word.type == "WORD" and kinds[:1] == ["NUMBER"] and _is_short(word, text):  # "PEG 300"
        number = tokens[index + 1]
        said = text[number.start : number.end]
        least = _LEAST_LISTED if _is_listed(tokens, index) else _LEAST_DIGITS
        if said.isdigit() and len(said) >= least and _NO_NAME_BEHIND.isdisjoint(kinds[1:2]):
            return 1
    return 0


def _is_listed(tokens: list[Token], index: int) -> bool:
    """Whether a word and a number stand between the signs of a list, and nothing is measured: "CTLA-4, OX 40)"."""
    before, behind = tokens[index - 1].type if index else "", kind_at(tokens, index + 2)
    if before not in ("COMMA", "LPAR") or behind not in ("COMMA", "RPAR"):
        return False
    return all(token.type != "ANALYTE" for token in tokens)


_LEAST_DIGITS: Final = 3
_LEAST_LISTED: Final = 2
_LONGEST_LETTERS: Final = 3


def _is_short(token: Token, text: str) -> bool:
    """Whether it is an abbreviation, or a number that a name may begin with: "CBP-1008", "68Ga"."""
    said = text[token.start : token.end]
    return (said.isalpha() and said.isupper() and len(said) > 1) or (token.type == "NUMBER" and said.isdigit())


def _begun(tokens: list[Token], index: int, text: str) -> int:
    """How many tokens behind a number are the letters of the name that it begins: one in "68Ga" and in "2b"."""
    if compound := _compound(tokens, index, text):
        return compound
    number, letters = tokens[index], tokens[index + 1] if index + 1 < len(tokens) else None
    if letters is None or letters.type != "WORD" or letters.start != number.end:
        return 0
    said, before = text[letters.start : letters.end], tokens[index - 1] if index else None
    if not said.isalpha() or len(said) > _LONGEST_LETTERS or text[letters.end : letters.end + 1].isalnum():
        return 0
    if len(said) == 1:  # "phase 2b", but "grade 3a"
        return 1 if before is not None and before.said in _BEFORE_LETTERED else 0
    listed = before is not None and before.type in _COUNTING
    return 1 if not listed and said.lower() not in ("or", "to", "and") else 0


def _compound(tokens: list[Token], index: int, text: str) -> int:
    """How many tokens behind a number are the rest of a chemical name: two in "4-aminoquinoline"; 0 of none."""
    at = index + 1 + (kind_at(tokens, index + 1) == "DASH")
    number, name = tokens[index], tokens[at] if at < len(tokens) else None
    if (
        name is None
        or name.type != "WORD"
        or text[number.end : name.start] not in _HYPHENS
        or number.end - number.start > 1
    ):
        return 0
    return at - index if _CHEMICAL.fullmatch(text, name.start, name.end) else 0


_HYPHENS: Final = ("-", "‐", "‑")
_CHEMICAL: Final = re.compile(CHEMICAL)
_BEFORE_LETTERED: Final = frozenset("phase part cohort arm step module stratum section p450".split())
_COUNTING: Final = frozenset("GE GT LE LT EQ BETWEEN FROM TO DASH NUMBER GRADE STAGE COMMA OR AND SLASH".split())


def _is_suspended(tokens: list[Token], index: int, text: str) -> bool:
    """Whether a dash stands for the rest of a word that is said later: "second- or third-degree"."""
    dash = tokens[index]
    behind = tokens[index + 1].type if index + 1 < len(tokens) else ""
    return (
        bool(index)
        and tokens[index - 1].end == dash.start
        and behind in JOINTS
        and text[dash.end : dash.end + 1] in " ,"
    )


def _is_one_of(tokens: list[Token], index: int, before: list[Token], text: str) -> bool:
    """Whether "one of" stands behind what somebody is allergic to, where it is no more than "any of"."""
    token = tokens[index]
    if text[token.start : token.end].lower() != "one" or [t.type for t in tokens[index + 1 : index + 2]] != ["OF"]:
        return False
    last = before[-1] if before else None
    if last is None or not any(each.type in _TO_WHAT for each in before):
        return False
    return last.type in _TO_WHAT or last.type in JOINTS or last.said == "to"
