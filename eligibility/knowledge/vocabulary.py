"""The vocabulary: names of concepts, what is a kind of what, and what a reviewer wrote about each.

Entries come from ``rules/conditions``, ``rules/treatments`` and ``rules/measurements``; the fields of an entry are
those of :class:`Entry`.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import Any, Final, Literal, TypeAlias

from eligibility.compiled import PACKAGE, source_of
from eligibility.errors import KnowledgeError
from eligibility.knowledge import names, words
from eligibility.knowledge.cache import cached
from eligibility.knowledge.names import Names, numbers_in, written

__all__ = [
    "ANY_CONDITION",
    "ANY_DRUG",
    "ANY_TREATMENT",
    "ONE_DAY",
    "Entry",
    "Kind",
    "Vocabulary",
    "check",
    "data_folder",
    "files",
    "habits",
    "load_yaml",
    "prefer",
    "read_entries",
    "texts",
    "vocabulary",
]

Kind: TypeAlias = Literal["condition", "treatment", "measurement"]
ANY_CONDITION: Final = "medical condition"
"""The condition of which every one is a kind."""
ANY_TREATMENT: Final = "any treatment"
"""The entry for whatever is given or done for a disease."""
ANY_DRUG: Final = "drug"
"""The entry for whatever is given as a medicine."""
ONE_DAY: Final = frozenset({"surgery", "procedure", "transplant", "vaccine"})
"""The kinds of treatment that are given in one day."""
_FOLDERS: Final[dict[Kind, str]] = {"condition": "conditions", "treatment": "treatments", "measurement": "measurements"}


def texts(value: object) -> tuple[str, ...]:
    """What a field of an entry names, whether it is written as one name, as a list of them or not at all."""
    match value:
        case str():
            return (value,)
        case list() | tuple():
            return tuple(str(item) for item in value)
        case _:
            return ()


@dataclass(frozen=True, slots=True)
class Entry:
    """One concept, as reviewed.

    ``facts`` holds the fields that only one kind has: of a condition ``event`` (it is at its onset: a stroke),
    ``lasting`` (it does not go: diabetes), ``passing`` (it comes and goes, as most infections do), ``always``
    (what it is without its being said: symptomatic),
    ``defined_by`` (it is that, with these qualifiers, and nothing else), ``consists_of`` (who has none of these has not
    got it; of a treatment, too), ``had`` (the treatment that whoever has it has had, and nobody else),
    ``besides`` (never the disease under study), ``complication`` (a complete list has it beside the disease that it
    comes of), ``shows`` (lasting diseases that whoever has it
    has), ``level_of`` (measurements whose level it is: anemia), ``refracts`` (minus: myopia; plus: hyperopia),
    ``formerly``, ``not_now`` and ``never`` (what whoever has it had and has no longer, does not have, and never had;
    of a single ``not_now`` whoever does not have that has it);
    of a treatment ``type`` (drug, class, radiation, surgery, procedure, transplant, vaccine, device, cell therapy,
    other), ``course`` (a procedure that goes on: dialysis), ``half_life``, ``low_dose`` (what everybody calls
    so, and above what nobody does), ``prednisone_equivalent``, ``only_for``,
    ``treats`` (what it is aimed at, where its name says no more), ``used_for`` (the group of diseases for which alone
    all of a class is given; they are many, so that it speaks for none), ``allergen`` (who is allergic to it is so to
    itself, not to what is made up with it), ``unnamed`` (it is whatever is in a product),
    ``going_on`` (it is whatever is given now), ``given_for`` (what may be of it is of it where it is given for one of
    these), ``given_with`` (or, where no reason is told, beside one of these
    diseases, if it is of these kinds),
    ``stems`` (of nonproprietary names: whatever ends so is of the class), ``site`` (it is what its kind is, done
    there), ``loose`` (its name has no settled bounds: whatever else is of its
    kind may be meant), ``intersection`` (whatever is of all its kinds is it),
    ``by_route`` and ``usual_route`` (it is always, or mostly, given
    so); of a measurement ``type`` (lab, vital, score, performance, test, imaging), ``unit`` (UCUM;
    empty: a bare number), ``also_unit`` (written for it by many), ``or_units`` (meant where none is
    written), ``own_unit`` (of another quantity of that name:
    never converted), ``in_unit`` (by unit, the entry that is meant), ``fraction`` (a percentage that is written as a
    fraction, too), ``units_optional``, ``molar_mass`` (g/mol), ``valence``, ``equivalents``, ``plausible`` (of a
    living person, in ``unit``), ``typical_limits`` (where protocols set thresholds), ``lasting``, ``needs_number``
    (its name is a common word), ``formula``, ``by_formula`` (what it is by a formula that gives another one),
    ``reported_as`` (what it is called where the formula is not said), ``positive_means`` and
    ``positive_may_mean``, ``negative_means_no`` and
    ``negative_means_not_now`` (a condition), ``values`` (of grades in words), ``value_is``
    (its results name conditions: "former smoker"), ``value_means`` (what its results in a word stand for),
    ``higher_is`` (worse, better), ``assays`` (its kinds are ways to find out the same), ``pair``, ``ratio_of``,
    ``counted`` (a number before its name counts what it names).
    """

    name: str
    kind: Kind
    synonyms: tuple[str, ...] = ()
    is_a: tuple[str, ...] = ()
    codes: dict[str, str] = field(default_factory=dict)
    facts: dict[str, Any] = field(default_factory=dict)
    ambiguous_synonyms: tuple[str, ...] = ()

    @property
    def all_names(self) -> tuple[str, ...]:
        """The name, the synonyms, and those synonyms that are something else in running text."""
        return (self.name, *self.synonyms, *self.ambiguous_synonyms)


class Vocabulary:
    """All entries, found by name, by code, and by what they are a kind of.

    Two entries of one kind and name are read as one; :func:`check` reports them. An entry becomes an object when it is
    first asked for, and is that object from then on.
    """

    def __init__(self, tables: dict[str, Any]) -> None:
        """From what :func:`_tables` made of entries."""
        self._rows: tuple[str, ...] = tuple(tables["entries"])
        self._made: dict[int, Entry] = {}
        self._places: dict[str, int] = tables["places"]
        self._names = Names(tables["names"])
        self._ambiguous = Names(tables["ambiguous"])
        self._codes: dict[str, int] = tables["codes"]
        self._narrower: dict[str, list[str]] = tables["narrower"]
        self._having: dict[str, str] = tables["having"]
        self._ancestors: dict[tuple[Kind, str], frozenset[str]] = {}
        self._happening: dict[str, bool] = {}
        self._passing: dict[str, bool] = {}
        self._below: dict[str, frozenset[str]] = {}

    @classmethod
    def of(cls, entries: Iterable[Entry]) -> Vocabulary:
        """From entries as written."""
        return cls(_tables(entries))

    def _at(self, number: int) -> Entry:
        known = self._made.get(number)
        if known is None:
            known = self._made.setdefault(number, _entry(self._rows[number]))
        return known

    def entry(self, kind: Kind, name: str) -> Entry | None:
        """The entry of this kind with exactly this canonical name."""
        number = self._places.get(f"{kind} {name}")
        return None if number is None else self._at(number)

    def find(self, text: str, kind: Kind | None = None, keys: tuple[str, ...] | None = None) -> Entry | None:
        """The entry that has this text, whatever its spelling, as its name or a synonym.

        Where the kind is given, a synonym that is too common a word for running text ("iron") will do. ``keys``: the
        word keys of the text, where they are known.
        """
        if keys is None:
            keys = words.keys(text)
        found = [self._at(number) for number in self._names.find(keys)]
        if kind is not None:
            found = [entry for entry in found if entry.kind == kind] or [
                entry for number in self._ambiguous.find(keys) if (entry := self._at(number)).kind == kind
            ]
        return prefer(found, text, keys)

    def begins(self, word: str) -> bool:
        """Whether there is a name that begins with this word key."""
        return word in self._names or word in self._ambiguous

    def by_code(self, system: str, code: str) -> Entry | None:
        """The entry with this code; system is loinc, icd10cm, rxnorm, snomed or atc."""
        number = self._codes.get(f"{system.lower()} {code.upper()}")
        return None if number is None else self._at(number)

    def ancestors(self, kind: Kind, name: str) -> frozenset[str]:
        """The canonical names of everything that the concept is a kind of, itself included."""
        known = self._ancestors.get((kind, name))
        if known is None:
            found = {name}
            todo = [name]
            while todo:
                entry = self.entry(kind, todo.pop())
                for parent in entry.is_a if entry else ():
                    if parent not in found:
                        found.add(parent)
                        todo.append(parent)
            known = self._ancestors[kind, name] = frozenset(found)
        return known

    def is_a(self, kind: Kind, narrow: str, broad: str) -> bool:
        """Whether everything that is ``narrow`` is ``broad``; both canonical names."""
        return broad in self.ancestors(kind, narrow)

    def happens(self, entry: Entry) -> bool:
        """Whether it is an event, or a kind of one: an unstable angina, which may go on, comes on like any."""
        if entry.kind != "condition":
            return False
        known = self._happening.get(entry.name)
        if known is None:
            above = (self.entry("condition", name) for name in self.ancestors("condition", entry.name))
            known = any(one is not None and bool(one.facts.get("event")) for one in above)
            self._happening[entry.name] = known
        return known

    def passes(self, entry: Entry) -> bool:
        """Whether it happens, or comes and goes: what is acute, an infection or one of its kinds; none that lasts."""
        if entry.kind != "condition" or entry.facts.get("lasting"):
            return False
        known = self._passing.get(entry.name)
        if known is None:
            above = [self.entry("condition", name) for name in self.ancestors("condition", entry.name)]
            found = [one for one in above if one is not None]
            said = {one.facts.get("passing") for one in found}
            chronic = any(one.name == "chronic disease" or "chronic" in texts(one.facts.get("always")) for one in found)
            comes = "acute" in texts(entry.facts.get("always")) or (True in said and False not in said)
            known = self.happens(entry) or (comes and not chronic)
            self._passing[entry.name] = known
        return known

    def narrower(self, kind: Kind, name: str) -> tuple[str, ...]:
        """The canonical names of what is directly a kind of the concept."""
        return tuple(self._narrower.get(f"{kind} {name}", ()))

    def kinds_of(self, kind: Kind, name: str) -> frozenset[str]:
        """The canonical names of whatever is a kind of the concept, however far down."""
        known = self._below.get(f"{kind} {name}")
        if known is None:
            found: set[str] = set()
            todo = [name]
            while todo:
                direct = self.narrower(kind, todo.pop())
                todo += [each for each in direct if each not in found]
                found.update(direct)
            known = self._below[f"{kind} {name}"] = frozenset(found)
        return known

    def having(self, field: str) -> Iterator[Entry]:
        """Every entry among whose facts there is something in this field."""
        return (self._at(int(number)) for number in self._having.get(field, "").split())

    def __iter__(self) -> Iterator[Entry]:
        """Every entry once."""
        return map(self._at, range(len(self._rows)))

    def __len__(self) -> int:
        """How many entries there are."""
        return len(self._rows)

    def names(self) -> Iterator[tuple[tuple[str, ...], list[Entry]]]:
        """Every name as its word keys, and the entries that have it, preferred first."""
        return ((name, [self._at(number) for number in numbers]) for name, numbers in self._names)

    def beginning(self, word: str) -> list[str]:
        """The lines (:mod:`.names`) of all names that begin with a word, with what :meth:`named` takes."""
        return self._names.beginning(word)

    def beginning_ambiguously(self, word: str, mark: str) -> list[str]:
        """Those of names that are something else in running text, to be believed only next to a number or a result."""
        return self._ambiguous.beginning(word, mark)

    def named(self, numbers: str) -> list[Entry]:
        """The entries that have a name, preferred first."""
        return [self._at(number) for number in numbers_in(numbers)]


def _tables(entries: Iterable[Entry]) -> dict[str, Any]:
    """Entries, and by what they are found, as plain JSON of few large texts. An entry is its number."""
    merged: dict[str, Entry] = {}
    for entry in entries:
        place = f"{entry.kind} {entry.name}"
        known = merged.get(place)
        merged[place] = entry if known is None else _merged(known, entry)
    _add_by_stem(merged)
    plainly: dict[tuple[str, ...], list[int]] = {}
    ambiguous: dict[tuple[str, ...], list[int]] = {}
    canonical: dict[tuple[str, ...], list[int]] = {}
    codes: dict[str, int] = {}
    narrower: dict[str, list[str]] = {}
    having: dict[str, list[int]] = {}
    for number, entry in enumerate(merged.values()):
        for system, code in entry.codes.items():
            codes.setdefault(f"{system} {code.upper()}", number)
        for parent in entry.is_a:
            narrower.setdefault(f"{entry.kind} {parent}", []).append(entry.name)
        for field_name, value in entry.facts.items():
            if value:
                having.setdefault(field_name, []).append(number)
        keys = [words.keys(name) for name in entry.all_names]
        canonical.setdefault(keys[0], []).append(number)
        plain = 1 + len(entry.synonyms)
        for index, key in enumerate(keys):
            found = (plainly if index < plain else ambiguous).setdefault(key, [])
            if number not in found:
                found.append(number)
    for key, preferred in canonical.items():
        plainly[key] = [*preferred, *(number for number in plainly[key] if number not in preferred)]
    for table in (plainly, ambiguous):
        table.pop((), None)
    return {
        "entries": [_row(entry) for entry in merged.values()],
        "places": {place: number for number, place in enumerate(merged)},
        "names": written(plainly),
        "ambiguous": written(ambiguous),
        "codes": codes,
        "narrower": narrower,
        "having": {name: " ".join(map(str, numbers)) for name, numbers in having.items()},
    }


def _add_by_stem(entries: dict[str, Entry]) -> None:
    """Make each drug whose name ends with a stem of a class one of that class; the longest stem decides."""
    stems = {stem: entry for entry in entries.values() for stem in entry.facts.get("stems", ())}
    for place, entry in entries.items():
        ends = [stem for stem in stems if f"{stem} " in f"{entry.name} " and stems[stem].kind == entry.kind]
        if ends:
            entries[place] = replace(entry, is_a=(*entry.is_a, stems[max(ends, key=len)].name))


_QUOTES: Final = {ord('"'): "'", ord("'"): '"'}
"""Within a row the two quotes change places, so that hardly one has to be escaped where the row stands in JSON."""


def _row(entry: Entry) -> str:
    fields = (
        entry.name,
        entry.kind,
        entry.synonyms,
        entry.is_a,
        entry.codes,
        entry.facts,
        entry.ambiguous_synonyms,
    )
    return json.dumps(fields, ensure_ascii=False, separators=(",", ":")).translate(_QUOTES)


def _entry(row: str) -> Entry:
    name, kind, synonyms, is_a, codes, facts, ambiguous = json.loads(row.translate(_QUOTES))
    return Entry(name, kind, tuple(synonyms), tuple(is_a), codes, facts, tuple(ambiguous))


def prefer(entries: Sequence[Entry], text: str, keys: tuple[str, ...] | None = None) -> Entry | None:
    """Of entries that share a name, the one that is meant; ``None`` where that leaves several of one kind.

    It is the one that writes it as the text does (EGFR is a gene, eGFR a filtration rate), or has it as canonical name.
    """
    if len(entries) < 2:
        return entries[0] if entries else None
    exact = [entry for entry in entries if text in entry.all_names]
    if len(exact) == 1:
        return exact[0]
    if keys is None:
        keys = words.keys(text)
    for entry in entries:
        if words.keys(entry.name) == keys:
            return entry
    return entries[0] if len({entry.kind for entry in entries}) == len(entries) else None


def _merged(first: Entry, second: Entry) -> Entry:
    return Entry(
        name=first.name,
        kind=first.kind,
        synonyms=tuple(dict.fromkeys((*first.synonyms, *second.synonyms))),
        is_a=tuple(dict.fromkeys((*first.is_a, *second.is_a))),
        codes={**second.codes, **first.codes},
        facts={**second.facts, **first.facts},
        ambiguous_synonyms=tuple(dict.fromkeys((*first.ambiguous_synonyms, *second.ambiguous_synonyms))),
    )


def check(entries: Iterable[Entry]) -> list[str]:
    """What contradicts itself in these entries: one sentence for each, naming the entries."""
    faults: list[str] = []
    by_name: dict[tuple[Kind, str], Entry] = {}
    owners: dict[tuple[Kind, tuple[str, ...]], tuple[str, str]] = {}
    every = list(entries)
    for entry in every:
        if (entry.kind, entry.name) in by_name:
            faults.append(f"the {entry.kind} {entry.name!r} is written twice; merge the two entries")
        by_name[entry.kind, entry.name] = entry
        for name in entry.all_names:
            keys = words.keys(name)
            if not keys:
                faults.append(f"the {entry.kind} {entry.name!r}: the name {name!r} has no word in it")
                continue
            owner, written = owners.setdefault((entry.kind, keys), (entry.name, name))
            if owner != entry.name and (written == name or written.lower() != name.lower()):
                faults.append(f"{name!r} is a name of two {entry.kind}s, {owner!r} and {entry.name!r}")
    for entry in every:
        kind, name = entry.kind, entry.name
        for parent in entry.is_a:
            if (kind, parent) not in by_name:
                faults.append(f"the {kind} {name!r} is a {parent!r}, which is not there")
        seen: set[str] = set()
        todo = list(entry.is_a)
        while todo:
            parent = todo.pop()
            if parent == name:
                faults.append(f"the {kind} {name!r} is a kind of itself")
                break
            if parent not in seen:
                seen.add(parent)
                above = by_name.get((kind, parent))
                todo += above.is_a if above else ()
    return faults


def data_folder(name: Literal["rules", "grammars"]) -> Path:
    """Where the package's data lie: in a wheel, in an editable install or in a bare checkout."""
    for folder in (PACKAGE / "_data" / name, PACKAGE.parent / name):
        if folder.is_dir():
            return folder
    raise KnowledgeError(f"the folder {name}/ is missing beside the package; install it again")


def load_yaml(path: Path) -> Any:
    """One data file of ours, parsed."""
    import yaml  # noqa: PLC0415  (only when a file has changed since it was last read)

    with path.open(encoding="utf-8") as file:
        return yaml.load(file, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))


def read_entries(kind: Kind, path: Path) -> list[Entry]:
    """The entries of one file, as written."""
    entries: list[Entry] = []
    for number, raw in enumerate(load_yaml(path) or ()):
        if not isinstance(raw, dict) or not isinstance(raw.get("name"), str):
            raise KnowledgeError(f"entry {number + 1} has no name, or one that is not text; quote it", source=str(path))
        fields = dict(raw)
        entries.append(
            Entry(
                name=fields.pop("name"),
                kind=kind,
                synonyms=tuple(
                    " ".join(name.split())
                    for template in fields.pop("synonyms", None) or ()
                    for name in (words.spelt_out(str(template)) if "|" in str(template) else (str(template),))
                ),
                is_a=tuple(fields.pop("is_a", None) or ()),
                codes={system: str(code) for system, code in (fields.pop("codes", None) or {}).items()},
                ambiguous_synonyms=tuple(str(name) for name in fields.pop("ambiguous_synonyms", None) or ()),
                facts=fields,
            )
        )
    return entries


def files() -> list[tuple[Kind, Path]]:
    """The files that entries come from."""
    rules = data_folder("rules")
    return [(kind, path) for kind, folder in _FOLDERS.items() for path in sorted((rules / folder).glob("*.yaml"))]


@cache
def vocabulary() -> Vocabulary:
    """The vocabulary in ``rules/``, read once; from the disk cache unless a file has changed."""
    sources = files()
    code = (source_of(__name__), source_of(names.__name__), source_of(words.__name__))
    return Vocabulary(
        cached(
            "vocabulary",
            [*(path for _, path in sources), *code],
            lambda: _tables(entry for kind, path in sources for entry in read_entries(kind, path)),
        )
    )


@cache
def habits() -> frozenset[str]:
    """What there is a name of its own for those who no longer do it: smoking."""
    return frozenset(str(entry.facts["formerly"]) for entry in vocabulary().having("formerly"))
