"""``ketchup-bot migrate``, and looking at a database without changing it."""

import asyncio
import sqlite3
from pathlib import Path

import pytest

from bot.__main__ import main
from bot.storage import held_alone
from bot.storage.engine.inspecting import DatabaseUnreachableError, has_wal_reset_bug, inspect
from bot.storage.engine.migrating import HEAD
from tests.conftest import fresh_postgres


@pytest.fixture
def path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the settings say that the database is."""
    path = tmp_path / "data" / "ketchup.db"
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DISCORD_TOKEN", "token-of-a-bot")
    monkeypatch.setenv("KETCHUP_API_KEY", "dk-secret")
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{path}")
    monkeypatch.setenv("DISCORD_API_URL", "http://127.0.0.1:9")
    monkeypatch.setenv("KETCHUP_API_URL", "http://127.0.0.1:9")
    for module in ("ending", "migrate", "check"):
        monkeypatch.setattr(f"bot.cli.{module}.configure_logs", lambda *_: None)
    return path


def test_migrating_says_from_where_to_where(path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["migrate"]) == 0
    assert f"from nothing to {HEAD}" in capsys.readouterr().out
    assert main(["migrate"]) == 0
    assert "up to date" in capsys.readouterr().out
    assert path.exists()


async def test_a_database_in_use_is_not_migrated(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.cli.migrate._PATIENCE_S", 0.1)
    async with held_alone(f"sqlite:///{path}"):
        assert await asyncio.to_thread(main, ["migrate"]) == 3
    assert not path.exists()


@pytest.mark.parametrize("command", [["audit"], ["servers", "list"], ["servers", "cap", "7", "1"]])
def test_where_there_is_no_database_yet_it_is_said_and_none_is_made(
    path: Path,
    command: list[str],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(f"bot.cli.{command[0]}.configure_logs", lambda *_: None)
    assert main(command) == 1
    assert "there is no database yet: `ketchup-bot run` makes it" in capsys.readouterr().err
    assert not path.exists()
    main(["migrate"])
    assert main(command) == 0


def test_one_credit_is_said_in_the_singular(
    path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("bot.cli.servers.configure_logs", lambda *_: None)
    main(["migrate"])
    main(["servers", "cap", "7", "1"])
    assert "Server 7 may spend 1 credit a month." in capsys.readouterr().out


def test_a_newer_schema_is_refused_in_words(
    path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    main(["migrate"])
    with sqlite3.connect(path) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    connection.close()
    assert main(["migrate"]) == 1
    said = capsys.readouterr().err
    assert "9999" in said
    assert "Traceback" not in said
    assert main(["check"]) == 1
    assert "Update the bot" in capsys.readouterr().out
    monkeypatch.setattr("bot.cli.audit.configure_logs", lambda *_: None)
    assert main(["audit"]) == 1
    assert f"this version works with {HEAD}" in capsys.readouterr().err


def test_check_with_wrong_settings_names_them_and_ends_with_1(
    path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("HTTP_PORT", "many")
    assert main(["check"]) == 1
    shown = capsys.readouterr().out
    assert "HTTP_PORT" in shown
    assert "not tried" in shown
    assert not path.parent.exists()


async def test_an_empty_postgresql_has_no_schema_yet(postgres_server: str) -> None:
    async with fresh_postgres(postgres_server, None) as url:
        state = await inspect(url)
    assert (state.exists, state.revision, state.up_to_date) == (True, None, False)
    assert state.product.startswith("PostgreSQL ")


@pytest.mark.parametrize(
    "url", ["postgresql://u:hidden@127.0.0.1:9/db", "postgresql://u:hidden@host.invalid/db"]
)
async def test_an_unreachable_postgresql_says_why_without_its_password(url: str) -> None:
    with pytest.raises(DatabaseUnreachableError) as caught:
        await inspect(url)
    assert str(caught.value)
    assert "hidden" not in str(caught.value)


@pytest.mark.parametrize(
    ("version", "affected"),
    [
        ((3, 6, 23), False),
        ((3, 7, 0), True),
        ((3, 40, 1), True),
        ((3, 44, 5), True),
        ((3, 44, 6), False),
        ((3, 50, 6), True),
        ((3, 50, 7), False),
        ((3, 51, 2), True),
        ((3, 51, 3), False),
        ((3, 53, 0), False),
    ],
)
def test_versions_of_sqlite_with_the_wal_reset_bug_are_known(
    version: tuple[int, int, int], affected: bool
) -> None:
    assert has_wal_reset_bug(version) is affected
