"""Parentheses that say nothing of whom a criterion is for: sources, reasons, by what something is found or reached."""

from __future__ import annotations

import re
from typing import Final

from eligibility.knowledge.vocabulary import vocabulary
from eligibility.reading.composing.people import is_group
from eligibility.reading.drafts import Draft
from eligibility.reading.patterns import OF_ANY_CAUSE
from eligibility.reading.rewriting.abbreviations import abbreviates
from eligibility.reading.sentences import Group
from eligibility.rules import Age, Allergy, Condition, Finding, Measurement, PatientAttribute, Rule, Treatment

__all__ = ["adds_nothing"]


def adds_nothing(text: str, draft: Draft, group: Group) -> bool:
    """Whether a parenthesis cites a paper, gives a reason, says by what something is found or reached, or abbreviates
    what stands before it."""
    if any(each.fullmatch(text, group.start, group.end) for each in (_CITED, _REASON, _ELSEWHERE)):
        return True
    if _NUMBER_CITED.fullmatch(text, group.start, group.end):
        named = text[max(0, group.start - _NEAR) : group.start]
        cited = text[group.start] == "[" and not _NUMBERED.search(named)
        return cited or _OF_A_PAPER.search(named) is not None
    rules = draft.innermost_rules()
    if OF_ANY_CAUSE.search(text, draft.start, group.start) and _CAUSES.fullmatch(text, group.start, group.end):
        return all(isinstance(rule, Condition) for rule in rules)
    if is_group(draft) and _OF_FERTILITY.search(text, group.start, group.end):
        # who counts as being of childbearing potential is known without the trial's words for it
        return _ASKS.search(text, group.start, group.end) is None
    if any(fits(rules) and pattern.fullmatch(text, group.start, group.end) for pattern, fits in _OF_THESE):
        return True
    if (ends := _ITS_ENDS.fullmatch(text, group.start, group.end)) is not None and len(rules) == 1:
        return _are_its_ends(rules[0], [float(each) for each in ends.groups() if each])
    short = text[group.start + 1 : group.end - 1].strip()
    if not 1 < len(short) <= _LONGEST_SHORT or not short.isalpha() or short[1:].islower():
        return False
    return abbreviates(short, text[draft.start : group.start])


def _are_its_ends(rule: Rule, ends: list[float]) -> bool:
    """Whether these are the ends of a limit, which they belong to: "18 to 75 years (including 18 and 75)"."""
    if not isinstance(rule, Age | Measurement):
        return False
    limit = rule.limit
    reached = {limit.low if limit.low_inclusive else None, limit.high if limit.high_inclusive else None}
    return reached.issuperset(ends)


_ITS_ENDS: Final = re.compile(
    r"[(\[]\s*(?:including|inclusive\s+of)\s+(?:both\s+)?(\d+(?:\.\d+)?)\s*(?:%|years?(?:\s+(?:old|of\s+age))?)?"
    r"(?:\s*(?:and|&)\s*(\d+(?:\.\d+)?)\s*(?:%|years?(?:\s+(?:old|of\s+age))?)?)?\s*[)\]]",
    re.IGNORECASE,
)
_CITED: Final = re.compile(  # "(Smith et al., 2018)"
    r"[(\[](?:[^()\[\]<>≤≥]{0,60};\s*)?[^()\[\]<>≤≥;]{2,60}\bet\.?\s+al\b\.?[^()\[\]<>≤≥a-z]{0,12}[a-d]?\s*[)\]]"
)
_NUMBER_CITED: Final = re.compile(r"[(\[]\s*\d{1,3}(?:\s*[,–-]\s*\d{1,3})*\s*[)\]]")  # "criteria (46)", "[12, 13]"
_OF_A_PAPER: Final = re.compile(
    r"\b(?:criteria|guidelines?|definitions?|classification|consensus|et al\.?)\s*$", re.IGNORECASE
)
_NUMBERED: Final = re.compile(
    r"(?:\b(?:grades?|stages?|class|scores?|types?|groups?|levels?|least|most|than|to|of|is|be|cycles?|days?|lines?)|[\d<>≤≥=])\s*$",
    re.IGNORECASE,
)
_NEAR: Final = 24
_ELSEWHERE: Final = re.compile(
    r"[(\[]\s*(?:as\s+)?(?:defined|described|listed|specified|noted|outlined|detailed)\s+(?:above|below|elsewhere)\s*[)\]]",
    re.IGNORECASE,
)
_REASON: Final = re.compile(  # why something is asked for: "(as this may harm the foetus)"
    r"[(\[]\s*(?:as|since|because|given that)\s+"
    r"(?:this|these|it|they|there|the\s+(?:study\s+)?(?:drug|device|treatment|medication))\s+"
    r"(?!.*\b(?:unless|except|only|not|no|if|exclud\w*|eligible|allowed|permitted|must)\b)[^()\[\]<>≤≥\d]+[)\]]",
    re.IGNORECASE,
)
_CAUSES: Final = re.compile(
    r"[(\[](?!.*\b(?:no|not|without|except\w*|exclud\w*|unless|other|only|if|must|within|allowed|permitted)\b)[^()\[\]\d<>≤≥=]+[)\]]",
    re.IGNORECASE,
)
_LONGEST_SHORT: Final = 8
_OF_FERTILITY: Final = re.compile(
    r"\b(?:menses|menstrua\w+|amenorrh\w+|\w*menopaus\w*|steril\w+|hysterectom\w+)", re.IGNORECASE
)
_ASKS: Final = re.compile(
    r"\b(?:must|should|agree\w*|us(?:e|ing)|contracep\w+|exclud\w+|eligible|allowed|permitted|test\w*|unless|except|abstain\w*)\b",
    re.IGNORECASE,
)

_NO_MORE: Final = (  # nothing that narrows, spares or dates
    r"(?![^()]*(?:[<>≤≥=]|\b(?:no|not|none|without|only|unless|except\w*|exclud\w*|if|must|should|within|least|more|less|than"
    r"|before|after|since|last|past|previous|eligible|allowed|permitted|positive|negative)\b))"
)
_INNER: Final = r"(?:[^()\[\]]|\[[^()\[\]]*\])+"  # with an abbreviation of its own in brackets
_REACHED: Final = re.compile(  # "(which may be supported by transfusion)", "(may receive growth factors)"
    r"[(\[]\s*(?![^()]*(?:[<>≤≥=\d]|\b(?:no|not|only|unless|except\w*|within|but|last|after|must)\b))"
    r"(?:(?:(?:which|this|that|it|these|values?|levels?)\s+)?(?:may|can|could)\s+(?:also\s+)?(?:(?:be|have\s+been)\s+"
    r"(?:achieved|reached|supported|obtained|corrected|maintained|met|attained|transfused)|transfuse|(?:receive|use)\s)"
    rf"{_INNER}?|(?:\w+\s+){{1,3}}(?:may|can|could)\s+be\s+(?:used|given|administered|transfused)\s+to\s{_INNER}?"
    r"|(?:\w+\s+)?transfusions?\s+(?:is\s+|are\s+)?authori[sz]ed\s*)[)\]]",
    re.IGNORECASE,
)
_BY_TEST: Final = re.compile(  # "(suprapubic ultrasound)", "(local or central laboratory)"
    rf"[(\[]\s*{_NO_MORE}(?![^()]*\b(?:patient|self|investigator|report)\w*\b)(?:[a-z,/-]+\s+){{0,6}}"
    r"(?:tests?|assays?|scans?|ultrasound|ultrasonography|echocardiograph?y?|laborator(?:y|ies)|thermometers?)\s*[)\]]",
    re.IGNORECASE,
)
_HARMS: Final = re.compile(  # "(could affect creatinine clearance)", "(this is a contraindication to the drug)"
    rf"[(\[]\s*{_NO_MORE}(?:(?:(?:this|these|it|they)\s+)?(?:may|might|can|could|would|will)\s+(?:\w+ly\s+)?"
    r"(?:affect|interfere|confound|impair|influence|interact|alter|compromise|bias|harm|worsen|increase|potentiate|reduce)\b"
    r"|this\s+(?:is|exclusion|criterion)\b|(?:as\s+)?(?:per\s+)?manufacturer'?s?\s+contra-?indication)"
    rf"{_INNER}?[)\]]",
    re.IGNORECASE,
)
_BY_WHAT: Final = re.compile(  # "(based on the CTCAE v5.0)", "(as rated on the PANSS)"
    rf"[(\[]\s*{_NO_MORE}(?![^()]*(?:investigator|physician|doctor|clinician|opinion|discretion|judge?ment))"
    r"(?:as\s+)?(?:(?:assessed|rated|scored|evaluated|classified|graded)\s+"
    r"(?:by|with|using|on|via|per|according\s+to)|based\s+(?:up)?on|according\s+to|in\s+accordance\s+with|as\s+per|per)\s"
    rf"{_INNER}[)\]]",
    re.IGNORECASE,
)
_TESTED: Final = re.compile(  # "(verified by a urine pregnancy test)"
    r"[(\[]\s*(?![^()]*\b(?:no|not|without|only|unless|if|must|within|negative)\b)(?:as\s+)?"
    r"(?:(?:based\s+on|(?:verified|confirmed|determined|identified|assessed|documented|known)"
    r"(?:\s+or\s+identified)?\s+(?:by|with|on|through))\s+)?"
    rf"{_INNER}?\b(?:pregnancy\s+tests?|[bß]?-?HCG\b{_INNER}?)\s*[)\]]",
    re.IGNORECASE,
)
_ANY_KIND: Final = (
    r"(?:types?|kinds?|forms?|stages?|grades?|doses?|schedules?|routes?|causes?|degrees?|severity|times?|formulations?"
    r"|preparations?|brands?|lines?|locations?|sites?|sizes?|ages?|sex|gender|histolog(?:y|ies)|subtypes?|number|duration)"
)
_WHICHEVER: Final = re.compile(  # "(any dose or schedule)", "(of all types)"
    rf"[(\[]\s*(?:of\s+|in\s+|at\s+)?(?:any|all|every)\s+{_ANY_KIND}(?:\s*(?:,|/|or|and)\s*(?:any\s+)?{_ANY_KIND})*\s*[)\]]",
    re.IGNORECASE,
)
_SCORED_AS: Final = re.compile(  # what a score stands for: "(ambulatory)", "(able to walk without resting)"
    r"[(\[]\s*(?![^()]*(?:[<>≤≥=]|\b(?:only|unless|except\w*|if|must|should|or)\b))(?:i\.?e\.?,?\s+)?(?:(?:fully|largely)\s+)?(?:ambulatory|able\s+to|capable\s+of|asymptomatic|self-?care)\b"
    rf"{_INNER}?[)\]]",
    re.IGNORECASE,
)


def _all_measured(rules: list[Rule]) -> bool:
    return all(isinstance(rule, Measurement) for rule in rules)


def _all_scored(rules: list[Rule]) -> bool:
    """Whether it is a limit on a scale of how well people are."""
    return all(
        isinstance(rule, Measurement)
        and (entry := vocabulary().entry("measurement", rule.analyte.name)) is not None
        and entry.facts.get("type") == "score"
        for rule in rules
    )


def _all_known(rules: list[Rule]) -> bool:
    """Whether everything is a thing of its own, so that words behind it that say what it does are no part of its
    name; "medications (that affect sleep)" are none without them."""
    return all(
        isinstance(rule, Age | Measurement)
        or (isinstance(rule, Condition | Treatment) and not (rule.concept.open or rule.concept.name in _OF_ANY_KIND))
        for rule in rules
    )


def _all_facts(rules: list[Rule]) -> bool:
    return all(isinstance(rule, Allergy | Condition | Finding | Treatment) for rule in rules)


def _all_found(rules: list[Rule]) -> bool:
    return all(isinstance(rule, Allergy | Condition | PatientAttribute) for rule in rules)


def _all_pregnant(rules: list[Rule]) -> bool:
    return all(isinstance(rule, PatientAttribute) and rule.attribute == "pregnant" for rule in rules)


_OF_ANY_KIND: Final = frozenset(
    "drug,any treatment,procedure,surgery,device,disease,comorbidity,infection,vaccine,any disease".split(",")
)
_OF_SCALE: Final = re.compile(  # "(on a scale of 0 to 10)"
    r"[(\[]\s*(?:on\s+)?(?:(?:an?|the)\s+)?(?:[\w-]+\s+){0,3}?scale(?:\s+(?:of|from|ranging\s+from))?(?:\s+\d+\s*(?:to|-|–)\s*\d+)?\s*[)\]]",
    re.IGNORECASE,
)
_FORMULA: Final = re.compile(  # "(QTcF = QT/RR^0.33)", "(mg/dL = milligrams per deciliter)"
    r"[(\[](?:(?!\b(?:and|or|if|unless|with|in|for|upper|lower|limits?|normal)\b)[^<>≤≥=]){1,40}=\s*(?!positive|negative|abnormal|none|no\b|yes\b)[A-Za-z(\[]"
    r"(?:(?!\b(?:and|or|if|unless|with|in|for|upper|lower|limits?|normal)\b)[^<>≤≥=;]){1,60}[)\]]",
    re.IGNORECASE,
)
_OF_THESE: Final = (
    (_REACHED, _all_measured),
    (_FORMULA, _all_measured),
    (_OF_SCALE, _all_measured),
    (_BY_TEST, _all_measured),
    (_SCORED_AS, _all_scored),
    (_HARMS, _all_known),
    (_WHICHEVER, _all_facts),
    (_BY_WHAT, _all_found),
    (_TESTED, _all_pregnant),
)
