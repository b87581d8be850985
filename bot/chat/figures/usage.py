"""Answers ``/usage``: every time it is asked whether the member is a moderator."""

import io
from datetime import date
from typing import Final, Protocol

import discord

from bot.chat.figures.tables import TableFormat, Written, write
from bot.chat.figures.usage_view import CHART, member_view, overview_view
from bot.chat.galleries.archives import ARCHIVE_BYTES
from bot.chat.layouts import GREY, JobView, note_view
from bot.chat.responding import Interaction, patiently, show, show_files
from bot.chat.rights import Moderators
from bot.chat.translate import Catalogues, Texts
from bot.domain.ids import GuildId, UserId
from bot.domain.periods import to_datetime
from bot.domain.usage_window import UsagePeriod
from bot.images.charts import StackedBars, draw, to_png
from bot.images.studio import Studio
from bot.service.figures.exporting import Export, Exported, Exporting
from bot.service.figures.usage import MemberUsage, Overview, Usage
from bot.service.figures.usage_charts import member_chart, overview_chart

_ROOM: Final = 64 * 1024


class SigningIn(Protocol):
    """One-time links to the dashboard (``bot.service.dashboard.signing_in``)."""

    async def link(self, guild_id: GuildId, user_id: UserId, locale: str) -> str | None:
        """An address for this moderator; None where the dashboard is off."""


class UsageReports:
    """What moderators see of their server. Every answer is for them alone."""

    def __init__(
        self,
        usage: Usage,
        exporting: Exporting,
        signing_in: SigningIn,
        moderators: Moderators,
        studio: Studio,
        catalogues: Catalogues,
    ) -> None:
        self._usage = usage
        self._exporting = exporting
        self._signing_in = signing_in
        self._moderators = moderators
        self._studio = studio
        self._catalogues = catalogues

    async def overview(self, interaction: Interaction, period: UsagePeriod) -> None:
        """The server's figures with a chart."""
        guild_id = await self._moderators.require(interaction)
        texts = self._texts(interaction)
        found, png = await patiently(
            interaction, self._overview(guild_id, period, texts), private=True
        )
        server = interaction.guild.name if interaction.guild else ""
        chart = overview_chart(found, texts)
        view = overview_view(found, server, texts, chart.description if png else None)
        await show_files(interaction, view, _files(png))

    async def member(
        self, interaction: Interaction, member: discord.abc.User, period: UsagePeriod
    ) -> None:
        """One member's figures with a chart, jobs, grants and block."""
        guild_id = await self._moderators.require(interaction)
        texts = self._texts(interaction)
        found, png = await patiently(
            interaction,
            self._member(guild_id, UserId(member.id), period, texts),
            private=True,
        )
        chart = member_chart(found, texts)
        view = member_view(found, texts, chart.description if png else None)
        await show_files(interaction, view, _files(png))

    async def export(
        self, interaction: Interaction, what: Exported, form: TableFormat, period: UsagePeriod
    ) -> None:
        """Rows of the period as files."""
        guild_id = await self._moderators.require(interaction)
        texts = self._texts(interaction)
        by, key = UserId(interaction.user.id), str(interaction.id)
        limit = min(interaction.filesize_limit, ARCHIVE_BYTES) - _ROOM

        async def work() -> tuple[Export, Written] | None:
            export = await self._exporting.open(guild_id, what, period, by=by, key=key)
            if export is None:
                return None
            return export, await write(export, form, _stem(export, period), limit)

        done = await patiently(interaction, work(), private=True)
        if done is None:
            return  # Discord sent this interaction twice
        _, written = done
        try:
            await show_files(interaction, _written_view(written, texts), written.files)
        finally:
            written.close()

    async def dashboard(self, interaction: Interaction) -> None:
        """A link that opens the dashboard once."""
        guild_id = await self._moderators.require(interaction)
        texts = self._texts(interaction)
        link = await patiently(
            interaction,
            self._signing_in.link(guild_id, UserId(interaction.user.id), str(interaction.locale)),
            private=True,
        )
        if link is None:
            sentence = texts.gettext(
                "The dashboard isn't switched on. The bot's operator can do so;"
                " figures and exports work here."
            )
        else:
            sentence = texts.gettext(
                "[Open the dashboard]({link}) – the link is yours alone, works once and for five"
                " minutes.",
                link=link,
            )
        await show(interaction, note_view(sentence))

    async def _overview(
        self, guild_id: GuildId, period: UsagePeriod, texts: Texts
    ) -> tuple[Overview, bytes | None]:
        found = await self._usage.overview(guild_id, period)
        if not found.figures.tasks:
            return found, None
        return found, await self._png(overview_chart(found, texts), texts)

    async def _member(
        self, guild_id: GuildId, user_id: UserId, period: UsagePeriod, texts: Texts
    ) -> tuple[MemberUsage, bytes | None]:
        found = await self._usage.member(guild_id, user_id, period)
        if not found.figures.charged:
            return found, None
        return found, await self._png(member_chart(found, texts), texts)

    async def _png(self, chart: StackedBars, texts: Texts) -> bytes:
        return await self._studio.run(lambda: to_png(draw(chart, texts.credits)))

    def _texts(self, interaction: Interaction) -> Texts:
        return self._catalogues.of(str(interaction.locale))


def _files(png: bytes | None) -> list[discord.File]:
    return [discord.File(io.BytesIO(png), CHART)] if png else []


def _stem(export: Export, period: UsagePeriod) -> str:
    """Such as ``ketchup-jobs-30d-2026-11-24``; the day is in UTC, as the file's times are."""
    day: date = to_datetime(export.end).date()
    return f"ketchup-{export.what.value}-{period.value}-{day}"


def _written_view(written: Written, texts: Texts) -> JobView:
    lines = [texts.ngettext("{count} row.", "{count} rows.", written.rows, count=written.rows)]
    if not written.complete:
        lines.append(
            texts.gettext(
                "That is all that one message takes, from the oldest on. For the rest, choose a"
                " shorter period or use {dashboard}.",
                dashboard=texts.command("usage dashboard"),
            )
        )
    files = [
        discord.ui.File[discord.ui.LayoutView](f"attachment://{file.filename}")
        for file in written.files
    ]
    return JobView(GREY, discord.ui.TextDisplay("\n".join(lines)), *files)
