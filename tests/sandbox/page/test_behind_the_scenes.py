"""The drawer's levers, and what the demo keeps between runs."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import aiohttp
import pytest

from sandbox.clock import Clock
from sandbox.demo import first_free
from sandbox.demo_world import furnish
from sandbox.discord import SandboxDiscord, Upload
from sandbox.ketchup import SandboxKetchup
from sandbox.page import BotState, PageServer, Scene
from sandbox.page.stories import DISCORD_STORIES, IMAGE_STORIES
from sandbox.saved_world import SavedWorld
from tests.sandbox.discord.foreign_bot import png
from tests.sandbox.page.tab import RefusedError, Tab, opened


class RecordedBot:
    """A `BotControl` that only remembers."""

    def __init__(self) -> None:
        self.state = BotState.RUNNING
        self.deeds: list[str] = []
        self._changed: list[Callable[[], None]] = []

    def last_lines(self) -> list[str]:
        return ["the last line"]

    def listen(self, changed: Callable[[], None]) -> None:
        self._changed.append(changed)

    async def start(self) -> None:
        self._do("start", BotState.RUNNING)

    async def stop(self) -> None:
        self._do("stop", BotState.STOPPED)

    async def kill(self) -> None:
        self._do("kill", BotState.STOPPED)

    async def cap(self, server_id: int, amount: str) -> None:
        self._do(f"cap {amount}", self.state)

    def _do(self, deed: str, state: BotState) -> None:
        self.deeds.append(deed)
        self.state = state
        for changed in self._changed:
            changed()


@pytest.fixture
async def ketchup(sandbox: SandboxDiscord) -> AsyncIterator[SandboxKetchup]:
    async with SandboxKetchup(clock=sandbox.clock, base=128) as running:
        yield running


@pytest.fixture
def process() -> RecordedBot:
    return RecordedBot()


@pytest.fixture
async def page(
    sandbox: SandboxDiscord, ketchup: SandboxKetchup, process: RecordedBot
) -> AsyncIterator[PageServer]:
    async with PageServer(Scene(sandbox, ketchup, process)) as served:
        yield served


@pytest.mark.parametrize("name", [*IMAGE_STORIES, *(story.name for story in DISCORD_STORIES)])
async def test_every_story_can_be_played_and_taken_back(
    tab: Tab, ketchup: SandboxKetchup, name: str
) -> None:
    await tab.ask("pull", lever="story", value=name)
    planned = [plan.kind for plan in ketchup.faults.plans]
    assert planned == list(IMAGE_STORIES.get(name, ()))
    await tab.ask("pull", lever="calm")
    assert ketchup.faults.plans == []


async def test_the_clock_jumps_and_every_tab_learns_the_new_links(
    tab: Tab, sandbox: SandboxDiscord
) -> None:
    before = sandbox.clock.now_ms()
    await tab.ask("pull", lever="story", value="expire-tokens")
    assert sandbox.clock.now_ms() - before >= 16 * 60 * 1000
    told = await tab.event(lambda e: e["event"] == "world" and "messages" in e)
    assert told["world"]["now"] >= before + 16 * 60 * 1000


async def test_latency_and_callbacks_are_switches(tab: Tab, ketchup: SandboxKetchup) -> None:
    await tab.ask("pull", lever="latency", value=5)
    await tab.ask("pull", lever="callbacks", value=False)
    state = (await tab.ask("backstage"))["state"]["ketchup"]
    assert (state["latency"], state["callbacks"], state["planned"]) == (5, False, [])
    await tab.ask("pull", lever="callbacks", value=True)
    assert ketchup.faults.plans == []
    with pytest.raises(RefusedError, match="seconds"):
        await tab.ask("pull", lever="latency", value="soon")


async def test_the_bot_is_killed_and_restarted(tab: Tab, process: RecordedBot) -> None:
    await tab.ask("pull", lever="kill")
    told = await tab.event(lambda e: e["event"] == "backstage")
    assert told["backstage"]["bot"]["state"] == "stopped"
    await tab.ask("pull", lever="start")
    await tab.ask("pull", lever="restart")
    assert process.deeds == ["kill", "start", "stop", "start"]


async def test_the_kill_waits_for_a_picture_in_the_making(
    tab: Tab,
    browser: aiohttp.ClientSession,
    ketchup: SandboxKetchup,
    process: RecordedBot,
) -> None:
    await tab.ask("pull", lever="story", value="kill-while-painting")
    assert (await tab.ask("backstage"))["state"]["waiting"]
    assert process.deeds == []
    ketchup.set_duration(30)
    order = {"model": "google/gempix2", "prompt": "a boat"}
    key = {"Authorization": f"Bearer {ketchup.key}"}
    async with browser.post(f"{ketchup.url}/api/image/gen", json=order, headers=key) as answer:
        assert answer.status == 200
    ended = await tab.event(
        lambda e: e["event"] == "backstage" and e["backstage"]["bot"]["state"] == "stopped"
    )
    assert ended["backstage"]["ketchup"]["running"] == 1
    async with asyncio.timeout(20):
        while process.deeds != ["kill", "start"]:
            await tab.event(lambda e: e["event"] == "backstage")


async def test_the_limit_is_reached_and_lifted_again(tab: Tab, process: RecordedBot) -> None:
    await tab.ask("pull", lever="story", value="reach-limit")
    assert (await tab.ask("backstage"))["state"]["capped"]
    await tab.ask("pull", lever="calm")
    assert not (await tab.ask("backstage"))["state"]["capped"]
    assert process.deeds == ["cap 0"] * 2 + ["cap default"] * 2


async def test_requests_are_told_with_their_status(tab: Tab, sandbox: SandboxDiscord) -> None:
    async with aiohttp.ClientSession() as session:
        await session.get(f"{sandbox.api_url}/nowhere", headers={"Authorization": "Bot x"})
    told = await tab.event(lambda e: e["event"] == "request")
    assert told["request"]["status"] == 404
    assert told["request"]["violations"]
    assert (await tab.ask("backstage"))["requests"][-1]["path"] == "/nowhere"


async def test_the_world_survives_the_demos_end(sandbox: SandboxDiscord, tmp_path: Path) -> None:
    saved = SavedWorld(tmp_path)
    assert saved.load() is None
    await furnish(sandbox)
    gallery, alice = sandbox.channel("gallery"), sandbox.person("Alice")
    kept = await alice.say(gallery, "kept", files=[Upload("a.png", png())])
    gone = await alice.say(gallery, "gone", files=[Upload("b.png", png(64))])
    saved.save(sandbox.world, 5000)
    await alice.delete(gone)
    saved.save(sandbox.world, 7000)
    loaded = SavedWorld(tmp_path).load()
    assert loaded is not None
    state, ahead_ms = loaded
    assert ahead_ms == 7000
    async with SandboxDiscord(clock=Clock(), state=state) as restored:
        assert [m["content"] for m in restored.messages(restored.channel("gallery"))][-1] == "kept"
        assert restored.pictures(kept)[0].data == png()
        stored = [a for m in restored.world.messages.values() for a in m.attachments]
        assert {path.name for path in (tmp_path / "files").iterdir()} == {str(a.id) for a in stored}
        assert all(a.data for a in stored)


def test_a_busy_port_is_named_and_the_next_one_taken(
    capsys: pytest.CaptureFixture[str],
) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        busy = int(taken.getsockname()[1])
        assert first_free(busy) > busy
    assert f"Port {busy} is busy" in capsys.readouterr().out


async def test_a_tab_that_reconnects_finds_its_person_again(
    page: PageServer, browser: aiohttp.ClientSession
) -> None:
    async with opened(page, browser, "Mia") as first:
        mia = first.world["me"]["id"]
    async with opened(page, browser, "Alice") as second:
        assert (await second.ask("be", person=mia))["world"]["me"]["username"] == "mia"
