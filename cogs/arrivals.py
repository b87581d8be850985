"""Servers that the bot has joined."""

import discord
from discord.ext import commands

from bot.chat.client import ChatClient
from bot.domain.ids import GuildId, Millis
from bot.service.moderators.welcoming import Welcoming


class Arrivals(commands.Cog):
    """Discord names every server at each connection, and a joined one as an event of its own.

    Either may be missed, repeated or mistaken for the other; when the bot has joined tells them
    apart.
    """

    def __init__(self, welcoming: Welcoming, client: ChatClient) -> None:
        self._welcoming = welcoming
        self._client = client

    async def cog_load(self) -> None:
        """Before the first connection: what is named then is not news."""
        await self._welcoming.begin()

    @commands.Cog.listener()
    async def on_guild_join(self, guild: discord.Guild) -> None:
        """The bot was invited."""
        await self._arrived(guild)

    @commands.Cog.listener()
    async def on_guild_available(self, guild: discord.Guild) -> None:
        """The bot is in this server, perhaps since a moment at which it was not running."""
        await self._arrived(guild)

    @commands.Cog.listener()
    async def on_shard_ready(self, shard_id: int) -> None:
        """discord.py 2.7.1 tells nothing of a server that it hears of in the moment in which it
        stops waiting for more of them."""
        for guild in self._client.guilds:
            if guild.shard_id == shard_id:
                await self._arrived(guild)

    async def _arrived(self, guild: discord.Guild) -> None:
        joined_at = guild.me.joined_at
        if joined_at is not None:
            millis = Millis(int(joined_at.timestamp() * 1000))
            await self._welcoming.arrived(GuildId(guild.id), millis)
