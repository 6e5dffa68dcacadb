"""What bears on the reading of a criterion besides its words."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Final

from eligibility.knowledge.vocabulary import vocabulary
from eligibility.reading.known import Known
from eligibility.reading.patterns import in_small_letters
from eligibility.rules import Concept, Duration

__all__ = ["Context"]


@dataclass(slots=True, init=False)
class Context:
    """What bears on the reading of a criterion besides its text. Nobody changes one."""

    text: str
    exclusion: bool
    studied: tuple[Concept, ...]
    requirements: bool
    minimum_age: Duration | None
    maximum_age: Duration | None
    known: Known | None  # the sentences that were read, where some words may have to be left out
    low: str = field(init=False)  # the text in small letters, each where it stands: patterns are faster there

    def __init__(
        self,
        text: str,
        exclusion: bool,
        studied: tuple[Concept, ...] = (),
        requirements: bool = False,
        minimum_age: Duration | None = None,
        maximum_age: Duration | None = None,
        known: Known | None = None,
    ) -> None:
        self.text, self.exclusion, self.studied, self.requirements = text, exclusion, studied, requirements
        self.minimum_age, self.maximum_age, self.known = minimum_age, maximum_age, known
        low = in_small_letters(text)
        self.low = low if len(low) == len(text) else text  # a few letters become two

    def under(self, *, exclusion: bool) -> Context:
        """The same under Exclusion, or under Inclusion."""
        return self if exclusion == self.exclusion else self._but(self.text, exclusion, self.studied)

    def about(self, studied: tuple[Concept, ...]) -> Context:
        """The same where these are the diseases under study."""
        return self._but(self.text, self.exclusion, studied)

    def saying(self, text: str) -> Context:
        """The same of another text."""
        return self._but(text, self.exclusion, self.studied)

    def _but(self, text: str, exclusion: bool, studied: tuple[Concept, ...]) -> Context:
        return Context(text, exclusion, studied, self.requirements, self.minimum_age, self.maximum_age, self.known)

    def under_study(self, said: str) -> tuple[Concept, ...]:
        """The diseases under study that these words may stand for: of all of them "this cancer" is no asthma."""
        if _NEOPLASTIC.search(said) is None:
            return self.studied
        return tuple(each for each in self.studied if _is_neoplasm(each))


_NEOPLASTIC: Final = re.compile(r"tumou?r|cancer|malignan|neoplas|metasta", re.IGNORECASE)


def _is_neoplasm(concept: Concept) -> bool:
    names = concept.broader if concept.open else (concept.name,)
    return any(vocabulary().is_a("condition", name, "neoplasm") for name in names)
