"""Reading the audit log of a server."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Final

from bot.domain.ids import GuildId
from bot.storage import Database, audit_pages
from bot.storage.audit_log import OPERATOR, Entry
from bot.storage.audit_pages import Sought

__all__ = ["OPERATOR", "AuditPage", "AuditReading", "Entry", "Sought"]

PAGE: Final = 50
_EXPORTED_AT_ONCE: Final = 500


@dataclass(frozen=True, slots=True)
class AuditPage:
    """Some actions, newest first; ``next`` leads to older ones."""

    entries: tuple[Entry, ...]
    next: str | None


class AuditReading:
    """Reading changes nothing."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def page(
        self, guild_id: GuildId, sought: Sought, than: str | None = None, limit: int = PAGE
    ) -> AuditPage:
        """A page of actions, 50 at most unless said otherwise."""
        async with self._database.read() as reader:
            found = await audit_pages.page(reader, guild_id, sought, than, limit + 1)
        shown = tuple(found[:limit])
        return AuditPage(shown, shown[-1].id if len(found) > limit else None)

    async def actions(self, guild_id: GuildId) -> list[str]:
        """The kinds of actions to filter by."""
        async with self._database.read() as reader:
            return await audit_pages.actions(reader, guild_id)

    async def everything(self, guild_id: GuildId, sought: Sought) -> AsyncIterator[Entry]:
        """All of them, newest first, read in parts: a long log never stands in memory."""
        than: str | None = None
        while True:
            part = await self.page(guild_id, sought, than, _EXPORTED_AT_ONCE)
            for entry in part.entries:
                yield entry
            if (than := part.next) is None:
                return
