"""Pictures come into our own database once, and with the last one their task is settled."""

import pytest

from bot.domain.stages import Failure, PictureStage, TaskOutcome, TaskStage
from bot.errors import TransitionError
from bot.storage.work import pictures
from bot.storage.work.pictures import Pending
from tests.builders import World, make_picture

TWO = ("https://results.example/1.png", "https://results.example/2.png")


async def pending(world: World, images: tuple[str, ...] = TWO) -> list[Pending]:
    """The claimed pictures of a task that the API has painted."""
    await world.ask()
    (submission,) = await world.submit()
    await world.painted(submission.task_id, images=images)
    return await world.use.fetching.claim("fetch", 10)


async def test_a_task_is_settled_with_its_last_picture(world: World) -> None:
    first, second = await pending(world)
    await world.use.fetching.kept(first, "fetch", make_picture())
    assert (await world.task(first.task_id)).stage is TaskStage.FETCHING
    await world.use.fetching.failed(second, "fetch", "a web page")
    task = await world.task(first.task_id)
    assert (task.outcome, task.charged) == (TaskOutcome.PICTURES, 500_000)
    assert await world.faults() == []


async def test_why_no_picture_could_be_had_is_kept(world: World) -> None:
    first, second = await pending(world)
    await world.use.fetching.failed(first, "fetch", "a web page")
    await world.use.fetching.failed(second, "fetch", "too large")
    task = await world.task(first.task_id)
    assert (task.failure, task.lost) == (Failure.UNFETCHABLE, 500_000)
    assert sorted((task.reason or "").split("; ")) == ["a web page", "too large"]
    assert await world.faults() == []


async def test_no_more_than_ten_pictures_of_a_task_are_taken(world: World) -> None:
    many = tuple(f"https://results.example/{number}.png" for number in range(15))
    assert len(await pending(world, many)) == 10


async def test_an_address_that_does_not_answer_is_tried_for_five_minutes(world: World) -> None:
    (picture,) = await pending(world, TWO[:1])
    waited = 0
    while (await world.task(picture.task_id)).stage is TaskStage.FETCHING:
        await world.use.fetching.unreachable(picture, "fetch", "no answer")
        pause = 2 ** (picture.attempts - 1)
        world.clock.advance(pause - 0.01)
        assert await world.use.fetching.claim("fetch", 10) == []
        world.clock.advance(0.02)
        waited += pause
        picture = next(iter(await world.use.fetching.claim("fetch", 10)), picture)
    assert waited == 1 + 2 + 4 + 8 + 16 + 32 + 64 + 128 + 256
    assert (await world.task(picture.task_id)).reason == "no answer"


async def test_a_claim_is_kept_while_a_download_goes_on(world: World) -> None:
    (picture,) = await pending(world, TWO[:1])
    world.clock.advance(15)
    await world.use.fetching.renew(picture, "fetch")
    world.clock.advance(15)
    assert await world.use.fetching.claim("another", 10) == []
    world.clock.advance(6)
    assert len(await world.use.fetching.claim("another", 10)) == 1


async def test_a_worker_that_lost_its_claim_writes_nothing(world: World) -> None:
    (picture,) = await pending(world, TWO[:1])
    world.clock.advance(21)
    (taken,) = await world.use.fetching.claim("another", 10)
    for late in (
        world.use.fetching.kept(picture, "fetch", make_picture()),
        world.use.fetching.failed(picture, "fetch", "a web page"),
        world.use.fetching.unreachable(picture, "fetch", "no answer"),
        world.use.fetching.renew(picture, "fetch"),
    ):
        with pytest.raises(TransitionError):
            await late
    async with world.database.read() as reader:
        assert await pictures.stages(reader, picture.task_id) == [PictureStage.PENDING]
    await world.use.fetching.kept(taken, "another", make_picture(b"mine"))
    async with world.database.read() as reader:
        assert await pictures.data(reader, taken.id) == b"mine"


async def test_a_restart_frees_downloads_that_were_under_way(world: World) -> None:
    await pending(world, TWO[:1])
    again = await world.again()
    assert await again.use.fetching.claim("fetch", 10) == []
    await again.use.tracking.restarted()
    assert len(await again.use.fetching.claim("fetch", 10)) == 1


@pytest.mark.parametrize("had", [True, False])
async def test_a_picture_that_comes_after_its_task_was_given_up_changes_no_end(
    world: World, had: bool
) -> None:
    await world.ask()
    (submission,) = await world.submit()
    world.clock.advance(11 * 60)
    await world.use.tracking.give_up_overdue()
    await world.painted(submission.task_id)
    (late,) = await world.use.fetching.claim("fetch", 10)
    if had:
        await world.use.fetching.kept(late, "fetch", make_picture())
    else:
        await world.use.fetching.failed(late, "fetch", "a web page")
    task = await world.task(submission.task_id)
    assert (task.outcome, task.failure, task.charged) == (TaskOutcome.FAILED, Failure.DEADLINE, 0)
    async with world.database.read() as reader:
        kept = PictureStage.KEPT if had else PictureStage.FAILED
        assert await pictures.stages(reader, task.id) == [kept]
    assert await world.faults() == []
