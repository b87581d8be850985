"""Messages that are deleted, and servers that the bot has to leave."""

from collections.abc import Awaitable, Callable

import discord
from discord.ext import commands

from bot.chat.ports import Requests
from bot.domain.ids import GuildId, MessageId

GuildLeft = Callable[[GuildId], Awaitable[None]]
"""Ends what a server has waiting."""


class Departures(commands.Cog):
    """What disappears in Discord ends here too."""

    def __init__(self, requests: Requests, guild_left: GuildLeft) -> None:
        self._requests = requests
        self._guild_left = guild_left

    @commands.Cog.listener()
    async def on_raw_message_delete(self, event: discord.RawMessageDeleteEvent) -> None:
        """A job whose message is gone is not posted again."""
        await self._requests.message_deleted(MessageId(event.message_id))

    @commands.Cog.listener()
    async def on_raw_bulk_message_delete(self, event: discord.RawBulkMessageDeleteEvent) -> None:
        """The same for many at once."""
        for message_id in event.message_ids:
            await self._requests.message_deleted(MessageId(message_id))

    @commands.Cog.listener()
    async def on_guild_remove(self, guild: discord.Guild) -> None:
        """The bot was removed from a server."""
        await self._guild_left(GuildId(guild.id))
