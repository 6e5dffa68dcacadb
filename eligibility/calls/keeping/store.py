"""Calls, as they are begun, led, taken up again, read and deleted."""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cached_property
from pathlib import Path
from typing import Any, Final, Self

from sqlalchemy import Connection, Row, delete, exists, func, insert, select
from sqlalchemy.exc import IntegrityError

from eligibility.calls.events import Answered, Event, Stopped, of_plain, plain, standing
from eligibility.calls.interview import Interview
from eligibility.calls.keeping.database import Database
from eligibility.calls.keeping.tables import call_trials, calls, events, trials
from eligibility.calls.recording import recorded
from eligibility.errors import EligibilityError
from eligibility.knowledge.edition import edition
from eligibility.patient.profile import PatientProfile
from eligibility.rules import Trial

__all__ = ["Entry", "KeptCall", "Moment", "Store", "default_place"]


@dataclass(frozen=True, slots=True)
class Moment:
    """An event as it is kept: when it happened (UTC), and who led the call."""

    number: int
    at: datetime
    by: str
    event: Event


@dataclass(frozen=True, slots=True)
class KeptTrial:
    """A trial as it was read for a call; ``digest`` is the SHA-256 of all that was read, text and rules."""

    digest: str
    trial: Trial


@dataclass(frozen=True)
class KeptCall:
    """All that is kept of a call."""

    id: str
    begun_at: datetime
    begun_by: str
    on: date
    ask_labs: bool
    edition: str
    """Of the program and the rules that led it: see :func:`eligibility.knowledge.edition.edition`."""
    before: PatientProfile
    texts: tuple[KeptTrial, ...]
    moments: tuple[Moment, ...]

    @property
    def trials(self) -> tuple[Trial, ...]:
        """The trials, as they were read for the call."""
        return tuple([one.trial for one in self.texts])

    @property
    def events(self) -> tuple[Event, ...]:
        """What happened, in its order."""
        return tuple([one.event for one in self.moments])

    @property
    def answers(self) -> tuple[Answered, ...]:
        """The answers that stand."""
        return standing(self.events)

    @cached_property
    def profile(self) -> PatientProfile:
        """What is known of the caller: before the call, and by its answers."""
        found = self.before
        for one in self.answers:
            found = recorded(found, one.question, one.given, one.words, self.on)
        return found

    @property
    def end(self) -> Stopped | None:
        """How it was ended; ``None`` where it was broken off, or still goes on."""
        last = self.events[-1] if self.moments else None
        return last if isinstance(last, Stopped) else None


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the list of calls."""

    id: str
    begun_at: datetime
    begun_by: str
    on: date
    trials: tuple[str, ...]
    answers: int
    end: Stopped | None


class Store:
    """The calls that are kept in one place.

    ``where`` is the path of a file (SQLite) or the URL of a PostgreSQL database; left out, a file in the user's own
    folder for data. Raises :class:`EligibilityError` where it cannot be opened.

    >>> with Store("calls.sqlite") as store:                                  # doctest: +SKIP
    ...     name, interview = store.begin([trial], by="A. Coordinator")
    ...     interview.answer("yes")                                           # is on the disk when this returns
    """

    def __init__(self, where: str | Path | None = None) -> None:
        self._database = Database(where if where is not None else default_place())

    @property
    def where(self) -> str:
        """The place, without a password."""
        return self._database.shown

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the database."""
        self._database.close()

    # -----------------------------------------------------------------------------------------------------------------
    # Leading a call

    def begin(
        self,
        about: Trial | Iterable[Trial],
        profile: PatientProfile | None = None,
        *,
        by: str,
        on: date | None = None,
        ask_labs: bool = False,
    ) -> tuple[str, Interview]:
        """Begin a call; its id, and the interview, of which every event is kept before it counts.

        ``by`` is who leads it; the others as in :class:`Interview`. Raises :class:`EligibilityError`.
        """
        with self._database.transaction() as connection:
            name = _free_name(connection)
        journal = _Journal(self._database, name, by, 0)
        interview = Interview(about, profile, on=on, ask_labs=ask_labs, journal=journal)
        texts = [_text_of(trial) for trial in interview.trials]
        with self._database.alone() as connection:
            there = set(
                connection.scalars(select(trials.c.digest).where(trials.c.digest.in_([one["digest"] for one in texts])))
            )
            for text in texts:
                if text["digest"] not in there:
                    connection.execute(insert(trials), text)
                    there.add(text["digest"])
            connection.execute(
                insert(calls),
                {
                    "id": name,
                    "begun_at": datetime.now(UTC),
                    "begun_by": by,
                    "screening_date": interview.on,
                    "ask_labs": ask_labs,
                    "edition": edition(),
                    "profile": interview.before.model_dump_json(),
                },
            )
            connection.execute(
                insert(call_trials),
                [{"call_id": name, "place": place, "digest": text["digest"]} for place, text in enumerate(texts)],
            )
        return name, interview

    def resume(self, name: str, *, by: str) -> tuple[str, Interview]:
        """Take a call up again where it was left, whether it was ended or broken off."""
        kept = self.read(name)
        journal = _Journal(self._database, kept.id, by, len(kept.moments))
        return kept.id, Interview(
            kept.trials, kept.before, on=kept.on, ask_labs=kept.ask_labs, journal=journal, events=kept.events
        )

    # -----------------------------------------------------------------------------------------------------------------
    # What is kept

    def read(self, name: str) -> KeptCall:
        """A call, by its id or the beginning of it.

        Raises :class:`EligibilityError` where there is none, or several.
        """
        with self._database.transaction() as connection:
            row = _call(connection, name)
            texts = connection.execute(
                select(trials.c.digest, trials.c.content)
                .join(call_trials, call_trials.c.digest == trials.c.digest)
                .where(call_trials.c.call_id == row.id)
                .order_by(call_trials.c.place)
            ).all()
            happened = connection.execute(
                select(events).where(events.c.call_id == row.id).order_by(events.c.number)
            ).all()
        return KeptCall(
            id=row.id,
            begun_at=row.begun_at,
            begun_by=row.begun_by,
            on=row.screening_date,
            ask_labs=row.ask_labs,
            edition=row.edition,
            before=PatientProfile.model_validate_json(row.profile),
            texts=tuple([KeptTrial(one.digest, Trial.model_validate_json(one.content)) for one in texts]),
            moments=tuple(
                [Moment(one.number, one.happened_at, one.by, of_plain(json.loads(one.content))) for one in happened]
            ),
        )

    def entries(self) -> tuple[Entry, ...]:
        """All calls, the latest first."""
        with self._database.transaction() as connection:
            rows = connection.execute(select(calls).order_by(calls.c.begun_at.desc(), calls.c.id)).all()
            about: dict[str, list[str]] = {}
            for one in connection.execute(
                select(call_trials.c.call_id, trials.c.nct_id, trials.c.title, trials.c.digest)
                .join(trials, trials.c.digest == call_trials.c.digest)
                .order_by(call_trials.c.place)
            ):
                about.setdefault(one.call_id, []).append(one.nct_id or one.title or one.digest[:8])
            counts: dict[tuple[str, str], int] = {
                (one.call_id, one.kind): one.found
                for one in connection.execute(
                    select(events.c.call_id, events.c.kind, func.count().label("found")).group_by(
                        events.c.call_id, events.c.kind
                    )
                )
            }
            latest = (
                select(events.c.call_id, func.max(events.c.number).label("number"))
                .group_by(events.c.call_id)
                .subquery()
            )
            ends = {
                one.call_id: of_plain(json.loads(one.content))
                for one in connection.execute(
                    select(events.c.call_id, events.c.content)
                    .join(latest, (latest.c.call_id == events.c.call_id) & (latest.c.number == events.c.number))
                    .where(events.c.kind == "stopped")
                )
            }
        found = []
        for row in rows:
            end = ends.get(row.id)
            found.append(
                Entry(
                    id=row.id,
                    begun_at=row.begun_at,
                    begun_by=row.begun_by,
                    on=row.screening_date,
                    trials=tuple(about.get(row.id, ())),
                    answers=counts.get((row.id, "answered"), 0) - counts.get((row.id, "taken back"), 0),
                    end=end if isinstance(end, Stopped) else None,
                )
            )
        return tuple(found)

    def delete(self, name: str) -> tuple[str, bool]:
        """Delete a call and all that was said in it: its id, and whether nothing of it is left in the file.

        The texts of trials that no other call is about go with it. See :meth:`Database.forget` for what is left.
        """
        with self._database.alone() as connection:
            own = _call(connection, name).id
            for table in (events, call_trials):
                connection.execute(delete(table).where(table.c.call_id == own))
            connection.execute(delete(calls).where(calls.c.id == own))
            connection.execute(delete(trials).where(~exists().where(call_trials.c.digest == trials.c.digest)))
        return own, self._database.forget()


class _Journal:
    """Writes the events of a call down, each in a transaction of its own."""

    def __init__(self, database: Database, call: str, by: str, last: int) -> None:
        self._database = database
        self._call = call
        self._by = by
        self._last = last

    def __call__(self, event: Event) -> None:
        """Write one, as the one behind the last that this interview knows of."""
        content = plain(event)
        number = self._last + 1
        row = {
            "call_id": self._call,
            "number": number,
            "happened_at": datetime.now(UTC),
            "by": self._by,
            "kind": content["event"],
            "content": json.dumps(content, ensure_ascii=False),
        }
        with self._database.transaction() as connection:
            try:
                connection.execute(insert(events), row)
            except IntegrityError:
                raise EligibilityError(
                    f"call {self._call} was gone on with, or deleted, elsewhere, and this answer was not kept; "
                    f"see it by: eligibility calls show {self._call}"
                ) from None
        self._last = number


def default_place() -> Path:
    """Where calls are kept if nothing else is said: ``calls.sqlite`` in the user's own folder for data."""
    import platformdirs  # noqa: PLC0415

    return platformdirs.user_data_path("eligibility", appauthor=False) / "calls.sqlite"


def _text_of(trial: Trial) -> dict[str, Any]:
    content = trial.model_dump_json()
    return {
        "digest": hashlib.sha256(content.encode()).hexdigest(),
        "nct_id": trial.record.nct_id,
        "title": trial.record.title,
        "content": content,
    }


_NAME: Final = 4
"""Bytes of a call's id: eight characters, which can be said on the telephone."""


def _free_name(connection: Connection) -> str:
    while True:
        name = secrets.token_hex(_NAME)
        if connection.scalar(select(calls.c.id).where(calls.c.id == name)) is None:
            return name


def _call(connection: Connection, name: str) -> Row[Any]:
    wanted = name.strip().lower()
    found: Sequence[Row[Any]] = ()
    if wanted:
        found = connection.execute(select(calls).where(calls.c.id.startswith(wanted, autoescape=True)).limit(2)).all()
    if not found:
        raise EligibilityError(f"there is no call {name!r}; 'eligibility calls list' shows those that are kept")
    if len(found) > 1:
        raise EligibilityError(f"more than one call begins with {name!r}; expected more of its id")
    return found[0]
