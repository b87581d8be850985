"""What a transaction leaves is claimed in it for a worker of this process that has room."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Generic, TypeVar

import pytest

from bot.domain.stages import JobStage
from bot.errors import TransitionError
from bot.service.delivery.delivering import Due
from bot.service.work.recording import Verdict
from bot.service.work.submitting import Submission
from bot.storage.work import events
from bot.storage.work.pictures import Pending
from tests.builders import ALICE, World, make_picture, make_update

Work = TypeVar("Work")


class Worker(Generic[Work]):
    """Takes so many pieces of work."""

    def __init__(self, room: int) -> None:
        self.room = room
        self.taken: list[tuple[Work, str]] = []

    @contextmanager
    def place(self) -> Iterator[Callable[[Work, str], None] | None]:
        yield self._begin if self.room else None

    def _begin(self, work: Work, claim: str) -> None:
        self.room -= 1
        self.taken.append((work, claim))


@pytest.fixture
def fetcher(world: World) -> Worker[Pending]:
    worker = Worker[Pending](1)
    world.use.painted.connect(worker)
    return worker


@pytest.fixture
def deliverer(world: World) -> Worker[Due]:
    worker = Worker[Due](1)
    world.use.ended.connect(worker)
    return worker


async def running(world: World, **request: Any) -> list[Submission]:
    await world.ask(**request)
    return await world.submit()


async def test_a_painted_picture_comes_claimed(world: World, fetcher: Worker[Pending]) -> None:
    (task,) = await running(world)
    await world.painted(task.task_id)
    ((pending, claim),) = fetcher.taken
    assert (pending.task_id, pending.attempts) == (task.task_id, 1)
    assert await world.use.fetching.claim("another", 10) == []
    await world.use.fetching.kept(pending, claim, make_picture())
    assert (await world.job(task.job_id)).stage is JobStage.DELIVERING


async def test_what_died_before_it_began_is_taken_up_after_its_lease(
    world: World, fetcher: Worker[Pending]
) -> None:
    (task,) = await running(world)
    await world.painted(task.task_id)
    ((pending, claim),) = fetcher.taken
    world.clock.advance(21)
    (again,) = await world.use.fetching.claim("another", 10)
    assert (again.id, again.attempts) == (pending.id, 2)
    with pytest.raises(TransitionError):
        await world.use.fetching.kept(pending, claim, make_picture())


async def test_without_room_the_worker_finds_it_by_itself(
    world: World, fetcher: Worker[Pending]
) -> None:
    fetcher.room = 0
    (task,) = await running(world)
    await world.painted(task.task_id)
    assert fetcher.taken == []
    assert world.use.wakeups.fetch.is_set()
    assert len(await world.use.fetching.claim("fetch", 10)) == 1


async def test_of_several_pictures_the_first_comes_claimed_and_the_rest_is_found(
    world: World, fetcher: Worker[Pending]
) -> None:
    (task,) = await running(world)
    world.use.wakeups.fetch.clear()
    await world.painted(task.task_id, images=("https://a.example/1", "https://a.example/2"))
    assert [pending.source for pending, _ in fetcher.taken] == ["https://a.example/1"]
    assert world.use.wakeups.fetch.is_set()
    (other,) = await world.use.fetching.claim("fetch", 10)
    assert other.source == "https://a.example/2"


async def test_nothing_begins_that_was_not_committed(
    world: World, fetcher: Worker[Pending], monkeypatch: pytest.MonkeyPatch
) -> None:
    (task,) = await running(world)

    async def fail(*_: object, **__: object) -> None:
        raise OSError

    monkeypatch.setattr(events, "record", fail)
    with pytest.raises(OSError):  # noqa: PT011 - ours, without words
        await world.painted(task.task_id)
    assert (fetcher.taken, fetcher.room) == ([], 1)


async def test_a_stranger_leaves_nothing(world: World, fetcher: Worker[Pending]) -> None:
    (task,) = await running(world)
    verdict = await world.report(task.task_id, make_update("ta-of-another"))
    assert verdict is Verdict.STRANGER
    assert fetcher.taken == []


async def test_an_end_comes_claimed_with_its_picture(world: World, deliverer: Worker[Due]) -> None:
    (task,) = await running(world)
    await world.painted(task.task_id)
    await world.fetch()
    ((due, claim),) = deliverer.taken
    assert due.claim == claim
    assert due.told == ("callback", world.clock())
    assert [file.data for file in await world.use.delivering.files(due)] == [b"picture"]
    assert await world.use.delivering.claim_ends("another", 10) == []
    world.clock.advance(21)
    assert len(await world.use.delivering.claim_ends("another", 10)) == 1


async def test_several_pictures_are_read_where_they_are_kept(
    world: World, deliverer: Worker[Due]
) -> None:
    for task in await running(world, count=2):
        await world.painted(task.task_id)
    await world.fetch()
    ((due, _),) = deliverer.taken
    assert (len(due.kept), due.files) == (2, ())
    assert len(await world.use.delivering.files(due)) == 2


async def test_a_stopped_job_is_delivered_without_its_picture(
    world: World, deliverer: Worker[Due]
) -> None:
    (task,) = await running(world)
    await world.use.cancelling.cancel(task.job_id, user_id=ALICE)
    await world.painted(task.task_id)
    await world.fetch()
    ((due, _),) = deliverer.taken
    assert await world.use.delivering.files(due) == []


async def test_a_message_that_is_being_changed_is_left_to_whoever_changes_it(
    world: World, deliverer: Worker[Due]
) -> None:
    (task,) = await running(world)
    await world.painted(task.task_id)
    (progress,) = await world.use.delivering.claim_progress("cards", 10)
    await world.fetch()
    assert deliverer.taken == []
    assert world.use.wakeups.deliver.is_set()
    await world.use.delivering.progress_shown(progress, fate_unknown=False)
    assert len(await world.use.delivering.claim_ends("deliver", 10)) == 1
