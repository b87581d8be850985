"""What a long history costs those who look at figures."""

import asyncio
import os
import tempfile
import time
from pathlib import Path
from statistics import median
from typing import Final

from bench import dashboard, overview
from bench.figures import Figure, ratio
from bench.world import GUILD, NOW, History, fill
from bot.domain.catalogue import Catalogue
from bot.domain.ids import GuildId, Millis, UserId
from bot.domain.policy import Policy
from bot.service.money.wallet import Wallets
from bot.storage import open_database

FEW: Final = 1_000
MANY: Final = 1_000_000
_MEMBER: Final = UserId(1001)
_NAMES: Final = (
    "/usage overview, figures", "/usage overview, whole answer",
    "/usage overview, first after a start", "dashboard's overview, page and chart", "/credits",
)  # fmt: skip
_REPEATS: Final = 7
_GOAL: Final = 3.0


def usage() -> list[Figure]:
    """``/usage overview``, the dashboard's first page and ``/credits``: a million jobs against a
    thousand, by turns."""
    runs = int(os.environ.get("BENCH_RUNS", "5"))
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        paths = [asyncio.run(_history(jobs, Path(folder))) for jobs in (FEW, MANY)]
        for path in paths:
            asyncio.run(_costs(path))  # the system reads the file, the statements are compiled
        found = [[asyncio.run(_costs(path)) for path in paths] for _ in range(runs)]
    return [
        ratio("usage", f"{name}: 1,000,000 jobs ÷ 1,000", "ms",
              [few[index] for few, _ in found], [many[index] for _, many in found], _GOAL)
        for index, name in enumerate(_NAMES)
    ]  # fmt: skip


async def _history(jobs: int, folder: Path) -> Path:
    """A new SQLite database with so many jobs in a year."""
    path = folder / f"usage-{jobs}.db"
    async with open_database(f"sqlite:///{path}"):
        pass
    await asyncio.to_thread(fill, path, History(jobs, books=False))
    return path


async def _costs(path: Path) -> tuple[float, ...]:
    """Milliseconds, in the order of the names."""
    figures = await overview.measure(path, _REPEATS)
    page = await dashboard.measure(path, _REPEATS)
    async with open_database(f"sqlite:///{path}") as database:
        wallets = Wallets(database, Policy(Catalogue()), lambda: Millis(NOW))
        spans = []
        for _ in range(51):
            begun = time.perf_counter()
            await wallets.look(GuildId(GUILD), _MEMBER)
            spans.append(1000 * (time.perf_counter() - begun))
    return figures.reading_ms, figures.answer_ms, figures.first_ms, page, median(spans)
