"""Jobs as a list: a member's own, and for moderators those that can still be cancelled."""

from dataclasses import dataclass

from bot.domain.ids import ChannelId, GuildId, JobId, MessageId, Millis, UserId
from bot.domain.money import Microcredits
from bot.domain.stages import Failure, JobOutcome, JobStage
from bot.storage import Database
from bot.storage.browsing import listings


@dataclass(frozen=True, slots=True)
class Listed:
    """One job in a list. ``place_in_line`` counts from 1; ``charged`` is what it cost so far."""

    job_id: JobId
    user_id: UserId
    stage: JobStage
    outcome: JobOutcome | None
    prompt: str
    private: bool
    count: int
    made: int
    charged: Microcredits
    stopped: bool
    failure: Failure | None
    reason: str | None
    """The image service's own words: for the requester alone."""
    guild_id: GuildId | None
    channel_id: ChannelId
    message_id: MessageId | None
    created_at: Millis
    started_at: Millis | None
    place_in_line: int | None

    @property
    def cancellable(self) -> bool:
        """Whether a cancellation would still change anything."""
        return self.stage in {JobStage.QUEUED, JobStage.RUNNING} and not self.stopped


class Listing:
    """Reading changes nothing."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def own(self, user_id: UserId, limit: int = 10) -> list[Listed]:
        """A member's jobs everywhere: unfinished ones first, then the newest."""
        async with self._database.read() as reader:
            rows = await listings.of_member(reader, user_id, limit)
            return await self._listed(reader, rows)

    async def cancellable(
        self, user_id: UserId, guild_id: GuildId | None, *, moderator: bool, limit: int = 25
    ) -> list[Listed]:
        """What this person may cancel here: own jobs, as a moderator everybody's."""
        async with self._database.read() as reader:
            if moderator and guild_id is not None:
                rows = await listings.live_in_guild(reader, guild_id, limit)
            else:
                rows = await listings.live_of_member(reader, user_id, limit)
            return [job for job in await self._listed(reader, rows) if job.cancellable]

    async def _listed(self, reader: listings.Reader, rows: list[listings.Row]) -> list[Listed]:
        line = await listings.line(reader) if any(_waits(row) for row in rows) else []
        places = {job_id: place for place, job_id in enumerate(line, 1)}
        return [
            Listed(
                job_id=row.id,
                user_id=row.user_id,
                stage=row.stage,
                outcome=row.outcome,
                prompt=row.prompt,
                private=row.private,
                count=row.count,
                made=row.made,
                charged=row.charged,
                stopped=row.stopped > 0,
                failure=row.failure,
                reason=row.reason,
                guild_id=row.guild_id,
                channel_id=row.channel_id,
                message_id=None if row.message_deleted else row.message_id,
                created_at=row.created_at,
                started_at=row.started_at,
                place_in_line=places.get(row.id),
            )
            for row in rows
        ]


def _waits(row: listings.Row) -> bool:
    return row.stage is JobStage.QUEUED
