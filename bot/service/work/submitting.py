"""Handing tasks to the API: whose turn it is, the intent before each POST, and what came of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

from bot.domain.backoff import submit_pause
from bot.domain.clock import Clock
from bot.domain.guild_settings import GuildSettings
from bot.domain.ids import JobId, Millis, ProviderTaskId, TaskId
from bot.domain.policy import (
    FRESH_LINKS_MS,
    LEASE_MS,
    LONGEST_LOOK_MS,
    SUBMIT_TIMEOUT_MS,
    UNKNOWN_AFTER_MS,
    Policy,
)
from bot.domain.polling import first_query_at
from bot.domain.request import Reference, with_style
from bot.domain.stages import Failure, JobStage, TaskOutcome, TaskStage
from bot.errors import ClaimLostError, TransitionError
from bot.service.asking.asked import references_of
from bot.service.money import funds
from bot.service.work.durations import KnownDurations
from bot.service.work.ending import finish_task
from bot.service.work.pausing import submit_allowance
from bot.service.work.wakeups import Wakeups
from bot.storage import Database
from bot.storage.engine.database import Transaction
from bot.storage.work import events, jobs, line, messages, state, tasks
from bot.storage.work.state import Fact

_POST_LEASE_MS = SUBMIT_TIMEOUT_MS + 5_000
"""A POST begins only with more lease left than it may take."""


@dataclass(frozen=True, slots=True)
class Submission:
    """A task whose turn it is, with what its request needs.

    ``begun`` says that the intent is committed. Otherwise the links of ``references`` are to be
    renewed before :meth:`Submitting.begin`. ``begun_at`` is the moment of the claim.
    """

    task_id: TaskId
    job_id: JobId
    claim: str
    begun: bool
    begun_at: Millis
    attempts: int
    prompt: str
    model: str
    aspect: str | None
    references: tuple[Reference, ...]


class Submitting:
    """Each method is one transaction around a POST; none is open while it is under way."""

    def __init__(
        self,
        database: Database,
        policy: Policy,
        clock: Clock,
        wakeups: Wakeups,
        durations: KnownDurations,
        random: Random,
    ) -> None:
        self._database = database
        self._policy = policy
        self._clock = clock
        self._wakeups = wakeups
        self._durations = durations
        self._random = random

    async def claim(self, claim: str, limit: int) -> list[Submission]:
        """Tasks whose turn it is, at most ``limit`` and no more than the account may have."""
        async with self._database.write() as tx:
            await state.lock(tx, Fact.LINE)
            now = self._clock()
            allowed = await submit_allowance(tx, now)
            if allowed <= 0:
                return []
            at_work = await line.at_work(tx)
            room = self._policy.max_in_flight - sum(member.running for member in at_work)
            wanted = min(limit, room, allowed)
            if wanted <= 0:
                return []
            return await self._take(tx, claim, wanted, _Room(tx, self._policy, at_work), now)

    async def _take(
        self, tx: Transaction, claim: str, wanted: int, room: "_Room", now: Millis
    ) -> list[Submission]:
        taken: list[Submission] = []
        for turn in await line.turns(tx, now, per_member=self._policy.max_in_flight, limit=1000):
            if len(taken) == wanted:
                break
            if not await room.has(turn):
                continue
            submission = await self._prepare(tx, turn, claim, now)
            if submission is not None:
                room.take(turn)
                await line.served(tx, turn.guild_id, turn.user_id, now)
                taken.append(submission)
        return taken

    async def _prepare(
        self, tx: Transaction, turn: line.Turn, claim: str, now: Millis
    ) -> Submission | None:
        """The task, claimed; None when it was cancelled meanwhile."""
        job, task = await jobs.lock(tx, turn.job_id), await tasks.get(tx, turn.id)
        if job is None or task is None or task.stage is not TaskStage.QUEUED:
            return None
        references = references_of(job)
        fresh = task.attempts == 0 and now - job.created_at <= FRESH_LINKS_MS
        begun = fresh or not references
        await tasks.claim(tx, task.id, claim, Millis(now + LEASE_MS))
        if begun:
            await self._begin(tx, task.id, job.id, claim, now)
        return Submission(
            task_id=task.id,
            job_id=job.id,
            claim=claim,
            begun=begun,
            begun_at=now,
            attempts=task.attempts + 1,
            prompt=with_style(job.prompt, job.style_words),
            model=job.model,
            aspect=job.aspect,
            references=references,
        )

    async def begin(self, submission: Submission) -> None:
        """Commit the intent of a task whose links have been renewed.

        Raises:
            ClaimLostError: somebody else has it, or it was cancelled meanwhile.
        """
        try:
            async with self._database.write() as tx:
                now = self._clock()
                await jobs.lock(tx, submission.job_id)
                await self._begin(tx, submission.task_id, submission.job_id, submission.claim, now)
        except TransitionError as error:
            raise ClaimLostError(str(error)) from error

    async def _begin(
        self, tx: Transaction, task_id: TaskId, job_id: JobId, claim: str, now: Millis
    ) -> None:
        await tasks.begin(
            tx, task_id, claim, now=now, lease_until=Millis(now + _POST_LEASE_MS),
            unknown_at=Millis(now + UNKNOWN_AFTER_MS),
        )  # fmt: skip
        await jobs.start(tx, job_id, now)
        await events.record(tx, "submitting", now, job_id=job_id, task_id=task_id)

    async def accepted(self, submission: Submission, provider_id: ProviderTaskId) -> bool:
        """The API took it. False when a callback has already carried it on."""
        async with self._database.write() as tx:
            now = self._clock()
            hindered = await state.read_both(tx, Fact.THROTTLE, Fact.PAUSE)
            if Fact.THROTTLE in hindered:
                await state.forget(tx, Fact.THROTTLE)
            if Fact.PAUSE in hindered:
                await state.lock(tx, Fact.LINE)
                await state.forget(tx, Fact.PAUSE)
                await messages.touch_all(tx, now)
            known = self._durations.of(submission.model)
            due_at = first_query_at(now, known, callbacks=self._policy.callbacks)
            moved = await tasks.submitted(
                tx, submission.task_id, submission.claim, provider_id, due_at
            )
            kept = None if moved else await tasks.get(tx, submission.task_id)
            orphan = kept is not None and kept.provider_id != provider_id
            await events.record(
                tx, "orphan" if orphan else "submitted", now, job_id=submission.job_id,
                task_id=submission.task_id, provider_id=provider_id,
            )  # fmt: skip
        if due_at - now < LONGEST_LOOK_MS:
            self._wakeups.track.set()
        self._wakeups.cards.set()
        return moved

    async def failed(self, submission: Submission, failure: Failure, reason: str | None) -> None:
        """The API, or a reference, makes this request impossible: it ends without a charge."""
        async with self._database.write() as tx:
            now = self._clock()
            job = await jobs.lock(tx, submission.job_id)
            task = await tasks.lock_claimed(tx, submission.task_id, submission.claim)
            if job is None or task is None:
                return  # cancelled, carried on by a callback, or another worker's by now
            if job.stage is JobStage.QUEUED:
                await jobs.start(tx, job.id, now)
            await finish_task(
                tx, task, job, TaskOutcome.FAILED, now, failure=failure, reason=reason
            )
        self._wakeups.deliver.set()
        self._wakeups.submit.set()

    async def unsent(self, submission: Submission, detail: str) -> None:
        """The API certainly has not made a task: try again later, or give up after the last try."""
        pause = submit_pause(submission.attempts, self._random)
        if pause is None:
            await self.failed(submission, Failure.UNAVAILABLE, detail)
            return
        async with self._database.write() as tx:
            now = self._clock()
            await self._back_in_line(tx, submission, Millis(now + pause), submission.attempts, now)
            await events.record(
                tx, "unsent", now, job_id=submission.job_id, task_id=submission.task_id,
                detail=detail,
            )  # fmt: skip

    async def handed_back(self, submission: Submission, due_at: Millis | None = None) -> None:
        """Put it back in line as if its turn had not come: nothing was sent, or all is paused."""
        async with self._database.write() as tx:
            now = self._clock()
            await self._back_in_line(tx, submission, due_at or now, submission.attempts - 1, now)

    async def _back_in_line(
        self, tx: Transaction, submission: Submission, due_at: Millis, attempts: int, now: Millis
    ) -> None:
        await jobs.lock(tx, submission.job_id)
        await tasks.requeue(
            tx, submission.task_id, submission.claim, due_at=due_at, attempts=attempts
        )
        await jobs.back_in_line(tx, submission.job_id, now)

    async def lost(self, submission: Submission, detail: str) -> None:
        """The API may have it: nothing is repeated; a callback may still tell."""
        async with self._database.write() as tx:
            await tasks.unsure(tx, submission.task_id, submission.claim)
            await events.record(
                tx, "answer_lost", self._clock(), job_id=submission.job_id,
                task_id=submission.task_id, detail=detail,
            )  # fmt: skip


class _Room:
    """How many more tasks each member and each server may have at the API, within one claim."""

    def __init__(self, tx: Transaction, policy: Policy, at_work: Sequence[line.AtWork]) -> None:
        self._tx = tx
        self._policy = policy
        self._at_work = at_work
        self._settings: dict[int, GuildSettings] = {}
        self._servers: dict[int, int] = {}
        self._members: dict[tuple[int, int], int] = {}

    async def has(self, turn: line.Turn) -> bool:
        """Whether this turn can be taken."""
        guild, member = turn.guild_id, (turn.guild_id, turn.user_id)
        if guild not in self._servers:
            settings = await funds.settings_of(self._tx, guild, self._policy)
            self._settings[guild] = settings
            most = settings.running_in_server or self._policy.max_in_flight
            self._servers[guild] = most - sum(
                one.running for one in self._at_work if one.guild_id == guild
            )
        if member not in self._members:
            self._members[member] = self._settings[guild].running_per_member - sum(
                one.running for one in self._at_work if (one.guild_id, one.user_id) == member
            )
        return self._members[member] > 0 and self._servers[turn.guild_id] > 0

    def take(self, turn: line.Turn) -> None:
        """Count a turn that was taken."""
        self._members[turn.guild_id, turn.user_id] -= 1
        self._servers[turn.guild_id] -= 1
