"""An online copy of the SQLite database, verified by opening it."""

import os
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from bot.errors import KetchupBotError
from bot.storage.work.state import Fact

_PAGES = 2_000
_MARK = "INSERT INTO state (name, value) VALUES (?, 'true') ON CONFLICT DO NOTHING"


class BackupError(KetchupBotError):
    """The backup could not be made; the file that was there before is untouched."""


def back_up(source: Path, target: Path, progress: Callable[[int, int], None]) -> int:
    """Copy the database while the bot runs; the copy's size in bytes. Blocks.

    The copy is made beside the target, checked page by page, and only then put in its place.
    ``progress`` is told the pages that remain and the pages in all.

    Raises:
        BackupError: there is no such database, no room, or the copy is not sound.
    """
    if not source.is_file():
        raise BackupError(f"there is no database at {source}")
    unfinished = target.with_name(f".{target.name}.unfinished")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        unfinished.unlink(missing_ok=True)
        _copy(source, unfinished, progress)
        _verify(unfinished)
        unfinished.replace(target)
        _make_durable(target.parent)
    except (OSError, sqlite3.Error) as error:
        raise BackupError(f"{target} could not be written: {error}") from error
    finally:
        unfinished.unlink(missing_ok=True)
    return target.stat().st_size


def _copy(source: Path, copy: Path, progress: Callable[[int, int], None]) -> None:
    with (
        closing(sqlite3.connect(f"file:{source}?mode=ro", uri=True)) as original,
        closing(sqlite3.connect(copy)) as made,
    ):
        original.backup(
            made, pages=_PAGES, progress=lambda _status, left, whole: progress(left, whole)
        )
        made.execute("PRAGMA journal_mode = DELETE")
        with made:
            made.execute(_MARK, (Fact.RESTORED.value,))
    with copy.open("rb+") as file:
        os.fsync(file.fileno())


def _verify(copy: Path) -> None:
    with closing(sqlite3.connect(f"file:{copy}?mode=ro", uri=True)) as made:
        (verdict,) = made.execute("PRAGMA integrity_check").fetchone()
        revision = made.execute("SELECT version_num FROM alembic_version").fetchone()
    if verdict != "ok" or revision is None:
        raise BackupError(f"the copy is not sound: {verdict}")


def _make_durable(folder: Path) -> None:
    """A rename is safe from a power cut only when its folder has been written, too."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
