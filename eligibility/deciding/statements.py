"""Statements that facts settle, too: who is sterile by an operation, how far a tumour has grown."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from eligibility.deciding import matching
from eligibility.deciding.cancers import is_cancer
from eligibility.deciding.case import Case, Decider
from eligibility.deciding.verdict import Cause, Need, Verdict
from eligibility.knowledge import wording
from eligibility.knowledge.tnm import tnm
from eligibility.rules import Any, Concept, PatientAttribute, Rule, Statement, Treatment
from eligibility.truth import Status, agreed, negate

__all__ = ["statement"]


def statement(rule: Statement) -> Decider:
    """What is on record of what is stated; where nothing is, only an answer can settle it."""
    cause = Cause.JUDGEMENT if rule.topic == "judgement" else Cause.MISSING
    needs = (Need(rule.text, "answer", rule.who),)
    by_facts = _by_facts(rule)

    def decided(case: Case) -> Verdict:
        found = by_facts(case) if by_facts is not None else None
        if found is not None and found.status is not Status.UNKNOWN:
            return Verdict(found.status, rule, case, found.used, parts=found.parts, detail=found.detail)
        return Verdict(Status.UNKNOWN, rule, case, (), cause, needs)

    return decided


def _by_facts(rule: Statement) -> Decider | None:
    if (extent := _extent(rule.text)) is not None:
        return lambda case: _grown_so(case, rule, extent)
    said = wording.statement(rule.text)
    if said.words not in _MEANT:
        return None
    meant, negated = _MEANT[said.words], said.negated

    def shown(case: Case) -> Verdict:
        if isinstance(meant, PatientAttribute) and case.chart.sex != "female":
            return Verdict(Status.UNKNOWN, rule, case)
        found = case.decide(meant)
        return Verdict(negate(found.status), rule, case, found.used, parts=found.parts) if negated else found

    return shown


def _done(name: str) -> Treatment:
    return Treatment(concept=Concept(name=name), time="ever")


_STERILIZED: Final = Any(parts=(_done("surgical sterilization"), _done("hysterectomy")))
_MEANT: Final[dict[tuple[str, ...], Rule]] = {
    **dict.fromkeys(
        (
            wording.statement(text).words
            for text in (
                "surgically sterile",
                "surgically sterilized",
                "permanently sterilized",
                "sterilized surgically",
            )
        ),
        _STERILIZED,
    ),
    wording.statement("fertile").words: PatientAttribute(attribute="childbearing_potential"),
}


@lru_cache(maxsize=4096)
def _extent(text: str) -> str | None:
    """The stage that a text is and nothing else: "T2", "clinical stage N0", with what it leaves open."""
    found = _TNM.fullmatch(text)
    if found is None:
        return None
    before = {"T": "", "N": "any T ", "M": "any T any N "}[found["letter"].upper()]
    return before + found["part"] if tnm(before + found["part"]) is not None else None


_TNM: Final = re.compile(
    r"(?:clinical\s+|pathologic(?:al)?\s+)?(?:(?:TNM\s+)?stage\s+)?(?P<part>(?:yc|yp|c|p)?(?P<letter>[TNM])(?:is|[0-4][a-d]?))"
    r"(?:\s+(?:disease|tumou?rs?))?"
)


def _grown_so(case: Case, rule: Statement, extent: str) -> Verdict:
    """Whether every cancer that is there is of the stage, or none of them is."""
    there = [fact for fact in case.chart.conditions if fact.state == "there" and not fact.suspected]
    cancers = [fact for fact in there if is_cancer(fact)]
    status = agreed([matching.stage(fact, (extent,)) for fact in cancers]) if cancers else Status.UNKNOWN
    return Verdict(status, rule, case, tuple(cancers))
