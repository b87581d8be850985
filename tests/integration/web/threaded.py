"""The web application in a thread, for tools that send their requests without an event loop."""

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from bot.storage import open_database
from tests.builders import GUILD, make_world
from tests.integration.dashboard.desk import opened_desk

PATIENCE_S = 60.0


@dataclass(frozen=True, slots=True)
class Served:
    """Where it listens, and the cookie of a moderator who has signed in."""

    url: str
    cookie: str


@contextmanager
def served_in_thread(folder: Path) -> Iterator[Served]:
    """Callbacks, health and dashboard, over a database with one finished job."""
    ready, done = threading.Event(), asyncio.Event()
    found: list[Served] = []
    loop = asyncio.new_event_loop()

    async def serve() -> None:
        async with open_database(f"sqlite:///{folder / 'ketchup.db'}") as database:
            world = await make_world(database)
            await world.picture()
            async with opened_desk(world) as desk:
                await desk.sign_in(GUILD)
                found.append(Served(desk.url, desk.cookie or ""))
                ready.set()
                await done.wait()

    thread = threading.Thread(target=lambda: loop.run_until_complete(serve()))
    thread.start()
    try:
        assert ready.wait(PATIENCE_S)
        yield found[0]
    finally:
        loop.call_soon_threadsafe(done.set)
        thread.join(PATIENCE_S)
        loop.close()
