"""Alternatives before a list whose names they share: "acute or chronic liver or renal disease", "prior or active X"."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from eligibility.reading.composing.sharing import of_extent
from eligibility.reading.composing.terms import Composing
from eligibility.reading.lexing.tokens import EITHER, Token
from eligibility.reading.phrases import Noun
from eligibility.reading.sentences import Element, Group, ListRead

__all__ = ["each_alternative"]

_LISTED: Final = EITHER | {"COMMA"}
_TIMELY: Final = frozenset("HISTORY KNOWN SUSPECTED DIAGNOSIS PRESENCE PRIOR CURRENT PLANNED".split())


def each_alternative(here: Composing, read: ListRead) -> list[ListRead]:
    """A list for each of the alternatives that it begins with; none where it begins with no such alternatives.

    A single name behind them gets them as its own attributes, without this.
    """
    leads = _leads(read)
    joined = _LISTED | {"AND"} if here.exclusion else _LISTED
    if not leads or not joined.issuperset(read.separators):
        return []
    negations = read.elements[0].negations
    if negations and here.exclusion:
        return []
    at = len(leads)
    own = _own_lead(leads, read.elements[at])
    framed = any(map(_is_frame, leads))
    if own is None or not (framed or _is_cut_short(own[1])):
        return []
    leads, atoms = [leads[0], *(_of_all(leads[0]) + each for each in [*leads[1:], own[0]])], own[1]
    if not atoms:  # "history of, or active, asthma"
        if not framed or at + 1 == len(read.elements) or read.separators[at] != "COMMA":
            return []
        at += 1
        atoms = read.elements[at].atoms
    rest, separators = read.elements[at + 1 :], read.separators[at:]
    end = read.elements[at].end
    return [
        ListRead(
            [Element(negations, [*lead, *map(_fresh, atoms)], lead[0].start, end), *map(_again, rest)],
            separators,
            lead[0].start,
            read.end,
            read.serial,
        )
        for lead in leads
    ]


def _leads(read: ListRead) -> list[list[Token]]:
    """The elements up to the first "or" that name nothing: attributes, or in which way a name is meant."""
    found: list[list[Token]] = []
    for element, separator in zip(read.elements, read.separators, strict=False):
        lead = _lead(element)
        if not lead or separator not in _LISTED or (found and element.negations):
            return []
        found.append(lead)
        if separator in EITHER:
            return found
    return []


def _lead(element: Element) -> list[Token]:
    found: list[Token] = []
    for atom in element.atoms:
        if isinstance(atom, Group):
            return []
        if atom.type == "QUALIFIER" or (atom.type == "FRAME" and atom.value.type in _TIMELY):
            found.append(atom)
        elif atom.type == "UNREAD" and isinstance(atom.value, list):
            frames = [_frame(token) for token in atom.value if token.type != "SILENT"]
            if not frames or any(frame is None for frame in frames):
                return []
            found += [Token("FRAME", frame, frame.start, frame.end) for frame in frames if frame is not None]
        else:
            return []
    return found


def _frame(token: Token) -> Token | None:
    if token.type in _TIMELY:
        return token
    prior = next((value for kind, value in token.others if kind == "PRIOR"), None)
    return Token("PRIOR", prior, token.start, token.end) if prior is not None else None


def _is_frame(lead: list[Token]) -> bool:
    return any(token.type == "FRAME" for token in lead)


def _own_lead(leads: Sequence[list[Token]], element: Element) -> tuple[list[Token], Sequence[Token | Group]] | None:
    """The attribute of the first name that stands for those before it, and what is left of the name."""
    atoms = element.atoms
    first = atoms[0]
    if element.negations or isinstance(first, Group) or first.type not in ("QUALIFIER", "FRAME"):
        return None
    framed = any(map(_is_frame, leads))
    if first.type == "FRAME" and not framed:
        return None
    own = [first]
    for atom in atoms[1:]:
        if isinstance(atom, Group) or atom.type != "FRAME" or not framed:
            break
        own.append(atom)
    rest = atoms[len(own) :]
    return (own, rest) if not rest or not isinstance(rest[0], Group) else None


def _is_cut_short(atoms: Sequence[Token | Group]) -> bool:
    """Whether these are words that are short of the name that is said later: "renal" before "or hepatic disease"."""
    kinds = [atom.type for atom in atoms if not isinstance(atom, Group)]
    return "UNREAD" in kinds and "FACT" not in kinds


def _of_all(lead: list[Token]) -> list[Token]:
    """What is said before the first alternative of all of them: "confirmed acute or chronic", "history of mild or"."""
    return [token for token in lead[:-1] if not of_extent(token)] if lead[-1].type == "QUALIFIER" else []


def _again(element: Element) -> Element:
    return Element(element.negations, [_fresh(atom) for atom in element.atoms], element.start, element.end)


def _fresh(atom: Token | Group) -> Token | Group:
    """The same for another list: what a list shares among its names, it writes into them."""
    if isinstance(atom, Group) or not isinstance(atom.value, Noun):
        return atom
    noun = atom.value
    same = Noun(noun.head, list(noun.before), list(noun.behind), noun.start, noun.end, list(noun.inherited), noun.said)
    return Token(atom.type, same, atom.start, atom.end)
