"""What somebody is: pregnant, able to bear children, a man or a woman."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Final

from eligibility.knowledge import words
from eligibility.reading.context import Context
from eligibility.reading.drafting.beside_names import draft_of, least_length
from eligibility.reading.drafts import Draft, all_of, any_of, conditional, constant, negated, unread
from eligibility.reading.grammar import Refused
from eligibility.reading.patterns import PERSONS
from eligibility.reading.phrases import Noun
from eligibility.rules import Concept, Condition, Duration, PatientAttribute, Rule, Sex, Statement, Window

__all__ = ["attribute_of", "people_lately"]


def people_lately(noun: Noun, kind: str, context: Context, window: Window | None) -> Draft:
    """ "Pregnant within 6 months": a profile says who is pregnant, not who was."""
    if kind == "EXISTS":
        found = attribute_of(noun, kind, context)
        return replace(found, rule=found.rule.model_copy(update={"window": window}))
    if kind not in ("PREGNANT", "BREASTFEEDING"):
        raise Refused  # people are of any day
    was = draft_of(Statement(text=context.text[noun.start : noun.end], topic="circumstance", who="chart"), noun)
    if not any(t.type == "WINDOW" for t in noun.behind):
        was = unread(context.text, noun.start, noun.end, "widening")  # its window is said elsewhere
    now = attribute_of(noun, kind, context)
    return any_of([now, all_of([draft_of(Sex(sex="female"), noun), was])], (noun.start, noun.end))


def _fertile(noun: Noun, context: Context) -> Draft:
    """Women who can bear children are fertile; of men, only an answer says so."""
    able = draft_of(PatientAttribute(attribute="childbearing_potential"), noun)
    said = draft_of(Statement(text=context.text[noun.start : noun.end], topic="circumstance", who="chart"), noun)
    return any_of([able, all_of([draft_of(Sex(sex="male"), noun), said])], (noun.start, noun.end))


def _sterile(noun: Noun, context: Context) -> Draft:
    """Who can bear children is not sterile; of the others, and of men, only an answer says so."""
    able = draft_of(PatientAttribute(attribute="childbearing_potential"), noun)
    said = draft_of(Statement(text=context.text[noun.start : noun.end], topic="circumstance", who="chart"), noun)
    return replace(conditional(able, constant(False, "can bear children"), said), start=noun.start, end=noun.end)


def _beyond_a_year(noun: Noun) -> Duration | None:
    """For how long it must have been, where that is more than the year after which it is called a menopause."""
    least = least_length(noun.beside())
    return least if least is not None and least.value > _A_YEAR[least.unit] else None


_A_YEAR: Final = {"hours": 8784.0, "days": 366.0, "weeks": 52.0, "months": 12.0, "years": 1.0}


def _is_of_both_sexes(noun: Noun, context: Context) -> bool:
    """Whether men are asked to use contraception, too: "male or female patients of reproductive potential"."""
    if _OF_BOTH_SEXES.search(context.low, max(0, noun.start - _LONGEST_SEXES), noun.head.start) is None:
        return False
    behind = _SENTENCE.match(context.low, noun.end)
    return behind is not None and _CONTRACEPTION.search(behind[0]) is not None and "pregnan" not in behind[0]


_SENTENCE: Final = re.compile(r"[^.;\n]*")
_CONTRACEPTION: Final = re.compile(r"contracepti|birth control|barrier|condom|abstain|abstinence|abstinent")
_OF_BOTH_SEXES: Final = re.compile(
    rf"\b(?:(?:males?|men)\s*(?:and|or|and/or|/)\s*(?:females?|women)|(?:females?|women)\s*(?:and|or|and/or|/)\s*(?:males?|men))"
    rf"(?:\s+(?:{PERSONS}))?(?:\s+(?:who|that)\s+are)?(?:\s+(?:of|with|in))?\s*\Z"
)
_LONGEST_SEXES: Final = 60
_MENOPAUSE: Final = re.compile(r"menopaus", re.IGNORECASE)
_OTHERWISE_UNABLE: Final = re.compile(  # where it is one of the ways in which no child can be born
    r"steril|hysterectom|oophorectom|ligation|child-?\s?bearing|reproductive potential|contracept|birth control",
    re.IGNORECASE,
)


def _of_a_kind(noun: Noun, kind: str, context: Context) -> Draft:
    """ "Hispanic women", "fertile-age men": people of one sex with what words before them say. :class:`Refused` of
    anything else."""
    head, (name, *others) = noun.head, noun.head.names
    before = context.text[head.start : name.start].strip()
    if kind not in ("FEMALE", "MALE") or others or head.end != name.end or not _KIND.fullmatch(before):
        raise Refused
    people = attribute_of(replace(noun, head=replace(head, words=[], start=name.start)), kind, context)
    return all_of([Draft(Statement(text=before, topic="circumstance"), head.start, name.start), people])


_KIND: Final = re.compile(
    r"(?!(?:any|all|other|most|some|adequate|acceptable|effective|appropriate)\b)(?:[\w-]+\s)?[\w-]+(?<!\ba)(?<!\ban)(?<!\bthe)",
    re.IGNORECASE,
)


def attribute_of(noun: Noun, kind: str, context: Context) -> Draft:
    """What somebody is, by the kind of the name. :class:`Refused` where more is said of it."""
    if noun.head.words:
        return _of_a_kind(noun, kind, context)
    rule: Rule
    match kind:
        case "PREGNANT":
            rule = PatientAttribute(attribute="pregnant")
        case "BREASTFEEDING":
            rule = PatientAttribute(attribute="breastfeeding")
        case "CHILDBEARING":
            rule = PatientAttribute(attribute="childbearing_potential")
            if _MENOPAUSE.search(context.text, noun.start, noun.end):  # whoever can bear children is before it
                before: list[Rule] = [Sex(sex="female"), Condition(concept=Concept(name="premenopause"))]
                return any_of([draft_of(rule, noun), all_of([draft_of(each, noun) for each in before])])
            if _is_of_both_sexes(noun, context):
                return any_of([draft_of(Sex(sex="male"), noun), draft_of(rule, noun)])
        case "NOT_CHILDBEARING":
            able = draft_of(PatientAttribute(attribute="childbearing_potential"), noun)
            unable = [draft_of(Sex(sex="female"), noun), negated(able)]
            if _MENOPAUSE.search(context.text, noun.start, noun.end) and not _OTHERWISE_UNABLE.search(context.text):
                unable.append(
                    draft_of(Condition(concept=Concept(name="menopause"), lasting=_beyond_a_year(noun)), noun)
                )
            return all_of(unable)
        case "FERTILE":
            return _fertile(noun, context)
        case "STERILE":
            return _sterile(noun, context)
        case "CONTRACEPTION":
            rule = PatientAttribute(attribute="contraception")
        case "FEMALE":
            rule = Sex(sex="female")
        case "MALE":
            rule = Sex(sex="male")
        case "EXISTS":
            rule = Condition(concept=Concept(name=words.phrase(str(noun.head.names[0].value))))
        case _:
            raise Refused
    if noun.has(
        "HISTORY",
        "PLANNED",
        "PRIOR",
        "POSITIVE",
        "NEGATIVE",
        "USE",
        "OTHER",
        "GRADE_IS",
        "STAGE_IS",
        "ALLERGY",
        "QUALIFIER",
    ) or not all(" or " in str(t.value) for t in noun.all("SUSPECTED")):  # "known or suspected" is either
        raise Refused
    return draft_of(rule, noun)
