"""What members do in the fault bench: together they lead the bot to all that it does."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Final

from sandbox.discord import Upload
from sandbox.discord.model import Json
from sandbox.ketchup import SubmitFault
from sandbox.ketchup.paint import Commission, paint
from tests.e2e.scene import text_of
from tests.faults.bench import REACH_S, Bench, Step


def _has_pictures(bench: Bench, count: int = 1) -> Step:
    async def wait(_: Bench) -> None:
        shown = bench.playground.discord.pictures
        await bench.shown(lambda m: bool(m["author"].get("bot")) and len(shown(m)) >= count)

    return wait


def _says(words: str, message: Json) -> bool:
    return words in text_of(message)


_END_S = 70.0
"""A picture whose callback does not come is asked for after up to 25 s."""


async def _end(bench: Bench) -> None:
    """All of it must have been answered and come to its end within a while."""
    await bench.ended(patience_s=_END_S)


async def one_picture(bench: Bench) -> None:
    await bench.imagine()
    await _end(bench)


async def four_pictures(bench: Bench) -> None:
    await bench.imagine(count=4, aspect="16:9")
    await _end(bench)


async def with_references(bench: Bench) -> None:
    picture = await asyncio.to_thread(paint, Commission("a boat", base=64))
    await bench.imagine(image1=Upload("boat.png", picture, "image/png"))
    await _end(bench)


async def privately(bench: Bench) -> None:
    await bench.imagine(private=True)
    await _end(bench)


async def without_callback(bench: Bench) -> None:
    await bench.imagine("[fault:callback-never] a pier")
    await _end(bench)


async def declined(bench: Bench) -> None:
    await bench.imagine("[fault:declined] a storm")
    await _end(bench)


async def words_only(bench: Bench) -> None:
    await bench.imagine("[fault:words-only] a poem")
    await _end(bench)


async def picture_gone(bench: Bench) -> None:
    await bench.imagine("[fault:image-gone] a ghost ship")
    await _end(bench)


async def api_fails_first(bench: Bench) -> None:
    bench.playground.ketchup.faults.submit(SubmitFault.SERVER_ERROR)
    await bench.imagine("a buoy")
    await _end(bench)


async def answer_lost(bench: Bench) -> None:
    await bench.imagine("[fault:reset-after] a lost letter")
    await _end(bench)


async def cancelled_in_line(bench: Bench) -> None:
    """The third of one member's requests waits and is stopped there; the fourth moves up."""
    bench.playground.ketchup.set_duration(4)
    for _ in range(4):
        await bench.imagine("a slow boat")
    message = await bench.shown(lambda m: _says("in line", m))
    bench.playground.ketchup.set_duration(0.3)
    await (await bench.alice.click(message, label="Cancel")).acknowledged(REACH_S)
    await _end(bench)


async def cancelled_late(bench: Bench) -> None:
    """Stopped while it is painted, and posted after all."""
    bench.playground.ketchup.set_duration(2)
    sent = await bench.imagine("a late change of mind")
    message = await sent.response(REACH_S)
    await bench.shown(lambda m: m["id"] == message["id"] and _says("Painting", m))
    bench.playground.ketchup.set_duration(0.3)
    stopped = await bench.alice.click(message, label="Cancel")
    asked = await stopped.response(REACH_S)
    await (await bench.alice.click(asked, label="Post anyway")).acknowledged(REACH_S)
    await _end(bench)


async def message_deleted(bench: Bench) -> None:
    bench.playground.ketchup.set_duration(1)
    sent = await bench.imagine("a sandcastle")
    message = await sent.response(REACH_S)
    await bench.mia.delete(message)
    bench.playground.ketchup.set_duration(0.3)
    await _end(bench)


async def remixed(bench: Bench) -> None:
    await bench.imagine("a first sketch")
    await _has_pictures(bench)(bench)
    shown = bench.playground.discord.pictures
    message = [m for m in bench.gallery.messages() if m["author"].get("bot") and shown(m)][-1]
    opened = await bench.alice.click(message, label="Remix")
    await opened.opened_modal(REACH_S)
    again = await bench.alice.submit(opened, {"prompt": bench.prompt("in snow")})
    await again.acknowledged(REACH_S)
    await _end(bench)


async def credits_granted(bench: Bench) -> None:
    sent = await bench.mia.command(
        bench.gallery, "credit-admin grant", member=bench.alice, amount=2.0
    )
    await sent.response(REACH_S)
    await (await bench.alice.command(bench.gallery, "credits")).response(REACH_S)


async def lists_read(bench: Bench) -> None:
    for name in ("jobs", "gallery"):
        await (await bench.alice.command(bench.gallery, name)).response(REACH_S)


async def mentioned(bench: Bench) -> None:
    """Words to the bot, and its reply."""
    said = await bench.alice.say(bench.gallery, bench.prompt("a kite"), mention_bot=True)
    await bench.shown(lambda m: (m.get("message_reference") or {}).get("message_id") == said["id"])
    await _end(bench)


async def _finished(bench: Bench) -> Json:
    """A result of one's own in the channel."""
    sent = await bench.imagine("a picture to look at")
    message = await sent.response(REACH_S)
    shown = bench.playground.discord.pictures
    found = await bench.shown(lambda m: m["id"] == message["id"] and len(shown(m)) == 1)
    await _end(bench)
    return found


async def deleted(bench: Bench) -> None:
    """More, Delete, and the one question."""
    message = await _finished(bench)
    menu = await (await bench.alice.click(message, label="More")).response(REACH_S)
    await bench.alice.click(menu, label="Delete")
    sure = await bench.gallery.wait_for(
        lambda m: m["id"] == menu["id"] and "for good?" in text_of(m),
        REACH_S,
        viewer=bench.alice.id,
    )
    await (await bench.alice.click(sure, label="Delete")).acknowledged(REACH_S)
    await bench.gallery.wait_gone(message, REACH_S)


async def reported(bench: Bench) -> None:
    """Bob reports Alice's result, Mia decides on the card."""
    message = await _finished(bench)
    bob, mods = bench.playground.discord.person("Bob"), bench.playground.discord.channel("mods")
    form = await bob.menu(message, "Report picture")
    await form.opened_modal(REACH_S)
    await (await bob.submit(form, {"reason": ["other"]})).response(REACH_S)
    number = message["id"]
    card = await mods.wait_for(lambda m: number in text_of(m), REACH_S)
    await (await bench.mia.click(card, label="Refund")).response(REACH_S)
    await (await bench.mia.click(card, label="Dismiss")).acknowledged(REACH_S)


async def chosen_for_oneself(bench: Bench) -> None:
    panel = await (await bench.alice.command(bench.gallery, "preferences")).response(REACH_S)
    assert panel["flags"] & 64


async def usage_read(bench: Bench) -> None:
    sent = await bench.mia.command(bench.gallery, "usage overview")
    await sent.response(REACH_S)


STEPS: Final[Mapping[str, Step]] = {
    step.__name__: step
    for step in (
        one_picture, four_pictures, with_references, privately, without_callback, declined,
        words_only, picture_gone, api_fails_first, answer_lost, cancelled_in_line, cancelled_late,
        message_deleted, remixed, credits_granted, lists_read, mentioned, deleted, reported,
        chosen_for_oneself, usage_read,
    )
}  # fmt: skip
