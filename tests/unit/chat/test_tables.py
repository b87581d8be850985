"""Exports as files: what spreadsheets do with them, and how they are cut."""

import csv
import io
from collections.abc import AsyncIterator, Mapping

import orjson
import pytest

from bot.chat.figures.tables import PARTS, TableFormat, Written, harmless, write
from bot.domain.ids import Millis
from bot.service.figures.exporting import COLUMNS, Amount, Cell, Export, Exported


def make_export(rows: int, note: str = "x" * 100) -> Export:
    """Lines of a ledger."""

    async def stream() -> AsyncIterator[Mapping[str, Cell]]:
        for number in range(rows):
            values: list[Cell] = [f"id{number:06d}", "2026-11-24", "hold", "1", None, "extra"]
            yield dict(zip(COLUMNS[Exported.LEDGER], [*values, Amount("-0.5"), note], strict=True))

    return Export(Exported.LEDGER, Millis(0), Millis(1), stream())


def contents(written: Written) -> list[bytes]:
    found = [file.fp.read() for file in written.files]
    written.close()
    return found


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@x", "\tx", "\rx"])
def test_what_a_spreadsheet_would_run_is_shown_instead(text: str) -> None:
    assert harmless(text) == f"'{text}"


@pytest.mark.parametrize("cell", ["a=1", "", "画像", None, 5, Amount("-0.5")])
def test_everything_else_stays_as_it_is(cell: Cell) -> None:
    assert harmless(cell) == cell


async def test_a_table_without_rows_has_its_head() -> None:
    (text,) = contents(await write(make_export(0), TableFormat.CSV, "ledger", 10_000))
    assert text.decode("utf-8-sig") == "id,at,kind,user_id,job_id,account,credits,note\r\n"
    (text,) = contents(await write(make_export(0), TableFormat.JSON, "ledger", 10_000))
    assert orjson.loads(text) == []


async def test_csv_begins_with_the_mark_that_excel_needs_and_reads_back() -> None:
    written = await write(make_export(450, 'a "b",\n=c'), TableFormat.CSV, "ledger", 10_000_000)
    assert [file.filename for file in written.files] == ["ledger.csv"]
    assert (written.rows, written.complete) == (450, True)
    (text,) = contents(written)
    assert text.startswith(b"\xef\xbb\xbf")
    rows = list(csv.DictReader(io.StringIO(text.decode("utf-8-sig"), newline="")))
    assert [row["id"] for row in rows] == [f"id{number:06d}" for number in range(450)]
    assert {(row["credits"], row["note"]) for row in rows} == {("-0.5", 'a "b",\n=c')}


@pytest.mark.parametrize("form", TableFormat)
async def test_what_does_not_fit_into_one_file_goes_on_in_the_next(form: TableFormat) -> None:
    limit = 40_000
    written = await write(make_export(300), form, "ledger", limit)
    assert [file.filename for file in written.files] == [f"ledger-1.{form}", f"ledger-2.{form}"]
    assert written.complete
    parts = contents(written)
    assert all(len(part) <= limit for part in parts)
    assert sum(len(rows(part, form)) for part in parts) == written.rows == 300


@pytest.mark.parametrize("form", TableFormat)
async def test_what_one_message_does_not_take_is_said_to_be_missing(form: TableFormat) -> None:
    written = await write(make_export(5000), form, "ledger", 20_000)
    assert len(written.files) == PARTS
    assert not written.complete
    parts = contents(written)
    assert sum(len(rows(part, form)) for part in parts) == written.rows < 5000


def rows(part: bytes, form: TableFormat) -> list[object]:
    """A part by itself, which is a whole table."""
    if form is TableFormat.JSON:
        return list(orjson.loads(part))
    return list(csv.DictReader(io.StringIO(part.decode("utf-8-sig"))))


async def test_a_stream_that_breaks_off_leaves_nothing_open() -> None:
    async def broken() -> AsyncIterator[Mapping[str, Cell]]:
        yield {"id": "1"}
        raise ConnectionError("gone")

    export = Export(Exported.LEDGER, Millis(0), Millis(1), broken())
    with pytest.raises(ConnectionError):
        await write(export, TableFormat.CSV, "ledger", 10_000)
