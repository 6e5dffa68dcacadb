"""What is said of somebody rather than named: "admitted to hospital", "dosing was activated", "stable for 4 weeks"."""

from __future__ import annotations

import re
from typing import Final

from eligibility.knowledge.verbs import tells_what_is_done
from eligibility.knowledge.words import keys
from eligibility.reading.composing.circumstances import names_no_disease, on_record
from eligibility.reading.composing.lengths import holds_length, lengths_as
from eligibility.reading.composing.open_phrases import (
    CLOSED,
    FINITE,
    NOT_IN_NAMES,
    PREPOSITIONS,
    UNFINISHED,
    as_one_word,
    is_open_phrase,
    is_plain_clause,
)
from eligibility.reading.composing.terms import Composing
from eligibility.reading.drafts import Draft
from eligibility.reading.patterns import just_before

_OF_AGE: Final = re.compile(  # an age; what is to come
    r"\b(?:age[ds]?|old(?:er)?|younger|plan\w*|schedul\w*|expect\w*|anticipat\w*|intend\w*|likely)\b", re.IGNORECASE
)
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


_ONLY: Final = re.compile(  # "whose only therapy was", "patients with lymphoma are": more is said than the clause
    r"\b(?:only|with|having)\s+(?:an?\s+|the\s+)?$"
)


def is_clause(text: str) -> bool:
    """Whether words say of somebody, or of something, what it does or what is done with it, plainly."""
    text = as_one_word(text)
    found = keys(text)
    if not is_plain_clause(found, text) or (len(found) == 1 and not is_open_phrase(text)):
        return False
    return tells_what_is_done(text) or _PREDICATE.match(text.lower()) is not None


_WILL: Final = re.compile(r"will(?:\s+be)?\s+", re.IGNORECASE)
_ON_RECORD: Final = re.compile(  # what a record tells, too, so that a rule should
    r"(?:[a-z]+ly\s+)?(?:receiv|taken|taking|takes?\b|treat|us(?:e|ed|ing)\b|underw|undergo|administ|diagnos|progress|relaps|recur)",
    re.IGNORECASE,
)


def tells_of(here: Composing, start: int, text: str) -> bool:
    """Whether words say of somebody, or of something, what is so, with a time or without one."""
    if is_clause(text) or (_tells(text) and just_before(_ONLY, here.low, start) is None):
        return True
    return just_before(_MUST_BE, here.low, start) is not None and _tells_when(text)


def is_told_of_time(text: str) -> bool:
    """Whether words before a time say what somebody does or what is done then: "discharged from the hospital"."""
    return len(keys(text)) > 1 and _ON_RECORD.match(text) is None and (is_clause(text) or _tells(text))


def _tells(text: str) -> bool:
    """Whether words are a clause with a time in it: "reside for at least 6 months in the region"; or with a subject of
    its own: "dosing was activated after the implantation"."""
    will = _WILL.match(text)
    rest = text[will.end() :] if will else text
    rest = lengths_as(" ", rest).strip()
    if (will is not None or rest != text) and _ON_RECORD.match(rest) is None and is_clause(rest):
        return True
    finite = _IS.search(rest)
    if finite is None or will is not None:
        return False
    subject, said = keys(rest[: finite.start()]), rest[finite.end() :]
    return (
        _OF_THE_TRIAL.search(rest, 0, finite.start()) is None
        and 0 < len(subject) <= _MAXIMUM_SUBJECT_WORDS
        and FINITE.isdisjoint(subject)
        and subject[0] not in PREPOSITIONS
        and subject[-1] not in UNFINISHED
        and not any(word in CLOSED or word.isdigit() for word in subject)
        and _ASKED.match(said) is None
        and is_plain_clause([word for word in keys(said) if word not in PREPOSITIONS] or [""], said)
        and keys(said)[-1] not in UNFINISHED
    )


def told_when(here: Composing, start: int, end: int) -> Draft | None:
    """What must be so since when, or for how long: "(must be) stable for 4 weeks"; None for any other words."""
    if just_before(_MUST_BE, here.low, start) is None or not _tells_when(here.text[start:end].strip(" ,.;:")):
        return None
    return on_record(here, start, end)


def _tells_when(text: str) -> bool:
    """Whether words behind "must be" say no more than since when, or how long: "stable over at least 7 days"."""
    if not holds_length(text):
        return False
    rest = lengths_as(" ", text).strip()
    said = keys(_PRIOR_TO.sub(" ", rest))
    return (
        len(said) <= _MAXIMUM_SUBJECT_WORDS
        and _ON_RECORD.match(rest) is None
        and _OF_AGE.search(text) is None
        and NOT_IN_NAMES.search(rest) is None
        and not any(word in CLOSED or word.isdigit() for word in said)
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
