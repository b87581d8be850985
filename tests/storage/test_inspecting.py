"""A database is looked at without being changed."""

import socket

import pytest

from bot.storage import open_database
from bot.storage.engine import inspecting
from bot.storage.engine.inspecting import DatabaseUnreachableError, inspect


async def test_a_migrated_database_is_up_to_date(database_url: str) -> None:
    async with open_database(database_url):
        pass
    found = await inspect(database_url)
    assert (found.exists, found.up_to_date) == (True, True)
    assert found.product.startswith(("SQLite 3.", "PostgreSQL "))


async def test_a_server_that_says_nothing_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(inspecting, "_WAIT_S", 0.2)
    with socket.create_server(("127.0.0.1", 0)) as silent:  # nobody accepts, so nobody answers
        port = silent.getsockname()[1]
        with pytest.raises(DatabaseUnreachableError, match=r"no answer within 0\.2 s"):
            await inspect(f"postgresql://nobody@127.0.0.1:{port}/nothing")
