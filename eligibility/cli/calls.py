"""The commands of the pre-screening call: to lead one, and to see, take up, hand on or delete those that are kept."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Optional

import typer

from eligibility.cli.shared import (
    OUTPUT,
    TRIAL_HELP,
    ScreenFormat,
    by_ending,
    console_on,
    day_of,
    json_of,
    trial_of,
    working,
    write,
)
from eligibility.errors import EligibilityError

if TYPE_CHECKING:
    from eligibility.calls import Interview
    from eligibility.calls.keeping import Store

__all__ = ["app", "call"]

app = typer.Typer(
    help="The calls that are kept: list them, show their records, go on with one, hand it on, delete it.",
    no_args_is_help=True,
    rich_markup_mode=None,
)

_STORE = typer.Option(
    "--store",
    metavar="PLACE",
    envvar="ELIGIBILITY_CALLS",
    help="Where calls are kept: a file, or postgresql://user@host/database; else a file in your own data folder.",
    show_default=False,
)
_BY = typer.Option(
    "--by",
    metavar="NAME",
    envvar="ELIGIBILITY_BY",
    help="Who leads the call; else who is logged in.",
    show_default=False,
)
_SCRIPT = typer.Option("--script", help="Lead the call by lines of JSON on standard input and output.")
_CALL = typer.Argument(metavar="CALL", help="The id of a call, or its beginning.", show_default=False)


def call(
    trials: Annotated[list[str], typer.Argument(metavar="TRIAL...", help=TRIAL_HELP, show_default=False)],
    patient: Annotated[
        Optional[str],  # noqa: UP045 - typer evaluates it
        typer.Option("--patient", metavar="FILE", help="What is known of the caller before: a profile."),
    ] = None,
    on: Annotated[
        Optional[str],  # noqa: UP045
        typer.Option("--on", metavar="DATE", help="The day of the call, as 2026-11-01; else today."),
    ] = None,
    ask_labs: Annotated[
        bool, typer.Option("--ask-labs", help="Ask for test results, too; else they are listed for the site.")
    ] = False,
    script: Annotated[bool, _SCRIPT] = False,
    by: Annotated[Optional[str], _BY] = None,  # noqa: UP045
    store: Annotated[Optional[str], _STORE] = None,  # noqa: UP045
    unkept: Annotated[bool, typer.Option("--unkept", help="Keep nothing of the call: to try it.")] = False,
) -> None:
    """Lead a pre-screening call: the next best question for one trial or many, until nothing is left to ask.

    Each question is the one that is expected to settle most for least effort; a fact is asked once for all trials. It
    stops when every trial is out of the question for good, or nothing is left that a caller can settle. Then it shows
    for each trial what is decided, and what the site must still check. Every answer is kept before the next question
    comes: see 'eligibility calls'.

    \b
    Examples:
      eligibility call trial.txt
      eligibility call trial.txt other.json --patient known.yaml --ask-labs
      echo '{"answer": "no"}' | eligibility call trial.txt --script
    \b
    With --script, the first line is {"call": ID}; a question is a line {"question": {"text": ..., "choices": [...],
    ...}}; answer it by a line {"answer": "yes"}, or {"undo": true}, {"note": "..."} or {"stop": true}. The last line is
    {"outcome": {...}}.
    """
    if patient == "-" or "-" in trials:
        raise EligibilityError("standard input is the caller's here; expected files for the trials and the patient")
    day = day_of(on)
    with working("Reading the criteria"):
        from eligibility.calls import Interview  # noqa: PLC0415
        from eligibility.patient.profile import PatientProfile  # noqa: PLC0415

        profile = PatientProfile.load(patient) if patient else None
        read = [trial_of(name) for name in trials]
    if unkept:
        _lead(Interview(read, profile, on=day, ask_labs=ask_labs), None, script=script)
        return
    with _opened(store) as kept:
        name, interview = kept.begin(read, profile, by=by or _who(), on=day, ask_labs=ask_labs)
        _lead(interview, name, script=script)


@app.command("list")
def list_(
    form: Annotated[
        Optional[ScreenFormat],  # noqa: UP045
        typer.Option("--format", "-f", help="How to show them: a table or json."),
    ] = None,
    store: Annotated[Optional[str], _STORE] = None,  # noqa: UP045
) -> None:
    """List the calls that are kept, the latest first."""
    if form is ScreenFormat.HTML:
        raise EligibilityError("--format html: the list is shown as a table or as json; a call has a page: calls show")
    with _opened(store) as kept:
        entries = kept.entries()
        from eligibility.showing import record  # noqa: PLC0415

        if form is ScreenFormat.JSON:
            write(json_of(record.entries_json(entries)) + "\n", None)
            return
        with console_on(None) as console:
            record.show_entries(entries, kept.where, console)


@app.command()
def show(
    name: Annotated[str, _CALL],
    form: Annotated[
        Optional[ScreenFormat],  # noqa: UP045
        typer.Option("--format", "-f", help="How to show it; else by the ending of --output, else a table."),
    ] = None,
    output: Annotated[Optional[Path], OUTPUT] = None,  # noqa: UP045
    store: Annotated[Optional[str], _STORE] = None,  # noqa: UP045
) -> None:
    """Show the record of a call: of each trial the outcome, the caller's words, and what the site must check.

    \b
    Examples:
      eligibility calls show 4f1c
      eligibility calls show 4f1c --output record.html
    """
    with _opened(store) as kept:
        found = kept.read(name)
    with working("Deciding"):
        from eligibility.showing import record  # noqa: PLC0415

        made = record.record_of(found)
    match form or by_ending(output):
        case ScreenFormat.JSON:
            write(json_of(record.record_json(made)) + "\n", output)
        case ScreenFormat.HTML:
            write(record.as_page(made), output)
        case _:
            with console_on(output) as console:
                record.show_record(made, console)


@app.command()
def resume(
    name: Annotated[str, _CALL],
    script: Annotated[bool, _SCRIPT] = False,
    by: Annotated[Optional[str], _BY] = None,  # noqa: UP045
    store: Annotated[Optional[str], _STORE] = None,  # noqa: UP045
) -> None:
    """Go on with a call where it was left, whether it was stopped or broken off."""
    with _opened(store) as kept:
        with working("Taking the call up again"):
            full, interview = kept.resume(name, by=by or _who())
        _lead(interview, full, script=script)


@app.command()
def export(
    name: Annotated[str, _CALL],
    profile: Annotated[
        bool, typer.Option("--profile", help="Only what is known of the caller, as a profile for 'eligibility screen'.")
    ] = False,
    output: Annotated[Optional[Path], OUTPUT] = None,  # noqa: UP045
    store: Annotated[Optional[str], _STORE] = None,  # noqa: UP045
) -> None:
    """Write out all that is kept of a call as JSON: its trials as they were read, what was known, and every event.

    \b
    Examples:
      eligibility calls export 4f1c --output call.json
      eligibility calls export 4f1c --profile --output caller.json
      eligibility screen other.txt caller.json
    """
    with _opened(store) as kept:
        found = kept.read(name)
    from eligibility.calls.keeping import exporting  # noqa: PLC0415

    made = exporting.profile_of(found) if profile else exporting.all_of(found)
    write(json_of(made) + "\n", output)


@app.command()
def delete(
    name: Annotated[str, _CALL],
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask whether it is meant.")] = False,
    store: Annotated[Optional[str], _STORE] = None,  # noqa: UP045
) -> None:
    """Delete a call and all that was said in it, for good."""
    with _opened(store) as kept:
        found = kept.read(name)
        if not yes:
            if not sys.stdin.isatty():
                raise EligibilityError(f"call {found.id} would be deleted for good; expected --yes with it")
            typer.confirm(
                f"Delete call {found.id} of {found.on} with {len(found.answers)} answers for good?", abort=True
            )
        full, at_once = kept.delete(found.id)
    more = "" if at_once else "; another program is reading, and when it ends the last of it is overwritten"
    write(f"Call {full} is deleted{more}.\n", None)


def _opened(place: str | None) -> Store:
    from eligibility.calls.keeping import Store  # noqa: PLC0415

    return Store(place)


def _who() -> str:
    """Who is logged in."""
    import getpass  # noqa: PLC0415

    try:
        return getpass.getuser()
    except (KeyError, OSError):  # nobody that the machine has a name for
        raise EligibilityError("the machine has no name for who is logged in; expected --by NAME") from None


def _lead(interview: Interview, name: str | None, *, script: bool) -> None:
    from eligibility.showing import calling  # noqa: PLC0415

    if script:
        calling.dialogue(interview, iter(sys.stdin.readline, ""), lambda line: write(line + "\n", None), name)
        return
    ask: Callable[[str], str] = input
    with console_on(None) as console:
        calling.converse(interview, console, ask, name)
        calling.show_outcome(interview.stop(), console, name)
