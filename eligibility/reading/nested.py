"""Lines with bullets under them: what a lead-in says itself, and what it gives to what it owns."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from functools import partial

from eligibility.knowledge.vocabulary import vocabulary
from eligibility.reading.cleaning import cleaned
from eligibility.reading.composing.lists import agreements
from eligibility.reading.composing.tails import of_sex
from eligibility.reading.composing.terms import FRAMES, Inherited
from eligibility.reading.composing.unknowns import is_lead
from eligibility.reading.doses import dosed
from eligibility.reading.drafts import (
    Draft,
    all_of,
    ambiguous,
    any_of,
    at_least,
    contrary,
    each_leaf,
    for_those,
    lately,
    negated,
    rebuilt,
)
from eligibility.reading.islands import phrased, quantified
from eligibility.reading.joints import SILENT
from eligibility.reading.lexer import Number, Token
from eligibility.reading.nouns import Context
from eligibility.reading.outline import Line
from eligibility.reading.passages import read_sentence, read_sentences, side_by_side
from eligibility.reading.splitting import split_sentences
from eligibility.rules import Condition, Measurement, Not, Rule, Treatment

__all__ = ["read_line", "read_lines"]


def read_lines(lines: Sequence[Line], tokens: Sequence[Token], context: Context) -> Draft | None:
    """Lines on one level side by side."""
    drafts = [draft for draft in (read_line(line, tokens, context) for line in lines) if draft is not None]
    if not drafts:
        return None
    return any_of(drafts) if context.exclusion else all_of(drafts)


def read_line(
    line: Line, tokens: Sequence[Token], context: Context, inherited: Inherited | None = None
) -> Draft | None:
    """A line with what is nested under it."""
    own = [t for t in tokens if line.start <= t.start < line.end]
    parts = split_sentences(own, context.text)
    if not line.children:
        return read_sentences(parts, context, inherited)
    lead = parts[-1] if parts else []
    before = read_sentences(parts[:-1], context, inherited) if len(parts) > 1 else None
    combined = _lead(lead, line, tokens, context, inherited)
    if combined is None:
        return before
    if before is None:
        return combined
    return side_by_side(before, combined, context)


def _lead(
    lead: list[Token], line: Line, tokens: Sequence[Token], context: Context, inherited: Inherited | None
) -> Draft | None:
    """A lead-in and the bullets that it owns."""
    while lead and lead[-1].type in ("COLON", "DASH", "COMMA", "SEMI", "DOT"):
        lead = lead[:-1]
    kinds = {t.type for t in lead}
    denied = None if context.exclusion else _denied(lead, context)
    if denied is not None:
        return _none_of(lead[:denied], lead[denied:], line, tokens, context)
    given = Inherited()
    every = not context.exclusion
    count = 0
    if "ANY_OF" in kinds:
        every = False
    elif "OF_FOLLOWING" in kinds:
        at = next(i for i, t in enumerate(lead) if t.type == "OF_FOLLOWING")
        number = lead[at - 1] if at else None
        if number is not None and isinstance(number.value, Number):
            count = int(number.value.value)
            lead = [*lead[: at - 1], *lead[at:]]
            if lead and lead[at - 2 : at - 1] and lead[at - 2].type in ("GE",):
                lead = [*lead[: at - 2], *lead[at - 1 :]]
    elif "ALL_OF" in kinds and re.search(
        r"\b(?:all|both|each)\b", context.text[lead[0].start : lead[-1].end], re.IGNORECASE
    ):
        every = True
    joint = _joint(line.children, context.text)
    if joint is not None and not count:
        every = joint == "and"
    rest = [t for t in lead if t.type not in ("ANY_OF", "ALL_OF", "OF_FOLLOWING", "INCLUDING", "DEFINED")]
    head: Draft | None = None
    if rest:
        head, given = _lead_in(rest, context)
    children = [read_line(child, tokens, context, given or inherited) for child in line.children]
    named = head is not None and not head.requirement
    drafts = [_excluding(child, named) if context.exclusion else child for child in children if child is not None]
    if not drafts:
        return head
    inside = at_least(count, drafts) if count else all_of(drafts) if every else any_of(drafts)
    if head is None:
        return inside
    if head.wholly_unread:
        return ambiguous([all_of([head, inside]), any_of([head, inside])], "a lead-in that was not understood")
    if any(t.type == "INCLUDING" for t in lead[-3:]):
        if isinstance(head.rule, Not) and head.parts and not context.exclusion:
            return rebuilt(head, (any_of([head.parts[0], any_of(drafts)]),))  # "no disease, including any of ..."
        inside = each_leaf(inside, partial(_when, head.rule))
        limits = all(isinstance(leaf.rule, Measurement) for leaf in inside.leaves() if not leaf.parts)
        return all_of([head, inside]) if limits and not context.exclusion else any_of([head, inside])
    if (
        "DEFINED" in kinds
        and isinstance(head.rule, Condition)
        and not any(leaf.wholly_unread for leaf in inside.leaves())
    ):
        return replace(inside, start=head.start)
    if every and joint is None and not context.exclusion and not kinds & {"ALL_OF"} and _kinds(head, drafts):
        inside = any_of(drafts)  # "Lymphoma: * mantle cell lymphoma * Burkitt lymphoma": nobody has every kind
    if of_sex(head) and agreements(inside) and not context.exclusion:
        return replace(for_those(head, inside), requirement=True)
    if kinds & {"DEFINED", "ANY_OF", "ALL_OF", "OF_FOLLOWING"} and not head.requirement:
        return all_of([head, inside])
    return side_by_side(head, inside, context)


def _when(whole: Rule, example: Draft) -> Draft:
    """An example within the window of the whole: "disease within 6 months, including: * infarction"."""
    rule = example.rule
    if not isinstance(whole, Condition | Treatment) or whole.window is None or type(rule) is not type(whole):
        return example
    assert isinstance(rule, Condition | Treatment)
    return example if rule.window else replace(example, rule=rule.model_copy(update={"window": whole.window}))


_NEGATIONS = frozenset("NO NOT MUST_NOT WITHOUT".split())
_LISTING = frozenset("ANY_OF ALL_OF OF_FOLLOWING".split())
_AMONG = frozenset("HISTORY KNOWN PRESENCE CURRENT DIAGNOSIS OF".split())
_NAMELESS = re.compile(
    r"(?:medical |clinical |exclusion |exclusionary )?(?:conditions?|diseases?|disorders?|criteria)", re.I
)
_EVERY = re.compile(r"\b(?:all|both|each|only)\b", re.IGNORECASE)


def _denied(lead: Sequence[Token], context: Context) -> int | None:
    """Where the negation of a lead-in stands that denies each of its bullets: "must not have any of the following"."""
    at = next((i for i in range(len(lead) - 1, -1, -1) if _denies(lead[i])), None)
    if at is None:
        return None
    after = lead[at + 1 :]
    words = " ".join(context.text[t.start : t.end] for t in after if t.type not in (_LISTING | SILENT | _AMONG))
    said = context.text[lead[at].start : lead[-1].end]
    plain = not words or _NAMELESS.fullmatch(words.strip())
    if not plain or _EVERY.search(said) or not any(t.type in _LISTING for t in after):
        return None
    return at


def _denies(token: Token) -> bool:
    return token.type in _NEGATIONS or token.value == "none"


def _none_of(
    before: list[Token], after: Sequence[Token], line: Line, tokens: Sequence[Token], context: Context
) -> Draft | None:
    """None of the bullets, and what the lead-in says before the negation."""
    given = Inherited(frames=[t for t in after if t.type in ("HISTORY", "KNOWN", "CURRENT")])
    while before and before[-1].type in ("AND", "COMMA", "SEMI", "IS", "MUST", "ANDOR"):
        before = before[:-1]
    head = read_sentence(before, context, None) if any(t.type not in SILENT for t in before) else None
    found = [read_line(child, tokens, context, given) for child in line.children]
    drafts = [draft for draft in found if draft is not None]
    if not drafts:
        return head
    none = replace(negated(lately(any_of(drafts)), (after[0].start, drafts[-1].end)), requirement=True)
    return none if head is None else replace(all_of([head, none]), requirement=True)


def _kinds(head: Draft, drafts: Sequence[Draft]) -> bool:
    """Whether each of several bullets names a kind of what the lead-in names."""
    wholes = [leaf.rule.concept.name for leaf in head.leaves() if isinstance(leaf.rule, Condition)]
    return len(drafts) > 1 and all(
        all(isinstance(leaf.rule, Condition) for leaf in draft.leaves() if not leaf.parts)
        and any(_kind(leaf.rule.concept.name, wholes) for leaf in draft.leaves() if isinstance(leaf.rule, Condition))
        for draft in drafts
    )


def _kind(name: str, wholes: Sequence[str]) -> bool:
    return any(name != whole and vocabulary().is_a("condition", name, whole) for whole in wholes)


def _excluding(child: Draft, named: bool) -> Draft:
    """A bullet under Exclusion; ``named``: those whom it is about are said before it, so that "no X" may be meant."""
    if not child.requirement:
        return child
    if named and isinstance(child.rule, Not):
        return ambiguous([replace(child, requirement=False), contrary(child)], "what excludes, or what is required")
    return contrary(child)


_JOINT = re.compile(r"\b(and|or)\s*[,;:]?\s*$", re.IGNORECASE)


def _joint(children: Sequence[Line], text: str) -> str | None:
    """The connective at the end of the bullets themselves: "..., or" behind each, or behind the last but one."""
    ends = [_JOINT.search(text, child.start, child.end) for child in children[:-1]]
    said = {match.group(1).lower() for match in ends if match}
    return said.pop() if len(said) == 1 and ends[-1] else None


def _lead_in(rest: list[Token], context: Context) -> tuple[Draft | None, Inherited]:
    """What a lead-in says itself, and what it gives to its bullets."""
    made = phrased(dosed(quantified(cleaned(rest)), context.text), context)
    given = Inherited()
    left: list[Token] = []
    for token in made:
        if token.type == "WINDOW" and token.value.windows and given.window is None:
            given.window = token.value
        elif token.type == "SINCE_WINDOW":
            given.since = token.value
        elif token.type in FRAMES:
            given.frames.append(token)
        elif token.type in SILENT or token.type in ("MUST", "OF", "COLON", "COMMA", "WINDOW", "TEST_WORD", "LEAD"):
            continue
        else:
            left.append(token)
    if not left or all(
        t.type
        in (
            "FACT",
            "TREATMENT",
            "CURRENT",
            "PRIOR",
            "LAST",
            "WORD",
            "PREP",
            "AND",
            "OR",
            "IF",
            "FOR",
            "QUALIFIER",
            "ANCHOR",
            "WEAK_ANCHOR",
            "SITE",
            "IS",
            "NORMAL",
            "ABNORMAL",
            "TEST_WORD",
        )
        and is_lead(context.text[t.start : t.end])
        for t in left
    ):
        return None, given
    return read_sentence(rest, context, None), Inherited(window=given.window)
