"""Mentions, help, the gallery and preferences as members see them, with the real bot."""

from __future__ import annotations

import re

import pytest
from playwright.async_api import Locator, Page, expect

from sandbox.playground import Playground
from tests.browser.chromium import PHONE, Screen
from tests.browser.test_accessibility import serious, settle
from tests.browser.test_main_job import drop_picture, imagine, picture
from tests.browser.test_result_menu import shoot
from tests.sandbox.discord.foreign_bot import png

pytestmark = [pytest.mark.browser, pytest.mark.slow]
SUBMIT = re.compile("Submit|送信")


async def send(page: Page, command: str) -> None:
    """A command without options."""
    await page.locator("textarea.box").fill(f"/{command} ")
    await expect(page.locator(".command-form")).to_be_visible()
    await page.keyboard.press("Enter")


def private(page: Page, words: str) -> Locator:
    """The newest message with these words, which only this person sees."""
    only = page.get_by_role("article").filter(has_text=re.compile("Only you can see|あなただけ"))
    return only.filter(has_text=re.compile(words)).last


async def test_a_mention_with_a_dropped_picture_is_painted(
    demo: Page, playground: Playground
) -> None:
    await drop_picture(demo, "boat.png", png(64))
    await demo.locator("textarea.box").fill("@Ketchup paint it blue")
    await demo.keyboard.press("Enter")
    await expect(picture(demo, '"paint it blue"')).to_be_visible()
    assert len(playground.ketchup.references) == 1


async def test_an_example_opens_a_filled_form_and_the_gallery_has_pages(
    demo: Page, playground: Playground
) -> None:
    await send(demo, "help")
    await (
        private(demo, "How to make pictures")
        .get_by_role("button", name="A lighthouse at dawn")
        .click()
    )
    form = demo.get_by_role("dialog")
    prompt = form.get_by_role("textbox").first
    await expect(prompt).to_have_value(re.compile("^a lighthouse on a cliff at dawn"))
    assert playground.ketchup.tasks == {}
    await settle(demo)
    assert await serious(demo) == []
    await shoot(demo, "help-form")
    await prompt.fill("a lighthouse at dawn, in four ways")
    await form.get_by_role("button", name=SUBMIT).click()
    await expect(picture(demo, "in four ways")).to_have_count(1)
    await imagine(demo, "boats")
    await demo.locator(".more-options").click()
    await demo.get_by_role("option", name="count").click()
    await demo.keyboard.type("3")
    await expect(demo.get_by_role("option")).to_have_text(re.compile("3 pictures"))
    await demo.keyboard.press("Enter")
    await demo.keyboard.press("Enter")
    await expect(picture(demo, "boats")).to_have_count(3)
    await send(demo, "gallery")
    gallery = private(demo, "Download all")
    await expect(gallery.locator("button.picture")).to_have_count(3)
    await gallery.get_by_role("button", name="Older").click()
    await expect(gallery.locator("button.picture")).to_have_count(1)
    await expect(gallery.get_by_text('"a lighthouse at dawn, in four ways"')).to_be_visible()
    await gallery.get_by_role("button", name="Download all").click()
    await expect(private(demo, "ketchup-pictures-1.zip")).to_be_visible()


@pytest.mark.parametrize("screen", [Screen(*PHONE, scheme="dark", locale="ja")], ids=str)
async def test_preferences_are_chosen_in_japanese_on_a_phone(demo: Page) -> None:
    await send(demo, "preferences")
    panel = private(demo, "マイ設定")
    await expect(panel).to_be_visible()
    await settle(demo)
    assert await serious(demo) == []
    await panel.locator(".select").nth(1).click()
    await demo.get_by_role("option", name="16:9").click()
    await expect(panel.locator(".select").nth(1)).to_contain_text("16:9")
    await expect(panel.get_by_text(re.compile("保存しました"))).to_be_visible()
    await shoot(demo, "preferences")
