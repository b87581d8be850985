"""A workshop on SQLite: the kind of database does not matter to the workers."""

from collections.abc import AsyncIterator

import pytest

from tests.builders import World
from tests.integration.workers.workshop import Workshop, opened


@pytest.fixture
async def shop(sqlite_world: World) -> AsyncIterator[Workshop]:
    async with opened(sqlite_world) as made:
        yield made
