"""The table: a report or a trial on a terminal, of any width, with or without colours and signs."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from typing import IO, Final

from rich import box
from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text
from rich.tree import Tree

from eligibility.deciding.explain import words_of
from eligibility.rules import Ambiguous, Conditional, Constant, Criterion, ForArms, Not, Rule, Trial, Unread, children
from eligibility.showing.reading import How, pieces, tally
from eligibility.showing.report import Decision, Effect, Report
from eligibility.showing.signs import fitting, harmless
from eligibility.surveying.tallies import Sort, tally_of
from eligibility.surveying.totals import read_of

__all__ = ["Page", "bullet", "console_for", "headline", "show", "show_summary", "tree", "waiting"]

_NARROW: Final = 76
"""Columns below which criteria stand below each other instead of in a table."""

_SIGNS: dict[Effect, tuple[str, str, str]] = {  # sign, sign in ASCII, style
    "passes": ("✓", "+", "green"),
    "excludes": ("✗", "x", "bold red"),
    "open": ("?", "?", "yellow"),
}
_STYLES: dict[How, str] = {"read": "", "filler": "dim", "open": "underline", "unread": "reverse"}
_BRACKETS: dict[How, tuple[str, str]] = {"read": ("", ""), "filler": ("", ""), "open": ("{", "}"), "unread": ("[", "]")}


class Page:
    """What can be shown on one output."""

    def __init__(self, console: Console) -> None:
        self.console = console
        self.encoding = console.encoding or "ascii"
        self.ascii = fitting("✓✗─", self.encoding) != "✓✗─"
        self.wide = console.width >= _NARROW

    def text(self, words: str, style: str = "") -> Text:
        """Words in signs that can be shown."""
        return Text(fitting(harmless(words), self.encoding), style)

    def sign(self, effect: Effect) -> Text:
        """The sign of what a verdict means."""
        sign, plain, style = _SIGNS[effect]
        return Text(plain if self.ascii else sign, style)

    def heading(self, words: str) -> RenderableType:
        """A line that stands apart."""
        return Group(Text(""), self.text(words, "bold"))

    def table(self) -> Table:
        """A table as wide as the output."""
        return Table(box=box.ASCII2 if self.ascii else box.SIMPLE_HEAD, expand=True, header_style="bold")


# ---------------------------------------------------------------------------------------------------------------------
# A screening


def show(report: Report, console: Console) -> None:
    """Print a report."""
    page = Page(console)
    for part in _screening(report, page):
        console.print(part)


def show_summary(report: Report, console: Console) -> None:
    """Print what decides a report, and, unless that is for good, what is unknown."""
    for part in _summary(report, Page(console), questions=not report.screening.lasting):
        console.print(part)


def _summary(report: Report, page: Page, *, questions: bool) -> Iterator[RenderableType]:
    screening = report.screening
    yield headline(report, page)
    about = [f"patient {report.patient}" if report.patient else "", f"on {screening.on}", report.trial]
    yield page.text(", ".join(part for part in about if part), "dim")
    yield page.text(report.decided)
    if report.deciding:
        yield page.heading("What decides it")
        yield from (_item(one, page) for one in report.deciding)
    if questions and report.questions:
        yield page.heading("What is unknown, and who can answer")
        for heading, asked in report.questions:
            yield from waiting(heading, [(one.words, len(one.criteria)) for one in asked], page)


def headline(report: Report, page: Page) -> RenderableType:
    """The status of a report, with its sign."""
    words = report.headline[:1].upper() + report.headline[1:]
    return Text.assemble(page.sign(report.effect), " ", page.text(words, f"bold {_SIGNS[report.effect][2]}"))


def waiting(heading: str, asked: Iterable[tuple[str, int]], page: Page) -> Iterator[RenderableType]:
    """What somebody has to find out, each thing with the number of criteria that wait for it."""
    yield Padding(page.text(heading, "yellow"), (0, 0, 0, 2))
    for words, criteria in asked:
        more = f"  ({criteria} criteria)" if criteria > 1 else ""
        yield bullet(page, page.text(words + more), "-", 4)


def _screening(report: Report, page: Page) -> Iterator[RenderableType]:
    yield from _summary(report, page, questions=True)
    for title, kind in (
        ("Inclusion criteria (met is what is wanted)", "inclusion"),
        ("Exclusion criteria (met excludes)", "exclusion"),
    ):
        decisions = tuple(one for one in report.decisions if one.criterion.kind == kind)
        if not decisions:
            continue
        yield page.heading(title)
        if page.wide:
            yield _rows(decisions, page)
        else:
            yield from (_item(one, page) for one in decisions)
    if any(one.criterion.unread for one in report.decisions):
        yield Text("")
        yield page.text("Words in [brackets] were not understood.", "dim")


def bullet(page: Page, text: RenderableType, sign: str | Text, indent: int = 2) -> RenderableType:
    """A text behind a sign, its lines below each other."""
    line = Table.grid(padding=(0, 1, 0, 0))
    line.add_column(width=1)
    line.add_column(ratio=1, overflow="fold")
    line.add_row(sign, text)
    return Padding(line, (0, 0, 0, indent))


def _item(one: Decision, page: Page) -> RenderableType:
    arms = f", for {', '.join(one.criterion.arms)}" if one.criterion.arms else ""
    about = f"{one.criterion.kind}, {one.status}{arms}"
    return bullet(
        page, Group(_marked(one.criterion, page), page.text(f"{about}: {one.reason}", "dim")), page.sign(one.effect)
    )


def _rows(decisions: tuple[Decision, ...], page: Page) -> Table:
    table = page.table()
    table.add_column("", width=1)
    table.add_column("verdict", width=7)
    table.add_column("criterion", ratio=1, overflow="fold")
    table.add_column("why", ratio=1, overflow="fold")
    for one in decisions:
        arms = f" (for {', '.join(one.criterion.arms)})" if one.criterion.arms else ""
        text = _marked(one.criterion, page)
        text.append_text(page.text(arms, "dim"))
        table.add_row(page.sign(one.effect), Text(str(one.status), _SIGNS[one.effect][2]), text, page.text(one.reason))
    return table


def _marked(criterion: Criterion, page: Page) -> Text:
    """The text of a criterion in one line; what was not understood stands in brackets."""
    found = Text()
    for piece in pieces(criterion):
        before, after = _BRACKETS[piece.how] if piece.how == "unread" else ("", "")
        words = " ".join(piece.text.split())
        if piece.text[:1].isspace() and len(found):
            found.append(" ")
        found.append_text(page.text(f"{before}{words}{after}" if words else "", _STYLES[piece.how]))
        if piece.text[-1:].isspace() and words:
            found.append(" ")
    found.rstrip()
    return found


# ---------------------------------------------------------------------------------------------------------------------
# A trial as it was read


def tree(trial: Trial, console: Console) -> None:
    """Print the rules of a trial as a tree, and how much was read."""
    page = Page(console)
    record = trial.record
    named = " ".join(part for part in (record.nct_id, record.title) if part)
    if named:
        console.print(page.text(named, "bold"))
    if trial.studied:
        console.print(page.text(f"studied: {', '.join(trial.studied)}"))
    if trial.arms:
        console.print(page.text(f"arms: {', '.join(trial.arms)}"))
    for kind, title in (("inclusion", "Inclusion criteria"), ("exclusion", "Exclusion criteria")):
        criteria = [one for one in trial.criteria if one.kind == kind]
        if criteria:
            console.print(page.heading(title))
            for criterion in criteria:
                console.print(_criterion(criterion, page))
    if trial.notes:
        console.print(page.heading("Notes: text that is no criterion"))
        for note in trial.notes:
            console.print(bullet(page, page.text(" ".join(note.split())), "-"))
    read = tally(trial.criteria)
    console.print(Text(""))
    console.print(
        page.text(
            f"{read.understood} of {read.criteria} criteria were read in full; "
            f"{read.share:.0%} of {read.words} words ({read.unread} not understood, in [brackets]; "
            f"{read.open} name something that the vocabulary does not know, in {{braces}})."
        )
    )
    for part in _to_look_at(trial, page):
        console.print(part)


def _to_look_at(trial: Trial, page: Page) -> Iterator[RenderableType]:
    """What keeps criteria from being read in full, and what from being known, that first which does so alone; and rules
    that can hardly be meant."""
    counts = tally_of(trial).counts
    sorts: tuple[tuple[Sort, str, str], ...] = (
        ("phrase", "What was not understood", "would be read in full"),
        ("open", "Names that the vocabulary does not know", "would have known names only"),
    )
    for sort, title, alone in sorts:
        found = sorted(counts[sort].values(), key=lambda count: (-count.alone, -count.criteria))
        if found:
            yield page.heading(title)
        for count in found:
            freed = f"; {count.alone} {alone} if only this were known" if count.alone else ""
            yield bullet(page, page.text(f"{count.said}  (in {_criteria(count.criteria)}{freed})"), "-")
    if counts["doubt"]:
        yield page.heading("Rules that can hardly be meant")
    for count in counts["doubt"].values():
        yield bullet(page, page.text(f"{count.example.said}: {count.said}"), "-")


def _criteria(number: int) -> str:
    return f"{number} criteri{'on' if number == 1 else 'a'}"


def _criterion(criterion: Criterion, page: Page) -> Tree:
    head = Text()
    for piece in pieces(criterion):
        before, after = _BRACKETS[piece.how]
        found = page.text(f"{before}{' '.join(piece.text.split())}{after}", _STYLES[piece.how])
        if piece.text[:1].isspace() and head and not head.plain.endswith(" "):
            head.append(" ")
        head.append_text(found if piece.text.strip() else Text(" " if head and not head.plain.endswith(" ") else ""))
        if piece.text[-1:].isspace() and not head.plain.endswith(" "):
            head.append(" ")
    head.rstrip()
    read = read_of(criterion)
    unread = f"{read.unread} of {read.words} words not understood" if read.unread else ""
    about = ", ".join(part for part in (criterion.id, *criterion.arms, unread) if part)
    head.append_text(page.text(f"  {about}", "dim"))
    branch = Tree(head, guide_style="dim")
    _grow(branch, criterion.rule, page)
    return branch


def _grow(branch: Tree, rule: Rule, page: Page, before: str = "") -> None:
    parts = children(rule)
    match rule:
        case Not():
            _grow(branch, rule.part, page, f"{before}not ")
            return
        case Constant():
            words = f"{rule.why} ({'always' if rule.holds else 'never'})"
        case Unread():
            words = f"not understood: {rule.text.strip()}"
        case Conditional():
            inner = branch.add(page.text(f"{before}depends:"))
            for label, part in zip(("if ", "then ", "else "), parts, strict=True):
                _grow(inner, part, page, label)
            return
        case Ambiguous():
            words = f"two readings ({rule.why}):"
        case ForArms():
            words = f"for {', '.join(rule.arms)}:"
        case _ if rule.kind in ("all", "any", "at_least", "on_scales"):
            words = {"all": "all of:", "any": "any of:", "on_scales": "on the scale that was scored:"}.get(
                rule.kind, f"at least {getattr(rule, 'count', 1)} of:"
            )
        case _:
            branch.add(page.text(before + words_of(rule)))
            return
    inner = branch.add(page.text(before + words, "reverse" if isinstance(rule, Unread) else ""))
    for part in parts:
        _grow(inner, part, page)


def console_for(output: IO[str] | None = None, width: int | None = None) -> Console:
    """A console on standard output, or on a file."""
    return Console(file=output or sys.stdout, width=width, highlight=False, markup=False, emoji=False)
