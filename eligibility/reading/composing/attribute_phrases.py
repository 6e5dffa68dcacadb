"""Whether words behind a name are attributes of it, and which: "due to a stroke in the left eye"."""

from __future__ import annotations

import re
from functools import cache, lru_cache
from typing import Final

from eligibility.knowledge.attributes import begins_as_method, is_method, names_methods, related, restates
from eligibility.knowledge.tables import places
from eligibility.knowledge.vocabulary import Kind, vocabulary
from eligibility.knowledge.words import BRACKETED, keys
from eligibility.reading.composing.lengths import in_figures, lengths_as
from eligibility.reading.composing.open_phrases import SMALL, is_plain
from eligibility.reading.lexer import tokenize
from eligibility.reading.lexing.function_words import phrase_groups
from eligibility.reading.patterns import DIGIT, any_word
from eligibility.reading.rewriting.abbreviations import unabbreviated
from eligibility.rules import Condition, Finding, Limit, Measurement

_MAXIMUM_ATTRIBUTES: Final = 4
BEGINNINGS: Final = (
    "in of to at on by for from with during following despite involving affecting due secondary as per according based "
    "requiring resulting caused related associated treated confirmed documented determined diagnosed measured assessed "
    "performed detected occurring leading located while"
).split()
"""Words that an attribute behind a name may begin with."""

_ATTRIBUTE_BEGINS: Final = re.compile(  # where behind one attribute the next may begin
    rf"(?<=\w)\s+(?=(?:{'|'.join(BEGINNINGS)})\b)", re.IGNORECASE
)
NUMBERED: Final = re.compile(  # a number that is part of a name
    r"\b(?:types?|grades?|stages?|class(?:es)?|visits?|days?|steps?|parts?|periods?|stud(?:y|ies)|trials?|phases?|cohorts?|groups?|cycles?|versions?|v|levels?"
    r"|arms?|appendix|table|section|editions?|criteria|criterion|recist|rano|dsm|icd|ctcae)[ -]?"
    r"\d+(?:\.\d+)*(?:\s*(?:-|/|or|and|to)\s*\d+)?[a-z]?\b"
    r"|\b[a-z]+-\d+[a-z]?\b|\bc\d+d\d+\b|\b(?:19|20)\d\d\b|\b\d+-lead\b",
    re.IGNORECASE,
)
_DENIED: Final = re.compile(  # denials that are attributes: "not amenable to surgery"
    r"\b(?:(?:is|are|was|were|that|which)\s+)*not\s+(?:\w+ly\s+)?(?=(?:amenable|suitable|responsive|responding|related|explained"
    r"|attributable|attributed|due|caused|associated|requiring|considered|eligible|candidates?|in|of|at|on|from|under)\b)",
    re.IGNORECASE,
)
_TO_BE: Final = re.compile(  # what is going to be done: "to be used during the study"
    r"\bto be (?=(?!(?:allowed|permitted|excluded|included|exempted|required)\b)\w+(?:ed|en|done|wn|held|made)\b)"
)
_COPULA: Final = re.compile(
    r"^(?:that|which)\s+(?:is|are|was|were|(?:has|have|had)\s+been)\s+(?!not\b|no\b)", re.IGNORECASE
)
_UNLIKE: Final = re.compile(r"(?<!other )(?<!more )(?<!less )(?<!fewer )(?<!^)\bthan\b")
_DISTANCE: Final = re.compile(  # how near to something: "within 5 mm of the optic nerve"
    r"\b(?:within|at least|at most|less than|more than|up to)?\s*\d+(?:\.\d+)?\s*"
    r"(?:mm|cm|m|[µμ]m|microns?|micromet(?:er|re)s?|centimet(?:er|re)s?|millimet(?:er|re)s?|degrees?|°|disc diameters?)"
    r"\s+(?=(?:of|from|away from|to|above|below|proximal to|distal to)\b)",
    re.IGNORECASE,
)
_AMOUNT: Final = re.compile(
    r"\d\s?(?:mg|mcg|[µμu]g|kg|g|m?l|dl|mm|cm|mmhg|kpa|iu|u|h|hrs?|%)\b"
    r"|\b(?:at (?:least|most)|(?:more|less|fewer) than)\b",
    re.IGNORECASE,
)
NO_ATTRIBUTE: Final = re.compile(
    r"\W*(?:includ|e\.?\s?g\b|i\.?\s?e\b|such as|for example|examples?\b|like\b|namely|note\b|see\b|defin)"
    r"|.*\b(?:except|exclud|exempt|allow|permit|accept|eligib)",
    re.IGNORECASE | re.DOTALL,
)
"""What words say that are no attribute: examples, the same in other words, what is spared."""


def is_attribute(text: str) -> bool:
    """Whether words behind a name can be an attribute of their own: a few more than a name may have, and as plain."""
    return is_plain(text, joined=begins_as_method(text))


def are_attributes(text: str, *, enclosed: bool) -> bool:
    """Whether words are attributes, one behind the other, each as plain as one: "due to a stroke in the left eye".

    ``enclosed``: they stand in parentheses, so that "or" joins nothing but them.
    """
    if "(" in text:
        text = unabbreviated(text)
    said = _COPULA.sub("", text)
    if "not" in said.lower():
        said = _DENIED.sub("", said, count=1)
    said = _TO_BE.sub("to ", said)
    if DIGIT.search(said):
        said = NUMBERED.sub("numbered", said)
    if not _OF_AGE.search(said):
        said = lengths_as(" then ", in_figures(said))
        said = _DISTANCE.sub("there ", said) if DIGIT.search(said) else said
    if "than" in said:
        said = _UNLIKE.sub("as", said)
    glosses = [gloss for gloss in BRACKETED.findall(said) if gloss.strip() and not _are_examples(gloss)]
    bare = BRACKETED.sub("", said)
    pieces = _pieces(bare)
    joined = enclosed or (begins_as_method(bare) and ("," not in bare or names_methods(bare)))
    if any(map(_ALTERNATIVE.match, glosses)):
        return False
    return (
        len(pieces) <= _MAXIMUM_ATTRIBUTES
        and all(is_plain(piece, joined=joined) for piece in pieces)
        and all(is_plain(gloss, joined=True) for gloss in glosses)
        and not any(map(NO_ATTRIBUTE.match, (bare, *glosses)))
        and _AMOUNT.search(said) is None
        and _NEW_LINE.search(text) is None
    )


def are_joined_attributes(text: str, kind: Kind) -> bool:
    """Whether words are attributes in which "or" and "and" join no more than what they name: "due to a cardiac or
    pulmonary impairment"; not so where what is joined may stand beside what they are attributes of, which is of the
    kind: "(fever) due to sepsis or dehydration"."""
    text = _joined_by_or(text)
    joints = list(_JOINT.finditer(text))
    if not joints or _BEGINS.match(text) is None or _APART.search(text):
        return False
    ends = [*(joint.start() for joint in joints[1:]), len(text)]
    for joint, end in zip(joints, ends, strict=True):
        elided = _ADJECTIVE_LAST.search(text, 0, joint.start()) is not None
        if not elided and any(token.type == kind.upper() for token in tokenize(text[joint.end() : end])):
            return False
    return are_attributes(text, enclosed=True)


def are_of_one_noun(text: str) -> bool:
    """Whether words are attributes in which "or" and "and" join adjectives of one noun, and nothing else: "due to
    cardiac, pulmonary or renal disease"."""
    text = _joined_by_or(text)
    joints = list(_JOINT.finditer(text))
    return (
        bool(joints)
        and _BEGINS.match(text) is not None
        and _APART.search(text) is None
        and all(_ADJECTIVE_LAST.search(text, 0, joint.start()) for joint in joints)
        and are_attributes(text, enclosed=True)
    )


def _joined_by_or(text: str) -> str:
    """Words with an "or" between the adjectives of one noun: "due to a cardiac, pulmonary, or renal impairment"."""
    return _OF_ADJECTIVES.sub(" or ", text.replace("and/or", "or"))


_JOINT: Final = re.compile(r"\s+(?:and/or|or|and)\s+", re.IGNORECASE)
_BEGINS: Final = re.compile(rf"(?:{'|'.join(BEGINNINGS)})\b", re.IGNORECASE)
_APART: Final = re.compile(  # another clause, or one more of what precedes
    r"[,;/]|\b(?:and/or|or|and)\s+(?:to|with|without|on|any|has|have|had|is|are|was|were|history|known|suspected|prior"
    r"|previous|previously|currently?|use|who|that|which|it|they|need\w*|requir\w+|receiv\w+|tak\w+|plan\w*|[a-z]+ly|[a-z]+ing"
    r"|undergo\w*|limit\w*|unable|unwilling|not|no|(?:\w+\s+)?conditions?)\b|\band\s+the\b"
    r"|(?<!prevention)(?<!prophylaxis)(?<!diagnosis)(?<!management)(?<!control)\s(?:or|and)\s+(?:treatment|therapy)\s+(?:of|for|with)\b",
    re.IGNORECASE,
)
_ADJECTIVE_LAST: Final = re.compile(
    r"\b(?:[a-z-]+(?:ic|al|ar|ac|ary|ous|ive|ed|able|ible|ory|otic)|severe|mild|moderate|acute|chronic|inpatient|outpatient|[a-z]+-)$",
    re.IGNORECASE,
)
_ADJECTIVE: Final = r"[a-z-]+(?:ic|al|ar|ac|ary|ory|ous|ive)"
_OF_ADJECTIVES: Final = re.compile(  # what stands between them
    r"(?:(?<=ic|al|ar|ac)|(?<=ary|ory|ous|ive))(?:,\s+(?:(?:or|and)\s+)?|\s*/\s*)"
    rf"(?=(?:{_ADJECTIVE},\s+(?:(?:or|and)\s+)?)*(?:or\s+|and\s+)?{_ADJECTIVE}\s+[a-z])",
    re.IGNORECASE,
)
_OF_AGE: Final = re.compile(any_word("age[ds]?", "old(?:er)?", "younger", "birth") + r"\b", re.IGNORECASE)
_ALTERNATIVE: Final = re.compile(r"\s*(?:and\s*/\s*)?or\b", re.IGNORECASE)
_NEW_LINE: Final = re.compile(
    r"\s(?:Other|Any|Patients?|Subjects?|Participants?|History|Known|Current|Prior|No|Have|Has)\s|\n\s*[*•-]"
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
    if found is None or NO_ATTRIBUTE.match(found[1]):
        return False
    return all(is_plain(each, joined=False) for each in _JOINTS.split(found[1]) if each.strip(" ."))


def _pieces(text: str) -> list[str]:
    """The attributes that stand one behind the other: "due to a stroke", "in the left hemisphere"."""
    found: list[str] = []
    for piece in _ATTRIBUTE_BEGINS.split(text):
        if found and (_GOING_ON.issuperset(keys(found[-1])) or SMALL.issuperset(keys(piece))):
            found[-1] = f"{found[-1]} {piece}"
        else:
            found.append(piece)
    return found


_GOING_ON: Final = SMALL.union(keys(" ".join(BEGINNINGS)))
_REFERENCE: Final = re.compile(  # the work by which a diagnosis is made
    r"(?:as\s+)?(?:according to|per|based on|by|defined (?:by|in)|using|fulfilling|meeting)\s+(?:[\w'./()-]+\s+){0,12}"
    r"(?:criteria|classification|guidelines?|definitions?|manual|edition|consensus|DSM[\w-]*|ICD[\w-]*|version [\d.]+)"
    r"(?:\s+\([\w ,.-]{2,30}\))?",
    re.IGNORECASE,
)


def is_reference(text: str, start: int, end: int) -> bool:
    """Whether words name the criteria by which something was found; the word "criteria" may stand behind them."""
    found = _REFERENCE.match(text, start)
    return found is not None and found.end() >= end


_BEFORE_PLACE: Final = re.compile(r"(?:in|of|to|at|on|within|involving|affecting|for|from)(?: the)? |the ")
_SIDE: Final = re.compile(
    r"(?:same|affected|ipsilateral|contralateral|opposite|other|whole|entire|upper|lower|left|right|treated) "
)


@cache
def _places() -> frozenset[str]:
    return frozenset(str(each).lower() for group in (phrase_groups()["SITE"], *places().values()) for each in group)


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


def restated(rule: Condition | Measurement | Finding, text: str) -> bool:
    """Whether words only say what the name of the thing, or what it is compared with, stands for."""
    if isinstance(rule, Condition):
        return restates(rule.concept.name, text)
    if isinstance(rule, Measurement) and _says_reference(rule.limit, text):
        return True
    name = rule.analyte.name if isinstance(rule, Measurement) else rule.test.name
    return restates(name, text) or _in_its_names(name, text) or _is_its_name(name, text)


def _says_reference(limit: Limit, text: str) -> bool:
    """Whether words only say of whom, or where, the reference is that a limit is compared with: "for the testing
    laboratory" of so many times the upper limit."""
    if limit.of in ("ULN", "LLN"):
        return _OF_REFERENCE.fullmatch(text) is not None
    return limit.unit == "%" and _OF_PREDICTED.fullmatch(text) is not None


_OF_REFERENCE: Final = re.compile(
    r"(?:(?:of|for|at|by|per|from|in)\s+)?(?:(?:the|each|their|our|its|local|central|reference|testing|treating|performing|clinical|study"
    r"|institution(?:'?s|al)?|labs?|laborator(?:y|ies)|laboratory's|hospital|site|cent(?:er|re)|normal|ranges?|limits?|values?|age|sex"
    r"|gender|and|or)(?:\s+|$))+",
    re.IGNORECASE,
)
_OF_PREDICTED: Final = re.compile(
    r"(?:of\s+)?(?:the\s+)?(?:(?:age[- ]|normal|predicted|expected|adjusted|reference|values?)\s*)+", re.IGNORECASE
)


@lru_cache(maxsize=4096)
def _is_its_name(name: str, text: str) -> bool:
    """Whether words are another name of a measurement, or of what it is a kind of: "(beta-hCG)" of a serum test."""
    entry = vocabulary().find(text.strip("()[]"), "measurement")
    return entry is not None and vocabulary().is_a("measurement", name, entry.name)


@lru_cache(maxsize=4096)
def narrower_measurement(name: str, text: str) -> str | None:
    """The measurement in the same unit that words behind the name of another one make of it: "QTcF", "systolic" of a
    blood pressure; None where they make none."""
    known = vocabulary()
    whole = known.entry("measurement", name)
    of_kind, joined = known.find(text, "measurement"), known.find(f"{text} {name}", "measurement")
    narrower = of_kind if of_kind is not None and known.is_a("measurement", of_kind.name, name) else joined
    if whole is None or narrower is None or narrower.name == name:
        return None
    return narrower.name if narrower.facts.get("unit") == whole.facts.get("unit") else None


@lru_cache(maxsize=4096)
def _in_its_names(name: str, text: str) -> bool:
    """Whether a measurement is called so with these words and without: a urine protein, or one "by dipstick"."""
    entry, said = vocabulary().entry("measurement", name), keys(text)
    spelt = frozenset(map(keys, (name, *entry.synonyms))) if entry is not None and said else frozenset()
    return any((*each, *said) in spelt for each in spelt)
