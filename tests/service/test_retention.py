"""What is not needed any more is dropped; what is, stays."""

import sqlalchemy as sa

from bot.domain.ids import Millis, UserId, first_id_at, new_id
from bot.domain.policy import KEEP_PICTURES_MS, PURGE_AFTER_MS
from bot.service.operator.retention import Dropped, Retention
from bot.storage import tables
from bot.storage.engine.database import Statement
from tests.builders import ALICE, GUILD, World
from tests.service.test_erasing import everything, traces

BLOBS = Statement(sa.select(tables.blobs.c.picture_id), str)
LONG_S = KEEP_PICTURES_MS / 1000 + 60
GONE_S = PURGE_AFTER_MS / 1000 + 60


async def aged(world: World) -> None:
    """Ids are made by real time: let the clock stand there."""
    import time

    world.clock.now = Millis(int(time.time() * 1000))


async def test_private_pictures_are_kept_for_thirty_days(world: World) -> None:
    await aged(world)
    await world.picture(private=True)
    await world.picture()
    assert len(await world.all(BLOBS)) == 1  # the posted one is in its message
    world.clock.advance(LONG_S - 120)
    assert await world.use.retention.drop_old_pictures() == Dropped(0, 0)
    world.clock.advance(120)
    assert await world.use.retention.drop_old_pictures() == Dropped(1, len(b"picture"))
    assert await world.all(BLOBS) == []
    assert await world.faults() == []


async def test_the_oldest_go_first_where_room_is_short(world: World) -> None:
    await aged(world)
    for _ in range(3):
        await world.picture(private=True)
    kept = sorted(await world.all(BLOBS))
    retention = Retention(world.database, world.clock, keep_bytes=2 * len(b"picture"))
    assert (await retention.drop_old_pictures()).pictures == 1
    assert sorted(await world.all(BLOBS)) == kept[1:]
    assert (await retention.drop_old_pictures()).pictures == 0


async def test_what_is_not_delivered_yet_is_never_dropped(world: World) -> None:
    await aged(world)
    await world.ask(private=True)
    for submission in await world.submit():
        await world.painted(submission.task_id)
    await world.fetch()
    retention = Retention(world.database, world.clock, keep_bytes=0)
    assert (await retention.drop_old_pictures()).pictures == 0
    assert len(await world.all(BLOBS)) == 1


async def test_a_server_is_purged_thirty_days_after_the_bot_left(world: World) -> None:
    await world.picture(prompt="a word of Alice", private=True)
    await world.wallets.grant(
        GUILD, UserId(777_888_999), 1_000_000, by=ALICE, key="g",  # type: ignore[arg-type]
        reason="a word of a moderator",
    )  # fmt: skip
    await world.use.servers.cap(GUILD, None)
    await world.use.requests.guild_left(GUILD)
    world.clock.advance(GONE_S - 120)
    assert await world.use.retention.purge_next() is None
    assert "jobs.prompt" in await traces(world, "a word of Alice")
    world.clock.advance(240)
    parts = 0
    while await world.use.retention.purge_next() is not None:
        parts += 1
    assert parts == 3
    assert await traces(world, "a word of", "777888999") == set()
    rows = await everything(world)
    people = [value for name, *values in rows["jobs"] for value in values if name == "user_id"]
    assert people
    assert all(int(user_id) < 0 for user_id in people)
    assert rows["audit_log"][0] == ("id",)
    assert await world.faults() == []


async def test_a_server_that_has_the_bot_again_is_not_purged(world: World) -> None:
    await world.picture()
    await world.use.requests.guild_left(GUILD)
    world.clock.advance(GONE_S)
    await world.use.welcoming.arrived(GUILD, world.clock())
    assert await world.use.retention.purge_next() is None
    await world.use.requests.guild_left(GUILD)
    assert await world.use.retention.purge_next() is None


def test_a_moments_first_id_sorts_before_all_ids_made_then() -> None:
    import time

    now = Millis(int(time.time() * 1000))
    assert first_id_at(Millis(now - 1)) < new_id() < first_id_at(Millis(now + 60_000))
    assert len(first_id_at(now)) == 26
