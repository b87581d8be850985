"""What persons do in the sandbox's Discord."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sandbox.discord import payloads
from sandbox.discord.bot_user import BotUser, MessageLike
from sandbox.discord.compose import Upload, UploadedFile
from sandbox.discord.mentions import mentioned
from sandbox.discord.model import Channel, Json, Message, Reference
from sandbox.discord.permissions import Permission, in_channel, send_permission
from sandbox.discord.rooms import Room


@dataclass(frozen=True, slots=True)
class Person(BotUser):
    """One person at their keyboard."""

    @property
    def mention(self) -> str:
        return f"<@{self.id}>"

    @property
    def dm(self) -> Room:
        """The direct messages with the bot."""
        channel = self.backend.world.direct_channel(self.id, self.backend.world.bot_id)
        if channel is None:
            raise LookupError(f"{self.name} has no direct messages with the bot")
        return Room(self.backend, channel.id)

    async def say(
        self,
        room: Room,
        text: str = "",
        *,
        files: Sequence[Upload] = (),
        reply_to: MessageLike | None = None,
        mention_bot: bool = False,
        ping: bool = True,
    ) -> Json:
        """Write a message. A reply pings its author (not where the message answers a command), as
        in the client.
        """
        channel = room.channel
        self._may(channel, send_permission(channel))
        bot = self.backend.world.bot_id
        message = self._draft(channel, f"<@{bot}> {text}".strip() if mention_bot else text)
        self.backend.composer.apply(
            message,
            {"content": message.content},
            [UploadedFile(index, file) for index, file in enumerate(files)],
            is_new=True,
        )
        if reply_to is not None:
            original = self._reachable(reply_to)
            message.type = 19
            message.reference = Reference(original.id, original.channel_id, original.guild_id)
            if ping and original.webhook_id is None and original.author_id not in message.mentions:
                message.mentions.append(original.author_id)
        self.backend.messages.post(message)
        return self.backend.appearance.message(message)

    async def forward(self, message: MessageLike, room: Room) -> Json:
        """Forward a message to another room."""
        self._may(room.channel, send_permission(room.channel))
        original = self._reachable(message)
        copy = self._draft(room.channel, "")
        copy.reference = Reference(original.id, original.channel_id, original.guild_id, 1)
        self.backend.forward(copy, original)
        self.backend.messages.post(copy)
        return self.backend.appearance.message(copy)

    async def edit(self, message: MessageLike, text: str) -> Json:
        """Change one's own message."""
        own = self._reachable(message)
        if own.author_id != self.id:
            raise PermissionError("only the author edits a message")
        own.content = text
        guild = None if own.guild_id is None else self.backend.world.guilds[own.guild_id]
        own.mentions = mentioned(self.backend.world, guild, text, None).users
        self.backend.messages.edited(own)
        return self.backend.appearance.message(own)

    async def delete(self, message: MessageLike) -> None:
        """Delete one's own message, dismiss an ephemeral one, or with Manage Messages delete
        anybody's.
        """
        found = self._reachable(message)
        if found.author_id != self.id and found.ephemeral_for is None:
            self._may(self.backend.world.channels[found.channel_id], Permission.MANAGE_MESSAGES)
        self.backend.messages.delete(found)

    async def react(self, message: MessageLike, emoji: str) -> None:
        self.backend.messages.react(self._reachable(message), self.id, emoji, None)

    def type_in(self, room: Room) -> None:
        """Show the typing sign."""
        self.backend.messages.typing(room.channel, self.id)

    def rooms(self) -> list[Room]:
        """Every channel, thread and direct message that this person can open."""
        world = self.backend.world
        return [
            Room(self.backend, channel.id)
            for channel in world.channels.values()
            if in_channel(world, self.id, channel) & Permission.VIEW_CHANNEL
        ]

    def messages(self, room: Room) -> list[Json]:
        """What this person reads there, oldest first."""
        return [m for m in room.messages(self.id) if self.sees(m)]

    def _draft(self, channel: Channel, text: str) -> Message:
        ids, clock = self.backend.ids, self.backend.clock
        return Message(
            ids.next(), channel.id, channel.guild_id, self.id, clock.now_ms(), content=text
        )

    def _may(self, channel: Channel, needed: Permission) -> None:
        if not in_channel(self.backend.world, self.id, channel) & needed:
            raise PermissionError(f"{self.name} may not do that in {channel.name}: {needed.name}")

    def profile(self) -> Json:
        """The person as the page shows them."""
        return payloads.user(self.user) | {"locale": self.locale}
