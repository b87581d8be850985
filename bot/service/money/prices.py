"""What a picture costs: never less than the catalogue says, more where more was consumed."""

from bot.domain.catalogue import Model
from bot.domain.money import Microcredits
from bot.storage.engine.database import Reader, Transaction
from bot.storage.work import state
from bot.storage.work.state import Fact

_FALLS_BY = 16
"""After a cheaper picture the estimate falls by this part of the difference."""


async def of(reader: Reader, model: Model) -> Microcredits:
    """The estimate for one picture: what is set aside for it."""
    learned = await state.read(reader, Fact.PRICES) or {}
    return Microcredits(max(model.price, learned.get(model.id, 0)))


async def learn(tx: Transaction, model_id: str, consumed: Microcredits) -> None:
    """Take up what a picture has cost: at once when it is more, slowly when it is less."""
    learned = await state.read(tx, Fact.PRICES) or {}
    known = learned.get(model_id, 0)
    fallen = known - (known - consumed + _FALLS_BY - 1) // _FALLS_BY
    estimate = consumed if consumed >= known else max(consumed, fallen)
    if estimate != known:
        await state.write(tx, Fact.PRICES, {**learned, model_id: estimate})
