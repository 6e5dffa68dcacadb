"""What must have ended some time before: "must have stopped these drugs for at least 4 weeks prior to enrollment"."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final, cast

from eligibility.knowledge.vocabulary import Entry, vocabulary
from eligibility.knowledge.words import COUNTED
from eligibility.reading.lexing.tokens import BEGINS_LENGTH, BOUNDING, COMPARES, EITHER, Token, kind_at
from eligibility.reading.patterns import in_small_letters
from eligibility.rules import Condition, Duration, DurationUnit, Rule, Statement, Treatment, Unread

__all__ = [
    "Washout",
    "ended_before",
    "given_up",
    "is_about_washout",
    "washed_out",
    "washout_asked",
    "washout_of",
    "washout_told",
]

_ENDED: Final = frozenset("completed discontinued stopped finished ceased ended terminated withheld withdrawn".split())
_GIVEN: Final = frozenset("given taken used administered received performed".split())
_SILENT: Final = frozenset(("IS", "FILLER"))
_OF_THE_SAME: Final = re.compile(  # what is meant has been named before
    r"\s+(?:(?:(?:the\s+use\s+of|use\s+of|taking|using|all|any)\s+)*(?:it|them"
    r"|(?:this|these|those|such|that|the)(?:\s+(?:agents?|medications?|medicines?|drugs?|treatments?|therap(?:y|ies)))?)\s+)?"
    r"(?:for\s+)?$",
    re.IGNORECASE,
)


def washed_out(tokens: list[Token], text: str) -> list[Token]:
    """The tokens, with each verb of which a requirement says how long before something it must have been as one that
    says no more than when."""
    found: list[Token] = []
    asked = ""
    index = 0
    while index < len(tokens):
        token = tokens[index]
        verb = text[token.start : token.end].lower()
        start = _length(tokens, index + 1) if asked == "MUST" and verb in _ENDED else 0
        if start and _OF_THE_SAME.match(text, token.end, tokens[start].start):
            found.append(Token("ENDED", verb, token.start, token.end))
            index = start
            continue
        if asked == "MUST_NOT" and verb in _GIVEN and index + 1 < len(tokens) and tokens[index + 1].type == "WITHIN":
            index += 1  # "should not be given within 7 days before the first dose"
            continue
        if token.type not in _SILENT:
            asked = token.type
        found.append(token)
        index += 1
    return found


def _length(tokens: list[Token], start: int) -> int:
    """Where a length of time before something begins, behind a few words; 0 where none does."""
    number = next((i for i in range(start, min(start + _MOST_WORDS, len(tokens))) if tokens[i].type == "NUMBER"), 0)
    if not number or [t.type for t in tokens[number + 1 : number + 3]] != ["TIMEUNIT", "BEFORE"]:
        return 0
    return number - (number > start and tokens[number - 1].type in COMPARES)


_MOST_WORDS: Final = 6


def ended_before(tokens: list[Token]) -> list[Token]:
    """ "Radiotherapy was completed 8 weeks before enrolment", where it is asked for: at least so long before."""
    found: list[Token] = []
    for index, token in enumerate(tokens):
        before = kind_at(tokens, index - 1) if index else ""
        ended = before == "ENDED" or (before == "TREATMENT" and index > 1 and tokens[index - 2].type == "ENDED")
        said = [t.type for t in tokens[index : index + 4]] if ended else []
        if said[:2] == ["NUMBER", "TIMEUNIT"] and (said[2:] == ["BEFORE", "ANCHOR"] or said[2:3] == ["AGO"]):
            found.append(Token("GE", "at least", token.start, token.start))
        found.append(token)
    return found


def given_up(tokens: list[Token], text: str) -> list[Token]:
    """The tokens, with treatments that have been off for a length of time as ones that there have been none of for so
    long: "have discontinued A and B for at least 14 days"; those that somebody is off as ones that are not current."""
    low = in_small_letters(text)
    if not any(word in low for word in _OFF_WORDS):
        return tokens
    found: list[Token] = []
    index = 0
    while index < len(tokens):
        token = tokens[index]
        begin = index + 1 + (index + 1 < len(tokens) and tokens[index + 1].said == "of")
        end = _treatments(tokens, begin) if _OFF.fullmatch(text, token.start, token.end) else 0
        length = _for_how_long(tokens, end) if end else []
        if not end or not (length or _is_off(found, token, tokens[end:], text)):
            found.append(token)
            index += 1
            continue
        while found and found[-1].type == "IS" and _HAVE.fullmatch(text, found[-1].start, found[-1].end):
            found.pop()
        if found and found[-1].type in ("QUALIFIER", "TIMEUNIT"):
            found.append(Token("AND", "and", token.start, token.start))
        found.append(Token("NO", "off", token.start, token.end))
        if not length:
            found.append(Token("CURRENT", "current", token.end, token.end))
        found += [Token("OR", "or", t.start, t.end) if t.type == "AND" else t for t in tokens[begin:end]]
        found += length
        index = end + sum(t.end > t.start for t in length)
    return found


def _treatments(tokens: list[Token], start: int) -> int:
    """Where a list of treatments that begins here ends; 0 where it is none."""
    end = start
    while end < len(tokens) and (tokens[end].type in _OF_A_LIST or tokens[end].type == "LPAR"):
        within = _behind_parenthesis(tokens, end) if tokens[end].type == "LPAR" else end + 1
        if not within:
            break
        end = within
    while end > start and tokens[end - 1].type in _BETWEEN:
        end -= 1
    return end if any(token.type == "TREATMENT" for token in tokens[start:end]) else 0


def _behind_parenthesis(tokens: list[Token], start: int) -> int:
    """Where a parenthesis ends that holds nothing but treatments, or examples of them; 0 where it holds more."""
    closing = next((i for i in range(start, len(tokens)) if tokens[i].type == "RPAR"), 0)
    inside = {token.type for token in tokens[start + 1 : closing]}
    return closing + 1 if "TREATMENT" in inside and inside <= _OF_A_LIST | {"INCLUDING"} else 0


def _for_how_long(tokens: list[Token], start: int) -> list[Token]:
    """The tokens that say for how long, at the least, from here on; none where it is not said."""
    at = start + (start < len(tokens) and tokens[start].type == "FOR_TIME")
    at += at < len(tokens) and tokens[at].type in ("GE", "GT")
    if at == start or [token.type for token in tokens[at : at + 2]] != ["NUMBER", "TIMEUNIT"]:
        return []
    given = list(tokens[start:at])
    if given[0].type != "FOR_TIME":  # "discontinued at least 14 days before enrolment"
        given.insert(0, Token("FOR_TIME", "for", given[0].start, given[0].start))
    return given


def _is_off(before: list[Token], token: Token, behind: list[Token], text: str) -> bool:
    """Whether somebody is said to be off something, and no more: not to come off it, nor to be on or off it."""
    verb = text[token.start : token.end].lower()
    begins = not before or before[-1].type in _CLAUSE_BEGINS
    return verb in ("off", "been off") and begins and (not behind or behind[0].type in _CLAUSE_ENDS)


_OFF: Final = re.compile(
    r"(?:(?:been|be|remained?)\s+)?(?:discontinued|stopped|ceased|off|(?:weaned|tapered|taken|come)\s+off|withdrawn\s+from)",
    re.IGNORECASE,
)
_OFF_WORDS: Final = ("discontinued", "stopped", "ceased", "off", "withdrawn")  # one of them is in each of these
_HAVE: Final = re.compile(r"(?:have|has|had|been|be|are|is|were|was|(?:have|has|had)\s+been)", re.IGNORECASE)
_BETWEEN: Final = frozenset("AND OR ANDOR COMMA SLASH FILLER".split())
_OF_A_LIST: Final = _BETWEEN | frozenset("TREATMENT CLASS_WORD QUALIFIER ROUTE ALL ANY".split())
_CLAUSE_BEGINS: Final = frozenset("MUST IS PERSON AND COMMA UNLESS IF QUALIFIER TIMEUNIT".split())
_CLAUSE_ENDS: Final = frozenset("DOT SEMI COMMA AND LPAR RPAR EXCEPT UNLESS".split())


@dataclass(frozen=True, slots=True)
class Washout:
    """How long before the study treatments must have ended: ``longer`` those that are named, ``length`` the others."""

    length: Duration
    anchor: str
    longer: Duration | None = None
    named: tuple[Entry, ...] = ()


def washout_told(text: str) -> Washout | None:
    """A sentence that says how long a washout must be: "The required washout period prior to starting treatment is 2
    weeks"; "is 5 weeks for A or B and 3 weeks for other agents". None for any other."""
    found = _WASHOUT_IS.fullmatch(text)
    if found is None:
        return None
    anchor = "first dose" if re.search(r"treatment|therapy|dose|start|initiat", found["before"] or "") else "screening"
    length = _length_of(found["number"], found["unit"])
    if found["names"] is None:
        return Washout(length, anchor)
    names = re.split(r"\s*,\s*(?:and\s+|or\s+)?|\s+(?:and|or)\s+", found["names"].strip())
    named = [vocabulary().find(name, "treatment") for name in names]
    if any(each is None for each in named):
        return None
    return Washout(
        _length_of(found["others"], found["units"]), anchor, length, tuple(each for each in named if each is not None)
    )


def _length_of(number: str, unit: str) -> Duration:
    return Duration(value=float(COUNTED.get(number.lower(), number)), unit=cast(DurationUnit, f"{unit.lower()}s"))


def washout_asked(rule: Rule) -> Duration | None:
    """For how long something must have been stopped, where that is what a rule says: "discontinue the drug for at
    least 4 weeks prior to enrollment". None for any other."""
    if isinstance(rule, Condition | Treatment):
        window = rule.window if _STOPPED.match(rule.concept.name) else None
        return (window.start or window.end) if window is not None else None
    found = _STOPPED.match(rule.text) if isinstance(rule, Statement | Unread) else None
    if found is None:
        return None
    length = _STOPPED_BEFORE.search(found.string, found.end())
    return _length_of(length["number"], length["unit"]) if length is not None else None


_HOW_LONG: Final = rf"\d+|{'|'.join(COUNTED)}"
_STOPPED: Final = re.compile(
    r"(?:discontinued?|stop(?:ped)?|ceased?|withh[eo]ld|withdrawn|terminated?)\b", re.IGNORECASE
)
_STOPPED_BEFORE: Final = re.compile(
    rf"\b(?P<number>{_HOW_LONG})\s+(?P<unit>hour|day|week|month|year)s?\s+(?:prior|before)\b", re.IGNORECASE
)
_WASHOUT_IS: Final = re.compile(
    r"\W*(?:note\W+)?(?:(?:the|an?|required|minimum|minimal|necessary)\s+)*wash-?\s?out\s+(?:period|time)\s+"
    r"(?:(?P<before>(?:prior\s+to|before)\s+[\w/ -]{1,50}?)\s+)?"
    r"(?:is|must\s+be|should\s+be)\s+(?:(?:at\s+least|a\s+minimum\s+of)\s+)?"
    rf"(?P<number>{_HOW_LONG})\s+(?P<unit>day|week|month)s?"
    r"(?:\s+for\s+(?P<names>[\w ,-]{3,80}?)\s+and\s+"
    rf"(?P<others>{_HOW_LONG})\s+(?P<units>day|week|month)s?\s+for\s+(?:(?:all|the)\s+)?"
    r"other(?:s|\s+(?:agents|drugs|medications|inducers|inhibitors))?)?\W*",
    re.IGNORECASE,
)
_OF_WASHOUTS: Final = re.compile(
    r"(?:has|have|had|must|an?|with|\W)*(?P<short>inadequate|insufficient)?\b.{0,40}?\bwash-?\s?out\b.*",
    re.IGNORECASE | re.DOTALL,
)


def is_about_washout(lead: list[Token], text: str, *, exclusion: bool) -> bool:
    """Whether a lead-in says that treatments must have ended long enough before, each in its own bullet: "an adequate
    washout period, defined as:"; or, of those who are kept out, that they did not."""
    found = _OF_WASHOUTS.fullmatch(text, lead[0].start, lead[-1].end) if lead else None
    return found is not None and (found["short"] is not None) is exclusion


def washout_of(tokens: list[Token], lead: list[Token], *, exclusion: bool) -> list[Token] | None:
    """ "Major surgery: >= 4 weeks" under such a lead-in as "at least 4 weeks since major surgery"; None where a bullet
    says more, or anything else."""
    said = [token for token in tokens if token.type not in ("LPAR", "RPAR", "COLON", "FILLER", "DOT", "SEMI", "DASH")]
    at = next((i for i, token in enumerate(said) if token.type in BEGINS_LENGTH), 0)
    limit = said[at:]
    kinds = [token.type for token in limit]
    bounded = bool(kinds) and kinds[0] in BOUNDING
    more = kinds[-1:] == ["OR_MORE"]
    sign = limit[0].type if bounded else "GE"
    if kinds[bounded : len(kinds) - more] != ["NUMBER", "TIMEUNIT"] or (more and bounded):
        return None
    if (sign in ("LT", "LE")) is not exclusion or not any(token.type == "TREATMENT" for token in said[:at]):
        return None
    begin = said[0].start
    anchor = next((token.value for token in lead if token.type == "ANCHOR" and token.value != "screening"), "screening")
    number, unit = limit[bounded], limit[bounded + 1]
    length = [("GE" if not bounded else sign, sign), ("NUMBER", number.value), ("TIMEUNIT", unit.value)]
    since = [*length, ("SINCE", "since"), ("COUNTED_TO", "to"), ("ANCHOR", anchor)]
    names = [Token("AND", "and", t.start, t.end) if t.type in EITHER and not exclusion else t for t in said[:at]]
    return [*[Token(kind, value, begin, begin) for kind, value in since], *names]
