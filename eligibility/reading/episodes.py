"""An infection that is asked for, and one before it that is not: "a first pneumonia, with no previous pneumonia"."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Final

from eligibility.knowledge.qualifiers import RESOLVED
from eligibility.knowledge.vocabulary import vocabulary
from eligibility.reading.drafts import Draft, rebuilt
from eligibility.reading.patterns import any_word
from eligibility.rules import Condition

__all__ = ["earlier_apart"]


_EARLIER: Final = re.compile(any_word("previous", "prior", "earlier") + r"\s", re.IGNORECASE)


def earlier_apart(draft: Draft, text: str) -> Draft:
    """The draft in which an earlier infection that must not have been is none that the same text asks for now."""
    if draft.rule.kind != "all" or _EARLIER.search(text) is None:
        return draft
    present = _present(draft)
    return _apart(draft, text, present, denied=False) if present else draft


def _present(draft: Draft) -> frozenset[str]:
    """The infections that must be there now."""
    if draft.rule.kind == "all":
        return frozenset[str]().union(*map(_present, draft.parts))
    rule = draft.rule
    infected = isinstance(rule, Condition) and vocabulary().is_a("condition", rule.concept.name, "infection")
    return (
        frozenset((rule.concept.name,))
        if isinstance(rule, Condition) and infected and rule.time != "ever"
        else frozenset()
    )


def _apart(draft: Draft, text: str, present: frozenset[str], *, denied: bool) -> Draft:
    rule = draft.rule
    if isinstance(rule, Condition):
        again = denied and rule.time == "ever" and rule.concept.name in present
        if not again or _EARLIER.search(text, max(draft.start - _REACH, 0), draft.end) is None:
            return draft
        return replace(draft, rule=rule.model_copy(update={"qualifiers": (*rule.qualifiers, RESOLVED)}))
    if not draft.parts or rule.kind not in ("all", "any", "not"):
        return draft
    inside = denied or rule.kind == "not"
    return rebuilt(draft, tuple([_apart(part, text, present, denied=inside) for part in draft.parts]))


_REACH: Final = len("previous episode of ")
