"""Histograms of how long each model takes."""

from dataclasses import dataclass

import orjson
import sqlalchemy as sa

from bot.domain.polling import BUCKETS, Durations
from bot.storage import tables
from bot.storage.engine.database import Reader, Statement, Transaction
from bot.storage.statements import upsert

_t = tables.durations


@dataclass(frozen=True, slots=True)
class _Row:
    model: str
    histogram: str


_ALL = Statement(sa.select(_t.c.model, _t.c.histogram), _Row)
_KEEP = upsert(_t, "model", "histogram", key="model")


async def read_all(reader: Reader) -> dict[str, Durations]:
    """What is known, by model; a histogram of another shape is forgotten."""
    known = {row.model: orjson.loads(row.histogram) for row in await reader.all(_ALL)}
    return {model: Durations(c) for model, c in known.items() if len(c) == BUCKETS}


async def keep(tx: Transaction, model: str, durations: Durations) -> None:
    """Keep what is known of a model."""
    counts = [round(count, 4) for count in durations.counts]
    await tx.run(_KEEP, model=model, histogram=orjson.dumps(counts).decode())
