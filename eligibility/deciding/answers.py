"""Answers: what a person said to a criterion, or to a part of it, in its own words.

An answer settles the part of the rule that its words stand for. It is found through the text, never by similarity: the
stretch that says the same (or the opposite), and the part of the rule whose places in the text are exactly in it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

from eligibility.deciding import pieces
from eligibility.deciding.kept import kept
from eligibility.knowledge import wording
from eligibility.knowledge.qualifiers import qualifiers
from eligibility.knowledge.verbs import tells_what_is_done
from eligibility.knowledge.vocabulary import vocabulary
from eligibility.knowledge.words import PERSONS, keys
from eligibility.rules import (
    Allergy,
    Ambiguous,
    Condition,
    Conditional,
    Constant,
    Criterion,
    Not,
    Rule,
    Statement,
    Treatment,
    Unread,
    children,
    walk,
)

__all__ = ["Path", "Settled", "place_of_attribute", "settled"]

Path: TypeAlias = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Settled:
    """An answer as it bears on one part of a rule: whether that part holds, or is said not to be known."""

    holds: bool | Literal["unknown"]
    words: str
    whole: bool = False


def place_of_attribute(path: Path, index: int) -> Path:
    """Where what is said of an attribute of the rule at a path stands among what is settled: beside its parts."""
    return (*path, -1 - index)


@dataclass(frozen=True, slots=True)
class _Part:
    path: Path
    rule: Rule
    start: int
    end: int


def settled(
    criterion: Criterion,
    answers: dict[str, bool | Literal["unknown"]],
    absent: tuple[str, ...] = (),
    present: tuple[str, ...] = (),
) -> dict[Path, Settled]:
    """The parts of a criterion's rule that the answers of a profile settle, by path.

    ``absent`` and ``present``: what the profile says never to have been there, and what it says is, in its own words.
    """
    found: dict[Path, Settled] = {}
    parts = None
    wanted = criterion.kind == "inclusion"
    for name in absent:
        _put_absence(found, criterion, name)
    for name in present:
        _put_presence(found, criterion, name)
    for words, answer in (*answers.items(), *((name, False) for name in absent if name not in answers)):
        if words.strip() == criterion.id:
            found[()] = Settled(answer, words, whole=True)
            continue
        never = words not in answers
        if answer is True and wording.find(able := f"(able to) {words}", criterion.text):
            words = able  # who understands it is able to
        said = wording.statement(words)
        if not said.words:
            continue
        if never and said.words[0] not in wording.tokens(criterion.text) and wording.undone(words) is None:
            continue  # the text does not speak of what is absent
        if (whole := _said(words, criterion.text)) is not None:
            if wanted and answer != "unknown" and _SAYS_WHOM.search(criterion.text) is None:
                found[()] = Settled(answer is whole.same, words, whole=True)  # it is as it is asked for
                continue
            said_by_rule = isinstance(criterion.rule, Statement | Unread)
            negated = whole.negated or (not said_by_rule and wording.begins_negated(criterion.text))
            _put(found, (), criterion.rule, answer, words, whole.same, negated, whole=True)
            continue
        if _denied(words, answer, criterion.text, wanted) and _as_written(criterion):
            found.setdefault((), Settled(False, words))
        if parts is None:
            parts = _parts(criterion)
        placed = False
        for start, end in wording.find(words, criterion.text):
            stretch = criterion.text[start:end]
            here = wording.statement(stretch)
            led = here.negated or wording.begins_negated(stretch)
            for part in _at(criterion, parts, start, end):
                placed = True
                if answer is not said.negated and _dated_elsewhere(part.rule, stretch):
                    continue
                negated = led if children(part.rule) or part.rule.kind in _FACTS else here.negated
                if here.negated and _is_called(part.rule, stretch):
                    negated = False  # "non-smoker": the denial is in the name of what is asked for
                same, literal = said.negated == here.negated, wanted or _is_literal(part.rule)
                _put(found, part.path, part.rule, answer, words, same, negated, literal=literal)
            framed = _framed(criterion.text, start, denied=answer is said.negated, never=never)
            for part in (
                _at(criterion, parts, framed, end) if not placed and framed < start and not here.negated else ()
            ):
                placed = True
                if answer is said.negated or not _dated_elsewhere(part.rule, criterion.text[framed:end]):
                    _put(found, part.path, part.rule, answer, words, not said.negated, False)
            if not placed and answer is said.negated and not here.negated:
                for part in _at(criterion, _without_exceptions(criterion, parts, start, end), start, end):
                    placed = True
                    _put(found, part.path, part.rule, answer, words, not said.negated, False)
            if answer != "unknown" and (not placed or isinstance(criterion.rule, Ambiguous)):  # in each reading
                holds = answer is (said.negated == here.negated)
                placed = _put_some(found, criterion, parts, (start, end), holds, words) or placed
        if not placed:
            for path, rule, text in _texts(criterion):
                if (own := _said(words, text)) is not None:
                    _put(found, path, rule, answer, words, own.same, own.negated)
                elif _denied(words, answer, text, wanted):
                    found.setdefault(path, Settled(False, words))
            for part in parts:
                if part.rule.kind in ("condition", "treatment") and _denied(
                    words, answer, criterion.text[part.start : part.end], wanted
                ):
                    found.setdefault(part.path, Settled(False, words))
    for words, answer in answers.items():
        if answer != "unknown" and parts is not None:
            _put_with_tail(found, criterion, parts, words, answer)
    _put_together(criterion, answers, found)
    _put_again(criterion, found)
    _put_attributes(criterion, answers, found)
    _put_told(criterion.rule, answers, found)
    return found


def _put_told(rule: Rule, answers: dict[str, bool | Literal["unknown"]], found: dict[Path, Settled]) -> None:
    """Settle the statements that say the very same as an answer, whatever its words deny."""
    told = {keys(words): Settled(answer, words) for words, answer in answers.items() if answer != "unknown"}
    for path, part in walk(rule) if told else ():
        if isinstance(part, Statement | Unread) and (same := told.get(keys(part.text))) is not None:
            found[path] = same


def _put_attributes(
    criterion: Criterion, answers: dict[str, bool | Literal["unknown"]], found: dict[Path, Settled]
) -> None:
    """Settle the attributes of what a rule asks for that are answered in the words of the text."""
    told = [(words, answer) for words, answer in answers.items() if answer != "unknown"]
    said = [each for each in told if wording.find(each[0], criterion.text)]
    for path, rule in walk(criterion.rule) if said else ():
        if isinstance(rule, Condition | Treatment | Allergy) and path not in found:
            for index, text in enumerate(rule.qualifiers):
                for words, answer in said:
                    if (holds := _of_attribute(words, answer, text)) is not None:
                        found[place_of_attribute(path, index)] = Settled(holds, words)


def _of_attribute(words: str, answer: bool, attribute: str) -> bool | None:
    """Whether what is called so is so by an answer that names nothing else; None where the answer names another."""
    told = _said(words, attribute)
    if told is not None:
        return answer is told.same
    known = qualifiers().find(words)
    return answer if known is not None and known.name == attribute else None


def _is_called(rule: Rule, stretch: str) -> bool:
    """Whether words are the name of what a rule asks for."""
    entry = vocabulary().find(stretch, "condition") if isinstance(rule, Condition) and not rule.concept.open else None
    return entry is not None and isinstance(rule, Condition) and entry.name == rule.concept.name


def _is_literal(rule: Rule) -> bool:
    """Whether a rule holds where its text does, under Exclusion, too: nothing in it is what is required instead."""
    if isinstance(rule, Ambiguous):
        return all(map(_is_literal, rule.readings))
    return rule.kind == "all"


def _framed(text: str, start: int, *, denied: bool, never: bool) -> int:
    """Where words begin that say no more of what is named at ``start`` than that it is there, or was: "evidence of X".

    ``denied``: it is not there, so that it is not there now, or active, either; ``never``: nor was it ever.
    """
    frame = (_NEVER_THERE if never else _NOT_THERE) if denied else _THERE
    found = frame.search(text, 0, start)
    return found.start() if found is not None else start


_FRAME: Final = (
    r"known|documented|(?:the\s+)?(?:evidence|presence|diagnosis|signs|existence|receipt)\s+of|any|an?|the"
    r"|(?:(?:has|have|had)\s+)?(?:received|undergone)"
)
_EVER: Final = (
    r"(?:current|prior|previous|past|presence|history|evidence)(?:\s+of)?\s*(?:or|and/or|/)\s*"
    r"(?:current|prior|previous|past|presence|history|evidence)(?:\s+of)?|(?:(?:past|medical|prior)\s+)*history\s+of"
)
_THERE: Final = re.compile(rf"(?:\b(?:{_FRAME}|{_EVER})\s+)+\Z", re.IGNORECASE)
_NOT_NOW: Final = (
    r"active|current(?:ly)?|ongoing|existing|uncontrolled|severe|serious|symptomatic|significant|clinically|unstable"
    r"|untreated|acute|chronic|use\s+of"
)
_NOT_THERE: Final = re.compile(rf"(?:\b(?:{_FRAME}|{_NOT_NOW})\s+)+\Z", re.IGNORECASE)
_NEVER_THERE: Final = re.compile(rf"(?:\b(?:{_FRAME}|{_NOT_NOW}|{_EVER}|prior|previous)\s+)+\Z", re.IGNORECASE)


def _without_exceptions(criterion: Criterion, parts: list[_Part], start: int, end: int) -> list[_Part]:
    """The parts without what is excepted from them: whoever has none of a thing has none that is no exception to it.

    None where the stretch from ``start`` to ``end`` tells of an exception.
    """
    found: list[_Part] = []
    for part in parts:
        if any(_leaf(above.rule) and part.path[: len(above.path)] == above.path != part.path for above in parts):
            if part.start < end and start < part.end:
                return []
            continue
        starts = [each.start for each in parts if each.path[: len(part.path)] == part.path != each.path]
        last = part.end
        if _leaf(part.rule) and starts and min(starts) > part.start:
            words = _LED_TO.search(criterion.text, part.start, min(starts))
            last = words.start() if words is not None else min(starts)
        found.append(_Part(part.path, part.rule, part.start, last))
    return found


_LED_TO: Final = re.compile(
    r"[\s,;.:(\[]*(?:\b(?:but|however|note|notes|that|except(?:ion)?s?|excepting|excluding|unless|other|than|for|of|the|in"
    rf"|case|those|{PERSONS}|with|who|have|has|had|having)\b[\s,;.:(\[]*)+$",
    re.IGNORECASE,
)


_SAYS_WHOM: Final = re.compile(
    r"\bineligible\b|\bexclu|\bdisqualif|\bnot\s+(?:be\s+)?(?:eligible|allowed|permitted|enrolled|included)\b",
    re.IGNORECASE,
)


def _own_words(criterion: Criterion, path: Path, rule: Rule) -> tuple[str, ...]:
    """The words of the text that a part of a rule stands for; of an open concept, if no more is said than its name."""
    if isinstance(rule, Statement) and (power := _POWERS.get(rule.topic)) is not None:
        return rule.text, f"{power} {rule.text}"  # "inability to consent, or to complete a diary"
    if isinstance(rule, Statement | Unread):
        return (rule.text,)
    if not isinstance(rule, Condition | Treatment) or not rule.concept.open or rule != type(rule)(concept=rule.concept):
        return ()
    marks = [mark for mark in criterion.marks if mark.path == path]
    named = [span for span in criterion.open for mark in marks if mark.start <= span.start and span.end <= mark.end]
    return (criterion.text[named[0].start : named[0].end],) if len(named) == 1 else ()


def _all_own_words(criterion: Criterion) -> tuple[tuple[Path, Rule, str], ...]:
    return tuple(
        [(path, rule, text) for path, rule in walk(criterion.rule) for text in _own_words(criterion, path, rule)]
    )


_texts = kept(_all_own_words)
"""The words that parts of a criterion's rule stand for, each with its path and the part."""

_POWERS: Final = {"ability": "able", "willingness": "willing"}


def _put_presence(found: dict[Path, Settled], criterion: Criterion, name: str) -> None:
    """Settle the statements, and the texts that no rule took, that say what is there in the same words."""
    for path, rule in walk(criterion.rule):
        if isinstance(rule, Statement | Unread) and (own := _said(name, rule.text)) is not None:
            _put(found, path, rule, True, name, own.same, own.negated)


def _put_absence(found: dict[Path, Settled], criterion: Criterion, name: str) -> None:
    """Settle the texts that no rule took and that name what is absent, by its own words or more narrowly."""
    said = wording.statement(name)
    if said.negated or len(said.words) < _LEAST_WORDS or said.words[0] not in wording.tokens(criterion.text):
        return
    for path, rule in walk(criterion.rule):
        if isinstance(rule, Unread) and _names_no_more(said.words, rule.text):
            found.setdefault(path, Settled(False, name))
    if () not in found and _as_written(criterion) and _names_no_more(said.words, _NUMBER.sub("", criterion.text)):
        found[()] = Settled(False, name)


_LEAST_WORDS: Final = 2
_NUMBER: Final = re.compile(r"^\s*\(?(?:\d{1,2}(?:\.\d{1,2})*|[a-zA-Z])[.)]\s+")
_FRAMES: Final = frozenset(
    "evidence presence history diagnosis of known active current prior previous past any".split()
)
_NARROWING: Final = frozenset("requiring that which needing leading causing due with despite".split())


def _names_no_more(words: tuple[str, ...], text: str) -> bool:
    """Whether a text is about a thing of this name, or one of which it says more: where there is none, it is not so."""
    own = wording.statement(wording.without_asides(text))
    said = own.words
    while said and said[0] in _FRAMES and said[: len(words)] != words:
        said = said[1:]
    tail = said[len(words) :]
    if own.negated or said[: len(words)] != words or not pieces.is_plain(wording.without_asides(text), wanted=True):
        return False
    return not tail or (tail[0] in _TAIL | _NARROWING and not {"and", "or"}.intersection(tail))


def _put_with_tail(
    found: dict[Path, Settled], criterion: Criterion, parts: list[_Part], words: str, answer: bool
) -> None:
    """Settle the first of two alternatives by an answer that says the end of both: "A within a month", "A or B ..."."""
    said, whole = wording.statement(words), wording.tokens(criterion.text)
    rules = dict(walk(criterion.rule))
    for part in parts:
        if not part.path or part.path in found or not _leaf(part.rule) or rules[part.path[:-1]].kind != "any":
            continue
        own = wording.statement(criterion.text[part.start : part.end])
        tail = said.words[len(own.words) :]
        if said.words[: len(own.words)] != own.words or own.negated or not tail or tail[0] not in _TAIL:
            continue
        if whole[-len(tail) :] == tail and _OR.match(criterion.text, part.end) and _sign(part.rule) == 1:
            found[part.path] = Settled(answer is not said.negated, words)


_OR: Final = re.compile(r"\s*,?\s+or\b", re.IGNORECASE)


def _put_some(
    found: dict[Path, Settled],
    criterion: Criterion,
    parts: list[_Part],
    span: tuple[int, int],
    holds: bool,
    words: str,
) -> bool:
    """Settle those of several alternatives that are denied in one breath; or of several things asked, affirmed."""
    inside, partly, leaves = _touched(criterion, parts, *span)
    if partly or len(inside) < 2:
        return False
    return _put_several(
        found, dict(walk(criterion.rule)), inside, leaves, criterion.text[span[0] : span[1]], holds, words
    )


def _put_several(
    found: dict[Path, Settled],
    rules: dict[Path, Rule],
    inside: set[Path],
    leaves: set[Path],
    text: str,
    holds: bool,
    words: str,
) -> bool:
    """Settle what holds these leaves together; of a text with several readings, in each."""
    shared = _shared(sorted(inside))
    whole = rules[shared]
    if isinstance(whole, Ambiguous):
        readings = {path[: len(shared) + 1] for path in inside}
        each = [{path for path in inside if path[: len(reading)] == reading} for reading in readings]
        placed = [len(some) > 1 and _put_several(found, rules, some, leaves, text, holds, words) for some in each]
        return any(placed)
    if whole.kind not in ("all", "any"):
        return False
    settled_ = {path[: len(shared) + 1] for path in inside}
    sign = -1 if wording.begins_negated(text) else 1
    narrower = {path for path in settled_ if any(leaf[: len(path)] == path and leaf not in inside for leaf in leaves)}
    if whole.kind != ("all" if holds else "any"):  # not all of them, so not the whole; or one of them, so the whole
        said = [rules[path] for path in settled_]
        if narrower or not all(_sign(part) == sign and not (holds and _dated_elsewhere(part, text)) for part in said):
            return False
        found.setdefault(shared, Settled(holds, words))
        return True
    if narrower:  # "A or B and C": who has neither A nor B has no B, whatever is asked besides
        below = [[leaf for leaf in inside if leaf[: len(path)] == path] for path in narrower]
        if holds or any(len(each) > 1 or rules[each[0][:-1]].kind != "all" for each in below):
            return False
        settled_ = settled_ - narrower | {each[0] for each in below}
    for path in settled_:
        part = rules[path]
        dated = holds and _dated_elsewhere(part, text)
        if _sign(part) == sign and path not in found and not dated:
            found[path] = Settled(holds, words)
    return True


def _shared(paths: list[Path]) -> Path:
    """The path of what all of these are in."""
    first, last = paths[0], paths[-1]
    size = next((i for i, (a, b) in enumerate(zip(first, last, strict=False)) if a != b), min(len(first), len(last)))
    return first[:size]


def _put_again(criterion: Criterion, found: dict[Path, Settled]) -> None:
    """Settle what several readings of a text have in common wherever it stands."""
    told = dict(found)
    if not told or not any(isinstance(rule, Ambiguous) for _, rule in walk(criterion.rule)):
        return
    rules = dict(walk(criterion.rule))
    again = {rules[path]: answer for path, answer in told.items() if path in rules and rules[path].kind in _AGAIN}
    for path, rule in rules.items():
        if rule in again and not any(path[:size] in told for size in range(len(path) + 1)):
            found[path] = again[rule]


_AGAIN: Final = frozenset(("condition", "treatment", "allergy", "statement", "unread", "finding", "measurement"))


@dataclass(frozen=True, slots=True)
class _Said:
    """That words say what a text says, or the opposite; and whether the text is in the negative."""

    same: bool
    negated: bool


def _said(words: str, text: str) -> _Said | None:
    """How an answer's words stand to a text; what only explains the text may be left out of them.

    An answer that does not say of whom is none to a text about women, or men, alone.
    """
    if len(wording.of_one_sex(text) - wording.of_one_sex(words)) == 1:
        return None
    said, own = wording.statement(words), wording.statement(text)
    if said.words != own.words and frozenset(said.words) & frozenset(own.words):
        said, own = (wording.statement(wording.without_explanations(each)) for each in (words, text))
    if said.words == own.words:
        return _Said(said.negated == own.negated, own.negated)
    wanted = wording.undone(text)
    told = wording.undone(words) if wanted is not None else None
    if told is None or wanted is None or told[0] != wanted[0]:
        return None
    return _Said(told[1] == wanted[1], negated=False)


def _put_together(
    criterion: Criterion, answers: dict[str, bool | Literal["unknown"]], found: dict[Path, Settled]
) -> None:
    """Settle the criterion, and the statements in it, by the answers to the segments of their texts."""
    definite = tuple([(text, answer) for text, answer in answers.items() if answer != "unknown"])
    wanted = criterion.kind == "inclusion"
    for path, rule in walk(criterion.rule):
        if path in found:
            continue
        if not path and _as_written(criterion):
            text, begins = criterion.text, True
        elif isinstance(rule, Statement | Unread):
            text, begins = rule.text, _begins(rule.text, criterion.text)
        else:
            continue
        if _JOINED.search(text) is None:
            continue
        told = (
            pieces.halves(text, definite, wanted=wanted)
            or pieces.powers(text, definite, wanted=wanted)
            or pieces.none_of(text, definite, wanted=wanted)
        )
        told = told or pieces.covering(text, definite, wanted=wanted)
        if told is None:
            told = pieces.together(text, definite, begins=begins, wanted=wanted)
        if told is not None:
            found[path] = Settled(told.holds, told.words)


_JOINED: Final = re.compile(r"\b(?:and|or|with)\b", re.IGNORECASE)


def _as_written(criterion: Criterion) -> bool:
    """Whether the rule holds exactly where the text does: for everybody, and with no clause turned round."""
    turning = ("conditional",) if criterion.kind == "inclusion" else ("conditional", "not")
    return not any(rule.kind in turning for _, rule in walk(criterion.rule))


def _begins(part: str, text: str) -> bool:
    """Whether the part stands at the beginning of the text, or of one of its sentences."""
    before, found, _ = text.partition(part)
    before = before.rstrip()
    return bool(found) and (not before or before[-1] == ".")


def _put(
    found: dict[Path, Settled],
    path: Path,
    rule: Rule,
    answer: bool | Literal["unknown"],
    words: str,
    same: bool,
    negated: bool,
    whole: bool = False,
    literal: bool = False,
) -> None:
    """Note an answer to a text: ``same`` if it says what the text says, ``negated`` if the text is in the negative.

    ``literal``: the part of the rule holds where its text does, also where some of it must hold and some must not.
    """
    if answer == "unknown":
        for below, part in walk(rule):
            if getattr(part, "known", False):
                found.setdefault((*path, *below), Settled("unknown", words))
        return
    sign = _sign(rule)
    if sign == 0:
        if not (whole or literal):
            return
        sign = -1 if negated else 1
    if _RECOVERED.match(words) and _is_of_toxicity(rule):
        sign = -sign
    truth = answer if same else not answer
    holds = truth if (sign > 0) is not negated else not truth
    earlier = found.get(path)
    if earlier is not None and earlier.holds is not holds and not earlier.whole:
        found.pop(path)
        return
    found[path] = Settled(holds, words, whole)


_RECOVERED: Final = re.compile(
    r"\W*(?:(?:has|have|had|not|is|are|fully|been)\s+)*(?:recover|resolution)", re.IGNORECASE
)


def _is_of_toxicity(rule: Rule) -> bool:
    """Whether a rule asks for an adverse event: who has recovered from one has none."""
    each = [part for _, part in walk(rule) if isinstance(part, Condition) and not part.concept.open]
    return any(vocabulary().is_a("condition", part.concept.name, "adverse event") for part in each)


def _sign(rule: Rule) -> int:
    """1 if all that the rule is made of must hold for it, -1 if all of it must not, 0 if it is mixed."""
    match rule:
        case Not(part=part):
            return -_sign(part)
        case Statement(text=text) | Unread(text=text):
            return -1 if wording.statement(wording.without_explanations(text)).negated else 1
        case Conditional(then=then, otherwise=otherwise):
            signs = {_sign(part) for part in (then, otherwise) if not isinstance(part, Constant)}
        case Condition(concept=concept) if concept.open:  # "non-verbal": the denial is in its name
            return -1 if wording.statement(concept.name).negated else 1
        case _ if rule.kind in ("condition", "treatment", "allergy"):
            return 1
        case _:
            signs = {_sign(part) for part in children(rule) if not isinstance(part, Constant)}
    if not signs:
        return 1
    return signs.pop() if len(signs) == 1 else 0


def _parts(criterion: Criterion) -> list[_Part]:
    rules = dict(walk(criterion.rule))
    return [_Part(mark.path, rules[mark.path], mark.start, mark.end) for mark in criterion.marks if mark.path in rules]


_DATED: Final = re.compile(
    r"\d|\b(?:within|ago|during|since|before|after|prior\s+to|the\s+(?:last|past|previous))\b", re.IGNORECASE
)


def _dated_elsewhere(rule: Rule, words: str) -> bool:
    """Whether a rule asks for a time that these words do not name: who has had a stroke need not have had it lately."""
    return _DATED.search(words) is None and any(getattr(part, "window", None) is not None for _, part in walk(rule))


def _leaf(rule: Rule) -> bool:
    return not children(rule) or rule.kind in ("condition", "treatment", "allergy")


def _at(criterion: Criterion, parts: list[_Part], start: int, end: int) -> list[_Part]:
    """The parts of the rule that this stretch of the text stands for: the deepest with exactly the leaves in it.

    There are several where the text has several readings: one in each.
    """
    inside, partly, leaves = _touched(criterion, parts, start, end)
    places = {part.path: (part.start, part.end) for part in parts if part.path in inside}
    return [
        _Part(path, rule, start, end) for path, rule in _exactly((), criterion.rule, leaves, inside, partly, places)
    ]


def _touched(criterion: Criterion, parts: list[_Part], start: int, end: int) -> tuple[set[Path], set[Path], set[Path]]:
    """The leaves that a stretch of the text touches, those that lie in it only in part, and all leaves."""
    text = criterion.text
    inside: set[Path] = set()
    partly: set[Path] = set()
    leaves = {part.path for part in parts if _leaf(part.rule)}
    for part in parts:
        if part.path in leaves and part.start < end and start < part.end:
            inside.add(part.path)
            over = text[part.start : max(part.start, start)] + text[min(part.end, end) : part.end]
            if any(c.isalnum() for c in over) and not _same(text, part, start, end):
                partly.add(part.path)
    named = {part.path[:-1] for part in parts if part.path in inside - partly and part.path}
    ending = {part.path for part in parts if part.path in partly and part.start < start and part.end <= end}
    shared = {
        path for path in ending if path and path[:-1] in named
    }  # "A, B or C for melanoma": the end of each, said of C
    return inside - shared, partly - shared, leaves


def _exactly(
    path: Path,
    rule: Rule,
    leaves: set[Path],
    inside: set[Path],
    partly: set[Path],
    places: dict[Path, tuple[int, int]],
) -> Iterator[tuple[Path, Rule]]:
    below = {leaf for leaf in leaves if leaf[: len(path)] == path}
    here = below & inside
    if not here:
        return
    excepted = _leaf(rule) and path in here & partly  # a stretch within one of its exceptions
    under = () if _leaf(rule) and not excepted else children(rule)
    holders = [index for index, _ in enumerate(under) if any(leaf[: len(path) + 1] == (*path, index) for leaf in here)]
    if here == below and not here & partly and (len(holders) != 1 or len(under) != 1):
        yield path, rule
        return
    if len(holders) == 1 or isinstance(rule, Ambiguous) or _said_once(here, len(path), places):
        for index in holders:
            yield from _exactly((*path, index), under[index], leaves, inside, partly, places)


def _said_once(leaves: set[Path], depth: int, places: dict[Path, tuple[int, int]]) -> bool:
    """Whether each part that these leaves are in repeats the same words: "A or B with C" is A with C, or B with C."""
    repeated: dict[int, set[tuple[int, int]]] = {}
    for leaf in leaves:
        if len(leaf) == depth:
            return False  # a stretch within its exceptions
        repeated.setdefault(leaf[depth], set()).add(places[leaf])
    each = list(repeated.values())
    return all(one == each[0] for one in each[1:])


def _same(text: str, part: _Part, start: int, end: int) -> bool:
    """Whether what stands around the stretch is no more than words that a statement does without.

    Of a concept of which the rule says nothing else, the rules by which it is told are such words, too.
    """
    said = wording.statement(text[start:end]).words
    own = wording.statement(text[part.start : part.end]).words
    if own == said or (own[:1] == ("at",) and own[1:] == said):
        return True
    if not any(map(str.isalnum, text[part.start : start])) and wording.is_now(text[end : part.end]):
        return True
    if part.rule.kind == "finding" and part.rule.known and tuple([w for w in own if w not in _KNOWING]) == said:
        return True  # "known HER2 status": "HER2 status"
    if part.rule.kind in ("statement", "unread") and wording.statement(text[part.start : end]).words == said:
        return wording.is_by_law(text[end : part.end])
    if text[part.start : start].rstrip().endswith(":") and not any(c.isalnum() for c in text[end : part.end]):
        return True  # "Definition of the subtypes: ..."
    if part.rule.kind in _FACTS and _KNOWN.fullmatch(text, part.start, start):
        return not any(c.isalnum() for c in text[end : part.end])  # what is answered is known
    return (
        part.rule.kind in ("condition", "treatment", "measurement")
        and part.rule.model_dump(exclude_defaults=True, exclude={"kind"}).keys() in ({"concept"}, {"analyte", "limit"})
        and wording.is_reference(text[end : part.end])
        and wording.statement(text[part.start : end]).words == said
    )


_KNOWING: Final = frozenset(("known", "unknown"))
_CAUSED: Final = frozenset("due owing secondary".split())
_TAIL: Final = frozenset("for during from until in at throughout within prior before after while on over by".split())


_FACTS: Final = frozenset(("condition", "treatment", "allergy"))
_KNOWN: Final = re.compile(r"\s*(?:any\s+|an?\s+)?known(?:\s*(?:or|and/or|/|,)\s*suspected)?\s+", re.IGNORECASE)


_MORE_OF_IT: Final = frozenset(
    [
        keys(text)
        for text in (
            "permanently", "permanent", "chronically", "chronic", "currently", "severely", "severe", "actively",
            "active", "completely", "fully", "involuntarily",
        )
    ]
)  # fmt: skip


_EITHER: Final = re.compile(r"\beither\b", re.IGNORECASE)


def _is_clause_of_it(tail: tuple[str, ...]) -> bool:
    """Whether words begin with "which" or "that" and go on with nothing but what it does: "... would do A or do B"."""
    if tail[0] not in ("which", "that"):
        return False
    joints = [at for at, word in enumerate(tail) if word in ("and", "or")]
    return all(tells_what_is_done(" ".join(tail[at + 1 :])) for at in joints)


def _denied(words: str, answer: bool | Literal["unknown"], text: str, wanted: bool) -> bool:
    """Whether somebody who says no to a shorter statement says no to this one, too.

    "Agrees to refrain from sperm donation: no" denies "agrees to refrain from sperm donation for three months", and
    "able to lie flat: yes" denies "unable to lie flat due to pain".
    """
    said, own = wording.statement(words), wording.statement(text)
    size = len(said.words)
    if answer is said.negated and own.words[1:] == said.words and own.words[:1] in _MORE_OF_IT and not own.negated:
        return True
    if answer == "unknown" or size < 2 or own.words[:size] != said.words:
        return False
    tail = own.words[size:]
    plain = pieces.is_plain(_EITHER.sub("", text), wanted=wanted)
    if (answer is said.negated) is own.negated or not tail or not plain:
        return False
    if _is_clause_of_it(tail) and not own.negated and "unless" not in tail:
        return True  # nothing of the kind, so nothing that would do harm
    if tail[0] in _CAUSED and "and" not in tail and "," not in text:
        return True
    if own.negated:
        return False  # who is able to, may not be so long, or at that time
    if tail[0] in _TAIL and not {"and", "or"}.intersection(tail) and (wanted or "," not in text):
        return True
    return any(wording.is_reference(text[end:]) for _, end in wording.find(words, text))
