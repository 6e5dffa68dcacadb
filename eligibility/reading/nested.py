"""Lines with bullets under them: what a lead-in says itself, and what it gives to what it owns."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from functools import reduce
from itertools import pairwise
from typing import Final, NamedTuple

from eligibility.knowledge.vocabulary import vocabulary
from eligibility.reading.compose import without_those
from eligibility.reading.composing.lead_ins import is_lead
from eligibility.reading.composing.terms import FRAMES, Inherited, StatementRead, says_how_it_is
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
    for_arms,
    lately,
    negated,
    unread,
    with_those,
)
from eligibility.reading.headed import Listed, headed, names_class, one_by_one, together
from eligibility.reading.headings import ArmLabel, arm_parts
from eligibility.reading.islands import phrased, quantified
from eligibility.reading.joints import SILENT
from eligibility.reading.lead_words import (
    ALL_OF_THEM,
    BEING_GIVEN,
    CLASSED,
    EVERY,
    LISTING,
    counting,
    denied_at,
    ends_in_or,
    excepting,
    how_many,
    is_number,
    leads_to_list,
    listing_kinds,
    one_more,
    said_of_each,
    site_alone,
    unfinished,
    verb_alone,
)
from eligibility.reading.lexing.tokens import EITHER, Token, past
from eligibility.reading.notes import says_who_can_bear, without_reasons
from eligibility.reading.outline import Line
from eligibility.reading.passages import (
    asks_for_contraception,
    at_site,
    none_as_defined,
    only_examples,
    read_sentence,
    read_sentences,
    says_of_kinds,
)
from eligibility.reading.patterns import BANNED_BESIDE, PERSONS, just_before
from eligibility.reading.people import of_their_age
from eligibility.reading.rewriting.allergies import listed_substances, reactions_to
from eligibility.reading.rewriting.cleaning import cleaned
from eligibility.reading.side_by_side import side_by_side
from eligibility.reading.splitting import split_sentences
from eligibility.reading.stating.contraception import names_methods
from eligibility.reading.washouts import is_about_washout, washout_of
from eligibility.rules import Age, Condition, Constant, ForArms, Limit, Not

__all__ = [
    "read_line",
    "read_lines",
]


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
    if (aside := _banned_beside(own, context)) is not None:
        main = _read_line(
            line, [t for t in tokens if not aside[0].start <= t.start < aside[-1].end], context, inherited
        )
        ban = read_sentence(aside[past(aside, 0, "LPAR", "INCLUDING", "COMMA") : -1], context, None)
        return side_by_side(main, ban, context) if main is not None and ban is not None else main or ban
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


def _banned_beside(own: list[Token], context: Context) -> list[Token] | None:
    """The parenthesis of "A or B (e.g., patients with C are excluded)", which bars those with C from all of it; not of
    what excludes, where it may tell which of them are meant."""
    kinds = {token.type for token in own}
    if "EXCLUDED" not in kinds or (context.exclusion and kinds.isdisjoint(_SPARING)):
        return None
    for index, token in enumerate(own):
        if index and token.type == "LPAR" and (aside := BANNED_BESIDE.match(context.text, token.start)) is not None:
            return [each for each in own[index:] if each.end <= aside.end()]
    return None


_SPARING: Final = ("ALLOWED", "EXCEPT", "UNLESS")


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
    parts = [counting(part) for part in parts]
    for index, part in enumerate(parts):
        colon = next((i for i, token in enumerate(part) if token.type in ("COLON", "LPAR")), 0)
        if not 0 < colon < len(part) - 1 or part[colon].type != "COLON" or not leads_to_list(part[:colon]):
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
    lead = counting(reactions_to(lead))
    while lead and lead[-1].type in ("COLON", "DASH", "COMMA", "SEMI", "DOT"):
        lead = lead[:-1]
    if line.children and is_about_washout(lead, context.text, exclusion=context.exclusion):
        return _washouts(lead, line, tokens, context)
    if line.children and lead and CLASSED.match(context.text, lead[0].start) is not None:
        return constant(not context.exclusion, "nothing is asked", lead[0].start, line.children[-1].end)
    kinds = listing_kinds(lead, line, context.text)
    excepted = excepting(lead)
    if excepted is not None:
        return _except_those(lead[:excepted], lead[excepted:], line, tokens, context)
    if context.exclusion and (verb := verb_alone(lead)) is not None:
        return _contrary_to_each(verb, line, tokens, context)
    denied = denied_at(lead, context)
    if denied is not None and not context.exclusion:
        return _none_of(lead[:denied], lead[denied:], line, tokens, context, in_line=in_line)
    if denied is not None and lead[denied].type == "MUST_NOT":  # "must not have any of the following": what excludes
        lead = [*lead[:denied], *lead[denied + 1 :]]
    joint_at = unfinished(lead) if "OF_FOLLOWING" not in kinds else None
    if joint_at is not None:
        return _with_bullets(lead[: joint_at + 1], kinds, line, tokens, context)
    if not context.exclusion and not in_line and ends_in_or(lead, line, context.text):
        return _or_those(lead[:-1], line, tokens, context, inherited)
    if (apart := one_more(lead, context)) is not None:
        first = read_sentence(lead[:apart], context, inherited)
        further = _lead(lead[apart + 1 :], line, tokens, context, inherited, in_line=in_line)
        if first is not None and further is not None:
            made = all_of([first, further]) if lead[apart].type == "AND" else any_of([first, further])
            return replace(made, requirement=first.requirement or further.requirement)
    return _with_own_list(lead, kinds, line, tokens, context, inherited, in_line=in_line)


def _with_own_list(
    lead: list[Token],
    kinds: set[str],
    line: Line,
    tokens: list[Token],
    context: Context,
    inherited: Inherited | None,
    *,
    in_line: bool,
) -> Draft | None:
    """What a lead-in says itself, if it says anything, and all or some of its bullets."""
    lead, joined = _joined(lead, kinds, line, context)
    own = _own_words(lead, len(line.children))
    head, given = None, Inherited()
    site = site_alone(own, required=not context.exclusion)
    if own and site is None:
        head, given = _lead_in(own, context, aged=not kinds.isdisjoint(LISTING))
    given.any_ = (in_line or _is_one_list(line, tokens)) and ("ANY_OF" in kinds or joined.least > 0)
    beneath = _about(context, head)
    children = [read_line(child, tokens, beneath, given or inherited) for child in line.children]
    if context.exclusion:
        children = _under_headings(line.children, children, context)
    drafts = _bullets(children, line, context, joined, named=head is not None and not head.requirement)
    if not drafts:
        return head
    drafts, inside, every = _inside(drafts, kinds, joined, context, in_line=in_line)
    if site is not None:
        return replace(at_site(site, inside), start=own[0].start)
    all_told = "ALL_OF" in kinds and EVERY.search(context.text, lead[0].start, lead[-1].end) is not None
    if head is None:
        single = every and joined.joint is None and not context.exclusion and not all_told
        return (one_by_one(None, inside, drafts) if single else None) or inside
    asked = all(child.requirement for child in children if child is not None)
    counted = joined.least > 0
    return together(
        Listed(context, line, lead, kinds, head, inside, drafts, every, joined.joint, counted, all_told, asked)
    )


class _Joined(NamedTuple):
    """How the bullets of a list are joined: all of them, or at least ``least``, or fewer than that."""

    every: bool
    least: int
    fewer: bool
    joint: str | None
    doubted: bool
    """Whether the word between them may be meant otherwise: "A and B" may be two that exclude."""


def _joined(lead: list[Token], kinds: set[str], line: Line, context: Context) -> tuple[list[Token], _Joined]:
    """How bullets are joined, and their lead-in without how many it says."""
    every, count, fewer = not context.exclusion, 0, False
    if "ANY_OF" in kinds:
        every = False
    elif "OF_FOLLOWING" in kinds:
        lead, count, fewer = how_many(lead)
    elif "ALL_OF" in kinds and ALL_OF_THEM.search(context.text, lead[0].start, lead[-1].end):
        every = True
    joint = _joint(line.children, context.text)
    doubted = context.exclusion and joint == "and" and not every
    if joint is not None and not count and not doubted:
        every = joint == "and"
    return lead, _Joined(every, count, fewer, joint, doubted)


def _own_words(lead: list[Token], bullets: int) -> list[Token]:
    """A lead-in without the words that only announce its list, and without how many bullets it says there are."""
    return [
        token
        for index, token in enumerate(lead)
        if token.type not in ("ANY_OF", "ALL_OF", "OF_FOLLOWING", "INCLUDING", "DEFINED")
        and not (index and lead[index - 1].type in ("ALL_OF", "OF_FOLLOWING") and is_number(token, bullets))
    ]


def _bullets(
    children: Sequence[Draft | None], line: Line, context: Context, joined: _Joined, *, named: bool
) -> list[Draft]:
    """The bullets that say something, those between which an "or" stands as one."""
    if context.exclusion:
        return [_excluding(child, named) for child in children if child is not None]
    between: list[str | None] = [None] * (len(children) - 1)
    if joined.every and joined.joint is None:
        between = _joints(line.children, context.text)
    return _alternatives(children, between)


def _inside(
    drafts: list[Draft], kinds: set[str], joined: _Joined, context: Context, *, in_line: bool
) -> tuple[list[Draft], Draft, bool]:
    """The bullets that count, all of them together, and whether every one of them is meant."""
    every, count, fewer, joint, doubted = joined
    exclusion = context.exclusion
    if every and joint is None and not exclusion and "ALL_OF" not in kinds and _of_other_ages(drafts):
        every = False
    if in_line and count:
        drafts = list(drafts[0].parts) or drafts
    if in_line and exclusion and every and joint is None and drafts[0].rule.kind == "any":
        drafts = [ambiguous([all_of(drafts[0].parts), drafts[0]], "all of those that are listed, or any of them")]
    if not count and not exclusion and all(isinstance(draft.rule, ForArms) for draft in drafts):
        every = True  # one for each arm, not one of them
    worded = drafts
    if not exclusion and (count or not every):
        worded = [draft for draft in drafts if not _is_permission(draft)] or drafts
        drafts = [with_those(draft) for draft in worded]
    if count > len(drafts):  # not all of those counted were told apart: nobody could meet it
        return drafts, unread(context.text, drafts[0].start, drafts[-1].end), every
    inside = at_least(count, drafts) if count else all_of(drafts) if every else any_of(drafts)
    if fewer:
        inside = negated(inside)
    if not (count or every or exclusion):
        inside = _or_besides(inside, worded, context.text)
    if doubted and len(drafts) == 2 and "ANY_OF" not in kinds:
        inside = ambiguous([all_of(drafts), inside], "'and' between what excludes")
    return drafts, inside, every


def _is_one_list(line: Line, tokens: list[Token]) -> bool:
    """Whether all of several things stand in one bullet, with no word between them that joins them otherwise."""
    if len(line.children) != 1 or line.children[0].children:
        return False
    child = line.children[0]
    kinds = {token.type for token in tokens if child.start <= token.start < child.end}
    return not kinds.isdisjoint(("COMMA", "SEMI")) and "AND" not in kinds


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


def _or_besides(inside: Draft, bullets: Sequence[Draft], text: str) -> Draft:
    """One of several bullets, of which some may be asked besides: "any of: * cisplatin * must have recovered"."""
    besides = [draft for draft in bullets if _MUST.match(text, _line_of(text, draft))]
    listed = [with_those(draft) for draft in bullets if draft not in besides]
    if not listed or not besides:
        return inside
    return ambiguous([inside, all_of([any_of(listed), *besides])], "one of a list, or asked besides")


def _line_of(text: str, draft: Draft) -> int:
    """Where the line begins in which a draft stands."""
    return text.rfind("\n", 0, draft.start) + 1


_MUST: Final = re.compile(
    rf"[\W\d]*(?:(?:all\s+|the\s+|an?\s+)?(?:{PERSONS}|WOCBP|(?:fe)?males?|(?:wo)?m[ae]n(?:\s+of\s+child-?\s?bearing\s+potential)?)\s+)?"
    r"(?:must|should|shall|(?:has|have) to)\b",
    re.IGNORECASE,
)


def _under_headings(lines: Sequence[Line], drafts: Sequence[Draft | None], context: Context) -> list[Draft | None]:
    """Bullets under Exclusion, a class of diseases with a colon as the heading of the one behind it, not nested."""
    found: list[Draft | None] = []
    for line, draft in zip(reversed(lines), reversed(drafts), strict=True):
        below = found[-1] if found else None
        heading = draft is not None and not line.children and names_class(draft.rule)
        if heading and draft is not None and below is not None and context.text[line.start : line.end].endswith(":"):
            found[-1] = headed(draft, below)
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


def _contrary_to_each(verb: Token, line: Line, tokens: list[Token], context: Context) -> Draft | None:
    """Who does not fulfil one of the bullets."""
    found = [read_line(child, tokens, replace(context, exclusion=False)) for child in line.children]
    drafts = [negated(draft) for draft in found if draft is not None]
    return replace(any_of(drafts), start=min(verb.start, drafts[0].start)) if drafts else None


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
    if (said := said_of_each(after)) is not None:
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


def _none_of(
    before: list[Token], after: list[Token], line: Line, tokens: list[Token], context: Context, *, in_line: bool
) -> Draft | None:
    """None of the bullets, and what the lead-in says before the negation."""
    count, fewer = 0, False
    if any(token.type == "OF_FOLLOWING" for token in after):
        after, count, fewer = how_many(after)
    _, given = _lead_in([t for t in after[1:] if t.type not in LISTING], context, aged=False)
    given.any_ = in_line
    if now := BEING_GIVEN.search(context.text, after[0].start, after[-1].end):
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
