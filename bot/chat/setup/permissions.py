"""What the bot may do in a channel, by Discord's documented algorithm and without its implications.

discord.py's own ``permissions_for`` also takes away what a missing Send Messages makes useless;
then nobody could tell what is denied itself.
"""

from collections.abc import Iterable
from enum import StrEnum
from typing import Final, TypeAlias

import discord

from bot.chat.translate import Texts

Writable: TypeAlias = (
    discord.TextChannel | discord.VoiceChannel | discord.StageChannel | discord.ForumChannel
)


class Need(StrEnum):
    """A permission that the bot needs; the value is discord.py's name of it."""

    VIEW = "view_channel"
    SEND = "send_messages"
    SEND_IN_THREADS = "send_messages_in_threads"
    ATTACH = "attach_files"
    HISTORY = "read_message_history"


FOR_PICTURES: Final = (Need.SEND, Need.SEND_IN_THREADS, Need.ATTACH, Need.HISTORY)
FOR_POSTS: Final = (Need.SEND_IN_THREADS, Need.ATTACH, Need.HISTORY)
"""In a forum pictures are made in its posts alone."""
FOR_SHARING: Final = (Need.SEND, Need.ATTACH, Need.HISTORY)
"""Of the log and the showcase channel."""


def granted(channel: Writable, member: discord.Member) -> discord.Permissions:
    """What the member may do there: roles, then the overwrites for everyone, roles, member."""
    if member.guild.owner_id == member.id:
        return discord.Permissions.all()
    base = discord.Permissions.none()
    for role in member.roles:
        base |= role.permissions
    if base.administrator:
        return discord.Permissions.all()
    value = base.value
    everyone = member.guild.default_role
    own_roles = [role for role in member.roles if role.id != everyone.id]
    for layer in ([everyone], own_roles, [member]):
        allow, deny = _joined(channel, layer)
        value = (value & ~deny) | allow
    return discord.Permissions(value)


def _joined(channel: Writable, holders: Iterable[discord.Role | discord.Member]) -> tuple[int, int]:
    allow = deny = 0
    for holder in holders:
        allowed, denied = channel.overwrites_for(holder).pair()
        allow |= allowed.value
        deny |= denied.value
    return allow, deny


def missing(channel: Writable, member: discord.Member, needs: Iterable[Need]) -> tuple[Need, ...]:
    """What the bot lacks there; where it cannot see the channel, nothing else matters yet."""
    may = granted(channel, member)
    if not may.view_channel:
        return (Need.VIEW,)
    return tuple(need for need in needs if not getattr(may, need.value))


def complaint(need: Need, texts: Texts) -> str:
    """What the bot cannot do without it."""
    return {
        Need.VIEW: texts.gettext("I can't see this channel."),
        Need.SEND: texts.gettext("I can't write messages."),
        Need.SEND_IN_THREADS: texts.gettext("I can't write in threads."),
        Need.ATTACH: texts.gettext("I can't attach files."),
        Need.HISTORY: texts.gettext("I can't read earlier messages."),
    }[need]


def name(need: Need, texts: Texts) -> str:
    """The permission as Discord's own settings call it."""
    return {
        Need.VIEW: texts.gettext("View Channel"),
        Need.SEND: texts.gettext("Send Messages"),
        Need.SEND_IN_THREADS: texts.gettext("Send Messages in Threads"),
        Need.ATTACH: texts.gettext("Attach Files"),
        Need.HISTORY: texts.gettext("Read Message History"),
    }[need]


def remedy(needs: Iterable[Need], bot: str, texts: Texts) -> str:
    """Where to switch on what is missing; ``bot`` is the bot's name, safe to show."""
    switches = [texts.gettext("{permission}", permission=name(need, texts)) for need in needs]
    return texts.gettext(
        "Channel settings → Permissions → {bot} → {permissions}.",
        bot=bot,
        permissions=texts.listed(*switches),
    )
