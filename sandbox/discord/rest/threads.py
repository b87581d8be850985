"""Threads, and posts in forums."""

from __future__ import annotations

from sandbox.discord import payloads
from sandbox.discord.door import Answer, Call, Endpoint
from sandbox.discord.errors import DiscordError, invalid
from sandbox.discord.model import THREADS, Channel, ChannelType, Json, Snowflake
from sandbox.discord.permissions import Permission, require
from sandbox.discord.rest.messages import compose

P = Permission


def _new(call: Call, parent: Channel, thread_id: Snowflake, kind: ChannelType) -> Channel:
    name = str(call.body.get("name") or "")
    if not 1 <= len(name) <= 100:
        raise invalid(("name",), "BASE_TYPE_BAD_LENGTH", "Must be between 1 and 100 in length.")
    thread = Channel(
        thread_id, kind, name, parent.guild_id, parent.id,
        owner_id=call.backend.world.bot_id, created_at=call.backend.clock.now_ms(),
    )  # fmt: skip
    call.backend.world.channels[thread.id] = thread
    call.backend.dispatch_channel("THREAD_CREATE", thread)
    return thread


async def start(call: Call) -> Answer:
    """A thread without a message, or in a forum a post with its first message."""
    parent, backend = call.channel, call.backend
    if parent.type == ChannelType.FORUM:
        return await _post(call, parent)
    private = call.body.get("type") == ChannelType.PRIVATE_THREAD
    require(backend.world, parent, P.CREATE_PRIVATE_THREADS if private else P.CREATE_PUBLIC_THREADS)
    kind = ChannelType.PRIVATE_THREAD if private else ChannelType.PUBLIC_THREAD
    return payloads.channel(backend.world, _new(call, parent, backend.ids.next(), kind))


async def _post(call: Call, forum: Channel) -> Answer:
    require(call.backend.world, forum, P.SEND_MESSAGES)
    if not isinstance(body := call.body.get("message"), dict):
        raise invalid(("message",), "BASE_TYPE_REQUIRED", "This field is required")
    world = call.backend.world
    draft = Channel(
        call.backend.ids.next(), ChannelType.PUBLIC_THREAD, "", forum.guild_id, forum.id
    )
    first = compose(call, draft, body)
    thread = _new(call, forum, draft.id, ChannelType.PUBLIC_THREAD)
    first.id = thread.id
    call.backend.messages.post(first)
    message: Json = call.backend.appearance.message(first)
    return payloads.channel(world, thread) | {"message": message}


async def start_from_message(call: Call) -> Answer:
    """A thread below a message; it has the message's id."""
    parent, message = call.channel, call.message
    require(call.backend.world, parent, P.CREATE_PUBLIC_THREADS)
    if message.id in call.backend.world.channels:
        raise DiscordError(400, 160004, "A thread has already been created for this message")
    thread = _new(call, parent, message.id, ChannelType.PUBLIC_THREAD)
    return payloads.channel(call.backend.world, thread)


async def join(call: Call) -> Answer:
    """Joining and leaving change nothing here: whoever sees the channel sees its threads."""
    channel = call.channel
    if channel.type not in THREADS:
        raise DiscordError(400, 50024, "Cannot execute action on this channel type")
    require(call.backend.world, channel)
    return None


async def active(call: Call) -> Answer:
    world = call.backend.world
    threads = [c for c in world.channels_of(call.guild.id) if c.type in THREADS and not c.archived]
    return {"threads": [payloads.channel(world, t) for t in threads], "members": []}


async def archived(call: Call) -> Answer:
    world, parent = call.backend.world, call.channel
    require(world, parent, P.READ_MESSAGE_HISTORY)
    threads = [c for c in world.channels.values() if c.parent_id == parent.id and c.archived]
    return {
        "threads": [payloads.channel(world, t) for t in threads],
        "members": [],
        "has_more": False,
    }


ENDPOINTS = (
    Endpoint("POST", "/channels/{channel_id}/threads", start),
    Endpoint("POST", "/channels/{channel_id}/messages/{message_id}/threads", start_from_message),
    Endpoint("PUT", "/channels/{channel_id}/thread-members/@me", join),
    Endpoint("DELETE", "/channels/{channel_id}/thread-members/@me", join),
    Endpoint("GET", "/guilds/{guild_id}/threads/active", active),
    Endpoint("GET", "/channels/{channel_id}/threads/archived/public", archived),
)
