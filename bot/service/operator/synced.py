"""Which commands Discord has: a text for each scope, kept so that nothing is sent twice."""

from bot.storage import Database
from bot.storage.work import state


class SyncedCommands:
    """Remembers what was registered, over restarts."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def get(self, scope: str) -> str | None:
        """What was kept for this scope."""
        async with self._database.read() as reader:
            known = await state.read(reader, f"commands:{scope}")
        return known if isinstance(known, str) else None

    async def set(self, scope: str, text: str) -> None:
        """Keep this for the scope."""
        async with self._database.write() as tx:
            await state.write(tx, f"commands:{scope}", text)
