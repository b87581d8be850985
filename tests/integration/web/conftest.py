"""The served application for every test that needs nothing special of it."""

from collections.abc import AsyncIterator

import pytest

from tests.integration.web.serving import Site, served


@pytest.fixture
async def site() -> AsyncIterator[Site]:
    async with served() as opened:
        yield opened
