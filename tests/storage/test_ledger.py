"""The ledger itself: nothing out of nothing, nothing below zero, nothing twice."""

from collections.abc import Mapping

import pytest

from bot.domain.ids import Millis
from bot.domain.money import Microcredits
from bot.errors import TransitionError
from bot.storage import Database
from bot.storage.money import ledger
from bot.storage.money.ledger import Account, AccountKind, Balance, TransferKind
from tests.builders import ALICE, GUILD

NOW = Millis(1_800_000_000_000)
PURSE = ledger.extra(GUILD, ALICE)
ISSUED = ledger.issued(GUILD)
SPENT = ledger.spent(GUILD, ALICE)


async def move(
    database: Database, lines: Mapping[Account, int], key: str, kind: TransferKind
) -> bool:
    async with database.write() as tx:
        return await ledger.transfer(tx, kind, key, lines, NOW, guild_id=GUILD, user_id=ALICE)


async def granted(database: Database, key: str = "grant") -> bool:
    """Five micro-credits."""
    return await move(database, {ISSUED: -5, PURSE: 5}, key, TransferKind.GRANT)


async def purse(database: Database) -> list[Balance]:
    async with database.read() as reader:
        return await ledger.purses(reader, GUILD, ALICE, NOW)


FIVE = [Balance(PURSE.id, AccountKind.EXTRA, Microcredits(5), None)]


async def test_a_transfer_that_makes_credits_is_refused(database: Database) -> None:
    with pytest.raises(ValueError, match="sum to zero"):
        await move(database, {ISSUED: -5, PURSE: 6}, "grant", TransferKind.GRANT)
    assert await purse(database) == []


async def test_an_overdrawn_account_takes_the_whole_transfer_back(database: Database) -> None:
    await granted(database)
    with pytest.raises(TransitionError):
        await move(database, {SPENT: 6, PURSE: -6}, "task", TransferKind.CAPTURE)
    assert await purse(database) == FIVE
    async with database.read() as reader:
        assert await ledger.postings(reader, TransferKind.CAPTURE, "task") == []
    assert await move(database, {SPENT: 5, PURSE: -5}, "task", TransferKind.CAPTURE)
    assert await purse(database) == []


async def test_a_key_moves_credits_once(database: Database) -> None:
    assert await granted(database)
    assert not await granted(database)
    assert await purse(database) == FIVE
    assert await granted(database, "another")
