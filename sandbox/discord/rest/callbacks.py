"""Answers to interactions: the callback, ``@original`` and follow-ups. A token in the path is the
credential.
"""

from __future__ import annotations

from sandbox.discord.door import Answer, Call, Endpoint
from sandbox.discord.errors import DiscordError
from sandbox.discord.interactions import DEFER, MESSAGE
from sandbox.discord.model import EPHEMERAL, InteractionRecord, Json, Message

_WEBHOOK = "/webhooks/{webhook_id}/{token}"


async def callback(call: Call) -> Answer:
    """The bot's one answer; its result is told only with ``with_response``."""
    record, message = call.backend.interactions.callback(
        call.id("interaction_id"), call.match["token"], call.body, call.files
    )
    if not call.flag("with_response"):
        return None
    described: Json = {"id": str(record.id), "type": record.type}
    resource: Json = {"type": record.response_type}
    if message is not None:
        deferred = record.response_type == DEFER
        described |= {
            "response_message_id": str(message.id),
            "response_message_loading": deferred,
            "response_message_ephemeral": bool(message.flags & EPHEMERAL),
        }
        if record.response_type in (MESSAGE, DEFER, 7):
            resource["message"] = call.backend.appearance.message(message)
    return {"interaction": described, "resource": resource}


def is_interaction(call: Call) -> bool:
    """Whether the webhook in the path is the app itself, so that the token is an interaction's."""
    return call.id("webhook_id") == call.backend.world.application_id


def _record(call: Call) -> InteractionRecord:
    if not is_interaction(call):
        raise DiscordError(404, 10015, "Unknown Webhook")
    return call.backend.interactions.by_token(call.match["token"])


def _addressed(call: Call, record: InteractionRecord) -> Message:
    interactions = call.backend.interactions
    if call.match.get("message_id", "@original") == "@original":
        return interactions.original(record)
    return interactions.message_of(record, call.id("message_id"))


async def follow_up(call: Call) -> Answer:
    message = call.backend.interactions.follow_up(_record(call), call.body, call.files)
    return call.backend.appearance.message(message)


async def fetched(call: Call) -> Answer:
    record = _record(call)
    return call.backend.appearance.message(_addressed(call, record))


async def edit(call: Call) -> Answer:
    record = _record(call)
    message = _addressed(call, record)
    call.backend.interactions.edit(record, message, call.body, call.files)
    return call.backend.appearance.message(message)


async def delete(call: Call) -> Answer:
    call.backend.messages.delete(_addressed(call, _record(call)))
    return None


ENDPOINTS = (
    Endpoint("POST", "/interactions/{interaction_id}/{token}/callback", callback, by_token=True),
    Endpoint("GET", f"{_WEBHOOK}/messages/@original", fetched, by_token=True),
    Endpoint("PATCH", f"{_WEBHOOK}/messages/@original", edit, by_token=True),
    Endpoint("DELETE", f"{_WEBHOOK}/messages/@original", delete, by_token=True),
)
"""The routes that interactions share with real webhooks are in `webhooks`."""
