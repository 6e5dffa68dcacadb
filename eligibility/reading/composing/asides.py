"""What a parenthesis allows, or forbids, beside what stands before it: "INR < 1.5 (anticoagulants are allowed)"."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Final

from eligibility.reading.composing.exceptions import is_apart
from eligibility.reading.composing.facts import phrase_draft
from eligibility.reading.composing.terms import Composing, Inherited
from eligibility.reading.composing.windows import when_alone, windowed
from eligibility.reading.drafts import Draft, all_of, ambiguous, any_of, negated
from eligibility.reading.grammar import Refused
from eligibility.reading.lexing.tokens import Token
from eligibility.reading.patterns import MEASURED, ONLY, PERSONS
from eligibility.reading.phrases import Noun
from eligibility.reading.sentences import Group, ListRead, Sentence, Tail, parted_tails
from eligibility.reading.sparing import permitted_in_words
from eligibility.rules import Condition, Measurement, Treatment

__all__ = ["granted", "in_that_state", "names_all", "or_in_words", "said_once"]


def said_once(group: Group) -> Group:
    """A parenthesis without what says it twice: "(note: A is allowed)", "(except A, which is allowed)"."""
    tails = parted_tails(group.body.tails)
    if group.body.body is not None or len(tails) < 2 or tails[0].body is None:
        return group
    if tails[0].kinds[0].type == "COLON" and any(tail.has("ALLOWED") for tail in tails[1:]):
        return Group(Sentence(tails[0].body, tails[1:]), group.start, group.end)
    if len(tails) == 2 and tails[0].has("EXCEPT") and tails[1].has("ALLOWED") and _at_any_time_of_it(tails[1].body):
        return Group(Sentence(None, tails[:1]), group.start, group.end)
    return group


def _at_any_time_of_it(read: ListRead | None) -> bool:
    """Whether a permission has no condition; within the time for which all else is forbidden, it has none either."""
    when = when_alone(read)
    within = when is not None and when.moment == "any" and all(each.start is not None for each in when.windows)
    return read is None or within


def names_all(here: Composing, group: Group) -> bool:
    """Whether a parenthesis says nothing of what alone is meant: "(only B is allowed)"."""
    return ONLY.search(here.text[group.start : group.end]) is None


def granted(here: Composing, draft: Draft, group: Group) -> Draft | None:
    """What a permission, or a ban, in parentheses makes of what stands before it; None where it is none, or is one only
    under a condition."""
    read, tails = group.body.body, parted_tails(group.body.tails)
    at = next((i for i, tail in enumerate(tails) if tail.has("ALLOWED", "EXCLUDED")), None)
    if read is None or at is None or not names_all(here, group):
        return None
    if not at and [tail.has("IF") for tail in tails[1:]] == [True]:
        return _if_so(here, draft, read, tails[1])
    if any(tail.has(*_CONDITIONS) for tail in tails):
        return None
    if tails[at].has("EXCLUDED"):
        return _forbidden(here, draft, read, tails) if not at and not here.exclusion else None
    if MEASURED.search(here.text, tails[at].start, group.end):
        return None
    named = here.literally().listed(read, Inherited(), plain=True, any_=True)
    if named is None:
        return None
    measured = all(isinstance(leaf.rule, Measurement) for leaf in draft.innermost())
    people = _OF_PEOPLE.match(here.text, read.start) is not None
    if measured and not people and isinstance(named.innermost()[0].rule, Treatment):
        return replace(draft, end=group.end)  # no limit is changed by what may be given for it
    if here.exclusion and measured and isinstance(named.innermost()[0].rule, Treatment):
        return ambiguous([draft, all_of([draft, negated(named)])], "people who may be spared a limit")
    if here.exclusion or len(tails) > 1 or tails[at].body is not None or draft.wholly_unread:
        return None
    if any(leaf.wholly_unread for leaf in named.innermost()):
        return None
    if _denied_before(here, draft) and not _alike(draft, named):
        return None
    why = (
        "people who may be spared a limit, or are let in with it"
        if measured
        else "what is accepted as well, or is one of them"
    )
    return ambiguous([draft, any_of([draft, named])], why)


def or_in_words(here: Composing, draft: Draft, made: Draft, group: Group) -> Draft:
    """What a parenthesis has made of what stands before it; where its words were not understood and are a permission,
    with the question for whom that is."""
    if not any(leaf.wholly_unread and leaf.start >= group.start for leaf in made.innermost()):
        return made
    forbidding = here.exclusion and not draft.requirement
    if draft.wholly_unread or _behind_others(here, draft) or (not forbidding and _denied_before(here, draft)):
        return made
    permitted = permitted_in_words(draft, group.start + 1, group.end - 1, here.context, forbidding=forbidding)
    return permitted.placed(made.start, made.end).asked(draft.requirement) if permitted is not None else made


def _behind_others(here: Composing, draft: Draft) -> bool:
    """Whether more is listed before it in its sentence, of which a parenthesis behind it may be as well."""
    begin = max(here.low.rfind(sign, 0, draft.start) for sign in ".;\n") + 1
    return _LISTING.search(here.low, begin, draft.start) is not None


_LISTING: Final = re.compile(r"[,/]|\b(?:or|and)\b")


def _denied_before(here: Composing, draft: Draft) -> bool:
    """Whether a denial stands before it in its sentence, so that what is allowed is taken out of what is denied."""
    begin = max(here.low.rfind(sign, 0, draft.start) for sign in ".;\n") + 1
    return _DENIAL.search(here.low, begin, draft.end) is not None


_DENIAL: Final = re.compile(
    r"\b(?:no|not|non|none|never|without|nor|neither|free|absence|absent|lack|naive|untreated)\b"
)
_CONDITIONS: Final = ("IF", "UNLESS", "EXCEPT", "MUST", "MUST_NOT", "RECOVERED", "JUDGED")
_OF_PEOPLE: Final = re.compile(rf"(?:{PERSONS}|those)\b", re.IGNORECASE)


def _if_so(here: Composing, draft: Draft, read: ListRead, tail: Tail) -> Draft | None:
    """ "Diabetes (hypertension is allowed if it is treated)": what excludes, or something else that is not so."""
    if not here.exclusion or draft.requirement or tail.body is None:
        return None
    named = here.literally().listed(read, Inherited(), plain=True, any_=True)
    condition = here.literally().listed(tail.body, Inherited(), plain=True)
    if named is None or condition is None or any(leaf.wholly_unread for leaf in condition.innermost()):
        return None
    targets = draft.innermost()
    others = all(is_apart(leaf, targets) for leaf in named.innermost())
    return any_of([draft, all_of([named, negated(condition)])]) if others else None


def _alike(draft: Draft, named: Draft) -> bool:
    """Whether nothing but conditions is named on either side."""
    return all(isinstance(leaf.rule, Condition) for leaf in (*draft.innermost(), *named.innermost()))


def _forbidden(here: Composing, draft: Draft, read: ListRead, tails: list[Tail]) -> Draft | None:
    """ "Neutrophils >= 1.5 (growth factors are not permitted within 14 days)": the limit, and none of them."""
    if len(tails) > 1 or not all(isinstance(leaf.rule, Measurement) for leaf in draft.innermost()):
        return None
    named = here.literally().listed(read, Inherited(), plain=True, any_=True)
    if named is None or not all(isinstance(leaf.rule, Treatment) for leaf in named.innermost()):
        return None
    if tails[0].body is not None and not _at_present(tails[0].body):
        window = when_alone(tails[0].body)
        named = windowed(named, window) if window is not None else None
    return all_of([draft, negated(named)]) if named is not None else None


def _at_present(read: ListRead) -> bool:
    """Whether it says no more than that it is now: "at screening"."""
    atoms = read.elements[0].atoms
    atom = atoms[0] if len(read.elements) == len(atoms) == 1 else None
    return isinstance(atom, Token) and atom.type == "WINDOW" and not atom.value.windows


def in_that_state(here: Composing, named: ListRead, state: ListRead) -> Draft | None:
    """A disease in the state of a condition: "treated metastases (allowed) if stable for 4 weeks"; None for another."""
    atoms = [atom for element in state.elements for atom in element.atoms]
    if len(named.elements) != 1 or len(named.elements[0].atoms) != 1 or any(e.negations for e in state.elements):
        return None
    fact, only = named.elements[0].atoms[0], [atom for atom in atoms if isinstance(atom, Token)]
    noun = fact.value if isinstance(fact, Token) and fact.type == "FACT" else None
    if not isinstance(noun, Noun) or noun.kinds != {"CONDITION"} or len(only) < len(atoms):
        return None
    if {*state.separators} - {"AND"} or not all(atom.type in _STATES for atom in only):
        return None
    try:
        return phrase_draft(here, replace(noun, behind=[*noun.behind, *only]), None, None)
    except Refused:
        return None


_STATES: Final = frozenset(("QUALIFIER", "LASTING"))
