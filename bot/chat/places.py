"""Where an interaction happened, who asked, and in which languages to answer."""

from typing import Final

import discord

from bot.chat.responding import Interaction
from bot.domain.ids import ChannelId, GuildId, Millis, UserId
from bot.domain.request import Context, Place

TOKEN_LIFE_MS: Final = 15 * 60_000
COMMUNITY: Final = "COMMUNITY"


def place_of(interaction: Interaction, now: Millis) -> Place:
    """The place of an interaction that has just arrived.

    A command that a person installed for themselves counts as a direct message wherever it is
    used: the server it happens to be used in did not invite the bot and pays for nothing.
    """
    guild_id = interaction.guild_id if in_own_server(interaction) else None
    user = interaction.user
    parent_id, age_restricted = channel_facts(interaction.channel)
    return Place(
        channel_id=ChannelId(interaction.channel_id or 0),
        user_id=UserId(user.id),
        locale=str(interaction.locale),
        public_locale=public_locale(
            interaction.guild, str(interaction.locale), interaction.guild_locale
        ),
        guild_id=GuildId(guild_id) if guild_id is not None else None,
        context=_context(interaction),
        user_install=guild_id is None
        and (interaction.guild_id is not None or interaction.is_user_integration()),
        token=interaction.token,
        token_expires_at=Millis(now + TOKEN_LIFE_MS),
        roles=tuple(role.id for role in user.roles) if isinstance(user, discord.Member) else (),
        parent_channel_id=parent_id,
        age_restricted=age_restricted,
    )


def in_own_server(interaction: Interaction) -> bool:
    """Whether it happens in a server that has invited the bot.

    Discord names who installed the command, or what a button is on. Where that is neither this
    server nor this person – somebody presses a button of another's own install, or nothing is
    named – it counts whether the gateway knows the server.
    """
    guild_id = interaction.guild_id
    if guild_id is None or interaction.is_guild_integration():
        return guild_id is not None
    return not interaction.is_user_integration() and (
        interaction.client.get_guild(guild_id) is not None
    )


def channel_facts(channel: object) -> tuple[ChannelId | None, bool]:
    """A thread's parent, and whether Discord restricts the channel (or that parent) to adults.

    Private channels have neither.
    """
    parent_id = channel.parent_id if isinstance(channel, discord.Thread) else None
    is_nsfw = getattr(channel, "is_nsfw", None)
    restricted = bool(is_nsfw()) if callable(is_nsfw) else False
    return ChannelId(parent_id) if parent_id else None, restricted


def public_locale(guild: discord.Guild | None, own: str, told: discord.Locale | None = None) -> str:
    """The language of what everybody sees, unless moderators choose another: that of a Community
    server, else the person's own – on other servers Discord always says en-US.

    ``told`` is what an interaction says of the server's language, which is newer than what the
    gateway said.
    """
    if guild is not None and COMMUNITY in guild.features:
        return str(told or guild.preferred_locale)
    return own


def _context(interaction: Interaction) -> Context:
    if interaction.guild_id is not None:
        return Context.GUILD
    return Context.PRIVATE_CHANNEL if interaction.context.private_channel else Context.BOT_DM
