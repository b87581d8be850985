"""A client of the sandbox's image API, and the outside world that the API talks to."""

import asyncio
import json
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any

import aiohttp
from aiohttp import web
from PIL import Image

from sandbox.ketchup import SandboxKetchup


@dataclass
class Api:
    """A client that speaks to the sandbox as the guide shows."""

    ketchup: SandboxKetchup
    session: aiohttp.ClientSession

    @property
    def headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.ketchup.key}"}

    def post(self, **body: object) -> AbstractAsyncContextManager[aiohttp.ClientResponse]:
        wanted = {"model": "google/gempix2", "prompt": "a quiet sea"} | body
        url = f"{self.ketchup.url}/api/image/gen"
        return self.session.post(url, json=wanted, headers=self.headers)

    async def submit(self, **body: object) -> str:
        async with self.post(**body) as response:
            assert response.status == 200, await response.text()
            told = await response.json()
        return str(told["data"]["task_id"])

    def get(self, task_id: str) -> AbstractAsyncContextManager[aiohttp.ClientResponse]:
        url = f"{self.ketchup.url}/api/task/query"
        return self.session.get(url, params={"task_id": task_id}, headers=self.headers)

    async def query(self, task_id: str) -> dict[str, Any]:
        async with self.get(task_id) as response:
            assert response.status == 200, await response.text()
            told: dict[str, Any] = await response.json()
        return told

    async def end(self, **body: object) -> dict[str, Any]:
        """What a query tells about a task at its end."""
        task_id = await self.submit(**body)
        await self.ketchup.finished(task_id, 30)
        data: dict[str, Any] = (await self.query(task_id))["data"]
        return data

    async def picture(self, **body: object) -> Image.Image:
        data = await self.end(**body)
        async with self.session.get(data["result"][0]["image"]) as response:
            assert response.status == 200
            return Image.open(BytesIO(await response.read()))


@dataclass
class World:
    """A web server with reference pictures and a callback address."""

    url: str = ""
    statuses: list[int] = field(default_factory=list)
    bodies: asyncio.Queue[bytes] = field(default_factory=asyncio.Queue)

    @property
    def callback_url(self) -> str:
        return f"{self.url}/callback"

    async def called(self) -> Any:
        return json.loads(await asyncio.wait_for(self.bodies.get(), 20))

    async def _callback(self, request: web.Request) -> web.Response:
        self.bodies.put_nowait(await request.read())
        return web.Response(status=self.statuses.pop(0) if self.statuses else 200)

    async def _picture(self, request: web.Request) -> web.Response:
        file = BytesIO()
        Image.new("RGB", (90, 60), request.match_info["colour"]).save(file, "PNG")
        return web.Response(body=file.getvalue(), content_type="image/png")

    def app(self) -> web.Application:
        app = web.Application(client_max_size=2**24)
        app.router.add_post("/callback", self._callback)
        app.router.add_get("/{colour}.png", self._picture)
        app.router.add_get("/words", _words)
        return app


async def _words(_: web.Request) -> web.Response:
    return web.Response(text="not a picture")
