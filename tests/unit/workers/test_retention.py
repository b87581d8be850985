"""The loop that deletes: every erasure a step, all sweeps to their end, a failure kept apart."""

from unittest.mock import create_autospec

from bot.domain.ids import GuildId, Millis, UserId
from bot.service.operator.retention import Dropped, Retention
from bot.service.personal.erasing import Erasing, Stand
from bot.storage.people.erasing import Erasure
from bot.workers.retention import RetentionWorker
from tests.unit.workers.measuring import Measured

ALICE, BOB = UserId(1), UserId(2)


def quiet_retention() -> Retention:
    """Nothing to drop, nothing to purge."""
    retention: Retention = create_autospec(Retention, instance=True)
    retention.drop_old_pictures.return_value = Dropped(0, 0)  # type: ignore[attr-defined]
    retention.purge_next.return_value = None  # type: ignore[attr-defined]
    return retention


async def test_each_erasure_gets_a_step_and_unfinished_ones_come_again_at_once() -> None:
    erasing = create_autospec(Erasing, instance=True)
    erasing.next_after.side_effect = [
        Erasure(ALICE, Millis(1), posts=False), Erasure(BOB, Millis(1), posts=True), None,
    ]  # fmt: skip
    erasing.step.side_effect = [Stand.MORE, Stand.WAITING]
    worker = RetentionWorker(erasing, quiet_retention(), Measured())
    assert await worker.step() == 0.0
    assert [call.args for call in erasing.step.await_args_list] == [(ALICE,), (BOB,)]
    assert [call.args[0] for call in erasing.next_after.await_args_list][1:] == [ALICE, BOB]


async def test_who_has_to_wait_does_not_make_it_spin() -> None:
    erasing = create_autospec(Erasing, instance=True)
    erasing.next_after.side_effect = [Erasure(ALICE, Millis(1), posts=False), None]
    erasing.step.return_value = Stand.WAITING
    assert await RetentionWorker(erasing, quiet_retention(), Measured()).step() is None


async def test_a_sweep_goes_on_to_its_end_and_then_rests() -> None:
    erasing = create_autospec(Erasing, instance=True)
    erasing.next_after.return_value = None
    retention = create_autospec(Retention, instance=True)
    retention.drop_old_pictures.side_effect = [Dropped(100, 5), Dropped(3, 1), Dropped(0, 0)]
    retention.purge_next.side_effect = [(GuildId(5), False), (GuildId(5), True), None]
    worker = RetentionWorker(erasing, retention, Measured())
    assert await worker.step() is None
    assert retention.drop_old_pictures.await_count == 3
    assert retention.purge_next.await_count == 3
    retention.forget_ended.assert_awaited_once_with()
    await worker.step()  # a minute has not passed
    assert retention.drop_old_pictures.await_count == 3


async def test_a_failing_erasure_does_not_hold_up_the_next() -> None:
    erasing = create_autospec(Erasing, instance=True)
    erasing.next_after.side_effect = [
        Erasure(ALICE, Millis(1), posts=False), Erasure(BOB, Millis(1), posts=False), None,
    ]  # fmt: skip
    erasing.step.side_effect = [RuntimeError("broken"), Stand.DONE]
    measured = Measured()
    assert await RetentionWorker(erasing, quiet_retention(), measured).step() is None
    assert erasing.step.await_count == 2
    assert measured.failures == {"retention": 1}
