"""What is not needed any more is dropped: old bytes, and everything of servers that left."""

from dataclasses import dataclass
from typing import Final

from bot.domain.clock import Clock
from bot.domain.ids import GuildId, Millis, first_id_at, new_pseudonym
from bot.domain.policy import KEEP_BYTES, KEEP_PICTURES_MS, PURGE_AFTER_MS
from bot.storage import Database
from bot.storage.browsing.galleries import NEWEST
from bot.storage.moderators import blocks, guilds
from bot.storage.money import ledger
from bot.storage.people import erasing, renaming
from bot.storage.work import keeping, pictures

_BATCH: Final = 100
_PEOPLE: Final = 20


@dataclass(frozen=True, slots=True)
class Dropped:
    """How many pictures lost their bytes, and how many bytes that were."""

    pictures: int
    bytes: int


class Retention:
    """Each method is one short transaction that does a part; they are called until nothing is
    left to do."""

    def __init__(self, database: Database, clock: Clock, keep_bytes: int = KEEP_BYTES) -> None:
        self._database = database
        self._clock = clock
        self._keep_bytes = keep_bytes

    async def drop_old_pictures(self) -> Dropped:
        """Drop bytes that were kept long enough, and the oldest where all need too much room.

        The pictures stay in the gallery as far as their messages show them.
        """
        before = first_id_at(Millis(self._clock() - KEEP_PICTURES_MS))
        async with self._database.read() as reader:
            found = await keeping.oldest(reader, before, _BATCH)
            too_many = await keeping.total_bytes(reader) - self._keep_bytes
            if not found and too_many > 0:
                for one in await keeping.oldest(reader, NEWEST, _BATCH):
                    if too_many <= 0:
                        break
                    found.append(one)
                    too_many -= one.size
        if found:
            async with self._database.write() as tx:
                for one in found:
                    await pictures.forget_data(tx, one.id)
        return Dropped(len(found), sum(one.size for one in found))

    async def forget_ended(self) -> None:
        """Drop what outlives a deletion only until it ends: blocks, and rests of allowances."""
        async with self._database.write() as tx:
            now = self._clock()
            await renaming.forget_remainders(tx, now)
            await blocks.forget_ended(tx, now)

    async def purge_next(self) -> tuple[GuildId, bool] | None:
        """A part of the purge of a server that the bot left long ago: which one, and whether
        that was the last part. None when there is no such server."""
        now = self._clock()
        async with self._database.read() as reader:
            guild_id = await guilds.to_purge(reader, Millis(now - PURGE_AFTER_MS))
        if guild_id is None:
            return None
        async with self._database.write() as tx:
            jobs = await erasing.speaking(tx, Millis(0), _BATCH, guild_id=guild_id)
            await erasing.wipe(tx, [job.id for job in jobs], now)
            people = [] if jobs else await renaming.people_of(tx, guild_id, _PEOPLE)
            for user_id in people:
                pseudonym = new_pseudonym()
                await renaming.rename_jobs(tx, guild_id, user_id, pseudonym)
                await ledger.lock_books(tx, guild_id)
                await renaming.rename_books(tx, guild_id, user_id, pseudonym, now)
            if jobs or people:
                return guild_id, False
            await erasing.forget_guild(tx, guild_id)
            await guilds.purged(tx, guild_id, now)
            return guild_id, True
