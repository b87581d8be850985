"""Takes what a transaction leaves straight on to the worker of this process that goes on with it.

Such work is claimed in the very transaction that makes it, if that worker has room: one commit and
one search less on the way to the picture. In the database it is a claim like any other. When the
process dies before the work has begun, the lease runs out and another worker takes it.
"""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

from bot.domain.ids import new_id

Work = TypeVar("Work")
_Work = TypeVar("_Work", contravariant=True)  # noqa: PLC0105 - of the protocol below alone


class Taker(Protocol[_Work]):
    """A worker's side."""

    def place(self) -> AbstractContextManager[Callable[[_Work, str], None] | None]:
        """Room for one piece of work while the block runs; what is given begins the work under its
        claim. None where there is no room."""


@dataclass(slots=True)
class Offer(Generic[Work]):
    """``claim`` is None where nobody takes anything. ``work`` is for the transaction to set, once
    it has claimed it."""

    claim: str | None = None
    work: Work | None = None


class Handover(Generic[Work]):
    """One kind of work. Without a worker in this process nobody takes anything."""

    def __init__(self) -> None:
        self._taker: Taker[Work] | None = None

    def connect(self, taker: Taker[Work]) -> None:
        """From now on this worker takes the work."""
        self._taker = taker

    @contextmanager
    def offer(self) -> Iterator[Offer[Work]]:
        """To be wrapped around a transaction: its work begins when the block ends, and never when
        it raises."""
        if self._taker is None:
            yield Offer()
            return
        with self._taker.place() as begin:
            if begin is None:
                yield Offer()
                return
            claim = new_id()
            offer = Offer[Work](claim)
            yield offer
            if offer.work is not None:
                begin(offer.work, claim)
