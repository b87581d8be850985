"""The dashboard of a server that has been busy for a month, for the documentation's pictures."""

from __future__ import annotations

import random
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Final

from playwright.async_api import Browser, Page

from bot.domain.ids import Millis, UserId
from bot.domain.money import CREDIT, Microcredits
from bot.domain.reports import ReportReason
from bot.errors import UserError
from bot.service.moderators.reporting import Complaint
from bot.storage import open_database
from tests.browser.chromium import PHONE, Screen
from tests.builders import GUILD, ManualClock, World, make_failure, make_world
from tests.integration.dashboard.desk import MIA, Desk, moderator, opened_desk

DAYS: Final = 30
_DAY_MS: Final = 86_400_000
_PEOPLE: Final = {1: "Alice", 2: "Bob", 4: "Olivia", 5: "花子", 6: "Otto", 7: "太郎"}
_PROMPTS: Final = (
    "a lighthouse at dawn",
    "雪の夜の灯台",
    "a robot watering a bonsai",
    "a quiet bay",
)
_MODELS: Final = ("google/gempix2", "google/gempix2", "google/gemini-2.5-flash-image")
_SCREENS: Final = {
    "dashboard": Screen(1280, 1120),
    "dashboard-phone": Screen(*PHONE, "dark", "ja"),
}


async def fill(world: World) -> None:
    """A month of pictures, a few of which failed, one report, and something under way."""
    chance = random.Random(7)
    cap, allowance = Microcredits(100 * CREDIT), Microcredits(20 * CREDIT)
    await world.use.server_settings.change(GUILD, MIA, "s", cap=cap, allowance=allowance)
    for day in range(DAYS):
        for _ in range(chance.randint(2, 4) + day // 7):
            await one_job(world, chance)
        world.clock.advance(_DAY_MS / 1000)
    card = await world.picture(UserId(6), prompt="something odd")
    complaint = Complaint(ReportReason.OTHER, None, False, "en-US")
    await world.use.reporting.report(GUILD, card.job_id, UserId(1), complaint, key="r")
    for user in (1, 2, 5, 4):
        await world.ask(UserId(user), prompt=chance.choice(_PROMPTS))
    await world.claim(2)


async def one_job(world: World, chance: random.Random) -> None:
    """One member's picture of that day; every twelfth fails."""
    user = UserId(chance.choice([*_PEOPLE, 1, 2, 5]))
    try:
        await world.ask(user, prompt=chance.choice(_PROMPTS), model=chance.choice(_MODELS))
    except UserError:
        return
    for submission in await world.submit():
        if chance.random() < 1 / 12:
            task = await world.task(submission.task_id)
            await world.report(submission.task_id, make_failure(task.provider_id or "ta1"))
        else:
            await world.painted(submission.task_id)
    await world.fetch()
    await world.deliver()


@asynccontextmanager
async def busy_desk(folder: Path) -> AsyncIterator[Desk]:
    """The dashboard of that server; the month ends now."""
    start = Millis(int(time.time() * 1000) - DAYS * _DAY_MS)
    async with open_database(f"sqlite:///{folder / 'busy.db'}") as database:
        world = await make_world(database, ManualClock(start))
        await fill(world)
        async with opened_desk(world) as desk:
            desk.discord.standings[GUILD, MIA] = moderator(manage_server=True)
            desk.discord.names |= {UserId(number): name for number, name in _PEOPLE.items()}
            yield desk


@asynccontextmanager
async def overviews(folder: Path, browser: Browser) -> AsyncIterator[dict[str, Page]]:
    """The overview on a desktop and on a phone, by the name of its picture."""
    async with busy_desk(folder) as desk:
        pages = {}
        for name, screen in _SCREENS.items():
            context = await browser.new_context(
                viewport={"width": screen.width, "height": screen.height},
                color_scheme=screen.scheme, locale=screen.locale,
                device_scale_factor=1.5 if screen.width > 720 else 2,
            )  # fmt: skip
            page = pages[name] = await context.new_page()
            await page.goto(f"{desk.url}{await desk.link(locale=screen.locale)}")
            await page.get_by_role("button").click()
            await page.goto(f"{page.url}?period=30d")
            await page.wait_for_function("[...document.images].every(image => image.complete)")
            await page.locator(".live tbody tr").first.wait_for()
        yield pages
