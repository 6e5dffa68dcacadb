"""Windows of which either will do: "during the study or within 3 weeks before it", "whichever is longer"."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import pairwise
from typing import Final

from eligibility.knowledge.vocabulary import Entry
from eligibility.reading.lexing.tokens import CLOSING, CONNECTIVES, EITHER, Token, past
from eligibility.reading.quantities import Bounds, WindowRead
from eligibility.rules import Duration, Window

__all__ = ["either_anchor", "either_relation", "either_window", "meanwhile_or_within", "windows_together"]


def meanwhile_or_within(tokens: list[Token]) -> list[Token]:
    """ "Relapse during or within 6 months of chemotherapy": one time, for all that an "or" stands in it."""
    found = list(tokens)
    for index in range(1, len(found) - 1):
        before, joint = found[index - 1], found[index]
        if joint.type in EITHER and found[index + 1].type == "WINDOW" and _MEANWHILE.search(before.said):
            found[index] = Token("WORD", "or", joint.start, joint.end)
            if before.type == "PROGRESSED":
                found[index - 1] = Token("WORD", before.said, before.start, before.end)
    return found


_MEANWHILE: Final = re.compile(r"(?:during|while \w+|on|while)$")


def either_anchor(tokens: list[Token]) -> list[Token]:
    """ "At screening or leukapheresis": at a time of the trial, whichever of the two, and no leukapheresis before."""
    kinds = [token.type for token in tokens]
    found: list[Token] = []
    index = 0
    while index < len(tokens):
        found.append(tokens[index])
        if kinds[index : index + 3] == _AT_EITHER and _is_done(tokens[index + 3 : index + 4]):
            behind = tokens[index + 4].type if index + 4 < len(tokens) else "DOT"
            if behind in CLOSING:
                last = tokens[index + 1]
                found.append(Token(last.type, last.value, last.start, tokens[index + 3].end))
                index += 4
                continue
        index += 1
    return found


_AT_EITHER: Final = ["AT_ANCHOR", "ANCHOR", "OR"]


def _is_done(tokens: list[Token]) -> bool:
    """Whether it is something that is done in a day, as a trial does it."""
    token = tokens[0] if tokens else None
    if token is None or token.type == "WEAK_ANCHOR":
        return token is not None
    named = token.type == "TREATMENT" and isinstance(token.value, Entry)
    return named and token.value.facts.get("type") in ("surgery", "procedure", "transplant")


def either_relation(tokens: list[Token]) -> list[Token]:
    """ "At or before", "before or after": two relations of one time as one; "within 24 hours before or after
    surgery" is within 24 hours of it."""
    if not any(b.type in EITHER and _relation(a) for a, b in pairwise(tokens)):
        return tokens
    found: list[Token] = []
    index = 0
    while index < len(tokens):
        token = tokens[index]
        second = tokens[index + 2] if index + 2 < len(tokens) and tokens[index + 1].type in EITHER else None
        pair = frozenset((_relation(token), _relation(second))) if second is not None else frozenset()
        if _relation(token) == "during" and _as_said_of_study(tokens[index + 1 : index + 7]):
            found.append(Token("STUDY_TIME", "during the study", token.start, token.end))
            index += 1
            continue
        counted = bool(found) and found[-1].type == "TIMEUNIT"
        kind = (_COUNTED if counted else _EITHER_TIME).get(pair)
        if second is not None and kind is not None:
            said = {"OF": "of", "BEFORE": "before", "AFTER": "after"}.get(kind, "during or after")
            found.append(Token(kind, said, token.start, second.end))
            index += 3
            continue
        found.append(token)
        index += 1
    return found


def _as_said_of_study(ahead: list[Token]) -> bool:
    """Whether "during" shares the study behind it: "during or within 30 days before enrolment"."""
    kinds = [token.type for token in ahead]
    return kinds[:1] == ["OR"] and kinds[1:4] == ["WITHIN", "NUMBER", "TIMEUNIT"] and kinds[4:] in _BEFORE_STUDY


_BEFORE_STUDY: Final = (["BEFORE", "ANCHOR"], ["OF", "ANCHOR"])


def _relation(token: Token) -> str:
    """In which relation to a time it sets something: "before", "after", "during", "at"; else nothing."""
    if token.type in ("BEFORE", "AFTER"):
        return token.type.lower()
    return token.said if token.type in ("WITHIN", "AT_ANCHOR") and token.said in ("during", "at") else ""


_COUNTED: Final = {
    frozenset(("before", "after")): "OF",
    frozenset(("before", "at")): "BEFORE",
    frozenset(("after", "at")): "AFTER",
}
_EITHER_TIME: Final = {
    frozenset(("before", "at")): "BEFORE",
    frozenset(("after", "at")): "AFTER",
    **dict.fromkeys(
        (frozenset(pair) for pair in (("before", "after"), ("before", "during"), ("during", "after"))), "PREP"
    ),
}


def windows_together(tokens: list[Token], *, exclusion: bool) -> list[Token]:
    """ "During the study or within 3 weeks before it": either; what excludes at either time may say "and"."""
    tokens = _within_again(tokens)
    if [token.type for token in tokens].count("WINDOW") < 2:
        return list(tokens)
    found: list[Token] = []
    index = 0
    while index < len(tokens):
        token = tokens[index]
        ahead = tokens[index + 1 : index + 3]
        joints = CONNECTIVES if exclusion else EITHER
        if (
            token.type == "WINDOW"
            and (before := _before_joint(found, joints, planned=token.value.planned)) is not None
            and not (ahead and ahead[0].type in _NAMED)
        ):
            first, second = found[before].value, token.value
            start = found[before].start
            del found[before:]
            both = (*(first.either or (first,)), second)
            windows = tuple(w for read in both for w in read.windows)
            token = Token("WINDOW", WindowRead(windows, either=both), start, token.end)
        found.append(token)
        index += 1
    return found


def _within_again(tokens: list[Token]) -> list[Token]:
    """ "Within 4 weeks of screening or 1 week of baseline": within that of the second time, too."""
    for index in range(len(tokens) - 4):
        window, joint, limit, of, anchor = tokens[index : index + 5]
        if [window.type, limit.type, of.type, anchor.type] != ["WINDOW", "TIME_LIMIT", "OF", "ANCHOR"]:
            continue
        length = _length(limit)
        if joint.type not in EITHER or length is None or _length(window) is None or length.unit == _HALF_LIVES:
            continue
        near: Window = window.value.windows[0]
        again = _as_long(near, length).model_copy(update={"anchor": str(anchor.value)})
        second = Token("WINDOW", WindowRead((again,)), limit.start, anchor.end)
        return [*tokens[: index + 2], second, *tokens[index + 5 :]]
    return tokens


_WHICHEVER: Final = {"WHICHEVER_LONGER": True, "WHICHEVER_SHORTER": False}
_HALF_LIVES: Final = "half-lives"
_OWNING: Final = frozenset("TREATMENT WORD WEAK_ANCHOR TAIL FILLER OTHER PRIOR LAST THAT".split())
_OWNING_GOES_ON: Final = frozenset("CONDITION ANALYTE QUALIFIER USE HISTORY".split())


def either_window(tokens: list[Token]) -> list[Token]:
    """ "Within 30 days before screening or 5 half-lives of the drug, whichever is longer" as one window."""
    kinds = {token.type for token in tokens}
    if "WINDOW" not in kinds or not (kinds & _WHICHEVER.keys() or _in_half_lives(tokens)):
        return list(tokens)
    found: list[Token] = []
    index = 0
    while index < len(tokens):
        read = _either_window(tokens, index) if tokens[index].type == "WINDOW" else None
        if read is None:
            found.append(tokens[index])
            index += 1
            continue
        window, end = read
        found.append(Token("WINDOW", window, tokens[index].start, tokens[end - 1].end))
        index = end
    return found


def _in_half_lives(tokens: list[Token]) -> bool:
    return any((length := _length(token)) is not None and length.unit == _HALF_LIVES for token in tokens)


def _length(token: Token) -> Duration | None:
    """How long a window is, or a bare length of time."""
    value = token.value
    if token.type == "WINDOW" and isinstance(value, WindowRead) and len(value.windows) == 1:
        return value.windows[0].start
    if token.type == "TIME_LIMIT" and isinstance(value, Bounds) and value.exact and value.high and value.high.time:
        return Duration(value=value.high.value, unit=value.high.unit)  # type: ignore[arg-type]
    return None


def _either_window(tokens: list[Token], index: int) -> tuple[WindowRead, int] | None:
    """The window that begins at ``index``, and where what belongs to it ends; None where it has no alternative."""
    first = tokens[index].value
    near = _length(tokens[index])
    at = past(tokens, index + 1, "COMMA", "LPAR")
    opened = any(t.type == "LPAR" for t in tokens[index + 1 : at])
    if near is None or near.value <= 0 or at + 1 >= len(tokens) or tokens[at].type != "OR":
        return None
    far = _length(tokens[at + 1])
    if far is None or far.value <= 0 or (far.unit == _HALF_LIVES) == (near.unit == _HALF_LIVES):
        return None
    other = tokens[at + 1].value
    at += 2
    owner = past(tokens, at, "OF", *_OWNING)
    if owner > at + 1 and (owner == len(tokens) or tokens[owner].type not in _OWNING_GOES_ON):
        at = owner  # "5 half-lives of the drug"
    anchor = tokens[at + 1] if at + 1 < len(tokens) and tokens[at].type == "OF" else None
    if anchor is not None and anchor.type == "ANCHOR":
        first = replace(first, windows=(first.windows[0].model_copy(update={"anchor": str(anchor.value)}),))
        at += 2
    said = past(tokens, at, "COMMA", "LPAR")
    longer = True
    if said < len(tokens) and tokens[said].type in _WHICHEVER:
        opened = opened or any(t.type == "LPAR" for t in tokens[at:said])
        longer, at = _WHICHEVER[tokens[said].type], said + 1
    if opened:
        at = past(tokens, at, "RPAR")
    window: Window = first.windows[0]
    if isinstance(other, WindowRead) and window.reaches_ahead and not other.windows[0].reaches_ahead:
        window = _as_long(other.windows[0], near)  # "within 4 weeks or 5 half-lives before enrollment"
    behind = past(tokens, at, "COMMA")
    point = tokens[behind].value if behind < len(tokens) and tokens[behind].type == "WINDOW" else None
    if isinstance(point, WindowRead) and len(point.windows) == 1 and point.windows[0].start is None:
        last = point.windows[0]
        if last.end is not None and not last.end.value:  # "..., prior to the first dose"
            window = window.model_copy(update={"end": last.end, "end_inclusive": True, "anchor": last.anchor})
            at = behind + 1
    behind = past(tokens, at, "COMMA")
    if [t.type for t in tokens[behind : behind + 2]] == ["OF", "ANCHOR"] and anchor is None:  # "..., of enrolment"
        window = window.model_copy(update={"anchor": str(tokens[behind + 1].value)})
        at = behind + 2
    said = past(tokens, at, "COMMA")
    if said < len(tokens) and tokens[said].type in _WHICHEVER:  # "5 half-lives of the drug before screening, whichever"
        longer, at = _WHICHEVER[tokens[said].type], said + 1
    return WindowRead((window, _as_long(window, far)), longer=longer), at


def _as_long(window: Window, length: Duration) -> Window:
    """The same window over another length of time."""
    both = window.end is not None and window.end.value < 0
    end = Duration(value=-length.value, unit=length.unit) if both else window.end
    return window.model_copy(update={"start": length, "end": end})


_NAMED: Final = frozenset(  # "or in the last year a stroke"
    "CONDITION TREATMENT QUALIFIER PRIOR USE HISTORY WORD".split()
)


_OF_THE_SAME: Final = frozenset("use administration receipt participation intake application dosing".split())


def _before_joint(found: list[Token], joints: frozenset[str], *, planned: bool) -> int | None:
    """Where the window stands, behind what it is said of, that a connective joins to the next one."""
    at = len(found) - 1
    if planned and at > 0 and str(found[at].value) in _OF_THE_SAME and found[at - 1].type == "PLANNED":
        at -= 1  # "within 4 weeks or planned use during the study"
    if planned and at >= 0 and found[at].type == "PLANNED":
        at -= 1  # "within 4 weeks or planned during the study"
    if at < 0 or found[at].type not in joints:
        return None
    at -= 1
    if at >= 0 and found[at].type == "COMMA":
        at -= 1
    return at if at > 0 and found[at].type == "WINDOW" else None
