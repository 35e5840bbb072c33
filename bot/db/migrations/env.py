"""Alembic's entry point. The connection comes from `bot.db.migrate`, which holds the lock."""

from alembic import context

from bot.db.models import Base

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    compare_type=True,
)
with context.begin_transaction():
    context.run_migrations()
