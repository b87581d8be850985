"""Discord's gateway: sessions that outlive their connections, events in order, resume with
replay.
"""

from __future__ import annotations

import asyncio
import json
import secrets
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from aiohttp import WSCloseCode, WSMsgType, web

from sandbox.discord.intents import ALL_INTENTS, Intent
from sandbox.discord.model import Json, Snowflake
from sandbox.discord.sessions import Close, Connection, ConnectionClosedError, Op, Session

HEARTBEAT_SECONDS = 41.25
_ACK_SECONDS = 0.02
_IDENTIFY_SECONDS = 30.0


Payload = Json | Callable[[Session], Json]


@dataclass(frozen=True, slots=True)
class Welcome:
    """What the gateway must know of the world: who may enter, and what a newcomer is told."""

    accepts: Callable[[str], bool]
    ready: Callable[[Session], Json]
    guilds: Callable[[Session], list[tuple[str, Json]]]
    members: Callable[[Json], list[Json]]
    identified: Callable[[Session], None]


class Gateway:
    """All sessions, and the door to them at ``/gateway``."""

    def __init__(self, welcome: Welcome) -> None:
        self._welcome = welcome
        self.sessions: dict[str, Session] = {}
        self.connections: list[Connection] = []
        self.privileged = Intent.PRIVILEGED
        self.identifies = 0
        self.resumes = 0
        self.last_interaction: tuple[Snowflake | None, Json] | None = None
        self._open = asyncio.Event()
        self._open.set()
        self._changed = asyncio.Event()

    def dispatch(
        self, name: str, data: Payload, *, guild_id: Snowflake | None, intent: Intent | None
    ) -> None:
        """Send the event to every session whose shard and intents it is for (no intent: to all)."""
        for session in list(self.sessions.values()):
            if not session.sees_guild(guild_id) or (
                intent is not None and not session.intents & intent
            ):
                continue
            session.dispatch(name, data(session) if callable(data) else data)

    async def serve(self, request: web.Request) -> web.WebSocketResponse:
        """One client's connection, from hello to close."""
        await self._open.wait()
        socket = web.WebSocketResponse(max_msg_size=4096 * 4, autoping=True)
        await socket.prepare(request)
        compressed = request.query.get("compress") == "zlib-stream"
        transport = request.transport
        connection = Connection(
            socket,
            transport if isinstance(transport, asyncio.WriteTransport) else None,
            zlib.compressobj() if compressed else None,
        )
        self.connections.append(connection)
        writer = asyncio.create_task(connection.write())
        session: Session | None = None
        connection.send(
            Op.HELLO, {"heartbeat_interval": int(HEARTBEAT_SECONDS * 1000), "_trace": []}
        )
        try:
            session = await self._enter(connection)
            self._notify()
            await self._listen(connection, session)
        except ConnectionClosedError as closed:
            connection.outbox.put_nowait(None)
            await writer
            await connection.close(closed.code, closed.reason)
        finally:
            writer.cancel()
            self.connections.remove(connection)
            if session is not None and session.connection is connection:
                session.connection = None
            self._notify()
        return socket

    async def connected(self, timeout: float = 10.0) -> Session:
        """The first session that has a live connection; TimeoutError after ``timeout`` seconds."""
        async with asyncio.timeout(timeout):
            while True:
                for session in self.sessions.values():
                    if session.connection is not None:
                        return session
                self._changed.clear()
                await self._changed.wait()

    async def drop(self) -> None:
        """Cut every connection, as a lost network does; sessions stay resumable."""
        for connection in list(self.connections):
            connection.drop()

    def reconnect(self) -> None:
        """Ask every client to reconnect and resume (opcode 7)."""
        for connection in self.connections:
            connection.send(Op.RECONNECT)

    def invalidate(self, *, resumable: bool = False) -> None:
        """Tell every client that its session is over (opcode 9).

        With False it must identify anew.
        """
        for session in list(self.sessions.values()):
            session.resumable = resumable
            if session.connection is not None:
                session.connection.send(Op.INVALID_SESSION, resumable)

    def pause(self) -> None:
        """Accept no new connection until `go_on`."""
        self._open.clear()

    def go_on(self) -> None:
        self._open.set()

    def replay_interaction(self) -> None:
        """Send the newest INTERACTION_CREATE once more, as Discord sometimes does."""
        if self.last_interaction is None:
            raise LookupError("no interaction has been sent yet")
        guild_id, payload = self.last_interaction
        self.dispatch("INTERACTION_CREATE", payload, guild_id=guild_id, intent=None)

    async def close(self) -> None:
        """End every connection (1001: going away)."""
        self._open.set()
        for connection in list(self.connections):
            await connection.close(WSCloseCode.GOING_AWAY)

    def _notify(self) -> None:
        self._changed.set()

    async def _enter(self, connection: Connection) -> Session:
        """Wait for an identify or a resume that succeeds."""
        while True:
            try:
                async with asyncio.timeout(_IDENTIFY_SECONDS):
                    op, data = await self._receive(connection)
            except TimeoutError as error:
                raise ConnectionClosedError(
                    Close.SESSION_TIMED_OUT, "Session timed out."
                ) from error
            match op:
                case Op.HEARTBEAT:
                    connection.send(Op.HEARTBEAT_ACK)
                case Op.IDENTIFY:
                    return self._identify(connection, data)
                case Op.RESUME:
                    if (session := self._resume(connection, data)) is not None:
                        return session
                    connection.send(Op.INVALID_SESSION, False)
                case _:
                    raise ConnectionClosedError(Close.NOT_AUTHENTICATED, "Not authenticated.")

    def _identify(self, connection: Connection, data: Json) -> Session:
        if not self._welcome.accepts(str(data.get("token", ""))):
            raise ConnectionClosedError(Close.AUTHENTICATION_FAILED, "Authentication failed.")
        number = data.get("intents")
        if not isinstance(number, int) or number & ~int(ALL_INTENTS):
            raise ConnectionClosedError(Close.INVALID_INTENTS, "Invalid intent(s).")
        intents = Intent(number)
        if intents & Intent.PRIVILEGED & ~self.privileged:
            raise ConnectionClosedError(Close.DISALLOWED_INTENTS, "Disallowed intent(s).")
        shard, count = data.get("shard") or (0, 1)
        if not 0 <= shard < count:
            raise ConnectionClosedError(Close.INVALID_SHARD, "Invalid shard.")
        self.identifies += 1
        session = Session(secrets.token_hex(16), intents, (shard, count), connection)
        self._welcome.identified(session)
        session.dispatch("READY", self._welcome.ready(session))
        self.sessions[session.id] = session
        for name, payload in self._welcome.guilds(session):
            session.dispatch(name, payload)
        return session

    def _resume(self, connection: Connection, data: Json) -> Session | None:
        session = self.sessions.get(str(data.get("session_id")))
        sequence = data.get("seq")
        if session is None or not session.resumable or not isinstance(sequence, int):
            return None
        if not self._welcome.accepts(str(data.get("token", ""))):
            raise ConnectionClosedError(Close.AUTHENTICATION_FAILED, "Authentication failed.")
        oldest = session.history[0]["s"] if session.history else 0
        if sequence + 1 < oldest or sequence > session.sequence:
            del self.sessions[session.id]
            return None
        self.resumes += 1
        session.connection = connection
        for frame in session.history:
            if frame["s"] > sequence:
                connection.outbox.put_nowait(frame)
        session.dispatch("RESUMED", {"_trace": []})
        return session

    async def _listen(self, connection: Connection, session: Session) -> None:
        while True:
            op, data = await self._receive(connection)
            match op:
                case Op.HEARTBEAT:
                    # discord.py measures from after its send: an answer that is quicker than
                    # that looks to it like one to the heartbeat before.
                    loop = asyncio.get_running_loop()
                    loop.call_later(_ACK_SECONDS, connection.send, Op.HEARTBEAT_ACK)
                case Op.REQUEST_MEMBERS:
                    for chunk in self._welcome.members(data):
                        session.dispatch("GUILD_MEMBERS_CHUNK", chunk)
                case Op.PRESENCE | Op.VOICE_STATE:
                    continue
                case Op.IDENTIFY | Op.RESUME:
                    raise ConnectionClosedError(
                        Close.ALREADY_AUTHENTICATED, "Already authenticated."
                    )
                case _:
                    raise ConnectionClosedError(Close.UNKNOWN_OPCODE, "Unknown opcode.")

    async def _receive(self, connection: Connection) -> tuple[int, Any]:
        message = await connection.socket.receive()
        if message.type not in (WSMsgType.TEXT, WSMsgType.BINARY):
            raise ConnectionClosedError(WSCloseCode.OK)
        try:
            frame = json.loads(message.data)
            return int(frame["op"]), frame.get("d")
        except (ValueError, KeyError, TypeError) as error:
            raise ConnectionClosedError(
                Close.DECODE_ERROR, "Error while decoding payload."
            ) from error
