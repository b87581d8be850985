"""A result's menu as a person uses it, with the real bot behind the page."""

from __future__ import annotations

import os
import re

import pytest
from playwright.async_api import Locator, Page, expect

from tests.browser.chromium import PHONE, Screen
from tests.browser.test_main_job import imagine, job, picture

pytestmark = [pytest.mark.browser, pytest.mark.slow]


async def shoot(page: Page, name: str) -> None:
    """Keep a picture of the page where somebody wants to look at it."""
    if folder := os.environ.get("SCREENSHOTS"):
        await page.screenshot(path=f"{folder}/{name}.png")


def last(page: Page, words: re.Pattern[str]) -> Locator:
    """The newest message with these words."""
    return page.get_by_role("article").filter(has_text=words).last


@pytest.mark.parametrize("screen", [Screen(), Screen(*PHONE, scheme="dark", locale="ja")], ids=str)
async def test_details_show_the_family_and_a_result_is_deleted(demo: Page, screen: Screen) -> None:
    await imagine(demo, "a boat in fog")
    await demo.keyboard.press("Enter")
    first = job(demo, "a boat in fog")
    await expect(picture(demo, "a boat in fog")).to_be_visible()
    await first.get_by_role("button", name=re.compile("^(Remix|リミックス)$")).click()
    modal = demo.get_by_role("dialog")
    await modal.get_by_role("textbox").first.fill("the same by night")
    await modal.get_by_role("button", name=re.compile("Submit|送信")).click()
    await expect(picture(demo, "the same by night")).to_be_visible()
    more = demo.get_by_role("button", name=re.compile("^(More|その他)$"))
    posted = job(demo, "the same by night").filter(has=more)
    await posted.get_by_role("button", name=re.compile("^(More|その他)$")).click()
    private = demo.get_by_role("article").filter(has_text=re.compile("Only you can see|あなただけ"))
    menu = private.filter(has=demo.get_by_role("button", name=re.compile("^(Details|詳細)$")))
    await menu.get_by_role("button", name=re.compile("^(Details|詳細)$")).click()
    details = last(demo, re.compile("Model: |モデル:"))
    await expect(details.locator("img").last).to_be_visible()
    await expect(details.get_by_text(re.compile("this one|この画像")).first).to_be_visible()
    await shoot(demo, f"{screen}-details")
    await menu.get_by_role("button", name=re.compile("^(Delete|削除)$")).click()
    sure = last(demo, re.compile("for good\\?|完全に削除しますか"))
    await shoot(demo, f"{screen}-sure")
    await sure.get_by_role("button", name=re.compile("^(Delete|削除)$")).click()
    await expect(last(demo, re.compile("Deleted\\.|削除しました"))).to_be_visible()
    await expect(posted).to_have_count(0)
    await expect(job(demo, "a boat in fog").filter(has=more)).to_have_count(1)
    await shoot(demo, f"{screen}-gone")
