"""What ``/usage overview`` for ninety days costs with a history of so many jobs."""

import asyncio
import statistics
import time
from dataclasses import dataclass
from pathlib import Path

from bench.world import GUILD, NOW, History, fill
from bot.chat.figures.usage_view import overview_view
from bot.chat.translate import Catalogues
from bot.domain.catalogue import Catalogue
from bot.domain.ids import GuildId, Millis
from bot.domain.policy import Policy
from bot.domain.usage_window import UsagePeriod
from bot.images.charts import draw, to_png
from bot.service.usage import Usage
from bot.service.usage_charts import overview_chart
from bot.storage import open_database


@dataclass(frozen=True, slots=True)
class Cost:
    """Milliseconds: the first reading after a start, and medians of those after it – of the
    figures alone, and of the whole answer with its picture."""

    first_ms: float
    reading_ms: float
    answer_ms: float


async def measure(path: Path, jobs: int, repeats: int = 21, starts: int = 3) -> Cost:
    """Make a SQLite database with so many jobs in a year, and read it.

    The first reading of several starts is measured; the quickest counts, because the system has
    the file in its memory then, as it has for a bot that was at work a minute ago.
    """
    async with open_database(f"sqlite:///{path}"):
        pass
    await asyncio.to_thread(fill, path, History(jobs, books=False))
    found = [await _read(path, repeats) for _ in range(starts)]
    return Cost(
        min(cost.first_ms for cost in found),
        statistics.median(cost.reading_ms for cost in found),
        statistics.median(cost.answer_ms for cost in found),
    )


async def _read(path: Path, repeats: int) -> Cost:
    texts = Catalogues().of("en")
    async with open_database(f"sqlite:///{path}") as database:
        usage = Usage(database, Policy(Catalogue()), lambda: Millis(NOW))
        reading, answers = [], []
        for _ in range(repeats):
            begun = time.perf_counter()
            overview = await usage.overview(GuildId(GUILD), UsagePeriod.DAYS_90)
            reading.append(time.perf_counter() - begun)
            chart = overview_chart(overview, texts)
            to_png(draw(chart, texts.credits))
            overview_view(overview, "server", texts, chart.description)
            answers.append(time.perf_counter() - begun)
    return Cost(
        reading[0] * 1000,
        statistics.median(reading[1:]) * 1000,
        statistics.median(answers[1:]) * 1000,
    )
