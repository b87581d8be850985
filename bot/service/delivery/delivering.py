"""Bringing a job's message up to its state: progress while it runs, and its end."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.domain.backoff import delivery_pause
from bot.domain.clock import Clock
from bot.domain.guild_settings import GuildSettings
from bot.domain.ids import JobId, Millis
from bot.domain.policy import CARD_AGAIN_MS, DELIVERY_PATIENCE_MS, LEASE_MS, Policy
from bot.domain.request import Context
from bot.domain.stages import JobOutcome
from bot.service.delivery.aftermath import Aftermath, settle_aftermath
from bot.service.delivery.cards import Card, Deleted, PictureFile, Shown, TryLater, Unpostable
from bot.service.delivery.reading import CardReader
from bot.service.work.wakeups import Wakeups
from bot.storage import Database
from bot.storage.engine.database import Transaction
from bot.storage.moderators import guilds
from bot.storage.work import events, jobs, messages, pictures, takedowns, tasks
from bot.storage.work.jobs import Job
from bot.storage.work.pictures import Kept
from bot.storage.work.tasks import Task

_STRAY_EDIT_MS = Millis(5_000)
"""How long a progress edit of unknown fate may still arrive; the final edit comes after it."""


_FILES = 10
"""Discord's limit for one message."""


@dataclass(frozen=True, slots=True)
class Due:
    """A job whose message is to be changed, with what it shall show.

    ``told`` says how the last end of its tasks became known, and when. Of ``kept``, the pictures
    for the message, the bytes are still to be read, unless there are ``files``.
    """

    job: Job
    card: Card
    claim: str
    told: tuple[str, Millis] | None = None
    kept: tuple[Kept, ...] = ()
    files: tuple[PictureFile, ...] = ()

    @property
    def job_id(self) -> JobId:
        return self.job.id


class Delivering:
    """One message per job, and one change of it at a time: a change needs the job's claim."""

    def __init__(
        self,
        database: Database,
        policy: Policy,
        clock: Clock,
        wakeups: Wakeups,
        cards: CardReader,
    ) -> None:
        self._database = database
        self._policy = policy
        self._clock = clock
        self._wakeups = wakeups
        self._cards = cards

    async def claim_ends(self, claim: str, limit: int) -> list[Due]:
        """Jobs whose end is to be shown."""
        async with self._database.write() as tx:
            now = self._clock()
            found = await messages.claim_deliveries(tx, claim, now, Millis(now + LEASE_MS), limit)
            return [await self._due(tx, job, claim, now, ()) for job in found]

    async def claim_end(
        self,
        tx: Transaction,
        job_id: JobId,
        claim: str,
        now: Millis,
        files: tuple[PictureFile, ...],
    ) -> Due | None:
        """This job, if it has just ended in the caller's transaction and nobody is at its message.

        ``files`` are its pictures, where the caller has all of them at hand; else none.
        """
        job = await messages.claim_delivery(tx, job_id, claim, now, Millis(now + LEASE_MS))
        return await self._due(tx, job, claim, now, files) if job is not None else None

    async def _due(
        self, tx: Transaction, job: Job, claim: str, now: Millis, files: tuple[PictureFile, ...]
    ) -> Due:
        own = await tasks.of_job(tx, job.id)
        due = Due(job, await self._cards.read(tx, job, now, own), claim, _told(own))
        if job.outcome not in {JobOutcome.PICTURES, JobOutcome.PARTLY}:
            return due
        if files:
            return replace(due, files=files)
        kept = [row for row in await pictures.of_job(tx, job.id) if not row.late]
        return replace(due, kept=tuple(kept[:_FILES]))

    async def claim_progress(self, claim: str, limit: int) -> list[Due]:
        """Running and waiting jobs whose message is behind."""
        async with self._database.write() as tx:
            now = self._clock()
            found = await messages.claim_cards(tx, claim, now, Millis(now + LEASE_MS), limit)
            return [Due(job, await self._cards.read(tx, job, now), claim) for job in found]

    async def renew(self, due: Due) -> None:
        """Keep the claim for longer. Raises TransitionError when it is lost."""
        async with self._database.write() as tx:
            await messages.renew(tx, due.job_id, due.claim, Millis(self._clock() + LEASE_MS))

    async def notice_moves(self, near: int) -> None:
        """The message of whoever has moved among the first ``near`` in line is behind."""
        first = (await self._cards.line())[:near]
        if not first:
            return
        async with self._database.read() as reader:
            shown = await messages.shown_places(reader, first, self._clock())
        moved = [one.job_id for one in shown if one.place != first.index(one.job_id) + 1]
        if moved:
            async with self._database.write() as tx:
                for job_id in moved:
                    await messages.touch(tx, job_id)

    async def progress_shown(self, due: Due, *, fate_unknown: bool) -> None:
        """A progress edit has ended. One of unknown fate holds the next one back for a while."""
        async with self._database.write() as tx:
            now = self._clock()
            free_at = Millis(now + _STRAY_EDIT_MS) if fate_unknown else Millis(0)
            await messages.release_card(
                tx, due.job_id, due.claim, now=now, place=due.card.place_in_line,
                free_at=free_at, card_due_at=Millis(now + CARD_AGAIN_MS),
            )  # fmt: skip
        self._wakeups.deliver.set()

    async def files(self, due: Due) -> list[PictureFile]:
        """The pictures of a job that belong into its message, at most ten."""
        if not due.kept:
            return list(due.files)
        async with self._database.read() as reader:
            return [
                PictureFile(row.id, index, data, row.media_type, row.width, row.height)
                for index, row in enumerate(due.kept)
                if (data := await pictures.data(reader, row.id)) is not None
            ]

    async def posting(self, job_id: JobId) -> None:
        """A new channel message is about to be sent for this job."""
        async with self._database.write() as tx:
            await messages.posting(tx, job_id, self._clock())

    async def ended(
        self, due: Due, delivery: Shown | Deleted | Unpostable, files: list[PictureFile]
    ) -> Aftermath:
        """The job is done: its message shows the end, or its pictures stay in the gallery.

        What is still to be told is noted first, so that nobody is told twice. Raises
        TransitionError when the claim is lost, or the end became another one meanwhile.
        """
        async with self._database.write() as tx:
            now = self._clock()
            message_id = due.card.message_id
            if isinstance(delivery, Shown):
                message_id = delivery.message_id
                await _note_posted(tx, due, delivery, files)
            elif isinstance(delivery, Deleted):  # while nobody of us was there to hear it
                await jobs.message_deleted(tx, due.job_id)
            await messages.done(tx, due.job_id, due.claim, due.card.outcome, message_id, now)
            await events.record(
                tx, "delivered", now, job_id=due.job_id, how=type(delivery).__name__.lower(),
                detail=getattr(delivery, "detail", None),
            )  # fmt: skip
            if isinstance(delivery, Shown):
                await _let_failure_vanish(tx, due, now)
            return await settle_aftermath(
                tx, due.job, due.card, delivery, now, self._policy, has_files=bool(files)
            )

    async def try_later(self, due: Due, why: TryLater) -> bool:
        """Try the delivery again after a pause; False when its time is over and it must end."""
        async with self._database.write() as tx:
            now = self._clock()
            if now - (due.job.finished_at or now) > DELIVERY_PATIENCE_MS:
                return False
            job = await jobs.lock(tx, due.job_id)
            pause = delivery_pause(due.job.attempts + 1)
            if job is not None and job.outcome is not due.card.outcome:
                pause = _STRAY_EDIT_MS  # what was sent may still arrive, and shows the wrong end
            if why.after_s is not None:
                pause = Millis(max(pause, int(why.after_s * 1000)))
            await messages.retry(tx, due.job_id, due.claim, Millis(now + pause))
            return True

    async def let_go(self, due: Due) -> None:
        """The job was reopened, or another worker has it: whoever is next begins at once."""
        async with self._database.write() as tx:
            await messages.let_go(tx, due.job_id, due.claim)
        self._wakeups.deliver.set()


def _told(own: Sequence[Task]) -> tuple[str, Millis] | None:
    """How the last end of a job's tasks became known and when, for the measurement."""
    told = [(task.answered_at, task.source) for task in own if task.source and task.answered_at]
    at, source = max(told, default=(None, None))
    return (source, at) if source is not None and at is not None else None


async def _let_failure_vanish(tx: Transaction, due: Due, now: Millis) -> None:
    """A card that says why there is no picture is of no use to others for long.

    Private ones stay: they vanish when Discord reloads. So do those in direct messages with the
    bot, where there are no others.
    """
    job = due.job
    if due.card.outcome is not JobOutcome.FAILED or job.private:
        return
    if Context(job.context) is Context.BOT_DM:
        return
    row = await guilds.read(tx, job.guild_id) if job.guild_id is not None else None
    after_s = (row.chosen if row else GuildSettings()).failed_cards_vanish_after_s
    if after_s is not None:
        await takedowns.schedule(tx, job.id, now=now, due_at=Millis(now + after_s * 1000))


async def _note_posted(tx: Transaction, due: Due, shown: Shown, files: list[PictureFile]) -> None:
    """Keep where the pictures can be read again; bytes stay where a message may lose them."""
    posted = [file for file in files if file.picture_id not in shown.left_out]
    for file, attachment_id in zip(posted, shown.attachment_ids, strict=False):
        await pictures.posted(
            tx, file.picture_id, channel_id=shown.channel_id, message_id=shown.message_id,
            attachment_id=attachment_id,
        )  # fmt: skip
        if not due.job.private and not file.shrunk:
            await pictures.forget_data(tx, file.picture_id)
