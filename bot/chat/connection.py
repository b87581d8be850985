"""Keeps the gateway connected for as long as the process runs."""

import asyncio
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
    async with discord.Client(intents=discord.Intents.none()) as client:
        await log_in(client, token)
        try:
            await client.http.leave_guild(guild_id)
        except discord.HTTPException as error:
            raise DiscordRefusedError(f"Discord did not let the bot leave: {error}") from None


async def keep_connected(chat: ChatClient, token: str, observer: LoopObserver) -> None:
    """Stay connected. discord.py reconnects by itself, but an event that it cannot read ends its
    connection for good: then the client is opened anew, after a growing pause.

    Raises:
        discord.LoginFailure, discord.PrivilegedIntentsRequired: Discord refuses the bot.
    """
    log = structlog.get_logger("bot.chat.connection")
    pause_s = _FIRST_PAUSE_S
    while True:
        since = asyncio.get_running_loop().time()
        try:
            if chat.is_closed():
                await chat.reopen()
                await chat.login(token)
            await chat.connect(reconnect=True)
        except _FATAL:
            raise
        except Exception as error:  # whatever ended it, members wait for the bot
            observer.loop_failed("gateway")
            log.error("gateway lost", again_in_s=pause_s, exc_info=error)
            await chat.close()  # also what a failed login has left half open
        if asyncio.get_running_loop().time() - since > _LONGEST_PAUSE_S:
            pause_s = _FIRST_PAUSE_S
        await asyncio.sleep(pause_s)
        pause_s = min(pause_s * 2, _LONGEST_PAUSE_S)
