"""At most so many starts in any second, however they bunch."""

import asyncio
from collections import deque
from typing import Final

_WINDOW_S: Final = 1.0


class Pace:
    """Counts what was started within the last second of the loop's clock."""

    def __init__(self, per_second: int) -> None:
        self._per_second = per_second
        self._started: deque[float] = deque()

    @property
    def room(self) -> int:
        """How many more may start now."""
        self._forget()
        return self._per_second - len(self._started)

    @property
    def wait_s(self) -> float:
        """Seconds until there is room."""
        if self.room > 0:
            return 0.0
        return self._started[0] + _WINDOW_S - asyncio.get_running_loop().time()

    def take(self, count: int) -> None:
        """So many have just started."""
        self._started.extend([asyncio.get_running_loop().time()] * count)

    def _forget(self) -> None:
        now = asyncio.get_running_loop().time()
        while self._started and self._started[0] <= now - _WINDOW_S:
            self._started.popleft()
