"""The drafts of a list, and which of them stand together before the connectives join them: a disease and its class,
what requires a treatment, who is active and unprotected."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from eligibility.knowledge.vocabulary import vocabulary
from eligibility.reading.composing.connecting import OR_LIKE, connected
from eligibility.reading.composing.denying import deny
from eligibility.reading.composing.terms import Composing, Item, is_contraception
from eligibility.reading.drafts import Draft, all_of, ambiguous
from eligibility.rules import Condition, Measurement, Statement, Treatment

__all__ = ["Listed", "classed", "requiring", "unprotected"]


@dataclass(slots=True, init=False)
class Listed:
    """The drafts of some items of a list, and the connectives between them."""

    drafts: list[Draft]
    items: list[Item]
    separators: list[str]

    def __init__(self, drafts: list[Draft], items: list[Item], separators: list[str]) -> None:
        self.drafts, self.items, self.separators = drafts, items, separators

    @property
    def denied(self) -> list[bool]:
        """Whether a negation stands before each."""
        return [bool(item.negations) for item in self.items]

    def part(self, start: int, end: int) -> Listed:
        """Those from ``start`` to ``end``."""
        return Listed(self.drafts[start:end], self.items[start:end], self.separators[start : end - 1])

    def with_one(self, start: int, end: int, draft: Draft, item: Item | None = None) -> Listed:
        """With one draft for those from ``start`` to ``end``, of the first of their items or of another."""
        return Listed(
            [*self.drafts[:start], draft, *self.drafts[end:]],
            [*self.items[:start], item or self.items[start], *self.items[end:]],
            [*self.separators[:start], *self.separators[end - 1 :]],
        )


def classed(listed: Listed) -> Listed:
    """ "Congestive heart failure, NYHA class III or IV": the class of what stands before it, or one more item."""
    for i, (before, draft) in enumerate(pairwise(listed.drafts)):
        disease, score = [*before.leaves()][-1].rule, draft.rule
        behind = listed.drafts[i + 2] if i + 2 < len(listed.drafts) and listed.separators[i + 1] in OR_LIKE else None
        if behind is not None and isinstance(score, Measurement) and (named := _class_of(behind, score)) is not None:
            return listed.with_one(i + 1, i + 2, all_of([draft, named]))  # "NYHA class III or class IV heart failure"
        if (
            listed.separators[i] == "COMMA"
            and isinstance(score, Measurement)
            and score.analyte.name == "NYHA class"
            and isinstance(disease, Condition)
            and vocabulary().is_a("condition", disease.concept.name, "heart disease")
            and before.rule.kind in ("condition", "any", "ambiguous")
            and not listed.items[i + 1].negations
        ):
            made = ambiguous([all_of([before, draft]), draft], "a class of the disease before it, or of any")
            return listed.with_one(i, i + 2, made)
    return listed


def _class_of(draft: Draft, score: Measurement) -> Draft | None:
    """The disease that stands with another class of the same scale; None where none does."""
    if draft.rule.kind != "all" or len(draft.parts) != len(("class", "disease")):
        return None
    first, second = draft.parts
    same = isinstance(first.rule, Measurement) and first.rule.analyte == score.analyte
    return second if same and isinstance(second.rule, Condition) else None


_REQUIRING: Final = re.compile(r"(?:requir|need)ing\b", re.IGNORECASE)


def requiring(here: Composing, listed: Listed) -> Listed:
    """ "An exacerbation, requiring steroids": both; behind a list, of the last of it, or of all."""
    drafts, items, separators = listed.drafts, listed.items, listed.separators
    for i in range(1, len(drafts)):
        named = isinstance(drafts[i].rule, Treatment) and not any(item.negations for item in items[: i + 1])
        if not named or separators[i - 1] != "COMMA" or not _REQUIRING.match(here.text, items[i].start):
            continue
        first = next((at for at in range(i - 1, -1, -1) if not _names_diseases(drafts[at])), -1) + 1
        if first == i:
            continue
        before = connected(here, drafts[first:i], separators[first : i - 1], None, here.exclusion, serial=False)
        made = all_of([before, drafts[i]])
        if i - first > 1:
            last = all_of([drafts[i - 1], drafts[i]])
            parts, joints = [*drafts[first : i - 1], last], separators[first : i - 1]
            own = connected(here, parts, joints, None, here.exclusion, serial=False)
            made = ambiguous([made, own], "what all of a list require, or its last")
        return listed.with_one(first, i + 1, made)
    return listed


def _names_diseases(draft: Draft) -> bool:
    return all(isinstance(rule, Condition) for rule in draft.innermost_rules())


_ACTIVE: Final = re.compile(r"sexual(?:ly)?\b|\bfather|\bprocreat|\breproduc|\bheterosexual", re.IGNORECASE)


def unprotected(here: Composing, listed: Listed) -> Listed:
    """ "(Men who are) sexually active, not using contraception": who is both, where that excludes."""
    if not here.exclusion:
        return listed
    for at in range(len(listed.drafts) - 1, 0, -1):
        before, after = listed.drafts[at - 1].rule, listed.drafts[at]
        if listed.separators[at - 1] != "COMMA" or not isinstance(before, Statement) or not _ACTIVE.search(before.text):
            continue
        rules = after.innermost_rules()
        if listed.denied[at - 1] or not rules or not all(map(is_contraception, rules)):
            continue
        item = listed.items[at]
        denied = deny(here, after, [item], (item.start, after.end), top=False, plain=True) if item.negations else after
        both = all_of([listed.drafts[at - 1], denied])
        listed = listed.with_one(at - 1, at + 1, both, listed.items[at - 1])
    return listed
