"""The app itself: gateway address, application, entitlements, attachment links."""

from __future__ import annotations

from sandbox.discord import payloads
from sandbox.discord.door import Answer, Call, Endpoint
from sandbox.discord.errors import DiscordError, invalid

IDENTIFIES_A_DAY = 1000


def _gateway_url(call: Call) -> str:
    return call.backend.origin.replace("http", "ws", 1) + "/gateway"


async def gateway(call: Call) -> Answer:
    return {"url": _gateway_url(call)}


async def gateway_bot(call: Call) -> Answer:
    limits = {
        "total": IDENTIFIES_A_DAY,
        "remaining": IDENTIFIES_A_DAY - call.backend.gateway.identifies,
        "reset_after": 24 * 3600 * 1000,
        "max_concurrency": 1,
    }
    return {"url": _gateway_url(call), "shards": 1, "session_start_limit": limits}


async def application(call: Call) -> Answer:
    return payloads.application(call.backend.world, message_content=call.backend.reads_content)


async def authorization(call: Call) -> Answer:
    """What the token belongs to."""
    return {
        "application": await application(call),
        "scopes": ["bot"],
        "expires": "9999-12-31T00:00:00+00:00",
    }


async def nothing(call: Call) -> Answer:
    """Lists that are always empty here: the app sells nothing and has no emojis."""
    _own_application(call)
    return []


async def no_emojis(call: Call) -> Answer:
    _own_application(call)
    return {"items": []}


async def refresh_urls(call: Call) -> Answer:
    """Fresh links for attachments; at most 50. Unknown ones are left out."""
    urls = call.body.get("attachment_urls")
    if not isinstance(urls, list) or not 1 <= len(urls) <= 50:
        raise invalid(
            ("attachment_urls",), "BASE_TYPE_BAD_LENGTH", "Must be between 1 and 50 in length."
        )
    cdn = call.backend.cdn
    found = [(url, cdn.find(str(url))) for url in urls]
    refreshed = [{"original": url, "refreshed": cdn.url(a)} for url, a in found if a is not None]
    return {"refreshed_urls": refreshed}


def _own_application(call: Call) -> None:
    if call.id("application_id") != call.backend.world.application_id:
        raise DiscordError(404, 10002, "Unknown Application")


ENDPOINTS = (
    Endpoint("GET", "/gateway", gateway, by_token=True),
    Endpoint("GET", "/gateway/bot", gateway_bot),
    Endpoint("GET", "/applications/@me", application),
    Endpoint("GET", "/oauth2/applications/@me", application),
    Endpoint("GET", "/oauth2/@me", authorization),
    Endpoint("GET", "/applications/{application_id}/entitlements", nothing),
    Endpoint("GET", "/applications/{application_id}/skus", nothing),
    Endpoint("GET", "/applications/{application_id}/emojis", no_emojis),
    Endpoint("POST", "/attachments/refresh-urls", refresh_urls),
)
