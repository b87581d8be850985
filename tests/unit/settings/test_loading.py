"""From the environment, ``.env`` and secrets to settings, or to a list of what is wrong."""

import pytest

from bot.domain.money import CREDIT
from bot.errors import SettingsError
from bot.settings import InvalidSettingsError, Settings, load_settings
from bot.settings.loading import NAMES, cautions
from tests.unit.settings.conftest import REQUIRED, Desk

CONTRACT = {
    "DISCORD_TOKEN", "DISCORD_API_URL", "DISCORD_SYNC_GUILDS", "KETCHUP_API_KEY",
    "KETCHUP_API_URL", "KETCHUP_MODELS", "KETCHUP_QUERIES_PER_SECOND", "KETCHUP_MAX_IN_FLIGHT",
    "DATABASE_URL", "PUBLIC_URL", "HTTP_HOST", "HTTP_PORT", "NEW_SERVER_CAP", "ACCOUNT_CAP",
    "DIRECT_CREDITS", "SECRET_KEY", "TRUSTED_IMAGE_HOSTS", "LOG_LEVEL", "LOG_FORMAT",
}  # fmt: skip


def test_the_names_are_those_of_the_contract() -> None:
    assert set(NAMES) == CONTRACT


def test_two_settings_are_enough_and_the_rest_has_the_documented_defaults(desk: Desk) -> None:
    settings = desk.load()
    assert settings.discord_api_url == "https://discord.com/api/v10"
    assert settings.ketchup_api_url == "https://api.defapi.org"
    assert settings.database_url == "sqlite:///data/ketchup.db"
    assert (settings.http_host, settings.http_port) == ("127.0.0.1", 8080)
    assert settings.new_server_cap == 100 * CREDIT
    assert (settings.account_cap, settings.direct_credits) == (None, 0)
    assert (settings.public_url, settings.secret_key, settings.log_format) == (None, (), None)
    assert settings.log_level == "INFO"


def test_every_problem_is_named_at_once_with_what_to_do(desk: Desk) -> None:
    desk.export(HTTP_PORT="99999", PUBLIC_URL="bot.example.org", NEW_SERVER_CAP="-1")
    with pytest.raises(InvalidSettingsError) as caught:
        load_settings(desk.sources)
    problems = {problem.name: problem for problem in caught.value.problems}
    assert set(problems) == {*REQUIRED, "HTTP_PORT", "PUBLIC_URL", "NEW_SERVER_CAP"}
    assert "discord.com/developers" in problems["DISCORD_TOKEN"].remedy
    assert problems["KETCHUP_API_KEY"].remedy
    assert "https://" in problems["PUBLIC_URL"].what
    assert isinstance(caught.value, SettingsError)


def test_an_empty_value_counts_as_none(desk: Desk) -> None:
    assert desk.load(HTTP_PORT="", ACCOUNT_CAP="", PUBLIC_URL="").http_port == 8080
    desk.export(DISCORD_TOKEN="")
    with pytest.raises(InvalidSettingsError, match="DISCORD_TOKEN is missing"):
        load_settings(desk.sources)


def test_the_environment_goes_before_the_file_and_the_file_before_secrets(desk: Desk) -> None:
    desk.write("\ufeffHTTP_PORT=1001\nHTTP_HOST=0.0.0.0\n")  # as Windows' editor writes it
    desk.secret("http_host", "::1")
    desk.secret("DISCORD_TOKEN", "token-from-a-file\n")
    desk.secret("ketchup_api_key", "key-from-a-file\n")
    desk.export(HTTP_PORT="1002")
    settings = load_settings(desk.sources)
    assert (settings.http_port, settings.http_host) == (1002, "0.0.0.0")
    assert settings.discord_token.get_secret_value() == "token-from-a-file"
    origins = desk.sources.origins()
    assert origins["HTTP_PORT"] == "environment"
    assert origins["HTTP_HOST"] == str(desk.sources.env_file)
    assert origins["KETCHUP_API_KEY"] == str(desk.sources.secrets_dir)
    assert "LOG_LEVEL" not in origins


def test_a_misspelt_name_is_named_with_the_one_that_was_meant(desk: Desk) -> None:
    desk.export(DISCORD_TOKN="x", KETCHUP_API_KEY="key", KETCHUP_MAX_INFLIGHT="5")
    with pytest.raises(InvalidSettingsError) as caught:
        load_settings(desk.sources)
    text = str(caught.value)
    assert "DISCORD_TOKEN is missing" in text
    assert "Did you mean DISCORD_TOKEN?" in text
    assert "Did you mean KETCHUP_MAX_IN_FLIGHT?" in text


def test_a_misspelt_name_in_the_file_is_a_problem_too(desk: Desk) -> None:
    desk.write("DATABASE_URI=postgresql://host/db\n")
    with pytest.raises(InvalidSettingsError, match=r"DATABASE_URI in .*\.env .*DATABASE_URL\?"):
        desk.load()


def test_names_of_other_programs_in_the_environment_stop_nothing(desk: Desk) -> None:
    settings = desk.load(HTTP_PROXY="http://proxy", DATABASE_URI="of another program")
    assert settings.database_url.startswith("sqlite")
    assert any("DATABASE_URI" in caution for caution in cautions(settings, desk.sources))


def test_a_strange_name_in_our_own_file_is_mentioned(desk: Desk) -> None:
    desk.write("COMPOSE_PROJECT_NAME=ketchup\n")
    settings = desk.load()
    assert [c for c in cautions(settings, desk.sources) if "COMPOSE_PROJECT_NAME" in c]


def test_plain_http_is_mentioned_unless_it_stays_on_this_machine(desk: Desk) -> None:
    loud = desk.load(PUBLIC_URL="http://bot.example.org", SECRET_KEY="short")
    quiet = desk.load(PUBLIC_URL="http://127.0.0.1:8080", SECRET_KEY="x" * 32)
    assert any("PUBLIC_URL" in caution for caution in cautions(loud, desk.sources))
    assert any("SECRET_KEY" in caution for caution in cautions(loud, desk.sources))
    assert cautions(quiet, desk.sources) == []


def test_no_message_quotes_a_secret(desk: Desk) -> None:
    desk.export(
        DISCORD_TOKEN="tok\nen-secret", KETCHUP_API_KEY="key", SECRET_KEY="first-secret,b,c",
        DATABASE_URL="mysql://user:pass-secret@host/db",
    )  # fmt: skip
    with pytest.raises(InvalidSettingsError) as caught:
        load_settings(desk.sources)
    assert len(caught.value.problems) == 3
    assert "secret" not in str(caught.value).replace("/run/secrets", "")


def test_the_settings_shown_by_repr_hold_no_secret(desk: Desk) -> None:
    settings = desk.load(
        SECRET_KEY="hidden-signing-key", DATABASE_URL="postgresql://user:hidden-word@host/db"
    )
    shown = f"{settings!r} {settings}"
    assert "hidden" not in shown
    assert "dk-secret" not in shown
    assert set(settings.secrets()) == {
        *REQUIRED.values(), "hidden-signing-key", "hidden-word",
    }  # fmt: skip


def test_an_unreadable_file_is_named(desk: Desk) -> None:
    desk.sources.env_file.write_bytes(b"DISCORD_TOKEN=\xff\xfe\x00")
    with pytest.raises(InvalidSettingsError, match="cannot be read"):
        desk.load()


def test_the_policy_holds_the_operators_bounds(desk: Desk) -> None:
    policy = desk.load(
        NEW_SERVER_CAP="2.5", ACCOUNT_CAP="1000", DIRECT_CREDITS="3", KETCHUP_MAX_IN_FLIGHT="7",
        KETCHUP_QUERIES_PER_SECOND="0.5", PUBLIC_URL="https://bot.example.org",
    ).policy()  # fmt: skip
    assert (policy.new_server_cap, policy.account_cap) == (2_500_000, 1000 * CREDIT)
    assert (policy.direct_credits, policy.max_in_flight) == (3 * CREDIT, 7)
    assert policy.queries_per_second == 0.5
    assert policy.callbacks
    assert not desk.load(PUBLIC_URL="").policy().callbacks


def test_values_given_in_code_are_read_like_those_of_the_environment(desk: Desk) -> None:
    desk.export(HTTP_PORT="1")
    settings = Settings(
        _env_file=None, discord_token="t", ketchup_api_key="k", http_port=2, new_server_cap="1"
    )
    assert (settings.http_port, settings.new_server_cap) == (2, CREDIT)
