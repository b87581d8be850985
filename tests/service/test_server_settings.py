"""Changing a server's settings: audited, checked, and never at the cost of another's change."""

import asyncio
from datetime import UTC, datetime

import orjson
import pytest
from pydantic import ValidationError

from bot.domain.guild_settings import MAX_STYLES, STYLE_NAME_LIMIT, GuildSettings
from bot.domain.ids import GuildId, Millis
from bot.domain.money import CREDIT, Microcredits
from bot.errors import (
    CapTooHighError,
    ServerCapError,
    StyleGoneError,
    StyleIncompleteError,
    StyleTakenError,
    TimeZoneError,
    TooManyStylesError,
)
from bot.service.moderators.server_settings import style_mark
from bot.storage.moderators import audit_log
from bot.storage.moderators.audit_log import Entry
from tests.builders import ALICE, BOB, GUILD, World, make_request

OTHER = GuildId(501)


async def log(world: World, guild_id: GuildId = GUILD) -> list[Entry]:
    async with world.database.read() as reader:
        return await audit_log.latest(reader, guild_id, 50)


async def test_a_change_is_kept_and_written_down(world: World) -> None:
    changed = await world.use.server_settings.change(GUILD, ALICE, "k", language="ja")
    assert changed is not None
    assert (changed.before.language, changed.after.language) == (None, "ja")
    assert (await world.use.server_settings.read(GUILD)).language == "ja"
    (entry,) = await log(world)
    assert (entry.actor_id, entry.action) == (ALICE, "settings")
    assert orjson.loads(entry.before or "") == {"language": None}
    assert orjson.loads(entry.after or "") == {"language": "ja"}
    assert (await world.use.server_settings.read(OTHER)) == GuildSettings()
    assert await log(world, OTHER) == []


async def test_the_same_key_changes_nothing_twice(world: World) -> None:
    change = world.use.server_settings.change
    assert await change(GUILD, ALICE, "k", waiting_per_member=3) is not None
    assert await change(GUILD, BOB, "k", waiting_per_member=4) is None
    assert (await world.use.server_settings.read(GUILD)).waiting_per_member == 3
    assert len(await log(world)) == 1


async def test_what_stands_there_already_is_no_action(world: World) -> None:
    changed = await world.use.server_settings.change(GUILD, ALICE, "k", running_per_member=2)
    assert changed is not None
    assert changed.before == changed.after
    assert await log(world) == []


async def test_moderators_who_change_different_things_at_once_lose_nothing(world: World) -> None:
    settings = world.use.server_settings
    changes: list[dict[str, object]] = [
        {"language": "ja"}, {"time_zone": "Asia/Tokyo"}, {"log_channel": 5}, {"channels": (6, 7)},
        {"roles": (8,)}, {"waiting_per_member": 4}, {"cap": 50 * CREDIT}, {"mention_after_s": None},
    ]  # fmt: skip
    await asyncio.gather(
        *(
            settings.change(GUILD, ALICE if number % 2 else BOB, f"k{number}", **change)
            for number, change in enumerate(changes)
        ),
        settings.set_style(GUILD, ALICE, "s1", "ink", "black ink on paper"),
        settings.set_style(GUILD, BOB, "s2", "oil", "thick oil paint"),
        world.wallets.set_allowance(GUILD, by=BOB, amount=Microcredits(CREDIT), refill=None),
    )
    expected: dict[str, object] = {name: value for one in changes for name, value in one.items()}
    expected |= {"allowance": CREDIT}
    kept = await settings.read(GUILD)
    assert {name: getattr(kept, name) for name in expected} == expected
    assert kept.styles == {"ink": "black ink on paper", "oil": "thick oil paint"}
    assert len(await log(world)) == len(changes) + 3


async def test_a_time_zone_has_a_name_that_is_known(world: World) -> None:
    settings = world.use.server_settings
    await settings.change(GUILD, ALICE, "k1", time_zone="america/new york")
    assert (await settings.read(GUILD)).time_zone == "America/New_York"
    with pytest.raises(TimeZoneError):
        await settings.change(GUILD, ALICE, "k2", time_zone="../etc/passwd")
    assert (await settings.read(GUILD)).time_zone == "America/New_York"


async def test_the_servers_own_cap_is_never_above_the_operators_bound(world: World) -> None:
    settings = world.use.server_settings
    with pytest.raises(CapTooHighError):
        await settings.change(GUILD, ALICE, "k1", cap=101 * CREDIT)
    await settings.change(GUILD, ALICE, "k2", cap=80 * CREDIT)
    assert (await settings.overview(GUILD)).cap == 80 * CREDIT
    await world.use.servers.cap(GUILD, Microcredits(30 * CREDIT))
    seen = await settings.overview(GUILD)
    assert (seen.chosen.cap, seen.bound, seen.cap) == (80 * CREDIT, 30 * CREDIT, 30 * CREDIT)
    await world.picture()
    assert (await settings.overview(GUILD)).committed == 500_000


@pytest.mark.parametrize(
    "changes", [{"waiting_per_member": 0}, {"age_rule": "never"}, {"cap": -1}, {"colour": 1}]
)
async def test_values_that_no_control_offers_are_not_kept(
    sqlite_world: World, changes: dict[str, object]
) -> None:
    with pytest.raises((ValidationError, ValueError)):
        await sqlite_world.use.server_settings.change(GUILD, ALICE, "k", **changes)
    assert await sqlite_world.use.server_settings.read(GUILD) == GuildSettings()


async def test_styles_are_added_changed_in_place_and_removed(world: World) -> None:
    settings = world.use.server_settings
    for key, name in enumerate(("ink", "oil", "film")):
        await settings.set_style(GUILD, ALICE, f"a{key}", name, f"{name} words")
    mark = style_mark("oil", "oil words")
    await settings.set_style(GUILD, BOB, "b", "  Oil  paint ", "thick", instead_of=mark)
    assert list((await settings.read(GUILD)).styles.items()) == [
        ("ink", "ink words"), ("Oil paint", "thick"), ("film", "film words"),
    ]  # fmt: skip
    with pytest.raises(StyleGoneError):
        await settings.set_style(GUILD, ALICE, "c", "oil", "words", instead_of=mark)
    await settings.remove_style(GUILD, ALICE, "d", style_mark("ink", "ink words"))
    with pytest.raises(StyleGoneError):
        await settings.remove_style(GUILD, ALICE, "e", style_mark("ink", "ink words"))
    assert list((await settings.read(GUILD)).styles) == ["Oil paint", "film"]


async def test_styles_are_complete_unique_and_not_too_many(sqlite_world: World) -> None:
    settings = sqlite_world.use.server_settings
    for name, words in (("", "words"), ("x" * (STYLE_NAME_LIMIT + 1), "words"), ("ink", "\u200b")):
        with pytest.raises(StyleIncompleteError):
            await settings.set_style(GUILD, ALICE, f"bad{name}", name, words)
    for number in range(MAX_STYLES):
        await settings.set_style(GUILD, ALICE, f"k{number}", f"style {number}", "words")
    with pytest.raises(StyleTakenError):
        await settings.set_style(GUILD, ALICE, "twice", "STYLE 1", "words")
    with pytest.raises(TooManyStylesError):
        await settings.set_style(GUILD, ALICE, "more", "one more", "words")


async def test_another_time_zone_in_the_middle_of_a_month_keeps_what_was_spent(
    world: World,
) -> None:
    """A month keeps its name and its figure, whichever zone it is read in."""
    settings = world.use.server_settings
    world.clock.now = Millis(int(datetime(2026, 11, 30, 20, tzinfo=UTC).timestamp() * 1000))
    await settings.change(GUILD, ALICE, "cap", cap=CREDIT)
    await world.ask(count=2)
    with pytest.raises(ServerCapError):
        await world.use.requests.accept(make_request(BOB))
    await settings.change(GUILD, ALICE, "east", time_zone="Asia/Tokyo")  # December there
    await world.ask(BOB, count=2)
    with pytest.raises(ServerCapError):
        await world.use.requests.accept(make_request(BOB))
    await settings.change(GUILD, ALICE, "west", time_zone="UTC")  # November again, and used up
    assert (await settings.overview(GUILD)).committed == CREDIT
    with pytest.raises(ServerCapError):
        await world.use.requests.accept(make_request(BOB))
    for submission in await world.submit():
        await world.painted(submission.task_id)
    await world.fetch()
    await world.deliver()
    assert (await settings.overview(GUILD)).committed == CREDIT
    assert await world.faults() == []
    await settings.change(GUILD, ALICE, "east again", time_zone="Asia/Tokyo")
    assert (await settings.overview(GUILD)).committed == CREDIT
    assert await world.faults() == []
