"""What Discord's documents leave open and discord.py 2.7.1 takes for granted."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

import discord
from discord.webhook.async_ import AsyncWebhookAdapter, async_context

if TYPE_CHECKING:
    from discord.types.interactions import InteractionCallback

_INTERACTION: Final = "INTERACTION_CREATE"
_GUILD: Final = "GUILD_CREATE"


def be_lenient(client: discord.Client) -> None:
    """Let this client read interactions with a channel's id alone and servers without its own
    member, and answer interactions where Discord returns nothing for it.

    The last holds for the running task and for those that it starts from now on.
    """
    parsers = client._connection.parsers  # noqa: SLF001 - discord.py has no public way
    read_interaction, read_guild = parsers[_INTERACTION], parsers[_GUILD]
    parsers[_INTERACTION] = lambda data: read_interaction(with_channel(data))
    parsers[_GUILD] = lambda data: read_guild(with_own_member(data, client.user))
    async_context.set(_Adapter())


def with_own_member(guild: Mapping[str, Any], own: discord.ClientUser | None) -> dict[str, Any]:
    """The server with the bot among its members, there since the server says that it joined.

    discord.py knows when it joined by that member alone.
    """
    if own is None:
        return dict(guild)
    members = [dict(member) for member in guild.get("members", [])]
    found = next((one for one in members if _user_id(one) == str(own.id)), None)
    if found is None:
        user = {
            "id": str(own.id), "username": own.name, "discriminator": own.discriminator,
            "avatar": None, "bot": True,
        }  # fmt: skip
        found = {"user": user, "roles": [], "joined_at": None, "flags": 0}
        members.append(found)
    found["joined_at"] = guild.get("joined_at") or found.get("joined_at")
    return {**guild, "members": members}


def _user_id(member: Mapping[str, Any]) -> str:
    return str(member.get("user", {}).get("id"))


def with_channel(interaction: Mapping[str, Any]) -> dict[str, Any]:
    """The interaction with its ``channel``, which is optional beside the id.

    discord.py takes the channel that it knows by this id, and what is made up here only for others.
    """
    channel_id = interaction.get("channel_id")
    if channel_id is None or interaction.get("channel"):
        return dict(interaction)
    in_server = interaction.get("guild_id") is not None
    kind = discord.ChannelType.text if in_server else discord.ChannelType.private
    channel = {"id": channel_id, "type": kind.value, "name": "", "position": 0}
    return {**interaction, "channel": channel}


class _Adapter(AsyncWebhookAdapter):
    """204 says that an answer has arrived, though not which message came of it."""

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]

    async def create_interaction_response(
        self, interaction_id: int, token: str, **options: Any
    ) -> "InteractionCallback":
        """The description; without one, as little as is certain: the message's id is unknown."""
        told: InteractionCallback | str = await super().create_interaction_response(
            interaction_id, token, **options
        )
        if isinstance(told, str):  # the empty body
            return {"interaction": {"id": interaction_id, "type": 2}}
        return told
