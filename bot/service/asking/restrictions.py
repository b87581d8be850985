"""What a server's moderators forbid: members who are blocked, and words in prompts.

Checked in the transaction that accepts a request, so that nothing passes beside a block.
"""

from bot.domain.clock import Clock
from bot.domain.ids import GuildId, Millis, UserId
from bot.domain.words import first_found
from bot.errors import (
    BlockedError,
    BlockedForReasonError,
    BlockedUntilError,
    BlockedUntilForReasonError,
    ForbiddenWordError,
)
from bot.storage import Database
from bot.storage.engine.database import Reader
from bot.storage.moderators import blocks, words
from bot.storage.moderators.blocks import Block


async def refuse_blocked(
    reader: Reader, guild_id: GuildId | None, user_id: UserId, now: Millis
) -> None:
    """Refuse a member who is blocked on the server; nobody is blocked in direct messages.

    A block that comes at this very moment is seen by whoever holds ``guilds.share``.

    Raises:
        BlockedError: they are blocked.
    """
    if guild_id is not None:
        _refuse(await blocks.read(reader, guild_id, user_id, now))


async def require_allowed_words(reader: Reader, guild_id: GuildId | None, prompt: str) -> None:
    """Refuse a prompt with a phrase that the server does not allow.

    Raises:
        ForbiddenWordError: it has one.
    """
    if guild_id is None:
        return
    found = first_found(await words.phrases(reader, guild_id), prompt)
    if found is not None:
        raise ForbiddenWordError(word=found)


class Restrictions:
    """The same question before there is a request: for buttons that open a form, and others."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def require_unblocked(self, guild_id: GuildId | None, user_id: UserId) -> None:
        """Refuse a member who is blocked on the server.

        Raises:
            BlockedError: they are.
        """
        async with self._database.read() as reader:
            await refuse_blocked(reader, guild_id, user_id, self._clock())


def _refuse(block: Block | None) -> None:
    if block is None:
        return
    if block.reason is None:
        raise BlockedError if block.until is None else BlockedUntilError(until=block.until)
    reason = block.reason.rstrip(" .。")
    if block.until is None:
        raise BlockedForReasonError(reason=reason)
    raise BlockedUntilForReasonError(until=block.until, reason=reason)
