"""Asking the API how tasks are: which one next, within the account's budget, and giving up."""

from dataclasses import dataclass

from bot.domain.clock import Clock
from bot.domain.ids import Millis, ProviderTaskId, TaskId
from bot.domain.policy import (
    DEADLINE_MS,
    NOT_REGISTERED_MS,
    QUERY_TIMEOUT_MS,
    UNKNOWN_AFTER_MS,
    Policy,
)
from bot.domain.polling import SAME_TASK_MS, most_worth, next_query_at
from bot.domain.stages import Failure, TaskOutcome, TaskStage
from bot.service.work.durations import KnownDurations
from bot.service.work.ending import finish_task
from bot.service.work.wakeups import Wakeups
from bot.storage import Database
from bot.storage.engine.database import Transaction
from bot.storage.work import asking, events, jobs, messages, pictures, state, takedowns, tasks
from bot.storage.work.state import Fact
from bot.storage.work.tasks import Task

_DEADLINE_GRACE_MS = 30_000
"""The last query of a task past its deadline is waited for no longer than this."""
_BATCH = 100


@dataclass(frozen=True, slots=True)
class Query:
    """A query that may be sent now."""

    task_id: TaskId
    provider_id: ProviderTaskId


class Tracking:
    """Budgets and schedules are committed before anything is sent."""

    def __init__(
        self,
        database: Database,
        policy: Policy,
        clock: Clock,
        wakeups: Wakeups,
        durations: KnownDurations,
    ) -> None:
        self._database = database
        self._policy = policy
        self._clock = clock
        self._wakeups = wakeups
        self._durations = durations

    async def next_query(self) -> Query | Millis | None:
        """The query that is worth most now; or the moment to look again, None when nothing runs."""
        async with self._database.read() as reader:
            due_at = await asking.next_askable_at(reader)
        if due_at is None or due_at > self._clock():
            return due_at
        async with self._database.write() as tx:
            now = self._clock()
            free_at = await state.lock(tx, Fact.BUDGET) or 0
            if now < free_at:
                return Millis(free_at)
            best = most_worth(await asking.askable(tx, now), now, self._durations.of, DEADLINE_MS)
            task = await tasks.lock(tx, best.task_id) if best else None
            if task is None or task.provider_id is None:
                return Millis(now + 1000)
            await self._spend(tx, now)
            await asking.ask(tx, task.id, now=now, due_at=Millis(now + QUERY_TIMEOUT_MS + 2000))
            return Query(task.id, task.provider_id)

    async def reserve(self) -> Millis:
        """Take one query of the account's budget for something other than a task: its moment."""
        async with self._database.write() as tx:
            now = self._clock()
            at = Millis(max(now, await state.lock(tx, Fact.BUDGET) or 0))
            await self._spend(tx, at)
        return at

    async def _spend(self, tx: Transaction, at: Millis) -> None:
        await state.write(tx, Fact.BUDGET, at + int(self._policy.query_spacing_s * 1000))

    async def still_running(self, query: Query) -> None:
        """An answer came and the task goes on, or nothing was learnt."""
        async with self._database.write() as tx:
            now = self._clock()
            asked = await asking.asked(tx, query.task_id)
            if asked is None:
                return
            due_at = next_query_at(
                asked.submitted_at, now, self._durations.of(asked.model),
                callbacks=self._policy.callbacks,
            )  # fmt: skip
            await asking.answered(tx, query.task_id, now=now, due_at=due_at)
        self._wakeups.track.set()

    async def not_found(self, query: Query) -> None:
        """The API does not know the task: not yet just after the submit, later never."""
        async with self._database.read() as reader:
            task = await tasks.get(reader, query.task_id)
        young = task is not None and self._clock() - (task.submitted_at or 0) < NOT_REGISTERED_MS
        if young:
            await self.still_running(query)
            return
        await self.give_up(query.task_id, TaskOutcome.UNKNOWN, Failure.LOST)

    async def ask_now(self, task_id: TaskId) -> None:
        """Let this task be asked at once: its callback was too large."""
        async with self._database.write() as tx:
            now = self._clock()
            task = await tasks.lock(tx, task_id)
            last = max(task.queried_at or 0, task.answered_at or 0) if task else 0
            await asking.ask_soon(tx, task_id, Millis(max(now, last + SAME_TASK_MS)))
        self._wakeups.track.set()

    async def give_up(self, task_id: TaskId, outcome: TaskOutcome, failure: Failure) -> None:
        """End a task without a picture; what comes later goes to the gallery."""
        async with self._database.write() as tx:
            await self._give_up(tx, task_id, outcome, failure)
        self._wakeups.deliver.set()
        self._wakeups.submit.set()

    async def _give_up(
        self, tx: Transaction, task_id: TaskId, outcome: TaskOutcome, failure: Failure
    ) -> None:
        job = await jobs.lock_of_task(tx, task_id)
        task = await tasks.lock(tx, task_id)
        if job is None or task is None or task.stage not in _AT_THE_API:
            return
        now = self._clock()
        await events.record(
            tx, "given_up", now, job_id=job.id, task_id=task_id, failure=failure,
            provider_id=task.provider_id,
        )  # fmt: skip
        await finish_task(tx, task, job, outcome, now, failure=failure)

    async def give_up_overdue(self) -> int:
        """End what is past its deadline and what was lost at the submit; how many there were."""
        now = self._clock()
        async with self._database.read() as reader:
            overdue = await asking.overdue(reader, Millis(now - DEADLINE_MS), _BATCH)
            lost = await asking.unanswered(reader, now, _BATCH)
        ended = [task for task in overdue if _asked_for_the_last_time(task, now)]
        for task in ended:
            await self.give_up(task.id, TaskOutcome.FAILED, Failure.DEADLINE)
        for task in lost:
            await self.give_up(task.id, TaskOutcome.UNKNOWN, Failure.LOST)
        return len(ended) + len(lost)

    async def restarted(self) -> None:
        """Take up what another process has left: the only one that holds this database calls it."""
        async with self._database.write() as tx:
            now = self._clock()
            await asking.after_restart(
                tx, ask_at=Millis(now + SAME_TASK_MS), unknown_at=Millis(now + UNKNOWN_AFTER_MS)
            )
            await messages.free_all(tx)
            await pictures.free_all(tx)
            await takedowns.free_all(tx, now)
            await messages.touch_all(tx, now)
            await events.record(tx, "restarted", now)


_AT_THE_API = frozenset({TaskStage.SUBMITTING, TaskStage.RUNNING})


def _asked_for_the_last_time(task: Task, now: Millis) -> bool:
    deadline = (task.submitted_at or 0) + DEADLINE_MS
    return (task.answered_at or 0) >= deadline or now >= deadline + _DEADLINE_GRACE_MS
