"""``ketchup-bot config``: all settings, without secrets."""

import pytest

from bot.__main__ import main
from bot.cli.config import shown
from bot.settings.loading import NAMES
from tests.unit.cli.conftest import Call, make_settings


def test_every_setting_is_shown_with_where_it_comes_from(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("DISCORD_TOKEN", "token-of-a-bot")
    monkeypatch.setenv("KETCHUP_API_KEY", "dk-secret")
    monkeypatch.setenv("HTTP_PORT", "9999")
    assert main(["config"]) == 0
    lines = {line.split()[0]: line for line in capsys.readouterr().out.splitlines() if line.split()}
    assert set(NAMES) <= set(lines)
    assert "9999" in lines["HTTP_PORT"]
    assert "environment" in lines["HTTP_PORT"]
    assert "default" in lines["HTTP_HOST"]


def test_no_secret_is_shown(call: Call) -> None:
    ended = call(
        "config", DISCORD_TOKEN="hidden-token", KETCHUP_API_KEY="hidden-key",
        SECRET_KEY="hidden-one,hidden-two", DATABASE_URL="postgresql://bot:hidden@host/db",
    )  # fmt: skip
    assert ended.returncode == 0
    assert "hidden" not in ended.stdout + ended.stderr
    assert "postgresql://bot:***@host/db" in ended.stdout
    assert "\x1b" not in ended.stdout
    assert "SECRET_KEY is shorter" in ended.stderr


@pytest.mark.parametrize(
    ("name", "value", "text"),
    [
        ("new_server_cap", "2.5", "2.5"),
        ("account_cap", None, "no bound"),
        ("ketchup_queries_per_second", 0.5, "0.5"),
        ("trusted_image_hosts", "a,b", "a,b"),
        ("secret_key", "one,two", "********,********"),
        ("secret_key", "", "made once, kept in the database"),
        ("discord_sync_guilds", "", "none"),
        ("discord_token", "token", "********"),
        ("log_level", "DEBUG", "DEBUG"),
    ],
)
def test_a_value_is_shown_as_people_write_it(name: str, value: object, text: str) -> None:
    assert shown(make_settings(**{name: value}), name) == text


def test_models_are_shown_with_their_prices() -> None:
    assert shown(make_settings(), "ketchup_models") == "Nano Banana (0.5), Gemini 2.5 Flash (0.5)"
