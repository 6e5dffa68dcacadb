"""Words before a phrase, and what they are with it: "previously been enrolled", "gum disease with bleeding"."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Final

from eligibility.reading.composing.attribute_phrases import is_attribute
from eligibility.reading.composing.open_phrases import is_open_phrase
from eligibility.reading.composing.predicates import is_predicate
from eligibility.reading.composing.terms import Composing, Core, Item, StatementRead
from eligibility.reading.composing.unknowns import unknown
from eligibility.reading.drafting.beside_names import is_event
from eligibility.reading.drafts import Draft
from eligibility.reading.lexing.tokens import Token
from eligibility.reading.patterns import PERSONS
from eligibility.reading.phrases import AgeRead, Head, Measured, Noun
from eligibility.rules import Condition, Statement


def with_attributes(here: Composing, item: Item, atom: Token) -> StatementRead | None:
    """A statement with the attributes that it begins with: "investigational site staff"; None where it has none."""
    core = atom.value
    if not item.modifiers or item.frames or not isinstance(core, StatementRead):
        return None
    rule = core.draft.rule
    plain = isinstance(rule, Statement) and rule.topic == "circumstance" and not core.draft.requirement
    if not plain or any(t.type != "QUALIFIER" for t in item.modifiers) or _apart(here, item.modifiers[-1], atom):
        return None
    start = item.modifiers[0].start
    said = rule.model_copy(update={"text": here.text[start : core.draft.end]})
    return StatementRead(replace(core.draft, rule=said, start=start))


def _apart(here: Composing, before: Token, atom: Token) -> bool:
    return bool(here.text[before.end : atom.start].strip())


def is_adverb(here: Composing, words: Token, core: Core) -> bool:
    """Whether a word only says in which way the attribute behind it is meant."""
    said = here.text[words.start : words.end]
    return (
        isinstance(core, Noun)
        and bool(core.head.names)
        and bool(core.before)
        and core.before[0].type in ("KNOWN", "QUALIFIER", "DIAGNOSIS", "USE", "HISTORY", "CURRENT")
        and not here.text[words.end : core.start].strip()
        and _ADVERB.fullmatch(said) is not None
    )


def led_by_adverb(here: Composing, words: Token, atom: Token) -> StatementRead | None:
    """ "Previously been enrolled in this study": a statement with the adverb before it; None where it is none."""
    core = atom.value
    if not isinstance(core, StatementRead) or not isinstance(core.draft.rule, Statement):
        return None
    if core.draft.rule.topic == "judgement" or _LEADING.fullmatch(here.text, words.start, atom.start) is None:
        return None
    said = core.draft.rule.model_copy(update={"text": here.text[words.start : atom.end]})
    return StatementRead(replace(core.draft, rule=said, start=words.start))


_LEADING: Final = re.compile(r"(?!only|likely|unlikely)[a-z]{3,}ly(?:\s+(?:been|being|be))?\s+", re.IGNORECASE)
_ADVERB: Final = re.compile(r"(?!only|family|early|likely|unlikely)[a-z]{3,}ly", re.IGNORECASE)
_HAS: Final = re.compile(r"[\s,]*(?:with|having|(?:who|that)\s+(?:has|have))\s+(?:(?:an?|the|any)\s+)?", re.IGNORECASE)
_WITH_IT: Final = re.compile(  # words that "with" belongs to: "consistent with", "treated with"
    r"(?:\w+(?:ed|ing|ent|ible|ance)|interferes?|comply|complies|interacts?|deal|cope"
    r"|naive|along|together|contact|problems?|trouble|difficulty|interactions?|combination"
    r"|association|experience|comparison|therapy|treatments?|begun|seen|found|familiar|born|ill|unwell|sick)$",
    re.IGNORECASE,
)


def said_before(here: Composing, item: Item, atom: Token) -> list[Core]:
    """What words before a phrase are with it: "gum disease with a history of bleeding" is both, "a known inability to
    swallow" one statement; nothing where they are neither."""
    words, whole = item.words, here.text[item.start : item.end]
    if words is not None and whole.startswith(("will ", "Will ")) and words.end - words.start == len("will"):
        return _will_be(here, words, atom)
    if words is None:
        return []
    said, between = here.text[words.start : words.end], here.text[words.end : atom.start]
    if isinstance(atom.value, Noun) and _PEOPLE_WITH.fullmatch(between) and _is_kind_of_people(said):
        which = Draft(Statement(text=said, topic="circumstance"), words.start, words.end)
        return [StatementRead(which), atom.value]
    if is_open_phrase(whole) or is_predicate(whole):
        return []  # one name, or one clause
    if isinstance(atom.value, StatementRead):
        draft = atom.value.draft
        if not isinstance(draft.rule, Statement) or not _ARTICLE.fullmatch(between) or not is_attribute(said):
            return []
        text = here.text[words.start : draft.end]
        return [StatementRead(replace(draft, rule=draft.rule.model_copy(update={"text": text}), start=words.start))]
    if isinstance(atom.value, AgeRead) and not atom.value.bare and _PEOPLE.fullmatch(between) and is_attribute(said):
        kind = Statement(text=said, topic="circumstance")
        return [StatementRead(Draft(kind, words.start, words.end)), atom.value]
    if said.lower() == "in" and item.lead_window is None and _is_state(atom.value):
        return [atom.value]  # "patients who are in shock"
    has = _HAS.fullmatch(between) or (between.isspace() and here.low.startswith("with ", atom.start))
    if not has or _WITH_IT.search(said) or not isinstance(atom.value, Noun | Measured):
        return []
    draft = unknown(here, words.start, words.end)
    if isinstance(draft.rule, Statement):
        return [StatementRead(draft), atom.value]
    if not isinstance(draft.rule, Condition):
        return []
    frame = Token("PRESENCE", "", words.start, words.start)
    return [Noun(Head([], [], words.start, words.end), [frame], [], words.start, words.end), atom.value]


def _is_kind_of_people(said: str) -> bool:
    """Whether words right before people say which: "Japanese", "first-generation immigrant"; nothing of a clause."""
    return len(said.split()) <= _MOST_OF_KIND and is_attribute(said) and not _CLAUSE.search(said)


_MOST_OF_KIND: Final = 3
_CLAUSE: Final = re.compile(
    r"\b(?:of|in|for|to|with|from|on|by|at|that|which|as|other|any|all|current|former|previous|prior|past|new|\w+ing)\b",
    re.IGNORECASE,
)


def _will_be(here: Composing, words: Token, atom: Token) -> list[Core]:
    """What "will" before a phrase says: "will have a score of 10 to 24" now, "will have surgery" later."""
    core = atom.value
    if isinstance(core, Measured):
        return [core]
    if isinstance(core, StatementRead) and isinstance(core.draft.rule, Statement):
        said = core.draft.rule.model_copy(update={"text": here.text[words.start : core.draft.end]})
        return [StatementRead(replace(core.draft, rule=said, start=words.start))]
    plain = isinstance(core, Noun) and core.kinds == {"TREATMENT"} and is_event(core)
    if not plain or core.has("PRIOR", "HISTORY", "CURRENT", "USE", "WINDOW"):
        return []
    planned = Token("PLANNED", "will", words.start, words.end)
    return [replace(core, before=[planned, *core.before], start=words.start)]


def _is_state(core: Core) -> bool:
    """Whether it is a disease that somebody can be in, and no more is said than that: not "in the presence of A"."""
    return isinstance(core, Noun) and core.kinds == {"CONDITION"} and all(t.type == "QUALIFIER" for t in core.before)


_PEOPLE: Final = re.compile(  # "Japanese" "men and women" "aged 20 years or older"
    rf"\s+(?:(?:{PERSONS}|adults?|(?:wo)?m[ae]n|(?:fe)?males?|children"
    r"|and|or|and/or|who are|that are|of|either|sex|gender)[\s,/]+)+",
    re.IGNORECASE,
)
_PEOPLE_WITH: Final = re.compile(  # "Japanese" "patients with" "gout"
    rf"\s+(?:{PERSONS})\s+(?:with|suffering from|having|(?:who|that)\s+have)\s+(?:an?\s+)?", re.IGNORECASE
)
_ARTICLE: Final = re.compile(r"\s+(?:(?:an?|the|any)\s+)?", re.IGNORECASE)
