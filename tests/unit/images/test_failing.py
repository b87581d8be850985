"""Downloads as places at which a plan strikes."""

from unittest.mock import create_autospec

import pytest

from bot.failpoints import Act, Failpoints, Planned
from bot.images.failing import install
from bot.images.fetch import MAX_BYTES, FetchedPicture, PictureFetcher

PICTURE = FetchedPicture(b"picture", "image/png", 64, 64, "0" * 64)


@pytest.mark.parametrize(("moment", "fetched"), [("before", 0), ("after", 1)])
async def test_a_plan_strikes_around_a_download(moment: str, fetched: int) -> None:
    fetcher = create_autospec(PictureFetcher, instance=True)
    fetcher.fetch.return_value, fetch = PICTURE, fetcher.fetch
    install(fetcher, Failpoints([Planned(f"download:{moment}", Act.FAIL)]))
    with pytest.raises(OSError, match=f"download:{moment}"):
        await fetcher.fetch("https://results.example/1.png")
    assert fetch.await_count == fetched
    assert await fetcher.fetch("https://results.example/1.png") is PICTURE
    fetch.assert_awaited_with("https://results.example/1.png", max_bytes=MAX_BYTES)
