"""The routes of the REST API, by what they are about."""

from __future__ import annotations

from sandbox.discord.door import Endpoint
from sandbox.discord.rest import (
    application,
    callbacks,
    channels,
    commands,
    guilds,
    messages,
    pins,
    reactions,
    threads,
    users,
    webhooks,
)

ENDPOINTS: tuple[Endpoint, ...] = (
    *application.ENDPOINTS,
    *commands.ENDPOINTS,
    *callbacks.ENDPOINTS,
    *pins.ENDPOINTS,
    *messages.ENDPOINTS,
    *reactions.ENDPOINTS,
    *threads.ENDPOINTS,
    *channels.ENDPOINTS,
    *guilds.ENDPOINTS,
    *users.ENDPOINTS,
    *webhooks.ENDPOINTS,
)
