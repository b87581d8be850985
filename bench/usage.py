"""What ``/usage overview`` for ninety days costs with a long history, against a short one."""

import asyncio
import statistics
import tempfile
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
    """Milliseconds: the first reading of a day, and medians of those after it – of the figures
    alone, and of the whole answer with its picture."""

    first_ms: float
    reading_ms: float
    answer_ms: float


async def measure(jobs: int, folder: Path, repeats: int = 21) -> Cost:
    """The cost on a fresh SQLite database with so many jobs in a year."""
    path = folder / f"usage-{jobs}.db"
    async with open_database(f"sqlite:///{path}"):
        pass
    await asyncio.to_thread(fill, path, History(jobs, books=False))
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
        reading[0] * 1000, statistics.median(reading) * 1000, statistics.median(answers) * 1000
    )


async def ratios(short: int = 1_000, long: int = 1_000_000) -> tuple[Cost, Cost]:
    """The cost with few and with many jobs, in one run."""
    with tempfile.TemporaryDirectory(prefix="usage-") as folder:
        return await measure(short, Path(folder)), await measure(long, Path(folder))


if __name__ == "__main__":
    few, many = asyncio.run(ratios())
    print(f"reading {few.reading_ms:.1f} ms → {many.reading_ms:.1f} ms", end="")
    print(f" (×{many.reading_ms / few.reading_ms:.2f})")
    print(f"first   {few.first_ms:.1f} ms → {many.first_ms:.1f} ms")
    print(f"answer  {few.answer_ms:.1f} ms → {many.answer_ms:.1f} ms", end="")
    print(f" (×{many.answer_ms / few.answer_ms:.2f})")
