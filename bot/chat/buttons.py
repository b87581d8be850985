"""The buttons on a job's messages. They work after restarts: all they need is in their id."""

import re
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final, Self

import discord

from bot.domain.ids import JobId

if TYPE_CHECKING:
    from bot.chat.client import ChatClient


class Action(StrEnum):
    """What a button or a submitted modal does to a job."""

    CANCEL = "cancel"
    TRY_AGAIN = "retry"
    EDIT_PROMPT = "edit"
    KEEP = "keep"
    """After a late cancellation: leave the pictures in the gallery."""
    REMIX = "remix"
    """On a result: the form for its pictures. As a modal: that form, with the draft's id."""
    AGAIN = "again"
    """The same once more; somebody else's only after a question."""
    AGAIN_SURE = "again-sure"
    """The answer to that question."""
    POST_ANYWAY = "post"
    """After a late cancellation: put the pictures into the channel after all."""


CUSTOM_ID: Final = re.compile(rf"k:(?P<action>{'|'.join(Action)}):(?P<job>[0-9A-Z]{{26}})")


def custom_id(action: Action, job_id: JobId) -> str:
    """The id of the button or modal, such as ``k:cancel:01J…``."""
    return f"k:{action.value}:{job_id}"


def read_custom_id(text: str) -> tuple[Action, JobId] | None:
    """The action and job of an id of ours; None for any other."""
    match = CUSTOM_ID.fullmatch(text)
    return (Action(match["action"]), JobId(match["job"])) if match else None


class JobButton(discord.ui.DynamicItem[discord.ui.Button[Any]], template=CUSTOM_ID):
    """Any of our buttons.

    There is one class for all because discord.py forgets a DynamicItem's pattern when a view
    with plain items beside it stops: our views hold nothing else that can be pressed.
    """

    def __init__(
        self,
        action: Action,
        job_id: JobId,
        label: str | None = None,
        style: discord.ButtonStyle = discord.ButtonStyle.secondary,
    ) -> None:
        self.action = action
        self.job_id = job_id
        super().__init__(
            discord.ui.Button(label=label, style=style, custom_id=custom_id(action, job_id))
        )

    @classmethod
    async def from_custom_id(
        cls,
        interaction: discord.Interaction[Any],  # noqa: ARG003
        item: discord.ui.Item[Any],
        match: re.Match[str],
        /,
    ) -> Self:
        """The button that was pressed, rebuilt from its id alone."""
        label = item.label if isinstance(item, discord.ui.Button) else None
        return cls(Action(match["action"]), JobId(match["job"]), label)

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        client: ChatClient = interaction.client
        await client.perform(interaction, self.action, self.job_id)
