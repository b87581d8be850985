"""Commits as places at which a plan strikes."""

from pathlib import Path

import pytest

from bot.failpoints import Act, Failpoints, Planned
from bot.storage import Database
from bot.storage.engine.failing import FailingDatabase
from bot.storage.work import state


class Counting:
    """A use case."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def count(self) -> None:
        async with self._database.write() as tx:
            await state.write(tx, "count", 1)


@pytest.mark.parametrize(("moment", "kept"), [("before", None), ("after", 1)])
async def test_a_plan_strikes_around_a_use_cases_commit(
    database: Database, moment: str, kept: object
) -> None:
    plan = [Planned(f"commit Counting.count:{moment}", Act.FAIL)]
    failing = FailingDatabase(database, Failpoints(plan))
    assert failing.dialect_name == database.dialect_name
    with pytest.raises(OSError, match=f"failpoint: commit Counting.count:{moment}"):
        await Counting(failing).count()
    async with failing.read() as reader:
        assert await state.read(reader, "count") == kept


async def test_it_is_closed_with_the_real_one(database: Database, tmp_path: Path) -> None:
    log = tmp_path / "places"
    failing = FailingDatabase(database, Failpoints([], log))
    await Counting(failing).count()
    assert log.read_text().splitlines() == [
        "commit Counting.count:before", "commit Counting.count:after",
    ]  # fmt: skip
    await failing.close()
    with pytest.raises(Exception, match=r"(?i)clos"):
        await Counting(failing).count()
