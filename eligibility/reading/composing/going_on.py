"""Items that go on with the one before them: "by CT or magnetic resonance", "..., in the past 6 months"."""

from __future__ import annotations

import re
from typing import Final

from eligibility.knowledge.attributes import is_method
from eligibility.reading.composing.attribute_phrases import is_at_a_place
from eligibility.reading.composing.closings import CHANGED
from eligibility.reading.composing.items import anchored
from eligibility.reading.composing.judgements import hinders, is_generic
from eligibility.reading.composing.open_phrases import begins_with_preposition
from eligibility.reading.composing.terms import FRAMES, Composing, Item
from eligibility.reading.drafting.beside_names import is_event
from eligibility.reading.drafts import unread
from eligibility.reading.judging import DISTURBED
from eligibility.reading.lexing.tokens import Token
from eligibility.reading.patterns import any_word, just_before
from eligibility.reading.phrases import AgeRead, Measured, Noun


def swallow(here: Composing, items: list[Item], separators: list[str]) -> tuple[list[Item], list[str]]:
    """The items without those that only go on with the one before them, which then has their words or their time."""
    kept, between = items[:1], []
    for item, separator in zip(items[1:], separators, strict=True):
        last = kept[-1]
        if _goes_on(here, last, item, separator, of_two=len(items) == 2):
            last.end = item.end
            continue
        if isinstance(item.core, Noun) and not last.beside and _follows(here, last, item):
            led = last.also[-1] if last.also else last.core
            if isinstance(led, Noun) and led.kinds == {"TREATMENT"}:  # "planned A followed by B": both are planned
                item.core.before = [*(t for t in led.before if t.type in FRAMES), *item.core.before]
        kept.append(item)
        between.append(separator)
    return kept, between


def _goes_on(here: Composing, last: Item, item: Item, separator: str, *, of_two: bool) -> bool:
    """Give the words of an item, or its time, to the last one where they are its; false where it is one of its own."""
    if separator == "COMMA" and item.words is not None and _is_apposed(here, last, item):
        if item.lead_window is not None and not _dates(here, last, item):
            return False
        last.beside.append(unread(here.text, item.words.start, item.end, "narrowing"))  # "A, B, in the study eye"
        return True
    if of_two and separator == "COMMA" and _is_where(here, last, item):
        last.words = Token("UNREAD", "", last.start, item.end)
        return True
    if separator == "COMMA" and not here.excepting and item.words is None and _dates(here, last, item):
        return True
    disturbed = _goes_on_judged(here, last, item) or _one_more_effect(here, last, item)
    if disturbed or _one_more_organ(here, last, item):
        if last.words is not None and not last.beside:
            last.words = Token("UNREAD", "", last.words.start, item.end)
        elif last.beside:
            _put_behind(here, last, item)
        return True
    if last.beside and (
        (separator == "SLASH" and _is_one_more_way(here, last, item))
        or _follows(here, last, item)
        or _is_one_more_method(here, last, item)
    ):
        _put_behind(here, last, item)
        return True
    return False


def _put_behind(here: Composing, last: Item, item: Item) -> None:
    """The words of an item as the end of those beside the last one."""
    last.beside[-1] = unread(here.text, last.beside[-1].start, item.end, "narrowing")


def _is_apposed(here: Composing, last: Item, item: Item) -> bool:
    """Whether words behind a comma begin as an attribute of the name before it does."""
    if item.core is not None or item.words is None or item.negations or item.groups:
        return False
    plain = isinstance(last.core, Noun) and not last.beside
    return plain and begins_with_preposition(here.text[item.words.start : item.words.end])


def _is_one_more_way(here: Composing, last: Item, item: Item) -> bool:
    """ "Diagnosed by an exam of biopsy/resection": what is done is one more way of finding out."""
    by = _BY_METHOD.search(here.text, last.beside[-1].start, last.beside[-1].end)
    if by is None or not isinstance(item.core, Noun) or item.core.kinds != {"TREATMENT"}:
        return False
    return not (item.core.before or item.also or item.negations or item.window or item.groups or item.frames)


def _follows(here: Composing, last: Item, item: Item) -> bool:
    """Whether it is what something before it is followed by: "candidates of chemotherapy with A followed by B"."""
    if not isinstance(item.core, Noun) or item.negations:
        return False
    return just_before(_FOLLOWED, here.low, item.start, last.start) is not None


def _is_one_more_method(here: Composing, last: Item, item: Item) -> bool:
    """Whether words go on with those that say how something was found out: "by CT or magnetic resonance"."""
    if not (_is_study(item) if item.core is not None else item.words is not None) or item.negations or item.window:
        return False
    if (item.core is not None or item.groups) and not is_method("by " + here.text[item.start : item.end]):
        return False
    said = here.text[last.beside[-1].start : last.beside[-1].end]
    return _METHOD.match(said) is not None or is_method(said) or _ENDS_IN_METHOD.search(said) is not None


_METHOD: Final = re.compile(
    r"(?:based on|according to|as (?:determined|assessed|measured|defined|documented|evidenced|shown|judged"
    r"|confirmed) by|determined by|assessed by|measured by|confirmed by|per|by|using|via|with)\b",
    re.IGNORECASE,
)
_FOLLOWED: Final = re.compile(any_word("followed by") + r"\s+(?:an? |the )?$")
_ENDS_IN_METHOD: Final = re.compile(r"\b(?:by|via|using)\s+(?:[\w-]+\s+)?[\w-]+$", re.IGNORECASE)
_BY_METHOD: Final = re.compile(r"\b(?:by|on|from|via|through)\b", re.IGNORECASE)


def _is_study(item: Item) -> bool:
    """Whether it names a way of finding something out, and no result of it."""
    core = item.core
    return (
        isinstance(core, Noun)
        and core.kinds == {"ANALYTE"}
        and not (core.before or core.behind or core.head.words or item.also or item.beside or item.frames)
    )


def _is_where(here: Composing, last: Item, item: Item) -> bool:
    """Whether words are the place of what stands before them, by words that are no name: "scars, in the study eye"."""
    if last.core is not None or last.words is None or last.unclear or last.beside or last.groups or last.negations:
        return False
    if item.core is not None or item.words is None or item.negations or item.groups or item.window or item.modifiers:
        return False
    said = here.text[item.start : item.end]
    return begins_with_preposition(said) and is_at_a_place(said)


def _dates(here: Composing, last: Item, item: Item) -> bool:
    """Whether a time that stands first behind a comma is that of what precedes it: "seizures, in the past 6 months"."""
    if item.lead_window is None or item.core is not None or item.bounds is not None:
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
        return anchored(last.core, item.lead_window)
    if isinstance(last.core, AgeRead) and not last.core.bare and item.lead_window.now:
        return not last.also  # "18 to 65 years, inclusive, at the time of consent"
    if last.window is not None or last.also or not isinstance(last.core, Noun | Measured):
        return False
    last.window, last.window_at = item.lead_window, (item.start, item.end)
    return True


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


_MAY_DO: Final = re.compile(
    r"\b(?:that|which)\s+(?:could|would|may|might|can|will)\s+(?!not\b)\w|\b(?:(?:un)?likely|not\s+expected)\s+to\s+\w"
    r"|\b(?:preclud|prevent|hinder|limit|impair|compromis|confound|affect|interfer)ing\s"
)
_EFFECT_ON: Final = re.compile(  # of what a clause says that something may disturb it
    r"(?:(?:the|an?|their|his|her|its|patients?['’]?s?|subjects?['’]?s?|participants?['’]?s?|study|drug|trial|proper|safe|oral"
    r"|adequate|successful|accurate|full|overall|required|necessary|planned|scheduled|appropriate)\s+)*"
    rf"(?:(?:{DISTURBED}|measurements?|testing|management)\b|(?:safety|efficacy|tolerability)\W*$)"
)


def _one_more_effect(here: Composing, last: Item, item: Item) -> bool:
    """Whether words name one more thing that a clause says may be disturbed: "... compliance or interpretation"."""
    if (item.core is not None and not item.unclear) or item.words is None or item.negations or item.groups:
        return False
    if item.window or last.groups or item.also or item.words.start != item.start:
        return False
    if _EFFECT_ON.match(here.low, item.start, item.words.end) is None or _MAY_DO.search(here.low, item.start, item.end):
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
