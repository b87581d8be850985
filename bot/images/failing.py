"""Downloads that are places of ``bot.failpoints``; only tests ever have them."""

from bot.failpoints import Failpoints
from bot.images.fetch import MAX_BYTES, FetchedPicture, PictureFetcher


def install(fetcher: PictureFetcher, failpoints: Failpoints) -> None:
    """Put the places around each download."""
    fetch = fetcher.fetch

    async def failing_fetch(source: str, *, max_bytes: int = MAX_BYTES) -> FetchedPicture:
        failpoints.reach("download:before")
        picture = await fetch(source, max_bytes=max_bytes)
        failpoints.reach("download:after")
        return picture

    fetcher.fetch = failing_fetch  # type: ignore[method-assign]
