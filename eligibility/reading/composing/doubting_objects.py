"""Whose a thing is, said once in a list: "a trial of a drug, vaccine or device", "pneumonia with hypoxia or shock"."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import Final, cast

from eligibility.knowledge.qualifiers import Qualifier
from eligibility.knowledge.verbs import tells_what_is_done
from eligibility.knowledge.vocabulary import ANY_CONDITION, Entry, vocabulary
from eligibility.reading.composing.doubting import FEW_KINDS, TUMORS, doubt, doubt_unless_doubted, is_between_commas
from eligibility.reading.composing.terms import ALTERNATIVES, Composing, Item
from eligibility.reading.lexing.tokens import EITHER, Token
from eligibility.reading.phrases import Noun, tells_of_what_follows


def doubt_objects(here: Composing, items: list[Item], separators: list[str]) -> None:
    """ "A trial of a drug, vaccine or device", "pneumonia with hypoxia or shock": whose the second is, is open; not in
    "gout, pneumonia with hypoxia, asthma"."""
    _doubt_variants(here, items)
    _doubt_causes(here, items, separators)
    leading: Token | Item | None = None
    kinds: set[str] = set()
    for index, item in enumerate(items):
        noun = item.core
        if leading is None and item is items[-1]:
            break  # nothing follows to which it could lead
        begins = index and separators[index - 1] not in ALTERNATIVES
        if not isinstance(noun, Noun) or item.negations or begins or _tells_result(item):
            leading = None
        elif (led := _led(here, noun, item.end)) is not None:
            whole = bool(noun.head.names) and len(item.also) == 1 and item.window is None  # "pneumonia" "with hypoxia"
            leading, kinds = (item if whole else led[0]), led[1]
            if whole and (noun.kinds != kinds or is_between_commas(here, items, index)):
                leading = None
        elif any(t.end > t.start for t in noun.before) or not noun.kinds <= kinds:
            leading = None
        elif isinstance(leading, Item):
            if "," in here.text[leading.end : noun.start] and _is_listed_with(leading, noun):
                leading = None
            else:
                item.doubted = cast(Noun, leading.core)
        elif leading is not None:
            doubt(item, [leading])


def _doubt_variants(here: Composing, items: list[Item]) -> None:
    """ "Small cell or sarcomatoid variant of C": what the first is a variant of is open."""
    variant = items[-1].words
    if variant is not None and _VARIANT.search(here.low, variant.start, variant.end):
        for item in items[:-1]:
            if isinstance(item.core, Noun) and item.core.kinds == {"CONDITION"} and not item.core.behind:
                said = here.low[variant.start : items[-1].end].partition(" ")[2]
                doubt(item, [Token("QUALIFIER", Qualifier(said, ""), variant.start, items[-1].end)])


def _doubt_causes(here: Composing, items: list[Item], separators: list[str]) -> None:
    """ "A wound from surgery or injury", "thrombosis within 3 months after surgery or trauma": the second may be one
    more of what the first comes from, or is counted from."""
    for (item, after), separator in zip(pairwise(items), separators, strict=True):
        if separator not in EITHER or not _is_no_more_than_named(after) or "," in here.text[item.end : after.start]:
            continue
        noun, said = item.core, item.words
        named = noun.head.end if isinstance(noun, Noun) else said.start if said is not None else item.end
        joint = _COMES_FROM.search(here.low, named, item.end) if not item.negations else None
        if joint is not None and vocabulary().find(here.low[joint.end() : item.end]) is not None:
            words = here.low[item.start : joint.end()].strip()
            doubt_unless_doubted(after, [Token("QUALIFIER", Qualifier(words, ""), item.start, joint.end())])


def _is_no_more_than_named(item: Item) -> bool:
    """Whether an item is the name of something that the vocabulary knows, of which nothing is said."""
    noun = item.core
    if not isinstance(noun, Noun) or not noun.head.names or item.negations or item.also or item.window is not None:
        return False
    return not (noun.behind or any(t.end > t.start for t in noun.before))


_COMES_FROM: Final = re.compile(
    r"\b(?:(?<!suffer\s)(?<!suffers\s)(?<!suffered\s)(?<!suffering\s)from|after|following|before|prior\s+to|(?:hours?|days?|weeks?|months?|years?)\s+of)\s+"
    r"(?:(?:an?|the|any|prior|previous|recent|major)\s+)*(?=[\w-]+(?:\s[\w-]+){0,3}$)"
)


def _tells_result(item: Item) -> bool:
    """Whether tests of a disease follow it: "asthma negative for A, B or C"."""
    return any(tells_of_what_follows(token) for core in item.also if isinstance(core, Noun) for token in core.before)


_OBJECT: Final = re.compile(
    r"\s(?:of|for|after|following|despite|from|with|using|involving)\s+(?:an?\s+|the\s+)?(?=\S)"
)
_VARIANT: Final = re.compile(r"\s(?:variants?|types?|subtypes?|forms?|histology|component|features?) of$")


def _led(here: Composing, noun: Noun, end: int) -> tuple[Token, set[str]] | None:
    """The words of a name before what it is of, "rising marker after" of surgery, and the kind of that; or the verb of
    which it is the object: "refused (surgery)"."""
    start = noun.head.start
    said = here.low[start:end]
    if noun.head.names and (verb := here.low[start : noun.head.names[0].start].strip()) and tells_what_is_done(said):
        return Token("QUALIFIER", Qualifier(verb, ""), start, start + len(verb)), set(noun.kinds)
    links = list(_OBJECT.finditer(said))
    entry = vocabulary().find(said[links[-1].end() :]) if links and vocabulary().find(said) is None else None
    if entry is None or _is_its_kind(said[: links[-1].start()], entry) or _is_of_ingredients(noun):
        return None
    of = said[: links[-1].end()].strip()
    if of.count("(") > of.count(")"):
        return None  # "A (except for B), C"
    return Token("QUALIFIER", Qualifier(of, ""), start, start + len(of)), {entry.kind.upper()}


def _is_of_ingredients(noun: Noun) -> bool:
    """Whether it is what something consists of, to which an allergy is one to the thing itself."""
    return any(word.type == "INGREDIENT_OF" for word in noun.head.words)


def _is_listed_with(first: Item, noun: Noun) -> bool:
    """Whether a name is of a kind with the first of a list, and of none with what that has beside it: "colon cancer
    with liver metastases, or melanoma"."""
    core, beside = first.core, first.also[0]
    if not isinstance(core, Noun) or not isinstance(beside, Noun) or noun.kinds != {"CONDITION"}:
        return False
    own, other, mine = (_kinds_above(each) for each in (core, beside, noun))
    known = vocabulary()
    near = (kind in TUMORS or len(known.kinds_of("condition", kind)) <= FEW_KINDS for kind in own & mine)
    return other & mine <= _ANY_DISEASE and any(near)


_ANY_DISEASE: Final = frozenset((ANY_CONDITION,))


def _kinds_above(noun: Noun) -> set[str]:
    """What the things are that are named, with all that these are kinds of."""
    entries = [name.value for name in noun.head.names if isinstance(name.value, Entry)]
    return {up for entry in entries for up in (entry.name, *vocabulary().ancestors(entry.kind, entry.name))}


def _is_its_kind(named: str, entry: Entry) -> bool:
    """Whether words before "with" name what it is a kind of: "anticoagulation with warfarin or heparin" lists these."""
    whole = vocabulary().find(named) or vocabulary().find(named.partition(" ")[2])
    if whole is None or whole.kind != entry.kind or whole.facts.get("circumstance"):
        return False  # "a trial with an experimental drug, vaccine or device"
    return vocabulary().is_a(entry.kind, entry.name, whole.name)
