"""Puts the card of each case into the moderators' channel, once, and keeps it up to date."""

import datetime
from dataclasses import dataclass
from typing import Final, assert_never

import discord
import structlog

from bot.chat.deadline import deadline
from bot.chat.delivery.history import carries
from bot.chat.delivery.modroom import mod_room
from bot.chat.delivery.routes import FAILURES, Closed, Route, TooLarge, judge
from bot.chat.moderators.case_pictures import CasePictures
from bot.chat.moderators.case_view import case_view
from bot.chat.translate import Catalogues
from bot.domain.ids import ChannelId, JobId, MessageId, Millis
from bot.service.delivery.cards import Deleted, TryLater, Unpostable
from bot.service.moderators.case_files import CaseFile

_DEADLINE_S: Final = 50.0
_DEEPEST: Final = 200
_CLOCKS_APART_MS: Final = 5 * 60_000


@dataclass(frozen=True, slots=True)
class Placed:
    """The card is there."""

    channel_id: ChannelId
    message_id: MessageId


class CaseDesk:
    """Posts and edits cards."""

    def __init__(
        self,
        client: discord.Client,
        pictures: CasePictures,
        catalogues: Catalogues,
        *,
        deadline_s: float = _DEADLINE_S,
    ) -> None:
        self._client = client
        self._pictures = pictures
        self._catalogues = catalogues
        self._deadline_s = deadline_s
        self._log = structlog.get_logger("bot.chat.moderators.case_desk")

    async def show(self, file: CaseFile) -> Placed | TryLater | None:
        """Bring the card to the case's state; None where there is no way to.

        Where an earlier attempt of unknown fate has arrived after all, that card is changed.
        """
        try:
            async with deadline(self._client, self._deadline_s):
                return await self._show(file)
        except FAILURES as error:
            failed = judge(error, Route.POST)
        match failed:
            case TryLater():
                return failed
            case Closed(detail) | Unpostable(detail):
                self._log.warning("Discord refuses a report's card", job=file.job_id, cause=detail)
                return None
            case Deleted() | TooLarge():
                return None
            case _:
                assert_never(failed)

    async def _show(self, file: CaseFile) -> Placed | None:
        case = file.case
        room = await mod_room(
            self._client, case.guild_id, log_channel=file.log_channel, language=file.language
        )
        places = room.channels if case.channel_id is None else (case.channel_id,)
        for number, channel_id in enumerate(places, start=1):
            try:
                return await self._place(file, channel_id, room.locale)
            except discord.HTTPException as error:
                if number == len(places) or not isinstance(judge(error, Route.POST), Closed):
                    raise
                self._log.warning("a log channel is closed to the bot", channel=channel_id)
        return None

    async def _place(self, file: CaseFile, channel_id: ChannelId, locale: str) -> Placed | None:
        case, message_id = file.case, file.case.message_id
        channel = self._client.get_partial_messageable(channel_id, guild_id=case.guild_id)
        if message_id is None and case.posting_at is not None:
            message_id = await self._find(channel, case.job_id, case.posting_at)
        if message_id is None and case.outcome is not None:
            return None  # it was closed before anybody saw a card
        exhibits = await self._pictures.exhibit(file)
        view = case_view(file, self._catalogues.of(locale), exhibits.addresses)
        nobody = discord.AllowedMentions.none()
        if message_id is not None:
            await channel.get_partial_message(message_id).edit(
                view=view, attachments=exhibits.files, allowed_mentions=nobody
            )
            return Placed(channel_id, message_id)
        sent = await channel.send(
            view=view, files=exhibits.files, allowed_mentions=nobody, nonce=nonce_of(case.job_id)
        )
        return Placed(channel_id, MessageId(sent.id))

    async def _find(
        self, channel: discord.PartialMessageable, job_id: JobId, since: Millis
    ) -> MessageId | None:
        """A nonce is remembered for minutes only; the bot may have been away for longer."""
        own_id = self._client.user.id if self._client.user is not None else None
        earliest = datetime.datetime.fromtimestamp((since - _CLOCKS_APART_MS) / 1000, datetime.UTC)
        async for message in channel.history(limit=_DEEPEST, after=earliest, oldest_first=False):
            if message.author.id == own_id and carries(message, job_id):
                return MessageId(message.id)
        return None


def nonce_of(job_id: JobId) -> str:
    """The same for each attempt, and within the 25 characters that a nonce may have."""
    return f"c{job_id[-24:]}"
