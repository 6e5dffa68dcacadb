"""What the commands share: the files that they are given, and what they write."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import typer

from eligibility.errors import EligibilityError, TrialError

if TYPE_CHECKING:
    from rich.console import Console

    from eligibility.rules import Trial

__all__ = [
    "OUTPUT",
    "TRIAL_HELP",
    "ScreenFormat",
    "by_ending",
    "console_on",
    "day_of",
    "json_of",
    "one_stdin",
    "trial_of",
    "working",
    "write",
]

TRIAL_HELP: Final = (
    "Criteria as text, a ClinicalTrials.gov study (JSON or XML), a registry page saved as text, "
    "or what 'eligibility read --format json' wrote; - is standard input."
)
OUTPUT: Final = typer.Option("--output", "-o", metavar="FILE", help="Write to a file instead of the terminal.")


class ScreenFormat(StrEnum):
    """How a screening is shown."""

    TABLE = "table"
    JSON = "json"
    HTML = "html"


# ---------------------------------------------------------------------------------------------------------------------
# In


def one_stdin(**names: str) -> None:
    """Refuse standard input for more than one of some files."""
    several = [name for name, given in names.items() if given == "-"]
    if len(several) > 1:
        raise EligibilityError(
            f"{' and '.join(several)}: only one of them can be - (standard input); expected a file for the other"
        )


def day_of(text: str | None) -> date | None:
    """The day that an option names. Raises :class:`EligibilityError`."""
    if text is None:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise EligibilityError(f"--on: expected a day, as 2026-11-01, not {text[:40]!r}") from None


def trial_of(name: str) -> Trial:
    """The trial in a file, or on standard input for ``-``. Raises :class:`EligibilityError`."""
    from eligibility.reading.trial import read_trial  # noqa: PLC0415

    if name != "-":
        path = Path(name)
        if not path.exists():
            raise TrialError("there is no such file; expected a trial", source=name)
        if path.is_dir():
            raise TrialError(
                "this is a folder; expected a file with a trial (of many, read --report tells)", source=name
            )
        return read_trial(path)
    from eligibility.reading.sources import decode  # noqa: PLC0415

    try:
        return read_trial(decode(sys.stdin.buffer.read(), "<stdin>"))
    except TrialError as problem:
        problem.source = problem.source or "<stdin>"
        raise


# ---------------------------------------------------------------------------------------------------------------------
# Out


def by_ending(output: Path | None) -> ScreenFormat:
    """How the ending of a file asks for something to be shown."""
    match output.suffix.lower() if output else "":
        case ".html" | ".htm":
            return ScreenFormat.HTML
        case ".json":
            return ScreenFormat.JSON
        case _:
            return ScreenFormat.TABLE


def json_of(value: Any, indent: str = "") -> str:
    """JSON to be read and edited by people: what fits into a line stands in one."""
    line = json.dumps(value, ensure_ascii=False)
    if isinstance(value, dict | list) and len(line) + len(indent) > 110:
        inner = indent + "  "
        rows = (
            [f"{json.dumps(key, ensure_ascii=False)}: {json_of(part, inner)}" for key, part in value.items()]
            if isinstance(value, dict)
            else [json_of(part, inner) for part in value]
        )
        begin, end = "{}" if isinstance(value, dict) else "[]"
        line = f"{begin}\n{inner}" + f",\n{inner}".join(rows) + f"\n{indent}{end}"
    return line


def write(text: str, output: Path | None) -> None:
    """Text into a file, or on standard output in the signs that it has."""
    if output is not None:
        output.write_text(text, encoding="utf-8")
        return
    encoding = sys.stdout.encoding or "ascii"
    kind = "xmlcharrefreplace" if text.startswith("<!") else "backslashreplace"
    sys.stdout.write(text.encode(encoding, kind).decode(encoding))
    sys.stdout.flush()


@contextmanager
def console_on(output: Path | None) -> Iterator[Console]:
    """A terminal, or a file that is written like one."""
    from eligibility.showing.terminal import console_for  # noqa: PLC0415

    if output is None:
        yield console_for()
        return
    with output.open("w", encoding="utf-8") as file:
        yield console_for(file, width=100)


@contextmanager
def working(what: str) -> Iterator[None]:
    """A sign of life on a terminal, which is gone when the work is done."""
    if not sys.stderr.isatty() or os.environ.get("TERM") == "dumb":
        yield
        return
    from rich.console import Console  # noqa: PLC0415

    with Console(stderr=True).status(what):
        yield
