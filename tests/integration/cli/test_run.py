"""``ketchup-bot run`` as a process: what it logs, and how it ends."""

import asyncio
import json
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from sandbox.bot_process import BotProcess, free_port
from sandbox.discord import SandboxDiscord
from sandbox.playground import Playground
from tests.patience import UNHURRIED_S

PATIENCE_S = 40.0
PROMPT = "an unmistakable walrus"


@pytest.fixture
async def playground(tmp_path: Path) -> AsyncIterator[Playground]:
    """Both sandboxes; the bot is not started yet and will log all that it may."""
    async with Playground(
        tmp_path,
        speed=20,
        acknowledge_s=UNHURRIED_S,
        LOG_LEVEL="DEBUG",
        KETCHUP_QUERIES_PER_SECOND="20",
    ) as opened:
        yield opened


async def test_even_at_debug_no_secret_and_no_prompt_is_logged(playground: Playground) -> None:
    await playground.start_bot()
    gallery, alice = playground.discord.channel("gallery"), playground.discord.person("Alice")
    sent = await alice.command(gallery, "imagine", prompt=PROMPT)
    await sent.acknowledged(PATIENCE_S)
    await gallery.wait_for(lambda message: bool(playground.discord.pictures(message)), PATIENCE_S)
    assert await playground.bot.stop() == 0
    entries = [json.loads(line) for line in playground.bot.lines]
    assert {"database ready", "submitted", "delivered"} <= {entry["event"] for entry in entries}
    said = "\n".join(playground.bot.lines)
    (request,) = playground.ketchup.requests
    signature = json.loads(request.body)["callback_url"].rpartition("/")[2]
    assert signature
    for secret in (playground.discord.token, playground.ketchup.key, sent.token, PROMPT, signature):
        assert secret not in said


@pytest.mark.slow
async def test_a_second_bot_on_the_same_file_waits_and_is_told_who_holds_it(
    playground: Playground, tmp_path: Path
) -> None:
    await playground.start_bot()
    second = BotProcess({**playground.bot.settings, "HTTP_PORT": str(free_port())}, tmp_path)
    await second.start()
    async with asyncio.timeout(PATIENCE_S + 40):
        code = await second.wait()
    assert code == 3, "\n".join(second.lines)
    assert any(f"process {playground.bot.pid}" in line for line in second.lines)
    assert playground.bot.running


async def test_a_refused_token_is_one_line_and_no_traceback(
    playground: Playground, tmp_path: Path
) -> None:
    async with SandboxDiscord(accept_token="another-token") as discord:
        settings = {**playground.bot.settings, "DISCORD_API_URL": discord.api_url}
        refused = BotProcess({**settings, "LOG_LEVEL": "INFO"}, tmp_path)
        await refused.start()
        async with asyncio.timeout(PATIENCE_S):
            assert await refused.wait() == 1
    said = "\n".join(refused.lines)
    assert "DISCORD_TOKEN" in said
    assert "Traceback" not in said
