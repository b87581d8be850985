"""The demo's world with Mia at the dashboard: the link comes from her own command."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from playwright.async_api import Browser, ConsoleMessage, Page, Request

from sandbox.playground import Playground
from tests.browser.chromium import PATIENCE_MS, Screen
from tests.e2e.scene import PATIENCE_S

LINK = re.compile(r"http://127\.0\.0\.1:\d+/dashboard/sign-in/[\w-]+")


async def link_from_command(playground: Playground, person: str = "Mia") -> str:
    """What `/usage dashboard` shows this moderator."""
    room = playground.discord.channel("gallery")
    sent = await playground.discord.person(person).command(room, "usage dashboard")
    found = LINK.search(str(await sent.response(PATIENCE_S)))
    assert found is not None
    return found[0]


@asynccontextmanager
async def browsing(browser: Browser, screen: Screen, **more: Any) -> AsyncIterator[Page]:
    """A page of its own browser; at the end no script or style has complained, and no other host
    was asked."""
    context = await browser.new_context(
        viewport={"width": screen.width, "height": screen.height},
        color_scheme=screen.scheme,
        locale=screen.locale,
        has_touch=screen.width < 720,
        **more,
    )
    page = await context.new_page()
    page.set_default_timeout(PATIENCE_MS)
    problems: list[str] = []

    def listen(message: ConsoleMessage) -> None:
        refused = "Failed to load resource" in message.text  # what a test asked for in vain
        if message.type in ("error", "warning") and not refused:
            problems.append(f"{message.type}: {message.text}")

    def ask(request: Request) -> None:
        if not request.url.startswith(("http://127.0.0.1:", "blob:", "data:")):
            problems.append(f"asked {request.url}")

    page.on("console", listen)
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.on("request", ask)
    try:
        yield page
        assert problems == []
    finally:
        await context.close()


async def signed_in(page: Page, playground: Playground) -> str:
    """Follow a fresh link and press its button; where the server's pages begin."""
    await page.goto(await link_from_command(playground))
    await page.get_by_role("button").click()
    await page.locator("main h1").wait_for()
    return page.url.partition("?")[0]
