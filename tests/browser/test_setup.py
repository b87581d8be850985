"""The set-up panel as moderators see it: it changes in place, in both languages, at every width."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest
from playwright.async_api import Locator, Page, expect

from sandbox.playground import Playground
from tests.browser.chromium import PHONE, Screen

pytestmark = [pytest.mark.browser, pytest.mark.slow]

SCREENS = [Screen(), Screen(*PHONE, scheme="dark", locale="ja")]
KEPT = os.environ.get("KEEP_SCREENS")
"""A folder for what was seen, for people who want to look at it."""


async def keep(page: Page, name: str) -> None:
    if KEPT:
        await page.screenshot(path=Path(KEPT) / f"{name}.png", full_page=True)


def panel(page: Page) -> Locator:
    return page.get_by_role("article").filter(has_text=re.compile("Set up|初期設定")).last


async def choose(page: Page, custom_id: str, option: str) -> None:
    await panel(page).locator(f'[data-custom-id="{custom_id}"]').click()
    await page.get_by_role("option").filter(has_text=re.compile(option)).first.click()


@pytest.mark.parametrize("screen", SCREENS, ids=str)
async def test_a_moderator_sets_a_server_up(
    demo: Page, playground: Playground, screen: Screen
) -> None:
    club = playground.discord.guild("Lighthouse Club")
    alice, mia = playground.discord.person("Alice"), playground.discord.person("Mia")
    club.members[alice.id].roles.extend(club.members[mia.id].roles)
    await demo.reload()
    await demo.locator("textarea.box").focus()
    await demo.keyboard.type("/setup")
    await demo.keyboard.press("Enter")
    await demo.keyboard.press("Enter")
    await expect(panel(demo)).to_be_visible()
    await keep(demo, f"setup-general-{screen}")
    await choose(demo, "setup.set:time_zone", "Asia/Tokyo")
    await expect(
        panel(demo).get_by_text(re.compile("Saved. Time zone|保存しました"))
    ).to_be_visible()
    await choose(demo, "setup.page:", "^(Credits|クレジット)$")
    await panel(demo).get_by_role("button", name=re.compile("Change|変更")).first.click()
    form = demo.get_by_role("dialog")
    await form.get_by_role("textbox").first.fill("2.5")
    await form.get_by_role("button", name=re.compile("Submit|送信")).click()
    await expect(
        panel(demo).get_by_text(re.compile(r"Saved. Allowance: 2\.5|毎週2\.5"))
    ).not_to_have_count(0)
    await keep(demo, f"setup-credits-{screen}")
    await choose(demo, "setup.page:", "^(Permissions|権限)$")
    await expect(
        panel(demo).get_by_text(re.compile("I can't write messages|送信できません"))
    ).to_be_visible()
    await keep(demo, f"setup-permissions-{screen}")
