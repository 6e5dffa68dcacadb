"""Words of a list that name nothing by themselves, with what they share with the item beside them.

In "fracture of the femur or pelvis" the second place is one more place of a fracture; in "benign or malignant tumors of
the jaw" the first attribute is one more of such tumors; in "arrhythmia requiring drugs or intervention" either is what
the arrhythmia requires.
"""

from __future__ import annotations

import re
from typing import Final

from eligibility.knowledge.attributes import narrowing
from eligibility.knowledge.qualifiers import qualifiers
from eligibility.knowledge.vocabulary import ANY_DRUG, ANY_TREATMENT, vocabulary
from eligibility.knowledge.words import keys, phrase
from eligibility.reading.composing.attribute_phrases import is_attribute, is_place, known_attributes
from eligibility.reading.composing.open_phrases import (
    CLOSED,
    FINITE,
    PREPOSITIONS,
    as_one_word,
    is_open_phrase,
    is_unfinished,
)
from eligibility.reading.composing.terms import Composing
from eligibility.reading.drafting.concepts import known_concept, open_concept
from eligibility.reading.drafts import Draft
from eligibility.rules import Concept, Condition, Span, Treatment

__all__ = ["one_more_attribute", "one_more_kind", "one_more_object", "tumor_beside"]

_MOST_OWN_WORDS: Final = 3
_MOST_OBJECT_WORDS: Final = 3
_ARTICLE: Final = re.compile(r"(?:the|an?|any|his|her|their|its)\s+", re.IGNORECASE)
_PLAIN: Final = re.compile(r"[A-Za-z][A-Za-z' -]*")
_LEADS: Final = "of in at on over by with from into for via involving affecting using requiring needing due"
_OBJECT: Final = re.compile(  # "to" without an article may begin a clause
    rf"(?P<led>.*\b(?:(?:{'|'.join(_LEADS.split())})\s+(?:the\s+|an?\s+)?|to\s+(?:(?:the|an?)\s+|(?=[\w'-]+$))))"
    r"(?P<object>[\w' -]+)"
)
_NO_OBJECT: Final = (
    frozenset(
        "disease disorder condition illness other another such same similar thereof patient subject participant person "
        "woman man female male child adult who whose history laboratory category".split()
    )
    | FINITE
    | CLOSED
)


def one_more_object(here: Composing, start: int, end: int, before: Draft) -> Draft | None:
    """Words as what one more is said of, as of the last words before them; None where those are of no object."""
    own = _own(here, start, end)
    rule = before.rule
    if own is None or before.parts or before.end > start or _tells_how(own):
        return None
    if not isinstance(rule, Condition | Treatment) or rule.exceptions or rule.window is not None:
        return None
    if rule.site is not None and is_place(own) and here.low.endswith(rule.site.lower(), before.start, before.end):
        return Draft(rule.model_copy(update={"site": own.lower()}), start, end, open=before.open)
    if rule.qualifiers and here.low.endswith(rule.qualifiers[-1].lower(), before.start, before.end):
        led = _OBJECT.fullmatch(rule.qualifiers[-1])
        said = f"{led['led']}{own.lower()}" if led is not None and _is_short(led["object"]) else ""
        if not said or not is_attribute(said):
            return None
        known = known_attributes(said)
        said_so = rule.model_copy(update={"qualifiers": (*rule.qualifiers[:-1], *(known or (said,)))})
        return Draft(said_so, start, end, open=() if known else (Span(start=start, end=end),))
    if not rule.concept.open or not before.open:
        return None
    led = _OBJECT.fullmatch(rule.concept.name)
    if led is None or not _is_short(led["object"]) or not _ends_in(here, before, led["object"]):
        return None
    name = f"{led['led']}{own}"
    concept = open_concept(name)
    if not is_open_phrase(name) or not concept.open:
        return None
    return Draft(rule.model_copy(update={"concept": concept}), start, end, open=(Span(start=start, end=end),))


def tumor_beside(here: Composing, start: int, end: int, beside: Draft) -> Draft | None:
    """A tumor among other diseases that exclude, "thrombus or tumor", by its own word, as it may be one of what they
    are of; None of other words, or beside a cancer, which it may be."""
    if not here.exclusion or phrase(here.text[start:end].strip(" ,-")) != "tumor":
        return None
    diseases = [rule for rule in beside.innermost_rules() if isinstance(rule, Condition)]
    if not diseases or any(vocabulary().is_a("condition", each.concept.name, "malignancy") for each in diseases):
        return None
    return Draft(Condition(concept=Concept(name="tumor", open=True)), start, end, open=(Span(start=start, end=end),))


def one_more_kind(here: Composing, start: int, end: int, before: Draft) -> Draft | None:
    """A word for anything that is given, with what is said of the one before it: "prohibited drugs or therapies"; None
    where nothing is said of that, or it names something of its own."""
    own = phrase(here.text[start:end].strip(" ,-"))
    rule = before.rule
    if own not in _GIVEN or before.parts or not isinstance(rule, Treatment) or before.end > start:
        return None
    if rule.exceptions or phrase(here.text[before.start : before.end]).rsplit(maxsplit=1)[-1] not in _GIVEN:
        return None
    led, _, last = rule.concept.name.rpartition(" ")
    if led and last in _GIVEN:
        known = vocabulary().find(f"{led} {own}", "treatment")
        concept = known_concept(known) if known is not None else open_concept(f"{led} {own}", kind="treatment")
    elif rule.concept.name in (ANY_DRUG, ANY_TREATMENT) and rule.qualifiers:
        concept = Concept(name=ANY_TREATMENT)
    else:
        return None
    unknown = (Span(start=start, end=end),) if concept.open else ()
    return Draft(rule.model_copy(update={"concept": concept}), start, end, open=unknown)


_GIVEN: Final = frozenset(
    "drug medication medicine agent treatment therapy product procedure intervention regimen compound".split()
)


def one_more_attribute(here: Composing, start: int, end: int, after: Draft) -> Draft | None:
    """An attribute with the noun that it shares with the attribute behind it; None where either is none."""
    own = _own(here, start, end)
    rule = after.rule
    if own is None or after.parts or not isinstance(rule, Condition) or rule.exceptions or not _is_attribute(own):
        return None
    first, _, rest = here.text[after.start : after.end].strip().partition(" ")
    if not rest.strip() or first == own or not _is_attribute(first):
        return None
    plain = rule == Condition(concept=rule.concept, time=rule.time, known=rule.known)
    if rule.concept.open and plain:
        said, _, noun = rule.concept.name.partition(" ")
        if said != phrase(first) or not noun:
            return None
        concept = open_concept(f"{own} {noun}")
        if not is_open_phrase(f"{own} {noun}") and concept.open:
            return None
        unknown = (Span(start=start, end=end),) if concept.open else ()
        return Draft(rule.model_copy(update={"concept": concept}), start, end, open=unknown)
    if not plain:
        return _in_place_of(rule, own, first, start, end, after)
    whole, general = (vocabulary().find(name.strip(" ,.;"), "condition") for name in (f"{own} {rest}", rest))
    if whole is not None:
        return Draft(rule.model_copy(update={"concept": known_concept(whole)}), start, end)
    if general is None:
        return None
    update = {"concept": known_concept(general), "qualifiers": (_named(own),)}
    return Draft(rule.model_copy(update=update), start, end)


def _in_place_of(rule: Condition, own: str, first: str, start: int, end: int, after: Draft) -> Draft | None:
    """A disease with another attribute in the place of the first that it has."""
    if first.lower() not in rule.qualifiers:
        return None
    names = [_named(own) if name == first.lower() else name for name in rule.qualifiers]
    return Draft(rule.model_copy(update={"qualifiers": tuple(names)}), start, end, open=after.open)


def _named(attribute: str) -> str:
    known = qualifiers().find(attribute)
    return known.name if known is not None else attribute.lower()


def _own(here: Composing, start: int, end: int) -> str | None:
    """The words, without an article, where they are few and plain."""
    text = here.text[start:end].strip(" ,-")
    article = _ARTICLE.match(text)
    text = text[article.end() :] if article else text
    said = keys(as_one_word(text))
    plain = _PLAIN.fullmatch(text) is not None and 0 < len(said) <= _MOST_OWN_WORDS
    whole = plain and said[0] not in PREPOSITIONS and not is_unfinished(said)
    return text if whole and _NO_OBJECT.isdisjoint(said) else None


def _is_short(text: str) -> bool:
    said = keys(text)
    return 0 < len(said) <= _MOST_OBJECT_WORDS and not any(word in PREPOSITIONS for word in said)


def _tells_how(own: str) -> bool:
    """Whether words end in one that says what something is like, or does, and names no object."""
    last = own.lower().rsplit(maxsplit=1)[-1]
    return _ADJECTIVE.fullmatch(last) is not None


def _ends_in(here: Composing, draft: Draft, words: str) -> bool:
    """Whether the text of a draft ends in these words."""
    said = keys(here.text[draft.start : draft.end])
    wanted = keys(words)
    return said[-len(wanted) :] == wanted


def _is_attribute(text: str) -> bool:
    """Whether it is an adjective: an attribute that is known, or a word with the ending of one."""
    if qualifiers().find(text) is not None:
        return True
    if " " in text:
        return False
    return is_place(text) is False and (_ADJECTIVE.fullmatch(text.lower()) is not None or narrowing(text) is not None)


_ADJECTIVE: Final = re.compile(
    r"[a-z-]{2,}(?:ial|ual|cal|nal|ral|tal|mal|sal|ic|iac|ous|ary|ive|lar|ory|able|ible|ated|ened|osed|uced|ing|ed)"
    r"|severe|mild|secondary|primary|past|acute|focal|local|distant|new|worsening|complete|benign|malignant|persistent|recurrent|recent|significant|relevant|permanent|intermittent"
    r"|concurrent|apparent|dominant|prominent"
)
