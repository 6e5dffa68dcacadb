""" "Adequate organ function", "in good health": what a site attests, or the limits behind it that say what it is."""

from __future__ import annotations

import re
from typing import Final

from eligibility.reading.composing.judgements import is_fitness, judgement
from eligibility.reading.composing.terms import Composing, Inherited, StatementRead
from eligibility.reading.composing.windows import is_window, windowed
from eligibility.reading.drafts import Draft
from eligibility.reading.lexing.tokens import Token
from eligibility.reading.patterns import just_before
from eligibility.reading.phrases import Noun
from eligibility.reading.sentences import Element, Group, ListRead
from eligibility.rules import Measurement, Statement


def fitness(here: Composing, read: ListRead) -> Draft | None:
    """What a list says that is all a state of fitness, with the limits behind it; None where it is none."""
    if any(element.negations for element in read.elements):
        return None
    atoms = read.elements[-1].atoms
    at = next((index for index, atom in enumerate(atoms) if isinstance(atom, Group)), len(atoms))
    group = atoms[at] if at < len(atoms) else None
    end = read.end if group is None else group.start
    if not is_fitness(here.text[read.start : end]):
        return None
    attested = judgement(here, read.start, end if group is None else atoms[at - 1].end)
    if not isinstance(group, Group):
        return attested
    limits, behind = limits_of_fitness(here, attested, group), atoms[at + 1 :]
    if limits is None or not behind:
        return limits
    return windowed(limits, behind[0].value) if len(behind) == 1 and is_window(behind[0]) else None


def limits_of_fitness(here: Composing, attested: Draft, group: Group) -> Draft | None:
    """ "Adequate renal function (creatinine <= 1.5 mg/dL)": the limits are what is asked; None where there are none."""
    if not isinstance(attested.rule, Statement) or not is_fitness(here.text[attested.start : attested.end]):
        return None
    if just_before(_DENIED, here.low, attested.start):
        return None  # "no adequate function (creatinine > 2 mg/dL)": what is asked, or what must not be
    inside = here.sentence(group.body, Inherited())
    if inside is None or not any(isinstance(leaf.rule, Measurement) for leaf in inside.leaves()):
        return None
    if any(leaf.rule.kind in ("unread", "statement", "treatment") for leaf in inside.leaves()):
        return None
    return inside.placed(attested.start, group.end)


def there_is(here: Composing, read: ListRead) -> ListRead:
    """What is there to be had, or is not, is no treatment that somebody had: "no standard therapy is available"."""
    if "available" not in here.low[read.start : read.end]:
        return read
    elements = [_said_to_be_there(here, element) or element for element in read.elements]
    return ListRead(elements, read.separators, read.start, read.end, read.serial)


def _said_to_be_there(here: Composing, element: Element) -> Element | None:
    """An element that says whether a treatment can be had; None where it says something else."""
    first = element.atoms[0]
    if isinstance(first, Group) or not isinstance(first.value, Noun) or "TREATMENT" not in first.value.kinds:
        return None
    said = here.low[element.start : element.end]
    if not (_THERE_IS_NONE if element.negations else _THERE_IS).fullmatch(said):
        return None
    told = StatementRead(judgement(here, element.start, element.end))
    return Element([], [Token("FACT", told, element.start, element.end)], element.start, element.end)


_THERE_IS: Final = re.compile(r"[\w\s'/-]+\s(?:is|are)\s(?:\w+ly\s)?available")
_THERE_IS_NONE: Final = re.compile(
    r"(?:there\s(?:is|are)\s)?no\s(?:[\w\s'/-]+\savailable|(?:\w+\s)?available\s[\w\s'/-]+)"
)

_DENIED: Final = re.compile(r"\b(?:no|not|without|lack of|lacking|absence of)\s+$")


_GOOD: Final = re.compile(r"(?:an?\s+)?(?:adequate|acceptable|sufficient|satisfactory|good|normal)\b", re.IGNORECASE)
_POOR: Final = re.compile(r"(?:an?\s+)?(?:inadequate|insufficient|poor|unacceptable|unsatisfactory)\b", re.IGNORECASE)


def defines_fitness(here: Composing, draft: Draft, inside: Draft) -> bool:
    """Whether limits say what is meant by it: "adequate heart function with an LVEF >= 50 %"."""
    if not isinstance(draft.rule, Statement) or draft.rule.topic != "judgement":
        return False
    fit = (_POOR if here.exclusion else _GOOD).match(here.text, draft.start) is not None
    return fit and not inside.requirement and all(isinstance(leaf.rule, Measurement) for leaf in inside.innermost())
