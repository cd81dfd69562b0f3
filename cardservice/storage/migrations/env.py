"""What Alembic runs: on the connection it is handed, in that connection's transaction."""

from alembic import context

from cardservice.storage.tables import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    compare_type=True,
    render_as_batch=True,  # SQLite changes a table by making it anew
    transactional_ddl=True,  # on SQLite too, since we say BEGIN ourselves
)
with context.begin_transaction():
    context.run_migrations()
