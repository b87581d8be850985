"""The page's web server: `async with PageServer(scene) as page:`, then open ``page.url``."""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack
from pathlib import Path
from types import TracebackType
from typing import Final, Self

from aiohttp import web

from sandbox.page.curtain import Curtain
from sandbox.page.origin import add_headers, only_own_pages
from sandbox.page.scene import Scene
from sandbox.page.tabs import Tab
from sandbox.page.uploads import LARGEST, Uploads

STATIC: Final = Path(__file__).parent / "static"
_LARGEST_FRAME: Final = 1024 * 1024
_HEARTBEAT_SECONDS: Final = 20.0


class PageServer:
    """Serves the page on 127.0.0.1; ``port`` 0 takes a free one."""

    def __init__(self, scene: Scene, *, port: int = 0) -> None:
        self._scene = scene
        self._port = port
        self._tabs: set[Tab] = set()
        self._sockets: set[web.WebSocketResponse] = set()
        self._curtain = Curtain(scene, self._backstage_changed)
        self._uploads = Uploads()
        self._clock_ahead = self._ahead()
        self._stack = AsyncExitStack()
        if scene.bot is not None:
            scene.bot.listen(self._backstage_changed)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._port}/"

    @property
    def port(self) -> int:
        return self._port

    async def __aenter__(self) -> Self:
        async with AsyncExitStack() as stack:
            runner = web.AppRunner(self._app(), access_log=None, shutdown_timeout=0.5)
            await runner.setup()
            stack.push_async_callback(runner.cleanup)
            await web.TCPSite(runner, "127.0.0.1", self._port).start()
            self._port = int(runner.addresses[0][1])
            stack.push_async_callback(self._curtain.close)
            stack.push_async_callback(self._close_sockets)
            if self._scene.ketchup is not None:
                stack.push_async_callback(_ended, asyncio.create_task(self._follow_ketchup()))
            self._stack = stack.pop_all()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self._stack.aclose()

    def _app(self) -> web.Application:
        app = web.Application(middlewares=[only_own_pages], client_max_size=LARGEST)
        app.on_response_prepare.append(add_headers)
        app.router.add_get("/", _index)
        app.router.add_get("/socket", self._socket)
        app.router.add_post("/uploads", self._uploads.receive)
        app.router.add_get(
            "/{kind:attachments|ephemeral-attachments}/{tail:.+}",
            self._scene.discord.backend.cdn.serve,
        )
        app.router.add_static("/static/", STATIC)
        return app

    async def _socket(self, request: web.Request) -> web.WebSocketResponse:
        socket = web.WebSocketResponse(max_msg_size=_LARGEST_FRAME, heartbeat=_HEARTBEAT_SECONDS)
        await socket.prepare(request)
        tab = Tab(self._scene, self._curtain, self._uploads)
        self._tabs.add(tab)
        self._sockets.add(socket)
        try:
            await tab.serve(socket)
        finally:
            self._tabs.discard(tab)
            self._sockets.discard(socket)
        return socket

    async def _close_sockets(self) -> None:
        for socket in list(self._sockets):
            await socket.close()

    def _backstage_changed(self) -> None:
        jumped = self._ahead() != self._clock_ahead
        self._clock_ahead = self._ahead()
        for tab in self._tabs:
            tab.tell("backstage", backstage=self._curtain.state())
            if jumped:
                tab.refresh()

    def _ahead(self) -> int:
        return self._scene.discord.clock.ahead_ms

    async def _follow_ketchup(self) -> None:
        if self._scene.ketchup is None:
            return
        with self._scene.ketchup.events.listen() as events:
            while True:
                await events.get()
                self._backstage_changed()


async def _index(_: web.Request) -> web.FileResponse:
    return web.FileResponse(STATIC / "index.html")


async def _ended(task: asyncio.Task[None]) -> None:
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
