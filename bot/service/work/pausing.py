"""When nothing may be submitted: the API refuses the key, or has asked for a pause."""

from bot.domain.clock import Clock
from bot.domain.ids import Millis
from bot.domain.stages import TaskStage
from bot.service.work.wakeups import Wakeups
from bot.storage import Database
from bot.storage.engine.database import Transaction
from bot.storage.work import events, messages, state, tasks
from bot.storage.work.state import Fact

_MANY = 1_000_000


async def submit_allowance(tx: Transaction, now: Millis) -> int:
    """How many tasks may be submitted now; after a pause one goes first, as a probe."""
    hindered = await state.read_both(tx, Fact.THROTTLE, Fact.PAUSE)
    throttled_until, pause = hindered.get(Fact.THROTTLE), hindered.get(Fact.PAUSE)
    if throttled_until is not None and now < throttled_until:
        return 0
    if pause is None:
        return _MANY
    if not pause["probe"]:
        return 0
    await state.write(tx, Fact.PAUSE, {**pause, "probe": False})
    return 1


class Pausing:
    """The state of the API key, shared by all processes."""

    def __init__(self, database: Database, clock: Clock, wakeups: Wakeups) -> None:
        self._database = database
        self._clock = clock
        self._wakeups = wakeups

    async def refused(self, status: int, reason: str) -> bool:
        """Pause submitting; whether that is news, so that the operator is told once."""
        async with self._database.write() as tx:
            now = self._clock()
            await state.lock(tx, Fact.LINE)
            pause = await state.lock(tx, Fact.PAUSE)
            since = pause["since"] if pause else now
            await state.write(
                tx, Fact.PAUSE,
                {"since": since, "status": status, "reason": reason, "probe": False},
            )  # fmt: skip
            if pause is None:
                await messages.touch_all(tx, now)
                await events.record(tx, "paused", now, status=status, reason=reason)
        self._wakeups.cards.set()
        return pause is None

    async def paused(self) -> bool:
        """Whether a refused key keeps everything waiting and no probe is allowed yet."""
        async with self._database.read() as reader:
            pause = await state.read(reader, Fact.PAUSE)
        return pause is not None and not pause["probe"]

    async def key_works(self) -> None:
        """The key is accepted for queries: let one task through, or go on if none waits."""
        async with self._database.write() as tx:
            now = self._clock()
            await state.lock(tx, Fact.LINE)
            pause = await state.lock(tx, Fact.PAUSE)
            if pause is None:
                await state.forget(tx, Fact.PAUSE)
            elif (await tasks.counts(tx)).get(TaskStage.QUEUED):
                await state.write(tx, Fact.PAUSE, {**pause, "probe": True})
            else:
                await state.forget(tx, Fact.PAUSE)
                await messages.touch_all(tx, now)
                await events.record(tx, "resumed", now)
        self._wakeups.submit.set()
        self._wakeups.cards.set()

    async def throttled(self, until: Millis) -> None:
        """Submit nothing before that moment."""
        async with self._database.write() as tx:
            await state.write(tx, Fact.THROTTLE, until)
