"""A rehearsal: the real process, a copy made while it works, more work, and a start on the copy."""

import asyncio
import shutil
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from sandbox.discord.model import Json
from sandbox.playground import Playground
from tests.e2e.scene import text_of
from tests.patience import UNHURRIED_S

PATIENCE_S = 60.0


@pytest.fixture
async def playground(tmp_path: Path) -> AsyncIterator[Playground]:
    """One task at the API at a time, so that others wait."""
    async with Playground(
        tmp_path,
        acknowledge_s=UNHURRIED_S,
        KETCHUP_QUERIES_PER_SECOND="20",
        KETCHUP_MAX_IN_FLIGHT="1",
    ) as opened:
        await opened.start_bot()
        yield opened


async def ask(playground: Playground, who: str, prompt: str) -> Json:
    """Somebody's request, answered; the message of the job."""
    gallery = playground.discord.channel("gallery")
    sent = await playground.discord.person(who).command(gallery, "imagine", prompt=prompt)
    return await sent.response(PATIENCE_S)


async def shown(playground: Playground, message: Json, words: str = "") -> Json:
    """The message, once it has a picture, or says so."""
    pictures = playground.discord.pictures

    def arrived(seen: Json) -> bool:
        is_it = seen["id"] == message["id"]
        return is_it and (words in text_of(seen) if words else bool(pictures(seen)))

    return await playground.discord.channel("gallery").wait_for(arrived, PATIENCE_S)


async def credits_of(playground: Playground, who: str) -> str:
    gallery = playground.discord.channel("gallery")
    sent = await playground.discord.person(who).command(gallery, "credits")
    answer: dict[str, Any] = await sent.response(PATIENCE_S)
    return text_of(answer)


def put_back(copy: Path, database: Path) -> None:
    """As ``docs/operations.md`` says: without the files beside it."""
    for suffix in ("", "-wal", "-shm"):
        Path(f"{database}{suffix}").unlink(missing_ok=True)
    shutil.copyfile(copy, database)


async def test_a_restored_copy_repeats_nothing_and_its_books_agree(
    playground: Playground, tmp_path: Path
) -> None:
    bot, api, copy = playground.bot, playground.ketchup, tmp_path / "copies" / "ketchup.db"
    api.set_duration(0.2)
    finished = await ask(playground, "Alice", "finished before the copy")
    await shown(playground, finished)
    api.set_duration(12)
    running = await ask(playground, "Alice", "painted while it is copied")
    await shown(playground, running, "Painting")
    waiting = await ask(playground, "Bob", "waits while it is copied")
    await shown(playground, waiting, "line")

    code, printed = await bot.command("backup", str(copy))
    assert (code, copy.is_file()) == (0, True), printed

    api.set_duration(0.2)
    for message in (running, waiting):
        await shown(playground, message)
    later = await ask(playground, "Bob", "asked for after the copy")
    await shown(playground, later)
    sent_before = len(api.requests)
    assert sent_before == 4
    assert await bot.stop() == 0

    put_back(copy, tmp_path / "ketchup.db")
    await playground.start_bot()
    async with asyncio.timeout(PATIENCE_S):
        while not any("started on a backup" in line for line in bot.lines):
            await asyncio.sleep(0.1)
    told = await shown(playground, waiting, "I lost contact and can't tell if it was painted.")
    assert "Nothing was charged." in text_of(told)
    await playground.discord.channel("gallery").wait_for(
        lambda seen: seen["id"] == running["id"] and bool(playground.discord.pictures(seen)),
        PATIENCE_S,
    )
    async with asyncio.timeout(PATIENCE_S):
        while "9 of 10 credits left" not in (alices := await credits_of(playground, "Alice")):
            await asyncio.sleep(0.2)
    assert "9 of 10 credits left" in alices
    assert "10 of 10 credits left" in await credits_of(playground, "Bob")

    code, printed = await bot.command("audit")
    assert code == 0, printed
    assert "The books agree" in printed
    assert printed.count("fate unknown") == 1
    assert len(api.requests) == sent_before

    again = await ask(playground, "Bob", "after the restore")
    await shown(playground, again)
    assert len(api.requests) == sent_before + 1
