"""What a server's moderators have chosen."""

from bot.domain.guild_settings import GuildSettings
from bot.domain.ids import GuildId
from bot.domain.policy import Policy
from bot.service import funds
from bot.storage import Database


class ServerSettings:
    """Reading a server's settings."""

    def __init__(self, database: Database, policy: Policy) -> None:
        self._database = database
        self._policy = policy

    async def read(self, guild_id: GuildId) -> GuildSettings:
        """The server's settings; the defaults where nobody has chosen anything."""
        async with self._database.read() as reader:
            return await funds.settings_of(reader, guild_id, self._policy)
