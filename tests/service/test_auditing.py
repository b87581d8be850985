"""The audit log is read in its order, filtered, page by page, and never another server's."""

import pytest

from bot.domain.ids import GuildId, Millis, UserId
from bot.service.moderators.auditing import AuditPage, Sought
from bot.storage.moderators import audit_log
from tests.builders import ALICE, BOB, GUILD, START, World

MIA, OTTO = UserId(9), UserId(10)
OTHER = GuildId(501)


async def written(world: World, count: int, **overrides: object) -> None:
    """So many actions, of which neighbours share a millisecond."""
    async with world.database.write() as tx:
        for number in range(count):
            await audit_log.write(
                tx, GUILD, MIA if number % 3 else OTTO, "block" if number % 2 else "word_add",
                Millis(START + number // 2), target_id=ALICE, before=None,
                after={"number": number},
            )  # fmt: skip
        await audit_log.write(tx, OTHER, MIA, "block", Millis(START), target_id=BOB)


def numbers(page: AuditPage) -> list[int]:
    return [int((entry.after or "").partition(":")[2].strip("}")) for entry in page.entries]


async def all_pages(world: World, sought: Sought | None = None, limit: int = 4) -> list[int]:
    """Everything, turning pages backwards in time."""
    page = await world.use.audit_log.page(GUILD, sought, limit=limit)
    found = numbers(page)
    assert not page.has_newer
    while page.has_older:
        page = await world.use.audit_log.page(
            GUILD, sought, than=page.entries[-1].mark, limit=limit
        )
        assert page.has_newer
        found += numbers(page)
    return found


async def test_pages_show_everything_once_newest_first(world: World) -> None:
    await written(world, 21)
    found = await all_pages(world)
    assert sorted(found) == list(range(21))
    assert [number // 2 for number in found] == sorted(
        (number // 2 for number in range(21)), reverse=True
    )


async def test_turning_back_shows_the_same_page_again(world: World) -> None:
    await written(world, 12)
    log = world.use.audit_log
    first = await log.page(GUILD, limit=5)
    second = await log.page(GUILD, than=first.entries[-1].mark, limit=5)
    back = await log.page(GUILD, than=second.entries[0].mark, newer=True, limit=5)
    assert back.entries == first.entries
    assert (back.has_newer, back.has_older) == (False, True)


@pytest.mark.parametrize(
    ("sought", "wanted"),
    [
        (Sought(actor_id=OTTO), [number for number in range(12) if number % 3 == 0]),
        (Sought(action="block"), [number for number in range(12) if number % 2]),
        (Sought(target_id=BOB), []),
        (Sought(actor_id=MIA, action="block"), [1, 5, 7, 11]),
        (Sought(since=Millis(START + 2), before=Millis(START + 4)), [4, 5, 6, 7]),
    ],
)
async def test_filters_can_be_combined(world: World, sought: Sought, wanted: list[int]) -> None:
    await written(world, 12)
    assert sorted(await all_pages(world, sought)) == wanted


async def test_a_period_is_streamed_oldest_first(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.service.moderators.auditing._CHUNK", 4)
    await written(world, 21)
    log = world.use.audit_log
    found = [entry async for entry in log.stream(GUILD, START, Millis(START + 100))]
    assert [entry.at for entry in found] == sorted(entry.at for entry in found)
    assert len({entry.id for entry in found}) == len(found) == 21
    some = [entry.at async for entry in log.stream(GUILD, Millis(START + 1), Millis(START + 3))]
    assert some == [START + 1] * 2 + [START + 2] * 2
    assert [entry async for entry in log.stream(OTHER, Millis(START + 1), Millis(START + 9))] == []


async def test_another_servers_entry_marks_no_place_here(world: World) -> None:
    await written(world, 3)
    log = world.use.audit_log
    (theirs,) = (await log.page(OTHER)).entries
    assert await log.mark(GUILD, theirs.id) is None
    assert await log.mark(OTHER, theirs.id) == theirs.mark
    assert await log.actions(OTHER) == ["block"]
    assert await log.actions(GUILD) == ["block", "word_add"]
