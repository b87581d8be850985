"""A database is looked at without being changed."""

import socket
from pathlib import Path

import pytest

from bot.storage import inspecting, open_database
from bot.storage.inspecting import DatabaseUnreachableError, has_wal_reset_bug, inspect
from tests.conftest import fresh_postgres


@pytest.mark.parametrize(
    ("version", "affected"),
    [
        ((3, 6, 23), False),
        ((3, 7, 0), True),
        ((3, 44, 5), True),
        ((3, 44, 6), False),
        ((3, 45, 0), True),
        ((3, 50, 7), False),
        ((3, 51, 2), True),
        ((3, 51, 3), False),
        ((3, 52, 0), False),
    ],
)
def test_which_versions_have_the_wal_reset_bug(
    version: tuple[int, int, int], affected: bool
) -> None:
    assert has_wal_reset_bug(version) is affected


async def test_a_missing_file_stays_missing(tmp_path: Path) -> None:
    found = await inspect(f"sqlite:///{tmp_path / 'ketchup.db'}")
    assert (found.exists, found.revision, found.up_to_date) == (False, None, False)
    assert list(tmp_path.iterdir()) == []


async def test_a_migrated_database_is_up_to_date(database_url: str) -> None:
    async with open_database(database_url):
        pass
    found = await inspect(database_url)
    assert (found.exists, found.up_to_date) == (True, True)
    assert found.product.startswith(("SQLite 3.", "PostgreSQL "))


async def test_an_empty_postgresql_has_no_schema_yet(postgres_server: str) -> None:
    async with fresh_postgres(postgres_server, template=None) as url:
        found = await inspect(url)
    assert (found.exists, found.revision, found.up_to_date) == (True, None, False)


async def test_what_is_no_database_is_told_in_the_drivers_words(tmp_path: Path) -> None:
    (tmp_path / "odd.db").write_bytes(b"this is no database" * 100)
    with pytest.raises(DatabaseUnreachableError, match=r"odd\.db: .*not a database"):
        await inspect(f"sqlite:///{tmp_path / 'odd.db'}")
    with pytest.raises(DatabaseUnreachableError):
        await inspect("postgresql://nobody@127.0.0.1:1/nothing")


async def test_a_server_that_says_nothing_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(inspecting, "_WAIT_S", 0.2)
    with socket.create_server(("127.0.0.1", 0)) as silent:  # nobody accepts, so nobody answers
        port = silent.getsockname()[1]
        with pytest.raises(DatabaseUnreachableError, match=r"no answer within 0\.2 s"):
            await inspect(f"postgresql://nobody@127.0.0.1:{port}/nothing")
