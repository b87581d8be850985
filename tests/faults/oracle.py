"""What must hold after every experiment, once everything has calmed down."""

from __future__ import annotations

import json
import sqlite3
from collections import defaultdict
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from bot.domain.ids import Millis
from bot.domain.stages import JobOutcome, JobStage
from bot.service.money.audit import audit
from bot.storage import Database, open_database
from bot.storage.work import jobs
from bot.storage.work.jobs import Job
from sandbox.discord import SandboxDiscord
from sandbox.discord.model import Message
from sandbox.ketchup import SandboxKetchup
from sandbox.ketchup.records import SubmitRecord
from tests.e2e.scene import text_of

_UNFINISHED = ("in line", "Painting", "順番待ち", "生成中")


async def violations(
    discord: SandboxDiscord, ketchup: SandboxKetchup, database_file: Path, *, shown: bool = True
) -> list[str]:
    """Everything that does not hold; the bot must have been stopped. Empty is good.

    ``shown`` says that Discord lets every result be shown.
    """
    found = damage(database_file)
    async with open_database(f"sqlite:///{database_file}", migrate=False) as database:
        known, wrong = await kept_jobs(database)
    found += wrong
    found += _asked_twice(ketchup)
    for job in known:
        found += _message_of(discord, job, shown=shown)
    found += [f"against Discord's rules: {what}" for what in discord.violations]
    return found


def under_way(connection: sqlite3.Connection, now: Millis) -> int:
    """Jobs, pictures and messages that something is still to be done about."""
    (count,) = connection.execute(
        "SELECT (SELECT count(*) FROM jobs WHERE stage <> 'done')"
        " + (SELECT count(*) FROM tasks WHERE stage <> 'finished')"
        " + (SELECT count(*) FROM pictures WHERE stage = 'pending')"
        " + (SELECT count(*) FROM cases WHERE shown < version)"
        " + (SELECT count(*) FROM takedowns WHERE due_at < ?)",
        (now,),
    ).fetchone()
    return int(count)


def damage(database_file: Path) -> list[str]:
    """What SQLite finds wrong with its file."""
    with closing(sqlite3.connect(database_file)) as connection:
        state = connection.execute("PRAGMA integrity_check").fetchone()[0]
    return [] if state == "ok" else [f"the database is damaged: {state}"]


async def kept_jobs(database: Database) -> tuple[list[Job], list[str]]:
    """Every job, and what does not hold in the books or is not at its end."""
    async with database.read() as reader:
        known = await jobs.everything(reader)
        found = [f"audit: {fault.name}: {fault.detail}" for fault in await audit(reader)]
    found += [f"job {job.id} is still {job.stage}" for job in known if job.stage != JobStage.DONE]
    return known, found


@dataclass(frozen=True, slots=True)
class Seen:
    """What members see of a job: how many messages, and of the first one whether it still says
    that the job goes on, in its ``words``, and how many ``pictures``."""

    messages: int
    public: int
    unfinished: bool = False
    words: str = ""
    pictures: int = 0


def untold(job: Job, seen: Seen, *, shown: bool) -> list[str]:
    """One message at most, in its final state, with the pictures if there are any."""
    if seen.public > 1:
        return [f"{seen.public} messages show job {job.id}"]
    if not shown or job.outcome == JobOutcome.DISCARDED or job.message_deleted:
        return []
    if not seen.messages:
        return [f"no message tells of job {job.id} ({job.outcome})"]
    if seen.unfinished:
        return [f"the message of job {job.id} ({job.outcome}) still says: {seen.words}"]
    if job.outcome == JobOutcome.PICTURES and seen.pictures != job.count:
        return [f"{seen.pictures} of {job.count} pictures of job {job.id} are shown"]
    return []


def _asked_twice(ketchup: SandboxKetchup) -> list[str]:
    """At most one request for a task that may have had an effect; the address names the task."""
    by_task: dict[str, list[SubmitRecord]] = defaultdict(list)
    for request in ketchup.requests:
        body = request.json if isinstance(request.json, dict) else {}
        by_task[str(body.get("callback_url") or request.request_id)].append(request)
    return [
        f"{len(sent)} requests that may have had an effect: {task}"
        for task, sent in by_task.items()
        if len([one for one in sent if _may_count(one)]) > 1
    ]


def _may_count(request: SubmitRecord) -> bool:
    return request.status is None or request.status == 200


def _message_of(discord: SandboxDiscord, job: Job, *, shown: bool) -> list[str]:
    messages = [m for m in discord.world.messages.values() if _is_of(m, job)]
    cards = [m for m in discord.world.messages.values() if _is_card_of(m, job)]
    if len(cards) > 1:
        return [f"{len(cards)} cards ask moderators about job {job.id}"]
    public = sum(m.ephemeral_for is None for m in messages)
    seen = Seen(len(messages), public)
    if messages:
        words = text_of(discord.backend.appearance.message(messages[0]))
        unfinished = any(word in words for word in _UNFINISHED)
        pictures = len(discord.pictures(messages[0].id))
        seen = Seen(len(messages), public, unfinished, words, pictures)
    return untold(job, seen, shown=shown)


def _is_card_of(message: Message, job: Job) -> bool:
    elsewhere = int(message.channel_id) != job.channel_id and message.ephemeral_for is None
    return elsewhere and job.id in json.dumps(message.components)


def _is_of(message: Message, job: Job) -> bool:
    """Elsewhere a job is named on report cards and in the showcase."""
    is_there = int(message.channel_id) == job.channel_id
    return is_there and (
        int(message.id) == job.message_id or job.id in json.dumps(message.components)
    )
