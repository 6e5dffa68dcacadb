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
from eligibility.rules import Condition, Finding, Measurement, Not, Rule, Treatment

__all__ = ["with_reach_of_no"]


def with_reach_of_no(draft: Draft, context: Context) -> Draft:
    """The draft with both readings of a "no" that may reach further, or mean the contrary, than it says."""
    if context.exclusion and _is_healthy(draft.rule):
        return ambiguous([draft, negated(draft)], "a result that the healthy have, where it may be asked for")
    if not draft.parts:
        return draft
    if context.exclusion:
        return _of_what_excludes(draft, context)
    if draft.rule.kind not in ("all", "any"):
        return draft
    return _over_list(rebuilt(draft, tuple([with_reach_of_no(part, context) for part in draft.parts])), context)


def _is_healthy(rule: Rule) -> bool:
    """Whether it is a usual requirement of trials, which lets in the healthy: "ECOG 0-1", "bilirubin <= 1.5 x ULN", or
    "negative pregnancy test"."""
    if isinstance(rule, Finding):
        return rule.test.name == "pregnancy test" and rule.result == "negative"
    if not isinstance(rule, Measurement):
        return False
    low, high, name = rule.limit.low, rule.limit.high, rule.analyte.name
    if name in ("ECOG performance status", "performance status"):
        return not low and high is not None
    if name in _WANTED_HIGH:
        return low is not None and high is None
    return name in _WANTED_LOW and rule.limit.of == "ULN" and high is not None and low is None


_WANTED_HIGH: Final = frozenset(("Karnofsky performance status", "platelet count", "absolute neutrophil count"))
_WANTED_LOW: Final = frozenset(
    ("total bilirubin", "alanine aminotransferase", "aspartate aminotransferase", "creatinine", "INR")
)


def _over_list(draft: Draft, context: Context) -> Draft:
    first = draft.parts[0]
    if not _is_denied(first, context):
        return draft
    denied = {rule.concept.name for rule in first.innermost_rules() if isinstance(rule, Condition | Treatment)}
    every = draft.rule.kind == "all"
    last = 1
    while last < len(draft.parts):
        part = draft.parts[last]
        between = context.text[draft.parts[last - 1].end : part.start]
        named = ":" in between  # "no heart disease: an infarction, QTc > 500 ms"
        limits = named or (last > 1 and not every)
        if not _is_unwanted(part, context, limits=limits) or not (_AND if every else _OR).fullmatch(between):
            break
        if any(_names(rule) in denied for rule in part.innermost_rules()):
            break  # "no metastases, or treated metastases"
        last += 1
    if last == 1 or (last == _PAIR and draft.rule.kind == "any"):
        return draft  # "no prior therapy, or surgery alone"
    besides = [_each(part) for part in draft.parts[1:last]]
    none = negated(any_of([first.parts[0], *besides]), (first.start, draft.parts[last - 1].end))
    reached = rebuilt(draft, (none, *draft.parts[last:])) if last < len(draft.parts) else none
    made = ambiguous([draft.asked(False), reached.asked(False)], "how far 'no' reaches")
    return made.placed(draft.start, draft.end).asked(draft.requirement)


def _of_what_excludes(draft: Draft, context: Context) -> Draft:
    if draft.rule.kind == "any":
        return rebuilt(draft, tuple([_of_what_excludes(part, context) for part in draft.parts]))
    if not _is_denied(draft, context) or not context.low.startswith("no", draft.start):
        return draft
    if not _is_unwanted(draft.parts[0], context):
        return draft
    return ambiguous([draft, draft.parts[0]], "what excludes, or what is required").placed(draft.start, draft.end)


def _is_denied(draft: Draft, context: Context) -> bool:
    """Whether a plain "no" denies it."""
    return isinstance(draft.rule, Not) and bool(draft.parts) and _NO.match(context.low, draft.start) is not None


def _each(part: Draft) -> Draft:
    """Any of what a list behind the "no" names."""
    plain = part.rule.kind == "all" and all(leaf.rule.kind == "condition" for leaf in part.parts)
    return any_of(part.parts) if plain else part


def _is_unwanted(part: Draft, context: Context, *, limits: bool = False) -> bool:
    """Whether it is a disease or a treatment, which no trial asks for without a word; or, with ``limits``, a result."""
    if any(leaf.rule.kind == "not" for leaf in part.leaves()):
        return False
    studied = {concept.name for concept in context.studied}
    return all(
        (limits and isinstance(rule, Measurement))
        or (
            isinstance(rule, Condition | Treatment)
            and not is_wanted(rule)
            and rule.concept.name not in studied
            and not (isinstance(rule, Condition) and is_malignant(rule.concept))
        )
        for rule in part.innermost_rules()
    )


def _names(rule: Rule) -> str:
    return rule.concept.name if isinstance(rule, Condition | Treatment) else ""


_PAIR: Final = 2
_NO: Final = re.compile(
    r"(?:no|without|absence\s+of|free\s+of|lack\s+of)\b(?!\s+(?:more|less|fewer|longer|later|earlier)\b)"
)
_AND: Final = re.compile(r"\s*(?:[,;:]|,?\s*\band\b)\s*(?:[*•-]\s*)?(?:(?:any|other)\s+)?")
_OR: Final = re.compile(r"\s*[,;]?\s*(?:\b(?:and/)?or\b\s*)?(?:(?:any|other)\s+)?")
