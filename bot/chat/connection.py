"""Keeps the gateway connected for as long as the process runs."""

import asyncio
from typing import Final

import discord
import structlog

from bot.chat.client import ChatClient
from bot.chat.ports import LoopObserver

_FIRST_PAUSE_S: Final = 1.0
_LONGEST_PAUSE_S: Final = 60.0
_FATAL: Final = (discord.LoginFailure, discord.PrivilegedIntentsRequired)
"""Only the operator can mend these."""


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
                chat.clear()
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
