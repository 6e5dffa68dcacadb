"""Calls, their trials and their events."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

_MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Make the first tables."""
    op.create_table(
        "trials",
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("nct_id", sa.String(32)),
        sa.Column("title", sa.Text),
        sa.Column("content", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("digest", name="pk_trials"),
    )
    op.create_table(
        "calls",
        sa.Column("id", sa.String(16), nullable=False),
        sa.Column("begun_at", _MOMENT, nullable=False),
        sa.Column("begun_by", sa.Text, nullable=False),
        sa.Column("screening_date", sa.Date, nullable=False),
        sa.Column("ask_labs", sa.Boolean, nullable=False),
        sa.Column("edition", sa.String(64), nullable=False),
        sa.Column("profile", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_calls"),
    )
    op.create_table(
        "call_trials",
        sa.Column("call_id", sa.String(16), nullable=False),
        sa.Column("place", sa.Integer, nullable=False, autoincrement=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint("call_id", "place", name="pk_call_trials"),
        sa.ForeignKeyConstraint(["call_id"], ["calls.id"], name="fk_call_trials_call_id", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["digest"], ["trials.digest"], name="fk_call_trials_digest"),
    )
    op.create_index("ix_call_trials_digest", "call_trials", ["digest"])
    op.create_table(
        "events",
        sa.Column("call_id", sa.String(16), nullable=False),
        sa.Column("number", sa.Integer, nullable=False, autoincrement=False),
        sa.Column("happened_at", _MOMENT, nullable=False),
        sa.Column("by", sa.Text, nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("content", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("call_id", "number", name="pk_events"),
        sa.ForeignKeyConstraint(["call_id"], ["calls.id"], name="fk_events_call_id", ondelete="CASCADE"),
    )
