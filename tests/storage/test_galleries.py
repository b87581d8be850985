"""A gallery is read by an index, however many pictures there are."""

import sqlite3
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.dialects import sqlite

from bot.storage import open_database
from bot.storage.browsing import galleries
from bot.storage.engine.database import Statement

READING = {
    name: getattr(galleries, name)
    for name in ("_OWN_OLDER", "_OWN_NEWER", "_PUBLIC_OLDER", "_PUBLIC_NEWER", "_OWNER", "_FILTER")
}


async def plan(folder: Path, statement: Statement[Any]) -> list[str]:
    """How SQLite would go about it."""
    path = folder / "ketchup.db"
    async with open_database(f"sqlite:///{path}"):
        pass
    text = statement.compiled(sqlite.dialect(paramstyle="named")).text
    with sqlite3.connect(path) as connection:
        names: Any = _Everything()
        rows = connection.execute(f"EXPLAIN QUERY PLAN {text}", names).fetchall()
    connection.close()
    return [row[3] for row in rows]


class _Everything(dict[str, Any]):
    """A value for every parameter."""

    def __missing__(self, key: str) -> int:
        return 1


@pytest.mark.parametrize("name", READING)
async def test_no_table_is_read_from_end_to_end(tmp_path: Path, name: str) -> None:
    steps = await plan(tmp_path, READING[name])
    assert steps
    assert not [step for step in steps if step.startswith("SCAN") or "TEMP B-TREE" in step]


async def test_a_page_comes_in_order_from_the_members_own_index(tmp_path: Path) -> None:
    steps = await plan(tmp_path, READING["_OWN_OLDER"])
    assert "ix_pictures_user_id_id (user_id=? AND id<?)" in steps[0]
