"""What a trial studies keeps nobody out of it.

"Concomitant lung disease" in a trial of COPD, "any cardiovascular disease" in one of hypertension, "prior breast
cancer" in one of breast cancer: mostly another one is meant, and now and then, in a trial that would prevent it, the
very disease. So both readings are kept, and whoever has only what is studied is asked.
"""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from typing import Final

from eligibility.knowledge.vocabulary import vocabulary
from eligibility.reading.drafting.conditions import is_malignant
from eligibility.reading.drafts import Draft, ambiguous, each_asked
from eligibility.rules import Concept, Condition

__all__ = ["with_others_than_studied"]


def with_others_than_studied(draft: Draft, studied: tuple[Concept, ...], *, keeps_out: bool) -> Draft:
    """The draft with both readings of a disease that somebody is kept out for, and of which the studied one is a kind.

    ``keeps_out``: whether somebody is kept out where the draft holds.
    """

    def another(part: Draft, keeps_out: bool) -> Draft | None:
        rule = part.rule
        if not isinstance(rule, Condition):
            return None
        return _or_another(part, rule, studied) if keeps_out else part

    return each_asked(draft, keeps_out, another) if studied else draft


def _or_another(draft: Draft, rule: Condition, studied: tuple[Concept, ...]) -> Draft:
    name = rule.concept.name
    narrowed = set(rule.qualifiers) - {_ACTIVE} or rule.stages or rule.grade or rule.site or rule.lasting or rule.count
    if rule.other or narrowed or rule.time == "planned":
        return draft
    of_old = rule.time == "ever" and is_malignant(rule.concept) and any(name == each.name for each in studied)
    if not of_old and name not in _broader(studied):
        return draft
    another = replace(draft, rule=rule.model_copy(update={"other": True, "studied": studied}))
    return ambiguous([draft, another], "the disease that is studied, or only another of its kind")


_ACTIVE: Final = "active"


@lru_cache(maxsize=512)
def _broader(studied: tuple[Concept, ...]) -> frozenset[str]:
    """What the studied diseases are kinds of."""
    found = {up for each in studied if not each.open for up in vocabulary().ancestors("condition", each.name)}
    return frozenset(found - {each.name for each in studied})
