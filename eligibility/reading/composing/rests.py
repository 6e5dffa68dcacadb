"""What a list leaves over: a few words that are no name by themselves, because they share one with the next item.

"Incapable or unwilling to swallow" is one statement; "mentally or emotionally impaired" are two concepts of their own
words. Words that may be something else stay unread.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from eligibility.knowledge.attributes import narrowing
from eligibility.knowledge.vocabulary import vocabulary
from eligibility.knowledge.words import keys
from eligibility.reading.composing.terms import Composing, Item
from eligibility.reading.composing.unknowns import begins_with_preposition, is_open_phrase, is_place, is_unfinished
from eligibility.reading.drafts import Draft
from eligibility.reading.nouns import known_concept, open_concept
from eligibility.reading.patterns import just_before
from eligibility.rules import Condition, Span, Statement

__all__ = ["words_said_with"]

_MOST_WORDS: Final = 4
_MOST_OBJECT_WORDS: Final = 2
_VERBS: Final = frozenset("is are was were be been has have had can may will must do does did".split())
_EITHER: Final = frozenset("OR ANDOR SLASH".split())
_DENIED: Final = re.compile(r"\b(?:not|no|without|never|cannot)\s+(?:been\s+|be\s+)?$")
_JOINED: Final = frozenset("OR ANDOR SLASH AND".split())
_LISTED: Final = _JOINED | {"COMMA"}
_SIGNS: Final = re.compile(r"[<>≤≥=%:;()\[\]\d]")
_DENYING: Final = frozenset("no not non nor never without unless except if only but cannot than".split())


def words_said_with(
    here: Composing, items: Sequence[Item], separators: Sequence[str], drafts: list[Draft], kept: list[int]
) -> tuple[list[Draft], list[int]]:
    """The drafts, with words alone read with what stands beside them, and to which item each of them belongs."""
    made, of = list(drafts), list(kept)
    mixed = "AND" in separators and not _EITHER.isdisjoint(separators)
    for at in range(len(made) - 1, -1, -1):
        if not _is_rest(here, items[of[at]], made[at]):
            continue
        item, text = items[of[at]], here.low[made[at].start : made[at].end]
        after = at + 1 < len(made) and not items[of[at + 1]].negations
        between = separators[of[at + 1] - 1] if after else ""
        if after and between in _LISTED and (alike := _alike(here, item, made[at + 1])) is not None:
            made[at] = alike
        elif after and between in _JOINED and _may_begin(here, text, made[at + 1], mixed=mixed):
            made[at : at + 2] = [_one_statement(here, made[at], made[at + 1])]
            del of[at]
        elif (
            at
            and separators[of[at] - 1] in _JOINED
            and not (mixed or items[of[at - 1]].negations)
            and isinstance(made[at - 1].rule, Statement)
            and _is_object(text)
        ):
            made[at - 1 : at + 1] = [_one_statement(here, made[at - 1], made[at])]
            del of[at]
    return made, of


def _may_begin(here: Composing, text: str, after: Draft, *, mixed: bool) -> bool:
    """Whether words may be the first of a statement: not where they go on with something that stands before them."""
    if not isinstance(after.rule, Statement) or begins_with_preposition(text):
        return False
    return not mixed or (text.endswith("ing") and here.low[after.start : after.end].split()[0].endswith("ing"))


def _is_object(text: str) -> bool:
    """Whether words can only be one thing more that a verb before them is said of, and no clause of their own."""
    found = keys(text)
    return len(found) <= _MOST_OBJECT_WORDS and found[0] not in _VERBS


def _is_rest(here: Composing, item: Item, draft: Draft) -> bool:
    """Whether nothing is left of an item but a few plain words, which nothing before them denies."""
    if draft.rule.kind != "unread" or item.core or item.words is None or item.negations or item.groups or item.window:
        return False
    text = here.text[item.start : item.end]
    found = keys(text)
    plain = 0 < len(found) <= _MOST_WORDS and _SIGNS.search(text) is None and _DENYING.isdisjoint(found)
    return plain and not is_unfinished(found) and just_before(_DENIED, here.low, item.start) is None


def _one_statement(here: Composing, first: Draft, second: Draft) -> Draft:
    """Two that stand side by side, one of them a statement, as one statement in the words of the text."""
    whole = first if isinstance(first.rule, Statement) else second
    assert isinstance(whole.rule, Statement)
    said = whole.rule.model_copy(update={"text": here.text[first.start : second.end]})
    return replace(whole, rule=said, start=first.start, end=second.end)


def _alike(here: Composing, item: Item, after: Draft) -> Draft | None:
    """A word with what the words behind it share with it, where it is of the kind of their first; or None."""
    own = here.text[item.start : item.end].strip(" ,-")
    rule = after.rule
    if isinstance(rule, Statement):
        said = rule.text
    elif isinstance(rule, Condition) and rule.concept.open and after.open:
        said = here.text[after.open[0].start : after.open[0].end]
    else:
        return None
    first, _, rest = said.strip().partition(" ")
    if " " in own or not rest or is_place(said) or "function" in rest or not _parallel(own, first):
        return None
    whole = f"{own} {rest.strip()}"
    if isinstance(rule, Statement):
        return Draft(rule.model_copy(update={"text": whole}), item.start, item.end)
    if not is_open_phrase(whole):
        return None
    known = vocabulary().find(whole, "condition")
    concept = known_concept(known) if known is not None else open_concept(whole)
    unknown = (Span(start=item.start, end=item.end),) if known is None else ()
    return Draft(rule.model_copy(update={"concept": concept}), item.start, item.end, open=unknown)


def _parallel(first: str, second: str) -> bool:
    """Whether two words are of one kind, so that either may stand before what follows: two adverbs, two organs."""
    if is_place(first) or is_place(second):
        return is_place(first) and is_place(second)
    ends = [
        next((kind for kind, endings in _ENDINGS.items() if word.lower().endswith(endings)), "")
        for word in (first, second)
    ]
    if ends[0] == ends[1] != "":
        return True
    return narrowing(first) is not None and narrowing(second) is not None


_ENDINGS: Final = {
    "adverb": ("ally", "ely", "fully", "ously", "ically", "ably", "ently"),
    "adjective": ("ical", "ional", "ogic", "atic", "etic", "ial", "ual", "ous", "ary", "ular", "ative", "itive"),
}
