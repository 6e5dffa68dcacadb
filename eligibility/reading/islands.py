"""Tokens -> islands: at each place the longest quantity, then the longest phrase; what is between stays as it is."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from itertools import pairwise
from typing import Final

from eligibility.knowledge import units, words
from eligibility.knowledge.qualifiers import Qualifier, qualifiers
from eligibility.knowledge.vocabulary import Entry, vocabulary
from eligibility.reading.composing.terms import FRAMES
from eligibility.reading.context import Context
from eligibility.reading.grammar import Grammar
from eligibility.reading.lexing.function_words import phrase_groups
from eligibility.reading.lexing.tokens import (
    BOUNDING,
    EITHER,
    LIMITS,
    SENTENCE_ENDS,
    Number,
    Token,
    kind_at,
    two_numbers,
)
from eligibility.reading.measures import is_measurement, joined_to_other, lacks_unit, of_normal, on_scale, unfinished
from eligibility.reading.phrases import Noun, phrases
from eligibility.reading.quantities import (
    Bounds,
    Grades,
    Lasting,
    Lines,
    Repeats,
    Since,
    Spacing,
    Stages,
    WindowRead,
    quantities,
)
from eligibility.reading.sentences import sentences

__all__ = ["grammars", "phrased", "quantified"]

_SIGN_TYPES: Final = (
    "GE GT LE LT EQ ANDOR TIMES UNIT LPAR RPAR COMMA SEMI COLON DASH SLASH AND PLUS OR DOT SIGN NUMBER PAIR ROMAN "
    "WORD TIMEUNIT CONDITION TREATMENT ANALYTE QUALIFIER FACT UNREAD FRAME LIMIT TIME_LIMIT WINDOW LASTING "
    "SINCE_WINDOW GRADE_IS STAGE_IS TNM LINES_ARE STAGE_NAME TAIL COUNT NEVER FOR_GROUP DOSE ALLERGIC SEX_LIMIT "
    "EITHER_LIMIT REPEATS SPACING STOPPED NAIVE_OF COUNTED_TO"
).split()


_TAIL_WORDS: Final = frozenset(
    "hcl hydrochloride therapy treatment agent drug medication regimen use product medicine infusion "
    "injection administration formulation procedure".split()
)


def _is_salt(tokens: list[Token], at: int) -> bool:
    """Whether it names the salt that the drug before it is given as, and nothing that is measured."""
    drug, salt = tokens[at - 1].value, tokens[at].value
    if not isinstance(salt, Entry) or salt.name not in _SALTS or not isinstance(drug, Entry):
        return False
    return drug.facts.get("type") == "drug" and kind_at(tokens, at + 1) not in _LIMITED | {"TEST_WORD", "IS"}


_SALTS: Final = frozenset(("sodium", "potassium", "calcium", "phosphate", "magnesium", "chloride"))
_USERS: Final = frozenset(("user", "wearer", "taker"))


_NO_QUANTITY: Final = frozenset("FACT WORD CONDITION PERSON".split())
_OF_WHAT: Final = frozenset("HISTORY USE DIAGNOSIS PRESENCE".split())
_CLAUSE: Final = frozenset("PERSON FEMALE MALE IS MUST THAT SEMI COLON NO NOT EXCEPT UNLESS IF".split())
_RELATIONS: Final = frozenset(("BEFORE", "OF", "AFTER", "ANCHOR"))
_ANCHORS: Final = frozenset(("ANCHOR", "WEAK_ANCHOR"))
_NO_PHRASE: Final = frozenset("FACT PERSON COMMA AND OR".split())


_QUANTITY_TYPES: Final[tuple[tuple[type, str], ...]] = (
    (WindowRead, "WINDOW"),
    (Lasting, "LASTING"),
    (Since, "SINCE_WINDOW"),
    (Grades, "GRADE_IS"),
    (Stages, "STAGE_IS"),
    (Lines, "LINES_ARE"),
    (Repeats, "REPEATS"),
    (Spacing, "SPACING"),
)


_NAMES: Final = frozenset(
    "CONDITION TREATMENT ANALYTE PREGNANT BREASTFEEDING CHILDBEARING NOT_CHILDBEARING FERTILE STERILE CONTRACEPTION "
    "FEMALE MALE EXISTS".split()
)


_WORDLIKE: Final = frozenset("LAST ANCHOR WEAK_ANCHOR AFTER".split())
_DOUBTFUL: Final = _WORDLIKE | {"ANALYTE"}  # what these are, what follows tells


@cache
def _terminals() -> tuple[str, ...]:
    """Every type that a token can have."""
    return tuple(sorted({*phrase_groups(), *_SIGN_TYPES}))


@cache
def grammars() -> tuple[Grammar, Grammar, Grammar]:
    """Those of quantities, of phrases and of sentences, over the same tokens."""
    terminals = _terminals()
    return quantities(terminals), phrases(terminals), sentences(terminals)


def quantified(tokens: list[Token]) -> list[Token]:
    """Numbers and times as limits and windows."""
    grammar = grammars()[0]
    begins = grammar.first("quantity")
    tokens = _counted_from(_lasting(_extremes(_flanked(_turned(_scored(of_normal(tokens)))))))
    found: list[Token] = []
    index = 0
    while index < len(tokens):
        token = tokens[index]
        if token.type not in _NO_QUANTITY and (
            token.type in begins or (token.others and any(kind in begins for kind, _ in token.others))
        ):
            read = grammar.longest("quantity", tokens, index)
            if read is not None and (counted := _how_long(grammar, tokens, index, read, found)) is not None:
                read = counted
            elif read is not None and isinstance(read[0], WindowRead):
                read = _of_what(grammar, tokens, index, read, found)
            if read is not None:
                value, end = read
                kind = next((name for cls, name in _QUANTITY_TYPES if isinstance(value, cls)), "LIMIT")
                if isinstance(value, Bounds) and (value.time or value.age):
                    kind = "TIME_LIMIT"
                if kind == "TIME_LIMIT" and joined_to_other(tokens, index, end):
                    found.append(Token("SIGN", None, token.start, tokens[end - 1].end))
                    index = end
                    continue
                if kind == "LIMIT" and (far := unfinished(tokens, end)):
                    found.append(Token("SIGN", None, token.start, tokens[far - 1].end))
                    index = far
                    continue
                if isinstance(value, Bounds) and value.either:
                    kind = "EITHER_LIMIT"
                found.append(Token(kind, value, token.start, tokens[end - 1].end))
                index = end
                continue
        if token.type == "STAGE_NAME":
            token = Token("WORD", str(token.value).lower(), token.start, token.end)
        elif token.type == "WEAK_ANCHOR":
            kind, value = next(((k, v) for k, v in token.others), ("WORD", " ".join(words.keys(str(token.value)))))
            token = Token(kind, value, token.start, token.end, token.others[1:])
        found.append(token)
        index += 1
    return found


def _how_long(
    grammar: Grammar, tokens: list[Token], index: int, read: tuple[object, int], found: list[Token]
) -> tuple[object, int] | None:
    """The limit of what is itself a length of time, with the day that it is counted from: "a life expectancy of 3
    months or more from enrolment"; None where it is no such thing."""
    named = next((token for token in reversed(found) if token.type not in _LINKS), None)
    if named is None or not _is_length(named):
        return None
    limit, end = read
    if isinstance(limit, Bounds):
        counted = [token.type for token in tokens[end : end + 2]]
        return (limit, end + 2) if counted in (["FROM", "ANCHOR"], ["AFTER", "ANCHOR"]) else None
    relation = next((i for i in range(index, end) if tokens[i].type in ("AFTER", "FROM", "BEFORE")), None)
    if relation is None or tokens[relation].type == "BEFORE" or tokens[end - 1].type not in _ANCHORS:
        return None
    alone = grammar.longest("quantity", tokens[:relation], index)
    return (alone[0], end) if alone is not None and alone[1] == relation and isinstance(alone[0], Bounds) else None


_LINKS: Final = frozenset("OF IS MUST COLON".split())


def _of_what(
    grammar: Grammar, tokens: list[Token], index: int, read: tuple[WindowRead, int], found: list[Token]
) -> tuple[object, int] | None:
    """A window without the event behind it, where it is what is asked for: "history within 2 years of a stroke"."""
    own = next((i for i in range(index, read[1]) if tokens[i].type in _RELATIONS), None)
    if own is None or tokens[own].type == "BEFORE" or own + 1 >= read[1] or tokens[own + 1].type in _ANCHORS:
        return read
    if found and found[-1].type in _OF_WHAT:
        return grammar.longest("quantity", tokens[:own], index)
    return grammar.longest("quantity", tokens[: own + 1], index) if not found or found[-1].type in _CLAUSE else read


def phrased(tokens: list[Token], context: Context) -> list[Token]:
    """Facts: at each place the longest phrase of any kind."""
    grammar = grammars()[1]
    tokens = _with_tails(tokens, context.text)
    tokens = [
        _as_meant(token, tokens[i + 1 : i + 4]) if token.type in _DOUBTFUL or token.said == "on" else token
        for i, token in enumerate(tokens)
    ]
    tokens = _parted_uses(_lengths_of_use(tokens, context.text), context.text)
    tokens = _allergic(tokens)
    passed = () if _may_be_measured(tokens) else ("measurement",)
    measured = tokens if passed else _as_measured(tokens, context.text)
    kinds = [token.type for token in tokens]
    found: list[Token] = []
    index = 0
    while index < len(tokens):
        token = tokens[index]
        if token.type == "WORD" and not token.others:
            end = index + 1
            while end < len(kinds) and kinds[end] == "WORD":
                end += 1
            if end == len(kinds) or (
                kinds[end] not in _NAMES
                and not any(kind in _NAMES for kind, _ in tokens[end].others)
                and LIMITS.isdisjoint(kinds[end : end + _MOST_LINKS])
            ):
                found += tokens[index:end]  # unknown words, and no name that they could narrow
                index = end
                continue
        best: tuple[object, int] | None = None
        if token.type not in _NO_PHRASE:
            for start in grammar.opening(token):
                if start in passed:
                    continue
                read = _longest(grammar, start, tokens, measured, index, best[1] if best else 0)
                if (
                    read is not None
                    and (best is None or read[1] > best[1])
                    and _is_phrase(read[0])
                    and is_measurement(read[0], found[-1:], context.text)
                ):
                    best = read
        if best is None:
            found.append(token)
            index += 1
            continue
        value, end = best
        if end < len(tokens) and (beyond := _of_the_next(value, tokens[end])):
            read = grammar.longest("noun", tokens[: end - beyond], index)
            value, end = read if read is not None else best
        if lacks_unit(value, tokens[end] if end < len(tokens) else None, context.text):
            found.append(Token("SIGN", None, token.start, tokens[end].end))
            index = end + 1
            continue
        scaled = on_scale(value, context.text)
        if scaled is not None:
            while end < len(tokens) and tokens[end].start < scaled[0]:
                end += 1
        kind = "FACT" if scaled is None or scaled[1] else "SIGN"
        found.append(Token(kind, value, token.start, tokens[end - 1].end))
        index = end
    return found


def _of_the_next(value: object, following: Token) -> int:
    """How many tokens at the end of a noun are of the name behind it: "non-users with a detectable" cotinine, "breast
    cancer, stage IV" melanoma."""
    behind = [token.type for token in value.behind] if isinstance(value, Noun) else []
    if following.type == "ANALYTE" and len(behind) > 1 and behind[-1] in _RESULTS:
        return 1
    if "STAGE_IS" not in behind or following.type in _BEHIND_STAGE:
        return 0
    staged = max((i for i, pair in enumerate(pairwise(behind)) if pair == ("COMMA", "STAGE_IS")), default=len(behind))
    return len(behind) - staged


_BEHIND_STAGE: Final = frozenset("COMMA SEMI DOT AND OR ANDOR LPAR RPAR EXCEPT UNLESS IF THAT IS MUST".split())
_RESULTS: Final = frozenset("POSITIVE NEGATIVE ABNORMAL".split())


def _allergic(tokens: list[Token]) -> list[Token]:
    """The tokens, with an allergy to nothing that is named as the disease that it is: "history of allergies"."""
    if all(token.type != "ALLERGY" for token in tokens):
        return tokens
    found = list(tokens)
    for index, token in enumerate(tokens):
        entry = next((value for kind, value in token.others if kind == "CONDITION"), None)
        if entry is None and token.said in _ANY_ALLERGY:
            entry = vocabulary().entry("condition", "allergy")
        last = index + 1 == len(tokens) or tokens[index + 1].type in SENTENCE_ENDS
        if token.type == "ALLERGY" and last and entry is not None and _nothing_named(tokens[:index]):
            found[index] = Token("CONDITION", entry, token.start, token.end)
    return found


_ANY_ALLERGY: Final = frozenset(  # "history of serious hypersensitivity"
    f"{kind}{what}" for kind in ("hypersensitivity", "allergic") for what in (" reaction", " reactions")
) | {"hypersensitivity"}


def _nothing_named(before: list[Token]) -> bool:
    """Whether no substance stands before an allergy: "peanut allergy"."""
    return all(token.type not in ("TREATMENT", "WORD", "OR", "AND", "SLASH", "COMMA") for token in before[-3:])


_TURNED: Final = {"LT": "GE", "GT": "LE"}
_MAY_TURN: Final = frozenset((*_TURNED, "IS"))


def _turned(tokens: list[Token]) -> list[Token]:
    """ "Is not less than" is at least; "will be 18 to 70 years" is what must be."""
    if _MAY_TURN.isdisjoint([token.type for token in tokens]):
        return tokens
    found: list[Token] = []
    for index, token in enumerate(tokens):
        if found and token.type in _MAY_TURN:
            before = found[-1]
            after = tokens[index + 1].type if index + 1 < len(tokens) else ""
            if token.type in _TURNED and before.type in ("NOT", "NO") and after == "NUMBER":
                found[-1] = Token(_TURNED[token.type], token.value, before.start, token.end)
                continue
            will_be = token.said == "be" and before.said == "will"
            if will_be and (after in _BEFORE_VALUE or _says_who_they_are(tokens, index)):
                found[-1] = Token("MUST", "will be", before.start, token.end)
                continue
        found.append(token)
    return found


_BEFORE_VALUE: Final = frozenset("GE GT LE LT BETWEEN FROM NUMBER AGE".split())


def _says_who_they_are(tokens: list[Token], index: int) -> bool:
    """Whether "be" behind "patients will" does: "in good health", "nonsmokers"; nothing is done to them."""
    if index < _PEOPLE_WILL or tokens[index - 2].type not in _PEOPLE or index + 1 == len(tokens):
        return False
    following = tokens[index + 1 : index + 3]
    return following[0].type in _BEING or [token.said for token in following] == ["in", "good"]


_PEOPLE_WILL: Final = 2
_PEOPLE: Final = frozenset(("PERSON", "MALE", "FEMALE"))
_BEING: Final = frozenset("CONDITION DIAGNOSIS QUALIFIER PERSON MALE FEMALE NOT_CHILDBEARING".split())


_OF_SO_MANY: Final = re.compile(r"(\d{1,3})/(\d{1,3})")


def _scored(tokens: list[Token]) -> list[Token]:
    """ "ECOG 0/1" is either of the two; "MMSE >= 25/30" a score of 25 out of the 30 points that there are."""
    found: list[Token] = []
    for token in tokens:
        fraction = _OF_SO_MANY.fullmatch(token.said) if token.type == "WORD" and "/" in token.said else None
        named = next((t for t in reversed(found) if t.type not in _BEFORE_SCORE), None) if fraction else None
        scale = named.value if named is not None and isinstance(named.value, Entry) else None
        if fraction is None or scale is None:
            found.append(token)
            continue
        points, most = int(fraction[1]), int(fraction[2])
        greatest = scale.facts.get("plausible", (0, 0))[-1]
        if (
            scale.facts.get("type") == "performance"
            and points < most <= _WORST_STATUS
            and found[-1].type not in BOUNDING
        ):
            found += two_numbers(token, fraction[1], fraction[2])
        elif scale.facts.get("type") == "score" and most == greatest and points <= most:
            found.append(Token("NUMBER", Number(float(points)), token.start, token.end))
        else:
            found.append(token)
    return found


_WORST_STATUS: Final = 4
_BEFORE_SCORE: Final = frozenset("GE GT LE LT EQ OF IS COLON TEST_WORD MUST FILLER".split())


def _flanked(tokens: list[Token]) -> list[Token]:
    """ "18 <= age <= 75" is an age from 18 to 75: the name stands between its limits."""
    for index in range(1, len(tokens) - 3):
        token, name = tokens[index], tokens[index + 1]
        if token.type not in _OPPOSITE or name.type not in _LIMITABLE:
            continue
        after = index + 2
        while after < len(tokens) and tokens[after].type in _BESIDE_NAME:
            after += 1
        start = index - 1
        while start > 0 and tokens[start].type in _BEHIND_NUMBER:
            start -= 1
        same = after + 1 < len(tokens) and tokens[after].type in _FLANKS[token.type]
        if not same or tokens[start].type != "NUMBER" or tokens[after + 1].type != "NUMBER":
            continue
        first, value = tokens[start], [t for t in tokens[start:index] if t.type != "TEST_WORD"]
        said = [Token(t.type, t.value, first.start, t.end, t.others) for t in tokens[index + 1 : after]]
        turned = Token(_OPPOSITE[token.type], token.value, token.start, token.end)
        joint = Token("AND", "and", token.end, token.end)
        return [*tokens[:start], *said, turned, *value, joint, *_flanked(tokens[after:])]
    return tokens


_OPPOSITE: Final = {"LE": "GE", "LT": "GT", "GE": "LE", "GT": "LT"}
_FLANKS: Final = {**dict.fromkeys(("LE", "LT"), ("LE", "LT")), **dict.fromkeys(("GE", "GT"), ("GE", "GT"))}
_BEHIND_NUMBER: Final = frozenset("UNIT TIMEUNIT TEST_WORD".split())
_BESIDE_NAME: Final = frozenset(("TEST_WORD", "CLASS_WORD"))


def _extremes(tokens: list[Token]) -> list[Token]:
    """ "Minimum weight of 50 kg" is a weight of at least 50 kg: what compares stands before the name."""
    if _EXTREMES.isdisjoint([token.said for token in tokens]):
        return tokens
    found = list(tokens)
    for index in range(len(tokens) - 2, -1, -1):
        token = tokens[index]
        if token.said not in _EXTREMES or token.type not in _SAME_END or found[index + 1].type not in _LIMITABLE:
            continue
        at = index + 2
        while at < len(found) and found[at].type in _TO_VALUE:
            at += 1
        if at == len(found) or (found[at].type != "NUMBER" and found[at].type not in _SAME_END[token.type]):
            continue
        compared = [Token(token.type, token.value, found[at].start, found[at].start)]
        if found[at].type != "NUMBER":
            compared = []  # "minimum weight of at least 50 kg"
        name = found[index + 1]
        said = Token(name.type, name.value, token.start, name.end, name.others)
        found = [*found[:index], said, *found[index + 2 : at], *compared, *found[at:]]
    return found


def _lasting(tokens: list[Token]) -> list[Token]:
    """ "Survival time for more than 3 months", "a score at 0 or 1": without what only joins a name to its limit."""
    if _JOINING.isdisjoint([token.said for token in tokens]):
        return tokens
    found: list[Token] = []
    for index, token in enumerate(tokens):
        if found and token.type == "FOR_TIME" and token.said == "for" and _is_length(found[-1]):
            continue
        if token.type == "AT_ANCHOR" and token.said == "at" and found and found[-1].type == "ANALYTE":
            after = [each.type for each in tokens[index + 1 : index + 3]]
            if after and after[0] in _OF_VALUE and after[-1] != "TIMEUNIT":
                continue
        found.append(token)
    return found


_JOINING: Final = frozenset(("for", "at"))
_OF_VALUE: Final = BOUNDING | {"NUMBER"}


def _counted_from(tokens: list[Token]) -> list[Token]:
    """ "At least 4 weeks from (previous) chemotherapy" is since it."""
    found: list[Token] = []
    for token in tokens:
        counted = token.type in _COUNTED_FROM and [each.type for each in found[-2:]] == _FROM_ONE
        if counted and found[-1].said == "from":
            named = token.type == "TREATMENT"
            found[-1] = Token("SINCE", "since", found[-1].start, found[-1].end if named else token.end)
            if not named:
                continue
        elif token.type in _BEHIND_LENGTH and _has_been(found):
            token = Token("SINCE", "since", token.start, token.end)
        found.append(token)
    return found


_COUNTED_FROM: Final = frozenset(("LAST", "PRIOR", "TREATMENT"))
_BEHIND_LENGTH: Final = frozenset(("AFTER", "FROM"))
_FROM_ONE: Final = ["TIMEUNIT", "FROM"]


def _has_been(before: list[Token]) -> bool:
    """Whether these end with how long it has been: "(if) it has been at least 4 weeks (after surgery)"."""
    if [token.type for token in before[-2:]] != ["NUMBER", "TIMEUNIT"]:
        return False
    at = len(before) - 3
    at -= before[at].type in BOUNDING
    return at > 0 and before[at].type == "IS" and before[at - 1].said == "it"


def _is_length(token: Token) -> bool:
    entry = token.value if token.type == "ANALYTE" else None
    return isinstance(entry, Entry) and entry.facts.get("unit") in ("d", "wk", "mo", "a")


_EXTREMES: Final = frozenset(("minimum", "minimal", "maximum", "maximal"))
_SAME_END: Final = {"GE": ("GE", "GT"), "LE": ("LE", "LT")}
_LIMITABLE: Final = frozenset(("ANALYTE", "AGE"))
_TO_VALUE: Final = frozenset(("OF", "COLON", "IS", "TEST_WORD"))


def _longest(
    grammar: Grammar, start: str, tokens: list[Token], measured: list[Token], index: int, beyond: int
) -> tuple[object, int] | None:
    """The longest phrase at a place that ends beyond another one.

    A name that may be that of an analyte is one in a measurement, if it can be.
    """
    if start == "measurement" and (read := grammar.longest(start, measured, index)) is not None:
        return read
    return grammar.longest(start, tokens, index, beyond)


def _as_measured(tokens: list[Token], text: str) -> list[Token]:
    """The tokens as a measurement is sought among them: what is measured, where a name may be that or another thing."""
    found = list(tokens)
    for i, token in enumerate(tokens):
        if token.type == "EXISTS" and _is_no_size(next((t.value for t in tokens[i:] if t.type == "LIMIT"), None)):
            continue  # "measurable disease or PSA >= 2 ng/mL"
        if token.others:
            found[i] = _as_analyte(token, tokens[i - 1] if i else None)
        elif token.type == "TREATMENT" and kind_at(tokens, i + 1) == "LIMIT":
            found[i] = _as_level(token, tokens[i + 1].value, text)
    return found


def _as_analyte(token: Token, before: Token | None) -> Token:
    """A name that may be that of an analyte, as one; measurable disease is counted, not measured."""
    limit = before.value if before is not None else None
    if token.type == "EXISTS" and isinstance(limit, Bounds) and any(quantity.unit for quantity in limit.quantities):
        return token
    for kind, value in token.others:
        if kind == "ANALYTE" and token.type in ("CONDITION", "TREATMENT", "WORD", "EXISTS"):
            return Token(kind, value, token.start, token.end)
    return token


def _is_no_size(limit: object) -> bool:
    """Whether it is the limit of something else than a length or a number."""
    return isinstance(limit, Bounds) and any(
        quantity.of != "value" or (quantity.unit is not None and not units.convertible(quantity.unit, "cm"))
        for quantity in limit.quantities
    )


def _as_level(token: Token, limit: object, text: str) -> Token:
    """ "Estradiol < 20 pg/mL": how much of a treatment is in the blood, where its limit is a concentration."""
    if not isinstance(limit, Bounds) or limit.exact or not isinstance(token.value, Entry):
        return token
    ends = [end.unit or "" for end in (limit.low, limit.high) if end is not None and end.of == "value"]
    name = text[token.start : token.end].lower()
    known = next((e for said in _LEVEL_NAMES if (e := vocabulary().find(said.format(name), "measurement"))), None)
    if known is not None and ends and all(units.convertible(unit, known.facts.get("unit", "")) for unit in ends):
        return Token("ANALYTE", known, token.start, token.end)
    if not ends or not all(any(units.convertible(unit, level) for level in _LEVELS) for unit in ends):
        return token
    return Token("ANALYTE", known, token.start, token.end) if known else Token("WORD", name, token.start, token.end)


_LEVELS: Final = ("ng/L", "nmol/L", "[IU]/L", "U/L")
_LEVEL_NAMES: Final = ("{}", "{} level", "serum {}", "{} activity")
_LIMITED: Final = frozenset("LIMIT TIME_LIMIT SEX_LIMIT EITHER_LIMIT NORMAL NORMAL_RANGE".split())


def _may_be_measured(tokens: list[Token]) -> bool:
    """Whether there can be a measurement: there is a limit."""
    for token in tokens:
        if token.type in _LIMITED or (token.others and any(kind in _LIMITED for kind, _ in token.others)):
            return True
    return False


def _with_tails(tokens: list[Token], text: str) -> list[Token]:
    """The tokens, with what stands right behind a treatment, or behind its parenthesis, as its tail."""
    kinds = [token.type for token in tokens]
    if "TREATMENT" not in kinds:
        return tokens
    behind = {
        at + 1
        for at, kind in enumerate(kinds)
        if (kind == "TREATMENT" or (kind == "RPAR" and _names_before(kinds, at)))
        and not (at + 2 < len(tokens) and tokens[at + 2].said in ("disorder", "disorders"))  # "narcotic use disorder"
    }
    found = [_as_tail(token, text) if index in behind else token for index, token in enumerate(tokens)]
    for at in range(1, len(tokens)):
        if kinds[at] == "ANALYTE" and _is_salt(tokens, at):
            found[at] = Token("TAIL", "salt", tokens[at].start, tokens[at].end)  # "pegaptanib sodium"
    for at in behind:
        if at < len(found) and kinds[at - 1] == "RPAR" and found[at].type == "TAIL":
            found[at] = Token(
                "FILLER", found[at].value, found[at].start, found[at].end
            )  # "celecoxib (an NSAID) therapy"
    return found


def _parted_uses(tokens: list[Token], text: str) -> list[Token]:
    """ "Treatment within 3 months with X", "exposure in the adjuvant setting to X": when, or where, before what."""
    kinds = [token.type for token in tokens]
    if _WHEN.isdisjoint(kinds) or _JOINS_USE.isdisjoint(kinds):
        return tokens
    found = list(tokens)
    for index, token in enumerate(tokens):
        if kinds[index] == "WORD" and (link := _COURSES.get(text[token.start : token.end].lower())):
            at = index + 1
            while at < len(kinds) and (kinds[at] in _WHEN_OR_WHERE or _is_setting(tokens[at])):
                at += 1
            if at > index + 1 and at < len(kinds) and kinds[at] in _JOINS_USE and tokens[at].said.startswith(link):
                between = tokens[index + 1 : at]
                found[index] = Token("USE", f"treatment {link}", token.start, token.end)
                if all(map(_is_setting, between)):
                    return [*found[:index], *between, found[index], *_parted_uses(tokens[at + 1 :], text)]
                found[at] = Token("WITH", "with", tokens[at].start, tokens[at].end)
    return found


def _lengths_of_use(tokens: list[Token], text: str) -> list[Token]:
    """ "Use (more than 3 months) of X", "therapy (defined as > 28 days) with X": for how long, before what."""
    kinds = [token.type for token in tokens]
    if "RPAR" not in kinds or _LENGTHS.isdisjoint(kinds):
        return tokens
    found = list(tokens)
    for at in range(len(tokens) - 1, 0, -1):
        length = at + 1 + (kind_at(tokens, at + 1) == "DEFINED")
        course, link = tokens[at - 1], length + 2
        if kinds[at] != "LPAR" or kind_at(tokens, length) not in _LENGTHS or kind_at(tokens, length + 1) != "RPAR":
            continue
        said = text[course.start : course.end].lower()
        of_drug = link < len(tokens) and text[tokens[link].start : tokens[link].end].lower() in ("of", "with")
        if of_drug and (course.type == "USE" or (course.type == "WORD" and said in _COURSES)):
            long = at > 1 and tokens[at - 2].type == "WORD" and tokens[at - 2].said in _FOR_LONG
            first = tokens[at - 2] if long else course
            found[link] = Token("WITH", "with", tokens[link].start, tokens[link].end)
            del found[at + 1 : length]
            found[at - 1 - long : at] = [Token("USE", f"{said} {tokens[link].said}", first.start, course.end)]
    return found


_LENGTHS: Final = frozenset(("TIME_LIMIT", "LASTING"))
_FOR_LONG: Final = frozenset(("prolonged", "extended", "sustained", "continued", "uninterrupted"))


def _is_setting(token: Token) -> bool:
    return isinstance(token.value, Qualifier) and token.value.axis == "setting"


_COURSES: Final = {"treatment": "with", "treatments": "with", "therapy": "with", "exposure": "to"}
_WHEN: Final = frozenset(("WINDOW", "SITE", "QUALIFIER"))
_JOINS_USE: Final = frozenset(("IS", "TO"))
_WHEN_OR_WHERE: Final = frozenset("WINDOW LPAR RPAR WITHIN OF PREP SITE".split())


def _names_before(kinds: Sequence[str], closing: int) -> bool:
    """Whether a treatment stands before the parenthesis that closes there."""
    opening = next((at for at in range(closing - 1, 0, -1) if kinds[at] in ("LPAR", "RPAR")), 0)
    return kinds[opening] == "LPAR" and kinds[opening - 1] == "TREATMENT"


def _as_tail(token: Token, text: str) -> Token:
    """What stands behind a drug: in "anticoagulant therapy" the therapy adds nothing to it."""
    if token.type == "LINES":
        return Token("TAIL", "regimen", token.start, token.end)
    if token.type == "WEAK_ANCHOR" and (said := text[token.start : token.end].lower()) in _TAIL_WORDS:
        return Token("TAIL", said, token.start, token.end)
    if token.type in ("WORD", "TREATMENT", "USE"):
        name = token.value.name if isinstance(token.value, Entry) else str(token.value)
        if token.type == "WORD" and (said := text[token.start : token.end].lower()) in _TAIL_WORDS:
            name = said  # the value of what may be an anchor is that of the anchor
        if name in _USERS:
            return Token("CURRENT", name, token.start, token.end)
        if name in _TAIL_WORDS:
            return Token("TAIL", name, token.start, token.end)
    return token


_VALUED: Final = LIMITS | {"TIME_LIMIT", "NORMAL_RANGE", "TEST_WORD"}


def _as_meant(token: Token, following: list[Token]) -> Token:
    """ "Insulin" is a drug, unless a number follows; "on warfarin" is its use; "recent stroke" a narrower stroke."""
    after = following[0].type if following else ""
    named = after in ("TREATMENT", "CONDITION") or (
        after == "QUALIFIER" and len(following) > 1 and following[1].type in ("TREATMENT", "CONDITION")
    )
    if (
        named
        and token.said == "on"
        and (after == "TREATMENT" or (len(following) > 1 and following[1].type == "TREATMENT"))
    ):
        return Token("USE", "on", token.start, token.end)
    if (
        token.type == "LAST"
        and token.said == "recent"
        and (named or after in ("OR", "ANDOR", "SLASH", "COMMA", "QUALIFIER", "WINDOW", "LPAR") or after in FRAMES)
    ):
        return Token("QUALIFIER", qualifiers().find("recent"), token.start, token.end)
    prior = next((value for kind, value in token.others if kind == "PRIOR"), None)
    # "prior adjuvant or neoadjuvant chemotherapy"
    shared = after == "QUALIFIER" and len(following) > 1 and following[1].type in EITHER
    shares = after in EITHER and len(following) > 1 and following[1].type in _SHARING_TIME
    if token.type == "LAST" and prior is not None and (after in FRAMES or after == "WINDOW" or shared or shares):
        return Token("PRIOR", prior, token.start, token.end)
    if (
        named
        and token.type in _WORDLIKE
        and not any(kind in FRAMES for kind, _ in token.others)
        and " " not in str(token.value)
    ):
        return Token("WORD", str(token.value), token.start, token.end)
    if token.type != "ANALYTE" or not token.others or any(t.type in _VALUED for t in following):
        return token
    other = next(((k, v) for k, v in token.others if k in ("TREATMENT", "CONDITION")), None)
    if other is None:
        return token
    return Token(
        other[0], other[1], token.start, token.end, (("ANALYTE", token.value), *(o for o in token.others if o != other))
    )


_SHARING_TIME: Final = FRAMES | {"QUALIFIER"}  # "prior or concomitant treatment with"
_MOST_LINKS: Final = 6  # between a name and its limit


def _is_phrase(value: object) -> bool:
    """Not unknown words alone: they need a frame that says what they are."""
    if isinstance(value, Noun):
        if value.head.names:
            return True
        if [t.value for t in value.head.words] in (["disease"], ["tumor"]) and any(
            t.type == "QUALIFIER" for t in value.before
        ):
            return True  # the disease under study
        return any(
            t.type in FRAMES and t.type not in ("PRIOR", "CURRENT", "OTHER", "KNOWN", "PRESENCE") for t in value.before
        )
    return True
