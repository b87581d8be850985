"""Where a server's moderators are told something, and in which language."""

from dataclasses import dataclass

import discord

from bot.chat.places import COMMUNITY
from bot.chat.translate import FALLBACK
from bot.domain.ids import ChannelId, GuildId


@dataclass(frozen=True, slots=True)
class ModRoom:
    """``channels`` are to be tried in their order; there may be none."""

    channels: tuple[ChannelId, ...]
    locale: str


async def mod_room(
    client: discord.Client, guild_id: GuildId, *, log_channel: int | None, language: str | None
) -> ModRoom:
    """The chosen channel, then (where that is gone or closed to the bot) where Discord tells a
    Community server's moderators its news.

    The language is what was chosen; Community servers have one of their own, others stay en-US.
    Asked anew and not read from the cache: a worker's process may have no gateway.
    """
    guild = await client.http.get_guild(guild_id, with_counts=False)
    known = (log_channel, guild["public_updates_channel_id"])
    channels = tuple(ChannelId(int(one)) for one in known if one is not None)
    if language is None:
        language = guild["preferred_locale"] if COMMUNITY in guild["features"] else FALLBACK
    return ModRoom(channels, language)
