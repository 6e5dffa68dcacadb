"""Where many trials come from: a folder, a file of one or of many, standard input -> their texts, one after the other.

Only the text at hand is held. What is compressed (gzip, xz, bzip2) is known by its first bytes; JSON lines are known by
the name of the file or by their first lines, and everything else is one trial.
"""

from __future__ import annotations

import bz2
import gzip
import io
import json
import lzma
import os
import zlib
from collections.abc import Collection, Iterator
from itertools import chain
from pathlib import Path
from typing import IO, Final, NamedTuple, cast

from eligibility.errors import TrialError
from eligibility.reading.sources import LONGEST_FILE

__all__ = ["EXPECTED", "Corpus", "Entry"]

EXPECTED: Final = (
    "expected a folder of trials, a file with a trial a line (JSON lines, also compressed with gzip, xz or bzip2), "
    "or - for standard input"
)
_OF_LINES: Final = {".jsonl", ".ndjson", ".jsonlines"}
_BROKEN: Final = (OSError, EOFError, zlib.error, lzma.LZMAError)


class Entry(NamedTuple):
    """What stands for a trial: a line of a file, or a file."""

    place: str
    raw: bytes
    why: str = ""  # that it cannot be read


class _Record(NamedTuple):
    line: int  # 0: all that there is
    raw: bytes
    why: str = ""


class Corpus:
    """Many trials, in an order that is always the same."""

    def __init__(self, name: str, stream: IO[bytes] | None = None, besides: Collection[Path] = ()) -> None:
        """``stream`` is read in the place of the file or the folder ``name``; ``besides`` are files that are no trials.

        :raises TrialError: there is no such file or folder.
        """
        self.name = name
        self.position = 0
        self._stream = stream
        self._besides = {str(path.absolute()) for path in besides}
        if stream is None and not Path(name).exists():
            raise TrialError(f"there is no such file or folder; {EXPECTED}", source=name)

    @property
    def again(self) -> bool:
        """Whether it can be read more than once."""
        return self._stream is None

    def size(self) -> int | None:
        """In bytes, as :attr:`position` counts them; ``None`` where it is not known."""
        if self._stream is not None:
            return None
        return sum(path.stat().st_size for path, _ in self._files())

    def entries(self) -> Iterator[Entry]:
        """All trials; :attr:`position` is how far the reading has come."""
        if self._stream is not None:
            for record in _records(self._stream, named=False):
                yield Entry(f"line {record.line}" if record.line else "", record.raw, record.why)
            return
        before = 0
        for path, place in self._files():
            named = bool(_OF_LINES.intersection(suffix.lower() for suffix in path.suffixes))
            try:
                with path.open("rb") as file:
                    for record in _records(file, named=named):
                        self.position = before + file.tell()
                        yield Entry(_place(path, place, record.line), record.raw, record.why)
                    before += file.tell()
            except OSError as error:
                yield Entry(_place(path, place, 0), b"", f"the file cannot be read: {error.strerror or error}")

    def _files(self) -> Iterator[tuple[Path, str]]:
        """Each file, and its name within the folder; none for a file by itself."""
        top = Path(self.name)
        if not top.is_dir():
            yield top, ""
            return
        for folder, folders, names in os.walk(top):
            folders[:] = sorted(name for name in folders if not name.startswith("."))
            for name in sorted(names):
                path = Path(folder, name)
                if not name.startswith(".") and path.is_file() and str(path.absolute()) not in self._besides:
                    yield path, path.relative_to(top).as_posix()


def _place(path: Path, name: str, line: int) -> str:
    if not line:
        return name or path.name
    return f"{name}:{line}" if name else f"line {line}"


def _records(raw: IO[bytes], *, named: bool) -> Iterator[_Record]:
    """The lines of a file, or all of it; ``named``: its name says that a line is a record."""
    line = 0
    try:
        file = _plain(raw)
        looked: list[bytes] = []
        while sum(not one.isspace() for one in looked) < 2 and (one := file.readline(LONGEST_FILE + 1)):
            looked.append(one)
        if not (named or _of_lines([one.strip() for one in looked if not one.isspace()])):
            text = b"".join(looked)
            text += file.read(max(LONGEST_FILE + 1 - len(text), 0))
            if len(text) > LONGEST_FILE:
                yield _Record(0, b"", f"this has more than {LONGEST_FILE / 1e6:.0f} MB, too much for one trial")
            elif text.strip():
                yield _Record(0, text)
            return
        for one in chain(looked, _lines(file)):
            line += 1
            if len(one) > LONGEST_FILE:
                while one and not one.endswith(b"\n"):
                    one = file.readline(LONGEST_FILE + 1)
                yield _Record(line, b"", f"the line has more than {LONGEST_FILE / 1e6:.0f} MB, too much for one trial")
            elif not one.isspace():
                yield _Record(line, one)
    except _BROKEN as error:
        yield _Record(line + 1 if line else 0, b"", f"the rest of the file cannot be read: {_said(error)}")


def _lines(file: IO[bytes]) -> Iterator[bytes]:
    while one := file.readline(LONGEST_FILE + 1):
        yield one


def _said(error: BaseException) -> str:
    return (error.strerror if isinstance(error, OSError) else None) or str(error) or type(error).__name__


def _plain(raw: IO[bytes]) -> IO[bytes]:
    """The file without its compression."""
    file = raw if isinstance(raw, io.BufferedReader) else io.BufferedReader(cast(io.RawIOBase, raw))
    start = file.peek(6)
    if start.startswith(b"\x1f\x8b"):
        return cast(IO[bytes], gzip.open(file))
    if start.startswith(b"\xfd7zXZ\x00"):
        return lzma.open(file)
    if start.startswith(b"BZh"):
        return bz2.open(file)
    return file


def _of_lines(first: list[bytes]) -> bool:
    """Whether the first lines, which are not blank, are records: the first of them may be broken."""
    if not first or first[0].removeprefix(b"\xef\xbb\xbf")[:1] != b"{":
        return False
    return _is_record(first[0]) or (not first[0].endswith((b"{", b"[", b",", b":")) and _is_record(first[-1]))


def _is_record(line: bytes) -> bool:
    try:
        return isinstance(json.loads(line), dict)
    except (ValueError, RecursionError):
        return False
