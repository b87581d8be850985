"""The books are looked through at the start and every hour, and faults are named."""

from structlog.testing import capture_logs

from tests.integration.workers.workshop import Workshop


async def test_sound_books_are_said_to_agree_once_an_hour(shop: Workshop) -> None:
    await shop.world.picture()
    with capture_logs() as logs:
        for seconds in (0, 3599, 1):
            shop.world.clock.advance(seconds)
            await shop.step("audit")
    told = [entry["tasks"] for entry in logs if entry["event"] == "the books agree"]
    assert told == [1, 1]
    assert shop.measured.faults == [0, 0]


async def test_a_fault_is_named_and_counted(shop: Workshop) -> None:
    await shop.world.picture()
    await shop.world.alter("UPDATE accounts SET balance = balance + 1 WHERE kind = 'spent'")
    with capture_logs() as logs:
        await shop.step("audit")
    named = [entry for entry in logs if entry["event"] == "the books do not agree"]
    assert shop.measured.faults == [len(named)]
    assert {entry["log_level"] for entry in named} == {"error"}
