"""Names and the numbers of what they stand for, as text.

There are tens of thousands of names, and one process meets few of them. As objects they would be read, built and, at
every collection of garbage, visited; as one text for each first word they are looked through when they are asked for.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TypeAlias

__all__ = ["Names", "Texts", "numbers_in", "written"]

Texts: TypeAlias = dict[str, str]
"""First word to ``|further words=numbers|further words=numbers|``: a key of a word holds no sign (:mod:`.words`)."""


def written(names: Mapping[tuple[str, ...], Iterable[int]]) -> Texts:
    """The text of names, by their word keys, and of their numbers, whose order is kept."""
    found: dict[str, list[str]] = {}
    for name, numbers in names.items():
        listed = ",".join(map(str, numbers))
        found.setdefault(name[0], []).append(f"{' '.join(name[1:])}={listed}|")
    return {first: "|" + "".join(rest) for first, rest in found.items()}


class Names:
    """Names as :func:`written` writes them."""

    __slots__ = ("_texts",)

    def __init__(self, texts: Texts) -> None:
        """Of the names in these texts."""
        self._texts = texts

    def __contains__(self, word: str) -> bool:
        """Whether a name begins with a word."""
        return word in self._texts

    def find(self, name: tuple[str, ...]) -> list[int]:
        """The numbers of a name."""
        text = self._texts.get(name[0]) if name else None
        if text is None:
            return []
        wanted = f"|{' '.join(name[1:])}="
        at = text.find(wanted)
        if at < 0:
            return []
        start = at + len(wanted)
        return numbers_in(text[start : text.index("|", start)])

    def beginning(self, word: str) -> Iterator[tuple[str, str]]:
        """Of every name that begins with a word, the further words, and its numbers as they are written."""
        text = self._texts.get(word)
        for one in text[1:-1].split("|") if text is not None else ():
            further, _, numbers = one.partition("=")
            yield further, numbers

    def __iter__(self) -> Iterator[tuple[tuple[str, ...], list[int]]]:
        """Every name, and its numbers."""
        for word in self._texts:
            for further, numbers in self.beginning(word):
                yield (word, *further.split()), numbers_in(numbers)


def numbers_in(text: str) -> list[int]:
    """The numbers of a name, of which there are many that nobody asks for."""
    return [int(number) for number in text.split(",")]
