"""Criteria -> counts of what was read, what was not, and what is in doubt; counts of many trials can be added up.

What was not read is counted in three ways, since its tail is long: by its phrases, by the first words of these, and by
its single words. Each says in how many criteria it stands, and in how many *alone*: these would be read in full if only
it were. Phrases are alike whatever their case, white space, numbers, plurals and marks at their ends.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final, Literal, NamedTuple, TypeAlias, get_args

from eligibility.knowledge import words
from eligibility.rules import Criterion, Trial
from eligibility.surveying.plausibility import DOUBTS, Doubt, doubts_of
from eligibility.surveying.totals import Totals, read_of

__all__ = [
    "SORTS",
    "Broken",
    "Count",
    "Example",
    "Sort",
    "Tally",
    "joined",
    "tally_of",
    "together",
]

Sort: TypeAlias = Literal["phrase", "start", "word", "open", "doubt"]
"""Phrases that were not read, their first words, their words; names that the vocabulary does not know; and criteria
whose rules can hardly be meant."""

SORTS: Final[tuple[Sort, ...]] = get_args(Sort)


class Example(NamedTuple):
    """A place where something stands: the trial, and the words before, of and after it."""

    trial: str
    kind: str
    before: str
    said: str
    after: str


class Count(NamedTuple):
    """How often something was met: in how many trials and criteria, and in how many of these it stands alone."""

    said: str
    trials: int
    criteria: int
    alone: int
    example: Example


class Broken(NamedTuple):
    """A place where no trial could be read, and why."""

    place: str
    why: str


class Tally(NamedTuple):
    """What was read of some trials."""

    trials: int
    whole: int  # of them, each criterion in full
    inclusion: Totals
    exclusion: Totals
    counts: dict[Sort, dict[str, Count]]
    met: dict[str, int]  # of each word the criteria that have it, read or not
    broken: list[Broken]

    @staticmethod
    def empty() -> Tally:
        """Of no trial."""
        return Tally(0, 0, Totals(), Totals(), {sort: {} for sort in SORTS}, {}, [])


def together(tally: Tally, more: Tally) -> Tally:
    """Both tallies in one, for which the first is used up; the trials of the second stand behind those of the first."""
    for sort, counts in more.counts.items():
        known = tally.counts[sort]
        for key, count in counts.items():
            old = known.get(key)
            known[key] = count if old is None else joined(old, count)
    _meet(tally.met, more.met)
    tally.broken.extend(more.broken)
    return tally._replace(
        trials=tally.trials + more.trials,
        whole=tally.whole + more.whole,
        inclusion=tally.inclusion.plus(more.inclusion),
        exclusion=tally.exclusion.plus(more.exclusion),
    )


def joined(first: Count, later: Count) -> Count:
    """Both counts in one. An example in which it stands alone is better than another; else the first is as good."""
    best = later if later.alone and not first.alone else first
    return Count(
        best.said,
        first.trials + later.trials,
        first.criteria + later.criteria,
        first.alone + later.alone,
        best.example,
    )


def _meet(met: dict[str, int], more: Mapping[str, int]) -> None:
    for key, count in more.items():
        met[key] = met.get(key, 0) + count


# ---------------------------------------------------------------------------------------------------------------------
# One trial


def tally_of(trial: Trial, name: str = "") -> Tally:
    """What was read of one trial; ``name`` is said of it where its record has no number.

    What the record's fields add to the criteria counts for nothing: nobody wrote it. Of a criterion that a trial
    repeats, for another arm, the phrases and words are counted once: to read it is one thing to learn.
    """
    tally = Tally.empty()
    named = trial.record.nct_id or name
    known: set[str] = set()
    whole, totals = True, {"inclusion": Totals(), "exclusion": Totals()}
    for criterion in trial.criteria:
        if criterion.source is None:
            continue
        read = read_of(criterion)
        whole = whole and bool(read.whole)
        totals[criterion.kind] = totals[criterion.kind].plus(read)
        if criterion.id in known:
            continue
        known.add(criterion.id)
        for word in dict.fromkeys(_key(word) for word in _TOKEN.findall(criterion.text) if _is_word(word)):
            tally.met[word] = tally.met.get(word, 0) + 1
        for sort, stretches in _unread(criterion).items():
            _note(tally.counts[sort], stretches, criterion, named, len(stretches) == 1)
        if criterion.open:
            names = {
                words.phrase(criterion.text[one.start : one.end]): _exactly(one.start, one.end)
                for one in criterion.open
            }
            _note(tally.counts["open"], names, criterion, named, bool(read.whole) and len(names) == 1)
    for doubt in doubts_of(trial):
        _doubt(tally.counts["doubt"], doubt, named)
    return tally._replace(trials=1, whole=int(whole), inclusion=totals["inclusion"], exclusion=totals["exclusion"])


class _Stretch(NamedTuple):
    """Where something stands, and where that ends which it is the beginning of."""

    start: int
    end: int
    last: int


def _exactly(start: int, end: int) -> _Stretch:
    return _Stretch(start, end, end)


def _unread(criterion: Criterion) -> dict[Sort, dict[str, _Stretch]]:
    """What was not read of a criterion, by its keys."""
    phrases: dict[str, _Stretch] = {}
    starts: dict[str, _Stretch] = {}
    single: dict[str, _Stretch] = {}
    for span in criterion.unread:
        tokens = list(_TOKEN.finditer(criterion.text, span.start, span.end))
        if not any(_is_word(token[0]) for token in tokens):
            continue
        keys = [_key(token[0]) for token in tokens]
        start, end = tokens[0].start(), tokens[-1].end()
        phrases.setdefault(" ".join(keys), _exactly(start, end))
        starts.setdefault(" ".join(keys[:_FIRST]), _Stretch(start, tokens[:_FIRST][-1].end(), end))
        for key, token in zip(keys, tokens, strict=True):
            if _is_word(token[0]):
                single.setdefault(key, _exactly(token.start(), token.end()))
    return {"phrase": phrases, "start": starts, "word": single}


def _note(
    known: dict[str, Count], found: Mapping[str, _Stretch], criterion: Criterion, trial: str, alone: bool
) -> None:
    """Count what was found in one criterion of a trial of which ``known`` is."""
    for key, stretch in found.items():
        old = known.get(key)
        if old is not None and (old.alone or not alone):
            known[key] = Count(old.said, 1, old.criteria + 1, old.alone + int(alone), old.example)
            continue
        said = _shown(criterion.text[stretch.start : stretch.end])
        example = _example(criterion, trial, stretch.start, stretch.last)
        known[key] = Count(said, 1, old.criteria + 1 if old else 1, int(alone), example)


def _doubt(known: dict[str, Count], doubt: Doubt, trial: str) -> None:
    """Count a rule that can hardly be meant: once, however often the trial says it."""
    criterion, place = doubt.criterion, doubt.words
    key = f"{DOUBTS.index(doubt.sort)} {words.phrase(criterion.text)}"
    alone = int(read_of(criterion).whole)
    known.setdefault(key, Count(doubt.why, 1, 1, alone, _example(criterion, trial, place.start, place.end)))


# ---------------------------------------------------------------------------------------------------------------------
# Words that are alike

_TOKEN: Final = re.compile(r"\d+(?:[.,/]\d+)*|[<>=≤≥]+|[^\W\d_][^\W_]*(?:['’`][^\W_]+)?")
_COMPARED: Final = "<>=≤≥"
_NUMBER: Final = re.compile(r"(?<![^\W_])\d+(?:[.,/]\d+)*")
_FIRST: Final = 2
"""How many words of a phrase bring it together with others."""

_LONGEST: Final = 160
_AROUND: Final = 90


def _is_word(token: str) -> bool:
    return token[0] not in _COMPARED


def _key(token: str) -> str:
    """What alike words have in common: a number is a number."""
    if token[0].isdigit():
        return "#"
    return words.key(token) if _is_word(token) else token.replace("≤", "<=").replace("≥", ">=")


def _shown(text: str) -> str:
    """A phrase as it is shown for all that are alike."""
    return _head(_NUMBER.sub("#", " ".join(text.lower().split())))


def _example(criterion: Criterion, trial: str, start: int, end: int) -> Example:
    text = criterion.text
    before, after = text[max(0, start - 2 * _AROUND) : start], text[end : end + 2 * _AROUND]
    return Example(
        trial,
        criterion.kind,
        _tail(" ".join(before.split())) + (" " if before[-1:].isspace() else ""),
        _head(" ".join(text[start : min(end, start + 2 * _LONGEST)].split())),
        (" " if after[:1].isspace() else "") + _head(" ".join(after.split()), _AROUND),
    )


def _head(text: str, most: int = _LONGEST) -> str:
    """The beginning of a text, cut between words."""
    return text if len(text) <= most else (text[:most].rsplit(" ", 1)[0] or text[:most]) + " …"


def _tail(text: str, most: int = _AROUND) -> str:
    """The end of a text, cut between words."""
    return text if len(text) <= most else "… " + (text[-most:].split(" ", 1)[-1] or text[-most:])
