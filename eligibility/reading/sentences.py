"""The meaning of ``grammars/sentences.lark``: how the phrases of a sentence are joined, before any of it is a rule."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from eligibility.reading.grammar import Grammar
from eligibility.reading.lexing.tokens import Token
from eligibility.reading.phrases import Measured

__all__ = ["Element", "Group", "ListRead", "Sentence", "Tail", "parted_tails", "sentences"]


@dataclass(slots=True)
class Group:
    """What stands in parentheses."""

    body: Sentence
    start: int
    end: int


@dataclass(slots=True, init=False)
class Element:
    """One item of a list: its negations, and what stands in it side by side."""

    negations: list[Token]
    atoms: list[Token | Group]
    start: int
    end: int

    def __init__(self, negations: list[Token], atoms: list[Token | Group], start: int, end: int) -> None:
        self.negations, self.atoms, self.start, self.end = negations, atoms, start, end


@dataclass(slots=True, init=False)
class ListRead:
    """Items and what stands between each two of them: the type of the connective."""

    elements: list[Element]
    separators: list[str]
    start: int
    end: int
    serial: bool  # a comma stands before its last "or": "a, b, or c"

    def __init__(
        self, elements: list[Element], separators: list[str], start: int, end: int, serial: bool = False
    ) -> None:
        self.elements, self.separators, self.start, self.end, self.serial = elements, separators, start, end, serial

    def parted(self, at: int) -> tuple[ListRead, ListRead]:
        """The list up to its element ``at``, and from it on; what joins the two is in neither."""
        first = ListRead(self.elements[:at], self.separators[: at - 1], self.start, self.elements[at - 1].end)
        return first, ListRead(self.elements[at:], self.separators[at:], self.elements[at].start, self.end)


@dataclass(slots=True, init=False)
class Tail:
    """A connective that says how what follows bears on what precedes."""

    kinds: list[Token]
    body: ListRead | None
    start: int
    end: int

    def __init__(self, kinds: list[Token], body: ListRead | None, start: int, end: int) -> None:
        self.kinds, self.body, self.start, self.end = kinds, body, start, end

    def has(self, *types: str) -> bool:
        """Whether one of its connectives is of these types."""
        for token in self.kinds:  # noqa: SIM110  (asked of every connective, and three times as fast)
            if token.type in types:
                return True
        return False


@dataclass(slots=True, init=False)
class Sentence:
    """A list and its tails."""

    body: ListRead | None
    tails: list[Tail]

    def __init__(self, body: ListRead | None, tails: list[Tail]) -> None:
        self.body, self.tails = body, tails


def parted_tails(tails: Sequence[Tail]) -> list[Tail]:
    """ "... is allowed if ...": two tails, though nothing stands between them."""
    found: list[Tail] = []
    for tail in tails:
        kinds = tail.kinds
        if kinds[0].type == "JUDGED" and kinds[0].value == "joined:OR":
            kinds = kinds[:1]  # "or who, in the investigator's opinion, are not suitable": all of it is judged
        while len(kinds) > 1 and kinds[0].type in ("ALLOWED", "EXCLUDED", "JUDGED", "REGARDLESS"):
            found.append(Tail(kinds[:1], None, kinds[0].start, kinds[0].end))
            kinds = kinds[1:]
        found.append(Tail(kinds, tail.body, kinds[0].start, tail.end))
    return found


@dataclass(slots=True)
class _Separator:
    """A connective between two items."""

    type: str
    serial: bool  # with a comma before it


class _Meaning:
    """Each method is a rule of the grammar."""

    def sentence(self, children: list[Any]) -> Sentence:
        body = next((child for child in children if isinstance(child, ListRead)), None)
        return Sentence(body, [child for child in children if isinstance(child, Tail)])

    def series(self, children: list[Any]) -> ListRead:
        if len(children) == 1:
            only = children[0]
            return ListRead([only], [], only.start, only.end)
        elements = [child for child in children if isinstance(child, Element)]
        separators = [child for child in children if isinstance(child, _Separator)]
        serial = any(each.serial for each in separators)
        return ListRead(elements, [each.type for each in separators], elements[0].start, elements[-1].end, serial)

    def separator(self, children: list[Any]) -> _Separator:
        last = children[-1]
        return _Separator(last.type, last.value == "serial")

    def element(self, children: list[Any]) -> Element:
        negations = [child[0] for child in children if isinstance(child, tuple)]
        atoms = [child for child in children if not isinstance(child, tuple)]
        first = negations[0] if negations else atoms[0]
        return Element(negations, atoms, first.start, atoms[-1].end)

    def negation(self, children: Any) -> tuple[Token]:
        return (children[0],)

    def group(self, children: Any) -> Group:
        return Group(_with_their_limit(self.sentence(children)), children[0].start, children[-1].end)

    def denied(self, children: Any) -> Tail:
        return self.tail([children[0][0], *children[1:]])

    def tail(self, children: Any) -> Tail:
        kinds = [child for child in children if isinstance(child, Token)]
        body = next((child for child in children if isinstance(child, ListRead)), None)
        return Tail(kinds, body, kinds[0].start, body.end if body else kinds[-1].end)


def _with_their_limit(sentence: Sentence) -> Sentence:
    """ "(In patients with A: <= 5)" as "(in patients with A, <= 5)": their limit is theirs, no more that is said."""
    if sentence.body is not None or len(sentence.tails) != 2:
        return sentence
    first, second = sentence.tails
    people, limit = first.body, second.body
    if people is None or limit is None or not first.has("FOR_GROUP", "FOR", "IF") or second.kinds[0].type != "COLON":
        return sentence
    leading = limit.elements[0].atoms[0]
    if isinstance(leading, Group) or not (leading.type == "LIMIT" or isinstance(leading.value, Measured)):
        return sentence
    separators = [*people.separators, "COMMA", *limit.separators]
    both = ListRead([*people.elements, *limit.elements], separators, people.start, limit.end, limit.serial)
    return Sentence(None, [Tail(first.kinds, both, first.start, limit.end)])


@cache
def sentences(terminals: tuple[str, ...]) -> Grammar:
    """The grammar of sentences."""
    return Grammar("sentences.lark", ["sentence"], terminals, _Meaning())
