"""Looks at a database without making or migrating it, for the operator's command line."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from bot.errors import KetchupBotError
from bot.storage.engine.database import Database
from bot.storage.engine.migrating import HEAD
from bot.storage.engine.opening import open_database, sqlite_path

_HAS_SCHEMA: Final = "SELECT count(*) FROM sqlite_master WHERE name = 'alembic_version'"
_REVISION: Final = "SELECT version_num FROM alembic_version"
_WAIT_S: Final = 10.0
_WAL_RESET_FIXED: Final = {(3, 44): 6, (3, 50): 7, (3, 51): 3}
"""The patch releases from which on a line has no WAL-reset bug (sqlite.org/wal.html)."""


class DatabaseUnreachableError(KetchupBotError):
    """The database cannot be opened."""


class DatabaseNotReadyError(KetchupBotError):
    """There is no database yet, or its schema is not this version's."""


@dataclass(frozen=True, slots=True)
class DatabaseState:
    """What was found. ``revision`` is the schema's, None where there is none yet."""

    product: str
    exists: bool
    revision: str | None
    wal_reset_bug: bool = False

    @property
    def up_to_date(self) -> bool:
        """Whether the schema is the newest that this version knows."""
        return self.revision == HEAD


async def inspect(url: str) -> DatabaseState:
    """The state of the database at this address. A missing SQLite file stays missing.

    Raises:
        DatabaseUnreachableError: with the driver's words.
    """
    path = sqlite_path(url)
    return await (_postgres(url) if path is None else _sqlite(path))


@asynccontextmanager
async def open_as_it_is(url: str) -> AsyncIterator[Database]:
    """The open database, also beside a running bot.

    Raises:
        DatabaseNotReadyError: `ketchup-bot run` or `migrate` has to come first.
        DatabaseUnreachableError: with the driver's words.
    """
    state = await inspect(url)
    if state.revision is None:
        raise DatabaseNotReadyError(
            "there is no database yet: `ketchup-bot run` makes it, or `ketchup-bot migrate`"
        )
    if not state.up_to_date:
        raise DatabaseNotReadyError(
            f"the database has schema {state.revision}, this version works with {HEAD}:"
            " `ketchup-bot migrate` brings an older one up to date"
        )
    async with open_database(url, migrate=False) as database:
        yield database


def has_wal_reset_bug(version: tuple[int, int, int]) -> bool:
    """Whether this SQLite can damage a database that several connections write at once.

    The bot has one writing connection and holds its file alone, so it is not exposed to it.
    """
    line, patch = version[:2], version[2]
    if line in _WAL_RESET_FIXED:
        return patch < _WAL_RESET_FIXED[line]
    return (3, 7) <= line < (3, 51)


async def _sqlite(path: Path) -> DatabaseState:
    try:
        return await asyncio.to_thread(_sqlite_state, path)
    except sqlite3.Error as error:
        raise DatabaseUnreachableError(f"{path}: {error}") from error


def _sqlite_state(path: Path) -> DatabaseState:
    product = f"SQLite {sqlite3.sqlite_version}"
    affected = has_wal_reset_bug(sqlite3.sqlite_version_info)
    if not path.exists():
        return DatabaseState(product, exists=False, revision=None, wal_reset_bug=affected)
    with closing(sqlite3.connect(path, timeout=_WAIT_S)) as connection:
        connection.execute("PRAGMA query_only = ON")
        known = connection.execute(_HAS_SCHEMA).fetchone()[0]
        row = connection.execute(_REVISION).fetchone() if known else None
    return DatabaseState(product, True, str(row[0]) if row else None, affected)


async def _postgres(url: str) -> DatabaseState:
    import asyncpg

    try:
        connection = await asyncpg.connect(url, timeout=_WAIT_S, command_timeout=_WAIT_S)
        try:
            version = str(connection.get_settings().server_version)
            known = await connection.fetchval("SELECT to_regclass('alembic_version')")
            revision = await connection.fetchval(_REVISION) if known else None
        finally:
            await connection.close(timeout=_WAIT_S)
    except TimeoutError as error:
        raise DatabaseUnreachableError(f"no answer within {_WAIT_S:g} s") from error
    except (asyncpg.PostgresError, asyncpg.InterfaceError, OSError, ValueError) as error:
        raise DatabaseUnreachableError(str(error) or type(error).__name__) from error
    return DatabaseState(f"PostgreSQL {version}", exists=True, revision=revision)
