"""What was read of many trials, as a table, as a page and as JSON; and how far the reading is."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Final

from rich.console import Console, Group, RenderableType
from rich.progress import BarColumn, TaskProgressColumn, TextColumn, TimeElapsedColumn, TimeRemainingColumn
from rich.progress import Progress as Bar
from rich.text import Text

from eligibility import __name__ as _package
from eligibility.showing.page import template
from eligibility.showing.terminal import Page, bullet
from eligibility.surveying.ledger import Survey
from eligibility.surveying.survey import Progress
from eligibility.surveying.tallies import Count, Example
from eligibility.surveying.totals import Totals

__all__ = ["as_json", "page", "show", "watched"]

_ALONE: Final = (
    "Alone: the criteria that would be read in full if only this were. In criteria: all in which it was not understood"
)


@dataclass(frozen=True, slots=True)
class _Line:
    """One thing that was not understood, or is in doubt."""

    numbers: tuple[str, ...]
    size: int  # by which it stands where it does
    said: str
    example: Example


@dataclass(frozen=True, slots=True)
class _Section:
    """Things of one sort, those first that matter most."""

    id: str
    title: str
    means: str
    what: str
    headings: tuple[str, ...]
    lines: tuple[_Line, ...]


def _sections(found: Survey) -> tuple[_Section, ...]:
    alone = ("Alone", "In criteria", "In trials")
    sections = (
        _Section(
            "phrases",
            "Phrases that were not understood",
            f"{_ALONE}. # is any number; {found.distinct['phrase']:,} different ones.",
            "Phrase",
            alone,
            tuple(_line(count) for count in found.phrases),
        ),
        _Section(
            "starts",
            "How such phrases begin",
            f"{_ALONE}, by the first two words; {found.distinct['start']:,} different ones.",
            "First words",
            alone,
            tuple(_line(count, f"{count.said} …") for count in found.starts),
        ),
        _Section(
            "words",
            "Words that are not understood more often than they are",
            "In criteria: those in which the word was not understood; of: all that have it. "
            "Alone: those in which it was the only such word.",
            "Word",
            ("In criteria", "Of", "Alone"),
            tuple(
                _Line(
                    (f"{unread.criteria:,}", f"{met:,}", f"{unread.alone:,}"),
                    unread.criteria,
                    unread.said,
                    unread.example,
                )
                for unread, met in found.words
            ),
        ),
        _Section(
            "open",
            "Names that the vocabulary does not know",
            "Alone: the criteria that were read in full and have no other such name; "
            f"{found.distinct['open']:,} different ones.",
            "Name",
            alone,
            tuple(_line(count) for count in found.open),
        ),
        _Section(
            "doubts",
            "Rules that can hardly be meant",
            "They turn away somebody healthy, or whoever has what the trial studies; they let in whose organs fail, or "
            "whoever has what they name; or their limits are none. "
            "Mostly a word was misread, now and then it is meant, or the text is mistaken. "
            f"Alone: the criteria that were read in full; {found.distinct['doubt']:,} different ones.",
            "Why",
            alone,
            tuple(_line(count) for count in found.doubts),
        ),
    )
    return tuple(section for section in sections if section.lines)


def _line(count: Count, said: str = "") -> _Line:
    numbers = (f"{count.alone:,}", f"{count.criteria:,}", f"{count.trials:,}")
    return _Line(numbers, count.alone, said or count.said, count.example)


_UNREAD: Final = ("phrases", "starts", "words")
"""The sections of what was not understood; in the others the words of an example were."""


def _rows(found: Survey) -> tuple[tuple[str, Totals], ...]:
    return ("Inclusion", found.inclusion), ("Exclusion", found.exclusion), ("All", found.total)


def _percent(part: int, whole: int) -> str:
    return f"{part / whole:.1%}" if whole else "-"


# ---------------------------------------------------------------------------------------------------------------------
# On a terminal


def show(found: Survey, corpus: str, console: Console) -> None:
    """Print what was read of a corpus."""
    output = Page(console)
    for part in _shown(found, corpus, output):
        console.print(part)


def _of_trials(found: Survey, corpus: str) -> str:
    trials = f"{found.trials:,} trial{'' if found.trials == 1 else 's'} of {corpus}"
    return f"{trials}; in {found.whole:,} every criterion was read in full."


def _shown(found: Survey, corpus: str, output: Page) -> Iterator[RenderableType]:
    total = found.total
    headline = f"{_percent(total.whole, total.criteria)} of {total.criteria:,} criteria were read in full"
    yield output.text(headline, "bold")
    yield output.text(_of_trials(found, corpus))
    yield from _totals(found, output)
    for section in _sections(found):
        yield output.heading(section.title)
        yield output.text(section.means, "dim")
        yield from _lines(section, output)
    if found.broken:
        yield output.heading(f"What could not be read as a trial: {found.broken:,}")
        for place, why in found.places:
            yield bullet(output, output.text(f"{place}: {why}"), "-")
        if found.broken > len(found.places):
            yield bullet(output, output.text(f"and {found.broken - len(found.places):,} more", "dim"), "-")


_COLUMNS: Final[tuple[tuple[str, Callable[[Totals], str]], ...]] = (
    ("number", lambda one: f"{one.criteria:,}"),
    ("in full", lambda one: _percent(one.whole, one.criteria)),
    ("names known", lambda one: _percent(one.known, one.criteria)),
    ("in part", lambda one: _percent(one.partly, one.criteria)),
    ("not at all", lambda one: _percent(one.none, one.criteria)),
    ("words read", lambda one: _percent(one.words - one.unread, one.words)),
)


def _totals(found: Survey, output: Page) -> Iterator[RenderableType]:
    if not output.wide:
        for name, one in _rows(found):
            said = ", ".join(f"{heading} {value(one)}" for heading, value in _COLUMNS)
            yield bullet(output, output.text(f"{name} criteria: {said}"), "-")
        return
    table = output.table()
    table.add_column("criteria", min_width=len("inclusion"))
    for heading, _ in _COLUMNS:
        table.add_column(heading, justify="right", overflow="fold")
    for name, one in _rows(found):
        table.add_row(name.lower(), *(value(one) for _, value in _COLUMNS))
    yield table


def _lines(section: _Section, output: Page) -> Iterator[RenderableType]:
    if not output.wide:
        for line in section.lines:
            numbers = ", ".join(
                f"{heading.lower()} {number}" for heading, number in zip(section.headings, line.numbers, strict=True)
            )
            head = Text.assemble(output.text(line.said, "bold"), output.text(f"  {numbers}", "dim"))
            yield bullet(output, Group(head, _example(line.example, section, output)), "-")
        return
    table = output.table()
    for heading in section.headings:
        table.add_column(heading.lower(), justify="right", overflow="fold")
    table.add_column(section.what.lower(), ratio=2, overflow="fold")
    table.add_column("for example", ratio=3, overflow="fold")
    for line in section.lines:
        table.add_row(*line.numbers, output.text(line.said), _example(line.example, section, output))
    yield table


def _example(example: Example, section: _Section, output: Page) -> Text:
    before, after, style = ("[", "]", "reverse") if section.id in _UNREAD else ("{", "}", "underline")
    return Text.assemble(
        output.text(example.before),
        output.text(f"{before}{example.said}{after}", style),
        output.text(example.after),
        output.text(f"  {example.trial}, {example.kind}", "dim"),
    )


# ---------------------------------------------------------------------------------------------------------------------
# As a page and as JSON


def page(found: Survey, corpus: str) -> str:
    """What was read of a corpus as one HTML file that needs nothing else."""
    return template("survey").render(
        found=found,
        corpus=corpus,
        trials=_of_trials(found, corpus),
        total=found.total,
        rows=_rows(found),
        sections=_sections(found),
        percent=_percent,
    )


def as_json(found: Survey, corpus: str) -> dict[str, Any]:
    """What was read of a corpus as plain JSON."""
    return {
        "format": f"{_package} survey 2",
        "corpus": corpus,
        "trials": {"read": found.trials, "in_full": found.whole, "broken": found.broken},
        "criteria": {name.lower(): _plain_totals(one) for name, one in _rows(found)},
        "different": {
            "phrases": found.distinct["phrase"],
            "starts": found.distinct["start"],
            "words": found.distinct["word"],
            "open": found.distinct["open"],
            "doubts": found.distinct["doubt"],
        },
        "phrases": _plain(found.phrases),
        "starts": _plain(found.starts),
        "words": [{**_plain([unread])[0], "of": met} for unread, met in found.words],
        "open": _plain(found.open),
        "doubts": _plain(found.doubts),
        "broken": [{"place": place, "why": why} for place, why in found.places],
    }


def _plain_totals(one: Totals) -> dict[str, int]:
    return {
        "number": one.criteria,
        "in_full": one.whole,
        "names_known": one.known,
        "in_part": one.partly,
        "not_at_all": one.none,
        "words": one.words,
        "words_not_understood": one.unread,
        "words_of_unknown_names": one.open,
    }


def _plain(counts: Sequence[Count]) -> list[dict[str, Any]]:
    return [
        {
            "said": count.said,
            "alone": count.alone,
            "criteria": count.criteria,
            "trials": count.trials,
            "example": count.example._asdict(),
        }
        for count in counts
    ]


# ---------------------------------------------------------------------------------------------------------------------
# How far it is


@contextmanager
def watched(size: Callable[[], int | None]) -> Iterator[Callable[[Progress], None]]:
    """What is to be told how far the reading is: a bar on a terminal, which is gone when it is done; else nothing."""
    console = Console(stderr=True)
    if not console.is_terminal or console.is_dumb_terminal:
        yield lambda progress: None
        return
    total = size()
    columns = (TextColumn("Reading"), BarColumn(), TaskProgressColumn(), TextColumn("{task.fields[trials]:,} trials"))
    times = (TimeRemainingColumn(),) if total else (TimeElapsedColumn(),)
    with Bar(*columns, *times, console=console, transient=True) as bar:
        task = bar.add_task("", total=total, trials=0)

        def tell(progress: Progress) -> None:
            bar.update(task, completed=progress.position, trials=progress.trials)

        yield tell
