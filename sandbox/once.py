"""One `/imagine` from slash command to posted picture, without a browser."""

from __future__ import annotations

import mimetypes
import re
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from sandbox.discord import Upload
from sandbox.discord.model import Json
from sandbox.playground import BotFailedError, Playground

POSTED_SECONDS = 60.0
_SPEED = 3.0


def _say(started: float, text: str) -> None:
    print(f"{time.monotonic() - started:5.1f} s  {text}", flush=True)


def _uploads(images: Sequence[Path]) -> dict[str, Upload]:
    """The options image1 … image4."""
    return {
        f"image{number}": Upload(
            path.name, path.read_bytes(), mimetypes.guess_type(path)[0] or "image/png"
        )
        for number, path in enumerate(images, 1)
    }


async def once(prompt: str, images: Sequence[Path], *, callbacks: bool, output: Path) -> int:
    """Draw one picture and save it; 0, or 1 if nothing was posted within 60 s."""
    missing = [str(path) for path in images if not path.is_file()]
    if missing or len(images) > 4:
        print("IMAGES: " + (f"there is no {', '.join(missing)}" if missing else "four at most"))
        return 1
    started = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="ketchup-demo-") as folder:
        playground = Playground(Path(folder), callbacks=callbacks, speed=_SPEED)
        async with playground:
            _say(started, "sandbox is up: a local Discord and a local image API")
            try:
                await playground.start_bot()
            except BotFailedError as error:
                print(f"the bot did not come up:\n{error}")
                return 1
            _say(started, "the bot is connected and has registered its commands")
            options: dict[str, Any] = {"prompt": prompt, **_uploads(images)}
            return await _draw(playground, options, started, output)


async def _draw(
    playground: Playground, options: dict[str, Any], started: float, output: Path
) -> int:
    gallery = playground.discord.channel("gallery")
    alice = playground.discord.person("Alice")
    before = {message["id"] for message in gallery.messages()}
    sent = await alice.command(gallery, "imagine", **options)
    _say(started, f'Alice sends /imagine "{options["prompt"]}"')
    try:
        await sent.response(timeout=10)
        _say(started, f"answered after {(sent.acknowledged_after or 0) * 1000:.0f} ms")
        message = await gallery.wait_for(
            lambda found: found["id"] not in before and _has_pictures(playground, found),
            POSTED_SECONDS,
        )
    except TimeoutError:
        print("nothing was posted within 60 s; the bot's last words:")
        print("\n".join(list(playground.bot.lines)[-20:]))
        return 1
    _say(started, "the picture is in #gallery")
    for path in _save(playground, message, str(options["prompt"]), output):
        print(f"saved {path}")
    return 0


def _has_pictures(playground: Playground, message: Json) -> bool:
    return bool(message["author"].get("bot")) and bool(playground.discord.pictures(message))


def _save(playground: Playground, message: Json, prompt: str, output: Path) -> list[Path]:
    output.mkdir(parents=True, exist_ok=True)
    name = re.sub(r"[^\w]+", "-", prompt).strip("-")[:48] or "picture"
    saved = []
    for number, attachment in enumerate(playground.discord.pictures(message), 1):
        path = output / f"{name}-{message['id']}-{number}{Path(attachment.filename).suffix}"
        path.write_bytes(attachment.data)
        saved.append(path)
    return saved
