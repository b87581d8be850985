"""The bytes of a picture for a moderator: ours where we have them, else from Discord."""

from collections.abc import AsyncIterator, Mapping, Sequence
from typing import Any
from unittest.mock import create_autospec

import pytest

from bot.domain.ids import ChannelId, MessageId, PictureId
from bot.images.errors import PictureError
from bot.images.fetch import FetchedPicture, PictureFetcher
from bot.images.studio import Studio
from bot.images.thumbnail import SIDE
from bot.service.dashboard import viewing
from bot.service.dashboard.oversight import Overseen, PictureHome
from bot.service.dashboard.viewing import Seen, Viewing
from tests.unit.images.pictures import make_picture, pixels_of

LINK = "https://cdn.discordapp.com/7.png?ex=1"
WHOLE = make_picture((1200, 600))


class PostedFiles:
    """Discord's answer to where the files of a message are."""

    def __init__(self, links: Mapping[int, str]) -> None:
        self.links = links

    async def of_messages(self, homes: Sequence[tuple[ChannelId, MessageId]]) -> Mapping[int, str]:
        assert homes == [(ChannelId(77), MessageId(9))]
        return self.links


def make_home(**overrides: Any) -> PictureHome:
    """A picture that was posted, and whose bytes are not here any more."""
    known: dict[str, Any] = {
        "data": None, "channel_id": ChannelId(77), "message_id": MessageId(9), "attachment_id": 7,
    }  # fmt: skip
    return PictureHome(create_autospec(Overseen, instance=True), **{**known, **overrides})


@pytest.fixture
def fetcher() -> Any:
    made = create_autospec(PictureFetcher, instance=True)
    made.fetch.return_value = FetchedPicture(WHOLE, "image/png", 1200, 600, "0" * 64)
    return made


@pytest.fixture
async def seen(fetcher: Any) -> AsyncIterator[Viewing]:
    async with Studio() as studio:
        yield Viewing(PostedFiles({7: LINK}), fetcher, studio)


async def test_what_is_stored_is_shown_as_what_it_is(seen: Viewing, fetcher: Any) -> None:
    assert await seen.whole(make_home(data=WHOLE)) == Seen(WHOLE, "image/png")
    fetcher.fetch.assert_not_awaited()


async def test_what_was_posted_is_read_again_from_its_message(seen: Viewing, fetcher: Any) -> None:
    assert await seen.whole(make_home()) == Seen(WHOLE, "image/png")
    fetcher.fetch.assert_awaited_once_with(LINK)


@pytest.mark.parametrize(
    "home",
    [
        make_home(message_id=None),
        make_home(attachment_id=None),
        make_home(attachment_id=8),
        make_home(data=b"this is no picture"),
    ],
    ids=["no message", "no attachment", "gone from its message", "broken"],
)
async def test_what_cannot_be_had_is_not_shown(seen: Viewing, home: PictureHome) -> None:
    assert await seen.whole(home) is None
    assert await seen.small(PictureId("p"), home) is None


async def test_what_discord_does_not_give_is_not_shown(seen: Viewing, fetcher: Any) -> None:
    fetcher.fetch.side_effect = PictureError("HTTP 404")
    assert await seen.whole(make_home()) is None


async def test_a_thumbnail_is_small_and_made_once(seen: Viewing, fetcher: Any) -> None:
    for _ in range(2):
        small = await seen.small(PictureId("p"), make_home())
        assert small is not None
        assert small.media_type == "image/webp"
        assert pixels_of(small.data).size == (SIDE, SIDE // 2)
    assert fetcher.fetch.await_count == 1


async def test_a_download_that_is_no_picture_has_no_thumbnail(seen: Viewing, fetcher: Any) -> None:
    fetcher.fetch.return_value = FetchedPicture(b"odd", "image/png", 1, 1, "0" * 64)
    assert await seen.small(PictureId("p"), make_home()) is None


async def test_only_so_many_thumbnails_are_remembered(
    seen: Viewing, fetcher: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(viewing, "_REMEMBERED", 1)
    for name in ("first", "second", "second", "first"):
        await seen.small(PictureId(name), make_home())
    assert fetcher.fetch.await_count == 3
