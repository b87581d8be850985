"""Files of jobs, bookings and deeds: every row once, and a note of who took them."""

import pytest

from bot.domain.ids import GuildId, UserId
from bot.domain.money import CREDIT, Microcredits
from bot.domain.usage_window import UsagePeriod
from bot.service.figures import exporting
from bot.service.figures.exporting import COLUMNS, Cell, Exported, Exporting
from bot.storage.moderators import audit_log
from tests.builders import ALICE, BOB, GUILD, World

MIA = UserId(3)
HOUR_S = 3600


async def exported(
    world: World, what: Exported, guild: GuildId = GUILD, key: str = "k"
) -> list[dict[str, Cell]]:
    """The rows of the last seven days, one part after the other."""
    taking = Exporting(world.database, world.policy, world.clock)
    export = await taking.open(guild, what, UsagePeriod.DAYS_7, by=MIA, key=key)
    assert export is not None
    rows = [dict(row) async for row in export.rows]
    assert all(tuple(row) == export.columns == COLUMNS[what] for row in rows)
    return rows


async def test_jobs_are_taken_away_with_what_they_cost(world: World) -> None:
    public = await world.picture()
    private = await world.picture(BOB, private=True)
    waiting = await world.ask(prompt="soon")
    first, second, third = await exported(world, Exported.JOBS)
    assert (first["id"], first["prompt"], first["credits"], first["made"]) == (
        public.job_id, "a lighthouse at dawn", "0.5", 1,
    )  # fmt: skip
    assert (second["id"], second["prompt"], second["private"]) == (private.job_id, None, 1)
    assert (third["id"], third["stage"], third["finished_at"]) == (waiting.job_id, "queued", None)
    assert first["created_at"] == first["finished_at"] == "2026-11-18T11:06:40.000+00:00"


async def test_the_lines_of_a_booking_add_up_to_nothing(world: World) -> None:
    card = await world.picture()
    await world.wallets.grant(
        GUILD, BOB, Microcredits(3 * CREDIT), by=MIA, key="g", reason="thanks"
    )
    rows = await exported(world, Exported.LEDGER)
    sums: dict[Cell, float] = {}
    for row in rows:
        sums[row["id"]] = sums.get(row["id"], 0) + float(str(row["credits"]))
    assert set(sums.values()) == {0}
    assert {row["kind"] for row in rows} == {"refill", "hold", "capture", "grant"}
    captured = [row for row in rows if row["kind"] == "capture"]
    assert {(row["user_id"], row["job_id"]) for row in captured} == {(str(ALICE), card.job_id)}
    granted = {(row["account"], row["credits"]) for row in rows if row["kind"] == "grant"}
    assert granted == {("extra", "3"), ("issued", "-3")}


async def test_deeds_are_taken_away_and_so_is_the_note_of_earlier_exports(world: World) -> None:
    await world.use.moderating.block(GUILD, ALICE, until=None, reason="Spam", by=MIA, key="b")
    blocked, taken = await exported(world, Exported.AUDIT)
    assert (blocked["action"], blocked["actor_id"], blocked["target_id"], blocked["reason"]) == (
        "block", str(MIA), str(ALICE), "Spam",
    )  # fmt: skip
    assert (taken["action"], taken["target_id"]) == ("usage_export", None)
    assert taken["after"] == '{"what":"audit","period":"7d"}'


@pytest.mark.parametrize("what", list(Exported))
async def test_parts_have_neither_gap_nor_repetition(
    world: World, what: Exported, monkeypatch: pytest.MonkeyPatch
) -> None:
    for member in range(5):  # at the same moment
        await world.picture(UserId(member + 10))
        await world.use.moderating.add_phrase(GUILD, f"word {member}", by=MIA, key=f"{member}")
    whole = await exported(world, what, key="whole")
    monkeypatch.setattr(exporting, "_AT_ONCE", 2)
    parts = await exported(world, what, key="parts")
    assert parts[: len(whole)] == whole
    assert len({str(row) for row in whole}) == len(whole) >= 5


async def test_what_is_older_or_another_servers_is_not_in_it(world: World) -> None:
    await world.picture()
    assert await exported(world, Exported.JOBS, GuildId(600), key="elsewhere") == []
    world.clock.advance(8 * 24 * HOUR_S)
    assert await exported(world, Exported.JOBS) == []


async def test_a_click_that_comes_twice_is_one_export(world: World) -> None:
    await exported(world, Exported.JOBS, key="once")
    taking = Exporting(world.database, world.policy, world.clock)
    again = await taking.open(GUILD, Exported.JOBS, UsagePeriod.DAYS_7, by=MIA, key="once")
    assert again is None
    async with world.database.read() as reader:
        assert len(await audit_log.latest(reader, GUILD, 10)) == 1
