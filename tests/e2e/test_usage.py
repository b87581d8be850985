"""`/usage` as moderators use it, and as others try to."""

import csv
import io
import re
from typing import Any

import orjson
import pytest
from PIL import Image

from bot.domain.guild_settings import GuildSettings
from bot.domain.ids import GuildId, UserId
from bot.domain.money import Microcredits, format_credits
from bot.domain.usage_window import UsagePeriod
from bot.storage.moderators import audit_log, guilds
from sandbox.discord import Person
from sandbox.discord.model import Attachment, Json
from sandbox.ketchup import TaskFault
from tests.e2e.scene import PATIENCE_S, Scene, text_of

EVERY = ("usage overview", "usage member", "usage export", "usage dashboard")


def mia(scene: Scene) -> Person:
    return scene.discord.person("Mia")


def club(scene: Scene) -> GuildId:
    return GuildId(int(scene.discord.guild("Lighthouse Club").id))


def needed(scene: Scene, name: str) -> dict[str, Any]:
    """The options that a command cannot do without."""
    known: dict[str, dict[str, Any]] = {
        "usage member": {"member": scene.alice},
        "usage export": {"what": "jobs"},
    }
    return known.get(name, {})


async def asked(scene: Scene, name: str, person: Person | None = None, **options: Any) -> Json:
    """The private answer to a command."""
    who = person or mia(scene)
    room = next(room for room in who.rooms() if room.guild_id is not None)
    sent = await who.command(room, name, **{**needed(scene, name), **options})
    answer = await sent.response(PATIENCE_S)
    assert answer["flags"] & 64
    return answer


def attached(scene: Scene, message: Json) -> list[Attachment]:
    return list(scene.gallery.stored(message).attachments)


async def made(scene: Scene, count: int) -> None:
    for number in range(count):
        await scene.imagine(prompt=f"=picture {number}", private=number == 0)
        await scene.ended()


async def log(scene: Scene) -> list[audit_log.Entry]:
    assert scene.app is not None
    async with scene.app.database.read() as reader:
        return await audit_log.latest(reader, club(scene), 10)


@pytest.mark.parametrize("name", EVERY)
async def test_members_are_refused_whatever_they_send(scene: Scene, name: str) -> None:
    await scene.start()
    with pytest.raises(LookupError):
        await scene.alice.command(scene.gallery, name, **needed(scene, name))
    sent = await scene.alice.command(scene.gallery, name, offered_only=False, **needed(scene, name))
    answer = await sent.response(PATIENCE_S)
    assert answer["flags"] & 64
    assert "moderator" in text_of(answer).lower()
    assert attached(scene, answer) == []
    assert await log(scene) == []


async def test_a_right_that_was_lost_counts_at_once(scene: Scene) -> None:
    await scene.start()
    assert "Lighthouse Club" in text_of(await asked(scene, "usage overview"))
    scene.discord.guild("Lighthouse Club").members[mia(scene).id].roles.clear()
    sent = await mia(scene).command(scene.gallery, "usage overview", offered_only=False)
    assert "Lighthouse Club" not in text_of(await sent.response(PATIENCE_S))


async def test_the_role_that_was_chosen_in_setup_is_enough(scene: Scene) -> None:
    app = await scene.start()
    guild = scene.discord.guild("Lighthouse Club")
    role = max(guild.roles)
    async with app.database.write() as tx:
        chosen = GuildSettings(moderator_role=int(role))
        await guilds.choose(tx, club(scene), chosen, scene.clock())
    guild.members[scene.alice.id].roles.append(role)
    guild.roles[role].permissions = 0
    sent = await scene.alice.command(scene.gallery, "usage overview", offered_only=False)
    assert "Lighthouse Club" in text_of(await sent.response(PATIENCE_S))


async def test_an_empty_server_is_told_how_to_begin(scene: Scene) -> None:
    await scene.start()
    answer = await asked(scene, "usage overview")
    assert "No pictures yet this week. Invite members with </imagine:" in text_of(answer)
    assert "This month: 0 of 100 credits" in text_of(answer)
    assert attached(scene, answer) == []


@pytest.mark.parametrize("period", ["today", "7d", "30d", "90d", "month"])
async def test_the_overview_shows_figures_and_a_chart(scene: Scene, period: str) -> None:
    await scene.start()
    await made(scene, 2)
    answer = await asked(scene, "usage overview", period=period)
    text = text_of(answer)
    for words in ("**2** pictures", "**1** member", "**1** credits", "**0 %** failed"):
        assert words in text
    assert "This month: 1 of 100 credits" in text
    assert f"<@{scene.alice.id}> · 2 pictures · 1 credit" in text
    assert "Nano Banana · 2 pictures · 1 credit" in text
    assert "Now: 0 painting, 0 in line" in text
    (chart,) = attached(scene, answer)
    with Image.open(io.BytesIO(chart.data)) as picture:
        assert picture.size == (1200, 630)
    assert "2 pictures · 1 credit" in str(answer["components"])  # what is read aloud
    assert not scene.alice.sees(answer)


async def test_failures_are_named_and_cost_nothing(scene: Scene) -> None:
    await scene.start()
    scene.ketchup.faults.task(TaskFault.DECLINED)
    await scene.imagine()
    await scene.ended()
    text = text_of(await asked(scene, "usage overview", period="today"))
    assert "1 · declined by the image service" in text
    assert "**100 %** failed" in text
    assert "**0** credits" in text


async def test_japanese_moderators_read_japanese(scene: Scene) -> None:
    await scene.start()
    taro = scene.discord.person("太郎")
    room = next(room for room in taro.rooms() if room.guild_id is not None)
    await scene.imagine(person=scene.discord.person("花子"), room=room)
    await scene.ended()
    text = text_of(await asked(scene, "usage overview", taro, period="30d"))
    for words in (
        "灯台クラブ",
        "過去30日間",
        "画像 **1**・メンバー **1**・クレジット **0.5**",
        "今月:0.5／100クレジット",
    ):
        assert words in text


async def test_other_servers_are_out_of_reach(scene: Scene) -> None:
    await scene.start()
    await made(scene, 2)
    taro = scene.discord.person("太郎")
    overview = text_of(await asked(scene, "usage overview", taro, period="90d"))
    assert "今月:0／" in overview
    assert str(scene.alice.id) not in overview
    member = text_of(await asked(scene, "usage member", taro, period="90d"))
    assert "picture 1" not in member
    assert "画像 **0**" in member
    answer = await asked(scene, "usage export", taro, period="90d")
    (file,) = attached(scene, answer)
    assert len(file.data.decode().splitlines()) == 1


async def test_a_member_is_shown_with_jobs_but_without_private_prompts(scene: Scene) -> None:
    app = await scene.start()
    await made(scene, 2)
    await app.use.wallets.grant(
        club(scene),
        UserId(int(scene.alice.id)),
        Microcredits(5_000_000),
        by=UserId(int(mia(scene).id)),
        key="k",
        reason="a prize",
    )
    text = text_of(await asked(scene, "usage member"))
    assert "**2** pictures" in text
    assert "=picture 1" in text
    assert "=picture 0" not in text
    assert f"discord.com/channels/{club(scene)}/{scene.gallery.id}/" in text
    assert "+5 · a prize" in text


async def test_an_export_holds_what_the_database_holds_and_no_formulas(scene: Scene) -> None:
    await scene.start()
    await made(scene, 2)
    answer = await asked(scene, "usage export", what="jobs", period="today")
    assert "2 rows." in text_of(answer)
    (file,) = attached(scene, answer)
    assert re.fullmatch(r"ketchup-jobs-today-\d{4}-\d\d-\d\d\.csv", file.filename)
    assert file.data.startswith(b"\xef\xbb\xbf")
    rows = list(csv.DictReader(io.StringIO(file.data.decode("utf-8-sig"))))
    jobs = sorted(await scene.all_jobs(), key=lambda job: job.id)
    assert [row["id"] for row in rows] == [job.id for job in jobs]
    assert [row["credits"] for row in rows] == ["0.5", "0.5"]
    assert [row["prompt"] for row in rows] == ["", "'=picture 1"]
    assert [entry.action for entry in await log(scene)] == ["usage_export"]


async def test_the_ledger_as_json_adds_up_to_zero(scene: Scene) -> None:
    app = await scene.start()
    await made(scene, 1)
    answer = await asked(scene, "usage export", what="ledger", format="json", period="month")
    (file,) = attached(scene, answer)
    lines = orjson.loads(file.data)
    micro = [round(float(line["credits"]) * 1_000_000) for line in lines]
    assert sum(micro) == 0
    spent = sum(m for m, line in zip(micro, lines, strict=True) if line["account"] == "spent")
    figures = (await app.use.usage.overview(club(scene), UsagePeriod.MONTH)).figures
    assert format_credits(spent) == format_credits(figures.charged) == "0.5"


async def test_the_dashboards_link_is_given_where_it_is_on(scene: Scene) -> None:
    await scene.start()
    first, second = [text_of(await asked(scene, "usage dashboard")) for _ in range(2)]
    assert re.search(rf"\(http://127\.0\.0\.1:{scene.web_port}/dashboard/sign-in/[\w-]+\)", first)
    assert first != second


async def test_without_a_public_address_the_dashboard_is_off_in_words(scene: Scene) -> None:
    await scene.start(callbacks=False)
    text = text_of(await asked(scene, "usage dashboard"))
    assert "The dashboard isn't switched on." in text
