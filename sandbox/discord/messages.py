"""Messages come, change and go; everybody who may see it is told."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from sandbox.clock import Clock
from sandbox.discord.appearance import Appearance
from sandbox.discord.errors import DiscordError
from sandbox.discord.feed import Change, Event, Feed
from sandbox.discord.gateway import Gateway
from sandbox.discord.intents import Intent
from sandbox.discord.model import Channel, Json, Message, Reaction, Snowflake
from sandbox.discord.permissions import Permission, of_bot
from sandbox.discord.sessions import Session
from sandbox.discord.world import World

OLD_MESSAGE_MS = 3600 * 1000
EDITS_OF_OLD_MESSAGES = 3
_EDIT_WINDOW_MS = 3600 * 1000


class Messages:
    """The one place where stored messages change."""

    def __init__(
        self, world: World, clock: Clock, appearance: Appearance, gateway: Gateway, feed: Feed
    ) -> None:
        self._world = world
        self._clock = clock
        self._appearance = appearance
        self._gateway = gateway
        self._feed = feed
        self.revisions: dict[Snowflake, list[Json]] = defaultdict(list)
        """Every state that a message has had in this run, oldest first."""

    def post(self, message: Message) -> None:
        """Store a new message and announce it."""
        self._world.messages[message.id] = message
        channel = self._world.channels[message.channel_id]
        if message.ephemeral_for is None:
            channel.last_message_id = message.id
        self._announce("MESSAGE_CREATE", Change.MESSAGE_CREATED, message)

    def edited(self, message: Message, *, by_author: bool = True) -> None:
        """Announce that a message changed; ``by_author`` marks it as edited."""
        if by_author:
            message.edited_at = self._clock.now_ms()
        self._announce("MESSAGE_UPDATE", Change.MESSAGE_EDITED, message)

    def count_edit(self, message: Message) -> None:
        """Refuse with 30046 the edits beyond the cap on messages older than an hour."""
        now = self._clock.now_ms()
        if now - message.created_at < OLD_MESSAGE_MS:
            return
        message.edits = [at for at in message.edits if now - at < _EDIT_WINDOW_MS]
        if len(message.edits) >= EDITS_OF_OLD_MESSAGES:
            text = "Maximum number of edits to messages older than 1 hour reached. Try again later"
            raise DiscordError(429, 30046, text)
        message.edits.append(now)

    def delete(self, message: Message) -> None:
        """Remove it for everybody."""
        del self._world.messages[message.id]
        payload = self._place(message) | {"id": str(message.id)}
        self._send("MESSAGE_DELETE", payload, message)
        self._publish(Change.MESSAGE_DELETED, message, payload)

    def react(self, message: Message, user_id: Snowflake, name: str, emoji_id: str | None) -> None:
        """Add the person's reaction; a second time changes nothing."""
        reaction = self._reaction(message, name, emoji_id)
        if reaction is None:
            reaction = Reaction(emoji_id, name)
            message.reactions.append(reaction)
        if user_id not in reaction.user_ids:
            reaction.user_ids.append(user_id)
            self._reacted("MESSAGE_REACTION_ADD", message, user_id, reaction)

    def unreact(
        self, message: Message, user_id: Snowflake, name: str, emoji_id: str | None
    ) -> None:
        """Take the person's reaction away, or Discord's 10014 if there is none."""
        reaction = self._reaction(message, name, emoji_id)
        if reaction is None or user_id not in reaction.user_ids:
            raise DiscordError(404, 10014, "Unknown Emoji")
        reaction.user_ids.remove(user_id)
        message.reactions = [r for r in message.reactions if r.user_ids]
        self._reacted("MESSAGE_REACTION_REMOVE", message, user_id, reaction)

    def typing(self, channel: Channel, user_id: Snowflake) -> None:
        payload: Json = {
            "channel_id": str(channel.id),
            "user_id": str(user_id),
            "timestamp": self._clock.now_ms() // 1000,
        }
        direct = channel.guild_id is None
        if channel.guild_id is not None:
            payload["guild_id"] = str(channel.guild_id)
        intent = Intent.DIRECT_MESSAGE_TYPING if direct else Intent.GUILD_MESSAGE_TYPING
        self._gateway.dispatch("TYPING_START", payload, guild_id=channel.guild_id, intent=intent)
        self._feed.publish(Event(Change.TYPING, payload, channel.id))

    def _reaction(self, message: Message, name: str, emoji_id: str | None) -> Reaction | None:
        matching = (r for r in message.reactions if (r.emoji_name, r.emoji_id) == (name, emoji_id))
        return next(matching, None)

    def _reacted(
        self, event: str, message: Message, user_id: Snowflake, reaction: Reaction
    ) -> None:
        payload = self._place(message) | {
            "message_id": str(message.id),
            "user_id": str(user_id),
            "emoji": {"id": reaction.emoji_id, "name": reaction.emoji_name},
            "message_author_id": str(message.author_id),
            "burst": False,
            "type": 0,
        }
        direct = message.guild_id is None
        intent = Intent.DIRECT_MESSAGE_REACTIONS if direct else Intent.GUILD_MESSAGE_REACTIONS
        self._send(event, payload, message, intent)
        self._publish(Change.MESSAGE_EDITED, message, self._appearance.message(message))

    def _announce(self, event: str, change: Change, message: Message) -> None:
        seen = self._appearance.message(message)
        self.revisions[message.id].append(seen)

        def payload(session: Session) -> Json:
            with_content = bool(session.intents & Intent.MESSAGE_CONTENT)
            return self._appearance.event(message, with_content=with_content)

        self._send(event, payload, message)
        self._publish(change, message, seen)

    def _send(
        self, event: str, payload: Any, message: Message, intent: Intent | None = None
    ) -> None:
        """To the bot: what it can see, and never an ephemeral message."""
        channel = self._world.channels[message.channel_id]
        visible = of_bot(self._world, channel) & Permission.VIEW_CHANNEL
        if message.ephemeral_for is not None or not visible:
            return
        if intent is None:
            intent = Intent.DIRECT_MESSAGES if message.guild_id is None else Intent.GUILD_MESSAGES
        self._gateway.dispatch(event, payload, guild_id=message.guild_id, intent=intent)

    def _publish(self, change: Change, message: Message, payload: Json) -> None:
        self._feed.publish(Event(change, payload, message.channel_id, message.ephemeral_for))

    def _place(self, message: Message) -> Json:
        payload: Json = {"channel_id": str(message.channel_id)}
        if message.guild_id is not None:
            payload["guild_id"] = str(message.guild_id)
        return payload
