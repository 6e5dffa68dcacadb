"""Examples of what there is none of: who has no heart disease has none of those that "(e.g., angina)" names."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from eligibility.deciding.answers import Path, Settled
from eligibility.deciding.verdict import Cause, Verdict
from eligibility.rules import Allergy, Ambiguous, Any, Condition, Criterion, Treatment, walk
from eligibility.truth import Status

__all__ = ["examples_of", "is_no_example", "there_is_none"]


def examples_of(criterion: Criterion) -> frozenset[Path]:
    """The alternatives of a criterion that its text gives as examples of the one before them."""
    alternatives = [(path, rule) for path, rule in walk(criterion.rule) if isinstance(rule, Any)]
    if not alternatives or _MARKER.search(criterion.text) is None:
        return frozenset()
    spans = {mark.path: (mark.start, mark.end) for mark in criterion.marks}
    found = []
    for path, rule in alternatives:
        for index in range(1, len(rule.parts)):
            named, example = spans.get((*path, index - 1)), spans.get((*path, index))
            if named and example and _BETWEEN.fullmatch(criterion.text, named[1], example[0]):
                found.append((*path, index))
    return frozenset(found)


_EXAMPLE: Final = r"\b(?:e\.?\s?g\b|for\s+(?:example|instance)|such\s+as|including|includes?|like)\b"
_MARKER: Final = re.compile(_EXAMPLE, re.IGNORECASE)
_BETWEEN: Final = re.compile(
    rf"[\s,;:(\[]*{_EXAMPLE}[\s.,:;]*"
    r"(?:(?:but\s+(?:is\s+|are\s+)?not\s+limited\s+to|any\s+of\s+the\s+following(?:\s+[a-z]+)?)[\s,:]*)*(?:(?:an?|the|any)\s+)?",
    re.IGNORECASE,
)


def there_is_none(verdict: Verdict, path: Path, told: Mapping[Path, Settled], example: Verdict) -> bool:
    """Whether a verdict says that there is nothing of the kind, so that there is no ``example`` of it either.

    That the one thing on record is not as the text asks for it says nothing of others.
    """
    if verdict.status is not Status.UNMET:
        return False
    answer = told.get(path)
    if answer is not None:
        return answer.holds is False
    rule = verdict.rule
    if isinstance(rule, Any | Ambiguous):
        return all(there_is_none(part, (*path, i), told, example) for i, part in enumerate(verdict.parts))
    if not isinstance(rule, Condition | Treatment | Allergy):
        return False
    if verdict.used:
        return all(getattr(fact, "negative", False) for fact in verdict.used)
    # nothing of the kind is in a list that is complete: that speaks of what such a list would hold
    return all(part.rule.kind == rule.kind for part in example.walk() if not part.parts)


def is_no_example(verdict: Verdict) -> bool:
    """Whether nothing on record may be what a verdict leaves unknown."""
    return all(
        part.cause in _UNTOLD and not part.used
        for part in verdict.walk()
        if not part.parts and part.status is Status.UNKNOWN
    )


_UNTOLD: Final = frozenset((Cause.MISSING, Cause.NOT_UNDERSTOOD, Cause.JUDGEMENT))
