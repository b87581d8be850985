"""The panel's pages. Each is drawn anew from the settings, so that it is always true."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Final

import discord
from discord import ui

from bot.chat.controls import ControlItem, control_id
from bot.chat.layouts import BLUE
from bot.chat.setup.choices import (
    FEATURE,
    LABEL_LIMIT,
    Act,
    channel_select,
    role_select,
    string_select,
)
from bot.chat.setup.fields import label, shown
from bot.chat.setup.forms import LIMITS
from bot.chat.text import cut, quoted
from bot.chat.translate import Texts
from bot.domain.guild_settings import MAX_STYLES
from bot.service.server_settings import Overview, style_mark

_WORDS_COLUMNS: Final = 40


class Page(StrEnum):
    """The panel's pages, in the order of its menu."""

    GENERAL = "general"
    PLACES = "places"
    CREDITS = "credits"
    WAITING = "waiting"
    STYLES = "styles"
    PERMISSIONS = "permissions"


PAGE_OF: Final[Mapping[str, Page]] = {
    "language": Page.GENERAL,
    "time_zone": Page.GENERAL,
    "log_channel": Page.GENERAL,
    "showcase_channel": Page.GENERAL,
    "moderator_role": Page.GENERAL,
    "channels": Page.PLACES,
    "roles": Page.PLACES,
    "age_rule": Page.PLACES,
    "allowance": Page.CREDITS,
    "refill": Page.CREDITS,
    "cap": Page.CREDITS,
    "running_in_server": Page.WAITING,
    "running_per_member": Page.WAITING,
    "waiting_per_member": Page.WAITING,
    "mention_after_s": Page.WAITING,
    "failed_cards_vanish_after_s": Page.WAITING,
    "styles": Page.STYLES,
}
"""Where each setting is found."""


@dataclass(frozen=True, slots=True)
class Sight:
    """What a page is drawn from. ``note`` says what was just saved."""

    seen: Overview
    now: datetime
    guild: discord.Guild | None
    texts: Texts
    note: str | None = None
    preview: str = ""
    """The permissions page's text."""


class PanelView(ui.LayoutView):
    """One page in one container; every control in it is a :class:`ControlItem`."""

    def __init__(self, page: Page, sight: Sight) -> None:
        super().__init__(timeout=None)
        title = sight.texts.gettext("Set up")
        head = f"## {title}"
        if sight.note is not None:
            head = f"{head}\n{sight.note}"
        self.add_item(
            ui.Container(
                ui.TextDisplay(head),
                _row(_menu(page, sight.texts)),
                ui.Separator(),
                *_DRAWN[page](sight),
                accent_colour=BLUE,
            )
        )


def _menu(page: Page, texts: Texts) -> ControlItem:
    names = {
        Page.GENERAL: texts.gettext("Language, time zone, moderators"),
        Page.PLACES: texts.gettext("Where and by whom pictures are made"),
        Page.CREDITS: texts.gettext("Credits"),
        Page.WAITING: texts.gettext("Limits and messages"),
        Page.STYLES: texts.gettext("Styles"),
        Page.PERMISSIONS: texts.gettext("Permissions"),
    }
    options = [
        discord.SelectOption(value=one.value, label=name, default=one is page)
        for one, name in names.items()
    ]
    return ControlItem(ui.Select(custom_id=control_id(FEATURE, Act.PAGE), options=options))


def button(
    action: Act,
    subject: str,
    name: str,
    style: discord.ButtonStyle = discord.ButtonStyle.secondary,
) -> ControlItem:
    """A button of the panel, or one that leads to it."""
    return ControlItem(
        ui.Button(custom_id=control_id(FEATURE, action, subject), label=name, style=style)
    )


def _row(*items: ControlItem) -> ui.ActionRow[Any]:
    row: ui.ActionRow[Any] = ui.ActionRow()
    for item in items:
        row.add_item(item)
    return row


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
        _row(string_select("language", chosen, sight.now, texts)),
        _named("time_zone", texts, texts.gettext("In which days, weeks and months begin")),
        _row(string_select("time_zone", chosen, sight.now, texts)),
        _named("log_channel", texts, texts.gettext("Reports and notices for moderators")),
        _row(channel_select("log_channel", _channels(guild, chosen.log_channel), texts)),
        _named("showcase_channel", texts, texts.gettext("Where members can share results")),
        _row(channel_select("showcase_channel", _channels(guild, chosen.showcase_channel), texts)),
        _named(
            "moderator_role",
            texts,
            texts.gettext("Beside members with Manage Server or Manage Messages"),
        ),
        _row(role_select("moderator_role", _roles(guild, chosen.moderator_role), texts)),
    ]


def _places(sight: Sight) -> list[ui.Item[Any]]:
    texts, chosen, guild = sight.texts, sight.seen.chosen, sight.guild
    return [
        _named("channels", texts, texts.gettext("Threads and posts count as their channel")),
        _row(channel_select("channels", _channels(guild, *chosen.channels), texts)),
        _named("roles", texts),
        _row(role_select("roles", _roles(guild, *chosen.roles), texts)),
        _named("age_rule", texts),
        _row(string_select("age_rule", chosen, sight.now, texts)),
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
        _row(string_select("refill", seen.chosen, sight.now, texts)),
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
        _row(string_select("mention_after_s", chosen, sight.now, texts)),
        _named("failed_cards_vanish_after_s", texts),
        _row(string_select("failed_cards_vanish_after_s", chosen, sight.now, texts)),
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
            _row(_style_select(Act.STYLE_EDIT, texts.gettext("Change a style…"), styles)),
            _row(_style_select(Act.STYLE_REMOVE, texts.gettext("Remove a style…"), styles)),
        ]
    if len(styles) < MAX_STYLES:
        parts.append(_row(button(Act.STYLE_ADD, "", texts.gettext("Add a style"))))
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
    return [ui.TextDisplay(sight.preview), _row(again)]


def _channels(guild: discord.Guild | None, *ids: int | None) -> Sequence[int]:
    """Those that are still there: Discord marks no others in a select."""
    return [one for one in ids if one is not None and (guild is None or guild.get_channel(one))]


def _roles(guild: discord.Guild | None, *ids: int | None) -> Sequence[int]:
    return [one for one in ids if one is not None and (guild is None or guild.get_role(one))]


_DRAWN: Final[Mapping[Page, Callable[[Sight], list[ui.Item[Any]]]]] = {
    Page.GENERAL: _general,
    Page.PLACES: _places,
    Page.CREDITS: _credits,
    Page.WAITING: _waiting,
    Page.STYLES: _styles,
    Page.PERMISSIONS: _permissions,
}
