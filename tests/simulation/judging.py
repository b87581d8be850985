"""What must hold once a schedule has calmed down: the rules of ``tests.faults``, and some more
that only the inside of both servers tells."""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path

from bot.domain.ids import JobId
from bot.domain.stages import JobOutcome, TaskOutcome
from bot.storage import Database
from bot.storage.work import pictures, tasks
from bot.storage.work.jobs import Job
from bot.storage.work.tasks import Task
from tests.faults.oracle import Seen, damage, kept_jobs, untold
from tests.simulation.discord_server import Discord, Message
from tests.simulation.image_api import ImageApi
from tests.simulation.people import People


async def violations(
    path: Path, database: Database, api: ImageApi, discord: Discord, people: People
) -> list[str]:
    """Everything that does not hold. Empty is good."""
    found = damage(path)
    known, wrong = await kept_jobs(database)
    found += wrong
    found += _held(path)
    found += [
        f"{count} requests that may have had an effect: {task_id}"
        for task_id, sent in api.submitted.items()
        if (count := sum(one.may_count for one in sent)) > 1
    ]
    found += _repeated("mentions for", discord.told.mentions)
    found += _repeated("direct messages about", discord.told.directs)
    found += _repeated("objections to", discord.told.objections)
    found += _repeated("first hints for", discord.told.hints)
    for job in known:
        async with database.read() as reader:
            own = await tasks.of_job(reader, job.id)
            left = [row for row in await pictures.of_job(reader, job.id) if not row.late]
        found += _of_job(job, own, len(left), discord, path)
    found += _keys(known, people)
    return found


def _of_job(job: Job, own: list[Task], left: int, discord: Discord, path: Path) -> list[str]:
    found = []
    messages = discord.of_job(job.id)
    closed = discord.channels[job.channel_id].was_troubled
    if job.outcome == JobOutcome.DISCARDED and messages and not closed:
        # in a closed channel a reply of unknown fate can be neither found nor changed
        found.append(f"a message shows job {job.id}, which was discarded")
    if job.outcome == JobOutcome.DISCARDED and any(task.submitted_at for task in own):
        found.append(f"job {job.id} was discarded after it had been sent")
    made = sum(task.outcome is TaskOutcome.PICTURES for task in own)
    charged = sum(task.charged > 0 for task in own)
    if charged > made:
        found.append(f"job {job.id} was charged for {charged} pictures and made {made}")
    shown = left > 0 or made == 0
    was_gone = any(
        message.deleted for message in discord.messages.values() if message.job_id == job.id
    )
    may_be_shown = shown and not was_gone and not _has_no_way(job, discord, path)
    return found + untold(job, _seen(messages), shown=may_be_shown)


def _seen(messages: list[Message]) -> Seen:
    public = sum(not message.private for message in messages)
    if not messages or messages[0].face is None:
        return Seen(len(messages), public, unfinished=bool(messages), words="thinking")
    face = messages[0].face
    words = f"{face.stage}, {face.outcome}"
    return Seen(len(messages), public, not face.is_final, words, face.pictures)


def _has_no_way(job: Job, discord: Discord, path: Path) -> bool:
    """Whether it is Discord's doing that the end is not shown: the channel is closed, or the
    token of a private answer was at its end."""
    with closing(sqlite3.connect(path)) as connection:
        how = connection.execute(
            "SELECT detail FROM events WHERE job_id = ? AND kind = 'delivered' ORDER BY at DESC",
            (job.id,),
        ).fetchone()
    if how is None or "unpostable" not in how[0]:
        return False
    if discord.channels[job.channel_id].was_troubled:
        return True
    return job.private and (job.done_at or 0) >= (job.token_expires_at or 0)


def _held(path: Path) -> list[str]:
    """Credits that are still set aside, though no job is left that could use them."""
    with closing(sqlite3.connect(path)) as connection:
        rows = connection.execute("SELECT id, balance FROM accounts WHERE kind = 'hold'").fetchall()
    return [f"{account} still holds {balance}" for account, balance in rows if balance]


def _repeated(what: str, told: Iterable[JobId | int]) -> list[str]:
    return [f"{count} {what} {one}" for one, count in Counter(told).items() if count > 1]


def _keys(known: list[Job], people: People) -> list[str]:
    """A click is one job at most, however often it arrives."""
    if len(known) > len(set(people.keys)):
        return [f"{len(known)} jobs of {len(set(people.keys))} clicks"]
    return []
