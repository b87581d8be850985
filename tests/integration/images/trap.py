"""A listening socket that must never be reached."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass


@dataclass
class Trap:
    """Counts who connects."""

    port: int = 0
    connections: int = 0


@asynccontextmanager
async def open_trap() -> AsyncIterator[Trap]:
    trap = Trap()

    def caught(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        trap.connections += 1
        writer.close()

    listening = await asyncio.start_server(caught, "127.0.0.1", 0)
    trap.port = listening.sockets[0].getsockname()[1]
    try:
        yield trap
    finally:
        listening.close()
