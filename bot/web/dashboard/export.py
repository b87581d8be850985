"""Files for spreadsheets."""

import csv
import io
import re
from collections.abc import Sequence
from typing import Final

from aiohttp import web

_FORMULA: Final = frozenset("=+-@\t\r")
_NUMBER: Final = re.compile(r"-?[0-9]+(\.[0-9]+)?")


def csv_response(name: str) -> web.StreamResponse:
    """A file that is sent as it is made; ``name`` without its ending."""
    return web.StreamResponse(
        headers={
            "Content-Type": "text/csv; charset=utf-8",
            "Content-Disposition": f'attachment; filename="{name}.csv"',
        }
    )


def csv_line(values: Sequence[str]) -> bytes:
    """One line. What a spreadsheet would take for a formula begins with an apostrophe."""
    buffer = io.StringIO()
    csv.writer(buffer).writerow([_harmless(value) for value in values])
    return buffer.getvalue().encode()


def _harmless(value: str) -> str:
    if value[:1] in _FORMULA and not _NUMBER.fullmatch(value):
        return f"'{value}"
    return value
