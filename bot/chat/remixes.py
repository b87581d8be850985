"""From a picture in a message to a request: choose, fill in, send."""

from typing import Any

import discord
from discord import ui

from bot.chat.answer import Answers
from bot.chat.buttons import Action, custom_id
from bot.chat.modals import COUNT, MODEL, MORE, PROMPT, chosen, files_sent, remix_form, texts_typed
from bot.chat.picking import MOST, Picked, pictures_of
from bot.chat.responding import Interaction, ask
from bot.chat.sentences import unused_notes
from bot.chat.suggesting import Suggestions
from bot.chat.translate import Catalogues, Texts
from bot.domain.ids import JobId, MessageId, UserId
from bot.domain.request import GenerationRequest, Unused, clean_prompt
from bot.errors import NoPictureError, RemixExpiredError
from bot.service.remixing import Remixing


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
            NoPictureError: there is none that can be used.
        """
        picked = pictures_of(message)
        if not picked.references:
            raise NoPictureError
        user_id = UserId(interaction.user.id)
        draft = await self._remixing.begin(user_id, MessageId(message.id), picked.references)
        texts = self._catalogues.of(str(interaction.locale))
        model = self._suggestions.chosen(draft.model)
        form = remix_form(
            custom_id(Action.REMIX, JobId(draft.id)),
            texts,
            prompt=draft.prompt or "",
            models=await self._suggestions.models("", str(interaction.locale)),
            model=model,
            counts=await self._suggestions.counts(model, str(interaction.locale)),
            room=MOST - len(picked.references),
            notes=_notes(picked, texts),
        )
        await ask(interaction, form)

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


def _notes(picked: Picked, texts: Texts) -> list[ui.TextDisplay[Any]]:
    """What is not used, named one by one."""
    lines = unused_notes(Unused(picked.left_out, picked.unusable), texts)
    return [ui.TextDisplay("\n".join(lines))] if lines else []
