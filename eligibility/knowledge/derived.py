"""Names that no entry lists, but that are put together from a listed one without a change of meaning.

"Imatinib therapy" is imatinib, an "inflammatory bowel condition" the disease, "gastro intestinal surgery" what is
written in one word. How, is said in ``rules/names.yaml``.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Final, NamedTuple, TypeAlias

from eligibility.compiled import source_of
from eligibility.knowledge import words
from eligibility.knowledge.cache import cached
from eligibility.knowledge.vocabulary import Entry, Kind, data_folder, load_yaml, vocabulary

__all__ = ["at_place", "derived"]

_Words: TypeAlias = tuple[str, ...]
_MOST: Final = 8  # words; what is longer is a clause rather than a name


class _Patterns(NamedTuple):
    """As ``rules/names.yaml`` says it, by word keys."""

    behind: dict[_Words, frozenset[str]]
    behind_kinds: dict[_Words, frozenset[str]]  # by the kinds of conditions behind which they say nothing
    behind_any: frozenset[_Words]
    never: frozenset[str]
    never_kinds_of: frozenset[str]
    same: dict[str, dict[_Words, list[_Words]]]
    prefixes: frozenset[str]


@cache
def _patterns() -> _Patterns:
    path = data_folder("rules") / "names.yaml"
    said = cached("derived-names", [path, source_of(__name__)], lambda: load_yaml(path))
    behind: dict[_Words, frozenset[str]] = {}
    for group in said["behind"]:
        for word in group["words"]:
            place = words.keys(word)
            behind[place] = behind.get(place, frozenset()) | frozenset(group["types"])
    behind_kinds: dict[_Words, frozenset[str]] = {}
    for group in said["behind_kinds_of"]:
        for word in group["words"]:
            place = words.keys(word)
            behind_kinds[place] = behind_kinds.get(place, frozenset()) | frozenset(group["kinds"])
    same: dict[str, dict[_Words, list[_Words]]] = {}
    for kind, groups in said["same"].items():
        swaps = same.setdefault(kind, {})
        for each in (list(map(words.keys, group)) for group in groups):
            for one in each:
                swaps.setdefault(one, []).extend(other for other in each if other != one)
    prefixes = frozenset(words.key(prefix) for prefix in said["prefixes"])
    return _Patterns(
        behind,
        behind_kinds,
        frozenset(map(words.keys, said["behind_any"])),
        frozenset(said["not_behind"]),
        frozenset(said["not_behind_kinds_of"]),
        same,
        prefixes,
    )


def derived(said: tuple[str, ...], kind: Kind) -> Entry | None:
    """The entry of a kind that a name, by its word keys, is put together from; ``None`` where there is none."""
    if not 1 < len(said) <= _MOST:
        return None
    whole = _joined(said)
    turned = _turned(said)
    if turned is not None and (found := _listed(turned, kind)) is not None:
        return found
    for name in (said, *_exchanged(said, kind), *((whole, *_exchanged(whole, kind)) if whole != said else ())):
        found = _listed(name, kind) or _without_what_is_behind(name, kind)
        if found is not None:
            return found
    return None


def _turned(said: _Words) -> _Words | None:
    """ "Inducers of CYP2C9" as "CYP2C9 inducers"; None of words that are not one thing of another."""
    if said.count("of") != 1 or said[0] == "of" or said[-1] == "of":
        return None
    at = said.index("of")
    behind = said[at + 2 :] if said[at + 1] in _ARTICLES else said[at + 1 :]
    return (*behind, *said[:at])


_ARTICLES: Final = ("the", "a", "an")


def at_place(place: _Words, name: str, kind: Kind) -> Entry | None:
    """The entry for what is at a place, such as the brain metastases that metastases of the brain are."""
    said = (*place, *words.keys(name))
    return vocabulary().find(" ".join(said), kind, said) or derived(said, kind)


def _joined(said: _Words) -> _Words:
    """The words with every prefix that stands apart joined to the word that it belongs to."""
    found: list[str] = []
    begun = ""
    for word in said:
        if word in _patterns().prefixes:
            begun += word
        else:
            found.append(words.key(begun + word) if begun else word)
            begun = ""
    return (*found, begun) if begun else tuple(found)


def _listed(name: _Words, kind: Kind) -> Entry | None:
    found = vocabulary().find(" ".join(name), keys=name)  # without a kind: no name that is too common a word
    return found if found is not None and found.kind == kind else None


def _exchanged(said: _Words, kind: Kind) -> Iterator[_Words]:
    """The name with words in it exchanged for others that mean the same, in one place or in several."""
    swaps = _patterns().same.get(kind, {})
    seen = {said}
    todo = [said]
    for name in todo:
        for start in range(len(name)):
            for end in range(start + 1, min(start + 3, len(name)) + 1):
                for other in swaps.get(name[start:end], ()):
                    new = (*name[:start], *other, *name[end:])
                    if new not in seen and len(new) <= _MOST and len(seen) < 64:
                        seen.add(new)
                        todo.append(new)
                        yield new


def _condition_before(name: _Words) -> Entry | None:
    found = _listed(name[:-1], "condition") if len(name) > 1 else None
    if found is None:
        return None
    kinds = _patterns().behind_kinds.get(name[-1:], frozenset())
    says_nothing = name[-1:] in _patterns().behind_any
    above = vocabulary().ancestors("condition", found.name)
    return found if says_nothing or not above.isdisjoint(kinds) else None


def _without_what_is_behind(name: _Words, kind: Kind) -> Entry | None:
    if kind == "condition":
        return _condition_before(name)
    if kind != "treatment":
        return None
    types = _patterns().behind.get(name[-1:])
    found = _listed(name[:-1], kind) if types and len(name) > 1 else None
    if found is None or types is None or found.facts.get("type") not in types:
        return None
    possible = {*vocabulary().ancestors(kind, found.name), *found.facts.get("may_be", ())}
    never = found.name in _patterns().never or not possible.isdisjoint(_patterns().never_kinds_of)
    return None if never else found
