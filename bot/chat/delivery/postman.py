"""Brings a job's one message to its state, by whichever way is still open."""

from collections.abc import Awaitable, Callable, Iterator, Sequence
from functools import partial
from typing import Final, TypeAlias

import discord

from bot.chat.deadline import deadline
from bot.chat.delivery.parcels import Parcel, packed
from bot.chat.delivery.routes import FAILURES, Attempted, Closed, Route, TooLarge, judge
from bot.chat.delivery.sending import ORIGINAL, DeliveryObserver, Draw, Sending
from bot.domain.clock import Clock
from bot.domain.ids import GuildId, JobId, MessageId
from bot.service.delivery.cards import Card, Delivery, PictureFile, TryLater, Unpostable

UPLOAD_LIMIT: Final = 10 * 1024 * 1024
"""Bytes of one file where no boosts allow more."""
_TOKEN_MARGIN_MS: Final = 30_000
_NONCE_MS: Final = 90_000
"""Discord knows a nonce again for "the past few minutes"; for so long we rely on it."""

Way: TypeAlias = Callable[[], Awaitable[Attempted]]
RecordPosting: TypeAlias = Callable[[JobId], Awaitable[None]]
"""Commits that a new message is about to be sent for a job."""


class Postman:
    """The workers' messenger. Needs ``client.login``, but no gateway.

    Every edit carries the whole state of the message, files included, so that repeating one
    whose answer was lost converges. A new message is posted only where no edit is possible: its
    intent is committed first, and it carries a nonce.
    """

    def __init__(
        self,
        client: discord.Client,
        draw: Draw,
        clock: Clock,
        record_posting: RecordPosting,
        observer: DeliveryObserver,
        *,
        deadline_s: float = 30.0,
    ) -> None:
        self._client = client
        self._clock = clock
        self._record_posting = record_posting
        self._deadline_s = deadline_s
        self._sending = Sending(client, draw, observer, deadline_s)

    async def show(self, card: Card) -> Delivery:
        """Bring the message to the card's state, without pictures; nothing new is posted."""
        result = await self._bring(self._edits(card, Parcel()))
        return Unpostable("too large") if isinstance(result, TooLarge) else result

    async def deliver(self, card: Card, files: Sequence[PictureFile]) -> Delivery:
        """Bring the message to its final state; files that do not fit are left out.

        Where Discord takes less than it promised, smaller files are tried, then none.
        """
        for limit in dict.fromkeys((self.upload_limit(card.guild_id), UPLOAD_LIMIT, 0)):
            result = await self._bring(self._ways(card, packed(card.job_id, files, limit)))
            if not isinstance(result, TooLarge):
                return result
        return Unpostable("Discord finds the message too large even without pictures")

    async def answer(self, card: Card) -> Delivery:
        """The first message of a job that was asked for by a mention: a reply to it.

        Repeated after a crash, the reply that may have arrived is looked for first.
        """
        result = await self._bring(iter([partial(self._post, card, Parcel())]))
        return Unpostable("too large") if isinstance(result, TooLarge) else result

    async def original(self, token: str) -> MessageId | TryLater | None:
        """The message that answered an interaction; None when there certainly is none."""
        webhook = self._sending.webhook(token)
        try:
            async with deadline(self._client, self._deadline_s):
                found = await webhook.fetch_message(ORIGINAL)  # type: ignore[arg-type]
        except FAILURES as error:
            if isinstance(error, discord.HTTPException) and error.status in {401, 404}:
                return None
            result = judge(error, Route.TOKEN)
            return result if isinstance(result, TryLater) else TryLater(str(error))
        return MessageId(found.id)

    def upload_limit(self, guild_id: GuildId | None) -> int:
        """How many bytes one file may have there; boosts count where the gateway tells of them."""
        guild = self._client.get_guild(guild_id) if guild_id is not None else None
        return guild.filesize_limit if guild is not None else UPLOAD_LIMIT

    async def _bring(self, ways: Iterator[Way]) -> Delivery | TooLarge:
        """What the first way came to that is not closed."""
        why = "the job has neither a message nor a token"
        for way in ways:
            result = await way()
            if not isinstance(result, Closed):
                return result
            why = result.detail
        return Unpostable(why)

    def _ways(self, card: Card, parcel: Parcel) -> Iterator[Way]:
        """Every way to show an end, in order. A private one never leaves the token's route, nor
        does one where the bot cannot see the channel."""
        yield from self._edits(card, parcel)
        if not card.private and card.reachable:
            yield partial(self._post, card, parcel)

    def _edits(self, card: Card, parcel: Parcel) -> Iterator[Way]:
        """The ways to the message that there is."""
        has_channel = card.reachable and not card.private
        # Where there is no other way, the token is tried to the very end.
        if card.token is not None and not (has_channel and self._token_ends(card)):
            yield partial(self._sending.edit_by_token, card, parcel, card.token)
        if card.message_id is not None and has_channel:
            yield partial(self._sending.edit, card, parcel, card.message_id)

    async def _post(self, card: Card, parcel: Parcel) -> Attempted:
        """A new message, unless an earlier one of unknown fate has arrived after all."""
        since = card.posting_at
        if since is not None and self._clock() - since > _NONCE_MS:
            match await self._sending.search(card, since):
                case None:
                    pass
                case int() as message_id:
                    return await self._sending.edit(card, parcel, message_id)
                case failed:
                    return failed
        await self._record_posting(card.job_id)
        return await self._sending.post(card, parcel)

    def _token_ends(self, card: Card) -> bool:
        ends_at = card.token_expires_at
        return ends_at is not None and ends_at - self._clock() < _TOKEN_MARGIN_MS
