"""``python -m bench.seeding FILE``: a database with ten thousand tasks at the API.

Made by the bot's own use cases, so that it is what a killed bot leaves behind.
"""

import asyncio
import sys
from dataclasses import replace
from pathlib import Path
from typing import Final

from bot.domain.catalogue import Catalogue
from bot.domain.clock import steady_clock
from bot.domain.ids import ChannelId, GuildId, MessageId, Millis, ProviderTaskId, UserId
from bot.domain.money import CREDIT, Microcredits
from bot.domain.policy import Policy
from bot.domain.request import GenerationRequest, Place
from bot.service.usecases import UseCases
from bot.storage import open_database

IN_FLIGHT: Final = 10_000
_BATCH: Final = 1000
"""So many wait at once: a line of over a hundred is read once a second, not by each of them."""


async def seed(path: Path, count: int = IN_FLIGHT) -> None:
    """Write it."""
    policy = replace(
        Policy(Catalogue()), max_in_flight=count, callbacks=True,
        new_server_cap=Microcredits(10**6 * CREDIT),
    )  # fmt: skip
    async with open_database(f"sqlite:///{path}") as database:
        use = await UseCases.on(database, policy, steady_clock())
        for first in range(0, count, _BATCH):
            await asyncio.gather(*(_ask(use, number) for number in range(first, first + _BATCH)))
            claimed = await use.submitting.claim(f"seed-{first}", _BATCH)
            await asyncio.gather(
                *(
                    use.submitting.accepted(each, ProviderTaskId(f"ta{each.task_id}"))
                    for each in claimed
                )
            )


async def _ask(use: UseCases, number: int) -> None:
    now = steady_clock()()
    place = Place(
        channel_id=ChannelId(77), user_id=UserId(1000 + number), locale="en-US",
        public_locale="en-US", guild_id=GuildId(500), token=f"token-{number}",
        token_expires_at=Millis(now + 900_000),
    )  # fmt: skip
    request = GenerationRequest(
        key=f"seed-{number}", place=place, prompt=f"a lighthouse, number {number}",
        model="google/gempix2",
    )  # fmt: skip
    card = await use.requests.accept(request)
    if card is not None:
        await use.requests.confirm(card.job_id, MessageId(10**6 + number), card.place_in_line)


if __name__ == "__main__":
    asyncio.run(seed(Path(sys.argv[1])))
