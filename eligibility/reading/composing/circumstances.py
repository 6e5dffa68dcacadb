"""Unknown words that stand alone and name no disease: tests, categories of a tumour, what a site attests or weighs."""

from __future__ import annotations

import re
from typing import Final

from eligibility.knowledge.words import keys
from eligibility.reading.composing.lengths import holds_length
from eligibility.reading.composing.open_phrases import is_unfinished
from eligibility.reading.composing.terms import Composing
from eligibility.reading.drafts import Draft, unread
from eligibility.rules import Statement

__all__ = ["circumstance", "names_no_disease", "on_record", "tells_circumstance"]

_TNM: Final = re.compile(  # T, N and M of the AJCC and UICC staging, said of the disease under study
    r"(?:(?:any|clinical|pathologic(?:al)?|primary|stage|tnm|and|or|to)\s+)*"
    r"(?:(?<![a-z])[cpyrum]{0,3}(?:t(?:is|a|x|[0-4][a-d]?(?:mi)?)|n(?:x|[0-3][a-c]?(?:mi)?)|m(?:x|[01][a-d]?))(?:-[0-4][a-d]?)?"
    r"(?:\s*[-–/,+]\s*|\s+|(?=[ntm])|$)(?:(?:any|to|or|and)\s+)*)+"
    r"(?:(?:disease|tumou?rs?|cancers?|stage|stages|lesions?|categor(?:y|ies)|status|classification)\s*)?"
)
_WEIGHED: Final = re.compile(  # what a physician weighs: "indication for surgery", "high risk of bleeding"
    r"(?:[\w-]+\s+){0,4}(?:contra-?indications?|indications?|risks?|prognosis|predisposition|tendency|suspicion|necessity|"
    r"need|requirement)\s+(?:for|of|to|with|due to|because of)\s+[\w' -]+"
)
_CONTRAINDICATED: Final = re.compile(r"(?:[\w-]+\s+){0,4}contra-?indications?\b")
_FIT: Final = re.compile(  # "sufficient venous access to allow sampling": what a site attests
    r"(?:[a-z]+ly\s+)?(?:adequate|acceptable|sufficient|satisfactory|good|normal|inadequate|insufficient|poor|intact|qualifying|"
    r"suitable|useful|clear|stable|preserved|maintained|appropriate)\s+(?:[\w/&-]+\s+){0,5}"
    r"(?:functions?|functioning|reserves?|health|access|nutrition|compliance|acuity|hearing|vision|media|clarity|dilat(?:at)?ion|"
    r"hygiene|stability|support|intelligence|cognition|capacity|mobility|circulation|sensitivity|control|parameters|profiles?|"
    r"values|levels?|counts?|results|anatomy|thickness|angle|sleep|weight|status|condition|performance|coagulation|marrow|organs?|"
    r"cooperation|entry|systems?)"
    r"(?:\s+(?:to|for|at|on|in|of|during|as|per|based on|according to|prior to|before)\s+[\w' /-]+)?"
)
_IN_RANGE: Final = re.compile(  # "laboratory results outside of acceptable ranges": what a site attests
    r"(?:(?:screening|safety|clinical|baseline|routine|all|any|specified|blood|ha?ematology|chemistry|clinically|significant"
    r"|abnormal|local|other|vital|required|normal)\s+)*"
    r"(?:lab(?:oratory)?|e[ck]gs?|electrocardiograms?|vital signs?|blood counts?)"
    r"(?:\s+(?:tests?|results?|values?|parameters?|findings?|data|measurements?|assessments?|abnormalit(?:y|ies)))*"
    r"\s+(?:that\s+)?(?:are\s+|is\s+|falls?\s+)?(?:within|outside(?: of)?|out of|with|meet(?:s|ing)?)\s+"
    r"(?:(?:the|an?|any|normal|acceptable|clinically|significant|reference|institutional|specified|study|allowable)\s+)*"
    r"(?:ranges?|limits?|abnormalit(?:y|ies)|criteria|requirements)"
    r"(?:\s+(?:at|on|as|for|during|of|in|by|per|according to|prior to|before)\s+[\w' /-]+)?"
)
_CLAUSE_ENDS: Final = re.compile(r"\s*(?:[.;(]|$|\n)")
_TESTED: Final = re.compile(  # a test, which has been done or is to be done
    r"(?:[\w/'-]+\s+){0,5}(?:scans?|tests?|testing|exams?|examinations?|imaging|x-?rays?|radiographs?|spirometry|ultrasound|"
    r"(?:ultra)?sonography|electrocardiograms?|e[ck]g|echocardiograms?|ct|mri|pet|questionnaires?|interviews?|work-?ups?|assays?|"
    r"analys[ie]s|screens?|photography|angiography|colposcopy|laryngoscopy|ophthalmoscopy|mammograms?|recordings?|biops(?:y|ies)|"
    r"blood draws?|laboratory data|records?|specimens?|samples?|slides|blocks?)"
    r"(?:\s+(?:at|of|during|on|in|by|for|to|with|as|per|showing|demonstrating|available|prior to|before)\s+[\w' /-]+)?"
)

_WHOSE: Final = r"(?!(?:evidence|presence|history|diagnosis)\s+of\s)(?:[\w'’/-]+\s+){1,6}?"
_SAID_OF_IT: Final = re.compile(  # a thing, and what is said of it: "rash suggestive of lupus", "change in therapy"
    rf"{_WHOSE}(?:that|which)\s+[\w'’/-]+\s+[\w'’ /-]+"
    rf"|{_WHOSE}(?:[a-z]+ly\s+)?(?:consistent|compatible|incompatible|inconsistent)\s+with\s+[\w'’ /-]+"
    rf"|{_WHOSE}(?:[a-z]+ly\s+)?(?:suggestive|indicative|characteristic|suspicious)\s+(?:of|for)\s+[\w'’ /-]+"
    rf"|{_WHOSE}(?:[a-z]+ly\s+)?(?:attributable|amenable|accessible|(?:un)?suitable|susceptible|conducive)"
    r"\s+(?:to|for)\s+[\w'’ /-]+"
    rf"|{_WHOSE}(?:[a-z]+ly\s+)?(?:requiring|necessitating|causing|affecting|involving|impairing|precluding|preventing"
    r"|limiting|obscuring|indicating|suggesting|mimicking)\s+[\w'’ /-]+"
    r"|(?:(?:any|an?|the|recent|planned|significant|clinically|major|important)\s+)*"
    r"(?:changes?|modifications?|adjustments?|alterations?|increases?|decreases?|interruptions?|discontinuation)\s+(?:of|in|to)\s+"
    r"[\w'’ /-]+"
    r"|(?:[\w'’/-]+\s+){0,4}?(?:(?:disease|tumou?r|cancer)\s+(?:progression|recurrence|relapse)"
    r"|progression\s+of\s+(?:(?:the|their|this)\s+)?(?:disease|tumou?r|cancer)|evidence\s+of\s+(?:\w+\s+){0,2}?progression)"
    r"(?:\s+(?:at|on|during|after|following|since|while|by|with|per|according\s+to|prior\s+to|under)\s+[\w'’ /-]+)?"
    r"|(?:[\w'’/-]+\s+){1,4}?(?:functions?|access|eligibility|values?|evaluations?|tissues?|periods?|phases?|cohorts?"
    r"|guidelines?|appointments?|insurance|fluency|literacy|knowledge|experience|skills?|membership|residence|addresse?s?|habits?"
    r"|(?:ICU|medical|nutrition|prenatal|clinical|limited|intensive)\s+care|(?:medical|traumatic|birth|contact|clinical)\s+history)"
)

_ANOTHER_WAY: Final = re.compile(  # "infarction on MRI or CT": the other way of finding what stands before it
    r"\b(?:on|by|with|via|using|per|through)\s+(?:[\w-]+\s+){0,4}?[\w-]+\s*(?:,|/|,?\s*(?:and/)?or|,?\s*and)\s*$"
)


def names_no_disease(text: str) -> bool:
    """Whether words are a test, or a category of a tumour, rather than a disease."""
    low = text.lower()
    return _TNM.fullmatch(low) is not None or _TESTED.fullmatch(low) is not None


def tells_circumstance(here: Composing, text: str, start: int, end: int) -> bool:
    """Whether :func:`circumstance` finds something in words."""
    low = text.lower()
    return (
        any(pattern.fullmatch(low) is not None for pattern in (_WEIGHED, _FIT, _TNM, _TESTED))
        or _is_said_of_it(here, low, start, end)
        or _CONTRAINDICATED.match(low) is not None
    )


def on_record(here: Composing, start: int, end: int) -> Draft:
    """Words as a circumstance that the chart tells of."""
    return Draft(Statement(text=here.text[start:end], topic="circumstance", who="chart"), start, end)


def circumstance(here: Composing, text: str, start: int, end: int) -> Draft | None:
    """What words mean that name no disease; None where they may name one."""
    low = text.lower()
    if _CONTRAINDICATED.match(low) is not None:
        rule = Statement(text=here.text[start:end], topic="contraindication", who="site")
    elif (
        _WEIGHED.fullmatch(low) is not None
        or _FIT.fullmatch(low) is not None
        or (_CLAUSE_ENDS.match(here.text, end) is not None and _IN_RANGE.fullmatch(low) is not None)
    ):
        rule = Statement(text=here.text[start:end], topic="judgement", who="investigator")
    elif _TESTED.fullmatch(low) is not None and _ANOTHER_WAY.search(here.low, 0, start) is not None:
        return unread(here.text, start, end)
    elif names_no_disease(text) or _is_said_of_it(here, low, start, end):
        return on_record(here, start, end)
    else:
        return None
    return Draft(rule, start, end)


def _is_said_of_it(here: Composing, low: str, start: int, end: int) -> bool:
    """Whether words are a thing and what is said of it, and end a sentence that holds no list, of which more may be
    said so, and no time, which a statement would not hold."""
    if _SAID_OF_IT.fullmatch(low) is None or is_unfinished(keys(low)):
        return False
    following = _SENTENCE_ENDS.search(here.text, end)
    last = following.start() if following is not None else len(here.text)
    before = _SENTENCE_ENDS.split(here.text[:start])[-1]
    return not (
        here.text[end:last].strip(" .)") or _JOINED.search(before) or holds_length(f"{before}{here.text[start:end]}")
    )


_SENTENCE_ENDS: Final = re.compile(r"\.\s|[;\n]")
_JOINED: Final = re.compile(r"[,/]|\b(?:and|or)\b", re.IGNORECASE)
