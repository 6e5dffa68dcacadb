"""Words beside a fact as attributes of it: "requiring dialysis", "at risk of malnutrition"."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Final

from eligibility.knowledge.attributes import begins_as_method, cause, is_method, narrowing
from eligibility.knowledge.familiar import familiar
from eligibility.knowledge.qualifiers import qualifiers
from eligibility.knowledge.vocabulary import Entry, Kind, vocabulary
from eligibility.knowledge.words import keys
from eligibility.reading.composing.attribute_phrases import (
    BEGINNINGS,
    NO_ATTRIBUTE,
    are_attributes,
    are_joined_attributes,
    is_attribute,
    is_reference,
    known_attributes,
    narrower_measurement,
    restated,
)
from eligibility.reading.composing.circumstances import names_no_disease, on_record
from eligibility.reading.composing.extents import extent, is_small_dose
from eligibility.reading.composing.judgements import hinders, judged_behind
from eligibility.reading.composing.lengths import holds_length
from eligibility.reading.composing.open_phrases import begins_with_preposition
from eligibility.reading.composing.terms import Composing, Item, is_pregnancy
from eligibility.reading.composing.unknowns import RESULTS, told_of_it, unknown
from eligibility.reading.composing.windows import takes_window, windowed
from eligibility.reading.drafts import Draft, all_of, ambiguous, rebuilt, unread
from eligibility.reading.islands import quantified
from eligibility.reading.lexer import tokenize
from eligibility.reading.patterns import COMPARED, LISTED, PERSONS, just_before
from eligibility.reading.phrases import Noun
from eligibility.reading.quantities import WindowRead
from eligibility.reading.rewriting.cleaning import cleaned
from eligibility.rules import (
    Age,
    Allergy,
    Ambiguous,
    Concept,
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


def narrowed(here: Composing, main: Draft, start: int, end: int) -> Draft:
    """The main with further words about it, whatever they say: a qualifier of their own, or unread."""
    if isinstance(main.rule, Not) and main.parts:
        denied = rebuilt(main, (narrowed(here, main.parts[0], start, end),))
        return denied.placed(denied.start, max(main.end, end))
    if isinstance(main.rule, Ambiguous):
        return replace(rebuilt(main, tuple(narrowed(here, each, start, end) for each in main.parts)), end=end)
    if _names_its_scale(here, main, start, end):
        return main.placed(main.start, max(main.end, end))
    if (
        main.rule.kind == "any"
        and here.exclusion
        and _SEMICOLON.search(here.text, main.parts[-2].end, main.parts[-1].start)
    ):
        last = narrowed(here, main.parts[-1], start, end)
        return replace(rebuilt(main, (*main.parts[:-1], last)), end=max(main.end, end))
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
    if isinstance(core.rule, Treatment) and core.rule.time == "now" and _IN_THE_PAST.search(here.low, start, end):
        core = replace(
            core, rule=core.rule.model_copy(update={"time": "ever"})
        )  # "receiving A for B in the past month"
    return core if not left else all_of([core, *left]).asked(main.requirement)


_SEMICOLON: Final = re.compile(";")
_IN_THE_PAST: Final = re.compile(
    r"\b(?:(?:in|within|during|over)\s+(?:the\s+)?(?:past|previous|last|preceding|prior)|within\s+[<>≤≥=\s]*[\w.-]+)\s+"
    r"(?:[\w-]+\s+){0,3}?(?:hours?|days?|weeks?|months?|years?)\b"
)


def is_of_person(rule: Rule) -> bool:
    """Whether it says who somebody is, and holds no attributes: a sex, an age, a pregnancy, a consent."""
    return isinstance(rule, Sex | Age | PatientAttribute)


def _names_its_scale(here: Composing, main: Draft, start: int, end: int) -> bool:
    """Whether words say no more than on which scale a class is that is named already: "class II heart failure" "as
    defined by the New York Heart Association"."""
    scales = {rule.analyte.name for rule in main.innermost_rules() if isinstance(rule, Measurement)}
    said = _BY_SCALE.fullmatch(here.text[start:end].strip(" ,.;:()")) if scales else None
    named = vocabulary().find(said["scale"], "measurement") if said is not None else None
    return named is not None and named.name in scales


_BY_SCALE: Final = re.compile(
    r"(?:as\s+)?(?:defined|classified|graded|assessed|determined|categori[sz]ed)\s+(?:by|per|according\s+to|using|on|with)\s+"
    r"(?:the\s+)?(?P<scale>.+?)(?:\s+(?:class(?:ification)?|criteria|scale|system|functional|grading|\([A-Z]+\)))*",
    re.IGNORECASE,
)
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
    return on_record(here, words.start, words.end)


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
    purpose = _PURPOSE.match(here.low, words.start) and not just_before(_DONE_TO_THEM, here.low, words.start)
    before = [
        part if purpose and isinstance(part.rule, Condition) and not part.rule.concept.open else made
        for part, made in zip(main.parts[:-1], narrow[:-1], strict=True)
    ]
    every = rebuilt(main, (*before, narrow[-1]))
    last = rebuilt(main, (*main.parts[:-1], narrow[-1]))
    if every.rule == last.rule:  # "asthma, or risk factors for asthma"
        return replace(last, requirement=main.requirement)
    return replace(
        ambiguous([every, last], "words that may be about a list, or about its last"),
        requirement=main.requirement,
    )


_DONE_TO_THEM: Final = re.compile(r"\b[a-z]+ed\s+$")  # "referred for surgery": the people
_PURPOSE: Final = re.compile(
    r"for\s+(?!(?:at\s+least|more|less|over|up\s+to|\d|the\s+(?:past|last|previous|next|duration)))"
)


def _each_with(here: Composing, part: Draft, words: Draft) -> Draft | None:
    """Each of a list in a list, with the words as an attribute of it; None where they cannot be one."""
    if part.rule.kind in ("any", "all"):
        made = [_each_with(here, each, words) for each in part.parts]
        each_made = tuple(each for each in made if each is not None)
        return replace(rebuilt(part, each_made), end=words.end) if len(each_made) == len(made) else None
    core, left = qualified(here, part, [words])
    return core.placed(core.start, max(core.end, words.end)) if not left else None


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
        if whole is None and (apart := judged_behind(here, words)) is not None:
            attribute, judged = apart
            whole = _with_attribute(here, made, attribute)
            left.append(judged)
        told = _how_observed(here, made, words) or _said_of_fact(here, made, words) if whole is None else None
        if told is not None:
            whole = made
            left.append(told)
        if whole is None:
            return core, beside
        made = whole
    return made, left


def _said_of_fact(here: Composing, core: Draft, words: Draft) -> Draft | None:
    """What a clause says of a fact that is no attribute of it, for an answer to settle."""
    if not isinstance(core.rule, Condition | Treatment | Allergy | Measurement | Finding):
        return None
    return told_of_it(here, words) if words.start >= core.end else None


def _how_observed(here: Composing, core: Draft, words: Draft) -> Draft | None:
    """What words say of how, or when, a result was found, which only an answer can: it is the result for all that."""
    text = here.text[words.start : words.end].strip(" ,.;:")
    enclosed = here.text[: words.start].rstrip().endswith(("(", "["))
    if not isinstance(core.rule, Measurement | Finding) or words.rule.kind != "unread" or words.start < core.end:
        return None
    if text.lower().startswith("of ") or "%" in text:
        return None
    if not are_attributes(text, enclosed=enclosed):
        return None
    if not (begins_with_preposition(text) or _SAID_OF_IT.match(text)) or not RESULTS.isdisjoint(keys(text)):
        return None
    return on_record(here, words.start, words.end)


def _is_of_excepted(here: Composing, core: Draft, words: Draft) -> bool:
    """Whether words are about what is excepted, not about what it is excepted from: they say that it is harmless now,
    or in which way it is meant, or the parenthesis of the exception ends with them."""
    if core.end <= words.start and _NEXT_ITEM.search(here.low, core.end, words.start):
        return False  # the words of the last of several
    if core.end <= words.start and is_small_dose(core.rule, here.text[words.start : words.end].strip(" ,.;:()")):
        return True
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


def _said_further(here: Composing, core: Draft, rule: Statement, words: Draft, text: str) -> Draft | None:
    """A judgement with the words that it goes on with; None where they are not that."""
    if core.start <= words.start and words.end <= core.end:
        return core
    found = is_method(text)
    between = here.low[core.end : words.start].replace("," if begins_as_method(text) else "\0", " ")
    is_so = _IS_SO.fullmatch(between) is not None or (_THAT.fullmatch(between) is not None and hinders(here, words))
    if words.start < core.end or not (is_so or _PEOPLE.fullmatch(between)):
        return None
    told = text.removeprefix("or ")  # "deprived of liberty or under guardianship"
    plain = is_attribute(told) or are_attributes(told, enclosed="," not in told)
    if not (plain or found):
        return None
    one_name = ends_name(here, core.end, words)
    if rule.topic != "judgement" and not (is_so or one_name or begins_with_preposition(told) or begins_as_method(told)):
        return None  # "ambulatory" "monitor"
    return replace(core, rule=rule.model_copy(update={"text": here.text[core.start : words.end]}), end=words.end)


def ends_name(here: Composing, start: int, words: Draft) -> bool:
    """Whether words are the end of a name that begins right before them: "contraindications to MRI" "scanning"."""
    said = here.low[words.start : words.end].strip(" ,.;:")
    return not here.text[start : words.start].strip() and _OF_A_NAME.fullmatch(said) is not None


_IS_SO: Final = re.compile(r"\s*(?:is|are|was|were)\s*")
_THAT: Final = re.compile(r"\s*(?:that|which)\s*")
_OF_A_NAME: Final = re.compile(  # how a name goes on that is an answer's alone: "contraindications to MRI" "scanning"
    r"(?:\w+\s+){0,2}(?:use|scan(?:ning|s)?|status|treatments?|therap(?:y|ies)|procedures?|documents?|placement|administration|clinics?"
    r"|examinations?|imaging|tests?|testing|surger(?:y|ies)|care|settings?|access|requirements?|orders?|designation|measures?|fund|lines?)"
    r"(?:\s+(?:at|prior to|before|during)\b.*)?"
)


def _as_defined(
    here: Composing,
    core: Draft,
    rule: Condition | Treatment | Allergy | Finding | Measurement,
    words: Draft,
    meaning: str,
) -> Draft | None:
    """A fact with what the text means by it, in its own words, as an attribute of it; None where they are not plain."""
    if not isinstance(rule, Condition | Treatment) or rule.concept.open or _LIST_FOLLOWS.match(meaning):
        return None
    if _EXAMPLES_FOLLOW.match(here.text, words.end):
        return None
    if not (is_attribute(meaning) or are_attributes(meaning, enclosed=False)):
        return None
    said = here.text[words.start : words.end].strip(" ,.;:").lower()
    qualified_ = rule.model_copy(update={"qualifiers": (*rule.qualifiers, said)})
    opened = (*core.open, Span(start=words.start, end=words.end))
    return core.saying(qualified_, max(core.end, words.end), core.parts, opened)


_DEFINED: Final = re.compile(
    r"(?:(?:which|that)\s+(?:is|are)\s+)?defined\s+as\s*:?\s*(?:an?\s+|the\s+)?", re.IGNORECASE
)
_EXAMPLES_FOLLOW: Final = re.compile(
    r"[\s,(\[]*(?:includ|such as|e\.?g|i\.?e|for example|like)\b|[\s,(]*including", re.IGNORECASE
)
_LIST_FOLLOWS: Final = re.compile(r"(?:follow|below|above|listed|any of|one of|all of)", re.IGNORECASE)


def _dated(here: Composing, core: Draft, words: Draft) -> Draft | None:
    """Something given or done at the time that closes the words about it, with what they say before that: "vaccines"
    "against rabies within 4 weeks"; None where they close otherwise, or may say when something else was."""
    said = here.text[words.start : words.end].rstrip(" ,.;:")
    if not isinstance(core.rule, Treatment) or not holds_length(said) or _OF_ITSELF.match(said) is None:
        return None
    opened = said.rfind("(") if said.endswith(")") else len(said)
    tokens = quantified(cleaned(tokenize(said[: max(opened, 0)].rstrip(" ,"))))
    last = tokens[-1] if tokens else None
    if last is None or last.type != "WINDOW" or last.end < len(said[:opened].rstrip(" ,")):
        return None
    before = said[: last.start].rstrip(" ,")
    read: WindowRead = last.value
    if _OF_ANOTHER.search(before) or not read.windows or read.planned or read.either or read.moment != "any":
        return None
    made = windowed(core, read) if takes_window(core) else None
    made = _with_attribute(here, made, unread(here.text, words.start, words.start + len(before))) if made else None
    if made is not None and opened < len(said):
        if NO_ATTRIBUTE.match(said, opened + 1):
            return None  # examples
        gloss = unread(here.text, words.start + opened + 1, words.start + len(said) - 1)
        made = _with_attribute(here, made, gloss)
    return replace(made, end=max(made.end, words.end)) if made is not None else None


def _at_its_time(here: Composing, core: Draft, words: Draft) -> Draft | None:
    """A fact at the time that words behind it are, with no more before that than that it was there or was done:
    "recorded prior to the first dose", "antibodies at screening"; None where they say more."""
    said = here.text[words.start : words.end].strip(" ,.;:")
    tokens = quantified(cleaned(tokenize(said)))
    last = tokens[-1] if tokens else None
    if last is None or last.type != "WINDOW" or last.end < len(said) or not takes_window(core):
        return None
    read: WindowRead = last.value
    before = {*said[: last.start].lower().split()}
    if isinstance(core.rule, Finding | Measurement):
        before.discard("required")  # what is required of anything else may still be to be done
    if not before <= _NO_MORE_THAN_THERE or read.planned or read.either or read.moment != "any":
        return None
    if read.windows and just_before(LISTED, here.low, core.start):
        return None  # "A or B (in the past 2 years)": a time that may be that of both
    at_screening = read.now and _AT_SCREENING.search(said, last.start) is not None  # "on treatment" says more
    dated = windowed(core, read) if read.windows else _as_of_now(core) if at_screening else None
    return replace(dated, end=max(dated.end, words.end)) if dated is not None else None


_AT_SCREENING: Final = re.compile(
    r"\b(?:screening|baseline|enrol+ment|randomi[sz]ation|(?:study|trial)\s+entry|inclusion)\b", re.IGNORECASE
)


def _as_of_now(core: Draft) -> Draft | None:
    """A fact as it is at screening; None of what there may have been long before."""
    rule = core.rule
    if isinstance(rule, Condition | Treatment):
        if rule.time not in ("unstated", "now"):
            return None
        return replace(core, rule=rule.model_copy(update={"time": "now"}))
    return core if isinstance(rule, Measurement | Finding) else None


_OF_ITSELF: Final = re.compile(r"(?:for|against|with|from|in|of|to|by|as|at|on|via|containing)\b", re.IGNORECASE)
_OF_ANOTHER: Final = re.compile(  # whose time it may be: "for metastases diagnosed" within 6 months
    r"(?:\w+ed|taken|done|given|made|seen|begun|after|since|before|prior to|following|that|which|who)$"
    r"|\b(?:that|which|who|whose|requiring|despite|after|following)\b",
    re.IGNORECASE,
)
_PEOPLE: Final = re.compile(rf"(?:\s|\b(?:adults?|(?:fe)?males?|(?:wo)?men|{PERSONS}|and|or)\b)*")
_SAID_OF_IT: Final = re.compile(rf"(?:{'|'.join(BEGINNINGS)}|[a-z]+ed|that|which|who)\b|\W*\d", re.IGNORECASE)


def _of_cause(concept: Concept, text: str) -> Entry | None:
    """The kind of a disease that words behind it name by what it comes of: "thrombocytopenia due to heparin"."""
    by = cause(text)
    if by is None or concept.open:
        return None
    names = (f"{by} {link} {concept.name}" for link in ("induced", "associated", "related"))
    found = [entry for name in names if (entry := vocabulary().find(name, "condition")) is not None]
    return next((e for e in found if vocabulary().is_a("condition", e.name, concept.name)), None)


def _says_no_more(here: Composing, rule: Rule, words: Draft, text: str) -> bool:
    """Whether a word behind a fact only says again what it is: "NYHA class III disease", "HIV-1 infected"."""
    if just_before(_ALONE, here.low, words.start):
        return False  # "ascites-only disease" is not ascites
    match rule:
        case Measurement() if here.text[: words.start].rstrip().endswith(("(", "[")):
            return text in _UNITS_AGAIN
        case Measurement():
            raised = text in _RAISED and rule.limit.low is not None and rule.limit.high is None
            return text in _DISEASED or text in _MEASURED or raised
        case Finding():
            return text in _DISEASED or text in _TUMORS or text in _MEASURED
        case Treatment():
            return text in _GIVEN
        case Condition():
            infection = not rule.concept.open and vocabulary().is_a("condition", rule.concept.name, "infection")
            said = text in _DISEASED or text in _ON_RECORD
            return said or (text == "infected" and infection) or (text == "severity" and bool(rule.grade))
        case _:
            return False


def _is_undated(rule: Condition | Treatment) -> bool:
    return rule.time == "unstated" and rule.window is None


_ALONE: Final = re.compile(r"\b(?:only|alone)\W*$")
_UNITS_AGAIN: Final = tuple("l ul µl μl mcl microliter microlitre liter litre dl ml min mm3".split())
_DISEASED: Final = ("disease", "lesion", "lesions")
_MEASURED: Final = tuple(
    "test tests tested testing assay level levels value values result results score activity exists".split()
)
_RAISED: Final = ("prolongation", "elevation")
_TUMORS: Final = ("tumor", "tumors", "tumour", "tumours")
_ON_RECORD: Final = tuple("diagnosis present exists exist occurred occurring noted observed recorded".split())
_GIVEN: Final = ("performed", "administered", "given", "received", "undertaken", "carried out", "used", "taken")
_FOUND: Final = tuple(
    "that which was were is are been has have conducted obtained collected documented measured assessed determined "
    "analysed analyzed evaluated antibody antibodies".split()
)
_NO_MORE_THAN_THERE: Final = frozenset((*_MEASURED, *_ON_RECORD, *_GIVEN, *_FOUND))
_GOING_ON: Final = ("ongoing", "is ongoing", "are ongoing")
_PREDICTED: Final = re.compile(r"\b(?:predicted|percentile)\b")
_BY_WHICH: Final = re.compile(  # what is predicted by: what every prediction is
    r"(?:(?:adjusted|corrected|matched|following\s+adjustment)\s+)?for\s+(?:(?:age|sex|gender|height|weight|race|ethnicity|and)\b[,\s]*)+"
    r"(?:at\s+(?:the\s+)?(?:screening|baseline|check-in)(?:\s+visit)?)?",
    re.IGNORECASE,
)
_SAYS_NO_MORE: Final = re.compile(  # of a pregnancy: how it was found, when, why it matters
    r"(?:as\s+)?(?:(?:confirmed|determined|shown|evidenced|documented|assessed|demonstrated|defined|established|verified|diagnosed)\s+)?"
    r"(?:by|with|via|through|on|based\s+on|according\s+to)\s+(?:an?\s+|the\s+|their\s+)?(?:(?:positive|urine|serum|blood|patient|medical|own"
    r"|beta|human|chorionic|gonadotropin|β)[\s-]+){0,5}(?:pregnancy\s+tests?(?:\s+results?)?|h?CG(?:\s+tests?)?|ultrasound|history|reports?)"
    r"|(?:at\s+(?:any\s*time\s+)?|during\s+|in\s+)+(?:the\s+)?(?:time\s+of\s+)?(?:the\s+)?(?:proposed\s+|planned\s+)?"
    r"(?:study|trial|screening|baseline|enrol+ment|randomi[sz]ation|inclusion|entry|study\s+entry|study\s+period|treatment\s+period)"
    r"(?:\s+visit)?|status|stage"
    r"|(?:because\s+of|due\s+to|for|given|owing\s+to)\s+[^.;]*\b(?:teratogen\w*|f(?:o)?etus(?:es)?|f(?:o)?etal|unborn|infants?|nursing|bab(?:y|ies)"
    r"|congenital|child(?:ren)?|newborns?|embryo\w*|offspring)\b[^.;]*",
    re.IGNORECASE,
)
_PLANNED: Final = ("planned", "scheduled", "anticipated", "foreseen", "intended")


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
    if isinstance(rule, PatientAttribute) and is_pregnancy(rule) and _SAYS_NO_MORE.fullmatch(text):
        return core.placed(core.start, max(core.end, words.end))
    if not isinstance(rule, Condition | Treatment | Measurement | Finding | Allergy):
        return None
    if isinstance(rule, Condition | Measurement | Finding) and words.start >= core.start and restated(rule, text):
        return core.placed(core.start, max(core.end, words.end))
    if isinstance(rule, Measurement | Finding) and (narrower := _of_narrower(rule, text)) is not None:
        return core.saying(narrower, max(core.end, words.end), core.parts, core.open)
    if isinstance(rule, Measurement) and _PREDICTED.search(rule.analyte.name) and _BY_WHICH.fullmatch(text):
        return core.placed(core.start, max(core.end, words.end))
    if words.start >= core.end and _says_no_more(here, rule, words, text.lower()):
        return core.placed(core.start, max(core.end, words.end))
    if isinstance(rule, Condition | Treatment) and rule.exceptions:
        return None
    if isinstance(rule, Condition) and (kind := _of_cause(rule.concept, text)) is not None:
        update = {"concept": Concept(name=kind.name)}
        return core.saying(rule.model_copy(update=update), max(core.end, words.end), core.parts, core.open)
    if isinstance(rule, Treatment) and text.lower() in _PLANNED and rule.time == "unstated" and rule.window is None:
        planned = rule.model_copy(update={"time": "planned"})  # "no stoma planned"
        return core.saying(planned, max(core.end, words.end), core.parts, core.open)
    if isinstance(rule, Condition | Treatment) and text.lower() in _GOING_ON and _is_undated(rule):
        current = rule.model_copy(update={"time": "now"})  # "(if) antibiotic treatment is ongoing"
        return core.saying(current, max(core.end, words.end), core.parts, core.open)
    if words.start >= core.start and (timed := _at_its_time(here, core, words)) is not None:
        return timed
    if isinstance(rule, Measurement | Finding) and not rule.site and (site := _place(text)):
        return core.saying(rule.model_copy(update={"site": site}), max(core.end, words.end), core.parts, core.open)
    known = known_attributes(text) or (narrowing(text) if " " not in text else None)
    if known is None and is_reference(here.text, words.start, words.end):
        known = (text.lower(),)
    if known is None and words.start >= core.end and not _OF_WHAT.match(here.low, words.end):
        much = extent(rule, text, spared=here.excepting)
        known = (much,) if much is not None else None
    if known is None and COMPARED.search(text):  # a limit is read, or is not understood
        return None
    if known is None and not is_attribute(text):
        enclosed = here.text[: words.start].rstrip().endswith(("(", "["))
        may_have = isinstance(rule, Condition | Treatment | Allergy) or (
            isinstance(rule, Finding) and (enclosed or text.lower().startswith("for "))
        )
        if not may_have:
            return None
        if (defined := _DEFINED.match(text)) is not None:
            return _as_defined(here, core, rule, words, text[defined.end() :])
        if (dated := _dated(here, core, words)) is not None:
            return dated
        beside: Kind = "condition" if isinstance(rule, Condition) else "treatment"
        if not are_attributes(text, enclosed=enclosed) and not are_joined_attributes(text, beside):
            return None
        if enclosed and holds_length(text) and just_before(LISTED, here.low, core.start):
            return None  # "A or B (in the past 2 years)": a time that may be that of both
    qualified_ = rule.model_copy(update={"qualifiers": (*rule.qualifiers, *(known or (text.lower(),)))})
    opened = (
        core.open
        if known or _is_known_attribute(text) or familiar(text) or names_no_disease(text)
        else (*core.open, Span(start=words.start, end=words.end))
    )
    return core.saying(qualified_, max(core.end, words.end), core.parts, opened)


def _of_narrower(rule: Measurement | Finding, text: str) -> Measurement | Finding | None:
    """The rule for the narrower measurement that words make of the one that it is about: "QTc" "(QTcF)"."""
    field, concept = ("analyte", rule.analyte) if isinstance(rule, Measurement) else ("test", rule.test)
    name = None if concept.open else narrower_measurement(concept.name, text)
    return rule.model_copy(update={field: Concept(name=name)}) if name is not None else None


def _place(text: str) -> str:
    """Which part of the body words name, and no more than that: "in the study eye"; nothing where they say more."""
    if not begins_with_preposition(text):
        return ""
    tokens = [token for token in tokenize(text) if token.type != "FILLER"]
    named = len(tokens) == _PREPOSITION_AND_PLACE and tokens[0].type in ("WITHIN", "OF") and tokens[1].type == "SITE"
    return str(tokens[1].value) if named else ""


_OF_WHAT: Final = re.compile(r"\s*of\b(?!\s+(?:age|the\s+(?:body|total|whole)))")  # "> 10 mg of prednisone a day"
_PREPOSITION_AND_PLACE: Final = 2


def _is_known_attribute(text: str) -> bool:
    """Whether the vocabulary of attributes has these words: "(metastatic)", "ductal"."""
    return qualifiers().find(text) is not None or narrowing(text) is not None
