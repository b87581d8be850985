"""Webhooks of channels, and the routes that interactions share with them."""

from __future__ import annotations

import secrets

from sandbox.discord import payloads
from sandbox.discord.door import Answer, Call, Endpoint
from sandbox.discord.errors import DiscordError, invalid, invalid_webhook_token
from sandbox.discord.model import Message, Webhook
from sandbox.discord.permissions import Permission, require
from sandbox.discord.rest import callbacks

_EXECUTE = "/webhooks/{webhook_id}/{token}"
_MESSAGE = "/webhooks/{webhook_id}/{token}/messages/{message_id}"


def _hook(call: Call) -> Webhook:
    hook = call.backend.world.webhooks.get(call.id("webhook_id"))
    if hook is None:
        raise DiscordError(404, 10015, "Unknown Webhook")
    if call.match.get("token", hook.token) != hook.token:
        raise invalid_webhook_token()
    return hook


def _message(call: Call) -> Message:
    hook = _hook(call)
    message = call.backend.world.message(hook.channel_id, call.id("message_id"))
    if message.webhook_id != hook.id:
        raise DiscordError(404, 10008, "Unknown Message")
    return message


async def create(call: Call) -> Answer:
    channel = call.channel
    require(call.backend.world, channel, Permission.MANAGE_WEBHOOKS)
    name = str(call.body.get("name") or "")
    if not 1 <= len(name) <= 80 or channel.guild_id is None:
        raise invalid(("name",), "BASE_TYPE_BAD_LENGTH", "Must be between 1 and 80 in length.")
    hook = Webhook(
        call.backend.ids.next(), secrets.token_urlsafe(48), channel.id, channel.guild_id, name
    )
    call.backend.world.webhooks[hook.id] = hook
    return payloads.webhook(call.backend.world, hook)


async def listed(call: Call) -> Answer:
    channel = call.channel
    require(call.backend.world, channel, Permission.MANAGE_WEBHOOKS)
    world = call.backend.world
    return [
        payloads.webhook(world, h) for h in world.webhooks.values() if h.channel_id == channel.id
    ]


async def fetched(call: Call) -> Answer:
    return payloads.webhook(call.backend.world, _hook(call))


async def delete(call: Call) -> Answer:
    del call.backend.world.webhooks[_hook(call).id]
    return None


async def execute(call: Call) -> Answer:
    """Post through a webhook, or an interaction's follow-up."""
    if callbacks.is_interaction(call):
        return await callbacks.follow_up(call)
    hook, backend = _hook(call), call.backend
    message = Message(
        id=backend.ids.next(),
        channel_id=hook.channel_id,
        guild_id=hook.guild_id,
        author_id=backend.world.bot_id,
        created_at=backend.clock.now_ms(),
        webhook_id=hook.id,
        webhook_name=str(call.body.get("username") or hook.name),
        application_id=backend.world.application_id,
    )
    backend.composer.apply(message, call.body, call.files, is_new=True)
    backend.messages.post(message)
    return backend.appearance.message(message) if call.flag("wait") else None


async def message_fetched(call: Call) -> Answer:
    if callbacks.is_interaction(call):
        return await callbacks.fetched(call)
    return call.backend.appearance.message(_message(call))


async def message_edit(call: Call) -> Answer:
    if callbacks.is_interaction(call):
        return await callbacks.edit(call)
    message = _message(call)
    call.backend.composer.apply(message, call.body, call.files, is_new=False)
    call.backend.messages.edited(message)
    return call.backend.appearance.message(message)


async def message_delete(call: Call) -> Answer:
    if callbacks.is_interaction(call):
        return await callbacks.delete(call)
    call.backend.messages.delete(_message(call))
    return None


ENDPOINTS = (
    Endpoint("POST", "/channels/{channel_id}/webhooks", create),
    Endpoint("GET", "/channels/{channel_id}/webhooks", listed),
    Endpoint("GET", "/webhooks/{webhook_id}", fetched),
    Endpoint("DELETE", "/webhooks/{webhook_id}", delete),
    Endpoint("GET", _EXECUTE, fetched, by_token=True),
    Endpoint("DELETE", _EXECUTE, delete, by_token=True),
    Endpoint("POST", _EXECUTE, execute, by_token=True),
    Endpoint("GET", _MESSAGE, message_fetched, by_token=True),
    Endpoint("PATCH", _MESSAGE, message_edit, by_token=True),
    Endpoint("DELETE", _MESSAGE, message_delete, by_token=True),
)
