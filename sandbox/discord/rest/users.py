"""Users and direct messages."""

from __future__ import annotations

from sandbox.discord import payloads
from sandbox.discord.door import Answer, Call, Endpoint
from sandbox.discord.errors import DiscordError, invalid
from sandbox.discord.model import Channel, ChannelType, Snowflake


async def me(call: Call) -> Answer:
    return payloads.own_user(call.backend.world.users[call.backend.world.bot_id])


async def fetched(call: Call) -> Answer:
    return payloads.user(call.backend.world.user(call.id("user_id")))


async def open_direct(call: Call) -> Answer:
    """The direct-message channel with that person, made if need be."""
    world, recipient = call.backend.world, str(call.body.get("recipient_id", ""))
    if not recipient.isdecimal():
        raise invalid(
            ("recipient_id",), "NUMBER_TYPE_COERCE", f'Value "{recipient}" is not snowflake.'
        )
    user = world.user(Snowflake(int(recipient)))
    if user.bot:
        raise DiscordError(403, 50007, "Cannot send messages to this user")
    channel = world.direct_channel(user.id, world.bot_id)
    if channel is None:
        channel = Channel(
            call.backend.ids.next(), ChannelType.DM, user.name,
            recipients=[user.id, world.bot_id], created_at=call.backend.clock.now_ms(),
        )  # fmt: skip
        world.channels[channel.id] = channel
    return payloads.channel(world, channel)


ENDPOINTS = (
    Endpoint("GET", "/users/@me", me),
    Endpoint("POST", "/users/@me/channels", open_direct),
    Endpoint("GET", "/users/{user_id}", fetched),
)
