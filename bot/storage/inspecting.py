"""Looks at a database without changing it, for the operator's command line."""

import asyncio
import sqlite3
from dataclasses import dataclass
from typing import Final

import sqlalchemy as sa
from sqlalchemy.engine import Connection
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import create_async_engine

from bot.errors import KetchupBotError
from bot.storage.migrating import HEAD, current_revision
from bot.storage.opening import sqlite_path

_PROBE: Final = sa.text("SELECT 1")
_SERVER_VERSION: Final = sa.text("SHOW server_version")
_WAL_RESET_FIXED: Final = {(3, 44): 6, (3, 50): 7, (3, 51): 3}
"""The patch releases of each line that have no WAL-reset bug (sqlite.org/wal.html)."""


class DatabaseUnreachableError(KetchupBotError):
    """The database cannot be opened."""


@dataclass(frozen=True, slots=True)
class DatabaseState:
    """What was found. ``revision`` is the schema's, None where there is none yet."""

    product: str
    exists: bool
    revision: str | None
    wal_reset_bug: bool = False

    @property
    def up_to_date(self) -> bool:
        return self.revision == HEAD


async def inspect(url: str) -> DatabaseState:
    """The state of the database at this address. A missing SQLite file stays missing.

    Raises:
        DatabaseUnreachableError: with the driver's words; without the password.
    """
    path = sqlite_path(url)
    try:
        if path is None:
            return await _inspect_postgres(url)
        product = f"SQLite {sqlite3.sqlite_version}"
        affected = has_wal_reset_bug(sqlite3.sqlite_version_info)
        if not path.exists():
            return DatabaseState(product, exists=False, revision=None, wal_reset_bug=affected)
        revision = await asyncio.to_thread(_sqlite_revision, url)
    except (SQLAlchemyError, OSError) as error:
        cause = getattr(error, "orig", None) or error
        raise DatabaseUnreachableError(f"{cause}".splitlines()[0]) from error
    return DatabaseState(product, exists=True, revision=revision, wal_reset_bug=affected)


def has_wal_reset_bug(version: tuple[int, ...]) -> bool:
    """Whether this SQLite can damage a database that several connections write at once.

    The bot has one writing connection and holds its file alone, so it is not exposed to it.
    """
    fixed = _WAL_RESET_FIXED.get(version[:2])
    if fixed is not None:
        return version[2] < fixed
    return (3, 7) <= version[:2] < (3, 51)


def _revision(connection: Connection) -> str | None:
    connection.execute(_PROBE)
    return current_revision(connection)


def _sqlite_revision(url: str) -> str | None:
    engine = sa.create_engine(url)
    try:
        with engine.connect() as connection:
            return _revision(connection)
    finally:
        engine.dispose()


async def _inspect_postgres(url: str) -> DatabaseState:
    engine = create_async_engine(url.replace("postgresql://", "postgresql+asyncpg://", 1))
    try:
        async with engine.connect() as connection:
            version = await connection.scalar(_SERVER_VERSION)
            revision = await connection.run_sync(_revision)
    finally:
        await engine.dispose()
    return DatabaseState(f"PostgreSQL {version}", exists=True, revision=revision)
