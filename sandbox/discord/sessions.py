"""What a gateway client has: a connection for now, and a session that outlives it."""

from __future__ import annotations

import asyncio
import json
import zlib
from collections import deque
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Any

from aiohttp import web

from sandbox.discord.intents import Intent
from sandbox.discord.model import Json, Snowflake

_REPLAY_LENGTH = 2_000


class Op(IntEnum):
    """Gateway opcodes."""

    DISPATCH = 0
    HEARTBEAT = 1
    IDENTIFY = 2
    PRESENCE = 3
    VOICE_STATE = 4
    RESUME = 6
    RECONNECT = 7
    REQUEST_MEMBERS = 8
    INVALID_SESSION = 9
    HELLO = 10
    HEARTBEAT_ACK = 11


class Close(IntEnum):
    """Gateway close codes."""

    UNKNOWN_OPCODE = 4001
    DECODE_ERROR = 4002
    NOT_AUTHENTICATED = 4003
    AUTHENTICATION_FAILED = 4004
    ALREADY_AUTHENTICATED = 4005
    SESSION_TIMED_OUT = 4009
    INVALID_SHARD = 4010
    INVALID_INTENTS = 4013
    DISALLOWED_INTENTS = 4014


class ConnectionClosedError(Exception):
    """The connection ends with this code."""

    def __init__(self, code: int, reason: str = "") -> None:
        super().__init__(code, reason)
        self.code = code
        self.reason = reason


@dataclass(slots=True)
class Connection:
    """One websocket. Frames leave in order through one writer."""

    socket: web.WebSocketResponse
    transport: asyncio.WriteTransport | None
    compressor: Any = None
    outbox: asyncio.Queue[Json | None] = field(default_factory=asyncio.Queue)

    def send(self, op: Op, data: Any = None, **more: Any) -> None:
        self.outbox.put_nowait({"op": int(op), "d": data, "s": None, "t": None} | more)

    async def write(self) -> None:
        """Send what the outbox holds until it holds None or the peer is gone."""
        while (frame := await self.outbox.get()) is not None:
            text = json.dumps(frame, ensure_ascii=False)
            try:
                if self.compressor is None:
                    await self.socket.send_str(text)
                else:
                    body = self.compressor.compress(text.encode())
                    await self.socket.send_bytes(body + self.compressor.flush(zlib.Z_SYNC_FLUSH))
            except ConnectionError:
                return

    async def close(self, code: int, reason: str = "") -> None:
        await self.socket.close(code=code, message=reason.encode())

    def drop(self) -> None:
        """Cut the line without a closing handshake."""
        if self.transport is not None:
            self.transport.abort()


@dataclass(slots=True, eq=False)
class Session:
    """What a client keeps across connections: its sequence and the events to replay."""

    id: str
    intents: Intent
    shard: tuple[int, int]
    connection: Connection | None = None
    sequence: int = 0
    history: deque[Json] = field(default_factory=lambda: deque(maxlen=_REPLAY_LENGTH))
    resumable: bool = True

    def dispatch(self, name: str, data: Json) -> None:
        self.sequence += 1
        frame = {"op": 0, "d": data, "s": self.sequence, "t": name}
        self.history.append(frame)
        if self.connection is not None:
            self.connection.outbox.put_nowait(frame)

    def sees_guild(self, guild_id: Snowflake | None) -> bool:
        """Whether events of that server (None: direct messages) belong to this shard."""
        shard, count = self.shard
        return shard == (0 if guild_id is None else (guild_id >> 22) % count)
