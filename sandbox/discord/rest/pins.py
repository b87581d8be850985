"""Pinned messages."""

from __future__ import annotations

from sandbox.clock import iso
from sandbox.discord.door import Answer, Call, Endpoint
from sandbox.discord.errors import missing_permissions
from sandbox.discord.permissions import Permission, in_channel, require
from sandbox.discord.rest.messages import seen

_PINS = "/channels/{channel_id}/messages/pins"
P = Permission


async def pins(call: Call) -> Answer:
    require(call.backend.world, call.channel, P.READ_MESSAGE_HISTORY)
    pinned = [m for m in call.backend.world.history(call.channel.id) if m.pinned]
    items = [{"pinned_at": iso(m.created_at), "message": seen(call, m)} for m in reversed(pinned)]
    return {"items": items, "has_more": False}


async def pin(call: Call) -> Answer:
    _require_pinning(call)
    call.message.pinned = True
    call.backend.messages.edited(call.message, by_author=False)
    return None


async def unpin(call: Call) -> Answer:
    _require_pinning(call)
    call.message.pinned = False
    call.backend.messages.edited(call.message, by_author=False)
    return None


def _require_pinning(call: Call) -> None:
    require(call.backend.world, call.channel)
    granted = in_channel(call.backend.world, call.backend.world.bot_id, call.channel)
    if not granted & (P.PIN_MESSAGES | P.MANAGE_MESSAGES):
        raise missing_permissions()


ENDPOINTS = (
    Endpoint("GET", _PINS, pins),
    Endpoint("PUT", f"{_PINS}/{{message_id}}", pin),
    Endpoint("DELETE", f"{_PINS}/{{message_id}}", unpin),
)
