"""Members who ask, change their minds and run out of credits; moderators; everybody at random."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Callable, Coroutine
from typing import Any, Final, TypeAlias

from bot.domain.ids import ChannelId, GuildId, Millis, UserId
from bot.domain.money import CREDIT, Microcredits
from bot.domain.periods import Refill
from bot.domain.request import GenerationRequest, Place, Reference
from bot.storage.work import jobs
from tests.simulation.bot_process import BotProcess
from tests.simulation.discord_server import Discord
from tests.simulation.world import World

GUILD: Final = GuildId(500)
CHANNELS: Final = (ChannelId(77), ChannelId(78))
MEMBERS: Final = (UserId(1), UserId(2), UserId(3))
MODERATOR: Final = UserId(9)
_MODEL: Final = "google/gempix2"
_TOKEN_MS: Final = 15 * 60_000

Act: TypeAlias = Callable[[BotProcess], Coroutine[Any, Any, None]]


class People:
    """What somebody does next, as work for a process of the bot. ``references`` is the share of
    requests with a picture to look at."""

    def __init__(self, world: World, discord: Discord, references: float) -> None:
        self.keys: list[str] = []
        """Of all requests, to be compared with the jobs."""
        self._world = world
        self._discord = discord
        self._references_share = references
        self._chance = world.chance("people")
        self._numbers = itertools.count(1)
        self._acts: dict[Callable[[], Act], int] = {
            self._imagine: 60, self._mention: 12, self._cancel: 10, self._post_anyway: 6,
            self._delete_message: 4, self._delete_pictures: 3, self._grant: 4, self._revoke: 4,
            self._allowance: 2, self._block: 2, self._look: 2, self._lose_channel: 1,
        }  # fmt: skip

    def next(self) -> Act:
        """Somebody does something."""
        (make,) = self._chance.choices(list(self._acts), list(self._acts.values()))
        return make()

    # ── asking ──────────────────────────────────────────────────────────────────────────────
    def _imagine(self) -> Act:
        chance = self._chance
        user, channel = chance.choice(MEMBERS), chance.choice(CHANNELS)
        private, count = chance.random() < 0.2, chance.choice((1, 1, 1, 2, 4))
        references = self._references()
        twice = chance.random() < 0.05
        interaction = self._discord.click(channel)

        async def act(bot: BotProcess) -> None:
            place = self._place(
                user, channel, token=interaction.token,
                token_expires_at=Millis(bot.clock() + _TOKEN_MS),
            )  # fmt: skip
            request = self._request(place, interaction.token, count, references, private=private)
            times = [bot.imagine(interaction, request) for _ in range(2 if twice else 1)]
            if twice:
                self._world.met["people: an interaction comes twice"] += 1
            await asyncio.gather(*times)

        return act

    def _mention(self) -> Act:
        user, channel = self._chance.choice(MEMBERS), self._chance.choice(CHANNELS)
        references, said = self._references(), self._discord.new_message_id()

        async def act(bot: BotProcess) -> None:
            place = self._place(user, channel, reply_to=said)
            await bot.hear(self._request(place, str(said), 1, references, private=False))

        return act

    def _place(self, user: UserId, channel: ChannelId, **how: Any) -> Place:
        return Place(
            channel_id=channel, user_id=user, locale="en-US", public_locale="en-US",
            guild_id=GUILD, **how,
        )  # fmt: skip

    def _request(
        self,
        place: Place,
        key: str,
        count: int,
        references: tuple[Reference, ...],
        *,
        private: bool,
    ) -> GenerationRequest:
        self.keys.append(key)
        return GenerationRequest(
            key=key, place=place, prompt=f"picture {next(self._numbers)}", model=_MODEL,
            count=count, references=references, private=private,
        )  # fmt: skip

    def _references(self) -> tuple[Reference, ...]:
        if self._chance.random() >= self._references_share:
            return ()
        return (Reference("https://cdn.example/a.png", "a.png", "image/png", 1000, 64, 64),)

    # ── changing one's mind ─────────────────────────────────────────────────────────────────
    def _cancel(self) -> Act:
        pick, moderator = self._chance.random(), self._chance.random() < 0.2

        async def act(bot: BotProcess) -> None:
            job = await self._job(bot, pick)
            if job is not None:
                await bot.use.cancelling.cancel(
                    job.id, user_id=MODERATOR if moderator else job.user_id,
                    moderator=moderator, guild_id=GUILD,
                )  # fmt: skip
                self._world.met["people: cancelled"] += 1

        return act

    def _post_anyway(self) -> Act:
        pick = self._chance.random()

        async def act(bot: BotProcess) -> None:
            job = await self._job(bot, pick, stopped=True)
            if job is not None:
                await bot.use.cancelling.post_anyway(job.id, user_id=job.user_id)
                self._world.met["people: posted anyway"] += 1

        return act

    def _delete_message(self) -> Act:
        pick = self._chance.random()

        async def act(bot: BotProcess) -> None:
            there = [m for m in self._discord.messages.values() if m.face and not m.deleted]
            if there:
                message = there[int(pick * len(there))]
                self._discord.remove(message.id)
                self._world.met["people: deleted a message"] += 1
                await bot.use.requests.message_deleted(message.id)

        return act

    def _delete_pictures(self) -> Act:
        pick = self._chance.random()

        async def act(bot: BotProcess) -> None:
            job = await self._job(bot, pick)
            if job is not None:
                await bot.use.deleting.delete(
                    job.id, None, by=job.user_id, moderator=False, guild_id=GUILD
                )
                self._world.met["people: deleted pictures"] += 1

        return act

    async def _job(self, bot: BotProcess, pick: float, *, stopped: bool = False) -> jobs.Job | None:
        """One of the jobs, the newer the likelier."""
        async with bot.database.read() as reader:
            found = await jobs.everything(reader)
        if stopped:
            found = [job for job in found if self._is_stopped(job)] or found
        return found[int((1 - pick * pick) * (len(found) - 1))] if found else None

    def _is_stopped(self, job: jobs.Job) -> bool:
        return job.outcome is not None and job.outcome.value == "cancelled"

    # ── moderators ──────────────────────────────────────────────────────────────────────────
    def _grant(self) -> Act:
        user, key, amount = self._chance.choice(MEMBERS), self._key(), self._amount()

        async def act(bot: BotProcess) -> None:
            await bot.use.wallets.grant(GUILD, user, amount, by=MODERATOR, key=key)

        return act

    def _revoke(self) -> Act:
        user, key, amount = self._chance.choice(MEMBERS), self._key(), self._amount()

        async def act(bot: BotProcess) -> None:
            await bot.use.wallets.revoke(GUILD, user, amount, by=MODERATOR, key=key)

        return act

    def _allowance(self) -> Act:
        amount = self._amount()
        refill = self._chance.choice((None, Refill.DAY, Refill.UNLIMITED))

        async def act(bot: BotProcess) -> None:
            await bot.use.wallets.set_allowance(GUILD, by=MODERATOR, amount=amount, refill=refill)

        return act

    def _block(self) -> Act:
        user, key, lift = self._chance.choice(MEMBERS), self._key(), self._key()
        seconds = self._chance.uniform(0.5, 10.0)

        async def act(bot: BotProcess) -> None:
            until = Millis(bot.clock() + int(seconds * 1000))
            await bot.use.moderating.block(
                GUILD, user, by=MODERATOR, until=until, reason=None, key=key
            )
            self._world.met["people: blocked somebody"] += 1
            if seconds < 3.0:
                await bot.use.moderating.unblock(GUILD, user, by=MODERATOR, key=lift)

        return act

    def _look(self) -> Act:
        user = self._chance.choice(MEMBERS)

        async def act(bot: BotProcess) -> None:
            await bot.use.wallets.look(GUILD, user)

        return act

    def _lose_channel(self) -> Act:
        channel, code = self._chance.choice(CHANNELS), self._chance.choice((10003, 50013, 50001))

        async def act(bot: BotProcess) -> None:
            self._discord.close(channel, code)
            self._world.met["discord: channel closed"] += 1

        return act

    def _key(self) -> str:
        return f"moderator-{next(self._numbers)}"

    def _amount(self) -> Microcredits:
        return Microcredits(self._chance.choice((0, 300_000, 500_000, 2 * CREDIT, 10 * CREDIT)))
