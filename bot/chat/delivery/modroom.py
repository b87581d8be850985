"""Where a server's moderators are told something, and in which language."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, TypeVar

import discord
import structlog

from bot.chat.delivery.routes import Closed, Route, judge
from bot.chat.places import COMMUNITY
from bot.chat.translate import FALLBACK
from bot.domain.ids import ChannelId, GuildId

if TYPE_CHECKING:
    from discord.types.guild import Guild

T = TypeVar("T")

_log: Final = structlog.get_logger("bot.chat.delivery.modroom")


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

    Asked anew and not read from the cache: a worker's process may have no gateway.
    """
    guild = await client.http.get_guild(guild_id, with_counts=False)
    known = (log_channel, guild["public_updates_channel_id"])
    channels = tuple(ChannelId(int(one)) for one in known if one is not None)
    return ModRoom(channels, spoken_in(guild, language))


def spoken_in(guild: "Guild", chosen: str | None) -> str:
    """What was chosen; Community servers have a language of their own, others stay en-US."""
    if chosen is not None:
        return chosen
    return guild["preferred_locale"] if COMMUNITY in guild["features"] else FALLBACK


async def in_first_open(
    channels: Sequence[ChannelId], post: Callable[[ChannelId], Awaitable[T]]
) -> T | None:
    """What ``post`` returns for the first channel that is not closed to the bot; None for none.

    Raises:
        discord.HTTPException: the last channel is closed as well, or Discord fails.
    """
    for number, channel_id in enumerate(channels, start=1):
        try:
            return await post(channel_id)
        except discord.HTTPException as error:
            if number == len(channels) or not isinstance(judge(error, Route.POST), Closed):
                raise
            _log.warning("a log channel is closed to the bot", channel=channel_id, cause=str(error))
    return None
