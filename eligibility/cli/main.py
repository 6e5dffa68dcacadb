"""The command line. Thin: it finds the files, calls the package, and says in one line what was wrong with them.

Nothing is imported before it is used: ``eligibility --help`` loads neither the grammar nor the units nor the models.
"""

from __future__ import annotations

import gc
import hashlib
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn, Optional

import typer

from eligibility import compiled
from eligibility.cli import calls
from eligibility.cli.shared import (
    OUTPUT,
    TRIAL_HELP,
    ScreenFormat,
    by_ending,
    console_on,
    day_of,
    json_of,
    one_stdin,
    trial_of,
    working,
    write,
)
from eligibility.errors import EligibilityError

if TYPE_CHECKING:
    from eligibility.surveying.ledger import Ledger

__all__ = ["app", "main"]

app = typer.Typer(
    name="eligibility",
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)


class ReadFormat(StrEnum):
    """How a trial is shown, or a report of many."""

    TREE = "tree"
    TABLE = "table"
    JSON = "json"
    HTML = "html"


_TRIAL = typer.Argument(metavar="TRIAL", help=TRIAL_HELP, show_default=False)


def _version(asked: bool) -> None:
    if asked:
        from importlib.metadata import version  # noqa: PLC0415

        typer.echo(f"eligibility {version('eligibility')}{', compiled' if compiled.installed() else ''}")
        raise typer.Exit


@app.callback(invoke_without_command=True)
def _eligibility(
    context: typer.Context,
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version and stop.")
    ] = False,
) -> None:
    """Read a trial's eligibility criteria, and decide them for one patient: met, unmet or unknown, and why.

    \b
    Try it:
      eligibility example                       writes example/trial.txt and example/patient.yaml
      eligibility screen example/trial.txt example/patient.yaml
      eligibility read example/trial.txt        what was understood of the text
    """
    if context.invoked_subcommand is None:
        typer.echo(context.get_help())


@app.command()
def screen(
    trial: Annotated[str, _TRIAL],
    patient: Annotated[
        str,
        typer.Argument(metavar="PATIENT", help="A profile in YAML or JSON; - is standard input.", show_default=False),
    ],
    on: Annotated[
        Optional[str],  # noqa: UP045 - typer evaluates it
        typer.Option(
            "--on", metavar="DATE", help="The screening date, as 2026-11-01; else the profile's as_of, else today."
        ),
    ] = None,
    form: Annotated[
        Optional[ScreenFormat],  # noqa: UP045
        typer.Option("--format", "-f", help="How to show it; else by the ending of --output, else a table."),
    ] = None,
    overrides: Annotated[
        Optional[str],  # noqa: UP045
        typer.Option(metavar="FILE", help="Criteria that a person has settled: {criterion id: {status, by, why}}."),
    ] = None,
    output: Annotated[Optional[Path], OUTPUT] = None,  # noqa: UP045
) -> None:
    """Decide a trial's criteria for one patient.

    Shows the trial's status and what decides it, then what is unknown and who can answer, then every criterion.

    \b
    Examples:
      eligibility screen trial.txt patient.yaml
      eligibility screen NCT01234567.json patient.yaml --on 2026-11-01
      eligibility screen trial.txt patient.yaml --output log.html
      eligibility screen trial.txt - --format json < patient.json
      eligibility screen trial.txt patient.yaml --overrides settled.yaml
    \b
    A file of overrides (the ids are those that 'eligibility read' shows):
      I-0123456789: {status: met, by: Dr. Ortiz, why: seen on the scan of 3 October}
    """
    one_stdin(TRIAL=trial, PATIENT=patient, **{"--overrides": overrides or ""})
    day = day_of(on)
    form = form or by_ending(output)
    with working("Reading the criteria"):
        from eligibility.deciding.overrides import load_overrides  # noqa: PLC0415
        from eligibility.deciding.screen import screen as decide  # noqa: PLC0415
        from eligibility.patient.profile import PatientProfile  # noqa: PLC0415
        from eligibility.showing.report import as_json, report_of  # noqa: PLC0415

        profile = PatientProfile.load(patient)
        read = trial_of(trial)
        settled = load_overrides(overrides, read) if overrides else None
        report = report_of(decide(read, profile, day, settled))
    match form:
        case ScreenFormat.JSON:
            write(json_of(as_json(report)) + "\n", output)
        case ScreenFormat.HTML:
            from eligibility.showing.page import page  # noqa: PLC0415

            write(page(report), output)
        case _:
            from eligibility.showing import terminal  # noqa: PLC0415

            with console_on(output) as console:
                terminal.show(report, console)


@app.command()
def read(
    trial: Annotated[
        str,
        typer.Argument(
            metavar="TRIAL|CORPUS",
            help=f"{TRIAL_HELP} With --report: a folder of such files, or a file with a study or a record a line "
            "(JSON lines, also compressed with gzip, xz or bzip2); - is standard input.",
            show_default=False,
        ),
    ],
    report: Annotated[
        bool, typer.Option("--report", help="Say of many trials what was read and what was not.")
    ] = False,
    form: Annotated[
        Optional[ReadFormat],  # noqa: UP045
        typer.Option(
            "--format",
            "-f",
            help="How to show it: a trial as a tree or as json; a report as a table, json or html, "
            "else by the ending of --output.",
        ),
    ] = None,
    output: Annotated[Optional[Path], OUTPUT] = None,  # noqa: UP045
    top: Annotated[
        Optional[int],  # noqa: UP045
        typer.Option("--top", metavar="N", min=1, help="Of a report: the first N of each list; 25 if not said."),
    ] = None,
    workers: Annotated[
        Optional[int],  # noqa: UP045
        typer.Option("--workers", metavar="N", min=1, help="Of a report: so many processes; else one a processor."),
    ] = None,
    anew: Annotated[bool, typer.Option("--anew", help="Of a report: forget what an earlier run has read.")] = False,
) -> None:
    """Show what was understood of a trial: its rules, and how much was read. With --report: of many trials.

    The JSON of a trial can be corrected in an editor and is taken wherever a TRIAL is.

    A report says how many criteria were read, which phrases, words and names keep most of them from being read in full,
    and which rules can hardly be meant: what to teach and what to mend next. Whatever ends a run, the same command goes
    on from there, and once all is read it shows the report at once, in any format. For that the tallies are kept beside
    FILE, with the ending .state, or else in the cache folder; all is read anew when the corpus, the rules or the
    program have changed.

    \b
    Examples:
      eligibility read trial.txt
      eligibility read trial.txt --format json --output trial.json
      eligibility screen trial.json patient.yaml
      eligibility read --report trials/
      eligibility read --report trials.jsonl.xz --output report.html --top 50
      zcat trials.jsonl.gz | eligibility read --report - --format json
    """
    if report:
        _report(trial, _of_report(form) or by_ending(output), output, top or 25, workers or 0, anew)
        return
    for given, name in ((top, "--top"), (workers, "--workers"), (anew, "--anew")):
        if given:
            raise EligibilityError(f"{name} is for a report of many trials; expected --report with it")
    if form in (ReadFormat.TABLE, ReadFormat.HTML):
        raise EligibilityError(f"--format {form}: a trial is shown as a tree or as json; expected --report with it")
    with working("Reading the criteria"):
        found = trial_of(trial)
    if form is ReadFormat.JSON:
        from eligibility.showing.reading import plain  # noqa: PLC0415

        write(json_of(plain(found)) + "\n", output)
        return
    from eligibility.showing import terminal  # noqa: PLC0415

    with console_on(output) as console:
        terminal.tree(found, console)


def _of_report(form: ReadFormat | None) -> ScreenFormat | None:
    if form is ReadFormat.TREE:
        raise EligibilityError("--format tree: a report is shown as a table, as json or as html")
    return ScreenFormat(form.value) if form else None


def _report(name: str, form: ScreenFormat, output: Path | None, top: int, workers: int, anew: bool) -> None:
    """Read a corpus and show what was read of it."""
    with working("Preparing"):
        from eligibility.showing import survey as showing  # noqa: PLC0415
        from eligibility.surveying.corpus import Corpus  # noqa: PLC0415
        from eligibility.surveying.ledger import Ledger  # noqa: PLC0415
        from eligibility.surveying.survey import run  # noqa: PLC0415

    state = _state(name, output)
    besides = [output, *(Ledger.files(state) if state else ())] if output else []
    corpus = Corpus(name, sys.stdin.buffer if name == "-" else None, besides)
    with _ledger(state) as ledger:
        if anew:
            ledger.clear()
        with showing.watched(corpus.size) as tell:
            run(corpus, ledger, workers=workers, tell=tell, note=_note)
        found = ledger.survey(top)
    called = "standard input" if name == "-" else Path(name).resolve().name
    match form:
        case ScreenFormat.JSON:
            write(json_of(showing.as_json(found, called)) + "\n", output)
        case ScreenFormat.HTML:
            write(showing.page(found, called), output)
        case _:
            with console_on(output) as console:
                showing.show(found, called, console)


def _state(name: str, output: Path | None) -> Path | None:
    """Where the tallies of a corpus are kept; nowhere, if it cannot be read once more or there is no place."""
    if output is not None and (output.is_dir() or not output.parent.is_dir()):
        raise EligibilityError("expected the name of a file in a folder that there is", source=str(output))
    if name == "-":
        return None
    if output is not None:
        if output.resolve() == Path(name).resolve():
            raise EligibilityError("this is the corpus itself; name another output", source=str(output))
        return output.with_suffix(".state" if output.suffix != ".state" else ".state.state")
    from eligibility.knowledge.cache import folder  # noqa: PLC0415

    kept = folder()
    return (
        kept / f"report-{hashlib.sha256(str(Path(name).resolve()).encode()).hexdigest()[:16]}.state" if kept else None
    )


@contextmanager
def _ledger(state: Path | None) -> Iterator[Ledger]:
    """The tallies of a corpus; if the run is interrupted, it is said how to go on."""
    import tempfile  # noqa: PLC0415

    from eligibility.surveying.ledger import Ledger  # noqa: PLC0415

    with tempfile.TemporaryDirectory() as passing:
        ledger = Ledger(state or Path(passing, "state"))
        try:
            yield ledger
        except KeyboardInterrupt:
            if state is not None:
                _note(f"interrupted; {ledger.trials:,} trials are in {state}: the same command goes on from there")
            raise
        finally:
            ledger.close()


app.command("call")(calls.call)
app.add_typer(calls.app, name="calls")


@app.command()
def example(
    folder: Annotated[Path, typer.Argument(metavar="[DIR]", help="Where to; it is made if it is not there.")] = Path(
        "example"
    ),
) -> None:
    """Write an example: a trial's criteria and a patient's profile, to try the other commands on."""
    shipped = compiled.PACKAGE / "examples"
    folder.mkdir(parents=True, exist_ok=True)
    for name in ("trial.txt", "patient.yaml"):
        text = (shipped / name).read_text(encoding="utf-8")
        place = folder / name
        if place.exists() and place.read_text(encoding="utf-8", errors="replace") != text:
            raise EligibilityError("there is another file here already; name another folder", source=str(place))
        place.write_text(text, encoding="utf-8")
    typer.echo(f"Written. Now try:\n  eligibility screen {folder / 'trial.txt'} {folder / 'patient.yaml'}")


# ---------------------------------------------------------------------------------------------------------------------
# In


# ---------------------------------------------------------------------------------------------------------------------


def main() -> NoReturn:
    """Run the command line: exit 0 when it ran, 2 on bad input with one clear line, 1 on a fault of the program."""
    gc.set_threshold(200_000, 50, 50)  # the vocabulary is many objects that all stay
    try:
        code = app(standalone_mode=False)
        gc.freeze()  # at the end nothing has to be looked through once more
        sys.exit(code if isinstance(code, int) else 0)
    except EligibilityError as problem:
        _say(str(problem))
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(0)
    except (KeyboardInterrupt, typer.Abort):
        sys.exit(130)
    except OSError as problem:
        _say(f"{problem.filename or 'input or output'}: {problem.strerror or 'it cannot be read or written'}")
    except Exception as problem:  # no traceback ever reaches a user; and the message might quote a patient
        if hasattr(problem, "format_message"):  # an error of usage, whose class typer does not export
            _say(f"{problem.format_message()} (see eligibility --help)")
        place = problem.__traceback__
        while place and place.tb_next:
            place = place.tb_next
        where = f"{Path(place.tb_frame.f_code.co_filename).name}:{place.tb_lineno}" if place else "?"
        _say(f"a fault of the program ({type(problem).__name__} at {where}); please report it", code=1)


def _note(message: str) -> None:
    from eligibility.showing.signs import fitting, harmless  # noqa: PLC0415

    sys.stderr.write("eligibility: " + fitting(harmless(message), sys.stderr.encoding or "ascii") + "\n")


def _say(message: str, code: int = 2) -> NoReturn:
    _note(message)
    sys.exit(code)
