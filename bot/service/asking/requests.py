"""A member's request: accepted with its hold, confirmed when Discord shows it, or discarded."""

import orjson

from bot.domain.clock import Clock
from bot.domain.guild_settings import GuildSettings
from bot.domain.ids import (
    ChannelId,
    GuildId,
    JobId,
    MessageId,
    Millis,
    TaskId,
    UserId,
    is_pseudonym,
    new_id,
)
from bot.domain.policy import Policy
from bot.domain.preferences import filled_in
from bot.domain.request import Context, GenerationRequest, Place, checked
from bot.domain.stages import JobStage, TaskOutcome
from bot.domain.styles import styled
from bot.errors import (
    BeingErasedError,
    DirectMessagesClosedError,
    ServerCapError,
    TooManyWaitingError,
)
from bot.service.asking.admission import admit, in_public_language
from bot.service.asking.asked import references_of
from bot.service.asking.remixing import require_remixable
from bot.service.asking.restrictions import refuse_blocked, require_allowed_words
from bot.service.delivery.cards import Card
from bot.service.delivery.reading import CardReader
from bot.service.moderators.noticing import Noticing
from bot.service.money import funds, prices
from bot.service.work.ending import cancel_waiting, held_for, stop
from bot.service.work.wakeups import Wakeups
from bot.storage import Database
from bot.storage.engine.database import Reader, Transaction
from bot.storage.moderators import blocks, guilds
from bot.storage.money.ledger import booked_under
from bot.storage.people import erasing, preferences
from bot.storage.work import events, jobs, state, tasks
from bot.storage.work.jobs import Job
from bot.storage.work.state import Fact


class Requests:
    """Everything between a click and a job that waits in line."""

    def __init__(
        self,
        database: Database,
        policy: Policy,
        clock: Clock,
        wakeups: Wakeups,
        cards: CardReader,
        noticing: Noticing,
    ) -> None:
        self._database = database
        self._policy = policy
        self._clock = clock
        self._wakeups = wakeups
        self._cards = cards
        self._noticing = noticing

    async def accept(self, request: GenerationRequest) -> Card | None:
        """Keep the request with its hold; its card, or None if this key was handled before.

        Nothing is sent to the API before :meth:`confirm`.

        Raises:
            UserError: it cannot be done; nothing is kept and nothing is charged.
        """
        place = request.place
        guild = booked_under(place.guild_id)
        if place.guild_id is None and self._policy.direct_credits == 0:
            raise DirectMessagesClosedError(imagine="imagine")
        try:
            return await self._keep(request, guild)
        except ServerCapError:
            await self._noticing.cap_refused(guild)  # what was refused has left no trace
            raise

    async def _keep(self, request: GenerationRequest, guild: GuildId) -> Card | None:
        place = request.place
        async with self._database.write() as tx:
            now = self._clock()
            if not await events.first_time(tx, request.key, now):
                return None
            if await erasing.of_user(tx, place.user_id) is not None:
                raise BeingErasedError
            row = None if place.guild_id is None else await guilds.share(tx, place.guild_id, now)
            # Whatever refuses, in this order: blocks, the place, words, credits.
            await refuse_blocked(tx, place.guild_id, place.user_id, now)
            settings = row.chosen if row else await funds.settings_of(tx, guild, self._policy)
            admit(place, settings)
            await require_allowed_words(tx, place.guild_id, request.prompt)
            request = in_public_language(request, settings)
            await _require_remixable(tx, request)
            request = await self._completed(tx, request, settings)
            model = checked(request, self._policy.catalogue)
            purse = await funds.open_purse(
                tx, guild, place.user_id, settings, now, roles=place.roles
            )
            if await jobs.waiting(tx, guild, place.user_id) >= settings.waiting_per_member:
                raise TooManyWaitingError(limit=settings.waiting_per_member, jobs="jobs")
            job = _new_job(request, now)
            task_ids = [TaskId(new_id()) for _ in range(request.count)]
            price = await prices.of(tx, model)
            cap = funds.cap_of(row, settings, self._policy) if row else None
            month = await funds.hold(tx, purse, task_ids, price, settings, cap, self._policy, now)
            await jobs.insert(tx, job)
            await tasks.insert(tx, job.id, task_ids, price=price, month=month, now=now)
            await events.record(tx, "accepted", now, job_id=job.id, count=request.count)
            return await self._cards.read(tx, job, now)

    async def _completed(
        self, tx: Transaction, request: GenerationRequest, settings: GuildSettings
    ) -> GenerationRequest:
        """The request with the member's own defaults and the words of its style."""
        if not request.own_defaults:
            return styled(request, settings.styles)
        chosen = await preferences.read(tx, request.place.user_id)
        request = filled_in(request, chosen, self._policy.catalogue)
        return styled(request, settings.styles, chosen.style)

    async def confirm(
        self, job_id: JobId, message_id: MessageId | None, place: int | None = None
    ) -> None:
        """Let the job wait in line: Discord has shown its message, which says this place."""
        async with self._database.write() as tx:
            now = self._clock()
            job = await jobs.confirm(tx, job_id, message_id, now, place=place)
            if job is not None:
                await events.record(tx, "confirmed", now, job_id=job_id)
                await self._stop_if_blocked(tx, job, now)
            elif message_id is not None:
                await jobs.set_message(tx, job_id, message_id)
        self._wakeups.submit.set()

    async def _stop_if_blocked(self, tx: Transaction, job: Job, now: Millis) -> None:
        """A block that came between a request and its answer could not cancel it yet."""
        if job.guild_id is None:
            return
        if await blocks.read(tx, job.guild_id, job.user_id, now) is not None:
            await stop(tx, job, now)

    async def discard(self, job_id: JobId) -> None:
        """Release everything of a job whose member certainly never saw an answer."""
        async with self._database.write() as tx:
            now = self._clock()
            job = await jobs.lock(tx, job_id)
            if job is None or job.stage is not JobStage.ACCEPTED:
                return
            for task in await tasks.of_job(tx, job_id):
                await tasks.finish(
                    tx, task.id, TaskOutcome.CANCELLED, failure=None, reason=None,
                    charged=0, lost=0, now=now,
                )  # fmt: skip
                await funds.settle(tx, held_for(task, job), 0, 0, now)
            await jobs.discard(tx, job_id, now)
            await events.record(tx, "discarded", now, job_id=job_id)

    async def request_of(self, job_id: JobId) -> GenerationRequest | None:
        """What was asked for by this job, to be asked again; the place is the old one."""
        async with self._database.read() as reader:
            job = await jobs.get(reader, job_id)
        return _request_of(job) if job and not is_pseudonym(job.user_id) else None

    async def message_deleted(self, message_id: MessageId) -> None:
        """Somebody deleted a job's message: cancel what waits, the rest goes to the gallery."""
        async with self._database.read() as reader:
            if await jobs.by_message(reader, message_id) is None:
                return  # most deleted messages are none of ours
        async with self._database.write() as tx:
            now = self._clock()
            found = await jobs.by_message(tx, message_id)
            job = await jobs.lock(tx, found.id) if found else None
            if job is None or job.message_deleted:
                return
            await jobs.message_deleted(tx, job.id)
            if job.stage is JobStage.DONE:
                return  # its pictures are in the gallery already
            await cancel_waiting(tx, job, now)
            await events.record(tx, "message_deleted", now, job_id=job.id)
        self._wakeups.deliver.set()

    async def guild_left(self, guild_id: GuildId) -> None:
        """The bot was removed: cancel what waits there; what is painted goes to the gallery."""
        async with self._database.write() as tx:
            now = self._clock()
            await guilds.left(tx, guild_id, now, now)
            await state.lock(tx, Fact.LINE)
            found = [await jobs.lock(tx, job_id) for job_id in await jobs.live_in(tx, guild_id)]
            for job in found:
                if job is not None and job.stage in _LIVE:
                    await jobs.message_deleted(tx, job.id)
                    await cancel_waiting(tx, job, now)
            await events.record(tx, "guild_left", now, guild_id=guild_id)
        self._wakeups.deliver.set()


async def _require_remixable(reader: Reader, request: GenerationRequest) -> None:
    """Its parent's owner may have opted out since the form was opened."""
    parent = await jobs.get(reader, request.parent) if request.parent is not None else None
    if parent is not None:
        await require_remixable(reader, parent.user_id, request.place.user_id)


_LIVE = frozenset({JobStage.QUEUED, JobStage.RUNNING})


def _new_job(request: GenerationRequest, now: Millis) -> Job:
    place = request.place
    return Job(
        id=JobId(new_id()),
        stage=JobStage.ACCEPTED,
        outcome=None,
        guild_id=place.guild_id,
        channel_id=place.channel_id,
        user_id=place.user_id,
        context=place.context.value,
        user_install=place.user_install,
        locale=place.locale,
        public_locale=place.public_locale,
        private=request.private,
        token=place.token,
        token_expires_at=place.token_expires_at,
        message_id=None,
        reply_to=place.reply_to,
        prompt=request.prompt,
        model=request.model,
        aspect=request.aspect,
        style=request.style,
        style_words=request.style_words,
        count=request.count,
        refs=orjson.dumps(request.references).decode(),
        unused=orjson.dumps(request.unused).decode() if request.unused else None,
        parent_id=request.parent,
        created_at=now,
        confirmed_at=None,
        started_at=None,
        finished_at=None,
        done_at=None,
        card_due_at=None,
        due_at=now,
        attempts=0,
        # a reply to a mention may exist from now on, whatever becomes of this process
        posting_at=now if place.reply_to is not None else None,
        message_deleted=False,
    )


def _request_of(job: Job) -> GenerationRequest:
    place = Place(
        channel_id=ChannelId(job.channel_id),
        user_id=UserId(job.user_id),
        locale=job.locale,
        public_locale=job.public_locale,
        guild_id=GuildId(job.guild_id) if job.guild_id is not None else None,
        context=Context(job.context),
        user_install=job.user_install,
    )
    return GenerationRequest(
        key=job.id,
        place=place,
        prompt=job.prompt,
        model=job.model,
        count=job.count,
        aspect=job.aspect,
        style=job.style,
        style_words=job.style_words,
        references=references_of(job),
        private=job.private,
        parent=job.parent_id,
    )
