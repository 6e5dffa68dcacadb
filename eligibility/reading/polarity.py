"""How far a "no" reaches that stands before a list, and what it means in a list of what excludes.

"No wound; ulcer; fracture" asks nobody for an ulcer, and under Exclusion "asthma; no bleeding disorder" excludes nobody
for having none: where the words allow of both readings, both are kept.
"""

from __future__ import annotations

import re
from typing import Final

from eligibility.reading.composing.denying import is_wanted
from eligibility.reading.context import Context
from eligibility.reading.drafting.conditions import is_malignant
from eligibility.reading.drafts import Draft, ambiguous, any_of, negated, rebuilt
from eligibility.rules import Condition, Measurement, Not, Treatment

__all__ = ["with_reach_of_no"]


def with_reach_of_no(draft: Draft, context: Context) -> Draft:
    """The draft with both readings of a "no" that may reach further, or mean the contrary, than it says."""
    if not draft.parts or "no" not in context.low:
        return draft
    if context.exclusion:
        return _of_what_excludes(draft, context)
    if draft.rule.kind not in ("all", "any"):
        return draft
    return _over_list(rebuilt(draft, tuple([with_reach_of_no(part, context) for part in draft.parts])), context)


def _over_list(draft: Draft, context: Context) -> Draft:
    first = draft.parts[0]
    if not _is_denied(first, context):
        return draft
    joint = _COMMA if draft.rule.kind == "all" else _OR
    denied = {rule.concept.name for rule in first.innermost_rules() if isinstance(rule, Condition | Treatment)}
    last = 1
    while last < len(draft.parts):
        part = draft.parts[last]
        limit = isinstance(part.rule, Measurement) and last > 1 and draft.rule.kind == "any"
        if not (limit or _is_unwanted(part, context)):
            break
        if joint.fullmatch(context.text, draft.parts[last - 1].end, part.start) is None:
            break
        if any(
            isinstance(rule, Condition | Treatment) and rule.concept.name in denied for rule in part.innermost_rules()
        ):
            break  # "no metastases, or treated metastases"
        last += 1
    if last == 1 or (last == _PAIR and draft.rule.kind == "any"):
        return draft  # "no prior therapy, or surgery alone"
    none = negated(any_of([first.parts[0], *draft.parts[1:last]]), (first.start, draft.parts[last - 1].end))
    reached = rebuilt(draft, (none, *draft.parts[last:])) if last < len(draft.parts) else none
    made = ambiguous([draft.asked(False), reached.asked(False)], "how far 'no' reaches")
    return made.placed(draft.start, draft.end).asked(draft.requirement)


def _of_what_excludes(draft: Draft, context: Context) -> Draft:
    if draft.rule.kind == "any":
        return rebuilt(draft, tuple([_of_what_excludes(part, context) for part in draft.parts]))
    if not _is_denied(draft, context) or not _is_unwanted(draft.parts[0], context):
        return draft
    return ambiguous([draft, draft.parts[0]], "what excludes, or what is required").placed(draft.start, draft.end)


def _is_denied(draft: Draft, context: Context) -> bool:
    """Whether a plain "no" denies it."""
    return isinstance(draft.rule, Not) and bool(draft.parts) and _NO.match(context.low, draft.start) is not None


def _is_unwanted(part: Draft, context: Context) -> bool:
    """Whether it is a disease or a treatment that no trial asks for unless it says so."""
    if any(leaf.rule.kind == "not" for leaf in part.leaves()):
        return False
    rules = part.innermost_rules()
    studied = {concept.name for concept in context.studied}
    return all(
        isinstance(rule, Condition | Treatment)
        and not is_wanted(rule)
        and rule.concept.name not in studied
        and not (isinstance(rule, Condition) and is_malignant(rule.concept))
        for rule in rules
    )


_PAIR: Final = 2
_NO: Final = re.compile(r"no\b(?!\s+(?:more|less|fewer|longer|later|earlier)\b)")
_COMMA: Final = re.compile(r"\s*[,;]\s*(?:(?:any|other)\s+)?")
_OR: Final = re.compile(r"\s*[,;]?\s*(?:\b(?:and/)?or\b\s*)?(?:(?:any|other)\s+)?")
