"""What an attribute in free words says of a fact: a tie to something known, or how the fact was found out.

``related("secondary to hepatitis B")`` is a tie to what the vocabulary knows; ``is_method("by core biopsy")``;
``narrowing("ocular")`` is the attribute that the word is before any name.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any, Final, cast

from eligibility.compiled import source_of
from eligibility.knowledge import words
from eligibility.knowledge.cache import cached
from eligibility.knowledge.vocabulary import Entry, Kind, data_folder, load_yaml, vocabulary

__all__ = [
    "Found",
    "Related",
    "begins_as_method",
    "cause",
    "caused",
    "confirmed_as",
    "ends_as_method",
    "found_by",
    "in_blood",
    "is_method",
    "is_way",
    "leading",
    "method_in",
    "names_methods",
    "narrowing",
    "receptor_words",
    "related",
    "restates",
]


@dataclass(frozen=True, slots=True)
class Related:
    """A tie to one of several known things: "due to hepatitis B or C"."""

    relation: str
    names: tuple[tuple[Kind, str], ...]

    def __str__(self) -> str:
        """The relation in its usual words, the names as in the vocabulary."""
        return f"{self.relation} {' or '.join(name for _, name in self.names)}"

    def implies(self, other: Related) -> bool:
        """Whether what is tied so is tied as the other says, too: to the same things or to broader ones."""
        return self.relation == other.relation and all(
            any(kind == wider and vocabulary().is_a(kind, name, broad) for wider, broad in other.names)
            for kind, name in self.names
        )


@dataclass(frozen=True, slots=True)
class _Methods:
    begin: re.Pattern[str]
    said: re.Pattern[str]  # where they begin with more than a preposition
    behind: re.Pattern[str]  # "MRI-confirmed"
    words: frozenset[str]  # those that do not change a number
    all_words: frozenset[str]


@lru_cache(maxsize=8192)
def related(text: str) -> Related | None:
    """The tie that an attribute states, or None where it states none, or one to a name that is not known."""
    low = " ".join(text.casefold().split())
    found = _written().match(low)
    if found is None:
        return None
    relation, kinds = _relations()[found[1]]
    said = _WITH_OR_WITHOUT.split(low[found.end() :].strip())
    if relation != "alone or together with":
        said = said[:1]  # the rest may be there or not
    pieces = [_ARTICLE.sub("", piece) for each in said for piece in _JOINT.split(each)]
    names = [_named(piece, kinds) for piece in pieces]
    if not all(names):
        return None
    return Related(relation, tuple(dict.fromkeys(name for name in names if name is not None)))


def cause(text: str) -> str | None:
    """What words say that a thing comes of: "heparin" of "associated with heparin"."""
    low = " ".join(text.casefold().split())
    found = _written().match(low)
    if found is None or _relations()[found[1]][0] not in _CAUSING:
        return None
    return _ARTICLE.sub("", low[found.end() :])


def caused(name: str, by: str) -> bool:
    """Whether a name says that a thing comes of what an attribute names: "drug-induced lupus" is due to drugs."""
    found, wanted = _INDUCED.match(name.casefold()), related(by)
    if found is None or wanted is None or wanted.relation not in _CAUSING:
        return False
    given = related(f"{wanted.relation} {found[1]}")
    return given is not None and given.implies(wanted)


_CAUSING: Final = ("due to", "related to")
_INDUCED: Final = re.compile(r"(.+?)[\s-](?:induced|associated|related|mediated|triggered)\b")


def begins_as_method(text: str) -> bool:
    """Whether words begin as those do that say how a thing was found: "as assessed by ..."."""
    return _methods().begin.match(text.lower()) is not None


def method_in(text: str, start: int = 0, end: int | None = None) -> int | None:
    """Where in ``text[start:end]`` words begin that say how something was found; None where none do."""
    found = _methods().said.search(text, start, len(text) if end is None else end)
    return found.start() if found is not None else None


def ends_as_method(text: str) -> bool:
    """Whether the last word of a text is one of those that say how a thing was found: a first look."""
    return not _methods().all_words.isdisjoint(words.keys(text)[-1:])


def is_method(text: str, *, of_number: bool = False) -> bool:
    """Whether words only say how a thing was found: "by core biopsy", "using the CKD-EPI equation".

    ``of_number``: whether they do so of a number, to which it matters of what it was measured and by whose word.
    """
    known = _methods().words if of_number else _methods().all_words
    return begins_as_method(text) and all(key in known for key in words.keys(text))


def names_methods(text: str) -> bool:
    """Whether each of the things that are listed is a way of finding something out: "by history, an exam or biopsy"."""
    known = _methods()
    found = known.begin.match(text.lower())
    listed = _LISTED.split(text[found.end() :]) if found is not None else []
    return bool(listed) and all(_names_method(each, known) for each in listed)


def _names_method(text: str, known: _Methods) -> bool:
    said = words.keys(text)
    return 0 < len(said) <= _LONGEST_METHOD and any(word in known.all_words for word in said if len(word) > len("and"))


_LISTED: Final = re.compile(r"\s*(?:,\s*(?:and/or|or|and)?|\b(?:and/or|or|and)\b)\s*", re.IGNORECASE)
_LONGEST_METHOD: Final = 6  # words


@dataclass(frozen=True, slots=True)
class Found:
    """By what a thing was found, by word keys: by any of several ways, or by each of them."""

    ways: tuple[frozenset[str], ...]
    each: bool

    def implies(self, other: Found) -> bool:
        """Whether what was found so was found as the other says: by one of its ways, or by all."""
        if other.each:
            return self.each and all(any(_includes(wanted, way) for way in self.ways) for wanted in other.ways)
        sure = any if self.each else all
        return sure([any(_includes(wanted, way) for wanted in other.ways) for way in self.ways])


def _includes(wanted: frozenset[str], way: frozenset[str]) -> bool:
    """Whether a way is a wanted one, or a kind of it: a CT is imaging."""
    return wanted <= way or (wanted == _IMAGING and not way.isdisjoint(_confirming()["radiologically confirmed"]))


@lru_cache(maxsize=8192)
def found_by(text: str) -> Found | None:
    """How an attribute says that a thing was found: "documented by CT or MRI", "MRI-confirmed"; None if it does not."""
    behind = _methods().behind.fullmatch(text)
    if behind is not None:
        way = frozenset(words.keys(behind[1]))
        return Found((way,), each=True) if way <= _methods().all_words else None
    begun = _methods().begin.match(text.lower())
    if begun is None:
        return None
    rest = _one_spelling(text[begun.end() :])
    joints = {joint for joint in ("and", "or") if re.search(rf"\b{joint}\b", rest, re.IGNORECASE)}
    ways = [_way(frozenset(words.keys(each))) for each in _LISTED.split(rest)]
    if len(joints) > 1 or not all(ways):
        return None
    return Found(tuple(ways), each="or" not in joints)


def _way(said: frozenset[str]) -> frozenset[str]:
    """What a way of finding something out is told by; of one that is no more than imaging, this."""
    return said - _ANY_WAY or said & _IMAGING


def is_way(wanted: Found, said: str, *, of_kind: bool = True) -> bool:
    """Whether what is called so is one of the ways by which a thing must have been found: "SARS-CoV-2 PCR".

    ``of_kind``: whether the name says of which kind an assay is; otherwise a way that asks for a kind is not it.
    """
    if wanted.each and len(wanted.ways) > 1:
        return False
    named = frozenset(words.keys(_one_spelling(said)))
    return any(way - _SHOWN <= named and (of_kind or way.isdisjoint(_KINDS)) for way in wanted.ways)


_KINDS: Final = frozenset(words.keys("pcr elisa rapid culture western blot"))


def _one_spelling(text: str) -> str:
    """A text with one spelling of each way that has several."""
    low = text.lower()
    for way, spellings in _read()["methods"]["same"].items():
        for spelling in spellings:
            if spelling in low:
                low = low.replace(spelling, way)
    return low


@lru_cache(maxsize=8192)
def confirmed_as(text: str) -> str | None:
    """The attribute that a confirmation amounts to: what is "proven by core biopsy" is histologically confirmed.

    None where a number may say when it was.
    """
    found = found_by(text) if _CONFIRMS.search(text) and not any(map(str.isdigit, text)) else None
    if found is None or (len(found.ways) > 1 and not found.each):
        return None
    said = frozenset(word for way in found.ways for word in way)
    return next((name for name, by in _confirming().items() if by & said), None)


_CONFIRMS: Final = re.compile(
    r"\b(?:confirmed|prove[nd]|documented|verified|diagnosed|established|demonstrated)\b", re.IGNORECASE
)


@cache
def _confirming() -> Mapping[str, frozenset[str]]:
    return {str(name): frozenset(words.keys(by)) for name, by in _read()["confirming"].items()}


_IMAGING: Final = frozenset(words.keys("imaging"))
_ANY_WAY: Final = frozenset(
    words.keys(
        "a an the any of scan test testing imaging exam examination study analysis assessment evaluation result finding"
    )
)


_SHOWN: Final = frozenset(words.keys("presence of detection positive detectable in sample swab nasopharyngeal throat"))


def narrowing(text: str) -> tuple[str, ...] | None:
    """The attributes that words before a name are, "ipsilateral axillary"; None where one of them may be none."""
    found: list[str] = []
    said = words.keys(text)
    at = 0
    while at < len(said):
        denied = said[at] == "non" and at + 1 < len(said)
        start = at + denied
        for end in (start + 2, start + 1):
            known = said[start:end] in _narrowing() or (end == start + 2 and said[end - 1 : end] in _tied())
            if known and end <= len(said):
                found.append(" ".join(said[at:end]))
                at = end
                break
        else:
            return None
    return tuple(found) or None


def restates(name: str, text: str) -> bool:
    """Whether words only give the definition that a name of the field stands for: "at least one lesion >= 10 mm"."""
    known = _definitions().get(name)
    if known is None:
        return False
    low = " ".join(text.lower().split())
    bare, sized = known.sizes.subn(" ", low)
    bare, coarse = known.coarser.subn(" ", bare)
    if _AT_MOST.search(bare) or (coarse and not sized and not any(map(low.__contains__, known.coarser_by))):
        return False
    said = [word for word in _WORDS_AND_NUMBERS.findall(bare) if word not in known.numbers]
    return bool(sized or coarse or said) and all(words.key(word) in known.words for word in said)


_AT_MOST: Final = re.compile(r"[<≤]|\b(?:less|smaller|below|under)\b")
_WORDS_AND_NUMBERS: Final = re.compile(r"\d+(?:\.\d+)?|[^\W\d_]+")


@dataclass(frozen=True, slots=True)
class _Definition:
    sizes: re.Pattern[str]
    coarser: re.Pattern[str]  # what is asked where the ways of measuring are coarser
    coarser_by: tuple[str, ...]
    numbers: frozenset[str]
    words: frozenset[str]


@cache
def _definitions() -> Mapping[str, _Definition]:
    return {
        str(name): _Definition(
            _of_sizes(said["sizes"]),
            _of_sizes(said["coarser"]["sizes"]),
            tuple(said["coarser"]["by"]),
            frozenset(said["numbers"]),
            frozenset(words.keys(said["words"])),
        )
        for name, said in _read()["definitions"].items()
    }


def _of_sizes(sizes: Iterable[str]) -> re.Pattern[str]:
    """Any of the sizes; a slice may be at most as thick."""
    spelt = "|".join(" ?".join(map(re.escape, size.split())) for size in sizes)
    return re.compile(rf"(?:[≤<]=?\s*(?=5 ?mm|0\.5 ?cm))?(?<![\d.])(?:{spelt})\b")


_ARTICLE: Final = re.compile(r"(?:(?:an?|any|the|their|his|her|known|underlying)\s+)+(?=\w)")
_JOINT: Final = re.compile(r"\s*(?:,\s*or\b|\bor\b|/|,)\s*")
_WITH_OR_WITHOUT: Final = re.compile(r"\s*(?:±|\+/-|\bwith or without\b)\s*")


def _named(text: str, kinds: tuple[Kind, ...]) -> tuple[Kind, str] | None:
    for kind in kinds:
        entry = vocabulary().find(text, kind)
        if entry is not None:
            return kind, entry.name
    return None


@cache
def _relations() -> Mapping[str, tuple[str, tuple[Kind, ...]]]:
    """How a relation is written, to its name and the kinds that it ties to."""
    return {
        str(spelling): (name, cast(tuple[Kind, ...], tuple(said["kinds"])))
        for name, said in _read()["relations"].items()
        for spelling in said["written"]
    }


@cache
def _written() -> re.Pattern[str]:
    longest_first = sorted(_relations(), key=len, reverse=True)
    return re.compile(rf"({'|'.join(map(re.escape, longest_first))})\s+")


@cache
def _methods() -> _Methods:
    said = _read()["methods"]
    after, begin = "|".join(said["after"]), "|".join(map(re.escape, said["begin"]))
    pattern = re.compile(rf"\W*(?:as\s+)?(?:{after})?\s*(?:{begin})\b")
    found = [rf"{how}\s+(?:{begin})" for how in (rf"as\s+(?:{after})", *said["after"])]
    named = words.any_word(*found, r"based\s+(?:up)?on", r"as\s+per", r"on\s+the\s+basis\s+of")
    marked = re.compile(rf"{named}\b", re.IGNORECASE)
    behind = re.compile(rf"\s*(\w[\w\s-]*?)[\s-]+(?:{after})\s*", re.IGNORECASE)
    plain = frozenset(words.keys(" ".join((said["words"], *said["after"], *said["begin"]))))
    return _Methods(pattern, marked, behind, plain, plain | frozenset(words.keys(said["sources"])))


def leading(said: Sequence[str], *, of_blood: bool = True) -> tuple[tuple[str, ...], frozenset[str]]:
    """Of the keys of words before the name of a measurement, those that narrow it, and on which sides ("above",
    "below") the others say that it is. ``of_blood``: whether it may be of something that is measured in the blood."""
    groups = _leading()
    plain = groups["any"] | (groups["blood"] if of_blood else frozenset())
    sides = frozenset(side for side in ("above", "below") for key in said if key in groups[side])
    return tuple(key for key in said if key not in plain and not any(key in groups[side] for side in sides)), sides


def in_blood(entry: Entry) -> bool:
    """Whether an analyte is measured, or looked for, in blood where nothing is said of it."""
    counts = bool(entry.facts.get("unit")) or "antibody" in entry.name
    return counts and not any(_ELSEWHERE.search(name) for name in entry.all_names)


_ELSEWHERE: Final = re.compile(
    r"\b(?:urin\w*|csf|cerebrospinal|stool|fa?ecal|sweat|sputum|saliva\w*|spot|marrow|swab)\b", re.IGNORECASE
)


@cache
def _leading() -> Mapping[str, frozenset[str]]:
    return {str(group): frozenset(words.keys(said)) for group, said in _read()["measured"].items()}


def plain_words() -> frozenset[str]:
    """The keys of the words that name nothing of their own, but that attributes are made with: "at the time of"."""
    return _methods().all_words | frozenset(words.keys(_read()["plain"]))


@cache
def _tied() -> frozenset[tuple[str, ...]]:
    return frozenset((key,) for key in words.keys(_read()["tied"]))


@cache
def _narrowing() -> frozenset[tuple[str, ...]]:
    return frozenset(words.keys(each) for group in _read()["narrowing"].values() for each in group.split())


@cache
def _read() -> dict[str, Any]:
    path = data_folder("rules") / "attributes.yaml"
    found: dict[str, Any] = cached("attributes", (path, source_of(__name__)), lambda: load_yaml(path))
    return found


@cache
def receptor_words(*, hormonal: bool) -> tuple[frozenset[str], frozenset[str], frozenset[str]]:
    """The words, the numbers and the assays with which the status of a receptor is defined; ``hormonal``: of one for
    oestrogen or progesterone, too."""
    said = _read()["receptors"]
    plain = said["words"].split() + (said["hormonal"].split() if hormonal else [])
    return frozenset(plain), frozenset(said["numbers"]), frozenset(said["assays"].split())
