"""Tells a member by direct message what came of their report. They asked for it."""

import datetime
from typing import Final, assert_never

import discord
import structlog

from bot.chat.deadline import deadline
from bot.chat.delivery.routes import FAILURES, Closed, Route, TooLarge, judge
from bot.chat.text import quoted
from bot.chat.translate import Catalogues, Texts
from bot.domain.reports import TellOutcome
from bot.service.delivery.cards import Deleted, TryLater, Unpostable
from bot.service.moderators.telling import News

_DEADLINE_S: Final = 15.0
_DEEPEST: Final = 50
_CLOCKS_APART: Final = datetime.timedelta(minutes=5)


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
        try:
            async with deadline(self._client, self._deadline_s):
                await self._tell(news)
        except FAILURES as error:
            failed = judge(error, Route.POST)
        else:
            return TellOutcome.SENT
        match failed:
            case TryLater():
                return failed
            case Closed() | Unpostable() | Deleted() | TooLarge():
                self._log.info("a reporter takes no direct messages", report=news.report_id)
                return TellOutcome.REFUSED
            case _:
                assert_never(failed)

    async def _tell(self, news: News) -> None:
        channel = await self._client.create_dm(discord.Object(news.reporter_id))
        sentence = told(news, self._catalogues.of(news.locale), self._server(news))
        if news.attempts > 1 and await self._is_there(channel, sentence, news):
            return
        await channel.send(
            sentence,
            allowed_mentions=discord.AllowedMentions.none(),
            nonce=f"o{news.report_id[-24:]}",
        )

    def _server(self, news: News) -> str | None:
        guild = self._client.get_guild(news.guild_id)
        return guild.name if guild is not None else None

    async def _is_there(self, channel: discord.DMChannel, sentence: str, news: News) -> bool:
        own_id = self._client.user.id if self._client.user is not None else None
        since = datetime.datetime.fromtimestamp(news.since / 1000, datetime.UTC) - _CLOCKS_APART
        async for message in channel.history(limit=_DEEPEST, after=since, oldest_first=False):
            if message.author.id == own_id and message.content == sentence:
                return True
        return False


def told(news: News, texts: Texts, server: str | None) -> str:
    """The outcome as the reporter reads it."""
    if news.removed:
        sentence = texts.gettext("The picture you reported was removed.")
    elif news.acted:
        sentence = texts.gettext("Moderators have looked at the picture you reported and acted.")
    else:
        sentence = texts.gettext("Moderators have looked at the picture you reported. It stays.")
    return sentence if server is None else f"{sentence}\n-# {quoted(server)}"
