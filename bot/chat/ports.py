"""What Discord's side needs of the rest of the bot. The composition root hands it in."""

from collections.abc import Sequence
from typing import Protocol

from bot.domain.guild_settings import GuildSettings
from bot.domain.ids import GuildId, JobId, MessageId, UserId
from bot.domain.request import GenerationRequest, Place, Reference
from bot.service.asking.cancelling import CancelResult
from bot.service.delivery.cards import Card
from bot.service.money.wallet import ModelPrice


class Requests(Protocol):
    """Requests for pictures (``bot.service.asking.requests``)."""

    async def accept(self, request: GenerationRequest) -> Card | None:
        """Keep the request; None if this key was handled before. Raises UserError."""

    async def confirm(
        self, job_id: JobId, message_id: MessageId | None, place: int | None = None
    ) -> None:
        """Discord has shown the waiting message, which says this place in line."""

    async def discard(self, job_id: JobId) -> None:
        """Discord has certainly not shown it."""

    async def request_of(self, job_id: JobId) -> GenerationRequest | None:
        """What a job was asked for."""

    async def message_deleted(self, message_id: MessageId) -> None:
        """Somebody deleted a message; it may have been a job's."""


class Offers(Protocol):
    """Offers of one picture instead of several (``bot.service.asking.offering``)."""

    async def keep(self, request: GenerationRequest) -> str:
        """The id under which its member can take it up."""

    async def taken(self, offer_id: str, place: Place, key: str) -> GenerationRequest | None:
        """The request for one picture; None when the offer is over or not this member's."""


class Cancelling(Protocol):
    """Stopping a job (``bot.service.asking.cancelling``)."""

    async def cancel(
        self,
        job_id: JobId,
        *,
        user_id: UserId,
        moderator: bool = False,
        guild_id: GuildId | None = None,
    ) -> CancelResult:
        """Stop it. Raises UserError."""

    async def post_anyway(self, job_id: JobId, *, user_id: UserId) -> None:
        """Take a late cancellation back. Raises UserError."""


class Cards(Protocol):
    """Reading a job (``bot.service.delivery.reading``)."""

    async def card(self, job_id: JobId) -> Card | None: ...


class ServerSettings(Protocol):
    """What a server's moderators have chosen (``bot.service.moderators.server_settings``)."""

    async def read(self, guild_id: GuildId) -> GuildSettings: ...


class Languages(Protocol):
    """Which language people read (``bot.service.personal.preferring``)."""

    async def language(self, user_id: UserId) -> str | None:
        """The one that they have chosen."""

    async def locale(self, user_id: UserId) -> str | None:
        """The one that they have chosen, else the one of their last request."""


class Origins(Protocol):
    """What a message's pictures were made for (``bot.service.asking.remixing``)."""

    async def require_open(self, owner_id: UserId, user_id: UserId) -> None:
        """Raises RemixingClosedError where the owner does not want remixes."""

    async def origin(self, message_id: MessageId) -> JobId | None:
        """The job whose message it is."""


class Prices(Protocol):
    """What a picture costs (``bot.service.money.wallet``)."""

    async def prices(self) -> tuple[ModelPrice, ...]:
        """One for each model, in the catalogue's order."""


class LinkRenewer(Protocol):
    """Making links to reference pictures fresh (``bot.chat.pictures``)."""

    async def renew(self, references: Sequence[Reference]) -> tuple[Reference, ...]:
        """The same references with links that work. Raises ReferenceGoneError."""


class SyncedCommands(Protocol):
    """Remembers which commands Discord has, by scope: a text for each."""

    async def get(self, scope: str) -> str | None: ...

    async def set(self, scope: str, text: str) -> None: ...


class Acknowledgements(Protocol):
    """Takes the measurement ``ketchup_interaction_ack_seconds``."""

    def interaction_ack(self, seconds: float) -> None:
        """Seconds from receiving an interaction to Discord's taking of the first answer."""


class LoopObserver(Protocol):
    """Counts what had to be started again."""

    def loop_failed(self, name: str) -> None: ...

    def gateway_connects(self, how: str) -> None:
        """A session is ``new`` or ``resumed``."""

    def gateway_disconnects(self) -> None: ...
