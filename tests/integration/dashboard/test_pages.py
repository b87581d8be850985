"""Each page shows what is in the database, to those who may see it."""

import asyncio
import csv
import io
import re

import orjson
import pytest

from bot.domain.ids import ChannelId, UserId
from bot.domain.money import CREDIT, Microcredits
from bot.domain.reports import CaseAction
from bot.domain.stages import JobStage
from bot.service.dashboard import oversight
from bot.service.delivery.cards import Card
from tests.builders import ALICE, BOB, GUILD, make_failure, make_place
from tests.integration.dashboard.desk import MIA, OTHER_GUILD, PICTURE, Desk, csrf_in, moderator
from tests.integration.web.serving import PATIENCE_S
from tests.service.test_reports import act, report

ROOT = f"/dashboard/{GUILD}"


async def failed(desk: Desk, user: UserId = BOB, prompt: str = "a bad idea") -> Card:
    card = await desk.world.ask(user, prompt=prompt)
    for submission in await desk.world.submit():
        task = await desk.world.task(submission.task_id)
        await desk.world.report(submission.task_id, make_failure(task.provider_id or "ta1"))
    await desk.world.deliver()
    return card


async def private(desk: Desk) -> Card:
    return await desk.world.picture(ALICE, prompt="a secret garden", private=True)


def key_in(page: str) -> str:
    found = re.search(r'name="key" value="([^"]+)"', page)
    assert found is not None
    return found[1]


def rows_of(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


@pytest.fixture
async def signed_in(desk: Desk) -> Desk:
    await desk.sign_in()
    return desk


@pytest.fixture
async def managing(desk: Desk) -> Desk:
    """Mia may manage the server."""
    desk.discord.standings[GUILD, MIA] = moderator(manage_server=True)
    await desk.sign_in()
    return desk


PAGES = (
    "",
    "/members",
    "/jobs",
    "/credits",
    "/settings",
    "/audit",
    f"/members/{ALICE}",
)


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("locale", ["en-US", "ja"])
async def test_an_empty_server_has_every_page(desk: Desk, path: str, locale: str) -> None:
    await desk.sign_in(locale=locale)
    status, page = await desk.get(f"{ROOT}{path}")
    assert status == 200
    assert page.count("<h1") == 1
    if path in {"", "/members", "/jobs", "/credits"}:
        assert "/imagine" in page


@pytest.mark.parametrize("path", PAGES)
async def test_foreign_text_is_never_markup(signed_in: Desk, path: str) -> None:
    evil = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>"
    signed_in.discord.names[ALICE] = evil
    signed_in.discord.standings[GUILD, MIA] = moderator(guild_name=evil, member_name=evil)
    await signed_in.world.picture(ALICE, prompt=evil)
    await failed(signed_in, ALICE, evil)
    status, page = await signed_in.get(f"{ROOT}{path}")
    assert status == 200
    assert "<script>alert" not in page
    assert "<img src=x" not in page


async def test_the_overview_tells_what_the_ledger_says(signed_in: Desk) -> None:
    for user in (ALICE, ALICE, BOB):
        await signed_in.world.picture(user)
    await failed(signed_in)
    _, page = await signed_in.get(f"{ROOT}?period=today")
    tiles = re.findall(r'class="name">([^<]+)</span><span class="figure"[^>]*>([^<]+)<', page)
    assert tiles == [
        ("Pictures", "3"), ("Members", "2"), ("Credits", "1.5"), ("Failed", "25 %"),
        ("Running", "0"),
    ]  # fmt: skip
    assert "1.5 of 100 this month" in page
    assert "declined by the image service" in page
    assert page.index(">Alice<") < page.index(">Bob<")


@pytest.mark.parametrize(("locale", "said"), [("en-US", "given back: 0.5"), ("ja", "返却:0.5")])
async def test_what_was_given_back_is_said_where_there_is_any(
    desk: Desk, locale: str, said: str
) -> None:
    await desk.sign_in(locale=locale)
    card = await desk.world.picture(ALICE)
    pages = (f"{ROOT}?period=today", f"{ROOT}/members/{ALICE}?period=today")
    for path in pages:
        assert said.partition(":")[0] + ":" not in (await desk.get(path))[1]
    await report(desk.world, card.job_id, BOB)
    await act(desk.world, card.job_id, CaseAction.REFUND)
    for path in pages:
        assert (await desk.get(path))[1].count(said) == 1
    assert said not in (await desk.get(f"{ROOT}/members/{BOB}?period=today"))[1]


async def test_every_figure_of_the_overview_leads_to_its_rows(signed_in: Desk) -> None:
    await signed_in.world.picture(ALICE)
    await failed(signed_in)
    _, page = await signed_in.get(f"{ROOT}?period=30d")
    links = {link.replace("&amp;", "&") for link in re.findall(rf'href="({ROOT}[^"]*)"', page)}
    for link in links:
        status, shown = await signed_in.get(link)
        assert status == 200, link
        assert "fits these filters" not in shown or "running" in link, link
    assert f"{ROOT}/jobs?period=30d&state=failed" in links
    assert f"{ROOT}/credits?period=30d&kind=capture" in links
    assert f"{ROOT}/jobs?period=30d&reason=declined" in links


async def test_the_chart_is_an_image_that_may_do_nothing(signed_in: Desk) -> None:
    await signed_in.world.picture(ALICE)
    for path in (f"{ROOT}/chart.svg?period=7d", f"{ROOT}/members/{ALICE}/chart.svg"):
        async with signed_in.client.get(f"{signed_in.url}{path}") as answer:
            assert answer.content_type == "image/svg+xml"
            assert answer.headers["Content-Security-Policy"].startswith("default-src 'none'")
            assert (await answer.text()).startswith("<svg")


async def test_what_needs_a_moderator_is_said_only_when_there_is_something(
    signed_in: Desk,
) -> None:
    assert "Needs you" not in (await signed_in.get(ROOT))[1]
    await signed_in.world.use.server_settings.change(
        GUILD, MIA, "cap", cap=Microcredits(CREDIT // 2)
    )
    await signed_in.world.picture(ALICE)
    _, page = await signed_in.get(ROOT)
    assert "Needs you" in page
    assert "The monthly limit is reached" in page


async def test_jobs_are_filtered(signed_in: Desk) -> None:
    await signed_in.world.picture(ALICE, prompt="A Lighthouse 100%_sure")
    await failed(signed_in)
    await signed_in.world.ask(ALICE, prompt="still waiting")

    async def prompts(query: str) -> set[str]:
        _, page = await signed_in.get(f"{ROOT}/jobs?{query}")
        known = ("A Lighthouse", "a bad idea", "still waiting")
        return {prompt for prompt in known if f">{prompt}" in page}

    assert await prompts("") == {"A Lighthouse", "a bad idea", "still waiting"}
    assert await prompts("text=LIGHTHOUSE") == {"A Lighthouse"}
    assert await prompts("text=100%25_s") == {"A Lighthouse"}
    assert await prompts("text=%25") == {"A Lighthouse"}
    assert await prompts("state=failed") == {"a bad idea"}
    assert await prompts("state=queued") == {"still waiting"}
    assert await prompts("reason=declined") == {"a bad idea"}
    assert await prompts(f"member={BOB}") == {"a bad idea"}
    assert await prompts("model=google/gempix2") == {"A Lighthouse", "a bad idea", "still waiting"}
    assert await prompts("model=nothing") == set()
    assert await prompts("period=today&state=pictures") == {"A Lighthouse"}
    assert await prompts("day=2020-01-01") == set()
    assert await prompts("state=odd&reason=odd&member=odd&period=odd&day=odd&than=odd") != set()


@pytest.mark.parametrize(
    ("locale", "nothing", "searched", "further"),
    [
        ("en-US", "Nothing found so far.", "Searched back to ", "Search further back"),
        (
            "ja",
            "ここまでには見つかりませんでした。",
            "までさかのぼって探しました。",
            "さらに前を探す",
        ),
    ],
)
async def test_a_search_says_how_far_back_it_went(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, locale: str, nothing: str, searched: str,
    further: str,
) -> None:  # fmt: skip
    monkeypatch.setattr(oversight, "READ", 2)
    await desk.sign_in(locale=locale)
    for prompt in ("a lighthouse", "a bay", "a bay", "a harbour"):
        await desk.world.picture(ALICE, prompt=prompt)
        desk.world.clock.advance(60)

    async def page(path: str) -> tuple[str, str | None]:
        _, text = await desk.get(path)
        link = re.search(rf'href="([^"]+)" rel="next">{further}<', text)
        return text, link and link[1].replace("&amp;", "&")

    text, older = await page(f"{ROOT}/jobs?text=harbour")
    assert ">a harbour" in text
    assert searched in text
    text, older = await page(f"{ROOT}/jobs?text=light")
    assert nothing in text
    assert searched in text
    assert older is not None
    text, older = await page(older)
    assert ">a lighthouse" in text
    assert searched not in text
    assert older is None


async def test_jobs_go_on_on_another_page_without_gap_or_repetition(signed_in: Desk) -> None:
    for number in range(30):
        card = await signed_in.world.ask(UserId(100 + number), prompt=f"wish {number:02}")
        assert card.stage is JobStage.ACCEPTED
        if number % 3 == 0:
            signed_in.world.clock.advance(1)
    seen: list[str] = []
    path: str | None = f"{ROOT}/jobs"
    while path is not None:
        _, page = await signed_in.get(path)
        seen += re.findall(r">(wish \d\d)", page)
        following = re.search(r'href="([^"]+)" rel="next"', page)
        path = following[1].replace("&amp;", "&") if following else None
    assert len(seen) == 30
    assert seen == sorted(seen, reverse=True)


async def test_a_private_request_is_shown_only_after_it_is_written_down(signed_in: Desk) -> None:
    card = await private(signed_in)
    job = f"{ROOT}/jobs/{card.job_id}"
    for path in (f"{ROOT}/jobs", f"{ROOT}/jobs?text=garden", job, f"{ROOT}/members/{ALICE}"):
        _, page = await signed_in.get(path)
        assert "secret garden" not in page
        assert "/pictures/" not in page
    _, audit = await signed_in.get(f"{ROOT}/audit")
    assert "private picture looked at" not in audit.partition("<tbody>")[2]
    assert (await signed_in.post(f"{job}/show"))[0] == 403
    status, page = await signed_in.post(f"{job}/show", csrf=await signed_in.csrf())
    assert status == 200
    assert "secret garden" in page
    _, audit = await signed_in.get(f"{ROOT}/audit")
    assert "private picture looked at" in audit.partition("<tbody>")[2]
    picture = re.search(r'src="([^"]+/pictures/[^"]+)"', page)
    assert picture is not None
    assert (await signed_in.get(picture[1].replace("&amp;", "&")))[0] == 200
    assert (await signed_in.get(picture[1].partition("?")[0]))[0] == 404
    signed_in.forget_cookie()
    await signed_in.sign_in()
    assert (await signed_in.get(picture[1].replace("&amp;", "&")))[0] == 404


async def test_pictures_come_with_their_type_and_may_do_nothing(signed_in: Desk) -> None:
    await signed_in.world.picture(ALICE)
    _, page = await signed_in.get(f"{ROOT}/jobs")
    picture = re.search(r'src="([^"]+/pictures/[^"]+)"', page)
    assert picture is not None
    for query, kind in (("", "image/webp"), ("?size=full", "image/png")):
        async with signed_in.client.get(f"{signed_in.url}{picture[1]}{query}") as answer:
            assert await answer.read() == PICTURE
            assert answer.content_type == kind
            assert answer.headers["X-Content-Type-Options"] == "nosniff"
            assert "sandbox" in answer.headers["Content-Security-Policy"]
            assert answer.headers["Cache-Control"] == "no-store"
    for name in ("x", "0" * 26, "é" * 26):
        assert (await signed_in.get(f"{ROOT}/pictures/{name}"))[0] == 404


async def test_age_restricted_thumbnails_are_blurred(signed_in: Desk) -> None:
    await signed_in.world.picture(ALICE)
    assert "veiled" not in (await signed_in.get(f"{ROOT}/jobs"))[1]
    signed_in.discord.places[ChannelId(77)] = ("adult", True)
    _, page = await signed_in.get(f"{ROOT}/jobs")
    assert "frame veiled" in page
    job = re.search(rf'href="({ROOT}/jobs/\w{{26}})"', page)
    assert job is not None
    assert "Show the picture" in (await signed_in.get(job[1]))[1]


async def test_another_servers_rows_are_unreachable_by_any_id(signed_in: Desk) -> None:
    elsewhere = make_place(guild_id=OTHER_GUILD)
    card = await signed_in.world.picture(ALICE, place=elsewhere, prompt="elsewhere")
    signed_in.discord.standings[OTHER_GUILD, MIA] = moderator()
    _, page = await signed_in.get(f"/dashboard/{OTHER_GUILD}/jobs")
    picture = re.search(r"/pictures/(\w{26})", page)
    assert picture is not None
    del signed_in.discord.standings[OTHER_GUILD, MIA]
    for path in (f"jobs/{card.job_id}", f"pictures/{picture[1]}"):
        assert (await signed_in.get(f"/dashboard/{OTHER_GUILD}/{path}"))[0] == 404
        assert (await signed_in.get(f"{ROOT}/{path}"))[0] == 404
    word = await signed_in.csrf()
    assert (await signed_in.post(f"{ROOT}/jobs/{card.job_id}/show", csrf=word))[0] == 404
    for path in ("", "/jobs", "/credits", "/members", "/audit"):
        assert "elsewhere" not in (await signed_in.get(f"{ROOT}{path}?period=30d"))[1]


async def test_members_are_sorted_and_searched(signed_in: Desk) -> None:
    for user in (ALICE, ALICE, BOB):
        await signed_in.world.picture(user)
    await failed(signed_in)
    _, page = await signed_in.get(f"{ROOT}/members")
    assert page.index(">Alice<") < page.index(">Bob<")
    _, page = await signed_in.get(f"{ROOT}/members?sort=failed")
    assert page.index(">Bob<") < page.index(">Alice<")
    for wanted in ("bo", "@Bob", str(BOB)):
        _, page = await signed_in.get(f"{ROOT}/members", params={"name": wanted})
        assert ">Bob<" in page
        assert ">Alice<" not in page
    _, page = await signed_in.get(f"{ROOT}/members?name=nobody")
    assert "Nobody of that name" in page


async def test_credits_are_granted_and_taken_back_once(managing: Desk) -> None:
    _, page = await managing.get(f"{ROOT}/credits")
    form = {"csrf": csrf_in(page), "key": key_in(page), "member": "Bob", "amount": "2.5"}
    for _ in range(2):
        status, page = await managing.post(f"{ROOT}/credits/grant", **form, reason="thanks")
        assert status == 200
        assert "Credits granted." in page
    assert await managing.world.balance(BOB) == "12.5"
    form |= {"key": "another", "amount": "1", "member": str(BOB)}
    status, page = await managing.post(f"{ROOT}/credits/revoke", **form)
    assert "Credits taken back." in page
    assert await managing.world.balance(BOB) == "11.5"
    _, page = await managing.get(f"{ROOT}/audit")
    assert "thanks" in page
    assert await managing.world.faults() == []


@pytest.mark.parametrize("amount", ["", "0", "-1", "1e3", "NaN", "9" * 12, "0.0000001"])
async def test_an_odd_amount_changes_nothing(managing: Desk, amount: str) -> None:
    _, page = await managing.get(f"{ROOT}/credits")
    status, page = await managing.post(
        f"{ROOT}/credits/grant", csrf=csrf_in(page), key="k", member=str(BOB), amount=amount
    )
    assert status == 422
    assert "That did not work" in page
    assert await managing.world.balance(BOB) == "10"


@pytest.mark.parametrize("member", ["", "Nobody", "A", "0"])
async def test_an_unclear_member_gets_nothing(managing: Desk, member: str) -> None:
    _, page = await managing.get(f"{ROOT}/credits")
    status, _ = await managing.post(
        f"{ROOT}/credits/grant", csrf=csrf_in(page), key="k", member=member, amount="1"
    )
    assert status == 422


async def test_without_manage_server_nothing_is_granted_or_set(signed_in: Desk) -> None:
    _, page = await signed_in.get(f"{ROOT}/credits")
    assert "Take back" not in page
    word = await signed_in.csrf()
    fields = {"csrf": word, "key": "k", "member": str(BOB), "amount": "1"}
    assert (await signed_in.post(f"{ROOT}/credits/grant", **fields))[0] == 403
    assert (await signed_in.post(f"{ROOT}/credits/revoke", **fields))[0] == 403
    assert (await signed_in.post(f"{ROOT}/settings", csrf=word, key="k"))[0] == 403
    assert await signed_in.world.balance(BOB) == "10"


async def test_movements_are_filtered_and_equal_the_ledger(managing: Desk) -> None:
    await managing.world.picture(ALICE)
    await managing.world.picture(BOB)
    await managing.world.use.wallets.grant(
        GUILD, BOB, Microcredits(3 * CREDIT), by=MIA, key="g", reason="=1+1"
    )
    _, text = await managing.get(f"{ROOT}/credits.csv")
    rows = rows_of(text)
    spent = {row["user_id"]: row["credits"] for row in rows if row["kind"] == "capture"}
    assert spent == {str(ALICE): "-0.5", str(BOB): "-0.5"}
    (grant,) = [row for row in rows if row["kind"] == "grant"]
    assert (grant["credits"], grant["note"]) == ("3", "'=1+1")
    refills = [row["credits"] for row in rows if row["kind"] == "refill"]
    assert refills == ["10", "10"]
    _, text = await managing.get(f"{ROOT}/credits.csv?kind=capture&member={ALICE}")
    assert [row["user_id"] for row in rows_of(text)] == [str(ALICE)]
    _, page = await managing.get(f"{ROOT}/credits?kind=grant")
    assert "+3" in page
    assert "-0.5" not in page


async def test_the_export_of_jobs_equals_the_database(signed_in: Desk) -> None:
    cards = [await signed_in.world.picture(ALICE), await failed(signed_in)]
    await private(signed_in)
    async with signed_in.client.get(f"{signed_in.url}{ROOT}/jobs.csv?period=30d") as answer:
        assert "attachment" in answer.headers["Content-Disposition"]
        rows = rows_of(await answer.text())
    assert {row["id"] for row in rows} >= {card.job_id for card in cards}
    assert {row["id"]: row["credits"] for row in rows}[cards[0].job_id] == "0.5"
    assert len(rows) == 3
    assert "secret garden" not in str(rows)
    _, audit = await signed_in.get(f"{ROOT}/audit")
    assert "exported data" in audit


async def test_the_audit_log_is_filtered_and_exported(managing: Desk) -> None:
    await managing.world.use.wallets.grant(GUILD, BOB, Microcredits(CREDIT), by=MIA, key="g")
    await managing.world.use.server_settings.change(GUILD, MIA, "s", time_zone="Asia/Tokyo")
    _, page = await managing.get(f"{ROOT}/audit?action=credits_grant")
    body = page.partition("<tbody>")[2]
    assert "credits granted" in body
    assert "settings changed" not in body
    _, page = await managing.get(f"{ROOT}/audit?target={BOB}&actor={MIA}&period=today")
    assert "credits granted" in page.partition("<tbody>")[2]
    _, page = await managing.get(f"{ROOT}/audit?actor={BOB}")
    assert "No action fits" in page
    _, text = await managing.get(f"{ROOT}/audit.csv")
    actions = [row["action"] for row in rows_of(text)]
    assert actions == ["settings", "credits_grant", "dashboard_sign_in"]
    assert {row["actor_id"] for row in rows_of(text)} == {str(MIA)}


async def test_a_member_is_blocked_and_unblocked(signed_in: Desk) -> None:
    _, page = await signed_in.get(f"{ROOT}/members/{BOB}")
    word = csrf_in(page)
    status, page = await signed_in.post(
        f"{ROOT}/members/{BOB}/block", csrf=word, key="b1", days="7", reason="spam"
    )
    assert status == 200
    assert "Blocked until" in page
    assert "spam" in page
    block = await signed_in.world.use.moderating.block_of(GUILD, BOB)
    assert block is not None
    assert block.until == signed_in.world.clock.now + 7 * 86_400_000
    _, page = await signed_in.post(f"{ROOT}/members/{BOB}/unblock", csrf=word, key="b2")
    assert "The block is lifted." in page
    assert await signed_in.world.use.moderating.block_of(GUILD, BOB) is None
    assert (await signed_in.post(f"{ROOT}/members/{BOB}/block", csrf="", key="b3"))[0] == 403


def settings_form(page: str) -> dict[str, str]:
    """What a browser sends of the settings page as it is."""
    form = page[page.index('class="sheet"') :]
    fields = dict(re.findall(r'<input[^>]*name="(\w+)"[^>]*value="([^"]*)"', form))
    fields |= {"csrf": csrf_in(page), "key": key_in(form)}
    for name, options in re.findall(r'<select name="(\w+)">(.*?)</select>', form, re.DOTALL):
        chosen = re.search(r'value="([^"]*)" selected', options)
        fields[name] = chosen[1] if chosen else ""
    return fields


async def test_settings_are_changed_by_the_form(managing: Desk) -> None:
    _, page = await managing.get(f"{ROOT}/settings")
    form = settings_form(page) | {
        "allowance": "7.5", "refill": "month", "cap": "50", "language": "ja",
        "mention_after_s": "", "running_per_member": "3", "time_zone": "asia/tokyo",
    }  # fmt: skip
    status, page = await managing.post(f"{ROOT}/settings", **form)
    assert status == 200, page
    assert "Saved." in page
    kept = await managing.world.use.server_settings.read(GUILD)
    assert (kept.allowance, kept.cap) == (7_500_000, 50 * CREDIT)
    assert (kept.language, kept.time_zone, kept.mention_after_s) == ("ja", "Asia/Tokyo", None)
    assert kept.running_per_member == 3
    assert kept.waiting_per_member == 10


async def test_a_form_sent_as_it_is_changes_nothing(managing: Desk) -> None:
    before = await managing.world.use.server_settings.read(GUILD)
    _, page = await managing.get(f"{ROOT}/settings")
    status, _ = await managing.post(f"{ROOT}/settings", **settings_form(page))
    assert status == 200
    assert await managing.world.use.server_settings.read(GUILD) == before
    _, text = await managing.get(f"{ROOT}/audit.csv?action=settings")
    assert rows_of(text) == []


@pytest.mark.parametrize(
    "odd",
    [
        {"cap": "101"}, {"allowance": "-1"}, {"time_zone": "Mars/Base"}, {"language": "xx"},
        {"running_per_member": "0"}, {"waiting_per_member": "many"}, {"refill": "never"},
        {"log_channel": "x"}, {"version": "older"},
    ],
)  # fmt: skip
async def test_what_cannot_be_kept_is_refused_whole(managing: Desk, odd: dict[str, str]) -> None:
    before = await managing.world.use.server_settings.read(GUILD)
    _, page = await managing.get(f"{ROOT}/settings")
    form = settings_form(page) | {"running_in_server": "5"} | odd
    status, page = await managing.post(f"{ROOT}/settings", **form)
    assert status == 422
    assert "\\" not in page
    assert await managing.world.use.server_settings.read(GUILD) == before


async def test_the_queue_is_sent_when_it_changes_and_ends_with_the_session(
    signed_in: Desk,
) -> None:
    word = await signed_in.csrf()
    async with (
        asyncio.timeout(PATIENCE_S),
        signed_in.client.get(f"{signed_in.url}{ROOT}/live") as stream,
    ):
        assert stream.content_type == "text/event-stream"

        async def event() -> tuple[str, dict[str, object]]:
            name = "message"
            while True:
                line = (await stream.content.readline()).decode().strip()
                if line.startswith("event: "):
                    name = line.removeprefix("event: ")
                if line.startswith("data: "):
                    return name, orjson.loads(line.removeprefix("data: "))

        assert await event() == ("message", {"running": "0", "waiting": "0 waiting", "rows": []})
        await signed_in.world.ask(ALICE)
        signed_in.world.clock.advance(2)
        _, shown = await event()
        assert "Alice" in str(shown["rows"])
        assert "1st in line" in str(shown["rows"])
        await signed_in.world.claim()
        signed_in.world.clock.advance(2)
        _, shown = await event()
        assert shown["running"] == "1"
        await signed_in.post("/dashboard/sign-out", csrf=word)
        assert (await event())[0] == "ended"
        assert await stream.content.read() == b"\n"


async def test_the_stream_ends_when_rights_are_lost(signed_in: Desk) -> None:
    async with (
        asyncio.timeout(PATIENCE_S + 20),
        signed_in.client.get(f"{signed_in.url}{ROOT}/live") as stream,
    ):
        await stream.content.readline()
        del signed_in.discord.standings[GUILD, MIA]
        assert b"event: ended" in await stream.content.read()


async def test_one_session_holds_few_streams(signed_in: Desk) -> None:
    opened = [await signed_in.client.get(f"{signed_in.url}{ROOT}/live") for _ in range(7)]
    assert [stream.status for stream in opened] == [200] * 6 + [429]
    for stream in opened:
        stream.close()
