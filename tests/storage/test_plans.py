"""What a job goes through costs the same after a year: only unfinished rows are looked at."""

import re
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.dialects import sqlite

from bot.storage import open_database
from bot.storage.browsing import queue
from bot.storage.engine.database import Statement
from bot.storage.figures import usage
from bot.storage.moderators import blocks
from bot.storage.money import ledger
from bot.storage.people import erasing
from bot.storage.work import asking, events, jobs, line, messages, pictures, state, tasks, vitals

MODULES = (
    asking, blocks, erasing, events, jobs, ledger, line, messages, pictures, queue, state, tasks,
    usage, vitals,
)  # fmt: skip
GREAT = "jobs|tasks|pictures|blobs|events|transfers|postings|accounts|members"
SMALL = re.compile(r"USING (COVERING )?INDEX ix_(jobs_live|tasks_live|pictures_pending)")
RARE = {
    "jobs._EVERYTHING": "for the audit of everything",
    "jobs._FORGET_TOKENS": "once an hour",
    "tasks._IN_STAGE": "at the first start on a backup",
}


def statements() -> Iterator[tuple[str, Statement[Any]]]:
    for module in MODULES:
        for name, value in vars(module).items():
            full = f"{module.__name__.rpartition('.')[2]}.{name}"
            if isinstance(value, Statement) and full not in RARE:
                yield full, value


@pytest.fixture
async def path(tmp_path: Path) -> Path:
    found = tmp_path / "ketchup.db"
    async with open_database(f"sqlite:///{found}"):
        return found


@pytest.mark.parametrize("name", dict(statements()))
def test_no_statement_of_a_jobs_way_goes_through_all_that_ever_was(path: Path, name: str) -> None:
    compiled = dict(statements())[name].compiled(sqlite.dialect(paramstyle="named"))
    names = dict.fromkeys(re.findall(r":(\w+)", compiled.text), 1)
    connection = sqlite3.connect(path)
    try:
        rows = connection.execute(f"EXPLAIN QUERY PLAN {compiled.text}", names).fetchall()
    finally:
        connection.close()
    scans = [row[3] for row in rows if re.match(rf"SCAN ({GREAT})\b", row[3])]
    assert [scan for scan in scans if not SMALL.search(scan)] == []
