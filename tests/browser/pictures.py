"""``python -m tests.browser.pictures``: the pictures of the documentation, from the real page."""

from __future__ import annotations

import asyncio
import io
import sys
import tempfile
from pathlib import Path

from PIL import Image
from playwright.async_api import Page

from sandbox.control import PlaygroundBot
from sandbox.demo import give_a_past
from sandbox.demo_world import furnish
from sandbox.page import PageServer, Scene
from sandbox.playground import Playground
from tests.browser.chromium import MISSING, PHONE, Screen, chromium, installed, watched
from tests.browser.dashboard_pictures import overviews
from tests.browser.test_features import private, send
from tests.browser.test_moderator import become

FOLDER = Path("docs") / "pictures"
PROMPT = "a lighthouse at dawn"


async def take(page: Page, name: str) -> None:
    """Save what is to be seen as docs/pictures/<name>.webp."""
    shot = await page.screenshot(animations="disabled", caret="initial")
    with Image.open(io.BytesIO(shot)) as picture:
        picture.save(FOLDER / f"{name}.webp", quality=86, method=6)
    sys.stdout.write(f"{FOLDER / name}.webp\n")


async def dismiss_tour(page: Page) -> None:
    """Close the first steps, which the pictures of a job are not about."""
    await page.locator(".tour header > .icon-button").click()


async def painted(page: Page, count: int) -> None:
    """Return once the bot has posted so many pictures, and they are loaded."""
    await page.locator(".container button.picture").nth(count - 1).wait_for()
    await page.wait_for_function("[...document.images].every(image => image.complete)")


async def tell(page: Page, playground: Playground) -> None:
    """A member's first picture and its remix, one picture of the documentation at each step."""
    await dismiss_tour(page)
    await page.locator("textarea.box").fill("/ima")
    await page.keyboard.press("Enter")
    await page.keyboard.type(PROMPT)
    await page.locator(".more-options").click()
    await page.get_by_role("option", name="aspect").click()
    await page.keyboard.type("16")
    await take(page, "command")
    await page.keyboard.press("Enter")
    playground.ketchup.set_duration(6)
    await page.keyboard.press("Enter")
    await page.locator(".container", has_text="Painting").wait_for()
    await take(page, "painting")
    await painted(page, 1)
    playground.ketchup.set_duration(1)
    await page.get_by_role("button", name="Remix", exact=True).click()
    modal = page.get_by_role("dialog")
    await modal.get_by_role("textbox").first.fill(f"{PROMPT}, in a snowstorm")
    await modal.get_by_role("button", name="Submit").click()
    await painted(page, 2)
    await page.get_by_role("button", name="Dismiss message").click()
    await settle(page)
    await take(page, "finished")


async def look_closer(page: Page) -> None:
    """What More offers its viewer, and the details with what the picture was made from."""
    await page.get_by_role("button", name="More", exact=True).last.click()
    await private(page, "Details").get_by_role("button", name="Details", exact=True).click()
    await private(page, "this one").locator("button.picture img").wait_for()
    await settle(page)
    await take(page, "details")


async def moderate(page: Page) -> None:
    """Thirty days' usage, and the set-up panel."""
    await dismiss_tour(page)
    await become(page, "Mia")
    await page.locator("textarea.box").fill("/usage overview ")
    await page.locator(".more-options").click()
    await page.get_by_role("option", name="period").click()
    await page.keyboard.type("30")
    await page.get_by_role("option").first.wait_for()
    await page.keyboard.press("Enter")
    await page.keyboard.press("Enter")
    await private(page, "Example Ada").locator("button.picture img").wait_for()
    await settle(page)
    await take(page, "usage")
    await send(page, "setup")
    await private(page, "Set up").wait_for()
    await settle(page)
    await take(page, "setup")


async def tell_in_japanese(page: Page) -> None:
    """A member of the Japanese server, on a phone."""
    await dismiss_tour(page)
    await become(page, "花子")
    await page.locator("textarea.box").fill("/画像生成 ")
    await page.keyboard.type("夜明けの灯台と飛ぶカモメ")
    await page.keyboard.press("Enter")
    await painted(page, 1)
    await page.get_by_role("button", name="メッセージを閉じる").click()
    await settle(page)
    await take(page, "phone")


async def settle(page: Page) -> None:
    """Show the newest message whole, with its pictures."""
    await page.wait_for_function("[...document.images].every(image => image.complete)")
    await page.mouse.move(5, 5)
    await page.locator(".message-list").evaluate("list => list.scrollTo(0, list.scrollHeight)")
    await page.locator("textarea.box").focus()


async def mishap(page: Page) -> None:
    """Behind the scenes, and what a member sees of it."""
    await page.get_by_role("button", name="Open behind the scenes").click()
    await page.get_by_role("button", name="Play: The service declines").click()
    await page.locator("textarea.box").fill("/imagine ")
    await page.keyboard.type("something odd")
    await page.keyboard.press("Enter")
    await page.get_by_text("Nothing was charged").first.wait_for()
    await take(page, "behind-the-scenes")


async def main() -> int:
    """Take them all; 1 without a browser."""
    if (path := installed()) is None:
        sys.stderr.write(f"{MISSING}\n")
        return 1
    FOLDER.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        async with Playground(Path(folder)) as playground, chromium(path) as browser:
            await furnish(playground.discord)
            await give_a_past(playground)
            bot = PlaygroundBot(playground)
            await bot.start()
            scene = Scene(playground.discord, playground.ketchup, bot)
            async with PageServer(scene) as page:
                desktop = Screen(1280, 1100)
                async with watched(browser, page.url, desktop, device_scale_factor=1.5) as seen:
                    await tell(seen, playground)
                    await look_closer(seen)
                    await mishap(seen)
                async with watched(browser, page.url, desktop, device_scale_factor=1.5) as seen:
                    await moderate(seen)
                phone = Screen(*PHONE, "dark", "ja")
                async with watched(browser, page.url, phone, device_scale_factor=2) as seen:
                    await tell_in_japanese(seen)
            await bot.stop()
        async with chromium(path) as browser, overviews(Path(folder), browser) as pages:
            for name, seen in pages.items():
                await take(seen, name)
    return 0


if __name__ == "__main__":
    sys.exit(asyncio.run(main()))
