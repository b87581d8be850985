"""The key that signs callback addresses where the operator has given none."""

import secrets

from bot.storage import Database
from bot.storage.work import state
from bot.storage.work.state import Fact

_BYTES = 32


async def own_secret_key(database: Database) -> str:
    """The generated key: made once and kept in the database, so that addresses stay good."""
    async with database.write() as tx:
        known = await state.lock(tx, Fact.SECRET_KEY)
        if isinstance(known, str):
            return known
        made = secrets.token_hex(_BYTES)
        await state.write(tx, Fact.SECRET_KEY, made)
        return made
