"""Lines with bullets under them: what a lead-in says itself, and what it gives to what it owns."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from functools import partial, reduce
from itertools import pairwise, takewhile
from typing import Final

from eligibility.knowledge.vocabulary import ANY_DRUG, ANY_TREATMENT, vocabulary
from eligibility.reading.compose import without_those
from eligibility.reading.composing.connecting import cancers_apart, cancers_in
from eligibility.reading.composing.examples import as_controlled, is_broad
from eligibility.reading.composing.labels import at_its_place, is_topic, names_doses, when_and_how
from eligibility.reading.composing.lead_ins import is_lead
from eligibility.reading.composing.lists import agreements
from eligibility.reading.composing.people import of_sex
from eligibility.reading.composing.terms import (
    FRAMES,
    Inherited,
    StatementRead,
    is_consent,
    is_contraception,
    is_fertile,
    is_pregnancy_test,
    says_how_it_is,
)
from eligibility.reading.context import Context
from eligibility.reading.doses import dosed
from eligibility.reading.drafts import (
    Draft,
    all_of,
    ambiguous,
    any_of,
    at_least,
    constant,
    contrary,
    each_leaf,
    for_arms,
    for_those,
    lately,
    negated,
    rebuilt,
    unread,
    with_those,
)
from eligibility.reading.headings import ArmLabel, arm_parts
from eligibility.reading.islands import phrased, quantified
from eligibility.reading.joints import SILENT
from eligibility.reading.lexing.tokens import EITHER, NAMED, Number, Token, kind_at
from eligibility.reading.notes import says_who_can_bear, without_reasons
from eligibility.reading.outline import Line
from eligibility.reading.passages import (
    asks_for_contraception,
    at_site,
    none_as_defined,
    none_of_either,
    only_examples,
    read_sentence,
    read_sentences,
    says_of_kinds,
)
from eligibility.reading.patterns import PERSONS, just_before
from eligibility.reading.people import of_their_age
from eligibility.reading.rewriting.allergies import listed_substances, reactions_to
from eligibility.reading.rewriting.cleaning import cleaned
from eligibility.reading.side_by_side import side_by_side
from eligibility.reading.splitting import split_sentences
from eligibility.reading.stating.contraception import names_methods
from eligibility.reading.washouts import is_about_washout, washout_of
from eligibility.rules import (
    Age,
    Concept,
    Condition,
    Conditional,
    Constant,
    ForArms,
    Limit,
    Measurement,
    Not,
    PatientAttribute,
    Rule,
    Sex,
    Statement,
    Treatment,
)

__all__ = ["read_line", "read_lines"]


def read_lines(lines: Sequence[Line], tokens: list[Token], context: Context) -> Draft | None:
    """Lines on one level side by side."""
    found = [read_line(line, tokens, context) for line in lines]
    if context.exclusion:
        found = _under_headings(lines, found, context)
    return _together([draft for draft in found if draft is not None], context)


def read_line(line: Line, tokens: list[Token], context: Context, inherited: Inherited | None = None) -> Draft | None:
    """A line with what is nested under it, each part of it for the arms that its label names."""
    parts = arm_parts(context.text, line.start, line.children[0].start if line.children else line.end)
    other = next((i for i, child in enumerate(line.children) if _of_other_arms(child, parts, context.text)), None)
    if other is not None:
        lines = [replace(line, children=line.children[:other]), *line.children[other:]]
        apart = [read_line(each, tokens, context, inherited) for each in lines]
        return _together([draft for draft in apart if draft is not None], context)
    if not parts or (line.children and len(parts) > 1):
        return _read_line(line, tokens, context, inherited)
    drafts: list[Draft] = []
    for each in parts:
        end = line.end if line.children else each.end
        part = _read_line(replace(line, start=each.start, end=end), tokens, context, inherited)
        if part is not None:
            part = contrary(part) if context.exclusion and part.requirement and len(parts) > 1 else part
            drafts.append(for_arms(part, each.arms))
    return _together(drafts, context)


def _of_other_arms(line: Line, parts: Sequence[ArmLabel], text: str) -> bool:
    """Whether a line without a bullet is for other arms than those that label the line before it."""
    if not parts or text[line.start - 1 : line.start] != "\n":
        return False
    arms = {arm for part in arm_parts(text, line.start, line.end) for arm in part.arms}
    return bool(arms) and arms.isdisjoint([arm for part in parts for arm in part.arms])


def _together(drafts: Sequence[Draft], context: Context) -> Draft | None:
    """Parts side by side: all of them to include a patient, any of them to exclude."""
    if not drafts:
        return None
    return any_of(drafts) if context.exclusion else all_of(drafts)


def _read_line(line: Line, tokens: list[Token], context: Context, inherited: Inherited | None = None) -> Draft | None:
    own = without_reasons([t for t in tokens if line.start <= t.start < line.end], context.text)
    sentences = split_sentences(own, context.text)
    parts = [each for each in sentences if not says_who_can_bear(context.text[each[0].start : each[-1].end])]
    if len(parts) < len(sentences) and (not parts or parts[-1] is not sentences[-1]):
        return read_sentences(parts, context, inherited) if parts else None
    if not line.children:
        if parts and len(parts[-1]) > 1 and parts[-1][-1].type in ("AND", "OR"):  # what joins it to the next bullet
            parts[-1] = parts[-1][:-1]
        parts = [listed_substances(part) for part in parts]
        return _with_list(parts, context, inherited) or read_sentences(parts, context, inherited)
    excepting = bool(parts) and any(t.type in ("EXCEPT", "UNLESS") for t in parts[-1][-3:])
    if not excepting and (noted := _permitting(line, tokens, context)) is not None:
        alone = _read_line(replace(line, children=[]), tokens, context, inherited)
        if alone is not None:
            return reduce(lambda before, allowed: side_by_side(before, allowed, context), noted, alone)
    if parts and (remarks := _remarks(line, tokens, context)):
        return read_sentences([*parts, *remarks], context, inherited)
    lead = parts[-1] if parts else []
    if len(parts) > 1 and _only_excepts(lead, context):
        spares = Token("EXCEPT", "exceptions", lead[0].start, lead[-1].end)  # "Any cancer. Exceptions: * ..."
        parts, lead = parts[:-1], [*parts[-2], spares]
    before = read_sentences(parts[:-1], context, inherited) if len(parts) > 1 else None
    if before is not None and asks_for_contraception(before):
        span = (lead[0].start, line.end)
        if names_methods(context.text, *span) or (
            _WHO_CAN_BEAR.match(context.text, *span) and _MUST_OR_AGREE.search(context.text, *span) is None
        ):
            return replace(before, end=line.end)
    combined = _lead(lead, line, tokens, context, inherited)
    if combined is None:
        return before
    if before is None:
        return combined
    return none_as_defined(lead, before, combined, context) or side_by_side(before, combined, context)


_WHO_CAN_BEAR: Final = re.compile(  # known without the trial's words, behind what is asked of them
    r"(?:for\s+(?:wom[ae]n|females?),?\s*)?(?:(?:an?\s+)?(?:wom[ae]n|females?)\s+(?:of|with)\s+)?(?:non-?\s?)?"
    r"(?:child-?\s?bearing|reproductive)\s+potential\s+(?:\(\w+\)\s+)?(?:is|are|was|will\s+be)\s+defined\s+(?:as|by)\b",
    re.IGNORECASE,
)
_MUST_OR_AGREE: Final = re.compile(r"\b(?:must|should|agree\w*|required|eligible|excluded)\b", re.IGNORECASE)


def _permitting(line: Line, tokens: list[Token], context: Context) -> list[Draft] | None:
    """What the bullets under a line allow, where they do no more: notes on it, and no items of a list."""
    for child in line.children:
        if child.children or not any(t.type == "ALLOWED" for t in tokens if child.start <= t.start < child.end):
            return None
    drafts = [draft for child in line.children if (draft := read_line(child, tokens, context)) is not None]
    return drafts if drafts and all(map(_is_permission, drafts)) else None


def _remarks(line: Line, tokens: list[Token], context: Context) -> list[list[Token]]:
    """The sentences under a line that only go on with it, of which the first gives examples, "Examples of live vaccines
    are ...", or all say of which kind something is; none where one of its bullets may be an item of a list."""
    first = line.children[0]
    if len(line.children) == 1 and _NOTE.match(context.text, first.start):
        notes = split_sentences([t for t in tokens if first.start <= t.start < first.end], context.text)
        return notes if notes and not first.children and all(map(says_of_kinds, notes)) else []
    if not only_examples(context.text, first.start):
        return []
    found: list[list[Token]] = []
    for at, child in enumerate(line.children):
        own = [t for t in tokens if child.start <= t.start < child.end]
        if child.children or (at and not any(t.type in ("ALLOWED", "EXCLUDED") for t in own)):
            return []
        found += split_sentences(own, context.text)
    return found


_NOTE: Final = re.compile(r"note\s*:", re.IGNORECASE)


def _is_permission(draft: Draft) -> bool:
    """Whether it allows something, and asks for nothing."""
    return isinstance(draft.rule, Constant) and draft.allowed is not None


def _only_excepts(lead: list[Token], context: Context) -> bool:
    """Whether a sentence says no more than that the bullets under it are exceptions from what stands before it: "The
    following are allowed:" behind what excludes."""
    span = (lead[0].start, lead[-1].end)
    if _EXCEPTIONS.match(context.text, *span):
        return True
    allows = next((at for at, token in enumerate(lead) if token.type == "ALLOWED"), None)
    if allows is None or not context.exclusion or any(t.type != "COLON" for t in lead[allows + 1 :]):
        return False
    return _FOLLOWING.match(context.text[span[0] : lead[allows].start]) is not None


_FOLLOWING: Final = re.compile(
    rf"(?:note\s*:\s*)?(?:however,?\s+)?(?:(?:{PERSONS}|those)\s+with\s+)?(?:any\s+(?:one\s+)?of\s+)?the\s+following"
    rf"(?:\s+(?:{PERSONS}|(?:medical\s+)?(?:conditions?|diseases?|disorders?|medications?|drugs?|treatments?|therap(?:y|ies))))?\s*\Z",
    re.IGNORECASE,
)
_EXCEPTIONS: Final = re.compile(
    r"(?:the\s+)?(?:only\s+|allowed\s+|permitted\s+|following\s+)?exceptions?(?:\s+(?:are|include[sd]?|to\s+this(?:\s+criterion)?))?"
    r"(?:\s+(?:the\s+)?following)?\W*\Z",
    re.IGNORECASE,
)


def _with_list(parts: list[list[Token]], context: Context, inherited: Inherited | None) -> Draft | None:
    """Sentences of which one is a lead-in with its list behind a colon, as one bullet under it; None where none is."""
    parts = [_counting(part) for part in parts]
    for index, part in enumerate(parts):
        colon = next((i for i, token in enumerate(part) if token.type in ("COLON", "LPAR")), 0)
        if not 0 < colon < len(part) - 1 or part[colon].type != "COLON" or not _leads(part[:colon]):
            continue
        listed = Line(part[colon + 1].start, part[-1].end, 1)
        line = Line(part[0].start, part[colon].end, 0, [listed])
        made = _lead(part[:colon], line, part, context, inherited, in_line=True)
        if made is None or any(leaf.rule.kind == "unread" and leaf.start < listed.start for leaf in made.leaves()):
            continue
        before = read_sentences(parts[:index], context, inherited) if index else None
        behind = _with_list(parts[index + 1 :], context, inherited) or read_sentences(
            parts[index + 1 :], context, inherited
        )
        for other, first in ((before, True), (behind, False)):
            if other is not None:
                made = side_by_side(other, made, context) if first else side_by_side(made, other, context)
        return made
    return None


def _counting(tokens: list[Token]) -> list[Token]:
    """ "Two or more of: A, B, C", "two of the three criteria: A, B, C" with its "of" as that of a list."""
    for at in range(1, len(tokens) - 1):
        before = tokens[at - 1 - (tokens[at - 1].type == "OR_MORE" and at > 1)]
        if tokens[at].type != "OF" or before.type != "NUMBER":
            continue
        end = _behind_total(tokens, at + 1)
        if end < len(tokens) and tokens[end].type == "COLON":
            of = Token("OF_FOLLOWING", "of", tokens[at].start, tokens[end - 1].end)
            return [*tokens[:at], of, *tokens[end:]]
    return tokens


def _behind_total(tokens: list[Token], at: int) -> int:
    """Where what follows "the three criteria" begins: how many there are in all, and what they are called."""
    end = at + (kind_at(tokens, at) == "FILLER")
    if kind_at(tokens, end) != "NUMBER":
        return at
    end += 1
    return end + (kind_at(tokens, end) in ("FILLER", "WORD"))


def _how_many(lead: list[Token]) -> tuple[list[Token], int, bool]:
    """A lead-in without how many "of the following" it says; the least that counts, and whether fewer are asked for."""
    at = next(i for i, t in enumerate(lead) if t.type == "OF_FOLLOWING")
    if at > 1 and lead[at - 1].type == "OR_MORE":
        lead, at = [*lead[: at - 1], *lead[at:]], at - 1
    number = lead[at - 1] if at else None
    if number is None or not isinstance(number.value, Number):
        return lead, 0, False
    count, compared = int(number.value.value), lead[at - 2].type if at > 1 else ""
    begins = at - 2 if compared in _COMPARED else at - 1
    return [*lead[:begins], *lead[at:]], count + _COMPARED.get(compared, 0), compared in _FEWER


def _leads(words: list[Token]) -> bool:
    """Whether they say that what follows is a list, and no more than a lead-in does."""
    kinds = {token.type for token in words}
    return bool(kinds & _LISTING) and not kinds & _NO_LEAD


_CLASSED: Final = re.compile(  # which lesions count as what: nobody need have them
    r"(?:the\s+)?following(?:\s+\w+)?\s+(?:are|is|will\s+be)\s+(?:\w+\s+)?(?:considered|regarded|classified|defined)\s+(?:as\s+|to\s+be\s+)?"
    r"(?:non-?\s?measurable|measurable|non-?\s?evaluable|not\s+measurable)\b",
    re.IGNORECASE,
)
_NO_LEAD: Final = frozenset("INCLUDING DEFINED EXCEPT UNLESS IF ALLOWED EXCLUDED DUE_TO COLON SEMI".split())


def _lead(
    lead: list[Token],
    line: Line,
    tokens: list[Token],
    context: Context,
    inherited: Inherited | None,
    *,
    in_line: bool = False,
) -> Draft | None:
    """A lead-in and the bullets that it owns; ``in_line``: they are one list that stands behind it."""
    lead = _counting(reactions_to(lead))
    while lead and lead[-1].type in ("COLON", "DASH", "COMMA", "SEMI", "DOT"):
        lead = lead[:-1]
    if line.children and is_about_washout(lead, context.text, exclusion=context.exclusion):
        return _washouts(lead, line, tokens, context)
    if line.children and lead and _CLASSED.match(context.text, lead[0].start) is not None:
        return constant(not context.exclusion, "nothing is asked", lead[0].start, line.children[-1].end)
    kinds = {t.type for t in lead}
    if lead and not kinds & _LISTING and _ANY_OF.search(context.text, line.start, line.end):
        kinds.add("ANY_OF")
    excepted = _excepting(lead)
    if excepted is not None:
        return _except_those(lead[:excepted], lead[excepted:], line, tokens, context)
    if context.exclusion and (verb := _alone(lead)) is not None:
        return _contrary_to_each(verb, line, tokens, context)
    denied = _denied(lead, context)
    if denied is not None and not context.exclusion:
        return _none_of(lead[:denied], lead[denied:], line, tokens, context, in_line=in_line)
    if denied is not None and lead[denied].type == "MUST_NOT":  # "must not have any of the following": what excludes
        lead = [*lead[:denied], *lead[denied + 1 :]]
    joint_at = _unfinished(lead) if "OF_FOLLOWING" not in kinds else None
    if joint_at is not None:
        return _with_bullets(lead[: joint_at + 1], kinds, line, tokens, context)
    if not context.exclusion and not in_line and _ends_in_or(lead, line, context.text):
        return _or_those(lead[:-1], line, tokens, context, inherited)
    if (apart := _one_more(lead, context)) is not None:
        first = read_sentence(lead[:apart], context, inherited)
        further = _lead(lead[apart + 1 :], line, tokens, context, inherited, in_line=in_line)
        if first is not None and further is not None:
            made = all_of([first, further]) if lead[apart].type == "AND" else any_of([first, further])
            return replace(made, requirement=first.requirement or further.requirement)
    given = Inherited()
    every = not context.exclusion
    count, fewer = 0, False
    if "ANY_OF" in kinds:
        every = False
    elif "OF_FOLLOWING" in kinds:
        lead, count, fewer = _how_many(lead)
    elif "ALL_OF" in kinds and re.search(
        r"\b(?:all|both|each)\b", context.text[lead[0].start : lead[-1].end], re.IGNORECASE
    ):
        every = True
    joint = _joint(line.children, context.text)
    doubted = context.exclusion and joint == "and" and not every  # "A and B" may be two that exclude
    if joint is not None and not count and not doubted:
        every = joint == "and"
    rest = [
        token
        for index, token in enumerate(lead)
        if token.type not in ("ANY_OF", "ALL_OF", "OF_FOLLOWING", "INCLUDING", "DEFINED")
        and not (index and lead[index - 1].type in ("ALL_OF", "OF_FOLLOWING") and _is_number(token, len(line.children)))
    ]
    head: Draft | None = None
    site = _site_alone(rest, required=not context.exclusion)
    if rest and site is None:
        head, given = _lead_in(rest, context, aged=bool(kinds & _LISTING))
    given.any_ = (in_line or _is_one_list(line, tokens)) and ("ANY_OF" in kinds or count > 0)
    beneath = _about(context, head)
    children = [read_line(child, tokens, beneath, given or inherited) for child in line.children]
    if context.exclusion:
        children = _under_headings(line.children, children, context)
    named = head is not None and not head.requirement
    if context.exclusion:
        drafts = [_excluding(child, named) for child in children if child is not None]
    else:
        joints = _joints(line.children, context.text) if every and joint is None else [None] * (len(children) - 1)
        drafts = _alternatives(children, joints)
    if not drafts:
        return head
    if every and joint is None and not context.exclusion and "ALL_OF" not in kinds and _of_other_ages(drafts):
        every = False
    if in_line and count:
        drafts = list(drafts[0].parts) or drafts
    if in_line and context.exclusion and every and joint is None and drafts[0].rule.kind == "any":
        drafts = [ambiguous([all_of(drafts[0].parts), drafts[0]], "all of those that are listed, or any of them")]
    if not count and not context.exclusion and drafts and all(isinstance(d.rule, ForArms) for d in drafts):
        every = True  # one for each arm, not one of them
    if not context.exclusion and (count or not every):
        drafts = [draft for draft in drafts if not _is_permission(draft)] or drafts
        worded, drafts = drafts, [with_those(draft) for draft in drafts]
    if count > len(drafts):  # not all of those counted were told apart: nobody could meet it
        inside = unread(context.text, drafts[0].start, drafts[-1].end)
    else:
        inside = at_least(count, drafts) if count else all_of(drafts) if every else any_of(drafts)
        inside = negated(inside) if fewer else inside
    if not (count or every or context.exclusion):
        inside = _or_besides(inside, worded, context.text)
    if doubted and len(drafts) == 2 and "ANY_OF" not in kinds:
        inside = ambiguous([all_of(drafts), inside], "'and' between what excludes")
    if site is not None:
        return replace(at_site(site, inside), start=rest[0].start)
    all_told = "ALL_OF" in kinds and _EVERY.search(context.text, lead[0].start, lead[-1].end) is not None
    single = every and joint is None and not context.exclusion and not all_told
    if head is None:
        return (_one_by_one(None, inside, drafts) if single else None) or inside
    if names_doses(context.text, lead[0].start, lead[-1].end, inside):
        return replace(inside, start=head.start)
    if head.wholly_unread and is_topic(context.low[head.start : head.end], exclusion=context.exclusion):
        return replace(inside, start=head.start)
    if head.wholly_unread:
        return ambiguous([all_of([head, inside]), any_of([head, inside])], "a lead-in that was not understood")
    if kinds & _LISTING and _names_their_kind(lead, head, inside):
        inside = each_leaf(inside, partial(when_and_how, head.rule))
        return replace(inside, start=head.start) if _plain_kind(head.rule) else all_of([head, inside])
    if kinds & _LISTING and not every and _any_drug(head) and _treatments(inside):
        return replace(each_leaf(inside, partial(_taken_as, head.rule)), start=head.start)
    if _ends_with_including(lead):
        if isinstance(head.rule, Not) and head.parts and (head.requirement or not context.exclusion):
            denied_with = partial(when_and_how, head.innermost()[0].rule)
            spared = [contrary(draft) if isinstance(draft.rule, Not) else draft for draft in drafts]
            given_too = as_controlled(head, any_of([each_leaf(draft, denied_with) for draft in spared]))
            return rebuilt(head, (any_of([head.parts[0], given_too]),))  # "no disease, including any of ..."
        if every and joint is None and not context.exclusion and "ALL_OF" not in kinds and _examples(drafts):
            if any(isinstance(leaf.rule, Not) for leaf in head.leaves()):
                none = all_of([head, negated(any_of(drafts))])
                return ambiguous([head, none], "examples of what is denied, or of what is asked")
            named_ones = [draft for draft in drafts if not isinstance(draft.rule, Not)]
            denied_ones = [draft for draft in drafts if isinstance(draft.rule, Not)]
            either = any_of([each_leaf(draft, partial(when_and_how, head.rule)) for draft in named_ones])
            either = as_controlled(head, either)
            return all_of([any_of([head, either]), *denied_ones])  # nobody need have each of the examples
        inside = as_controlled(head, each_leaf(inside, partial(when_and_how, head.rule)))
        limits = all(isinstance(leaf.rule, Measurement) for leaf in inside.innermost())
        return all_of([head, inside]) if limits and not context.exclusion else any_of([head, inside])
    denied_so = isinstance(head.rule, Not) and bool(head.parts) and not _past_bearing(head)
    if "DEFINED" in kinds and denied_so and not context.exclusion:
        told = count or joint is not None or kinds & {"ANY_OF", "ALL_OF"}
        meant = inside if told else ambiguous([any_of(drafts), inside], "each of what defines it, or all together")
        return _none_as_defined(head, meant)
    if "DEFINED" in kinds:
        sex = _beside_motherhood(head)
        of_motherhood = sex is not None or head.rule == _MENOPAUSE
        if of_motherhood and every and joint is None and "ALL_OF" not in kinds:
            inside = _of_motherhood(inside, any_of(drafts))
        if sex is not None:
            return replace(all_of([sex, inside]), start=head.start, requirement=head.requirement)
        if of_motherhood or (
            isinstance(head.rule, Condition) and not any(leaf.wholly_unread for leaf in inside.leaves())
        ):
            inside = each_leaf(inside, partial(when_and_how, head.rule))  # "bleeding within 30 days, defined as: ..."
            return replace(inside, start=head.start)
    apart = _kinds(head, drafts) or _stages_apart(drafts, context.text)
    if single and "ALL_OF" not in kinds and apart:
        inside = any_of(drafts)  # "Lymphoma: * mantle cell lymphoma * Burkitt lymphoma": nobody has every kind
    elif single and (instead := _one_by_one(head, inside, drafts)) is not None:
        inside = instead
        if _names_no_more_than_kinds(head.rule):
            return replace(inside, start=head.start)
    if not context.exclusion and "ALL_OF" not in kinds and _lists_other_cancers(head, drafts):
        each = any_of([with_those(draft) for draft in drafts])
        headed = [all_of([head, each]), each]
        return ambiguous(headed, "a heading of what is listed, or what is asked besides").asked(head.requirement)
    if (
        is_contraception(head.rule)
        and not context.exclusion
        and drafts
        and all(map(_asks_some_for_contraception, drafts))
    ):
        return replace(inside, start=head.start)  # "must use contraception as follows: * women of ... * men ..."
    if "DEFINED" in kinds and isinstance(head.rule, Conditional) and _past_bearing(head) and not context.exclusion:
        when, then, otherwise = head.parts
        return rebuilt(head, (when, all_of([then, inside]), otherwise))
    asked = all(child.requirement for child in children if child is not None)
    if of_sex(head) and not context.exclusion and (asked or agreements(inside) or _of_bearing(inside)):
        return replace(for_those(head, inside), requirement=True)
    if not context.exclusion and _FOR_THOSE.match(context.text, lead[0].start) and not head.requirement:
        return replace(for_those(head, inside), requirement=True)  # "For patients with liver metastases: * ..."
    if context.exclusion and _WHO.search(context.text, head.start, lead[-1].end) and not head.requirement:
        return all_of([head, inside])  # "Patients with asthma who: * smoke"
    if of_sex(head) and context.exclusion:
        return all_of([head, inside])  # "Men: * must use contraception": those of them who do not
    listed = "ANY_OF" in kinds or (_denies_listed(lead) and _examples(drafts))
    if isinstance(head.rule, Not) and listed and head.parts and not context.exclusion:
        denied_with = partial(when_and_how, head.innermost()[0].rule)
        either = any_of([each_leaf(draft, denied_with) for draft in drafts])
        # "has not received any of the following endocrine therapies: ...", "no history of the following diseases: ..."
        of_kind = any_of([head.parts[0], either])
        return ambiguous([negated(of_kind), negated(either)], "what is denied, or only those of it that are listed")
    if kinds & {"DEFINED", "ANY_OF", "ALL_OF", "OF_FOLLOWING"} and not head.requirement:
        return all_of([head, inside])
    if context.exclusion and _names_class(head.rule) and _COLON.search(context.text, line.start, inside.start):
        return _headed(head, inside)
    named_with_colon = isinstance(head.rule, Condition) and _COLON.search(context.text, line.start, inside.start)
    if context.exclusion and named_with_colon and not head.requirement:
        both = all_of([head, inside])  # "Patients with diabetes: * HbA1c > 9 %"
        return ambiguous([both, inside, any_of([head, inside])], "what is listed of a disease, or besides it")
    return side_by_side(head, inside, context)


def _is_one_list(line: Line, tokens: list[Token]) -> bool:
    """Whether all of several things stand in one bullet, with no word between them that joins them otherwise."""
    if len(line.children) != 1 or line.children[0].children:
        return False
    child = line.children[0]
    kinds = {token.type for token in tokens if child.start <= token.start < child.end}
    return not kinds.isdisjoint(("COMMA", "SEMI")) and "AND" not in kinds


def _of_bearing(inside: Draft) -> bool:
    """Whether it is about bearing children, or about no longer being able to, so that it is asked of a sex alone."""
    rules = inside.innermost_rules()
    if any(map(is_consent, rules)):
        return False
    theirs = any(is_pregnancy_test(rule) or isinstance(rule, PatientAttribute) for rule in rules)
    return theirs and all(
        is_pregnancy_test(rule)
        or isinstance(rule, PatientAttribute | Sex | Constant | Statement)
        or _settles_bearing(rule)
        for rule in rules
    )


def _beside_motherhood(head: Draft) -> Draft | None:
    """The sex of those who can bear no child any more, where a lead-in names them, and no more: "postmenopausal
    women"; None where it names anything else."""
    parts = _conjuncts(head)
    sexes = [part for part in parts if isinstance(part.rule, Sex)]
    rest = [part.rule for part in parts if not isinstance(part.rule, Sex)]
    plain = all(rule == _MENOPAUSE or (isinstance(rule, Not) and is_fertile(rule.part)) for rule in rest)
    return sexes[0] if sexes and rest and plain else None


def _conjuncts(draft: Draft) -> list[Draft]:
    """All that a draft asks for, one by one."""
    return [each for part in draft.parts for each in _conjuncts(part)] if draft.rule.kind == "all" else [draft]


_MENOPAUSE: Final = Condition(concept=Concept(name="menopause"))


def _of_other_ages(drafts: Sequence[Draft]) -> bool:
    """Whether two bullets ask for ages that nobody has at once: "aged 56 or older", "55 or younger, with ..."."""
    asked = [limits for draft in drafts if (limits := _ages_asked(draft))]
    return any(one.excludes(other) for i, first in enumerate(asked) for one in first for j in asked[:i] for other in j)


def _ages_asked(draft: Draft) -> list[Limit]:
    """The ages that nobody who fulfils a bullet is outside of."""
    if isinstance(draft.rule, Age):
        return [draft.rule.limit]
    if draft.rule.kind == "ambiguous" and all(isinstance(part.rule, Age) for part in draft.parts):
        return _ages_asked(draft.parts[0])
    return [limit for part in draft.parts for limit in _ages_asked(part)] if draft.rule.kind == "all" else []


def _none_as_defined(head: Draft, meant: Draft) -> Draft:
    """ "No uncontrolled hypertension, defined as: ...": none that is so, whether or not it is called by its name."""
    return none_of_either(all_of([head.parts[0], meant]), meant).asked(True)


def _or_besides(inside: Draft, bullets: Sequence[Draft], text: str) -> Draft:
    """One of several bullets, of which some may be asked besides: "any of: * cisplatin * must have recovered"."""
    besides = [draft for draft in bullets if _MUST.match(text, _line_of(text, draft))]
    listed = [with_those(draft) for draft in bullets if draft not in besides]
    if not listed or not besides:
        return inside
    return ambiguous([inside, all_of([any_of(listed), *besides])], "one of a list, or asked besides")


def _ends_with_including(lead: list[Token]) -> bool:
    """Whether its bullets are examples: it ends in "including (the following diseases)", and names none."""
    kinds = [token.type for token in lead[-3:]]
    return "INCLUDING" in kinds and NAMED.isdisjoint(kinds[kinds.index("INCLUDING") :])


def _line_of(text: str, draft: Draft) -> int:
    """Where the line begins in which a draft stands."""
    return text.rfind("\n", 0, draft.start) + 1


_MUST: Final = re.compile(
    rf"[\W\d]*(?:(?:all\s+|the\s+|an?\s+)?(?:{PERSONS}|WOCBP|(?:fe)?males?|(?:wo)?m[ae]n(?:\s+of\s+child-?\s?bearing\s+potential)?)\s+)?"
    r"(?:must|should|shall|(?:has|have) to)\b",
    re.IGNORECASE,
)


def _names_class(rule: Rule) -> bool:
    """Whether it is a broad class of diseases, of which no more is said: "cardiovascular disease"."""
    return isinstance(rule, Condition) and rule == Condition(concept=rule.concept) and is_broad(rule.concept.name)


def _headed(head: Draft, inside: Draft) -> Draft:
    """A class of diseases above those that are listed, which may be all that are meant of it."""
    return ambiguous([any_of([head, inside]), inside], "a heading of what is listed, or one more of it")


_COLON: Final = re.compile(r":\s")


def _under_headings(lines: Sequence[Line], drafts: Sequence[Draft | None], context: Context) -> list[Draft | None]:
    """Bullets under Exclusion, a class of diseases with a colon as the heading of the one behind it, not nested."""
    found: list[Draft | None] = []
    for line, draft in zip(reversed(lines), reversed(drafts), strict=True):
        below = found[-1] if found else None
        heading = draft is not None and not line.children and _names_class(draft.rule)
        if heading and draft is not None and below is not None and context.text[line.start : line.end].endswith(":"):
            found[-1] = _headed(draft, below)
        else:
            found.append(draft)
    return found[::-1]


def _washouts(lead: list[Token], line: Line, tokens: list[Token], context: Context) -> Draft | None:
    """The bullets of a washout, each of which says how long before something a treatment must have ended."""
    drafts: list[Draft] = []
    for child in line.children:
        own = [token for token in tokens if child.start <= token.start < child.end]
        since = washout_of(own, lead, exclusion=context.exclusion) if own and not child.children else None
        read = read_sentence(since, context, None) if since is not None else None
        whole = read is not None and (context.exclusion or _denies_each(read))
        drafts.append(read if read is not None and whole else unread(context.text, child.start, child.end))
    made = _together(drafts, context)
    return made.placed(lead[0].start, made.end) if made is not None else None


def _denies_each(draft: Draft) -> bool:
    """Whether it says of each thing in it that it is not there."""
    if isinstance(draft.rule, Not):
        return True
    return draft.rule.kind == "all" and all(map(_denies_each, draft.parts))


def _site_alone(lead: list[Token], *, required: bool) -> str | None:
    """The place of which all bullets are said, where a lead-in names nothing else: "Study eye has any of:"."""
    sites = [token.said for token in lead if token.type == "SITE"]
    silent = _AROUND_SITE | {"MUST"} if required else _AROUND_SITE
    return sites[0] if len(sites) == 1 and all(token.type in silent for token in lead) else None


_AROUND_SITE: Final = frozenset("SITE IS WITHIN OF PREP AT_ANCHOR EITHER THAT FILLER PRESENCE".split())
_ANY_OF: Final = re.compile(
    r"\b(?:(?:any|(?:at least )?one)\s+of"
    r"(?:\s+(?:(?:the|these|following)\s+)*(?:two|three|four|five|six|[2-6])\s+[\w-]+(?:\s+(?:below|listed))?)?"
    r"|either(?:\s+of)?)\s*:?\s*$",
    re.IGNORECASE,
)
_APPLYING: Final = frozenset("applies apply true met present fulfilled satisfied exist exists".split())


def _excepting(lead: list[Token]) -> int | None:
    """Where a lead-in ends in the words that make its bullets exceptions: "..., except for the following"."""
    at = len(lead) - 1
    while at > 0 and (lead[at].type in (_LISTING | SILENT) or str(lead[at].value) in _APPLYING):
        at -= 1
    if at > 0 and lead[at].type in ("EXCEPT", "UNLESS"):
        return at
    at = next((i for i in range(len(lead) - 1, 0, -1) if lead[i].type == "EXCEPT"), 0)
    return at if at and _said_of_each(lead[at:]) is not None else None


def _said_of_each(after: list[Token]) -> tuple[int, int] | None:
    """Where the words stand that are said of each of the bullets, behind those that lead to them: "except any of the
    following that were treated:"; None where none are, or nothing leads to the bullets."""
    end = len(after)
    while end > 1 and after[end - 1].type in ("COLON", "COMMA", "DOT"):
        end -= 1
    at = next((i for i in range(1, end) if after[i].type not in _LISTING | SILENT), end)
    if at == end or _LISTING.isdisjoint([token.type for token in after[1:at]]):
        return None
    return after[at].start, after[end - 1].end


_FOR_THOSE: Final = re.compile(
    rf"(?:for|in)\s+(?:the\s+|those\s+)?(?:{PERSONS}|those|women|men)\b",
    re.IGNORECASE,
)
_WHO: Final = re.compile(r"\b(?:who|that|and|and who|in whom)(?:\s+(?:have|has|are|is))?\s*\Z", re.IGNORECASE)


def _alone(lead: list[Token]) -> Token | None:
    """What a lead-in under Exclusion says of its bullets, which are what should be, and nothing besides: "Patients
    must:", "Unwilling to:"; None where it says anything else."""
    said = [token for token in lead if token.type not in SILENT | _LISTING]
    return said[0] if len(said) == 1 and said[0].type in ("MUST", "UNWILLING", "UNABLE") else None


def _contrary_to_each(verb: Token, line: Line, tokens: list[Token], context: Context) -> Draft | None:
    """Who does not fulfil one of the bullets."""
    found = [read_line(child, tokens, replace(context, exclusion=False)) for child in line.children]
    drafts = [negated(draft) for draft in found if draft is not None]
    return replace(any_of(drafts), start=min(verb.start, drafts[0].start)) if drafts else None


def _one_more(lead: list[Token], context: Context) -> int | None:
    """Where the bullets are one more alternative to what a lead-in names, "asthma, or any of the following", or one of
    them is asked besides: "not pregnant, and at least one of the following applies"."""
    listing = next((i for i, token in enumerate(lead) if token.type in _LISTING), 0)
    at = listing - 1
    while at > 0 and lead[at].type in _BEFORE_LISTED:
        at -= 1
    named = any(token.type not in SILENT for token in lead[: max(at, 0)])
    if named and lead[at].type == "AND" and not context.exclusion:
        listed = lead[listing]
        return at if _AT_LEAST.match(context.text, lead[at + 1].start, listed.end) else None
    return at if named and lead[at].type in ("OR", "ANDOR") else None


_AT_LEAST: Final = re.compile(
    r"(?:(?:has|have|with|meets?|(?:who\s+)?fulfils?)\s+)?(?:at\s+least\s+)?(?:one|1|either)\b", re.IGNORECASE
)


_BEFORE_LISTED: Final = SILENT | FRAMES | frozenset(("IS", "PERSON"))


def _ends_in_or(lead: list[Token], line: Line, text: str) -> bool:
    """Whether the last word of a lead-in joins its bullets to it as alternatives."""
    if len(lead) < 2 or lead[-1].type not in ("OR", "ANDOR") or not line.children:
        return False
    return _NO_MORE_SAID.fullmatch(text, lead[-1].end, line.end) is not None


_NO_MORE_SAID: Final = re.compile(r"\s*[:,]?\s*(?:\n.*)?", re.DOTALL)


def _or_those(
    before: list[Token], line: Line, tokens: list[Token], context: Context, inherited: Inherited | None
) -> Draft | None:
    """ "A or: * B * C": the bullets are more alternatives, or, where nothing joins them, all of them one more."""
    first = read_sentence(before, context, inherited)
    found = [read_line(child, tokens, context, inherited) for child in line.children]
    drafts = [draft for draft in found if draft is not None]
    if first is None or not drafts:
        return first if first is not None else all_of(drafts) if drafts else None
    joint = _joint(line.children, context.text)
    every = any_of([with_those(first), all_of(drafts)])
    each = any_of([with_those(draft) for draft in (first, *drafts)])
    both = [each] if joint == "or" else [every] if joint == "and" else [each, every]
    return ambiguous(both, "bullets behind an 'or' that are each enough, or all together").asked(first.requirement)


def _unfinished(lead: list[Token]) -> int | None:
    """Where a lead-in ends in the word that its bullets go on with: "A must:", "B is required if any of these:"."""
    at = len(lead) - 1
    while at > 0 and (lead[at].type in (_LISTING | SILENT) or str(lead[at].value) in _APPLYING):
        at -= 1
    named = any(token.type not in SILENT for token in lead[: max(at, 0)])
    return at if named and lead[at].type in ("IF", "MUST") else None


def _with_bullets(
    lead: list[Token], kinds: set[str], line: Line, tokens: list[Token], context: Context
) -> Draft | None:
    """What a lead-in says with all that its bullets name as the last of its facts."""
    literally = replace(context, exclusion=False)
    found = [read_line(child, tokens, literally) for child in line.children]
    drafts = [draft for draft in found if draft is not None]
    if not drafts:
        return read_sentence(lead, context, None)
    joint = _joint(line.children, context.text)
    either, every = any_of([with_those(draft) for draft in drafts]), all_of(drafts)
    if "ANY_OF" in kinds or joint == "or":
        inside = either
    elif "ALL_OF" in kinds or joint == "and" or lead[-1].type == "MUST":
        inside = every
    else:
        inside = ambiguous([every, either], "a condition of several bullets, or of each of them")
    inside = replace(inside, requirement=False)
    return read_sentence([*lead, Token("FACT", StatementRead(inside), inside.start, inside.end)], context, None)


def _except_those(
    before: list[Token], after: list[Token], line: Line, tokens: list[Token], context: Context
) -> Draft | None:
    """What a lead-in says, without what its bullets name, each of which is one of them; or, "unless", all of them."""
    joint = after[0]
    while before and before[-1].type in ("COMMA", "SEMI", "AND"):
        before = before[:-1]
    head = read_sentence(before, context, None)
    named = [draft for child in line.children if (draft := _excepted(child, tokens, context)) is not None]
    if head is None or not named:
        return head
    if (said := _said_of_each(after)) is not None:
        named = [all_of([draft, unread(context.text, *said, "narrowing")]) for draft in named]
    spared = any_of(named)
    if joint.type == "UNLESS" and len(named) > 1 and _joint(line.children, context.text) != "or":
        listing = {token.type for token in after}
        every = all_of(named)
        if "ANY_OF" not in listing:
            spared = every if "ALL_OF" in listing else ambiguous([every, spared], "one of several conditions, or all")
    if head.wholly_unread:
        words = unread(context.text, joint.start, spared.end)
        return ambiguous([all_of([head, words]), any_of([head, words])], "exceptions that were not understood")
    if joint.type == "EXCEPT":
        return without_those(head, spared, joint.start, context)
    if context.exclusion and not head.requirement:
        return all_of([head, negated(spared)])
    return replace(any_of([head, spared]), requirement=head.requirement)


def _excepted(line: Line, tokens: list[Token], context: Context) -> Draft | None:
    """What a bullet excepts: any of those that it names, or those who fulfil what it asks of them."""
    named = read_line(line, tokens, replace(context, exclusion=True)) if not line.children else None
    if named is not None and not named.requirement:
        return named.allowed or named
    asked = read_line(line, tokens, replace(context, exclusion=False))
    return with_those(asked.allowed or asked) if asked is not None else None


def _names_their_kind(lead: list[Token], head: Draft, inside: Draft) -> bool:
    """Whether all that a lead-in names, it names behind "any of the following": of which kind the bullets are."""
    before = takewhile(lambda token: token.type not in _LISTING, lead)
    if not isinstance(head.rule, Condition | Treatment) or any(token.type in _NAMING for token in before):
        return False
    kinds = {type(leaf.rule) for leaf in inside.innermost()}
    return type(head.rule) in kinds and kinds <= {Condition, Treatment, Measurement}  # "class III heart failure"


def _plain_kind(rule: Rule) -> bool:
    """Whether it says of them no more than their kind, and when."""
    assert isinstance(rule, Condition | Treatment)
    if rule.concept.open and _FURTHER.search(rule.concept.name):
        return False
    return not (rule.qualifiers or rule.site or rule.exceptions or (isinstance(rule, Treatment) and rule.purpose))


_NAMING: Final = frozenset("CONDITION TREATMENT ANALYTE QUALIFIER WORD FACT SITE".split())
_FURTHER: Final = re.compile(r"\b(?:to|in|of|for|with|by|on|from|at|that|which)\b")


def _any_drug(head: Draft) -> bool:
    """Whether a lead-in names drugs and no more than when they are taken: "is on any of the following drugs"."""
    rule = head.rule
    if not isinstance(rule, Treatment) or rule.concept.name not in (ANY_DRUG, ANY_TREATMENT):
        return False
    plain = Treatment(concept=rule.concept, time=rule.time, window=rule.window, moment=rule.moment, site=rule.site)
    return rule == plain


def _treatments(inside: Draft) -> bool:
    return all(isinstance(leaf.rule, Treatment) for leaf in inside.innermost())


def _taken_as(whole: Rule, drug: Draft) -> Draft:
    """A drug of a list, taken when the lead-in says."""
    rule = drug.rule
    if not isinstance(whole, Treatment) or not isinstance(rule, Treatment):
        return drug
    drug = at_its_place(whole, drug)
    if rule.window or rule.time != "unstated":
        return drug
    update = {"time": whole.time, "window": whole.window, "moment": whole.moment}
    return replace(drug, rule=drug.rule.model_copy(update=update))


_NEGATIONS: Final = frozenset("NO NOT MUST_NOT WITHOUT".split())
_COMPARED: Final = {"GE": 0, "GT": 1, "LT": 0, "LE": 1}
"""How much more than the number is the least that is counted, or the least that is too much."""
_FEWER: Final = ("LT", "LE")
_LISTING: Final = frozenset("ANY_OF ALL_OF OF_FOLLOWING".split())
_WHEN: Final = frozenset("WITHIN LAST PRIOR NUMBER TIMEUNIT BEFORE ANCHOR WEAK_ANCHOR USE".split())
_AMONG: Final = frozenset("HISTORY KNOWN PRESENCE CURRENT DIAGNOSIS OF".split())
_NAMELESS: Final = re.compile(
    r"(?:(?:be|been|had|currently|receiv(?:e|ed|ing)|tak(?:e|en|ing)|us(?:e|ed|ing)|treated with|with)\s+){0,3}"
    r"(?:(?:medical|clinical|exclusion|exclusionary|cardiac|cardiovascular|heart|hepatic|liver|renal|kidney|pulmonary"
    r"|respiratory|neurologic(?:al)?|psychiatric|gastrointestinal|ocular|eye|metabolic|endocrine|h(?:a)?ematologic(?:al)?|infectious"
    r"|dermatologic(?:al)?|skin|autoimmune|laboratory|concomitant)[ /,]*(?:(?:and|or) )?){0,3}"
    r"(?:conditions?|diseases?|disorders?|criteria|events?|illness(?:es)?|abnormalit(?:y|ies)|findings?|symptoms?|infections?"
    r"|medications?|drugs?|treatments?|therap(?:y|ies)|procedures?)?",
    re.IGNORECASE,
)
_BEING_GIVEN: Final = re.compile(r"\b(?:receiving|taking|using)\b", re.IGNORECASE)
_EVERY: Final = re.compile(r"\b(?:all|both|each|only)\b", re.IGNORECASE)


def _denied(lead: list[Token], context: Context) -> int | None:
    """Where the negation of a lead-in stands that denies each of its bullets: "must not have any of the following"."""
    at = next((i for i in range(len(lead) - 1, -1, -1) if _denies(lead[i])), None)
    if at is None:
        return None
    after = lead[at + 1 :]
    silent = _LISTING | SILENT | _AMONG | _WHEN
    words = " ".join(context.text[t.start : t.end] for t in after if t.type not in silent)
    said = context.text[lead[at].start : lead[-1].end]
    plain = not words or _NAMELESS.fullmatch(f"{words.strip()} ") or _NAMELESS.fullmatch(words.strip())
    ends = all(t.type in SILENT | _VERBS or _BEING_GIVEN.fullmatch(context.text, t.start, t.end) for t in after)
    if not plain or _EVERY.search(said) or not (ends or any(t.type in _LISTING for t in after)):
        return None
    return at


_VERBS: Final = frozenset(("OCCURRED", "USE"))


def _denies(token: Token) -> bool:
    return token.type in _NEGATIONS or token.said == "none"


def _denies_listed(lead: list[Token]) -> bool:
    """Whether what "the following" are is denied: "no use of the following drugs that ..."."""
    denied = False
    for token in lead:
        if denied and token.type in _LISTING:
            return True
        denied = _denies(token) or (denied and token.type not in ("AND", "OR", "COMMA", "SEMI", "MUST", "CONDITION"))
    return False


def _none_of(
    before: list[Token], after: list[Token], line: Line, tokens: list[Token], context: Context, *, in_line: bool
) -> Draft | None:
    """None of the bullets, and what the lead-in says before the negation."""
    count, fewer = 0, False
    if any(token.type == "OF_FOLLOWING" for token in after):
        after, count, fewer = _how_many(after)
    _, given = _lead_in([t for t in after[1:] if t.type not in _LISTING], context, aged=False)
    given.any_ = in_line
    if now := _BEING_GIVEN.search(context.text, after[0].start, after[-1].end):
        given.frames.append(Token("CURRENT", now[0].lower(), now.start(), now.end()))
    while before and before[-1].type in ("AND", "COMMA", "SEMI", "IS", "MUST", "ANDOR"):
        before = before[:-1]
    head = read_sentence(before, context, None) if any(t.type not in SILENT for t in before) else None
    excluding = context.under(exclusion=True)
    found = [read_line(child, tokens, excluding, given) for child in line.children]
    drafts = [_excluding(draft, named=False) for draft in found if draft is not None]
    if not drafts:
        return head
    if fewer or (in_line and count):
        return unread(context.text, after[0].start, drafts[-1].end)
    several = at_least(count, drafts) if 1 < count <= len(drafts) else any_of(drafts)
    none = replace(negated(lately(several), (after[0].start, drafts[-1].end)), requirement=True)
    return none if head is None else replace(all_of([head, none]), requirement=True)


def _kinds(head: Draft, drafts: Sequence[Draft]) -> bool:
    """Whether each of several bullets names a kind of what the lead-in names."""
    wholes = [leaf.rule.concept.name for leaf in head.leaves() if isinstance(leaf.rule, Condition)]
    return len(drafts) > 1 and all(
        all(isinstance(leaf.rule, Condition) for leaf in draft.innermost())
        and any(_kind(leaf.rule.concept.name, wholes) for leaf in draft.leaves() if isinstance(leaf.rule, Condition))
        for draft in drafts
    )


def _one_by_one(head: Draft | None, inside: Draft, drafts: Sequence[Draft]) -> Draft | None:
    """Bullets of which one is enough, as nobody fulfils all of them, or may be; None where that is not said."""
    besides = [draft for draft in drafts if isinstance(draft.rule, Conditional)]  # "if premenopausal, must ..."
    drafts = [draft for draft in drafts if not isinstance(draft.rule, Conditional)]
    if len(drafts) < 2:
        return None
    each = all_of([any_of(drafts), *besides])
    if head is not None and _past_bearing(head):
        return _of_motherhood(inside, each)
    if cancers_apart(drafts):
        alone = head is not None and _names_no_more_than_kinds(head.rule)
        return each if alone else ambiguous([each, inside], "one of several cancers, or all of them")
    return None


def _asks_some_for_contraception(bullet: Draft) -> bool:
    """Whether a bullet asks some patients, or each sex, for contraception."""
    if bullet.rule.kind == "all":
        return all(map(_asks_some_for_contraception, bullet.parts))
    return isinstance(bullet.rule, Conditional) and any(
        is_contraception(leaf.rule) for leaf in bullet.parts[1].leaves()
    )


def _past_bearing(head: Draft) -> bool:
    """Whether it says that somebody cannot bear children: "postmenopausal"."""
    return any(leaf.rule == Not(part=PatientAttribute(attribute="childbearing_potential")) for leaf in head.leaves())


def _of_motherhood(every: Draft, each: Draft) -> Draft:
    """Why somebody can bear no child: any of several reasons, or, where none of them is one alone, all together."""
    if any(map(_settles_bearing, each.innermost_rules())):
        return each
    return ambiguous([every, each], "what shows it together, or each of them")


def _settles_bearing(rule: Rule) -> bool:
    """Whether it is alone why somebody cannot bear children: an operation."""
    return isinstance(rule, Treatment) and any(
        vocabulary().is_a("treatment", rule.concept.name, operation)
        for operation in ("hysterectomy", "surgical sterilization")
    )


def _names_no_more_than_kinds(rule: Rule) -> bool:
    """Whether a lead-in only says that its bullets are kinds of disease: "tumor types"."""
    return isinstance(rule, Condition) and rule.concept.open and _KINDS_OF.search(rule.concept.name) is not None


_KINDS_OF: Final = re.compile(r"(?:^| )(?:type|histology|indication|tumor|cancer)$")


def _lists_other_cancers(head: Draft, drafts: Sequence[Draft]) -> bool:
    """Whether each bullet under the name of a cancer names one, and some another: "Ovarian cancer: * tubal cancer"."""
    if not isinstance(head.rule, Condition) or head.rule.concept.open or not cancers_in(head):
        return False
    heading = head.rule.concept.name
    named = [cancers_in(draft) for draft in drafts]
    return all(named) and any(
        not vocabulary().is_a("condition", name, heading) and not vocabulary().is_a("condition", heading, name)
        for names in named
        for name in names
    )


def _stages_apart(drafts: Sequence[Draft], text: str) -> bool:
    """Whether each of several bullets asks for stages of one disease that no other does, as far as they are read."""
    found = [_stages_in(draft) for draft in drafts]
    named = {concept for stages in found for concept, _ in stages}
    every = all(
        stages or any(leaf.wholly_unread and _STAGE.search(text, leaf.start, leaf.end) for leaf in draft.leaves())
        for stages, draft in zip(found, drafts, strict=True)
    )
    return len(found) > 1 and every and len(named) == 1 and len(set().union(*found)) == sum(map(len, found))


def _stages_in(draft: Draft) -> set[tuple[Concept, str]]:
    rules = [leaf.rule for leaf in draft.leaves() if isinstance(leaf.rule, Condition)]
    return {(rule.concept, stage) for rule in rules for stage in rule.stages}


_STAGE: Final = re.compile(r"\bstages?\b", re.IGNORECASE)


def _examples(drafts: Sequence[Draft]) -> bool:
    """Whether bullets name diseases or treatments, of which some may be denied."""
    return not all(isinstance(draft.rule, Not) for draft in drafts) and all(
        isinstance(leaf.rule, Condition | Treatment) for draft in drafts for leaf in draft.innermost()
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


_JOINT: Final = re.compile(r"\b(and|or)\s*[,;:]?\s*$", re.IGNORECASE)
_PUNCTUATED: Final = re.compile(r"[,;]\s*$")


def _joints(children: Sequence[Line], text: str) -> list[str | None]:
    """The connective at the end of each bullet but the last, "..., or", or at the beginning of the next."""
    found = [
        just_before(_JOINT, text, child.end, child.start) or _JOINT_FIRST.match(text, after.start, after.end)
        for child, after in pairwise(children)
    ]
    return [match[1].lower() if match else None for match in found]


_JOINT_FIRST: Final = re.compile(r"\W{0,3}(or|and)\b(?!\s*/\s*or)[\s,:]+(?=\w)", re.IGNORECASE)


def _joint(children: Sequence[Line], text: str) -> str | None:
    """The connective of all bullets: behind each of them, or behind the last but one of a list with commas."""
    ends = _joints(children, text)
    if not ends or ends[-1] is None or set(ends) - {None, ends[-1]}:
        return None
    alone = [child for child, end in zip(children, ends, strict=False) if end is None]
    return ends[-1] if all(_PUNCTUATED.search(text, child.start, child.end) for child in alone) else None


def _alternatives(drafts: Sequence[Draft | None], joints: Sequence[str | None]) -> list[Draft]:
    """The bullets, those between which an "or" stands as one: "creatinine <= ULN, or" and its clearance."""
    runs: list[list[Draft]] = []
    linked = False
    for draft, joint in zip(drafts, [*joints, None], strict=True):
        if draft is not None and linked and runs:
            runs[-1].append(draft)
        elif draft is not None:
            runs.append([draft])
        linked = joint == "or"
    return [any_of([with_those(draft) for draft in run]) if len(run) > 1 else run[0] for run in runs]


def _is_number(token: Token, count: int) -> bool:
    """Whether it only says how many bullets follow: "the following three criteria"."""
    return token.type == "NUMBER" and isinstance(token.value, Number) and token.value.value == count


def _about(context: Context, head: Draft | None) -> Context:
    """The context of bullets under a cancer, whose stages and states they may name: "ovarian cancer: * stage III"."""
    if head is None or context.exclusion or context.studied or isinstance(head.rule, Not):
        return context
    named = {leaf.rule.concept for leaf in head.innermost() if isinstance(leaf.rule, Condition)}
    if len(named) != 1 or not all(vocabulary().is_a("condition", each.name, "malignancy") for each in named):
        return context
    return context.about(tuple(named))


def _lead_in(rest: list[Token], context: Context, *, aged: bool) -> tuple[Draft | None, Inherited]:
    """What a lead-in says itself, and what it gives to its bullets; ``aged``: those whom it names are of their age."""
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
        elif says_how_it_is(token) and not is_lead(context.text[token.start : token.end]):
            given.qualifiers.append(token)
        elif token.type in SILENT or token.type in (
            "MUST",
            "OF",
            "OCCURRED",
            "COLON",
            "COMMA",
            "WINDOW",
            "TEST_WORD",
            "LEAD",
        ):
            continue
        else:
            left.append(token)
    either = len(given.qualifiers) > 1 and not EITHER.isdisjoint({token.type for token in made})
    alone = not left or all(
        (t.type in _LEADING or (context.exclusion and t.type in _KEEPING_OUT))
        and is_lead(context.text[t.start : t.end], exclusion=context.exclusion)
        for t in left
    )
    if alone and not either:  # "severe or uncontrolled: ..."
        return of_their_age(None, made, context) if aged else None, given
    return read_sentence(rest, context, None), Inherited(window=given.window)


_LEADING: Final = frozenset(
    "FACT TREATMENT CURRENT PRIOR LAST WORD PREP AND OR ANDOR IF FOR FOR_TIME WITHIN BETWEEN QUALIFIER ANCHOR "
    "WEAK_ANCHOR SITE IS NORMAL ABNORMAL TEST_WORD CLASS_WORD".split()
)
_KEEPING_OUT: Final = frozenset(("EXCLUDED", "UNABLE"))
