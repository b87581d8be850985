"""What a long history costs those who look at figures."""

import asyncio
import tempfile
import time
from pathlib import Path
from statistics import median
from typing import Final

from bench import dashboard, overview
from bench.figures import Figure
from bench.world import GUILD, NOW
from bot.domain.catalogue import Catalogue
from bot.domain.ids import GuildId, Millis, UserId
from bot.domain.policy import Policy
from bot.service.wallet import Wallets
from bot.storage import open_database

FEW: Final = 1_000
MANY: Final = 1_000_000
_MEMBER: Final = UserId(1001)


def usage() -> list[Figure]:
    """``/usage overview``, the dashboard's first page and ``/credits``: a million jobs against a
    thousand."""
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        few = asyncio.run(_costs(FEW, Path(folder)))
        many = asyncio.run(_costs(MANY, Path(folder)))
    names = (
        "/usage overview, figures", "/usage overview, whole answer",
        "/usage overview, first of a process", "dashboard's overview, page and chart", "/credits",
    )  # fmt: skip
    return [
        Figure("usage", f"{name}: 1,000,000 jobs ÷ 1,000", "ms", short, long, long / short,
               long / short, long / short, 3.0)
        for name, short, long in zip(names, few, many, strict=True)
    ]  # fmt: skip


async def _costs(jobs: int, folder: Path) -> tuple[float, ...]:
    """Milliseconds, in the order of the names."""
    path = folder / f"usage-{jobs}.db"
    figures = await overview.measure(path, jobs)
    page = await dashboard.measure(path)
    async with open_database(f"sqlite:///{path}") as database:
        wallets = Wallets(database, Policy(Catalogue()), lambda: Millis(NOW))
        spans = []
        for _ in range(51):
            begun = time.perf_counter()
            await wallets.look(GuildId(GUILD), _MEMBER)
            spans.append(time.perf_counter() - begun)
    return (
        figures.reading_ms, figures.answer_ms, figures.first_ms, page, 1000 * median(spans),
    )  # fmt: skip
