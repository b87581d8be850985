"""Whether a member is mentioned when their picture is there: their choice, then the server's."""

from bot.domain.ids import Millis
from bot.domain.policy import Policy
from bot.domain.preferences import Preferences
from bot.domain.request import Context
from bot.service.money import funds
from bot.storage.engine.database import Reader
from bot.storage.money.ledger import booked_under
from bot.storage.work.jobs import Job


async def calling_back(
    reader: Reader, job: Job, chosen: Preferences, now: Millis, policy: Policy
) -> bool:
    """Whether a picture that comes now is worth a mention.

    Never for private pictures, nor where the bot was not invited and cannot write by itself.
    """
    if job.private or (job.guild_id is None and job.context != Context.BOT_DM):
        return False
    settings = await funds.settings_of(reader, booked_under(job.guild_id), policy)
    return chosen.calls_back((now - job.created_at) / 1000, settings.mention_after_s)
