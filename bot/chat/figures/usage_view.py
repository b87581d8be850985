"""``/usage`` as messages: figures, a chart, and lists under it."""

from typing import Any, Final

import discord
from discord import ui

from bot.chat.figures import usage_words as words
from bot.chat.layouts import BLUE, GREY, JobView, message_link
from bot.chat.text import alt_text, quoted
from bot.chat.translate import Texts, moment
from bot.service.figures.usage import MemberUsage, Overview, PastJob

CHART: Final = "usage.png"
_TOP: Final = 5
_JOBS: Final = 8
_PROMPT_COLUMNS: Final = 44


def overview_view(overview: Overview, server: str, texts: Texts, chart: str | None) -> JobView:
    """A server's figures. ``chart`` is the description of the attached one, if there is one."""
    head = f"**{quoted(server)}** · {words.period_name(overview.period, texts)}"
    parts: list[ui.Item[Any]] = [ui.TextDisplay(head)]
    if chart is None:
        nothing = words.empty(overview.period, texts)
        parts.append(ui.TextDisplay("\n".join([nothing, *words.refunded(overview, texts)])))
    else:
        parts.append(ui.TextDisplay(_figures(overview, texts)))
        parts.append(_gallery(chart))
    parts.append(ui.TextDisplay("\n".join(words.month(overview, texts))))
    parts.append(ui.TextDisplay(_now(overview, texts)))
    lists = [_top(overview, texts), _models(overview, texts), _failures(overview, texts)]
    parts += [ui.TextDisplay(text) for text in lists if text]
    return JobView(BLUE if chart else GREY, *parts)


def member_view(usage: MemberUsage, texts: Texts, chart: str | None) -> JobView:
    """One member's figures, jobs, grants and block."""
    head = f"{texts.person(usage.user_id)} · {words.period_name(usage.period, texts)}"
    parts: list[ui.Item[Any]] = [ui.TextDisplay(head)]
    if usage.block is not None:
        parts.append(ui.TextDisplay(words.block(usage.block, texts)))
    parts.append(ui.TextDisplay(_member_figures(usage, texts)))
    if chart is not None:
        parts.append(_gallery(chart))
    if usage.jobs:
        lines = [_job(job, usage, texts) for job in usage.jobs[:_JOBS]]
        parts.append(_list(texts.gettext("Last pictures"), lines))
    if usage.grants:
        lines = [words.grant(one, texts) for one in usage.grants]
        parts.append(_list(texts.gettext("Extra credits"), lines))
    return JobView(BLUE if chart else GREY, *parts)


def _gallery(description: str) -> ui.MediaGallery[Any]:
    return ui.MediaGallery(
        discord.MediaGalleryItem(f"attachment://{CHART}", description=alt_text(description))
    )


def _figures(overview: Overview, texts: Texts) -> str:
    figures, before = overview.figures, overview.before
    shown = [
        words.figure(
            texts.ngettext("picture", "pictures", figures.pictures),
            texts.number(figures.pictures),
            words.change(figures.pictures, before.pictures, texts),
            texts,
        ),
        words.figure(
            texts.ngettext("member", "members", overview.members),
            texts.number(overview.members),
            words.change(overview.members, overview.members_before, texts),
            texts,
        ),
        words.figure(
            texts.gettext("credits"),
            texts.credits(figures.charged),
            words.change(figures.charged, before.charged, texts),
            texts,
        ),
        words.figure(texts.gettext("failed"), words.failed_share(figures, texts), None, texts),
    ]
    lines = [texts.listed(*shown)]
    if figures.lost:
        loss = texts.priced(figures.lost)
        lines.append(texts.gettext("Operator's loss, charged to nobody: {amount}", amount=loss))
    lines += words.refunded(overview, texts)
    if before.tasks:
        note = texts.gettext("Changes are against as much of the period before.")
        lines.append(f"-# {note}")
    return "\n".join(lines)


def _member_figures(usage: MemberUsage, texts: Texts) -> str:
    figures, before = usage.figures, usage.before
    shown = texts.listed(
        words.figure(
            texts.ngettext("picture", "pictures", figures.pictures),
            texts.number(figures.pictures),
            words.change(figures.pictures, before.pictures, texts),
            texts,
        ),
        words.figure(
            texts.gettext("credits"),
            texts.credits(figures.charged),
            words.change(figures.charged, before.charged, texts),
            texts,
        ),
        words.figure(texts.gettext("failed"), words.failed_share(figures, texts), None, texts),
    )
    return "\n".join([shown, *words.refunded(usage, texts)])


def _now(overview: Overview, texts: Texts) -> str:
    now = overview.now
    return texts.gettext(
        "Now: {running} painting, {waiting} in line", running=now.running, waiting=now.waiting
    )


def _list(title: str, lines: list[str]) -> ui.TextDisplay[Any]:
    return ui.TextDisplay("\n".join([f"**{title}**", *lines]))


def _top(overview: Overview, texts: Texts) -> str | None:
    lines = [
        texts.listed(
            texts.person(one.user_id), texts.pictures(one.pictures), texts.priced(one.charged)
        )
        for one in overview.top[:_TOP]
    ]
    return _titled(texts.gettext("Members by credits"), lines)


def _models(overview: Overview, texts: Texts) -> str | None:
    lines = [
        texts.listed(
            quoted(one.label),
            texts.pictures(one.figures.pictures),
            texts.priced(one.figures.charged),
        )
        for one in overview.models
    ]
    return _titled(texts.gettext("Models"), lines[:10])


def _failures(overview: Overview, texts: Texts) -> str | None:
    lines = [
        texts.listed(texts.number(one.count), words.failure(one.failure, texts))
        for one in overview.failures
    ]
    return _titled(texts.gettext("Why pictures failed"), lines)


def _titled(title: str, lines: list[str]) -> str | None:
    return "\n".join([f"**{title}**", *lines]) if lines else None


def _job(job: PastJob, usage: MemberUsage, texts: Texts) -> str:
    if job.prompt is None:
        prompt = texts.gettext("private")
    else:
        prompt = texts.gettext('"{prompt}"', prompt=quoted(job.prompt, _PROMPT_COLUMNS))
    link = None if job.private else message_link(usage.guild_id, job.channel_id, job.message_id)
    price = texts.priced(job.charged) if job.charged else None
    return texts.listed(
        prompt, words.job_state(job, texts), moment(job.created_at, "R"), price, link
    )
