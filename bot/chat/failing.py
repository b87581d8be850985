"""Requests to Discord that are places of ``bot.failpoints``; only tests ever have them."""

from typing import Any

import discord
from discord.http import HTTPClient, Route
from discord.webhook.async_ import AsyncWebhookAdapter

from bot.failpoints import Failpoints


def install(client: discord.Client, failpoints: Failpoints) -> None:
    """Put the places around both of discord.py's ways out: the bot's own and the webhooks'.

    A place is named after the route, such as ``discord PATCH /channels/{channel_id}/…:before``.
    """
    bot_request = client.http.request
    webhook_request = AsyncWebhookAdapter.request

    async def failing_bot(route: Route, **options: Any) -> Any:
        failpoints.reach(f"discord {route.method} {route.path}:before")
        answer = await bot_request(route, **options)
        failpoints.reach(f"discord {route.method} {route.path}:after")
        return answer

    async def failing_webhook(
        adapter: AsyncWebhookAdapter, route: Route, session: Any, **options: Any
    ) -> Any:
        failpoints.reach(f"discord {route.method} {route.path}:before")
        answer = await webhook_request(adapter, route, session, **options)
        failpoints.reach(f"discord {route.method} {route.path}:after")
        return answer

    http: HTTPClient = client.http
    http.request = failing_bot  # type: ignore[method-assign]
    AsyncWebhookAdapter.request = failing_webhook  # type: ignore[method-assign,assignment]
