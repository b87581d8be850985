"""Welcoming a server that the bot has joined: once for each joining, whatever happens between."""

from dataclasses import dataclass
from typing import Final

from bot.domain.backoff import delivery_pause
from bot.domain.clock import Clock
from bot.domain.ids import GuildId, Millis
from bot.domain.money import Microcredits
from bot.domain.notices import NoticeOutcome
from bot.domain.periods import Refill
from bot.domain.policy import DELIVERY_PATIENCE_MS, Policy
from bot.service.delivery.cards import TryLater
from bot.service.money import funds
from bot.storage import Database
from bot.storage.moderators import guilds, welcomes
from bot.storage.moderators.welcomes import WelcomeRow
from bot.storage.work import state
from bot.storage.work.state import Fact

_ATTEMPT_MS: Final = 60_000
"""Longer than one attempt may take; after it, another one begins."""


@dataclass(frozen=True, slots=True)
class Welcome:
    """What is to be said in a server. ``cap`` is what it can spend a month."""

    guild_id: GuildId
    joined_at: Millis
    made_at: Millis
    allowance: Microcredits
    refill: Refill
    cap: Microcredits
    language: str | None
    """What the moderators chose when the bot was here before, if they did."""
    attempts: int


class Welcoming:
    """Makes a welcome for each joining, and sees that it is posted once."""

    def __init__(self, database: Database, policy: Policy, clock: Clock) -> None:
        self._database = database
        self._policy = policy
        self._clock = clock

    async def begin(self) -> None:
        """From now on joinings are welcomed; said once in a database's life, and then kept.

        Where the bot was before, nobody needs to be told that it is there.
        """
        async with self._database.write() as tx:
            if await state.lock(tx, Fact.WELCOMES) is None:
                await state.write(tx, Fact.WELCOMES, self._clock())

    async def arrived(self, guild_id: GuildId, joined_at: Millis) -> None:
        """The bot is in the server since ``joined_at``; Discord says so at every connection."""
        async with self._database.read() as reader:
            known = await guilds.read(reader, guild_id)
            since = await state.read(reader, Fact.WELCOMES)
            is_new = (
                since is not None
                and joined_at >= since
                and await welcomes.read(reader, guild_id, joined_at) is None
            )
        is_back = known is not None and known.left_at is not None
        if not is_new and not is_back:
            return  # most are where they were, and need no transaction that writes
        async with self._database.write() as tx:
            now = self._clock()
            await guilds.left(tx, guild_id, None, now)
            if is_new:
                await welcomes.record(tx, guild_id, joined_at, now)

    async def claim(self) -> Welcome | None:
        """The next welcome to post, which nobody else is given meanwhile."""
        now = self._clock()
        async with self._database.read() as reader:
            row = await welcomes.next_due(reader, now)
        if row is None:
            return None
        async with self._database.write() as tx:
            if not await welcomes.claim(tx, row, Millis(now + _ATTEMPT_MS)):
                return None
            settings = await funds.settings_of(tx, row.guild_id, self._policy)
            cap = await funds.server_cap(tx, row.guild_id, settings, self._policy)
            return Welcome(
                guild_id=row.guild_id,
                joined_at=row.joined_at,
                made_at=row.made_at,
                allowance=settings.allowance,
                refill=settings.refill,
                cap=cap or Microcredits(0),
                language=settings.language,
                attempts=row.attempts + 1,
            )

    async def ended(self, welcome: Welcome, outcome: NoticeOutcome) -> None:
        """It was posted, or it cannot be."""
        async with self._database.write() as tx:
            sent_at = self._clock() if outcome is NoticeOutcome.SENT else None
            await welcomes.end(tx, welcome.guild_id, welcome.joined_at, outcome, sent_at)

    async def try_later(self, welcome: Welcome, why: TryLater) -> bool:
        """Post it after a pause; False when a day has passed and it is given up."""
        now = self._clock()
        if now - welcome.made_at > DELIVERY_PATIENCE_MS:
            await self.ended(welcome, NoticeOutcome.EXPIRED)
            return False
        pause = max(delivery_pause(welcome.attempts), int((why.after_s or 0) * 1000))
        async with self._database.write() as tx:
            due_at = Millis(now + pause)
            await welcomes.postpone(tx, welcome.guild_id, welcome.joined_at, due_at)
        return True

    async def of(self, guild_id: GuildId, joined_at: Millis) -> WelcomeRow | None:
        """What became of the welcome for a joining."""
        async with self._database.read() as reader:
            return await welcomes.read(reader, guild_id, joined_at)
