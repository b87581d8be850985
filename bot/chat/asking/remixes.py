"""From a picture in a message to a request: choose, fill in, send."""

from typing import Any, Final

import discord
from discord import ui

from bot.chat.asking.answer import Answers
from bot.chat.asking.picking import MOST, Picked, pictures_of
from bot.chat.asking.suggesting import Suggestions
from bot.chat.buttons import Action, custom_id
from bot.chat.modals import COUNT, MODEL, MORE, PROMPT, chosen, files_sent, remix_form, texts_typed
from bot.chat.responding import Interaction, ask, tell
from bot.chat.sentences import unused_notes
from bot.chat.text import cut
from bot.chat.translate import Catalogues, Texts
from bot.domain.ids import GuildId, JobId, MessageId, UserId
from bot.domain.request import GenerationRequest, clean_prompt
from bot.errors import NoPictureError, RemixExpiredError
from bot.service.asking.remixing import Draft, Remixing

_LONGEST: Final = 2000
"""Characters of a message without components."""


class Remixes:
    """Who remixes pays."""

    def __init__(
        self,
        remixing: Remixing,
        answers: Answers,
        suggestions: Suggestions,
        catalogues: Catalogues,
    ) -> None:
        self._remixing = remixing
        self._answers = answers
        self._suggestions = suggestions
        self._catalogues = catalogues

    async def open(self, interaction: Interaction, message: discord.Message) -> None:
        """Ask what shall become of the message's pictures.

        Raises:
            NoPictureError: there is none.
            RemixingClosedError: whose pictures they are doesn't want that.
        """
        picked = pictures_of(message)
        if not picked.references:
            await self._refuse(interaction, picked)
            return
        user_id = UserId(interaction.user.id)
        author_id = None if message.author.bot else UserId(message.author.id)
        draft = await self._remixing.begin(
            user_id, _origin(message), picked.references, author_id, _guild(interaction)
        )
        await self._ask(interaction, picked, draft)

    async def open_result(
        self, interaction: Interaction, message: discord.Message, job_id: JobId
    ) -> None:
        """The same for a message that shows a job's pictures: its own, or in the showcase.

        Raises:
            NoPictureError, RemixingClosedError: as above.
        """
        picked = pictures_of(message)
        if not picked.references:
            raise NoPictureError
        await self.open_for(interaction, picked, job_id)

    async def open_for(self, interaction: Interaction, picked: Picked, job_id: JobId) -> None:
        """The same for pictures that are known to be a job's.

        Raises:
            RemixingClosedError: its owner doesn't want that.
        """
        user_id = UserId(interaction.user.id)
        draft = await self._remixing.begin_from(user_id, job_id, picked.references)
        await self._ask(interaction, picked, draft)

    async def _ask(self, interaction: Interaction, picked: Picked, draft: Draft) -> None:
        texts = self._catalogues.of(str(interaction.locale))
        model = self._suggestions.first_usable(draft.model, draft.preferred)
        form = remix_form(
            custom_id(Action.REMIX, JobId(draft.id)),
            texts,
            prompt=draft.prompt or "",
            models=await self._suggestions.models("", str(interaction.locale)),
            model=model,
            counts=await self._suggestions.counts(model, str(interaction.locale)),
            room=MOST - len(picked.references),
            notes=await self._notes(picked, draft, model, texts),
        )
        await ask(interaction, form)

    async def _refuse(self, interaction: Interaction, picked: Picked) -> None:
        """There is nothing to remix: what there is instead is named one by one."""
        error = NoPictureError()
        if picked.unused is None:
            raise error
        texts = self._catalogues.of(str(interaction.locale))
        lines = unused_notes(picked.unused, texts)
        await tell(interaction, cut("\n".join([texts.error(error), *lines]), _LONGEST))

    async def _notes(
        self, picked: Picked, draft: Draft, model: str, texts: Texts
    ) -> list[ui.TextDisplay[Any]]:
        """What it costs where somebody else's picture tempts, and what is not used of it."""
        lines = unused_notes(picked.unused, texts) if picked.unused else []
        if not draft.is_own:
            price = texts.priced(await self._suggestions.price(model))
            lines.insert(0, texts.gettext("This costs you {price}.", price=price))
        return [ui.TextDisplay(cut("\n".join(lines), _LONGEST))] if lines else []

    async def send(self, interaction: Interaction, draft_id: str) -> None:
        """The filled-in form.

        Raises:
            UserError: it cannot be done.
        """
        draft = await self._remixing.draft(draft_id, UserId(interaction.user.id))
        if draft is None:
            raise RemixExpiredError
        values = chosen(interaction)
        references = (*draft.references, *files_sent(interaction, MORE))
        request = GenerationRequest(
            key=str(interaction.id),
            place=self._answers.place(interaction),
            prompt=clean_prompt(texts_typed(interaction).get(PROMPT, "")),
            model=self._suggestions.chosen(values.get(MODEL, "")),
            count=int(values.get(COUNT, "1")),
            references=references[:MOST],
            parent=draft.parent,
        )
        await self._answers.answer(interaction, request)


def _origin(message: discord.Message) -> MessageId:
    """The message itself; of a forwarded one that from which it comes."""
    reference = message.reference
    if message.message_snapshots and reference is not None and reference.message_id is not None:
        return MessageId(reference.message_id)
    return MessageId(message.id)


def _guild(interaction: Interaction) -> GuildId | None:
    return GuildId(interaction.guild_id) if interaction.guild_id is not None else None
