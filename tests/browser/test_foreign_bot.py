"""A foreign discord.py bot is used through the page, unchanged."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.async_api import Page, expect

from sandbox.discord import SandboxDiscord, Upload
from sandbox.page.stories import (
    BOT_STORIES,
    CLOCK_STORIES,
    DISCORD_STORIES,
    IMAGE_STORIES,
)
from tests.browser.chromium import PHONE, Screen
from tests.sandbox.discord.foreign_bot import png

pytestmark = [pytest.mark.browser, pytest.mark.slow]


async def use(page: Page, command: str, words: str = "") -> None:
    """Type a command, its first option, and send it."""
    await page.locator("textarea.box").fill(f"/{command}")
    await page.get_by_role("option").filter(has_text=f"/{command}").first.click()
    if words:
        await page.keyboard.type(words)
    await page.keyboard.press("Enter")


async def test_commands_are_found_by_typing_and_sent_with_the_keyboard_alone(page: Page) -> None:
    await page.locator("textarea.box").focus()
    await page.keyboard.type("/ec")
    await expect(page.get_by_role("option")).to_have_count(1)
    await page.keyboard.press("Enter")
    await page.keyboard.type("ha")
    await page.keyboard.press("Tab")
    await page.keyboard.press("ArrowDown")
    await page.keyboard.press("Enter")
    await page.keyboard.type("3")
    await page.keyboard.press("Enter")
    await expect(page.get_by_text("hahaha 0 nobody")).to_be_visible()
    await expect(page.get_by_text("Alice used /echo")).to_be_visible()


async def test_a_missing_option_is_named_and_nothing_is_sent(
    page: Page, sandbox: SandboxDiscord
) -> None:
    await use(page, "echo")
    await expect(page.get_by_role("alert").filter(has_text="Fill in word first.")).to_be_visible()
    assert sandbox.messages(sandbox.channel("gallery")) == []


async def test_suggestions_come_from_the_bot_while_one_types(page: Page) -> None:
    await page.locator("textarea.box").fill("/fruit ")
    await page.keyboard.type("ap")
    await expect(page.get_by_role("option")).to_have_text(["apple", "apricot"])
    await page.keyboard.press("ArrowDown")
    await page.keyboard.press("Enter")
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("log").get_by_text("apricot")).to_be_visible()


async def test_buttons_selects_and_edits_work(page: Page) -> None:
    await use(page, "echo", "hi")
    await page.get_by_role("button", name="Make a selection").click()
    await page.get_by_role("option", name="Green").click()
    await expect(page.get_by_text("now Green")).to_be_visible()
    await expect(page.get_by_text("Only you can see this")).to_be_visible()
    await page.get_by_role("button", name="Light", exact=True).click()
    await expect(page.get_by_text("lit", exact=True)).to_be_visible()


async def test_a_modal_takes_text_people_files_and_choices(page: Page, tmp_path: Path) -> None:
    plan = tmp_path / "plan.png"
    plan.write_bytes(png())
    await use(page, "echo", "hi")
    await page.get_by_role("button", name="Name it").click()
    modal = page.get_by_role("dialog", name="Name the lighthouse")
    await modal.get_by_role("button", name="Submit").click()
    await expect(modal.get_by_role("alert").filter(has_text="Required").first).to_be_visible()
    await modal.get_by_role("textbox", name="Name").fill("Old Tom")
    await modal.get_by_role("button", name="Keeper").click()
    await modal.get_by_role("option", name="Bob").click()
    await modal.locator("input[type=file]").set_input_files(plan)
    await modal.get_by_label("square").check()
    await modal.get_by_role("checkbox", name="Lamp").check()
    await modal.get_by_role("button", name="Submit").click()
    await expect(modal).to_be_hidden()
    await expect(
        page.get_by_text(re.compile(r"Old Tom \d+ \['plan.png:\d+'\] square True"))
    ).to_be_visible()


@pytest.mark.parametrize("screen", [Screen(), Screen(*PHONE, "dark", "ja")], ids=str)
async def test_a_picture_is_remixed_by_context_menu_and_modal(
    page: Page, sandbox: SandboxDiscord
) -> None:
    bob = sandbox.person("Bob")
    await bob.say(sandbox.channel("gallery"), "mine", files=[Upload("a.png", png(64))])
    message = page.get_by_role("article").filter(has_text="mine")
    await message.locator("img[width='64']").click(button="right")
    await page.get_by_role("menuitem", name="Remix picture").click()
    modal = page.get_by_role("dialog", name="Remix picture")
    await modal.get_by_role("textbox").fill("in winter")
    await modal.get_by_role("button", name=re.compile("Submit|送信")).click()
    await expect(modal).to_be_hidden()
    await expect(page.get_by_role("button", name=re.compile("a teal square"))).to_be_visible()


async def test_the_menu_opens_by_keyboard_too(page: Page, sandbox: SandboxDiscord) -> None:
    await sandbox.person("Bob").say(sandbox.channel("gallery"), "five")
    message = page.get_by_role("article").filter(has_text="five")
    await message.focus()
    await page.keyboard.press("Shift+F10")
    await expect(page.get_by_role("menuitem", name="Count letters")).to_be_focused()
    await page.keyboard.press("Enter")
    await expect(page.get_by_text("4", exact=True)).to_be_visible()


async def test_a_person_has_a_menu_with_the_bots_entries(page: Page) -> None:
    await page.get_by_role("complementary").get_by_role("button", name="Bob").click()
    await page.get_by_role("menuitem", name="Greet").click()
    await expect(page.get_by_text("hello Bob")).to_be_visible()


async def test_no_answer_within_three_seconds_is_said(page: Page) -> None:
    await use(page, "silent")
    await expect(page.get_by_text("Sending command…")).to_be_visible()
    failed = page.get_by_role("alert").filter(has_text="The application did not respond")
    await expect(failed).to_be_visible()
    await failed.get_by_role("button", name="Dismiss").click()
    await expect(failed).to_be_hidden()


async def test_an_ephemeral_answer_is_not_anothers(page: Page) -> None:
    await use(page, "twice")
    await expect(page.get_by_text("third")).to_be_visible()
    await page.get_by_role("button", name="You are Alice").click()
    await page.get_by_role("menuitemradio", name="Bob").click()
    await expect(page.get_by_role("button", name="You are Bob")).to_be_visible()
    await expect(page.get_by_text("second")).to_be_visible()
    await expect(page.get_by_text("third")).to_have_count(0)


async def test_pictures_open_large_and_close_again(page: Page) -> None:
    await use(page, "draw")
    await page.get_by_role("button", name="Open picture: a teal square").first.click()
    lightbox = page.get_by_role("dialog")
    await expect(lightbox.get_by_text("1 / 2")).to_be_visible()
    await page.keyboard.press("ArrowRight")
    await expect(lightbox.get_by_text("2 / 2")).to_be_visible()
    await page.keyboard.press("Escape")
    await expect(lightbox).to_have_count(0)


async def test_messages_have_replies_reactions_mentions_and_files(
    page: Page, sandbox: SandboxDiscord
) -> None:
    await sandbox.person("Bob").say(sandbox.channel("gallery"), "who is there?")
    message = page.get_by_role("article").filter(has_text="who is there?").first
    await message.hover()
    await message.get_by_role("button", name="Reply").click()
    await page.locator("textarea.box").type("me, @Ketch")
    await page.keyboard.press("Enter")
    await page.keyboard.press("Enter")
    await expect(page.get_by_text("heard []")).to_be_visible()
    await message.hover()
    await message.get_by_role("button", name="Add reaction").click()
    await page.get_by_role("button", name="🎉").click()
    await expect(message.get_by_role("button", name="🎉: 1. Toggle")).to_be_visible()
    assert "me, <@" in str(sandbox.messages(sandbox.channel("gallery"))[1]["content"])


async def test_foreign_markup_stays_text(page: Page, sandbox: SandboxDiscord) -> None:
    evil = '<img src=x onerror="document.title=1"> **<b>bold</b>** [x](javascript:alert(1))'
    await sandbox.person("Bob").say(sandbox.channel("gallery"), evil)
    message = page.get_by_role("article").filter(has_text="onerror")
    await expect(message.locator("strong")).to_have_text("<b>bold</b>")
    await expect(message.locator("a")).to_have_count(0)
    assert await page.title() == "Ketchup Bot – sandbox"


async def test_markdown_is_shown_as_discord_shows_it(page: Page, sandbox: SandboxDiscord) -> None:
    text = "# Head\n- one\n  - two\n1. first\n> said\n```py\nx = 1\n```\n**b** *i* ~~s~~ ||hidden||"
    await sandbox.person("Bob").say(sandbox.channel("gallery"), text)
    message = page.get_by_role("article").filter(has_text="Head")
    await expect(message.get_by_role("heading", name="Head")).to_be_visible()
    await expect(message.locator("ul ul li")).to_have_text("two")
    await expect(message.locator("ol li")).to_have_text("first")
    await expect(message.locator("blockquote")).to_have_text("said")
    await expect(message.locator("pre")).to_have_text("x = 1")
    spoiler = message.get_by_role("button", name="Show the spoiler")
    await spoiler.press("Enter")
    await expect(message.get_by_text("hidden", exact=True)).to_be_visible()


async def test_both_languages_have_the_same_texts(page: Page) -> None:
    names = """async () => {
        const { en } = await import("/static/js/texts/en.js");
        const { ja } = await import("/static/js/texts/ja.js");
        const shared = ["lang-en-US", "lang-ja"];
        return [Object.keys(en).filter((key) => !(key in ja) && !shared.includes(key)),
                Object.keys(ja).filter((key) => !(key in en))];
    }"""
    assert await page.evaluate(names) == [[], []]


async def test_every_story_has_a_title_and_a_text(page: Page) -> None:
    stories = [*IMAGE_STORIES, *CLOCK_STORIES, *BOT_STORIES, *(s.name for s in DISCORD_STORIES)]
    missing = await page.evaluate(
        """async (names) => {
            const { en } = await import("/static/js/texts/en.js");
            return names.filter((name) => !en[`story-${name}`] || !en[`story-${name}-text`]);
        }""",
        stories,
    )
    assert missing == []
