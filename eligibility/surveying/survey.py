"""A corpus -> a ledger: many trials read side by side, in processes, and tallied in their order.

Only so many trials are under way as keep the processes busy, so that the memory needed does not grow with the corpus.
What has been tallied is kept every few seconds. A run that was broken off is continued where the corpus begins with
the very trials that are in the ledger.
"""

from __future__ import annotations

import gc
import hashlib
import multiprocessing
import os
import signal
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from itertools import chain, islice
from pathlib import Path
from typing import Final, NamedTuple

from eligibility.errors import EligibilityError
from eligibility.knowledge.garbage import uncollected
from eligibility.reading import sources
from eligibility.reading.trial import trial_of
from eligibility.surveying.corpus import EXPECTED, Corpus, Entry
from eligibility.surveying.ledger import Ledger
from eligibility.surveying.tallies import Broken, Tally, tally_of, together

__all__ = ["Progress", "cores", "run"]

_MOST_ENTRIES: Final = 16
_MOST_BYTES: Final = 400_000
"""What is given to a process at once: some tenths of a second's work."""

_UNDER_WAY: Final = 3
"""How many such portions there are to a process, so that none waits for a slow trial of another."""

_PAUSE: Final = 2.0
"""Seconds after which what has been tallied is kept."""

_MOST_COUNTS: Final = 50_000
"""Different phrases and words after which it is kept even earlier."""


class Progress(NamedTuple):
    """How far a survey is."""

    trials: int
    position: int  # of the corpus, in bytes


class _Portion(NamedTuple):
    """Some trials of the corpus, and what is in when they are."""

    entries: list[Entry]
    reached: int
    digest: str
    position: int


def cores() -> int:
    """The processors that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def run(
    corpus: Corpus,
    ledger: Ledger,
    *,
    workers: int = 0,
    pause: float = _PAUSE,
    tell: Callable[[Progress], None] = lambda progress: None,
    note: Callable[[str], None] = lambda words: None,
) -> None:
    """Read all trials of a corpus, and keep in the ledger what was read.

    ``workers``: how many processes; 1 is this one, 0 as many as there are processors. ``tell`` hears how far it is, and
    ``note`` in a sentence what becomes of an earlier run. Whatever ends it loses no more than the last seconds' work.

    :raises EligibilityError: there is no trial in the corpus, or a process ended before its work was done.
    """
    seen, entries = _continued(corpus, ledger, note)
    portions = _portions(corpus, entries, ledger.reached[0], seen)
    first = list(islice(portions, 2))
    portions = chain(first, portions)
    workers = (workers or cores()) if len(first) > 1 else 1
    tallied = _here(portions) if workers == 1 else _side_by_side(portions, workers)
    _keep(tallied, ledger, pause, tell)
    if not ledger.trials:
        raise EligibilityError(_nothing(ledger), source=corpus.name)


def _nothing(ledger: Ledger) -> str:
    found = ledger.survey(1)
    if not found.broken:
        return f"there is no trial in it; {EXPECTED}"
    place, why = found.places[0]
    where = f" {place}:" if place else ""
    count = f"none of its {found.broken:,} entries is a trial; the first," if found.broken > 1 else "no trial in it;"
    return f"{count}{where} {why}"


# ---------------------------------------------------------------------------------------------------------------------
# Which trials


def _continued(corpus: Corpus, ledger: Ledger, note: Callable[[str], None]) -> tuple[hashlib._Hash, Iterator[Entry]]:
    """The trials that are not in the ledger, and the digest of those that are."""
    seen = hashlib.sha256()
    reached, digest = ledger.reached
    if ledger.outdated:
        note("the program, its rules or its grammar have changed since an earlier run: all is read anew")
    if not reached:
        return seen, corpus.entries()
    if corpus.again:
        entries = corpus.entries()
        count = 0
        for entry in islice(entries, reached):
            _see(seen, entry)
            count += 1
        if count == reached and seen.hexdigest() == digest:
            note(f"an earlier run has read {ledger.trials:,} of the trials; going on after them")
            return seen, entries
        note("the corpus has changed since an earlier run: all is read anew")
    ledger.clear()
    return hashlib.sha256(), corpus.entries()


def _see(seen: hashlib._Hash, entry: Entry) -> None:
    seen.update(f"{entry.place}\0{len(entry.raw)}\0".encode(errors="surrogatepass"))
    seen.update(entry.raw)


def _portions(corpus: Corpus, entries: Iterator[Entry], reached: int, seen: hashlib._Hash) -> Iterator[_Portion]:
    found: list[Entry] = []
    size = 0
    for entry in entries:
        _see(seen, entry)
        found.append(entry)
        reached += 1
        size += len(entry.raw)
        if len(found) >= _MOST_ENTRIES or size >= _MOST_BYTES:
            yield _Portion(found, reached, seen.hexdigest(), corpus.position)
            found, size = [], 0
    if found:
        yield _Portion(found, reached, seen.hexdigest(), corpus.position)


# ---------------------------------------------------------------------------------------------------------------------
# Reading them


def _tallied(entries: list[Entry]) -> Tally:
    """What was read of some trials. One that cannot be read, or at which the program fails, is counted and named."""
    tally = Tally.empty()
    for place, raw, why in entries:
        if why:
            tally.broken.append(Broken(place, why))
            continue
        try:
            texts = sources.apart(sources.decode(raw))
        except EligibilityError as problem:
            tally.broken.append(Broken(place, problem.message))
            continue
        for number, text in enumerate(texts, 1):
            part = f"{place}, study {number}" if len(texts) > 1 else place
            try:
                tally = together(tally, tally_of(trial_of(text, part), part))
            except EligibilityError as problem:
                column = f" (column {problem.column})" if problem.column and problem.line == 1 else ""
                tally.broken.append(Broken(part, problem.message + column))
            except Exception as problem:
                tally.broken.append(Broken(part, f"a fault of the program ({_at(problem)}); please report it"))
    return tally


def _at(problem: Exception) -> str:
    place = problem.__traceback__
    while place and place.tb_next:
        place = place.tb_next
    where = f" at {Path(place.tb_frame.f_code.co_filename).name}:{place.tb_lineno}" if place else ""
    return type(problem).__name__ + where


def _here(portions: Iterator[_Portion]) -> Iterator[tuple[_Portion, Tally]]:
    for portion in portions:
        with uncollected():  # all that is made of a trial but its tally is gone when the next is read
            tally = _tallied(portion.entries)
        yield portion, tally


def _side_by_side(portions: Iterator[_Portion], workers: int) -> Iterator[tuple[_Portion, Tally]]:
    """The tallies in the order of the portions, whichever is ready first."""
    pool = ProcessPoolExecutor(workers, multiprocessing.get_context("spawn"), _ready)
    try:
        under_way: deque[tuple[_Portion, Future[Tally]]] = deque()
        for portion in portions:
            with _uninterrupted():  # a process that is started inherits it: an interrupt is for this one
                future = pool.submit(_tallied, portion.entries)
            under_way.append((portion, future))
            if len(under_way) >= _UNDER_WAY * workers:
                portion, future = under_way.popleft()
                yield portion, future.result()
        while under_way:
            portion, future = under_way.popleft()
            yield portion, future.result()
    except BrokenProcessPool as problem:
        raise EligibilityError(
            "a process ended before its work was done, perhaps for want of memory; what was read is kept, and the "
            "same command goes on (with fewer --workers it needs less memory)"
        ) from problem
    finally:
        pool.shutdown(cancel_futures=True)


@contextmanager
def _uninterrupted() -> Iterator[None]:
    """Put an interrupt off until after the block."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _ready() -> None:
    """Prepare a process, which has nothing to do without the one that started it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    gc.set_threshold(200_000, 50, 50)  # the vocabulary is many objects that all stay
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


# ---------------------------------------------------------------------------------------------------------------------
# Keeping them


def _keep(
    tallied: Iterator[tuple[_Portion, Tally]], ledger: Ledger, pause: float, tell: Callable[[Progress], None]
) -> None:
    """Put the tallies into the ledger, many at once."""
    held, trials = Tally.empty(), ledger.trials
    last: _Portion | None = None
    kept = time.monotonic()
    for portion, tally in tallied:
        held, last = together(held, tally), portion
        trials += tally.trials
        if time.monotonic() - kept >= pause or sum(map(len, held.counts.values())) > _MOST_COUNTS:
            ledger.add(held, portion.reached, portion.digest)
            held, last, kept = Tally.empty(), None, time.monotonic()
        tell(Progress(trials, portion.position))
    if last is not None:
        ledger.add(held, last.reached, last.digest)
