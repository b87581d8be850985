"""A result in the showcase of its server."""

from collections.abc import Sequence

import discord
from discord import ui

from bot.chat.buttons import Action, JobButton
from bot.chat.layouts import GREEN, JobView, message_link, picture_gallery
from bot.chat.text import quoted
from bot.chat.translate import Texts
from bot.service.delivery.cards import Card


def shared_view(card: Card, texts: Texts, files: Sequence[str]) -> JobView:
    """The pictures, who made them, and the way to the message where they were made."""
    remix = JobButton(
        Action.REMIX, card.job_id, texts.gettext("Remix"), discord.ButtonStyle.primary
    )
    row: ui.ActionRow[JobView] = ui.ActionRow()
    row.add_item(remix)
    link = message_link(card.guild_id, card.channel_id, card.message_id)
    prompt = texts.gettext('"{prompt}"', prompt=quoted(card.prompt))
    return JobView(
        GREEN,
        ui.TextDisplay(prompt),
        picture_gallery(card.prompt, files),
        ui.TextDisplay(f"-# {texts.listed(f'<@{card.user_id}>', link)}"),
        row,
    )
