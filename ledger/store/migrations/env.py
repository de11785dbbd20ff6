"""Run by Alembic: uses the connection, and the transaction, of the caller."""

from alembic import context

from ledger.store.tables import LOG

context.configure(connection=context.config.attributes["connection"], target_metadata=LOG)
context.run_migrations()
