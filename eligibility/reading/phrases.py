"""The meaning of ``grammars/phrases.lark``: each phrase as a draft of a rule.

A noun phrase stays a :class:`Noun` until its sentence is known: "history of stroke or infarction within 6 months" gives
its frame to the second noun and its window to the first.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache
from itertools import pairwise
from typing import Any, Final, cast

from eligibility.knowledge.attributes import leading
from eligibility.knowledge.vocabulary import Entry, vocabulary
from eligibility.reading.grammar import Grammar, Refused
from eligibility.reading.lexing.tokens import EITHER, LIMITS, PARENTHESES, RESULTS, Token
from eligibility.reading.quantities import Bounds, Lasting, WindowRead, ago, lasting_for

__all__ = ["AgeRead", "ConsentRead", "Head", "Measured", "Noun", "OpenName", "phrases", "tells_of_what_follows"]

MAXIMUM_OPEN_WORDS: Final = 6


_PLAIN: Final = frozenset("PREGNANT BREASTFEEDING CHILDBEARING NOT_CHILDBEARING FERTILE STERILE FEMALE MALE".split())
_PLAIN_WORDS: Final = frozenset("CURRENT PRESENCE KNOWN DIAGNOSIS WINDOW IS SUSPECTED OR".split())


@dataclass(slots=True, init=False)
class Head:
    """What a noun phrase names: known names, with unknown words before them that narrow them; or such alone."""

    names: list[Token]
    words: list[Token]
    start: int
    end: int
    kinds: frozenset[str] = field(init=False)  # the types of the names

    def __init__(self, names: list[Token], words: list[Token], start: int, end: int) -> None:
        self.names, self.words, self.start, self.end = names, words, start, end
        self.kinds = frozenset([name.type for name in names])


@dataclass(slots=True, init=False)
class Noun:
    """A noun phrase: what stands before its head, the head, what stands behind."""

    head: Head
    before: list[Token]
    behind: list[Token]
    start: int
    end: int
    inherited: list[Token]
    said: str  # the name written out, where the text shares its head with another

    def __init__(
        self,
        head: Head,
        before: list[Token],
        behind: list[Token],
        start: int,
        end: int,
        inherited: list[Token] | None = None,
        said: str = "",
    ) -> None:
        self.head, self.before, self.behind, self.start, self.end = head, before, behind, start, end
        self.inherited, self.said = inherited if inherited is not None else [], said

    @property
    def kinds(self) -> frozenset[str]:
        """The types of the names of the head."""
        return self.head.kinds

    def has(self, *types: str) -> bool:
        """Whether a word of these types stands with the head."""
        for tokens in (self.before, self.inherited, self.behind):
            for token in tokens:
                if token.type in types:
                    return True
        return False

    def beside(self) -> dict[str, list[Token]]:
        """The words that stand with the head, by type: for whoever asks about many types."""
        found: dict[str, list[Token]] = {}
        for tokens in (self.before, self.inherited, self.behind):
            for token in tokens:
                found.setdefault(token.type, []).append(token)
        return found

    def all(self, *types: str) -> list[Token]:
        """The words of these types that stand with the head."""
        if not (self.before or self.inherited or self.behind):
            return []
        return [t for tokens in (self.before, self.inherited, self.behind) for t in tokens if t.type in types]

    def is_other(self, word: str) -> bool:
        """Whether the word says of the head that it is another one: "second", "secondary"."""
        return any(token.value == word for token in self.all("OTHER"))


@dataclass(frozen=True, slots=True)
class OpenName:
    """The words that name a measurement which the vocabulary does not know; ``counted``: things, by their number;
    ``sized``: what is measured by its size; ``taken_by``: a part of it, by what takes that part, "radiotherapy to >
    25 % of the marrow". The last may be an analyte that the others narrow."""

    words: tuple[Token, ...]
    counted: bool = False
    sized: bool = False
    taken_by: str = ""

    @property
    def says_nothing(self) -> bool:
        """Whether the words before an analyte leave it what it is."""
        return leading([str(word.value) for word in self.words[:-1]]) == ((), frozenset())

    @property
    def says_a_side(self) -> bool:
        """Whether the words before an analyte say no more than on which side of a limit it is: "elevated"."""
        return not leading([str(word.value) for word in self.words[:-1]])[0]


@dataclass(slots=True)
class Measured:
    """Analytes and what their values must be."""

    analytes: list[Token]
    limits: list[Bounds]
    normal: bool
    around: list[Token]
    start: int
    end: int
    required: bool = False  # "must be at least": under Exclusion, the contrary excludes


@dataclass(slots=True)
class AgeRead:
    """A limit of age. ``bare``: nothing but the length of time says so."""

    bounds: Bounds
    bare: bool
    start: int
    end: int
    required: bool = False


@dataclass(slots=True)
class ConsentRead:
    """Informed consent."""

    start: int
    end: int


def _flat(children: Iterable[Any]) -> list[Token]:
    return [child for child in children if isinstance(child, Token)]


def _explained(before: list[Token]) -> list[Token]:
    """ "Current (within 3 months) use", "recent (within 3 months)": the parenthesis says what that means."""
    before = [
        _told_length(before[index - 2], token)
        if token.type in ("TIME_LIMIT", "LASTING") and before[index - 1].type == "LPAR"
        else token
        for index, token in enumerate(before)
    ]
    before = [token for token in before if token.type not in ("LPAR", "RPAR")]
    found = []
    for index, token in enumerate(before):
        dated = index + 1 < len(before) and before[index + 1].type == "WINDOW"
        said = _said(token)
        if dated and (token.type == "CURRENT" or (token.type == "QUALIFIER" and said == "recent")):
            continue
        if dated and token.type == "QUALIFIER":
            raise Refused
        beside = before[index - 1 : index] + before[index + 2 : index + 3]
        if dated and token.type == "PRIOR" and any(each.type in EITHER for each in beside):
            continue  # "current or past (within 3 years)", "prior (within 4 weeks) or current"
        found.append(token)
    return found


def _told_length(named: Token, length: Token) -> Token:
    """ "Chronic (> 3 months) use": for how long; "recent (< 3 months) use": how long ago."""
    if length.type == "LASTING":
        return length
    if named.type != "USE" and not _says_long(named):
        return _as_window(length)
    told = lasting_for(length.value)
    if told.least is None:
        raise Refused
    return Token("LASTING", told, length.start, length.end)


def _so_long(before: list[Token]) -> list[Token]:
    """What stands before a treatment for which it is told how long it is given: "chronic" says no more than that."""
    found = []
    for token in before:
        if not _says_long(token):
            found.append(token)
        elif token.type == "USE":
            found += [Token("CURRENT", "", token.start, token.start), Token("USE", "use of", token.start, token.end)]
        else:
            found.append(Token("CURRENT", "current", token.start, token.end))
    return found


def _says_long(token: Token) -> bool:
    """Whether it says of a treatment that it is given for long, and not for how long."""
    return token.type in ("CURRENT", "QUALIFIER", "USE") and _LONG.search(_said(token)) is not None


_LONG: Final = re.compile(r"\b(?:chronic|long|prolonged|continuous|extended)")


def _for_so_long(before: list[Token], names: list[Token]) -> None:
    """Refuse a length of time that is none of a course of treatment: "at least 6 weeks of trastuzumab"."""
    for limit, following in pairwise(before):
        if limit.type == "TIME_LIMIT" and following.type == "OF":
            least = limit.value.low is not None and limit.value.high is None
            if not least or not names or any(name.type != "TREATMENT" for name in names):
                raise Refused


def _as_window(token: Token) -> Token:
    """ "Recent (< 3 months)": so long ago."""
    bounds: Bounds = token.value
    if bounds.exact and bounds.low == bounds.high:
        bounds = Bounds(high=bounds.high)  # "recent (6 months)"
    if bounds.low is not None or bounds.members or bounds.either or bounds.age:
        raise Refused
    return Token("WINDOW", ago(bounds), token.start, token.end)


def _said(token: Token) -> str:
    return str(getattr(token.value, "name", token.value))


def _either_time(behind: list[Token]) -> tuple[list[Token], list[Token]]:
    """ "Alcohol abuse, current or within 3 years": what stands behind a name as it stands before one, and the rest."""
    at = next((i for i, t in enumerate(behind) if t.type in EITHER), None)
    if at is None:
        return [], behind
    return behind[at - 1 : at + 2], [t for t in behind[: at - 1] + behind[at + 2 :] if t.type != "COMMA"]


_AT_ONCE: Final = frozenset("surgery transplant vaccine".split())
_MOST_YEARS: Final = 10  # "asthma < 60 years" is an age


def _dated(names: list[Token], behind: list[Token], *, long: bool) -> list[Token]:
    """ "Infarction < 6 months": within that time; "asthma (< 6 months)", "chronic steroids (> 1 year)": for that long.

    ``long``: it is said of a treatment that it is given for long.
    """
    if not any(t.type == "TIME_LIMIT" for t in behind):
        return behind
    entries = [name.value for name in names if isinstance(name.value, Entry)]
    lasts = [entry.kind == "condition" and not entry.facts.get("event") for entry in entries]
    at_once = [bool(entry.facts.get("event")) or entry.facts.get("type") in _AT_ONCE for entry in entries]
    found = []
    for token in behind:
        if token.type == "TIME_LIMIT":
            if not entries or not (all(lasts) or all(at_once) or long):
                raise Refused
            token = Token(*_as_time(token.value, at_once[0] and not long), token.start, token.end)
        found.append(token)
    return found


def _as_time(bounds: Bounds, at_once: bool) -> tuple[str, WindowRead | Lasting]:
    low, high = bounds.low, bounds.high
    if bounds.age or bounds.exact or bounds.members or bounds.either or (low is None) == (high is None):
        raise Refused
    if any(q.unit == "years" and q.value > _MOST_YEARS for q in bounds.quantities):
        raise Refused
    return ("WINDOW", ago(bounds)) if at_once else ("LASTING", lasting_for(bounds))


def _name_parts(children: Iterable[Any]) -> list[Token]:
    return [t for child in children for t in (child.words if isinstance(child, OpenName) else (child,))]


def _extent(children: Iterable[Any]) -> tuple[int, int]:
    first = last = -1
    for child in children:
        if child is None:
            continue
        start, end = _extent(child) if isinstance(child, list) else (child.start, child.end)
        first, last = start if first < 0 or start < first else first, max(end, last)
    assert first >= 0
    return first, last


def _from_there(bounds: Bounds, sign: str) -> Bounds:
    """The limit that a comparator before a name makes of the value behind it."""
    if not bounds.exact or bounds.low is None or bounds.members or bounds.low != bounds.high:
        raise Refused
    if sign in ("GE", "GT"):
        return Bounds(low=bounds.low, low_inclusive=sign == "GE")
    return Bounds(high=bounds.high, high_inclusive=sign == "LE")


def _is_scored(value: object) -> bool:
    return isinstance(value, Entry) and value.facts.get("type") in ("score", "performance")


def _is_performance(value: object) -> bool:
    return isinstance(value, Entry) and value.facts.get("type") == "performance"


def _led(name: OpenName, limits: list[Bounds]) -> bool:
    """Whether the words before the first of several analytes leave a limit that of all: "elevated ALT or AST > 3 x
    ULN", where each has its own normal range."""
    return name.says_nothing or (name.says_a_side and all(q.of != "value" for b in limits for q in b.quantities))


_SCORES: Final = frozenset(("score", "scores", "total score", "total scores", "point", "points"))
_BY_SCALE: Final = frozenset("on by in for with using per according based as measured assessed determined from".split())
_LIMITS: Final = LIMITS | {"TIME_LIMIT"}
_WORDS: Final = frozenset(("WORD", "INGREDIENT_OF"))
_NO_NAMES: Final = _WORDS | {"TAIL"}


def _may_link(link: Token, limits: list[Bounds]) -> bool:
    """Whether a word may stand between a name and its limit: "to 9 g/dL" has lost a comparator."""
    return link.type != "TO" or all(bounds.exact and all(q.unit for q in bounds.quantities) for bounds in limits)


class _Meaning:
    """Each method is a rule, or an alternative, of the grammar."""

    def analyte(self, children: list[Any]) -> list[Token]:
        """ "QTc calculated by Fridericia's formula (QTcF)": what it is by its formula."""
        names = [child for child in children if child.type == "ANALYTE"]
        computed = any(isinstance(name.value, Entry) and name.value.facts.get("formula") for name in names)
        if computed and any(child.type == "TAKEN" and child.said == "measured" for child in children):
            raise Refused  # what is measured may stand against what is calculated
        first, last = names[0], names[-1]
        if first is last:
            return _flat(children)
        kinds = vocabulary()
        known = all(isinstance(name.value, Entry) for name in names)
        if (
            not known
            or not kinds.is_a("measurement", last.value.name, first.value.name)
            or names[1].value != last.value
        ):
            raise Refused
        before = children[: children.index(first)]
        return [*before, Token("ANALYTE", last.value, first.start, children[-1].end)]

    def narrowed_analyte(self, children: list[Any]) -> list[list[Token]]:
        at = next(i for i, child in enumerate(children) if isinstance(child, OpenName))
        words, name = children[at].words, children[at + 1]
        if len(words) >= MAXIMUM_OPEN_WORDS or any(word.type != "WORD" for word in words):
            raise Refused
        narrowed = Token("ANALYTE", OpenName((*words, name)), words[0].start, name.end)
        return [[narrowed, *_flat(children[:at])]]

    def analytes(self, children: list[Any]) -> list[list[Token]]:
        return [child for child in children if isinstance(child, list)]

    def limits(self, children: list[Any]) -> list[Token]:
        return [child for child in children if child.type in _LIMITS]

    def points(self, children: list[Any]) -> list[Token]:
        """A score of "0-1 points"."""
        if str(children[1].value) not in ("point", "points"):
            raise Refused
        return [children[0]]

    def graded(self, children: list[Any]) -> list[Token]:
        """A laboratory value and the grade that a value beyond it has: "> 5 x ULN (CTCAE grade >= 3)"."""
        if children[0].value.exact:
            raise Refused
        return children[:1]

    def limits_twice(self, children: list[Any]) -> list[Token]:
        return [child for child in children if child.type == "LIMIT"]

    def measured(self, children: list[Any]) -> Measured:
        analytes: list[Token] = []
        limits: list[Bounds] = []
        around: list[Token] = []
        for child in children:
            if isinstance(child, list) and child and isinstance(child[0], list):
                for part in child:
                    analytes += [t for t in part if t.type == "ANALYTE"]
                    around += [t for t in part if t.type in ("QUALIFIER", "REPEATS")]
            elif isinstance(child, list) and child and child[0].type in _LIMITS:
                limits += [t.value for t in child]
            elif isinstance(child, list):
                analytes += [t for t in child if t.type == "ANALYTE"]
                around += [t for t in child if t.type in ("QUALIFIER", "REPEATS")]
            elif child.type in ("WINDOW", "LASTING", "QUALIFIER", "REPEATS", "SPACING", "SITE"):
                around.append(child)
        if len(analytes) > 1 and isinstance(analytes[0].value, OpenName) and not _led(analytes[0].value, limits):
            raise Refused  # "poor karyotype or blasts > 10 %"
        if any(map(_has_no_values, analytes)) and not all(map(_has_no_values, analytes)):
            raise Refused  # "measurable or evaluable disease, ECOG 0-1"
        if not all(_may_link(child, limits) for child in children if isinstance(child, Token)):
            raise Refused
        start, end = _extent(_all_tokens(children))
        required = any(isinstance(child, Token) and child.type == "MUST" for child in children)
        if all(map(_counts, analytes)) and any(t.type == "LIMIT" and t.start == start for t in _all_tokens(children)):
            limits = [Bounds(low=bounds.low) if bounds.exact else bounds for bounds in limits]  # "6 tender joints"
        return Measured(analytes, limits, False, around, start, end, required)

    def measured_in_brackets(self, children: list[Any]) -> Measured:
        """ "Elevated creatinine (> 2 mg/dL)"; a range in parentheses may be the usual one, or that of the scale."""
        read = self.measured([child for child in children if isinstance(child, list) or child.type not in PARENTHESES])
        read.start, read.end = _extent(_all_tokens(children))
        alone = len(read.limits) == 1 and read.limits[0].exact and any(q.unit for q in read.limits[0].quantities)
        plain = not alone and any(bounds.members or (bounds.low and bounds.high) for bounds in read.limits)
        if plain and not all(_is_performance(token.value) for token in read.analytes):
            raise Refused
        return read

    def run(self, children: list[Any]) -> OpenName:
        return OpenName(tuple(children))

    def short(self, children: list[Any]) -> list[Token]:
        return children[:3]

    def open_limits(self, children: list[Any]) -> list[Token]:
        return children[:1] if len(children) == 1 else self.points(children)

    def measured_open(self, children: list[Any]) -> Measured:
        runs = [i for i, child in enumerate(children) if isinstance(child, OpenName)]
        end = runs[-1] + 1
        while isinstance(children[end], Token) and children[end].type in ("TEST_WORD", "CLASS_WORD"):
            end += 1
        parts = _name_parts(children[runs[0] : end])
        if sum(len(str(t.value).split()) if t.type == "WORD" else 1 for t in parts) > MAXIMUM_OPEN_WORDS:
            raise Refused
        name = Token("ANALYTE", OpenName(tuple(parts)), parts[0].start, parts[-1].end)
        around = [t for t in children[: runs[0]] if t.type == "QUALIFIER"]
        if isinstance(children[end], list) and (short := children[end])[0].type == "LPAR":
            letters, first = str(short[1].value), "".join(str(t.value)[0] for t in parts)
            if len(letters) > MAXIMUM_OPEN_WORDS + 2 or letters[0] != first[0].lower() or " " in letters:
                raise Refused  # "target lesion (brain) > 10 mm"
            if letters.lower() == first.lower():  # by which it is called, too
                name = Token("ANALYTE", OpenName((*parts, short[1])), parts[0].start, short[1].end)
            end += 1
        return self.measured([[[name, *around]], *children[end:]])

    def count_open(self, children: list[Any]) -> Measured:
        """ "More than 3 lesions", "at least 4 attacks per month"."""
        parts = children[1].words
        if len(parts) > MAXIMUM_OPEN_WORDS:
            raise Refused
        rate = [t for t in children[2:] if t.type in ("PREP", "TIMEUNIT")]
        if rate and rate[0].value != "per":
            raise Refused
        name = Token("ANALYTE", OpenName(parts, counted=True), parts[0].start, (rate or parts)[-1].end)
        read = self.measured([[[name]], [children[0]], *(t for t in children[2:] if t not in rate)])
        return read

    def score_on(self, children: list[Any]) -> Measured:
        """ "A score of 20 or more on the BDI", "a score > 8 (AUDIT)", "20 points according to the MMSE"."""
        at = next(i for i, child in enumerate(children) if isinstance(child, list))
        before, behind = children[:at], [token for token in children[at + 1 :] if token.type != "RPAR"]
        limit = next(token for token in before if token.type == "LIMIT")
        on = before[-1]
        if not (on.type == "AT_ANCHOR" and str(on.value) in ("on", "by")):
            if not any(token.type == "TEST_WORD" and str(token.value) in _SCORES for token in before):
                raise Refused
            if on.type != "LPAR" and (on.said or str(on.value)).split()[0] not in _BY_SCALE:
                raise Refused
            if not all(_is_scored(token.value) for token in children[at] if token.type == "ANALYTE"):
                raise Refused
        read = self.measured([[children[at]], [limit], *behind])
        read.start, read.end = _extent(children)
        return read

    def score_on_open(self, children: list[Any]) -> Measured:
        """ "A score of >= 4 on the leisure questionnaire"."""
        at = next(i for i, child in enumerate(children) if isinstance(child, Token) and child.type == "AT_ANCHOR")
        if str(children[at].value) != "on" or str(children[0].value) not in _SCORES:
            raise Refused
        limit = next(child for child in children if isinstance(child, Token) and child.type == "LIMIT")
        end = at + 2
        while end < len(children) and (
            isinstance(children[end], list) or children[end].type in ("TEST_WORD", "CLASS_WORD")
        ):
            end += 1
        read = self.measured_open([*children[at + 1 : end], [limit], *children[end:]])
        read.start = children[0].start
        return read

    def measured_normal(self, children: list[Any]) -> Measured:
        read = self.measured(
            [child for child in children if isinstance(child, list) or child.type not in ("NORMAL", "NORMAL_RANGE")]
        )
        read.start, read.end = _extent(_all_tokens(children))
        read.normal = True
        return read

    def normal(self, children: list[Any]) -> Token:
        return cast(Token, children[0])

    def age(self, children: list[Any]) -> AgeRead:
        start, end = _extent(children)
        limits = [child for child in children if child.type in ("TIME_LIMIT", "LIMIT", "EITHER_LIMIT")]
        bounds: Bounds = limits[0].value
        if any((q.unit and not q.time) or q.of != "value" for q in bounds.quantities):
            raise Refused
        return AgeRead(bounds, False, start, end, any(child.type == "MUST" for child in children))

    def age_plus(self, children: list[Any]) -> AgeRead:
        """ "Aged 18+"."""
        read = self.age(children)
        if not read.bounds.exact or read.bounds.low is None or read.bounds.low != read.bounds.high:
            raise Refused
        read.bounds = Bounds(low=read.bounds.low)
        return read

    def age_range(self, children: list[Any]) -> AgeRead:
        """ "20-70 ages": what has two ends is no number of ages."""
        read = self.age(children)
        if read.bounds.members or read.bounds.low is None or read.bounds.high is None or read.bounds.exact:
            raise Refused
        return read

    def aged_of(self, children: list[Any]) -> AgeRead:
        """ "(Women) of 18 to 65 years of age"."""
        read = self.age(children)
        if len(children) == 2 and not read.bounds.age:
            raise Refused
        return read

    def score_compared(self, children: list[Any]) -> Measured:
        """ "Heart failure greater than NYHA class II"."""
        sign, names, limit = children[:3]
        bounds = _from_there(limit.value, sign.type)
        if not all(_is_scored(token.value) for token in names if token.type == "ANALYTE"):
            raise Refused
        read = self.measured([[names], [Token("LIMIT", bounds, limit.start, limit.end)], *children[3:]])
        read.start, read.end = _extent(children)
        return read

    def class_compared(self, children: list[Any]) -> Measured:
        """ "Heart failure > class II NYHA"."""
        sign, _, limit, names = children
        return self.score_compared([sign, names, limit])

    def age_compared(self, children: list[Any]) -> AgeRead:
        """ "Under age 18"."""
        read = self.age(children)
        read.bounds = _from_there(read.bounds, children[0].type)
        return read

    def bare_age(self, children: list[Any]) -> AgeRead:
        start, end = _extent(children)
        bounds = children[0].value
        apart = any(child.type == "COMMA" for child in children)  # "3 months, at screening" may be the time of anything
        if not (bounds.time or bounds.age) or (apart and not bounds.age):
            raise Refused
        return AgeRead(bounds, not bounds.age, start, end)

    def head(self, children: list[Any]) -> Head:
        start, end = _extent(children)
        names = [c for c in children if c.type not in _NO_NAMES]
        if len(names) > 1:
            kinds = {name.type for name in names}
            if kinds != {"TREATMENT"} and not (
                names[-1].type == "CONDITION" and kinds <= {"CONDITION", "ANALYTE", "TREATMENT"}
            ):
                raise Refused
        return Head(names, [c for c in children if c.type in _WORDS], start, end)

    def narrowed(self, children: list[Any]) -> Head:
        return self.head(children)

    def unknown_words(self, children: list[Any]) -> Head:
        if len([c for c in children if c.type == "WORD"]) > MAXIMUM_OPEN_WORDS:
            raise Refused
        return self.head(children)

    def noun(self, children: list[Any]) -> Noun:
        at = next(i for i, child in enumerate(children) if isinstance(child, Head))
        before, behind = _explained(_flat(children[:at])), _flat(children[at + 1 :])
        either, behind = _either_time(behind)
        _for_so_long(before, children[at].names)
        if any(t.type == "DURATION_OF" for t in before):
            if not any(t.type in ("TIME_LIMIT", "LASTING") for t in behind):
                raise Refused  # how long it is there, whether it is there or not
            before = [t for t in before if t.type != "DURATION_OF"]
        before = [*either, *before]
        given = bool(children[at].names) and all(name.type == "TREATMENT" for name in children[at].names)
        behind = _dated(children[at].names, behind, long=given and any(_says_long(t) for t in before))
        if given and any(t.type == "LASTING" and t.value.least is not None for t in before + behind):
            before = _so_long(before)
        behind = [t for t in behind if t.type != "USE"]  # "given", "administered"
        if sum(t.type in RESULTS for t in behind) > 1 or (behind and tells_of_what_follows(behind[-1])):
            raise Refused  # "antibody positive with negative RNA", "cancer negative for X": it is of what follows
        behind = [Token("ALLERGY", t.value, t.start, t.end) if t.type == "ALLERGIC" else t for t in behind]
        names = children[at].names
        if any(t.type == "LASTING" and t.value.least is None for t in behind) and not all(
            name.type == "CONDITION" for name in names
        ):
            raise Refused  # "treated for less than 4 weeks": in all
        if names and names[0].type in _PLAIN and any(t.type not in _PLAIN_WORDS for t in before + behind):
            raise Refused
        start, end = _extent(children)
        return Noun(children[at], before, behind, start, end)

    def consent(self, children: list[Any]) -> ConsentRead:
        return ConsentRead(*_extent(children))


def _counts(analyte: Token) -> bool:
    """Whether it is how many there are of what a number before it says."""
    entry = entry_of(analyte)
    return entry is not None and bool(entry.facts.get("counted"))


def _has_no_values(analyte: Token) -> bool:
    """Whether it is a test that comes out positive or negative, and of which there is no amount."""
    entry = entry_of(analyte)
    return entry is not None and entry.facts.get("type") in ("test", "imaging") and "unit" not in entry.facts


def tells_of_what_follows(token: Token) -> bool:
    """Whether it is the result of a test for what stands behind it: "negative for"."""
    return token.type in RESULTS and token.said.endswith(" for")


def _all_tokens(children: Iterable[Any]) -> list[Token]:
    found = []
    for child in children:
        if isinstance(child, list):
            found += _all_tokens(child)
        else:
            found.append(child)
    return found


@cache
def phrases(terminals: tuple[str, ...]) -> Grammar:
    """The grammar of phrases."""
    return Grammar("phrases.lark", ["measurement", "age", "noun", "statement"], terminals, _Meaning())


def entry_of(token: Token) -> Entry | None:
    """The vocabulary's entry that a token names."""
    return token.value if isinstance(token.value, Entry) else None
