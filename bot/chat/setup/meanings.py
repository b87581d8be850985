"""What a choice in one of the panel's selects means."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

import discord

from bot.chat.setup import fields
from bot.domain.guild_settings import AgeRule
from bot.domain.periods import Refill
from bot.errors import PlaceGoneError

AUTOMATIC: Final = "auto"
NEVER: Final = "never"
OTHER: Final = "other"
"""The choice that asks for a time zone by name."""

_WRITABLE: Final = [
    discord.ChannelType.text,
    discord.ChannelType.news,
    discord.ChannelType.voice,
    discord.ChannelType.stage_voice,
]
PICTURE_CHANNELS: Final = [*_WRITABLE, discord.ChannelType.forum]
"""A forum stands for its posts. Media channels are not among the types that Discord documents."""
ONE_CHANNEL: Final[Mapping[str, list[discord.ChannelType]]] = {
    "log_channel": _WRITABLE,
    "showcase_channel": _WRITABLE,
}


def meant(field: str, values: Sequence[str], guild: discord.Guild | None) -> object:
    """What was chosen, as :class:`GuildSettings` keeps it.

    Raises:
        PlaceGoneError: a channel or role is none of this server.
        ValueError, LookupError: no select of ours offers this.
    """
    match field:
        case "channels":
            return tuple(_channel(value, guild, PICTURE_CHANNELS) for value in values)
        case "roles":
            return tuple(_role(value, guild) for value in values)
        case "log_channel" | "showcase_channel":
            return _channel(values[0], guild, ONE_CHANNEL[field]) if values else None
        case "moderator_role":
            return _role(values[0], guild) if values else None
        case _:
            return _MEANT[field](values[0])


def _channel(value: str, guild: discord.Guild | None, kinds: Sequence[discord.ChannelType]) -> int:
    found = guild.get_channel(int(value)) if guild is not None else None
    if found is None or found.type not in kinds:
        raise PlaceGoneError
    return found.id


def _role(value: str, guild: discord.Guild | None) -> int:
    found = guild.get_role(int(value)) if guild is not None else None
    if found is None:
        raise PlaceGoneError
    return found.id


def _language(value: str) -> str | None:
    if value == AUTOMATIC:
        return None
    if value not in fields.NATIVE:
        raise LookupError(value)
    return value


def _number(value: str) -> int | None:
    return None if value == NEVER else int(value)


_MEANT: Final[Mapping[str, Callable[[str], Any]]] = {
    "language": _language,
    "time_zone": str,
    "refill": Refill,
    "age_rule": AgeRule,
    "mention_after_s": _number,
    "failed_cards_vanish_after_s": _number,
}
