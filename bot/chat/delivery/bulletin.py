"""Tells a server's moderators what concerns the whole server."""

import datetime
from typing import TYPE_CHECKING, Final, assert_never

import discord
import structlog

from bot.chat.deadline import deadline
from bot.chat.delivery.routes import FAILURES, Closed, Route, TooLarge, judge
from bot.chat.places import COMMUNITY
from bot.chat.translate import FALLBACK, Catalogues, Texts, moment
from bot.domain.notices import NoticeLevel, NoticeOutcome
from bot.service.delivery.cards import Deleted, TryLater, Unpostable
from bot.service.moderators.noticing import Notice

if TYPE_CHECKING:
    from discord.types.guild import Guild

_DEADLINE_S: Final = 15.0
_DEEPEST: Final = 200
_CLOCKS_APART: Final = datetime.timedelta(minutes=5)


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
        try:
            async with deadline(self._client, self._deadline_s):
                return await self._post(notice)
        except FAILURES as error:
            failed = judge(error, Route.POST)
        match failed:
            case TryLater():
                return failed
            case Closed(detail) | Unpostable(detail):
                self._log.warning("Discord refuses a notice", server=notice.guild_id, cause=detail)
                return NoticeOutcome.REFUSED
            case Deleted() | TooLarge():
                return NoticeOutcome.REFUSED
            case _:
                assert_never(failed)

    async def _post(self, notice: Notice) -> NoticeOutcome:
        # Asked anew and not read from the cache: a worker's process may have no gateway.
        guild = await self._client.http.get_guild(notice.guild_id, with_counts=False)
        known = (notice.log_channel, guild["public_updates_channel_id"])
        places = [int(channel_id) for channel_id in known if channel_id is not None]
        sentence = told(notice, self._catalogues.of(_language(notice, guild)))
        for number, channel_id in enumerate(places, start=1):
            try:
                await self._tell(notice, channel_id, sentence)
            except discord.HTTPException as error:
                if number == len(places) or not isinstance(judge(error, Route.POST), Closed):
                    raise
                self._log.warning(
                    "a log channel is closed to the bot", server=notice.guild_id,
                    channel=channel_id, cause=str(error),
                )  # fmt: skip
            else:
                return NoticeOutcome.SENT
        return NoticeOutcome.NOWHERE

    async def _tell(self, notice: Notice, channel_id: int, sentence: str) -> None:
        channel = self._client.get_partial_messageable(channel_id, guild_id=notice.guild_id)
        if not await self._is_there(channel, sentence, notice):
            await channel.send(
                sentence, allowed_mentions=discord.AllowedMentions.none(), nonce=nonce_of(notice)
            )

    async def _is_there(
        self, channel: discord.PartialMessageable, sentence: str, notice: Notice
    ) -> bool:
        """A nonce is remembered for minutes only; the bot may have been away for longer."""
        own_id = self._client.user.id if self._client.user is not None else None
        made_at = datetime.datetime.fromtimestamp(notice.made_at / 1000, datetime.UTC)
        earliest = made_at - _CLOCKS_APART
        async for message in channel.history(limit=_DEEPEST, after=earliest, oldest_first=False):
            if message.author.id == own_id and message.content == sentence:
                return True
        return False


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


def _language(notice: Notice, guild: "Guild") -> str:
    """What was chosen; Community servers have a language of their own, others stay en-US."""
    if notice.language is not None:
        return notice.language
    return guild["preferred_locale"] if COMMUNITY in guild["features"] else FALLBACK
