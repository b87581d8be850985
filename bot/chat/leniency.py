"""What Discord's documents leave open and discord.py 2.7.1 takes for granted."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

import discord
from discord.webhook.async_ import AsyncWebhookAdapter, async_context

if TYPE_CHECKING:
    from discord.types.interactions import InteractionCallback

_INTERACTION: Final = "INTERACTION_CREATE"


def be_lenient(client: discord.Client) -> None:
    """Let this client read interactions with a channel's id alone, and answer them where Discord
    returns nothing for it.

    The latter holds for the running task and for those that it starts from now on.
    """
    parsers = client._connection.parsers  # noqa: SLF001 - discord.py has no public way
    read = parsers[_INTERACTION]
    parsers[_INTERACTION] = lambda data: read(with_channel(data))
    async_context.set(_Adapter())


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
