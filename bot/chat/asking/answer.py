"""From a request to its waiting message: the same for a command, a button and a modal."""

import asyncio
from collections.abc import Coroutine
from dataclasses import replace
from typing import Any, Final

import discord
import structlog

from bot.chat.layouts import Drawer
from bot.chat.places import place_of
from bot.chat.ports import LinkRenewer, Requests
from bot.chat.refusing import ALREADY_ACKNOWLEDGED, LOST
from bot.chat.responding import Interaction, patiently, show
from bot.domain.clock import Clock
from bot.domain.request import GenerationRequest, Place, clean_prompt
from bot.errors import ReferenceGoneError, ReferenceMissingError
from bot.service.cards import Card

_RENEW_S: Final = 10.0


class Answers:
    """Accepts requests and shows their waiting message."""

    def __init__(self, requests: Requests, links: LinkRenewer, draw: Drawer, clock: Clock) -> None:
        self._requests = requests
        self._links = links
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
        accepting = self._requests.accept(request)
        await self._answer(interaction, accepting, private=request.private)

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
        await self._answer(interaction, self._accept_again(request), private=request.private)

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
        *,
        private: bool,
    ) -> None:
        card = await patiently(interaction, accepting, private=private)
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
        await self._requests.confirm(card.job_id, message_id)
