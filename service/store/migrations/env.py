"""Run by Alembic: the migrations, on the connection and in the transaction that `service.store.upgrading` hands over."""

from alembic import context

from service.store.schema import METADATA

context.configure(connection=context.config.attributes["connection"], target_metadata=METADATA)
context.run_migrations()
