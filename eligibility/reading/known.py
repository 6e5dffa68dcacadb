"""The sentences of a criterion that were read, for where the criterion is read again without some of its words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from eligibility.reading.drafts import Draft
from eligibility.reading.lexing.tokens import Token
from eligibility.rules import Concept

__all__ = ["Known", "Said"]

_AROUND: Final = 80  # characters; those who look beyond a sentence look no farther


@dataclass(slots=True, init=False)
class Said:
    """A sentence with all that its reading depends on. Nobody changes one.

    ``given``: what a lead-in gives to it.
    """

    tokens: list[Token]
    exclusion: bool
    studied: tuple[Concept, ...]
    given: Any
    around: str

    def __init__(
        self, tokens: list[Token], text: str, given: Any, exclusion: bool, studied: tuple[Concept, ...]
    ) -> None:
        self.tokens, self.exclusion, self.studied, self.given = tokens, exclusion, studied, given
        self.around = text[max(tokens[0].start - _AROUND, 0) : tokens[-1].end + _AROUND]


@dataclass(slots=True, init=False)
class Known:
    """What each sentence was read as, by where it begins."""

    read: dict[int, list[tuple[Said, Draft | None]]]

    def __init__(self) -> None:
        self.read = {}

    def of(self, said: Said) -> Sequence[Draft | None]:
        """What the same sentence was read as, alone; nothing where it is a new one."""
        for other, draft in self.read.get(said.tokens[0].start, ()):
            if other == said:
                return [draft]
        return ()

    def keep(self, said: Said, draft: Draft | None) -> None:
        """Remember what a sentence was read as."""
        self.read.setdefault(said.tokens[0].start, []).append((said, draft))
