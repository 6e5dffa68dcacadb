"""Clauses inside a sentence: a second one behind a purpose, "therapy for leukemia and have received a transplant", one
that says what cannot be, "if it cannot be removed"."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from eligibility.reading.composing.attribute_phrases import are_attributes, are_joined_attributes
from eligibility.reading.composing.judgements import judgement
from eligibility.reading.composing.lengths import is_measured
from eligibility.reading.composing.terms import Composing, StatementRead
from eligibility.reading.lexing.tokens import EITHER, Token
from eligibility.reading.patterns import PERSONS, Sought
from eligibility.reading.phrases import AgeRead, ConsentRead, Measured, Noun
from eligibility.reading.quantities import WindowRead
from eligibility.reading.sentences import Element, Group, ListRead, Tail

__all__ = [
    "clause_behind",
    "clause_of_people",
    "dated_last",
    "is_cause",
    "parted_agreement",
    "what_cannot_be",
    "with_causes",
]

_JOINTS: Final = frozenset(("AND", "OR", "ANDOR", "COMMA"))
_FINITE: Final = re.compile(  # a verb of its own, of the same people
    r"(?:and|or|and/or|,|\s)*(?:who\s+(?:are|is|was|were)|(?:who\s+)?(?:have|has|had|received|underwent)"
    r"|(?<=[\s,])(?:is|are|be|must|will|does|do|did|can|should|no longer)(?!\s+(?:not\s+)?required\b))\b"
)
_USED: Final = re.compile(r"(?:the\s+)?(?:current\s+|prior\s+|concomitant\s+)?(?:use|receipt)\s+of\b")


def clause_behind(low: str, read: ListRead, *, of_cause: bool = False, with_verb: bool = False) -> int:
    """Where in the list of a tail a clause of its own begins; 0 where none does. ``low``: the text in small letters;
    ``of_cause``: the tail says what something comes of, as a treatment may be; ``with_verb``: only one with a verb."""
    for at in range(1, len(read.elements)):
        before, element = read.elements[at - 1], read.elements[at]
        if read.separators[at - 1] not in _JOINTS:
            continue
        finite = _FINITE.match(low, before.end, element.end) is not None
        if with_verb and not finite:
            continue
        if (
            finite
            or _USED.match(low, element.start) is not None
            or _says_more(element)
            or _begins_anew(read, at, of_cause)
        ):
            return at
        if _closing(before) and _closing(element):
            return at
    return 0


def what_cannot_be(here: Composing, tails: Sequence[Tail]) -> list[Tail]:
    """ "... if it cannot be removed", "... if they must not be given X": that it cannot, or must not, is asked."""
    return [_denied(here, tail) if tail.has("MUST_NOT") else tail for tail in tails]


def with_causes(here: Composing, tails: list[Tail]) -> list[Tail]:
    """ "... unless the anaemia is due to C": what C is the cause of stands in the condition, and C belongs to it."""
    found: list[Tail] = []
    for tail in tails:
        before = found[-1] if found else None
        caused = _caused(here, before, tail) if before is not None else None
        if caused is not None:
            found[-1] = caused
        else:
            found.append(tail)
    return found


def _caused(here: Composing, before: Tail, tail: Tail) -> Tail | None:
    """A condition with its cause as words of it, or without anything that is understood where the cause is not plain;
    None where the one is no condition, or the other no cause of it."""
    read = before.body
    if read is None or tail.body is None or len(tail.kinds) > 1 or before.kinds[-1].type not in ("IF", "UNLESS"):
        return None
    last, end = read.elements[-1], tail.body.end
    joint = _IS_SO.fullmatch(here.low, last.end, tail.start)
    if joint is None or not is_cause(here, tail):
        return None
    words = here.text[tail.start : end]
    if are_attributes(words, enclosed=False) or are_joined_attributes(words, "condition"):
        atoms = [*last.atoms, Token("UNREAD", "", tail.start, end)]
        named = [*read.elements[:-1], Element(last.negations, atoms, last.start, end)]
        listed = ListRead(named, read.separators, read.start, end, read.serial)
        return Tail(before.kinds, listed, before.start, tail.end)
    return Tail(before.kinds, None, before.start, tail.end) if joint["is"] else None


def is_cause(here: Composing, tail: Tail) -> bool:
    """Whether the last connective of a tail says what something comes of: "if it is due to ..."."""
    return _CAUSE.match(here.low, tail.kinds[-1].start) is not None


_CAUSE: Final = re.compile(
    r"(?:(?:clearly|directly|definitely)\s+)?(?:due|secondary|related|attributed|attributable)\s+to\b|(?:caused|induced)\s+by\b"
    r"|resulting\s+from\b|(?:as\s+)?a\s+result\s+of\b"
)
_IS_SO: Final = re.compile(
    r"[\s(]*(?:s\))?\s*(?P<is>(?:(?:is|are|was|were|be|has\s+been|have\s+been|directly|clearly"
    r"|(?:thought|considered|felt|known|believed)\s+to)\s+)*)"
)


def _denied(here: Composing, tail: Tail) -> Tail:
    read = tail.body
    if len(tail.kinds) != 2 or read is None or not tail.has("IF", "UNLESS"):
        return tail
    condition, denied = tail.kinds
    first, *rest = read.elements
    if not _CANNOT.match(here.low, denied.start) and not first.negations and not isinstance(first.atoms[0], Group):
        negated = Element([Token("NOT", "not", denied.start, denied.end)], first.atoms, denied.start, first.end)
        listed = ListRead([negated, *rest], read.separators, denied.start, read.end, read.serial)
        return Tail([condition], listed, tail.start, tail.end)
    of_several = not {*read.separators} <= EITHER
    if of_several or first.negations or is_measured(here.text[denied.start : read.end]):
        words = Token("UNREAD", "", denied.start, read.end)
    else:
        words = Token("FACT", StatementRead(judgement(here, denied.start, read.end)), denied.start, read.end)
    alone = Element([], [words], denied.start, read.end)
    return Tail([condition], ListRead([alone], [], denied.start, read.end), tail.start, tail.end)


def clause_of_people(here: Composing, tail: Tail) -> tuple[Tail, ListRead | None] | None:
    """ "(Patients) with no asthma who smoke": a tail without the clause that is of the people, and that clause, or
    None for one that is not told apart; None where no clause is, or the tail names the people itself.
    """
    body = tail.body
    said = _WHO.search(here.text, body.start, body.end) if body is not None else None
    if body is None or said is None or _PEOPLE.search(here.low, tail.start, said.start()):
        return None
    at = said.start()
    if any(tail.start <= start < at for start in here.people):
        return None
    for index, element in enumerate(body.elements):
        if element.end <= at:
            continue
        place = next(i for i, atom in enumerate(element.atoms) if atom.end > at)
        if not place and not index:
            return None  # "except who ..."
        if element.atoms[place].start < at:
            return tail, None
        kept, atoms = element.atoms[:place], element.atoms[place:]
        behind = Element([] if kept else element.negations, atoms, atoms[0].start, element.end)
        own = [Element(element.negations, kept, element.start, kept[-1].end)] if kept else []
        before = [*body.elements[:index], *own]
        first = ListRead(before, body.separators[: len(before) - 1], body.start, before[-1].end)
        rest = ListRead([behind, *body.elements[index + 1 :]], body.separators[index:], behind.start, body.end)
        return Tail(tail.kinds, first, tail.start, first.end), rest
    return None


_WHO: Final = Sought(r"(?<!\bor )(?<!\band )\bwho\b", "who")  # as written: the WHO has a scale
_PEOPLE: Final = re.compile(
    rf"\b(?:those|any(?:one|body)|some(?:one|body)|(?:wo)?m[ae]n|(?:fe)?males?|{PERSONS}|"
    r"adults?|child(?:ren)?|infants?|partners?|donors?|relatives?|members?|caregivers?|"
    r"parents?|mothers?|fathers?|contacts?|physicians?|smokers?|users?|carriers?|survivors?|recipients?)\b"
)
_CANNOT: Final = re.compile(r"(?:can|could)(?:\s*not|['’]t)\b")


def parted_agreement(low: str, read: ListRead) -> tuple[ListRead, ListRead] | None:
    """A list, and what those of whom it is agree to: "not sterile | agree to use contraception"; None where nothing."""
    last = read.elements[-1]
    at = next((i for i in range(1, len(last.atoms)) if _agrees(low, last.atoms[i - 1], last.atoms[i])), 0)
    if not at:
        return None
    theirs = Element(last.negations, last.atoms[:at], last.start, last.atoms[at - 1].end)
    agreed = Element([], last.atoms[at:], last.atoms[at].start, last.end)
    first = ListRead([*read.elements[:-1], theirs], read.separators, read.start, theirs.end, read.serial)
    return first, ListRead([agreed], [], agreed.start, agreed.end)


def _agrees(low: str, before: Token | Group, atom: Token | Group) -> bool:
    """Whether a verb stands before a phrase, of what people can, or agree to."""
    if isinstance(atom, Group) or not isinstance(atom.value, StatementRead):
        return False
    return _AGREES.match(low, before.end) is not None


_AGREES: Final = re.compile(r"\s*(?:agrees?\b|(?:is|are|will be)\s+(?:un)?(?:willing|able)\b)")


def dated_last(read: ListRead) -> WindowRead | None:
    """The window that closes the last item of a list; None where none does."""
    return _closing(read.elements[-1])


def _closing(element: Element) -> WindowRead | None:
    """The time of its own with which a treatment, or a disease, closes: "for back pain within 2 months"."""
    last = element.atoms[-1]
    if isinstance(last, Group):
        return None
    if last.type != "WINDOW":
        behind = last.value.behind[-1:] if isinstance(last.value, Noun) else []
        if not behind or behind[0].type != "WINDOW":
            return None
        last = behind[0]
    window: WindowRead = last.value
    return window if window.windows and not window.planned else None


def _begins_anew(read: ListRead, at: int, of_cause: bool) -> bool:
    """Whether an item says of what time it is, or that it was found, as no purpose before it does: "surgery for
    glaucoma, history of stroke"."""
    framed = _frames(read.elements[at], of_cause)
    return bool(framed) and not any(framed & _frames(element, of_cause) for element in read.elements[:at])


def _frames(element: Element, of_cause: bool) -> set[str]:
    """The words before the first name of an item that say when, or how it is known."""
    first = element.atoms[0]
    noun = None if isinstance(first, Group) else first.value
    if not isinstance(noun, Noun):
        return set()
    wanted = _ANEW if noun.kinds == {"TREATMENT"} and not of_cause else _FOUND
    return {token.type for token in noun.before if token.type in wanted and token.end > token.start}


_FOUND: Final = frozenset(("HISTORY", "DIAGNOSIS", "ALLERGY"))
_ANEW: Final = _FOUND | {"CURRENT", "PRIOR"}


def _says_more(element: Element) -> bool:
    """Whether it can be no purpose and no cause: a measurement, an age, what somebody consents to or is able to."""
    first = element.atoms[0]
    return not isinstance(first, Group) and isinstance(first.value, AgeRead | ConsentRead | Measured | StatementRead)
