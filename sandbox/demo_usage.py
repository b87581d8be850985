"""Thirty days of example usage, so that figures and charts are alive from the first minute.

Everybody in it is called "Example …" (サンプル …): nobody can take the figures for their own. They
are written into the bot's database before its first start, complete with their books, as the bot
itself would have left them: ``ketchup-bot audit`` finds no fault.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any, Final
from zoneinfo import ZoneInfo

from ulid import ULID

from sandbox.demo_books import STEPS
from sandbox.ketchup.models import MODELS

DAYS: Final = 30
_CHOSEN: Final = tuple(MODELS)[:2]
"""The models that the bot offers unless it is told of others."""
_SHARES: Final = (65, 35)
_BUSY: Final = (3, 2, 3, 3, 4, 6, 5)
"""Pictures a day, from Monday, more or less."""
_WAKING_HOURS: Final = (8, 9, 12, 13, 17, 18, 19, 19, 20, 20, 21, 21, 22, 23)
_FAILURES: Final = ("declined", "declined", "words", "deadline")
_CHANCE_OF_FAILURE: Final = 0.07
_CHANCE_OF_LOSS: Final = 0.015


@dataclass(frozen=True, slots=True)
class ExampleServer:
    """A server, and who of its members has made which pictures where."""

    id: int
    channel_id: int
    log_channel_id: int
    members: Sequence[int]
    prompts: Sequence[str]
    locale: str
    zone: str

    def settings(self) -> str:
        """What its moderators chose, as the bot keeps it: what they did not choose is left out."""
        chosen: dict[str, Any] = {"log_channel": self.log_channel_id}
        if self.locale != "en-US":
            chosen |= {"language": self.locale, "time_zone": self.zone}
        return json.dumps(chosen)


@dataclass(frozen=True, slots=True)
class _Wish:
    """One picture of the past."""

    at: datetime
    member: int
    prompt: str
    model: str
    outcome: str
    failure: str | None


def fill(database: Path, servers: Sequence[ExampleServer], now_ms: int) -> None:
    """Write the past of these servers into the bot's database, which nobody has open.

    Raises:
        sqlite3.Error: the database is not as the bot of this version makes it.
    """
    with closing(sqlite3.connect(database, isolation_level=None)) as connection:
        connection.execute("BEGIN IMMEDIATE")
        for server in servers:
            connection.execute(
                "INSERT INTO guilds (id, settings, joined_at) VALUES (?, ?, ?)",
                (server.id, server.settings(), now_ms - DAYS * 86_400_000),
            )
            for wish in _wishes(server, now_ms):
                _keep(connection, server, wish)
        for step in STEPS:
            connection.execute(step)
        connection.execute("COMMIT")


def _wishes(server: ExampleServer, now_ms: int) -> Iterator[_Wish]:
    """What was asked, oldest first: the same every time but for the day on which it ends."""
    chance = Random(server.zone)
    now = datetime.fromtimestamp(now_ms / 1000, ZoneInfo(server.zone))
    share = range(len(server.members), 0, -1)
    for back in reversed(range(DAYS)):
        day = now - timedelta(days=back)
        for hour in sorted(
            chance.choices(_WAKING_HOURS, k=chance.randint(1, _BUSY[day.weekday()]))
        ):
            at = day.replace(hour=hour, minute=chance.randrange(60), second=chance.randrange(60))
            (member,) = chance.choices(server.members, share)
            (model,) = chance.choices(_CHOSEN, _SHARES)
            prompt, luck, why = chance.choice(server.prompts), chance.random(), _FAILURES
            if at > now - timedelta(minutes=5):
                continue
            outcome, failure = "pictures", None
            if luck < _CHANCE_OF_LOSS:
                outcome, failure = "unknown", "lost"
            elif luck < _CHANCE_OF_FAILURE:
                outcome, failure = "failed", chance.choice(why)
            yield _Wish(at, member, prompt, model, outcome, failure)


def _keep(connection: sqlite3.Connection, server: ExampleServer, wish: _Wish) -> None:
    """The job with its one task. Its message is no longer there."""
    asked = int(wish.at.timestamp() * 1000)
    ended = asked + 9_000 + asked % 7_000
    job, task = (str(ULID.from_timestamp(asked / 1000)) for _ in range(2))
    made, price = wish.outcome == "pictures", MODELS[wish.model].price
    lost = price if wish.outcome == "unknown" else 0
    _insert(
        connection, "jobs", id=job, stage="done", outcome="pictures" if made else "failed",
        guild_id=server.id, channel_id=server.channel_id, user_id=wish.member, context="guild",
        locale=server.locale, public_locale=server.locale, prompt=wish.prompt, model=wish.model,
        count=1, refs="[]", created_at=asked, confirmed_at=asked, started_at=asked + 500,
        finished_at=ended, done_at=ended, due_at=ended, message_deleted=1,
    )  # fmt: skip
    _insert(
        connection, "tasks", id=task, job_id=job, position=0, stage="finished",
        outcome=wish.outcome, failure=wish.failure, provider_id=f"example-{task}", price=price,
        month=f"{wish.at.astimezone(UTC):%Y-%m}", day=f"{wish.at:%Y-%m-%d}",
        charged=price if made else 0, lost=lost, consumed=price if made or lost else 0,
        due_at=ended, submitted_at=asked + 500, finished_at=ended,
    )  # fmt: skip


def _insert(connection: sqlite3.Connection, table: str, **values: Any) -> None:
    columns, marks = ", ".join(values), ", ".join("?" * len(values))
    connection.execute(
        f"INSERT INTO {table} ({columns}) VALUES ({marks})",
        tuple(values.values()),
    )
