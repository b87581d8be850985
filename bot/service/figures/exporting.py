"""A server's jobs, ledger or audit log of a period as rows for a file."""

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from datetime import UTC
from enum import StrEnum
from typing import Final, TypeAlias, assert_never

from bot.domain.clock import Clock
from bot.domain.ids import GuildId, Millis, UserId
from bot.domain.money import format_credits
from bot.domain.periods import to_datetime, zone_of
from bot.domain.policy import Policy
from bot.domain.usage_window import UsagePeriod, window
from bot.service.money import funds
from bot.storage import Database
from bot.storage.engine.database import Reader
from bot.storage.figures import exporting
from bot.storage.figures.exporting import Edge, JobRow, LedgerRow
from bot.storage.moderators import audit_log
from bot.storage.moderators.audit_log import Entry
from bot.storage.work import events

_AT_ONCE: Final = 500
Cell: TypeAlias = "str | int | Amount | None"
Rows: TypeAlias = "AsyncIterator[Mapping[str, Cell]]"


class Exported(StrEnum):
    """What can be taken away."""

    JOBS = "jobs"
    LEDGER = "ledger"
    AUDIT = "audit"


class Amount(str):
    """An exact decimal of credits. Unlike foreign text it may begin with a minus."""

    __slots__ = ()


COLUMNS: Final[Mapping[Exported, tuple[str, ...]]] = {
    Exported.JOBS: (
        "id", "created_at", "finished_at", "user_id", "channel_id", "message_id", "model",
        "aspect", "style", "private", "stage", "outcome", "prompt", "asked", "made", "credits",
        "operator_loss", "failure",
    ),
    Exported.LEDGER: (
        "id", "at", "kind", "user_id", "job_id", "account", "credits", "note",
    ),
    Exported.AUDIT: (
        "id", "at", "actor_id", "action", "target_id", "before", "after", "reason",
    ),
}  # fmt: skip
"""The columns of each export, which people's spreadsheets rely on."""


@dataclass(frozen=True, slots=True)
class Export:
    """Rows of a server from ``start`` up to ``end``, oldest first."""

    what: Exported
    start: Millis
    end: Millis
    rows: Rows

    @property
    def columns(self) -> tuple[str, ...]:
        return COLUMNS[self.what]


class Exporting:
    """Opens exports and writes down who took them."""

    def __init__(self, database: Database, policy: Policy, clock: Clock) -> None:
        self._database = database
        self._policy = policy
        self._clock = clock

    async def open(
        self,
        guild_id: GuildId,
        what: Exported,
        period: UsagePeriod,
        *,
        by: UserId,
        key: str,
    ) -> Export | None:
        """The rows of a period; None if this key was handled before."""
        now = self._clock()
        async with self._database.write() as tx:
            if not await events.first_time(tx, key, now):
                return None
            settings = await funds.settings_of(tx, guild_id, self._policy)
            seen = window(period, now, zone_of(settings.time_zone))
            await audit_log.write(
                tx, guild_id, by, "usage_export", now,
                after={"what": what.value, "period": period.value},
            )  # fmt: skip
        end = Millis(now + 1)
        return Export(what, seen.start, end, self._rows(guild_id, what, seen.start, end))

    async def _rows(self, guild_id: GuildId, what: Exported, start: Millis, end: Millis) -> Rows:
        """Read in parts, each on a snapshot of its own, so that no reader is held for long."""
        edge = Edge(start, "")
        while True:
            async with self._database.read() as reader:
                part = await _part(reader, guild_id, what, edge, end)
            if not part:
                return
            for cells, _ in part:
                yield cells
            edge = part[-1][1]


_Part: TypeAlias = "list[tuple[Mapping[str, Cell], Edge]]"


async def _part(
    reader: Reader, guild_id: GuildId, what: Exported, edge: Edge, end: Millis
) -> _Part:
    match what:
        case Exported.JOBS:
            jobs = await exporting.jobs(reader, guild_id, edge, end, _AT_ONCE)
            return [(_job(row), Edge(row.created_at, row.id)) for row in jobs]
        case Exported.LEDGER:
            lines = await exporting.ledger(reader, guild_id, edge, end, _AT_ONCE)
            return [(_line(row), Edge(row.at, row.id)) for row in lines]
        case Exported.AUDIT:
            actions = await exporting.audit(reader, guild_id, edge, end, _AT_ONCE)
            return [(_action(row), Edge(row.at, row.id)) for row in actions]
        case _:
            assert_never(what)


def _job(row: JobRow) -> Mapping[str, Cell]:
    return {
        "id": row.id, "created_at": _iso(row.created_at),
        "finished_at": None if row.finished_at is None else _iso(row.finished_at),
        "user_id": str(row.user_id), "channel_id": str(row.channel_id),
        "message_id": None if row.message_id is None else str(row.message_id),
        "model": row.model, "aspect": row.aspect, "style": row.style, "private": int(row.private),
        "stage": row.stage.value, "outcome": row.outcome and row.outcome.value,
        "prompt": row.prompt, "asked": row.asked, "made": row.made,
        "credits": _credits(row.charged), "operator_loss": _credits(row.lost),
        "failure": row.failure,
    }  # fmt: skip


def _line(row: LedgerRow) -> Mapping[str, Cell]:
    return {
        "id": row.id, "at": _iso(row.at), "kind": row.kind.value,
        "user_id": None if row.user_id is None else str(row.user_id), "job_id": row.job_id,
        "account": row.account.value, "credits": _credits(row.amount), "note": row.note,
    }  # fmt: skip


def _action(row: Entry) -> Mapping[str, Cell]:
    return {
        "id": row.id, "at": _iso(row.at), "actor_id": str(row.actor_id), "action": row.action,
        "target_id": None if row.target_id is None else str(row.target_id),
        "before": row.before, "after": row.after, "reason": row.reason,
    }  # fmt: skip


def _credits(amount: int) -> Amount:
    return Amount(format_credits(amount))


def _iso(moment: Millis) -> str:
    return to_datetime(moment).astimezone(UTC).isoformat(timespec="milliseconds")
