"""``kill -9`` at each stage of a job: after the restart its picture is delivered once."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from sandbox.discord import Action, Fault, hang, hang_after
from sandbox.discord.model import Json
from sandbox.ketchup import SubmitFault
from sandbox.playground import Playground
from tests.e2e.scene import text_of
from tests.patience import UNHURRIED_S

PATIENCE_S = 40.0


@pytest.fixture
async def playground(tmp_path: Path) -> AsyncIterator[Playground]:
    """The sandboxes with the bot as a process of its own."""
    async with Playground(
        tmp_path, speed=20, acknowledge_s=UNHURRIED_S, KETCHUP_QUERIES_PER_SECOND="20"
    ) as opened:
        await opened.start_bot()
        yield opened


async def imagine(playground: Playground, **options: Any) -> Json:
    """Alice's request and the bot's waiting message."""
    gallery = playground.discord.channel("gallery")
    alice = playground.discord.person("Alice")
    sent = await alice.command(gallery, "imagine", prompt="a lighthouse", **options)
    return await sent.response(PATIENCE_S)


async def one_picture(playground: Playground) -> None:
    """Wait for the picture, and see that there is one message with one picture."""
    gallery = playground.discord.channel("gallery")
    shown = playground.discord.pictures
    await gallery.wait_for(lambda message: len(shown(message)) == 1, PATIENCE_S)
    assert len([m for m in gallery.messages() if m["author"].get("bot") and shown(m)]) == 1


async def test_killed_while_the_job_waits(playground: Playground) -> None:
    playground.ketchup.keys = set()
    await imagine(playground)
    await playground.discord.channel("gallery").wait_for(
        lambda message: "paused" in text_of(message), PATIENCE_S
    )
    await playground.bot.kill()
    playground.ketchup.keys = {playground.ketchup.key}
    await playground.start_bot()
    await one_picture(playground)


async def test_killed_while_the_api_paints(playground: Playground) -> None:
    playground.ketchup.set_duration(2)
    await imagine(playground)
    await playground.ketchup.events.until(lambda: bool(playground.ketchup.tasks), PATIENCE_S)
    await playground.discord.channel("gallery").wait_for(
        lambda message: "Painting" in text_of(message), PATIENCE_S
    )
    await playground.bot.kill()
    await playground.start_bot()
    await one_picture(playground)
    assert len(playground.ketchup.requests) == 1


async def test_killed_between_the_post_and_its_answer(playground: Playground) -> None:
    """The API took the request, the bot died before it could store the answer."""
    playground.ketchup.set_duration(3)
    playground.ketchup.faults.submit(SubmitFault.STALL_AFTER_EFFECT)
    await imagine(playground)
    await playground.ketchup.events.until(lambda: bool(playground.ketchup.tasks), PATIENCE_S)
    await playground.bot.kill()
    await playground.start_bot()
    await one_picture(playground)
    assert len(playground.ketchup.requests) == 1


@pytest.mark.parametrize("lost", [hang(), hang_after()], ids=["never arrived", "arrived"])
async def test_killed_while_it_replies_to_a_mention(playground: Playground, lost: Action) -> None:
    """Whether the reply is there or not, after the restart there is one, and one picture."""
    playground.discord.fault(Fault("POST", r"^/channels/\d+/messages$", lost))
    gallery = playground.discord.channel("gallery")
    await playground.discord.person("Alice").say(gallery, "a boat", mention_bot=True)
    async with asyncio.timeout(PATIENCE_S):
        while not any(r.path.endswith("/messages") for r in playground.discord.requests):
            await asyncio.sleep(0.05)
    await playground.bot.kill()
    playground.discord.faults.clear()
    await playground.start_bot()
    await one_picture(playground)
    assert len([m for m in gallery.messages() if m["components"]]) == 1
    assert len(playground.ketchup.requests) == 1


async def test_sigterm_ends_with_code_0_and_the_next_start_goes_on(playground: Playground) -> None:
    playground.ketchup.set_duration(2)
    await imagine(playground)
    await playground.discord.channel("gallery").wait_for(
        lambda message: "Painting" in text_of(message), PATIENCE_S
    )
    assert await playground.bot.stop() == 0
    await playground.start_bot()
    await one_picture(playground)
    assert len(playground.ketchup.requests) == 1
