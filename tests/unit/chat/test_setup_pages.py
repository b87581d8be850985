"""The panel's pages stay within Discord's limits, however much was chosen."""

from datetime import UTC, datetime

import discord
import pytest

from bot.chat.setup.fields import label, shown
from bot.chat.setup.pages import PanelView
from bot.chat.setup.panel import saved_note
from bot.chat.setup.sight import PAGE_OF, Page, Sight
from bot.chat.translate import Catalogues
from bot.domain.guild_settings import (
    MAX_STYLES,
    STYLE_NAME_LIMIT,
    STYLE_WORDS_LIMIT,
    GuildSettings,
    RoleAllowance,
)
from bot.domain.money import CREDIT, Microcredits
from bot.service.moderators.server_settings import Overview

NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)
_ID = 10**19 - 100
FULL = GuildSettings(
    time_zone="America/Argentina/ComodRivadavia",
    channels=tuple(range(_ID, _ID + 25)),
    roles=tuple(range(_ID, _ID + 25)),
    log_channel=_ID,
    showcase_channel=_ID,
    moderator_role=_ID,
    role_allowances={
        role: RoleAllowance(amount=Microcredits(role)) for role in range(_ID, _ID + 40)
    },
    styles={
        f"{'*' * (STYLE_NAME_LIMIT - 2)}{number:02}": "*" * STYLE_WORDS_LIMIT
        for number in range(MAX_STYLES)
    },
)


@pytest.mark.parametrize("page", list(Page))
@pytest.mark.parametrize("language", ["en", "ja"])
@pytest.mark.parametrize("chosen", [GuildSettings(), FULL], ids=["nothing", "everything"])
def test_a_page_fits_into_a_message(page: Page, language: str, chosen: GuildSettings) -> None:
    texts = Catalogues().of(language)
    seen = Overview(chosen, Microcredits(100 * CREDIT), Microcredits(0))
    fields = tuple(field for field, where in PAGE_OF.items() if where is page)
    note = saved_note(fields, seen, texts)
    view = PanelView(page, Sight(seen, NOW, None, texts, note, "preview"))
    assert len(list(view.walk_children())) <= 40
    assert view.content_length() <= 4000
    for item in view.walk_children():
        part = item.to_component_dict()
        for option in part.get("options", []):
            assert 1 <= len(option["label"]) <= 100
        assert len(part.get("options", [])) <= 25


def test_every_setting_has_a_name_a_value_and_a_page() -> None:
    texts = Catalogues().of("en")
    seen = Overview(GuildSettings(), Microcredits(100 * CREDIT), Microcredits(0))
    assert set(PAGE_OF) == set(GuildSettings.model_fields) - {"role_allowances"}
    for field in PAGE_OF:
        assert label(field, texts)
        assert shown(field, seen, texts)


def test_the_cap_that_holds_is_shown_with_the_operators_bound() -> None:
    texts = Catalogues().of("en")
    chosen = GuildSettings(cap=Microcredits(80 * CREDIT))
    seen = Overview(chosen, Microcredits(30 * CREDIT), Microcredits(0))
    assert shown("cap", seen, texts) == (
        "30 credits a month (the bot's operator allows at most 30)"
    )


def test_all_that_can_be_pressed_survives_a_restart() -> None:
    texts = Catalogues().of("en")
    seen = Overview(FULL, Microcredits(CREDIT), Microcredits(0))
    for page in Page:
        view = PanelView(page, Sight(seen, NOW, None, texts, preview="preview"))
        assert view.timeout is None
        for item in view.walk_children():
            if item.is_dispatchable():
                assert isinstance(item, discord.ui.DynamicItem)
