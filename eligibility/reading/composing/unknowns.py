"""Words that no rule takes: open concepts, qualifiers of their own words, and what is left unread."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from functools import cache, lru_cache
from typing import Final

from eligibility.knowledge.attributes import (
    begins_as_method,
    ends_as_method,
    is_method,
    method_in,
    names_methods,
    related,
    restates,
)
from eligibility.knowledge.familiar import familiar
from eligibility.knowledge.verbs import tells_what_is_done
from eligibility.knowledge.words import keys
from eligibility.reading.cleaning import unabbreviated
from eligibility.reading.composing.circumstances import circumstance, names_no_disease
from eligibility.reading.composing.terms import Composing, Core, Item, StatementRead
from eligibility.reading.drafts import Draft, all_of, ambiguous, any_of, rebuilt, unread
from eligibility.reading.judging import clause_of_judgement_in
from eligibility.reading.lexer import function_words, phrase_groups
from eligibility.reading.nouns import open_concept
from eligibility.reading.patterns import MEASURED, just_before
from eligibility.reading.phrases import MAXIMUM_OPEN_WORDS, Noun
from eligibility.reading.sentences import Tail
from eligibility.rules import (
    Age,
    Allergy,
    Ambiguous,
    Condition,
    Finding,
    Measurement,
    Not,
    PatientAttribute,
    Rule,
    Sex,
    Span,
    Statement,
    Treatment,
)

_CLOSED: Final = frozenset(
    "and or not no nor without except unless if other than never neither but non cannot unable must may "
    "should is are was were be been will would might can could does do did if so than".split()
)


_NOT_IN_NAMES: Final = re.compile(r"[<>≤≥=%/;:()\[\]]")


@lru_cache(maxsize=8192)
def is_open_phrase(text: str) -> bool:
    """Whether words can be a concept, or a qualifier, of their own.

    They are at most six, a few more where one is said of another, and none of them is a number, a comparator, a
    negation or a connective.
    """
    text = _as_one_word(text)
    found = _keys(text)
    return (
        (0 < len(found) <= MAXIMUM_OPEN_WORDS or _of_one_another(found))
        and found[0] not in _PREPOSITIONS
        and found[-1] not in _CUT_SHORT
        and _NOT_IN_NAMES.search(text) is None
        and not any(word in _CLOSED or word.isdigit() for word in found)
        and not function_words(together=len(found) > 1).issuperset(found)
    )


_CUT_SHORT: Final = frozenset(("of", "with", "for", "by", "from", "within"))
_CODE: Final = re.compile(  # a number that is part of a name: "PLN-1010", "exon 20"
    r"\b([a-z]+\d*)(?:-|(?<=\bexon)\s|(?<=\bcodon)\s|(?<=\bcyp)\s|(?<=\bil)\s|(?<=\breceptor)\s|(?<=\bpolysorbate)\s"
    r"|(?<=\bchromosome)\s|(?<=\bomega)\s|(?<=\bcycle)\s|(?<=\btrial)\s|(?<=\bgenotype)\s|(?<=\bdextran)\s)(\d+[a-z]?)\b",
    re.IGNORECASE,
)


def _keys(text: str) -> tuple[str, ...]:
    """The keys of words; a name with a number in it is one word."""
    return keys(_CODE.sub(r"\1\2", text) if _may_hold_code(text) else text)


def _may_hold_code(text: str) -> bool:
    """A first look: whether a number stands behind a hyphen or a blank, and what it may belong to."""
    if _NUMBER_BEHIND.search(text) is None:
        return False
    low = text.lower()
    return any(name in low for name in _BEFORE_NUMBERS)


_DIGIT: Final = re.compile(r"\d")
_BEFORE_NUMBERS: Final = (
    "-", "exon", "codon", "cyp", "il", "receptor", "polysorbate", "chromosome", "omega", "cycle", "trial", "genotype",
    "dextran",
)  # fmt: skip
_NUMBER_BEHIND: Final = re.compile(r"[-\s]\d")


_PREFIX: Final = re.compile(r"\bnon[-‐‑](?=[a-z])", re.IGNORECASE)
_PLURAL: Final = re.compile(r"(?<=[a-z])\((?:s|es)\)", re.IGNORECASE)


def _as_one_word(text: str) -> str:
    """With "non-" as the beginning of a word, which denies nothing but that, and plurals without their parentheses."""
    if "(" in text:
        text = _PLURAL.sub("", text)
    return _PREFIX.sub("non", text) if "-" in text else text


def _of_one_another(found: Sequence[str]) -> bool:
    """Whether they are a name with what it is the name of: "peripheral nerve lesion in the lower extremity"."""
    inner = {each for each in found[1:-1] if each in _PREPOSITIONS}
    return bool(inner) and len(found) <= _MAXIMUM_ATTRIBUTE_WORDS and not _FINITE & set(found)


_FINITE: Final = frozenset(  # words of a clause rather than of a name
    "it they he she we you i this these those that which who whose received receive receives receiving require "
    "requires undergo underwent undergoes use uses using take takes took taking need needs agree agrees consent "
    "participate participates participated enroll enrolled enrolling complete completed meet meets include includes "
    "included exclude excludes excluded remain remains become becomes show shows please see refer".split()
)
_PREPOSITIONS: Final = frozenset(
    "in on of at to for by with from as during per due via within after before despite because through under between "
    "among against into onto upon until since about across around beyond throughout toward towards".split()
)


def begins_with_preposition(text: str) -> bool:
    """Whether words go on with what stands before them, rather than name something: "in the study eye"."""
    first = text.split(maxsplit=1)[:1]
    return bool(first) and first[0].lower() in _PREPOSITIONS


_MAXIMUM_ATTRIBUTE_WORDS: Final = 10
_SMALL: Final = frozenset(
    "a an the of in on at to by for from with as per via into onto upon over under between within during before after "
    "this that these those it its their his her such any some each either both all one other same own study "
    "trial".split()
)


def says_something(text: str) -> bool:
    """Whether there is more than small words: "risk of", "under", not "by the"."""
    return not _SMALL.difference(("under", "same")).issuperset(keys(text))


_MAXIMUM_ATTRIBUTES: Final = 4
_BEGINNINGS: Final = (
    "in of to at on by for from with during following despite involving affecting due secondary as per according based "
    "requiring resulting caused related associated treated confirmed documented determined diagnosed measured assessed "
    "performed detected occurring leading located"
).split()
_ATTRIBUTE_BEGINS: Final = re.compile(  # where behind one attribute the next may begin
    rf"(?<=\w)\s+(?=(?:{'|'.join(_BEGINNINGS)})\b)", re.IGNORECASE
)
_GLOSS: Final = re.compile(r"\s*[(\[]([^()\[\]]*)[)\]]")
_NUMBERED: Final = re.compile(  # a number that is part of a name
    r"\b(?:types?|grades?|stages?|class(?:es)?|visits?|days?|steps?|parts?|periods?|stud(?:y|ies)|trials?|phases?|cohorts?|groups?|cycles?|versions?|v|levels?"
    r"|arms?|appendix|table|section|editions?|criteria|criterion|recist|rano|dsm|icd|ctcae)[ -]?"
    r"\d+(?:\.\d+)*(?:\s*(?:-|/|or|and|to)\s*\d+)?[a-z]?\b"
    r"|\b[a-z]+-\d+[a-z]?\b|\b(?:19|20)\d\d\b|\b\d+-lead\b",
    re.IGNORECASE,
)
_DENIED: Final = re.compile(  # denials that are attributes: "not amenable to surgery"
    r"\b(?:(?:is|are|was|were|that|which)\s+)*not\s+(?:\w+ly\s+)?(?=(?:amenable|suitable|responsive|responding|related|explained"
    r"|attributable|attributed|due|caused|associated|requiring|considered|eligible|candidates?)\b)",
    re.IGNORECASE,
)
_TO_BE: Final = re.compile(  # what is going to be done: "to be used during the study"
    r"\bto be (?=(?:performed|done|used|given|taken|administered|introduced|carried|started|conducted|initiated)\b)"
)
_AMOUNT: Final = re.compile(r"\d\s?(?:mg|mcg|[µμu]g|kg|g|m?l|dl|mm|cm|mmhg|kpa|iu|u|h|hrs?|%)\b", re.IGNORECASE)
_NO_ATTRIBUTE: Final = re.compile(  # examples, the same in other words, what is spared
    r"\W*(?:includ|e\.?\s?g\b|i\.?\s?e\b|such as|for example|examples?\b|like\b|namely|note\b|see\b|defin)"
    r"|.*\b(?:except|exclud|exempt|allow|permit|accept|eligib)",
    re.IGNORECASE | re.DOTALL,
)


def is_attribute(text: str) -> bool:
    """Whether words behind a name can be an attribute of their own: a few more than a name may have, and as plain."""
    return _is_plain(text, joined=begins_as_method(text))


def are_attributes(text: str, *, enclosed: bool) -> bool:
    """Whether words are attributes, one behind the other, each as plain as one: "due to a stroke in the left eye".

    ``enclosed``: they stand in parentheses, so that "or" joins nothing but them.
    """
    if "(" in text:
        text = unabbreviated(text)
    said = _TO_BE.sub("to ", _DENIED.sub("", text, count=1))
    if _DIGIT.search(said):
        said = _NUMBERED.sub("numbered", said)
    glosses = [gloss for gloss in _GLOSS.findall(said) if gloss.strip() and not _are_examples(gloss)]
    bare = _GLOSS.sub("", said)
    pieces = _pieces(bare)
    joined = enclosed or (begins_as_method(bare) and ("," not in bare or names_methods(bare)))
    if any(map(_ALTERNATIVE.match, glosses)):
        return False
    return (
        len(pieces) <= _MAXIMUM_ATTRIBUTES
        and all(_is_plain(piece, joined=joined) for piece in pieces)
        and all(_is_plain(gloss, joined=True) for gloss in glosses)
        and not any(map(_NO_ATTRIBUTE.match, (bare, *glosses)))
        and _AMOUNT.search(said) is None
        and _NEW_LINE.search(text) is None
    )


_ALTERNATIVE: Final = re.compile(r"\s*(?:and\s*/\s*)?or\b", re.IGNORECASE)
_NEW_LINE: Final = re.compile(
    r"\s(?:Other|Any|Patients?|Subjects?|Participants?|History|Known|Current|Prior|No|Have|Has)\s|\n\s*[*•-]"
)


def holds_length(text: str) -> bool:
    """Whether words hold a length of time in figures: "within 4 weeks"."""
    return _may_hold_length(text) and _LENGTH.search(text) is not None


def _may_hold_length(text: str) -> bool:
    """A first look: whether there are a figure and a unit of a length of time."""
    if _DIGIT.search(text) is None:
        return False
    low = text.lower()
    return any(unit in low for unit in _UNITS_OF_LENGTH)


def _lengths_as(said: str, text: str) -> str:
    """The words with others for each length of time in them."""
    return _LENGTH.sub(said, text) if _may_hold_length(text) else text


def is_measured(text: str) -> bool:
    """Whether words hold a number, or a sign, other than that of a length of time."""
    return MEASURED.search(text) is not None and MEASURED.search(_lengths_as(" ", text)) is not None


_OF_AGE: Final = re.compile(  # an age; what is to come
    r"\b(?:age[ds]?|old(?:er)?|younger|plan\w*|schedul\w*|expect\w*|anticipat\w*|intend\w*|likely)\b", re.IGNORECASE
)


_EXAMPLES: Final = re.compile(  # or the same in other words
    r"\W*(?:e\.?\s?g\b|i\.?\s?e\b|such as|(?:for )?examples?\b|including|namely|that is\b|like\b)[\s.,:]*"
    r"(?:but not (?:limited|restricted) to[\s,:]*)?(.+)",
    re.IGNORECASE | re.DOTALL,
)
_JOINTS: Final = re.compile(r",|;|\b(?:and/or|or|and|etc)\b\.?", re.IGNORECASE)


def _are_examples(gloss: str) -> bool:
    """Whether a parenthesis inside an attribute names plain examples of what the attribute is about."""
    found = _EXAMPLES.fullmatch(gloss)
    if found is None or _NO_ATTRIBUTE.match(found[1]):
        return False
    return all(_is_plain(each, joined=False) for each in _JOINTS.split(found[1]) if each.strip(" ."))


def _pieces(text: str) -> list[str]:
    """The attributes that stand one behind the other: "due to a stroke", "in the left hemisphere"."""
    found: list[str] = []
    for piece in _ATTRIBUTE_BEGINS.split(text):
        if found and (_GOING_ON.issuperset(keys(found[-1])) or _SMALL.issuperset(keys(piece))):
            found[-1] = f"{found[-1]} {piece}"
        else:
            found.append(piece)
    return found


@lru_cache(maxsize=8192)
def _is_plain(text: str, *, joined: bool) -> bool:
    """Whether words hold no number, no sign, no clause and no connective; ``joined``: "or" and "and" are none here."""
    text = _as_one_word(text)
    found = _keys(text)
    allowed = ("other", "or", "and") if joined else ("other",)
    return (
        0 < len(found) <= _MAXIMUM_ATTRIBUTE_WORDS
        and not any(c in text for c in "<>≤≥=%;:()[]")
        and not any((word in _CLOSED and word not in allowed) or word.isdigit() for word in found)
        and not _SMALL.issuperset(found)
    )


_GOING_ON: Final = _SMALL.union(keys(" ".join(_BEGINNINGS)))


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
        "applies applied exclusionary additional main major minor diagnostic"
    )
)


def is_lead(text: str) -> bool:
    """Whether the words of a lead-in add nothing to its bullets: "adequate organ function, defined as"."""
    return _LEAD_WORDS.issuperset(keys(text))


_EFFECT: Final = (
    r"(?:interfer|preclud|prevent|limit|impair|affect|compromis|confound|jeopardi[sz]|hinder|pos(?:e|es|ing)\b|"
    r"put(?:s|ting)?\b|plac(?:e|es|ing)\b|mak(?:e|es|ing)\b|render|contraindicat|complicat|alter|influenc|endanger|"
    r"disqualif|impede|impeding|obscur|bias|exacerbat|hamper|prohibit|restrict|mask|threaten|undermin|interact)"
)
_MODAL: Final = (
    r"(?:would|could|may|might|can|will|(?:is|are|be) (?:likely|expected) to|likely to|sufficient to|severe enough to)"
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
    rf"(?:(?:any|other|another|all|some|history|of|a|an|the|known|medical|clinical|concurrent|underlying|serious|severe|"
    rf"significant|clinically|pre-?existing|concomitant|physical|psychological|social|mental|personal|logistical|or|and)\s+)*"
    rf"(?:conditions?|illness(?:es)?|diseases?|disorders?|circumstances?|factors?|reasons?|situations?|abnormalit(?:y|ies)|"
    rf"findings?|issues?|problems?|characteristics?)(?:\s*\([^()<>=≤≥]*\))?\s+(?:(?:that|which)\s+)?(?:\w+ly\s+)?(?:{_MODAL}\s+|"
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
    r"|(?:nutritional|performance) status"
    r"|(?:h(?:a)?ematolog(?:ic|ical|y)|coagulation|blood|clotting) (?:status|counts?)"
    r"|lab(?:oratory)? (?:values?|parameters?))"
    rf"(?:\s+{_ORGANS})?"
    r"|(?:[\w/-]+\s+){0,4}functions?(?:\s+of\s+(?:the\s+)?(?:[\w/-]+,?\s+){1,6}?)?\s*(?:is|are)\s+"
    r"(?:basically\s+|generally\s+|essentially\s+)?(?:normal|adequate|sufficient|good)"
    r"|healthy|(?:un)?stable|fit|in (?:good|poor) (?:general )?health|good general (?:health|condition))"
)
_STATES: Final = (  # a first look: what these words end in
    "function", "functions", "functioning", "reserve", "reserves", "health", "condition", "access", "status",
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


def possibility(here: Composing, item: Item, other: Core) -> Draft | None:
    """ "... which may require transplantation": what may come is a judgement, not a fact."""
    if isinstance(other, StatementRead):
        return None
    clause = _MAY.search(here.low, item.core_end, other.start + 24)
    if clause is None or clause.start() >= other.end or MEASURED.search(here.text, clause.start(), other.end):
        return None
    return judgement(here, clause.start(), other.end)


_MAY: Final = re.compile(r"\b(?:that|which)\s+(?:would|could|may|might|can)\b")


def judgement(here: Composing, start: int, end: int) -> Draft:
    """Words as something that only a person can judge."""
    return Draft(Statement(text=here.text[start:end], topic="judgement", who="investigator"), start, end)


def of_no_clear_role(here: Composing, main: Draft | None, tail: Tail) -> Draft:
    """The role of the words of a tail is not known: unknown, whatever precedes."""
    words = unread(here.text, tail.start, tail.end)
    if main is None:
        return words
    return ambiguous([all_of([main, words]), any_of([main, words])], "words whose role is not clear")


_PREDICATE: Final = re.compile(  # what is said of somebody, or done with something, and is no name of a disease
    r"(?:(?:be|been|being|is|are|was|were|have|has|had|currently|previously|already|fully|well|clinically|medically|still|"
    r"otherwise|successfully|completely|adequately)\s+)*"
    r"(?:(?:available|accessible|amenable|suitable|unsuitable|eligible|ineligible|appropriate|inappropriate|fit|unfit|ready|"
    r"motivated|responsive|unresponsive|incompatible|compatible|familiar|subject|legally|able|unable|likely|unlikely)\s+"
    r"(?:to|for|with|of|as|in|candidates?)\b"
    r"|(?:good\s+|potential\s+|suitable\s+|appropriate\s+)?candidates?\s+(?:for|to)\b"
    r"|(?:informed|registered|randomi[sz]ed|scheduled|referred|admitted|discharged|hospitali[sz]ed|deemed|judged|"
    r"considered|listed|signed|granted|approved|affiliated|insured|employed|"
    r"responding|responded|controlled|managed|maintained|ruled|excluded|corrected|caused|selected|assigned|consented|"
    r"cooperated|recovered|recovering|transferred|followed|monitored|complying|adhering|attending|residing|living|"
    r"committed|counselled|counseled|trained|explained|stopped|discontinued|started|"
    r"commenced|exposed|related)\s+(?:to|for|from|with|by|in|into|on|as|according|out|that|the|this|at|of)\b"
    r"|(?:read|write|speak|understand|swallow|comply|adhere|cooperate|tolerate|return|provide|perform|undergo|complete|attend|"
    r"refrain|abstain|donate|discontinue|stop|withdraw|travel|drive|reside|live|own|sign|date)s?\s+\w)"
    r"|(?:provision|availability|approval|acceptance|agreement|refusal|withdrawal|completion|"
    r"permission|authori[sz]ation)\s+(?:of|from|in|for|to|by|with)\b"
    r"|(?:[\w-]+\s+){0,3}(?:tumou?r|tissue|biopsy|archival|archived|blood|stool|urine|baseline)\s+(?:[\w-]+\s+){0,3}"
    r"(?:samples?|specimens?|blocks?|slides|material)\b"
)


def is_predicate(text: str) -> bool:
    """Whether words say something of somebody, rather than name a disease: "admitted to hospital"."""
    return tells_what_is_done(text) or (is_open_phrase(text) and _PREDICATE.match(text.lower()) is not None)


def unknown(here: Composing, start: int, end: int) -> Draft:
    """Words that no rule takes: a concept of their own if they are few and plain, else unread."""
    text = here.text[start:end].strip(" ,.;:")
    if "(" in text:
        text = " ".join(unabbreviated(_PLURAL.sub("", text)).split())
    low = text.lower()
    if _BELIEVED.match(low) and not MEASURED.search(text):
        return judgement(here, start, end)
    if (_ANYTHING.match(low) and not MEASURED.search(text)) or is_attested(text) or _EFFECT_ON.match(low):
        return judgement(here, start, end)
    if _is_hindrance(low) or _is_found_so(here, start, text):
        return judgement(here, start, end)
    another = _ANOTHER.match(text)
    text = text[another.end() :] if another else text
    told_so = is_clause(text) or (_tells(text) and just_before(_ONLY, here.low, start) is None)
    told_so = told_so or (_tells_when(text) and just_before(_MUST_BE, here.low, start) is not None)
    if told_so and not here.text[:start].rstrip().endswith("("):
        return Draft(Statement(text=here.text[start:end], topic="circumstance", who="chart"), start, end)
    told = circumstance(here, text, start, end) if another is None and _may_be_told(text) else None
    weighed = told is not None and isinstance(told.rule, Statement) and told.rule.topic == "judgement"
    if told is not None and (weighed or not function_words(together=True).issuperset(keys(text))):
        return told
    if not is_open_phrase(text):
        state = text[been.end() :] if (been := _BEEN.match(text)) else text
        being = been or just_before(_BEING, here.low, start)
        if (_DONE.fullmatch(low) and being) or (_is_state(state) and (been or _is_of_people(here, start, end))):
            # "(is) at high risk of relapse", "(cannot be) discontinued"
            return Draft(Statement(text=here.text[start:end], topic="circumstance", who="chart"), start, end)
        long = _long_name(here, start, end) if another is None else None
        return long if long is not None else unread(here.text, start, end)
    said = _KNOWN.match(text)
    concept = open_concept(text[said.end() :] if said else text)
    if not concept.open:
        return unread(here.text, start, end)
    rule = Condition(
        concept=concept,
        known=said is not None,
        other=another is not None,
        studied=here.context.studied if another else (),
    )
    return Draft(rule, start, end, open=(Span(start=start, end=end),))


_ONLY: Final = re.compile(  # "whose only therapy was", "patients with lymphoma are": more is said than the clause
    r"\b(?:only|with|having)\s+(?:an?\s+|the\s+)?$"
)


def _may_be_told(text: str) -> bool:
    """Whether words are plain enough for one statement: no sign, no number, no connective, no denial, no result."""
    text = _as_one_word(text)
    found = keys(text)
    return is_open_phrase(text) or (len(found) > 1 and _RESULTS.isdisjoint(found) and _is_plain_clause(found, text))


def _is_plain_clause(found: Sequence[str], text: str) -> bool:
    return (
        0 < len(found) <= _MAXIMUM_CLAUSE_WORDS
        and found[0] not in _PREPOSITIONS
        and not is_unfinished(found)
        and _NOT_IN_NAMES.search(text) is None
        and not any(word in _CLOSED or word.isdigit() for word in found)
    )


def _long_name(here: Composing, start: int, end: int) -> Draft | None:
    """A name with attributes, each as plain as one: "active bleeding from the wound" "at the end of surgery"."""
    text = here.text[start:end]
    first, rest = start, text
    for at in [*reversed([m.start() for m in _NAME_ENDS.finditer(text)])]:
        first, rest = start + at, text[at:].strip(" ,.;:")
        if is_open_phrase(text[:at].strip(" ,")) and are_attributes(_COPULA.sub("", rest), enclosed=False):
            break
    else:
        return None
    if _NO_LONG_NAME.search(text) or not _PRONOUNS.isdisjoint(keys(text)):
        return None
    named = unknown(here, start, first)
    if not isinstance(named.rule, Condition) or not named.rule.concept.open:
        return None
    rule = named.rule.model_copy(update={"qualifiers": (rest.lower(),)})
    return Draft(rule, start, end, open=(Span(start=start, end=end),))


_RESULTS: Final = frozenset(("positive", "negative"))
_PRONOUNS: Final = frozenset("i we you they it he she who whose".split())
_NO_LONG_NAME: Final = re.compile(  # what is counted, what the profile has a field for, what is no noun
    r"\b(?:at least(?! one (?:eye|side))|at most|more|less|fewer|two|three|four|five|six|seven|eight|nine|ten"
    r"|consent\w*|contracepti\w+|pregnan\w+|positive|negative)\b|^\W*(?:\w+ly\s|\w+(?:ed|ing)\s+(?:by|in|at|on|from|to|with|prior)\b)",
    re.IGNORECASE,
)
_NAME_ENDS: Final = re.compile(rf"(?<=\w)\s+(?=(?:{'|'.join(_BEGINNINGS)}|that|which)\b)", re.IGNORECASE)


def _is_state(text: str) -> bool:
    """Whether words say in which state somebody is, not cut off: "at high risk of relapse", not "on a stable"."""
    text = _lengths_as("then", text)
    said = keys(text)
    return (
        _IN_STATE.match(text.lower()) is not None
        and said[-1] not in _UNFINISHED
        and _CUT_OFF.search(text.lower()) is None
        and is_attribute(text)
    )


_IN_STATE: Final = re.compile(
    r"(?:in|at|on|under|off)\s(?!least|most|whom|which|whose|case|order|absence|presence|addition)"
)
_CUT_OFF: Final = re.compile(
    r"(?:[a-z](?:(?<!tri)(?<!hospit)al|ic|ous|ive|ary|ory|ar|able|ible|ed|current)|as)$"
)  # "in good mental (or ...)"


def _is_of_people(here: Composing, start: int, end: int) -> bool:
    """Whether a state is said of people: "is at risk", "patients at risk", "A, or at risk" where nothing else is so."""
    if just_before(_BEING, here.low, start):
        return True
    said = keys(here.low[start:end])
    if _GOES_ON.match(here.low, end) or _OF_A_TIME.search(here.low, start, end) or len({*said} - _SMALL) < _LEAST_SAID:
        return False
    if just_before(_PEOPLE_LAST, here.low, start):
        return True
    joint = just_before(_OR_LAST, here.low, start)
    if joint is None:
        return False
    *_, alike = [None, *re.finditer(rf"\b{said[0]}\b", here.low[: joint.start()])]
    return (
        alike is None
        or alike.start() == 0
        or any(just_before(each, here.low, alike.start()) is not None for each in (_BEING, _PEOPLE_LAST))
    )


_LEAST_SAID: Final = 2  # "in care", "on dual" may be cut off
_GOES_ON: Final = re.compile(r"\s*(?:-|–|(?:for|of|to|with)\b)")
_OF_A_TIME: Final = re.compile(
    r"\b(?:(?:any|some|that|this|same|the)\s?times?|moments?|da(?:y|te)s?|visits?|weeks?|months?|years?|baseline|screening|past|end)\b"
)
_DONE: Final = re.compile(  # what is done with something, where no name stands beside it
    r"(?:safely\s+|adequately\s+|fully\s+|routinely\s+)*(?:discontinued|stopped|interrupted|withheld|switched|initiated|administered"
    r"|performed|obtained|completed|evaluated|evaluable|assessed|measured|measurable|available|treated|resected|removed|corrected|known"
    r"|reversed|avoided|replaced|reduced|established)"
)
_BEING: Final = re.compile(r"\b(?:be|is|are|was|were|being|been|remain|remains|currently)\s+$")
_BEEN: Final = re.compile(r"(?:ha(?:ve|s|d)\s+)?been\s+", re.IGNORECASE)
_PEOPLE_LAST: Final = re.compile(
    r"\b(?:patients?|subjects?|participants?|individuals?|those|(?:wo)?men|(?:fe)?males?|adults|children)\s+$"
)
_OR_LAST: Final = re.compile(r"\bor\s+$")
_COPULA: Final = re.compile(  # "that is felt to be" "discordant with imaging"
    r"(?:that|which)\s+(?:is|are|was|were|(?:has|have) been)\s+"
    r"(?:(?:felt|thought|considered|judged|deemed|known|found)\s+)?(?:to be\s+)?",
    re.IGNORECASE,
)


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
    clause = _CLAUSE.search(low)
    at = clause.start() if clause and _JUDGED.match(low, clause.start() + 1) else clause_of_judgement_in(low)
    return (
        bool(at)
        and _is_plain(low[:at].strip(" ,"), joined=False)
        and not begins_with_preposition(low)
        and not MEASURED.search(low)
        and not _NO_ATTRIBUTE.match(low)
    )


def is_clause(text: str) -> bool:
    """Whether words say of somebody, or of something, what it does or what is done with it, plainly."""
    text = _as_one_word(text)
    found = keys(text)
    if not _is_plain_clause(found, text) or (len(found) == 1 and not is_open_phrase(text)):
        return False
    return is_predicate(text)


_LENGTH: Final = re.compile(  # how long, or when: no number of what is counted
    r"(?:\b(?:and|but|or)\s+"
    r"(?=(?:for|no (?:more|less|later|earlier)|at least|at most|up to|until|through|within)\b[^.;,]{0,14}?\d))?"
    r"(?:(?:\b(?:within|for|over|during|in|at least|at most|up to|(?:no )?(?:more|less|longer|fewer|greater) than"
    r"|approximately|about|a minimum of|a maximum of|between|from|every|the|an?|next|last|past|previous|first"
    r"|following)|[<>≤≥=]=?)\s*)*"
    r"(?:\b\d+\s*(?:-|–|to|and|or)\s*)?\(?\b\d+\)?[\s-]*(?:(?:consecutive|calendar|business|working|completed|full)\s+)?"
    r"(?:minutes?|mins?|hours?|hrs?|days?|weeks?|months?|years?|half-li(?:fe|ves)|miles?|kilomet(?:er|re)s?|km)\b"
    r"(?:\s+radius)?(?:['’](?=\s))?",
    re.IGNORECASE,
)
_UNITS_OF_LENGTH: Final = (
    "min", "hour", "hr", "day", "week", "month", "year", "half-li", "mile", "kilomet", "km",
)  # fmt: skip
_WILL: Final = re.compile(r"will(?:\s+be)?\s+", re.IGNORECASE)
_ON_RECORD: Final = re.compile(  # what a record tells, too, so that a rule should
    r"(?:[a-z]+ly\s+)?(?:receiv|taken|taking|takes?\b|treat|us(?:e|ed|ing)\b|underw|undergo|administ|diagnos|progress|relaps|recur)",
    re.IGNORECASE,
)


def is_told_of_time(text: str) -> bool:
    """Whether words before a time say what somebody does or what is done then: "discharged from the hospital"."""
    return len(keys(text)) > 1 and _ON_RECORD.match(text) is None and (is_clause(text) or _tells(text))


def _tells(text: str) -> bool:
    """Whether words are a clause with a time in it: "reside for at least 6 months in the region"; or with a subject of
    its own: "dosing was activated after the implantation"."""
    will = _WILL.match(text)
    rest = text[will.end() :] if will else text
    rest = _lengths_as(" ", rest).strip()
    if (will is not None or rest != text) and _ON_RECORD.match(rest) is None and is_clause(rest):
        return True
    finite = _IS.search(rest)
    if finite is None or will is not None:
        return False
    subject, said = keys(rest[: finite.start()]), rest[finite.end() :]
    return (
        _OF_THE_TRIAL.search(rest, 0, finite.start()) is None
        and 0 < len(subject) <= _MAXIMUM_SUBJECT_WORDS
        and _FINITE.isdisjoint(subject)
        and subject[0] not in _PREPOSITIONS
        and subject[-1] not in _UNFINISHED
        and not any(word in _CLOSED or word.isdigit() for word in subject)
        and _ASKED.match(said) is None
        and _is_plain_clause([word for word in keys(said) if word not in _PREPOSITIONS] or [""], said)
        and keys(said)[-1] not in _UNFINISHED
    )


def told_when(here: Composing, start: int, end: int) -> Draft | None:
    """What must be so since when, or for how long: "(must be) stable for 4 weeks"; None for any other words."""
    if just_before(_MUST_BE, here.low, start) is None or not _tells_when(here.text[start:end].strip(" ,.;:")):
        return None
    return Draft(Statement(text=here.text[start:end], topic="circumstance", who="chart"), start, end)


def _tells_when(text: str) -> bool:
    """Whether words behind "must be" say no more than since when, or how long: "stable over at least 7 days"."""
    rest = _lengths_as(" ", text).strip()
    said = keys(_PRIOR_TO.sub(" ", rest))
    return (
        holds_length(text)
        and len(said) <= _MAXIMUM_SUBJECT_WORDS
        and _ON_RECORD.match(rest) is None
        and _OF_AGE.search(text) is None
        and _NOT_IN_NAMES.search(rest) is None
        and not any(word in _CLOSED or word.isdigit() for word in said)
    )


_MUST_BE: Final = re.compile(
    r"\b(?:must|should|has to|have to|needs? to|shall|will)\s+(?:also\s+)?(?:be|have been)\s+$"
)
_PRIOR_TO: Final = re.compile(
    r"\b(?:(?:immediately\s+)?(?:prior to|before|preceding|from|since|of|at)\s+(?:the\s+)?)\b"
)
_IS: Final = re.compile(r"\s+(?:is|are|was|were|(?:has|have|had)\s+been)\s+", re.IGNORECASE)
_OF_THE_TRIAL: Final = re.compile(  # of which nothing is said that a patient could be
    r"\b(?:criteri\w+|recruitment|activit\w+|decisions?|protocol|guidelines?|sections?|appendix|following|study|trial"
    r"|samples? size|cohorts?|arms?|enrol\w+|accrual|sponsor|sites?|phases?|parts?|stages?|child-?bearing"
    r"|whichever|it|this|these|those|there|they|he|she|we|that|which|who|what)\b",
    re.IGNORECASE,
)
_ASKED: Final = re.compile(  # what is asked for, allowed or explained, rather than told
    r"(?:\w+ly\s+)?(?:required|requested|recommended|allowed|permitted|accept\w+|eligible|ineligible|excluded|included|exempt\w*"
    r"|mandatory|needed|preferred|discouraged|encouraged|prohibited|defined|considered|optional|those|when|if|what|one|to"
    r"|regarded|counted|classified|closed|open|performed|conducted|initiated|grade|stage|class|scored?|given by)\b",
    re.IGNORECASE,
)
_MAXIMUM_SUBJECT_WORDS: Final = 6


def is_told(text: str) -> bool:
    """Whether a clause says what has happened or been done, rather than what somebody is fit for, or should be."""
    if names_no_disease(text):
        return True
    return is_clause(text) and _PREDICATE.match(text.lower()) is None and _WISHED.search(text.lower()) is None


_WISHED: Final = re.compile(
    r"\b(?:recover|resolv|consent|agree|understand|want|wish|expect|sign(?:ed|s)?\b|vaccinat|complet)"
)
_MAXIMUM_CLAUSE_WORDS: Final = 18


def is_unfinished(found: Sequence[str]) -> bool:
    """Whether words end in one that something else has to follow: "likely to require"."""
    return found[-1] in _UNFINISHED


_UNFINISHED: Final = _PREPOSITIONS | {"the", "a", "an", "that", "which", "who", "of", "consistent", "require", "need"}

_BELIEVED: Final = re.compile(
    r"(?:(?:is|are|was|were|be)\s+)?(?:thought|felt|believed|considered|deemed|judged|presumed)\s+(?:to\s+be|as|by)\b"
    r"|(?:considered|deemed|judged)\s+\w"
)
_ANOTHER: Final = re.compile(r"(?:(?:any|all|some|the|of)\s+)*(?:an)?other\s+(?=\w)", re.IGNORECASE)


_KNOWN: Final = re.compile(r"(?:(?:an?|any|the)\s+)?(?:known|documented|established|confirmed)\s+(?=\w)", re.IGNORECASE)


def narrowed(here: Composing, main: Draft, start: int, end: int) -> Draft:
    """The main with further words about it, whatever they say: a qualifier of their own, or unread."""
    if isinstance(main.rule, Not) and main.parts:
        denied = rebuilt(main, (narrowed(here, main.parts[0], start, end),))
        return denied.placed(denied.start, max(main.end, end))
    if isinstance(main.rule, Ambiguous):
        return replace(rebuilt(main, tuple(narrowed(here, each, start, end) for each in main.parts)), end=end)
    words = unread(here.text, start, end, "narrowing")
    if main.rule.kind == "all" and (judged := _judged_further(here, main, words)) is not None:
        return judged
    if main.rule.kind in ("any", "all") and (listed := _narrowed_list(here, main, words)) is not None:
        return listed
    if main.rule.kind == "all" and main.parts[-1].end == main.end:  # "women with melanoma" "for which no cure exists"
        last = narrowed(here, main.parts[-1], start, end)
        if not any(leaf.start == start and leaf.rule.kind == "unread" for leaf in last.leaves()):
            return replace(rebuilt(main, (*main.parts[:-1], last)), end=max(main.end, end))
    core, left = qualified(here, main, [words])
    if left and is_of_person(main.rule) and not isinstance(main.rule, Age):
        left = [told(here, each) for each in left]
    return core if not left else all_of([core, *left]).asked(main.requirement)


def is_of_person(rule: Rule) -> bool:
    """Whether it says who somebody is, and holds no attributes: a sex, an age, a pregnancy, a consent."""
    return isinstance(rule, Sex | Age | PatientAttribute)


_WHO: Final = re.compile(r"\b(?:who|that)\s+(?:(?:is|are|was|were|has|have|had|been|be|will|still|currently)\s+)*$")
_WITH: Final = re.compile(r"\b(?:with|having)\s+(?:(?:an?|the)\s+)?$")
_OF_OTHER_DAYS: Final = re.compile(  # the age at which something happened that may be long ago
    r"(?:at|when|on|by|before|after|since|until|prior|as of|from|following)\b.*?\b(?:diagnos|onset|surg|operation|birth"
    r"|transplant|deliver|injur|trauma|symptom|disease|cancer|event|first|conception|menopaus)",
    re.DOTALL,
)


def told(here: Composing, words: Draft) -> Draft:
    """What words say of somebody beside who it is: "women" "at risk of malnutrition"; unread if they are not plain."""
    if words.rule.kind != "unread":
        return words
    text = here.text[words.start : words.end].strip(" ,.;:")
    if len(keys(text)) == 1 or text.lower().startswith("of "):
        return words  # "pregnant of breastfeeding women"
    relative = just_before(_WHO, here.low, words.start) is not None
    if not relative:
        named = unknown(here, words.start, words.end)
        if isinstance(named.rule, Statement) or (
            isinstance(named.rule, Condition) and just_before(_WITH, here.low, words.start) is not None
        ):
            return named
    plain = is_attribute(text) or are_attributes(text, enclosed=False)
    if not plain or not (relative or begins_with_preposition(text)):
        return words
    said = Statement(text=here.text[words.start : words.end], topic="circumstance", who="chart")
    return Draft(said, words.start, words.end)


def is_of_another_day(here: Composing, words: Draft) -> bool:
    """Whether words may say when somebody was of an age, rather than what more there is: "at diagnosis"."""
    return _OF_OTHER_DAYS.match(here.low, words.start, words.end) is not None


def _judged_further(here: Composing, main: Draft, words: Draft) -> Draft | None:
    """A fact with a judgement that the words go on with: "..., increases the risks" "of taking part"."""
    last = main.parts[-1]
    if not isinstance(last.rule, Statement) or (made := _with_attribute(here, last, words)) is None:
        return None
    return replace(rebuilt(main, (*main.parts[:-1], made)), end=words.end)


def _narrowed_list(here: Composing, main: Draft, words: Draft) -> Draft | None:
    """A list with words behind it that may be about all of it, or about its last; None where they are no attribute."""
    made = [_each_with(here, part, words) for part in main.parts]
    narrow = [part for part in made if part is not None]
    if len(narrow) < len(made):
        return None
    every = rebuilt(main, tuple(narrow))
    last = rebuilt(main, (*main.parts[:-1], narrow[-1]))
    return replace(
        ambiguous([every, last], "words that may be about a list, or about its last"),
        requirement=main.requirement,
    )


def _each_with(here: Composing, part: Draft, words: Draft) -> Draft | None:
    """Each of a list in a list, with the words as an attribute of it; None where they cannot be one."""
    if part.rule.kind in ("any", "all"):
        made = [_each_with(here, each, words) for each in part.parts]
        each_made = tuple(each for each in made if each is not None)
        return replace(rebuilt(part, each_made), end=words.end) if len(each_made) == len(made) else None
    core, left = qualified(here, part, [words])
    return core.placed(core.start, max(core.end, words.end)) if not left else None


_REFERENCE: Final = re.compile(  # the work by which a diagnosis is made
    r"(?:as\s+)?(?:according to|per|based on|by|defined (?:by|in)|using|fulfilling|meeting)\s+(?:[\w'./()-]+\s+){0,12}"
    r"(?:criteria|classification|guidelines?|definitions?|manual|edition|consensus|DSM[\w-]*|ICD[\w-]*|version [\d.]+)"
    r"(?:\s+\([\w ,.-]{2,30}\))?",
    re.IGNORECASE,
)


def _is_reference(text: str, start: int, end: int) -> bool:
    """Whether words name the criteria by which something was found; the word "criteria" may stand behind them."""
    found = _REFERENCE.match(text, start)
    return found is not None and found.end() >= end


_BEFORE_PLACE: Final = re.compile(r"(?:in|of|to|at|on|within|involving|affecting|for|from)(?: the)? |the ")
_SIDE: Final = re.compile(
    r"(?:same|affected|ipsilateral|contralateral|opposite|other|whole|entire|upper|lower|left|right|treated) "
)


@cache
def _places() -> frozenset[str]:
    groups = phrase_groups()
    return frozenset(str(each).lower() for group in (groups["SITE"], *groups["PLACE"].values()) for each in group)


def is_at_a_place(text: str) -> bool:
    """Whether it is a side or a part of the body that narrows what stands before it: "in the study eye"."""
    place = " ".join(text.split()).lower()
    if found := _BEFORE_PLACE.match(place):
        place = place[found.end() :]
    return is_place(place) or all(map(is_place, _OF_PLACES.split(place)))


_OF_PLACES: Final = re.compile(r",? (?:and/)?or (?:the )?|,? and (?:the )?|/|, (?:the )?")


def is_place(text: str) -> bool:
    """Whether it names a side or a part of the body: "left arm"."""
    place = text.lower()
    while place not in _places():
        side = _SIDE.match(place)
        if side is None:
            return False
        place = place[side.end() :]
    return True


_SPLIT: Final = re.compile(
    r"\s+(?=(?:in|of|to|at|on|by|for|from|within|involving|affecting|due|secondary|as|per|according|based|requiring)\b)"
)


@lru_cache(maxsize=4096)
def known_attributes(text: str) -> tuple[str, ...] | None:
    """The attributes, one behind the other, that words are; None where any of them ties to nothing that is known."""
    for at in [len(text), *reversed([m.start() for m in _SPLIT.finditer(text)])]:
        first, rest = _known_attribute(text[:at]), text[at:].strip()
        if first is None:
            continue
        further = known_attributes(rest) if rest else ()
        if further is not None:
            return (first, *further)
    return None


def _known_attribute(text: str) -> str | None:
    tie = related(text)
    if tie is not None:
        return str(tie)
    if is_at_a_place(text) or is_method(text):
        return text.lower()
    return None


def is_of_qualifier(here: Composing, item: Item) -> bool:
    """Whether the words beside a name go on with its qualifier: "controlled" and "by diet"."""
    noun = item.core
    return (
        isinstance(noun, Noun)
        and len(item.beside) == 1
        and bool(noun.behind)
        and noun.behind[-1].type == "QUALIFIER"
        and not here.text[noun.behind[-1].end : item.beside[0].start].strip()
        and _BY.match(here.text, item.beside[0].start) is not None
    )


_BY: Final = re.compile(r"(?:by|with|on)\b", re.IGNORECASE)


_TELLING: Final = ("ing", "ed", "ly", "al", "ive", "ic", "ous", "able")


def goes_on(here: Composing, fact: Draft, words: Draft) -> bool:
    """Whether words go on with a fact, rather than make one name with it: "mumps in childhood", not "mumps vaccine"."""
    text = here.text[words.start : words.end]
    if isinstance(fact.rule, Statement) or begins_with_preposition(text) or begins_as_method(text):
        return True
    return text.split(maxsplit=1)[0].lower().endswith(_TELLING)


def qualified(here: Composing, core: Draft, beside: list[Draft], *, sure: bool = False) -> tuple[Draft, list[Draft]]:
    """Short words behind a condition or a treatment are a qualifier of their own words: "requiring dialysis".

    ``sure``: they are about it, even where it is an exception to something else.
    """
    if not beside or (here.excepting and not (sure or all(_is_of_excepted(here, core, words) for words in beside))):
        return core, beside
    made = core
    left: list[Draft] = []
    for words in beside:
        whole = _with_attribute(here, made, words)
        if whole is None and (apart := _judged_behind(here, words)) is not None:
            attribute, judged = apart
            whole = _with_attribute(here, made, attribute)
            left.append(judged)
        if whole is None and (how := _how_observed(here, made, words)) is not None:
            whole = made
            left.append(how)
        if whole is None:
            return core, beside
        made = whole
    return made, left


def _how_observed(here: Composing, core: Draft, words: Draft) -> Draft | None:
    """What words say of how, or when, a result was found, which only an answer can: it is the result for all that."""
    text = here.text[words.start : words.end].strip(" ,.;:")
    enclosed = here.text[: words.start].rstrip().endswith(("(", "["))
    if not isinstance(core.rule, Measurement | Finding) or words.rule.kind != "unread" or words.start < core.end:
        return None
    if text.lower().startswith("of ") or "%" in text or not are_attributes(text, enclosed=enclosed):
        return None
    if not (begins_with_preposition(text) or _SAID_OF_IT.match(text)) or not _RESULTS.isdisjoint(keys(text)):
        return None
    said = Statement(text=here.text[words.start : words.end], topic="circumstance", who="chart")
    return Draft(said, words.start, words.end)


def _judged_behind(here: Composing, words: Draft) -> tuple[Draft, Draft] | None:
    """An attribute, and the clause behind it that somebody has to judge: "of the foot" "that may interfere with the
    study"; None where no such clause closes them."""
    clause = _CLAUSE.search(here.low, words.start, words.end) if words.rule.kind == "unread" else None
    if clause is None or not _JUDGED.match(here.low, clause.start() + 1):
        return None
    if MEASURED.search(here.text, clause.start(), words.end) or _NO_ATTRIBUTE.match(here.text, clause.end(), words.end):
        return None
    attribute = unread(here.text, words.start, clause.start(), "narrowing")
    return attribute, judgement(here, clause.start() + 1, words.end)


def _is_of_excepted(here: Composing, core: Draft, words: Draft) -> bool:
    """Whether words are about what is excepted, not about what it is excepted from: they say that it is harmless now,
    or in which way it is meant, or the parenthesis of the exception ends with them."""
    if core.end <= words.start and _NEXT_ITEM.search(here.low, core.end, words.start):
        return False  # the words of the last of several
    return ends_exception(here, words) or _LEADING_ADVERB.fullmatch(here.low, words.start, core.end) is not None


def ends_exception(here: Composing, words: Draft) -> bool:
    """Whether words are about something that is excepted, of whichever of it: harmless, or last in its parenthesis."""
    if _HARMLESS.match(here.low, words.start, words.end):
        return True
    closed = here.text[words.end :].lstrip()[:1] in (")", "]")
    return closed and _EXCEPTION_OPENS.search(here.low, 0, words.start) is not None


_HARMLESS: Final = re.compile(
    r"(?:(?:is|are|was|were|has|have|had|been|considered|deemed|to be)\s+)*(?:[a-z]+ly\s+)?"
    r"(?:treated|resected|removed|excised|cured|ablated|induced|caused|diagnosed|surgically|curatively|successfully)\b"
)
_NEXT_ITEM: Final = re.compile(r",|;|\b(?:and|or)\b|/")
_LEADING_ADVERB: Final = re.compile(r"[a-z]{3,}ly(?<!only)(?<!early)\s.*", re.DOTALL)
_EXCEPTION_OPENS: Final = re.compile(
    r"[(\[]\s*(?:except(?:ing|ion)?|other than|excluding|with the exception|apart from|not including|but not)\b"
    r"[^()\[\]]*$"
)


def restated(rule: Condition | Measurement, text: str) -> bool:
    """Whether words only say what the name of the thing stands for."""
    return restates(rule.analyte.name if isinstance(rule, Measurement) else rule.concept.name, text)


def _said_further(here: Composing, core: Draft, rule: Statement, words: Draft, text: str) -> Draft | None:
    """A judgement with the words that it goes on with; None where they are not that."""
    if core.start <= words.start and words.end <= core.end:
        return core
    found = is_method(text)
    between = here.low[core.end : words.start].replace("," if begins_as_method(text) else "\0", " ")
    if words.start < core.end or _PEOPLE.fullmatch(between) is None:
        return None
    told = text.removeprefix("or ")  # "deprived of liberty or under guardianship"
    if not (is_attribute(told) or are_attributes(told, enclosed="," not in told) or found):
        return None
    if rule.topic != "judgement" and not (begins_with_preposition(told) or begins_as_method(told)):
        return None  # "ambulatory" "monitor"
    return replace(core, rule=rule.model_copy(update={"text": here.text[core.start : words.end]}), end=words.end)


_PEOPLE: Final = re.compile(
    r"(?:\s|\b(?:adults?|(?:fe)?males?|(?:wo)?men|volunteers?|subjects?|participants?|and|or)\b)*"
)


_SAID_OF_IT: Final = re.compile(rf"(?:{'|'.join(_BEGINNINGS)}|[a-z]+ed|that|which|who)\b|\W*\d", re.IGNORECASE)


def _with_attribute(here: Composing, core: Draft, words: Draft) -> Draft | None:
    """The fact with the words as an attribute of it; None where they cannot be one."""
    if words.rule.kind != "unread":
        return None
    rule = core.rule
    if isinstance(rule, Ambiguous):
        readings = [_with_attribute(here, reading, words) for reading in core.parts]
        made = tuple(reading for reading in readings if reading is not None)
        return replace(rebuilt(core, made), end=max(core.end, words.end)) if len(made) == len(readings) else None
    text = here.text[words.start : words.end].strip(" ,.;:")
    if isinstance(rule, Statement):
        return _said_further(here, core, rule, words, text)
    if not isinstance(rule, Condition | Treatment | Measurement | Finding | Allergy):
        return None
    if isinstance(rule, Condition | Measurement) and words.start >= core.start and restated(rule, text):
        return core.placed(core.start, max(core.end, words.end))
    if isinstance(rule, Condition | Treatment) and rule.exceptions:
        return None
    known = known_attributes(text)
    if known is None and _is_reference(here.text, words.start, words.end):
        known = (text.lower(),)
    if known is None and not is_attribute(text):
        enclosed = here.text[: words.start].rstrip().endswith(("(", "["))
        may_have = isinstance(rule, Condition | Treatment | Allergy) or (enclosed and isinstance(rule, Finding))
        if not may_have or not are_attributes(text, enclosed=enclosed):
            return None
    qualified_ = rule.model_copy(update={"qualifiers": (*rule.qualifiers, *(known or (text.lower(),)))})
    opened = (
        core.open
        if known or familiar(text) or names_no_disease(text)
        else (*core.open, Span(start=words.start, end=words.end))
    )
    return core.saying(qualified_, max(core.end, words.end), core.parts, opened)
