"""Reading pictures out of what Discord declares."""

from typing import Any
from unittest.mock import Mock

import discord
import pytest
from discord.http import HTTPClient
from discord.state import ConnectionState

from bot.chat.pictures import attachment_id_of, attachment_links, attachments_of, reference_of
from bot.domain.request import Reference

AUTHOR = {"id": "3", "username": "ketchup", "discriminator": "0", "avatar": None, "bot": True}
URL = "https://cdn.discordapp.com/ephemeral-attachments/12/34/boat.png?ex=1&is=2&hm=3"


def test_an_attachment_becomes_a_reference_as_declared() -> None:
    attachment = Mock(
        spec=discord.Attachment, url=URL, filename="boat.png", content_type="image/png",
        size=1234, width=640, height=480,
    )  # fmt: skip
    assert reference_of(attachment) == Reference(
        url=URL, name="boat.png", media_type="image/png", size=1234, width=640, height=480
    )


@pytest.mark.parametrize(
    ("url", "attachment_id"),
    [
        (URL, 34),
        ("https://cdn.discordapp.com/attachments/1/2/a.png", 2),
        ("https://media.discordapp.net/attachments/1/2/a.png?width=4", 2),
        ("http://localhost:8000/cdn/attachments/1/2/a.png?ex=1", 2),
        ("https://cdn.discordapp.com/attachments/1/2/a.png/b", None),
        ("https://cdn.discordapp.com/attachments/1/a.png", None),
        ("https://cdn.discordapp.com/attachments/1/two/a.png", None),
        ("https://cdn.discordapp.com/avatars/1/2/a.png", None),
        ("https://pictures.example/", None),
        ("", None),
    ],
)
def test_the_id_in_a_link_is_that_of_the_attachment(url: str, attachment_id: int | None) -> None:
    assert attachment_id_of(url) == attachment_id


def make_message(**fields: Any) -> discord.Message:
    """A message with Components V2."""
    payload: Any = {
        "id": "1", "channel_id": "2", "type": 0, "content": "", "author": AUTHOR, "embeds": [],
        "attachments": [], "timestamp": "2026-01-01T00:00:00+00:00", "edited_timestamp": None,
        "mentions": [], "mention_roles": [], "mention_everyone": False, "tts": False,
        "pinned": False, "components": [], "flags": 1 << 15,
    }  # fmt: skip
    state = Mock(spec=ConnectionState, http=Mock(spec=HTTPClient))
    channel = Mock(spec=discord.TextChannel, id=2)
    return discord.Message(state=state, channel=channel, data=payload | fields)


def gallery(*media: dict[str, Any]) -> list[dict[str, Any]]:
    return [{"type": 12, "id": 1, "items": [{"media": one} for one in media]}]


def test_a_shown_file_is_known_by_the_id_that_discord_tells_wherever_it_lies() -> None:
    first = {"url": "https://files.example/first.png", "proxy_url": "", "attachment_id": "34"}
    second = {"url": "https://cdn.discordapp.com/attachments/1/35/second.png", "proxy_url": ""}
    foreign = {"url": "https://pictures.example/third.png", "proxy_url": ""}
    message = make_message(components=gallery(first, second, foreign))

    assert attachment_links(message) == {34: first["url"], 35: second["url"]}
    named = [(one.id, one.filename) for one in attachments_of(message)]
    assert named == [(34, "first.png"), (35, "second.png")]


def test_a_listed_file_is_known_by_its_own_id() -> None:
    url = "https://files.example/boat"
    file = {"id": "34", "filename": "boat.png", "size": 3, "url": url, "proxy_url": url}

    assert attachment_links(make_message(attachments=[file])) == {34: url}
