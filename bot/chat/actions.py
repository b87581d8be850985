"""What happens when a member presses one of our buttons or sends one of our modals."""

from typing import Final, assert_never

import discord

from bot.chat.asking.answer import Answers
from bot.chat.asking.remixes import Remixes
from bot.chat.buttons import Action, JobButton
from bot.chat.layouts import note_view
from bot.chat.modals import PROMPT, edit_prompt, texts_typed
from bot.chat.ports import Cancelling, Cards, Requests
from bot.chat.responding import Interaction, ask, patiently, replace, show, tell
from bot.chat.rights import Moderators
from bot.chat.sentences import cancelled
from bot.chat.translate import Catalogues, Texts, credit_form
from bot.domain.ids import GuildId, JobId, UserId
from bot.domain.request import GenerationRequest, Place
from bot.domain.stages import Failure
from bot.errors import JobGoneError, NotYoursError
from bot.service.asking.cancelling import CancelResult
from bot.service.delivery.cards import Card

_OBJECTED: Final = frozenset({Failure.DECLINED, Failure.REJECTED, Failure.WORDS})


class Actions:
    """One method for each action. Rights are checked here or in the use case, never by what
    a client shows."""

    def __init__(
        self,
        answers: Answers,
        requests: Requests,
        cancelling: Cancelling,
        cards: Cards,
        remixes: Remixes,
        moderators: Moderators,
        catalogues: Catalogues,
    ) -> None:
        self._answers = answers
        self._requests = requests
        self._cancelling = cancelling
        self._cards = cards
        self._remixes = remixes
        self._moderators = moderators
        self._catalogues = catalogues

    async def perform(self, interaction: Interaction, action: Action, job_id: JobId) -> None:
        """Do it and answer.

        Raises:
            UserError: it cannot be done.
        """
        match action:
            case Action.CANCEL:
                await self.cancel(interaction, job_id)
            case Action.TRY_AGAIN:
                await self._answers.repeat(interaction, await self._request(interaction, job_id))
            case Action.EDIT_PROMPT:
                await self._edit_prompt(interaction, job_id)
            case Action.KEEP:
                await self._keep(interaction)
            case Action.REMIX:
                await self._remix(interaction, job_id)
            case Action.AGAIN | Action.AGAIN_SURE:
                await self._again(interaction, job_id, sure=action is Action.AGAIN_SURE)
            case Action.POST_ANYWAY:
                await self._post_anyway(interaction, job_id)
            case _:
                assert_never(action)

    async def cancel(self, interaction: Interaction, job_id: JobId) -> None:
        """Stop the job at once and say what it came to; used by ``/cancel`` too."""
        user_id = UserId(interaction.user.id)
        guild_id = interaction.guild_id
        work = self._cancelling.cancel(
            job_id,
            user_id=user_id,
            moderator=await self._moderators.includes(interaction),
            guild_id=GuildId(guild_id) if guild_id is not None else None,
        )
        result = await patiently(interaction, work, private=True)
        texts = self._texts(interaction)
        match result:
            case CancelResult.CANCELLED:
                await tell(interaction, cancelled(texts))
            case CancelResult.LATE:
                card = await self._cards.card(job_id)
                if card is None:
                    raise JobGoneError
                await self._tell_late(interaction, card, texts)
            case _:
                assert_never(result)

    async def _tell_late(self, interaction: Interaction, card: Card, texts: Texts) -> None:
        sentence = texts.ngettext(
            "Painting has begun, so {price} is used either way.",
            "Painting has begun, so {price} are used either way.",
            credit_form(card.price),
            price=texts.priced(card.price),
        )
        if card.user_id != interaction.user.id:  # a moderator has no say in what the member does
            await show(interaction, note_view(sentence))
            return
        keep = JobButton(Action.KEEP, card.job_id, texts.gettext("Keep in gallery"))
        post = JobButton(Action.POST_ANYWAY, card.job_id, texts.gettext("Post anyway"))
        await show(interaction, note_view(sentence, keep, post))

    async def _keep(self, interaction: Interaction) -> None:
        texts = self._texts(interaction)
        gallery = texts.command("gallery")
        sentence = texts.gettext("Kept: you will find it in {gallery}.", gallery=gallery)
        await replace(interaction, note_view(sentence))

    async def _post_anyway(self, interaction: Interaction, job_id: JobId) -> None:
        await self._cancelling.post_anyway(job_id, user_id=UserId(interaction.user.id))
        sentence = self._texts(interaction).gettext("It will be posted as soon as it's ready.")
        await replace(interaction, note_view(sentence))

    async def _edit_prompt(self, interaction: Interaction, job_id: JobId) -> None:
        old = await self._request(interaction, job_id)
        if interaction.type is discord.InteractionType.modal_submit:
            typed = texts_typed(interaction).get(PROMPT, "")
            await self._answers.repeat(interaction, old, typed)
        else:
            await ask(interaction, edit_prompt(job_id, old.prompt, self._texts(interaction)))

    async def _remix(self, interaction: Interaction, job_id: JobId) -> None:
        """The button opens the form for its pictures; the form comes back with a draft's id."""
        if interaction.type is discord.InteractionType.modal_submit:
            await self._remixes.send(interaction, job_id)
        elif interaction.message is not None:
            await self._remixes.open_result(interaction, interaction.message, job_id)

    async def _again(self, interaction: Interaction, job_id: JobId, *, sure: bool) -> None:
        """The clicker pays: for somebody else's request that is said before."""
        request = await self._request(interaction, job_id)
        if sure or request.place.user_id == interaction.user.id:
            await self._answers.repeat(interaction, request)
            return
        card = await self._cards.card(job_id)
        if card is None:
            raise JobGoneError
        texts = self._texts(interaction)
        sentence = texts.gettext("This costs you {price}.", price=texts.priced(card.price))
        again = JobButton(Action.AGAIN_SURE, job_id, texts.gettext("Again"))
        await show(interaction, note_view(sentence, again))

    async def _request(self, interaction: Interaction, job_id: JobId) -> GenerationRequest:
        request = await self._requests.request_of(job_id)
        if request is None:
            raise JobGoneError
        owner = request.place.user_id
        if owner == interaction.user.id:
            return request
        if not _is_of(request.place, self._answers.place(interaction)):
            raise JobGoneError  # what other servers have is none of theirs
        if request.private or await self._is_hidden(job_id):
            raise NotYoursError(name=f"<@{owner}>")
        return request

    async def _is_hidden(self, job_id: JobId) -> bool:
        """Whether the image service objected to the words: nobody else gets to see them."""
        card = await self._cards.card(job_id)
        return card is None or card.failure in _OBJECTED

    def _texts(self, interaction: Interaction) -> Texts:
        return self._catalogues.of(str(interaction.locale))


def _is_of(made: Place, here: Place) -> bool:
    """Whether a request was made in the server, or without one in the conversation, of a click."""
    if made.guild_id is None:
        return here.channel_id == made.channel_id
    return here.guild_id == made.guild_id
