"""The dashboard for every test that needs nothing special of it."""

from collections.abc import AsyncIterator

import pytest

from tests.builders import World
from tests.integration.dashboard.desk import Desk, opened_desk


@pytest.fixture
async def desk(sqlite_world: World) -> AsyncIterator[Desk]:
    async with opened_desk(sqlite_world) as opened:
        yield opened
