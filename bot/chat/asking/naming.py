"""Messages that name the bot: what their author asks for.

Without the privileged message-content intent Discord hands over the content of messages that
mention the bot, of its own and of direct messages. Everything else arrives blank.
"""

import re
from dataclasses import dataclass
from typing import Final, TypeAlias

import discord

from bot.chat.asking.picking import MOST, Picked, pictures_of
from bot.domain.request import Unused, clean_prompt

_ASKING: Final = frozenset({discord.MessageType.default, discord.MessageType.reply})

Original: TypeAlias = discord.Message | None


@dataclass(frozen=True, slots=True)
class Wish:
    """Words and pictures of a message; ``pictures`` are its own before those it replies to."""

    words: str
    pictures: Picked

    @property
    def unused(self) -> Unused | None:
        """What is to be named in the answer."""
        return self.pictures.unused


def asks(message: discord.Message, bot_id: int) -> bool:
    """Whether a person has written the bot's name into a message.

    A reply alone, ``@everyone`` and a role that the bot has do not count: nobody spends credits
    by accident.
    """
    if message.author.bot or message.webhook_id is not None or message.type not in _ASKING:
        return False
    return _name_of(bot_id).search(message.content) is not None


def wish_of(message: discord.Message, original: Original, bot_id: int) -> Wish:
    """What the message asks for, together with the one it replies to."""
    words = re.sub(r" {2,}", " ", _name_of(bot_id).sub(" ", message.content))
    return Wish(clean_prompt(words), _together(message, original))


def is_readable(original: discord.Message, bot_id: int) -> bool:
    """Whether the bot may see what the message says. One that looks empty is taken for blank:
    a message without anything cannot be sent."""
    if original.author.id == bot_id or original.guild is None:
        return True
    return bool(
        original.content or original.attachments or original.embeds or original.components
        or original.message_snapshots or original.stickers or original.poll
    )  # fmt: skip


def _together(message: discord.Message, original: Original) -> Picked:
    parts = [pictures_of(message)]
    if original is not None:
        parts.append(pictures_of(original))
    found = [picture for part in parts for picture in part.references]
    return Picked(
        tuple(found[:MOST]),
        tuple(one.name for one in found[MOST:]) + sum((p.left_out for p in parts), ()),
        sum((part.unusable for part in parts), ()),
        sum((part.too_large for part in parts), ()),
    )


def _name_of(bot_id: int) -> re.Pattern[str]:
    return re.compile(rf"<@!?{bot_id}>")
