"""Channels themselves."""

from __future__ import annotations

from sandbox.discord import payloads
from sandbox.discord.door import Answer, Call, Endpoint
from sandbox.discord.errors import DiscordError, invalid
from sandbox.discord.model import PRIVATE_CHANNELS, THREADS, Channel
from sandbox.discord.permissions import Permission, require

P = Permission


def _manage(channel: Channel) -> Permission:
    return P.MANAGE_THREADS if channel.type in THREADS else P.MANAGE_CHANNELS


async def fetched(call: Call) -> Answer:
    require(call.backend.world, call.channel)
    return payloads.channel(call.backend.world, call.channel)


async def edit(call: Call) -> Answer:
    channel, body = call.channel, call.body
    if channel.type in PRIVATE_CHANNELS:
        raise DiscordError(403, 50003, "Cannot execute action on a DM channel")
    own_thread = channel.type in THREADS and channel.owner_id == call.backend.world.bot_id
    require(call.backend.world, channel, *([] if own_thread else [_manage(channel)]))
    if "name" in body and not 1 <= len(str(body["name"])) <= 100:
        raise invalid(("name",), "BASE_TYPE_BAD_LENGTH", "Must be between 1 and 100 in length.")
    channel.name = str(body.get("name", channel.name))
    channel.topic = body.get("topic", channel.topic)
    channel.nsfw = bool(body.get("nsfw", channel.nsfw))
    channel.archived = bool(body.get("archived", channel.archived))
    channel.locked = bool(body.get("locked", channel.locked))
    channel.slowmode = int(body.get("rate_limit_per_user") or channel.slowmode)
    is_thread = channel.type in THREADS
    call.backend.dispatch_channel("THREAD_UPDATE" if is_thread else "CHANNEL_UPDATE", channel)
    return payloads.channel(call.backend.world, channel)


async def delete(call: Call) -> Answer:
    """Delete the channel with its messages; a direct message is only closed."""
    channel, world = call.channel, call.backend.world
    if channel.type in PRIVATE_CHANNELS:
        require(world, channel)
        return payloads.channel(world, channel)
    require(world, channel, _manage(channel))
    payload = payloads.channel(world, channel)
    call.backend.remove_channel(channel)
    return payload


ENDPOINTS = (
    Endpoint("GET", "/channels/{channel_id}", fetched),
    Endpoint("PATCH", "/channels/{channel_id}", edit),
    Endpoint("DELETE", "/channels/{channel_id}", delete),
)
