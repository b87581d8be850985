"""Links to reference pictures are made fresh after Discord has let them expire."""

from collections.abc import AsyncIterator

import aiohttp
import pytest

from bot.chat.pictures import LinkRenewer
from bot.domain.ids import ChannelId, MessageId
from bot.domain.request import Reference
from bot.errors import ReferenceGoneError
from sandbox.discord import Fault, Permission, Upload, answer, hang, stage
from sandbox.discord.model import Json
from tests.integration.chat.post_office import (
    BRIEF_S,
    PostOffice,
    make_file,
    opened_post_office,
    png,
)

A_DAY_LATER = 25 * 3600
REFRESH = "/attachments/refresh-urls"


@pytest.fixture
async def office() -> AsyncIterator[PostOffice]:
    async with opened_post_office() as opened:
        yield opened


async def status_of(reference: Reference) -> int:
    """What the CDN answers."""
    async with aiohttp.ClientSession() as session, session.get(reference.url) as response:
        return response.status


def reference_in(message: Json, url: str, name: str = "boat.png") -> Reference:
    return Reference(
        url=url,
        name=name,
        channel_id=ChannelId(int(message["channel_id"])),
        message_id=MessageId(int(message["id"])),
    )


def first_link(message: Json) -> str:
    """Of a person's message its attachment's, of the bot's that in its gallery."""
    if message["attachments"]:
        return str(message["attachments"][0]["url"])
    gallery = message["components"][0]["components"][1]
    return str(gallery["items"][0]["media"]["url"])


async def posted(office: PostOffice, *, mention_bot: bool = True) -> Reference:
    """A picture that Bob has posted."""
    message = await office.sandbox.person("Bob").say(
        office.gallery, "look", files=[Upload("boat.png", png())], mention_bot=mention_bot
    )
    return reference_in(message, first_link(message))


async def attached(office: PostOffice) -> Reference:
    """A picture that Alice has attached to a command."""
    sent = await office.asked(image1=Upload("mine.png", png()))
    [attachment] = sent.record.data["resolved"]["attachments"].values()
    return Reference(url=attachment["url"], name="mine.png")


async def test_a_picture_of_a_message_gets_a_new_link_by_reading_it_again(
    office: PostOffice,
) -> None:
    reference = await posted(office)
    office.sandbox.clock.advance(A_DAY_LATER)
    assert await status_of(reference) == 404

    [fresh] = await LinkRenewer(office.client).renew([reference])

    assert await status_of(fresh) == 200
    assert (fresh.name, fresh.message_id) == (reference.name, reference.message_id)
    assert REFRESH not in office.sent("POST")


async def test_one_message_with_several_pictures_is_read_once(office: PostOffice) -> None:
    message = await office.sandbox.person("Bob").say(
        office.gallery,
        files=[Upload("a.png", png()), Upload("b.png", png(colour="red"))],
        mention_bot=True,
    )
    references = [reference_in(message, part["url"]) for part in message["attachments"]]
    office.sandbox.clock.advance(A_DAY_LATER)

    fresh = await LinkRenewer(office.client).renew(references)

    assert [await status_of(one) for one in fresh] == [200, 200]
    path = f"/channels/{message['channel_id']}/messages/{message['id']}"
    assert office.sent("GET").count(path) == 1


async def test_the_bots_own_pictures_are_found_in_their_gallery(office: PostOffice) -> None:
    await office.postman().deliver(await office.finished(), [make_file()])
    [message] = office.own_messages()
    reference = reference_in(message, first_link(message))
    office.sandbox.clock.advance(A_DAY_LATER)

    [fresh] = await LinkRenewer(office.client).renew([reference])

    assert await status_of(fresh) == 200
    assert REFRESH not in office.sent("POST")


@pytest.mark.parametrize("by_bot", [True, False])
async def test_the_picture_of_a_forwarded_message_is_found_in_its_snapshot(
    office: PostOffice, *, by_bot: bool
) -> None:
    bob = office.sandbox.person("Bob")
    original = await bob.say(office.gallery, files=[Upload("boat.png", png())])
    if by_bot:
        await office.postman().deliver(await office.finished(), [make_file()])
        [original] = office.own_messages()
    url = first_link(original)
    copy = await bob.forward(original, bob.dm)
    office.sandbox.clock.advance(A_DAY_LATER)
    original = next(m for m in office.gallery.messages() if m["id"] == original["id"])
    content = {key: original[key] for key in ("attachments", "components", "flags")}
    snapshot = copy["message_snapshots"][0]["message"] | content
    forwarded = copy | {"attachments": [], "message_snapshots": [{"message": snapshot}]}
    office.sandbox.fault(Fault("GET", f"/messages/{copy['id']}", answer(200, forwarded)))

    [fresh] = await LinkRenewer(office.client).renew([reference_in(copy, url)])

    assert await status_of(fresh) == 200
    assert REFRESH not in office.sent("POST")


async def test_a_message_whose_content_the_bot_may_not_see_is_signed_anew(
    office: PostOffice,
) -> None:
    reference = await posted(office, mention_bot=False)
    office.sandbox.clock.advance(A_DAY_LATER)

    [fresh] = await LinkRenewer(office.client).renew([reference])

    assert await status_of(fresh) == 200
    assert office.sent("POST") == [REFRESH]


async def test_a_channel_that_the_bot_no_longer_sees_does_not_stop_it(office: PostOffice) -> None:
    reference = await posted(office)
    stage.deny_bot(office.gallery, Permission.VIEW_CHANNEL)
    office.sandbox.clock.advance(A_DAY_LATER)

    [fresh] = await LinkRenewer(office.client).renew([reference])

    assert await status_of(fresh) == 200


async def test_a_deleted_message_is_told_by_the_pictures_name(office: PostOffice) -> None:
    reference = await posted(office)
    await office.sandbox.person("Bob").delete({"id": reference.message_id})

    with pytest.raises(ReferenceGoneError) as gone:
        await LinkRenewer(office.client).renew([await attached(office), reference])
    assert gone.value.name == "boat.png"


async def test_the_attachment_of_a_command_is_signed_anew(office: PostOffice) -> None:
    reference = await attached(office)
    office.sandbox.clock.advance(A_DAY_LATER)
    assert await status_of(reference) == 404

    [fresh] = await LinkRenewer(office.client).renew([reference])

    assert await status_of(fresh) == 200
    assert office.sent("GET")[-1] == "/oauth2/applications/@me"  # the login's, nothing since


async def test_a_private_picture_is_not_looked_up_in_the_channel(office: PostOffice) -> None:
    card = await office.finished(private=True)
    await office.postman().deliver(card, [make_file()])
    [message] = office.sandbox.person("Alice").messages(office.gallery)
    url = first_link(message)
    assert "/ephemeral-attachments/" in url
    office.sandbox.clock.advance(A_DAY_LATER)

    [fresh] = await LinkRenewer(office.client).renew([reference_in(message, url)])

    assert await status_of(fresh) == 200


@pytest.mark.parametrize("action", [answer(404), answer(403), answer(503), hang()])
async def test_where_links_cannot_be_signed_anew_the_old_ones_are_kept(
    office: PostOffice, action: object
) -> None:
    reference = await attached(office)
    office.sandbox.fault(Fault("POST", REFRESH, action, times=None))  # type: ignore[arg-type]

    renewer = LinkRenewer(office.client, deadline_s=BRIEF_S)
    assert await renewer.renew([reference]) == (reference,)


async def test_many_links_are_signed_fifty_at_a_time(office: PostOffice) -> None:
    first = await attached(office)
    references = [first, *[await attached(office) for _ in range(50)]]
    office.sandbox.clock.advance(A_DAY_LATER)

    fresh = await LinkRenewer(office.client).renew(references)

    assert await status_of(fresh[0]) == await status_of(fresh[-1]) == 200
    assert len({one.url for one in fresh}) == 51
    assert office.sent("POST") == [REFRESH, REFRESH]


async def test_addresses_that_are_not_discords_are_left_alone(office: PostOffice) -> None:
    elsewhere = Reference(url="https://pictures.example/attachments/a.png", name="a.png")
    before = len(office.sandbox.requests)

    assert await LinkRenewer(office.client).renew([elsewhere]) == (elsewhere,)
    assert len(office.sandbox.requests) == before
