"""What the items of a list share that is said once: qualifiers, the rest of a statement, the kind of their names."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import pairwise
from typing import Final

from eligibility.knowledge.qualifiers import Qualifier, qualifiers
from eligibility.knowledge.vocabulary import Entry, Kind, vocabulary
from eligibility.reading.composing.circumstances import tells_circumstance
from eligibility.reading.composing.judgements import is_attested
from eligibility.reading.composing.open_phrases import is_open_phrase
from eligibility.reading.composing.predicates import is_predicate
from eligibility.reading.composing.shared_heads import sparing
from eligibility.reading.composing.terms import ALTERNATIVES, FRAMES, Composing, Item, StatementRead, qualifier_name
from eligibility.reading.drafts import Draft
from eligibility.reading.lexing.tokens import CONNECTIVES, EITHER, Token
from eligibility.reading.phrases import Head, Measured, Noun
from eligibility.reading.sentences import Group
from eligibility.rules import Statement


def _share_degree(here: Composing, items: list[Item], separators: list[str]) -> None:
    """ "Inadequately treated or controlled": inadequately, both."""
    for index, (item, after) in enumerate(pairwise(items)):
        first = item.modifiers[-1] if item.modifiers and item.core is None else None
        place = after.modifiers if after.core is None else after.core.before if isinstance(after.core, Noun) else []
        if first is None or first.type != "QUALIFIER" or separators[index] not in ("OR", "ANDOR", "AND"):
            continue
        degree = _DEGREE.match(here.text, first.start, first.end)
        at = next((i for i, t in enumerate(place) if t.type == "QUALIFIER"), None)
        if degree is None or at is None:
            continue
        known = qualifiers().find(f"{degree.group()} {here.text[place[at].start : place[at].end]}")
        if known is not None:
            place[at] = Token("QUALIFIER", known, place[at].start, place[at].end)


_DEGREE: Final = re.compile(r"(?:inadequately|insufficiently|poorly|not(?: adequately| well)?)(?=\s)", re.IGNORECASE)


def share_qualifiers(here: Composing, items: list[Item], separators: list[str]) -> None:
    """ "Severe or uncontrolled asthma": the head is said once."""
    _share_degree(here, items, separators)
    named: Noun | None = None
    for index in range(len(items) - 2, -1, -1):
        item, after = items[index], items[index + 1]
        if isinstance(after.core, Noun) and not after.elided:
            named = after.core
        before = items[index - 1].core if index else None
        bare = item.core is None and item.words is None and not item.groups and not item.beside
        if bare and separators[index] == "AND" and _exclude_one_another(item, after):
            separators[index] = "OR"  # "mild and moderate asthma": nobody has both
        if (
            bare
            and item.modifiers
            and (separators[index] == "AND" or (separators[index] == "COMMA" and all(map(_is_proof, item.modifiers))))
            and isinstance(after.core, Noun)
            and after.core.has("QUALIFIER")
        ):
            for later in items[index + 1 :]:  # "significant and active or recurrent": significant, whichever
                if isinstance(later.core, Noun) and later.core.head.names == after.core.head.names:
                    later.core.before = [*item.frames, *item.modifiers, *later.core.before]
            item.modifiers, item.frames = [], []
            continue
        if is_frame_alone(item) and separators[index] in EITHER and isinstance(after.core, Noun):
            noun = after.core
            if noun.before and (noun.head.names or noun.head.words):  # "history of or uncontrolled asthma"
                kept = [t for t in noun.before[1:] if t.type == "QUALIFIER"]
                head = noun.head
                item.core = Noun(head, [*item.frames, *kept], list(noun.behind), item.start, noun.end)
                item.frames, item.window, item.groups = [], item.window or after.window, _of_both(here, after)
            continue
        if isinstance(before, Noun) and any(t.type == "QUALIFIER" for t in before.behind):
            continue  # "metastases that are untreated, symptomatic, or ..."
        if (
            item.core is None
            and item.words is None
            and item.modifiers
            and isinstance(after.core, Noun)
            and not (after.core.kinds == {"ANALYTE"} and any(map(_of_marker, item.modifiers)))
            and not after.negations
            and (not item.groups or _attributes_in(item.groups) or _of_a_stage(item) or _are_limits(item.groups))
            and not item.beside
            and not _are_of_a_disease(item, after)
        ):
            if named is not None and not item.groups and _of_another_kind(here, item, named):
                continue
            said_too = after.core is named and separators[index] == "COMMA"
            if named is not None and not item.groups and _beside_first_word(here, item, named, said_too=said_too):
                item.groups = _of_both(here, after)
                if not item.elided and after.core is named:  # "no serious, nonhealing wound": one item, and denied
                    after.negations = [*item.negations, *after.negations]
                    after.groups = item.groups or after.groups
                    del items[index], separators[index]
                continue
            _share_head_behind(here, items, index, after.core)
    _share_behind(items, separators)
    _share_leading(items)


def _is_proof(token: Token) -> bool:
    """Whether it says how a disease was found out: "histologically confirmed, recurrent or metastatic cancer"."""
    return isinstance(token.value, Qualifier) and token.value.axis == "confirmation"


def _attributes_in(groups: list[Group]) -> list[Token]:
    """What parentheses behind an attribute say of those who have it: "stage III (unresectable) or stage IV melanoma";
    nothing where they say anything else."""
    found: list[Token] = []
    for group in groups:
        read = group.body.body
        if read is None or group.body.tails or len(read.elements) != 1 or read.elements[0].negations:
            return []
        found += [atom for atom in read.elements[0].atoms if isinstance(atom, Token)]
    alone = all(token.type == "QUALIFIER" for token in found)
    return found if alone and len(found) == len(groups) else []


def _are_limits(groups: list[Group]) -> bool:
    """Whether parentheses behind an attribute hold the limits that it stands for: "mild (CDR 1) or moderate"."""
    for group in groups:
        read = group.body.body
        if read is None or group.body.tails or len(read.elements) != 1 or read.elements[0].negations:
            return False
        atoms = read.elements[0].atoms
        if len(atoms) != 1 or isinstance(atoms[0], Group) or not isinstance(atoms[0].value, Measured):
            return False
    return True


def _of_a_stage(item: Item) -> bool:
    """Whether what stands in parentheses is said of a stage: "stage IIIB (with effusion) or IV lung cancer"."""
    return item.modifiers[-1].type == "STAGE_IS"


def _are_of_a_disease(item: Item, after: Item) -> bool:
    """Whether attributes are no treatment's: "asymptomatic and at least 4 weeks since radiotherapy"."""
    axes = {t.value.axis for t in item.modifiers if t.type == "QUALIFIER" and isinstance(t.value, Qualifier)}
    treatment = isinstance(after.core, Noun) and after.core.kinds == {"TREATMENT"}
    return treatment and bool(axes) and axes <= (_AT_THAT_TIME if after.since else _STATES)


_STATES: Final = frozenset(("symptoms", "treatment", "control"))
_AT_THAT_TIME: Final = frozenset((*_STATES, "stability", "activity"))


_EITHER_OF: Final = ("CURRENT", "PRIOR", "HISTORY", "SUSPECTED")  # "severe or suspected asthma": severe, for sure


def _share_head_behind(here: Composing, items: list[Item], index: int, noun: Noun) -> None:
    """Give an item that is no more than attributes the head of the noun behind it, and that noun what both share."""
    item, after = items[index], items[index + 1]
    lately = [t for t in item.modifiers if getattr(t.value, "name", "") == "recent"]
    instead = (*_EITHER_OF, "PLANNED", "EITHER_WAY") if lately or item.window is not None else _EITHER_OF
    parallel = noun.before[:1] if noun.before and noun.before[0].type in instead else []
    if item.window is not None:  # "recent (within 4 weeks) or planned": the parenthesis says what that means
        item.modifiers = [t for t in item.modifiers if t not in lately]
    kept = [t for t in noun.before if t.type in FRAMES and t not in parallel]
    own = any(t.type in ("QUALIFIER", "STAGE_IS") for t in noun.before)  # "recurrent pelvic cancer": all of it
    bare = not own and bool(noun.head.names)
    head = Head(noun.head.names, [], noun.head.names[0].start, noun.head.end) if bare else noun.head
    local = _spread(here, noun) and any(of_extent(t) for t in item.modifiers)
    if local:  # "locally advanced or metastatic disease": the disease of the trial, not its metastases
        head = Head([], [], noun.head.end - len("disease"), noun.head.end)
        leading = [each for each in items[:index] if each.core is None and each.words is None]
        noun.before = [*(t for each in leading for t in each.modifiers if not of_extent(t)), *noun.before]
    item.core = Noun(
        head,
        [*item.frames, *kept, *item.modifiers, *_nearer(item.modifiers, noun)],
        [*noun.behind, *_attributes_in(item.groups)],
        item.start,
        noun.end,
        list(noun.inherited),
    )
    for later in items[index + 2 :]:
        if isinstance(later.core, Noun) and later.core.head.names == noun.head.names:
            later.core.before = [*item.modifiers[:-1], *later.core.before]
    extent = local or any(t.type == "STAGE_IS" or _of_spread(t) for t in noun.before)
    noun.before = [
        *(t for t in item.modifiers[:-1] if not (extent and (t.type == "STAGE_IS" or of_extent(t)))),
        *noun.before,
    ]  # "confirmed metastatic or advanced": both are confirmed
    aside = item.groups if item.groups and not _attributes_in(item.groups) else []
    item.modifiers, item.frames, item.groups = [], [], [*aside, *_of_both(here, after)]
    item.window = item.window or after.window
    after.core = Noun(noun.head, noun.before, noun.behind, noun.start, noun.end, noun.inherited)


def _share_behind(items: list[Item], separators: list[str]) -> None:
    """ "Hepatitis B, active or chronic": the head is said once, before its attributes."""
    for index in range(1, len(items)):
        item, previous = items[index], items[index - 1].core
        if (
            item.core is None
            and item.words is None
            and item.modifiers
            and isinstance(previous, Noun)
            and (not item.groups or (len(items) == 2 and separators[0] == "COMMA" and _behind_all(item)))
        ):
            noun = previous
            if item.groups:  # "asthma, moderate to severe (FEV1 < 80 %)"
                items[0].groups, item.groups = [*items[0].groups, *item.groups], []
            if index == len(items) - 1 and separators[index - 1] == "COMMA" and _behind_all(item):
                for earlier in items[:index]:  # "bacterial or viral infection, requiring treatment": either of them
                    if isinstance(earlier.core, Noun) and earlier.core.kinds == noun.kinds:
                        earlier.core.behind = [*earlier.core.behind, *item.modifiers]
                    elif earlier.words is not None:  # "inflammatory or infectious disease, active"
                        earlier.modifiers = [*earlier.modifiers, *item.modifiers]
                item.modifiers, item.window, item.lead_window = [], None, None
                continue
            if separators[index - 1] == "COMMA" and not noun.has("QUALIFIER") and _only_attributes(items[index:]):
                items[index - 1].core = None  # "hepatitis B, active or chronic": no other hepatitis B
            kept = [t for t in noun.before + noun.behind if t.type != item.modifiers[0].type]
            item.core = Noun(noun.head, [*kept, *item.modifiers], [], item.start, item.end, list(noun.inherited))
            item.modifiers = []


def _exclude_one_another(item: Item, after: Item) -> bool:
    """Whether the last attribute of an item and the first of the next are never those of one disease."""
    noun = after.core
    behind = after.modifiers or (noun.before if isinstance(noun, Noun) else [])
    first = qualifier_name(item.modifiers[-1]) if item.modifiers else ""
    second = next((qualifier_name(t) for t in behind if t.type == "QUALIFIER"), "")
    return bool(first and second) and qualifiers().excludes(first, second)


def _only_attributes(items: list[Item]) -> bool:
    """Whether nothing is named any more, and one of several attributes will do."""
    return len(items) > 1 and all(
        item.core is None and item.words is None and not item.groups and _behind_all(item) and item.modifiers
        for item in items
    )


def _behind_all(item: Item) -> bool:
    """Whether it is said behind a list, of all of it: "..., requiring treatment", "..., active at screening"."""
    return all(t.type == "QUALIFIER" for t in item.modifiers)


def share_cancer(here: Composing, items: list[Item], separators: list[str]) -> None:
    """ "Breast cancer with locally advanced or metastatic disease": the disease is the cancer that is named before."""
    for index, (item, after) in enumerate(pairwise(items)):
        noun, disease = item.core, after.core
        if not isinstance(noun, Noun) or not isinstance(disease, Noun) or separators[index] not in ALTERNATIVES:
            continue
        names = [name.value for name in noun.head.names]
        known = all(isinstance(name, Entry) and vocabulary().is_a("condition", name.name, "neoplasm") for name in names)
        if not names or not known or after.negations or after.frames or not _spread(here, disease):
            continue
        extent = any(of_extent(t) or t.type == "STAGE_IS" for t in (*noun.behind, *noun.before, *item.modifiers))
        if (
            extent
            and _WITH_EXTENT.fullmatch(here.low, noun.head.end, item.end)
            and _OR_BARE.fullmatch(here.low, item.end, disease.head.start)
        ):
            metastatic = Token("QUALIFIER", qualifiers().find("metastatic"), disease.head.start, disease.head.end)
            after.core = replace(disease, head=noun.head, before=[*noun.before, metastatic], start=disease.start)
            after.core.inherited = list(noun.inherited)


_WITH_EXTENT: Final = re.compile(r"[^,;:]*\bwith\s+(?:evidence\s+of\s+|either\s+)?[a-z-]+(?:\s+[a-z-]+)?\s*")
_OR_BARE: Final = re.compile(r"\s*(?:/|,?\s*(?:and/)?or)\s*(?:with\s+)?")


def _spread(here: Composing, noun: Noun) -> bool:
    """Whether it is "metastatic disease", of whatever the trial is about."""
    names = [name.value.name for name in noun.head.names if isinstance(name.value, Entry)]
    return names == ["metastatic disease"] and here.text[noun.head.start : noun.head.end].lower().endswith(" disease")


def of_extent(token: Token) -> bool:
    """Whether it says how far a tumour has spread that has not spread to other organs."""
    value = token.value
    return isinstance(value, Qualifier) and value.name in (
        "locally advanced", "locoregional", "localized", "advanced", "unresectable", "recurrent", "locally recurrent",
        "resectable", "borderline resectable",
    )  # fmt: skip


def _of_spread(token: Token) -> bool:
    """Whether it says how far a tumour has spread."""
    return of_extent(token) or (isinstance(token.value, Qualifier) and token.value.name == "metastatic")


def _nearer(alternative: list[Token], noun: Noun) -> list[Token]:
    """ "Unresectable or metastatic BRAF-mutant melanoma": what stands nearer to the name is said of both."""
    own = [t for t in noun.before if t.type == "QUALIFIER" and isinstance(t.value, Qualifier)]
    axes = {t.value.axis for t in alternative + own[:1] if isinstance(t.value, Qualifier)}
    return [t for t in own[1:] if t.value.axis not in axes and not _of_spread(t)]


def _of_marker(token: Token) -> bool:
    """Whether it is the result of a test of its own: "HER2 positive (or EGFR mutation)"."""
    return getattr(token.value, "name", "").endswith(("positive", "negative", "mutated", "mutant"))


def _share_leading(items: list[Item]) -> None:
    """ "Uncontrolled bacterial, viral or fungal infection": uncontrolled, whichever."""
    leading: list[Token] = []
    for before, item in pairwise(items):
        first, noun = before.core, item.core
        if not before.elided or not isinstance(first, Noun) or not isinstance(noun, Noun):
            leading = []
            continue
        leading = [t for t in first.before if t.type == "QUALIFIER"] or leading
        if not any(t.type == "QUALIFIER" for t in noun.before):
            noun.before = [*noun.before, *leading]


def is_empty(item: Item) -> bool:
    """Whether nothing is left of an item, or nothing but frames."""
    return item.core is None and item.words is None and not item.modifiers and not item.groups and not item.beside


def is_frame_alone(item: Item) -> bool:
    """Whether an item is no more than "history of", or "ongoing", without what it is said of."""
    return is_empty(item) and bool(item.frames)


def _beside_first_word(here: Composing, item: Item, noun: Noun, *, said_too: bool) -> bool:
    """ "Bacterial or viral infection", "congenital or rheumatic heart disease": the word stands for the name's first.

    Give the item the rest of the name, and its qualifier with it where the two are no name together; but not where
    it is ``said_too`` of the whole name, "serious, non-healing wound", nor beside an attribute or a time of that:
    "active or recent (within 4 weeks) ocular infection".
    """
    last = item.modifiers[-1]
    names = noun.head.names
    if last.type != "QUALIFIER" or len(names) != 1 or any(t.type in ("QUALIFIER", "WINDOW") for t in noun.before):
        return False
    said = here.text[noun.head.start : noun.head.end].split()
    if names[0].type not in ("CONDITION", "TREATMENT", "EXISTS") or len(said) < 2:
        return False
    kind: Kind = "treatment" if names[0].type == "TREATMENT" else "condition"
    own = here.text[last.start : last.end]
    rests = [" ".join(said[first:]) for first in range(1, len(said))]
    whole = rest = None
    for each in rests:  # the longest: an "acute or chronic liver disease" is one of the liver
        whole, rest = vocabulary().find(f"{own} {each}", kind), vocabulary().find(each, kind)
        if whole is not None or rest is not None:
            break
    else:
        return False
    if whole is None and any(t.type in FRAMES and t.start > last.end and t.end > t.start for t in noun.before):
        return False  # "active or previous history of inflammatory bowel disease": of the whole name
    if whole is None and said_too:
        noun.before = [*item.frames, *item.modifiers, *noun.before]
        item.modifiers, item.frames = [], []
        return True
    head = Head([Token(kind.upper(), whole or rest, last.start, last.end)], [], last.start, last.end)
    frames = [*item.frames, *(t for t in noun.before if t.type in FRAMES)]
    behind = [] if whole else [last]
    item.core = Noun(head, [*frames, *item.modifiers[:-1]], behind, item.start, last.end, list(noun.inherited))
    item.modifiers, item.frames, item.elided = [], [], True
    return True


def _of_another_kind(here: Composing, item: Item, noun: Noun) -> bool:
    """ "Bacterial, viral, mycobacterial or other infections": a viral infection, no mycobacterial one that is viral.

    Give the item the name that its attribute makes with the rest of the name, where that is another disease.
    """
    last, names = item.modifiers[-1], noun.head.names
    if last.type != "QUALIFIER" or len(names) > 1 or (names and names[0].type != "CONDITION"):
        return False
    said = here.low[noun.head.start : noun.head.end]  # without the head that follows later: "mycobacterial"
    kind: Entry | None = names[0].value if names else vocabulary().find(f"{said} infection", "condition")
    whole = vocabulary().find(f"{here.text[last.start : last.end]} infection", "condition")
    if kind is None or whole is None or not kind.name.endswith(" infection"):
        return False
    if any(vocabulary().is_a("condition", *pair) for pair in _both_ways(whole.name, kind.name)):
        return False
    head = Head([Token("CONDITION", whole, last.start, last.end)], [], last.start, last.end)
    frames = [*item.frames, *(t for t in noun.before if t.type in FRAMES)]
    item.core = Noun(head, [*frames, *item.modifiers[:-1]], [], item.start, last.end, list(noun.inherited))
    item.modifiers, item.frames, item.elided = [], [], True
    return True


def _both_ways(one: str, other: str) -> tuple[tuple[str, str], tuple[str, str]]:
    return (one, other), (other, one)


def _of_both(here: Composing, item: Item) -> list[Group]:
    """What limits an item in parentheses, as it does one that differs from it in an attribute: "prior or active X
    (unless mild)", "ongoing or active infection (> grade 2)"."""
    limiting = [group for group in item.groups if _LIMITING.match(here.low, group.start, group.end)]
    return limiting or sparing(item, "EXCEPT", "UNLESS")


_LIMITING: Final = re.compile(r"\W*(?:[<>≤≥]|(?:ctcae\s+)?grades?\b|requiring\b|that\b|which\b|with\b|defined\b)")


def share_statements(here: Composing, items: list[Item], separators: list[str]) -> None:
    """ "English or Spanish speakers", "available and able to return": the rest of what is said is said once."""
    for index, (item, after) in enumerate(pairwise(items)):
        words, core = item.words, after.core
        if (
            item.core is not None
            or words is None
            or not isinstance(core, StatementRead)
            or item.negations
            or after.negations
        ):
            continue
        if item.beside or item.groups or item.frames or item.window or separators[index] not in CONNECTIVES:
            continue
        rule, own = core.draft.rule, here.text[words.start : words.end]
        if not isinstance(rule, Statement) or rule.topic == "judgement" or not isinstance(words.value, list):
            continue
        first, _, rest = rule.text.partition(" ")
        if rest and all(token.type == "WORD" for token in words.value) and _are_parallel(own, first):
            said = rule.model_copy(update={"text": f"{own} {rest}"})
            item.core, item.words = StatementRead(Draft(said, item.start, item.end)), None


_WORD_ENDINGS: Final = ("able", "ness", "ity", "ing", "ed", "ally", "ly")


def _are_parallel(one: str, other: str) -> bool:
    """Whether two words are of one kind: both names of languages, "willing" and "able", "hearing" and "seeing"."""
    if " " in one:
        return False
    if other.istitle() and other.lower() not in ("able", "unable"):
        return one.istitle()
    endings = [next((end for end in _WORD_ENDINGS if word.lower().endswith(end)), "") for word in (one, other)]
    return bool(endings[0]) and (endings[0] == endings[1] or set(endings) == {"ness", "ity"})


def share_kinds(here: Composing, items: list[Item]) -> None:
    """Unknown words among conditions are a condition of their own words, among treatments a treatment."""
    nouns = [item.core for item in items if isinstance(item.core, Noun)]
    kinds = {name.type for noun in nouns for name in noun.head.names}
    alone = len(items) == 1
    if not (kinds in ({"CONDITION"}, {"TREATMENT"}) or (alone and not kinds)):
        return
    for item in items:
        words = item.words
        if (
            item.core is not None
            or words is None
            or item.also
            or item.beside
            or item.since
            or not isinstance(words.value, list)
        ):
            continue
        tokens = [t for t in words.value if t.type != "SILENT"]
        if tokens and tokens[0].type == "OTHER" and not alone:  # "..., or other serious complications"
            words = Token("UNREAD", tokens, min(tokens[0].end, item.end), item.end)
            tokens = [Token("WORD", "", words.start, words.end)]
        inner = [t for t in item.modifiers if words.start <= t.start < words.end]
        text = here.text[words.start : words.end].strip()
        if not tokens or any(t.type != "WORD" for t in tokens) or not is_open_phrase(text) or (item.frames and alone):
            continue
        told = tells_circumstance(here, text, words.start, words.end)
        if is_attested(text) or is_predicate(text) or told:
            continue
        frame = Token("USE" if kinds == {"TREATMENT"} else "PRESENCE", "", words.start, words.start)
        item.core = Noun(
            Head([], tokens, words.start, words.end),
            [frame, *(t for t in item.modifiers if t not in inner)],
            [],
            words.start,
            words.end,
            [],
        )
        item.words, item.modifiers = None, []
