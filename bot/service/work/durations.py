"""How long each model usually takes: learned in memory, kept with the record of each end."""

from bot.domain.polling import Durations
from bot.storage.engine.database import Database, Transaction
from bot.storage.work import durations as stored


class KnownDurations:
    """The histograms of all models. Other processes learn their own; nothing is merged."""

    def __init__(self) -> None:
        self._by_model: dict[str, Durations] = {}

    async def load(self, database: Database) -> None:
        """Take up what was learned before."""
        async with database.read() as reader:
            self._by_model = await stored.read_all(reader)

    def of(self, model: str) -> Durations:
        """What is known of a model; a cautious guess for a new one."""
        known = self._by_model.get(model)
        if known is None:
            known = self._by_model[model] = Durations()
        return known

    async def observe(self, tx: Transaction, model: str, after_s: float, by_s: float) -> None:
        """Learn that a task ended between two ages, in seconds."""
        known = self.of(model)
        known.observe(max(0.0, after_s), max(by_s, 0.001))
        await stored.keep(tx, model, known)
