"""A deadline for requests to Discord."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import discord


@asynccontextmanager
async def deadline(client: discord.Client, seconds: float) -> AsyncIterator[None]:
    """Give up what is awaited inside after so many seconds with TimeoutError.

    discord.py waits for rate limits inside its requests. Where such a wait for the global limit
    is cancelled, it forgets to lift the barrier that it has put up for every other request of
    the process (2.7.1, ``HTTPClient.request``), so it is lifted here. At worst others meet the
    limit once more.

    Raises:
        ConnectionRefusedError: the client is just being opened anew.
    """
    if client.is_closed():  # aiohttp would say so with a RuntimeError
        raise ConnectionRefusedError("the connection to Discord is being opened anew")
    try:
        async with asyncio.timeout(seconds):
            yield
    except (TimeoutError, asyncio.CancelledError):
        client.http._global_over.set()  # noqa: SLF001 - there is no public way
        raise
