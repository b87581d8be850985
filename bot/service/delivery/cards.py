"""A job as its one Discord message shows it: read from the database, drawn by ``bot.chat``."""

from dataclasses import dataclass

from bot.domain.ids import ChannelId, GuildId, JobId, MessageId, Millis, PictureId, UserId
from bot.domain.money import Microcredits
from bot.domain.request import Unused
from bot.domain.stages import Failure, JobOutcome, JobStage


@dataclass(frozen=True, slots=True)
class ParentLink:
    """The message that a picture was remixed from."""

    user_id: UserId
    guild_id: GuildId | None
    channel_id: ChannelId
    message_id: MessageId | None


@dataclass(frozen=True, slots=True)
class Card:
    """Everything that the job's message needs to be drawn in its present state.

    ``place_in_line`` counts from 1 and is None when nothing waits. ``expected_s`` is the usual
    duration of one picture, ``wait_s`` the expected time to the end, both in seconds, None while
    nothing is known. ``reason`` is the provider's own wording: for the requester alone.
    """

    job_id: JobId
    stage: JobStage
    outcome: JobOutcome | None
    user_id: UserId
    guild_id: GuildId | None
    channel_id: ChannelId
    message_id: MessageId | None
    reply_to: MessageId | None
    """The message that the job's own message answers, where it was asked for by a mention."""
    token: str | None
    token_expires_at: Millis | None
    locale: str
    public_locale: str
    private: bool
    prompt: str
    model: str
    aspect: str | None
    style: str | None
    count: int
    created_at: Millis
    started_at: Millis | None
    finished_at: Millis | None
    price: Microcredits
    """Held for all pictures together."""
    charged: Microcredits
    """Captured from the member so far."""
    finished: int
    """Tasks that have ended."""
    made: int
    """Tasks that brought a picture."""
    failure: Failure | None
    reason: str | None
    references: int
    unused: Unused | None
    """Pictures that were given and not used."""
    parent: ParentLink | None
    place_in_line: int | None
    wait_s: float | None
    expected_s: float | None
    paused: bool
    late: bool
    """Longer than the model usually takes."""
    calls_back: bool
    """It has taken so long that the member will be mentioned at the end."""
    stopped: bool
    """The member cancelled while it was being painted: its pictures go to the gallery."""
    posting_at: Millis | None
    """When a new channel message was first sent for this job; its fate may be unknown."""
    reachable: bool = True
    """The bot can see the channel. Where only the person has installed it – group messages,
    servers that have not invited it – the interaction's token is the only way."""


@dataclass(frozen=True, slots=True)
class PictureFile:
    """A kept picture on its way into the message. ``shrunk`` says that it was re-encoded to fit."""

    picture_id: PictureId
    position: int
    data: bytes
    media_type: str
    width: int
    height: int
    shrunk: bool = False


@dataclass(frozen=True, slots=True)
class Shown:
    """The message now shows the card. ``attachment_ids`` in the order of the pictures."""

    message_id: MessageId
    channel_id: ChannelId
    attachment_ids: tuple[int, ...]
    route: str
    left_out: tuple[PictureId, ...] = ()


@dataclass(frozen=True, slots=True)
class Deleted:
    """Somebody deleted the message: it is not posted again."""


@dataclass(frozen=True, slots=True)
class Unpostable:
    """No route leads to the member's channel; ``detail`` is for the operator."""

    detail: str


@dataclass(frozen=True, slots=True)
class TryLater:
    """Discord could not be reached or asked for a pause. ``may_have_arrived`` says that the
    request's fate is unknown."""

    detail: str
    after_s: float | None = None
    may_have_arrived: bool = False


Delivery = Shown | Deleted | Unpostable | TryLater
