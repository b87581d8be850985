"""Requests to the image API as places at which a plan strikes."""

from typing import Any
from unittest.mock import create_autospec

import pytest

from bot.domain.ids import ProviderTaskId
from bot.failpoints import Act, Failpoints, Planned
from bot.ketchup.client import KetchupClient
from bot.ketchup.failing import install
from bot.ketchup.outcomes import Accepted, NotFound
from bot.ketchup.wire import ImageRequest

TASK = ProviderTaskId("ta1")
REQUEST = ImageRequest("google/gempix2", "a lighthouse")


@pytest.fixture
def client() -> Any:
    made = create_autospec(KetchupClient, instance=True)
    made.submit.return_value, made.query.return_value = Accepted(TASK), NotFound()
    return made


@pytest.mark.parametrize(("moment", "sent"), [("before", 0), ("after", 1)])
async def test_a_plan_strikes_around_a_submit(client: Any, moment: str, sent: int) -> None:
    submit = client.submit
    install(client, Failpoints([Planned(f"submit:{moment}", Act.FAIL)]))
    with pytest.raises(OSError, match=f"submit:{moment}"):
        await client.submit(REQUEST)
    assert submit.await_count == sent
    assert await client.submit(REQUEST) == Accepted(TASK)
    submit.assert_awaited_with(REQUEST, 30.0)


@pytest.mark.parametrize(("moment", "sent"), [("before", 0), ("after", 1)])
async def test_a_plan_strikes_around_a_query(client: Any, moment: str, sent: int) -> None:
    query = client.query
    install(client, Failpoints([Planned(f"query:{moment}", Act.FAIL)]))
    with pytest.raises(OSError, match=f"query:{moment}"):
        await client.query(TASK)
    assert query.await_count == sent
    assert await client.query(TASK, 5.0) == NotFound()
    query.assert_awaited_with(TASK, 5.0)
