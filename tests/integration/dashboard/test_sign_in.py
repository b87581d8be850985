"""Links, sessions, and everything that must not open one."""

import asyncio
import hashlib

import pytest
import sqlalchemy as sa
from aiohttp import ClientSession

from bot.domain.ids import UserId
from bot.service.dashboard.tokens import Tokens
from bot.storage import tables
from bot.storage.engine.database import Statement
from bot.web.dashboard.attempts import LIMIT
from tests.builders import ALICE, GUILD, World
from tests.integration.dashboard.desk import (
    MIA,
    OTHER_GUILD,
    Desk,
    moderator,
    opened_desk,
    secret_of,
)
from tests.integration.web.serving import served

ROOT = f"/dashboard/{GUILD}"


async def test_a_link_opens_a_page_and_its_button_the_server(desk: Desk) -> None:
    link = await desk.link()
    status, page = await desk.get(link)
    assert status == 200
    assert "Lighthouse Club" in page
    assert "signs in Mia" in page
    assert desk.cookie is None
    status, page = await desk.post(link)
    assert status == 200
    assert "Sign out" in page
    assert (await desk.get(ROOT))[0] == 200


async def test_a_preview_does_not_use_the_link_up(desk: Desk) -> None:
    link = await desk.link()
    for _ in range(3):
        assert (await desk.get(link))[0] == 200
        async with desk.client.head(f"{desk.url}{link}") as answer:
            assert answer.status == 200
    assert (await desk.post(link))[0] == 200


async def test_a_link_is_good_once(desk: Desk) -> None:
    link = await desk.link()
    await desk.post(link)
    desk.forget_cookie()
    status, page = await desk.post(link)
    assert status == 410
    assert "used before" in page
    assert desk.cookie is None
    assert (await desk.get(link))[0] == 410


async def test_of_two_clicks_at_once_one_opens_a_session(desk: Desk) -> None:
    link = await desk.link()

    async def click() -> int:
        async with (
            ClientSession() as other,
            other.post(f"{desk.url}{link}", allow_redirects=False) as answer,
        ):
            return answer.status

    assert sorted(await asyncio.gather(click(), click(), click())) == [303, 410, 410]


async def test_a_link_is_too_old_after_five_minutes(desk: Desk) -> None:
    link = await desk.link()
    desk.world.clock.advance(299)
    assert (await desk.get(link))[0] == 200
    desk.world.clock.advance(1)
    for status, page in (await desk.get(link), await desk.post(link)):
        assert status == 410
        assert "too old" in page
    assert desk.cookie is None


@pytest.mark.parametrize("secret", ["x", "A" * 27, "A" * 5_000, "%00%ff", "..%2f..", "あ"])
async def test_an_unknown_link_opens_nothing(desk: Desk, secret: str) -> None:
    path = f"/dashboard/sign-in/{secret}"
    assert (await desk.get(path))[0] == 404
    assert (await desk.post(path))[0] == 404
    assert desk.cookie is None


async def test_who_is_no_moderator_any_more_is_not_let_in_and_keeps_the_link(desk: Desk) -> None:
    link = await desk.link()
    standing = desk.discord.standings.pop((GUILD, MIA))
    status, page = await desk.post(link)
    assert status == 403
    assert "no moderator" in page
    assert desk.cookie is None
    desk.discord.standings[GUILD, MIA] = standing
    assert (await desk.post(link))[0] == 200


async def test_secrets_are_hashed_at_rest(desk: Desk) -> None:
    link = await desk.link()
    await desk.post(link)
    secret, token = secret_of(link), desk.cookie
    assert token is not None
    assert len(secret) == 27
    kept = []
    for table in (tables.sign_ins, tables.sessions):
        rows = await desk.world.all(Statement(sa.select(table.c.token_hash), str))
        kept += rows
    assert len(kept) == 2
    assert all(len(value) == 64 for value in kept)
    for plain in (secret, token):
        assert not {plain, hashlib.sha256(plain.encode()).hexdigest()} & set(kept)


async def test_every_link_and_session_has_a_secret_of_its_own(desk: Desk) -> None:
    links = {await desk.link() for _ in range(50)}
    assert len(links) == 50
    await desk.sign_in()
    first = desk.cookie
    await desk.sign_in()
    assert desk.cookie != first


async def test_signing_in_again_ends_the_session_before(desk: Desk) -> None:
    await desk.sign_in()
    before = desk.cookie
    await desk.sign_in()
    desk.forget_cookie(before)
    assert (await desk.get(ROOT))[0] == 401


async def test_a_planted_cookie_never_becomes_a_session(desk: Desk) -> None:
    desk.forget_cookie("planted-by-somebody-else")
    await desk.sign_in()
    assert desk.cookie != "planted-by-somebody-else"
    desk.forget_cookie("planted-by-somebody-else")
    assert (await desk.get(ROOT))[0] == 401


async def test_the_cookie_is_kept_from_scripts_and_other_sites(desk: Desk) -> None:
    async with desk.client.post(f"{desk.url}{await desk.link()}", allow_redirects=False) as answer:
        (header,) = answer.headers.getall("Set-Cookie")
    assert header.startswith("ketchup-session=")
    parts = {part.strip().lower() for part in header.split(";")[1:]}
    assert parts == {"httponly", "path=/dashboard", "samesite=strict"}


async def test_behind_tls_the_cookie_is_secure_and_says_so_in_its_name(sqlite_world: World) -> None:
    async with opened_desk(sqlite_world, "https://bot.example.org") as desk:
        link = await desk.link()
        async with desk.client.post(f"{desk.url}{link}", allow_redirects=False) as answer:
            (header,) = answer.headers.getall("Set-Cookie")
            assert answer.headers["Location"] == ROOT
    assert header.startswith("__Secure-ketchup-session=")
    parts = {part.strip().lower() for part in header.split(";")[1:]}
    assert parts == {"httponly", "path=/dashboard", "samesite=strict", "secure"}


async def test_a_cookie_is_worthless_after_signing_out(desk: Desk) -> None:
    await desk.sign_in()
    stolen = desk.cookie
    status, page = await desk.post("/dashboard/sign-out", csrf=await desk.csrf())
    assert status == 200
    assert "signed out" in page
    assert desk.cookie is None
    desk.forget_cookie(stolen)
    status, page = await desk.get(ROOT)
    assert status == 401
    assert "/usage dashboard" in page


async def test_signing_out_everywhere_ends_every_session_of_this_person_alone(desk: Desk) -> None:
    desk.discord.standings[GUILD, ALICE] = moderator(member_name="Alice")
    await desk.sign_in(user=ALICE)
    alices = desk.cookie
    desk.forget_cookie()
    await desk.sign_in()
    elsewhere = desk.cookie
    desk.forget_cookie()
    await desk.sign_in()
    await desk.post("/dashboard/sign-out", csrf=await desk.csrf(), everywhere="1")
    desk.forget_cookie(elsewhere)
    assert (await desk.get(ROOT))[0] == 401
    desk.forget_cookie(alices)
    assert (await desk.get(ROOT))[0] == 200


async def test_a_session_ends_after_an_idle_hour(desk: Desk) -> None:
    await desk.sign_in()
    for _ in range(3):
        desk.world.clock.advance(3_500)
        assert (await desk.get(ROOT))[0] == 200
    desk.world.clock.advance(3_601)
    assert (await desk.get(ROOT))[0] == 401


async def test_a_session_ends_after_twelve_hours_however_busy(desk: Desk) -> None:
    await desk.sign_in()
    for _ in range(23):
        desk.world.clock.advance(1_800)
        assert (await desk.get(ROOT))[0] == 200
    desk.world.clock.advance(1_800)
    assert (await desk.get(ROOT))[0] == 401


async def test_without_a_cookie_nothing_is_shown(desk: Desk) -> None:
    for path in ("/dashboard", ROOT, f"{ROOT}/jobs", f"{ROOT}/audit", f"{ROOT}/live"):
        status, page = await desk.get(path)
        assert status == 401
        assert "Lighthouse" not in page
    assert desk.discord.asked == 0


@pytest.mark.parametrize("word", ["", "wrong", "ü"])
async def test_a_form_without_the_sessions_word_changes_nothing(desk: Desk, word: str) -> None:
    await desk.sign_in()
    for path in ("/dashboard/sign-out", "/dashboard/language"):
        status, page = await desk.post(path, csrf=word, language="ja")
        assert status == 403
        assert "Nothing was changed" in page
    status, page = await desk.get(ROOT)
    assert status == 200
    assert 'lang="en"' in page


async def test_the_word_of_another_session_is_no_use(desk: Desk) -> None:
    await desk.sign_in()
    others = await desk.csrf()
    desk.forget_cookie()
    await desk.sign_in()
    assert (await desk.post("/dashboard/sign-out", csrf=others))[0] == 403


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
async def test_a_form_that_another_site_sends_is_refused(desk: Desk, site: str) -> None:
    await desk.sign_in()
    word = await desk.csrf()
    async with desk.client.post(
        f"{desk.url}/dashboard/sign-out", data={"csrf": word}, headers={"Sec-Fetch-Site": site}
    ) as answer:
        assert answer.status == 403
    assert (await desk.get(ROOT))[0] == 200


async def test_rights_lost_between_two_clicks_are_honoured(desk: Desk) -> None:
    await desk.sign_in()
    assert (await desk.get(f"{ROOT}/jobs"))[0] == 200
    desk.discord.standings[GUILD, MIA] = moderator(manage_messages=False)
    for path in (ROOT, f"{ROOT}/jobs", f"{ROOT}/audit", f"{ROOT}/audit.csv", f"{ROOT}/live"):
        assert (await desk.get(path))[0] == 404
    del desk.discord.standings[GUILD, MIA]
    assert (await desk.get(ROOT))[0] == 404


async def test_the_chosen_role_makes_a_moderator(desk: Desk) -> None:
    desk.discord.standings[GUILD, MIA] = moderator(manage_messages=False, roles=frozenset({77}))
    link = await desk.link()
    assert (await desk.post(link))[0] == 403
    await desk.world.use.server_settings.change(GUILD, MIA, "key", moderator_role=77)
    assert (await desk.post(link))[0] == 200


async def test_another_server_is_not_found_like_one_that_does_not_exist(desk: Desk) -> None:
    await desk.sign_in()
    await desk.world.use.servers.cap(OTHER_GUILD, None)
    answers = [
        await desk.get(f"/dashboard/{guild}") for guild in (OTHER_GUILD, 601, 2**70, "x", "0")
    ]
    assert {status for status, _ in answers} == {404}
    assert len({page for _, page in answers}) == 1


async def test_while_discord_is_silent_nobody_is_let_in(desk: Desk) -> None:
    await desk.sign_in()
    desk.discord.silent = True
    status, page = await desk.get(ROOT)
    assert status == 503
    assert "Discord does not answer" in page
    assert "Sign out" not in page


async def test_wrong_links_are_soon_too_many_but_good_ones_stay_good(desk: Desk) -> None:
    link = await desk.link()
    for _ in range(LIMIT):
        assert (await desk.get("/dashboard/sign-in/wrong"))[0] == 404
    async with desk.client.post(f"{desk.url}/dashboard/sign-in/wrong") as answer:
        assert answer.status == 429
        assert 0 < int(answer.headers["Retry-After"]) <= 60
    headers = {"X-Forwarded-For": "203.0.113.9", "Forwarded": "for=203.0.113.9"}
    assert (await desk.get("/dashboard/sign-in/wrong", headers=headers))[0] == 429
    assert (await desk.post(link))[0] == 200


async def test_links_come_from_the_settings_whatever_a_request_says(desk: Desk) -> None:
    made = await desk.signing_in.link(GUILD, MIA, "en-US")
    assert made is not None
    assert made.startswith("http://dashboard.example/dashboard/sign-in/")
    headers = {
        "Host": "evil.example", "X-Forwarded-Host": "evil.example", "X-Forwarded-Proto": "https",
        "Origin": "null",
    }  # fmt: skip
    path = made.removeprefix("http://dashboard.example")
    async with desk.client.post(
        f"{desk.url}{path}", headers=headers, allow_redirects=False
    ) as answer:
        assert answer.headers["Location"] == ROOT
        assert "evil" not in str(answer.headers)
        assert "Secure" not in answer.headers["Set-Cookie"]


@pytest.mark.parametrize(
    "back",
    [
        "//evil.example",
        "https://evil.example",
        "/dashboard//evil",
        "/dashboard\r\nX: y",
        "\\\\e",
        "",
    ],
)
async def test_a_form_leads_nowhere_else(desk: Desk, back: str) -> None:
    await desk.sign_in()
    word = await desk.csrf()
    async with desk.client.post(
        f"{desk.url}/dashboard/language",
        data={"csrf": word, "language": "ja", "back": back}, allow_redirects=False,
    ) as answer:  # fmt: skip
        assert (answer.status, answer.headers["Location"]) == (303, "/dashboard")
        assert "X" not in answer.headers


async def test_the_language_is_the_links_and_can_be_changed(desk: Desk) -> None:
    page = await desk.sign_in(locale="ja")
    assert '<html lang="ja">' in page
    assert "監査ログ" in page
    status, page = await desk.post(
        "/dashboard/language", csrf=await desk.csrf(), language="en", back=f"{ROOT}/audit"
    )
    assert status == 200
    assert '<html lang="en">' in page
    assert "<h1>Audit log</h1>" in page


async def test_somebody_signed_out_is_spoken_to_in_their_browsers_language(desk: Desk) -> None:
    for asked, language in (("ja,en;q=0.5", "ja"), ("fr, en", "en"), ("", "en"), ("x" * 999, "en")):
        _, page = await desk.get(ROOT, headers={"Accept-Language": asked})
        assert f'<html lang="{language}">' in page


@pytest.mark.parametrize("path", [ROOT, f"{ROOT}/jobs", "/dashboard/x/y/z", "/dashboard/sign-in/x"])
async def test_every_page_is_shielded(desk: Desk, path: str) -> None:
    await desk.sign_in()
    async with desk.client.get(f"{desk.url}{path}") as answer:
        headers = answer.headers
        policy = headers["Content-Security-Policy"]
        page = await answer.text()
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert "http" not in policy
    assert headers["Cache-Control"] == "no-store"
    assert headers["Referrer-Policy"] == "no-referrer"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Frame-Options"] == "DENY"
    assert "Server" not in headers
    assert " style=" not in page
    assert "<script>" not in page
    assert " on" + "click" not in page


async def test_signing_in_is_written_into_the_audit_log(desk: Desk) -> None:
    await desk.sign_in()
    _, page = await desk.get(f"{ROOT}/audit")
    assert "signed in to the dashboard" in page
    assert f"{ROOT}/members/{MIA}" in page


async def test_with_several_servers_one_chooses_and_sees_no_others(desk: Desk) -> None:
    desk.discord.standings[OTHER_GUILD, MIA] = moderator(guild_name="灯台クラブ")
    await desk.sign_in()
    await desk.sign_in(OTHER_GUILD)
    status, page = await desk.get("/dashboard")
    assert status == 200
    assert "Lighthouse Club" in page
    assert "灯台クラブ" in page
    desk.discord.standings.pop((OTHER_GUILD, MIA))
    status, page = await desk.get("/dashboard")
    assert "灯台クラブ" not in page
    assert "<h1>Overview</h1>" in page
    assert await desk.get("/dashboard/") == (status, page)


async def test_without_a_public_address_there_is_no_dashboard_and_no_link(
    sqlite_world: World,
) -> None:
    async with served() as site:
        for path in ("/dashboard", ROOT, "/dashboard/sign-in/x", "/dashboard/static/live.js"):
            async with site.client.get(f"{site.url}{path}") as answer:
                assert (answer.status, await answer.text()) == (404, "Not Found\n")
    from bot.service.dashboard.signing_in import SigningIn

    nowhere = SigningIn(sqlite_world.database, sqlite_world.clock, Tokens(["k"]), None)
    assert await nowhere.link(GUILD, UserId(1), "en-US") is None


async def test_static_files_are_kept_by_browsers_and_no_others_served(desk: Desk) -> None:
    _, page = await desk.get("/dashboard/sign-in/x")
    assert "/dashboard/static/dashboard.css?v=" in page
    async with desk.client.get(f"{desk.url}/dashboard/static/dashboard.css") as answer:
        assert answer.content_type == "text/css"
        assert "max-age" in answer.headers["Cache-Control"]
    for name in ("..%2fapp.py", "nothing.css"):
        assert (await desk.get(f"/dashboard/static/{name}"))[0] == 404
