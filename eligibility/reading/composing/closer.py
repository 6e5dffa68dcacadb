"""What binds closer than the rest of a list: both sexes, "either A or B", one limit in two units."""

from __future__ import annotations

import re
from typing import Final

from eligibility.reading.composing.people import are_of_both_sexes
from eligibility.reading.composing.terms import Composing
from eligibility.reading.drafts import Draft, all_of, any_of
from eligibility.rules import Measurement


def sexes_together(drafts: list[Draft], separators: list[str]) -> tuple[list[Draft], list[str]]:
    """ "Pregnancy, or women of childbearing potential and men": nobody is asked to be both."""
    if not {"AND", "OR"} <= {*separators}:
        return drafts, separators
    made, between = [drafts[0]], []
    for separator, draft in zip(separators, drafts[1:], strict=True):
        if separator == "AND" and are_of_both_sexes([made[-1], draft]):
            made[-1] = any_of([made[-1], draft])
        else:
            made.append(draft)
            between.append(separator)
    return made, between


_AND_EITHER: Final = re.compile(
    r"\W*and\s+(?:(?:they|who|that|which|it|he|she|is|are|was|were|be|have|has|had|must|should|with)\s+){0,4}either\s"
    r"(?!(?:eye|arm|leg|side|sex|gender|group|one|of|hand|breast|lung|kidney)s?\b)"
)


def either_together(here: Composing, drafts: list[Draft], separators: list[str]) -> tuple[list[Draft], list[str]]:
    """ "A and either B or C": what "either" leads is one of what "and" joins, and so is one limit in two units."""
    if not {"AND", "OR"} <= {*separators}:
        return drafts, separators
    for at, separator in enumerate(separators):
        if separator == "OR" and _is_restated(drafts[at], drafts[at + 1]):
            either = any_of(drafts[at : at + 2])
            return [*drafts[:at], either, *drafts[at + 2 :]], [*separators[:at], *separators[at + 1 :]]
        if separators[at : at + 2] == ["OR", "AND"] and is_implied(drafts[at], drafts[at + 1]):
            # "A > 5, or A > 3 and B > 2": whoever has A beyond 5 has it beyond 3
            end = next((i for i in range(at + 1, len(separators)) if separators[i] != "AND"), len(separators))
            both = all_of(drafts[at + 1 : end + 1])
            return [*drafts[: at + 1], both, *drafts[end + 1 :]], [*separators[: at + 1], *separators[end:]]
        if separator != "AND" or _AND_EITHER.match(here.low, drafts[at].end) is None:
            continue
        last = next((i for i in range(at + 1, len(separators)) if separators[i] != "COMMA"), len(separators))
        if last < len(separators) and separators[last] == "OR":
            either = any_of(drafts[at + 1 : last + 2])
            return [*drafts[: at + 1], either, *drafts[last + 2 :]], [*separators[: at + 1], *separators[last + 1 :]]
    return drafts, separators


def _is_restated(draft: Draft, other: Draft) -> bool:
    """Whether the second is the limit that the first is, in another unit: "creatinine <= 150 umol/L or 1.7 mg/dL"."""
    first, second = draft.rule, other.rule
    if not isinstance(first, Measurement) or not isinstance(second, Measurement) or first.analyte != second.analyte:
        return False
    bare = second.model_copy(update={"limit": first.limit, "note": first.note})
    pairs = ((first.limit.low, second.limit.low), (first.limit.high, second.limit.high))
    return bare == first and first.limit.of == second.limit.of and all(_about(one, two) for one, two in pairs)


def is_implied(draft: Draft, other: Draft) -> bool:
    """Whether the second is a wider limit of the same, so that "or" between the two alone would say nothing."""
    first, second = draft.rule, other.rule
    if not isinstance(first, Measurement) or not isinstance(second, Measurement) or first.analyte != second.analyte:
        return False
    strict, wide = first.limit, second.limit
    if strict.of != wide.of or strict.unit != wide.unit:
        return False
    if strict.low is not None and wide.low is not None and strict.high is None and wide.high is None:
        return strict.low > wide.low
    if strict.high is not None and wide.high is not None and strict.low is None and wide.low is None:
        return strict.high < wide.high
    return False


def _about(one: float | None, two: float | None) -> bool:
    if one is None or two is None:
        return one is two
    return abs(one - two) <= _ROUNDED * max(abs(one), abs(two))


_ROUNDED: Final = 0.1
