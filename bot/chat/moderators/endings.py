"""Until when, as moderators type it, with suggestions while they type."""

from typing import Final

from discord.app_commands import Choice

from bot.chat.ports import ServerSettings
from bot.chat.translate import Texts
from bot.domain.clock import Clock
from bot.domain.ids import GuildId, Millis
from bot.domain.periods import to_datetime, zone_of
from bot.domain.until import parse_until
from bot.errors import UntilError

UNTIL_LIMIT: Final = 40
_FOREVER: Final = frozenset({"", "-", "forever", "permanent", "無期限"})


class Endings:
    """Dates are those of the server's time zone."""

    def __init__(self, settings: ServerSettings, clock: Clock) -> None:
        self._settings = settings
        self._clock = clock

    async def read(self, guild_id: GuildId, text: str | None) -> Millis | None:
        """The moment; None for no end.

        Raises:
            UntilError: it is neither a length of time nor a date, or it is over.
        """
        if text is None or text.strip().casefold() in _FOREVER:
            return None
        settings = await self._settings.read(guild_id)
        end = parse_until(text, self._clock(), zone_of(settings.time_zone))
        if end is None:
            raise UntilError(text=text)
        return end

    async def suggest(self, guild_id: GuildId, typed: str, texts: Texts) -> list[Choice[str]]:
        """The usual lengths, or what was typed with the moment that it means."""
        usual = {
            "1h": texts.gettext("1 hour"),
            "1d": texts.gettext("1 day"),
            "3d": texts.gettext("3 days"),
            "1w": texts.gettext("1 week"),
            "30d": texts.gettext("30 days"),
            "-": texts.gettext("until it is lifted"),
        }
        wanted = typed.strip().casefold()
        found = [
            Choice(name=name, value=value)
            for value, name in usual.items()
            if wanted in name.casefold() or wanted == value
        ]
        zone = zone_of((await self._settings.read(guild_id)).time_zone)
        end = parse_until(typed, self._clock(), zone)
        if end is not None and wanted not in usual:
            shown = to_datetime(end, zone).strftime("%Y-%m-%d %H:%M")
            typed_out = texts.gettext("{typed}: until {moment}", typed=typed.strip(), moment=shown)
            found.insert(0, Choice(name=typed_out[:100], value=typed.strip()[:UNTIL_LIMIT]))
        return found
