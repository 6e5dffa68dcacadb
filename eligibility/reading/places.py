"""Parts of the body side by side: "radiotherapy to the head, neck or chest", "ulcers of the hands or feet"."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import Final

from eligibility.knowledge.tables import places
from eligibility.knowledge.vocabulary import Entry, Kind, vocabulary
from eligibility.reading.lexing.tokens import Token, kind_at

__all__ = ["any_place", "of_systems", "of_which_eye"]

_WHERE: Final = r"(?:(?:to|of|in|on|within|involving)\s+)?(?:the\s+)?"
_JOINT: Final = r"\s*(?:,\s*(?:or|and/or)\b|\bor\b|\band/or\b|,|/)\s*"
_END: Final = (
    r"(?=\s*(?:(?m:$)|[.;)\]]|,|(?:and|if|who|unless|prior|before|are|is|must|will|may|should|except|provided|within|during"
    r"|in the|at|for|with|without|that|which|as|because)\b))"
)
_FACTS: Final = frozenset(("CONDITION", "TREATMENT", "TAIL"))


def any_place(tokens: list[Token], text: str) -> list[Token]:
    """The tokens, with the alternatives to a place as such: "in the head, neck or chest", "cancer of the A or B"."""
    if " or " not in text and "/" not in text:
        return tokens
    found: list[Token] = []
    index = 0
    while index < len(tokens):
        token = tokens[index]
        place = _place_of(token, found, text)
        listed = _alternatives().match(text, token.end) if place is not None else None
        if listed is not None and not _OR.search(listed.group()):
            listed = None
        if place is not None and place.what is not None:
            _carcinomas_before(found, text, place, listed)
        if place is None or listed is None:
            found.append(token)
            index += 1
            continue
        leading = [each for each in found[-_MOST_LEADING:] if each.type == "QUALIFIER"]
        found += _each_by_name(token, place, listed, leading) or _at_any(token, place, listed)
        index = next((i for i in range(index, len(tokens)) if tokens[i].start >= listed.end()), len(tokens))
    return found


def of_which_eye(tokens: list[Token], text: str) -> list[Token]:
    """The tokens, without a comma before the eye that is meant: "macular edema, in the study eye"."""
    if " eye" not in text or "," not in text:
        return tokens
    return [
        token
        for at, token in enumerate(tokens)
        if token.type != "COMMA"
        or kind_at(tokens, at + 1) != "WITHIN"
        or kind_at(tokens, at + 2) != "SITE"
        or not tokens[at + 2].said.endswith(("eye", "eyes"))
    ]


def of_systems(tokens: list[Token], text: str) -> list[Token]:
    """The tokens, with a disease of any of several systems as one of each: "disease of the renal or hepatic system"."""
    if " system" not in text:
        return tokens
    for said in _OF_SYSTEMS.finditer(text, tokens[0].start, tokens[-1].end):
        inside = [i for i, token in enumerate(tokens) if said.start() <= token.start < said.end()]
        if not inside or tokens[inside[0]].start != said.start() or tokens[inside[-1]].end != said.end():
            continue
        first, end = inside[0], inside[-1] + 1
        leading = [each for each in tokens[max(first - _MOST_LEADING, 0) : first] if each.type == "QUALIFIER"]
        each_one = _each_system(said, leading)
        if each_one:
            return [*tokens[:first], *each_one, *tokens[end:]]
    return tokens


def _each_system(said: re.Match[str], leading: list[Token]) -> list[Token]:
    """A disease of each system that is named, with the attributes of the first; nothing where one has no name."""
    found: list[Token] = []
    at = said.start("systems")
    for each in _SYSTEM.finditer(said["systems"]):
        names = (
            f"disease of the {each[0]} system",
            f"{each[0]} system disease",
            f"{each[0]} disease",
            f"{each[0]} disorder",
        )
        entry = next(filter(None, (vocabulary().find(name, "condition") for name in names)), None)
        if entry is None:
            return []
        start, end = at + each.start(), at + each.end()
        if not found:
            found.append(Token("CONDITION", entry, said.start(), end))
            continue
        attributes = [Token(one.type, one.value, start, start) for one in leading]
        found += [Token("OR", "or", start, start), *attributes, Token("CONDITION", entry, start, end)]
    last = found[-1]
    return [*found[:-1], Token(last.type, last.value, last.start, said.end())]


_OF_SYSTEMS: Final = re.compile(
    r"\b(?:medical\s+)?(?:diseases?|illness(?:es)?|disorders?|conditions?|abnormalit(?:y|ies))\s+of\s+(?:the\s+)?"
    r"(?P<systems>(?:central\s+|peripheral\s+)?[a-z]+(?:\s*,\s*(?:the\s+)?(?:central\s+|peripheral\s+)?[a-z]+){0,8},?\s+(?:or|and/or)\s+"
    r"(?:the\s+)?(?:central\s+|peripheral\s+)?[a-z]+)\s+systems?\b",
    re.IGNORECASE,
)
_SYSTEM: Final = re.compile(r"\b(?!(?:or|and|the)\b)(?:central\s+|peripheral\s+)?[a-z]+", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _Place:
    """The place that a token names at its end, and what it names there: ``said``, which is the entry ``what``."""

    name: str
    said: str = ""
    what: Entry | None = None


_MOST_LEADING: Final = 3


def _carcinomas_before(found: list[Token], text: str, place: _Place, listed: re.Match[str] | None) -> None:
    """Give the kinds of carcinoma in a list the place that is said behind the last of them, or any of its places:
    "adenocarcinoma or squamous cell carcinoma of the esophagus"."""
    if place.what is None or not _is_carcinoma(place.what):
        return
    at = len(found) - 1
    while at > 0:
        while at > 0 and found[at].type == "QUALIFIER":
            at -= 1
        before = at
        while before >= 0 and found[before].type in _JOINTS:
            before -= 1
        token = found[before]
        if before in (at, -1) or token.type != "CONDITION" or not isinstance(token.value, Entry):
            return
        there = _named_there(_Place(place.name, text[token.start : token.end], token.value), place.name, "condition")
        if not _is_carcinoma(token.value) or (there is None and _is_of_an_organ(token.value)):
            return
        if there is not None and listed is None:
            found[before] = Token(token.type, there, token.start, token.end)
        else:
            found.insert(before + 1, Token("SITE", _any_of(place, listed), token.end, token.end))
        at = before - 1


def _is_carcinoma(entry: Entry) -> bool:
    """Whether it is a kind of carcinoma by its tissue; "in situ", which has a place of its own, is none."""
    return entry.name != "carcinoma in situ" and vocabulary().is_a("condition", entry.name, "carcinoma")


def _is_of_an_organ(entry: Entry) -> bool:
    """Whether the name alone says where it is: a hepatocellular carcinoma, which is a liver cancer."""
    return any(each.endswith(" cancer") for each in vocabulary().ancestors("condition", entry.name))


_JOINTS: Final = frozenset("OR ANDOR SLASH COMMA".split())


def _each_by_name(token: Token, place: _Place, listed: re.Match[str], leading: list[Token]) -> list[Token]:
    """A name for each of the places, "infection of the skin or bone", with the attributes of the first; nothing where
    one of them has none."""
    found = [token]
    kind = token.value.kind if isinstance(token.value, Entry) else "condition"
    for each in _one().finditer(listed.group()):
        entry = _named_there(place, each.group(), kind)
        if entry is None:
            return []
        start, end = listed.start() + each.start(), listed.start() + each.end()
        attributes = [Token(one.type, one.value, start, start) for one in leading]
        found += [Token("OR", "or", start, start), *attributes, Token(token.type, entry, start, end)]
    return found


def _named_there(place: _Place, other: str, kind: Kind) -> Entry | None:
    """The entry of the same thing at another place."""
    if place.what is None:
        return None
    names = [name for what in (place.said, place.what.name) for name in (f"{what} of {other}", f"{other} {what}")]
    return next(filter(None, (vocabulary().find(name, kind) for name in names)), None)


def _at_any(token: Token, place: _Place, listed: re.Match[str]) -> list[Token]:
    places = _any_of(place, listed)
    if place.what is None:
        return [Token("SITE", places, token.start, listed.end())]
    return [
        Token(token.type, place.what, token.start, token.end),
        Token("SITE", places, token.end, listed.end()),
    ]


def _any_of(place: _Place, listed: re.Match[str] | None) -> str:
    named = _one().finditer(listed.group()) if listed is not None else ()
    others = [_places()[" ".join(each.group().lower().split())] for each in named]
    return " or ".join(dict.fromkeys((place.name, *others)))


_OR: Final = re.compile(r"\bor\b|/", re.IGNORECASE)


def _place_of(token: Token, before: list[Token], text: str) -> _Place | None:
    if token.type == "SITE":
        beside = bool(before) and before[-1].type in _FACTS
        return _Place(token.said) if beside and token.said in _places().values() else None
    if token.type not in _FACTS or not isinstance(token.value, Entry):
        return None
    named = _AT_PLACE.search(text, token.start, token.end)
    if named is None or (place := _places().get(named["place"].lower())) is None:
        return None
    said = text[token.start : named.start()]
    general = vocabulary().find(said, token.value.kind)
    return _Place(place, said, general) if general is not None else None


_AT_PLACE: Final = re.compile(
    r"\s+(?:to|of|in|(?:originating|originated|arising)\s+(?:from|in))\s+(?:the\s+)?(?P<place>\w+(?:\s+\w+){0,2})$",
    re.IGNORECASE,
)


@cache
def _places() -> dict[str, str]:
    return {str(spelling).lower(): place for place, names in places().items() for spelling in names}


def _any_name() -> str:
    return "(?:" + "|".join(sorted(map(re.escape, _places()), key=len, reverse=True)) + r")\b"


@cache
def _one() -> re.Pattern[str]:
    return re.compile(rf"(?<!\w){_any_name()}", re.IGNORECASE)


@cache
def _alternatives() -> re.Pattern[str]:
    return re.compile(rf"(?:{_JOINT}{_WHERE}{_any_name()})+{_END}", re.IGNORECASE)
