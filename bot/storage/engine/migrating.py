"""Brings the schema up to date with Alembic, from the same tables that the statements use.

Alembic is imported only when one SELECT says that the revision is old.
"""

import asyncio
from pathlib import Path
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine

from bot.errors import KetchupBotError

HEAD: Final = "0001"
"""The newest revision in ``migrations/versions``; a test compares the two."""

_ADVISORY_LOCK: Final = 7308604896833
_CONNECT_S: Final = 30.0
_FOLDER: Final = Path(__file__).parent.with_name("migrations")


class SchemaTooNewError(KetchupBotError):
    """The database was written by a newer version of the bot."""


async def bring_up_to_date(url: str) -> bool:
    """Migrate to :data:`HEAD`; whether there was anything to do.

    Raises:
        SchemaTooNewError: the database has a revision that this version does not know.
    """
    if url.startswith("sqlite:///"):
        return await asyncio.to_thread(_migrate_sqlite, url)
    import asyncpg
    from sqlalchemy.ext.asyncio import create_async_engine

    # The driver reads the address by itself: SQLAlchemy does not know all of its options.
    engine = create_async_engine(
        "postgresql+asyncpg://", async_creator=lambda: asyncpg.connect(url, timeout=_CONNECT_S)
    )
    try:
        async with engine.begin() as connection:
            return await connection.run_sync(_migrate)
    finally:
        await engine.dispose()


def current_revision(connection: Connection) -> str | None:
    """The revision that the database has, None for an empty one."""
    if not sa.inspect(connection).has_table("alembic_version"):
        return None
    found: str | None = connection.scalar(sa.text("SELECT version_num FROM alembic_version"))
    return found


def _migrate_sqlite(url: str) -> bool:
    engine = sa.create_engine(url)
    _explicit_transactions(engine)
    try:
        with engine.begin() as connection:
            return _migrate(connection)
    finally:
        engine.dispose()


def _explicit_transactions(engine: Engine) -> None:
    """Lets the whole migration be one write transaction, schema changes included.

    Foreign keys stay off on this connection: batch changes drop and copy tables, and cascades
    would take the rows of other tables with them.
    """

    @sa.event.listens_for(engine, "connect")
    def _no_hidden_commits(connection: Any, _record: Any) -> None:
        connection.isolation_level = None

    @sa.event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE")


def _migrate(connection: Connection) -> bool:
    if connection.dialect.name == "postgresql":
        connection.execute(sa.text(f"SELECT pg_advisory_xact_lock({_ADVISORY_LOCK})"))
    revision = current_revision(connection)
    if revision == HEAD:
        return False
    _upgrade(connection, revision)
    return True


def _upgrade(connection: Connection, revision: str | None) -> None:
    from alembic import command
    from alembic.config import Config
    from alembic.script import ScriptDirectory

    config = Config()
    config.set_main_option("script_location", str(_FOLDER).replace("%", "%%"))
    config.attributes["connection"] = connection
    known = {script.revision for script in ScriptDirectory.from_config(config).walk_revisions()}
    if revision is not None and revision not in known:
        raise SchemaTooNewError(
            f"the database has schema {revision}, this version knows {HEAD}: update the bot"
        )
    command.upgrade(config, "head")
    if connection.dialect.name == "sqlite":
        dangling = connection.execute(sa.text("PRAGMA foreign_key_check")).all()
        if dangling:
            raise KetchupBotError(f"the migration left {len(dangling)} dangling references")
