"""Finding the bot's own message in a channel when nobody knows whether it was posted."""

import datetime
from collections.abc import Callable
from typing import Final

import discord
from discord import ui

from bot.chat.delivery.parcels import file_stem
from bot.chat.pictures import attachment_links
from bot.domain.ids import JobId, MessageId, Millis
from bot.service.delivery.cards import Card

_DEEPEST: Final = 1000
_CLOCKS_APART_MS: Final = 5 * 60_000
"""Message ids carry Discord's time, what is asked for carries ours."""


async def find_own(
    client: discord.Client,
    channel: discord.abc.Messageable,
    since: Millis,
    is_it: Callable[[discord.Message], bool],
    *,
    deepest: int = 200,
) -> MessageId | None:
    """The bot's own message that came after ``since`` (milliseconds since 1970) and fits.

    A nonce is remembered by Discord for minutes only; the bot may have been away for longer.
    At most ``deepest`` messages are read, a hundred a request, newest first.

    Raises:
        discord.HTTPException: the channel cannot be read (50001, 10003), or Discord fails.
    """
    earliest = datetime.datetime.fromtimestamp((since - _CLOCKS_APART_MS) / 1000, datetime.UTC)
    own_id = client.user.id if client.user is not None else None
    async for message in channel.history(limit=deepest, after=earliest, oldest_first=False):
        if message.author.id == own_id and is_it(message):
            return MessageId(message.id)
    return None


async def find_posted(client: discord.Client, card: Card, since: Millis) -> MessageId | None:
    """The bot's own message with this job that came after ``since``, not the one known already.

    Raises:
        discord.HTTPException: the channel cannot be read (50001, 10003), or Discord fails.
    """

    def is_it(message: discord.Message) -> bool:
        return message.id != card.message_id and carries(message, card.job_id)

    channel = client.get_partial_messageable(card.channel_id)
    return await find_own(client, channel, since, is_it, deepest=_DEEPEST)


def carries(message: discord.Message, job_id: JobId) -> bool:
    """Whether a button's id or a picture's name says that the message is this job's."""
    stem = file_stem(job_id)
    if any(f"/{stem}" in url for url in attachment_links(message).values()):
        return True
    if not message.flags.components_v2:
        return False
    view = ui.LayoutView.from_message(message, timeout=None)
    return any(job_id in str(getattr(item, "custom_id", "")) for item in view.walk_children())
