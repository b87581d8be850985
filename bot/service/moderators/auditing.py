"""The audit log as it is read: filtered page by page, or whole periods as a stream."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Final

from bot.domain.ids import GuildId, Millis
from bot.storage import Database
from bot.storage.moderators import audit_log
from bot.storage.moderators.audit_log import Entry, Mark, Sought

__all__ = ["AuditLog", "AuditPage", "Entry", "Mark", "Sought"]

_CHUNK: Final = 500


@dataclass(frozen=True, slots=True)
class AuditPage:
    """Some actions, newest first, and whether there are others on either side."""

    entries: tuple[Entry, ...]
    has_newer: bool
    has_older: bool


class AuditLog:
    """Reading changes nothing. Everything is one server's: other servers' ids find nothing."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def page(
        self,
        guild_id: GuildId,
        sought: Sought | None = None,
        *,
        than: Mark | None = None,
        newer: bool = False,
        limit: int = 10,
    ) -> AuditPage:
        """So many actions older (or ``newer``) than the one that ``than`` marks; the newest ones
        without it."""
        async with self._database.read() as reader:
            found = await audit_log.page(
                reader,
                guild_id,
                sought or Sought(),
                than,
                limit + 1,
                newer=newer and than is not None,
            )
        more, shown = len(found) > limit, found[:limit]
        if newer and than is not None:
            return AuditPage(tuple(reversed(shown)), has_newer=more, has_older=True)
        return AuditPage(tuple(shown), has_newer=than is not None, has_older=more)

    async def mark(self, guild_id: GuildId, entry_id: str) -> Mark | None:
        """Where an action stands in the log, None for one that is not this server's."""
        async with self._database.read() as reader:
            return await audit_log.mark_of(reader, guild_id, entry_id)

    async def actions(self, guild_id: GuildId) -> list[str]:
        """The kinds of actions that were ever taken in the server."""
        async with self._database.read() as reader:
            return await audit_log.actions(reader, guild_id)

    async def stream(self, guild_id: GuildId, start: Millis, end: Millis) -> AsyncIterator[Entry]:
        """Every action from ``start`` (inside) to ``end`` (outside), the oldest first.

        It is read in pieces, so that a whole year needs no memory and holds no snapshot.
        """
        than: Mark | None = Mark(Millis(start - 1), "~")
        while than is not None:
            async with self._database.read() as reader:
                found = await audit_log.page(
                    reader, guild_id, Sought(before=end), than, _CHUNK, newer=True
                )
            for entry in found:
                yield entry
            than = found[-1].mark if len(found) == _CHUNK else None
