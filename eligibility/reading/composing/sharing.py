"""What the names of a list share: heads, qualifiers and kinds that are said once."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import Final, cast

from eligibility.knowledge.attributes import narrowing
from eligibility.knowledge.derived import derived
from eligibility.knowledge.qualifiers import Qualifier, qualifiers
from eligibility.knowledge.tables import routes
from eligibility.knowledge.vocabulary import Entry, Kind, vocabulary
from eligibility.knowledge.words import keys
from eligibility.reading.composing.circumstances import tells_circumstance
from eligibility.reading.composing.judgements import is_attested
from eligibility.reading.composing.open_phrases import is_open_phrase
from eligibility.reading.composing.predicates import is_predicate
from eligibility.reading.composing.terms import FRAMES, Composing, Item, StatementRead
from eligibility.reading.drafts import Draft
from eligibility.reading.lexer import Token
from eligibility.reading.phrases import Head, Noun
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
            and separators[index] == "AND"
            and isinstance(after.core, Noun)
            and after.core.has("QUALIFIER")
        ):
            for later in items[index + 1 :]:  # "significant and active or recurrent": significant, whichever
                if isinstance(later.core, Noun) and later.core.head.names == after.core.head.names:
                    later.core.before = [*item.frames, *item.modifiers, *later.core.before]
            item.modifiers, item.frames = [], []
            continue
        if is_frame_alone(item) and separators[index] in ("OR", "ANDOR", "SLASH") and isinstance(after.core, Noun):
            noun = after.core
            if noun.before and (noun.head.names or noun.head.words):  # "history of or uncontrolled asthma"
                kept = [t for t in noun.before[1:] if t.type == "QUALIFIER"]
                head = noun.head
                item.core = Noun(head, [*item.frames, *kept], list(noun.behind), item.start, noun.end)
                item.frames, item.window, item.groups = [], item.window or after.window, _of_both(after)
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
            and not item.groups
            and not item.beside
        ):
            noun = after.core
            said_too = after.core is named and separators[index] == "COMMA"
            if named is not None and _beside_first_word(here, item, named, said_too=said_too):
                item.groups = _of_both(after)
                continue
            parallel = noun.before[:1] if noun.before and noun.before[0].type in ("CURRENT", "PRIOR", "HISTORY") else []
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
                list(noun.behind),
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
            item.modifiers, item.frames, item.groups = [], [], _of_both(after)
            item.window = item.window or after.window
            after.core = Noun(noun.head, noun.before, noun.behind, noun.start, noun.end, noun.inherited)
    for index in range(1, len(items)):
        item, previous = items[index], items[index - 1].core
        if (
            item.core is None
            and item.words is None
            and item.modifiers
            and isinstance(previous, Noun)
            and not item.groups
        ):
            noun = previous
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
    _share_leading(items)


def _exclude_one_another(item: Item, after: Item) -> bool:
    """Whether the last attribute of an item and the first of the next are never those of one disease."""
    noun = after.core
    behind = after.modifiers or (noun.before if isinstance(noun, Noun) else [])
    first = _value(item.modifiers[-1]) if item.modifiers else ""
    second = next((_value(t) for t in behind if t.type == "QUALIFIER"), "")
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
    it is ``said_too`` of the whole name: "serious, non-healing wound".
    """
    last = item.modifiers[-1]
    names = noun.head.names
    if last.type != "QUALIFIER" or len(names) != 1 or any(t.type == "QUALIFIER" for t in noun.before):
        return False
    said = here.text[noun.head.start : noun.head.end].split()
    if names[0].type not in ("CONDITION", "TREATMENT", "EXISTS") or len(said) < 2:
        return False
    kind: Kind = "treatment" if names[0].type == "TREATMENT" else "condition"
    own = here.text[last.start : last.end]
    rests = [" ".join(said[first:]) for first in range(1, len(said))]
    whole = next(filter(None, (vocabulary().find(f"{own} {rest}", kind) for rest in rests)), None)
    rest = next(filter(None, (vocabulary().find(rest, kind) for rest in rests)), None)
    if whole is None and rest is None:
        return False
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


def share_heads(here: Composing, items: list[Item]) -> None:
    """ "Cardiovascular, pulmonary or metabolic disease": the head is said once, at the end."""
    start = 0
    said = [item.core for item in items]
    for index, item in enumerate(items):
        if isinstance(item.core, Noun) and item.core.head.names:
            share_head(here, items[start : index + 1], item.core)
            start = index + 1 if not _elliptic(items, index) else start
    _share_exceptions([item for item, core in zip(items, said, strict=True) if item.core is not core], items[-1])


def _share_exceptions(sharing: list[Item], last: Item) -> None:
    """ "Hepatic or biliary disease (except gallstones)": what is spared is spared by all who share the head."""
    spared = _sparing(last, "EXCEPT")
    for item in sharing:
        if spared and item is not last and not item.groups:
            item.groups = spared


def _sparing(item: Item, *kinds: str) -> list[Group]:
    """The parentheses behind an item that say when it does not count: "(except gallstones)"."""
    clauses = [(group, group.body.tails) for group in item.groups if group.body.body is None]
    return [group for group, tails in clauses if tails and tails[0].has(*kinds)]


def _of_both(item: Item) -> list[Group]:
    """What is spared of an item, as of one that differs from it in an attribute: "prior or active X (unless mild)"."""
    return _sparing(item, "EXCEPT", "UNLESS")


def _frames_alone(token: Token) -> bool:
    """Whether it is a frame that has lost what it is said of; "second" may be of what is third."""
    if token.said == "second":
        return False
    return token.type in FRAMES or any(kind in FRAMES for kind, _ in token.others)


_TWO: Final = 2  # an adjective and what it is said of
_PLAIN_ADJECTIVE: Final = re.compile(r"[a-z]+(?:ic|al|ous|ary|ar)", re.IGNORECASE)


def _derived(name: str, kind: Kind) -> Entry | None:
    """The disease that a name is put together from: "renal disturbances"."""
    return derived(keys(name), kind) if kind == "condition" else None


_OTHERS: Final = re.compile(  # "... or any other major disease", "... or cognitive illness"
    r"(?:any\s+)?(?:other\s+(?:[\w-]+\s+){0,3}?|[\w-]+(?:ic|al|ous|ary|ive|ar|ed)\s+)"
    r"(?P<head>diseases?|disorders?|illness(?:es)?|conditions?|abnormalit(?:y|ies)|dysfunctions?|impairments?|problems?)",
    re.IGNORECASE,
)


def share_routes(here: Composing, items: list[Item], separators: list[str]) -> None:
    """ "Oral or intranasal decongestants": the drug is said once, of either route."""
    for index in range(len(items) - 2, -1, -1):
        item, noun = items[index], items[index + 1].core
        words = item.words
        if item.core is not None or words is None or item.also or item.beside or item.groups or item.negations:
            continue
        if not isinstance(noun, Noun) or noun.kinds != {"TREATMENT"} or separators[index] not in _ALTERNATIVES:
            continue
        own = here.text[words.start : words.end].strip(" -")
        if own.lower() not in routes().names or not isinstance(words.value, list):
            continue
        names = noun.head.names
        before = [*item.frames, *item.modifiers, *(t for t in noun.before if t.type in FRAMES)]
        head = Head(names, list(words.value), words.start, words.end)
        item.core = Noun(head, before, list(noun.behind), item.start, words.end, list(noun.inherited))
        drug = here.text[names[0].start : names[-1].end]
        route, _, rest = drug.partition(" ")
        item.core.said = f"{own} {rest if rest and route.lower() in routes().names else drug}"
        item.words, item.modifiers, item.frames, item.since = None, [], [], items[index + 1].since


def share_generic_heads(here: Composing, items: list[Item]) -> None:
    """ "Cardiac, renal or other major disease": the head is said once, with what names nothing of its own."""
    for index, last in enumerate(items):
        named = isinstance(last.core, Noun) and last.core.head.names
        if not index or named or (last.words is None and not isinstance(last.core, Noun)):
            continue
        generic = _OTHERS.match(here.text, last.start, last.end)
        if generic is None:
            continue
        for item in items[:index]:
            noun, words = item.core, item.words
            before: list[Token] = list(item.modifiers)
            if isinstance(noun, Noun) and not noun.head.names and not noun.behind:
                words = Token("UNREAD", noun.head.words, noun.head.start, noun.head.end)
                before = [*noun.before, *before]
            elif noun is not None:
                continue
            if words is None or item.also or item.beside or (item.groups and item.groups[0].start < words.end):
                continue
            words, led = _unframed(words)
            entry = vocabulary().find(f"{here.text[words.start : words.end]} {generic['head']}", "condition")
            if entry is None:
                continue
            name = Token("CONDITION", entry, words.start, words.end)
            head = Head([name], [], words.start, words.end)
            inherited = list(noun.inherited) if isinstance(noun, Noun) else []
            item.core = Noun(head, [*item.frames, *led, *before], [], words.start, words.end, inherited)
            item.words, item.modifiers, item.frames = None, [], []


def share_head(here: Composing, items: list[Item], noun: Noun) -> None:
    """Give the head of the last of the items to those before it that have none."""
    last = items[-1]
    if last is items[0]:
        return
    if len(noun.head.names) != 1 or noun.head.names[0].type not in ("CONDITION", "TREATMENT"):
        return
    kind: Kind = "condition" if noun.head.names[0].type == "CONDITION" else "treatment"
    said = here.text[noun.head.start : noun.head.end].split()
    leading: list[Token] = []
    kinds: list[tuple[Item, Token]] = []
    anew = begins_anew(noun)  # "opioids, or a history of alcohol abuse"
    several = [i for i, item in enumerate(items[:-1]) if _has_own_head(here, item)]
    for item in items[several[-1] + 1 if several else 0 : items.index(last)]:
        words = item.words
        frames: list[Token] = []
        borne = item.core.before if isinstance(item.core, Noun) else []
        borne = [*item.modifiers, *(t for t in borne if t.type == "QUALIFIER")]
        if isinstance(item.core, Noun) and not item.core.head.names and not item.core.behind:
            words = Token("UNREAD", item.core.head.words, item.core.head.start, item.core.head.end)
            frames = [t for t in item.core.before if t.type in FRAMES or t.type == "WINDOW"]
        elif (
            isinstance(item.core, Noun)
            and item.core.kinds
            and item.core.kinds != noun.kinds
            and not item.core.behind
            and not anew
            and not is_used(here, items, item.core)
            and vocabulary().find(here.text[item.core.head.start : item.core.head.end]) is not None
        ):
            # "drug or alcohol abuse"
            words = Token("UNREAD", [], item.core.head.start, item.core.head.end)
            frames = [t for t in item.core.before if t.type in FRAMES or t.type == "WINDOW"]
        elif item.core is not None or words is None or not isinstance(words.value, list):
            continue
        if item.also or item.beside or words.end <= words.start:
            continue
        if item.groups and item.groups[0].start < words.end:
            continue
        words, led = _unframed(words)
        frames = [*frames, *led]
        if isinstance(words.value, list) and any(map(_frames_alone, words.value)):
            continue  # "previous (less than 10 years) or current"
        own = here.text[words.start : words.end]
        whole = " ".join(said).lower().replace("-", " ")
        if len(own.split()) > 3 or whole.startswith(f"{own.lower()} "):
            continue  # "TB or TB treatment", "heparin or heparin-induced bleeding": either is said in full
        between = items[items.index(item) + 1 : -1]
        shared = _narrowed_head(own, said, noun, kind) if words.value and _adjectives(here, between) else None
        if shared is not None:
            before = [t for t in noun.before if t.type in FRAMES] if not item.frames and not frames else []
            made = [
                Token("QUALIFIER", qualifiers().find(each) or Qualifier(each, ""), words.start, words.end)
                for each in shared[1]
            ]
            item.core = Noun(
                Head([Token(noun.head.names[0].type, shared[0], words.start, words.end)], [], words.start, words.end),
                [*frames, *item.frames, *item.modifiers, *before],
                [*(t for t in noun.behind if t.type in _OF_THE_HEAD), *made],
                words.start,
                words.end,
                list(noun.inherited),
            )
            item.words, item.modifiers, item.frames = None, [], []
            continue
        adjective = (
            len(own.split()) <= 2
            and bool(words.value)
            and own.lower().endswith(("ic", "al", "ous", "ary", "ive", "ar", "ed"))
        )
        if (
            adjective
            and noun.kinds == {"CONDITION"}
            and vocabulary().find(own, "condition") is None
            and not any(vocabulary().find(f"{own} {' '.join(said[-n:])}", kind) for n in range(1, len(said)))
        ):
            parallel = len(said) == _TWO and all(map(_PLAIN_ADJECTIVE.fullmatch, (own, said[0])))
            there = [Token("PRESENCE", "", words.start, words.start)] if parallel else []
            item.core = Noun(
                Head([] if parallel else noun.head.names, [*words.value], words.start, words.end),
                [*frames, *item.frames, *there, *borne],
                [],
                words.start,
                words.end,
                list(noun.inherited) if not frames else [],
            )  # "renal or metabolic disturbances": a renal one is no metabolic one
            item.core.said = f"{own} {said[-1]}" if parallel else f"{own} {' '.join(said)}"
            item.words, item.modifiers, item.frames = None, [], []
            continue
        apart = " ".join(said).replace("-", " ").split()  # "second- or third-degree block"
        for length in range(1, len(apart)):
            rest = " ".join(apart[-length:])
            entry = vocabulary().find(f"{own} {rest}", kind) or _derived(f"{own} {rest}", kind)
            if entry is None and own.lower() in ("drug", "drugs"):  # "drug or alcohol use"
                entry = vocabulary().find(f"illicit {own} {rest}", kind)
            if entry is not None:
                name = Token(noun.head.names[0].type, entry, words.start, words.end)
                before = [t for t in noun.before if t.type in FRAMES] if not item.frames else []
                own_qualifiers = [t for t in borne if t.type == "QUALIFIER"]
                leading = leading if all(t in leading for t in own_qualifiers) else own_qualifiers
                item.modifiers = [*borne, *(t for t in leading if t not in borne)]
                item.core = Noun(
                    Head([name], [], words.start, words.end),
                    [*frames, *item.frames, *item.modifiers, *(before if not frames else [])],
                    [t for t in noun.behind if t.type in _OF_THE_HEAD],
                    words.start,
                    words.end,
                    list(noun.inherited),
                )
                item.words, item.modifiers, item.frames = None, [], []
                if (tissue := _tissue(own, rest, words)) is not None:
                    kinds.append((item, tissue))
                break
        else:
            if adjective and noun.kinds == {"CONDITION"}:
                leading = [t for t in borne if t.type == "QUALIFIER"] or leading
    if leading and not any(t.type == "QUALIFIER" for t in noun.before):
        noun.before = [*leading, *noun.before]
    elif leading and all(t not in noun.before for t in leading):  # "significant hepatic or severe renal disease"
        last.modifiers.append(Token("MAYBE_QUALIFIER", leading, last.start, last.end))
    for source, tissue in kinds:
        for item in items[items.index(source) + 1 :]:
            if isinstance(item.core, Noun) and not any(t.type == "MAYBE_QUALIFIER" for t in item.modifiers):
                item.modifiers.append(Token("MAYBE_QUALIFIER", [tissue], item.start, item.end))


def begins_anew(noun: Noun) -> bool:
    """Whether a noun of a list has a frame of its own, so that it is no more of the one before it."""
    return any(t.type in FRAMES and t.type not in ("OTHER", "KNOWN") and t.end > t.start for t in noun.before)


def is_used(here: Composing, items: list[Item], noun: Noun) -> bool:
    """Whether the frame that is said of a substance is its use, and not a disorder said behind the next."""
    start = items[0].start
    for item in items:
        if item.start > noun.head.start:
            break
        if isinstance(item.core, Noun) and any(t.type in FRAMES and t.end > t.start for t in item.core.before):
            start = item.start
    return _USE_OF.search(here.low, start, noun.head.start) is not None


_USE_OF: Final = re.compile(r"\b(?:us(?:e|ing)|tak(?:es?|ing)|receiv\w+|treat\w+|on)\b")


def _tissue(own: str, rest: str, words: Token) -> Token | None:
    """ "Serous ovarian, or fallopian tube cancer": what kind of tumour, which may be said of the others, too."""
    said = own.split()
    for length in range(1, len(said)):
        kind, place = " ".join(said[:length]), " ".join(said[length:])
        organ = vocabulary().find(f"{place} {rest}", "condition")
        if organ is None or not vocabulary().is_a("condition", organ.name, "malignancy"):
            continue
        if _OF_TISSUE.fullmatch(kind):
            known = qualifiers().find(kind) or Qualifier(kind.lower(), "")
            return Token("QUALIFIER", known, words.start, words.start + len(kind))
    return None


_OF_TISSUE: Final = re.compile(
    r"serous|mucinous|endometrioid|clear[- ]cell|small[- ]cell|papillary|medullary|neuroendocrine|squamous(?:[- ]cell)?"
    r"|transitional[- ]cell|adenosquamous|sarcomatoid",
    re.IGNORECASE,
)


def _narrowed_head(own: str, said: list[str], noun: Noun, kind: Kind) -> tuple[Entry, tuple[str, ...]] | None:
    """ "Esophageal and gastric bleeding": the name that adjectives share with a noun said later, and they themselves.

    None where they make a name of their own together, "pulmonary" with "heart or lung disease", or are no adjectives.
    """
    attributes = narrowing(own) if own.lower().endswith(_ADJECTIVE_ENDINGS) else None
    if attributes is None or vocabulary().find(own, kind) is not None or noun.head.words:
        return None
    if noun.has("ALLERGY", "PRESENCE", "DIAGNOSIS", "SUSPECTED"):
        return None  # "clinical or radiographic evidence of": of both kinds is the evidence
    whole = any(t.type == "QUALIFIER" for t in noun.before)  # "strong or moderate CYP3A4 inhibitors"
    rests = [" ".join(said[first:]) for first in range(0 if whole else 1, len(said))]
    if any(vocabulary().find(f"{own} {rest}", kind) for rest in rests):
        return None
    entry = next(filter(None, (vocabulary().find(rest, kind) for rest in rests)), None)
    return (entry, attributes) if entry is not None else None


_OF_THE_HEAD: Final = frozenset(("SITE", "GRADE_IS"))  # said behind a head that several names share
_ADJECTIVE_ENDINGS: Final = ("ic", "al", "ous", "ary", "ive", "ar", "ed", "ate", "unt", "ong", "ant")


def _adjectives(here: Composing, items: list[Item]) -> bool:
    """Whether nothing but adjectives stands in these items, so that what precedes them shares the head behind them."""
    return all(
        item.elided
        or (item.core is None and item.words is not None and narrowing(here.text[item.words.start : item.words.end]))
        for item in items
    )


def _unframed(words: Token) -> tuple[Token, list[Token]]:
    """Unread words without the frames that they begin with: "known psychiatric"; and the frames."""
    tokens, led = words.value, []
    while isinstance(tokens, list) and len(tokens) > 1:
        first = tokens[0]
        prior = next((value for kind, value in first.others if kind == "PRIOR"), None)
        if first.type not in FRAMES and prior is None:
            break
        led.append(first if first.type in FRAMES else Token("PRIOR", prior, first.start, first.end))
        tokens = tokens[1:]
    return (Token(words.type, tokens, tokens[0].start, words.end), led) if led else (words, led)


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
        if item.beside or item.groups or item.frames or item.window or separators[index] not in _PARALLEL:
            continue
        rule, own = core.draft.rule, here.text[words.start : words.end]
        if not isinstance(rule, Statement) or rule.topic == "judgement" or not isinstance(words.value, list):
            continue
        first, _, rest = rule.text.partition(" ")
        if rest and all(token.type == "WORD" for token in words.value) and _are_parallel(own, first):
            said = rule.model_copy(update={"text": f"{own} {rest}"})
            item.core, item.words = StatementRead(Draft(said, item.start, item.end)), None


_PARALLEL: Final = frozenset(("OR", "AND", "ANDOR", "SLASH"))
_WORD_ENDINGS: Final = ("able", "ness", "ity", "ing", "ed", "ally", "ly")


def _are_parallel(one: str, other: str) -> bool:
    """Whether two words are of one kind: both names of languages, "willing" and "able", "hearing" and "seeing"."""
    if " " in one:
        return False
    if other.istitle() and other.lower() not in ("able", "unable"):
        return one.istitle()
    endings = [next((end for end in _WORD_ENDINGS if word.lower().endswith(end)), "") for word in (one, other)]
    return bool(endings[0]) and (endings[0] == endings[1] or set(endings) == {"ness", "ity"})


def share_tails(here: Composing, items: list[Item]) -> None:
    """ "Hepatitis B or C", "drug abuse or dependence": the words stand for the last of the name before them."""
    for before, item in pairwise(items):
        noun, words = before.core, item.words
        behind: list[Token] = []
        if isinstance(item.core, Noun) and _of_words(item.core) and _windowed(item.core):
            words = Token("UNREAD", item.core.head.words, item.core.head.start, item.core.head.end)
            behind = item.core.behind
        elif item.core is not None:
            continue
        if (
            not isinstance(noun, Noun)
            or words is None
            or item.also
            or item.beside
            or item.groups
            or any(t.type != "WINDOW" for t in noun.behind)
            or len(noun.head.names) != 1
            or noun.head.words
        ):
            continue
        own = _INFECTION.sub("", here.text[words.start : words.end])
        said = (noun.said or here.text[noun.head.start : noun.head.end]).split()
        kind = noun.head.names[0].type.lower()
        if len(own.split()) != 1 or len(said) < 2 or kind not in ("condition", "treatment"):
            continue
        if own.lower() == "disease":
            continue  # "breast cancer, with locally advanced disease": that very one
        names = (f"{' '.join(said[first:-1])} {own}" for first in range(len(said) - 1))
        entry = next(filter(None, (vocabulary().find(name, cast(Kind, kind)) for name in names)), None)
        if entry is not None and (entry != noun.head.names[0].value or entry.kind == "treatment"):
            head = Head([Token(noun.head.names[0].type, entry, words.start, words.end)], [], words.start, words.end)
            frames = [t for t in noun.before if t.type in FRAMES]
            item.core = Noun(
                head, [*item.frames, *item.modifiers], behind, words.start, item.end, [*noun.inherited, *frames]
            )
            item.core.said = f"{' '.join(said[:-1])} {own}"
            item.words, item.modifiers, item.frames = None, [], []


_INFECTION: Final = re.compile(
    r"\s+(?:virus(?:es)?|infections?|disease|hepatitis)$", re.IGNORECASE
)  # "hepatitis B or C infection"


def _of_words(noun: Noun) -> bool:
    """Whether it names nothing that is known, or no more than that it is an infection: "C infection"."""
    names = [name.value.name for name in noun.head.names if isinstance(name.value, Entry)]
    return not noun.head.names or (names == ["infection"] and len(noun.head.words) == 1)


def _windowed(noun: Noun) -> bool:
    """Whether nothing stands behind it but when it was."""
    return all(t.type == "WINDOW" for t in noun.behind)


def _has_own_head(here: Composing, item: Item) -> bool:
    """Whether an open name is whole, so that a head said later is not that of what stands before it."""
    noun = item.core
    if not isinstance(noun, Noun) or noun.head.names:
        return False
    words = here.text[noun.head.start : noun.head.end].split()
    return len(words) > 2 and not words[-1].lower().endswith(("ic", "al", "ous", "ary", "ive", "ar"))


def _elliptic(items: list[Item], index: int) -> bool:
    """Whether the noun may itself be short of a head that is said later: "drug or alcohol abuse"."""
    noun = items[index].core
    return isinstance(noun, Noun) and any(
        isinstance(item.core, Noun) and item.core.kinds and item.core.kinds != noun.kinds
        for item in items[index + 1 : index + 2]
    )


def doubt_names(here: Composing, items: list[Item], separators: list[str]) -> None:
    """ "Hepatic adenoma or carcinoma": the carcinoma may be that of the liver."""
    for index, (item, after) in enumerate(pairwise(items)):
        noun, bare = item.core, after.core
        if not isinstance(noun, Noun) or not isinstance(bare, Noun) or separators[index] not in ("OR", "AND", "SLASH"):
            continue
        names = (*noun.head.names, *bare.head.names)
        if len(names) != 2 or {name.type for name in names} != {"CONDITION"} or noun.behind or bare.before:
            continue
        said = here.text[noun.head.start : noun.head.end].split()
        own = here.text[bare.head.start : bare.head.end]
        if (
            len(said) != 2
            or len(own.split()) != 1
            or after.frames
            or bare.head.words
            or not _ADJECTIVE.fullmatch(said[0])
        ):
            continue
        found = vocabulary().find(f"{said[0]} {own}", "condition")
        if found is not None and found != bare.head.names[0].value:
            after.led = Token("CONDITION", found, bare.head.start, bare.head.end)


_ADJECTIVE: Final = re.compile(r"[a-z]+(?:ic|al|ar|ary|ous|ine|an)", re.IGNORECASE)


def doubt_qualifiers(here: Composing, items: list[Item]) -> None:
    """ "Severe asthma or eczema": whether the eczema has to be severe is open; not in "gout, severe asthma, eczema"."""
    leading: list[Token] = []
    kinds: frozenset[str] = frozenset()
    for index, item in enumerate(items):
        noun = item.core
        if not isinstance(noun, Noun) or item.negations:
            leading = []
            continue
        own = [t for t in noun.before if t.type == "QUALIFIER"]
        # "recurrent (or metastatic) disease": that of the trial
        of_trial = not (noun.head.names or noun.head.words or noun.has("PRESENCE", "USE"))
        unknown = not (noun.kinds and kinds) and not noun.has("OTHER") and not of_trial
        alike = noun.kinds == kinds or (unknown and noun.kinds | kinds <= {"CONDITION", "TREATMENT"})
        if own and not noun.has("ALLERGY") and noun.kinds == kinds and (proof := _proof(leading)) and not _proof(own):
            item.modifiers.append(Token("MAYBE_QUALIFIER", proof, item.start, item.end))
            leading = [*proof, *own]
        elif (
            own
            or not alike
            or noun.has("QUALIFIER")
            or any(t.type in FRAMES and t.type != "OTHER" and t.end > t.start for t in noun.before)
        ):
            leading, kinds = own, frozenset(("OF_TRIAL",)) if of_trial else noun.kinds
            if own and _of_this_alone(here, items, index):
                leading = []
        elif leading:
            item.modifiers.append(Token("MAYBE_QUALIFIER", leading, item.start, item.end))
    for before, item in pairwise(items):
        if isinstance(before.core, Noun) and isinstance(item.core, Noun) and not item.core.before:
            named = [name.value.name for name in item.core.head.names if isinstance(name.value, Entry)]
            if (trial := _in_name(before.core)) and named in (["vaccine"], ["medical device"], ["biologic"]):
                item.modifiers.append(Token("MAYBE_QUALIFIER", trial, item.start, item.end))


def doubt_objects(here: Composing, items: list[Item], separators: list[str]) -> None:
    """ "A trial of a drug, vaccine or device", "small cell or sarcomatoid variant of C": whose, is said once."""
    leading: Token | None = None
    kinds: set[str] = set()
    for index, item in enumerate(items):
        noun = item.core
        if leading is None and item is items[-1]:
            break  # nothing follows to which it could lead
        if not isinstance(noun, Noun) or item.negations or (index and separators[index - 1] not in _ALTERNATIVES):
            leading = None
        elif (led := _led(here, noun, item.end)) is not None:
            leading, kinds = led
        elif any(t.end > t.start for t in noun.before) or not noun.kinds <= kinds:
            leading = None
        elif leading is not None:
            doubt(item, [leading])
    variant = items[-1].words
    if variant is not None and _VARIANT.search(here.low, variant.start, variant.end):
        for item in items[:-1]:
            if isinstance(item.core, Noun) and item.core.kinds == {"CONDITION"} and not item.core.behind:
                said = here.low[variant.start : items[-1].end].partition(" ")[2]
                doubt(item, [Token("QUALIFIER", Qualifier(said, ""), variant.start, items[-1].end)])


_ALTERNATIVES: Final = frozenset(("COMMA", "OR", "ANDOR", "SLASH"))
_OBJECT: Final = re.compile(
    r"\s(?:of|for|after|following|despite|from|with|using|involving)\s+(?:an?\s+|the\s+)?(?=\S)"
)
_VARIANT: Final = re.compile(r"\s(?:variants?|types?|subtypes?|forms?|histology|component|features?) of$")


def _led(here: Composing, noun: Noun, end: int) -> tuple[Token, set[str]] | None:
    """The words of a name before what it is of, "rising marker after" of surgery, and the kind of that."""
    start = noun.head.start
    said = here.low[start:end]
    links = list(_OBJECT.finditer(said))
    entry = vocabulary().find(said[links[-1].end() :]) if links and vocabulary().find(said) is None else None
    if entry is None:
        return None
    of = said[: links[-1].end()].strip()
    return Token("QUALIFIER", Qualifier(of, ""), start, start + len(of)), {entry.kind.upper()}


def doubt(item: Item, said: list[Token]) -> None:
    """These, too, may be said of an item, beside what may be said of it already."""
    doubtful = next((t for t in item.modifiers if t.type == "MAYBE_QUALIFIER"), None)
    if doubtful is not None:
        item.modifiers = [t for t in item.modifiers if t is not doubtful]
        said = [*doubtful.value, *said]
    item.modifiers.append(Token("MAYBE_QUALIFIER", said, item.start, item.end))


def _value(token: Token) -> str:
    """The name of a qualifier; of anything else, nothing."""
    return token.value.name if isinstance(token.value, Qualifier) else ""


def _of_this_alone(here: Composing, items: list[Item], index: int) -> bool:
    """Whether an item stands between commas, others without its attribute before it, so that it has it for itself."""
    if not index or index + 1 >= len(items):
        return False
    before, noun, after = items[index - 1], items[index].core, items[index + 1]
    if not isinstance(before.core, Noun) or not isinstance(noun, Noun) or before.core.kinds != noun.kinds:
        return False
    if any(_value(t) and _value(t) in map(_value, before.core.before) for t in noun.before):
        return False  # "severe trauma, severe diarrhea, vomiting"
    named = bool(before.core.head.names) and before.core.head.names != noun.head.names and not before.elided
    apart = "," in here.text[before.core.end : noun.start] and "," in here.text[noun.end : after.start]
    return named and apart


def doubt_clauses(here: Composing, items: list[Item]) -> None:
    """ "Stomach disease or surgery leading to impaired absorption": the disease may have to do so, too."""
    last = items[-1].core
    if not isinstance(last, Noun) or not last.behind or last.behind[-1].type != "QUALIFIER":
        return
    clause = last.behind[-1]
    if "," in here.text[items[-2].end : items[-1].start] and not _OF_SEVERAL.match(here.text, clause.start):
        return
    if not _EFFECT.match(here.text, clause.start):
        return
    for item in items[:-1]:
        noun = item.core
        if isinstance(noun, Noun) and noun.kinds <= {"CONDITION", "TREATMENT"} and not (noun.behind or item.negations):
            doubtful = next((t for t in item.modifiers if t.type == "MAYBE_QUALIFIER"), None)
            if doubtful is None:
                item.modifiers.append(Token("MAYBE_QUALIFIER", [clause], item.start, item.end))


_EFFECT: Final = re.compile(
    r"(?:(?:that|which)\b|(?:lead|affect|requir|result|interfer|caus|prolong|suppress|impair|limit)\w*ing\b"
    r"|known to\b)",
    re.IGNORECASE,
)


_OF_SEVERAL: Final = re.compile(r"(?:that|which)\s+(?:have|are|were)\b", re.IGNORECASE)


def _in_name(noun: Noun) -> list[Token]:
    """The qualifier that is part of a name: "investigational drugs or vaccines"."""
    return [
        Token("QUALIFIER", value, name.start, name.end)
        for name in noun.head.names
        if name.type == "TREATMENT"
        for kind, value in name.others
        if kind == "QUALIFIER"
    ]


def _proof(tokens: list[Token]) -> list[Token]:
    """Those that say how a disease was found out: "histologically confirmed"."""
    return [t for t in tokens if isinstance(t.value, Qualifier) and t.value.axis == "confirmation"]


def doubt_grades(here: Composing, items: list[Item]) -> None:
    """ "Grade 3 nausea or diarrhea", "nausea or diarrhea of grade 3": whether the grade is that of both is open."""
    run: list[tuple[Item, Noun]] = []  # diseases without a grade, up to the next with one
    leading: Token | None = None  # the grade that the first of a list begins with
    for index, item in enumerate(items):
        noun = item.core
        if not isinstance(noun, Noun) or noun.kinds != {"CONDITION"} or item.negations:
            return
        graded = next(iter(noun.all("GRADE_IS")), None)
        if graded is None:
            run.append((item, noun))
            continue
        last = index + 1 == len(items)
        paired = bool(run) and (last or _PAIRED.search(here.low, run[-1][0].end, item.start) is not None)
        if paired and graded in noun.behind and leading is None:
            for before, _ in run:
                doubt(before, [graded])
        leading = graded if not index and graded in noun.before else None
        run = []
    if leading is None or len(run) < len(items) - 1:
        return
    for item, noun in run:
        if noun.before or _ANY.search(here.text, max(0, item.start - _SHORT), noun.head.start):
            return  # "grade 3 nausea or any diarrhea"
        doubt(item, [leading])


_PAIRED: Final = re.compile(r"\b(?:and|or)\b")
_ANY: Final = re.compile(r"\bany\b", re.IGNORECASE)
_SHORT: Final = 8


def doubt_sites(items: list[Item]) -> None:
    """ "Retinal detachment or macular hole in the study eye": the eye may be meant of all of them."""
    last = items[-1].core
    sites = [t for t in last.behind if t.type == "SITE" and "eye" in str(t.value)] if isinstance(last, Noun) else []
    for item in items[:-1]:
        noun = item.core
        if not sites or not isinstance(noun, Noun) or noun.has("SITE") or item.negations or noun.has("ALLERGY"):
            continue
        if not all(_of_eyes(name) for name in noun.head.names):
            continue
        doubt(item, sites)


def doubt_settings(items: list[Item]) -> None:
    """ "Chemotherapy or immunotherapy in the metastatic setting": the setting may be that of all of them."""
    last = items[-1].core
    if not isinstance(last, Noun) or last.kinds != {"TREATMENT"}:
        return
    settings = _settings_behind(last)
    for item in reversed(items[:-1]):
        noun = item.core
        if settings and isinstance(noun, Noun) and (nearer := _settings_behind(noun)):
            settings = nearer
        if not settings or not isinstance(noun, Noun) or noun.kinds != {"TREATMENT"} or noun.has("ALLERGY"):
            continue
        own = [t.value for t in noun.all("QUALIFIER")]
        own += [qualifiers().find(word) for name in noun.head.names for word in _words_of(name)]  # "adjuvant therapy"
        if not any(isinstance(each, Qualifier) and each.axis in _OF_A_COURSE for each in own):
            doubt(item, settings)


def _settings_behind(noun: Noun) -> list[Token]:
    return [t for t in noun.behind if isinstance(t.value, Qualifier) and t.value.axis in _OF_A_COURSE]


def doubt_drainage(items: list[Item]) -> None:
    """ "Pleural effusion or ascites requiring recurrent drainage": the need may be that of each of them."""
    last = items[-1].core
    if not isinstance(last, Noun) or last.kinds != {"CONDITION"}:
        return
    needs = [t for t in last.behind if isinstance(t.value, Qualifier) and t.value.axis == _DRAINAGE]
    for item in items[:-1]:
        noun = item.core
        if needs and isinstance(noun, Noun) and noun.kinds == {"CONDITION"} and not noun.has("ALLERGY"):
            own = [t.value for t in noun.all("QUALIFIER")]
            if not any(isinstance(each, Qualifier) and each.axis == _DRAINAGE for each in own):
                doubt(item, needs)


_DRAINAGE: Final = "drainage"


def _words_of(name: Token) -> list[str]:
    return name.value.name.split() if isinstance(name.value, Entry) else []


_OF_A_COURSE: Final = frozenset(("setting", "line", "course given"))


def _of_eyes(name: Token) -> bool:
    """Whether it may be had, or done, in one eye: "dementia" is not."""
    entry = name.value if isinstance(name.value, Entry) else None
    if entry is None or name.type == "TREATMENT":
        return name.type == "TREATMENT"
    return name.type == "CONDITION" and any(
        vocabulary().is_a("condition", entry.name, each) for each in ("eye disease", "infection", "surgery")
    )


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
        if is_attested(text) or is_predicate(text) or tells_circumstance(text):
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
