"""Says once in a new server that the bot is there, and how to set it up."""

from collections.abc import Sequence
from typing import Any, Final, assert_never

import discord
import structlog
from discord import ui

from bot.chat.delivery.attempt import Refused, attempt
from bot.chat.delivery.history import find_own
from bot.chat.delivery.modroom import spoken_in
from bot.chat.layouts import GREEN
from bot.chat.setup.acts import Act, button
from bot.chat.setup.permissions import Need, missing
from bot.chat.translate import Catalogues, Texts
from bot.domain.notices import NoticeOutcome
from bot.domain.periods import Refill
from bot.service.delivery.cards import TryLater
from bot.service.moderators.welcoming import Welcome

_DEADLINE_S: Final = 20.0


class Greeter:
    """Posts a welcome where it can be read: the channel in which Discord tells moderators its
    news, else the system channel, else the first in which the bot may write. Never a direct
    message."""

    def __init__(
        self, client: discord.Client, catalogues: Catalogues, *, deadline_s: float = _DEADLINE_S
    ) -> None:
        self._client = client
        self._catalogues = catalogues
        self._deadline_s = deadline_s
        self._log = structlog.get_logger("bot.chat.delivery.greeter")

    async def greet(self, welcome: Welcome) -> NoticeOutcome | TryLater:
        """Post it, unless an earlier attempt of unknown fate has arrived after all."""
        outcome = await attempt(self._client, self._deadline_s, self._greet(welcome))
        if isinstance(outcome, Refused):
            self._log.warning(
                "Discord refuses a welcome", server=welcome.guild_id, cause=outcome.detail
            )
            return NoticeOutcome.REFUSED
        return outcome

    async def _greet(self, welcome: Welcome) -> NoticeOutcome:
        # Asked anew and not read from the cache: a worker's process may have no gateway.
        raw = await self._client.http.get_guild(welcome.guild_id, with_counts=False)
        guild = await self._client.fetch_guild(welcome.guild_id, with_counts=False)
        own_id = self._client.user.id if self._client.user is not None else 0
        me, channels = await guild.fetch_member(own_id), await guild.fetch_channels()
        first = [raw.get("public_updates_channel_id"), raw.get("system_channel_id")]
        channel = _writable([int(one) for one in first if one], channels, me)
        if channel is None:
            return NoticeOutcome.NOWHERE
        if await self._is_there(channel, welcome, me):
            return NoticeOutcome.SENT
        language = spoken_in(raw, welcome.language)
        await channel.send(
            view=WelcomeView(welcome, self._catalogues.of(language)),
            allowed_mentions=discord.AllowedMentions.none(),
            nonce=mark_of(welcome),
        )
        return NoticeOutcome.SENT

    async def _is_there(
        self, channel: discord.TextChannel, welcome: Welcome, me: discord.Member
    ) -> bool:
        """Where the history cannot be read, only the first attempt is certain to be the first."""
        if missing(channel, me, (Need.HISTORY,)):
            return welcome.attempts > 1
        mark = mark_of(welcome)
        found = await find_own(
            self._client, channel, welcome.joined_at, lambda message: _carries(message, mark)
        )
        return found is not None


class WelcomeView(ui.LayoutView):
    """What members and moderators read, with two buttons for those who manage the server."""

    def __init__(self, welcome: Welcome, texts: Texts) -> None:
        super().__init__(timeout=None)
        row: ui.ActionRow[Any] = ui.ActionRow()
        mark = mark_of(welcome)
        primary = discord.ButtonStyle.primary
        row.add_item(button(Act.OPEN, mark, texts.gettext("Set up"), primary))
        row.add_item(button(Act.SHOW_PERMISSIONS, mark, texts.gettext("Show permissions")))
        words = ui.TextDisplay[Any](told(welcome, texts))
        self.add_item(ui.Container(words, row, accent_colour=GREEN))


def told(welcome: Welcome, texts: Texts) -> str:
    """The welcome as its readers see it."""
    values = {
        "imagine": texts.command("imagine"),
        "allowance": texts.priced(welcome.allowance),
        "cap": texts.credits(welcome.cap),
    }
    match welcome.refill:
        case Refill.DAY:
            return texts.gettext(
                "**Ketchup Bot is ready.** Members can use {imagine}: {allowance} each per day,"
                " {cap} a month for the server.",
                **values,
            )
        case Refill.WEEK:
            return texts.gettext(
                "**Ketchup Bot is ready.** Members can use {imagine}: {allowance} each per week,"
                " {cap} a month for the server.",
                **values,
            )
        case Refill.MONTH:
            return texts.gettext(
                "**Ketchup Bot is ready.** Members can use {imagine}: {allowance} each per month,"
                " {cap} a month for the server.",
                **values,
            )
        case Refill.UNLIMITED:
            return texts.gettext(
                "**Ketchup Bot is ready.** Members can use {imagine}: {cap} credits a month for"
                " the server.",
                imagine=values["imagine"],
                cap=values["cap"],
            )
        case _:
            assert_never(welcome.refill)


def mark_of(welcome: Welcome) -> str:
    """Names this joining: as a nonce, and in the ids of the message's buttons."""
    return f"w{welcome.joined_at:x}-{welcome.guild_id & 0xFFFF_FFFF:x}"


def _carries(message: discord.Message, mark: str) -> bool:
    """Whether one of the message's buttons has the mark."""
    view = ui.LayoutView.from_message(message, timeout=None)
    return any(str(getattr(item, "custom_id", "")).endswith(mark) for item in view.walk_children())


def _writable(
    first: list[int], channels: Sequence[discord.abc.GuildChannel], me: discord.Member
) -> discord.TextChannel | None:
    """The channel for the welcome: those that come first, then the others as they are listed."""
    found = {one.id: one for one in channels if isinstance(one, discord.TextChannel)}
    rest = sorted(found.values(), key=lambda one: (one.position, one.id))
    ordered = [*(found[one] for one in first if one in found), *rest]
    return next((one for one in ordered if not missing(one, me, (Need.SEND,))), None)
