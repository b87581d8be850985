"""What the web server needs of the bot; the composition root provides it."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Protocol

from bot.domain.ids import TaskId
from bot.ketchup.wire import TaskUpdate


class CallbackSink(Protocol):
    """Takes up what a callback with a good signature says."""

    async def callback(self, task_id: TaskId, update: TaskUpdate) -> bool:
        """Store the update durably; False when there is no such task or the API's id is another's.

        Repetitions and late ones are True: there is nothing for the API to send again.
        """

    async def oversized(self, task_id: TaskId) -> None:
        """The callback was too large to take: ask for this task's state at once."""


class CallbackObserver(Protocol):
    """Counts callbacks for the operator."""

    def callback(self, outcome: str) -> None: ...


Readiness = Callable[[], Awaitable[Mapping[str, bool]]]
"""Named checks of what this process needs for its work, such as ``database`` and ``gateway``."""
