"""From a ``DATABASE_URL`` to an open database with the newest schema, or a clear error."""

import asyncio
import json
import os
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Final

from filelock import FileLock, Timeout

from bot.errors import DatabaseBusyError
from bot.storage.engine.database import Database
from bot.storage.engine.sqlite import SqliteDatabase

SQLITE_PREFIX: Final = "sqlite:///"


def sqlite_path(url: str) -> Path | None:
    """The file that a ``sqlite:///`` address names, or None for another database."""
    return Path(url.removeprefix(SQLITE_PREFIX)) if url.startswith(SQLITE_PREFIX) else None


@asynccontextmanager
async def open_database(url: str, *, migrate: bool = True) -> AsyncIterator[Database]:
    """The open database, migrated unless told otherwise; closed when the block ends.

    Raises:
        bot.storage.engine.migrating.SchemaTooNewError: a newer version of the bot has written it.
    """
    from bot.storage.engine.migrating import bring_up_to_date

    path = sqlite_path(url)
    if path is not None:
        path.parent.mkdir(parents=True, exist_ok=True)
    if migrate:
        await bring_up_to_date(url)
    database: Database
    if path is not None:
        database = await SqliteDatabase.open(path)
    else:
        from bot.storage.engine.postgres import PostgresDatabase

        database = await PostgresDatabase.open(url)
    try:
        yield database
    finally:
        await database.close()


@asynccontextmanager
async def held_alone(url: str, *, patience_s: float = 30.0) -> AsyncIterator[None]:
    """Holds a lock file beside the SQLite database while the block runs.

    Two bots on one SQLite file would both answer and both pay. PostgreSQL needs no such lock.

    Raises:
        DatabaseBusyError: another process kept it for longer than ``patience_s``; names it.
    """
    path = sqlite_path(url)
    if path is None:
        yield
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    lock = FileLock(f"{path}.lock")
    holder = path.with_name(f"{path.name}.holder")
    try:
        async with asyncio.timeout(patience_s):
            await _acquire(lock)
    except TimeoutError:
        raise DatabaseBusyError(
            f"{path} is in use by {_read_holder(holder)}; stop that bot first"
        ) from None
    try:
        holder.write_text(json.dumps({"pid": os.getpid(), "host": socket.gethostname()}))
        yield
    finally:
        holder.unlink(missing_ok=True)
        lock.release()


async def _acquire(lock: FileLock) -> None:
    while True:
        try:
            lock.acquire(timeout=0)
        except Timeout:
            await asyncio.sleep(0.25)
        else:
            return


def _read_holder(holder: Path) -> str:
    try:
        known = json.loads(holder.read_text())
        return f"process {known['pid']} on {known['host']}"
    except (OSError, ValueError, KeyError):
        return "another process"
