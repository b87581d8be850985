"""Blocks and forbidden words as moderators change them; each change is in the audit log."""

from dataclasses import dataclass
from typing import Final

from bot.domain.clock import Clock
from bot.domain.ids import GuildId, Millis, UserId
from bot.domain.stages import JobStage
from bot.domain.words import MAX_PHRASE, Phrase, first_found, phrase
from bot.errors import (
    EmptyPhraseError,
    NotBlockedError,
    PhraseKnownError,
    PhraseUnknownError,
    TooManyPhrasesError,
)
from bot.service.work.ending import stop
from bot.service.work.wakeups import Wakeups
from bot.storage import Database
from bot.storage.engine.database import Transaction
from bot.storage.moderators import audit_log, blocks, guilds, words
from bot.storage.moderators.blocks import Block
from bot.storage.moderators.words import Word
from bot.storage.work import events, jobs, state
from bot.storage.work.state import Fact

MOST_PHRASES: Final = 500
"""So many can be looked for in a prompt within a few milliseconds."""


@dataclass(frozen=True, slots=True)
class Blocked:
    """A block that was made, and how many waiting jobs of the member it cancelled."""

    block: Block
    cancelled: int


class Moderating:
    """Each method is one transaction. Who may call it is checked by the caller."""

    def __init__(self, database: Database, clock: Clock, wakeups: Wakeups) -> None:
        self._database = database
        self._clock = clock
        self._wakeups = wakeups

    async def block(
        self,
        guild_id: GuildId,
        user_id: UserId,
        *,
        by: UserId,
        until: Millis | None,
        reason: str | None,
        key: str,
    ) -> Blocked | None:
        """Let the member make no pictures on the server; None if this key was handled before.

        What they have waiting is cancelled; what is being painted goes to their gallery.
        """
        async with self._database.write() as tx:
            now = self._clock()
            if not await events.first_time(tx, key, now):
                return None
            block = Block(guild_id, user_id, now, until, reason, by)
            cancelled = await put_block(tx, block)
        self._wakeups.deliver.set()
        self._wakeups.cards.set()
        return Blocked(block, cancelled)

    async def unblock(
        self, guild_id: GuildId, user_id: UserId, *, by: UserId, key: str
    ) -> Block | None:
        """Lift the member's block, which is returned; None if this key was handled before.

        Raises:
            NotBlockedError: there is none.
        """
        async with self._database.write() as tx:
            now = self._clock()
            if not await events.first_time(tx, key, now):
                return None
            await blocks.hold_still(tx, guild_id)
            known = await blocks.read(tx, guild_id, user_id, now)
            if known is None:
                raise NotBlockedError(member=f"<@{user_id}>")
            await blocks.lift(tx, guild_id, user_id)
            await audit_log.write(
                tx, guild_id, by, "unblock", now, target_id=user_id,
                before={"until": known.until, "reason": known.reason},
            )  # fmt: skip
            return known

    async def block_of(self, guild_id: GuildId, user_id: UserId) -> Block | None:
        """The member's block, if one holds now."""
        async with self._database.read() as reader:
            return await blocks.read(reader, guild_id, user_id, self._clock())

    async def blocked(self, guild_id: GuildId, limit: int) -> list[Block]:
        """Who is blocked now, the newest first."""
        async with self._database.read() as reader:
            return await blocks.of_server(reader, guild_id, self._clock(), limit)

    async def add_phrase(
        self, guild_id: GuildId, text: str, *, by: UserId, key: str
    ) -> Phrase | None:
        """Forbid a phrase; None if this key was handled before.

        Raises:
            EmptyPhraseError, PhraseKnownError, TooManyPhrasesError: nothing was changed.
        """
        wanted = _phrase(text)
        async with self._database.write() as tx:
            now = self._clock()
            if not await events.first_time(tx, key, now):
                return None
            await guilds.ensure(tx, guild_id, now)
            if await words.count(tx, guild_id) >= MOST_PHRASES:
                raise TooManyPhrasesError(limit=MOST_PHRASES)
            word = Word(guild_id, wanted.folded, wanted.text, now, by)
            if not await words.add(tx, word):
                raise PhraseKnownError(phrase=wanted.text)
            await audit_log.write(tx, guild_id, by, "word_add", now, after=wanted.text)
            return wanted

    async def remove_phrase(
        self, guild_id: GuildId, text: str, *, by: UserId, key: str
    ) -> Phrase | None:
        """Allow a phrase again, in whatever spelling; None if this key was handled before.

        Raises:
            EmptyPhraseError, PhraseUnknownError: nothing was changed.
        """
        wanted = _phrase(text)
        async with self._database.write() as tx:
            now = self._clock()
            if not await events.first_time(tx, key, now):
                return None
            if not await words.remove(tx, guild_id, wanted.folded):
                raise PhraseUnknownError(phrase=wanted.text)
            await audit_log.write(tx, guild_id, by, "word_remove", now, before=wanted.text)
            return wanted

    async def phrases(self, guild_id: GuildId) -> list[Word]:
        """The server's forbidden phrases."""
        async with self._database.read() as reader:
            return await words.of_server(reader, guild_id)

    async def refusing(self, guild_id: GuildId, prompt: str) -> str | None:
        """The phrase for which a prompt would be refused, None if it would pass."""
        async with self._database.read() as reader:
            return first_found(await words.phrases(reader, guild_id), prompt)


def _phrase(text: str) -> Phrase:
    made = phrase(text[:MAX_PHRASE])
    if made is None:
        raise EmptyPhraseError
    return made


async def put_block(tx: Transaction, block: Block) -> int:
    """Keep the block, write it down, and cancel what the member has waiting; how many jobs.

    To be called before any lock of the transaction.
    """
    await guilds.ensure(tx, block.guild_id, block.at)
    await blocks.hold_still(tx, block.guild_id)
    known = await blocks.read(tx, block.guild_id, block.user_id, block.at)
    await blocks.put(tx, block)
    await audit_log.write(
        tx, block.guild_id, block.by, "block", block.at, target_id=block.user_id,
        before={"until": known.until} if known else None, after={"until": block.until},
        reason=block.reason,
    )  # fmt: skip
    await state.lock(tx, Fact.LINE)
    live = await blocks.live_jobs(tx, block.guild_id, block.user_id)
    found = [await jobs.lock(tx, job_id) for job_id in live]
    cancelled = 0
    for job in found:
        if job is not None and job.stage in {JobStage.QUEUED, JobStage.RUNNING}:
            cancelled += await stop(tx, job, block.at) > 0
    return cancelled
