"""A TCP server on loopback that answers each connection with the bytes it was given."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

HANG = b"<hang>"
"""An answer that is never finished: the connection stays open."""
RESET = b"<reset>"
"""The connection is reset instead of an orderly end."""


@dataclass
class RawServer:
    """``requests`` holds what each request on any connection said, in their order; ``asked`` is
    set from the first one on."""

    address: str = ""
    requests: list[bytes] = field(default_factory=list)
    connections: int = 0
    asked: asyncio.Event = field(default_factory=asyncio.Event)


@asynccontextmanager
async def raw_server(*answers: Sequence[bytes]) -> AsyncIterator[RawServer]:
    """The first connection gets the first sequence of answers, one a request, and so on; the
    last sequence is used again. After its sequence a connection is closed."""
    server = RawServer()
    stopped = asyncio.Event()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        script = answers[min(server.connections, len(answers) - 1)]
        server.connections += 1
        try:
            for answer in script:
                server.requests.append(await read_request(reader))
                server.asked.set()
                if answer == RESET:
                    writer.transport.abort()
                    return
                if not answer.endswith(HANG):
                    writer.write(answer)
                    await writer.drain()
                    continue
                writer.write(answer.removesuffix(HANG))
                await stopped.wait()
        except (asyncio.IncompleteReadError, ConnectionError):
            return
        finally:
            writer.close()

    listening = await asyncio.start_server(serve, "127.0.0.1", 0)
    port = listening.sockets[0].getsockname()[1]
    server.address = f"http://127.0.0.1:{port}"
    try:
        yield server
    finally:
        stopped.set()
        listening.close()


async def read_request(reader: asyncio.StreamReader) -> bytes:
    """One HTTP request with its body."""
    head = await reader.readuntil(b"\r\n\r\n")
    length = 0
    for line in head.lower().split(b"\r\n"):
        if line.startswith(b"content-length:"):
            length = int(line.partition(b":")[2])
    return head + await reader.readexactly(length)


def answer(status: str, body: bytes = b"", *, promised: int | None = None, head: str = "") -> bytes:
    """An HTTP answer; ``promised`` is the length its header claims."""
    length = len(body) if promised is None else promised
    return f"HTTP/1.1 {status}\r\nContent-Length: {length}\r\n{head}\r\n".encode() + body
