"""Pictures in Discord's messages: reading them, and making their links fresh."""

import asyncio
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import PurePosixPath
from typing import Final, TypeAlias
from urllib.parse import urlsplit

import discord
import structlog
from discord import ui
from discord.http import Route

from bot.chat.deadline import deadline
from bot.chat.delivery.routes import FAILURES
from bot.domain.ids import ChannelId, MessageId
from bot.domain.request import Reference
from bot.errors import ReferenceGoneError

_LINKS_AT_ONCE: Final = 50
_EPHEMERAL: Final = "ephemeral-attachments"
_UPLOADED: Final = re.compile(rf".*/(?:attachments|{_EPHEMERAL})/[0-9]+/([0-9]+)/[^/]+")

Readable: TypeAlias = discord.Message | discord.MessageSnapshot


def reference_of(attachment: discord.Attachment) -> Reference:
    """A file that a member attached to a command, as Discord declares it; nothing is downloaded."""
    return Reference(
        url=attachment.url,
        name=attachment.filename,
        media_type=attachment.content_type,
        size=attachment.size,
        width=attachment.width,
        height=attachment.height,
    )


def attachment_links(message: discord.Message) -> dict[int, str]:
    """The link of each file of a message by the attachment's id, in the order of their showing.

    Discord leaves files that a component or an embed shows out of ``attachments``, and hangs
    those of a forwarded message on its snapshot: all these places are looked at.
    """
    return {found: url for url, found in _links(message) if found is not None}


def _links(message: discord.Message) -> Iterator[tuple[str, int | None]]:
    """Each link with its attachment's id, as far as Discord tells it."""
    parts: list[Readable] = [message, *message.message_snapshots]
    for part in parts:
        yield from ((media.url, _uploaded(media)) for media in shown_media(part))
        yield from ((attachment.url, attachment.id) for attachment in part.attachments)
        for embed in part.embeds:
            shown = [url for url in (embed.image.url, embed.thumbnail.url) if url]
            yield from ((url, attachment_id_of(url)) for url in shown)


def attachments_of(message: discord.Message) -> list[discord.Attachment]:
    """The files of one of the bot's own messages, those included that a component shows, as an
    edit must list them to keep them; their size is not known (0)."""
    found = {one.id: one for one in message.attachments}
    for media in shown_media(message):
        attachment_id = _uploaded(media)
        if attachment_id is not None and attachment_id not in found:
            found[attachment_id] = _attachment(message, media, attachment_id)
    return list(found.values())


def _attachment(
    message: discord.Message, media: discord.UnfurledMediaItem, attachment_id: int
) -> discord.Attachment:
    return discord.Attachment(
        data={
            "id": attachment_id,
            "filename": PurePosixPath(urlsplit(media.url).path).name,
            "size": 0,
            "url": media.url,
            "proxy_url": media.proxy_url or media.url,
        },
        state=message._state,  # noqa: SLF001 - discord.py has no public way to make one
    )


def _uploaded(media: discord.UnfurledMediaItem) -> int | None:
    """The attachment that a component shows; None for what lies elsewhere."""
    return media.attachment_id or attachment_id_of(media.url)


def attachment_id_of(url: str) -> int | None:
    """The id in a link of Discord's CDN (``…/attachments/channel/id/name``, also where a proxy puts
    something before it), None for any other."""
    found = _UPLOADED.fullmatch(urlsplit(url).path)
    return None if found is None else int(found[1])


def shown_media(part: Readable) -> Iterator[discord.UnfurledMediaItem]:
    """The media of Components V2, which only messages with that flag have."""
    if not part.flags.components_v2:
        return
    # It reads nothing but ``components``, which a snapshot has as well.
    view = ui.LayoutView.from_message(part, timeout=None)  # type: ignore[arg-type]
    for item in view.walk_children():
        match item:
            case ui.MediaGallery():
                yield from (shown.media for shown in item.items)
            case ui.Thumbnail() | ui.File():
                yield item.media


class LinkRenewer:
    """Makes links fresh: links of Discord's CDN expire after about a day.

    A picture of a message gets its new link by reading that message again. What cannot be read
    there – attachments of slash commands, private answers, messages whose content the bot may
    not see – goes through an undocumented address that signs links anew; where that one refuses,
    the old link is kept, which may still be good.
    """

    def __init__(self, client: discord.Client, *, deadline_s: float = 4.0) -> None:
        self._client = client
        self._deadline_s = deadline_s
        self._log = structlog.get_logger("bot.chat.pictures")

    async def renew(self, references: Sequence[Reference]) -> tuple[Reference, ...]:
        """The same references with links that work now.

        Raises:
            ReferenceGoneError: the message of one of them was deleted.
        """
        fresh = await self._reread(references)
        stale = [
            reference.url
            for reference in references
            if reference.url not in fresh and attachment_id_of(reference.url) is not None
        ]
        for start in range(0, len(stale), _LINKS_AT_ONCE):
            fresh |= await self._signed_anew(stale[start : start + _LINKS_AT_ONCE])
        return tuple(replace(one, url=fresh.get(one.url, one.url)) for one in references)

    async def of_messages(self, homes: Sequence[tuple[ChannelId, MessageId]]) -> dict[int, str]:
        """Working links to the files of these messages, by attachment; none of deleted ones."""

        async def read(channel_id: ChannelId, message_id: MessageId) -> dict[int, str]:
            try:
                message = await self._read(channel_id, message_id, "")
            except ReferenceGoneError:
                return {}
            return attachment_links(message) if message is not None else {}

        found = await asyncio.gather(*(read(*home) for home in dict.fromkeys(homes)))
        return {attachment_id: url for part in found for attachment_id, url in part.items()}

    async def _reread(self, references: Sequence[Reference]) -> dict[str, str]:
        """New links by old ones, of all messages that can be read: the signature of a file's link
        changes, its path never does."""
        homes = {home: one.name for one in reversed(references) if (home := _home(one))}
        found = await asyncio.gather(*(self._read(*home, name) for home, name in homes.items()))
        links = {
            urlsplit(url).path: url
            for message in found
            if message is not None
            for url, uploaded in _links(message)
            if uploaded is not None
        }
        return {
            one.url: links[path] for one in references if (path := urlsplit(one.url).path) in links
        }

    async def _read(
        self, channel_id: ChannelId, message_id: MessageId, name: str
    ) -> discord.Message | None:
        """The message as it is now; None where it cannot be read.

        Raises:
            ReferenceGoneError: it was deleted.
        """
        channel = self._client.get_partial_messageable(channel_id)
        try:
            async with deadline(self._client, self._deadline_s):
                return await channel.fetch_message(message_id)
        except discord.NotFound as error:
            raise ReferenceGoneError(name) from error
        except FAILURES as error:
            self._log.debug("a reference's message cannot be read", cause=str(error))
            return None

    async def _signed_anew(self, urls: Sequence[str]) -> dict[str, str]:
        route = Route("POST", "/attachments/refresh-urls")
        try:
            async with deadline(self._client, self._deadline_s):
                answer = await self._client.http.request(
                    route, json={"attachment_urls": list(urls)}
                )
        except FAILURES as error:
            self._log.info("links cannot be renewed, the old ones are kept", cause=str(error))
            return {}
        pairs = answer.get("refreshed_urls", []) if isinstance(answer, dict) else []
        return {pair["original"]: pair["refreshed"] for pair in pairs if pair.get("refreshed")}


def _home(reference: Reference) -> tuple[ChannelId, MessageId] | None:
    """The message that the bot can read again; private answers are not among them."""
    if reference.channel_id is None or reference.message_id is None:
        return None
    is_private = f"/{_EPHEMERAL}/" in reference.url
    return None if is_private else (reference.channel_id, reference.message_id)
