"""Results in a server's showcase: where each was put, once."""

from dataclasses import dataclass

import sqlalchemy as sa

from bot.domain.ids import ChannelId, JobId, MessageId, Millis, UserId
from bot.storage import tables
from bot.storage.engine.database import Reader, Statement, Transaction
from bot.storage.statements import given, insert_unless_there, values_of

_t = tables.shares


@dataclass(frozen=True, slots=True)
class ShareRow:
    """``message_id`` is None while nobody knows whether the message was posted; ``attachments``
    is JSON: the picture's id → the attachment's."""

    job_id: JobId
    channel_id: ChannelId
    by: UserId
    at: Millis
    message_id: MessageId | None
    attachments: str


_THIS = _t.c.job_id == given("job_id", _t.c.job_id)
_INSERT = insert_unless_there(_t, "job_id", "channel_id", "by", "at")
_GET = Statement(
    sa.select(*[_t.c[name] for name in ShareRow.__dataclass_fields__]).where(_THIS), ShareRow
)
_POSTED = Statement(
    sa.update(_t).where(_THIS).values(**values_of(_t, "message_id", "attachments")), int
)
_FORGET = Statement(sa.delete(_t).where(_THIS, _t.c.message_id.is_(None)), int)


async def begin(
    tx: Transaction, job_id: JobId, channel_id: ChannelId, by: UserId, now: Millis
) -> ShareRow:
    """Note that a message is about to be posted; what was noted earlier stays."""
    await tx.run(_INSERT, job_id=job_id, channel_id=channel_id, by=by, at=now)
    return await tx.one(_GET, job_id=job_id)


async def get(reader: Reader, job_id: JobId) -> ShareRow | None:
    """Where the job was shared; None if it never was."""
    return await reader.first(_GET, job_id=job_id)


async def posted(tx: Transaction, job_id: JobId, message_id: MessageId, attachments: str) -> None:
    """The message is there."""
    await tx.change_one(_POSTED, job_id=job_id, message_id=message_id, attachments=attachments)


async def forget(tx: Transaction, job_id: JobId) -> None:
    """Nothing was posted, certainly: it may be tried again, perhaps elsewhere."""
    await tx.run(_FORGET, job_id=job_id)
