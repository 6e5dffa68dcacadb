"""The vocabulary: names of concepts, what is a kind of what, and what a reviewer wrote about each.

Entries come from ``rules/conditions``, ``rules/treatments`` and ``rules/measurements``; the fields of an entry are
those of :class:`Entry`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, Literal, TypeAlias

import yaml

from eligibility.errors import KnowledgeError
from eligibility.knowledge import words

__all__ = ["Entry", "Kind", "Vocabulary", "data_folder", "load_yaml", "vocabulary"]

Kind: TypeAlias = Literal["condition", "treatment", "measurement"]
_FOLDERS: dict[Kind, str] = {"condition": "conditions", "treatment": "treatments", "measurement": "measurements"}


@dataclass(frozen=True, slots=True)
class Entry:
    """One concept, as reviewed.

    ``facts`` holds the fields that only one kind has: of a condition ``event`` (it is at its onset: a stroke) and
    ``lasting`` (it does not go: diabetes); of a treatment ``type`` (drug, class, radiation, surgery, procedure,
    transplant, vaccine, device, cell therapy, other), ``half_life``, ``prednisone_equivalent``, ``only_for``; of a
    measurement ``type`` (lab, vital, score, performance, test, imaging), ``unit``, ``molar_mass``, ``plausible``,
    ``lasting``, ``formula``, ``positive_means``.
    """

    name: str
    kind: Kind
    synonyms: tuple[str, ...] = ()
    is_a: tuple[str, ...] = ()
    codes: dict[str, str] = field(default_factory=dict)
    facts: dict[str, Any] = field(default_factory=dict)


class Vocabulary:
    """All entries, found by name, by code, and by what they are a kind of."""

    def __init__(self, entries: list[Entry]) -> None:
        self._by_name: dict[tuple[Kind, str], Entry] = {}
        self._by_words: dict[tuple[str, ...], list[Entry]] = {}
        self._by_code: dict[tuple[str, str], Entry] = {}
        self._ancestors: dict[tuple[Kind, str], frozenset[str]] = {}
        for entry in entries:
            if (entry.kind, entry.name) in self._by_name:
                raise KnowledgeError(f"the {entry.kind} {entry.name!r} is written twice; merge the two entries")
            self._by_name[entry.kind, entry.name] = entry
            for system, code in entry.codes.items():
                self._by_code.setdefault((system, code.upper()), entry)
        for entry in entries:
            for name in (entry.name, *entry.synonyms):
                found = self._by_words.setdefault(words.keys(name), [])
                if entry not in found:
                    found.append(entry)

    def entry(self, kind: Kind, name: str) -> Entry | None:
        """The entry of this kind with exactly this canonical name."""
        return self._by_name.get((kind, name))

    def find(self, text: str, kind: Kind | None = None) -> Entry | None:
        """The entry that has this text, whatever its spelling, as its name or a synonym."""
        for entry in self._by_words.get(words.keys(text), ()):
            if kind is None or entry.kind == kind:
                return entry
        return None

    def by_code(self, system: str, code: str) -> Entry | None:
        """The entry with this code; system is loinc, icd10cm, rxnorm, snomed or atc."""
        return self._by_code.get((system.lower(), code.upper()))

    def ancestors(self, kind: Kind, name: str) -> frozenset[str]:
        """The canonical names of everything that the concept is a kind of, itself included."""
        known = self._ancestors.get((kind, name))
        if known is None:
            found = {name}
            todo = [name]
            while todo:
                entry = self._by_name.get((kind, todo.pop()))
                for parent in entry.is_a if entry else ():
                    if parent not in found:
                        found.add(parent)
                        todo.append(parent)
            known = self._ancestors[kind, name] = frozenset(found)
        return known

    def is_a(self, kind: Kind, narrow: str, broad: str) -> bool:
        """Whether everything that is ``narrow`` is ``broad``; both canonical names."""
        return broad in self.ancestors(kind, narrow)

    def __iter__(self) -> Iterator[Entry]:
        return iter(self._by_name.values())

    def names(self) -> Iterator[tuple[tuple[str, ...], list[Entry]]]:
        """Every name as its word keys, with the entries that have it, the preferred first."""
        return iter(self._by_words.items())


def data_folder(name: Literal["rules", "grammars"]) -> Path:
    """Where the package's data lie: in a wheel, in an editable install or in a bare checkout."""
    package = Path(__file__).resolve().parent.parent
    for folder in (package / "_data" / name, package.parent / name):
        if folder.is_dir():
            return folder
    raise KnowledgeError(f"the folder {name}/ is missing beside the package; install it again")


def load_yaml(path: Path) -> Any:
    """One data file of ours, parsed."""
    with path.open(encoding="utf-8") as file:
        return yaml.load(file, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))


@cache
def vocabulary() -> Vocabulary:
    """The vocabulary in ``rules/``, read once."""
    entries = []
    for kind, folder in _FOLDERS.items():
        for path in sorted((data_folder("rules") / folder).glob("*.yaml")):
            for raw in load_yaml(path) or ():
                raw = dict(raw)
                entries.append(
                    Entry(
                        name=raw.pop("name"),
                        kind=kind,
                        synonyms=tuple(raw.pop("synonyms", ())),
                        is_a=tuple(raw.pop("is_a", ())),
                        codes={system: str(code) for system, code in raw.pop("codes", {}).items()},
                        facts=raw,
                    )
                )
    return Vocabulary(entries)
