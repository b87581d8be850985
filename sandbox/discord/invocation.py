"""How an interaction looks when it reaches the bot."""

from __future__ import annotations

from sandbox.discord import payloads
from sandbox.discord.appearance import Appearance
from sandbox.discord.limits.files import file_limit
from sandbox.discord.model import InteractionRecord, Json, Message
from sandbox.discord.permissions import WITHOUT_THE_BOT, in_channel, of_bot
from sandbox.discord.world import World


def interaction(
    world: World, appearance: Appearance, record: InteractionRecord, seen: Message | None
) -> Json:
    """INTERACTION_CREATE as Discord sends it."""
    channel = world.channels[record.channel_id]
    guild = world.guild_of(channel)
    user = world.users[record.user_id]
    payload: Json = {
        "id": str(record.id),
        "application_id": str(world.application_id),
        "type": record.type,
        "token": record.token,
        "version": 1,
        "channel_id": str(channel.id),
        "channel": payloads.partial_channel(world, channel, user.id),
        "locale": user.locale,
        "context": record.context,
        "authorizing_integration_owners": record.owners,
        "app_permissions": str(of_bot(world, channel) or int(WITHOUT_THE_BOT)),
        "attachment_size_limit": file_limit(guild),
        "entitlements": [],
        "entitlement_sku_ids": [],
        "data": record.data,
    }
    if guild is None:
        payload["user"] = payloads.user(user)
    else:
        member = payloads.member(world, guild.members[user.id])
        member["permissions"] = str(in_channel(world, user.id, channel))
        payload |= {
            "guild_id": str(guild.id),
            "member": member,
            "guild_locale": guild.interaction_locale,
        }
        payload["guild"] = {
            "id": str(guild.id),
            "locale": guild.interaction_locale,
            "features": guild.features,
        }
    if seen is not None:
        payload["message"] = appearance.message(seen)
    return payload
