"""Whom a text mentions, and whom of them the sender allows to be mentioned."""

from __future__ import annotations

import re
from dataclasses import dataclass

from sandbox.discord.components import Kind, walk
from sandbox.discord.model import Guild, Json, Message, Snowflake
from sandbox.discord.world import World

_USER = re.compile(r"<@!?(\d{15,20})>")
_ROLE = re.compile(r"<@&(\d{15,20})>")
_EVERYONE = re.compile(r"@(everyone|here)\b")


@dataclass(frozen=True, slots=True)
class Mentions:
    users: list[Snowflake]
    roles: list[Snowflake]
    everyone: bool


def text_of(message: Message) -> str:
    """All text of the message in which mentions count: content, and text displays in Components
    V2.
    """
    parts = [message.content]
    parts += [
        p.get("content") or ""
        for _, p in walk(message.components)
        if p.get("type") == Kind.TEXT_DISPLAY
    ]
    return "\n".join(parts)


def mentioned(world: World, guild: Guild | None, text: str, allowed: Json | None) -> Mentions:
    """What the text mentions after ``allowed_mentions`` (None: everything is allowed)."""
    users = [Snowflake(int(found)) for found in _USER.findall(text)]
    roles = [Snowflake(int(found)) for found in _ROLE.findall(text)]
    everyone = _EVERYONE.search(text) is not None and guild is not None
    if allowed is not None:
        parse = allowed.get("parse") or []
        if "users" not in parse:
            users = [user for user in users if str(user) in map(str, allowed.get("users") or [])]
        if "roles" not in parse:
            roles = [role for role in roles if str(role) in map(str, allowed.get("roles") or [])]
        everyone = everyone and "everyone" in parse
    return Mentions(
        [user for user in dict.fromkeys(users) if user in world.users],
        [role for role in dict.fromkeys(roles) if guild is not None and role in guild.roles],
        everyone,
    )
