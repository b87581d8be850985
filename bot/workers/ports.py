"""What the workers need of Discord and of the operator's measurements; ``bot.chat`` provides it."""

from collections.abc import Mapping, Sequence
from typing import Protocol

from bot.domain.ids import ChannelId, GuildId, MessageId
from bot.domain.notices import NoticeOutcome
from bot.domain.reports import TellOutcome
from bot.domain.request import Reference
from bot.domain.stages import TaskStage
from bot.service.delivery.aftermath import Hint
from bot.service.delivery.cards import Card, Delivery, PictureFile, TryLater
from bot.service.delivery.takedowns import Takedown
from bot.service.moderators.case_files import CaseFile
from bot.service.moderators.noticing import Notice
from bot.service.moderators.telling import News
from bot.service.moderators.welcoming import Welcome


class Messenger(Protocol):
    """Changes a job's one message."""

    async def show(self, card: Card) -> Delivery:
        """Bring the message to the card's state, without pictures."""

    async def deliver(self, card: Card, files: Sequence[PictureFile]) -> Delivery:
        """Bring the message to its final state, with its pictures."""

    async def answer(self, card: Card) -> Delivery:
        """The first message of a job that was asked for by a mention; repeated, it is one."""

    async def original(self, token: str) -> MessageId | TryLater | None:
        """The message that answered an interaction; None when there certainly is none."""

    def upload_limit(self, guild_id: GuildId | None) -> int:
        """How many bytes one file may have there."""


class Herald(Protocol):
    """Calls members back to a picture that took long."""

    async def ready(self, card: Card, message_id: MessageId) -> None:
        """Mention the member in a reply to the message; sent at most once, and allowed to fail."""

    async def hint(self, card: Card, hint: Hint) -> None:
        """Tell the member alone, under their first picture; allowed to fail."""

    async def objection(self, card: Card) -> None:
        """Tell the member alone what the image service had against it; allowed to fail."""

    async def direct(self, card: Card, files: Sequence[PictureFile]) -> None:
        """Send a member their private pictures; allowed to fail."""


class Bulletin(Protocol):
    """Tells a server's moderators what concerns the whole server."""

    async def post(self, notice: Notice) -> NoticeOutcome | TryLater:
        """Tell it; repeated with the same notice it is still told once."""


class Remover(Protocol):
    """Takes deleted pictures, and failed jobs' cards, out of Discord."""

    async def perform(self, takedown: Takedown) -> str:
        """One attempt; what it came to, in a word."""


class Greeter(Protocol):
    """Welcomes a server that the bot has joined."""

    async def greet(self, welcome: Welcome) -> NoticeOutcome | TryLater:
        """Post it; repeated with the same welcome it is still posted once."""


class Placed(Protocol):
    """Where a card is."""

    @property
    def channel_id(self) -> ChannelId: ...

    @property
    def message_id(self) -> MessageId: ...


class CaseDesk(Protocol):
    """Puts the cards of reported pictures into the moderators' channel."""

    async def show(self, file: CaseFile) -> Placed | TryLater | None:
        """Bring the card to the case's state; None where there is no way to."""


class Courier(Protocol):
    """Tells members what came of their reports."""

    async def tell(self, news: News) -> TellOutcome | TryLater:
        """Tell it; repeated with the same news it is still told once."""


class LinkRenewer(Protocol):
    """Makes links to reference pictures fresh."""

    async def renew(self, references: Sequence[Reference]) -> tuple[Reference, ...]:
        """The same references with links that work now.

        Raises:
            bot.errors.ReferenceGoneError: one of them was deleted.
        """


class Measurements(Protocol):
    """What the workers count for the operator."""

    def loop_failed(self, name: str) -> None: ...

    def loop_failing(self, name: str, failing: bool) -> None: ...

    def gateway_connected(self, connected: bool) -> None: ...

    def database_write(self, seconds: float | None) -> None:
        """One small write was tried; None when it failed."""

    def vitals(
        self, *, stuck: int, waiting_s: float, paused_s: float, free_bytes: float
    ) -> None: ...

    def finished_to_posted(self, source: str, seconds: float) -> None: ...

    def audit_faults(self, count: int) -> None: ...

    def in_flight(self, counts: Mapping[TaskStage, int]) -> None: ...

    def job_done(self, outcome: str, model: str) -> None: ...

    def credits_consumed(self, model: str, micro: int) -> None: ...
