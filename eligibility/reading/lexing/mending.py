"""Tokens that are something else than they look like, by what stands beside them."""

from __future__ import annotations

import re
from typing import Final

from eligibility.knowledge.qualifiers import qualifiers
from eligibility.knowledge.tables import routes
from eligibility.knowledge.vocabulary import Entry, vocabulary
from eligibility.reading.lexing.numerals import ROMAN_VALUES
from eligibility.reading.lexing.scanning import scanned
from eligibility.reading.lexing.tokens import BOUNDING, CONNECTIVES, Number, Token, is_performance_status
from eligibility.reading.patterns import Sought

__all__ = ["mended"]


_OF_SOME: Final = frozenset("FOR FOR_TIME WITHIN PREP".split())
_RANGE_SIGNS: Final = frozenset("GT LT".split())
_ADVERBIAL: Final = re.compile(r"\s+(?:[a-z]+(?:ed|ing)|for|to)\b")
_COUNTING: Final = frozenset("GT LT LE".split())
_MENDED_WORDS: Final = Sought(r"WHO|subjects who|irth|outside", "WHO", "subjects who", "irth", "outside")
_MENDING: Final = frozenset(
    "AGE STAGE BETWEEN INCLUSIVE AS_DEFINED ROMAN OR_LESS TEST_WORD PLUS ANY_OF INCLUDING EXCEPT".split()
)


def mended(tokens: list[Token], text: str) -> list[Token]:
    """The tokens, with those that their neighbours show to be something else as that."""
    if _DOTTED.search(text):
        tokens = _abbreviated_routes(tokens, text)
    if _QUOTED.search(text):
        tokens = _unquoted(tokens, text)
    if _LONE_A.search(text) and _ARM_A.search(text):
        tokens = [_its_name(token, text) for token in tokens]
    kinds = {token.type for token in tokens}
    if kinds.isdisjoint(_MENDING) and not _MENDED_WORDS.search(text):
        return tokens
    found: list[Token] = []
    for index, token in enumerate(tokens):
        following = tokens[index + 1] if index + 1 < len(tokens) else None
        match token.type:
            case "FILLER" if token.said == "subject who" and found and found[-1].type in _OF_SOME:
                token = Token("PERSON", token.value, token.start, token.end)  # "... for subjects who have gout"
            case "WORD" if token.value == "birth" and _is_least_age(tokens, index):
                token = Token("NUMBER", Number(0.0), token.start, token.end)  # "from birth to 18 years"
            case "WORD" if token.said == "outside" and _is_range(tokens[index + 1 : index + 5]):
                token = Token("OUTSIDE", token.value, token.start, token.end)  # "TSH outside 0.4-4.5"
            case "OF" if found and found[-1].type == "OUTSIDE":
                token = Token("FILLER", token.value, token.start, token.end)
            case "WORD" if token.said == "life" and [t.type for t in found[-2:]] == ["TIMEUNIT", "OF"]:
                token = Token("AGE_UNIT_TAIL", "of life", found.pop().start, token.end)  # "1h of life"
            case "WORD" | "FILLER":
                token = _stage_name(found, token, text)
            case "IS" if (
                text[token.start : token.end] == "WHO" and following is not None and following.type in _BEFORE_SCORE
            ):
                scale = vocabulary().entry("measurement", "ECOG performance status")
                token = Token("ANALYTE", scale, token.start, token.end)
            case "COLON" if found and found[-1].type == "STAGE" and _is_stage(following, text):
                token = Token("FILLER", token.value, token.start, token.end)  # "Stage: III or IV"
            case "STAGE" | "GRADE" | "TEST_WORD" if _is_of_performance(found):
                token = Token("TEST_WORD", token.value, token.start, token.end)
            case "TEST_WORD" if (
                len(found) > 1
                and found[-1].type in BOUNDING
                and found[-2].type == "ANALYTE"
                and following is not None
                and following.type in ("NUMBER", "ROMAN")
            ):
                token = Token("FILLER", token.value, token.start, token.end)  # "NYHA >= class II"
            case "TEST_WORD" | "GRADE" if _names_scale_again(found, token, following, text):
                token = Token("FILLER", token.value, token.start, token.end)
            case "GT" if found and found[-1].said == "but not":  # "at least 1 but not more than 3"
                found[-1] = Token("BUT", "but", found[-1].start, found[-1].end)
                token = Token("LE", "not more than", token.start, token.end)
            case "PLUS" if found and found[-1].end == token.start and _in_crosses(found):
                token = Token("FILLER", token.value, token.start, token.end)  # "HER2 IHC 3+ or"
            case "AGE" if found and found[-1].said == "over the":  # "over the age of 18"
                found[-1] = Token("GT", "over", found[-1].start, found[-1].end)
            case "AGE" if found and found[-1].type == "BETWEEN":  # "between the ages of 18 and 75"
                found[-1] = Token("AGE", token.value, found[-1].start, found[-1].end)
                token = Token("BETWEEN", "between", token.start, token.end)
            case "ROMAN" if (
                token.value == ROMAN_VALUES["iv"]
                and _is_given_so(tokens[index + 1 : index + 4], text)
                and not text[: token.start].endswith(("-", "/", "‐"))
            ):
                said = scanned("intravenous")[0]  # "IV antibiotics"
                token = Token(said.type, said.value, token.start, token.end, said.others)
            case "INCLUDING" if token.said == "specifically" and _ADVERBIAL.match(text, token.end):
                token = Token("FILLER", token.value, token.start, token.end)  # "specifically intended to lower it"
            case "ANY_OF" if found and found[-1].type in _COUNTING and token.said.startswith(("one of ", "1 of ")):
                ends = token.start + token.said.index(" ")  # "more than one of the following"
                found.append(Token("NUMBER", Number(1.0), token.start, ends))
                token = Token("OF_FOLLOWING", "of the following", ends + 1, token.end)
            case "AS_DEFINED":
                token = _defined(found, token)
            case "INCLUSIVE" | "LPAR" | "RPAR" if _adds_nothing(tokens, index, found, text):
                token = Token("FILLER", token.value, token.start, token.end)
            case "OR_LESS" if (
                found
                and found[-1].type == "WORD"
                and following is not None
                and following.type == "WORD"
                and text[token.start : token.end].lower() == "or lower"
                and text[following.start : following.end].lower() in _LOWER_PARTS
            ):  # "pelvic or lower urinary tract surgery": no limit
                found.append(Token("OR", "or", token.start, token.start + len("or")))
                token = Token("WORD", "lower", token.end - len("lower"), token.end)
            case "CONDITION" | "TREATMENT" if (
                len(found) > 1
                and found[-1].type == "OR_LESS"
                and found[-2].type == "WORD"
                and (named := _lower_of_two(found[-1], token, text)) is not None
            ):
                found[-1], token = named
        found.append(token)
    return found


def _its_name(token: Token, text: str) -> Token:
    """ "Arm A": the name of an arm, no article."""
    named = token.type == "FILLER" and _ARM_A.search(text, max(0, token.start - _LONGEST_ARM), token.end) is not None
    return Token("WORD", "a", token.start, token.end) if named and token.said == "a" else token


_LONE_A: Final = re.compile(r"A(?<=\sA)(?![\w-])")  # a first look
_ARM_A: Final = re.compile(r"\b(?i:arms?|cohorts?|parts?|groups?|panel|stratum)\s+A(?![\w-])")
_LONGEST_ARM: Final = 9


_QUOTED: Final = Sought(r'["“][^"“”]{2,40}["”]', '"', "“")


def _unquoted(tokens: list[Token], text: str) -> list[Token]:
    """Without the quotation marks around a name that is known: a "currently active" malignancy."""
    found = list(tokens)
    for index in range(1, len(tokens) - 1):
        marks = (
            text[tokens[index - 1].start : tokens[index - 1].end],
            text[tokens[index + 1].start : tokens[index + 1].end],
        )
        if tokens[index].type in _QUOTABLE and marks[0] in _OPENING and marks[1] in _CLOSING:
            for at, mark in zip((index - 1, index + 1), marks, strict=True):
                found[at] = Token("FILLER", mark, tokens[at].start, tokens[at].end)
            if tokens[index].type in _POTENTIAL and index > 1 and tokens[index - 2].type == "OF":
                found[index - 2] = Token("FILLER", "of", tokens[index - 2].start, tokens[index - 2].end)
    return found


_POTENTIAL: Final = frozenset(("CHILDBEARING", "NOT_CHILDBEARING"))
_QUOTABLE: Final = _POTENTIAL | {"QUALIFIER", "CONDITION", "TREATMENT"}
_OPENING: Final = frozenset(('"', "“"))
_CLOSING: Final = frozenset(('"', "”"))


def _is_least_age(tokens: list[Token], index: int) -> bool:
    """Whether a range of ages begins with this word: "aged birth to 18 years", "age between birth and 65"."""
    before = tokens[index - 1].type if index else ""
    behind = [token.type for token in tokens[index + 1 : index + 5]]
    limited = behind[1:2] in (["LT"], ["LE"])  # "birth to < 18 years"
    joint, number, unit = [*behind[:1], *behind[1 + limited :], "", "", ""][:3]
    if number != "NUMBER" or joint not in ("TO", "DASH", "AND"):
        return False
    aged = before == "AGE" or (index > 1 and "AGE" in (tokens[index - 2].type, tokens[index - 3].type))
    if joint == "AND":
        return before == "BETWEEN"
    return aged or (unit == "TIMEUNIT" and before in ("", "FROM", "IS", "COMMA"))


def _is_range(following: list[Token]) -> bool:
    """Whether two numbers follow with what joins them: "(of) 50 to 90"."""
    kinds = [token.type for token in following if token.type != "OF"][:3]
    return kinds[::2] == ["NUMBER", "NUMBER"] and kinds[1] in ("TO", "DASH", "AND")


def _is_of_performance(found: list[Token]) -> bool:
    """Whether a performance status stands before, "performance status (of) grade 0-1": no grade of anything else."""
    before = found[:-1] if found and found[-1].type == "OF" else found
    return bool(before) and is_performance_status(before[-1])


def _names_scale_again(found: list[Token], token: Token, following: Token | None, text: str) -> bool:
    """Whether a scale is named again before its other value: "NYHA class III or class IV", "grade 3 or grade 4"."""
    if following is None or following.type not in _LEVELS or len(found) < len(("class", "III", "or")):
        return False
    scale, value, joint = found[-3:]
    if scale.type not in _SCALES or value.type not in _LEVELS or joint.type not in _BESIDE_LEVELS:
        return False
    return text[: scale.end].lower().endswith(text[token.start : token.end].lower())


_LEVELS: Final = frozenset(("NUMBER", "ROMAN"))
_SCALES: Final = frozenset("ANALYTE GRADE TEST_WORD FILLER".split())
_BESIDE_LEVELS: Final = frozenset("OR AND ANDOR SLASH TO DASH".split())


def _abbreviated_routes(tokens: list[Token], text: str) -> list[Token]:
    """With "i.v." and the like as one word each."""
    low = text.lower()
    found = list(tokens)
    for index in range(len(tokens) - 2, -1, -1):
        first, second = tokens[index], tokens[index + 1]
        route = _DOTTED_ROUTES.get(low[first.start : second.end + 1])
        if route is not None:
            said = scanned(route)[0]
            found[index : index + 2] = [Token(said.type, said.value, first.start, second.end + 1, said.others)]
    return found


_DOTTED: Final = Sought(r"(?<!\w)(?:i\.[vm]|p\.o|s\.c)\.", ".v.", ".m.", ".o.", ".c.", either_case=True)
_DOTTED_ROUTES: Final = {
    "i.v.": "intravenous",
    "i.m.": "intramuscular",
    "p.o.": "oral",
    "s.c.": "subcutaneous",
}


def _is_given_so(following: list[Token], text: str) -> bool:
    """Whether a treatment follows, or another route and then a treatment: "IV or oral antibiotics"."""
    kinds = [token.type for token in following]
    if kinds[:1] == ["TREATMENT"]:
        return True
    if len(following) < len(("or", "oral", "antibiotics")) or kinds[0] not in CONNECTIVES:
        return False
    other = text[following[1].start : following[1].end].lower().replace(".", "")
    return other in routes().names and kinds[2] == "TREATMENT"


def _in_crosses(found: list[Token]) -> bool:
    """Whether the last is a number of crosses, in which the test before it is read: of "HER2 IHC 2+ or 3+", each."""
    if found[-1].type != "NUMBER" or not isinstance(found[-1].value, Number):
        return False
    result = f"{found[-1].value.value:g}+"
    for before in reversed(found[-_MOST_BETWEEN:-1]):
        if before.type in ("ANALYTE", "CONDITION") and isinstance(before.value, Entry):
            test = before.value if before.type == "ANALYTE" else vocabulary().find(before.value.name, "measurement")
            values = test.facts.get("values") if test is not None else None
            return isinstance(values, dict) and result in values
        if before.type not in _BEFORE_RESULT:
            return False
    return False


_MOST_BETWEEN: Final = 8
_BEFORE_RESULT: Final = frozenset("NUMBER FILLER OF EQ GE GT LE LT OR COMMA SLASH TO DASH TEST_WORD IS".split())


def _stage_name(found: list[Token], token: Token, text: str) -> Token:
    """A word in a list of stages as the stage that it is, together with what was found of it; else as it is."""
    last = found[-1] if found else None
    if last is None:
        return token
    if token.type == "WORD":
        if _in_stages(found) and (stage := _STAGE_NAME.fullmatch(text, token.start, token.end)):
            return Token("STAGE_NAME", stage[1].upper() + stage[2].upper() + stage[3], token.start, token.end)
        if (
            len(found) > 1
            and last.type == "NUMBER"
            and last.end == token.start
            and (stage := _STAGE_NAME.fullmatch(text, last.start, token.end))
            and _in_stages(found[:-1])
        ):  # "stage 3b"
            base = _STAGE_NUMBERS[int(stage[1])]
            return Token("STAGE_NAME", base + stage[2].upper() + stage[3], found.pop().start, token.end)
    said = text[token.start : token.end]
    if last.type == "ROMAN" and said in _SUBSTAGES and _in_stages(found):  # "stage III A"
        found.pop()
        return Token("STAGE_NAME", text[last.start : last.end].upper() + said, last.start, token.end)
    return token


def _is_stage(token: Token | None, text: str) -> bool:
    """Whether a stage is named: "III", "3b"."""
    if token is None:
        return False
    return token.type in _LEVELS or _STAGE_NAME.fullmatch(text, token.start, token.end) is not None


def _defined(found: list[Token], token: Token) -> Token:
    """ "As defined by the protocol": of a fact it is a part that counts; of anything else it says nothing more."""
    apart = bool(found) and found[-1].type in ("COMMA", "LPAR")
    if len(found) <= apart or found[-1 - apart].type not in ("CONDITION", "TREATMENT"):
        return Token("FILLER", token.value, token.start, token.end)
    if apart:
        found[-1] = Token("FILLER", found[-1].value, found[-1].start, found[-1].end)
    return Token("QUALIFIER", qualifiers().find("defined by the protocol"), token.start, token.end)


def _adds_nothing(tokens: list[Token], index: int, found: list[Token], text: str) -> bool:
    """Whether it is "inclusive" where no sign is at odds with it, or a parenthesis with no more than that in it, or one
    that closes behind a definition."""
    before = tokens[index - 1].type if index else ""
    if tokens[index].type == "RPAR":
        defined = len(found) > 1 and before == "AS_DEFINED" and text[found[-2].start] == "("
        return defined or (before == "INCLUSIVE" and found[-1].type == "FILLER")
    opening = tokens[index].type == "LPAR" and (index + 1 == len(tokens) or tokens[index + 1].type != "INCLUSIVE")
    return not opening and not any(t.type in _RANGE_SIGNS for t in found[-8:])


def _lower_of_two(less: Token, name: Token, text: str) -> tuple[Token, Token] | None:
    """ "(Upper) or lower respiratory infection": the second of two names, and what joins it to the first; None where
    there is no such name."""
    joint, _, adjective = text[less.start : less.end].partition(" ")
    start = less.end - len(adjective.lstrip())
    read = scanned(text[start : name.end])
    if len(read) != 1 or read[0].type != name.type or joint.upper() not in ("OR", "AND"):
        return None
    kind, end = joint.upper(), less.start + len(joint)
    return Token(kind, joint, less.start, end), Token(name.type, read[0].value, start, name.end, read[0].others)


_LOWER_PARTS: Final = frozenset(
    "urinary respiratory gastrointestinal gi airway airways limb limbs extremity extremities leg legs back abdominal"
    " abdomen thoracic esophageal eyelid eyelids lip jaw bowel intestinal digestive genitourinary".split()
)
_BEFORE_SCORE: Final = frozenset("NUMBER LE LT EQ".split())


_STAGE_NAME: Final = re.compile(r"((?:I{1,3}|IV|i{1,3}|iv)|[0-4])([A-Da-d])([1-3]?)")
_SUBSTAGES: Final = frozenset("ABCD")
_STAGE_NUMBERS: Final = ("0", "I", "II", "III", "IV")
_WITHIN_STAGES: Final = frozenset("ROMAN STAGE_NAME NUMBER PAIR OR AND COMMA SLASH DASH TO STAGE FILLER".split())


def _in_stages(found: list[Token]) -> bool:
    """Whether the next word goes on with a list of stages: "stage IIB, III or"."""
    at = len(found) - 1
    while at > 0 and found[at].type in _WITHIN_STAGES:
        if found[at].type == "STAGE":
            return True
        at -= 1
    return found[at].type == "STAGE"
