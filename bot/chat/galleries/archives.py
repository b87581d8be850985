"""Files packed for download: ZIP archives that each fit into one upload, written off the loop."""

import asyncio
import re
import tempfile
import unicodedata
import zipfile
import zlib
from collections.abc import AsyncIterator
from contextlib import aclosing
from dataclasses import dataclass, field
from typing import IO, Final

import discord

from bot.chat.text import one_line
from bot.domain.ids import Millis
from bot.domain.periods import to_datetime

ARCHIVE_BYTES: Final = 10 * 1024 * 1024 - 64 * 1024
"""One archive: what every Discord server takes of one file, with a little room."""
ARCHIVES: Final = 2
"""Archives in one message, which takes 25 MiB in all."""
BUDGET_S: Final = 40.0
"""After so long what has been collected is shown; the rest comes with the next click."""
_ENTRY: Final = 30 + 46
_END: Final = 22
_SLUG: Final = 40
_ENDINGS: Final = {"image/png": "png", "image/jpeg": "jpg", "image/webp": "webp"}
_RESERVED: Final = re.compile(r"[^\w]+")


@dataclass(frozen=True, slots=True)
class Entry:
    """One file of an archive. ``cursor`` says where to go on after it; ``data`` is None for what
    cannot be had any more. Text is compressed, pictures are compressed already."""

    cursor: str
    name: str
    data: bytes | None
    is_text: bool = False


@dataclass(slots=True)
class Bundle:
    """Archives for one message. ``cursor`` is set when there is more to come."""

    files: list[discord.File] = field(default_factory=list)
    packed: int = 0
    missing: int = 0
    cursor: str | None = None

    def close(self) -> None:
        """Give the temporary files back. discord.py leaves that to whoever opened them."""
        for file in self.files:
            file.close()
            file.fp.close()


class _Archive:
    """One ZIP file under way, in a temporary file."""

    def __init__(self) -> None:
        self._file: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115 - lives as long as its bundle
        self._zip = zipfile.ZipFile(self._file, "w", zipfile.ZIP_STORED)
        self._names: set[str] = set()
        self._size = _END

    def takes(self, entry: Entry) -> bool:
        return self._size + _size(entry) <= ARCHIVE_BYTES

    def add(self, entry: Entry) -> None:
        kind = zipfile.ZIP_DEFLATED if entry.is_text else zipfile.ZIP_STORED
        self._zip.writestr(self._unique(entry.name), entry.data or b"", compress_type=kind)
        self._size += _size(entry)

    def _unique(self, name: str) -> str:
        stem, dot, ending = name.rpartition(".")
        number, unique = 1, name
        while unique in self._names:
            number += 1
            unique = f"{stem}-{number}{dot}{ending}"
        self._names.add(unique)
        return unique

    def closed(self, name: str) -> discord.File:
        self._zip.close()
        self._file.seek(0)
        return discord.File(self._file, name)  # type: ignore[arg-type]  # any file that can seek

    def discard(self) -> None:
        self._zip.close()
        self._file.close()


def _size(entry: Entry) -> int:
    """What the entry adds at most, with the names at both of their places."""
    data = entry.data or b""
    content = len(zlib.compress(data)) if entry.is_text else len(data)
    return _ENTRY + 2 * (len(entry.name.encode()) + 8) + content


async def bundled(entries: AsyncIterator[Entry], stem: str) -> Bundle:
    """The first entries, as many as one message takes, as ``stem-1.zip`` and ``stem-2.zip``.

    It ends early when its time is up; the bundle then says where to go on. An entry that no
    archive takes counts as missing.
    """
    until = asyncio.get_running_loop().time() + BUDGET_S
    bundle, archive, cursor = Bundle(), _Archive(), ""
    try:
        async with aclosing(entries) as stream:  # type: ignore[type-var]  # it is a generator
            async for entry in stream:
                if bundle.packed and asyncio.get_running_loop().time() > until:
                    bundle.cursor = cursor
                    break
                if entry.data is None or _size(entry) + _END > ARCHIVE_BYTES:
                    bundle.missing += 1
                elif not await asyncio.to_thread(archive.takes, entry):
                    if len(bundle.files) + 1 == ARCHIVES:
                        bundle.cursor = cursor
                        break
                    bundle.files.append(archive.closed(f"{stem}-{len(bundle.files) + 1}.zip"))
                    archive = _Archive()
                    await asyncio.to_thread(archive.add, entry)
                    bundle.packed += 1
                else:
                    await asyncio.to_thread(archive.add, entry)
                    bundle.packed += 1
                cursor = entry.cursor
    except BaseException:
        archive.discard()
        bundle.close()
        raise
    if bundle.packed:
        bundle.files.append(archive.closed(f"{stem}-{len(bundle.files) + 1}.zip"))
    else:
        archive.discard()
    return bundle


def picture_name(kept_at: Millis, prompt: str, media_type: str) -> str:
    """A picture's file name by day and prompt: ``2026-11-24_a-lighthouse-at-dawn.png``."""
    words = _RESERVED.sub("-", unicodedata.normalize("NFC", one_line(prompt)).lower())
    slug = words.replace("_", "-").strip("-")[:_SLUG].strip("-") or "picture"
    return f"{to_datetime(kept_at):%Y-%m-%d}_{slug}.{_ENDINGS.get(media_type, 'png')}"
