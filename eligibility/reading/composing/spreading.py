"""What a list says once, given to each of its items: in which order, and what stands before their names."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Final

from eligibility.knowledge.qualifiers import Qualifier, qualifiers
from eligibility.knowledge.vocabulary import Entry, vocabulary
from eligibility.reading.composing.branching import (
    doubt_alternatives,
    doubt_ellipses,
    doubt_occasions,
    doubt_organs,
)
from eligibility.reading.composing.closings import names_event
from eligibility.reading.composing.doubting import (
    doubt_clauses,
    doubt_elided,
    doubt_grades,
    doubt_history,
    doubt_names,
    doubt_qualifiers,
    doubt_stages,
)
from eligibility.reading.composing.doubting_ends import doubt_drainage, doubt_eyes, doubt_settings, doubt_sites
from eligibility.reading.composing.doubting_objects import doubt_objects
from eligibility.reading.composing.open_phrases import is_open_phrase
from eligibility.reading.composing.shared_heads import (
    share_generic_heads,
    share_heads,
    share_investigational,
    share_routes,
    share_tails,
)
from eligibility.reading.composing.shared_times import (
    is_over,
    share_anchors,
    share_days,
    share_lengths,
    share_windows,
    takes_one_day,
)
from eligibility.reading.composing.shared_words import narrow_any_drug, share_clauses, share_last_phrases, share_words
from eligibility.reading.composing.sharing import (
    is_frame_alone,
    share_cancer,
    share_kinds,
    share_qualifiers,
    share_statements,
)
from eligibility.reading.composing.substances import share_disorders
from eligibility.reading.composing.terms import ALTERNATIVES, FRAMES, Composing, Inherited, Item
from eligibility.reading.composing.windows import has_own_anchor
from eligibility.reading.drafting.beside_names import is_event
from eligibility.reading.drafting.findings import is_changed, is_of_test
from eligibility.reading.drafts import unread
from eligibility.reading.lexing.tokens import EITHER, Token
from eligibility.reading.patterns import REQUIRING
from eligibility.reading.phrases import MAXIMUM_OPEN_WORDS, Head, Measured, Noun, tells_of_what_follows
from eligibility.reading.quantities import Bounds
from eligibility.reading.rewriting.limits_by_sex import compared_as

_OF_TREATMENTS: Final = ("USE", "PROGRESSED", "REFRACTORY_TO", "RELAPSED_AFTER", "INTOLERANT", "PLANNED")
_LIGHT: Final = ("OTHER", "KNOWN", "POSITIVE", "NEGATIVE")  # they do not end what an earlier frame says


def spread(here: Composing, items: list[Item], separators: list[str], inherited: Inherited) -> None:
    """Give each item what the list says once: frames, analytes, qualifiers, windows."""
    if inherited.qualifiers:
        _qualify(here, items, inherited.qualifiers)
    _date_events(items)
    if len(items) == 1:  # all else is between two items
        _spread_forward(here, items, separators, inherited)
        if items[0].words is not None:
            share_kinds(here, items)
        return
    _either_way(items, separators)
    _share_adverbs(here, items, separators)
    _spread_forward(here, items, separators, inherited)
    counted = [item for item in items if item.core is None and item.bounds is not None]
    share_lengths(items, separators)
    _share_results(items, separators)
    _share_changes(here, items, separators)
    share_cancer(here, items, separators)
    share_qualifiers(here, items, separators)
    share_statements(here, items, separators)
    share_tails(here, items)
    share_heads(here, items)
    share_routes(here, items, separators)
    share_generic_heads(here, items)
    share_investigational(here, items)
    share_kinds(here, items)
    _count_shared(counted)
    _share_allergies(items)
    doubt_names(here, items, separators)
    doubt_objects(here, items, separators)
    doubt_qualifiers(here, items, separators)
    doubt_elided(items)
    doubt_clauses(here, items)
    doubt_grades(here, items, separators)
    doubt_stages(here, items)
    doubt_eyes(items)
    doubt_settings(items)
    doubt_drainage(items)
    doubt_history(items, separators)
    share_anchors(here, items, separators)
    share_windows(here, items, separators)
    share_days(items, separators)
    doubt_sites(here, items)
    share_clauses(here, items, separators)
    doubt_alternatives(here, items)
    share_last_phrases(here, items, separators)
    share_words(here, items)
    doubt_ellipses(here, items)
    doubt_occasions(here, items, separators)
    doubt_organs(here, items, separators)
    share_disorders(here, items)
    narrow_any_drug(here, items)


def _date_events(items: list[Item]) -> None:
    """ "An exacerbation requiring steroids within 4 weeks": the exacerbation, too, was within them."""
    for item in items:
        event, needed = item.core, item.also[-1] if len(item.also) == 1 else None
        if not isinstance(event, Noun) or not isinstance(needed, Noun) or item.window is not None:
            continue
        then = needed.behind[-1] if needed.behind else None
        required = any(t.type == "USE" and REQUIRING.match(str(t.value)) for t in needed.before)
        if then is None or then.type != "WINDOW" or not required or not is_event(event) or event.has("WINDOW"):
            continue
        if then.value.windows and not then.value.planned:
            item.window = then.value


def _count_shared(items: list[Item]) -> None:
    """ ">= 2 moderate or >= 1 severe exacerbations": how many there must be of what is named behind the list."""
    for item in items:
        noun = item.core
        if isinstance(noun, Noun) and item.bounds is not None:
            item.core = replace(noun, before=[Token("COUNT", item.bounds, item.start, item.start), *noun.before])
            item.bounds = None


def _qualify(here: Composing, items: list[Item], qualifiers: list[Token]) -> None:
    """Say of each disease what a lead-in says of all: "uncontrolled: hypertension, gout"."""
    for item in items:
        noun = item.core
        if isinstance(noun, Noun) and noun.kinds == {"CONDITION"}:
            item.core = replace(noun, before=[*qualifiers, *noun.before])
        elif noun is None and item.words is not None:
            item.beside.append(unread(here.text, qualifiers[0].start, qualifiers[-1].end, "narrowing"))


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
        if between <= ALTERNATIVES and between != {"COMMA"}:
            ways = (*(item.frames for item in alone), *own)
            noun.before = [Token("EITHER_WAY", ways, alone[0].start, noun.end), *noun.before[framed:]]
        elif between != {"AND"}:
            continue  # "received and progressed on": what somebody progressed on was received
        if alone[0].negations and not after.negations:  # "no other or previous cancer": neither
            after.negations, alone[0].negations = alone[0].negations, []
            after.start = alone[0].start
        for item in alone:
            item.frames = []


def _as_one(before: list[Token]) -> list[Token]:
    """ "Current or planned use of" A or B: the one or the other of each of them."""
    at = next((i for i, t in enumerate(before) if t.type in EITHER), 0)
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
        if shared is None or (separators[index] not in ALTERNATIVES and separators[index] != "AND"):
            continue
        known = qualifiers().find(f"{adverb} {here.text[shared.start : shared.end].split()[-1]}")
        if known is not None:
            item.modifiers = [Token("QUALIFIER", known, item.words.start, item.words.end)]
            item.words = None


def _share_results(items: list[Item], separators: list[str]) -> None:
    """ "AST or ALT outside the normal range", "HBV and HIV negative": a result is said once, of each test before it."""
    joined = any(each in _JOINING for each in separators)
    for index in range(len(items) - 2, -1, -1):
        noun, after = items[index].core, items[index + 1].core
        if not isinstance(noun, Noun) or not isinstance(after, Noun) or separators[index] == "SEMI":
            continue
        if noun.behind or noun.has(*_RESULTS) or items[index].beside:
            continue
        if noun.kinds == after.kinds == {"ANALYTE"}:
            noun.behind = [t for t in after.behind if t.type in _RESULTS]
        elif joined and _is_tested_for(noun) and _is_tested_for(after):
            noun.behind = [t for t in after.behind if t.type == "NEGATIVE"]


_JOINING: Final = frozenset(("AND", "OR", "ANDOR", "SLASH"))
_INFECTION: Final = "infection"


def _is_tested_for(noun: Noun) -> bool:
    """Whether it is a test, or an infection of which no more is said, so that it may be "negative"."""
    names = [t.value for t in noun.head.names]
    if noun.before or noun.inherited or noun.head.words or not noun.kinds <= {"ANALYTE", "CONDITION"}:
        return False
    return all(
        isinstance(name, Entry) and (name.kind != "condition" or vocabulary().is_a("condition", name.name, _INFECTION))
        for name in names
    )


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


def _is_now(item: Item, separators: Sequence[str]) -> bool:
    """Whether an item says no more than that a list is about now, as what has no time is: "at screening, adults"."""
    when = item.lead_window
    return when is not None and when.now and not when.windows and separators[0] == "COMMA"


def _spread_forward(here: Composing, items: list[Item], separators: list[str], inherited: Inherited) -> None:
    """What an item says first and the items after it inherit, from left to right."""
    frames = list(inherited.frames)
    since = inherited.since
    lead = inherited.window
    analytes: Measured | None = None
    for index, item in enumerate(items):
        first = index == 0 and len(items) > 1
        leading = item.lead_window is not None and item.lead_window.moment != "end"  # "completed 4 weeks before"
        if leading and first and (any(_has_days(later) for later in items[1:]) or _is_now(item, separators)):
            lead, item.leads = item.lead_window, True
        if isinstance(item.core, Noun) and first:
            lead = next((t.value for t in item.core.before if t.type == "WINDOW"), lead)
        parallel = is_frame_alone(item) and separators[index : index + 1] in (["OR"], ["ANDOR"], ["SLASH"])
        if index and _is_no_longer_planned(items, index, separators):
            frames = [frame for frame in frames if frame.type != "PLANNED"]
        frames = frames if parallel else _framed(item, frames)
        if index and separators[index - 1] in EITHER and (named := _again(items[index - 1], item)) is not None:
            item.core, item.again = named, True
        also = separators in _EITHER_OF_TWO or (separators == ["AND"] and not _DENIED.search(here.low, 0, item.start))
        if also and item is items[-1] and (named := _also_then(items[0], item)) is not None:
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
    if joint not in EITHER or len(before.limits) > 1 or not named or units & others or bounds.members:
        return None
    made = compared_as(bounds, last)
    return None if made.exact or last.second or last.members or last.either else made


_EITHER_OF_TWO: Final = (["OR"], ["ANDOR"])
_DENIED: Final = re.compile(r"\b(?:no|not|never|without|none|neither|cannot)\b[^.;:\n]*\Z")  # neither then nor then


def _also_then(before: Item, item: Item) -> Noun | None:
    """ "Steroids within 4 weeks before the study, or during it": what has a time of its own, at another one, too."""
    noun, read = before.core, item.lead_window
    if read is None or read.either or read.exact or has_own_anchor(read) or len(read.windows) > 1:
        return None
    if item.core or item.words or item.frames or item.modifiers or item.groups or item.bounds or item.negations:
        return None
    if not isinstance(noun, Noun) or before.also or before.groups or before.negations or before.beside:
        return None
    dated = noun.behind[-1] if noun.behind and noun.behind[-1].type in _DATED else None
    if dated is None or dated.end < before.end or noun.has("CURRENT", "PLANNED"):
        return None
    if not (noun.kinds == {"TREATMENT"} or (noun.kinds == {"ANALYTE"} and not read.planned)):
        return None
    return replace(noun, before=list(noun.before), behind=[t for t in noun.behind if t.type not in _DATED])


_DATED: Final = frozenset(("WINDOW", "LASTING"))


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


def _is_no_longer_planned(items: list[Item], index: int, separators: list[str]) -> bool:
    """Whether an item stands apart from what is planned before it: "need for surgery during it; a biopsy within 7
    days", "planned surgery during the study, chemotherapy or radiotherapy within 4 weeks before it"."""
    if separators[index - 1] == "SEMI":
        return True
    before = items[index - 1].core
    if not isinstance(before, Noun) or not (before.has("PLANNED") and before.has("WINDOW")):
        return False
    end = next((at for at in range(index, len(separators)) if separators[at] == "SEMI"), len(items) - 1)
    cores = [item.core for item in items[index : end + 1]]
    windows = [t.value for core in cores if isinstance(core, Noun) for t in core.behind if t.type == "WINDOW"]
    return bool(windows) and is_over(windows[0])


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
        return _how_it_went(item) or frames
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
    return _how_it_went(item) or frames


def _how_it_went(item: Item) -> list[Token]:
    """What is said of a treatment or a test beside a disease, and of those behind it: "myeloma that progressed on A and
    B", "lymphoma negative for A and B"."""
    last = item.also[-1] if item.also else None
    if not isinstance(last, Noun):
        return []
    if last.kinds == {"TREATMENT"}:
        return [t for t in last.before if t.type in _ENDED]
    return [Token(t.type, _OF_IT, t.start, t.end) for t in last.before if tells_of_what_follows(t)]


_ENDED: Final = frozenset(("PROGRESSED", "REFRACTORY_TO", "RELAPSED_AFTER", "INTOLERANT"))
_OF_IT: Final = "of the disease for"
"""What is said of the results of a disease, and of other tests behind them: other diseases are none of its results."""


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


def _fits(frame: Token, noun: Noun) -> bool:
    """Whether a frame that was said of the first of a list can be meant of this one."""
    if frame.type == "CURRENT" and noun.head.names and all(takes_one_day(name) for name in noun.head.names):
        return False  # "ongoing hormone therapy or orchiectomy"
    if frame.type == "PLANNED" and any(t.type == "WINDOW" and not t.value.planned for t in noun.behind):
        return False  # "planned surgery, or a biopsy within 7 days"
    if frame.type == "CURRENT" and noun.has("DIAGNOSIS") and noun.has("WINDOW"):
        return False  # "current malignancy, or one diagnosed within 5 years"
    if frame.type in _OF_TREATMENTS:
        return noun.kinds <= {"TREATMENT"}
    if frame.type == "ALLERGY" and _is_no_substance(noun):
        return False  # "allergy to latex, or pregnancy"
    if frame.type == "PRESENCE" and _shows_infection(noun):
        return True  # "evidence of hepatitis C or HBsAg"
    if frame.type in ("DIAGNOSIS", "PRESENCE"):
        return noun.kinds <= {"CONDITION"}
    if frame.value == _OF_IT:
        return _is_tested_for(noun)
    if frame.type in ("POSITIVE", "NEGATIVE"):  # "positive screen for alcohol or opioids": a test for them
        return noun.kinds <= {"ANALYTE", "CONDITION"} or " for" in str(frame.value)
    return frame.type != "OTHER"


def _is_no_substance(noun: Noun) -> bool:
    """Whether it is a disease, an operation, or pregnancy: nothing that anybody is allergic to."""
    entries = [name.value for name in noun.head.names if isinstance(name.value, Entry) and name.type == "TREATMENT"]
    if entries and all(entry.facts.get("type") in _DONE_TO_SOMEBODY for entry in entries):
        return True
    return bool(noun.head.names) and noun.kinds <= _DISEASES and not noun.head.words


_DONE_TO_SOMEBODY: Final = ("surgery", "procedure", "radiation", "radiotherapy", "transplant", "device")
_DISEASES: Final = frozenset(("CONDITION", "PREGNANT", "BREASTFEEDING"))


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
    another = [token for token in words.value[:1] if token.type == "OTHER"]
    named: list[Token] = words.value[len(another) :]
    if not named or not names_event(here.text[named[0].start : words.end].strip(" ,")):
        return None
    item.modifiers = []
    frame = Token("PRESENCE", "", words.start, words.start)
    head = Head([], named, named[0].start, words.end)
    return Noun(head, [frame, *another], lasting, words.start, item.end)
