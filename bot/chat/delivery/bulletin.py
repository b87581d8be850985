"""Tells a server's moderators what concerns the whole server."""

from functools import partial
from typing import Final, assert_never

import discord
import structlog

from bot.chat.delivery.attempt import Refused, attempt
from bot.chat.delivery.history import find_own
from bot.chat.delivery.modroom import in_first_open, mod_room
from bot.chat.translate import Catalogues, Texts, moment
from bot.domain.ids import ChannelId
from bot.domain.notices import NoticeLevel, NoticeOutcome
from bot.service.delivery.cards import TryLater
from bot.service.moderators.noticing import Notice

_DEADLINE_S: Final = 15.0


class Bulletin:
    """Posts each notice once into the log channel; where there is none, or it is gone or closed to
    the bot, where Discord tells moderators its news."""

    def __init__(
        self, client: discord.Client, catalogues: Catalogues, *, deadline_s: float = _DEADLINE_S
    ) -> None:
        self._client = client
        self._catalogues = catalogues
        self._deadline_s = deadline_s
        self._log = structlog.get_logger("bot.chat.delivery.bulletin")

    async def post(self, notice: Notice) -> NoticeOutcome | TryLater:
        """Post it, unless an earlier attempt of unknown fate has arrived after all."""
        outcome = await attempt(self._client, self._deadline_s, self._post(notice))
        if isinstance(outcome, Refused):
            self._log.warning(
                "Discord refuses a notice", server=notice.guild_id, cause=outcome.detail
            )
            return NoticeOutcome.REFUSED
        return outcome

    async def _post(self, notice: Notice) -> NoticeOutcome:
        room = await mod_room(
            self._client, notice.guild_id, log_channel=notice.log_channel, language=notice.language
        )
        sentence = told(notice, self._catalogues.of(room.locale))
        outcome = await in_first_open(room.channels, partial(self._tell, notice, sentence))
        return NoticeOutcome.NOWHERE if outcome is None else outcome

    async def _tell(self, notice: Notice, sentence: str, channel_id: ChannelId) -> NoticeOutcome:
        def is_it(message: discord.Message) -> bool:
            return message.content == sentence

        channel = self._client.get_partial_messageable(channel_id, guild_id=notice.guild_id)
        if await find_own(self._client, channel, notice.made_at, is_it) is None:
            await channel.send(
                sentence, allowed_mentions=discord.AllowedMentions.none(), nonce=nonce_of(notice)
            )
        return NoticeOutcome.SENT


def told(notice: Notice, texts: Texts) -> str:
    """The notice as its readers see it."""
    values = {
        "used": texts.credits(notice.committed),
        "cap": texts.priced(notice.cap),
        "resume": moment(notice.resumes_at, "D"),
    }
    match notice.level:
        case NoticeLevel.NEARLY:
            return texts.gettext(
                "This server has used {used} of {cap} this month."
                " At its limit, pictures pause until {resume}.",
                **values,
            )
        case NoticeLevel.REACHED:
            return texts.gettext(
                "This server has used {used} of {cap} this month, and requests beyond that are"
                " refused. Pictures resume {resume}. Members' own credits are untouched.",
                **values,
            )
        case _:
            assert_never(notice.level)


def nonce_of(notice: Notice) -> str:
    """The same for each attempt, and within the 25 characters that a nonce may have."""
    return f"{notice.guild_id:x}n{notice.month[2:]}{notice.level.value}"
