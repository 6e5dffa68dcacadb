"""Whether words say what somebody does, or what is done, rather than name a thing.

So do "residing in an institution" and "donate sperm", but not "treated eye".
The verbs are those of ``rules/verbs.yaml``.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

from eligibility.compiled import source_of
from eligibility.knowledge import words
from eligibility.knowledge.cache import cached
from eligibility.knowledge.vocabulary import data_folder, load_yaml

__all__ = ["tells_what_is_done"]

_WHAT: Final = frozenset(  # what stands behind a verb, but neither behind a noun nor between an adjective and one
    "a an the this these those their his her its my our your any all both each another some it them him us me".split()
)
_BEHIND_FORMS: Final = _WHAT | frozenset(
    "to in on at by for with from into upon over under near since before after during within while following against "
    "between throughout despite due as about through via per out up off down according because until towards toward "
    "too so very highly".split()
)
_RELATIVE: Final = frozenset(("that", "which", "who", "whose"))
_NO_ADVERBS: Final = frozenset(("early", "family", "only", "elderly", "assembly", "likely", "unlikely"))


@dataclass(frozen=True, slots=True)
class _Verbs:
    plain: frozenset[str]  # forms with which a clause begins, whatever follows
    participles: frozenset[str]  # forms with which one begins where an article or a preposition follows
    named: frozenset[str]  # forms with which one begins where an article follows
    intending: frozenset[str]  # those that go on with "to" and a verb
    alone: frozenset[str]  # words that are a clause of their own: "initiated", "feasible"
    finite: frozenset[str]
    adverbs: frozenset[str]


def tells_what_is_done(text: str) -> bool:
    """Whether words are a clause without its subject, or one with it, rather than the name of a thing."""
    said, verbs = words.keys(text), _verbs()
    at = 0
    while at < len(said) and (said[at] in verbs.adverbs or _is_adverb(said[at])):
        at += 1
    if at == len(said):
        return False
    first, rest = said[at], said[at + 1 :]
    if not rest:
        return first in verbs.alone
    return (
        first in verbs.plain
        or (first in verbs.named and (rest[0] in _WHAT or (rest[0] == "to" and first in verbs.intending)))
        or (first in verbs.participles and (rest[0] in _BEHIND_FORMS or _is_adverb(rest[0])))
        or (first in verbs.participles and rest[:2] == ("prior", "to"))
        or (first in verbs.participles and rest[0] == "of" and not first.endswith("ing"))
        or (_RELATIVE.isdisjoint(rest) and any(word in verbs.finite for word in rest))
    )


def _is_adverb(word: str) -> bool:
    return word.endswith("ly") and word not in _NO_ADVERBS


@cache
def _verbs() -> _Verbs:
    path = data_folder("rules") / "verbs.yaml"
    said: dict[str, Any] = cached("verbs", (path, source_of(__name__)), lambda: load_yaml(path))
    irregular: dict[str, list[str]] = said["irregular"]
    acting = {form for verb in said["acting"].split() for form in _forms(verb, irregular)}
    nouns, never = _keys(said["named"].split()), _keys(said["never"].split())
    forms = {form for verb in f"{said['acting']} {said['named']}".split() for form in _forms(verb, irregular)[1:]}
    participles = _keys(forms) - never
    return _Verbs(
        plain=_keys(acting) - _keys(said["adjectives"].split()) - nouns - never,
        participles=participles - nouns,
        named=nouns,
        intending=_keys(said["intending"]),
        alone=frozenset(form for form in participles if not form.endswith("ing")) | _keys(said["states"].split()),
        finite=_keys(said["finite"].split()),
        adverbs=_keys(said["adverbs"].split()),
    )


def _keys(forms: Iterable[str]) -> frozenset[str]:
    return frozenset(words.key(form) for form in forms)


_VOWELS: Final = "aeiou"


def _forms(verb: str, irregular: dict[str, list[str]]) -> tuple[str, ...]:
    """The forms of a verb; one with an ``s`` has the key of the plain form."""
    own = irregular.get(verb, [])
    ing = () if any(form.endswith("ing") for form in own) else (f"{_stem(verb)}ing",)
    past = () if any(not form.endswith("ing") for form in own) else (_past(verb),)
    return (verb, *own, *ing, *past)


def _stem(verb: str) -> str:
    return verb[:-1] if verb.endswith("e") and not verb.endswith(("ee", "oe", "ye")) else verb


def _past(verb: str) -> str:
    if verb.endswith("e"):
        return f"{verb}d"
    if verb.endswith("y") and verb[-2] not in _VOWELS:
        return f"{verb[:-1]}ied"
    return f"{verb}ed"
