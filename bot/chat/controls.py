"""Buttons, selects and modals of features that are not about one job: panels, cards, lists.

Each feature has a name, under which the composition root hands it to the client. All that a
control needs is in its id, so that it works after restarts.
"""

import re
from typing import TYPE_CHECKING, Any, Final, NamedTuple, Protocol, Self

import discord

if TYPE_CHECKING:
    from bot.chat.client import ChatClient

CONTROL_ID: Final = re.compile(
    r"(?P<feature>[a-z]+)\.(?P<action>[a-z0-9-]+):(?P<subject>[0-9A-Za-z_.-]{0,60})"
)


class Control(NamedTuple):
    """What a member pressed, chose or sent: ``subject`` is the feature's own, such as an id."""

    feature: str
    action: str
    subject: str


class Feature(Protocol):
    """Takes everything whose id begins with the feature's name."""

    async def perform(
        self, interaction: "discord.Interaction[ChatClient]", action: str, subject: str
    ) -> None:
        """Do it and answer. Raises UserError."""


def control_id(feature: str, action: str, subject: str = "") -> str:
    """The id of a control or modal, such as ``setup.language:``.

    Raises:
        ValueError: it could not be read back.
    """
    text = f"{feature}.{action}:{subject}"
    if CONTROL_ID.fullmatch(text) is None:
        raise ValueError(f"no id of a control: {text}")
    return text


def read_control_id(text: str) -> Control | None:
    """What an id of ours stands for; None for any other."""
    match = CONTROL_ID.fullmatch(text)
    return Control(**match.groupdict()) if match else None


class ControlItem(discord.ui.DynamicItem[discord.ui.Item[Any]], template=CONTROL_ID):
    """Any button or select of a feature; its id comes from :func:`control_id`.

    There is one class for all, for the reason given at :class:`bot.chat.buttons.JobButton`.
    """

    def __init__(self, item: discord.ui.Item[Any]) -> None:
        super().__init__(item)

    @classmethod
    async def from_custom_id(
        cls,
        interaction: discord.Interaction[Any],  # noqa: ARG003
        item: discord.ui.Item[Any],
        match: re.Match[str],  # noqa: ARG003
        /,
    ) -> Self:
        """What was pressed, rebuilt from the message alone."""
        return cls(item)

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        client: ChatClient = interaction.client
        control = read_control_id(self.custom_id)
        if control is not None:
            await client.perform_control(interaction, control)


def chosen_values(interaction: discord.Interaction[Any]) -> tuple[str, ...]:
    """What was chosen in the select that was used: values, or ids of channels, roles, users."""
    data: dict[str, Any] = dict(interaction.data or {})
    return tuple(str(value) for value in data.get("values", ()))
