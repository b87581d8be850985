"""The bot's doors to the outside, as its ports describe them: Discord's side and the downloads.

The bot's own ``Postman`` decides by which way a message is changed; what is simulated is the
request on each way.
"""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from types import SimpleNamespace
from typing import Final, NoReturn, cast

import discord

from bot.chat.asking.offer import OfferView
from bot.chat.delivery.parcels import Parcel
from bot.chat.delivery.postman import UPLOAD_LIMIT, Postman, RecordPosting
from bot.chat.delivery.routes import FAILURES, Attempted, Closed, Failed, Route, TooLarge, judge
from bot.chat.delivery.sending import Sending, nonce_of
from bot.domain.clock import Clock
from bot.domain.ids import GuildId, MessageId, Millis, UserId
from bot.domain.notices import NoticeOutcome
from bot.domain.request import Reference
from bot.domain.stages import TaskStage
from bot.errors import ReferenceGoneError
from bot.images.errors import PictureGoneError, PictureUnreachableError
from bot.images.fetch import FetchedPicture
from bot.service.delivery.aftermath import Hint
from bot.service.delivery.cards import Card, Deleted, PictureFile, Shown, TryLater, Unpostable
from bot.service.delivery.takedowns import Takedown, Takedowns
from bot.service.moderators.noticing import Notice
from tests.simulation.discord_server import Discord, refusal
from tests.simulation.world import World

_DEADLINE_S: Final = 30.0
_CALL_S: Final = 15.0


class SimulatedSending(Sending):
    """The requests of ``bot.chat.delivery.sending`` to the simulated Discord."""

    def __init__(self, server: Discord) -> None:
        self._server = server

    async def edit_by_token(self, card: Card, parcel: Parcel, token: str) -> Attempted:
        pictures = len(parcel.files)
        return await self._tried(
            Route.TOKEN, card, parcel,
            lambda: self._server.edit_original(token, card, pictures),
        )  # fmt: skip

    async def edit(self, card: Card, parcel: Parcel, message_id: MessageId) -> Attempted:
        pictures = len(parcel.files)
        return await self._tried(
            Route.CHANNEL, card, parcel,
            lambda: self._server.edit(message_id, card, pictures),
        )  # fmt: skip

    async def post(self, card: Card, parcel: Parcel) -> Attempted:
        pictures, nonce = len(parcel.files), nonce_of(card.job_id)
        return await self._tried(
            Route.POST, card, parcel,
            lambda: self._server.post(card, pictures, nonce),
        )  # fmt: skip

    async def search(self, card: Card, since: Millis) -> MessageId | Failed | None:
        def find() -> MessageId | None:
            return self._server.find(card.channel_id, card.job_id, card.message_id)

        try:
            async with asyncio.timeout(_DEADLINE_S):
                return await self._server.ask("search", find)
        except FAILURES as error:
            return judge(error, Route.SEARCH)

    async def _tried(
        self, route: Route, card: Card, parcel: Parcel, serve: Callable[[], MessageId]
    ) -> Attempted:
        what = f"{route.value} {card.job_id} {card.stage} {len(parcel.files)}"
        try:
            async with asyncio.timeout(_DEADLINE_S):
                message_id = await self._server.ask(what, serve)
        except FAILURES as error:
            return judge(error, route)
        attachments = tuple(range(1, len(parcel.files) + 1))
        return Shown(message_id, card.channel_id, attachments, route.value, parcel.left_out)


class SimulatedPostman(Postman):
    """The real one's decisions."""

    def __init__(self, server: Discord, clock: Clock, record_posting: RecordPosting) -> None:
        self._server = server
        self._clock = clock
        self._record_posting = record_posting
        self._sending = SimulatedSending(server)

    async def original(self, token: str) -> MessageId | TryLater | None:
        try:
            async with asyncio.timeout(_DEADLINE_S):
                return await self._server.ask("original", lambda: self._server.original(token))
        except FAILURES as error:
            if isinstance(error, discord.HTTPException) and error.status in {401, 404}:
                return None
            result = judge(error, Route.TOKEN)
            return result if isinstance(result, TryLater) else TryLater(str(error))

    def upload_limit(self, guild_id: GuildId | None) -> int:
        return UPLOAD_LIMIT


class SimulatedHerald:
    """What is sent once is written down as often as it is."""

    def __init__(self, server: Discord) -> None:
        self._server = server

    async def ready(self, card: Card, message_id: MessageId) -> None:
        await self._try("mention", lambda: self._server.told.mentions.append(card.job_id))

    async def hint(self, card: Card, hint: Hint) -> None:
        await self._try("hint", lambda: self._server.told.hints.append(card.user_id))

    async def objection(self, card: Card) -> None:
        await self._try("objection", lambda: self._server.told.objections.append(card.job_id))

    async def direct(self, card: Card, files: Sequence[PictureFile]) -> None:
        await self._try("direct", lambda: self._server.told.directs.append(card.job_id))

    async def _try(self, what: str, serve: Callable[[], None]) -> None:
        try:
            async with asyncio.timeout(_CALL_S):
                await self._server.ask(what, serve)
        except FAILURES:
            pass


class SimulatedBulletin:
    """Looks for the notice before it is repeated, as the real one does."""

    def __init__(self, server: Discord) -> None:
        self._server = server

    async def post(self, notice: Notice) -> NoticeOutcome | TryLater:
        told = (int(notice.guild_id), notice.month, int(notice.level))

        def serve() -> None:
            if told not in self._server.told.notices:
                self._server.told.notices.append(told)

        try:
            async with asyncio.timeout(_CALL_S):
                await self._server.ask("notice", serve)
        except FAILURES as error:
            failed = judge(error, Route.POST)
            return failed if isinstance(failed, TryLater) else NoticeOutcome.REFUSED
        return NoticeOutcome.SENT


class SimulatedRemover:
    """Takes pictures and messages out of the simulated Discord."""

    def __init__(self, server: Discord, takedowns: Takedowns) -> None:
        self._server = server
        self._takedowns = takedowns

    async def perform(self, takedown: Takedown) -> str:
        for target in takedown.targets:
            remove = partial(self._remove, target.message_id, len(target.attachments))
            try:
                async with asyncio.timeout(_CALL_S):
                    await self._server.ask("takedown", remove)
            except FAILURES as error:
                match judge(error, Route.CHANNEL):
                    case TryLater() as later:
                        await self._takedowns.try_later(takedown, later)
                        return "later"
                    case Deleted() | Closed() | Unpostable() | TooLarge():
                        pass
        await self._takedowns.ended(takedown, "done")
        return "done"

    def _remove(self, message_id: MessageId, left: int) -> None:
        message = self._server.messages[message_id]
        if message.deleted:
            raise refusal(404, 10008, "unknown message")
        if left and message.face is not None:
            message.face = type(message.face)(message.face.stage, message.face.outcome, left)
        else:
            self._server.remove(message_id)


class Unused:
    """Doors that no schedule comes to."""

    async def greet(self, welcome: object) -> NoReturn:
        raise AssertionError("nobody is welcomed here")

    async def show(self, file: object) -> NoReturn:
        raise AssertionError("nothing is reported here")

    async def tell(self, news: object) -> NoReturn:
        raise AssertionError("nothing is reported here")


class SimulatedLinks:
    """Makes links to references fresh, unless they are gone or it takes for ever."""

    def __init__(self, world: World, troubled: float) -> None:
        self._world = world
        self._troubled = troubled
        self._chance = world.chance("links")

    async def renew(self, references: Sequence[Reference]) -> tuple[Reference, ...]:
        if not references:
            return ()
        self._world.moment("links are renewed")
        await asyncio.sleep(self._chance.uniform(0.05, 1.0))
        if not self._world.calm and self._chance.random() < self._troubled:
            if self._chance.random() < 0.5:
                self._world.met["links: gone"] += 1
                raise ReferenceGoneError(name=references[0].name)
            self._world.met["links: slow"] += 1
            await asyncio.sleep(self._chance.uniform(5.0, 25.0))
        return tuple(references)


class SimulatedFetcher:
    """Downloads of finished pictures."""

    def __init__(self, world: World, troubled: float) -> None:
        self._world = world
        self._troubled = troubled
        self._chance = world.chance("downloads")

    async def fetch(self, source: str, *, max_bytes: int = 0) -> FetchedPicture:
        self._world.moment(f"download of {source}")
        await asyncio.sleep(self._chance.uniform(0.02, 0.8))
        if not self._world.calm and self._chance.random() < self._troubled:
            await self._fail()
        self._world.moment(f"downloaded {source}")
        data = source.encode()
        return FetchedPicture(data, "image/png", 64, 64, hashlib.sha256(data).hexdigest())

    async def _fail(self) -> None:
        how = self._chance.choice(("gone", "unreachable", "unreachable", "slow", "endless"))
        self._world.tell(f"download: {how}", counted=f"download: {how}")
        match how:
            case "gone":
                raise PictureGoneError("404")
            case "unreachable":
                raise PictureUnreachableError("503")
            case "slow":
                await asyncio.sleep(self._chance.uniform(5.0, 60.0))
            case _:
                await asyncio.sleep(1_000.0)


class Clicked:
    """An interaction as far as ``bot.chat.asking.answer`` uses one. Its views are cards, but for
    the offer to make one picture where credits do not reach for all."""

    locale = "en-US"

    def __init__(self, server: Discord, token: str, user_id: UserId) -> None:
        self.id = int(token.rpartition("-")[2])
        self.user = SimpleNamespace(id=user_id)
        self.extras: dict[str, object] = {}
        self.response = _Response(server, token)
        self._server = server
        self._token = token

    async def edit_original_response(self, *, view: object) -> SimpleNamespace:
        card = cast("Card", view)
        message_id = await self._server.ask(
            f"answer {card.job_id}", lambda: self._server.edit_original(self._token, card, 0)
        )
        return SimpleNamespace(id=message_id)


class _Response:
    def __init__(self, server: Discord, token: str) -> None:
        self.type: discord.InteractionResponseType | None = None
        self._server = server
        self._token = token

    def is_done(self) -> bool:
        return self.type is not None

    async def send_message(self, *, view: object, ephemeral: bool) -> SimpleNamespace:
        card = None if isinstance(view, OfferView) else cast("Card", view)
        message_id = await self._server.ask(
            f"answer {card.job_id}" if card else "offer",
            lambda: self._server.respond(self._token, card, private=ephemeral),
        )
        self.type = discord.InteractionResponseType.channel_message
        return SimpleNamespace(message_id=message_id)

    async def defer(self, *, ephemeral: bool, thinking: bool) -> None:
        await self._server.ask(
            "defer", lambda: self._server.respond(self._token, None, private=ephemeral)
        )
        self.type = discord.InteractionResponseType.deferred_channel_message


class Measurements:
    """Nobody reads them here; what fails is found in the log."""

    def loop_failed(self, name: str) -> None: ...

    def loop_failing(self, name: str, failing: bool) -> None: ...

    def gateway_connected(self, connected: bool) -> None: ...

    def database_write(self, seconds: float | None) -> None: ...

    def vitals(
        self, *, stuck: int, waiting_s: float, paused_s: float, free_bytes: float
    ) -> None: ...

    def finished_to_posted(self, source: str, seconds: float) -> None: ...

    def audit_faults(self, count: int) -> None: ...

    def in_flight(self, counts: Mapping[TaskStage, int]) -> None: ...

    def job_done(self, outcome: str, model: str) -> None: ...

    def credits_consumed(self, model: str, micro: int) -> None: ...
