"""Buttons, selects, modals and Components V2 of a foreign bot."""

from __future__ import annotations

import aiohttp
import discord
import pytest

from sandbox.clock import Clock
from sandbox.discord import SandboxDiscord, Upload
from sandbox.discord.components import numbered
from tests.sandbox.discord.foreign_bot import Card, ForeignBot, png


async def test_buttons_and_selects_reach_the_bot(sandbox: SandboxDiscord, bot: ForeignBot) -> None:
    alice, bob, gallery = sandbox.person("Alice"), sandbox.person("Bob"), sandbox.channel("gallery")
    message = await (await alice.command(gallery, "echo", word="dark")).response()
    lit = await (await bob.click(message, label="Light")).response()
    assert (lit["id"], lit["content"]) == (message["id"], "lit")
    chosen = await (await bob.select(message, "colour", ["Green"])).response()
    assert chosen["content"] == "now Green"
    assert not alice.sees(chosen)
    with pytest.raises(ValueError, match="offers only"):
        await bob.select(message, "colour", ["Pink"])
    with pytest.raises(ValueError, match="cannot be pressed"):
        await bob.click(message, label="Manual")
    assert sandbox.violations == []


async def test_a_modal_carries_text_people_files_and_choices(
    sandbox: SandboxDiscord, bot: ForeignBot
) -> None:
    alice, bob, gallery = sandbox.person("Alice"), sandbox.person("Bob"), sandbox.channel("gallery")
    message = await (await alice.command(gallery, "echo", word="dark")).response()
    opened = await alice.click(message, label="Name it")
    assert (await opened.opened_modal())["title"] == "Name the lighthouse"
    with pytest.raises(ValueError, match="name is required"):
        await alice.submit(opened, {"keeper": [bob]})
    plan = Upload("plan.png", png())
    values = {"name": "Pharos", "keeper": [bob], "plan": [plan], "shape": "square", "lamp": True}
    answered = await (await alice.submit(opened, values)).response()
    assert answered["content"] == f"Pharos {bob.id} ['plan.png:{len(plan.data)}'] square True"
    assert sandbox.violations == []


async def test_pictures_in_components_have_links_that_work_for_a_day(
    sandbox: SandboxDiscord, bot: ForeignBot, clock: Clock
) -> None:
    sent = await sandbox.person("Alice").command(sandbox.channel("gallery"), "draw")
    message = await sent.response()
    assert message["attachments"] == []
    gallery = message["components"][0]["components"][1]
    media = gallery["items"][0]["media"]
    assert (media["width"], media["height"], media["content_type"]) == (32, 32, "image/png")
    assert gallery["items"][0]["description"] == "a teal square"
    async with aiohttp.ClientSession() as session:
        async with session.get(media["url"]) as response:
            assert await response.read() == png()
            assert response.content_type == "image/png"
        async with session.get(media["url"].replace("hm=", "hm=0")) as response:
            assert response.status == 404
        clock.advance(24 * 3600 + 1)
        async with session.get(media["url"]) as response:
            assert response.status == 404
    assert [p.filename for p in sandbox.pictures(message)] == ["a.png", "b.png"]
    assert sandbox.violations == []


async def test_links_can_be_refreshed(
    sandbox: SandboxDiscord, bot: ForeignBot, clock: Clock
) -> None:
    sent = await sandbox.person("Alice").command(sandbox.channel("gallery"), "draw")
    message = await sent.response()
    old = message["components"][0]["components"][1]["items"][0]["media"]["url"]
    clock.advance(25 * 3600)
    route = discord.http.Route("POST", "/attachments/refresh-urls")
    answer = await bot.http.request(route, json={"attachment_urls": [old]})
    fresh = answer["refreshed_urls"][0]["refreshed"]
    async with aiohttp.ClientSession() as session, session.get(fresh) as response:
        assert await response.read() == png()


async def test_a_private_answer_is_seen_by_its_person_only(
    sandbox: SandboxDiscord, bot: ForeignBot
) -> None:
    alice, bob, gallery = sandbox.person("Alice"), sandbox.person("Bob"), sandbox.channel("gallery")
    sent = await alice.command(gallery, "draw", private=True)
    message = await sent.response()
    assert message["flags"] & 64
    assert alice.sees(message)
    assert not bob.sees(message)
    assert sandbox.messages(gallery) == []
    with pytest.raises(LookupError):
        await bob.click(message, label="Again")
    again = await (await alice.click(message, label="Again")).response()
    assert again["content"] == "again!"
    channel = bot.get_partial_messageable(gallery.id)
    with pytest.raises(discord.NotFound):
        await channel.fetch_message(int(message["id"]))


async def test_v2_is_irreversible_and_strict(sandbox: SandboxDiscord, bot: ForeignBot) -> None:
    gallery = sandbox.channel("gallery")
    channel = bot.get_partial_messageable(gallery.id)
    with pytest.raises(discord.HTTPException) as refused:
        await channel.send(view=Card("missing.png"))
    assert (refused.value.status, refused.value.code) == (400, 50035)
    assert "COMPONENT_REFERENCED_ATTACHMENT_NOT_FOUND" not in str(sandbox.messages(gallery))
    view = discord.ui.LayoutView()
    view.add_item(discord.ui.TextDisplay("hi"))
    message = await channel.send(view=view)
    with pytest.raises(discord.HTTPException) as refused:
        await message.edit(content="words")
    assert refused.value.code == 50035
    assert sandbox.messages(gallery)[0]["content"] == ""


async def test_an_edit_keeps_exactly_the_attachments_it_lists(
    sandbox: SandboxDiscord, bot: ForeignBot
) -> None:
    channel = bot.get_partial_messageable(sandbox.channel("gallery").id)
    files = [discord.File(__file__, name) for name in ("one.txt", "two.txt")]
    message = await channel.send("files", files=files)
    message = await message.edit(attachments=[message.attachments[1]])
    assert [a.filename for a in message.attachments] == ["two.txt"]
    message = await message.edit(content="still")
    assert [a.filename for a in message.attachments] == ["two.txt"]
    assert len(sandbox.revisions({"id": message.id})) == 3
    assert sandbox.violations == []


def test_what_is_chosen_beforehand_is_named_by_strings() -> None:
    chosen = 1575295144259747854  # more than a page can count to
    menu: discord.ui.ChannelSelect[discord.ui.View] = discord.ui.ChannelSelect(
        default_values=[discord.Object(chosen, type=discord.TextChannel)]
    )
    (sent,) = numbered([dict(menu.to_component_dict())])
    assert sent["default_values"] == [{"id": str(chosen), "type": "channel"}]
