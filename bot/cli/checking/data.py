"""The database, and the disk that it is on."""

import asyncio
import shutil
import tempfile
from pathlib import Path
from typing import Final

from bot.cli.checking.finding import Finding, bad, good, note
from bot.settings import Settings
from bot.settings.parsing import masked_database_url
from bot.storage.engine.inspecting import DatabaseState, DatabaseUnreachableError, inspect
from bot.storage.engine.migrating import HEAD
from bot.storage.engine.opening import sqlite_path

DATABASE: Final = "database"
DISK: Final = "disk"
_SCARCE_BYTES: Final = 1024**3
_TOO_LITTLE_BYTES: Final = 100 * 1024**2
_UPDATE: Final = "Update the bot to the version that wrote the database."


async def check_database(settings: Settings) -> list[Finding]:
    """Opened, read, and of which schema."""
    url = settings.database_url
    try:
        state = await inspect(url)
    except DatabaseUnreachableError as error:
        remedy = f"See that it runs and that DATABASE_URL is right: {masked_database_url(url)}"
        return [bad(DATABASE, str(error), remedy)]
    return [_about_schema(state), *_about_product(state)]


def _about_schema(state: DatabaseState) -> Finding:
    if state.up_to_date:
        return good(DATABASE, f"{state.product}, schema {state.revision}")
    if state.revision is None:
        return good(DATABASE, f"{state.product}, still empty: made when the bot starts")
    if state.revision > HEAD:
        return bad(DATABASE, f"schema {state.revision}, this version knows {HEAD}", _UPDATE)
    what = f"{state.product}, schema {state.revision}: brought to {HEAD} when the bot starts"
    return note(DATABASE, what)


def _about_product(state: DatabaseState) -> list[Finding]:
    if not state.wal_reset_bug:
        return []
    what = f"{state.product} has the WAL-reset bug, to which one writing connection is not exposed"
    return [note(DATABASE, what, "Let no other program write to the file.")]


async def check_disk(settings: Settings) -> list[Finding]:
    """Whether the SQLite file's folder can be written, and how much room it has."""
    path = sqlite_path(settings.database_url)
    return [] if path is None else [await asyncio.to_thread(_check_folder, path)]


def _check_folder(path: Path) -> Finding:
    folder = next(parent for parent in path.absolute().parents if parent.exists())
    try:
        with tempfile.TemporaryFile(dir=folder):
            free = shutil.disk_usage(folder).free
    except OSError as error:
        remedy = "Let the account that runs the bot write there, or choose another DATABASE_URL."
        return bad(DISK, f"{folder} cannot be written: {error.strerror}", remedy)
    what = f"{folder}: {free / 1024**3:.1f} GiB free"
    remedy = "Make room: pictures are kept there until they are posted."
    if free < _TOO_LITTLE_BYTES:
        return bad(DISK, what, remedy)
    return note(DISK, what, remedy) if free < _SCARCE_BYTES else good(DISK, what)
