"""What ``More`` under a result leads to: the private menu, and all that it offers."""

from collections.abc import Coroutine, Sequence
from typing import Any, Final

import discord

from bot.chat.controls import chosen_values
from bot.chat.delivery.takedown import removed_sentence
from bot.chat.layouts import JobView, message_link, note_view
from bot.chat.places import channel_facts
from bot.chat.responding import Interaction, patiently, show, show_files, turn
from bot.chat.results.deleting import Deletions
from bot.chat.results.details import DetailsPage
from bot.chat.results.originals import Originals
from bot.chat.results.result_view import ALL, menu_view, read_subject, sure_view
from bot.chat.results.showcase import Showcase
from bot.chat.results.single_picture import SinglePictures
from bot.chat.rights import Viewers
from bot.chat.translate import Catalogues, Texts
from bot.domain.ids import JobId, MessageId, PictureId
from bot.errors import JobGoneError, NotYoursError
from bot.service.pictures.details import Details, DetailsReader
from bot.service.pictures.results import Result, ResultPicture, Results

REPORT: Final = "report"
"""The feature that takes reports, where it is there."""


class ResultMenus:
    """The feature ``result``. Rights are checked anew with every click."""

    def __init__(
        self,
        results: Results,
        details: DetailsReader,
        page: DetailsPage,
        originals: Originals,
        deletions: Deletions,
        showcase: Showcase,
        singles: SinglePictures,
        viewers: Viewers,
        catalogues: Catalogues,
    ) -> None:
        self._results = results
        self._details = details
        self._page = page
        self._originals = originals
        self._deletions = deletions
        self._showcase = showcase
        self._singles = singles
        self._viewers = viewers
        self._catalogues = catalogues

    async def perform(self, interaction: Interaction, action: str, subject: str) -> None:
        """What the controls of a result's menu do. Ids of controls that are gone are ignored."""
        job_id, picture_id = read_subject(subject)
        match action:
            case "more":
                await self._open(interaction, job_id, picture_id)
            case "pick":
                (value,) = chosen_values(interaction) or (ALL,)
                await self._turn_to(interaction, job_id, value)
            case "back":
                await self._turn_to(interaction, job_id, picture_id or ALL)
            case "details":
                await self._tell(interaction, job_id)
            case "original":
                await self._original(interaction, job_id, picture_id)
            case "share":
                await self._share(interaction, job_id)
            case "remix":
                await self._remix(interaction, job_id, picture_id)
            case "ask" | "delete":
                elsewhere = action == "ask"
                await self._ask_sure(interaction, job_id, picture_id, elsewhere=elsewhere)
            case "delete-sure":
                await self._delete(interaction, job_id, picture_id)
            case _:
                return

    async def describe(self, interaction: Interaction, message: discord.Message) -> None:
        """``Picture details`` of a message. Raises UserError."""
        viewer = await self._viewers.of(interaction)
        work = self._details.of_message(MessageId(message.id), viewer)
        await self._show_details(interaction, work)

    async def _open(
        self, interaction: Interaction, job_id: JobId, picture_id: PictureId | None
    ) -> None:
        drawing = self._drawn(interaction, job_id, picture_id)
        await show_files(interaction, *await patiently(interaction, drawing, private=True))

    async def _turn_to(self, interaction: Interaction, job_id: JobId, value: str) -> None:
        """The same menu, for one of the pictures or all of them."""
        await turn(interaction)
        view, files = await self._drawn(interaction, job_id, PictureId(value))
        await interaction.edit_original_response(view=view, attachments=files)

    async def _drawn(
        self, interaction: Interaction, job_id: JobId, picture_id: PictureId | None
    ) -> tuple[JobView, list[discord.File]]:
        """The menu for one of several pictures, or for all of them."""
        result = await self._result(interaction, job_id)
        chosen = result.picture(picture_id) if len(result.pictures) > 1 else None
        shown = await self._singles.shown(job_id, chosen) if chosen is not None else None
        view = self._menu(interaction, result, chosen, shown.url if shown else None)
        return view, [shown.file] if shown is not None and shown.file is not None else []

    async def _tell(self, interaction: Interaction, job_id: JobId) -> None:
        viewer = await self._viewers.of(interaction)
        await self._show_details(interaction, self._details.of_job(job_id, viewer))

    async def _show_details(
        self, interaction: Interaction, reading: Coroutine[Any, Any, Details]
    ) -> None:
        async def draw() -> tuple[JobView, list[discord.File]]:
            return await self._page.draw(await reading, self._texts(interaction))

        view, files = await patiently(interaction, draw(), private=True)
        await show_files(interaction, view, files)

    async def _original(
        self, interaction: Interaction, job_id: JobId, picture_id: PictureId | None
    ) -> None:
        async def draw() -> tuple[JobView, list[discord.File]]:
            result = await self._result(interaction, job_id)
            pictures, count = _chosen(result, picture_id), len(result.pictures)
            return await self._originals.draw(job_id, pictures, count, self._texts(interaction))

        view, files = await patiently(interaction, draw(), private=True)
        await show_files(interaction, view, files)

    async def _share(self, interaction: Interaction, job_id: JobId) -> None:
        viewer = await self._viewers.of(interaction)
        _, restricted = channel_facts(interaction.channel)
        work = self._showcase.share(job_id, viewer, restricted=restricted)
        guild_id, channel_id, message_id = await patiently(interaction, work, private=True)
        sentence = self._texts(interaction).gettext(
            "Shared in {channel} {link}",
            channel=f"<#{channel_id}>",
            link=message_link(guild_id, channel_id, message_id) or "",
        )
        await show(interaction, note_view(sentence))

    async def _remix(
        self, interaction: Interaction, job_id: JobId, picture_id: PictureId | None
    ) -> None:
        result = await self._result(interaction, job_id)
        chosen = result.picture(picture_id)
        if chosen is None:
            raise JobGoneError
        await self._singles.remix(interaction, job_id, chosen)

    async def _ask_sure(
        self,
        interaction: Interaction,
        job_id: JobId,
        picture_id: PictureId | None,
        *,
        elsewhere: bool,
    ) -> None:
        """The question before a deletion; where it does not come from the menu, in a message of
        its own."""
        if not elsewhere:
            await turn(interaction)
        reading = self._result(interaction, job_id)
        result = await (patiently(interaction, reading, private=True) if elsewhere else reading)
        chosen = result.picture(picture_id)
        if not result.in_charge:
            raise NotYoursError(name=f"<@{result.owner_id}>")
        if picture_id is not None and chosen is None:
            raise JobGoneError
        view = sure_view(result, chosen, self._texts(interaction))
        if elsewhere:
            await show(interaction, view)
        else:
            await interaction.edit_original_response(view=view, attachments=[])

    async def _delete(
        self, interaction: Interaction, job_id: JobId, picture_id: PictureId | None
    ) -> None:
        await turn(interaction)
        viewer = await self._viewers.of(interaction)
        removed = await self._deletions.delete(
            job_id,
            None if picture_id is None else [picture_id],
            by=viewer.user_id,
            moderator=viewer.moderator,
            guild_id=viewer.guild_id,
        )
        sentence = removed_sentence(removed, self._texts(interaction))
        await interaction.edit_original_response(view=note_view(sentence), attachments=[])

    async def _result(self, interaction: Interaction, job_id: JobId) -> Result:
        return await self._results.result(job_id, await self._viewers.of(interaction))

    def _menu(
        self,
        interaction: Interaction,
        result: Result,
        chosen: ResultPicture | None = None,
        shown: str | None = None,
    ) -> JobView:
        return menu_view(
            result,
            self._texts(interaction),
            chosen=chosen,
            shown=shown,
            reportable=interaction.client.offers(REPORT),
        )

    def _texts(self, interaction: Interaction) -> Texts:
        return self._catalogues.of(str(interaction.locale))


def _chosen(result: Result, picture_id: PictureId | None) -> Sequence[ResultPicture]:
    """One picture, or all of them; raises JobGoneError where there is none (any more)."""
    if picture_id is None:
        found = list(result.pictures)
    else:
        found = [one for one in result.pictures if one.id == picture_id]
    if not found:
        raise JobGoneError
    return found
