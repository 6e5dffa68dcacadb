"""What is said of one item of a list and may be meant of others: "severe asthma or eczema"."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise, takewhile
from typing import Final, cast

from eligibility.knowledge.qualifiers import Qualifier, qualifiers
from eligibility.knowledge.vocabulary import Entry, vocabulary
from eligibility.reading.composing.terms import (
    FRAMES,
    Composing,
    Core,
    Item,
    qualifier_name,
    says_how_it_is,
    tells_how_it_is,
)
from eligibility.reading.drafting.beside_names import is_event
from eligibility.reading.lexing.tokens import Token
from eligibility.reading.patterns import PERSONS, just_before
from eligibility.reading.phrases import Noun


def doubt(item: Item, said: list[Token]) -> None:
    """These, too, may be said of an item, beside what may be said of it already."""
    before = doubtful(item)
    item.modifiers = [t for t in item.modifiers if t is not before]
    item.modifiers.append(
        Token("MAYBE_QUALIFIER", [*before.value, *said] if before is not None else said, item.start, item.end)
    )


def doubt_unless_doubted(item: Item, said: list[Token]) -> None:
    """These may be said of an item, where nothing may be said of it already."""
    if doubtful(item) is None:
        doubt(item, said)


def doubtful(item: Item) -> Token | None:
    """What may be said of an item, or None."""
    return next((t for t in item.modifiers if t.type == "MAYBE_QUALIFIER"), None)


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
            whole = Token("CONDITION", found, bare.head.start, bare.head.end)
            if separators[index] == "SLASH":  # "ocular inflammation/infection"
                after.core = replace(bare, head=replace(bare.head, names=[whole]))
            else:
                after.led = whole


_ADJECTIVE: Final = re.compile(r"[a-z]+(?:ic|al|ar|ary|ous|ine|an)", re.IGNORECASE)


def _is_kind_of(core: object, noun: Noun) -> bool:
    """Whether what one item names is, or may be, a kind of what another one does, so that another form is meant."""
    names = [name.value for name in core.head.names] if isinstance(core, Noun) else []
    wholes = {name.value.name for name in noun.head.names if isinstance(name.value, Entry)}
    known = vocabulary()
    for one in names:
        for up in known.ancestors(one.kind, one.name) if isinstance(one, Entry) else ():
            entry = known.entry(one.kind, up)
            if up in wholes or (entry is not None and not wholes.isdisjoint(entry.facts.get("may_be", ()))):
                return True
    return False


def doubt_qualifiers(here: Composing, items: list[Item], separators: list[str]) -> None:
    """ "Severe asthma or eczema": whether the eczema has to be severe is open; not in "gout, severe asthma, eczema"."""
    leading: list[Token] = []
    kinds: frozenset[str] = frozenset()
    head = ""
    owner = 0  # whose they are
    dated = any(map(_is_dated, items))
    for index, item in enumerate(items):
        noun = item.core
        if not isinstance(noun, Noun) or (index and item.negations):
            leading = []
            continue
        own_head = noun.head.start >= items[index - 1].end if index else False
        if own_head and _ANEW.search(here.text, items[index - 1].end, noun.start):
            leading = []  # what a semicolon or a verb parts is each for itself
        any_form = own_head and _ANY_FORM.search(here.low, items[index - 1].end, noun.head.end) is not None
        if any_form:
            narrower = [before for before in items[:index] if _is_kind_of(before.core, noun)]
            if not narrower or noun.kinds == {"TREATMENT"}:
                leading = []  # "chronic pain, or any other form of ..."
            if narrower and noun.kinds == {"TREATMENT"}:
                item.other_than = cast(Noun, narrower[0].core)  # steroids are one form of immunosuppression
        if own_head and all(map(_is_of_treated, leading)) and _is_rest_of_cancers(item, noun):
            leading = []
        if own_head and leading and _is_named_anew(here, items[owner], items[index - 1], noun):
            leading = _proof(leading)
        own = [t for t in noun.before if t.type in ("QUALIFIER", "NAIVE_OF")]
        # "recurrent (or metastatic) disease": that of the trial
        of_trial = not (noun.head.names or noun.head.words or noun.has("PRESENCE", "USE"))
        unknown = not (noun.kinds and kinds) and not noun.has("OTHER") and not of_trial
        recent = not dated and all(qualifier_name(t) == "recent" for t in leading)  # "trauma or surgery", too
        alike = noun.kinds == kinds or ((unknown or recent) and noun.kinds | kinds <= {"CONDITION", "TREATMENT"})
        if own and not noun.has("ALLERGY") and noun.kinds == kinds and (proof := _proof(leading)) and not _proof(own):
            if _is_named_once(items[owner], noun) and not noun.has("SUSPECTED"):
                noun.inherited.extend(proof)  # "histologically confirmed, recurrent or metastatic breast cancer"
            elif not _proven(items, index, proof):
                doubt_unless_doubted(item, proof)
            leading = [*proof, *own]
        elif (
            own
            or not alike
            or noun.has("QUALIFIER")
            or any(t.type in FRAMES and t.type != "OTHER" and t.end > t.start for t in noun.before)
        ):
            leading, kinds = own, frozenset(("OF_TRIAL",)) if of_trial else noun.kinds
            owner = index
            head = here.low[noun.head.start : noun.head.end]
            if own and _of_this_alone(here, items, index):
                leading = []
        elif leading and here.low[noun.head.start : noun.head.end].endswith(f" {head}"):
            leading = []  # "bilateral breast cancer, inflammatory breast cancer or ...": its own attribute stands there
        elif leading and not _proof(leading) and _is_named_with_attribute(here, items[owner : index + 1]):
            if is_between_commas(here, items, index):
                leading = []  # "symptomatic heart failure, unstable angina, arrhythmia"
            continue  # "severe asthma or chronic kidney disease"
        elif leading and noun.kinds == {"TREATMENT"} and here.low[: leading[-1].end].endswith(" of"):
            noun.inherited.extend(leading)  # "stable doses of A or B"
        elif shared := [t for t in leading if qualifier_name(t) != _ACUTE or not _stays(here, noun)]:
            if (proof := _proof(shared)) and _proven(items, index, proof):
                shared = [t for t in shared if t not in proof]
            misfits = [t for t in shared if _is_never_said(t, noun)]
            leading = [t for t in leading if t not in misfits]  # so that it is not said of the whole list
            shared = [t for t in shared if not (t in misfits or _is_said_anyway(t, noun))]
            said_each = _said_each([*items[:owner], *items[index + 1 :]], shared)
            if said_each and _is_in_situ(noun):
                shared = [t for t in shared if not _is_of_treated(t)]
            if not shared:
                continue
            of_disease = noun.kinds == {"CONDITION"} and all(map(says_how_it_is, shared))
            one_noun = all(
                each.shares_head or (of_disease and _is_adjective(here, each)) for each in items[owner:index]
            )
            one_noun = one_noun or (not own_head and _is_said_of(items[index - 1], shared))
            one_noun = index > owner and (one_noun or _is_of_one_function(here, items[index - 1], item))
            one_noun = one_noun or (index > owner and {*separators[owner:index]} == {"SLASH"})
            one_noun = one_noun or _is_of_one_kind(here, items, owner) or _said_again(items[index + 1 :], shared)
            if framed := [] if one_noun else _before_frame(items[owner], noun, shared):
                noun.inherited.extend(framed)
                shared = [t for t in shared if t not in framed]
            either = owner > 0 and _is_named_once(items[owner - 1], items[owner].core)
            if one_noun:
                noun.inherited.extend(shared)
                continue
            each = _either_of(items[: owner + 1], noun) if either else shared
            listed = items[owner : index + 1]
            if each and _is_of_all(here, listed, each, said_each=said_each, first=owner < len(_ways(each[0]))):
                noun.inherited.extend(each)
                continue
            if _are_close(items[owner], item) and not either:  # "relapsed or progressive A, or B"
                noun.inherited.extend(t for t in shared if says_how_it_is(t))
                shared = [t for t in shared if not says_how_it_is(t)]
            if shared:
                doubt_unless_doubted(item, shared)
    for before, item in pairwise(items):
        if isinstance(before.core, Noun) and isinstance(item.core, Noun) and not item.core.before:
            named = [name.value.name for name in item.core.head.names if isinstance(name.value, Entry)]
            if (trial := _in_name(before.core)) and named in (["vaccine"], ["medical device"], ["biologic"]):
                doubt_unless_doubted(item, trial)


def doubt_elided(items: list[Item]) -> None:
    """ "Serious or non-healing wound, ulcer, or fracture": the ulcer and the fracture may have to be serious, too."""
    for index, (item, whole) in enumerate(pairwise(items)):
        if not item.elided or not isinstance(item.core, Noun) or not isinstance(whole.core, Noun):
            continue
        said = [t for t in item.core.behind if qualifier_name(t) and _is_of_degree(t) and t.value.axis != "acuity"]
        for later in items[index + 2 :]:
            noun = later.core
            if not isinstance(noun, Noun) or not _is_bare(later) or noun.kinds != whole.core.kinds:
                break
            if fitting := [t for t in said if not (_is_never_said(t, noun) or _is_said_anyway(t, noun))]:
                doubt_unless_doubted(later, fitting)


def _is_named_with_attribute(here: Composing, items: list[Item]) -> bool:
    """Whether the name of the last begins with what a disease may be, as "acute coronary syndrome" does, and none of
    those before it shares that name: "severe, acute or chronic illness"."""
    noun = items[-1].core
    if not isinstance(noun, Noun) or noun.kinds != {"CONDITION"} or any(item.elided for item in items):
        return False
    first, _, more = here.low[noun.head.start : noun.head.end].partition(" ")
    return bool(more and noun.head.names) and tells_how_it_is(first) and not any(item.shares_head for item in items)


def _is_named_anew(here: Composing, owner: Item, before: Item, noun: Noun) -> bool:
    """Whether a name stands there without what leads another one: "severe arrhythmia, or any tachycardia", "newly
    diagnosed metastases, or metastases that progressed"."""
    first = owner.core
    if isinstance(first, Noun) and first.head.end <= owner.end and not (owner.elided or owner.shares_head):
        name = here.low[first.head.start : first.head.end]
        if here.low[noun.head.start : noun.head.end] == name:
            return True
    return _ANY_ONE.search(here.low, before.end, noun.head.end) is not None


_ANY_ONE: Final = re.compile(r"\bany\s+(?!other\b|such\b)")


def _is_named_once(owner: Item, noun: Core | None) -> bool:
    """Whether two of a list are the same thing, named once, behind what they are or before it."""
    first = owner.core
    if not isinstance(first, Noun) or not isinstance(noun, Noun) or not (noun.head.names or noun.head.words):
        return False
    return first.head.start == noun.head.start and first.head.end == noun.head.end


def _conditions(noun: Noun) -> list[Entry]:
    """What it names, where these are diseases that the vocabulary knows; nothing where one of them is none."""
    names = [name.value for name in noun.head.names]
    known = [name for name in names if isinstance(name, Entry) and name.kind == "condition"]
    return known if len(known) == len(names) and noun.kinds == {"CONDITION"} else []


def _is_never_said(token: Token, noun: Noun) -> bool:
    """Whether nobody says so of what is named: a stroke is not uncontrolled, and an angina not asymptomatic."""
    never = token.value.never if isinstance(token.value, Qualifier) else ()
    if any(vocabulary().is_a("condition", entry.name, kind) for entry in _conditions(noun) for kind in never):
        return True
    return any(qualifiers().excludes(text, qualifier_name(token)) for text in _always(noun))


def _is_said_anyway(token: Token, noun: Noun) -> bool:
    """Whether whatever is named is so: an angina is symptomatic."""
    return any(qualifiers().implies(text, qualifier_name(token)) for text in _always(noun))


def _always(noun: Noun) -> set[str]:
    """What a disease is without its being said; nothing where it is not one that is named."""
    named = _conditions(noun)
    if len(named) != 1:
        return set()
    known = vocabulary()
    above = (known.entry("condition", up) for up in (named[0].name, *known.ancestors("condition", named[0].name)))
    return {text for entry in above if entry is not None for text in entry.facts.get("always", ())}


def _are_close(owner: Item, item: Item) -> bool:
    """Whether two diseases are near relations, named alike, so that what is said before the first is said of both:
    "uncontrolled hyperthyroidism or hypothyroidism"; not where one of them is a kind of the other."""
    first, second = owner.core, item.core
    if not isinstance(first, Noun) or not isinstance(second, Noun) or item.also or item.beside or _is_dated(item):
        return False
    named, others = _conditions(first), _conditions(second)
    if len(named) != 1 or len(others) != 1 or owner.also or owner.beside:
        return False
    known = vocabulary()
    mine, theirs = ({*known.ancestors("condition", each[0].name)} for each in (named, others))
    if named[0].name in theirs or others[0].name in mine:
        return False
    return any(len(known.kinds_of("condition", each)) <= FEW_KINDS for each in mine & theirs)


FEW_KINDS: Final = 25


def _is_of_treated(token: Token) -> bool:
    """Whether it says that a disease has been treated, or is gone since: "adequately treated", "resected"."""
    return isinstance(token.value, Qualifier) and token.value.name in _TREATED_SO


_TREATED_SO: Final = frozenset("treated,adequately treated,cured,resected,completely resected".split(","))


def _said_each(others: list[Item], shared: list[Token]) -> bool:
    """Whether how it has been treated is said anew of another one, and so of each for itself: "adequately treated A, B,
    curatively treated C"."""
    nouns = [item.core for item in others if isinstance(item.core, Noun)]
    return any(map(_is_of_treated, shared)) and any(
        _is_of_treated(t) and t.end > t.start for noun in nouns for t in noun.before
    )


def _is_rest_of_cancers(item: Item, noun: Noun) -> bool:
    """Whether it is any cancer but those before it, with a time of its own that it must have been gone: "adequately
    treated A, or other cancer of which the patient has been free for 5 years"."""
    timed = item.window is not None or any(t.type in ("WINDOW", "LASTING") for t in noun.behind)
    return timed and noun.has("OTHER") and any(entry.name == "malignancy" for entry in _conditions(noun))


def _is_in_situ(noun: Noun) -> bool:
    """Whether it is a tumour that has spread nowhere, which need not be said to have been treated."""
    return any(vocabulary().is_a("condition", entry.name, "carcinoma in situ") for entry in _conditions(noun))


def _are_exempt(items: list[Item], shared: list[Token]) -> bool:
    """Whether nothing but tumors are listed, by name alone, and the first is said to have been treated, as those are
    that do not count: "except adequately treated basal cell carcinoma or cervical carcinoma in situ"."""
    return all(map(_is_of_treated, shared)) and all(_is_bare_tumor(item) for item in items[1:])


def _is_bare_tumor(item: Item) -> bool:
    noun = item.core
    if not isinstance(noun, Noun) or item.also or item.beside or item.groups or item.negations or item.words:
        return False
    bare = not any(t.end > t.start for t in noun.before) and not any(t.type == "WINDOW" for t in noun.behind)
    return all_are(noun, TUMORS) and bare and item.window is None


TUMORS: Final = ("neoplasm", "intraepithelial neoplasia")


def _is_of_one_kind(here: Composing, items: list[Item], owner: int) -> bool:
    """Whether all from one item on are adjectives of what stands behind the last: "systemic antiviral or antifungal
    agents"."""
    *adjectives, last = items[owner:]
    return _KIND_OF_DRUG.fullmatch(here.low, last.start, last.end) is not None and all(
        _ADJECTIVE_OF_DRUG.search(here.low, item.start, item.end) for item in adjectives
    )


_ADJECTIVE_OF_DRUG: Final = re.compile(r"(?:al|ic|ive)$")
_KIND_OF_DRUG: Final = re.compile(
    r"[a-z-]+(?:al|ic|ive)\s+(?:agents?|drugs?|medications?|medicines?|treatments?|therap(?:y|ies))\b.*"
)


def _is_adjective(here: Composing, item: Item) -> bool:
    """Whether it is no more than an adjective, of what is named behind it: "severe endocrine or renal disease"."""
    noun = item.core
    if not isinstance(noun, Noun) or noun.head.names or noun.behind or item.also or item.beside:
        return False
    return _ADJECTIVE.fullmatch(here.text, noun.head.start, noun.head.end) is not None


def _is_said_of(item: Item, said: list[Token]) -> bool:
    """Whether all that is said is said of an item, though it stands before another one."""
    return isinstance(item.core, Noun) and all(t in item.core.inherited for t in said)


def _said_again(behind: list[Item], shared: list[Token]) -> bool:
    """Whether what is left of the kind of a list is said to be so, too: "significant A, B or other significant C"."""
    names = {qualifier_name(t) for t in shared}
    last = behind[-1].core if behind else None
    return isinstance(last, Noun) and last.has("OTHER") and names <= {qualifier_name(t) for t in last.before}


def _before_frame(owner: Item, noun: Noun, shared: list[Token]) -> list[Token]:
    """Those that are said of what a list has been treated with, or has a history of: "chronic use of A or B"."""
    frames = owner.core.before if isinstance(owner.core, Noun) else []
    borne = [t for t in frames if t.type in _OF_A_LIST and t.end > t.start and t in noun.inherited]
    # what has no words of its own is in those of the frame: "systemic treatment with A or B"
    return [
        t
        for t in shared
        if any(t.end <= frame.start or (t.start == t.end and frame.start < t.start) for frame in borne)
    ]


_OF_A_LIST: Final = frozenset(("USE", "HISTORY"))


def _proven(items: list[Item], index: int, proof: list[Token]) -> bool:
    """Whether it has to be proven as what stands before it: "histologically confirmed A or B", of several cancers; not
    of what is said of one of them, "histologically confirmed, recurrent or metastatic A"."""
    noun = items[index].core
    if not isinstance(noun, Noun) or any(item.shares_head for item in items):
        return False
    others = [before.core.head.names for before in items[:index] if isinstance(before.core, Noun)]
    if noun.head.names in others or any(not names for names in others):
        return False
    names = [name.value for name in noun.head.names if isinstance(name.value, Entry)]
    if len(names) == len(noun.head.names) > 0 and all(
        name.kind == "condition" and vocabulary().is_a("condition", name.name, "malignancy") for name in names
    ):
        noun.inherited.extend(proof)
        return True
    return False


def _is_of_one_function(here: Composing, before: Item, item: Item) -> bool:
    """Whether two share a word before them and one behind: "impaired renal or hepatic function"."""
    return (
        _IMPAIRED.search(here.low, before.start, before.end) is not None
        and _FUNCTION.fullmatch(here.low, item.start, item.end) is not None
    )


_IMPAIRED: Final = re.compile(r"\b(?:impaired|inadequate|abnormal|reduced|compromised|decreased)\s+[a-z]+$")
_FUNCTION: Final = re.compile(r"[a-z]+\s+functions?")


def _either_of(items: list[Item], noun: Noun) -> list[Token]:
    """What the last items say in turn of what they name once, as "locally advanced or metastatic" do, to be said of
    another one as well; nothing where one of them is never said of that."""
    last = items[-1]
    named_once = [*takewhile(lambda each: _is_named_once(each, last.core), reversed(items))][::-1]
    ways = [[t for t in each.core.before if qualifier_name(t)] for each in named_once if isinstance(each.core, Noun)]
    ways = [[t for t in way if t not in _proof(way)] for way in ways]
    if not all(ways) or any(_is_never_said(t, noun) for way in ways for t in way):
        return []
    return [Token("EITHER_WAY", tuple(ways), named_once[0].start, last.start)]


def _is_of_all(here: Composing, listed: list[Item], said: list[Token], *, said_each: bool, first: bool) -> bool:
    """Whether what is said of the first of some items is certainly said of all of them; ``first``: nothing stands
    before them, ``said_each``: others have it said anew."""
    single = [t for token in said for way in _ways(token) for t in way]
    if _are_exempt(listed, single) and not said_each:
        return True
    if first and not here.exclusion and _are_wanted_tumors(here, listed, single):
        return True
    if _are_infections(here, listed):
        return True
    return all(map(_is_of_degree, single)) and _is_commonplace(listed, single)


def _ways(token: Token) -> Sequence[list[Token]]:
    """What is said in turn, or at once."""
    return cast("Sequence[list[Token]]", token.value) if token.type == "EITHER_WAY" else [[token]]


def _are_infections(here: Composing, items: list[Item]) -> bool:
    """Whether all are named as what an infection is with: "active infection with HIV, hepatitis B or C"."""
    first = items[0].core
    if not isinstance(first, Noun) or _INFECTION_WITH.search(here.low, first.start, first.head.end) is None:
        return False
    nouns = [item.core for item in items[1:] if isinstance(item.core, Noun) and _is_bare(item)]
    return len(nouns) == len(items) - 1 and all(all_are(noun, ("infection",)) for noun in nouns)


_INFECTION_WITH: Final = re.compile(r"\binfections?\s+(?:with|by|due\s+to|caused\s+by|from)\s")


def _are_wanted_tumors(here: Composing, items: list[Item], shared: list[Token]) -> bool:
    """Whether nothing but tumors are asked for, by name alone, and how far the first has come: "metastatic melanoma,
    lung cancer or renal cell carcinoma"; not where one is a kind of another, or has such a word in its name."""
    if not all(isinstance(t.value, Qualifier) and t.value.axis in _OF_PROGRESS for t in shared):
        return False
    first = items[0].core
    if items[0].negations or not isinstance(first, Noun) or not all_are(first, ("neoplasm",)):
        return False
    nouns = [first, *(item.core for item in items[1:] if isinstance(item.core, Noun) and _is_bare_tumor(item))]
    apart = all(not _is_kind_of(one, other) for one in nouns for other in nouns if one is not other)
    named_so = any(_progress_named(here, noun) for noun in nouns[1:])
    spread = any(_says_extent(t, "extent") for t in shared) and any(all_are(noun, _OF_BLOOD) for noun in nouns)
    return len(nouns) == len(items) and apart and not (named_so or spread)


def _progress_named(here: Composing, noun: Noun) -> bool:
    """Whether a name begins with how far it has come, or may: "high-risk myelodysplastic syndrome"."""
    found = qualifiers().find(here.low[noun.head.start : noun.head.end].split()[0])
    return found is not None and (found.axis in _OF_PROGRESS or found.axis == "risk")


_OF_BLOOD: Final = ("leukemia", "multiple myeloma", "myelodysplastic syndrome")  # these do not spread
_OF_PROGRESS: Final = frozenset(("extent", "response", "resectability", "confirmation"))


def _is_of_degree(token: Token) -> bool:
    return isinstance(token.value, Qualifier) and token.value.axis in _DEGREES


def _is_commonplace(items: list[Item], shared: list[Token]) -> bool:
    """Whether the last is what so many have, or everybody has had, that none but the severe or uncontrolled is meant:
    "uncontrolled diabetes or hypertension", "serious wound, ulcer or fracture", "severe diarrhea or vomiting"."""
    nouns = [item.core for item in items if isinstance(item.core, Noun)]
    if len(nouns) < len(items) or any(_is_named_once(items[0], noun) for noun in nouns[1:]):
        return False  # "serious or non-healing wound"
    bare = _is_bare(items[-1])
    if any(entry.name in _COMMON for entry in _conditions(nouns[-1])):
        return (bare or len(items) == _PAIR) and all(t.value.axis == "control" for t in shared)
    return bare and any(all(all_are(noun, kinds) for noun in nouns) for kinds in _EVERYDAY)


def _is_bare(item: Item) -> bool:
    """Whether no more is said of it than its name."""
    noun = item.core
    plain = not (item.also or item.beside or item.groups or item.negations or item.words or item.window)
    return plain and isinstance(noun, Noun) and not noun.behind and not any(t.end > t.start for t in noun.before)


def all_are(noun: Noun, kinds: tuple[str, ...]) -> bool:
    """Whether it names diseases that the vocabulary knows, each of one of these kinds."""
    named = _conditions(noun)
    known = vocabulary()
    return bool(named) and all(any(known.is_a("condition", each.name, kind) for kind in kinds) for each in named)


_PAIR: Final = 2
_DEGREES: Final = frozenset(("severity", "seriousness", "control", "significance", "stability", "response", "acuity"))
_COMMON: Final = frozenset(("hypertension", "diabetes mellitus", "type 2 diabetes mellitus", "hyperlipidemia"))
_EVERYDAY: Final = (
    ("wound", "ulcer", "fracture"),
    ("nausea", "vomiting", "diarrhea", "constipation", "headache", "fatigue", "cough"),
)
_ACUTE: Final = "acute"
_DISPOSITION: Final = re.compile(r"(?:tendenc(?:y|ies)|diathes[ie]s|(?:pre)?dispositions?|susceptibilit(?:y|ies))$")


def _stays(here: Composing, noun: Noun) -> bool:
    """Whether it is there for good, or in one's nature, so that it is never acute: "acute bleeding or diabetes"."""
    named = [name.value for name in noun.head.names if isinstance(name.value, Entry)]
    lasting = len(named) == 1 and bool(named[0].facts.get("lasting"))
    return lasting or _DISPOSITION.search(here.low[noun.head.start : noun.head.end]) is not None


_ANY_FORM: Final = re.compile(r"\bany other (?:forms?|types?|kinds?) of\b")
_ANEW: Final = re.compile(rf";|\b(?:has|have|had|(?:{PERSONS})\s+with)\b", re.IGNORECASE)


def _of_this_alone(here: Composing, items: list[Item], index: int) -> bool:
    """Whether an item stands between commas, others without its attribute before it, so that it has it for itself.

    So it has where it and the next have a time each, "severe A in the past year, B within a month", or where it is
    one of two of which everything is one, "unilateral or bilateral A, B".
    """
    core = items[index].core
    if _is_dated(items[index]) and any(map(_is_dated, items[index + 1 : index + 2])) and isinstance(core, Noun):
        own = [t for t in core.before if qualifier_name(t)]
        if any(t.start == t.end for t in own):
            return False  # "systemic treatment with A within a week or B within two"
        return _OF_A_LEAD.search(here.low, max((t.end for t in own), default=core.start), core.head.start) is None
    if not index or index + 1 >= len(items):
        return False
    if _is_either(items[index - 1], items[index]):
        return True
    before, noun = items[index - 1], items[index].core
    if not isinstance(before.core, Noun) or not isinstance(noun, Noun) or before.core.kinds != noun.kinds:
        return False
    if any(qualifier_name(t) and qualifier_name(t) in map(qualifier_name, before.core.before) for t in noun.before):
        return False  # "severe trauma, severe diarrhea, vomiting"
    named = bool(before.core.head.names) and before.core.head.names != noun.head.names and not before.elided
    return named and is_between_commas(here, items, index)


def is_between_commas(here: Composing, items: list[Item], index: int) -> bool:
    """Whether an item stands apart from the one before it and from the one behind it."""
    if not index or index + 1 >= len(items):
        return False
    before, noun = items[index - 1].core, items[index].core
    if not isinstance(before, Noun) or not isinstance(noun, Noun):
        return False
    return "," in here.text[before.end : noun.start] and "," in here.text[noun.end : items[index + 1].start]


_OF_A_LEAD: Final = re.compile(r"\b(?:with|of|for|by)\b")


def _is_dated(item: Item) -> bool:
    """Whether a time stands behind an item, of which alone it is said."""
    noun = item.core
    if not isinstance(noun, Noun):
        return False
    first, last = item.window_at
    own = item.window is not None and noun.head.end <= first < last <= item.end
    behind = [
        t for t in noun.behind if t.type in ("WINDOW", "PRIOR") and noun.head.end <= t.start and t.end <= item.end
    ]
    return own or any(t.type == "PRIOR" or t.start < t.end for t in behind)


def _is_either(before: Item, item: Item) -> bool:
    """Whether two are the same thing, with attributes of which everything has one: "acute or chronic pancreatitis"."""
    first, second = before.core, item.core
    if not isinstance(first, Noun) or not isinstance(second, Noun):
        return False
    names = [[name.value for name in noun.head.names] for noun in (first, second)]
    own, other = ([qualifier_name(t) for t in noun.before if qualifier_name(t)] for noun in (second, first))
    return names[0] == names[1] and any(qualifiers().exhaust(a, b) for a in own for b in other)


def doubt_clauses(here: Composing, items: list[Item]) -> None:
    """ "Stomach disease or surgery leading to impaired absorption": the disease may have to do so, too; whatever shares
    its name with the last has to."""
    while len(items) > 2 and _has_no_name(items[-1]):  # "diseases known to affect lipids or lipoprotein"
        items = items[:-1]
    said = None  # of what is named before it: "arrhythmia or asthma, symptomatic or requiring treatment"
    while len(items) > 2 and ((other := _of_name_before(items[-1])) or OR_IS.match(here.low, items[-2].end)):
        said, items = other, items[:-1]
    last = items[-1].core
    if (need := _OTHERS_REQUIRING.fullmatch(here.low, items[-1].start, items[-1].end)) is not None:
        if "," not in here.text[items[-2].end : items[-1].start]:
            required = Qualifier(here.text[need.start("need") : need.end("need")], "")
            _doubt_bare(items[:-1], Token("QUALIFIER", required, need.start("need"), need.end("need")))
        return  # "migraine or other disorders requiring daily prophylaxis"
    if said is not None and not (isinstance(last, Noun) and last.behind):
        _doubt_bare(items[:-1], said)
        return
    behind = [t for t in last.behind if t.type != "WINDOW"] if isinstance(last, Noun) else []
    if not isinstance(last, Noun) or not behind or behind[-1].type != "QUALIFIER" or len(items) == 1:
        return
    clause = behind[-1]
    between = here.text[items[-2].end : items[-1].start]
    if says_how_it_is(clause) and just_before(_WHICH_IS, here.low, clause.start):
        apart = len(items) == 2 and "," in between
        _doubt_bare([] if apart else items[:-1], clause)  # "hypertension, asthma or diabetes that is uncontrolled"
        return
    if says_how_it_is(clause) and _WITH.search(here.low, last.head.end, clause.end) is not None:
        _doubt_bare([] if "," in between else items[:-1], clause)  # "asthma or diabetes with symptoms"
        return
    if _EFFECT.match(here.text, clause.start):
        for item in takewhile(lambda each: each.shares_head or each.elided, reversed(items[:-1])):
            if isinstance(item.core, Noun) and not item.negations:  # "hepatic, renal, or cardiac disease requiring A"
                item.core.inherited.append(clause)
        items = [*takewhile(lambda each: not (each.shares_head or each.elided), items[:-1]), items[-1]]
    if len(items) == 1 or (
        "," in here.text[items[-2].end : items[-1].start] and not _OF_SEVERAL.match(here.text, clause.start)
    ):
        return
    if not _EFFECT.match(here.text, clause.start):
        return
    for item in items[:-1]:
        noun = item.core
        if _is_kind_of(noun, last):
            continue  # "active uveitis, or history of uveitis requiring steroids"
        if isinstance(noun, Noun) and noun.kinds <= {"CONDITION", "TREATMENT"} and not (noun.behind or item.negations):
            doubt_unless_doubted(item, [clause])


def _doubt_bare(items: list[Item], clause: Token) -> None:
    """What is said of the disease behind them as what may be said of each that is no more than named."""
    for item in items:
        noun = item.core
        bare = isinstance(noun, Noun) and noun.kinds == {"CONDITION"} and not noun.has("QUALIFIER")
        if bare and not item.negations and not item.beside:
            doubt_unless_doubted(item, [clause])


def _of_name_before(item: Item) -> Token | None:
    """How a disease is of which the name stands in the item before, where an item says no more."""
    noun = item.core
    if not isinstance(noun, Noun) or not noun.head.names or noun.head.end > item.start or item.negations:
        return None
    if noun.has("OTHER"):
        return None  # "... disorders or any other serious illness"
    own = [t for t in noun.before if t.type == "QUALIFIER" and t.start >= item.start]
    return own[0] if len(own) == 1 and says_how_it_is(own[0]) else None


def _has_no_name(item: Item) -> bool:
    """Whether it is no more than words that the vocabulary does not know."""
    core = item.core
    unnamed = core is None and item.words is not None
    return unnamed or (isinstance(core, Noun) and not core.head.names and not core.behind)


_EFFECT: Final = re.compile(
    r"(?:(?:that|which)\b|(?:lead|affect|requir|result|interfer|caus|prolong|suppress|impair|limit)\w*ing\b"
    r"|known to\b|(?:after|following|post)\b)",
    re.IGNORECASE,
)
OR_IS: Final = re.compile(
    r"\s*(?:,\s*|,?\s*(?:and/)?or\s+)(?:(?:that|which)\s+)?(?:(?:is|are|was|were|has|have|had|requires?|required|needs?|needed)\b"
    r"|(?:currently\s+)?(?:on|under|taking|receiving|requiring|needing|treated|managed|dependent)\b)"
)
_WHICH_IS: Final = re.compile(r"\b(?:that|which)\s+(?:is|are)\s+(?:currently\s+)?\Z")
_WITH: Final = re.compile(r"\s*with(?:out)?\s")
_OTHERS_REQUIRING: Final = re.compile(
    r"(?:an?y?\s+)?other\s+(?:\w+\s+)?(?:conditions?|disorders?|diseases?|illness(?:es)?)\s+(?P<need>requiring\s.+)"
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


def doubt_grades(here: Composing, items: list[Item], separators: list[str]) -> None:
    """ "Grade 3 nausea or diarrhea", "nausea or diarrhea of grade 3": whether the grade is that of both is open; not in
    "hemorrhage/bleeding of grade 3", which a slash makes one."""
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
            as_one = {*separators[index - len(run) : index]} == {"SLASH"}
            for before, named in run:
                if as_one:
                    named.inherited.append(graded)
                else:
                    doubt(before, [graded])
        leading = graded if not index and graded in noun.before else None
        run = []
    if leading is None or len(run) < len(items) - 1:
        return
    for item, noun in run:
        if noun.before or _ANY.search(here.text, max(0, item.start - _SHORT), noun.head.start):
            return  # "grade 3 nausea or any diarrhea"
        if all(each.shares_head or each.elided for each in items[: items.index(item)]):
            noun.inherited.append(leading)  # "grade 3 motor or sensory neuropathy"
        else:
            doubt(item, [leading])


def doubt_stages(here: Composing, items: list[Item]) -> None:
    """ "Stage IV ovarian or fallopian tube cancer", "ovarian or fallopian tube cancer, stage IV": whether the stage is
    that of both is open."""
    nouns = [item.core for item in items if isinstance(item.core, Noun) and not item.negations]
    if len(nouns) < len(items) or not all(_is_tumour(name) for noun in nouns for name in noun.head.names):
        return
    first, last = nouns[0], nouns[-1]
    leading = next((t for t in first.before if t.type == "STAGE_IS"), None)
    if leading is not None and any(map(str.isalnum, here.text[leading.end : items[0].end])):
        _doubt_stage(items[1:], leading)
    trailing = next((t for t in last.behind if t.type == "STAGE_IS" or _says_extent(t, "extent")), None)
    if trailing is not None:
        _doubt_stage(items[-2::-1], trailing)


def _is_tumour(name: Token) -> bool:
    entry = name.value
    return isinstance(entry, Entry) and vocabulary().is_a("condition", entry.name, "neoplasm")


def _doubt_stage(items: list[Item], stage: Token) -> None:
    """The stage as one that those may have that are next to it, up to one of which is said how far it has gone."""
    for item in items:
        noun = item.core
        if not isinstance(noun, Noun) or noun.has("STAGE_IS") or any(map(_says_extent, noun.before)):
            return
        doubt(item, [stage])


def _says_extent(token: Token, *axes: str) -> bool:
    return isinstance(token.value, Qualifier) and token.value.axis in (axes or _EXTENTS)


_EXTENTS: Final = ("extent", "response", "resectability", "stability")
_PAIRED: Final = re.compile(r"\b(?:and|or)\b")
_ANY: Final = re.compile(r"\bany\b", re.IGNORECASE)
_SHORT: Final = 8


def doubt_history(items: list[Item], separators: list[str]) -> None:
    """ "History of A, current B, C", "history of A; C": whether C is asked for now, or at any time, is open; so it is
    with "history of A, uncontrolled C", but not behind a semicolon."""
    _end_history(items, separators)
    history: Token | None = None
    current = False
    for index, item in enumerate(items):
        noun = item.core
        if not isinstance(noun, Noun) or (index and separators[index - 1] == "SLASH" and not noun.before):
            continue  # "current pneumonitis/interstitial lung disease": both
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


def _end_history(items: list[Item], separators: list[str]) -> None:
    """Take back what a "history of" says of the diseases behind it that may be asked for as they are."""
    one_list = "OR" in separators[len(separators) - 1 :]  # "history of A; B; or C"
    dated = any(item.window is not None or (isinstance(item.core, Noun) and item.core.has("WINDOW")) for item in items)
    parted = False
    for index, item in enumerate(items):
        noun = item.core
        parted = parted or (index > 0 and separators[index - 1] == "SEMI" and not one_list)
        if not isinstance(noun, Noun) or noun.kinds != {"CONDITION"} or is_event(noun):
            continue
        if any(t.type in _LONG_SINCE for t in (*item.frames, *noun.before)):
            parted = False
        history = [t for t in noun.inherited if t.type in _LONG_SINCE and items[0].start <= t.start]
        own = [t for t in noun.before if index and t.start >= items[index - 1].end]
        stated = not dated and any(says_how_it_is(t) and t.value.axis in _OF_NOW for t in own)
        if history and (parted or stated):
            noun.inherited = [t for t in noun.inherited if t not in history]
            if not (parted and stated):
                doubt(item, history)


_LONG_SINCE: Final = frozenset(("HISTORY", "PRIOR"))
_OF_NOW: Final = frozenset(("control", "stability"))
