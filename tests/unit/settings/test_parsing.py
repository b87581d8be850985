"""What people write, setting by setting."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from bot.settings import InvalidSettingsError, Settings, parsing
from tests.unit.settings.conftest import Desk


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DISCORD_SYNC_GUILDS", "81384788765712384, club"),
        ("DISCORD_API_URL", "discord.com/api"),
        ("DISCORD_API_URL", "https://user:word@discord.com/api"),
        ("KETCHUP_API_URL", "https://api.example.org/?key=1"),
        ("KETCHUP_API_URL", "https://api.exa mple.org"),
        ("KETCHUP_API_URL", "https://api.example.org:99999"),
        ("KETCHUP_QUERIES_PER_SECOND", "0"),
        ("KETCHUP_QUERIES_PER_SECOND", "inf"),
        ("KETCHUP_MAX_IN_FLIGHT", "0"),
        ("DATABASE_URL", "sqlite://ketchup.db"),
        ("DATABASE_URL", "sqlite:///"),
        ("DATABASE_URL", "sqlite:///:memory:"),
        ("DATABASE_URL", "sqlite:///data/"),
        ("DATABASE_URL", "mysql://host/db"),
        ("DATABASE_URL", "postgresql+asyncpg://host/db"),
        ("DATABASE_URL", "postgresql://user:a/b@host/db"),
        ("PUBLIC_URL", "https://example.org/bot"),
        ("PUBLIC_URL", "ftp://example.org"),
        ("HTTP_PORT", "0"),
        ("HTTP_PORT", "eighty"),
        ("NEW_SERVER_CAP", "1e3"),
        ("ACCOUNT_CAP", "unlimited"),
        ("DIRECT_CREDITS", "0.0000001"),
        ("SECRET_KEY", "a,b,c"),
        ("TRUSTED_IMAGE_HOSTS", "https://cdn.example.org"),
        ("LOG_LEVEL", "LOUD"),
        ("LOG_FORMAT", "xml"),
    ],
)
def test_a_wrong_value_is_a_problem_of_its_setting(desk: Desk, name: str, value: str) -> None:
    with pytest.raises(InvalidSettingsError) as caught:
        desk.load(**{name: value})
    assert [problem.name for problem in caught.value.problems] == [name]
    assert "Input" not in caught.value.problems[0].what


@pytest.mark.parametrize(
    "name", ["discord_token", "discord_api_url", "public_url", "database_url", "ketchup_models"]
)
def test_a_value_that_is_no_text_is_a_problem_too(name: str) -> None:
    values: dict[str, object] = {"discord_token": "t", "ketchup_api_key": "k", name: 7}
    with pytest.raises(ValidationError) as caught:
        Settings(_env_file=None, **values)
    assert [error["loc"] for error in caught.value.errors()] == [(name,)]


def test_blank_texts_are_none_or_a_problem() -> None:
    required = {"discord_token": "t", "ketchup_api_key": "k"}
    assert Settings(_env_file=None, **required, public_url=" ").public_url is None
    with pytest.raises(ValidationError, match="is empty"):
        Settings(_env_file=None, discord_token=" ", ketchup_api_key="k")


def test_lists_are_separated_by_commas(desk: Desk) -> None:
    settings = desk.load(
        DISCORD_SYNC_GUILDS=" 1, 2,", TRUSTED_IMAGE_HOSTS="CDN.example.org, [::1]:80, ::1",
        SECRET_KEY="new-key, old-key",
    )  # fmt: skip
    assert settings.discord_sync_guilds == (1, 2)
    assert settings.trusted_image_hosts == ("cdn.example.org", "[::1]:80", "[::1]")
    assert [key.get_secret_value() for key in settings.secret_key] == ["new-key", "old-key"]


def test_words_may_be_written_in_any_case(desk: Desk) -> None:
    settings = desk.load(LOG_LEVEL="debug", LOG_FORMAT="JSON")
    assert (settings.log_level, settings.log_format) == ("DEBUG", "json")


def test_addresses_lose_the_slash_at_their_end(desk: Desk) -> None:
    settings = desk.load(
        PUBLIC_URL="https://bot.example.org/", DISCORD_API_URL="http://proxy:3000/api/v10/"
    )
    assert settings.public_url == "https://bot.example.org"
    assert settings.discord_api_url == "http://proxy:3000/api/v10"


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("sqlite:///ketchup.db", "sqlite:///ketchup.db"),
        ("sqlite:////var/lib/ketchup.db", "sqlite:////var/lib/ketchup.db"),
        ("postgres://host/db", "postgresql://host/db"),
        (" postgresql://u:p@host:5433/db ", "postgresql://u:p@host:5433/db"),
    ],
)
def test_both_kinds_of_database_are_understood(desk: Desk, written: str, read: str) -> None:
    assert desk.load(DATABASE_URL=written).database_url == read


@pytest.mark.parametrize(
    ("url", "masked", "password"),
    [
        ("postgresql://u:p%40ss@h/db", "postgresql://u:***@h/db", "p@ss"),
        ("postgresql://u:p@s:s@h/db", "postgresql://u:***@h/db", "p@s:s"),
        ("postgresql://h/db?password=word&x=1", "postgresql://h/db?password=***&x=1", "word"),
        ("postgresql://u@h:5432/db", "postgresql://u@h:5432/db", None),
        ("sqlite:///a:b@c.db", "sqlite:///a:b@c.db", None),
    ],
)
def test_a_databases_password_is_found_and_masked(
    url: str, masked: str, password: str | None
) -> None:
    assert parsing.masked_database_url(url) == masked
    assert parsing.database_password(url) == password


@given(st.text(alphabet="abcXYZ019:@/%._~-", min_size=1, max_size=20))
def test_no_password_stays_in_a_masked_address(password: str) -> None:
    from urllib.parse import quote

    url = f"postgresql://user:{quote(password, safe='')}@host/db"
    assert parsing.masked_database_url(url) == "postgresql://user:***@host/db"
    assert parsing.database_password(url) == password


@given(st.text(alphabet="abc019:@/#?[%", min_size=1, max_size=12))
def test_a_password_that_was_typed_as_it_is_is_refused_or_masked(password: str) -> None:
    try:
        url = parsing.database_url(f"postgresql://user:{password}@host/db")
    except ValueError:
        return
    assert parsing.masked_database_url(url) == "postgresql://user:***@host/db"


@pytest.mark.parametrize(
    ("url", "plain"),
    [
        ("https://example.org", False),
        ("http://example.org", True),
        ("http://192.168.1.2", True),
        ("http://localhost:8080", False),
        ("http://127.0.0.1", False),
        ("http://[::1]:8080", False),
    ],
)
def test_http_is_plain_unless_it_stays_on_this_machine(url: str, plain: bool) -> None:
    assert parsing.is_plain(url) is plain
