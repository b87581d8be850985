"""Calls a member back to a picture that took long."""

from typing import Final

import discord
import structlog

from bot.chat.deadline import deadline
from bot.chat.layouts import message_link
from bot.chat.routes import FAILURES
from bot.chat.translate import Catalogues
from bot.domain.ids import MessageId
from bot.service.cards import Card

_DEADLINE_S: Final = 15.0


class Herald:
    """One reply with a mention. It is a courtesy: what Discord refuses is not tried again."""

    def __init__(self, client: discord.Client, catalogues: Catalogues) -> None:
        self._client = client
        self._catalogues = catalogues
        self._log = structlog.get_logger("bot.chat.herald")

    async def ready(self, card: Card, message_id: MessageId) -> None:
        """Mention the member in a reply to the message."""
        channel = self._client.get_partial_messageable(card.channel_id, guild_id=card.guild_id)
        texts = self._catalogues.of(card.public_locale)
        sentence = texts.gettext(
            "{member}, your picture is ready {link}",
            member=f"<@{card.user_id}>",
            link=message_link(card.guild_id, card.channel_id, message_id) or "",
        )
        try:
            async with deadline(self._client, _DEADLINE_S):
                await channel.send(
                    sentence,
                    reference=channel.get_partial_message(message_id).to_reference(
                        fail_if_not_exists=False
                    ),
                    allowed_mentions=discord.AllowedMentions(
                        everyone=False,
                        roles=False,
                        replied_user=False,
                        users=[discord.Object(card.user_id)],
                    ),
                    suppress_embeds=True,
                    nonce=f"r{card.job_id[-24:]}",
                )
        except FAILURES as error:
            self._log.info("could not mention the member", job=card.job_id, cause=str(error))
