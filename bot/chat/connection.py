"""Keeps the gateway connected for as long as the process runs."""

import asyncio
from contextlib import suppress
from typing import Final

import aiohttp
import discord
import structlog

from bot.chat.client import ChatClient, use_api
from bot.chat.ports import LoopObserver
from bot.domain.ids import GuildId
from bot.errors import KetchupBotError

_LOGIN_S: Final = 30.0
_FIRST_PAUSE_S: Final = 1.0
_LONGEST_PAUSE_S: Final = 60.0
OUTAGE_S: Final = 180.0
"""So long discord.py may try to get its connection back by itself."""
_LOOK_EVERY_S: Final = 5.0
_ASK_AGAIN_S: Final = 0.5
_FATAL: Final = (discord.LoginFailure, discord.PrivilegedIntentsRequired)
"""Only the operator can mend these."""


class DiscordRefusedError(KetchupBotError):
    """Discord refuses the bot."""


async def log_in(chat: discord.Client, token: str) -> None:
    """Log in.

    Raises:
        DiscordRefusedError: the token is not (any more) a bot's, or Discord cannot be reached.
    """
    try:
        async with asyncio.timeout(_LOGIN_S):
            await chat.login(token)
    except discord.LoginFailure:
        raise DiscordRefusedError(
            "Discord refuses DISCORD_TOKEN; get a new one at "
            "https://discord.com/developers/applications → your application → Bot → Reset Token"
        ) from None
    except TimeoutError:
        raise DiscordRefusedError("Discord did not answer the login within 30 s") from None
    except (discord.HTTPException, aiohttp.ClientError, OSError) as error:
        raise DiscordRefusedError(f"Discord cannot be reached: {error}") from error


async def leave_server(api_url: str, token: str, guild_id: GuildId) -> None:
    """Leave a server without a connection to the gateway.

    Raises:
        DiscordRefusedError: the token is refused, or the bot is not in that server.
    """
    use_api(api_url)
    async with discord.Client(intents=discord.Intents(guilds=True)) as client:
        await log_in(client, token)
        try:
            await client.http.leave_guild(guild_id)
        except discord.HTTPException as error:
            raise DiscordRefusedError(f"Discord did not let the bot leave: {error}") from None


class GatewayLostError(KetchupBotError):
    """The connection to Discord's gateway has ended, or has been away for too long."""


def count_connections(chat: ChatClient, observer: LoopObserver) -> None:
    """Count every session that begins, is taken up again or is lost, from now on."""

    async def begun(_shard_id: int) -> None:
        observer.gateway_connects("new")

    async def resumed(_shard_id: int) -> None:
        observer.gateway_connects("resumed")

    async def lost(_shard_id: int) -> None:
        observer.gateway_disconnects()

    chat.add_listener(begun, "on_shard_ready")
    chat.add_listener(resumed, "on_shard_resumed")
    chat.add_listener(lost, "on_shard_disconnect")


async def keep_connected(
    chat: ChatClient, token: str, observer: LoopObserver, *, patience_s: float = OUTAGE_S
) -> None:
    """Stay connected. discord.py reconnects by itself, but an event that it cannot read ends its
    connection for good, and after a long outage it waits for up to a quarter of an hour between
    attempts: then, and after ``patience_s`` without a connection, the client is opened anew, after
    a growing pause.

    Raises:
        discord.LoginFailure, discord.PrivilegedIntentsRequired: Discord refuses the bot.
    """
    log = structlog.get_logger("bot.chat.connection")
    count_connections(chat, observer)
    pause_s, told = _FIRST_PAUSE_S, False
    while True:
        since = asyncio.get_running_loop().time()
        try:
            if chat.is_closed():
                await chat.reopen()
                await chat.login(token)
            await _connection(chat, patience_s)
        except _FATAL:
            raise
        except Exception as error:  # whatever ended it, members wait for the bot
            observer.loop_failed("gateway")
            lasted = asyncio.get_running_loop().time() - since > _LONGEST_PAUSE_S + patience_s
            write = log.debug if told and not lasted else log.error  # an outage is told once
            write("gateway lost", again_in_s=pause_s, exc_info=error)
            told = True
            await chat.close()  # also what a failed login has left half open
        if asyncio.get_running_loop().time() - since > _LONGEST_PAUSE_S:
            pause_s = _FIRST_PAUSE_S
        await asyncio.sleep(pause_s)
        pause_s = min(pause_s * 2, _LONGEST_PAUSE_S)


async def _connection(chat: ChatClient, patience_s: float) -> None:
    """One connection, for as long as it lasts.

    Raises:
        GatewayLostError: it has ended without an error, or was away for ``patience_s``.
    """
    now = asyncio.get_running_loop().time
    connection = asyncio.create_task(chat.connect(reconnect=True), name="gateway")
    seen_at = now()
    try:
        while not connection.done():
            await asyncio.wait({connection}, timeout=min(_LOOK_EVERY_S, patience_s / 4))
            if chat.connected():
                seen_at = now()
            elif not connection.done() and now() - seen_at > patience_s:
                raise GatewayLostError(f"no connection to the gateway for {patience_s:g} s")
        connection.result()
        raise GatewayLostError("the connection to the gateway has ended")
    finally:
        await _ended(connection)


async def _ended(connection: "asyncio.Task[None]") -> None:
    """Cancelled, more than once: discord.py 2.7.1 swallows a cancellation that meets it while it
    identifies anew (``Shard.reidentify``)."""
    while not connection.done():
        connection.cancel()
        with suppress(asyncio.CancelledError):
            await asyncio.wait({connection}, timeout=_ASK_AGAIN_S)
    if not connection.cancelled():
        connection.exception()  # told by whoever waited for it
