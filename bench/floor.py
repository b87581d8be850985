"""The floor: a bare discord.py bot that keeps nothing.

It answers ``/imagine``, hands the request to the image API, and when the API calls back downloads
the picture and edits it into its answer: the same work at Discord and at the API as the bot's, and
nothing that would survive a crash. ``python -m bench.floor`` takes the bot's environment variables.
"""

import asyncio
import io
import json
import os
from typing import Any

import aiohttp
import discord
import yarl
from aiohttp import web
from discord import app_commands, ui
from discord.gateway import DiscordWebSocket
from discord.http import Route


class Floor(discord.Client):
    """The client with its one command; jobs live in a dictionary."""

    def __init__(self, session: aiohttp.ClientSession) -> None:
        super().__init__(intents=discord.Intents(guilds=True), max_messages=None)
        self.tree = app_commands.CommandTree(self)
        self._session = session
        self._waiting: dict[str, discord.Interaction[Any]] = {}
        self._api = os.environ["KETCHUP_API_URL"]
        self._key = {"Authorization": f"Bearer {os.environ['KETCHUP_API_KEY']}"}
        self._callback = f"{os.environ['PUBLIC_URL']}/callbacks/"
        self._work: set[asyncio.Task[None]] = set()

    async def setup_hook(self) -> None:
        _, gateway, _ = await self.http.get_bot_gateway()
        DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(gateway)
        self.tree.command(name="imagine", description="Make pictures from words")(self._imagine)
        if os.environ.get("FLOOR_SYNC") != "0":
            await self.tree.sync()

    @app_commands.describe(prompt="What to paint")
    async def _imagine(self, interaction: discord.Interaction[Any], prompt: str) -> None:
        await interaction.response.send_message(view=_note(f"> {prompt}\nPainting…"))
        key = str(interaction.id)
        self._waiting[key] = interaction
        order = {
            "model": "google/gempix2", "prompt": prompt, "callback_url": self._callback + key,
        }  # fmt: skip
        async with self._session.post(
            f"{self._api}/api/image/gen", json=order, headers=self._key
        ) as response:
            await response.read()

    async def called_back(self, request: web.Request) -> web.Response:
        """The API reports an end."""
        told = json.loads(await request.read())
        interaction = self._waiting.pop(request.match_info["key"], None)
        if interaction is not None:
            task = asyncio.create_task(self._post(interaction, told["result"][0]["image"]))
            self._work.add(task)
            task.add_done_callback(self._work.discard)
        return web.Response()

    async def _post(self, interaction: discord.Interaction[Any], address: str) -> None:
        async with self._session.get(address) as response:
            data = await response.read()
        view = _note("Done")
        view.add_item(ui.MediaGallery(discord.MediaGalleryItem("attachment://picture.png")))
        await interaction.edit_original_response(
            view=view, attachments=[discord.File(io.BytesIO(data), "picture.png")]
        )


def _note(text: str) -> ui.LayoutView:
    view = ui.LayoutView(timeout=None)
    view.add_item(ui.TextDisplay(text))
    return view


async def main() -> None:
    """Run until the process is ended."""
    Route.BASE = os.environ["DISCORD_API_URL"]
    async with aiohttp.ClientSession() as session:
        client = Floor(session)
        app = web.Application()
        app.router.add_post("/callbacks/{key}", client.called_back)
        runner = web.AppRunner(app, access_log=None)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", int(os.environ["HTTP_PORT"])).start()
        async with client:
            await client.start(os.environ["DISCORD_TOKEN"])


if __name__ == "__main__":
    asyncio.run(main())
