"""One browser tab: the person it plays, what it is told, and what it asks for."""

from __future__ import annotations

import asyncio
import json
from typing import Any, Final

from aiohttp import WSMsgType, web

from sandbox.discord import Change, Event, Person
from sandbox.discord.errors import DiscordError
from sandbox.discord.model import Json
from sandbox.page import views
from sandbox.page.actions import ACTIONS, Deed
from sandbox.page.curtain import Curtain
from sandbox.page.scene import Scene
from sandbox.page.uploads import Uploads

_REFUSALS: Final = (LookupError, ValueError, PermissionError, DiscordError)
_MESSAGES: Final = {Change.MESSAGE_CREATED, Change.MESSAGE_EDITED}
_WORLD_CHANGES: Final = {Change.COMMANDS, Change.CHANNEL, Change.GUILD}
_BACKSTAGE: Final = {Change.REQUEST, Change.GATEWAY}


class Tab:
    """Speaks JSON over one WebSocket.

    The tab sends ``{"id", "do", …}`` and gets ``{"id", "ok", …}`` for it; what happens in the
    world comes as ``{"event", …}``. Both leave in the order in which they came about.
    """

    def __init__(self, scene: Scene, curtain: Curtain, uploads: Uploads) -> None:
        self._scene = scene
        self._curtain = curtain
        self._uploads = uploads
        self._person: Person = scene.discord.people[0]
        self._outbox: asyncio.Queue[Json] = asyncio.Queue()
        self._deeds: set[asyncio.Task[None]] = set()

    async def serve(self, socket: web.WebSocketResponse) -> None:
        """Until the tab is closed."""
        with self._scene.discord.feed.subscribe() as events:
            writer = asyncio.create_task(self._write(socket))
            pump = asyncio.create_task(self._pump(events.queue))
            try:
                async for frame in socket:
                    if frame.type is WSMsgType.TEXT:
                        self._take(frame.data)
            finally:
                for task in (writer, pump, *self._deeds):
                    task.cancel()
                await asyncio.gather(writer, pump, *self._deeds, return_exceptions=True)

    def tell(self, event: str, **more: Any) -> None:
        """Send the tab an event."""
        self._outbox.put_nowait({"event": event, **more})

    def refresh(self) -> None:
        """Tell the tab everything anew: the clock jumped, so links and times are different."""
        self.tell("world", **self._snapshot())

    def _take(self, text: str) -> None:
        try:
            asked = json.loads(text)
        except ValueError:
            return
        if isinstance(asked, dict):
            deed = asyncio.create_task(self._answer(asked))
            self._deeds.add(deed)
            deed.add_done_callback(self._deeds.discard)

    async def _answer(self, asked: Json) -> None:
        try:
            result = await self._do(str(asked.get("do")), asked)
        except TimeoutError:
            answer: Json = {"ok": False, "error": "no answer in time"}
        except _REFUSALS as error:
            answer = {"ok": False, "error": views.wording(error)}
        else:
            answer = {"ok": True, "result": result}
        self._outbox.put_nowait({"id": asked.get("id"), **answer})

    async def _do(self, name: str, asked: Json) -> Json:
        deed = Deed(self._scene.discord, self._person, self._uploads, asked)
        match name:
            case "be":
                self._person = self._somebody(deed.text("person"))
                return self._snapshot()
            case "speak":
                if (locale := deed.text("locale")) not in views.LOCALES:
                    raise ValueError("that language is not spoken here")
                self._person.user.locale = locale
                return self._snapshot()
            case "backstage":
                return {"state": self._curtain.state(), "requests": self._curtain.requests()}
            case "pull":
                await self._curtain.pull(deed.text("lever"), asked.get("value"))
                return {}
            case _ if name in ACTIONS:
                return await ACTIONS[name](deed)
            case _:
                raise LookupError(f"nobody can {name!r}")

    def _somebody(self, person_id: str) -> Person:
        """That person, or where there is none (any more) the first."""
        people = self._scene.discord.people
        return next((p for p in people if str(p.id) == person_id), people[0])

    def _snapshot(self) -> Json:
        return {
            "world": views.world(self._scene, self._person),
            "messages": views.messages(self._scene, self._person),
            "backstage": self._curtain.state(),
        }

    async def _pump(self, events: asyncio.Queue[Event]) -> None:
        while True:
            self._pass_on(await events.get())

    def _pass_on(self, event: Event) -> None:
        if event.only_for not in (None, self._person.id):
            return
        if event.change in _WORLD_CHANGES:
            self.tell("world", world=views.world(self._scene, self._person))
        elif event.change in _MESSAGES:
            if self._person.sees(event.payload):
                message = views.seen_by(self._scene, self._person, event.payload)
                self.tell(event.change.value, message=message)
        elif event.change in _BACKSTAGE:
            self.tell(event.change.value, **{event.change.value: event.payload})
        elif event.change is Change.TYPING:
            self.tell("typing", typing=event.payload)
        else:
            payload = {"channel_id": str(event.channel_id), **event.payload}
            self.tell(event.change.value, **{event.change.value: payload})

    async def _write(self, socket: web.WebSocketResponse) -> None:
        while True:
            text = json.dumps(await self._outbox.get(), ensure_ascii=False)
            try:
                await socket.send_str(text)
            except ConnectionError:
                return
