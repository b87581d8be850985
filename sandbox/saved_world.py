"""The demo's Discord on disk: the world as JSON, and beside it each posted file once."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from pydantic import TypeAdapter

from sandbox.discord.model import Attachment
from sandbox.discord.world import World

_WITHOUT_BYTES: Final[Any] = {
    "messages": {"__all__": {"attachments": {"__all__": {"data"}}}},
    "uploads": {"__all__": {"data"}},
}
"""Pictures are large and never change: writing them with every save would take seconds."""


class SavedWorld:
    """What `folder` holds of an earlier run."""

    def __init__(self, folder: Path) -> None:
        self._file = folder / "world.json"
        self._bytes = folder / "files"
        self._last = b""

    def load(self) -> tuple[bytes, int] | None:
        """The world for ``SandboxDiscord(state=…)`` and by how many ms its clock was ahead.

        None where nothing was saved. Files that are gone come back empty.
        """
        if not self._file.exists():
            return None
        saved = json.loads(self._file.read_bytes())
        world = saved["world"]
        for message in world["messages"].values():
            for attachment in message["attachments"]:
                attachment["data"] = self._data(attachment["id"])
        for upload in world["uploads"].values():
            upload["data"] = self._data(upload["id"])
        return json.dumps(world).encode(), int(saved["ahead_ms"])

    def save(self, world: World, ahead_ms: int) -> None:
        """Write what has changed; a crash leaves the last good state."""
        state = TypeAdapter(World).dump_json(world, exclude=_WITHOUT_BYTES)
        text = b'{"ahead_ms": %d, "world": %s}' % (ahead_ms, state)
        if text == self._last:
            return
        self._bytes.mkdir(parents=True, exist_ok=True)
        wanted = {str(attachment.id): attachment for attachment in attachments(world)}
        for name, attachment in wanted.items():
            if not (self._bytes / name).exists():
                _write(self._bytes / name, attachment.data)
        _write(self._file, text)
        for left in self._bytes.iterdir():
            if left.name not in wanted:
                left.unlink()
        self._last = text

    def _data(self, attachment_id: int) -> str:
        path = self._bytes / str(attachment_id)
        return base64.b64encode(path.read_bytes()).decode() if path.exists() else ""


def attachments(world: World) -> Iterator[Attachment]:
    """Every file of the world."""
    yield from world.uploads.values()
    for message in world.messages.values():
        yield from message.attachments


def _write(path: Path, data: bytes) -> None:
    """Atomically: the whole file or the old one."""
    fresh = path.with_suffix(".new")
    fresh.write_bytes(data)
    fresh.replace(path)
