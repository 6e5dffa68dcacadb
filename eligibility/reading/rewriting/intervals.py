"""How long lies between an event and the study: "at least 3 weeks between surgery and enrolment"."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from eligibility.reading.lexing.tokens import BOUNDING, Token, kind_at, past

__all__ = ["intervals_known"]


@dataclass(frozen=True, slots=True)
class _Between:
    """An event, as ``tokens[first:last]``, with the day of the study that a time from it is counted to, if that is
    said; ``end`` is where the next token stands."""

    first: int
    last: int
    study: Token | None
    end: int


def intervals_known(tokens: list[Token], text: str, *, exclusion: bool) -> list[Token]:
    """The tokens, with a length of time between an event and the study as one since that event, or as one before the
    study in which that event lies: whatever the interval is called."""
    found = list(tokens)
    for index in range(len(tokens) - 1, -1, -1):
        if tokens[index].type in _FROM and _to_another(found, index):
            found[index] = Token("WORD", tokens[index].said, tokens[index].start, tokens[index].end)
        elif tokens[index].type in _OPENS:
            between = _between(found, index, text)
            made: list[Token] | None = None
            if between is not None:
                made = _behind_limit(found, index, between, text, exclusion=exclusion)
                made = made or _before_limit(found, index, between, text, exclusion=exclusion)
            found = made or _undivided(found, index, text)
    return found


def _undivided(tokens: list[Token], opening: int, text: str) -> list[Token]:
    """ "At least 4 weeks between prior therapy and study treatment": what it lies between are no two things asked for,
    whatever they are."""
    before = tokens[max(0, opening - _MOST_BETWEEN) : opening]
    if not _is_between(tokens[opening], text) or not any(token.type == "TIMEUNIT" for token in before):
        return tokens
    end = next((i for i in range(opening + 1, len(tokens)) if tokens[i].type in _ENDS_OR_AND), len(tokens))
    if kind_at(tokens, end) != "AND" or kind_at(tokens, opening + 1) == "NUMBER":
        return tokens
    joint = tokens[end]
    return [*tokens[:end], Token("WORD", joint.said, joint.start, joint.end), *tokens[end + 1 :]]


def _between(tokens: list[Token], opening: int, text: str) -> _Between | None:
    """What a time lies between that begins behind "between", "from" or "since"; None where that is no event."""
    first = past(tokens, opening + 1, *_BEFORE_EVENT)
    while first > opening + 1 and not all(t.type != "WORD" or t.said in _ENDING for t in tokens[opening + 1 : first]):
        first -= 1
    last = past(tokens[: first + _MOST_TOKENS], first, *_OF_EVENT)
    while last > first and tokens[last - 1].type in _JOINS:
        last -= 1
    if not any(token.type in _EVENTS for token in tokens[first:last]):
        return None
    both = _is_between(tokens[opening], text)
    joint = kind_at(tokens, last)
    study = past(tokens, last + 1, "FILLER", "PLANNED", "OF") if joint == ("AND" if both else "TO") else 0
    before = last + 1 if joint == "BEFORE" and not both else 0  # "from radiotherapy prior to registration"
    if kind_at(tokens, study or before or len(tokens)) in _ANCHORS:
        end = study or before
        return _Between(first, last, tokens[end], end + 1)
    return None if both or study else _Between(first, last, None, last)


def _is_between(token: Token, text: str) -> bool:
    return "between" in text[token.start : token.end].lower()


def _to_another(tokens: list[Token], opening: int) -> bool:
    """Whether the time from an event that begins here is one to another event: "from chemotherapy to relapse"."""
    event = past(tokens, opening + 1, *_BEFORE_EVENT)
    end = past(tokens, event, *_OF_EVENT)
    return (
        end > event
        and kind_at(tokens, end) == "TO"
        and kind_at(tokens, opening - 1) == "TIMEUNIT"
        and kind_at(tokens, past(tokens, end + 1, "FILLER", "LAST")) in _EVENTS | {"WORD", "DIAGNOSIS"}
    )


def _behind_limit(
    tokens: list[Token], opening: int, between: _Between, text: str, *, exclusion: bool
) -> list[Token] | None:
    """ "An interval of at least 4 weeks between surgery and enrolment": at least 4 weeks since surgery."""
    unit = opening - 1
    while unit > 1 and tokens[unit].type in _BEHIND_UNIT:
        unit -= 1
    if tokens[unit].type != "TIMEUNIT" or tokens[unit - 1].type != "NUMBER":
        return None
    elapsed = _ELAPSED.fullmatch(text, tokens[unit].end, tokens[opening].start)
    begin = unit - 1 - (tokens[unit - 2].type in BOUNDING and unit > 1)
    bounded = begin < unit - 1
    called = _called_before(tokens, begin, text)
    washout = elapsed is not None and elapsed["washout"] is not None
    passed = bounded and _PASSED.search(text, tokens[unit].end, tokens[opening].end) is not None
    if elapsed is None or not (between.study or called < begin or washout or passed):
        return None
    least = washout or _AT_LEAST.search(text, tokens[called].start, tokens[begin].start) is not None
    if not (bounded or least or (called < begin and not exclusion)):
        return None
    limit = list(tokens[begin : unit + 1])
    if not bounded:
        limit.insert(0, Token("GE", "at least", limit[0].start, limit[0].start))
    since = [Token("SINCE", "since", tokens[unit].end, tokens[between.first - 1].end)]
    if between.study is not None:
        at = since[0].end
        since += [Token("COUNTED_TO", "to", at, at), Token("ANCHOR", between.study.value, at, at)]
    behind = tokens[between.end :]
    if [token.said for token in behind[:2]] == ["is", "required"]:
        behind = behind[2:]
    return [*tokens[:called], *limit, *since, *_event(tokens, between), *behind]


def _before_limit(
    tokens: list[Token], opening: int, between: _Between, text: str, *, exclusion: bool
) -> list[Token] | None:
    """ "The time between surgery and enrolment must be at least 4 weeks": no surgery less than 4 weeks before it; "is
    at most 12 weeks": a surgery at most 12 weeks before."""
    called = _called_before(tokens, opening, text)
    at = past(tokens, between.end, *_LINKS)
    if called == opening or tokens[opening].type == "AFTER" or kind_at(tokens, at) not in BOUNDING:
        return None
    sign, unit = tokens[at], at + 2
    must = any(token.type == "MUST" for token in tokens[between.end : at])
    if [kind_at(tokens, at + 1), kind_at(tokens, unit)] != ["NUMBER", "TIMEUNIT"] or (must and exclusion):
        return None
    end = tokens[unit].end
    event = _event(tokens, between)
    denied: list[Token] = []
    if sign.type in _LESS_THAN and not exclusion:
        if not any(token.type == "TREATMENT" for token in event):
            return None
        denied = [Token("NO", "no", tokens[called].start, tokens[between.first - 1].end)]
        sign = Token(_LESS_THAN[sign.type], sign.value, sign.start, sign.end)
    before: list[Token] = []
    if kind_at(tokens, unit + 1) != "BEFORE":
        study = between.study.value if between.study is not None else "screening"
        before = [Token("BEFORE", "before", end, end), Token("ANCHOR", study, end, end)]
    return [*tokens[:called], *denied, *event, sign, *tokens[at + 1 : unit + 1], *before, *tokens[unit + 1 :]]


def _called_before(tokens: list[Token], end: int, text: str) -> int:
    """Where the name of an interval begins that ends there, with its "of"; the same place where none does."""
    for begin in range(max(0, end - _MOST_IN_NAME), end):
        if _INTERVAL.fullmatch(text, tokens[begin].start, tokens[end].start):
            return begin
    return end


def _event(tokens: list[Token], between: _Between) -> list[Token]:
    """The event itself: of "the last chemotherapy dose", the chemotherapy."""
    event = list(tokens[between.first : between.last])
    return [token for token in event if token.said not in _PORTIONS]


_ANCHORS: Final = ("ANCHOR", "WEAK_ANCHOR")  # "study treatment", where a time is counted to it
_ENDS_OR_AND: Final = frozenset("AND DOT SEMI COLON BUT IF UNLESS EXCEPT".split())
_OPENS: Final = frozenset("BETWEEN FROM SINCE AFTER".split())
_FROM: Final = frozenset(("FROM", "SINCE"))
_LENGTH: Final = r"(?:interval|period|gap|window|break|lapse|delay|wash-?\s?out)"
_INTERVAL: Final = re.compile(
    rf"(?:(?:time|treatment-free|drug-free|rest|wash-?\s?out|minimum|minimal)[\s-]+)*(?:{_LENGTH}\s+)?(?:{_LENGTH}|time)"
    r"\s+(?:of\s+)?",
    re.IGNORECASE,
)
_AT_LEAST: Final = re.compile(r"wash-?\s?out|minim", re.IGNORECASE)
_ELAPSED: Final = re.compile(
    r"[\s-]*(?:\(\s*\d+\s*[a-z]+\s*\)\s*)?(?P<washout>wash-?\s?out(?:\s+(?:period|interval))?\s*)?"
    r"(?:\b(?:is|are|was|were|has|have|had|must|should|shall|will|been|be|required|needed|necessary|elapsed?|pass(?:ed)?)\b\s*)*",
    re.IGNORECASE,
)
_PASSED: Final = re.compile(r"\b(?:elapsed?|passed)\b", re.IGNORECASE)
_ENDING: Final = frozenset(
    "end completion termination discontinuation cessation stopping conclusion last final most recent previous prior "
    "date day time dose administration infusion injection treatment therapy cycle course fraction intake".split()
)
_PORTIONS: Final = frozenset("dose doses administration infusion injection intake cycle fraction".split())
_EVENTS: Final = frozenset("TREATMENT CONDITION".split())
_JOINS: Final = frozenset("OR ANDOR SLASH COMMA".split())
_OF_EVENT: Final = (*_EVENTS, *_JOINS, "WORD", "QUALIFIER", "CLASS_WORD", "TAIL", "FILLER")
_BEFORE_EVENT: Final = ("ENDED", "OF", "LAST", "PRIOR", "FILLER", "WORD", "WITH", "USE", "WEAK_ANCHOR", "TIMES")
_BEHIND_UNIT: Final = frozenset("IS MUST WORD ANCHOR FILLER".split())
_LINKS: Final = ("IS", "MUST", "OF", "COLON", "FILLER", "COMMA")
_LESS_THAN: Final = {"GE": "LT", "GT": "LE"}
_MOST_TOKENS: Final = 9  # of what names an event
_MOST_IN_NAME: Final = 4
_MOST_BETWEEN: Final = 6  # tokens between a length and what it lies between
