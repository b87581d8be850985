"""What the log shows, and what it never shows."""

import io
import json
import logging
import warnings
from collections.abc import Iterator
from typing import Any

import pytest
import stamina
import structlog
from hypothesis import given
from hypothesis import strategies as st

from bot.logs import HIDDEN, Redaction, configure_logs

TOKEN = "MTIz.abc.a-real-token"


@pytest.fixture(autouse=True)
def restored_logging() -> Iterator[None]:
    """The process's logging is put back."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    names = ("bot", "cogs", "__main__", "alembic")
    named = {name: logging.getLogger(name).level for name in names}
    yield
    root.handlers[:], root.level = handlers, level
    for name, known in named.items():
        logging.getLogger(name).setLevel(known)
    logging.captureWarnings(capture=False)
    structlog.reset_defaults()
    stamina.instrumentation.set_on_retry_hooks(None)


class Log:
    """A log that is written to memory."""

    def __init__(self, form: Any = "json", level: str = "DEBUG") -> None:
        self.stream = io.StringIO()
        configure_logs(level, form, [TOKEN], self.stream)

    @property
    def text(self) -> str:
        return self.stream.getvalue()

    @property
    def entries(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.text.splitlines()]


def fail(words: str) -> None:
    raise RuntimeError(words)


def test_an_entry_is_one_line_of_json_with_time_level_logger_and_event() -> None:
    log = Log()
    structlog.get_logger("bot.workers").info("delivered", job="01J", seconds=1.5)
    (entry,) = log.entries
    assert list(entry)[:4] == ["timestamp", "level", "logger", "event"]
    assert entry["timestamp"].endswith("Z")
    assert (entry["level"], entry["logger"], entry["event"]) == ("info", "bot.workers", "delivered")
    assert (entry["job"], entry["seconds"]) == ("01J", 1.5)


def test_away_from_a_terminal_the_log_is_json_unless_it_is_chosen() -> None:
    free = Log(form=None)
    structlog.get_logger("bot").info("hello")
    assert free.entries[0]["event"] == "hello"
    console = Log(form="console")
    structlog.get_logger("bot").info("hello", picture="画像")
    assert "hello" in console.text
    assert "画像" in console.text
    assert not console.text.startswith("{")


@pytest.mark.parametrize("form", ["json", "console"])
def test_secrets_are_hidden_wherever_they_stand(form: str) -> None:
    log = Log(form)
    bound = structlog.get_logger("bot").bind(key=TOKEN)
    bound.info(f"with {TOKEN}", deep={"list": [TOKEN, (TOKEN,)]}, thing=ValueError(TOKEN))
    bound.info("asked %s", TOKEN)
    try:
        fail(f"connecting with {TOKEN}")
    except RuntimeError:
        bound.exception("broken")
        logging.getLogger("discord.client").exception("broken with %s", TOKEN, extra={"x": TOKEN})
    assert TOKEN not in log.text
    assert log.text.count(HIDDEN) >= 10


@pytest.mark.parametrize(
    ("secret", "text"),
    [
        ("c2ln", "POST https://bot.example.org/callbacks/01J8/c2ln 404"),
        ("aW50ZXI", "https://discord.com/api/v10/webhooks/1234/aW50ZXI/messages/@original"),
        ("aW50ZXI", "POST /interactions/99/aW50ZXI/callback responded with 404"),
        ("dk-12345678", "Authorization: Bearer dk-12345678"),
        ("MTIzNDU2", "{'Authorization': 'Bot MTIzNDU2'}"),
    ],
)
def test_addresses_that_are_secrets_are_hidden_in_every_text(secret: str, text: str) -> None:
    log = Log()
    logging.getLogger("aiohttp.client").warning("%s", text)
    structlog.get_logger("bot").warning("seen", url=text)
    try:
        fail(text)
    except RuntimeError:
        logging.getLogger("asyncio").exception("broken")
    assert len(log.entries) == 3
    assert secret not in log.text


def test_libraries_stay_above_debug_because_they_write_whole_requests() -> None:
    log = Log(level="DEBUG")
    logging.getLogger("discord.http").debug("a prompt")
    logging.getLogger("aiosqlite").debug("a prompt")
    logging.getLogger("discord.gateway").info("connected")
    logging.getLogger("bot.web").debug("our own")
    assert [entry["event"] for entry in log.entries] == ["connected", "our own"]


def test_a_migration_is_no_row_of_its_librarys_lines() -> None:
    log = Log()
    logging.getLogger("alembic.runtime.plugins").info("setup plugin")
    logging.getLogger("alembic.runtime.migration").warning("no such revision")
    assert [entry["event"] for entry in log.entries] == ["no such revision"]


def test_missing_packages_for_voice_are_nothing_to_warn_of() -> None:
    log = Log()
    client = logging.getLogger("discord.client")
    client.warning("%s is not installed, voice will NOT be supported", "PyNaCl")
    client.warning("something else")
    assert [entry["event"] for entry in log.entries] == ["something else"]


def test_the_level_holds_for_everybody() -> None:
    log = Log(level="WARNING")
    structlog.get_logger("bot").info("too quiet")
    logging.getLogger("discord").info("too quiet")
    structlog.get_logger("cogs").warning("loud")
    assert [entry["event"] for entry in log.entries] == ["loud"]


def test_local_variables_do_not_reach_a_traceback() -> None:
    log = Log("console")

    def paint(prompt: str) -> None:
        fail(f"{len(prompt)} characters")

    try:
        paint("a " + "secret" + " garden")
    except RuntimeError:
        structlog.get_logger("bot").exception("broken")
    assert "15 characters" in log.text
    assert "secret garden" not in log.text


def test_a_retry_is_logged_without_its_arguments() -> None:
    log = Log()

    @stamina.retry(on=RuntimeError, attempts=2, wait_initial=0, wait_jitter=0)
    def submit(_prompt: str) -> None:
        fail("no luck")

    with pytest.raises(RuntimeError):
        submit("a secret garden")
    (entry,) = log.entries
    assert entry["event"] == "tried again"
    assert entry["cause"] == "RuntimeError"
    assert "garden" not in log.text


def test_warnings_are_logged() -> None:
    log = Log()
    with warnings.catch_warnings():
        warnings.simplefilter("default")
        logging.captureWarnings(capture=True)
        warnings.warn("old ways", UserWarning, stacklevel=1)
    assert "old ways" in log.entries[0]["event"]


def test_texts_of_others_cannot_steer_the_terminal() -> None:
    log = Log("console")
    structlog.get_logger("bot").info("declined", reason="\x1b[2J\x07gone")
    assert "\x1b" not in log.text
    assert "\\x1b[2J" in log.text


@given(st.text(), st.text())
def test_no_text_around_it_saves_a_secret(before: str, after: str) -> None:
    entry = Redaction([TOKEN])(None, "info", {"event": before + TOKEN + after})
    assert TOKEN not in str(entry["event"])


def test_of_two_secrets_the_longer_one_is_hidden_whole() -> None:
    redaction = Redaction(["secret", "secret-and-more"])
    assert redaction.text("a secret-and-more b") == f"a {HIDDEN} b"
    assert Redaction(["", "abc"]).text("abc") == "abc"
