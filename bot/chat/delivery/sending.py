"""One request by one route: what it sends, its deadline, and what came of it."""

from collections.abc import Awaitable, Callable, Sequence
from typing import Any, Final, Protocol, TypeAlias

import discord
from discord import ui

from bot.chat.deadline import deadline
from bot.chat.delivery.history import find_posted
from bot.chat.delivery.parcels import Parcel
from bot.chat.delivery.routes import FAILURES, Attempted, Failed, Route, judge, outcome_label
from bot.chat.pictures import attachment_links
from bot.domain.ids import JobId, MessageId, Millis
from bot.service.delivery.cards import Card, Shown

ORIGINAL: Final = "@original"
_NONCE_LENGTH: Final = 25
_UPLOAD_BYTES_PER_S: Final = 256 * 1024
"""A slow line: files may take so much longer than a request without any."""

_Send: TypeAlias = Callable[[ui.LayoutView, list[discord.File]], Awaitable[discord.Message]]


class Draw(Protocol):
    """Draws a card, anew for each request: discord.py does not stand a view that is sent twice."""

    def __call__(
        self, card: Card, files: Sequence[str], *, shrunk: bool = False
    ) -> ui.LayoutView: ...


class DeliveryObserver(Protocol):
    """Counts attempts for the operator."""

    def delivery_attempt(self, route: str, outcome: str) -> None: ...


class Sending:
    """The requests that change or find a job's message. None of them raises what Discord does."""

    def __init__(
        self, client: discord.Client, draw: Draw, observer: DeliveryObserver, deadline_s: float
    ) -> None:
        self._client = client
        self._draw = draw
        self._observer = observer
        self._deadline_s = deadline_s

    def webhook(self, token: str) -> discord.Webhook:
        """The interaction's side of the API."""
        application_id = self._client.application_id
        if application_id is None:
            raise RuntimeError("the client has not logged in")
        return discord.Webhook.partial(application_id, token, client=self._client)

    async def edit_by_token(self, card: Card, parcel: Parcel, token: str) -> Attempted:
        """Edit the interaction's answer."""
        webhook = self.webhook(token)
        message_id = card.message_id or ORIGINAL

        async def send(view: ui.LayoutView, files: list[discord.File]) -> discord.Message:
            return await webhook.edit_message(
                message_id,  # type: ignore[arg-type]  # it is only written into the address
                view=view,
                attachments=files,
                allowed_mentions=discord.AllowedMentions.none(),
            )

        return await self._attempt(Route.TOKEN, card, parcel, send)

    async def edit(self, card: Card, parcel: Parcel, message_id: MessageId) -> Attempted:
        """Edit a message of the channel."""
        channel = self._client.get_partial_messageable(card.channel_id)
        message = channel.get_partial_message(message_id)

        async def send(view: ui.LayoutView, files: list[discord.File]) -> discord.Message:
            return await message.edit(
                view=view, attachments=files, allowed_mentions=discord.AllowedMentions.none()
            )

        return await self._attempt(Route.CHANNEL, card, parcel, send)

    async def post(self, card: Card, parcel: Parcel) -> Attempted:
        """Post a new message. Repeated within two minutes it is still one, by its nonce."""
        channel = self._client.get_partial_messageable(card.channel_id)
        nonce = nonce_of(card.job_id)

        async def send(view: ui.LayoutView, files: list[discord.File]) -> discord.Message:
            return await channel.send(
                view=view,
                files=files,
                nonce=nonce,
                reference=_asked_in(card),
                allowed_mentions=discord.AllowedMentions.none(),
            )

        return await self._attempt(Route.POST, card, parcel, send)

    async def search(self, card: Card, since: Millis) -> MessageId | Failed | None:
        """The job's message if a post of unknown fate has arrived after all."""
        try:
            async with deadline(self._client, self._deadline_s):
                found = await find_posted(self._client, card, since)
        except FAILURES as error:
            failed = judge(error, Route.SEARCH)
            self._observer.delivery_attempt(Route.SEARCH, outcome_label(failed))
            return failed
        self._observer.delivery_attempt(Route.SEARCH, "none" if found is None else "found")
        return found

    async def _attempt(self, route: Route, card: Card, parcel: Parcel, send: _Send) -> Attempted:
        view = self._draw(card, parcel.names, shrunk=parcel.shrunk)
        seconds = self._deadline_s + parcel.size / _UPLOAD_BYTES_PER_S
        result: Attempted
        try:
            with parcel.uploads(view) as files:
                async with deadline(self._client, seconds):
                    message = await send(view, files)
        except FAILURES as error:
            result = judge(error, route)
        else:
            result = Shown(
                message_id=MessageId(message.id),
                channel_id=card.channel_id,
                attachment_ids=tuple(attachment_links(message)),
                route=route.value,
                left_out=parcel.left_out,
            )
        self._observer.delivery_attempt(route.value, outcome_label(result))
        return result


def _asked_in(card: Card) -> Any:
    """The message that asked for it, if it was a mention; it may be gone meanwhile."""
    if card.reply_to is None:
        return None
    return discord.MessageReference(
        message_id=card.reply_to, channel_id=card.channel_id, fail_if_not_exists=False
    )


def nonce_of(job_id: JobId) -> str:
    """The job's id as a nonce, which has at most 25 characters."""
    return job_id[-_NONCE_LENGTH:]
