"""Remixing: the pictures that a member chose, kept while they fill in the form."""

from collections.abc import Sequence
from dataclasses import dataclass

import orjson

from bot.domain.clock import Clock
from bot.domain.ids import JobId, MessageId, Millis, UserId, new_id
from bot.domain.request import Reference
from bot.storage import Database, drafts, jobs
from bot.storage.drafts import DraftRow

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


class Remixing:
    """Each method is one transaction."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def begin(
        self, user_id: UserId, message_id: MessageId, references: Sequence[Reference]
    ) -> Draft:
        """Keep the chosen pictures under a new id, with what is known of their origin."""
        async with self._database.write() as tx:
            now = self._clock()
            parent = await jobs.by_message(tx, message_id)
            draft_id, parent_id = new_id(), parent.id if parent else None
            await drafts.insert(
                tx,
                DraftRow(
                    draft_id, user_id, orjson.dumps(tuple(references)).decode(), parent_id,
                    Millis(now + LIVES_MS),
                ),
            )  # fmt: skip
        known = parent is not None and (not parent.private or parent.user_id == user_id)
        return Draft(
            draft_id,
            tuple(references),
            parent_id,
            parent.prompt if parent and known else None,
            parent.model if parent else None,
        )

    async def origin(self, message_id: MessageId) -> JobId | None:
        """The job whose message this is; None for anybody else's message."""
        async with self._database.read() as reader:
            job = await jobs.by_message(reader, message_id)
        return job.id if job else None

    async def draft(self, draft_id: str, user_id: UserId) -> Draft | None:
        """The member's own draft; None when it has expired or is somebody else's."""
        async with self._database.read() as reader:
            row = await drafts.get(reader, draft_id, user_id, self._clock())
        if row is None:
            return None
        references = tuple(Reference(**fields) for fields in orjson.loads(row.refs))
        return Draft(row.id, references, row.parent_id)
