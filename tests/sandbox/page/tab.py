"""A browser tab without a browser: speaks the page's WebSocket."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import aiohttp

from sandbox.page import PageServer

PATIENCE_S = 10.0


class RefusedError(Exception):
    """The page's server refused, with these words."""


class Tab:
    """Asks one thing at a time; events that come meanwhile are kept in `events`."""

    def __init__(self, line: aiohttp.ClientWebSocketResponse) -> None:
        self._line = line
        self._asked = 0
        self.events: list[dict[str, Any]] = []
        self.world: dict[str, Any] = {}

    async def ask(self, what: str, **args: Any) -> Any:
        self._asked += 1
        await self._line.send_json({"id": self._asked, "do": what, **args})
        async with asyncio.timeout(PATIENCE_S):
            while (told := await self._line.receive_json()).get("id") != self._asked:
                self.events.append(told)
        if not told["ok"]:
            raise RefusedError(told["error"])
        return told["result"]

    async def be(self, name: str) -> Any:
        """Play somebody; what they see."""
        people = (await self.ask("be", person=""))["world"]["people"]
        told = await self.ask("be", person=next(p["id"] for p in people if p["name"] == name))
        self.world = told["world"]
        return told

    def channel(self, name: str) -> str:
        """A channel's id."""
        channels = [c for s in self.world["servers"] for c in s["channels"]]
        return str(next(c["id"] for c in channels if c["name"] == name))

    async def event(self, wanted: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
        """The first event, kept or to come, that is wanted."""
        async with asyncio.timeout(PATIENCE_S):
            while True:
                for event in self.events:
                    if wanted(event):
                        self.events.remove(event)
                        return event
                self.events.append(await self._line.receive_json())

    async def message(self, words: str) -> dict[str, Any]:
        """The message with these words, once it is told."""
        event = await self.event(
            lambda e: str(e["event"]).startswith("message_") and words in str(e.get("message"))
        )
        message: dict[str, Any] = event["message"]
        return message


@asynccontextmanager
async def opened(page: PageServer, browser: aiohttp.ClientSession, name: str) -> AsyncIterator[Tab]:
    """A tab in which somebody is played."""
    own = {"Origin": page.url.rstrip("/")}
    async with browser.ws_connect(page.url + "socket", headers=own) as line:
        tab = Tab(line)
        await tab.be(name)
        yield tab


async def uploaded(
    page: PageServer, browser: aiohttp.ClientSession, name: str, data: bytes
) -> dict[str, str]:
    """A file given to the page; the value that stands for it."""
    form = aiohttp.FormData()
    form.add_field("files", data, filename=name, content_type="image/png")
    own = {"Origin": page.url.rstrip("/")}
    async with browser.post(page.url + "uploads", data=form, headers=own) as answer:
        return {"upload": (await answer.json())[0]["id"]}
