"""The server's settings: shown to every moderator, changed with Manage Server."""

import hashlib
from collections.abc import Callable, Mapping
from typing import Any, Final

from aiohttp import web

from bot.domain.guild_settings import MOST, AgeRule, GuildSettings
from bot.domain.money import format_credits, parse_credits
from bot.domain.periods import Refill
from bot.errors import AmountError, SettingsChangedError, WholeNumberError
from bot.service.moderators.server_settings import ServerSettings
from bot.web.dashboard.frame import Frame, root_of, see
from bot.web.dashboard.ports import Directory
from bot.web.dashboard.visits import Door, Form, field

LANGUAGES: Final = {"en": "English", "ja": "日本語"}
MENTION_AFTER: Final = (0, 60, 120, 300, 600)
VANISH_AFTER: Final = (0, 60, 600, 3_600, 86_400)
_NONE: Final = ""


class SettingsPages:
    """What can be chosen in a simple form; lists are chosen in ``/setup``."""

    def __init__(
        self, door: Door, frame: Frame, settings: ServerSettings, directory: Directory
    ) -> None:
        self._door = door
        self._frame = frame
        self._settings = settings
        self._directory = directory

    async def show(self, request: web.Request) -> web.Response:
        """Everything that is chosen."""
        visit = await self._door.visit(request)
        return await self._frame.page(
            request, visit, "settings", visit.words.gettext("Settings"),
            seen=await self._settings.overview(visit.guild_id), chosen=visit.settings,
            version=version_of(visit.settings), key=visit.new_key(),
            channels=await self._directory.channels(visit.guild_id),
            roles=await self._directory.roles(visit.guild_id),
            languages=LANGUAGES, refills=tuple(Refill), age_rules=tuple(AgeRule),
            mention_after=MENTION_AFTER, vanish_after=VANISH_AFTER, amount=format_credits,
        )  # fmt: skip

    async def save(self, request: web.Request) -> web.Response:
        """Keep what the form says, if nobody has changed anything since it was opened."""
        visit, form = await self._door.act(request)
        if not visit.seat.manage_server:
            raise web.HTTPForbidden
        if field(form, "version") != version_of(visit.settings):
            raise SettingsChangedError
        changes = {
            name: value
            for name, value in _typed(form).items()
            if value != getattr(visit.settings, name)
        }
        if changes:
            await self._settings.change(
                visit.guild_id, visit.session.user_id, visit.key_of(form), **changes
            )
        return see(f"{root_of(visit)}/settings", done="saved")


def version_of(settings: GuildSettings) -> str:
    """Another text as soon as anything is changed."""
    return hashlib.sha256(settings.model_dump_json().encode()).hexdigest()[:16]


def _typed(form: Form) -> dict[str, Any]:
    """The values of the fields that the form has; nothing for those that it lacks."""
    return {name: read(field(form, name, 100)) for name, read in _FIELDS.items() if name in form}


def _credits(text: str) -> int:
    try:
        return parse_credits(text)
    except ValueError:
        raise AmountError(text=text) from None


def _whole(text: str) -> int:
    if not text.isascii() or not text.isdecimal() or not 1 <= len(text) <= 4:
        raise WholeNumberError(text=text, low=1, high=MOST)
    if not 1 <= int(text) <= MOST:
        raise WholeNumberError(text=text, low=1, high=MOST)
    return int(text)


def _id(text: str) -> int | None:
    if text == _NONE:
        return None
    if not text.isascii() or not text.isdecimal() or len(text) > 20:
        raise SettingsChangedError
    return int(text)


def _one_of(*offered: object) -> Callable[[str], Any]:
    known = {_NONE if one is None else str(one): one for one in offered}

    def read(text: str) -> object:
        if text not in known:
            raise SettingsChangedError
        return known[text]

    return read


def _or_none(read: Callable[[str], int]) -> Callable[[str], int | None]:
    return lambda text: None if text == _NONE else read(text)


_FIELDS: Final[Mapping[str, Callable[[str], Any]]] = {
    "language": _one_of(None, *LANGUAGES),
    "time_zone": str,
    "log_channel": _id,
    "showcase_channel": _id,
    "moderator_role": _id,
    "age_rule": _one_of(*AgeRule),
    "allowance": _credits,
    "refill": _one_of(*Refill),
    "cap": _or_none(_credits),
    "running_in_server": _or_none(_whole),
    "running_per_member": _whole,
    "waiting_per_member": _whole,
    "mention_after_s": _one_of(None, *MENTION_AFTER),
    "failed_cards_vanish_after_s": _one_of(None, *VANISH_AFTER),
}
