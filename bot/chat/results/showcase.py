"""Puts a result into its server's showcase: never twice, also when an answer was lost."""

import io
from dataclasses import replace
from typing import Final

import discord
import structlog

from bot.chat.deadline import deadline
from bot.chat.delivery.history import find_posted
from bot.chat.delivery.parcels import MESSAGE_BYTES, MESSAGE_FILES, file_stem
from bot.chat.delivery.postman import UPLOAD_LIMIT
from bot.chat.delivery.routes import FAILURES, Route, judge
from bot.chat.pictures import attachments_of
from bot.chat.places import channel_facts
from bot.chat.results.loading import PictureLoader
from bot.chat.results.shared_view import shared_view
from bot.chat.text import alt_text
from bot.chat.translate import Catalogues
from bot.domain.ids import ChannelId, GuildId, JobId, MessageId
from bot.errors import (
    DiscordBusyError,
    JobGoneError,
    RestrictedShareError,
    ShareRefusedError,
)
from bot.images.decode import PictureInfo
from bot.images.errors import PictureError
from bot.images.studio import Studio
from bot.service.delivery.cards import TryLater
from bot.service.pictures.sharing import Share, Sharing
from bot.service.pictures.viewer import Viewer

_NONCE_MS: Final = 90_000
"""Discord knows a nonce again for "the past few minutes"; for so long we rely on it."""
_DEADLINE_S: Final = 40.0


class Showcase:
    """Where members show what they made."""

    def __init__(
        self,
        client: discord.Client,
        sharing: Sharing,
        loader: PictureLoader,
        studio: Studio,
        catalogues: Catalogues,
    ) -> None:
        self._client = client
        self._sharing = sharing
        self._loader = loader
        self._studio = studio
        self._catalogues = catalogues
        self._log = structlog.get_logger("bot.chat.results.showcase")

    async def share(
        self, job_id: JobId, viewer: Viewer, *, restricted: bool
    ) -> tuple[GuildId | None, ChannelId, MessageId]:
        """Post the result, or find where it was posted. ``restricted`` says that it was made in
        an age-restricted channel.

        Raises:
            UserError: it was not posted.
        """
        share = await self._sharing.begin(job_id, viewer)
        message_id = share.message_id
        if message_id is None:
            try:
                message_id = await self._post(share, restricted=restricted)
            except (RestrictedShareError, ShareRefusedError, JobGoneError):
                await self._sharing.refused(job_id)
                raise
        return share.card.guild_id, share.channel_id, message_id

    async def _post(self, share: Share, *, restricted: bool) -> MessageId:
        """The message that is new, or that an earlier attempt has posted after all."""
        if restricted and not channel_facts(self._client.get_channel(share.channel_id))[1]:
            raise RestrictedShareError(channel=f"<#{share.channel_id}>")
        try:
            message = await self._posted_earlier(share) or await self._send(share)
        except FAILURES as error:
            result = judge(error, Route.POST)
            self._log.info("cannot share", job=share.card.job_id, cause=str(error))
            if isinstance(result, TryLater):
                raise DiscordBusyError from error
            raise ShareRefusedError(channel=f"<#{share.channel_id}>") from error
        await self._note(share, message)
        return MessageId(message.id)

    async def _posted_earlier(self, share: Share) -> discord.Message | None:
        """The message of an attempt whose answer was lost, and whose nonce is forgotten."""
        if share.now - share.began_at <= _NONCE_MS:
            return None
        there = replace(share.card, channel_id=share.channel_id)
        async with deadline(self._client, _DEADLINE_S):
            message_id = await find_posted(self._client, there, share.began_at)
            if message_id is None:
                return None
            channel = self._client.get_partial_messageable(share.channel_id)
            return await channel.fetch_message(message_id)

    async def _send(self, share: Share) -> discord.Message:
        card = share.card
        files = await self._files(share)
        if not files:
            raise JobGoneError
        view = shared_view(card, self._catalogues.of(card.public_locale), [*files])
        description = alt_text(card.prompt) or None
        async with deadline(self._client, _DEADLINE_S):
            return await self._client.get_partial_messageable(share.channel_id).send(
                view=view,
                files=[
                    discord.File(io.BytesIO(data), name, description=description)
                    for name, data in files.items()
                ],
                nonce=f"s{card.job_id[-24:]}",
                allowed_mentions=discord.AllowedMentions.none(),
            )

    async def _files(self, share: Share) -> dict[str, bytes]:
        """The pictures under their names, each as large as the channel takes."""
        pictures = share.pictures[:MESSAGE_FILES]
        loaded = await self._loader.load(pictures)
        limit = min(UPLOAD_LIMIT, MESSAGE_BYTES // max(1, len(pictures)))
        files = {}
        for one in pictures:
            if one.id not in loaded:
                continue
            info = PictureInfo(one.media_type, one.width, one.height)
            try:
                fitted = await self._studio.fit(loaded[one.id], info, limit)
            except PictureError as error:
                self._log.warning("a picture does not fit", cause=str(error))
                continue
            files[f"{file_stem(share.card.job_id)}{one.number}.{fitted.extension}"] = fitted.data
        return files

    async def _note(self, share: Share, message: discord.Message) -> None:
        """Keep which file shows which picture, so that a deleted one can be taken out."""
        stem = file_stem(share.card.job_id)
        numbers = {str(one.number): one.id for one in share.pictures}
        shown = {
            numbers[number]: one.id
            for one in attachments_of(message)
            if (number := one.filename.removeprefix(stem).partition(".")[0]) in numbers
        }
        await self._sharing.posted(share.card.job_id, MessageId(message.id), shown)
