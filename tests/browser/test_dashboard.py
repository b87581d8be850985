"""The dashboard in a real browser, with the real bot: from the command to the last download."""

from __future__ import annotations

import csv
import re
import sqlite3
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Browser, Page, expect

from sandbox.control import PlaygroundBot
from sandbox.playground import Playground
from tests.browser.chromium import PHONE, Screen
from tests.browser.dashboards import browsing, link_from_command, signed_in
from tests.e2e.scene import PATIENCE_S

pytestmark = [pytest.mark.browser, pytest.mark.slow]

SCREENS = [
    Screen(),
    Screen(scheme="dark", locale="ja"),
    Screen(*PHONE, scheme="light"),
    Screen(*PHONE, scheme="dark", locale="ja"),
]
PATHS = ("", "/members", "/jobs", "/credits", "/reports", "/settings", "/audit")


@pytest.fixture
async def world(playground: Playground) -> AsyncIterator[Playground]:
    """The demo's world with the bot running."""
    bot = PlaygroundBot(playground)
    await bot.start()
    yield playground
    await bot.stop()


@pytest.fixture
async def page(world: Playground, browser: Browser, screen: Screen) -> AsyncIterator[Page]:
    """Mia's browser; she speaks its language in Discord too."""
    world.discord.person("Mia").user.locale = screen.locale
    async with browsing(browser, screen) as opened:
        yield opened


async def painted(world: Playground, prompt: str, count: int = 1) -> None:
    """Alice's picture, posted."""
    room = world.discord.channel("gallery")
    sent = await world.discord.person("Alice").command(room, "imagine", prompt=prompt, count=count)
    await sent.acknowledged(PATIENCE_S)

    def shown(message: dict[str, object]) -> bool:
        return prompt in str(message) and bool(world.discord.pictures(message))

    await room.wait_for(shown, PATIENCE_S)


def database(world: Playground) -> sqlite3.Connection:
    """The bot's database, to read."""
    url = world.bot.settings["DATABASE_URL"].removeprefix("sqlite:///")
    return sqlite3.connect(f"file:{url}?mode=ro", uri=True)


async def serious(page: Page) -> list[str]:
    """What axe-core calls serious or worse, with the places."""
    found = await Axe().run(page)
    return [
        f"{violation['id']}: {node['html'][:160]} {node.get('failureSummary', '')}"
        for violation in found.response["violations"]
        if violation["impact"] in ("serious", "critical")
        for node in violation["nodes"]
    ]


@pytest.mark.parametrize("screen", SCREENS, ids=str)
async def test_every_page_is_reached_accessible_and_as_wide_as_the_screen(
    page: Page, world: Playground, screen: Screen
) -> None:
    await painted(world, "a boat in fog")
    await page.goto(await link_from_command(world))
    assert await serious(page) == []
    await page.get_by_role("button").click()
    root = page.url
    links = page.locator("header nav a")
    assert await links.count() == len(PATHS)
    for number, path in enumerate(PATHS):
        await links.nth(number).click()
        await expect(page).to_have_url(f"{root}{path}")
        await expect(page.locator("header nav a[aria-current=page]")).to_have_count(1)
        assert await serious(page) == []
        assert await page.evaluate("document.documentElement.scrollWidth") <= screen.width
    language = "ja" if screen.locale == "ja" else "en"
    assert await page.locator("html").get_attribute("lang") == language
    for more in ("/jobs", "/members"):
        await page.goto(f"{root}{more}")
        await page.locator("tbody a").first.click()
        await expect(page.locator("dl.facts, section#block, h2#block").first).to_be_visible()
        assert await serious(page) == []
        assert await page.evaluate("document.documentElement.scrollWidth") <= screen.width


async def test_the_link_of_the_command_works_once(
    page: Page, world: Playground, browser: Browser
) -> None:
    link = await link_from_command(world)
    await page.goto(link)
    await expect(page.get_by_text("signs in Mia")).to_be_visible()
    await page.get_by_role("button", name="Open the dashboard").click()
    await expect(page.get_by_role("heading", name="Overview")).to_be_visible()
    context = await browser.new_context()
    other = await context.new_page()
    await other.goto(link)
    await expect(other.get_by_role("heading", name="This link was used before")).to_be_visible()
    await context.close()


async def test_a_stolen_cookie_is_worthless_after_signing_out(
    page: Page, world: Playground, browser: Browser
) -> None:
    root = await signed_in(page, world)
    cookies = await page.context.cookies()
    (cookie,) = [one for one in cookies if one["name"] == "ketchup-session"]
    assert (cookie["httpOnly"], cookie["sameSite"]) == (True, "Strict")
    thief = await browser.new_context()
    await thief.add_cookies([cookie])  # type: ignore[list-item]
    stolen = await thief.new_page()
    await stolen.goto(root)
    await expect(stolen.get_by_role("heading", name="Overview")).to_be_visible()
    await page.locator(".person summary").click()
    await page.get_by_role("button", name="Sign out", exact=True).click()
    await expect(page.get_by_role("heading", name="You are signed out")).to_be_visible()
    await expect(stolen.get_by_text("no longer updates itself")).to_be_visible()
    await stolen.reload()
    await expect(stolen.get_by_role("heading", name="You are signed out")).to_be_visible()
    await thief.close()


async def test_the_queue_moves_while_jobs_run(page: Page, world: Playground) -> None:
    world.ketchup.set_duration(5)
    await signed_in(page, world)
    queue = page.locator(".live tbody tr")
    await expect(page.get_by_text("Nothing waits and nothing runs.")).to_be_visible()
    for number in range(3):
        sent = await world.discord.person("Alice").command(
            world.discord.channel("gallery"), "imagine", prompt=f"wish {number}"
        )
        await sent.acknowledged(PATIENCE_S)
    await expect(queue).to_have_count(3)
    await expect(queue.filter(has_text="painting")).to_have_count(2)
    await expect(queue.filter(has_text="1st in line")).to_have_count(1)
    await expect(page.locator("[data-running]")).to_have_text("2")
    await expect(queue.first.locator("td").last).to_have_text(re.compile(r"0:0[1-9]"))
    await expect(queue).to_have_count(0)
    await expect(page.get_by_text("Nothing waits and nothing runs.")).to_be_visible()


async def test_jobs_are_found_by_filters_and_seen_with_their_pictures(
    page: Page, world: Playground
) -> None:
    await painted(world, "a red boat")
    await painted(world, "two green hills", count=2)
    root = await signed_in(page, world)
    await page.goto(f"{root}/jobs")
    rows = page.locator("tbody tr")
    await expect(rows).to_have_count(2)
    await page.get_by_label("Text").fill("BOAT")
    await page.keyboard.press("Enter")
    await expect(rows).to_have_count(1)
    thumb = rows.first.locator("img")
    await expect(thumb).to_have_js_property("complete", True)
    assert await thumb.evaluate("image => image.naturalWidth") > 100
    await page.get_by_role("link", name="Show all").click()
    await page.get_by_role("link", name="two green hills").click()
    shown = page.locator(".pictures img")
    await expect(shown).to_have_count(2)
    for number in range(2):
        await expect(shown.nth(number)).to_have_js_property("complete", True)
        assert await shown.nth(number).evaluate("image => image.naturalWidth") > 100


async def test_a_private_request_is_opened_by_hand(page: Page, world: Playground) -> None:
    room = world.discord.channel("gallery")
    sent = await world.discord.person("Alice").command(
        room, "imagine", prompt="a secret garden", private=True
    )
    await sent.acknowledged(PATIENCE_S)
    root = await signed_in(page, world)
    await expect(page.locator(".tile").first.locator(".figure")).to_have_text(re.compile("[01]"))
    await page.goto(f"{root}/jobs?state=pictures")
    while not await page.get_by_role("link", name="private", exact=True).count():
        await page.reload()
    await page.get_by_role("link", name="private", exact=True).click()
    await expect(page.get_by_text("a secret garden")).to_have_count(0)
    await page.get_by_role("button", name="Show").click()
    await expect(page.get_by_text("a secret garden")).to_be_visible()
    await expect(page.locator(".pictures img")).to_have_js_property("complete", True)
    await page.get_by_role("link", name="Audit log").click()
    await expect(page.get_by_role("cell", name="private picture looked at")).to_be_visible()


async def test_downloads_equal_the_database(page: Page, world: Playground, tmp_path: Path) -> None:
    await painted(world, "a red boat")
    await painted(world, "two hills", count=2)
    root = await signed_in(page, world)

    async def downloaded(path: str) -> list[dict[str, str]]:
        await page.goto(f"{root}{path}")
        async with page.expect_download() as waiting:
            await page.get_by_role("link", name="Download as CSV").click()
        file = tmp_path / "export.csv"
        await (await waiting.value).save_as(file)
        with file.open(newline="", encoding="utf-8") as lines:
            return list(csv.DictReader(lines))

    jobs = await downloaded("/jobs?period=30d")
    movements = await downloaded("/credits?kind=capture")
    actions = await downloaded("/audit")
    with database(world) as db:
        kept = db.execute("SELECT job_id, sum(charged) FROM tasks GROUP BY job_id").fetchall()
        written = [row[0] for row in db.execute("SELECT id FROM audit_log")]
    charged = {job: f"{amount / 1_000_000:g}" for job, amount in kept}
    assert {row["id"]: row["credits"] for row in jobs} == charged
    assert len(movements) == 3
    assert {row["credits"] for row in movements} == {"-0.5"}
    assert sorted(row["id"] for row in actions) == sorted(written)


async def test_a_server_is_set_and_credits_are_granted(page: Page, world: Playground) -> None:
    root = await signed_in(page, world)
    await page.goto(f"{root}/settings")
    await page.get_by_label("Waiting per member").fill("4")
    await page.get_by_label("Language").select_option(label="日本語")
    await page.get_by_role("button", name="Save").click()
    await expect(page.get_by_role("status")).to_have_text("Saved.")
    await expect(page.get_by_label("Waiting per member")).to_have_value("4")
    await page.goto(f"{root}/credits")
    await page.get_by_label("Member: name or id").fill("Bob")
    await page.get_by_label("Amount").fill("2.5")
    await page.get_by_role("button", name="Grant").click()
    await expect(page.get_by_role("status")).to_have_text("Credits granted.")
    await expect(page.get_by_role("cell", name="+2.5")).to_be_visible()
    await page.get_by_role("link", name="Audit log").click()
    await expect(page.locator("tbody")).to_contain_text("Waiting per member")
    await expect(page.locator("tbody")).to_contain_text("credits granted")


async def test_the_page_is_used_by_keyboard_alone(page: Page, world: Playground) -> None:
    await page.goto(await link_from_command(world))
    await expect(page.get_by_role("button", name="Open the dashboard")).to_be_focused()
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("heading", name="Overview")).to_be_visible()
    await page.keyboard.press("Tab")
    skip = page.get_by_role("link", name="To the content")
    await expect(skip).to_be_focused()
    await expect(skip).to_be_in_viewport()
    await page.keyboard.press("Enter")
    await expect(page.locator("main")).to_be_focused()
    await page.keyboard.press("Tab")
    await expect(page.get_by_role("link", name="today")).to_be_focused()
    outline = "getComputedStyle(document.activeElement).outlineStyle"
    assert await page.evaluate(outline) == "solid"
    await page.keyboard.press("Enter")
    await expect(page).to_have_url(re.compile(r"period=today"))


async def test_the_language_is_switched_where_one_is(page: Page, world: Playground) -> None:
    root = await signed_in(page, world)
    await page.goto(f"{root}/audit?period=7d")
    await page.get_by_role("button", name="日本語").click()
    await expect(page.get_by_role("heading", name="監査ログ")).to_be_visible()
    assert page.url.endswith("/audit?period=7d")
    await page.get_by_role("button", name="English").click()
    await expect(page.get_by_role("heading", name="Audit log")).to_be_visible()


async def test_a_member_gets_no_link(world: Playground) -> None:
    room = world.discord.channel("gallery")
    sent = await world.discord.person("Alice").command(room, "usage dashboard", offered_only=False)
    answer = await sent.response(PATIENCE_S)
    assert "sign-in" not in str(answer)
    with database(world) as db:
        assert db.execute("SELECT count(*) FROM sign_ins").fetchone() == (0,)


async def test_rights_that_are_taken_away_close_the_pages(page: Page, world: Playground) -> None:
    root = await signed_in(page, world)
    guild = next(g for g in world.discord.world.guilds.values() if g.name == "Lighthouse Club")
    guild.members[world.discord.person("Mia").id].roles.clear()
    await page.wait_for_timeout(10_500)
    await page.goto(f"{root}/audit")
    await expect(page.get_by_role("heading", name="There is nothing here")).to_be_visible()
