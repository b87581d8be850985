"""The one way in which an error reaches a member."""

from typing import Final

import aiohttp
import discord
import structlog
from discord import app_commands

from bot.chat.responding import Interaction, is_answered, tell
from bot.chat.translate import Catalogues
from bot.domain.ids import new_id
from bot.errors import UserError

UNKNOWN_INTERACTION: Final = 10062
ALREADY_ACKNOWLEDGED: Final = 40060
LOST: Final = (OSError, aiohttp.ClientError, discord.DiscordServerError)
"""What discord.py lets through when nobody knows whether a request had an effect.
``TimeoutError`` is an ``OSError``."""

_log = structlog.get_logger("bot.chat")


async def refuse(interaction: Interaction, error: BaseException, catalogues: Catalogues) -> None:
    """Tell the member, privately and in their language, what went wrong; the log has the rest.

    Nothing is said to somebody who has an answer already, whose interaction is over, or who is
    still typing.
    """
    if interaction.type is discord.InteractionType.autocomplete:
        return  # suggestions that stay away need no words
    cause = _cause(error)
    texts = catalogues.of(str(interaction.locale))
    if isinstance(cause, UserError):
        sentence = texts.error(cause)
    elif _is_over(cause):
        _log.info("the interaction is over", interaction=interaction.id, cause=str(cause))
        return
    else:
        error_id = new_id()
        _log.error(
            "an interaction failed", interaction=interaction.id, error_id=error_id, exc_info=cause
        )
        if is_answered(interaction):
            return
        sentence = texts.gettext("Something went wrong on my side. Nothing was charged.")
        sentence = f"{sentence}\n-# {error_id}"
    try:
        await tell(interaction, sentence)
    except (discord.HTTPException, *LOST) as failure:
        _log.warning("could not tell a member", interaction=interaction.id, cause=repr(failure))


def _cause(error: BaseException) -> BaseException:
    return error.original if isinstance(error, app_commands.CommandInvokeError) else error


def _is_over(error: BaseException) -> bool:
    """Discord does not take an answer (any more), or has one."""
    return isinstance(error, discord.HTTPException) and (
        error.code in {UNKNOWN_INTERACTION, ALREADY_ACKNOWLEDGED} or error.status == 401
    )
