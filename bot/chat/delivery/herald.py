"""Tells a member about their picture beside its message: a call back, a word to them alone, a
direct message."""

from collections.abc import Sequence
from typing import Final

import discord
import structlog
from discord import ui

from bot.chat.deadline import deadline
from bot.chat.delivery.parcels import packed
from bot.chat.delivery.postman import UPLOAD_LIMIT
from bot.chat.delivery.routes import FAILURES
from bot.chat.layouts import GREEN, JobView, message_link, picture_gallery
from bot.chat.sentences import objection
from bot.chat.text import quoted
from bot.chat.translate import Catalogues, Texts
from bot.domain.ids import MessageId
from bot.domain.periods import Refill
from bot.service.delivery.aftermath import Hint
from bot.service.delivery.cards import Card, PictureFile

_DEADLINE_S: Final = 15.0
_UPLOAD_S: Final = 60.0


class Herald:
    """Each is sent once. It is a courtesy: what Discord refuses is not tried again."""

    def __init__(self, client: discord.Client, catalogues: Catalogues) -> None:
        self._client = client
        self._catalogues = catalogues
        self._log = structlog.get_logger("bot.chat.delivery.herald")

    async def ready(self, card: Card, message_id: MessageId) -> None:
        """Mention the member in a reply to the message."""
        channel = self._client.get_partial_messageable(card.channel_id, guild_id=card.guild_id)
        texts = self._catalogues.of(card.public_locale)
        sentence = texts.gettext(
            "{member}, your picture is ready {link}",
            member=f"<@{card.user_id}>",
            link=message_link(card.guild_id, card.channel_id, message_id) or "",
        )
        try:
            async with deadline(self._client, _DEADLINE_S):
                await channel.send(
                    sentence,
                    reference=channel.get_partial_message(message_id).to_reference(
                        fail_if_not_exists=False
                    ),
                    allowed_mentions=discord.AllowedMentions(
                        everyone=False,
                        roles=False,
                        replied_user=False,
                        users=[discord.Object(card.user_id)],
                    ),
                    suppress_embeds=True,
                    nonce=f"r{card.job_id[-24:]}",
                )
        except FAILURES as error:
            self._log.info("could not mention the member", job=card.job_id, cause=str(error))

    async def hint(self, card: Card, hint: Hint) -> None:
        """Tell the member alone what their first picture used and how to go on from it."""
        own = self._client.user
        if own is not None:
            texts = self._catalogues.of(card.locale)
            await self._whisper(card, hint_sentence(hint, own.mention, texts))

    async def objection(self, card: Card) -> None:
        """Tell the member alone what the image service had against their request."""
        words = objection(card.failure, card.reason)
        if words is not None:
            texts = self._catalogues.of(card.locale)
            sentence = texts.gettext(
                'The image service gave this reason: "{words}". Nothing was charged.'
                " Change the prompt and try again.",
                words=words,
            )
            await self._whisper(card, sentence)

    async def _whisper(self, card: Card, sentence: str) -> None:
        """One follow-up, of the five that an interaction may have where the bot was not invited."""
        application_id = self._client.application_id
        if card.token is None or application_id is None:
            return
        webhook = discord.Webhook.partial(application_id, card.token, client=self._client)
        # what discord.py knows of it: only an application's webhook can speak to one person
        webhook.type = discord.WebhookType.application
        try:
            async with deadline(self._client, _DEADLINE_S):
                await webhook.send(
                    sentence, ephemeral=True, allowed_mentions=discord.AllowedMentions.none()
                )
        except FAILURES as error:
            self._log.info("could not tell the member alone", job=card.job_id, cause=str(error))

    async def direct(self, card: Card, files: Sequence[PictureFile]) -> None:
        """Send the member the private pictures that their own message can show no more."""
        texts = self._catalogues.of(card.locale)
        parcel = packed(card.job_id, files, UPLOAD_LIMIT)
        view = _direct_view(card, texts, parcel.names)
        try:
            async with deadline(self._client, _UPLOAD_S):
                channel = await self._client.create_dm(discord.Object(card.user_id))
                with parcel.uploads(view) as uploads:
                    await channel.send(
                        view=view,
                        files=uploads,
                        allowed_mentions=discord.AllowedMentions.none(),
                        nonce=f"d{card.job_id[-24:]}",
                    )
        except FAILURES as error:
            self._log.info("could not send a direct message", job=card.job_id, cause=str(error))


def hint_sentence(hint: Hint, bot: str, texts: Texts) -> str:
    """What was used, and how the picture is changed."""
    used = texts.credits(hint.used)
    allowance = "" if hint.allowance is None else texts.priced(hint.allowance)
    match hint.refill if allowance else None:
        case Refill.DAY:
            return texts.gettext(
                "Your first picture used {used} of today's {allowance}."
                " To change it, reply and mention {bot}.",
                used=used, allowance=allowance, bot=bot,
            )  # fmt: skip
        case Refill.WEEK:
            return texts.gettext(
                "Your first picture used {used} of this week's {allowance}."
                " To change it, reply and mention {bot}.",
                used=used, allowance=allowance, bot=bot,
            )  # fmt: skip
        case Refill.MONTH:
            return texts.gettext(
                "Your first picture used {used} of this month's {allowance}."
                " To change it, reply and mention {bot}.",
                used=used, allowance=allowance, bot=bot,
            )  # fmt: skip
        case _:
            return texts.gettext(
                "Your first picture is ready; it used {price}."
                " To change it, reply and mention {bot}.",
                price=texts.priced(hint.used), bot=bot,
            )  # fmt: skip


def _direct_view(card: Card, texts: Texts, names: Sequence[str]) -> JobView:
    sentence = texts.gettext(
        "Your private picture is ready. Its own message is out of reach, so here it is;"
        " it also stays in {gallery}.",
        gallery=texts.command("gallery"),
    )
    prompt = texts.gettext('"{prompt}"', prompt=quoted(card.prompt))
    pictures = [picture_gallery(card.prompt, names)] if names else []
    return JobView(GREEN, ui.TextDisplay(prompt), *pictures, ui.TextDisplay(sentence))
