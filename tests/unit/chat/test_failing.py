"""Requests to Discord as places at which a plan strikes: the bot's own and the webhooks'."""

from typing import Any
from unittest.mock import create_autospec

import discord
import pytest
from discord.http import HTTPClient, Route
from discord.webhook.async_ import AsyncWebhookAdapter

from bot.chat.failing import install
from bot.failpoints import Act, Failpoints, Planned

ROUTE = Route("PATCH", "/channels/{channel_id}/messages/{message_id}", channel_id=1, message_id=2)
PLACE = "discord PATCH /channels/{channel_id}/messages/{message_id}"


@pytest.fixture
def webhook_request(monkeypatch: pytest.MonkeyPatch) -> Any:
    """What discord.py's webhooks do, put back after the test."""
    request = create_autospec(AsyncWebhookAdapter.request, return_value={"id": "3"})
    monkeypatch.setattr(AsyncWebhookAdapter, "request", request)
    return request


@pytest.fixture
def client() -> Any:
    made = create_autospec(discord.Client, instance=True)
    made.http = create_autospec(HTTPClient, instance=True)
    made.http.request.return_value = {"id": "2"}
    return made


@pytest.mark.parametrize(("moment", "sent"), [("before", 0), ("after", 1)])
async def test_a_plan_strikes_around_the_bots_requests(
    client: Any, webhook_request: Any, moment: str, sent: int
) -> None:
    request = client.http.request
    install(client, Failpoints([Planned(f"{PLACE}:{moment}", Act.FAIL)]))
    with pytest.raises(OSError, match=f":{moment}"):
        await client.http.request(ROUTE, json={"content": "x"})
    assert request.await_count == sent
    assert await client.http.request(ROUTE, json={"content": "x"}) == {"id": "2"}
    request.assert_awaited_with(ROUTE, json={"content": "x"})
    webhook_request.assert_not_called()


@pytest.mark.parametrize(("moment", "sent"), [("before", 0), ("after", 1)])
async def test_a_plan_strikes_around_a_webhooks_requests(
    client: Any, webhook_request: Any, moment: str, sent: int
) -> None:
    install(client, Failpoints([Planned(f"{PLACE}:{moment}", Act.FAIL)]))
    adapter = AsyncWebhookAdapter()  # type: ignore[no-untyped-call]
    with pytest.raises(OSError, match=f":{moment}"):
        await adapter.request(ROUTE, None, payload={})  # type: ignore[arg-type]
    assert webhook_request.await_count == sent
    assert await adapter.request(ROUTE, None, payload={}) == {"id": "3"}  # type: ignore[arg-type]
    webhook_request.assert_awaited_with(adapter, ROUTE, None, payload={})
