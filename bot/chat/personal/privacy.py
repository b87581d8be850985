"""``/privacy``: a copy of one's data, and its deletion."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any, Final

import discord
from discord import ui

from bot.chat.controls import ControlItem, control_id
from bot.chat.galleries.archives import Bundle, Entry, bundled
from bot.chat.galleries.downloads import Downloads
from bot.chat.layouts import GREY, RED, JobView
from bot.chat.responding import Interaction, patiently, replace, show, show_files, turn
from bot.chat.translate import Catalogues, Texts
from bot.domain.ids import PictureId, UserId
from bot.service.personal.erasing import Erasing, Stand
from bot.service.personal.own_data import OwnData
from bot.service.pictures.gallery import View

FEATURE: Final = "privacy"
_PATIENCE_S: Final = 25.0
"""So long a deletion is waited for; a worker ends what takes longer."""
_PAUSE_S: Final = 0.3
_JOBS, _PICTURES = "j", "p"


class Privacy:
    """Everybody reaches their own data and nobody else's: who clicks is whose data it is."""

    def __init__(
        self,
        own_data: OwnData,
        erasing: Erasing,
        downloads: Downloads,
        catalogues: Catalogues,
    ) -> None:
        self._own_data = own_data
        self._erasing = erasing
        self._downloads = downloads
        self._catalogues = catalogues

    async def export(self, interaction: Interaction, cursor: str = "") -> None:
        """Everything that is kept about the person, as ZIP files, privately."""
        entries = self._entries(UserId(interaction.user.id), cursor)
        part = "ketchup-data" if not cursor else "ketchup-data-more"
        bundle = await patiently(interaction, bundled(entries, part), private=True)
        view = _export_view(bundle, self._texts(interaction))
        try:
            await show_files(interaction, view, bundle.files)
        finally:
            bundle.close()

    async def ask(self, interaction: Interaction) -> None:
        """Say what deleting means, and ask."""
        texts = self._texts(interaction)
        sentences = (
            texts.gettext("**Delete your data?** This can't be undone."),
            texts.gettext(
                "Your prompts, pictures and settings are deleted, and what is waiting is"
                " cancelled. Credits you have left are lost."
            ),
            texts.gettext(
                "What stays: amounts without your name, so that the books still add up, and –"
                " until they end – a block on a server and how much of this period's allowance"
                " you have used."
            ),
            texts.gettext("Download a copy first with {export}.", export=texts.command(_EXPORT)),
        )
        danger = discord.ButtonStyle.danger
        row: ui.ActionRow[Any] = ui.ActionRow(
            _button("erase", "posts", texts.gettext("Delete, also my posts"), danger),
            _button("erase", "data", texts.gettext("Delete, leave my posts")),
            _button("keep", "", texts.gettext("Keep everything")),
        )
        await show(interaction, JobView(RED, ui.TextDisplay("\n".join(sentences)), row))

    async def perform(self, interaction: Interaction, action: str, subject: str) -> None:
        """The answers to that question, and the next part of an export."""
        match action:
            case "erase":
                await self._erase(interaction, posts=subject == "posts")
            case "keep":
                kept = self._texts(interaction).gettext("Nothing was deleted.")
                await replace(interaction, JobView(GREY, ui.TextDisplay(kept)))
            case "next":
                await self.export(interaction, subject)
            case _:
                return

    async def _erase(self, interaction: Interaction, *, posts: bool) -> None:
        user_id = UserId(interaction.user.id)
        await turn(interaction)
        await self._erasing.begin(user_id, posts=posts)
        done = await self._wait(user_id)
        texts = self._texts(interaction)
        if done:
            sentence = texts.gettext("Your data is deleted.")
        else:
            sentence = texts.gettext(
                "Your data is being deleted. Pictures under way end first, without being posted;"
                " the rest follows by itself."
            )
        await interaction.edit_original_response(view=JobView(GREY, ui.TextDisplay(sentence)))

    async def _wait(self, user_id: UserId) -> bool:
        """Carry the deletion on for a while; whether it came to its end."""
        loop = asyncio.get_running_loop()
        until = loop.time() + _PATIENCE_S
        while loop.time() < until:
            match await self._erasing.step(user_id):
                case Stand.DONE:
                    return True
                case Stand.WAITING:
                    await asyncio.sleep(_PAUSE_S)
                case Stand.MORE:
                    await asyncio.sleep(0)
        return False

    async def _entries(self, user_id: UserId, cursor: str) -> AsyncIterator[Entry]:
        """First what is known, then the jobs, then the pictures, each newest first."""
        if not cursor:
            yield Entry(_JOBS, "about-you.json", await self._own_data.about(user_id), is_text=True)
        if cursor[:1] != _PICTURES:
            after = cursor[1:]
            while (found := await self._own_data.jobs(user_id, after)) is not None:
                data, after = found
                name = f"jobs/before-{after}.json"
                yield Entry(f"{_JOBS}{after}", name, data, is_text=True)
        edge = PictureId(cursor[1:]) if cursor[:1] == _PICTURES else None
        view = View(user_id, None, edge=edge, owner=user_id)
        async for entry in self._downloads.entries(view, "pictures/"):
            yield Entry(f"{_PICTURES}{entry.cursor}", entry.name, entry.data)

    def _texts(self, interaction: Interaction) -> Texts:
        return self._catalogues.of(str(interaction.locale))


_EXPORT: Final = "privacy export"


def _export_view(bundle: Bundle, texts: Texts) -> ui.LayoutView:
    lines = [texts.gettext("Everything that is kept about you, and your pictures.")]
    if bundle.missing:
        lines.append(
            texts.ngettext(
                "{count} picture couldn't be read: its message is gone.",
                "{count} pictures couldn't be read: their messages are gone.",
                bundle.missing,
                count=bundle.missing,
            )
        )
    if bundle.cursor is not None:
        lines.append(texts.gettext("Discord takes no more at once: older ones are in the next."))
    parts: list[ui.Item[Any]] = [ui.TextDisplay("\n".join(lines))]
    parts += [ui.File(f"attachment://{file.filename}") for file in bundle.files]
    if bundle.cursor is not None:
        more = _button("next", bundle.cursor, texts.gettext("Next archive"))
        parts.append(ui.ActionRow(more))
    return JobView(GREY, *parts)


def _button(
    action: str,
    subject: str,
    label: str,
    style: discord.ButtonStyle = discord.ButtonStyle.secondary,
) -> ControlItem:
    button: ui.Button[Any] = ui.Button(
        label=label, style=style, custom_id=control_id(FEATURE, action, subject)
    )
    return ControlItem(button)
