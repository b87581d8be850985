"""Which part of the bot a process is, checked before anything starts."""

import argparse
import asyncio

import pytest
from structlog.testing import capture_logs

import bot.app
from bot.__main__ import main
from bot.cli import run
from bot.errors import DatabaseBusyError
from bot.settings import InvalidSettingsError, Role, Settings, Shards
from tests.unit.cli.conftest import make_settings

EVERYTHING = frozenset(Role)
POSTGRES = "postgresql://host/db"


def test_roles_are_read() -> None:
    assert run.roles("web, worker") == {Role.WEB, Role.WORKER}
    for wrong in ("", ",", "web,painter"):
        with pytest.raises(argparse.ArgumentTypeError, match="gateway, web, worker"):
            run.roles(wrong)


def test_shard_ids_are_read() -> None:
    assert run.shard_ids("3, 1,1") == (1, 3)
    for wrong in ("", "1,", "-1", "a"):
        with pytest.raises(argparse.ArgumentTypeError, match="numbers"):
            run.shard_ids(wrong)


def test_shards_and_their_count_go_together() -> None:
    assert run.shards_of(None, None) is None
    assert run.shards_of((0, 1), 4) == Shards((0, 1), 4)
    for ids, count, words in (
        ((0,), None, "needs --shard-count"),
        (None, 2, "needs --shard-ids"),
        ((0, 2), 2, "names 2"),
        ((0,), 0, "must be 1 to"),
    ):
        with pytest.raises(InvalidSettingsError, match=words):
            run.shards_of(ids, count)


@pytest.mark.parametrize(
    ("roles", "shards", "url", "fits"),
    [
        (EVERYTHING, None, "sqlite:///k.db", True),
        (EVERYTHING, Shards((0, 1), 2), "sqlite:///k.db", True),
        (EVERYTHING, Shards((0,), 2), "sqlite:///k.db", False),
        (frozenset({Role.WEB}), None, "sqlite:///k.db", False),
        (frozenset({Role.WEB}), None, POSTGRES, True),
        (frozenset({Role.GATEWAY}), Shards((0,), 2), POSTGRES, True),
        (frozenset({Role.WORKER}), Shards((0,), 2), POSTGRES, False),
    ],
)
def test_several_processes_need_postgresql(
    roles: frozenset[Role], shards: Shards | None, url: str, fits: bool
) -> None:
    settings = make_settings(database_url=url)
    if fits:
        run.check_topology(settings, roles, shards)
        return
    with pytest.raises(InvalidSettingsError) as caught:
        run.check_topology(settings, roles, shards)
    assert caught.value.problems[0].remedy


class Stand:
    """In place of the composition root: notes what it was given, and ends as it is told."""

    def __init__(self, end: int | BaseException = 0) -> None:
        self.end = end
        self.given: tuple[Settings, frozenset[Role], Shards | None] | None = None

    async def __call__(
        self, settings: Settings, roles: frozenset[Role], shards: Shards | None
    ) -> int:
        self.given = (settings, roles, shards)
        await asyncio.sleep(0)
        if isinstance(self.end, BaseException):
            raise self.end
        return self.end


@pytest.fixture
def stand(monkeypatch: pytest.MonkeyPatch) -> Stand:
    made = Stand()
    monkeypatch.setenv("DISCORD_TOKEN", "token-of-a-bot")
    monkeypatch.setenv("KETCHUP_API_KEY", "dk-secret")
    monkeypatch.setattr(bot.app, "run", made)
    monkeypatch.setattr("bot.cli.run.configure_logs", lambda *_: None)
    return made


def test_run_hands_settings_roles_and_shards_to_the_composition_root(
    stand: Stand, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", POSTGRES)
    ended = main(["run", "--roles", "gateway", "--shard-ids", "1", "--shard-count", "2"])
    assert ended == 0
    assert stand.given is not None
    settings, roles, shards = stand.given
    assert settings.discord_token.get_secret_value() == "token-of-a-bot"
    assert roles == frozenset({Role.GATEWAY})
    assert shards == Shards((1,), 2)


def test_a_database_that_another_bot_holds_ends_with_3(
    stand: Stand, capsys: pytest.CaptureFixture[str]
) -> None:
    stand.end = DatabaseBusyError("ketchup.db is in use by process 7; stop that bot first")
    assert main(["run"]) == 3
    assert "process 7" in capsys.readouterr().err


def test_what_looks_wrong_is_logged_at_the_start(
    stand: Stand, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PUBLIC_URL", "http://bot.example.org")
    with capture_logs() as logs:
        assert main(["run"]) == 0
    assert [entry["log_level"] for entry in logs] == ["warning"]
    assert "PUBLIC_URL" in logs[0]["event"]
