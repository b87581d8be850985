"""How often somebody may present a link that opens nothing."""

import time
from collections import OrderedDict, deque
from collections.abc import Callable
from typing import Final

LIMIT: Final = 20
WINDOW_S: Final = 60.0
_PEERS: Final = 1_000


class Attempts:
    """Counts wrong links by the address that the connection comes from.

    Good links stay good meanwhile: behind a reverse proxy everybody comes from one address, and
    nobody may lock moderators out by knocking. 160 bits are not guessed at any rate; this keeps
    the noise down.
    """

    def __init__(self, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._monotonic = monotonic
        self._wrong: OrderedDict[str, deque[float]] = OrderedDict()

    def wrong(self, peer: str) -> float | None:
        """Note a wrong link; None, or after too many the seconds until the next may be tried."""
        now = self._monotonic()
        times = self._wrong.setdefault(peer, deque(maxlen=LIMIT))
        self._wrong.move_to_end(peer)
        while len(self._wrong) > _PEERS:
            self._wrong.popitem(last=False)
        while times and now - times[0] >= WINDOW_S:
            times.popleft()
        if len(times) == LIMIT:
            return WINDOW_S - (now - times[0])
        times.append(now)
        return None
