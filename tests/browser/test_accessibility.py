"""axe-core finds nothing serious, whatever is open, on every kind of screen."""

from __future__ import annotations

import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Page, expect

from tests.browser.chromium import PHONE, Screen

pytestmark = [pytest.mark.browser, pytest.mark.slow]
SCREENS = [
    Screen(),
    Screen(scheme="dark"),
    Screen(*PHONE, scheme="light", locale="ja"),
    Screen(*PHONE, scheme="dark", locale="ja"),
]


async def serious(page: Page) -> list[str]:
    """What axe-core calls serious or worse, with the places."""
    found = await Axe().run(page)
    return [
        f"{violation['id']}: {node['html'][:160]} {node.get('failureSummary', '')}"
        for violation in found.response["violations"]
        if violation["impact"] in ("serious", "critical")
        for node in violation["nodes"]
    ]


async def settle(page: Page) -> None:
    """Let fades end: half-faded text has no contrast."""
    await page.evaluate(
        "Promise.all(document.getAnimations({subtree: true})"
        ".filter(a => a.effect.getTiming().iterations !== Infinity).map(a => a.finished))"
    )


@pytest.mark.parametrize("screen", SCREENS, ids=str)
async def test_the_page_has_no_serious_issue(page: Page) -> None:
    box = page.locator("textarea.box")
    for command in ("echo", "draw", "twice"):
        await box.fill(f"/{command} ")
        if command == "echo":
            await page.keyboard.type("**hi** `code` ||secret||")
        await page.keyboard.press("Enter")
        await expect(page.get_by_role("log").get_by_text(f"/{command}", exact=True)).to_be_visible()
    await expect(page.get_by_text("third")).to_be_visible()
    await settle(page)
    assert await serious(page) == []
    await box.fill("/")
    await expect(page.get_by_role("option").first).to_be_visible()
    assert await serious(page) == []
    await box.fill("/echo ")
    await expect(page.locator(".command-form")).to_be_visible()
    assert await serious(page) == []


@pytest.mark.parametrize("screen", SCREENS, ids=str)
async def test_modal_menu_and_lightbox_have_no_serious_issue(page: Page) -> None:
    await page.locator("textarea.box").fill("/echo ")
    await page.keyboard.type("hi")
    await page.keyboard.press("Enter")
    await page.locator("[data-custom-id=name]").click()
    await expect(page.get_by_role("dialog")).to_be_visible()
    assert await serious(page) == []
    await page.keyboard.press("Escape")
    await page.get_by_role("article").first.click(button="right")
    await expect(page.get_by_role("menu")).to_be_visible()
    assert await serious(page) == []
    await page.keyboard.press("Escape")
    await page.locator("textarea.box").fill("/draw ")
    await page.keyboard.press("Enter")
    await page.locator("button.picture").first.click()
    await expect(page.get_by_role("dialog")).to_be_visible()
    assert await serious(page) == []


@pytest.mark.parametrize("screen", SCREENS, ids=str)
async def test_the_drawer_has_no_serious_issue(demo: Page) -> None:
    await demo.locator("[aria-controls=drawer]").click()
    for tab in await demo.get_by_role("tab").all():
        await tab.click()
        await settle(demo)
        assert await serious(demo) == []
