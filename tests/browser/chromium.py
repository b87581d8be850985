"""A real Chromium for the tests, and what it must not do: complain, or call other machines."""

from __future__ import annotations

import os
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, Literal

import pytest
from playwright.async_api import Browser, ConsoleMessage, Page, Request, async_playwright, expect

QUIET = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)
PATIENCE_MS = 20_000.0
MISSING = "no Chromium here (Debian: apt-get install chromium fonts-noto-cjk; or set CHROMIUM)"


@dataclass(frozen=True, slots=True)
class Screen:
    """How the page is looked at."""

    width: int = 1280
    height: int = 800
    scheme: Literal["light", "dark"] = "light"
    locale: Literal["en-US", "ja"] = "en-US"

    def __str__(self) -> str:
        kind = "phone" if self.width < 720 else "desktop"
        return f"{kind}-{self.scheme}-{self.locale}"


PHONE = (390, 844)


def installed() -> str | None:
    """Where Chromium is on this machine."""
    named = (shutil.which(name) for name in ("chromium", "chromium-browser", "google-chrome"))
    return os.environ.get("CHROMIUM") or next(filter(None, named), None)


def required() -> str:
    """Where Chromium is; without one the test is skipped, or fails where CI is true."""
    if (path := installed()) is not None:
        return path
    if os.environ.get("CI") == "true":
        pytest.fail(MISSING)
    pytest.skip(MISSING)


@asynccontextmanager
async def chromium(path: str) -> AsyncIterator[Browser]:
    """A headless Chromium that stays by itself."""
    expect.set_options(timeout=PATIENCE_MS)
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=path, args=[*QUIET])
        try:
            yield browser
        finally:
            await browser.close()


@asynccontextmanager
async def watched(browser: Browser, url: str, screen: Screen, **more: Any) -> AsyncIterator[Page]:
    """The page, opened; at the end it has neither complained nor asked another host."""
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
        if message.type in ("error", "warning"):
            problems.append(f"{message.type}: {message.text}")

    def ask(request: Request) -> None:
        if not request.url.startswith((url, "blob:", "data:", url.replace("http", "ws", 1))):
            problems.append(f"asked {request.url}")

    page.on("console", listen)
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.on("request", ask)
    try:
        await page.goto(url)
        await page.locator("textarea.box").wait_for()
        yield page
        assert problems == []
    finally:
        await context.close()
