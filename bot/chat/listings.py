"""Private lists: a member's credits, and jobs with their state and their Cancel buttons."""

from typing import Any, Final, assert_never

import discord
from discord import ui

from bot.chat.buttons import Action, JobButton
from bot.chat.layouts import GREEN, GREY, JobView, message_link
from bot.chat.sentences import objection, why
from bot.chat.text import cut, quoted
from bot.chat.translate import Texts, moment
from bot.domain.money import Microcredits
from bot.domain.stages import JobOutcome, JobStage
from bot.service.money.wallet import Wallet
from bot.service.pictures.listing import Listed
from bot.storage.money.ledger import TransferKind
from bot.storage.money.wallets import Movement

SHOWN_JOBS: Final = 8
"""Ten would come close to Discord's forty components."""
_PROMPT_COLUMNS: Final = 50
_REASON: Final = 300
"""Eight of these stay far below Discord's 4000 characters."""


def credits_view(wallet: Wallet, texts: Texts) -> JobView:
    """What a member has, what a picture costs, and what has moved."""
    parts: list[ui.Item[Any]] = [ui.TextDisplay(_balance(wallet, texts))]
    prices = texts.listed(
        *(f"{quoted(one.label)} {texts.credits(one.price)}" for one in wallet.prices)
    )
    parts.append(ui.TextDisplay(texts.gettext("One picture costs: {prices}", prices=prices)))
    if wallet.movements:
        parts.append(ui.Separator())
        parts.append(ui.TextDisplay("\n".join(_movement(one, texts) for one in wallet.movements)))
    return JobView(GREEN, *parts)


def _balance(wallet: Wallet, texts: Texts) -> str:
    if wallet.unlimited:
        first = texts.gettext("**Unlimited credits**")
    else:
        left, whole = texts.credits(wallet.allowance), texts.credits(wallet.allowance_of)
        first = texts.gettext("**{left} of {whole} credits left**", left=left, whole=whole)
    lines = [first]
    if not wallet.unlimited:
        refill = moment(wallet.refills_at, "R")
        lines.append(texts.gettext("Your allowance refills {refill}.", refill=refill))
    if wallet.extra:
        extra = texts.credits(wallet.extra)
        lines.append(texts.gettext("Extra credits, used after that: {extra}", extra=extra))
    if wallet.held:
        held = texts.credits(wallet.held)
        lines.append(texts.gettext("Held for pictures under way: {held}", held=held))
    return "\n".join(lines)


def _movement(movement: Movement, texts: Texts) -> str:
    sign = "+" if movement.amount > 0 else "−" if movement.amount < 0 else "±"
    amount = f"{sign}{texts.credits(Microcredits(abs(movement.amount)))}"
    note = quoted(movement.note, _PROMPT_COLUMNS) if movement.note else None
    return f"-# {texts.listed(moment(movement.at, 'R'), amount, _kind(movement.kind, texts), note)}"


def _kind(kind: TransferKind, texts: Texts) -> str:
    words = {
        TransferKind.REFILL: texts.gettext("allowance refilled"),
        TransferKind.EXPIRE: texts.gettext("rest of the old allowance expired"),
        TransferKind.GRANT: texts.gettext("granted by a moderator"),
        TransferKind.REVOKE: texts.gettext("taken back by a moderator"),
        TransferKind.CAPTURE: texts.gettext("a picture"),
        TransferKind.REFUND: texts.gettext("refund"),
    }
    return words[kind]  # holds and releases are no movements


def jobs_view(jobs: list[Listed], texts: Texts) -> JobView:
    """A member's jobs: unfinished ones first, each with what can still be done about it."""
    if not jobs:
        empty = texts.gettext(
            "No pictures yet. Make one with {imagine}.", imagine=texts.command("imagine")
        )
        return JobView(GREY, ui.TextDisplay(empty))
    parts: list[ui.Item[Any]] = []
    for job in jobs[:SHOWN_JOBS]:
        parts.append(ui.TextDisplay(_job(job, texts)))
        if job.cancellable:
            row: ui.ActionRow[Any] = ui.ActionRow()
            row.add_item(JobButton(Action.CANCEL, job.job_id, texts.gettext("Cancel")))
            parts.append(row)
    return JobView(GREY, *parts)


def _job(job: Listed, texts: Texts) -> str:
    prompt = texts.gettext('"{prompt}"', prompt=quoted(job.prompt, _PROMPT_COLUMNS))
    cost = texts.priced(job.charged) if job.charged else None
    link = message_link(job.guild_id, job.channel_id, job.message_id)
    details = texts.listed(
        state(job, texts), moment(job.created_at, "R"), cost, None if job.private else link
    )
    lines = [prompt, f"-# {details}"]
    if job.outcome is JobOutcome.FAILED:
        said = texts.listed(why(job.failure, job.reason, texts), objection(job.failure, job.reason))
        lines.append(f"-# {cut(said, _REASON)}")
    return "\n".join(lines)


def state(job: Listed, texts: Texts) -> str:
    """Where a job stands, in a word or two."""
    if job.stage in {JobStage.ACCEPTED, JobStage.QUEUED}:
        place = texts.ordinal(job.place_in_line or 1)
        return texts.gettext("{place} in line", place=place)
    if job.stage is JobStage.RUNNING and not job.stopped:
        return texts.gettext("painting")
    match job.outcome:
        case JobOutcome.PICTURES:
            return texts.pictures(job.made)
        case JobOutcome.PARTLY:
            return texts.gettext("{made} of {count} ready", made=job.made, count=job.count)
        case JobOutcome.FAILED:
            return texts.gettext("failed")
        case JobOutcome.CANCELLED | JobOutcome.DISCARDED | None:
            return texts.gettext("cancelled")
        case _:
            assert_never(job.outcome)


def choice_name(job: Listed, texts: Texts) -> str:
    """A job as a suggestion of ``/cancel``; plain text, at most a hundred characters."""
    prompt = " ".join(job.prompt.split())
    name = texts.listed(prompt[:70], state(job, texts))
    return discord.utils.remove_markdown(name)[:100]
