"""Discord: the token, the application with its intents, the gateway, and rights in servers."""

from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import urlencode

from bot.cli.checking.finding import INSTALL_LINK, Finding, bad, good, note, off
from bot.settings import Settings
from bot.web.probe import NoReply, Probe, Reply

TOKEN: Final = "Discord token"  # noqa: S105 - a name
APPLICATION: Final = "application"
INTENTS: Final = "intents"
GATEWAY: Final = "gateway"
RIGHTS: Final = "rights"

PERMISSIONS: Final[Mapping[str, int]] = {
    "View Channels": 1 << 10,
    "Send Messages": 1 << 11,
    "Attach Files": 1 << 15,
    "Read Message History": 1 << 16,
    "Send Messages in Threads": 1 << 38,
}
"""What the bot uses, with Discord's bits (docs: Topics, Permissions)."""
_ADMINISTRATOR: Final = 1 << 3
_PRIVILEGED: Final[Mapping[str, int]] = {
    "Presence": 1 << 12 | 1 << 13,
    "Server Members": 1 << 14 | 1 << 15,
    "Message Content": 1 << 18 | 1 << 19,
}
"""Application flags that say which privileged intents are switched on."""
_PORTAL: Final = "https://discord.com/developers/applications"
_AUTHORIZE: Final = "https://discord.com/oauth2/authorize"
_GRANT: Final = "Server Settings, Roles: give it to the bot's role."
_ADD: Final = "Open the install link and add the bot."
_HELLO: Final = 10
_FEW_STARTS: Final = 20


async def check_discord(settings: Settings, probe: Probe) -> list[Finding]:
    """Everything about Discord; without a good token the rest is not tried."""
    discord = _Discord(settings, probe)
    token = await discord.token()
    if token.remedy:
        return [token, *(off(part, "not tried") for part in (APPLICATION, GATEWAY, RIGHTS))]
    about = await discord.application()
    return [token, *about, await discord.gateway(), *await discord.rights()]


class _Discord:
    """Questions to Discord's REST API, in the bot's name."""

    def __init__(self, settings: Settings, probe: Probe) -> None:
        self._api = settings.discord_api_url
        self._sync_guilds = settings.discord_sync_guilds
        self._probe = probe
        self._headers = {"Authorization": f"Bot {settings.discord_token.get_secret_value()}"}

    async def _get(self, path: str) -> Reply | NoReply:
        return await self._probe.get(f"{self._api}{path}", self._headers)

    def _unanswered(self, part: str, reply: Reply | NoReply) -> Finding:
        what = reply.cause if isinstance(reply, NoReply) else f"HTTP status {reply.status}"
        return bad(part, what, f"See that this machine reaches {self._api} (DISCORD_API_URL).")

    async def token(self) -> Finding:
        """Whose token it is."""
        reply = await self._get("/users/@me")
        if isinstance(reply, Reply) and reply.status == 401:
            remedy = f"{_PORTAL}: your application, Bot, Reset Token; set DISCORD_TOKEN."
            return bad(TOKEN, "Discord does not accept it", remedy)
        me = _object(reply)
        if me is None:
            return self._unanswered(TOKEN, reply)
        return good(TOKEN, f"it is {me.get('username')}'s")

    async def application(self) -> list[Finding]:
        """How the application is set up in the developer portal."""
        reply = await self._get("/applications/@me")
        app = _object(reply)
        if app is None:
            return [self._unanswered(APPLICATION, reply)]
        found = good(APPLICATION, f"{app.get('name')} ({app.get('id')})")
        if app.get("interactions_endpoint_url"):
            remedy = f"{_PORTAL}: General Information, empty Interactions Endpoint URL."
            found = bad(APPLICATION, "Discord sends commands to a web address instead", remedy)
        elif app.get("bot_require_code_grant"):
            remedy = f"{_PORTAL}: Bot, switch off Requires OAuth2 Code Grant."
            found = bad(APPLICATION, "servers cannot install it with a plain link", remedy)
        return [
            found,
            _intents(int(app.get("flags") or 0)),
            good(INSTALL_LINK, invite(str(app["id"]))),
        ]

    async def gateway(self) -> Finding:
        """Whether the address that Discord names says hello."""
        reply = await self._get("/gateway/bot")
        known = _object(reply)
        if known is None:
            return self._unanswered(GATEWAY, reply)
        url = str(known.get("url"))
        hello = await self._probe.hello(f"{url}?v=10&encoding=json")
        if (_object(hello) or {}).get("op") != _HELLO:
            cause = hello.cause if isinstance(hello, NoReply) else "no hello"
            return bad(GATEWAY, f"{url}: {cause}", "Let this machine open WebSockets to there.")
        left = (known.get("session_start_limit") or {}).get("remaining")
        if isinstance(left, int) and left < _FEW_STARTS:
            return note(GATEWAY, f"only {left} logins left today", "Do not restart it in a loop.")
        return good(GATEWAY, f"{url} says hello")

    async def rights(self) -> list[Finding]:
        """What the bot may do in each of its servers, as far as roles say."""
        reply = await self._get("/users/@me/guilds?limit=200")
        if not isinstance(reply, Reply) or reply.status != 200 or not isinstance(reply.body, list):
            return [note(RIGHTS, "the list of servers could not be read")]
        guilds = {str(guild["id"]): guild for guild in reply.body}
        found = [
            bad(RIGHTS, f"{guild.get('name')}: {missing} is missing", _GRANT)
            for guild in guilds.values()
            if (missing := missing_permissions(int(guild.get("permissions") or 0)))
        ]
        found += [
            bad(RIGHTS, f"not in server {wanted} of DISCORD_SYNC_GUILDS", _ADD)
            for wanted in self._sync_guilds
            if str(wanted) not in guilds
        ]
        if not guilds and not found:
            return [note(RIGHTS, "the bot is in no server yet", _ADD)]
        return found or [good(RIGHTS, f"enough in each of {len(guilds)} servers")]


def missing_permissions(granted: int) -> str:
    """The names of what the bot needs and does not have."""
    if granted & _ADMINISTRATOR:
        return ""
    return ", ".join(name for name, bit in PERMISSIONS.items() if not granted & bit)


def invite(application_id: str) -> str:
    """The link with which a server adds the bot, with the permissions that it uses."""
    wanted = {
        "client_id": application_id,
        "scope": "bot applications.commands",
        "permissions": sum(PERMISSIONS.values()),
    }
    return f"{_AUTHORIZE}?{urlencode(wanted)}"


def _intents(flags: int) -> Finding:
    spare = ", ".join(name for name, bits in _PRIVILEGED.items() if flags & bits)
    if spare:
        remedy = f"{_PORTAL}: Bot, Privileged Gateway Intents; they may be switched off."
        return note(INTENTS, f"more than the bot uses: {spare}", remedy)
    return good(INTENTS, "no privileged ones needed, none switched on")


def _object(reply: Reply | NoReply) -> dict[str, Any] | None:
    """The JSON object of a good answer."""
    good_answer = isinstance(reply, Reply) and reply.status in {101, 200}
    body = reply.body if good_answer and isinstance(reply, Reply) else None
    return body if isinstance(body, dict) else None
