"""The yes/no fields of a profile: pregnancy, breastfeeding, childbearing potential, contraception, consent."""

from __future__ import annotations

from functools import lru_cache
from typing import Final

from eligibility.deciding import observing, timing
from eligibility.deciding.ages import completed
from eligibility.deciding.case import Case
from eligibility.deciding.findings import polarity
from eligibility.deciding.verdict import Cause, Verdict, asked
from eligibility.knowledge.vocabulary import vocabulary
from eligibility.patient.facts import Fact
from eligibility.rules import Concept, PatientAttribute
from eligibility.truth import Status, of

__all__ = ["OF_WOMEN", "attribute", "cannot_have"]

OF_WOMEN: Final = frozenset({"pregnant", "breastfeeding", "childbearing_potential"})


def attribute(case: Case, rule: PatientAttribute) -> Verdict:
    """What the profile states; of a man what only women can be; of pregnancy what childbearing potential says."""
    profile = case.chart.profile
    name = rule.attribute
    stated = getattr(profile, name)
    if stated is not None:
        if stated is True and name == "pregnant" and profile.childbearing_potential is False:
            return _unknown(case, rule, Cause.CONTRADICTION)
        return Verdict(of(stated), rule, case)
    if name in OF_WOMEN and case.chart.sex == "male":
        return Verdict(Status.UNMET, rule, case, detail="the patient is male")
    if name == "pregnant" and profile.childbearing_potential is False:
        return Verdict(Status.UNMET, rule, case, detail="no childbearing potential")
    if name == "childbearing_potential" and profile.pregnant:
        return Verdict(Status.MET, rule, case, detail="she is pregnant")
    if name == "childbearing_potential" and (past := (*_menopause(case), *_sterilized(case))):
        return Verdict(Status.UNMET, rule, case, past)
    if name == "pregnant":
        for test in ("serum pregnancy test", "urine pregnancy test", "pregnancy test"):
            found = observing.latest(case, test)
            if any(polarity(observation) is True for observation in found):
                return Verdict(Status.MET, rule, case, tuple(found), detail="the pregnancy test is positive")
    return _unknown(case, rule, Cause.MISSING)


def cannot_have(case: Case, disease: Concept) -> bool:
    """Whether a disease is one of pregnancy, and the patient a man; that of a child may be meant of the mother."""
    if case.chart.sex != "male" or disease.open or not _is_of_pregnancy(disease.name):
        return False
    years = completed(case, "years")
    return years is not None and years[0] >= _GROWN


@lru_cache(maxsize=4096)
def _is_of_pregnancy(disease: str) -> bool:
    return vocabulary().is_a("condition", disease, "pregnancy complication")


_GROWN: Final = 12


def _menopause(case: Case) -> tuple[Fact, ...]:
    said = [fact for fact in case.chart.conditions if "menopause" in fact.name.up and fact.state == "there"]
    return tuple([fact for fact in said if not (fact.negative or fact.suspected)])


def _sterilized(case: Case) -> tuple[Fact, ...]:
    """The operations after which nobody becomes pregnant, whatever a protocol asks for; a tubal ligation is none."""
    done = [fact for fact in case.chart.facts("treatment") if not _PERMANENT.isdisjoint(fact.name.own | fact.name.up)]
    return tuple([fact for fact in done if not fact.negative and timing.begun(case, fact) is Status.MET])


_PERMANENT: Final = frozenset(("hysterectomy", "bilateral oophorectomy"))


def _unknown(case: Case, rule: PatientAttribute, cause: Cause) -> Verdict:
    return Verdict(Status.UNKNOWN, rule, case, (), cause, asked(rule.attribute.replace("_", " "), ("value",), "caller"))
