"""The main job as a person does it, with the real bot behind the page."""

from __future__ import annotations

import re

import pytest
from playwright.async_api import Locator, Page, expect

from sandbox.playground import Playground
from tests.browser.chromium import PATIENCE_MS, PHONE, Screen
from tests.sandbox.discord.foreign_bot import png

pytestmark = [pytest.mark.browser, pytest.mark.slow]

SCREENS = [
    Screen(),
    Screen(scheme="dark", locale="ja"),
    Screen(*PHONE, scheme="light", locale="ja"),
    Screen(*PHONE, scheme="dark"),
]


async def drop_picture(page: Page, name: str, data: bytes) -> None:
    """Drop a file on the channel as a mouse would."""
    transfer = await page.evaluate_handle(
        """([name, bytes]) => {
            const transfer = new DataTransfer();
            transfer.items.add(new File([new Uint8Array(bytes)], name, { type: "image/png" }));
            return transfer;
        }""",
        [name, list(data)],
    )
    for event in ("dragenter", "dragover", "drop"):
        await page.dispatch_event("main", event, {"dataTransfer": transfer})


async def imagine(page: Page, prompt: str) -> None:
    """Type `/ima`, take the command, and fill in the prompt."""
    await page.locator("textarea.box").focus()
    await page.keyboard.type("/ima")
    await expect(page.get_by_role("option")).to_have_count(1)
    await page.keyboard.press("Enter")
    await page.keyboard.type(prompt)


def job(page: Page, prompt: str) -> Locator:
    """The job's one message."""
    return page.get_by_role("article").filter(has_text=prompt)


def picture(page: Page, prompt: str) -> Locator:
    return job(page, prompt).locator("button.picture")


@pytest.mark.parametrize("screen", SCREENS, ids=str)
async def test_a_picture_is_asked_for_waited_for_seen_and_opened(
    demo: Page, playground: Playground
) -> None:
    playground.ketchup.set_duration(3)
    await imagine(demo, "a boat in fog")
    await drop_picture(demo, "boat.png", png(64))
    await expect(demo.locator(".file-pick", has_text="boat.png")).to_be_visible()
    await demo.locator(".command-form input[type=text]").first.press("Enter")
    waiting = re.compile("in line|Painting|順番待ち|生成中")
    await expect(job(demo, "a boat in fog").filter(has_text=waiting)).to_be_visible()
    await picture(demo, "a boat in fog").click()
    large = demo.get_by_role("dialog").locator("img")
    await expect(large).to_be_visible()
    assert await large.evaluate("image => image.naturalWidth") >= 512
    await demo.keyboard.press("Escape")
    assert len(playground.ketchup.references) == 1


@pytest.mark.parametrize("screen", [Screen(), Screen(*PHONE, "dark", "ja")], ids=str)
async def test_bobs_picture_is_remixed_by_context_menu_and_modal(
    demo: Page, playground: Playground
) -> None:
    bobs = demo.get_by_role("article").filter(has_text="Feel free to remix it!")
    await bobs.locator("button.picture").click(button="right")
    await demo.get_by_role("menuitem", name=re.compile("Remix picture|画像をリミックス")).click()
    modal = demo.get_by_role("dialog")
    await modal.get_by_role("textbox").first.fill("the same in winter")
    await modal.get_by_role("button", name=re.compile("Submit|送信")).click()
    await expect(modal).to_have_count(0)
    await expect(picture(demo, "the same in winter")).to_be_visible()
    assert len(playground.ketchup.references) == 1


async def test_the_picture_takes_the_room_that_was_kept_for_it(demo: Page) -> None:
    await imagine(demo, "a quiet bay")
    await demo.keyboard.press("Enter")
    shown = picture(demo, "a quiet bay")
    await shown.wait_for()
    before = await shown.bounding_box()
    await expect(shown.locator("img")).to_have_js_property("complete", True)
    assert await shown.bounding_box() == before


async def test_kill_nine_while_it_paints_and_the_picture_arrives_once(
    demo: Page, playground: Playground
) -> None:
    playground.ketchup.set_duration(4)
    await demo.get_by_role("button", name="Open behind the scenes").click()
    await demo.get_by_role("button", name="Play: Kill the bot while it paints").click()
    await expect(demo.get_by_text("Waiting for a picture to be painted…")).to_be_visible()
    await imagine(demo, "a stubborn robot")
    await demo.keyboard.press("Enter")
    await expect(demo.get_by_role("alert").filter(has_text="not running")).to_be_visible()
    await expect(picture(demo, "a stubborn robot")).to_have_count(1, timeout=3 * PATIENCE_MS)
    await expect(demo.get_by_role("alert").filter(has_text="not running")).to_have_count(0)
    gallery = playground.discord.channel("gallery").messages()
    posted = [m for m in gallery if m["author"]["bot"] and playground.discord.pictures(m)]
    assert len(posted) == 1
    assert len(playground.ketchup.tasks) == 1


async def test_a_dead_bot_is_noticed_and_started_again(demo: Page, playground: Playground) -> None:
    await playground.bot.kill()
    notice = demo.get_by_role("alert").filter(has_text=re.compile("Ketchup is (not run|start)"))
    await notice.get_by_role("button", name="Start it").click()
    await expect(notice).to_have_count(0, timeout=2 * PATIENCE_MS)
    await imagine(demo, "back again")
    await demo.keyboard.press("Enter")
    await expect(picture(demo, "back again")).to_be_visible()


async def test_a_declined_request_costs_nothing_and_says_so(
    demo: Page, playground: Playground
) -> None:
    await demo.get_by_role("button", name="Open behind the scenes").click()
    await demo.get_by_role("button", name="Play: The service declines").click()
    await imagine(demo, "something odd")
    await demo.keyboard.press("Enter")
    await expect(demo.get_by_text("Nothing was charged").first).to_be_visible()
    assert playground.ketchup.charged == 0


async def test_a_reached_limit_is_told_privately(demo: Page, playground: Playground) -> None:
    await demo.get_by_role("button", name="Open behind the scenes").click()
    await demo.get_by_role("button", name="Play: Reach the limit").click()
    await expect(demo.get_by_text("Planned: Reach the limit")).to_be_visible()
    await imagine(demo, "too much")
    await demo.keyboard.press("Enter")
    refused = demo.get_by_role("article").filter(has_text="reached this month's limit")
    await expect(refused.get_by_text("Only you can see this")).to_be_visible()
    assert playground.ketchup.tasks == {}


async def test_the_first_steps_start_a_picture_and_stay_away_once_dismissed(demo: Page) -> None:
    tour = demo.get_by_role("region", name="Five minutes with Ketchup")
    await tour.get_by_role("button", name="a robot watering a bonsai").click()
    await demo.keyboard.press("Enter")
    await expect(picture(demo, "a robot watering a bonsai")).to_be_visible()
    await expect(tour.get_by_text("Right-click Bob's picture")).to_be_visible()
    await tour.get_by_role("button", name="Dismiss").click()
    await demo.reload()
    await expect(demo.get_by_role("article").first).to_be_visible()
    await expect(tour).to_have_count(0)


async def test_the_page_follows_the_persons_language(demo: Page) -> None:
    await demo.get_by_title("Language").click()
    await demo.get_by_role("menuitemradio", name="日本語").click()
    await demo.locator("textarea.box").fill("/")
    await expect(demo.get_by_role("option").filter(has_text="/画像生成")).to_be_visible()
    assert await demo.locator("html").get_attribute("lang") == "ja"
