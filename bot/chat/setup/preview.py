"""The permission preview: for each channel that matters, "ready" or what is missing and where
to switch it on."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

import discord

from bot.chat.setup.integrations import COMMAND, CommandRules, Integrations
from bot.chat.setup.permissions import (
    FOR_PICTURES,
    FOR_POSTS,
    FOR_SHARING,
    Need,
    Writable,
    complaint,
    granted,
    missing,
    remedy,
)
from bot.chat.text import quoted
from bot.chat.translate import Texts
from bot.domain.guild_settings import AgeRule, GuildSettings
from bot.domain.ids import GuildId

_ROOM: Final = 2_400
"""Of the 4,000 characters of a message, so many are for the channels."""
_WARNINGS: Final = 4
_WRITABLE: Final = (
    discord.TextChannel,
    discord.VoiceChannel,
    discord.StageChannel,
    discord.ForumChannel,
)


@dataclass(frozen=True, slots=True)
class _Look:
    """What a channel is judged by."""

    guild: discord.Guild
    chosen: GuildSettings
    rules: CommandRules | None
    texts: Texts

    @property
    def bot(self) -> str:
        return quoted(self.guild.me.display_name)


class Preview:
    """Judges a server's channels by what Discord has told about them."""

    def __init__(self, integrations: Integrations) -> None:
        self._integrations = integrations

    async def of(self, guild: discord.Guild | None, chosen: GuildSettings, texts: Texts) -> str:
        """The page's text."""
        if guild is None or guild.unavailable or not guild.channels:
            return texts.gettext("Discord has not told me about this server yet. Try again later.")
        rules = await self._integrations.rules(GuildId(guild.id))
        look = _Look(guild, chosen, rules, texts)
        blocks = [_pictures(look)]
        if chosen.log_channel is not None:
            blocks.append(_single(look, texts.gettext("Log channel"), chosen.log_channel))
        if chosen.showcase_channel is not None:
            blocks.append(_single(look, texts.gettext("Showcase channel"), chosen.showcase_channel))
        blocks += _members(look)
        return "\n\n".join(blocks)


def _pictures(look: _Look) -> str:
    """The channels in which pictures are made: first those with something to do."""
    texts, hidden = look.texts, 0
    if look.chosen.channels:
        lines = [_line(look, one, look.guild.get_channel(one)) for one in look.chosen.channels]
    else:
        open_here = [one for one in _sorted(look.guild) if _matters(look, one)]
        hidden = len(_sorted(look.guild)) - len(open_here)
        lines = [_line(look, one.id, one) for one in open_here]
    lines.sort(key=lambda line: line.ready)
    shown = _fitting([line.text for line in lines])
    left = len(lines) - len(shown)
    if left:
        shown.append(texts.ngettext("… and {count} more", "… and {count} more", left, count=left))
    if hidden:
        shown.append(
            "-# " + texts.gettext("Channels that neither members nor I can see aren't listed.")
        )
    heading = texts.gettext("Channels for pictures")
    return "\n".join([f"**{heading}**", *shown])


@dataclass(frozen=True, slots=True)
class _Line:
    text: str
    ready: bool


def _line(look: _Look, channel_id: int, channel: object) -> _Line:
    texts, mention = look.texts, f"<#{channel_id}>"
    if not isinstance(channel, _WRITABLE):
        return _Line(texts.gettext("{channel}: this channel is gone.", channel=mention), False)
    needs = FOR_POSTS if isinstance(channel, discord.ForumChannel) else FOR_PICTURES
    problems = _lacking(look, channel, needs)
    problems += _restricted(look, channel)
    problems += _commandless(look, channel)
    if look.rules is not None and not look.rules.allows_in(channel.id):
        problems.append(
            texts.gettext(
                "Discord's own rules switch {command} off here. Server settings → Integrations →"
                " {bot}.",
                command=texts.command(COMMAND),
                bot=look.bot,
            )
        )
    return _judged(mention, problems, texts)


def _single(look: _Look, heading: str, channel_id: int) -> str:
    """The log or the showcase channel."""
    return f"**{heading}**\n{_shared(look, channel_id).text}"


def _shared(look: _Look, channel_id: int) -> _Line:
    channel, mention = look.guild.get_channel(channel_id), f"<#{channel_id}>"
    if not isinstance(channel, _WRITABLE):
        gone = look.texts.gettext("{channel}: this channel is gone.", channel=mention)
        return _Line(gone, False)
    return _judged(mention, _lacking(look, channel, FOR_SHARING), look.texts)


def warnings(
    guild: discord.Guild | None, chosen: GuildSettings, field: str, texts: Texts
) -> list[str]:
    """What is wrong with the channels that were just chosen, told at once and not only on the
    permissions page; of many, the first few."""
    if guild is None or guild.unavailable or not guild.channels:
        return []
    look = _Look(guild, chosen, None, texts)
    match field:
        case "channels" | "age_rule":
            lines = [_line(look, one, guild.get_channel(one)) for one in chosen.channels]
        case "log_channel" if chosen.log_channel is not None:
            lines = [_shared(look, chosen.log_channel)]
        case "showcase_channel" if chosen.showcase_channel is not None:
            lines = [_shared(look, chosen.showcase_channel)]
        case _:
            return []
    return [line.text for line in lines if not line.ready][:_WARNINGS]


def _judged(mention: str, problems: Sequence[str], texts: Texts) -> _Line:
    if not problems:
        return _Line(texts.gettext("{channel}: ready.", channel=mention), True)
    told = texts.joined(*problems)
    return _Line(texts.gettext("{channel}: {problems}", channel=mention, problems=told), False)


def _lacking(look: _Look, channel: Writable, needs: Iterable[Need]) -> list[str]:
    lacked = missing(channel, look.guild.me, needs)
    if not lacked:
        return []
    said = [complaint(need, look.texts) for need in lacked]
    return [*said, remedy(lacked, look.bot, look.texts)]


def _restricted(look: _Look, channel: Writable) -> list[str]:
    """What the age rule says of the channel."""
    texts, is_restricted = look.texts, channel.is_nsfw()
    if look.chosen.age_rule is AgeRule.ONLY_RESTRICTED and not is_restricted:
        return [
            texts.gettext(
                "It isn't age-restricted, and pictures are made only where channels are."
                " Channel settings → Overview → Age-Restricted Channel."
            )
        ]
    if look.chosen.age_rule is AgeRule.NEVER_RESTRICTED and is_restricted:
        return [texts.gettext("It is age-restricted, and pictures aren't made there.")]
    return []


def _commandless(look: _Look, channel: Writable) -> list[str]:
    """Whether members who see the channel can use commands there; chosen roles may have their
    own permissions."""
    everyone = channel.permissions_for(look.guild.default_role)
    if look.chosen.roles or not everyone.view_channel or everyone.use_application_commands:
        return []
    return [
        look.texts.gettext(
            "Members can't use commands here. Channel settings → Permissions → @everyone →"
            " Use Application Commands."
        )
    ]


def _members(look: _Look) -> list[str]:
    """Whom Discord's own rules keep from the command."""
    texts, rules = look.texts, look.rules
    if rules is None:
        return []
    place = texts.gettext("Server settings → Integrations → {bot}.", bot=look.bot)
    command = texts.command(COMMAND)
    if not rules.allows_everyone:
        allowed = ", ".join(f"<@&{role}>" for role in rules.allowed_roles()[:10])
        sentence = texts.gettext(
            "Discord's own rules let only these roles use {command}: {roles}.",
            command=command,
            roles=allowed or texts.gettext("none"),
        )
    elif denied := rules.denied_roles():
        sentence = texts.gettext(
            "Discord's own rules keep these roles from {command}: {roles}.",
            command=command,
            roles=", ".join(f"<@&{role}>" for role in denied[:10]),
        )
    else:
        return []
    heading = texts.gettext("Members")
    return [f"**{heading}**\n{texts.joined(sentence, place)}"]


def _matters(look: _Look, channel: Writable) -> bool:
    """Whether members or the bot see the channel."""
    everyone = channel.permissions_for(look.guild.default_role).view_channel
    return everyone or granted(channel, look.guild.me).view_channel


def _sorted(guild: discord.Guild) -> list[Writable]:
    found = [channel for channel in guild.channels if isinstance(channel, _WRITABLE)]
    return sorted(found, key=lambda channel: (channel.position, channel.id))


def _fitting(lines: Sequence[str]) -> list[str]:
    room, fitting = _ROOM, []
    for line in lines:
        room -= len(line) + 1
        if room < 0:
            break
        fitting.append(line)
    return fitting
