"""Messages in channels: posting, history, editing, deleting, reactions, pins, typing."""

from __future__ import annotations

from sandbox.discord.backend import NonceUse
from sandbox.discord.door import Answer, Call, Endpoint
from sandbox.discord.errors import DiscordError, invalid
from sandbox.discord.limits.messages import check_types
from sandbox.discord.model import (
    EPHEMERAL,
    Channel,
    ChannelType,
    Json,
    Message,
    Reference,
    Snowflake,
)
from sandbox.discord.permissions import Permission, of_bot, require, send_permission

NONCE_LIFE_MS = 3 * 60 * 1000
_BULK_AGE_MS = 14 * 24 * 3600 * 1000
_MANY = "/channels/{channel_id}/messages"
_ONE = "/channels/{channel_id}/messages/{message_id}"
P = Permission


def seen(call: Call, message: Message) -> Json:
    return call.backend.appearance.visible(message, with_content=call.backend.reads_content)


async def post(call: Call) -> Answer:
    """Post a message.

    The same enforced nonce within three minutes gives the first message again.
    """
    backend, channel = call.backend, call.channel
    may_post(call, channel)
    nonce = call.body.get("nonce")
    used = backend.nonces.get((channel.id, str(nonce))) if call.body.get("enforce_nonce") else None
    now = backend.clock.now_ms()
    if (
        used is not None
        and now - used.at < NONCE_LIFE_MS
        and used.message_id in backend.world.messages
    ):
        return seen(call, backend.world.messages[used.message_id])
    message = compose(call, channel, call.body)
    backend.messages.post(message)
    if nonce is not None:
        backend.nonces[channel.id, str(nonce)] = NonceUse(message.id, now)
    return backend.appearance.message(message)


def may_post(call: Call, channel: Channel) -> None:
    """Refuse as Discord does where the bot may not post what it sends."""
    if channel.type in (ChannelType.FORUM, ChannelType.CATEGORY):
        raise DiscordError(400, 50008, "Cannot send messages in a non-text channel")
    if channel.type == ChannelType.DM:
        for user in (call.backend.world.users[u] for u in channel.recipients):
            if not user.bot and not may_message(call, user.id):
                raise DiscordError(403, 50007, "Cannot send messages to this user")
        return
    files = [P.ATTACH_FILES] if call.files else []
    require(call.backend.world, channel, send_permission(channel), *files)
    if channel.archived and channel.locked:
        raise DiscordError(400, 50083, "Thread is archived")
    channel.archived = False


def may_message(call: Call, user_id: Snowflake) -> bool:
    """Whether the person takes direct messages from the bot: they share a server and have not
    closed them.
    """
    world = call.backend.world
    shared = any(user_id in g.members for g in world.guilds.values() if g.bot_present)
    return world.users[user_id].dms_open and (shared or user_id in world.user_installs)


def compose(call: Call, channel: Channel, body: Json) -> Message:
    """A new message of the bot, complete but not yet posted."""
    backend = call.backend
    check_types(body)
    message = Message(
        id=backend.ids.next(),
        channel_id=channel.id,
        guild_id=channel.guild_id,
        author_id=backend.world.bot_id,
        created_at=backend.clock.now_ms(),
        tts=bool(body.get("tts")),
        nonce=body.get("nonce"),
    )
    reference = body.get("message_reference")
    if reference:
        _refer(call, channel, message, reference)
    if message.snapshots:
        return message
    body = body | {"flags": int(body.get("flags") or 0) & ~EPHEMERAL}
    backend.composer.apply(message, body, call.files, is_new=True)
    if message.reference is not None:
        allowed = body.get("allowed_mentions")
        pings = allowed is None or bool(allowed.get("replied_user"))
        replied = backend.world.messages.get(message.reference.message_id)
        if pings and replied is not None and replied.author_id not in message.mentions:
            message.mentions.append(replied.author_id)
    return message


def _refer(call: Call, channel: Channel, message: Message, reference: Json) -> None:
    world = call.backend.world
    target_id = Snowflake(int(reference["message_id"]))
    target = world.messages.get(target_id)
    forward = reference.get("type") == 1
    home = Snowflake(int(reference.get("channel_id") or channel.id))
    if target is None or target.ephemeral_for is not None or target.channel_id != home:
        if reference.get("fail_if_not_exists", True):
            at = ("message_reference",)
            raise invalid(at, "REPLIES_UNKNOWN_MESSAGE", "Unknown message")
        return
    if not of_bot(world, world.channels[home]) & P.READ_MESSAGE_HISTORY:
        raise DiscordError(400, 160002, "Cannot reply without permission to read message history")
    message.reference = Reference(
        target.id, target.channel_id, target.guild_id, 1 if forward else 0
    )
    if not forward:
        message.type = 19
    else:
        call.backend.forward(message, target)


async def history(call: Call) -> Answer:
    """Newest first; nothing without the permission to read the history."""
    channel = call.channel
    require(call.backend.world, channel)
    limit = call.number("limit", 50, 1, 100)
    if not of_bot(call.backend.world, channel) & P.READ_MESSAGE_HISTORY:
        return []
    found = [m for m in call.backend.world.history(channel.id) if m.ephemeral_for is None]
    if "before" in call.query:
        found = [m for m in found if m.id < int(call.query["before"])][-limit:]
    elif "after" in call.query:
        found = [m for m in found if m.id > int(call.query["after"])][:limit]
    elif "around" in call.query:
        centre = int(call.query["around"])
        older = [m for m in found if m.id < centre][-(limit // 2) :]
        found = [*older, *[m for m in found if m.id >= centre][: limit - len(older)]]
    return [seen(call, m) for m in reversed(found[-limit:])]


async def fetched(call: Call) -> Answer:
    require(call.backend.world, call.channel, P.READ_MESSAGE_HISTORY)
    return seen(call, call.message)


async def edit(call: Call) -> Answer:
    """Edit the bot's own message (50005 for others').

    Moderators' rights cover only hiding embeds.
    """
    require(call.backend.world, call.channel)
    message = call.message
    if message.author_id != call.backend.world.bot_id or message.webhook_name is not None:
        raise DiscordError(403, 50005, "Cannot edit a message authored by another user")
    if call.channel.archived:
        raise DiscordError(400, 50083, "Thread is archived")
    call.backend.messages.count_edit(message)
    call.backend.composer.apply(message, call.body, call.files, is_new=False)
    call.backend.messages.edited(message)
    return call.backend.appearance.message(message)


async def delete(call: Call) -> Answer:
    message = call.message
    own = message.author_id == call.backend.world.bot_id
    if call.channel.guild_id is None and not own:
        raise DiscordError(403, 50003, "Cannot execute action on a DM channel")
    require(call.backend.world, call.channel, *([] if own else [P.MANAGE_MESSAGES]))
    call.backend.messages.delete(message)
    return None


async def bulk_delete(call: Call) -> Answer:
    channel = call.channel
    require(call.backend.world, channel, P.MANAGE_MESSAGES)
    ids = call.body.get("messages") or []
    if not 2 <= len(ids) <= 100:
        raise invalid(("messages",), "BASE_TYPE_BAD_LENGTH", "Must be between 2 and 100 in length.")
    wanted = {int(i) for i in ids}
    found = [m for m in call.backend.world.history(channel.id) if m.id in wanted]
    if any(call.backend.clock.now_ms() - m.created_at > _BULK_AGE_MS for m in found):
        raise DiscordError(
            400, 50034, "You can only bulk delete messages that are under 14 days old."
        )
    for message in found:
        call.backend.messages.delete(message)
    return None


async def typing(call: Call) -> Answer:
    channel = call.channel
    require(call.backend.world, channel, send_permission(channel))
    call.backend.messages.typing(channel, call.backend.world.bot_id)
    return None


ENDPOINTS = (
    Endpoint("POST", _MANY, post),
    Endpoint("GET", _MANY, history),
    Endpoint("POST", f"{_MANY}/bulk-delete", bulk_delete),
    Endpoint("GET", _ONE, fetched),
    Endpoint("PATCH", _ONE, edit),
    Endpoint("DELETE", _ONE, delete),
    Endpoint("POST", "/channels/{channel_id}/typing", typing),
)
