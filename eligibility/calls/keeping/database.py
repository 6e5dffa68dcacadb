"""The database of the store: an SQLite file of one's own, or PostgreSQL; its tables brought up to date."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Connection, Engine, create_engine, event, inspect, text
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, SQLAlchemyError

from eligibility.calls.keeping.tables import LATEST
from eligibility.errors import EligibilityError

__all__ = ["Database"]

_WAIT: Final = 20
"""Seconds for which one waits for another one's writing to end."""
_ONE_AT_A_TIME: Final = 0x656C6967
"""The advisory lock in PostgreSQL of those who make or take away a whole call, or the tables."""
_POSTGRESQL: Final = ("postgresql", "postgres", "postgresql+psycopg")


class Database:
    """A database with the tables of the store.

    ``where`` is the path of an SQLite file, which is made readable by its owner alone, or the URL of a PostgreSQL
    database. Raises :class:`EligibilityError` where it cannot be opened, or is of a newer program.
    """

    def __init__(self, where: str | Path) -> None:
        url = _url_of(where)
        self.shown = url.database or "" if url.drivername == "sqlite" else url.render_as_string(hide_password=True)
        self.wait = float(_WAIT)
        """Seconds for which :meth:`forget` waits for those who read."""
        self.is_file = url.drivername == "sqlite"
        if self.is_file:
            self._make_file(Path(self.shown))
        self._engine = self._engine_of(url)
        with self.alone() as connection:
            self._bring_up_to_date(connection)

    @contextmanager
    def transaction(self) -> Iterator[Connection]:
        """A transaction: when this ends well, it has been written, and outlasts the program and the machine's power."""
        try:
            with self._engine.begin() as connection:
                yield connection
        except SQLAlchemyError as problem:
            raise self._told(problem) from None  # what it was about to write is a patient's

    @contextmanager
    def alone(self) -> Iterator[Connection]:
        """A transaction beside which no other of this sort runs."""
        with self.transaction() as connection:
            if not self.is_file:  # in SQLite every transaction is the only one that writes
                connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _ONE_AT_A_TIME})
            yield connection

    def forget(self) -> bool:
        """Overwrite what was deleted, wherever it still stands; whether that was done at once.

        SQLite writes zeros over it in the file when the log is emptied, for which no other program may be reading.
        PostgreSQL frees the room; its logs and backups are its administrator's.
        """
        try:
            if self.is_file:
                connection = self._engine.raw_connection()  # without the transaction that all others begin with
                try:
                    connection.cursor().execute(f"PRAGMA busy_timeout = {int(1000 * self.wait)}")
                    busy = connection.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
                finally:
                    connection.close()
                return not busy
            with self._engine.connect().execution_options(isolation_level="AUTOCOMMIT") as cleaning:
                cleaning.execute(text("VACUUM events, calls, call_trials, trials"))
                return True
        except (SQLAlchemyError, sqlite3.Error) as problem:
            raise self._told(problem) from None

    def close(self) -> None:
        """Let go of it."""
        self._engine.dispose()

    # -----------------------------------------------------------------------------------------------------------------

    def _make_file(self, path: Path) -> None:
        try:
            path.parent.mkdir(parents=True, mode=0o700, exist_ok=True)
            os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
            path.chmod(0o600)  # its log, made later, takes over the mode
        except OSError as problem:
            raise EligibilityError(f"the calls cannot be kept in {path}: {problem.strerror or problem}") from None

    def _engine_of(self, url: URL) -> Engine:
        if self.is_file:
            made = create_engine(url, hide_parameters=True, connect_args={"timeout": _WAIT})
            event.listen(made, "connect", _prepare_sqlite)
            event.listen(made, "begin", _begin_at_once)
            return made
        try:
            return create_engine(url, hide_parameters=True, connect_args={"connect_timeout": _WAIT})
        except ModuleNotFoundError:
            raise EligibilityError(
                "PostgreSQL needs its driver; install it by: pip install 'eligibility[postgresql]'"
            ) from None

    def _bring_up_to_date(self, connection: Connection) -> None:
        known = inspect(connection)
        if known.has_table("alembic_version"):
            found = connection.execute(text("SELECT version_num FROM alembic_version")).scalar_one_or_none()
            if found == LATEST:
                return
        elif known.get_table_names() and self.is_file:
            raise EligibilityError(
                f"{self.shown} is a database of something else; expected one of calls, or a new file"
            )
        from alembic import command  # noqa: PLC0415  (only to migrate)
        from alembic.config import Config  # noqa: PLC0415
        from alembic.util import CommandError  # noqa: PLC0415

        settings = Config()
        settings.set_main_option("script_location", str(Path(__file__).with_name("migrations")).replace("%", "%%"))
        settings.attributes["connection"] = connection
        try:
            command.upgrade(settings, "head")
        except CommandError:
            raise EligibilityError(
                f"the calls in {self.shown} were kept by a newer eligibility; install that one to read them"
            ) from None

    def _told(self, problem: Exception) -> EligibilityError:
        """What a person can do something about, without a word of what was written or read."""
        own = problem.orig if isinstance(problem, DBAPIError) else problem
        said = str(own).strip().splitlines()
        return EligibilityError(f"the calls in {self.shown} cannot be read or written: {said[0] if said else own!r}")


def _url_of(where: str | Path) -> URL:
    if isinstance(where, Path) or "://" not in where:
        return URL.create("sqlite", database=str(Path(where).expanduser().absolute()))
    try:
        url = make_url(where)
    except ArgumentError:
        url = URL.create("unreadable")
    if url.drivername == "sqlite" and url.database:
        return _url_of(Path(url.database))
    if url.drivername in _POSTGRESQL:
        return url.set(drivername="postgresql+psycopg")
    raise EligibilityError(
        "expected the path of a file for the calls, or postgresql://user@host/database, "
        f"not a URL that begins with {where.split('://', maxsplit=1)[0]}://"
    )


def _prepare_sqlite(connection: sqlite3.Connection, _record: Any) -> None:
    connection.isolation_level = None  # transactions are begun below, and not by the driver, which begins them late
    for pragma in (
        "foreign_keys = ON",
        "secure_delete = ON",  # what is deleted is overwritten with zeros
        "journal_mode = WAL",  # who reads does not wait for who writes
        "synchronous = FULL",  # what is committed is on the disk
    ):
        connection.execute(f"PRAGMA {pragma}")


def _begin_at_once(connection: Connection) -> None:
    """Take the lock for writing when a transaction begins: taken later, it may be refused."""
    connection.exec_driver_sql("BEGIN IMMEDIATE")
