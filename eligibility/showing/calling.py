"""The call: as a conversation on a terminal, and line by line as JSON for a program that leads it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from typing import Any, Final

from rich.console import Console

from eligibility.calls import Interview
from eligibility.calls.choosing import Asked
from eligibility.calls.interview import Outcome
from eligibility.calls.questions import NOT_SURE, Question
from eligibility.errors import EligibilityError
from eligibility.showing import terminal
from eligibility.showing.report import as_json, report_of
from eligibility.showing.terminal import Page

__all__ = ["converse", "dialogue", "show_outcome"]

_HELP: Final = "Enter: not sure · w: why, and the text · b: back · s: stop"


def converse(call: Interview, console: Console, ask: Callable[[str], str]) -> None:
    """Ask one question after the other until the call may stop, or the coordinator stops it.

    ``ask`` shows a prompt and returns what was typed; the end of input stops the call.
    """
    page = Page(console)
    topic = ""
    console.print(page.text(_HELP, "dim"))
    while (asked := call.next_question()) is not None:
        if asked.question.topic != topic:
            topic = asked.question.topic
            console.print(page.heading(topic[:1].upper() + topic[1:]))
        console.print(page.text(f"{len(call.answers) + 1}. {asked.text}", "bold"))
        try:
            typed = ask(_prompt(asked.question)).strip()
        except EOFError:
            return
        match typed.lower():
            case "s" | "stop":
                return
            case "b" | "back":
                if call.undo() is None:
                    console.print(page.text("This is the first question.", "yellow"))
            case "w" | "why":
                _explain(asked, page)
            case _:
                try:
                    call.answer(_chosen(asked.question, typed))
                except EligibilityError as problem:
                    console.print(page.text(str(problem), "yellow"))


def _prompt(question: Question) -> str:
    choices = [f"{number} {choice}" for number, choice in enumerate(question.choices, 1)]
    return f"   [{', '.join(choices) or _FREE[question.expects]}] "


_FREE: Final = {
    "date": "a day, March 2026, two weeks ago",
    "birth date": "a day, as 1961-03-02",
    "number": "a number",
}


def _chosen(question: Question, typed: str) -> str:
    """What was typed, or the choice of that number; nothing is "not sure"."""
    if not typed:
        return NOT_SURE
    if typed.isdecimal() and 0 < int(typed) <= len(question.choices):
        return question.choices[int(typed) - 1]
    return typed


def _explain(asked: Asked, page: Page) -> None:
    page.console.print(page.text(f"   Asked because {asked.because}. The text:", "dim"))
    for trial, criterion in asked.bears_on:
        name = f"{trial.record.nct_id}: " if trial.record.nct_id else ""
        page.console.print(page.text(f"   {name}{criterion.kind}: {criterion.text}", "dim"))


def show_outcome(outcome: Outcome, console: Console) -> None:
    """What was found out, trial by trial."""
    page = Page(console)
    asked = len(outcome.answers)
    end = "nothing is left to ask" if outcome.complete else "stopped before its end"
    console.print(page.heading(f"{asked} question{'' if asked == 1 else 's'}; {end}"))
    for found in outcome.trials:
        terminal.show(report_of(found.screening), console)


def dialogue(call: Interview, lines: Iterable[str], write: Callable[[str], None]) -> None:
    """Lead a call by lines of JSON.

    Each question is written as ``{"question": {...}}``. A line that is read is ``{"answer": "yes"}``,
    ``{"undo": true}`` or ``{"stop": true}``. What cannot be taken is answered by ``{"error": "..."}``, and the question
    by itself. At the end comes ``{"outcome": {...}}``.
    """
    read = iter(lines)
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
    outcome = call.outcome()
    write(
        _line(
            {
                "outcome": {
                    "complete": outcome.complete,
                    "answers": [
                        {"question": one.question.text, "about": one.question.about, "words": one.words}
                        for one in outcome.answers
                    ],
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
        case {"stop": True}:
            return False
        case _:
            raise EligibilityError('expected a line of JSON: {"answer": "..."}, {"undo": true} or {"stop": true}')
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
        "because": asked.because,
        "criteria": [criterion.id for _, criterion in asked.bears_on],
    }


def _line(value: dict[str, Any]) -> str:
    return json.dumps(value, ensure_ascii=False)
