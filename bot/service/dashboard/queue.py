"""The line and what is being painted, as a server's moderators watch it."""

from collections import OrderedDict
from dataclasses import dataclass
from typing import Final

from bot.domain.clock import Clock
from bot.domain.ids import GuildId, JobId, Millis, UserId
from bot.domain.stages import JobStage
from bot.storage import Database
from bot.storage.browsing import queue
from bot.storage.work import line

_SHOWN: Final = 100
_FRESH_MS: Final = 900
"""However many watch, a server's queue is read about once a second."""
_SERVERS: Final = 500


@dataclass(frozen=True, slots=True)
class Queued:
    """An unfinished job; ``place`` counts from 1 over all servers while it waits."""

    job_id: JobId
    user_id: UserId
    stage: JobStage
    count: int
    since: Millis
    place: int | None


class Queue:
    """Reading changes nothing."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock
        self._known: OrderedDict[GuildId, tuple[Millis, tuple[Queued, ...]]] = OrderedDict()

    async def of(self, guild_id: GuildId) -> tuple[Queued, ...]:
        """Running jobs first, then the waiting ones in their order; at most a second old."""
        now = self._clock()
        known = self._known.get(guild_id)
        if known is None or not 0 <= now - known[0] < _FRESH_MS:
            known = self._known[guild_id] = (now, await self._read(guild_id))
            self._known.move_to_end(guild_id)
            while len(self._known) > _SERVERS:
                self._known.popitem(last=False)
        return known[1]

    async def _read(self, guild_id: GuildId) -> tuple[Queued, ...]:
        async with self._database.read() as reader:
            found = await queue.live(reader, guild_id, _SHOWN)
            waits = any(job.stage in _WAITING for job in found)
            order = await line.line(reader) if waits else []
        places = {job_id: place for place, job_id in enumerate(order, 1)}
        jobs = [
            Queued(
                job.id, job.user_id, job.stage, job.count, job.started_at or job.created_at,
                places.get(job.id) if job.stage in _WAITING else None,
            )
            for job in found
        ]  # fmt: skip
        return tuple(sorted(jobs, key=_order))


_WAITING: Final = frozenset({JobStage.ACCEPTED, JobStage.QUEUED})


def _order(job: Queued) -> tuple[bool, int, Millis]:
    return (job.stage in _WAITING, job.place or 0, job.since)
