"""Names and the numbers of what they stand for, as text.

There are tens of thousands of names, and one process meets few of them. As objects they would be read, built and, at
every collection of garbage, visited; as one text for each first word they are looked through when they are asked for.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TypeAlias

__all__ = ["Names", "Texts", "numbers_in", "written"]

Texts: TypeAlias = dict[str, str]
"""First word to the lines of all names that begin with it, in order, a ``|`` before and behind each of them.

A line is the further words of a name, a tab, and its numbers. A key of a word holds no sign (:mod:`.words`), and a tab
comes before a space, and that before any letter: the names that begin alike stand together, the shortest first.
"""


def written(names: Mapping[tuple[str, ...], Iterable[int]]) -> Texts:
    """The text of names, by their word keys, and of their numbers, whose order is kept."""
    found: dict[str, list[str]] = {}
    for name, numbers in names.items():
        listed = ",".join(map(str, numbers))
        found.setdefault(name[0], []).append(f"{' '.join(name[1:])}\t{listed}|")
    return {first: "|" + "".join(sorted(rest)) for first, rest in found.items()}


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
        wanted = f"|{' '.join(name[1:])}\t"
        at = text.find(wanted)
        if at < 0:
            return []
        start = at + len(wanted)
        return numbers_in(text[start : text.index("|", start)])

    def beginning(self, word: str, mark: str = "") -> list[str]:
        """The lines of all names that begin with a word, in order, each with ``mark`` before its numbers."""
        text = self._texts.get(word)
        if text is None:
            return []
        return (text.replace("\t", f"\t{mark}") if mark else text)[1:-1].split("|")

    def __iter__(self) -> Iterator[tuple[tuple[str, ...], list[int]]]:
        """Every name, and its numbers."""
        for word in self._texts:
            for line in self.beginning(word):
                further, _, numbers = line.partition("\t")
                yield (word, *further.split()), numbers_in(numbers)


def numbers_in(text: str) -> list[int]:
    """The numbers of a name, of which there are many that nobody asks for."""
    return [int(number) for number in text.split(",")]
