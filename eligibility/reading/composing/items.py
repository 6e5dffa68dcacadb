"""An element of a list -> an item: what stands side by side in it, sorted by the part it plays."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from eligibility.knowledge.vocabulary import Entry, vocabulary
from eligibility.reading.composing.attribute_phrases import are_attributes, is_attribute, known_attributes
from eligibility.reading.composing.closings import close, closes
from eligibility.reading.composing.leading_words import is_adverb, led_by_adverb, said_before, with_attributes
from eligibility.reading.composing.open_phrases import is_open_phrase
from eligibility.reading.composing.terms import Composing, Core, Item, StatementRead, names_people
from eligibility.reading.composing.windows import has_own_anchor
from eligibility.reading.drafts import Draft, unread
from eligibility.reading.lexing.tokens import JOINTS, Token
from eligibility.reading.phrases import AgeRead, Head, Measured, Noun
from eligibility.reading.quantities import Bounds, WindowRead
from eligibility.reading.sentences import Element, Group
from eligibility.rules import Statement, Window


def sorted_out(here: Composing, element: Element) -> Item:
    """Sort what stands side by side in an element."""
    item = Item(element.start, element.end, element.negations)
    swallowing: int | None = None
    for at, atom in enumerate(element.atoms):
        last = at + 1 == len(element.atoms)
        if swallowing is not None:
            if last and closes(here, item, atom):
                break
            if last and isinstance(atom, Group):
                item.aside = atom
            item.beside[-1] = unread(here.text, swallowing, atom.end, "narrowing")
        elif isinstance(atom, Group):
            _take_group(item, atom)
        elif atom.type == "UNREAD":
            swallowing = _take_words(here, item, atom, element.atoms[at + 1 : at + 2])
        elif (
            atom.type == "SINCE_WINDOW" and isinstance(item.core, Noun) and not (_is_of_people(item) or item.negations)
        ):
            _put_beside(here, item, atom)
            swallowing = atom.start  # "X 4 weeks after Y"
        else:
            _take(here, item, atom)
    close(here, item, element)
    if item.bounds is not None and (item.core is not None or item.words is not None):
        first = next(atom for atom in element.atoms if not isinstance(atom, Group) and atom.value is item.bounds)
        if item.words is None or not item.words.start <= first.start < item.words.end:
            _put_beside(here, item, first)
        item.bounds = None
    return item


def _put_beside(here: Composing, item: Item, atom: Token) -> None:
    """As words that narrow the item, and are not read."""
    item.beside.append(unread(here.text, atom.start, atom.end, "narrowing"))


def _take_group(item: Item, group: Group) -> None:
    staged = _staged(group) if item.modifiers and item.core is None and item.words is None else None
    if staged is not None:
        item.modifiers.append(staged)  # "locally advanced (stage III) or metastatic cancer"
    else:
        item.groups.append(group)


def _take_words(here: Composing, item: Item, words: Token, following: list[Token | Group]) -> int | None:
    """Unread words; where they are put beside the item, where they begin, since all that follows goes on with them."""
    if item.core is None and item.words is None:
        item.words = words
    elif item.core is None and item.words is not None:
        item.words = Token("UNREAD", _together(item.words, words), item.words.start, words.end)
    elif isinstance(item.core, Noun) and item.groups and (place := _place_behind(here, item, words)):
        item.core.behind += place
    elif _is_link(here, item, words, following):
        return None
    elif isinstance(item.core, Noun) and _is_compound(here, item.core, words):
        item.core = _opened(here, item.core, words)
    else:
        _put_beside(here, item, words)
        return words.start
    return None


def _take(here: Composing, item: Item, atom: Token) -> None:
    match atom.type:
        case "FACT":
            _take_fact(here, item, atom)
        case "WINDOW":
            item.core = _lasting(here, item, atom) or item.core  # "hospitalized within 30 days"
            _take_window(here, item, atom)
        case "SINCE_WINDOW" if isinstance(item.core, Noun) and not _is_of_people(item):
            _put_beside(here, item, atom)
        case "SINCE_WINDOW":
            item.since = atom.value
        case "FRAME":
            item.frames.append(atom.value)
        case "LIMIT" | "TIME_LIMIT" | "SEX_LIMIT" | "EITHER_LIMIT":
            _take_limit(here, item, atom)
        case "LASTING" if (whole := _lasting(here, item, atom)) is not None:
            item.core = whole
        case "LASTING" if atom.value.least is None and not _is_disease(item.core):
            _put_beside(here, item, atom)
        case _ if isinstance(item.core, Noun):
            item.core.behind.append(atom)
        case _:
            item.modifiers.append(atom)


def _is_of_people(item: Item) -> bool:
    """Whether an item names people, and nothing that they have."""
    return names_people(item.core) and not item.also


def _is_disease(core: Core | None) -> bool:
    return isinstance(core, Noun) and core.kinds == {"CONDITION"}


def _take_fact(here: Composing, item: Item, atom: Token) -> None:
    """A phrase: what the item is about, with the words before it where they belong to it; or a further one."""
    if _is_short(atom.value) and (whole := _lasting(here, item, atom)) is not None:
        item.core = whole  # "hospitalized > 7 days"
    elif item.since is not None and names_people(item.core):
        item.core, item.also = atom.value, [item.core, *item.also]  # "women at least 2 years since their last period"
    elif item.core is not None:
        item.also.append(atom.value)
    elif item.words is None:
        whole = with_attributes(here, item, atom)
        item.core = whole or atom.value
        item.modifiers = [] if whole else item.modifiers
    elif (led := led_by_adverb(here, item.words, atom)) is not None:
        item.core, item.words = led, None
    elif is_adverb(here, item.words, atom.value):
        item.core = atom.value  # "objectively documented thrombosis"
        _put_beside(here, item, item.words)
        item.words = None
    elif said := said_before(here, item, atom):
        item.core, item.words = said[0], None
        item.also += said[1:]
    else:
        item.unclear = True
        item.core = atom.value


def _is_short(core: Core) -> bool:
    """Whether it is a length of time, and too short a one for an age."""
    if not isinstance(core, AgeRead) or not core.bare:
        return False
    return all(quantity.unit in ("minutes", "hours", "days", "weeks") for quantity in core.bounds.quantities)


def _take_window(here: Composing, item: Item, atom: Token) -> None:
    """When it was, said before the item or behind it."""
    window: WindowRead = atom.value
    if item.core is None and item.words is None and item.lead_window is not None:
        _put_beside(here, item, atom)
    elif item.core is None and item.words is None:
        item.lead_window = window
    elif isinstance(item.core, Noun) and anchored(item.core, window):
        return  # "within 4 weeks (6 weeks for nitrosoureas) prior to entering the study"
    elif item.window is None and not (_of_no_day(item.core) and has_own_anchor(window)):
        item.window, item.window_at = window, (atom.start, atom.end)
    elif window.windows:
        _put_beside(here, item, atom)


def _take_limit(here: Composing, item: Item, atom: Token) -> None:
    """A limit: of what an item before it names, of the name it stands behind, or of the words."""
    noun = item.core
    if noun is None and item.words is None and item.bounds is None:
        item.bounds = atom.value
    elif isinstance(noun, Noun) and noun.kinds == {"ANALYTE"} and not item.beside and not noun.head.words:
        # "pO2 (room air) greater than 70 mmHg"
        around = [t for t in noun.before + noun.behind if t.type in ("WINDOW", "QUALIFIER", "SITE")]
        item.core = Measured(list(noun.head.names), [atom.value], False, around, noun.start, atom.end)
    elif isinstance(noun, Noun) and not item.beside and (in_all := _given_in_all(noun, atom)) is not None:
        item.core = in_all
    else:
        if noun is None and item.words is not None and item.limit is None and not item.beside:
            item.limit = atom
        _put_beside(here, item, atom)


def share_totals(items: list[Item], separators: Sequence[str]) -> None:
    """ "Doxorubicin or epirubicin > 450 mg/m2": the limit is of how much was given of either."""
    for index in range(len(items) - 2, -1, -1):
        item, after = items[index], items[index + 1].core
        if (
            separators[index] not in JOINTS
            or not isinstance(after, Measured)
            or not any(map(_is_total, after.analytes))
        ):
            continue
        if item.beside or item.also or not isinstance(item.core, Noun) or (total := _total(item.core)) is None:
            continue
        item.core = Measured([total], list(after.limits), False, [], item.core.start, item.core.end)


def _is_total(name: Token) -> bool:
    return isinstance(name.value, Entry) and "dose_of" in name.value.facts


def _given_in_all(noun: Noun, limit: Token) -> Measured | None:
    """ "(Prior) doxorubicin > 360 mg/m2": how much of a drug was given in all, where its total is what is limited."""
    if not isinstance(limit.value, Bounds) or (total := _total(noun)) is None:
        return None
    if any(quantity.unit != _FOR_THE_SURFACE for quantity in limit.value.quantities):
        return None
    around = [t for t in noun.before + noun.behind if t.type == "WINDOW"]
    return Measured([total], [limit.value], False, around, noun.start, limit.end)


def _total(noun: Noun) -> Token | None:
    """The amount of a drug that was given in all, where that has a name."""
    if noun.kinds != {"TREATMENT"} or len(noun.head.names) != 1 or noun.head.words:
        return None
    name = noun.head.names[0]
    total = vocabulary().find(f"cumulative {name.value.name} dose", "measurement")
    return Token("ANALYTE", total, name.start, name.end) if total is not None else None


_FOR_THE_SURFACE: Final = "mg/m2"


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


def _staged(group: Group) -> Token | None:
    """The stage that is all that stands in parentheses."""
    read = group.body.body
    if read is None or group.body.tails or len(read.elements) != 1 or read.elements[0].negations:
        return None
    atoms = read.elements[0].atoms
    only = atoms[0] if len(atoms) == 1 else None
    return only if isinstance(only, Token) and only.type == "STAGE_IS" else None


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


def _is_link(here: Composing, item: Item, words: Token, following: list[Token | Group]) -> bool:
    """Whether words only tie a disease to a result that is said of it: "heart failure of NYHA class III"."""
    if not following or isinstance(following[0], Group) or not isinstance(following[0].value, Measured):
        return False
    disease = isinstance(item.core, Noun) and item.core.kinds == {"CONDITION"} and not item.also
    return disease and here.low[words.start : words.end].strip() == "of"


def _together(first: Token, second: Token) -> list[Token] | str:
    """The tokens of two stretches of unread words, where both are known."""
    return [*first.value, *second.value] if isinstance(first.value, list) and isinstance(second.value, list) else ""


def _is_compound(here: Composing, noun: Noun, words: Token) -> bool:
    """Whether the words go on with the name: "contact lens wearers", "diabetes education" are no diabetes."""
    said = here.text[words.start : words.end].split()
    if noun.end != noun.head.end or here.text[noun.end : words.start].strip() or not isinstance(words.value, list):
        return False
    if not said:  # of a token that stands for none of the text
        return False
    first = said[0]
    if first.lower() in _WAYS and noun.kinds == {"CONDITION"}:
        return True
    told = first.endswith(("ing", "ed", "ly", "al", "ive", "ic", "ous", "able"))
    return words.value[0].type == "WORD" and not told


_WAYS: Final = frozenset("screening testing imaging monitoring counselling counseling staging sequencing".split())


def _opened(here: Composing, noun: Noun, words: Token) -> Noun:
    """The noun with the words behind it as one open name."""
    text = here.text[noun.head.start : words.end]
    if not is_open_phrase(text):
        return Noun(Head([], [], noun.head.start, words.end), [], [], noun.start, words.end)
    frame = Token("USE" if noun.kinds == {"TREATMENT"} else "PRESENCE", "", noun.start, noun.start)
    return Noun(
        Head([], [], noun.head.start, words.end), [frame, *noun.before], [], noun.start, words.end, noun.inherited
    )


def anchored(noun: Noun, read: WindowRead) -> bool:
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
