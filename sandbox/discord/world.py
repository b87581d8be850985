"""The state of the sandbox's Discord, kept in memory and saved as JSON."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from pydantic import TypeAdapter

from sandbox.clock import Clock
from sandbox.discord.errors import DiscordError
from sandbox.discord.model import (
    PRIVATE_CHANNELS,
    Attachment,
    Channel,
    ChannelType,
    Command,
    Guild,
    InteractionRecord,
    Message,
    Snowflake,
    User,
    Webhook,
)

DISCORD_EPOCH_MS = 1_420_070_400_000


@dataclass(slots=True)
class World:
    """Everything that survives a restart of the sandbox."""

    application_id: Snowflake
    bot_id: Snowflake
    owner_id: Snowflake
    users: dict[Snowflake, User] = field(default_factory=dict)
    guilds: dict[Snowflake, Guild] = field(default_factory=dict)
    channels: dict[Snowflake, Channel] = field(default_factory=dict)
    messages: dict[Snowflake, Message] = field(default_factory=dict)
    uploads: dict[Snowflake, Attachment] = field(default_factory=dict)
    """Files that persons gave to interactions, or to nothing yet."""
    commands: dict[Snowflake, Command] = field(default_factory=dict)
    interactions: dict[Snowflake, InteractionRecord] = field(default_factory=dict)
    webhooks: dict[Snowflake, Webhook] = field(default_factory=dict)
    user_installs: list[Snowflake] = field(default_factory=list)
    """People who installed the app for themselves."""

    def channel(self, channel_id: Snowflake) -> Channel:
        """The channel, or Discord's 10003."""
        if (channel := self.channels.get(channel_id)) is None:
            raise DiscordError(404, 10003, "Unknown Channel")
        return channel

    def guild(self, guild_id: Snowflake) -> Guild:
        """The server if the bot is in it, or Discord's 10004."""
        guild = self.guilds.get(guild_id)
        if guild is None or not guild.bot_present:
            raise DiscordError(404, 10004, "Unknown Guild")
        return guild

    def message(self, channel_id: Snowflake, message_id: Snowflake) -> Message:
        """The message of that channel, or Discord's 10008."""
        message = self.messages.get(message_id)
        if message is None or message.channel_id != channel_id:
            raise DiscordError(404, 10008, "Unknown Message")
        return message

    def user(self, user_id: Snowflake) -> User:
        """The person or bot, or Discord's 10013."""
        if (user := self.users.get(user_id)) is None:
            raise DiscordError(404, 10013, "Unknown User")
        return user

    def guild_of(self, channel: Channel) -> Guild | None:
        return None if channel.guild_id is None else self.guilds.get(channel.guild_id)

    def channels_of(self, guild_id: Snowflake) -> Iterator[Channel]:
        return (c for c in self.channels.values() if c.guild_id == guild_id)

    def history(self, channel_id: Snowflake) -> list[Message]:
        """The channel's messages, oldest first, ephemeral ones included."""
        return sorted(
            (m for m in self.messages.values() if m.channel_id == channel_id), key=lambda m: m.id
        )

    def direct_channel(self, *user_ids: Snowflake) -> Channel | None:
        """The DM or group DM of exactly these people, if there is one."""
        wanted = set(user_ids)
        for channel in self.channels.values():
            if channel.type in PRIVATE_CHANNELS and set(channel.recipients) == wanted:
                return channel
        return None

    def attachment(self, attachment_id: Snowflake) -> Attachment | None:
        """The file with that id, wherever it hangs; None once its message is deleted."""
        if (upload := self.uploads.get(attachment_id)) is not None:
            return upload
        for message in self.messages.values():
            for attachment in message.attachments:
                if attachment.id == attachment_id:
                    return attachment
        return None

    def is_direct(self, channel: Channel) -> bool:
        return channel.type in (ChannelType.DM, ChannelType.GROUP_DM)

    def to_json(self) -> bytes:
        return TypeAdapter(World).dump_json(self)

    @staticmethod
    def from_json(data: bytes) -> World:
        return TypeAdapter(World).validate_json(data)


class Snowflakes:
    """Ids in the order of the sandbox's clock, never the same twice."""

    def __init__(self, clock: Clock, floor: int = 0) -> None:
        self._clock = clock
        self._last = floor

    def next(self) -> Snowflake:
        fresh = (self._clock.now_ms() - DISCORD_EPOCH_MS) << 22
        self._last = max(fresh, self._last + 1)
        return Snowflake(self._last)
