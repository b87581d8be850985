"""The loops of a worker, with what only they use: the image API and the fetching."""

from collections.abc import Callable
from contextlib import AsyncExitStack

from bot.assembly.discord import DiscordSide
from bot.assembly.ground import Ground
from bot.domain.ids import TaskId
from bot.images import failing as failing_images
from bot.images.fetch import PictureFetcher
from bot.ketchup import failing as failing_ketchup
from bot.ketchup.client import open_client
from bot.workers.all import make_workers
from bot.workers.loop import Worker


async def loops(stack: AsyncExitStack, ground: Ground, discord: DiscordSide) -> list[Worker]:
    """The loops, with what only they use: the image API and the fetching of pictures."""
    settings, metrics, failpoints = ground.settings, ground.metrics, ground.failpoints
    key = settings.ketchup_api_key.get_secret_value()
    api = await stack.enter_async_context(
        open_client(
            settings.ketchup_api_url,
            key,
            spacing_s=settings.policy().query_spacing_s,
            observer=metrics,
        )
    )
    fetcher = await stack.enter_async_context(
        PictureFetcher(ground.studio, trusted_hosts=settings.trusted_image_hosts)
    )
    if failpoints is not None:
        failing_ketchup.install(api, failpoints)
        failing_images.install(fetcher, failpoints)
    return make_workers(
        ground.use,
        database=ground.database,
        api=api,
        fetcher=fetcher,
        studio=ground.studio,
        messenger=discord.postman,
        herald=discord.herald,
        bulletin=discord.bulletin,
        greeter=discord.greeter,
        remover=discord.remover,
        desk=discord.desk,
        courier=discord.courier,
        links=discord.links,
        callback_address=_callback_address(ground),
        clock=ground.clock,
        measurements=metrics,
    )


def _callback_address(ground: Ground) -> Callable[[TaskId], str | None]:
    """Where the API reports a task's end; nowhere without ``PUBLIC_URL``."""
    public_url, signer = ground.settings.public_url, ground.signer
    if public_url is None:
        return lambda _task_id: None
    return lambda task_id: signer.address(public_url, task_id)
