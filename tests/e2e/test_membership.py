"""Who somebody is in a server, asked of Discord by REST, as the dashboard asks."""

import asyncio
import re

import aiohttp
import pytest

from bot.chat.lookup.directory import Directory
from bot.chat.lookup.membership import Memberships
from bot.domain.ids import ChannelId, GuildId, UserId
from bot.service.dashboard.access import RightsUnknownError
from sandbox.discord import stage
from sandbox.discord.model import Guild
from tests.e2e.scene import PATIENCE_S, Scene


def guild_of(scene: Scene) -> Guild:
    return next(g for g in scene.discord.world.guilds.values() if g.name == "Lighthouse Club")


def id_of(scene: Scene, name: str) -> UserId:
    return UserId(scene.discord.person(name).id)


async def test_moderators_are_told_from_members_and_strangers(scene: Scene) -> None:
    app = await scene.start()
    guild, asked = guild_of(scene), Memberships(app.chat)
    here = GuildId(guild.id)
    mia = await asked.standing(here, id_of(scene, "Mia"), max_age_s=0)
    assert mia is not None
    assert (mia.guild_name, mia.member_name) == ("Lighthouse Club", "Mia")
    assert (mia.manage_server, mia.manage_messages) == (True, True)
    alice = await asked.standing(here, id_of(scene, "Alice"), max_age_s=0)
    assert alice is not None
    assert (alice.manage_server, alice.manage_messages) == (False, False)
    owner = await asked.standing(here, UserId(guild.owner_id), max_age_s=0)
    assert owner is not None
    assert owner.manage_server
    for stranger in (id_of(scene, "Otto"), id_of(scene, "花子"), UserId(12345)):
        assert await asked.standing(here, stranger, max_age_s=0) is None
    assert await asked.standing(GuildId(12345), id_of(scene, "Mia"), max_age_s=0) is None


async def test_a_role_that_is_taken_away_is_noticed_at_once_or_within_the_age(
    scene: Scene,
) -> None:
    app = await scene.start()
    now = [0.0]
    guild = guild_of(scene)
    asked = Memberships(app.chat, monotonic=lambda: now[0])
    here, mia = GuildId(guild.id), id_of(scene, "Mia")
    assert await asked.standing(here, mia, max_age_s=10)
    guild.members[scene.discord.person("Mia").id].roles.clear()
    known = await asked.standing(here, mia, max_age_s=10)
    assert known is not None
    assert known.manage_server
    now[0] = 10.0
    known = await asked.standing(here, mia, max_age_s=10)
    assert known is not None
    assert not known.manage_server
    stage.leave(scene.discord.person("Mia"), guild)
    assert await asked.standing(here, mia, max_age_s=0) is None


async def test_without_the_bot_or_without_discord_nobody_is_a_moderator(scene: Scene) -> None:
    app = await scene.start()
    guild, asked = guild_of(scene), Memberships(app.chat)
    stage.remove_bot(scene.discord.backend, guild)
    assert await asked.standing(GuildId(guild.id), id_of(scene, "Mia"), max_age_s=0) is None
    await app.chat.close()
    with pytest.raises(RightsUnknownError):
        await asked.standing(GuildId(guild.id), id_of(scene, "Mia"), max_age_s=0)


async def test_names_of_members_channels_and_roles_are_found(scene: Scene) -> None:
    app = await scene.start()
    guild, names = guild_of(scene), Directory(app.chat)
    here, alice, otto = GuildId(guild.id), id_of(scene, "Alice"), id_of(scene, "Otto")
    nobody = UserId(12345)
    found = await names.members(here, [alice, otto, nobody])
    assert found == {alice: "Alice", otto: "Otto"}  # Otto is no member, but a known user
    guild.members[scene.discord.person("Alice").id].nick = "Lady Alice"
    assert (await names.members(here, [alice]))[alice] == "Alice"
    assert await names.search(here, "lady") == {alice: "Lady Alice"}
    assert (await names.members(here, [alice]))[alice] == "Lady Alice"
    channels = await names.channels(here)
    adult = ChannelId(scene.discord.channel("adult").id)
    assert channels[adult] == ("adult", True)
    assert channels[ChannelId(scene.gallery.id)] == ("gallery", False)
    assert "Moderators" in (await names.roles(here)).values()


async def test_without_discord_names_are_left_out_in_good_time(scene: Scene) -> None:
    app = await scene.start()
    here, names = GuildId(guild_of(scene).id), Directory(app.chat)
    await app.chat.close()
    assert await names.members(here, [UserId(1), UserId(2)]) == {}
    assert await names.search(here, "a") == {}
    assert await names.channels(here) == {}
    assert await names.roles(here) == {}


async def test_the_bot_stops_at_once_although_somebody_watches_the_queue(scene: Scene) -> None:
    await scene.start()
    mia = scene.discord.person("Mia")
    sent = await mia.command(scene.gallery, "usage dashboard")
    found = re.search(r"http://127\.0\.0\.1:\d+/[\w/-]+", str(await sent.response(PATIENCE_S)))
    assert found is not None
    async with aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True)) as client:
        async with client.post(found[0]) as page:
            assert page.status == 200
            root = str(page.url)
        async with client.get(f"{root}/live") as stream:
            assert stream.status == 200
            await stream.content.readline()
            begun = asyncio.get_running_loop().time()
            await scene.stop()
            assert asyncio.get_running_loop().time() - begun < 8.0
