"""Text of one criterion -> :class:`~eligibility.rules.Criterion`."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from typing import Literal

from eligibility.knowledge import words
from eligibility.rules import Criterion, Span, TrialRecord, Unread

__all__ = ["criterion_id", "read_criterion"]


def criterion_id(kind: str, text: str) -> str:
    """An id that white space, order and the versions of the rules do not change."""
    bare = " ".join(words.keys(text))
    return f"{kind[0].upper()}-{hashlib.sha256(f'{kind}:{bare}'.encode()).hexdigest()[:10]}"


def read_criterion(
    text: str,
    kind: Literal["inclusion", "exclusion"] = "inclusion",
    studied: Sequence[str] = (),
    *,
    record: TrialRecord | None = None,
    requirements: bool = False,
    abbreviations: Mapping[str, str] | None = None,
    arms: Sequence[str] = (),
    source: Span | None = None,
) -> Criterion:
    """Read one criterion. Never fails on any text: what is not understood is kept in :class:`Unread`.

    ``requirements``: the bullet stands in an Exclusion section whose bullets are mostly worded as requirements.
    ``abbreviations``: those that the trial itself defines, each with what it stands for.
    """
    return Criterion(
        id=criterion_id(kind, text),
        kind=kind,
        text=text,
        rule=Unread(text=text),
        arms=tuple(arms),
        unread=(Span(start=0, end=len(text)),) if text else (),
        source=source,
    )
