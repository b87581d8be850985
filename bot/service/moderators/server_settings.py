"""What a server's moderators have chosen, and changing it: each change is in the audit log."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from bot.domain.clock import Clock
from bot.domain.guild_settings import (
    MAX_STYLES,
    STYLE_NAME_LIMIT,
    STYLE_WORDS_LIMIT,
    GuildSettings,
)
from bot.domain.ids import GuildId, UserId
from bot.domain.money import Microcredits
from bot.domain.periods import known_zone, month_name, zone_of
from bot.domain.policy import Policy
from bot.domain.request import clean_prompt
from bot.errors import (
    CapTooHighError,
    StyleGoneError,
    StyleIncompleteError,
    StyleTakenError,
    TimeZoneError,
    TooManyStylesError,
)
from bot.service.money import funds
from bot.storage import Database
from bot.storage.moderators import audit_log, guilds
from bot.storage.work import events

ACTION = "settings"
"""How a change of settings is called in the audit log."""

_Edit = Callable[[GuildSettings, Microcredits], Mapping[str, object]]
"""The changed fields, from what stands there now and the operator's bound."""


@dataclass(frozen=True, slots=True)
class Overview:
    """A server's choices, and what bounds them. Amounts are micro-credits."""

    chosen: GuildSettings
    bound: Microcredits
    """What the operator lets the server spend a month; its own cap is never above it."""
    committed: Microcredits
    """What it has held and spent this month."""

    @property
    def cap(self) -> Microcredits:
        """What holds: the lower of the two."""
        chosen = self.chosen.cap
        return self.bound if chosen is None else Microcredits(min(chosen, self.bound))


@dataclass(frozen=True, slots=True)
class SettingsChange:
    """The settings before and after a change; the same twice where nothing was changed."""

    before: GuildSettings
    after: GuildSettings


class ServerSettings:
    """A server's settings. Each change is one transaction: it reads, checks and writes."""

    def __init__(self, database: Database, policy: Policy, clock: Clock) -> None:
        self._database = database
        self._policy = policy
        self._clock = clock

    async def read(self, guild_id: GuildId) -> GuildSettings:
        """The server's settings; the defaults where nobody has chosen anything."""
        async with self._database.read() as reader:
            return await funds.settings_of(reader, guild_id, self._policy)

    async def overview(self, guild_id: GuildId) -> Overview:
        """The settings with the operator's bound and this month's spending."""
        async with self._database.read() as reader:
            row = await guilds.read(reader, guild_id)
            chosen = row.chosen if row else GuildSettings()
            month = month_name(self._clock(), zone_of(chosen.time_zone))
            committed = await funds.committed_by(reader, guild_id, month)
        return Overview(chosen, self._bound(row), committed)

    async def change(
        self, guild_id: GuildId, by: UserId, key: str, **changes: object
    ) -> SettingsChange | None:
        """Set these fields of :class:`GuildSettings`; None if the key was handled before.

        Fields that others change at the same time are left as they are.

        Raises:
            InvalidChoiceError: a value cannot be kept; nothing is changed.
            pydantic.ValidationError: a value is of the wrong kind, which no control offers.
        """
        return await self._edit(guild_id, by, key, lambda _chosen, bound: _checked(changes, bound))

    async def set_style(
        self,
        guild_id: GuildId,
        by: UserId,
        key: str,
        name: str,
        words: str,
        *,
        instead_of: str | None = None,
    ) -> SettingsChange | None:
        """Add a style, or put it in the place of the one with this mark (:func:`style_mark`).

        Raises:
            InvalidChoiceError: it is incomplete, its name is taken, there are too many, or the
                one to be replaced is gone.
        """
        name, words = " ".join(clean_prompt(name).split()), clean_prompt(words)
        if not (0 < len(name) <= STYLE_NAME_LIMIT and 0 < len(words) <= STYLE_WORDS_LIMIT):
            raise StyleIncompleteError(name_limit=STYLE_NAME_LIMIT, words_limit=STYLE_WORDS_LIMIT)

        def edit(chosen: GuildSettings, _bound: Microcredits) -> Mapping[str, object]:
            old = None if instead_of is None else _marked(chosen, instead_of)
            others = [known for known in chosen.styles if known != old]
            if any(known.casefold() == name.casefold() for known in others):
                raise StyleTakenError(style=name)
            if len(others) >= MAX_STYLES:
                raise TooManyStylesError(limit=MAX_STYLES)
            if old is None:
                return {"styles": {**chosen.styles, name: words}}
            return {
                "styles": dict(
                    (name, words) if known == old else (known, text)
                    for known, text in chosen.styles.items()
                )
            }

        return await self._edit(guild_id, by, key, edit)

    async def remove_style(
        self, guild_id: GuildId, by: UserId, key: str, mark: str
    ) -> SettingsChange | None:
        """Remove the style with this mark.

        Raises:
            StyleGoneError: there is none (any more).
        """

        def edit(chosen: GuildSettings, _bound: Microcredits) -> Mapping[str, object]:
            gone = _marked(chosen, mark)
            return {"styles": {name: text for name, text in chosen.styles.items() if name != gone}}

        return await self._edit(guild_id, by, key, edit)

    async def _edit(
        self, guild_id: GuildId, by: UserId, key: str, edit: _Edit
    ) -> SettingsChange | None:
        async with self._database.write() as tx:
            now = self._clock()
            if not await events.first_time(tx, key, now):
                return None
            row = await guilds.lock(tx, guild_id, now)
            before = row.chosen
            changes = edit(before, self._bound(row))
            after = GuildSettings.model_validate({**before.model_dump(), **changes})
            if after != before:
                await guilds.choose(tx, guild_id, after, now)
                changed = set(changes)
                await audit_log.write(
                    tx, guild_id, by, ACTION, now,
                    before=before.model_dump(mode="json", include=changed),
                    after=after.model_dump(mode="json", include=changed),
                )  # fmt: skip
            return SettingsChange(before, after)

    def _bound(self, row: guilds.GuildRow | None) -> Microcredits:
        return row.cap if row and row.cap is not None else self._policy.new_server_cap


def style_mark(name: str, words: str) -> str:
    """A style as the id of a control can carry it; another one as soon as either changes."""
    return sha256(f"{name}\n{words}".encode()).hexdigest()[:16]


def _marked(chosen: GuildSettings, mark: str) -> str:
    for name, words in chosen.styles.items():
        if style_mark(name, words) == mark:
            return name
    raise StyleGoneError


def _checked(changes: Mapping[str, Any], bound: Microcredits) -> Mapping[str, object]:
    checked = dict(changes)
    if unknown := set(changes) - set(GuildSettings.model_fields):
        raise ValueError(f"no settings of a server: {', '.join(sorted(unknown))}")
    if "time_zone" in changes:
        zone = known_zone(str(changes["time_zone"]))
        if zone is None:
            raise TimeZoneError(zone=str(changes["time_zone"]))
        checked["time_zone"] = zone
    cap = changes.get("cap")
    if cap is not None and cap > bound:
        raise CapTooHighError(cap=bound)
    return checked
