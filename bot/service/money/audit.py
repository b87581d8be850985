"""Proof of the books: recomputes from the postings and the tasks everything that is kept."""

from dataclasses import dataclass

from bot.storage import Database
from bot.storage.engine.database import Reader
from bot.storage.money import audits, losses
from bot.storage.money.audits import Fault
from bot.storage.money.losses import Loss

__all__ = ["Fault", "Loss", "Report", "audit", "audited"]


@dataclass(frozen=True, slots=True)
class Report:
    """What an audit found, what the operator paid for, and how much was looked at."""

    faults: tuple[Fault, ...]
    losses: tuple[Loss, ...]
    tasks: int
    transfers: int


async def audit(reader: Reader) -> list[Fault]:
    """Every broken invariant on the reader's snapshot; an empty list proves the books.

    Transfers sum to zero, balances are what was posted, no member and no hold is negative, every
    hold belongs to an unfinished task, nothing captured exceeds what was held, every finished task
    is settled once, and the monthly and daily sums equal the tasks.
    """
    return await audits.faults(reader)


async def audited(database: Database) -> Report:
    """The audit of a database, on one snapshot, with the operator's losses: newest first."""
    async with database.read() as reader:
        return Report(
            faults=tuple(await audit(reader)),
            losses=tuple(await losses.newest(reader)),
            tasks=await losses.tasks(reader),
            transfers=await losses.transfers(reader),
        )
