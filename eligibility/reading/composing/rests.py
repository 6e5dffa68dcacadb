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
from eligibility.knowledge.qualifiers import qualifiers
from eligibility.knowledge.vocabulary import ANY_TREATMENT, vocabulary
from eligibility.knowledge.words import keys
from eligibility.reading.composing.attribute_phrases import is_place
from eligibility.reading.composing.open_phrases import begins_with_preposition, is_open_phrase, is_unfinished
from eligibility.reading.composing.parallel import one_more_attribute, one_more_kind, one_more_object, tumor_beside
from eligibility.reading.composing.terms import ALTERNATIVES, Composing, Item
from eligibility.reading.composing.together import told_together
from eligibility.reading.drafting.concepts import known_concept, open_concept
from eligibility.reading.drafts import Draft, any_of, rebuilt
from eligibility.reading.lexing.tokens import CONNECTIVES, EITHER, JOINTS
from eligibility.reading.patterns import just_before
from eligibility.rules import Concept, Condition, Span, Statement, Treatment

__all__ = ["words_said_with"]

_MOST_WORDS: Final = 4
_MOST_OBJECT_WORDS: Final = 2
_VERBS: Final = frozenset("is are was were be been has have had can may will must do does did".split())
_DENIED: Final = re.compile(r"\b(?:not|no|without|never|cannot)\s+(?:been\s+|be\s+)?$")
_SIGNS: Final = re.compile(r"[<>≤≥=%:;()\[\]\d]")
_DENYING: Final = frozenset("no not non nor never without unless except if only but cannot than".split())


def words_said_with(
    here: Composing, items: list[Item], separators: Sequence[str], drafts: list[Draft], kept: list[int]
) -> tuple[list[Draft], list[int]]:
    """The drafts, with words alone read with what stands beside them, and to which item each of them belongs."""
    made, of = list(drafts), list(kept)
    mixed = "AND" in separators and not EITHER.isdisjoint(separators)
    for at in range(len(made) - 1, -1, -1):
        if at and separators[of[at] - 1] in CONNECTIVES and _is_time_of_it(items[of[at]], made[at], made[at - 1]):
            made[at - 1 : at + 1] = [_one_statement(here, made[at - 1], made[at])]
            del of[at]
            continue
        shared = _said_beside(here, items, separators, made, of, at)
        if shared is not None:
            made[at] = shared
            continue
        if (earlier := _earlier_or_now(here, items, separators, made, of, at)) is not None:
            made[at] = earlier
            continue
        if not _is_rest(here, items[of[at]], made[at]):
            continue
        item, text = items[of[at]], here.low[made[at].start : made[at].end]
        after = at + 1 < len(made) and not items[of[at + 1]].negations
        between = separators[of[at + 1] - 1] if after else ""
        before = at and separators[of[at] - 1] in EITHER and not items[of[at - 1]].negations
        if after and between in JOINTS and (alike := _alike(here, item, made[at + 1])) is not None:
            made[at] = alike
        elif after and between in JOINTS and (timed := _at_another_time(here, item, made[at + 1])) is not None:
            made[at] = timed
        elif before and (same := _of_the_same(here, item, made[at - 1])) is not None:
            made[at] = same
        elif after and between in CONNECTIVES and not mixed and _are_two_verbs(here, text, made[at + 1]):
            made[at : at + 2] = [_one_statement(here, made[at], made[at + 1])]
            del of[at + 1]  # what denies the first denies both
        elif _follows_denial(here, items[of[at]]) or items[of[at]].words is None:
            continue
        elif after and between in CONNECTIVES and _may_begin(here, text, made[at + 1], mixed=mixed):
            made[at : at + 2] = [_one_statement(here, made[at], made[at + 1])]
            del of[at]
        elif (
            at
            and separators[of[at] - 1] in CONNECTIVES
            and not (mixed or items[of[at - 1]].negations)
            and isinstance(made[at - 1].rule, Statement)
            and _is_object(text)
        ):
            made[at - 1 : at + 1] = [_one_statement(here, made[at - 1], made[at])]
            del of[at]
    return told_together(here, items, separators, made, of)


def _said_beside(
    here: Composing,
    items: list[Item],
    separators: Sequence[str],
    made: Sequence[Draft],
    of: Sequence[int],
    at: int,
) -> Draft | None:
    """Words that name nothing, with what they share with the item before or behind them; None where that is nothing."""
    item, draft = items[of[at]], made[at]
    if draft.rule.kind != "unread" or item.negations or item.groups or item.window or item.bounds or item.also:
        return None
    behind = at + 1 < len(made) and not items[of[at + 1]].negations
    neighbours = [made[i] for i in (at - 1, at + 1) if 0 <= i < len(made)]
    for beside in neighbours:
        if item.core is None and (tumor := tumor_beside(here, draft.start, draft.end, beside)) is not None:
            return tumor
    timed = _own(here, item).lower() in _TIMES
    if behind and not timed and item.core is None and separators[of[at + 1] - 1] in EITHER:
        attribute = one_more_attribute(here, draft.start, draft.end, made[at + 1])
        if attribute is not None:
            return attribute
    before = at and not items[of[at - 1]].negations and separators[of[at] - 1] in CONNECTIVES
    if not before or here.text[draft.end : draft.end + 1] in ("-", "‐", "–"):
        return None
    if "," in here.text[made[at - 1].end : draft.start] and (of[at] < 2 or separators[of[at] - 2] != "COMMA"):
        return None  # "..., and the investigator": a clause of its own
    said = (here, draft.start, draft.end, made[at - 1])
    return one_more_kind(*said) or one_more_object(*said)


def _is_time_of_it(item: Item, draft: Draft, before: Draft) -> bool:
    """Whether nothing is left of an item but another time of what is told before it: "(tested) at screening and on
    day 1"."""
    if draft.rule.kind != "unread" or not isinstance(before.rule, Statement) or item.lead_window is None:
        return False
    return not (item.core or item.groups or item.words or item.negations or item.modifiers or item.bounds)


def _may_begin(here: Composing, text: str, after: Draft, *, mixed: bool) -> bool:
    """Whether words may be the first of a statement: not where they go on with something that stands before them."""
    if not isinstance(after.rule, Statement) or begins_with_preposition(text):
        return False
    return not mixed or (text.endswith("ing") and here.low[after.start : after.end].split()[0].endswith("ing"))


def _are_two_verbs(here: Composing, text: str, after: Draft) -> bool:
    """Whether a word is a verb that shares with the next what that is said of: "(not) stopped or recovered from X"."""
    if not isinstance(after.rule, Statement) or after.rule.topic == "judgement" or " " in text.strip():
        return False
    first = here.low[after.start : after.end].split(maxsplit=1)[0]
    return any(text.endswith(ending) and first.endswith(ending) for ending in ("ed", "ing"))


def _is_object(text: str) -> bool:
    """Whether words can only be one thing more that a verb before them is said of, and no clause of their own."""
    found = keys(text)
    return len(found) <= _MOST_OBJECT_WORDS and found[0] not in _VERBS


def _is_rest(here: Composing, item: Item, draft: Draft) -> bool:
    """Whether nothing is left of an item but a few plain words, which nothing before them denies."""
    if draft.rule.kind != "unread" or item.core or item.groups or item.window:
        return False
    if item.words is None and not item.modifiers:
        return False
    text = _own(here, item)
    found = keys(text)
    plain = 0 < len(found) <= _MOST_WORDS and _SIGNS.search(text) is None and _DENYING.isdisjoint(found)
    return plain and not is_unfinished(found)


def _own(here: Composing, item: Item) -> str:
    """The words of an item without the negation before them."""
    start = item.negations[-1].end if item.negations else item.start
    return here.text[start : item.end].strip(" ,-")


def _follows_denial(here: Composing, item: Item) -> bool:
    """Whether something before an item denies it, as its negation or as a word in what precedes."""
    return bool(item.negations) or just_before(_DENIED, here.low, item.start) is not None


def _one_statement(here: Composing, first: Draft, second: Draft) -> Draft:
    """Two that stand side by side, one of them a statement, as one statement in the words of the text."""
    whole = first if isinstance(first.rule, Statement) else second
    assert isinstance(whole.rule, Statement)
    said = whole.rule.model_copy(update={"text": here.text[first.start : second.end]})
    return replace(whole, rule=said, start=first.start, end=second.end)


def _alike(here: Composing, item: Item, after: Draft) -> Draft | None:
    """A word with what the words behind it share with it, where it is of the kind of their first; or None."""
    own = _own(here, item)
    rule = after.rule
    if isinstance(rule, Statement):
        said = rule.text
    elif isinstance(rule, Condition) and (qualified := _with_own(here, own, rule, after)) is not None:
        return qualified.placed(item.start, item.end)
    elif isinstance(rule, Condition) and rule.concept.open and after.open:
        said = here.text[after.open[0].start : after.open[0].end]
        said = said if " " in said.strip() else rule.concept.name
    elif isinstance(rule, Condition) and rule == Condition(concept=rule.concept):
        return _of_its_kind(here, item, own, after)
    else:
        return None
    first, _, rest = said.strip().partition(" ")
    if " " in own or not rest or is_place(said) or "function" in rest or not _parallel(own, first):
        return None
    if isinstance(rule, Statement) and _follows_denial(here, item):
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


def _at_another_time(here: Composing, item: Item, after: Draft) -> Draft | None:
    """A word that says when, with what stands behind it and the next: "prior or active asthma"; None where it says
    something else, or the next does not begin with such a word or an attribute."""
    time = _TIMES.get(_own(here, item).lower())
    nearest = after.innermost()[0] if after.rule.kind == "any" else after
    rule = nearest.rule
    if time is None or not isinstance(rule, Condition | Treatment) or rule.exceptions or nearest.start < item.end:
        return None
    first, _, rest = here.low[nearest.start : nearest.end].partition(" ")
    update: dict[str, object] = {"time": time, "window": None if time == "now" else rule.window}
    if any(first in name.split() for name in rule.qualifiers):
        update["qualifiers"] = tuple([name for name in rule.qualifiers if first not in name.split()])
    elif rule.concept.name.startswith(f"{first} ") and (
        first in _TIMES or (rule.concept.open and _is_adjective(first))
    ):
        known = vocabulary().find(rest, "condition") if isinstance(rule, Condition) else None
        if known is None and not rule.concept.open:
            return None
        update["concept"] = known_concept(known) if known is not None else open_concept(rest.strip(" ,.;"))
    elif first not in _TIMES and first not in _OTHER_TIMES and rule.time == "unstated":
        return None
    elif isinstance(rule, Treatment) and rule.concept.name == _CONCOMITANT:
        update["concept"] = Concept(name=ANY_TREATMENT)
    return Draft(rule.model_copy(update=update), item.start, item.end, open=nearest.open if rule.concept.open else ())


def _earlier_or_now(
    here: Composing,
    items: list[Item],
    separators: Sequence[str],
    made: Sequence[Draft],
    of: Sequence[int],
    at: int,
) -> Draft | None:
    """ "A history of, or underlying, asthma": that it has been; "participating, or has participated, in a trial": that
    it goes on; None where words say neither, or more than one thing stands behind them."""
    item, draft = items[of[at]], made[at]
    if draft.rule.kind != "unread" or item.core or item.groups or item.window or item.negations or item.modifiers:
        return None
    if at + 1 >= len(made) or separators[of[at + 1] - 1] not in ALTERNATIVES:
        return None
    own, after = _own(here, item).lower(), made[at + 1]
    if items[of[at + 1]].negations or after.start < item.end:
        return None
    if _HISTORY.fullmatch(own) is not None:
        behind = made[at + 1 :]
        if not {*separators[of[at + 1] :]} <= ALTERNATIVES or (
            len(of) > at + 2 and of[-1] - of[at] + 1 != len(behind) + 1
        ):
            return None
        each = [_ever(one, whole=own.endswith(" of")) for one in behind]
        found = [one for one in each if one is not None]
        if len(found) < len(behind):
            return None
        return any_of([one.placed(item.start, item.end) for one in found])
    verb = _VERBS_OF_TAKING.get(own)
    if verb is None or not isinstance(after.rule, Treatment) or after.parts or after.rule.exceptions:
        return None
    if re.match(verb, here.low[after.start : after.end]) is None:
        return None
    now = after.rule.model_copy(update={"time": "now", "window": None, "moment": "any"})
    return Draft(now, item.start, item.end, open=after.open)


def _ever(draft: Draft, *, whole: bool) -> Draft | None:
    """What is named as what has been at some time, without the signs of it; None where it says more than what it is, or
    may say less. ``whole``: what follows is named in full."""
    if draft.rule.kind in ("any", "ambiguous"):
        each = [_ever(part, whole=whole) for part in draft.parts]
        found = tuple(one for one in each if one is not None)
        return rebuilt(draft, found) if len(found) == len(each) else None
    rule = draft.rule
    if not isinstance(rule, Condition) or draft.parts or rule.lasting is not None:
        return None
    kept = tuple(name for name in rule.qualifiers if name not in _OF_THE_PRESENT)
    concept, signs = rule.concept, _SIGNS_OF.fullmatch(rule.concept.name) if rule.concept.open else None
    if signs is not None:
        concept = open_concept(signs[1])
    elif concept.open and not whole:
        return None
    ever = rule.model_copy(update={"concept": concept, "time": "ever", "qualifiers": kept, "known": False})
    return Draft(ever, draft.start, draft.end, open=draft.open if concept.open else ())


_SIGNS_OF: Final = re.compile(
    r"(?:[\w-]+ ){0,3}?(?:features?|symptoms?|signs?|findings?|evidence|manifestations?|presen(?:ce|t)"
    r"|suspici(?:on|ous)|suspected|complications?|onset)(?: at baseline)?"
    r" (?:consistent with|suggestive of|indicative of|of|for)(?: an?| the)? (.+)"
)


_HISTORY: Final = re.compile(
    r"(?:an?\s+|any\s+|with\s+an?\s+)?(?:(?:past|prior|previous|medical|personal|known|documented|clinical|significant)\s+)*history"
    r"(?:\s+of)?"
)
_OF_THE_PRESENT: Final = frozenset("active current ongoing acute present existing underlying".split())
_VERBS_OF_TAKING: Final = {  # what is done now, with how the same begins where it was done
    "participating": r"(?:has |have |had |previously )*participat",
    "participate": r"(?:has |have |had |previously )*participat",
    "participates": r"(?:has |have |had |previously )*participat",
    "enrolled": r"(?:has |have |had |was |were )*(?:been )?(?:enrolled|participat)",
    "receiving": r"(?:has |have |had |previously )*receiv",
    "receive": r"(?:has |have |had |previously )*receiv",
    "receives": r"(?:has |have |had |previously )*receiv",
    "taking": r"(?:has |have |had |previously )*(?:tak|took)",
    "using": r"(?:has |have |had |previously )*us",
    "undergoing": r"(?:has |have |had |previously )*under",
    "treated": r"(?:has |have |had |was |were )*(?:been )?(?:previously )?treated",
}
_OTHER_TIMES: Final = frozenset("recent recently old planned anticipated intended future".split())
_TIMES: Final = {  # of the frames that say when, those that are adjectives: not "simultaneously"
    "current": "now",
    "ongoing": "now",
    "concurrent": "now",
    "concomitant": "now",
    "present": "now",
    "existing": "now",
    "prior": "ever",
    "previous": "ever",
    "past": "ever",
    "former": "ever",
    "historical": "ever",
}
_CONCOMITANT: Final = "concomitant medication"


def _of_the_same(here: Composing, item: Item, before: Draft) -> Draft | None:
    """A noun that no adjective stands before, with those of the noun before it: "cardiac signs or symptoms"."""
    own, rule = _own(here, item), before.rule
    if not isinstance(rule, Condition) or before.parts or not _NOUN.fullmatch(own):
        return None
    if rule != Condition(concept=rule.concept, qualifiers=rule.qualifiers) or (
        rule.qualifiers and not rule.concept.open
    ):
        return None
    said = here.text[before.start : before.end].split()[:-1]
    said = said if _FUNCTION.fullmatch(own) else said[-1:]
    if not said or "," in " ".join(said) or not (_FUNCTION.fullmatch(own) or _is_adjective(said[-1])):
        return None
    whole = f"{' '.join(said)} {own}"
    if not is_open_phrase(whole):
        return None
    known = vocabulary().find(whole, "condition")
    concept = known_concept(known) if known is not None else open_concept(whole)
    unknown = (Span(start=item.start, end=item.end),) if known is None else ()
    return Draft(rule.model_copy(update={"concept": concept}), item.start, item.end, open=unknown)


def _is_adjective(word: str) -> bool:
    return _ADJECTIVE.fullmatch(word.lower().strip("-")) is not None


_FUNCTION: Final = re.compile(r"failure|dysfunction|insufficiency|impairment")
_NOUN: Final = re.compile(
    r"symptoms?|signs?|findings?|failure|dysfunction|insufficiency|impairment|abnormalit(?:y|ies)"
)
_ADJECTIVE: Final = re.compile(  # by its ending, or one of the usual ones
    r"[a-z-]+(?:ial|ual|cal|nal|ral|tal|mal|sal|ic|iac|ous|ary|ive|lar|ory|ed|ing|able|ible|lete|ent|ant)"
    r"|local|closed-angle|severe|mild|moderate|partial|long|short"
)


def _with_own(here: Composing, own: str, rule: Condition, after: Draft) -> Draft | None:
    """A disease with an attribute of its own in the place of the first that the next has: "local or metastatic
    recurrence"; None where the next does not begin with one."""
    first = here.low[after.start : after.end].split(maxsplit=1)[0].strip(",-")
    plain = rule == Condition(concept=rule.concept, qualifiers=rule.qualifiers)
    if not plain or first not in rule.qualifiers or " " in own or not _parallel(own, first):
        return None
    known = qualifiers().find(own)
    names = [name if name != first else known.name if known is not None else own.lower() for name in rule.qualifiers]
    return replace(after, rule=rule.model_copy(update={"qualifiers": tuple(names)}))


def _of_its_kind(here: Composing, item: Item, own: str, after: Draft) -> Draft | None:
    """An adjective with the disease of which the next says another kind: "secondary or closed-angle glaucoma"."""
    first, _, rest = here.text[after.start : after.end].strip().partition(" ")
    if " " in own or not (_ALTERNATIVE.fullmatch(own.lower()) and _ALTERNATIVE.fullmatch(first.lower())):
        return None
    whole, general = (vocabulary().find(name.strip(" ,.;"), "condition") for name in (f"{own} {rest}", rest))
    if whole is not None:
        return Draft(Condition(concept=known_concept(whole)), item.start, item.end)
    if general is None:
        return None
    return Draft(Condition(concept=known_concept(general), qualifiers=(own.lower(),)), item.start, item.end)


def _parallel(first: str, second: str) -> bool:
    """Whether two words are of one kind, so that either may stand before what follows: two adverbs, two organs."""
    if is_place(first) or is_place(second):
        return is_place(first) and is_place(second)
    ends = [
        next((kind for kind, endings in _ENDINGS.items() if word.lower().endswith(endings)), "")
        for word in (first, second)
    ]
    if ends[0] == ends[1] != "" or all(_ALTERNATIVE.fullmatch(word.lower()) for word in (first, second)):
        return True
    return narrowing(first) is not None and narrowing(second) is not None


_ALTERNATIVE: Final = re.compile(  # adjectives of which one may stand in the place of another
    r"(?:in)?complete|partial|local|systemic|metastatic|mental|psychomotor|primary|secondary|closed-angle|open-angle|acute|chronic"
    r"|existing|functional|objective|subjective|radiolog(?:ic|ical)|radiographic|clinical|biochemical|serious|severe|moderate|mild"
    r"|advanced|familial|sociological|social|psychological|geographic(?:al)?|personal|medical|surgical|congenital|acquired"
    r"|bilateral|unilateral|left|right|upper|lower|inner|outer|internal|external|venous|arterial|bacterial|viral|fungal"
)
_ENDINGS: Final = {
    "adverb": ("ally", "ely", "fully", "ously", "ically", "ably", "ently"),
    "adjective": ("ical", "ional", "ogic", "atic", "etic", "ial", "ual", "ous", "ary", "ular", "ative", "itive"),
}
