"""Alembic runs this: migrate over the connection that `tables.upgrade` hands in."""

from alembic import context

from contact_service.outbox.tables import metadata

context.configure(connection=context.config.attributes["connection"], target_metadata=metadata)
context.run_migrations()
