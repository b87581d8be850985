"""The example of docs/money.md, executed."""

from collections.abc import Awaitable, Callable
from pathlib import Path

import sqlalchemy as sa

from bot.domain.money import Microcredits, format_credits, parse_credits
from bot.storage import tables
from bot.storage.engine.database import Statement
from tests.builders import ALICE, BOB, GUILD, World, make_failure

PAGE = Path(__file__).parents[2] / "docs" / "money.md"


def rows() -> list[list[str]]:
    """The rows of the example's table."""
    lines = PAGE.read_text().partition("## An example")[2].partition("```")[0].splitlines()
    table = [line for line in lines if line.startswith("|")][2:]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in table]


class Story:
    """Each step of the page as what really happens."""

    def __init__(self, world: World) -> None:
        self.world = world

    async def week_begins(self) -> None:
        await self.world.wallets.look(GUILD, ALICE)

    async def granted(self) -> None:
        two = Microcredits(2_000_000)
        await self.world.wallets.grant(GUILD, ALICE, two, by=BOB, key="grant")

    async def asked(self) -> None:
        await self.world.ask(count=3)
        self.tasks = [await self.world.submit(), await self.world.submit()]

    async def first(self) -> None:
        await self.world.painted(self.tasks[0][0].task_id)
        await self.world.fetch()

    async def second(self) -> None:
        task = await self.world.task(self.tasks[0][1].task_id)
        await self.world.report(task.id, make_failure(task.provider_id or ""))

    async def third(self) -> None:
        (last,) = await self.world.submit()
        await self.world.painted(last.task_id, consumed=parse_credits("0.7"))
        await self.world.fetch()

    async def week_ends(self) -> None:
        self.world.clock.advance(7 * 86_400)
        await self.world.wallets.look(GUILD, ALICE)


async def booked(world: World, kind: str) -> str:
    """The sum of all balances of a kind."""
    accounts = tables.accounts
    total = Statement(
        sa.select(sa.cast(sa.func.coalesce(sa.func.sum(accounts.c.balance), 0), sa.BigInteger))
        .where(accounts.c.kind == kind),
        int,
    )  # fmt: skip
    return format_credits((await world.all(total))[0])


async def test_the_books_are_as_the_page_says(world: World) -> None:
    story = Story(world)
    steps: list[Callable[[], Awaitable[None]]] = [
        story.week_begins, story.granted, story.asked, story.first, story.second, story.third,
        story.week_ends,
    ]  # fmt: skip
    page = rows()
    assert len(page) == len(steps)
    for step, (name, *figures) in zip(steps, page, strict=True):
        await step()
        kinds = ("allowance", "extra", "hold", "spent", "loss")
        assert [await booked(world, kind) for kind in kinds] == figures, name
