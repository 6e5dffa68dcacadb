"""Tokens: what the lexer makes of a text, and all that reads it is about."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Any, Final

from eligibility.knowledge.vocabulary import Entry

__all__ = [
    "BEGINS_LENGTH",
    "BOUNDING",
    "CLOSING",
    "COMPARES",
    "CONNECTIVES",
    "EITHER",
    "JOINTS",
    "LIMITS",
    "MOTHERHOOD",
    "NAMED",
    "PARENTHESES",
    "RESULTS",
    "SENTENCE_ENDS",
    "WHO",
    "Number",
    "Token",
    "depths_of",
    "is_performance_status",
    "kind_at",
    "past",
    "two_numbers",
]

EITHER: Final = frozenset("OR ANDOR SLASH".split())
"""Connectives that join alternatives."""

CONNECTIVES: Final = EITHER | {"AND"}
"""Connectives that join the last elements of a list."""

JOINTS: Final = CONNECTIVES | {"COMMA"}
"""What stands between the elements of a list."""

NAMED: Final = frozenset("CONDITION TREATMENT ANALYTE".split())
"""What the vocabulary has names for."""

RESULTS: Final = frozenset(("POSITIVE", "NEGATIVE"))
"""What a test says."""

PARENTHESES: Final = frozenset(("LPAR", "RPAR"))

SENTENCE_ENDS: Final = frozenset(("DOT", "SEMI"))
"""Marks behind which a new sentence, or clause, begins."""

CLOSING: Final = SENTENCE_ENDS | {"RPAR", "COMMA"}
"""Marks behind which no word belongs to the one before."""

BOUNDING: Final = frozenset("GE GT LE LT".split())
"""Signs and words that bound a value: "at least"."""

BEGINS_LENGTH: Final = BOUNDING | {"NUMBER"}
"""What a length of time begins with: "at least 2 weeks", "2 weeks"."""

COMPARES: Final = BOUNDING | {"EQ"}
"""What a value is compared by."""

LIMITS: Final = frozenset("LIMIT SEX_LIMIT EITHER_LIMIT".split())
"""Values that a measurement is compared with."""

MOTHERHOOD: Final = frozenset("PREGNANT BREASTFEEDING".split())
"""What is, not what was: "pregnant, or surgery within 4 weeks"."""

WHO: Final = frozenset("PERSON FEMALE MALE CHILDBEARING".split())
"""Whom a sentence is about."""


@dataclass(slots=True, init=False)
class Token:
    """A typed stretch ``text[start:end]`` of the text; ``value`` is what it stands for."""

    type: str
    value: Any
    start: int
    end: int
    others: tuple[tuple[str, Any], ...]  # what else these words can be

    def __init__(self, type: str, value: Any, start: int, end: int, others: tuple[tuple[str, Any], ...] = ()) -> None:
        self.type, self.value, self.start, self.end, self.others = type, value, start, end, others

    @property
    def said(self) -> str:
        """Its value, where that is words; else nothing."""
        return self.value if isinstance(self.value, str) else ""

    def __repr__(self) -> str:
        return (
            f"{self.type}({self.value!r})" if not isinstance(self.value, Entry) else f"{self.type}({self.value.name})"
        )


@dataclass(slots=True, init=False)
class Number:
    """A number as written: its value, and what had to be mended to read it. Nobody changes one."""

    value: float
    note: str
    grouped: bool  # "1.500": a decimal point that may be a thousands separator
    unit: str | None  # that its form tells: a Snellen fraction

    def __init__(self, value: float, note: str = "", grouped: bool = False, unit: str | None = None) -> None:
        self.value, self.note, self.grouped, self.unit = value, note, grouped, unit


def kind_at(tokens: list[Token], index: int) -> str:
    """The type of the token at an index; nothing behind the last."""
    return tokens[index].type if index < len(tokens) else ""


def depths_of(tokens: Sequence[Token]) -> list[int]:
    """Of each token within how many parentheses it stands, the opening one of them with it."""
    return list(accumulate((token.type == "LPAR") - (token.type == "RPAR") for token in tokens))


def past(tokens: list[Token], at: int, *types: str) -> int:
    """Where the first token from ``at`` on stands that is of none of these types."""
    while at < len(tokens) and tokens[at].type in types:
        at += 1
    return at


def two_numbers(token: Token, first: str, second: str) -> list[Token]:
    """The numbers of a word such as "3/4", either of which is meant."""
    middle = token.start + len(first)
    return [
        Token("NUMBER", Number(float(first)), token.start, middle),
        Token("SLASH", "/", middle, middle + 1),
        Token("NUMBER", Number(float(second)), middle + 1, token.end),
    ]


def is_performance_status(token: Token) -> bool:
    """Whether it names a scale of performance status."""
    return isinstance(token.value, Entry) and token.value.facts.get("type") == "performance"
