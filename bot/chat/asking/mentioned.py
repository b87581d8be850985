"""Answers people who mention the bot: the reply to their message is the job's one message."""

import asyncio
from typing import Final, Protocol, assert_never

import discord
import structlog

from bot.chat.asking.naming import Wish, asks, is_readable, wish_of
from bot.chat.asking.picking import pictures_of
from bot.chat.deadline import deadline
from bot.chat.delivery.routes import FAILURES
from bot.chat.places import channel_facts, public_locale
from bot.chat.ports import Languages, Origins, Requests, ServerSettings
from bot.chat.translate import Catalogues, Texts
from bot.domain.ids import ChannelId, GuildId, JobId, MessageId, UserId, new_id
from bot.domain.request import Context, GenerationRequest, Place
from bot.errors import (
    BlankPictureError,
    EmptyPromptError,
    NoPictureError,
    UnusablePicturesError,
    UserError,
)
from bot.service.delivery.cards import Card, Deleted, Delivery, Shown, TryLater, Unpostable

_WORK_S: Final = 60.0
_CALL_S: Final = 8.0


class Replier(Protocol):
    """Posts the first message of a job (``bot.chat.delivery.postman``)."""

    async def answer(self, card: Card) -> Delivery:
        """Reply with the card; repeated, there is still one reply."""


class Listening(Protocol):
    """What is needed of the client besides its requests."""

    def begin_answer(self) -> None:
        """Raises RestartingError when nothing new is taken."""


class Mentioned:
    """Everything between a message with the bot's name in it and a job that waits in line.

    A message that Discord delivers twice is one request, by its id.
    """

    def __init__(
        self,
        client: discord.Client,
        listening: Listening,
        requests: Requests,
        replier: Replier,
        origins: Origins,
        languages: Languages,
        settings: ServerSettings,
        catalogues: Catalogues,
    ) -> None:
        self._client = client
        self._listening = listening
        self._requests = requests
        self._replier = replier
        self._origins = origins
        self._languages = languages
        self._settings = settings
        self._catalogues = catalogues
        self._log = structlog.get_logger("bot.chat.asking.mentioned")

    async def hear(self, message: discord.Message) -> None:
        """Answer the message if it names the bot."""
        own = self._client.user
        if own is None or not asks(message, own.id):
            return
        try:
            self._listening.begin_answer()
            async with asyncio.timeout(_WORK_S):
                await self._answer(message, own.id)
        except Exception as error:  # discord.py would only log it
            await self._refuse(message, error)

    async def _answer(self, message: discord.Message, own_id: int) -> None:
        original = await self._original(message)
        wish = wish_of(message, original, own_id)
        parent = None
        if original is not None:
            parent = await self._origins.origin(MessageId(original.id))
            if not original.author.bot and pictures_of(original).references:
                owner_id, user_id = UserId(original.author.id), UserId(message.author.id)
                await self._origins.require_open(owner_id, user_id)
        if wish.pictures.references:
            await self._ask(message, wish, parent)
            return
        if wrong := (*wish.pictures.unusable, *wish.pictures.too_large):
            raise UnusablePicturesError(names=", ".join(wrong))
        if message.type is discord.MessageType.reply:
            if original is None or parent is not None:
                raise NoPictureError
            if not is_readable(original, own_id):
                raise BlankPictureError
        if wish.words:
            await self._ask(message, wish, None)
        else:
            await self._greet(message)

    async def _ask(self, message: discord.Message, wish: Wish, parent: JobId | None) -> None:
        """Keep the request and show that it waits."""
        if not wish.words:
            raise EmptyPromptError
        request = GenerationRequest(
            key=str(message.id),
            place=await self._place(message),
            prompt=wish.words,
            model="",
            references=wish.pictures.references,
            unused=wish.unused,
            parent=parent,
            own_defaults=True,
        )
        card = await self._requests.accept(request)
        if card is None:
            return  # Discord delivered the message twice
        log = self._log.bind(job=card.job_id)
        result = await self._replier.answer(card)
        match result:
            case Shown(message_id=message_id):
                await self._requests.confirm(card.job_id, message_id, card.place_in_line)
            case TryLater(detail=detail):  # the rescue worker finds out, and tries again
                log.warning("unknown whether the reply arrived", cause=detail)
            case Deleted() | Unpostable():
                log.info("a mention cannot be answered here", how=type(result).__name__.lower())
                await self._requests.discard(card.job_id)
            case _:
                assert_never(result)

    async def _original(self, message: discord.Message) -> discord.Message | None:
        """The message that is replied to, perhaps blank; None where there is none (any more)."""
        reference = message.reference
        if message.type is not discord.MessageType.reply or reference is None:
            return None
        match reference.resolved:
            case discord.Message() as original:
                return original
            case discord.DeletedReferencedMessage():
                return None
        if reference.message_id is None:
            return None
        try:
            async with deadline(self._client, _CALL_S):
                return await message.channel.fetch_message(reference.message_id)
        except FAILURES as error:
            self._log.info("cannot read what was replied to", cause=str(error))
            return None

    async def _place(self, message: discord.Message) -> Place:
        """Where the message stands. Discord does not tell its author's language."""
        channel: object = message.channel
        if message.guild is not None and isinstance(channel, discord.PartialMessageable):
            async with deadline(self._client, _CALL_S):  # a thread that was quiet for long
                channel = await self._client.fetch_channel(message.channel.id)
        parent_id, age_restricted = channel_facts(channel)
        locale = await self._locale(message)
        author = message.author
        return Place(
            channel_id=ChannelId(message.channel.id),
            user_id=UserId(author.id),
            locale=locale,
            public_locale=public_locale(message.guild, locale),
            guild_id=GuildId(message.guild.id) if message.guild is not None else None,
            context=Context.GUILD if message.guild is not None else Context.BOT_DM,
            reply_to=MessageId(message.id),
            roles=tuple(r.id for r in author.roles) if isinstance(author, discord.Member) else (),
            parent_channel_id=parent_id,
            age_restricted=age_restricted,
        )

    async def _locale(self, message: discord.Message) -> str:
        """The author's language as they chose it or last used it here, else the server's."""
        known = await self._languages.locale(UserId(message.author.id))
        if known is not None:
            return known
        return str(message.guild.preferred_locale) if message.guild is not None else "en-US"

    async def _texts(self, message: discord.Message) -> Texts:
        """The language that everybody reads there."""
        chosen = None
        if message.guild is not None:
            chosen = (await self._settings.read(GuildId(message.guild.id))).language
        locale = chosen or public_locale(message.guild, await self._locale(message))
        return self._catalogues.of(locale)

    async def _greet(self, message: discord.Message) -> None:
        texts = await self._texts(message)
        sentence = texts.gettext(
            "Hi! Mention me with what to paint, or use {imagine}. Examples are in {help}.",
            imagine=texts.command("imagine"),
            help=texts.command("help"),
        )
        await self._reply(message, sentence)

    async def _refuse(self, message: discord.Message, error: Exception) -> None:
        """Say why not, without the words that were asked for: everybody reads it."""
        try:
            texts = await self._texts(message)
            if isinstance(error, UserError):
                sentence = texts.error(error, public=True)
            else:
                error_id = new_id()
                self._log.error("a mention failed", error_id=error_id, exc_info=error)
                sentence = texts.gettext("Something went wrong on my side. Nothing was charged.")
                sentence = f"{sentence}\n-# {error_id}"
            await self._reply(message, sentence)
        except Exception as failure:  # the database, most likely: there is nothing more to try
            self._log.warning("could not answer a mention", cause=repr(failure))

    async def _reply(self, message: discord.Message, sentence: str) -> None:
        """One reply, also where Discord delivered the message twice."""
        channel = self._client.get_partial_messageable(message.channel.id)
        try:
            async with deadline(self._client, _CALL_S):
                await channel.send(
                    sentence,
                    reference=message.to_reference(fail_if_not_exists=False),
                    allowed_mentions=discord.AllowedMentions.none(),
                    suppress_embeds=True,
                    nonce=f"m{message.id}",
                )
        except FAILURES as error:
            self._log.info("a mention cannot be answered here", cause=str(error))
