"""Attributes in parentheses: "pancreatitis (acute or chronic)", "corticosteroids (oral or intravenous)"."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import partial
from typing import Final

from eligibility.knowledge.qualifiers import qualifiers
from eligibility.knowledge.tables import routes
from eligibility.knowledge.vocabulary import Entry, Kind, vocabulary
from eligibility.reading.composing.terms import Composing
from eligibility.reading.drafting.concepts import known_concept
from eligibility.reading.drafts import Draft, any_of, rebuilt
from eligibility.reading.sentences import Group, ListRead
from eligibility.rules import Condition, Not, Span, Treatment

_JOINT: Final = re.compile(r"\s*(?:,\s*(?:and/or|or|and)\b|and/or\b|\bor\b|\band\b|[,/])\s*", re.IGNORECASE)
_ADJECTIVE: Final = re.compile(
    r"(?:[\w-]+ly\s+)?[a-z-]+(?:al|ic|ous|ive|ary|ory|ar|ed|able|ible|ent|ant|oid|ing|nary|genic|ular|ine)|mild|moderate|severe|(?:sub)?acute|"
    r"non-?prescription|prescription|over-the-counter|new|old|stable|unstable|either|both",
    re.IGNORECASE,
)
_WHOLE = tuple(
    frozenset(pair.split())
    for pair in (
        "acute chronic",
        "prescription over-the-counter",
        "new old",
        "primary secondary",
        "past present",
        "congenital acquired",
        "unilateral bilateral",
        "left right",
        "focal generalized",
    )
)
_NON: Final = re.compile(r"^(?:non[- ]?|un|a(?=sympt)|in(?=activ|complet))", re.IGNORECASE)


def attributed(here: Composing, draft: Draft, group: Group) -> Draft | None:
    """The draft with one of the attributes that stand behind it in parentheses; None where these are no attributes."""
    if isinstance(draft.rule, Not) and draft.parts:
        inner = attributed(here, draft.parts[0], group)
        return replace(rebuilt(draft, (inner,)), end=group.end) if inner is not None else None
    rule = draft.rule
    if group.body.tails or group.body.body is None:
        return None
    start, end = group.start + 1, group.end - 1
    pieces = _typed([piece.strip() for piece in _JOINT.split(here.text[start:end]) if piece.strip()])
    named = isinstance(rule, Condition | Treatment) and all(map(partial(_kind_of, rule), pieces))
    if len(pieces) < 2 or not (named or _plain(group.body.body)):
        return None
    if _exhausts([piece.lower() for piece in pieces]):
        return replace(draft, end=group.end)
    if not isinstance(rule, Condition | Treatment) or rule.concept.open:
        return None
    if not named and not all(_ADJECTIVE.fullmatch(piece) for piece in pieces):
        return None
    if "or" not in _JOINT.findall(here.text[start:end])[-1].lower() and "/" not in here.text[start:end]:
        return None  # "(severe, uncontrolled)": whether both, or either
    return any_of([_narrowed(here, draft, piece, start) for piece in pieces], (draft.start, group.end))


_TYPE: Final = re.compile(r"(types?)\s+(?:\d|[IV]+)[a-z]?", re.IGNORECASE)
_BARE_TYPE: Final = re.compile(r"(?:\d|[IV]+)[a-z]?", re.IGNORECASE)


def _typed(pieces: list[str]) -> list[str]:
    """Types whose word stands before the first only: "type 1 or 2"."""
    if not pieces or _TYPE.fullmatch(pieces[0]) is None:
        return pieces
    return [f"type {piece}" if _BARE_TYPE.fullmatch(piece) else re.sub(r"^types\b", "type", piece) for piece in pieces]


def _kind_of(rule: Condition | Treatment, piece: str) -> Entry | None:
    """The kind of the disease, or of the treatment, that an attribute before its name makes of it."""
    kind: Kind = "condition" if isinstance(rule, Condition) else "treatment"
    return vocabulary().find(f"{piece} {rule.concept.name}", kind)


def _plain(read: ListRead) -> bool:
    """Whether nothing in it is a fact of its own."""
    return all(
        not element.negations
        and all(not isinstance(atom, Group) and atom.type in ("UNREAD", "QUALIFIER") for atom in element.atoms)
        for element in read.elements
    )


def _exhausts(pieces: list[str]) -> bool:
    """Whether everything is one or the other: "acute or chronic", "invasive or non-invasive"."""
    if len(pieces) != 2:
        return False
    bare = {_NON.sub("", piece) for piece in pieces}
    return (len(bare) == 1 and pieces[0] != pieces[1]) or frozenset(pieces) in _WHOLE


def _narrowed(here: Composing, draft: Draft, piece: str, start: int) -> Draft:
    """The draft of the kind that an attribute names; of its own words where nothing is known of it."""
    rule = draft.rule
    assert isinstance(rule, Condition | Treatment)
    named = _kind_of(rule, piece)
    if named is not None:
        return replace(draft, rule=rule.model_copy(update={"concept": known_concept(named)}))
    if isinstance(rule, Treatment) and rule.route is None and (route := routes().names.get(piece.lower())):
        return replace(draft, rule=rule.model_copy(update={"route": route}))
    known = qualifiers().find(piece)
    made = rule.model_copy(update={"qualifiers": (*rule.qualifiers, known.name if known else piece.lower())})
    if known is not None:
        return replace(draft, rule=made)
    at = here.text.index(piece, start)
    return replace(draft, rule=made, open=(*draft.open, Span(start=at, end=at + len(piece))))
