"""What moderators do about reported pictures, and everything that they need to see for it."""

from dataclasses import dataclass, replace
from typing import Final, assert_never

from bot.domain.clock import Clock
from bot.domain.ids import GuildId, JobId, Millis, UserId
from bot.domain.money import Microcredits
from bot.domain.reports import OUTCOME_OF, CaseAction, Step
from bot.domain.stages import JobStage
from bot.errors import (
    CaseDoneError,
    CaseHandledError,
    JobGoneError,
    NothingToRefundError,
    StillUnderWayError,
)
from bot.service.moderators.case_files import CaseFile, CaseFiles
from bot.service.moderators.moderating import put_block
from bot.service.money import funds
from bot.service.pictures.deleting import delete_pictures
from bot.service.work.ending import held_for
from bot.service.work.wakeups import Wakeups
from bot.storage import Database
from bot.storage.engine.database import Transaction
from bot.storage.moderators import audit_log, blocks, cases, guilds, reports
from bot.storage.moderators.blocks import Block
from bot.storage.moderators.cases import Case
from bot.storage.work import events, jobs, tasks
from bot.storage.work.jobs import Job

_BY_HAND_MS: Final = 10_000
"""Whoever pressed a button on the card also changes it; a worker does it after that time."""


@dataclass(frozen=True, slots=True)
class Decision:
    """What a moderator decided. ``also`` marks an addition to a case that is closed already."""

    action: CaseAction
    by: UserId
    also: bool = False
    until: Millis | None = None
    reason: str | None = None


class Casework:
    """Each method is one transaction. Who may call it is checked by the caller."""

    def __init__(
        self, database: Database, clock: Clock, wakeups: Wakeups, files: CaseFiles
    ) -> None:
        self._database = database
        self._clock = clock
        self._wakeups = wakeups
        self._files = files

    async def open_cases(self, guild_id: GuildId, limit: int) -> tuple[list[CaseFile], int]:
        """The oldest cases that wait for a moderator, without pictures, and how many wait."""
        async with self._database.read() as reader:
            found = await cases.of_server(reader, guild_id, limit)
            shown = [await self._files.read(reader, case, pictures=False) for case in found]
            return shown, await cases.count(reader, guild_id)

    async def closed_cases(self, guild_id: GuildId, limit: int) -> list[CaseFile]:
        """The cases decided last, without pictures."""
        async with self._database.read() as reader:
            found = await cases.closed(reader, guild_id, limit)
            return [await self._files.read(reader, case, pictures=False) for case in found]

    async def look(self, guild_id: GuildId, job_id: JobId) -> CaseFile:
        """One case with its pictures.

        Raises:
            JobGoneError: the server has no such case.
        """
        async with self._database.read() as reader:
            case = await cases.read(reader, job_id)
            if case is None or case.guild_id != guild_id:
                raise JobGoneError
            return await self._files.read(reader, case, pictures=True)

    async def require_undone(
        self, guild_id: GuildId, job_id: JobId, action: CaseAction, *, also: bool
    ) -> None:
        """Refuse what somebody else has done already, before a form is opened for it.

        Raises:
            UserError: as for :meth:`act`.
        """
        async with self._database.read() as reader:
            _require_undone(await cases.read(reader, job_id), guild_id, action, also=also)

    async def act(
        self, guild_id: GuildId, job_id: JobId, decision: Decision, *, key: str
    ) -> CaseFile | None:
        """Do it and write it down; the case afterwards, None if this key was handled before.

        Deleted pictures are gone from here when this returns; their message in Discord is for
        ``bot.chat.delivery.takedown.Remover.remove``.

        Raises:
            JobGoneError, CaseHandledError, CaseDoneError, NothingToRefundError,
            StillUnderWayError: nothing was changed.
        """
        async with self._database.write() as tx:
            now = self._clock()
            if not await events.first_time(tx, key, now):
                return None
            if decision.action is CaseAction.BLOCK:  # its lock comes before all others
                await guilds.ensure(tx, guild_id, now)
                await blocks.hold_still(tx, guild_id)
            case = await cases.lock(tx, job_id)
            case = _require_undone(case, guild_id, decision.action, also=decision.also)
            await self._do(tx, case, decision, now)
            outcome = case.outcome or OUTCOME_OF[decision.action]
            after = await cases.decide(tx, case, Step(decision.action, decision.by, now), outcome)
            await reports.close(tx, job_id, outcome, now)
            await cases.touch(tx, job_id, now, Millis(now + _BY_HAND_MS))
            after = replace(after, version=case.version + 1)
            file = await self._files.read(tx, after, pictures=False)
        self._wakeups.reports.set()
        self._wakeups.takedowns.set()
        self._wakeups.deliver.set()
        self._wakeups.cards.set()
        return file

    async def card_shown(self, job_id: JobId, version: int) -> None:
        """The card was changed by whoever pressed its button."""
        async with self._database.write() as tx:
            await cases.shown(tx, job_id, version, self._clock())

    async def _do(self, tx: Transaction, case: Case, decision: Decision, now: Millis) -> None:
        match decision.action:
            case CaseAction.DELETE:
                await _delete(tx, case, decision, now)
            case CaseAction.REFUND:
                await _refund(tx, case, decision, now)
            case CaseAction.BLOCK:
                block = Block(
                    case.guild_id, case.author_id, now, decision.until, decision.reason,
                    decision.by,
                )  # fmt: skip
                await put_block(tx, block)
            case CaseAction.DISMISS:
                await audit_log.write(
                    tx, case.guild_id, decision.by, "report_dismiss", now,
                    target_id=case.author_id, after={"job": case.job_id},
                )  # fmt: skip
            case _:
                assert_never(decision.action)


def _require_undone(
    case: Case | None, guild_id: GuildId, action: CaseAction, *, also: bool
) -> Case:
    """The case, if it is this server's and this has not been done about it."""
    if case is None or case.guild_id != guild_id:
        raise JobGoneError
    if case.closed_by is not None and not also:
        raise CaseHandledError(member=f"<@{case.closed_by}>")
    for step in case.done:
        if step.action is action:
            raise CaseDoneError(member=f"<@{step.by}>")
    if also and (case.closed_by is None or action is CaseAction.DISMISS):
        raise JobGoneError  # no button of ours says that
    return case


async def _delete(tx: Transaction, case: Case, decision: Decision, now: Millis) -> None:
    job = await jobs.lock_one(tx, case.job_id)
    if job.stage is not JobStage.DONE:
        raise StillUnderWayError
    deletion = await delete_pictures(tx, job, None, decision.by, decision.reason, now)
    if deletion.deleted and decision.by == job.user_id:
        await audit_log.write(
            tx, case.guild_id, decision.by, "delete_picture", now, target_id=job.user_id,
            before={"job": job.id, "pictures": list(deletion.deleted)},
        )  # fmt: skip


async def _refund(tx: Transaction, case: Case, decision: Decision, now: Millis) -> None:
    given = await refund_job(tx, await jobs.get_one(tx, case.job_id), now)
    if not given:
        raise NothingToRefundError
    await audit_log.write(
        tx, case.guild_id, decision.by, "refund", now, target_id=case.author_id,
        after={"job": case.job_id, "amount": given},
    )  # fmt: skip


async def refund_job(tx: Transaction, job: Job, now: Millis) -> Microcredits:
    """Give back what a job's tasks charged and what was not given back before; how much."""
    given = 0
    for task in await tasks.of_job(tx, job.id):
        if task.charged and await funds.refund(tx, held_for(task, job), task.charged, now):
            given += task.charged
    return Microcredits(given)
