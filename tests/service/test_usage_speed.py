"""Usage is read as fast with a million jobs as with none: no statement looks at every row."""

import asyncio
import re
import sqlite3
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.dialects import sqlite

from bench.world import CHANNEL, GUILD, NOW, History, fill
from bot.domain.catalogue import Catalogue
from bot.domain.ids import GuildId, Millis
from bot.domain.policy import Policy
from bot.domain.usage_window import UsagePeriod
from bot.service.figures.usage import Usage
from bot.service.money.audit import audit
from bot.service.money.bookkeeping import Bookkeeping, Order
from bot.storage import Database, open_database
from bot.storage.browsing import live, oversight
from bot.storage.engine.database import Statement
from bot.storage.figures import exporting, member_history, member_lists, usage_reading
from bot.storage.money import refunds

DIALECT = sqlite.dialect(paramstyle="named")
MODULES = (usage_reading, refunds, live, member_history, exporting)
GREAT = "jobs|tasks|pictures|transfers|postings|accounts|usage_[a-z]+"


@pytest.fixture
async def path(tmp_path: Path) -> Path:
    """A SQLite database with a year of history."""
    found = tmp_path / "ketchup.db"
    async with open_database(f"sqlite:///{found}"):
        pass
    await asyncio.to_thread(fill, found, History(3000, members=50))
    return found


@pytest.fixture
async def history(path: Path) -> AsyncIterator[Database]:
    async with open_database(f"sqlite:///{path}") as opened:
        yield opened


def usage_of(database: Database) -> Usage:
    return Usage(database, Policy(Catalogue()), lambda: Millis(NOW))


def statements() -> Iterator[tuple[str, Statement[Any]]]:
    for module in MODULES:
        for name, value in vars(module).items():
            if isinstance(value, Statement):
                yield f"{module.__name__.rpartition('.')[2]}.{name}", value


def plan(path: Path, statement: Statement[Any]) -> list[str]:
    """SQLite's plan, line by line."""
    compiled = statement.compiled(DIALECT)
    values = {**dict.fromkeys(re.findall(r":(\w+)", compiled.text), 1), **compiled.fixed}
    connection = sqlite3.connect(path)
    try:
        rows = connection.execute(f"EXPLAIN QUERY PLAN {compiled.text}", values).fetchall()
    finally:
        connection.close()
    return [str(row[3]) for row in rows]


def scans(lines: list[str]) -> list[str]:
    """Lines that go through a whole table. The index of unfinished tasks is a short one."""
    return [
        line
        for line in lines
        if re.match(rf"SCAN ({GREAT})\b", line) and "ix_tasks_live" not in line
    ]


async def test_the_generated_history_is_as_the_bot_would_have_left_it(history: Database) -> None:
    async with history.read() as reader:
        assert await audit(reader) == []
    found = await usage_of(history).overview(GuildId(GUILD), UsagePeriod.DAYS_90)
    assert 700 < found.figures.tasks < 780
    assert found.members <= 50
    assert found.figures.pictures > 0.9 * found.figures.tasks
    assert CHANNEL == 77


@pytest.mark.parametrize("name", dict(statements()))
async def test_no_statement_goes_through_a_whole_table(path: Path, name: str) -> None:
    lines = plan(path, dict(statements())[name])
    assert lines
    assert scans(lines) == []


async def test_refunds_are_found_by_their_own_index(path: Path) -> None:
    for statement in (value for name, value in statements() if name.startswith("refunds.")):
        assert any("ix_transfers_refunds" in line for line in plan(path, statement))


async def test_how_far_a_search_goes_is_found_by_an_index(path: Path) -> None:
    by_server = plan(path, oversight._moments(frozenset({"since", "until"})))
    assert any("ix_jobs_guild_id_created_at" in line for line in by_server)
    by_member = plan(path, oversight._moments(frozenset({"user_id"})))
    assert any("ix_jobs_user_id_created_at" in line for line in by_member)


async def test_what_is_under_way_is_found_by_the_unfinished_tasks(path: Path) -> None:
    (statement,) = (value for _, value in statements() if _ == "live._STAGES")
    assert any("ix_tasks_live" in line for line in plan(path, statement))


def test_a_scan_would_be_found(tmp_path: Path) -> None:
    assert scans(["SCAN jobs", "SCAN tasks USING INDEX ix_tasks_live", "SEARCH jobs"]) == [
        "SCAN jobs"
    ]


async def test_many_days_of_members_are_read_by_their_spans(path: Path) -> None:
    known = dict(statements())
    everybody = [
        known["usage_reading._TOP"],
        known["usage_reading._ACTIVE"],
        *(member_lists._page(order) for order in Order),
    ]
    for statement in everybody:
        assert any(
            "usage_members USING PRIMARY KEY (guild_id=? AND span=?)" in line
            for line in plan(path, statement)
        )


async def test_ranking_and_counting_agree_with_the_rows(history: Database) -> None:
    usage = usage_of(history)
    keeping = Bookkeeping(history, Policy(Catalogue()), lambda: Millis(NOW))
    for period in UsagePeriod:
        found = await usage.overview(GuildId(GUILD), period)
        everybody = await keeping.members(GuildId(GUILD), period, Order.CREDITS, limit=1000)
        assert everybody.total == found.members == len(everybody.members)
        assert [(one.user_id, one.charged) for one in everybody.members[:10]] == [
            (one.user_id, one.charged) for one in found.top
        ]
        assert sum(one.charged for one in everybody.members) == found.figures.charged
        pages = [
            row
            for skip in range(0, everybody.total, 7)
            for row in (
                await keeping.members(GuildId(GUILD), period, Order.CREDITS, limit=7, skip=skip)
            ).members
        ]
        assert pages == list(everybody.members)
