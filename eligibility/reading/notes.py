"""Sentences that ask nothing of a patient: what the study will do, whom to tell, where to read more."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final, NamedTuple

from eligibility.reading.lexing.tokens import Token
from eligibility.reading.patterns import PERSONS

__all__ = ["asks_nothing", "says_who_can_bear", "without_notes", "without_reasons"]

_SOMEBODY: Final = rf"(?:wom[ae]n|m[ae]n|(?:fe)?males?|{PERSONS}|partners?|pregnancy)"
_TELLS: Final = r"(?:inform|notif|tell|report|contact|discontinu|withdraw|stop)"
_TEST: Final = (
    r"(?:tests?|testing|samples?|biops(?:y|ies)|scans?|screening|evaluations?|assessments?|examinations?|imaging|measurements?|EKGs?|"
    r"questionnaires?|ECGs?|(?:electro|echo)cardiograms?|echocardiography|mammograms?|mammography|ultrasounds?|counsel(?:l)?ing|history|histology|cytology|results|MRI|CT|x-?rays?)"
)
_EVIDENCE: Final = (
    rf"(?:{_TEST}|sampling|punctures?|serolog(?:y|ies)|titers?|aspirates?|work-?\s?ups?|studies|confirmation"
    r"|verification|adjustment)"
)
_AGAIN: Final = r"(?:repeated|re-?(?:tested|screened|checked|measured|assessed|evaluated|examined|done))"
_AGAIN_NOUN: Final = r"re-?(?:test(?:ing)?s?|screening|assessments?|measurements?|evaluations?|checks?)"
_ALL_OF_THEM: Final = rf"(?:(?:all|the|study)\s+)*(?:{PERSONS})"  # not of those with, or who
_NEED_NOT: Final = (
    r"need\s+not|(?:do|does|did|will)\s+not\s+have\s+to|(?:is|are|will|was|were)\s+not\s+(?:be\s+)?"
    r"(?:required|necessary|obliged|expected)\s+to"
)
_NOT_REQUIRED: Final = (
    r"(?:(?:is|are|will\s+be)\s+)?not\s+(?:be\s+)?(?:required|mandatory|necessary|needed|mandated)"
    r"(?:\s+(?:for|at|in|prior\s+to|before|during|by|as\s+part\s+of)\s+(?:(?:the|this|a|all|any|study|trial|protocol|patients?|participants?|subjects?|asymptomatic)\s+)*"
    r"(?:entry|enrol+ment|participation|eligibility|inclusion|registration|randomi[sz]ation|screening|baseline|diagnostics?|diagnosis"
    r"|(?:study|trial|protocol|patients|participants|subjects)))*"
    r"(?:\s*[,(]?\s*(?:but|although)\s+(?:is\s+|are\s+)?(?:strongly\s+|highly\s+)?(?:recommended|encouraged|desirable|desired|preferred"
    r"|allowed|permitted|acceptable))?"
)
_SEX: Final = r"(?:males?|females?|men|women)"
_PLAIN: Final = (
    r"(?:(?!(?:not|no|negative|positive|normal|only|with|who|whom|which|that|if|unless|must|excluded)\b)[\w/'’-]+\s+)"
)
_THING: Final = (
    rf"(?:(?!(?:{_SOMEBODY}|they|those|these|cohorts?|arms?|groups?|children|persons?|individuals?)\b){_PLAIN})"
)
_TOLD: Final = (
    r"(?:defined|described|detailed|listed|specified|outlined|summari[sz]ed|explained|provided|given|presented|found"
    r"|shown)"
)
_PLACE: Final = (
    r"(?:in|within|under|by)\s+(?:the\s+)?(?:study\s+|trial\s+|full\s+|clinical\s+)?(?:protocol|section|appendix|appendices|annex|attachment|table"
    r"|(?:study\s+|laboratory\s+|operations\s+|procedures\s+)?manual|study\s+documents?|synopsis|investigator['’]?s?\s+brochure|package\s+insert"
    r"|inclusion|exclusion)\b[\w\s.,()/-]{0,40}"
)


_NO_DEMAND: Final = (  # that nothing is asked in the same breath
    r"(?![^;]*\b(?:must|should|shall|need|requir\w*|eligib\w*|ineligib\w*|exclu\w*|unless|except|provided|only|if|not|no|but|allow\w*"
    r"|permit\w*|accept\w*|consent\w*|assent|contracepti\w*|willing|agree\w*|abilit\w*|able|candida\w*|suitab\w*|fitness|compet\w*)\b)"
)


class _Note(NamedTuple):
    """A kind of sentence that asks nothing. ``hints``: one of them, in small letters, is in each such sentence."""

    about: str
    hints: tuple[str, ...]
    pattern: re.Pattern[str]


def _note(about: str, *hints: str, said: str) -> _Note:
    return _Note(about, hints, re.compile(said, re.IGNORECASE))


_WHO_CAN_BEAR: Final = "who can bear a child"
_HOW_MEASURED: Final = "how something will be measured"
_NOTES: Final = (
    _note(
        "a criterion that is gone, or that there are none",
        "criteri",
        said=r"(?:inclusion|exclusion|eligibility)\s+criteri(?:on|a)\s+(?:no\.?\s*|number\s+)?#?\d+\s+(?:was|were|has\s+been|have\s+been)"
        r"\s+(?:removed|deleted|withdrawn)(?:\s+(?:in|by|with|as\s+of|from)\s+[\w\s.]{1,40})?"
        r"|(?:there\s+are\s+)?no\s+(?:(?:specific|further|additional|other|formal|particular)\s+)*(?:inclusion|exclusion)"
        r"\s+criteria(?:\s+(?:for|in|to)\s+(?:this|the)\s+(?:\w+\s+)?(?:study|trial|protocol))?",
    ),
    _note(
        "abstinence as contraception",
        "abstinence is ",
        said=r"(?:true|sexual|complete|total|heterosexual)?\s*abstinence\s+is\s+(?:only\s+)?(?:considered\s+)?(?:an?\s+)?"
        r"(?:acceptable|accepted|allowed|permitted)\b[^.;]*\blifestyle\b[^.;]*",
    ),
    _note("what is not specified", "not specified", said=r"(?:[\w/-]+\s+){1,5}(?:is\s+|are\s+)?not\s+specified"),
    _note(
        "what to do if a pregnancy occurs",
        "should ",
        said=rf"should\s+(?:{_PLAIN}{{0,8}}{_SOMEBODY}|{_SOMEBODY})\s+(?:become|suspect|occur|get|be\s+suspected)\b.*?\b{_TELLS}.*",
    ),
    _note(
        "whom to tell of a pregnancy",
        "if ",
        said=rf"if\s+(?:{_PLAIN}{{0,8}}{_SOMEBODY})\s+(?:becomes?|suspects?|occurs?|gets?)\b.*?\bpregnan.*?\b{_TELLS}.*",
    ),
    _note(
        "the test behind a positive one",
        "positive",
        said=r"if\s+(?:the\s+)?(?:urine\s+)?(?:pregnancy\s+)?(?:test|result)\s+is\s+positive\b[^<>≤≥]*?\bserum\s+(?:pregnancy\s+)?test\s+"
        r"(?:will\s+be|is|must\s+be|should\s+be)\s+(?:required|performed|done|obtained|conducted)",
    ),
    _note(
        "what a line of therapy is",
        "line ",
        "regimen ",
        said=r"(?:an?|one|each)\s+(?:line|regimen)\s+(?:of\s+(?:systemic\s+)?(?:therapy|treatment|chemotherapy)\s+)?"
        r"(?:can|may|might|could)\s+(?:also\s+)?(?:be|include|consist|comprise)\b[^<>≤≥\d]*",
    ),
    _note(
        "on what the treatment under study depends",
        "depend",
        said=r"the\s+(?:experimental|investigational|study)\s+(?:treatments?|therapy|drugs?|agents?|vaccines?)\s+(?:being\s+evaluated\s+"
        r"in\s+this\s+(?:protocol|study|trial)\s+)?depends?\s+on\s+an?\s+intact\s+immune\s+system",
    ),
    _note(
        "what those with a disease may suffer",
        "decreased",
        "increased",
        "reduced",
        "impaired",
        "susceptib",
        "higher risk",
        said=r"(?![^;]*\b(?:must|should|shall|need|requir\w*|eligib\w*|ineligib\w*|exclu\w*|unless|except|provided|only|if|not|no|but|allow\w*"
        r"|permit\w*|accept\w*)\b)(?:patients|participants|subjects|individuals|people|those)\s+(?:who\s+(?:are|have)|with)\s+[^<>≤≥;.]{3,80}?"
        r"\s(?:can|may|might|could)\s+(?:also\s+)?(?:have|be|suffer|experience)\s+(?:an?\s+|the\s+|from\s+)?"
        r"(?:decreased|increased|reduced|impaired|less|more|lower|higher|at\s+(?:an?\s+)?(?:increased|higher|greater))\b[^<>≤≥;.]*",
    ),
    _note(
        "an address to look at",
        "www.",
        "http",
        said=r"(?:(?:please\s+)?(?:see|refer\s+to|cf\.?|visit|available\s+(?:at|on|from))\s+)?(?:the\s+)?(?:\w+\s+){0,2}"
        r"(?:https?://|www\.)\S+(?:\s+(?:website|web\s*site|page))?",
    ),
    _note(
        "where to learn more",
        "information",
        said=r"(?:for\s+)?(?:more|further|additional)\s+information\b[^.]*?\b(?:visit|contact|see|refer|call)\b.*",
    ),
    _note(
        "where to read on",
        "see ",
        "refer",
        "contact",
        said=r"(?:please\s+)?(?:see|refer\s+to|contact)\s+(?:the\s+)?(?:study\s+)?(?:section|appendix|table|protocol|inclusion|exclusion|"
        r"investigator['’]?s?\s+brochure|below|above|figure|trial\s+team|study\s+team|criteri(?:on|a))\b.{0,80}",
    ),
    _note(
        "where something is told in full",
        "define",
        "describe",
        "detailed",
        "listed",
        "specified",
        "outlined",
        "provided in",
        "given in",
        "found in",
        said=rf"{_PLAIN}{{1,9}}(?:is|are|will\s+be|(?:has|have)\s+been|(?:can|may)\s+be)\s+(?:also\s+|fully\s+)?(?:further\s+)?{_TOLD}"
        rf"(?:\s+(?:below|above|elsewhere|separately)|\s+(?:further\s+|in\s+(?:more\s+|full\s+)?detail\s+)?{_PLACE}"
        rf"|(?<=\bfurther\sdefined)|(?<=\bfurther\sdescribed)|(?<=\bfurther\sspecified)|\s+(?:further|in\s+(?:more\s+)?detail))",
    ),
    _note(
        "tests that the study will do",
        "will ",
        said=rf"{_PLAIN}{{0,8}}{_TEST}\s+will\s+(?:also\s+)?be\s+(?:performed|obtained|done|carried\s+out|conducted|repeated|taken|collected"
        rf"|drawn|measured|checked|offered|provided)(?:\s+{_PLAIN}{{0,24}}[\w()/'’-]+)?",
    ),
    _note(
        "when a test is to be done again",
        "repeat",
        said=rf"(?:that\s+)?(?:the\s+)?repeat(?:ed)?\s+{_PLAIN}{{0,2}}{_TEST}\s+(?:should|must|is\s+to|has\s+to)\s+be\s+"
        r"(?:performed|done|obtained)\s+(?:during|at|within)\s+(?:the\s+)?(?:study\s+)?screening(?:\s+(?:period|visit|phase))?",
    ),
    _note(
        "what will be done with what is found",
        "will be",
        "will also be",
        said=rf"{_NO_DEMAND}{_PLAIN}{{1,14}}will\s+(?:also\s+)?be\s+(?:\w+ly\s+)?(?:recorded|documented|captured|reviewed|analy[sz]ed|stored"
        r"|archived|discarded|disposed\s+of|destroyed|undertaken|calculated|collected|drawn\s+from|identified\s+(?:from|by|through))\b[^<>≤≥;]*",
    ),
    _note(
        _HOW_MEASURED,
        "will be",
        said=rf"{_NO_DEMAND}{_PLAIN}{{0,8}}(?:status|levels?|values?|scores?|grad(?:e|ing)|stag(?:e|ing)|severity|response|progression|toxicit(?:y|ies)"
        r"|symptoms|lesions?|volumes?|size|expression|counts?|concentrations?|rates?|pressure|function|acuity)\s+will\s+be\s+(?:\w+ly\s+)?"
        r"(?:determined|assessed|evaluated|measured|graded|classified|done|performed)\s+(?:by|as\s+per|per|according\s+to|using|with|via|from|on|at|in)"
        r"\b[^<>≤≥;]*",
    ),
    _note(
        "by which criteria something is told",
        "used ",
        "applied ",
        said=rf"{_NO_DEMAND}(?:the\s+)?(?:[\w./-]+\s+){{1,4}}(?:criteria|guidelines?|classification|definitions?)\s+(?:is|are|will\s+be)\s+"
        r"(?:used|applied)\s+(?:to|for|in)\b[^<>≤≥;]*",
    ),
    _note(
        "who may be tested again",
        "may ",
        "can ",
        said=r"(?![^;]*\b(?:must|should|exclu\w*|not|unless|eligib\w*)\b)(?:(?:the|all|any|abnormal|initial|screening|lab|laboratory)\s+)*"
        rf"(?:{PERSONS}|candidates?|values?|results?|tests?|assessments?|measurements?|samples?|labs?"
        r"|screening|it|they|this|these|ECGs?|parameters?)\b(?:[^;()]|\([^;()]*\))*?\b(?:may|can|could)\s+(?:also\s+)?be\s+"
        r"(?:re-?screened|re-?tested|repeated|re-?assessed|re-?evaluated|re-?checked)\b[^;]*",
    ),
    _note(
        "what is preferred",
        "preferred",
        said=rf"{_NO_DEMAND}{_THING}{{1,8}}(?:is|are)\s+(?:strongly\s+)?preferred\s+(?:to|over)\s+[^<>≤≥;]*",
    ),
    _note(
        "what would be good, and need not be",
        "but not ",
        "though not ",
        said=rf"{_PLAIN}{{1,10}}(?:is|are|would\s+be)\s+(?:(?:strongly|highly)\s+)?(?:preferred|recommended|encouraged|desirable|desired|advised|suggested)"
        r"\s*,?\s*(?:but|al?though)\s+(?:is\s+|are\s+)?not\s+(?:required|mandatory|necessary|obligatory|essential|compulsory|a\s+requirement)",
    ),
    _note(
        "what counts as a line of treatment",
        "count as",
        "counts as",
        "counted as",
        said=rf"{_PLAIN}{{1,12}}(?:(?:will|would|does|do|should)\s+)?(?:be\s+)?count(?:s|ed)?\s+as\s+(?:(?:an?|one|separate|single|prior|previous|the)\s+)*"
        r"(?:lines?|regimens?|courses?)\b(?:\s+of\s+(?:\w+\s+)?(?:therapy|treatment|chemotherapy))?",
    ),
    _note(
        "what is optional",
        "optional",
        said=rf"{_NO_DEMAND}{_PLAIN}{{1,10}}(?:is|are|will\s+be)\s+optional\b(?:,?\s+(?:but|and|although)\s+[\w\s-]{{3,60}})?"
        r"(?:\s+(?:for|in)\s+(?:all\s+|the\s+)*\w+)?",
    ),
    _note(
        "what does not replace what is asked",
        " replace ",
        " substitute ",
        said=rf"{_PLAIN}{{1,8}}(?:does|do|will)\s+not\s+(?:replace|substitute\s+for)\s+(?:the\s+)?(?:requirements?|needs?|use|obligation)\b[^<>≤≥;]*",
    ),
    _note(
        "any race",
        "race",
        "ethnic",
        said=r"(?:(?:members|patients|subjects|participants|individuals|people|persons|(?:both\s+)?men\s+and\s+women|and|or)\s+)+(?:of|from)\s+"
        r"(?:all|any|every)\s+(?:races?|ethnic\w*)(?:(?:\s*[,/]\s*|\s+(?:and|or)\s+|\s+)(?:all|any|races?|racial|ethnic\w*|groups?|backgrounds?"
        r"|origins?|genders?))*\s+(?:will\s+be|are|may\s+be)\s+(?:included|eligible|enrolled|accepted|recruited)"
        r"(?:\s+(?:for|in)\s+(?:this|the)\s+(?:trial|study|protocol))?",
    ),
    _note(
        "where drugs are listed",
        "changing",
        said=r"(?:because|since|as)\s+(?:the\s+)?lists?\s+of\s+(?:these|such)\s+(?:agents|drugs|medications)\s+(?:is|are)\s+constantly\s+changing"
        r"[^;<>≤≥]*",
    ),
    _note(
        "what the drugs of the study may do to a child",
        "fet",
        "foet",
        "unborn",
        "embryo",
        "teratogen",
        "nursing",
        "milk",
        said=rf"{_NO_DEMAND}(?=[^;]*\b(?:study|trial|protocol|experimental|investigational)\b)(?=[^;]*\b(?:f(?:o)?et(?:us|al)|unborn|embryo\w*"
        r"|teratogen\w*|nursing\s+(?:child|infant|bab)\w*|milk)\b)"
        rf"(?:(?!(?:{_SOMEBODY})\b){_PLAIN}){{1,9}}(?:is|are|may|might|can|could|has|have|includes?)\s+"
        rf"(?:(?!(?:wom[ae]n|males?|females?|{PERSONS}|partners?)\b)[^<>≤≥;\s]+\s*)+",
    ),
    _note(
        "who becomes pregnant later",
        "pregnant",
        said=rf"(?:any\s+|all\s+)*(?:wom[ae]n|females?|{PERSONS})\s+(?:who\s+)?(?:becom(?:e|es|ing)|gets?|getting)\s+pregnant\b"
        r"[^;<>≤≥]*?\bwill\s+be\s+(?:immediately\s+)?(?:withdrawn|discontinued|removed)\b[^;<>≤≥]*",
    ),
    _note(
        "what is not needed",
        "requir",
        "mandat",
        "necessary",
        "needed",
        said=rf"(?:{_PLAIN}{{0,7}}(?:{_TEST}|(?:(?:measurable|evaluable)\s+(?:or\s+)?){{1,2}}disease|measurability|confirmation|documentation|wash-?out)"
        r"(?:\s+to\s+(?:confirm|document|detect|exclude|rule\s+out|show|look\s+for|verify|assess)\s+"
        rf"{_PLAIN}{{0,8}}[\w'’-]+)?(?:\s+(?:is|are))?\s+not|"
        rf"(?:presence|absence|participation|biopsy|re-?biopsy|confirmation|documentation|screening|testing|assessment|evaluation|proof"
        rf"|enrol?lment)\s+(?:of|in|for)\s+{_PLAIN}{{0,9}}[\w()/'’-]+\s+(?:is|are)\s+not|"
        rf"(?:an?\s+)?(?:positive\s+)?{_PLAIN}{{0,7}}{_EVIDENCE}(?:\s*\([\w\s/,-]{{2,30}}\))?"
        rf"(?:\s+(?:of|for|in|on|at|by)\s+{_PLAIN}{{0,8}}[\w/-]+){{0,2}}(?:\s+(?:is|are))?\s+not(?:\s+routinely)?|"
        rf"no\s+{_PLAIN}{{0,5}}{_TEST}(?:\s+(?:is|are))?)\s+(?:required|mandatory|necessary|needed|mandated)"
        rf"(?:\s+(?:for|at|in|to|prior\s+to|before|by|as\s+part\s+of)\s+(?:(?!(?:if|unless|provided|except|{PERSONS}|those|with|"
        r"who)\b)[\w/-]+(?![\w/-])\s*){1,10})?"
        r"(?:\s+(?:in|for)\s+(?:patients|participants|subjects|women|females|those)\s+(?:with|without|who)\s+(?:(?!(?:if|unless|provided|except)\b)[\w()/-]+(?![\w()/-])\s*){1,14})?"
        r"(?:,?\s+unless\s+(?:otherwise\s+)?(?:it\s+is\s+)?(?:mandated|required)\s+by\s+[\w\s]{3,50})?"
        rf"(?:\s+(?:in|for)\s+(?:[a-z-]+\s+){{0,2}}(?:{PERSONS}))?"
        r"(?:,?\s+(?:and|but)\s+(?:is|are|may\s+be)\s+(?:performed\s+|done\s+)?(?:per|at|left\s+to)\s+(?:the\s+)?discretion\b[\w\s]{0,50})?"
        r"(?:,?\s+(?:and|but|although)\s+(?:it\s+)?(?:is|are)\s+(?:strongly\s+)?(?:recommended|encouraged|preferred|optional)\b[^;<>≤≥]*)?",
    ),
    _note(
        "what need not be so",
        "need",
        "have to",
        "requir",
        said=rf"(?:(?:it|{_ALL_OF_THEM})\s+(?:{_NEED_NOT})|{_THING}{{1,10}}(?:{_NEED_NOT}|(?:does|do|did|will)\s+not\s+need\s+to))\s+"
        rf"(?:(?!(?:if|unless|but|must|provided|except|however|only|who|whom|whose|when|where|prior|{_SOMEBODY})\b)[\w()/,'’-]++\s*)+",
    ),
    _note(
        "a finding, a result or a diagnosis that need not be there",
        "requir",
        "mandat",
        "necessary",
        "needed",
        said=rf"(?:(?:an?\s+)?(?:(?:positive|negative|normal)\s+)?{_PLAIN}{{0,7}}(?:{_TEST}|staging|work-?ups?|serolog(?:y|ies)|urinalys[ie]s|stud(?:y|ies)|status|punctures?"
        rf"|sampling|analys[ie]s|diagnos[ie]s|patholog(?:y|ies)|cytolog(?:y|ies)|confirmation)(?:\s+(?:for|of|in|at|from|on|with)\s+{_PLAIN}{{0,9}}[\w'’-]+)?"
        r"|(?:presence\s+of\s+)?(?:an?\s+)?(?:measure?able|evaluable|residual)(?:\s+(?:or|and/or)\s+(?:evaluable|assessable|measurable))?"
        r"\s+(?:disease|lesions?|tumou?rs?)(?:\s+(?:per|by|according\s+to)\s+[\w.]+(?:\s+[\w.]+)?(?:\s+criteria)?)?"
        r"|(?:evidence\s+of\s+)?(?:disease\s+)?progression(?:\s+(?:on|after|during|following)\s+(?:an?\s+|the\s+|any\s+)?(?:prior|previous|last)"
        rf"\s+{_PLAIN}{{0,4}}[\w'’-]+)?|(?:submission|provision)\s+of\s+{_PLAIN}{{0,4}}(?:tissue|samples?|specimens?|blocks?|slides?))"
        rf"\s+{_NOT_REQUIRED}",
    ),
    _note(
        "a treatment that need not have been",
        "requir",
        "mandat",
        "necessary",
        said=rf"(?:prior|previous)\s+{_PLAIN}{{1,6}}(?:(?:with|in)\s+{_PLAIN}{{0,8}}[\w'’-]+\s+)?{_NOT_REQUIRED}",
    ),
    _note(
        "what may be given to reach a limit",
        "transfus",
        "growth factor",
        "poetin",
        said=r"(?:(?:(?:patients|participants|subjects)\s+)?may\s+(?:(?:be|have\s+been)\s+transfused|(?:receive|have\s+received)\s+(?:[a-z-]+\s+){0,3}"
        r"(?:transfusions?|growth\s+factors?(?:\s+support)?|epoetin(?:\s+alfa)?|erythropoietin))|(?:[a-z]+\s+){0,3}"
        r"transfusions?\s+(?:is|are|may\s+be)\s+(?:allowed|permitted|acceptable|used|given))(?!.*\b(?:if|unless|except|not|no|provided|only|"
        r"within|until|up\s+to|before)\b)[^<>≤≥\d]*",
    ),
    _note(
        "who will decide, and when",
        "will be",
        said=r"(?:this|these|those|it|(?:the|this|these|each)?\s*(?:determination|decision|assessment|evaluation|criterion|criteria|eligibility))"
        r"(?:\s+(?:determination|decision|assessment|evaluation)s?)?\s+will\s+be\s+(?:determined|assessed|judged|evaluated|made|decided"
        r"|recorded|reviewed|captured|confirmed|re-?confirmed|verified|checked)\b[^<>≤≥\d]*",
    ),
    _note(
        "how an authorization is given",
        "authori",
        said=r"(?:the\s+)?(?:hipaa|privacy)\s+authori[sz]ation\s+(?:may|can|will|should)\s+be\s+"
        r"(?:included|contained|incorporated|obtained|given|part)\b[^.;<>≤≥]*",
    ),
    _note(
        "who is withdrawn later",
        "withdraw",
        "discontinu",
        said=r"(?:development|occurrence)\s+of\s+(?:an?\s+)?[\w\s-]{3,40}?\s+(?:during|while\s+on|in\s+the\s+course\s+of)\s+"
        r"(?:the\s+)?(?:study|trial|treatment)(?:\s+period)?\s+(?:will|would|shall)\s+"
        r"(?:necessitate|require|result\s+in|lead\s+to)\s+(?:the\s+)?(?:withdrawal|discontinuation|removal)\b[^.;<>≤≥]*",
    ),
    _note(
        "how many of a kind are enrolled",
        "enrolled",
        "recruited",
        said=r"(?:no\s+more\s+than|at\s+most|at\s+least|approximately|up\s+to|about)\s+\d+\s*(?:percent(?:\s*\(%\))?|%)\s*of\s+"
        r"(?:the\s+|all\s+)?(?:patients|participants|subjects)\s+(?:may|will|can|should)\s+be\s+(?:enrolled|recruited)\b.*",
    ),
    _note(
        "what a summary leaves out",
        "above information",
        said=r"the\s+above\s+information\s+(?:was|is)\s+not\s+intended\s+to\s+contain\s+all\s+considerations\b.*",
    ),
    _note(
        "how much a drink is, of the size that it has as a unit, or a unit of alcohol",
        "drink",
        "unit",
        "beverage",
        said=rf"{_NO_DEMAND}(?!.*\b(?:drink|beverage)\b.*(?<![\d.])(?!1[2-4](?:\.0)?\s*g)\d[\d.]*\s*(?:g|grams?)\b)"
        r"(?=.*\b(?:beers?|wine|spirits?|liquor|alcohol|ethanol)\b)(?:where\s+)?(?:an?|one|1)\s+(?:(?:standard|alcoholic|alcohol|single)\s+)*"
        r"(?:drink|beverage|unit)(?:\s+of\s+alcohol)?\s*(?:=|\b(?:(?:is|was)\s+(?:defined\s+as|equivalent\s+to|equal\s+to|considered)|is|equals?|means"
        r"|contains|corresponds?\s+to)\b)(?!.*\b(?:per|a|each)\s+(?:day|week)\b)[^<>≤≥]*",
    ),
    _note(
        "how pack-years are counted",
        "pack-year",
        "pack year",
        "packyear",
        said=r"(?:the\s+)?(?:number\s+of\s+|an?\s+|one\s+|1\s+)?pack[\s-]?years?(?:\s+history)?\s*(?:\([^()]*\)\s*)?"
        r"(?:=|(?:is|are|equals?|means|corresponds?|(?:is|are)\s+(?:defined|calculated|determined))\s).*"
        r"|(?:pipe|cigar|e-?cigarette|vaping)[\w\s/-]*\s(?:cannot|can\s+not|may\s+not|will\s+not|should\s+not|is\s+not|are\s+not)\s+"
        r"(?:be\s+)?(?:used|counted|included|considered)\b[^<>≤≥]*\bpack[\s-]?years?\b[^<>≤≥]*",
    ),
    _note(
        "that something may be done again",
        "repeat",
        "again",
        "re-",
        "retest",
        "rescreen",
        "recheck",
        "remeasure",
        "reassess",
        "reevaluat",
        said=rf"(?:(?:if|when|where|in\s+case)\b[^.;<>≤≥]*?,\s*)?(?:(?:{_PLAIN}{{0,6}}?(?:{_TEST}|values?|parameters?|labs?|procedures?)"
        rf"|it|they|this|these|{_ALL_OF_THEM}(?:\s+(?:who|that)\s+(?:fail|do\s+not|did\s+not|does\s+not)[^.;<>≤≥]*?)?)"
        rf"\s+(?:may|can|could|might)\s+(?:also\s+|only\s+)?be\s+(?:{_AGAIN}|(?:done|performed|tested|screened|measured|assessed)\s+again)"
        rf"|(?:one|an?|up\s+to\s+\w+)?\s*(?:additional\s+|single\s+)?(?:repeat(?:ed)?|{_AGAIN_NOUN})(?:\s+{_PLAIN}{{0,4}}?{_TEST})?"
        r"(?:\s+(?:of|for)\s+(?:(?:the|any|all|an|laboratory|individual|screening|abnormal|failed|out-of-range)\s+){0,3}[\w-]+)?"
        r"\s+(?:is|are|may\s+be|can\s+be)\s+(?:allowed|permitted|possible|acceptable|performed|done|conducted|obtained))"
        r"(?!.*\b(?:must|should|shall|exclu\w*|eligible|ineligible|only\s+if|mean|average|provided|both|each)\b)[^<>≤≥;]*",
    ),
    _note(
        "what the site will do",
        "will ",
        said=r"the\s+(?:study|trial)\s+(?:cent(?:er|re)|staff|personnel|team|doctor|physician|site)\s+will\s+(?:determine|explain|discuss|"
        r"decide|review|assess|answer|provide|inform)\b[^<>≤≥]*",
    ),
    _note(
        "what will be done for patients",
        "will be",
        said=r"(?:all\s+|the\s+|these\s+)*(?:patients|participants|subjects|they)\s+will\s+be\s+(?:(?:followed|monitored|contacted|compensated|"
        rf"informed|encouraged|instructed|reminded|advised|counsel+ed)\b[^<>≤≥]*|{_NO_DEMAND}(?:registered|identified|stratified|randomi[sz]ed"
        r"|tested)\b[^<>≤≥;]*)",
    ),
    _note(
        _WHO_CAN_BEAR,
        "bearing",
        "reproductive",
        said=rf"(?:an?\s+|the\s+|all\s+)*(?:(?:wom[ae]n|females?|{PERSONS}|those)"
        rf"(?:\s+(?:{PERSONS}))?\s+(?:not\s+)?of\s+)?(?:non-?)?"
        r"(?:child[\s-]*bearing|reproductive)\s+(?:potential|age|capacity)(?:\s+\([A-Z]+\))?\s+(?:is|are|includes?|means?)\s+"
        r"(?:(?:defined\s+as|those|any|all|an?|considered|sexually\s+(?:mature|active))\s+)*(?:wom[ae]n|females?|those|anyone|having|as|who"
        rf"|(?:pre|post)[\s-]?(?:menarch\w*|menopausal)|surgical\w*|permanent\w*|greater|{PERSONS})\b(?![^.]*\b(?:must|should|agree|required|eligible|excluded)\b).*",
    ),
    _note(
        _WHO_CAN_BEAR,
        "bearing",
        "reproductive",
        said=r"(?!.*\b(?:must|should|agree|required|eligible|excluded)\b)(?:any\s+|all\s+)?(?:wom[ae]n|females?)\b[^.<>≤≥]*?\b(?:is|are)\s+"
        r"(?:not\s+)?considered\s+(?:to\s+be\s+)?(?:a\s+)?(?:wom[ae]n\s+)?(?:not\s+)?of\s+(?:non-?\s?)?(?:child-?\s?bearing|reproductive)\s+potential"
        r"(?:\s+(?:if|when|where)\s+(?:they|she)\s+[^;<>≤≥]*)?",
    ),
    _note(
        _WHO_CAN_BEAR,
        "bearing",
        "reproductive",
        "to be considered",
        said=r"(?:all\s+|any\s+)?(?:(?:post|peri)[\s-]?menopausal\s+)?(?:wom[ae]n|females?|patients|subjects|participants)\s+"
        r"(?:must|should|need\s+to|have\s+to)\s+(?:be|have\s+been|have)\s+(?!using|on\b|willing|able)[^.;<>≤≥]*?\s+(?:in\s+order\s+)?to\s+be\s+"
        r"(?:considered|regarded|deemed|classified)\s+(?:as\s+|to\s+be\s+)?(?:(?:a\s+)?wom[ae]n\s+)?(?:not\s+)?(?:of\s+)?"
        r"(?:(?:non-?\s?)?(?:child-?\s?bearing|reproductive)(?:\s+(?:potential|capacity))?|(?:not|un)\s?(?:capable|able)\b[^.;<>≤≥]*"
        r"|(?:post[\s-]?menopausal|sterile|infertile))",
    ),
    _note(
        "what counts as one line of treatment",
        "considered",
        "counted",
        said=r"(?![^.;]*\b(?:must|unless|not|no|only|exclud\w*|eligib\w*|received)\b)[^.;<>≤≥]{3,140}?\b(?:is|are|will\s+be)\s+(?:considered|counted)"
        r"\s+(?:as\s+|to\s+be\s+)?(?:one|a\s+single|1)\s+(?:prior\s+)?(?:(?:chemotherapy|treatment|systemic|therapy)\s+)?"
        r"(?:regimen|line|course)\b[^<>≤≥;\d]*",
    ),
    _note(
        "who may consent for somebody",
        "representative",
        said=r"(?:the\s+|an?\s+)?(?:legally\s+|legal\s+)?(?:acceptable\s+|authori[sz]ed\s+)?representatives?\s+(?:may|can)\s+(?:also\s+)?"
        r"(?:sign|provide|give|consent)\b(?![^.;]*\b(?:must|only|not|unless)\b)[^.;<>≤≥]*",
    ),
    _note(
        "what the study will try",
        "every effort",
        said=r"(?![^;]*\b(?:eligib\w*|exclu\w*|unless|except|consent\w*|contracepti\w*)\b)every\s+effort\s+(?:should|will|must)\s+be\s+made\b[^<>≤≥;]*",
    ),
    _note(
        "who does not need contraception",
        "contracept",
        "birth control",
        said=r"(?![^;]*\b(?:must|should|unless|except|but|however)\b)[^;<>≤≥]*?\b(?:do|does|will|would)\s+not\s+(?:require|need)\s+"
        r"(?:to\s+(?:use|practi[cs]e)\s+)?(?:(?:the\s+)?use\s+of\s+)?(?:any\s+)?(?:\w+\s+){0,2}?(?:contracepti\w*|birth\s+control)\b[^;<>≤≥]*",
    ),
    _note(
        "no limit",
        "limit",
        "restriction",
        said=r"(?:there\s+(?:is|are)\s+)?no\s+(?:upper|maximum)\s+(?:age\s+limit|limit\s+(?:of|for|on|to)\s+age|limit)"
        r"(?:\s+(?:for|to|on)\s+(?:enrol+ment|participation|inclusion|entry|eligibility)(?:\s+(?:to|in|into|for)\s+(?:this|the)\s+"
        r"(?:study|trial|protocol))?)?"
        r"|(?![^.;]*\b(?:except|other\s+than|but|however|unless|provided|must|if|exclud)\w*\b)"
        r"(?:there\s+(?:is|are)\s+)?no\s+(?:limit(?:ation)?|restriction)s?\s+(?:on|in|for|to|as\s+to|regarding|with\s+regard\s+to)\s+"
        r"(?:the\s+)?(?:number|age|prior|previous|performance|histolog|stage|line|regimen)[^.;<>≤≥\d]*",
    ),
    _note(
        "what is advised",
        "recommend",
        "encourag",
        "advis",
        "prefer",
        said=rf"(?:it|this(?:\s+\w+)?|(?:all\s+)?(?:patients|participants|subjects)|(?:continued\s+|the\s+)*use\s+of\s+{_PLAIN}{{1,14}}?)"
        r"\s*(?:is|are)\s+(?:strongly\s+|highly\s+)?(?:recommended|encouraged|advised|advisable|preferred)\b(?![^.]*\b(?:must|exclu|reject))[^<>≤≥]*",
    ),
    _note(
        "what is to be thought of",
        "should be considered",
        said=r"(?:(?:the\s+|use\s+of\s+)*contraception|(?:cryo)?preservation\s+of\s+(?:sperm|semen|ova|oocytes|eggs|fertility|embryos)[\w\s/]{0,30}?"
        r"|(?:sperm|semen|oocyte|fertility)\s+(?:cryo)?preservation|(?:iv\s+|intravenous\s+)?hydration)\s+should\s+be\s+considered\b"
        r"(?![^.]*\b(?:must|exclu|unless|except))[^<>≤≥;]*",
    ),
    _note(
        "what is expected of most",
        "it is expected that",
        "it is anticipated that",
        said=r"it\s+is\s+(?:expected|anticipated)\s+that\s+(?:\w+\s+){1,4}?(?:patients|participants|subjects|women|men)\s+"
        r"(?:would|will)\s+(?:have\s+(?:had|undergone|received)|be)\b(?![^.]*\b(?:must|exclu|reject|unless|except|only))[^<>≤≥]*",
    ),
    _note(
        "either sex",
        "male",
        "men",
        said=rf"(?:both\s+|either\s+)?{_SEX}\s+(?:and|or|and/or)\s+{_SEX}(?:\s+(?:patients|subjects|participants|adults|volunteers))?\s+"
        r"(?:are|is|were|will\s+be|may\s+be)\s+(?:all\s+|both\s+|equally\s+)?(?:acceptable|accepted|allowed|permitted|eligible|included|"
        r"enrolled|recruited)(?:\s+(?:for|in|to|into)\s+(?:the|this)\s+(?:study|trial))?",
    ),
    _note(
        "what risks other drugs have",
        "risk",
        said=r"these\s+(?:potential\s+|possible\s+)?risks\s+may\s+also\s+apply\s+to\s+(?:the\s+)?(?:other\s+)?(?:study\s+)?"
        r"(?:agents?|drugs?|medications?)(?:\s+(?:that\s+are\s+)?used\s+in\s+(?:this|the)\s+(?:study|trial|protocol))?",
    ),
    _note(
        "which eye is studied",
        "both eyes",
        said=r"(?:if|where|when|in\s+(?:the\s+)?cases?\s+(?:where|that))\s+both\s+eyes\b(?=[^.;]*\b(?:eligible|qualify|meet|same|identical|equal))"
        r"[^.;<>≤≥]*\b(?:study\s+eye|(?:select|chos|choos|designat|includ|enrol)\w*)\b[^.;<>≤≥]*",
    ),
    _note(
        "one eye of each patient",
        "one eye",
        said=r"only\s+one\s+eye\s+(?:per|of\s+each|of\s+a)\s+(?:patient|subject|participant)\s+(?:will|can|may|should)\s+be\s+"
        r"(?:treated|enrolled|selected|included|designated|randomi[sz]ed|studied|used)\b[^.;<>≤≥]*",
    ),
    _note(
        "what comes before consent",
        "-related ",
        " related ",
        said=r"(?:(?:the|all|any)\s+)?(?:trial|study)[\s-]related\s+(?:activities|procedures)\s+are\s+(?:defined\s+as\s+)?any\s+"
        r"(?:procedures?|activit(?:y|ies)|actions?)\s+(?:that|which)\s+(?:is|are|would)\s[^<>≤≥;]*",
    ),
    _note(
        "how a site is registered",
        "registration process",
        said=r"as\s+(?:a\s+)?part\s+of\s+the\s+(?:[\w()]+\s+){0,6}registration\s+process,?\s+the\s+(?:treating\s+)?(?:institution|site)"
        r"(?:['’]s)?\s[^<>≤≥;]*",
    ),
    _note(
        "whose staff is meant",
        "staff at ",
        said=r"(?:this\s+)?(?:also\s+)?applies\s+to\s+(?:both\s+)?(?:[\w/&-]+,?\s+){1,10}?staff\s+(?:and|or|and/or)\s+(?:(?:the|study|site)\s+)*"
        r"staff\s+at\s+(?:the\s+)?(?:study|trial|investigational)\s+(?:sites?|cent(?:er|re)s?)",
    ),
    _note(
        "how small an amount a pregnancy test must find",
        "sensitivity",
        said=r"(?:with\s+(?:an?\s+)?)?(?:(?:minimum|minimal)\s+)?sensitivity\s+(?:of\s+)?(?:at\s+least\s+)?\d+\s*m?I?U\s*/\s*m?L\b"
        r"(?:\s+or\s+equivalent\s+units)?(?:\s+(?:of|for)\s+(?:[\w-]+\s+){0,3}(?:\(?\[?(?:β-|beta-)?hCG\]?\)?|gonadotropin(?:\s+[(\[]hCG[)\]])?)?)?",
    ),
    _note(
        "who counts as able to walk",
        "wheelchair",
        said=rf"(?:{PERSONS}|those)\s+(?:who|that)\s+(?:are|is)\s+(?:unable\s+to\s+walk|non-?ambulatory)\b[^.;<>≤≥]*?\bwheelchair,?\s+"
        r"(?:will\s+be|are|should\s+be|is)\s+considered\s+(?:to\s+be\s+)?ambulatory\b"
        r"(?:\s+(?:for|in)\s+(?:the\s+purposes?\s+of\s+)?(?:assessing|assessment\s+of|calculating|determining)\s+(?:the\s+|their\s+)?performance\s+"
        r"(?:score|status|level))?",
    ),
    _note(
        "which lesions are no targets",
        "non-target",
        "nontarget",
        "not considered",
        "not be considered",
        said=rf"{_PLAIN}{{0,4}}(?:(?:\w+\s*,\s*){{0,4}}\w+\s+(?:and|or)\s+)?{_PLAIN}{{0,9}}(?:is|are|will|should|may|can)\s+"
        r"(?:be\s+considered\s+(?:to\s+be\s+|as\s+)?non-?\s?target|considered\s+(?:to\s+be\s+|as\s+)?non-?\s?target"
        r"|not\s+(?:be\s+)?considered\s+(?:to\s+be\s+|as\s+)?(?:measurable|evaluable|targets?))(?:\s+(?:lesions?|disease))?",
    ),
    _note(
        "which lesions can be measured, as everywhere",
        "considered measurable",
        said=r"(?:(?:the|target|tumou?r|any)\s+)*lesions\s+(?:that\s+are\s+)?(?:situated|located)?\s*in\s+(?:an?\s+)?previously\s+irradiated\s+"
        r"(?:area|field|region)s?\s+(?:is|are|can\s+be|may\s+be)\s+(?:only\s+)?considered\s+(?:to\s+be\s+)?measurable\s+(?:only\s+)?if\s+"
        r"(?:there\s+has\s+been\s+)?(?:disease\s+|clear\s+)?progression\s+(?:(?:has|had)\s+been\s+)?(?:demonstrated|shown|documented|observed)"
        r"(?:\s+in\s+(?:such|these|the|those)\s+lesions?)?",
    ),
    _note(
        "that something need not be, behind it",
        "not requir",
        "not mandat",
        "not necess",
        said=r"(?:but|al?though|though)\s+(?:(?:it|this)\s+)?(?:(?:is|are)\s+)?not\s+(?:required|mandatory|necessary|a\s+requirement)"
        r"(?:\s+for\s+(?:study\s+)?(?:inclusion|eligibility|entry|enrol?lment|participation))?",
    ),
    _note(
        "why contraception is asked for",
        "unknown",
        "not known",
        said=r"the\s+effects?\s+of\s+[^.<>≤≥]{3,160}?\s+on\s+the\s+(?:developing\s+)?(?:human\s+)?(?:fo?etus|embryo|pregnancy)\b[^.<>≤≥]*?"
        r"\s(?:is|are)\s+(?:unknown|not\s+known)",
    ),
)
_ON_WHO_CAN_BEAR: Final = tuple([note for note in _NOTES if note.about == _WHO_CAN_BEAR])
_FIRST: Final = re.compile(
    r"(?:(?:please\s+)?note(?:,?\s+however,?)?(?:\s+that)?\s*[:,-]?\s*)?(?:however,?\s+)?(?:,\s*that\s+)?(?=[a-z/-]+\b)",
    re.IGNORECASE,
)
_REASON: Final = re.compile(  # why something is asked for
    r"for\s+(?:this|these)\s+reasons?\b\s*(?:,|(?!and\b)|and\s+because\s+[^.;]{3,240}?\bteratogenic\s*,)\s*",
    re.IGNORECASE,
)


_TOO_YOUNG: Final = re.compile(  # whom nothing is known of: those of the age that it names are meant by "children"
    r"because\s+[^.;]{3,300}?\bin\s+(?P<who>(?:patients|participants|subjects|individuals|people)\s*(?:<|under)\s*\d+\s+years(?:\s+of\s+age|\s+old)?)"
    r",?\s*(?P<again>children)\s+(?:are|will\s+be)\s+excluded(?:\s+from\s+(?:this|the)\s+(?:study|trial))?"
    r"(?P<later>,?\s*but\s+(?:they\s+)?(?:will|may)\s+be\s+eligible\s+for\s+future\s+pa?ediatric[^.;]*)?",
    re.IGNORECASE,
)


def _is_of_whom(token: Token, too_young: re.Match[str]) -> bool:
    """Whether a token says who is excluded for being too young, and not why, or for how long."""
    if token.end <= too_young.start() or token.start >= too_young.end():
        return True
    who, again, later = too_young.span("who"), too_young.span("again"), too_young.span("later")
    if who[0] <= token.start < who[1]:
        return True
    return token.start >= again[1] and not (later[0] != -1 and later[0] <= token.start)


def asks_nothing(text: str) -> bool:
    """Whether a sentence is a note: nobody is let in or kept out by it."""
    return _is_note(text, _hinted(text.lower()))


def says_who_can_bear(text: str) -> bool:
    """Whether a sentence only says who counts as able to bear a child, which is known without the trial's words."""
    return _is_note(text, _hinted(text.lower(), _ON_WHO_CAN_BEAR))


_MORE_OF_THEM: Final = re.compile(  # of a list that says who they are: "...; or 2) has not been postmenopausal"
    r"[\s,]*(?:(?:and|or|and/or)\s+)?(?:\(?\d[.)]\s*)?(?:who\s+)?(?:has|have|had|is|are|was|not)\b"
    r"(?!.*\b(?:must|should|agree|required|eligible|excluded)\b)",
    re.IGNORECASE | re.DOTALL,
)


def _hinted(low: str, notes: Sequence[_Note] = _NOTES) -> list[_Note]:
    """Those kinds of note that a text in small letters may be, or hold: a first look."""
    return [note for note in notes if any(hint in low for hint in note.hints)]


def _is_note(text: str, hinted: Sequence[_Note]) -> bool:
    if not hinted:
        return False
    said = text.strip(" \n\t.;:*-()[]")
    first = _FIRST.match(said)
    start = first.end() if first else 0
    leads_in = text.rstrip().endswith(":")  # "... will be determined as follows:", to what is asked
    return any(
        note.pattern.fullmatch(said, start) is not None
        for note in hinted
        if not (leads_in and note.about == _HOW_MEASURED)
    )


def without_notes(tokens: list[Token], text: str) -> list[Token]:
    """The tokens of a sentence without the parts that ask nothing, and without the reason that it begins with."""
    low = text[tokens[0].start : tokens[-1].end].lower() if tokens else ""
    hinted = _hinted(low)
    if "children" in low and (too_young := _TOO_YOUNG.search(text, tokens[0].start, tokens[-1].end)) is not None:
        tokens = [token for token in tokens if _is_of_whom(token, too_young)]
    if not hinted and "reason" not in low:
        return tokens
    if (reason := _REASON.match(text, tokens[0].start)) is not None:
        tokens = [token for token in tokens if token.start >= reason.end()]
    kept: list[Token] = []
    defining = False
    for part in _parted(_without_asides(tokens, text, hinted)):
        said = text[part[0].start : part[-1].end]
        defining = says_who_can_bear(said) or (defining and _MORE_OF_THEM.match(said) is not None)
        if not defining and not _is_note(said, hinted):
            kept += part
    while kept and kept[-1].type == "SEMI":
        kept.pop()
    return kept


def _without_asides(tokens: list[Token], text: str, hinted: Sequence[_Note]) -> list[Token]:
    """The tokens without the parentheses in which a note stands."""
    opened = [at for at, token in enumerate(tokens) if token.type == "LPAR"]
    for at in reversed(opened):
        depth, end = 0, at
        while end < len(tokens):
            depth += (tokens[end].type == "LPAR") - (tokens[end].type == "RPAR")
            if not depth:
                break
            end += 1
        if at < end < len(tokens) and all(
            _is_note(said, hinted) for said in _STOP.split(text[tokens[at].start : tokens[end].end])
        ):
            tokens = [*tokens[:at], *tokens[end + 1 :]]
    return tokens


_STOP: Final = re.compile(r"(?<=[a-z])\.\s+(?=[A-Z])")


_OF_THE_STUDY: Final = (  # what no patient has
    r"(?:(?:of\s+)?(?:the\s+|a\s+)?(?:potential|possible|unknown|theoretical)\s+(?:\w+\s+){0,3}?(?:for|of|to|in|interactions?|effects?|risks?|harms?)\b"
    r"|(?:the\s+)?(?:possibility|likelihood)\s+(?:of|that)\b|(?:the\s+)?(?:\w+\s+){0,3}(?:side[\s-]?effects?|adverse\s+effects?|safety)\s+profile\b"
    r"|concerns?\s+(?:for|about|that|over|regarding)\b|(?:a\s+|the\s+)?lack\s+of\s+(?:safety\s+)?(?:data|information|experience)\b)"
)
_BECAUSE: Final = re.compile(
    r",?\s*\bbecause\s+(?:(?:this|the)\s+(?:study|trial|protocol|intervention)(?:\s+(?:strategy|treatment|drug|agent))?\s+"
    r"(?:involves?|includes?|uses?|may|is|has|requires?)\b|(?:these|such)\s+(?:patients|subjects|participants|individuals|agents|drugs)\s"
    r"|no\s+(?:dosing|safety|data|information)\b|(?:it|there)\s+(?:is|are)\s+(?:an?\s+)?(?:not\s+known|unknown|known|potential|possible|no|insufficient|limited)\b"
    rf"|{_OF_THE_STUDY})|[,(]\s*due\s+to\s+{_OF_THE_STUDY}|\bdue\s+to\s+the\s+unknown\s+effects?\b",
    re.IGNORECASE,
)
_AS_IT_IS: Final = re.compile(  # the last of a sentence, with its own verb: "are excluded, since it is not advised"
    r"\b(?:excluded|ineligible|not\s+eligible|pregnan(?:t|cy)|lactat(?:ing|ion)|nursing|breast-?feeding)"
    r"(?:\s+(?:women|females|mothers|patients|subjects|participants))?(?:\s+from\s+(?:this|the)\s+(?:study|trial))?"
    r"(?P<why>,?\s+(?:since|as)\s+(?!(?:are|is|was|were|will|do|does|well|long|soon|far|per|part|of|in|to|for|on|at|by|an?|if|stated"
    r"|\w+ed|shown|follows|above|below|such)\b)"
    r"(?:[\w'’/-]+\s+){1,12}?(?:is|are|was|were|may|might|could|can|cannot|will|would|has|have|had|contains?|requires?)\b"
    r"(?:(?!\b(?:unless|except|excluded|must|should|eligible|who)\b)[^.;:,()\n])*)(?=\s*(?:[.;]|\n|\Z))",
    re.IGNORECASE,
)
_REASON_ENDS: Final = re.compile(r"[.;:)](?!\d)|\n\s*[*-]|$")
_GOES_ON: Final = re.compile(  # behind a reason that a sentence begins with
    r",\s*(?=(?:(?:the|any|all|study|female|male|pregnant|nursing|breast-?feeding|human)\s+){0,3}"
    r"(?:following|patients|subjects|participants|women|men|children|persons|individuals|volunteers|use|breast-?feeding)\b)",
    re.IGNORECASE,
)


def without_reasons(tokens: list[Token], text: str) -> list[Token]:
    """The tokens of a line without why something is asked, where the reason is the study's and no patient's: "because
    this trial involves an agent that may harm a foetus"."""
    last = tokens[-1].end if tokens else 0
    low = text[tokens[0].start : last].lower() if tokens else ""
    if (" since " in low or " as " in low) and (told := _AS_IT_IS.search(text, tokens[0].start, last)) is not None:
        return [token for token in tokens if not told.start("why") <= token.start < told.end("why")]
    if "because" not in low and "due to" not in low:
        return tokens
    for reason in _BECAUSE.finditer(text, tokens[0].start, last):
        end = _REASON_ENDS.search(text, reason.end(), last)
        stop = end.start() if end is not None else last
        before = text[tokens[0].start : reason.start()].rstrip() if tokens else ""
        leading = not before or before[-1] in "*.;:"
        begins = _GOES_ON.search(text, reason.end(), stop)
        if leading and (begins is None or _TOO_YOUNG.search(text, reason.start(), last)):
            continue
        if not leading and (begins is not None or _CLAUSE.search(text, reason.end(), stop)):
            continue
        stop = begins.end() if begins is not None else stop
        if before.endswith("."):  # what follows begins with a small letter, and is a sentence for all that
            dot = next((i for i, t in enumerate(tokens) if t.type == "DOT" and t.end == reason.start()), None)
            if dot is not None:
                tokens = [*tokens[:dot], Token("SEMI", ";", tokens[dot].start, tokens[dot].end), *tokens[dot + 1 :]]
        tokens = [token for token in tokens if not reason.start() <= token.start < stop]
    return tokens


_CLAUSE: Final = re.compile(  # that the reason is not the end of it
    r",\s*(?:(?:and|or|but)\s+)?(?:are|is|must|should|will|unless|except|who|if|have|has|in\s+the\s+opinion)\b|\b(?:unless|except|are\s+(?:not\s+)?"
    r"(?:excluded|eligible|allowed))\b",
    re.IGNORECASE,
)


def _parted(tokens: list[Token]) -> list[list[Token]]:
    """The parts between semicolons that stand in no parentheses."""
    found: list[list[Token]] = [[]]
    depth = 0
    for token in tokens:
        depth += (token.type == "LPAR") - (token.type == "RPAR")
        found[-1].append(token)
        if token.type == "SEMI" and depth <= 0:
            found.append([])
    return [part for part in found if part]
