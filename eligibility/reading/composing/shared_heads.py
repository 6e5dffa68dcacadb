"""Names of a list that share a head said once: "cardiovascular, pulmonary or metabolic disease", "hepatitis B or C"."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Final, cast

from eligibility.knowledge.attributes import narrowing
from eligibility.knowledge.derived import derived
from eligibility.knowledge.qualifiers import Qualifier, qualifiers
from eligibility.knowledge.tables import routes
from eligibility.knowledge.vocabulary import Entry, Kind, vocabulary
from eligibility.knowledge.words import IN_PARENTHESES, keys
from eligibility.reading.composing.doubting import doubt_unless_doubted
from eligibility.reading.composing.terms import ALTERNATIVES, FRAMES, Composing, Item
from eligibility.reading.lexing.tokens import Token
from eligibility.reading.phrases import Head, Noun
from eligibility.reading.sentences import Group


def share_heads(here: Composing, items: list[Item]) -> None:
    """ "Cardiovascular, pulmonary or metabolic disease": the head is said once, at the end."""
    start = 0
    said = [item.core for item in items]
    for index, item in enumerate(items):
        if isinstance(item.core, Noun) and item.core.head.names:
            share_head(here, items[start : index + 1], item.core)
            start = index + 1 if not _elliptic(here, items, index) else start
    for item, core in zip(items, said, strict=True):
        item.shares_head = item.core is not core
    _share_exceptions([item for item, core in zip(items, said, strict=True) if item.core is not core], items[-1])


def _share_exceptions(sharing: list[Item], last: Item) -> None:
    """ "Hepatic or biliary disease (except gallstones)": what is spared is spared by all who share the head."""
    spared = sparing(last, "EXCEPT")
    for item in sharing:
        if spared and item is not last and not item.groups:
            item.groups = spared


def sparing(item: Item, *kinds: str) -> list[Group]:
    """The parentheses behind an item that say when it does not count: "(except gallstones)"."""
    clauses = [(group, group.body.tails) for group in item.groups if group.body.body is None]
    return [group for group, tails in clauses if tails and tails[0].has(*kinds)]


def _frames_alone(token: Token) -> bool:
    """Whether it is a frame that has lost what it is said of; "second" may be of what is third."""
    if token.said == "second":
        return False
    return token.type in FRAMES or any(kind in FRAMES for kind, _ in token.others)


_TWO: Final = 2  # an adjective and what it is said of
_PLAIN_ADJECTIVE: Final = re.compile(r"[a-z]+(?:ic|al|ous|ary|ar|ive)", re.IGNORECASE)


def _derived(name: str, kind: Kind) -> Entry | None:
    """The disease that a name is put together from: "renal disturbances"."""
    return derived(keys(name), kind) if kind == "condition" else None


_OTHERS: Final = re.compile(  # "... or any other major disease", "... or cognitive illness"
    r"(?:any\s+)?(?:other\s+(?:[\w-]+\s+){0,3}?|[\w-]+(?:ic|al|ous|ary|ive|ar|ed)\s+)"
    r"(?P<head>diseases?|disorders?|illness(?:es)?|conditions?|abnormalit(?:y|ies)|dysfunctions?|impairments?|problems?)",
    re.IGNORECASE,
)


def share_routes(here: Composing, items: list[Item], separators: list[str]) -> None:
    """ "Oral or intranasal decongestants", "requiring oral or IV steroids": the drug is said once, of either route."""
    for index in range(len(items) - 2, -1, -1):
        item, noun = items[index], items[index + 1].core
        if not isinstance(noun, Noun) or noun.kinds != {"TREATMENT"} or separators[index] not in ALTERNATIVES:
            continue
        alone = _route_alone(here, item)
        if alone is None:
            continue
        names, start, end = noun.head.names, alone.head.start, alone.head.end
        own, drug = here.text[start:end].strip(" -"), noun.said or here.text[names[0].start : names[-1].end]
        route, _, rest = drug.partition(" ")
        if drug.lower() in routes().names:  # "oral, transdermal or vaginal estrogen": a name of its own
            continue
        named = replace(
            alone,
            head=Head(names, alone.head.words, start, end),
            before=[*alone.before, *(t for t in noun.before if t.type in FRAMES)],
            behind=list(noun.behind),
            inherited=list(noun.inherited),
            said=f"{own} {rest if rest and route.lower() in routes().names else drug}",
        )
        if item.also:
            item.also[-1] = named
        else:
            item.core, item.words, item.modifiers, item.frames = named, None, [], []
            item.since = items[index + 1].since


def _route_alone(here: Composing, item: Item) -> Noun | None:
    """The route in which an item ends, with the frames before it; None where it ends in anything else."""
    words, last = item.words, item.cores[-1]
    if item.beside or item.groups or (item.negations and not item.also):
        return None
    if last is None and words is not None and isinstance(words.value, list):
        head = Head([], list(words.value), words.start, words.end)
        last = Noun(head, [*item.frames, *item.modifiers], [], item.start, words.end)
    if not isinstance(last, Noun) or last.head.names or last.behind or last.end != last.head.end:
        return None
    return last if here.text[last.head.start : last.head.end].strip(" -").lower() in routes().names else None


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
            item.words, item.modifiers, item.frames, item.elided = None, [], [], True


def share_investigational(here: Composing, items: list[Item]) -> None:
    """ "An investigational medicinal product or device": the device, too, is an investigational one."""
    leading = False
    for item in items:
        noun, words = item.core, item.words
        if isinstance(noun, Noun) and noun.head.names:
            names = [name.value.name for name in noun.head.names if isinstance(name.value, Entry)]
            leading = leading or any(name.startswith(_INVESTIGATIONAL) for name in names)
            continue
        before: list[Token] = [*item.frames, *item.modifiers]
        behind: list[Token] = []
        if isinstance(noun, Noun):
            words = Token("UNREAD", noun.head.words, noun.head.start, noun.head.end)
            before, behind = [*noun.before, *before], list(noun.behind)
        if (
            not leading
            or words is None
            or item.also
            or item.beside
            or _OBJECT.fullmatch(here.text, words.start, words.end) is None
        ):
            leading = leading and noun is None
            continue
        entry = vocabulary().find(f"{_INVESTIGATIONAL}{here.low[words.start : words.end]}", "treatment")
        if entry is not None:
            head = Head([Token("TREATMENT", entry, words.start, words.end)], [], words.start, words.end)
            inherited = list(noun.inherited) if isinstance(noun, Noun) else []
            _take_name(
                item, Noun(head, before, behind, words.start, max(words.end, *(t.end for t in behind), 0), inherited)
            )


_INVESTIGATIONAL: Final = "investigational "
_OBJECT: Final = re.compile(r"(?:medical\s+)?devices?|procedures?", re.IGNORECASE)


def _said_by_itself(here: Composing, items: Sequence[Item], noun: Noun) -> bool:
    """Whether a verb parts the last from those before it: "euthymic or experiencing a depressive episode"."""
    return _HAVING.search(here.low, items[-2].end, noun.head.start) is not None


_HAVING: Final = re.compile(
    r"\b(?:or|and)\s+(?:currently\s+)?(?:experienc(?:e|es|ing)|suffer(?:s|ing)|ha(?:s|ve|ving)|in|with)\b"
)


def share_head(here: Composing, items: list[Item], noun: Noun) -> None:
    """Give the head of the last of the items to those before it that have none."""
    last = items[-1]
    if last is items[0] or _said_by_itself(here, items, noun):
        return
    if len(noun.head.names) != 1 or noun.head.names[0].type not in ("CONDITION", "TREATMENT"):
        return
    kind: Kind = "condition" if noun.head.names[0].type == "CONDITION" else "treatment"
    said = here.text[noun.head.start : noun.head.end].split()
    leading: list[Token] = []
    kinds: list[tuple[Item, Token]] = []
    several = [i for i, item in enumerate(items[:-1]) if _has_own_head(here, item)]
    for item in items[several[-1] + 1 if several else 0 : items.index(last)]:
        borne = item.core.before if isinstance(item.core, Noun) else []
        borne = [*item.modifiers, *(t for t in borne if t.type == "QUALIFIER")]
        if (found := _without_head(here, items, item, noun, said)) is None:
            continue
        words, frames = found
        own = here.text[words.start : words.end]
        between = items[items.index(item) + 1 : -1]
        shared = _narrowed_head(own, said, noun, kind) if words.value and _adjectives(here, between) else None
        if shared is not None:
            _take_name(item, _narrowed(item, words, frames, noun, *shared))
            continue
        nearer = _named_by_nearer(here, own, between, kind)
        adjective = bool(words.value) and noun.kinds == {"CONDITION"} and _is_adjective(own)
        if (
            adjective
            and nearer is None
            and vocabulary().find(own, "condition") is None
            and not any(vocabulary().find(f"{own} {' '.join(said[-n:])}", kind) for n in range(1, len(said)))
        ):  # "renal or metabolic disturbances": a renal one is no metabolic one
            _take_name(item, _parallel(item, words, frames, borne, noun, own, said))
            continue
        attributed = any(t.type == "QUALIFIER" and t.start >= words.end for t in noun.before)
        named = nearer or _whole_name(own, said, kind, whole=attributed)
        joined = _LISTED_BETWEEN.fullmatch(here.low, words.end, noun.head.start) is not None
        if named is None and joined and _is_adjective_of(own, noun, said):
            _take_name(item, _parallel(item, words, frames, borne, noun, own, said, parallel=True))
            continue
        if named is None:
            leading = ([t for t in borne if t.type == "QUALIFIER"] or leading) if adjective else leading
            continue
        entry, rest = named
        name = Token(noun.head.names[0].type, entry, words.start, words.end)
        before = [t for t in noun.before if t.type in FRAMES] if not (item.frames or frames) else []
        own_qualifiers = [t for t in borne if t.type == "QUALIFIER"]
        leading = leading if all(t in leading for t in own_qualifiers) else own_qualifiers
        qualified = [*borne, *(t for t in leading if t not in borne)]
        behind = [t for t in noun.behind if t.type in _OF_THE_HEAD]
        head, led = Head([name], [], words.start, words.end), [*frames, *item.frames, *qualified, *before]
        _take_name(item, Noun(head, led, behind, words.start, words.end, list(noun.inherited)))
        if (tissue := _tissue(own, rest, words)) is not None:
            kinds.append((item, tissue))
    if leading and not any(t.type == "QUALIFIER" for t in noun.before):
        noun.before = [*leading, *noun.before]
    elif leading and all(t not in noun.before for t in leading):  # "significant hepatic or severe renal disease"
        doubt_unless_doubted(last, leading)
    for source, tissue in kinds:
        for item in items[items.index(source) + 1 :]:
            if isinstance(item.core, Noun):
                doubt_unless_doubted(item, [tissue])


def _named_by_nearer(here: Composing, own: str, between: list[Item], kind: Kind) -> tuple[Entry, str] | None:
    """What a word is with the head of the next item, "psychiatric or cognitive illness, or drug abuse"."""
    if not between or between[0].words is None:
        return None
    head = here.text[between[0].words.start : between[0].words.end].split()[-1]
    entry = vocabulary().find(f"{own} {head}", kind)
    return (entry, head) if entry is not None else None


def _take_name(item: Item, named: Noun) -> None:
    """Give an item a name for its words, and all that stands before them."""
    item.core = named
    item.words, item.modifiers, item.frames = None, [], []


def _without_head(
    here: Composing, items: list[Item], item: Item, noun: Noun, said: list[str]
) -> tuple[Token, list[Token]] | None:
    """The words of an item that may lack a head said later, and the frames before them; None where they lack none."""
    words, core = item.words, item.core
    frames: list[Token] = []
    if isinstance(core, Noun) and not core.head.names and not core.behind:
        words = Token("UNREAD", core.head.words, core.head.start, core.head.end)
        frames = [t for t in core.before if t.type in FRAMES or t.type == "WINDOW"]
    elif isinstance(core, Noun) and (
        _is_of_another_kind(here, items, core, noun) or _is_named_so(here, core, noun)
    ):  # "drug or alcohol abuse", "hypertensive or ischemic heart disease"
        words = Token("UNREAD", [], core.head.start, core.head.end)
        frames = [t for t in core.before if t.type in FRAMES or t.type == "WINDOW"]
    elif core is not None or words is None or not isinstance(words.value, list):
        return None
    if item.also or item.beside or words.end <= words.start:
        return None
    if _ASSERTED.search(IN_PARENTHESES.sub(" ", here.low[words.end : noun.head.start])):
        return None  # "diabetic, or has chronic kidney disease": what he has is another thing
    if item.groups and item.groups[0].start < words.end:
        return None
    words, led = _unframed(words)
    if isinstance(words.value, list) and any(map(_frames_alone, words.value)):
        return None  # "previous (less than 10 years) or current"
    own, whole = here.text[words.start : words.end], " ".join(said).lower().replace("-", " ")
    if len(own.split()) > _MOST_OWN_WORDS or whole.startswith(f"{own.lower()} "):
        return None  # "TB or TB treatment", "heparin or heparin-induced bleeding": either is said in full
    return words, [*frames, *led]


_ASSERTED: Final = re.compile(r"\b(?:has|have|had|is|are|was|were)\b")
_MOST_OWN_WORDS: Final = 3


def _is_of_another_kind(here: Composing, items: list[Item], core: Noun, noun: Noun) -> bool:
    """Whether a name is of another kind than the one whose head it may lack: "opioids, or alcohol abuse"; not so behind
    a frame of the latter's own, "opioids, or a history of alcohol abuse"."""
    return (
        bool(core.kinds)
        and core.kinds != noun.kinds
        and not core.behind
        and not begins_anew(noun)
        and not is_used(here, items, core)
        and _names_or_opposes(here.text[core.head.start : core.head.end])
    )


def _names_or_opposes(own: str) -> bool:
    """Whether words are a name, or say what a treatment is against: "anti-cancer"."""
    return own.lower().startswith("anti") or vocabulary().find(own) is not None


def _is_named_so(here: Composing, core: Noun, noun: Noun) -> bool:
    """Whether a disease is named by an adjective of a noun said later: not hypertension, in "hypertensive or ischemic
    heart disease"."""
    if core.kinds != {"CONDITION"} or core.behind:
        return False
    if _LISTED_BETWEEN.fullmatch(here.low, core.head.end, noun.head.start) is None:
        return False  # "diabetic, or has chronic kidney disease"
    said = here.text[noun.head.start : noun.head.end].split()
    return _is_adjective_of(here.text[core.head.start : core.head.end], noun, said)


def _is_adjective_of(own: str, noun: Noun, said: list[str]) -> bool:
    """Whether words are an adjective that names a disease by itself, but not where another stands before a noun said
    later, so that it is said of that noun, too."""
    if noun.kinds != {"CONDITION"} or begins_anew(noun) or len(said) < _TWO or _NAMED_BY.fullmatch(own) is None:
        return False
    adjective = _PLAIN_ADJECTIVE.fullmatch(said[0]) is not None or said[0].lower().startswith("non")
    return (adjective or bool(narrowing(said[0]))) and vocabulary().find(own, "condition") is not None


_NAMED_BY: Final = re.compile(r"[a-z]+(?:ic|ive|al|ous)", re.IGNORECASE)
_LISTED_BETWEEN: Final = re.compile(r"(?:[\s,/]|\b(?:and|or)\b|\b[a-z-]+(?:ic|ac|al|ous|ary|ive|ar|ed)\b)*")


def _narrowed(
    item: Item, words: Token, frames: list[Token], noun: Noun, entry: Entry, attributes: tuple[str, ...]
) -> Noun:
    """What a noun names, with the attributes that words are: "esophageal and gastric bleeding"."""
    before = [t for t in noun.before if t.type in FRAMES] if not item.frames and not frames else []
    made = [
        Token("QUALIFIER", qualifiers().find(each) or Qualifier(each, ""), words.start, words.end)
        for each in attributes
    ]
    return Noun(
        Head([Token(noun.head.names[0].type, entry, words.start, words.end)], [], words.start, words.end),
        [*frames, *item.frames, *item.modifiers, *before],
        [*(t for t in noun.behind if t.type in _OF_THE_HEAD), *made],
        words.start,
        words.end,
        list(noun.inherited),
    )


def _is_adjective(own: str) -> bool:
    return len(own.split()) <= _TWO and own.lower().endswith(("ic", "al", "ous", "ary", "ive", "ar", "ed"))


def _parallel(
    item: Item,
    words: Token,
    frames: list[Token],
    borne: list[Token],
    noun: Noun,
    own: str,
    said: list[str],
    *,
    parallel: bool = False,
) -> Noun:
    """A name of its own, of an adjective and the head that it shares, or that both it and another adjective share."""
    parallel = parallel or (len(said) == _TWO and all(map(_PLAIN_ADJECTIVE.fullmatch, (own, said[0]))))
    there = [Token("PRESENCE", "", words.start, words.start)] if parallel else []
    made = Noun(
        Head([] if parallel else noun.head.names, [*words.value], words.start, words.end),
        [*frames, *item.frames, *there, *borne],
        [],
        words.start,
        words.end,
        list(noun.inherited) if not frames else [],
    )
    own_word = parallel or (len(noun.head.words) == 1 and _PLAIN_ADJECTIVE.fullmatch(said[0]) is not None)
    made.said = f"{own} {' '.join(said[1:])}" if own_word else f"{own} {' '.join(said)}"
    return made


def _whole_name(own: str, said: list[str], kind: Kind, *, whole: bool) -> tuple[Entry, str] | None:
    """What words name with the end of a name said later, and that end: "drug or alcohol use"; or None.

    A name that is known with more of it, "hypertensive or ischemic heart disease", is not of its last word alone.
    ``whole``: whether an attribute stands before the name, so that all of it may be shared: "autoimmune or hereditary
    hemolytic anemia".
    """
    apart = " ".join(said).replace("-", " ").split()  # "second- or third-degree block"
    most = len(apart) if whole else len(apart) - 1
    for length in range(most, 1, -1):
        rest = " ".join(apart[-length:])
        if (entry := vocabulary().find(f"{own} {rest}", kind)) is not None:
            return entry, rest
    for length in range(1, most + 1):
        if not _VESSELS.isdisjoint(apart[1:-length]):
            continue  # "cerebral or peripheral arterial disease": no disease of the brain
        rest = " ".join(apart[-length:])
        entry = vocabulary().find(f"{own} {rest}", kind) or _derived(f"{own} {rest}", kind)
        if entry is None and own.lower() in ("drug", "drugs"):
            entry = vocabulary().find(f"illicit {own} {rest}", kind)
        if entry is not None:
            ends = (" ".join(apart[start:]) for start in range(len(apart) - length))
            fuller = (vocabulary().find(end, kind) for end in ends)
            by_route = own.lower() in routes().names and _is_by_use(entry)
            if by_route and any(each is not None and not _is_by_use(each) for each in fuller):
                return None  # "oral or inhaled antibiotic therapy": of an antibiotic, not of anything by mouth
            return entry, rest
    return None


_VESSELS: Final = frozenset(("vascular", "arterial", "artery", "venous", "vein"))


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
    own_words = " ".join(str(word.value) for word in noun.head.words)
    if attributes is None or vocabulary().find(own, kind) is not None or (own_words and narrowing(own_words) is None):
        return None
    if noun.has("ALLERGY", "PRESENCE", "DIAGNOSIS", "SUSPECTED"):
        return None  # "clinical or radiographic evidence of": of both kinds is the evidence
    whole = any(t.type == "QUALIFIER" for t in noun.before)  # "strong or moderate CYP3A4 inhibitors"
    rests = [" ".join(said[first:]) for first in range(0 if whole else 1, len(said))]
    entry = next(filter(None, (vocabulary().find(rest, kind) for rest in rests)), None)
    for rest in rests:
        named = vocabulary().find(f"{own} {rest}", kind)
        by_use = named is not None and _is_by_use(named) and (own.lower() in routes().names or own.lower() in _AS_USUAL)
        if named is not None and not (by_use and entry is not None and not _is_by_use(entry)):
            return None
    return (entry, attributes) if entry is not None else None


def _is_by_use(entry: Entry) -> bool:
    """Whether no more is named than how something is used: a "standard" or a "topical" therapy, whatever it is."""
    return bool(entry.facts.get("circumstance"))


_AS_USUAL: Final = ("standard", "conventional")
_OF_THE_HEAD: Final = frozenset(("SITE", "GRADE_IS"))  # said behind a head that several names share
_ADJECTIVE_ENDINGS: Final = ("ic", "al", "ous", "ary", "ive", "ar", "ed", "ate", "unt", "ong", "ant", "ard")


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


def share_tails(here: Composing, items: list[Item]) -> None:
    """ "Hepatitis B or C", "drug abuse or dependence": the words stand for the last of the name before them, or for all
    behind its "of the": "cancers of the stomach, small bowel, and ampulla"."""
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
        of = _OF_WHAT.match(" ".join(said)) if kind == "condition" else None
        alone = len(own.split()) == 1
        if not (alone or of) or len(said) < 2 or kind not in ("condition", "treatment"):
            continue
        if own.lower() == "disease":
            continue  # "breast cancer, with locally advanced disease": that very one
        heads = [" ".join(said[first:-1]) for first in range(len(said) - 1)] if alone else []
        heads += [of[0]] if of is not None else []
        names = (f"{head} {own}" for head in heads)
        entry = next(filter(None, (vocabulary().find(name, cast(Kind, kind)) for name in names)), None)
        if entry is not None and (entry != noun.head.names[0].value or entry.kind == "treatment"):
            head = Head([Token(noun.head.names[0].type, entry, words.start, words.end)], [], words.start, words.end)
            frames = [t for t in noun.before if t.type in FRAMES]
            item.core = Noun(
                head, [*item.frames, *item.modifiers], behind, words.start, item.end, [*noun.inherited, *frames]
            )
            item.core.said = f"{of[0] if of is not None else ' '.join(said[:-1])} {own}"
            item.words, item.modifiers, item.frames = None, [], []


_OF_WHAT: Final = re.compile(r"\w+(?:\s\w+)?\sof(?:\sthe)?(?=\s)", re.IGNORECASE)
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


def _elliptic(here: Composing, items: list[Item], index: int) -> bool:
    """Whether the noun may itself be short of a head that is said later: "drug or alcohol abuse"."""
    noun = items[index].core
    if not isinstance(noun, Noun):
        return False
    named = [item.core for item in items[index + 1 :] if isinstance(item.core, Noun) and item.core.kinds]
    if not named:
        return False
    other = named[0].kinds != noun.kinds and items[index + 1].core is named[0]
    return other or any(_is_named_so(here, noun, each) for each in named)
