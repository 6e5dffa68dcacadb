"""One sentence as several: by the people that label its parts, by semicolons that a condition does not reach over."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise
from typing import Final

from eligibility.reading.composing.judgements import is_fitness
from eligibility.reading.composing.terms import FRAMES
from eligibility.reading.lexing.tokens import BOUNDING, Token, depths_of
from eligibility.reading.patterns import AT_MOST
from eligibility.reading.rewriting.cleaning import none_now

__all__ = [
    "CONDITIONS",
    "clauses_apart",
    "denials_apart",
    "either_sex",
    "labelled_parts",
    "limits_apart",
    "none_or_such",
    "reaches_over",
]


def labelled_parts(tokens: list[Token]) -> list[list[Token]] | None:
    """ "Men: A >= 13; women: A >= 12" as two sentences; None where not every part has its own label."""
    ends = [i for i, t in enumerate(tokens) if t.type == "SEMI"]
    if not ends:
        return None
    parts = [tokens[a + 1 : b] for a, b in pairwise([-1, *ends, len(tokens)]) if b > a + 1]
    labels = [[t.type for t in part[:3]] for part in parts]
    if len(parts) < 2 or not all(
        "COLON" in kinds and {"FEMALE", "MALE", "CHILDBEARING"} & {*kinds} for kinds in labels
    ):
        return None
    return parts


def none_or_such(tokens: list[Token]) -> tuple[list[Token], list[Token]] | None:
    """ "No or mild pain" as two sentences, "no pain" and "mild pain", and "no or one prior line"; None where nothing is
    denied, or allowed in part, right at the beginning."""
    at = next((i for i, token in enumerate(tokens) if token.type not in _BEFORE_NONE), len(tokens))
    if [token.type for token in tokens[at : at + 2]] not in (["NO", "OR"], ["NO", "ANDOR"]):
        return None
    if not tokens[at].said.endswith(("no", "absent")):
        return None  # "no known or untreated metastases"
    such = next((i for i in range(at + 2, len(tokens)) if tokens[i].type != "FILLER"), len(tokens))
    named = next((i for i in range(such, len(tokens)) if tokens[i].type not in _HOW_MUCH), len(tokens))
    if named == such and [token.type for token in tokens[such : such + 2]] == ["WORD", "CONDITION"]:
        named += 1  # "no or minimal ascites"
    if [token.type for token in tokens[named : named + 2]] == ["LINES", "OF"]:
        named += 2  # "no or one line of chemotherapy"
    if named == such or named == len(tokens) or tokens[named].type not in _SUCH:
        return None
    before = [token for token in tokens[:at] if token.type != "EITHER"]
    return [*before, tokens[at], *tokens[named:]], [*before, *tokens[such:]]


_BEFORE_NONE: Final = frozenset("PERSON IS EITHER FILLER MUST PRESENCE HISTORY".split())
_HOW_MUCH: Final = frozenset("QUALIFIER FILLER NUMBER LE DASH TO".split())
_SUCH: Final = frozenset("CONDITION TREATMENT WORD OF PRESENCE LAST".split())


def either_sex(tokens: list[Token]) -> tuple[list[list[Token]], list[Token]] | None:
    """ "Women who are not pregnant, or men, with asthma" as sentences, of which one is enough, and what is said of all
    of them behind: a negation said of some people ends where others are named; None where there are no others."""
    depths = depths_of(tokens)
    kinds = [t.type for t, depth in zip(tokens, depths, strict=True) if not depth]
    if "OR" not in kinds or not (kinds[0] == "NON" or _names_sex(tokens)) or _OF_ALL_OF_THEM & {*kinds}:
        return None
    ends = [at for at, t in enumerate(tokens) if t.type == "OR" and not depths[at] and _names_sex(tokens[at + 1 :])]
    groups = [_without_joint(tokens[a + 1 : b]) for a, b in pairwise([-1, *ends, len(tokens)])]
    *others, last = groups
    if not others or not all(groups) or not any(t.type in _NEGATIONS for group in others for t in group):
        return None
    if len(last) > 1 and last[1].type in ("AGE", "COMMA"):
        return [*others, last[:1]], last[2:] if last[1].type == "COMMA" else last[1:]
    return (groups, []) if all(t.type != "COMMA" for t in last) else None


def _names_sex(tokens: Sequence[Token]) -> bool:
    """Whether women, or men, are what they begin with."""
    return next((token.type for token in tokens if token.type != "FILLER"), "") in _SEXES


_OF_ALL_OF_THEM: Final = frozenset(
    "MUST MUST_NOT COLON ANY_OF ALL_OF OF_FOLLOWING EITHER EXCLUDED ALLOWED SEMI".split()
)
_NEGATIONS: Final = frozenset("NON NOT NO WITHOUT".split())


def reaches_over(clauses: Sequence[list[Token]], *, exclusion: bool) -> bool:
    """Whether one of them begins with words that may be said of those behind it, too."""
    if exclusion and any(token.type in ("MUST", "MUST_NOT") for clause in clauses for token in clause):
        return True
    if not exclusion and all(map(_asks_of_some, clauses[1:])):
        return False
    if all(clause[0].type in _DENYING for clause in clauses):
        return False
    if exclusion and clauses[-1][-1].type == "ALLOWED":
        return False  # what is excluded is not said of what is allowed
    return any(clause[0].type in _REACHING for clause in clauses[:-1])


_REACHING: Final = FRAMES | frozenset("NO NOT WITHOUT WINDOW".split())


def clauses_apart(tokens: list[Token], text: str, *, exclusion: bool) -> list[list[Token]] | None:
    """ "A <= 2; B <= 3 unless C; D >= 4" as sentences: a condition stops at a semicolon; None where there is none."""
    if exclusion and (permitted := _permission_apart(tokens, text)):
        return permitted
    if not any(t.type == "SEMI" for t in tokens):
        return None
    if exclusion and (groups := _each_of_own(tokens)):
        return groups
    if not any(t.type in _STOPPING for t in tokens):
        return None
    depths = depths_of(tokens)
    ends = [i for i, t in enumerate(tokens) if t.type == "SEMI" and not depths[i]]
    parts = [list(tokens[a + 1 : b]) for a, b in pairwise([-1, *ends, len(tokens)]) if b > a + 1]
    if len(parts) < 2:
        return None
    if not exclusion and parts[0][0].type in _DENYING and all(map(_asks_of_some, parts[1:])):
        return parts  # "no fever for 4 weeks; for those with a transplant, 3 months must have elapsed"
    if all(part[0].type in _DENYING for part in parts):
        return parts  # "no chemotherapy for 4 weeks; no nitrosoureas for 6 weeks"
    if not any(t.type in CONDITIONS for i, t in enumerate(tokens) if not depths[i]):
        if _ends_exception(parts, text):
            return parts
        if not any(map(_denies_behind, parts)):
            return None
    joints = ("AND", "OR") if exclusion else ("AND",)
    parts = [part[1:] if part[0].type in joints else part for part in parts]
    if not all(parts):
        return None
    if any(part[0].type in _NO_BEGINNING for part in parts) or any(t.type == "REGARDLESS" for t in tokens):
        return None
    led = next((i for i, t in enumerate(parts[0]) if t.type in ("COLON", "ANY_OF", "ALL_OF")), None)
    if led is not None and (not led or not is_fitness(text[tokens[0].start : parts[0][led].start])):
        return None  # "any of the following: A; B if C": what all of a list has before it
    return parts


def denials_apart(tokens: list[Token]) -> tuple[list[list[Token]], bool] | None:
    """ "A <= 2; no B or C", "no A or B, at least 4 weeks since D": what is required, as sentences, since a denial
    reaches no further than to where something else is required, and nothing before it denies that; None where one
    sentence is to be read as a whole. With whether it may be read so for all that."""
    depths = depths_of(tokens)
    outer = [token.type for token, depth in zip(tokens, depths, strict=True) if not depth]
    if not (_REQUIRING & {*outer} or (outer[:1] == ["NOT"] and _DONE & {*outer[1:2]})) or _ONE_SENTENCE & {*outer}:
        return None
    if any(token.type == "NO" and token.said.startswith("in ") for token in tokens):
        return None  # "A <= 2 in the absence of B, and A <= 5 in the presence of B"
    starts, doubtful = _beginnings(tokens, depths)
    parts = [_without_joint(tokens[a:b]) for a, b in pairwise([*starts, len(tokens)])]
    kinds = [[token.type for token in part] for part in parts]
    if len(parts) < 2 or any(map(_mixes, kinds)):
        return None
    if all(each[0] == "NO" and not {*each} & (_ALTERNATIVES | {"UNLESS"}) for each in kinds):
        earlier = any(_EARLIER & {*each} for each in kinds[:-1]) and not _EARLIER & {*kinds[-1]}
        if not (earlier and "TIMEUNIT" in kinds[-1]):
            return None  # "no A, no B and no C within 4 weeks"
    timed = ["TIMEUNIT" in each and "SINCE" not in each for each in kinds]
    return parts, doubtful or (timed[-1] and not any(timed[:-1]) and all(each[0] == "NO" for each in kinds))


def _beginnings(tokens: list[Token], depths: Sequence[int]) -> tuple[list[int], bool]:
    """Where something is required anew, the first of them the beginning; with whether a denial may reach over one."""
    starts, doubtful = [0], False
    for at in range(1, len(tokens)):
        joint = at
        while joint > starts[-1] and tokens[joint - 1].type in _JOINTS and not depths[joint - 1]:
            joint -= 1
        between = {token.type for token in tokens[joint:at]}
        if depths[at] or not between or joint == starts[-1]:
            continue
        if none_now(tokens, joint):
            continue
        told = [token.type for token in tokens[starts[-1] : joint]]
        if _SEXES & {*told} and "SEMI" not in between and not {"MALE", "FEMALE"} <= {*told}:
            continue  # "women who are not pregnant, and no nursing mothers"
        if between == {"AND"} and (_goes_on(told) or _is_series(told, tokens[at:])):
            continue
        if _requires_anew(tokens, at, told):
            starts.append(at)
        elif tokens[joint - 1].type not in ("ANALYTE", "NUMBER") and _is_limit(tokens, at):
            starts.append(at)
            doubtful = doubtful or not ("SEMI" in between or {"COMMA", "AND"} <= between or _is_normal(tokens, at))
    return starts, doubtful


def limits_apart(tokens: list[Token], *, exclusion: bool) -> list[list[Token]] | None:
    """ "A <= 2 or B >= 3 for those with A > 2, C <= 4": limits as sentences, since whom one of them is for, the next
    is not; None where no condition stands before another limit."""
    depths = depths_of(tokens)
    kinds = {token.type for token, depth in zip(tokens, depths, strict=True) if not depth}
    if not kinds & _FOR_SOME or "COMMA" not in kinds or kinds & _LISTING:
        return None
    if any(two.type in _FOR_SOME and one.type in ("COMMA", "OR", "AND") for one, two in pairwise(tokens)):
        return None  # "A <= 2 or, if older than 70 years, A <= 3"
    joints = {"COMMA", "AND"} if not exclusion else {"COMMA", "AND", "OR"}
    starts = [0]
    for at in range(2, len(tokens)):
        joint = at - 1 if tokens[at - 1].type == "COMMA" else at - 2
        told = tokens[starts[-1] : joint]
        if depths[at] or tokens[joint].type != "COMMA" or not {t.type for t in tokens[joint:at]} <= joints:
            continue
        if tokens[at].type == "ANALYTE" and _is_limit(tokens, at) and not BOUNDING.isdisjoint(t.type for t in told):
            starts.append(at)
    parts = [_without_joint(tokens[a:b]) for a, b in pairwise([*starts, len(tokens)])]
    if len(parts) < 2 or not any(map(_is_for_some, parts[:-1])):
        return None
    return parts


def _is_for_some(part: list[Token]) -> bool:
    """Whether it names analytes, and behind their limits for whom these are."""
    at = next((i for i, token in enumerate(part) if token.type in _FOR_SOME), 0)
    return part[0].type in _MEASURED and not BOUNDING.isdisjoint(token.type for token in part[:at])


_FOR_SOME: Final = frozenset("FOR FOR_TIME FOR_GROUP IF".split())
_LISTING: Final = frozenset("COLON ANY_OF ALL_OF OF_FOLLOWING EITHER SEMI".split())


def _requires_anew(tokens: list[Token], at: int, told: list[str]) -> bool:
    """Whether something is denied, or required, from here on, that no denial before it reaches: "no", "must not have",
    "at least 4 weeks since"."""
    kinds = [token.type for token in tokens[at : at + _OPENING] if token.type != "FILLER"]
    first = kinds[1] if kinds[:1] == ["PERSON"] and len(kinds) > 1 else kinds[0] if kinds else ""
    if first == "NOT":
        return bool(_DONE & {*kinds[1:2]} and _DENYING_FIRST & {*told})
    return first in _REQUIRING or (first in ("GE", "GT", "NUMBER") and "SINCE" in kinds and "TIMEUNIT" in kinds)


def _is_limit(tokens: list[Token], at: int) -> bool:
    """Whether measurements and a limit of theirs stand here, or an age."""
    kinds = [token.type for token in tokens[at : at + _OPENING]]
    if kinds[0] == "AGE" or (kinds[0] in _BEGINS_AGE and "AGE_UNIT_TAIL" in kinds):
        return True
    for token in tokens[at:]:
        if token.type in BOUNDING:
            return tokens[at].type in _MEASURED
        if token.type not in _MEASURED and token.type not in ("AND", "SLASH", "ANDOR", "COMMA"):
            return False
    return False


def _is_normal(tokens: list[Token], at: int) -> bool:
    """Whether a limit is one of what is too high: "<= 2 x ULN", which nobody denies; nor an age."""
    kinds = [token.type for token in tokens[at:]]
    if tokens[at].type not in _MEASURED or tokens[at].type == "AGE":
        return True
    bound = next((kind for kind in kinds if kind in BOUNDING), "")
    return bound in ("LE", "LT") and "ULN" in kinds


def _goes_on(told: list[str]) -> bool:
    """Whether an "and" behind these may go on with the last of them: "A or B and no C", "no A unless B and no C"."""
    return bool(_GOING_ON & {*told}) or (told[0] not in _REQUIRING and not _ALTERNATIVES.isdisjoint(told))


def _is_series(told: list[str], rest: Sequence[Token]) -> bool:
    """Whether no more than things that are denied one by one stand before and behind an "and": "no A and no B"."""
    return told[0] == "NO" and _ALTERNATIVES.isdisjoint((*told, *(token.type for token in rest)))


def _mixes(kinds: list[str]) -> bool:
    """Whether an alternative begins behind something that is joined by "and": "no B, or C and no D"."""
    return "AND" in kinds and any(pair in (("COMMA", "OR"), ("SEMI", "OR")) for pair in pairwise(kinds))


def _without_joint(part: list[Token]) -> list[Token]:
    end = len(part)
    while end and part[end - 1].type in _JOINTS:
        end -= 1
    return part[:end]


def _permission_apart(tokens: list[Token], text: str) -> list[list[Token]]:
    """ "Oral steroids: inhaled ones are allowed", "A, but B is allowed", under Exclusion: what is excluded, and what is
    allowed, as a sentence of its own; none where nothing is."""
    if tokens[-1].type != "ALLOWED" or any(t.type in _DENYING or t.type == "NOT" for t in tokens):
        return []
    depths = depths_of(tokens)
    within = (i for i in range(len(tokens) - 2, 0, -1) if not depths[i])
    at = next((i for i in within if _sets_apart(tokens[i - 1], tokens[i], text)), 0)
    before, behind = tokens[:at], tokens[at + 1 :]
    while before and before[-1].type == "COMMA":
        before = before[:-1]
    if not {t.type for t in before} & _NAMES or not {t.type for t in behind} & _NAMES:
        return []
    if AT_MOST.search(text, behind[0].start, behind[-1].end):
        return []
    permitting = sum(t.type in CONDITIONS or t.type in _PERMITTING for t in tokens)
    return [before, behind] if permitting == 1 else []


def _sets_apart(before: Token, token: Token, text: str) -> bool:
    if token.type == "DASH":
        return text[token.start - 1].isspace() and text[token.end].isspace()
    return token.type in ("SEMI", "COLON") or (token.type == "BUT" and before.type == "COMMA")


_PERMITTING: Final = frozenset(("ALLOWED", "EXCLUDED", "MUST", "MUST_NOT", "EXCEPT"))
_NAMES: Final = frozenset(("CONDITION", "TREATMENT", "ANALYTE", "TEST"))


def _each_of_own(tokens: list[Token]) -> list[list[Token]]:
    """ "Women who are pregnant or not using contraception; men not using it": clauses of one sex each, with what is
    said of each of them; none where any clause says no more than whom it is about."""
    depths = depths_of(tokens)
    ends = [i for i, t in enumerate(tokens) if t.type == "SEMI" and not depths[i]]
    parts = [[*tokens[a + 1 : b]] for a, b in pairwise([-1, *ends, len(tokens)]) if b > a + 1]
    parts = [part[1:] if part[0].type in ("AND", "OR", "ANDOR") and len(part) > 1 else part for part in parts]
    own = all(part[0].type in _SEXES and any(token.type in _SAID_OF_THEM for token in part) for part in parts)
    return parts if own and len(parts) > 1 and {part[0].type for part in parts} >= {"MALE"} else []


_SEXES: Final = frozenset(("FEMALE", "MALE", "CHILDBEARING"))
_SAID_OF_THEM: Final = frozenset("PREGNANT BREASTFEEDING UNWILLING NOT WITHOUT NO INTENT".split())


def _ends_exception(parts: Sequence[list[Token]], text: str) -> bool:
    """Whether each semicolon ends an exception, as a verb stands behind it: "A other than B; has C; is pregnant"."""
    spared = any(token.type == "EXCEPT" for part in parts[:-1] for token in part)
    return spared and all(_VERB.match(text, part[0].start) is not None for part in parts[1:])


_VERB: Final = re.compile(r"(?:has|have|had|is|are|was|were)\b", re.IGNORECASE)


def _asks_of_some(part: list[Token]) -> bool:
    """Whether it is a sentence of its own: what some patients must do or have."""
    kinds = [token.type for token in part]
    return kinds[0] in _OF_SOME and not _ASKING.isdisjoint(kinds)


_ASKING: Final = frozenset(("MUST", "MUST_NOT", "SINCE"))
_OF_SOME: Final = frozenset("FOR FOR_TIME FOR_GROUP WITHIN PREP PERSON IF FEMALE MALE".split())


def _denies_behind(part: list[Token]) -> bool:
    """Whether something is denied of what stands before it: "diabetes without nephropathy", but not "no diabetes"."""
    return any(
        token.type in _DENYING and before.type in ("CONDITION", "TREATMENT", "QUALIFIER", "WORD", "RPAR")
        for before, token in pairwise(part)
    )


_DENYING: Final = frozenset(("NO", "WITHOUT"))
CONDITIONS: Final = frozenset(("IF", "UNLESS"))
_REQUIRING: Final = frozenset(("NO", "MUST_NOT"))
_MEASURED: Final = frozenset(("ANALYTE", "AGE", "FILLER"))
_DONE: Final = frozenset("USE PREGNANT BREASTFEEDING CURRENT".split())
_ALTERNATIVES: Final = frozenset(("OR", "ANDOR"))
_EARLIER: Final = frozenset(("PRIOR", "HISTORY", "LAST"))  # "no last chemotherapy" is no prior one
_BEGINS_AGE: Final = BOUNDING | {"BETWEEN", "NUMBER", "FROM"}
_DENYING_FIRST: Final = _REQUIRING | {"NOT"}
_OPENING: Final = 6  # tokens, in which a clause says what it requires
_JOINTS: Final = frozenset(("COMMA", "SEMI", "AND"))
_GOING_ON: Final = frozenset(("UNLESS", "EXCEPT", "FOR", "DUE_TO", "INCLUDING"))
_ONE_SENTENCE: Final = frozenset(
    "IF COLON DASH ANY_OF ALL_OF OF_FOLLOWING FOR_GROUP EITHER ALLOWED EXCLUDED REGARDLESS BUT NOR DEFINED".split()
)
_STOPPING: Final = CONDITIONS | _DENYING | {"EXCEPT"}
_NO_BEGINNING: Final = (
    CONDITIONS
    | BOUNDING
    | frozenset("OR AND ANDOR NOR EXCEPT FOR FOR_GROUP PERSON MAY ALLOWED EXCLUDED INCLUDING DEFINED DUE_TO".split())
)  # goes on with what precedes it
