"""Rules that let somebody in whom their text turns away: the counterpart of those that turn the healthy away.

Whoever has all that an exclusion names, and nothing of what it names only to deny or to except it, is excluded; or
words were joined that do not belong together: "malignancy, except skin cancer and no metastases" excuses nobody for
having no metastases. And whose organs fail fulfils no limit for an organ.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from functools import cache
from typing import Final, TypeAlias

from eligibility.deciding.case import Case
from eligibility.deciding.evaluate import case_of, verdict_on
from eligibility.deciding.verdict import Verdict
from eligibility.knowledge.tables import gravely_ill
from eligibility.patient.profile import PatientProfile
from eligibility.rules import (
    All,
    Allergy,
    Ambiguous,
    Any,
    AtLeast,
    Condition,
    Conditional,
    Constant,
    Criterion,
    ForArms,
    Measurement,
    Not,
    Rule,
    Treatment,
    walk,
)
from eligibility.truth import Status, agreed, all_of, any_of, at_least, negate, of

__all__ = ["Path", "ill_and_let_in", "named_and_let_in", "side_by_side"]

Path: TypeAlias = tuple[int, ...]


# ---------------------------------------------------------------------------------------------------------------------
# Whoever has what is named


def named_and_let_in(criterion: Criterion) -> Path | None:
    """A part by which those are excluded who have what it names, but not those who have all of it and no more."""
    for path, part in _by_which_excluded(criterion.rule, criterion.kind == "exclusion"):
        had: list[Rule] = []
        if _of_those(part, True, had) is Status.UNMET and had:
            return path
    return None


def _by_which_excluded(rule: Rule, excludes: bool, path: Path = ()) -> Iterator[tuple[Path, Rule]]:
    """The parts of an exclusion of which one is enough; of an inclusion what it denies."""
    if isinstance(rule, Any if excludes else All):
        for index, part in enumerate(rule.parts):
            yield from _by_which_excluded(part, excludes, (*path, index))
    elif excludes:
        yield path, rule
    elif isinstance(rule, Not):
        yield from _by_which_excluded(rule.part, True, (*path, 0))


def _of_those(rule: Rule, has: bool | None, had: list[Rule]) -> Status:
    """Whether a rule holds of somebody who has what it names, or, inside a denial, has not.

    What is excepted, and whom a part concerns, is not had at all: ``has`` is None, whatever is denied of it.
    ``had`` takes up what is.
    """
    match rule:
        case All():
            return all_of([_of_those(part, has, had) for part in rule.parts])
        case Any():
            return any_of([_of_those(part, has, had) for part in rule.parts])
        case AtLeast():
            return at_least(rule.count, [_of_those(part, has, had) for part in rule.parts])
        case Ambiguous():
            return agreed([_of_those(part, has, had) for part in rule.readings])
        case Not():
            return negate(_of_those(rule.part, None if has is None else not has, had))
        case Conditional():
            concerned = _of_those(rule.when, None, had)
            chosen = {
                Status.MET: (rule.then,),
                Status.UNMET: (rule.otherwise,),
                Status.UNKNOWN: (rule.then, rule.otherwise),
            }
            return agreed([_of_those(part, has, had) for part in chosen[concerned]])
        case ForArms():
            return _of_those(rule.part, has, had)
        case Constant():
            return of(rule.holds)
        case Condition() | Treatment() | Allergy():
            if has:
                had.append(rule)
            return all_of([of(bool(has)), *(negate(_of_those(part, None, had)) for part in rule.exceptions)])
        case _:
            return of(bool(has))


# ---------------------------------------------------------------------------------------------------------------------
# Somebody whose organs fail

_ON: Final = date(2026, 1, 1)
_FEWEST_WANTED: Final = {True: 2, False: 1}


def ill_and_let_in(criterion: Criterion, healthy: Case) -> Path | None:
    """A limit for an organ that lets in whose organs fail and not somebody healthy, with no other beside it for them.

    An inclusion criterion of one organ alone may want it to fail: "kidney disease with a clearance < 40 mL/min".
    """
    wanted = criterion.kind == "inclusion"
    if len(_organs(criterion.rule)) < _FEWEST_WANTED[wanted]:
        return None
    let_in = Status.MET if wanted else Status.UNMET
    well = dict(side_by_side(verdict_on(criterion, healthy), wanted))
    parts = [(path, part, _organs(part.rule)) for path, part in side_by_side(verdict_on(criterion, _ill()), wanted)]
    kept_out = {organ for _, part, organs in parts if part.status is not let_in for organ in organs}
    told = [path for path, part, organs in parts if part.status is let_in and organs and not organs & kept_out]
    return next((path for path in told if path not in well or well[path].status is not let_in), None)


def side_by_side(verdict: Verdict, wanted: bool, path: Path = ()) -> Iterator[tuple[Path, Verdict]]:
    """What all has to hold, of what is wanted, or of which one is enough; lists within the list taken apart."""
    if isinstance(verdict.rule, All if wanted else Any):
        for index, part in enumerate(verdict.parts):
            yield from side_by_side(part, wanted, (*path, index))
    else:
        yield path, verdict


def _organs(rule: Rule) -> set[str]:
    names = {part.analyte.name for _, part in walk(rule) if isinstance(part, Measurement)}
    return names & {one["name"] for one in gravely_ill()}


@cache
def _ill() -> Case:
    """Of whom no more is known than what is measured."""
    observations = [{**one, "date": _ON} for one in gravely_ill()]
    return case_of(PatientProfile.model_validate({"as_of": _ON, "observations": observations}), _ON)
