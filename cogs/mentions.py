"""Messages that mention the bot."""

import discord
from discord.ext import commands

from bot.chat.asking.mentioned import Mentioned


class Mentions(commands.Cog):
    """Hears every message; most of them are not for the bot."""

    def __init__(self, mentioned: Mentioned) -> None:
        self._mentioned = mentioned

    @commands.Cog.listener()
    async def on_message(self, message: discord.Message) -> None:
        """Ask for what a mention asks for."""
        await self._mentioned.hear(message)
