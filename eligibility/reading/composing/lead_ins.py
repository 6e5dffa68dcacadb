"""What stands before bullets and adds nothing to them: "adequate organ function, defined as"."""

from __future__ import annotations

from typing import Final

from eligibility.knowledge.words import keys

_LEAD_WORDS: Final = frozenset(
    keys(
        "adequate organ function bone marrow hematologic hematological renal hepatic liver kidney laboratory values "
        "parameters criteria requirements below follows met meet defined evidenced conditions condition patients with "
        "one at least normal acceptable cardiac baseline results tests levels function functions within days who as "
        "by the in on status measurements blood counts count systems system screening obtained performed these must "
        "hematopoietic coagulation lab value for study entry treatment disease diseases laboratory abnormalities "
        "functioning abnormality medical history findings medications therapies therapy treatments types meeting and "
        "or if applicable applies apply prior concurrent therapy criterion specific characteristics category baseline "
        "has have having had exhibits exhibit any following reserve reasonable satisfactory sufficient biochemical "
        "indicated demonstrated specified required risk factor factors clinical eligibility inclusion exclusion "
        "applies applied exclusionary additional main major minor diagnostic items devices symptoms signs features "
        "situations circumstances settings scenarios categories reasons events diagnoses disorders illnesses "
        "comorbidities concomitant demonstrate demonstrating show showing maintain maintained possess "
        "profile profiles panel panels hematology haematology chemistry biochemistry metabolic lipid "
        "assessments evaluations examinations investigations determinations analyses measures "
        "all fulfil fulfill fulfilling satisfy satisfying documentation documented shown considered performance "
        "reproductive participants subjects individual individuals"
    )
)
_KEEPING_OUT: Final = frozenset(
    keys(
        "subject patient participant individual person candidate would will be is are makes making render renders "
        "excluded excluding prohibited forbidden disallowed ineligible enrollment enrolment enrolling participation "
        "participating entering from this a an that which disqualify disqualifying preclude precluding"
    )
)


def is_lead(text: str, *, exclusion: bool = False) -> bool:
    """Whether the words of a lead-in add nothing to its bullets: "adequate organ function, defined as".

    ``exclusion``: nor do those that say that the bullets exclude, "criteria that make a subject ineligible".
    """
    said = frozenset(keys(text))
    return _LEAD_WORDS.issuperset(said) or (exclusion and (_LEAD_WORDS | _KEEPING_OUT).issuperset(said))
