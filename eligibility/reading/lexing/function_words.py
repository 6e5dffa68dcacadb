"""The words of ``rules/phrases.yaml``, which say how things belong together and name none."""

from __future__ import annotations

from functools import cache
from sys import intern
from typing import Any, Final

from eligibility.compiled import source_of
from eligibility.knowledge import names, words
from eligibility.knowledge.cache import cached
from eligibility.knowledge.names import Names, Texts, written
from eligibility.knowledge.vocabulary import data_folder, load_yaml

__all__ = ["PLACES", "REPEATING", "function_words", "phrase_groups", "phrases_with_meanings"]


@cache
def phrase_groups() -> dict[str, Any]:
    """The phrases in ``rules/phrases.yaml``, by type of token."""
    path = data_folder("rules") / "phrases.yaml"
    found: dict[str, Any] = cached("phrase-groups", [path, source_of(__name__)], lambda: load_yaml(path))
    return found


PLACES: Final = frozenset(("PLACE", "AREA"))
_AT_PLACE: Final = "(of|to|in|on|at|within|involving) (the|)"


@cache
def phrases_with_meanings() -> tuple[list[tuple[str, str | None]], Names]:
    """What the phrases in ``rules/phrases.yaml`` mean, each a type and a value where it has one, and the phrases."""

    def spelt_out() -> tuple[list[tuple[str, str | None]], Texts]:
        meanings: dict[tuple[str, str | None], int] = {}
        found: dict[tuple[str, ...], dict[str, int]] = {}
        for kind, phrases in phrase_groups().items():
            for value, spellings in phrases.items() if isinstance(phrases, dict) else [(None, phrases)]:
                meaning = meanings.setdefault((kind, value), len(meanings))
                for template in [f"{_AT_PLACE} {each}" for each in spellings] if kind in PLACES else spellings:
                    for name in map(words.keys, words.spelt_out(str(template))):
                        for spelt in (name, _contracted(name)) if name else ():
                            found.setdefault(spelt, {}).setdefault(kind, meaning)
        return list(meanings), written({name: meant.values() for name, meant in found.items()})

    sources = [
        data_folder("rules") / "phrases.yaml",
        source_of(__name__),
        source_of(names.__name__),
        source_of(words.__name__),
    ]
    meanings, spelled = cached("phrases", sources, spelt_out)
    return [(intern(kind), value) for kind, value in meanings], Names(spelled)  # types are compared all the time


_BEFORE_NOT: Final = frozenset("do does did is are was were has have had would should must could".split())
_CONTRACTED: Final = {"cannot": "cant", "will": "wont", "can": "cant"}


def _contracted(name: tuple[str, ...]) -> tuple[str, ...]:
    """A phrase as it is spelt in short: "don't have", "can't be"."""
    for index, word in enumerate(name):
        negated = name[index + 1 : index + 2] == ("not",)
        if word == "cannot" or (negated and word in _CONTRACTED):
            return (*name[:index], _CONTRACTED[word], *name[index + 1 + negated :])
        if negated and word in _BEFORE_NOT:
            return (*name[:index], f"{word}nt", *name[index + 2 :])
    return name


_OF_CONTENT: Final = frozenset(  # groups of phrases that are about things, so that their words can name one together
    "CIRCUMSTANCE STATUS CONSENT CONTRACEPTION JUDGED OTHER_CRITERIA ASIDE SOMEBODY_ELSE EXISTS ANCHOR WEAK_ANCHOR "
    "ALLERGY INGREDIENT_OF USE PROGRESSED REFRACTORY_TO SITE PLACE ULN LLN EXCLUDED ALLOWED".split()
)


REPEATING: Final = frozenset("OCCASION REPEATED SERIAL APART SPACED OCCURRED BEGUN ENDED".split())
"""Words like any others, but beside a number: "two occasions", "at least 6 weeks apart", "begun 6 weeks ago"."""


@cache
def function_words(*, together: bool = False) -> frozenset[str]:
    """Every word of the phrases in ``rules/phrases.yaml``: alone, none of them names a thing.

    ``together``: without those that can name a thing when they stand beside one another.
    """

    def each() -> list[str]:
        left_out = {
            *REPEATING,
            "RECOVERED",
            "CLEAR",
            "DURATION_OF",
            "DIMENSION",
            "OF_ANY_KIND",
            "AREA",
            *(_OF_CONTENT if together else ()),
        }
        groups = [v for kind, v in phrase_groups().items() if kind not in left_out]
        spellings = (
            s
            for phrases in groups
            for s in ((x for v in phrases.values() for x in v) if isinstance(phrases, dict) else phrases)
        )
        return sorted({word for spelling in spellings for word in words.keys(str(spelling))})

    sources = [data_folder("rules") / "phrases.yaml", source_of(__name__), source_of(words.__name__)]
    return frozenset(cached("structural-words" if together else "function-words", sources, each))
