"""One item of a list -> its draft, with what stands beside it and in its parentheses."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Final

from eligibility.knowledge.attributes import is_method
from eligibility.knowledge.qualifiers import Qualifier
from eligibility.knowledge.tnm import tnm
from eligibility.knowledge.vocabulary import ANY_CONDITION, ANY_TREATMENT, Entry, vocabulary
from eligibility.reading.composing.asides import or_in_words
from eligibility.reading.composing.attribute_phrases import are_attributes, is_attribute
from eligibility.reading.composing.circumstances import on_record
from eligibility.reading.composing.closings import names_event
from eligibility.reading.composing.enclosed_facts import is_alternative, is_its_level, levelled
from eligibility.reading.composing.exceptions import excepting
from eligibility.reading.composing.facts import phrase_draft
from eligibility.reading.composing.fitness import defines_fitness
from eligibility.reading.composing.groups import parenthesised
from eligibility.reading.composing.items import part_aside
from eligibility.reading.composing.judgements import is_attested, judged_clause, judgement, possibility
from eligibility.reading.composing.own_limits import analytes_of, of_that_eye
from eligibility.reading.composing.predicates import is_told_of_time, told_when
from eligibility.reading.composing.qualifying import (
    ends_exception,
    goes_on,
    is_of_another_day,
    is_of_person,
    is_of_qualifier,
    qualified,
    told,
)
from eligibility.reading.composing.terms import (
    PEOPLE,
    QUALIFIER_REACHES,
    Composing,
    Inherited,
    Item,
    StatementRead,
    is_pregnancy,
)
from eligibility.reading.composing.times_told import is_stable, tells_rate, tells_state
from eligibility.reading.composing.unknowns import ANOTHER, unknown
from eligibility.reading.composing.windows import WINDOW_REACHES
from eligibility.reading.drafts import Draft, all_of, ambiguous, any_of, negated, rebuilt, unread
from eligibility.reading.grammar import Refused
from eligibility.reading.lexing.tokens import Token
from eligibility.reading.patterns import LISTED, OR_AT, PERSONS, just_before
from eligibility.reading.phrases import AgeRead, Head, Measured, Noun
from eligibility.reading.sentences import Group
from eligibility.rules import (
    Age,
    Allergy,
    Ambiguous,
    Concept,
    Condition,
    Finding,
    Measurement,
    Not,
    PatientAttribute,
    Rule,
    Sex,
    Statement,
    Treatment,
)

_TRIAL: Final = "participation in another clinical trial"
_OF_AN_AGE: Final = PEOPLE - {"NOT_CHILDBEARING"}  # "2 years postmenopausal"


_CONTRAINDICATED: Final = re.compile(
    r"\s+(?:use\s+)?(?:(?:is|are|was|were|be|being|may|might|would|could|can|has|have|been)\s+)*(?:\w+ly\s+)?contraindicated"
)


def build(here: Composing, item: Item, unclear: bool) -> Draft | None:
    """The draft of one item, its negation left out."""
    draft = _built(here, item, unclear)
    if draft is None or all(leaf.rule.kind != "unread" for leaf in draft.innermost()):
        return draft
    begin = _behind_negations(here, item)
    if item.groups:
        explained = item.groups[-1].end == item.end and is_stable(here.text[begin : item.groups[0].start])
        return on_record(here, begin, item.end) if explained and len(item.groups) == 1 else draft
    often = tells_rate(here.text[begin : item.end], excluding=here.exclusion)
    return on_record(here, begin, item.end) if often else draft


def _built(here: Composing, item: Item, unclear: bool) -> Draft | None:
    if unclear:
        return _unclear(here, item)
    if (length := _length_of_time(here, item)) is not None:
        return length
    try:
        core = core_draft(here, item)
    except Refused:
        return _unclear(here, item)
    if core is None:
        return None
    if _may_be_more(here, item):
        other = unread(here.text, item.beside[0].start, item.beside[0].end)
        item.beside = []
        first = build(here, item, unclear)
        return any_of([first, other]) if first is not None else other  # "A or more than ½ teaspoon of B"
    item.beside = [words for words in item.beside if not _in_its_name(here, item, core, words)]
    if (said := _contraindicated(here, item, core)) is not None:
        return said
    part_aside(here, item)
    core = _levelled(here, item, core)
    if isinstance(core.rule, Measurement) and _HAD_ONCE.match(here.low, item.start, core.end):
        return unread(here.text, item.start, item.end)  # "history of QTc > 500 ms": any value there was, not the latest
    if not _says_more(item):
        return core
    return _with_all(here, item, core)


def _with_all(here: Composing, item: Item, core: Draft) -> Draft:
    """A fact with all that is said beside it, and what the parentheses behind it make of it."""
    parts = [core, *_further(here, core, item)]
    if isinstance(item.core, Measured):
        item.beside = [
            words for words in item.beside if not is_method(here.text[words.start : words.end], of_number=True)
        ]
    if len(parts) == 2:
        parts = _as_one(here, parts)
    behind = [words for words in item.beside if item.groups and words.start >= item.groups[-1].end]
    item.beside = [judged_clause(here, words) for words in item.beside]
    item.shared = [judged_clause(here, words) for words in item.shared]
    if len(parts) == 2 and defines_fitness(here, parts[0], parts[1]):
        parts = [replace(parts[1], start=parts[0].start)]  # "adequate heart function with an LVEF >= 50 %"
    core = parts[0]
    if len(parts) > 1:
        parts, item.beside = _each_with_its_own(here, parts, item.beside)
    elif (qualified_core := _qualified(here, item, core)) is None:
        return _at_another_time(here, item, core)
    else:
        core, item.beside = qualified_core
        parts = [core]
    try:
        draft = _with_doubts(here, item, _together(here, item, core, parts))
    except Refused:
        return unknown(here, item.start, item.end)
    draft = _with_groups(here, item, draft)
    if here.exclusion and item.groups and draft.rule.kind == "all" and _behind_parenthesis(here, draft.parts):
        draft = ambiguous([draft, any_of(draft.parts)], "names side by side")
    draft = _with_words_behind(here, item, draft, behind)
    if item.perhaps is None:
        return draft
    return _perhaps(here, core, draft, item.perhaps, said_of_all=_has_head_of(here, item, item.perhaps))


def _says_more(item: Item) -> bool:
    """Whether anything is said beside the fact that an item is about."""
    return bool(
        item.also
        or item.beside
        or item.shared
        or item.groups
        or item.doubted
        or item.under
        or item.beside_or_not
        or item.perhaps
    )


def _length_of_time(here: Composing, item: Item) -> Draft | None:
    """A length of time that is no age: its words; None of what may be one, and of anything else."""
    ages = [c for c in item.cores if isinstance(c, AgeRead) and c.bare]
    if not ages:
        return None
    alone = all(
        c is ages[0] or isinstance(c, AgeRead) or (isinstance(c, Noun) and c.kinds <= _OF_AN_AGE) for c in item.cores
    )
    if alone and not item.beside:
        return None
    if _CLAUSE_ENDS.match(here.text, item.end) is not None:
        return _in_words(here, item, [])
    return unread(here.text, item.start, item.end)


def _may_be_more(here: Composing, item: Item) -> bool:
    """Whether a name is followed by an alternative that was not understood, and by nothing else."""
    if not isinstance(item.core, Noun) or len(item.beside) != 1 or item.groups:
        return False
    return OR_AT.match(here.low, item.beside[0].start) is not None


def _contraindicated(here: Composing, item: Item, core: Draft) -> Draft | None:
    """Who may not be given a treatment is not who is."""
    if not isinstance(core.rule, Treatment) or not item.beside:
        return None
    if not _CONTRAINDICATED.fullmatch(here.low, core.end, item.beside[0].start + len("contraindicated")):
        return None
    end = item.beside[-1].end
    return Draft(Statement(text=here.text[core.start : end], topic="contraindication", who="site"), core.start, end)


def _qualified(here: Composing, item: Item, core: Draft) -> tuple[Draft, list[Draft]] | None:
    """One fact with the words beside it, and those of them that are said besides; None where an age is that of another
    day: "40 years or younger at the time of diagnosis"."""
    core, left = qualified(here, core, item.beside, sure=is_of_qualifier(here, item))
    if not left:
        core, item.shared = _with_shared(here, core, item.shared)
    elif _are_ages(core) and any(is_of_another_day(here, words) for words in left):
        item.beside = left
        return None
    elif is_of_person(core.rule):
        left = [told(here, words) for words in left]
    return core, left


def _at_another_time(here: Composing, item: Item, core: Draft) -> Draft:
    """An age on a day that a chart may tell, or on one that is not understood."""
    (words, *more) = item.beside
    if not more and is_attribute(here.text[words.start : words.end]):
        return on_record(here, item.start, item.end)
    return unread(here.text, item.start, item.end)


def _together(here: Composing, item: Item, core: Draft, parts: list[Draft]) -> Draft:
    """Facts, and the words beside them that are said besides."""
    besides = [*item.beside, *item.shared]
    draft = all_of([*parts, *besides]) if len(parts) + len(besides) > 1 else core
    if besides or len(parts) == 1:
        return draft
    if here.exclusion and (_side_by_side(here, parts) or _afresh(item)):
        draft = ambiguous([draft, any_of(parts)], "names side by side")
    return levelled(*parts) if len(parts) == 2 and is_its_level(parts[0], parts[1]) else draft


def _with_doubts(here: Composing, item: Item, draft: Draft) -> Draft:
    """A fact with what may be said of it, or of something else. Raises :exc:`Refused` where that is not understood."""
    if item.doubted is not None:
        both = all_of([phrase_draft(here, item.doubted, None, None), draft])
        draft = ambiguous([draft, both], "an alternative to part of what precedes, or to all of it")
    if item.under is not None:
        whole = phrase_draft(here, item.under, None, None)
        draft = all_of([whole, for_it(here, whole, draft, "requiring")])
    if item.beside_or_not is not None:
        draft = ambiguous([draft, all_of([draft, item.beside_or_not])], "words that may be about the next name, too")
    return draft


def _with_groups(here: Composing, item: Item, draft: Draft) -> Draft:
    """A fact with what the parentheses behind it make of it."""
    for group in item.groups:
        # of what is denied, "(unless C)" and "(C is allowed)" say what they say of what excludes
        denied = bool(item.negations) and (unless(group) or permits(group))
        inner = here.excluding() if denied else here
        if is_alternative(here, group) and _dated_behind(here, draft, item, group):
            draft = any_of([draft, unread(here.text, group.start, item.end)])
            continue
        at = next((i for i, part in enumerate(draft.parts) if part.start >= group.end), 0)
        if at and draft.rule.kind == "all":  # "A <= 3 x ULN (<= 5 x ULN if ...) B >= 2": of what stands before it
            those = (*draft.parts[: at - 1], parenthesised(inner, draft.parts[at - 1], group), *draft.parts[at:])
            draft = rebuilt(draft, those)
        else:
            made = parenthesised(inner, draft, group)
            draft = made if denied and here.exclusion else or_in_words(inner, draft, made, group)
    return draft


def _with_words_behind(here: Composing, item: Item, draft: Draft, behind: list[Draft]) -> Draft:
    """ "Surgery (or need for surgery) in the study eye": the words behind the alternative are said of it, too."""
    if not behind or draft.rule.kind != "any" or draft.parts[-1].start < item.groups[-1].start:
        return draft
    if not is_alternative(here, item.groups[-1]):
        return draft
    there, left = qualified(here, draft.parts[-1], behind)
    return rebuilt(draft, (*draft.parts[:-1], all_of([there, *left])))


def _are_ages(draft: Draft) -> bool:
    return all(isinstance(leaf.rule, Age) for leaf in draft.innermost())


def _in_its_name(here: Composing, item: Item, core: Draft, words: Draft) -> bool:
    """Whether a number is part of the words that an item is read as: "removal of one ovary", "part 2b", "day 105"."""
    if item.words is None or item.core is not None or core.wholly_unread or core.parts:
        return False
    if not (core.start <= words.start and words.end <= core.end):
        return False
    if _ONE.fullmatch(here.low, words.start, words.end):
        return True
    counted = just_before(_COUNTED_THROUGH, here.low, words.start) is not None
    beside = here.text[words.start - 1 : words.start].isalpha() or here.text[words.end : words.end + 1].isalpha()
    return (counted or beside) and here.text[words.start : words.end].isdigit()


_ONE: Final = re.compile(r"one|single")
_COUNTED_THROUGH: Final = re.compile(
    r"\b(?:phase|part|cohort|arm|step|group|day|visit|cycle|stage|type|period|study|trial|stratum|track|module|panel)\s+$"
)


def _with_shared(here: Composing, core: Draft, shared: list[Draft]) -> tuple[Draft, list[Draft]]:
    """A fact with the words behind the last of its list, where they may be said of it, too."""
    if here.excepting and shared and all(ends_exception(here, words) for words in shared):
        made, left = qualified(here, core, shared, sure=True)
        return (core if left else ambiguous([core, made], "said of all that is excepted, or of the last")), left
    return qualified(here, core, shared)


def _levelled(here: Composing, item: Item, core: Draft) -> Draft:
    """A fact with how much of something it takes, which is said of what must not have been: "4 weeks since radiotherapy
    to > 25 % of the marrow"."""
    level = phrase_draft(here, item.level, None, None) if item.level is not None else None
    if level is None:
        return core
    if item.since is not None and isinstance(core.rule, Not) and core.parts:
        return negated(levelled(core.parts[0], level), (core.start, max(core.end, level.end)))
    return levelled(core, level)


def _further(here: Composing, core: Draft, item: Item) -> list[Draft]:
    """What the further phrases of an item say beside its core."""
    found: list[Draft] = []
    for other in item.also:
        if isinstance(core.rule, Treatment) and core.rule.concept.name == _TRIAL and isinstance(other, Noun):
            found.append(unread(here.text, other.start, other.end, "narrowing"))  # a trial with a drug is no drug
            continue
        possible = possibility(here, item, other)
        if possible is not None:
            found.append(possible)
            continue
        try:
            beside = of_that_eye(core, phrase_draft(here, other, None, None))
            if isinstance(core.rule, Finding) and isinstance(beside.rule, Allergy):
                raise Refused  # "mutations sensitive to gefitinib"
            found.append(for_it(here, core, beside))
        except Refused:
            start = other.draft.start if isinstance(other, StatementRead) else other.start
            words = unread(here.text, start, item.end, "narrowing")
            alone = len(item.also) == 1 and not item.beside and core.end <= start < item.end
            if alone and (just_before(_TOLD_OF_IT, here.low, start) or goes_on(here, core, words)):
                item.also, item.beside = [], [words]  # "a condition that precludes surgery"
            else:
                found.append(words)
    return found


_TOLD_OF_IT: Final = re.compile(r"\b(?:that|which|who|with|having)\s+(?:(?:an?|the|would|may|might|could|can)\s+)*$")


def _each_with_its_own(here: Composing, parts: list[Draft], beside: list[Draft]) -> tuple[list[Draft], list[Draft]]:
    """Several phrases, each with the words right behind it that are its attribute; and the words that are none."""
    made, left = list(parts), []
    for words in beside:
        before = [part for part in made if part.end <= words.start]
        nearest = max(before, key=_end) if before else None
        if nearest is None or here.text[nearest.end : words.start].strip(" ,") or not goes_on(here, nearest, words):
            left.append(words)
            continue
        one, rest = qualified(here, nearest, [words])
        left += [told(here, each) for each in rest] if is_of_person(nearest.rule) else rest
        made[made.index(nearest)] = one
    return made, left


def _end(draft: Draft) -> int:
    return draft.end


def _as_one(here: Composing, parts: list[Draft]) -> list[Draft]:
    """Two phrases side by side, as the one that they may be: "asthma medications"."""
    first, second = parts
    return (
        _medication(here, first, second)
        or _for_disease(here, first, second)
        or _treated_with(here, first, second)
        or _against_it(here, first, second)
    ) or parts


def _dated_behind(here: Composing, draft: Draft, item: Item, group: Group) -> bool:
    """Whether a time stands behind a parenthesis, and words that take none before it: "words (or A) within 30 days"."""
    return draft.rule.kind in ("unread", "statement") and _TIME.search(here.low, group.end, item.end) is not None


_TIME: Final = re.compile(r"\b(?:within|in the (?:past|last)|during|prior to|before|since|for)\b")


def _against_it(here: Composing, first: Draft, second: Draft) -> list[Draft] | None:
    """ "A contraindication to MRI with gadolinium": to all of it; None where the second is no part of it."""
    rule = first.rule
    if not isinstance(rule, Statement) or rule.topic != "contraindication" or not isinstance(second.rule, Treatment):
        return None
    if _WITH.fullmatch(here.low, first.end, second.start) is None:
        return None
    said = f"{rule.text} {here.text[first.end : second.end].strip()}"
    return [replace(first, rule=rule.model_copy(update={"text": said}), end=second.end)]


_WITH: Final = re.compile(r"\s*\b(?:with|using|by)\s+")


def _is_said_of_all_people(here: Composing, draft: Draft, theirs: list[Draft], last: Item) -> bool:
    """Whether an age or a disease behind the last of those who may take part is that of all of them: "men and
    non-pregnant women aged 18 to 65", of whom the last are told apart by no more than that."""
    if here.exclusion or not all(
        isinstance(leaf.rule, Age | Condition) for each in theirs for leaf in each.innermost()
    ):
        return False
    people = isinstance(draft.rule, Sex) or is_pregnancy(draft.rule)
    return people and _NO_MOTHERS.search(here.low, draft.start, last.end) is not None


_NO_MOTHERS: Final = re.compile(r"\b(?:non|not)[-\s]?\s?(?:pregnant|lactating|nursing|breast)")


def _has_head_of(here: Composing, item: Item, last: Item) -> bool:
    """Whether what is named is named once, behind both: "localized or locally advanced cancer", not "incomplete
    resection or primary tumor"; so are two that a slash makes one."""
    one_head = item.elided or item.core_end == last.core_end
    if not one_head and _LINK.match(here.low, last.core_end):  # not in "renal or hepatic disease Receipt of a vaccine"
        if _SLASH.fullmatch(here.low, item.core_end, last.start):
            return True  # "bronchopulmonary dysplasia/chronic lung disease on assisted ventilation"
        one_head = _is_named_behind(here, item, last)
    return one_head and _A_STATE.search(here.low, item.start, item.end) is None


def _is_named_behind(here: Composing, item: Item, last: Item) -> bool:
    """Whether the name of an item ends with that of the last: "type 1 or 2 diabetes", "renal or hepatic disease"."""
    noun, other = item.core, last.core
    if not isinstance(noun, Noun) or not isinstance(other, Noun) or len(noun.head.names) != 1:
        return False
    own, behind = here.text[noun.head.start : item.end], here.text[other.head.start : other.head.end].split()
    if not item.shares_head and vocabulary().find(own) is not None:
        return False
    wholes = (" ".join([own, *behind[at:]]) for at in range(len(behind)))
    return any(vocabulary().find(whole) == noun.head.names[0].value for whole in wholes)


_LINK: Final = re.compile(
    r"\s*(?:\(\w+\)\s*)?(?:with|on|who|whose|that|which|requir\w+|need\w*|necessitating|treated|receiving|undergoing"
    r"|managed|controlled|under|not|without|despite|after|for|capable|causing|having|likely|expected|unable)\b"
)
_SLASH: Final = re.compile(r"\s*/\s*")
_A_STATE: Final = re.compile(r"(?:tion|sion|ment|ness|ity)$")


def _perhaps(here: Composing, core: Draft, draft: Draft, last: Item, *, said_of_all: bool) -> Draft:
    """An item with what is said beside the last of its list, which may be said of all that is listed."""
    theirs = _further(here, core, last)
    if any(each.wholly_unread for each in theirs):
        return all_of([draft, unread(here.text, theirs[0].start, last.end, "narrowing")])
    every = _as_one(here, [draft, *theirs]) if len(theirs) == 1 else [draft, *theirs]
    if said_of_all:
        return all_of(every)
    if _is_said_of_all_people(here, draft, theirs, last):
        return draft if is_pregnancy(draft.rule) else all_of(every)  # what is denied is of nobody
    then = [_at_time_of(draft, each.rule) for each in theirs]
    return ambiguous([draft, *then, all_of(every)], "what is said beside the last of a list may be said of all of it")


def _at_time_of(draft: Draft, rule: Rule) -> Draft:
    """ "A or B requiring C within 90 days": A within these days, where it has no time of its own."""
    mine = draft.rule
    if not isinstance(mine, Condition | Treatment) or mine.window is not None or mine.time in ("now", "planned"):
        return draft
    theirs = rule.window if isinstance(rule, Condition | Treatment) else None
    return replace(draft, rule=mine.model_copy(update={"window": theirs})) if theirs is not None else draft


def _unclear(here: Composing, item: Item) -> Draft:
    """All of an item as words, apart from the parentheses that close it."""
    closing = _closing(here, item)
    draft = _in_words(here, item, closing)
    for group in closing:
        if group.start >= draft.end:
            draft = parenthesised(here, draft, group)
    return draft


def _in_words(here: Composing, item: Item, closing: list[Group]) -> Draft:
    """The words of an item before the parentheses that close it."""
    end = len(here.text[: closing[0].start].rstrip()) if closing else item.end
    start = _behind_negations(here, item)
    draft = _timed(here, item, end) or _lasting_so_long(here, item, end) or unknown(here, start, end)
    spared = draft.rule.kind == "statement" and any(unless(group) or permits(group) for group in closing)
    return unread(here.text, start, item.end if item.unclear else end) if spared else draft


def _timed(here: Composing, item: Item, end: int) -> Draft | None:
    """Words with a time behind them as what happened then: "change in diet within 3 months"; None for any others."""
    window, (start, last) = item.window, item.window_at
    closing = next((core for core in reversed(item.cores) if core is not None), None)
    if window is None and isinstance(closing, Noun) and closing.behind and closing.behind[-1].type == "WINDOW":
        window, start, last = closing.behind[-1].value, closing.behind[-1].start, closing.behind[-1].end
    first = _behind_negations(here, item)
    said = here.text[first:start].strip(" ,")
    if window is not None and last == end and said and item.lead_window is None and _is_study(here, item, first, start):
        return on_record(here, first, end)
    if item.words is None or window is None or last != end or not said or item.lead_window is not None:
        return None
    if is_told_of_time(said):
        return on_record(here, first, end)
    another = ANOTHER.match(said)
    named = another.end() if another else 0
    if window.planned or not window.windows or not names_event(said[named:]):
        return None
    if another and just_before(LISTED, here.low, first) is not None:
        return None  # "gene therapy or other such treatment within 3 months"
    frames = [Token("PRESENCE", "", first, first)]
    if another:
        frames.append(Token("OTHER", "other", first, first + named))
    head = Head([], [], first + named, first + len(said))
    try:
        return phrase_draft(here, Noun(head, frames, [], first, end), window, None)
    except Refused:
        return None


def _lasting_so_long(here: Composing, item: Item, end: int) -> Draft | None:
    """Words with a length of time behind them as what has lasted so long: "incontinence for at least 6 months"."""
    if item.words is None or len(item.modifiers) != 1 or item.core is not None or item.window or item.lead_window:
        return None
    length, first = item.modifiers[0], _behind_negations(here, item)
    said = here.text[first : length.start].strip(" ,")
    if length.type != "LASTING" or length.end != end or item.beside or item.frames or not names_event(said):
        return None
    frame = Token("PRESENCE", "", first, first)
    try:
        return phrase_draft(
            here, Noun(Head([], [], first, first + len(said)), [frame], [length], first, end), None, None
        )
    except Refused:
        return None


def _is_study(here: Composing, item: Item, start: int, end: int) -> bool:
    """Whether what stands before a time is a way of finding something out, and no result of it: "MRI of the brain"."""
    if not isinstance(item.core, Noun) or item.core.kinds != {"ANALYTE"} or item.also or item.groups:
        return False
    if just_before(LISTED, here.low, start) is not None:
        return False  # "MRI or CT scan within 4 weeks"
    at = item.core.head.end
    if _DONE.fullmatch(here.text, at, end) is None:
        return False
    rule = unknown(here, start, at).rule
    return isinstance(rule, Statement) and rule.topic == "circumstance"


_DONE: Final = re.compile(
    r"\s*(?:(?:that|which)\s+)?(?:(?:is|are|was|were|(?:has|have)\s+been)\s+)?"
    r"(?:(?:performed|done|taken|obtained|completed|conducted|carried out|acquired|available|documented)\s+)?,?\s*",
    re.IGNORECASE,
)


def _behind_negations(here: Composing, item: Item) -> int:
    """Where an item says what it denies, or what it says."""
    if not item.negations:
        return item.start
    rest = here.text[item.negations[-1].end : item.end]
    return item.end - len(rest.lstrip())


def _closing(here: Composing, item: Item) -> list[Group]:
    """The parentheses behind which nothing of an item stands, where something stands before them."""
    end = item.end
    found: list[Group] = []
    for group in reversed(item.groups):
        if here.text[group.end : end].strip():
            break
        found.insert(0, group)
        end = group.start
    return found if here.text[item.start : end].strip() else []


_HAD_ONCE: Final = re.compile(r"(?:(?:an?|any|prior|previous|past|medical|known)\s+)*history\s+of\b")


def unless(group: Group) -> bool:
    """Whether a parenthesis says when what precedes it does not count."""
    return group.body.body is None and bool(group.body.tails) and group.body.tails[0].has("UNLESS")


def permits(group: Group) -> bool:
    """Whether a parenthesis says what is allowed: "(topical steroids are allowed)"."""
    return group.body.body is not None and len(group.body.tails) == 1 and group.body.tails[0].has("ALLOWED")


def _afresh(item: Item) -> bool:
    """Whether a second clause begins in it, though no connective says so: "taking warfarin history of bleeding"."""
    behind = item.core.behind if isinstance(item.core, Noun) else []
    return bool(behind) and behind[-1].type == "HISTORY" and str(behind[-1].value).endswith(" of")


def _side_by_side(here: Composing, parts: list[Draft]) -> bool:
    """Whether several diseases, or limits, stand with nothing between them: "renal failure pregnancy"."""
    named = all(isinstance(part.rule, Condition | Allergy | PatientAttribute) for part in parts)
    named = named or all(analytes_of(part) and not _TOGETHER.match(here.low, part.start) for part in parts)
    lines = all(  # that have lost what parted them
        here.text[part.start].isupper() and not any(isinstance(leaf.rule, Measurement) for leaf in part.leaves())
        for part in parts
    )
    if (named or lines) and not any(here.text[a.end : b.start].strip() for a, b in pairwise(parts)):
        return True
    return any(  # two of them, whatever stands before and behind these
        isinstance(a.rule, Condition) and isinstance(b.rule, Condition) and not here.text[a.end : b.start].strip()
        for a, b in pairwise(parts)
    )


def _behind_parenthesis(here: Composing, parts: Sequence[Draft]) -> bool:
    """ "Allergy to A (or B) allergy to C": a list that has lost its lines."""
    allergies = all(isinstance(leaf.rule, Allergy) for part in parts for leaf in part.innermost())
    return allergies and all(here.text[: b.start].rstrip().endswith(")") for b in parts[1:])


_TOGETHER: Final = re.compile(r"(?:in|with|at|when|while|despite|plus|on)\b")
_GENERAL: Final = frozenset(("drug", "therapy", "treatment", "surgery"))


def _medication(here: Composing, first: Draft, second: Draft) -> list[Draft]:
    """ "Asthma medications" are drugs for asthma, not asthma and drugs; nothing where the two are not one name."""
    disease, drug = first.rule, second.rule
    if not isinstance(disease, Condition) or not isinstance(drug, Treatment) or drug.concept.name not in _GENERAL:
        return []
    named = Condition(concept=disease.concept, time=disease.time, qualifiers=disease.qualifiers)
    if here.text[first.end : second.start].strip() or disease != named:
        return []
    apart = _SAID_OF_IT.search(here.low, first.start, second.start) or _SAID_OF_IT.match(here.low, second.start)
    if disease.qualifiers and apart is not None:
        return []  # "hypertension that is not controlled on medication"
    update = {
        "purpose": disease.concept,
        "time": disease.time if drug.time == "unstated" else drug.time,
        "qualifiers": tuple(dict.fromkeys((*disease.qualifiers, *drug.qualifiers))),  # "stable asthma medication"
    }
    return [replace(second, rule=drug.model_copy(update=update), start=first.start)]


_SAID_OF_IT: Final = re.compile(r"\b(?:that|which|who|is|are|was|were|not|on|with|despite|by|under|without)\b")


def _for_disease(here: Composing, first: Draft, second: Draft) -> list[Draft]:
    """ "Rabies immune globulin" is one for rabies, which nobody need have; nothing where the two are not one name."""
    disease, drug = first.rule, second.rule
    if (
        not isinstance(disease, Condition)
        or not isinstance(drug, Treatment)
        or here.text[first.end : second.start] != " "
    ):
        return []
    said = Condition(concept=disease.concept, time=disease.time)
    if disease != said or drug != Treatment(concept=drug.concept) or here.text[second.start].isupper():
        return []
    update = {"qualifiers": (f"for {disease.concept.name}",), "time": disease.time}
    return [replace(second, rule=drug.model_copy(update=update), start=first.start)]


def _treated_with(here: Composing, first: Draft, second: Draft) -> list[Draft]:
    """ "Treatment of arthritis with infliximab": the drug, for the disease; nothing for anything else."""
    given = first.parts[-1].rule if first.rule.kind == "all" and len(first.parts) == 2 else None
    drug = second.rule
    if not isinstance(given, Treatment) or given.concept.name != ANY_TREATMENT or given.purpose is None:
        return []
    if not isinstance(drug, Treatment) or drug.purpose or not _BY_MEANS_OF.match(here.low, first.end):
        return []
    time = given.time if drug.time == "unstated" else drug.time
    update = {"purpose": given.purpose, "time": time, "window": drug.window or given.window}
    return [replace(second, rule=drug.model_copy(update=update), start=first.start)]


_BY_MEANS_OF: Final = re.compile(r"\s*(?:with|by|using)\b")


def for_it(here: Composing, core: Draft, other: Draft, verb: str = "") -> Draft:
    """ "History of pneumonitis requiring steroids": they were required then, and for it.

    ``verb``: what stands before the first of several, and is said of all of them.
    """
    disease, treatment = core.rule, other.rule
    if (
        isinstance(disease, Ambiguous)
        and len({leaf.rule.concept for leaf in core.parts if isinstance(leaf.rule, Condition)}) == 1
    ):
        disease = disease.readings[0]  # a window that may not be its own: the same disease
    if not isinstance(disease, Condition) or not isinstance(treatment, Treatment):
        return other
    if treatment.concept.open and treatment.concept.name in ("treatment", "therapy"):
        treatment = treatment.model_copy(update={"concept": Concept(name=ANY_TREATMENT)})
        other = replace(other, rule=treatment, open=())
    if treatment.concept.name == "hormone replacement therapy" and _is_endocrine(disease):
        # "hypothyroidism on hormone replacement therapy": not that of the menopause
        treatment = treatment.model_copy(update={"concept": Concept(name="physiological hormone replacement")})
        other = replace(other, rule=treatment)
    entry = vocabulary().entry("treatment", treatment.concept.name)
    own = here.text[other.start : other.end]
    said = own.lower() if own.startswith(verb) else f"{verb} {own}".lower()
    past = disease.time == "ever" or disease.window is not None
    needed = not past and re.match(r"(?:requir|need)ing\b", said)
    if needed and entry is not None and entry.facts.get("type") in ("surgery", "transplant"):
        # "a hernia requiring surgery": which may not have been planned
        return Draft(Statement(text=said, topic="judgement", who="investigator"), other.start, other.end)
    if _NEEDED.search(said) and not treatment.purpose and entry is not None and _is_any(entry):
        # "an infection that needs systemic treatment": any that is given for it
        treatment = treatment.model_copy(update={"purpose": disease.concept})
        other = replace(other, rule=treatment)
    if (not past and treatment.time != "ever") or "requir" not in said:
        return other
    now = _AT_PRESENT.search(said) is not None  # "a history of asthma that currently requires steroids"
    update = {"time": "now" if now else "ever", "purpose": treatment.purpose or disease.concept}
    return replace(other, rule=treatment.model_copy(update=update))


_NEEDED: Final = re.compile(r"\b(?:requir|need)")


def _is_any(treatment: Entry) -> bool:
    """Whether it names no treatment in particular, but how it is given: a "systemic therapy"."""
    return bool(treatment.facts.get("circumstance") and treatment.facts.get("by_route"))


_AT_PRESENT: Final = re.compile(r"\b(?:current(?:ly)?|at present|presently|now|still)\b")


def _is_endocrine(disease: Condition) -> bool:
    return vocabulary().is_a("condition", disease.concept.name, "endocrine disease")


def _staged(here: Composing, item: Item) -> Draft | None:
    """ "(Inoperable) stage III or IV", with no disease named: of the disease under study."""
    stages = [t.value.names for t in item.modifiers if t.type == "STAGE_IS"]
    beside = tuple([t.value.name for t in item.modifiers if isinstance(t.value, Qualifier)])
    if len(stages) + len(beside) != len(item.modifiers) or len(stages) != 1 or item.frames:
        return None
    studied = here.context.studied
    if not studied and all(tnm(name) for name in stages[0]):
        studied = (Concept(name="malignancy"),)  # only a tumor is staged so
    if not studied or (beside and _OR_OF_WHAT.match(here.low, item.end)):
        return None  # "newly diagnosed stage I (grade 3) or stage II ovarian cancer"
    named = [Condition(concept=each, stages=stages[0], qualifiers=beside) for each in studied]
    return any_of([Draft(rule, item.start, item.end) for rule in named])


_OR_OF_WHAT: Final = re.compile(r"\s*(?:\([^)]*\)\s*)?(?:(?:,\s*)?(?:or|and|and/or)\b|/)")


def _staged_beside(here: Composing, item: Item, noun: Noun) -> Draft | None:
    """ "Stage II with a BRCA mutation", "stage IV with progression after A": the stage of the disease under study, and
    the test or treatment; None without a stage."""
    stages = [t for t in noun.before if t.type == "STAGE_IS"] if noun.kinds in _OF_NO_STAGE else []
    if not stages:
        return None
    tested = phrase_draft(
        here, replace(noun, before=[t for t in noun.before if t not in stages]), item.window, item.since
    )
    start, end = stages[0].start, stages[-1].end
    named = [Condition(concept=each, stages=stages[0].value.names) for each in here.context.studied]
    if len(stages) > 1 or not named:
        return all_of([unread(here.text, start, end, "narrowing"), tested])
    return all_of([any_of([Draft(rule, start, end) for rule in named]), tested])


_OF_NO_STAGE: Final = (frozenset(("ANALYTE",)), frozenset(("TREATMENT",)))


def _of_studied(here: Composing, item: Item) -> Draft | None:
    """ "Previously untreated", "unresectable", and no more: of the disease under study."""
    axes = _OF_DISEASE_ALONE if _CLAUSE_ENDS.match(here.text, item.end) else _OF_DISEASE
    found = [t.value for t in item.modifiers if isinstance(t.value, Qualifier) and t.value.axis in axes]
    if not found or len(found) < len(item.modifiers) or item.frames or item.lead_window or not here.context.studied:
        return None
    if here.excepting or not just_before(_BEGINNING, here.low, item.start) or _OF_WHAT.match(here.low, item.end):
        return None  # of what stands before it, or behind it
    names = tuple(each.name for each in found)
    return any_of([Draft(Condition(concept=c, qualifiers=names), item.start, item.end) for c in here.context.studied])


def _state_alone(here: Composing, item: Item) -> Draft | None:
    """Attributes, and no more, that are said of somebody, or denied of what stands before: "patients who are
    ventilator-dependent", "asthma not requiring systemic treatment"; None where they may be those of a noun behind."""
    if item.frames or item.groups or item.since or not any(isinstance(t.value, Qualifier) for t in item.modifiers):
        return None
    start = _behind_negations(here, item)
    alone = _NOTHING_ELSE.fullmatch(here.text, 0, start) and _NOTHING_ELSE.fullmatch(here.text, item.end)
    told = ("QUALIFIER", "LASTING") if alone else ("QUALIFIER",)
    if any(t.type not in told for t in item.modifiers):
        return None
    axes = [t.value.axis for t in item.modifiers if isinstance(t.value, Qualifier)]
    alone = alone if _STATES.issuperset(axes) else None
    if not item.negations and not alone and just_before(_SAID_OF_PEOPLE, here.low, start) is None:
        return None
    if item.negations and item.negations[-1].type != "NOT":
        return None
    text = here.text[start : item.end]
    ends = alone or _CLAUSE_ENDS.match(here.text, item.end) is not None
    return on_record(here, start, item.end) if ends and are_attributes(text, enclosed=False) else None


_SAID_OF_PEOPLE: Final = re.compile(
    rf"\b(?:{PERSONS}|those|adults|(?:wo)?men|children|who|they)\s+"
    r"(?:(?:who|that)\s+)?(?:is|are|was|were|be|been|remain|remains)\s+(?:(?:also|currently|still)\s+)*$"
)
_NOTHING_ELSE: Final = re.compile(rf"\W*(?:(?:{PERSONS})\W*)?", re.IGNORECASE)
_CLAUSE_ENDS: Final = re.compile(r"\s*(?:[.;)]|$|\n)")
_BEGINNING: Final = re.compile(
    rf"(?:^|[\n;*])\W*(?:(?:{PERSONS}|disease|must|have|has|be|been|is|are|with|who|not|no)\s+)*$"
)
_OF_WHAT: Final = re.compile(r"\s+(?:for|of|with|to|by|in|on|at|from)\b")
_OF_DISEASE: Final = frozenset(
    ("treatment", "resectability", "platinum sensitivity", "hormone sensitivity", "hormone receptors", "HER2")
)
_OF_DISEASE_ALONE: Final = _OF_DISEASE | {  # where the clause ends with it: "advanced" may be that of what follows
    "extent", "confirmation", "sensitivity", "response", "curability", "invasiveness", "microsatellites",
}  # fmt: skip
_STATES: Final = _OF_DISEASE_ALONE | {"symptoms", "stability", "measurability", "risk", "control", "dependence"}


def _generic(here: Composing, noun: Noun) -> bool:
    """Whether it names nothing that a record holds: "severe disease", "other underlying medical condition"."""
    names = [name.value for name in noun.head.names]
    anything = len(names) == 1 and isinstance(names[0], Entry) and names[0].name == ANY_CONDITION
    anything = anything and not noun.has("QUALIFIER")  # "serious medical illness including heart disease"
    if names and not noun.head.words and not anything:
        return False
    return is_attested((noun.said or here.text[noun.start : noun.end]).replace("(s)", ""))


def _names_it(rule: Rule, qualified: Rule) -> bool:
    """Whether all that the one says more than the other is in the name of what both are of."""
    if not isinstance(rule, Condition | Treatment) or not isinstance(qualified, Condition | Treatment):
        return False
    more = [each for each in qualified.qualifiers if each not in rule.qualifiers]
    alike = rule.model_copy(update={"qualifiers": qualified.qualifiers}) == qualified
    return alike and all(each in rule.concept.name.split() for each in more)


def core_draft(here: Composing, item: Item) -> Draft | None:
    """The draft of the phrase of an item, or of its unread words; None where it holds nothing.

    :raises Refused: what stands in it does not go together
    """
    maybe = [t for t in item.modifiers if t.type == "MAYBE_WINDOW"]
    doubtful = [t for t in item.modifiers if t.type == "MAYBE_QUALIFIER"]
    placed = [t for t in item.modifiers if t.type == "MAYBE_SITE"]
    lasting = [t for t in item.modifiers if t.type == "MAYBE_LASTING"]
    if item.core is not None:
        if len(item.modifiers) > len(maybe) + len(doubtful) + len(placed) + len(lasting):
            raise Refused
        if isinstance(item.core, Noun) and _generic(here, item.core):
            attested = judgement(here, item.core.start, item.core.end if item.also else item.end)
            if item.core.said:  # "clinical or other pulmonary illness": "clinical illness"
                attested = replace(attested, rule=attested.rule.model_copy(update={"text": item.core.said}))
            return attested
        if isinstance(item.core, Noun) and (staged := _staged_beside(here, item, item.core)) is not None:
            return staged
        draft = phrase_draft(here, item.core, item.window, item.since)
        if item.other_than is not None:
            named_before = replace(item.other_than, before=[], behind=[], inherited=[])
            draft = excepting(draft, [phrase_draft(here, named_before, None, None)])
        if item.led is not None and isinstance(item.core, Noun):
            whole = replace(item.core, head=replace(item.core.head, names=[item.led]))
            named = phrase_draft(here, whole, item.window, item.since)
            draft = ambiguous([draft, named], "a word that may be the first of two names")
        if placed and isinstance(item.core, Noun):
            noun = replace(item.core, behind=[*item.core.behind, placed[0].value])
            there = phrase_draft(here, noun, item.window, item.since)
            draft = ambiguous([draft, there], "a place that may be that of all that is listed")
        if lasting and isinstance(item.core, Noun):
            noun = replace(item.core, behind=[*item.core.behind, lasting[0].value])
            so_long = phrase_draft(here, noun, item.window, item.since)
            draft = ambiguous([draft, so_long], "a length of time that may be that of all that is listed")
        if doubtful and isinstance(item.core, Noun):
            noun = replace(item.core, before=[*doubtful[0].value, *item.core.before])
            qualified = phrase_draft(here, noun, item.window, item.since)
            if not _names_it(draft.rule, qualified.rule):  # "severe COPD or severe asthma"
                draft = ambiguous([draft, qualified], QUALIFIER_REACHES)
        if maybe:
            return ambiguous(
                [draft, phrase_draft(here, item.core, None, item.since)],
                WINDOW_REACHES,
            )
        return draft
    if item.words is not None:
        closing = _closing(here, item)
        if closing != item.groups:
            return unknown(here, item.start if not item.negations else item.words.start, item.end)
        return _in_words(here, item, closing)
    if item.modifiers and item.bounds is None and (staged := _staged(here, item)) is not None:
        return staged
    if item.modifiers and item.bounds is None and (of_studied := _of_studied(here, item)) is not None:
        return of_studied
    if (when := told_when(here, item.start, item.end)) is not None:
        return when
    if item.bounds is None and item.modifiers and (state := _state_alone(here, item)) is not None:
        return state
    if item.bounds is None and all(t.type == "LASTING" for t in item.modifiers) and item.modifiers:
        return unknown(here, _behind_negations(here, item), item.end)
    begin = _behind_negations(here, item)
    if tells_state(here.text[begin : item.end]):
        return on_record(here, begin, item.end)
    if item.bounds is not None or item.modifiers:
        return unread(here.text, item.start, item.end)
    if (
        (item.lead_window or item.window)
        and not item.groups
        and not item.frames
        and (item.lead_window is None or not item.leads)
    ):
        return unread(here.text, item.start, item.end)
    if item.groups and not item.leads and any(read and read.windows for read in (item.lead_window, item.window)):
        return unread(here.text, item.start, item.end)
    if item.groups and not item.frames:
        inside = here.sentence(item.groups[0].body, Inherited())
        item.groups = item.groups[1:]
        return inside
    return None
