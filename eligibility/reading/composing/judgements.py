"""What only a person can judge or attest: "that would interfere with the study", "any other condition", "healthy"."""

from __future__ import annotations

import re
from typing import Final

from eligibility.knowledge.attributes import ends_as_method, is_method, method_in
from eligibility.reading.composing.attribute_phrases import NO_ATTRIBUTE
from eligibility.reading.composing.open_phrases import begins_with_preposition, is_open_phrase, is_plain
from eligibility.reading.composing.terms import Composing, Core, Item, StatementRead
from eligibility.reading.drafts import Draft, unread
from eligibility.reading.judging import clause_of_judgement_in
from eligibility.reading.patterns import MEASURED, just_before
from eligibility.rules import Statement

_EFFECT: Final = (
    r"(?:interfer|preclud|prevent|limit|impair|affect|compromis|confound|jeopardi[sz]|hinder|pos(?:e|es|ing)\b|"
    r"put(?:s|ting)?\b|plac(?:e|es|ing)\b|mak(?:e|es|ing)\b|render|contraindicat|complicat|alter|influenc|endanger|"
    r"disqualif|impede|impeding|obscur|bias|exacerbat|hamper|prohibit|restrict|mask|threaten|undermin|interact)"
)
_MODAL: Final = (
    r"(?:would|could|may|might|can|will|(?:is|are|be) (?:(?:un)?likely|(?:not )?expected) to|(?:un)?likely to"
    r"|not expected to|sufficient to|severe enough to)"
)
_JUDGED: Final = re.compile(rf"(?:(?:that|which|who)\b\W*)?(?:{_MODAL}\s+(?:\w+ly\s+)?\w|(?:\w+ly\s+)?{_EFFECT})")
_EFFECT_ON: Final = re.compile(  # goes on with a clause: "... or compromise compliance", "... or evaluation of results"
    r"(?:\w+ly\s+)?(?:interfer|preclud|compromis|jeopardi[sz]|complicat|obscur|impair|mak|plac|render|exacerbat|hamper|"
    r"confound|influenc|endanger|prevent|limit|affect|prohibit|alter|mask|hinder|disqualif)(?:e?s?|y|ies|ing)\s+\w"
    r"|(?:interpretation|evaluation|assessments?|analys[ie]s|understanding|validity|reliability)\s+of\s+"
    r"|(?:poor\s+|good\s+)?(?:compliance|adherence|cooperation)(?:\s+with\s+|$)"
    r"|(?:the\s+|associated\s+|other\s+)?(?:study|trial|safety|efficacy|protocol)\s+(?:assessments?|evaluations?|parameters?|"
    r"requirements?|results?|data|end-?points?|outcomes?|conduct|compliance|participation|objectives?)\W*$"
)
_BEFORE: Final = re.compile(rf"\b(?:(?:that|which|who)\s+(?:{_MODAL}\s+)?|{_MODAL}\s+)(?:\w+ly\s+)?$")
_ANYTHING: Final = re.compile(
    rf"(?:(?:any|other|another|all|some|history|presence|evidence|existence|of|a|an|the|known|medical|clinical|concurrent|underlying|serious|severe|"
    rf"significant|clinically|pre-?existing|concomitant|physical|psychological|social|mental|personal|logistical|or|and)\s+)*"
    rf"(?:conditions?|illness(?:es)?|diseases?|disorders?|circumstances?|factors?|reasons?|situations?|abnormalit(?:y|ies)|"
    rf"findings?|issues?|problems?|characteristics?|manifestations?|complications?)(?:\s*\([^()<>=≤≥]*\))?\s+(?:(?:that|which)\s+)?(?:\w+ly\s+)?(?:{_MODAL}\s+|"
    rf"(?:(?:is|are)\s+)?(?:known\s+to\s+)?(?:\w+ly\s+)?{_EFFECT})"
)
_LAB_WORDS: Final = (
    r"(?:abnormal|screening|safety|clinical|routine|baseline|physical|blood|vital|12[- ]lead|lab(?:oratory)?|urine|"
    r"tests?)"
)
_GENERIC: Final = re.compile(  # "any other condition", "serious illness": which, only a person can say
    r"(?:(?:with|have|has|having|presence|evidence|history|of|an?|any|the|some|all|other|another|such|certain|various|of|"
    r"medical|surgical|clinical|clinically|medically|concurrent|concomitant|underlying|serious|severe|significant|relevant|major|"
    r"social|psycho-?social|personal|geographical?|logistical|life[- ]threatening|unspecified|"
    r"abnormal|uncontrolled|unstable|pre-?existing|co-?existing|intercurrent|co-?morbid|physical|general|important|additional|or|"
    r"and|and/or)[\s,/]+)*"
    r"(?:conditions?|illness(?:es)?|diseases?|disorders?|circumstances?|factors?|reasons?|situations?|abnormalit(?:y|ies)|"
    r"findings?|issues?|problems?|co-?morbidit(?:y|ies)|medical histor(?:y|ies)|complications?|patholog(?:y|ies)|"
    r"physical exam(?:ination)?s?(?: findings?)?|vital signs?(?: abnormalit(?:y|ies))?"
    rf"|(?:{_LAB_WORDS}\s+)*lab(?:oratory)?(?:\s+{_LAB_WORDS})*"
    r"\s+(?:values?|results?|findings?|tests?|testing|abnormalit(?:y|ies)|evaluations?))"
    rf"(?:\s+(?:in|on|of|from)\s+(?:(?:the|any|{_LAB_WORDS})\s+)*"
    r"(?:tests?|testing|results?|exam(?:ination)?s?|signs?|values?|evaluations?|assessments?|parameters?|ecgs?|analys[ie]s"
    r"|electrocardiograms?|laboratory))?"
    r"(?:\s+outside (?:of\s+)?(?:the\s+)?(?:acceptable|normal|reference|expected|allowed)\s+(?:ranges?|limits?))?"
    r"(?:\s+(?:at|during|on|following)\s+(?:the\s+)?(?:screening|baseline)(?:\s+(?:tests?|visit|period))?)?"
)
_ORGANS: Final = (  # "(bone marrow, hepatic and renal)"
    r"\((?:(?:bone|marrow|hepatic|liver|renal|kidneys?|cardiac|heart|cardiovascular|pulmonary|lungs?|respiratory|blood"
    r"|h(?:a)?ematolog(?:ic|ical|y)|coagulation|metabolic|endocrine|immun\w+|neurolog\w+|organs?|and|or)[\s,/&]*)+\)"
)
_FITNESS: Final = re.compile(  # what a site attests, without a limit that a record could be held against
    r"(?:(?:an?|the|have|has|with|in|evidence of|general|overall|otherwise|[a-z]+ly)\s+)*"
    rf"(?:(?:adequate|acceptable|sufficient|satisfactory|good|normal|inadequate|insufficient|poor)\s+"
    rf"(?:[\w/&-]+,?\s+|{_ORGANS}\s+){{0,8}}"
    r"(?:function(?:s|ing)?|reserves?|health|condition|venous access|iv access|nutrition|compliance"
    r"|(?:nutritional|performance|iron|metabolic|vitamin d|immune|neurologic(?:al)?|cognitive|respiratory|pulmonary"
    r"|cardiac|renal|hepatic) status|iron stores"
    r"|(?:h(?:a)?ematolog(?:ic|ical|y)|coagulation|blood|clotting) (?:status|counts?)"
    r"|lab(?:oratory)? (?:values?|parameters?))"
    rf"(?:\s+{_ORGANS})?"
    r"|(?:[\w/-]+\s+){0,4}functions?(?:\s+of\s+(?:the\s+)?(?:[\w/-]+,?\s+){1,6}?)?\s*(?:is|are)\s+"
    r"(?:basically\s+|generally\s+|essentially\s+)?(?:normal|adequate|sufficient|good)"
    r"|healthy|(?:un)?stable|fit|in (?:good|poor) (?:general )?health|good general (?:health|condition))"
)
_STATES: Final = (  # a first look: what these words end in
    "function", "functions", "functioning", "reserve", "reserves", "health", "condition", "access", "status", "stores",
    "nutrition", "compliance", "healthy", "stable", "fit", ")", "count", "counts", "value", "values", "parameter",
    "parameters", "normal", "adequate", "sufficient", "good",
)  # fmt: skip
_LONGEST_STATE = max(map(len, _STATES))
_MAYBE: Final = re.compile(rf"\b{_MODAL}\b")


def is_generic(text: str) -> bool:
    """Whether words name anything at all, so that a clause behind them is theirs: "situations that would limit ..."."""
    return _ANYTHING.match(text.lower()) is not None


def is_fitness(text: str) -> bool:
    """Whether words say that something is well, or not, and no more: "adequate organ function"."""
    said = text.strip(" .;,:").lower()
    return said[-_LONGEST_STATE:].endswith(_STATES) and _FITNESS.fullmatch(said) is not None


def is_attested(text: str) -> bool:
    """Whether words name nothing that a record holds, only what a person can say: "any other condition", "healthy"."""
    return _GENERIC.fullmatch(text.strip(" .;,:").lower()) is not None or is_fitness(text)


def judged_clause(here: Composing, words: Draft) -> Draft:
    """ "... that would interfere with the study": somebody has to judge it; any other words are as they were."""
    if words.rule.kind != "unread" or MEASURED.search(here.text, words.start, words.end):
        return words
    before = just_before(_BEFORE, here.low, words.start)
    start = before.start() if before else words.start
    if not _JUDGED.match(here.low, start) and clause_of_judgement_in(here.text[start : words.end]) != 0:
        return words
    if not _MAYBE.search(here.low, start, words.end) and is_open_phrase(here.text[words.start : words.end].strip(" .")):
        return words  # "that prevent applanation": an attribute that a record can hold
    return judgement(here, start, words.end)


def hinders(here: Composing, words: Draft) -> bool:
    """Whether words say what something prevents or may do: "that prevents giving informed consent"."""
    return _JUDGED.match(here.low, words.start) is not None


def tells_effect(text: str) -> bool:
    """Whether words say somewhere what something may do: "in the opinion of the investigator, may affect the study"."""
    return _MAY_AFFECT.search(text.lower()) is not None


_MAY_AFFECT: Final = re.compile(rf"\b(?:{_MODAL}\s+(?:\w+ly\s+)?\w|{_EFFECT})")


def possibility(here: Composing, item: Item, other: Core) -> Draft | None:
    """ "... which may require transplantation": what may come is a judgement, not a fact."""
    if isinstance(other, StatementRead):
        return None
    clause = _MAY.search(here.low, item.core_end, other.start + 24)
    if clause is None or clause.start() >= other.end or MEASURED.search(here.text, clause.start(), other.end):
        return None
    return judgement(here, clause.start(), other.end)


_MAY: Final = re.compile(r"\b(?:that|which)\s+(?:would|could|may|might|can)\b")


def is_left_to_judge(here: Composing, start: int, text: str) -> bool:
    """Whether only a person can say whether words are so: "any disease that may affect safety", "felt to be unfit"."""
    low, measured = text.lower(), MEASURED.search(text) is not None
    return (
        (not measured and (_BELIEVED.match(low) or _ANYTHING.match(low)) is not None)
        or is_attested(text)
        or _EFFECT_ON.match(low) is not None
        or _is_hindrance(low)
        or _is_found_so(here, start, text)
    )


def judgement(here: Composing, start: int, end: int) -> Draft:
    """Words as something that only a person can judge."""
    return Draft(Statement(text=here.text[start:end], topic="judgement", who="investigator"), start, end)


def _is_found_so(here: Composing, start: int, text: str) -> bool:
    """Whether words name what only a person can say, and how that was found: "healthy based on history and ECG"."""
    at = method_in(text) if ends_as_method(text) else None
    if not at or not is_method(text[at:]):
        return False
    named = text[:at].rstrip(" ,")
    return is_fitness(named) or (is_attested(named) and _DENIES.search(here.low, 0, start) is None)


_DENIES: Final = re.compile(r"\b(?:no|not|without|absence|free|nor)\b")
_CLAUSE: Final = re.compile(r"\s+(?:that|which)\s+")


def _is_hindrance(low: str) -> bool:
    """Whether words name something by what it may do to the study or to taking part: "a process that may affect it"."""
    clause = _CLAUSE.search(low) if "that" in low or "which" in low else None
    at = clause.start() if clause and _JUDGED.match(low, clause.start() + 1) else clause_of_judgement_in(low)
    return (
        bool(at)
        and is_plain(low[:at].strip(" ,"), joined=False)
        and not begins_with_preposition(low)
        and not MEASURED.search(low)
        and not NO_ATTRIBUTE.match(low)
    )


_BELIEVED: Final = re.compile(
    r"(?:(?:is|are|was|were|be)\s+)?(?:thought|felt|believed|considered|deemed|judged|presumed)\s+(?:to\s+be|as|by)\b"
    r"|(?:considered|deemed|judged)\s+\w"
)


def tells_harmless(text: str) -> bool:
    """Whether a judgement says why something does not count, and so is of what is excepted: "at low risk"."""
    return _HARMLESS.search(text) is not None


_HARMLESS: Final = re.compile(
    r"\b(?:(?:low|lower|negligible|minimal|small|little|no|without|minor)\s+(?:\w+\s+){0,2}?(?:risks?|likelihood|chance|probability)"
    r"|(?:risks?|likelihood|chance|probability)\s+(?:\w+\s+){0,4}?(?:is|be|are|as)\s+(?:\w+ly\s+)?(?:low|negligible|minimal|small)"
    r"|(?:not|in)[\s-]*(?:clinically\s+|medically\s+)?(?:significant|relevant)"
    r"|(?:not|unlikely\s+to)\s+(?:\w+\s+){0,2}?(?:recur|relapse|interfere|affect|impact|compromise|confound|preclude|pose|increase"
    r"|jeopardi[sz]e|progress|require)"
    r"|(?:be|is|are|as|considered|deemed|judged|felt|thought)\s+(?:\w+ly\s+)?(?:cured|minor|benign|indolent|harmless|safe|acceptable"
    r"|stable|irrelevant|insignificant))\b",
    re.IGNORECASE,
)


def judged_behind(here: Composing, words: Draft) -> tuple[Draft, Draft] | None:
    """An attribute, and the clause behind it that somebody has to judge: "of the foot" "that may interfere with the
    study"; None where no such clause closes them."""
    clause = _CLAUSE.search(here.low, words.start, words.end) if words.rule.kind == "unread" else None
    if clause is None or not _JUDGED.match(here.low, clause.start() + 1):
        return None
    if MEASURED.search(here.text, clause.start(), words.end) or NO_ATTRIBUTE.match(here.text, clause.end(), words.end):
        return None
    attribute = unread(here.text, words.start, clause.start(), "narrowing")
    return attribute, judgement(here, clause.start() + 1, words.end)
