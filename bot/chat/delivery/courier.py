"""Tells a member by direct message what came of their report. They asked for it."""

from typing import Final

import discord
import structlog

from bot.chat.delivery.attempt import Refused, attempt
from bot.chat.delivery.history import find_own
from bot.chat.text import quoted
from bot.chat.translate import Catalogues, Texts
from bot.domain.reports import TellOutcome
from bot.service.delivery.cards import TryLater
from bot.service.moderators.telling import News

_DEADLINE_S: Final = 15.0
_DEEPEST: Final = 50


class Courier:
    """Each message is sent once."""

    def __init__(
        self, client: discord.Client, catalogues: Catalogues, *, deadline_s: float = _DEADLINE_S
    ) -> None:
        self._client = client
        self._catalogues = catalogues
        self._deadline_s = deadline_s
        self._log = structlog.get_logger("bot.chat.delivery.courier")

    async def tell(self, news: News) -> TellOutcome | TryLater:
        """Send it, unless an earlier attempt of unknown fate has arrived after all."""
        outcome = await attempt(self._client, self._deadline_s, self._tell(news))
        if isinstance(outcome, Refused):
            self._log.info("a reporter takes no direct messages", report=news.report_id)
            return TellOutcome.REFUSED
        return outcome

    async def _tell(self, news: News) -> TellOutcome:
        def is_it(message: discord.Message) -> bool:
            return message.content == sentence

        client = self._client
        channel = await client.create_dm(discord.Object(news.reporter_id))
        sentence = told(news, self._catalogues.of(news.locale), self._server(news))
        before = None
        if news.attempts > 1:
            before = await find_own(client, channel, news.since, is_it, deepest=_DEEPEST)
        if before is None:
            await channel.send(
                sentence,
                allowed_mentions=discord.AllowedMentions.none(),
                nonce=f"o{news.report_id[-24:]}",
            )
        return TellOutcome.SENT

    def _server(self, news: News) -> str | None:
        guild = self._client.get_guild(news.guild_id)
        return guild.name if guild is not None else None


def told(news: News, texts: Texts, server: str | None) -> str:
    """The outcome as the reporter reads it."""
    if news.removed:
        sentence = texts.gettext("The picture you reported was removed.")
    elif news.acted:
        sentence = texts.gettext("Moderators have looked at the picture you reported and acted.")
    else:
        sentence = texts.gettext("Moderators have looked at the picture you reported. It stays.")
    return sentence if server is None else f"{sentence}\n-# {quoted(server)}"
