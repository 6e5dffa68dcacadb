"""An element of a list -> an item: what stands side by side in it, sorted by the part it plays."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Final

from eligibility.knowledge.attributes import is_method
from eligibility.knowledge.vocabulary import Entry, vocabulary
from eligibility.reading.composing.attribute_phrases import (
    are_attributes,
    is_at_a_place,
    is_attribute,
    is_place,
    known_attributes,
)
from eligibility.reading.composing.judgements import hinders, is_generic
from eligibility.reading.composing.open_phrases import begins_with_preposition, is_open_phrase
from eligibility.reading.composing.predicates import is_predicate
from eligibility.reading.composing.terms import FRAMES, Composing, Core, Item, StatementRead
from eligibility.reading.composing.unknowns import unknown
from eligibility.reading.composing.windows import has_own_anchor, is_window
from eligibility.reading.drafts import Draft, unread
from eligibility.reading.lexer import Token
from eligibility.reading.measures import is_given
from eligibility.reading.measuring import of_condition
from eligibility.reading.nouns import is_event
from eligibility.reading.patterns import any_word, just_before
from eligibility.reading.phrases import AgeRead, Head, Measured, Noun, OpenName
from eligibility.reading.quantities import WindowRead
from eligibility.reading.sentences import Element, Group
from eligibility.rules import Condition, Statement, Window


def sorted_out(here: Composing, element: Element) -> Item:
    """Sort what stands side by side in an element."""
    item = Item(element.start, element.end, element.negations)
    swallowing: int | None = None
    for at, atom in enumerate(element.atoms):
        if swallowing is not None:
            if at + 1 == len(element.atoms) and (_dated_at_end(here, item, atom) or _graded_at_end(here, item, atom)):
                break
            if at + 1 == len(element.atoms) and isinstance(atom, Group):
                item.aside = atom
            item.beside[-1] = unread(here.text, swallowing, atom.end, "narrowing")
            continue
        if isinstance(atom, Group):
            staged = _staged(atom) if item.modifiers and item.core is None and item.words is None else None
            if staged is not None:
                item.modifiers.append(staged)  # "locally advanced (stage III) or metastatic cancer"
            else:
                item.groups.append(atom)
            continue
        match atom.type:
            case "FACT":
                if item.core is None and item.words is None and (whole := _with_attributes(here, item, atom)):
                    item.core, item.modifiers = whole, []
                elif item.core is None and item.words is None:
                    item.core = atom.value
                elif item.core is None and item.words is not None and (led := _led_by_adverb(here, item.words, atom)):
                    item.core, item.words = led, None
                elif item.core is None and item.words is not None and _adverb(here, item.words, atom.value):
                    item.core = atom.value  # "objectively documented thrombosis"
                    item.beside.append(unread(here.text, item.words.start, item.words.end, "narrowing"))
                    item.words = None
                elif item.core is None and item.words is not None and (said := _said_before(here, item, atom)):
                    item.core, item.words = said[0], None
                    item.also += said[1:]
                elif item.core is None:
                    item.unclear = True
                    item.core = atom.value
                else:
                    item.also.append(atom.value)
            case "UNREAD":
                if item.core is None and item.words is None:
                    item.words = atom
                elif item.core is None and item.words is not None:
                    item.words = Token("UNREAD", _together(item.words, atom), item.words.start, atom.end)
                elif isinstance(item.core, Noun) and item.groups and (place := _place_behind(here, item, atom)):
                    item.core.behind += place
                elif _is_link(here, item, atom, element.atoms[at + 1 : at + 2]):
                    continue
                elif isinstance(item.core, Noun) and compound(here, item.core, atom):
                    item.core = opened(here, item.core, atom)
                else:
                    swallowing = atom.start
                    item.beside.append(unread(here.text, atom.start, atom.end, "narrowing"))
            case "WINDOW":
                if item.core is None and item.words is None and item.lead_window is not None:
                    item.beside.append(unread(here.text, atom.start, atom.end, "narrowing"))
                elif item.core is None and item.words is None:
                    item.lead_window = atom.value
                elif isinstance(item.core, Noun) and _anchored(item.core, atom.value):
                    continue  # "within 4 weeks (6 weeks for nitrosoureas) prior to entering the study"
                elif item.window is None and not (_of_no_day(item.core) and has_own_anchor(atom.value)):
                    item.window, item.window_at = atom.value, (atom.start, atom.end)
                elif atom.value.windows:
                    item.beside.append(unread(here.text, atom.start, atom.end, "narrowing"))
            case "SINCE_WINDOW":
                if isinstance(item.core, Noun):
                    item.beside.append(unread(here.text, atom.start, atom.end, "narrowing"))  # "X 4 weeks after Y"
                else:
                    item.since = atom.value
            case "FRAME":
                item.frames.append(atom.value)
            case "LIMIT" | "TIME_LIMIT" | "SEX_LIMIT" | "EITHER_LIMIT":
                if item.core is None and item.words is None and item.bounds is None:
                    item.bounds = atom.value
                elif (
                    isinstance(item.core, Noun)
                    and item.core.kinds == {"ANALYTE"}
                    and not item.beside
                    and not item.core.head.words
                ):
                    # "pO2 (room air) greater than 70 mmHg"
                    noun = item.core
                    around = [t for t in noun.before + noun.behind if t.type in ("WINDOW", "QUALIFIER", "SITE")]
                    item.core = Measured(list(noun.head.names), [atom.value], False, around, noun.start, atom.end)
                elif item.core is None and item.words is not None and item.limit is None and not item.beside:
                    item.limit = atom
                    item.beside.append(unread(here.text, atom.start, atom.end, "narrowing"))
                else:
                    item.beside.append(unread(here.text, atom.start, atom.end, "narrowing"))
            case _:
                if atom.type == "LASTING" and (whole := _lasting(here, item, atom)) is not None:
                    item.core = whole
                    continue
                short = atom.type == "LASTING" and atom.value.least is None
                if short and not (isinstance(item.core, Noun) and item.core.kinds == {"CONDITION"}):
                    item.beside.append(unread(here.text, atom.start, atom.end, "narrowing"))
                elif isinstance(item.core, Noun):
                    item.core.behind.append(atom)
                else:
                    item.modifiers.append(atom)
    _limited(here, item)
    _scaled(here, item)
    _counted_from(here, item)
    _levelled(here, item, element)
    _extended(here, item, element)
    if item.bounds is not None and (item.core is not None or item.words is not None):
        first = next(atom for atom in element.atoms if not isinstance(atom, Group) and atom.value is item.bounds)
        if item.words is None or not item.words.start <= first.start < item.words.end:
            item.beside.append(unread(here.text, first.start, first.end, "narrowing"))
        item.bounds = None
    return item


def part_aside(here: Composing, item: Item) -> None:
    """Take the parenthesis that closes the attributes of an item from them, where it says something of the item."""
    group = item.aside
    if group is None or item.groups or item.shared or len(item.beside) != 1:
        return
    words = item.beside[0]
    if words.rule.kind == "unread" and words.end == group.end and stands_apart(here, words, group):
        item.beside = [unread(here.text, words.start, group.start, "narrowing")]
        item.groups = [group]


def stands_apart(here: Composing, words: Draft, group: Group) -> bool:
    """Whether a parenthesis behind attributes says something of what they are attributes of, as it does without them:
    "hypertension not controlled by drugs (systolic pressure > 160 mmHg)"; not so an alternative to, or examples of,
    what the attributes name."""
    said = here.text[words.start : group.start].strip(" ,")
    if _OF_NEAREST.match(here.low, group.start) or are_attributes(here.text[words.start : group.end], enclosed=False):
        return False
    return is_attribute(said) or known_attributes(said) is not None or are_attributes(said, enclosed=False)


_OF_NEAREST: Final = re.compile(
    r"[(\[]\s*(?:(?:and\s*/\s*)?or\b|and\b|e\.?\s?g\b|i\.?\s?e\b|such as|for example|including|like\b|namely|that is"
    r"|which|also)"
)


def _with_attributes(here: Composing, item: Item, atom: Token) -> StatementRead | None:
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


def _lasting(here: Composing, item: Item, atom: Token) -> StatementRead | None:
    """A circumstance with how long it has been so: "hospitalized for more than 2 weeks"; None of anything else."""
    core = item.core
    if not isinstance(core, StatementRead) or core.draft.parts or item.also or item.beside or item.groups:
        return None
    rule = core.draft.rule
    behind = here.text[core.draft.end : atom.start].strip()
    if not isinstance(rule, Statement) or rule.topic != "circumstance" or behind or rule.text.count(" ") > _MOST_SPACES:
        return None
    said = rule.model_copy(update={"text": here.text[core.draft.start : atom.end]})
    return StatementRead(replace(core.draft, rule=said, end=atom.end))


_MOST_SPACES: Final = 8


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


def _staged(group: Group) -> Token | None:
    """The stage that is all that stands in parentheses."""
    read = group.body.body
    if read is None or group.body.tails or len(read.elements) != 1 or read.elements[0].negations:
        return None
    atoms = read.elements[0].atoms
    only = atoms[0] if len(atoms) == 1 else None
    return only if isinstance(only, Token) and only.type == "STAGE_IS" else None


_LINK: Final = re.compile(
    r"\s+(?:of|is|are|was|were|set to|measuring|measures?|extending|with|must be|ranged|ranging|to be)?"
    r"(?:\s*\b(?:approximately|about))?\s*$",
    re.IGNORECASE,
)
_NAMED: Final = re.compile(  # no more than a word that names a scale, no whole patients, no number of things, no half
    r"(?!.*\b(?:after|before|for|in|on|at|by|with|from|within|than|to|over|during|of|and|or)$)"
    r"(?!(?:score|level|value|test|result|dose|daily dose|total|patient|subject|increase|decrease|change)s?$)"
    r"(?!.*\b(?:number of|patients?|subjects?|participants?)\b)(?!.*ly$).*",
    re.IGNORECASE | re.DOTALL,
)


def _place_behind(here: Composing, item: Item, words: Token) -> list[Token]:
    """Where, and when, what stands before a parenthesis is, as said behind it: "laser (grid) in the study eye"."""
    said = words.value if isinstance(words.value, list) else []
    if any(token.type not in _IN_A_PLACE for token in said):
        return []
    if any(_OTHERWISE.match(here.text, group.start) for group in item.groups):
        return []  # "surgery (or need for laser) in the study eye"
    return [token for token in said if token.type in ("SITE", "PRIOR")]


_OTHERWISE: Final = re.compile(r"[(\[]\s*(?:and/)?or\b", re.IGNORECASE)
_IN_A_PLACE: Final = frozenset("WITHIN OF PREP SITE PRIOR".split())


def _of_no_day(core: Core | None) -> bool:
    """Whether nothing is made of when it was: a consent, a statement."""
    return core is not None and not isinstance(core, Noun | Measured)


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


def _is_link(here: Composing, item: Item, words: Token, following: list[Token | Group]) -> bool:
    """Whether words only tie a disease to a result that is said of it: "heart failure of NYHA class III"."""
    if not following or isinstance(following[0], Group) or not isinstance(following[0].value, Measured):
        return False
    disease = isinstance(item.core, Noun) and item.core.kinds == {"CONDITION"} and not item.also
    return disease and here.low[words.start : words.end].strip() == "of"


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
    if item.window or item.since or item.lead_window or item.frames or noun.has(*_NOT_OF_NOW):
        return
    if here.text[min(limit.end, noun.end) : max(limit.start, noun.start)].strip():
        return
    level = of_condition(name, limit.value, max(limit.end, noun.end), here.context)
    if level is None:
        return
    item.level = level
    item.beside = [words for words in item.beside if words.start != limit.start]
    if item.bounds is limit.value:
        item.bounds = None


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


def _adverb(here: Composing, words: Token, core: Core) -> bool:
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


def _led_by_adverb(here: Composing, words: Token, atom: Token) -> StatementRead | None:
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


def _said_before(here: Composing, item: Item, atom: Token) -> list[Core]:
    """What words before a phrase are with it: "gum disease with a history of bleeding" is both, "a known inability to
    swallow" one statement; nothing where they are neither."""
    words, whole = item.words, here.text[item.start : item.end]
    if words is not None and whole.startswith(("will ", "Will ")) and words.end - words.start == len("will"):
        return _will_be(here, words, atom)
    if words is None or is_open_phrase(whole) or is_predicate(whole):
        return []  # one name, or one clause
    said, between = here.text[words.start : words.end], here.text[words.end : atom.start]
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
    r"\s+(?:(?:patients?|subjects?|participants?|volunteers?|individuals?|people|persons?|adults?|(?:wo)?m[ae]n|(?:fe)?males?|children"
    r"|and|or|and/or|who are|that are|of|either|sex|gender)[\s,/]+)+",
    re.IGNORECASE,
)
_ARTICLE: Final = re.compile(r"\s+(?:(?:an?|the|any)\s+)?", re.IGNORECASE)


def _together(first: Token, second: Token) -> list[Token] | str:
    """The tokens of two stretches of unread words, where both are known."""
    return [*first.value, *second.value] if isinstance(first.value, list) and isinstance(second.value, list) else ""


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


def compound(here: Composing, noun: Noun, words: Token) -> bool:
    """Whether the words go on with the name: "contact lens wearers", "diabetes education" are no diabetes."""
    first = here.text[words.start : words.end].split()[0]
    if noun.end != noun.head.end or here.text[noun.end : words.start].strip() or not isinstance(words.value, list):
        return False
    if first.lower() in _WAYS and noun.kinds == {"CONDITION"}:
        return True
    told = first.endswith(("ing", "ed", "ly", "al", "ive", "ic", "ous", "able"))
    return words.value[0].type == "WORD" and not told


_WAYS: Final = frozenset("screening testing imaging monitoring counselling counseling staging sequencing".split())


def opened(here: Composing, noun: Noun, words: Token) -> Noun:
    """The noun with the words behind it as one open name."""
    text = here.text[noun.head.start : words.end]
    if not is_open_phrase(text):
        return Noun(Head([], [], noun.head.start, words.end), [], [], noun.start, words.end)
    frame = Token("USE" if noun.kinds == {"TREATMENT"} else "PRESENCE", "", noun.start, noun.start)
    return Noun(
        Head([], [], noun.head.start, words.end), [frame, *noun.before], [], noun.start, words.end, noun.inherited
    )


def _anchored(noun: Noun, read: WindowRead) -> bool:
    """Give the window of a noun the anchor that is said later; false where there is none to give."""
    behind = noun.behind[-1] if noun.behind else None
    if behind is None or behind.type != "WINDOW" or behind.value.either or len(read.windows) != 1:
        return False
    point = read.windows[0]
    if point.start is not None or point.end is None or point.end.value:
        return False
    if not behind.value.windows or not all(map(_around, behind.value.windows)):
        return False
    update = {"end": point.end, "end_inclusive": True, "anchor": point.anchor}
    windows = tuple([near.model_copy(update=update) for near in behind.value.windows])
    noun.behind[-1] = Token("WINDOW", replace(behind.value, windows=windows), behind.start, behind.end)
    return True


def _around(window: Window) -> bool:
    """Whether it lies on both sides of its anchor, which is then one that has not been said yet."""
    return window.start is not None and window.end is not None and window.end.value == -window.start.value


def _dates(here: Composing, last: Item, item: Item) -> bool:
    """Whether a time that stands alone behind a comma is that of what precedes it: "seizures, in the past 6 months"."""
    if item.lead_window is None or item.core is not None or item.words is not None or item.bounds is not None:
        return False
    if (
        item.beside
        or item.lead_window.clear
        or item.negations
        or item.groups
        or item.frames
        or item.modifiers
        or last.unclear
    ):
        return False
    if last.beside or last.groups:
        event = isinstance(last.core, Noun) and is_event(last.core) and not last.core.has("WINDOW")
        if not event and (last.beside or not isinstance(last.core, Noun) or last.core.has("WINDOW")):
            return False
        if any(CHANGED.search(here.text, words.start, words.end) for words in last.beside):
            return False
        if any(window.start is None for window in item.lead_window.windows):
            return False  # "must have ended A (e.g., B), at least 7 days before"
    if isinstance(last.core, Noun) and last.core.has("WINDOW"):
        return _anchored(last.core, item.lead_window)
    if isinstance(last.core, AgeRead) and not last.core.bare and item.lead_window.now:
        return not last.also  # "18 to 65 years, inclusive, at the time of consent"
    if last.window is not None or last.also or not isinstance(last.core, Noun | Measured):
        return False
    last.window, last.window_at = item.lead_window, (item.start, item.end)
    return True


_METHOD: Final = re.compile(
    r"(?:based on|according to|as (?:determined|assessed|measured|defined|documented|evidenced|shown|judged"
    r"|confirmed) by|determined by|assessed by|measured by|confirmed by|per|by|using|via|with)\b",
    re.IGNORECASE,
)


_TAKING_PART: Final = re.compile(
    r"(?:participat|complet|compl[yi]|adher|attend|follow|undergo|understand|cooperat|obtain|provid|giv|perform|receiv"
    r"|evaluat|interpret|assess|return|consent|tolerat|tak|swallow|enroll?)ing\b"
)


def _goes_on_judged(here: Composing, last: Item, item: Item) -> bool:
    """Whether words go on with a clause that somebody has to judge: "... that prevents consenting or participating"."""
    if item.core is not None or item.words is None or item.negations or item.window or item.groups or last.groups:
        return False
    if not _TAKING_PART.match(here.low, item.start):
        return False
    if last.beside:
        return hinders(here, last.beside[-1])
    return last.core is None and last.words is not None and is_generic(here.text[last.words.start : last.words.end])


_MAY_DO: Final = re.compile(r"\b(?:that|which)\s+(?:could|would|may|might|can|will)\s+(?!not\b)\w")
_EFFECT_ON: Final = re.compile(  # of what a clause says that something may disturb it
    r"(?:(?:the|an?|their|his|her|its|patients?['’]?s?|subjects?['’]?s?|participants?['’]?s?|study|drug|trial|proper|safe|oral"
    r"|adequate|successful|accurate|full|overall)\s+)*"
    r"(?:compliance|adherence|interpretation|evaluation|assessments?|safety|efficacy|toleran?bility|tolerance|absorption"
    r"|metabolism|excretion|distribution|participation|conduct|completion|cooperation|outcomes?|results?|endpoints?|validity"
    r"|integrity|analys[ie]s|measurements?|administration|well-?being|ability|follow[ -]?up|procedures?"
    r"|data|compliance)\b"
)


def _one_more_effect(here: Composing, last: Item, item: Item) -> bool:
    """Whether words name one more thing that a clause says may be disturbed: "... compliance or interpretation"."""
    if (item.core is not None and not item.unclear) or item.words is None or item.negations or item.groups:
        return False
    if item.window or last.groups or item.also or item.words.start != item.start:
        return False
    if _EFFECT_ON.match(here.low, item.start) is None or _MAY_DO.search(here.low, item.start, item.end):
        return False
    said = last.beside[-1] if last.beside else last.words
    return (
        said is not None and _MAY_DO.search(here.low, max(last.start, said.start - len("which ")), said.end) is not None
    )


def _one_more_organ(here: Composing, last: Item, item: Item) -> bool:
    """Whether words go on with the organs that something may disturb: "... which may impair the hepatic, renal or
    cardiac function"."""
    if last.core is not None or last.words is None or last.groups or last.negations or item.negations or item.groups:
        return False
    if _ORGAN_LAST.search(here.low, last.start, last.end) is None or _ORGAN.match(here.low, item.start) is None:
        return False
    return is_generic(here.text[last.start : last.end]) and not item.window and not item.frames


_ORGANS: Final = (
    r"(?:hepatic|renal|cardiac|cardio-?vascular|cardio-?pulmonary|pulmonary|respiratory|h(?:a)?ematolog(?:ic|ical)"
    r"|gastro-?intestinal|endocrine|immunolog(?:ic|ical)|immune|neurolog(?:ic|ical)|metabolic|musculo-?skeletal"
    r"|(?:central |peripheral )?nervous|psychiatric|hematopoietic|lymphatic|vascular|(?:genito-?)?urinary|biliary"
    r"|intestinal|gastric|dermatolog(?:ic|ical)|liver|kidney|heart|lung)"
)
_ORGAN_LAST: Final = re.compile(rf"\b{_ORGANS}(?: functions?| systems?)?\s*$")
_ORGAN: Final = re.compile(rf"(?:the )?{_ORGANS}\b(?! (?:disease|failure|impairment|disorder|insufficiency|condition))")


def _is_study(item: Item) -> bool:
    """Whether it names a way of finding something out, and no result of it."""
    core = item.core
    return (
        isinstance(core, Noun)
        and core.kinds == {"ANALYTE"}
        and not (core.before or core.behind or core.head.words or item.also or item.beside or item.frames)
    )


_FOLLOWED: Final = re.compile(any_word("followed by") + r"\s+(?:an? |the )?$")
_ENDS_IN_METHOD: Final = re.compile(r"\b(?:by|via|using)\s+(?:[\w-]+\s+)?[\w-]+$", re.IGNORECASE)
_BY_METHOD: Final = re.compile(r"\b(?:by|on|from|via|through)\b", re.IGNORECASE)


def _is_where(here: Composing, last: Item, item: Item) -> bool:
    """Whether words are the place of what stands before them, by words that are no name: "scars, in the study eye"."""
    if last.core is not None or last.words is None or last.unclear or last.beside or last.groups or last.negations:
        return False
    if item.core is not None or item.words is None or item.negations or item.groups or item.window or item.modifiers:
        return False
    said = here.text[item.start : item.end]
    return begins_with_preposition(said) and is_at_a_place(said)


def swallow(here: Composing, items: list[Item], separators: list[str]) -> tuple[list[Item], list[str]]:
    """Words that go on with those that say how something was found out: "by CT or magnetic resonance"."""
    kept, between = items[:1], []
    for item, separator in zip(items[1:], separators, strict=True):
        last = kept[-1]
        method = (
            last.beside
            and (_is_study(item) if item.core is not None else item.words is not None)
            and not item.negations
            and not item.window
            and ((item.core is None and not item.groups) or is_method("by " + here.text[item.start : item.end]))
        )
        if (
            separator == "COMMA"
            and item.core is None
            and item.words is not None
            and not item.negations
            and not item.groups
            and isinstance(last.core, Noun)
            and not last.beside
            and begins_with_preposition(here.text[item.words.start : item.words.end])
        ):
            last.beside.append(unread(here.text, item.words.start, item.end, "narrowing"))  # "A, B, in the study eye"
            last.end = item.end
            continue
        if items[1:] == [item] and separator == "COMMA" and _is_where(here, last, item):
            last.words, last.end = Token("UNREAD", "", last.start, item.end), item.end
            continue
        if (
            separator == "SLASH"
            and last.beside
            and _BY_METHOD.search(here.text, last.beside[-1].start, last.beside[-1].end)
            and isinstance(item.core, Noun)
            and item.core.kinds == {"TREATMENT"}
            and not (item.core.before or item.also or item.negations or item.window or item.groups or item.frames)
        ):  # "diagnosed by an exam of biopsy/resection"
            last.beside[-1] = unread(here.text, last.beside[-1].start, item.end, "narrowing")
            last.end = item.end
            continue
        if separator == "COMMA" and not here.excepting and _dates(here, last, item):
            last.end = item.end
            continue
        if _goes_on_judged(here, last, item) or _one_more_effect(here, last, item) or _one_more_organ(here, last, item):
            words = last.words
            item.unclear = False
            if last.beside:
                last.beside[-1] = unread(here.text, last.beside[-1].start, item.end, "narrowing")
            elif words is not None:
                last.words = Token("UNREAD", "", words.start, item.end)
            last.end = item.end
            continue
        if (
            isinstance(item.core, Noun)
            and not item.negations
            and just_before(_FOLLOWED, here.low, item.start, last.start)
        ):
            if last.beside:  # "candidates of chemotherapy with A followed by B": what they are candidates of
                last.beside[-1] = unread(here.text, last.beside[-1].start, item.end, "narrowing")
                last.end = item.end
                continue
            led = last.also[-1] if last.also else last.core
            if isinstance(led, Noun) and led.kinds == {"TREATMENT"}:  # "planned A followed by B": both are planned
                item.core.before = [*(t for t in led.before if t.type in FRAMES), *item.core.before]
        by = last.beside[-1] if method else None
        said = here.text[by.start : by.end] if by is not None else ""
        if by is not None and (_METHOD.match(said) or is_method(said) or _ENDS_IN_METHOD.search(said)):
            last.beside[-1] = unread(here.text, last.beside[-1].start, item.end, "narrowing")
            last.end = item.end
            continue
        kept.append(item)
        between.append(separator)
    return kept, between
