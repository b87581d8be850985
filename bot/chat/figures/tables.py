"""Rows written into files that fit into a message: CSV that spreadsheets open right, and JSON."""

import asyncio
import csv
import io
import tempfile
from collections.abc import Mapping, Sequence
from contextlib import aclosing
from dataclasses import dataclass, field
from enum import StrEnum
from typing import IO, Final

import discord
import orjson

from bot.chat.galleries.archives import ARCHIVES
from bot.service.figures.exporting import Amount, Cell, Export

PARTS: Final = ARCHIVES
"""Files in one message."""
_BOM: Final = b"\xef\xbb\xbf"
"""Without it Excel takes a CSV for one of its own old encodings."""
_ACTIVE: Final = ("=", "+", "-", "@", "\t", "\r")
"""A spreadsheet takes cells that begin so for formulas, which could send away what is in it."""
_CHUNK: Final = 200


class TableFormat(StrEnum):
    """How rows are written."""

    CSV = "csv"
    JSON = "json"


@dataclass(slots=True)
class Written:
    """Files for one message. ``complete`` is False where rows did not fit any more."""

    files: list[discord.File] = field(default_factory=list)
    rows: int = 0
    complete: bool = True

    def close(self) -> None:
        """Give the temporary files back. discord.py leaves that to whoever opened them."""
        for file in self.files:
            file.close()
            file.fp.close()


class _Part:
    """One file under way, in a temporary file."""

    def __init__(self, form: TableFormat, columns: Sequence[str]) -> None:
        self._file: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115 - lives until it is sent
        self._form = form
        self._first = True
        self.size = 0
        self._put(_BOM + _csv(columns) if form is TableFormat.CSV else b"[")

    def takes(self, row: bytes, limit: int) -> bool:
        return self.size + len(row) + 4 <= limit

    def add(self, row: bytes) -> None:
        if self._form is TableFormat.JSON:
            self._put(b"\n" if self._first else b",\n")
        self._put(row)
        self._first = False

    def closed(self, name: str) -> discord.File:
        if self._form is TableFormat.JSON:
            self._put(b"\n]\n")
        self._file.seek(0)
        return discord.File(self._file, name)  # type: ignore[arg-type]  # any file that can seek

    def discard(self) -> None:
        self._file.close()

    def _put(self, data: bytes) -> None:
        self._file.write(data)
        self.size += len(data)


async def write(export: Export, form: TableFormat, stem: str, limit: int) -> Written:
    """The export's rows in at most :data:`PARTS` files of at most ``limit`` bytes each."""
    written, part = Written(), _Part(form, export.columns)
    try:
        async with aclosing(export.rows) as rows:  # type: ignore[type-var]  # it is a generator
            waiting: list[Mapping[str, Cell]] = []
            async for cells in rows:
                waiting.append(cells)
                if len(waiting) < _CHUNK:
                    continue
                part = await asyncio.to_thread(_add, written, part, waiting, export, form, limit)
                waiting = []
                if not written.complete:
                    break
            if waiting:
                part = await asyncio.to_thread(_add, written, part, waiting, export, form, limit)
    except BaseException:
        part.discard()
        written.close()
        raise
    written.files.append(part.closed(""))
    for number, file in enumerate(written.files, 1):
        ending = f"-{number}" if len(written.files) > 1 else ""
        file.filename = f"{stem}{ending}.{form.value}"
    return written


def _add(
    written: Written,
    part: _Part,
    rows: Sequence[Mapping[str, Cell]],
    export: Export,
    form: TableFormat,
    limit: int,
) -> _Part:
    """Write the rows; the part that is under way afterwards."""
    for cells in rows:
        row = _csv(list(cells.values())) if form is TableFormat.CSV else _json(cells)
        if not part.takes(row, limit):
            if len(written.files) + 1 == PARTS:
                written.complete = False
                return part
            written.files.append(part.closed(""))
            part = _Part(form, export.columns)
        part.add(row)
        written.rows += 1
    return part


def _csv(cells: Sequence[Cell]) -> bytes:
    text = io.StringIO()
    csv.writer(text, lineterminator="\r\n").writerow([harmless(cell) for cell in cells])
    return text.getvalue().encode()


def _json(cells: Mapping[str, Cell]) -> bytes:
    return orjson.dumps(
        {name: str(cell) if isinstance(cell, Amount) else cell for name, cell in cells.items()}
    )


def harmless(cell: Cell) -> str | int | None:
    """The cell as a spreadsheet shows it and never runs it."""
    if isinstance(cell, str) and not isinstance(cell, Amount) and cell.startswith(_ACTIVE):
        return f"'{cell}"
    return cell
