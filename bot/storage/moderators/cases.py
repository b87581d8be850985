"""Cases: all reports of one job, handled once, with one card in the moderators' channel."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from typing import Final

import orjson
import sqlalchemy as sa

from bot.domain.ids import ChannelId, GuildId, JobId, MessageId, Millis, UserId
from bot.domain.reports import CaseAction, CaseOutcome, Step
from bot.storage import tables
from bot.storage.engine.database import Reader, Statement, Transaction
from bot.storage.statements import given, insert_unless_there, values_of

_t = tables.cases


@dataclass(frozen=True, slots=True)
class Case:
    """A row of ``cases``. ``shown`` is the version that the card shows."""

    job_id: JobId
    guild_id: GuildId
    author_id: UserId
    opened_at: Millis
    outcome: CaseOutcome | None
    closed_by: UserId | None
    closed_at: Millis | None
    steps: str
    version: int
    shown: int
    channel_id: ChannelId | None
    message_id: MessageId | None
    posting_at: Millis | None
    changed_at: Millis
    due_at: Millis
    attempts: int

    @property
    def done(self) -> tuple[Step, ...]:
        """What moderators did, in order."""
        return tuple(
            Step(CaseAction(step["action"]), UserId(step["by"]), Millis(step["at"]))
            for step in orjson.loads(self.steps)
        )

    def has(self, action: CaseAction) -> bool:
        return any(step.action is action for step in self.done)


_COLUMNS: Final = [_t.c[name] for name in Case.__dataclass_fields__]
_THIS = _t.c.job_id == given("job_id", _t.c.job_id)
_OPEN = sa.and_(_t.c.guild_id == given("guild_id"), _t.c.outcome.is_(None))
_READ = Statement(sa.select(*_COLUMNS).where(_THIS), Case)
_LOCK = Statement(sa.select(*_COLUMNS).where(_THIS).with_for_update(), Case)
_ENSURE = insert_unless_there(
    _t, "job_id", "guild_id", "author_id", "opened_at", "changed_at", "due_at"
)
_NEWER = {
    "version": _t.c.version + 1,
    "due_at": sa.case((_t.c.attempts > 0, _t.c.due_at), else_=given("due_at")),
    **values_of(_t, "changed_at"),
}
"""An attempt that is under way comes to its end first."""
_TOUCH = Statement(sa.update(_t).where(_THIS).values(_NEWER), int)
_REDRAW = Statement(sa.update(_t).where(_THIS, _t.c.outcome.is_(None)).values(_NEWER), int)
_DECIDE = Statement(
    sa.update(_t)
    .where(_THIS)
    .values(**values_of(_t, "outcome", "closed_by", "closed_at", "steps")),
    int,
)
_OF_SERVER = Statement(
    sa.select(*_COLUMNS).where(_OPEN).order_by(_t.c.opened_at, _t.c.job_id).limit(given("limit")),
    Case,
)
_CLOSED = Statement(
    sa.select(*_COLUMNS)
    .where(_t.c.guild_id == given("guild_id"), _t.c.outcome.is_not(None))
    .order_by(_t.c.closed_at.desc(), _t.c.job_id)
    .limit(given("limit")),
    Case,
)
_COUNT = Statement(sa.select(sa.func.count()).select_from(_t).where(_OPEN), int)
_NEXT = Statement(
    sa.select(*_COLUMNS)
    .where(_t.c.shown < _t.c.version, _t.c.due_at <= given("now"))
    .order_by(_t.c.due_at)
    .limit(1),
    Case,
)
_CLAIM = Statement(
    sa.update(_t)
    .where(_THIS, _t.c.version == given("version"), _t.c.attempts == given("attempts_before"))
    .values(due_at=given("due_at"), attempts=_t.c.attempts + 1),
    int,
)
_POSTING = Statement(
    sa.update(_t)
    .where(_THIS, _t.c.message_id.is_(None))
    .values(posting_at=sa.func.coalesce(_t.c.posting_at, given("now"))),
    int,
)
_PLACED = Statement(
    sa.update(_t)
    .where(_THIS, _t.c.message_id.is_(None))
    .values(**values_of(_t, "channel_id", "message_id")),
    int,
)
_SHOWN = Statement(
    sa.update(_t)
    .where(_THIS, _t.c.shown < given("version"))
    .values(shown=given("version"), attempts=0, due_at=given("now")),
    int,
)
_POSTPONE = Statement(
    sa.update(_t)
    .where(_THIS, _t.c.version == given("version"))
    .values(due_at=given("due_at")),
    int,
)  # fmt: skip


async def read(reader: Reader, job_id: JobId) -> Case | None:
    """The case of a job, None if nobody has reported it."""
    return await reader.first(_READ, job_id=job_id)


async def closed(reader: Reader, guild_id: GuildId, limit: int) -> list[Case]:
    """A server's decided cases, the latest first."""
    return await reader.all(_CLOSED, guild_id=guild_id, limit=limit)


async def lock(tx: Transaction, job_id: JobId) -> Case | None:
    """The case; nobody else changes it before this transaction ends."""
    return await tx.first(_LOCK, job_id=job_id)


async def open_one(
    tx: Transaction, job_id: JobId, guild_id: GuildId, author_id: UserId, now: Millis
) -> Case:
    """The job's case, locked; opened now if there was none."""
    await tx.run(
        _ENSURE, job_id=job_id, guild_id=guild_id, author_id=author_id, opened_at=now,
        changed_at=now, due_at=now,
    )  # fmt: skip
    return await tx.one(_LOCK, job_id=job_id)


async def touch(tx: Transaction, job_id: JobId, now: Millis, due_at: Millis) -> None:
    """The card is behind, and is to be brought up at ``due_at``; where an attempt is under way or
    waits to be repeated, after that one. Two at once would post one card that shows either."""
    await tx.change_one(_TOUCH, job_id=job_id, changed_at=now, due_at=due_at)


async def redraw(tx: Transaction, job_id: JobId, now: Millis) -> None:
    """A picture of the job has gone: a card that shows pictures is behind."""
    await tx.run(_REDRAW, job_id=job_id, changed_at=now, due_at=now)


async def decide(tx: Transaction, case: Case, step: Step, outcome: CaseOutcome) -> Case:
    """Write down what a moderator did; the first step closes the case with its outcome."""
    steps = orjson.dumps([asdict(one) for one in (*case.done, step)]).decode()
    after = replace(case, steps=steps)
    if case.outcome is None:
        after = replace(after, outcome=outcome, closed_by=step.by, closed_at=step.at)
    await tx.change_one(
        _DECIDE, job_id=case.job_id, outcome=after.outcome and after.outcome.value,
        closed_by=after.closed_by, closed_at=after.closed_at, steps=steps,
    )  # fmt: skip
    return after


async def of_server(reader: Reader, guild_id: GuildId, limit: int) -> Sequence[Case]:
    """The cases that wait for a moderator, the oldest first."""
    return await reader.all(_OF_SERVER, guild_id=guild_id, limit=limit)


async def count(reader: Reader, guild_id: GuildId) -> int:
    """How many cases wait for a moderator."""
    return await reader.one(_COUNT, guild_id=guild_id)


async def next_behind(reader: Reader, now: Millis) -> Case | None:
    """The case whose card has been behind for longest."""
    return await reader.first(_NEXT, now=now)


async def claim(tx: Transaction, case: Case, due_at: Millis) -> bool:
    """Begin another attempt, which nobody repeats before ``due_at``; False if others have."""
    changed = await tx.run(
        _CLAIM, job_id=case.job_id, version=case.version, attempts_before=case.attempts,
        due_at=due_at,
    )  # fmt: skip
    return changed == 1


async def posting(tx: Transaction, job_id: JobId, now: Millis) -> None:
    """From now on the card may be in the channel."""
    await tx.run(_POSTING, job_id=job_id, now=now)


async def placed(
    tx: Transaction, job_id: JobId, channel_id: ChannelId, message_id: MessageId
) -> None:
    """Keep where the card is."""
    await tx.run(_PLACED, job_id=job_id, channel_id=channel_id, message_id=message_id)


async def shown(tx: Transaction, job_id: JobId, version: int, now: Millis) -> None:
    """The card shows this version, or can show none. If there is a later one, it is its turn."""
    await tx.run(_SHOWN, job_id=job_id, version=version, now=now)


async def postpone(tx: Transaction, job_id: JobId, version: int, due_at: Millis) -> None:
    """Try it again at this moment."""
    await tx.run(_POSTPONE, job_id=job_id, version=version, due_at=due_at)
