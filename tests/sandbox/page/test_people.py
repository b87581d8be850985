"""What people see and do through the page's WebSocket."""

from __future__ import annotations

import aiohttp
import pytest

from sandbox.discord import SandboxDiscord
from sandbox.page import PageServer
from tests.sandbox.discord.foreign_bot import ForeignBot, png
from tests.sandbox.page.tab import RefusedError, Tab, opened, uploaded


async def test_each_person_sees_their_own_world(tab: Tab) -> None:
    assert [s["name"] for s in tab.world["servers"]] == ["Lighthouse Club"]
    assert "mods" not in [c["name"] for c in tab.world["servers"][0]["channels"]]
    await tab.be("Mia")
    assert "mods" in [c["name"] for c in tab.world["servers"][0]["channels"]]
    await tab.be("Otto")
    assert tab.world["servers"] == []
    assert tab.world["direct"]["name"] == "Ketchup"
    await tab.be("花子")
    assert tab.world["me"]["locale"] == "ja"


async def test_a_message_reaches_every_tab_that_may_read_it(
    tab: Tab, page: PageServer, browser: aiohttp.ClientSession
) -> None:
    async with opened(page, browser, "Bob") as bobs, opened(page, browser, "Otto") as ottos:
        await tab.ask("say", channel=tab.channel("gallery"), text="hello there")
        assert (await bobs.message("hello there"))["author"]["username"] == "alice"
        await ottos.ask("be", person=ottos.world["me"]["id"])
        assert not [e for e in ottos.events if e["event"] == "message_created"]


async def test_files_come_through_uploads_and_are_served_by_the_page_itself(
    tab: Tab, page: PageServer, browser: aiohttp.ClientSession, sandbox: SandboxDiscord
) -> None:
    picture = png()
    file = await uploaded(page, browser, "a.png", picture)
    await tab.ask("say", channel=tab.channel("gallery"), text="look", files=[file["upload"]])
    link = (await tab.message("look"))["attachments"][0]["url"]
    assert link.startswith(sandbox.origin)
    async with browser.get(page.url + link.removeprefix(sandbox.origin + "/")) as answer:
        assert await answer.read() == picture
        assert "sandbox" in answer.headers["Content-Security-Policy"]


async def test_reactions_toggle_and_belong_to_the_person(tab: Tab) -> None:
    said = await tab.ask("say", channel=tab.channel("gallery"), text="nice")
    await tab.message("nice")
    await tab.ask("react", message=said["id"], emoji="👍")
    assert (await tab.message("👍"))["reactions"][0]["me"]
    await tab.ask("react", message=said["id"], emoji="👍")
    assert (await tab.message("nice"))["reactions"] == []


@pytest.mark.parametrize(
    ("what", "args", "words"),
    [
        ("say", {"channel": "1", "text": "x"}, "cannot open"),
        ("say", {"channel": "gallery", "text": "x"}, "must be an id"),
        ("delete", {"message": "12345"}, "sees no message"),
        ("fly", {}, "nobody can"),
        ("pull", {"lever": "kill"}, "runs elsewhere"),
        ("pull", {"lever": "story", "value": "nonsense"}, "no story"),
        ("speak", {"locale": "xx"}, "not spoken"),
    ],
)
async def test_what_cannot_be_done_is_refused_in_words(
    tab: Tab, what: str, args: dict[str, str], words: str
) -> None:
    with pytest.raises(RefusedError, match=words):
        await tab.ask(what, **args)


async def test_nobody_writes_where_they_may_not(tab: Tab, sandbox: SandboxDiscord) -> None:
    with pytest.raises(RefusedError, match="cannot open"):
        await tab.ask("say", channel=str(sandbox.channel("mods").id), text="let me in")


async def test_a_command_with_a_file_is_answered(
    tab: Tab, page: PageServer, browser: aiohttp.ClientSession, bot: ForeignBot
) -> None:
    await tab.be("Alice")
    picture = png()
    file = await uploaded(page, browser, "a.png", picture)
    options = {"word": "ha", "times": 2, "picture": file}
    await tab.ask("command", channel=tab.channel("gallery"), name="echo", options=options)
    assert (await tab.message(f"haha {len(picture)}"))["author"]["bot"]
    assert len(bot.used) == 1


async def test_suggestions_come_from_the_bot(tab: Tab, bot: ForeignBot) -> None:
    gallery = tab.channel("gallery")
    told = await tab.ask("autocomplete", channel=gallery, name="fruit", focused="name", value="ap")
    assert [choice["name"] for choice in told["choices"]] == ["apple", "apricot"]
    assert bot.used


async def test_an_ephemeral_answer_is_told_to_its_person_alone(
    tab: Tab, page: PageServer, browser: aiohttp.ClientSession, bot: ForeignBot
) -> None:
    async with opened(page, browser, "Bob") as bobs:
        await tab.ask("command", channel=tab.channel("gallery"), name="twice", options={})
        assert (await tab.message("third"))["private"]
        await bobs.message("second")
        told = await bobs.be("Bob")
        assert "third" not in str(told["messages"])
        assert not [e for e in bobs.events if "third" in str(e)]
        assert "third" in str((await tab.be("Alice"))["messages"])
    assert bot.used


async def test_a_button_opens_a_modal_and_its_answer_arrives(tab: Tab, bot: ForeignBot) -> None:
    await tab.ask("command", channel=tab.channel("gallery"), name="echo", options={"word": "hi"})
    message = await tab.message("hi 0 nobody")
    await tab.ask("click", message=message["id"], custom_id="name")
    opened_modal = await tab.event(lambda e: (e.get("interaction") or {}).get("state") == "modal")
    assert opened_modal["interaction"]["modal"]["title"] == "Name the lighthouse"
    values = {"name": "Old Tom", "keeper": [tab.world["me"]["id"]], "shape": "round", "lamp": True}
    await tab.ask("submit", interaction=opened_modal["interaction"]["id"], values=values)
    assert "[] round True" in (await tab.message("Old Tom"))["content"]
    assert bot.used


async def test_a_silent_bot_is_told_as_failed(tab: Tab, bot: ForeignBot) -> None:
    sent = await tab.ask("command", channel=tab.channel("gallery"), name="silent", options={})
    failed = await tab.event(lambda e: (e.get("interaction") or {}).get("state") == "failed")
    assert failed["interaction"]["id"] == sent["interaction"]
    assert bot.used


async def test_the_persons_language_changes_the_world(tab: Tab, sandbox: SandboxDiscord) -> None:
    told = await tab.ask("speak", locale="ja")
    assert told["world"]["me"]["locale"] == "ja"
    assert sandbox.person("Alice").locale == "ja"
