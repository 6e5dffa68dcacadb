"""What a list says once, given to each of its items: frames, analytes, windows, and words at its end."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import pairwise
from typing import Final, cast

from eligibility.knowledge.attributes import is_method
from eligibility.knowledge.qualifiers import Qualifier, qualifiers
from eligibility.knowledge.vocabulary import ANY_DRUG, Entry, vocabulary
from eligibility.reading.composing.items import names_event
from eligibility.reading.composing.judgements import is_generic
from eligibility.reading.composing.open_phrases import is_open_phrase
from eligibility.reading.composing.qualifying import is_of_qualifier
from eligibility.reading.composing.sharing import (
    begins_anew,
    doubt,
    doubt_clauses,
    doubt_drainage,
    doubt_grades,
    doubt_names,
    doubt_objects,
    doubt_qualifiers,
    doubt_settings,
    doubt_sites,
    is_frame_alone,
    is_used,
    share_generic_heads,
    share_heads,
    share_kinds,
    share_qualifiers,
    share_routes,
    share_statements,
    share_tails,
)
from eligibility.reading.composing.terms import FRAMES, PEOPLE, Composing, Inherited, Item, StatementRead, is_person
from eligibility.reading.composing.windows import has_own_anchor
from eligibility.reading.drafts import unread
from eligibility.reading.lexer import Token
from eligibility.reading.nouns import is_changed, is_event, is_of_test
from eligibility.reading.patterns import any_word
from eligibility.reading.phrases import MAXIMUM_OPEN_WORDS, Head, Measured, Noun
from eligibility.reading.quantities import Bounds, WindowRead
from eligibility.reading.rewriting.limits_by_sex import compared_as

_OF_TREATMENTS: Final = ("USE", "PROGRESSED", "REFRACTORY_TO", "RELAPSED_AFTER", "INTOLERANT", "PLANNED")


_LIGHT: Final = ("OTHER", "KNOWN", "POSITIVE", "NEGATIVE")  # they do not end what an earlier frame says
_RELATIVE: Final = re.compile(any_word("which", "that", "who") + r"\b")


def spread(here: Composing, items: list[Item], separators: list[str], inherited: Inherited) -> None:
    """Give each item what the list says once: frames, analytes, qualifiers, windows."""
    if len(items) == 1:  # all else is between two items
        _spread_forward(here, items, separators, inherited)
        if items[0].words is not None:
            share_kinds(here, items)
        return
    _either_way(items, separators)
    _share_adverbs(here, items, separators)
    _spread_forward(here, items, separators, inherited)
    _share_lengths(items, separators)
    _share_results(items, separators)
    _share_changes(here, items, separators)
    share_qualifiers(here, items, separators)
    share_statements(here, items, separators)
    share_tails(here, items)
    share_heads(here, items)
    share_routes(here, items, separators)
    share_generic_heads(here, items)
    share_kinds(here, items)
    _share_allergies(items)
    doubt_names(here, items, separators)
    doubt_objects(here, items, separators)
    doubt_qualifiers(here, items)
    doubt_clauses(here, items)
    doubt_grades(here, items)
    doubt_sites(items)
    doubt_settings(items)
    doubt_drainage(items)
    _doubt_history(items)
    share_windows(here, items, separators)
    _doubt_sites(items)
    _share_clauses(here, items, separators)
    _doubt_alternatives(here, items)
    _share_last(here, items, separators)
    _share_words(here, items)
    _doubt_ellipses(here, items)
    _doubt_organs(here, items, separators)
    _doubt_substances(here, items)
    _doubt_generic(here, items)


def _doubt_history(items: list[Item]) -> None:
    """ "History of A, current B, C": whether C is asked for now, or at any time, is open."""
    history: Token | None = None
    current = False
    for item in items:
        noun = item.core
        if not isinstance(noun, Noun):
            continue
        own = [t for t in noun.before if t.type in FRAMES]
        if any(t.type in ("HISTORY", "PRIOR") for t in own):
            history, current = next(t for t in own if t.type in ("HISTORY", "PRIOR")), False
        elif any(t.type == "CURRENT" for t in own):
            current = history is not None
        elif own:
            history, current = None, False
        elif current and history is not None and any(t.type == "CURRENT" for t in noun.inherited):
            noun.inherited = [t for t in noun.inherited if t.type != "CURRENT"]
            doubt(item, [history])


def _either_way(items: list[Item], separators: list[str]) -> None:
    """ "History of, or active, asthma": the first words are said of all that the second are said of."""
    if len(items) > 1:
        for item in items:
            if isinstance(item.core, Noun):
                item.core.before = _as_one(item.core.before)
    for index, after in enumerate(items):
        noun, first = after.core, index
        while first and is_frame_alone(items[first - 1]) and not items[first - 1].window:
            first -= 1
        if first == index or not isinstance(noun, Noun) or not (noun.head.names or noun.head.words):
            continue
        framed = next((i for i, t in enumerate(noun.before) if t.type not in FRAMES), len(noun.before))
        own = [noun.before[:framed]] if framed else []
        alone, between = items[first:index], set(separators[first:index])
        if len(alone) + len(own) < 2 or any(item.lead_window for item in alone):
            continue
        if between <= {"OR", "ANDOR", "SLASH", "COMMA"} and between != {"COMMA"}:
            ways = (*(item.frames for item in alone), *own)
            noun.before = [Token("EITHER_WAY", ways, alone[0].start, noun.end), *noun.before[framed:]]
        elif between != {"AND"}:
            continue  # "received and progressed on": what somebody progressed on was received
        for item in alone:
            item.frames = []


def _as_one(before: list[Token]) -> list[Token]:
    """ "Current or planned use of" A or B: the one or the other of each of them."""
    at = next((i for i, t in enumerate(before) if t.type in _EITHER_TIME), 0)
    start = at - 1 if at and before[at - 1].type != "COMMA" else at - 2
    if start < 0 or at + 1 == len(before) or not {before[start].type, before[at + 1].type} <= _TIMES:
        return before
    first, second = before[start], before[at + 1]
    both = Token("EITHER_WAY", ([first], [second]), first.start, second.end)
    return [*before[:start], both, *before[at + 2 :]]


_TIMES: Final = frozenset("CURRENT PRIOR PLANNED WINDOW".split())


def _share_adverbs(here: Composing, items: list[Item], separators: list[str]) -> None:
    """ "Histologically or radiologically confirmed": what was done in one of two ways is said once."""
    noun: Noun | None = None
    for index in range(len(items) - 2, -1, -1):
        item, after = items[index], items[index + 1]
        noun = after.core if isinstance(after.core, Noun) else noun if after.modifiers else None
        adverb = here.text[item.start : item.end].strip(" -‐")
        if noun is None or item.core is not None or item.words is None or not _ADVERB.fullmatch(adverb):
            continue
        shared = next((t for t in noun.before if t.type in ("QUALIFIER", "KNOWN", "DIAGNOSIS")), None)
        if shared is None or separators[index] not in ("OR", "ANDOR", "SLASH", "COMMA", "AND"):
            continue
        known = qualifiers().find(f"{adverb} {here.text[shared.start : shared.end].split()[-1]}")
        if known is not None:
            item.modifiers = [Token("QUALIFIER", known, item.words.start, item.words.end)]
            item.words = None


def _share_lengths(items: list[Item], separators: list[str]) -> None:
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
        more = noun.before or item.negations or item.modifiers or noun.has(*_LENGTHS, "WINDOW")
        if not said or more or any(map(_in_one_day, noun.head.names)):
            return
        noun.inherited.extend(said)


_LENGTHS: Final = ("LASTING", "TIME_LIMIT", "DURATION_OF")
_QUALIFIED_LENGTHS: Final = frozenset((*_LENGTHS, "QUALIFIER"))


def _share_results(items: list[Item], separators: list[str]) -> None:
    """ "AST or ALT outside the normal range": a result is said once, of each test before it."""
    for index in range(len(items) - 2, -1, -1):
        noun, after = items[index].core, items[index + 1].core
        if not isinstance(noun, Noun) or not isinstance(after, Noun) or separators[index] == "SEMI":
            continue
        if not noun.kinds == after.kinds == {"ANALYTE"} or noun.behind or noun.has(*_RESULTS) or items[index].beside:
            continue
        noun.behind = [t for t in after.behind if t.type in _RESULTS]


def _share_changes(here: Composing, items: list[Item], separators: list[str]) -> None:
    """ "EGFR, ALK or ROS1 mutations", "mutations in IDH1 or IDH2": what has changed is said once, of each gene."""
    nouns = [core for item in items for core in item.cores if isinstance(core, Noun)]
    if "SEMI" in separators or not nouns or any(item.beside for item in items):
        return
    first, last = (here.text[item.start : item.end] for item in (items[0], items[-1]))
    said_first = nouns[0] is items[0].core and any(t.type == "TEST_WORD" for t in nouns[0].before)
    if not (is_changed(last) or (is_changed(first) and said_first)):
        return
    for noun in nouns:
        words = here.text[noun.start : noun.end]
        if _is_gene(noun) and not noun.has(*_RESULTS) and not is_changed(words) and not is_of_test(words):
            noun.behind.append(Token("POSITIVE", "positive", noun.end, noun.end))


def _is_gene(noun: Noun) -> bool:
    return noun.kinds == {"ANALYTE"} and all(
        isinstance(t.value, Entry) and t.value.facts.get("type") == "test" for t in noun.head.names
    )


_RESULTS: Final = ("POSITIVE", "NEGATIVE", "ABNORMAL")
_ADVERB: Final = re.compile(r"[a-z]+ly", re.IGNORECASE)


def _spread_forward(here: Composing, items: list[Item], separators: list[str], inherited: Inherited) -> None:
    """What an item says first and the items after it inherit, from left to right."""
    frames = list(inherited.frames)
    since = inherited.since
    lead = inherited.window
    analytes: Measured | None = None
    for index, item in enumerate(items):
        first = index == 0 and len(items) > 1
        leading = item.lead_window is not None and item.lead_window.moment != "end"  # "completed 4 weeks before"
        if leading and first and any(_has_days(later) for later in items[1:]):
            lead, item.leads = item.lead_window, True
        if isinstance(item.core, Noun) and first:
            lead = next((t.value for t in item.core.before if t.type == "WINDOW"), lead)
        parallel = is_frame_alone(item) and separators[index : index + 1] in (["OR"], ["ANDOR"], ["SLASH"])
        frames = frames if parallel else _framed(item, frames)
        if index and separators[index - 1] in _EITHER_TIME and (named := _again(items[index - 1], item)) is not None:
            item.core, item.again = named, True
        if separators[:index] in _EITHER_OF_TWO and item is items[-1] and (named := _planned_then(items[0], item)):
            item.core, item.words = named, None
        if item.core is None and item.words is not None and not item.also:
            opened = open_noun(here, item, frames) if frames else _named_by_time(here, item)
            if opened is not None:
                item.core, item.words = opened, None
        if isinstance(item.core, Measured):
            analytes = item.core
        elif (
            item.core is None
            and item.bounds is not None
            and analytes is not None
            and item.words is None
            and (further := _further_limit(item.bounds, analytes, separators[index - 1])) is not None
        ):
            item.core = Measured(analytes.analytes, [further], False, analytes.around, item.start, item.end)
        if item.since is not None:
            since = item.since
        elif since is not None and isinstance(item.core, Noun):
            since = since if not item.negations and _is_past(item.core) else None
            item.since = since
        if (
            lead is not None
            and item.window is None
            and item.lead_window is None
            and not (isinstance(item.core, Noun) and any(t.type == "WINDOW" for t in item.core.before))
        ):
            item.window = lead
        elif item.lead_window is not None and item.window is None:
            item.window = item.lead_window


def _further_limit(bounds: Bounds, before: Measured, joint: str) -> Bounds | None:
    """A further limit of what is measured before it: "or <= 3", "or 46 mmol/mol", where that is the limit in another
    unit; None where it is none, "of at least 22 at visits 1 and 2"."""
    if not bounds.exact or any(limit.exact for limit in before.limits):
        return bounds
    if not before.limits:
        return None  # "creatinine is normal, or 2 mg/dL"
    last = before.limits[-1]
    units, others = ({(q.unit, q.of) for q in limit.quantities} for limit in (bounds, last))
    named = all(unit or of != "value" for unit, of in units)
    if joint not in _EITHER_TIME or len(before.limits) > 1 or not named or units & others or bounds.members:
        return None
    made = compared_as(bounds, last)
    return None if made.exact or last.second or last.members or last.either else made


_EITHER_TIME: Final = frozenset(("OR", "ANDOR", "SLASH"))
_EITHER_OF_TWO: Final = (["OR"], ["ANDOR"])


def _again(before: Item, item: Item) -> Noun | None:
    """ "Active infection, or within the last 4 weeks": what is named before, at the other time."""
    noun = before.core
    if item.lead_window is None or not all(w.start and w.start.value > 0 for w in item.lead_window.windows):
        return None
    if not item.lead_window.windows or item.lead_window.planned or has_own_anchor(item.lead_window):
        return None
    if item.core or item.words or item.frames or item.modifiers or item.groups or item.bounds or item.negations:
        return None
    if not isinstance(noun, Noun) or before.also or before.groups or before.negations or before.window:
        return None
    if noun.has("WINDOW", "LASTING") or not noun.kinds or not noun.kinds <= {"CONDITION", "TREATMENT"}:
        return None
    then = [t for t in noun.before if t.type != "CURRENT" and not (t.type == "QUALIFIER" and t.value.name == "active")]
    return replace(noun, before=then, behind=list(noun.behind))


def _planned_then(before: Item, item: Item) -> Noun | None:
    """ "Surgery within 3 months, or planned within 3 months": what is named before, planned for the other time."""
    noun, said = before.core, item.words.value if item.words is not None else None
    if not isinstance(said, list) or [token.type for token in said] != ["PLANNED"] or item.window is None:
        return None
    if item.core or item.also or item.frames or item.modifiers or item.groups or item.bounds or item.negations:
        return None
    if not isinstance(noun, Noun) or before.also or before.groups or before.negations or noun.kinds != {"TREATMENT"}:
        return None
    beside = [t for t in noun.before if t.type in ("QUALIFIER", "OTHER")]
    behind = [t for t in noun.behind if t.type in _OF_WHAT_IS_DONE]
    return replace(noun, before=[said[0], *beside], behind=behind)


_OF_WHAT_IS_DONE: Final = frozenset("WITHIN OF PREP SITE QUALIFIER".split())


def _has_days(item: Item) -> bool:
    """Whether a window can be said of it: not of a consent, or of a statement."""
    return item.words is not None or isinstance(item.core, Noun | Measured) or bool(item.groups)


def _is_past(noun: Noun) -> bool:
    """Whether some time can have passed since it: not since "measurable disease"."""
    return not noun.head.names or is_event(noun) or noun.kinds <= {"TREATMENT"}


def _framed(item: Item, frames: list[Token]) -> list[Token]:
    """Give an item the frames that were said before it; the frames for those after it: "history of A, B or C"."""
    own = list(item.frames)
    core = item.core
    if not isinstance(core, Noun):
        return own if own and core is None else frames
    if not (own or frames or core.before):
        core.inherited = []
        core.before, item.modifiers = item.modifiers, []
        return frames
    # then no use is meant that is not said
    allergic = any(frame.type in ("ALLERGY", "CONTRAINDICATION") for frame in frames)
    own += [t for t in core.before if t.type in FRAMES and (t.end > t.start or not allergic)]
    at = next((i for i, t in enumerate(core.before) if t.type == "ALLERGY"), 0)
    led = [t for t in core.before[:at] if t.type == "QUALIFIER"]  # "severe hypersensitivity to A, B or C"
    if own and not (len(own) == 1 and own[0].type in _LIGHT and frames):
        frames = [*own, *led]
        core.inherited = list(item.frames)
    else:
        signed = any(t.type in ("POSITIVE", "NEGATIVE") for t in core.before + core.behind)
        now = any(isinstance(t.value, Qualifier) and t.value.name == "active" for t in item.modifiers + core.before)
        signed = signed or bool(item.negations)  # "negative for A, and no B": B is not denied twice
        other = {"POSITIVE", "NEGATIVE"} if signed else {"HISTORY", "PRIOR"} if now else set()
        core.inherited = [t for t in frames if t not in own and _fits(t, core) and t.type not in other]
        if own and own[0].type in ("POSITIVE", "NEGATIVE"):  # "HER2 positive, negative ER and PR": both are negative
            frames = [*(t for t in frames if t.type not in ("POSITIVE", "NEGATIVE")), *own]
    if item.modifiers:
        core.before = [*item.modifiers, *core.before]
        item.modifiers = []
    return frames


def _doubt_sites(items: list[Item]) -> None:
    """ "Cataract or uveitis in the study eye": whether the cataract is meant in that eye only is open."""
    last = items[-1].core
    site = next((t for t in last.behind if t.type == "SITE"), None) if isinstance(last, Noun) else None
    if site is None or (isinstance(last, Noun) and site.start == last.head.end):
        return  # "cancer of the colon or rectum": it is part of the name
    for item in items[:-1]:
        noun = item.core
        if not isinstance(noun, Noun) or not noun.head.names or item.also or item.beside or noun.has("SITE"):
            continue
        if noun.kinds <= {"CONDITION", "TREATMENT"}:
            item.modifiers.append(Token("MAYBE_SITE", site, item.start, item.end))


def _share_clauses(here: Composing, items: list[Item], separators: list[str]) -> None:
    """Unknown words with a relative clause may be about each name before them: "A, B or some C that is active"."""
    for index, item in enumerate(items):
        opened = isinstance(item.core, Noun) and not item.core.head.names
        if opened and index and _ANOTHER.match(here.text, item.start):
            clause = _EFFECT.search(here.text, item.start, item.end)
            for earlier in items[:index] if clause is not None else ():
                if clause is not None and isinstance(earlier.core, Noun) and not earlier.beside:
                    earlier.shared = [unread(here.text, clause.start(), item.end, "narrowing")]
            continue
        if item.words is None or not (item.core is None or item.unclear):
            continue
        clause = _RELATIVE.search(here.low, item.start, item.words.end)
        if clause is None:
            continue
        generic = is_generic(here.text[item.words.start : item.words.end])
        beside = index and separators[index - 1] in ("SLASH", "OR") and not _ANY.match(here.text, item.words.start)
        first = index - 1 if generic and beside else index if generic else 0
        for earlier in items[first:index]:  # "..., or illness/social situations that would limit compliance"
            if isinstance(earlier.core, Noun) and not earlier.beside:
                earlier.shared = [unread(here.text, clause.start(), item.words.end, "narrowing")]


_ANY: Final = re.compile(r"(?:any|an?other)\b", re.IGNORECASE)
_ANOTHER: Final = re.compile(r"(?:any\s+)?other\b", re.IGNORECASE)
_EFFECT: Final = re.compile(  # "pain, or other disorders precluding participation"
    r"\b(?:preclud|prevent|interfer|limit|impair|compromis|affect|contraindicat)ing\b", re.IGNORECASE
)


def _share_last(here: Composing, items: list[Item], separators: list[str]) -> None:
    """Phrases beside the last name of a list may be about all of its names; beside another, of what a slash joins."""
    for index, (item, after) in enumerate(pairwise(items)):
        if separators[index] != "SLASH" or not after.also or is_person(after) or after is items[-1]:
            continue
        also = after.also[0]
        if isinstance(item.core, Noun) and not item.beside and not item.also and not isinstance(also, StatementRead):
            item.shared = [unread(here.text, also.start, also.end, "narrowing")]
    at = len(items) - 1
    while at and items[at].doubted is not None and isinstance(items[at].core, Measured):
        at -= 1  # "type 1 or type 2 diabetes with A > 8 or B > 160"
    last = items[at]
    if len(items) < 2 or not last.also or not isinstance(last.core, Noun) or is_person(last):
        return
    other = last.also[0]
    if isinstance(other, Measured) and _is_score(other):
        return  # "stroke, or heart failure NYHA class III": of the heart failure alone
    begin = other.draft.start if isinstance(other, StatementRead) else other.start
    for item in items[:at]:
        if not isinstance(item.core, Noun) or item.beside or item.also:
            continue
        if last.beside or last.groups:
            item.shared = [unread(here.text, begin, last.end, "narrowing")]
        else:
            item.perhaps = last


def _is_score(read: Measured) -> bool:
    """Whether it is the class or score of the disease beside which it stands."""
    return all(isinstance(t.value, Entry) and t.value.facts.get("type") == "score" for t in read.analytes)


def _share_words(here: Composing, items: list[Item]) -> None:
    """Unread words beside the last name, or in a relative clause, may be about the names before it, too."""
    for index, item in enumerate(items):
        if not index or not item.beside or item.core is None or item.unclear or _seen_alone(here, item):
            continue
        if here.excepting and is_of_qualifier(here, item):
            continue  # "(except) A or B controlled by diet"
        if _others_to_bear(item):
            continue
        if (
            index == len(items) - 1
            or ("," in here.text[item.end : items[index + 1].start] and "," not in here.text[items[0].start : item.end])
            or _RELATIVE.match(here.low, item.beside[-1].start)
            or _RELATIVE.search(here.low, item.core_end, item.beside[-1].start)
        ):
            for earlier in items[:index]:
                if isinstance(earlier.core, Noun) and not earlier.beside and not earlier.shared:
                    earlier.shared = [item.beside[-1]]


def _others_to_bear(item: Item) -> bool:
    """ "Allergy to docetaxel or other drugs formulated with X": docetaxel is one of those, and named without it."""
    if not isinstance(item.core, Noun) or not any(t.type == "OTHER" for t in item.core.before):
        return False
    return any(t.type == "ALLERGY" for t in (*item.core.before, *item.core.inherited))


def _seen_alone(here: Composing, item: Item) -> bool:
    """ "History of A, or evidence of B on CT": what was found so is what there is evidence of."""
    if not isinstance(item.core, Noun) or not any(t.type == "PRESENCE" for t in item.core.before):
        return False
    return is_method(here.text[item.beside[0].start : item.beside[-1].end])


_OF_TREATMENT: Final = re.compile(  # "requiring no treatment or a diuretic"
    r"requir|treat|medicat|therap", re.IGNORECASE
)
_REQUIRES: Final = re.compile(r"(?:requir|need)ing\b")


def _doubt_alternatives(here: Composing, items: list[Item]) -> None:
    """ "Malignancy requiring chemotherapy or radiotherapy": whether the radiotherapy stands for all that precedes."""
    for item, after in pairwise(items):
        other = item.also[-1] if item.also else None
        if _within(here, item, after) or _of_the_same_clause(here, item, after):
            after.doubted = cast(Noun, item.core)
        elif item.doubted is not None and _goes_on(item, after):
            after.doubted = item.doubted  # "infection requiring an antibiotic, antifungal or antiviral"
        elif (
            isinstance(item.core, Noun)
            and isinstance(after.core, Noun)
            and item.core.kinds == {"CONDITION"}
            and after.core.kinds == {"TREATMENT"}
            and item.core.behind
            and item.core.behind[-1].type == "QUALIFIER"
            and not item.also
            and not after.also
            and (
                all(t.type == "USE" and _REQUIRES.match(str(t.value)) for t in after.core.before if t.type in FRAMES)
                or _OF_TREATMENT.search(here.text, item.core.behind[-1].start, item.core.behind[-1].end)
            )
        ):
            after.doubted = item.core  # "disease not amenable to surgery or radiotherapy"
        elif (
            isinstance(item.core, Noun)
            and isinstance(other, Noun)
            and isinstance(after.core, Noun)
            and not after.also
            and not is_person(item)
            and after.core.kinds == other.kinds != item.core.kinds
        ):
            after.doubted = item.core
        elif (
            isinstance(item.core, Noun)
            and isinstance(other, Measured)
            and isinstance(after.core, Measured)
            and not after.also
            and not after.negations
            and item.core.kinds == {"CONDITION"}
        ):
            after.doubted = item.core  # "diabetes with HbA1c > 9 % or glucose > 200 mg/dL"


def _of_the_same_clause(here: Composing, item: Item, after: Item) -> bool:
    """ "Asthma that is uncontrolled or requires steroids": what it is of which the second is said, too."""
    first, second = item.core, after.core
    return (
        isinstance(first, Noun)
        and isinstance(second, Noun)
        and first.kinds == {"CONDITION"}
        and second.kinds <= {"TREATMENT"}
        and not after.also
        and _THAT_IS.search(here.low, item.start, item.end) is not None
        and _OR_IS.match(here.low, item.end) is not None
    )


_THAT_IS: Final = re.compile(r"\b(?:that|which)\s+(?:is|are|was|were|has|have|had|requires?|required|needs?|needed)\b")
_OR_IS: Final = re.compile(
    r"\s*,?\s*(?:and/)?or\s+(?:(?:that|which)\s+)?(?:is|are|was|were|has|have|had|requires?|required|needs?|needed)\b"
)


def _goes_on(item: Item, after: Item) -> bool:
    """Whether a name follows that is as bare as the one before it, and of its kind."""
    first, second = item.core, after.core
    if not isinstance(first, Noun) or not isinstance(second, Noun) or after.also or after.negations:
        return False
    return second.kinds == first.kinds and not any(t.end > t.start for t in second.before)


def _within(here: Composing, item: Item, after: Item) -> bool:
    """ "Breast cancer patients with A or B", "adenocarcinoma in primary or metastatic lesions": of the first."""
    first, other, second = item.core, item.also[0] if item.also else None, after.core
    if not isinstance(first, Noun) or not isinstance(second, Noun) or item.negations or after.negations or after.also:
        return False
    if first.kinds != {"CONDITION"} or second.kinds != {"CONDITION"} or is_person(item):
        return False
    if isinstance(other, Noun) and len(item.also) == 1 and other.kinds == {"CONDITION"}:
        return _PATIENTS.fullmatch(here.text, first.end, other.start) is not None
    halved = " ".join(here.text[first.end : after.start].split())
    return other is None and bool(item.beside or first.behind) and _HALVED.fullmatch(halved) is not None


_PATIENTS: Final = re.compile(r"\s+(?:patients?|subjects?|participants?)\s+(?:with|who have|having)\s+", re.IGNORECASE)
_HALVED: Final = re.compile(
    r"(?:in|of|from|at) (?:an? |the )?[a-z-]+(?:ary|al|ic|ous|ive|ar) (?:and/)?or\b.*", re.IGNORECASE
)
_ELLIPSIS: Final = re.compile(r"\b(?:from|of|with|to|by|for|on|in|after)\b.*(?:ic|al|ous|ive|ar|ary)$", re.IGNORECASE)


def _doubt_ellipses(here: Composing, items: list[Item]) -> None:
    """ "Incomplete healing from oncologic or other surgery": the surgery may be all that the first words lack."""
    for item, after in pairwise(items):
        if item.words is None or item.core is not None or not isinstance(after.core, Noun) or after.negations:
            continue
        if _ELLIPSIS.search(here.text[item.words.start : item.words.end]) and not after.frames:
            after.beside_or_not = unread(here.text, item.words.start, item.words.end, "narrowing")


_DEPENDENCE: Final = re.compile(
    any_word(
        *("use disorders?", "abuse", "misuse", "overuse", "dependen(?:ce|cy)", "addictions?"),
        *("withdrawal", "overdose", "toxicity"),
    )
    + "$"
)


def _doubt_substances(here: Composing, items: list[Item]) -> None:
    """ "Alcohol, analgesic or narcotic use disorder": no use of analgesics, but a disorder of it."""
    for item in items[1:]:
        noun = item.core
        if not isinstance(noun, Noun) or noun.kinds != {"TREATMENT"}:
            continue
        said = here.text[noun.head.start : noun.end]
        if _DRUG_USE.fullmatch(said) and _ALCOHOL_OR.search(here.text, 0, noun.head.start):
            entry = vocabulary().entry("condition", "illicit drug use")  # "excessive alcohol or drug use"
            name = Token("CONDITION", entry, noun.head.start, noun.end)
            noun.head, noun.behind = Head([name], [], noun.head.start, noun.end), []
    for index, last in enumerate(items):
        if not index or not isinstance(last.core, Noun) or last.core.kinds == {"TREATMENT"}:
            continue
        disorder = _DEPENDENCE.search(here.low, last.core.head.start, last.core.head.end)
        if disorder is None:
            continue
        anew = begins_anew(last.core)
        for item in reversed(items[:index]):
            noun = item.core
            if not isinstance(noun, Noun) or noun.behind or item.also or item.beside:
                break
            if not noun.kinds <= {"TREATMENT"} or noun.has("USE") or noun.said:
                continue
            words = here.text[noun.head.start : noun.head.end].split()
            if words[-1].lower() in ("use", "usage"):
                continue  # "illegal substance use or alcohol abuse"
            named = noun.kinds == {"TREATMENT"} or words[-1].lower() in _SUBSTANCES
            allergic = any(t.type in ("ALLERGY", "INTOLERANT") for t in noun.before + noun.inherited)
            if named and not (anew or allergic or is_used(here, items, noun)):
                item.core = _dependent_on(here, noun, disorder.group())
            elif len(words) == 1 or noun.kinds:
                item.beside_or_not = unread(here.text, disorder.start(), disorder.end(), "narrowing")


_SUBSTANCES: Final = frozenset("alcohol prescription medication substance drug".split())


def _dependent_on(here: Composing, noun: Noun, disorder: str) -> Noun:
    """A substance with the disorder that is said behind the next one: "analgesic or alcohol abuse"."""
    head = noun.head
    own = here.text[head.start : head.end]
    entry = vocabulary().find(f"{own} {disorder}", "condition")
    if entry is not None:
        name = Token("CONDITION", entry, head.start, head.end)
        return Noun(Head([name], [], head.start, head.end), noun.before, [], noun.start, noun.end, noun.inherited)
    there = Token("PRESENCE", "", head.start, head.start)
    words = Head([], [Token("WORD", own.lower(), head.start, head.end)], head.start, head.end)
    made = Noun(words, [there, *noun.before], [], noun.start, noun.end, noun.inherited)
    made.said = f"{own} {disorder}"
    return made


def _doubt_generic(here: Composing, items: list[Item]) -> None:
    """ "Any investigational agent or drug", "drugs or substances that inhibit CYP3A": not any drug at all."""
    for index, item in enumerate(items):
        before, after = items[index - 1] if index else None, items[index + 1] if index + 1 < len(items) else None
        if not _is_any_drug(item):
            continue
        if before is not None and _is_investigational(before):
            item.core = None
        elif after is not None and _RELATIVE.search(here.low, after.start, after.end):
            item.shared = [unread(here.text, after.start, after.end, "narrowing")]


def _is_any_drug(item: Item) -> bool:
    noun = item.core
    if not isinstance(noun, Noun) or noun.said or noun.head.words or item.also or item.beside:
        return False
    names = [name.value for name in noun.head.names]
    plain = all(t.type in ("WINDOW", "USE") for t in noun.before + noun.behind)
    return plain and len(names) == 1 and isinstance(names[0], Entry) and names[0].name == ANY_DRUG


def _is_investigational(item: Item) -> bool:
    names = [name.value for name in item.core.head.names] if isinstance(item.core, Noun) else []
    return any(isinstance(name, Entry) and name.name.startswith("investigational ") for name in names)


def _share_allergies(items: list[Item]) -> None:
    """ "Serious adverse reaction or hypersensitivity to X": to X, both."""
    for item, after in pairwise(items):
        noun, allergy = item.core, after.core
        if not isinstance(noun, Noun) or not isinstance(allergy, Noun) or noun.behind or item.also or item.beside:
            continue
        framed = next((t for t in allergy.before if t.type == "ALLERGY"), None)
        names = [name.value.name for name in noun.head.names if isinstance(name.value, Entry)]
        if framed is not None and names == ["adverse event"]:
            before = [*noun.before, framed]
            item.core = Noun(allergy.head, before, allergy.behind, noun.start, noun.end, noun.inherited)


_ALCOHOL_OR: Final = re.compile(r"\balcohol\s*(?:,\s*)?(?:or|and|and/or|/)\s*$", re.IGNORECASE)
_DRUG_USE: Final = re.compile(r"drugs? use", re.IGNORECASE)

_ORGAN: Final = re.compile(
    r"(?:corneal|conjunctival|ocular|retinal|macular|cerebral|intracranial|pulmonary|hepatic|renal|gastric|intestinal"
    r"|gastrointestinal|o?esophageal|rectal|pleural|pericardial|spinal|vaginal|oral|urethral|biliary|laryngeal|nasal)\b"
)
_ANYWHERE: Final = re.compile(
    r"(?:o?edema|inflammation|ulcer(?:s|ations?)?|ha?emorrhages?|swelling|stenosis|obstruction|perforation|fibrosis"
    r"|scarring|malformations?|trauma|injury|injuries|tumou?rs?)",
    re.IGNORECASE,
)


def _doubt_organs(here: Composing, items: list[Item], separators: list[str]) -> None:
    """ "Corneal inflammation or edema": the edema may be that of the cornea alone."""
    for index, (item, after) in enumerate(pairwise(items)):
        first, second = item.core, after.core
        if not isinstance(first, Noun) or not isinstance(second, Noun) or separators[index] == "COMMA" or second.before:
            continue
        organ = _ORGAN.match(here.low, first.head.start)
        elsewhere = (
            organ is not None and _ANYWHERE.fullmatch(here.text[second.head.start : second.head.end]) is not None
        )
        if organ is not None and elsewhere and after.led is None:
            doubt(after, [Token("QUALIFIER", Qualifier(organ.group().lower(), ""), organ.start(), organ.end())])


def _in_one_day(name: Token) -> bool:
    return isinstance(name.value, Entry) and name.value.facts.get("type") in ("surgery", "transplant")


def _fits(frame: Token, noun: Noun) -> bool:
    """Whether a frame that was said of the first of a list can be meant of this one."""
    if frame.type == "CURRENT" and noun.head.names and all(_in_one_day(name) for name in noun.head.names):
        return False  # "ongoing hormone therapy or orchiectomy"
    if frame.type == "PLANNED" and any(t.type == "WINDOW" and not t.value.planned for t in noun.behind):
        return False  # "planned surgery, or a biopsy within 7 days"
    if frame.type == "CURRENT" and noun.has("DIAGNOSIS") and noun.has("WINDOW"):
        return False  # "current malignancy, or one diagnosed within 5 years"
    if frame.type in _OF_TREATMENTS:
        return noun.kinds <= {"TREATMENT"}
    if frame.type == "PRESENCE" and _shows_infection(noun):
        return True  # "evidence of hepatitis C or HBsAg"
    if frame.type in ("DIAGNOSIS", "PRESENCE"):
        return noun.kinds <= {"CONDITION"}
    if frame.type in ("POSITIVE", "NEGATIVE"):  # "positive screen for alcohol or opioids": a test for them
        return noun.kinds <= {"ANALYTE", "CONDITION"} or " for" in str(frame.value)
    return frame.type != "OTHER"


def _shows_infection(noun: Noun) -> bool:
    """Whether it is a test for what is there or not there, and no more is said of it."""
    names = [t.value for t in noun.head.names]
    plain = not (noun.before or noun.behind or noun.head.words) and noun.kinds == {"ANALYTE"}
    return plain and all(isinstance(name, Entry) and name.facts.get("type") == "test" for name in names)


def open_noun(here: Composing, item: Item, frames: list[Token]) -> Noun | None:
    """Unknown words in a list that has a frame: a concept of their own, if they are a short noun phrase."""
    words = item.words
    if words is None or not isinstance(words.value, list):
        return None
    tokens: list[Token] = list(words.value)
    to = any(frame.type == "ALLERGY" or frame.said.endswith(" to") for frame in frames)  # "exposure to A or to B"
    led = ("OF", "PREP", "TO", "OTHER") if to else ("OF", "PREP", "OTHER")
    while tokens and tokens[0].type in led:
        tokens.pop(0)
    if tokens:
        words = Token("UNREAD", tokens, tokens[0].start, words.end)
    allergic = any(frame.type == "ALLERGY" for frame in frames) and is_open_phrase(here.text[words.start : words.end])
    if not allergic and (
        any(t.type != "WORD" for t in tokens)
        or not 0 < len(tokens) <= MAXIMUM_OPEN_WORDS
        or not all(t.value.isalpha() or "-" in t.value for t in tokens)
    ):
        return None
    head = Head([], tokens, words.start, words.end)
    return Noun(head, list(item.frames), [], item.start, words.end, [t for t in frames if t not in item.frames])


def _named_by_time(here: Composing, item: Item) -> Noun | None:
    """Unknown words with a time behind them as a concept of their own: "spider bites within 28 days"."""
    words, window = item.words, item.window
    lasting = [token for token in item.modifiers if token.type == "LASTING"]
    if words is None or not isinstance(words.value, list) or item.beside or item.groups:
        return None
    if len(lasting) != len(item.modifiers) or len(lasting) + (window is not None) != 1:
        return None
    if window is not None and (window.planned or not window.windows):
        return None
    if not names_event(here.text[words.start : words.end].strip(" ,")):
        return None
    item.modifiers = []
    frame = Token("PRESENCE", "", words.start, words.start)
    return Noun(Head([], list(words.value), words.start, words.end), [frame], lasting, words.start, item.end)


_MOTHERHOOD: Final = frozenset(  # that is, not that was: "pregnant, or surgery within 4 weeks"
    ("PREGNANT", "BREASTFEEDING")
)


def share_windows(here: Composing, items: list[Item], separators: list[str]) -> None:
    """A window after a list of events, or of treatments, reaches over all of it; after others it may."""
    start = 0
    for index, last in enumerate(items):
        if index and separators[index - 1] == "SEMI":
            start = index
        if not isinstance(last.core, Noun):
            continue
        if last.again:
            start = index + 1
            continue
        _share_length(items[start:index], last)
        behind = [t for t in last.core.behind if t.type == "WINDOW"]
        window = last.window or (behind[-1].value if behind else None)
        if window is not None and window.windows and not window.clear:
            if _is_expected(last):
                start = index + 1
                continue
            own = index > 0 and _AN_OWN.search(here.low, items[index - 1].end, last.core.head.start) is not None
            if index > 1 and _AN_OWN.search(here.low, items[index - 2].end, items[index - 1].end):
                own = False  # "a stroke, a seizure, or a fracture within 6 months": each has its article
            share_window(items[start:index], last.core, window, sure=not (last.beside or own))
            start = index + 1


def _is_expected(item: Item) -> bool:
    """Whether words before a name say that it is still to be: "expected to get a transplant within 12 months"."""
    words = item.words.value if item.words is not None else None
    return isinstance(words, list) and any(token.type == "PLANNED" for token in words)


_AN_OWN: Final = re.compile(r",\s*(?:or\s+)?(?:have\s+|has\s+)?an?\b")  # "a head injury, or a stroke within 6 months"


def _share_length(items: list[Item], last: Item) -> None:
    """ "Asthma or COPD for at least 6 months": how long, behind the last of several, may be said of all of them."""
    noun = last.core
    length = noun.behind[-1] if isinstance(noun, Noun) and noun.behind and noun.behind[-1].type == "LASTING" else None
    if length is None or not isinstance(noun, Noun) or noun.has("WINDOW"):
        return
    for item in items:
        core = item.core
        if not isinstance(core, Noun) or core.kinds != noun.kinds or core.has("WINDOW", "LASTING") or item.window:
            continue
        if not (item.also or item.beside or item.negations or is_event(core)):
            item.modifiers.append(Token("MAYBE_LASTING", length, item.start, item.end))


def share_window(items: list[Item], last: Noun, window: WindowRead, *, sure: bool) -> None:
    """Give a window to the items before the one that it stands behind; not ``sure``: it may be that one's alone."""
    for item in items:
        noun = item.core
        if (
            not isinstance(noun, Noun)
            or item.window is not None
            or any(t.type == "WINDOW" for t in noun.before + noun.behind)
            or noun.kinds & _MOTHERHOOD > last.kinds & _MOTHERHOOD
            or noun.kinds & PEOPLE
            or any("any time" in str(t.value) for t in noun.behind if t.type == "PRIOR")
        ):
            continue
        planned = last.has("PLANNED") and not noun.has("PLANNED")  # "surgery, or planned use of steroids during ..."
        if sure and not (item.beside or planned) and is_event(noun) and is_event(last):
            item.window = window
        else:
            item.window = replace(window, windows=window.windows)
            item.modifiers.append(Token("MAYBE_WINDOW", window, item.start, item.end))
