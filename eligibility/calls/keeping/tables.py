"""The tables of the store, as the last migration leaves them.

A row is written once. Of a call nothing is changed or taken away but all of it.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, Final

from sqlalchemy import Boolean, Column, Date, DateTime, ForeignKey, Integer, MetaData, String, Table, Text
from sqlalchemy.types import TypeDecorator

__all__ = ["LATEST", "call_trials", "calls", "events", "metadata", "trials"]

LATEST: Final = "0001"
"""The last migration in ``migrations/versions``."""


class Moment(TypeDecorator[datetime]):
    """A moment in UTC, also where the database knows no time zones."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, _dialect: Any) -> datetime | None:
        """The moment, in UTC."""
        return None if value is None else value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, _dialect: Any) -> datetime | None:
        """What is read without a zone is UTC."""
        return None if value is None else value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


metadata: Final = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "ix": "ix_%(column_0_label)s",
    }
)

trials: Final = Table(  # as they were read: the text, and the rules that were made of it
    "trials",
    metadata,
    Column("digest", String(64), primary_key=True),  # SHA-256 of the content
    Column("nct_id", String(32)),
    Column("title", Text),
    Column("content", Text, nullable=False),  # JSON
)
calls: Final = Table(
    "calls",
    metadata,
    Column("id", String(16), primary_key=True),
    Column("begun_at", Moment, nullable=False),
    Column("begun_by", Text, nullable=False),
    Column("screening_date", Date, nullable=False),
    Column("ask_labs", Boolean, nullable=False),
    Column("edition", String(64), nullable=False),  # of the rules by which it was led
    Column("profile", Text, nullable=False),  # JSON: what was known before
)
call_trials: Final = Table(
    "call_trials",
    metadata,
    Column("call_id", ForeignKey("calls.id", ondelete="CASCADE"), primary_key=True),
    Column("place", Integer, primary_key=True, autoincrement=False),
    Column("digest", ForeignKey("trials.digest"), nullable=False, index=True),
)
events: Final = Table(
    "events",
    metadata,
    Column("call_id", ForeignKey("calls.id", ondelete="CASCADE"), primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),  # 1, 2, ...: two of one number cannot be
    Column("happened_at", Moment, nullable=False),
    Column("by", Text, nullable=False),
    Column("kind", String(16), nullable=False),
    Column("content", Text, nullable=False),  # JSON
)
