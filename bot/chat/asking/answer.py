"""From a request to its waiting message: the same for a command, a button and a modal."""

import asyncio
from collections.abc import Coroutine
from dataclasses import replace
from typing import Any, Final

import discord
import structlog

from bot.chat.asking.offer import TAKE, OfferView
from bot.chat.layouts import Drawer
from bot.chat.places import place_of
from bot.chat.ports import LinkRenewer, Offers, Requests
from bot.chat.refusing import ALREADY_ACKNOWLEDGED, LOST
from bot.chat.responding import Interaction, is_thinking, patiently, show
from bot.chat.translate import Catalogues
from bot.domain.clock import Clock
from bot.domain.request import GenerationRequest, Place, clean_prompt
from bot.errors import (
    NotEnoughCreditsError,
    OfferExpiredError,
    ReferenceGoneError,
    ReferenceMissingError,
)
from bot.service.delivery.cards import Card

_RENEW_S: Final = 10.0


class Answers:
    """Accepts requests and shows their waiting message. Also the feature of its offers."""

    def __init__(
        self,
        requests: Requests,
        offers: Offers,
        links: LinkRenewer,
        draw: Drawer,
        catalogues: Catalogues,
        clock: Clock,
    ) -> None:
        self._requests = requests
        self._offers = offers
        self._links = links
        self._catalogues = catalogues
        self._draw = draw
        self._clock = clock
        self._log = structlog.get_logger("bot.chat.asking.answer")

    def place(self, interaction: Interaction) -> Place:
        """Where the interaction happened."""
        return place_of(interaction, self._clock())

    async def answer(self, interaction: Interaction, request: GenerationRequest) -> None:
        """Keep the request, show that it waits, and let it begin.

        Raises:
            UserError: it cannot be done; nobody but the member needs to know.
        """
        await self._answer(interaction, self._requests.accept(request), request)

    async def repeat(
        self, interaction: Interaction, old: GenerationRequest, prompt: str | None = None
    ) -> None:
        """Ask for the same again, or with another prompt. Who clicks pays.

        Raises:
            UserError: as for :meth:`answer`.
        """
        request = replace(
            old,
            key=str(interaction.id),
            place=self.place(interaction),
            prompt=old.prompt if prompt is None else clean_prompt(prompt),
        )
        await self._answer(interaction, self._accept_again(request), request)

    async def perform(self, interaction: Interaction, action: str, subject: str) -> None:
        """Somebody takes up an offer.

        Raises:
            UserError: as for :meth:`answer`, or the offer is over.
        """
        if action != TAKE:
            return
        taking = self._offers.taken(subject, self.place(interaction), str(interaction.id))
        request = await patiently(interaction, taking, private=True)
        if request is None:
            raise OfferExpiredError
        await self.answer(interaction, request)

    async def _accept_again(self, request: GenerationRequest) -> Card | None:
        """Links of an old request have expired: a job that is new must start with fresh ones."""
        if request.references:
            try:
                async with asyncio.timeout(_RENEW_S):
                    fresh = await self._links.renew(request.references)
            except ReferenceGoneError as error:
                raise ReferenceMissingError(name=error.name) from error
            request = replace(request, references=fresh)
        return await self._requests.accept(request)

    async def _answer(
        self,
        interaction: Interaction,
        accepting: Coroutine[Any, Any, Card | None],
        request: GenerationRequest,
    ) -> None:
        private = request.private
        try:
            card = await patiently(interaction, accepting, private=private)
        except NotEnoughCreditsError as error:
            if not error.reaches_for_one or is_thinking(interaction):
                raise
            await self._offer_one(interaction, request, error)
            return
        if card is None:
            return  # the same interaction came twice, and the first one is being answered
        log = self._log.bind(job=card.job_id)
        try:
            message_id = await show(interaction, self._draw(card), private=private)
        except LOST as error:
            # The message may be there. The rescue worker asks Discord and decides.
            log.warning("unknown whether the answer arrived", cause=repr(error))
            return
        except discord.HTTPException as error:
            if error.code == ALREADY_ACKNOWLEDGED:
                # An attempt of discord.py whose answer was lost has arrived, or another process
                # was faster: again the rescue worker finds out.
                log.info("the interaction has an answer already")
                return
            await self._requests.discard(card.job_id)
            raise
        await self._requests.confirm(card.job_id, message_id, card.place_in_line)

    async def _offer_one(
        self, interaction: Interaction, request: GenerationRequest, error: NotEnoughCreditsError
    ) -> None:
        """The refusal, for the member alone, with a button for what their credits reach for."""
        offer_id = await patiently(interaction, self._offers.keep(request), private=True)
        texts = self._catalogues.of(str(interaction.locale))
        await show(interaction, OfferView(offer_id, texts.error(error), texts))
