"""Windows at the end of a tail, and what they reach over."""

from __future__ import annotations

from dataclasses import replace
from typing import Final, TypeGuard

from eligibility.reading.composing.terms import PEOPLE
from eligibility.reading.drafting.beside_names import is_event
from eligibility.reading.drafts import Draft, all_of, any_of, rebuilt
from eligibility.reading.lexing.tokens import Token
from eligibility.reading.patterns import BEGINNING
from eligibility.reading.phrases import Noun
from eligibility.reading.quantities import WindowRead, looking_back
from eligibility.reading.sentences import Element, Group, ListRead, Tail
from eligibility.rules import Condition, Duration, Finding, Measurement, Treatment

WINDOW_REACHES: Final = "a window that may reach over the list, or belong to its last item"


def within_commas(body: ListRead, tail: Tail) -> tuple[ListRead, Tail]:
    """ "Surgery, other than for diagnosis, within 28 days, or ...": what follows the exception goes on the list."""
    read = tail.body
    assert read is not None
    at = next(
        (i for i, e in enumerate(read.elements) if i and len(e.atoms) == 1 and not e.negations and _of_all(e.atoms[0])),
        None,
    )
    if at is None:
        return body, tail
    kept, _ = read.parted(at)
    last = body.elements[-1]
    window = read.elements[at]
    elements = [
        *body.elements[:-1],
        Element(last.negations, _dated(last.atoms, window.atoms[0]), last.start, last.end),
        *read.elements[at + 1 :],
    ]
    return ListRead(elements, [*body.separators, *read.separators[at:]], body.start, read.end), Tail(
        tail.kinds, kept, tail.start, kept.end
    )


def _dated(atoms: list[Token | Group], window: Token | Group) -> list[Token | Group]:
    """ "Asthma patients who had surgery, ..., within 28 days": when the surgery was, not since when the asthma."""
    last = atoms[-1]
    if len(atoms) == 1 or not isinstance(last, Token) or not isinstance(last.value, Noun) or not is_window(window):
        return [*atoms, window]
    if "TREATMENT" not in last.value.kinds:
        return [*atoms, window]
    noun = replace(last.value, behind=[*last.value.behind, window])
    return [*atoms[:-1], Token(last.type, noun, last.start, last.end)]


def _of_all(atom: Token | Group) -> bool:
    """Whether it says when, and not when something ended: that is said of what stands before it."""
    return is_window(atom) and atom.value.moment == "any"


def is_window(atom: Token | Group) -> TypeGuard[Token]:
    """Whether it says when."""
    return not isinstance(atom, Group) and atom.type == "WINDOW" and bool(atom.value.windows)


def when_alone(body: ListRead | None) -> WindowRead | None:
    """When what stands before a clause was, where the clause says no more: "(unless) completed 6 months ago"."""
    if body is None or len(body.elements) != 1 or body.elements[0].negations:
        return None
    *before, atom = body.elements[0].atoms
    if not is_window(atom) or len(before) > 1:
        return None
    read: WindowRead = atom.value
    if before:  # "if diagnosed within 5 years"
        first = before[0]
        if isinstance(first, Group) or not _is_found(first) or read.moment != "any":
            return None
        read = replace(read, moment="start")
    return None if read.planned or read.either or len(read.windows) != 1 else read


def _is_found(words: Token) -> bool:
    """Whether words say no more than that a disease was found: "diagnosed"."""
    said = words.value if words.type == "UNREAD" and isinstance(words.value, list) else []
    return len(said) == 1 and said[0].type == "DIAGNOSIS" and str(said[0].value).endswith("diagnosed")


def otherwise_than(main: Draft, read: WindowRead) -> Draft | None:
    """The facts of the main that are not of that time; None where it says of one of them when it was.

    What ended "at least 6 months ago" has no day since; of what did so "within 6 months", some remains. What began at
    one of these times did not begin at the other.
    """
    window = so_long_ago(read).windows[0]
    began = read.moment == "start"
    ahead = read.windows[0].reaches_ahead
    if ahead or (began and read.exact) or len({leaf.rule.kind for leaf in main.innermost()}) > 1:
        return None
    if window.start is None and window.end is not None and window.end.value > 0:
        others = window.model_copy(
            update={
                "start": window.end,
                "start_inclusive": not window.end_inclusive,
                "end": _NO_TIME,
                "end_inclusive": True,
            }
        )
        return at_that_time(main, WindowRead((others,), moment="start" if began else "any"))
    if window.start is not None and window.end == _NO_TIME:
        others = window.model_copy(
            update={"start": None, "end": window.start, "end_inclusive": not window.start_inclusive}
        )
        return at_that_time(main, WindowRead((others,), moment="start" if began else "end"))
    return None


def so_long_ago(read: WindowRead) -> WindowRead:
    """When something was that must have ended a time before, as in "completed 2 weeks before": then, or earlier."""
    if not read.exact:
        return read
    return replace(
        read,
        windows=tuple(
            window.model_copy(update={"start": None, "end": window.start, "end_inclusive": True})
            for window in read.windows
        ),
        exact=False,
    )


_NO_TIME: Final = Duration(value=0, unit="days")


def at_that_time(draft: Draft, read: WindowRead) -> Draft | None:
    """The same with each fact in it at that time; None where one of them has a time of its own, or cannot have one."""
    if draft.parts and not isinstance(draft.rule, Condition | Treatment):
        parts = [at_that_time(part, read) for part in draft.parts]
        return None if any(part is None for part in parts) else rebuilt(draft, tuple(part for part in parts if part))
    rule = draft.rule
    if not isinstance(rule, Condition | Treatment) or rule.window is not None or rule.time in ("now", "planned"):
        return None
    return replace(draft, rule=rule.model_copy(update={"window": read.windows[0], "moment": read.moment}))


def at_those_times(main: Draft, body: ListRead) -> Draft | None:
    """The facts of the main at any of the times that a clause names: "(are prohibited) within 14 days before the first
    dose and during the study"; None where it says more, or where they cannot be then."""
    found: list[Draft] = []
    for element in body.elements:
        atom = element.atoms[0]
        if len(element.atoms) > 1 or element.negations or not is_window(atom):
            return None
        for read in atom.value.either or (atom.value,):
            then = _at_one_time(main, read)
            if then is None:
                return None
            found.append(then)
    joints = {*body.separators} <= {"AND", "OR", "ANDOR", "COMMA"}
    return replace(any_of(found), end=body.end) if found and joints else None


def _at_one_time(main: Draft, read: WindowRead) -> Draft | None:
    if read.either or read.exact or len(read.windows) != 1:
        return None
    window = read.windows[0]
    if window.start is None and not read.planned:  # "prohibited at least 7 days before": from then on
        since = window.model_copy(update={"start": window.end, "end": _NO_TIME, "end_inclusive": True})
        read = replace(read, windows=(since,))
    return _planned_at(main, read) if read.planned else at_that_time(main, read)


def _planned_at(draft: Draft, read: WindowRead) -> Draft | None:
    """The same with each treatment in it going on, or coming, in a time that has not come; None where it cannot be."""
    if draft.parts and not isinstance(draft.rule, Treatment):
        parts = [_planned_at(part, read) for part in draft.parts]
        return None if any(part is None for part in parts) else rebuilt(draft, tuple(part for part in parts if part))
    rule = draft.rule
    if not isinstance(rule, Treatment) or rule.window is not None or rule.lasting is not None or rule.time == "ever":
        return None
    return replace(draft, rule=rule.model_copy(update={"time": "planned", "window": read.windows[0]}))


def has_own_anchor(read: WindowRead) -> bool:
    """Whether it is counted from an event of the patient."""
    return any(window.anchor not in _ANCHORS for window in read.windows)


def counts_from_events(read: WindowRead) -> bool:
    """Whether it is counted from what is on the patient's record, so that it is said of what it stands behind alone."""
    return any(window.events for window in read.windows)


_ANCHORS: Final = frozenset(("screening", "consent", "enrolment", "randomisation", "first dose"))


def lift_window(read: ListRead, main: ListRead, excepting: bool) -> WindowRead | None:
    """A window at the very end of a tail, where what the tail is about has none: "such as A or B within 14 days"."""
    if "SEMI" in read.separators:
        return None  # "such as A; B; or C within 14 days"
    atoms = read.elements[-1].atoms
    last = atoms[-1]
    if is_window(last) and (last.value.planned or last.value.moment != "any"):
        return None  # when something ended is said of that one
    if is_window(last) and len(atoms) == 1 and len(read.elements) > 1:
        read.elements.pop()
        read.separators.pop()
        read.end = read.elements[-1].end
        return last.value  # type: ignore[no-any-return]
    if excepting and len(read.elements) > 1:
        return None
    if any(not isinstance(a, Group) and a.type in ("WINDOW", "SINCE_WINDOW") for e in main.elements for a in e.atoms):
        return None
    if excepting and (when_alone(read) is not None or _is_long_ago(last)):
        return None  # "unless diagnosed 5 years ago", "except adjuvant A more than a year ago"
    if len(atoms) > 1 and not isinstance(last, Group) and last.type == "WINDOW" and last.value.windows:
        atoms.pop()
        read.elements[-1].end = read.end = atoms[-1].end
        return last.value  # type: ignore[no-any-return]
    if isinstance(last, Group) and len(atoms) == 2:
        last = atoms[0]  # "within 6 weeks (unless ...)"
    if isinstance(last, Token) and last.type == "FACT" and isinstance(last.value, Noun):
        behind = last.value.behind
        found = len(behind) > 1 and behind[-2].type == "DIAGNOSIS"  # "for metastases diagnosed within 6 months"
        dated = behind and behind[-1].type == "WINDOW" and behind[-1].value.windows
        if dated and behind[-1].value.moment == "any" and not found:
            window = behind.pop()
            if window.end == read.end:
                read.end = window.start
            return window.value  # type: ignore[no-any-return]
    return None


def first_clause(tail: Tail, body: ListRead) -> ListRead:
    """What a tail says of a purpose, up to a semicolon that parts two times: "A for B, or C within 28 days; D within 42
    days"."""
    if not tail.has("FOR") or body.separators.count("SEMI") != 1:
        return body
    first, second = body.parted(body.separators.index("SEMI") + 1)
    return first if _ends_dated(first) and _ends_dated(second) else body


def _ends_dated(read: ListRead) -> bool:
    """Whether what is named last has a time of its own behind it."""
    last = read.elements[-1].atoms[-1]
    noun = last.value if isinstance(last, Token) and last.type == "FACT" else None
    return isinstance(noun, Noun) and bool(noun.behind) and noun.behind[-1].type == "WINDOW"


def _is_long_ago(last: Token | Group) -> bool:
    """Whether what ends a tail is said to lie at least so long ago, which spares it, and excludes nobody."""
    if isinstance(last, Token) and isinstance(last.value, Noun) and last.value.behind:
        last = last.value.behind[-1]
    return is_window(last) and all(window.start is None for window in last.value.windows)


def of_beginning(read: WindowRead, text: str, start: int) -> WindowRead:
    """A time as that of what begins there: "initiation of A for B within 3 months" is when A was begun."""
    begins = read.moment == "any" and BEGINNING.match(text, start) is not None
    return replace(read, moment="start") if begins else read


def without_window(tail: Tail) -> Tail:
    """A tail whose window has been lifted, ending where what is left of it ends."""
    read = tail.body
    last = read.elements[-1].atoms[-1] if read is not None else None
    if read is None or last is None:
        return tail
    noun = last.value if isinstance(last, Token) and last.type == "FACT" else None
    if isinstance(noun, Noun) and noun.end == read.end:
        noun.end = max(noun.head.end, *(t.end for t in noun.behind), 0)
        read.elements[-1].end = read.end = noun.end
    return replace(tail, end=read.end)


def is_theirs_alone(draft: Draft, tail: Tail) -> bool:
    """Whether a window lifted from a tail is that of the facts before it, and no other is: what caused them, "toxicity
    due to irradiation within 4 weeks", may be what it is about."""
    last = tail.body.elements[-1].atoms[-1] if tail.body is not None else None
    noun = last.value if isinstance(last, Token) and last.type == "FACT" else None
    if tail.has("DUE_TO") and isinstance(noun, Noun) and is_event(noun):
        return False
    return takes_window(draft)


def takes_window(draft: Draft) -> bool:
    """Whether each fact in it can be within a window, and is within none yet."""
    return all(
        isinstance(leaf.rule, Condition | Treatment | Finding | Measurement) and leaf.rule.window is None
        for leaf in draft.innermost()
    )


def window_of_test(read: ListRead) -> WindowRead | None:
    """The window behind a group of people, which nothing but a test of theirs can be within; it is taken from them."""
    last = read.elements[-1].atoms[-1]
    noun = last.value if isinstance(last, Token) and last.type == "FACT" else None
    if not isinstance(noun, Noun) or is_event(noun) or not noun.kinds <= PEOPLE | {"CONDITION"}:
        return None
    return lift_window(read, ListRead([], [], read.start, read.end), False)


def windowed(draft: Draft, read: WindowRead) -> Draft | None:
    """The same draft with each fact in it within the window; None where it has another one."""
    if isinstance(draft.rule, Condition | Treatment | Finding | Measurement):
        if draft.rule.window is not None:
            return draft
        past = isinstance(draft.rule, Condition | Treatment) and draft.rule.time == "ever"
        windows = [looking_back(window) if past else window for window in read.windows]
        begun = {"moment": "start"} if isinstance(draft.rule, Treatment) and read.moment == "start" else {}
        made = [replace(draft, rule=draft.rule.model_copy(update={"window": window, **begun})) for window in windows]
        return made[0] if len(made) == 1 else any_of(made) if read.longer else all_of(made)
    if not draft.parts:
        return draft
    parts = [windowed(part, read) for part in draft.parts]
    if any(part is None for part in parts):
        return None
    return rebuilt(draft, tuple(part for part in parts if part is not None))
