"""From an empty database, or another version's, to the schema that the statements use."""

import asyncio
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy.engine import Connection
from sqlalchemy.ext.asyncio import create_async_engine

from bot.errors import KetchupBotError
from bot.storage import open_database
from bot.storage.engine.database import Statement
from bot.storage.engine.migrating import HEAD, SchemaTooNewError, bring_up_to_date, current_revision
from bot.storage.tables import metadata
from tests.conftest import fresh_postgres

PATIENCE_S = 60.0
MIGRATE = """
import asyncio, sys
from bot.storage.engine.migrating import bring_up_to_date
print(asyncio.run(bring_up_to_date(sys.argv[1])))
"""


@pytest.fixture(params=["sqlite", "postgresql"])
async def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[str]:
    """The address of a database without any table."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'ketchup.db'}"
        return
    async with fresh_postgres(request.getfixturevalue("postgres_server"), None) as url:
        yield url


async def set_revision(url: str, revision: str) -> None:
    """Say that another version of the bot has written this database."""
    async with open_database(url) as database, database.write() as tx:
        text = sa.text("UPDATE alembic_version SET version_num = :revision")
        await tx.run(Statement(text, int), revision=revision)


async def look(url: str) -> tuple[str | None, list[object]]:
    """The revision, and how the tables differ from those in the code."""

    def compare(connection: Connection) -> tuple[str | None, list[object]]:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        return current_revision(connection), list(compare_metadata(context, metadata))

    if url.startswith("sqlite"):
        engine = sa.create_engine(url)
        with engine.connect() as connection:
            found = compare(connection)
        engine.dispose()
        return found
    asynchronous = create_async_engine(url.replace("postgresql://", "postgresql+asyncpg://", 1))
    async with asynchronous.connect() as opened:
        found = await opened.run_sync(compare)
    await asynchronous.dispose()
    return found


async def test_the_migrations_make_exactly_the_tables_of_the_code(empty_url: str) -> None:
    assert await bring_up_to_date(empty_url) is True
    assert await look(empty_url) == (HEAD, [])


async def test_migrating_twice_changes_nothing(empty_url: str) -> None:
    assert await bring_up_to_date(empty_url) is True
    assert await bring_up_to_date(empty_url) is False
    assert await look(empty_url) == (HEAD, [])


def test_head_is_the_newest_revision() -> None:
    config = Config()
    migrating = Path(sys.modules[bring_up_to_date.__module__].__file__ or "")
    folder = migrating.parent.with_name("migrations")
    config.set_main_option("script_location", str(folder))
    assert ScriptDirectory.from_config(config).get_heads() == [HEAD]


async def test_a_newer_versions_schema_is_refused_and_left_alone(database_url: str) -> None:
    await set_revision(database_url, "9999")
    with pytest.raises(SchemaTooNewError, match=r"9999.*update the bot"):
        await bring_up_to_date(database_url)
    assert await look(database_url) == ("9999", [])


async def test_two_processes_that_migrate_at_once_do_it_once(empty_url: str) -> None:
    async with asyncio.timeout(PATIENCE_S):
        processes = [
            await asyncio.create_subprocess_exec(
                sys.executable, "-c", MIGRATE, empty_url, stdout=asyncio.subprocess.PIPE
            )
            for _ in range(2)
        ]
        said = [(await process.communicate())[0].decode().strip() for process in processes]
    assert sorted(said) == ["False", "True"]
    assert await look(empty_url) == (HEAD, [])


async def test_a_failing_migration_leaves_nothing_behind(
    empty_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("alembic.command.upgrade", _upgrade_half)
    with pytest.raises(RuntimeError, match="half way"):
        await bring_up_to_date(empty_url)
    monkeypatch.undo()
    assert await bring_up_to_date(empty_url) is True


async def test_a_migration_that_loses_rows_is_undone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = f"sqlite:///{tmp_path / 'ketchup.db'}"
    monkeypatch.setattr("alembic.command.upgrade", _upgrade_losing)
    with pytest.raises(KetchupBotError, match="1 dangling"):
        await bring_up_to_date(url)
    monkeypatch.undo()
    assert await bring_up_to_date(url) is True


def _upgrade_losing(config: Config, _revision: str) -> None:
    connection: Connection = config.attributes["connection"]
    for statement in (
        "CREATE TABLE whole (id TEXT PRIMARY KEY)",
        "CREATE TABLE part (whole_id TEXT REFERENCES whole (id))",
        "INSERT INTO part VALUES ('gone')",
    ):
        connection.execute(sa.text(statement))


def _upgrade_half(config: Config, _revision: str) -> None:
    connection: Connection = config.attributes["connection"]
    connection.execute(sa.text("CREATE TABLE jobs (id TEXT)"))
    raise RuntimeError("half way")
