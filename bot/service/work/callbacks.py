"""What a callback with a good signature leads to."""

from bot.domain.ids import TaskId
from bot.ketchup.wire import TaskUpdate
from bot.service.work.recording import Recording, Source, Verdict
from bot.service.work.tracking import Tracking


class CallbackInbox:
    """The web server's sink."""

    def __init__(self, recording: Recording, tracking: Tracking) -> None:
        self._recording = recording
        self._tracking = tracking

    async def callback(self, task_id: TaskId, update: TaskUpdate) -> bool:
        """Take it up; False when there is no such task, or the API's id is another's."""
        verdict = await self._recording.record(task_id, update, Source.CALLBACK)
        return verdict is not Verdict.STRANGER

    async def oversized(self, task_id: TaskId) -> None:
        """It was too large to take: ask for the task's state at once."""
        await self._tracking.ask_now(task_id)
