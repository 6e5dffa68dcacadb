"""What a block says as a heading: which kind of criteria follow it, and for which arms."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final, Literal, TypeAlias

from eligibility.reading.lines import Block
from eligibility.reading.patterns import ONLY, PERSONS

__all__ = [
    "APPLY",
    "FURTHER",
    "LEAD",
    "MORE",
    "NOTE",
    "NOTHING",
    "SOMEBODY",
    "STAGE",
    "ArmLabel",
    "Heading",
    "Kind",
    "arm_heading",
    "arm_labels",
    "arm_parts",
    "arms_enclosed",
    "general",
    "group_label",
    "heading",
    "is_arm_alone",
    "own_arms",
    "stage_label",
    "subheading",
]

Kind: TypeAlias = Literal["inclusion", "exclusion"]

# ---------------------------------------------------------------------------------------------------------------------
# Headings

_NEGATIVE: Final = re.compile(
    r"exclu|ineligib|not (?:be )?(?:eligible|included|enrol|allowed|qualif|participate|permitted|"
    r"to be (?:enrol|includ))|"
    r"(?:must|should|may|can|will|do|does) ?not (?:be (?!waived|interpret)|have|had|meet|particip|enter|enrol|qualif|"
    r"fulfil|take|receiv|suffer|show|satisf|join|present)|cannot (?!be waived)|non-?inclusion|"
    r"disqualif|contra-?indications\b",
    re.I,
)
_POSITIVE: Final = re.compile(
    r"\binclu(?:sion|ded|sive)|eligib|\benrol|\bmust\b|\bmeet|qualif|participa|fulfil|satisf", re.I
)
_NAMING: Final = "clusi ligib ELIGIB CLUSI haracteristic HARACTERISTIC herapy: HERAPY".split()  # a first look
_COUNTED: Final = re.compile(r"\w{1,3}[.)]\s*(?=\S)")
_CRITERIA: Final = re.compile(
    r"\b(?:(?:non-?)?in|ex)clusion(?:ary|s)?\b|\beligibility\b|\b(?:in|ex)cluded\b|\b(?:in|ex)clusive criteri", re.I
)
MORE: Final = re.compile(
    r"\b(?:other|additional|further|more|full|complete|detailed|all)\b.{0,60}\b(?:criteri|inclusion|exclusion)|"
    r"criteria.{0,40}\b(?:may|could|can|might|will) (?:also )?(?:apply|be applicable|be applied)|criteria apply\b",
    re.I,
)
FURTHER: Final = re.compile(
    r"\W*(?:notes?\W+)?(?:there (?:are|may be) )?(?:other|additional|further|more) (?:\S+ ){0,2}(?:inclusion|"
    r"exclusion|eligibility)\b.{0,20}\bcriteria|"
    r"\W*the above information is not intended",
    re.I,
)
NOTHING: Final = re.compile(
    r"\W*(?:not (?:specified|applicable|provided|available)|unspecified|none|none (?:stated|specified|known)|"
    r"n/?a|other|"
    r"see (?:disease|patient) characteristics|see (?:above|below)|key|main|the|and)\W*",
    re.I,
)
APPLY: Final = re.compile(
    r"\b(?:apply|applies|applied|applicable|listed|available|found|protocol|details?|contact)\b", re.I
)
_GENERAL: Final = re.compile(
    r"\W*(?:(?:the|all|each|any|every|both|in|order|to|be|for|eligible|potential|prospective|only|if|a|an|"
    r"study|key|main|potentially|"
    r"enrolled|additional|other|also|adult|male|female|healthy|specific|general|major|considered|inclu\w+|"
    r"enrol\w+|participat\w+|of|this|trial|and|or|"
    r"from|on|with|presence|having|are|is|not|who|as|must|have|has|meet\w*|fulfil\w*|satisf\w*|at least|one|"
    r"one or more|women|wom[ae]n|men|m[ae]n|"
    r"children|infants|adults|additionally|addition|following)\b\W*)*"
    rf"(?:{PERSONS}|candidates?|criteri\w+|"
    r"inclu\w+|exclu\w+|eligib\w+|ineligib\w+|"
    r"following|donors?|recipients?|wom[ae]n|m[ae]n|children|infants|adults|you|they|he|she|met|meets?|"
    r"enrolment|enrollment|entry)\b",
    re.I,
)
_VERB: Final = re.compile(
    r"\b(?:is|are|was|were|be|been|has|have|had|must|may|will|can|could|should|meet|who|which|that|if|met)\b", re.I
)
_SPECIFIC: Final = re.compile(
    r"\b(?:with|who (?:have|had)) (?!any|one|all|none|the|either|at least|each|a history of any)\w+", re.I
)
_ANY: Final = re.compile(
    r"\bany of\b|\bany (?:one )?of\b|\bone (?:or more )?of\b|\bif\b|\bthe following (?:patients|subjects)\b", re.I
)
LEAD: Final = re.compile(
    r"\bfollow(?:ing|s)\b|\bbelow\b|\b(?:one|any|all|each|both|either|none|some|two|three|more) of\b|"
    r"\beither\b|\bdefined\b|"
    r"\bcriteria\b|\bincluding\b|\binclude[sd]?\b|\bsuch as\b|\bat least\b|\bif\b|\bto be (?:eligible|"
    r"included|enrolled)",
    re.I,
)
_PDQ: Final = re.compile(
    r"(?:disease|patient|subject|general|tumou?r|donor) characteristics|(?:prior|previous) ?(?:/|and|"
    r"or)? ?concurrent (?:therapy|treatment)|prior therapy|"
    r"concurrent therapy|inclusion of women and minorities",
    re.I,
)
_THERAPIES: Final = re.compile(
    r"biologic(?:al)? therapy|chemotherapy|endocrine therapy|radiotherapy|surgery|immunotherapy|other", re.I
)
_OF_THERAPIES: Final = re.compile(r"\W*(?:prior|previous)? ?/? ?(?:and |or )?concurrent (?:therapy|treatment)\W*", re.I)
_GROUP: Final = re.compile(
    r"\b(?:criteria|characteristics|cohorts?|arms?|parts?|groups?|phase|stud(?:y|ies)|patients|subjects|"
    r"participants|controls?|volunteers|"
    r"donors?|recipients?|caregivers?|parents?|stage|stratum|women|men|females?|males?|adults|children)\b",
    re.I,
)
NOTE: Final = re.compile(
    r"\W{0,3}(?:notes?|n\.?b\.?|nota bene|remarks?|please note|comments?)\b\s*(?:\d\s*)?[:.,\-–(]", re.I
)
_MINORITIES: Final = re.compile(r"women and minorities", re.I)


@dataclass(frozen=True, slots=True)
class Heading:
    """What a heading says of the criteria under it."""

    kind: Kind | None
    arms: tuple[str, ...] | None  # None: says nothing of arms
    note: bool = False  # what follows is no criterion
    group: str = ""  # whom the criteria under it are for


_EDGE: Final = "*_#=~ \t.-–—•"


def _kind(text: str) -> Kind | None:
    if re.search(r"\binclusion", text, re.I) and re.search(r"\bexclusion", text, re.I):
        return None
    if re.search(r"\binclusion criteri", text, re.I) and not re.search(
        r"exclu|ineligib|not be (?:elig|incl)", text, re.I
    ):
        return "inclusion"
    if _NEGATIVE.search(text):
        return "exclusion"
    return "inclusion" if _CRITERIA.search(text) or _POSITIVE.search(text) else None


_MENTION: Final = re.compile(
    r"\b(?:noted|in|per|by|see|with|above|listed|stated|under|from|and/or) (?:the )?(?:in|ex)clusion|"
    r",.*(?:in|ex)clusion",
    re.I,
)
_HEAD: Final = re.compile(
    r"(?:[\w/&'-]+ ){0,5}(?:in|ex)clusion(?:ary)?(?: (?:and|/|or) (?:in|ex)clusion)? criteri\w+"
    r"(?:\s*[-–:(\[].*| (?:for|of|in|applying|specific) .*| \w+(?: \w+)?)?$|criteria for (?:in|ex)clusion\b",
    re.I,
)
_PLAIN: Final = re.compile(
    r"\b(?:key|main|major|general|primary|specific|additional|other|overall|common|core|study|protocol|"
    r"(?:non-?)?inclusion|exclusion(?:ary)?|inclusionary|"
    r"criteri\w+|eligibility|for|of|the|all|only|both|each|to|in|this|trial|subjects?|participants?|patients?|"
    r"cohorts?|groups?|arms?|and|or)\b|[^\w\s'-]",
    re.I,
)
SOMEBODY: Final = re.compile(
    r"\b(?:healthy|controls?|donors?|caregivers?|carers?|parents?|partners?|relatives|siblings?|volunteers?|"
    r"unexposed|unaffected)\b",
    re.I,
)
_ALTERNATIVE: Final = re.compile(
    r"\b(?:one|any|either|two|three|more)\b(?: or more)?(?: of)?(?: the| these)? following|\bat least (?:one|"
    r"two|three|1|2|3)\b",
    re.I,
)


_NAMED: Final = re.compile(r"(?:in|ex)clusi(?:on|ve)|eligibility criteri|^(?:\w+ )?eligibility$", re.I)
_EXCLUSION: Final = re.compile(r"(?<!non-)exclusion", re.I)
_EXCLUDING: Final = re.compile(r"exclusion|non-?inclusion|ineligib", re.I)
_PARENTHESES: Final = re.compile(r"\([^)]*\)")


def _group(heading: str) -> str:
    """Whom a heading's criteria are for, where it says so: "Healthy volunteer inclusion criteria"."""
    rest = " ".join(_PLAIN.sub(" ", heading).split())
    return rest if rest and rest.count(" ") < 5 else ""


def heading(block: Block, first: bool, kind: Kind) -> Heading | None:
    """What a block says as a heading; ``None`` if it is none. ``first``: nothing stands between it and a heading."""
    text = block.text
    if len(text) > 400 or (block.style and not block.inline and not any(part in text for part in _NAMING)):
        return None
    bare = text.strip(_EDGE)
    if bare[:1].isalnum() and (counted := _COUNTED.match(bare)) is not None:  # "A. Inclusion Criteria"
        bare = bare[counted.end() :]
    colon = bare.endswith((":", "："))
    bare = bare.rstrip(":： ").strip(_EDGE)
    if not bare:
        return Heading(None, None)
    words = bare.count(" ") + 1
    low = bare.lower()
    if ("clu" in low or "elig" in low) and _CRITERIA.search(bare):
        named = _NAMED.search(bare) is not None
        both = "inclusion" in low and _EXCLUSION.search(bare) is not None
        if named and _MINORITIES.search(bare):
            return Heading(None, None, note=True)
        if (
            named
            and words <= 14
            and not _VERB.search(_PARENTHESES.sub("", bare))
            and not (both and MORE.search(bare))
            and not _MENTION.search(bare)
            and (colon or words <= 5 or _HEAD.match(bare))
        ):
            tidy = words <= 4 or colon or ("riteri" in bare.lower() and (not block.style or words <= 7))
            if tidy and not APPLY.search(bare):
                if both:
                    return Heading(None, _arms(bare), group=_group(bare))
                named_kind: Kind = "exclusion" if _EXCLUDING.search(bare) else "inclusion"
                return Heading(named_kind, _arms(bare), group=_group(bare))
    if _PDQ.fullmatch(bare) or (_PDQ.match(bare) and colon and words <= 5):
        return Heading("inclusion", None)  # the whole of such a record is worded as requirements
    if block.style and not block.inline:
        return None
    return general(bare, colon, first, kind)


def of_therapies(headings: Sequence[str], text: str) -> bool:
    """Whether a line is one of the headings that the old registry has under prior and concurrent therapies."""
    bare = text.strip(_EDGE).rstrip(":")
    return _THERAPIES.fullmatch(bare) is not None and any(map(_OF_THERAPIES.fullmatch, headings))


def general(bare: str, colon: bool, first: bool, kind: Kind) -> Heading | None:
    """What a sentence that leads in a whole section says: "Patients must meet all of the following criteria:"."""
    if not colon and "criteria" not in bare.lower():
        return None
    words = bare.count(" ") + 1
    if (
        kind == "inclusion"
        and not _NEGATIVE.search(bare)
        and (
            (_ALTERNATIVE.search(bare) and not re.search(r"\b(?:cohorts?|arms?|parts?|groups?)\W*$", bare, re.I))
            or _SPECIFIC.search(bare)
        )
    ):
        return None  # each of what follows is an alternative, no criterion of its own
    if (
        first
        and colon
        and kind == "exclusion"
        and words <= 20
        and re.search(r"\bfollowing\b|\bbelow\b", bare[-60:], re.I)
        and _ANY.search(bare)
    ):
        return Heading(None, _arms(bare))
    if (
        not colon
        and words <= 40
        and _GENERAL.match(bare)
        and re.search(
            r"\bcriteria\b.{0,60}\b(?:following|below|outlined|listed|as follows)|\b(?:following|"
            r"below)\b.{0,40}\bcriteria\b",
            bare,
            re.I,
        )
    ):
        return Heading(_kind(bare) if _NEGATIVE.search(bare) else None, _arms(bare))
    if (
        colon
        and words <= 45
        and _GENERAL.match(bare)
        and LEAD.search(bare)
        and (first or re.search(r"\bcriteri|exclu(?:ded|sion)|\b(?:in)?eligible|\benrolled\b|\bincluded\b", bare, re.I))
    ):
        about = re.search(
            r"\bcriteri|exclu|eligib|\benrol|\binclu(?:ded|sion)|participa|\bentry\b|\bstudy\b|\btrial\b|"
            r"\brequirements?\b",
            bare,
            re.I,
        )
        if about and _VERB.search(bare):
            return Heading(
                _kind(bare) if _NEGATIVE.search(bare) or re.search(r"inclu|eligib", bare, re.I) else None, _arms(bare)
            )
        if about and first:
            return Heading(None, _arms(bare))
    return None


def arm_heading(text: str) -> Heading | None:
    """What a bullet says as a heading of its nested bullets: "Cohort A:", "Healthy controls:"."""
    bare = text.strip(_EDGE)
    colon = bare.endswith((":", "："))
    bare = bare.rstrip(":： ").strip(_EDGE)
    words = bare.count(" ") + 1
    if words > 10 or _VERB.search(bare) or LEAD.search(bare.replace("riteria", "")):
        return None
    arms = _arms(bare)
    if arms is not None and (colon or words <= 4) and _ARM_BEGIN.match(bare):
        return Heading(None, arms)
    if colon and words <= 6 and _SECTION_END.search(bare):
        return Heading(None, None)
    return None


def subheading(block: Block, following: Block | None) -> Heading | None:
    """A heading that names neither kind: "Hepatic:", "Cohort A", "General criteria"."""
    if block.style or following is None or len(block.text) > 120:
        return None
    bare = block.text.strip(_EDGE)
    colon = bare.endswith((":", "："))
    bare = bare.rstrip(":： ").strip(_EDGE)
    words = bare.count(" ") + 1
    if (
        colon
        and (words <= 7 or (words <= 12 and re.search(r"\bonly$", bare, re.I)))
        and not LEAD.search(bare.replace("riteria", ""))
        and not re.search(r"\d\s*$|[<>≥≤=]", bare.split("(")[0][-3:])
        and (following.style or words <= 4 or _GROUP.search(bare))
    ):
        return Heading(None, _arms(bare))
    if (
        not colon
        and following.style
        and words <= 7
        and _GROUP.search(bare)
        and not _VERB.search(bare)
        and not bare.endswith((".", ",", ";"))
    ):
        return Heading(None, _arms(bare))
    if not colon and words <= 6 and bare.isupper() and len(bare) > 4 and following.style and not re.search(r"\d", bare):
        return Heading(None, _arms(bare))
    if (
        not colon
        and words <= 5
        and _arms(bare)
        and not _VERB.search(bare)
        and re.match(r"\W*(?:cohort|arm|part|group|phase|study|stage)", bare, re.I)
    ):
        return Heading(None, _arms(bare))
    return None


# ---------------------------------------------------------------------------------------------------------------------
# Arms

_ARM_NAME: Final = r"(?:[IVX]{1,4}|[A-Z]{1,2}|\d{1,2})(?:[-.]?\d{1,2}|[-.][A-Z]|[a-z]|(?<=\d)[A-Z])?(?![\w%])"
_ARM: Final = re.compile(
    rf"\b(?P<word>cohort|arm|part|group|phase|sub-?study|study|module|stratum|segment|panel)s?\s+"
    rf"(?P<names>(?i:(?-i:{_ARM_NAME})(?:(?:\s*(?:,|/|&|\+)\s*(?:and\s+|or\s+)?|\s+(?:and|or|to|through|thru)\s+|"
    rf"\s[-–]\s(?=\d{{1,2}}\s*(?:[):,]|$))|[-–])(?:(?:cohort|arm|part|group|phase|stratum)s?\s+)?(?-i:{_ARM_NAME}))*))",
    re.I,
)
_ARM_WORDS: Final = ("cohort", "arm", "part", "group", "phase", "study", "module", "stratum", "segment", "panel")
_BRACKETED: Final = re.compile(rf"(?P<word>cohort|arm|part|group|phase)\s\((?P<names>(?-i:{_ARM_NAME}))\)", re.I)
_NAME: Final = re.compile(rf"\b(?!(?:AND|OR|TO)\b){_ARM_NAME}")
_DASH: Final = re.compile(r"\s*[-–]\s*|\s+(?:to|through|thru)\s+", re.I)
_SPAN: Final = re.compile(r"(\d{1,2}(?=-\d)|[A-Z](?=-[A-Z]))-(\d{1,2}|[A-Z])")  # "Cohorts 1-3"
_ALL_ARMS: Final = re.compile(
    r"\b(?:all|both|each|any|either) (?:\w+ )?(?:cohort|arm|part|group|phase|patient|subject|participant)s?\b", re.I
)
_PREFIX: Final = re.compile(
    r"\W{0,2}(?:only )?(?:(?:applicable|applies|specific)\s+(?:only\s+)?to\s+)?(?:(?:for|in)\s+)?"
    r"(?:(?:subjects|patients|participants) (?:(?:enrolled|treated|assigned) )?(?:in|of|to)\s+)?(?:the\s+)?(?:both\s+)?"
    r"(?:(?:dose[- ])?(?:expansion|escalation)\s+(?=(?:cohort|arm|part|group|phase)s?\s+\(?(?-i:[\dA-Z])))?",
    re.I,
)
_PORTION: Final = (
    r"(?:\s+(?:portion|part|component|stage|section)s?)?"
    r"(?:\s+of\s+(?:the|this)\s+(?:study|trial|protocol|clinical trial))?"
)
_AFTER_ARM: Final = re.compile(
    rf"{_PORTION}\s*(?:\([^()]{{1,60}}\))?\s*(?:only|patients|subjects|participants)?(?:\s+only)?\s*(?:[:,]|[-–]\s|\s[-–])\s*"
    r"|\s*[)\]]\s*:?\s*(?=\w)",
    re.I,
)
_WHO: Final = re.compile(r"\W{0,2}(?:(?:for|in)\s+)?(?:subjects|patients|participants)\b", re.I)
_MUST: Final = r"(?=(?:must|should|shall|will|are required|need|who)\b)"
_OF_THEM: Final = re.compile(rf"{_PORTION}\s+(?:only\s+)?{_MUST}", re.I)
_THEY: Final = re.compile(
    rf"{_PORTION}\s+(?:subjects|patients|participants)\s+{_MUST}", re.I
)  # "Phase II patients must"
_SUFFIX: Final = re.compile(r"[(\[]([^()\[\]]{3,80})[)\]]\W*$")


def _named(match: re.Match[str]) -> Iterator[str]:
    word = match.group("word").capitalize()
    for name in _NAME.finditer(_DASH.sub("-", match.group("names"))):
        span = _SPAN.fullmatch(name.group()) if match.group()[len(word)] in "sS" else None
        if span is None:
            yield f"{word} {name.group()}"
        elif span[1].isdigit() and span[2].isdigit():
            yield from (f"{word} {number}" for number in range(int(span[1]), int(span[2]) + 1))
        else:
            yield from (f"{word} {chr(letter)}" for letter in range(ord(span[1][0]), ord(span[2][0]) + 1))


_ARM_BEGIN: Final = re.compile(
    r"\W*(?:(?:for|in|both|all|only|the|to)\W+)*(?:cohort|arm|part|group|phase|study|sub-?study|module|stratum)s?\b",
    re.I,
)
_SECTION_END: Final = re.compile(
    r"\b(?:criteria|registration|population|controls?|volunteers?|caregivers?|donors?|part|phase)$", re.I
)


def _arms(text: str) -> tuple[str, ...] | None:
    """The arms that a heading is for; none if it is for all; ``None`` if it does not say."""
    if _ALL_ARMS.search(text):
        return ()
    found = [name for match in _ARM.finditer(text) for name in _named(match)]
    return tuple(dict.fromkeys(found)) or None


@dataclass(frozen=True, slots=True)
class ArmLabel:
    """Words that say for which arms something is, and where they stand."""

    arms: tuple[str, ...]
    start: int
    end: int


STAGE: Final = re.compile(
    r"(?:(?:(?:initial|crossover|pre|re|screening|study|first|second|third)[\s-]*)*"
    r"(?:registration|randomi[sz]ation|enrol+ment|screening(?:\s+(?:phase|period|visit))?)|step\s+\d{1,2}[ab]?)"
    r"(?:\s+(?:eligibility\s+)?criteria)?"
    r"(?:\s*\((?![^()]*\b(?:cohort|arm|phase|part|group)\b)[a-z][^()\n]{1,40}\))?",
    re.I,
)
"""The words for a step of joining a trial: "STEP 1 REGISTRATION"."""
_STAGES: Final = re.compile(rf"\W{{0,3}}{STAGE.pattern}(?:(?:\s?:\s*|\s+-?\s*)(?:{STAGE.pattern}))*\s?:\s*(?=\w)", re.I)


def stage_label(text: str, *, exclusion: bool = False) -> int:
    """Where the words end that only say at which step of joining the trial a bullet is asked: "REGISTRATION: ...", or
    which one of its section it is."""
    if text.lstrip(" *-")[:1].lower() not in _BEGIN_STAGES:
        return 0
    numbered = _NUMBERED.match(text)
    if numbered is not None and (numbered[1].lower() == "ex") is exclusion:
        return numbered.end()
    match = _STAGES.match(text)
    return match.end() if match is not None else 0


_NUMBERED: Final = re.compile(  # the number of a criterion in its section: "Exclusion Criteria 12. ..."
    r"\W{0,3}(?:[a-z]+\s)?(in|ex)clusion\s+criteri(?:on|a)\s*#?\d{1,2}\s*[.:)]\s*(?=\w)", re.I
)
_BEGIN_STAGES: Final = frozenset("icprsefti")


def group_label(text: str) -> int:
    """Where the words in capitals end that say at a bullet's beginning which people of the trial, or which part of it,
    it is for: "PLASMA DONORS: ...", "AIM 1 RANDOMIZED TRIAL: ..."; 0 where none do."""
    match = _GROUP_LABEL.match(text)
    if match is None or not _ENCLOSED.sub("", match[1]).isupper() or text[match.end() :].isupper():
        return 0
    return match.end() if _OF_A_TRIAL.search(match[1]) else 0


_GROUP_LABEL: Final = re.compile(r"[\s*•-]*([^:\n<>≤≥=]{8,100}):\s*(?=\S)")
_OF_A_TRIAL: Final = re.compile(
    r"\s(?:(?:DONOR|VOLUNTEER|CAREGIVER|SURVEY|INTERVIEW)S?|CONTROLS|COHORT|STRATUM|(?:CONTROLLED|RANDOMI[SZ]ED)\sTRIAL)\b"
    r"|\bREGISTRATION -|\bWHO\s(?:CHOOSE|AGREE|CONSENT|DECLINE)"
)


def is_arm_alone(text: str) -> bool:
    """Whether no more is said than the name of an arm, or of a step of joining the trial: "Part A", "STEP 1"."""
    bare = text.strip(_EDGE + ".:;()[]")
    if len(bare) > _LONGEST_ARM or not _NAMES_ARM.match(bare):
        return False
    return _STEPS.fullmatch(bare) is not None or not _OF_LABEL.sub("", _ARM.sub("", bare))


_STEPS: Final = re.compile(rf"(?:{STAGE.pattern}\s*)+", re.I)
_LONGEST_ARM: Final = 60
_NAMES_ARM: Final = re.compile(
    r"(?:for|in|the|patients|subjects|participants|of|\s)*(?:cohort|arm|part|group|phase|study|sub-?study|module|stratum|segment|panel"
    r"|step|(?:pre-?|re-?)?registration|randomi[sz]ation|enrol+ment)s?\b",
    re.I,
)


def own_arms(text: str) -> tuple[str, ...]:
    """The arms that a bullet says it is for, before a colon at its beginning or in parentheses at its end."""
    return tuple(dict.fromkeys(arm for label in arm_labels(text) for arm in label.arms))


def arm_labels(text: str) -> list[ArmLabel]:
    """Where a bullet, or a part of its first line, begins with words that say for which arms it is, or ends so."""
    line = text.split("\n", 1)[0]
    found = _leading_labels(line, 0, len(line)) or _ending_labels(line, 0, len(line))
    if found and len(line) < len(text):
        found += _of_other_lines(text, len(line) + 1, {arm for label in found for arm in label.arms})
    last = None if found else _trailing(line)
    return [last] if last is not None else found


def arm_parts(text: str, start: int, end: int) -> list[ArmLabel]:
    """The parts of a line, each with the arms that it is for: "Cohort A: ...; Cohort B: ...", "... (Part 1); ... (Part
    2)"; none where it is not so divided."""
    labels = _leading_labels(text, start, end)
    if labels:
        ends = [*(label.start for label in labels[1:]), end]
        return [ArmLabel(label.arms, label.end, last) for label, last in zip(labels, ends, strict=True)]
    parts: list[ArmLabel] = []
    for label in _ending_labels(text, start, end):
        parts.append(ArmLabel(label.arms, start, label.start))
        start = label.end
    return parts


def _ending_labels(text: str, start: int, end: int) -> list[ArmLabel]:
    """The labels at the ends of the parts of a line, behind each of which but the last a semicolon or a full stop
    stands; none where there are fewer than two."""
    if "(" not in text[start:end] and "[" not in text[start:end]:
        return []
    found = _enclosed_labels(text, start, end)
    if len(found) < 2 or text[found[-1].end : end].strip(" .;"):
        return []
    parted = all(_PARTING.match(text, label.end) for label in found[:-1])
    return [replace(label, end=_parting(text, label.end)) for label in found] if parted else []


def _enclosed_labels(text: str, start: int, end: int) -> list[ArmLabel]:
    """The parentheses in which nothing stands but for which arms something is: "(Part 1)", "(Cohort B only)"."""
    found: list[ArmLabel] = []
    for match in _ENCLOSED.finditer(text, start, end):
        low = match[1].lower()
        named = list(_ARM.finditer(match[1])) if any(word in low for word in _ARM_WORDS) else []
        if named and not _OF_LABEL.sub("", _ARM.sub("", match[1])):
            arms = tuple(dict.fromkeys(name for each in named for name in _named(each)))
            found.append(ArmLabel(arms, match.start(), match.end()))
    return found


def arms_enclosed(text: str, start: int, end: int) -> tuple[str, ...]:
    """The arms that a parenthesis names, in which nothing else stands; none of any other."""
    return tuple(arm for label in _enclosed_labels(text, start, end) for arm in label.arms)


def _parting(text: str, at: int) -> int:
    """Where the mark between two parts ends that begins there."""
    mark = _PARTING.match(text, at)
    return mark.end() if mark is not None else at


_ENCLOSED: Final = re.compile(r"[(\[]([^()\[\]\n]{4,60})[)\]]")
_PARTING: Final = re.compile(r"\s*[;.]\s*(?:(?:and|or|and/or)\s+)?")


def _of_other_lines(text: str, start: int, before: set[str]) -> list[ArmLabel]:
    """The labels of lines on the same level that are for other arms: "Cohort A: ..." and, below it, "Cohort B: ..."."""
    found: list[ArmLabel] = []
    for line in text[start:].splitlines(keepends=True):
        label = _leading(line) if line[:1].isalpha() else None
        if label is not None and before.isdisjoint(label.arms):
            found.append(ArmLabel(label.arms, start + label.start, start + label.end))
        start += len(line)
    return found


def _leading_labels(text: str, start: int, end: int) -> list[ArmLabel]:
    """The labels of the parts of a line: "Cohort A: ...; Cohort B: ..."; none where it does not begin with one."""
    found: list[ArmLabel] = []
    at = start
    while (label := _leading(text[at:end])) is not None:
        found.append(ArmLabel(label.arms, at + label.start, at + label.end))
        following = (m.end() for m in _PART.finditer(text, at + label.end, end) if _leading(text[m.end() : end]))
        at = next(following, end)
    return found


_PART: Final = re.compile(r"[;.\n]\s*(?:and\s+|or\s+)?(?=(?:for\s|in\s)?\s*(?:cohort|arm|part|group|phase)s?\s)", re.I)


_MAY_LABEL: Final = re.compile(  # a first look
    r"\W{0,4}(?:only|appli|specific|for|in|subjects|pati|part|the|dose|expansion|escalation|cohort|arm|group|phase|sub-?study"
    r"|study|module|stratum|segment|panel)"
)
_LONGEST_BEGINNING: Final = 16


def _leading(line: str) -> ArmLabel | None:
    if not _MAY_LABEL.match(line[:_LONGEST_BEGINNING].lower()):
        return None
    begin = _PREFIX.match(line)
    at = begin.end() if begin else 0
    named = _ARM.match(line, at) or _BRACKETED.match(line, at)
    if named is None or named.end() > _LONGEST_LABEL:
        return None
    after = _AFTER_ARM.match(line, named.end())
    if after is not None:
        rest = line[named.end() :].lstrip()
        if rest.startswith(",") and not _FOR_ARM.match(line):
            return None
        if after.group().lstrip()[:1] in (")", "]") and line.lstrip()[:1] not in ("(", "["):
            return None
        described = rest.startswith("(")  # "Cohort A (lymphoma): ...", who is in it
        also = _ARM.fullmatch(rest[1 : rest.index(")")].strip()) if described else None
        arms = (*_named(named), *(_named(also) if also else ()))
        return ArmLabel(tuple(dict.fromkeys(arms)), 0, named.end() if described and also is None else after.end())
    if (after := (_OF_THEM if _WHO.match(line) else _THEY).match(line, named.end())) is not None:
        return ArmLabel(tuple(dict.fromkeys(_named(named))), 0, after.end())
    return None


_LONGEST_LABEL: Final = 80
_FOR_ARM: Final = re.compile(r"\W{0,2}(?:only )?(?:for|in)\b", re.I)


def _trailing(line: str) -> ArmLabel | None:
    if not (line[-3:].count(")") or line[-3:].count("]")):
        return None
    end = _SUFFIX.search(line, max(0, len(line) - 90))
    if end is None:
        return None
    inside = end.group(1)
    named = _ARM.search(inside)
    alone = named is not None and named.start() == 0 and named.end() >= len(inside.rstrip())
    if named is None or not (alone or ONLY.search(inside)):
        return None
    if _enclosed_labels(line, 0, end.start(1) - 1):
        return None  # "A (Arm 1) or B (Arm 2)": of the last alone
    arms = tuple(dict.fromkeys(name for match in _ARM.finditer(inside) for name in _named(match)))
    plain = not _OF_LABEL.sub("", _ARM.sub("", inside))  # no more is said than for which
    return ArmLabel(arms, end.start(), end.end(1) + 1 if plain else end.start())


_OF_LABEL: Final = re.compile(
    r"\b(?:only|for|in|to|applies|apply|applicable|exclusion|inclusion|criteri(?:on|a)|patients|subjects|participants"
    r"|and|or|the|this|of|required|expansion|escalation|dose)\b|\W",
    re.I,
)
