"""Runs the steps on the connection that is opening the archive."""

from alembic import context

from adapters.archive.migrating import VERSION_TABLE

context.configure(
    connection=context.config.attributes["connection"],
    version_table=VERSION_TABLE,
    transactional_ddl=True,  # all steps or none, in SQLite too
    render_as_batch=True,
)
with context.begin_transaction():
    context.run_migrations()
