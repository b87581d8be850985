"""The fault matrix: every row run in a world of its own, and what came of it."""

from __future__ import annotations

import asyncio
import re
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from tests.faults import api_rows, discord_rows, process_rows
from tests.faults.bench import opened_bench
from tests.faults.row import Row

ROWS: Final[tuple[Row, ...]] = (*process_rows.ROWS, *discord_rows.ROWS, *api_rows.ROWS)
PAGE: Final = Path("docs") / "faults.md"
BEGIN, END = "<!-- matrix -->", "<!-- /matrix -->"


@dataclass(frozen=True, slots=True)
class Measured:
    """A row that was run."""

    row: Row
    measured: str
    violations: tuple[str, ...]

    @property
    def line(self) -> str:
        """The row in the page's table."""
        cells = (self.row.fault, self.row.injected, self.row.holds, self.measured)
        return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


async def run_row(row: Row) -> Measured:
    """Open a world, let the fault happen, calm down, and ask the oracle."""
    with tempfile.TemporaryDirectory(prefix="faults-") as folder:
        async with opened_bench(Path(folder), callbacks=row.callbacks, **row.settings) as bench:
            await bench.start()
            try:
                measured = await row.run(bench)
            except (TimeoutError, AssertionError, LookupError) as error:
                measured = f"broken: {error!r}"
            await bench.calm()
            found = await bench.violations(shown=row.shown)
    if not measured.startswith(row.expected):
        found.append(f"expected {row.expected!r}, measured {measured!r}")
    return Measured(row, measured, tuple(found))


async def run_rows(rows: Sequence[Row], at_once: int) -> list[Measured]:
    """All rows, several worlds at once, in the rows' order; each is printed as it ends."""
    turn = asyncio.Semaphore(at_once)

    async def run(row: Row) -> Measured:
        async with turn:
            measured = await run_row(row)
        print(f"{row.fault}: {measured.measured}", *measured.violations, sep="\n    ", flush=True)
        return measured

    return list(await asyncio.gather(*map(run, rows)))


def faults_on(page: str) -> list[str]:
    """The faults that the page's table names, in its order."""
    table = page.partition(BEGIN)[2].partition(END)[0]
    rows = [line for line in table.splitlines() if line.startswith("| ")]
    return [re.split(r" (?<!\\)\| ", row[2:])[0] for row in rows[1:] if not row.startswith("|--")]


def written(page: str, measured: Sequence[Measured]) -> str:
    """The page with the table that was measured now."""
    head, _, rest = page.partition(BEGIN)
    tail = rest.partition(END)[2]
    lines = ["| fault | how | what must hold | measured |", "|---|---|---|---|"]
    table = "\n".join([*lines, *(one.line for one in measured)])
    return f"{head}{BEGIN}\n{table}\n{END}{tail}"
