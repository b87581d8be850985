"""The dashboard on a real port over a real database; only Discord is played by the test."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Collection, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any
from unittest.mock import create_autospec

import aiohttp
from yarl import URL

from bot.chat.translate import Catalogues
from bot.domain.catalogue import Catalogue
from bot.domain.ids import ChannelId, GuildId, UserId
from bot.service.dashboard.access import Access, RightsUnknownError, Standing
from bot.service.dashboard.browsing import Browsing
from bot.service.dashboard.oversight import Oversight
from bot.service.dashboard.queue import Queue
from bot.service.dashboard.signing_in import SIGN_IN_PATH, SigningIn
from bot.service.dashboard.tokens import Tokens
from bot.service.dashboard.viewing import Seen, Viewing
from bot.service.figures.exporting import Exporting
from bot.service.money.bookkeeping import Bookkeeping
from bot.web.application import WebDeps, make_app
from bot.web.dashboard.app import DashboardDeps
from bot.web.server import WebServer
from tests.builders import GUILD, World
from tests.integration.web.serving import NotingObserver, NotingSink, signer_of

MIA = UserId(3)
OTHER_GUILD = GuildId(600)
PICTURE = b"RIFF....WEBP"


def moderator(**overrides: Any) -> Standing:
    """Mia, who may manage messages in the Lighthouse Club."""
    known: dict[str, Any] = {
        "guild_name": "Lighthouse Club", "member_name": "Mia", "manage_server": False,
        "manage_messages": True, "roles": frozenset({GUILD}),
    }  # fmt: skip
    return Standing(**{**known, **overrides})


@dataclass
class PlayedDiscord:
    """Who is what where, as the test says."""

    standings: dict[tuple[GuildId, UserId], Standing] = field(default_factory=dict)
    names: dict[UserId, str] = field(default_factory=dict)
    places: dict[ChannelId, tuple[str, bool]] = field(default_factory=dict)
    silent: bool = False
    asked: int = 0

    async def standing(
        self, guild_id: GuildId, user_id: UserId, *, max_age_s: float
    ) -> Standing | None:
        self.asked += 1
        if self.silent:
            raise RightsUnknownError("no answer")
        return self.standings.get((guild_id, user_id))

    async def members(
        self, guild_id: GuildId, user_ids: Collection[UserId]
    ) -> Mapping[UserId, str]:
        return {user_id: self.names[user_id] for user_id in user_ids if user_id in self.names}

    async def search(self, guild_id: GuildId, beginning: str) -> Mapping[UserId, str]:
        wanted = beginning.casefold()
        return {id_: name for id_, name in self.names.items() if name.casefold().startswith(wanted)}

    async def channels(self, guild_id: GuildId) -> Mapping[ChannelId, tuple[str, bool]]:
        return self.places

    async def roles(self, guild_id: GuildId) -> Mapping[int, str]:
        return {}


@dataclass
class Desk:
    """A browser without a screen, and what stands behind the server."""

    world: World
    discord: PlayedDiscord
    server: WebServer
    client: aiohttp.ClientSession
    signing_in: SigningIn
    browsing: Browsing
    public_url: str

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server.port}"

    async def link(self, guild: GuildId = GUILD, user: UserId = MIA, locale: str = "en-US") -> str:
        """The path of a fresh link."""
        made = await self.signing_in.link(guild, user, locale)
        assert made is not None
        return made.removeprefix(self.public_url)

    async def get(self, path: str, **options: Any) -> tuple[int, str]:
        async with self.client.get(f"{self.url}{path}", **options) as answer:
            return answer.status, await answer.text()

    async def post(self, path: str, **fields: str) -> tuple[int, str]:
        async with self.client.post(f"{self.url}{path}", data=fields) as answer:
            return answer.status, await answer.text()

    async def sign_in(self, guild: GuildId = GUILD, user: UserId = MIA, **more: str) -> str:
        """Follow a link and press its button; the page that it leads to."""
        status, page = await self.post(await self.link(guild, user, **more))
        assert status == 200, page
        return page

    async def csrf(self) -> str:
        """The secret word of the session's forms, as it stands in a page."""
        _, page = await self.get(f"/dashboard/{GUILD}")
        return csrf_in(page)

    @property
    def cookie(self) -> str | None:
        """What the browser holds."""
        for cookie in self.client.cookie_jar:
            if cookie.key.endswith("ketchup-session"):
                return cookie.value
        return None

    def forget_cookie(self, value: str | None = None) -> None:
        """Another browser, or one that holds this cookie."""
        self.client.cookie_jar.clear()
        if value is not None:
            at = URL(f"{self.url}/dashboard/")
            self.client.cookie_jar.update_cookies({"ketchup-session": value}, at)


def csrf_in(page: str) -> str:
    found = re.search(r'name="csrf" value="([^"]+)"', page)
    assert found is not None
    return found[1]


@asynccontextmanager
async def opened_desk(
    world: World, public_url: str = "http://dashboard.example"
) -> AsyncIterator[Desk]:
    """The dashboard of a world, with Mia as a moderator of its server."""
    discord = PlayedDiscord(
        {(GUILD, MIA): moderator()}, {MIA: "Mia", UserId(1): "Alice", UserId(2): "Bob"}
    )
    database, clock, tokens = world.database, world.clock, Tokens(["a secret"])
    signing_in = SigningIn(database, clock, tokens, public_url)
    browsing = Browsing(database, clock, tokens)
    oversight = Oversight(database, clock)
    viewing = create_autospec(Viewing, instance=True)
    viewing.small.return_value = Seen(PICTURE, "image/webp")
    viewing.whole.return_value = Seen(PICTURE, "image/png")
    deps = DashboardDeps(
        public_url=public_url,
        signing_in=signing_in,
        browsing=browsing,
        access=Access(database, discord, world.use.server_settings),
        settings=world.use.server_settings,
        languages=Catalogues(lambda name: f"/{name}"),
        directory=discord,
        oversight=oversight,
        auditing=world.use.audit_log,
        queue=Queue(database, clock),
        viewing=viewing,
        reports=oversight,
        catalogue=Catalogue(),
        clock=clock,
        usage=world.use.usage,
        bookkeeping=Bookkeeping(database, world.policy, clock),
        wallets=world.use.wallets,
        moderating=world.use.moderating,
        casework=world.use.casework,
        exporting=Exporting(database, world.policy, clock),
    )

    async def ready() -> Mapping[str, bool]:
        return {}

    app = make_app(
        WebDeps(signer_of("a secret"), NotingSink(), NotingObserver(), ready, bytes, deps)
    )
    async with (
        WebServer(app, host="127.0.0.1", port=0) as server,
        aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True)) as client,
    ):
        yield Desk(world, discord, server, client, signing_in, browsing, public_url)


def secret_of(path: str) -> str:
    return path.removeprefix(f"{SIGN_IN_PATH}/")
