"""Tallies kept in one file, so that a run that was broken off goes on from where it was.

The file is an SQLite database. What has been tallied is written together with how far that reaches, in one transaction:
whenever the run ends, both are as they were after some trial. The counts stay in the file; only what is asked for is in
memory.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final, NamedTuple

from eligibility.errors import EligibilityError
from eligibility.knowledge.edition import edition
from eligibility.surveying.tallies import SORTS, Broken, Count, Example, Sort, Tally
from eligibility.surveying.totals import Totals

__all__ = ["Ledger", "Survey", "Word"]

_OURS: Final = 0x454C6742  # "ELgB": by this SQLite tells its users' files apart
_MOST_BROKEN: Final = 1000
"""The broken places that are kept by name; the others are counted."""

_TABLES: Final = """
CREATE TABLE state (stamp TEXT, reached INTEGER, digest TEXT, trials INTEGER, whole INTEGER, broken INTEGER);
CREATE TABLE totals (kind TEXT PRIMARY KEY, criteria INTEGER, whole INTEGER, known INTEGER, none INTEGER,
    words INTEGER, unread INTEGER, open INTEGER) WITHOUT ROWID;
CREATE TABLE counts (sort TEXT, key TEXT, trials INTEGER, criteria INTEGER, alone INTEGER, shown TEXT,
    PRIMARY KEY (sort, key)) WITHOUT ROWID;
CREATE TABLE met (word TEXT PRIMARY KEY, criteria INTEGER) WITHOUT ROWID;
CREATE TABLE broken (place TEXT, why TEXT);
"""
_COUNT: Final = """
INSERT INTO counts VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET
    trials = trials + excluded.trials, criteria = criteria + excluded.criteria, alone = alone + excluded.alone,
    shown = CASE WHEN alone = 0 AND excluded.alone > 0 THEN excluded.shown ELSE shown END
"""  # as tallies.joined
_TOP: Final = """
SELECT trials, criteria, alone, shown FROM counts
WHERE sort = ? ORDER BY alone DESC, criteria DESC, trials DESC, key LIMIT ?
"""
_TOP_WORDS: Final = """
SELECT trials, counts.criteria, alone, shown, met.criteria FROM counts JOIN met ON met.word = counts.key
WHERE sort = 'word' AND 2 * counts.criteria > met.criteria ORDER BY counts.criteria DESC, alone DESC, key LIMIT ?
"""


class Word(NamedTuple):
    """A word that is more often left unread than read, and how many criteria have it at all."""

    unread: Count
    met: int


class Survey(NamedTuple):
    """What was read of many trials."""

    trials: int
    whole: int  # of them, each criterion in full
    inclusion: Totals
    exclusion: Totals
    distinct: dict[Sort, int]
    phrases: list[Count]
    starts: list[Count]
    words: list[Word]
    open: list[Count]
    doubts: list[Count]
    broken: int
    places: list[Broken]  # the first of them

    @property
    def total(self) -> Totals:
        """Of all criteria."""
        return self.inclusion.plus(self.exclusion)


class Ledger:
    """The file of one survey. It belongs to one run at a time."""

    def __init__(self, path: Path, stamp: str = "") -> None:
        """Open or make the file; ``stamp`` tells what its tallies are made with, if not with this program as it is.

        :raises EligibilityError: it is another kind of file, another run has it, or it cannot be written.
        """
        self.path = path
        self.stamp = stamp or edition("surveying/*.py")
        self.outdated = False
        """Whether tallies were found that another version had made; they are gone."""
        with self._said():
            self._base = sqlite3.connect(path, timeout=0.2, isolation_level=None)
        try:
            with self._said():
                self._open()
        except BaseException:
            self._base.close()
            raise

    def _open(self) -> None:
        base = self._base
        base.execute("PRAGMA locking_mode = EXCLUSIVE")  # first: so no file beside it is needed for shared memory
        self._only_ours()
        base.execute("PRAGMA journal_mode = WAL")
        base.execute("PRAGMA synchronous = NORMAL")
        base.execute("BEGIN EXCLUSIVE")
        known = base.execute("SELECT name FROM sqlite_master WHERE name = 'state'").fetchone()
        stamps = base.execute("SELECT stamp FROM state").fetchall() if known else []
        if stamps != [(self.stamp,)]:
            self.outdated = bool(stamps)
            self._make()
        base.execute("COMMIT")

    def _only_ours(self) -> None:
        """See that no other's file is written to."""
        (whose,) = self._base.execute("PRAGMA application_id").fetchone()
        (size,) = self._base.execute("SELECT count(*) FROM sqlite_master").fetchone()
        if whose != _OURS and size:
            raise EligibilityError("this is another program's database; name another output", source=str(self.path))

    def _make(self) -> None:
        base = self._base
        for (name,) in base.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall():
            base.execute(f'DROP TABLE "{name}"')
        for statement in _TABLES.split(";")[:-1]:
            base.execute(statement)
        base.execute(f"PRAGMA application_id = {_OURS}")
        base.execute("INSERT INTO state VALUES (?, 0, '', 0, 0, 0)", (self.stamp,))

    @contextmanager
    def _said(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.Error as error:
            message = str(error)
            if "locked" in message:
                message = "another run is using this file; wait for it, or name another output"
            elif "not a database" in message:
                message = "there is another file here; name another output"
            elif "malformed" in message:
                message = "this file of tallies is damaged; remove it to read all anew"
            else:
                message = f"the file of tallies cannot be used: {message}"
            raise EligibilityError(message, source=str(self.path)) from error

    def close(self) -> None:
        """Leave the file to others."""
        self._base.close()

    # -----------------------------------------------------------------------------------------------------------------

    @staticmethod
    def files(path: Path) -> list[Path]:
        """The file, and those that SQLite may have beside it meanwhile."""
        return [path, *(path.with_name(path.name + ending) for ending in ("-wal", "-shm", "-journal"))]

    @property
    def reached(self) -> tuple[int, str]:
        """How many entries of the corpus are in, and the digest of them."""
        reached, digest = self._base.execute("SELECT reached, digest FROM state").fetchone()
        return int(reached), str(digest)

    @property
    def trials(self) -> int:
        """How many trials are in."""
        return int(self._base.execute("SELECT trials FROM state").fetchone()[0])

    def clear(self) -> None:
        """Forget all."""
        with self._said():
            self._base.execute("BEGIN")
            self._make()
            self._base.execute("COMMIT")

    def add(self, tally: Tally, reached: int, digest: str) -> None:
        """Keep one more tally, with which that many entries of the corpus are in: all of it or nothing."""
        with self._said():
            self._base.execute("BEGIN")
            try:
                self._add(tally)
                self._base.execute(
                    "UPDATE state SET reached = ?, digest = ?, "
                    "trials = trials + ?, whole = whole + ?, broken = broken + ?",
                    (reached, digest, tally.trials, tally.whole, len(tally.broken)),
                )
            except BaseException:
                self._base.execute("ROLLBACK")
                raise
            self._base.execute("COMMIT")

    def _add(self, tally: Tally) -> None:
        base = self._base
        for kind, totals in (("inclusion", tally.inclusion), ("exclusion", tally.exclusion)):
            sums = self._totals(kind).plus(totals)
            base.execute("INSERT OR REPLACE INTO totals VALUES (?, ?, ?, ?, ?, ?, ?, ?)", (kind, *sums))
        for sort, counts in tally.counts.items():
            base.executemany(_COUNT, [_row(sort, key, count) for key, count in counts.items()])
        base.executemany(
            "INSERT INTO met VALUES (?, ?) ON CONFLICT DO UPDATE SET criteria = criteria + excluded.criteria",
            list(tally.met.items()),
        )
        (kept,) = base.execute("SELECT count(*) FROM broken").fetchone()
        room = max(0, _MOST_BROKEN - int(kept))
        base.executemany(
            "INSERT INTO broken VALUES (?, ?)",
            [(_storable(place), _storable(why)) for place, why in tally.broken[:room]],
        )

    def _totals(self, kind: str) -> Totals:
        row = self._base.execute(
            "SELECT criteria, whole, known, none, words, unread, open FROM totals WHERE kind = ?", (kind,)
        ).fetchone()
        return Totals(*row) if row else Totals()

    # -----------------------------------------------------------------------------------------------------------------

    def survey(self, top: int) -> Survey:
        """What is in, with the ``top`` first of each sort."""
        with self._said():
            return self._survey(top)

    def _survey(self, top: int) -> Survey:
        base = self._base
        trials, whole, broken = base.execute("SELECT trials, whole, broken FROM state").fetchone()
        distinct = dict(base.execute("SELECT sort, count(*) FROM counts GROUP BY sort").fetchall())
        return Survey(
            trials=trials,
            whole=whole,
            inclusion=self._totals("inclusion"),
            exclusion=self._totals("exclusion"),
            distinct={sort: distinct.get(sort, 0) for sort in SORTS},
            phrases=self._top("phrase", top),
            starts=self._top("start", top),
            words=[Word(_count(row), row[-1]) for row in base.execute(_TOP_WORDS, (top,))],
            open=self._top("open", top),
            doubts=self._top("doubt", top),
            broken=broken,
            places=[
                Broken(*row) for row in base.execute("SELECT place, why FROM broken ORDER BY rowid LIMIT ?", (top,))
            ],
        )

    def _top(self, sort: Sort, top: int) -> list[Count]:
        return [_count(row) for row in self._base.execute(_TOP, (sort, top))]


def _row(sort: Sort, key: str, count: Count) -> tuple[str, str, int, int, int, str]:
    return sort, key, count.trials, count.criteria, count.alone, json.dumps([count.said, count.example])


def _count(row: tuple[Any, ...]) -> Count:
    said, example = json.loads(row[3])
    return Count(said, row[0], row[1], row[2], Example(*example))


def _storable(text: str) -> str:
    """A text without the halves of signs, which no file holds."""
    return text.encode(errors="backslashreplace").decode()
