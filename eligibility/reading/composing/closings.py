"""What closes an element and belongs to the name before it: a time, a grade, the limit of its level or extent."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Final

from eligibility.knowledge.attributes import is_method
from eligibility.knowledge.vocabulary import Entry, vocabulary
from eligibility.reading.composing.attribute_phrases import are_attributes, is_attribute, is_place, known_attributes
from eligibility.reading.composing.open_phrases import begins_with_preposition, is_open_phrase
from eligibility.reading.composing.predicates import is_predicate
from eligibility.reading.composing.terms import Composing, Item, StatementRead
from eligibility.reading.composing.windows import is_window
from eligibility.reading.drafting.beside_names import is_event
from eligibility.reading.drafts import unread
from eligibility.reading.lexing.tokens import Token
from eligibility.reading.measures import is_given
from eligibility.reading.measuring import of_condition
from eligibility.reading.patterns import PERSONS
from eligibility.reading.phrases import Measured, Noun, OpenName
from eligibility.reading.quantities import WindowRead
from eligibility.reading.sentences import Element, Group


def _limited(here: Composing, item: Item) -> None:
    """Unknown words with a limit behind them as what is measured: "tumor burden" "<= 50%" "of the liver volume"."""
    words, limit = item.words, item.limit
    if words is None or limit is None or item.core is not None or item.modifiers or item.groups or item.lead_window:
        return
    bounds, name = limit.value, _LINK.sub("", here.text[words.start : limit.start]).strip(" ,:")
    rest = here.text[limit.end : words.end].strip(" ,.;")
    if bounds.exact or not is_open_phrase(name) or not _NAMED.fullmatch(name) or is_predicate(name):
        return
    if len(item.beside) > 1 or (rest and (not is_attribute(rest) or CHANGED.search(rest))):
        return
    units = {quantity.unit for quantity in bounds.quantities if quantity.unit}
    if not units or bounds.time or any(is_given(unit) for unit in units if unit != "%"):
        return
    if "%" in units and (" " not in name or CHANGED.search(name)):
        return  # a part of anything
    token = Token("ANALYTE", OpenName((words,)), words.start, words.start + len(name))
    item.core = Measured([token], [bounds], False, [], words.start, limit.end)
    item.words, item.limit = None, None
    item.beside = [unread(here.text, words.end - len(rest), words.end, "narrowing")] if rest else []


_LINK: Final = re.compile(
    r"\s+(?:of|is|are|was|were|set to|measuring|measures?|extending|with|must be|ranged|ranging|to be)?"
    r"(?:\s*\b(?:approximately|about))?\s*$",
    re.IGNORECASE,
)
_NAMED: Final = re.compile(  # no more than a word that names a scale, no whole patients, no number of things, no half
    r"(?!.*\b(?:after|before|for|in|on|at|by|with|from|within|than|to|over|during|of|and|or)$)"
    r"(?!(?:score|level|value|test|result|dose|daily dose|total|patient|subject|increase|decrease|change)s?$)"
    rf"(?!.*\b(?:number of|{PERSONS})\b)(?!.*ly$).*",
    re.IGNORECASE | re.DOTALL,
)


def closes(here: Composing, item: Item, atom: Token | Group) -> bool:
    """Give an item the time, or the grade, that closes the words beside it; false where what closes them is neither."""
    return _dated_at_end(here, item, atom) or _graded_at_end(here, item, atom)


def close(here: Composing, item: Item, element: Element) -> None:
    """Give an item the limits and times that are its own, now that all of its element is known."""
    _limited(here, item)
    _scaled(here, item)
    _counted_from(here, item)
    _levelled(here, item, element)
    _extended(here, item, element)


def _dated_at_end(here: Composing, item: Item, atom: Token | Group) -> bool:
    """Give an item the window that closes its element; false where what closes it is none, or may be another's."""
    words = item.beside[-1]
    window = atom if is_window(atom) else _window_behind(item, atom)
    if window is None or window.value.planned or window.value.either or len(item.beside) != 1:
        return False
    if item.also or item.window is not None or (item.groups and item.groups[-1].end > words.start):
        return False
    said = here.text[words.start : atom.start if window is atom else window.start].strip(" ,")
    if not (_is_when_found(item, said) or _is_when(item, said) or _is_part(item, said)):
        return False
    item.window = window.value
    if window is not atom:
        item.beside[-1] = unread(here.text, words.start, window.start, "narrowing")
    return True


def _is_part(item: Item, said: str) -> bool:
    """Whether words between an event and its time say how much of something it took: "irradiation of > 25 % of it"."""
    return isinstance(item.core, Noun) and is_event(item.core) and _PART_OF.search(said) is not None


def _window_behind(item: Item, atom: Token | Group) -> Token | None:
    """The window that closes a phrase in which no more than a lasting disease is named, so that it is the event's
    before it: "irradiation of a bone metastasis within 4 weeks"."""
    noun = atom.value if not isinstance(atom, Group) and atom.type == "FACT" else None
    if not isinstance(noun, Noun) or not isinstance(item.core, Noun) or not is_event(item.core):
        return None
    last = noun.behind[-1] if noun.behind else None
    if last is None or last.type != "WINDOW" or last.end != noun.end or last.value.moment != "any":
        return None
    return last if noun.kinds == {"CONDITION"} and not is_event(noun) and not noun.has("PLANNED") else None


def _graded_at_end(here: Composing, item: Item, atom: Token | Group) -> bool:
    """Give a disease the grade, or the stage, that closes its attributes: "toxicity from prior drugs of grade > 2"."""
    words, noun = item.beside[-1], item.core
    if isinstance(atom, Group) or atom.type not in ("GRADE_IS", "STAGE_IS") or not isinstance(noun, Noun):
        return False
    if item.also or len(item.beside) != 1 or noun.kinds != {"CONDITION"} or noun.has("GRADE_IS", "STAGE_IS"):
        return False
    said = _OF_LAST.sub("", here.text[words.start : atom.start]).strip(" ,")
    if not (is_attribute(said) or known_attributes(said) or are_attributes(said, enclosed=False)):
        return False
    noun.behind.append(atom)
    item.beside[-1] = unread(here.text, words.start, words.start + len(said), "narrowing")
    return True


_OF_LAST: Final = re.compile(r"[\s,]*(?:\b(?:of|with|to|(?:that|which) (?:is|are))\s*)?$", re.IGNORECASE)


def _is_when_found(item: Item, said: str) -> bool:
    """Whether words only say how a number was measured, so that what closes them is when: "by CT within 28 days"."""
    read = item.core
    return (
        isinstance(read, Measured)
        and not any(t.type == "WINDOW" for t in read.around)
        and is_method(said, of_number=True)
    )


def _is_when(item: Item, said: str) -> bool:
    """Whether what closes an element says when the event before it was: "irradiation of the pelvis within 4 weeks".

    The words between are then an attribute of the event; of a lasting disease they may be what happened at the time.
    """
    noun = item.core
    if not isinstance(noun, Noun) or noun.has("WINDOW") or not (is_attribute(said) or known_attributes(said)):
        return False
    return not CHANGED.search(said) and (is_event(noun) or _SOMEWHERE.match(said) is not None)


CHANGED: Final = re.compile(  # which of its days must be within the window, it does not say, or says otherwise
    r"\b(?:stop|discontinu|start|initiat|chang|switch|increas|decreas|adjust|escalat|withdr|begin|began|begun|ceas|end(?:ed|ing)"
    r"|complet|finish|diagnos|remission|resol|recover|new|first|last|newly|plan|schedul|expect|anticipat|stable|prior|previous)",
    re.IGNORECASE,
)
_HAPPENS: Final = re.compile(  # that it has changed, begun or ended is what happened
    r"(?:any\s+|an?\s+|recent\s+|major\s+|significant\s+)*(?:chang|increase|decrease|initiation|discontinuation|adjustment|modification"
    r"|reduction|escalation|cessation|withdrawal|switch)\w*\s+(?:in|of|to|from)\b",
    re.IGNORECASE,
)
_NO_NAME: Final = re.compile(
    r"^[a-z]+ly$|\b(?:following|none|those|part|below|above|negative|positive)\b", re.IGNORECASE
)


def names_event(text: str) -> bool:
    """Whether unknown words with a time behind them are a concept of their own: "spider bites" "within 28 days"."""
    if not is_open_phrase(text) or is_predicate(text) or _NO_NAME.search(text):
        return False
    changed = CHANGED.search(text) is not None and _HAPPENS.match(text) is None
    return not changed and not is_method(f"by {text}")  # "by echocardiography within 28 days"


_SOMEWHERE: Final = re.compile(
    r"(?:of|in|to|at|on|within|involving|affecting)\s+(?:the|an?|either|both|any|one|study|left|right|treated)\b",
    re.IGNORECASE,
)
_NOT_OF_NOW: Final = tuple("HISTORY PRIOR WINDOW LASTING PLANNED SUSPECTED ALLERGY NEGATIVE POSITIVE".split())


def _levelled(here: Composing, item: Item, element: Element) -> None:
    """ "Fever > 38.5 °C", "cysts > 2 cm": the limit of the level, or the size, of the condition that it is beside."""
    noun = item.core
    plain = [atom for atom in element.atoms if not isinstance(atom, Group)]
    limits = [atom for atom in plain if atom.type in ("LIMIT", "EITHER_LIMIT")]
    if not isinstance(noun, Noun) or noun.kinds != {"CONDITION"} or len(limits) != 1 or item.also or item.unclear:
        return
    limit, name = limits[0], noun.head.names[-1]
    if not _is_of_now(item.window) or item.since or item.lead_window or item.frames or noun.has(*_NOT_OF_NOW):
        return
    if not _UP_TO_LIMIT.fullmatch(here.text, min(limit.end, noun.end), max(limit.start, noun.start)):
        return
    if any(words.start < limit.start and limit.end < words.end for words in item.beside):
        return
    level = of_condition(name, limit.value, max(limit.end, noun.end), here.context)
    if level is None:
        return
    item.level = level
    item.beside = [words for words in item.beside if not words.start <= limit.start < words.end]
    if item.bounds is limit.value:
        item.bounds = None


def _is_of_now(window: WindowRead | None) -> bool:
    """Whether it says no more than that something is so now: "at registration"."""
    return window is None or (window.now and not window.windows and not window.either)


_UP_TO_LIMIT: Final = re.compile(  # "aneurysm (AAA) > 5 cm", "tumor measuring < 2 cm"
    r"\s*(?:[(\[][A-Z][\w-]{1,8}[)\]]\s*)?"
    r"(?:,?\s*(?:(?:which|that) (?:is|are|was|were) )?(?:measuring|of|exceeding)\s+)?"
)


def _extended(here: Composing, item: Item, element: Element) -> None:
    """ "Radiotherapy to > 25 % of the marrow", "melanoma in half of the liver": how much of it that takes."""
    noun = item.core
    if not isinstance(noun, Noun) or noun.kinds not in ({"CONDITION"}, {"TREATMENT"}) or len(item.beside) != 1:
        return
    words, plain = item.beside[0], [atom for atom in element.atoms if not isinstance(atom, Group)]
    limit = next((atom for atom in plain if atom.type == "LIMIT" and atom.start >= words.start), None)
    if limit is None or item.level or item.also or item.groups or item.unclear or noun.has("ALLERGY", "PLANNED"):
        return
    bounds, behind = limit.value, _OF_WHOLE.match(here.text, limit.end, words.end)
    if behind is None or not _TAKES.fullmatch(here.text, noun.end, limit.start):
        return
    if bounds.exact or bounds.either or {quantity.unit for quantity in bounds.quantities} != {"%"}:
        return
    whole = here.text[behind.end() : words.end].rstrip(" ,.;")
    if not (is_open_phrase(whole) or is_place(whole)) or CHANGED.search(whole) or begins_with_preposition(whole):
        return
    end = behind.end() + len(whole)
    token = Token("ANALYTE", OpenName((noun.head.names[-1],), taken_by=_taker(noun)), behind.end(), end)
    item.level = Measured([token], [bounds], False, [], words.start, end)
    item.beside = []


_PART_OF: Final = re.compile(r"\d\s?%\s+(?:of|in)\s+[a-z]", re.IGNORECASE)


def _taker(noun: Noun) -> str:
    """What takes a part of something, by its name."""
    entry = noun.head.names[-1].value
    return entry.name if isinstance(entry, Entry) else str(entry)


_TAKES: Final = re.compile(
    r"[\s,]*(?:(?:that|which)\s+)?(?:(?:has|have|had|is|are|was|were)\s+)?"
    r"(?:to|of|in|on|over|involv(?:ing|es?|ed)|affect(?:ing|s|ed)|encompass(?:ing|es|ed)|cover(?:ing|s|ed)|includ(?:ing|es|ed)"
    r"|occupy(?:ing)?|occupies|replac(?:ing|es?|ed)|compris(?:ing|es?|ed)|reach(?:ing|es|ed)|delivered to"
    r"|involvement of|administered to|given to|directed (?:to|at))\s+"
    r"(?:an? (?:area|volume|extent) of\s+|approximately\s+|about\s+)*",
    re.IGNORECASE,
)
_OF_WHOLE: Final = re.compile(
    r"\s*(?:of|in)\s+(?:(?:the|their|his|her|his/her|an?|total|functioning)\s+)*", re.IGNORECASE
)
_UP_TO: Final = re.compile(
    r"\b(?:of|to|before|after|from|following|since)(?:\s+(?:the|an?|any|their))?\s*$", re.IGNORECASE
)


def _counted_from(here: Composing, item: Item) -> None:
    """ "Infarction within 3 months of surgery": a window counted from an event that the profile may not even hold."""
    noun, event = item.core, item.also[0] if item.also else None
    window = noun.behind[-1] if isinstance(noun, Noun) and noun.behind else None
    if window is None or window.type != "WINDOW" or not isinstance(noun, Noun) or not isinstance(event, Noun):
        return
    if event.kinds <= {"TREATMENT", "CONDITION"} and _UP_TO.search(here.text, window.start, event.start):
        noun.behind = noun.behind[:-1]
        item.also = []
        item.beside = [unread(here.text, window.start, item.end, "narrowing")]


_ON_SCALE: Final = re.compile(
    r"(?:(?:on|per|by|using|according to|based on|as measured by)\s+)?(?:the\s+)?(.*?)"
    r"(?:\s+(?:performance\s+)?(?:scale|scores?|criteria|status|system|classification))?",
    re.IGNORECASE | re.DOTALL,
)


def scale_named(text: str) -> Entry | None:
    """The scale of performance that words behind a performance status name: "on the ECOG scale"."""
    said = _ON_SCALE.fullmatch(text.strip(" .,;"))
    named = vocabulary().find(said.group(1), "measurement") if said else None
    return named if named is not None and named.facts.get("type") == "performance" else None


def _scaled(here: Composing, item: Item) -> None:
    """ "A performance status of 0 or 1 on the ECOG scale": the scale is said behind its value."""
    core = item.core
    if not isinstance(core, Measured) or len(core.analytes) != 1 or len(item.beside) + len(item.also) != 1:
        return
    general, behind = core.analytes[0].value, (*item.beside, *item.also)[0]
    if not isinstance(general, Entry) or general.name != GENERAL_STATUS or isinstance(behind, StatementRead):
        return
    named = scale_named(here.text[behind.start : behind.end])
    if named is not None:
        token = Token("ANALYTE", named, core.analytes[0].start, core.analytes[0].end)
        item.core = replace(core, analytes=[token], end=behind.end)
        item.beside, item.also = [], []


GENERAL_STATUS: Final = "performance status"  # on a scale that is not named
