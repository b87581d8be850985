"""What a moderator does first – reads the figures, decides on a report – in both languages."""

from __future__ import annotations

import re

import pytest
from playwright.async_api import Page, expect

from sandbox.demo import give_a_past
from sandbox.playground import Playground
from tests.browser.chromium import PHONE, Screen
from tests.browser.test_features import SUBMIT, private, send
from tests.browser.test_main_job import imagine, job, picture
from tests.browser.test_result_menu import shoot

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.fixture
async def playground(playground: Playground, screen: Screen) -> Playground:
    """The furnished world with its past; the moderator reads what everybody reads."""
    await give_a_past(playground)
    playground.discord.person("Mia").user.locale = screen.locale
    return playground


async def become(page: Page, name: str) -> None:
    """Play somebody else, from the corner below the channels."""
    menu = page.get_by_title(re.compile("Play somebody else|ほかの人になる"))
    if not await menu.is_visible():
        await page.locator(".channel-head [aria-controls=places]").click()
    await menu.click()
    await page.get_by_role("menuitemradio").filter(has_text=name).click()
    await expect(page.locator(".self-name")).to_contain_text(name)
    await page.keyboard.press("Escape")


@pytest.mark.parametrize("screen", [Screen(), Screen(*PHONE, locale="ja")], ids=str)
async def test_a_report_is_dismissed_and_usage_is_read_by_the_moderator(
    demo: Page, playground: Playground, screen: Screen
) -> None:
    await imagine(demo, "a boat in fog")
    await demo.keyboard.press("Enter")
    await picture(demo, "a boat in fog").wait_for()
    playground.discord.person("Bob").user.locale = screen.locale
    await become(demo, "Bob")
    await picture(demo, "a boat in fog").click(button="right")
    await demo.get_by_role("menuitem", name=re.compile("Report picture|画像を報告")).click()
    form = demo.get_by_role("dialog")
    await form.locator(".select").click()
    await demo.get_by_role("option").first.click()
    await form.get_by_role("textbox").fill("look at that")
    await form.get_by_role("checkbox").check()
    await shoot(demo, f"{screen}-report")
    await form.get_by_role("button", name=SUBMIT).click()
    await expect(private(demo, "Report received|報告を受け付けました")).to_be_visible()
    await become(demo, "Mia")
    await send(demo, "usage overview")
    usage = private(demo, "Example Ada")
    chart = usage.locator("button.picture img")
    await expect(chart).to_be_visible()
    await expect(chart).to_have_js_property("complete", True)
    assert await chart.evaluate("image => image.naturalWidth") >= 600
    await shoot(demo, f"{screen}-usage")
    await send(demo, "usage dashboard")
    async with demo.expect_popup() as opened:
        await private(demo, "Open the dashboard|ダッシュボードを開く").get_by_role("link").click()
    dashboard = await opened.value
    await expect(dashboard.get_by_text("Lighthouse Club").first).to_be_visible()
    await dashboard.close()
    if screen.width < 720:
        await demo.locator(".channel-head [aria-controls=places]").click()
    await demo.get_by_role("button", name=re.compile("^mods")).click()
    card = job(demo, "a boat in fog")
    await expect(card.get_by_text("look at that")).to_be_visible()
    await card.get_by_role("button", name=re.compile("^(Dismiss|対応不要)$")).click()
    await expect(card.get_by_text(re.compile("Dismissed by|対応不要とし"))).to_be_visible()
    await expect(card.get_by_role("button", name=re.compile("Delete|削除"))).to_have_count(0)
    await shoot(demo, f"{screen}-dismissed")
    moved = "[...document.querySelectorAll('html, body, #app, .shell')].map(one => one.scrollLeft)"
    assert set(await demo.evaluate(moved)) == {0}
