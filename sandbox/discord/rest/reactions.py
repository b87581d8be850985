"""Reactions to messages."""

from __future__ import annotations

from urllib.parse import unquote

from sandbox.discord import payloads
from sandbox.discord.door import Answer, Call, Endpoint
from sandbox.discord.permissions import Permission, require

_ALL = "/channels/{channel_id}/messages/{message_id}/reactions"
_REACTIONS = _ALL + "/{emoji}"
P = Permission


def _emoji(call: Call) -> tuple[str, str | None]:
    name, _, emoji_id = unquote(call.match["emoji"]).partition(":")
    return name, emoji_id or None


async def react(call: Call) -> Answer:
    require(call.backend.world, call.channel, P.READ_MESSAGE_HISTORY, P.ADD_REACTIONS)
    call.backend.messages.react(call.message, call.backend.world.bot_id, *_emoji(call))
    return None


async def unreact(call: Call) -> Answer:
    """Take away one's own reaction, or with Manage Messages somebody else's."""
    world = call.backend.world
    whose = world.bot_id if call.match["user_id"] == "@me" else call.id("user_id")
    require(world, call.channel, *([] if whose == world.bot_id else [P.MANAGE_MESSAGES]))
    call.backend.messages.unreact(call.message, whose, *_emoji(call))
    return None


async def clear_reactions(call: Call) -> Answer:
    require(call.backend.world, call.channel, P.MANAGE_MESSAGES)
    message = call.message
    for reaction in list(message.reactions):
        for user_id in list(reaction.user_ids):
            call.backend.messages.unreact(message, user_id, reaction.emoji_name, reaction.emoji_id)
    return None


async def reactors(call: Call) -> Answer:
    name, emoji_id = _emoji(call)
    users = [
        r.user_ids for r in call.message.reactions if (r.emoji_name, r.emoji_id) == (name, emoji_id)
    ]
    return [payloads.user(call.backend.world.users[u]) for ids in users for u in ids]


ENDPOINTS = (
    Endpoint("PUT", f"{_REACTIONS}/@me", react),
    Endpoint("DELETE", f"{_REACTIONS}/{{user_id}}", unreact),
    Endpoint("GET", _REACTIONS, reactors),
    Endpoint("DELETE", _ALL, clear_reactions),
)
