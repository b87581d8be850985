"""What a long history costs those who look at figures."""

import asyncio
import tempfile
import time
from pathlib import Path
from statistics import median
from typing import Final

from bench.figures import Figure
from bench.usage import measure
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
    """``/usage overview`` and ``/credits`` with a million jobs against a thousand."""
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        few = asyncio.run(_costs(FEW, Path(folder)))
        many = asyncio.run(_costs(MANY, Path(folder)))
    names = ("/usage overview, figures", "/usage overview, whole answer", "/credits")
    return [
        Figure("usage", f"{name}: 1,000,000 jobs ÷ 1,000", "ms", short, long, long / short,
               long / short, long / short, 3.0)
        for name, short, long in zip(names, few, many, strict=True)
    ]  # fmt: skip


async def _costs(jobs: int, folder: Path) -> tuple[float, float, float]:
    overview = await measure(jobs, folder)
    async with open_database(f"sqlite:///{folder / f'usage-{jobs}.db'}") as database:
        wallets = Wallets(database, Policy(Catalogue()), lambda: Millis(NOW))
        spans = []
        for _ in range(51):
            begun = time.perf_counter()
            await wallets.look(GuildId(GUILD), _MEMBER)
            spans.append(time.perf_counter() - begun)
    return overview.reading_ms, overview.answer_ms, 1000 * median(spans)
