"""The ways to answer an interaction, each with a deadline and measured to the first answer."""

import asyncio
import time
from collections.abc import Coroutine, Sequence
from typing import TYPE_CHECKING, Any, Final, TypeAlias, TypeVar

import discord
from discord import ui

from bot.domain.ids import MessageId

if TYPE_CHECKING:
    from bot.chat.client import ChatClient

Interaction: TypeAlias = "discord.Interaction[ChatClient]"
T = TypeVar("T")

PATIENCE_S: Final = 1.5
"""After so long an answer without content is sent, because Discord waits for three seconds."""
_WORK_S: Final = 60.0
_UPLOAD_S: Final = 60.0
_CALL_S: Final = 8.0
"""Less than the ten seconds after which an unanswered job is looked up at Discord."""
_RECEIVED: Final = "received"
_SHOWN: Final = "shown"


def received(interaction: Interaction) -> None:
    """Start the measurement."""
    interaction.extras[_RECEIVED] = time.monotonic()


def is_thinking(interaction: Interaction) -> bool:
    """The member sees "thinking…"."""
    deferred = interaction.response.type is discord.InteractionResponseType.deferred_channel_message
    return deferred and _SHOWN not in interaction.extras


def is_answered(interaction: Interaction) -> bool:
    """The member has an answer with content."""
    return interaction.response.is_done() and not is_thinking(interaction)


async def patiently(
    interaction: Interaction,
    work: Coroutine[Any, Any, T],
    *,
    private: bool,
    in_place: bool = False,
) -> T:
    """The work's result; where it takes long, the member sees "thinking…" meanwhile.

    ``in_place``: the answer will be the used control's message in a new state, which stays as it
    is meanwhile.
    Whatever ends the wait early – a dead interaction, a minute gone – cancels the work.
    """
    task = asyncio.create_task(work)
    try:
        done, _ = await asyncio.wait({task}, timeout=PATIENCE_S)
        if not done and not interaction.response.is_done():
            async with asyncio.timeout(_CALL_S):
                await interaction.response.defer(ephemeral=private, thinking=not in_place)
            _acknowledged(interaction)
        async with asyncio.timeout(_WORK_S):
            return await task
    finally:
        if not task.done():
            task.cancel()
            await asyncio.wait({task}, timeout=_CALL_S)


async def show(
    interaction: Interaction, view: ui.LayoutView, *, private: bool = True
) -> MessageId | None:
    """The answer as a message; its id."""
    async with asyncio.timeout(_CALL_S):
        if is_thinking(interaction):
            message = await interaction.edit_original_response(view=view)
            interaction.extras[_SHOWN] = True
            return MessageId(message.id)
        sent = await interaction.response.send_message(view=view, ephemeral=private)
    _acknowledged(interaction)
    return MessageId(sent.message_id) if sent.message_id is not None else None


async def show_files(
    interaction: Interaction, view: ui.LayoutView, files: Sequence[discord.File]
) -> None:
    """A private answer with files of its own."""
    async with asyncio.timeout(_UPLOAD_S):
        if is_thinking(interaction):
            await interaction.edit_original_response(view=view, attachments=files)
            interaction.extras[_SHOWN] = True
            return
        await interaction.response.send_message(view=view, files=files, ephemeral=True)
    _acknowledged(interaction)


async def turn(interaction: Interaction) -> None:
    """The pressed button's message is about to change; what it shows stays until then."""
    async with asyncio.timeout(_CALL_S):
        await interaction.response.defer()
    _acknowledged(interaction)


async def tell(interaction: Interaction, sentence: str) -> None:
    """A sentence for this member alone, also where others already see "thinking…"."""
    async with asyncio.timeout(_CALL_S):
        if not interaction.response.is_done():
            await interaction.response.send_message(sentence, ephemeral=True)
            _acknowledged(interaction)
            return
        if is_thinking(interaction):
            await interaction.delete_original_response()
        await interaction.followup.send(sentence, ephemeral=True)


async def replace(interaction: Interaction, view: ui.LayoutView) -> None:
    """The pressed button's message in a new state."""
    async with asyncio.timeout(_CALL_S):
        if interaction.response.type is discord.InteractionResponseType.deferred_message_update:
            await interaction.edit_original_response(view=view)
            return
        await interaction.response.edit_message(view=view)
    _acknowledged(interaction)


async def ask(interaction: Interaction, modal: ui.Modal) -> None:
    """A modal, not remembered: what it needs is in its id, so that it outlives a restart."""
    modal.stop()
    async with asyncio.timeout(_CALL_S):
        await interaction.response.send_modal(modal)
    _acknowledged(interaction)


def _acknowledged(interaction: Interaction) -> None:
    since = interaction.extras.get(_RECEIVED)
    if since is not None:
        interaction.client.acknowledgements.interaction_ack(time.monotonic() - since)
