"""Proof of the books: recomputes from the postings and the tasks everything that is kept."""

from bot.storage import audits
from bot.storage.audits import Fault
from bot.storage.database import Reader

__all__ = ["Fault", "audit"]


async def audit(reader: Reader) -> list[Fault]:
    """Every broken invariant on the reader's snapshot; an empty list proves the books.

    Transfers sum to zero, balances are what was posted, no member and no hold is negative, every
    hold belongs to an unfinished task, nothing captured exceeds what was held, every finished task
    is settled once, and the monthly and daily sums equal the tasks.
    """
    return await audits.faults(reader)
