"""Deleting what is kept about a person: durable, in small steps, the books kept whole.

:meth:`Erasing.begin` notes it in one short transaction. Steps follow until nothing is left: by
whoever asked while they wait, and by a worker for whatever takes longer or a restart interrupts.
"""

from enum import StrEnum
from typing import Final

from bot.domain.clock import Clock
from bot.domain.ids import Millis, UserId, new_pseudonym
from bot.domain.stages import JobStage
from bot.service.work.ending import cancel_waiting
from bot.service.work.wakeups import Wakeups
from bot.storage import Database
from bot.storage.engine.database import Transaction
from bot.storage.money import ledger
from bot.storage.money.ledger import AccountKind
from bot.storage.people import erasing, renaming
from bot.storage.people.erasing import Erasure
from bot.storage.work import events, jobs, messages, state, takedowns, tasks
from bot.storage.work.state import Fact

_BATCH: Final = 200
_STOPPABLE: Final = frozenset({JobStage.QUEUED, JobStage.RUNNING})


class Stand(StrEnum):
    """How far an erasure is after a step."""

    WAITING = "waiting"
    """Pictures under way must end first, or messages leave Discord first."""
    MORE = "more"
    DONE = "done"


class Erasing:
    """What stays is an amount without a name; ``docs/privacy.md`` lists it."""

    def __init__(self, database: Database, clock: Clock, wakeups: Wakeups) -> None:
        self._database = database
        self._clock = clock
        self._wakeups = wakeups

    async def begin(self, user_id: UserId, *, posts: bool) -> None:
        """Stop what waits and let everything of the person be deleted; with ``posts`` their
        pictures leave the channels too. New requests are refused until it is done."""
        async with self._database.write() as tx:
            now = self._clock()
            await erasing.begin(tx, user_id, now, posts=posts)
            await erasing.forget_person(tx, user_id)
            await self._stop(tx, user_id, now)
        self._wakeups.deliver.set()
        self._wakeups.cards.set()

    async def pending(self, user_id: UserId) -> bool:
        """Whether the person's data is being deleted."""
        async with self._database.read() as reader:
            return await erasing.of_user(reader, user_id) is not None

    async def next_after(self, user_id: UserId) -> Erasure | None:
        """The erasure after this one, in the order of ids."""
        async with self._database.read() as reader:
            return await erasing.next_after(reader, user_id)

    async def step(self, user_id: UserId) -> Stand:
        """One short transaction towards the end."""
        async with self._database.write() as tx:
            now = self._clock()
            erasure = await erasing.of_user(tx, user_id)
            if erasure is None:
                return Stand.DONE
            if await erasing.live(tx, user_id):
                await self._stop(tx, user_id, now)
                stand = Stand.WAITING
            elif found := await erasing.speaking(tx, Millis(0), _BATCH, user_id=user_id):
                ids = [one.id for one in found]
                await erasing.wipe(tx, ids, now)
                if erasure.posts:
                    for job_id in ids:
                        await takedowns.schedule(tx, job_id, now=now, due_at=now)
                stand = Stand.MORE
            elif await erasing.open_takedowns(tx, user_id):
                stand = Stand.WAITING
            else:
                await _forget(tx, user_id, now)
                stand = Stand.DONE
        self._wakeups.takedowns.set()
        return stand

    async def _stop(self, tx: Transaction, user_id: UserId, now: Millis) -> None:
        """Cancel what waits; what is being painted is not posted any more."""
        await state.lock(tx, Fact.LINE)
        for job_id in await erasing.live(tx, user_id):
            job = await jobs.lock(tx, job_id)
            if job is not None and job.stage in _STOPPABLE:
                await tasks.discard(tx, job_id)
                await cancel_waiting(tx, job, now)
                await messages.touch(tx, job_id)


async def _forget(tx: Transaction, user_id: UserId, now: Millis) -> None:
    """The last step: whoever it was is a pseudonym from now on, everywhere at once."""
    pseudonym = new_pseudonym()
    guilds = await renaming.guilds_of(tx, user_id)
    for guild_id in guilds:
        await renaming.rename_jobs(tx, guild_id, user_id, pseudonym)
    for guild_id in guilds:
        await ledger.lock_books(tx, guild_id)
        for purse in await ledger.purses(tx, guild_id, user_id, now):
            ends = purse.valid_until
            if purse.kind is AccountKind.ALLOWANCE and ends is not None and ends > now:
                await renaming.keep_remainder(tx, guild_id, user_id, purse.balance, ends)
        await renaming.rename_books(tx, guild_id, user_id, pseudonym, now)
    await renaming.rename_deeds(tx, user_id, pseudonym)
    await erasing.forget_person(tx, user_id)
    await erasing.end(tx, user_id)
    await events.record(tx, "erased", now)
