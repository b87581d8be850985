"""The web application alone in a process, whose memory can then be measured.

``python -m tests.integration.web.lone FOLDER`` prints, as one line of JSON, where it listens and
the addresses and cookie that a visitor needs; it ends when its input does.
"""

import asyncio
import json
import sys
from pathlib import Path

import structlog

from bot.storage import open_database
from tests.builders import make_world
from tests.integration.dashboard.desk import opened_desk
from tests.integration.web.serving import TASK, signer_of


async def main(folder: Path) -> None:
    """Serve until the input ends."""
    structlog.configure(logger_factory=structlog.PrintLoggerFactory(sys.stderr))
    async with (
        open_database(f"sqlite:///{folder / 'ketchup.db'}") as database,
        opened_desk(await make_world(database)) as desk,
    ):
        await desk.sign_in()
        told = {
            "url": desk.url,
            "callback": signer_of("a secret").address(desk.url, TASK),
            "cookie": desk.cookie,
        }
        sys.stdout.write(json.dumps(told) + "\n")
        sys.stdout.flush()
        await asyncio.to_thread(sys.stdin.read)


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1])))
