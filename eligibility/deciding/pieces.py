"""Answers to the pieces of a text: what they say of all of it, cut at its connectives by the answers themselves.

``stable housing: no`` settles "Outpatient with stable housing, and able to travel", because it answers a whole segment
of an *and*. Nothing is concluded where what nobody answered holds a negation, an exception or a condition, where a
segment may share its head or its tail with another, or where the two readings of an "and" or an "or" differ.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product
from typing import Final, Literal, TypeAlias

from eligibility.knowledge import wording, words
from eligibility.knowledge.words import IN_PARENTHESES
from eligibility.truth import Status, agreed, all_of, any_of, of

__all__ = ["Answers", "Told", "covering", "halves", "is_plain", "none_of", "powers", "together"]

Answers: TypeAlias = tuple[tuple[str, bool], ...]
_Kind: TypeAlias = Literal["and", "or"]


@dataclass(frozen=True, slots=True)
class Told:
    """Whether a text holds as it is written, and the answers that say so."""

    holds: bool
    words: str


@dataclass(frozen=True, slots=True)
class _Stretch:
    start: int
    end: int
    holds: bool
    words: str


@dataclass(frozen=True, slots=True)
class _Cut:
    start: int
    end: int
    kind: _Kind
    comma: bool = False
    preposition: bool = False


@dataclass(frozen=True, slots=True)
class _Segment:
    """What stands between two connectives; ``holds`` if it is, but for words that say nothing, what was answered.

    ``listed``: it holds a comma, which may join more to it.
    """

    said: tuple[str, ...]
    clause: bool
    listed: bool
    holds: bool | None = None
    words: str = ""


_CONNECTIVE: Final = re.compile(r"(,?)\s*\b(and\s*/\s*or|and|or)\b", re.IGNORECASE)
_WITH: Final = re.compile(r"\s+with\b", re.IGNORECASE)
_WHICH_REQUIRES: Final = re.compile(r",?\s+(?:that|which)\s+(?:will\s+|may\s+)?requires?\b", re.IGNORECASE)
_COMMA: Final = re.compile(r",(?!\d)")
_STOP: Final = re.compile(r"[;:?!&\n]|\.\s+\S")
_INTRODUCED: Final = re.compile(r"^[\s,]*(?:(?:the\s+)?presence\s+of|at)\s+", re.IGNORECASE)

_NEGATIONS: Final = wording.NEGATIONS | frozenset(words.keys("lack absence fail failure exclude deny stop"))
_CONDITIONS: Final = frozenset(
    words.keys(
        "if unless except excepting exception than when whenever whether provided however but although though only"
        " regardless irrespective between either instead rather plus well addition combination combined together along"
    )
)
# what is said of taking part, and not of the patient
_ABOUT_THE_TRIAL: Final = frozenset(
    words.keys("exclude excluded exclusion ineligible eligible eligibility allowed permitted acceptable accepted")
)
_REQUIRED: Final = frozenset(words.keys("must should shall required requires need needs"))
_FINITE: Final = frozenset(("is", "are", "was", "were", "has", "have", "had", "will", "can"))
_BARE: Final = frozenset(("no", "not", "without", "lack", "absence"))
_RELATIVE: Final = frozenset(("that", "which", "who", "whose", "whom", "where"))
_PROMISE: Final = frozenset(("able", "willing", "agree"))
_ENOUGH: Final = frozenset(words.keys("adequate adequately normal sufficient sufficiently acceptable appropriate"))
_WINDOW: Final = frozenset(words.keys("within last past previous prior before after since ago current currently"))
_TAIL: Final = _WINDOW | frozenset(words.keys("for during from until in at throughout while on over requiring"))
_MOST_OPEN: Final = 4


def is_plain(text: str, *, wanted: bool) -> bool:
    """Whether a text is one sentence without a condition, an exception, or a word that may turn round what it says."""
    tokens = wording.tokens(text)
    said = frozenset(tokens)
    if said & _CONDITIONS or _about_the_trial(tokens) or _STOP.search(text.strip(wording.EDGES)):
        return False
    return wanted or not said & _REQUIRED


def _about_the_trial(said: tuple[str, ...]) -> bool:
    """Whether words say who may take part; "the exclusion period of a study" is a time."""
    return any(
        word in _ABOUT_THE_TRIAL and not (word == "exclusion" and said[index + 1 : index + 2] == ("period",))
        for index, word in enumerate(said)
    )


def together(text: str, answers: Answers, *, begins: bool, wanted: bool) -> Told | None:
    """What the answers to the segments of a text say of it.

    ``begins``: the text is no piece of a longer one; ``wanted``: it says what the patients must fulfil.
    """
    bare = wording.without_asides(text)
    tokens = wording.tokens(bare)
    said = frozenset(tokens)
    if not said & {"and", "or", "with"} or _about_the_trial(tokens) or (not wanted and said & _REQUIRED):
        return None
    stretches = _stretches(bare, answers)
    while stretches:
        cuts = _cuts(bare, stretches)
        segments = _segments(bare, cuts, stretches, begins)
        answered = [stretch for stretch in stretches if any(stretch.words == one.words for one in segments)]
        if len(answered) == len(stretches):
            return _concluded(bare, cuts, segments, stretches, begins, wanted)
        stretches = answered
    return None


def _stretches(text: str, answers: Answers) -> list[_Stretch]:
    """Where the answers stand in the text: the longest of those that lie in each other."""
    found: list[_Stretch] = []
    for told, answer in answers:
        said = wording.statement(told)
        for start, end in wording.find(told, text):
            here = wording.statement(text[start:end])
            found.append(_Stretch(start, end, answer is (said.negated == here.negated), told))
    found.sort(key=lambda one: (one.start, -one.end))
    kept: list[_Stretch] = []
    for stretch in found:
        if not kept or stretch.start >= kept[-1].end:
            kept.append(stretch)
        elif stretch.end > kept[-1].end or (
            (stretch.start, stretch.end) == (kept[-1].start, kept[-1].end) and stretch.holds is not kept[-1].holds
        ):
            return []
    return kept


def _cuts(text: str, stretches: list[_Stretch]) -> list[_Cut]:
    """The connectives that stand outside of what was answered."""

    def outside(at: int) -> bool:
        return not any(stretch.start <= at < stretch.end for stretch in stretches)

    cuts = [
        _Cut(match.start(), match.end(), "and" if match.group(2).lower() == "and" else "or", bool(match.group(1)))
        for match in _CONNECTIVE.finditer(text)
        if outside(match.start(2))
    ]
    for stretch in stretches:
        if match := _WITH.match(text, stretch.end) or _WHICH_REQUIRES.match(text, stretch.end):
            cuts.append(_Cut(match.start(), match.end(), "and", preposition=True))
    closing = [cut for cut in cuts if cut.comma]
    if closing:
        last = max(closing, key=lambda cut: cut.start)
        taken = {cut.start for cut in closing}
        cuts += [
            _Cut(match.start(), match.end(), last.kind, comma=True)
            for match in _COMMA.finditer(text, 0, last.start)
            if match.start() not in taken and outside(match.start())
        ]
    return sorted(cuts, key=lambda cut: cut.start)


def _segments(text: str, cuts: list[_Cut], stretches: list[_Stretch], begins: bool) -> list[_Segment]:
    found = []
    starts = [0, *(cut.end for cut in cuts)]
    ends = [*(cut.start for cut in cuts), len(text)]
    outside = IN_PARENTHESES.sub(lambda match: " " * len(match.group()), text)
    for index, (start, end) in enumerate(zip(starts, ends, strict=True)):
        segment = text[start:end]
        said, plain = wording.tokens(segment), outside[start:end]
        before = cuts[index - 1] if index else None
        clause = _is_clause(wording.tokens(plain)) or (before is None and begins)
        if before is not None:
            clause = clause or before.preposition or (before.comma and _INTRODUCED.match(segment) is not None)
        inside = [one for one in stretches if start <= one.start and one.end <= end]
        if len(inside) == 1:
            own = wording.statement(text[inside[0].start : inside[0].end])
            if own in (wording.statement(segment), wording.statement(_INTRODUCED.sub("", segment))):
                found.append(_Segment(said, clause, False, inside[0].holds, inside[0].words))
                continue
        found.append(_Segment(said, clause, "," in plain.strip(" ,")))
    return found


def _is_clause(said: tuple[str, ...]) -> bool:
    """Whether words say something by themselves, so that no head before them is theirs, too."""
    if not said:
        return False
    if wording.begins_clause(said[0]) or said[0] == "currently":
        return True
    verb = next((index for index, word in enumerate(said) if word in _FINITE), None)
    return verb is not None and not _RELATIVE.intersection(said[:verb])


def _asserts(said: tuple[str, ...]) -> bool:
    """Whether words are a clause that is enough by itself behind an "or": not "without an aid", "female"."""
    return _is_clause(said) and (
        not (said[0] in _BARE or wording.is_somebody(said[0])) or bool(_FINITE.intersection(said))
    )


def _concluded(
    text: str, cuts: list[_Cut], segments: list[_Segment], stretches: list[_Stretch], begins: bool, wanted: bool
) -> Told | None:
    if not cuts or not all(one.said for one in segments) or _STOP.search(_unanswered(text, stretches)):
        return None
    series = [cut for cut in cuts if cut.comma]
    if len(series) > 1 or len(series) == len(cuts):
        # "A, has no B or C, and able to D": what stands between the commas is a clause each
        clauses = _segments(text, series, stretches, begins)
        if all(one.clause for one in clauses) and sum(one.holds is not None for one in clauses) == len(stretches):
            cuts, segments = series, clauses
    if _barred(segments):
        return None
    told = "; ".join([one.words for one in segments if one.holds is not None])
    if all(one.holds is False for one in segments) and all(cut.kind == "or" for cut in cuts):
        plain = not any(_NEGATIONS.intersection(one.said) for one in segments)
        if plain:
            return Told(False, told)  # each of them, as it is written
    values = _values(cuts, segments)
    if all(value is None for value in values):
        return None
    status = _status(cuts, segments, values, wanted)
    if status is Status.UNKNOWN:
        return None
    return Told(status is Status.MET, told)


def _barred(segments: list[_Segment]) -> bool:
    """Whether what was not answered may turn round or limit what was: a negation reaches no clause before it."""
    last = max(index for index, one in enumerate(segments) if one.holds is not None)
    return any(
        _CONDITIONS.intersection(one.said) or (_NEGATIONS.intersection(one.said) and not (one.clause and last < index))
        for index, one in enumerate(segments)
        if one.holds is None
    )


def _unanswered(text: str, stretches: list[_Stretch]) -> str:
    for stretch in stretches:
        text = text[: stretch.start] + " " * (stretch.end - stretch.start) + text[stretch.end :]
    return text.strip(wording.EDGES)


def _values(cuts: list[_Cut], segments: list[_Segment]) -> list[bool | None]:
    """What each segment counts for: nothing where its words may not be all that is asked for."""
    complete = all(one.holds is not None for one in segments)
    listed = any(one.listed for one in segments if one.holds is None)
    values: list[bool | None] = []
    for index, segment in enumerate(segments):
        value = segment.holds if segment.clause else None
        later = {word for one in segments[index + 1 :] for word in one.said}
        before = {word for one in segments[:index] for word in wording.statement(" ".join(one.said)).words}
        following = segments[index + 1] if index + 1 < len(segments) else None
        another = value and following and _is_another(following.said) and not later & _WINDOW
        if another:  # "A, or any other disease that bleeds": A is one
            values.append(value)
            continue
        if value and following and (not following.clause or wording.is_somebody(following.said[0])):
            value = None  # "mild or moderate disease that bleeds"
        if value and not _WINDOW.intersection(segment.said) and later & _WINDOW:
            value = None  # "had A or had B within a month"
        if value and not complete and (listed or later & _TAIL or before & _RELATIVE or not _asserts(segment.said)):
            value = None
        values.append(value)
    return values


def _is_another(said: tuple[str, ...]) -> bool:
    """Whether words name one more of what stands before them: "any other disease"."""
    return said[:1] == ("other",) or said[:2] == ("any", "other")


def _status(cuts: list[_Cut], segments: list[_Segment], values: list[bool | None], wanted: bool) -> Status:
    """What all readings of the connectives share: of their rank, and of those that may mean the other one."""
    kinds: list[tuple[_Kind, ...]] = []
    negative = related = False
    first = wording.statement(" ".join(segments[0].said))
    promised = wanted and not first.negated and bool((_PROMISE | _ENOUGH).intersection(first.words[:1]))
    for index, cut in enumerate(cuts):
        following = segments[index + 1]
        negative = negative or bool(_NEGATIONS.intersection(segments[index].said))
        related = related or bool(_RELATIVE.intersection(segments[index].said))
        own = following.clause and not wording.is_somebody(following.said[0]) and not (negative and related)
        sure = own or (promised if cut.kind == "and" else not negative)
        kinds.append((cut.kind,) if sure else ("and", "or"))
    if sum(len(kind) > 1 for kind in kinds) > _MOST_OPEN:
        return Status.UNKNOWN
    statuses = [of(value) for value in values]
    return agreed([_grouped(statuses, reading, tight) for reading in product(*kinds) for tight in _RANKS])


_RANKS: Final[tuple[_Kind, _Kind]] = ("and", "or")


def _grouped(statuses: list[Status], kinds: tuple[_Kind, ...], tight: _Kind) -> Status:
    """The verdict on parts joined by ``kinds``, of which ``tight`` binds more closely."""
    groups = [[statuses[0]]]
    for kind, status in zip(kinds, statuses[1:], strict=True):
        if kind == tight:
            groups[-1].append(status)
        else:
            groups.append([status])
    inner, outer = (all_of, any_of) if tight == "and" else (any_of, all_of)
    return outer([inner(group) for group in groups])


# ---------------------------------------------------------------------------------------------------------------------
# Two things with a head or a tail in common

_MOST_SHARED: Final = 3
_PREPOSITIONS: Final = frozenset("of to for with from against by in on".split())


def halves(text: str, answers: Answers, *, wanted: bool) -> Told | None:
    """What answers to each of two things say of both: "agrees to avoid A and minimize B", "risk of A or of B"."""
    bare = wording.without_asides(text)
    own = wording.statement(bare)
    said = own.words[1:] if own.words[:1] == ("at",) else own.words
    if _NEGATIONS.intersection(said) or not is_plain(bare, wanted=wanted):
        return None
    told = _by_words(answers) if {"and", "or"}.intersection(said) else {}
    for index, word in enumerate(said[:-1]):
        if word in ("and", "or") and "or" not in said[:index]:
            found = _of_two(said, index, told, own.negated, wanted)
            if found is not None:
                return found
    return None


def powers(text: str, answers: Answers, *, wanted: bool) -> Told | None:
    """What answers say of somebody who must be able and willing, or is neither: "unwilling or unable to A or to B"."""
    bare = wording.without_asides(text)
    own = wording.statement(bare)
    one, joint, other = own.words[:3] if len(own.words) > _LEAST_OF_POWERS else ("", "", "")
    if {one, other} != _POWERS or not is_plain(bare, wanted=wanted) or joint != "and":
        return None
    things = _listed(own.words[3:], "or" if own.negated else "and")
    told = _by_words(answers)
    whole = own.words[3:]
    for lacking_one in (told.get((power, *whole)) for power in (one, other)):
        if lacking_one is not None and not lacking_one.holds:
            return Told(own.negated, lacking_one.words)
    both = [told.get((one, joint, other, *thing)) for thing in things]
    each = [told.get((power, *thing)) for power in (one, other) for thing in things]
    lacking = [found for found in (*both, *each) if found is not None and not found.holds]
    if lacking:
        return Told(own.negated, lacking[0].words)
    if any(told.get((one, joint, other, *thing)) is None for thing in things if not _each(told, (one, other), thing)):
        return None
    return Told(not own.negated, "; ".join([found.words for found in (*both, *each) if found is not None]))


def _each(told: _ByWords, heads: tuple[str, str], thing: tuple[str, ...]) -> bool:
    """Whether there is an answer to a thing behind each of two words."""
    return all((head, *thing) in told for head in heads)


def _listed(said: tuple[str, ...], joint: str) -> list[tuple[str, ...]]:
    """The things that one word joins: "comply or to give blood"; all in one where another word joins some."""
    if joint not in said or not ({"and", "or"} - {joint}).isdisjoint(said):
        return [said]
    things: list[list[str]] = [[]]
    for word in said:
        if word == joint:
            things.append([])
        elif word != "to" or things[-1]:
            things[-1].append(word)
    return [tuple(thing) for thing in things]


_POWERS: Final = {"able", "willing"}
_LEAST_OF_POWERS: Final = 3


def none_of(text: str, answers: Answers, *, wanted: bool) -> Told | None:
    """What answers say of alternatives that they deny one by one, each in all of its words: "A, B or C"."""
    bare = wording.without_asides(text).strip(" ,.;")
    said = frozenset(wording.tokens(bare))
    if "and" in said or _NEGATIONS & said or not is_plain(bare, wanted=wanted):
        return None
    told = _by_words(answers)
    each = [told.get(wording.statement(part).words) for part in _EITHER.split(bare)]
    if len(each) == 1 or any(one is None or one.holds for one in each):
        return None
    return Told(False, "; ".join([one.words for one in each if one is not None]))


_EITHER: Final = re.compile(r"\s*,\s*(?:or\s+)?|\s+or\s+", re.IGNORECASE)
_ByWords: TypeAlias = dict[tuple[str, ...], Told]


def _by_words(answers: Answers) -> _ByWords:
    found: _ByWords = {}
    at_odds = set()
    for text, answer in answers:
        said = wording.statement(text)
        holds = answer is not said.negated
        if found.setdefault(said.words, Told(holds, text)).holds is not holds:
            at_odds.add(said.words)
    return {said: told for said, told in found.items() if said not in at_odds}


def _of_two(said: tuple[str, ...], index: int, told: _ByWords, negated: bool, wanted: bool) -> Told | None:
    left = told.get(said[:index])
    either = said[index] == "or" and "and" not in said and not negated
    if said[0] in _PROMISE and said[index + 1] == "to":
        powers_ = said[1] in ("and", "or") and said[2] in _PROMISE  # "able and willing to A or to B"
        head = said[: 3 if powers_ else 1]
        return _of_each(left, told.get((*head, *said[index + 2 :])), said[index] == "and", negated)
    if (shared := _with_tail(said, index, told, negated)) is not None:
        return shared
    if left is None and not either:
        return None
    for with_head, sure in _with_head(said, index):
        right = told.get(with_head)
        if right is None:
            continue
        if left is None:
            return right if right.holds else None
        both = f"{left.words}; {right.words}"
        if left.holds is right.holds and (sure or right.holds):
            return Told(left.holds is not negated, both)  # "unable to A or B": neither, or one of them
        if either and (right.holds or (left.holds and not _TAIL.intersection(said[index:]))):
            return Told(True, both)
        # "severe A and B" may mean any B, in "A and B or C" it may be that C is enough, and either may exclude
        if said[index] == "and" and not negated and wanted and (sure if left.holds else "or" not in said[index:]):
            return Told(False, both)
    # "archival or fresh tissue available": what is said of the one, with the words of both
    for tail in range(index + 2, len(said)) if either else ():
        one = told.get((*said[:index], *said[tail:]))
        if one is not None and one.holds:
            return one
    return None


def _with_tail(said: tuple[str, ...], index: int, told: _ByWords, negated: bool) -> Told | None:
    """What is said of each of two powers to do the same thing: "able to read and write English"."""
    if said[0] not in _PROMISE or index != 2 or {"and", "or"}.intersection(said[index + 1 :]):
        return None
    for tail in range(index + 2, len(said)):
        each = (told.get((*said[:index], *said[tail:])), told.get((*said[:1], *said[index + 1 :])))
        lacking = [one for one in each if one is not None and not one.holds]
        if lacking and (said[index] == "and" or negated):
            return Told(negated, lacking[0].words)
        if all(one is not None and one.holds for one in each):
            return Told(not negated, "; ".join([one.words for one in each if one is not None]))
    return None


def covering(text: str, answers: Answers, *, wanted: bool) -> Told | None:
    """What answers say of a text that they take up but for its commas, "and" and "or": that it holds where all of them
    do, that it does not where none does."""
    bare = wording.without_asides(text)
    tokens = wording.tokens(bare)
    if _CONDITIONS.intersection(tokens) or _about_the_trial(tokens) or (not wanted and _REQUIRED.intersection(tokens)):
        return None
    stretches = _stretches(bare, answers)
    if len(stretches) < 2 or len({one.holds for one in stretches}) > 1:
        return None
    rest = wording.tokens(_unanswered(bare, stretches).replace(",", " "))
    first = wording.tokens(bare[: stretches[0].start])
    left = rest[len(first) :] if rest[: len(first)] == first else rest
    if not set(left) <= {"and", "or", "either", "with"} or not set(first) <= _LEADING:
        return None
    return Told(stretches[0].holds, "; ".join([one.words for one in stretches]))


_LEADING: Final = frozenset(
    words.keys("patient subject participant has have had having with who either any a an the is are")
)


def _of_each(left: Told | None, right: Told | None, both: bool, negated: bool) -> Told | None:
    """Of "able to A and to B", "unable to A or to B", where only the first may have more of its words behind."""
    if right is None or (both and negated and (left is None or left.holds is not right.holds)):
        return None
    enough = (not both) is not negated  # one that is so: then it is so of the whole
    if right.holds is enough:
        return Told(right.holds is not negated, right.words)
    if left is None:
        return None
    holds = left.holds if left.holds is enough else right.holds
    return Told(holds is not negated, f"{left.words}; {right.words}")


def _with_head(said: tuple[str, ...], index: int) -> Iterator[tuple[tuple[str, ...], bool]]:
    """``agree to avoid A and minimize B`` >> ``agree to minimize B``, and whether the head is surely of both."""
    for shared in range(1, min(_MOST_SHARED, index - 1) + 1):
        sure = said[shared - 1] in _PREPOSITIONS or said[index + 1] in _PREPOSITIONS or said[shared - 1] in _PROMISE
        yield (*said[:shared], *said[index + 1 :]), sure
