"""Puts the card of each case into the moderators' channel, once, and keeps it up to date."""

from dataclasses import dataclass
from functools import partial
from typing import Final

import discord
import structlog

from bot.chat.delivery.attempt import Refused, attempt
from bot.chat.delivery.history import carries, find_own
from bot.chat.delivery.modroom import in_first_open, mod_room
from bot.chat.moderators.case_pictures import CasePictures
from bot.chat.moderators.case_view import case_view
from bot.chat.translate import Catalogues
from bot.domain.ids import ChannelId, JobId, MessageId
from bot.service.delivery.cards import TryLater
from bot.service.moderators.case_files import CaseFile

_DEADLINE_S: Final = 50.0


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
        placed = await attempt(self._client, self._deadline_s, self._show(file))
        if isinstance(placed, Refused):
            self._log.warning(
                "Discord refuses a report's card", job=file.job_id, cause=placed.detail
            )
            return None
        return placed

    async def _show(self, file: CaseFile) -> Placed | None:
        case = file.case
        room = await mod_room(
            self._client, case.guild_id, log_channel=file.log_channel, language=file.language
        )
        places = room.channels if case.channel_id is None else (case.channel_id,)
        return await in_first_open(places, partial(self._place, file, room.locale))

    async def _place(self, file: CaseFile, locale: str, channel_id: ChannelId) -> Placed | None:
        case, message_id = file.case, file.case.message_id
        channel = self._client.get_partial_messageable(channel_id, guild_id=case.guild_id)
        if message_id is None and case.posting_at is not None:
            message_id = await find_own(
                self._client, channel, case.posting_at, lambda one: carries(one, case.job_id)
            )
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


def nonce_of(job_id: JobId) -> str:
    """The same for each attempt, and within the 25 characters that a nonce may have."""
    return f"c{job_id[-24:]}"
