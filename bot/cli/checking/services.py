"""The image API, and our own address on the internet."""

from typing import Final, assert_never
from urllib.parse import urlsplit

from bot.cli.checking.finding import Finding, bad, good, note, off
from bot.ketchup.client import open_client
from bot.ketchup.outcomes import KeyVerdict
from bot.settings import Settings
from bot.web.probe import NoReply, Probe

KEY: Final = "image API key"
ADDRESS: Final = "PUBLIC_URL"
_STRANGE_CALLBACK: Final = "/callbacks/check/check"
_NOBODY_BEHIND: Final = frozenset({502, 503, 504})


async def check_key(settings: Settings) -> list[Finding]:
    """Asks for a task that cannot exist: "not found" means that the key is good."""
    url = settings.ketchup_api_url
    async with open_client(url, settings.ketchup_api_key.get_secret_value()) as client:
        found = await client.check_key()
    match found.verdict:
        case KeyVerdict.GOOD:
            return [good(KEY, f"accepted by {url}")]
        case KeyVerdict.REFUSED:
            remedy = "Make a new key in your Ketchup API workspace and set KETCHUP_API_KEY."
            return [bad(KEY, f"refused: {found.detail}", remedy)]
        case KeyVerdict.UNREACHABLE:
            remedy = f"See that this machine reaches {url}, or set KETCHUP_API_URL."
            return [bad(KEY, f"no answer to trust: {found.detail}", remedy)]
        case _:
            assert_never(found.verdict)


async def check_address(settings: Settings, probe: Probe) -> list[Finding]:
    """Whether callbacks would arrive. Starts nothing: a running bot or its proxy answers."""
    url = settings.public_url
    if url is None:
        return [off(ADDRESS, "not set: the bot asks for each picture instead of being called")]
    behind = f"http://{settings.http_host}:{settings.http_port}"
    reply = await probe.get(f"{url}/healthz")
    if isinstance(reply, NoReply):
        remedy = f"Let {urlsplit(url).netloc} reach {behind}, start the bot, and check again."
        return [bad(ADDRESS, f"nobody answers: {reply.cause}", remedy)]
    if reply.location is not None:
        remedy = "Set PUBLIC_URL to the address that it redirects to: callbacks follow no redirect."
        return [bad(ADDRESS, f"redirects to {reply.location}", remedy)]
    if reply.status in _NOBODY_BEHIND:
        remedy = f"Start the bot and check again; the proxy must pass everything to {behind}."
        return [note(ADDRESS, f"a proxy answers {reply.status}: no bot behind it yet", remedy)]
    refused = await probe.get(f"{url}{_STRANGE_CALLBACK}")
    if reply.status != 200 or isinstance(refused, NoReply) or refused.status != 404:
        remedy = f"The proxy must pass /callbacks/… and /healthz unchanged to {behind}."
        return [bad(ADDRESS, f"something else than the bot answers ({reply.status})", remedy)]
    return [good(ADDRESS, f"the bot answers at {url}")]
