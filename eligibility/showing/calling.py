"""The call: as a conversation on a terminal, and line by line as JSON for a program that leads it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from typing import Any, Final

from rich.console import Console

from eligibility.calls import Interview
from eligibility.calls.choosing import Asked
from eligibility.calls.interview import Outcome
from eligibility.calls.questions import NONE, NOT_SURE, Question
from eligibility.calls.wording import plain
from eligibility.errors import EligibilityError
from eligibility.rules import Trial
from eligibility.showing import terminal
from eligibility.showing.report import as_json, report_of
from eligibility.showing.terminal import Page

__all__ = ["converse", "dialogue", "show_outcome"]

_HELP: Final = "Enter: not sure · n and words: a note · w: why, and the text · b: back · s: stop"


def converse(call: Interview, console: Console, ask: Callable[[str], str], name: str | None = None) -> None:
    """Ask one question after the other until the call may stop, or the coordinator stops it.

    ``ask`` shows a prompt and returns what was typed; the end of input stops the call. ``name``: that of a call that is
    kept.
    """
    page = Page(console)
    topic = ""
    if name is not None:
        console.print(page.text(f"Call {name}. Every answer is kept as soon as it is given.", "dim"))
    console.print(page.text(_HELP, "dim"))
    over: tuple[Trial, ...] = ()
    while (asked := call.next_question()) is not None:
        if len(call.trials) > 1:
            _tell_new([trial for trial in call.over if trial not in over], call, page)
            over = call.over
        if asked.question.topic != topic:
            topic = asked.question.topic
            console.print(page.heading(topic[:1].upper() + topic[1:]))
        console.print(page.text(f"{len(call.answers) + 1}. {asked.text}", "bold"))
        try:
            typed = ask(_prompt(asked.question, call.open_questions)).strip()
        except EOFError:
            return
        command, _, words = typed.partition(" ")
        try:
            match command.lower():
                case "s" | "stop" if not words:
                    return
                case "b" | "back" if not words:
                    if call.undo() is None:
                        console.print(page.text("This is the first question.", "yellow"))
                case "w" | "why" if not words:
                    _explain(asked, page)
                case "n" | "note" if words or not _is_answer(typed, asked.question):
                    call.note(words, asked.question)
                    console.print(page.text("   Noted.", "dim"))
                case _:
                    call.answer(_chosen(asked.question, typed), asked.question)
        except EligibilityError as problem:
            console.print(page.text(str(problem), "yellow"))


def _is_answer(typed: str, question: Question) -> bool:
    """Whether "n" is a no, and not a note without words."""
    return typed == "n" and bool(question.choices)


def _tell_new(over: list[Trial], call: Interview, page: Page) -> None:
    """Say which trials an answer has put out of the question for good."""
    for trial in over:
        named = trial.record.nct_id or trial.record.title or "a trial"
        left = len(call.trials) - len(call.over)
        page.console.print(
            page.text(f"   {named} is out for good; {left} of {len(call.trials)} trials are left.", "red")
        )


def _prompt(question: Question, open_questions: int) -> str:
    choices = [f"{number} {choice}" for number, choice in enumerate(question.choices, 1)]
    if question.several:
        choices = ["0 none of them", "or their numbers, as 1, 3", "2? if not sure"]
    more = f"; {open_questions - 1} more may come" if open_questions > 1 else ""
    return f"   [{', '.join(choices) or _FREE[question.expects]}{more}] "


_FREE: Final = {
    "date": "a day, March 2026, two weeks ago",
    "birth date": "a day, as 1961-03-02",
    "number": "a number",
}


def _chosen(question: Question, typed: str) -> str:
    """What was typed, or the choice of that number; nothing is "not sure"."""
    if not typed:
        return NOT_SURE
    if question.several:
        return NONE if typed == "0" else typed
    if typed.isdecimal() and 0 < int(typed) <= len(question.choices):
        return question.choices[int(typed) - 1]
    return typed


def _explain(asked: Asked, page: Page) -> None:
    page.console.print(page.text(f"   Asked because {asked.because}. The text:", "dim"))
    for trial, criterion in asked.bears_on:
        name = f"{trial.record.nct_id}: " if trial.record.nct_id else ""
        page.console.print(page.text(f"   {name}{criterion.kind}: {criterion.text}", "dim"))


def show_outcome(outcome: Outcome, console: Console, name: str | None = None) -> None:
    """What was found out, trial by trial; ``name``: that of a call that is kept."""
    page = Page(console)
    asked = len(outcome.answers)
    end = "nothing is left to ask" if outcome.complete else "stopped before its end"
    console.print(page.heading(f"{asked} question{'' if asked == 1 else 's'}; {end}"))
    for found in outcome.trials:
        console.print()
        terminal.show_summary(report_of(found.screening), console)
    if name is not None:
        console.print(page.heading("The record"))
        console.print(page.text(f"eligibility calls show {name} --output record.html"))
        if not outcome.complete:
            console.print(page.text(f"eligibility calls resume {name}"))


def dialogue(call: Interview, lines: Iterable[str], write: Callable[[str], None], name: str | None = None) -> None:
    """Lead a call by lines of JSON.

    First comes ``{"call": name}``, where it is kept by a name. Each question is written as ``{"question": {...}}``. A
    line that is read is ``{"answer": "yes"}``, ``{"undo": true}``, ``{"note": "..."}`` or ``{"stop": true}``. What
    cannot be taken is answered by ``{"error": "..."}``, and the question by itself. At the end comes
    ``{"outcome": {...}}``.
    """
    read = iter(lines)
    if name is not None:
        write(_line({"call": name}))
    while (asked := call.next_question()) is not None:
        write(_line({"question": _plain(asked, len(call.answers) + 1)}))
        line = next(read, None)
        if line is None:
            break
        try:
            if not _taken(call, line):
                break
        except EligibilityError as problem:
            write(_line({"error": str(problem)}))
    outcome = call.stop()
    write(
        _line(
            {
                "outcome": {
                    "complete": outcome.complete,
                    "answers": [
                        {"question": one.question.text, "about": one.question.about, "words": one.words}
                        for one in outcome.answers
                    ],
                    "notes": [one.words for one in outcome.notes],
                    "trials": [as_json(report_of(found.screening)) for found in outcome.trials],
                }
            }
        )
    )


def _taken(call: Interview, line: str) -> bool:
    """Whether the call goes on, having done what a line asks for."""
    try:
        given: Any = json.loads(line)
    except json.JSONDecodeError:
        given = None
    match given:
        case {"answer": str(words)}:
            call.answer(words)
        case {"undo": True}:
            if call.undo() is None:
                raise EligibilityError("there is no answer to take back")
        case {"note": str(words)}:
            asked = call.next_question()
            call.note(words, asked.question if asked else None)
        case {"stop": True}:
            return False
        case _:
            raise EligibilityError(
                'expected a line of JSON: {"answer": "..."}, {"undo": true}, {"note": "..."} or {"stop": true}'
            )
    return True


def _plain(asked: Asked, number: int) -> dict[str, Any]:
    question = asked.question
    return {
        "number": number,
        "text": question.text,
        "topic": question.topic,
        "expects": question.expects,
        "choices": [*question.choices, NOT_SURE],
        **({"unit": question.unit} if question.unit else {}),
        **({"several": [plain(name) for name in question.several]} if question.several else {}),
        "because": asked.because,
        "criteria": [criterion.id for _, criterion in asked.bears_on],
    }


def _line(value: dict[str, Any]) -> str:
    return json.dumps(value, ensure_ascii=False)
