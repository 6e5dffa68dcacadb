"""Parentheses, and words behind "i.e.", that name again what stands before them."""

from __future__ import annotations

from typing import Final

from eligibility.knowledge.vocabulary import Entry, vocabulary
from eligibility.reading.lexing.tokens import Token, is_performance_status
from eligibility.reading.rewriting.abbreviations import shortens

__all__ = [
    "IN_OTHER_WORDS",
    "closes_clause",
    "closing",
    "is_apposition",
    "is_same_length",
    "limit_again",
    "names_in_full",
    "says_attribute_again",
    "says_how_long_before",
]


IN_OTHER_WORDS: Final = frozenset(("i e", "ie", "that is", "namely"))
_COMPARING: Final = frozenset(("GE", "GT", "LE", "LT"))
_DEFINED: Final = 3  # "ULN = upper limit of normal"


def limit_again(tokens: list[Token], index: int) -> int | None:
    """Where a limit begins that says what the words before it mean, behind "i.e."; None where it is no limit."""
    at = index + 1 + (tokens[index + 1 : index + 2] != [] and tokens[index + 1].type in ("COMMA", "COLON"))
    kinds = [token.type for token in tokens[at : at + 3]]
    opened = index > 0 and tokens[index - 1].type == "LPAR"
    if kinds[:1] and (kinds[0] in _COMPARING or (opened and kinds[0] == "WITHIN")):
        return at if opened or kinds[1:2] == ["TEST_WORD"] or kinds[1:] == ["NUMBER", "UNIT"] else None
    return None


def names_in_full(tokens: list[Token]) -> list[Token]:
    """The tokens with a test that is told by its name, an abbreviation and what it is for as that test: "serum human
    chorionic gonadotropin (hCG) pregnancy test"."""
    found: list[Token] = []
    index = 0
    while index < len(tokens):
        told = tokens[index : index + len(_IN_FULL)]
        test = _narrowest([token for token in told if token.type == "ANALYTE"])
        if [token.type for token in told] == _IN_FULL and test is not None:
            found.append(Token("ANALYTE", test.value, told[0].start, told[-1].end, test.others))
            index += len(told)
        else:
            found.append(tokens[index])
            index += 1
    return found


_IN_FULL: Final = "ANALYTE LPAR ANALYTE RPAR ANALYTE".split()


def _narrowest(names: list[Token]) -> Token | None:
    """Of several names the one that is a kind of what all others name."""

    def is_kind_of(token: Token, other: Token) -> bool:
        return vocabulary().is_a("measurement", token.value.name, other.value.name)

    return next((one for one in names if all(is_kind_of(one, other) for other in names)), None)


def says_how_long_before(inside: list[Token], behind: list[Token]) -> bool:
    """Whether a parenthesis holds how long before something a thing was: "(within 14 days) prior to"."""
    kinds = [token.type for token in inside]
    so_long = kinds[1:] == ["NUMBER", "TIMEUNIT"] and kinds[0] in ("WITHIN", "LE", "LT")
    return so_long and [token.type for token in behind] == ["BEFORE"]


def says_attribute_again(token: Token, ahead: list[Token]) -> bool:
    """Whether a parenthesis holds no more than the attribute before it."""
    kinds = [token.type, *(each.type for each in ahead)]
    return kinds == ["QUALIFIER", "QUALIFIER", "RPAR"] and ahead[0].value == token.value


def closing(tokens: list[Token], index: int) -> int | None:
    """The parenthesis that closes the one at ``index``, if it stands near."""
    depth = 0
    for at in range(index, min(index + 9, len(tokens))):
        depth += (tokens[at].type == "LPAR") - (tokens[at].type == "RPAR")
        if depth == 0:
            return at
    return None


def closes_clause(tokens: list[Token], index: int) -> bool:
    """Whether nothing goes on behind the parenthesis that opens at ``index``."""
    depth = 0
    for at in range(index, len(tokens)):
        depth += (tokens[at].type == "LPAR") - (tokens[at].type == "RPAR")
        if depth == 0:
            return at + 1 == len(tokens) or tokens[at + 1].type in ("DOT", "SEMI", "COMMA", "RPAR")
    return False


def is_apposition(before: Token, inside: list[Token]) -> bool:
    """Whether what stands in parentheses names again what stands before them: "hepatitis B (HBV)"."""
    names = [t for t in inside if t.type not in ("COMMA", "OR", "SLASH", "LPAR", "RPAR", "INCLUDING", "AND")]
    if not names or len(names) > 3:
        return not inside
    if before.type in ("ULN", "LLN") and (names[0].type == "TIMES" or names[0].said == "x"):
        return [t.type for t in names[1:]] == [before.type]  # "3 times the upper limit of normal (x ULN)"
    if before.type in ("ULN", "LLN") and len(names) == _DEFINED and names[1].type in ("EQ", "COLON", "IS"):
        return (names[0].type == before.type or names[0].said == "n") and names[2].type == before.type
    if before.type == "QUALIFIER":
        return len(names) == 1 and names[0].type == "QUALIFIER" and names[0].value == before.value
    if before.type == "ANCHOR":
        return len(names) == 1 and any(names[0].value == each for each in (before.value, "icf"))
    if before.type in (
        "CHILDBEARING",
        "PREGNANT",
        "BREASTFEEDING",
        "CONTRACEPTION",
        "ULN",
        "LLN",
        "CONSENT",
        "NOT_CHILDBEARING",
    ):
        return all(t.type in (before.type, "WORD", "ANCHOR") for t in names) and len(names) == 1
    if isinstance(before.value, Entry):
        if before.type == "ANALYTE" and len(names) > 1 and _kinds_together(before.value, names):
            return True
        if len(names) == 1 and isinstance(names[0].value, Entry) and names[0].value.name == "performance status":
            return is_performance_status(before)  # "ECOG (performance status)"
        if all(
            isinstance(t.value, Entry)
            and (t.value.name == before.value.name or any(v is before.value for _, v in t.others))
            for t in names
        ):
            return True
        return (
            len(names) == 1 and names[0].type == "WORD" and shortens(names[0], before.value.name, before.value.synonyms)
        )
    return False


def _kinds_together(whole: Entry, parts: list[Token]) -> bool:
    """Whether analytes are all that another is the name for: "transaminases (ALT and AST)"."""
    named = {t.value.name for t in parts if t.type == "ANALYTE" and isinstance(t.value, Entry)}
    kinds = vocabulary().narrower("measurement", whole.name)
    return len(named) == len(parts) and bool(kinds) and named == {*kinds}


_DAYS_OF: Final = {  # from so many days to so many
    "hours": (1 / 24, 1 / 24), "days": (1.0, 1.0), "weeks": (7.0, 7.0), "months": (30.0, 31.0), "years": (365.0, 366.0),
}  # fmt: skip


def is_same_length(before: list[Token], inside: list[Token]) -> bool:
    """Whether the parenthesis gives a length of time in another unit: "4 weeks (28 days)", "3 months (90 days)"."""
    lengths: list[tuple[float, float]] = []
    for tokens in (before, inside):
        if [token.type for token in tokens] != ["NUMBER", "TIMEUNIT"] or tokens[1].value not in _DAYS_OF:
            return False
        least, most = _DAYS_OF[tokens[1].value]
        lengths.append((tokens[0].value.value * least, tokens[0].value.value * most))
    (least, most), (other_least, other_most) = lengths
    return least <= other_most and other_least <= most
