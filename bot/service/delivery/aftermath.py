"""What is still to be told when a job's end is shown. Each is noted before, and told once."""

from dataclasses import dataclass

from bot.domain.ids import Millis
from bot.domain.money import Microcredits
from bot.domain.periods import Refill
from bot.domain.policy import Policy
from bot.domain.request import Context
from bot.domain.stages import OBJECTIONS, JobOutcome
from bot.service.delivery.calling_back import calling_back
from bot.service.delivery.cards import Card, Deleted, Shown, Unpostable
from bot.service.money import funds
from bot.storage.engine.database import Reader, Transaction
from bot.storage.money import ledger
from bot.storage.money.ledger import AccountKind, booked_under
from bot.storage.people import preferences
from bot.storage.work import messages
from bot.storage.work.jobs import Job

_TOKEN_MARGIN_MS = 30_000


@dataclass(frozen=True, slots=True)
class Hint:
    """For somebody's first picture: what it used (micro-credits) of what each period brings.
    ``allowance`` is None where that says nothing, as without a limit."""

    used: Microcredits
    allowance: Microcredits | None
    refill: Refill


@dataclass(frozen=True, slots=True)
class Aftermath:
    """``call_back``: mention the member in a reply. ``direct``: send them the private pictures
    that their own message can show no more. ``hint`` and ``objection`` – what the image service
    had against the request – are told to nobody but them."""

    call_back: bool = False
    direct: bool = False
    hint: Hint | None = None
    objection: bool = False


async def settle_aftermath(
    tx: Transaction,
    job: Job,
    card: Card,
    delivery: Shown | Deleted | Unpostable,
    now: Millis,
    policy: Policy,
    *,
    has_files: bool,
) -> Aftermath:
    """Note what is to be told now, in the transaction that ends the job."""
    if card.outcome is JobOutcome.FAILED:
        objected = card.failure in OBJECTIONS and bool(card.reason) and not job.private
        return Aftermath(objection=objected and isinstance(delivery, Shown) and _heard(job, now))
    pictures = card.outcome in {JobOutcome.PICTURES, JobOutcome.PARTLY}
    if not (pictures and has_files):
        return Aftermath()
    chosen, hinted = await preferences.read_with_hint(tx, job.user_id)
    if isinstance(delivery, Unpostable):
        wanted = job.private and chosen.direct_messages
        return Aftermath(direct=wanted and await messages.direct(tx, job.id, now))
    if not isinstance(delivery, Shown) or job.private:
        return Aftermath()
    wanted = await calling_back(tx, job, chosen, now, policy)
    return Aftermath(
        call_back=wanted and await messages.mention(tx, job.id, now),
        hint=None if hinted else await _hint(tx, job, card, now, policy),
    )


async def _hint(tx: Transaction, job: Job, card: Card, now: Millis, policy: Policy) -> Hint | None:
    """The hint under the first picture, where it can be followed and nobody else sees it: it needs
    the interaction's token. A mention has none, and needs no hint. Where the token has expired the
    hint is not made up for: under a later picture it would be wrong."""
    if job.guild_id is None and job.context != Context.BOT_DM:
        return None  # the bot hears no mentions there
    if not await preferences.hint(tx, job.user_id, now) or not _heard(job, now):
        return None
    guild = booked_under(job.guild_id)
    settings = await funds.settings_of(tx, guild, policy)
    bounded = settings.refill is not Refill.UNLIMITED
    allowance = await _refilled_to(tx, job, now) if bounded else None
    return Hint(card.charged, allowance, settings.refill)


def _heard(job: Job, now: Millis) -> bool:
    """Whether something can still be said to the member alone."""
    return job.token is not None and (job.token_expires_at or 0) - now >= _TOKEN_MARGIN_MS


async def _refilled_to(reader: Reader, job: Job, now: Millis) -> Microcredits | None:
    """What the member's current allowance began with; their roles are known to the refill alone."""
    guild = booked_under(job.guild_id)
    for row in await ledger.purses(reader, guild, job.user_id, now):
        if row.kind is AccountKind.ALLOWANCE and (row.valid_until or 0) > now:
            amount = await funds.refilled_to(reader, row.id)
            return amount if amount > 0 else None
    return None
