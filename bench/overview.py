"""What ``/usage overview`` for ninety days costs."""

import statistics
import time
from dataclasses import dataclass
from pathlib import Path

from bench.world import GUILD, NOW
from bot.chat.figures.usage_view import overview_view
from bot.chat.translate import Catalogues
from bot.domain.catalogue import Catalogue
from bot.domain.ids import GuildId, Millis
from bot.domain.policy import Policy
from bot.domain.usage_window import UsagePeriod
from bot.images.charts import draw, to_png
from bot.service.figures.usage import Usage
from bot.service.figures.usage_charts import overview_chart
from bot.storage import open_database


@dataclass(frozen=True, slots=True)
class Cost:
    """Milliseconds: the first reading after a start, and medians of those after it – of the
    figures alone, and of the whole answer with its picture."""

    first_ms: float
    reading_ms: float
    answer_ms: float


async def measure(path: Path, repeats: int) -> Cost:
    """The cost with this database."""
    texts = Catalogues().of("en")
    async with open_database(f"sqlite:///{path}") as database:
        usage = Usage(database, Policy(Catalogue()), lambda: Millis(NOW))
        reading, answers = [], []
        for _ in range(repeats + 1):
            begun = time.perf_counter()
            overview = await usage.overview(GuildId(GUILD), UsagePeriod.DAYS_90)
            reading.append(1000 * (time.perf_counter() - begun))
            chart = overview_chart(overview, texts)
            to_png(draw(chart, texts.credits))
            overview_view(overview, "server", texts, chart.description)
            answers.append(1000 * (time.perf_counter() - begun))
    return Cost(reading[0], statistics.median(reading[1:]), statistics.median(answers[1:]))
