"""Takes deleted pictures out of Discord: out of their message, or the message with them."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from enum import StrEnum
from functools import partial
from typing import Any, Final, Protocol, assert_never

import discord
import structlog

from bot.chat.delivery.attempt import judged
from bot.chat.delivery.routes import Attempted, Closed, Route, TooLarge
from bot.chat.layouts import JobView
from bot.chat.pictures import attachments_of
from bot.chat.translate import Texts
from bot.domain.ids import JobId
from bot.service.delivery.cards import Card, Deleted, Shown, TryLater, Unpostable
from bot.service.delivery.takedowns import MessageKind, Takedown, Takedowns, Target

_DEADLINE_S: Final = 15.0
_LOOKS: Final = 10
_BETWEEN_LOOKS_S: Final = 0.3


class Removed(StrEnum):
    """How a takedown stands."""

    DONE = "done"
    """Nobody sees the pictures any more."""
    OUT_OF_REACH = "out of reach"
    """The bot may not change a message any more: somebody has to delete it by hand."""
    LATER = "later"
    """Discord did not answer; a worker goes on with it."""


class DrawMessage(Protocol):
    """Draws one of a job's messages with the files that are left."""

    def __call__(
        self, kind: MessageKind, card: Card, files: Sequence[str], *, shrunk: bool
    ) -> JobView: ...


class Remover:
    """Does what is to be removed, by members' clicks and by the worker alike."""

    def __init__(self, client: discord.Client, draw: DrawMessage, takedowns: Takedowns) -> None:
        self._client = client
        self._draw = draw
        self._takedowns = takedowns
        self._log = structlog.get_logger("bot.chat.delivery.takedown")

    async def remove(self, job_id: JobId) -> Removed:
        """Bring a job's messages in line with what was deleted of it, now.

        To be called after ``bot.service.pictures.deleting.Deleting.delete``. Needs no interaction:
        it works a year later, and for a moderator's click elsewhere.
        """
        for _ in range(_LOOKS):
            takedown = await self._takedowns.claim_one(job_id)
            if takedown is not None:
                return await self.perform(takedown)
            if not await self._takedowns.is_pending(job_id):
                return Removed.DONE
            await asyncio.sleep(_BETWEEN_LOOKS_S)  # another click, or the worker, is at it
        return Removed.LATER

    async def perform(self, takedown: Takedown) -> Removed:
        """One attempt at a takedown that was claimed."""
        closed: str | None = None
        for target in takedown.targets:
            result = await self._change(takedown, target)
            match result:
                case TryLater():
                    goes_on = await self._takedowns.try_later(takedown, result)
                    return Removed.LATER if goes_on else Removed.OUT_OF_REACH
                case Shown() | Deleted():
                    pass
                case Closed() | Unpostable():
                    closed = result.detail
                case TooLarge():
                    closed = "too large"
                case _:
                    assert_never(result)
        how = Removed.DONE if closed is None else Removed.OUT_OF_REACH
        await self._takedowns.ended(takedown, how.value, detail=closed)
        if closed is not None:
            self._log.warning("a message cannot be removed", job=takedown.job_id, cause=closed)
        return how

    async def _change(self, takedown: Takedown, target: Target) -> Attempted:
        """By the channel's own route, else by the interaction's while that lives."""
        client, message_id = self._client, target.message_id
        result: Attempted = Closed("no way leads to that message")
        if not target.by_token:
            channel = client.get_partial_messageable(target.channel_id)
            message = channel.get_partial_message(message_id)
            work = self._applied(takedown, target, message.fetch, message.delete)
            result = await self._attempt(Route.CHANNEL, work)
        token, application_id = takedown.card.token, client.application_id
        if not isinstance(result, Closed) or target.kind is not MessageKind.RESULT:
            return result
        if token is None or application_id is None:
            return result
        webhook = discord.Webhook.partial(application_id, token, client=client)
        work = self._applied(
            takedown,
            target,
            partial(webhook.fetch_message, message_id),
            partial(webhook.delete_message, message_id),
        )
        return await self._attempt(Route.TOKEN, work)

    async def _attempt(self, route: Route, work: Coroutine[Any, Any, None]) -> Attempted:
        failed = await judged(self._client, _DEADLINE_S, route, work)
        return Deleted() if failed is None else failed

    async def _applied(
        self,
        takedown: Takedown,
        target: Target,
        fetch: Callable[[], Awaitable[discord.Message]],
        delete: Callable[[], Awaitable[None]],
    ) -> None:
        if not target.attachments:
            await delete()
            return
        message = await fetch()
        there = attachments_of(message)
        kept = [one for one in there if one.id in target.attachments]
        if len(kept) == len(there):
            return  # none of the deleted ones is there
        names = [one.filename for one in kept]
        await message.edit(
            view=self._draw(target.kind, takedown.card, names, shrunk=takedown.shrunk),
            attachments=kept,
            allowed_mentions=discord.AllowedMentions.none(),
        )


def removed_sentence(removed: Removed, texts: Texts) -> str:
    """What whoever asked for a deletion is told."""
    match removed:
        case Removed.DONE:
            return texts.gettext("Deleted. The credits it cost stay spent.")
        case Removed.LATER:
            return texts.gettext(
                "Deleted here. Discord isn't answering, so the message goes as soon as it does."
            )
        case Removed.OUT_OF_REACH:
            return texts.gettext(
                "Deleted here, but I can't reach the message any more: please delete it by hand."
            )
        case _:
            assert_never(removed)
