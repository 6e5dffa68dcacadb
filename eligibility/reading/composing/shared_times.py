"""When, and for how long: times that a list says once, of all of it or of its last."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Final, cast

from eligibility.knowledge import words
from eligibility.knowledge.vocabulary import Entry, vocabulary
from eligibility.reading.composing.terms import PEOPLE, Composing, Item
from eligibility.reading.composing.windows import counts_from_events
from eligibility.reading.drafting.beside_names import is_event
from eligibility.reading.lexing.tokens import MOTHERHOOD, Token
from eligibility.reading.patterns import PERSONS
from eligibility.reading.phrases import Measured, Noun
from eligibility.reading.quantities import WindowRead, looking_back
from eligibility.rules import Window


def share_lengths(items: list[Item], separators: list[str]) -> None:
    """ "At least 3 months of metformin or insulin": a length said before a list of treatments is of each of them."""
    said: list[Token] = []
    for index, item in enumerate(items):
        noun = item.core
        if not isinstance(noun, Noun) or noun.kinds != {"TREATMENT"} or (index and separators[index - 1] == "SEMI"):
            return
        own = [t for t in noun.before if t.type in _LENGTHS]
        if own:
            said = [t for t in noun.before[: noun.before.index(own[-1]) + 1] if t.type in _QUALIFIED_LENGTHS]
            continue
        more = any(t.type != "OTHER" for t in noun.before) or item.negations or item.modifiers or noun.has(*_LENGTHS)
        if not said or more or any(map(takes_one_day, noun.head.names)):
            return
        if noun.has("WINDOW"):  # "at least 3 months of metformin, or insulin within 7 days"
            lengths = [t for t in said if t.type == "LASTING"]
            item.modifiers += [Token("MAYBE_LASTING", length, item.start, item.end) for length in lengths[-1:]]
            return
        noun.inherited.extend(said)


_LENGTHS: Final = ("LASTING", "TIME_LIMIT", "DURATION_OF")
_QUALIFIED_LENGTHS: Final = frozenset((*_LENGTHS, "QUALIFIER"))


def takes_one_day(name: Token) -> bool:
    """Whether it is done in one day: an operation, a transplantation."""
    return isinstance(name.value, Entry) and name.value.facts.get("type") in ("surgery", "transplant")


def share_days(items: list[Item], separators: list[str]) -> None:
    """ "A >= 1500, B >= 100 and C >= 9 within 14 days": all of them are measured then, and not the last alone."""
    dated: Token | None = None
    for index in range(len(items) - 1, -1, -1):
        item = items[index]
        if index + 1 < len(items) and separators[index] not in _OF_LIST:
            dated = None
        if isinstance(item.core, Measured):
            own = next((token for token in item.core.around if token.type == "WINDOW"), None)
            if own is not None or item.window is not None:
                dated = own if own is not None and own.end + 1 >= item.core.end else _said_behind(item)
            elif dated is not None:
                item.core = replace(item.core, around=[*item.core.around, dated])
            dated = None if any(map(_is_change, item.core.analytes)) else dated
        else:
            dated = _said_behind(item) if item.core is None and item.bounds is not None else None


def _said_behind(item: Item) -> Token | None:
    """The window that stands behind an item, as a token."""
    return Token("WINDOW", item.window, *item.window_at) if item.window is not None else None


_OF_LIST: Final = frozenset("COMMA AND OR ANDOR".split())


def _is_change(analyte: Token) -> bool:
    """Whether it is how much has been lost or gained, over the time that is said with it."""
    name = analyte.value.name if isinstance(analyte.value, Entry) else str(analyte.value)
    return _CHANGE.search(name) is not None


_CHANGE: Final = re.compile(r"loss|gain|chang|increas|decreas|declin|reduc|reversib")


def share_anchors(here: Composing, items: list[Item], separators: list[str]) -> None:
    """ "Surgery within 28 days, or radiotherapy within 14 days before entry": both times lie before it."""
    last: Window | None = None
    for index in range(len(items) - 1, -1, -1):
        item = items[index]
        if index + 1 < len(items) and separators[index] not in _OF_LIST:
            last = None
        noun = item.core
        token = _said_behind(item)
        if token is None and isinstance(noun, Noun):
            token = next((t for t in reversed(noun.behind) if t.type == "WINDOW"), None)
        if token is None or not isinstance(noun, Noun) or len(token.value.windows) != 1:
            continue
        window = token.value.windows[0]
        if not window.reaches_ahead:
            last = window if _BEFORE.search(here.low, token.start, token.end) else None
        elif last is not None and not noun.has("PLANNED") and _has_no_anchor(here, token):
            _date_anew(item, noun, token, window.model_copy(update={"end": last.end, "anchor": last.anchor}))


def _has_no_anchor(here: Composing, token: Token) -> bool:
    """Whether a window says neither before what it lies nor after what: "within 28 days"."""
    window = token.value.windows[0]
    return looking_back(window) != window and _ENDS_IN_UNIT.search(here.low, token.start, token.end) is not None


_BEFORE: Final = re.compile(r"\b(?:before|prior|preceding)\b")
_ENDS_IN_UNIT: Final = re.compile(r"\b(?:hour|day|week|month|year)s?\W*$")


def _date_anew(item: Item, noun: Noun, token: Token, window: Window) -> None:
    """Put another window in the place of the one behind a name."""
    read = replace(token.value, windows=(window,))
    if item.window is not None:
        item.window = read
    else:
        noun.behind[noun.behind.index(token)] = replace(token, value=read)


def share_windows(here: Composing, items: list[Item], separators: list[str]) -> None:
    """A window after a list of events, or of treatments, reaches over all of it; after others it may."""
    start = undated = 0
    for index, last in enumerate(items):
        if index and separators[index - 1] == "SEMI":
            start = index
        if not isinstance(last.core, Noun):
            if (named := _of_class(last)) is not None and named.window is not None:
                share_window(here, items[start:index], named, named.window, sure=False)
            elif index + 1 == len(items) and _dates_unknown_words(last):
                _perhaps_of_each(items[start:index], cast(WindowRead, last.window))
            continue
        if last.again:
            start = index + 1
            continue
        _share_length_behind(items[start:index], last)
        behind = [t for t in last.core.behind if t.type == "WINDOW"]
        of_class = _time_of_class(last)  # "a stroke, or heart failure of NYHA class III within 6 months"
        window = last.window or (behind[-1].value if behind else of_class)
        if window is not None and window.windows and not window.clear:
            if _is_expected(last):
                start = index + 1
                continue
            own = index > 0 and _AN_OWN.search(here.low, items[index - 1].end, last.core.head.start) is not None
            if index > 1 and _AN_OWN.search(here.low, items[index - 2].end, items[index - 1].end):
                own = False  # "a stroke, a seizure, or a fracture within 6 months": each has its article
            before = _reached(here, items[start : index + 1], window)
            if start < index < len(items) - 1 and separators[index - 1] == "COMMA":
                before = _reached_from_within(here, items[start : index + 1], before)
            own = own or (index == start + 1 and _is_set_apart(here, items[start], last))
            alone = own or (bool(last.beside) and last.core.kinds != {"TREATMENT"})
            alone = alone or (_is_aside(here, last) and _is_recent(last.core))  # "..., or recent surgery (< 5 days)"
            if window is of_class:
                before, alone = [item for item in before if isinstance(item.core, Noun) and is_event(item.core)], True
            at = _clause_of(here, items, index)
            if at > start and separators[at - 1] != "SEMI":  # "a history of A; B; or C within 3 weeks"
                first = undated if start == undated or {*separators[undated : at - 1]} == {"SEMI"} else start
                apart = _reached(here, [*items[first:at], last], window)
                share_window(here, apart, last, window, sure=False)
                before = [item for item in before if item in items[at:index]]
            share_window(here, before, last, window, sure=not alone)
            start = undated = index + 1


def _is_set_apart(here: Composing, first: Item, second: Item) -> bool:
    """Whether a comma parts the second of two from the first, and none parts it from its time: "prior allogeneic
    transplant, or autologous transplant within 100 days"."""
    at, _ = second.window_at
    return (
        _COMMA_OR.search(here.low, first.core_end, second.core_end) is not None
        and "," not in here.text[second.core_end : at]
    )


_COMMA_OR: Final = re.compile(r",\s*(?:and/)?or\b")


def _clause_of(here: Composing, items: Sequence[Item], index: int) -> int:
    """Which item is the first behind the last semicolon before one of them, whatever stands beside the semicolon."""
    for at in range(index, 0, -1):
        if ";" in here.text[items[at - 1].end : items[at].start]:
            return at
    return 0


def _dates_unknown_words(item: Item) -> bool:
    """Whether a list ends with words that the vocabulary does not know, and a time that has passed."""
    window = item.window
    if item.core is not None or item.words is None or item.negations or window is None or window.planned:
        return False
    return window.moment == "any" and bool(window.windows) and all(each.start is not None for each in window.windows)


def _perhaps_of_each(items: list[Item], window: WindowRead) -> None:
    """ "Prior chemotherapy, or any test agent within 3 weeks": when either was given, or the last of them alone."""
    for item in items:
        noun = item.core
        if not isinstance(noun, Noun) or not (noun.kinds == {"TREATMENT"} or is_event(noun)) or item.window is not None:
            continue
        if noun.has("WINDOW", "PLANNED", "CURRENT"):
            continue
        item.window = replace(window, windows=window.windows)
        item.modifiers.append(Token("MAYBE_WINDOW", window, item.start, item.end))


def _time_of_class(item: Item) -> WindowRead | None:
    """The time behind the limit that stands beside a name, "heart failure of NYHA class III within 6 months"."""
    read = item.also[-1] if item.also else None
    if not isinstance(read, Measured):
        return None
    return next((token.value for token in reversed(read.around) if token.type == "WINDOW"), None)


def _of_class(item: Item) -> Item | None:
    """The disease behind what it is measured by, with its window: "NYHA class III heart failure within 6 months"."""
    noun = item.also[-1] if isinstance(item.core, Measured) and len(item.also) == 1 else None
    if not isinstance(noun, Noun) or noun.kinds != {"CONDITION"}:
        return None
    named = Item(item.start, item.end, item.negations)
    named.core = noun
    named.window = next((t.value for t in reversed(noun.behind) if t.type == "WINDOW"), None)
    return named


def _is_apart(here: Composing, item: Item, last: Noun) -> bool:
    """Whether a lasting disease stands before a clause with a verb of its own, which says when of itself alone: "has an
    immunodeficiency or is receiving steroids within 7 days"."""
    noun = item.core
    if not isinstance(noun, Noun) or noun.kinds != {"CONDITION"} or last.kinds != {"TREATMENT"} or is_event(noun):
        return False
    if _OWN_VERB.search(here.low, item.end, last.head.start) is not None:
        return True
    return not _pass(noun) and _OWN_USE.search(here.low, item.end, last.head.start) is not None


def _reached(here: Composing, items: list[Item], window: WindowRead) -> list[Item]:
    """Those that the window of the last of them may be said of."""
    *before, last = items
    core = last.core
    if counts_from_events(window):
        return []
    if not isinstance(core, Noun):
        return before
    return [
        item
        for item in before
        if not (_is_apart(here, item, core) or _of_now_alone(item, last, window))
        and not (_is_named_again(here, item, core) or _before_history(item, core))
    ]


def _is_named_again(here: Composing, item: Item, last: Noun) -> bool:
    """Whether the last of a list names something once more, with a time of its own: "other active malignancies, or
    other malignancies within 12 months", "a severe hemorrhage, or any hemorrhage within 4 weeks"."""
    noun = item.core
    if not isinstance(noun, Noun) or not noun.kinds <= {"CONDITION", "TREATMENT"}:
        return False
    if noun.head.end > item.end or item.shares_head:
        return False
    if last.head.start < item.end or [t.value for t in noun.head.names] != [t.value for t in last.head.names]:
        return False
    if _ANY.search(here.low, item.end, last.head.start) is not None:
        return bool(noun.head.names)
    lasting = noun.kinds == {"CONDITION"} and not (noun.has("HISTORY", "PRIOR") or is_event(noun))
    return bool(noun.head.names) and lasting


_ANY: Final = re.compile(r"\bany\b")


def _before_history(item: Item, last: Noun) -> bool:
    """Whether a disease is asked for as it is, and behind it what there has been: "COPD, or a history of asthma within
    the last 2 years"."""
    noun = item.core
    led = any(t.type == "HISTORY" and item.end <= t.start < t.end for t in last.before)
    return led and isinstance(noun, Noun) and _is_lasting(item) and not noun.has("HISTORY", "PRIOR") and not item.elided


def _reached_from_within(here: Composing, items: list[Item], reached: list[Item]) -> list[Item]:
    """Those of them of which a window in the middle of a list may be said, behind the last of these: none where it
    stands in parentheses, "asthma, a stroke (< 1 year), or gout", and no lasting disease if that is an event."""
    *before, last = items
    if _is_aside(here, last):
        return []
    if isinstance(last.core, Noun) and is_event(last.core) and not any(map(_has_window, before)):
        return [item for item in reached if not _is_lasting(item)]
    return reached


def _is_aside(here: Composing, item: Item) -> bool:
    """Whether its window stands in parentheses."""
    noun = item.core
    behind = [t for t in noun.behind if t.type == "WINDOW"] if isinstance(noun, Noun) else []
    at = item.window_at[0] if item.window is not None or not behind else behind[-1].start
    said = here.text[item.start : at]
    return said.count("(") > said.count(")") or here.text[:at].rstrip().endswith("[")


def _is_recent(noun: Noun) -> bool:
    return any(getattr(t.value, "name", "") == "recent" for t in noun.before)


def _has_window(item: Item) -> bool:
    return item.window is not None or (isinstance(item.core, Noun) and item.core.has("WINDOW"))


def _is_lasting(item: Item) -> bool:
    """Whether it is a disease that goes on, and no event."""
    noun = item.core
    return isinstance(noun, Noun) and noun.kinds == {"CONDITION"} and bool(noun.head.names) and not is_event(noun)


_LONG_SINCE: Final = ("HISTORY", "PRIOR")


def is_over(window: WindowRead) -> bool:
    """Whether it lies wholly before its anchor, where nothing is that is planned."""
    return not window.planned and not any(each.reaches_ahead for each in window.windows)


def _of_now_alone(item: Item, last: Item, window: WindowRead) -> bool:
    """Whether something is asked for as it is now, and what stands at the end of the list within a time that is over:
    "active infection, or use of antibiotics within 28 days", "currently on dialysis, or a stroke within 6 months"."""
    noun, other = item.core, last.core
    if not isinstance(noun, Noun) or not isinstance(other, Noun):
        return False
    taken = noun.kinds == {"TREATMENT"} and _is_current(noun)
    if not (taken or noun.kinds == {"CONDITION"}):
        return False
    if item.shares_head or item.also or item.under is not None:
        return False
    apart = taken and other.kinds != noun.kinds  # what is said of a drug is not meant of a disease behind it
    also_now = any(t.type == "CURRENT" for t in other.before) if apart else _goes_on(other)
    if not noun.head.names or not _goes_on(noun) or also_now or other.has("PLANNED"):
        return False
    doubted = [t for each in last.modifiers if each.type == "MAYBE_QUALIFIER" for t in each.value]
    of_now = any(t.type == "CURRENT" or getattr(t.value, "name", "") == "active" for t in doubted)
    return not of_now and all(each.start is not None for each in window.windows)


_OWN_VERB: Final = re.compile(
    r"\b(?:and|or|and/or)\s+(?:(?:who|that|currently)\s+)*"
    r"(?:(?:is|are|was|were|has|have|had|will be)\s+(?:\w+\s+){0,2}?)?"
    r"(?:receiv(?:ing|ed|es?)|tak(?:ing|en|es?)|us(?:ing|es)|undergo(?:ing|ne|es)?|underwent|treated|given|administered|on)\b"
)


_OWN_USE: Final = re.compile(  # "a bleeding disorder, or use of anticoagulants within 3 weeks"
    r"\b(?:and|or|and/or)\s+(?:(?:any|prior|previous|recent|current|chronic|systemic|concurrent|concomitant)\s+)*"
    r"(?:use|receipt|administration|treatment|therapy)\s+(?:of|with|by)\b"
)


def _is_expected(item: Item) -> bool:
    """Whether words before a name say that it is still to be: "expected to get a transplant within 12 months"."""
    words = item.words.value if item.words is not None else None
    return isinstance(words, list) and any(token.type == "PLANNED" for token in words)


_AN_OWN: Final = re.compile(  # "a head injury, or a stroke within 6 months", "A, or subject has had B within 6 months"
    r",\s*(?:or\s+)?(?:have\s+|has\s+)?an?\b|\b(?:or|and|and/or|,)\s+(?:an?\s+|any\s+)?(?:(?:prior|previous|recent)\s+)?history\s+of\b"
    rf"|\b(?:or|and)\s+(?:{PERSONS})\s+(?:has|have|had)\b"
)


def _share_length_behind(items: list[Item], last: Item) -> None:
    """ "Asthma or COPD for at least 6 months": how long, behind the last of several, may be said of all of them, and
    is, of treatments."""
    noun = last.core
    length = noun.behind[-1] if isinstance(noun, Noun) and noun.behind and noun.behind[-1].type == "LASTING" else None
    if length is None or not isinstance(noun, Noun) or noun.has("WINDOW"):
        return
    for item in items:
        core = item.core
        if not isinstance(core, Noun) or core.kinds != noun.kinds or core.has("WINDOW", "LASTING") or item.window:
            continue
        if item.also or item.beside or item.negations:
            continue
        if core.kinds == {"TREATMENT"} and not last.negations and not any(map(takes_one_day, core.head.names)):
            core.inherited.append(length)  # as a window does, it reaches over a list of treatments
        elif not is_event(core):
            item.modifiers.append(Token("MAYBE_LASTING", length, item.start, item.end))


def _said_together(here: Composing, noun: Noun, last: Noun) -> bool:
    """Whether the last is named with a word of the one before it: "alcohol abuse or dependence"."""
    names = [name.value for each in (noun, last) for name in each.head.names]
    if len(names) != 2 or not all(isinstance(name, Entry) for name in names):
        return False
    first, second = (words.keys(name.name) for name in names)
    said = words.keys(here.text[last.head.start : last.head.end])
    return first[0] == second[0] and len(said) < len(second) and second[0] not in said


def _goes_on(noun: Noun) -> bool:
    """Whether it is there now, so that it has no time at which it ended: "active smokers, or who quit lately"."""
    return _is_current(noun) or any(
        getattr(t.value, "name", "") in _OF_NOW for t in (*noun.before, *noun.behind) if t.type == "QUALIFIER"
    )


def _is_current(noun: Noun) -> bool:
    """Whether it is said to be so at present: "current use of", "currently on"."""
    return noun.has("CURRENT") or any(t.said.startswith("currently") for t in noun.all("USE"))


_OF_NOW: Final = frozenset(("active", "progressive"))


def _pass(noun: Noun) -> bool:
    """Whether it is something that happens, or comes and goes, and is not said to stay: an infection, a stroke."""
    names = [name.value for name in noun.head.names]
    if _is_said_to_stay(noun):
        return False
    return bool(names) and all(isinstance(name, Entry) and vocabulary().passes(name) for name in names)


def _is_said_to_stay(noun: Noun) -> bool:
    said = any(getattr(t.value, "name", "") in _STAYING for t in (*noun.before, *noun.inherited))
    return said or noun.has("CURRENT")


def _of_one_need(here: Composing, item: Item, noun: Noun, last: Noun) -> bool:
    """Whether the last is a treatment that what stands before it needs: "infection requiring A or B within 4 weeks"."""
    needed = bool(item.also) or _NEEDED.search(here.low, noun.head.end, item.end) is not None
    return needed and last.kinds == {"TREATMENT"}


_NEEDED: Final = re.compile(r"\b(?:requir|need|necessitat)")


_STAYING: Final = frozenset(("chronic", "active", "persistent", "uncontrolled"))


def _are_tests(noun: Noun, last: Noun) -> bool:
    return noun.kinds == last.kinds == {"ANALYTE"}


def _are_abuse(noun: Noun, last: Noun) -> bool:
    """Whether each is the abuse of a substance, or a dependence on one."""
    names = [name.value for name in (*noun.head.names, *last.head.names)]
    if any(t.type == "HISTORY" and t.end > t.start for t in last.before):
        return False  # "drug abuse, or a history of alcohol abuse within a year"
    return bool(noun.head.names and last.head.names) and all(
        isinstance(name, Entry) and name.kind == "condition" and vocabulary().is_a("condition", name.name, _ABUSE)
        for name in names
    )


_ABUSE: Final = "substance use disorder"


def _are_taken(here: Composing, item: Item, last: Noun) -> bool:
    """Whether both are treatments, known or by the words that lead the list: "use of inhibitors or inducers of A within
    2 weeks"; not where a clause or an article begins anew, "use of A, or an exacerbation within 7 days"."""
    noun = item.core
    if not isinstance(noun, Noun) or not all(map(_is_taken, (noun, last))) or item.also:
        return False
    return not any(begins.search(here.low, item.end, last.head.start) for begins in (_VERB, _ARTICLE))


def _is_taken(noun: Noun) -> bool:
    return noun.kinds == {"TREATMENT"} or bool(not noun.kinds and noun.head.words and noun.has("USE"))


def _have_been(here: Composing, item: Item, last_item: Item) -> bool:
    """Whether a list of diseases, or of what is done for them, has a history said once before it, and ends in a disease
    that may last: "history of angina, bypass surgery or heart failure within a year"; not where that is an event, nor a
    cancer or an abuse, whose time is its own."""
    noun, last = item.core, last_item.core
    if not isinstance(noun, Noun) or not isinstance(last, Noun) or item.also or _is_aside(here, last_item):
        return False
    if last.kinds != {"CONDITION"} or not last.head.names or is_event(last) or _has_time_of_its_own(last):
        return False
    if not noun.head.names or not noun.kinds <= {"CONDITION", "TREATMENT"} or _is_said_to_stay(noun):
        return False
    told = {t.start for t in noun.all("HISTORY") if t.end > t.start and t.end <= noun.head.start}
    shared = any(t.start in told for t in last.inherited if t.type == "HISTORY")
    own = any(t.type in ("HISTORY", "PRIOR", "CURRENT", "PRESENCE") and t.end > t.start for t in last.before)
    if not shared or own or _LISTS_MORE.match(here.low, last_item.end):
        return False
    if _DATED_BEFORE.search(here.low, last_item.start, last.head.start):
        return False  # "history of A, or recent (within a month) exposure to B"
    return _VERB.search(here.low, item.end, last.head.start) is None


_VERB: Final = re.compile(r"\b(?:is|are|was|were|has|have|had|who|which|that|does|did|do|not|no|without)\b|;")
_ARTICLE: Final = re.compile(r"\ban?\s")
_DATED_BEFORE: Final = re.compile(r"[(\d]")
_LISTS_MORE: Final = re.compile(r"\s*(?:[,;/]|(?:or|and)\b)")


def _has_time_of_its_own(noun: Noun) -> bool:
    """Whether it is a cancer, an abuse or a habit, of which a trial asks how long ago it was."""
    known = vocabulary()
    names = [name.value.name for name in noun.head.names if isinstance(name.value, Entry)]
    return any(known.is_a("condition", name, kind) for name in names for kind in _LONG_AGO)


def _happens_before(here: Composing, item: Item, noun: Noun, last: Noun) -> bool:
    """Whether a time said of a disease that may last, or of what is not known, is all the more that of what happens,
    and is named before it: "a myocardial infarction or heart failure within 6 months"."""
    if last.kinds - {"CONDITION"} or last.has("HISTORY", "PRIOR") or not is_event(noun):
        return False
    if _CLAUSE.search(here.low, item.end, last.head.start) is not None:
        return False
    if not last.head.names:
        return noun.kinds == {"TREATMENT"} and bool(last.head.words)
    if _has_time_of_its_own(last):
        return False  # "a stroke, or cancer within 5 years"
    return noun.kinds == {"CONDITION"} or all(map(takes_one_day, noun.head.names))


_LONG_AGO: Final = ("malignancy", _ABUSE, "tobacco use")
_CLAUSE: Final = re.compile(
    r"\b(?:no|not|never|without|and|is|are|was|were|has|have|had|did|does|do|who|which|that)\b|[(;]"
)


def share_window(here: Composing, items: list[Item], last_item: Item, window: WindowRead, *, sure: bool) -> None:
    """Give a window to the items before the one that it stands behind; not ``sure``: it may be that one's alone."""
    last = cast(Noun, last_item.core)
    back = not window.planned and all(each.start is not None for each in window.windows)
    before_it = back and not last_item.negations and not _is_aside(here, last_item)  # with nothing else between them
    as_behind = True  # whether the window is as surely of the noun behind an item as of the last
    for item in reversed(items):
        noun = item.core
        before_it = before_it and isinstance(noun, Noun) and _happens_before(here, item, noun, last)
        as_behind = as_behind if item.shares_head else isinstance(noun, Noun) and _said_together(here, noun, last)
        if (
            not isinstance(noun, Noun)
            or item.window is not None
            or any(t.type == "WINDOW" for t in noun.before + noun.behind)
            or noun.kinds & MOTHERHOOD > last.kinds & MOTHERHOOD
            or noun.kinds & PEOPLE
            or any("any time" in str(t.value) for t in noun.behind if t.type == "PRIOR")
            or (
                noun.has("PLANNED")
                and is_over(window)
                and any(t.type in _LONG_SINCE for t in last.before + last.inherited)
            )
            or (window.moment == "end" and _goes_on(noun))
        ):
            continue
        planned = last.has("PLANNED") and not noun.has("PLANNED")  # "surgery, or planned use of steroids during ..."
        alike = (
            (as_behind and noun.kinds == last.kinds)
            or (is_event(noun) and is_event(last))
            or (back and _pass(noun) and (_pass(last) or _of_one_need(here, item, noun, last)))
            or (back and (_are_tests(noun, last) or _are_abuse(noun, last)))
            or (back and (_are_taken(here, item, last) or _have_been(here, item, last_item)))
            or before_it
        )
        if sure and not (item.beside or planned) and alike:
            item.window = window
        else:
            item.window = replace(window, windows=window.windows)
            item.modifiers.append(Token("MAYBE_WINDOW", window, item.start, item.end))
