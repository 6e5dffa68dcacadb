"""Turns of a disease counted from a treatment: "relapse within 12 months after the last dose of trastuzumab".

A treatment is given because a disease is there or has come back, so that what is "within 6 months of" it comes after
it: after its last dose, as oncologists count; "during or within 6 months of" it, from its first one on.
"""

from __future__ import annotations

import re
from typing import Final, NamedTuple, cast

from eligibility.knowledge.qualifiers import Qualifier
from eligibility.knowledge.vocabulary import ANY_TREATMENT, Entry, vocabulary
from eligibility.reading.lexing.tokens import CLOSING, EITHER, Number, Token, kind_at
from eligibility.reading.quantities import WindowRead, replace_sign
from eligibility.rules import Concept, Duration, DurationUnit, Edge, Treatment, Window

__all__ = ["turns_after_treatments"]


class _Turn(NamedTuple):
    """A progression or a recurrence, and where what is said of its time begins. ``meanwhile``: during the treatment,
    too."""

    entry: Entry
    behind: int
    meanwhile: bool


class _Length(NamedTuple):
    """A length of time, how it is compared, and the index behind it."""

    duration: Duration
    comparator: str
    behind: int


class _Given(NamedTuple):
    """The treatments that something is counted from, from which of their days, and the indices from which on and up to
    which they are named."""

    events: tuple[Treatment, ...]
    edge: Edge
    start: int
    behind: int


class _Dated(NamedTuple):
    """The tokens for a turn, the window that they say, if any, and the index behind them."""

    tokens: list[Token]
    window: WindowRead | None
    behind: int


def turns_after_treatments(tokens: list[Token], text: str) -> list[Token]:
    """With each turn that is counted from a treatment as a condition, and with when it was as the window of it."""
    if _SAYING.search(text) is None:
        return tokens
    found: list[Token] = []
    index = 0
    while index < len(tokens):
        read = None if found and found[-1].type in _NARROWING else _dated(tokens, index, text)
        others = _with_other_turn(found, read.window) if read is not None else None
        if read is None or others is None:
            found.append(tokens[index])
            index += 1
        else:
            found = [*others, *read.tokens]
            index = read.behind
    return found


def _dated(tokens: list[Token], index: int, text: str) -> _Dated | None:
    """The turn that is named here, with its window; where it is counted from a treatment that is not named, its words
    without the anchor that they are not: "relapse within 12 months of therapy"."""
    turn = _turn(tokens, index)
    length = _length(tokens, turn.behind) if turn is not None else None
    if turn is None or length is None:
        return None
    if length.comparator in _LONGER and kind_at(tokens, length.behind) == "OF":
        return None  # "progression after > 8 weeks of tamoxifen": for how long it was given
    given = _given(tokens, length.behind, text)
    if given is None:
        end = _unnamed_ends(tokens, length.behind, text)
        return _Dated([*tokens[index : end - 1], _as_words(tokens[end - 1], text)], None, end) if end else None
    anchor = text[tokens[given.start].start : tokens[given.behind - 1].end].lower()
    window = WindowRead((_window(turn, length, given, anchor),), moment="start")
    name = Token("CONDITION", turn.entry, tokens[index].start, tokens[turn.behind - 1].end)
    when = Token("WINDOW", window, tokens[turn.behind].start, tokens[given.behind - 1].end)
    return _Dated([name, when], window, given.behind)


_SAYING: Final = re.compile(r"progress|relaps|recurr|disease[- ]free", re.IGNORECASE)
_NARROWING: Final = frozenset("WORD QUALIFIER CONDITION ANALYTE SITE TREATMENT".split())


# --- the turn --------------------------------------------------------------------------------------------------------


def _turn(tokens: list[Token], index: int) -> _Turn | None:
    at = index
    while kind_at(tokens, at) == "WORD" and tokens[at].said in _OF_DISEASE:
        at += 1
    entry = _named(tokens, at)
    if entry is None:
        return None
    first, at = tokens[at], at + 1
    if first.type == "QUALIFIER" and kind_at(tokens, at) == "WORD" and tokens[at].said in _OF_DISEASE:
        at += 1
    if kind_at(tokens, at) == "OCCURRED":
        at += 1
    while_given = kind_at(tokens, at) in ("WITHIN", "WORD", "AT_ANCHOR") and tokens[at].said in _MEANWHILE
    joint = at + 1 if while_given else at
    meanwhile = while_given or first.said.split(" ")[-1:] == ["during"] or first.said.endswith(" on")
    if meanwhile != (kind_at(tokens, joint) in EITHER) or (first.type in _OF_TREATMENTS and not meanwhile):
        return None
    return _Turn(entry, joint + meanwhile, meanwhile)


def _with_other_turn(before: list[Token], window: WindowRead | None) -> list[Token] | None:
    """ "Recurrence or progression within 6 months of": what stands before a turn, with the other one in its window,
    too; None where that is of something that has a name."""
    at = len(before) - 2
    entry = _named(before, at) if at >= 0 and before[-1].type in EITHER else None
    if entry is None or window is None:
        return before
    start = at
    while start and before[start - 1].type == "WORD" and before[start - 1].said in _OF_DISEASE:
        start -= 1
    if start and before[start - 1].type in _NARROWING:
        return None
    end = before[at].end
    other = [Token("CONDITION", entry, before[start].start, end), Token("WINDOW", window, end, end)]
    return [*before[:start], *other, before[-1]]


def _named(tokens: list[Token], index: int) -> Entry | None:
    """The turn that a token names; None where it names none."""
    token = tokens[index] if index < len(tokens) else None
    if token is None:
        return None
    known = token.value
    if isinstance(known, Entry):
        if known.name == _FREE_INTERVAL:
            return vocabulary().entry("condition", _RECURRENCE) if kind_at(tokens, index + 1) == "OF" else None
        ups = vocabulary().ancestors("condition", known.name) if known.kind == "condition" else frozenset()
        return None if ups.isdisjoint(_TURNS.values()) else known
    said = known.name if isinstance(known, Qualifier) else token.said.split(" ")[0]
    if token.type not in _OF_TREATMENTS | {"WORD", "QUALIFIER"} or said not in _TURNS:
        return None
    return vocabulary().entry("condition", _TURNS[said])


_FREE_INTERVAL: Final = "disease-free interval"
_RECURRENCE: Final = "recurrence of a disease"
_PROGRESSION: Final = "progression of a disease"
_TURNS: Final = {
    **dict.fromkeys("progression progressed progressing progressive".split(), _PROGRESSION),
    **dict.fromkeys("relapse relapsed relapsing recurrence recurred recurrent".split(), _RECURRENCE),
}
_OF_TREATMENTS: Final = frozenset(("PROGRESSED", "RELAPSED_AFTER"))
_OF_DISEASE: Final = frozenset("disease tumor tumour cancer".split())
_MEANWHILE: Final = frozenset(("during", "while on", "while receiving", "on"))


# --- when ------------------------------------------------------------------------------------------------------------


def _length(tokens: list[Token], index: int) -> _Length | None:
    """ "Within 6 months", "less than 6 months", "of at least 12 months"; None where how long is not said so."""
    at = index + (kind_at(tokens, index) == "OF")
    within = kind_at(tokens, at) == "WITHIN" and tokens[at].said == "within"
    at += within
    comparator = kind_at(tokens, at)
    if comparator in _COMPARED:
        at += 1
    elif within:
        comparator = "LE"
    number = tokens[at].value if kind_at(tokens, at) == "NUMBER" else None
    if not isinstance(number, Number) or kind_at(tokens, at + 1) != "TIMEUNIT":
        return None
    unit = tokens[at + 1].said
    more = kind_at(tokens, at + 2)
    if comparator not in _COMPARED:
        comparator = {"OR_MORE": "GE", "OR_LESS": "LE"}.get(more, "")
        at += 1
    if comparator not in _COMPARED or unit not in _LENGTHS or (within and comparator in _LONGER):
        return None
    return _Length(Duration(value=number.value, unit=cast(DurationUnit, unit)), comparator, at + 2)


_COMPARED: Final = frozenset(("LE", "LT", "GE", "GT"))
_LONGER: Final = frozenset(("GE", "GT"))
_LENGTHS: Final = frozenset(("days", "weeks", "months", "years"))


def _window(turn: _Turn, length: _Length, given: _Given, anchor: str) -> Window:
    far = replace_sign(length.duration)
    edge = "either" if turn.meanwhile else given.edge
    plain = Window(anchor=anchor, events=given.events, edge=edge)
    if length.comparator in _LONGER:
        inclusive = length.comparator == "GE"
        return plain.model_copy(update={"start": far, "start_inclusive": inclusive, "end": None})
    at_once = Duration(value=0, unit="days")
    return plain.model_copy(update={"start": at_once, "end": far, "end_inclusive": length.comparator == "LE"})


# --- the treatment ---------------------------------------------------------------------------------------------------


def _given(tokens: list[Token], index: int, text: str) -> _Given | None:
    """ "Of completing rituximab", "after the last dose of cisplatin or carboplatin": what something is counted from."""
    if kind_at(tokens, index) not in _RELATIONS:
        return None
    edge, start = _edge(tokens, index)
    at = start
    events: list[Treatment] = []
    while True:
        one = _one_given(tokens, at, text)
        if one is None:
            return None
        events += one.events
        at = one.behind
        listed = kind_at(tokens, at) in _LISTING and kind_at(tokens, at + 1) != "LAST"  # "or prior taxane": had at all
        if not listed or _one_given(tokens, at + 1, text) is None:
            break
        at += 1
    alike = len({one.qualifiers for one in events}) == 1  # "adjuvant rituximab or bendamustine": which is adjuvant?
    return _Given(tuple(dict.fromkeys(events)), edge, start, at) if alike and _closes(tokens, at) else None


def _closes(tokens: list[Token], index: int) -> bool:
    """Whether nothing more is said of a treatment that is named before: no further one, no setting."""
    kind = kind_at(tokens, index)
    if kind == "IS":
        return tokens[index].said in _VERBS
    after = index + 1 + (kind_at(tokens, index + 1) in EITHER) if kind == "COMMA" else len(tokens)
    return kind in _BEHIND and kind_at(tokens, after) not in _GOING_ON


_RELATIONS: Final = frozenset(("OF", "AFTER", "FROM", "SINCE"))
_LISTING: Final = EITHER | {"SLASH"}
_BEHIND: Final = CLOSING | {"", "COMMA", "SEMI", "DOT", "RPAR", "OR", "EXCLUDED", "ALLOWED", "UNLESS"}
_GOING_ON: Final = frozenset(("REGARDLESS", "TREATMENT", "QUALIFIER", "AND"))
_VERBS: Final = frozenset(("is", "are", "was", "were", "has", "have"))


def _edge(tokens: list[Token], index: int) -> tuple[Edge, int]:
    """From which day of a treatment is counted, and the index at which this is named."""
    at = index + 1
    edge: Edge = "start" if _BEGINNING.search(tokens[index].said) else "end"
    if kind_at(tokens, at) == "USE":
        return ("start" if _BEGINNING.search(tokens[at].said) else edge), at + 1
    last = at + (kind_at(tokens, at) == "LAST")
    if kind_at(tokens, last) == "WORD" and tokens[last].said in _ENDS and kind_at(tokens, last + 1) == "OF":
        return edge, last + 2
    return edge, at


_BEGINNING: Final = re.compile(r"start|begin|initiat|commenc|first")
_ENDS: Final = frozenset("dose cycle course administration infusion end completion discontinuation cessation".split())


def _one_given(tokens: list[Token], index: int, text: str) -> _Given | None:
    """One treatment with what is said of it before and behind; one that is said by its setting alone shares the name
    with the next: "neoadjuvant or adjuvant chemotherapy"."""
    at = index
    qualifiers: list[str] = []
    while kind_at(tokens, at) in ("QUALIFIER", "LAST"):
        if isinstance(tokens[at].value, Qualifier):
            qualifiers.append(tokens[at].value.name)
        at += 1
    token = tokens[at] if at < len(tokens) else None
    if token is not None and token.type == "TREATMENT" and isinstance(token.value, Entry):
        at += 1
        while kind_at(tokens, at) == "QUALIFIER":
            qualifiers.append(tokens[at].value.name)
            at += 1
        concept = Concept(name=token.value.name)
        return _Given((Treatment(concept=concept, time="ever", qualifiers=tuple(qualifiers)),), "end", index, at)
    shared = tokens[at + 1] if at + 1 < len(tokens) and kind_at(tokens, at) in _LISTING else None
    if shared is not None and shared.type == "TREATMENT" and len(qualifiers) == 1:
        *_, head = text[shared.start : shared.end].split()
        entry = vocabulary().find(f"{qualifiers[0]} {head}", "treatment")
        if entry is not None:
            return _Given((Treatment(concept=Concept(name=entry.name), time="ever"),), "end", index, at)
    if qualifiers and at > index and _COURSE.search(text, tokens[at - 1].start, tokens[at - 1].end):
        any_of_them = Treatment(concept=Concept(name=ANY_TREATMENT), time="ever", qualifiers=tuple(qualifiers))
        return _Given((any_of_them,), "end", index, at)
    return None


_COURSE: Final = re.compile(r"(?:therapy|treatment)$", re.IGNORECASE)


def _unnamed_ends(tokens: list[Token], index: int, text: str) -> int:
    """Behind which token a treatment ends of which it is not said which one, and which is not that of the trial:
    "within 12 months of therapy"; 0 where none stands there."""
    if kind_at(tokens, index) not in _RELATIONS:
        return 0
    _, at = _edge(tokens, index)
    at += kind_at(tokens, at) == "LAST"
    unnamed = kind_at(tokens, at) == "WEAK_ANCHOR" and _COURSE.fullmatch(text, tokens[at].start, tokens[at].end)
    return at + 1 if unnamed else 0


def _as_words(token: Token, text: str) -> Token:
    return Token("WORD", text[token.start : token.end].lower(), token.start, token.end)
