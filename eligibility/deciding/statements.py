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
from eligibility.rules import Age, Ambiguous, Any, Concept, Limit, PatientAttribute, Rule, Statement, Treatment
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
    if _PREGNANCY_PLANNED.fullmatch(" ".join(said.words)) is not None:
        return lambda case: _turned(case, rule, _pregnancy_planned(case, rule), negated=said.negated)
    if (consents := _CONSENTS.fullmatch(" ".join(said.words))) is not None:
        negated = said.negated is (consents["lacks"] is None)
        return lambda case: _turned(case, rule, case.decide(_CONSENT), negated=negated)
    if said.words not in _MEANT:
        return None
    meant, negated = _MEANT[said.words], said.negated

    def shown(case: Case) -> Verdict:
        if isinstance(meant, PatientAttribute) and case.chart.sex != "female":
            return Verdict(Status.UNKNOWN, rule, case)
        return _turned(case, rule, case.decide(meant), negated=negated)

    return shown


def _turned(case: Case, rule: Statement, found: Verdict, *, negated: bool) -> Verdict:
    """The verdict on a statement by that on what it means, or denies."""
    status = negate(found.status) if negated else found.status
    return Verdict(status, rule, case, found.used, parts=found.parts)


def _pregnancy_planned(case: Case, rule: Statement) -> Verdict:
    """Whether a pregnancy is planned: by no woman who cannot have one; a man's partner may plan one."""
    found = case.decide(_FERTILE)
    never = case.chart.sex == "female" and found.status is Status.UNMET
    return Verdict(Status.UNMET, rule, case, found.used) if never else Verdict(Status.UNKNOWN, rule, case)


_CONSENT: Final = PatientAttribute(attribute="consent")
_FERTILE: Final = PatientAttribute(attribute="childbearing_potential")
_MORE: Final = r"(?!(?:or|and)\b(?! (?:within|for|during|until|up|at|in|after|before|through|\d)))"
_PREGNANCY_PLANNED: Final = re.compile(
    r"(?:who )?(?:is |are |be )?(?:currently |actively |possibly )*(?:the )?"
    r"(?:plan|intend|intent|wish|want|desir|expect|hop|try|attempt|contemplat|consider|anticipat|prepar|seek)\w* "
    r"(?:(?:to|on|of|for|a|any|have|attempt|try) )*(?:becom(?:e|ing) |get(?:ting)? |be )?"
    r"(?:pregnan(?:t|cy)|conceiv(?:e|ing)(?: child(?:ren)?)?)"
    r"(?: or (?:to )?father(?:ing)? (?:a )?child(?:ren)?)?"
    rf"(?: (?:during|within|while|in|before|after|until|throughout|any|at|for|prior|the)\b(?: {_MORE}\S+)*)?"
)
_CONSENTS: Final = re.compile(
    r"(?:(?P<lacks>incapable of|incompetent to|lack of capacity (?:to|for)) "
    r"|(?:able|capable|competent|capacity|willing)(?: (?:to|of|for))? )?"
    r"(?:(?:give|giving|provide|providing|sign|signing|grant|granting|express|expressing) )?"
    r"(?:(?:a|an|the|their|his|her|own|free|freely|voluntary|written|verbal|oral|informed|express|explicit|signed|valid"
    r"|legal|and|or) )*consent"
    r"(?: (?:form|for|to|participate|themselve|themselves|himself|herself|personally|in the (?:study|trial|research)))*"
)


def _done(name: str) -> Treatment:
    return Treatment(concept=Concept(name=name), time="ever")


_STERILIZED: Final = Any(parts=(_done("surgical sterilization"), _done("hysterectomy")))
_HOSPITALIZED: Final = Treatment(concept=Concept(name="hospitalization"), time="now")
_MINOR: Final = Ambiguous(  # of age at 18, or at 21
    readings=tuple([Age(limit=Limit(high=years, high_inclusive=False, unit="years")) for years in (18.0, 21.0)]),
    why="the age of majority",
)
_SAID: Final[dict[str, Rule]] = {
    "surgically sterile": _STERILIZED,
    "surgically sterilized": _STERILIZED,
    "permanently sterilized": _STERILIZED,
    "sterilized surgically": _STERILIZED,
    "permanently sterile": _STERILIZED,
    "fertile": _FERTILE,
    "hospitalized": _HOSPITALIZED,
    "currently hospitalized": _HOSPITALIZED,
    "inpatient": _HOSPITALIZED,
    "minor": _MINOR,
    "minors": _MINOR,
    "a minor": _MINOR,
    "underage": _MINOR,
    "under legal age": _MINOR,
}
_MEANT: Final = {wording.statement(text).words: meant for text, meant in _SAID.items()}


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
