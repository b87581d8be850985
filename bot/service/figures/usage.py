"""What a server's pictures come to: the figures behind ``/usage`` and the dashboard."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta, tzinfo
from typing import Final

from bot.domain.clock import Clock
from bot.domain.ids import GuildId, Millis, UserId
from bot.domain.money import Microcredits
from bot.domain.periods import day_start, month_name, zone_of
from bot.domain.policy import Policy
from bot.domain.stages import TaskStage
from bot.domain.usage_window import HOUR_MS, UsagePeriod, Window, window
from bot.service.figures import forecasting
from bot.service.figures.forecasting import Forecast
from bot.service.money import funds
from bot.storage import Database
from bot.storage.browsing import live
from bot.storage.engine.database import Reader
from bot.storage.figures import member_history, usage_reading
from bot.storage.figures.member_history import Block, Grant, PastJob
from bot.storage.figures.usage import slot_of
from bot.storage.figures.usage_reading import DayRow, FailureCount, Figures, SlotRow, TopMember
from bot.storage.money import refunds

__all__ = [
    "Block", "Bucket", "FailureCount", "Figures", "Forecast", "Grant", "MemberUsage",
    "ModelUsage", "Now", "Overview", "PastJob", "TopMember", "Usage",
]  # fmt: skip

TOP_MEMBERS: Final = 10
_PAST_JOBS: Final = 10
_GRANTS: Final = 5
_SLOT_MS: Final = 15 * 60_000
_DAY: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class ModelUsage:
    """One model over the whole period. ``label`` is its id where the catalogue has it no more."""

    id: str
    label: str
    figures: Figures


@dataclass(frozen=True, slots=True)
class Bucket:
    """One bar: a day, or an hour of today. ``by_model`` is in the order of the models."""

    start: Millis
    by_model: tuple[Figures, ...]

    @property
    def figures(self) -> Figures:
        return sum(self.by_model, Figures())


@dataclass(frozen=True, slots=True)
class Now:
    """What is under way: pictures at the image service and in line, and what they hold."""

    running: int
    waiting: int
    held: Microcredits


@dataclass(frozen=True, slots=True)
class Overview:
    """A server in one period. Everything that is not ``now`` or the month's is of the period.

    ``refunded`` is what moderators gave back; it is no part of the figures, which say what was
    charged. ``before`` are the figures of the period before, as far into it as now is into this.
    ``cap`` and ``committed`` (spent and held) are those of the calendar month.
    """

    guild_id: GuildId
    period: UsagePeriod
    window: Window
    zone: tzinfo
    figures: Figures
    members: int
    refunded: Microcredits
    before: Figures
    members_before: int
    models: tuple[ModelUsage, ...]
    buckets: tuple[Bucket, ...]
    failures: tuple[FailureCount, ...]
    top: tuple[TopMember, ...]
    now: Now
    cap: Microcredits | None
    committed: Microcredits
    forecast: Forecast | None

    @property
    def by_hour(self) -> bool:
        """Whether a bucket is an hour."""
        return self.period is UsagePeriod.TODAY


@dataclass(frozen=True, slots=True)
class MemberUsage:
    """One member of a server in one period; jobs, grants and the block are the latest ever."""

    guild_id: GuildId
    user_id: UserId
    period: UsagePeriod
    window: Window
    zone: tzinfo
    figures: Figures
    refunded: Microcredits
    before: Figures
    buckets: tuple[Bucket, ...]
    """Days, each with one entry in ``by_model`` that stands for every model."""
    jobs: tuple[PastJob, ...]
    grants: tuple[Grant, ...]
    block: Block | None


class Usage:
    """Reading changes nothing. Each method looks at one snapshot of the database."""

    def __init__(self, database: Database, policy: Policy, clock: Clock) -> None:
        self._database = database
        self._policy = policy
        self._clock = clock

    async def overview(self, guild_id: GuildId, period: UsagePeriod) -> Overview:
        """The server's figures, what is under way, and how the month goes on."""
        now = self._clock()
        async with self._database.read() as reader:
            settings = await funds.settings_of(reader, guild_id, self._policy)
            zone = zone_of(settings.time_zone)
            seen = window(period, now, zone)
            models, buckets = await self._series(reader, guild_id, period, seen, zone)
            top = await usage_reading.top(reader, guild_id, seen.first, seen.last, TOP_MEMBERS)
            committed = await funds.committed_by(reader, guild_id, month_name(now, zone))
            cap = await funds.server_cap(reader, guild_id, settings, self._policy)
            return Overview(
                guild_id=guild_id,
                period=period,
                window=seen,
                zone=zone,
                figures=sum((model.figures for model in models), Figures()),
                members=top[0].members if top else 0,
                refunded=await refunds.of_guild(reader, guild_id, seen.start),
                before=await _before(reader, guild_id, seen, zone),
                members_before=await usage_reading.active(
                    reader, guild_id, seen.before_first, seen.before_last, seen.before_end
                ),
                models=models,
                buckets=buckets,
                failures=tuple(
                    await usage_reading.failures(reader, guild_id, seen.first, seen.last)
                ),
                top=tuple(top),
                now=await _now(reader, guild_id),
                cap=cap,
                committed=committed,
                forecast=await forecasting.forecast(
                    reader, guild_id, zone, now, committed=committed, cap=cap
                ),
            )

    async def member(self, guild_id: GuildId, user_id: UserId, period: UsagePeriod) -> MemberUsage:
        """One member's figures here, and their last jobs, grants and block."""
        now = self._clock()
        async with self._database.read() as reader:
            zone = await self._zone(reader, guild_id)
            seen = window(period, now, zone)
            rows = await usage_reading.member_days(reader, guild_id, user_id, seen.first, seen.last)
            earlier = await usage_reading.member_days(
                reader, guild_id, user_id, seen.before_first, seen.before_last
            )
            return MemberUsage(
                guild_id=guild_id,
                user_id=user_id,
                period=period,
                window=seen,
                zone=zone,
                figures=_sum(rows),
                refunded=await refunds.of_member(reader, guild_id, user_id, seen.start),
                before=_sum(earlier),
                buckets=_by_day(seen, zone, rows, [""]),
                jobs=tuple(await member_history.jobs(reader, guild_id, user_id, limit=_PAST_JOBS)),
                grants=tuple(await member_history.grants(reader, guild_id, user_id, limit=_GRANTS)),
                block=await member_history.block(reader, guild_id, user_id, now),
            )

    async def _zone(self, reader: Reader, guild_id: GuildId) -> tzinfo:
        settings = await funds.settings_of(reader, guild_id, self._policy)
        return zone_of(settings.time_zone)

    async def _series(
        self, reader: Reader, guild_id: GuildId, period: UsagePeriod, seen: Window, zone: tzinfo
    ) -> tuple[tuple[ModelUsage, ...], tuple[Bucket, ...]]:
        rows: Sequence[DayRow] | Sequence[SlotRow]
        if period is UsagePeriod.TODAY:
            rows = await usage_reading.slots(reader, guild_id, seen.start, Millis(seen.now + 1))
            models = self._models(rows)
            return models, _by_hour(seen, zone, rows, [model.id for model in models])
        rows = await usage_reading.days(reader, guild_id, seen.first, seen.last)
        models = self._models(rows)
        return models, _by_day(seen, zone, rows, [model.id for model in models])

    def _models(self, rows: Iterable[DayRow | SlotRow]) -> tuple[ModelUsage, ...]:
        """Every model that was used, the one that cost most first."""
        sums: dict[str, Figures] = {}
        for row in rows:
            sums[row.model] = sums.get(row.model, Figures()) + _figures(row)
        label = self._policy.catalogue.label
        found = [ModelUsage(id_, label(id_), figures) for id_, figures in sums.items()]
        return tuple(
            sorted(found, key=lambda one: (-one.figures.charged, -one.figures.pictures, one.id))
        )


def _figures(row: DayRow | SlotRow) -> Figures:
    return Figures(row.tasks, row.pictures, row.charged, row.lost, row.failed)


def _sum(rows: Iterable[DayRow]) -> Figures:
    return sum((_figures(row) for row in rows), Figures())


def _by_day(
    seen: Window, zone: tzinfo, rows: Iterable[DayRow], models: Sequence[str]
) -> tuple[Bucket, ...]:
    known = {(row.day, row.model): _figures(row) for row in rows}
    return tuple(
        Bucket(
            day_start(day, zone),
            tuple(known.get((str(day), model), Figures()) for model in models),
        )
        for day in seen.days
    )


def _by_hour(
    seen: Window, zone: tzinfo, rows: Iterable[SlotRow], models: Sequence[str]
) -> tuple[Bucket, ...]:
    """The hours of the whole day, also those to come, so that bars do not grow thinner."""
    following = day_start(seen.last + timedelta(days=1), zone)
    hours = -(-(following - seen.start) // HOUR_MS)  # 23 or 25 when clocks are changed
    kept = [[Figures()] * len(models) for _ in range(hours)]
    place = {model: index for index, model in enumerate(models)}
    for row in rows:
        hour = kept[(row.slot - seen.start) // HOUR_MS]
        hour[place[row.model]] += _figures(row)
    return tuple(
        Bucket(Millis(seen.start + number * HOUR_MS), tuple(hour))
        for number, hour in enumerate(kept)
    )


async def _before(reader: Reader, guild_id: GuildId, seen: Window, zone: tzinfo) -> Figures:
    """Whole days, and of the last one its quarters of an hour up to the one that is running."""
    whole = await usage_reading.sum_of_days(
        reader, guild_id, seen.before_first, seen.before_last - _DAY
    )
    end = slot_of(Millis(seen.before_end + _SLOT_MS - 1))
    part = await usage_reading.sum_of_slots(
        reader, guild_id, day_start(seen.before_last, zone), end
    )
    return whole + part


async def _now(reader: Reader, guild_id: GuildId) -> Now:
    found = await live.stages(reader, guild_id)
    waiting = sum(row.count for row in found if row.stage is TaskStage.QUEUED)
    return Now(
        running=sum(row.count for row in found) - waiting,
        waiting=waiting,
        held=Microcredits(sum(row.held for row in found)),
    )
