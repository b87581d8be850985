"""``python -m bench.once SCENARIO KIND``: one measurement in a process of its own, as JSON."""

import asyncio
import json
import sys
import tempfile
from pathlib import Path

from bench import scenarios
from bench.pictures import noise
from bench.subject import cores, pin
from bench.town import town

SMALL, LARGE = 24_000, 1_500_000
"""Bytes: one picture that hardly counts beside the rest, one as models paint them."""


async def measure(name: str, kind: str) -> scenarios.Figures:
    """The raw figures of one run."""
    scenario: scenarios.Scenario = getattr(scenarios, name)
    picture = noise(LARGE if name in {"delivering", "crowd"} else SMALL)
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        async with town(kind, Path(folder), picture) as made:
            return await scenario(made)


if __name__ == "__main__":
    pin(0, cores()[1])
    print(json.dumps(asyncio.run(measure(sys.argv[1], sys.argv[2]))))
