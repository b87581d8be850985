"""How the bot is: what the operator's monitoring asks of the database."""

import asyncio
import time
from dataclasses import dataclass
from typing import Final

from bot.domain.clock import Clock
from bot.domain.ids import Millis
from bot.domain.policy import DEADLINE_MS, DELIVERY_PATIENCE_MS, UNKNOWN_AFTER_MS
from bot.storage import Database
from bot.storage.work import state, vitals
from bot.storage.work.state import Fact
from bot.storage.work.vitals import Stuck

WRITE_S: Final = 15.0
"""A write that has not ended by then counts as failed."""
_ROOM_MS: Final = 3 * 60_000
"""What a stage may last beyond its own deadline: a restart, a busy machine."""
_FETCHING_MS: Final = 60 * 60_000
"""Painting and all attempts to fetch take less."""


@dataclass(frozen=True, slots=True)
class Vitals:
    """One look. Times are seconds; ``free_bytes`` is None where the disk is not this machine's."""

    stuck: tuple[Stuck, ...]
    waiting_s: float
    """How long the first in line has waited for its turn."""
    paused_s: float
    """Since when the API refuses the key; 0 while it does not."""
    free_bytes: int | None


async def last_heartbeat(database: Database) -> Millis:
    """When a process last showed that the database can be written; 0 for a new database."""
    async with database.read() as reader:
        return Millis(await state.read(reader, Fact.HEARTBEAT) or 0)


class VitalSigns:
    """Reads and writes as little as tells whether both work."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def look(self) -> Vitals:
        """How things are. Raises whatever keeps the database from being read."""
        now = self._clock()
        async with self._database.read() as reader:
            found = await vitals.stuck(
                reader,
                submitting_before=Millis(now - UNKNOWN_AFTER_MS - _ROOM_MS),
                running_before=Millis(now - DEADLINE_MS - _ROOM_MS),
                fetching_before=Millis(now - _FETCHING_MS),
                telling_before=Millis(now - DELIVERY_PATIENCE_MS - _FETCHING_MS),
            )
            waiting_since = await vitals.waiting_since(reader)
            pause = await state.read(reader, Fact.PAUSE)
        return Vitals(
            tuple(found),
            0.0 if waiting_since is None else max(0.0, (now - waiting_since) / 1000),
            max(0.001, (now - pause["since"]) / 1000) if pause else 0.0,
            await asyncio.to_thread(self._database.free_bytes),
        )

    async def write(self) -> float:
        """Commit one small row; how many seconds that took.

        Raises:
            TimeoutError: it did not end within 15 s.
        """
        began = time.monotonic()
        async with asyncio.timeout(WRITE_S), self._database.write() as tx:
            await state.write(tx, Fact.HEARTBEAT, self._clock())
        return time.monotonic() - began
