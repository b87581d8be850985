"""What the sandbox's Discord consists of. All of it is plain data, so that it can be saved as
JSON.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import IntEnum
from typing import Any, NewType

from pydantic import Base64Bytes

Snowflake = NewType("Snowflake", int)
Json = dict[str, Any]
"""A JSON object as it travels on the wire."""

EPHEMERAL = 1 << 6
LOADING = 1 << 7
SUPPRESS_EMBEDS = 1 << 2
HAS_SNAPSHOT = 1 << 14
COMPONENTS_V2 = 1 << 15


class ChannelType(IntEnum):
    """Discord's channel types that the sandbox has."""

    TEXT = 0
    DM = 1
    GROUP_DM = 3
    CATEGORY = 4
    ANNOUNCEMENT = 5
    PUBLIC_THREAD = 11
    PRIVATE_THREAD = 12
    FORUM = 15


THREADS = (ChannelType.PUBLIC_THREAD, ChannelType.PRIVATE_THREAD)
PRIVATE_CHANNELS = (ChannelType.DM, ChannelType.GROUP_DM)


@dataclass(slots=True)
class User:
    id: Snowflake
    name: str
    username: str
    locale: str = "en-US"
    bot: bool = False
    dms_open: bool = True


@dataclass(slots=True)
class Role:
    id: Snowflake
    name: str
    permissions: int
    position: int
    color: int = 0
    bot_id: Snowflake | None = None


@dataclass(slots=True)
class Overwrite:
    id: Snowflake
    kind: int
    """0 for a role, 1 for a member."""
    allow: int
    deny: int


@dataclass(slots=True)
class Member:
    user_id: Snowflake
    joined_at: int
    roles: list[Snowflake] = field(default_factory=list)
    nick: str | None = None


@dataclass(slots=True)
class Channel:
    id: Snowflake
    type: ChannelType
    name: str
    guild_id: Snowflake | None = None
    parent_id: Snowflake | None = None
    owner_id: Snowflake | None = None
    position: int = 0
    topic: str | None = None
    nsfw: bool = False
    overwrites: list[Overwrite] = field(default_factory=list)
    recipients: list[Snowflake] = field(default_factory=list)
    last_message_id: Snowflake | None = None
    archived: bool = False
    locked: bool = False
    created_at: int = 0
    slowmode: int = 0


@dataclass(slots=True)
class Guild:
    id: Snowflake
    name: str
    owner_id: Snowflake
    preferred_locale: str = "en-US"
    features: list[str] = field(default_factory=list)
    premium_tier: int = 0
    bot_present: bool = True
    public_updates_channel_id: Snowflake | None = None
    system_channel_id: Snowflake | None = None
    roles: dict[Snowflake, Role] = field(default_factory=dict)
    members: dict[Snowflake, Member] = field(default_factory=dict)
    command_rules: list[CommandRule] = field(default_factory=list)

    @property
    def interaction_locale(self) -> str:
        """What Discord sends as ``guild_locale``: only a Community server has a locale of its
        own.
        """
        return self.preferred_locale if "COMMUNITY" in self.features else "en-US"


@dataclass(slots=True)
class Attachment:
    id: Snowflake
    filename: str
    content_type: str
    data: Base64Bytes = field(repr=False)
    channel_id: Snowflake
    width: int | None = None
    height: int | None = None
    description: str | None = None
    ephemeral: bool = False

    @property
    def size(self) -> int:
        return len(self.data)


@dataclass(slots=True)
class Reference:
    message_id: Snowflake
    channel_id: Snowflake
    guild_id: Snowflake | None
    kind: int = 0
    """0 for a reply, 1 for a forward."""


@dataclass(slots=True)
class Reaction:
    emoji_id: str | None
    emoji_name: str
    user_ids: list[Snowflake] = field(default_factory=list)


@dataclass(slots=True)
class Origin:
    """The interaction that a message answers."""

    interaction_id: Snowflake
    interaction_type: int
    user_id: Snowflake
    command_name: str | None
    owners: dict[str, str]
    is_followup: bool = False
    clicked_message_id: Snowflake | None = None


@dataclass(slots=True)
class Message:
    id: Snowflake
    channel_id: Snowflake
    guild_id: Snowflake | None
    author_id: Snowflake
    created_at: int
    type: int = 0
    content: str = ""
    flags: int = 0
    edited_at: int | None = None
    tts: bool = False
    pinned: bool = False
    nonce: str | int | None = None
    embeds: list[Json] = field(default_factory=list)
    components: list[Json] = field(default_factory=list)
    attachments: list[Attachment] = field(default_factory=list)
    mentions: list[Snowflake] = field(default_factory=list)
    mention_roles: list[Snowflake] = field(default_factory=list)
    mention_everyone: bool = False
    reactions: list[Reaction] = field(default_factory=list)
    reference: Reference | None = None
    snapshots: list[Json] = field(default_factory=list)
    application_id: Snowflake | None = None
    webhook_id: Snowflake | None = None
    webhook_name: str | None = None
    origin: Origin | None = None
    ephemeral_for: Snowflake | None = None
    edits: list[int] = field(default_factory=list)
    """When it was edited (sandbox milliseconds), for the cap on editing old messages."""

    @property
    def is_v2(self) -> bool:
        return bool(self.flags & COMPONENTS_V2)

    @property
    def is_loading(self) -> bool:
        return bool(self.flags & LOADING)


@dataclass(slots=True)
class Command:
    """An application command as registered.

    ``payload`` is what the bot sent, completed with Discord's defaults.
    """

    id: Snowflake
    guild_id: Snowflake | None
    version: Snowflake
    payload: Json

    @property
    def name(self) -> str:
        return str(self.payload["name"])

    @property
    def type(self) -> int:
        return int(self.payload["type"])


@dataclass(slots=True)
class CommandRule:
    """What a server's Integrations settings say about a role, a person or a channel."""

    command_id: Snowflake
    """The application's id for a rule about all of its commands."""
    target_id: Snowflake
    kind: int
    """1 for a role, 2 for a person, 3 for a channel."""
    allowed: bool


@dataclass(slots=True)
class Webhook:
    id: Snowflake
    token: str
    channel_id: Snowflake
    guild_id: Snowflake
    name: str


@dataclass(slots=True)
class InteractionRecord:
    """One interaction and all that became of it."""

    id: Snowflake
    token: str
    type: int
    user_id: Snowflake
    channel_id: Snowflake
    guild_id: Snowflake | None
    created_at: int
    context: int
    owners: dict[str, str]
    data: Json
    source_message_id: Snowflake | None = None
    response_type: int | None = None
    responded_at: int | None = None
    response_message_id: Snowflake | None = None
    followup_ids: list[Snowflake] = field(default_factory=list)
    modal: Json | None = None
    choices: list[Json] | None = None
    failed: bool = False
    opened_by: Snowflake | None = None
    """For a modal's submission: the interaction that opened the modal."""
