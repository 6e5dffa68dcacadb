"""What Alembic runs to migrate the store, over the connection that it is handed."""

from __future__ import annotations

from alembic import context

from eligibility.calls.keeping.tables import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_as_batch=True,  # SQLite changes a table by making another
)
context.run_migrations()
