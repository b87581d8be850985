"""A waiting job's message says its true place while it is near the front."""

from bot.domain.ids import JobId
from tests.builders import ALICE, BOB, World

NEAR = 3
LONG_ENOUGH_S = 3  # two seconds lie between two edits of one message


async def behind(world: World) -> list[tuple[JobId, int | None]]:
    """Whose message is to be edited now, and the place that it will say; then it says that."""
    await world.use.delivering.notice_moves(NEAR)
    found = await world.use.delivering.claim_progress("claim", 100)
    for due in found:
        await world.use.delivering.progress_shown(due, fate_unknown=False)
    return [(due.job_id, due.card.place_in_line) for due in found]


async def test_whoever_moves_up_near_the_front_is_told_once(world: World) -> None:
    first, second, third, fourth, fifth = [await world.ask(BOB) for _ in range(5)]
    world.clock.advance(LONG_ENOUGH_S)
    assert await behind(world) == []
    await world.use.cancelling.cancel(first.job_id, user_id=first.user_id)
    assert sorted(await behind(world)) == [
        (second.job_id, 1), (third.job_id, 2), (fourth.job_id, 3),
    ]  # fmt: skip
    assert await behind(world) == []
    world.clock.advance(LONG_ENOUGH_S)
    assert await behind(world) == []
    await world.use.cancelling.cancel(third.job_id, user_id=third.user_id)
    assert sorted(await behind(world)) == [(fourth.job_id, 2), (fifth.job_id, 3)]


async def test_who_moves_before_anybody_has_looked_at_the_line_is_told_all_the_same(
    world: World,
) -> None:
    first = await world.ask(ALICE)
    second = await world.ask(BOB)
    assert second.place_in_line == 2
    await world.use.cancelling.cancel(first.job_id, user_id=first.user_id)
    assert await behind(world) == []  # the answer is a moment old
    world.clock.advance(LONG_ENOUGH_S)
    assert await behind(await world.again()) == [(second.job_id, 1)]


async def test_an_edit_under_way_is_not_asked_for_again(world: World) -> None:
    first, second = [await world.ask(BOB) for _ in range(2)]
    world.clock.advance(LONG_ENOUGH_S)
    await world.use.cancelling.cancel(first.job_id, user_id=first.user_id)
    delivering = world.use.delivering
    await delivering.notice_moves(NEAR)
    (due,) = await delivering.claim_progress("claim", 100)
    await delivering.notice_moves(NEAR)
    await delivering.progress_shown(due, fate_unknown=False)
    world.clock.advance(LONG_ENOUGH_S)
    assert (due.job_id, await behind(world)) == (second.job_id, [])
