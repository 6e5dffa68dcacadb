"""The record of a call: what it found out for each trial, in whose words, and what the site must still check."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from rich.console import Console

from eligibility import __name__ as _package
from eligibility.calls.events import Answered, Noted, Stopped, plain
from eligibility.calls.keeping import Entry, KeptCall
from eligibility.calls.told import told
from eligibility.deciding.screen import screen
from eligibility.knowledge.edition import edition
from eligibility.showing.page import SIGNS, template
from eligibility.showing.report import Decision, Report, as_json, report_of
from eligibility.showing.terminal import Page, bullet, headline, waiting

__all__ = ["Record", "as_page", "entries_json", "record_json", "record_of", "show_entries", "show_record"]


@dataclass(frozen=True, slots=True)
class Said:
    """A question and the caller's answer to it, or a note; when, and who asked."""

    at: datetime
    by: str
    question: str
    words: str
    is_note: bool
    taken_back: bool


@dataclass(frozen=True, slots=True)
class Line:
    """A criterion with its verdict, and what the caller said of it."""

    decision: Decision
    words: tuple[Answered, ...]


@dataclass(frozen=True, slots=True)
class OfTrial:
    """One trial of the call. ``then``: what was found out when the call ended, where it would be something else now."""

    digest: str
    report: Report
    lines: tuple[Line, ...]
    then: str

    @property
    def name(self) -> str:
        """The trial's number and title; of a text without, what tells it from others."""
        return self.report.trial or f"text {self.digest[:8]}"

    def lines_of(self, kind: str) -> tuple[Line, ...]:
        """The criteria of one kind, in the order of the text."""
        return tuple([one for one in self.lines if one.decision.criterion.kind == kind])


@dataclass(frozen=True, slots=True)
class Check:
    """Something that the site must find out, and how many criteria wait for it."""

    words: str
    criteria: int


@dataclass(frozen=True, slots=True)
class Record:
    """All that there is to show of a call."""

    call: KeptCall
    trials: tuple[OfTrial, ...]
    to_check: tuple[tuple[str, tuple[Check, ...]], ...]
    """By who can answer; over all trials that are not out of the question for good."""
    said: tuple[Said, ...]
    same_edition: bool

    @property
    def end(self) -> str:
        """How the call ended, in a few words."""
        return _end(self.call.end)

    @property
    def led_by(self) -> str:
        """Who led it, in the order in which they did."""
        return ", ".join(dict.fromkeys((self.call.begun_by, *(one.by for one in self.call.moments))))


def _end(end: Stopped | None) -> str:
    if end is None:
        return "not ended"
    return "complete" if end.complete else "stopped before its end"


def record_of(call: KeptCall) -> Record:
    """The record of a call as it is kept, decided anew by the program that is running."""
    then = call.end.outcomes if call.end is not None else ()
    trials = []
    for place, kept in enumerate(call.texts):
        report = report_of(screen(kept.trial, call.profile, call.on))
        lines = tuple([Line(one, told(one.verdict, call.answers)) for one in report.decisions])
        was = then[place] if place < len(then) else ""
        trials.append(OfTrial(kept.digest, report, lines, "" if was == report.headline else was))
    return Record(
        call=call,
        trials=tuple(trials),
        to_check=_to_check([one.report for one in trials if not one.report.screening.lasting]),
        said=_said(call),
        same_edition=call.edition == edition(),
    )


def _to_check(reports: list[Report]) -> tuple[tuple[str, tuple[Check, ...]], ...]:
    waiting: dict[str, dict[str, int]] = {}
    for report in reports:
        for heading, questions in report.questions:
            of_heading = waiting.setdefault(heading, {})
            for one in questions:
                of_heading[one.words] = of_heading.get(one.words, 0) + len(one.criteria)
    return tuple(
        [
            (heading, tuple([Check(words, count) for words, count in found.items()]))
            for heading, found in waiting.items()
        ]
    )


def _said(call: KeptCall) -> tuple[Said, ...]:
    stand = {id(one) for one in call.answers}
    found = []
    for moment in call.moments:
        match moment.event:
            case Answered(question=question, words=words) as answered:
                found.append(Said(moment.at, moment.by, question.text, words, False, id(answered) not in stand))
            case Noted(words=words, question=during):
                found.append(Said(moment.at, moment.by, during.text if during else "", words, True, False))
            case _:
                pass
    return tuple(found)


# ---------------------------------------------------------------------------------------------------------------------
# JSON


def record_json(record: Record) -> dict[str, Any]:
    """The record as plain JSON: of each trial the screening, with the caller's words at each criterion."""
    call = record.call
    return {
        "format": f"{_package} call 1",
        "id": call.id,
        "begun_at": _utc(call.begun_at),
        "begun_by": call.begun_by,
        "on": call.on.isoformat(),
        "ask_labs": call.ask_labs,
        "end": record.end,
        "edition": call.edition,
        "decided_by_the_same_edition": record.same_edition,
        "trials": [
            {
                "digest": one.digest,
                "outcome": one.report.headline,
                "outcome_then": one.then or one.report.headline,
                "said": {
                    line.decision.criterion.id: [
                        {"question": answer.question.text, "words": answer.words} for answer in line.words
                    ]
                    for line in one.lines
                    if line.words
                },
                "screening": as_json(one.report),
            }
            for one in record.trials
        ],
        "to_check": {heading: [one.words for one in checks] for heading, checks in record.to_check},
        "events": [
            {"number": one.number, "at": _utc(one.at), "by": one.by, **plain(one.event)} for one in call.moments
        ],
    }


def _utc(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


# ---------------------------------------------------------------------------------------------------------------------
# A page, and the terminal


def as_page(record: Record) -> str:
    """The record as HTML that needs nothing else, to be sent to the site and printed."""
    return template("record").render(record=record, call=record.call, signs=SIGNS, local=local)


def local(moment: datetime) -> str:
    """A moment as the clock on the wall shows it."""
    return moment.astimezone().strftime("%Y-%m-%d %H:%M")


def show_record(record: Record, console: Console) -> None:
    """Print the record."""
    page = Page(console)
    call = record.call
    console.print(page.text(f"Call {call.id}: {record.end}", "bold"))
    about = [f"led by {record.led_by}", f"begun {local(call.begun_at)}", f"screening date {call.on}"]
    about += [f"patient {call.before.id}"] if call.before.id else []
    console.print(page.text(", ".join(about), "dim"))
    if not record.same_edition:
        console.print(page.text("The rules have changed since: this is what they say today.", "yellow"))
    for one in record.trials:
        _show_trial(one, page)
    if record.to_check:
        console.print(page.heading("For the site to check"))
        for heading, checks in record.to_check:
            for line in waiting(heading, [(one.words, one.criteria) for one in checks], page):
                console.print(line)
    if record.said:
        console.print(page.heading("What was asked, and said"))
        for said in record.said:
            console.print(bullet(page, page.text(_line(said), "dim strike" if said.taken_back else ""), "-"))


def _line(said: Said) -> str:
    when = f"{local(said.at)}, {said.by}: "
    if said.is_note:
        return f"{when}note: {said.words}" + (f" (at: {said.question})" if said.question else "")
    return f"{when}{said.question} “{said.words}”" + (" (taken back)" if said.taken_back else "")


def _show_trial(one: OfTrial, page: Page) -> None:
    report = one.report
    page.console.print(page.heading(one.name))
    page.console.print(headline(report, page))
    if one.then:
        page.console.print(page.text(f"When the call ended it was: {one.then}", "yellow"))
    page.console.print(page.text(report.decided))
    for line in one.lines:
        criterion = line.decision.criterion
        page.console.print(
            bullet(
                page,
                page.text(f"{criterion.kind}, {line.decision.status}: {criterion.text}"),
                page.sign(line.decision.effect),
            )
        )
        for answer in line.words:
            page.console.print(bullet(page, page.text(f"{answer.question.text} “{answer.words}”", "cyan"), "", 2))
        page.console.print(bullet(page, page.text(line.decision.reason, "dim"), "", 2))


# ---------------------------------------------------------------------------------------------------------------------
# The list


def entries_json(entries: Iterable[Entry]) -> list[dict[str, Any]]:
    """The list of calls as plain JSON."""
    return [
        {
            "id": one.id,
            "begun_at": _utc(one.begun_at),
            "begun_by": one.begun_by,
            "on": one.on.isoformat(),
            "trials": list(one.trials),
            "answers": one.answers,
            "end": _end(one.end),
            "outcomes": list(one.end.outcomes) if one.end else [],
        }
        for one in entries
    ]


def show_entries(entries: Sequence[Entry], where: str, console: Console) -> None:
    """Print the list of calls."""
    page = Page(console)
    if not entries:
        console.print(page.text(f"No call is kept in {where}."))
        return
    table = page.table()
    for heading in ("Call", "Begun", "By", "Trials", "Answers", "End"):
        table.add_column(heading, overflow="fold", no_wrap=heading == "Call")
    for one in entries:
        outcomes = one.end.outcomes if one.end else ("",) * len(one.trials)
        about = "\n".join(
            f"{name}: {outcome}" if outcome else name for name, outcome in zip(one.trials, outcomes, strict=True)
        )
        cells = (one.id, local(one.begun_at), one.begun_by, about, str(one.answers), _end(one.end))
        table.add_row(*map(page.text, cells))
    console.print(table)
