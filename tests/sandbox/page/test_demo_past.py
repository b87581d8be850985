"""What a fresh demo has behind it: example usage with sound books, and a report to decide on."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from sandbox.demo import give_a_past
from sandbox.demo_report import report
from sandbox.demo_usage import DAYS
from sandbox.playground import Playground

pytestmark = pytest.mark.slow
CAP = 100_000_000
"""Micro-credits that a new server can spend a month."""


async def test_the_past_is_labelled_sound_and_leaves_room_for_more(tmp_path: Path) -> None:
    async with Playground(tmp_path) as playground:
        await give_a_past(playground)
        code, printed = await playground.bot.command("audit")
        assert code == 0, printed
        assert "The books agree" in printed
        names = {user.id: user.name for user in playground.discord.world.users.values()}
        with closing(sqlite3.connect(playground.database)) as connection:
            days = connection.execute(
                "SELECT guild_id, COUNT(DISTINCT day) FROM usage_daily GROUP BY guild_id"
            ).fetchall()
            members = connection.execute("SELECT DISTINCT user_id FROM usage_members").fetchall()
            (most,) = connection.execute("SELECT MAX(committed) FROM spending").fetchone()
        assert {guild_id for guild_id, _ in days} == set(playground.discord.world.guilds)
        assert all(DAYS - 2 <= count <= DAYS for _, count in days)
        assert len(members) == len(names) - 8  # all but six people, the owner and the bot
        assert all(names[one].startswith(("Example ", "サンプル")) for (one,) in members)
        assert most < CAP * 0.75


async def test_bobs_report_reaches_the_moderators(tmp_path: Path) -> None:
    async with Playground(tmp_path) as playground:
        await give_a_past(playground)
        playground.ketchup.set_duration(0.2)
        await playground.start_bot()
        assert await report(playground.discord)
        mods = playground.discord.channel("mods")
        card = await mods.wait_for(lambda one: "Reported picture" in str(one["components"]), 30)
        assert "nobody asked" in str(card["components"])
        assert playground.discord.person("Mia").sees(card)
        assert not playground.discord.person("Alice").sees(card)


async def test_without_the_bot_there_is_no_report_and_no_error(tmp_path: Path) -> None:
    async with Playground(tmp_path) as playground:
        await give_a_past(playground)
        assert not await report(playground.discord)
