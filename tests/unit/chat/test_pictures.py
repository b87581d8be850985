"""Reading pictures out of what Discord declares."""

from unittest.mock import Mock

import discord
import pytest

from bot.chat.pictures import attachment_id_of, reference_of
from bot.domain.request import Reference

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
        ("https://cdn.discordapp.com/attachments/1/a.png", None),
        ("https://cdn.discordapp.com/attachments/1/two/a.png", None),
        ("https://cdn.discordapp.com/avatars/1/2/a.png", None),
        ("https://pictures.example/", None),
        ("", None),
    ],
)
def test_the_id_in_a_link_is_that_of_the_attachment(url: str, attachment_id: int | None) -> None:
    assert attachment_id_of(url) == attachment_id
