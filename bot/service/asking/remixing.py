"""Remixing: the pictures that a member chose, kept while they fill in the form."""

from collections.abc import Sequence
from dataclasses import dataclass

import orjson

from bot.domain.clock import Clock
from bot.domain.ids import GuildId, JobId, MessageId, Millis, UserId, new_id
from bot.domain.request import Reference
from bot.errors import RemixingClosedError
from bot.storage import Database
from bot.storage.browsing import lineage
from bot.storage.engine.database import Reader, Transaction
from bot.storage.people import preferences
from bot.storage.work import drafts, jobs
from bot.storage.work.drafts import DraftRow
from bot.storage.work.jobs import Job

LIVES_MS = 3_600_000
"""A form that was open for an hour is not sent any more."""


@dataclass(frozen=True, slots=True)
class Draft:
    """A remix in the making. ``prompt`` is that of the job that the message shows: None where it
    shows none, or where its prompt is not for everybody."""

    id: str
    references: tuple[Reference, ...]
    parent: JobId | None
    prompt: str | None = None
    model: str | None = None
    preferred: str | None = None
    """The member's own model, for where that of the job is not known or has left the catalogue."""
    is_own: bool = False
    """Whether the pictures are the member's own."""


class Remixing:
    """Each method is one transaction."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def begin(
        self,
        user_id: UserId,
        message_id: MessageId,
        references: Sequence[Reference],
        author_id: UserId | None = None,
        guild_id: GuildId | None = None,
    ) -> Draft:
        """Keep the chosen pictures of a message under a new id, with what is known of their
        origin. ``author_id`` is the message's author, where that is a person.

        A picture that was forwarded from another server than ``guild_id``, where the member is,
        comes from nowhere as far as this one is told.

        Raises:
            RemixingClosedError: whose picture it is does not want it remixed.
        """
        async with self._database.write() as tx:
            parent = await lineage.shown_by(tx, message_id)
            owner_id = parent.user_id if parent else author_id
            if parent is not None and parent.guild_id not in {None, guild_id}:
                parent = None
            return await self._begin(tx, user_id, references, parent, owner_id)

    async def begin_from(
        self, user_id: UserId, job_id: JobId, references: Sequence[Reference]
    ) -> Draft:
        """The same for pictures that are known to be this job's, wherever they are shown.

        Raises:
            RemixingClosedError: as above.
        """
        async with self._database.write() as tx:
            parent = await jobs.get(tx, job_id)
            owner_id = parent.user_id if parent else None
            return await self._begin(tx, user_id, references, parent, owner_id)

    async def _begin(
        self,
        tx: Transaction,
        user_id: UserId,
        references: Sequence[Reference],
        parent: Job | None,
        owner_id: UserId | None,
    ) -> Draft:
        if owner_id is not None:
            await require_remixable(tx, owner_id, user_id)
        draft_id, parent_id = new_id(), parent.id if parent else None
        await drafts.insert(
            tx,
            DraftRow(
                draft_id, user_id, orjson.dumps(tuple(references)).decode(), parent_id,
                Millis(self._clock() + LIVES_MS),
            ),
        )  # fmt: skip
        known = parent is not None and (not parent.private or parent.user_id == user_id)
        return Draft(
            draft_id,
            tuple(references),
            parent_id,
            parent.prompt if parent and known else None,
            parent.model if parent else None,
            (await preferences.read(tx, user_id)).model,
            is_own=owner_id == user_id,
        )

    async def origin(self, message_id: MessageId) -> JobId | None:
        """The job whose pictures a message shows; None for anybody else's message."""
        async with self._database.read() as reader:
            job = await lineage.shown_by(reader, message_id)
        return job.id if job else None

    async def require_open(self, owner_id: UserId, user_id: UserId) -> None:
        """Let pictures of the owner's pass that this person wants to remix.

        Raises:
            RemixingClosedError: the owner does not want it.
        """
        async with self._database.read() as reader:
            await require_remixable(reader, owner_id, user_id)

    async def draft(self, draft_id: str, user_id: UserId) -> Draft | None:
        """The member's own draft; None when it has expired or is somebody else's."""
        async with self._database.read() as reader:
            row = await drafts.get(reader, draft_id, user_id, self._clock())
        if row is None:
            return None
        references = tuple(Reference(**fields) for fields in orjson.loads(row.refs))
        return Draft(row.id, references, row.parent_id)


async def require_remixable(reader: Reader, owner_id: UserId, user_id: UserId) -> None:
    """Everybody may remix their own pictures, and those of whoever has not opted out.

    Raises:
        RemixingClosedError: the owner has.
    """
    if owner_id != user_id and not (await preferences.read(reader, owner_id)).allow_remixing:
        raise RemixingClosedError(name=f"<@{owner_id}>")
