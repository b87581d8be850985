"""What the panel's selects offer."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

import discord
from discord import ui
from discord.enums import SelectDefaultValueType

from bot.chat.controls import ControlItem, control_id
from bot.chat.setup import fields
from bot.chat.setup.acts import FEATURE, Act
from bot.chat.setup.meanings import AUTOMATIC, NEVER, ONE_CHANNEL, OTHER, PICTURE_CHANNELS
from bot.chat.text import cut
from bot.chat.translate import Texts
from bot.domain.guild_settings import AgeRule, GuildSettings
from bot.domain.periods import Refill, zone_of

MOST: Final = 25
"""How many channels or roles one select can hold."""
LABEL_LIMIT: Final = 100


TIME_ZONES: Final = (
    "UTC", "Asia/Tokyo", "Asia/Seoul", "Asia/Shanghai", "Asia/Singapore", "Asia/Bangkok",
    "Asia/Kolkata", "Asia/Dubai", "Europe/Moscow", "Europe/Istanbul", "Africa/Johannesburg",
    "Africa/Lagos", "Europe/Berlin", "Europe/Paris", "Europe/London", "America/Sao_Paulo",
    "America/New_York", "America/Chicago", "America/Denver", "America/Los_Angeles",
    "Pacific/Honolulu", "Australia/Sydney", "Pacific/Auckland",
)  # fmt: skip
MENTION_AFTER: Final = (0, 60, 120, 300, 600)
VANISH_AFTER: Final = (60, 600, 3_600, 86_400)


def string_select(field: str, chosen: GuildSettings, now: datetime, texts: Texts) -> ControlItem:
    """A select with the options of one setting, and what is chosen marked."""
    return ControlItem(
        ui.Select(
            custom_id=control_id(FEATURE, Act.SET, field),
            options=_OPTIONS[field](chosen, now, texts),
        )
    )


def channel_select(field: str, chosen: Sequence[int], texts: Texts) -> ControlItem:
    """A select for one channel, or for those in which pictures are made."""
    several = field == "channels"
    return ControlItem(
        ui.ChannelSelect(
            custom_id=control_id(FEATURE, Act.SET, field),
            channel_types=PICTURE_CHANNELS if several else ONE_CHANNEL[field],
            placeholder=_capital(texts.gettext("everywhere") if several else texts.gettext("none")),
            min_values=0,
            max_values=MOST if several else 1,
            default_values=_defaults(chosen, SelectDefaultValueType.channel),
        )
    )


def role_select(field: str, chosen: Sequence[int], texts: Texts) -> ControlItem:
    """A select for one role, or for those whose members may make pictures."""
    several = field == "roles"
    return ControlItem(
        ui.RoleSelect(
            custom_id=control_id(FEATURE, Act.SET, field),
            placeholder=_capital(texts.gettext("everybody") if several else texts.gettext("none")),
            min_values=0,
            max_values=MOST if several else 1,
            default_values=_defaults(chosen, SelectDefaultValueType.role),
        )
    )


def _defaults(ids: Sequence[int], kind: SelectDefaultValueType) -> list[discord.SelectDefaultValue]:
    return [discord.SelectDefaultValue(id=one, type=kind) for one in ids[:MOST]]


def _option(
    value: str, name: str, *, chosen: bool, description: str | None = None
) -> discord.SelectOption:
    return discord.SelectOption(
        value=value,
        label=cut(_capital(name), LABEL_LIMIT),
        default=chosen,
        description=description,
    )


def _capital(text: str) -> str:
    """The text as a label of its own."""
    return text[:1].upper() + text[1:]


def _languages(chosen: GuildSettings, _now: datetime, texts: Texts) -> list[discord.SelectOption]:
    automatic = _option(
        AUTOMATIC,
        fields.language(None, texts),
        chosen=chosen.language is None,
        description=texts.gettext("The server's language if it has one, else the requester's"),
    )
    named = (
        _option(code, name, chosen=chosen.language == code) for code, name in fields.NATIVE.items()
    )
    return [automatic, *named]


def _time_zones(chosen: GuildSettings, now: datetime, texts: Texts) -> list[discord.SelectOption]:
    names: tuple[str, ...] = TIME_ZONES
    if chosen.time_zone not in names:
        names = (chosen.time_zone, *names)
    options = [
        _option(name, name, chosen=name == chosen.time_zone, description=_clock(name, now))
        for name in names
    ]
    return [*options, _option(OTHER, texts.gettext("Another time zone…"), chosen=False)]


def _clock(zone: str, now: datetime) -> str:
    """The zone's distance from UTC, such as ``UTC+09:00``."""
    shown = now.astimezone(zone_of(zone)).strftime("%z")
    return f"UTC{shown[:3]}:{shown[3:]}" if zone_of(zone) != ZoneInfo("UTC") else "UTC"


def _refills(chosen: GuildSettings, _now: datetime, texts: Texts) -> list[discord.SelectOption]:
    return [
        _option(one.value, fields.refill(one, texts), chosen=one is chosen.refill) for one in Refill
    ]


def _age_rules(chosen: GuildSettings, _now: datetime, texts: Texts) -> list[discord.SelectOption]:
    return [
        _option(one.value, fields.age_rule(one, texts), chosen=one is chosen.age_rule)
        for one in AgeRule
    ]


def _seconds(
    offered: Sequence[int], now: int | None, name: Callable[[int | None], str]
) -> list[discord.SelectOption]:
    every: list[int | None] = [*sorted({*offered, *([] if now is None else [now])}), None]
    return [
        _option(NEVER if one is None else str(one), name(one), chosen=one == now) for one in every
    ]


_OPTIONS: Final[
    Mapping[str, Callable[[GuildSettings, datetime, Texts], list[discord.SelectOption]]]
] = {
    "language": _languages,
    "time_zone": _time_zones,
    "refill": _refills,
    "age_rule": _age_rules,
    "mention_after_s": lambda chosen, _now, texts: _seconds(
        MENTION_AFTER, chosen.mention_after_s, lambda one: fields.mention_after(one, texts)
    ),
    "failed_cards_vanish_after_s": lambda chosen, _now, texts: _seconds(
        VANISH_AFTER,
        chosen.failed_cards_vanish_after_s,
        lambda one: fields.vanish_after(one, texts),
    ),
}
