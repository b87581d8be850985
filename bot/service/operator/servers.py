"""What the operator sees and bounds: the servers that use the bot, and what they may spend."""

from dataclasses import dataclass

from bot.domain.clock import Clock
from bot.domain.ids import GuildId, Millis
from bot.domain.money import Microcredits
from bot.domain.periods import month_name, zone_of
from bot.domain.policy import Policy
from bot.service.money import funds
from bot.storage import Database
from bot.storage.moderators import audit_log, guilds


@dataclass(frozen=True, slots=True)
class Server:
    """A server that has used the bot. ``committed`` is what it has held and spent this month."""

    guild_id: GuildId
    cap: Microcredits
    own_cap: bool
    """Whether the operator set ``cap`` for this server; else it is ``NEW_SERVER_CAP``."""
    chosen_cap: Microcredits | None
    """What its moderators have chosen; the lower of the two holds."""
    committed: Microcredits
    left_at: Millis | None


class Servers:
    """The operator's side of servers."""

    def __init__(self, database: Database, policy: Policy, clock: Clock) -> None:
        self._database = database
        self._policy = policy
        self._clock = clock

    async def all(self) -> list[Server]:
        """Every server that has used the bot, the biggest spender first."""
        now = self._clock()
        async with self._database.read() as reader:
            found = []
            for row in await guilds.everywhere(reader):
                month = month_name(now, zone_of(row.chosen.time_zone))
                found.append(
                    Server(
                        guild_id=row.id,
                        cap=row.cap if row.cap is not None else self._policy.new_server_cap,
                        own_cap=row.cap is not None,
                        chosen_cap=row.chosen.cap,
                        committed=await funds.committed_by(reader, row.id, month),
                        left_at=row.left_at,
                    )
                )
        return sorted(found, key=lambda server: server.committed, reverse=True)

    async def cap(self, guild_id: GuildId, cap: Microcredits | None) -> None:
        """Bound what a server may spend a month; None goes back to ``NEW_SERVER_CAP``."""
        async with self._database.write() as tx:
            now = self._clock()
            known = await guilds.read(tx, guild_id)
            await guilds.set_cap(tx, guild_id, cap, now)
            await audit_log.write(
                tx, guild_id, audit_log.OPERATOR, "operator_cap", now,
                before=known.cap if known else None, after=cap,
            )  # fmt: skip
