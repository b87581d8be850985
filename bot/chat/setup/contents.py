"""What stands on each of the panel's pages. It is drawn from the settings, so it is always true."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

import discord
from discord import ui

from bot.chat.controls import ControlItem, control_id
from bot.chat.setup.acts import FEATURE, Act, button, row
from bot.chat.setup.choices import LABEL_LIMIT, channel_select, role_select, string_select
from bot.chat.setup.fields import label, shown
from bot.chat.setup.forms import LIMITS
from bot.chat.setup.sight import Page, Sight
from bot.chat.text import cut, quoted
from bot.chat.translate import Texts
from bot.domain.guild_settings import MAX_STYLES
from bot.service.moderators.server_settings import style_mark

_WORDS_COLUMNS: Final = 40


def _named(field: str, texts: Texts, hint: str | None = None) -> ui.TextDisplay[Any]:
    name = f"**{label(field, texts)}**"
    return ui.TextDisplay(f"{name}\n-# {hint}" if hint else name)


def _typed(field: str, sight: Sight, *, form: str | None = None) -> ui.Section[Any]:
    """A setting that is typed: its name and value, and the button that opens the form."""
    texts = sight.texts
    text = f"**{label(field, texts)}**\n{shown(field, sight.seen, texts)}"
    return ui.Section(text, accessory=button(Act.ASK, form or field, texts.gettext("Change")))


def _general(sight: Sight) -> list[ui.Item[Any]]:
    texts, chosen, guild = sight.texts, sight.seen.chosen, sight.guild
    return [
        _named("language", texts, texts.gettext("Of everything that the whole channel reads")),
        row(string_select("language", chosen, sight.now, texts)),
        _named("time_zone", texts, texts.gettext("In which days, weeks and months begin")),
        row(string_select("time_zone", chosen, sight.now, texts)),
        _named("log_channel", texts, texts.gettext("Reports and notices for moderators")),
        row(channel_select("log_channel", _channels(guild, chosen.log_channel), texts)),
        _named("showcase_channel", texts, texts.gettext("Where members can share results")),
        row(channel_select("showcase_channel", _channels(guild, chosen.showcase_channel), texts)),
        _named(
            "moderator_role",
            texts,
            texts.gettext("Beside members with Manage Server or Manage Messages"),
        ),
        row(role_select("moderator_role", _roles(guild, chosen.moderator_role), texts)),
    ]


def _places(sight: Sight) -> list[ui.Item[Any]]:
    texts, chosen, guild = sight.texts, sight.seen.chosen, sight.guild
    return [
        _named("channels", texts, texts.gettext("Threads and posts count as their channel")),
        row(channel_select("channels", _channels(guild, *chosen.channels), texts)),
        _named("roles", texts),
        row(role_select("roles", _roles(guild, *chosen.roles), texts)),
        _named("age_rule", texts),
        row(string_select("age_rule", chosen, sight.now, texts)),
    ]


def _credits(sight: Sight) -> list[ui.Item[Any]]:
    texts, seen = sight.texts, sight.seen
    used = texts.gettext(
        "Used this month: {used} of {cap}",
        used=texts.credits(seen.committed),
        cap=texts.priced(seen.cap),
    )
    parts: list[ui.Item[Any]] = [
        _typed("allowance", sight),
        _named("refill", texts, texts.gettext("A change starts with each member's next refill")),
        row(string_select("refill", seen.chosen, sight.now, texts)),
        _typed("cap", sight),
        ui.TextDisplay(f"-# {used}"),
    ]
    if offers := _role_allowances(sight):
        parts.append(ui.TextDisplay(offers))
    return parts


def _role_allowances(sight: Sight) -> str:
    texts, chosen = sight.texts, sight.seen.chosen
    if not chosen.role_allowances:
        return ""
    lines = [
        texts.listed(
            f"<@&{role}>",
            texts.gettext("without limit") if offer.unlimited else texts.priced(offer.amount),
        )
        for role, offer in list(chosen.role_allowances.items())[:MAX_STYLES]
    ]
    heading = texts.gettext(
        "**Roles with an allowance of their own** ({command})",
        command=texts.command("credit-admin allowance"),
    )
    return "\n".join([heading, *lines])


def _waiting(sight: Sight) -> list[ui.Item[Any]]:
    texts, chosen = sight.texts, sight.seen.chosen
    limits = "\n".join(
        f"**{label(field, texts)}**: {shown(field, sight.seen, texts)}"
        for field in ("running_in_server", "running_per_member", "waiting_per_member")
    )
    return [
        ui.Section(limits, accessory=button(Act.ASK, LIMITS, texts.gettext("Change"))),
        _named(
            "mention_after_s",
            texts,
            texts.gettext("When a picture calls its member back; each can choose otherwise"),
        ),
        row(string_select("mention_after_s", chosen, sight.now, texts)),
        _named("failed_cards_vanish_after_s", texts),
        row(string_select("failed_cards_vanish_after_s", chosen, sight.now, texts)),
    ]


def _styles(sight: Sight) -> list[ui.Item[Any]]:
    texts, styles = sight.texts, sight.seen.chosen.styles
    lines = [
        texts.listed(f"**{quoted(name)}**", quoted(words, _WORDS_COLUMNS))
        for name, words in styles.items()
    ]
    empty = texts.gettext(
        "No styles of your own yet. A style is a name for words that are added to the prompt."
    )
    parts: list[ui.Item[Any]] = [ui.TextDisplay("\n".join(lines) or empty)]
    if styles:
        parts += [
            row(_style_select(Act.STYLE_EDIT, texts.gettext("Change a style…"), styles)),
            row(_style_select(Act.STYLE_REMOVE, texts.gettext("Remove a style…"), styles)),
        ]
    if len(styles) < MAX_STYLES:
        parts.append(row(button(Act.STYLE_ADD, "", texts.gettext("Add a style"))))
    return parts


def _style_select(action: Act, placeholder: str, styles: Mapping[str, str]) -> ControlItem:
    options = [
        discord.SelectOption(value=style_mark(name, words), label=cut(name, LABEL_LIMIT))
        for name, words in list(styles.items())[:25]
    ]
    return ControlItem(
        ui.Select(custom_id=control_id(FEATURE, action), placeholder=placeholder, options=options)
    )


def _permissions(sight: Sight) -> list[ui.Item[Any]]:
    again = button(Act.PAGE, Page.PERMISSIONS.value, sight.texts.gettext("Check again"))
    return [ui.TextDisplay(sight.preview), row(again)]


def _channels(guild: discord.Guild | None, *ids: int | None) -> Sequence[int]:
    """Those that are still there: Discord marks no others in a select."""
    return [one for one in ids if one is not None and (guild is None or guild.get_channel(one))]


def _roles(guild: discord.Guild | None, *ids: int | None) -> Sequence[int]:
    return [one for one in ids if one is not None and (guild is None or guild.get_role(one))]


CONTENTS: Final[Mapping[Page, Callable[[Sight], list[ui.Item[Any]]]]] = {
    Page.GENERAL: _general,
    Page.PLACES: _places,
    Page.CREDITS: _credits,
    Page.WAITING: _waiting,
    Page.STYLES: _styles,
    Page.PERMISSIONS: _permissions,
}
