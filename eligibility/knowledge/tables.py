"""The smaller tables of ``rules/``: performance scales, words of results and outcomes, routes, groups of diseases."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, fields
from functools import cache, lru_cache
from typing import Any, Final, TypeAlias

from eligibility.compiled import source_of
from eligibility.errors import KnowledgeError
from eligibility.knowledge import words
from eligibility.knowledge.cache import cached
from eligibility.knowledge.vocabulary import data_folder, load_yaml, vocabulary

__all__ = [
    "Ages",
    "Diseases",
    "Keys",
    "Level",
    "Results",
    "Routes",
    "Sites",
    "age_groups",
    "all_kinds",
    "asking",
    "charted_attribute_words",
    "charted_attributes",
    "charted_by_listing",
    "charted_by_stage",
    "charted_names",
    "charted_no_allergies",
    "charted_of_others",
    "charted_origins",
    "charted_prefix",
    "charted_sites",
    "charted_stages",
    "charted_words",
    "diseases",
    "gravely_ill",
    "healthy",
    "karnofsky_of_ecog",
    "levels",
    "places",
    "places_in",
    "results",
    "routes",
    "signed_keys",
    "sites",
]

Keys: TypeAlias = tuple[str, ...]
"""The word keys of a text."""

Ages: TypeAlias = tuple[float, float | None]
"""From an age up to, not including, another one."""


@dataclass(frozen=True, slots=True)
class Results:
    """Words of results, as word keys; how a qualifier begins that narrows a result, in small letters and a space."""

    positive: frozenset[Keys]
    negative: frozenset[Keys]
    normal: frozenset[Keys]
    abnormal: frozenset[Keys]
    outcomes: Mapping[str, tuple[Keys, ...]]
    other_outcomes: tuple[Keys, ...]
    narrowing: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Routes:
    """Spelling of a route, in lower case, to its name; the routes of each group; the forms of drugs, by word keys.

    ``local`` are drugs that are only given locally, ``either`` those that come in local forms, too.
    """

    names: Mapping[str, str]
    groups: Mapping[str, frozenset[str]]
    forms: Mapping[Keys, str]
    local: frozenset[str]
    either: frozenset[str]


@dataclass(frozen=True, slots=True)
class Sites:
    """Parts of the body: their names, all that each is a part of, itself included, and the regions in which it lies.

    ``adjectives``: the parts that these name, of what lies somewhere (``lying``): conditions with their kinds, and
    treatments by their types.
    """

    names: Mapping[Keys, str]
    within: Mapping[str, frozenset[str]]
    regions: Mapping[str, frozenset[str]]
    adjectives: Mapping[str, str]
    lying: Mapping[str, frozenset[str]]


@dataclass(frozen=True, slots=True)
class Diseases:
    """Canonical names: see ``rules/diseases.yaml``."""

    malignant: frozenset[str]
    roots: frozenset[str]
    groups: frozenset[str]
    overlapping: frozenset[str]
    anywhere: frozenset[str]
    once: frozenset[str]
    one_at_a_time: frozenset[str]
    remitting: frozenset[str]
    many: frozenset[str]
    spread_is_stage_iv: frozenset[str]


@dataclass(frozen=True, slots=True)
class Level:
    """How a measured value shows a condition that is a level of it: see ``rules/levels.yaml``.

    ``numbers``: of each measurement, where the condition surely begins and where it surely is not, without a range.
    """

    above: bool
    numbers: Mapping[str, tuple[float | None, float | None]]
    by_range: bool
    least: int  # so many of the first must be known for all of them to say that it is not there; 0: the first known
    tells: frozenset[bool]  # what it may tell of the condition: that it is there, that it is not
    days: int | None
    test: str  # whose result shows it, be it normal or not; empty: the numbers do


@cache
def karnofsky_of_ecog() -> Mapping[int, tuple[float, float]]:
    """The lowest and the highest Karnofsky score of each ECOG grade."""
    return {
        int(grade): (float(low), float(high)) for grade, (low, high) in _table("scales")["karnofsky_of_ecog"].items()
    }


@dataclass(frozen=True, slots=True)
class Asking:
    """How a caller is asked: templates, efforts, how likely a yes is, topics, plain words."""

    asked: Mapping[str, str]
    effort: Mapping[str, float]
    likely: Mapping[str, float]
    ages: Mapping[int, float]
    topics: Mapping[str, frozenset[str]]
    not_known: Mapping[str, frozenset[str]]
    too_broad: Mapping[str, frozenset[str]]
    lay: Mapping[str, str]


@cache
def asking() -> Asking:
    """The questions of ``rules/questions.yaml``."""
    table = _table("questions")
    return Asking(
        asked=table["asked"],
        effort={name: float(cost) for name, cost in table["effort"].items()},
        likely={name: float(chance) for name, chance in table["likely"].items()},
        ages=table["ages"],
        topics={name: frozenset(kinds) for name, kinds in table["topics"].items()},
        too_broad={kind: frozenset(names) for kind, names in table["too_broad"].items()},
        not_known={kind: frozenset(names) for kind, names in table["not_known_to_callers"].items()},
        lay=table["lay"],
    )


@cache
def results() -> Results:
    """The words of ``rules/results.yaml``."""
    table = _table("results")
    kinds = {name: frozenset(_keys(table[name])) for name in ("positive", "negative", "normal", "abnormal")}
    return Results(
        **kinds,
        outcomes={kind: _keys(spellings) for kind, spellings in table["outcomes"].items()},
        other_outcomes=_keys(table["other_outcomes"]),
        narrowing=tuple(f"{text} " for template in table["narrowing"] for text in words.spelt_out(template)),
    )


@cache
def routes() -> Routes:
    """The routes of ``rules/routes.yaml``."""
    table = _table("routes")
    names = {text: name for name, spellings in table["routes"].items() for text in spellings}
    return Routes(
        names,
        groups={name: frozenset(members) for name, members in table["groups"].items()},
        forms={words.keys(form): name for name, forms in table["forms"].items() for form in forms},
        local=frozenset(table["drugs"]["local"]),
        either=frozenset(table["drugs"]["either"]),
    )


@cache
def sites() -> Sites:
    """The parts of the body in ``rules/sites.yaml``."""
    table = _table("sites")
    wholes: dict[str, set[str]] = {}
    for whole, parts in table["parts"].items():
        for part in parts:
            wholes.setdefault(part, set()).add(whole)
    in_region: dict[str, set[str]] = {}
    for region, members in table["regions"].items():
        for member in members:
            in_region.setdefault(member, set()).add(region)
    within = {name: frozenset(_upward(name, wholes)) for name in {*wholes, *table["parts"], *in_region}}
    regions = {
        name: frozenset().union(*(in_region.get(whole, ()) for whole in around)) for name, around in within.items()
    }
    for whole, parts in table["parts"].items():
        if not regions[whole] and all(regions[part] for part in parts):
            regions[whole] = frozenset().union(*(regions[part] for part in parts))
    names = {
        words.keys(spelling): place
        for place, spellings in places().items()
        for spelling in (place, *spellings)
        if place in within
    }
    names |= {words.keys(said): place for said, place in table["adjectives"].items() if place in within}
    lying = {kind: frozenset(members) for kind, members in table["lying"].items()}
    return Sites(names, within, regions, table["adjectives"], lying)


_LONGEST_PLACE: Final = 3


def places_in(said: Keys) -> tuple[frozenset[str], frozenset[str]]:
    """The parts of the body that words name, the longer names first, and the other words: a chest wall is no chest."""
    names, found, rest, at = sites().names, set(), set(), 0
    while at < len(said):
        for size in range(_LONGEST_PLACE, 0, -1):
            if (name := names.get(said[at : at + size])) is not None:
                found.add(name)
                at += size
                break
        else:
            rest.add(said[at])
            at += 1
    return frozenset(found), frozenset(rest)


@cache
def places() -> dict[str, list[str]]:
    """How the parts of the body are written, also as areas."""
    path = data_folder("rules") / "phrases.yaml"
    found: dict[str, list[str]] = cached("areas", (path, source_of(__name__)), lambda: _placed(load_yaml(path)))
    return found


def _placed(groups: dict[str, dict[str, list[str]]]) -> dict[str, list[str]]:
    return {place: [*names, *groups["AREA"].get(place, ())] for place, names in groups["PLACE"].items()}


def _upward(name: str, wholes: Mapping[str, set[str]]) -> set[str]:
    found, todo = {name}, [name]
    while todo:
        new = wholes.get(todo.pop(), set()) - found
        found |= new
        todo += new
    return found


@cache
def age_groups() -> Mapping[str, tuple[Ages, Ages]]:
    """The groups of ``rules/age-groups.yaml``: the ages that surely are of each, and those that possibly are."""

    def ages(ends: list[float]) -> Ages:
        return float(ends[0]), float(ends[1]) if len(ends) > 1 else None

    return {group: (ages(of["sure"]), ages(of["possible"])) for group, of in _table("age-groups").items()}


@cache
def diseases() -> Diseases:
    """The groups of ``rules/diseases.yaml``."""
    table = _table("diseases")
    return Diseases(**{field.name: frozenset(table[field.name]) for field in fields(Diseases)})


@cache
def all_kinds(kind: str) -> tuple[tuple[str, frozenset[str]], ...]:
    """Names of conditions, or of treatments, each with kinds of it that are all there is: ``rules/kinds.yaml``."""
    return tuple((whole, frozenset(kinds)) for whole, kinds in _table("kinds")[kind].items())


@cache
def charted_words() -> Mapping[str, str]:
    """Abbreviations of words in the name of a condition, in small letters, of ``rules/charting.yaml``."""
    return {str(short).lower(): str(word) for short, word in _table("charting")["words"].items()}


@cache
def charted_names() -> Mapping[str, str]:
    """What a chart calls a condition, in small letters, and no criterion by itself, of ``rules/charting.yaml``."""
    return {str(text): str(name) for name, said in _table("charting")["names"].items() for text in said}


@lru_cache(maxsize=4096)
def charted_prefix(text: str) -> tuple[str, str] | None:
    """What the first letters of an abbreviated cancer say of it, and the rest: metastatic, "CRC" of "mCRC"."""
    for short, word in _prefixes().items():
        rest = text[len(short) :]
        if text.startswith(short) and len(rest) > 1 and rest[0].isupper() and rest[-1].isupper():
            entry = vocabulary().find(rest, "condition")
            if entry is not None and rest in entry.all_names and vocabulary().is_a("condition", entry.name, _CANCER):
                return word, rest
    return None


@cache
def _prefixes() -> Mapping[str, str]:
    """What stands before the abbreviation of a cancer, of ``rules/charting.yaml``."""
    return {str(short): str(word) for short, word in _table("charting")["prefixes"].items()}


_CANCER: Final = "malignancy"


@cache
def charted_origins() -> frozenset[Keys]:
    """The names under which a chart has somebody's race or descent, of ``rules/charting.yaml``."""
    return frozenset(_keys(_table("charting")["origins"]))


@cache
def charted_sites() -> Mapping[str, str]:
    """Abbreviations of parts of the body, in capitals, of ``rules/charting.yaml``."""
    return {str(short): str(place) for short, place in _table("charting")["sites"].items()}


@cache
def charted_attributes() -> Mapping[Keys, str]:
    """What a chart says beside a name, by :func:`signed_keys`, as the attribute that it means (charting.yaml)."""
    found: dict[Keys, str] = {}
    for name, templates in _table("charting")["attributes"].items():
        for text in (text for template in templates for text in words.spelt_out(str(template))):
            if found.setdefault(signed_keys(text), str(name)) != name:
                raise KnowledgeError(f"charting.yaml: {text!r} is in {name!r} and in {found[signed_keys(text)]!r}")
    return found


def signed_keys(text: str) -> Keys:
    """Word keys, with the signs spelt out: "2+/ISH-" is not "2+/ISH+"."""
    return words.keys(_MINUS.sub(" negative ", text.replace("+", " positive ")))


_MINUS: Final = re.compile(r"(?<=\w)-(?=[/,;\s]|$)")


@cache
def charted_attribute_words() -> Mapping[str, str]:
    """Abbreviations of words of an attribute, in small letters, of ``rules/charting.yaml``."""
    return {str(short): str(word) for short, word in _table("charting")["attribute words"].items()}


@cache
def charted_stages() -> Mapping[str, Mapping[str, frozenset[str]]]:
    """Of diseases, how severe they are at which stages, of ``rules/charting.yaml``."""
    return {
        str(name): {str(severity): frozenset(map(str, stages)) for severity, stages in said["severity"].items()}
        for name, said in _table("charting")["stages"].items()
    }


@cache
def charted_by_stage() -> Mapping[str, str]:
    """Of diseases, what they are besides at each of these stages, of ``rules/charting.yaml``."""
    return {str(name): str(said["is"]) for name, said in _table("charting")["stages"].items()}


@cache
def charted_no_allergies() -> Mapping[Keys, str]:
    """How a chart says that there are no allergies, and to what, of ``rules/charting.yaml``."""
    return {
        words.keys(text): str(what)
        for what, templates in _table("charting")["no allergies"].items()
        for template in templates
        for text in words.spelt_out(str(template))
    }


@cache
def charted_of_others() -> frozenset[Keys]:
    """What a chart says beside a name of what is somebody else's, or is not there, of ``rules/charting.yaml``."""
    templates = _table("charting")["of others"]
    return frozenset(words.keys(text) for template in templates for text in words.spelt_out(str(template)))


@cache
def charted_by_listing() -> frozenset[Keys]:
    """What a disease is by being listed: "by its listing" of ``rules/charting.yaml``."""
    return frozenset(words.keys(str(text)) for text in _table("charting")["by its listing"])


@cache
def levels() -> Mapping[str, Level]:
    """The conditions of ``rules/levels.yaml``."""
    found = {}
    for name, said in _table("levels").items():
        above = "above" in said
        limits = said.get("above" if above else "below", {})
        numbers = {analyte: tuple(pair or (None, None)) for analyte, pair in limits.items()}
        found[name] = Level(
            above,
            numbers,
            by_range=not said.get("numbers only"),
            least=said.get("any of", 0),
            tells=_TELLS[said.get("tells", "both")],
            days=said.get("days"),
            test=said.get("abnormal", ""),
        )
    return found


_TELLS: Final = {
    "both": frozenset((True, False)),
    "presence": frozenset((True,)),
    "absence": frozenset((False,)),
}


@cache
def healthy() -> tuple[dict[str, Any], ...]:
    """What is measured of somebody in good health, as a profile has observations, of ``rules/healthy.yaml``."""
    table = _table("healthy")
    measured = (dict(zip(_MEASURED, (name, *given), strict=False)) for name, given in table["measurements"].items())
    return (*measured, *({"name": name, "value": result} for name, result in table["tests"].items()))


@cache
def gravely_ill() -> tuple[dict[str, Any], ...]:
    """What is measured of somebody whose organs fail, with the ranges of those in good health."""
    ill: dict[str, float] = _table("healthy")["gravely_ill"]
    return tuple({**one, "value": ill[one["name"]]} for one in healthy() if one["name"] in ill)


_MEASURED: Final = ("name", "value", "unit", "low", "high")


def _keys(texts: list[str]) -> tuple[Keys, ...]:
    return tuple(words.keys(text) for text in texts)


def _table(name: str) -> dict[str, Any]:
    path = data_folder("rules") / f"{name}.yaml"
    table: Any = cached(name, (path, source_of(__name__)), lambda: load_yaml(path))
    if not isinstance(table, dict):
        raise KnowledgeError("expected a mapping", source=str(path))
    return table
